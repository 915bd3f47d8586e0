//! Structured data: what a page is, in the words of schema.org, as JSON-LD.
//!
//! A function for each kind of page, from its finished view, so that machines are told what
//! readers see and nothing else; the model has dropped what is not public long before. Each
//! gives the content of one `<script type="application/ld+json">`: a graph of the page and
//! of the way to it. Keys stand in a fixed order, texts carry no controls of direction, and `<`
//! is written `\u003c`, so that no title can end the script. docs/CONTENT.md has the table
//! of types.

use std::borrow::Cow;

use serde::Serialize;

use crate::link::mentions::Named;
use crate::model::{BriefingId, TopicId};
use crate::parse::front_matter::{BriefingKind, TopicKind};
use crate::parse::plain_text::without_honorific;
use crate::render::html;
use crate::render::scope::Scope;
use crate::render::views::{
    AuthorView, BriefingView, BylineView, LinkView, NoteView, PageView, SeriesView,
    SourceView, TopicView,
};
use crate::text::isolate::without_controls;
use crate::text::reading::minutes;

/// Topics named in a text that are told: the first ones say what it is about.
const MAX_MENTIONS: usize = 20;

/// Sources that are told.
const MAX_CITATIONS: usize = 50;

/// Id of the page with the desk's rules for corrections.
const CORRECTIONS_POLICY: &str = "corrections-policy";

/// What schema.org calls a kind of briefing.
pub fn article_type(kind: BriefingKind) -> &'static str {
    match kind {
        BriefingKind::Flash | BriefingKind::Tracker => "ReportageNewsArticle",
        BriefingKind::Briefing | BriefingKind::Digest => "NewsArticle",
        BriefingKind::Analysis => "AnalysisNewsArticle",
        BriefingKind::Backgrounder => "BackgroundNewsArticle",
        BriefingKind::Report => "Report",
    }
}

/// What schema.org calls a kind of topic. A treaty has no type of its own, and `Product` is
/// something that is for sale.
pub fn topic_type(kind: TopicKind) -> &'static str {
    match kind {
        TopicKind::Country => "Country",
        TopicKind::Region | TopicKind::Place => "Place",
        TopicKind::Person => "Person",
        TopicKind::Organisation => "Organization",
        TopicKind::Agreement => "CreativeWork",
        TopicKind::Event => "Event",
        TopicKind::Theme | TopicKind::Weapon | TopicKind::Product => "Thing",
    }
}

/// A node of the graph as JSON without its last brace; what is empty is left out. Nodes are
/// written at once, without a tree of values, because every page has dozens of them, and
/// those that many pages have are kept.
#[derive(Clone)]
struct Node<'a>(Cow<'a, [u8]>);

impl<'a> Node<'a> {
    fn new(kind: &str) -> Self {
        Self(Cow::Owned(Vec::with_capacity(256))).add("@type", kind)
    }

    /// One that has been kept.
    fn kept(json: &'a [u8]) -> Self {
        Self(Cow::Borrowed(json))
    }

    /// Adds a value that is not text from a site.
    fn add(mut self, key: &str, value: impl Serialize) -> Self {
        write(self.key(key), &value);
        self
    }

    fn text(self, key: &str, text: &str) -> Self {
        let text = without_controls(text);
        let text = text.trim();
        if text.is_empty() { self } else { self.add(key, text) }
    }

    fn maybe(self, key: &str, text: Option<&str>) -> Self {
        self.text(key, text.unwrap_or_default())
    }

    fn node(mut self, key: &str, node: Node<'_>) -> Self {
        node.finish(self.key(key));
        self
    }

    fn nodes<'n>(mut self, key: &str, nodes: impl Iterator<Item = Node<'n>>) -> Self {
        let mut nodes = nodes.peekable();
        if nodes.peek().is_some() {
            list(nodes, self.key(key));
        }
        self
    }

    fn texts(self, key: &str, texts: Vec<String>) -> Self {
        if texts.is_empty() { self } else { self.add(key, texts) }
    }

    /// Writes a key, which is a plain word; its value goes behind it.
    fn key(&mut self, key: &str) -> &mut Vec<u8> {
        let json = self.0.to_mut();
        json.extend_from_slice(if json.is_empty() { b"{\"" } else { b",\"" });
        json.extend_from_slice(key.as_bytes());
        json.extend_from_slice(b"\":");
        json
    }

    fn finish(self, json: &mut Vec<u8>) {
        json.extend_from_slice(&self.0);
        json.push(b'}');
    }
}

fn write(json: &mut Vec<u8>, value: &impl Serialize) {
    serde_json::to_writer(json, value).expect("texts and numbers always have a form");
}

fn list<'n>(nodes: impl Iterator<Item = Node<'n>>, json: &mut Vec<u8>) {
    for (node, at) in nodes.zip(0..) {
        json.push(if at == 0 { b'[' } else { b',' });
        node.finish(json);
    }
    json.push(b']');
}

/// The content of the script.
fn script(nodes: Vec<Node<'_>>) -> String {
    let n_bytes: usize = nodes.iter().map(|it| it.0.len()).sum();
    let mut json = Vec::with_capacity(n_bytes + 64);
    json.extend_from_slice(br#"{"@context":"https://schema.org","@graph":"#);
    list(nodes.into_iter(), &mut json);
    json.push(b'}');
    let json = String::from_utf8(json).expect("it was written as UTF-8");
    // Neither `</script` nor `<!--` can stand in it without this sign.
    if json.contains('<') { json.replace('<', "\\u003c") } else { json }
}

/// An address of the site, as views have it, with its host.
fn url(scope: &Scope<'_>, href: &str) -> String {
    [scope.origin(), href].concat()
}

/// A page of the site.
fn page(scope: &Scope<'_>, kind: &str, name: &str, address: &str) -> Node<'static> {
    Node::new(kind)
        .text("name", name)
        .add("inLanguage", scope.lang.as_str())
        .add("url", scope.absolute(address))
}

/// The way from the home page to a page, which is named last and needs no address.
fn breadcrumbs<'v>(
    scope: &Scope<'_>,
    above: impl IntoIterator<Item = &'v LinkView<'v>>,
    name: &str,
) -> Node<'static> {
    let home = scope.absolute(&scope.links.routes.home(scope.at));
    let first = (scope.words.get("nav_home"), Some(home));
    let above = above.into_iter().map(|it| (&*it.label.text, Some(url(scope, &it.href))));
    let all = std::iter::once(first).chain(above).chain([(name, None)]);
    let items = all.zip(1..).map(|((name, url), position)| {
        Node::new("ListItem")
            .add("position", position)
            .text("name", name)
            .maybe("item", url.as_deref())
    });
    Node::new("BreadcrumbList").nodes("itemListElement", items)
}

/// Whose site it is.
fn publisher<'s>(scope: &'s Scope<'_>) -> Node<'s> {
    let json = scope.kept.publisher.get_or_init(|| new_publisher(scope).0.into_owned());
    Node::kept(json)
}

fn new_publisher(scope: &Scope<'_>) -> Node<'static> {
    let (_, title) = scope.site_title();
    let routes = &scope.links.routes;
    // The desk's own rules, else what came of them.
    let mut pages = scope.site.pages.iter().enumerate();
    let policy =
        pages.find(|(_, it)| it.id == CORRECTIONS_POLICY && it.lang == *scope.lang);
    let policy = match policy {
        Some((at, _)) => routes.page(crate::model::PageId::from_index(at)).to_owned(),
        None => routes.fixed(scope.at, "corrections/"),
    };
    Node::new("NewsMediaOrganization")
        .text("name", title)
        .add("url", scope.absolute(&routes.home(scope.at)))
        .maybe("logo", scope.logo().map(|it| url(scope, &it)).as_deref())
        .add("correctionsPolicy", scope.absolute(&policy))
}

fn person(scope: &Scope<'_>, author: &BylineView<'_>) -> Node<'static> {
    let href = author.href.as_ref().map(|it| url(scope, it));
    Node::new("Person")
        .text("name", without_honorific(&author.name.text))
        .maybe("url", href.as_deref())
}

/// A topic as something that a page is about, or names.
fn thing<'s>(scope: &'s Scope<'_>, id: TopicId) -> Option<Node<'s>> {
    let json = scope
        .kept
        .things
        .get_ref(id.at(), || new_thing(scope, id).map(|it| it.0.into_owned()));
    json.as_deref().map(Node::kept)
}

fn new_thing(scope: &Scope<'_>, id: TopicId) -> Option<Node<'static>> {
    let topic = &scope.site.topics[id.at()];
    let href = html::topic_href(scope.site, scope.links, id, scope.lang)?;
    let node = Node::new(topic_type(topic.kind))
        .text("name", scope.letters(&topic.title)?)
        .add("url", url(scope, &href));
    Some(node)
}

/// The same thing elsewhere.
fn same_as(scope: &Scope<'_>, id: TopicId) -> Vec<String> {
    let Some(identifiers) = &scope.site.topics[id.at()].meta.identifiers else {
        return Vec::new();
    };
    let identifiers = &identifiers.value;
    let is_item = |it: &&str| {
        it.strip_prefix('Q').is_some_and(|it| {
            !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    let item = identifiers.wikidata.as_deref().map(str::trim).filter(is_item);
    let item = item.map(|it| format!("https://www.wikidata.org/wiki/{it}"));
    item.into_iter().chain(identifiers.url.clone()).collect()
}

/// A briefing in a list.
fn part<'s>(scope: &'s Scope<'_>, id: BriefingId) -> Node<'s> {
    let new = || {
        let card = scope.card(id);
        let node = Node::new("Article").text("headline", &card.title.text);
        node.add("url", url(scope, &card.href)).0.into_owned()
    };
    Node::kept(scope.kept.parts.get_ref(id.at(), new))
}

fn source(source: &SourceView<'_>) -> Node<'static> {
    let mut node = Node::new("CreativeWork")
        .text("name", &source.title.text)
        .maybe("url", source.url)
        .maybe("inLanguage", source.language.as_ref().map(|it| it.lang))
        .maybe("datePublished", source.date.as_ref().map(|it| it.iso.as_str()));
    if let Some(publisher) = &source.publisher {
        let publisher = Node::new("Organization").text("name", &publisher.text);
        node = node.node("publisher", publisher);
    }
    node
}

fn correction(note: &NoteView<'_>) -> Node<'static> {
    Node::new("CorrectionComment")
        .text("text", &note.text.text)
        .add("datePublished", note.date.iso.as_str())
}

/// A briefing.
pub fn briefing(scope: &Scope<'_>, id: BriefingId, view: &BriefingView<'_>) -> String {
    let briefing = &scope.site.briefings[id.at()];
    let card = &view.card;
    let kind = article_type(briefing.kind);
    let named = &scope.links.briefings[id.at()].mentions.named;
    let is_told = |it: &&Named| !briefing.topics.contains(&it.topic);
    let mentions = named.iter().filter(is_told).filter_map(|it| thing(scope, it.topic));
    let about = briefing.topics.iter().filter_map(|it| {
        let node = thing(scope, *it)?;
        Some(node.texts("sameAs", same_as(scope, *it)))
    });
    let iso =
        |date: Option<&crate::render::views::DateView>| date.map(|it| it.iso.clone());
    let mut node = Node::new(kind)
        .text("headline", &card.title.text)
        .add("inLanguage", briefing.lang.as_str())
        .add("url", scope.with_host(&card.href))
        .maybe("datePublished", iso(card.date.as_ref()).as_deref())
        .maybe("dateModified", iso(view.updated.as_ref()).as_deref())
        .maybe("contentReferenceTime", iso(view.information_cutoff.as_ref()).as_deref())
        .maybe(if kind == "Report" { "reportNumber" } else { "identifier" }, card.number)
        .nodes("author", card.authors.iter().map(|it| person(scope, it)))
        .node("publisher", publisher(scope))
        .nodes("about", about)
        .nodes("mentions", mentions.take(MAX_MENTIONS))
        .nodes("citation", view.sources.iter().take(MAX_CITATIONS).map(source))
        .nodes("correction", view.corrections.iter().map(correction));
    if let Some(summary) = &card.summary {
        let key = if view.has_own_summary { "abstract" } else { "description" };
        node = node.text(key, &summary.text);
    }
    if card.is_withdrawn {
        node = node.add("creativeWorkStatus", "Withdrawn");
    } else {
        let n_words = briefing.body.outline().n_words;
        let n_minutes = minutes(n_words, &briefing.lang);
        node =
            node.add("wordCount", n_words).add("timeRequired", format!("PT{n_minutes}M"));
    }
    if let Some(image) = &view.image {
        let image = Node::new("ImageObject")
            .add("url", url(scope, image.src))
            .maybe("caption", image.caption.as_ref().map(|it| &*it.text))
            .text("creditText", &image.credit.text);
        node = node.node("image", image);
    }
    if let Some(place) = &view.series {
        let series = Node::new("CreativeWorkSeries")
            .text("name", &place.series.label.text)
            .add("url", url(scope, &place.series.href));
        node = node.node("isPartOf", series).add("position", place.position);
    }
    node = versions(scope, id, kind, node);
    let above = view.primary_topic.as_deref();
    script(vec![node, breadcrumbs(scope, above, &card.title.text)])
}

/// The same briefing in other languages. The version in the site's own language is the
/// original; where that is not public, nobody knows which one is.
fn versions<'n>(
    scope: &Scope<'_>,
    id: BriefingId,
    kind: &str,
    node: Node<'n>,
) -> Node<'n> {
    let briefing = |id: BriefingId| &scope.site.briefings[id.at()];
    let versions = scope.site.versions.get(&briefing(id).id);
    let mut versions = versions.into_iter().flatten().copied();
    let work = |id: BriefingId| {
        Node::new(kind)
            .text("headline", &briefing(id).title)
            .add("inLanguage", briefing(id).lang.as_str())
            .add("url", scope.absolute(scope.links.routes.briefing(id)))
    };
    if briefing(id).lang == scope.site.config.lang {
        return node.nodes("workTranslation", versions.filter(|it| *it != id).map(work));
    }
    match versions.find(|it| briefing(*it).lang == scope.site.config.lang) {
        Some(original) => node.node("translationOfWork", work(original)),
        None => node,
    }
}

/// A part of the page of a topic, and the briefings that it lists; the first one says what
/// the topic is.
pub fn topic(
    scope: &Scope<'_>,
    id: TopicId,
    view: &TopicView<'_>,
    briefings: &[BriefingId],
    address: &str,
) -> String {
    let topic = &scope.site.topics[id.at()];
    let name = &*view.card.title.text;
    let mut entity = Node::new(topic_type(topic.kind)).text("name", name);
    if view.is_first_part {
        let names = view
            .aliases
            .iter()
            .map(|it| without_controls(&it.text).into_owned())
            .collect();
        entity = entity
            .texts("alternateName", names)
            .maybe("description", view.card.summary.as_ref().map(|it| &*it.text))
            .texts("sameAs", same_as(scope, id));
        if let (TopicKind::Event, Some(dates)) = (topic.kind, &topic.meta.dates) {
            let iso = |it: &Option<crate::text::date::PartialDate>| {
                it.as_ref().map(crate::text::date::PartialDate::iso)
            };
            entity = entity
                .maybe("startDate", iso(&dates.value.from).as_deref())
                .maybe("endDate", iso(&dates.value.to).as_deref());
        }
    } else if let Some(link) = scope.topic_link(id) {
        entity = entity.add("url", url(scope, &link.href));
    }
    let node = page(scope, "CollectionPage", name, address)
        .node("mainEntity", entity)
        .nodes("hasPart", briefings.iter().map(|it| part(scope, *it)));
    let topics = LinkView {
        href: scope
            .links
            .routes
            .href(&scope.links.routes.fixed(scope.at, "topics/"))
            .into(),
        label: scope.own_text(scope.words.get("topics")),
        is_current: false,
    };
    let above = std::iter::once(&topics).chain(view.breadcrumbs.iter().map(|it| &**it));
    script(vec![node, breadcrumbs(scope, above, name)])
}

/// A part of the page of an author, and the briefings that it lists.
pub fn author(
    scope: &Scope<'_>,
    view: &AuthorView<'_>,
    briefings: &[BriefingId],
    address: &str,
) -> String {
    let entity = Node::new("Person")
        .text("name", without_honorific(&view.name.text))
        .maybe("jobTitle", view.role.as_ref().map(|it| &*it.text))
        .maybe("description", view.bio.as_ref().map(|it| &*it.text));
    let node = page(scope, "ProfilePage", &view.name.text, address)
        .node("mainEntity", entity)
        .nodes("hasPart", briefings.iter().map(|it| part(scope, *it)));
    script(vec![node, breadcrumbs(scope, &[], &view.name.text)])
}

/// The page of a series, and its briefings.
pub fn series(
    scope: &Scope<'_>,
    view: &SeriesView<'_>,
    briefings: &[BriefingId],
    address: &str,
) -> String {
    let parts = briefings.iter().zip(1..);
    let entity = Node::new("CreativeWorkSeries")
        .text("name", &view.title.text)
        .maybe("description", view.summary.as_ref().map(|it| &*it.text))
        .nodes(
            "hasPart",
            parts.map(|(it, position)| part(scope, *it).add("position", position)),
        );
    let node = page(scope, "CollectionPage", &view.title.text, address)
        .node("mainEntity", entity);
    script(vec![node, breadcrumbs(scope, &[], &view.title.text)])
}

/// The home page.
pub fn home(scope: &Scope<'_>) -> String {
    let (_, title) = scope.site_title();
    let node = page(scope, "WebSite", title, &scope.links.routes.home(scope.at))
        .maybe("description", scope.letters(&scope.site.config.description))
        .node("publisher", publisher(scope));
    script(vec![node])
}

/// A page that lists others: the topics, the archive, the corrections.
pub fn collection(
    scope: &Scope<'_>,
    name: &str,
    address: &str,
    above: &[LinkView<'_>],
) -> String {
    let node = page(scope, "CollectionPage", name, address);
    script(vec![node, breadcrumbs(scope, above, name)])
}

/// A plain page, by its id.
pub fn plain_page(
    scope: &Scope<'_>,
    id: &str,
    view: &PageView<'_>,
    address: &str,
) -> String {
    let kind = if id == "about" { "AboutPage" } else { "WebPage" };
    let node = page(scope, kind, &view.title.text, address)
        .maybe("description", view.summary.as_ref().map(|it| &*it.text));
    script(vec![node, breadcrumbs(scope, &[], &view.title.text)])
}

#[cfg(test)]
mod tests {
    use super::{Node, script};

    #[test]
    fn no_text_ends_the_script() {
        let text = "</script><script>alert(1)</script><!-- \u{202E}x";
        let json = script(vec![Node::new("Thing").text("name", text)]);
        assert!(!json.contains('<') && !json.contains('\u{202E}'), "{json}");
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(
            value["@graph"][0]["name"],
            "</script><script>alert(1)</script><!-- x"
        );
    }

    #[test]
    fn what_is_empty_is_left_out() {
        let node = Node::new("Thing").text("name", "\u{200F} ").maybe("url", None);
        let node = node.texts("sameAs", Vec::new()).nodes("about", std::iter::empty());
        let mut json = Vec::new();
        node.finish(&mut json);
        assert_eq!(json, br#"{"@type":"Thing"}"#);
    }
}
