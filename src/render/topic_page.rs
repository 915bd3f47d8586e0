//! Topic pages: what a topic is, and every briefing about it.
//!
//! The first part of a page holds everything that is said once; further parts of a long
//! list hold the list alone. Roles and relations are made in `relations`, the time line in
//! `chronology`, the picture in `figure`; the A–Z is `topic_list`.

use std::cmp::Reverse;

use rayon::prelude::*;

use crate::link::related::Together;
use crate::link::{ArticleLinks, Links};
use crate::model::{BriefingId, Site, TopicId};
use crate::render::cards::NamedCard;
use crate::render::figure::{self, Arc, Node};
use crate::render::html::{self, Html};
use crate::render::pages::{PART, Rendered, neighbours, part_address};
use crate::render::scope::{Head, Page, Scope};
use crate::render::structured_data;
use crate::render::theme::SharedView;
use crate::render::views::{
    FactView, LinkView, MentionView, TextView, TogetherView, TopicCardView, TopicView,
};
use crate::text::direction::Direction;
use crate::text::isolate::plain_slot;
use crate::text::lang::Lang;

/// Aliases that a page or a line of the A–Z shows.
const MAX_ALIASES: usize = 6;

/// Topics that make a picture: fewer are seen at a glance in the list.
const MIN_IN_FIGURE: usize = 4;

/// Longest list of topics that appear together only once.
const MAX_ONCE: usize = 5;

/// Briefings that the first of them shares with the topic: fewer make all dots alike.
const MIN_SHARED: u32 = 3;

/// The briefings that the pages of a topic list in one language.
#[derive(Debug)]
pub struct Listing {
    /// Those about it, newest first, then those that only name it, newest first.
    pub all: Vec<BriefingId>,
    /// How many are about it.
    pub n_about: usize,
}

impl Listing {
    /// For each language and each topic of a site.
    pub fn all_of(site: &Site, links: &Links) -> Vec<Vec<Self>> {
        let of = |topic: usize, lang: &Lang| {
            let own = |it: &&BriefingId| site.briefings[it.at()].lang == *lang;
            let mut all: Vec<BriefingId> =
                links.about[topic].iter().filter(own).copied().collect();
            let n_about = all.len();
            all.extend(links.mentioned_in[topic].iter().filter(own));
            Self { all, n_about }
        };
        let languages = site.config.languages.iter();
        let topics = 0..site.topics.len();
        languages
            .map(|lang| topics.clone().into_par_iter().map(|it| of(it, lang)).collect())
            .collect()
    }

    /// How many pages it takes.
    pub fn n_parts(&self) -> usize {
        self.all.len().div_ceil(PART).max(1)
    }

    /// The briefings of one page, those about the topic and those that name it.
    pub fn part(&self, part: usize) -> (&[BriefingId], &[BriefingId]) {
        let range = part * PART..self.all.len().min((part + 1) * PART);
        let split = self.n_about.clamp(range.start, range.end);
        (&self.all[range.start..split], &self.all[split..range.end])
    }
}

impl<'a> Scope<'a> {
    /// A page of a topic, the first or one of those behind it for a long list, and the picture
    /// that it is shared with.
    pub fn topic(
        &self,
        id: TopicId,
        part: usize,
    ) -> Option<(Rendered, Option<NamedCard>)> {
        let address = self.links.routes.topic(id, self.at)?;
        let topic = &self.site.topics[id.at()];
        let card = self.topic_card(id)?;
        let listing = &self.lists.listings[self.at][id.at()];
        let is_first_part = part == 0;
        let text = if is_first_part { self.topic_text(id) } else { Html::default() };
        let title_lang = topic
            .title
            .best(self.lang, &self.site.config.lang)
            .map_or(self.lang, |it| it.0);
        let description =
            card.summary.as_ref().map(|it| it.text.to_string()).unwrap_or_default();
        let social_card = self.topic_social_card(id);
        let (about, naming) = listing.part(part);
        let backlink = |it: &BriefingId| self.topic_backlink(*it, id);
        let mut view = TopicView {
            card: card.clone(),
            breadcrumbs: self.breadcrumbs(id),
            about: about.iter().map(backlink).collect(),
            mentions: naming.iter().map(backlink).collect(),
            pagination: self.pagination(address, part, listing.n_parts()),
            is_first_part,
            ..bare(card.clone())
        };
        if is_first_part {
            let (about, naming) = listing.all.split_at(listing.n_about);
            self.topic_details(id, &text, about, naming, &mut view);
        }
        let part_address = part_address(address, part);
        let listed: Vec<BriefingId> = about.iter().chain(naming).copied().collect();
        let structured_data =
            structured_data::topic(self, id, &view, &listed, &part_address);
        let page = Page {
            kind: "topic",
            title: &card.title.text,
            title_lang,
            description: &description,
            address: &part_address,
            versions: if is_first_part { self.topic_versions(id) } else { Vec::new() },
            feed: Some((self.feed_name(&card.title.text), address.to_owned())),
            head: Head { structured_data, ..neighbours(view.pagination.as_ref()) },
            card: social_card.as_ref(),
        };
        let html = self.render("pages/topic.html", &page, &view);
        Some((html.map(|html| (part_address, html)), social_card))
    }

    /// The long text of a topic as HTML.
    fn topic_text(&self, id: TopicId) -> Html {
        let empty = ArticleLinks::default();
        let found = self.links.topics[id.at()].get(self.lang).unwrap_or(&empty);
        let body = self.site.topics[id.at()].bodies.get(self.lang);
        body.map(|it| html::article(&it.document(), found, self.html()))
            .unwrap_or_default()
    }

    fn topic_versions(&self, id: TopicId) -> Vec<(&'a Lang, String)> {
        let languages = self.site.config.languages.iter().enumerate();
        let address = |at| Some(self.links.routes.topic(id, at)?.to_owned());
        languages.filter_map(|(at, lang)| Some((lang, address(at)?))).collect()
    }

    fn breadcrumbs(&self, id: TopicId) -> Vec<SharedView<LinkView<'a>>> {
        let mut above = Vec::new();
        let mut at = id;
        while let Some(parents) = &self.site.topics[at.at()].meta.parent
            && let Some(parent) =
                parents.value.first().and_then(|it| self.site.topic(&it.value))
            && parent != id
            && above.len() < 8
        {
            above.push(parent);
            at = parent;
        }
        above.iter().rev().filter_map(|it| self.topic_link(*it)).collect()
    }

    /// Fills what only the first part of a page shows.
    fn topic_details<'v>(
        &'v self,
        id: TopicId,
        text: &'v Html,
        about: &[BriefingId],
        naming: &[BriefingId],
        view: &mut TopicView<'v>,
    ) {
        let meta = &self.site.topics[id.at()].meta;
        let ties = self.ties(id);
        view.body_html = &text.body;
        view.aliases = self.aliases(id);
        view.facts = self.facts(id);
        view.roles = self.roles(id, &ties);
        view.relations = self.relations(id, &ties);
        let children = self.links.children[id.at()].iter();
        view.children = children.filter_map(|it| self.topic_card(*it)).collect();
        let published = if about.is_empty() { naming } else { about };
        let (chronology, n_left_out) = self.chronology(id, &ties, published);
        view.chronology = chronology;
        view.chronology_rest = (n_left_out != 0).then(|| LinkView {
            href: match view.pagination.as_ref().and_then(|it| it.next.clone()) {
                Some(next) => next.into(),
                None if about.is_empty() => "#mz-mentions".into(),
                None => "#mz-about".into(),
            },
            label: self.made_text(self.words.count("n_older", n_left_out)),
            is_current: false,
        });
        view.featured = meta
            .featured
            .iter()
            .flat_map(|it| &it.value)
            .filter_map(|it| self.site.version(&it.value, self.lang))
            .map(|it| self.card(it))
            .collect();
        if let Some((first, last)) = self.first_and_last(about, naming) {
            view.first_mention = self.mention(first);
            view.last_mention = self.mention(last);
        }
        view.appears_with = self.together(id);
        view.figure_svg_html = self.figure(id, &view.card.title.text);
        if self.site.config.feeds.is_on
            && let Some(address) = self.links.routes.topic(id, self.at)
        {
            view.feed_href = Some(self.links.routes.href(&format!("{address}feed.xml")));
        }
    }

    /// The names of a topic besides its title.
    pub fn aliases(&self, id: TopicId) -> Vec<TextView<'a>> {
        let aliases = self.site.topics[id.at()].meta.aliases.iter();
        let own = aliases.flat_map(|it| &it.value).filter(|it| {
            !it.is_ambiguous
                && it.lang.as_ref().is_none_or(|it| it.primary() == self.lang.primary())
        });
        let text = |it: &'a crate::parse::front_matter::Alias| {
            self.text(it.lang.as_ref().unwrap_or(self.lang), &it.text)
        };
        own.take(MAX_ALIASES).map(text).collect()
    }

    fn facts(&self, id: TopicId) -> Vec<FactView<'a>> {
        let facts = self.site.topics[id.at()].meta.facts.iter();
        facts
            .flat_map(|it| &it.value)
            .filter_map(|it| {
                Some(FactView {
                    label: self.localized(&it.label)?,
                    value: self.localized(&it.value)?,
                    period: self.period(&it.period),
                    source: it.source.as_deref(),
                })
            })
            .collect()
    }

    /// The oldest and the newest of the dated briefings about or naming a topic; nothing
    /// where there is only one. Briefings stand newest first, those without a date last.
    fn first_and_last(
        &self,
        about: &[BriefingId],
        naming: &[BriefingId],
    ) -> Option<(BriefingId, BriefingId)> {
        let is_dated = |it: &&BriefingId| self.site.briefings[it.at()].date.is_some();
        let dated = || about.iter().chain(naming).filter(is_dated).copied();
        let (first, last) = (dated().max()?, dated().min()?);
        (first != last).then_some((first, last))
    }

    fn mention(&self, id: BriefingId) -> Option<MentionView<'a>> {
        let date = self.site.briefings[id.at()].date.as_ref()?;
        Some(MentionView { date: self.stamp(date), briefing: self.briefing_link(id) })
    }

    /// Of the topics that appear most closely with a topic, those in the most briefings
    /// first: the order of the numbers that readers see.
    fn ranked(&self, id: TopicId) -> Vec<Together> {
        let mut together = self.links.appears_with(id).to_vec();
        together.sort_by_key(|it| Reverse((it.n_briefings, it.weight)));
        // One briefing brings all its topics together, which says little.
        let n_often = together.partition_point(|it| 1 < it.n_briefings);
        together.truncate(n_often.max(MAX_ONCE));
        together
    }

    fn together(&self, id: TopicId) -> Vec<TogetherView<'a>> {
        let together = self.ranked(id).into_iter();
        let topics = together.filter_map(|it| Some((it, self.topic_card(it.topic)?)));
        topics
            .zip(1..)
            .map(|((it, topic), rank)| TogetherView {
                rank: self.dates.numbers().integer(rank),
                topic,
                count: self.words.count("n_together", it.n_briefings as usize),
            })
            .collect()
    }

    /// The picture of the topics that appear with a topic, and with each other.
    fn figure(&self, id: TopicId, title: &str) -> String {
        let nodes: Vec<(TopicId, Node<'_>)> = self
            .ranked(id)
            .into_iter()
            .filter_map(|it| {
                let name = self.localized(&self.site.topics[it.topic.at()].title)?;
                Some((it.topic, Node { name, size: it.n_briefings }))
            })
            .collect();
        let most = nodes.iter().map(|(_, it)| it.size).max().unwrap_or(0);
        if nodes.len() < MIN_IN_FIGURE || most < MIN_SHARED {
            return String::new();
        }
        let mut arcs = Vec::new();
        for (from, (topic, _)) in nodes.iter().enumerate() {
            for other in self.links.appears_with(*topic) {
                let to = nodes.iter().position(|(it, _)| *it == other.topic);
                if let Some(to) = to {
                    let (from, to) = (from.min(to), from.max(to));
                    arcs.push(Arc { from, to, weight: other.weight });
                }
            }
        }
        let nodes: Vec<Node<'_>> = nodes.into_iter().map(|(_, node)| node).collect();
        let title = self.words.with("figure_title", &[("name", title)]);
        let title = plain_slot(&title, self.lang);
        figure::arcs(&title, Direction::of(self.lang), &nodes, arcs)
    }
}

/// A page that has nothing to show but what the topic is.
fn bare(card: SharedView<TopicCardView<'_>>) -> TopicView<'_> {
    TopicView {
        card,
        aliases: Vec::new(),
        breadcrumbs: Vec::new(),
        body_html: "",
        facts: Vec::new(),
        roles: None,
        relations: Vec::new(),
        children: Vec::new(),
        chronology: Vec::new(),
        chronology_rest: None,
        first_mention: None,
        last_mention: None,
        featured: Vec::new(),
        about: Vec::new(),
        mentions: Vec::new(),
        appears_with: Vec::new(),
        figure_svg_html: String::new(),
        feed_href: None,
        pagination: None,
        is_first_part: false,
    }
}
