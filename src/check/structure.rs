//! Is everything filed, told once, and in order?

use std::collections::BTreeMap;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::check::{Article, Desk};
use crate::diag::{Diagnostic, Place};
use crate::model::SeriesId;
use crate::model::briefing::Briefing;
use crate::parse::document::{Document, Element, Node};
use crate::parse::front_matter::BriefingMeta;
use crate::parse::{Data, parse};
use crate::text::fold::fold;
use crate::text::isolate::terminal;

/// Shortest paragraph that is missed when it stands twice, in characters: a refrain, a
/// caption or a line of a table may come again.
const MIN_PARAGRAPH: usize = 60;

/// Longest title, in characters: results of searches, feeds and shared links cut longer ones.
const MAX_TITLE: usize = 110;

/// Asks all of it.
pub(super) fn look(desk: Desk<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let today = desk.site.config.time_zone.to_datetime(desk.site.clock.now).date();
    for (_, briefing) in desk.briefings() {
        if briefing.topics.is_empty() {
            let message = "the briefing belongs to no topic";
            let warning =
                Diagnostic::warning("no-topic", Place::file(&briefing.path), message);
            findings.push(warning.with_help(
                "add `topics: [id]`: readers find it from the pages of its topics",
            ));
        }
        if let Some(review) = &briefing.meta.review_by
            && review.value.date < today
        {
            let message =
                format!("it was to be looked at again by {}", review.value.date);
            let warning =
                Diagnostic::warning("review-due", review.place.clone(), message);
            findings.push(
                warning
                    .with_help("read it again, then move `review_by` on, or delete it"),
            );
        }
    }
    for briefing in &desk.site.briefings {
        long_title(briefing, &mut findings);
        future_date(desk, briefing, &mut findings);
    }
    same_titles(desk, &mut findings);
    topics(desk, &mut findings);
    series_gaps(desk, &mut findings);
    let articles = desk.articles();
    let of_texts = articles.par_iter().flat_map_iter(of_text);
    findings.par_extend(of_texts);
    findings
}

/// A date that has not come holds back neither a text nor a correction.
fn future_date(desk: Desk<'_>, briefing: &Briefing, findings: &mut Vec<Diagnostic>) {
    let today = desk.site.config.time_zone.to_datetime(desk.site.clock.now).date();
    let notes = [&briefing.meta.changes, &briefing.meta.corrections];
    for note in notes
        .into_iter()
        .flatten()
        .flat_map(|it| &it.value)
        .filter(|it| today < it.at.date)
    {
        let message = format!("it is of {}, and readers see it already", note.at.date);
        let warning = Diagnostic::warning("future-date", note.place.clone(), message);
        findings.push(warning.with_help("write the day on which the text was changed"));
    }
    let Some(date) = &briefing.meta.date else { return };
    if date.value.date <= today || briefing.meta.publish_at.is_some() {
        return;
    }
    let message = format!("it is of {}, and public already", date.value.date);
    let warning = Diagnostic::warning("future-date", date.place.clone(), message);
    findings.push(warning.with_help(
        "correct the date; if it is to wait, add `publish_at: 2025-03-09T06:00:00+03:00`",
    ));
}

fn long_title(briefing: &Briefing, findings: &mut Vec<Diagnostic>) {
    let n_chars = briefing.title.chars().count();
    if n_chars <= MAX_TITLE || briefing.is_title_guessed {
        return;
    }
    let written = briefing.meta.title.as_ref().map(|it| it.place.clone());
    let of_text = briefing.body.outline().title.as_ref().map(|it| it.place.clone());
    let place = written.or(of_text).unwrap_or_else(|| Place::file(&briefing.path));
    let message = format!("the title has {n_chars} characters");
    let help = format!("keep it to {MAX_TITLE}: where it is shared, the rest is cut off");
    findings.push(Diagnostic::warning("long-title", place, message).with_help(help));
}

/// Briefings that readers cannot tell apart in a list.
fn same_titles(desk: Desk<'_>, findings: &mut Vec<Diagnostic>) {
    let mut known: BTreeMap<(&str, String), &Briefing> = BTreeMap::new();
    let mut all: Vec<&Briefing> = desk.site.briefings.iter().map(|it| &**it).collect();
    all.sort_by(|a, b| a.path.cmp(&b.path));
    for briefing in all {
        let key = (briefing.lang.as_str(), fold(&briefing.title));
        let Some(first) = known.get(&key) else {
            known.insert(key, briefing);
            continue;
        };
        let shown = terminal(&briefing.title).into_owned();
        let message = format!("another briefing has the title `{shown}`");
        let warning =
            Diagnostic::warning("same-title", Place::file(&briefing.path), message)
                .with_related(Place::file(&first.path), "the other one")
                .with_help("say in the title what is new, or where, or when");
        findings.push(warning);
    }
}

fn topics(desk: Desk<'_>, findings: &mut Vec<Diagnostic>) {
    let Desk { site, links, .. } = desk;
    let hidden: Vec<&str> = desk.hidden_files().map(|it| &*it.text).collect();
    for (at, topic) in site.topics.iter().enumerate() {
        if topic.meta.summary.is_none() {
            let message = "the topic has no `summary`";
            let warning =
                Diagnostic::warning("no-summary", Place::file(&topic.path), message);
            findings.push(warning.with_help(
                "say in a sentence or two what it is; lists and links show it",
            ));
        }
        // What stands in a relation is shown on the page of the other topic.
        let is_used = topic.meta.relations.is_some()
            || !links.about[at].is_empty()
            || !links.mentioned_in[at].is_empty()
            || !links.children[at].is_empty()
            || !links.inverse[at].is_empty()
            || !topic.bodies.is_empty()
            || hidden.iter().any(|it| it.contains(&topic.id));
        if !is_used {
            let message = "no briefing names this topic or belongs to it";
            let warning =
                Diagnostic::warning("unused-topic", Place::file(&topic.path), message);
            findings.push(warning.with_help(
                "add the names that texts use to `aliases`, write a text of its own, or \
                 delete it",
            ));
        }
    }
}

/// Numbers that a series leaves out between its first and its last.
fn series_gaps(desk: Desk<'_>, findings: &mut Vec<Diagnostic>) {
    let mut numbers: BTreeMap<SeriesId, Vec<u32>> = BTreeMap::new();
    for briefing in &desk.site.briefings {
        if let Some((series, Some(number))) = briefing.series {
            numbers.entry(series).or_default().push(number);
        }
    }
    // A number that is kept for a draft is no gap.
    for file in desk.hidden_files() {
        let parsed = parse(file, &desk.site.config).value;
        let Some(Data::Briefing(meta)) = parsed.as_ref().map(|it| &it.data) else {
            continue;
        };
        let BriefingMeta { series: Some(series), .. } = &**meta else { continue };
        let known = desk.site.series_with_id(&series.value.id.value);
        if let (Some(known), Some(number)) = (known, series.value.number) {
            numbers.entry(known).or_default().push(number);
        }
    }
    for (id, mut numbers) in numbers {
        numbers.sort_unstable();
        numbers.dedup();
        let missing: Vec<String> = numbers
            .windows(2)
            .filter_map(|it| {
                let [before, after] = it else { return None };
                match after - before {
                    1 => None,
                    2 => Some((before + 1).to_string()),
                    _ => Some(format!("{}–{}", before + 1, after - 1)),
                }
            })
            .collect();
        if missing.is_empty() {
            continue;
        }
        let series = &desk.site.series[id.at()];
        let message = format!("the series leaves out {}", missing.join(", "));
        let warning =
            Diagnostic::warning("series-gap", Place::file(&series.path), message);
        findings
            .push(warning.with_help("correct `number` in the briefings of the series"));
    }
}

fn of_text(article: &Article<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    heading_jumps(&article.document, &mut findings);
    repeated_paragraphs(&article.document, &mut findings);
    findings
}

/// Headings that skip a level: who moves through a page by its headings misses one.
fn heading_jumps(document: &Document, findings: &mut Vec<Diagnostic>) {
    let mut level = 1;
    for (at, node) in document.nodes.iter().enumerate() {
        let Node::Open(Element::Heading(heading)) = node else { continue };
        let found = &document.outline.headings[*heading as usize];
        if level + 1 < found.level {
            let place = Place { path: document.path.clone(), span: document.spans[at] };
            let before = if level == 1 {
                "the title".to_owned()
            } else {
                format!("a heading of level {level}")
            };
            let message =
                format!("a heading of level {} comes right after {before}", found.level);
            let help = format!("make it `{}`", "#".repeat(usize::from(level) + 1));
            let warning = Diagnostic::warning("heading-jump", place, message);
            findings.push(warning.with_help(help));
        }
        level = found.level;
    }
}

/// Paragraphs that stand twice in a text.
fn repeated_paragraphs(document: &Document, findings: &mut Vec<Diagnostic>) {
    let mut known: FxHashMap<String, usize> = FxHashMap::default();
    let mut start = None;
    // What a pull-quote repeats, it is there to repeat.
    let mut is_pull_quote = false;
    for (at, node) in document.nodes.iter().enumerate() {
        match node {
            Node::Open(Element::PullQuote) => is_pull_quote = true,
            Node::Close(Element::PullQuote) => is_pull_quote = false,
            Node::Open(Element::Paragraph) if !is_pull_quote => start = Some(at),
            Node::Close(Element::Paragraph) => {
                let Some(start) = start.take() else { continue };
                let text = document.plain_text(start..at);
                if text.chars().nth(MIN_PARAGRAPH - 1).is_none() {
                    continue;
                }
                let Some(first) = known.get(&text) else {
                    known.insert(text, start);
                    continue;
                };
                let place = |node: usize| Place {
                    path: document.path.clone(),
                    span: document.spans[node],
                };
                let message = "this paragraph stands here a second time";
                let warning =
                    Diagnostic::warning("repeated-paragraph", place(start), message)
                        .with_related(place(*first), "the first time")
                        .with_help("delete one of the two");
                findings.push(warning);
            }
            _ => {}
        }
    }
}
