//! Folding: one spelling for all spellings of a word, and where words begin and end.
//!
//! `fold_word` is fold1 of rtl-rules B2: what two editors may write differently without
//! meaning another word becomes equal (أ إ آ and ا, ى ی and ي, ک and ك, ة and ه, vowel
//! marks, tatweel, capital letters). It is for finding, comparing and never for showing.
//! Letters that are put before a name are the business of `text::clitics`.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// Zero-width non-joiner, which Persian puts between the parts of one word.
pub const ZWNJ: char = '\u{200C}';

/// Folds a text; white space and punctuation stay.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_word(text, &mut folded);
    folded
}

/// Folds a text onto the end of a buffer.
pub fn fold_word(word: &str, folded: &mut String) {
    for letter in word.chars() {
        match letter {
            'a'..='z' | '0'..='9' | ' ' => folded.push(letter),
            'A'..='Z' => folded.push(letter.to_ascii_lowercase()),
            'أ' | 'إ' | 'آ' | 'ٱ' => folded.push('ا'),
            'ى' | 'ی' | 'ې' => folded.push('ي'),
            'ک' | 'ڪ' => folded.push('ك'),
            'ہ' | 'ھ' | 'ۀ' | 'ة' | 'ە' | 'ۂ' | 'ۃ' => folded.push('ه'),
            // A hamza that stands as a mark of its own belongs to the letter before it.
            '\u{654}' => compose_hamza(folded),
            _ if is_dropped(letter) => {}
            'ء'..='ي'
            | 'پ'
            | 'چ'
            | 'ژ'
            | 'گ'
            | 'ٹ'
            | 'ڈ'
            | 'ڑ'
            | 'ں'
            | 'ے'
            | 'א'..='ת' => {
                folded.push(letter);
            }
            '׳' | '’' | '‘' => folded.push('\''),
            '״' | '”' | '“' => folded.push('"'),
            // Presentation forms, as old typesetting programs leave them behind.
            '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' => {
                let unfolded: String = std::iter::once(letter).nfkc().collect();
                fold_word(&unfolded, folded);
            }
            _ if letter.is_ascii() => folded.push(letter),
            _ => fold_other(letter, folded),
        }
    }
}

/// و and ي with a hamza of its own become ؤ and ئ; over other letters it is dropped.
fn compose_hamza(folded: &mut String) {
    let composed = match folded.chars().next_back() {
        Some('و') => 'ؤ',
        Some('ي') => 'ئ',
        _ => return,
    };
    folded.pop();
    folded.push(composed);
}

/// Other scripts: small letters, without the marks of European spelling.
fn fold_other(letter: char, folded: &mut String) {
    decompose_canonical(letter, |part| {
        if !is_combining_mark(part) {
            folded.extend(part.to_lowercase());
        }
    });
}

/// Marks, fillers and invisible characters that never make another word.
pub fn is_dropped(letter: char) -> bool {
    is_vowel_mark(letter)
        || matches!(letter,
            '\u{640}' | '\u{6D6}'..='\u{6ED}' | '\u{610}'..='\u{61A}' // tatweel, Koranic marks
            | '\u{591}'..='\u{5BD}' | '\u{5BF}'..='\u{5C7}' // Hebrew points, not maqaf
            | '\u{200C}'..='\u{200F}' | '\u{61C}' | '\u{202A}'..='\u{202E}'
            | '\u{2066}'..='\u{2069}' | '\u{AD}' | '\u{300}'..='\u{36F}' | '\u{FEFF}')
}

/// Arabic vowel and gemination marks.
pub fn is_vowel_mark(letter: char) -> bool {
    matches!(letter, '\u{64B}'..='\u{653}' | '\u{655}'..='\u{65F}' | '\u{670}')
}

/// Whether a character belongs to a word.
fn is_word_letter(letter: char) -> bool {
    if letter.is_ascii() {
        return letter.is_ascii_alphanumeric();
    }
    match letter {
        '\u{620}'..='\u{669}' | '\u{66E}'..='\u{6D3}' | '\u{6D5}'..='\u{6FC}' => true,
        '\u{5BE}' => false,
        _ => is_dropped(letter) || letter.is_alphanumeric() || is_combining_mark(letter),
    }
}

fn is_hebrew(letter: char) -> bool {
    matches!(letter, 'א'..='ת' | '\u{591}'..='\u{5BD}')
}

/// The words of a text, as ranges of bytes, in order.
///
/// A word is a run of letters, their marks, digits, and invisible joiners; quotation marks
/// and apostrophes between Hebrew letters belong to it (ארה״ב).
pub fn words(text: &str) -> Words<'_> {
    Words { text, at: 0 }
}

/// Iterator of `words`.
pub struct Words<'a> {
    text: &'a str,
    at: usize,
}

impl Iterator for Words<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let rest = self.text.get(self.at..)?;
        let start =
            rest.char_indices().find(|(_, it)| is_word_letter(*it) && !is_dropped(*it));
        let Some((skipped, _)) = start else {
            self.at = self.text.len();
            return None;
        };
        let start = self.at + skipped;
        let mut end = start;
        let mut previous = ' ';
        let mut letters = self.text.get(start..)?.char_indices().peekable();
        while let Some((at, letter)) = letters.next() {
            let belongs = is_word_letter(letter)
                || (matches!(letter, '"' | '\'' | '״' | '׳' | '”' | '’')
                    && is_hebrew(previous)
                    && letters.peek().is_some_and(|(_, next)| is_hebrew(*next)));
            if !belongs {
                break;
            }
            end = start + at + letter.len_utf8();
            previous = letter;
        }
        self.at = end;
        Some(start..end)
    }
}

#[cfg(test)]
mod tests {
    use super::{fold, words};

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
}
