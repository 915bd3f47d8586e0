//! How diagnostics and errors are shown: to people with the line and a caret, to programs
//! as JSON lines. The only place that prints.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use serde_json::json;

use crate::check::secrets;
use crate::cli::args::Format;
use crate::cli::sarif;
use crate::config;
use crate::diag::{Diagnostic, Place, Severity, SourcePath, line_and_column};
use crate::error::Error;
use crate::text::isolate::close_isolates;

/// Gives the text of a file, for showing a line of it.
pub type TextOf<'a> = dyn Fn(&crate::diag::SourcePath) -> Option<String> + 'a;

/// Mistakes of one kind in one file that people are shown; programs get all of them.
const MAX_ALIKE: usize = 50;

/// Prints diagnostics; what programs read goes to stdout because it is data.
pub fn diagnostics(all: &[Diagnostic], format: Format, text_of: &TextOf<'_>) {
    diagnostics_in(all, format, Path::new("."), text_of);
}

/// Prints diagnostics of a site in a folder, which code hosts know by its path.
pub fn diagnostics_in(
    all: &[Diagnostic],
    format: Format,
    source: &Path,
    text_of: &TextOf<'_>,
) {
    if format == Format::Sarif {
        data(&format!("{:#}\n", sarif::log(all, source, text_of)));
        return;
    }
    let mut counts: BTreeMap<(&str, Option<&SourcePath>), usize> = BTreeMap::new();
    for diagnostic in all {
        let path = diagnostic.place.as_ref().map(|it| &it.path);
        let n_alike = counts.entry((diagnostic.code, path)).or_insert(0);
        *n_alike += 1;
        match format {
            Format::Human if MAX_ALIKE < *n_alike => {}
            Format::Human => say(&format!("{}\n", human(diagnostic, text_of))),
            Format::Github => data_line(&sarif::github(diagnostic, source, text_of)),
            Format::Json | Format::Sarif => {
                data_line(&json(diagnostic, text_of).to_string());
            }
        }
    }
    if format != Format::Human {
        return;
    }
    for ((code, path), n_alike) in counts {
        if let (Some(n_more), Some(path)) = (n_alike.checked_sub(MAX_ALIKE + 1), path) {
            say(&format!("and {} more of `{code}` in {path}\n", n_more + 1));
        }
    }
}

/// Prints a sentence about what was done.
pub fn summary(text: &str) {
    say(text);
}

/// Prints a line for people, which goes to stderr, whether anybody reads it or not.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Prints data, which goes to stdout. A reader that has seen enough may close it.
pub fn data(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}

/// Prints a line of data.
fn data_line(line: &str) {
    data(&format!("{line}\n"));
}

/// Prints what the world refused.
pub fn error(error: &Error, format: Format) {
    if format == Format::Json {
        let line = json!({
            "code": "refused", "severity": "error", "message": error.to_string(),
            "help": error.help(),
        });
        data_line(&line.to_string());
        return;
    }
    match format {
        Format::Sarif => data_line(&format!("{:#}", sarif::failure(error))),
        Format::Github => data_line(&sarif::github_failure(error)),
        Format::Human | Format::Json => {}
    }
    say(&format!("error: {error}"));
    if let Some(help) = error.help() {
        say(&format!("  help: {help}"));
    }
}

fn where_is(place: &Place, text_of: &TextOf<'_>) -> (usize, usize) {
    let text = text_of(&place.path).unwrap_or_default();
    line_and_column(&text, place.span.start as usize)
}

/// A diagnostic for people. The place comes before the source line, because a terminal
/// that reorders right-to-left text moves the caret away from what it points at.
pub fn human(diagnostic: &Diagnostic, text_of: &TextOf<'_>) -> String {
    let Diagnostic { code, severity, message, place, related, help } = diagnostic;
    let level = match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut result = format!("{}[{code}]: {message}", severity.as_str());
    if let Some(place) = place {
        let text = text_of(&place.path).unwrap_or_default();
        let (line, column) = line_and_column(&text, place.span.start as usize);
        let is_whole_file = place.span.start == 0 && place.span.end == 0;
        if is_whole_file {
            result.push_str(&format!("\n  --> {}", place.path));
        } else {
            result.push_str(&format!("\n  --> {}:{line}:{column}", place.path));
            // A log is read by more people than a secret is for.
            if *code != secrets::CODE && !may_hold_secret(&text, place) {
                result.push_str(&snippet(&text, place, level));
            }
        }
    }
    for (place, words) in related {
        let (line, column) = where_is(place, text_of);
        result.push_str(&format!("\n  {words}: {}:{line}:{column}", place.path));
    }
    if let Some(help) = help {
        result.push_str(&format!("\n  help: {help}"));
    }
    // Names and values are an author's: none may move the cursor or colour the terminal.
    let is_hidden = |it: char| it.is_control() && !matches!(it, '\n' | '\t');
    if result.contains(is_hidden) {
        result = result.replace(is_hidden, "\u{FFFD}");
    }
    result
}

/// Whether the line of a place in the settings names a key or a password.
fn may_hold_secret(text: &str, place: &Place) -> bool {
    if place.path.as_str() != config::PATH {
        return false;
    }
    let (before, after) =
        text.split_at_checked(place.span.start as usize).unwrap_or((text, ""));
    let begin = before.rsplit('\n').next().unwrap_or_default();
    let line = format!("{begin}{}", after.lines().next().unwrap_or_default());
    let line = line.to_lowercase();
    ["secret", "password", "passwd", "token", "key", "@"]
        .iter()
        .any(|it| line.contains(it))
}

/// The source line with a caret, drawn by the renderer that rustc uses.
fn snippet(text: &str, place: &Place, level: Level<'_>) -> String {
    let mut start = (place.span.start as usize).min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    // One line is enough to find the place.
    let line_end = text.get(start..).and_then(|it| it.find('\n'));
    let line_end = line_end.map_or(text.len(), |it| start + it);
    let mut end = (place.span.end as usize).clamp(start, line_end);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let line_start =
        text.get(..start).and_then(|it| it.rfind('\n')).map_or(0, |it| it + 1);
    let line = text.get(line_start..line_end).unwrap_or_default();
    // Only the line itself, its controls closed, so that it cannot disturb the terminal.
    let shown: String = close_isolates(line)
        .chars()
        .map(|it| if it.is_control() && it != '\t' { '\u{FFFD}' } else { it })
        .take(400)
        .collect();
    let clamp = |byte: usize| {
        let mut byte = (byte - line_start).min(shown.len());
        while !shown.is_char_boundary(byte) {
            byte -= 1;
        }
        byte
    };
    let (from, to) = (clamp(start), clamp(end));
    let line_number = line_and_column(text, start).0;
    let annotation = AnnotationKind::Primary.span(from..to.max(from));
    let snippet =
        Snippet::source(shown.as_str()).line_start(line_number).annotation(annotation);
    let report = [level.primary_title("").element(snippet)];
    let rendered = Renderer::plain().render(&report).clone();
    let lines: Vec<&str> = rendered.lines().filter(|it| it.contains('|')).collect();
    lines.iter().fold(String::new(), |all, it| format!("{all}\n{}", it.trim_end()))
}

/// A diagnostic as one JSON object.
pub fn json(diagnostic: &Diagnostic, text_of: &TextOf<'_>) -> serde_json::Value {
    let place = |it: &Place| {
        let (line, column) = where_is(it, text_of);
        json!({
            "path": it.path.as_str(), "line": line, "column": column,
            "start": it.span.start, "end": it.span.end,
        })
    };
    let related: Vec<serde_json::Value> = diagnostic
        .related
        .iter()
        .map(|(at, words)| json!({ "place": place(at), "message": words }))
        .collect();
    json!({
        "code": diagnostic.code,
        "severity": diagnostic.severity.as_str(),
        "message": diagnostic.message,
        "place": diagnostic.place.as_ref().map(place),
        "related": related,
        "help": diagnostic.help,
    })
}
