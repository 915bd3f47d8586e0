//! mujaz, a static site generator for briefings: a site folder flows one way through pure
//! stages, and only the two ends touch the world.
//!
//! ```text
//! load ──▶ parse ──▶ assemble ──▶ link ──▶ search ──▶ render ──▶ write
//! disk     per file   Site         Links    Index      files      disk
//! ```
//!
//! `read_site` and `build` below are the middle of it. Mistakes of authors travel beside the values as
//! diagnostics and are reported together; a later stage never edits an earlier stage's
//! value. docs/ARCHITECTURE.md says which question each folder answers.

pub mod cache;
pub mod check;
pub mod cli;
pub mod colour;
pub mod config;
pub mod diag;
pub mod edit;
pub mod error;
pub mod fingerprint;
#[cfg(feature = "import")]
pub mod import;
pub mod link;
pub mod lint;
pub mod load;
pub mod media_type;
pub mod memo;
pub mod model;
pub mod parse;
pub mod publish;
pub mod render;
pub mod search;
#[cfg(feature = "serve")]
pub mod serve;
pub mod text;
pub mod write;
pub mod yaml;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use rayon::prelude::*;

use crate::check::{Desk, Outside, Scales, secrets};
use crate::diag::{Checked, Diagnostic};
use crate::fingerprint::Keeps;
use crate::link::page_names::{self, NamedPage};
use crate::load::{FileKind, SourceFile, Sources};
use crate::memo::{Fingerprints, KeptTexts, Look, Memo, ParsedFiles};
use crate::model::known::Assembled;
use crate::model::{Clock, Site};
use crate::parse::Parsed;
use crate::render::Sink;
use crate::render::edition::{Earlier, Edition, Press, Run};
use crate::render::keys::Keys;
use crate::render::shard::Shard;
use crate::render::theme::PageTime;

/// What decides about a build besides the site folder.
#[derive(Debug, Clone)]
pub struct BuildInfo {
    /// The moment that embargoes are measured against.
    pub clock: Clock,
    /// The moment that files may name, where one was given.
    pub stamp: Option<jiff::Timestamp>,
    /// Address of the site, instead of the one in site.yaml.
    pub base_url: Option<String>,
}

/// What a build has found and made.
#[derive(Debug, Clone, Default)]
pub struct Built {
    /// What is wrong with the content and the theme.
    pub diagnostics: Vec<Diagnostic>,
    /// Language versions of briefings that are public.
    pub n_briefings: usize,
    /// Topics.
    pub n_topics: usize,
    /// Pages for people.
    pub n_pages: usize,
    /// The addresses of all of them, in order; none where nothing was made.
    pub addresses: Vec<String>,
    /// Where the page of each object stands, by its name.
    pub page_names: BTreeMap<String, NamedPage>,
    /// The newest moment at which something became public.
    pub newest: Option<jiff::Timestamp>,
    /// How long each stage took.
    pub timings: Vec<(&'static str, Duration)>,
    /// How long each page took.
    pub page_times: Vec<PageTime>,
    /// Until when the same sources make the same site.
    pub same_until: Option<jiff::Timestamp>,
}

/// Reads a site: the stages before `link`. `lap` is called at the end of each stage.
pub fn read_site(
    sources: &Sources,
    info: &BuildInfo,
    lap: &mut dyn FnMut(&'static str),
) -> Checked<Site> {
    let known = model::known::Known { prints: None, assembled: &Assembled::default() };
    site_of(sources, info, lap, &|_, file, config| parse::parse(file, config), &known).0
}

/// Parses the source file at a place of its list.
type ParseFile<'a> = dyn Fn(usize, &SourceFile, &config::Config) -> Checked<Option<Arc<Parsed>>>
    + Sync
    + 'a;

/// Reads a site with another way to come to parsed files.
fn site_of(
    sources: &Sources,
    info: &BuildInfo,
    lap: &mut dyn FnMut(&'static str),
    parse: &ParseFile<'_>,
    known: &model::known::Known<'_>,
) -> (Checked<Site>, Assembled) {
    let mut diagnostics = Vec::new();
    let config_file = sources.of_kind(FileKind::Config).next();
    let config_text = config_file.map(|it| (&it.path, &*it.text));
    let mut config = config::read(config_text).drain_into(&mut diagnostics);
    let targets = publish::target::read_all(&config.deploy);
    diagnostics.extend(targets.diagnostics);
    if let Some(base_url) = &info.base_url {
        config.base_url.clone_from(base_url);
    }
    let files = sources.files.par_iter().enumerate();
    let files: Vec<_> = files.map(|(at, it)| parse(at, it, &config)).collect();
    let parsed: Vec<Arc<Parsed>> =
        files.into_iter().filter_map(|it| it.drain_into(&mut diagnostics)).collect();
    lap("parse");
    let (site, assembled) = model::assemble_again(&config, parsed, info.clock, known);
    let value = site.drain_into(&mut diagnostics);
    lap("assemble");
    (Checked { value, diagnostics }, assembled)
}

/// A site that is ready to be printed.
pub struct Proof {
    /// The site with its links and its look.
    pub edition: Edition,
    /// What is wrong with it so far.
    pub diagnostics: Vec<Diagnostic>,
    /// What was found on the way.
    pub memo: Memo,
    /// Fingerprints of the sources.
    pub fingerprints: Fingerprints,
    /// How long each stage took.
    pub timings: Vec<(&'static str, Duration)>,
}

impl Proof {
    /// Whether anything is so wrong that nothing may be printed.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|it| it.severity == diag::Severity::Error)
    }
}

/// Places for values that several threads make.
fn slots<T>(n: usize) -> Vec<OnceLock<T>> {
    std::iter::repeat_with(OnceLock::new).take(n).collect()
}

/// The values that were put into places.
fn filled<T>(slots: Vec<OnceLock<T>>) -> impl Iterator<Item = T> {
    slots.into_iter().filter_map(OnceLock::into_inner)
}

/// Runs the stages from `parse` to `link`, with what an earlier build has found.
pub fn prepare(sources: &Sources, info: &BuildInfo, memo: &Memo, keeps: Keeps) -> Proof {
    let keeps_files = keeps == Keeps::InProcess;
    let mut timings = Vec::new();
    let mut clock = Instant::now();
    let mut lap = |stage| {
        timings.push((stage, clock.elapsed()));
        clock = Instant::now();
    };
    let mut diagnostics = Vec::new();
    let is_preview = info.clock.is_preview;
    let fingerprints = Fingerprints::of(sources, info.base_url.as_deref(), is_preview);
    let n_slots = |wanted| if keeps == wanted { sources.files.len() } else { 0 };
    let next = slots(n_slots(Keeps::InProcess));
    let texts = slots(n_slots(Keeps::OnDisk));
    // While the text is at hand: a second round through all texts would take longer.
    let parse_and_look = |file: &SourceFile, config: &config::Config| {
        let mut parsed = parse::parse(file, config);
        parsed.diagnostics.extend(secrets::in_file(file, &config.not_secrets));
        parsed
    };
    let parse = |at: usize, file: &SourceFile, config: &config::Config| {
        if let Some(next) = next.get(at) {
            let known = memo.parsed.get(&fingerprints, file).cloned();
            let parsed = known.unwrap_or_else(|| parse_and_look(file, config));
            let _ = next.set((file.hash, parsed.clone()));
            return parsed;
        }
        let Some(text) = texts.get(at) else { return parse_and_look(file, config) };
        if let Some(kept) = memo.texts.get(&fingerprints, file) {
            let _ = text.set((file.hash, Arc::clone(kept)));
            let diagnostics = kept.diagnostics.clone();
            return Checked {
                value: parse::parse_again(file, config, kept),
                diagnostics,
            };
        }
        let (mut parsed, mut kept) = parse::parse_to_keep(file, config);
        parsed.diagnostics.extend(secrets::in_file(file, &config.not_secrets));
        kept.diagnostics.clone_from(&parsed.diagnostics);
        if parsed.value.is_some() {
            let _ = text.set((file.hash, Arc::new(kept)));
        }
        parsed
    };
    let prints = fingerprints.files();
    let known = model::known::Known {
        prints: keeps_files.then_some(prints),
        assembled: &memo.assembled,
    };
    let (site, assembled) = site_of(sources, info, &mut lap, &parse, &known);
    let site = site.drain_into(&mut diagnostics);
    let known = link::known::Known {
        prints: Some(prints),
        assets: fingerprints.assets,
        mentions: &memo.mentions,
        linked: memo.linked.as_ref(),
        neighbours: memo.neighbours.as_ref(),
        keeps,
    };
    let assets = keeps_files.then(|| load::stamp(&sources.assets)).flatten();
    let look = || {
        let same = memo.look.as_ref().filter(|it| it.is_of(&fingerprints, assets));
        if let Some(Look { theme, secrets, .. }) = same {
            // Nobody has asked for the times of its pages.
            theme.value.take_times();
            return (theme.clone(), secrets.clone());
        }
        let Checked { value, diagnostics } = render::theme::load(sources, &site.config);
        let secrets = secrets::in_assets(&sources.assets, &site.config.not_secrets);
        (Checked { value: Arc::new(value), diagnostics }, secrets)
    };
    let ((links, linked), (theme, secrets)) =
        rayon::join(|| link::link_again(&site, sources, &known), look);
    diagnostics.extend(secrets.iter().cloned());
    let links = links.drain_into(&mut diagnostics);
    diagnostics.extend(theme.diagnostics.iter().cloned());
    lap("link");
    let parsed = filled(next);
    let edition_theme = Arc::clone(&theme.value);
    let look = keeps_files.then(|| Look::of(&fingerprints, assets, theme, secrets));
    let memo = Memo {
        parsed: ParsedFiles::of(&fingerprints, parsed),
        texts: KeptTexts::of(&fingerprints, filled(texts)),
        assembled,
        linked,
        look,
        mentions: Memo::mentions_of(&links),
        ..Memo::default()
    };
    let stamp = info.stamp.map(|it| it.to_string());
    let edition = Edition::new(site, links, edition_theme, stamp);
    Proof { edition, diagnostics, memo, fingerprints, timings }
}

/// Builds a site from its sources into a sink.
///
/// Every stage runs even when an earlier one has found mistakes, so that one run reports
/// all of them; pages are not rendered while an error remains.
pub fn build(
    sources: &Sources,
    info: &BuildInfo,
    sink: &dyn Sink,
    progress: &(dyn Fn(usize) + Sync),
) -> Built {
    build_again(sources, info, &Memo::default(), sink, progress).0
}

/// Builds a site with what an earlier build has found and made, and says what to know for
/// the next one. The files are those that `build` makes, byte for byte.
pub fn build_again(
    sources: &Sources,
    info: &BuildInfo,
    memo: &Memo,
    sink: &dyn Sink,
    progress: &(dyn Fn(usize) + Sync),
) -> (Built, Memo) {
    print_again(&mut prepare(sources, info, memo, Keeps::OnDisk), memo, sink, progress)
}

/// The second half of `build_again`, for a site that is ready.
pub fn print_again(
    proof: &mut Proof,
    memo: &Memo,
    sink: &dyn Sink,
    progress: &(dyn Fn(usize) + Sync),
) -> (Built, Memo) {
    print(proof, &|press, keys| {
        let Memo { printed, words, graph, .. } = memo;
        let earlier = Earlier { keys, printed, words, graph };
        press.run(Some(earlier), sink, progress)
    })
}

/// Makes what belongs to one part of a site, for a build that takes it over.
pub fn build_shard(
    sources: &Sources,
    info: &BuildInfo,
    memo: &Memo,
    shard: Shard,
    sink: &dyn Sink,
    progress: &(dyn Fn(usize) + Sync),
) -> (Built, Memo) {
    // The texts that the index knows are read from it.
    print(&mut prepare(sources, info, memo, Keeps::OnDisk), &|press, keys| {
        press.run_shard(shard, keys, sink, progress)
    })
}

/// Finds what all parts of a site share: mentions, and the words of the search.
pub fn index(sources: &Sources, info: &BuildInfo) -> Checked<Memo> {
    let Proof { edition, diagnostics, mut memo, .. } =
        prepare(sources, info, &Memo::default(), Keeps::OnDisk);
    let Edition { site, links, .. } = &edition;
    if site.config.search {
        let languages = 0..site.config.languages.len();
        let none = search::Words::default();
        memo.words =
            languages.map(|at| search::index_of(site, links, at, &none).1).collect();
    }
    Checked { value: memo, diagnostics }
}

/// Finds what a build would find, and what the desk should look at besides; nothing is kept
/// of the files. The second value is every address of another site.
pub fn check(sources: &Sources, info: &BuildInfo) -> (Built, Vec<Outside>) {
    let mut proof = prepare(sources, info, &Memo::default(), Keeps::Nothing);
    let desk = Desk::new(&proof.edition, sources);
    let mut findings = check::look(desk);
    let outside = check::outside_links(desk);
    let scales = Scales::new(desk);
    let run = |press: &Press<'_>, _: &Keys| press.run(None, &scales, &|_| {});
    let (mut built, _) = print(&mut proof, &run);
    findings.extend(scales.into_findings());
    findings.extend(later_errors(sources, info, &proof.edition.site, &built.diagnostics));
    check::drop_echoes(&mut findings, &built.diagnostics);
    built.diagnostics.extend(findings);
    (built, outside)
}

/// How many moments to come are looked at.
const N_LATER: usize = 8;

/// Errors that a build will meet when an embargo ends, and that stop the site then.
fn later_errors(
    sources: &Sources,
    info: &BuildInfo,
    site: &Site,
    known: &[Diagnostic],
) -> Vec<Diagnostic> {
    let key = |it: &Diagnostic| (it.code, it.place.clone(), it.message.clone());
    let mut known: BTreeSet<_> = known.iter().map(key).collect();
    let mut later = Vec::new();
    let mut next = site.next_publication;
    for _ in 0..N_LATER {
        let Some(now) = next.filter(|_| !info.clock.is_preview) else { break };
        let info = BuildInfo { clock: Clock { now, ..info.clock }, ..info.clone() };
        let Proof { edition, diagnostics, .. } =
            prepare(sources, &info, &Memo::default(), Keeps::Nothing);
        let zone = &edition.site.config.time_zone;
        let shown = now.display_with_offset(zone.to_offset(now));
        let is_error = |it: &Diagnostic| it.severity == diag::Severity::Error;
        for mut error in diagnostics.into_iter().filter(is_error) {
            if known.insert(key(&error)) {
                error.message = format!("from {shown} on: {}", error.message);
                later.push(error);
            }
        }
        next = edition.site.next_publication;
    }
    later
}

/// Makes of a site that is ready what `run` makes of it, where it has no errors.
fn print(
    proof: &mut Proof,
    run: &dyn Fn(&Press<'_>, &Keys) -> Checked<Run>,
) -> (Built, Memo) {
    let has_errors = proof.has_errors();
    let mut diagnostics = std::mem::take(&mut proof.diagnostics);
    let mut next = std::mem::take(&mut proof.memo);
    let mut timings = std::mem::take(&mut proof.timings);
    let Proof { edition, fingerprints, .. } = proof;
    let clock = Instant::now();
    let mut addresses = Vec::new();
    let mut press = None;
    if !has_errors {
        let press = press.insert(Press::new(edition));
        let keys = Keys::new(edition, fingerprints.look);
        let run = run(press, &keys).drain_into(&mut diagnostics);
        addresses = run.pages;
        next.printed = run.printed;
        next.words = run.words;
        next.graph = run.graph;
        next.neighbours = edition.links.neighbours();
        timings.push(("render", clock.elapsed()));
    }
    let Edition { site, links, .. } = &*edition;
    // The views of a whole site are given back meanwhile.
    let (page_names, ()) = rayon::join(
        || (!has_errors).then(|| page_names::page_names(site, &links.routes)),
        || drop(press),
    );
    let built = Built {
        diagnostics,
        n_briefings: edition.site.briefings.len(),
        n_topics: edition.site.topics.len(),
        n_pages: addresses.len(),
        addresses,
        page_names: page_names.unwrap_or_default(),
        newest: edition.site.newest(),
        timings,
        page_times: edition.theme.take_times(),
        same_until: edition.site.same_until(),
    };
    (built, next)
}

#[cfg(test)]
mod tests {
    use crate::diag::SourcePath;
    use crate::load::FileKind;
    use crate::model::BriefingId;
    use crate::render::edition::Unit;
    use crate::render::{Memory, Nowhere};

    use super::*;

    #[test]
    fn nodes_are_given_back_and_read_again() {
        let mut sources = Sources::default();
        for name in ["a", "b"] {
            let path = SourcePath::new(&format!("content/briefings/{name}.md"));
            let text =
                format!("---\ntitle: عنوان\nslug: {name}\n---\n\nنص [[b]] و**غيره**.\n");
            let file = load::source_file(path, FileKind::Briefing, text.into_bytes());
            sources.files.extend(file.value);
        }
        let clock = Clock { now: jiff::Timestamp::UNIX_EPOCH, is_preview: false };
        let info = BuildInfo { clock, stamp: None, base_url: None };
        let proof = crate::prepare(&sources, &info, &Memo::default(), Keeps::OnDisk);
        let bodies = || proof.edition.site.briefings.iter().map(|it| &it.body);
        assert_eq!(bodies().filter(|it| it.is_unread()).count(), 0);
        let press = Press::new(&proof.edition);
        let (first, second) = (Memory::default(), Memory::default());
        assert_eq!(press.run(None, &first, &|_| {}).value.pages.len(), 8);
        assert_eq!(bodies().filter(|it| it.is_unread()).count(), 2);
        assert_eq!(press.run(None, &second, &|_| {}).value.pages.len(), 8);
        let files = |it: Memory| it.files.into_inner().unwrap();
        let first = files(first);
        assert!(first.contains_key("briefings/a/index.html"));
        assert!(first == files(second));
        // The preview prints pages one by one, and keeps what it has.
        let page = press.print(Unit::Briefing(BriefingId(0)), &Nowhere);
        assert_eq!(page.value.pages.len(), 1);
        assert_eq!(bodies().filter(|it| it.is_unread()).count(), 1);
    }
}
