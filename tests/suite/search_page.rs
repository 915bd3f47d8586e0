//! The search page as it is built; what its script does is for a browser to see.

use std::collections::{BTreeMap, BTreeSet};

use crate::golden::build;
use crate::markup::{Markup, Tag, unescape};
use crate::output::demo;

const BRIEFING: &str =
    "---\ntitle: عنوان\ndate: 2025-01-02\ntopics: [iran]\n---\nنص عن إيران.\n";

fn site(config: &str) -> BTreeMap<String, Vec<u8>> {
    let topic = "title: {ar: إيران}\nkind: country\nsummary: {ar: دولة}\n";
    let files = [
        ("content/site.yaml", format!("title: موجز\n{config}")),
        ("content/topics/iran.yaml", topic.to_owned()),
        ("content/briefings/a.md", BRIEFING.to_owned()),
    ];
    let files = files.map(|(path, text)| (path.to_owned(), text.into_bytes()));
    let (_, memory, _) = build(&files);
    memory.files.into_inner().unwrap()
}

fn page<'a>(files: &'a BTreeMap<String, Vec<u8>>, path: &str) -> Markup<'a> {
    Markup::read(std::str::from_utf8(&files[path]).unwrap())
}

fn root<'m, 'a>(page: &'m Markup<'a>) -> &'m Tag<'a> {
    page.tags.iter().find(|it| it.get("data-search").is_some()).unwrap()
}

#[test]
fn a_site_without_search_has_no_trace_of_it() {
    let files = site("search: false\n");
    for (path, bytes) in &files {
        assert!(!path.contains("search"), "{path}");
        if path.ends_with(".html") {
            let html = std::str::from_utf8(bytes).unwrap();
            assert!(!html.contains("role=\"search\"") && !html.contains("/search/"));
        }
    }
    assert!(site("").contains_key("search/index.html"));
}

#[test]
fn every_page_leads_to_the_search_of_its_language() {
    for (path, bytes) in demo().iter().filter(|(path, _)| path.ends_with(".html")) {
        let html = std::str::from_utf8(bytes).unwrap();
        if !html.contains("<header class=\"masthead\">") {
            continue;
        }
        let lang = ["en", "fa", "he"]
            .iter()
            .find(|it| path.starts_with(&format!("{it}/")))
            .map_or_else(String::new, |it| format!("/{it}"));
        let link = format!("<li class=\"masthead__search\"><a href=\"{lang}/search/\"");
        assert!(html.contains(&link), "{path}");
        let form = format!("role=\"search\" action=\"{lang}/search/\" method=\"get\"");
        let has_form = ["home", "search", "not_found"]
            .iter()
            .any(|it| html.contains(&format!("page--{it}\"")));
        assert_eq!(html.contains(&form), has_form, "{path}");
    }
}

#[test]
fn only_the_search_page_loads_what_it_needs_alone() {
    for (path, bytes) in demo().iter().filter(|(path, _)| path.ends_with(".html")) {
        let html = std::str::from_utf8(bytes).unwrap();
        let is_search = path.ends_with("search/index.html");
        for own in
            ["/assets/search.", "/assets/search-index.", "/assets/search-excerpts."]
        {
            assert_eq!(html.contains(own), is_search, "{path}: {own}");
        }
    }
}

#[test]
fn the_script_finds_every_plural_form_of_its_language() {
    let forms = [
        ("", &["zero", "one", "two", "few", "many", "other"][..]),
        ("en/", &["one", "other"]),
        ("fa/", &["one", "other"]),
        ("he/", &["one", "two", "other"]),
    ];
    for (folder, expected) in forms {
        let page = page(demo(), &format!("{folder}search/index.html"));
        for name in ["data-results-", "data-briefings-"] {
            let root = root(&page);
            let form = |it: &&str| root.get(&format!("{name}{it}")).is_some();
            let all = ["zero", "one", "two", "few", "many", "other"];
            let found: Vec<&str> = all.into_iter().filter(|it| form(it)).collect();
            assert_eq!(found, expected, "{folder}");
            assert!(root.get(&format!("{name}other")).unwrap().contains("{n}"));
        }
        for (name, values) in [
            ("data-nothing", &["{query}"][..]),
            ("data-corrected", &["{word}", "{typed}"]),
        ] {
            let words = unescape(root(&page).get(name).unwrap());
            assert!(values.iter().all(|it| words.contains(it)), "{folder}: {words}");
        }
    }
}

#[test]
fn without_a_query_there_are_topics_with_most_briefings_first_and_years() {
    let html = std::str::from_utf8(&demo()["search/index.html"]).unwrap();
    let (_, start) = html.split_once("data-search-start").unwrap();
    assert!(start.contains("href=\"/topics/\"") && start.contains("href=\"/archive/\""));
    assert!(start.contains("href=\"/archive/2025/\""));
    let counts: Vec<usize> = start
        .split("<span class=\"topic-card__meta")
        .skip(1)
        .map(|it| it.split("</span> <span>").nth(1).unwrap())
        .map(|it| {
            // One and two are words.
            let digits: String = it.chars().take_while(char::is_ascii_digit).collect();
            digits.parse().unwrap_or(2)
        })
        .collect();
    assert!((10..=24).contains(&counts.len()), "{counts:?}");
    assert!(counts.is_sorted_by(|a, b| a >= b), "{counts:?}");
}

#[test]
fn the_languages_that_can_be_searched_begin_with_that_of_the_page() {
    let languages = |path: &str| -> Vec<String> {
        let page = page(demo(), path);
        let all = page.tags.iter().filter(|it| it.get("data-index").is_some());
        let tags: Vec<String> =
            all.map(|it| it.get("lang").unwrap().to_owned()).collect();
        let hrefs: BTreeSet<_> =
            page.tags.iter().filter_map(|it| it.get("data-index")).collect();
        assert_eq!(hrefs.len(), tags.len());
        tags
    };
    assert_eq!(languages("search/index.html"), ["ar", "en", "fa", "he"]);
    assert_eq!(languages("fa/search/index.html"), ["fa", "ar", "en", "he"]);
}

/// The script looks for these; a theme that changes markup keeps them.
#[test]
fn the_page_has_what_its_script_looks_for() {
    let html = std::str::from_utf8(&demo()["search/index.html"]).unwrap();
    let script = include_str!("../../static/js/search.js");
    for name in script.split(" place(\"").skip(1).filter_map(|it| it.split('"').next()) {
        assert!(html.contains(&format!("data-search-{name}")), "{name}");
    }
    for part in
        script.split("part(item, \"").skip(1).filter_map(|it| it.split('"').next())
    {
        assert!(html.contains(&format!("data-part=\"{part}\"")), "{part}");
    }
    let is_briefing =
        |path: &str| path.starts_with("briefings/") && path.ends_with("/index.html");
    let briefing = demo().iter().find(|(path, _)| is_briefing(path)).unwrap();
    let text = std::str::from_utf8(briefing.1).unwrap();
    assert!(text.contains("<div class=\"prose\" data-search-text>"));
}
