//! Feeds: Atom (RFC 4287) and JSON Feed 1.1.
//!
//! The site's own feeds, one for each language, carry whole texts; those of topics,
//! authors and series carry summaries, because a site has as many of them as topics. An
//! entry's id is a `tag:` URI (RFC 4151) made of the briefing's id, so it stays the same
//! when titles and addresses change. Bodies are wrapped in a `div` with `lang` and `dir`,
//! since neither format knows direction (rtl-rules R98).

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use serde_json::json;

use crate::model::BriefingId;
use crate::parse::front_matter::Stamp;
use crate::render::html;
use crate::render::scope::Scope;
use crate::text::direction::Direction;
use crate::text::isolate::plain_slot;

/// Entries of the feed of a topic, an author or a series.
pub const N_ENTRIES: usize = 20;

/// What one feed is about.
pub struct Feed<'a> {
    /// Name of the feed.
    pub title: &'a str,
    /// Address of the page it belongs to; the feed stands beside it.
    pub address: &'a str,
    /// Briefings, newest first; those without a date are left out.
    pub briefings: &'a [BriefingId],
    /// How many of them.
    pub n_entries: usize,
    /// Whether entries carry the whole text.
    pub is_full: bool,
}

/// The part of a feed that both formats share.
struct Entry {
    id: String,
    title: String,
    url: String,
    published: String,
    updated: String,
    summary: String,
    html: String,
    authors: Vec<String>,
    topics: Vec<(String, String)>,
}

impl Scope<'_> {
    /// Both forms of a feed, with their paths in the output.
    pub fn feed(&self, feed: &Feed<'_>) -> Vec<(String, Vec<u8>)> {
        let dated = feed
            .briefings
            .iter()
            .filter(|it| self.site.briefings[it.at()].date.is_some());
        let entries: Vec<Entry> = dated
            .take(feed.n_entries)
            .filter_map(|it| self.entry(*it, feed.is_full))
            .collect();
        let path = |file: &str| format!("{}{file}", feed.address.trim_start_matches('/'));
        vec![
            (path("feed.xml"), self.atom(feed, &entries)),
            (path("feed.json"), self.json_feed(feed, &entries)),
        ]
    }

    fn entry(&self, id: BriefingId, is_full: bool) -> Option<Entry> {
        let briefing = &self.site.briefings[id.at()];
        let published = briefing.date.as_ref().map(moment)?;
        // Only a major change brings a text back to readers.
        let changes = briefing.meta.changes.iter().flat_map(|it| &it.value);
        let updated = changes
            .filter(|it| it.is_major)
            .map(|it| moment(&it.at))
            .max()
            .filter(|it| published < *it)
            .unwrap_or_else(|| published.clone());
        let summary = clean(&self.summaries[id.at()]);
        let origin = self.origin();
        let body = if is_full && !briefing.document.nodes.is_empty() {
            let found = &self.links.briefings[id.at()];
            let html = html::article(&briefing.document, found, self.html_with(origin));
            format!("{}{}", html.body, html.footnotes)
        } else {
            let mut escaped = String::new();
            html::escape(&summary, &mut escaped);
            format!("<p>{escaped}</p>")
        };
        let wrapped = format!(
            "<div lang=\"{}\" dir=\"{}\">{}</div>",
            briefing.lang,
            Direction::of(&briefing.lang).as_str(),
            clean(&body)
        );
        let host = self.site.config.base_url.split('/').nth(2).unwrap_or("localhost");
        let host = host.split(':').next().unwrap_or(host);
        let topics = briefing.topics.iter().filter_map(|it| {
            let topic = &self.site.topics[it.at()];
            let (_, label) = topic.title.best(self.lang, &self.site.config.lang)?;
            Some((topic.id.clone(), clean(label)))
        });
        let suffix = if briefing.lang == self.site.config.lang {
            String::new()
        } else {
            format!(".{}", briefing.lang)
        };
        Some(Entry {
            id: format!("tag:{host},2025:briefing/{}{suffix}", briefing.id),
            title: plain_slot(&clean(&briefing.title), self.lang),
            url: self.absolute(self.links.routes.briefing(id)),
            published,
            updated,
            summary: plain_slot(&summary, self.lang),
            html: wrapped,
            authors: self
                .bylines(briefing)
                .iter()
                .map(|it| clean(&it.name.text))
                .collect(),
            topics: topics.collect(),
        })
    }

    fn atom(&self, feed: &Feed<'_>, entries: &[Entry]) -> Vec<u8> {
        let mut xml = Xml { writer: Writer::new_with_indent(Vec::new(), b' ', 1) };
        xml.event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)));
        xml.open(
            "feed",
            &[("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", self.lang.as_str())],
        );
        xml.text("title", &[], &plain_slot(&clean(feed.title), self.lang));
        let page = self.absolute(feed.address);
        xml.text("id", &[], &page);
        let own = self.absolute(&format!("{}feed.xml", feed.address));
        xml.empty("link", &[("rel", "self"), ("href", &own)]);
        xml.empty("link", &[("rel", "alternate"), ("href", &page)]);
        let newest = entries.iter().map(|it| it.updated.as_str()).max();
        xml.text("updated", &[], newest.unwrap_or("1970-01-01T00:00:00Z"));
        let (_, site_title) = self.site_title();
        xml.open("author", &[]);
        xml.text("name", &[], &clean(site_title));
        xml.close("author");
        for entry in entries {
            xml.open("entry", &[("xml:lang", self.lang.as_str())]);
            xml.text("title", &[], &entry.title);
            xml.text("id", &[], &entry.id);
            xml.empty("link", &[("rel", "alternate"), ("href", &entry.url)]);
            xml.text("published", &[], &entry.published);
            xml.text("updated", &[], &entry.updated);
            for author in &entry.authors {
                xml.open("author", &[]);
                xml.text("name", &[], author);
                xml.close("author");
            }
            for (term, label) in &entry.topics {
                xml.empty("category", &[("term", term), ("label", label)]);
            }
            if !entry.summary.is_empty() {
                xml.text("summary", &[], &entry.summary);
            }
            xml.text("content", &[("type", "html")], &entry.html);
            xml.close("entry");
        }
        xml.close("feed");
        xml.writer.into_inner()
    }

    fn json_feed(&self, feed: &Feed<'_>, entries: &[Entry]) -> Vec<u8> {
        let items: Vec<serde_json::Value> = entries
            .iter()
            .map(|it| {
                let authors = it.authors.iter().map(|name| json!({ "name": name }));
                json!({
                    "id": it.id,
                    "url": it.url,
                    "title": it.title,
                    "summary": it.summary,
                    "content_html": it.html,
                    "date_published": it.published,
                    "date_modified": it.updated,
                    "language": self.lang.as_str(),
                    "authors": authors.collect::<Vec<_>>(),
                    "tags": it.topics.iter().map(|(_, label)| label).collect::<Vec<_>>(),
                })
            })
            .collect();
        let feed = json!({
            "version": "https://jsonfeed.org/version/1.1",
            "title": plain_slot(&clean(feed.title), self.lang),
            "home_page_url": self.absolute(feed.address),
            "feed_url": self.absolute(&format!("{}feed.json", feed.address)),
            "language": self.lang.as_str(),
            "items": items,
        });
        feed.to_string().into_bytes()
    }
}

/// A date as RFC 3339; a day without a time is its beginning in UTC.
fn moment(stamp: &Stamp) -> String {
    match stamp.time {
        Some(time) => time.to_string(),
        None => format!("{}T00:00:00Z", stamp.date),
    }
}

/// Drops the code points that XML 1.0 forbids (row F1).
pub fn clean(text: &str) -> String {
    let is_allowed = |it: char| matches!(it, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
    text.chars().filter(|it| is_allowed(*it)).collect()
}

/// Writes XML into memory, which cannot fail.
pub struct Xml {
    writer: Writer<Vec<u8>>,
}

impl Xml {
    /// A document with its declaration.
    pub fn document() -> Self {
        let mut xml = Self { writer: Writer::new_with_indent(Vec::new(), b' ', 1) };
        xml.event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)));
        xml
    }

    /// The bytes.
    pub fn into_bytes(self) -> Vec<u8> {
        self.writer.into_inner()
    }

    fn event(&mut self, event: Event<'_>) {
        self.writer.write_event(event).expect("writing into memory does not fail");
    }

    fn start<'n>(name: &'n str, attributes: &[(&str, &str)]) -> BytesStart<'n> {
        let mut start = BytesStart::new(name);
        for (key, value) in attributes {
            start.push_attribute((*key, *value));
        }
        start
    }

    /// Opens an element.
    pub fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.event(Event::Start(Self::start(name, attributes)));
    }

    /// Closes an element.
    pub fn close(&mut self, name: &str) {
        self.event(Event::End(BytesEnd::new(name)));
    }

    /// An element without content.
    pub fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.event(Event::Empty(Self::start(name, attributes)));
    }

    /// An element that holds a text.
    pub fn text(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        self.open(name, attributes);
        self.event(Event::Text(BytesText::new(text)));
        self.close(name);
    }
}
