//! Letters of the Arabic script (rtl-rules R54): those of another language, old
//! presentation forms, letters in two parts, and tatweel.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{compose, is_combining_mark};

use crate::lint::Finding;
use crate::lint::passage::Passage;
use crate::lint::quotes::Quoted;
use crate::text::isolate::terminal;

const TATWEEL: char = '\u{640}';
const ZWNJ: char = '\u{200C}';
const ZWJ: char = '\u{200D}';

/// A letter of the Arabic script, tatweel included.
pub(super) fn is_arabic_letter(letter: char) -> bool {
    let is_of_script = matches!(
        letter,
        '\u{620}'..='\u{6FF}'
            | '\u{750}'..='\u{77F}'
            | '\u{870}'..='\u{8FF}'
            | '\u{FB50}'..='\u{FDFF}'
            | '\u{FE70}'..='\u{FEFC}'
    );
    is_of_script && letter.is_alphabetic() && !is_combining_mark(letter)
}

/// A character that is drawn on its neighbour or not at all.
pub(super) fn is_unseen(letter: char) -> bool {
    is_combining_mark(letter)
        || matches!(letter, '\u{200B}'..='\u{200F}' | '\u{61C}' | '\u{202A}'..='\u{202E}')
        || matches!(letter, '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// The words in Arabic letters, with their marks and joiners.
fn arabic_words(text: &str) -> Vec<Range<usize>> {
    let mut result: Vec<Range<usize>> = Vec::new();
    for (at, letter) in text.char_indices() {
        let end = at + letter.len_utf8();
        let is_inside = is_combining_mark(letter) || matches!(letter, ZWNJ | ZWJ);
        match result.last_mut() {
            Some(word) if word.end == at && (is_arabic_letter(letter) || is_inside) => {
                word.end = end;
            }
            _ if is_arabic_letter(letter) => result.push(at..end),
            _ => {}
        }
    }
    result
}

/// Words of the text itself: those that it quotes may be in another language.
fn own_words(text: &str) -> Vec<Range<usize>> {
    let quoted = Quoted::new(text);
    arabic_words(text).into_iter().filter(|it| !quoted.contains(it)).collect()
}

/// Where some letters stand in a word.
fn places(text: &str, word: &Range<usize>, wanted: &[char]) -> Vec<(usize, char)> {
    let letters = text.get(word.clone()).unwrap_or_default();
    letters
        .char_indices()
        .filter(|(_, it)| wanted.contains(it))
        .map(|(at, it)| (word.start + at, it))
        .collect()
}

/// Reports the Arabic ي and ك in Persian and Urdu.
pub(super) fn arabic_letters_in_persian(passage: &Passage, findings: &mut Vec<Finding>) {
    if !matches!(passage.lang.primary(), "fa" | "prs" | "ur")
        || passage.lang.script() != "Arab"
        || !passage.text.contains(['ي', 'ك'])
    {
        return;
    }
    for word in own_words(&passage.text) {
        let text = passage.part(&word);
        // Letters that only Arabic has: the word is Arabic and is spelled as such.
        if text.contains(['ة', 'إ', 'ى']) {
            continue;
        }
        for (at, letter) in places(&passage.text, &word, &['ي', 'ك']) {
            let (right, name) = match letter {
                'ي' => ('ی', "yeh"),
                _ => ('ک', "kaf"),
            };
            let range = at..at + letter.len_utf8();
            let message = format!("`{}` has the Arabic letter {name}", shown(text));
            let place = passage.place(&range);
            let finding = Finding::warning("arabic-letters-in-persian", place, message)
                .with_help(replace(right))
                .with_fix(passage.written(&range), right);
            findings.push(finding);
        }
    }
}

/// A word for a message; a hostile one is as long as its file.
fn shown(word: &str) -> String {
    match word.char_indices().nth(40) {
        Some((at, _)) => {
            terminal(&format!("{}…", word.get(..at).unwrap_or_default())).into_owned()
        }
        None => terminal(word).into_owned(),
    }
}

fn replace(right: char) -> String {
    format!("write `{}` (U+{:04X})", terminal(&right.to_string()), u32::from(right))
}

/// Reports the Persian ی and ک in Arabic. A final ی can stand for ي and for ى, so only the
/// author knows what to write for it.
pub(super) fn persian_letters_in_arabic(passage: &Passage, findings: &mut Vec<Finding>) {
    if !matches!(passage.lang.primary(), "ar" | "arz" | "ary" | "apc" | "acm")
        || passage.lang.script() != "Arab"
        || !passage.text.contains(['ی', 'ک'])
    {
        return;
    }
    for word in own_words(&passage.text) {
        let text = passage.part(&word);
        // Letters and joiners that only Persian and Urdu have: a name in its own spelling.
        if text.contains(['پ', 'چ', 'ژ', 'گ', 'ٹ', 'ڈ', 'ڑ', 'ں', 'ہ', 'ھ', 'ے', ZWNJ])
        {
            continue;
        }
        for (at, letter) in places(&passage.text, &word, &['ی', 'ک']) {
            let range = at..at + letter.len_utf8();
            let is_final =
                !passage.part(&(range.end..word.end)).contains(is_arabic_letter);
            let name = if letter == 'ی' { "yeh" } else { "kaf" };
            let message = format!("`{}` has the Persian letter {name}", shown(text));
            let place = passage.place(&range);
            let finding = Finding::warning("persian-letters-in-arabic", place, message);
            findings.push(match letter {
                'ک' => {
                    finding.with_help(replace('ك')).with_fix(passage.written(&range), 'ك')
                }
                _ if is_final => finding.with_help(format!(
                    "write `{}` (U+064A) or `{}` (U+0649), whichever the word has",
                    terminal("ي"),
                    terminal("ى")
                )),
                _ => {
                    finding.with_help(replace('ي')).with_fix(passage.written(&range), 'ي')
                }
            });
        }
    }
}

/// A letter in the shape that it has at one place of a word, as old programs stored it.
/// Signs that are no letters in another shape are none: ﷺ ﷲ ﷼ ﴾ ﴿.
fn is_presentation_form(letter: char) -> bool {
    matches!(
        letter,
        '\u{FB50}'..='\u{FBB1}'
            | '\u{FBD3}'..='\u{FD3D}'
            | '\u{FD50}'..='\u{FDC7}'
            | '\u{FE70}'..='\u{FEFC}'
    )
}

/// Reports presentation forms, a run of them at a time.
pub(super) fn presentation_forms(passage: &Passage, findings: &mut Vec<Finding>) {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (at, letter) in passage.text.char_indices() {
        if !is_presentation_form(letter) {
            continue;
        }
        let end = at + letter.len_utf8();
        match runs.last_mut() {
            Some(run) if run.end == at => run.end = end,
            _ => runs.push(at..end),
        }
    }
    for range in runs {
        let run = passage.part(&range);
        let plain: String = run.nfkc().collect();
        let message = format!(
            "`{}` is written in presentation forms, which search and screen readers do not \
             know as letters",
            shown(run)
        );
        let finding =
            Finding::warning("presentation-forms", passage.place(&range), message);
        let is_word = plain.chars().all(|it| {
            (is_arabic_letter(it) && it != TATWEEL && !is_presentation_form(it))
                || (is_combining_mark(it) && !plain.starts_with(it))
        });
        findings.push(if is_word {
            finding
                .with_help(format!("write `{}`", shown(&plain)))
                .with_fix(passage.written(&range), plain)
        } else {
            finding.with_help("type the letters anew")
        });
    }
}

/// Reports a letter and a hamza or madda of its own, where one letter is both.
pub(super) fn decomposed_letters(passage: &Passage, findings: &mut Vec<Finding>) {
    let mut before: Option<(usize, char)> = None;
    for (at, mark) in passage.text.char_indices() {
        let letter = before.replace((at, mark));
        if !matches!(mark, '\u{653}'..='\u{655}') {
            continue;
        }
        let Some((start, letter)) = letter else { continue };
        let Some(whole) = compose(letter, mark) else { continue };
        let range = start..at + mark.len_utf8();
        let message = format!(
            "`{}` is typed as a letter and a mark of its own, which search does not find as \
             one letter",
            terminal(&whole.to_string())
        );
        let place = passage.place(&range);
        let finding = Finding::warning("decomposed-letters", place, message)
            .with_help(replace(whole))
            .with_fix(passage.written(&range), whole);
        findings.push(finding);
    }
}

/// Letters that Arabic joins to a word; a tatweel behind them sets the word off: «الـ 20»,
/// «بـ NATO», «لـ[حزب](…)». Without it some would be spelled in another way («للعراق»).
fn is_joined_part(letters: &str) -> bool {
    matches!(letters, "ال" | "وال" | "بال" | "كال" | "فال" | "لل" | "ولل" | "فلل")
        || matches!(
            letters,
            "و" | "ف" | "ب" | "ك" | "ل" | "س" | "وب" | "ول" | "وك" | "فب"
        )
        || matches!(letters, "فل" | "فك")
}

/// Reports tatweel in a word, or at its end.
pub(super) fn tatweel(passage: &Passage, findings: &mut Vec<Finding>) {
    if passage.lang.script() != "Arab" || !passage.text.contains(TATWEEL) {
        return;
    }
    for word in arabic_words(&passage.text) {
        let text = passage.part(&word);
        let n_letters =
            text.chars().filter(|it| is_arabic_letter(*it) && *it != TATWEEL).count();
        let mut at = 0;
        while let Some(found) = text.get(at..).and_then(|it| it.find(TATWEEL)) {
            let start = at + found;
            let rest = text.get(start..).unwrap_or_default();
            let end = text.len() - rest.trim_start_matches(TATWEEL).len();
            at = end;
            let next = text.get(end..).and_then(|it| it.chars().next());
            let after = passage.after(word.end).chars().next();
            let is_end = next.is_none();
            // A mark needs something to stand on, a joiner something to join.
            let carries = next.is_some_and(|it| !is_arabic_letter(it));
            let joins =
                is_end && after.is_some_and(|it| !it.is_whitespace() && !is_stop(it));
            let letters = text.get(..start).unwrap_or_default();
            let is_part = (is_end && n_letters <= 1) || is_joined_part(letters);
            let range = word.start + start..word.start + end;
            if start == 0 || carries || joins || is_part || passage.is_cut_at(range.end) {
                continue;
            }
            let message = format!(
                "`{}` is stretched by tatweel, which makes it another word for search",
                shown(text)
            );
            let finding = Finding::warning("tatweel", passage.place(&range), message)
                .with_help("delete it; the font stretches lines where that is wanted")
                .with_fix(passage.written(&range), "");
            findings.push(finding);
        }
    }
}

/// Marks after which a word is at its end.
fn is_stop(letter: char) -> bool {
    matches!(
        letter,
        '.' | '،' | '؛' | ':' | '؟' | '!' | ')' | '»' | '”' | ']' | '…' | '۔'
    ) || matches!(letter, ',' | ';' | '?')
}

#[cfg(test)]
mod tests {
    use super::arabic_words;

    #[test]
    fn words_hold_their_marks_and_end_at_other_scripts() {
        let text = "بـNATO مُهَندِس (می\u{200C}رود) 15هـ";
        let found: Vec<&str> =
            arabic_words(text).into_iter().filter_map(|it| text.get(it)).collect();
        assert_eq!(found, ["بـ", "مُهَندِس", "می\u{200C}رود", "هـ"]);
    }
}
