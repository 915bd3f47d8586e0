//! Chronologies: of a topic, of what a briefing names, of the whole site.
//!
//! That of a topic shows what happened and what was published in one time line. Lines are: the topic's own date and those of its neighbours (events and agreements);
//! the beginning and the end of its dated relations, unless the other topic's own date
//! says the same; and the briefings about it or, where there are none, those that name it.
//!
//! The newest comes first. A date known to the month sorts as the first day of its month,
//! and one known to the year as the first day of its year; where two lines begin on the
//! same day, the exact one comes first, then the month, then the year. So "March" stands
//! under every day of March, and "2025" at the end of its year.

use std::borrow::Cow;
use std::cmp::Reverse;

use crate::link::routes::MIN_DATES;
use crate::model::{BriefingId, TopicId};
use crate::parse::front_matter::Period;
use crate::render::pages::{PART, Rendered, neighbours, part_address};
use crate::render::relations::Tie;
use crate::render::scope::{Head, Scope};
use crate::render::structured_data;
use crate::render::theme::SharedView;
use crate::render::views::{
    ChronologyView, ChronologyYearView, DateView, EventView, LinkView,
};
use crate::text::date::PartialDate;
use crate::text::lang::Lang;

/// Longest chronology, in lines; the list of briefings has the rest.
const MAX_LINES: usize = 100;

/// The newest briefings that a chronology shows.
const MAX_BRIEFINGS: usize = 40;

/// What a line is about, in the order in which lines of one date follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    /// A topic that has a date of its own.
    Topic(TopicId),
    /// A relation ends: its index.
    Ends(usize),
    /// A relation begins: its index.
    Begins(usize),
    /// A briefing.
    Briefing(BriefingId),
}

/// The newest first; of one day, what is exact first.
fn sort(lines: &mut [(PartialDate, What)]) {
    lines.sort_by_key(|(date, what)| {
        let precision = match date {
            PartialDate::Day { .. } => 0,
            PartialDate::Month { .. } => 1,
            PartialDate::Year { .. } => 2,
        };
        (Reverse(date.first_day()), precision, *what)
    });
}

impl<'a> Scope<'a> {
    /// The chronology of a topic, by years, and how many lines it had to leave out.
    /// `briefings` stand newest first.
    pub fn chronology(
        &self,
        id: TopicId,
        ties: &[Tie<'a>],
        briefings: &[BriefingId],
    ) -> (Vec<ChronologyYearView<'a>>, usize) {
        let mut lines = self.dated_topics(id, ties);
        self.dated_relations(id, ties, &mut lines);
        if lines.is_empty() {
            // Only briefings: the list of briefings says the same.
            return (Vec::new(), 0);
        }
        let dated = briefings.iter().filter_map(|it| {
            let stamp = self.site.briefings[it.at()].date.as_ref()?;
            let date = PartialDate::Day { date: stamp.date, approximate: false };
            Some((date, What::Briefing(*it)))
        });
        let n_briefings = dated.clone().count();
        lines.extend(dated.take(MAX_BRIEFINGS));
        let n_older = n_briefings.saturating_sub(MAX_BRIEFINGS);
        if lines.len() < MIN_DATES {
            return (Vec::new(), 0);
        }
        let n_left_out = n_older + lines.len().saturating_sub(MAX_LINES);
        sort(&mut lines);
        lines.truncate(MAX_LINES);
        let years = self.years(lines, |date, what| self.event(id, ties, date, what));
        (years, n_left_out)
    }

    /// The dates of the events and agreements among some topics, newest first.
    pub fn dates_of(&self, topics: &[TopicId]) -> Vec<(PartialDate, TopicId)> {
        let mut lines: Vec<(PartialDate, What)> = self.dated(topics.iter().copied());
        lines.dedup();
        sort(&mut lines);
        let topic = |(date, what)| match what {
            What::Topic(topic) => Some((date, topic)),
            _ => None,
        };
        lines.into_iter().filter_map(topic).collect()
    }

    /// Such dates by years. `with_summary` adds what each topic is.
    pub fn events(
        &self,
        dates: &[(PartialDate, TopicId)],
        with_summary: bool,
    ) -> Vec<ChronologyYearView<'a>> {
        let lines = dates.iter().map(|(date, topic)| (*date, What::Topic(*topic)));
        self.years(lines, |date, what| {
            let What::Topic(topic) = what else { return None };
            let mut event = self.topic_event(topic, date)?;
            if with_summary {
                event.note.clone_from(&self.topic_card(topic)?.summary);
            }
            Some(event)
        })
    }

    /// The chronology of the site: a page, or several of many dates.
    pub fn chronology_pages(&self) -> Vec<Rendered> {
        let routes = &self.links.routes;
        let Some(address) = routes.chronology(self.at) else { return Vec::new() };
        let all: Vec<TopicId> = self.site.dated_topics(self.lang).collect();
        let dates = self.dates_of(&all);
        let n_parts = dates.len().div_ceil(PART);
        let languages = self.site.config.languages.iter().enumerate();
        let versions: Vec<(&Lang, String)> = languages
            .filter_map(|(at, lang)| Some((lang, routes.chronology(at)?)))
            .collect();
        let part = |part: usize| {
            let range = part * PART..dates.len().min((part + 1) * PART);
            let view = ChronologyView {
                years: self.events(&dates[range], true),
                count: self.words.count("n_dates", dates.len()),
                pagination: self.pagination(&address, part, n_parts),
            };
            let title = self.words.get("chronology");
            let part_address = part_address(&address, part);
            let versions = if part == 0 { versions.clone() } else { Vec::new() };
            let mut page = self.fixed_page("chronology", title, &part_address, versions);
            page.head = Head {
                structured_data: structured_data::collection(
                    self,
                    title,
                    &part_address,
                    &[],
                ),
                ..neighbours(view.pagination.as_ref())
            };
            let html = self.render("pages/chronology.html", &page, &view)?;
            Ok((part_address, html))
        };
        (0..n_parts).map(part).collect()
    }

    /// Lines by their years; `event` makes the view of each.
    fn years(
        &self,
        lines: impl IntoIterator<Item = (PartialDate, What)>,
        event: impl Fn(PartialDate, What) -> Option<EventView<'a>>,
    ) -> Vec<ChronologyYearView<'a>> {
        let mut years: Vec<(i16, Vec<EventView<'a>>)> = Vec::new();
        for (date, what) in lines {
            let Some(event) = event(date, what) else { continue };
            let year = date.first_day().year();
            match years.last_mut() {
                Some((last, events)) if *last == year => events.push(event),
                _ => years.push((year, vec![event])),
            }
        }
        let view = |(year, events)| {
            let label = self.dates.year(year);
            ChronologyYearView { label, events }
        };
        years.into_iter().map(view).collect()
    }

    /// Events and agreements: the topic, those below it and those it is related to.
    fn dated_topics(&self, id: TopicId, ties: &[Tie<'_>]) -> Vec<(PartialDate, What)> {
        let mut topics = vec![id];
        topics.extend(&self.links.children[id.at()]);
        topics.extend(ties.iter().map(|it| it.other));
        topics.sort_unstable();
        topics.dedup();
        self.dated(topics.into_iter())
    }

    /// Those of some topics that have a date of their own.
    fn dated(&self, topics: impl Iterator<Item = TopicId>) -> Vec<(PartialDate, What)> {
        let date = |it: TopicId| Some((self.own_dates(it)?.from?, What::Topic(it)));
        topics.filter_map(date).collect()
    }

    fn own_dates(&self, id: TopicId) -> Option<&'a Period> {
        self.site.topics[id.at()].meta.dates.as_ref().map(|it| &it.value)
    }

    fn dated_relations(
        &self,
        id: TopicId,
        ties: &[Tie<'_>],
        lines: &mut Vec<(PartialDate, What)>,
    ) {
        for (at, tie) in ties.iter().enumerate() {
            let Period { from, to } = tie.relation.period;
            let (own, other) = (self.own_dates(id), self.own_dates(tie.other));
            let is_said = |date: &PartialDate| {
                let dates = [own, other].into_iter().flatten();
                dates.flat_map(|it| [it.from, it.to]).flatten().any(|it| it == *date)
            };
            let mut add = |date: Option<PartialDate>, what| {
                lines.extend(date.filter(|it| !is_said(it)).map(|it| (it, what)));
            };
            add(from, What::Begins(at));
            add(to.filter(|it| from != Some(*it)), What::Ends(at));
        }
    }

    fn event(
        &self,
        id: TopicId,
        ties: &[Tie<'a>],
        date: PartialDate,
        what: What,
    ) -> Option<EventView<'a>> {
        let of_tie = |tie: &Tie<'a>, is_end: bool| {
            let note = self.localized(&tie.relation.note);
            let is_office = self.is_office(id, tie);
            let office = || self.made_text(self.relation_name(tie));
            let note = note.filter(|_| is_office || !is_end);
            let note = note.or_else(|| is_office.then(office));
            Some(EventView {
                date: DateView { iso: date.iso(), text: self.in_year(date) },
                link: self.topic_link(tie.other)?,
                kind: self.turn(tie, is_end).into(),
                kind_id: "relation",
                note,
            })
        };
        match what {
            What::Topic(topic) => {
                let mut event = self.topic_event(topic, date)?;
                if topic == id {
                    let link = LinkView::clone(&event.link);
                    event.link = SharedView::new(LinkView { is_current: true, ..link });
                }
                Some(event)
            }
            What::Begins(at) => of_tie(&ties[at], false),
            What::Ends(at) => of_tie(&ties[at], true),
            What::Briefing(briefing) => {
                let card = self.card(briefing);
                Some(EventView {
                    date: DateView { iso: date.iso(), text: self.in_year(date) },
                    link: SharedView::new(self.briefing_link(briefing)),
                    kind: Cow::Borrowed(card.kind),
                    kind_id: "briefing",
                    note: None,
                })
            }
        }
    }

    fn topic_event(&self, topic: TopicId, date: PartialDate) -> Option<EventView<'a>> {
        let card = self.topic_card(topic)?;
        let text = self.period_in_year(self.own_dates(topic)?);
        Some(EventView {
            date: DateView { iso: date.iso(), text },
            link: self.topic_link(topic)?,
            kind: card.kind.into(),
            kind_id: card.kind_id,
            note: None,
        })
    }

    /// What happens when a relation begins or ends, in words: "joined", "left office".
    fn turn(&self, tie: &Tie<'_>, is_end: bool) -> String {
        let turn = if is_end { "ends" } else { "begins" };
        let key = format!("event_{}_{turn}", tie.relation.rel);
        if let Some(words) = self.words.find(&key) {
            return words.to_owned();
        }
        let key = if is_end { "event_ends" } else { "event_begins" };
        self.words.with(key, &[("name", &self.relation_name(tie))])
    }

    /// A date without its year, which the heading of the year says; so nothing is left
    /// where the year is all that is known. Where the year does not end the words, as in
    /// another calendar, and where it is only about right, the date stays whole.
    fn in_year(&self, date: PartialDate) -> String {
        let text = match date {
            PartialDate::Year { approximate: false, .. } => return String::new(),
            PartialDate::Year { .. } => return self.dates.partial(&date),
            _ => self.dates.partial(&date),
        };
        let year = self.dates.year(date.first_day().year());
        match text.strip_suffix(&year) {
            Some(rest) => rest.trim_end_matches([' ', '،', ',']).to_owned(),
            None => text,
        }
    }

    /// The same for what takes time; the year stays where it ends in another one.
    fn period_in_year(&self, period: &Period) -> String {
        let year = |it: &PartialDate| it.first_day().year();
        match (&period.from, &period.to) {
            (Some(from), Some(to)) if from != to && year(from) == year(to) => {
                let (from, to) = (self.in_year(*from), self.in_year(*to));
                self.words.with("period", &[("from", &from), ("to", &to)])
            }
            (Some(from), None) => self.in_year(*from),
            (Some(from), Some(to)) if from == to => self.in_year(*from),
            _ => self.period(period),
        }
    }
}
