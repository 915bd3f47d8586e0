//! Site + Links + Theme -> files: every page, feed and data file of the site.
//!
//! Each finished file goes to a `Sink` at once, so that the memory of a build holds the
//! sources and not the whole site. Pages for people are made by templates from `views`;
//! formats with a specification (feeds, sitemap, graph.json) are written by code. A file
//! depends on nothing but the content, so the order in which files arrive does not matter.

pub mod archive;
pub mod cards;
pub mod chronology;
pub mod citation;
mod compact;
pub mod data;
pub mod feeds;
pub mod figure;
pub mod html;
mod isolates;
pub mod pages;
pub mod pictures;
pub mod relations;
pub mod scope;
pub mod search_index;
pub mod search_page;
pub mod structured_data;
pub mod template;
pub mod template_fields;
pub mod theme;
pub mod topic_list;
pub mod topic_page;
pub mod views;
pub mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;

use rayon::prelude::*;

use crate::diag::{Checked, Diagnostic};
use crate::link::Links;
use crate::link::references::Resolved;
use crate::link::routes::MANIFEST;
use crate::model::{AuthorId, BriefingId, PageId, SeriesId, Site, TopicId};
use crate::render::cards::NamedCard;
use crate::render::feeds::{Feed, N_ENTRIES};
use crate::render::pages::Rendered;
use crate::render::scope::{Head, Page, Scope, summary};
use crate::render::theme::{FileSource, Theme};
use crate::render::views::RedirectView;
use crate::search::Index;

/// Makes a file after the build, on its own. What it is made from may turn out to be damaged.
pub type Later = Box<dyn Fn() -> Result<Vec<u8>, Diagnostic> + Send + Sync>;

/// Takes the files of a site. Called from several threads.
pub trait Sink: Sync {
    /// Takes a file by its path in the output.
    fn put(&self, path: &str, bytes: Vec<u8>);

    /// Takes a copy of a file on the disk.
    fn copy(&self, path: &str, from: &Path);

    /// Takes a file that is slow to make, and whose path holds a hash of all that it is made
    /// from: `make` need not run where the sink already has such a file.
    fn make(&self, path: &str, make: &dyn Fn() -> Vec<u8>) {
        self.put(path, make());
    }

    /// Takes a file like `make`, from a source that may turn out to be damaged: a sink that
    /// keeps nothing calls `look`, which finds that out, in its place.
    fn make_of(&self, path: &str, look: &dyn Fn(), make: &dyn Fn() -> Vec<u8>) {
        let _ = look;
        self.make(path, make);
    }

    /// Takes the file of `make` or `make_of` to make it when somebody asks for it, and says
    /// that it has: then it gets the file in no other way.
    fn make_later(&self, path: &str, later: &dyn Fn() -> Later) -> bool {
        let _ = (path, later);
        false
    }
}

/// Keeps files in memory: for tests and for `check`.
#[derive(Debug, Default)]
pub struct Memory {
    /// Bytes by path.
    pub files: Mutex<BTreeMap<String, Vec<u8>>>,
}

impl Sink for Memory {
    fn put(&self, path: &str, bytes: Vec<u8>) {
        let mut files =
            self.files.lock().expect("no thread panics while it holds the lock");
        files.insert(path.to_owned(), bytes);
    }

    fn copy(&self, path: &str, _from: &Path) {
        self.put(path, Vec::new());
    }
}

/// Drops files: for finding mistakes only.
#[derive(Debug, Default)]
pub struct Nowhere;

impl Sink for Nowhere {
    fn put(&self, _path: &str, _bytes: Vec<u8>) {}

    fn copy(&self, _path: &str, _from: &Path) {}

    fn make(&self, _path: &str, _make: &dyn Fn() -> Vec<u8>) {}

    fn make_of(&self, _path: &str, look: &dyn Fn(), _make: &dyn Fn() -> Vec<u8>) {
        look();
    }
}

/// How many of what a build has made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Pages for people.
    pub n_pages: usize,
}

/// Renders the whole site into a sink. `stamp` is the moment that graph.json names.
pub fn render(
    site: &Site,
    links: &Links,
    theme: &Theme,
    search: Vec<Index>,
    stamp: Option<&str>,
    sink: &dyn Sink,
    progress: &(dyn Fn(usize) + Sync),
) -> Checked<Summary> {
    let summaries: Vec<String> = site.briefings.par_iter().map(summary).collect();
    let asset_href = |path: &str| theme.hrefs.get(path).cloned();
    let scopes: Vec<Scope<'_>> = (0..site.config.languages.len())
        .map(|at| Scope::new(site, links, theme, at, &summaries, &asset_href))
        .collect();
    // Each index is freed once it is written: it is as large as the sources.
    let index_hrefs: Vec<String> = scopes
        .iter()
        .zip(search)
        .map(|(scope, it)| scope.put_search(&it, sink))
        .collect();
    // Before the pages: what they share is in memory until the end.
    let newest = site
        .briefings
        .iter()
        .filter_map(|it| it.date.as_ref())
        .map(super::parse::front_matter::Stamp::iso);
    let generated = stamp.map(str::to_owned).or_else(|| newest.max());
    let graph =
        data::graph(site, links, generated.as_deref(), &|it| scopes[0].absolute(it));
    sink.put("graph.json", graph);
    let out = Out { sink, progress, rendered: Mutex::default() };
    out.pages(site, links, &scopes);
    for page in scopes.iter().filter_map(|it| it.search_page(&index_hrefs)) {
        out.take(page);
    }
    if site.config.feeds.is_on {
        feeds(site, links, &scopes, sink);
    }
    redirects(links, &scopes[0], &out);
    for scope in &scopes {
        let home = links.routes.home(scope.at);
        let path = format!("{}{MANIFEST}", home.trim_start_matches('/'));
        sink.put(&path, data::manifest(scope));
    }
    let Made { mut diagnostics, mut pages } =
        out.rendered.into_inner().expect("no thread panics while it holds the lock");
    pages.sort();
    check_files(theme, links, &pages, &mut diagnostics);
    let used = Used::of(links);
    let hidden = used.hidden(theme);
    for (path, source) in
        theme.files.iter().filter(|(it, _)| !hidden.contains(it.as_str()))
    {
        match source {
            FileSource::Bytes(bytes) => sink.put(path, bytes.clone()),
            FileSource::Disk(from) => sink.copy(path, from),
        }
    }
    let made = pictures::make(&theme.pictures, &used, &theme::read_asset, sink);
    diagnostics.extend(made);
    let scope = &scopes[0];
    let changed: BTreeMap<&str, String> = site
        .briefings
        .iter()
        .enumerate()
        .filter_map(|(at, it)| {
            let newest =
                it.meta.updated.as_ref().map(|it| &it.value).or(it.date.as_ref())?;
            Some((
                links.routes.briefing(BriefingId::from_index(at)),
                newest.date.to_string(),
            ))
        })
        .collect();
    let listed: Vec<(String, Option<String>)> = pages
        .iter()
        .filter(|it| {
            !it.ends_with("404.html") && !links.routes.redirects.contains_key(*it)
        })
        .map(|it| (scope.absolute(it), changed.get(it.as_str()).cloned()))
        .collect();
    for (path, bytes) in data::sitemaps(&site.config.base_url, &listed) {
        sink.put(&path, bytes);
    }
    sink.put("robots.txt", data::robots(&site.config.base_url, site.clock.is_preview));
    Checked { value: Summary { n_pages: pages.len() }, diagnostics }
}

/// Files of the content that pages use, by their paths in the site folder.
///
/// No other file of `content/` is published: what lies beside a text that is not public yet
/// is not public either.
#[derive(Debug, Default)]
pub struct Used<'a> {
    /// Pictures that pages show.
    pub shown: BTreeSet<&'a str>,
    /// Files that pages link to.
    pub linked: BTreeSet<&'a str>,
}

impl<'a> Used<'a> {
    fn of(links: &'a Links) -> Self {
        let mut used = Self::default();
        used.shown.extend(links.images.iter().filter_map(Option::as_deref));
        let topics = links.topics.iter().flat_map(BTreeMap::values);
        for article in links.briefings.iter().chain(&links.pages).chain(topics) {
            let pictures = &article.references.pictures;
            used.shown.extend(pictures.iter().filter_map(Option::as_deref));
            used.linked.extend(article.references.links.iter().filter_map(
                |it| match it {
                    Resolved::Asset(path) => Some(&**path),
                    _ => None,
                },
            ));
        }
        used
    }

    /// Whether a file is published: all of `static/` is.
    pub fn is_public(&self, path: &str) -> bool {
        let is_used = self.shown.contains(path) || self.linked.contains(path);
        is_used || !path.starts_with("content/")
    }

    /// Paths in the output of files that are not published.
    fn hidden<'t>(&self, theme: &'t Theme) -> BTreeSet<&'t str> {
        let (public, hidden): (Vec<_>, Vec<_>) =
            theme.hrefs.iter().partition(|(path, _)| self.is_public(path));
        let mut hidden: BTreeSet<&str> =
            hidden.into_iter().map(|(_, href)| theme.output_path(href)).collect();
        // Two files of the same name and bytes share an address.
        for (_, href) in public {
            hidden.remove(theme.output_path(href));
        }
        hidden
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
    for path in theme.files.keys() {
        let address = format!("/{}", path.strip_suffix("index.html").unwrap_or(path));
        // A file cannot have the name of a folder that pages stand in, nor stand in a file.
        let folder = format!("/{path}/");
        let next = pages.partition_point(|it| *it < folder);
        let is_folder = pages.get(next).is_some_and(|it| it.starts_with(&folder));
        let is_in_file = path.rsplit_once('/').is_some_and(|(folder, _)| {
            folder.split('/').any(|it| it == "index.html" || fixed.contains(&it))
        });
        let is_ours = pages.binary_search(&address).is_ok()
            || fixed.contains(&path.as_str())
            || is_folder
            || is_in_file
            || links.routes.is_file(&address);
        if is_ours {
            let message =
                format!("`static/{path}` stands where the site has a file of its own");
            let place = crate::diag::Place::file(&crate::diag::SourcePath::new(
                &format!("static/{path}"),
            ));
            let error = Diagnostic::error("output-collision", place, message);
            diagnostics.push(error.with_help("rename the file or delete it"));
        }
    }
}

/// What has been rendered so far.
#[derive(Default)]
struct Made {
    diagnostics: Vec<Diagnostic>,
    /// Addresses.
    pages: Vec<String>,
}

struct Out<'a> {
    sink: &'a dyn Sink,
    progress: &'a (dyn Fn(usize) + Sync),
    rendered: Mutex<Made>,
}

impl Out<'_> {
    fn take(&self, page: Rendered) {
        match page {
            Ok((address, html)) => {
                self.sink.put(&output_path(&address), html);
                let mut made = self.lock();
                made.pages.push(address);
                (self.progress)(made.pages.len());
            }
            Err(diagnostic) => {
                let mut made = self.lock();
                // One mistake of a template shows on every page that uses it.
                if !made.diagnostics.contains(&diagnostic) {
                    made.diagnostics.push(diagnostic);
                }
            }
        }
    }

    fn card(&self, card: Option<&NamedCard>) {
        if let Some(card) = card {
            card.put(self.sink);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Made> {
        self.rendered.lock().expect("no thread panics while it holds the lock")
    }

    fn pages(&self, site: &Site, links: &Links, scopes: &[Scope<'_>]) {
        (0..site.briefings.len()).into_par_iter().for_each(|at| {
            let scope = &scopes[links.routes.language(&site.briefings[at].lang)];
            let id = BriefingId::from_index(at);
            let (page, reference, card) = scope.briefing(id);
            self.take(page);
            for (path, bytes) in scope.citation_files(id, &reference) {
                self.sink.put(&path, bytes);
            }
            self.card(card.as_ref());
        });
        let n_topics = site.topics.len();
        for scope in scopes {
            (0..n_topics).into_par_iter().for_each(|at| {
                let id = TopicId::from_index(at);
                let (pages, card) = scope.topic(id);
                for page in pages {
                    self.take(page);
                }
                self.card(card.as_ref());
            });
            for at in 0..site.authors.len() {
                let pages = scope.author(AuthorId::from_index(at));
                for page in pages {
                    self.take(page);
                }
            }
            for at in 0..site.series.len() {
                if let Some(page) = scope.series(SeriesId::from_index(at)) {
                    self.take(page);
                }
            }
            self.card(scope.site_card.as_ref());
            self.take(scope.home());
            self.take(scope.topics());
            scope.archive().into_par_iter().for_each(|it| self.take(it));
            for page in scope.chronology_pages() {
                self.take(page);
            }
            self.take(scope.corrections());
            self.take(scope.not_found());
        }
        for (at, page) in site.pages.iter().enumerate() {
            let lang = links.routes.language(&page.lang);
            self.take(scopes[lang].plain_page(PageId::from_index(at)));
        }
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

fn feeds(site: &Site, links: &Links, scopes: &[Scope<'_>], sink: &dyn Sink) {
    for scope in scopes {
        let all: Vec<BriefingId> = (0..site.briefings.len())
            .map(BriefingId::from_index)
            .filter(|it| site.briefings[it.at()].lang == *scope.lang)
            .collect();
        let (_, title) = scope.site_title();
        let home = links.routes.home(scope.at);
        let put = |feed: &Feed<'_>| {
            for (path, bytes) in scope.feed(feed) {
                sink.put(&path, bytes);
            }
        };
        put(&Feed {
            title,
            address: &home,
            briefings: &all,
            n_entries: site.config.feeds.items as usize,
            is_full: true,
        });
        let short = |title: &str, address: &str, briefings: &[BriefingId]| {
            let title = scope.feed_name(title);
            let (n_entries, is_full) = (N_ENTRIES, false);
            put(&Feed { title: &title, address, briefings, n_entries, is_full });
        };
        let best = |it: &crate::text::localized::Localized| {
            let best = it.best(scope.lang, &site.config.lang);
            best.map(|(_, text)| text.to_owned()).unwrap_or_default()
        };
        (0..site.topics.len()).into_par_iter().for_each(|at| {
            let Some(address) = links.routes.topic(TopicId::from_index(at), scope.at)
            else {
                return;
            };
            let mut list = scope.in_language(&links.about[at]);
            list.extend(scope.in_language(&links.mentioned_in[at]));
            list.sort_unstable();
            short(&best(&site.topics[at].title), address, &list);
        });
        for (at, author) in site.authors.iter().enumerate() {
            let id = AuthorId::from_index(at);
            if let Some(address) = links.routes.author(id, scope.at) {
                short(&best(&author.name), address, &scope.briefings_by(id));
            }
        }
        for (at, series) in site.series.iter().enumerate() {
            if let Some(address) = links.routes.series(SeriesId::from_index(at), scope.at)
            {
                let mut list =
                    links.series[at].get(scope.lang).cloned().unwrap_or_default();
                list.sort_unstable();
                short(&best(&series.title), address, &list);
            }
        }
    }
}

fn redirects(links: &Links, scope: &Scope<'_>, out: &Out<'_>) {
    for (from, to) in &links.routes.redirects {
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
        let view = RedirectView { href: links.routes.href(to) };
        let html = scope.render("pages/redirect.html", &page, &view);
        out.take(html.map(|html| (from.clone(), html)));
    }
}
