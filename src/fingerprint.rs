//! Fingerprints: whether something is what it was in an earlier build.
//!
//! A fingerprint is the beginning of a BLAKE3 hash over values that are each written with
//! their length, so that no two lists of values read alike. 128 bits are enough for what
//! nobody has an interest in forging: the cache of a desk's own machine.

use std::sync::Arc;

use rustc_hash::FxHashMap;

/// A hash in the making.
#[derive(Clone, Default)]
pub struct Fingerprint(blake3::Hasher);

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
        self.number(text.len() as u64);
        self.0.update(text.as_bytes());
        self
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
        self.0.update(&number.to_le_bytes());
        self
    }

    /// Adds a fingerprint.
    pub fn hash(&mut self, hash: u128) -> &mut Self {
        self.0.update(&hash.to_le_bytes());
        self
    }

    /// The fingerprint.
    pub fn done(&self) -> u128 {
        let mut bytes = [0; 16];
        self.0.finalize_xof().fill(&mut bytes);
        u128::from_le_bytes(bytes)
    }

    /// The fingerprint of some bytes.
    pub fn of_bytes(bytes: &[u8]) -> u128 {
        Self::of_parts(&[bytes])
    }

    /// The fingerprint of some bytes that lie at several places.
    pub fn of_parts(parts: &[&[u8]]) -> u128 {
        let mut all = Self::new();
        all.number(parts.iter().map(|it| it.len() as u64).sum());
        for part in parts {
            all.0.update(part);
        }
        all.done()
    }

    /// The fingerprint of one text.
    pub fn of(text: &str) -> u128 {
        Self::new().text(text).done()
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
    use super::Fingerprint;

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
        assert_eq!(Fingerprint::of_parts(&[b"a", b"b"]), Fingerprint::of_bytes(b"ab"));
        assert_ne!(
            Fingerprint::new().optional(None).done(),
            Fingerprint::new().optional(Some("")).done()
        );
    }
}
