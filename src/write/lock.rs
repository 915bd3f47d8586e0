//! One build at a time for each output folder (row O6).
//!
//! The lock is the system's own on a file beside the folder, so that it is free as soon as
//! its holder ends, however that happens. Where the disk knows no locks there is none.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The right to write into an output folder, until it is dropped.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    /// The open file; none where the disk knows no locks.
    file: Option<File>,
}

impl Lock {
    /// Waits for the right to write into a folder; `wait` is called once if somebody else
    /// has it.
    pub fn of(output: &Path, wait: &mut dyn FnMut()) -> Self {
        let path = path_of(output);
        let mut has_waited = false;
        loop {
            let Ok(file) = open(&path) else { return Self { path, file: None } };
            let got = match file.try_lock() {
                Err(TryLockError::WouldBlock) => {
                    if !std::mem::replace(&mut has_waited, true) {
                        wait();
                    }
                    file.lock()
                }
                Err(TryLockError::Error(error)) => Err(error),
                Ok(()) => Ok(()),
            };
            if got.is_err() {
                return Self { path, file: None };
            }
            // Its last holder may have removed it while we waited.
            if is_at(&file, &path) {
                return Self { path, file: Some(file) };
            }
        }
    }

    /// The right to write into a folder, if nobody else has it now.
    pub fn if_free(output: &Path) -> Option<Self> {
        let path = path_of(output);
        let file = open(&path).ok()?;
        file.try_lock().ok()?;
        Self::at(file, path)
    }

    /// The lock that an open and locked file is, if it is still the one at its path: its last
    /// holder may have removed it. Nothing is made otherwise, because what is dropped removes
    /// the file at the path.
    fn at(file: File, path: PathBuf) -> Option<Self> {
        is_at(&file, &path).then(|| Self { path, file: Some(file) })
    }

    /// Whether nobody else can be at work.
    pub fn is_held(&self) -> bool {
        self.file.is_some()
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if self.file.is_some() {
            // It is free once it is closed; who waits for it looks whether it is still there.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Where the lock of a folder is.
pub(super) fn path_of(output: &Path) -> PathBuf {
    let name = output.file_name().unwrap_or_default().to_string_lossy();
    output.with_file_name(format!(".{name}.mujaz-lock"))
}

fn open(path: &Path) -> std::io::Result<File> {
    match OpenOptions::new().create(true).truncate(false).write(true).open(path) {
        // One that another user of a common folder has made can be locked all the same.
        Err(error) if error.kind() == ErrorKind::PermissionDenied => File::open(path),
        other => other,
    }
}

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let place = |it: &fs::Metadata| (it.dev(), it.ino());
    let (here, there) = (file.metadata(), path.symlink_metadata());
    here.is_ok_and(|here| there.is_ok_and(|there| place(&here) == place(&there)))
}

#[cfg(not(unix))]
fn is_at(_file: &File, path: &Path) -> bool {
    path.exists()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_no_longer_the_lock_takes_nobodys_lock_away() {
        let folder = tempfile::tempdir().unwrap();
        let output = folder.path().join("public");
        let path = path_of(&output);
        let late = open(&path).unwrap();
        fs::remove_file(&path).unwrap();
        let holder = Lock::if_free(&output).unwrap();
        assert!(Lock::at(late, path.clone()).is_none());
        assert!(path.exists());
        assert!(Lock::if_free(&output).is_none(), "somebody has it");
        drop(holder);
        assert!(!path.exists());
        assert!(Lock::if_free(&output).is_some());
    }
}
