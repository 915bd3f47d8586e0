//! A text as the matcher reads it: folded, cut into words, and with the words that are
//! part of an address marked, which are never a name (rtl-rules B1, B3).

use std::ops::Range;

use crate::text::fold::{Folded, words};

/// The words of one text. Keeps its memory from text to text.
#[derive(Debug, Default)]
pub struct Tokens {
    folded: Folded,
    words: Vec<Range<usize>>,
    /// Bytes of the folded text that are addresses: URLs, e-mails, `#tags`, `@handles`.
    code: Vec<Range<usize>>,
}

impl Tokens {
    /// Reads another text.
    pub fn read(&mut self, text: &str) {
        self.folded.refold(text);
        self.words.clear();
        self.words.extend(words(self.folded.text()));
        self.code.clear();
        self.find_code();
    }

    /// Finds addresses: web addresses, host names, e-mails, `#tags`, `@handles`, and names
    /// with an underscore. Their marks stand between words.
    fn find_code(&mut self) {
        let text = self.folded.text();
        let bytes = text.as_bytes();
        let ends = self.words.iter().map(|it| it.end);
        let starts = self.words.iter().map(|it| it.start).chain([text.len()]);
        for gap in std::iter::once(0).chain(ends).zip(starts).map(|(a, b)| a..b) {
            for at in gap {
                if self.code.last().is_some_and(|it| at < it.end) {
                    continue;
                }
                let range = match bytes[at] {
                    b'#' | b'@' => tag(text, at),
                    b'_' => chunk(text, at),
                    b':' if bytes.get(at + 1..at + 3) == Some(b"//") => chunk(text, at),
                    b'.' if is_host(bytes, at) => chunk(text, at),
                    _ => continue,
                };
                if !range.is_empty() {
                    // An address holds the tags in it.
                    while self.code.pop_if(|it| range.start <= it.start).is_some() {}
                    self.code.push(range);
                }
            }
        }
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether there is no word.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// A folded word.
    pub fn word(&self, at: usize) -> &str {
        self.folded.part(self.range(at))
    }

    /// The place of a word in the folded text.
    pub fn range(&self, at: usize) -> Range<usize> {
        self.words.get(at).cloned().unwrap_or_default()
    }

    /// What stands between a word and the next, folded.
    pub fn gap(&self, at: usize) -> &str {
        self.folded.part(self.range(at).end..self.range(at + 1).start)
    }

    /// All that stands behind a word, folded.
    pub fn after(&self, at: usize) -> &str {
        self.folded.part(self.range(at).end..self.folded.text().len())
    }

    /// Whether nothing but white space stands between a word and the next.
    pub fn is_followed(&self, at: usize) -> bool {
        let gap = if at + 1 < self.len() { self.gap(at) } else { "" };
        !gap.is_empty() && gap.chars().all(char::is_whitespace)
    }

    /// Whether a word and the next stand in one clause: quotation marks and brackets may
    /// stand between them, a stop or a comma may not.
    pub fn is_near(&self, at: usize) -> bool {
        !self
            .gap(at)
            .contains(['.', ',', ';', ':', '!', '?', '،', '؛', '؟', '۔', '…', '\u{FFFC}'])
    }

    /// The last zero-width non-joiner in a word, in bytes of the folded word.
    pub fn split(&self, at: usize) -> Option<usize> {
        let range = self.range(at);
        self.folded.last_split(&range).map(|it| it - range.start)
    }

    /// Whether a word has a zero-width non-joiner before one of its bytes.
    pub fn is_split_at(&self, at: usize, byte: usize) -> bool {
        self.folded.is_split_at(self.range(at).start + byte)
    }

    /// Whether some words are part of an address; one that they fill is a name in the form
    /// of an address (`Booking.com`).
    pub fn is_code(&self, at: usize, n_words: usize) -> bool {
        let start = self.range(at).start;
        let end = self.range(at + n_words - 1).end;
        let next = self.code.partition_point(|it| it.start <= start);
        let code = next.checked_sub(1).and_then(|it| self.code.get(it));
        code.is_some_and(|it| start < it.end && !(start <= it.start && it.end <= end))
    }

    /// The bytes of the source that a part of the folded text came from.
    pub fn source_range(&self, text: &str, range: Range<usize>) -> Range<usize> {
        self.folded.source_range(text, range)
    }

    /// A word as it was written.
    pub fn written<'t>(&self, text: &'t str, at: usize) -> &'t str {
        text.get(self.source_range(text, self.range(at))).unwrap_or_default()
    }
}

/// What is written around a byte without white space, brackets or quotation marks.
fn chunk(text: &str, at: usize) -> Range<usize> {
    let is_edge = |it: char| {
        it.is_whitespace() || matches!(it, '<' | '>' | '(' | ')' | '"' | '«' | '»' | '،')
    };
    let before = text.get(..at).unwrap_or_default();
    let start = before.char_indices().rev().find(|(_, it)| is_edge(*it));
    let start = start.map_or(0, |(at, it)| at + it.len_utf8());
    let after = text.get(at..).unwrap_or_default();
    let end = after.find(is_edge).map_or(text.len(), |it| at + it);
    start..end
}

/// `#tag`, `@handle`, or the whole of `name@host`.
fn tag(text: &str, at: usize) -> Range<usize> {
    let is_inside = |it: char| it.is_alphanumeric() || it == '_';
    let before = text.get(..at).and_then(|it| it.chars().next_back());
    if before.is_some_and(|it| it.is_ascii() && is_inside(it)) {
        // An e-mail; but the `#` of «C#» marks nothing.
        return if text.as_bytes()[at] == b'@' { chunk(text, at) } else { at..at };
    }
    let rest = text.get(at + 1..).unwrap_or_default();
    let end = rest.find(|it| !is_inside(it)).map_or(text.len(), |it| at + 1 + it);
    at..end
}

/// Whether a stop stands inside the name of a host or a file: `iran.example/news`,
/// `un.org`. Its last part is two to six small letters, the part before it two letters
/// or more, so «U.S.» is none.
fn is_host(bytes: &[u8], at: usize) -> bool {
    let is_part = |it: &&u8| it.is_ascii_alphanumeric() || **it == b'-';
    let n_before =
        bytes.get(..at).unwrap_or_default().iter().rev().take_while(is_part).count();
    let rest = bytes.get(at + 1..).unwrap_or_default();
    let n_after = rest.iter().take_while(|it| it.is_ascii_lowercase()).count();
    let ends = rest.get(n_after).is_none_or(|it| !it.is_ascii_alphanumeric());
    2 <= n_before && (2..=6).contains(&n_after) && ends
}

#[cfg(test)]
mod tests {
    use super::Tokens;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let mut tokens = Tokens::default();
        tokens.read(text);
        let code: Vec<&str> = (0..tokens.len())
            .filter(|it| tokens.is_code(*it, 1))
            .map(|it| tokens.word(it))
            .collect();
        assert_eq!(code, expected, "{text}");
    }

    #[test]
    fn b1_addresses_hold_no_names() {
        check(
            "انظر https://iran.example/روسيا، ثم عد",
            &["https", "iran", "example", "روسيا"],
        );
        check("كتب إلى iran@un.org أمس", &["iran", "un", "org"]);
        check("وسم #إيران_روسيا و@Iran في (#قطر)", &["ايران", "روسيا", "iran", "قطر"]);
        check("موقع un.org والملف iran_2.yaml", &["un", "org", "iran", "2", "yaml"]);
        check("انظر إيران#أ#ب/un.org", &["ايران", "ا", "ب", "un", "org"]);
        check("قالت إيران. روسيا تنفي. U.S. officials", &[]);
        check("إيران/روسيا: ورقة", &[]);
    }
}
