//! `Fixes`: the mends of `lint` that are safe, made in the sources.
//!
//! A mend is made only if the file is read in the same way after it: with the same
//! structure, links and words, and with the same addresses of its pages and headings. What
//! does not pass stays as it is, and `check` goes on reporting it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::config::Config;
use crate::diag::{Severity, SourcePath};
use crate::edit::draft::{self, Change, Draft, Replacement};
use crate::edit::reading::Reading;
use crate::edit::{Folder, Plan, WOULD_BREAK};
use crate::error::Error;
use crate::fingerprint::Fingerprint;
use crate::lint::{self, Finding, Fix, Skeleton};
use crate::load::{SourceFile, Sources};

/// Rounds of mending. A mend can make another one possible, as when an old form of ي turns
/// out to stand in a Persian word; each round leaves fewer.
const MAX_ROUNDS: usize = 8;

/// A mend and the code of the lint that wants it.
type Coded = (&'static str, Fix);

/// How often each lint was mended, by file.
type Counts = BTreeMap<SourcePath, BTreeMap<&'static str, usize>>;

/// Mends of typography.
#[derive(Debug, Default)]
pub struct Fixes {
    /// What becomes of each file that changes.
    pub changes: Vec<Change>,
    /// What was mended in it.
    pub counts: BTreeMap<SourcePath, BTreeMap<&'static str, usize>>,
}

/// Makes the safe mends; `Plan::Refused` where the site would have new mistakes.
///
/// # Errors
///
/// A file cannot be read.
pub fn fix(folder: &Folder<'_>) -> Result<Plan<Fixes>, Error> {
    let config = lint::settings(folder.sources);
    let mut draft = Draft::new(folder.sources, folder.raw);
    let mut counts = Counts::new();
    for _ in 0..MAX_ROUNDS {
        let changes = draft.changes();
        let current = draft::edited(folder.sources, &changes).value;
        let edits = round(&current, &config, &mut counts);
        if edits.is_empty() {
            break;
        }
        for (path, replacements) in edits {
            draft.edit(&path, replacements)?;
        }
    }
    let changes = draft.changes();
    if changes.is_empty() {
        return Ok(Plan::Ready(Fixes::default()));
    }
    let before = Reading::new(folder.sources, folder.diagnostics, folder.now);
    let mut diagnostics = folder.diagnostics.to_vec();
    let edited = draft::edited(folder.sources, &changes).drain_into(&mut diagnostics);
    let after = Reading::new(&edited, &diagnostics, folder.now);
    let news = after.news(&before, |it| Some(it.clone()));
    if news.iter().any(|it| it.severity == Severity::Error) {
        let edited = Some(edited);
        return Ok(Plan::Refused { why: WOULD_BREAK, diagnostics: news, edited });
    }
    Ok(Plan::Ready(Fixes { changes, counts }))
}

/// What can be mended now.
fn round(
    sources: &Sources,
    config: &Config,
    counts: &mut Counts,
) -> Vec<(SourcePath, Vec<Replacement>)> {
    let mut by_file: BTreeMap<SourcePath, Vec<Coded>> = BTreeMap::new();
    for Finding { diagnostic, fix } in lint::lint(sources) {
        let (Some(place), Some(fix)) = (diagnostic.place, fix) else { continue };
        by_file.entry(place.path).or_default().push((diagnostic.code, fix));
    }
    let mut edits = Vec::new();
    for (path, fixes) in by_file {
        let Some(file) = draft::source(sources, &path) else { continue };
        let safe = safe(file, config, fixes);
        if safe.is_empty() {
            continue;
        }
        let of_file = counts.entry(path.clone()).or_default();
        for (code, _) in &safe {
            *of_file.entry(*code).or_default() += 1;
        }
        let replacements = safe.into_iter().map(|(_, it)| replacement(it)).collect();
        edits.push((path, replacements));
    }
    edits
}

fn replacement(fix: Fix) -> Replacement {
    Replacement::new(fix.bytes, fix.text)
}

/// The mends after which a file is still read in the same way: all of them, else each one
/// that passes together with those before it.
fn safe(file: &SourceFile, config: &Config, mut fixes: Vec<Coded>) -> Vec<Coded> {
    fixes.sort_by_key(|(_, it)| (it.bytes.start, it.bytes.end));
    fixes.dedup_by(|b, a| b.1.bytes.start < a.1.bytes.end || a.1.bytes == b.1.bytes);
    let skeleton = Skeleton::new(file, config);
    let is_same =
        |fixes: &[Coded]| Skeleton::new(&mended(file, fixes), config) == skeleton;
    if is_same(&fixes) {
        return fixes;
    }
    let mut kept = Vec::new();
    halves(&fixes, &mut kept, &is_same);
    kept
}

/// The mends that pass with `kept`, found by halving: most files have few that do not.
fn halves(fixes: &[Coded], kept: &mut Vec<Coded>, is_same: &impl Fn(&[Coded]) -> bool) {
    let n_kept = kept.len();
    kept.extend_from_slice(fixes);
    if !is_same(kept) {
        kept.truncate(n_kept);
        if 1 < fixes.len() {
            let (left, right) = fixes.split_at(fixes.len() / 2);
            halves(left, kept, is_same);
            halves(right, kept, is_same);
        }
    }
}

/// A file as it will be.
fn mended(file: &SourceFile, fixes: &[Coded]) -> SourceFile {
    let mut text = String::with_capacity(file.text.len());
    let mut done = 0;
    for (_, fix) in fixes {
        text.push_str(file.text.get(done..fix.bytes.start).unwrap_or_default());
        text.push_str(&fix.text);
        done = fix.bytes.end;
    }
    text.push_str(file.text.get(done..).unwrap_or_default());
    let hash = Fingerprint::of(&text);
    SourceFile { text: Arc::from(text), hash, ..file.clone() }
}
