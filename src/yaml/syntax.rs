//! What is wrong with text that is no YAML, in words for those who do not know YAML.
//!
//! A YAML reader says what it expected, at the place where it gave up; the slip is often a
//! line above. Here the few slips that people make are looked for in the lines around that
//! place: a quotation mark or a bracket without its partner, a colon without a space, a
//! tab, a line that is indented unlike its neighbours, a value that needs quotes (rows Y9
//! to Y13). What is none of them is said in the words of the reader.

use std::ops::Range;

/// A slip.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// Its bytes in the YAML.
    pub(super) bytes: Range<usize>,
    /// What is wrong.
    pub(super) message: String,
    /// The way out.
    pub(super) help: Option<String>,
}

/// Finds the slip that made a reader give up at `bytes` with `message`.
pub(super) fn fault(yaml: &str, bytes: Range<usize>, message: &str) -> Fault {
    let lines = Lines::around(yaml, bytes.start);
    let found = lines
        .tab()
        .or_else(|| lines.unclosed_quote(message))
        .or_else(|| lines.inner_quote(message))
        .or_else(|| lines.unclosed_bracket(message))
        .or_else(|| lines.value_without_quotes())
        .or_else(|| lines.key_without_value())
        .or_else(|| lines.indentation());
    found.unwrap_or_else(|| Fault { bytes, message: readable(message), help: None })
}

/// A line and its first byte.
#[derive(Debug, Clone, Copy)]
struct Line<'a> {
    start: usize,
    text: &'a str,
}

impl<'a> Line<'a> {
    fn indent(self) -> usize {
        self.text.len() - self.text.trim_start().len()
    }

    fn is_empty(self) -> bool {
        let text = self.text.trim_start();
        text.is_empty() || text.starts_with('#')
    }

    /// The line without its indentation and the dashes of lists, and where that begins.
    fn entry(self) -> (usize, &'a str) {
        let mut rest = self.text.trim_start();
        while let Some(inner) = rest.strip_prefix("- ") {
            rest = inner.trim_start();
        }
        (self.start + self.text.len() - rest.len(), rest.trim_end())
    }

    /// The key and the value of the line, and where the value begins.
    fn pair(self) -> Option<(&'a str, usize, &'a str)> {
        let (start, entry) = self.entry();
        let (key, value) = entry.split_once(": ")?;
        let value_start = start + entry.len() - value.trim_start().len();
        Some((key, value_start, value.trim()))
    }

    fn fault(self, message: impl Into<String>, help: impl Into<String>) -> Fault {
        let start = self.start + self.indent();
        let end = self.start + self.text.trim_end().len();
        Fault { bytes: start..end, message: message.into(), help: Some(help.into()) }
    }
}

/// The lines up to the place where the reader gave up, and the next one.
struct Lines<'a> {
    all: Vec<Line<'a>>,
    /// The line of that place.
    at: usize,
}

impl<'a> Lines<'a> {
    fn around(yaml: &'a str, byte: usize) -> Self {
        let mut all = Vec::new();
        let mut at = 0;
        let mut start = 0;
        for text in yaml.split_inclusive('\n') {
            if start <= byte {
                at = all.len();
            }
            all.push(Line { start, text: text.trim_end_matches(['\n', '\r']) });
            start += text.len();
        }
        all.truncate(at + 2);
        Self { all, at }
    }

    /// The line of the place, then the ones before it, without comments and empty ones.
    fn upwards(&self) -> impl Iterator<Item = Line<'a>> {
        self.all.iter().take(self.at + 1).rev().copied().filter(|it| !it.is_empty())
    }

    fn tab(&self) -> Option<Fault> {
        let near = self.all.iter().skip(self.at.saturating_sub(1));
        near.copied().find_map(|line| {
            let at = line.text.get(..line.indent())?.find('\t')?;
            let start = line.start + at;
            Some(Fault {
                bytes: start..start + 1,
                message: "a tab indents this line; YAML takes only spaces".to_owned(),
                help: Some("put two spaces in its place".to_owned()),
            })
        })
    }

    fn unclosed_quote(&self, message: &str) -> Option<Fault> {
        let is_meant = message.contains("unclosed quote")
            || message.contains("simple key")
            || message.contains("trailing content");
        if !is_meant {
            return None;
        }
        self.upwards().take(2).find_map(|line| {
            let (_, start, value) = line.pair()?;
            let quote = value.chars().next().filter(|it| matches!(it, '"' | '\''))?;
            let is_open = value.matches(quote).count() == 1;
            is_open.then(|| Fault {
                bytes: start..start + 1,
                message: "a quotation mark opens here and is not closed".to_owned(),
                help: Some(format!("write `{quote}` at the end of the value as well")),
            })
        })
    }

    /// `"He said "no" today"`.
    fn inner_quote(&self, message: &str) -> Option<Fault> {
        let line = *self.all.get(self.at)?;
        let (key, start, value) = line.pair()?;
        let quote = value.chars().next().filter(|it| matches!(it, '"' | '\''))?;
        if !message.contains("trailing content") && value.matches(quote).count() < 3 {
            return None;
        }
        // A value that has its quotes at both ends has too many in the middle.
        let inner = value.strip_prefix(quote).and_then(|it| it.strip_suffix(quote));
        let inner = inner.unwrap_or(value);
        let other = if quote == '"' { '\'' } else { '"' };
        let help = if inner.contains(other) {
            format!("write `{quote}` only at both ends of the value")
        } else {
            format!(
                "put the whole value between `{other}`: `{key}: {other}{inner}{other}`"
            )
        };
        Some(Fault {
            bytes: start..start + value.len(),
            message: format!("the value ends at its second `{quote}`, and more follows"),
            help: Some(help),
        })
    }

    fn unclosed_bracket(&self, message: &str) -> Option<Fault> {
        let is_meant = ["flow", "bracket", "illegal placement"]
            .iter()
            .any(|it| message.contains(it));
        if !is_meant {
            return None;
        }
        self.upwards().find_map(|line| {
            let (start, entry) = line.entry();
            let (start, value) = match line.pair() {
                Some((_, start, value)) if !entry.starts_with(['[', '{']) => {
                    (start, value)
                }
                _ => (start, entry),
            };
            let (open, close, what) = match value.chars().next()? {
                '[' => ('[', ']', "list"),
                '{' => ('{', '}', "map"),
                _ => return None,
            };
            if value.matches(open).count() == value.matches(close).count() {
                return None;
            }
            let help = if value.contains('،') {
                format!("write `{close}` at its end, and `,` between its parts, not `،`")
            } else {
                format!("write `{close}` at its end")
            };
            Some(Fault {
                bytes: start..start + value.len(),
                message: format!("a {what} opens here with `{open}` and is not closed"),
                help: Some(help),
            })
        })
    }

    /// A value of which YAML would take a part for mark-up.
    fn value_without_quotes(&self) -> Option<Fault> {
        let line = *self.all.get(self.at)?;
        let (key, start, value) = line.pair()?;
        let sign =
            |it: char| matches!(it, '%' | '@' | '`' | '*' | '&' | '!' | '|' | '>' | '?');
        let first = value.chars().next()?;
        if matches!(first, '"' | '\'') {
            return None;
        }
        let message = if sign(first) {
            format!("a value cannot begin with `{first}`")
        } else if value.contains(": ") || value.ends_with(':') {
            "a value with a colon in it needs quotes".to_owned()
        } else {
            return None;
        };
        let escaped = value.replace('\\', "\\\\").replace('"', "\\\"");
        Some(Fault {
            bytes: start..start + value.len(),
            message,
            help: Some(format!("put the value in quotes: `{key}: \"{escaped}\"`")),
        })
    }

    /// `title:Report`, or `date 2026-01-02`.
    fn key_without_value(&self) -> Option<Fault> {
        self.upwards().take(2).find_map(|line| {
            let (_, entry) = line.entry();
            let is_list = line.text.trim_start().starts_with("- ");
            if is_list || entry.contains(": ") || entry.ends_with(':') {
                return None;
            }
            let (key, value) =
                entry.split_once([':', '\u{FF1A}']).or_else(|| entry.split_once(' '))?;
            let is_key = !key.is_empty()
                && key.chars().all(|it| it.is_ascii_lowercase() || it == '_');
            is_key.then(|| {
                let help = format!("write `{key}: {}`", value.trim_start());
                line.fault("there is no colon with a space between key and value", help)
            })
        })
    }

    /// A line that begins neither where one above it begins nor below a key.
    fn indentation(&self) -> Option<Fault> {
        let mut lines = self.upwards();
        let line = lines.next()?;
        let above = lines.next()?;
        let is_same_sort = line.text.trim_start().starts_with("- ")
            == above.text.trim_start().starts_with("- ");
        (line.indent() != above.indent() && (is_same_sort || 0 < above.indent())).then(
            || {
                line.fault(
                    "this line is indented unlike the lines that it belongs to",
                    "begin it exactly below the key, or the `-`, that it stands beside",
                )
            },
        )
    }
}

/// Drops the place that the YAML crate puts into its messages: we print our own.
fn readable(message: &str) -> String {
    let message = message.lines().next().unwrap_or_default();
    let message = message.split(" at line ").next().unwrap_or(message);
    let message = message.trim_end_matches(['.', ':', ' ']);
    let message = message.strip_prefix("error: ").unwrap_or(message);
    match message {
        it if it.starts_with("a second YAML document") => it.to_owned(),
        it if it.contains("recursive references") => {
            "this is not YAML: a value refers to itself".to_owned()
        }
        it if it.contains("recursion limit") || it.contains("depth") => {
            "this is not YAML: lists or keys are nested too deeply".to_owned()
        }
        it => format!("this is not YAML: {it}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text at fault, the message, and the way out of YAML of which a reader gave up in
    /// line `line` (from 1) with `message`.
    fn said(yaml: &str, line: usize, message: &str) -> (String, String, String) {
        let start = yaml.split_inclusive('\n').take(line - 1).map(str::len).sum();
        let fault = fault(yaml, start..start, message);
        let help = fault.help.unwrap_or_default();
        (yaml.get(fault.bytes).unwrap_or_default().to_owned(), fault.message, help)
    }

    #[test]
    fn an_unclosed_quote_is_shown_where_it_opens() {
        let said = said("title: \"تقرير\ndate: 2026-01-02\n", 2, "simple key expected");
        assert_eq!(said.0, "\"");
        assert!(said.1.contains("not closed"), "{}", said.1);
    }

    #[test]
    fn quotes_within_quotes_become_others() {
        let inner = said("title: \"قال \"لا\" اليوم\"\n", 1, "trailing content");
        assert!(inner.2.ends_with("`title: 'قال \"لا\" اليوم'`"), "{}", inner.2);
        let begin = said("title: \"لا\" اليوم\n", 1, "trailing content");
        assert!(begin.2.ends_with("`title: '\"لا\" اليوم'`"), "{}", begin.2);
        let both = said("title: \"a \"b\" it's\"\n", 1, "trailing content");
        assert_eq!(both.2, "write `\"` only at both ends of the value");
    }

    #[test]
    fn an_unclosed_bracket_is_shown_in_its_own_line() {
        let list = said("topics: [iran، iraq\nlang: ar\n", 2, "expected flow sequence");
        assert_eq!((list.0.as_str(), list.2.contains("not `،`")), ("[iran، iraq", true));
        let map = said("sources:\n  - {title: x\n", 2, "unclosed bracket");
        assert_eq!(
            (map.0.as_str(), map.2.as_str()),
            ("{title: x", "write `}` at its end")
        );
    }

    #[test]
    fn values_that_need_quotes_get_them() {
        for value in ["النفط: أزمة", "@desk", "%50 من النفط", "*مهم*", "? ماذا"]
        {
            let said = said(&format!("title: {value}\n"), 1, "mapping values");
            assert_eq!(said.0, value);
            assert!(said.2.ends_with(&format!("`title: \"{value}\"`")), "{}", said.2);
        }
        let escaped = said("title: a: \"b\" \\ c\n", 1, "mapping values");
        assert!(escaped.2.ends_with(r#"`title: "a: \"b\" \\ c"`"#), "{}", escaped.2);
    }

    #[test]
    fn a_key_without_a_colon_and_a_space_gets_both() {
        for line in ["date 2026-01-02", "date:2026-01-02", "date\u{FF1A} 2026-01-02"] {
            let said = said(&format!("title: x\n{line}\nlang: ar\n"), 3, "simple key");
            assert_eq!(
                said,
                (line.to_owned(), said.1.clone(), "write `date: 2026-01-02`".to_owned())
            );
        }
    }

    #[test]
    fn indentation_and_tabs_are_named() {
        let dash = said("s:\n  - a: x\n - a: y\n", 3, "did not find expected");
        assert_eq!(dash.0, "- a: y");
        let tab = said("s:\n\t- a: x\n", 2, "tabs disallowed");
        assert_eq!(tab.0, "\t");
    }

    #[test]
    fn what_is_unknown_is_said_as_the_reader_said_it() {
        let said = said("title: x\n", 1, "error: strange thing at line 3 column 4");
        assert_eq!(said.1, "this is not YAML: strange thing");
    }
}
