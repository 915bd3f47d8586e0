//! `SourceFile` -> `Parsed`: one file at a time, knowing nothing of the others.
//!
//! Takes the text of a file; gives its metadata (`front_matter`) and its `Body`, which
//! `markdown` or `plain_text` has read. Fails only by diagnostics. How header, sidecar and
//! translations of one object come together is decided in `model`.

pub mod address;
pub mod body;
mod comments;
pub mod document;
pub mod front_matter;
pub mod html;
pub mod kept;
mod list_markers;
pub mod markdown;
mod marks;
pub mod plain_text;

use std::ops::Range;
use std::sync::Arc;

use crate::config::Config;
use crate::diag::{Checked, Diagnostic, Place, SourcePath};
use crate::load::{FileKind, Format, SourceFile};
use crate::parse::body::{Body, Reading};
use crate::parse::front_matter::{
    AuthorMeta, BriefingMeta, Context, PageMeta, SeriesMeta, TopicMeta,
};
use crate::parse::kept::Kept;
use crate::text::bytes;
use crate::text::lang::Lang;
use crate::yaml::{self, Node, Value};

/// What one file says.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// The file.
    pub path: SourcePath,
    /// Id of the object it belongs to.
    pub id: Arc<str>,
    /// Language by its name; `None` for a sidecar, or a text in the default language.
    pub lang: Option<Lang>,
    /// Metadata.
    pub data: Data,
    /// The text; `None` for a YAML file.
    pub body: Option<Arc<Body>>,
}

/// Metadata of one file.
#[derive(Debug, Clone)]
pub enum Data {
    /// Of a briefing.
    Briefing(Arc<BriefingMeta>),
    /// Of a topic.
    Topic(Box<TopicMeta>),
    /// Of an author.
    Author(Box<AuthorMeta>),
    /// Of a series.
    Series(Box<SeriesMeta>),
    /// Of a plain page.
    Page(Box<PageMeta>),
}

/// Reads one file of content; `None` for files that are none (settings, templates).
pub fn parse(file: &SourceFile, config: &Config) -> Checked<Option<Arc<Parsed>>> {
    read(file, config, None, None)
}

/// Reads one file of content, and says what there is to keep of it for the next time.
pub fn parse_to_keep(
    file: &SourceFile,
    config: &Config,
) -> (Checked<Option<Arc<Parsed>>>, Kept) {
    let mut kept = Kept::default();
    let parsed = read(file, config, None, Some(&mut kept));
    (parsed, kept)
}

/// Reads one file of content, of which something was kept. What is wrong with it was told
/// then.
pub fn parse_again(
    file: &SourceFile,
    config: &Config,
    kept: &Kept,
) -> Option<Arc<Parsed>> {
    read(file, config, Some(kept), None).value
}

fn read(
    file: &SourceFile,
    config: &Config,
    known: Option<&Kept>,
    mut kept: Option<&mut Kept>,
) -> Checked<Option<Arc<Parsed>>> {
    let mut diagnostics = Vec::new();
    let lang = file.lang.clone().unwrap_or_else(|| config.lang.clone());
    let (header, body) = match file.format {
        Format::Markdown => split(file, &mut diagnostics),
        _ => (header(file), body(file)),
    };
    if file.text.trim().is_empty() {
        let place = Place::file(&file.path);
        let error = Diagnostic::error("empty-file", place, "the file is empty");
        diagnostics.push(error.with_help("write something into it, or delete it"));
        return Checked { value: None, diagnostics };
    }
    let node = header.and_then(|range| {
        if let Some(node) = known.and_then(|it| it.header(&file.text)) {
            return Some(node);
        }
        let text = file.text.get(range.clone()).unwrap_or_default();
        let node = yaml::parse(text, range.start, &file.path);
        node.drain_into(&mut diagnostics)
    });
    if let (Some(kept), Some(node)) = (&mut kept, &node) {
        kept.keep_header(node, &file.text);
    }
    let lang = own_lang(file, node.as_ref()).unwrap_or(lang);
    let mut context = Context::new(&file.path, config, &lang);
    let has_title = has_key(node.as_ref(), "title");
    let data = match file.kind {
        FileKind::Briefing => Data::Briefing(Arc::new(
            node.map(|it| BriefingMeta::read(it, &mut context)).unwrap_or_default(),
        )),
        FileKind::Topic => Data::Topic(Box::new(
            node.map(|it| TopicMeta::read(it, &mut context)).unwrap_or_default(),
        )),
        FileKind::Author => Data::Author(Box::new(
            node.map(|it| AuthorMeta::read(it, &mut context)).unwrap_or_default(),
        )),
        FileKind::Series => Data::Series(Box::new(
            node.map(|it| SeriesMeta::read(it, &mut context)).unwrap_or_default(),
        )),
        FileKind::Page => Data::Page(Box::new(
            node.map(|it| PageMeta::read(it, &mut context)).unwrap_or_default(),
        )),
        _ => return Checked { value: None, diagnostics },
    };
    diagnostics.append(&mut context.reader.diagnostics);
    let takes_title =
        !has_title && matches!(file.kind, FileKind::Briefing | FileKind::Page);
    let body = body.map(|body| {
        let source = match known {
            Some(Kept { is_printable: true, .. }) => Arc::clone(&file.text),
            _ => printable(&file.text, body.start),
        };
        if let Some(kept) = &mut kept {
            kept.is_printable = Arc::ptr_eq(&source, &file.text);
        }
        let (format, policy) = (file.format, config.html);
        let reading = Reading { format, body, takes_title, policy };
        let known = known.and_then(|it| {
            Body::known(&file.path, Arc::clone(&source), reading.clone(), it)
        });
        Arc::new(known.unwrap_or_else(|| {
            let read = Body::read(&file.path, &source, reading);
            read.drain_into(&mut diagnostics)
        }))
    });
    let parsed = Parsed {
        path: file.path.clone(),
        id: Arc::clone(&file.id),
        lang: file.lang.clone(),
        data,
        body,
    };
    if let Some(kept) = kept {
        kept.keep_text(&parsed);
    }
    Checked { value: Some(Arc::new(parsed)), diagnostics }
}

/// A text without the code points that XML 1.0 forbids from a byte on (row F1): controls, such
/// as the line breaks of word processors, become spaces, the others U+FFFD. Every byte keeps
/// its place.
fn printable(text: &Arc<str>, from: usize) -> Arc<str> {
    let is_control = |it: char| it < ' ' && !matches!(it, '\t' | '\n' | '\r');
    let is_forbidden = |it: char| is_control(it) || matches!(it, '\u{FFFE}' | '\u{FFFF}');
    let body = text.get(from..).unwrap_or_default();
    let is_suspect = |it: u8| (it < b' ' && !matches!(it, b'\t' | b'\n')) || it == 0xEF;
    let is_clean = bytes::position(body.as_bytes(), is_suspect).is_none();
    if is_clean || !body.contains(is_forbidden) {
        return Arc::clone(text);
    }
    let mut result = text.get(..from).unwrap_or_default().to_owned();
    result.extend(body.chars().map(|it| match it {
        _ if is_control(it) => ' ',
        _ if is_forbidden(it) => char::REPLACEMENT_CHARACTER,
        _ => it,
    }));
    Arc::from(result)
}

/// The language that the header of a text names: its plain values are in it, too.
fn own_lang(file: &SourceFile, node: Option<&Node>) -> Option<Lang> {
    let has_lang = matches!(file.kind, FileKind::Briefing | FileKind::Page);
    let Some(Value::Map(entries)) = node.map(|it| &it.value).filter(|_| has_lang) else {
        return None;
    };
    let (_, node) = entries.iter().find(|(key, _)| key.text == "lang")?;
    match &node.value {
        Value::Scalar { text, .. } => Lang::parse(text).ok(),
        _ => None,
    }
}

fn has_key(node: Option<&Node>, key: &str) -> bool {
    match node.map(|it| &it.value) {
        Some(Value::Map(entries)) => entries.iter().any(|(it, _)| it.text == key),
        _ => false,
    }
}

/// Where the YAML of a file stands; `None` for a text without front matter.
pub fn header(file: &SourceFile) -> Option<Range<usize>> {
    match file.format {
        Format::Yaml => Some(0..file.text.len()),
        Format::Markdown => split(file, &mut Vec::new()).0,
        Format::PlainText | Format::Other => None,
    }
}

/// Where the text for readers stands; `None` for a YAML file.
pub fn body(file: &SourceFile) -> Option<Range<usize>> {
    match file.format {
        Format::Yaml => None,
        Format::Markdown => split(file, &mut Vec::new()).1,
        Format::PlainText | Format::Other => Some(0..file.text.len()),
    }
}

/// Splits a Markdown file into the YAML between two lines `---` and the text after them.
fn split(
    file: &SourceFile,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Option<Range<usize>>, Option<Range<usize>>) {
    let text = &*file.text;
    let whole = (None, Some(0..text.len()));
    let (before, rest) = text.split_at(text.len() - text.trim_start().len());
    let (opening, is_late) = (before.len(), before.ends_with('\n'));
    if (!before.is_empty() && !is_late) || !begins_metadata(rest, is_late) {
        return whole;
    }
    if is_late {
        let span = crate::diag::Span::new(opening, opening + 3);
        let place = Place { path: file.path.clone(), span };
        let message = "an empty line stands before the metadata";
        let error = Diagnostic::error("late-front-matter", place, message);
        let help = "delete everything above `---`: metadata begins in the first line";
        diagnostics.push(error.with_help(help));
    }
    let start = opening + rest.find('\n').map_or(rest.len(), |it| it + 1);
    let mut at = start;
    for line in text.get(start..).unwrap_or_default().split_inclusive('\n') {
        if line.trim_end() == "---" {
            return (Some(start..at), Some(at + line.len()..text.len()));
        }
        at += line.len();
    }
    let span = crate::diag::Span::new(opening, opening + 3);
    let place = Place { path: file.path.clone(), span };
    let message = "the metadata that begins here with `---` has no end";
    let error = Diagnostic::error("unclosed-front-matter", place, message);
    diagnostics.push(error.with_help("put a line `---` after the last key"));
    (None, Some(text.len()..text.len()))
}

/// Whether a text begins with the line that opens metadata. Behind empty lines, where it may
/// be a rule, a key must follow and a line that closes it.
fn begins_metadata(text: &str, is_late: bool) -> bool {
    let mut lines = text.lines();
    if lines.next().is_none_or(|it| it.trim_end() != "---") {
        return false;
    }
    let is_key = |line: &str| {
        let key = line.split_once(':').map(|(key, _)| key);
        key.is_some_and(|it| {
            it.starts_with(|it: char| it.is_ascii_lowercase())
                && it.bytes().all(|it| it.is_ascii_lowercase() || it == b'_')
        })
    };
    !is_late
        || (lines.next().is_some_and(is_key) && lines.any(|it| it.trim_end() == "---"))
}
