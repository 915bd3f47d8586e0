//! `mujaz links`: what was found in running text, what was held back and why, and what
//! might become a topic. Writes nothing; what it prints is data.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::cli::args::{Format, LinksCommand, LinksOptions};
use crate::cli::{Outcome, plural, read_linked, report};
use crate::diag::{Place, line_and_column};
use crate::error::Error;
use crate::link::gates::Reason;
use crate::link::matcher::Matcher;
use crate::link::mentions::{Outcome as Linked, Sentence};
use crate::link::names::Name;
use crate::link::review::{
    Absence, NameUse, Review, Sighting, Verdict, absence, explain, is_about, review,
    sightings,
};
use crate::link::suggest::{Candidate, Limits, suggest};
use crate::link::{self, Links};
use crate::load::{self, Sources};
use crate::model::{BriefingId, Site, TopicId};
use crate::text::isolate::terminal;
use crate::text::lang::Lang;

/// Names of a topic that are listed on one line.
const N_NAMES: usize = 12;

/// A site that has been read, with its links.
struct Desk<'a> {
    sources: &'a Sources,
    site: &'a Site,
    links: &'a Links,
    matcher: &'a Matcher,
    format: Format,
}

/// Reads the site and answers.
pub(super) fn run(command: &LinksCommand) -> Result<Outcome, Error> {
    let options = command.options();
    let LinksOptions { source, format, drafts } = options;
    let loaded = load::load(source)?;
    let why_not = "the site has errors; names are looked at when it has none";
    let Some((site, links)) = read_linked(&loaded, *drafts, *format, why_not) else {
        return Ok(Outcome::HasErrors);
    };
    let sources = &loaded.value;
    let matcher = Matcher::new(&site);
    let (links, matcher, site) = (&links, &matcher, &site);
    let desk = Desk { sources, site, links, matcher, format: *format };
    match command {
        LinksCommand::Report { .. } => desk.report(),
        LinksCommand::Suggest { limit, min, .. } => {
            desk.suggest(Limits { n_candidates: *limit, min_count: *min });
        }
        LinksCommand::Explain { briefing, words, .. } => {
            return desk.explain(briefing, words);
        }
    }
    Ok(Outcome::Done)
}

/// How many mentions and links.
#[derive(Clone, Copy, Default)]
struct Count {
    n_mentions: usize,
    n_links: usize,
}

impl Desk<'_> {
    fn topic_id(&self, id: TopicId) -> &str {
        &self.site.topics[id.at()].id
    }

    /// `id`, with the language where the briefing has several.
    fn briefing_id(&self, id: BriefingId) -> String {
        let briefing = &self.site.briefings[id.at()];
        if briefing.lang == self.site.config.lang {
            briefing.id.to_string()
        } else {
            format!("{}.{}", briefing.id, briefing.lang)
        }
    }

    fn name(&self, index: u32) -> Option<&Name> {
        self.matcher.names().all.get(index as usize)
    }

    /// `path:line:column`
    fn place(&self, place: &Place) -> (String, usize, usize) {
        let text = self.sources.text(&place.path).unwrap_or_default();
        let (line, column) = line_and_column(text, place.span.start as usize);
        (place.path.to_string(), line, column)
    }

    fn counts(&self, id: BriefingId) -> (Count, Vec<(TopicId, Count)>) {
        let mentions = &self.links.briefings[id.at()].mentions;
        let is_of =
            |topic: TopicId| mentions.all.iter().filter(move |it| it.topic == topic);
        let of = |topic: TopicId| Count {
            n_mentions: is_of(topic).count(),
            n_links: is_of(topic).filter(|it| it.outcome.is_linked()).count(),
        };
        let by_topic: Vec<(TopicId, Count)> =
            mentions.named.iter().map(|it| (it.topic, of(it.topic))).collect();
        let whole = Count {
            n_mentions: mentions.all.len(),
            n_links: mentions.all.iter().filter(|it| it.outcome.is_linked()).count(),
        };
        (whole, by_topic)
    }

    fn topic_counts(&self) -> Vec<Count> {
        let mut counts = vec![Count::default(); self.site.topics.len()];
        for mention in self.links.briefings.iter().flat_map(|it| &it.mentions.all) {
            let count = &mut counts[mention.topic.at()];
            count.n_mentions += 1;
            count.n_links += usize::from(mention.outcome.is_linked());
        }
        counts
    }

    fn n_briefings(&self, topic: TopicId) -> usize {
        self.links.about[topic.at()].len() + self.links.mentioned_in[topic.at()].len()
    }

    fn report(&self) {
        let review = review(self.site, self.links, self.matcher);
        match self.format {
            Format::Json => report::data(&format!("{}\n", self.report_json(&review))),
            _ => report::data(&self.report_human(&review)),
        }
    }

    fn report_human(&self, review: &Review) -> String {
        let mut text = String::new();
        let total: Count =
            self.topic_counts().iter().fold(Count::default(), |all, it| Count {
                n_mentions: all.n_mentions + it.n_mentions,
                n_links: all.n_links + it.n_links,
            });
        let _ = writeln!(
            text,
            "{}, {}: {}, {}\n",
            plural(self.site.briefings.len(), "briefing"),
            plural(self.site.topics.len(), "topic"),
            plural(total.n_mentions, "mention"),
            plural(total.n_links, "link")
        );
        self.write_sightings(review, &mut text);
        self.write_unused(review, &mut text);
        self.write_topics(&mut text);
        self.write_briefings(&mut text);
        text
    }

    fn write_sightings(&self, review: &Review, text: &mut String) {
        let all: Vec<(BriefingId, &Sighting)> = review
            .briefings
            .iter()
            .flat_map(|it| it.sightings.iter().map(move |sighting| (it.id, sighting)))
            .collect();
        if all.is_empty() {
            text.push_str("nothing to look at: no name is ambiguous or doubtful\n\n");
            return;
        }
        let _ = writeln!(text, "to look at ({})", all.len());
        for (id, sighting) in all {
            let briefing = &self.site.briefings[id.at()];
            let (what, help) = explain(sighting, briefing, self.site, self.matcher);
            let (path, line, column) = self.place(&sighting.place);
            let _ = writeln!(text, "  {path}:{line}:{column}  {what}");
            let _ = writeln!(text, "      {}", quoted(&sighting.sentence));
            if let Some(help) = help {
                let _ = writeln!(text, "      {help}");
            }
        }
        text.push('\n');
    }

    /// Names that no briefing uses, by topic, each with the reason.
    fn unused<'r>(&self, review: &'r Review) -> Vec<(TopicId, &Name, &'r NameUse)> {
        let all = self.matcher.names().all.iter().zip(&review.names);
        all.filter(|(name, used)| name.joints.is_empty() && used.n_found == 0)
            .map(|(name, used)| (name.topic, name, used))
            .collect()
    }

    fn write_unused(&self, review: &Review, text: &mut String) {
        let unused = self.unused(review);
        let (held, never): (Vec<_>, Vec<_>) =
            unused.into_iter().partition(|(_, _, used)| !used.held.is_empty());
        if !held.is_empty() {
            text.push_str("names that were seen and never counted\n");
            for (topic, name, used) in held {
                let why = reasons(used);
                let shown = terminal(&name.text);
                let _ = writeln!(text, "  {}: {shown} ({why})", self.topic_id(topic));
            }
            text.push('\n');
        }
        let mut by_topic: Vec<(TopicId, Vec<&str>)> = Vec::new();
        for (topic, name, _) in never {
            match by_topic.last_mut() {
                Some((last, names)) if *last == topic => names.push(&name.text),
                _ => by_topic.push((topic, vec![&name.text])),
            }
        }
        if by_topic.is_empty() {
            return;
        }
        text.push_str("names that no briefing writes (they wait, and cost nothing)\n");
        for (topic, names) in by_topic {
            let n_more = names.len().saturating_sub(N_NAMES);
            let shown: Vec<String> =
                names.iter().take(N_NAMES).map(|it| terminal(it).into_owned()).collect();
            let more =
                if n_more == 0 { String::new() } else { format!(" and {n_more} more") };
            let _ =
                writeln!(text, "  {}: {}{more}", self.topic_id(topic), shown.join(", "));
        }
        text.push('\n');
    }

    fn write_topics(&self, text: &mut String) {
        text.push_str("topics (mentions, links, briefings)\n");
        let counts = self.topic_counts();
        let mut rows: Vec<(TopicId, Count)> = counts
            .into_iter()
            .enumerate()
            .map(|(at, it)| (TopicId::from_index(at), it))
            .collect();
        rows.sort_by_key(|(id, it)| (std::cmp::Reverse(it.n_mentions), *id));
        for (id, count) in rows {
            let n_briefings = self.n_briefings(id);
            let note = if n_briefings == 0 {
                "  no briefing is about it or names it"
            } else {
                ""
            };
            let Count { n_mentions, n_links } = count;
            let id = self.topic_id(id);
            let _ = writeln!(
                text,
                "  {n_mentions:>5} {n_links:>5} {n_briefings:>4}  {id}{note}"
            );
        }
        text.push('\n');
    }

    fn write_briefings(&self, text: &mut String) {
        text.push_str("briefings (mentions, links, topics)\n");
        for at in 0..self.site.briefings.len() {
            let id = BriefingId::from_index(at);
            let (Count { n_mentions, n_links }, topics) = self.counts(id);
            let n_topics = topics.len();
            let note = if n_mentions == 0 { "  it names no topic" } else { "" };
            let id = self.briefing_id(id);
            let _ = writeln!(
                text,
                "  {n_mentions:>5} {n_links:>5} {n_topics:>4}  {id}{note}"
            );
        }
    }

    fn report_json(&self, review: &Review) -> Value {
        let briefings: Vec<Value> = review
            .briefings
            .iter()
            .map(|it| {
                let briefing = &self.site.briefings[it.id.at()];
                let (whole, topics) = self.counts(it.id);
                let topics: Vec<Value> = topics
                    .iter()
                    .map(|(topic, count)| {
                        json!({
                            "topic": self.topic_id(*topic),
                            "mentions": count.n_mentions, "links": count.n_links,
                        })
                    })
                    .collect();
                let sightings: Vec<Value> = it
                    .sightings
                    .iter()
                    .map(|it| self.sighting_json(it, briefing))
                    .collect();
                json!({
                    "id": &*briefing.id, "lang": briefing.lang.as_str(),
                    "mentions": whole.n_mentions, "links": whole.n_links,
                    "topics": topics, "review": sightings,
                })
            })
            .collect();
        let counts = self.topic_counts();
        let unused = self.unused(review);
        let topics: Vec<Value> = counts
            .iter()
            .enumerate()
            .map(|(at, count)| {
                let id = TopicId::from_index(at);
                let names: Vec<Value> = unused
                    .iter()
                    .filter(|(topic, _, _)| *topic == id)
                    .map(|(_, name, used)| {
                        json!({
                            "name": &*name.text,
                            "held": used.held.iter().map(|(reason, n)| {
                                json!({"reason": code(*reason), "count": n})
                            }).collect::<Vec<Value>>(),
                        })
                    })
                    .collect();
                json!({
                    "id": self.topic_id(id), "mentions": count.n_mentions,
                    "links": count.n_links, "briefings": self.n_briefings(id),
                    "unused_names": names,
                })
            })
            .collect();
        json!({ "version": 1, "briefings": briefings, "topics": topics })
    }

    fn sighting_json(
        &self,
        sighting: &Sighting,
        briefing: &crate::model::briefing::Briefing,
    ) -> Value {
        let (what, help) = explain(sighting, briefing, self.site, self.matcher);
        let (path, line, column) = self.place(&sighting.place);
        let topics: Vec<&str> =
            sighting.topics.iter().map(|it| self.topic_id(*it)).collect();
        let name = sighting.name.and_then(|it| self.name(it)).map(|it| &*it.text);
        let (verdict, is_linked) = match sighting.verdict {
            Verdict::Mention { outcome, is_short: true } => {
                ("short-name", outcome.is_linked())
            }
            Verdict::Mention { outcome, .. } => {
                (outcome_code(outcome), outcome.is_linked())
            }
            Verdict::Held(reason) => (code(reason), false),
        };
        json!({
            "topics": topics, "name": name, "words": sighting.words,
            "verdict": verdict, "is_link": is_linked, "message": what, "help": help,
            "sentence": &*sighting.sentence.text,
            "place": { "path": path, "line": line, "column": column },
        })
    }

    fn suggest(&self, limits: Limits) {
        let all = suggest(self.site, self.links, self.matcher, limits);
        if self.format == Format::Json {
            let all: Vec<Value> = all.iter().map(|it| self.candidate_json(it)).collect();
            report::data(&format!("{}\n", json!({ "version": 1, "candidates": all })));
            return;
        }
        let mut text = String::new();
        for it in &all {
            let kind = it
                .kind
                .map(|it| format!(", by the words before it: {it}"))
                .unwrap_or_default();
            let _ = writeln!(
                text,
                "{} [{}]: {} in {}{kind}",
                terminal(&it.text),
                it.lang,
                plural(it.count as usize, "time"),
                plural(it.briefings.len(), "briefing"),
            );
            for (id, sentence) in &it.sentences {
                let _ =
                    writeln!(text, "    {}: {}", self.briefing_id(*id), quoted(sentence));
            }
        }
        report::data(&text);
        report::summary(if all.is_empty() {
            "no expression that is no topic yet returns often enough; `--min 2` looks closer"
        } else {
            "make one a topic with `mujaz new topic TITLE --kind KIND --id ID`"
        });
    }

    fn candidate_json(&self, it: &Candidate) -> Value {
        let ids: Vec<String> =
            it.briefings.iter().map(|it| self.briefing_id(*it)).collect();
        let sentences: Vec<Value> = it
            .sentences
            .iter()
            .map(|(id, sentence)| {
                json!({ "briefing": self.briefing_id(*id), "text": &*sentence.text })
            })
            .collect();
        json!({
            "text": it.text, "lang": it.lang.as_str(), "count": it.count,
            "briefings": ids, "kind": it.kind, "sentences": sentences,
        })
    }

    /// The versions of a briefing: all for an id, one for `id.lang`.
    fn versions(&self, briefing: &str) -> Result<Vec<BriefingId>, Error> {
        if let Some(all) = self.site.versions.get(briefing) {
            return Ok(all.clone());
        }
        let one = briefing.rsplit_once('.').and_then(|(id, tag)| {
            let lang = Lang::parse(tag).ok()?;
            let versions = self.site.versions.get(id)?;
            versions.iter().find(|it| self.site.briefings[it.at()].lang == lang)
        });
        if let Some(one) = one {
            return Ok(vec![*one]);
        }
        let why = if self.site.hidden.contains(briefing) {
            "it is not public"
        } else {
            "there is no such briefing"
        };
        let known = self.site.versions.keys().map(|it| &**it);
        let help = match crate::diag::closest(known, briefing) {
            _ if self.site.hidden.contains(briefing) => "add `--drafts`".to_owned(),
            Some(near) => format!("did you mean `{near}`?"),
            None => "give its id: the name of its file in `content/briefings`".to_owned(),
        };
        Err(Error::refused("explain", std::path::Path::new(briefing), why, help))
    }

    fn explain(&self, briefing: &str, words: &str) -> Result<Outcome, Error> {
        if !words.chars().any(char::is_alphanumeric) {
            let help =
                "give words of the text or a name, as in `mujaz links explain ID Iran`";
            let why = "there is no letter in it";
            return Err(Error::refused(
                "explain",
                std::path::Path::new(words),
                why,
                help,
            ));
        }
        let mut text = String::new();
        let mut values = Vec::new();
        for id in self.versions(briefing)? {
            let of = &self.site.briefings[id.at()];
            let all = sightings(id, self.site, self.links, self.matcher);
            let about: Vec<&Sighting> =
                all.iter().filter(|it| is_about(it, words, self.matcher)).collect();
            let _ = writeln!(text, "{}", self.briefing_id(id));
            let why = about.is_empty().then(|| self.absent(id, words));
            if let Some(why) = &why {
                let _ = writeln!(text, "  {why}");
            }
            for sighting in &about {
                let (what, help) = explain(sighting, of, self.site, self.matcher);
                let (path, line, column) = self.place(&sighting.place);
                let _ = writeln!(text, "  {path}:{line}:{column}  {what}");
                let _ = writeln!(text, "      {}", quoted(&sighting.sentence));
                if let Some(help) = help {
                    let _ = writeln!(text, "      {help}");
                }
            }
            let about: Vec<Value> =
                about.iter().map(|it| self.sighting_json(it, of)).collect();
            values.push(json!({
                "id": &*of.id, "lang": of.lang.as_str(), "sightings": about, "absent": why,
            }));
        }
        match self.format {
            Format::Json => {
                let answer = json!({ "version": 1, "briefings": values });
                report::data(&format!("{answer}\n"));
            }
            _ => report::data(&text),
        }
        Ok(Outcome::Done)
    }

    fn absent(&self, id: BriefingId, words: &str) -> String {
        let shown = terminal(words);
        match absence(words, id, self.site, self.links, self.matcher) {
            Absence::NotInText => format!("`{shown}` does not stand in the text"),
            Absence::OnlySkipped => format!(
                "`{shown}` stands only where names are not looked for: code, HTML or a \
                 pull-quote"
            ),
            Absence::NotHere(topic) => format!(
                "`{shown}` is a name of `{}`, but stands only in a heading, a link or \
                 `{{nolink}}`, or the name is in another language",
                self.topic_id(topic)
            ),
            Absence::NoName(near) if near.is_empty() => {
                format!("`{shown}` stands in the text, and no topic has this name")
            }
            Absence::NoName(near) => {
                let near: Vec<String> = near
                    .iter()
                    .map(|(topic, name)| {
                        format!("`{}` of `{}`", terminal(name), self.topic_id(*topic))
                    })
                    .collect();
                format!(
                    "`{shown}` stands in the text, and no topic has this name; nearest: {}",
                    near.join(", ")
                )
            }
        }
    }
}

/// A sentence for a terminal, its words in brackets.
fn quoted(sentence: &Sentence) -> String {
    let (start, end) = (sentence.marked.start as usize, sentence.marked.end as usize);
    let part =
        |range: std::ops::Range<usize>| sentence.text.get(range).unwrap_or_default();
    let text = format!(
        "{}[{}]{}",
        part(0..start),
        part(start..end),
        part(end..sentence.text.len())
    );
    let one_line: String =
        text.chars().map(|it| if it.is_control() { ' ' } else { it }).collect();
    terminal(&one_line).into_owned()
}

fn reasons(used: &NameUse) -> String {
    let all: Vec<String> = used
        .held
        .iter()
        .map(|(reason, n)| {
            let why = match reason {
                Reason::NoCue => "without a cue",
                Reason::TwoTopics => "claimed by two topics",
                Reason::ShortName => "three letters with others joined to them",
                Reason::DeniedPrefix => "with letters that the alias denies",
                Reason::OtherMarks => "with other vowel marks",
                Reason::NoMarks => "without vowel marks",
                Reason::Address => "in an address or a tag",
                Reason::SmallLetters => "in small letters",
                Reason::NotAfter => "after a word of `not_after`",
                Reason::NotBefore => "before a word of `not_before`",
            };
            format!("{} {why}", plural(*n as usize, "time"))
        })
        .collect();
    all.join(", ")
}

fn code(reason: Reason) -> &'static str {
    match reason {
        Reason::NoCue => "no-cue",
        Reason::TwoTopics => "two-topics",
        Reason::ShortName => "short-name-with-prefix",
        Reason::DeniedPrefix => "denied-prefix",
        Reason::OtherMarks => "other-marks",
        Reason::NoMarks => "no-marks",
        Reason::Address => "address",
        Reason::SmallLetters => "small-letters",
        Reason::NotAfter => "not-after",
        Reason::NotBefore => "not-before",
    }
}

fn outcome_code(outcome: Linked) -> &'static str {
    match outcome {
        Linked::Linked => "linked",
        Linked::ByHand => "by-hand",
        Linked::Repeated => "repeated",
        Linked::Suppressed => "suppressed",
        Linked::OwnPage => "own-page",
        Linked::Quoted => "quoted",
        Linked::CutByMarkup => "cut-by-markup",
        Linked::Closed(link::paragraphs::Closed::Heading) => "heading",
        Linked::Closed(link::paragraphs::Closed::Link) => "in-link",
        Linked::Closed(link::paragraphs::Closed::NoLink) => "nolink",
    }
}
