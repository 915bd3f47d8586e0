//! A built site in memory, and how an address finds a file in it.
//!
//! An address is decoded once and looked up among the files that the build has made or
//! named. It is never turned into a path of the disk, so nothing can escape.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use axum::body::Bytes;

use crate::diag::Diagnostic;
use crate::render::{Later, Sink};
use crate::text::slug::{decoded, encode_path};

/// Where the bytes of a file come from.
#[derive(Debug, Clone)]
pub enum Entry {
    /// The build has made them.
    Bytes(Bytes),
    /// They are a file of the site.
    Disk {
        /// The file.
        path: PathBuf,
        /// Size and time when the site was built.
        stamp: String,
    },
    /// They are made when somebody asks for them.
    Later(Arc<Made>),
}

/// A file that is made once, when somebody asks for it.
pub struct Made {
    later: Later,
    bytes: OnceLock<Result<Bytes, Diagnostic>>,
}

impl std::fmt::Debug for Made {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Made").field("bytes", &self.bytes).finish_non_exhaustive()
    }
}

impl Made {
    /// The bytes; slow the first time.
    ///
    /// # Errors
    ///
    /// What it is made from turns out to be damaged.
    pub fn bytes(&self) -> &Result<Bytes, Diagnostic> {
        self.bytes.get_or_init(|| (self.later)().map(Bytes::from))
    }
}

/// Gathers the files of a build.
#[derive(Debug, Default)]
pub struct Shelf {
    files: Mutex<BTreeMap<String, Entry>>,
    /// Files that the last build has promised: the same name is the same file.
    promised: BTreeMap<String, Arc<Made>>,
}

impl Shelf {
    /// An empty shelf, which may take over slow files of an older site.
    pub fn beside(old: Option<&Arc<Snapshot>>) -> Self {
        let promised = |(path, entry): (&String, &Entry)| match entry {
            Entry::Later(made) => Some((path.clone(), Arc::clone(made))),
            _ => None,
        };
        let files = old.into_iter().flat_map(|it| &it.files);
        let promised = files.filter_map(promised).collect();
        Self { files: Mutex::default(), promised }
    }

    /// The site at a path of its host, which is percent-encoded and has a slash at both
    /// ends, after another one.
    pub fn into_snapshot(self, base: &str, old: Option<&Arc<Snapshot>>) -> Snapshot {
        let files =
            self.files.into_inner().expect("no thread panics while it holds the lock");
        let base = decoded(base).into_owned();
        let moved = old.map(|it| it.moved_to(&files)).unwrap_or_default();
        Snapshot { base, files, moved }
    }

    fn add(&self, path: &str, entry: Entry) {
        let mut files =
            self.files.lock().expect("no thread panics while it holds the lock");
        files.insert(path.to_owned(), entry);
    }
}

impl Sink for Shelf {
    fn put(&self, path: &str, bytes: Vec<u8>) {
        self.add(path, Entry::Bytes(bytes.into()));
    }

    fn copy(&self, path: &str, from: &Path) {
        let stamp = match from.metadata() {
            Ok(it) => format!("{}-{:?}", it.len(), it.modified().ok()),
            // A file that has gone since is not found when somebody asks for it.
            Err(_) => String::new(),
        };
        self.add(path, Entry::Disk { path: from.to_owned(), stamp });
    }

    fn make_later(&self, path: &str, later: &dyn Fn() -> Later) -> bool {
        let made = match self.promised.get(path) {
            Some(made) => Arc::clone(made),
            None => Arc::new(Made { later: later(), bytes: OnceLock::new() }),
        };
        self.add(path, Entry::Later(made));
        true
    }
}

/// A site, whole and unchanging.
#[derive(Debug, Default)]
pub struct Snapshot {
    /// The path of the site on its host, decoded, with a slash at both ends.
    base: String,
    files: BTreeMap<String, Entry>,
    /// Where pages have gone whose address has changed.
    moved: BTreeMap<String, String>,
}

/// What stands at an address.
#[derive(Debug)]
pub enum Found<'a> {
    /// A file, by its path in the output.
    File(&'a str, &'a Entry),
    /// A folder that was asked for without its slash: the address with it.
    Folder(String),
    /// The root of a host whose site stands in a folder: the address of that.
    Home(String),
    /// Nothing; the page that says so, in the language of the address.
    Nothing(Option<&'a Entry>),
}

impl Snapshot {
    /// What stands at the path of an address.
    pub fn find(&self, address: &str) -> Found<'_> {
        let address = decoded(address);
        let Some(path) = address.strip_prefix(self.base.as_str()) else {
            let folder = format!("{address}/");
            return match &*address {
                "/" => Found::Home(encode_path(&self.base)),
                _ if folder == self.base => Found::Folder(encode_path(&self.base)),
                _ => Found::Nothing(self.files.get("404.html")),
            };
        };
        let is_folder = path.is_empty() || path.ends_with('/');
        let index =
            format!("{path}{}", if is_folder { "index.html" } else { "/index.html" });
        let name = if is_folder { index.as_str() } else { path };
        if let Some((path, entry)) = self.files.get_key_value(name) {
            Found::File(path, entry)
        } else if !is_folder && self.files.contains_key(&index) {
            Found::Folder(encode_path(&format!("{}{path}/", self.base)))
        } else {
            Found::Nothing(self.not_found(path))
        }
    }

    /// The nearest page that says that there is nothing at a path: each language has one.
    fn not_found(&self, path: &str) -> Option<&Entry> {
        let folders = path.rmatch_indices('/').map(|(at, _)| path.split_at(at + 1).0);
        folders.chain([""]).find_map(|it| self.files.get(&format!("{it}404.html")))
    }

    /// Where a page has gone that stood at the path of an address.
    pub fn moved(&self, address: &str) -> Option<String> {
        let address = decoded(address);
        let new = self.moved.get(address.strip_prefix(self.base.as_str())?)?;
        Some(encode_path(&format!("{}{new}", self.base)))
    }

    /// Folders of pages that have got another name, before and after: where one page of a
    /// folder has gone and one has come, it is the same, whose title has changed.
    fn moved_to(&self, new: &BTreeMap<String, Entry>) -> BTreeMap<String, String> {
        let mut pairs: BTreeMap<&str, [Vec<&str>; 2]> = BTreeMap::new();
        for (at, (these, others)) in
            [(&self.files, new), (new, &self.files)].into_iter().enumerate()
        {
            for path in these.keys().filter(|it| !others.contains_key(*it)) {
                let Some(page) = path.strip_suffix("index.html") else { continue };
                let parent = page.trim_end_matches('/').rsplit_once('/');
                let parent = parent.map_or("", |(it, _)| it);
                pairs.entry(parent).or_default()[at].push(page);
            }
        }
        let mut moved = BTreeMap::new();
        for (from, to) in &self.moved {
            // A page that has moved twice is followed to its last place.
            let is_gone = !new.contains_key(&format!("{to}index.html"));
            if !is_gone && !new.contains_key(&format!("{from}index.html")) {
                moved.insert(from.clone(), to.clone());
            }
        }
        for [gone, come] in pairs.values() {
            if let ([gone], [come]) = (&gone[..], &come[..]) {
                moved.insert((*gone).to_owned(), (*come).to_owned());
                let earlier = self.moved.iter().filter(|(_, to)| to == gone);
                let earlier = earlier.map(|(from, _)| (from.clone(), (*come).to_owned()));
                moved.extend(earlier.filter(|(from, _)| from != come));
            }
        }
        moved
    }

    /// How many files are new, gone, or not the same as in an older site.
    pub fn n_changed(&self, old: Option<&Arc<Snapshot>>) -> usize {
        let Some(old) = old else { return self.files.len() };
        let is_new =
            |(path, entry): &(&String, &Entry)| match (entry, old.files.get(*path)) {
                (Entry::Bytes(new), Some(Entry::Bytes(old))) => new != old,
                (
                    Entry::Disk { stamp: new, .. },
                    Some(Entry::Disk { stamp: old, .. }),
                ) => new != old,
                (Entry::Later(_), Some(Entry::Later(_))) => false,
                _ => true,
            };
        let n_gone = old.files.keys().filter(|it| !self.files.contains_key(*it)).count();
        self.files.iter().filter(is_new).count() + n_gone
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Entry, Found, Shelf, Snapshot};
    use crate::render::Sink;

    fn site(base: &str, paths: &[&str], old: Option<&Arc<Snapshot>>) -> Arc<Snapshot> {
        let shelf = Shelf::beside(old);
        for path in paths {
            shelf.put(path, path.as_bytes().to_vec());
        }
        Arc::new(shelf.into_snapshot(base, old))
    }

    #[track_caller]
    fn check(site: &Snapshot, address: &str, expected: &str) {
        let name = |it: &Entry| match it {
            Entry::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            other => format!("{other:?}"),
        };
        let actual = match site.find(address) {
            Found::File(_, entry) => name(entry),
            Found::Folder(to) => format!("folder {to}"),
            Found::Home(to) => format!("home {to}"),
            Found::Nothing(page) => {
                format!("nothing {}", page.map(name).unwrap_or_default())
            }
        };
        assert_eq!(actual, expected, "{address}");
    }

    #[test]
    fn an_address_is_decoded_once_and_looked_up() {
        let site = site(
            "/%D8%A3/",
            &["index.html", "404.html", "en/404.html", "ب/index.html", "x.txt"],
            None,
        );
        check(&site, "/%D8%A3/", "index.html");
        check(&site, "/أ/", "index.html");
        check(&site, "/%d8%a3/x.txt", "x.txt");
        check(&site, "/", "home /%D8%A3/");
        check(&site, "/أ", "folder /%D8%A3/");
        check(&site, "/أ/ب", "folder /%D8%A3/%D8%A8/");
        check(&site, "/أ/ب/", "ب/index.html");
        check(&site, "/أ/x.txt/", "nothing 404.html");
        check(&site, "/أ/en/x", "nothing en/404.html");
        check(&site, "/أ/en/x/y/", "nothing en/404.html");
        check(&site, "/x.txt", "nothing 404.html");
        check(&site, "/%25D8%25A3/", "nothing 404.html");
        check(&site, "/أ//x.txt", "nothing 404.html");
        check(&site, "/أ/../أ/x.txt", "nothing 404.html");
        check(&site, "/أ/%ff", "nothing 404.html");
    }

    #[test]
    fn a_page_is_followed_when_its_address_changes_with_its_title() {
        let first = site("/desk/", &["a/one/index.html", "a/two/index.html"], None);
        let second =
            site("/desk/", &["a/one/index.html", "a/2/index.html"], Some(&first));
        assert_eq!(second.moved("/desk/a/two/").as_deref(), Some("/desk/a/2/"));
        assert_eq!(second.moved("/desk/a/one/"), None);
        let third =
            site("/desk/", &["a/one/index.html", "a/3/index.html"], Some(&second));
        assert_eq!(third.moved("/desk/a/two/").as_deref(), Some("/desk/a/3/"));
        assert_eq!(third.moved("/desk/a/2/").as_deref(), Some("/desk/a/3/"));
        let back =
            site("/desk/", &["a/one/index.html", "a/two/index.html"], Some(&third));
        assert_eq!(back.moved("/desk/a/two/"), None);
        assert_eq!(back.moved("/desk/a/3/").as_deref(), Some("/desk/a/two/"));
        let none = site("/desk/", &["b/index.html"], Some(&back));
        assert_eq!(none.moved("/desk/a/two/"), None);
    }
}
