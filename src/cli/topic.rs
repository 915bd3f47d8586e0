//! `mujaz topic rename` and `mujaz topic merge`: edits of the sources. All new texts stand
//! beside the old ones before the first takes its place; where the disk refuses half-way,
//! the files that have changed are named.
#![expect(
    clippy::disallowed_methods,
    reason = "this command reads and writes the sources, and needs the time to know what \
              is public"
)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::cli::args::{EditOptions, Format, TopicCommand};
use crate::cli::{Outcome, diff, plural, report};
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
    let raw = |path: &SourcePath| read(&options.source, path);
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

fn read(root: &Path, path: &SourcePath) -> Result<String, Error> {
    let path = root.join(path.as_str());
    fs::read_to_string(&path).map_err(|it| Error::io("read", &path, it))
}

fn finish(edits: &Edits, options: &EditOptions, done: &str) -> Result<Outcome, Error> {
    if options.dry_run {
        report::data(&diff::unified(&edits.changes));
    } else {
        write(&options.source, &edits.changes)?;
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

/// A new text that waits beside the file whose place it takes.
struct Waiting<'a> {
    change: &'a Change,
    temporary: PathBuf,
    target: PathBuf,
}

/// Writes all changes. Everything that can fail is tried before the first file is touched:
/// the new texts are written beside the old ones and only take their places at the end.
fn write(root: &Path, changes: &[Change]) -> Result<(), Error> {
    for change in changes {
        check_unchanged(root, change)?;
    }
    let mut waiting = Vec::new();
    let staged = changes.iter().try_for_each(|it| stage(root, it, &mut waiting));
    if let Err(error) = staged {
        for it in &waiting {
            // A leftover is hidden, and no build reads it.
            let _ = fs::remove_file(&it.temporary);
        }
        report::summary("no file was changed");
        return Err(error);
    }
    let mut done = Vec::new();
    let result = exchange(root, changes, &waiting, &mut done);
    if result.is_err() {
        for it in &waiting {
            let _ = fs::remove_file(&it.temporary);
        }
        match done.as_slice() {
            [] => report::summary("no file was changed"),
            done => report::summary(&format!(
                "these files were changed before that, and no others: {}",
                done.join(", ")
            )),
        }
    }
    result
}

/// Refuses to write over what somebody else has written meanwhile.
fn check_unchanged(root: &Path, change: &Change) -> Result<(), Error> {
    if read(root, &change.from)? != change.before {
        let why = "it was changed while this command ran";
        let path = root.join(change.from.as_str());
        return Err(Error::refused("edit", &path, why, "run the command again"));
    }
    if let Some(to) = change.to.as_ref().filter(|it| **it != change.from) {
        let target = root.join(to.as_str());
        if target.symlink_metadata().is_ok() {
            let why = "there is a file of this name that is no part of the site";
            let help = "move it away first";
            return Err(Error::refused("write", &target, why, help));
        }
    }
    Ok(())
}

fn stage<'a>(
    root: &Path,
    change: &'a Change,
    waiting: &mut Vec<Waiting<'a>>,
) -> Result<(), Error> {
    let Some(to) = &change.to else { return Ok(()) };
    let target = root.join(to.as_str());
    let name = target.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let temporary =
        target.with_file_name(format!(".{name}.mujaz-{}", std::process::id()));
    waiting.push(Waiting { change, temporary: temporary.clone(), target });
    let old = root.join(change.from.as_str());
    let permissions = fs::metadata(&old).map(|it| it.permissions());
    let permissions = permissions.map_err(|it| Error::io("read", &old, it))?;
    let written = || {
        let mut file = fs::File::create_new(&temporary)?;
        file.write_all(change.after.as_bytes())?;
        file.set_permissions(permissions)?;
        file.sync_all()
    };
    written().map_err(|it| Error::io("write", &temporary, it))
}

fn exchange(
    root: &Path,
    changes: &[Change],
    waiting: &[Waiting<'_>],
    done: &mut Vec<String>,
) -> Result<(), Error> {
    for Waiting { change, temporary, target } in waiting {
        fs::rename(temporary, target).map_err(|it| Error::io("write", target, it))?;
        done.push(format!("`{}`", change.to.as_ref().unwrap_or(&change.from)));
    }
    // Old files go last: until then nothing is lost, whatever happens.
    for change in changes.iter().filter(|it| it.to.as_ref() != Some(&it.from)) {
        let old = root.join(change.from.as_str());
        fs::remove_file(&old).map_err(|it| Error::io("delete", &old, it))?;
        done.push(format!("`{}`", change.from));
    }
    Ok(())
}
