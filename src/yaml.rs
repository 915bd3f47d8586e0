//! YAML text -> values with places. The one file that names the YAML crate.
//!
//! Two steps. `parse` reads any YAML text into a tree of `Node`s, each with the span of
//! its source; scalars stay as they were written (`no`, `1e3` and `0123` are texts until
//! somebody asks for a boolean or a number). Then a `Fields` takes the known keys out of a
//! map, turns each into its type, and reports every wrong value and every key that nobody
//! asked for, all in one run. What is wrong with text that is no YAML is said by `syntax`.
//! Which keys exist is decided in `config` and
//! `parse::front_matter`.

pub mod packed;
mod syntax;

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_yaml::{DuplicateKeyPolicy, Options, Spanned};

use crate::diag::{At, Checked, Diagnostic, Place, SourcePath, Span, closest};
use crate::text::number::normalise_digits;

/// Longest YAML text that is read, in bytes (reliability row Y20).
pub const MAX_BYTES: usize = 64 * 1024;

/// Deepest nesting of lists and maps that is read. The contract needs four.
const MAX_DEPTH: usize = 24;

/// A YAML value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its source: the whole of a scalar, the beginning of a list or a map.
    pub span: Span,
    /// What it is.
    pub value: Value,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing was written after the colon, or `null` or `~`.
    Null,
    /// A scalar, as written; `is_plain` if it stood without quotes.
    Scalar {
        /// Text with escapes resolved.
        text: String,
        /// Whether it stood without quotes.
        is_plain: bool,
    },
    /// A list.
    List(Vec<Node>),
    /// A map, in source order; keys are unique.
    Map(Vec<(Key, Node)>),
}

/// The key of a map entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its text.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

impl Value {
    /// The value for templates: texts stay texts, as they were written.
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Null => serde_json::Value::Null,
            Self::Scalar { text, .. } => text.as_str().into(),
            Self::List(items) => items.iter().map(|it| it.value.to_json()).collect(),
            Self::Map(entries) => entries
                .iter()
                .map(|(key, it)| (key.text.clone(), it.value.to_json()))
                .collect(),
        }
    }

    /// Name of the shape, for messages.
    fn shape(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Scalar { .. } => "a single value",
            Self::List(_) => "a list",
            Self::Map(_) => "a map of keys",
        }
    }
}

/// Reads YAML that begins at byte `base` of the file `path`.
///
/// Gives `None` where there is no YAML or it cannot be read; the reasons are in the
/// diagnostics. Anchors, aliases, tags and second documents are refused: a briefing has no
/// use for them, and hostile input has.
pub fn parse(yaml: &str, base: usize, path: &SourcePath) -> Checked<Option<Node>> {
    let source = Source { yaml, base, path };
    let mut diagnostics = Vec::new();
    let node = source.read(&mut diagnostics);
    Checked { value: node, diagnostics }
}

/// The text that is being read.
struct Source<'a> {
    yaml: &'a str,
    base: usize,
    path: &'a SourcePath,
}

impl Source<'_> {
    fn read(&self, diagnostics: &mut Vec<Diagnostic>) -> Option<Node> {
        if MAX_BYTES < self.yaml.len() {
            let message = format!(
                "this YAML has {} bytes; at most {MAX_BYTES} are read",
                self.yaml.len()
            );
            let help = "move the long text into the article";
            let error = Diagnostic::error("yaml-too-long", self.place(0, 0), message);
            diagnostics.push(error.with_help(help));
            return None;
        }
        if let Some((at, found)) =
            self.yaml.char_indices().find(|(_, it)| is_forbidden(*it))
        {
            let message = format!(
                "the invisible character U+{:04X} would end or hide a value",
                u32::from(found)
            );
            let place = self.place(at, at + found.len_utf8());
            let error = Diagnostic::error("control-character", place, message).with_help(
                "delete the character after the place shown, or type the line anew",
            );
            diagnostics.push(error);
            return None;
        }
        match serde_yaml::from_str_with_options::<Spanned<Raw>>(self.yaml, options()) {
            Ok(raw) => self.node(raw, diagnostics, 0),
            Err(error) => {
                diagnostics.push(self.syntax_error(&error));
                None
            }
        }
    }

    /// A place by byte offsets in the YAML text.
    fn place(&self, start: usize, end: usize) -> Place {
        let span = Span::new(self.base + start, self.base + end);
        Place { path: self.path.clone(), span }
    }

    fn bytes(&self, location: serde_yaml::Location) -> (usize, usize) {
        let span = location.span();
        let to_usize = |it: Option<u64>| it.and_then(|it| usize::try_from(it).ok());
        let Some(start) = to_usize(span.byte_offset()) else {
            // What the scanner cannot read has a place in characters alone.
            let n_chars = usize::try_from(span.offset()).unwrap_or(usize::MAX);
            let letter = self.yaml.char_indices().nth(n_chars);
            let end = self.yaml.trim_end().len();
            return letter
                .map_or((end, end), |(at, letter)| (at, at + letter.len_utf8()));
        };
        let start = start.min(self.yaml.len());
        let len = to_usize(span.byte_len()).unwrap_or(0);
        (start, (start + len).min(self.yaml.len()))
    }

    fn node(
        &self,
        raw: Spanned<Raw>,
        diagnostics: &mut Vec<Diagnostic>,
        depth: usize,
    ) -> Option<Node> {
        let (start, end) = self.bytes(raw.referenced);
        let place = self.place(start, end);
        if raw.referenced != raw.defined {
            let error = "anchors and aliases are not read here".to_owned();
            let error = Diagnostic::error("yaml-alias", place, error);
            diagnostics.push(error.with_help("write the value out again"));
            return None;
        }
        if MAX_DEPTH < depth {
            let error = "this YAML is nested too deeply".to_owned();
            let error = Diagnostic::error("yaml-syntax", place, error);
            diagnostics.push(error.with_help("take some levels out"));
            return None;
        }
        let written = self.yaml.get(start..end).unwrap_or_default();
        let value = match raw.value {
            Raw::Null => Value::Null,
            Raw::Typed => {
                Value::Scalar { text: written.trim().to_owned(), is_plain: true }
            }
            Raw::Text(text) => {
                let is_plain = !written.starts_with(['"', '\'', '|', '>']);
                if let Some(found) = text.chars().find(|it| is_forbidden(*it)) {
                    let message = format!(
                        "the value holds the control character U+{:04X}",
                        u32::from(found)
                    );
                    let error = Diagnostic::error("control-character", place, message);
                    diagnostics.push(error.with_help("delete it"));
                    return None;
                }
                if is_plain {
                    self.lint_comment(end, diagnostics);
                }
                Value::Scalar { text, is_plain }
            }
            Raw::List(items) => Value::List(
                items
                    .into_iter()
                    .filter_map(|it| self.node(it, diagnostics, depth + 1))
                    .collect(),
            ),
            Raw::Map(entries) => Value::Map(self.entries(entries, diagnostics, depth)),
        };
        Some(Node { span: place.span, value })
    }

    fn entries(
        &self,
        entries: Vec<(Spanned<String>, Spanned<Raw>)>,
        diagnostics: &mut Vec<Diagnostic>,
        depth: usize,
    ) -> Vec<(Key, Node)> {
        let mut result: Vec<(Key, Node)> = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            let (start, end) = self.bytes(key.referenced);
            let place = self.place(start, end);
            let key = Key { text: key.value, span: place.span };
            if let Some((first, _)) = result.iter().find(|(it, _)| it.text == key.text) {
                let message = format!("the key `{}` stands here a second time", key.text);
                let first = Place { path: self.path.clone(), span: first.span };
                let error = Diagnostic::error("duplicate-key", place, message)
                    .with_related(first, "the first one")
                    .with_help("keep one of the two");
                diagnostics.push(error);
                continue;
            }
            if let Some(value) = self.node(value, diagnostics, depth + 1) {
                result.push((key, value));
            }
        }
        result
    }

    /// Warns of `title: تقرير #3`, where YAML cuts the value at ` #` (row Y9).
    fn lint_comment(&self, end: usize, diagnostics: &mut Vec<Diagnostic>) {
        let rest = self.yaml.get(end..).unwrap_or_default();
        let line = rest.lines().next().unwrap_or_default();
        let comment = line.trim_start();
        let looks_meant = comment
            .strip_prefix('#')
            .is_some_and(|it| it.starts_with(|next: char| next.is_alphanumeric()));
        if looks_meant {
            let start = end + (line.len() - comment.len());
            let place = self.place(start, start + comment.len());
            let message = "the text after ` #` is a comment and is lost";
            let warning = Diagnostic::warning("yaml-comment", place, message);
            diagnostics.push(warning.with_help("put the whole value in double quotes"));
        }
    }

    fn syntax_error(&self, error: &serde_yaml::Error) -> Diagnostic {
        let error = error.without_snippet();
        let bytes = error.location().map_or((0, 0), |it| self.bytes(it));
        let (message, help) = match error {
            serde_yaml::Error::MultipleDocuments { .. } => (
                "a second YAML document begins here; only one is read".to_owned(),
                "delete the line `---` or `...` before it, or what follows",
            ),
            _ => (
                error.to_string(),
                "put values that hold signs in double quotes, and let keys that belong \
                 together begin in one column",
            ),
        };
        let fault = syntax::fault(self.yaml, bytes.0..bytes.1, &message);
        let place = self.place(fault.bytes.start, fault.bytes.end);
        let error = Diagnostic::error("yaml-syntax", place, fault.message);
        error.with_help(fault.help.unwrap_or_else(|| help.to_owned()))
    }
}

/// Characters that have no place in metadata: controls, and the line separators that some
/// YAML readers take for a new line (rows Y11, Y12).
fn is_forbidden(found: char) -> bool {
    matches!(found, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{FFFE}' | '\u{FFFF}')
        || (found.is_control() && !matches!(found, '\n' | '\t' | '\r'))
}

fn options() -> Options {
    let mut options = Options::default();
    options.duplicate_keys = DuplicateKeyPolicy::PassThrough;
    options.with_snippet = false;
    // Each level takes stack, of which threads have little.
    options.budget = serde_yaml::budget! { max_depth: MAX_DEPTH + 2 };
    options
}

/// A node as the YAML crate gives it. `Typed` is a plain scalar that YAML takes for a
/// boolean or a number; its text is read from the source instead.
enum Raw {
    Null,
    Typed,
    Text(String),
    List(Vec<Spanned<Raw>>),
    Map(Vec<(Spanned<String>, Spanned<Raw>)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E: de::Error>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, it: D) -> Result<Raw, D::Error> {
        Raw::deserialize(it)
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<Raw, E> {
        Ok(Raw::Typed)
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<Raw, E> {
        Ok(Raw::Typed)
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<Raw, E> {
        Ok(Raw::Typed)
    }

    fn visit_i128<E: de::Error>(self, _: i128) -> Result<Raw, E> {
        Ok(Raw::Typed)
    }

    fn visit_u128<E: de::Error>(self, _: u128) -> Result<Raw, E> {
        Ok(Raw::Typed)
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Raw, E> {
        Ok(Raw::Typed)
    }

    fn visit_str<E: de::Error>(self, it: &str) -> Result<Raw, E> {
        Ok(Raw::Text(it.to_owned()))
    }

    fn visit_string<E: de::Error>(self, it: String) -> Result<Raw, E> {
        Ok(Raw::Text(it))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Raw, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Raw::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Raw, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(Raw::Map(map))
    }
}

/// Where values are being read, and what was wrong with them so far.
pub struct Reader<'a> {
    path: &'a SourcePath,
    /// Everything found wrong.
    pub diagnostics: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    /// A reader for the values of one file.
    pub fn new(path: &'a SourcePath) -> Self {
        Self { path, diagnostics: Vec::new() }
    }

    /// The place of a span in the file that is being read.
    pub fn place(&self, span: Span) -> Place {
        Place { path: self.path.clone(), span }
    }

    /// Gives a value its place.
    pub fn at<T>(&self, span: Span, value: T) -> At<T> {
        At { value, place: self.place(span) }
    }

    /// Reports a value that is not what its key takes.
    pub fn wrong(
        &mut self,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let error = Diagnostic::error("wrong-value", self.place(span), message);
        self.diagnostics.push(error.with_help(help));
    }

    /// Takes a map apart; anything else is reported and read as an empty map.
    pub fn fields(&mut self, node: Node, what: &'static str) -> Fields {
        let entries = match node.value {
            Value::Map(entries) => entries,
            Value::Null => Vec::new(),
            other => {
                let message = format!("{what} is a map of keys, not {}", other.shape());
                self.wrong(node.span, message, "write `key: value`, one on each line");
                Vec::new()
            }
        };
        Fields { what, entries, known: Vec::new() }
    }

    /// The items of a list; anything else is reported and read as an empty list.
    pub fn list(&mut self, node: Node, key: &str) -> Vec<Node> {
        match node.value {
            Value::List(items) => items,
            Value::Null => Vec::new(),
            other => {
                let message = format!("`{key}` is a list, not {}", other.shape());
                let help =
                    format!("write `{key}: [one, two]`, or one `- item` on each line");
                self.wrong(node.span, message, help);
                Vec::new()
            }
        }
    }

    /// A text: not empty, white space at both ends removed.
    pub fn text(&mut self, node: Node, key: &str) -> Option<At<String>> {
        match node.value {
            Value::Scalar { text, .. } if !text.trim().is_empty() => {
                let trimmed = text.trim();
                let text =
                    if trimmed.len() == text.len() { text } else { trimmed.to_owned() };
                Some(self.at(node.span, text))
            }
            Value::Scalar { .. } | Value::Null => {
                let message = format!("`{key}` is empty");
                self.wrong(node.span, message, "write a value, or delete the line");
                None
            }
            other => {
                let message = format!("`{key}` is one text, not {}", other.shape());
                self.wrong(node.span, message, "write one value after the colon");
                None
            }
        }
    }

    /// `true` or `false`, nothing else: a publishing switch must not be guessed (row Y7).
    pub fn boolean(&mut self, node: Node, key: &str) -> Option<At<bool>> {
        let value = match &node.value {
            Value::Scalar { text, is_plain: true } if text == "true" => true,
            Value::Scalar { text, is_plain: true } if text == "false" => false,
            _ => {
                let message = format!("`{key}` is `true` or `false`");
                self.wrong(node.span, message, format!("write `{key}: true`"));
                return None;
            }
        };
        Some(self.at(node.span, value))
    }

    /// A whole number inside a range; Arabic-Indic and Persian digits are read too.
    pub fn integer(
        &mut self,
        node: Node,
        key: &str,
        range: std::ops::RangeInclusive<u32>,
    ) -> Option<At<u32>> {
        let span = node.span;
        let number = match &node.value {
            Value::Scalar { text, .. } => {
                normalise_digits(text).trim().parse::<u32>().ok()
            }
            _ => None,
        };
        match number {
            Some(number) if range.contains(&number) => Some(self.at(span, number)),
            _ => {
                let message = format!(
                    "`{key}` is a whole number from {} to {}",
                    range.start(),
                    range.end()
                );
                self.wrong(span, message, format!("write `{key}: {}`", range.start()));
                None
            }
        }
    }

    /// One of a closed set of words.
    pub fn word<T: Copy>(
        &mut self,
        node: Node,
        key: &str,
        words: &[(&'static str, T)],
    ) -> Option<At<T>> {
        let text = self.text(node, key)?;
        if let Some((_, value)) = words.iter().find(|(it, _)| *it == text.value) {
            return Some(At { value: *value, place: text.place });
        }
        let message = format!("`{}` is not a value of `{key}`", text.value);
        let all: Vec<String> = words.iter().map(|(it, _)| format!("`{it}`")).collect();
        let help = match closest(words.iter().map(|(it, _)| *it), &text.value) {
            Some(known) => format!("did you mean `{known}`? it takes {}", all.join(", ")),
            None => format!("it takes {}", all.join(", ")),
        };
        self.wrong(text.place.span, message, help);
        None
    }
}

/// A map whose keys are being taken out one by one.
pub struct Fields {
    what: &'static str,
    entries: Vec<(Key, Node)>,
    known: Vec<&'static str>,
}

impl Fields {
    /// Whether every key has been taken.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Takes the value of a key out; the key is known from now on.
    pub fn take(&mut self, key: &'static str) -> Option<Node> {
        self.known.push(key);
        let at = self.entries.iter().position(|(it, _)| it.text == key)?;
        Some(self.entries.swap_remove(at).1)
    }

    /// Reports every key that nobody took, with the nearest known one.
    pub fn finish(mut self, reader: &mut Reader<'_>) {
        self.entries.sort_by_key(|(key, _)| key.span);
        for (key, _) in self.entries {
            let message =
                format!("{} has no key `{}`", self.what, key.text.escape_debug());
            let place = reader.place(key.span);
            let error = Diagnostic::error("unknown-key", place, message);
            let visible: String =
                key.text.chars().filter(char::is_ascii_graphic).collect();
            let error = match closest(self.known.iter().copied(), &visible) {
                Some(known) => error.with_help(crate::diag::meant(known)),
                None => error.with_help(format!(
                    "it takes {}; keys of your own go under `extra:`",
                    self.known.join(", ")
                )),
            };
            reader.diagnostics.push(error);
        }
    }

    /// What is left, in source order: for maps whose keys are the author's own.
    pub fn rest(mut self) -> Vec<(Key, Node)> {
        self.entries.sort_by_key(|(key, _)| key.span);
        self.entries
    }
}
