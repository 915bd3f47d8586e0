//! Front matter of other programs -> `Value`: YAML, TOML and JSON in one shape.
//!
//! Scalars keep the letters in which they were written, so that what no key of ours takes
//! goes on saying what it said. YAML is read by the reader of our own files, with its
//! limits (row Y1); TOML and JSON have the same length and depth.

use crate::diag::{Severity, SourcePath};
use crate::yaml;

/// Deepest nesting of lists and maps that is read, as in our own YAML.
const MAX_DEPTH: usize = 20;

/// Keys with their values, in the order of the source.
pub(super) type Keys = Vec<(String, Value)>;

/// A value of front matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// Nothing.
    Null,
    /// A text.
    Text(String),
    /// A number, a switch or a date: letters that stood without quotes.
    Bare(String),
    /// A list.
    List(Vec<Value>),
    /// A map.
    Map(Keys),
}

impl Value {
    /// A text or a bare scalar, without white space around it; `None` if nothing is left.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Bare(text) => Some(text.trim()),
            Self::Null | Self::List(_) | Self::Map(_) => None,
        }
        .filter(|it| !it.is_empty())
    }

    /// The texts of a list, or a single text as a list of one; `None` if anything else is
    /// in it.
    pub(super) fn texts(&self) -> Option<Vec<String>> {
        match self {
            Self::List(items) => {
                items.iter().map(|it| it.text().map(str::to_owned)).collect()
            }
            Self::Null => Some(Vec::new()),
            _ => self.text().map(|it| vec![it.to_owned()]),
        }
    }

    /// The value of a key of a map.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Map(keys) => get(keys, key),
            _ => None,
        }
    }
}

/// The value of a key, whatever its capital letters.
pub(super) fn get<'a>(keys: &'a Keys, key: &str) -> Option<&'a Value> {
    keys.iter().find(|(it, _)| it.eq_ignore_ascii_case(key)).map(|(_, it)| it)
}

/// How front matter is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notation {
    /// Between two lines `---`.
    Yaml,
    /// Between two lines `+++`.
    Toml,
    /// An object at the beginning of the file.
    Json,
}

/// Front matter and the text after it.
pub(super) struct Header<'a> {
    /// How it is written, and its source; `None` for a text without any.
    pub(super) source: Option<(Notation, &'a str)>,
    /// The text for readers.
    pub(super) body: &'a str,
}

/// Finds the front matter of a text whose line ends are `\n`.
pub(super) fn split(text: &str) -> Header<'_> {
    let none = Header { source: None, body: text };
    for (fence, notation) in [("---", Notation::Yaml), ("+++", Notation::Toml)] {
        let first = text.lines().next().unwrap_or_default();
        if first.trim_end() != fence {
            continue;
        }
        let start = text.find('\n').map_or(text.len(), |it| it + 1);
        let mut at = start;
        for line in text.get(start..).unwrap_or_default().split_inclusive('\n') {
            if line.trim_end() == fence {
                let source = text.get(start..at).unwrap_or_default();
                let body = text.get(at + line.len()..).unwrap_or_default();
                return Header { source: Some((notation, source)), body };
            }
            at += line.len();
        }
        return none;
    }
    if !text.starts_with('{') || text.starts_with("{{") || text.starts_with("{%") {
        return none;
    }
    let mut values =
        serde_json::Deserializer::from_str(text).into_iter::<serde::de::IgnoredAny>();
    if !matches!(values.next(), Some(Ok(_))) {
        return none;
    }
    let (source, body) = text.split_at(values.byte_offset());
    Header { source: Some((Notation::Json, source)), body }
}

/// Reads front matter or the settings of a site.
///
/// # Errors
///
/// One sentence that says why it cannot be read.
pub(super) fn read(notation: Notation, text: &str) -> Result<Keys, String> {
    if yaml::MAX_BYTES < text.len() {
        return Err(format!("it has more than {} bytes", yaml::MAX_BYTES));
    }
    let value = match notation {
        Notation::Yaml => {
            let read = yaml::parse(text, 0, &SourcePath::new(""));
            let is_error = |it: &&crate::diag::Diagnostic| it.severity == Severity::Error;
            if let Some(first) = read.diagnostics.iter().find(is_error) {
                return Err(first.message.clone());
            }
            read.value.map_or(Value::Null, |it| of_yaml(it.value))
        }
        Notation::Toml => {
            let table = text.parse::<toml::Table>();
            let table = table.map_err(|it| it.message().to_owned())?;
            of_toml(toml::Value::Table(table), 0)?
        }
        Notation::Json => {
            let value = serde_json::from_str::<serde_json::Value>(text);
            of_json(value.map_err(|it| it.to_string())?, 0)?
        }
    };
    match value {
        Value::Map(keys) => Ok(keys),
        Value::Null => Ok(Vec::new()),
        _ => Err("it is not a map of keys".to_owned()),
    }
}

fn of_yaml(value: yaml::Value) -> Value {
    match value {
        yaml::Value::Null => Value::Null,
        yaml::Value::Scalar { text, is_plain: true } => Value::Bare(text),
        yaml::Value::Scalar { text, is_plain: false } => Value::Text(text),
        yaml::Value::List(items) => {
            Value::List(items.into_iter().map(|it| of_yaml(it.value)).collect())
        }
        yaml::Value::Map(entries) => {
            let entry =
                |(key, it): (yaml::Key, yaml::Node)| (key.text, of_yaml(it.value));
            Value::Map(entries.into_iter().map(entry).collect())
        }
    }
}

const TOO_DEEP: &str = "it is nested too deeply";

fn of_toml(value: toml::Value, depth: usize) -> Result<Value, String> {
    if MAX_DEPTH < depth {
        return Err(TOO_DEEP.to_owned());
    }
    Ok(match value {
        toml::Value::String(text) => Value::Text(text),
        toml::Value::Integer(it) => Value::Bare(it.to_string()),
        toml::Value::Float(it) => Value::Bare(it.to_string()),
        toml::Value::Boolean(it) => Value::Bare(it.to_string()),
        toml::Value::Datetime(it) => Value::Bare(it.to_string()),
        toml::Value::Array(items) => {
            let items = items.into_iter().map(|it| of_toml(it, depth + 1));
            Value::List(items.collect::<Result<_, _>>()?)
        }
        toml::Value::Table(table) => {
            let entries = table.into_iter();
            let entries = entries.map(|(key, it)| Ok((key, of_toml(it, depth + 1)?)));
            Value::Map(entries.collect::<Result<_, String>>()?)
        }
    })
}

fn of_json(value: serde_json::Value, depth: usize) -> Result<Value, String> {
    if MAX_DEPTH < depth {
        return Err(TOO_DEEP.to_owned());
    }
    Ok(match value {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(it) => Value::Bare(it.to_string()),
        serde_json::Value::Number(it) => Value::Bare(it.to_string()),
        serde_json::Value::String(text) => Value::Text(text),
        serde_json::Value::Array(items) => {
            let items = items.into_iter().map(|it| of_json(it, depth + 1));
            Value::List(items.collect::<Result<_, _>>()?)
        }
        serde_json::Value::Object(map) => {
            let entries = map.into_iter();
            let entries = entries.map(|(key, it)| Ok((key, of_json(it, depth + 1)?)));
            Value::Map(entries.collect::<Result<_, String>>()?)
        }
    })
}
