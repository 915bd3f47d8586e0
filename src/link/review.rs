//! Review: what an editor should know about the names that were found, held back, and never
//! seen. Reads the articles once more, with everything that a build throws away.
//!
//! `mujaz links report` and `mujaz links explain` print it (`cli::links`). Names that are
//! no topic yet are the business of `link::suggest`.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use rayon::prelude::*;

use crate::config::LinkFirst;
use crate::diag::{Place, Span};
use crate::link::gates::Reason;
use crate::link::matcher::{Held, Matcher};
use crate::link::mentions::{Outcome, Sentence, hits, sentence};
use crate::link::names::Name;
use crate::link::paragraphs::{Closed, Paragraph, paragraphs};
use crate::link::{Article, Links, link_label};
use crate::model::briefing::Briefing;
use crate::model::{BriefingId, Site, TopicId};
use crate::parse::document::{Document, Node};
use crate::text::fold::fold;
use crate::text::reading::sentences;

/// A place in a text that names a topic or seems to.
#[derive(Debug, Clone)]
pub struct Sighting {
    /// The topic; several where they claim the same words.
    pub topics: Vec<TopicId>,
    /// The name, as an index into the names of the matcher; none for a link by hand.
    pub name: Option<u32>,
    /// Where it stands in the source.
    pub place: Place,
    /// The words as written.
    pub words: String,
    /// The sentence around them.
    pub sentence: Sentence,
    /// What became of it.
    pub verdict: Verdict,
}

/// What became of words that name a topic or seem to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// A mention; `is_short` says that a short name has letters joined to it.
    Mention {
        /// What became of it.
        outcome: Outcome,
        /// Whether an editor should look at it.
        is_short: bool,
    },
    /// Not taken for a name.
    Held(Reason),
}

/// What is to be known about one briefing.
#[derive(Debug, Clone)]
pub struct BriefingReview {
    /// The briefing.
    pub id: BriefingId,
    /// Places to look at.
    pub sightings: Vec<Sighting>,
}

/// How often a name was met.
#[derive(Debug, Clone, Default)]
pub struct NameUse {
    /// Taken for a name.
    pub n_found: u32,
    /// Held back, by reason.
    pub held: BTreeMap<Reason, u32>,
}

/// What is to be known about a site.
#[derive(Debug, Clone)]
pub struct Review {
    /// The briefings, in the order of the site.
    pub briefings: Vec<BriefingReview>,
    /// For each name of the matcher.
    pub names: Vec<NameUse>,
}

/// Reviews all briefings of a site.
pub fn review(site: &Site, links: &Links, matcher: &Matcher) -> Review {
    let all: Vec<Vec<Sighting>> = (0..site.briefings.len())
        .into_par_iter()
        .map(|at| sightings(BriefingId::from_index(at), site, links, matcher))
        .collect();
    let all_names = &matcher.names().all;
    let mut names = vec![NameUse::default(); all_names.len()];
    for briefing in &site.briefings {
        let article = Article::of(briefing);
        let mut scan = article.scan(matcher);
        for head in &article.heads {
            scan.read(head);
            for found in &scan.found {
                names[found.name as usize].n_found += 1;
            }
        }
    }
    let mut briefings = Vec::with_capacity(all.len());
    for (at, mut sightings) in all.into_iter().enumerate() {
        for sighting in &sightings {
            let Some(used) = sighting.name.and_then(|it| names.get_mut(it as usize))
            else {
                continue;
            };
            match sighting.verdict {
                Verdict::Mention { .. } => used.n_found += 1,
                Verdict::Held(reason) => *used.held.entry(reason).or_insert(0) += 1,
            }
        }
        sightings.retain(|it| {
            let name = it.name.and_then(|it| matcher.names().all.get(it as usize));
            let is_decided = name.is_some_and(|it| it.gates.is_confirmed);
            is_to_review(it.verdict)
                && !(is_decided && it.verdict == Verdict::Held(Reason::ShortName))
        });
        briefings.push(BriefingReview { id: BriefingId::from_index(at), sightings });
    }
    share_uses(all_names, &mut names);
    Review { briefings, names }
}

/// Spellings of a name that fold alike, or differ only in how its words are joined, are
/// used where one of them is.
fn share_uses(all: &[Name], uses: &mut [NameUse]) {
    let key = |it: &Name| (it.topic, it.words.concat() + &it.sign);
    let mut used: BTreeSet<(TopicId, String)> = BTreeSet::new();
    for (name, _) in all.iter().zip(&*uses).filter(|(_, it)| it.n_found != 0) {
        used.insert(key(name));
    }
    for (name, own) in all.iter().zip(uses).filter(|(_, it)| it.n_found == 0) {
        own.n_found = u32::from(used.contains(&key(name)));
    }
}

/// Whether an editor should look at such a place: what a gate holds back on purpose is
/// none.
fn is_to_review(verdict: Verdict) -> bool {
    match verdict {
        Verdict::Mention { outcome, is_short } => {
            is_short && !matches!(outcome, Outcome::Closed(_))
        }
        Verdict::Held(reason) => {
            matches!(reason, Reason::NoCue | Reason::TwoTopics | Reason::ShortName)
        }
    }
}

/// Everything that one briefing names or seems to name, in reading order.
pub fn sightings(
    id: BriefingId,
    site: &Site,
    links: &Links,
    matcher: &Matcher,
) -> Vec<Sighting> {
    let briefing = &site.briefings[id.at()];
    let references = &links.briefings[id.at()].references;
    let article = Article::of(briefing);
    let mut scan = article.scan(matcher);
    let policy = article.policy(site);
    let mut linked = BTreeSet::new();
    let mut result = Vec::new();
    let document = &*briefing.body.document();
    let label = |link| link_label(link, references);
    paragraphs(document, label, |paragraph| {
        let hits = hits(document, paragraph, &mut scan, &policy, &mut linked);
        let all = sentences(&paragraph.text);
        let see = Seen { document, paragraph, sentences: &all };
        let mut here: Vec<(usize, Sighting)> = Vec::new();
        for (range, mention) in &hits {
            let at = scan.found.binary_search_by_key(&range.start, |it| it.span.start);
            let found = at.ok().and_then(|it| scan.found.get(it));
            let found = found.filter(|_| mention.outcome != Outcome::ByHand);
            // What stands in a link to the topic is that link.
            let is_said = mention.outcome == Outcome::Closed(Closed::Link)
                && paragraph.links.iter().any(|it| {
                    it.topic == Some(mention.topic)
                        && it.bytes.start <= range.start
                        && range.end <= it.bytes.end
                });
            if is_said {
                continue;
            }
            let is_short = found.is_some_and(|it| it.is_short_hit);
            let name = found.map(|it| it.name);
            let verdict = Verdict::Mention { outcome: mention.outcome, is_short };
            let topics = vec![mention.topic];
            here.push((range.start, see.sighting(topics, name, range, verdict)));
        }
        for (range, topics, held) in by_words(&scan.held) {
            if topics.iter().all(|it| briefing.suppressed.contains(it)) {
                continue;
            }
            // In a heading, a link or `{nolink}` it would not have been a link either.
            if paragraph.piece(range.start).is_none_or(|it| it.closed.is_some()) {
                continue;
            }
            let verdict = Verdict::Held(held.reason);
            let name = Some(held.name);
            here.push((range.start, see.sighting(topics, name, &range, verdict)));
        }
        here.sort_by_key(|(start, _)| *start);
        result.extend(here.into_iter().map(|(_, it)| it));
    });
    result
}

/// Words that were held back, with all topics that claim them for the same reason.
fn by_words(held: &[Held]) -> Vec<(Range<usize>, Vec<TopicId>, &Held)> {
    let mut result: Vec<(Range<usize>, Vec<TopicId>, &Held)> = Vec::new();
    for it in held {
        match result.last_mut() {
            Some((range, topics, last))
                if *range == it.words
                    && last.reason == it.reason
                    && it.reason == Reason::TwoTopics =>
            {
                topics.push(it.topic);
            }
            _ => result.push((it.words.clone(), vec![it.topic], it)),
        }
    }
    result
}

/// A paragraph that is being looked at.
struct Seen<'a> {
    document: &'a Document,
    paragraph: &'a Paragraph,
    sentences: &'a [Range<usize>],
}

impl Seen<'_> {
    fn sighting(
        &self,
        topics: Vec<TopicId>,
        name: Option<u32>,
        range: &Range<usize>,
        verdict: Verdict,
    ) -> Sighting {
        let text = &self.paragraph.text;
        Sighting {
            topics,
            name,
            place: self.place(range),
            words: text.get(range.clone()).unwrap_or_default().to_owned(),
            sentence: sentence(text, self.sentences, range),
            verdict,
        }
    }

    /// Where some bytes of the paragraph stand in the source.
    fn place(&self, range: &Range<usize>) -> Place {
        let document = self.document;
        let of = |byte: usize| {
            let piece = self.paragraph.piece(byte)?;
            let node = piece.node as usize;
            let start = document.spans.get(node)?.start as usize;
            let is_source = document.nodes.get(node) == Some(&Node::Text);
            Some(if is_source { start + (byte - piece.start) } else { start })
        };
        let start = of(range.start).unwrap_or(0);
        let end = range.end.checked_sub(1).and_then(of).unwrap_or(start);
        let path = document.path.clone();
        Place { path, span: Span::new(start, end.max(start)) }
    }
}

/// Says in one sentence what became of a sighting and why, and what an editor can do.
pub fn explain(
    sighting: &Sighting,
    briefing: &Briefing,
    site: &Site,
    matcher: &Matcher,
) -> (String, Option<String>) {
    let topic_id = |it: &TopicId| site.topics[it.at()].id.as_str();
    let ids: Vec<String> =
        sighting.topics.iter().map(|it| format!("`{}`", topic_id(it))).collect();
    let ids = ids.join(" and ");
    let first = sighting.topics.first().map(topic_id).unwrap_or_default();
    let name = sighting.name.and_then(|it| matcher.names().all.get(it as usize));
    let shown = crate::text::isolate::terminal(&sighting.words);
    match sighting.verdict {
        Verdict::Mention { outcome, is_short } => {
            let (what, help) = outcome_words(outcome, first, site, briefing);
            let ask = || {
                let alias = name.map(|it| crate::text::isolate::terminal(&it.text));
                format!(
                    "a short name with joined letters: if it is right, write `{{text: {}, \
                     prefixes: true}}` among the aliases of `{first}`; if not, \
                     `prefixes: false`",
                    alias.unwrap_or_default()
                )
            };
            let help = if is_short { Some(ask()) } else { help };
            (format!("`{shown}` names {ids}; {what}"), help)
        }
        Verdict::Held(reason) => {
            let (what, help) = reason_words(reason, &ids, first, name);
            (format!("`{shown}` {what}"), Some(help))
        }
    }
}

fn outcome_words(
    outcome: Outcome,
    topic: &str,
    site: &Site,
    briefing: &Briefing,
) -> (String, Option<String>) {
    let first = match site.config.linking.first {
        LinkFirst::Section => "section",
        LinkFirst::Page => "page",
        LinkFirst::All => "paragraph",
    };
    let say = |what: &str, help: &str| {
        (what.to_owned(), (!help.is_empty()).then(|| help.to_owned()))
    };
    match outcome {
        Outcome::Linked => say("it is a link", ""),
        Outcome::ByHand => say("the author made the link", ""),
        Outcome::Repeated => (
            format!("the same topic is linked before it in this {first}"),
            Some("`linking: {first: …}` in site.yaml says how often".to_owned()),
        ),
        Outcome::Suppressed => (
            format!("`{}` suppresses the topic", briefing.id),
            Some(format!("take `{topic}` out of `links: {{suppress: …}}` to link it")),
        ),
        Outcome::OwnPage => say("this is its own page", ""),
        Outcome::Quoted => say(
            "it stands in a quotation",
            "`linking: {quotes: true}` in site.yaml links names in quotations",
        ),
        Outcome::CutByMarkup => say(
            "mark-up begins or ends inside the name, so no link can hold it",
            "put emphasis around the whole name, and references behind it",
        ),
        Outcome::Closed(Closed::Heading) => say("it stands in a heading", ""),
        Outcome::Closed(Closed::Link) => say("it stands in a link already", ""),
        Outcome::Closed(Closed::NoLink) => {
            say("it stands in `{nolink}`", "take `{nolink}` out to link it")
        }
    }
}

fn reason_words(
    reason: Reason,
    ids: &str,
    topic: &str,
    name: Option<&Name>,
) -> (String, String) {
    let alias = name.map(|it| crate::text::isolate::terminal(&it.text).into_owned());
    let alias = alias.unwrap_or_default();
    match reason {
        Reason::NoCue => (
            format!("can name {ids}: the name is ambiguous and no cue stands beside it"),
            format!(
                "add the word beside it to `cue_before` or `cue_after`, or `{topic}` to \
                 the briefing's `topics` or `links: {{add: …}}`; else it stays unlinked"
            ),
        ),
        Reason::TwoTopics => (
            format!("is claimed by {ids}, so it is no link"),
            "write `[[id|words]]`, or name the one that is meant in `links: {add: …}`"
                .to_owned(),
        ),
        Reason::ShortName => (
            format!(
                "looks like `{alias}` ({ids}) with joined letters, and a name of three \
                 letters takes none"
            ),
            format!(
                "write `{{text: {alias}, prefixes: true}}` among the aliases of `{topic}` if it \
                 does, `prefixes: false` if never"
            ),
        ),
        Reason::DeniedPrefix => (
            format!("is not {ids}: the alias `{alias}` denies these joined letters"),
            "`deny_prefixes` in the alias says which".to_owned(),
        ),
        Reason::OtherMarks => (
            format!("is not {ids}: its vowel marks differ from `{alias}`"),
            "correct the marks, or add this spelling as an alias".to_owned(),
        ),
        Reason::NoMarks => (
            format!("is not taken for {ids}: only the marked spelling `{alias}` is"),
            "write the vowel marks, or give the alias without marks a cue".to_owned(),
        ),
        Reason::Address => (
            format!("is not {ids}: it is part of an address, a tag or a file name"),
            "nothing to do".to_owned(),
        ),
        Reason::SmallLetters => (
            format!("is not {ids}: the name `{alias}` has capital letters"),
            "add the small spelling as an alias if it is meant".to_owned(),
        ),
        Reason::NotAfter => (
            format!("is not {ids}: the word before it is in `not_after` of `{alias}`"),
            "take the word out of `not_after` to link it".to_owned(),
        ),
        Reason::NotBefore => (
            format!("is not {ids}: the word after it is in `not_before` of `{alias}`"),
            "take the word out of `not_before` to link it".to_owned(),
        ),
    }
}

/// Why no topic is seen in words that an editor asks about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Absence {
    /// The briefing does not have them.
    NotInText,
    /// It has them only where names are never looked for: code, a pull-quote, HTML.
    OnlySkipped,
    /// It has them, and a topic has that name, but not here: in a heading, a link or
    /// `{nolink}`, or in texts of another language.
    NotHere(TopicId),
    /// It has them, and no topic has that name; names that are nearly the same.
    NoName(Vec<(TopicId, Box<str>)>),
}

/// Says why no sighting of a briefing is about some words.
pub fn absence(
    wanted: &str,
    id: BriefingId,
    site: &Site,
    links: &Links,
    matcher: &Matcher,
) -> Absence {
    let briefing = &site.briefings[id.at()];
    let references = &links.briefings[id.at()].references;
    let document = &*briefing.body.document();
    let wanted = fold(wanted);
    let label = |link| link_label(link, references);
    let mut is_read = false;
    paragraphs(document, label, |paragraph| {
        is_read |= fold(&paragraph.text).contains(&wanted);
    });
    if !is_read {
        let whole = fold(&document.plain_text(0..document.nodes.len()));
        return if whole.contains(&wanted) {
            Absence::OnlySkipped
        } else {
            Absence::NotInText
        };
    }
    let limit = (wanted.chars().count() / 3).max(1);
    let mut near: Vec<(usize, TopicId, Box<str>)> = Vec::new();
    for name in matcher.names().all.iter().filter(|it| it.joints.is_empty()) {
        let distance = strsim::damerau_levenshtein(&name.words.join(" "), &wanted);
        if distance <= limit {
            near.push((distance, name.topic, name.text.clone()));
        }
    }
    near.sort();
    if let Some((0, topic, _)) = near.first() {
        return Absence::NotHere(*topic);
    }
    near.dedup_by_key(|(_, topic, _)| *topic);
    Absence::NoName(
        near.into_iter().take(3).map(|(_, topic, name)| (topic, name)).collect(),
    )
}

/// Whether a sighting is about some words: it has them, whatever is joined to them, or
/// they are its name.
pub fn is_about(sighting: &Sighting, wanted: &str, matcher: &Matcher) -> bool {
    let wanted = fold(wanted);
    let name = sighting.name.and_then(|it| matcher.names().all.get(it as usize));
    fold(&sighting.words).contains(&wanted)
        || name.is_some_and(|it| fold(&it.text) == wanted)
}
