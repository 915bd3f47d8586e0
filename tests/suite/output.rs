//! The demo site, built in memory: what holds for every page of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use mujaz::diag::SourcePath;
use mujaz::load::{FileKind, Format};
use mujaz::model::Clock;
use mujaz::render::Memory;
use mujaz::{BuildInfo, load};

/// Every file of the demo site.
pub(crate) fn demo() -> &'static BTreeMap<String, Vec<u8>> {
    static DEMO: OnceLock<BTreeMap<String, Vec<u8>>> = OnceLock::new();
    DEMO.get_or_init(|| demo_with(&[]))
}

/// The same with templates of its own, by their names.
fn demo_with(templates: &[(&str, String)]) -> BTreeMap<String, Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = load::load(root).unwrap();
    for (name, text) in templates {
        let mut file = sources.value.files[0].clone();
        file.path = SourcePath::new(&format!("templates/{name}"));
        (file.kind, file.format) = (FileKind::Template, Format::Other);
        file.text = text.as_str().into();
        sources.value.files.push(file);
    }
    let now = "2026-01-01T00:00:00Z".parse().unwrap();
    let clock = Clock { now, is_preview: false };
    let info = BuildInfo { clock, stamp: None, base_url: None };
    let memory = Memory::default();
    let built = mujaz::build(&sources.value, &info, &memory, &|_| {});
    let all: Vec<_> = sources.diagnostics.iter().chain(&built.diagnostics).collect();
    assert!(all.is_empty(), "the demo site is clean: {all:#?}");
    memory.files.into_inner().unwrap()
}

#[test]
fn tera_makes_the_same_of_all_templates() {
    // A variable is nothing that `render::template` runs: what prints these goes to Tera.
    let variable = "{%- set unused = 1 -%}";
    let own = |name: &str, after: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates").join(name);
        let text = fs::read_to_string(path).unwrap();
        assert!(text.contains(after), "{name}");
        text.replacen(after, &format!("{after}{variable}"), 1)
    };
    let templates = [
        ("base.html", own("base.html", "-#}")),
        ("components/text.html", own("components/text.html", "bool = false) -%}")),
    ];
    let by_tera = demo_with(&templates);
    for (path, bytes) in demo() {
        assert!(by_tera.get(path) == Some(bytes), "{path}");
    }
    assert_eq!(by_tera.len(), demo().len());
}

fn pages() -> impl Iterator<Item = (&'static str, &'static str)> {
    demo()
        .iter()
        .filter(|(path, _)| path.ends_with(".html"))
        .map(|(path, bytes)| (path.as_str(), std::str::from_utf8(bytes).unwrap()))
}

/// Values of an attribute in a page.
fn attributes<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let open = format!(" {name}=\"");
    let parts = html.split(open.as_str()).skip(1);
    parts.filter_map(|it| it.split('"').next()).collect()
}

fn decode(path: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = path.as_bytes();
    while let [first, tail @ ..] = rest {
        if *first == b'%'
            && let Some(hex) = tail.get(..2).and_then(|it| std::str::from_utf8(it).ok())
            && let Ok(byte) = u8::from_str_radix(hex, 16)
        {
            bytes.push(byte);
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn every_internal_link_leads_to_a_file_and_every_fragment_to_an_id() {
    let files = demo();
    let ids: BTreeMap<&str, BTreeSet<&str>> = pages()
        .map(|(path, html)| (path, attributes(html, "id").into_iter().collect()))
        .collect();
    let mut n_links = 0;
    for (path, html) in pages() {
        for name in ["href", "src"] {
            for link in attributes(html, name) {
                let local = link.strip_prefix("https://mujaz.example").unwrap_or(link);
                let (target, fragment) =
                    local.split_once('#').map_or((local, None), |(a, b)| (a, Some(b)));
                let file = if target.is_empty() {
                    path.to_owned()
                } else if let Some(inside) = target.strip_prefix('/') {
                    let inside = decode(inside);
                    if inside.is_empty() || inside.ends_with('/') {
                        format!("{inside}index.html")
                    } else {
                        inside
                    }
                } else {
                    continue;
                };
                n_links += 1;
                assert!(files.contains_key(&file), "{path} links to {link}");
                if let Some(fragment) = fragment
                    && let Some(ids) = ids.get(file.as_str())
                {
                    let fragment = decode(fragment);
                    assert!(ids.contains(fragment.as_str()), "{path} links to {link}");
                }
            }
        }
    }
    assert!(1000 < n_links, "{n_links}");
}

#[test]
fn r1_every_page_says_its_language_and_direction() {
    for (path, html) in pages() {
        let rtl = !path.starts_with("en/");
        let first = path.split('/').next().unwrap_or_default();
        let lang = if ["en", "fa", "he"].contains(&first) { first } else { "ar" };
        let dir = if rtl { "rtl" } else { "ltr" };
        let head = html.get(..400).unwrap_or(html);
        assert!(
            head.contains(&format!("<html lang=\"{lang}\" dir=\"{dir}\"")),
            "{path}: {head}"
        );
        let charset = html.find("charset=\"utf-8\"").unwrap_or(usize::MAX);
        assert!(charset < 1024, "R10: {path}");
    }
}

#[test]
fn r11_translations_name_each_other() {
    let mut edges = BTreeSet::new();
    for (path, html) in pages() {
        if attributes(html, "content").contains(&"noindex") {
            continue;
        }
        let own = attributes(html, "rel").contains(&"canonical");
        assert!(own, "{path} has no canonical address");
        let tags = || html.split("<link ").skip(1).filter_map(|it| it.split('>').next());
        let value = |tag: &'static str, name: &str| {
            let rest = tag.split(&format!("{name}=\"")).nth(1)?;
            rest.split('"').next().map(str::to_owned)
        };
        let canonical = tags().find(|it| it.contains("rel=\"canonical\""));
        let from = canonical.and_then(|it| value(it, "href")).unwrap();
        let others =
            tags().filter(|it| it.contains("hreflang=") && !it.contains("x-default"));
        for to in others.filter_map(|it| value(it, "href")) {
            edges.insert((from.clone(), to));
        }
    }
    assert!(!edges.is_empty());
    for (from, to) in &edges {
        assert!(edges.contains(&(to.clone(), from.clone())), "{to} does not name {from}");
    }
}

#[test]
fn r23_no_page_shows_an_iso_date() {
    for (path, html) in pages() {
        let body = html.split("<body").nth(1).unwrap_or_default();
        for text in body.split('>').filter_map(|it| it.split('<').next()) {
            let bytes = text.as_bytes();
            let has_date = bytes.windows(10).any(|it| {
                it[4] == b'-'
                    && it[7] == b'-'
                    && [0, 1, 2, 3, 5, 6, 8, 9].iter().all(|at| it[*at].is_ascii_digit())
            });
            assert!(!has_date, "{path}: {text}");
        }
    }
}

#[test]
fn no_page_asks_a_third_party_or_runs_a_script() {
    for (path, html) in pages() {
        for src in attributes(html, "src") {
            assert!(src.starts_with('/'), "{path}: {src}");
        }
        assert!(!html.contains("javascript:"), "{path}");
        // A block of data is not run; the others are ours, from files, and without them the
        // page is whole.
        let own = [
            " type=\"application/ld+json\">",
            " src=\"/assets/hover-cards.",
            " src=\"/assets/search.",
        ];
        for script in html.split("<script").skip(1) {
            assert!(own.iter().any(|it| script.starts_with(it)), "{path}");
        }
    }
}

#[test]
fn no_link_stands_inside_a_link() {
    for (path, html) in pages() {
        let mut is_open = false;
        for tag in html.split('<').skip(1) {
            if tag.starts_with("a ") {
                assert!(!is_open, "{path}: <{tag}");
                is_open = true;
            } else if tag.starts_with("/a>") {
                is_open = false;
            }
        }
    }
}

#[test]
fn ids_are_unique_on_every_page() {
    for (path, html) in pages() {
        let ids = attributes(html, "id");
        let unique: BTreeSet<&&str> = ids.iter().collect();
        assert_eq!(ids.len(), unique.len(), "{path}: {ids:?}");
    }
}

#[test]
fn graph_json_keeps_its_promise() {
    let graph: serde_json::Value = serde_json::from_slice(&demo()["graph.json"]).unwrap();
    assert_eq!(graph["version"], 1);
    let mut n_mentions = 0;
    for briefing in graph["briefings"].as_array().unwrap() {
        for key in ["id", "lang", "url", "title", "date", "topics", "mentions"] {
            assert!(briefing.get(key).is_some(), "{key}");
        }
        for mention in briefing["mentions"].as_array().unwrap() {
            let forms = mention["forms"].as_array().unwrap();
            let count = mention["count"].as_u64().unwrap();
            assert_eq!(forms.len() as u64, count);
            assert!(mention["linked"].as_u64().unwrap() <= count);
            n_mentions += forms.len();
        }
    }
    assert!(300 < n_mentions, "{n_mentions}");
    assert!(40 <= graph["topics"].as_array().unwrap().len());
    let kinds: BTreeSet<&str> = graph["topics"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|it| it["kind"].as_str())
        .collect();
    assert!(7 <= kinds.len(), "{kinds:?}");
}

#[test]
fn feeds_and_sitemap_are_well_formed_xml() {
    let mut n_feeds = 0;
    for (path, bytes) in demo().iter().filter(|(path, _)| path.ends_with(".xml")) {
        let text = std::str::from_utf8(bytes).unwrap();
        let mut reader = quick_xml::Reader::from_str(text);
        loop {
            match reader.read_event() {
                Ok(quick_xml::events::Event::Eof) => break,
                Ok(_) => {}
                Err(error) => panic!("{path}: {error}"),
            }
        }
        n_feeds += usize::from(path.ends_with("feed.xml"));
        if path.ends_with("feed.xml") {
            let json = path.replace(".xml", ".json");
            let feed: serde_json::Value = serde_json::from_slice(&demo()[&json]).unwrap();
            assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
        }
    }
    assert!(40 < n_feeds, "{n_feeds}");
}
