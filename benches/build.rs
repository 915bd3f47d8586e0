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

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use mujaz::model::Clock;
use mujaz::{BuildInfo, load, write};

use crate::corpus::{FIRST, LAST, Numbers, sentence, topic_name};

/// Writes a site of this many briefings, with a fifth as many topics.
fn write_corpus(root: &Path, n_briefings: usize) {
    let n_topics = (n_briefings / 5).max(50);
    let file = |path: String, text: String| {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    file(
        "content/site.yaml".to_owned(),
        "title: قياس\nbase_url: https://example.org/\n".into(),
    );
    for at in 0..n_topics {
        let text = format!(
            "title: \"{}\"\nkind: person\naliases: [\"Person {at}\"]\nsummary: نص عنه.\n",
            topic_name(at)
        );
        file(format!("content/topics/topic-{at}.yaml"), text);
    }
    for at in 0..n_briefings {
        let mut numbers = Numbers(at as u64 * 7919 + 1);
        let (year, month, day) = (2021 + at % 5, 1 + at / 5 % 12, 1 + at / 60 % 28);
        let mut text = format!(
            "---\ntitle: \"إحاطة {at} عن {}\"\ndate: {year}-{month:02}-{day:02}\nauthors: \
             [\"{} {}\"]\ntopics: [topic-{}, topic-{}]\nsummary: \"{}\"\n---\n",
            topic_name(numbers.below(n_topics)),
            FIRST[at % 20],
            LAST[at % 17],
            at % n_topics,
            (at * 7 + 1) % n_topics,
            sentence(&mut numbers, n_topics),
        );
        for part in 0..4 + numbers.below(5) {
            let _ = write!(text, "\n## قسم {part}\n\n");
            for _ in 0..2 + numbers.below(3) {
                for _ in 0..3 {
                    text.push_str(&sentence(&mut numbers, n_topics));
                    text.push(' ');
                }
                text.push_str("\n\n");
            }
        }
        let link = numbers.below(n_briefings);
        let _ = write!(
            text,
            "- بند أول\n- بند **ثان**\n\n| بند | عدد |\n|---|---:|\n| نفط | {} |\n\nانظر \
             [إحاطة أخرى](briefing:briefing-{link})[^1].\n\n[^1]: حاشية ({year}).\n",
            numbers.below(9999)
        );
        file(format!("content/briefings/briefing-{at}.md"), text);
    }
}

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
        write_corpus(&root, n_briefings);
        let whole = || {
            let sources = load::load(&root).unwrap();
            let staging = write::stage(&output, &root).unwrap();
            let built = mujaz::build(&sources.value, &info(), &staging, &|_| {});
            assert!(built.diagnostics.is_empty(), "{:?}", built.diagnostics.first());
            staging.publish(false).unwrap();
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
