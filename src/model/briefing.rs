//! Briefings: one value for each language version that is public.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::diag::{At, Checked, Diagnostic, Place, SourcePath};
use crate::model::known::{Known, Versions};
use crate::model::{
    AuthorId, BriefingId, SeriesId, Site, TopicId, own_language, unknown,
};
use crate::parse::body::Body;
use crate::parse::document::{Document, Outline};
use crate::parse::front_matter::{
    BriefingKind, BriefingMeta, Revision, Stamp, Status, Trust,
};
use crate::parse::plain_text::without_honorific;
use crate::parse::{Data, Parsed};
use crate::text::fold::fold;
use crate::text::lang::Lang;
use crate::text::slug::slug;

/// One language version of a briefing.
#[derive(Debug, Clone)]
pub struct Briefing {
    /// File stem, the same for all languages.
    pub id: Arc<str>,
    /// The file of the text.
    pub path: SourcePath,
    /// Language of this version.
    pub lang: Lang,
    /// Title.
    pub title: String,
    /// Whether the title was made of the first sentence.
    pub is_title_guessed: bool,
    /// The title as part of an address, where that is made of it.
    pub title_slug: Option<String>,
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
    pub body: Arc<Body>,
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
pub(super) struct Briefings {
    /// Public versions, newest first.
    pub(super) public: Vec<Arc<Briefing>>,
    /// For each of them, the key of what it was put together from, where it has one.
    pub(super) keys: Vec<Option<u128>>,
    /// The public versions of each briefing, by its id.
    pub(super) versions: BTreeMap<Arc<str>, Vec<BriefingId>>,
    /// Ids that exist without any public version.
    pub(super) hidden: BTreeSet<String>,
    /// Folded titles of versions that are not public.
    pub(super) hidden_titles: BTreeSet<String>,
    /// When the next embargo ends.
    pub(super) next_publication: Option<Timestamp>,
}

/// Joins the parts of every briefing, resolves its references, and drops what is not
/// public. `files` are those of all briefings, by id. What is known already is taken over;
/// all that has a key is put into `next`.
pub(super) fn assemble(
    files: &[Arc<Parsed>],
    site: &Site,
    known: &Known<'_>,
    next: &mut FxHashMap<u128, Arc<Versions>>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Briefings {
    let bylines = author_names(site);
    let earlier = known.earlier();
    let groups: Vec<&[Arc<Parsed>]> = files.chunk_by(|a, b| a.id == b.id).collect();
    let assembled: Vec<(Option<u128>, Arc<Versions>)> = groups
        .par_iter()
        .map(|files| {
            let id = &files[0].id;
            let key = known.key(id);
            let found = key.and_then(|it| earlier?.versions.get(&it));
            let found = found.map_or_else(
                || Arc::new(all_versions(id, files, site, &bylines)),
                Arc::clone,
            );
            (key, found)
        })
        .collect();
    let mut public = Vec::with_capacity(assembled.len());
    let mut places = Vec::with_capacity(assembled.len());
    let (mut hidden, mut hidden_titles) = (BTreeSet::new(), BTreeSet::new());
    let mut next_publication: Option<Timestamp> = None;
    next.reserve(assembled.len());
    for (files, (key, found)) in groups.into_iter().zip(assembled) {
        diagnostics.extend(found.diagnostics.iter().cloned());
        let from = public.len();
        for briefing in &found.value {
            let moment = briefing.meta.publish_at.as_ref().map(|it| it.value);
            let to_come = moment.filter(|it| site.clock.now < *it);
            next_publication = next_publication.into_iter().chain(to_come).min();
            if is_public(briefing, site) {
                public.push((key, Arc::clone(briefing)));
            } else {
                hidden_titles.insert(fold(&briefing.title));
            }
        }
        let id = &files[0].id;
        if from == public.len() {
            hidden.insert(id.to_string());
        } else {
            places.push((Arc::clone(id), from..public.len()));
        }
        if let Some(key) = key {
            next.insert(key, found);
        }
    }
    let order = order(&public);
    let mut ids = vec![BriefingId(0); order.len()];
    for (at, place) in order.iter().enumerate() {
        ids[*place] = BriefingId::from_index(at);
    }
    let versions = places.into_iter().map(|(id, places)| {
        let mut versions = ids[places].to_vec();
        versions.sort_unstable();
        (id, versions)
    });
    let versions = versions.collect();
    let mut public: Vec<_> = public.into_iter().map(Some).collect();
    let in_order = order.into_iter().filter_map(|it| public[it].take());
    let (keys, public) = in_order.unzip();
    Briefings { public, keys, versions, hidden, hidden_titles, next_publication }
}

/// All versions of one briefing, whether they are public or not.
fn all_versions(
    id: &Arc<str>,
    files: &[Arc<Parsed>],
    site: &Site,
    bylines: &BTreeMap<String, AuthorId>,
) -> Versions {
    let mut diagnostics = Vec::new();
    let value = versions(files, site, &mut diagnostics)
        .into_iter()
        .filter_map(|it| resolve(id, it, site, bylines, &mut diagnostics))
        .map(Arc::new)
        .collect();
    Checked { value, diagnostics }
}

/// Places of briefings in the order of the site: newest first, those without a date last,
/// then by id and language.
fn order(briefings: &[(Option<u128>, Arc<Briefing>)]) -> Vec<usize> {
    let moment = |it: &Briefing| {
        let moment = it.date.as_ref().map(|it| (it.date, it.time));
        (moment.is_none(), Reverse(moment))
    };
    // Nearly all pairs are told apart by moments, which then lie side by side.
    let all = briefings.iter().enumerate();
    let mut order: Vec<_> = all.map(|(at, it)| (moment(&it.1), at)).collect();
    let name = |at: usize| (&briefings[at].1.id, &briefings[at].1.lang);
    order.par_sort_by(|a, b| a.0.cmp(&b.0).then_with(|| name(a.1).cmp(&name(b.1))));
    order.into_iter().map(|it| it.1).collect()
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
    body: Arc<Body>,
    is_plain_text: bool,
    is_stale: bool,
}

/// The versions of a briefing, each with its own keys, the sidecar's, and those of the
/// version in the default language.
fn versions(
    files: &[Arc<Parsed>],
    site: &Site,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Version> {
    let default = &site.config.lang;
    let mut sidecar: Option<(SourcePath, Arc<BriefingMeta>)> = None;
    let mut texts = Vec::new();
    for file in files {
        let lang = own_language(file).unwrap_or_else(|| default.clone());
        let Data::Briefing(meta) = &file.data else { continue };
        let (path, meta) = (file.path.clone(), Arc::clone(meta));
        match &file.body {
            None => sidecar = Some((path, meta)),
            Some(body) => {
                let is_plain_text = file.path.as_str().ends_with(".txt");
                texts.push(Version {
                    path,
                    lang,
                    meta,
                    body: Arc::clone(body),
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
        let now = || revision(&original.body.document());
        let newest = original.meta.updated.as_ref().or(original.meta.date.as_ref());
        version.is_stale = match &of.value {
            Revision::Date(day) => newest.is_some_and(|it| *day < it.value.date),
            Revision::Text(hash) => {
                let now = now();
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
                "bring the translation up to date, then write `of: {}`; until then \
                     readers are told",
                now()
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
    id: &Arc<str>,
    version: Version,
    site: &Site,
    bylines: &BTreeMap<String, AuthorId>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Briefing> {
    let Version { path, lang, mut meta, mut body, is_plain_text, is_stale } = version;
    let (title, is_title_guessed) =
        title(id, &path, &lang, &meta, body.outline(), diagnostics)?;
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
    if let Some(date) = body.outline().date.as_ref().filter(|_| meta.date.is_none()) {
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
    let names = meta.authors.as_ref().map_or(&body.outline().bylines, |it| &it.value);
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
        body = Arc::new(withhold(Arc::make_mut(&mut meta), &body));
    }
    if meta.trust.as_ref().is_some_and(|it| it.value == Trust::Low) {
        body = Arc::new(Arc::unwrap_or_clone(body).foreign());
    }
    // An address must not change with the first sentence.
    let has_slug = meta.slug.as_ref().is_some_and(|it| it.value.get(&lang).is_some());
    let title_slug = if has_slug || is_title_guessed { None } else { slug(&title) };
    Some(Briefing {
        id: Arc::clone(id),
        path,
        title,
        is_title_guessed,
        title_slug,
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
        body,
    })
}

/// Takes out of a withdrawn briefing what readers are not to rely on: its text, points,
/// judgements and picture. What it is called, who wrote it, when, about what, with which
/// sources and corrections stays, and so do its headings, for links that lead to them.
fn withhold(meta: &mut BriefingMeta, body: &Body) -> Body {
    meta.key_points = None;
    meta.key_judgements = None;
    meta.image = None;
    let headings = body.outline().headings.clone();
    let outline = Outline { headings, ..Outline::default() };
    let empty = Document::new(body.path.clone(), Arc::clone(&body.source));
    Body::new(Document { outline: outline.into(), ..empty })
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
    outline: &Outline,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<(String, bool)> {
    if let Some(title) = meta.title.as_ref().and_then(|it| it.value.get(lang)) {
        return Some((title.to_owned(), false));
    }
    if let Some(title) = &outline.title {
        if outline.is_title_guessed {
            let message = "the title was made of the first sentence";
            let warning =
                Diagnostic::warning("guessed-title", title.place.clone(), message);
            let sidecar = path.as_str().replace(".txt", ".yaml");
            diagnostics
                .push(warning.with_help(format!("put `title: …` into `{sidecar}`")));
        }
        return Some((title.value.clone(), outline.is_title_guessed));
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
