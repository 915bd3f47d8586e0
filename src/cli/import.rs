//! `mujaz import`: reads drafts and archives, and writes what becomes of them, all or
//! nothing. No file that is there is touched.
#![expect(
    clippy::disallowed_methods,
    reason = "this command reads what is imported, and needs the time to know what is public"
)]

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::json;
use walkdir::WalkDir;

use crate::cli::args::{Format, ImportOptions};
use crate::cli::{Outcome, plural, report};
use crate::diag::SourcePath;
use crate::error::Error;
use crate::import::{self, Draft, Input, Note, Origin, Request, Sort};
use crate::load::{self, slashed};
use crate::text::isolate::terminal;
use crate::text::lang::Lang;

/// Longest file that is read, in bytes.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// Longest sum of all files that are read, in bytes.
const MAX_TOTAL_BYTES: u64 = 2 * 1024 * 1024 * 1024;

/// Folders that no site is written in.
const SKIPPED: [&str; 4] = ["node_modules", "_site", "__MACOSX", "public"];

/// Imports files and folders.
pub(super) fn run(paths: &[PathBuf], options: &ImportOptions) -> Result<Outcome, Error> {
    let lang = language(options)?;
    let into = folder(&options.into)?;
    let mut skipped = Vec::new();
    let mut total = 0;
    let origins = paths.iter().map(|it| read(it, &mut total, &mut skipped));
    let origins = origins.collect::<Result<Vec<_>, _>>()?;
    let loaded = load::load(&options.source)?;
    let mut draft = import::import(Request {
        origins,
        root: &options.source,
        sources: &loaded.value,
        diagnostics: &loaded.diagnostics,
        into: &into,
        lang,
        now: jiff::Timestamp::now(),
    });
    draft.notes.extend(skipped);
    draft.notes.sort();
    refuse_clashes(&draft, &options.source)?;
    if !options.dry_run {
        write(&options.source, &draft.files)?;
    }
    match options.format {
        Format::Json => report::data(&format!("{}\n", as_json(&draft, options.dry_run))),
        _ => show(&draft, options.dry_run),
    }
    Ok(if draft.files.is_empty() { Outcome::HasErrors } else { Outcome::Done })
}

fn language(options: &ImportOptions) -> Result<Option<Lang>, Error> {
    let Some(tag) = &options.lang else { return Ok(None) };
    Lang::parse(tag).map(Some).map_err(|_| {
        let why = "it is not a language tag";
        Error::refused("use", Path::new(tag), why, "write one like `ar` or `en`")
    })
}

/// The folder for briefings: `briefings`, or one below it.
fn folder(into: &str) -> Result<String, Error> {
    let clean = into.trim_start_matches("content/").trim_matches('/').to_owned();
    let mut segments = clean.split('/');
    let is_ours = segments.next() == Some("briefings")
        && segments
            .all(|it| !it.is_empty() && !it.starts_with('.') && !it.contains('\\'));
    if is_ours {
        return Ok(clean);
    }
    let why = "briefings stand in `content/briefings`";
    let help =
        "write `--into briefings`, or a folder in it, as in `--into briefings/2024`";
    Err(Error::refused("import into", Path::new(into), why, help))
}

/// Reads one file, or all files of a folder; links are not followed.
fn read(path: &Path, total: &mut u64, skipped: &mut Vec<Note>) -> Result<Origin, Error> {
    let name = path.file_name().unwrap_or(path.as_os_str());
    let name = name.to_string_lossy().into_owned();
    let metadata = fs::metadata(path).map_err(|it| Error::io("read", path, it))?;
    if !metadata.is_dir() {
        let bytes = read_bytes(path, metadata.len(), total)?;
        return Ok(Origin::File(Input { path: name, bytes }));
    }
    let is_wanted = |it: &walkdir::DirEntry| {
        let name = it.file_name().to_string_lossy();
        it.depth() == 0 || !(name.starts_with('.') || SKIPPED.contains(&&*name))
    };
    let mut files = Vec::new();
    let entries = WalkDir::new(path).follow_links(false).sort_by_file_name();
    for entry in entries.into_iter().filter_entry(is_wanted) {
        let entry = entry.map_err(|it| {
            let at = it.path().unwrap_or(path).to_owned();
            Error::io("read", &at, it.into())
        })?;
        let relative = entry.path().strip_prefix(path).unwrap_or(entry.path());
        let relative = slashed(relative);
        let mut skip = |why: &str| {
            let message = why.to_owned();
            skipped.push(Note { from: relative.clone(), sort: Sort::Left, message });
        };
        if entry.file_type().is_symlink() {
            skip("a symbolic link, which is not followed");
        } else if entry.file_type().is_file() {
            let size = entry.metadata().map_or(0, |it| it.len());
            if MAX_BYTES < size {
                skip("the file is too long");
                continue;
            }
            let bytes = read_bytes(entry.path(), size, total)?;
            files.push(Input { path: relative, bytes });
        }
    }
    Ok(Origin::Folder { name, files })
}

fn read_bytes(path: &Path, size: u64, total: &mut u64) -> Result<Vec<u8>, Error> {
    *total += size;
    if MAX_BYTES < size || MAX_TOTAL_BYTES < *total {
        let why = "it is too long";
        let help = "import a part of it, or take large files out of the folder";
        return Err(Error::refused("read", path, why, help));
    }
    fs::read(path).map_err(|it| Error::io("read", path, it))
}

/// Refuses before anything is written where a file or an id is there already.
fn refuse_clashes(draft: &Draft, root: &Path) -> Result<(), Error> {
    let is_there = |it: &&String| root.join(it.as_str()).symlink_metadata().is_ok();
    let mut clashes: Vec<&String> = draft.files.keys().filter(is_there).collect();
    clashes.extend(&draft.clashes);
    clashes.sort();
    clashes.dedup();
    let Some(first) = clashes.first() else { return Ok(()) };
    for clash in &clashes {
        report::summary(&format!("there already: `{}`", terminal(clash)));
    }
    let why = format!(
        "an import never writes over what is there, and {} there already; nothing was written",
        if clashes.len() == 1 { "this file is" } else { "these files are" }
    );
    let help = "rename the source, or move the file that is there away, and import again";
    Err(Error::refused("write", &root.join(first.as_str()), why, help))
}

/// Writes all files. What the disk refuses half-way is taken back.
fn write(root: &Path, files: &BTreeMap<String, Vec<u8>>) -> Result<(), Error> {
    let mut done: Vec<PathBuf> = Vec::new();
    let written = files.iter().try_for_each(|(path, bytes)| {
        let path = root.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)
                .map_err(|it| Error::io("make the folder", parent, it))?;
        }
        let mut file =
            fs::File::create_new(&path).map_err(|it| Error::io("write", &path, it))?;
        done.push(path.clone());
        file.write_all(bytes).map_err(|it| Error::io("write", &path, it))
    });
    if written.is_err() {
        for path in &done {
            // A leftover is named by the next import, which writes over nothing.
            let _ = fs::remove_file(path);
        }
        report::summary("nothing was written");
    }
    written
}

fn show(draft: &Draft, is_dry_run: bool) {
    let text_of = |path: &SourcePath| draft.edited.text(path).map(str::to_owned);
    report::diagnostics(&draft.diagnostics, Format::Human, &text_of);
    for (sort, title) in [
        (Sort::Mapped, "became files of this site"),
        (Sort::Guessed, "guessed; look whether it is right"),
        (Sort::Left, "left, because there is no place for it here"),
        (Sort::Look, "to look at"),
    ] {
        let notes: Vec<&Note> = draft.notes.iter().filter(|it| it.sort == sort).collect();
        if notes.is_empty() {
            continue;
        }
        report::summary(&format!("{title}:"));
        for note in notes {
            let (from, message) = (terminal(&note.from), terminal(&note.message));
            report::summary(&format!("  {from}: {message}"));
        }
    }
    let n = draft.files.len();
    let line = format!("{} in all", plural(n, "file"));
    report::summary(&match (is_dry_run, n) {
        (_, 0) => "nothing was found that could become a file of this site".to_owned(),
        (true, _) => format!("would have written {line}; nothing was written"),
        (false, _) => format!("wrote {line}"),
    });
    if !draft.diagnostics.is_empty() {
        let line =
            "the site has new mistakes now, shown above; `mujaz check` shows them again";
        report::summary(line);
    }
}

fn as_json(draft: &Draft, is_dry_run: bool) -> serde_json::Value {
    let text_of = |path: &SourcePath| draft.edited.text(path).map(str::to_owned);
    let notes = draft.notes.iter().map(
        |it| json!({ "from": it.from, "sort": it.sort.as_str(), "message": it.message }),
    );
    let diagnostics = draft.diagnostics.iter().map(|it| report::json(it, &text_of));
    json!({
        "written": !is_dry_run,
        "files": draft.files.keys().collect::<Vec<_>>(),
        "notes": notes.collect::<Vec<_>>(),
        "diagnostics": diagnostics.collect::<Vec<_>>(),
    })
}
