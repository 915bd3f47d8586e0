//! Edition -> `Diagnostic`s: what the desk should look at before it publishes.
//!
//! A build reports what is wrong; `mujaz check` also asks what a careful editor asks of the
//! site as a whole: is every briefing filed, every source used, every link honest, every
//! picture described? One module for each question below, each a function from the site, its
//! links and its sources to diagnostics. They are warnings of `check` alone, so that nothing
//! that builds stops building; only `secrets` is asked by a build as well, because what has
//! been published once is known.
//!
//! `budgets` weighs the files of a build that is thrown away, `baseline` leaves out what the
//! desk has seen and lives with, and `external` asks other sites, when told to.

pub mod baseline;
mod evidence;
#[cfg(feature = "external")]
pub mod external;
mod hand_links;
mod host;
mod outside;
mod pictures;
mod punycode;
mod scales;
pub mod secrets;
mod structure;

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;

pub use crate::check::outside::{Outside, outside_links};
pub use crate::check::scales::Scales;
use crate::config;
use crate::diag::{Diagnostic, Place, Severity, SourcePath};
use crate::link::{ArticleLinks, Links};
use crate::load::{FileKind, SourceFile, Sources};
use crate::model::briefing::Briefing;
use crate::model::{BriefingId, Site};
use crate::parse::document::{Document, Element, Node};
use crate::parse::front_matter::Status;
use crate::render::edition::Edition;

/// What the desk is about to publish.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    /// The site.
    pub site: &'a Site,
    /// Its links.
    pub links: &'a Links,
    /// What it was read from.
    pub sources: &'a Sources,
}

impl<'a> Desk<'a> {
    /// The desk of an edition.
    pub fn new(edition: &'a Edition, sources: &'a Sources) -> Self {
        Self { site: &edition.site, links: &edition.links, sources }
    }

    /// The first version of each briefing that readers are to rely on.
    fn briefings(self) -> impl Iterator<Item = (BriefingId, &'a Briefing)> {
        let firsts = self.site.versions.values().filter_map(|it| it.first());
        firsts
            .map(move |it| (*it, &*self.site.briefings[it.at()]))
            .filter(|(_, it)| it.status != Status::Withdrawn)
    }

    /// Every text of the site that is public.
    fn articles(self) -> Vec<Article<'a>> {
        let Self { site, links, .. } = self;
        let article = |(document, links)| Article { document, links };
        let briefings = site.briefings.iter().map(|it| it.body.document());
        let pages = site.pages.iter().map(|it| it.body.document());
        let mut all: Vec<Article<'a>> =
            briefings.zip(links.briefings.iter().map(|it| &**it)).map(article).collect();
        all.extend(pages.zip(&links.pages).map(article));
        for (topic, found) in site.topics.iter().zip(&links.topics) {
            let bodies = topic.bodies.iter();
            let own =
                bodies.filter_map(|(lang, it)| Some((it.document(), found.get(lang)?)));
            all.extend(own.map(article));
        }
        all
    }

    /// Files of briefings that are not public yet. Nobody is told what they say; what they
    /// use is no loose end.
    fn hidden_files(self) -> impl Iterator<Item = &'a SourceFile> {
        let all = self.sources.of_kind(FileKind::Briefing);
        all.filter(move |it| self.site.hidden.contains(&*it.id))
    }
}

/// A text and what it refers to.
struct Article<'a> {
    document: Arc<Document>,
    links: &'a ArticleLinks,
}

impl Article<'_> {
    /// The words of a link, and where they stand.
    fn words(&self, link: u32) -> Option<(String, Place)> {
        let Document { nodes, spans, path, .. } = &*self.document;
        let is_start = |it: &Node| *it == Node::Open(Element::Link(link));
        let is_end = |it: &Node| *it == Node::Close(Element::Link(link));
        let start = nodes.iter().position(is_start)?;
        let end = start + nodes.get(start..)?.iter().position(is_end)?;
        let place = Place { path: path.clone(), span: spans[start] };
        Some((self.document.plain_text(start..end), place))
    }
}

/// What is to be said of a site as a whole.
pub fn look(desk: Desk<'_>) -> Vec<Diagnostic> {
    let questions: [fn(Desk<'_>) -> Vec<Diagnostic>; 5] =
        [structure::look, evidence::look, hand_links::look, pictures::look, settings];
    questions.par_iter().flat_map_iter(|question| question(desk)).collect()
}

/// The settings of the site, for what has no other place.
fn settings_place() -> Place {
    Place::file(&SourcePath::new(config::PATH))
}

/// Whether the site still has the address of the machine that it is written on.
fn settings(desk: Desk<'_>) -> Vec<Diagnostic> {
    let base_url = &desk.site.config.base_url;
    let found = host::of(base_url).is_some_and(|it| host::is_local(&it.name));
    if !found {
        return Vec::new();
    }
    let message = format!("`{base_url}` is no address that readers can open");
    let help = "write where the site will stand, `base_url: https://…`, into site.yaml: \
                feeds, the sitemap and shared links name it";
    let warning = Diagnostic::warning("local-base-url", settings_place(), message);
    vec![warning.with_help(help)]
}

/// Codes of what may be missing only because a file with a mistake was left out.
const LOOSE_ENDS: [&str; 4] =
    ["unused-topic", "unused-picture", "unused-source", "series-gap"];

/// Drops what may be only the echo of an error: nothing certain can be said of a file that
/// has one, nor of loose ends while any file has one.
pub fn drop_echoes(findings: &mut Vec<Diagnostic>, diagnostics: &[Diagnostic]) {
    let errors = diagnostics
        .iter()
        .filter(|it| it.severity == Severity::Error && it.code != secrets::CODE);
    let wrong: BTreeSet<&str> =
        errors.filter_map(|it| Some(object(it.place.as_ref()?))).collect();
    if wrong.is_empty() {
        return;
    }
    findings.retain(|it| {
        let own = it.place.as_ref().map(object);
        !LOOSE_ENDS.contains(&it.code) && !own.is_some_and(|it| wrong.contains(it))
    });
}

/// The path of a file without suffixes, which the files of one object share.
fn object(place: &Place) -> &str {
    let path = place.path.as_str();
    let folder = path.rfind('/').map_or(0, |it| it + 1);
    let name = path.get(folder..).unwrap_or_default();
    let end = name.find('.').map_or(path.len(), |it| folder + it);
    path.get(..end).unwrap_or(path)
}
