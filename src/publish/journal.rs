//! What this machine remembers of a deploy at work: which files are done.
//!
//! The journal stands in `.mujaz/deploy/` of the site and belongs to one deploy, which
//! `Pending` on the host names. A host that tells no hashes cannot say after a cut what
//! has arrived; the journal can, and at most the file that was on its way is sent again.
//! A machine without it sends again what the host cannot prove.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::Mutex;

use crate::error::Error;

/// The journal of one target; while it is open no other process can open it.
#[derive(Debug)]
pub struct Journal {
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    file: File,
    id: String,
    /// Hash of what was sent last, by path; empty while it may be on its way.
    done: BTreeMap<String, String>,
}

impl Journal {
    /// Opens the journal of a target in the `.mujaz` of a site.
    ///
    /// # Errors
    ///
    /// Another deploy to the target is at work on this machine, or the disk refuses.
    pub fn open(folder: &Path, target: &str) -> Result<Self, Error> {
        fs::create_dir_all(folder)
            .map_err(|it| Error::io("make the folder", folder, it))?;
        let path = folder.join(format!("{target}.journal"));
        let fail = |it| Error::io("open", &path, it);
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .append(true)
            .open(&path)
            .map_err(fail)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let why = "another deploy of this site is at work there".to_owned();
                let help = "wait until it is done";
                return Err(Error::refused("deploy to", Path::new(target), why, help));
            }
            Err(TryLockError::Error(it)) if it.kind() == io::ErrorKind::Unsupported => {}
            Err(TryLockError::Error(it)) => return Err(fail(it)),
        }
        let mut text = String::new();
        // A journal that is no text remembers nothing.
        let _ = file.read_to_string(&mut text);
        // A last line without its end was being written when it was cut.
        let whole = text.rfind('\n').map_or(0, |it| it + 1);
        file.set_len(whole as u64).map_err(fail)?;
        let (id, done) = read(text.get(..whole).unwrap_or_default());
        Ok(Self { inner: Mutex::new(Inner { file, id, done }) })
    }

    /// The deploy that it belongs to.
    pub fn id(&self) -> String {
        self.lock().id.clone()
    }

    /// Begins anew for another deploy.
    ///
    /// # Errors
    ///
    /// The disk refuses.
    pub fn begin(&self, id: &str) -> Result<(), Error> {
        let mut inner = self.lock();
        inner.done.clear();
        id.clone_into(&mut inner.id);
        let result = inner.file.set_len(0).and_then(|()| writeln!(inner.file, "{id}"));
        result.and_then(|()| inner.file.sync_data()).map_err(refused)
    }

    /// Notes that a file is on its way.
    ///
    /// # Errors
    ///
    /// The disk refuses.
    pub fn sending(&self, path: &str) -> Result<(), Error> {
        let mut inner = self.lock();
        if inner.done.insert(path.to_owned(), String::new()).is_none() {
            return Ok(());
        }
        writeln!(inner.file, "- {path}")
            .and_then(|()| inner.file.sync_data())
            .map_err(refused)
    }

    /// Notes that a file has arrived.
    ///
    /// # Errors
    ///
    /// The disk refuses.
    pub fn sent(&self, path: &str, hash: &str) -> Result<(), Error> {
        let mut inner = self.lock();
        inner.done.insert(path.to_owned(), hash.to_owned());
        writeln!(inner.file, "{hash} {path}")
            .and_then(|()| inner.file.sync_data())
            .map_err(refused)
    }

    /// Whether a file with this hash has arrived, and nothing since.
    pub fn has(&self, path: &str, hash: &str) -> bool {
        self.lock().done.get(path).is_some_and(|it| it == hash)
    }

    /// Forgets everything: the deploy is done.
    ///
    /// # Errors
    ///
    /// The disk refuses.
    pub fn finish(&self) -> Result<(), Error> {
        let mut inner = self.lock();
        inner.done.clear();
        inner.id.clear();
        inner.file.set_len(0).map_err(refused)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().expect("no thread panics while it holds the lock")
    }
}

fn refused(error: io::Error) -> Error {
    Error::io("write", Path::new(".mujaz/deploy"), error)
}

fn read(text: &str) -> (String, BTreeMap<String, String>) {
    let mut lines = text.lines();
    let id = lines.next().unwrap_or_default().to_owned();
    let mut done = BTreeMap::new();
    for (hash, path) in lines.filter_map(|it| it.split_once(' ')) {
        let hash = if hash == "-" { "" } else { hash };
        done.insert(path.to_owned(), hash.to_owned());
    }
    (id, done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn u2_a_journal_tells_what_has_arrived_and_is_one_deploys() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(folder.path(), "live").unwrap();
        journal.begin("one").unwrap();
        journal.sending("a b/إيران").unwrap();
        journal.sent("a b/إيران", "h1").unwrap();
        journal.sending("c").unwrap();
        journal.sent("c", "h2").unwrap();
        journal.sending("c").unwrap();
        let other = Journal::open(folder.path(), "live").unwrap_err();
        assert!(other.to_string().contains("at work"), "{other}");
        drop(journal);
        let again = Journal::open(folder.path(), "live").unwrap();
        assert_eq!(again.id(), "one");
        assert!(again.has("a b/إيران", "h1") && !again.has("c", "h2"));
        again.begin("two").unwrap();
        assert!(!again.has("a b/إيران", "h1"));
    }
}
