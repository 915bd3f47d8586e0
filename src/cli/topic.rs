//! `mujaz topic rename` and `mujaz topic merge`: edits of the sources. All new texts stand
//! beside the old ones before the first takes its place; where the disk refuses half-way,
//! the files that have changed are named.
#![expect(
    clippy::disallowed_methods,
    reason = "this command needs the time to know what is public"
)]

use crate::cli::args::{EditOptions, Format, TopicCommand};
use crate::cli::{Outcome, diff, plural, report, rewrite};
use crate::diag::{Diagnostic, SourcePath};
use crate::edit::{self, Change, Edits, Folder, Plan};
use crate::error::Error;
use crate::load::{self, Sources};

/// Edits the sources, or shows what would change.
pub(super) fn run(command: &TopicCommand) -> Result<Outcome, Error> {
    let (TopicCommand::Rename { options, .. } | TopicCommand::Merge { options, .. }) =
        command;
    let loaded = load::load(&options.source)?;
    let sources = loaded.value;
    let raw = |path: &SourcePath| rewrite::read(&options.source, path);
    let folder = Folder {
        sources: &sources,
        diagnostics: &loaded.diagnostics,
        raw: &raw,
        now: jiff::Timestamp::now(),
    };
    let (plan, done) = match command {
        TopicCommand::Rename { old, new, .. } => {
            let done = format!("renamed topic `{old}` to `{new}`");
            (edit::rename(&folder, old, new)?, done)
        }
        TopicCommand::Merge { from, into, .. } => {
            let done = format!("merged topic `{from}` into `{into}`");
            (edit::merge(&folder, from, into)?, done)
        }
    };
    match plan {
        Plan::Refused { why, diagnostics, edited } => {
            show(&diagnostics, edited.as_ref().unwrap_or(&sources));
            report::summary(why);
            Ok(Outcome::HasErrors)
        }
        Plan::Ready(edits) => finish(&edits, options, &done),
    }
}

fn show(diagnostics: &[Diagnostic], sources: &Sources) {
    let text_of = |path: &SourcePath| sources.text(path).map(str::to_owned);
    report::diagnostics(diagnostics, Format::Human, &text_of);
}

fn finish(edits: &Edits, options: &EditOptions, done: &str) -> Result<Outcome, Error> {
    if options.dry_run {
        report::data(&diff::unified(&edits.changes));
    } else {
        rewrite::write(&options.source, &edits.changes)?;
    }
    show(&edits.warnings, &edits.edited);
    for remark in &edits.remarks {
        report::summary(&format!("note: {remark}"));
    }
    let line = format!("{done}: {}", counts(edits));
    report::summary(&if options.dry_run {
        format!("would have {line}; nothing was written")
    } else {
        line
    });
    Ok(Outcome::Done)
}

/// As in "3 files renamed, 12 references in 7 files".
fn counts(edits: &Edits) -> String {
    let is_renamed = |it: &&Change| it.to.as_ref().is_some_and(|to| *to != it.from);
    let n_renamed = edits.changes.iter().filter(is_renamed).count();
    let n_deleted = edits.changes.iter().filter(|it| it.to.is_none()).count();
    let mut parts = Vec::new();
    if n_renamed != 0 {
        parts.push(format!("{} renamed", plural(n_renamed, "file")));
    }
    if n_deleted != 0 {
        parts.push(format!("{} deleted", plural(n_deleted, "file")));
    }
    parts.push(format!(
        "{} in {}",
        plural(edits.n_references, "reference"),
        plural(edits.n_files, "file")
    ));
    parts.join(", ")
}
