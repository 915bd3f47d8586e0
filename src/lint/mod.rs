//! Sources -> `Finding`s: how the texts are typed (rtl-rules R36, R39, R54).
//!
//! Only `mujaz check` runs this stage, so a build is not slower for it. Takes every source
//! by itself, drafts included, and gives warnings, each with its place and, where one
//! mend is right whatever was meant, with that mend; `edit::fix` makes it. Nothing here
//! changes what a page shows (R53): the author decides.
//!
//! What is running text, and in which language, is decided in `passage`; each lint below
//! is a function over one passage, or over the passages of one file.

mod controls;
mod dates;
mod letters;
mod passage;
mod quotes;
mod stops;

use std::ops::Range;

use rayon::prelude::*;

use crate::config::{self, Config};
use crate::diag::{Diagnostic, Place};
use crate::lint::passage::Passage;
pub use crate::lint::passage::Skeleton;
use crate::load::{FileKind, SourceFile, Sources};

/// One thing that is not typed as it should be.
#[derive(Debug, Clone)]
pub struct Finding {
    /// What, where, and what to do.
    pub diagnostic: Diagnostic,
    /// The mend, where it is safe.
    pub fix: Option<Fix>,
}

/// A mend: words that take the place of some bytes of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// The bytes, in the text that `load` gives.
    pub bytes: Range<usize>,
    /// What stands there afterwards.
    pub text: String,
}

impl Finding {
    fn warning(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self { diagnostic: Diagnostic::warning(code, place, message), fix: None }
    }

    fn with_help(mut self, help: impl Into<String>) -> Self {
        self.diagnostic = self.diagnostic.with_help(help);
        self
    }

    fn with_related(mut self, place: Place, words: &str) -> Self {
        self.diagnostic = self.diagnostic.with_related(place, words);
        self
    }

    /// `bytes` is `None` where the text does not stand in the file as it is read.
    fn with_fix(mut self, bytes: Option<Range<usize>>, text: impl Into<String>) -> Self {
        self.fix = bytes.map(|bytes| Fix { bytes, text: text.into() });
        self
    }
}

/// Looks at all sources of a site.
pub fn lint(sources: &Sources) -> Vec<Finding> {
    let config = settings(sources);
    let all: Vec<Vec<Finding>> =
        sources.files.par_iter().map(|it| lint_file(it, &config)).collect();
    all.into_iter().flatten().collect()
}

/// The settings that decide about languages.
pub fn settings(sources: &Sources) -> Config {
    let file = sources.of_kind(FileKind::Config).next();
    config::read(file.map(|it| (&it.path, &*it.text))).value
}

/// Whether a file of this kind holds texts for readers.
fn is_content(kind: FileKind) -> bool {
    matches!(
        kind,
        FileKind::Briefing
            | FileKind::Topic
            | FileKind::Author
            | FileKind::Series
            | FileKind::Page
    )
}

/// Looks at one source.
pub fn lint_file(file: &SourceFile, config: &Config) -> Vec<Finding> {
    let passages = passage::passages(file, config);
    let mut findings = Vec::new();
    controls::body_overrides(file, &mut findings);
    for it in &passages {
        controls::check(it, &mut findings);
        if it.role.is_shown() {
            letters::presentation_forms(it, &mut findings);
            letters::decomposed_letters(it, &mut findings);
        }
        if it.role.is_own_text() {
            own_text(it, &mut findings);
        }
    }
    quotes::mixed_quotes(&passages, &mut findings);
    findings
}

/// Lints of what the desk itself has written, in the language of the text.
fn own_text(passage: &Passage, findings: &mut Vec<Finding>) {
    stops::latin_comma(passage, findings);
    stops::space_before_stop(passage, findings);
    stops::double_stop(passage, findings);
    letters::tatweel(passage, findings);
    letters::arabic_letters_in_persian(passage, findings);
    letters::persian_letters_in_arabic(passage, findings);
    dates::relative_date(passage, findings);
}
