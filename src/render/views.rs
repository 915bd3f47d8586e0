//! Views: everything a template may print, one struct per page template.
//!
//! A view arrives finished: lists are sorted and cut, dates are words, counts are
//! phrases in the page's language, every link has its address and every text knows its
//! language and direction. Templates decide nothing but markup. This is the only module
//! that derives `Serialize` for templates; docs/TEMPLATES.md explains it to theme authors.

use std::borrow::Cow;

use serde::Serialize;

use crate::render::theme::SharedView;

/// A piece of text with its language, printed by the component `mz.text`.
#[derive(Debug, Clone, Serialize)]
pub struct TextView<'a> {
    /// The text itself, not escaped; for attributes.
    pub text: Cow<'a, str>,
    /// The text as finished HTML: escaped, with runs of the other direction and numbers with
    /// signs in `<bdi>`.
    pub text_html: Cow<'a, str>,
    /// BCP 47 tag of the text.
    pub lang: &'a str,
    /// `rtl` or `ltr`, from the script of `lang`.
    pub dir: &'static str,
    /// Whether `lang` differs from the language of the page.
    pub is_foreign: bool,
}

/// A link to a page of the site.
#[derive(Debug, Clone, Serialize)]
pub struct LinkView<'a> {
    /// Address relative to the host's root, percent-encoded.
    pub href: Cow<'a, str>,
    /// What the link says.
    pub label: TextView<'a>,
    /// Whether the link leads to the page it stands on, or to its section.
    pub is_current: bool,
}

/// A date for `<time>`.
#[derive(Debug, Clone, Serialize)]
pub struct DateView {
    /// ISO 8601, ASCII, for the attribute `datetime`; never shown (rtl-rules R23).
    pub iso: String,
    /// In words, in the page's language and calendar.
    pub text: String,
}

/// The page around the content: what `base.html` prints. In every context as `page`.
#[derive(Debug, Clone, Serialize)]
pub struct FrameView<'a> {
    /// Which page this is: `home`, `briefing`, `topic`, `topics`, `author`, `series`,
    /// `archive`, `chronology`, `search`, `corrections`, `page`, `not_found`, `redirect`.
    pub kind: &'static str,
    /// BCP 47 tag of the page, for `<html lang>`.
    pub lang: &'a str,
    /// `rtl` or `ltr`, for `<html dir>`.
    pub dir: &'static str,
    /// For `<title>`: page and site, isolated for a plain-text slot.
    pub title: String,
    /// For `<meta name="description">`; empty when there is nothing to say.
    pub description: String,
    /// Absolute address of this page.
    pub canonical: String,
    /// Whether search engines must leave the page out (404, redirects).
    pub is_noindex: bool,
    /// For `og:title`: the title without the name of the site.
    pub og_title: String,
    /// `article` for a briefing, `profile` for an author, else `website`.
    pub og_type: &'static str,
    /// Open Graph form of the language, such as `ar_AR`.
    pub og_locale: String,
    /// The same page in every language it has, this one included; empty when there is
    /// only one. Absolute addresses.
    pub alternates: Vec<AlternateView<'a>>,
    /// Absolute address of the page for readers of no listed language.
    pub x_default: Option<String>,
    /// The same page in the *other* languages, for the language switch.
    pub translations: Vec<LinkView<'a>>,
    /// More properties of Open Graph, in the order of the page: `article:published_time`,
    /// `article:tag`.
    pub open_graph: &'a [MetaTagView],
    /// What reference managers read (`citation_title`, `citation_author`); only a briefing
    /// has it.
    pub citation_tags: &'a [MetaTagView],
    /// What the page is, in the words of schema.org: JSON-LD for one `<script>`, with every
    /// `<` escaped; empty for a page that says nothing.
    pub structured_data_html: &'a str,
    /// Links of the head that the page alone has: its authors, its neighbours in a list or
    /// a series, its citation files.
    pub links: &'a [HeadLinkView],
    /// Address of the web app manifest in this language.
    pub manifest_href: String,
    /// Feeds that a reader of this page may want, most specific first.
    pub feeds: Vec<FeedLinkView>,
    /// Addresses of the style sheets, in order.
    pub stylesheets: &'a [String],
    /// Addresses of the fonts to preload.
    pub preload_fonts: &'a [String],
    /// The content security policy that the page says by itself, where a host of the site
    /// sends no headers; else empty.
    pub policy: &'static str,
    /// Whether drafts or embargoed texts are part of this build.
    pub is_preview: bool,
    /// The picture it is shared with; none when cards are off or have no letters for the titles
    /// of page and site, and on 404 and redirects.
    pub card: Option<SocialCardView>,
}

/// The picture that a page is shared with.
#[derive(Debug, Clone, Serialize)]
pub struct SocialCardView {
    /// Absolute address of a PNG.
    pub href: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// What it says, for those who do not see it; ready for a plain-text slot.
    pub alt: String,
}

/// One `<link rel="alternate" hreflang>`.
#[derive(Debug, Clone, Serialize)]
pub struct AlternateView<'a> {
    /// BCP 47 tag.
    pub hreflang: &'a str,
    /// The same in the form of Open Graph.
    pub og_locale: String,
    /// Absolute address.
    pub href: String,
}

/// One `<meta>`.
#[derive(Debug, Clone, Serialize)]
pub struct MetaTagView {
    /// Value of `name`, or of `property` for Open Graph.
    pub name: &'static str,
    /// Value of `content`, without invisible controls.
    pub content: String,
}

/// One `<link>` of the head.
#[derive(Debug, Clone, Serialize)]
pub struct HeadLinkView {
    /// Link type: `author`, `prev`, `next`, `alternate`.
    pub rel: &'static str,
    /// Address relative to the host's root.
    pub href: String,
    /// Media type of a file; none for a page.
    pub media_type: Option<&'static str>,
    /// What the file is, ready for a plain-text slot; none for a page.
    pub title: Option<String>,
}

/// One feed of the page.
#[derive(Debug, Clone, Serialize)]
pub struct FeedLinkView {
    /// Name of the feed, ready for a plain-text slot.
    pub title: String,
    /// Address relative to the host's root.
    pub href: String,
    /// Media type: `application/atom+xml` or `application/feed+json`.
    pub media_type: &'static str,
}

/// The site in the page's language. In every context as `site`.
#[derive(Debug, Clone, Serialize)]
pub struct SiteView<'a> {
    /// Title of the site.
    pub title: TextView<'a>,
    /// Address of the logo that stands for the title in the masthead.
    pub logo: Option<String>,
    /// What the site is, one sentence.
    pub description: Option<TextView<'a>>,
    /// Copyright line of the footer.
    pub copyright: Option<TextView<'a>>,
    /// Address of the home page in this language.
    pub home_href: String,
    /// Main navigation: home, topics, archive, chronology where there is one.
    pub nav: Vec<LinkView<'a>>,
    /// Footer: the site's own pages (about …), corrections.
    pub footer_nav: Vec<LinkView<'a>>,
    /// Address of the Atom feed in this language.
    pub feed_href: String,
    /// Address of the search page in this language; none when search is off.
    pub search_href: Option<String>,
}

/// A briefing in a list.
#[derive(Debug, Clone, Serialize)]
pub struct CardView<'a> {
    /// Address of the briefing.
    pub href: Cow<'a, str>,
    /// Its title.
    pub title: TextView<'a>,
    /// Its summary, or the beginning of its text.
    pub summary: Option<TextView<'a>>,
    /// When it was published; a plain-text article may have no date.
    pub date: Option<DateView>,
    /// What kind of briefing, in words ("Analysis").
    pub kind: &'a str,
    /// Number, such as `MB-2025-014`.
    pub number: Option<&'a str>,
    /// Who wrote it.
    pub authors: Vec<SharedView<BylineView<'a>>>,
    /// Its first topics, at most three.
    pub topics: Vec<SharedView<LinkView<'a>>>,
    /// Reading time in words ("6 minutes").
    pub reading_time: String,
    /// Whether it was withdrawn.
    pub is_withdrawn: bool,
    /// What `mz.card` makes of it with a heading of level 3, finished HTML: it is made once
    /// and shown by many pages; empty while it is made.
    pub card_html: String,
}

/// An author in a byline; one without a record has no address.
#[derive(Debug, Clone, Serialize)]
pub struct BylineView<'a> {
    /// Name as it is printed.
    pub name: TextView<'a>,
    /// Address of the author's page.
    pub href: Option<Cow<'a, str>>,
}

/// `pages/home.html`.
#[derive(Debug, Clone, Serialize)]
pub struct HomeView<'a> {
    /// The newest briefing, shown large.
    pub lead: Option<SharedView<CardView<'a>>>,
    /// What to know before reading it, at most three points.
    pub lead_points: Vec<TextView<'a>>,
    /// The next ones, newest first.
    pub latest: Vec<SharedView<CardView<'a>>>,
    /// Older ones by their kind; kinds with a newer briefing first.
    pub kinds: Vec<KindView<'a>>,
    /// The topics with most briefings.
    pub topics: Vec<SharedView<TopicCardView<'a>>>,
    /// The series.
    pub series: Vec<SeriesCardView<'a>>,
    /// Address of the archive.
    pub archive_href: String,
    /// Address of the list of topics.
    pub topics_href: String,
}

/// The newest briefings of a kind.
#[derive(Debug, Clone, Serialize)]
pub struct KindView<'a> {
    /// Identifier of the kind (`analysis`), for styling.
    pub kind_id: &'static str,
    /// The kind, in words, for a heading ("Analyses").
    pub title: &'a str,
    /// Its briefings, newest first.
    pub cards: Vec<SharedView<CardView<'a>>>,
}

/// A topic in a list.
#[derive(Debug, Clone, Serialize)]
pub struct TopicCardView<'a> {
    /// Address of its page, or of its line on the list of topics.
    pub href: Cow<'a, str>,
    /// Its title.
    pub title: TextView<'a>,
    /// What kind of topic, in words ("Country").
    pub kind: &'a str,
    /// Identifier of the kind (`country`), for styling.
    pub kind_id: &'static str,
    /// One or two sentences about it.
    pub summary: Option<TextView<'a>>,
    /// How many briefings there are, in words ("3 briefings"); empty for none.
    pub count: String,
    /// Identifier of its line on the list of topics.
    pub anchor: &'a str,
    /// What `mz.topic_card` makes of it with its summary, finished HTML: it is made once and
    /// shown by many pages; empty while it is made.
    pub card_html: String,
}

/// A series in a list.
#[derive(Debug, Clone, Serialize)]
pub struct SeriesCardView<'a> {
    /// Address of its page.
    pub href: Cow<'a, str>,
    /// Its title.
    pub title: TextView<'a>,
    /// What it is about.
    pub summary: Option<TextView<'a>>,
    /// How many briefings, in words.
    pub count: String,
}

/// `pages/briefing.html`.
#[derive(Debug, Clone, Serialize)]
pub struct BriefingView<'a> {
    /// Title, summary, date, kind, number, authors, topics, reading time.
    pub card: SharedView<CardView<'a>>,
    /// Whether the summary was written by the author, and so is shown above the text.
    pub has_own_summary: bool,
    /// The primary topic, for the line above the title.
    pub primary_topic: Option<SharedView<LinkView<'a>>>,
    /// All topics of the briefing, in the author's order.
    pub topics: Vec<SharedView<TopicCardView<'a>>>,
    /// Last update, when later than publication.
    pub updated: Option<DateView>,
    /// What the text takes into account ends here.
    pub information_cutoff: Option<DateView>,
    /// What to know before reading.
    pub key_points: Vec<TextView<'a>>,
    /// Judgements with their likelihood and confidence.
    pub key_judgements: Vec<JudgementView<'a>>,
    /// What the words of likelihood mean, unlikely first; empty where no judgement has one.
    pub likelihood_scale: Vec<LikelihoodView<'a>>,
    /// Headings of the text, for a table of contents; empty below four.
    pub contents: Vec<HeadingView>,
    /// The text, finished HTML.
    pub body_html: &'a str,
    /// Footnotes, finished HTML (`<section class="footnotes">…`); may be empty.
    pub footnotes_html: &'a str,
    /// Sources, numbered from 1 in this order.
    pub sources: Vec<SourceView<'a>>,
    /// Corrections, newest first.
    pub corrections: Vec<NoteView<'a>>,
    /// Public change log, newest first.
    pub changes: Vec<NoteView<'a>>,
    /// The picture above the text.
    pub image: Option<ImageView<'a>>,
    /// The series it belongs to, and its place in it.
    pub series: Option<SeriesPlaceView<'a>>,
    /// Related briefings, best first.
    pub related: Vec<SharedView<CardView<'a>>>,
    /// Briefings that link to this one, with the sentence that does.
    pub backlinks: Vec<BacklinkView<'a>>,
    /// Topics of the briefing and those named in its text, in that order, each with the
    /// first sentence of its summary: who and what a reader meets.
    pub who: Vec<SharedView<TopicCardView<'a>>>,
    /// What `who` leaves out of sight until it is asked for.
    pub who_more: Vec<SharedView<TopicCardView<'a>>>,
    /// How many `who_more` are, in words ("5 more names").
    pub who_more_label: String,
    /// Dates of the events and agreements among them, by years; empty below two.
    pub events: Vec<ChronologyYearView<'a>>,
    /// The original, when this is a translation of an earlier state of it.
    pub stale: Option<LinkView<'a>>,
    /// Set when the briefing was withdrawn: the reason, in the editor's words or ours.
    pub withdrawn: Option<TextView<'a>>,
    /// Files for reference managers.
    pub citation: CitationView,
    /// The author's own keys, under `extra:` in the metadata; every value is a text.
    pub extra: serde_json::Value,
}

/// The files of a briefing for reference managers.
#[derive(Debug, Clone, Serialize)]
pub struct CitationView {
    /// Key of the briefing in them, and the name under which a reader keeps them.
    pub key: String,
    /// Address of the BibTeX file.
    pub bibtex_href: String,
    /// Address of the RIS file.
    pub ris_href: String,
}

/// A key judgement.
#[derive(Debug, Clone, Serialize)]
pub struct JudgementView<'a> {
    /// The judgement.
    pub text: TextView<'a>,
    /// Likelihood in words, such as "likely (55–80 %)".
    pub likelihood: Option<String>,
    /// Likelihood from 1 to 7, for a scale; 0 when there is none.
    pub likelihood_step: u8,
    /// Confidence in words.
    pub confidence: Option<&'a str>,
}

/// A word of likelihood.
#[derive(Debug, Clone, Serialize)]
pub struct LikelihoodView<'a> {
    /// From 1 to 7.
    pub step: u8,
    /// The word ("likely").
    pub term: &'a str,
    /// What it means ("55–80 %"), in the page's digits.
    pub range: TextView<'a>,
}

/// A heading in the table of contents.
#[derive(Debug, Clone, Serialize)]
pub struct HeadingView {
    /// 2 to 6.
    pub level: u8,
    /// Fragment identifier, without `#`.
    pub id: String,
    /// Text of the heading, finished HTML.
    pub text_html: String,
}

/// A source of a briefing.
#[derive(Debug, Clone, Serialize)]
pub struct SourceView<'a> {
    /// Number in the list, from 1, in the page's digits.
    pub number: String,
    /// Fragment identifier, without `#`.
    pub id: String,
    /// Title of the source.
    pub title: TextView<'a>,
    /// Address of the source.
    pub url: Option<&'a str>,
    /// Who published it.
    pub publisher: Option<TextView<'a>>,
    /// When.
    pub date: Option<DateView>,
    /// Name of the source's language, when it is not the page's.
    pub language: Option<TextView<'a>>,
    /// Admiralty grade, such as `B2`.
    pub grade: Option<&'a str>,
}

/// A dated note: a correction or a change.
#[derive(Debug, Clone, Serialize)]
pub struct NoteView<'a> {
    /// When.
    pub date: DateView,
    /// What.
    pub text: TextView<'a>,
    /// Whether readers were told (changes only).
    pub is_major: bool,
}

/// A picture.
#[derive(Debug, Clone, Serialize)]
pub struct ImageView<'a> {
    /// Address of a JPEG, PNG, GIF, AVIF or SVG file that every browser can show.
    pub src: &'a str,
    /// Width of `src` in CSS pixels.
    pub width: u32,
    /// Height of `src` in CSS pixels.
    pub height: u32,
    /// The files of `src` in several widths, for the attribute `srcset`; empty for a picture that is published as it is.
    pub srcset: &'a str,
    /// WebP files in several widths, for a `<source>`; empty for a picture that is published as it is.
    pub webp_srcset: &'a str,
    /// How wide the picture is on the page, for the attribute `sizes`.
    pub sizes: String,
    /// What it shows, for those who do not see it.
    pub alt: TextView<'a>,
    /// Whose it is.
    pub credit: TextView<'a>,
    /// What it shows, for everybody.
    pub caption: Option<TextView<'a>>,
    /// Under which licence.
    pub licence: Option<TextView<'a>>,
}

/// The place of a briefing in its series.
#[derive(Debug, Clone, Serialize)]
pub struct SeriesPlaceView<'a> {
    /// The series.
    pub series: LinkView<'a>,
    /// "Part 2 of 4", in words.
    pub place: String,
    /// Place among the parts that are public, from 1.
    pub position: usize,
    /// The briefing before this one.
    pub previous: Option<LinkView<'a>>,
    /// The briefing after this one.
    pub next: Option<LinkView<'a>>,
}

/// A briefing that names this page, with the sentence in which it does.
#[derive(Debug, Clone, Serialize)]
pub struct BacklinkView<'a> {
    /// The briefing.
    pub card: SharedView<CardView<'a>>,
    /// The sentence, escaped HTML with `<mark>` around whole words; empty when the
    /// briefing lists the topic but never names it.
    pub sentence_html: Cow<'a, str>,
    /// Up to two further sentences, in the same form.
    pub more_sentences_html: Vec<String>,
    /// How many further sentences, in words ("2 more sentences"); empty for none.
    pub more: String,
    /// How often, in words ("4 mentions"); empty for none.
    pub count: String,
}

/// `pages/topic.html`.
#[derive(Debug, Clone, Serialize)]
pub struct TopicView<'a> {
    /// Title, kind, summary, count.
    pub card: SharedView<TopicCardView<'a>>,
    /// Other names, joined as a list in the page's language; empty for none.
    pub aliases: Vec<TextView<'a>>,
    /// From the top of the hierarchy to this topic's parent.
    pub breadcrumbs: Vec<SharedView<LinkView<'a>>>,
    /// Its long text, finished HTML; may be empty.
    pub body_html: &'a str,
    /// Fact table.
    pub facts: Vec<FactView<'a>>,
    /// The roles of a person, or those who lead an organisation or a country and belong
    /// to it.
    pub roles: Option<RolesView<'a>>,
    /// Relations to other topics, own and inverse, grouped by relation; those in `roles`
    /// left out.
    pub relations: Vec<RelationView<'a>>,
    /// Topics that name this one as parent.
    pub children: Vec<SharedView<TopicCardView<'a>>>,
    /// What happened and what was published, by years, newest first; empty when there are
    /// only briefings.
    pub chronology: Vec<ChronologyYearView<'a>>,
    /// How many older lines a long chronology leaves out, with the way to the list.
    pub chronology_rest: Option<LinkView<'a>>,
    /// The oldest briefing about or naming the topic; only when there is more than one.
    pub first_mention: Option<MentionView<'a>>,
    /// The newest one.
    pub last_mention: Option<MentionView<'a>>,
    /// Briefings chosen by the editor.
    pub featured: Vec<SharedView<CardView<'a>>>,
    /// Briefings about the topic, newest first; this page's part of them.
    pub about: Vec<BacklinkView<'a>>,
    /// Briefings that mention it, newest first; this page's part of them.
    pub mentions: Vec<BacklinkView<'a>>,
    /// Topics that appear with this one, most often first.
    pub appears_with: Vec<TogetherView<'a>>,
    /// A picture of `appears_with` and of who appears with whom among them, finished SVG;
    /// empty for a short list.
    pub figure_svg_html: String,
    /// Address of the topic's Atom feed; none when feeds are off.
    pub feed_href: Option<String>,
    /// Links to the other parts of the list, when it is long.
    pub pagination: Option<PaginationView>,
    /// Whether this is the first part, which alone shows text, facts and relations.
    pub is_first_part: bool,
}

/// A briefing at the beginning or the end of what there is on a topic.
#[derive(Debug, Clone, Serialize)]
pub struct MentionView<'a> {
    /// When it was published.
    pub date: DateView,
    /// The briefing.
    pub briefing: LinkView<'a>,
}

/// A topic that appears with another one.
#[derive(Debug, Clone, Serialize)]
pub struct TogetherView<'a> {
    /// Place in the list, from 1, in the page's digits.
    pub rank: String,
    /// The topic.
    pub topic: SharedView<TopicCardView<'a>>,
    /// In how many briefings they appear together, in words.
    pub count: String,
}

/// The roles of a person, or those who lead an organisation or a country.
#[derive(Debug, Clone, Serialize)]
pub struct RolesView<'a> {
    /// Heading, in words.
    pub title: &'a str,
    /// Roles by their names: offices before membership, current before former ones, the
    /// newest first.
    pub groups: Vec<RelationView<'a>>,
}

/// A line of the fact table.
#[derive(Debug, Clone, Serialize)]
pub struct FactView<'a> {
    /// Left-hand word: "Capital".
    pub label: TextView<'a>,
    /// Its value.
    pub value: TextView<'a>,
    /// From when to when it holds, in words; empty when always.
    pub period: String,
    /// Where it is from: an address.
    pub source: Option<&'a str>,
}

/// All relations of one sort.
#[derive(Debug, Clone, Serialize)]
pub struct RelationView<'a> {
    /// Name of the relation, in words ("Member of"), or title of the office.
    pub label: TextView<'a>,
    /// The topics on the other side.
    pub targets: Vec<RelatedTopicView<'a>>,
}

/// The other side of a relation.
#[derive(Debug, Clone, Serialize)]
pub struct RelatedTopicView<'a> {
    /// The topic.
    pub topic: SharedView<LinkView<'a>>,
    /// From when to when, in words; empty when always.
    pub period: String,
    /// Whether it ended before this build.
    pub is_former: bool,
    /// What to add.
    pub note: Option<TextView<'a>>,
}

/// A year of a chronology.
#[derive(Debug, Clone, Serialize)]
pub struct ChronologyYearView<'a> {
    /// The year, in the page's digits.
    pub label: String,
    /// What happened, newest first. A date of a month stands under the days of the month,
    /// that of a year at the end.
    pub events: Vec<EventView<'a>>,
}

/// A line of a chronology.
#[derive(Debug, Clone, Serialize)]
pub struct EventView<'a> {
    /// When, without the year of the heading; month and year precision are kept, so the
    /// words are empty where only the year is known.
    pub date: DateView,
    /// What: a briefing, an event, an agreement, the other side of a relation.
    pub link: SharedView<LinkView<'a>>,
    /// Kind, in words: "Briefing", "Agreement", "Joined", "Left office".
    pub kind: Cow<'a, str>,
    /// `briefing`, `relation`, or the topic's kind.
    pub kind_id: &'static str,
    /// What the relation adds.
    pub note: Option<TextView<'a>>,
}

/// Links between the parts of a long list.
#[derive(Debug, Clone, Serialize)]
pub struct PaginationView {
    /// "Page 2 of 7", in words.
    pub place: String,
    /// Address of the part before (newer).
    pub previous: Option<String>,
    /// Address of the part after (older).
    pub next: Option<String>,
}

/// `pages/topics.html`: the A–Z.
#[derive(Debug, Clone, Serialize)]
pub struct TopicsView<'a> {
    /// Letters that have topics, in alphabetical order.
    pub groups: Vec<LetterView<'a>>,
    /// How many topics, in words.
    pub count: String,
}

/// The topics under one letter.
#[derive(Debug, Clone, Serialize)]
pub struct LetterView<'a> {
    /// The letter; Latin names are grouped under `A–Z` on an Arabic page.
    pub letter: String,
    /// Fragment identifier, without `#`.
    pub id: String,
    /// Topics, in alphabetical order.
    pub topics: Vec<EntryView<'a>>,
}

/// A topic in the A–Z.
#[derive(Debug, Clone, Serialize)]
pub struct EntryView<'a> {
    /// Title, kind, summary, count.
    pub topic: SharedView<TopicCardView<'a>>,
    /// Whether it has a page; else this line is what links lead to.
    pub has_page: bool,
    /// Other names, where there is no page.
    pub aliases: Vec<TextView<'a>>,
    /// The newest briefing that names it, where there is no page.
    pub named_in: Option<BacklinkView<'a>>,
}

/// `pages/author.html`.
#[derive(Debug, Clone, Serialize)]
pub struct AuthorView<'a> {
    /// Name.
    pub name: TextView<'a>,
    /// What the author does.
    pub role: Option<TextView<'a>>,
    /// Who the author is.
    pub bio: Option<TextView<'a>>,
    /// Briefings by the author, newest first; this page's part of them.
    pub briefings: Vec<SharedView<CardView<'a>>>,
    /// How many briefings, in words.
    pub count: String,
    /// Links to the other parts of the list.
    pub pagination: Option<PaginationView>,
}

/// `pages/series.html`.
#[derive(Debug, Clone, Serialize)]
pub struct SeriesView<'a> {
    /// Title.
    pub title: TextView<'a>,
    /// What it is about.
    pub summary: Option<TextView<'a>>,
    /// How often it appears, in words.
    pub cadence: Option<TextView<'a>>,
    /// Its briefings in the order of the series.
    pub briefings: Vec<SeriesPartView<'a>>,
    /// How many briefings, in words.
    pub count: String,
}

/// One part of a series.
#[derive(Debug, Clone, Serialize)]
pub struct SeriesPartView<'a> {
    /// Its number, in the page's digits; empty when it has none.
    pub number: String,
    /// The briefing.
    pub card: SharedView<CardView<'a>>,
}

/// `pages/archive.html`: the whole archive, a year, or a month of it.
#[derive(Debug, Clone, Serialize)]
pub struct ArchiveView<'a> {
    /// Heading of the page: "Archive", "2025", "March 2025".
    pub heading: String,
    /// From the archive down to the page above this one.
    pub breadcrumbs: Vec<LinkView<'a>>,
    /// Years of the archive, newest first; only on the first page.
    pub years: Vec<ArchiveYearView>,
    /// Months with their briefings, newest first; empty on a page of years.
    pub months: Vec<ArchiveMonthView<'a>>,
    /// Briefings without a date.
    pub undated: Vec<SharedView<CardView<'a>>>,
}

/// A year in the archive.
#[derive(Debug, Clone, Serialize)]
pub struct ArchiveYearView {
    /// The year, in the page's digits.
    pub label: String,
    /// Address of its page.
    pub href: String,
    /// How many briefings, in words.
    pub count: String,
    /// Its months, newest first.
    pub months: Vec<ArchiveLinkView>,
}

/// A year, or a month in the list of years.
#[derive(Debug, Clone, Serialize)]
pub struct ArchiveLinkView {
    /// "2025", "March".
    pub label: String,
    /// Address of its page.
    pub href: String,
    /// How many briefings, in words.
    pub count: String,
}

/// A month with its briefings.
#[derive(Debug, Clone, Serialize)]
pub struct ArchiveMonthView<'a> {
    /// "March 2025".
    pub label: String,
    /// Address of its page.
    pub href: String,
    /// How many briefings, in words.
    pub count: String,
    /// Its briefings, newest first; empty when the year is too long to list here.
    pub briefings: Vec<SharedView<CardView<'a>>>,
}

/// `pages/chronology.html`: the dates of all events and agreements.
#[derive(Debug, Clone, Serialize)]
pub struct ChronologyView<'a> {
    /// By years, newest first; this page's part of them.
    pub years: Vec<ChronologyYearView<'a>>,
    /// How many dates, in words.
    pub count: String,
    /// Links to the other parts, when there are many.
    pub pagination: Option<PaginationView>,
}

/// `pages/search.html`: the form, what to go on from without a query, and what the script
/// needs.
#[derive(Debug, Clone, Serialize)]
pub struct SearchView<'a> {
    /// Topics with a page, those with most briefings first.
    pub topics: Vec<SharedView<TopicCardView<'a>>>,
    /// Address of the list of topics.
    pub topics_href: String,
    /// Years of the archive, newest first.
    pub years: Vec<ArchiveLinkView>,
    /// Address of the archive.
    pub archive_href: String,
    /// The languages that can be searched, that of the page first.
    pub languages: Vec<SearchLanguageView<'a>>,
    /// Name of the digits of the page as `Intl` knows them: `latn`, `arab`, `arabext`.
    pub digits: &'static str,
    /// "3 results", in every plural form.
    pub n_results: Vec<PluralFormView>,
    /// "3 briefings", in every plural form.
    pub n_briefings: Vec<PluralFormView>,
    /// Says that there is no result, with `{query}` in place of what was asked for.
    pub nothing: String,
    /// Says that a word was taken for another one, with `{word}` in place of the word that
    /// was found and `{typed}` in place of the one that was not.
    pub corrected: String,
}

/// A language that can be searched.
#[derive(Debug, Clone, Serialize)]
pub struct SearchLanguageView<'a> {
    /// BCP 47 tag.
    pub lang: &'a str,
    /// `rtl` or `ltr`.
    pub dir: &'static str,
    /// Its own name for itself.
    pub name: &'a str,
    /// Address of its index.
    pub href: String,
}

/// Words that count, in one plural form.
#[derive(Debug, Clone, Serialize)]
pub struct PluralFormView {
    /// Name of the form as `Intl.PluralRules` has it: `zero`, `one`, `two`, `few`, `many`,
    /// `other`.
    pub form: &'static str,
    /// The words, with `{n}` in place of the number.
    pub text: String,
}

/// `pages/corrections.html`.
#[derive(Debug, Clone, Serialize)]
pub struct CorrectionsView<'a> {
    /// All corrections, newest first.
    pub corrections: Vec<CorrectionView<'a>>,
    /// Address of their Atom feed; none when feeds are off.
    pub feed_href: Option<String>,
}

/// A correction and the briefing it belongs to.
#[derive(Debug, Clone, Serialize)]
pub struct CorrectionView<'a> {
    /// The correction.
    pub note: NoteView<'a>,
    /// The briefing.
    pub briefing: LinkView<'a>,
}

/// `pages/page.html`.
#[derive(Debug, Clone, Serialize)]
pub struct PageView<'a> {
    /// Title.
    pub title: TextView<'a>,
    /// One paragraph under the title.
    pub summary: Option<TextView<'a>>,
    /// The text, finished HTML.
    pub body_html: &'a str,
    /// Footnotes, finished HTML; may be empty.
    pub footnotes_html: &'a str,
}

/// `pages/not_found.html`.
#[derive(Debug, Clone, Serialize)]
pub struct NotFoundView<'a> {
    /// The newest briefings, to go on from.
    pub latest: Vec<SharedView<CardView<'a>>>,
    /// Address of the list of topics.
    pub topics_href: String,
}

/// `pages/redirect.html`.
#[derive(Debug, Clone, Serialize)]
pub struct RedirectView {
    /// Where the page is now, percent-encoded.
    pub href: String,
}
