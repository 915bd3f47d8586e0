//! How long a build takes on synthetic sites, stage by stage and as a whole.
//!
//! `cargo bench` measures 100 and 1,000 briefings; `MUJAZ_BENCH_SIZES=1000,10000` others.
//! The corpus is made here from a fixed seed: Arabic prose with headings, lists, a table,
//! footnotes, links and the names of topics, 400 to 1,200 words a briefing.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a bench reads its settings and may panic"
)]

mod corpus;

use std::collections::BTreeMap;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use mujaz::model::Clock;
use mujaz::write::Purpose;
use mujaz::write::manifest::About;
use mujaz::{BuildInfo, load, write};

fn info() -> BuildInfo {
    let now = "2026-01-01T00:00:00Z".parse().unwrap();
    BuildInfo { clock: Clock { now, is_preview: false }, stamp: None, base_url: None }
}

fn build(c: &mut Criterion) {
    let sizes =
        std::env::var("MUJAZ_BENCH_SIZES").unwrap_or_else(|_| "100,1000".to_owned());
    let mut group = c.benchmark_group("build");
    group.sample_size(10).measurement_time(Duration::from_secs(10));
    for n_briefings in sizes.split(',').map(|it| it.parse::<usize>().unwrap()) {
        let dir = tempfile::tempdir().unwrap();
        let (root, output) = (dir.path().join("site"), dir.path().join("out"));
        corpus::write(&root, n_briefings, 0);
        let whole = || {
            let sources = load::load(&root).unwrap();
            let staging =
                write::stage(&output, &root, Purpose::Public, &mut || {}).unwrap();
            let built = mujaz::build(&sources.value, &info(), &staging, &|_| {});
            assert!(built.diagnostics.is_empty(), "{:?}", built.diagnostics.first());
            staging.publish(About::default(), BTreeMap::new()).unwrap();
            built
        };
        for (stage, took) in whole().timings {
            eprintln!(
                "{n_briefings:>7} {stage:>10} {:>9.1} ms",
                took.as_secs_f64() * 1e3
            );
        }
        group.bench_function(format!("cold {n_briefings}"), |b| {
            b.iter_batched(
                || std::fs::remove_dir_all(&output).unwrap_or_default(),
                |()| whole(),
                criterion::BatchSize::PerIteration,
            );
        });
        group.bench_function(format!("unchanged {n_briefings}"), |b| b.iter(whole));
    }
    group.finish();
}

criterion_group!(benches, build);
criterion_main!(benches);
