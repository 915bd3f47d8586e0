//! Feeds: Atom (RFC 4287) and JSON Feed 1.1.
//!
//! The site's own feeds, one for each language, carry whole texts; those of topics,
//! authors and series carry summaries, because a site has as many of them as topics. An
//! entry's id is a `tag:` URI (RFC 4151) made of the briefing's id, so it stays the same
//! when titles and addresses change. Bodies are wrapped in a `div` with `lang` and `dir`,
//! since neither format knows direction (rtl-rules R98).

use std::borrow::Cow;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use serde::Serialize;

use crate::config;
use crate::model::BriefingId;
use crate::model::briefing::Briefing;
use crate::parse::front_matter::{Note, Stamp};
use crate::render::html;
use crate::render::scope::Scope;
use crate::text::direction::Direction;
use crate::text::isolate::plain_slot;
use crate::text::lang::Lang;

/// Entries of the feed of a topic, an author or a series.
pub const N_ENTRIES: usize = 20;

/// Entries of the feed of corrections: whoever took over what was wrong must hear of it.
pub const N_CORRECTIONS: usize = 100;

/// Room for an entry before anybody knows how long it is.
const ENTRY_BYTES: usize = 2048;

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

/// A correction of a briefing.
#[derive(Debug, Clone, Copy)]
pub struct Correction<'a> {
    /// The briefing.
    pub briefing: BriefingId,
    /// When, and what.
    pub note: &'a Note,
    /// How many corrections of the same briefing and day come before it in its file.
    pub number: usize,
}

/// What an entry says in both formats.
#[derive(Serialize)]
struct Content {
    // In the order of the file.
    authors: Vec<Author>,
    #[serde(rename = "content_html")]
    html: String,
    #[serde(rename = "date_modified")]
    updated: String,
    #[serde(rename = "date_published")]
    published: String,
    id: String,
    language: String,
    summary: String,
    tags: Vec<String>,
    title: String,
    url: String,
    /// Ids of the topics that `tags` names.
    #[serde(skip)]
    terms: Vec<String>,
}

#[derive(Serialize)]
struct Author {
    name: String,
}

/// A finished entry, for all feeds that have it.
#[derive(Debug)]
pub struct Entry {
    updated: String,
    /// Its element in Atom.
    xml: Vec<u8>,
    /// Its object in a JSON Feed.
    json: Vec<u8>,
}

impl Scope<'_> {
    /// Both forms of a feed, with their paths in the output.
    pub fn feed(&self, feed: &Feed<'_>) -> Vec<(String, Vec<u8>)> {
        let dated = feed
            .briefings
            .iter()
            .filter(|it| self.site.briefings[it.at()].date.is_some())
            .take(feed.n_entries);
        if feed.is_full {
            let entries: Vec<Entry> =
                dated.filter_map(|it| self.new_entry(*it, true)).collect();
            return self.both_forms(feed, &entries.iter().collect::<Vec<_>>());
        }
        let entries = dated.filter_map(|it| {
            let entry = self.kept.entries.get_ref(it.at(), || self.new_entry(*it, false));
            entry.as_ref()
        });
        self.both_forms(feed, &entries.collect::<Vec<_>>())
    }

    /// Both forms of the feed of corrections, newest first. Each entry is one correction and
    /// keeps its id: the briefing's with the day, and a number where a day has several.
    pub fn corrections_feed(
        &self,
        title: &str,
        corrections: &[Correction<'_>],
        address: &str,
    ) -> Vec<(String, Vec<u8>)> {
        let entries: Vec<Entry> = corrections
            .iter()
            .take(N_CORRECTIONS)
            .map(|it| {
                let content = self.correction(it);
                let mut json = Vec::with_capacity(ENTRY_BYTES);
                write(&mut json, &content);
                let xml = entry_element(&content, self.lang.as_str());
                Entry { updated: content.updated, xml, json }
            })
            .collect();
        let (briefings, n_entries, is_full) = (&[][..], 0, false);
        let feed = Feed { title, address, briefings, n_entries, is_full };
        self.both_forms(&feed, &entries.iter().collect::<Vec<_>>())
    }

    fn correction(&self, correction: &Correction<'_>) -> Content {
        let briefing = &self.site.briefings[correction.briefing.at()];
        let at = moment(&correction.note.at);
        let text = correction.note.text.best(self.lang, &self.site.config.lang);
        let text = text.map_or("", |(_, it)| it);
        let mut escaped = String::new();
        html::escape(text, &mut escaped);
        let number = match correction.number {
            0 => String::new(),
            n => format!("-{}", n + 1),
        };
        Content {
            authors: Vec::new(),
            html: directed(&briefing.lang, &format!("<p>{escaped}</p>")),
            updated: at.clone(),
            published: at,
            id: format!(
                "{}/correction/{}{number}",
                self.entry_id(briefing),
                correction.note.at.date
            ),
            language: self.lang.as_str().to_owned(),
            summary: plain_slot(&clean(text), self.lang),
            tags: Vec::new(),
            title: plain_slot(&clean(&briefing.title), self.lang),
            url: self.with_host(&self.card(correction.briefing).href),
            terms: Vec::new(),
        }
    }

    fn both_forms(&self, feed: &Feed<'_>, entries: &[&Entry]) -> Vec<(String, Vec<u8>)> {
        let path = |file: &str| format!("{}{file}", feed.address.trim_start_matches('/'));
        vec![
            (path("feed.xml"), self.atom(feed, entries)),
            (path("feed.json"), self.json_feed(feed, entries)),
        ]
    }

    /// The id of a briefing's entry: it names no title and no address, which change.
    fn entry_id(&self, briefing: &Briefing) -> String {
        let config = &self.site.config;
        let own = if config.feed_authority.is_empty() {
            config::host_of(&config.base_url)
        } else {
            &config.feed_authority
        };
        let authority = if own.is_empty() { "localhost" } else { own };
        let suffix = if briefing.lang == config.lang {
            String::new()
        } else {
            format!(".{}", briefing.lang)
        };
        format!("tag:{authority},2025:briefing/{}{suffix}", briefing.id)
    }

    fn new_entry(&self, id: BriefingId, is_full: bool) -> Option<Entry> {
        let content = self.content(id, is_full)?;
        let mut json = Vec::with_capacity(ENTRY_BYTES);
        write(&mut json, &content);
        let xml = entry_element(&content, self.lang.as_str());
        Some(Entry { updated: content.updated, xml, json })
    }

    fn content(&self, id: BriefingId, is_full: bool) -> Option<Content> {
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
        let summary = clean(self.summary(id)).into_owned();
        let origin = self.origin();
        let document = is_full.then(|| briefing.body.document());
        let body = if let Some(document) = document.filter(|it| !it.nodes.is_empty()) {
            let found = &self.links.briefings[id.at()];
            let html = html::article(&document, found, self.html_with(origin));
            format!("{}{}", html.body, html.footnotes)
        } else {
            let mut escaped = String::new();
            html::escape(&summary, &mut escaped);
            format!("<p>{escaped}</p>")
        };
        let topics = briefing.topics.iter().filter_map(|it| {
            let topic = &self.site.topics[it.at()];
            let (_, label) = topic.title.best(self.lang, &self.site.config.lang)?;
            Some((topic.id.clone(), clean(label).into_owned()))
        });
        let (terms, tags) = topics.unzip();
        let authors = self.bylines(briefing);
        let authors = authors.iter().map(|it| clean(&it.name.text).into_owned());
        Some(Content {
            authors: authors.map(|name| Author { name }).collect(),
            html: directed(&briefing.lang, &body),
            updated,
            published,
            id: self.entry_id(briefing),
            language: self.lang.as_str().to_owned(),
            summary: plain_slot(&summary, self.lang),
            tags,
            title: plain_slot(&clean(&briefing.title), self.lang),
            url: self.with_host(&self.card(id).href),
            terms,
        })
    }

    fn atom(&self, feed: &Feed<'_>, entries: &[&Entry]) -> Vec<u8> {
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
            xml.writer.get_mut().extend_from_slice(&entry.xml);
        }
        xml.close("feed");
        xml.writer.into_inner()
    }

    fn json_feed(&self, feed: &Feed<'_>, entries: &[&Entry]) -> Vec<u8> {
        // Keys stand in alphabetical order.
        let mut json = br#"{"feed_url":"#.to_vec();
        write(&mut json, &self.absolute(&format!("{}feed.json", feed.address)));
        json.extend(br#","home_page_url":"#);
        write(&mut json, &self.absolute(feed.address));
        json.extend(br#","items":["#);
        for (entry, at) in entries.iter().zip(0..) {
            if at != 0 {
                json.push(b',');
            }
            json.extend_from_slice(&entry.json);
        }
        json.extend(br#"],"language":"#);
        write(&mut json, &self.lang.as_str());
        json.extend(br#","title":"#);
        write(&mut json, &plain_slot(&clean(feed.title), self.lang));
        json.extend(br#","version":"https://jsonfeed.org/version/1.1"}"#);
        json
    }
}

/// A body with its language and direction, which feeds do not know.
fn directed(lang: &Lang, body: &str) -> String {
    let dir = Direction::of(lang).as_str();
    format!("<div lang=\"{lang}\" dir=\"{dir}\">{}</div>", clean(body))
}

fn write(json: &mut Vec<u8>, value: &impl Serialize) {
    serde_json::to_writer(json, value).expect("texts and numbers always have a form");
}

/// The element of an entry, as it stands in a feed.
fn entry_element(entry: &Content, lang: &str) -> Vec<u8> {
    let mut xml = Xml { writer: Writer::new_with_indent(Vec::new(), b' ', 1) };
    // Behind the first tag of the feed it goes on where it ends in any feed: on a new line.
    xml.open("feed", &[]);
    let start = xml.writer.get_ref().len();
    xml.open("entry", &[("xml:lang", lang)]);
    xml.text("title", &[], &entry.title);
    xml.text("id", &[], &entry.id);
    xml.empty("link", &[("rel", "alternate"), ("href", &entry.url)]);
    xml.text("published", &[], &entry.published);
    xml.text("updated", &[], &entry.updated);
    for author in &entry.authors {
        xml.open("author", &[]);
        xml.text("name", &[], &author.name);
        xml.close("author");
    }
    for (term, label) in entry.terms.iter().zip(&entry.tags) {
        xml.empty("category", &[("term", term), ("label", label)]);
    }
    if !entry.summary.is_empty() {
        xml.text("summary", &[], &entry.summary);
    }
    xml.text("content", &[("type", "html")], &entry.html);
    xml.close("entry");
    let mut xml = xml.writer.into_inner().split_off(start);
    xml.shrink_to_fit();
    xml
}

/// A date as RFC 3339; a day without a time is its beginning in UTC.
fn moment(stamp: &Stamp) -> String {
    match stamp.time {
        Some(time) => time.to_string(),
        None => format!("{}T00:00:00Z", stamp.date),
    }
}

/// Drops the code points that XML 1.0 forbids (row F1).
pub fn clean(text: &str) -> Cow<'_, str> {
    let is_allowed = |it: char| matches!(it, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
    if text.chars().all(is_allowed) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|it| is_allowed(*it)).collect())
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
