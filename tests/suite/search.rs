//! What a search finds: pairs of a query and a text, everyday queries, and the demo.
//!
//! The rows stand in `tests/search/`, one file for each question, and say there what they
//! mean. Every row is looked for in a site of its own kind: a text of one word is a
//! briefing of one word.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use mujaz::BuildInfo;
use mujaz::diag::{Severity, SourcePath};
use mujaz::link::{Links, link};
use mujaz::load::{self, Sources};
use mujaz::model::{Clock, Site};
use mujaz::render::Memory;
use mujaz::search::query::{Tier, search};
use mujaz::search::{Index, indexes};

fn rows(name: &str) -> Vec<Vec<String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/search");
    crate::rows::rows(&folder, name)
}

fn info() -> BuildInfo {
    let now = "2026-01-01T00:00:00Z".parse().unwrap();
    BuildInfo { clock: Clock { now, is_preview: false }, stamp: None, base_url: None }
}

fn read(sources: &Sources) -> (Site, Links) {
    let site = mujaz::read_site(sources, &info(), &mut |_| {});
    let mut diagnostics = site.diagnostics;
    let links = link(&site.value, sources).drain_into(&mut diagnostics);
    let errors: Vec<_> =
        diagnostics.iter().filter(|it| it.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    (site.value, links)
}

/// A site with a text in each language, and a topic for each name.
fn site_of(texts: &[(&str, &str)], names: &[&str]) -> (Site, Links) {
    let mut sources = Sources::default();
    let mut languages: Vec<&str> = texts.iter().map(|(lang, _)| *lang).collect();
    languages.sort_unstable();
    languages.dedup();
    let mut add = |path: String, text: String| {
        let path = SourcePath::new(&path);
        let kind = load::kind_of(&path).unwrap();
        let file = load::source_file(path, kind, text.into_bytes());
        sources.files.extend(file.value);
    };
    add(
        "content/site.yaml".to_owned(),
        format!(
            "title: t\nlang: {}\nlanguages: [{}]\n",
            languages[0],
            languages.join(", ")
        ),
    );
    for (at, (lang, text)) in texts.iter().enumerate() {
        add(
            format!("content/briefings/text-{at}.{lang}.md"),
            format!("---\ntitle: '…'\ndate: 2020-01-01\n---\n\n{text}\n"),
        );
    }
    for (at, name) in names.iter().enumerate() {
        let quoted = serde_json::to_string(name).unwrap();
        add(
            format!("content/topics/topic-{at}.yaml"),
            format!("title: {quoted}\nkind: country\n"),
        );
    }
    read(&sources)
}

/// The language of a word, as far as its script tells.
fn lang_of(text: &str) -> &'static str {
    let has = |letters: &str| text.contains(|it| letters.contains(it));
    if text.contains(|it| ('\u{590}'..'\u{600}').contains(&it)) {
        "he"
    } else if has("ٹڈڑےںھ") {
        "ur"
    } else if has("پچژگکی\u{200C}۰۱۲۳۴۵۶۷۸۹") {
        "fa"
    } else if text.is_ascii() {
        "en"
    } else {
        "ar"
    }
}

fn without_star(text: &str) -> (String, bool) {
    match text.strip_suffix('*') {
        Some(name) => (name.to_owned(), true),
        None => (text.to_owned(), false),
    }
}

#[test]
fn d_pairs_match_in_their_tiers() {
    let mut wrong = String::new();
    let rows = rows("pairs.txt");
    assert!(100 <= rows.len(), "{}", rows.len());
    for row in &rows {
        let [id, query, text, expected] = &row[..] else { panic!("{row:?}") };
        let (query, is_name) = without_star(query);
        let (text, is_text_name) = without_star(text);
        let mut names = Vec::new();
        names.extend(is_name.then_some(query.as_str()));
        names.extend(is_text_name.then_some(text.as_str()));
        let (site, links) = site_of(&[(lang_of(&text), &text)], &names);
        let indexes = indexes(&site, &links);
        let found = search(&indexes[0], &query);
        let tier = if found.hits.is_empty() {
            "none"
        } else {
            match found.tier.unwrap() {
                Tier::Exact => "exact",
                Tier::Stem => "stem",
                Tier::Clitic => "clitic",
                Tier::Prefix => "prefix",
                Tier::Slip => "typo",
            }
        };
        if tier != expected {
            let _ = writeln!(wrong, "{id} {query} | {text}: {tier}, not {expected}");
        }
    }
    assert!(wrong.is_empty(), "of {} rows:\n{wrong}", rows.len());
}

#[test]
fn everyday_queries_find_and_look_alikes_do_not() {
    let rows = rows("everyday.txt");
    let of = |sort: char| rows.iter().filter(move |it| it[0].starts_with(sort));
    let names: BTreeSet<String> = rows
        .iter()
        .flat_map(|it| [without_star(&it[1]), without_star(&it[2])])
        .filter_map(|(name, is_name)| is_name.then_some(name))
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let texts: Vec<(&str, &str)> = rows.iter().map(|it| ("ar", it[2].as_str())).collect();
    let (site, links) = site_of(&texts, &names);
    let index = &indexes(&site, &links)[0];
    let finds = |row: &Vec<String>| {
        let at = rows.iter().position(|it| it[0] == row[0]).unwrap();
        let id = format!("text-{at}");
        let found = search(index, &without_star(&row[1]).0);
        found.hits.iter().any(|it| {
            site.briefings[index.briefings[it.number as usize].at()].id.as_ref() == id
        })
    };
    let missed = |sort| -> Vec<&str> {
        of(sort).filter(|it| !finds(it)).map(|it| it[0].as_str()).collect()
    };
    assert_eq!((of('Q').count(), of('N').count()), (22, 10));
    assert!(missed('Q').len() <= 1, "{:?}", missed('Q'));
    assert!(missed('N').len() <= 2, "{:?}", missed('N'));
    let crossed: Vec<&str> =
        of('X').filter(|it| finds(it)).map(|it| it[0].as_str()).collect();
    assert!(crossed.is_empty() && 5 <= of('X').count(), "{crossed:?}");
}

fn demo() -> (Site, Links) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    read(&load::load(root).unwrap().value)
}

fn first<'s>(site: &'s Site, index: &Index, query: &str) -> Option<&'s str> {
    let hit = search(index, query).hits.into_iter().next()?;
    Some(&site.briefings[index.briefings[hit.number as usize].at()].id)
}

#[test]
fn the_right_briefing_of_the_demo_is_first() {
    let (site, links) = demo();
    let indexes: BTreeMap<String, Index> =
        indexes(&site, &links).into_iter().map(|it| (it.lang.to_string(), it)).collect();
    let rows = rows("demo.txt");
    assert_eq!(rows.len(), 40);
    let mut wrong = String::new();
    for row in &rows {
        let [id, lang, query, expected] = &row[..] else { panic!("{row:?}") };
        let found = first(&site, &indexes[lang.as_str()], query).unwrap_or("nothing");
        if !expected.split(',').any(|it| it.trim() == found) {
            let _ = writeln!(wrong, "{id} {query}: {found}, not {expected}");
        }
    }
    assert!(wrong.lines().count() <= 4, "{wrong}");
}

/// Files of the search of a site of these briefings, by path.
fn files(briefings: &[(String, String)]) -> BTreeMap<String, Vec<u8>> {
    let mut sources = Sources::default();
    let config = (
        "content/site.yaml".to_owned(),
        "title: t\nbase_url: https://x.example/\n".to_owned(),
    );
    for (path, text) in std::iter::once(&config).chain(briefings) {
        let path = SourcePath::new(path);
        let kind = load::kind_of(&path).unwrap();
        sources
            .files
            .extend(load::source_file(path, kind, text.clone().into_bytes()).value);
    }
    sources.files.sort_by(|a, b| a.path.cmp(&b.path));
    let sink = Memory::default();
    let built = mujaz::build(&sources, &info(), &sink, &|_| {});
    assert!(built.diagnostics.is_empty(), "{:#?}", built.diagnostics);
    let files = sink.files.into_inner().unwrap().into_iter();
    files.filter(|(path, _)| path.starts_with("assets/search/")).collect()
}

/// Words that no two numbers share.
fn words(seed: usize, n: usize) -> String {
    let letters: Vec<char> = "بتثجحخدذرزسشصضطظعغفقكلمن".chars().collect();
    let word = |number: usize| -> String {
        (0..5).map(|at| letters[(number >> (4 * at)) % 16 + at]).collect()
    };
    (0..n).map(|at| word(seed * 7919 + at * 104_729)).collect::<Vec<_>>().join(" ")
}

fn many() -> Vec<(String, String)> {
    let briefing = |at: usize| {
        let (month, day) = (at % 12 + 1, at % 28 + 1);
        let text = format!(
            "---\ntitle: نص {at}\ndate: 2024-{month:02}-{day:02}\n---\n\n{}\n",
            words(at, 150)
        );
        (format!("content/briefings/b{at:03}.md"), text)
    };
    (0..120).map(briefing).collect()
}

#[test]
fn an_edit_changes_the_files_of_its_own_words_and_no_others() {
    let before = many();
    let mut edited = before.clone();
    edited[60].1.push_str("\nكلمة\n");
    let mut added = before.clone();
    let text = format!("---\ntitle: جديد\ndate: 2025-05-05\n---\n\n{}\n", words(999, 3));
    added.push(("content/briefings/new.md".to_owned(), text));
    let before = files(&before);
    assert!(60 < before.len(), "{}", before.len());
    let changed = |after: &[(String, String)]| {
        files(after).keys().filter(|it| !before.contains_key(*it)).count()
    };
    // The shard of the word and the directory; a text that is longer by a word may weigh its
    // words less, but not by a whole level.
    assert!(changed(&edited) <= 4, "{}", changed(&edited));
    // Besides, the record, the facets, and the shards of the words of title and date.
    assert!(changed(&added) <= 20, "{}", changed(&added));
    assert_eq!(changed(&many()), 0);
}

#[test]
fn what_is_not_public_is_in_no_file_of_the_search() {
    let canary = "قنغطروس";
    let text = |keys: &str| {
        format!("---\ntitle: عنوان {canary}\ndate: 2024-01-01\n{keys}---\n\n{canary}\n")
    };
    let public = ("content/briefings/a.md".to_owned(), text(""));
    let holds = |files: &BTreeMap<String, Vec<u8>>| {
        files.values().any(|it| String::from_utf8_lossy(it).contains(canary))
    };
    assert!(holds(&files(&[public])), "the canary is found where it may be");
    for keys in [
        "status: draft\n",
        "publish_at: 2030-01-01T00:00:00Z\n",
        "status: withdrawn\nchanges: [{at: 2024-02-02, note: سحب, major: true}]\n",
    ] {
        let hidden = ("content/briefings/b.md".to_owned(), text(keys));
        let other = "---\ntitle: نص\ndate: 2024-01-01\n---\n\nنص\n".to_owned();
        let files = files(&[hidden, ("content/briefings/c.md".to_owned(), other)]);
        assert!(!files.is_empty() && !holds(&files), "{keys}");
    }
}

#[test]
fn a_name_finds_its_topic_in_every_language() {
    let (site, links) = demo();
    let indexes = indexes(&site, &links);
    let iran = site.topic("iran").unwrap();
    for (lang, query) in [
        ("ar", "Iran"),
        ("ar", "لإيران"),
        ("ar", "ايران"),
        ("en", "إيران"),
        ("fa", "Iran"),
        ("he", "איראן"),
        ("en", "Islamic Republic of Iran"),
    ] {
        let index = indexes.iter().find(|it| it.lang.as_str() == lang).unwrap();
        let found = search(index, query);
        assert_eq!(found.topics, [iran], "{lang} {query}");
        assert!(!found.hits.is_empty(), "{lang} {query}");
    }
}

#[test]
fn odd_queries_find_nothing_and_do_no_harm() {
    let (site, links) = demo();
    let long = "ايران ".repeat(5000);
    let wide = "ا".repeat(100_000);
    for index in &indexes(&site, &links) {
        for query in
            ["", " ", "…", "\u{202E}", "<img onerror=alert(1)>", "#", "=", "\t*+", &wide]
        {
            let found = search(index, query);
            assert!(
                found.hits.is_empty() || query.contains("img"),
                "{query:?}: {found:?}"
            );
        }
        search(index, &long);
    }
}

#[test]
fn topics_that_are_ordinary_words_have_other_shapes_and_names_no_slips() {
    let text = |id: &str, text: &str| {
        let text = format!("---\ntitle: '…'\ndate: 2020-01-01\n---\n\n{text}\n");
        (format!("content/briefings/{id}.md"), text)
    };
    let mut sources = Sources::default();
    for (path, text) in [
        ("content/site.yaml".to_owned(), "title: t\n".to_owned()),
        ("content/topics/a.yaml".to_owned(), "title: العقوبات\nkind: theme\n".to_owned()),
        (
            "content/topics/b.yaml".to_owned(),
            "title: سيرغي لافروف\nkind: person\n".to_owned(),
        ),
        text("one", "فرضت عقوبة واحدة."),
        text("two", "قال لافدوف كلمة."),
    ] {
        let path = SourcePath::new(&path);
        let kind = load::kind_of(&path).unwrap();
        sources.files.extend(load::source_file(path, kind, text.into_bytes()).value);
    }
    let (site, links) = read(&sources);
    let index = &indexes(&site, &links)[0];
    assert_eq!(first(&site, index, "العقوبات"), Some("one"));
    assert_eq!(first(&site, index, "لافروف"), None);
    assert_eq!(first(&site, index, "لافدوف"), Some("two"));
}
