//! Changes of sources, written whole or not at all.
#![expect(
    clippy::disallowed_methods,
    reason = "commands that edit read and write the sources here"
)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::cli::report;
use crate::diag::SourcePath;
use crate::edit::Change;
use crate::error::Error;

/// The text of a source as it stands on the disk.
pub(super) fn read(root: &Path, path: &SourcePath) -> Result<String, Error> {
    let path = root.join(path.as_str());
    fs::read_to_string(&path).map_err(|it| Error::io("read", &path, it))
}

/// A new text that waits beside the file whose place it takes.
struct Waiting<'a> {
    change: &'a Change,
    temporary: PathBuf,
    target: PathBuf,
}

/// Writes all changes. Everything that can fail is tried before the first file is touched:
/// the new texts are written beside the old ones and only take their places at the end.
pub(super) fn write(root: &Path, changes: &[Change]) -> Result<(), Error> {
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
