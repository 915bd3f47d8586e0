//! Findings that the desk has seen and lives with, in a file of one line each.
//!
//! A site that has been written for years cannot be mended in an afternoon, and a gate that
//! always reports the same three hundred things is read by nobody. The file lists what is
//! there today by code, file and words, so that an edit above a line changes nothing; what
//! comes new is reported. Lines stand in order, each by itself, so that two branches that
//! mend different things merge. Errors are never in it: nothing could be built with them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::diag::{Diagnostic, Severity};

/// The file that is read where it stands in a site folder.
pub const FILE: &str = "mujaz-baseline.jsonl";

/// A finding without its place in the file, in the order of the lines.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The file; empty for the site as a whole.
    pub path: String,
    /// The code.
    pub code: String,
    /// The sentence, without controls of direction.
    pub message: String,
}

impl Entry {
    fn of(diagnostic: &Diagnostic) -> Self {
        let path = diagnostic.place.as_ref().map_or("", |it| it.path.as_str());
        let is_control = |it: char| matches!(it, '\u{2066}'..='\u{2069}');
        Self {
            path: path.to_owned(),
            code: diagnostic.code.to_owned(),
            message: diagnostic.message.replace(is_control, ""),
        }
    }
}

/// Findings that are left out, and how often each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline(BTreeMap<Entry, usize>);

/// What a baseline has come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ignored {
    /// How many findings were left out.
    pub n_findings: usize,
    /// Entries that match nothing any more.
    pub stale: Vec<Entry>,
}

impl Baseline {
    /// The baseline that leaves out all warnings of today.
    pub fn of(diagnostics: &[Diagnostic]) -> Self {
        let mut entries = BTreeMap::new();
        let warnings = diagnostics.iter().filter(|it| it.severity == Severity::Warning);
        for diagnostic in warnings {
            *entries.entry(Entry::of(diagnostic)).or_default() += 1;
        }
        Self(entries)
    }

    /// Reads the text of a baseline.
    ///
    /// # Errors
    ///
    /// Gives the number of the first line that is none of its lines.
    pub fn parse(text: &str) -> Result<Self, usize> {
        let mut entries = BTreeMap::new();
        for (at, line) in text.lines().enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            let entry: Entry = serde_json::from_str(line).map_err(|_| at + 1)?;
            *entries.entry(entry).or_default() += 1;
        }
        Ok(Self(entries))
    }

    /// The text of the file.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for (entry, n) in &self.0 {
            let line = serde_json::to_string(entry).expect("three texts are JSON");
            for _ in 0..*n {
                text.push_str(&line);
                text.push('\n');
            }
        }
        text
    }

    /// How many findings it lists.
    pub fn len(&self) -> usize {
        self.0.values().sum()
    }

    /// Whether it lists nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes the warnings that it lists out of a list, each as often as it is listed.
    pub fn ignore(mut self, diagnostics: &mut Vec<Diagnostic>) -> Ignored {
        let n_before = diagnostics.len();
        diagnostics.retain(|it| {
            if it.severity != Severity::Warning {
                return true;
            }
            match self.0.get_mut(&Entry::of(it)) {
                Some(n) if *n != 0 => {
                    *n -= 1;
                    false
                }
                _ => true,
            }
        });
        let stale = self.0.into_iter().filter(|(_, n)| *n != 0).map(|(it, _)| it);
        Ignored { n_findings: n_before - diagnostics.len(), stale: stale.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::{Baseline, Ignored};
    use crate::diag::{Diagnostic, Place, SourcePath, Span};

    fn warning(path: &str, at: usize) -> Diagnostic {
        let place = Place { path: SourcePath::new(path), span: Span::new(at, at + 1) };
        Diagnostic::warning("tatweel", place, "`\u{2068}كـتاب\u{2069}` is stretched")
    }

    #[test]
    fn what_is_listed_is_left_out_as_often_as_it_is_listed_and_nothing_else() {
        let known = vec![warning("b.md", 5), warning("a.md", 1), warning("a.md", 9)];
        let text = Baseline::of(&known).to_text();
        assert_eq!(text.lines().count(), 3);
        assert!(text.lines().is_sorted() && !text.contains('\u{2068}'), "{text}");
        // Lines have moved, one is new in a.md, and b.md has been mended.
        let mut now = vec![warning("a.md", 3), warning("a.md", 30), warning("a.md", 40)];
        let error = Place::file(&SourcePath::new("a.md"));
        now.push(Diagnostic::error("bad-date", error, "no"));
        let baseline = Baseline::parse(&text).unwrap();
        assert_eq!(baseline.to_text(), text);
        let Ignored { n_findings, stale } = baseline.ignore(&mut now);
        assert_eq!((n_findings, now.len()), (2, 2));
        assert_eq!(stale.iter().map(|it| &*it.path).collect::<Vec<_>>(), ["b.md"]);
    }

    #[test]
    fn a_line_of_something_else_is_named() {
        assert_eq!(Baseline::parse("\n{}\n"), Err(2));
        assert_eq!(Baseline::parse("<<<<<<< HEAD\n"), Err(1));
        assert_eq!(Baseline::parse(""), Ok(Baseline::default()));
    }

    #[test]
    fn errors_are_never_listed() {
        let error = Place::file(&SourcePath::new("a.md"));
        assert!(Baseline::of(&[Diagnostic::error("bad-date", error, "no")]).is_empty());
    }
}
