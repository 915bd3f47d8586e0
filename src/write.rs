//! Files -> folder: whole or not at all, and nothing that is not ours.
//!
//! A build is gathered in a folder beside the output and takes its place in one step at
//! the end; until then the site in place is not touched, and a killed build leaves it
//! whole. A file whose bytes have not changed is linked from the old folder and keeps its
//! time; a file whose name tells what it is made from is not even made again. The marker
//! file, which is the manifest, says that a folder is ours: a folder that is neither empty nor
//! marked is refused, and files in a marked folder that we did not make are kept. One build
//! writes at a time.
#![expect(
    clippy::disallowed_methods,
    reason = "one of the three stages that touch the disk"
)]

mod foreign;
pub mod leftovers;
pub mod lock;
pub mod manifest;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Mutex;
use std::time::UNIX_EPOCH;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::fingerprint::Fingerprint;
use crate::render::Sink;
use crate::write::foreign::{Ours, check_foreign, foreign_files, rescue};
use crate::write::leftovers::ASIDE;
use crate::write::lock::Lock;
use crate::write::manifest::{About, Content, Manifest};

/// So many files of one folder are enough for a thread.
const MANY_FILES: usize = 512;

/// Marker and manifest of an output folder.
pub const MANIFEST: &str = ".mujaz-output.json";

/// Most bytes of one: a million files have fewer.
const MAX_MANIFEST: u64 = 1 << 29;

/// A file of an output, as a build has left it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileStamp {
    /// BLAKE3 hash of its bytes, in two halves: a serialiser takes longer for 32 bytes.
    hash: [u128; 2],
    /// Its size in bytes.
    size: u64,
    /// When it was written, in seconds and nanoseconds since 1970.
    modified: (u64, u32),
    /// What else the system says that an edit of the file changes, whatever time it is given.
    other: (i64, i64, u64),
}

impl FileStamp {
    /// Whether the file at a path is still the one that was left.
    pub fn is_of(&self, path: &Path) -> bool {
        let about = path.symlink_metadata();
        about.is_ok_and(|it| {
            it.is_file()
                && it.len() == self.size
                && modified(&it) == Some(self.modified)
                && other(&it) == self.other
        })
    }

    fn of(content: &Content, about: &fs::Metadata) -> Option<Self> {
        let Content { blake3, size } = *content;
        let (halves, _) = blake3.as_bytes().as_chunks();
        let hash = [u128::from_le_bytes(halves[0]), u128::from_le_bytes(halves[1])];
        let (modified, other) = (modified(about)?, other(about));
        Some(Self { hash, size, modified, other })
    }

    fn content(&self) -> Content {
        let mut hash = [0; 32];
        let (halves, _) = hash.as_chunks_mut();
        (halves[0], halves[1]) = (self.hash[0].to_le_bytes(), self.hash[1].to_le_bytes());
        Content { blake3: blake3::Hash::from_bytes(hash), size: self.size }
    }
}

fn modified(about: &fs::Metadata) -> Option<(u64, u32)> {
    let since = about.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some((since.as_secs(), since.subsec_nanos()))
}

/// The time of the last change of anything about a file, and its place on the disk.
#[cfg(unix)]
fn other(about: &fs::Metadata) -> (i64, i64, u64) {
    use std::os::unix::fs::MetadataExt;
    (about.ctime(), about.ctime_nsec(), about.ino())
}

#[cfg(not(unix))]
fn other(_about: &fs::Metadata) -> (i64, i64, u64) {
    (0, 0, 0)
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// What the folder holds now.
    pub manifest: Manifest,
    /// How many files have other bytes than before.
    pub n_changed: usize,
    /// Paths in the output that we did not make; they were kept.
    pub foreign: Vec<PathBuf>,
    /// A fingerprint of the manifest as it was written.
    pub print: u128,
    /// The files as they were left, in the order of the manifest; nothing for one whose times
    /// the disk does not tell.
    pub stamps: Vec<Option<FileStamp>>,
}

/// What another machine has made of a site.
#[derive(Debug)]
pub struct Part {
    folder: PathBuf,
    manifest: Manifest,
}

impl Part {
    /// The part in a folder.
    ///
    /// # Errors
    ///
    /// The folder holds none.
    pub fn in_folder(folder: &Path) -> Result<Self, Error> {
        let manifest = read_manifest(folder).filter(|it| it.about.shard.is_some());
        let manifest = manifest.ok_or_else(|| {
            let why = "it holds no part of a site";
            let help = "make one with `mujaz build --shard 1/2 --output …`";
            Error::refused("join", folder, why, help)
        })?;
        Ok(Self { folder: folder.to_owned(), manifest })
    }

    /// A file, if it is whole.
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        let content = self.manifest.files.get(path)?;
        let bytes = fs::read(self.folder.join(path)).ok()?;
        (blake3::hash(&bytes) == content.blake3).then_some(bytes)
    }
}

/// A build that is being gathered beside its output folder.
pub struct Staging {
    output: PathBuf,
    folder: PathBuf,
    /// Whether there was anything in the output, where files may be the same.
    has_old: bool,
    /// What the last build has made.
    old: Manifest,
    /// Files of `old` as the last build has left them, by path; none where nobody knows.
    stamps: FxHashMap<String, FileStamp>,
    written: Mutex<Written>,
    /// Parts of the site that other machines have made.
    parts: Vec<Part>,
    /// Nobody else writes into the folder meanwhile.
    lock: Lock,
}

#[derive(Default)]
struct Written {
    files: FxHashMap<String, File>,
    error: Option<Error>,
}

/// A file that was gathered.
struct File {
    content: Content,
    /// Whether it is the same in the old folder.
    is_same: bool,
}

/// What a build is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The site that readers see.
    Public,
    /// A look at what is not public yet.
    Preview,
    /// A part of the site, for a build that joins parts.
    Part,
}

impl Purpose {
    /// Why it may not take the place of the public site, if it may not.
    fn not_in_public(self) -> Option<&'static str> {
        match self {
            Self::Public => None,
            Self::Preview => Some(
                "it holds the public site, and this build shows what is not public yet",
            ),
            Self::Part => {
                Some("it holds the public site, and this build is a part of one")
            }
        }
    }
}

/// Prepares to write into a folder. Where another build does so, `wait` is called and this
/// one waits.
///
/// # Errors
///
/// The folder is not empty and was not made by us; it is the site itself, a folder above
/// it, or part of its sources; it holds the public site and this is a preview or a part; or
/// the disk refuses.
pub fn stage(
    output: &Path,
    source: &Path,
    purpose: Purpose,
    wait: &mut (dyn FnMut() + Send),
) -> Result<Staging, Error> {
    let output = absolute(output)?;
    let source = absolute(source)?;
    check_output(&output, &source)?;
    let parent = output.parent().unwrap_or(&output);
    fs::create_dir_all(parent).map_err(|it| Error::io("make the folder", parent, it))?;
    let lock = Lock::of(&output, wait);
    if lock.is_held() {
        leftovers::remove(&output);
    }
    let name = output.file_name().unwrap_or_default().to_string_lossy();
    let old = read_manifest(&output);
    if let Some(old) = &old
        && !old.about.is_preview
        && old.about.shard.is_none()
        && let Some(why) = purpose.not_in_public()
    {
        let example = if name == "preview" { "draft-preview" } else { "preview" };
        let help = format!("name another folder, as in `--output {example}`");
        return Err(Error::refused("write into", &output, why, help));
    }
    let folder = make_staging(parent, &name)?;
    let old = old.unwrap_or_default();
    let has_old = output.exists();
    let (written, stamps, parts) = (Mutex::default(), FxHashMap::default(), Vec::new());
    Ok(Staging { output, folder, has_old, old, stamps, written, parts, lock })
}

/// Makes the folder in which a site is gathered. A killed build may have had our number, and
/// what it has left stays where the disk knows no locks.
fn make_staging(parent: &Path, name: &str) -> Result<PathBuf, Error> {
    let mut number = u64::from(std::process::id());
    loop {
        let folder = parent.join(format!(".{name}.mujaz-{number}"));
        match fs::create_dir(&folder) {
            Ok(()) => return Ok(folder),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                number += 1_000_000_000;
            }
            Err(error) => return Err(Error::io("make the folder", &folder, error)),
        }
    }
}

/// What the last build has made of a folder; nothing where it is not ours.
pub fn read_manifest(output: &Path) -> Option<Manifest> {
    Manifest::read(&manifest_bytes(output)?)
}

/// The bytes of a manifest. What somebody has put in its place may never end.
pub fn manifest_bytes(output: &Path) -> Option<Vec<u8>> {
    let path = output.join(MANIFEST);
    let about = path.symlink_metadata().ok()?;
    let is_manifest = about.is_file() && about.len() <= MAX_MANIFEST;
    is_manifest.then(|| fs::read(path).ok()).flatten()
}

/// An absolute path without `..`, symbolic links resolved as far as it exists.
fn absolute(path: &Path) -> Result<PathBuf, Error> {
    let path = std::path::absolute(path).map_err(|it| Error::io("find", path, it))?;
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            other => plain.push(other),
        }
    }
    let mut missing = Vec::new();
    let mut existing = plain.clone();
    while !existing.exists() {
        match (existing.file_name(), existing.parent()) {
            (Some(name), Some(parent)) => {
                missing.push(name.to_owned());
                existing = parent.to_owned();
            }
            _ => return Ok(plain),
        }
    }
    let mut real =
        existing.canonicalize().map_err(|it| Error::io("find", &existing, it))?;
    real.extend(missing.iter().rev());
    Ok(real)
}

/// Refuses every folder in which something of somebody else could be lost (row O1).
fn check_output(output: &Path, source: &Path) -> Result<(), Error> {
    let refuse = |why: &str| {
        let help = "name an empty folder, or one that does not exist, with `--output`";
        Err(Error::refused("write into", output, why, help))
    };
    if output.parent().is_none() || source.starts_with(output) {
        return refuse("the sources of the site are inside it");
    }
    let parts = ["content", "templates", "static", "src", ".git"];
    if parts.iter().any(|it| output.starts_with(source.join(it))) {
        return refuse("it is part of the sources of the site");
    }
    if !output.exists() {
        return Ok(());
    }
    if !output.is_dir() {
        return refuse("it is a file");
    }
    if output.join(MANIFEST).is_file() {
        return Ok(());
    }
    let mut entries = fs::read_dir(output).map_err(|it| Error::io("read", output, it))?;
    if entries.next().is_some() {
        return refuse("it is not empty and was not made by mujaz");
    }
    Ok(())
}

impl Sink for Staging {
    fn put(&self, path: &str, bytes: Vec<u8>) {
        let old = self.output.join(path);
        let is_same = self.has_old
            && check_inside(path).is_ok()
            // A link of somebody else may lead to the same bytes, and to others tomorrow.
            && fs::symlink_metadata(&old)
                .is_ok_and(|it| it.is_file() && it.len() == bytes.len() as u64)
            && fs::read(&old).is_ok_and(|it| it == bytes);
        let result = if is_same {
            Ok(())
        } else {
            check_inside(path).and_then(|()| write_new(&self.folder.join(path), &bytes))
        };
        let content = Content { blake3: blake3::hash(&bytes), size: bytes.len() as u64 };
        self.note(path, content, is_same, result);
    }

    fn copy(&self, path: &str, from: &Path) {
        match fs::read(from) {
            Ok(bytes) => self.put(path, bytes),
            Err(error) => {
                let content = Content { blake3: blake3::hash(&[]), size: 0 };
                self.note(path, content, true, Err(Error::io("read", from, error)));
            }
        }
    }

    fn keep(&self, path: &str) -> bool {
        if let Some(bytes) = self.parts.iter().find_map(|it| it.read(path)) {
            self.put(path, bytes);
            return true;
        }
        let known = self.stamps.get(path).filter(|_| check_inside(path).is_ok());
        let Some(known) = known.filter(|it| it.is_of(&within(&self.output, path))) else {
            return false;
        };
        self.note(path, known.content(), true, Ok(()));
        true
    }

    fn earlier(&self, path: &str) -> Option<Vec<u8>> {
        let known = self.stamps.get(path).filter(|_| check_inside(path).is_ok())?;
        let old = within(&self.output, path);
        let bytes = known.is_of(&old).then(|| fs::read(&old).ok()).flatten()?;
        // They become part of another file: what a disk has damaged would be ours.
        (blake3::hash(&bytes) == known.content().blake3).then_some(bytes)
    }

    fn size_of(&self, path: &str) -> Option<u64> {
        let written = self.written.lock();
        let written = written.expect("no thread panics while it holds the lock");
        written.files.get(path).map(|it| it.content.size)
    }

    fn make(&self, path: &str, make: &dyn Fn() -> Vec<u8>) {
        if self.keep(path) {
            return;
        }
        // A file that somebody has changed is made again.
        let kept = self.old.files.get(path).filter(|it| {
            let old = self.output.join(path);
            let is_file = fs::symlink_metadata(&old).is_ok_and(|it| it.is_file());
            is_file && fs::read(old).is_ok_and(|bytes| blake3::hash(&bytes) == it.blake3)
        });
        match kept {
            Some(content) => self.note(path, *content, true, Ok(())),
            None => self.put(path, make()),
        }
    }
}

/// Refuses a path that would leave the folder of the site (row R1), whoever has made it.
fn check_inside(path: &str) -> Result<(), Error> {
    let is_inside =
        Path::new(path).components().all(|it| matches!(it, Component::Normal(_)));
    if is_inside {
        return Ok(());
    }
    let why = "it would stand outside of the site";
    let help = "rename the file that it is made of";
    Err(Error::refused("write", Path::new(path), why, help))
}

fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    match fs::write(path, bytes) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            make_parent(path)?;
            fs::write(path, bytes).map_err(|it| Error::io("write", path, it))
        }
        other => other.map_err(|it| Error::io("write", path, it)),
    }
}

fn make_parent(path: &Path) -> Result<(), Error> {
    let parent = path.parent().unwrap_or(path);
    fs::create_dir_all(parent).map_err(|it| Error::io("make the folder", parent, it))
}

impl Staging {
    fn note(
        &self,
        path: &str,
        content: Content,
        is_same: bool,
        result: Result<(), Error>,
    ) {
        let mut written =
            self.written.lock().expect("no thread panics while it holds the lock");
        // One file of a unit may have been kept before another one could not be: then all
        // are made, and the last word counts.
        written.files.insert(path.to_owned(), File { content, is_same });
        if let Err(error) = result
            && written.error.is_none()
        {
            written.error = Some(error);
        }
    }

    /// Tells what is known of the files that the last build has left.
    #[must_use]
    pub fn with_stamps(self, stamps: FxHashMap<String, FileStamp>) -> Self {
        Self { stamps, ..self }
    }

    /// Takes files over from parts where they have them.
    #[must_use]
    pub fn with_parts(self, parts: Vec<Part>) -> Self {
        Self { parts, ..self }
    }

    /// Drops everything that was gathered; the site in place stays as it is.
    pub fn discard(self) {
        let _ = fs::remove_dir_all(&self.folder);
    }

    /// What the last build has made.
    pub fn old(&self) -> &Manifest {
        &self.old
    }

    /// Puts the gathered site in the place of the old one.
    ///
    /// # Errors
    ///
    /// The disk has refused one of the files, or refuses the exchange; the old site stays.
    pub fn publish(
        self,
        about: About,
        moved: BTreeMap<String, String>,
    ) -> Result<Placed, Error> {
        let Self { output, folder: staging, old, written, lock, stamps, .. } = self;
        let mut result = exchange(&output, &staging, &old, written, (about, moved));
        if let Ok(placed) = &mut result {
            placed.stamps = new_stamps(&output, &placed.manifest);
        }
        let _ = fs::remove_dir_all(&staging);
        drop(lock);
        // Nobody waits for what was known of the old site to be given back.
        rayon::spawn(move || drop((old, stamps)));
        result
    }
}

fn exchange(
    output: &Path,
    staging: &Path,
    old: &Manifest,
    written: Mutex<Written>,
    (about, moved): (About, BTreeMap<String, String>),
) -> Result<Placed, Error> {
    let Written { files, error } =
        written.into_inner().expect("no thread panics while it holds the lock");
    if let Some(error) = error {
        return Err(error);
    }
    let mut files: Vec<(String, File)> = files.into_iter().collect();
    files.par_sort_unstable_by(|a, b| a.0.cmp(&b.0));
    let is_same: Vec<bool> = files.iter().map(|it| it.1.is_same).collect();
    let n_changed = is_same.iter().filter(|it| !**it).count();
    let files = files.into_iter().map(|(path, it)| (path, it.content));
    let manifest = Manifest { files: files.collect(), about, moved };
    let files = &manifest.files;
    let (foreign, bytes) = rayon::join(
        || foreign_files(output, Ours { new: files, old: &old.files }),
        || manifest.to_bytes(),
    );
    let foreign = foreign?;
    check_foreign(&foreign, files)?;
    let (print, stamps) = (Fingerprint::of_bytes(&bytes), Vec::new());
    let placed = Placed { manifest, n_changed, foreign, print, stamps };
    let is_unchanged =
        n_changed == 0 && manifest_bytes(output).is_some_and(|it| it == bytes);
    if is_unchanged {
        return Ok(placed);
    }
    let same = placed.manifest.files.keys().zip(is_same).filter(|it| it.1);
    let same: Vec<&str> = same.map(|it| it.0.as_str()).collect();
    by_folder(&same).par_iter().try_for_each(|(folder, files)| {
        make_folder(&within(staging, folder))?;
        let mut files = files.iter();
        files.try_for_each(|it| keep(&within(output, it), &within(staging, it)))
    })?;
    let foreign = placed.foreign.par_iter();
    foreign.try_for_each(|path| keep(&output.join(path), &staging.join(path)))?;
    write_new(&staging.join(MANIFEST), &bytes)?;
    settle(staging)?;
    if output.exists() {
        let old_site = swap(staging, output)?;
        let ours = Ours { new: &placed.manifest.files, old: &old.files };
        let late = rescue(&old_site, output, &placed, ours);
        remove(&old_site, old, &late);
    } else {
        fs::rename(staging, output).map_err(|it| Error::io("rename", staging, it))?;
    }
    Ok(placed)
}

/// Waits until the disk has what was gathered, so that a machine that loses power at the
/// exchange has the old site or the new one, and no empty files.
fn settle(staging: &Path) -> Result<(), Error> {
    #[cfg(target_os = "linux")]
    {
        let folder =
            fs::File::open(staging).map_err(|it| Error::io("open", staging, it))?;
        rustix::fs::syncfs(&folder)
            .map_err(|it| Error::io("write", staging, it.into()))?;
    }
    #[cfg(not(target_os = "linux"))]
    {
        let marker = staging.join(MANIFEST);
        let file =
            fs::File::open(&marker).map_err(|it| Error::io("open", &marker, it))?;
        file.sync_all().map_err(|it| Error::io("write", &marker, it))?;
    }
    Ok(())
}

/// Removes the folder of an old site; whatever stays is in nobody's way. Never goes through a
/// link that somebody else has put there.
fn remove(site: &Path, old: &Manifest, foreign: &[PathBuf]) {
    let is_behind = |path: &str| foreign.iter().any(|it| Path::new(path).starts_with(it));
    let known = old.files.keys().map(String::as_str);
    let known: Vec<&str> = known.filter(|it| !is_behind(it)).collect();
    by_folder(&known).par_iter().for_each(|(folder, files)| {
        for file in *files {
            let _ = fs::remove_file(within(site, file));
        }
        // Most folders hold one page, and are empty now.
        if !folder.is_empty() {
            let _ = fs::remove_dir(within(site, folder));
        }
    });
    let _ = fs::remove_dir_all(site);
}

/// Paths in order, by the folder that they have in common, without a slash at its end. Those of
/// one folder come in several rows where others stand between them, or where they are many.
fn by_folder<'p, 'a>(paths: &'p [&'a str]) -> Vec<(&'a str, &'p [&'a str])> {
    let folder = |path: &'a str| path.rsplit_once('/').map_or("", |it| it.0);
    let rows = paths.chunk_by(|a, b| folder(a) == folder(b));
    let rows = rows.flat_map(|it| it.chunks(MANY_FILES));
    rows.map(|it| (folder(it[0]), it)).collect()
}

/// A path in a folder, made at once: there are tens of thousands.
pub fn within(folder: &Path, path: &str) -> PathBuf {
    let n_bytes = folder.as_os_str().len() + 1 + path.len();
    let mut within = PathBuf::with_capacity(n_bytes);
    within.push(folder);
    within.push(path);
    within
}

fn make_folder(path: &Path) -> Result<(), Error> {
    match fs::create_dir(path) {
        // Something of ours lies in it already; what is none of it does not link.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(path).map_err(|it| Error::io("make the folder", path, it))
        }
        other => other.map_err(|it| Error::io("make the folder", path, it)),
    }
}

/// The files of an output as they are now. A link changes what the system says of a file, so
/// that all are looked at.
fn new_stamps(output: &Path, manifest: &Manifest) -> Vec<Option<FileStamp>> {
    let stamp = |(path, content): (&String, &Content)| {
        FileStamp::of(content, &within(output, path).symlink_metadata().ok()?)
    };
    let files: Vec<_> = manifest.files.iter().collect();
    files.into_par_iter().map(stamp).collect()
}

/// Takes a file over into the new folder: the same file where the disk can link, so that
/// its time stays, else a copy.
fn keep(from: &Path, to: &Path) -> Result<(), Error> {
    match fs::hard_link(from, to) {
        Ok(()) => return Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            make_parent(to)?;
            if fs::hard_link(from, to).is_ok() {
                return Ok(());
            }
        }
        // Never through what stands there.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            return Err(Error::io("keep", from, error));
        }
        Err(_) => {}
    }
    fs::copy(from, to).map(|_| ()).map_err(|it| Error::io("copy", from, it))
}

/// Exchanges two folders in one step where the system can, else in two; says where the old
/// site lies then.
fn swap(staging: &Path, output: &Path) -> Result<PathBuf, Error> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        if renameat_with(CWD, staging, CWD, output, RenameFlags::EXCHANGE).is_ok() {
            return Ok(staging.to_owned());
        }
    }
    let mut aside = staging.as_os_str().to_owned();
    aside.push(ASIDE);
    let aside = PathBuf::from(aside);
    fs::rename(output, &aside).map_err(|error| match error.kind() {
        io::ErrorKind::ResourceBusy | io::ErrorKind::CrossesDevices => {
            let why = "it is a disk of its own, which cannot be exchanged";
            let help = "name a folder on it with `--output`, one level deeper";
            Error::refused("rename", output, why, help)
        }
        _ => Error::io("rename", output, error),
    })?;
    if let Err(error) = fs::rename(staging, output) {
        let _ = fs::rename(&aside, output);
        return Err(Error::io("rename", staging, error));
    }
    Ok(aside)
}
