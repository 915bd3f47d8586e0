//! What a page of the demo weighs on the wire, before any browser looks at it. The budget
//! of the style sheet alone is in `tidy.rs`.

use std::collections::BTreeSet;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::output::demo;

/// 60 kB, for the page with its style sheets and again for its fonts: a second on a slow
/// connection (0.5 Mbit/s) for each of them.
const BUDGET: usize = 60_000;

/// As a host that compresses when it is asked does it.
fn gzipped(bytes: &[u8]) -> usize {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap().len()
}

/// Files of the site that the tags of a page which hold a text name in `href` or `src`.
fn named<'a>(
    html: &'a str,
    tag: &str,
    holds: &str,
    attribute: &str,
) -> BTreeSet<&'a str> {
    let start = format!("<{tag} ");
    let tags = html.split(start.as_str()).skip(1);
    let tags = tags.filter_map(|it| it.split('>').next()).filter(|it| it.contains(holds));
    let open = format!("{attribute}=\"/");
    tags.filter_map(|it| it.split(open.as_str()).nth(1)?.split('"').next()).collect()
}

/// Each page with its address; redirects are none.
fn pages() -> impl Iterator<Item = (&'static str, &'static str)> {
    let pages = demo().iter().filter(|(path, _)| path.ends_with(".html"));
    let pages = pages.map(|it| (it.0.as_str(), std::str::from_utf8(it.1).unwrap()));
    pages.filter(|(_, html)| html.contains("rel=\"stylesheet\""))
}

fn bytes(paths: &BTreeSet<&str>, weigh: impl Fn(&[u8]) -> usize) -> usize {
    paths.iter().map(|it| weigh(&demo()[*it])).sum()
}

#[test]
fn a_page_and_its_style_sheets_fit_the_budget() {
    let mut n_briefings = 0;
    for (path, html) in pages() {
        let sheets = named(html, "link", "rel=\"stylesheet\"", "href");
        assert!(!sheets.is_empty(), "{path} has no style sheet");
        let all = gzipped(html.as_bytes()) + bytes(&sheets, gzipped);
        assert!(all <= BUDGET, "{path}: {all} bytes of HTML and CSS");
        n_briefings += usize::from(html.contains("page--briefing\""));
    }
    assert!(20 < n_briefings, "{n_briefings}");
}

#[test]
fn fonts_that_a_page_preloads_fit_the_budget() {
    for (path, html) in pages() {
        let fonts = named(html, "link", "as=\"font\"", "href");
        let all = bytes(&fonts, <[u8]>::len);
        assert!((1..=BUDGET).contains(&all), "{path}: {all} bytes of fonts");
    }
}

#[test]
fn scripts_of_a_page_fit_the_budget() {
    let mut n_with = 0;
    for (path, html) in pages() {
        let scripts = named(html, "script", "src=", "src");
        let all = bytes(&scripts, <[u8]>::len);
        assert!(all <= 15_000, "{path}: {all} bytes of scripts");
        n_with += usize::from(all != 0);
    }
    assert!(50 < n_with, "{n_with}");
}

#[test]
fn what_the_search_page_loads_before_results_fits_the_budget() {
    // Whatever is looked for: page, styles, both scripts, directory, the largest shards for
    // three words, what ten results need to be shown, and what they are narrowed down by.
    let files = |start: &str| -> Vec<&Vec<u8>> {
        let all = demo().iter().filter(|(path, _)| path.starts_with(start));
        all.map(|(_, bytes)| bytes).collect()
    };
    let scripts = ["assets/search.", "assets/search-index."].map(files);
    let scripts: usize = scripts.iter().flatten().map(|it| gzipped(it)).sum();
    assert!((1..=15_000).contains(&scripts), "{scripts} bytes of scripts");
    for lang in ["ar", "en", "fa", "he"] {
        let folder = format!("assets/search/{lang}/");
        // Directory and facets are JSON, shards and records lines.
        let (json, lines): (Vec<_>, Vec<_>) =
            files(&folder).into_iter().partition(|it| it.first() == Some(&b'{'));
        assert_eq!(json.len(), 2, "{lang}");
        let fixed: usize = json.iter().map(|it| gzipped(it)).sum();
        let mut others: Vec<usize> = lines.iter().map(|it| gzipped(it)).collect();
        others.sort_unstable();
        let (records, shards): (usize, usize) =
            (others.iter().take(5).sum(), others.iter().rev().take(4).sum());
        let all = fixed + records + shards;
        assert!(all <= 25_000, "{lang}: {all} bytes of data");
    }
}
