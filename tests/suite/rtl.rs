//! docs/RTL.md: every rule, what holds it, and what does not apply yet.
//!
//! `tests/rtl/rules.tsv` has a line for each rule: its number, the rule in a sentence, a
//! state where it is not simply held, and tests that do not carry the number in their
//! name. A test whose name begins with `rN_` (or `rN_rM_`) is found by itself, wherever it
//! stands. `UPDATE_EXPECT=1 cargo test rtl::` writes docs/RTL.md anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

struct Rule<'a> {
    number: u32,
    text: &'a str,
    /// `not yet: …`, `in part: …`, `does not apply: …`, or nothing.
    state: &'a str,
    more: Vec<&'a str>,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rules(text: &str) -> Vec<Rule<'_>> {
    let lines = text.lines().filter(|it| !it.starts_with('#'));
    let rules = lines.map(|line| {
        let fields: Vec<&str> = line.split('\t').collect();
        let [number, text, state, more] = fields[..] else {
            panic!("four fields: {line}");
        };
        let number = number.strip_prefix('R').unwrap().parse().unwrap();
        Rule { number, text, state, more: more.split_whitespace().collect() }
    });
    rules.collect()
}

/// Tests, by name, with the file they stand in.
fn tests() -> BTreeMap<String, String> {
    let mut waiting: Vec<PathBuf> = vec![root().join("src"), root().join("tests")];
    let mut tests = BTreeMap::new();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(fs::read_dir(path).unwrap().map(|it| it.unwrap().path()));
        } else if path.extension().is_some_and(|it| it == "rs") {
            let file = path.strip_prefix(root()).unwrap().display().to_string();
            let mut is_test = false;
            for line in fs::read_to_string(&path).unwrap().lines().map(str::trim) {
                if line == "#[test]" {
                    is_test = true;
                } else if let Some(rest) = line.strip_prefix("fn ")
                    && let Some((name, _)) = rest.split_once('(')
                {
                    if is_test {
                        tests.insert(name.to_owned(), file.replace('\\', "/"));
                    }
                    is_test = false;
                }
            }
        }
    }
    tests
}

/// The numbers that the name of a test begins with.
fn numbers(test: &str) -> Vec<u32> {
    let parts = test.split('_').map_while(|it| it.strip_prefix('r')?.parse().ok());
    parts.collect()
}

#[test]
fn every_rule_has_a_line_and_every_named_test_exists() {
    let text = fs::read_to_string(root().join("tests/rtl/rules.tsv")).unwrap();
    let rules = rules(&text);
    let found: Vec<u32> = rules.iter().map(|it| it.number).collect();
    assert_eq!(found, (1..=125).collect::<Vec<_>>());
    let tests = tests();
    for rule in &rules {
        for test in &rule.more {
            assert!(
                tests.contains_key(*test),
                "R{}: there is no test {test}",
                rule.number
            );
        }
        let (state, why) = rule.state.split_once(": ").unwrap_or((rule.state, "-"));
        let known = ["", "not yet", "in part", "does not apply"];
        assert!(known.contains(&state) && !why.is_empty(), "R{}: {state}", rule.number);
    }
    for test in tests.keys() {
        for number in numbers(test) {
            assert!((1..=125).contains(&number), "{test}: there is no rule {number}");
        }
    }
}

#[test]
fn the_table_of_rules_is_true() {
    let text = fs::read_to_string(root().join("tests/rtl/rules.tsv")).unwrap();
    let tests = tests();
    let mut of_rule: BTreeMap<u32, BTreeSet<&str>> = BTreeMap::new();
    for test in tests.keys() {
        for number in numbers(test) {
            of_rule.entry(number).or_default().insert(test);
        }
    }
    let mut table = String::new();
    let mut n_held = BTreeMap::new();
    for rule in rules(&text) {
        let mut found = of_rule.remove(&rule.number).unwrap_or_default();
        found.extend(&rule.more);
        let (state, why) = rule.state.split_once(": ").unwrap_or((rule.state, ""));
        let (state, why) = match (state, found.is_empty()) {
            ("", false) => ("held", ""),
            ("" | "in part", true) => ("not yet", "no test names it"),
            (state, _) => (state, why),
        };
        *n_held.entry(state).or_insert(0) += 1;
        let state =
            if why.is_empty() { state.to_owned() } else { format!("{state}: {why}") };
        let found: Vec<String> = found.iter().map(|it| format!("`{it}`")).collect();
        let _ = writeln!(
            table,
            "| R{} | {} | {state} | {} |",
            rule.number,
            rule.text,
            found.join(", ")
        );
    }
    let count = |state| n_held.get(state).copied().unwrap_or(0);
    let head = format!(
        "# Right to left: rules, tests, states\n\n\
         Generated from `tests/rtl/rules.tsv` and the names of the tests by \
         `UPDATE_EXPECT=1 cargo test rtl::`.\n\
         A test whose name begins with `rN_` holds rule N; those in `tests/browser/` look at \
         pages in Chromium.\n\n\
         {} rules: {} held, {} in part, {} not yet, {} that do not apply.\n\n\
         | rule | what it says | state | tests |\n|---|---|---|---|\n",
        125,
        count("held"),
        count("in part"),
        count("not yet"),
        count("does not apply"),
    );
    let expected = head + &table;
    let path = root().join("docs/RTL.md");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(path, expected).unwrap();
        return;
    }
    let actual = fs::read_to_string(path).unwrap_or_default();
    assert!(
        actual == expected,
        "docs/RTL.md is out of date: run `UPDATE_EXPECT=1 cargo test rtl::`"
    );
}
