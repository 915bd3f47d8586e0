//! A sink that weighs a site and keeps none of it: does each page load fast, and will a host
//! take all of it?
//!
//! Pages that links by hand name a place of are looked at for it, as they are printed, so
//! that what the theme and its site make of headings counts and not what we think of them.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::sync::Mutex;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::check::{Article, Desk, settings_place};
use crate::diag::{Diagnostic, Place, SourcePath};
use crate::link::references::Places;
use crate::model::{BriefingId, PageId, TopicId};
use crate::parse::document::{Element, Node, Target};
use crate::render::Sink;
use crate::render::html;
use crate::text::isolate::terminal;
use crate::text::slug::decoded;

/// What a page and its style sheet may weigh on the way to a reader, compressed, in bytes.
const MAX_PAGE: usize = 60_000;

/// What a feed may weigh, in bytes: some readers of feeds take no more.
const MAX_FEED: usize = 512_000;

/// The largest file that all hosts take, in bytes.
const MAX_FILE: u64 = 25 * 1024 * 1024;

/// How many files all hosts take.
const MAX_FILES: usize = 20_000;

/// Weighs the files of a site.
pub struct Scales {
    /// Names of places in pages, by path in the output, that links by hand lead to.
    wanted: BTreeMap<String, Vec<(String, Place)>>,
    /// Sources by the beginning of the paths of what is made of them.
    sources: BTreeMap<String, SourcePath>,
    seen: Mutex<Seen>,
}

/// What was weighed.
#[derive(Default)]
struct Seen {
    n_files: usize,
    /// Compressed style sheets.
    n_style: usize,
    /// Compressed pages that might be too heavy, by path.
    pages: BTreeMap<String, usize>,
    feeds: BTreeMap<String, usize>,
    large: BTreeMap<String, u64>,
    findings: Vec<Diagnostic>,
}

impl Scales {
    /// Scales for the site of a desk.
    pub fn new(desk: Desk<'_>) -> Self {
        let Desk { site, links, .. } = desk;
        let mut wanted: BTreeMap<String, Vec<(String, Place)>> = BTreeMap::new();
        for Article { document, .. } in desk.articles() {
            let paths = document.outline.links.iter().enumerate();
            let paths = paths.filter_map(|(at, it)| match &it.target {
                Target::Path(path) => path.split_once('#').map(|it| (at, it)),
                _ => None,
            });
            let mut places = None;
            for (at, (path, fragment)) in paths {
                let at = u32::try_from(at).unwrap_or(u32::MAX);
                let places = places.get_or_insert_with(|| Places::of(&document));
                let place = places.place(&document, Node::Open(Element::Link(at)));
                let path = decoded(path.split('?').next().unwrap_or(path)).into_owned();
                let fragment = decoded(fragment).into_owned();
                if !fragment.is_empty() {
                    wanted.entry(output_path(&path)).or_default().push((fragment, place));
                }
            }
        }
        let mut sources = BTreeMap::new();
        let folder = |address: &str| address.trim_start_matches('/').to_owned();
        for (at, briefing) in site.briefings.iter().enumerate() {
            let address = links.routes.briefing(BriefingId::from_index(at));
            sources.insert(folder(address), briefing.path.clone());
        }
        for (at, page) in site.pages.iter().enumerate() {
            let address = links.routes.page(PageId::from_index(at));
            sources.insert(folder(address), page.path.clone());
        }
        for (at, topic) in site.topics.iter().enumerate() {
            for lang in 0..site.config.languages.len() {
                if let Some(it) = links.routes.topic(TopicId::from_index(at), lang) {
                    sources.insert(folder(it), topic.path.clone());
                }
            }
        }
        Self { wanted, sources, seen: Mutex::default() }
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.seen.lock().expect("no thread panics while it holds the lock")
    }

    /// What is too heavy, too large or too much, and names of places that no page has.
    pub fn into_findings(self) -> Vec<Diagnostic> {
        let place_of = |path: &str| {
            let found =
                self.sources.iter().rev().find(|(it, _)| path.starts_with(it.as_str()));
            found.map_or_else(settings_place, |(_, it)| Place::file(it))
        };
        let seen = self.seen.into_inner();
        let seen = seen.expect("no thread panics while it holds the lock");
        let mut findings = seen.findings;
        for (path, n_bytes) in &seen.pages {
            let n_bytes = n_bytes + seen.n_style;
            if n_bytes <= MAX_PAGE {
                continue;
            }
            let message = format!(
                "the page `/{}` weighs {} kB with its style sheet, compressed",
                terminal(path.trim_end_matches("index.html")),
                n_bytes / 1000
            );
            let help = format!(
                "keep it to {} kB, for readers on slow networks: split the text, or shorten \
                 its tables",
                MAX_PAGE / 1000
            );
            let warning = Diagnostic::warning("heavy-page", place_of(path), message);
            findings.push(warning.with_help(help));
        }
        for (path, n_bytes) in &seen.feeds {
            let message =
                format!("the feed `/{}` has {} kB", terminal(path), n_bytes / 1000);
            let help = "some readers of feeds take 512 kB at most: lower `items` of `feeds` in \
                        site.yaml";
            let warning = Diagnostic::warning("heavy-feed", place_of(path), message);
            findings.push(warning.with_help(help));
        }
        for (path, n_bytes) in &seen.large {
            let message =
                format!("the file `/{}` has {} MB", terminal(path), n_bytes / 1_000_000);
            let help =
                "several hosts take no file over 25 MiB: put it elsewhere and link to it";
            let source = SourcePath::new(&format!("static/{path}"));
            let warning =
                Diagnostic::warning("large-file", Place::file(&source), message);
            findings.push(warning.with_help(help));
        }
        if MAX_FILES < seen.n_files {
            let message = format!("the site has {} files", seen.n_files);
            let help = format!(
                "several hosts take no more than {MAX_FILES}: ask yours, or publish fewer sizes \
                 of pictures and no cards (`cards: false`)"
            );
            let warning = Diagnostic::warning("many-files", settings_place(), message);
            findings.push(warning.with_help(help));
        }
        findings
    }

    fn weigh(&self, path: &str, bytes: &[u8]) {
        let is_page = path.ends_with(".html");
        let is_style = path.starts_with("assets/site.") && path.ends_with(".css");
        let is_feed = path.ends_with("feed.xml") || path.ends_with("feed.json");
        // Nearly every page is far too small to be too heavy, whatever its text.
        let may_be_heavy = is_page && MAX_PAGE / 2 < bytes.len();
        let n_compressed = if may_be_heavy || is_style { n_compressed(bytes) } else { 0 };
        let missing = if is_page { self.missing(path, bytes) } else { Vec::new() };
        let mut seen = self.seen();
        seen.n_files += 1;
        seen.findings.extend(missing);
        if is_style {
            seen.n_style += n_compressed;
        }
        if may_be_heavy {
            seen.pages.insert(path.to_owned(), n_compressed);
        }
        if is_feed && MAX_FEED < bytes.len() {
            seen.feeds.insert(path.to_owned(), bytes.len());
        }
        if MAX_FILE < bytes.len() as u64 {
            seen.large.insert(path.to_owned(), bytes.len() as u64);
        }
    }

    /// Places in a page that links by hand lead to and that it does not have.
    fn missing(&self, path: &str, bytes: &[u8]) -> Vec<Diagnostic> {
        let Some(wanted) = self.wanted.get(path) else { return Vec::new() };
        let page = String::from_utf8_lossy(bytes);
        let is_missing = |fragment: &str| {
            let mut escaped = String::new();
            html::escape(fragment, &mut escaped);
            !page.contains(&format!(" id=\"{escaped}\""))
        };
        let missing = wanted.iter().filter(|(it, _)| is_missing(it));
        let finding = |(fragment, place): &(String, Place)| {
            let message =
                format!("the page has no place called `{}`", terminal(fragment));
            let help = "take away what stands behind `#`, or give a heading this name: \
                        `## … {#name}`";
            Diagnostic::warning("dead-anchor", place.clone(), message).with_help(help)
        };
        missing.map(finding).collect()
    }
}

impl Sink for Scales {
    fn put(&self, path: &str, bytes: Vec<u8>) {
        self.weigh(path, &bytes);
    }

    fn copy(&self, path: &str, from: &Path) {
        let n_bytes = from.metadata().map_or(0, |it| it.len());
        let mut seen = self.seen();
        seen.n_files += 1;
        if MAX_FILE < n_bytes {
            seen.large.insert(path.to_owned(), n_bytes);
        }
    }

    fn make(&self, _path: &str, _make: &dyn Fn() -> Vec<u8>) {
        self.seen().n_files += 1;
    }

    fn make_of(&self, path: &str, look: &dyn Fn(), make: &dyn Fn() -> Vec<u8>) {
        look();
        self.make(path, make);
    }
}

/// The file that a host serves for an address.
fn output_path(address: &str) -> String {
    let path = address.trim_start_matches('/');
    match path {
        _ if path.is_empty() || path.ends_with('/') => format!("{path}index.html"),
        _ if path.ends_with(".html") => path.to_owned(),
        _ => format!("{path}/index.html"),
    }
}

/// How many bytes a host sends of a file.
fn n_compressed(bytes: &[u8]) -> usize {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.map_or(bytes.len(), |it| it.len())
}
