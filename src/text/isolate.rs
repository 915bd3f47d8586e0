//! Isolation for slots that hold plain text and no markup (rtl-rules R37–R44).

use std::borrow::Cow;

use crate::text::bidi_runs::runs;
use crate::text::direction::{Direction, first_strong, has_rtl};
use crate::text::lang::Lang;

const RLM: char = '\u{200F}';
const LRM: char = '\u{200E}';
const LRI: char = '\u{2066}';
const RLI: char = '\u{2067}';
const FSI: char = '\u{2068}';
const PDI: char = '\u{2069}';

/// A text for a plain slot (`<title>`, description, feed title) of a page in `slot`.
///
/// Controls are balanced, runs of the other direction and numbers with signs are isolated
/// (R43), and where the first strong letter would turn the whole line around, a mark of the
/// slot's direction goes first (R42). For markup, `render::html` does the same with elements.
pub fn plain_slot(text: &str, slot: &Lang) -> String {
    let text = close_isolates(text);
    let direction = Direction::of(slot);
    let isolated = isolate_runs(&text, slot);
    match first_strong(&text) {
        Some(found) if found != direction => match direction {
            Direction::Rtl => format!("{RLM}{isolated}"),
            Direction::Ltr => format!("{LRM}{isolated}"),
        },
        _ => isolated.into_owned(),
    }
}

/// A text in `lang` with its runs in isolates. A text whose author has set controls is left
/// as it is.
fn isolate_runs<'a>(text: &'a str, lang: &Lang) -> Cow<'a, str> {
    let runs = runs(text, lang);
    let has_controls = |it: char| matches!(it, '\u{202A}'..='\u{202E}' | LRI..=PDI);
    if runs.is_empty() || text.contains(has_controls) {
        return Cow::Borrowed(text);
    }
    let mut result = String::with_capacity(text.len() + runs.len() * 6);
    let mut done = 0;
    for run in runs {
        result.push_str(text.get(done..run.bytes.start).unwrap_or_default());
        result.push(match run.direction {
            Direction::Rtl => RLI,
            Direction::Ltr => LRI,
        });
        result.push_str(text.get(run.bytes.clone()).unwrap_or_default());
        result.push(PDI);
        done = run.bytes.end;
    }
    result.push_str(text.get(done..).unwrap_or_default());
    Cow::Owned(result)
}

/// A text inside a line of another direction, wrapped in an isolate; as it is where the
/// directions agree (R43).
pub fn embed(text: &str, direction: Direction, line: Direction) -> String {
    let text = close_isolates(text);
    match direction {
        _ if direction == line && first_strong(&text).is_none_or(|it| it == line) => {
            text.into_owned()
        }
        Direction::Rtl => format!("{RLI}{text}{PDI}"),
        Direction::Ltr => format!("{LRI}{text}{PDI}"),
    }
}

/// The text of `<title>`: page and site, each in its own direction (R44).
pub fn page_title(page: &str, page_lang: &Lang, site: &str, site_lang: &Lang) -> String {
    let line = Direction::of(page_lang);
    let site = isolate_runs(site, site_lang);
    let site = embed(&site, Direction::of(site_lang), line);
    format!("{} — {site}", plain_slot(page, page_lang))
}

/// Closes isolates and embeddings that a text leaves open, and drops closing controls
/// that close nothing, so that a text cannot disturb its neighbours (R38, row B1).
pub fn close_isolates(text: &str) -> Cow<'_, str> {
    let is_control = |it: char| matches!(it, '\u{202A}'..='\u{202E}' | LRI..=PDI);
    if !may_have_controls(text) || !text.contains(is_control) {
        return Cow::Borrowed(text);
    }
    let mut open = Vec::new();
    let mut result = String::with_capacity(text.len() + 3);
    for letter in text.chars() {
        match letter {
            LRI | RLI | FSI => open.push(PDI),
            '\u{202A}' | '\u{202B}' | '\u{202D}' | '\u{202E}' => open.push('\u{202C}'),
            PDI if open.contains(&PDI) => {
                // The end of an isolate ends the embeddings inside it (UAX #9, X6a).
                while open.last().is_some_and(|it| *it != PDI) {
                    result.extend(open.pop());
                }
                open.pop();
            }
            '\u{202C}' if open.last() == Some(&letter) => {
                open.pop();
            }
            PDI | '\u{202C}' => continue,
            _ => {}
        }
        result.push(letter);
    }
    result.extend(open.iter().rev());
    Cow::Owned(result)
}

/// Whether a text has the byte that every embedding, isolate and their ends begin with.
fn may_have_controls(text: &str) -> bool {
    text.as_bytes().contains(&0xE2)
}

/// The controls that close what a text leaves open, for the end of its paragraph (R38);
/// the text itself stays as its author typed it (R40).
pub fn closing_controls(text: &str) -> String {
    let mut open: Vec<char> = Vec::new();
    if !may_have_controls(text) {
        return String::new();
    }
    for letter in text.chars() {
        match letter {
            LRI | RLI | FSI => open.push(PDI),
            '\u{202A}' | '\u{202B}' | '\u{202D}' | '\u{202E}' => open.push('\u{202C}'),
            PDI => {
                // The end of an isolate ends the embeddings inside it (UAX #9, X6a).
                if let Some(at) = open.iter().rposition(|it| *it == PDI) {
                    open.truncate(at);
                }
            }
            '\u{202C}' if open.last() == Some(&letter) => {
                open.pop();
            }
            _ => {}
        }
    }
    open.into_iter().rev().collect()
}

/// A text for machines that want letters only, such as a reference manager: without
/// controls of direction, byte order marks and other control characters. Joiners stay,
/// because they are spelling.
pub fn without_controls(text: &str) -> Cow<'_, str> {
    let is_dropped = |it: char| {
        it.is_control()
            || matches!(it, RLM | LRM | '\u{61C}' | '\u{202A}'..='\u{202E}' | LRI..=PDI)
            || it == '\u{FEFF}'
    };
    if !text.contains(is_dropped) {
        return Cow::Borrowed(text);
    }
    // A line break or a tabulator separates words.
    let replaced = text.chars().filter_map(|it| match it {
        '\n' | '\r' | '\t' => Some(' '),
        it => (!is_dropped(it)).then_some(it),
    });
    Cow::Owned(replaced.collect())
}

/// A text for a terminal: isolated when it has letters from right to left, so that the
/// rest of the line stays in place, and without signs that would command the terminal.
pub fn terminal(text: &str) -> Cow<'_, str> {
    if text.contains(char::is_control) {
        let replaced = text.replace(char::is_control, "\u{FFFD}");
        return Cow::Owned(terminal(&replaced).into_owned());
    }
    if has_rtl(text) {
        Cow::Owned(format!("{FSI}{}{PDI}", close_isolates(text)))
    } else {
        close_isolates(text)
    }
}

#[cfg(test)]
mod tests {
    use super::{
        close_isolates, closing_controls, page_title, plain_slot, without_controls,
    };
    use crate::text::lang::Lang;

    #[test]
    fn r42_a_latin_beginning_does_not_turn_an_arabic_title() {
        let ar = Lang::parse("ar").unwrap();
        let isolated = "\u{200F}\u{2066}NATO\u{2069} وروسيا";
        assert_eq!(plain_slot("NATO وروسيا", &ar), isolated);
        assert_eq!(plain_slot("روسيا وNATO", &ar), "روسيا و\u{2066}NATO\u{2069}");
        assert_eq!(plain_slot("2025", &ar), "2025");
    }

    #[test]
    fn r44_both_halves_of_a_title_keep_their_direction() {
        let (ar, en) = (Lang::parse("ar").unwrap(), Lang::parse("en").unwrap());
        assert_eq!(page_title("الممر", &ar, "موجز", &ar), "الممر — موجز");
        assert_eq!(
            page_title("Corridor", &en, "موجز", &ar),
            "Corridor — \u{2067}موجز\u{2069}"
        );
    }

    #[test]
    fn machines_get_letters_and_joiners_only() {
        let text = "\u{200F}\u{2067}می\u{200C}رود\u{2069}\nو\u{202E}a\u{FEFF}\u{0}";
        assert_eq!(without_controls(text), "می\u{200C}رود وa");
    }

    #[test]
    fn b1_open_controls_are_closed_and_stray_ones_dropped() {
        assert_eq!(close_isolates("a\u{2067}b"), "a\u{2067}b\u{2069}");
        assert_eq!(close_isolates("a\u{2069}b\u{202E}c"), "ab\u{202E}c\u{202C}");
        assert_eq!(closing_controls("a\u{2067}b"), "\u{2069}");
        assert_eq!(closing_controls("a\u{2067}b\u{2069}"), "");
        assert_eq!(closing_controls("a"), "");
        let nested = "\u{2066}\u{202B}a\u{2069}b";
        assert_eq!(close_isolates(nested), "\u{2066}\u{202B}a\u{202C}\u{2069}b");
    }
}
