//! Diagnostics: what is wrong with an author's file, where, and what to do about it.
//!
//! A mistake in the content or the theme is not an `Error`: the stage that finds it goes
//! on with the best value it has, and all mistakes of a build are reported together. What
//! the outside world refuses (disk, network) is `error::Error`. How a diagnostic looks on
//! a terminal is decided in `cli::report`; docs/DIAGNOSTICS.md lists every code.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Path of a source file inside the site folder, always with `/`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourcePath(Arc<str>);

impl SourcePath {
    /// Makes a path from its text; the caller has put `/` between the segments.
    pub fn new(path: &str) -> Self {
        Self(Arc::from(path))
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is `other`, or stands in the folder `other`.
    pub fn is_in(&self, other: &SourcePath) -> bool {
        let rest = self.0.strip_prefix(&*other.0);
        rest.is_some_and(|it| it.is_empty() || it.starts_with('/'))
    }
}

impl fmt::Display for SourcePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A range of bytes in the text of one source file.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    Serialize,
    Deserialize,
)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// Byte after the last.
    pub end: u32,
}

impl Span {
    /// A span of a file that `load` has found to be shorter than 4 GiB.
    pub fn new(start: usize, end: usize) -> Self {
        let to_u32 = |it| u32::try_from(it).unwrap_or(u32::MAX);
        Self { start: to_u32(start), end: to_u32(end) }
    }

    /// The span as a range of byte indices.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The text that the span covers; empty if the span is not inside the text.
    pub fn of(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or_default()
    }
}

/// A span of a named file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub path: SourcePath,
    /// Where in its text.
    pub span: Span,
}

impl Place {
    /// The beginning of a file, for what is wrong with the file as a whole.
    pub fn file(path: &SourcePath) -> Self {
        Self { path: path.clone(), span: Span::default() }
    }
}

/// Line and column of a byte, both from 1, the column in characters.
pub fn line_and_column(text: &str, byte: usize) -> (usize, usize) {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    let before = text.get(..byte).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

/// A value and the place where the author wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Where it was written.
    pub place: Place,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The site is not written.
    Error,
    /// The site is written; with `--strict` it is not.
    Warning,
}

impl Severity {
    /// `error` or `warning`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// One thing that is wrong: a code, a sentence, a place, and a way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable name of the mistake, such as `unknown-topic`.
    pub code: &'static str,
    /// Whether it stops the build.
    pub severity: Severity,
    /// One sentence, lower case, no final stop; names and values in backticks.
    pub message: String,
    /// Where, when it is in a file.
    pub place: Option<Place>,
    /// Other places that belong to it, each with a few words.
    pub related: Vec<(Place, String)>,
    /// What to do.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A mistake that stops the build.
    pub fn error(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, Some(place), message.into())
    }

    /// A mistake that only `--strict` stops.
    pub fn warning(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, Some(place), message.into())
    }

    /// A mistake of the site as a whole.
    pub fn without_place(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, None, message.into())
    }

    fn new(
        code: &'static str,
        severity: Severity,
        place: Option<Place>,
        message: String,
    ) -> Self {
        Self { code, severity, message, place, related: Vec::new(), help: None }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds another place that belongs to it.
    #[must_use]
    pub fn with_related(mut self, place: Place, words: impl Into<String>) -> Self {
        self.related.push((place, words.into()));
        self
    }
}

/// A value together with everything found wrong while making it. Diagnostics travel with
/// the value, so an unchanged file can replay them from a cache.
#[must_use]
#[derive(Debug, Clone)]
pub struct Checked<T> {
    /// The best value that could be made.
    pub value: T,
    /// What is wrong with its source.
    pub diagnostics: Vec<Diagnostic>,
}

impl<T> Checked<T> {
    /// A value with nothing wrong.
    pub fn clean(value: T) -> Self {
        Self { value, diagnostics: Vec::new() }
    }

    /// Moves the diagnostics to the end of a list and gives the value.
    pub fn drain_into(self, diagnostics: &mut Vec<Diagnostic>) -> T {
        diagnostics.extend(self.diagnostics);
        self.value
    }
}

/// Puts diagnostics in the order in which they are shown: by file and place, each once.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| {
        (&a.place, a.severity, a.code, &a.message)
            .cmp(&(&b.place, b.severity, b.code, &b.message))
    });
    diagnostics.dedup();
}

/// Path of the settings of a site, without which no other file can be judged.
pub const SETTINGS: &str = "content/site.yaml";

/// What makes a file as good as unread.
fn is_unreadable(code: &str) -> bool {
    matches!(
        code,
        "yaml-syntax"
            | "yaml-alias"
            | "yaml-too-long"
            | "unclosed-front-matter"
            | "control-character"
    )
}

/// Drops what is only the echo of another mistake: a key is not "missing" from a file
/// whose metadata could not be read, whose value for it was refused, or in which it is
/// mistyped, and neither is a source; and where the settings cannot be read, nothing is certain but that.
pub fn drop_echoes(diagnostics: &mut Vec<Diagnostic>) {
    if keep_settings_alone(diagnostics) {
        return;
    }
    let causes: Vec<(Option<String>, &'static str, Option<String>)> = diagnostics
        .iter()
        .filter(|it| {
            is_unreadable(it.code)
                || matches!(it.code, "wrong-value" | "bad-date" | "unknown-key")
        })
        .map(|it| (stem(it), it.code, it.help.clone()))
        .collect();
    diagnostics.retain(|it| {
        let (echoes, keys): (&[&str], &[&str]) = match it.code {
            "missing-date" => (&["bad-date", "wrong-value"], &["date"]),
            "missing-title" => (&["wrong-value"], &["title", "name"]),
            "missing-kind" => (&["wrong-value"], &["kind"]),
            "dead-citation" => (&[], &["sources"]),
            _ => return true,
        };
        let own = stem(it);
        let is_meant =
            |help: Option<&str>| keys.iter().any(|key| help == Some(meant(key).as_str()));
        !causes.iter().any(|(of, code, help)| {
            let is_cause = match *code {
                "unknown-key" => is_meant(help.as_deref()),
                code => is_unreadable(code) || echoes.contains(&code),
            };
            *of == own && is_cause
        })
    });
}

/// Help for a mistyped key.
pub fn meant(key: &str) -> String {
    format!("did you mean `{key}`?")
}

/// Where the settings are missing or cannot be read, drops everything else, and says so.
fn keep_settings_alone(diagnostics: &mut Vec<Diagnostic>) -> bool {
    let is_of_settings = |it: &Diagnostic| {
        it.place.as_ref().is_some_and(|it| it.path.as_str() == SETTINGS)
    };
    let is_broken = |it: &Diagnostic| {
        is_unreadable(it.code)
            || matches!(
                it.code,
                "missing-config" | "not-utf-8" | "file-too-long" | "symlink"
            )
    };
    let mut causes = diagnostics.iter().filter(|it| is_of_settings(it) && is_broken(it));
    let Some(first) = causes.next() else { return false };
    // A file that could not be read is no missing one.
    let has_file = first.code != "missing-config" || causes.next().is_some();
    let is_only_missing = |it: &Diagnostic| has_file && it.code == "missing-config";
    // A file of nearly the same name may be the one that is missed.
    let is_near = |it: &Diagnostic| {
        it.code == "stray-file"
            && it.place.as_ref().is_some_and(|it| it.path.as_str() == "content/site.yml")
    };
    diagnostics.retain(|it| {
        is_near(it) || (is_of_settings(it) && is_broken(it) && !is_only_missing(it))
    });
    true
}

/// The path of a file without suffixes, which the files of one object share.
fn stem(diagnostic: &Diagnostic) -> Option<String> {
    let path = diagnostic.place.as_ref()?.path.as_str();
    let folder = path.rfind('/').map_or(0, |it| it + 1);
    let end = path.get(folder..)?.find('.').map_or(path.len(), |it| folder + it);
    path.get(..end).map(str::to_owned)
}

/// Longest word that is taken for a mistyped one, in letters.
const MAX_TYPED: usize = 200;

/// The known word nearest to a mistyped one, if any is near enough to be meant.
///
/// Near enough: at most a third of the letters differ (Damerau–Levenshtein), at least one
/// difference is always allowed.
pub fn closest<'a>(
    known: impl IntoIterator<Item = &'a str>,
    typed: &str,
) -> Option<&'a str> {
    let n_typed = typed.chars().count();
    // A name of many letters was not mistyped, and the comparison costs their square.
    if MAX_TYPED < n_typed {
        return None;
    }
    let typed = typed.to_lowercase();
    let limit = (n_typed / 3).max(1);
    known
        .into_iter()
        .map(|it| (strsim::damerau_levenshtein(&it.to_lowercase(), &typed), it))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, it)| it)
}
