//! Findings as SARIF 2.1.0 and as commands of GitHub Actions, which code hosts show beside
//! the lines of a change.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use crate::cli::report::TextOf;
use crate::diag::{Diagnostic, Place, Severity};
use crate::error::Error;
use crate::fingerprint::Fingerprint;
use crate::text::isolate::without_controls;
use crate::text::slug::encode_path;

/// The schema that the log follows.
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// A log with all findings. `source` is the folder of the site, as it was typed: code hosts
/// know files by their paths in the repository.
pub(super) fn log(all: &[Diagnostic], source: &Path, text_of: &TextOf<'_>) -> Value {
    let mut rules: BTreeMap<&str, (usize, &Diagnostic)> = BTreeMap::new();
    for diagnostic in all {
        rules.entry(diagnostic.code).or_insert((0, diagnostic));
    }
    for (at, rule) in rules.values_mut().enumerate() {
        rule.0 = at;
    }
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let results: Vec<Value> = all
        .iter()
        .map(|it| {
            let n_before = seen.entry(identity(it)).or_default();
            *n_before += 1;
            result(it, rules[it.code].0, *n_before, source, text_of)
        })
        .collect();
    let rules: Vec<Value> = rules.values().map(|(_, it)| rule(it)).collect();
    run(&json!(rules), &json!(results), &json!({ "executionSuccessful": true }))
}

/// A log that says why nothing could be looked at.
pub(super) fn failure(error: &Error) -> Value {
    let text = match error.help() {
        Some(help) => format!("{error}. {help}"),
        None => error.to_string(),
    };
    let notification = json!({ "level": "error", "message": { "text": text } });
    let invocation = json!({
        "executionSuccessful": false,
        "toolExecutionNotifications": [notification],
    });
    run(&json!([]), &json!([]), &invocation)
}

fn run(rules: &Value, results: &Value, invocation: &Value) -> Value {
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "mujaz",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "invocations": [invocation],
            "columnKind": "utf16CodeUnits",
            "results": results,
        }],
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// What the log says of a code: its first finding stands for it.
fn rule(first: &Diagnostic) -> Value {
    let words = first.code.replace('-', " ");
    json!({
        "id": first.code,
        "name": words,
        "shortDescription": { "text": words },
        "fullDescription": { "text": format!("{words}; see docs/DIAGNOSTICS.md of mujaz") },
        "help": { "text": first.help.as_deref().unwrap_or("see docs/DIAGNOSTICS.md of mujaz") },
        "defaultConfiguration": { "level": level(first.severity) },
    })
}

/// By what a finding is known again when lines have moved.
fn identity(diagnostic: &Diagnostic) -> String {
    let path = diagnostic.place.as_ref().map_or("", |it| it.path.as_str());
    format!("{}\n{path}\n{}", diagnostic.code, diagnostic.message)
}

fn result(
    diagnostic: &Diagnostic,
    rule: usize,
    n_before: u32,
    source: &Path,
    text_of: &TextOf<'_>,
) -> Value {
    let location = |place: &Place, words: Option<&str>| {
        let mut physical = json!({
            "artifactLocation": {
                "uri": encode_path(&path_in_repository(place, source)),
            },
        });
        let text = text_of(&place.path).unwrap_or_default();
        if let Some(region) = region(place, &text) {
            physical["region"] = region;
        }
        let mut location = json!({ "physicalLocation": physical });
        if let Some(words) = words {
            location["message"] = json!({ "text": words });
        }
        location
    };
    let text = match &diagnostic.help {
        Some(help) => format!("{}: {help}", diagnostic.message),
        None => diagnostic.message.clone(),
    };
    let fingerprint = Fingerprint::of(&format!("{n_before}\n{}", identity(diagnostic)));
    let mut result = json!({
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": level(diagnostic.severity),
        "message": { "text": without_controls(&text) },
        "partialFingerprints": { "mujazFinding/v1": format!("{fingerprint:032x}") },
    });
    if let Some(place) = &diagnostic.place {
        result["locations"] = json!([location(place, None)]);
    }
    let related: Vec<Value> =
        diagnostic.related.iter().map(|(it, words)| location(it, Some(words))).collect();
    if !related.is_empty() {
        result["relatedLocations"] = json!(related);
    }
    result
}

/// The path of a file as the repository knows it, when the site stands in a folder of it.
fn path_in_repository(place: &Place, source: &Path) -> String {
    let source = source.to_string_lossy().replace('\\', "/");
    let folder = source.trim_start_matches("./").trim_matches('/');
    let is_inside = !Path::new(&*source).is_absolute() && !folder.starts_with("..");
    if folder.is_empty() || folder == "." || !is_inside {
        return place.path.to_string();
    }
    format!("{folder}/{}", place.path)
}

/// Lines and columns of a place, from 1, columns in UTF-16 code units; none for a file as a
/// whole.
fn region(place: &Place, text: &str) -> Option<Value> {
    if (place.span.start, place.span.end) == (0, 0) {
        return None;
    }
    let (line, column) = position(text, place.span.start as usize);
    let (end_line, end_column) = position(text, place.span.end as usize);
    Some(json!({
        "startLine": line, "startColumn": column,
        "endLine": end_line, "endColumn": end_column,
    }))
}

fn position(text: &str, byte: usize) -> (usize, usize) {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    let before = text.get(..byte).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column =
        before.rsplit('\n').next().unwrap_or_default().encode_utf16().count() + 1;
    (line, column)
}

/// A finding as a command of GitHub Actions.
pub(super) fn github(
    diagnostic: &Diagnostic,
    source: &Path,
    text_of: &TextOf<'_>,
) -> String {
    let mut properties = Vec::new();
    if let Some(place) = &diagnostic.place {
        properties.push(("file", path_in_repository(place, source)));
        if place.span.start != 0 || place.span.end != 0 {
            let text = text_of(&place.path).unwrap_or_default();
            let at = crate::diag::line_and_column(&text, place.span.start as usize);
            properties.push(("line", at.0.to_string()));
            properties.push(("col", at.1.to_string()));
        }
    }
    properties.push(("title", diagnostic.code.to_owned()));
    let properties: Vec<String> = properties
        .into_iter()
        .map(|(key, value)| format!("{key}={}", escaped_property(&value)))
        .collect();
    let help = diagnostic.help.as_ref().map(|it| format!("\n{it}")).unwrap_or_default();
    let message = format!("{}{help}", diagnostic.message);
    let message = escaped(
        &message.split('\n').map(without_controls).collect::<Vec<_>>().join("\n"),
    );
    format!("::{} {}::{message}", level(diagnostic.severity), properties.join(","))
}

/// What the world refused, as a command of GitHub Actions.
pub(super) fn github_failure(error: &Error) -> String {
    let help = error.help().map(|it| format!("\n{it}")).unwrap_or_default();
    format!("::error title=refused::{}", escaped(&format!("{error}{help}")))
}

fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn escaped_property(text: &str) -> String {
    escaped(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{github, log, position};
    use crate::diag::{Diagnostic, Place, SourcePath, Span};

    #[test]
    fn columns_are_counted_as_the_format_says() {
        // A letter beyond the basic plane is two units of UTF-16.
        let text = "أ\n😀ب ج";
        assert_eq!(position(text, text.find('ج').unwrap()), (2, 5));
        assert_eq!(position(text, 10_000), (2, 6));
        assert_eq!(position("", 3), (1, 1));
    }

    #[test]
    fn what_commands_are_made_of_is_escaped() {
        let place = Place {
            path: SourcePath::new("content/briefings/a,b:c.md"),
            span: Span::new(2, 3),
        };
        let finding = Diagnostic::warning("dead-link", place, "100 % of it\nis gone")
            .with_help("take it out");
        let text_of = |_: &SourcePath| Some("ab\nc".to_owned());
        let line = github(&finding, Path::new("desk"), &text_of);
        let expected = "::warning file=desk/content/briefings/a%2Cb%3Ac.md,line=1,col=3,\
                        title=dead-link::100 %25 of it%0Ais gone%0Atake it out";
        assert_eq!(line, expected);
        let whole = log(&[finding], Path::new("."), &text_of);
        let uri = &whole["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
        assert_eq!(uri["artifactLocation"]["uri"], "content/briefings/a%2Cb%3Ac.md");
    }
}
