//! Documents that must say what the program does.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// Codes of diagnostics in the source: the literal after `error(` or `warning(`, and the
/// first argument of the helpers that make them.
fn codes() -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    let mut waiting = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(fs::read_dir(path).unwrap().map(|it| it.unwrap().path()));
            continue;
        }
        if path.extension().is_none_or(|it| it != "rs") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        for call in
            ["::error(", "::warning(", "unknown(", "missing(", "missing_file(", "report("]
        {
            for part in text.split(call).skip(1) {
                let first = part
                    .trim_start()
                    .strip_prefix('"')
                    .and_then(|it| it.split('"').next());
                let is_code = |it: &&str| {
                    !it.is_empty()
                        && it.bytes().all(|b| {
                            b.is_ascii_lowercase() || b == b'-' || b.is_ascii_digit()
                        })
                };
                codes.extend(first.filter(is_code).map(str::to_owned));
            }
        }
    }
    codes
}

#[test]
fn every_verdict_on_a_name_is_documented_and_none_else() {
    let source = read("src/cli/links.rs");
    let code = |it: &str| it.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    let from = source.find("fn code(").unwrap();
    let literals = source.get(from..).unwrap().split("=> \"").skip(1);
    let mut codes: BTreeSet<String> = literals
        .filter_map(|it| it.split('"').next())
        .filter(|it| code(it))
        .map(str::to_owned)
        .collect();
    codes.insert("short-name".to_owned());
    let text = read("docs/LINKS.md");
    let line = text.lines().find(|it| it.starts_with("Verdicts:")).unwrap();
    let documented: BTreeSet<String> =
        line.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    assert_eq!(codes, documented);
}

#[test]
fn every_diagnostic_is_documented_and_none_else() {
    let text = read("docs/DIAGNOSTICS.md");
    let documented: BTreeSet<String> = text
        .lines()
        .filter_map(|it| it.strip_prefix("| `")?.split('`').next().map(str::to_owned))
        .collect();
    let codes = codes();
    let missing: Vec<_> = codes.difference(&documented).collect();
    let stale: Vec<_> =
        documented.difference(&codes).filter(|it| !it.starts_with("template-")).collect();
    assert!(
        missing.is_empty() && stale.is_empty(),
        "missing {missing:?}, stale {stale:?}"
    );
}

#[test]
fn every_key_is_documented() {
    use mujaz::parse::front_matter::{
        AuthorMeta, BriefingMeta, PageMeta, SeriesMeta, TopicMeta,
    };
    let text = read("docs/CONTENT.md");
    let all = [
        BriefingMeta::KEYS,
        TopicMeta::KEYS,
        AuthorMeta::KEYS,
        SeriesMeta::KEYS,
        PageMeta::KEYS,
    ];
    for key in all.into_iter().flatten() {
        assert!(
            text.contains(&format!("| `{key}`")),
            "docs/CONTENT.md does not say what {key} is"
        );
    }
}

#[test]
fn every_field_of_a_view_is_documented() {
    let views = read("src/render/views.rs");
    let guide = read("docs/TEMPLATES.md");
    for line in views.lines() {
        let Some(field) =
            line.strip_prefix("    pub ").and_then(|it| it.split(':').next())
        else {
            continue;
        };
        assert!(
            guide.contains(&format!("`{field}`")),
            "docs/TEMPLATES.md has no `{field}`"
        );
    }
}
