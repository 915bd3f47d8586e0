//! How fast names are found in running text, and related briefings among many.
//!
//! Targets: 100 MB of Arabic text a second on one core with 10,000 aliases; related
//! briefings of 50,000 in less than two seconds on two cores.
#![expect(clippy::unwrap_used, reason = "a bench may panic")]

#[expect(dead_code, reason = "each bench needs another part")]
mod corpus;

use std::fmt::Write as _;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mujaz::diag::SourcePath;
use mujaz::link::matcher::{Hints, Matcher};
use mujaz::link::related::{Related, Subject};
use mujaz::model::{BriefingId, Clock, Site, TopicId, assemble};
use mujaz::text::fold::Folded;
use mujaz::text::lang::Lang;
use mujaz::{config, load, parse};
use rayon::prelude::*;

use crate::corpus::{Numbers, WORDS, sentence, topic_name};

/// A site of topics with five names each.
fn site(n_topics: usize) -> Site {
    let config = config::read(Some((
        &SourcePath::new(config::PATH),
        "title: قياس\nlanguages: [ar, he, fa, en]\n",
    )));
    let mut parsed = Vec::new();
    for at in 0..n_topics {
        let (name, word) = (topic_name(at), WORDS[at % WORDS.len()]);
        let text = format!(
            "title: {{ar: \"{name}\", en: Topic {at}}}\nkind: organisation\naliases: \
             [\"هيئة {word} {at}\", \"مؤسسة{at}\", \"Agency{at}\"]\n"
        );
        let path = SourcePath::new(&format!("content/topics/topic-{at}.yaml"));
        let kind = load::kind_of(&path).unwrap();
        let file = load::source_file(path, kind, text.into_bytes()).value.unwrap();
        parsed.extend(parse::parse(&file, &config.value).value);
    }
    let now = "2026-01-01T00:00:00Z".parse().unwrap();
    assemble(&config.value, parsed, Clock { now, is_preview: false }).value
}

/// Paragraphs of six sentences.
fn paragraphs(n_bytes: usize, n_topics: usize) -> Vec<String> {
    let mut numbers = Numbers(42);
    let mut all = Vec::new();
    let mut n_made = 0;
    while n_made < n_bytes {
        let mut text = String::new();
        for _ in 0..6 {
            let _ = write!(text, "{} ", sentence(&mut numbers, n_topics));
        }
        n_made += text.len();
        all.push(text);
    }
    all
}

fn matching(c: &mut Criterion) {
    let texts = paragraphs(4_000_000, 2_000);
    let n_bytes: usize = texts.iter().map(String::len).sum();
    let lang = Lang::parse("ar").unwrap();
    let mut group = c.benchmark_group("matching");
    group.throughput(Throughput::Bytes(n_bytes as u64)).sample_size(20);
    for n_topics in [20, 200, 2_000] {
        let site = site(n_topics);
        let matcher = Matcher::new(&site);
        let n_names = matcher.names().all.len();
        group.bench_function(format!("{n_names} names"), |b| {
            b.iter(|| {
                let mut scan = matcher.scan(&lang, Hints::default());
                let mut n_found = 0;
                for text in &texts {
                    scan.read(text);
                    n_found += scan.found.len();
                }
                assert!(0 < n_found);
                n_found
            });
        });
    }
    group.bench_function("folding alone", |b| {
        let mut folded = Folded::default();
        b.iter(|| {
            for text in &texts {
                folded.refold(black_box(text));
            }
            folded.text().len()
        });
    });
    group.finish();
}

fn related_briefings(c: &mut Criterion) {
    let mut group = c.benchmark_group("related");
    group.sample_size(10);
    for n_briefings in [5_000, 50_000] {
        let n_topics = n_briefings / 20;
        let mut numbers = Numbers(7);
        // A few topics are in very many briefings, as in any archive.
        let mut topic = || {
            let a = numbers.below(n_topics) + 1;
            TopicId::from_index(numbers.below(a) * numbers.below(a) / a)
        };
        let mut topics = |n| -> Vec<TopicId> { (0..n).map(|_| topic()).collect() };
        let about: Vec<[Vec<TopicId>; 2]> =
            (0..n_briefings).map(|_| [topics(4), topics(12)]).collect();
        group.bench_function(format!("{n_briefings}"), |b| {
            b.iter(|| {
                let subjects = (0..).zip(&about).map(|(group, [listed, named])| {
                    Subject { lang: 0, group, listed, named: named.iter().copied() }
                });
                let related = Related::new(subjects, n_topics);
                let all = 0..about.len();
                let n_found = |at| related.of(BriefingId::from_index(at)).len();
                all.into_par_iter().map(n_found).sum::<usize>()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, matching, related_briefings);
criterion_main!(benches);
