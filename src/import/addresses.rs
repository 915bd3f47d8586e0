//! Addresses in Markdown: where they stand, outside of code, and what takes their place.

use crate::import::blocks::{destination, escaped};
use crate::text::link_destination;

/// An address that a text leads to.
pub(super) struct Address<'a> {
    /// As written, without the backslashes of Markdown.
    pub(super) text: &'a str,
    /// Whether it is that of a picture.
    pub(super) is_picture: bool,
    /// What stands between the brackets.
    pub(super) words: &'a str,
    /// The title behind it, or the caption.
    pub(super) title: &'a str,
}

/// What becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Change {
    /// Nothing.
    Keep,
    /// Another address.
    To(String),
    /// A picture is described, and may get another address.
    Describe {
        /// The address.
        file: String,
        /// What it shows.
        alt: String,
    },
    /// A picture becomes a link with these words.
    Link(String),
    /// Only the words stay.
    Unlink,
}

/// A text in which addresses are being changed.
struct Rewriter<'a> {
    text: &'a str,
    /// The next byte that is read.
    at: usize,
    written: String,
    /// Where each open bracket stands in what was written.
    brackets: Vec<usize>,
}

/// Rewrites the addresses of a Markdown text.
pub(super) fn rewrite(
    text: &str,
    change: &mut dyn FnMut(&Address<'_>) -> Change,
) -> String {
    let written = String::with_capacity(text.len() + 64);
    let mut rewriter = Rewriter { text, at: 0, written, brackets: Vec::new() };
    let mut is_line_start = true;
    while rewriter.at < text.len() {
        let rest = rewriter.rest();
        if is_line_start {
            is_line_start = false;
            if let Some(len) = fenced(rest) {
                rewriter.copy(len);
                is_line_start = true;
                continue;
            }
            if rewriter.definition(change) {
                continue;
            }
        }
        let letter = rest.chars().next().unwrap_or(' ');
        match letter {
            '\\' => {
                let next = rest.chars().nth(1).map_or(0, char::len_utf8);
                rewriter.copy(1 + next);
            }
            '`' => rewriter.copy(code(rest)),
            '[' => {
                rewriter.brackets.push(rewriter.written.len());
                rewriter.copy(1);
            }
            ']' => rewriter.bracket(change),
            '\n' => {
                rewriter.copy(1);
                is_line_start = true;
                if rewriter.rest().starts_with('\n') {
                    rewriter.brackets.clear();
                }
            }
            other => rewriter.copy(other.len_utf8()),
        }
    }
    rewriter.written
}

impl<'a> Rewriter<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn copy(&mut self, len: usize) {
        let end = (self.at + len).min(self.text.len());
        self.written.push_str(self.text.get(self.at..end).unwrap_or_default());
        self.at = end;
    }

    /// A bracket that closes, and the address behind it.
    fn bracket(&mut self, change: &mut dyn FnMut(&Address<'_>) -> Change) {
        let rest = self.rest();
        let open = self.brackets.pop();
        let found = rest.strip_prefix("](").and_then(|it| Some((address(it)?, it)));
        let (Some(open), Some((found, inner))) = (open, found) else {
            self.copy(1);
            return;
        };
        let is_picture = self.written.get(..open).is_some_and(|it| it.ends_with('!'));
        let words = self.written.get(open + 1..).unwrap_or_default().to_owned();
        let written = inner.get(found.text.clone()).unwrap_or_default();
        let clean = unescaped(written);
        let title = inner.get(found.text_end..found.end).unwrap_or_default().to_owned();
        let shown = title.trim().trim_matches(['"', '\'']);
        let whole = Address { text: &clean, is_picture, words: &words, title: shown };
        let end = self.at + 2 + found.end + 1;
        match change(&whole) {
            Change::Keep => {
                self.copy(end - self.at);
                return;
            }
            Change::To(address) => {
                self.written.push_str(&format!("]({}{title})", destination(&address)));
            }
            Change::Describe { file, alt } => {
                self.written.truncate(open + 1);
                let (alt, file) = (escaped(&alt), destination(&file));
                self.written.push_str(&format!("{alt}]({file}{title})"));
            }
            Change::Link(words) => {
                self.written.truncate(open - usize::from(is_picture));
                let address = destination(&clean);
                self.written
                    .push_str(&format!("[{}]({address}{title})", escaped(&words)));
            }
            Change::Unlink => {
                self.written.truncate(open - usize::from(is_picture));
                self.written.push_str(&words);
            }
        }
        self.at = end;
    }

    /// A line `[label]: address`; `false` if this line is none.
    fn definition(&mut self, change: &mut dyn FnMut(&Address<'_>) -> Change) -> bool {
        let rest = self.rest();
        let line = rest.lines().next().unwrap_or_default();
        let trimmed = line.trim_start_matches(' ');
        let indent = line.len() - trimmed.len();
        let is_label = trimmed.starts_with('[') && !trimmed.starts_with("[^");
        let Some(colon) = trimmed.find("]:").filter(|_| is_label && indent < 4) else {
            return false;
        };
        let from = indent + colon + 2;
        let after = line.get(from..).unwrap_or_default();
        let lead = after.len() - after.trim_start().len();
        let written = after.split_whitespace().next().unwrap_or_default();
        let clean = written.trim_start_matches('<').trim_end_matches('>');
        if clean.is_empty() {
            return false;
        }
        let whole = Address { text: clean, is_picture: false, words: "", title: "" };
        let start = from + lead;
        if let Change::To(address) = change(&whole) {
            self.copy(start);
            self.written.push_str(&destination(&address));
            self.at += written.len();
            self.copy(line.len() - start - written.len());
        } else {
            self.copy(line.len());
        }
        true
    }
}

/// The parts of `address "title")` behind a bracket.
struct Found {
    /// The address.
    text: std::ops::Range<usize>,
    /// Where the title begins, with the space before it.
    text_end: usize,
    /// The closing bracket.
    end: usize,
}

fn address(inner: &str) -> Option<Found> {
    let text = link_destination::destination(inner, 0, inner.len())?;
    let is_bracketed = inner.get(..text.start).is_some_and(|it| it.ends_with('<'));
    let text_end = text.end + usize::from(is_bracketed);
    let after = inner.get(text_end..)?;
    let title = after.trim_start();
    let close = match title.chars().next()? {
        ')' => text_end + (after.len() - title.len()),
        quote @ ('"' | '\'') => {
            let from = inner.len() - title.len() + 1;
            let last = closing(inner.get(from..)?, quote)?;
            let tail = inner.get(from + last + 1..)?;
            let bracket = tail.trim_start();
            bracket.starts_with(')').then(|| inner.len() - bracket.len())?
        }
        _ => return None,
    };
    Some(Found { text, text_end, end: close })
}

/// Where a quotation ends.
fn closing(text: &str, quote: char) -> Option<usize> {
    let mut is_escaped = false;
    for (at, letter) in text.char_indices() {
        if letter == quote && !is_escaped {
            return Some(at);
        }
        is_escaped = letter == '\\' && !is_escaped;
    }
    None
}

fn unescaped(written: &str) -> String {
    let mut result = String::with_capacity(written.len());
    let mut letters = written.chars().peekable();
    while let Some(letter) = letters.next() {
        match letters.peek() {
            Some(next) if letter == '\\' && next.is_ascii_punctuation() => {
                result.extend(letters.next());
            }
            _ => result.push(letter),
        }
    }
    result
}

/// Length of code in a line that begins here: to the same number of backticks.
pub(super) fn code(rest: &str) -> usize {
    let n = rest.bytes().take_while(|it| *it == b'`').count();
    let mut at = n;
    while let Some(next) = rest.get(at..).and_then(|it| it.find('`')) {
        let start = at + next;
        if rest.get(at..start).is_some_and(|it| it.contains("\n\n")) {
            break;
        }
        let run = rest.get(start..).unwrap_or_default();
        let n_here = run.bytes().take_while(|it| *it == b'`').count();
        if n_here == n {
            return start + n;
        }
        at = start + n_here;
    }
    n
}

/// Length of the fenced code that begins on this line.
pub(super) fn fenced(rest: &str) -> Option<usize> {
    let first = rest.split_inclusive('\n').next()?;
    let trimmed = first.trim_start_matches(' ');
    if 3 < first.len() - trimmed.len() {
        return None;
    }
    let mark = trimmed.chars().next().filter(|it| matches!(it, '`' | '~'))?;
    let n = trimmed.chars().take_while(|it| *it == mark).count();
    let info = trimmed.get(n..).unwrap_or_default();
    if n < 3 || mark == '`' && info.contains('`') {
        return None;
    }
    let mut len = first.len();
    for line in rest.get(len..)?.split_inclusive('\n') {
        len += line.len();
        let line = line.trim();
        if n <= line.len() && line.chars().all(|it| it == mark) {
            break;
        }
    }
    Some(len)
}

#[cfg(test)]
mod tests {
    use super::{Change, rewrite};

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let written = rewrite(text, &mut |it| match it.text {
            "/old" => Change::To("briefing:new".to_owned()),
            "gone" => Change::Unlink,
            "a.jpg" => Change::Describe {
                file: "id/a b.jpg".to_owned(),
                alt: "صورة".to_owned(),
            },
            "far.jpg" => Change::Link("صورة".to_owned()),
            _ => Change::Keep,
        });
        assert_eq!(written, expected);
    }

    #[test]
    fn addresses_are_changed_where_they_are_some() {
        check(
            "[نص](/old) و[آخر](/old \"عنوان\")",
            "[نص](briefing:new) و[آخر](briefing:new \"عنوان\")",
        );
        check("[نص](</old>)", "[نص](briefing:new)");
        check("[a](gone) و![b](gone)", "a وb");
        check("![](a.jpg)", "![صورة](id/a%20b.jpg)");
        check("[![](a.jpg)](/old)", "[![صورة](id/a%20b.jpg)](briefing:new)");
        check("![x](far.jpg \"y\")", "[صورة](far.jpg \"y\")");
        check("[a]: /old \"t\"\n", "[a]: briefing:new \"t\"\n");
        check("[x](y(z)) [a]", "[x](y(z)) [a]");
    }

    #[test]
    fn code_stays_as_it_is() {
        for text in [
            "`[a](/old)`",
            "```\n[a](/old)\n```\n",
            "\\[a](/old)",
            "[^1]: /old",
            "``[a](/old)` ``",
        ] {
            check(text, text);
        }
    }
}
