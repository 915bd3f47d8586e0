//! Two things that want one address, and addresses that a disk would not take (rows B6 to
//! B8, P6; measures R13 and R14).

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;

use mujaz::diag::Severity;
use mujaz::model::Clock;
use mujaz::render::Sink;
use mujaz::text::slug::collision_key;

use crate::desk::{Files, desk, file, mujaz, said, tree};
use crate::golden;

/// Counts how often each path is written.
#[derive(Default)]
struct Counts(Mutex<BTreeMap<String, usize>>);

impl Sink for Counts {
    fn put(&self, path: &str, _bytes: Vec<u8>) {
        // Hosts that fold names take these for one.
        *self.0.lock().unwrap().entry(collision_key(path)).or_insert(0) += 1;
    }

    fn copy(&self, path: &str, _from: &Path) {
        self.put(path, Vec::new());
    }
}

fn briefing(id: &str, title: &str, more: &str) -> (String, Vec<u8>) {
    let text = format!("---\ntitle: \"{title}\"\ndate: 2025-01-02\n{more}---\nنص\n");
    file(&format!("content/briefings/{id}.md"), &text)
}

fn topic(id: &str, title: &str) -> (String, Vec<u8>) {
    let text = format!("title: \"{title}\"\nkind: theme\nsummary: نص\n");
    file(&format!("content/topics/{id}.yaml"), &text)
}

fn page(id: &str, more: &str) -> (String, Vec<u8>) {
    let text = format!("---\ntitle: ص\n{more}---\nنص\n");
    file(&format!("content/pages/{id}.md"), &text)
}

fn author(id: &str, name: &str) -> (String, Vec<u8>) {
    let text = format!("name: \"{name}\"\n");
    file(&format!("content/authors/{id}.yaml"), &text)
}

fn alias(path: &str) -> (String, Vec<u8>) {
    briefing("old", "قديم", &format!("aliases: [\"{path}\"]\n"))
}

fn first() -> (String, Vec<u8>) {
    briefing("a", "عنوان", "")
}

/// Two texts or records of a site that want one address, and what they are.
fn pairs_of_texts() -> Vec<(&'static str, Files)> {
    vec![
        ("titles", vec![first(), briefing("b", "عنوان", "")]),
        (
            "composed and decomposed",
            vec![briefing("a", "أخبار", ""), briefing("b", "ا\u{654}خبار", "")],
        ),
        ("capitals", vec![briefing("a", "About", ""), briefing("b", "about", "")]),
        ("spellings", vec![briefing("a", "على", ""), briefing("b", "علي", "")]),
        (
            "letters of two languages",
            vec![briefing("a", "كتاب", ""), briefing("b", "کتاب", "")],
        ),
        ("vowel marks", vec![briefing("a", "كتاب", ""), briefing("b", "كِتاب", "")]),
        ("a written slug", vec![first(), briefing("b", "آخر", "slug: عنوان\n")]),
        ("an old address and a page", vec![first(), alias("/briefings/عنوان/")]),
        ("an old address, encoded", vec![first(), alias("/briefings/عـنوان/")]),
        (
            "two old addresses",
            vec![alias("/old/"), briefing("b", "آخر", "aliases: [/Old/]\n")],
        ),
        ("topics", vec![topic("x", "موضوع"), topic("y", "موضوع")]),
        ("topics in capitals", vec![topic("x", "Iran"), topic("y", "IRAN")]),
        ("pages", vec![page("x", ""), page("y", "slug: x\n")]),
        ("a page and a part of the site", vec![page("x", "slug: topics\n")]),
        ("a page and the search", vec![page("search", "")]),
        ("a page and a language", vec![page("en", "")]),
        (
            "authors",
            vec![
                author("x", "سامي"),
                author("y", "سامي"),
                briefing("a", "أ", "authors: [x]\n"),
                briefing("b", "ب", "authors: [y]\n"),
            ],
        ),
        (
            "series",
            vec![
                file("content/series/x.yaml", "title: سلسلة\n"),
                file("content/series/y.yaml", "title: سلسلة\n"),
                briefing("a", "أ", "series: {id: x}\n"),
                briefing("b", "ب", "series: {id: y}\n"),
            ],
        ),
    ]
}

/// Files and old addresses that want that of a page, or of a file of the site itself.
fn pairs_of_files() -> Vec<(String, Files)> {
    let all = vec![
        (
            "a static file and a page",
            vec![first(), file("static/briefings/عنوان/index.html", "x")],
        ),
        (
            "a static file in capitals",
            vec![
                briefing("a", "About", ""),
                file("static/briefings/About/index.html", "x"),
            ],
        ),
        (
            "a static file and the citation of a briefing",
            vec![first(), file("static/briefings/عنوان/cite.bib", "x")],
        ),
        (
            "a static file where an old address is",
            vec![alias("/old/"), file("static/old/index.html", "x")],
        ),
        ("a static file and a folder", vec![first(), file("static/briefings", "x")]),
        (
            "two ids",
            vec![
                first(),
                file(
                    "content/briefings/sub/a.md",
                    "---\ntitle: ب\ndate: 2025-01-02\n---\nنص\n",
                ),
            ],
        ),
    ];
    let mut all: Vec<(String, Files)> =
        all.into_iter().map(|(name, files)| (name.to_owned(), files)).collect();
    for path in [
        "index.html",
        "feed.xml",
        "feed.json",
        "sitemap.xml",
        "robots.txt",
        "graph.json",
        "404.html",
        "site.webmanifest",
        "topics/index.html",
        "archive/index.html",
        "search/index.html",
        "corrections/index.html",
        "Feed.xml",
        "en/index.html",
    ] {
        let name = format!("static/{path}");
        let files = vec![first(), file(&name, "x")];
        all.push((name, files));
    }
    for path in [
        "/",
        "/feed.xml",
        "/feed.json",
        "/sitemap.xml",
        "/robots.txt",
        "/graph.json",
        "/404.html",
        "/site.webmanifest",
        "/index.html",
        "/topics/",
        "/archive/",
        "/archive/2025/",
        "/archive/2025/01/",
        "/search/",
        "/corrections/",
        "/en/",
        "/en/topics/",
        "/briefings/عنوان/cite.bib",
        "/briefings/عنوان/index.html",
        "/topics/موضوع/",
        "/topics/موضوع/feed.xml",
        "/assets/",
        "/Topics/",
    ] {
        let files = vec![first(), topic("x", "موضوع"), alias(path)];
        all.push((format!("old address {path}"), files));
    }
    all
}

#[test]
fn b6_b7_r13_whatever_wants_one_address_is_an_error_that_names_both() {
    let texts =
        pairs_of_texts().into_iter().map(|(name, files)| (name.to_owned(), files));
    let pairs: Vec<(String, Files)> = texts.chain(pairs_of_files()).collect();
    let mut failures = Vec::new();
    for (name, mut files) in pairs {
        files.push(file(
            "content/site.yaml",
            "title: {ar: نشرة, en: Desk}\nlanguages: [ar, en]\ncards: false\n",
        ));
        let (built, _, sources) = golden::build(&files);
        let counts = Counts::default();
        let now = "2026-01-01T00:00:00Z".parse().unwrap();
        let clock = Clock { now, is_preview: false };
        let info = mujaz::BuildInfo { clock, stamp: None, base_url: None };
        mujaz::build(&sources, &info, &counts, &|_| {});
        let twice: Vec<String> = counts
            .0
            .into_inner()
            .unwrap()
            .into_iter()
            .filter(|it| 1 < it.1)
            .map(|it| it.0)
            .collect();
        let errors: Vec<_> = built
            .diagnostics
            .iter()
            .filter(|it| it.severity == Severity::Error)
            .collect();
        let names_one = errors.iter().any(|it| {
            // The other one is a file of the author's, or one of the site itself.
            let other = !it.related.is_empty() || it.message.contains("the site");
            it.place.is_some() && (other || it.code == "bad-alias")
        });
        if !names_one {
            failures.push(format!("{name}: {errors:?}; written twice: {twice:?}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Letters that a word of a language is made of here.
fn letters(lang: &str) -> Vec<char> {
    let all = match lang {
        "he" => "אבגדהוזחטיכלמנסעפצקרשת",
        "fa" => "ابپتثجچحدرزسشصعفقکگلمنوهی",
        "ur" => "ابپتٹجچحدڈرڑزسشعفقکگلمنوہیے",
        _ => "ابتثجحدرزسشصضطعفقكلمنهوي",
    };
    all.chars().collect()
}

/// A title of `n` letters that begins like no other: of short words, or of one long word.
fn title(lang: &str, n: usize) -> String {
    let letters = letters(lang);
    let letter = |at: usize| letters[at % letters.len()];
    let mut result: String =
        [n / letters.len() + 2, n, n / 3 + 1].map(letter).into_iter().collect();
    for at in 3..n {
        let is_space = n.is_multiple_of(2) && at % 7 == 3;
        result.push(if is_space && at + 1 < n { ' ' } else { letter(at * 5 + n) });
    }
    result
}

#[test]
fn b8_r14_titles_of_every_length_are_built_and_written() {
    let languages = ["ar", "fa", "he", "ur"];
    let mut files = vec![file(
        "content/site.yaml",
        "title: {ar: نشرة, fa: نشریه, he: עלון, ur: جریدہ}\nlang: ar\n\
         languages: [ar, fa, he, ur]\ncards: false\nfeeds: false\nsearch: false\n",
    )];
    let mut n_titles = 0;
    for lang in languages {
        for n in 20..=300 {
            let title = title(lang, n);
            assert_eq!(title.chars().count(), n);
            let text =
                format!("---\ntitle: {title}\nlang: {lang}\ndate: 2025-01-02\n---\nx\n");
            files.push(file(&format!("content/briefings/{lang}{n}.md"), &text));
            n_titles += 1;
        }
        // Names of topics, authors and pictures, too.
        let long = title(lang, 299);
        files.push(topic(&format!("t{lang}"), &long));
        files.push(file(
            &format!("content/authors/a{lang}.yaml"),
            &format!("name: {long}\n"),
        ));
        files.push(briefing(
            &format!("by-{lang}"),
            &format!("عنوان {lang}"),
            &format!("authors: [a{lang}]\n"),
        ));
    }
    assert_eq!(n_titles, 1124);
    let dir = desk(&files);
    let output = mujaz(dir.path(), &["build"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let made = tree(&dir.path().join("public"));
    let pages =
        made.keys().filter(|it| it.contains("briefings/") && it.ends_with("/index.html"));
    assert_eq!(pages.count(), n_titles + languages.len());
    let longest = made.keys().flat_map(|it| it.split('/')).map(str::len).max();
    assert!(longest <= Some(255), "{longest:?}");
}

/// What an author writes out is bounded as well: by us, and not by the disk (row B8).
#[test]
fn b8_b11_an_old_address_that_no_disk_takes_is_an_error_of_the_author() {
    for (alias, is_fine) in [
        (format!("/{}/", "ا".repeat(100)), true),
        (format!("/{}/", "ا".repeat(128)), false),
        (format!("/{}/", "a".repeat(300)), false),
        (format!("/{}", "a/".repeat(3000)), false),
    ] {
        let files = vec![
            file("content/site.yaml", "title: نشرة\ncards: false\n"),
            briefing("a", "عنوان", &format!("aliases: [{alias}]\n")),
        ];
        let dir = desk(&files);
        let output = mujaz(dir.path(), &["build"]);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(i32::from(!is_fine)), "{said}");
        assert_eq!(said.contains("error[bad-alias]"), !is_fine, "{said}");
    }
}

#[test]
fn an_old_address_takes_no_file_of_the_program_and_no_other_address() {
    for (alias, code) in [
        ("/.mujaz-output.json", "bad-alias"),
        ("/.mujaz-deploy.lock", "bad-alias"),
        ("/.git/config", "bad-alias"),
        ("/.nojekyll", "bad-alias"),
        ("/.well-known/security.txt", "bad-alias"),
        ("/CNAME", "slug-collision"),
        ("/_headers", "slug-collision"),
        ("/_redirects", "slug-collision"),
        ("/*", "bad-alias"),
        ("/briefings/*", "bad-alias"),
    ] {
        let files = vec![
            file(
                "content/site.yaml",
                "title: نشرة\ncards: false\nhosts: [netlify, github-pages]\n",
            ),
            briefing("a", "عنوان", &format!("aliases: [\"{alias}\"]\n")),
        ];
        let dir = desk(&files);
        let output = mujaz(dir.path(), &["check"]);
        let said = said(&output);
        assert!(said.contains(&format!("error[{code}]")), "{alias}: {said}");
        assert!(said.contains("content/briefings/a.md"), "{alias}: {said}");
    }
}

#[test]
fn b9_nothing_that_an_author_writes_leads_out_of_the_output() {
    let mut n_forms = 0;
    for form in [
        "../x",
        "..",
        ".",
        "./x",
        "/../x",
        "x/../../y",
        "a/..",
        "/etc/x",
        "//x",
        "///x",
        "%2e%2e/x",
        "%2e%2e%2fx",
        "..%2fx",
        "%252e%252e/x",
        "..\\x",
        "\\x",
        "x\\..\\y",
        "C:\\x",
        "c:x",
        "x\\u0000y",
        "\\u0000",
        "x/./y",
        "x//y",
        "~/x",
        "~",
        "$HOME/x",
        "con",
        "aux.html",
        "nul",
        "x.",
        "x ",
        " x",
        "x:y",
        "x?y",
        "x#y",
        "x%y",
        "\\u202Ex",
        "\\u200B",
        "",
        "/",
    ] {
        n_forms += 1;
        for key in ["slug: \"FORM\"", "aliases: [\"FORM\"]"] {
            let more =
                key.replace("FORM", &form.replace('\\', "\\\\").replace("\\\\u", "\\u"));
            let files = vec![
                file(
                    "desk/content/site.yaml",
                    "title: نشرة\ncards: false\nsearch: false\nfeeds: false\n",
                ),
                file("canary", "x"),
            ];
            let (path, text) = briefing("a", "عنوان", &format!("{more}\n"));
            let files = [files, vec![(format!("desk/{path}"), text)]].concat();
            // In memory: where each file would go.
            let inside: Vec<(String, Vec<u8>)> = files
                .iter()
                .filter_map(|(path, it)| {
                    Some((path.strip_prefix("desk/")?.to_owned(), it.clone()))
                })
                .collect();
            let (built, memory, _) = golden::build(&inside);
            let is_error =
                built.diagnostics.iter().any(|it| it.severity == Severity::Error);
            if is_error {
                continue;
            }
            for path in memory.files.into_inner().unwrap().keys() {
                let is_inside = path.split('/').all(|it| {
                    !matches!(it, "" | "." | "..")
                        && !it.contains(['\\', '\0', ':', '%', '?', '#'])
                        && !it.ends_with([' ', '.'])
                });
                assert!(is_inside, "{more} makes {path:?}");
            }
        }
    }
    assert_eq!(n_forms, 40);
}
