//! The pages that nobody looks at: each is printed once after a change, so that mistakes show
//! wherever they are, and so that it can be said how many files have changed.
//!
//! A change is shown before the sweep; the next change breaks it off. What units had the same
//! key in an earlier sweep is not printed again.

use std::hash::{Hash, Hasher};
use std::path::Path;
use std::sync::Mutex;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use crate::diag::{Checked, Diagnostic};
use crate::render::edition::{Press, Printed, Unit};
use crate::render::{Later, Sink};
use crate::serve::snapshot::{Entry, Snapshot};

/// Units between two looks at whether something has changed.
const N_AT_ONCE: usize = 4;

/// What a sweep has seen of a unit.
#[derive(Debug, Clone, Default)]
struct Seen {
    n_pages: usize,
    /// Hashes of the path and of the bytes of each file.
    files: Vec<(u64, u64)>,
}

/// What a sweep has seen.
#[derive(Debug, Default)]
pub struct Sweep {
    /// Units that have keys.
    keyed: FxHashMap<u128, Seen>,
    /// The others, and the files that are copied.
    others: Seen,
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
}

/// A sink that keeps hashes.
#[derive(Default)]
struct Hashes(Mutex<Vec<(u64, u64)>>);

fn hash(it: impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    it.hash(&mut hasher);
    hasher.finish()
}

impl Sink for Hashes {
    fn put(&self, path: &str, bytes: Vec<u8>) {
        let mut files = self.0.lock().expect("no thread panics while it holds the lock");
        files.push((hash(path), hash(bytes)));
    }

    fn copy(&self, path: &str, _from: &Path) {
        self.put(path, Vec::new());
    }

    fn make_later(&self, path: &str, _later: &dyn Fn() -> Later) -> bool {
        // The name holds a hash.
        self.put(path, Vec::new());
        true
    }
}

impl Sweep {
    /// Prints all pages of a site that the sweep before has not seen; nothing where
    /// `is_broken_off` says so first.
    pub(super) fn of(
        site: &Snapshot,
        earlier: Option<&Self>,
        is_broken_off: &mut dyn FnMut() -> bool,
    ) -> Option<Self> {
        let (edition, keys) = site.edition()?;
        let press = Press::new(edition);
        let mut sweep = Self::default();
        sweep.others.files.extend(site.files().iter().map(|(path, entry)| {
            let bytes = match entry {
                Entry::Bytes(bytes) => hash(bytes),
                Entry::Disk { stamp, .. } => hash(stamp),
                Entry::Later(_) => 0,
            };
            (hash(path), bytes)
        }));
        let mut waiting = Vec::new();
        // What follows from the texts without a template takes long and has no mistakes.
        let units = press.units().into_iter().filter(|it| *it != Unit::Graph);
        for unit in units {
            let key = keys.of(edition, unit);
            match key.and_then(|it| earlier?.keyed.get_key_value(&it)) {
                Some((key, seen)) => _ = sweep.keyed.insert(*key, seen.clone()),
                None => waiting.push((unit, key)),
            }
        }
        for some in waiting.chunks(N_AT_ONCE) {
            if is_broken_off() {
                return None;
            }
            let print = |(unit, key): &(Unit, Option<u128>)| (print(&press, *unit), *key);
            let seen: Vec<(Checked<Seen>, Option<u128>)> =
                some.par_iter().map(print).collect();
            for (seen, key) in seen {
                sweep.add(seen, key);
            }
        }
        Some(sweep)
    }

    fn add(&mut self, seen: Checked<Seen>, key: Option<u128>) {
        let Checked { value: seen, diagnostics } = seen;
        match key.filter(|_| diagnostics.is_empty()) {
            Some(key) => _ = self.keyed.insert(key, seen),
            None => {
                self.others.n_pages += seen.n_pages;
                self.others.files.extend(seen.files);
            }
        }
        for diagnostic in diagnostics {
            if !self.diagnostics.contains(&diagnostic) {
                self.diagnostics.push(diagnostic);
            }
        }
    }

    fn seen(&self) -> impl Iterator<Item = &Seen> {
        self.keyed.values().chain([&self.others])
    }

    /// Pages for people.
    pub fn n_pages(&self) -> usize {
        self.seen().map(|it| it.n_pages).sum()
    }

    /// Files that are new, gone, or have other bytes than in an earlier sweep. `graph.json` and
    /// the files of the search, which follow from the texts, are not counted.
    pub fn n_changed(&self, earlier: Option<&Self>) -> usize {
        let all = |it: &Self| it.seen().flat_map(|it| it.files.clone()).collect();
        let new: FxHashSet<(u64, u64)> = all(self);
        let old: FxHashSet<(u64, u64)> = earlier.map(all).unwrap_or_default();
        let paths: FxHashSet<u64> = new.iter().map(|it| it.0).collect();
        let n_gone = old.iter().filter(|it| !paths.contains(&it.0)).count();
        new.difference(&old).count() + n_gone
    }
}

fn print(press: &Press<'_>, unit: Unit) -> Checked<Seen> {
    let hashes = Hashes::default();
    let printed = match unit {
        // The index takes long and has no mistakes; its page is made without it.
        Unit::Search => press.search_pages(&hashes),
        _ => press.print(unit, &hashes),
    };
    let files = hashes.0.into_inner().expect("no thread panics while it holds the lock");
    let Checked { value: Printed { pages, .. }, diagnostics } = printed;
    Checked { value: Seen { n_pages: pages.len(), files }, diagnostics }
}
