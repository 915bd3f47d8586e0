//! What a build leaves for the next one: `.mujaz/cache` in the site folder.
//!
//! The cache is never needed: one that is missing, cut short, changed, of another program or of
//! another output is as good as none, and a folder that cannot be written gets none. It is
//! written under another name and renamed, so that a killed build or two at a time leave a
//! whole one; it names the manifest of the output that it belongs to, and what it says of a
//! file there is believed only while the file has the size and the time that it had.
#![expect(
    clippy::disallowed_methods,
    reason = "one of the stages that touch the disk: the cache is a file"
)]

pub mod parts;

use std::fs;
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use postcard::ser_flavors::{Flavor, Size};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::Built;
use crate::diag::{Diagnostic, Place, Severity, SourcePath, Span};
use crate::fingerprint::{ByteFingerprint, Fingerprint, program};
use crate::link::mentions::Mentions;
use crate::link::neighbours::Neighbours;
use crate::load::{Asset, stamp};
use crate::memo::{KeptTexts, Memo};
use crate::parse::kept::Kept;
use crate::render::data::GraphRows;
use crate::render::edition::Printed;
use crate::search::Words;
use crate::write::{FileStamp, Placed, manifest_bytes, within};

/// Folder of everything that mujaz keeps for itself in a site folder.
const FOLDER: &str = ".mujaz";

/// Counts up when the form of the file changes.
const VERSION: u64 = 4;

/// How many outputs of a site have caches.
const N_CACHES: usize = 4;

/// Bytes of the checksum at the end of the file.
const N_CHECKSUM: usize = 16;

/// The cache of one site and one output.
#[derive(Debug)]
pub struct Cache {
    file: PathBuf,
    output: PathBuf,
    head: u128,
}

/// What the last build has left.
#[derive(Debug, Default)]
pub struct Found {
    /// What it has found in texts, and which files it has made of what.
    pub memo: Memo,
    /// Files of the output as it has left them, by path.
    pub files: FxHashMap<String, FileStamp>,
    /// What it was made from, and what became of it.
    stand: Option<Stand>,
}

/// What a build was made from, and what became of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Stand {
    /// A fingerprint of everything that was read.
    whole: u128,
    /// Moments between which it makes the same site, in seconds.
    moments: (i64, i64),
    diagnostics: Vec<Wrong>,
    counts: [usize; 3],
}

/// A diagnostic in the file.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Wrong {
    code: String,
    is_error: bool,
    message: String,
    place: Option<(String, u32, u32)>,
    related: Vec<((String, u32, u32), String)>,
    help: Option<String>,
}

/// What is kept of a file: its fingerprint, its YAML, its text, whether that is printable, what
/// is wrong with it.
type Text<B> = (u128, B, B, bool, Vec<Wrong>);

#[derive(Serialize)]
struct Written<'a> {
    head: u128,
    /// A fingerprint of the manifest of the output.
    output: u128,
    stand: Option<Stand>,
    files: Vec<(&'a str, &'a FileStamp)>,
    printed: Vec<(u128, &'a Printed)>,
    mentions: Vec<(u128, &'a Mentions)>,
    /// A fingerprint of what decides about them, `KeptTexts::config`.
    config: u128,
    texts: Vec<Text<&'a [u8]>>,
    neighbours: Option<&'a Neighbours>,
    graph: &'a GraphRows,
}

#[derive(Deserialize)]
struct Read<'a> {
    head: u128,
    output: u128,
    stand: Option<Stand>,
    files: Vec<(String, FileStamp)>,
    printed: Vec<(u128, Printed)>,
    mentions: Vec<(u128, Mentions)>,
    config: u128,
    #[serde(borrow)]
    texts: Vec<Text<&'a [u8]>>,
    neighbours: Option<Neighbours>,
    graph: GraphRows,
}

/// Bytes of the length of the words of the search, which are the first part of the file; all
/// the rest is the second one.
const N_LENGTH: usize = 8;

/// All that a build reads and that is not among the fingerprints of texts.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    /// Files that are copied.
    pub assets: &'a [Asset],
    /// The moment of the build.
    pub now: jiff::Timestamp,
    /// A fingerprint of everything, taken before the files that are copied were read; nothing
    /// where their times cannot be relied on.
    pub whole: Option<u128>,
}

impl<'a> Inputs<'a> {
    /// What a build is about to read.
    pub fn of(texts: u128, assets: &'a [Asset], now: jiff::Timestamp) -> Self {
        Self { assets, now, whole: whole(texts, assets) }
    }
}

impl Cache {
    /// The cache for building the site in a folder into another one.
    pub fn of(source: &Path, output: &Path) -> Self {
        let absolute = std::path::absolute(output).unwrap_or_else(|_| output.to_owned());
        let name = Fingerprint::of(&absolute.to_string_lossy());
        let file = source.join(FOLDER).join("cache").join(format!("{name:032x}"));
        let head = Fingerprint::new().hash(program()).number(VERSION).done();
        Self { file, output: output.to_owned(), head }
    }

    /// Reads what the last build has left; nothing where that cannot be relied on.
    pub fn read(&self) -> Found {
        self.try_read().unwrap_or_default()
    }

    fn try_read(&self) -> Option<Found> {
        // Something else in its place might never end.
        self.file.symlink_metadata().ok().filter(fs::Metadata::is_file)?;
        let bytes = fs::read(&self.file).ok()?;
        let (parts, sum) = bytes.split_last_chunk::<N_CHECKSUM>()?;
        let (length, parts) = parts.split_first_chunk::<N_LENGTH>()?;
        let length = u64::from_le_bytes(*length);
        let (words, rest) = parts.split_at_checked(usize::try_from(length).ok()?)?;
        let prints = [words, rest].map(Fingerprint::of_bytes);
        if checksum_of(length, prints) != *sum {
            return None;
        }
        let (words, rest) = rayon::join(
            || postcard::from_bytes::<Vec<Words>>(words).ok(),
            || postcard::from_bytes::<Read<'_>>(rest).ok(),
        );
        let (words, rest) = words.zip(rest)?;
        let Read { head, output, stand, files, printed, mentions, .. } = rest;
        let Read { config, texts, neighbours, graph, .. } = rest;
        if head != self.head {
            return None;
        }
        let mentions = mentions.into_iter().map(|(key, it)| (key, Arc::new(it)));
        let mut found = Found::default();
        found.memo.mentions = mentions.collect();
        found.memo.words = words;
        found.memo.neighbours = neighbours;
        found.memo.texts = KeptTexts { config, files: kept_of(&texts) };
        // What was found in texts holds whatever has become of the output.
        if self.manifest() == Some(output) {
            found.memo.graph = graph;
            found.memo.printed = printed.into_iter().collect();
            found.files = files.into_iter().collect();
            found.stand = stand;
        }
        Some(found)
    }

    /// A fingerprint of the manifest of the output.
    fn manifest(&self) -> Option<u128> {
        Some(Fingerprint::of_bytes(&manifest_bytes(&self.output)?))
    }

    /// Leaves something for the next build. Nothing of this is needed, so what the disk
    /// refuses is not told.
    pub fn write(
        &self,
        memo: &Memo,
        placed: &Placed,
        texts: u128,
        inputs: Inputs<'_>,
        built: &Built,
    ) {
        // Another build may have taken the place of this one already; then nobody finds its
        // manifest, and nobody believes this.
        let output = placed.print;
        let files = placed.manifest.files.keys().zip(&placed.stamps);
        let files = files.filter_map(|(path, it)| Some((path.as_str(), it.as_ref()?)));
        let files: Vec<(&str, &FileStamp)> = files.collect();
        let is_complete = files.len() == placed.manifest.files.len();
        let mut mentions: Vec<(u128, &Mentions)> =
            memo.mentions.iter().map(|(key, it)| (*key, &**it)).collect();
        mentions.sort_unstable_by_key(|it| it.0);
        let mut printed: Vec<(u128, &Printed)> =
            memo.printed.iter().map(|(key, it)| (*key, it)).collect();
        printed.sort_unstable_by_key(|it| it.0);
        let written = Written {
            head: self.head,
            output,
            stand: stand(texts, inputs, built).filter(|_| is_complete),
            files,
            printed,
            mentions,
            config: memo.texts.config,
            texts: written_of(&memo.texts),
            neighbours: memo.neighbours.as_ref(),
            graph: &memo.graph,
        };
        let _ = self.replace(&memo.words, &written);
    }

    /// Puts a file of these parts into the place of the last one.
    fn replace(&self, words: &[Words], rest: &Written<'_>) -> std::io::Result<()> {
        let folder = self.file.parent().unwrap_or(&self.file);
        let ours = folder.parent().unwrap_or(folder);
        if ours.is_symlink() || folder.is_symlink() {
            // It leads to a folder of somebody else.
            return Ok(());
        }
        fs::create_dir_all(folder)?;
        let ignore = ours.join(".gitignore");
        // A full disk may have left an empty one.
        if ignore.metadata().map_or(true, |it| it.len() == 0) {
            fs::write(ignore, "*\n")?;
        }
        remove_oldest(folder);
        let new = self.file.with_extension(std::process::id().to_string());
        let result = write_parts(&new, words, rest);
        let result = result.and_then(|()| fs::rename(&new, &self.file));
        if result.is_err() {
            let _ = fs::remove_file(&new);
        }
        result
    }
}

/// Writes both parts of a cache side by side. Neither is ever in memory as a whole: a build is
/// at its largest when it writes its cache.
fn write_parts(path: &Path, words: &[Words], rest: &Written<'_>) -> io::Result<()> {
    let length = postcard::serialize_with_flavor(words, Size::default());
    let length = length.map_err(io::Error::other)? as u64;
    let mut file = fs::File::create(path)?;
    let mut end = fs::OpenOptions::new().write(true).open(path)?;
    file.write_all(&length.to_le_bytes())?;
    end.seek(SeekFrom::Start(N_LENGTH as u64 + length))?;
    let (words, rest) = rayon::join(
        || Stream::new(&mut file).write(words),
        || Stream::new(&mut end).write(rest),
    );
    end.write_all(&checksum_of(length, [words?, rest?]))
}

/// Writes a value into a file, and takes its fingerprint on the way.
struct Stream<'a> {
    file: &'a mut fs::File,
    waiting: Vec<u8>,
    print: ByteFingerprint,
}

impl<'a> Stream<'a> {
    /// So many bytes are written at once.
    const MANY: usize = 1 << 18;

    fn new(file: &'a mut fs::File) -> Self {
        let waiting = Vec::with_capacity(Self::MANY);
        Self { file, waiting, print: ByteFingerprint::default() }
    }

    fn write<T: Serialize + ?Sized>(self, value: &T) -> io::Result<u128> {
        postcard::serialize_with_flavor(value, self).map_err(io::Error::other)
    }

    fn flush(&mut self) -> postcard::Result<()> {
        self.print.add(&self.waiting);
        let written = self.file.write_all(&self.waiting);
        self.waiting.clear();
        // It has no word of its own for a disk that refuses.
        written.map_err(|_| postcard::Error::SerializeBufferFull)
    }
}

impl Flavor for Stream<'_> {
    type Output = u128;

    fn try_extend(&mut self, bytes: &[u8]) -> postcard::Result<()> {
        if Self::MANY < self.waiting.len() + bytes.len() {
            self.flush()?;
        }
        self.waiting.extend_from_slice(bytes);
        Ok(())
    }

    fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
        if Self::MANY <= self.waiting.len() {
            self.flush()?;
        }
        self.waiting.push(byte);
        Ok(())
    }

    fn finalize(mut self) -> postcard::Result<u128> {
        self.flush()?;
        Ok(self.print.done())
    }
}

/// Removes caches of outputs that nobody builds any more, and what killed builds have left:
/// all but the newest few.
fn remove_oldest(folder: &Path) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<_> = entries
        .filter_map(|it| Some((it.metadata().ok()?.modified().ok()?, it.path())))
        .collect();
    files.sort();
    for (_, file) in files.iter().rev().skip(N_CACHES) {
        let _ = fs::remove_file(file);
    }
}

impl Found {
    /// What the last build has found and made, if a build of these inputs would find and make
    /// the same, and its files are as it has left them.
    pub fn same(&self, inputs: Inputs<'_>, output: &Path) -> Option<Built> {
        let stand = self.stand.as_ref()?;
        let (from, until) = stand.moments;
        let now = inputs.now.as_second();
        if inputs.whole != Some(stand.whole) || now < from || until <= now {
            return None;
        }
        let files: Vec<_> = self.files.iter().collect();
        let is_intact =
            files.par_iter().all(|(path, stamp)| stamp.is_of(&within(output, path)));
        let [n_briefings, n_topics, n_pages] = stand.counts;
        is_intact.then(|| Built {
            diagnostics: stand.diagnostics.iter().map(Wrong::to_diagnostic).collect(),
            n_briefings,
            n_topics,
            n_pages,
            ..Built::default()
        })
    }
}

/// What is kept of files, in the order of their fingerprints.
fn written_of(texts: &KeptTexts) -> Vec<Text<&[u8]>> {
    let all = texts.files.iter().map(|(key, it)| {
        let Kept { header, text, is_printable, diagnostics } = &**it;
        let wrong = diagnostics.iter().map(Wrong::of).collect();
        (*key, &**header, &**text, *is_printable, wrong)
    });
    let mut all: Vec<Text<&[u8]>> = all.collect();
    all.sort_unstable_by_key(|it| it.0);
    all
}

/// The same as it was before it was written.
fn kept_of<B: AsRef<[u8]>>(texts: &[Text<B>]) -> FxHashMap<u128, Arc<Kept>> {
    let all = texts.iter().map(|(key, header, text, is_printable, wrong)| {
        let kept = Kept {
            header: header.as_ref().into(),
            text: text.as_ref().into(),
            is_printable: *is_printable,
            diagnostics: wrong.iter().map(Wrong::to_diagnostic).collect(),
        };
        (*key, Arc::new(kept))
    });
    all.collect()
}

/// The checksum of a cache: of the length of its first part, and of both parts.
fn checksum_of(length: u64, [words, rest]: [u128; 2]) -> [u8; N_CHECKSUM] {
    Fingerprint::new().number(length).hash(words).hash(rest).done().to_le_bytes()
}

/// A fingerprint of everything that is read.
fn whole(texts: u128, assets: &[Asset]) -> Option<u128> {
    Some(Fingerprint::new().hash(texts).hash(stamp(assets)?).done())
}

/// What a build was made from, unless a file that is copied has changed since it began, or
/// just before, so that its next change may leave its time as it is.
fn stand(texts: u128, inputs: Inputs<'_>, built: &Built) -> Option<Stand> {
    // Times of files are too coarse to tell two changes of one moment apart.
    const MOMENT: Duration = Duration::from_secs(2);
    let is_old = |it: &Asset| {
        let age = it.disk.symlink_metadata().ok()?.modified().ok()?.elapsed();
        Some(age.is_ok_and(|it| MOMENT < it))
    };
    let same = inputs.whole.filter(|it| whole(texts, inputs.assets) == Some(*it))?;
    if !inputs.assets.iter().all(|it| is_old(it) == Some(true)) {
        return None;
    }
    Some(Stand {
        whole: same,
        moments: (inputs.now.as_second(), built.same_until?.as_second()),
        diagnostics: built.diagnostics.iter().map(Wrong::of).collect(),
        counts: [built.n_briefings, built.n_topics, built.n_pages],
    })
}

impl Wrong {
    fn of(it: &Diagnostic) -> Self {
        let place =
            |it: &Place| (it.path.as_str().to_owned(), it.span.start, it.span.end);
        Self {
            code: it.code.to_owned(),
            is_error: it.severity == Severity::Error,
            message: it.message.clone(),
            place: it.place.as_ref().map(place),
            related: it.related.iter().map(|(at, it)| (place(at), it.clone())).collect(),
            help: it.help.clone(),
        }
    }

    fn to_diagnostic(&self) -> Diagnostic {
        let place = |(path, start, end): &(String, u32, u32)| Place {
            path: SourcePath::new(path),
            span: Span { start: *start, end: *end },
        };
        Diagnostic {
            code: code(&self.code),
            severity: if self.is_error { Severity::Error } else { Severity::Warning },
            message: self.message.clone(),
            place: self.place.as_ref().map(place),
            related: self
                .related
                .iter()
                .map(|(at, it)| (place(at), it.clone()))
                .collect(),
            help: self.help.clone(),
        }
    }
}

/// A code as a text of the program. There are some dozens of them, each kept once for the life
/// of a process that ends soon.
fn code(code: &str) -> &'static str {
    static CODES: LazyLock<Mutex<FxHashMap<String, &'static str>>> =
        LazyLock::new(Mutex::default);
    let mut codes = CODES.lock().expect("no thread panics while it holds the lock");
    codes.entry(code.to_owned()).or_insert_with(|| Box::leak(code.into()))
}

#[cfg(test)]
mod tests {
    use super::Stream;
    use crate::fingerprint::Fingerprint;

    #[test]
    fn what_is_written_piece_by_piece_is_what_is_written_at_once() {
        // Bytes one by one, texts, and one that is longer than what waits.
        let numbers: Vec<u32> = (0..200_000).collect();
        let texts = vec!["نص".repeat(1_000); 40];
        let value = (numbers, texts, "ا".repeat(Stream::MANY), 7_u8);
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        let mut file = super::fs::File::create(&path).unwrap();
        let print = Stream::new(&mut file).write(&value).unwrap();
        let bytes = super::fs::read(&path).unwrap();
        assert!(bytes == postcard::to_allocvec(&value).unwrap());
        assert_eq!(print, Fingerprint::of_bytes(&bytes));
    }
}
