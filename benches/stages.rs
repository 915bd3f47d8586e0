//! How long each stage of a build takes on synthetic sites of 100 and 1,000 briefings.
//!
//! `cargo bench --bench stages`; `MUJAZ_BENCH_SIZES=10000` others. Pages are dropped when
//! they are made, so no disk is in the figures but that of `load`. `cargo bench --bench
//! build` measures whole builds.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a bench reads its settings and may panic"
)]

mod corpus;

use std::sync::Arc;
use std::time::Duration;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use mujaz::load::FileKind;
use mujaz::model::Clock;
use mujaz::parse::Parsed;
use mujaz::render::Nowhere;
use mujaz::render::edition::{Edition, Press};
use mujaz::{config, link, load, model, parse, render, search};
use rayon::prelude::*;

fn stages(c: &mut Criterion) {
    let sizes =
        std::env::var("MUJAZ_BENCH_SIZES").unwrap_or_else(|_| "100,1000".to_owned());
    let now = "2026-01-01T00:00:00Z".parse().unwrap();
    let clock = Clock { now, is_preview: false };
    for n_briefings in sizes.split(',').map(|it| it.parse::<usize>().unwrap()) {
        let dir = tempfile::tempdir().unwrap();
        corpus::write(dir.path(), n_briefings, 0);
        let sources = load::load(dir.path()).unwrap().value;
        let settings = sources.of_kind(FileKind::Config).next();
        let config = config::read(settings.map(|it| (&it.path, &*it.text))).value;
        let parse = || -> Vec<Arc<Parsed>> {
            let files = sources.files.par_iter();
            files.filter_map(|it| parse::parse(it, &config).value).collect()
        };
        let site = model::assemble(&config, parse(), clock).value;
        let links = link::link(&site, &sources).value;

        let mut group = c.benchmark_group(format!("stages of {n_briefings}"));
        group.sample_size(10).measurement_time(Duration::from_secs(3));
        group.bench_function("load", |b| b.iter(|| load::load(dir.path()).unwrap()));
        group.bench_function("parse", |b| b.iter(parse));
        group.bench_function("assemble", |b| {
            b.iter_batched(
                parse,
                |parsed| model::assemble(&config, parsed, clock),
                BatchSize::PerIteration,
            );
        });
        group.bench_function("link", |b| b.iter(|| link::link(&site, &sources)));
        group.bench_function("search", |b| b.iter(|| search::indexes(&site, &links)));
        group.bench_function("render", |b| {
            b.iter_batched(
                || {
                    let site = model::assemble(&config, parse(), clock).value;
                    let links = link::link(&site, &sources).value;
                    let theme = render::theme::load(&sources, &config).value;
                    Edition::new(site, links, Arc::new(theme), None)
                },
                |edition| Press::new(&edition).run(None, &Nowhere, &|_| {}),
                BatchSize::PerIteration,
            );
        });
        group.finish();
    }
}

criterion_group!(benches, stages);
criterion_main!(benches);
