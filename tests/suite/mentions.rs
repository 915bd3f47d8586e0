//! Gold for mentions: which names a text holds, and how each of them is written.
//!
//! `tests/mentions/topics.txt` has the topics, `rules_b.txt` and `more.txt` the texts,
//! one a line: `id | lang | text | topic=form ; topic=form`, or `—` for none. In all of
//! these files `{ZWNJ}` and `{U+XXXX}` stand for one character, in texts `\n` for a line
//! break. Forms are what `graph.json` must give (rtl-rules B6), per topic, in order.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use mujaz::diag::Severity;

const FILE: &str = "---------- ";

/// The forms of each topic.
type Forms = BTreeMap<String, Vec<String>>;

/// A text and what must be found in it.
struct Case {
    id: String,
    lang: String,
    text: String,
    expected: Vec<(String, String)>,
}

fn read(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mentions");
    let path: PathBuf = folder.join(name);
    fs::read_to_string(&path).unwrap_or_else(|it| panic!("{}: {it}", path.display()))
}

/// Puts characters in the place of `{ZWNJ}` and `{U+XXXX}`; other braces stay.
fn decoded(text: &str) -> String {
    let mut parts = text.split('{');
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once('}').unwrap_or_default();
        let letter = match (name, name.strip_prefix("U+")) {
            ("ZWNJ", _) => Some('\u{200C}'),
            (_, Some(number)) => {
                u32::from_str_radix(number, 16).ok().and_then(char::from_u32)
            }
            _ => None,
        };
        match letter {
            Some(letter) => {
                result.push(letter);
                result.push_str(rest);
            }
            None => {
                result.push('{');
                result.push_str(part);
            }
        }
    }
    result
}

/// The files of a site, each after a line with its path.
fn files(name: &str) -> Vec<(String, Vec<u8>)> {
    let text = read(name);
    let parts = text.split(FILE).skip(1).map(|part| {
        let (path, content) = part.split_once('\n').unwrap();
        (path.trim().to_owned(), decoded(content).into_bytes())
    });
    parts.collect()
}

fn cases(name: &str) -> Vec<Case> {
    let mut ids = BTreeSet::new();
    let text = read(name);
    let lines = text.lines().filter(|it| !it.is_empty() && !it.starts_with('#'));
    let cases = lines.map(|line| {
        // A text may hold bars, as tables do.
        let parts = (|| {
            let (id, rest) = line.split_once(" | ")?;
            let (lang, rest) = rest.split_once(" | ")?;
            let (text, expected) = rest.rsplit_once(" | ")?;
            Some((id, lang, text, expected))
        })();
        let (id, lang, text, expected) =
            parts.unwrap_or_else(|| panic!("{name}: not four parts: {line}"));
        assert!(ids.insert(id.to_owned()), "{name}: {id} twice");
        let expected = match expected {
            "—" => Vec::new(),
            list => list
                .split(" ; ")
                .map(|it| {
                    let (topic, form) = it
                        .split_once('=')
                        .unwrap_or_else(|| panic!("{id}: no topic in {it:?}"));
                    (topic.to_owned(), decoded(form))
                })
                .collect(),
        };
        Case {
            id: id.to_owned(),
            lang: lang.to_owned(),
            text: decoded(&text.replace("\\n", "\n")),
            expected,
        }
    });
    cases.collect()
}

fn grouped(mentions: &[(String, String)]) -> Forms {
    let mut forms = Forms::new();
    for (topic, form) in mentions {
        forms.entry(topic.clone()).or_default().push(form.clone());
    }
    forms
}

/// What a build finds in each briefing, by id and language.
fn found(files: &[(String, Vec<u8>)]) -> BTreeMap<(String, String), Forms> {
    let (built, memory, _) = crate::golden::build(files);
    let errors: Vec<String> = built
        .diagnostics
        .iter()
        .filter(|it| it.severity == Severity::Error)
        .map(|it| format!("{it:?}"))
        .collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    let outputs = memory.files.into_inner().unwrap();
    let graph = outputs.iter().find(|(path, _)| **path == *"graph.json").unwrap().1;
    let graph: serde_json::Value = serde_json::from_slice(graph).unwrap();
    let text = |it: &serde_json::Value| it.as_str().unwrap().to_owned();
    let briefings = graph["briefings"].as_array().unwrap().iter().map(|briefing| {
        let mentions = briefing["mentions"].as_array().unwrap().iter().map(|mention| {
            let forms = mention["forms"].as_array().unwrap().iter().map(text).collect();
            (text(&mention["topic"]), forms)
        });
        ((text(&briefing["id"]), text(&briefing["lang"])), mentions.collect())
    });
    briefings.collect()
}

/// One line for each topic; what differs only in invisible characters differs visibly.
fn shown(forms: &Forms) -> String {
    if forms.is_empty() {
        return "—".to_owned();
    }
    let mut text = String::new();
    for (topic, forms) in forms {
        for form in forms {
            let gap = if text.is_empty() { "" } else { " ; " };
            let _ = write!(text, "{gap}{topic}={form}");
        }
    }
    let is_hidden = |it: char| {
        matches!(it,
            '\u{A0}' | '\u{300}'..='\u{36F}' | '\u{610}'..='\u{61C}'
            | '\u{653}'..='\u{655}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202F}'
            | '\u{2066}'..='\u{2069}' | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}')
    };
    let mut result = String::new();
    for letter in text.chars() {
        if is_hidden(letter) {
            let _ = write!(result, "{{U+{:04X}}}", u32::from(letter));
        } else {
            result.push(letter);
        }
    }
    result
}

#[track_caller]
fn check(name: &str) {
    let cases = cases(name);
    let mut files = files("topics.txt");
    for case in &cases {
        let suffix =
            if case.lang == "ar" { "md".into() } else { format!("{}.md", case.lang) };
        let path = format!("content/briefings/{}.{suffix}", case.id);
        let text = format!(
            "---\ntitle: \"{}\"\ndate: 2025-01-01\n---\n\n{}\n",
            case.id, case.text
        );
        files.push((path, text.into_bytes()));
    }
    let found = found(&files);
    let mut failures = Vec::new();
    for case in &cases {
        let key = (case.id.clone(), case.lang.clone());
        let found = found.get(&key).unwrap_or_else(|| panic!("{}: no briefing", case.id));
        let expected = grouped(&case.expected);
        if *found != expected {
            failures.push(format!(
                "{}: {}\n  expected {}\n  found    {}",
                case.id,
                case.text.replace('\n', "\\n"),
                shown(&expected),
                shown(found)
            ));
        }
    }
    let (n_failures, n_cases) = (failures.len(), cases.len());
    assert!(
        failures.is_empty(),
        "{name}: {n_failures} of {n_cases} fail\n{}",
        failures.join("\n")
    );
}

#[test]
fn every_case_of_rules_b_holds() {
    check("rules_b.txt");
}

#[test]
fn further_cases_hold() {
    check("more.txt");
}

#[test]
fn enough_cases_of_each_kind() {
    let topics: BTreeSet<String> = files("topics.txt")
        .into_iter()
        .filter_map(|(path, _)| {
            Some(path.strip_prefix("content/topics/")?.strip_suffix(".yaml")?.to_owned())
        })
        .collect();
    let further = cases("more.txt");
    assert!(100 <= further.len());
    assert!(30 <= further.iter().filter(|it| it.expected.is_empty()).count());
    for lang in ["ar", "he", "fa", "ur", "en"] {
        assert!(further.iter().any(|it| it.lang == lang), "{lang}");
    }
    for case in further.iter().chain(&cases("rules_b.txt")) {
        for (topic, _) in &case.expected {
            assert!(topics.contains(topic), "{}: no topic {topic}", case.id);
        }
    }
}

/// The gold list of an article, in reading order: `topic | form`.
fn article_gold() -> Vec<(String, String)> {
    let text = read("article.txt");
    let lines = text.lines().filter(|it| !it.is_empty() && !it.starts_with('#'));
    let mentions = lines.map(|line| {
        let (topic, form) = line.split_once(" | ").unwrap();
        (topic.to_owned(), decoded(form))
    });
    mentions.collect()
}

#[track_caller]
fn check_article(file: &str, text: String) {
    let gold = article_gold();
    let mut files = files("article_topics.txt");
    files.push((format!("content/briefings/{file}"), text.into_bytes()));
    let found = found(&files);
    let found = &found[&("article".to_owned(), "ar".to_owned())];
    let expected = grouped(&gold);
    let topics: BTreeSet<&String> = expected.keys().chain(found.keys()).collect();
    let none = Vec::new();
    let mut failures = String::new();
    for topic in topics {
        let expected = expected.get(topic).unwrap_or(&none);
        let found = found.get(topic).unwrap_or(&none);
        if expected != found {
            let _ = write!(
                failures,
                "\n{topic}\n  expected {}\n  found    {}",
                expected.join(" ; "),
                found.join(" ; ")
            );
        }
    }
    assert!(failures.is_empty(), "{file}{failures}");
}

#[test]
fn the_names_of_an_article_are_found_and_nothing_else() {
    assert!(75 <= article_gold().len());
    if let Some(path) = std::env::var_os("MUJAZ_ARTICLE") {
        check_article("article.txt", fs::read_to_string(path).unwrap());
    }
    check_article("article.md", read("article.md"));
}
