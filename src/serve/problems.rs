//! Diagnostics as the page shows them: JSON whose every text becomes a text node.

use serde_json::{Value, json};

use crate::diag::{Diagnostic, Place, SourcePath, line_and_column};
use crate::error::Error;
use crate::load::Sources;
use crate::render::theme;

/// How many are listed.
const N_SHOWN: usize = 50;

/// How much of a line is shown on either side of the place, in characters.
const N_AROUND: usize = 160;

/// What is wrong with the sources, ready for an open page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems {
    /// The list, as a JSON text.
    pub json: String,
    /// The same hash for the same problems.
    pub id: String,
}

impl Problems {
    fn new(list: &[Value], n_all: usize) -> Self {
        let json = json!({ "problems": list, "more": n_all - list.len() }).to_string();
        let id = blake3::hash(json.as_bytes()).to_hex().chars().take(16).collect();
        Self { json, id }
    }

    /// Mistakes of authors.
    pub fn of(diagnostics: Vec<&Diagnostic>, sources: &Sources) -> Self {
        let shown = diagnostics.iter().take(N_SHOWN);
        let list: Vec<Value> = shown.map(|it| problem(it, sources)).collect();
        Self::new(&list, diagnostics.len())
    }

    /// What the world has refused.
    pub fn refused(error: &Error) -> Self {
        let problem = json!({
            "severity": "error", "message": error.to_string(), "help": error.help(),
        });
        Self::new(&[problem], 1)
    }
}

fn problem(diagnostic: &Diagnostic, sources: &Sources) -> Value {
    let Diagnostic { code, severity, message, place, related, help } = diagnostic;
    let related: Vec<Value> = related
        .iter()
        .map(|(at, words)| json!({ "words": words, "place": where_is(at, sources) }))
        .collect();
    json!({
        "code": code,
        "severity": severity.as_str(),
        "message": message,
        "place": place.as_ref().map(|it| where_is(it, sources)),
        "line": place.as_ref().and_then(|it| line(it, sources)),
        "related": related,
        "help": help,
    })
}

fn text<'a>(path: &SourcePath, sources: &'a Sources) -> Option<&'a str> {
    sources.text(path).or_else(|| theme::built_in(path))
}

fn where_is(place: &Place, sources: &Sources) -> Value {
    let path = place.path.as_str();
    let is_whole_file = place.span.start == 0 && place.span.end == 0;
    match text(&place.path, sources).filter(|_| !is_whole_file) {
        Some(text) => {
            let (line, column) = line_and_column(text, place.span.start as usize);
            json!({ "path": path, "line": line, "column": column })
        }
        None => json!({ "path": path }),
    }
}

/// The line of a place: what stands before it, at it, and after it.
fn line(place: &Place, sources: &Sources) -> Option<Value> {
    let text = text(&place.path, sources)?;
    if place.span.start == 0 && place.span.end == 0 {
        return None;
    }
    let range = place.span.range();
    let (before, rest) = text.split_at_checked(range.start)?;
    let before = before.rsplit('\n').next().unwrap_or_default();
    let rest = rest.split('\n').next().unwrap_or_default();
    let n_marked = range.len().min(rest.len());
    let n_marked = (n_marked..=rest.len()).find(|it| rest.is_char_boundary(*it))?;
    let (marked, after) = rest.split_at(n_marked);
    let n_before = before.chars().count();
    let before: String = before.chars().skip(n_before.saturating_sub(N_AROUND)).collect();
    let around = |it: &str| it.chars().take(N_AROUND).collect::<String>();
    Some(json!([before, around(marked), around(after)]))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Problems;
    use crate::diag::{Diagnostic, Place, SourcePath, Span};
    use crate::load::{FileKind, Sources, source_file};

    #[track_caller]
    fn check(span: Span, expected: Value) {
        let path = SourcePath::new("content/briefings/a.md");
        let bytes = "سطر\nأول <b> ثان\nآخر".as_bytes().to_vec();
        let file = source_file(path.clone(), FileKind::Briefing, bytes).value;
        let sources = Sources { files: file.into_iter().collect(), ..Sources::default() };
        let place = Place { path, span };
        let diagnostic = Diagnostic::error("unknown-topic", place, "m").with_help("h");
        let problems = Problems::of(vec![&diagnostic], &sources);
        let json: Value = serde_json::from_str(&problems.json).unwrap();
        assert_eq!(json["problems"][0]["line"], expected);
    }

    #[test]
    fn the_line_is_cut_around_the_place() {
        check(Span::new(14, 17), json!(["أول ", "<b>", " ثان"]));
        check(Span::new(14, 40), json!(["أول ", "<b> ثان", ""]));
        check(Span::new(14, 14), json!(["أول ", "", "<b> ثان"]));
        check(Span::default(), Value::Null);
        check(Span::new(500, 501), Value::Null);
        check(Span::new(8, 8), Value::Null);
    }
}
