//! Does the text say what it rests on?

use std::collections::{BTreeMap, BTreeSet};

use crate::check::Desk;
use crate::diag::{At, Diagnostic, Place, SourcePath};
use crate::model::BriefingId;
use crate::model::briefing::Briefing;
use crate::parse::front_matter::{BriefingKind, Confidence, Judgement, Source};
use crate::text::fold::fold;
use crate::text::isolate::terminal;

/// How many judgements readers keep in mind.
const MAX_JUDGEMENTS: usize = 6;

/// Asks all of it.
pub(super) fn look(desk: Desk<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for (_, briefing) in desk.briefings() {
        judgements(briefing, &mut findings);
    }
    // A translation has the sources of its original, unless it has its own.
    let mut lists: BTreeMap<&Place, (&At<Vec<Source>>, Vec<BriefingId>)> =
        BTreeMap::new();
    for (at, briefing) in desk.site.briefings.iter().enumerate() {
        if let Some(sources) = &briefing.meta.sources {
            let list = lists.entry(&sources.place).or_insert((sources, Vec::new()));
            list.1.push(BriefingId::from_index(at));
        }
    }
    for (sources, users) in lists.into_values() {
        for source in &sources.value {
            undated(source, sources, &mut findings);
        }
        same_address(sources, &mut findings);
        unused(desk, sources, &users, &mut findings);
    }
    findings
}

fn place_of(source: &Source, list: &At<Vec<Source>>) -> Place {
    source.id.as_ref().map_or_else(|| list.place.clone(), |it| it.place.clone())
}

/// How a source is named in a message.
fn name(source: &Source) -> String {
    match &source.id {
        Some(id) => format!("`{}`", terminal(&id.value)),
        None => {
            let title = source.title.iter().next().map_or("", |(_, it)| it);
            format!("`{}`", terminal(title))
        }
    }
}

/// Sources that nobody can look up: a page without a date is found by its address, a paper
/// by its publisher and date.
fn undated(source: &Source, list: &At<Vec<Source>>, findings: &mut Vec<Diagnostic>) {
    if source.url.is_some() {
        return;
    }
    if source.publisher.is_empty() {
        let message =
            format!("the source {} has no `url` and no `publisher`", name(source));
        let warning =
            Diagnostic::warning("untraceable-source", place_of(source, list), message);
        findings.push(warning.with_help("say where readers can look it up"));
    } else if source.date.is_none() {
        let message = format!("the source {} has no `url` and no `date`", name(source));
        let warning =
            Diagnostic::warning("undated-source", place_of(source, list), message);
        findings.push(
            warning.with_help(
                "add `date: 2025-03`, or a year: what was published by it when?",
            ),
        );
    }
}

fn same_address(list: &At<Vec<Source>>, findings: &mut Vec<Diagnostic>) {
    let mut known: BTreeMap<&str, &Source> = BTreeMap::new();
    for source in &list.value {
        let Some(url) = &source.url else { continue };
        let url = url.trim_end_matches('/');
        let Some(first) = known.get(url) else {
            known.insert(url, source);
            continue;
        };
        let message =
            format!("the sources {} and {} have one `url`", name(first), name(source));
        let warning = Diagnostic::warning("same-source", place_of(source, list), message)
            .with_related(place_of(first, list), "the other one")
            .with_help("keep one of the two, or give each the address of its own page");
        findings.push(warning);
    }
}

/// Sources that no version of a briefing cites, where it cites others. A list that is not
/// cited at all is a bibliography.
fn unused(
    desk: Desk<'_>,
    list: &At<Vec<Source>>,
    users: &[BriefingId],
    findings: &mut Vec<Diagnostic>,
) {
    let cited: BTreeSet<usize> = users
        .iter()
        .flat_map(|it| &desk.links.briefings[it.at()].references.citations)
        .flatten()
        .copied()
        .collect();
    if cited.is_empty() {
        return;
    }
    let paths: BTreeSet<&SourcePath> =
        users.iter().map(|it| &desk.site.briefings[it.at()].path).collect();
    for (at, source) in list.value.iter().enumerate() {
        let Some(id) = source.id.as_ref().filter(|_| !cited.contains(&at)) else {
            continue;
        };
        let written = [format!("@{}]", id.value), format!("[^{}]", id.value)];
        let is_written = paths
            .iter()
            .filter_map(|it| desk.sources.text(it))
            .any(|text| written.iter().any(|it| text.contains(it)));
        if !is_written {
            let message = format!("no text cites the source {}", name(source));
            let warning = Diagnostic::warning("unused-source", id.place.clone(), message);
            let help = format!(
                "write `[@{}]` where the text rests on it, or delete it",
                id.value
            );
            findings.push(warning.with_help(help));
        }
    }
}

fn judgements(briefing: &Briefing, findings: &mut Vec<Diagnostic>) {
    let Some(judgements) = &briefing.meta.key_judgements else { return };
    let n_judgements = judgements.value.len();
    if n_judgements == 0 {
        return;
    }
    let place = || judgements.place.clone();
    if MAX_JUDGEMENTS < n_judgements {
        let message = format!("the briefing has {n_judgements} key judgements");
        let help =
            format!("keep the {MAX_JUDGEMENTS} that matter most; the text has the rest");
        let warning = Diagnostic::warning("many-judgements", place(), message);
        findings.push(warning.with_help(help));
    }
    let sources = briefing.meta.sources.as_ref().map_or(&[][..], |it| &it.value);
    let rests_on_sources = matches!(
        briefing.kind,
        BriefingKind::Analysis | BriefingKind::Report | BriefingKind::Briefing
    );
    if sources.is_empty() && rests_on_sources {
        let message = "key judgements without any source";
        let warning = Diagnostic::warning("no-sources", place(), message);
        findings.push(
            warning
                .with_help("add `sources:` to the metadata, and cite them in the text"),
        );
    }
    weak_sources(sources, judgements, findings);
    for judgement in &judgements.value {
        mixed_words(judgement, &judgements.place, findings);
    }
}

/// High confidence that rests on sources of which none is graded well.
fn weak_sources(
    sources: &[Source],
    judgements: &At<Vec<Judgement>>,
    findings: &mut Vec<Diagnostic>,
) {
    let is_high = |it: &Judgement| it.confidence == Some(Confidence::High);
    if sources.is_empty() || !judgements.value.iter().any(is_high) {
        return;
    }
    let is_weak = |it: &Source| {
        let grade = it.grade.as_deref().unwrap_or("A");
        grade.starts_with(['D', 'E', 'F']) || grade.ends_with(['4', '5', '6'])
    };
    if sources.iter().all(is_weak) {
        let message =
            "high confidence rests on sources of grade D to F, or 4 to 6, alone";
        let place = judgements.place.clone();
        let warning = Diagnostic::warning("weak-sources", place, message);
        findings.push(
            warning.with_help("lower `confidence`, or add a source of a better grade"),
        );
    }
}

/// Words for how likely something is, folded, by the language that they are in.
const LIKELIHOOD: [&str; 9] = [
    "مرجح",
    "من المرجح",
    "مستبعد",
    "محتمل",
    "likely",
    "unlikely",
    "probable",
    "improbable",
    "almost certain",
];

/// Words for how sure the desk is.
const CONFIDENCE: [&str; 8] = [
    "بثقه عاليه",
    "بثقه متوسطه",
    "بثقه منخفضه",
    "بدرجه ثقه",
    "high confidence",
    "moderate confidence",
    "medium confidence",
    "low confidence",
];

/// A judgement that says in one sentence how likely something is and how sure the desk is:
/// readers take one for the other.
fn mixed_words(judgement: &Judgement, place: &Place, findings: &mut Vec<Diagnostic>) {
    for (_, text) in judgement.text.iter() {
        let folded = fold(text);
        let has = |words: &[&str]| words.iter().any(|it| folded.contains(&fold(it)));
        if has(&LIKELIHOOD) && has(&CONFIDENCE) {
            let message = "one judgement says how likely it is and how sure the desk is";
            let warning = Diagnostic::warning("mixed-likelihood", place.clone(), message);
            findings.push(warning.with_help(
                "keep the likelihood in the sentence, and write `confidence:` beside it",
            ));
            return;
        }
    }
}
