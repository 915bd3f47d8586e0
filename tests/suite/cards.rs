//! Social cards: every page names a picture that is there, and the picture is the same on
//! every machine.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use mujaz::model::Clock;
use mujaz::render::{Memory, Nowhere, Sink};
use mujaz::{BuildInfo, load};

use crate::output::demo;

/// The content of a `<meta>` of a page.
fn meta<'a>(html: &'a str, name: &str) -> Option<&'a str> {
    let at = html.find(&format!("=\"{name}\" content=\""))?;
    let rest = html.get(at..)?.split_once("content=\"")?.1;
    rest.split('"').next()
}

fn pages() -> impl Iterator<Item = (&'static str, &'static str)> {
    let pages = demo().iter().filter(|(path, _)| path.ends_with(".html"));
    pages.map(|(path, bytes)| (path.as_str(), std::str::from_utf8(bytes).unwrap()))
}

/// Builds a site of two briefings.
fn build(settings: &str, sink: &dyn Sink) {
    build_titled("موجز", settings, sink);
}

fn build_titled(title: &str, settings: &str, sink: &dyn Sink) {
    let folder = tempfile::tempdir().unwrap();
    let put = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    put(
        "content/site.yaml",
        &format!("title: {title}\nbase_url: https://a.example/b/\n{settings}"),
    );
    put(
        "content/briefings/x.md",
        "---\ntitle: مضيق هرمز\ndate: 2025-03-01\n---\n\nنص.\n",
    );
    put(
        "content/briefings/y.md",
        "---\ntitle: 中国的能源\ndate: 2025-03-02\n---\n\nنص.\n",
    );
    let sources = load::load(folder.path()).unwrap();
    let now = "2026-01-01T00:00:00Z".parse().unwrap();
    let clock = Clock { now, is_preview: false };
    let info = BuildInfo { clock, stamp: None, base_url: None };
    let built = mujaz::build(&sources.value, &info, sink, &|_| {});
    assert!(built.diagnostics.is_empty(), "{:#?}", built.diagnostics);
}

fn files(settings: &str) -> BTreeMap<String, Vec<u8>> {
    let memory = Memory::default();
    build(settings, &memory);
    memory.files.into_inner().unwrap()
}

fn cards(files: &BTreeMap<String, Vec<u8>>) -> BTreeMap<&str, &Vec<u8>> {
    let cards = files.iter().filter(|(path, _)| path.starts_with("assets/cards/"));
    cards.map(|(path, bytes)| (path.as_str(), bytes)).collect()
}

#[test]
fn every_page_names_a_picture_that_is_there() {
    let mut named = BTreeSet::new();
    let mut of_kind: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (path, html) in pages() {
        let is_hidden = meta(html, "robots") == Some("noindex");
        let Some(href) = meta(html, "og:image") else {
            assert!(is_hidden, "{path} has no picture");
            continue;
        };
        assert!(!is_hidden, "{path}");
        let file = href.strip_prefix("https://mujaz.example/").unwrap();
        assert!(demo().contains_key(file), "{path} names {href}");
        assert_eq!(meta(html, "og:image:width"), Some("1200"));
        assert_eq!(meta(html, "og:image:height"), Some("630"));
        assert!(!meta(html, "og:image:alt").unwrap().is_empty());
        assert_eq!(meta(html, "twitter:card"), Some("summary_large_image"));
        named.insert(file);
        let segments: Vec<&str> = path.split('/').rev().collect();
        // `briefings/name/index.html`, in any language.
        if let ["index.html", _, kind @ ("briefings" | "topics"), ..] = segments[..] {
            of_kind.entry(kind).or_default().insert(file);
        }
    }
    let (briefings, topics) = (&of_kind["briefings"], &of_kind["topics"]);
    assert!(20 <= briefings.len() && 60 <= topics.len());
    assert!(briefings.is_disjoint(topics));
    let made: BTreeSet<&str> = cards(demo()).into_keys().collect();
    assert_eq!(made, named, "no picture is made that no page names");
}

#[test]
fn a_card_is_a_small_png_of_the_size_that_the_page_says() {
    for (path, bytes) in cards(demo()) {
        assert_eq!(bytes.get(..8), Some(b"\x89PNG\r\n\x1a\n".as_slice()), "{path}");
        let number =
            |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
        assert_eq!((number(16), number(20)), (1200, 630), "{path}");
        // Messengers refuse pictures of more than 300 kB.
        assert!(bytes.len() < 80_000, "{path}: {}", bytes.len());
    }
}

#[test]
fn cards_do_not_depend_on_the_number_of_threads() {
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let one = one.install(|| files(""));
    let four = rayon::ThreadPoolBuilder::new().num_threads(4).build().unwrap();
    let four = four.install(|| files(""));
    assert!(!cards(&one).is_empty());
    assert_eq!(cards(&one), cards(&four));
}

#[test]
fn cards_can_be_turned_off() {
    let files = files("cards: false\n");
    assert!(cards(&files).is_empty());
    for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
        let html = std::str::from_utf8(bytes).unwrap();
        assert_eq!(meta(html, "og:image"), None, "{path}");
        assert_eq!(meta(html, "twitter:card"), None, "{path}");
    }
}

#[test]
fn a_title_that_no_font_has_gets_the_card_of_the_site() {
    let files = files("");
    let picture = |path: &str| {
        let html = std::str::from_utf8(&files[path]).unwrap();
        meta(html, "og:image").unwrap().to_owned()
    };
    let page = |word: &str| {
        let mut pages = files.keys().filter(|it| it.ends_with("/index.html"));
        pages.find(|it| it.starts_with("briefings/") && it.contains(word)).unwrap()
    };
    assert_eq!(picture(page("中国")), picture("index.html"));
    assert_ne!(picture(page("هرمز")), picture("index.html"));
    assert!(picture("index.html").starts_with("https://a.example/b/assets/cards/"));
}

/// A title in letters that no font has left a blank site card, and blank mastheads.
#[test]
fn a_site_whose_title_no_font_has_has_no_card_of_its_own() {
    let built = |title: &str| {
        let memory = Memory::default();
        build_titled(title, "", &memory);
        memory.files.into_inner().unwrap()
    };
    let files = built("Брифинги");
    let of_briefing = |path: &str| path.contains("briefings/") && path.contains("هرمز");
    for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
        let html = std::str::from_utf8(bytes).unwrap();
        let has_card = meta(html, "og:image").is_some();
        assert_eq!(has_card, of_briefing(path), "{path}");
        assert_eq!(meta(html, "twitter:card").is_some(), has_card, "{path}");
    }
    assert_eq!(cards(&files).len(), 1);
    // An unreadable name is no name: all such sites draw the same card.
    assert_eq!(cards(&files), cards(&built("中国简报")));
    assert_ne!(cards(&files), cards(&built("موجز")));
}

#[test]
fn an_unreadable_description_is_left_off_the_card_of_the_site() {
    let described = files("description: О политике\n");
    assert_eq!(cards(&described), cards(&files("")));
    assert_ne!(cards(&files("description: عن السياسة\n")), cards(&files("")));
}

#[test]
fn the_accent_of_the_site_is_in_the_palette() {
    let files = files("theme: {accent: \"#7a1f3d\"}\n");
    for (path, bytes) in cards(&files) {
        let has = bytes.windows(3).any(|it| it == [0x7a, 0x1f, 0x3d]);
        assert!(has, "{path}");
    }
}

#[test]
fn checking_draws_nothing() {
    struct Spy;
    impl Sink for Spy {
        fn put(&self, path: &str, _: Vec<u8>) {
            assert!(!path.starts_with("assets/cards/"), "cards are made, not put");
        }
        fn copy(&self, _: &str, _: &std::path::Path) {}
        fn make(&self, _: &str, _: &dyn Fn() -> Vec<u8>) {}
    }
    build("", &Spy);
    Nowhere.make("assets/cards/x.png", &|| panic!("checking draws a card"));
}
