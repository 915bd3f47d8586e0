//! Marks of our own in running text, which CommonMark leaves as they stand: `{nolink}`,
//! `[@source]`, and emphasis beside joined Arabic letters (rtl-rules R51).

use std::ops::Range;

use crate::parse::document::Element;
use crate::text::bytes::position;

/// A mark of our own in running text.
pub(super) struct Mark<'a> {
    pub(super) range: Range<usize>,
    pub(super) sort: MarkSort<'a>,
}

pub(super) enum MarkSort<'a> {
    NoLink,
    EndNoLink,
    /// Emphasis that CommonMark does not see (rtl-rules R51), and the bytes inside it.
    Emphasis {
        element: Element,
        inner: Range<usize>,
    },
    Citation(&'a str),
}

/// The first mark at or after byte `from`.
pub(super) fn find_mark(text: &str, from: usize) -> Option<Mark<'_>> {
    let mut at = from;
    loop {
        let rest = text.get(at..)?;
        let is_sign = |it: u8| matches!(it, b'{' | b'[' | b'*' | b'_');
        let start = at + position(rest.as_bytes(), is_sign)?;
        let rest = text.get(start..)?;
        if rest.starts_with(['*', '_']) {
            match emphasis(text, start) {
                Some(mark) => return Some(mark),
                None => {
                    at = start + rest.len() - rest.trim_start_matches(['*', '_']).len();
                }
            }
            continue;
        }
        if rest.starts_with("{nolink}") {
            return Some(Mark { range: start..start + 8, sort: MarkSort::NoLink });
        }
        if rest.starts_with("{/nolink}") {
            return Some(Mark { range: start..start + 9, sort: MarkSort::EndNoLink });
        }
        let citation =
            rest.strip_prefix("[@").or_else(|| rest.strip_prefix("[^")).and_then(|it| {
                let is_id = |it: char| it.is_alphanumeric() || matches!(it, '-' | '_');
                let end = it.find(|letter| !is_id(letter))?;
                let (id, rest) = it.split_at(end);
                (!id.is_empty() && rest.starts_with(']')).then_some(id)
            });
        if let Some(id) = citation {
            let range = start..start + id.len() + 3;
            return Some(Mark { range, sort: MarkSort::Citation(id) });
        }
        at = start + 1;
    }
}

/// Emphasis that begins at a byte and that CommonMark leaves as it stands: its rules look
/// for spaces and punctuation around the marks, and Arabic joins a conjunction to the word
/// and the word to what follows, as in `و**«الممر»** و` (rtl-rules R51).
fn emphasis(text: &str, start: usize) -> Option<Mark<'_>> {
    let rest = text.get(start..)?;
    let sign = rest.chars().next()?;
    let length = rest.len() - rest.trim_start_matches(sign).len();
    let element = match length {
        1 => Element::Emphasis,
        2 if sign == '*' => Element::Strong,
        _ => return None,
    };
    let fence = rest.get(..length)?;
    let inside = rest.get(length..)?;
    let end = inside.find(fence)?;
    let inner = inside.get(..end)?;
    let after = inside.get(end + length..)?;
    let is_space = |it: Option<char>| it.is_none_or(char::is_whitespace);
    if is_space(inner.chars().next())
        || is_space(inner.chars().next_back())
        || inner.contains(['*', '_', '\n', '{', '['])
        || after.starts_with(sign)
    {
        return None;
    }
    let before = text.get(..start)?;
    let is_rtl = |it: char| matches!(it, '\u{590}'..='\u{8FF}');
    let word = before.rsplit(|it: char| !is_rtl(it)).next().unwrap_or_default();
    let is_joined = before.ends_with(is_rtl) || after.starts_with(is_rtl);
    // An underscore inside a word is part of a tag or a name; after one joined letter it
    // is a mark.
    let is_mark = match sign {
        '*' => is_joined && inner.contains(is_rtl),
        _ => matches!(word, "و" | "ف" | "ب" | "ك" | "ل") && !after.starts_with(is_rtl),
    };
    let inner_start = start + length;
    is_mark.then(|| Mark {
        range: start..inner_start + end + length,
        sort: MarkSort::Emphasis { element, inner: inner_start..inner_start + end },
    })
}
