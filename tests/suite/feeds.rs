//! Atom (RFC 4287) and JSON Feed 1.1 of two sites, as a reader of feeds takes them.

use std::collections::{BTreeMap, BTreeSet};

use mujaz::text::direction::{Direction, first_strong};
use mujaz::text::lang::Lang;
use quick_xml::events::Event;
use serde_json::Value;

use crate::output::demo;
use crate::rtl_html::four;

/// An element of XML with what is in it.
#[derive(Debug, Default)]
struct Node {
    name: String,
    attributes: BTreeMap<String, String>,
    text: String,
    nodes: Vec<Node>,
}

impl Node {
    fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a Node> + use<'a> {
        let name = name.to_owned();
        self.nodes.iter().filter(move |it| it.name == name)
    }

    #[track_caller]
    fn one(&self, name: &str) -> &Node {
        let mut found = self.all(name);
        let first = found.next().unwrap_or_else(|| panic!("{} has no {name}", self.name));
        assert!(found.next().is_none(), "{} has two {name}", self.name);
        first
    }
}

fn read(xml: &str) -> Node {
    let mut reader = quick_xml::Reader::from_str(xml);
    let mut open = vec![Node::default()];
    let start = |start: &quick_xml::events::BytesStart<'_>| Node {
        name: start.name().as_ref().to_owned(),
        attributes: start
            .attributes()
            .map(|it| {
                let it = it.unwrap();
                let value = it.value.to_string();
                (it.key.as_ref().to_owned(), unescape(&value))
            })
            .collect(),
        ..Node::default()
    };
    loop {
        match reader.read_event().unwrap() {
            Event::Start(it) => open.push(start(&it)),
            Event::Empty(it) => open.last_mut().unwrap().nodes.push(start(&it)),
            Event::End(_) => {
                let node = open.pop().unwrap();
                open.last_mut().unwrap().nodes.push(node);
            }
            Event::Text(it) => {
                let text: &str = &it;
                open.last_mut().unwrap().text.push_str(text);
            }
            Event::GeneralRef(it) => {
                let name: &str = &it;
                open.last_mut().unwrap().text.push_str(&unescape(&format!("&{name};")));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(open.len(), 1);
    open.pop().unwrap().nodes.pop().unwrap()
}

fn unescape(text: &str) -> String {
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    text.replace("&apos;", "'").replace("&amp;", "&")
}

/// Feeds of both sites, with the paths that end in `name`.
fn feeds(name: &str) -> Vec<(&'static str, &'static str)> {
    let all = demo().iter().chain(four()).filter(|(path, _)| path.ends_with(name));
    let all: Vec<_> = all
        .map(|(path, bytes)| (path.as_str(), std::str::from_utf8(bytes).unwrap()))
        .collect();
    assert!(50 < all.len());
    all
}

fn lang_of(path: &str) -> &str {
    let first = path.split('/').next().unwrap();
    if ["en", "fa", "he"].contains(&first) { first } else { "ar" }
}

#[track_caller]
fn check_date(text: &str) {
    assert!(text.parse::<jiff::Timestamp>().is_ok(), "{text}");
}

#[track_caller]
fn check_absolute(text: &str) {
    assert!(text.starts_with("https://"), "{text}");
}

/// The body is in a `div` that says language and direction, and all addresses in it work
/// away from the site.
#[track_caller]
fn check_body(html: &str, lang: &str) {
    let dir = Direction::of(&Lang::parse(lang).unwrap()).as_str();
    let wrapper = format!("<div lang=\"{lang}\" dir=\"{dir}\">");
    assert!(html.starts_with(&wrapper) && html.ends_with("</div>"), "{html}");
    assert!(!html.contains("style=\"") && !html.contains("<script"), "{html}");
    for name in ["href", "src"] {
        for value in html.split(&format!(" {name}=\"")).skip(1) {
            let value = value.split('"').next().unwrap();
            let is_note = value.starts_with('#');
            assert!(is_note || value.starts_with("https://"), "{name}={value}");
        }
    }
}

/// A plain slot begins in the direction of its language.
#[track_caller]
fn check_slot(text: &str, lang: &str) {
    let expected = Direction::of(&Lang::parse(lang).unwrap());
    assert!(first_strong(text).is_none_or(|it| it == expected), "{text}");
}

#[test]
fn r98_atom_has_what_rfc_4287_asks_for_and_its_language_everywhere() {
    let mut n_entries = 0;
    for (path, xml) in feeds("feed.xml") {
        let lang = lang_of(path);
        let feed = read(xml);
        assert_eq!(feed.name, "feed", "{path}");
        assert_eq!(feed.attributes["xmlns"], "http://www.w3.org/2005/Atom");
        assert_eq!(feed.attributes["xml:lang"], lang, "{path}");
        check_date(&feed.one("updated").text);
        check_absolute(&feed.one("id").text);
        assert!(!feed.one("title").text.is_empty());
        let own = feed.all("link").filter(|it| it.attributes["rel"] == "self");
        assert_eq!(own.count(), 1, "{path}");
        for link in feed.all("link") {
            check_absolute(&link.attributes["href"]);
        }
        let has_author = feed.all("author").next().is_some();
        let mut ids = BTreeSet::from([feed.one("id").text.clone()]);
        for entry in feed.all("entry") {
            n_entries += 1;
            assert_eq!(entry.attributes["xml:lang"], lang, "{path}");
            let id = &entry.one("id").text;
            assert!(id.starts_with("tag:") || id.starts_with("https://"), "{path}: {id}");
            assert!(ids.insert(id.clone()), "{path}: {id} stands twice");
            check_date(&entry.one("updated").text);
            check_date(&entry.one("published").text);
            assert!(entry.one("published").text <= entry.one("updated").text, "{path}");
            assert!(!entry.one("title").text.is_empty());
            let link = entry.one("link");
            assert_eq!(link.attributes["rel"], "alternate");
            check_absolute(&link.attributes["href"]);
            assert!(has_author || entry.all("author").next().is_some(), "{path}");
            for author in feed.all("author").chain(entry.all("author")) {
                assert!(!author.one("name").text.is_empty(), "{path}");
            }
            for category in entry.all("category") {
                assert!(!category.attributes["term"].is_empty());
            }
            let content = entry.one("content");
            assert_eq!(content.attributes["type"], "html");
            check_body(&content.text, lang);
        }
        let known = [
            "title",
            "id",
            "link",
            "updated",
            "author",
            "entry",
            "subtitle",
            "generator",
            "icon",
            "logo",
            "rights",
        ];
        assert!(feed.nodes.iter().all(|it| known.contains(&it.name.as_str())), "{path}");
    }
    assert!(100 < n_entries, "{n_entries}");
}

#[test]
fn r99_titles_and_summaries_of_feeds_begin_in_their_direction() {
    for (path, xml) in feeds("feed.xml") {
        let lang = lang_of(path);
        let feed = read(xml);
        check_slot(&feed.one("title").text, lang);
        for entry in feed.all("entry") {
            check_slot(&entry.one("title").text, lang);
            entry.all("summary").for_each(|it| check_slot(&it.text, lang));
        }
    }
    for (path, json) in feeds("feed.json") {
        let feed: Value = serde_json::from_str(json).unwrap();
        for item in feed["items"].as_array().unwrap() {
            check_slot(item["title"].as_str().unwrap(), lang_of(path));
            check_slot(item["summary"].as_str().unwrap_or_default(), lang_of(path));
        }
    }
}

#[test]
fn r100_json_feed_has_its_keys_and_a_language_on_each_item() {
    let mut n_items = 0;
    for (path, json) in feeds("feed.json") {
        let lang = lang_of(path);
        let feed: Value = serde_json::from_str(json).unwrap();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
        assert!(!text(&feed["title"]).is_empty(), "{path}");
        check_absolute(&text(&feed["home_page_url"]));
        check_absolute(&text(&feed["feed_url"]));
        assert!(text(&feed["feed_url"]).ends_with("feed.json"));
        assert_eq!(feed["language"], lang);
        let mut ids = BTreeSet::new();
        for item in feed["items"].as_array().unwrap() {
            n_items += 1;
            assert!(ids.insert(text(&item["id"])), "{path}: {}", item["id"]);
            check_absolute(&text(&item["url"]));
            check_date(&text(&item["date_published"]));
            check_date(&text(&item["date_modified"]));
            assert_eq!(item["language"], lang, "{path}");
            check_body(&text(&item["content_html"]), lang);
            for author in item["authors"].as_array().unwrap() {
                assert!(!text(&author["name"]).is_empty());
            }
            assert!(item["tags"].as_array().unwrap().iter().all(Value::is_string));
        }
    }
    assert!(100 < n_items);
}
