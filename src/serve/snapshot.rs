//! A built site in memory, and how an address finds a file in it.
//!
//! An address is decoded once and looked up among the files that the site has: those that
//! are copied, and the units of pages, which are printed when somebody looks at them. It is
//! never turned into a path of the disk, so nothing can escape.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};

use axum::body::Bytes;
use rustc_hash::FxHashMap;

use crate::diag::{Checked, Diagnostic};
use crate::render::edition::{Edition, Press, Unit};
use crate::render::keys::Keys;
use crate::render::{Later, Sink};
use crate::text::slug::{decoded, encode_path};

/// Folders of an address that are looked at: no page stands deeper.
const MAX_DEPTH: usize = 16;

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
    /// Whether it was asked for and could not be made: its source may be whole again.
    fn has_failed(&self) -> bool {
        self.bytes.get().is_some_and(Result::is_err)
    }

    /// The bytes; slow the first time.
    ///
    /// # Errors
    ///
    /// What it is made from turns out to be damaged.
    pub fn bytes(&self) -> &Result<Bytes, Diagnostic> {
        self.bytes.get_or_init(|| (self.later)().map(Bytes::from))
    }
}

/// Slow files that a site has promised.
#[derive(Debug, Clone, Default)]
pub struct Promises(Arc<Promised>);

#[derive(Debug, Default)]
struct Promised {
    files: Mutex<BTreeMap<String, Arc<Made>>>,
    /// Those of the site before: the same name is the same file.
    earlier: BTreeMap<String, Arc<Made>>,
}

impl Promises {
    /// None yet, after those of another site.
    fn after(earlier: &Self) -> Self {
        let earlier = earlier.lock().clone();
        Self(Arc::new(Promised { files: Mutex::default(), earlier }))
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Arc<Made>>> {
        self.0.files.lock().expect("no thread panics while it holds the lock")
    }

    fn get(&self, path: &str) -> Option<Arc<Made>> {
        self.lock().get(path).cloned()
    }

    fn make(&self, path: &str, later: &dyn Fn() -> Later) -> Arc<Made> {
        let new = || match self.0.earlier.get(path) {
            Some(made) if !made.has_failed() => Arc::clone(made),
            _ => Arc::new(Made { later: later(), bytes: OnceLock::new() }),
        };
        Arc::clone(self.lock().entry(path.to_owned()).or_insert_with(new))
    }
}

/// Gathers files.
#[derive(Debug, Default)]
pub struct Shelf {
    files: Mutex<BTreeMap<String, Entry>>,
    promises: Promises,
}

impl Shelf {
    /// An empty shelf, whose slow files are among some promises.
    pub fn with(promises: Promises) -> Self {
        Self { files: Mutex::default(), promises }
    }

    fn into_files(self) -> BTreeMap<String, Entry> {
        self.files.into_inner().expect("no thread panics while it holds the lock")
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
        let made = self.promises.make(path, later);
        self.add(path, Entry::Later(made));
        true
    }
}

/// The files of a unit.
#[derive(Debug, Default)]
struct Sheets {
    files: BTreeMap<String, Entry>,
    /// What keeps the others from being made.
    diagnostics: Vec<Diagnostic>,
}

/// A site, whole and unchanging.
#[derive(Default)]
pub struct Snapshot {
    /// The path of the site on its host, decoded, with a slash at both ends.
    base: String,
    /// Files that are there without being printed.
    files: BTreeMap<String, Entry>,
    /// What is printed, and from what.
    source: Option<Source>,
    promises: Promises,
    /// Where pages have gone whose address has changed.
    moved: BTreeMap<String, String>,
}

/// Units that are printed when somebody looks at them.
struct Source {
    edition: Edition,
    /// A fingerprint of everything but briefings.
    look: u128,
    /// The keys of units; made when the first of them is asked for.
    keys: OnceLock<Keys>,
    /// Where units stand; as long as no address changes, shared with the site before.
    places: Arc<Places>,
    /// What was looked at.
    printed: Mutex<FxHashMap<Unit, Arc<Sheets>>>,
    lists: OnceLock<Arc<Sheets>>,
}

/// Where units stand.
struct Places {
    /// Units of which there are as many as lists are long: they alone change where no address
    /// of an object does.
    lists: Vec<Unit>,
    /// By the path of their folder, or of their only file.
    units: BTreeMap<String, Unit>,
    /// Addresses of folders in which pages stand, in order.
    pages: Vec<String>,
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot").field("base", &self.base).finish_non_exhaustive()
    }
}

/// What stands at an address.
#[derive(Debug)]
pub enum Found {
    /// A file, by its path in the output.
    File(String, Entry),
    /// A folder that was asked for without its slash: the address with it.
    Folder(String),
    /// The root of a host whose site stands in a folder: the address of that.
    Home(String),
    /// Something that cannot be printed.
    Broken,
    /// Nothing; the page that says so, in the language of the address.
    Nothing(Option<Entry>),
}

/// The path of an address in the output, without the name of a folder's own file.
fn path_of(address: &str) -> &str {
    address.trim_start_matches('/')
}

impl Places {
    fn of(edition: &Edition) -> Self {
        let lists = Self::lists(edition);
        let press = Press::new(edition);
        let mut units = BTreeMap::new();
        for unit in press.units() {
            if let Some(address) = press.address(unit) {
                units.insert(path_of(&address).to_owned(), unit);
            }
        }
        units.insert("graph.json".to_owned(), Unit::Graph);
        units.insert("assets/search/".to_owned(), Unit::Search);
        let routes = &edition.links.routes;
        for address in
            (0..edition.site.config.languages.len()).filter_map(|at| routes.search(at))
        {
            units.insert(path_of(&address).to_owned(), Unit::Search);
        }
        for address in routes.redirects.keys() {
            units.insert(path_of(address).to_owned(), Unit::Redirects);
        }
        let folders = units.keys().filter(|it| it.is_empty() || it.ends_with('/'));
        let pages = folders.map(|it| format!("/{it}")).collect();
        Self { lists, units, pages }
    }

    fn lists(edition: &Edition) -> Vec<Unit> {
        let languages = 0..edition.site.config.languages.len();
        let of = |at| edition.archive_years(at).chain(edition.topic_parts(at));
        languages.flat_map(of).collect()
    }
}

impl Source {
    fn new(edition: Edition, look: u128, old: Option<&Self>) -> Self {
        let routes = &edition.links.routes;
        let same = old.filter(|it| {
            Arc::ptr_eq(&it.edition.links.routes, routes)
                && it.places.lists == Places::lists(&edition)
        });
        let places = match same {
            Some(old) => Arc::clone(&old.places),
            None => Arc::new(Places::of(&edition)),
        };
        let (printed, lists, keys) = (Mutex::default(), OnceLock::new(), OnceLock::new());
        Self { edition, look, keys, places, printed, lists }
    }

    /// The units that may have a file, the likeliest first: those of its folders.
    fn units_of<'p>(&'p self, path: &'p str) -> impl Iterator<Item = Unit> {
        let folders = path.rmatch_indices('/').map(|(at, _)| path.split_at(at + 1).0);
        let folders = folders.take(MAX_DEPTH);
        [path]
            .into_iter()
            .chain(folders)
            .chain([""])
            .filter_map(|it| self.places.units.get(it))
            .copied()
    }

    fn print(&self, unit: Unit, promises: &Promises) -> Arc<Sheets> {
        let lock =
            || self.printed.lock().expect("no thread panics while it holds the lock");
        if let Some(sheets) = lock().get(&unit) {
            return Arc::clone(sheets);
        }
        let shelf = Shelf::with(promises.clone());
        let Checked { diagnostics, .. } = Press::new(&self.edition).print(unit, &shelf);
        let sheets = Arc::new(Sheets { files: shelf.into_files(), diagnostics });
        lock().insert(unit, Arc::clone(&sheets));
        sheets
    }

    /// `sitemap.xml` and what else tells of all pages: they are all printed for it.
    fn lists(&self) -> &Sheets {
        self.lists.get_or_init(|| {
            let press = Press::new(&self.edition);
            let units = press.units().into_iter();
            let pages =
                units.flat_map(|it| press.print(it, &crate::render::Nowhere).value.pages);
            let mut pages: Vec<String> = pages.collect();
            pages.sort();
            let shelf = Shelf::default();
            press.put_lists(&pages, &shelf);
            Arc::new(Sheets { files: shelf.into_files(), diagnostics: Vec::new() })
        })
    }
}

impl Snapshot {
    /// The site of an edition at a path of its host, which is percent-encoded and has a slash
    /// at both ends, after another one; and what is wrong with its files. `look` is a
    /// fingerprint of everything but briefings.
    pub fn new(
        edition: Edition,
        look: u128,
        base: &str,
        old: Option<&Snapshot>,
    ) -> Checked<Self> {
        let promises = old.map(|it| Promises::after(&it.promises)).unwrap_or_default();
        let source = Source::new(edition, look, old.and_then(|it| it.source.as_ref()));
        let shelf = Shelf::with(promises.clone());
        let press = Press::new(&source.edition);
        let diagnostics = press.put_files(&source.places.pages, &shelf);
        drop(press);
        let files = shelf.into_files();
        let mut new = Self {
            base: decoded(base).into_owned(),
            files,
            source: Some(source),
            promises,
            moved: BTreeMap::new(),
        };
        new.moved = old.map(|it| it.moved_to(&new)).unwrap_or_default();
        Checked { value: new, diagnostics }
    }

    /// A site of nothing but files.
    #[cfg(test)]
    pub(super) fn of_files(shelf: Shelf, base: &str) -> Self {
        let (base, files) = (decoded(base).into_owned(), shelf.into_files());
        Self { base, files, ..Self::default() }
    }

    /// The edition that pages are printed from, with its keys.
    pub(super) fn edition(&self) -> Option<(&Edition, &Keys)> {
        let Source { edition, look, keys, .. } = self.source.as_ref()?;
        Some((edition, keys.get_or_init(|| Keys::new(edition, *look))))
    }

    /// How many units have an address.
    pub(super) fn n_places(&self) -> usize {
        self.source.as_ref().map_or(0, |it| it.places.units.len())
    }

    /// Files that are there without being printed.
    pub(super) fn files(&self) -> &BTreeMap<String, Entry> {
        &self.files
    }

    /// What is wrong with the pages at some addresses.
    pub(super) fn check<'p>(
        &self,
        addresses: impl Iterator<Item = &'p str>,
    ) -> Vec<Diagnostic> {
        let Some(source) = &self.source else { return Vec::new() };
        let mut wrong = Vec::new();
        for address in addresses {
            let address = decoded(address);
            let Some(path) = address.strip_prefix(self.base.as_str()) else { continue };
            let Some(unit) = source.units_of(path).next() else { continue };
            wrong.extend(source.print(unit, &self.promises).diagnostics.iter().cloned());
        }
        wrong
    }

    /// The file at a path of the output.
    fn file(&self, path: &str) -> Result<Entry, IsBroken> {
        if let Some(entry) = self.files.get(path) {
            return Ok(entry.clone());
        }
        let Some(source) = &self.source else { return Err(IsBroken(false)) };
        let is_list = path == "robots.txt"
            || (path.starts_with("sitemap") && path.ends_with(".xml"));
        let list = is_list.then(|| source.lists().files.get(path)).flatten();
        let promised = || self.promises.get(path).map(Entry::Later);
        if let Some(entry) = list.cloned().or_else(promised) {
            return Ok(entry);
        }
        let mut is_broken = false;
        for unit in source.units_of(path) {
            let sheets = source.print(unit, &self.promises);
            if let Some(entry) = sheets.files.get(path) {
                return Ok(entry.clone());
            }
            is_broken |= !sheets.diagnostics.is_empty();
        }
        Err(IsBroken(is_broken))
    }

    /// The file at an address that is there without being printed: what pages show.
    pub(super) fn asset(&self, address: &str) -> Option<(&str, &Entry)> {
        let address = decoded(address);
        let path = address.strip_prefix(self.base.as_str())?;
        let (path, entry) = self.files.get_key_value(path)?;
        Some((path, entry))
    }

    /// What stands at the path of an address.
    pub fn find(&self, address: &str) -> Found {
        let address = decoded(address);
        let Some(path) = address.strip_prefix(self.base.as_str()) else {
            let folder = format!("{address}/");
            return match &*address {
                "/" => Found::Home(encode_path(&self.base)),
                _ if folder == self.base => Found::Folder(encode_path(&self.base)),
                _ => Found::Nothing(self.file("404.html").ok()),
            };
        };
        let is_folder = path.is_empty() || path.ends_with('/');
        let index =
            format!("{path}{}", if is_folder { "index.html" } else { "/index.html" });
        let name = if is_folder { index.as_str() } else { path };
        match self.file(name) {
            Ok(entry) => Found::File(name.to_owned(), entry),
            Err(_) if !is_folder && self.file(&index).is_ok() => {
                Found::Folder(encode_path(&format!("{}{path}/", self.base)))
            }
            Err(IsBroken(true)) => Found::Broken,
            Err(_) => Found::Nothing(self.not_found(path)),
        }
    }

    /// The nearest page that says that there is nothing at a path: each language has one.
    fn not_found(&self, path: &str) -> Option<Entry> {
        let folders = path.rmatch_indices('/').map(|(at, _)| path.split_at(at + 1).0);
        folders
            .take(MAX_DEPTH)
            .chain([""])
            .find_map(|it| self.file(&format!("{it}404.html")).ok())
    }

    /// Where a page has gone that stood at the path of an address.
    pub fn moved(&self, address: &str) -> Option<String> {
        let address = decoded(address);
        let new = self.moved.get(address.strip_prefix(self.base.as_str())?)?;
        Some(encode_path(&format!("{}{new}", self.base)))
    }

    /// Whether a page stands in a folder.
    fn has_page(&self, folder: &str) -> bool {
        let is_place = |it: &Source| it.places.units.contains_key(folder);
        self.source.as_ref().is_some_and(is_place)
            || self.files.contains_key(&format!("{folder}index.html"))
    }

    /// Folders in which pages stand.
    fn pages(&self) -> impl Iterator<Item = &str> {
        let places = self.source.iter().flat_map(|it| &it.places.pages);
        places.map(|it| path_of(it)).chain(self.pages_of_files())
    }

    /// Folders in which pages stand that are files of the site.
    fn pages_of_files(&self) -> impl Iterator<Item = &str> {
        self.files.keys().filter_map(|it| it.strip_suffix("index.html"))
    }

    /// Whether all pages that are printed stand where they stand in another site.
    fn has_places_of(&self, other: &Self) -> bool {
        let all = self.source.as_ref().zip(other.source.as_ref());
        all.is_some_and(|(it, other)| Arc::ptr_eq(&it.places, &other.places))
    }

    /// Whether a page is one of those that a list is long: it has no other name, but comes and
    /// goes.
    fn is_part_of_list(&self, page: &str) -> bool {
        let unit = self.source.as_ref().and_then(|it| it.places.units.get(path_of(page)));
        matches!(unit, Some(Unit::ArchiveYear(..) | Unit::TopicPart(..)))
    }

    /// Folders of pages that have got another name, before and after: where one page of a
    /// folder has gone and one has come, it is the same, whose title has changed.
    fn moved_to(&self, new: &Self) -> BTreeMap<String, String> {
        let mut pairs: BTreeMap<&str, [Vec<&str>; 2]> = BTreeMap::new();
        let is_same = self.has_places_of(new);
        for (at, (these, others)) in [(self, new), (new, self)].into_iter().enumerate() {
            let all = (!is_same).then(|| these.pages()).into_iter().flatten();
            let files = is_same.then(|| these.pages_of_files()).into_iter().flatten();
            let all = all.chain(files).filter(|it| !others.has_page(it));
            for page in all.filter(|it| !these.is_part_of_list(it)) {
                let parent = page.trim_end_matches('/').rsplit_once('/');
                let parent = parent.map_or("", |(it, _)| it);
                pairs.entry(parent).or_default()[at].push(page);
            }
        }
        let mut moved = BTreeMap::new();
        for (from, to) in &self.moved {
            // A page that has moved twice is followed to its last place.
            if new.has_page(to) && !new.has_page(from) {
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
}

/// Why there is no file: whether what should have made it has failed.
struct IsBroken(bool);

#[cfg(test)]
mod tests {
    use super::{Entry, Found, Shelf, Snapshot};
    use crate::render::Sink;

    fn site(base: &str, paths: &[&str], old: Option<&Snapshot>) -> Snapshot {
        let shelf = Shelf::default();
        for path in paths {
            shelf.put(path, path.as_bytes().to_vec());
        }
        let mut site = Snapshot::of_files(shelf, base);
        site.moved = old.map(|it| it.moved_to(&site)).unwrap_or_default();
        site
    }

    #[track_caller]
    fn check(site: &Snapshot, address: &str, expected: &str) {
        let name = |it: &Entry| match it {
            Entry::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            other => format!("{other:?}"),
        };
        let actual = match site.find(address) {
            Found::File(_, entry) => name(&entry),
            Found::Broken => "broken".to_owned(),
            Found::Folder(to) => format!("folder {to}"),
            Found::Home(to) => format!("home {to}"),
            Found::Nothing(page) => {
                format!("nothing {}", page.as_ref().map(name).unwrap_or_default())
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
