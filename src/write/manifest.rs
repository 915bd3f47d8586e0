//! The manifest of an output folder: which files a build has made, and where its pages stand.
//!
//! It lies in the folder as its marker and is published with none of it. `mujaz deploy` and
//! the next build read it; the same site gives the same bytes.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Component, Path};

use blake3::Hash;
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Form of the file; counts up when a reader of the last form would misread it.
const VERSION: u32 = 2;

/// What somebody reads who opens the file.
const ABOUT: &str = "made by mujaz; do not edit: this file says which files are its own";

/// What a build has made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manifest {
    /// What each file holds, by path.
    pub files: BTreeMap<String, Content>,
    /// What it says about the site.
    pub about: About,
    /// Addresses at which a page has stood, and the names of those pages, as in `pages`; only
    /// those at which nothing stands now.
    pub moved: BTreeMap<String, String>,
}

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// BLAKE3 hash of its bytes.
    #[serde(serialize_with = "to_hex", deserialize_with = "from_hex")]
    pub blake3: Hash,
    /// Their number.
    pub size: u64,
}

/// What a manifest says about a site besides its files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// Whether drafts or embargoed texts are part of it.
    pub is_preview: bool,
    /// Which part of the site it is, as in `2/8`; none for a whole one.
    pub shard: Option<String>,
    /// The newest moment at which something in it became public, in RFC 3339: an older site
    /// must not take its place.
    pub newest: Option<String>,
    /// The address of each page that has a name, such as `briefing:treaty.ar`: a path from the
    /// folder with native letters and a slash at its end, `briefings/المعاهدة/`.
    pub pages: BTreeMap<String, String>,
}

/// The manifest in its file; keys stand in alphabetical order.
#[derive(Serialize)]
struct Written<'a> {
    about: &'a str,
    files: &'a BTreeMap<String, Content>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    moved: &'a BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    newest: Option<&'a str>,
    pages: &'a BTreeMap<String, String>,
    preview: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    shard: Option<&'a str>,
    version: u32,
}

/// The same as it is read.
#[derive(Deserialize)]
struct Read {
    #[serde(rename = "about")]
    _about: IgnoredAny,
    #[serde(deserialize_with = "in_order")]
    files: BTreeMap<String, Content>,
    #[serde(default)]
    moved: BTreeMap<String, String>,
    newest: Option<String>,
    #[serde(default, deserialize_with = "in_order")]
    pages: BTreeMap<String, String>,
    preview: bool,
    shard: Option<String>,
    version: u32,
}

fn to_hex<S: Serializer>(hash: &Hash, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&hash.to_hex())
}

/// A hash; what is none becomes one that no file has, so that the file stays ours.
fn from_hex<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Hash, D::Error> {
    struct Hex;

    impl Visitor<'_> for Hex {
        type Value = Hash;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a BLAKE3 hash")
        }

        fn visit_str<E>(self, text: &str) -> Result<Hash, E> {
            Ok(Hash::from_hex(text).unwrap_or(Hash::from_bytes([0; 32])))
        }
    }

    deserializer.deserialize_str(Hex)
}

/// A map whose keys stand in order: then it is made at once, and not key by key.
fn in_order<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, T>, D::Error> {
    struct Entries<T>(std::marker::PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for Entries<T> {
        type Value = BTreeMap<String, T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a map")
        }

        fn visit_map<A: MapAccess<'de>>(
            self,
            mut map: A,
        ) -> Result<Self::Value, A::Error> {
            let mut entries = Vec::new();
            while let Some(entry) = map.next_entry()? {
                entries.push(entry);
            }
            Ok(entries.into_iter().collect())
        }
    }

    deserializer.deserialize_map(Entries(std::marker::PhantomData))
}

impl Manifest {
    /// Reads a manifest; nothing where it has another form.
    ///
    /// The file may have come from anybody: what it names counts only inside the folder.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let read: Read = serde_json::from_slice(bytes).ok()?;
        let Read { mut files, moved, newest, pages, preview, shard, version, .. } = read;
        if VERSION < version {
            return None;
        }
        let is_inside = |path: &str| {
            Path::new(path).components().all(|it| matches!(it, Component::Normal(_)))
        };
        files.retain(|path, _| is_inside(path));
        let about = About { is_preview: preview, shard, newest, pages };
        Some(Self { files, about, moved })
    }

    /// The manifest as it is written, the same bytes for the same site.
    pub fn to_bytes(&self) -> Vec<u8> {
        let About { is_preview, shard, newest, pages } = &self.about;
        let written = Written {
            about: ABOUT,
            files: &self.files,
            moved: &self.moved,
            newest: newest.as_deref(),
            pages,
            preview: *is_preview,
            shard: shard.as_deref(),
            version: VERSION,
        };
        let mut bytes =
            serde_json::to_vec_pretty(&written).expect("texts and numbers have a form");
        bytes.push(b'\n');
        bytes
    }
}

/// Addresses of an older site at which one of its pages stood that stands elsewhere now, with
/// the names of those pages; `is_taken` says whether anything stands at an address now.
pub fn moved(
    old: &Manifest,
    pages: &BTreeMap<String, String>,
    is_taken: impl Fn(&str) -> bool,
) -> BTreeMap<String, String> {
    let stood = old.about.pages.iter().map(|(name, address)| (address, name));
    let all = stood.chain(old.moved.iter());
    let is_moved = |(address, name): &(&String, &String)| {
        pages.get(*name).is_some_and(|now| now != *address) && !is_taken(address)
    };
    all.filter(is_moved).map(|(address, name)| (address.clone(), name.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(all: &[(&str, &str)]) -> BTreeMap<String, String> {
        all.iter().map(|(name, it)| ((*name).to_owned(), (*it).to_owned())).collect()
    }

    fn among(all: &'static [&str]) -> impl Fn(&str) -> bool {
        move |it| all.contains(&it)
    }

    #[test]
    fn what_is_written_is_read_again() {
        let content = Content { blake3: blake3::hash(b"abc"), size: 3 };
        let files = BTreeMap::from([("index.html".to_owned(), content)]);
        let about = About {
            is_preview: true,
            shard: Some("2/8".to_owned()),
            newest: Some("2025-03-09T00:00:00Z".to_owned()),
            pages: pages(&[("briefing:a.ar", "briefings/ا/")]),
        };
        let manifest =
            Manifest { files, about, moved: pages(&[("briefings/x/", "briefing:a.ar")]) };
        assert_eq!(Manifest::read(&manifest.to_bytes()), Some(manifest));
    }

    #[test]
    fn a_file_whose_hash_is_none_stays_ours() {
        let text = r#"{"about": "", "files": {"b": {"blake3": "c", "size": 1},
            "a": {"blake3": "", "size": 2}}, "preview": false, "version": 2}"#;
        let files = Manifest::read(text.as_bytes()).unwrap().files;
        let names: Vec<(&str, u64)> =
            files.iter().map(|(path, it)| (path.as_str(), it.size)).collect();
        assert_eq!(names, [("a", 2), ("b", 1)]);
        assert_ne!(files["a"].blake3, blake3::hash(b""));
    }

    #[test]
    fn the_first_form_is_read_and_a_later_one_is_not() {
        let first = r#"{"about": "", "files": {"a": {"blake3": "c", "size": 1}},
            "preview": false, "version": 1}"#;
        assert_eq!(Manifest::read(first.as_bytes()).unwrap().files.len(), 1);
        let later = first.replace("\"version\": 1", "\"version\": 3");
        assert_eq!(Manifest::read(later.as_bytes()), None);
    }

    #[test]
    fn nothing_outside_the_folder_is_ours() {
        for path in ["../a", "/etc/a", "a/../../b"] {
            let text = format!(
                r#"{{"about": "", "files": {{"{path}": {{"blake3": "c", "size": 1}}}},
                "preview": false, "version": 1}}"#
            );
            assert!(Manifest::read(text.as_bytes()).unwrap().files.is_empty(), "{path}");
        }
    }

    #[test]
    fn a_page_that_moves_is_remembered_until_its_old_address_is_taken() {
        let about =
            |all: &[(&str, &str)]| About { pages: pages(all), ..About::default() };
        let first =
            Manifest { about: about(&[("briefing:a.ar", "a/")]), ..Manifest::default() };
        let now = pages(&[("briefing:a.ar", "b/")]);
        let once = moved(&first, &now, among(&["b/"]));
        assert_eq!(once, pages(&[("a/", "briefing:a.ar")]));
        let second = Manifest {
            about: about(&[("briefing:a.ar", "b/")]),
            moved: once,
            ..Manifest::default()
        };
        // It moves again: both addresses are remembered.
        let again = pages(&[("briefing:a.ar", "c/")]);
        let twice = moved(&second, &again, among(&["c/"]));
        assert_eq!(twice.len(), 2);
        // An alias takes the first one; a deleted page is at no address.
        assert_eq!(moved(&second, &again, among(&["c/", "a/"])).len(), 1);
        assert!(moved(&second, &pages(&[]), among(&[])).is_empty());
    }
}
