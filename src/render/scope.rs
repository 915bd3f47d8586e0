//! `Scope`: everything that the pages of one language share, and the small views that
//! every page is made of.

use std::borrow::Cow;
use std::sync::OnceLock;

use jiff::civil::Date;

use crate::diag::Diagnostic;
use crate::link::Links;
use crate::link::mentions::Quote;
use crate::model::briefing::{Briefing, Byline};
use crate::model::topic::Topic;
use crate::model::{BriefingId, Site, TopicId};
use crate::parse::front_matter::{BriefingKind, Period, Stamp, Status};
use crate::render::archive::Calendar;
use crate::render::cards::{self, NamedCard};
use crate::render::feeds::Entry;
use crate::render::hosts;
use crate::render::html::{self, HtmlContext};
use crate::render::template::tree::Tree;
use crate::render::theme::{PageContext, SharedView, Theme};
use crate::render::topic_page::Listing;
use crate::render::views::{
    AlternateView, BacklinkView, BylineView, CardView, DateView, FeedLinkView, FrameView,
    HeadLinkView, LinkView, MetaTagView, SiteView, SocialCardView, TextView,
    TopicCardView,
};
use crate::render::words::Words;
use crate::text::date::{DateFormatter, PartialDate};
use crate::text::direction::Direction;
use crate::text::isolate::{page_title, plain_slot};
use crate::text::lang::Lang;
use crate::text::localized::Localized;
use crate::text::reading::{excerpt, minutes};

/// Longest summary made of the text itself, in characters.
const SUMMARY_CHARS: usize = 220;

/// What an edition has gathered of a site for its pages.
#[derive(Clone, Copy)]
pub struct Lists<'a> {
    /// For each briefing, whatever its language, a summary.
    pub summaries: &'a Summaries,
    /// For each language, its briefings by year and month.
    pub calendars: &'a [Calendar],
    /// For each language and each topic, the briefings that its pages list.
    pub listings: &'a [Vec<Listing>],
}

/// What the pages of one language share.
pub struct Scope<'a> {
    /// The site.
    pub site: &'a Site,
    /// Its links.
    pub links: &'a Links,
    /// The look.
    pub theme: &'a Theme,
    /// Words of the language.
    pub words: &'a Words,
    /// The language.
    pub lang: &'a Lang,
    /// Its place in the list of languages.
    pub at: usize,
    /// How it writes dates.
    pub dates: DateFormatter,
    /// What was gathered of the site.
    pub lists: Lists<'a>,
    /// The civil date of this build, in the site's time zone: who is in office, and who
    /// was.
    pub today: Date,
    /// The picture that pages without one of their own are shared with.
    pub site_card: Option<NamedCard>,
    site_tree: Tree,
    words_tree: Tree,
    /// Views of the language that many pages print.
    pub(super) kept: KeptViews<'a>,
}

/// Values by the place of what they tell in the site, each made when it is first asked for.
pub(super) struct Kept<T>(Vec<OnceLock<T>>);

impl<T: Clone> Kept<T> {
    /// The value at a place.
    pub(super) fn get(&self, at: usize, make: impl FnOnce() -> T) -> T {
        self.get_ref(at, make).clone()
    }
}

impl<T> Kept<T> {
    fn new(n: usize) -> Self {
        Self(std::iter::repeat_with(OnceLock::new).take(n).collect())
    }

    /// The value at a place, where it is kept.
    pub(super) fn get_ref(&self, at: usize, make: impl FnOnce() -> T) -> &T {
        self.0[at].get_or_init(make)
    }
}

/// Small views of one language.
pub(super) struct KeptViews<'a> {
    /// Of briefings.
    pub(super) cards: Kept<SharedView<CardView<'a>>>,
    /// Of topics.
    pub(super) topic_links: Kept<Option<SharedView<LinkView<'a>>>>,
    /// Of topics.
    pub(super) topic_cards: Kept<Option<SharedView<TopicCardView<'a>>>>,
    /// Of topics, each with the first sentence about it.
    pub(super) who_cards: Kept<Option<SharedView<TopicCardView<'a>>>>,
    /// Of authors.
    pub(super) bylines: Kept<Option<SharedView<BylineView<'a>>>>,
    /// JSON-LD of briefings in a list.
    pub(super) parts: Kept<Vec<u8>>,
    /// JSON-LD of topics; none for a topic without a name.
    pub(super) things: Kept<Option<Vec<u8>>>,
    /// JSON-LD of the desk.
    pub(super) publisher: OnceLock<Vec<u8>>,
    /// Of feeds with summaries; none for a briefing without a date.
    pub(super) entries: Kept<Option<Entry>>,
}

impl KeptViews<'_> {
    fn of(site: &Site) -> Self {
        let n_topics = site.topics.len();
        Self {
            cards: Kept::new(site.briefings.len()),
            topic_links: Kept::new(n_topics),
            topic_cards: Kept::new(n_topics),
            who_cards: Kept::new(n_topics),
            bylines: Kept::new(site.authors.len()),
            parts: Kept::new(site.briefings.len()),
            things: Kept::new(n_topics),
            publisher: OnceLock::new(),
            entries: Kept::new(site.briefings.len()),
        }
    }
}

/// What a page says about itself, for its frame.
pub struct Page<'a> {
    /// Name of the template, as in `FrameView::kind`.
    pub kind: &'static str,
    /// Title in the page's own words; empty for the home page.
    pub title: &'a str,
    /// Language of the title.
    pub title_lang: &'a Lang,
    /// Description.
    pub description: &'a str,
    /// Its address.
    pub address: &'a str,
    /// The same page in every language, with its address: own language included.
    pub versions: Vec<(&'a Lang, String)>,
    /// Feeds of its own: name and folder.
    pub feed: Option<(String, String)>,
    /// The picture it is shared with, when it has one of its own.
    pub card: Option<&'a NamedCard>,
    /// What it says to machines.
    pub head: Head,
}

/// What a page says to machines alone.
#[derive(Debug, Default)]
pub struct Head {
    /// Finished JSON-LD; see `structured_data`.
    pub structured_data: String,
    /// Tags of `citation`.
    pub citation_tags: Vec<MetaTagView>,
    /// Properties of Open Graph besides those of every page.
    pub open_graph: Vec<MetaTagView>,
    /// Links.
    pub links: Vec<HeadLinkView>,
}

impl Head {
    /// Adds a link to a page, where there is one.
    pub fn link(&mut self, rel: &'static str, href: Option<impl Into<String>>) {
        let link = href.map(|it| HeadLinkView {
            rel,
            href: it.into(),
            media_type: None,
            title: None,
        });
        self.links.extend(link);
    }
}

impl<'a> Scope<'a> {
    /// Prepares the pages of the language at a place of the list.
    pub fn new(
        site: &'a Site,
        links: &'a Links,
        theme: &'a Theme,
        at: usize,
        lists: Lists<'a>,
    ) -> Self {
        let lang = &site.config.languages[at];
        let words = theme.words(lang);
        let dates = DateFormatter::new(lang, &site.config.date_style(lang));
        let mut scope = Self {
            today: site.config.time_zone.to_datetime(site.clock.now).date(),
            site,
            links,
            theme,
            words,
            lang,
            at,
            dates,
            lists,
            site_card: None,
            site_tree: Tree::default(),
            words_tree: Tree::of(&words.plain),
            kept: KeptViews::of(site),
        };
        scope.site_card = scope.card_of_site();
        scope.site_tree = Tree::of(&scope.site_view());
        scope
    }

    /// What an article needs to become HTML on a page of this language.
    pub fn html(&self) -> HtmlContext<'a> {
        self.html_with("")
    }

    /// The same with the host before every address, as feeds want it.
    pub fn html_with<'o>(&self, origin: &'o str) -> HtmlContext<'o>
    where
        'a: 'o,
    {
        HtmlContext {
            site: self.site,
            links: self.links,
            words: self.words,
            lang: self.lang,
            origin,
            hrefs: &self.theme.hrefs,
            pictures: &self.theme.pictures,
        }
    }

    /// Address of a file of the site.
    pub fn asset(&self, path: &str) -> Option<String> {
        self.theme.hrefs.get(path).cloned()
    }

    /// Renders a page.
    ///
    /// # Errors
    ///
    /// The template asks for what its view does not have.
    pub fn render(
        &self,
        template: &'static str,
        page: &Page<'_>,
        view: &impl serde::Serialize,
    ) -> Result<Vec<u8>, Diagnostic> {
        let frame = self.frame(page);
        let context = PageContext {
            page: &Tree::of(&frame),
            view: &Tree::of_page(view),
            site: &self.site_tree,
            words: &self.words_tree,
        };
        self.theme.render(template, page.address, &context)
    }

    /// An address of the site with its host.
    pub fn absolute(&self, address: &str) -> String {
        self.with_host(&self.links.routes.href(address))
    }

    /// An address as pages have it, with its host.
    pub fn with_host(&self, href: &str) -> String {
        let base = self.site.config.base_path();
        let path = href.strip_prefix(base).unwrap_or(href);
        [&self.site.config.base_url, path].concat()
    }

    /// Scheme and host of the site, without a final slash.
    pub fn origin(&self) -> &'a str {
        let config = &self.site.config;
        let url = config.base_url.trim_end_matches('/');
        url.strip_suffix(config.base_path().trim_end_matches('/')).unwrap_or_default()
    }

    /// Title of the site in this language.
    pub fn site_title(&self) -> (&'a Lang, &'a str) {
        let config = &self.site.config;
        config.title.best(self.lang, &config.lang).unwrap_or((self.lang, ""))
    }

    fn frame<'p>(&'p self, page: &'p Page<'p>) -> FrameView<'p> {
        let (site_lang, site_title) = self.site_title();
        let title = if page.title.is_empty() {
            plain_slot(site_title, self.lang)
        } else {
            page_title(page.title, page.title_lang, site_title, site_lang)
        };
        let routes = &self.links.routes;
        let is_listed = !matches!(page.kind, "not_found" | "redirect");
        let alternates = if is_listed && 1 < page.versions.len() {
            let all = page.versions.iter();
            all.map(|(lang, address)| AlternateView {
                hreflang: lang.as_str(),
                og_locale: lang.open_graph(),
                href: self.absolute(address),
            })
            .collect()
        } else {
            Vec::new()
        };
        let default =
            page.versions.iter().find(|(lang, _)| **lang == self.site.config.lang);
        let x_default = match default {
            Some((_, address)) if 1 < page.versions.len() && is_listed => {
                Some(self.absolute(address))
            }
            _ => None,
        };
        let translations = page
            .versions
            .iter()
            .filter(|(lang, _)| *lang != self.lang)
            .map(|(lang, address)| LinkView {
                href: routes.href(address).into(),
                label: text_on(self.lang, lang, lang.autonym()),
                is_current: false,
            })
            .collect();
        FrameView {
            card: self.card_of(page, &title).filter(|_| is_listed),
            kind: page.kind,
            lang: self.lang.as_str(),
            dir: Direction::of(self.lang).as_str(),
            title,
            description: plain_slot(page.description, self.lang),
            canonical: self.absolute(page.address),
            is_noindex: !is_listed || self.site.clock.is_preview,
            og_title: if page.title.is_empty() {
                plain_slot(site_title, self.lang)
            } else {
                plain_slot(page.title, page.title_lang)
            },
            og_type: match page.kind {
                "briefing" => "article",
                "author" => "profile",
                _ => "website",
            },
            og_locale: self.lang.open_graph(),
            alternates,
            x_default,
            translations,
            open_graph: &page.head.open_graph,
            citation_tags: &page.head.citation_tags,
            structured_data_html: &page.head.structured_data,
            links: &page.head.links,
            manifest_href: routes.href(&format!(
                "{}{}",
                routes.home(self.at),
                crate::link::routes::MANIFEST
            )),
            feeds: self.feeds_of(page),
            stylesheets: self.theme.stylesheets(page.kind),
            preload_fonts: self.theme.preload(self.lang),
            policy: hosts::page_policy(&self.site.config, self.site.clock.is_preview),
            is_preview: self.site.clock.is_preview,
        }
    }

    /// The picture that a page with this title is shared with: its own, else the site's.
    fn card_of(&self, page: &Page<'_>, title: &str) -> Option<SocialCardView> {
        let (card, alt) = match (page.card, &self.site_card) {
            (Some(own), _) => (own, title.to_owned()),
            (None, Some(site)) => (site, plain_slot(self.site_title().1, self.lang)),
            (None, None) => return None,
        };
        let href = self.absolute(&format!("/{}", card.path));
        Some(SocialCardView { href, width: cards::WIDTH, height: cards::HEIGHT, alt })
    }

    /// The feeds of a page, its own before the site's.
    fn feeds_of(&self, page: &Page<'_>) -> Vec<FeedLinkView> {
        let home = self.links.routes.home(self.at);
        let own = page.feed.as_ref().map(|(name, folder)| (name.as_str(), folder));
        let all = own.into_iter().chain([(self.site_title().1, &home)]);
        let files = [
            ("feed.xml", "application/atom+xml"),
            ("feed.json", "application/feed+json"),
        ];
        let is_on = self.site.config.feeds.is_on;
        all.filter(|_| is_on)
            .flat_map(|(name, folder)| {
                files.map(|(file, media_type)| FeedLinkView {
                    title: plain_slot(name, self.lang),
                    href: self.links.routes.href(&format!("{folder}{file}")),
                    media_type,
                })
            })
            .collect()
    }

    /// Address of the logo.
    pub fn logo(&self) -> Option<String> {
        let logo = self.site.config.logo.as_ref()?;
        self.asset(&format!("static/{}", logo.value))
    }

    fn site_view(&self) -> SiteView<'a> {
        let config = &self.site.config;
        let routes = &self.links.routes;
        let link = |address: &str, key: &'a str| LinkView {
            href: routes.href(address).into(),
            label: self.own_text(self.words.get(key)),
            is_current: false,
        };
        let fixed = |path: &str| routes.fixed(self.at, path);
        let mut nav = vec![
            link(&routes.home(self.at), "nav_home"),
            link(&fixed("topics/"), "nav_topics"),
            link(&fixed("archive/"), "nav_archive"),
        ];
        if let Some(address) = routes.chronology(self.at) {
            nav.push(link(&address, "chronology"));
        }
        let pages = self.site.pages.iter().enumerate();
        let mut footer_nav: Vec<LinkView<'a>> = pages
            .filter(|(_, page)| page.lang == *self.lang)
            .map(|(at, page)| LinkView {
                href: routes
                    .href(routes.page(crate::model::PageId::from_index(at)))
                    .into(),
                label: self.own_text(&page.title),
                is_current: false,
            })
            .collect();
        footer_nav.push(link(&fixed("corrections/"), "corrections"));
        let (title_lang, title) = self.site_title();
        SiteView {
            title: self.text(title_lang, title),
            logo: self.logo(),
            description: self.localized(&config.description),
            copyright: self.localized(&config.copyright),
            home_href: routes.href(&routes.home(self.at)),
            nav,
            footer_nav,
            feed_href: routes.href(&format!("{}feed.xml", routes.home(self.at))),
            search_href: routes.search(self.at).map(|it| routes.href(&it)),
        }
    }

    /// A text in a language.
    pub fn text(&self, lang: &'a Lang, text: &'a str) -> TextView<'a> {
        text_on(self.lang, lang, text)
    }

    /// A text in the page's language.
    pub fn own_text(&self, text: &'a str) -> TextView<'a> {
        self.text(self.lang, text)
    }

    /// A text in the page's language, made for this page.
    pub fn made_text(&self, text: String) -> TextView<'a> {
        let text_html = Cow::Owned(html::isolated(&text, self.lang).into_owned());
        TextView { text: Cow::Owned(text), text_html, ..self.own_text("") }
    }

    /// The best version of a text for this page.
    pub fn localized(&self, text: &'a Localized) -> Option<TextView<'a>> {
        let (lang, text) = text.best(self.lang, &self.site.config.lang)?;
        Some(self.text(lang, text))
    }

    /// The same as letters only, for files that have no mark-up.
    pub fn letters(&self, text: &'a Localized) -> Option<&'a str> {
        text.best(self.lang, &self.site.config.lang).map(|(_, text)| text)
    }

    /// A text of a page in its own language only.
    pub fn own_localized(&self, text: &'a Localized) -> Option<TextView<'a>> {
        text.get(self.lang).map(|it| self.own_text(it))
    }

    /// A date or a moment.
    pub fn stamp(&self, stamp: &Stamp) -> DateView {
        DateView { iso: stamp.iso(), text: self.dates.long(stamp.date) }
    }

    /// A date with the precision it has.
    pub fn partial(&self, date: &PartialDate) -> DateView {
        DateView { iso: date.iso(), text: self.dates.partial(date) }
    }

    /// "from … to …" in words; empty when both ends are open.
    pub fn period(&self, period: &Period) -> String {
        let text = |it: &PartialDate| self.dates.partial(it);
        match (&period.from, &period.to) {
            (Some(from), Some(to)) if from == to => text(from),
            (Some(from), Some(to)) => {
                self.words.with("period", &[("from", &text(from)), ("to", &text(to))])
            }
            (Some(from), None) => self.words.with("since", &[("from", &text(from))]),
            (None, Some(to)) => self.words.with("until", &[("to", &text(to))]),
            (None, None) => String::new(),
        }
    }

    /// Names of those who wrote a briefing.
    pub fn bylines(&self, briefing: &'a Briefing) -> Vec<SharedView<BylineView<'a>>> {
        briefing
            .authors
            .iter()
            .filter_map(|it| match it {
                Byline::Author(id) => self.kept.bylines.get(id.at(), || {
                    let name = self.localized(&self.site.authors[id.at()].name)?;
                    let routes = &self.links.routes;
                    let address = routes.author(*id, self.at);
                    let href = address.map(|it| routes.href(it).into());
                    Some(SharedView::new(BylineView { name, href }))
                }),
                Byline::Name(name) => {
                    let name = self.own_text(name);
                    Some(SharedView::new(BylineView { name, href: None }))
                }
            })
            .collect()
    }

    /// A topic as a link.
    pub fn topic_link(&self, id: TopicId) -> Option<SharedView<LinkView<'a>>> {
        self.kept.topic_links.get(id.at(), || {
            let topic = &self.site.topics[id.at()];
            let href = html::topic_href(self.site, self.links, id, self.lang)?;
            let label = self.localized(&topic.title)?;
            Some(SharedView::new(LinkView { href, label, is_current: false }))
        })
    }

    /// Key of the word for the kind of a topic.
    pub fn kind_of_topic(topic: &Topic) -> &'static str {
        match topic.kind.as_str() {
            "theme" => "topic_theme",
            "country" => "topic_country",
            "region" => "topic_region",
            "place" => "topic_place",
            "person" => "topic_person",
            "organisation" => "topic_organisation",
            "agreement" => "topic_agreement",
            "event" => "topic_event",
            "weapon" => "topic_weapon",
            _ => "topic_product",
        }
    }

    /// How many briefings of the language are about a topic or name it.
    pub fn n_briefings(&self, id: TopicId) -> usize {
        self.links.counts[self.at][id.at()] as usize
    }

    /// A topic in a list.
    pub fn topic_card(&self, id: TopicId) -> Option<SharedView<TopicCardView<'a>>> {
        let new = || Some(self.share_topic_card(self.new_topic_card(id)?));
        self.kept.topic_cards.get(id.at(), new)
    }

    /// A topic in a list, which is not shared yet.
    pub fn new_topic_card(&self, id: TopicId) -> Option<TopicCardView<'a>> {
        let topic = &self.site.topics[id.at()];
        let link = self.topic_link(id)?;
        Some(TopicCardView {
            href: link.href.clone(),
            title: link.label.clone(),
            kind: self.words.get(Self::kind_of_topic(topic)),
            kind_id: topic.kind.as_str(),
            summary: topic.meta.summary.as_ref().and_then(|it| self.localized(&it.value)),
            count: match self.n_briefings(id) {
                0 => String::new(),
                n => self.words.count("n_briefings", n),
            },
            anchor: &topic.id,
            card_html: String::new(),
        })
    }

    /// The summary of a briefing.
    pub fn summary(&self, id: BriefingId) -> &'a str {
        self.lists.summaries[id.at()]
            .get_or_init(|| summary(&self.site.briefings[id.at()]))
    }

    /// What a kind of briefing is called.
    pub fn kind(&self, kind: BriefingKind) -> &'a str {
        self.words.get(kind_words(kind).0)
    }

    /// What several briefings of a kind are called, for a heading.
    pub fn kind_heading(&self, kind: BriefingKind) -> &'a str {
        self.words.get(kind_words(kind).1)
    }

    /// A briefing in a list.
    pub fn card(&self, id: BriefingId) -> SharedView<CardView<'a>> {
        self.kept.cards.get(id.at(), || {
            let card = self.new_card(id);
            let mut tree = Tree::of(&card);
            // Only templates ask for it, and there are as many cards as briefings.
            let html = self.component("mz.card", &[("card", &tree)]);
            tree.set("card_html", &html);
            SharedView::of(card, tree)
        })
    }

    fn new_card(&self, id: BriefingId) -> CardView<'a> {
        let briefing = &self.site.briefings[id.at()];
        let routes = &self.links.routes;
        let summary = self.summary(id);
        let n_minutes = minutes(briefing.body.outline().n_words, &briefing.lang);
        CardView {
            href: routes.href(routes.briefing(id)).into(),
            title: self.text(&briefing.lang, &briefing.title),
            summary: (!summary.is_empty()).then(|| self.text(&briefing.lang, summary)),
            date: briefing.date.as_ref().map(|it| self.stamp(it)),
            kind: self.kind(briefing.kind),
            number: briefing.meta.number.as_ref().map(|it| it.value.as_str()),
            authors: self.bylines(briefing),
            topics: briefing
                .topics
                .iter()
                .take(3)
                .filter_map(|it| self.topic_link(*it))
                .collect(),
            reading_time: match briefing.body.outline().n_words {
                0 => String::new(),
                _ => self.words.count("reading_time", n_minutes as usize),
            },
            is_withdrawn: briefing.status == Status::Withdrawn,
            card_html: String::new(),
        }
    }

    /// What a component makes of its arguments, whatever page it stands on; empty where it
    /// fails or asks for the page: the page itself shows it then, or reports the mistake.
    fn component(&self, name: &str, args: &[(&'static str, &Tree)]) -> String {
        let implicit = [("site", &self.site_tree), ("t", &self.words_tree)];
        self.theme.component(name, args, &implicit).unwrap_or_default()
    }

    /// Makes a topic in a list ready to be shared.
    pub fn share_topic_card(
        &self,
        mut card: TopicCardView<'a>,
    ) -> SharedView<TopicCardView<'a>> {
        let args = [("topic", &Tree::of(&card)), ("with_summary", &Tree::of(&true))];
        card.card_html = self.component("mz.topic_card", &args);
        SharedView::new(card)
    }

    /// A briefing that names a topic, with the sentence.
    pub fn topic_backlink(&self, id: BriefingId, topic: TopicId) -> BacklinkView<'a> {
        let named = self.links.naming(id, topic);
        let Briefing { lang, body, .. } = &*self.site.briefings[id.at()];
        let all = named.iter().flat_map(|it| &it.sentences);
        let mut sentences = all.map(|it| marked(it, &body.source, lang));
        let sentence = sentences.next().unwrap_or_default();
        let more_sentences_html: Vec<String> = sentences.collect();
        let more = match more_sentences_html.len() {
            0 => String::new(),
            n => self.words.count("n_more_sentences", n),
        };
        BacklinkView {
            card: self.card(id),
            sentence_html: sentence.into(),
            more_sentences_html,
            more,
            count: match named {
                None => String::new(),
                Some(it) => self.words.count("n_mentions", it.count as usize),
            },
        }
    }
}

/// A text in a language, on a page in `page`.
fn text_on<'t>(page: &Lang, lang: &'t Lang, text: &'t str) -> TextView<'t> {
    TextView {
        text: Cow::Borrowed(text),
        text_html: html::isolated(text, lang),
        lang: lang.as_str(),
        dir: Direction::of(lang).as_str(),
        is_foreign: lang != page,
    }
}

/// The words for a kind of briefing: for one, and for several.
fn kind_words(kind: BriefingKind) -> (&'static str, &'static str) {
    match kind {
        BriefingKind::Flash => ("kind_flash", "kind_flash_many"),
        BriefingKind::Briefing => ("kind_briefing", "kind_briefing_many"),
        BriefingKind::Analysis => ("kind_analysis", "kind_analysis_many"),
        BriefingKind::Backgrounder => ("kind_backgrounder", "kind_backgrounder_many"),
        BriefingKind::Report => ("kind_report", "kind_report_many"),
        BriefingKind::Tracker => ("kind_tracker", "kind_tracker_many"),
        BriefingKind::Digest => ("kind_digest", "kind_digest_many"),
    }
}

/// A sentence of an article in `lang` with its name marked, as HTML.
pub fn marked(sentence: &Quote, source: &str, lang: &Lang) -> String {
    let range = sentence.marked.start as usize..sentence.marked.end as usize;
    html::marked(sentence.text(source), range, lang)
}

/// The summaries of all briefings, each made when somebody asks for it.
pub type Summaries = [OnceLock<String>];

/// The summary of a briefing: the author's, else the beginning of the text.
fn summary(briefing: &Briefing) -> String {
    let written = briefing.meta.summary.as_ref();
    match written.and_then(|it| it.value.get(&briefing.lang)) {
        Some(text) => text.to_owned(),
        None => briefing
            .body
            .first_paragraph()
            .map(|it| excerpt(&it, SUMMARY_CHARS))
            .unwrap_or_default(),
    }
}
