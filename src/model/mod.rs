//! Config + `Vec<Parsed>` -> `Site`: typed, resolved, and only what is public.
//!
//! Header, sidecar and translations of one object come together here; ids become indices;
//! a reference to something that does not exist is reported. What an embargo or a draft
//! hides is dropped here, before any stage could print it. The order of every list is
//! decided by the content alone.

pub mod briefing;
pub mod known;
mod link_words;
pub mod topic;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::config::hosts::SecurityContact;
use crate::diag::{Checked, Diagnostic, Place, SourcePath, closest};
use crate::model::briefing::{Briefing, Briefings};
use crate::model::known::{Assembled, Known};
use crate::model::topic::Topic;
use crate::parse::body::Body;
use crate::parse::front_matter::{AuthorMeta, PageMeta, SeriesMeta, Stamp};
use crate::parse::{Data, Parsed};
use crate::text::lang::Lang;
use crate::text::localized::Localized;

/// The moment of a build, and whether it may show what is not public.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    /// Embargoes that end at or before this moment have ended.
    pub now: Timestamp,
    /// Whether drafts and embargoed texts are shown.
    pub is_preview: bool,
}

macro_rules! index {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize,
            Deserialize,
        )]
        pub struct $name(pub u32);

        impl $name {
            /// As an index into its list.
            pub fn at(self) -> usize {
                self.0 as usize
            }

            /// From an index into its list.
            pub fn from_index(at: usize) -> Self {
                Self(u32::try_from(at).unwrap_or(u32::MAX))
            }
        }
    };
}

index! {
    /// Index of one language version of a briefing in `Site::briefings`.
    BriefingId
}
index! {
    /// Index in `Site::topics`.
    TopicId
}
index! {
    /// Index in `Site::authors`.
    AuthorId
}
index! {
    /// Index in `Site::series`.
    SeriesId
}
index! {
    /// Index in `Site::pages`.
    PageId
}

/// Everything that is public, resolved.
#[derive(Debug)]
pub struct Site {
    /// What the desk decided.
    pub config: Config,
    /// Language versions of briefings, newest first; those without a date last.
    pub briefings: Vec<Arc<Briefing>>,
    /// Topics, by id.
    pub topics: Vec<Topic>,
    /// Authors, by id.
    pub authors: Vec<Author>,
    /// Series, by id.
    pub series: Vec<Series>,
    /// Language versions of plain pages, by place in the footer, then by id.
    pub pages: Vec<Page>,
    /// Versions of a briefing, by its id.
    pub versions: BTreeMap<Arc<str>, Vec<BriefingId>>,
    /// Ids of briefings that exist and are not public.
    pub hidden: BTreeSet<String>,
    /// Folded titles of texts that are not public.
    pub hidden_titles: BTreeSet<String>,
    /// When the next embargo ends.
    pub next_publication: Option<Timestamp>,
    /// The clock of this build.
    pub clock: Clock,
}

/// Somebody who writes.
#[derive(Debug, Clone)]
pub struct Author {
    /// File stem.
    pub id: String,
    /// The file.
    pub path: SourcePath,
    /// Name.
    pub name: Localized,
    /// The other keys.
    pub meta: AuthorMeta,
}

/// A series.
#[derive(Debug, Clone)]
pub struct Series {
    /// File stem.
    pub id: String,
    /// The file.
    pub path: SourcePath,
    /// Title.
    pub title: Localized,
    /// The other keys.
    pub meta: SeriesMeta,
}

/// A language version of a plain page.
#[derive(Debug, Clone)]
pub struct Page {
    /// File stem.
    pub id: String,
    /// The file.
    pub path: SourcePath,
    /// Language.
    pub lang: Lang,
    /// Title.
    pub title: String,
    /// The other keys.
    pub meta: PageMeta,
    /// The text.
    pub body: Arc<Body>,
}

impl Site {
    /// The moment from which on the same sources may make another site, or other warnings: an
    /// embargo ends, something becomes the newest, a promise of the settings runs out, or a new
    /// day begins, on which somebody is no longer in office.
    pub fn same_until(&self) -> Option<Timestamp> {
        let zone = &self.config.time_zone;
        let tomorrow = zone.to_datetime(self.clock.now).date().tomorrow().ok()?;
        let midnight = zone.to_timestamp(tomorrow.at(0, 0, 0, 0)).ok()?;
        let security = self.config.security.iter().flat_map(SecurityContact::moments);
        let others = security.chain(self.next_publication).chain([midnight]);
        let is_to_come = |it: &Timestamp| self.clock.now < *it;
        let next = self.moments().filter(is_to_come).min();
        others.filter(is_to_come).chain(next).min()
    }

    /// The newest moment at which something of it became public: a text, an update, a change,
    /// a correction. A day without a time begins at midnight.
    pub fn newest(&self) -> Option<Timestamp> {
        self.moments().filter(|it| *it <= self.clock.now).max()
    }

    /// Moments at which something of it becomes public, or has.
    fn moments(&self) -> impl ParallelIterator<Item = Timestamp> {
        let zone = &self.config.time_zone;
        let moment = |it: &Stamp| {
            it.time.or_else(|| zone.to_timestamp(it.date.at(0, 0, 0, 0)).ok())
        };
        self.briefings.par_iter().flat_map_iter(move |it| {
            let meta = &it.meta;
            let stamps = [&meta.date, &meta.updated].into_iter().flatten();
            let notes = [&meta.changes, &meta.corrections].into_iter().flatten();
            let notes = notes.flat_map(|it| &it.value).map(|it| &it.at);
            let moments = stamps.map(|it| &it.value).chain(notes).filter_map(moment);
            moments.chain(meta.publish_at.as_ref().map(|it| it.value))
        })
    }

    /// The topic with this id.
    pub fn topic(&self, id: &str) -> Option<TopicId> {
        let at = self.topics.binary_search_by(|it| it.id.as_str().cmp(id)).ok()?;
        Some(TopicId::from_index(at))
    }

    /// Topics with a date of their own and a name in a language.
    pub fn dated_topics(&self, lang: &Lang) -> impl Iterator<Item = TopicId> {
        let all = self.topics.iter().enumerate();
        let is_dated = |it: &topic::Topic| {
            it.title.get(lang).is_some()
                && it.meta.dates.as_ref().is_some_and(|it| it.value.from.is_some())
        };
        all.filter(move |(_, it)| is_dated(it)).map(|(at, _)| TopicId::from_index(at))
    }

    /// The author with this id.
    pub fn author(&self, id: &str) -> Option<AuthorId> {
        let at = self.authors.binary_search_by(|it| it.id.as_str().cmp(id)).ok()?;
        Some(AuthorId::from_index(at))
    }

    /// The series with this id.
    pub fn series_with_id(&self, id: &str) -> Option<SeriesId> {
        let at = self.series.binary_search_by(|it| it.id.as_str().cmp(id)).ok()?;
        Some(SeriesId::from_index(at))
    }

    /// The page with this id for a reader of `lang`: that language, else the default.
    pub fn page(&self, id: &str, lang: &Lang) -> Option<PageId> {
        let of_lang = |lang: &Lang| {
            self.pages.iter().position(|it| it.id == id && it.lang == *lang)
        };
        of_lang(lang)
            .or_else(|| of_lang(&self.config.lang))
            .or_else(|| self.pages.iter().position(|it| it.id == id))
            .map(PageId::from_index)
    }

    /// The version of a briefing for a reader of `lang`: that language, else the default.
    pub fn version(&self, id: &str, lang: &Lang) -> Option<BriefingId> {
        let versions = self.versions.get(id)?;
        let in_lang = |lang: &Lang| {
            versions.iter().find(|it| self.briefings[it.at()].lang == *lang)
        };
        in_lang(lang)
            .or_else(|| in_lang(&self.config.lang))
            .or_else(|| versions.first())
            .copied()
    }
}

/// Puts the parts of every object together and resolves what they refer to.
pub fn assemble(
    config: &Config,
    parsed: Vec<Arc<Parsed>>,
    clock: Clock,
) -> Checked<Site> {
    let known = Known { prints: None, assembled: &Assembled::default() };
    assemble_again(config, parsed, clock, &known).0
}

/// The same with what an earlier build has put together; gives what to know for the next one.
pub fn assemble_again(
    config: &Config,
    parsed: Vec<Arc<Parsed>>,
    clock: Clock,
    known: &Known<'_>,
) -> (Checked<Site>, Assembled) {
    let mut diagnostics = Vec::new();
    let mut parts = Parts::default();
    for file in parsed {
        if let Some(lang) = &file.lang
            && !config.languages.contains(lang)
        {
            let message = format!("`{lang}` is not a language of the site");
            let place = Place::file(&file.path);
            let error = Diagnostic::error("unlisted-language", place, message);
            let help = format!("add it to `languages` in `{}`", crate::config::PATH);
            diagnostics.push(error.with_help(help));
            continue;
        }
        let part = match &file.data {
            Data::Briefing(_) => &mut parts.briefings,
            Data::Topic(_) => &mut parts.topics,
            Data::Author(_) => &mut parts.authors,
            Data::Series(_) => &mut parts.series,
            Data::Page(_) => &mut parts.pages,
        };
        part.push(file);
    }
    let Parts { briefings, topics, authors, series, pages } = &mut parts;
    for files in [briefings, topics, authors, series, pages] {
        files.sort_by(|a, b| a.id.cmp(&b.id));
        for group in files.chunk_by(|a, b| a.id == b.id) {
            check_unique(group, config, &mut diagnostics);
        }
    }
    let mut site = Site {
        config: config.clone(),
        briefings: Vec::new(),
        authors: assemble_authors(grouped(parts.authors), &mut diagnostics),
        series: assemble_series(grouped(parts.series), &mut diagnostics),
        pages: assemble_pages(grouped(parts.pages), config, &mut diagnostics),
        topics: topic::assemble(grouped(parts.topics), config, &mut diagnostics),
        versions: BTreeMap::new(),
        hidden: BTreeSet::new(),
        hidden_titles: BTreeSet::new(),
        next_publication: None,
        clock,
    };
    let mut next = known.next();
    let Briefings { public, keys, versions, hidden, hidden_titles, next_publication } =
        briefing::assemble(
            &parts.briefings,
            &site,
            known,
            &mut next.versions,
            &mut diagnostics,
        );
    // What nobody else keeps is changed in its place below.
    drop(parts.briefings);
    site.briefings = public;
    site.versions = versions;
    site.hidden = hidden;
    site.hidden_titles = hidden_titles;
    site.next_publication = next_publication;
    topic::check_references(&site, &mut diagnostics);
    link_words::fill(&mut site, &keys, known.earlier(), &mut next.worded);
    (Checked { value: site, diagnostics }, next)
}

/// Files by kind.
#[derive(Default)]
struct Parts {
    briefings: Vec<Arc<Parsed>>,
    topics: Vec<Arc<Parsed>>,
    authors: Vec<Arc<Parsed>>,
    series: Vec<Arc<Parsed>>,
    pages: Vec<Arc<Parsed>>,
}

/// The files of each object, by id.
fn grouped(files: Vec<Arc<Parsed>>) -> BTreeMap<String, Vec<Parsed>> {
    let mut groups: BTreeMap<String, Vec<Parsed>> = BTreeMap::new();
    for file in files {
        let group = groups.entry(file.id.to_string()).or_default();
        group.push(Arc::unwrap_or_clone(file));
    }
    groups
}

/// Reports two files that claim to be the same part of one object.
fn check_unique(
    files: &[Arc<Parsed>],
    config: &Config,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if files.len() == 1 {
        return;
    }
    let mut seen: BTreeMap<Option<Lang>, &Parsed> = BTreeMap::new();
    for file in files {
        let part = file.body.as_ref().map(|_| {
            let own = own_language(file);
            own.unwrap_or_else(|| config.lang.clone())
        });
        let Some(first) = seen.insert(part.clone(), file) else { continue };
        let message = match part {
            Some(lang) => format!("`{}` exists twice in `{lang}`", file.id),
            None => format!("`{}` has two files of metadata", file.id),
        };
        let error = Diagnostic::error("duplicate-id", Place::file(&file.path), message)
            .with_related(Place::file(&first.path), "the other one")
            .with_help("rename one of the two files");
        diagnostics.push(error);
    }
}

/// The language that a file names, in its name or in its metadata.
pub(crate) fn own_language(file: &Parsed) -> Option<Lang> {
    let written = match &file.data {
        Data::Briefing(meta) => meta.lang.as_ref(),
        Data::Page(meta) => meta.lang.as_ref(),
        _ => None,
    };
    file.lang.clone().or_else(|| written.map(|it| it.value.clone()))
}

fn missing(
    code: &'static str,
    path: &SourcePath,
    key: &str,
    what: &str,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let message = format!("{what} has no `{key}`");
    let error = Diagnostic::error(code, Place::file(path), message);
    diagnostics.push(error.with_help(format!("add a line `{key}: …`")));
}

fn assemble_authors(
    groups: BTreeMap<String, Vec<Parsed>>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Author> {
    let mut authors = Vec::new();
    for (id, files) in groups {
        for file in files {
            let Data::Author(meta) = file.data else { continue };
            let Some(name) = meta.name.clone() else {
                missing("missing-title", &file.path, "name", "the author", diagnostics);
                continue;
            };
            let id = id.clone();
            authors.push(Author { id, path: file.path, name: name.value, meta: *meta });
            break;
        }
    }
    authors
}

fn assemble_series(
    groups: BTreeMap<String, Vec<Parsed>>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Series> {
    let mut series = Vec::new();
    for (id, files) in groups {
        for file in files {
            let Data::Series(meta) = file.data else { continue };
            let Some(title) = meta.title.clone() else {
                missing("missing-title", &file.path, "title", "the series", diagnostics);
                continue;
            };
            let id = id.clone();
            series.push(Series { id, path: file.path, title: title.value, meta: *meta });
            break;
        }
    }
    series
}

fn assemble_pages(
    groups: BTreeMap<String, Vec<Parsed>>,
    config: &Config,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Page> {
    let mut pages = Vec::new();
    for (id, files) in groups {
        let sidecar = files.iter().find(|it| it.body.is_none()).map(|it| it.data.clone());
        for file in files {
            let lang = own_language(&file).unwrap_or_else(|| config.lang.clone());
            let (Data::Page(meta), Some(body)) = (file.data, file.body) else {
                continue;
            };
            let meta = match &sidecar {
                Some(Data::Page(sidecar)) => meta.merge((**sidecar).clone(), diagnostics),
                _ => *meta,
            };
            let written = meta.title.as_ref().and_then(|it| it.value.get(&lang));
            let title = written.map(str::to_owned);
            let title = title
                .or_else(|| body.outline().title.as_ref().map(|it| it.value.clone()));
            let Some(title) = title else {
                missing("missing-title", &file.path, "title", "the page", diagnostics);
                continue;
            };
            let (id, path) = (id.clone(), file.path);
            pages.push(Page { id, path, lang, title, meta, body });
        }
    }
    let order = |it: &Page| it.meta.order.as_ref().map_or(u32::MAX, |it| it.value);
    pages.sort_by(|a, b| (order(a), &a.id, &a.lang).cmp(&(order(b), &b.id, &b.lang)));
    pages
}

/// Reports a reference to something that does not exist, with the nearest that does.
fn unknown<'a>(
    code: &'static str,
    what: &str,
    place: &Place,
    id: &str,
    known: impl Iterator<Item = &'a str>,
    folder: &str,
) -> Diagnostic {
    let shown = crate::text::isolate::terminal(id);
    let error =
        Diagnostic::error(code, place.clone(), format!("there is no {what} `{shown}`"));
    match closest(known, id) {
        Some(known) => error.with_help(format!("did you mean `{known}`?")),
        None if id.is_ascii() => error
            .with_help(format!("create `content/{folder}/{id}.yaml`, or correct the id")),
        None => error.with_help(format!(
            "write the id of the {what}: the name of its file in `content/{folder}`"
        )),
    }
}
