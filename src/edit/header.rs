//! `Header`: the YAML of one file, and how something is put into it or taken out of it
//! without touching the rest.
//!
//! Every function gives one `Replacement` for the text as it stands; whoever wants a
//! second one reads the header again. Lists and maps are edited in the style in which the
//! author wrote them, on lines of their own or between brackets.

use std::ops::Range;

use crate::diag::SourcePath;
use crate::edit::draft::{Draft, Replacement};
use crate::load::SourceFile;
use crate::parse;
use crate::yaml::{self, Key, Node, Value};

/// The YAML of one file.
pub(super) struct Header {
    text: std::sync::Arc<str>,
    range: Range<usize>,
    root: Node,
}

/// Something that can be put into a list, in both styles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    /// On lines of its own, the first one without its dash, the others with indentation
    /// as seen from the first.
    lines: Vec<String>,
    /// Between brackets.
    flow: String,
}

impl Header {
    /// Reads the header of a file of the draft; `None` where it has none.
    pub(super) fn read(draft: &Draft<'_>, path: &SourcePath) -> Option<Self> {
        Self::of(draft.file(path)?)
    }

    fn of(file: &SourceFile) -> Option<Self> {
        let range = parse::header(file)?;
        let yaml = file.text.get(range.clone())?;
        let root = yaml::parse(yaml, range.start, &file.path).value?;
        matches!(root.value, Value::Map(_)).then(|| Self {
            text: file.text.clone(),
            range,
            root,
        })
    }

    /// The keys with their values.
    pub(super) fn entries(&self) -> &[(Key, Node)] {
        entries(&self.root)
    }

    /// The value of a key, or of a key in the map of a key.
    pub(super) fn get(&self, keys: &[&str]) -> Option<&Node> {
        keys.iter().try_fold(&self.root, |node, key| {
            entries(node).iter().find(|(it, _)| it.text == *key).map(|(_, node)| node)
        })
    }

    /// Puts another id into the value of a node, between the quotes that are there.
    pub(super) fn with_id(&self, node: &Node, old: &str, new: &str) -> Replacement {
        let start = node.span.range().start;
        let written = self.text.get(start..end(&self.text, node)).unwrap_or_default();
        let is_bare = written == old && !is_block_scalar(&self.text, node);
        match written.rfind(old) {
            Some(at) if !is_bare => {
                Replacement::new(start + at..start + at + old.len(), new)
            }
            // Bare, or written with escapes.
            _ => Replacement::new(start..start + written.len(), scalar(new)),
        }
    }

    /// The value of a node on one line, for showing it.
    pub(super) fn shown(&self, node: &Node) -> String {
        flow(&self.text, node).lines().map(str::trim).collect::<Vec<_>>().join(" ")
    }

    /// Takes an item out of the list of a key; the key as well when the list is empty
    /// then and stands on lines of its own.
    pub(super) fn remove(&self, keys: &[&str], at: usize) -> Option<Replacement> {
        let list = self.get(keys)?;
        let Value::List(items) = &list.value else { return None };
        if items.len() == 1
            && let [key] = keys
            && !is_flow(&self.text, &self.root)
        {
            return self.remove_key(key);
        }
        let extents: Vec<Range<usize>> =
            items.iter().map(|it| it.span.range().start..end(&self.text, it)).collect();
        let range = if is_flow(&self.text, list) {
            flow_removal(&self.text, &extents, at)
        } else {
            block_removal(&self.text, extents.get(at)?)
        };
        Some(Replacement::new(range, ""))
    }

    /// Takes a key with its value out; between brackets, where a comma would be left over,
    /// it gets an empty list instead.
    pub(super) fn remove_key(&self, key: &str) -> Option<Replacement> {
        let (key, node) = self.entries().iter().find(|(it, _)| it.text == key)?;
        if is_flow(&self.text, &self.root) {
            let range = node.span.range().start..end(&self.text, node);
            return Some(Replacement::new(range, "[]"));
        }
        let stop = end(&self.text, node).max(key.span.range().end);
        let start = line_start(&self.text, key.span.range().start);
        Some(Replacement::new(start..line_end(&self.text, stop), ""))
    }

    /// Puts items at the end of the list of a key, or of a key in the map of a key; makes
    /// what is missing on the way there.
    pub(super) fn append(&self, keys: &[&str], items: &[Item]) -> Option<Replacement> {
        append(&self.text, &self.root, keys, items)
    }

    /// Puts a key with its value, both as another header has them, behind the last key.
    pub(super) fn append_key(&self, other: &Self, key: &str) -> Option<Replacement> {
        let (key, node) = other.entries().iter().find(|(it, _)| it.text == key)?;
        let (_, last) = self.entries().last()?;
        let flow = format!("{}: {}", key.span.of(&other.text), flow(&other.text, node));
        if is_flow(&self.text, &self.root) {
            let at = end(&self.text, last);
            return Some(Replacement::new(at..at, format!(", {flow}")));
        }
        let at = line_end(&self.text, end(&self.text, last));
        if is_flow(&other.text, &other.root) {
            return Some(insert_lines(&self.text, at, &[flow]));
        }
        let lines = other.lines_of(key, node);
        Some(insert_lines(&self.text, at, &lines))
    }

    /// The lines of a key, with the comments right above it.
    fn lines_of(&self, key: &Key, node: &Node) -> Vec<String> {
        let mut start = line_start(&self.text, key.span.range().start);
        while self.range.start < start {
            let above = line_start(&self.text, start - 1);
            let line = self.text.get(above..start).unwrap_or_default();
            if !line.trim_start().starts_with('#') {
                break;
            }
            start = above;
        }
        let stop = end(&self.text, node).max(key.span.range().end);
        let lines = self.text.get(start..line_end(&self.text, stop)).unwrap_or_default();
        lines.lines().map(str::to_owned).collect()
    }

    /// Comments on lines of their own that do not stand right above one of `keys`.
    pub(super) fn other_comments(&self, keys: &[&str]) -> Vec<String> {
        let carried: Vec<String> = self
            .entries()
            .iter()
            .filter(|(key, _)| keys.contains(&key.text.as_str()))
            .flat_map(|(key, node)| self.lines_of(key, node))
            .collect();
        let yaml = self.text.get(self.range.clone()).unwrap_or_default();
        yaml.lines()
            .filter(|it| it.trim_start().starts_with('#'))
            .filter(|it| !carried.iter().any(|line| line == it))
            .map(|it| it.trim().to_owned())
            .collect()
    }
}

impl Item {
    /// A text of ours.
    pub(super) fn text(text: &str) -> Self {
        let quoted = scalar(text);
        Self { lines: vec![quoted.clone()], flow: quoted }
    }

    /// A value as another header has it.
    pub(super) fn of(header: &Header, node: &Node) -> Self {
        let text = &*header.text;
        let flow = flow(text, node);
        let (start, stop) = (node.span.range().start, end(text, node));
        let written = text.get(start..stop).unwrap_or_default();
        if matches!(node.value, Value::Scalar { .. } | Value::Null) {
            let is_one_line = !written.contains('\n') && !is_block_scalar(text, node);
            let line = if is_one_line { written.to_owned() } else { flow.clone() };
            return Self { lines: vec![line], flow };
        }
        let column = start - line_start(text, start);
        let mut lines: Vec<String> =
            written.lines().map(|it| unindented(it, column).to_owned()).collect();
        if let Some(first) = lines.first_mut() {
            // The first line begins at the value already.
            written.lines().next().unwrap_or_default().clone_into(first);
        }
        Self { lines, flow }
    }
}

/// A line without its first `column` spaces, or without all of them if it has fewer.
fn unindented(line: &str, column: usize) -> &str {
    let n_spaces = line.len() - line.trim_start_matches(' ').len();
    line.get(n_spaces.min(column)..).unwrap_or_default()
}

fn entries(node: &Node) -> &[(Key, Node)] {
    match &node.value {
        Value::Map(entries) => entries,
        _ => &[],
    }
}

/// Whether a list or a map stands between brackets.
fn is_flow(text: &str, node: &Node) -> bool {
    matches!(node.value, Value::List(_) | Value::Map(_))
        && node.span.of(text).starts_with(['[', '{'])
}

/// Whether a text stands under `|` or `>`. Its place is that of its lines, so what comes
/// before them on the line above is the mark.
fn is_block_scalar(text: &str, node: &Node) -> bool {
    let before = text.get(..node.span.range().start).unwrap_or_default();
    let before = before.trim_end_matches(' ');
    let header = before.strip_suffix('\n').and_then(|it| it.lines().next_back());
    let is_scalar = matches!(node.value, Value::Scalar { .. });
    is_scalar
        && header.is_some_and(|it| {
            let it = it.split(" #").next().unwrap_or_default().trim_end();
            let it =
                it.trim_end_matches(|it: char| it.is_ascii_digit() || "+-".contains(it));
            it.ends_with(['|', '>'])
        })
}

/// The byte behind a value.
fn end(text: &str, node: &Node) -> usize {
    let own = node.span.range();
    let last = match &node.value {
        Value::List(items) => items.last().map(|it| end(text, it)),
        Value::Map(entries) => {
            entries.last().map(|(key, it)| end(text, it).max(key.span.range().end))
        }
        _ => {
            let written = text.get(own.clone()).unwrap_or_default();
            return own.start + written.trim_end().len();
        }
    };
    if is_flow(text, node) {
        return close(text, last.unwrap_or(own.start + 1));
    }
    last.unwrap_or(own.end)
}

/// The byte behind the bracket that closes a list or a map whose last value ends at
/// `from`: between the two stand only commas, white space and comments.
fn close(text: &str, from: usize) -> usize {
    let mut is_comment = false;
    for (at, letter) in text.get(from..).unwrap_or_default().char_indices() {
        match letter {
            '\n' => is_comment = false,
            '#' => is_comment = true,
            ']' | '}' if !is_comment => return from + at + 1,
            _ => {}
        }
    }
    text.len()
}

fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|it| it.rfind('\n')).map_or(0, |it| it + 1)
}

/// The byte behind the end of the line.
fn line_end(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|it| it.find('\n')).map_or(text.len(), |it| at + it + 1)
}

/// The range that goes with an item between brackets: its whole line, comment included,
/// where it has one to itself; else one of the commas beside it.
fn flow_removal(text: &str, extents: &[Range<usize>], at: usize) -> Range<usize> {
    let Range { start, end } = extents[at].clone();
    let line = line_start(text, start);
    let before = text.get(line..start).unwrap_or_default();
    let after = text.get(end..line_end(text, end)).unwrap_or_default().trim();
    let rest = after.strip_prefix(',').unwrap_or(after).trim_start();
    let is_alone = before.trim().is_empty() && (rest.is_empty() || rest.starts_with('#'));
    if is_alone {
        return line..line_end(text, end);
    }
    let previous = at.checked_sub(1).and_then(|it| extents.get(it));
    let next = extents.get(at + 1);
    match (previous, next) {
        (Some(previous), next) => {
            let between = text.get(previous.end..start).unwrap_or_default();
            match next {
                Some(next) if between.contains('\n') => start..next.start,
                _ if between.contains('#') => start..end,
                _ => previous.end..end,
            }
        }
        (None, Some(next)) => start..next.start,
        (None, None) => start..end,
    }
}

/// The lines of an item behind a dash, with the comment on its last line.
fn block_removal(text: &str, extent: &Range<usize>) -> Range<usize> {
    let start = line_start(text, dash(text, extent.start));
    start..line_end(text, extent.end)
}

/// The dash that an item stands behind.
fn dash(text: &str, item: usize) -> usize {
    let before = text.get(..item).unwrap_or_default();
    before.trim_end().strip_suffix('-').map_or(item, str::len)
}

fn append(text: &str, map: &Node, keys: &[&str], items: &[Item]) -> Option<Replacement> {
    let (first, rest) = keys.split_first()?;
    let Some((key, node)) = entries(map).iter().find(|(it, _)| it.text == *first) else {
        return Some(new_key(text, map, keys, items));
    };
    match &node.value {
        Value::Map(entries) if !entries.is_empty() => append(text, node, rest, items),
        Value::List(old) if !old.is_empty() => {
            let last = old.last().filter(|_| rest.is_empty())?;
            let at = end(text, last);
            if is_flow(text, node) {
                return Some(Replacement::new(at..at, format!(", {}", commas(items))));
            }
            let dash = dash(text, last.span.range().start);
            let column = dash - line_start(text, dash);
            Some(insert_lines(text, line_end(text, at), &dashes(items, column)))
        }
        Value::Scalar { .. } => {
            let own = node.span.range();
            let all = format!("[{}, {}]", flow(text, node), commas(items));
            Some(Replacement::new(own.start..end(text, node), all))
        }
        _ => Some(fill(text, map, (key, node), rest, items)),
    }
}

/// Gives a key its first items: it had no value, or an empty one.
fn fill(
    text: &str,
    map: &Node,
    (key, node): (&Key, &Node),
    rest: &[&str],
    items: &[Item],
) -> Replacement {
    let own = node.span.range();
    let stop = end(text, node);
    let is_written = own.start < stop;
    if is_written {
        return Replacement::new(own.start..stop, flow_value(rest, items));
    }
    let key_range = key.span.range();
    if is_flow(text, map) {
        let colon = text.get(key_range.end..).and_then(|it| it.find(':')).unwrap_or(0);
        let at = key_range.end + colon + 1;
        return Replacement::new(at..at, format!(" {}", flow_value(rest, items)));
    }
    let column = key_range.start - line_start(text, key_range.start) + 2;
    insert_lines(text, line_end(text, key_range.end), &block_value(rest, items, column))
}

/// Puts a new key behind the last one of a map.
fn new_key(text: &str, map: &Node, keys: &[&str], items: &[Item]) -> Replacement {
    let (first, rest) = keys.split_first().unwrap_or((&"", &[]));
    let last = entries(map).last();
    let at = last.map_or(map.span.range().start + 1, |(key, it)| {
        end(text, it).max(key.span.range().end)
    });
    if is_flow(text, map) {
        let comma = if last.is_some() { ", " } else { "" };
        let entry = format!("{comma}{first}: {}", flow_value(rest, items));
        return Replacement::new(at..at, entry);
    }
    let column = entries(map).first().map_or(0, |(key, _)| {
        key.span.range().start - line_start(text, key.span.range().start)
    });
    let mut lines = vec![format!("{}{first}:", " ".repeat(column))];
    lines.extend(block_value(rest, items, column + 2));
    insert_lines(text, line_end(text, at), &lines)
}

fn flow_value(keys: &[&str], items: &[Item]) -> String {
    match keys.split_first() {
        Some((first, rest)) => format!("{{{first}: {}}}", flow_value(rest, items)),
        None => format!("[{}]", commas(items)),
    }
}

fn block_value(keys: &[&str], items: &[Item], column: usize) -> Vec<String> {
    let Some((first, rest)) = keys.split_first() else { return dashes(items, column) };
    let mut lines = vec![format!("{}{first}:", " ".repeat(column))];
    lines.extend(block_value(rest, items, column + 2));
    lines
}

fn commas(items: &[Item]) -> String {
    items.iter().map(|it| it.flow.as_str()).collect::<Vec<_>>().join(", ")
}

fn dashes(items: &[Item], column: usize) -> Vec<String> {
    let indent = " ".repeat(column);
    let mut lines = Vec::new();
    for item in items {
        for (at, line) in item.lines.iter().enumerate() {
            lines.push(match at {
                0 => format!("{indent}- {line}"),
                _ if line.trim().is_empty() => String::new(),
                _ => format!("{indent}  {line}"),
            });
        }
    }
    lines
}

/// Puts whole lines at the beginning of a line, or behind a last line without an end.
fn insert_lines(text: &str, at: usize, lines: &[String]) -> Replacement {
    let before = text.get(..at).unwrap_or_default();
    let joined = lines.join("\n");
    if before.is_empty() || before.ends_with('\n') {
        return Replacement::new(at..at, format!("{joined}\n"));
    }
    Replacement::new(at..at, format!("\n{joined}"))
}

/// A value between brackets: as it is written where that can stand there.
fn flow(text: &str, node: &Node) -> String {
    match &node.value {
        Value::Null => "null".to_owned(),
        Value::Scalar { text: value, is_plain } => {
            let written = node.span.of(text);
            let is_safe = !written.contains('\n')
                && !is_block_scalar(text, node)
                && (!is_plain || !written.contains(['[', ']', '{', '}', ',']));
            if is_safe { written.to_owned() } else { quoted(value) }
        }
        Value::List(_) | Value::Map(_) if is_flow(text, node) => {
            let range = node.span.range().start..end(text, node);
            text.get(range).unwrap_or_default().to_owned()
        }
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(|it| flow(text, it)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(entries) => {
            let entry = |(key, it): &(Key, Node)| {
                format!("{}: {}", key.span.of(text), flow(text, it))
            };
            let entries: Vec<String> = entries.iter().map(entry).collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

/// A text as a YAML value: plain where that means the same in both styles.
pub(super) fn scalar(text: &str) -> String {
    let begins_plain =
        text.starts_with(|it: char| it.is_alphanumeric() || matches!(it, '/' | '_'));
    let has_mark = text.contains([',', '[', ']', '{', '}', '\n'])
        || text.chars().any(char::is_control)
        || text.contains(": ")
        || text.contains(" #")
        || text.ends_with(':');
    let is_nothing = text.eq_ignore_ascii_case("null");
    let is_plain = begins_plain && !has_mark && !is_nothing && text.trim() == text;
    if is_plain { text.to_owned() } else { quoted(text) }
}

/// A text in double quotes; the escapes of JSON are escapes of YAML too.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text.trim_end_matches('\n')).to_string()
}

/// Whether two values say the same, however they are written.
pub(super) fn is_same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Null, Value::Null) => true,
        (Value::Scalar { text: a, .. }, Value::Scalar { text: b, .. }) => {
            a.trim() == b.trim()
        }
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len()
                && a.iter().zip(b).all(|(a, b)| is_same(&a.value, &b.value))
        }
        (Value::Map(a), Value::Map(b)) => {
            let is_in = |key: &Key, value: &Node| {
                let found = b.iter().find(|(it, _)| it.text == key.text);
                found.is_some_and(|(_, it)| is_same(&value.value, &it.value))
            };
            a.len() == b.len() && a.iter().all(|(key, value)| is_in(key, value))
        }
        _ => false,
    }
}
