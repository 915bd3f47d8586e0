//! What is fuzzed, one function for each target. `tests/suite/fuzz_seeds.rs` replays the
//! seeds and every input that has ever failed through the same functions.

use std::collections::BTreeMap;

use mujaz::cli::report;
use mujaz::config::{self, Config};
use mujaz::diag::{Checked, Diagnostic, SourcePath};
use mujaz::load::{self, SourceFile, Sources};
use mujaz::model::Clock;
use mujaz::parse::address;
use mujaz::parse::document::{Document, Node, Target};
use mujaz::render::html::{self, HtmlContext};
use mujaz::render::words::Words;
use mujaz::text::slug::{collision_key, decoded, encode_path, slug};
use mujaz::{BuildInfo, link};

use crate::active::{active_content, is_harmless};

const SETTINGS: &str = "title: {ar: موجز, en: Desk}\nlanguages: [ar, en]\n";
const TOPIC: &str = "title: {ar: إيران, en: Iran}\nkind: country\naliases: [طهران]\n";

fn file(path: &str, bytes: Vec<u8>) -> Checked<Option<SourceFile>> {
    let path = SourcePath::new(path);
    let kind = load::kind_of(&path).expect("the path is one of a text");
    load::source_file(path, kind, bytes)
}

/// Every mistake can be shown, and stands inside the text that it is about.
fn show(diagnostics: &[Diagnostic], sources: &[SourceFile]) {
    let text_of = |path: &SourcePath| {
        let file = sources.iter().find(|it| it.path == *path);
        file.map(|it| it.text.to_string())
    };
    for diagnostic in diagnostics {
        assert!(diagnostic.help.is_some(), "a mistake without a way out: {diagnostic:?}");
        let place = diagnostic.place.as_ref().expect("every mistake has a place");
        if let Some(text) = text_of(&place.path) {
            let is_inside = text.get(place.span.range()).is_some();
            assert!(is_inside, "a place outside the text: {diagnostic:?}");
        }
        let shown = report::human(diagnostic, &text_of);
        let is_control = |it: char| it.is_control() && !matches!(it, '\n' | '\t');
        assert!(!shown.contains(is_control), "controls reach the terminal: {shown:?}");
        report::json(diagnostic, &text_of);
    }
}

/// Metadata of every kind of file, alone and in front of a text.
pub(crate) fn front_matter(data: &[u8]) {
    let header = [b"---\n", data, b"\n---\n\xD9\x86\xD8\xB5\n"].concat();
    let mut diagnostics = Vec::new();
    let settings = file("content/site.yaml", data.to_vec());
    let mut sources: Vec<SourceFile> =
        settings.drain_into(&mut diagnostics).into_iter().collect();
    let read = sources.first().map(|it| (&it.path, &*it.text));
    let config = config::read(read).drain_into(&mut diagnostics);
    for (path, bytes) in [
        ("content/briefings/a.md", header.as_slice()),
        ("content/briefings/b.md", data),
        ("content/briefings/c.yaml", data),
        ("content/topics/a.yaml", data),
        ("content/authors/a.yaml", data),
        ("content/series/a.yaml", data),
        ("content/pages/a.md", header.as_slice()),
    ] {
        let Some(file) = file(path, bytes.to_vec()).drain_into(&mut diagnostics) else {
            continue;
        };
        mujaz::parse::parse(&file, &config).drain_into(&mut diagnostics);
        sources.push(file);
    }
    show(&diagnostics, &sources);
}

/// An article, from its bytes to its HTML, with each policy and from each kind of author.
pub(crate) fn markdown(data: &[u8]) {
    for (policy, trust) in [("text", "full"), ("safe", "full"), ("safe", "low")] {
        let header =
            format!("---\ntitle: عنوان\ndate: 2025-01-02\ntrust: {trust}\n---\n");
        let text = [header.as_bytes(), data].concat();
        article("content/briefings/a.md", text, policy);
    }
    article("content/briefings/a.txt", data.to_vec(), "text");
}

fn article(path: &str, text: Vec<u8>, policy: &str) {
    let mut diagnostics = Vec::new();
    let settings = format!("{SETTINGS}html: {policy}\n");
    let files = [
        (path, text),
        ("content/site.yaml", settings.into_bytes()),
        ("content/topics/iran.yaml", TOPIC.into()),
    ];
    let mut sources = Sources::default();
    for (path, bytes) in files {
        sources.files.extend(file(path, bytes).drain_into(&mut diagnostics));
    }
    let now = jiff::Timestamp::UNIX_EPOCH;
    let clock = Clock { now, is_preview: false };
    let info = BuildInfo { clock, stamp: None, base_url: None };
    let site =
        mujaz::read_site(&sources, &info, &mut |_| {}).drain_into(&mut diagnostics);
    let links = link::link(&site, &sources).drain_into(&mut diagnostics);
    show(&diagnostics, &sources.files);
    let config: &Config = &site.config;
    let digits = config.date_style(&config.lang).digits;
    let words = Words::new(&config.lang, digits, &[], &mut Vec::new());
    let context = HtmlContext {
        site: &site,
        links: &links,
        words: &words,
        lang: &config.lang,
        origin: "",
        hrefs: &BTreeMap::new(),
        pictures: &BTreeMap::new(),
    };
    for (briefing, found) in site.briefings.iter().zip(&links.briefings) {
        check_tree(&briefing.body.document());
        let html = html::article(&briefing.body.document(), found, context);
        for part in [&html.body, &html.footnotes] {
            let wrong = active_content(part);
            assert!(wrong.is_none(), "{}\n{part}", wrong.unwrap_or_default());
        }
    }
}

/// Elements nest, and every node stands in the text.
fn check_tree(document: &Document) {
    let mut open = Vec::new();
    for (node, span) in document.nodes.iter().zip(&document.spans) {
        assert!(document.source.get(span.range()).is_some(), "{node:?} at {span:?}");
        match node {
            Node::Open(element) => open.push(*element),
            Node::Close(element) => assert_eq!(open.pop(), Some(*element)),
            _ => {}
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

/// Addresses: made of titles, written by hand, and inside links of each syntax.
pub(crate) fn links(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Some(made) = slug(text) {
        assert_eq!(slug(&made).as_ref(), Some(&made), "a slug is its own slug");
        assert!(made.len() <= 183 && !made.contains(['/', '\\', '.', '%', ' ']));
        assert!(!made.contains(char::is_control));
    }
    collision_key(text);
    let encoded = encode_path(text);
    assert!(encoded.is_ascii());
    assert_eq!(decoded(&encoded), text);
    for target in [address::target(text), address::wiki_target(text)] {
        match target {
            Target::External(to) => assert!(is_harmless(&to), "{to:?}"),
            Target::Path(to) => assert!(!to.starts_with("//") && !to.contains('\\')),
            _ => {}
        }
    }
    let written = format!(
        "[a]({text}) [b](<{text}>) [[{text}]] [[{text}|c]] <{text}>\n\n![d]({text}) \
         [e][f] [^{text}] [@{text}]\n\n[f]: {text}\n"
    );
    markdown(written.as_bytes());
}
