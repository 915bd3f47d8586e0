//! Keys: a unit of an earlier build with the same key has the same files.
//!
//! A key is a fingerprint of all that a unit may show. It is made of few, coarse parts, each
//! a superset of what is needed, so that nothing is forgotten: the settings, topics, authors
//! and templates as a whole; a briefing as a whole (its files, and what its links lead to);
//! and the lists that put briefings and topics on a page. The kinds of units that grow most
//! with the site have keys (`Unit::has_key`); the others are made in every build.

use rayon::prelude::*;

use crate::fingerprint::Fingerprint;
use crate::link::ArticleLinks;
use crate::link::references::Resolved;
use crate::model::{AuthorId, BriefingId, SeriesId, TopicId};
use crate::render::edition::{Edition, Unit};
use crate::render::html;

/// Fingerprints of an edition.
#[derive(Debug)]
pub struct Keys {
    /// What every page may show.
    general: u128,
    /// For each briefing, what lists show of it.
    faces: Vec<u128>,
}

impl Keys {
    /// Takes the fingerprints of an edition. `settings` is that of all texts but briefings,
    /// and of what decides about the build besides the folder.
    pub fn new(edition: &Edition, settings: u128) -> Self {
        let Edition { site, links, theme, .. } = edition;
        let mut general = Fingerprint::new();
        general.hash(settings);
        for (path, href) in &theme.hrefs {
            general.text(path).text(href);
        }
        for (path, picture) in &theme.pictures {
            general.text(path).text(&picture.src).text(&picture.srcset);
            general.text(&picture.webp_srcset).text(&picture.href);
            general.number(picture.width.into()).number(picture.height.into());
        }
        for at in 0..site.config.languages.len() {
            let routes = &links.routes;
            for topic in 0..site.topics.len() {
                let (id, lang) = (TopicId::from_index(topic), &site.config.languages[at]);
                general.optional(routes.topic(id, at));
                // A topic without a page stands in a list of one of the languages.
                general.optional(html::topic_href(site, links, id, lang).as_deref());
            }
            for author in 0..site.authors.len() {
                general.optional(routes.author(AuthorId::from_index(author), at));
            }
            for series in 0..site.series.len() {
                general.optional(routes.series(SeriesId::from_index(series), at));
            }
            general.optional(routes.chronology(at).as_deref());
        }
        let faces = (0..site.briefings.len())
            .map(|at| {
                let id = BriefingId::from_index(at);
                let mut face = Fingerprint::new();
                face.hash(links.briefings[at].key).text(links.routes.briefing(id));
                face.done()
            })
            .collect();
        Self { general: general.done(), faces }
    }

    /// The key of a unit of the edition, if its kind has one.
    pub fn of(&self, edition: &Edition, unit: Unit) -> Option<u128> {
        let mut key = Fingerprint::new();
        key.hash(self.general);
        match unit {
            Unit::Briefing(id) => self.briefing(edition, id, &mut key),
            Unit::Topic(at, id) => self.topic(edition, at, id, &mut key),
            Unit::TopicPart(at, id, part) => {
                let listing = &edition.listings[at][id.at()];
                key.number(4).number(at as u64).number(u64::from(id.0));
                key.number(part as u64).number(listing.n_parts() as u64);
                key.number(u64::from(edition.links.counts[at][id.at()]));
                let (about, naming) = listing.part(part);
                self.faces(about, &mut key);
                self.faces(naming, &mut key);
            }
            Unit::Archive(at) => {
                key.number(2).number(at as u64);
                let face = |id, key: &mut _| self.face(id, key);
                edition.calendars[at].add_years_to(&mut key, face);
            }
            Unit::ArchiveYear(at, year) => {
                key.number(3).number(at as u64).text(&year.to_string());
                let face = |id, key: &mut _| self.face(id, key);
                edition.calendars[at].add_year_to(year, &mut key, face);
                for calendar in &edition.calendars {
                    calendar.add_pages_to(year, &mut key);
                }
            }
            _ => return None,
        }
        Some(key.done())
    }

    /// For each briefing, the key of what `graph.json` says of it.
    pub fn of_rows(&self) -> Vec<u128> {
        let key = |face: &u128| Fingerprint::new().hash(self.general).hash(*face).done();
        self.faces.par_iter().map(key).collect()
    }

    fn face(&self, id: BriefingId, key: &mut Fingerprint) {
        key.hash(self.faces[id.at()]);
    }

    fn faces(&self, ids: &[BriefingId], key: &mut Fingerprint) {
        key.number(ids.len() as u64);
        for id in ids {
            self.face(*id, key);
        }
    }

    fn briefing(&self, edition: &Edition, id: BriefingId, key: &mut Fingerprint) {
        let Edition { site, links, .. } = edition;
        let briefing = &site.briefings[id.at()];
        let lang = links.routes.language(&briefing.lang);
        key.number(0);
        self.face(id, key);
        key.number(u64::from(briefing.is_stale));
        let versions = site.versions.get(&briefing.id).map_or(&[][..], Vec::as_slice);
        self.faces(versions, key);
        let found = &links.briefings[id.at()];
        self.references(found, key);
        let named = found.mentions.named.iter().map(|it| it.topic);
        for topic in briefing.topics.iter().copied().chain(named) {
            key.number(u64::from(links.counts[lang][topic.at()]));
        }
        key.optional(found.image.as_deref());
        self.faces(links.related.of(id), key);
        key.number(links.backlinks[id.at()].len() as u64);
        for (from, quote) in &links.backlinks[id.at()] {
            self.face(*from, key);
            key.text(quote.text(&site.briefings[from.at()].body.source));
            key.number(quote.marked.start.into()).number(quote.marked.end.into());
        }
        if let Some((series, _)) = briefing.series {
            let all = links.series[series.at()].get(&briefing.lang);
            self.faces(all.map_or(&[], Vec::as_slice), key);
        }
    }

    fn topic(&self, edition: &Edition, at: usize, id: TopicId, key: &mut Fingerprint) {
        let Edition { site, links, .. } = edition;
        key.number(1).number(at as u64).number(u64::from(id.0));
        // Who is in office, and who was.
        let today = site.config.time_zone.to_datetime(site.clock.now).date();
        key.text(&today.to_string());
        self.faces(&links.about[id.at()], key);
        self.faces(&links.mentioned_in[id.at()], key);
        for found in links.topics[id.at()].values() {
            key.hash(found.key);
            self.references(found, key);
        }
        let meta = &site.topics[id.at()].meta;
        let featured = meta.featured.iter().flat_map(|it| &it.value);
        let lang = &site.config.languages[at];
        for featured in featured.filter_map(|it| site.version(&it.value, lang)) {
            self.face(featured, key);
        }
        for other in neighbours(edition, id) {
            key.number(u64::from(other.0));
            key.number(u64::from(links.counts[at][other.at()]));
            for it in links.appears_with(other) {
                key.number(u64::from(it.topic.0));
                key.number(u64::from(it.n_briefings)).number(u64::from(it.weight));
            }
        }
    }

    /// What links by hand lead to.
    fn references(&self, found: &ArticleLinks, key: &mut Fingerprint) {
        let references = &found.references;
        for link in &references.links {
            match link {
                Resolved::Briefing(to, fragment) => {
                    self.face(*to, key.number(0));
                    key.optional(fragment.as_deref());
                }
                Resolved::Topic(it) => _ = key.number(1).number(u64::from(it.0)),
                Resolved::Author(it) => _ = key.number(2).number(u64::from(it.0)),
                Resolved::Series(it) => _ = key.number(3).number(u64::from(it.0)),
                Resolved::Page(it) => _ = key.number(4).number(u64::from(it.0)),
                Resolved::Asset(it) => _ = key.number(5).text(it),
                Resolved::Path(it) => _ = key.number(6).text(it),
                Resolved::Fragment(it) => _ = key.number(7).text(it),
                Resolved::External(it) => _ = key.number(8).text(it),
                Resolved::Nothing => _ = key.number(9),
            }
        }
        for citation in &references.citations {
            key.number(citation.map_or(u64::MAX, |it| it as u64));
        }
        for picture in &references.pictures {
            key.optional(picture.as_deref());
        }
    }
}

/// Topics that the page of a topic may show, itself among them.
fn neighbours(edition: &Edition, id: TopicId) -> Vec<TopicId> {
    let Edition { site, links, .. } = edition;
    let meta = &site.topics[id.at()].meta;
    let relations = meta.relations.iter().flat_map(|it| &it.value);
    let parents = meta.parent.iter().flat_map(|it| &it.value);
    let named = relations
        .map(|it| &it.to.value)
        .chain(parents.map(|it| &it.value))
        .filter_map(|it| site.topic(it));
    let mut all: Vec<TopicId> = named.collect();
    all.push(id);
    all.extend(&links.children[id.at()]);
    all.extend(links.inverse[id.at()].iter().map(|(it, _)| *it));
    all.extend(links.appears_with(id).iter().map(|it| it.topic));
    all
}
