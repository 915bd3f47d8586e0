//! A folder of this machine as a place for a site, as a web server reads it.
#![expect(clippy::disallowed_methods, reason = "one of the stages that touch the disk")]

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::load::slashed;
use crate::publish::headers::Headers;
use crate::publish::host::{Host, Stat, Stored};
use crate::publish::state::Print;

/// Longest name of a file or a folder, in bytes, on nearly every disk (row B8).
pub(super) const MAX_NAME: usize = 255;

/// End of the name of a file that is still being written; the name is short, so that
/// a path at the limit has room.
const UNFINISHED: &str = ".mujaz-new";

/// A folder.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// The folder at a path; it is made when the first file is written.
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// The folder of a target, unless something of the site itself could be lost there.
    ///
    /// # Errors
    ///
    /// The folder is part of the sources, holds them, or is the output of the build.
    pub fn open(folder: &Path, source: &Path, output: &Path) -> Result<Self, Error> {
        let real = |path: &Path| {
            let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
            let there =
                path.ancestors().find_map(|it| Some((it, it.canonicalize().ok()?)));
            let Some((known, real)) = there else { return path };
            path.strip_prefix(known).map_or(real.clone(), |rest| real.join(rest))
        };
        let (root, source, output) = (real(folder), real(source), real(output));
        let parts = ["content", "templates", "static", ".git", ".mujaz"];
        let is_source = source.starts_with(&root)
            || parts.iter().any(|it| root.starts_with(source.join(it)));
        if is_source || root.starts_with(&output) || output.starts_with(&root) {
            let why = "the sources or the output of the site are there";
            let help =
                "give the target a folder of its own, as in `folder: /srv/www/desk`";
            return Err(Error::refused("deploy into", folder, why, help));
        }
        Ok(Self { root })
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }
}

impl Host for Folder {
    fn read(&self, path: &str) -> Result<Option<Stored>, Error> {
        let file = self.path(path);
        match fs::read(&file) {
            Ok(bytes) => {
                let tag = Some(Print::of(&bytes).blake3);
                Ok(Some(Stored { bytes, tag }))
            }
            Err(it) if it.kind() == ErrorKind::NotFound => Ok(None),
            Err(it) => Err(Error::io("read", &file, it)),
        }
    }

    fn write(&self, path: &str, bytes: Vec<u8>, _: Headers) -> Result<(), Error> {
        let file = self.path(path);
        replace(&file, &bytes).map_err(|it| refused(&file, it))
    }

    fn exchange(
        &self,
        path: &str,
        was: Option<&Stored>,
        bytes: &[u8],
    ) -> Result<Option<Stored>, Error> {
        let file = self.path(path);
        let fail = |it| refused(&file, it);
        let stored = Stored { bytes: bytes.to_vec(), tag: Some(Print::of(bytes).blake3) };
        let Some(was) = was else {
            // What creates the name has it; what is written into it comes after.
            make_parent(&file).map_err(fail)?;
            return match File::create_new(&file) {
                Ok(mut it) => {
                    let written = it.write_all(bytes).and_then(|()| it.sync_all());
                    if written.is_err() {
                        // Half of it would be taken for damage.
                        let _ = fs::remove_file(&file);
                    }
                    written.map(|()| Some(stored)).map_err(fail)
                }
                Err(it) if it.kind() == ErrorKind::AlreadyExists => Ok(None),
                Err(it) => Err(fail(it)),
            };
        };
        if self.read(path)?.is_none_or(|it| it.tag != was.tag) {
            return Ok(None);
        }
        replace(&file, bytes).map_err(fail)?;
        Ok(Some(stored))
    }

    fn copy(&self, from: &str, to: &str) -> Result<(), Error> {
        let (from, to) = (self.path(from), self.path(to));
        let bytes = fs::read(&from).map_err(|it| Error::io("read", &from, it))?;
        replace(&to, &bytes).map_err(|it| refused(&to, it))
    }

    fn delete(&self, path: &str) -> Result<(), Error> {
        let file = self.path(path);
        match fs::remove_file(&file) {
            Err(it) if it.kind() != ErrorKind::NotFound => {
                return Err(Error::io("delete", &file, it));
            }
            _ => {}
        }
        // Folders that are empty now; one that is not stays by itself.
        let folders = file.ancestors().skip(1).take_while(|it| *it != self.root);
        for folder in folders {
            if fs::remove_dir(folder).is_err() {
                break;
            }
        }
        Ok(())
    }

    fn list(&self) -> Result<Option<BTreeMap<String, Stat>>, Error> {
        let mut all = BTreeMap::new();
        if !self.root.exists() {
            return Ok(Some(all));
        }
        // Folders that are links hold files of the site like others.
        for entry in walkdir::WalkDir::new(&self.root).follow_links(true) {
            let entry = match entry {
                Ok(it) => it,
                // A link to nothing or to a folder above it, or a folder of somebody else
                // that we may not read: nothing of ours is there.
                Err(it) if it.path().is_some_and(Path::is_symlink) => continue,
                Err(it)
                    if it.depth() != 0
                        && it.io_error().map(io::Error::kind)
                            == Some(ErrorKind::PermissionDenied) =>
                {
                    continue;
                }
                Err(it) => {
                    let path = it.path().unwrap_or(&self.root).to_owned();
                    return Err(Error::io("read", &path, it.into()));
                }
            };
            let (path, kind) = (entry.path(), entry.file_type());
            if kind.is_dir() {
                continue;
            }
            let size = entry.metadata().map_or(0, |it| it.len());
            let name = slashed(path.strip_prefix(&self.root).unwrap_or(path));
            all.insert(name, Stat { size, tag: None });
        }
        Ok(Some(all))
    }

    fn stat(&self, path: &str) -> Result<Option<Stat>, Error> {
        let file = self.path(path);
        match file.symlink_metadata() {
            Ok(it) => Ok(Some(Stat { size: it.len(), tag: None })),
            Err(it) if it.kind() == ErrorKind::NotFound => Ok(None),
            Err(it) => Err(Error::io("look at", &file, it)),
        }
    }

    fn holds(&self, path: &str, _: &Stat, bytes: &[u8]) -> bool {
        fs::read(self.path(path)).is_ok_and(|it| it == bytes)
    }

    fn delete_unfinished(&self, path: &str) -> Result<(), Error> {
        self.delete(&format!("{path}{UNFINISHED}"))
    }

    fn limit(&self, path: &str, _: u64) -> Option<String> {
        let long = path.split('/').find(|it| MAX_NAME < it.len() + UNFINISHED.len())?;
        Some(format!("`{long}` is too long a name for a disk"))
    }
}

fn refused(file: &Path, error: io::Error) -> Error {
    if error.kind() == ErrorKind::StorageFull {
        let help = "free some space there, and deploy again: it goes on where it was";
        return Error::refused("write", file, "the disk there is full", help);
    }
    Error::io("write", file, error)
}

fn make_parent(file: &Path) -> io::Result<()> {
    fs::create_dir_all(file.parent().unwrap_or(file))
}

/// Puts bytes in the place of a file, so that nobody sees half of them and no cut of the
/// power leaves any.
fn replace(file: &Path, bytes: &[u8]) -> io::Result<()> {
    make_parent(file)?;
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(UNFINISHED);
    let unfinished = file.with_file_name(name);
    let mut new = File::create(&unfinished)?;
    new.write_all(bytes)?;
    new.sync_all()?;
    fs::rename(&unfinished, file)
}
