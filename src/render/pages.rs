//! Pages: from the site and its links to the view of each page template.
//!
//! Everything here fails in one way: the template asks for what its view does not have.
#![expect(clippy::missing_errors_doc, reason = "said once, at the head of the file")]

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::diag::Diagnostic;
use crate::link::routes::MIN_DATES;
use crate::model::briefing::{Briefing, Byline};
use crate::model::{AuthorId, BriefingId, PageId, SeriesId, TopicId};
use crate::parse::front_matter::{BriefingKind, Note, Status};
use crate::render::cards::NamedCard;
use crate::render::citation::{self, Reference};
use crate::render::feeds::Correction;
use crate::render::html::{self, Html};
use crate::render::pictures;
use crate::render::scope::{Head, Page, Scope, marked};
use crate::render::structured_data;
use crate::render::theme::SharedView;
use crate::render::views::TextView;
use crate::render::views::{
    AuthorView, BacklinkView, BriefingView, CardView, CorrectionView, CorrectionsView,
    HeadLinkView, HeadingView, HomeView, ImageView, JudgementView, KindView,
    LikelihoodView, LinkView, MetaTagView, NotFoundView, NoteView, PageView,
    PaginationView, SeriesCardView, SeriesPartView, SeriesPlaceView, SeriesView,
    SourceView, TopicCardView,
};
use crate::text::direction::{Direction, has_rtl};
use crate::text::isolate::{plain_slot, without_controls};
use crate::text::lang::Lang;
use crate::text::number::to_digits;
use crate::text::reading::sentences;

/// Entries on one part of a long list.
pub const PART: usize = 60;

/// Briefings at the top of the home page, the lead one included.
const N_FRONT: usize = 5;

/// Key points of the lead briefing on the home page.
const N_POINTS: usize = 3;

/// Briefings of each kind below them.
const N_OF_KIND: usize = 4;

/// Names of a briefing that are seen at once.
const N_WHO: usize = 6;

/// What the words of likelihood mean, in percent, from the least likely on (ICD 203).
const LIKELIHOODS: [(&str, f64, f64); 7] = [
    ("likelihood_1", 1.0, 5.0),
    ("likelihood_2", 5.0, 20.0),
    ("likelihood_3", 20.0, 45.0),
    ("likelihood_4", 45.0, 55.0),
    ("likelihood_5", 55.0, 80.0),
    ("likelihood_6", 80.0, 95.0),
    ("likelihood_7", 95.0, 99.0),
];

/// A page: its address and its bytes.
pub type Rendered = Result<(String, Vec<u8>), Diagnostic>;

impl<'a> Scope<'a> {
    /// The same fixed page in every language of the site.
    pub fn everywhere(&self, path: &str) -> Vec<(&'a Lang, String)> {
        let languages = self.site.config.languages.iter().enumerate();
        languages.map(|(at, lang)| (lang, self.links.routes.fixed(at, path))).collect()
    }

    /// A page that every site has.
    pub fn fixed_page<'p>(
        &'p self,
        kind: &'static str,
        title: &'p str,
        address: &'p str,
        versions: Vec<(&'p Lang, String)>,
    ) -> Page<'p> {
        let title_lang = self.lang;
        let (description, feed, card, head) = ("", None, None, Head::default());
        Page { kind, title, title_lang, description, address, versions, feed, card, head }
    }

    /// The home page.
    pub fn home(&self) -> Rendered {
        let routes = &self.links.routes;
        let all: Vec<BriefingId> = (0..self.site.briefings.len())
            .map(BriefingId::from_index)
            .filter(|it| self.site.briefings[it.at()].lang == *self.lang)
            .collect();
        let mut topics: Vec<(usize, TopicId)> = (0..self.site.topics.len())
            .map(TopicId::from_index)
            .map(|it| (self.lists.listings[self.at][it.at()].n_about, it))
            .filter(|(n, _)| *n != 0)
            .collect();
        topics.sort_by_key(|(n, id)| (std::cmp::Reverse(*n), *id));
        let view = HomeView {
            lead: all.first().map(|it| self.card(*it)),
            lead_points: all
                .first()
                .map(|it| self.key_points(&self.site.briefings[it.at()]))
                .map(|it| it.into_iter().take(N_POINTS).collect())
                .unwrap_or_default(),
            latest: all.iter().take(N_FRONT).skip(1).map(|it| self.card(*it)).collect(),
            kinds: self.kinds(all.get(N_FRONT..).unwrap_or_default()),
            topics: topics
                .iter()
                .take(12)
                .filter_map(|(_, id)| self.topic_card(*id))
                .collect(),
            series: (0..self.site.series.len())
                .filter_map(|at| self.series_card(SeriesId::from_index(at)))
                .collect(),
            archive_href: routes.href(&routes.fixed(self.at, "archive/")),
            topics_href: routes.href(&routes.fixed(self.at, "topics/")),
        };
        let address = routes.home(self.at);
        let description = self.localized(&self.site.config.description);
        let description = description.map(|it| it.text.into_owned()).unwrap_or_default();
        let mut page = self.fixed_page("home", "", &address, self.everywhere(""));
        page.description = &description;
        page.head.structured_data = structured_data::home(self);
        let html = self.render("pages/home.html", &page, &view)?;
        Ok((address, html))
    }

    /// The newest of some briefings by their kind.
    fn kinds(&self, briefings: &[BriefingId]) -> Vec<KindView<'a>> {
        let mut kinds: Vec<(BriefingKind, Vec<BriefingId>)> = Vec::new();
        for id in briefings {
            let kind = self.site.briefings[id.at()].kind;
            match kinds.iter_mut().find(|(it, _)| *it == kind) {
                Some((_, list)) if list.len() < N_OF_KIND => list.push(*id),
                Some(_) => {}
                None => kinds.push((kind, vec![*id])),
            }
        }
        let view = |(kind, list): (BriefingKind, Vec<BriefingId>)| KindView {
            kind_id: kind.as_str(),
            title: self.kind_heading(kind),
            cards: list.iter().map(|it| self.card(*it)).collect(),
        };
        kinds.into_iter().map(view).collect()
    }

    fn series_card(&self, id: SeriesId) -> Option<SeriesCardView<'a>> {
        let series = &self.site.series[id.at()];
        let address = self.links.routes.series(id, self.at)?;
        let n_briefings = self.links.series[id.at()].get(self.lang).map_or(0, Vec::len);
        if n_briefings == 0 {
            return None;
        }
        Some(SeriesCardView {
            href: self.links.routes.href(address).into(),
            title: self.localized(&series.title)?,
            summary: series
                .meta
                .summary
                .as_ref()
                .and_then(|it| self.localized(&it.value)),
            count: self.words.count("n_briefings", n_briefings),
        })
    }

    /// HTML of a briefing, for its page.
    pub fn article(&self, id: BriefingId) -> Html {
        let briefing = &self.site.briefings[id.at()];
        html::article(
            &briefing.body.document(),
            &self.links.briefings[id.at()],
            self.html(),
        )
    }

    /// The page of a briefing, how it is cited, and the picture it is shared with.
    pub fn briefing(&self, id: BriefingId) -> (Rendered, Reference, Option<NamedCard>) {
        let briefing = &self.site.briefings[id.at()];
        let html = self.article(id);
        let view = self.briefing_view(id, briefing, &html);
        let routes = &self.links.routes;
        let address = routes.briefing(id).to_owned();
        let versions = self.site.versions.get(&briefing.id).into_iter().flatten();
        let versions: Vec<(&Lang, String)> = versions
            .map(|it| {
                (&self.site.briefings[it.at()].lang, routes.briefing(*it).to_owned())
            })
            .collect();
        let reference = self.reference(id);
        let card = self.briefing_card(id);
        let page = Page {
            kind: "briefing",
            title: &briefing.title,
            title_lang: &briefing.lang,
            description: self.summary(id),
            address: &address,
            versions,
            feed: None,
            head: self.briefing_head(id, &view, &reference),
            card: card.as_ref(),
        };
        let html = self.render("pages/briefing.html", &page, &view);
        (html.map(|html| (address.clone(), html)), reference, card)
    }

    /// What the page of a briefing says to machines.
    fn briefing_head(
        &self,
        id: BriefingId,
        view: &BriefingView<'_>,
        reference: &Reference,
    ) -> Head {
        let mut head = Head {
            structured_data: structured_data::briefing(self, id, view),
            citation_tags: reference.tags(),
            ..Head::default()
        };
        let mut add = |name, content: &str| {
            let content = without_controls(content).into_owned();
            head.open_graph.push(MetaTagView { name, content });
        };
        if let Some(date) = &view.card.date {
            add("article:published_time", &date.iso);
        }
        if let Some(date) = &view.updated {
            add("article:modified_time", &date.iso);
        }
        let section = view.primary_topic.as_ref().map(|it| &*it.label.text);
        add("article:section", section.unwrap_or(view.card.kind));
        for topic in &view.topics {
            add("article:tag", &topic.title.text);
        }
        for author in &view.card.authors {
            head.link("author", author.href.as_deref());
        }
        if let Some(series) = &view.series {
            head.link("prev", series.previous.as_ref().map(|it| &*it.href));
            head.link("next", series.next.as_ref().map(|it| &*it.href));
        }
        let what = self.words.get("cite_files");
        let files = [
            (&view.citation.bibtex_href, citation::BIBTEX_TYPE, "BibTeX"),
            (&view.citation.ris_href, citation::RIS_TYPE, "RIS"),
        ];
        head.links.extend(files.map(|(href, media_type, title)| HeadLinkView {
            rel: "alternate",
            href: href.clone(),
            media_type: Some(media_type),
            title: Some(plain_slot(&format!("{what} ({title})"), self.lang)),
        }));
        head
    }

    fn briefing_view<'v>(
        &'v self,
        id: BriefingId,
        briefing: &'a Briefing,
        html: &'v Html,
    ) -> BriefingView<'v> {
        let meta = &briefing.meta;
        let headings = &briefing.body.outline().headings;
        let published = briefing.date.as_ref().map(|it| it.date);
        let who = self.who(id, briefing);
        let dates = self.dates_of(&who);
        let mut who: Vec<SharedView<TopicCardView<'_>>> =
            who.iter().filter_map(|it| self.who_card(*it)).collect();
        // One more than can be seen is no reason to hide it.
        let n_seen = if who.len() <= N_WHO + 1 { who.len() } else { N_WHO };
        let who_more = who.split_off(n_seen);
        let withdrawn = (briefing.status == Status::Withdrawn)
            .then(|| self.own_text(self.words.get("withdrawn_default")));
        BriefingView {
            card: self.card(id),
            has_own_summary: meta
                .summary
                .as_ref()
                .is_some_and(|it| it.value.get(&briefing.lang).is_some()),
            primary_topic: briefing.topics.first().and_then(|it| self.topic_link(*it)),
            topics: briefing
                .topics
                .iter()
                .filter_map(|it| self.topic_card(*it))
                .collect(),
            updated: meta
                .updated
                .as_ref()
                .filter(|it| published.is_none_or(|published| published < it.value.date))
                .map(|it| self.stamp(&it.value)),
            information_cutoff: meta
                .information_cutoff
                .as_ref()
                .map(|it| self.stamp(&it.value)),
            key_points: self.key_points(briefing),
            key_judgements: self.judgements(briefing),
            likelihood_scale: self.likelihood_scale(briefing),
            contents: if 4 <= headings.len() && !html.body.is_empty() {
                headings
                    .iter()
                    .map(|it| HeadingView {
                        level: it.level,
                        id: it.id.clone(),
                        text_html: html::isolated(&it.text, self.lang).into_owned(),
                    })
                    .collect()
            } else {
                Vec::new()
            },
            body_html: &html.body,
            footnotes_html: &html.footnotes,
            sources: self.sources(briefing),
            corrections: self
                .notes(meta.corrections.as_ref().map_or(&[], |it| &it.value)),
            changes: self.notes(meta.changes.as_ref().map_or(&[], |it| &it.value)),
            image: self.image(id),
            series: self.series_place(id, briefing),
            related: self.links.related.of(id).iter().map(|it| self.card(*it)).collect(),
            backlinks: self.links.backlinks[id.at()]
                .iter()
                .map(|(from, sentence)| (from, sentence, &self.site.briefings[from.at()]))
                .filter(|(_, _, it)| it.lang == *self.lang)
                .map(|(from, sentence, it)| BacklinkView {
                    card: self.card(*from),
                    sentence_html: marked(sentence, &it.body.source, self.lang).into(),
                    more_sentences_html: Vec::new(),
                    more: String::new(),
                    count: String::new(),
                })
                .collect(),
            who_more_label: match who_more.len() {
                0 => String::new(),
                n => self.words.count("n_more_names", n),
            },
            who,
            who_more,
            events: if dates.len() < MIN_DATES {
                Vec::new()
            } else {
                self.events(&dates, false)
            },
            stale: self.original(briefing),
            withdrawn,
            citation: self.citation_view(id),
            extra: meta
                .extra
                .as_ref()
                .map_or_else(|| serde_json::json!({}), |it| it.value.value.to_json()),
        }
    }

    fn key_points(&self, briefing: &'a Briefing) -> Vec<TextView<'a>> {
        let points = briefing.meta.key_points.iter().flat_map(|it| &it.value);
        points.filter_map(|it| self.own_localized(it)).collect()
    }

    /// The topics of a briefing, then those that its text names, in their order.
    fn who(&self, id: BriefingId, briefing: &Briefing) -> Vec<TopicId> {
        let mut all = briefing.topics.clone();
        let named = &self.links.briefings[id.at()].mentions.named;
        let named = named.iter().map(|it| it.topic);
        let named = named.filter(|it| !briefing.topics.contains(it));
        all.extend(named);
        all
    }

    /// A topic with the first sentence of its summary.
    fn who_card(&self, id: TopicId) -> Option<SharedView<TopicCardView<'a>>> {
        let new = || Some(self.share_topic_card(self.new_who_card(id)?));
        self.kept.who_cards.get(id.at(), new)
    }

    fn new_who_card(&self, id: TopicId) -> Option<TopicCardView<'a>> {
        let mut card = self.new_topic_card(id)?;
        let summary = self.site.topics[id.at()].meta.summary.as_ref();
        card.summary = summary.and_then(|it| {
            let (lang, text) = it.value.best(self.lang, &self.site.config.lang)?;
            let first = sentences(text).into_iter().next()?;
            Some(self.text(lang, text.get(first)?))
        });
        Some(card)
    }

    /// The version that a stale translation was made of.
    fn original(&self, briefing: &Briefing) -> Option<LinkView<'a>> {
        let versions = self.site.versions.get(&briefing.id)?;
        let lang_of = |it: &BriefingId| &self.site.briefings[it.at()].lang;
        let default = versions.iter().find(|it| *lang_of(it) == self.site.config.lang);
        let original = default.or_else(|| versions.first())?;
        let is_other = *lang_of(original) != briefing.lang;
        (briefing.is_stale && is_other).then(|| self.briefing_link(*original))
    }

    fn judgements(&self, briefing: &'a Briefing) -> Vec<JudgementView<'a>> {
        let judgements = briefing.meta.key_judgements.iter().flat_map(|it| &it.value);
        judgements
            .filter_map(|it| {
                let step = it.likelihood.and_then(|it| usize::try_from(it).ok());
                let scale = step.and_then(|it| LIKELIHOODS.get(it.checked_sub(1)?));
                let likelihood = scale.map(|(term, first, last)| {
                    let range = self.dates.numbers().percent_range(*first, *last).plain();
                    let texts = [("term", self.words.get(term)), ("range", &range)];
                    self.words.with("likelihood_with_range", &texts)
                });
                Some(JudgementView {
                    text: self.own_localized(&it.text)?,
                    likelihood,
                    likelihood_step: step
                        .and_then(|it| u8::try_from(it).ok())
                        .unwrap_or(0),
                    confidence: it.confidence.map(|it| match it.as_str() {
                        "low" => self.words.get("confidence_low"),
                        "moderate" => self.words.get("confidence_moderate"),
                        _ => self.words.get("confidence_high"),
                    }),
                })
            })
            .collect()
    }

    /// What the words of likelihood mean, where a judgement has one.
    fn likelihood_scale(&self, briefing: &Briefing) -> Vec<LikelihoodView<'a>> {
        let mut judgements = briefing.meta.key_judgements.iter().flat_map(|it| &it.value);
        if judgements.all(|it| it.likelihood.is_none()) {
            return Vec::new();
        }
        let view = |(step, (term, first, last))| {
            // Its isolates order it as the language does.
            let range: Cow<'a, str> =
                self.dates.numbers().percent_range(first, last).plain().into();
            let range =
                TextView { text: range.clone(), text_html: range, ..self.own_text("") };
            LikelihoodView { step, term: self.words.get(term), range }
        };
        (1..).zip(LIKELIHOODS).map(view).collect()
    }

    fn sources(&self, briefing: &'a Briefing) -> Vec<SourceView<'a>> {
        let sources = briefing.meta.sources.iter().flat_map(|it| &it.value).enumerate();
        sources
            .filter_map(|(at, it)| {
                let number = (at + 1).to_string();
                let mut title = self.localized(&it.title)?;
                // A title in letters of the other direction is the desk's translation.
                let own = it.lang.as_ref().filter(|lang| {
                    has_rtl(&title.text) == (Direction::of(lang) == Direction::Rtl)
                });
                if let Some(lang) = own {
                    let text = title.text;
                    let text_html = Cow::Owned(html::isolated(&text, lang).into_owned());
                    title = TextView { text, text_html, ..self.text(lang, "") };
                }
                Some(SourceView {
                    id: format!("source-{number}"),
                    number: to_digits(&number, self.dates.digits()),
                    title,
                    url: it.url.as_deref(),
                    publisher: self.localized(&it.publisher),
                    date: it.date.as_ref().map(|it| self.partial(it)),
                    language: it
                        .lang
                        .as_ref()
                        .filter(|it| *it != self.lang)
                        .map(|it| self.text(it, it.autonym())),
                    grade: it.grade.as_deref(),
                })
            })
            .collect()
    }

    fn notes(&self, notes: &'a [Note]) -> Vec<NoteView<'a>> {
        let mut sorted: Vec<&Note> = notes.iter().collect();
        sorted.sort_by_key(|it| std::cmp::Reverse(it.at.date));
        sorted
            .into_iter()
            .filter_map(|it| {
                let text = self.localized(&it.text)?;
                Some(NoteView { date: self.stamp(&it.at), text, is_major: it.is_major })
            })
            .collect()
    }

    fn image(&self, id: BriefingId) -> Option<ImageView<'a>> {
        let image = &self.site.briefings[id.at()].meta.image.as_ref()?.value;
        let path = self.links.briefings[id.at()].image.as_deref()?;
        let picture = self.theme.pictures.get(path)?;
        Some(ImageView {
            src: &picture.src,
            width: picture.width,
            height: picture.height,
            srcset: &picture.srcset,
            webp_srcset: &picture.webp_srcset,
            sizes: pictures::sizes(&self.site.config),
            alt: self.localized(&image.alt)?,
            credit: self.localized(&image.credit)?,
            caption: self.localized(&image.caption),
            licence: self.localized(&image.licence),
        })
    }

    /// A briefing as a link.
    pub fn briefing_link(&self, id: BriefingId) -> LinkView<'a> {
        let briefing = &self.site.briefings[id.at()];
        let routes = &self.links.routes;
        LinkView {
            href: routes.href(routes.briefing(id)).into(),
            label: self.text(&briefing.lang, &briefing.title),
            is_current: false,
        }
    }

    fn series_place(
        &self,
        id: BriefingId,
        briefing: &'a Briefing,
    ) -> Option<SeriesPlaceView<'a>> {
        let (series_id, _) = briefing.series?;
        let series = &self.site.series[series_id.at()];
        let all = self.links.series[series_id.at()].get(&briefing.lang)?;
        let at = all.iter().position(|it| *it == id)?;
        let address = self.links.routes.series(series_id, self.at)?;
        let digits = |it: usize| to_digits(&it.to_string(), self.dates.digits());
        let texts = [("number", digits(at + 1)), ("total", digits(all.len()))];
        let texts: Vec<(&'static str, &str)> =
            texts.iter().map(|(key, it)| (*key, it.as_str())).collect();
        Some(SeriesPlaceView {
            series: LinkView {
                href: self.links.routes.href(address).into(),
                label: self.localized(&series.title)?,
                is_current: false,
            },
            place: self.words.with("part_of", &texts),
            position: at + 1,
            previous: at.checked_sub(1).map(|it| self.briefing_link(all[it])),
            next: all.get(at + 1).map(|it| self.briefing_link(*it)),
        })
    }

    /// Name of the feed of a topic, an author or a series.
    pub fn feed_name(&self, name: &str) -> String {
        self.words.with("feed_of", &[("name", name)])
    }

    /// Links between the parts of a long list.
    pub fn pagination(
        &self,
        address: &str,
        part: usize,
        n_parts: usize,
    ) -> Option<PaginationView> {
        if n_parts < 2 {
            return None;
        }
        let href = |part| self.links.routes.href(&part_address(address, part));
        let digits = |it: usize| to_digits(&it.to_string(), self.dates.digits());
        let (number, total) = (digits(part + 1), digits(n_parts));
        Some(PaginationView {
            place: self.words.with("page_of", &[("number", &number), ("total", &total)]),
            previous: part.checked_sub(1).map(href),
            next: (part + 1 < n_parts).then(|| href(part + 1)),
        })
    }

    /// Briefings of an author in this language, newest first.
    pub fn briefings_by(&self, id: AuthorId) -> Vec<BriefingId> {
        let is_by = |it: &Briefing| {
            it.lang == *self.lang
                && it
                    .authors
                    .iter()
                    .any(|it| matches!(it, Byline::Author(by) if *by == id))
        };
        let all = self.site.briefings.iter().enumerate();
        all.filter(|(_, it)| is_by(it))
            .map(|(at, _)| BriefingId::from_index(at))
            .collect()
    }

    /// The pages of an author.
    pub fn author(&self, id: AuthorId) -> Vec<Rendered> {
        let Some(address) = self.links.routes.author(id, self.at) else {
            return Vec::new();
        };
        let author = &self.site.authors[id.at()];
        let Some(name) = self.localized(&author.name) else { return Vec::new() };
        let briefings = self.briefings_by(id);
        let n_parts = briefings.len().div_ceil(PART).max(1);
        let versions =
            self.site.config.languages.iter().enumerate().filter_map(|(at, lang)| {
                Some((lang, self.links.routes.author(id, at)?.to_owned()))
            });
        let versions: Vec<(&Lang, String)> = versions.collect();
        let mut pages = Vec::with_capacity(n_parts);
        for part in 0..n_parts {
            let range = part * PART..briefings.len().min((part + 1) * PART);
            let bio = author.meta.bio.as_ref().and_then(|it| self.localized(&it.value));
            let description =
                bio.as_ref().map(|it| it.text.to_string()).unwrap_or_default();
            let view = AuthorView {
                name: name.clone(),
                role: author.meta.role.as_ref().and_then(|it| self.localized(&it.value)),
                bio,
                briefings: briefings[range.clone()]
                    .iter()
                    .map(|it| self.card(*it))
                    .collect(),
                count: self.words.count("n_briefings", briefings.len()),
                pagination: self.pagination(address, part, n_parts),
            };
            let part_address = part_address(address, part);
            let page = Page {
                kind: "author",
                title: &name.text,
                title_lang: author
                    .name
                    .best(self.lang, &self.site.config.lang)
                    .map_or(self.lang, |it| it.0),
                description: &description,
                address: &part_address,
                versions: if part == 0 { versions.clone() } else { Vec::new() },
                feed: Some((self.feed_name(&name.text), address.to_owned())),
                head: Head {
                    structured_data: structured_data::author(
                        self,
                        &view,
                        &briefings[range],
                        &part_address,
                    ),
                    ..neighbours(view.pagination.as_ref())
                },
                card: None,
            };
            let html = self.render("pages/author.html", &page, &view);
            pages.push(html.map(|html| (part_address, html)));
        }
        pages
    }

    /// The page of a series.
    pub fn series(&self, id: SeriesId) -> Option<Rendered> {
        let address = self.links.routes.series(id, self.at)?.to_owned();
        let series = &self.site.series[id.at()];
        let title = self.localized(&series.title)?;
        let empty = Vec::new();
        let briefings = self.links.series[id.at()].get(self.lang).unwrap_or(&empty);
        let part = |it: &BriefingId| {
            let number =
                self.site.briefings[it.at()].series.and_then(|(_, number)| number);
            let number = number.map(|it| to_digits(&it.to_string(), self.dates.digits()));
            SeriesPartView { number: number.unwrap_or_default(), card: self.card(*it) }
        };
        let summary =
            series.meta.summary.as_ref().and_then(|it| self.localized(&it.value));
        let description =
            summary.as_ref().map(|it| it.text.to_string()).unwrap_or_default();
        let view = SeriesView {
            title: title.clone(),
            summary,
            cadence: series
                .meta
                .cadence
                .as_ref()
                .and_then(|it| self.localized(&it.value)),
            briefings: briefings.iter().map(part).collect(),
            count: self.words.count("n_briefings", briefings.len()),
        };
        let versions =
            self.site.config.languages.iter().enumerate().filter_map(|(at, lang)| {
                Some((lang, self.links.routes.series(id, at)?.to_owned()))
            });
        let title_lang = series
            .title
            .best(self.lang, &self.site.config.lang)
            .map_or(self.lang, |it| it.0);
        let page = Page {
            kind: "series",
            title: &title.text,
            title_lang,
            description: &description,
            address: &address,
            versions: versions.collect(),
            feed: Some((self.feed_name(&title.text), address.clone())),
            head: Head {
                structured_data: structured_data::series(
                    self, &view, briefings, &address,
                ),
                ..Head::default()
            },
            card: None,
        };
        let html = self.render("pages/series.html", &page, &view);
        Some(html.map(|html| (address.clone(), html)))
    }

    /// The corrections of all briefings in this language, newest first.
    pub fn all_corrections(&self) -> Vec<Correction<'a>> {
        let mut all = Vec::new();
        for (at, briefing) in self.site.briefings.iter().enumerate() {
            if briefing.lang != *self.lang {
                continue;
            }
            let mut days: BTreeMap<Date, usize> = BTreeMap::new();
            for note in briefing.meta.corrections.iter().flat_map(|it| &it.value) {
                let n_before = days.entry(note.at.date).or_default();
                let (briefing, number) = (BriefingId::from_index(at), *n_before);
                *n_before += 1;
                all.push(Correction { briefing, note, number });
            }
        }
        all.sort_by_key(|it| (Reverse(it.note.at.date), it.briefing));
        all
    }

    /// All corrections.
    pub fn corrections(&self, all: &[Correction<'a>]) -> Rendered {
        let corrections = all
            .iter()
            .filter_map(|it| {
                Some(CorrectionView {
                    note: NoteView {
                        date: self.stamp(&it.note.at),
                        text: self.localized(&it.note.text)?,
                        is_major: false,
                    },
                    briefing: self.briefing_link(it.briefing),
                })
            })
            .collect();
        let address = self.links.routes.fixed(self.at, "corrections/");
        let title = self.words.get("corrections");
        let versions = self.everywhere("corrections/");
        let mut page = self.fixed_page("corrections", title, &address, versions);
        page.head.structured_data =
            structured_data::collection(self, title, &address, &[]);
        let has_feed = self.site.config.feeds.is_on;
        page.feed = has_feed.then(|| (self.feed_name(title), address.clone()));
        let feed_href =
            has_feed.then(|| self.links.routes.href(&format!("{address}feed.xml")));
        let view = CorrectionsView { corrections, feed_href };
        let html = self.render("pages/corrections.html", &page, &view)?;
        Ok((address, html))
    }

    /// A plain page.
    pub fn plain_page(&self, id: PageId) -> Rendered {
        let page = &self.site.pages[id.at()];
        let html =
            html::article(&page.body.document(), &self.links.pages[id.at()], self.html());
        let summary =
            page.meta.summary.as_ref().and_then(|it| self.own_localized(&it.value));
        let description =
            summary.as_ref().map(|it| it.text.to_string()).unwrap_or_default();
        let view = PageView {
            title: self.own_text(&page.title),
            summary,
            body_html: &html.body,
            footnotes_html: &html.footnotes,
        };
        let routes = &self.links.routes;
        let address = routes.page(id).to_owned();
        let same = self.site.pages.iter().enumerate().filter(|(_, it)| it.id == page.id);
        let versions: Vec<(&Lang, String)> = same
            .map(|(at, it)| (&it.lang, routes.page(PageId::from_index(at)).to_owned()))
            .collect();
        let mut frame = self.fixed_page("page", &page.title, &address, versions);
        frame.description = &description;
        frame.head.structured_data =
            structured_data::plain_page(self, &page.id, &view, &address);
        let html = self.render("pages/page.html", &frame, &view)?;
        Ok((address, html))
    }

    /// The page that a host shows for a wrong address.
    pub fn not_found(&self) -> Rendered {
        let routes = &self.links.routes;
        let all = self.site.briefings.iter().enumerate();
        let latest: Vec<SharedView<CardView<'_>>> = all
            .filter(|(_, it)| it.lang == *self.lang)
            .take(4)
            .map(|(at, _)| self.card(BriefingId::from_index(at)))
            .collect();
        let topics_href = routes.href(&routes.fixed(self.at, "topics/"));
        let view = NotFoundView { latest, topics_href };
        let address = routes.fixed(self.at, "404.html");
        let title = self.words.get("not_found");
        let page = self.fixed_page("not_found", title, &address, self.everywhere(""));
        let html = self.render("pages/not_found.html", &page, &view)?;
        Ok((address, html))
    }
}

/// Links to the parts of a long list before and after this one.
pub fn neighbours(pagination: Option<&PaginationView>) -> Head {
    let mut head = Head::default();
    if let Some(pagination) = pagination {
        head.link("prev", pagination.previous.as_deref());
        head.link("next", pagination.next.as_deref());
    }
    head
}

/// Address of a part of a long list: `…/` for the first, `…/2/` for the second.
pub fn part_address(address: &str, part: usize) -> String {
    if part == 0 { address.to_owned() } else { format!("{address}{}/", part + 1) }
}
