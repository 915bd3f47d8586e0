//! `Reading`: what the stages up to `link` say of the sources before and after an edit.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use rayon::prelude::*;

use crate::config::{self, Config};
use crate::diag::{Diagnostic, Severity, SourcePath};
use crate::link::references::Resolved;
use crate::link::routes::Routes;
use crate::link::{self, ArticleLinks, Links};
use crate::load::{FileKind, Sources};
use crate::model::{self, Clock, Site};
use crate::parse::body::Body;
use crate::parse::document::Target;
use crate::parse::{self, Parsed};

/// The sources as the stages see them, drafts and embargoed texts included.
pub(crate) struct Reading {
    /// Every file that could be parsed, whether or not it is public.
    pub(super) parsed: Vec<Arc<Parsed>>,
    /// The site with everything in it.
    pub(crate) site: Site,
    /// Everything wrong with it.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// What it refers to, and its addresses.
    pub(crate) links: Links,
    now: Timestamp,
}

impl Reading {
    /// Reads sources; `diagnostics` are those of `load`.
    pub(crate) fn new(
        sources: &Sources,
        diagnostics: &[Diagnostic],
        now: Timestamp,
    ) -> Self {
        let mut diagnostics = diagnostics.to_vec();
        let config_file = sources.of_kind(FileKind::Config).next();
        let config = config::read(config_file.map(|it| (&it.path, &*it.text)));
        let config = config.drain_into(&mut diagnostics);
        let files: Vec<_> =
            sources.files.par_iter().map(|it| parse::parse(it, &config)).collect();
        let parsed: Vec<Arc<Parsed>> =
            files.into_iter().filter_map(|it| it.drain_into(&mut diagnostics)).collect();
        let clock = Clock { now, is_preview: true };
        let site = model::assemble(&config, parsed.clone(), clock);
        let site = site.drain_into(&mut diagnostics);
        let links = link::link(&site, sources).drain_into(&mut diagnostics);
        crate::diag::drop_echoes(&mut diagnostics);
        crate::diag::sort(&mut diagnostics);
        Self { parsed, site, diagnostics, links, now }
    }

    /// The addresses that readers of the public site have for a topic today, one for each
    /// language of the site.
    pub(super) fn addresses(&self, sources: &Sources, id: &str) -> Vec<Option<String>> {
        let clock = Clock { now: self.now, is_preview: false };
        let config = &self.site.config;
        let site = model::assemble(config, self.parsed.clone(), clock).value;
        let Some(topic) = site.topic(id) else { return Vec::new() };
        let routes: Arc<Routes> = link::link(&site, sources).value.routes;
        let of_language = |at| routes.topic(topic, at).map(str::to_owned);
        (0..config.languages.len()).map(of_language).collect()
    }

    /// What `[[name]]` has to become in each article so that it leads where it leads now,
    /// once there is a topic with that name as its id; articles in which it leads to the
    /// topic `own` or nowhere are left out.
    pub(super) fn shadowed(&self, name: &str, own: &str) -> BTreeMap<SourcePath, String> {
        let Self { site, links, .. } = self;
        let topics = site.topics.iter().zip(&links.topics).flat_map(|(topic, links)| {
            topic.bodies.iter().filter_map(|(lang, it)| Some((&**it, links.get(lang)?)))
        });
        let briefings = site.briefings.iter().map(|it| &*it.body);
        let briefings = briefings.zip(links.briefings.iter().map(|it| &**it));
        let pages = site.pages.iter().map(|it| &*it.body).zip(&links.pages);
        let meant = |body: &Body, found: &ArticleLinks| {
            let at =
                body.outline().links.iter().position(
                    |it| matches!(&it.target, Target::Name(it) if **it == *name),
                )?;
            match found.references.links.get(at)? {
                Resolved::Topic(it) if site.topics[it.at()].id != own => {
                    Some(site.topics[it.at()].id.clone())
                }
                Resolved::Briefing(it, _) => {
                    Some(format!("briefing:{}", site.briefings[it.at()].id))
                }
                _ => None,
            }
        };
        briefings
            .chain(pages)
            .chain(topics)
            .filter_map(|(it, found)| Some((it.path.clone(), meant(it, found)?)))
            .collect()
    }

    /// The ids of a topic and of all topics above it.
    pub(super) fn above<'a>(&'a self, id: &'a str) -> BTreeSet<&'a str> {
        let mut seen = BTreeSet::new();
        let mut waiting = vec![id];
        while let Some(id) = waiting.pop() {
            if !seen.insert(id) {
                continue;
            }
            let topic = self.site.topic(id).map(|it| &self.site.topics[it.at()]);
            let parents = topic.and_then(|it| it.meta.parent.as_ref());
            waiting.extend(parents.iter().flat_map(|it| &it.value).map(|it| &*it.value));
        }
        seen
    }

    /// What is wrong here and was not wrong in `before`. Messages name ids and places
    /// move, so mistakes are counted by code and file; `now_at` gives the new path of a
    /// file.
    pub(crate) fn news(
        &self,
        before: &Self,
        now_at: impl Fn(&SourcePath) -> Option<SourcePath>,
    ) -> Vec<Diagnostic> {
        let path = |it: &Diagnostic| it.place.as_ref().map(|it| it.path.clone());
        let mut known: BTreeMap<(&str, Severity, Option<SourcePath>), usize> =
            BTreeMap::new();
        for it in &before.diagnostics {
            let key = (it.code, it.severity, path(it).and_then(|it| now_at(&it)));
            *known.entry(key).or_default() += 1;
        }
        let mut here: BTreeMap<(&str, Severity, Option<SourcePath>), Vec<&Diagnostic>> =
            BTreeMap::new();
        for it in &self.diagnostics {
            here.entry((it.code, it.severity, path(it))).or_default().push(it);
        }
        let is_more = |key: &_, all: &Vec<_>| {
            known.get(key).copied().unwrap_or_default() < all.len()
        };
        let new = here.iter().filter(|(key, all)| is_more(key, all));
        let mut new: Vec<Diagnostic> =
            new.flat_map(|(_, it)| it).copied().cloned().collect();
        crate::diag::sort(&mut new);
        new
    }

    /// What the desk decided.
    pub(super) fn config(&self) -> &Config {
        &self.site.config
    }
}
