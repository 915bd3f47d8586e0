//! Briefings: one value for each language version that is public.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use rayon::prelude::*;

use crate::diag::{At, Checked, Diagnostic, Place, SourcePath};
use crate::model::{AuthorId, SeriesId, Site, TopicId, own_language, unknown};
use crate::parse::document::Document;
use crate::parse::front_matter::{
    BriefingKind, BriefingMeta, Revision, Stamp, Status, Trust,
};
use crate::parse::plain_text::without_honorific;
use crate::parse::{Data, Parsed};
use crate::text::fold::fold;
use crate::text::lang::Lang;

/// One language version of a briefing.
#[derive(Debug, Clone)]
pub struct Briefing {
    /// File stem, the same for all languages.
    pub id: String,
    /// The file of the text.
    pub path: SourcePath,
    /// Language of this version.
    pub lang: Lang,
    /// Title.
    pub title: String,
    /// Whether the title was made of the first sentence.
    pub is_title_guessed: bool,
    /// Publication; none for a plain-text article without metadata.
    pub date: Option<Stamp>,
    /// Sort.
    pub kind: BriefingKind,
    /// State.
    pub status: Status,
    /// Who wrote it.
    pub authors: Vec<Byline>,
    /// What it is about, the primary topic first.
    pub topics: Vec<TopicId>,
    /// Series, and the number in it.
    pub series: Option<(SeriesId, Option<u32>)>,
    /// Topics whose names are not linked in it.
    pub suppressed: Vec<TopicId>,
    /// Topics whose ambiguous names are linked in it.
    pub added: Vec<TopicId>,
    /// Whether it translates a state of the original that has changed since.
    pub is_stale: bool,
    /// The other keys, joined from header, sidecar and the version it translates.
    pub meta: Arc<BriefingMeta>,
    /// The text.
    pub document: Arc<Document>,
}

/// A name in a byline.
#[derive(Debug, Clone)]
pub enum Byline {
    /// An author with a record.
    Author(AuthorId),
    /// A name without one.
    Name(String),
}

/// The briefings of a site.
pub struct Briefings {
    /// Public versions, newest first.
    pub public: Vec<Briefing>,
    /// Ids that exist without any public version.
    pub hidden: BTreeSet<String>,
    /// When the next embargo ends.
    pub next_publication: Option<Timestamp>,
}

/// The public versions of one briefing, and when the next of its embargoes ends.
type Assembled = (Vec<Briefing>, Option<Timestamp>);

/// Joins the parts of every briefing, resolves its references, and drops what is not
/// public.
pub fn assemble(
    groups: BTreeMap<String, Vec<Parsed>>,
    site: &Site,
    diagnostics: &mut Vec<Diagnostic>,
) -> Briefings {
    let bylines = author_names(site);
    let groups: Vec<(String, Vec<Parsed>)> = groups.into_iter().collect();
    let assembled: Vec<(String, Checked<Assembled>)> = groups
        .into_par_iter()
        .map(|(id, files)| {
            let mut diagnostics = Vec::new();
            let mut all: Vec<Briefing> = versions(files, site, &mut diagnostics)
                .into_iter()
                .filter_map(|it| resolve(&id, it, site, &bylines, &mut diagnostics))
                .collect();
            let moments = all.iter().filter_map(|it| it.meta.publish_at.as_ref());
            let moments = moments.map(|it| it.value).filter(|it| site.clock.now < *it);
            let next = moments.min();
            all.retain(|it| is_public(it, site));
            (id, Checked { value: (all, next), diagnostics })
        })
        .collect();
    let mut public = Vec::with_capacity(assembled.len());
    let mut hidden = BTreeSet::new();
    let mut next_publication: Option<Timestamp> = None;
    for (id, versions) in assembled {
        let (versions, next) = versions.drain_into(diagnostics);
        next_publication = next_publication.into_iter().chain(next).min();
        if versions.is_empty() {
            hidden.insert(id);
        }
        public.extend(versions.into_iter().map(Some));
    }
    Briefings { public: in_order(public), hidden, next_publication }
}

/// Briefings in the order of the site. Each is large, so it is moved once.
fn in_order(mut briefings: Vec<Option<Briefing>>) -> Vec<Briefing> {
    let mut places: Vec<usize> = (0..briefings.len()).collect();
    places.sort_by(|a, b| {
        briefings[*a].as_ref().map(order).cmp(&briefings[*b].as_ref().map(order))
    });
    places.into_iter().filter_map(|it| briefings[it].take()).collect()
}

/// Newest first, those without a date last, then by id and language.
fn order(it: &Briefing) -> impl Ord + '_ {
    let moment = it.date.as_ref().map(|it| (it.date, it.time));
    (moment.is_none(), Reverse(moment), &it.id, &it.lang)
}

fn is_public(briefing: &Briefing, site: &Site) -> bool {
    let is_due =
        briefing.meta.publish_at.as_ref().is_none_or(|it| it.value <= site.clock.now);
    site.clock.is_preview || (briefing.status != Status::Draft && is_due)
}

/// One language version before its references are resolved.
struct Version {
    path: SourcePath,
    lang: Lang,
    meta: Arc<BriefingMeta>,
    document: Arc<Document>,
    is_plain_text: bool,
    is_stale: bool,
}

/// The versions of a briefing, each with its own keys, the sidecar's, and those of the
/// version in the default language.
fn versions(
    files: Vec<Parsed>,
    site: &Site,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Version> {
    let default = &site.config.lang;
    let mut sidecar: Option<(SourcePath, Arc<BriefingMeta>)> = None;
    let mut texts = Vec::new();
    for file in files {
        let lang = own_language(&file).unwrap_or_else(|| default.clone());
        let Data::Briefing(meta) = file.data else { continue };
        match file.document {
            None => sidecar = Some((file.path, meta)),
            Some(document) => {
                let is_plain_text = file.path.as_str().ends_with(".txt");
                texts.push(Version {
                    path: file.path,
                    lang,
                    meta,
                    document,
                    is_plain_text,
                    is_stale: false,
                });
            }
        }
    }
    if texts.is_empty()
        && let Some((path, _)) = &sidecar
    {
        let message = "this metadata belongs to no text";
        let error = Diagnostic::error("missing-text", Place::file(path), message);
        let help = "put a `.md` or `.txt` file of the same name beside it";
        diagnostics.push(error.with_help(help));
    }
    if let Some((_, sidecar)) = sidecar {
        for version in &mut texts {
            let own = Arc::unwrap_or_clone(std::mem::take(&mut version.meta));
            version.meta = Arc::new(own.merge((*sidecar).clone(), diagnostics));
        }
    }
    texts.sort_by(|a, b| {
        (a.lang != *default, &a.lang).cmp(&(b.lang != *default, &b.lang))
    });
    mark_stale(&mut texts, diagnostics);
    if let Some((base, others)) = texts.split_first_mut() {
        for version in others {
            let own = Arc::unwrap_or_clone(std::mem::take(&mut version.meta));
            version.meta = Arc::new(own.inherit(&base.meta));
        }
    }
    texts
}

/// The name of the present state of a text: the beginning of a hash of its words.
fn revision(document: &Document) -> String {
    let words = document.plain_text(0..document.nodes.len());
    blake3::hash(words.as_bytes()).to_hex().chars().take(8).collect()
}

/// Marks translations of an earlier state of the original, which is the first version.
fn mark_stale(versions: &mut [Version], diagnostics: &mut Vec<Diagnostic>) {
    let Some((original, translations)) = versions.split_first_mut() else { return };
    for version in translations {
        let Some(of) = &version.meta.of else { continue };
        let now = revision(&original.document);
        let newest = original.meta.updated.as_ref().or(original.meta.date.as_ref());
        version.is_stale = match &of.value {
            Revision::Date(day) => newest.is_some_and(|it| *day < it.value.date),
            Revision::Text(hash) => {
                let n = hash.len().min(now.len());
                now.get(..n) != hash.get(..n)
            }
        };
        if version.is_stale {
            let message = "the original has changed since this translation was made";
            let warning = Diagnostic::warning(
                "stale-translation",
                of.place.clone(),
                message,
            )
            .with_related(Place::file(&original.path), "the original")
            .with_help(format!(
                "bring the translation up to date, then write `of: {now}`; until then \
                     readers are told"
            ));
            diagnostics.push(warning);
        }
    }
}

/// Folded names and other spellings of authors.
fn author_names(site: &Site) -> BTreeMap<String, AuthorId> {
    let mut names = BTreeMap::new();
    for (at, author) in site.authors.iter().enumerate() {
        let aliases = author.meta.aliases.iter().flat_map(|it| &it.value);
        let texts = author.name.iter().map(|(_, it)| it);
        for name in texts.chain(aliases.map(|it| it.value.as_str())) {
            names.insert(fold(without_honorific(name)), AuthorId::from_index(at));
        }
    }
    names
}

fn resolve(
    id: &str,
    version: Version,
    site: &Site,
    bylines: &BTreeMap<String, AuthorId>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Briefing> {
    let Version { path, lang, mut meta, mut document, is_plain_text, is_stale } = version;
    let (title, is_title_guessed) =
        title(id, &path, &lang, &meta, &document, diagnostics)?;
    if !site.config.languages.contains(&lang) {
        let place =
            meta.lang.as_ref().map_or_else(|| Place::file(&path), |it| it.place.clone());
        let message = format!("`{lang}` is not a language of the site");
        let error = Diagnostic::error("unlisted-language", place, message);
        let help = format!("add it to `languages` in `{}`", crate::config::PATH);
        diagnostics.push(error.with_help(help));
        return None;
    }
    // A day that the text names stands for one in the metadata.
    if let Some(date) = document.date.as_ref().filter(|_| meta.date.is_none()) {
        let value = Stamp { date: date.value, time: None };
        let date = At { value, place: date.place.clone() };
        Arc::make_mut(&mut meta).date = Some(date);
    }
    check_promises(&path, &lang, &meta, is_plain_text, diagnostics);
    let mut topic_ids = |list: &[At<String>]| -> Vec<TopicId> {
        let mut result = Vec::with_capacity(list.len());
        for topic in list {
            match site.topic(&topic.value) {
                Some(found) => result.push(found),
                None => diagnostics.push(unknown(
                    "unknown-topic",
                    "topic",
                    &topic.place,
                    &topic.value,
                    site.topics.iter().map(|it| it.id.as_str()),
                    "topics",
                )),
            }
        }
        result
    };
    let topics = meta.topics.as_ref().map_or_else(Vec::new, |it| topic_ids(&it.value));
    let control = meta.links.as_ref();
    let suppressed = control.map_or_else(Vec::new, |it| topic_ids(&it.value.suppress));
    let added = control.map_or_else(Vec::new, |it| topic_ids(&it.value.add));
    let names = meta.authors.as_ref().map_or(&document.bylines, |it| &it.value);
    let authors =
        names.iter().filter_map(|it| byline(it, site, bylines, diagnostics)).collect();
    let series = meta.series.as_ref().and_then(|it| {
        let found = site.series_with_id(&it.value.id.value);
        if found.is_none() {
            diagnostics.push(unknown(
                "unknown-series",
                "series",
                &it.value.id.place,
                &it.value.id.value,
                site.series.iter().map(|it| it.id.as_str()),
                "series",
            ));
        }
        found.map(|found| (found, it.value.number))
    });
    let status = meta.status.as_ref().map_or(Status::Published, |it| it.value);
    if status == Status::Withdrawn {
        withhold(Arc::make_mut(&mut meta), Arc::make_mut(&mut document));
    }
    if meta.trust.as_ref().is_some_and(|it| it.value == Trust::Low) {
        Arc::make_mut(&mut document).is_foreign = true;
    }
    Some(Briefing {
        id: id.to_owned(),
        path,
        title,
        is_title_guessed,
        date: meta.date.as_ref().map(|it| it.value.clone()),
        kind: meta.kind.as_ref().map_or(BriefingKind::Briefing, |it| it.value),
        status,
        authors,
        topics,
        series,
        suppressed,
        added,
        is_stale,
        lang,
        meta,
        document,
    })
}

/// Takes out of a withdrawn briefing what readers are not to rely on: its text, points,
/// judgements and picture. What it is called, who wrote it, when, about what, with which
/// sources and corrections stays, and so do its headings, for links that lead to them.
fn withhold(meta: &mut BriefingMeta, document: &mut Document) {
    meta.key_points = None;
    meta.key_judgements = None;
    meta.image = None;
    let headings = std::mem::take(&mut document.headings);
    let empty = Document::new(document.path.clone(), Arc::clone(&document.source));
    *document = Document { headings, ..empty };
}

/// Reports what readers are promised and the metadata does not hold.
fn check_promises(
    path: &SourcePath,
    lang: &Lang,
    meta: &BriefingMeta,
    is_plain_text: bool,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if meta.date.is_none() {
        let place = Place::file(path);
        let message = "the briefing has no date";
        diagnostics.push(if is_plain_text {
            let warning = Diagnostic::warning("missing-date", place, message);
            let sidecar = path.as_str().replace(".txt", ".yaml");
            warning.with_help(format!(
                "put `date: 2025-03-09` into `{sidecar}`; until then it is shown undated, \
                 last, and in no feed"
            ))
        } else {
            Diagnostic::error("missing-date", place, message)
                .with_help("add a line `date: 2025-03-09` to the metadata")
        });
    }
    if let Some(summary) = &meta.summary
        && let Some(text) = summary.value.get(lang)
        && 300 < text.chars().count()
    {
        let message = format!("the summary has {} characters", text.chars().count());
        let warning = Diagnostic::warning("long-summary", summary.place.clone(), message);
        diagnostics
            .push(warning.with_help("keep it to 300, so that lists stay readable"));
    }
    check_dates(meta, diagnostics);
    for change in meta.changes.iter().flat_map(|it| &it.value) {
        if change.is_major && change.text.is_empty() {
            let place = meta.changes.as_ref().map(|it| it.place.clone());
            let place = place.unwrap_or_else(|| Place::file(path));
            let message = "a major change tells readers nothing";
            let error = Diagnostic::error("silent-change", place, message);
            diagnostics.push(error.with_help("add `note: …` to the change"));
        }
    }
}

/// Reports dates that were most likely meant otherwise: of another calendar, or an update
/// before the text.
fn check_dates(meta: &BriefingMeta, diagnostics: &mut Vec<Diagnostic>) {
    let all = [
        ("date", &meta.date),
        ("updated", &meta.updated),
        ("information_cutoff", &meta.information_cutoff),
    ];
    for (key, stamp) in all.into_iter().filter_map(|(key, it)| Some((key, it.as_ref()?)))
    {
        let year = stamp.value.date.year();
        if !(1600..2200).contains(&year) {
            let message = format!("`{key}` is in the year {year}");
            let warning = Diagnostic::warning("odd-date", stamp.place.clone(), message);
            let help = "write dates in the Gregorian calendar, as in `2025-03-09`; the site \
                        shows them in the calendar of each language";
            diagnostics.push(warning.with_help(help));
        }
    }
    if let (Some(date), Some(updated)) = (&meta.date, &meta.updated)
        && updated.value.date < date.value.date
    {
        let message = "it was updated before it was published";
        let warning = Diagnostic::warning("odd-date", updated.place.clone(), message);
        diagnostics.push(warning.with_help("correct `updated`, or `date`"));
    }
}

/// The title: written, read off the text, or the file name as the last resort.
fn title(
    id: &str,
    path: &SourcePath,
    lang: &Lang,
    meta: &BriefingMeta,
    document: &Document,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<(String, bool)> {
    if let Some(title) = meta.title.as_ref().and_then(|it| it.value.get(lang)) {
        return Some((title.to_owned(), false));
    }
    if let Some(title) = &document.title {
        if document.is_title_guessed {
            let message = "the title was made of the first sentence";
            let warning =
                Diagnostic::warning("guessed-title", title.place.clone(), message);
            let sidecar = path.as_str().replace(".txt", ".yaml");
            diagnostics
                .push(warning.with_help(format!("put `title: …` into `{sidecar}`")));
        }
        return Some((title.value.clone(), document.is_title_guessed));
    }
    if path.as_str().ends_with(".txt") {
        let message = "no title could be read off the text; the file name is shown";
        let warning = Diagnostic::warning("guessed-title", Place::file(path), message);
        let sidecar = path.as_str().replace(".txt", ".yaml");
        diagnostics.push(warning.with_help(format!("put `title: …` into `{sidecar}`")));
        return Some((id.replace(['-', '_'], " "), true));
    }
    let message = format!("the briefing has no title in `{lang}`");
    let error = Diagnostic::error("missing-title", Place::file(path), message);
    let help = "add a line `title: …` to the metadata, or begin the text with `# Title`";
    diagnostics.push(error.with_help(help));
    None
}

fn byline(
    name: &At<String>,
    site: &Site,
    bylines: &BTreeMap<String, AuthorId>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Byline> {
    if let Some(id) = site.author(&name.value) {
        return Some(Byline::Author(id));
    }
    if let Some(id) = bylines.get(&fold(without_honorific(&name.value))) {
        return Some(Byline::Author(*id));
    }
    let looks_like_id = name.value.contains(['-', '_'])
        && name.value.bytes().all(|it| {
            it.is_ascii_lowercase() || it.is_ascii_digit() || b"-_".contains(&it)
        });
    if looks_like_id {
        diagnostics.push(unknown(
            "unknown-author",
            "author",
            &name.place,
            &name.value,
            site.authors.iter().map(|it| it.id.as_str()),
            "authors",
        ));
        return None;
    }
    Some(Byline::Name(name.value.clone()))
}
