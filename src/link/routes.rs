//! Routes: the address of every page, and what happens when two want the same one.
//!
//! An address is a path from the root of the site with a slash at both ends and native
//! letters, as in `/topics/إيران/`; `Routes::href` encodes it for a page. The default
//! language stands at `/`, the others under `/<lang>/`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use rayon::prelude::*;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use crate::config::Config;
use crate::diag::{At, Diagnostic, Place, SourcePath};
use crate::model::briefing::Briefing;
use crate::model::{AuthorId, BriefingId, PageId, SeriesId, Site, TopicId};
use crate::text::lang::Lang;
use crate::text::localized::Localized;
use crate::text::slug::{collision_key, decoded, encode_path, slug};

/// First segments that pages of the generator itself use.
const RESERVED: [&str; 10] = [
    "briefings",
    "topics",
    "authors",
    "series",
    "archive",
    "chronology",
    "search",
    "corrections",
    "assets",
    "404.html",
];

/// Name of the web app manifest of a language, which stands beside its home page.
pub const MANIFEST: &str = "site.webmanifest";

/// Names of the files for reference managers beside the page of a briefing.
pub const CITATIONS: [&str; 2] = ["cite.bib", "cite.ris"];

/// Longest name of a file or folder that a disk takes (row B8).
const MAX_NAME_BYTES: usize = 255;

/// Longest path of an old address: object stores take 1,024 bytes with the file (row B11).
const MAX_PATH_BYTES: usize = 1000;

/// Dates that make a chronology: one is no line.
pub const MIN_DATES: usize = 2;

/// The address of every page.
#[derive(Debug, Default)]
pub struct Routes {
    base_path: String,
    languages: Vec<Lang>,
    briefings: Vec<String>,
    topics: Vec<Vec<Option<String>>>,
    /// The same as `href` gives them: texts link to topics all the time.
    topic_hrefs: Vec<Vec<Option<String>>>,
    authors: Vec<Vec<Option<String>>>,
    series: Vec<Vec<Option<String>>>,
    pages: Vec<String>,
    /// For each language, whether it has a chronology.
    chronologies: Vec<bool>,
    has_search: bool,
    /// Old paths and where they lead now.
    pub redirects: BTreeMap<String, String>,
    /// Where pages stand, gathered when somebody asks for a path.
    places: OnceLock<Places>,
}

/// The addresses of a site.
#[derive(Debug)]
struct Places {
    briefings: FxHashSet<String>,
    others: FxHashSet<String>,
}

/// What decides which pages a topic, an author or a series has.
#[derive(Debug, PartialEq, Eq)]
pub struct Presence {
    /// For each topic and language: whether it has a page.
    pub topics: Vec<Vec<bool>>,
    /// For each author and language.
    pub authors: Vec<Vec<bool>>,
    /// For each series and language.
    pub series: Vec<Vec<bool>>,
}

impl Routes {
    /// Address of a language's home page.
    pub fn home(&self, lang: usize) -> String {
        if lang == 0 { "/".to_owned() } else { format!("/{}/", self.languages[lang]) }
    }

    /// Address of a page of the generator itself: `archive/`, `topics/`.
    pub fn fixed(&self, lang: usize, path: &str) -> String {
        format!("{}{path}", self.home(lang))
    }

    /// Address of the chronology, if there is one in this language.
    pub fn chronology(&self, lang: usize) -> Option<String> {
        let has_one = self.chronologies.get(lang).copied().unwrap_or(false);
        has_one.then(|| self.fixed(lang, "chronology/"))
    }

    /// Address of the search page, if the site has a search.
    pub fn search(&self, lang: usize) -> Option<String> {
        self.has_search.then(|| self.fixed(lang, "search/"))
    }

    /// Address of a briefing.
    pub fn briefing(&self, id: BriefingId) -> &str {
        &self.briefings[id.at()]
    }

    /// Address of a topic's page, if it has one in this language.
    pub fn topic(&self, id: TopicId, lang: usize) -> Option<&str> {
        self.topics[id.at()][lang].as_deref()
    }

    /// What `href` makes of the address of a topic's page.
    pub fn topic_href(&self, id: TopicId, lang: usize) -> Option<&str> {
        self.topic_hrefs[id.at()][lang].as_deref()
    }

    /// Address of an author's page, if there is one in this language.
    pub fn author(&self, id: AuthorId, lang: usize) -> Option<&str> {
        self.authors[id.at()][lang].as_deref()
    }

    /// Address of a series, if it has a page in this language.
    pub fn series(&self, id: SeriesId, lang: usize) -> Option<&str> {
        self.series[id.at()][lang].as_deref()
    }

    /// Address of a plain page.
    pub fn page(&self, id: PageId) -> &str {
        &self.pages[id.at()]
    }

    fn of_briefing(&self, briefing: &Briefing, name: &str) -> String {
        self.fixed(self.language(&briefing.lang), &format!("briefings/{name}/"))
    }

    /// The address of a briefing that is made of its title.
    fn of_title(&self, briefing: &Briefing) -> Option<String> {
        Some(self.of_briefing(briefing, briefing.title_slug.as_deref()?))
    }

    /// An address for `href`: below the site's base path, percent-encoded.
    pub fn href(&self, address: &str) -> String {
        let path = address.strip_prefix('/').unwrap_or(address);
        format!("{}{}", self.base_path, encode_path(path))
    }

    /// Whether a path from the root of the site, as an author writes it, leads to a page.
    /// Percent signs may stand for the letters of an address.
    pub fn leads_somewhere(&self, path: &str) -> bool {
        let path = plain(path.split(['#', '?']).next().unwrap_or_default());
        let with_slash = if path.ends_with('/') {
            Cow::Borrowed(&*path)
        } else {
            Cow::Owned(format!("{path}/"))
        };
        let is_it = |address: &str| address == with_slash;
        let is_fixed = (0..self.languages.len()).any(|lang| {
            is_it(&self.home(lang))
                || ["topics/", "corrections/"]
                    .iter()
                    .any(|it| is_it(&self.fixed(lang, it)))
                || self.chronology(lang).is_some_and(|it| is_it(&it))
                || self.search(lang).is_some_and(|it| is_it(&it))
                || with_slash.starts_with(&self.fixed(lang, "archive/"))
        });
        let places = self.places();
        is_fixed
            || places.briefings.contains(&*with_slash)
            || places.others.contains(&*with_slash)
            || self.redirects.contains_key(&*with_slash)
            || path.ends_with("feed.xml")
            || path.ends_with("feed.json")
            || self.is_file_at(&path)
            || matches!(&*path, "/sitemap.xml" | "/robots.txt" | "/graph.json")
    }

    /// Whether a path is that of a manifest, or of a file for reference managers.
    pub fn is_file(&self, path: &str) -> bool {
        self.is_file_at(&plain(path))
    }

    /// The same for a path without percent signs.
    fn is_file_at(&self, path: &str) -> bool {
        let folder = |file: &str| path.strip_suffix(file).filter(|it| it.ends_with('/'));
        let is_briefing = |folder: &str| self.places().briefings.contains(folder);
        CITATIONS.iter().any(|file| folder(file).is_some_and(is_briefing))
            || folder(MANIFEST).is_some_and(|folder| {
                (0..self.languages.len()).any(|lang| self.home(lang) == folder)
            })
    }

    /// Where pages stand; asked for only when all have got their addresses.
    fn places(&self) -> &Places {
        self.places.get_or_init(|| {
            let records = [&self.topics, &self.authors, &self.series];
            let records = records.into_iter().flatten().flatten().flatten();
            Places {
                briefings: self.briefings.iter().cloned().collect(),
                others: self.pages.iter().chain(records).cloned().collect(),
            }
        })
    }

    /// Whether a path without slashes at its ends is one that the site itself uses,
    /// whatever it is about: its lists, its feeds, its files.
    fn is_own(&self, path: &str) -> bool {
        let path = path.to_lowercase();
        let names: Vec<&str> = path.split('/').collect();
        let mut others = self.languages.iter().skip(1);
        let names = match names.as_slice() {
            [first, rest @ ..]
                if others.any(|it| it.as_str().eq_ignore_ascii_case(first)) =>
            {
                rest
            }
            all => all,
        };
        let is_number = |it: &&str| it.bytes().all(|it| it.is_ascii_digit());
        match names {
            [] | [.., "index.html" | "feed.xml" | "feed.json"] => true,
            ["sitemap.xml" | "robots.txt" | "graph.json"] => true,
            ["cname" | "_headers" | "_redirects"] => true,
            ["archive", rest @ ..] => rest.iter().all(is_number),
            ["assets" | "search", ..] => true,
            [name] => *name == MANIFEST || RESERVED.contains(name),
            _ => false,
        }
    }

    /// Place of a language in the list of the site's languages.
    pub fn language(&self, lang: &Lang) -> usize {
        self.languages.iter().position(|it| it == lang).unwrap_or(0)
    }
}

/// A path with the letters that percent signs stand for. A slash that is written so is part
/// of a name, which no page has.
fn plain(path: &str) -> Cow<'_, str> {
    let has_slash = path.contains("%2F") || path.contains("%2f");
    if has_slash { Cow::Borrowed(path) } else { decoded(path) }
}

/// Gives every page its address.
pub fn routes(
    site: &Site,
    presence: &Presence,
    diagnostics: &mut Vec<Diagnostic>,
) -> Routes {
    let config = &site.config;
    let mut routes = Routes {
        base_path: config.base_path().to_owned(),
        languages: config.languages.clone(),
        chronologies: config
            .languages
            .iter()
            .map(|it| MIN_DATES <= site.dated_topics(it).count())
            .collect(),
        has_search: config.search,
        ..Routes::default()
    };
    let n_owners = site.briefings.len() + site.topics.len();
    let by_key = FxHashMap::with_capacity_and_hasher(n_owners, FxBuildHasher);
    let mut owners = Owners { by_key, diagnostics };
    // Most addresses follow from the title; they are the work of this function.
    let of_titles: Vec<Option<(String, String)>> = site
        .briefings
        .par_iter()
        .map(|it| routes.of_title(it).map(|it| (collision_key(&it), it)))
        .collect();
    for (briefing, of_title) in site.briefings.iter().zip(of_titles) {
        let written = written_slug(briefing);
        let place =
            written.map_or_else(|| Place::file(&briefing.path), |it| it.place.clone());
        let (key, address) = of_title.unwrap_or_else(|| {
            let own = |it: &At<Localized>| {
                owners.written_slug(&it.value, &briefing.lang, &it.place)
            };
            // A guessed title changes with the first sentence; an address must not.
            let name = written.and_then(own).unwrap_or_else(|| briefing.id.to_string());
            let address = routes.of_briefing(briefing, &name);
            (collision_key(&address), address)
        });
        owners.claim_key(key, &address, &place, "slug");
        routes.briefings.push(address);
    }
    for (at, topic) in site.topics.iter().enumerate() {
        let slugs = topic.meta.slug.as_ref().map(|it| &it.value);
        let has_page = &presence.topics[at];
        let object =
            Object { id: &topic.id, path: &topic.path, title: &topic.title, slugs };
        let row = object.addresses(config, &routes, "topics", has_page, &mut owners);
        let hrefs = row.iter().map(|it| Some(routes.href(it.as_deref()?)));
        routes.topic_hrefs.push(hrefs.collect());
        routes.topics.push(row);
    }
    for (at, author) in site.authors.iter().enumerate() {
        let slugs = author.meta.slug.as_ref().map(|it| &it.value);
        let has_page = &presence.authors[at];
        let object =
            Object { id: &author.id, path: &author.path, title: &author.name, slugs };
        let row = object.addresses(config, &routes, "authors", has_page, &mut owners);
        routes.authors.push(row);
    }
    for (at, series) in site.series.iter().enumerate() {
        let slugs = series.meta.slug.as_ref().map(|it| &it.value);
        let has_page = &presence.series[at];
        let object =
            Object { id: &series.id, path: &series.path, title: &series.title, slugs };
        let row = object.addresses(config, &routes, "series", has_page, &mut owners);
        routes.series.push(row);
    }
    for page in &site.pages {
        let written = page.meta.slug.as_ref();
        let written = written.filter(|it| it.value.get(&page.lang).is_some());
        let name = written
            .and_then(|it| owners.written_slug(&it.value, &page.lang, &it.place))
            .unwrap_or_else(|| page.id.clone());
        let is_language = config.languages.iter().any(|it| it.as_str() == name);
        let address = routes.fixed(routes.language(&page.lang), &format!("{name}/"));
        let place = Place::file(&page.path);
        if RESERVED.contains(&name.as_str()) || is_language {
            let message =
                format!("`/{name}/` is the address of a page of the site itself");
            let error = Diagnostic::error("slug-collision", place.clone(), message);
            owners.diagnostics.push(error.with_help("give the page another `slug`"));
        }
        owners.claim(&address, &place, "slug");
        routes.pages.push(address);
    }
    add_redirects(site, &mut routes, &mut owners);
    routes
}

/// The slug that an author has written for a briefing.
fn written_slug(briefing: &Briefing) -> Option<&At<Localized>> {
    let written = briefing.meta.slug.as_ref();
    written.filter(|it| it.value.get(&briefing.lang).is_some())
}

/// A record with a page in some languages.
struct Object<'a> {
    id: &'a str,
    path: &'a SourcePath,
    title: &'a Localized,
    slugs: Option<&'a Localized>,
}

impl Object<'_> {
    fn addresses(
        &self,
        config: &Config,
        routes: &Routes,
        folder: &str,
        has_page: &[bool],
        owners: &mut Owners<'_>,
    ) -> Vec<Option<String>> {
        let place = Place::file(self.path);
        let mut row = Vec::with_capacity(has_page.len());
        for (at, lang) in config.languages.iter().enumerate() {
            if !has_page[at] {
                row.push(None);
                continue;
            }
            let written = self.slugs.filter(|it| it.get(lang).is_some());
            let name = match written {
                Some(it) => owners.written_slug(it, lang, &place),
                None => self.title.best(lang, &config.lang).and_then(|(_, it)| slug(it)),
            };
            let name = name.unwrap_or_else(|| self.id.to_owned());
            let address = routes.fixed(at, &format!("{folder}/{name}/"));
            owners.claim(&address, &place, "slug");
            row.push(Some(address));
        }
        row
    }
}

/// Who has which address.
struct Owners<'a> {
    by_key: FxHashMap<String, Place>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Owners<'_> {
    /// Takes an address, or reports who has it already (rows B6, B7).
    fn claim(&mut self, address: &str, place: &Place, key: &str) {
        self.claim_key(collision_key(address), address, place, key);
    }

    /// Takes an address whose collision key is known.
    fn claim_key(&mut self, by: String, address: &str, place: &Place, key: &str) {
        let Some(owner) = self.by_key.insert(by, place.clone()) else { return };
        let shown = crate::text::isolate::terminal(address).into_owned();
        let message = format!("two pages want the address `{shown}`");
        let error = Diagnostic::error("slug-collision", place.clone(), message)
            .with_related(owner, "the other one")
            .with_help(format!("give one of them a `{key}` of its own"));
        self.diagnostics.push(error);
    }

    /// A slug that an author wrote: one segment, nothing that climbs or hides (row B9).
    fn written_slug(
        &mut self,
        slugs: &Localized,
        lang: &Lang,
        place: &Place,
    ) -> Option<String> {
        let written = slugs.get(lang)?;
        match slug(written) {
            Some(clean) if !written.contains(['/', '\\', '%', '\0']) => Some(clean),
            _ => {
                let shown = written.escape_debug();
                let message = format!("`{shown}` cannot be part of an address");
                let error = Diagnostic::error("bad-slug", place.clone(), message);
                let help = "use letters and digits with `-` between the words";
                self.diagnostics.push(error.with_help(help));
                None
            }
        }
    }
}

/// Old addresses, `aliases` in the metadata, lead to the page (row P6).
fn add_redirects(site: &Site, routes: &mut Routes, owners: &mut Owners<'_>) {
    let mut wanted = Vec::new();
    for (at, briefing) in site.briefings.iter().enumerate() {
        let to = routes.briefings[at].clone();
        // Only the version that wrote them down has the old addresses.
        for alias in briefing.meta.aliases.iter().flat_map(|it| &it.value) {
            let is_own =
                alias.place.path == briefing.path || briefing.lang == site.config.lang;
            if is_own {
                wanted.push((alias.clone(), to.clone()));
            }
        }
    }
    let topics = site.topics.iter().map(|it| &it.meta.aliases_urls).zip(&routes.topics);
    let authors =
        site.authors.iter().map(|it| &it.meta.aliases_urls).zip(&routes.authors);
    let series = site.series.iter().map(|it| &it.meta.aliases_urls).zip(&routes.series);
    for (aliases, addresses) in topics.chain(authors).chain(series) {
        let Some(to) = addresses.iter().flatten().next() else { continue };
        for alias in aliases.iter().flat_map(|it| &it.value) {
            wanted.push((alias.clone(), to.clone()));
        }
    }
    for (at, page) in site.pages.iter().enumerate() {
        for alias in page.meta.aliases.iter().flat_map(|it| &it.value) {
            wanted.push((alias.clone(), routes.pages[at].clone()));
        }
    }
    for (alias, to) in wanted {
        let trimmed = alias.value.trim_matches('/');
        // Some hosts and disks drop a final dot or space; names that begin with a dot are
        // those of systems, of hosts and of what we keep beside a site.
        let is_name = |it: &str| {
            !it.is_empty()
                && !it.starts_with('.')
                && !it.ends_with(['.', ' '])
                && it.len() <= MAX_NAME_BYTES
        };
        let is_path = trimmed.len() <= MAX_PATH_BYTES
            && trimmed.split('/').all(is_name)
            && !trimmed
                .contains(|it: char| it.is_control() || "\\:?#<>\"%{}*".contains(it));
        if !is_path {
            let shown = alias.value.escape_debug();
            let message = format!("`{shown}` is not an old address of this site");
            let error = Diagnostic::error("bad-alias", alias.place, message);
            let help = "write the path only, like `/2024/old-name/`";
            owners.diagnostics.push(error.with_help(help));
            continue;
        }
        // A host cannot have a file and a folder of the same name.
        if routes.is_file(&format!("/{trimmed}")) || routes.is_own(trimmed) {
            let shown = crate::text::isolate::terminal(&alias.value).into_owned();
            let message = format!(
                "`{shown}` is the address of a page or a file of the site itself"
            );
            let error = Diagnostic::error("slug-collision", alias.place, message);
            owners.diagnostics.push(error.with_help("delete the old address"));
            continue;
        }
        let from = format!("/{trimmed}/");
        owners.claim(&from, &alias.place, "aliases");
        routes.redirects.insert(from, to);
    }
}
