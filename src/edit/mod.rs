//! Sources -> `Edits`: changes of ids, and mends of typography, made in the sources
//! themselves.
//!
//! Takes the files of a site and gives what becomes of them, without touching the disk:
//! texts are edited by places, so that comments, quotes, order and line ends stay as the
//! author has them. An edit is offered only after the edited site has been read again
//! and has no mistake that it did not have before. Writing it, or showing it as a diff,
//! is the business of `cli::topic`.

mod draft;
mod header;
mod links;
mod merge;
pub(crate) mod reading;
mod references;
mod typography;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::Timestamp;

use crate::diag::{Diagnostic, Severity, SourcePath, closest};
use crate::edit::draft::Draft;
pub use crate::edit::draft::{Change, Raw};
use crate::edit::header::{Header, Item};
use crate::edit::links::folder_and_name;
use crate::edit::merge::Merge;
use crate::edit::reading::Reading;
use crate::edit::references::{Rename, Tally};
pub use crate::edit::typography::{Fixes, fix};
use crate::error::Error;
use crate::load::{FileKind, Sources};
use crate::text::isolate::terminal;

/// A site folder as it stands.
pub struct Folder<'a> {
    /// Its files.
    pub sources: &'a Sources,
    /// What `load` has found wrong with them.
    pub diagnostics: &'a [Diagnostic],
    /// Gives their texts as on the disk.
    pub raw: &'a Raw<'a>,
    /// The moment that decides which addresses are public.
    pub now: Timestamp,
}

/// What an edit comes to.
#[derive(Debug)]
pub enum Plan<T = Edits> {
    /// It can be made.
    Ready(T),
    /// It must not be made.
    Refused {
        /// One sentence with the way out.
        why: &'static str,
        /// The mistakes that stand against it.
        diagnostics: Vec<Diagnostic>,
        /// The sources in which they stand, where these are not those on the disk.
        edited: Option<Sources>,
    },
}

/// An edit that leaves the site as sound as it was.
#[derive(Debug)]
pub struct Edits {
    /// What becomes of each file that changes.
    pub changes: Vec<Change>,
    /// How many references to the topic were edited.
    pub n_references: usize,
    /// In how many files.
    pub n_files: usize,
    /// What is lost or decided on the way; one sentence each.
    pub remarks: Vec<String>,
    /// What the edited site is warned of and was not before.
    pub warnings: Vec<Diagnostic>,
    /// The edited sources, in which the warnings stand.
    pub edited: Sources,
}

const CHECK_FIRST: &str = "nothing was written: files that this would edit have mistakes; \
                           run `mujaz check` and correct them first";
const WOULD_BREAK: &str = "nothing was written: the edited site would have these mistakes, \
                           which it has not now";
const CLASH: &str = "nothing was written: the two topics have something that cannot be \
                     joined; edit it by hand first";

/// Gives a topic another id, everywhere.
///
/// # Errors
///
/// There is no topic `old`, `new` cannot be an id or is taken, or a file cannot be read.
pub fn rename(folder: &Folder<'_>, old: &str, new: &str) -> Result<Plan, Error> {
    let before = Reading::new(folder.sources, folder.diagnostics, folder.now);
    check_exists("rename", folder.sources, old)?;
    check_free(folder.sources, old, new)?;
    let mistakes = mistakes_in_reach(folder, &before, &[old, new]);
    if !mistakes.is_empty() {
        return Ok(refused(CHECK_FIRST, mistakes));
    }
    let mut draft = Draft::new(folder.sources, folder.raw);
    let mut files = BTreeMap::new();
    for path in topic_files(folder.sources, old) {
        let (place, name) = folder_and_name(&path);
        let suffixes = name.get(old.len()..).unwrap_or_default();
        let to = SourcePath::new(&format!("{place}{new}{suffixes}"));
        draft.rename(&path, to.clone())?;
        files.insert(path, to);
    }
    let references = Rename {
        old,
        new,
        files,
        shadowed: before.shadowed(new, old),
        above: BTreeSet::new(),
        is_merge: false,
    };
    let mut tally = Tally::default();
    references.apply(&before.parsed, &mut draft, &mut tally)?;
    keep_addresses(folder, &before, &references, &mut draft)?;
    Ok(finish(folder, &before, &draft, tally, &references.files))
}

/// Makes one topic of two: `from` goes into `into` and disappears.
///
/// # Errors
///
/// One of the two does not exist, both are the same, or a file cannot be read.
pub fn merge(folder: &Folder<'_>, from: &str, into: &str) -> Result<Plan, Error> {
    let before = Reading::new(folder.sources, folder.diagnostics, folder.now);
    check_exists("merge", folder.sources, from)?;
    check_exists("merge", folder.sources, into)?;
    if from == into {
        let why = "a topic cannot be merged into itself";
        let help = "name two topics; the first one goes into the second";
        return Err(Error::refused("merge", Path::new(from), why, help));
    }
    let mistakes = mistakes_in_reach(folder, &before, &[from, into]);
    if !mistakes.is_empty() {
        return Ok(refused(CHECK_FIRST, mistakes));
    }
    let mut draft = Draft::new(folder.sources, folder.raw);
    let mut tally = Tally::default();
    let Some(mut merge) = Merge::new(folder.sources, &before, from, into) else {
        return Ok(refused(CHECK_FIRST, before.diagnostics));
    };
    let clashes = merge.clashes(&draft);
    if !clashes.is_empty() {
        return Ok(refused(CLASH, clashes));
    }
    let references = Rename {
        old: from,
        new: into,
        files: merge.files(),
        shadowed: BTreeMap::new(),
        above: before.above(into),
        is_merge: true,
    };
    references.apply(&before.parsed, &mut draft, &mut tally)?;
    merge.apply(&mut draft, &mut tally)?;
    Ok(finish(folder, &before, &draft, tally, &references.files))
}

/// Reads the edited site and compares.
fn finish(
    folder: &Folder<'_>,
    before: &Reading,
    draft: &Draft<'_>,
    tally: Tally,
    moved: &BTreeMap<SourcePath, SourcePath>,
) -> Plan {
    let changes = draft.changes();
    let mut diagnostics = folder.diagnostics.to_vec();
    let edited = draft::edited(folder.sources, &changes).drain_into(&mut diagnostics);
    let after = Reading::new(&edited, &diagnostics, folder.now);
    let now_at = |it: &SourcePath| Some(moved.get(it).unwrap_or(it).clone());
    let news = after.news(before, now_at);
    if news.iter().any(|it| it.severity == Severity::Error) {
        return Plan::Refused {
            why: WOULD_BREAK,
            diagnostics: news,
            edited: Some(edited),
        };
    }
    Plan::Ready(Edits {
        changes,
        n_references: tally.references.values().sum(),
        n_files: tally.references.len(),
        remarks: tally.remarks,
        warnings: news,
        edited,
    })
}

fn refused(why: &'static str, diagnostics: Vec<Diagnostic>) -> Plan {
    Plan::Refused { why, diagnostics, edited: None }
}

/// Writes addresses that a topic loses by its new id, because its title makes none, into
/// its `aliases_urls`.
fn keep_addresses(
    folder: &Folder<'_>,
    before: &Reading,
    references: &Rename<'_>,
    draft: &mut Draft<'_>,
) -> Result<(), Error> {
    let old = before.addresses(folder.sources, references.old);
    let end = format!("/{}/", references.old);
    if !old.iter().flatten().any(|it| it.ends_with(&end)) {
        return Ok(());
    }
    let edited = draft::edited(folder.sources, &draft.changes()).value;
    let after = Reading::new(&edited, &[], folder.now);
    let new = after.addresses(&edited, references.new);
    let is_lost = |it: &&String| !new.iter().flatten().any(|new| new == *it);
    let lost: Vec<Item> =
        old.iter().flatten().filter(is_lost).map(|it| Item::text(it)).collect();
    if lost.is_empty() {
        return Ok(());
    }
    let paths: Vec<SourcePath> = references.files.keys().cloned().collect();
    let Some(home) = home(draft, &paths, "aliases_urls") else { return Ok(()) };
    let header = Header::read(draft, &home);
    let edit = header.and_then(|it| it.append(&["aliases_urls"], &lost));
    draft.edit(&home, edit.into_iter().collect())
}

/// The file of a topic in which a key stands, or in which it would be written: its YAML,
/// else the first with front matter.
fn home(draft: &Draft<'_>, paths: &[SourcePath], key: &str) -> Option<SourcePath> {
    let headers = || paths.iter().filter_map(|it| Some((it, Header::read(draft, it)?)));
    let of_key = headers().find(|(_, it)| it.get(&[key]).is_some());
    let is_yaml = |it: &SourcePath| it.as_str().ends_with("ml");
    of_key
        .or_else(|| headers().find(|(it, _)| is_yaml(it)))
        .or_else(|| headers().next())
        .map(|(it, _)| it.clone())
}

/// The files of a topic, in the order of their paths.
fn topic_files(sources: &Sources, id: &str) -> Vec<SourcePath> {
    let topics = sources.of_kind(FileKind::Topic);
    topics.filter(|it| *it.id == *id).map(|it| it.path.clone()).collect()
}

fn check_exists(action: &'static str, sources: &Sources, id: &str) -> Result<(), Error> {
    let ids = || sources.of_kind(FileKind::Topic).map(|it| &*it.id);
    if ids().any(|it| it == id) {
        return Ok(());
    }
    let help = match closest(ids(), id) {
        Some(known) => format!("did you mean `{known}`?"),
        None => "name it by its id: the name of its file in `content/topics`".to_owned(),
    };
    let why = "there is no topic with this id";
    Err(Error::refused(action, Path::new(&*terminal(id)), why, help))
}

fn check_free(sources: &Sources, old: &str, new: &str) -> Result<(), Error> {
    let refuse = |why: String, help: String| {
        Err(Error::refused("name a topic", Path::new(&*terminal(new)), why, help))
    };
    let is_id = !new.is_empty()
        && new.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '-' | '_'));
    if !is_id {
        let why = "an id is made of Latin letters, digits, `-` and `_`";
        let help = "readers see the title, not the id; choose one like `north-south`";
        return refuse(why.to_owned(), help.to_owned());
    }
    // Some disks take `Iran.yaml` and `iran.yaml` for one file.
    let taken = sources.of_kind(FileKind::Topic).map(|it| &*it.id);
    let taken = taken.into_iter().find(|it| it.eq_ignore_ascii_case(new));
    match taken {
        Some(it) if it == old => refuse(
            format!("it differs from `{old}` in nothing but capital letters, if at all"),
            "rename the topic to another id first, then to this one".to_owned(),
        ),
        Some(it) => refuse(
            format!("the topic `{it}` has this id"),
            format!("choose another one, or run `mujaz topic merge {old} {it}`"),
        ),
        None => Ok(()),
    }
}

/// Errors in files that an edit of these ids could touch: those that hold one of the ids,
/// and those that could not be read at all, of which nobody knows.
fn mistakes_in_reach(
    folder: &Folder<'_>,
    before: &Reading,
    ids: &[&str],
) -> Vec<Diagnostic> {
    let is_in_reach = |it: &&Diagnostic| {
        let Some(place) = &it.place else { return false };
        let at = folder.sources.files.binary_search_by(|it| it.path.cmp(&place.path));
        let Ok(at) = at else { return place.path.as_str().starts_with("content/") };
        let file = &folder.sources.files[at];
        ids.iter().any(|id| *file.id == **id || has_word(&file.text, id))
    };
    let errors = before.diagnostics.iter().filter(|it| it.severity == Severity::Error);
    errors.filter(is_in_reach).cloned().collect()
}

/// Whether an id stands in a text, and not only as a part of another one.
fn has_word(text: &str, id: &str) -> bool {
    let is_part = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_');
    text.match_indices(id).any(|(at, _)| {
        let before = text.get(..at).and_then(|it| it.chars().next_back());
        let after = text.get(at + id.len()..).and_then(|it| it.chars().next());
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}
