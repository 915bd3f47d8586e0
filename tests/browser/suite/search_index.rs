//! The module that looks for words in the browser does what the program does: letter by
//! letter, word by word, and query by query down to the score.

use std::collections::BTreeSet;
use std::path::Path;

use mujaz::model::Site;
use mujaz::search::Index;
use mujaz::search::query::search;
use mujaz::text::fold::fold;
use mujaz::text::spelling::{form, tokens};
use serde_json::{Value, json};

use crate::browser::{DESK, Page};
use crate::sites::{Served, demo, demo_indexes, tiny, tiny_indexes};

/// A page of a site with the module as `module`.
fn with_module(site: &Served) -> Page {
    let page = Page::open(DESK, &site.url("404.html"));
    let is_it = |it: &&String| it.starts_with("assets/search-index.");
    let file = site.files.keys().find(is_it).unwrap();
    let url = site.url(file);
    page.eval(&format!(
        "import('{url}').then(it => {{ window.module = it; return true }})"
    ));
    page
}

/// Address of the directory of a language.
fn directory(site: &Served, lang: &str) -> String {
    let folder = format!("assets/search/{lang}/");
    let is_it = |it: &(&String, &Vec<u8>)| {
        it.0.starts_with(&folder) && String::from_utf8_lossy(it.1).contains("perRecord")
    };
    site.url(site.files.iter().find(is_it).unwrap().0)
}

/// A list of texts for a script of the page.
fn list(texts: &[String]) -> String {
    Value::from(texts).to_string().replace('\u{2028}', "\\u2028")
}

fn rows(name: &str) -> Vec<Vec<String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../search");
    crate::rows::rows(&folder, name)
}

/// Every character of the basic plane but surrogates, which no text has.
fn letters() -> impl Iterator<Item = char> {
    (0..=0xFFFF).filter_map(char::from_u32)
}

#[test]
fn every_letter_folds_alike() {
    let page = with_module(demo());
    let all: Vec<String> = letters().map(String::from).collect();
    let expected: Vec<String> = all.iter().map(|it| fold(it)).collect();
    let found = page.texts(&format!("{}.map(module.fold)", list(&all)));
    assert_eq!(all.len(), found.len());
    let wrong: Vec<_> = all
        .iter()
        .zip(expected.iter().zip(&found))
        .filter(|(_, (expected, found))| expected != found)
        .map(|(it, both)| (it.escape_unicode().to_string(), both))
        .collect();
    assert!(wrong.is_empty(), "{}: {:?}", wrong.len(), wrong.get(..wrong.len().min(40)));
}

/// The forms of the words of a text, each with the forms of its parts.
fn forms(text: &str) -> String {
    let form = |range: &std::ops::Range<usize>| form(text.get(range.clone()).unwrap());
    let words = tokens(text).map(|it| {
        let parts: Vec<String> = it.parts.iter().map(form).collect();
        format!("{}={}", form(&it.range), parts.join("+"))
    });
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn texts_are_cut_into_the_same_words() {
    let page = with_module(demo());
    let mut texts: Vec<String> =
        rows("fold.txt").into_iter().map(|it| it.join(" | ")).collect();
    assert!(50 <= texts.len());
    for name in ["pairs.txt", "everyday.txt", "demo.txt"] {
        texts.extend(rows(name).into_iter().flatten());
    }
    let (site, _) = demo_indexes();
    let documents = site.briefings.iter().map(|it| it.body.document());
    texts.extend(documents.map(|it| it.plain_text(0..it.nodes.len())));
    // What each letter is in a word: between letters of two scripts, digits, and signs.
    // Letters that are younger than the browser are strange to it alone.
    let all: Vec<String> = letters().map(String::from).collect();
    let known =
        page.texts(&format!("{}.filter(it => !/\\p{{Cn}}/u.test(it))", list(&all)));
    assert!(60_000 < known.len(), "{}", known.len());
    texts.extend(known.iter().map(|it| format!("ب{it}a{it}1{it}א{it}\"{it}ד {it}{it}")));
    let expected: Vec<String> = texts.iter().map(|it| forms(it)).collect();
    let found = page.texts(&format!(
        "(() => {{ const f = (t, r) => module.form(t.slice(r.start, r.end)); \
         return {}.map(t => module.tokens(t).map(w => \
         f(t, w) + '=' + w.parts.map(p => f(t, p)).join('+')).join(' ')) }})()",
        list(&texts)
    ));
    let wrong: Vec<_> = texts
        .iter()
        .zip(expected.iter().zip(&found))
        .filter(|(_, (expected, found))| expected != found)
        .map(|(it, both)| (it.escape_unicode().to_string(), both))
        .collect();
    assert!(wrong.is_empty(), "{}: {:#?}", wrong.len(), wrong.get(..wrong.len().min(8)));
}

/// What a query finds, as both sides write it down.
fn found(site: &Site, index: &Index, query: &str) -> Value {
    let found = search(index, query);
    let topic = |it: &mujaz::model::TopicId| site.topics[it.at()].id.as_str();
    let mut topics: Vec<&str> = found.topics.iter().map(topic).collect();
    topics.sort_unstable();
    json!({
        "hits": found.hits.iter().map(|it| (it.number, it.score)).collect::<Vec<_>>(),
        "partial": found.is_partial,
        "literal": found.is_literal,
        "corrected": found.corrected,
        "topics": topics,
    })
}

fn compare(served: &Served, site: &Site, index: &Index, queries: &[String]) {
    let page = with_module(served);
    let url = directory(served, index.lang.as_str());
    let answers = page.eval(&format!(
        "(async () => {{ const index = await module.openIndex('{url}'); const all = []; \
         for (const query of {}) {{ const it = await index.search(query); all.push({{ \
         hits: it.hits.map(({{ doc, score }}) => [doc, score]), partial: it.partial, \
         literal: it.literal, corrected: it.corrected.map(({{ from, to }}) => [from, to]), \
         topics: [...it.topicIds].sort() }}) }} return all }})()",
        list(queries)
    ));
    let n_found = answers.as_array().unwrap().iter();
    let n_found = n_found.filter(|it| !it["hits"].as_array().unwrap().is_empty()).count();
    assert!(queries.len() < n_found * 2, "{n_found} of {}", queries.len());
    for (query, answer) in queries.iter().zip(answers.as_array().unwrap()) {
        assert_eq!(*answer, found(site, index, query), "{query}");
    }
}

#[test]
fn queries_find_the_same_in_the_same_order() {
    let (site, indexes) = demo_indexes();
    for index in &indexes {
        let lang = index.lang.as_str();
        let of_lang = |it: &Vec<String>| it[1] == lang;
        let rows = rows("demo.txt").into_iter();
        let mut queries: Vec<String> =
            rows.filter(of_lang).map(|it| it[2].clone()).collect();
        for id in &index.briefings {
            let briefing = &site.briefings[id.at()];
            queries.push(briefing.title.clone());
            let document = briefing.body.document();
            let text = document.plain_text(0..document.nodes.len());
            // Words, beginnings of words, slips, and three words together.
            let words: Vec<&str> = text.split_whitespace().step_by(23).collect();
            queries.extend(words.iter().map(|it| (*it).to_owned()));
            queries.extend(words.iter().map(|it| it.chars().take(4).collect()));
            queries.extend(words.iter().map(|it| {
                let letters = it.chars().enumerate();
                letters.filter(|(at, _)| *at != 4).map(|(_, it)| it).collect()
            }));
            queries.extend(words.chunks(3).map(|it| it.join(" ")));
        }
        for topic in &site.topics {
            queries.extend(topic.title.iter().map(|(_, it)| it.to_owned()));
        }
        queries.retain(|it| it.chars().any(char::is_alphanumeric));
        compare(demo(), &site, index, &queries);
    }
}

#[test]
fn pairs_match_alike() {
    let pairs = rows("pairs.txt");
    let languages = ["ar", "fa", "he", "ur", "en"];
    let config = format!("title: t\nlanguages: [{}]\n", languages.join(", "));
    let mut files: Vec<(String, String)> = vec![("content/site.yaml".to_owned(), config)];
    let mut known = BTreeSet::new();
    for (at, row) in pairs.iter().enumerate() {
        let (query, text) = (row[1].trim(), row[2].trim());
        let names = [query, text].map(|it| it.strip_suffix('*'));
        for (other, name) in names.into_iter().enumerate() {
            let Some(name) = name.filter(|it| known.insert(*it)) else { continue };
            let name = Value::from(name);
            let yaml = format!("title: {name}\nkind: country\n");
            files.push((format!("content/topics/t{at}-{other}.yaml"), yaml));
        }
        for lang in languages {
            let text = text.trim_end_matches('*');
            let text = format!("---\ntitle: '…'\ndate: 2020-01-01\n---\n\n{text}\n");
            files.push((format!("content/briefings/p{at}.{lang}.md"), text));
        }
    }
    let files: Vec<(&str, &str)> = files.iter().map(|it| (&*it.0, &*it.1)).collect();
    let (site, indexes) = tiny_indexes(&files);
    let served = tiny(&files);
    let queries: Vec<String> =
        pairs.iter().map(|it| it[1].trim().trim_end_matches('*').to_owned()).collect();
    for index in &indexes {
        compare(&served, &site, index, &queries);
    }
}
