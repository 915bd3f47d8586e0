//! Spelling: when a word that a reader types is a word of a text (rtl-rules D).
//!
//! `form` is the search fold (fold2): fold1 of `text::fold` with one spelling for digits
//! and their separators, without quotation marks and with the Hebrew finals as plain
//! letters. It keeps ؤ and ئ, since two habits write them: `keys` gives a word with the
//! hamza's seat (و, ي) and with the hamza (ء), and words are the same if either is.
//!
//! Two shorter readings find other shapes of a word. `name_stem` takes off the article and
//! is safe for names. `light_stem` takes off endings too (Lucene's light10 in Arabic), which
//! turns some names into other words, and so is never applied to one. Whether a و at the
//! beginning is «and» or a letter of the word («وكالة») nobody can tell from one word, so
//! both are tried (`without_and`), where light10 would always take it off. What else is
//! joined to a word is `text::clitics`'.
//!
//! `static/js/search-index.js` has the same rules once more; tests/browser compares both.

use std::ops::Range;

use crate::text::clitics::{Clitics, read};
use crate::text::fold::{Script, Words, ZWNJ, fold, script, words};
use crate::text::lang::Lang;

/// Joined letters are taken off a word of which so many letters remain.
pub const MIN_BARE: usize = 4;

/// Shortest beginning of a word that finds it.
pub const MIN_PREFIX: usize = 3;

/// Longest word that is looked at, in bytes; longer ones are data.
const MAX_WORD: usize = 120;

/// A word of a text or a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// Bytes of the parts that are words as well, where it has any: «می‌رود»,
    /// `co-operation`, «בית־ספר».
    pub parts: Vec<Range<usize>>,
}

/// The words of a text as they are written; parts that a hyphen, a maqaf or a zero-width
/// non-joiner holds together are one word, and so are the digits of a number. Arabic and
/// Hebrew letters before a number are no part of it: «و2025».
pub fn tokens(text: &str) -> Tokens<'_> {
    Tokens { text, words: words(text), behind: None, next: None }
}

/// Iterator of `tokens`.
pub struct Tokens<'a> {
    text: &'a str,
    words: Words<'a>,
    /// The second part of a word that was cut before its number.
    behind: Option<Range<usize>>,
    /// The word that the last token did not take in.
    next: Option<Word>,
}

/// A word of `fold`, or a part of one.
struct Word {
    bytes: Range<usize>,
    /// Whether it is nothing but letters of two bytes.
    is_plain: bool,
}

impl Tokens<'_> {
    fn word(&mut self) -> Option<Word> {
        if let Some(bytes) = self.behind.take() {
            return Some(Word { bytes, is_plain: false });
        }
        let bytes = self.words.next()?;
        if self.words.is_plain() {
            return Some(Word { bytes, is_plain: true });
        }
        let at = letters_before_number(self.text.get(bytes.clone()).unwrap_or_default());
        if at == 0 {
            return Some(Word { bytes, is_plain: false });
        }
        let middle = bytes.start + at;
        self.behind = Some(middle..bytes.end);
        Some(Word { bytes: bytes.start..middle, is_plain: false })
    }
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    #[inline]
    fn next(&mut self) -> Option<Token> {
        loop {
            let first = self.next.take().or_else(|| self.word())?;
            let mut is_plain = first.is_plain;
            let mut token = Token { range: first.bytes, parts: Vec::new() };
            self.next = self.word();
            while let Some(word) = self
                .next
                .take_if(|it| is_joint(self.text, token.range.end..it.bytes.start))
            {
                if token.parts.is_empty() {
                    token.parts.push(token.range.clone());
                }
                token.range.end = word.bytes.end;
                token.parts.push(word.bytes);
                is_plain = false;
                self.next = self.word();
            }
            if !is_plain {
                split(self.text, &mut token);
            }
            if token.range.len() <= MAX_WORD {
                return Some(token);
            }
        }
    }
}

/// Cuts a token, or its parts, at zero-width non-joiners.
fn split(text: &str, token: &mut Token) {
    let whole = text.get(token.range.clone()).unwrap_or_default();
    if !whole.contains(ZWNJ) {
        return;
    }
    if token.parts.is_empty() {
        token.parts.push(token.range.clone());
    }
    let mut parts = Vec::new();
    for part in &token.parts {
        let mut start = part.start;
        let written = text.get(part.clone()).unwrap_or_default();
        for piece in written.split(ZWNJ) {
            if !piece.is_empty() {
                parts.push(start..start + piece.len());
            }
            start += piece.len() + ZWNJ.len_utf8();
        }
    }
    token.parts = parts;
}

/// Bytes of Arabic or Hebrew letters that a number follows in one word.
fn letters_before_number(word: &str) -> usize {
    if word.is_ascii() || script(word) == Script::Other {
        return 0;
    }
    word.find(is_numeric).unwrap_or(0)
}

/// `char::is_numeric`, which searches a table for letters that are not ASCII; nearly all
/// that are asked about are Arabic and Hebrew ones.
fn is_numeric(letter: char) -> bool {
    let is_letter = matches!(letter, '\u{590}'..='\u{65F}' | '\u{66A}'..='\u{6EF}');
    !is_letter && letter.is_numeric()
}

/// Whether what stands between two words holds them together.
#[inline]
fn is_joint(text: &str, gap: Range<usize>) -> bool {
    if text.as_bytes().get(gap.start) == Some(&b' ') && !gap.is_empty() {
        return false;
    }
    is_rare_joint(text, gap)
}

fn is_rare_joint(text: &str, gap: Range<usize>) -> bool {
    let is_digit = |it: Option<char>| it.is_some_and(is_numeric);
    let between = text.get(gap.clone()).unwrap_or_default();
    match between {
        "-" | "\u{2010}" | "\u{2011}" | "\u{5BE}" => true,
        "." | "," | "٫" | "٬" => {
            is_digit(text.get(..gap.start).and_then(|it| it.chars().next_back()))
                && is_digit(text.get(gap.end..).and_then(|it| it.chars().next()))
        }
        _ => false,
    }
}

/// The search fold of a word.
pub fn form(word: &str) -> String {
    let mut form = fold(word);
    if form.contains(|it| finished(it) != Some(it)) {
        form = form.chars().filter_map(finished).collect();
    }
    form
}

/// What the search fold makes of a letter that fold1 left.
fn finished(letter: char) -> Option<char> {
    Some(match letter {
        'ך' => 'כ',
        'ם' => 'מ',
        'ן' => 'נ',
        'ף' => 'פ',
        'ץ' => 'צ',
        '٫' => '.',
        ' ' | '٬' | ',' | '-' | '\u{2010}' | '\u{2011}' | '\u{5BE}' | '"' | '\'' => {
            return None;
        }
        _ => letter,
    })
}

/// The two keys of a form: a hamza that is written as its seat, and on its own. Most words
/// have one.
pub fn keys(form: &str) -> Keys {
    if !form.contains(['ؤ', 'ئ']) {
        return Keys { seat: form.to_owned(), hamza: None };
    }
    let seat = form.replace('ؤ', "و").replace('ئ', "ي");
    Keys { seat, hamza: Some(form.replace(['ؤ', 'ئ'], "ء")) }
}

/// See `keys`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    /// مسوول
    pub seat: String,
    /// مسءول, where that is another word.
    pub hamza: Option<String>,
}

impl Keys {
    /// Both, the seat first.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.seat.as_str()).chain(self.hamza.as_deref())
    }

    /// Whether a key of one word and the same key of another are alike in some reading.
    pub fn match_by(
        &self,
        other: &Self,
        mut is_alike: impl FnMut(&str, &str) -> bool,
    ) -> bool {
        if is_alike(&self.seat, &other.seat) {
            return true;
        }
        let (mine, theirs) = (self.hamza.as_deref(), other.hamza.as_deref());
        (mine.is_some() || theirs.is_some())
            && is_alike(mine.unwrap_or(&self.seat), theirs.unwrap_or(&other.seat))
    }
}

/// What may be taken off the words of a language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stems {
    /// Arabic: article, conjunction, plural and feminine endings.
    Arabic,
    /// Persian: the plural in ها that is joined to its word.
    Persian,
    /// Urdu: the plurals in وں and یں.
    Urdu,
    /// Hebrew: article, plural endings.
    Hebrew,
    /// English: the plural in s.
    English,
    /// Nothing.
    None,
}

impl Stems {
    /// Those of a word of a text: its script decides, and for Arabic letters the language
    /// of the text.
    pub fn of(key: &str, lang: &Lang) -> Self {
        match script(key) {
            Script::Hebrew => Self::Hebrew,
            Script::Arabic => match lang.primary() {
                "fa" | "prs" => Self::Persian,
                "ur" => Self::Urdu,
                // Arabic words in a text of another language are Arabic.
                _ => Self::Arabic,
            },
            Script::Other if key.bytes().all(|it| it.is_ascii_lowercase()) => {
                Self::English
            }
            Script::Other => Self::None,
        }
    }

    fn clitics(self) -> Clitics {
        match self {
            Self::Arabic => Clitics::Arabic,
            Self::Persian => Clitics::Persian,
            Self::Hebrew => Clitics::Hebrew,
            Self::Urdu | Self::English | Self::None => Clitics::None,
        }
    }
}

/// Prefixes of light10; the first that fits is taken off.
const ARABIC_PREFIXES: [&str; 6] = ["ال", "وال", "بال", "كال", "فال", "لل"];

/// Endings of light10 as the fold writes them; each is taken off in this order.
const ARABIC_ENDINGS: [&str; 8] = ["ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي"];

/// Pronouns that light10 leaves, taken off before, where four letters remain.
const ARABIC_PRONOUNS: [&str; 3] = ["هما", "هم", "نا"];

/// How many letters a word has.
pub fn n_letters(key: &str) -> usize {
    key.chars().count()
}

/// A word without an ending, if so many letters remain.
fn without_ending<'k>(key: &'k str, ending: &str, n_left: usize) -> &'k str {
    match key.strip_suffix(ending) {
        Some(rest) if n_left <= n_letters(rest) => rest,
        _ => key,
    }
}

fn without_prefix<'k>(key: &'k str, prefix: &str, n_left: usize) -> &'k str {
    match key.strip_prefix(prefix) {
        Some(rest) if n_left <= n_letters(rest) => rest,
        _ => key,
    }
}

/// A key without the article: ال and وال in Arabic, ה in Hebrew.
pub fn name_stem(key: &str, stems: Stems) -> &str {
    match stems {
        Stems::Arabic if key.starts_with("وال") => without_prefix(key, "وال", 2),
        Stems::Arabic => without_prefix(key, "ال", 2),
        Stems::Hebrew => without_prefix(key, "ה", 2),
        _ => key,
    }
}

/// An Arabic key without a و that may be «and».
pub fn without_and(key: &str, stems: Stems) -> Option<&str> {
    let rest = key.strip_prefix('و').filter(|_| stems == Stems::Arabic)?;
    (3 <= n_letters(rest) && !rest.starts_with("ال")).then_some(rest)
}

/// A key without article, conjunction and endings.
pub fn light_stem(key: &str, stems: Stems) -> &str {
    match stems {
        Stems::Arabic => {
            let bare = ARABIC_PREFIXES
                .iter()
                .map(|it| without_prefix(key, it, 2))
                .find(|it| it.len() < key.len());
            let bare = bare.unwrap_or(key);
            let bare =
                ARABIC_PRONOUNS.iter().fold(bare, |it, end| without_ending(it, end, 4));
            ARABIC_ENDINGS.iter().fold(bare, |it, ending| without_ending(it, ending, 2))
        }
        Stems::Persian => {
            ["هايي", "هاي", "ها"].iter().fold(key, |it, end| without_ending(it, end, 3))
        }
        Stems::Urdu => {
            ["وں", "يں"].iter().fold(key, |it, end| without_ending(it, end, 3))
        }
        Stems::Hebrew => {
            let bare = without_prefix(key, "ה", 2);
            ["ימ", "ות"].iter().fold(bare, |it, end| without_ending(it, end, 3))
        }
        Stems::English if key.ends_with("ss") || key.ends_with("us") => key,
        Stems::English => ["ies", "y", "s"]
            .iter()
            .map(|end| without_ending(key, end, 3))
            .find(|it| it.len() < key.len())
            .unwrap_or(key),
        Stems::None => key,
    }
}

/// The light stem of an Arabic word without the ت that ة becomes before an ending:
/// «سياستها» has the stem of «سياسة» besides its own.
pub fn without_taa(key: &str, stems: Stems) -> Option<&str> {
    let light = light_stem(key, stems);
    let rest = light.strip_suffix('ت').filter(|_| stems == Stems::Arabic)?;
    (!key.ends_with(light) && 3 <= n_letters(rest)).then_some(rest)
}

/// Whether two words have a light stem in common.
pub fn is_same_light(a: &str, a_stems: Stems, b: &str, b_stems: Stems) -> bool {
    let (mine, theirs) = (light_stem(a, a_stems), light_stem(b, b_stems));
    mine == theirs
        || without_taa(a, a_stems) == Some(theirs)
        || without_taa(b, b_stems) == Some(mine)
}

/// The beginning that all shapes of a word share which its light stem and a longer word
/// may have: what is typed may end inside an ending.
pub fn common_beginning(key: &str, stems: Stems) -> &str {
    let mut rest = light_stem(key, stems);
    while let Some(shorter) =
        rest.strip_suffix(['ا', 'و', 'ي', 'ه', 'י', 'ו', 'ה', 'e', 'i', 's'])
        && 2 < n_letters(shorter)
    {
        rest = shorter;
    }
    rest
}

/// What a key may be with letters joined to it, where `MIN_BARE` letters remain.
pub fn readings(key: &str, stems: Stems) -> Vec<String> {
    let mut found = Vec::new();
    read(key, None, stems.clitics(), &mut String::new(), &mut |it| {
        if it.bare != key
            && MIN_BARE <= n_letters(it.bare)
            && !found.iter().any(|known| known == it.bare)
        {
            found.push(it.bare.to_owned());
        }
    });
    found
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::{
        Stems, form, is_numeric, is_same_light, keys, light_stem, name_stem, readings,
        tokens, without_and,
    };

    #[track_caller]
    fn check_tokens(text: &str, expected: &[&str]) {
        let form = |it: Range<usize>| form(text.get(it).unwrap());
        let mut found = Vec::new();
        for token in tokens(text) {
            found.push(form(token.range));
            found.extend(token.parts.into_iter().map(form));
        }
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn d_words_are_whole_and_in_parts() {
        check_tokens("می\u{200C}رود به بیت", &["ميرود", "مي", "رود", "به", "بيت"]);
        check_tokens("בית־ספר צה״ל", &["ביתספר", "בית", "ספר", "צהל"]);
        check_tokens(
            "Iran–Russia co-operate",
            &["iran", "russia", "cooperate", "co", "operate"],
        );
        check_tokens("١٢٬٣٤٥ و٣٫٥", &["12345", "12", "345", "و", "3.5", "3", "5"]);
        check_tokens("لعام2025", &["لعام", "2025"]);
        check_tokens("2015. ثم", &["2015", "ثم"]);
    }

    #[test]
    fn digits_are_those_of_the_standard_library() {
        for letter in (0..=0x10_FFFF).filter_map(char::from_u32) {
            assert_eq!(is_numeric(letter), letter.is_numeric(), "{letter:?}");
        }
    }

    #[test]
    fn d_hamza_has_two_keys() {
        let (a, b) = (keys(&form("مسئول")), keys(&form("مسؤول")));
        assert!(a.seat != b.seat && a.match_by(&b, |x, y| x == y));
        assert!(keys("مسوول").match_by(&b, |x, y| x == y));
        assert_eq!(keys("رجل").hamza, None);
    }

    #[test]
    fn d_stems() {
        let light = |it| light_stem(it, Stems::Arabic);
        assert_eq!((light("الحكومه"), light("والاتفاقيات")), ("حكوم", "اتفاق"));
        assert_eq!((light("للعراق"), light("العراق")), ("عراق", "عراق"));
        // What light10 does to names, and why they are kept from it.
        assert_eq!((light("لبنان"), light("قطره")), ("لبن", "قطر"));
        assert_eq!(name_stem("والعراق", Stems::Arabic), "عراق");
        assert_eq!(name_stem("وكاله", Stems::Arabic), "وكاله");
        assert_eq!(without_and("وكاله", Stems::Arabic), Some("كاله"));
        assert_eq!(without_and("ورد", Stems::Arabic), None);
        assert!(is_same_light("سياستها", Stems::Arabic, "السياسه", Stems::Arabic));
        assert!(is_same_light("توقيته", Stems::Arabic, "توقيت", Stems::Arabic));
        assert_eq!(light("اتفاقياتهم"), "اتفاق");
        assert_eq!(light("تفاهم"), "تفاهم");
        assert_eq!(light_stem("sanctions", Stems::English), "sanction");
        assert_eq!(light_stem("countries", Stems::English), "countr");
        assert_eq!(light_stem("המפעלימ", Stems::Hebrew), "מפעל");
    }

    #[test]
    fn d_joined_letters_leave_four() {
        assert!(readings("لروسيا", Stems::Arabic).contains(&"روسيا".to_owned()));
        assert!(readings("للبنان", Stems::Arabic).contains(&"لبنان".to_owned()));
        assert!(readings("ולישראל", Stems::Hebrew).contains(&"ישראל".to_owned()));
        assert!(!readings("ولايه", Stems::Arabic).contains(&"ايه".to_owned()));
    }
}
