//! What machines that build one site together hand to each other: the index, which is made
//! once, and what each part has made of which units.
//!
//! Both are files with a checksum and the hash of the program that has written them. Unlike the
//! cache they are named by the user, so one that cannot be used is told and not passed over.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::cache::{N_CHECKSUM, Text, VERSION, kept_of, written_of};
use crate::error::Error;
use crate::fingerprint::{Fingerprint, program};
use crate::link::mentions::Mentions;
use crate::memo::{KeptTexts, Memo};
use crate::render::Sink;
use crate::render::edition::Printed;
use crate::search::Words;

/// Name of the file, in the output of a part, that says what it has made.
pub const RECORD: &str = ".mujaz-part";

/// What all parts share.
#[derive(Debug)]
pub struct Index {
    /// The moment that all parts are built for.
    pub now: Timestamp,
    /// Whether that moment was still to come when the index was made.
    pub is_ahead: bool,
    /// The moment that files may name, where one was given.
    pub stamp: Option<Timestamp>,
    /// The address of the site, where the command line has named one.
    pub base_url: Option<String>,
    /// Mentions, words of the search, and what is kept of texts.
    pub memo: Memo,
}

/// Seconds and nanoseconds since 1970.
type Moment = (i64, i32);

#[derive(Serialize)]
struct WrittenIndex<'a> {
    now: Moment,
    is_ahead: bool,
    stamp: Option<Moment>,
    base_url: Option<&'a str>,
    mentions: Vec<(u128, &'a Mentions)>,
    words: &'a [Words],
    config: u128,
    texts: Vec<Text<&'a [u8]>>,
}

#[derive(Deserialize)]
struct ReadIndex {
    now: Moment,
    is_ahead: bool,
    stamp: Option<Moment>,
    base_url: Option<String>,
    mentions: Vec<(u128, Mentions)>,
    words: Vec<Words>,
    config: u128,
    texts: Vec<Text<Vec<u8>>>,
}

impl Index {
    /// The bytes of the file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let memo = &self.memo;
        let mut mentions: Vec<(u128, &Mentions)> =
            memo.mentions.iter().map(|(key, it)| (*key, &**it)).collect();
        mentions.sort_unstable_by_key(|it| it.0);
        let moment = |it: Timestamp| (it.as_second(), it.subsec_nanosecond());
        let (now, stamp) = (moment(self.now), self.stamp.map(moment));
        let base_url = self.base_url.as_deref();
        let (is_ahead, words) = (self.is_ahead, &*memo.words);
        sealed(&WrittenIndex {
            now,
            is_ahead,
            stamp,
            base_url,
            mentions,
            words,
            config: memo.texts.config,
            texts: written_of(&memo.texts),
        })
    }

    /// Reads the file.
    ///
    /// # Errors
    ///
    /// The disk refuses, the file is damaged, or another program has written it.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let read: ReadIndex = open(path)?;
        let ReadIndex { now, is_ahead, stamp, base_url, mentions, words, .. } = read;
        let texts = KeptTexts { config: read.config, files: kept_of(&read.texts) };
        let moment = |(second, nanosecond)| {
            Timestamp::new(second, nanosecond).map_err(|_| damaged(path))
        };
        let (now, stamp) = (moment(now)?, stamp.map(moment).transpose()?);
        let mentions = mentions.into_iter().map(|(key, it)| (key, Arc::new(it)));
        let memo = Memo { mentions: mentions.collect(), words, texts, ..Memo::default() };
        Ok(Self { now, is_ahead, stamp, base_url, memo })
    }
}

/// Leaves in the output of a part what it has made.
pub fn put_record(memo: &Memo, sink: &dyn Sink) {
    let mut printed: Vec<(u128, &Printed)> =
        memo.printed.iter().map(|(key, it)| (*key, it)).collect();
    printed.sort_unstable_by_key(|it| it.0);
    sink.put(RECORD, sealed(&printed));
}

/// Reads what the part in a folder has made.
///
/// # Errors
///
/// The folder holds no part, a damaged one, or one that another program has made.
pub fn read_record(folder: &Path) -> Result<Vec<(u128, Printed)>, Error> {
    open(&folder.join(RECORD))
}

fn sealed(value: &impl Serialize) -> Vec<u8> {
    let head = Fingerprint::new().hash(program()).number(VERSION).done();
    let mut bytes = postcard::to_allocvec(&(head, value))
        .expect("numbers and texts always have a form");
    let sum = checksum(&bytes);
    bytes.extend(sum);
    bytes
}

/// The bytes before the checksum, if it is theirs.
fn checked(bytes: &[u8]) -> Option<&[u8]> {
    let (bytes, sum) = bytes.split_last_chunk()?;
    (checksum(bytes) == *sum).then_some(bytes)
}

fn checksum(bytes: &[u8]) -> [u8; N_CHECKSUM] {
    Fingerprint::of_bytes(bytes).to_le_bytes()
}

#[expect(clippy::disallowed_methods, reason = "parts are files that a user names")]
fn open<T: for<'d> Deserialize<'d>>(path: &Path) -> Result<T, Error> {
    let bytes = std::fs::read(path).map_err(|it| Error::io("read", path, it))?;
    let read = checked(&bytes).map(postcard::take_from_bytes::<u128>);
    let Some(Ok((head, rest))) = read else {
        return Err(damaged(path));
    };
    if head != Fingerprint::new().hash(program()).number(VERSION).done() {
        let help = "run the same `mujaz` on all machines";
        let why = "another version of mujaz has written it";
        return Err(Error::refused("use", path, why, help));
    }
    postcard::from_bytes(rest).map_err(|_| damaged(path))
}

fn damaged(path: &Path) -> Error {
    Error::refused("use", path, "it is damaged", "make it again, or copy it again")
}
