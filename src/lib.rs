//! mujaz, a static site generator for briefings: a site folder flows one way through pure
//! stages, and only the two ends touch the world.
//!
//! ```text
//! load ──▶ parse ──▶ assemble ──▶ link ──▶ render ──▶ write
//! disk     per file   Site         Links    files      disk
//! ```
//!
//! `build` below is the middle of it. Mistakes of authors travel beside the values as
//! diagnostics and are reported together; a later stage never edits an earlier stage's
//! value. docs/ARCHITECTURE.md says which question each folder answers.

pub mod cli;
pub mod config;
pub mod diag;
pub mod edit;
pub mod error;
pub mod link;
pub mod load;
pub mod model;
pub mod parse;
pub mod render;
pub mod text;
pub mod write;
pub mod yaml;

use std::time::{Duration, Instant};

use rayon::prelude::*;

use crate::diag::Diagnostic;
use crate::load::{FileKind, Sources};
use crate::model::Clock;
use crate::parse::Parsed;
use crate::render::Sink;

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
    /// How long each stage took.
    pub timings: Vec<(&'static str, Duration)>,
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
    let mut built = Built::default();
    let mut clock = Instant::now();
    let mut lap = |built: &mut Built, stage| {
        built.timings.push((stage, clock.elapsed()));
        clock = Instant::now();
    };
    let config_file = sources.of_kind(FileKind::Config).next();
    let config_text = config_file.map(|it| (&it.path, &*it.text));
    let mut config = config::read(config_text).drain_into(&mut built.diagnostics);
    if let Some(base_url) = &info.base_url {
        config.base_url.clone_from(base_url);
    }
    let files: Vec<_> =
        sources.files.par_iter().map(|it| parse::parse(it, &config)).collect();
    let parsed: Vec<Parsed> = files
        .into_iter()
        .filter_map(|it| it.drain_into(&mut built.diagnostics))
        .collect();
    lap(&mut built, "parse");
    let site =
        model::assemble(&config, parsed, info.clock).drain_into(&mut built.diagnostics);
    lap(&mut built, "assemble");
    let links = link::link(&site, sources).drain_into(&mut built.diagnostics);
    lap(&mut built, "link");
    let theme = render::theme::load(sources, &config).drain_into(&mut built.diagnostics);
    lap(&mut built, "theme");
    built.n_briefings = site.briefings.len();
    built.n_topics = site.topics.len();
    if built.diagnostics.iter().any(|it| it.severity == diag::Severity::Error) {
        return built;
    }
    let stamp = info.stamp.map(|it| it.to_string());
    let summary = render::render(&site, &links, &theme, stamp.as_deref(), sink, progress);
    built.n_pages = summary.drain_into(&mut built.diagnostics).n_pages;
    lap(&mut built, "render");
    built
}
