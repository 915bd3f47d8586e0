//! JSON-LD: every page of two sites against a table of the types and properties that we
//! use, with the sort of value each takes by schema.org; and what a hostile text does.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::golden::build;
use crate::markup::Markup;
use crate::output::demo;
use crate::rtl_html::four;

/// What a property holds.
#[derive(Clone, Copy)]
enum Is {
    /// Words, without invisible controls.
    Text,
    /// An absolute address.
    Url,
    /// A list of them.
    Urls,
    /// A list of texts.
    Texts,
    /// A year, a month, a day or a moment by ISO 8601.
    Date,
    /// Minutes by ISO 8601.
    Minutes,
    /// A BCP 47 tag.
    Language,
    /// A whole number.
    Number,
    /// A node of one of these types.
    Node(&'static [&'static str]),
    /// A list of such nodes, not empty.
    Nodes(&'static [&'static str]),
}

const ARTICLES: &[&str] = &[
    "NewsArticle",
    "AnalysisNewsArticle",
    "BackgroundNewsArticle",
    "ReportageNewsArticle",
    "Report",
];

const THINGS: &[&str] =
    &["Country", "Place", "Person", "Organization", "CreativeWork", "Event", "Thing"];

const PAGES: &[&str] =
    &["CollectionPage", "ProfilePage", "AboutPage", "WebPage", "WebSite"];

/// The properties of a type, those that it must have first, behind `!`.
fn properties(kind: &str) -> BTreeMap<&'static str, Is> {
    use Is::{Date, Language, Minutes, Node, Nodes, Number, Text, Texts, Url, Urls};
    let thing = [("name", Text), ("description", Text), ("url", Url)];
    let entity = [("alternateName", Texts), ("sameAs", Urls)];
    let own: Vec<(&'static str, Is)> = match kind {
        "Article" => vec![("headline", Text), ("position", Number)],
        _ if ARTICLES.contains(&kind) => {
            let report = ("reportNumber", Text);
            let all = [
                ("headline", Text),
                ("abstract", Text),
                ("inLanguage", Language),
                ("datePublished", Date),
                ("dateModified", Date),
                ("contentReferenceTime", Date),
                ("identifier", Text),
                ("author", Nodes(&["Person"])),
                ("publisher", Node(&["NewsMediaOrganization"])),
                ("about", Nodes(THINGS)),
                ("mentions", Nodes(THINGS)),
                ("citation", Nodes(&["CreativeWork"])),
                ("correction", Nodes(&["CorrectionComment"])),
                ("isPartOf", Node(&["CreativeWorkSeries"])),
                ("position", Number),
                ("workTranslation", Nodes(ARTICLES)),
                ("translationOfWork", Node(ARTICLES)),
                ("image", Node(&["ImageObject"])),
                ("wordCount", Number),
                ("timeRequired", Minutes),
                ("creativeWorkStatus", Text),
            ];
            all.into_iter().chain((kind == "Report").then_some(report)).collect()
        }
        _ if PAGES.contains(&kind) => {
            const ENTITIES: &[&str] = &[
                "Country",
                "Place",
                "Person",
                "Organization",
                "CreativeWork",
                "Event",
                "Thing",
                "CreativeWorkSeries",
            ];
            vec![
                ("inLanguage", Language),
                ("mainEntity", Node(ENTITIES)),
                ("hasPart", Nodes(&["Article"])),
                ("publisher", Node(&["NewsMediaOrganization"])),
            ]
        }
        "BreadcrumbList" => vec![("itemListElement", Nodes(&["ListItem"]))],
        "ListItem" => vec![("item", Url), ("position", Number)],
        "NewsMediaOrganization" => vec![("logo", Url), ("correctionsPolicy", Url)],
        "Person" => vec![("jobTitle", Text)],
        "CreativeWork" => vec![
            ("datePublished", Date),
            ("inLanguage", Language),
            ("publisher", Node(&["Organization"])),
        ],
        "CreativeWorkSeries" => vec![("hasPart", Nodes(&["Article"]))],
        "CorrectionComment" => vec![("text", Text), ("datePublished", Date)],
        "ImageObject" => vec![("caption", Text), ("creditText", Text)],
        "Event" => vec![("startDate", Date), ("endDate", Date)],
        "Country" | "Place" | "Organization" | "Thing" => Vec::new(),
        other => panic!("{other} is not a type that we use"),
    };
    let entity = entity.into_iter().filter(|_| THINGS.contains(&kind));
    thing.into_iter().chain(entity).chain(own).collect()
}

#[track_caller]
fn check_text(text: &str) {
    let is_control = |it: char| {
        it.is_control()
            || matches!(it, '\u{200E}' | '\u{200F}' | '\u{61C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    assert!(!text.trim().is_empty() && !text.contains(is_control), "{text:?}");
}

#[track_caller]
fn check_date(text: &str) {
    let is_number =
        |it: &str, n| it.len() == n && it.bytes().all(|it| it.is_ascii_digit());
    let is_date = match text.split('-').collect::<Vec<_>>()[..] {
        [year] => is_number(year, 4),
        [year, month] => is_number(year, 4) && is_number(month, 2),
        _ => {
            text.parse::<jiff::civil::Date>().is_ok()
                || text.parse::<jiff::Timestamp>().is_ok()
        }
    };
    assert!(is_date, "{text}");
}

#[track_caller]
fn check_node(node: &Value, path: &str) {
    let kind = node["@type"].as_str().unwrap_or_else(|| panic!("{path}: {node}"));
    let known = properties(kind);
    let texts = |value: &Value| -> Vec<String> {
        let all = value.as_array().unwrap().iter();
        let all: Vec<String> = all.map(|it| it.as_str().unwrap().to_owned()).collect();
        assert!(!all.is_empty(), "{path}: {node}");
        all
    };
    for (key, value) in node.as_object().unwrap() {
        if key == "@type" {
            continue;
        }
        let is = known.get(key.as_str());
        let is = is.unwrap_or_else(|| panic!("{path}: {key} does not belong to {kind}"));
        let text = || value.as_str().unwrap_or_else(|| panic!("{path}: {key} {value}"));
        let absolute = |it: &str| {
            assert!(
                it.starts_with("https://") || it.starts_with("http://"),
                "{path}: {it}"
            );
            assert!(it.is_ascii() && !it.contains(' '), "{path}: {it}");
        };
        match is {
            Is::Text => check_text(text()),
            Is::Url => absolute(text()),
            Is::Urls => texts(value).iter().for_each(|it| absolute(it)),
            Is::Texts => texts(value).iter().for_each(|it| check_text(it)),
            Is::Date => check_date(text()),
            Is::Minutes => {
                let n = text().strip_prefix("PT").and_then(|it| it.strip_suffix('M'));
                assert!(n.is_some_and(|it| it.parse::<u32>().is_ok()), "{path}: {value}");
            }
            Is::Language => {
                assert!(
                    mujaz::text::lang::Lang::parse(text()).is_ok(),
                    "{path}: {value}"
                );
            }
            Is::Number => assert!(value.is_u64(), "{path}: {key} {value}"),
            Is::Node(kinds) => {
                assert!(
                    kinds.contains(&value["@type"].as_str().unwrap()),
                    "{path}: {key}"
                );
                check_node(value, path);
            }
            Is::Nodes(kinds) => {
                let all = value.as_array().unwrap();
                assert!(!all.is_empty(), "{path}: {key}");
                for it in all {
                    assert!(
                        kinds.contains(&it["@type"].as_str().unwrap()),
                        "{path}: {key}"
                    );
                    check_node(it, path);
                }
            }
        }
    }
}

/// What the script of a page holds; nothing where there is none.
#[track_caller]
pub(crate) fn graph(html: &str) -> Vec<Value> {
    let open = "<script type=\"application/ld+json\">";
    let mut scripts = html.split(open).skip(1);
    let Some(script) = scripts.next() else { return Vec::new() };
    assert!(scripts.next().is_none(), "one script: {html}");
    let (json, _) = script.split_once("</script>").unwrap();
    assert!(!json.contains('<'));
    let value: Value = serde_json::from_str(json).unwrap();
    assert_eq!(value["@context"], "https://schema.org");
    value["@graph"].as_array().unwrap().clone()
}

/// Pages of both sites that say what they are.
fn pages() -> impl Iterator<Item = (&'static str, &'static str, Vec<Value>)> {
    let all = demo().iter().chain(four());
    let pages = all.filter(|(path, _)| path.ends_with(".html"));
    pages.filter_map(|(path, bytes)| {
        let html = std::str::from_utf8(bytes).unwrap();
        let graph = graph(html);
        let is_hidden = html.contains("content=\"noindex\"");
        assert_eq!(graph.is_empty(), is_hidden, "{path}");
        (!is_hidden).then_some((path.as_str(), html, graph))
    })
}

#[test]
fn every_page_has_known_types_and_properties_only() {
    let mut kinds = BTreeSet::new();
    let mut n_pages = 0;
    for (path, _, graph) in pages() {
        n_pages += 1;
        for node in &graph {
            kinds.insert(node["@type"].as_str().unwrap().to_owned());
            check_node(node, path);
        }
        // The page, and the way to it.
        let is_home = graph[0]["@type"] == "WebSite";
        assert_eq!(graph.len(), if is_home { 1 } else { 2 }, "{path}");
        if let Some(crumbs) = graph.get(1) {
            assert_eq!(crumbs["@type"], "BreadcrumbList", "{path}");
            let items = crumbs["itemListElement"].as_array().unwrap();
            assert!(2 <= items.len(), "{path}");
            for (item, n) in items.iter().zip(1..) {
                assert_eq!(item["position"], n, "{path}");
                assert_eq!(item.get("item").is_some(), n < items.len(), "{path}");
            }
        }
    }
    assert!(300 < n_pages, "{n_pages}");
    for kind in ["AnalysisNewsArticle", "ProfilePage", "CollectionPage", "WebSite"] {
        assert!(kinds.contains(kind), "{kinds:?}");
    }
}

#[test]
fn r101_structured_data_names_its_language() {
    for (path, html, graph) in pages() {
        let lang = html.split("<html lang=\"").nth(1).unwrap();
        let lang = lang.split('"').next().unwrap();
        assert_eq!(graph[0]["inLanguage"], lang, "{path}");
        for key in ["workTranslation", "translationOfWork"] {
            let works = graph[0].get(key).into_iter();
            let works = works.flat_map(|it| match it {
                Value::Array(all) => all.clone(),
                one => vec![one.clone()],
            });
            for work in works {
                assert_ne!(work["inLanguage"], lang, "{path}");
                assert!(work["inLanguage"].is_string(), "{path}");
            }
        }
    }
}

#[test]
fn a_page_says_to_machines_what_its_readers_see() {
    let clean = |text: &str| -> String {
        let is_sign = |it: &char| {
            !it.is_control()
                && !matches!(it, '\u{200E}' | '\u{200F}' | '\u{61C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
        };
        text.split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .chars()
            .filter(is_sign)
            .collect()
    };
    let mut n_texts = 0;
    for (path, html, graph) in pages() {
        let page = Markup::read(html);
        let body = page.tags.iter().position(|it| it.name == "body").unwrap();
        let body = clean(&page.text_of(body));
        let mut waiting: Vec<&Value> = vec![&graph[0]];
        while let Some(value) = waiting.pop() {
            match value {
                Value::Array(all) => waiting.extend(all),
                Value::Object(map) => {
                    for (key, value) in map {
                        // The switch between languages shows the other versions by their
                        // language alone.
                        if key == "workTranslation" || key == "translationOfWork" {
                            continue;
                        }
                        waiting.push(value);
                        let is_shown =
                            ["name", "headline", "abstract", "text", "jobTitle"];
                        if is_shown.contains(&key.as_str()) {
                            n_texts += 1;
                            let text = clean(value.as_str().unwrap());
                            assert!(body.contains(&text), "{path}: {key} {text}");
                        }
                    }
                }
                _ => {}
            }
        }
    }
    assert!(1000 < n_texts, "{n_texts}");
}

#[test]
fn addresses_of_the_site_lead_to_its_files() {
    for (path, _, graph) in pages() {
        let mut waiting: Vec<&Value> = graph.iter().collect();
        while let Some(value) = waiting.pop() {
            match value {
                Value::Array(all) => waiting.extend(all),
                Value::Object(map) => waiting.extend(map.values()),
                Value::String(text) => {
                    for (files, host) in [
                        (demo(), "https://mujaz.example/"),
                        (four(), "https://rivers.example/"),
                    ] {
                        let Some(rest) = text.strip_prefix(host) else { continue };
                        let folder = rest.split('#').next().unwrap();
                        let is_file = files.keys().any(|it| {
                            let it = it.trim_end_matches("index.html");
                            mujaz::text::slug::encode_path(it) == folder
                        });
                        assert!(is_file, "{path}: {text}");
                    }
                }
                _ => {}
            }
        }
    }
}

fn file(path: &str, text: &str) -> (String, Vec<u8>) {
    (path.to_owned(), text.as_bytes().to_vec())
}

/// The graph of the page at a path.
fn graph_at(files: &BTreeMap<String, Vec<u8>>, path: &str) -> Vec<Value> {
    graph(std::str::from_utf8(&files[path]).unwrap())
}

#[test]
fn no_title_ends_the_script_and_no_control_gets_into_it() {
    let title = "</script><script>alert(1)</script> <!-- <script> \u{202E}نص\u{202C}";
    let files = [
        file("content/site.yaml", "title: موجز\nbase_url: https://x.example/d/\n"),
        file(
            "content/briefings/a.md",
            &format!("---\ntitle: '{title}'\nslug: a\ndate: 2025-01-02\n---\nنص.\n"),
        ),
    ];
    let (built, memory, _) = build(&files);
    assert_eq!(built.diagnostics, [], "the site is clean");
    let files = memory.files.into_inner().unwrap();
    let html = std::str::from_utf8(&files["briefings/a/index.html"]).unwrap();
    // The data, and the script of the theme.
    assert_eq!(html.matches("<script").count(), 2);
    assert_eq!(html.matches("</script>").count(), 2);
    let graph = graph(html);
    let expected = "</script><script>alert(1)</script> <!-- <script> نص";
    assert_eq!(graph[0]["headline"], expected);
    assert_eq!(graph[0]["url"], "https://x.example/d/briefings/a/");
}

#[test]
fn nothing_that_is_not_public_is_told() {
    let files = [
        file(
            "content/site.yaml",
            "title: موجز\nlanguages: [ar, en]\nbase_url: https://x.example/\n",
        ),
        file("content/series/s.yaml", "title: {ar: سلسلة, en: Series}\n"),
        file(
            "content/topics/iran.yaml",
            "title: {ar: إيران, en: Iran}\nkind: country\nsummary: {ar: دولة}\n",
        ),
        file(
            "content/briefings/a.md",
            "---\ntitle: علني\ndate: 2025-01-02\ntopics: [iran]\nseries: {id: s, number: 1}\n---\nنص.\n",
        ),
        file(
            "content/briefings/a.en.md",
            "---\ntitle: Secret version\nstatus: draft\n---\nText.\n",
        ),
        file(
            "content/briefings/b.md",
            "---\ntitle: سر\ndate: 2025-01-03\npublish_at: 2027-01-01T00:00:00Z\ntopics: [iran]\nseries: {id: s, number: 2}\n---\nنص.\n",
        ),
    ];
    let (_, memory, _) = build(&files);
    for (path, bytes) in memory.files.into_inner().unwrap() {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("Secret") && !text.contains("\"سر\""), "{path}");
        if path.starts_with("briefings/") && path.ends_with(".html") {
            let graph = graph(&text);
            assert!(graph[0].get("workTranslation").is_none());
            assert_eq!(graph[0]["position"], 1);
        }
    }
}

/// A translation is told as one only where its original is public.
#[test]
fn kinds_numbers_and_versions_are_told() {
    let files = [
        file(
            "content/site.yaml",
            "title: موجز\nlanguages: [ar, en, fa]\nbase_url: https://x.example/\n",
        ),
        file(
            "content/briefings/a.md",
            "---\ntitle: تقرير\nslug: a\ndate: 2025-01-02\nkind: report\nnumber: T-1\ncorrections:\n  - {at: 2025-01-05, text: {ar: صوّبنا رقمًا}}\n---\nنص.\n",
        ),
        file("content/briefings/a.en.md", "---\ntitle: Report\nslug: a\n---\nText.\n"),
        file(
            "content/briefings/b.en.md",
            "---\ntitle: Flash\nslug: b\ndate: 2025-01-02\nkind: flash\nnumber: T-2\nstatus: withdrawn\n---\nText.\n",
        ),
        file(
            "content/briefings/b.fa.md",
            "---\ntitle: خبر\nslug: b\ndate: 2025-01-02\nkind: flash\n---\nمتن.\n",
        ),
        file(
            "content/briefings/c.txt",
            "عنوان\n\nنص بلا تاريخ لا يعرفه أحد سوى كاتبه وقارئه.\n",
        ),
    ];
    let (_, memory, _) = build(&files);
    let files = memory.files.into_inner().unwrap();
    let report = &graph_at(&files, "briefings/a/index.html")[0];
    assert_eq!(report["@type"], "Report");
    assert_eq!(report["reportNumber"], "T-1");
    assert_eq!(report["correction"][0]["datePublished"], "2025-01-05");
    assert_eq!(report["workTranslation"][0]["inLanguage"], "en");
    let english = &graph_at(&files, "en/briefings/a/index.html")[0];
    assert_eq!(english["translationOfWork"]["inLanguage"], "ar");
    let flash = &graph_at(&files, "en/briefings/b/index.html")[0];
    assert_eq!(flash["@type"], "ReportageNewsArticle");
    assert_eq!(flash["identifier"], "T-2");
    assert_eq!(flash["creativeWorkStatus"], "Withdrawn");
    for key in ["wordCount", "description", "translationOfWork", "workTranslation"] {
        assert!(flash.get(key).is_none(), "{key}");
    }
    let undated =
        files.keys().find(|it| it.starts_with("briefings/") && !it.contains("/a/"));
    let undated =
        &graph_at(&files, undated.unwrap().replace("cite.bib", "index.html").as_str())[0];
    assert!(undated.get("datePublished").is_none());
}

#[test]
fn every_language_has_a_manifest_that_its_pages_name() {
    let mut n_manifests = 0;
    for (path, bytes) in demo().iter().chain(four()) {
        if path.ends_with(".webmanifest") {
            n_manifests += 1;
            let manifest: Value = serde_json::from_slice(bytes).unwrap();
            let lang = path.split_once('/').map_or("ar", |(lang, _)| lang);
            assert_eq!(manifest["lang"], lang);
            let direction = if lang == "en" { "ltr" } else { "rtl" };
            assert_eq!(manifest["dir"], direction);
            assert_eq!(manifest["display"], "minimal-ui");
            assert_eq!(manifest["icons"][0]["sizes"], "any");
            check_text(manifest["name"].as_str().unwrap());
            let start = manifest["start_url"].as_str().unwrap();
            assert!(start.starts_with('/') && start.ends_with('/'), "{start}");
        }
    }
    assert_eq!(n_manifests, 8);
    for (path, html, _) in pages() {
        let first = path.split('/').next().unwrap();
        let folder = if ["en", "fa", "he"].contains(&first) {
            format!("/{first}/")
        } else {
            "/".to_owned()
        };
        let link = format!("<link rel=\"manifest\" href=\"{folder}site.webmanifest\">");
        assert!(html.contains(&link), "{path}");
    }
}

#[test]
fn the_head_links_to_authors_neighbours_and_files() {
    let mut n_links: BTreeMap<String, usize> = BTreeMap::new();
    for (path, html, _) in pages() {
        let page = Markup::read(html);
        let head = page.tags.iter().position(|it| it.name == "body").unwrap();
        let (head, body) = page.tags.split_at(head);
        for link in head.iter().filter(|it| it.name == "link") {
            let rel = link.get("rel").unwrap();
            let is_file = link.get("type").is_some_and(|it| it.contains("/x-"));
            if !["author", "prev", "next"].contains(&rel) && !is_file {
                continue;
            }
            *n_links.entry(rel.to_owned()).or_default() += 1;
            // What machines follow, readers can follow too.
            let href = link.get("href");
            let is_shown = body.iter().any(|it| it.name == "a" && it.get("href") == href);
            assert!(is_shown, "{path}: {href:?}");
            assert_eq!(link.get("title").is_some(), is_file, "{path}: {href:?}");
        }
        let of = |name: &'static str| {
            head.iter().filter(move |it| it.get("property") == Some(name))
        };
        let kind = of("og:type").next().and_then(|it| it.get("content"));
        let is_article = of("article:section").count() == 1;
        assert_eq!(kind == Some("article"), is_article, "{path}");
        assert_eq!(kind == Some("profile"), html.contains("page--author"), "{path}");
        for date in of("article:published_time").chain(of("article:modified_time")) {
            check_date(date.get("content").unwrap());
        }
    }
    for rel in ["author", "prev", "next", "alternate"] {
        assert!(5 < n_links[rel], "{n_links:?}");
    }
}

#[test]
fn a_picture_and_a_logo_are_told_with_whole_addresses() {
    let picture = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 6\"/>";
    let files = [
        file(
            "content/site.yaml",
            "title: موجز\nbase_url: https://x.example/d/\nlogo: logo.svg\n",
        ),
        file("static/logo.svg", picture),
        file("content/briefings/map.svg", picture),
        file(
            "content/briefings/a.md",
            "---\ntitle: عنوان\nslug: a\ndate: 2025-01-02\nimage: {file: map.svg, alt: خريطة, credit: المكتب}\n---\nنص.\n",
        ),
    ];
    let (built, memory, _) = build(&files);
    assert_eq!(built.diagnostics, []);
    let files = memory.files.into_inner().unwrap();
    let briefing = &graph_at(&files, "briefings/a/index.html")[0];
    check_node(briefing, "briefings/a/");
    let image = briefing["image"]["url"].as_str().unwrap();
    let path = image.strip_prefix("https://x.example/d/").unwrap();
    assert!(files.contains_key(path), "{image}");
    assert_eq!(briefing["image"]["creditText"], "المكتب");
    assert_eq!(briefing["publisher"]["logo"], "https://x.example/d/logo.svg");
}

#[test]
fn a_file_of_static_cannot_stand_where_the_site_writes_one() {
    for path in ["site.webmanifest", "briefings/a/cite.ris"] {
        let files = [
            file("content/site.yaml", "title: موجز\nbase_url: https://x.example/\n"),
            file(
                "content/briefings/a.md",
                "---\ntitle: عنوان\nslug: a\ndate: 2025-01-02\n---\nنص.\n",
            ),
            file(&format!("static/{path}"), ""),
        ];
        let (built, _, _) = build(&files);
        let codes: Vec<&str> = built.diagnostics.iter().map(|it| it.code).collect();
        assert_eq!(codes, ["output-collision"], "{path}");
    }
}
