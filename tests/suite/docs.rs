//! Documents that must say what the program does.

use std::collections::BTreeSet;
use std::fmt::Write as _;
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

/// Where the generated part of docs/TEMPLATES.md begins.
const GENERATED: &str =
    "<!-- From here on, `UPDATE_EXPECT=1 cargo test docs::` writes this file. -->\n";

/// The comment that a template begins with.
fn purpose(template: &str) -> &str {
    let (_, rest) = template.split_once("{#").expect("a comment on the first line");
    rest.split('#').next().unwrap().trim().trim_end_matches('-').trim()
}

fn templates(folder: &str) -> Vec<(String, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates").join(folder);
    let mut all: Vec<(String, String)> = fs::read_dir(path)
        .unwrap()
        .map(|it| it.unwrap().path())
        .map(|it| {
            let name = it.file_name().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(it).unwrap())
        })
        .collect();
    all.sort();
    all
}

/// A type as a template sees it.
fn template_type(rust: &str) -> String {
    let mut name = rust.trim_end_matches(',').replace("<'a>", "").replace("&'a ", "");
    for (from, to) in [
        ("Cow<'a, str>", "text"),
        ("&'static str", "text"),
        ("serde_json::Value", "map"),
        ("Cow<'static, str>", "text"),
        ("String", "text"),
        ("[", "list of "),
    ] {
        name = name.replace(from, to);
    }
    let inside = |it: &str, outer: &str| {
        it.strip_prefix(outer)?.strip_suffix('>').map(str::to_owned)
    };
    // Templates see no difference between a view and one that pages share.
    if let Some(inner) = inside(&name, "SharedView<") {
        return template_type(&inner);
    }
    if let Some(inner) = inside(&name, "Option<") {
        return format!("{}, or none", template_type(&inner));
    }
    if let Some(inner) = inside(&name, "Vec<") {
        return format!("list of {}", template_type(&inner));
    }
    match name.trim_end_matches(']') {
        "str" => "text".to_owned(),
        "u8" | "u32" | "usize" => "number".to_owned(),
        other => other.to_owned(),
    }
}

/// The templates, the components with their arguments, and every view with its fields.
fn template_reference() -> String {
    let mut text = String::new();
    for (title, folder) in [("Pages", "pages"), ("Parts", "parts")] {
        let _ = writeln!(text, "## {title}\n\n| template | what |\n|---|---|");
        for (name, template) in templates(folder) {
            let _ = writeln!(text, "| `{folder}/{name}` | {} |", purpose(&template));
        }
        text.push('\n');
    }
    text.push_str("## Components\n\n| component | arguments | what |\n|---|---|---|\n");
    for (name, template) in templates("components") {
        let name = name.trim_end_matches(".html");
        let (_, rest) = template.split_once("{% component mz.").expect("a component");
        let arguments = rest.split_once('(').unwrap().1.split_once(')').unwrap().0;
        let arguments = arguments.split(", ").filter(|it| !it.starts_with('@'));
        let arguments: Vec<String> =
            arguments.filter(|it| !it.is_empty()).map(|it| format!("`{it}`")).collect();
        let arguments = arguments.join(", ");
        let _ = writeln!(text, "| `mz.{name}` | {arguments} | {} |", purpose(&template));
    }
    let mut about = Vec::new();
    for line in read("src/render/views.rs").lines() {
        let code = line.trim();
        if let Some(comment) = code.strip_prefix("///") {
            about.push(comment.trim().replace('|', "\\|"));
        } else if let Some(name) = code.strip_prefix("pub struct ") {
            let name = name.split(['<', ' ']).next().unwrap();
            let _ = writeln!(text, "\n## {name}\n\n{}\n", about.join(" "));
            text.push_str("| field | type | what |\n|---|---|---|\n");
            about.clear();
        } else if let Some((field, kind)) =
            code.strip_prefix("pub ").and_then(|it| it.split_once(": "))
        {
            let kind = template_type(kind);
            let _ = writeln!(text, "| `{field}` | {kind} | {} |", about.join(" "));
            about.clear();
        } else if !code.starts_with('#') {
            about.clear();
        }
    }
    text
}

#[test]
fn the_reference_of_templates_says_what_there_is() {
    let guide = read("docs/TEMPLATES.md");
    let (head, _) = guide.split_once(GENERATED).expect("the generated part");
    let expected = format!("{head}{GENERATED}\n{}", template_reference());
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/TEMPLATES.md");
        fs::write(path, expected).unwrap();
        return;
    }
    assert!(
        guide == expected,
        "docs/TEMPLATES.md is out of date: run `UPDATE_EXPECT=1 cargo test docs::`"
    );
}
