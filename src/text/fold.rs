//! Folding: one spelling for all spellings of a word, and where words begin and end.
//!
//! `Folded` is fold1 of rtl-rules B2: what two editors may write differently without
//! meaning another word becomes equal (أ إ آ and ا, ى ی and ي, ک and ك, ة and ه, vowel
//! marks, tatweel, capital letters, the three sets of digits). It is for finding, comparing
//! and sorting and never for showing: every folded character remembers the byte of the
//! source that it came from, so what is found can be shown as it was written. Letters that
//! are put before a name are the business of `text::clitics`.

use std::ops::Range;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// Zero-width non-joiner, which Persian puts between the parts of one word.
pub const ZWNJ: char = '\u{200C}';

/// A hamza that stands as a mark of its own.
const HAMZA_ABOVE: char = '\u{654}';

/// Folds a text; white space and punctuation stay.
pub fn fold(text: &str) -> String {
    Folded::new(text).text
}

/// A folded text that knows where each of its characters came from.
#[derive(Debug, Clone, Default)]
pub struct Folded {
    text: String,
    /// Places from which on a byte of `text` and its source are another number of bytes
    /// apart: byte of `text`, byte of the source. Folding changes the length of few
    /// letters, so the list is short.
    shifts: Vec<(u32, u32)>,
    /// Bytes of `text` at which the source has a zero-width non-joiner.
    splits: Vec<u32>,
}

impl Folded {
    /// Folds a text.
    pub fn new(source: &str) -> Self {
        let mut folded = Self::default();
        folded.refold(source);
        folded
    }

    /// Folds another text into the same memory.
    pub fn refold(&mut self, source: &str) {
        self.text.clear();
        self.shifts.clear();
        self.splits.clear();
        self.text.reserve(source.len());
        let table = &*FOLDS;
        // Letters that stay as they are gather into a run that is copied at once.
        let (mut at, mut run) = (0, 0);
        loop {
            at += n_same(source.as_bytes().get(at..).unwrap_or_default(), table);
            let Some((letter, n_bytes)) = decode(source, at) else { break };
            let fold = table.get(letter as usize).copied().unwrap_or(Fold::Other);
            if fold != Fold::Same {
                self.copy(source, run..at);
                self.add(letter, fold, at);
                run = at + n_bytes;
            }
            at += n_bytes;
        }
        self.copy(source, run..at);
        self.shift(at);
    }

    /// The folded text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// A part of the folded text.
    pub fn part(&self, range: Range<usize>) -> &str {
        self.text.get(range).unwrap_or_default()
    }

    /// The byte of the source where the character at a byte of the folded text begins.
    pub fn source_start(&self, at: usize) -> usize {
        let mut at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        let shift = self.shifts.partition_point(|(folded, _)| *folded as usize <= at);
        match shift.checked_sub(1).and_then(|it| self.shifts.get(it)) {
            Some((folded, source)) => *source as usize + (at - *folded as usize),
            None => at,
        }
    }

    /// The bytes of the source that a part of the folded text came from, with the marks on
    /// its last letter and without direction controls behind it. Both ends are character
    /// boundaries of the source.
    pub fn source_range(&self, source: &str, range: Range<usize>) -> Range<usize> {
        let start = self.source_start(range.start);
        if range.is_empty() {
            return start..start;
        }
        let last = self.source_start(range.end - 1);
        let letters = source.get(last..).unwrap_or_default().chars().enumerate();
        let is_inside = |it: &(usize, char)| it.0 == 0 || is_mark(it.1);
        let n_bytes: usize =
            letters.take_while(is_inside).map(|(_, it)| it.len_utf8()).sum();
        start..last + n_bytes
    }

    /// Whether the source has a zero-width non-joiner before a byte of the folded text.
    pub fn is_split_at(&self, at: usize) -> bool {
        u32::try_from(at).is_ok_and(|it| self.splits.binary_search(&it).is_ok())
    }

    /// The last zero-width non-joiner inside a part, as a byte of the folded text.
    pub fn last_split(&self, range: &Range<usize>) -> Option<usize> {
        let splits = self.splits.iter().rev().map(|it| *it as usize);
        splits.take_while(|it| range.start < *it).find(|it| *it < range.end)
    }

    fn copy(&mut self, source: &str, run: Range<usize>) {
        if !run.is_empty() {
            self.shift(run.start);
            self.text.push_str(source.get(run).unwrap_or_default());
        }
    }

    /// Notes that what comes next stands at a byte of the source.
    fn shift(&mut self, source: usize) {
        let here = self.text.len();
        let (folded, known) = self.shifts.last().copied().unwrap_or((0, 0));
        if here - folded as usize != source.wrapping_sub(known as usize) {
            let to_u32 = |it| u32::try_from(it).unwrap_or(u32::MAX);
            self.shifts.push((to_u32(here), to_u32(source)));
        }
    }

    fn push(&mut self, letter: char, source: usize) {
        self.shift(source);
        self.text.push(letter);
    }

    fn add(&mut self, letter: char, fold: Fold, source: usize) {
        match fold {
            Fold::Same => self.push(letter, source),
            Fold::To(folded) => self.push(folded, source),
            Fold::Dropped => {}
            Fold::Other => self.add_other(letter, source),
        }
    }

    fn add_other(&mut self, letter: char, at: usize) {
        match letter {
            HAMZA_ABOVE => self.compose_hamza(),
            ZWNJ => {
                let here = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
                if self.splits.last() != Some(&here) {
                    self.splits.push(here);
                }
            }
            _ if is_dropped(letter) => {}
            '’' | '‘' => self.push('\'', at),
            '”' | '“' => self.push('"', at),
            // Presentation forms, as old typesetting programs leave them behind.
            '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' => {
                let unfolded: String = std::iter::once(letter).nfkc().collect();
                for part in unfolded.chars() {
                    // Signs of these blocks, as ﴾, have no other form.
                    if part == letter {
                        self.push(part, at);
                        continue;
                    }
                    let fold = FOLDS.get(part as usize).copied().unwrap_or(Fold::Other);
                    self.add(part, fold, at);
                }
            }
            // Other scripts: small letters, without the marks of European spelling.
            _ => decompose_canonical(letter, |part| {
                if !is_dropped(part) {
                    for small in part.to_lowercase().filter(|it| !is_dropped(*it)) {
                        self.push(small, at);
                    }
                }
            }),
        }
    }

    /// و and ي with a hamza of its own become ؤ and ئ; over other letters it is dropped.
    fn compose_hamza(&mut self) {
        let composed = match self.text.chars().next_back() {
            Some('و') => 'ؤ',
            Some('ي') => 'ئ',
            _ => return,
        };
        self.text.pop();
        self.text.push(composed);
    }
}

/// The character at a byte of a text, and its length.
#[inline]
fn decode(text: &str, at: usize) -> Option<(char, usize)> {
    // Two bytes are enough for the letters of our languages.
    match *text.as_bytes().get(at..)? {
        [first, ..] if first < 0x80 => Some((char::from(first), 1)),
        [first @ 0xC2..=0xDF, second, ..] => {
            let code = (u32::from(first) & 0x1F) << 6 | (u32::from(second) & 0x3F);
            Some((char::from_u32(code)?, 2))
        }
        _ => {
            let letter = text.get(at..)?.chars().next()?;
            Some((letter, letter.len_utf8()))
        }
    }
}

/// What becomes of a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fold {
    /// Itself.
    Same,
    /// Another one.
    To(char),
    /// Nothing.
    Dropped,
    /// It takes a closer look.
    Other,
}

/// The scripts of our languages stand below U+0800; looking a letter up there is what
/// makes folding fast.
static FOLDS: LazyLock<[Fold; 0x800]> = LazyLock::new(|| {
    let letter = |at| u32::try_from(at).ok().and_then(char::from_u32);
    std::array::from_fn(|at| letter(at).map_or(Fold::Other, fold_of))
});

/// Bytes at the beginning of a text that folding leaves as they are: letters of two bytes,
/// and what stands between them in one.
#[inline]
fn n_same(text: &[u8], table: &[Fold; 0x800]) -> usize {
    let mut at = 0;
    while let Some(pair) = text.get(at..).and_then(<[u8]>::first_chunk::<2>) {
        let [first, second] = *pair;
        let (code, n_bytes) = match first {
            0..0x80 => (usize::from(first), 1),
            0xC2..=0xDF => (code_of(first, second), 2),
            _ => break,
        };
        if table[code] != Fold::Same {
            break;
        }
        at += n_bytes;
    }
    at
}

fn fold_of(letter: char) -> Fold {
    match letter {
        'أ' | 'إ' | 'آ' | 'ٱ' => Fold::To('ا'),
        'ى' | 'ی' | 'ې' => Fold::To('ي'),
        'ک' | 'ڪ' => Fold::To('ك'),
        'ہ' | 'ھ' | 'ۀ' | 'ة' | 'ە' | 'ۂ' | 'ۃ' => Fold::To('ه'),
        'ۓ' => Fold::To('ے'),
        '׳' => Fold::To('\''),
        '״' => Fold::To('"'),
        '٠'..='٩' => digit(letter, '٠'),
        '۰'..='۹' => digit(letter, '۰'),
        HAMZA_ABOVE => Fold::Other,
        _ if is_dropped(letter) => Fold::Dropped,
        'A'..='Z' => Fold::To(letter.to_ascii_lowercase()),
        '\0'..='\u{7F}' | '\u{590}'..='\u{7FF}' => Fold::Same,
        _ => Fold::Other,
    }
}

fn digit(letter: char, zero: char) -> Fold {
    let value = u32::from(letter) - u32::from(zero);
    Fold::To(char::from_digit(value, 10).unwrap_or(letter))
}

/// Marks, fillers and invisible characters that never make another word.
pub fn is_dropped(letter: char) -> bool {
    is_vowel_mark(letter)
        || matches!(letter,
            '\u{640}' | '\u{6D6}'..='\u{6DC}' | '\u{6DF}'..='\u{6E8}' | '\u{6EA}'..='\u{6ED}'
            | '\u{610}'..='\u{61A}' // tatweel, Koranic marks
            | '\u{591}'..='\u{5BD}' | '\u{5BF}' | '\u{5C1}' | '\u{5C2}' | '\u{5C4}' | '\u{5C5}'
            | '\u{5C7}' // Hebrew points and accents, not maqaf
            | ZWNJ | '\u{200D}' | '\u{AD}' | '\u{300}'..='\u{36F}' | '\u{FEFF}')
        || is_control(letter)
}

/// Direction controls: they stand around words and belong to none.
fn is_control(letter: char) -> bool {
    matches!(letter, '\u{200E}' | '\u{200F}' | '\u{61C}'
        | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// What belongs to the letter before it.
fn is_mark(letter: char) -> bool {
    (is_dropped(letter) && !is_control(letter) && letter != ZWNJ) || letter == HAMZA_ABOVE
}

/// Arabic vowel and gemination marks.
pub fn is_vowel_mark(letter: char) -> bool {
    matches!(letter, '\u{64B}'..='\u{653}' | '\u{655}'..='\u{65F}' | '\u{670}')
}

/// The writing system of a letter, as far as words are cut by it: an Arabic or Hebrew
/// letter that is joined to a Latin name, as in «وNATO», is a word of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    /// Arabic.
    Arabic,
    /// Hebrew.
    Hebrew,
    /// Any other.
    Other,
}

/// What a character is in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Letter(Script),
    /// A digit or a mark, which belongs to letters of any script.
    Neutral,
    /// Marks and invisible characters, which begin no word.
    Dropped,
    Gap,
}

/// The scripts of our languages stand below U+0800: a table of just that many entries needs
/// no check of its bounds for a letter of two bytes.
static PARTS: LazyLock<[Part; 0x800]> = LazyLock::new(|| {
    let letter = |at| u32::try_from(at).ok().and_then(char::from_u32);
    std::array::from_fn(|at| letter(at).map_or(Part::Gap, part_of_word))
});

fn part_of_word(letter: char) -> Part {
    match letter {
        _ if is_dropped(letter) || letter == HAMZA_ABOVE => Part::Dropped,
        '٠'..='٩' | '۰'..='۹' => Part::Neutral,
        '\u{620}'..='\u{64A}'
        | '\u{66E}'..='\u{6D3}'
        | '\u{6D5}'
        | '\u{6E5}'
        | '\u{6E6}'
        | '\u{6EE}'
        | '\u{6EF}'
        | '\u{6FA}'..='\u{6FC}'
        | '\u{6FF}'
        | '\u{750}'..='\u{77F}'
        | '\u{8A0}'..='\u{8C9}'
        | '\u{FB50}'..='\u{FD3D}'
        | '\u{FD40}'..='\u{FDFF}'
        | '\u{FE70}'..='\u{FEFC}' => Part::Letter(Script::Arabic),
        'א'..='ת' | '\u{5EF}'..='\u{5F2}' | '\u{FB1D}'..='\u{FB4F}' => {
            Part::Letter(Script::Hebrew)
        }
        _ if letter.is_alphabetic() => Part::Letter(Script::Other),
        _ if letter.is_numeric() || is_combining_mark(letter) => Part::Neutral,
        _ => Part::Gap,
    }
}

fn part(letter: char) -> Part {
    PARTS.get(letter as usize).copied().unwrap_or_else(|| part_of_word(letter))
}

/// The script of the first letter of a word; `Other` for a number.
pub fn script(word: &str) -> Script {
    word.chars()
        .find_map(|it| match part(it) {
            Part::Letter(script) => Some(script),
            _ => None,
        })
        .unwrap_or(Script::Other)
}

/// The words of a text, as ranges of bytes, in order.
///
/// A word is a run of letters of one script, their marks, digits, and invisible joiners;
/// quotation marks and apostrophes between Hebrew letters belong to it (ארה״ב). Works on a
/// text as it is written and on a folded one.
pub fn words(text: &str) -> Words<'_> {
    Words { text, at: 0, parts: &PARTS, is_plain: false }
}

/// Iterator of `words`.
pub struct Words<'a> {
    text: &'a str,
    at: usize,
    parts: &'static [Part; 0x800],
    is_plain: bool,
}

impl Words<'_> {
    /// Whether the last word is nothing but letters of one script and of two bytes each, as
    /// nearly all are: no digit, no mark, no zero-width non-joiner.
    pub fn is_plain(&self) -> bool {
        self.is_plain
    }

    #[inline]
    fn part_at(&self, at: usize) -> Option<(char, Part, usize)> {
        match *self.text.as_bytes().get(at..)? {
            [first, ..] if first < 0x80 => {
                Some((char::from(first), self.parts[usize::from(first)], 1))
            }
            [first @ 0xC2..=0xDF, second, ..] => {
                let code = code_of(first, second);
                let letter = u32::try_from(code).ok().and_then(char::from_u32)?;
                Some((letter, self.parts[code], 2))
            }
            _ => long_part_at(self.text, at),
        }
    }

    /// Where the next word begins, and the script of its first letter; a word that begins
    /// with a digit has none yet.
    #[inline]
    fn begin(&self) -> Option<(usize, Option<Script>)> {
        let mut at = self.at;
        loop {
            let (_, part, n_bytes) = self.part_at(at)?;
            match part {
                Part::Letter(script) => return Some((at, Some(script))),
                Part::Neutral => return Some((at, None)),
                Part::Dropped | Part::Gap => at += n_bytes,
            }
        }
    }

    /// Where a word ends that has been read up to a byte.
    fn rest(&self, from: usize, mut script: Option<Script>) -> usize {
        let (mut at, mut end) = (from, from);
        while let Some((letter, part, n_bytes)) = self.part_at(at) {
            at += n_bytes;
            match part {
                Part::Letter(found) if script.is_some_and(|it| it != found) => break,
                Part::Letter(found) => script = Some(found),
                Part::Neutral => {}
                // A direction control behind a word belongs to what comes next.
                Part::Dropped if is_mark(letter) => {}
                Part::Dropped => continue,
                Part::Gap => {
                    let is_quote = matches!(letter, '"' | '\'' | '״' | '׳' | '”' | '’');
                    let hebrew = Part::Letter(Script::Hebrew);
                    let is_inside = is_quote
                        && script == Some(Script::Hebrew)
                        && self.part_at(at).is_some_and(|(_, part, _)| part == hebrew);
                    if !is_inside {
                        break;
                    }
                }
            }
            end = at;
        }
        end
    }
}

impl Iterator for Words<'_> {
    type Item = Range<usize>;

    #[inline]
    fn next(&mut self) -> Option<Range<usize>> {
        let (start, script) = self.begin()?;
        let bytes = self.text.as_bytes();
        let mut at = start;
        if let Some(script) = script {
            at += 2 * n_letters(bytes.get(at..).unwrap_or_default(), self.parts, script);
        }
        // Nearly every word is all letters of two bytes, and a space is behind it.
        self.at = match bytes.get(at) {
            Some(b' ' | b'\n' | b'.') | None => at,
            Some(_) => self.rest(at, script),
        };
        self.is_plain = start < at && self.at == at;
        Some(start..self.at)
    }
}

/// The number of a character of two bytes.
#[inline]
fn code_of(first: u8, second: u8) -> usize {
    usize::from(first & 0x1F) << 6 | usize::from(second & 0x3F)
}

/// The letters of two bytes and one script that a text begins with.
#[inline]
fn n_letters(text: &[u8], parts: &[Part; 0x800], script: Script) -> usize {
    let is_letter = |[first, second]: &&[u8; 2]| {
        matches!(first, 0xC2..=0xDF)
            && parts[code_of(*first, *second)] == Part::Letter(script)
    };
    text.as_chunks::<2>().0.iter().take_while(is_letter).count()
}

/// See `Words::part_at`; for the rare characters of three and four bytes.
#[cold]
fn long_part_at(text: &str, at: usize) -> Option<(char, Part, usize)> {
    let letter = text.get(at..)?.chars().next()?;
    Some((letter, part_of_word(letter), letter.len_utf8()))
}

#[cfg(test)]
mod tests {
    use super::{Folded, fold, words};

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(fold(text), expected, "fold of {text:?}");
        assert_eq!(fold(expected), expected, "a folded text stays as it is");
    }

    #[test]
    fn arabic_spellings_of_one_word_are_equal() {
        check("إيران", "ايران");
        check("آسيا", "اسيا");
        check("غزّة", "غزه");
        check("مصطفى", "مصطفي");
        check("صـدّرت", "صدرت");
        check("ﺑﻮﺗﻴﻦ", "بوتين");
        check("﴾نص﴿ \u{FBB2}", "﴾نص﴿ \u{FBB2}");
    }

    #[test]
    fn persian_and_urdu_letters_meet_the_arabic_ones() {
        check("ایران", "ايران");
        check("کرمان", "كرمان");
        check("روسیهٔ", "روسيه");
        check("نیم\u{200C}روز", "نيمروز");
    }

    #[test]
    fn composed_and_decomposed_letters_are_equal() {
        check("ا\u{654}حمد", "احمد");
        check("مسو\u{654}ول", "مسؤول");
        check("e\u{301}t\u{e9}", "ete");
        check("Türkiye", "turkiye");
    }

    #[test]
    fn hebrew_points_and_marks_of_abbreviation() {
        check("יִשְׂרָאֵל", "ישראל");
        check("ארה״ב", "ארה\"ב");
    }

    #[track_caller]
    fn check_words(text: &str, expected: &[&str]) {
        let found: Vec<&str> = words(text).filter_map(|it| text.get(it)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn words_end_at_punctuation_and_keep_their_marks() {
        check_words(
            "زار عَمّان، (NATO) و«الممر» 2025.",
            &["زار", "عَمّان", "NATO", "و", "الممر", "2025"],
        );
        check_words(
            "סיוע מארה\"ב ל-NATO הגיע",
            &["סיוע", "מארה\"ב", "ל", "NATO", "הגיע"],
        );
        check_words("قال \"نعم\"", &["قال", "نعم"]);
    }

    #[test]
    fn digits_of_all_three_sets_are_equal() {
        check("القرار ٢٢٣١", "القرار 2231");
        check("۱۴۰۴", "1404");
    }

    #[test]
    fn a_joined_letter_is_a_word_of_its_own_before_a_latin_name() {
        check_words("وNATO وبـOPEC", &["و", "NATO", "وبـ", "OPEC"]);
        check_words("إف35", &["إف35"]);
        check_words("هفته\u{654} بعد", &["هفته\u{654}", "بعد"]);
    }

    #[test]
    fn a_control_behind_a_word_stays_outside() {
        check_words("\u{2067}إيران\u{2069} وصل\u{200F}.", &["إيران", "وصل"]);
    }

    #[track_caller]
    fn check_source(text: &str, part: &str, expected: &str) {
        let folded = Folded::new(text);
        let start = folded.text().find(part).unwrap();
        let range = folded.source_range(text, start..start + part.len());
        assert_eq!(text.get(range), Some(expected));
    }

    #[test]
    fn what_is_found_in_a_folded_text_is_shown_as_it_was_written() {
        check_source("زار عَمّانَ وفد", "عمان", "عَمّانَ");
        check_source("رئيس إيـــران.", "ايران", "إيـــران");
        check_source("مسو\u{654}ول كبير", "مسؤول", "مسو\u{654}ول");
        check_source("\u{FEFB}جئ", "لاجئ", "\u{FEFB}جئ");
        check_source("Café noir", "cafe", "Café");
    }

    #[test]
    fn a_split_word_remembers_where() {
        let folded = Folded::new("نیم\u{200C}روز");
        assert_eq!(folded.last_split(&(0..folded.text().len())), Some("نيم".len()));
        assert!(folded.is_split_at("نيم".len()) && !folded.is_split_at(2));
    }
}
