//! Fingerprints: whether something is what it was in an earlier build.
//!
//! A fingerprint is the beginning of a BLAKE3 hash over values that are each written with
//! their length, so that no two lists of values read alike. 128 bits are enough for what
//! nobody has an interest in forging: the cache of a desk's own machine.

use std::sync::Arc;

use rustc_hash::FxHashMap;

/// So many bytes are hashed sooner by several threads than by one.
const MANY: usize = 1 << 20;

/// So many bytes wait until they are hashed: BLAKE3 hashes several kilobytes at once much
/// faster than value by value, and most fingerprints have no more.
const N_WAITING: usize = 1 << 14;

/// A hash in the making.
#[derive(Clone, Default)]
pub struct Fingerprint {
    waiting: Vec<u8>,
    /// Of what has waited before.
    hashed: Option<Box<blake3::Hasher>>,
}

impl std::fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Fingerprint").finish()
    }
}

impl Fingerprint {
    /// Of nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.number(text.len() as u64).add(text.as_bytes())
    }

    /// Adds a text that may be missing.
    pub fn optional(&mut self, text: Option<&str>) -> &mut Self {
        match text {
            Some(text) => self.number(1).text(text),
            None => self.number(0),
        }
    }

    /// Adds a number.
    pub fn number(&mut self, number: u64) -> &mut Self {
        self.add(&number.to_le_bytes())
    }

    /// Adds a fingerprint.
    pub fn hash(&mut self, hash: u128) -> &mut Self {
        self.add(&hash.to_le_bytes())
    }

    fn add(&mut self, bytes: &[u8]) -> &mut Self {
        if N_WAITING < self.waiting.len() + bytes.len() {
            let hashed = self.hashed.get_or_insert_default();
            hashed.update(&self.waiting);
            self.waiting.clear();
            if N_WAITING < bytes.len() {
                hashed.update(bytes);
                return self;
            }
        }
        self.waiting.extend_from_slice(bytes);
        self
    }

    /// The fingerprint.
    pub fn done(&self) -> u128 {
        let hash = match &self.hashed {
            None => blake3::hash(&self.waiting),
            Some(hashed) => hashed.clone().update(&self.waiting).finalize(),
        };
        beginning(hash)
    }

    /// The fingerprint of some bytes.
    pub fn of_bytes(bytes: &[u8]) -> u128 {
        let mut all = ByteFingerprint::default();
        all.add(bytes);
        all.done()
    }

    /// The fingerprint of one text.
    pub fn of(text: &str) -> u128 {
        Self::new().text(text).done()
    }
}

/// The beginning of a hash.
fn beginning(hash: blake3::Hash) -> u128 {
    let (halves, _) = hash.as_bytes().as_chunks();
    u128::from_le_bytes(halves[0])
}

/// The fingerprint of bytes that come piece by piece.
#[derive(Debug, Default)]
pub struct ByteFingerprint {
    all: blake3::Hasher,
    length: u64,
}

impl ByteFingerprint {
    /// Adds the bytes that follow.
    pub fn add(&mut self, bytes: &[u8]) {
        if MANY < bytes.len() {
            self.all.update_rayon(bytes);
        } else {
            self.all.update(bytes);
        }
        self.length += bytes.len() as u64;
    }

    /// The fingerprint, that of `Fingerprint::of_bytes` for all of them.
    pub fn done(mut self) -> u128 {
        // Their number stands behind them: BLAKE3 is fastest for long bytes at its beginning.
        beginning(self.all.update(&self.length.to_le_bytes()).finalize())
    }
}

/// What decides about the content of a briefing.
#[derive(Debug, Clone, Copy)]
pub struct FilePrints<'a> {
    /// A fingerprint of the settings, and of all topics, authors, series and pages.
    pub settings: u128,
    /// Fingerprints of the files of each briefing, by its id.
    pub briefings: &'a FxHashMap<Arc<str>, u128>,
}

/// What a build is to know for the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeps {
    /// Nothing.
    Nothing,
    /// What fits on the disk in few bytes.
    OnDisk,
    /// All that was made of each file, for one in this process.
    InProcess,
}

/// The program: its sources, its own theme, and its dependencies. Another one may make
/// something else of the same texts.
pub fn program() -> u128 {
    Fingerprint::new().text(env!("CARGO_PKG_VERSION")).text(env!("MUJAZ_SOURCES")).done()
}

#[cfg(test)]
mod tests {
    use super::{ByteFingerprint, Fingerprint, N_WAITING};

    #[test]
    fn values_that_wait_are_hashed_like_those_that_do_not() {
        for n in [0, 1, N_WAITING - 9, N_WAITING - 8, N_WAITING, 3 * N_WAITING] {
            let text = "ا".repeat(n / 2) + "a";
            let mut all = blake3::Hasher::new();
            let mut fingerprint = Fingerprint::new();
            for text in [&text, "b", &text] {
                fingerprint.text(text);
                all.update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
            }
            let expected = all.finalize();
            let done = fingerprint.done().to_le_bytes();
            assert_eq!(done, expected.as_bytes()[..16], "{n}");
        }
    }

    #[test]
    fn values_do_not_run_into_each_other() {
        let of = |texts: &[&str]| {
            let mut all = Fingerprint::new();
            for text in texts {
                all.text(text);
            }
            all.done()
        };
        assert_eq!(of(&["ab", "c"]), of(&["ab", "c"]));
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
        assert_ne!(of(&["ab"]), of(&["ab", ""]));
        let mut pieces = ByteFingerprint::default();
        pieces.add(b"a");
        pieces.add(b"b");
        assert_eq!(pieces.done(), Fingerprint::of_bytes(b"ab"));
        assert_ne!(
            Fingerprint::new().optional(None).done(),
            Fingerprint::new().optional(Some("")).done()
        );
    }
}
