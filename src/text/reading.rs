//! Words, sentences and excerpts of running text.

use std::ops::Range;

use crate::text::fold::words;
use crate::text::isolate::close_isolates;
use crate::text::lang::Lang;

/// Number of words.
pub fn word_count(text: &str) -> usize {
    words(text).count()
}

/// Reading time in whole minutes, at least one.
///
/// Words a minute are a judgement: 180 in Arabic script, 190 in Hebrew, 230 else.
pub fn minutes(n_words: u32, lang: &Lang) -> u32 {
    let pace = match lang.script() {
        "Arab" => 180,
        "Hebr" => 190,
        _ => 230,
    };
    n_words.div_ceil(pace).max(1)
}

/// The beginning of a text, at most `max_chars` characters, cut at a word with `…`; never
/// inside a joined word, and with closed isolates (rtl-rules R85).
pub fn excerpt(text: &str, max_chars: usize) -> String {
    let Some((limit, _)) = text.char_indices().nth(max_chars) else {
        return text.to_owned();
    };
    let end = words(text).map(|it| it.end).take_while(|end| *end <= limit).last();
    let kept = text.get(..end.unwrap_or(limit)).unwrap_or(text);
    format!("{}…", close_isolates(kept.trim_end()))
}

/// Words that end in a stop and do not end a sentence.
const ABBREVIATIONS: [&str; 24] = [
    "د", "أ", "م", "ص", "ج", "هـ", "ه", "ق", "ت", "ط", "أ.د", "ق.م", "Dr", "Mr", "Mrs",
    "Ms", "No", "vs", "St", "e.g", "i.e", "U.S", "U.N", "پ",
];

/// The sentences of a text, as ranges of bytes without white space at the ends.
///
/// A sentence ends at a stop that white space follows; closing quotes and brackets stay
/// with it. Abbreviations and single letters before a stop do not end one.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut result = Vec::new();
    let mut start = 0;
    let mut at = 0;
    let mut letters = text.char_indices().peekable();
    while let Some((here, letter)) = letters.next() {
        if here < at {
            continue;
        }
        if !matches!(letter, '.' | '!' | '?' | '؟' | '۔' | '…') {
            continue;
        }
        let mut end = here + letter.len_utf8();
        while let Some((next_at, next)) = letters.peek().copied() {
            let closes = matches!(next, '.' | '!' | '?' | '؟' | '…')
                || matches!(next, '»' | '”' | '"' | '’' | '\'' | ')' | ']' | '“');
            if !closes {
                break;
            }
            end = next_at + next.len_utf8();
            letters.next();
        }
        let is_followed = text
            .get(end..)
            .and_then(|it| it.chars().next())
            .is_none_or(char::is_whitespace);
        let before = text.get(start..here).unwrap_or_default();
        if !is_followed || (letter == '.' && ends_in_abbreviation(before)) {
            continue;
        }
        push_trimmed(&mut result, text, start..end);
        start = end;
        at = end;
    }
    push_trimmed(&mut result, text, start..text.len());
    result
}

fn ends_in_abbreviation(before: &str) -> bool {
    let word = before
        .rsplit(|it: char| it.is_whitespace() || matches!(it, '(' | '«' | '“' | '"'))
        .next()
        .unwrap_or_default();
    let mut letters = word.chars();
    let is_single_letter =
        letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none();
    let bare = word.strip_prefix('و').unwrap_or(word);
    is_single_letter || ABBREVIATIONS.contains(&word) || ABBREVIATIONS.contains(&bare)
}

fn push_trimmed(sentences: &mut Vec<Range<usize>>, text: &str, range: Range<usize>) {
    let Some(slice) = text.get(range.clone()) else { return };
    let start = range.start + (slice.len() - slice.trim_start().len());
    let end = range.start + slice.trim_end().len();
    if start < end {
        sentences.push(start..end);
    }
}

#[cfg(test)]
mod tests {
    use super::{excerpt, sentences};

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> =
            sentences(text).into_iter().filter_map(|it| text.get(it)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn sentences_end_at_stops_and_not_at_abbreviations() {
        check("وصل الوفد. ماذا بعد؟ لا شيء!", &["وصل الوفد.", "ماذا بعد؟", "لا شيء!"]);
        check("قال د. أحمد إن 3.5 كافية.", &["قال د. أحمد إن 3.5 كافية."]);
        check("قال: «انتهى الأمر.» ثم خرج.", &["قال: «انتهى الأمر.»", "ثم خرج."]);
        check("بلا نقطة", &["بلا نقطة"]);
        check("", &[]);
    }

    #[test]
    fn r85_an_excerpt_ends_at_a_word() {
        assert_eq!(excerpt("وصل الوفد إلى موسكو", 12), "وصل الوفد…");
        assert_eq!(excerpt("قصير", 12), "قصير");
    }
}
