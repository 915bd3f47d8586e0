//! What a search costs: bytes before results show, time for the index, time for a query.
//!
//! `cargo bench --bench search` prints a table for 100 and 1,000 briefings;
//! `MUJAZ_BENCH_SIZES=10000` others, and `MUJAZ_BENCH_SITE=DIR` a site of your own. Bytes are
//! those of the data after gzip, as a host sends them: directory, shards, and the files
//! that describe the first ten results.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a bench reads its settings and may panic"
)]

mod corpus;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use mujaz::model::Clock;
use mujaz::render::Memory;
use mujaz::search::query::search;
use mujaz::{BuildInfo, link, load, read_site};

fn info() -> BuildInfo {
    let now = "2026-01-01T00:00:00Z".parse().unwrap();
    BuildInfo { clock: Clock { now, is_preview: false }, stamp: None, base_url: None }
}

fn gzipped(bytes: &[u8]) -> usize {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap().len()
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

fn ms(it: Duration) -> f64 {
    it.as_secs_f64() * 1e3
}

fn measure(root: &Path) {
    let sources = load::load(root).unwrap().value;
    let sink = Memory::default();
    let started = Instant::now();
    let built = mujaz::build(&sources, &info(), &sink, &|_| {});
    let whole = started.elapsed();
    let stage = built.timings.iter().find(|(it, _)| *it == "search").unwrap().1;
    let files = sink.files.into_inner().unwrap();
    let of_search: BTreeMap<&String, usize> = files
        .iter()
        .filter(|(it, _)| it.starts_with("assets/search/"))
        .map(|(path, bytes)| (path, gzipped(bytes)))
        .collect();
    let site = read_site(&sources, &info(), &mut |_| {}).value;
    let links = link::link(&site, &sources).value;
    let indexes = mujaz::search::indexes(&site, &links);
    let index = &indexes[0];
    // Words as readers type them: one, two and three from the titles.
    let titles: Vec<&str> = index
        .briefings
        .iter()
        .step_by(index.briefings.len().div_ceil(100).max(1))
        .map(|it| site.briefings[it.at()].title.as_str())
        .collect();
    let mut took = Vec::new();
    for (at, title) in titles.iter().enumerate() {
        let words: Vec<&str> =
            title.split_whitespace().skip(3).take(1 + at % 2).collect();
        let started = Instant::now();
        std::hint::black_box(search(index, &words.join(" ")));
        took.push(ms(started.elapsed()));
    }
    let lang = index.lang.as_str();
    let directory = of_search.iter().filter(|(it, _)| {
        it.contains(&format!("/{lang}/"))
            && String::from_utf8_lossy(&files[**it]).contains("\"perRecord\"")
    });
    let directory: usize = directory.map(|(_, n)| n).sum();
    let mut texts: Vec<usize> = of_search
        .iter()
        .filter(|(it, _)| it.ends_with(".txt"))
        .map(|(_, n)| *n)
        .collect();
    texts.sort_unstable();
    println!(
        "{:>7} {:>6.1} % of {:>7.0} ms {:>6} {:>9} {:>8} {:>6} {:>7} {:>8.2} ms",
        built.n_briefings,
        100.0 * stage.as_secs_f64() / whole.as_secs_f64(),
        ms(whole),
        of_search.len(),
        of_search.values().sum::<usize>(),
        directory,
        texts[texts.len() / 2],
        texts.last().unwrap(),
        median(took),
    );
}

fn main() {
    println!(
        "briefings, index stage of the whole build in memory, files, bytes (gzip) of all, of \
         the directory, of the middle and the largest shard or record, a query on the command line"
    );
    if let Ok(site) = std::env::var("MUJAZ_BENCH_SITE") {
        measure(&PathBuf::from(site));
        return;
    }
    let sizes =
        std::env::var("MUJAZ_BENCH_SIZES").unwrap_or_else(|_| "100,1000".to_owned());
    for size in sizes.split(',') {
        let folder = tempfile::tempdir().unwrap();
        corpus::write(folder.path(), size.trim().parse().unwrap(), 300);
        measure(folder.path());
    }
}
