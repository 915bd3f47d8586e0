//! What has changed on the disk.
//!
//! The system tells about changes (`notify`), and those of one moment are taken together.
//! Where it cannot, because the number of watched folders is limited, files are compared
//! once a second: by time and size, with all the digits that the disk keeps, so that two
//! saves in one second are two changes.
//! This looks at the disk and reads nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, SystemTime};

use notify::{Config, ErrorKind, RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, Debouncer, NoCache, new_debouncer_opt};
use walkdir::WalkDir;

use crate::diag::SourcePath;
use crate::load::{FOLDERS, path_in_site};
use crate::serve::rebuild::Changes;
use crate::serve::{News, Tell};

/// How long it must be quiet before a change is believed to be over.
const QUIET: Duration = Duration::from_millis(12);

/// How often it is looked whether it has been quiet for so long.
const TICK: Duration = Duration::from_millis(3);

/// How often files are compared where the system does not tell.
const POLL: Duration = Duration::from_secs(1);

/// How often a folder is watched anew that changes just then.
const N_TRIES: usize = 10;

type Native = Debouncer<RecommendedWatcher, NoCache>;

/// Waits for changes of a site folder.
pub(super) struct Watch {
    root: PathBuf,
    source: Source,
    /// What was heard before anybody waited for it.
    heard: Vec<DebounceEventResult>,
}

enum Source {
    Native { debouncer: Native, events: Receiver<DebounceEventResult>, seen: Folders },
    Polling { seen: BTreeMap<PathBuf, (SystemTime, u64)> },
}

/// Folders of a site that the system watches.
type Folders = BTreeSet<&'static str>;

impl Watch {
    /// Begins to watch a folder.
    pub(super) fn new(root: &Path, is_polling: bool, tell: &Tell) -> Self {
        let root = root.to_owned();
        let source = if is_polling {
            Source::polling(&root)
        } else {
            Source::native(&root).unwrap_or_else(|error| {
                tell(News::Polling(&reason(&error)));
                Source::polling(&root)
            })
        };
        Self { root, source, heard: Vec::new() }
    }

    /// Whether something of the site has changed that `next` would tell at once. Where files
    /// are compared, nobody knows before it is asked.
    pub(super) fn has_changes(&mut self) -> bool {
        if let Source::Native { events, .. } = &self.source {
            self.heard.extend(events.try_iter());
        }
        let is_ours = |it: &PathBuf| path_in_site(&self.root, it).is_some();
        self.heard.iter().any(|it| match it {
            Ok(events) => {
                let mut all = events.iter().filter(|it| !it.kind.is_access());
                all.any(|it| it.need_rescan() || it.paths.iter().any(is_ours))
            }
            Err(_) => true,
        })
    }

    /// Waits for the next changes. There are none any more when the watcher has ended.
    pub(super) fn next(&mut self, tell: &Tell) -> Option<Changes> {
        loop {
            match self.wait()? {
                Ok(Some(changes)) => return Some(changes),
                Ok(None) => {}
                Err(error) => {
                    tell(News::Polling(&reason(&error)));
                    self.source = Source::polling(&self.root);
                    return Some(Changes::Everything);
                }
            }
        }
    }

    /// Waits for something that may be a change.
    fn wait(&mut self) -> Option<notify::Result<Option<Changes>>> {
        match &mut self.source {
            Source::Native { debouncer, events, seen } => {
                let mut all = std::mem::take(&mut self.heard);
                if all.is_empty() {
                    all.push(events.recv().ok()?);
                }
                all.extend(events.try_iter());
                Some(native_changes(&self.root, all, debouncer, seen))
            }
            Source::Polling { seen } => {
                std::thread::sleep(POLL);
                let now = scan(&self.root);
                let changes = difference(&self.root, seen, &now);
                *seen = now;
                Some(Ok(changes))
            }
        }
    }
}

impl Source {
    fn native(root: &Path) -> notify::Result<Self> {
        let (sender, events): (Sender<DebounceEventResult>, _) = channel();
        let tell = move |it: DebounceEventResult| {
            // A build reads files, which is no change.
            if it.as_ref().is_ok_and(|it| it.iter().all(|it| it.kind.is_access())) {
                return;
            }
            // Nobody waits any more when the preview ends.
            let _ = sender.send(it);
        };
        let mut debouncer: Native = new_debouncer_opt(
            QUIET,
            Some(TICK),
            tell,
            NoCache::new(),
            Config::default(),
        )?;
        // Tells when one of the folders comes or goes.
        debouncer.watch(root, RecursiveMode::NonRecursive)?;
        let mut seen = Folders::new();
        follow(root, &mut debouncer, &mut seen, &BTreeSet::new())?;
        Ok(Self::Native { debouncer, events, seen })
    }

    fn polling(root: &Path) -> Self {
        Self::Polling { seen: scan(root) }
    }
}

/// Why the system does not tell.
fn reason(error: &notify::Error) -> String {
    match &error.kind {
        ErrorKind::MaxFilesWatch => {
            "the system watches as many folders as it may (on Linux, the limit is \
             `fs.inotify.max_user_watches`)"
                .to_owned()
        }
        _ => error.to_string(),
    }
}

/// Watches the folders that are there. A folder of `touched` may be another one by now,
/// and is watched anew.
fn follow(
    root: &Path,
    debouncer: &mut Native,
    seen: &mut Folders,
    touched: &BTreeSet<PathBuf>,
) -> notify::Result<()> {
    for folder in FOLDERS {
        let path = root.join(folder);
        if seen.contains(folder) && (touched.contains(&path) || !path.is_dir()) {
            // The system may have forgotten it already.
            let _ = debouncer.unwatch(&path);
            seen.remove(folder);
        }
        let mut n_tries = 0;
        while !seen.contains(folder) && path.is_dir() {
            n_tries += 1;
            match debouncer.watch(&path, RecursiveMode::Recursive) {
                Ok(()) => _ = seen.insert(folder),
                // Folders go while they are looked at.
                Err(error) if is_gone(&error) && n_tries < N_TRIES => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(())
}

fn is_gone(error: &notify::Error) -> bool {
    match &error.kind {
        ErrorKind::PathNotFound => true,
        ErrorKind::Io(error) => error.kind() == io::ErrorKind::NotFound,
        _ => false,
    }
}

fn native_changes(
    root: &Path,
    all: Vec<DebounceEventResult>,
    debouncer: &mut Native,
    seen: &mut Folders,
) -> notify::Result<Option<Changes>> {
    let mut touched = BTreeSet::new();
    let mut is_everything = false;
    for result in all {
        match result {
            Ok(events) => {
                for event in events.into_iter().filter(|it| !it.kind.is_access()) {
                    is_everything |= event.need_rescan();
                    touched.extend(event.event.paths);
                }
            }
            Err(errors) => {
                for error in errors {
                    if matches!(error.kind, ErrorKind::MaxFilesWatch) {
                        return Err(error);
                    }
                    // Something was missed.
                    is_everything = true;
                }
            }
        }
    }
    follow(root, debouncer, seen, &touched)?;
    if is_everything {
        return Ok(Some(Changes::Everything));
    }
    let paths = touched.iter().filter_map(|it| path_in_site(root, it)).collect();
    Ok(changes(paths))
}

fn changes(paths: BTreeSet<SourcePath>) -> Option<Changes> {
    let paths: Vec<SourcePath> = paths.into_iter().collect();
    (!paths.is_empty()).then_some(Changes::Paths(paths))
}

/// Time and size of everything in the folders of a site.
fn scan(root: &Path) -> BTreeMap<PathBuf, (SystemTime, u64)> {
    let folders = FOLDERS.iter().map(|it| root.join(it)).filter(|it| it.exists());
    let entries = folders.flat_map(|it| WalkDir::new(it).follow_links(false));
    entries
        .flatten()
        .filter_map(|entry| {
            let about = entry.metadata().ok()?;
            // What comes into a folder and goes out of it is seen there.
            let seen = if about.is_dir() {
                (SystemTime::UNIX_EPOCH, 0)
            } else {
                (about.modified().ok()?, about.len())
            };
            Some((entry.into_path(), seen))
        })
        .collect()
}

fn difference(
    root: &Path,
    old: &BTreeMap<PathBuf, (SystemTime, u64)>,
    new: &BTreeMap<PathBuf, (SystemTime, u64)>,
) -> Option<Changes> {
    let gone = old.keys().filter(|it| !new.contains_key(*it));
    let come = new.iter().filter(|(path, it)| old.get(*path) != Some(it));
    let paths = gone.chain(come.map(|(path, _)| path));
    changes(paths.filter_map(|it| path_in_site(root, it)).collect())
}
