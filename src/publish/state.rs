//! What stands on a host: which files are ours, and what they replaced.
//!
//! One object, `.mujaz-deploy.json`, says it; nothing that it does not name is ever touched.
//! While a deploy is at work a second one, `.mujaz-deploy.pending.json`, names the paths
//! that it may have changed, so that the next one knows what to look at when it was cut.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// Name of the state.
pub const STATE: &str = ".mujaz-deploy.json";

/// Name of what a deploy at work leaves.
pub const PENDING: &str = ".mujaz-deploy.pending.json";

/// Name of the lock.
pub const LOCK: &str = ".mujaz-deploy.lock";

/// Folder of copies of what was replaced, each named by its hash.
pub const COPIES: &str = ".mujaz/previous/";

/// The form of the state that this program writes.
const VERSION: u32 = 1;

/// Hash and size of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Print {
    /// BLAKE3 hash of its bytes.
    pub blake3: String,
    /// Its size in bytes.
    pub size: u64,
}

impl Print {
    /// The print of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        let blake3 = blake3::hash(bytes).to_hex().to_string();
        Self { blake3, size: bytes.len() as u64 }
    }
}

/// A file that is no longer part of the site and still there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retired {
    /// Since when, in RFC 3339.
    pub since: String,
    /// What it is.
    #[serde(flatten)]
    pub print: Print,
}

/// A site as it was published at some time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Edition {
    /// Its files.
    pub files: BTreeMap<String, Print>,
    /// The address of each page, by its id.
    pub pages: BTreeMap<String, String>,
    /// Old addresses of pages, and where each page is now.
    pub moved: BTreeMap<String, String>,
    /// The newest public moment of its content, in RFC 3339.
    pub newest: Option<String>,
}

/// Everything known about a host.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    /// What this file is, for people who find it.
    pub about: String,
    /// Hashes of the copies under `COPIES`.
    pub copies: BTreeSet<String>,
    /// Counts deploys.
    pub generation: u64,
    /// The site that is there.
    pub now: Edition,
    /// The site before the last deploy.
    pub previous: Option<Edition>,
    /// Files of earlier sites that wait to be deleted.
    pub retired: BTreeMap<String, Retired>,
    /// The form of this file.
    pub version: u32,
}

/// What a deploy that is at work may have changed, and what it may have copied.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Pending {
    /// Hashes of copies.
    pub copies: BTreeSet<String>,
    /// Which deploy it was.
    pub id: String,
    /// Paths with what should stand there.
    pub files: BTreeMap<String, Print>,
}

impl State {
    /// Reads a state.
    ///
    /// # Errors
    ///
    /// Says in a sentence that it cannot be read, or was written by a newer program.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let mut state: Self = serde_json::from_slice(bytes)
            .map_err(|it| format!("`{STATE}` there is damaged, line {}", it.line()))?;
        if state.version == 0 {
            return Err(format!("`{STATE}` there is damaged: it names no version"));
        }
        if VERSION < state.version {
            return Err(format!("`{STATE}` there was written by a newer mujaz"));
        }
        // The file may have come from anybody: what it names is ours only inside the site.
        let editions = [Some(&mut state.now), state.previous.as_mut()];
        for edition in editions.into_iter().flatten() {
            edition.files.retain(|path, it| is_path(path) && is_hash(&it.blake3));
            edition.pages.retain(|_, address| is_path(&file_of(address)));
            edition
                .moved
                .retain(|was, is| is_path(&file_of(was)) && is_path(&file_of(is)));
        }
        state.retired.retain(|path, _| is_path(path));
        state.copies.retain(|it| is_hash(it));
        Ok(state)
    }

    /// The state as it is written, the same bytes for the same state.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut state = self.clone();
        let about = "written by `mujaz deploy`; do not edit or delete: this file says \
                       which files here are its own";
        about.clone_into(&mut state.about);
        state.version = VERSION;
        to_bytes(&state)
    }
}

impl Pending {
    /// Reads what a deploy has left; nothing where it cannot be read.
    pub fn parse(bytes: &[u8]) -> Self {
        let mut pending: Self = serde_json::from_slice(bytes).unwrap_or_default();
        pending.files.retain(|path, _| is_path(path));
        pending.copies.retain(|it| is_hash(it));
        pending
    }

    /// The bytes of it.
    pub fn to_bytes(&self) -> Vec<u8> {
        to_bytes(self)
    }
}

fn to_bytes(value: &impl Serialize) -> Vec<u8> {
    let mut bytes =
        serde_json::to_vec_pretty(value).expect("texts and numbers always have a form");
    bytes.push(b'\n');
    bytes
}

/// Where the copy of a file with this hash stands.
pub fn copy_of(hash: &str) -> String {
    format!("{COPIES}{hash}")
}

/// Whether a text can be the path of a file of a site: inside its folder, and none of
/// those that we keep for ourselves.
pub fn is_path(path: &str) -> bool {
    let is_plain = |it: &str| {
        !matches!(it, "" | "." | "..") && !it.contains(['\\', '\0']) && it != ".git"
    };
    path.split('/').all(is_plain) && !path.starts_with(".mujaz")
}

fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'))
}

/// The path of the file that a browser gets for an address without leading slash.
pub fn file_of(address: &str) -> String {
    if address.is_empty() || address.ends_with('/') {
        format!("{address}index.html")
    } else {
        address.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn u7_a_state_names_nothing_outside_the_site() {
        let print = Print::of(b"x");
        for path in [
            "../x",
            "/etc/x",
            "a/../../x",
            "a//b",
            "",
            ".mujaz-deploy.lock",
            ".git/config",
        ] {
            let mut state = State::default();
            state.now.files.insert(path.to_owned(), print.clone());
            let retired = Retired { since: String::new(), print: print.clone() };
            state.retired.insert(path.to_owned(), retired);
            state.copies.insert("../../x".to_owned());
            let read = State::parse(&state.to_bytes()).unwrap();
            assert!(read.now.files.is_empty() && read.retired.is_empty(), "{path}");
            assert!(read.copies.is_empty());
        }
    }

    #[test]
    fn a_state_is_read_as_it_was_written() {
        let mut state = State { generation: 3, ..State::default() };
        state.now.files.insert("إيران/index.html".to_owned(), Print::of(b"x"));
        state.previous = Some(state.now.clone());
        let read = State::parse(&state.to_bytes()).unwrap();
        assert_eq!((read.generation, &read.now), (3, &state.now));
        assert!(State::parse(b"{\"version\": 99}").unwrap_err().contains("newer"));
        assert!(State::parse(b"{").unwrap_err().contains("damaged"));
    }
}
