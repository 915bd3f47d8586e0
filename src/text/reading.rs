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

/// A sentence and some words in it, cut to at most about `max_chars` characters around
/// them: at the edges of words, with `…` where something was left out, and with every
/// isolate closed (rtl-rules R85, R38). Gives the text and the bytes of the words in it.
pub fn around(
    sentence: &str,
    inner: Range<usize>,
    max_chars: usize,
) -> (String, Range<usize>) {
    let (before, marked) = (sentence.get(..inner.start), sentence.get(inner.clone()));
    let (before, marked) = (before.unwrap_or_default(), marked.unwrap_or_default());
    let after = sentence.get(inner.end..).unwrap_or_default();
    let room = max_chars.saturating_sub(marked.chars().count());
    // Nothing further away than the room is looked at, however long the sentence is.
    let n_before = before.chars().rev().take(room + 1).count();
    let n_after = after.chars().take(room + 1).count();
    let is_long = room < n_before + n_after;
    // Half of the room on each side, and what one side does not need for the other.
    let room_before = room.saturating_sub(n_after).max(room / 2);
    let room_after = room.saturating_sub(n_before).max(room / 2);
    let mut text = String::with_capacity(sentence.len().min(max_chars * 4));
    if is_long && room_before < n_before {
        let tail = before.char_indices().rev().take(room_before).last();
        let tail =
            before.get(tail.map_or(before.len(), |(at, _)| at)..).unwrap_or_default();
        // The first word may be cut; the next one is whole.
        let is_whole = before.len() == tail.len()
            || before
                .get(..before.len() - tail.len())
                .is_some_and(|it| it.ends_with(' '));
        let first = words(tail).nth(usize::from(!is_whole)).map(|it| it.start);
        text.push('…');
        text.push_str(&close_isolates(
            tail.get(first.unwrap_or(tail.len())..).unwrap_or_default(),
        ));
    } else {
        text.push_str(&close_isolates(before));
    }
    let start = text.len();
    text.push_str(&close_isolates(marked));
    let end = text.len();
    if is_long && room_after < n_after {
        let limit =
            after.char_indices().nth(room_after).map_or(after.len(), |(at, _)| at);
        let kept = words(after).map(|it| it.end).take_while(|it| *it <= limit).last();
        let kept = after.get(..kept.unwrap_or(0)).unwrap_or_default();
        text.push_str(&close_isolates(kept));
        text.push('…');
    } else {
        text.push_str(&close_isolates(after));
    }
    without_objects(text, start..end)
}

/// Whether `around` certainly gives a sentence back as it is; it may even where this says
/// that it does not.
pub fn stays_whole(sentence: &str, max_chars: usize) -> bool {
    let bytes = sentence.as_bytes();
    let is_start = |it: &&u8| !matches!(it, 0x80..=0xBF);
    let is_short = || bytes.iter().filter(is_start).count() <= max_chars;
    // Isolates and embeddings begin with 0xE2, what stands for an object with 0xEF.
    let has_signs = || bytes.contains(&0xE2) || bytes.contains(&0xEF);
    let has_loose_stop = || {
        bytes
            .windows(3)
            .any(|it| matches!(it, [b' ', b'.' | b',', _] | [b' ', 0xD8, 0x8C | 0x9B]))
            || matches!(bytes, [.., b' ', b'.' | b','])
    };
    (bytes.len() <= max_chars || is_short()) && !has_signs() && !has_loose_stop()
}

/// A sentence without what stands for code, pictures and references in it; the space before
/// one must not stay before the stop: « .».
fn without_objects(text: String, marked: Range<usize>) -> (String, Range<usize>) {
    const STOPS: [&str; 5] = [" .", " ،", " ,", " ؛", " \u{FFFC}"];
    if !text.contains(OBJECT) && !STOPS.iter().any(|it| text.contains(it)) {
        return (text, marked);
    }
    let mut result = String::with_capacity(text.len());
    let mut range = marked.clone();
    for (at, letter) in text.char_indices() {
        let rest = text.get(at..).unwrap_or_default();
        let is_loose = letter == ' ' && STOPS.iter().any(|it| rest.starts_with(it));
        let length = letter.len_utf8();
        if is_loose || letter == OBJECT {
            range.start -= if at < marked.start { length } else { 0 };
            range.end -= if at < marked.end { length } else { 0 };
        } else {
            result.push(letter);
        }
    }
    (result, range)
}

/// Stands for what is no text in a paragraph: code in a line, a picture, a reference.
pub const OBJECT: char = '\u{FFFC}';

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
    let (mut start, mut at) = (0, 0);
    while let Some(stop) = next_stop(text, at) {
        let behind = text.get(stop.end..).unwrap_or_default();
        let rest = behind.trim_start_matches([
            '.', '!', '?', '؟', '…', '»', '”', '"', '’', '\'', ')', ']', '“',
        ]);
        at = text.len() - rest.len();
        let is_followed = rest.chars().next().is_none_or(char::is_whitespace);
        let before = text.get(start..stop.start).unwrap_or_default();
        let is_dot = text.as_bytes()[stop.start] == b'.';
        if !is_followed || (is_dot && ends_in_abbreviation(before)) {
            continue;
        }
        push_trimmed(&mut result, text, start..at);
        start = at;
    }
    push_trimmed(&mut result, text, start..text.len());
    result
}

/// The last byte of each sign that may end a sentence: `.`, `!`, `?`, «؟», «۔», «…». Other
/// letters end in one of them, but few do.
const LAST_OF_STOP: [bool; 256] = {
    let mut is_last = [false; 256];
    let last = [b'.', b'!', b'?', 0x9F, 0x94, 0xA6];
    let mut at = 0;
    while at < last.len() {
        is_last[last[at] as usize] = true;
        at += 1;
    }
    is_last
};

/// The next sign from a byte on that may end a sentence.
fn next_stop(text: &str, from: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        let is_last = |it: &u8| LAST_OF_STOP[usize::from(*it)];
        at += bytes.get(at..)?.iter().position(is_last)?;
        let n_bytes = match bytes.get(..=at)? {
            [.., b'.' | b'!' | b'?'] => 1,
            [.., 0xD8, 0x9F] | [.., 0xDB, 0x94] => 2,
            [.., 0xE2, 0x80, 0xA6] => 3,
            _ => 0,
        };
        at += 1;
        if n_bytes != 0 {
            return Some(at - n_bytes..at);
        }
    }
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
    use super::{around, excerpt, sentences};

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

    #[track_caller]
    fn check_around(sentence: &str, word: &str, max_chars: usize, expected: &str) {
        let start = sentence.find(word).unwrap();
        let (text, marked) = around(sentence, start..start + word.len(), max_chars);
        assert_eq!(text, expected);
        assert_eq!(text.get(marked), Some(word));
    }

    #[test]
    fn r85_a_long_sentence_is_cut_at_words_around_the_name() {
        let sentence = "قال الوفد في بيان طويل إن إيران وافقت على عقد الجولة في مسقط";
        check_around(sentence, "إيران", 200, sentence);
        check_around(sentence, "إيران", 30, "…طويل إن إيران وافقت على…");
        check_around(sentence, "قال", 24, "قال الوفد في بيان طويل…");
        let objects = "شغّل \u{FFFC} في إيران\u{FFFC}.";
        check_around(objects, "إيران", 99, "شغّل في إيران.");
        let cut = "وصل الوفد . ثم زار إيران .";
        check_around(cut, "إيران", 99, "وصل الوفد. ثم زار إيران.");
        check_around(
            "ثم \u{2067}زار إيران\u{2069} أمس",
            "إيران",
            99,
            "ثم \u{2067}زار \u{2069}إيران أمس",
        );
    }
}
