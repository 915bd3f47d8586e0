//! What an earlier build has found, and by what it is known again.

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::diag::{Diagnostic, SourcePath};
use crate::fingerprint::{FilePrints, Keeps};
use crate::link::ArticleLinks;
use crate::link::matcher::Matcher;
use crate::link::mentions::Mentions;
use crate::link::neighbours::Neighbours;
use crate::link::routes::{Presence, Routes, routes};
use crate::model::Site;
use crate::model::briefing::Briefing;
use crate::text::lang::Lang;

/// What is known of links.
pub struct Known<'a> {
    /// Fingerprints of what decides about names; none where nothing is to be known again.
    pub prints: Option<FilePrints<'a>>,
    /// A fingerprint of the names of all files that a text can show or lead to.
    pub assets: u128,
    /// Mentions by the keys of their articles.
    pub mentions: &'a FxHashMap<u128, Arc<Mentions>>,
    /// The links of the build before.
    pub linked: Option<&'a Linked>,
    /// Neighbours that an earlier build has found.
    pub neighbours: Option<&'a Neighbours>,
    /// What of this one is kept for the next: its links in the same process, its neighbours on
    /// the disk.
    pub keeps: Keeps,
}

/// Links of one build, for the next one in the same process.
pub struct Linked {
    settings: u128,
    assets: u128,
    hidden: BTreeSet<String>,
    hidden_titles: BTreeSet<String>,
    briefings: Vec<Arc<Briefing>>,
    links: Vec<Arc<ArticleLinks>>,
    matcher: Arc<Matcher>,
    addresses: Addresses,
}

impl std::fmt::Debug for Linked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Linked").field("links", &self.links).finish_non_exhaustive()
    }
}

/// A build in which everything that a link by hand can lead to stands where it stands now, under
/// the name that it has.
#[derive(Clone, Copy)]
pub(super) struct Alike<'a> {
    linked: &'a Linked,
    /// Whether all briefings want the addresses that they wanted.
    wants_same: bool,
}

/// The addresses of a site, and what has decided about them.
pub(super) struct Addresses {
    pub(super) routes: Arc<Routes>,
    presence: Presence,
    /// Whether nothing was wrong with them.
    is_clean: bool,
}

impl Addresses {
    /// Those of a build in which the same pages wanted the same addresses, or new ones.
    pub(super) fn of(
        site: &Site,
        presence: Presence,
        alike: Option<Alike<'_>>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Self {
        let same = alike.filter(|it| it.wants_same).map(|it| &it.linked.addresses);
        let same = same.filter(|it| it.is_clean && it.presence == presence);
        if let Some(same) = same {
            let routes = Arc::clone(&same.routes);
            return Self { routes, presence, is_clean: true };
        }
        let mut wrong = Vec::new();
        let routes = Arc::new(routes(site, &presence, &mut wrong));
        let is_clean = wrong.is_empty();
        diagnostics.append(&mut wrong);
        Self { routes, presence, is_clean }
    }
}

impl Linked {
    /// What was found in a site.
    pub(super) fn of(
        site: &Site,
        links: &[Arc<ArticleLinks>],
        matcher: Arc<Matcher>,
        addresses: Addresses,
        known: &Known<'_>,
    ) -> Option<Self> {
        let prints = known.prints.filter(|_| known.keeps == Keeps::InProcess)?;
        Some(Self {
            settings: prints.settings,
            assets: known.assets,
            hidden: site.hidden.clone(),
            hidden_titles: site.hidden_titles.clone(),
            briefings: site.briefings.clone(),
            links: links.to_vec(),
            matcher,
            addresses,
        })
    }

    /// The names of all topics, where these are the same.
    pub(super) fn matcher(&self, known: &Known<'_>) -> Option<Arc<Matcher>> {
        let is_same = known.prints.is_some_and(|it| it.settings == self.settings);
        is_same.then(|| Arc::clone(&self.matcher))
    }

    /// What holds of this build still holds, if its links lead where they would lead now.
    pub(super) fn compared(&self, site: &Site, known: &Known<'_>) -> Option<Alike<'_>> {
        let Self { settings, assets, hidden, hidden_titles, briefings, .. } = self;
        let is_same = known.prints.is_some_and(|it| it.settings == *settings)
            && known.assets == *assets
            && *hidden == site.hidden
            && *hidden_titles == site.hidden_titles
            && briefings.len() == site.briefings.len();
        if !is_same {
            return None;
        }
        let mut wants_same = true;
        for (old, new) in briefings.iter().zip(&site.briefings) {
            if Arc::ptr_eq(old, new) {
                continue;
            }
            if name(old) != name(new) {
                return None;
            }
            wants_same &= wanted(old) == wanted(new);
        }
        Some(Alike { linked: self, wants_same })
    }
}

impl<'a> Alike<'a> {
    /// The links of the briefing at a place, if it is the same and they depend on nothing but
    /// what was compared.
    pub(super) fn of_briefing(
        self,
        at: usize,
        now: &Arc<Briefing>,
    ) -> Option<&'a Arc<ArticleLinks>> {
        let Linked { briefings, links, .. } = self.linked;
        (links[at].is_settled && Arc::ptr_eq(&briefings[at], now)).then(|| &links[at])
    }
}

/// All by which a link by hand can name a briefing.
fn name(it: &Briefing) -> (&str, &Lang, &str, &SourcePath) {
    (&it.id, &it.lang, &it.title, &it.path)
}

/// What decides about the addresses of a briefing besides.
fn wanted(it: &Briefing) -> impl PartialEq + '_ {
    (&it.title_slug, &it.meta.slug, &it.meta.aliases)
}
