//! An edition of the site, and the press that makes its files.
//!
//! An `Edition` owns everything that files are made of. A `Press` makes them in units: a
//! `Unit` is a page, or a page and what stands beside it (its feeds, its files for reference
//! managers), and depends on no other unit. A build prints all units; the preview
//! prints those that somebody looks at; `keys` tells which of them an earlier build has
//! printed already.

use std::sync::{Arc, Mutex, OnceLock};

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::diag::{Checked, Diagnostic, Place, SourcePath};
use crate::link::Links;
use crate::link::routes::MANIFEST;
use crate::model::{AuthorId, BriefingId, PageId, SeriesId, Site, TopicId};
use crate::render::archive::Calendar;
use crate::render::cards::NamedCard;
use crate::render::data::GraphRows;
use crate::render::feeds::{Feed, N_ENTRIES};
use crate::render::hosts::{self, limits};
use crate::render::keys::Keys;
use crate::render::pages::{Rendered, part_address};
use crate::render::scope::{Head, Lists, Page, Scope};
use crate::render::shard::Shard;
use crate::render::theme::{self, FileSource, Theme};
use crate::render::topic_page::Listing;
use crate::render::views::RedirectView;
use crate::render::{Sink, Used, data, pictures};
use crate::search;
use crate::text::localized::Localized;

/// A site whose links are found and whose look is read.
pub struct Edition {
    /// The site.
    pub site: Site,
    /// Its links.
    pub links: Links,
    /// The look.
    pub theme: Arc<Theme>,
    /// For each briefing, a summary.
    summaries: Vec<OnceLock<String>>,
    /// For each language, its briefings by year and month.
    pub calendars: Vec<Calendar>,
    /// For each language and each topic, the briefings that its pages list.
    pub listings: Vec<Vec<Listing>>,
    /// The moment that graph.json names, where one was given.
    stamp: Option<String>,
}

impl Edition {
    /// Puts an edition together. `stamp` is the moment that graph.json names.
    pub fn new(
        site: Site,
        links: Links,
        theme: Arc<Theme>,
        stamp: Option<String>,
    ) -> Self {
        let n_briefings = site.briefings.len();
        let summaries = std::iter::repeat_with(OnceLock::new).take(n_briefings).collect();
        let calendars = Calendar::all_of(&site);
        let listings = Listing::all_of(&site, &links);
        Self { site, links, theme, summaries, calendars, listings, stamp }
    }

    /// The years that the archive of the language at a place has pages of.
    pub fn archive_years(&self, at: usize) -> impl Iterator<Item = Unit> {
        self.calendars[at].years().map(move |(year, _)| Unit::ArchiveYear(at, year))
    }

    /// The pages behind the first ones of topics in the language at a place.
    pub fn topic_parts(&self, at: usize) -> impl Iterator<Item = Unit> {
        let topics = self.listings[at].iter().enumerate();
        let topics = topics.map(|(topic, it)| (TopicId::from_index(topic), it.n_parts()));
        let topics =
            topics.filter(move |(it, _)| self.links.routes.topic(*it, at).is_some());
        topics.flat_map(move |(topic, n_parts)| {
            (1..n_parts).map(move |part| Unit::TopicPart(at, topic, part))
        })
    }
}

/// Files that are made together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// The indexes of all languages, and the search pages.
    Search,
    /// `graph.json`
    Graph,
    /// A language version of a briefing, and how it is cited.
    Briefing(BriefingId),
    /// The first page of a topic in the language at a place, and its feeds.
    Topic(usize, TopicId),
    /// Another page of it, by its place from 1.
    TopicPart(usize, TopicId, usize),
    /// Those of an author.
    Author(usize, AuthorId),
    /// Those of a series.
    Series(usize, SeriesId),
    /// A language version of a plain page.
    Page(PageId),
    /// The home page of the language at a place, the page for wrong addresses, the site's
    /// feeds, and the manifest.
    Home(usize),
    /// The list of topics.
    Topics(usize),
    /// The page of the archive for all years.
    Archive(usize),
    /// The pages of a year and of its months.
    ArchiveYear(usize, i16),
    /// The chronology.
    Chronology(usize),
    /// The corrections.
    Corrections(usize),
    /// Pages at old addresses.
    Redirects,
}

impl Unit {
    /// Whether it is of a kind that grows most with the site, and is known again by a key.
    pub fn has_key(self) -> bool {
        matches!(
            self,
            Self::Briefing(_)
                | Self::Topic(..)
                | Self::TopicPart(..)
                | Self::Archive(_)
                | Self::ArchiveYear(..)
        )
    }
}

/// What an earlier build has made of a unit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Printed {
    /// Addresses of its pages.
    pub pages: Vec<String>,
    /// Paths of all its files in the output.
    pub files: Vec<String>,
}

/// The open data of the site.
const GRAPH: &str = "graph.json";

/// Of all units, so many are few: one in four.
const FEW: usize = 4;

/// What an earlier build has made and read.
#[derive(Clone, Copy)]
pub struct Earlier<'a> {
    /// The keys of the present edition.
    pub keys: &'a Keys,
    /// Units by their keys.
    pub printed: &'a FxHashMap<u128, Printed>,
    /// The words of the briefings of each language.
    pub words: &'a [search::Words],
    /// The rows of `graph.json`.
    pub graph: &'a GraphRows,
}

/// What a build has made.
#[derive(Debug, Default)]
pub struct Run {
    /// Addresses of the pages for people, in order.
    pub pages: Vec<String>,
    /// Units that were made, or taken over from an earlier build, by their keys.
    pub printed: FxHashMap<u128, Printed>,
    /// The words of the briefings of each language.
    pub words: Vec<search::Words>,
    /// The rows of `graph.json`.
    pub graph: GraphRows,
}

/// What units have made so far.
#[derive(Default)]
struct Made {
    diagnostics: Vec<Diagnostic>,
    /// Addresses.
    pages: Vec<String>,
    printed: FxHashMap<u128, Printed>,
}

impl Made {
    /// Adds what a unit has made, which may have a key.
    fn add(
        &mut self,
        key: Option<u128>,
        Checked { value, diagnostics }: Checked<Printed>,
    ) {
        self.pages.extend(value.pages.iter().cloned());
        if let Some(key) = key.filter(|_| diagnostics.is_empty()) {
            self.printed.insert(key, value);
        }
        // One mistake of a template shows in every unit that uses it.
        for diagnostic in diagnostics {
            if !self.diagnostics.contains(&diagnostic) {
                self.diagnostics.push(diagnostic);
            }
        }
    }
}

/// Takes what one unit makes.
struct Tray<'a> {
    sink: &'a dyn Sink,
    made: Mutex<(Printed, Vec<Diagnostic>)>,
}

impl<'a> Tray<'a> {
    fn new(sink: &'a dyn Sink) -> Self {
        Self { sink, made: Mutex::default() }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, (Printed, Vec<Diagnostic>)> {
        self.made.lock().expect("no thread panics while it holds the lock")
    }

    fn into_made(self) -> Checked<Printed> {
        let made = self.made.into_inner();
        let (value, diagnostics) =
            made.expect("no thread panics while it holds the lock");
        Checked { value, diagnostics }
    }

    fn take(&self, page: Rendered) {
        match page {
            Ok((address, html)) => {
                let path = output_path(&address);
                self.sink.put(&path, html);
                let mut made = self.lock();
                made.0.pages.push(address);
                made.0.files.push(path);
            }
            Err(diagnostic) => {
                let diagnostics = &mut self.lock().1;
                // One mistake of a template shows on every page that uses it.
                if !diagnostics.contains(&diagnostic) {
                    diagnostics.push(diagnostic);
                }
            }
        }
    }

    fn put(&self, path: &str, bytes: Vec<u8>) {
        self.sink.put(path, bytes);
        self.lock().0.files.push(path.to_owned());
    }

    fn card(&self, card: Option<&NamedCard>) {
        if let Some(card) = card {
            card.put(self.sink);
            self.lock().0.files.push(card.path.clone());
        }
    }
}

/// Makes the files of an edition.
pub struct Press<'a> {
    edition: &'a Edition,
    site: &'a Site,
    links: &'a Links,
    theme: &'a Theme,
    stamp: Option<&'a str>,
    scopes: Vec<Scope<'a>>,
}

impl<'a> Press<'a> {
    /// Prepares what the pages of each language share.
    pub fn new(edition: &'a Edition) -> Self {
        let Edition { site, links, theme, summaries, calendars, listings, stamp } =
            edition;
        let lists = Lists { summaries, calendars, listings };
        let scopes = (0..site.config.languages.len())
            .map(|at| Scope::new(site, links, theme, at, lists))
            .collect();
        Self { edition, site, links, theme, stamp: stamp.as_deref(), scopes }
    }

    /// All units of the site.
    pub fn units(&self) -> Vec<Unit> {
        let Self { site, .. } = self;
        let languages = 0..self.scopes.len();
        let mut units = vec![Unit::Search, Unit::Graph, Unit::Redirects];
        for at in languages.clone() {
            units.extend([
                Unit::Home(at),
                Unit::Topics(at),
                Unit::Archive(at),
                Unit::Chronology(at),
                Unit::Corrections(at),
            ]);
            units.extend(self.edition.archive_years(at));
        }
        let briefings = (0..site.briefings.len()).map(BriefingId::from_index);
        units.extend(briefings.map(Unit::Briefing));
        for at in languages {
            let topics = (0..site.topics.len()).map(TopicId::from_index);
            units.extend(topics.map(|it| Unit::Topic(at, it)));
            units.extend(self.edition.topic_parts(at));
            let authors = (0..site.authors.len()).map(AuthorId::from_index);
            units.extend(authors.map(|it| Unit::Author(at, it)));
            let series = (0..site.series.len()).map(SeriesId::from_index);
            units.extend(series.map(|it| Unit::Series(at, it)));
        }
        units.extend((0..site.pages.len()).map(PageId::from_index).map(Unit::Page));
        units
    }

    /// The address under which all files of a unit stand; nothing for one that makes none,
    /// or whose files stand at several places.
    pub fn address(&self, unit: Unit) -> Option<String> {
        let routes = &self.links.routes;
        let own = |it: Option<&str>| it.map(str::to_owned);
        match unit {
            Unit::Briefing(id) => Some(routes.briefing(id).to_owned()),
            Unit::Topic(at, id) => own(routes.topic(id, at)),
            Unit::TopicPart(at, id, part) => {
                routes.topic(id, at).map(|it| part_address(it, part))
            }
            Unit::Author(at, id) => own(routes.author(id, at)),
            Unit::Series(at, id) => own(routes.series(id, at)),
            Unit::Page(id) => Some(routes.page(id).to_owned()),
            Unit::Home(at) => Some(routes.home(at)),
            Unit::Topics(at) => Some(routes.fixed(at, "topics/")),
            Unit::Archive(at) => Some(routes.fixed(at, "archive/")),
            Unit::ArchiveYear(at, year) => Some(self.scopes[at].year_address(year)),
            Unit::Chronology(at) => routes.chronology(at),
            Unit::Corrections(at) => Some(routes.fixed(at, "corrections/")),
            Unit::Search | Unit::Graph | Unit::Redirects => None,
        }
    }

    /// Makes the files of a unit, and says what they are.
    pub fn print(&self, unit: Unit, sink: &dyn Sink) -> Checked<Printed> {
        let tray = Tray::new(sink);
        self.fill(unit, &tray);
        tray.into_made()
    }

    /// Makes the search pages without the indexes that they name: to see whether they can be
    /// made.
    pub fn search_pages(&self, sink: &dyn Sink) -> Checked<Printed> {
        let tray = Tray::new(sink);
        let hrefs = vec![String::new(); self.scopes.len()];
        for page in self.scopes.iter().filter_map(|it| it.search_page(&hrefs)) {
            tray.take(page);
        }
        tray.into_made()
    }

    fn fill(&self, unit: Unit, tray: &Tray<'_>) {
        match unit {
            Unit::Search => _ = self.search(&[], tray),
            Unit::Graph => _ = self.graph(None, tray),
            Unit::Redirects => self.redirects(tray),
            Unit::Briefing(id) => self.briefing(id, tray),
            Unit::Topic(at, id) => self.topic(at, id, tray),
            Unit::TopicPart(at, id, part) => {
                if let Some((page, _)) = self.scopes[at].topic(id, part) {
                    tray.take(page);
                }
            }
            Unit::Author(at, id) => self.author(at, id, tray),
            Unit::Series(at, id) => self.series(at, id, tray),
            Unit::Page(id) => {
                let lang = self.links.routes.language(&self.site.pages[id.at()].lang);
                tray.take(self.scopes[lang].plain_page(id));
            }
            Unit::Home(at) => self.home(at, tray),
            Unit::Topics(at) => tray.take(self.scopes[at].topics()),
            Unit::Archive(at) => tray.take(self.scopes[at].archive()),
            Unit::ArchiveYear(at, year) => {
                for page in self.scopes[at].archive_of(year) {
                    tray.take(page);
                }
            }
            Unit::Chronology(at) => {
                for page in self.scopes[at].chronology_pages() {
                    tray.take(page);
                }
            }
            Unit::Corrections(at) => self.corrections(at, tray),
        }
    }

    /// `words` are those that an earlier build has read in each language; gives those of now.
    fn search(&self, words: &[search::Words], tray: &Tray<'_>) -> Vec<search::Words> {
        let mut all = Vec::new();
        if !self.site.config.search {
            return all;
        }
        let none = search::Words::default();
        // Each index is freed once it is written: it is as large as the sources.
        let hrefs: Vec<String> = self
            .scopes
            .iter()
            .map(|scope| {
                let known = words.get(scope.at).unwrap_or(&none);
                let (index, words) =
                    search::index_of(self.site, self.links, scope.at, known);
                all.push(words);
                scope.put_search(&index, tray.sink)
            })
            .collect();
        for page in self.scopes.iter().filter_map(|it| it.search_page(&hrefs)) {
            tray.take(page);
        }
        all
    }

    /// Gives the rows of the graph, for the next build.
    fn graph(&self, earlier: Option<Earlier<'_>>, tray: &Tray<'_>) -> GraphRows {
        let newest = self
            .site
            .briefings
            .iter()
            .filter_map(|it| it.date.as_ref())
            .map(crate::parse::front_matter::Stamp::iso);
        let generated = self.stamp.map(str::to_owned).or_else(|| newest.max());
        let absolute = |it: &str| self.scopes[0].absolute(it);
        let keys = earlier.map_or_else(Vec::new, |it| it.keys.of_rows());
        let file = tray.sink.earlier(GRAPH);
        let known = file.as_deref().zip(earlier.map(|it| it.graph));
        let (graph, rows) = data::graph(
            self.site,
            self.links,
            generated.as_deref(),
            &absolute,
            &keys,
            known,
        );
        tray.put(GRAPH, graph);
        rows
    }

    fn briefing(&self, id: BriefingId, tray: &Tray<'_>) {
        let lang = &self.site.briefings[id.at()].lang;
        let scope = &self.scopes[self.links.routes.language(lang)];
        let (page, reference, card) = scope.briefing(id);
        tray.take(page);
        for (path, bytes) in scope.citation_files(id, &reference) {
            tray.put(&path, bytes);
        }
        tray.card(card.as_ref());
    }

    fn topic(&self, at: usize, id: TopicId, tray: &Tray<'_>) {
        let scope = &self.scopes[at];
        let Some((page, card)) = scope.topic(id, 0) else { return };
        tray.take(page);
        tray.card(card.as_ref());
        let Some(address) = self.links.routes.topic(id, at) else { return };
        let mut list = self.edition.listings[at][id.at()].all.clone();
        list.sort_unstable();
        self.short_feed(at, &self.site.topics[id.at()].title, address, &list, tray);
    }

    fn author(&self, at: usize, id: AuthorId, tray: &Tray<'_>) {
        let scope = &self.scopes[at];
        for page in scope.author(id) {
            tray.take(page);
        }
        if let Some(address) = self.links.routes.author(id, at) {
            let name = &self.site.authors[id.at()].name;
            self.short_feed(at, name, address, &scope.briefings_by(id), tray);
        }
    }

    fn series(&self, at: usize, id: SeriesId, tray: &Tray<'_>) {
        let scope = &self.scopes[at];
        if let Some(page) = scope.series(id) {
            tray.take(page);
        }
        if let Some(address) = self.links.routes.series(id, at) {
            let list = self.links.series[id.at()].get(scope.lang).cloned();
            let mut list = list.unwrap_or_default();
            list.sort_unstable();
            let title = &self.site.series[id.at()].title;
            self.short_feed(at, title, address, &list, tray);
        }
    }

    fn home(&self, at: usize, tray: &Tray<'_>) {
        let scope = &self.scopes[at];
        let home = self.links.routes.home(at);
        tray.card(scope.site_card.as_ref());
        tray.take(scope.home());
        tray.take(scope.not_found());
        let path = format!("{}{MANIFEST}", home.trim_start_matches('/'));
        tray.put(&path, data::manifest(scope));
        let all = self.site.briefings.iter().enumerate();
        let all = all.filter(|(_, it)| it.lang == *scope.lang);
        let all: Vec<BriefingId> =
            all.map(|(at, _)| BriefingId::from_index(at)).collect();
        let feed = Feed {
            title: scope.site_title().1,
            address: &home,
            briefings: &all,
            n_entries: self.site.config.feeds.items as usize,
            is_full: true,
        };
        self.feed(at, &feed, tray);
    }

    fn corrections(&self, at: usize, tray: &Tray<'_>) {
        let scope = &self.scopes[at];
        let all = scope.all_corrections();
        tray.take(scope.corrections(&all));
        if self.site.config.feeds.is_on {
            let title = scope.feed_name(scope.words.get("corrections"));
            let address = self.links.routes.fixed(at, "corrections/");
            for (path, bytes) in scope.corrections_feed(&title, &all, &address) {
                tray.put(&path, bytes);
            }
        }
    }

    /// The feed of something that has a name.
    fn short_feed(
        &self,
        at: usize,
        name: &Localized,
        address: &str,
        briefings: &[BriefingId],
        tray: &Tray<'_>,
    ) {
        let scope = &self.scopes[at];
        let name = name.best(scope.lang, &self.site.config.lang);
        let title = scope.feed_name(name.map_or("", |(_, text)| text));
        let (n_entries, is_full) = (N_ENTRIES, false);
        self.feed(
            at,
            &Feed { title: &title, address, briefings, n_entries, is_full },
            tray,
        );
    }

    fn feed(&self, at: usize, feed: &Feed<'_>, tray: &Tray<'_>) {
        if self.site.config.feeds.is_on {
            for (path, bytes) in self.scopes[at].feed(feed) {
                tray.put(&path, bytes);
            }
        }
    }

    fn redirects(&self, tray: &Tray<'_>) {
        if !hosts::has_redirect_pages(&self.site.config, self.site.clock.is_preview) {
            // Hosts lead on from there, and nothing else may stand there.
            tray.lock().0.pages.extend(self.links.routes.redirects.keys().cloned());
            return;
        }
        let scope = &self.scopes[0];
        for (from, to) in &self.links.routes.redirects {
            let page = Page {
                kind: "redirect",
                title: scope.words.get("redirect"),
                title_lang: scope.lang,
                description: "",
                address: to,
                versions: Vec::new(),
                feed: None,
                head: Head::default(),
                card: None,
            };
            let view = RedirectView { href: self.links.routes.href(to) };
            let html = scope.render("pages/redirect.html", &page, &view);
            tray.take(html.map(|html| (from.clone(), html)));
        }
    }

    /// Copies the files of the site that are published as they are, and makes those of its
    /// pictures. Reports those that stand where one of `pages`, in order, belongs.
    pub fn put_files(&self, pages: &[String], sink: &dyn Sink) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        check_files(self.theme, self.links, pages, &mut diagnostics);
        check_host_files(self.site, self.theme, &mut diagnostics);
        let used = Used::of(self.links);
        let hidden = used.hidden(self.theme);
        let files = self.theme.files.iter();
        for (path, source) in files.filter(|(it, _)| !hidden.contains(it.as_str())) {
            match source {
                FileSource::Bytes(bytes) => sink.put(path, bytes.clone()),
                FileSource::Disk(from) => sink.copy(path, from),
            }
        }
        diagnostics.extend(self.put_pictures(&used, &|_| true, sink));
        diagnostics
    }

    fn put_pictures(
        &self,
        used: &Used<'_>,
        is_wanted: &(dyn Fn(usize) -> bool + Sync),
        sink: &dyn Sink,
    ) -> Vec<Diagnostic> {
        pictures::make(&self.theme.pictures, used, &theme::read_asset, is_wanted, sink)
    }

    /// Makes the units and pictures of one part of the site.
    pub fn run_shard(
        &self,
        shard: Shard,
        keys: &Keys,
        sink: &dyn Sink,
        progress: &(dyn Fn(usize) + Sync),
    ) -> Checked<Run> {
        let made = Mutex::new(Made::default());
        self.links.count_together();
        let units = self.units();
        let grow = units
            .iter()
            .enumerate()
            .filter(|(at, unit)| shard.has(*at) && unit.has_key());
        let own: Vec<Unit> = grow.map(|(_, it)| *it).collect();
        own.par_iter().for_each(|unit| {
            self.print_or_keep(*unit, keys.of(self.edition, *unit), None, sink, &made);
            self.let_go(*unit);
            let made = made.lock().expect("no thread panics while it holds the lock");
            progress(made.pages.len());
        });
        let made = made.into_inner().expect("no thread panics while it holds the lock");
        let Made { mut diagnostics, mut pages, printed } = made;
        pages.sort();
        let used = Used::of(self.links);
        diagnostics.extend(self.put_pictures(&used, &|at| shard.has(at), sink));
        Checked { value: Run { pages, printed, ..Run::default() }, diagnostics }
    }

    /// What tells machines which pages there are, and hosts what to do. `pages` stand in
    /// order.
    pub fn put_lists(&self, pages: &[String], sink: &dyn Sink) {
        let (site, routes, scope) = (self.site, &self.links.routes, &self.scopes[0]);
        let dated = site.briefings.iter().enumerate().filter_map(|(at, it)| {
            let newest =
                it.meta.updated.as_ref().map(|it| &it.value).or(it.date.as_ref())?;
            let address = routes.briefing(BriefingId::from_index(at));
            Some((address, newest.date.to_string()))
        });
        let changed: FxHashMap<&str, String> = dated.collect();
        let is_listed = |it: &&String| {
            !it.ends_with("404.html") && !routes.redirects.contains_key(*it)
        };
        let listed: Vec<(String, Option<String>)> = pages
            .par_iter()
            .filter(is_listed)
            .map(|it| (scope.absolute(it), changed.get(it.as_str()).cloned()))
            .collect();
        for (path, bytes) in data::sitemaps(&site.config.base_url, &listed) {
            sink.put(&path, bytes);
        }
        sink.put(
            "robots.txt",
            data::robots(&site.config.base_url, site.clock.is_preview),
        );
        for (path, bytes) in hosts::files(&site.config, routes) {
            sink.put(path, bytes);
        }
    }

    /// Makes a unit, or takes over what an earlier build has made by its key, and notes it.
    fn print_or_keep(
        &self,
        unit: Unit,
        key: Option<u128>,
        earlier: Option<&Printed>,
        sink: &dyn Sink,
        made: &Mutex<Made>,
    ) {
        let kept = earlier.filter(|it| it.files.iter().all(|it| sink.keep(it)));
        let printed = match kept {
            Some(kept) => Checked::clean(kept.clone()),
            None => self.print(unit, sink),
        };
        let mut made = made.lock().expect("no thread panics while it holds the lock");
        made.add(key, printed);
    }

    /// Gives back the nodes of a briefing whose page was printed: only some feeds show the
    /// whole text again.
    fn let_go(&self, unit: Unit) {
        if let Unit::Briefing(id) = unit {
            self.site.briefings[id.at()].body.let_go();
        }
    }

    /// Makes all files of the site. Units that an earlier build has made, by their keys, are
    /// kept where the sink still has their files.
    pub fn run(
        &self,
        earlier: Option<Earlier<'_>>,
        sink: &dyn Sink,
        progress: &(dyn Fn(usize) + Sync),
    ) -> Checked<Run> {
        let config = &self.site.config;
        if !limits::are_known(config) {
            return self.run_into(earlier, sink, progress);
        }
        let tally = limits::Tally::new(sink);
        let mut run = self.run_into(earlier, &tally, progress);
        let rules = hosts::rules(config, &self.links.routes);
        run.diagnostics.extend(limits::check(config, &rules, &tally.into_sizes()));
        run
    }

    fn run_into(
        &self,
        earlier: Option<Earlier<'_>>,
        sink: &dyn Sink,
        progress: &(dyn Fn(usize) + Sync),
    ) -> Checked<Run> {
        let made = Mutex::new(Made::default());
        let units = self.units();
        self.links.count_together();
        // The index and the graph need much memory, and give it back: they come first.
        let rest = units.iter().filter(|it| !matches!(it, Unit::Search | Unit::Graph));
        let rest: Vec<Unit> = rest.copied().collect();
        let key = |unit: &Unit| {
            let key = earlier.and_then(|it| it.keys.of(self.edition, *unit));
            let printed = key.and_then(|it| earlier?.printed.get(&it));
            (*unit, key, printed)
        };
        let rest: Vec<(Unit, Option<u128>, Option<&Printed>)> =
            rest.par_iter().map(key).collect();
        let n_new = rest.iter().filter(|(.., printed)| printed.is_none()).count();
        let print = |(unit, key, printed): &(Unit, Option<u128>, Option<&Printed>)| {
            self.print_or_keep(*unit, *key, *printed, sink, &made);
            let made = made.lock().expect("no thread panics while it holds the lock");
            progress(made.pages.len());
        };
        let first = || {
            let tray = Tray::new(sink);
            let words = self.search(earlier.map_or(&[][..], |it| it.words), &tray);
            let graph = self.graph(earlier, &tray);
            let mut made = made.lock().expect("no thread panics while it holds the lock");
            made.add(None, tray.into_made());
            (words, graph)
        };
        let (words, graph) = if n_new < rest.len() / FEW {
            // Much of the index is made by one thread.
            rayon::join(first, || rest.par_iter().for_each(print)).0
        } else {
            // One after the other: what pages share is in memory until the end.
            let first = first();
            rest.par_iter().for_each(|unit| {
                print(unit);
                self.let_go(unit.0);
            });
            first
        };
        let made = made.into_inner().expect("no thread panics while it holds the lock");
        let Made { mut diagnostics, mut pages, printed } = made;
        pages.sort();
        // One after the other: a list takes the place of a file of its name.
        diagnostics.extend(self.put_files(&pages, sink));
        self.put_lists(&pages, sink);
        diagnostics.extend(hosts::check(self.site));
        Checked { value: Run { pages, printed, words, graph }, diagnostics }
    }
}

/// The file that a host serves for an address.
fn output_path(address: &str) -> String {
    let path = address.trim_start_matches('/');
    if path.is_empty() || path.ends_with('/') {
        format!("{path}index.html")
    } else {
        path.to_owned()
    }
}

/// Reports a file of the site that stands where a page belongs (row B7).
fn check_files(
    theme: &Theme,
    links: &Links,
    pages: &[String],
    diagnostics: &mut Vec<Diagnostic>,
) {
    let fixed = ["sitemap.xml", "robots.txt", "graph.json", "feed.xml", "feed.json"];
    let is_ours = |path: &str| {
        let address = format!("/{}", path.strip_suffix("index.html").unwrap_or(path));
        // A file cannot have the name of a folder that pages stand in, nor stand in a file.
        let folder = format!("/{path}/");
        let next = pages.partition_point(|it| *it < folder);
        let is_folder = pages.get(next).is_some_and(|it| it.starts_with(&folder));
        let is_in_file = path.rsplit_once('/').is_some_and(|(folder, _)| {
            folder.split('/').any(|it| it == "index.html" || fixed.contains(&it))
        });
        pages.binary_search(&address).is_ok()
            || fixed.contains(&path)
            || is_folder
            || is_in_file
            || links.routes.is_file(&address)
    };
    for path in theme.files.keys() {
        // Many disks and some hosts take capitals for small letters, which slugs are in.
        if is_ours(path) || is_ours(&path.to_lowercase()) {
            let message =
                format!("`static/{path}` stands where the site has a file of its own");
            let place = Place::file(&SourcePath::new(&format!("static/{path}")));
            let error = Diagnostic::error("output-collision", place, message);
            diagnostics.push(error.with_help("rename the file or delete it"));
        }
    }
}

/// Reports a file of the site that stands where a file for a host belongs, and one that
/// hosts would send with the promise that it never changes.
fn check_host_files(site: &Site, theme: &Theme, diagnostics: &mut Vec<Diagnostic>) {
    let place = |path: &str| Place::file(&SourcePath::new(&format!("static/{path}")));
    for path in hosts::paths(&site.config) {
        if theme.files.contains_key(path) {
            let message =
                format!("`static/{path}` stands where a file for the hosts belongs");
            let error = Diagnostic::error("output-collision", place(path), message);
            let help = match path {
                hosts::SECURITY => "delete the file, or `security` in site.yaml",
                _ => "delete the file, or take the host out of `hosts` in site.yaml",
            };
            diagnostics.push(error.with_help(help));
        }
    }
    let is_kept = |path: &&str| path.starts_with(hosts::HASHED);
    let own = theme.hrefs.keys().filter_map(|it| crate::load::fixed_path(it));
    for path in own.filter(is_kept).filter(|_| !site.config.hosts.is_empty()) {
        let message = "browsers keep what stands in `assets/` for ever, and the name of \
                       this file does not change with it";
        let warning = Diagnostic::warning("kept-for-ever", place(path), message);
        diagnostics.push(warning.with_help("put it into another folder of `static/`"));
    }
}
