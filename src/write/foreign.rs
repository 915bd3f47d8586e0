//! What somebody else has put into an output: it is kept, and never in the way unnoticed.
#![expect(
    clippy::disallowed_methods,
    reason = "one of the three stages that touch the disk"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::error::Error;
use crate::load::slashed;
use crate::write::manifest::Content;
use crate::write::{MANIFEST, Placed, make_parent};

/// The files of two sites, the new one and the old one.
#[derive(Clone, Copy)]
pub(super) struct Ours<'a> {
    pub(super) new: &'a BTreeMap<String, Content>,
    pub(super) old: &'a BTreeMap<String, Content>,
}

impl Ours<'_> {
    fn has(self, path: &str) -> bool {
        path == MANIFEST || self.new.contains_key(path) || self.old.contains_key(path)
    }
}

/// Files in the output that are not ours, in order.
pub(super) fn foreign_files(
    output: &Path,
    ours: Ours<'_>,
) -> Result<Vec<PathBuf>, Error> {
    let mut foreign = Vec::new();
    let mut folders = Vec::new();
    if output.exists() {
        folders.push(Folder { disk: output.to_owned(), path: Some(String::new()) });
    }
    // Folders that lie equally deep are looked at together: somebody's own may lie so deep
    // that a walk from one into the next would need more of the stack than there is.
    while !folders.is_empty() {
        let looked = folders.par_iter().map(|it| look_into(it, output, ours));
        let looked: Vec<Result<Looked, Error>> = looked.collect();
        folders.clear();
        for looked in looked {
            let Looked { foreign: files, folders: below } = looked?;
            folders.extend(below);
            foreign.extend(files);
        }
    }
    foreign.sort();
    Ok(foreign)
}

/// A folder of the output.
struct Folder {
    disk: PathBuf,
    /// Its path in the output with a slash at its end, or nothing for the output itself; none
    /// where a name on the way is no text, as ours are.
    path: Option<String>,
}

/// What lies in one folder.
struct Looked {
    /// Paths in the output of files, and of links of any kind, that are not ours.
    foreign: Vec<PathBuf>,
    folders: Vec<Folder>,
}

fn look_into(folder: &Folder, output: &Path, ours: Ours<'_>) -> Result<Looked, Error> {
    let Folder { disk, path } = folder;
    let refused = |it| Error::io("read", disk, it);
    let (mut foreign, mut folders) = (Vec::new(), Vec::new());
    let mut path = path.clone();
    let n_folder = path.as_ref().map_or(0, String::len);
    for entry in fs::read_dir(disk).map_err(refused)? {
        let entry = entry.map_err(refused)?;
        let name = entry.file_name();
        let path = path.as_mut().zip(name.to_str()).map(|(path, name)| {
            path.truncate(n_folder);
            path.push_str(name);
            path
        });
        if entry.file_type().map_err(refused)?.is_dir() {
            let path = path.map(|it| [it.as_str(), "/"].concat());
            folders.push(Folder { disk: entry.path(), path });
        } else if !path.is_some_and(|it| ours.has(it)) {
            let disk = entry.path();
            foreign.push(disk.strip_prefix(output).unwrap_or(&disk).to_owned());
        }
    }
    Ok(Looked { foreign, folders })
}

/// Refuses a file or a link of somebody else that stands where the site needs a folder, or in a
/// folder that stands where the site needs a file.
pub(super) fn check_foreign(
    foreign: &[PathBuf],
    files: &BTreeMap<String, Content>,
) -> Result<(), Error> {
    let is_in_the_way = |path: &&PathBuf| {
        let folder = format!("{}/", slashed(path));
        files.range(folder.clone()..).next().is_some_and(|it| it.0.starts_with(&folder))
    };
    let is_in_a_file = |path: &&PathBuf| {
        let above = path.ancestors().skip(1);
        above.into_iter().any(|it| files.contains_key(&slashed(it)))
    };
    let help = "move it out of the output folder";
    if let Some(path) = foreign.iter().find(is_in_the_way) {
        let why = "the site needs a folder of this name, and somebody else has put a file or \
                   a link there";
        return Err(Error::refused("keep", path, why, help));
    }
    if let Some(path) = foreign.iter().find(is_in_a_file) {
        let why = "the site needs a file of the name of its folder, and somebody else has \
                   made that folder";
        return Err(Error::refused("keep", path, why, help));
    }
    Ok(())
}

/// Brings over what somebody else has put into the old folder since it was looked at; gives all
/// that is not ours in it.
pub(super) fn rescue(
    old_folder: &Path,
    output: &Path,
    placed: &Placed,
    ours: Ours<'_>,
) -> Vec<PathBuf> {
    let late = foreign_files(old_folder, ours).unwrap_or_default();
    for path in late.iter().filter(|it| !placed.foreign.contains(it)) {
        let (from, to) = (old_folder.join(path), output.join(path));
        if !to.exists() && make_parent(&to).is_ok() {
            // Where it cannot be renamed nothing more can be done for it.
            let _ = fs::rename(from, to);
        }
    }
    late
}
