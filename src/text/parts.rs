//! Values in a line: a range, a list of names.
//!
//! Each value that would disturb its neighbours carries the direction of its isolate.
//! Where a page can isolate by markup it takes the parts; `plain` is for slots without
//! markup; `bare` is the text alone.

use unicode_bidi::{BidiClass, bidi_class};

use crate::text::direction::Direction;
use crate::text::lang::Lang;

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its text.
    pub text: String,
    /// The direction of the isolate that it needs, if it needs one.
    pub direction: Option<Direction>,
}

/// A line of values and what stands between them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parts(Vec<Part>);

impl Parts {
    /// A line of one value.
    pub fn single(text: impl Into<String>) -> Self {
        let mut parts = Self::default();
        parts.push(text);
        parts
    }

    /// Adds a text that needs no isolate.
    pub fn push(&mut self, text: impl Into<String>) {
        self.0.push(Part { text: text.into(), direction: None });
    }

    /// Adds a value in an isolate.
    pub fn push_isolated(&mut self, text: impl Into<String>, direction: Direction) {
        self.0.push(Part { text: text.into(), direction: Some(direction) });
    }

    /// Adds the parts of another line.
    pub fn append(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// The pieces in reading order.
    pub fn iter(&self) -> impl Iterator<Item = &Part> {
        self.0.iter()
    }

    /// The text alone.
    pub fn bare(&self) -> String {
        self.0.iter().map(|it| it.text.as_str()).collect()
    }

    /// The text with isolates made of invisible characters, for slots without markup.
    pub fn plain(&self) -> String {
        let mut text = String::new();
        for part in &self.0 {
            match part.direction {
                None => text.push_str(&part.text),
                Some(direction) => {
                    text.push(match direction {
                        Direction::Ltr => '\u{2066}',
                        Direction::Rtl => '\u{2067}',
                    });
                    text.push_str(&part.text);
                    text.push('\u{2069}');
                }
            }
        }
        text
    }
}

/// Two numbers that are the ends of a range, as a language reads them (R24).
///
/// Arabic and Urdu read a range from right to left, so the ends stand apart and the dash
/// takes the direction of the line. Hebrew and Persian write the whole of it from left to
/// right.
pub fn range(lang: &Lang, first: &str, last: &str) -> Parts {
    let mut parts = Parts::default();
    match (lang.primary(), Direction::of(lang)) {
        ("fa" | "he" | "yi", Direction::Rtl) => {
            parts.push_isolated(format!("{first}–{last}"), Direction::Ltr);
        }
        (_, Direction::Rtl) => {
            parts.push_isolated(first, Direction::Ltr);
            parts.push("–");
            parts.push_isolated(last, Direction::Ltr);
        }
        (_, Direction::Ltr) => parts.push(format!("{first}–{last}")),
    }
    parts
}

/// Names in a row, each isolated where its direction is not the line's (R17; CLDR
/// `listPatterns`): `A وB`, `A، B، و C`, `A, B ו-C`, `A، B، اور C`, `A, B, and C`.
pub fn list(lang: &Lang, names: &[(&str, Direction)]) -> Parts {
    let line = Direction::of(lang);
    let mut parts = Parts::default();
    for (at, (name, direction)) in names.iter().enumerate() {
        if at != 0 {
            let is_last = at + 1 == names.len();
            parts.push(separator(lang, name, is_last, names.len()));
        }
        if *direction == line {
            parts.push(*name);
        } else {
            parts.push_isolated(*name, *direction);
        }
    }
    parts
}

/// What stands before a name of a list of so many.
fn separator(lang: &Lang, name: &str, is_last: bool, n_names: usize) -> &'static str {
    let is_pair = n_names == 2;
    let is_hebrew = name.chars().next().is_some_and(|it| bidi_class(it) == BidiClass::R);
    match (lang.primary(), is_last) {
        ("ar", _) => " و",
        ("fa", true) if is_pair => " و ",
        ("fa", true) => "، و ",
        ("ur", true) if is_pair => " اور ",
        ("ur", true) => "، اور ",
        ("fa" | "ur", false) => "، ",
        // Joined to a Hebrew word, with a hyphen to anything else.
        ("he", true) if is_hebrew => " ו",
        ("he", true) => " ו-",
        ("en", true) if is_pair || lang.region() == Some("GB") => " and ",
        ("en", true) => ", and ",
        (_, _) if lang.script() == "Arab" => "، ",
        _ => ", ",
    }
}
