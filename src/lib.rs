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

pub mod cli;
pub mod colour;
pub mod config;
pub mod diag;
pub mod edit;
pub mod error;
pub mod link;
pub mod lint;
pub mod load;
pub mod model;
pub mod parse;
pub mod render;
pub mod search;
#[cfg(feature = "serve")]
pub mod serve;
pub mod text;
pub mod write;
pub mod yaml;

use std::time::{Duration, Instant};

use rayon::prelude::*;

use crate::diag::{Checked, Diagnostic};
use crate::load::{FileKind, Sources};
use crate::model::{Clock, Site};
use crate::parse::Parsed;
use crate::render::Sink;
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
    /// How long each stage took.
    pub timings: Vec<(&'static str, Duration)>,
    /// How long each page took.
    pub page_times: Vec<PageTime>,
}

/// Reads a site: the stages before `link`. `lap` is called at the end of each stage.
pub fn read_site(
    sources: &Sources,
    info: &BuildInfo,
    lap: &mut dyn FnMut(&'static str),
) -> Checked<Site> {
    let mut diagnostics = Vec::new();
    let config_file = sources.of_kind(FileKind::Config).next();
    let config_text = config_file.map(|it| (&it.path, &*it.text));
    let mut config = config::read(config_text).drain_into(&mut diagnostics);
    if let Some(base_url) = &info.base_url {
        config.base_url.clone_from(base_url);
    }
    let files: Vec<_> =
        sources.files.par_iter().map(|it| parse::parse(it, &config)).collect();
    let parsed: Vec<Parsed> =
        files.into_iter().filter_map(|it| it.drain_into(&mut diagnostics)).collect();
    lap("parse");
    let value = model::assemble(&config, parsed, info.clock).drain_into(&mut diagnostics);
    lap("assemble");
    Checked { value, diagnostics }
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
    let mut timings = Vec::new();
    let mut clock = Instant::now();
    let mut lap = |stage| {
        timings.push((stage, clock.elapsed()));
        clock = Instant::now();
    };
    let site = read_site(sources, info, &mut lap).drain_into(&mut built.diagnostics);
    let links = link::link(&site, sources).drain_into(&mut built.diagnostics);
    lap("link");
    let theme =
        render::theme::load(sources, &site.config).drain_into(&mut built.diagnostics);
    lap("theme");
    built.n_briefings = site.briefings.len();
    built.n_topics = site.topics.len();
    if !built.diagnostics.iter().any(|it| it.severity == diag::Severity::Error) {
        let stamp = info.stamp.map(|it| it.to_string());
        let stamp = stamp.as_deref();
        let search =
            if site.config.search { search::indexes(&site, &links) } else { Vec::new() };
        lap("search");
        let summary =
            render::render(&site, &links, &theme, search, stamp, sink, progress);
        built.n_pages = summary.drain_into(&mut built.diagnostics).n_pages;
        lap("render");
    }
    built.timings = timings;
    built.page_times = theme.take_times();
    built
}
