//! Controls of direction (rtl-rules R36, R39).
//!
//! An override makes letters appear in another order than they are stored in, which nobody
//! needs in a text and which can show a reader another title, address or name than the one
//! that is there. A control that is left open moves what stands behind it. Pages keep both
//! as typed in running text; `check` says where they are.

use crate::diag::{Place, Span};
use crate::lint::Finding;
use crate::lint::passage::Passage;
use crate::load::SourceFile;
use crate::parse;

/// Whether it is an embedding, an override, an isolate, or the end of one.
pub(super) fn is_control(letter: char) -> bool {
    matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn is_override(letter: char) -> bool {
    matches!(letter, '\u{202D}' | '\u{202E}')
}

fn name(letter: char) -> &'static str {
    match letter {
        '\u{202A}' => "U+202A (LRE)",
        '\u{202B}' => "U+202B (RLE)",
        '\u{202C}' => "U+202C (PDF)",
        '\u{202D}' => "U+202D (LRO)",
        '\u{202E}' => "U+202E (RLO)",
        '\u{2066}' => "U+2066 (LRI)",
        '\u{2067}' => "U+2067 (RLI)",
        '\u{2068}' => "U+2068 (FSI)",
        _ => "U+2069 (PDI)",
    }
}

fn an_override(letter: char, place: Place) -> Finding {
    let message = format!(
        "the invisible character {} turns the letters after it around, so that readers see \
         another text than the one that is stored",
        name(letter)
    );
    Finding::warning("bidi-override", place, message)
        .with_help("delete it; the direction of a text comes from its letters")
}

/// Overrides in the text of a file, also in code and in the addresses of links.
pub(super) fn body_overrides(file: &SourceFile, findings: &mut Vec<Finding>) {
    if !file.text.contains(is_override) || !crate::lint::is_content(file.kind) {
        return;
    }
    let Some(body) = parse::body(file) else { return };
    let text = file.text.get(body.clone()).unwrap_or_default();
    for (at, letter) in text.char_indices().filter(|(_, it)| is_override(*it)) {
        let start = body.start + at;
        let span = Span::new(start, start + letter.len_utf8());
        findings.push(an_override(letter, Place { path: file.path.clone(), span }));
    }
}

/// Controls that are not closed where they were opened, and overrides in metadata.
pub(super) fn check(passage: &Passage, findings: &mut Vec<Finding>) {
    if !passage.text.contains(is_control) {
        return;
    }
    if passage.is_metadata {
        let all = passage.text.char_indices().filter(|(_, it)| is_override(*it));
        for (at, letter) in all {
            let range = at..at + letter.len_utf8();
            findings.push(an_override(letter, passage.place(&range)));
        }
    }
    for (at, letter, is_end) in unbalanced(&passage.text) {
        let place = passage.place(&(at..at + letter.len_utf8()));
        let (message, help) = if is_end {
            (
                format!("the invisible character {} ends nothing", name(letter)),
                "delete it, or put the character that it should end before it",
            )
        } else {
            (
                format!(
                    "the invisible character {} is not ended in the same paragraph or \
                     value, and moves what stands behind it",
                    name(letter)
                ),
                if matches!(letter, '\u{2066}'..='\u{2068}') {
                    "put U+2069 (PDI) behind the words that it is for, or delete it"
                } else {
                    "put U+202C (PDF) behind the words that it is for, or delete it"
                },
            )
        };
        findings
            .push(Finding::warning("unbalanced-control", place, message).with_help(help));
    }
}

/// Controls without their other half: byte, character, and whether it is an end.
fn unbalanced(text: &str) -> Vec<(usize, char, bool)> {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut result = Vec::new();
    let mut n_isolates = 0_usize;
    let is_isolate = |it: char| matches!(it, '\u{2066}'..='\u{2068}');
    for (at, letter) in text.char_indices() {
        match letter {
            '\u{202A}'
            | '\u{202B}'
            | '\u{202D}'
            | '\u{202E}'
            | '\u{2066}'..='\u{2068}' => {
                open.push((at, letter));
                n_isolates += usize::from(is_isolate(letter));
            }
            '\u{2069}' if n_isolates == 0 => result.push((at, letter, true)),
            '\u{2069}' => {
                // The end of an isolate ends the embeddings inside it (UAX #9, X6a).
                while let Some((at, it)) = open.pop().filter(|(_, it)| !is_isolate(*it)) {
                    result.push((at, it, false));
                }
                n_isolates -= 1;
            }
            '\u{202C}' => match open.last() {
                Some((_, it)) if !is_isolate(*it) => {
                    open.pop();
                }
                _ => result.push((at, letter, true)),
            },
            _ => {}
        }
    }
    result.extend(open.into_iter().map(|(at, it)| (at, it, false)));
    result
}

#[cfg(test)]
mod tests {
    use super::unbalanced;

    #[test]
    fn r39_every_control_has_its_other_half() {
        let places =
            |text| unbalanced(text).into_iter().map(|it| it.0).collect::<Vec<_>>();
        assert!(places("a\u{2067}b\u{2069}c \u{202A}d\u{202C}").is_empty());
        assert!(places("a\u{200F}\u{200E}\u{61C}b").is_empty());
        assert_eq!(places("a\u{2067}b"), [1]);
        assert_eq!(places("a\u{2069}b"), [1]);
        assert_eq!(places("\u{2066}\u{202B}a\u{2069}\u{202C}"), [3, 10]);
    }
}
