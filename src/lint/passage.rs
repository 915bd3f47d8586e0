//! `Passage`: a piece of text that is read in one go, with the way back to its file.
//!
//! A paragraph, a heading, a cell, a title, a value of metadata. Code, HTML, pictures and
//! references are one character that no lint looks for; addresses are read as Latin
//! letters, so that nothing in them is taken for punctuation of the text.

use std::ops::Range;

use crate::config::Config;
use crate::diag::{Place, SourcePath, Span};
use crate::lint::controls::is_control;
use crate::load::{FileKind, Format, SourceFile};
use crate::model::own_language;
use crate::parse::document::{Document, Element, Heading, Link, Node, Outline, Picture};
use crate::parse::{self, Parsed};
use crate::text::fold::{fold, words};
use crate::text::lang::Lang;
use crate::text::slug::slug;
use crate::yaml::{self, Value};

/// Code in a line, a picture, a link without words.
pub(super) const OBJECT: char = '\u{FFFC}';

/// A reference to a footnote or a source.
pub(super) const REFERENCE: char = '\u{FFFB}';

/// What a passage is in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A title or a name, of which an address may be made.
    Title,
    /// Running text.
    Text,
    /// Words of others: the title of a source.
    Foreign,
    /// A value of metadata that is no text for readers, or a key.
    Value,
}

impl Role {
    /// Whether readers see it as text.
    pub(super) fn is_shown(self) -> bool {
        self != Self::Value
    }

    /// Whether the desk has written it.
    pub(super) fn is_own_text(self) -> bool {
        matches!(self, Self::Title | Self::Text)
    }
}

/// A text that is read in one go.
#[derive(Debug)]
pub(super) struct Passage {
    pub(super) text: String,
    pub(super) lang: Lang,
    pub(super) role: Role,
    /// Kind of its file.
    pub(super) kind: FileKind,
    /// Whether it stands in a quotation set apart.
    pub(super) is_quotation: bool,
    /// Whether it is metadata, and not a part of the text of its file.
    pub(super) is_metadata: bool,
    path: SourcePath,
    pieces: Vec<Piece>,
}

/// A part of a passage and the bytes that it came from.
#[derive(Debug, Clone)]
struct Piece {
    start: usize,
    source: Range<usize>,
    /// Whether the bytes are the same on both sides.
    is_written: bool,
}

impl Passage {
    /// Where a part of the passage stands.
    pub(super) fn place(&self, range: &Range<usize>) -> Place {
        let (first, last) = (self.piece(range.start), self.piece(range.end.max(1) - 1));
        let start = first.map_or(0, |it| {
            it.source.start + if it.is_written { range.start - it.start } else { 0 }
        });
        let end = last.map_or(start, |it| {
            if it.is_written {
                it.source.start + (range.end - it.start)
            } else {
                it.source.end
            }
        });
        Place { path: self.path.clone(), span: Span::new(start, end.max(start)) }
    }

    /// The bytes of the file that are exactly this part; `None` where the file has it in
    /// another form, as an escape or a folded line.
    pub(super) fn written(&self, range: &Range<usize>) -> Option<Range<usize>> {
        let at = self.index(range.start)?;
        let piece = self.pieces.get(at).filter(|it| it.is_written)?;
        let end = self.pieces.get(at + 1).map_or(self.text.len(), |it| it.start);
        let start = piece.source.start + (range.start - piece.start);
        (range.end <= end).then(|| start..start + range.len())
    }

    /// A part of the text.
    pub(super) fn part(&self, range: &Range<usize>) -> &str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    /// The text before a byte.
    pub(super) fn before(&self, at: usize) -> &str {
        self.text.get(..at).unwrap_or_default()
    }

    /// The text from a byte on.
    pub(super) fn after(&self, at: usize) -> &str {
        self.text.get(at..).unwrap_or_default()
    }

    /// Whether mark-up, or the end of a line, stands before a byte.
    pub(super) fn is_cut_at(&self, at: usize) -> bool {
        self.pieces.binary_search_by_key(&at, |it| it.start).is_ok()
    }

    fn index(&self, at: usize) -> Option<usize> {
        self.pieces.partition_point(|it| it.start <= at).checked_sub(1)
    }

    fn piece(&self, at: usize) -> Option<&Piece> {
        self.pieces.get(self.index(at)?)
    }

    fn push(&mut self, text: &str, source: Range<usize>, is_written: bool) {
        let start = self.text.len();
        self.pieces.push(Piece { start, source, is_written });
        self.text.push_str(text);
    }

    /// Adds a text that stands somewhere in `source` of the file.
    fn push_aligned(&mut self, text: &str, file: &str, source: Range<usize>) {
        let written = file.get(source.clone()).unwrap_or_default();
        if let Some(at) = written.find(text) {
            let start = source.start + at;
            self.push(text, start..start + text.len(), true);
            return;
        }
        let Some(places) = aligned(text, written) else {
            self.push(text, source, false);
            return;
        };
        for (letter, (at, found)) in text.chars().zip(places) {
            let start = source.start + at;
            let end = start + found.len_utf8();
            let is_written = letter == found;
            let here = self.text.len();
            match self.pieces.last_mut() {
                Some(it) if it.is_written && is_written && it.source.end == start => {
                    it.source.end = end;
                }
                _ => {
                    self.pieces.push(Piece {
                        start: here,
                        source: start..end,
                        is_written,
                    });
                }
            }
            self.text.push(letter);
        }
    }
}

/// For each character of a value the character of its YAML source: a folded line end
/// stands for a space, and escapes and the indent of a block are skipped. `None` where the
/// source has something else.
fn aligned(value: &str, written: &str) -> Option<Vec<(usize, char)>> {
    let skipped = match written.chars().next()? {
        '|' | '>' => written.find('\n')? + 1,
        '"' | '\'' => 1,
        _ => 0,
    };
    let rest = written.get(skipped..)?;
    let mut letters = rest.char_indices().map(|(at, it)| (skipped + at, it)).peekable();
    let mut result = Vec::new();
    for wanted in value.chars() {
        let found = loop {
            let (at, found) = letters.next()?;
            let fits = found == wanted || (wanted == ' ' && found == '\n');
            if fits {
                break (at, found);
            }
            if !found.is_whitespace() && !matches!(found, '\\' | '\'') {
                return None;
            }
        };
        if found.1 == '\'' && written.starts_with('\'') {
            letters.next_if(|(_, it)| *it == '\'');
        }
        result.push(found);
    }
    Some(result)
}

/// What a mend must leave as it is: how the file is read, its words, and the addresses
/// that are made of its titles and headings.
#[derive(Debug, PartialEq)]
pub struct Skeleton {
    nodes: Vec<Node>,
    links: Vec<Link>,
    pictures: Vec<Box<str>>,
    fragments: Vec<String>,
    passages: Vec<(Role, Lang, Vec<String>, Option<String>)>,
    n_bylines: usize,
}

impl Skeleton {
    /// The skeleton of a file.
    pub fn new(file: &SourceFile, config: &Config) -> Self {
        let parsed = parse::parse(file, config).value;
        let body = parsed.as_ref().and_then(|it| it.body.as_ref());
        let passages = passages(file, config).into_iter().map(|it| {
            let folded = fold(&it.text);
            let all = words(&folded)
                .filter_map(|at| folded.get(at))
                .map(str::to_owned)
                .collect();
            let address = (it.role == Role::Title).then(|| slug(&it.text)).flatten();
            (it.role, it.lang, all, address)
        });
        let file_name = |it: &Picture| it.file.clone();
        let fragment = |it: &Heading| it.id.clone();
        let none = Outline::default();
        let outline = body.map_or(&none, |it| it.outline());
        Self {
            passages: passages.collect(),
            nodes: body.map(|it| it.document().nodes.clone()).unwrap_or_default(),
            links: outline.links.clone(),
            pictures: outline.pictures.iter().map(file_name).collect(),
            fragments: outline.headings.iter().map(fragment).collect(),
            n_bylines: outline.bylines.len(),
        }
    }
}

/// The passages of a file of content: its metadata, then its text.
pub(super) fn passages(file: &SourceFile, config: &Config) -> Vec<Passage> {
    let is_yaml = file.kind == FileKind::Config && file.format == Format::Yaml;
    let parsed = parse::parse(file, config).value;
    if parsed.is_none() && !is_yaml {
        return Vec::new();
    }
    let own = parsed.as_ref().and_then(|it| own_language(it));
    let lang = own.or_else(|| file.lang.clone()).unwrap_or_else(|| config.lang.clone());
    let mut result = Vec::new();
    if let Some(range) = parse::header(file) {
        let text = file.text.get(range.clone()).unwrap_or_default();
        if let Some(node) = yaml::parse(text, range.start, &file.path).value {
            let mut walk = Metadata { file, result: &mut result };
            walk.visit(&node, &lang, Role::Value, None);
        }
    }
    if let Some(Parsed { body: Some(body), .. }) = parsed.as_deref() {
        let document = &*body.document();
        let mut walk = Walk { file, document, lang, result: &mut result, open: None };
        walk.title();
        walk.body();
    }
    for it in &mut result {
        it.text = without_addresses(&it.text);
    }
    result
}

fn empty(file: &SourceFile, lang: &Lang, role: Role) -> Passage {
    Passage {
        text: String::new(),
        lang: lang.clone(),
        role,
        kind: file.kind,
        is_quotation: false,
        is_metadata: false,
        path: file.path.clone(),
        pieces: Vec::new(),
    }
}

/// Values of metadata.
struct Metadata<'a> {
    file: &'a SourceFile,
    result: &'a mut Vec<Passage>,
}

impl Metadata<'_> {
    /// `within` is the key of the first level, where there is one.
    fn visit(
        &mut self,
        node: &yaml::Node,
        lang: &Lang,
        role: Role,
        within: Option<&str>,
    ) {
        match &node.value {
            Value::Null => {}
            Value::Scalar { text, .. } => self.value(text, node.span, lang, role),
            Value::List(items) => {
                for it in items {
                    self.visit(it, lang, role, within);
                }
            }
            Value::Map(entries) => {
                let is_source = within == Some("sources");
                let of_source = entries
                    .iter()
                    .find(|(key, _)| is_source && key.text == "lang")
                    .and_then(|(_, it)| language(it));
                let lang = of_source.as_ref().unwrap_or(lang);
                for (key, value) in entries {
                    self.value(&key.text, key.span, lang, Role::Value);
                    if role.is_shown()
                        && let Ok(lang) = Lang::parse(&key.text)
                    {
                        self.visit(value, &lang, role, within);
                        continue;
                    }
                    let role = role_of(&key.text, within);
                    self.visit(value, lang, role, within.or(Some(&key.text)));
                }
            }
        }
    }

    fn value(&mut self, text: &str, span: Span, lang: &Lang, role: Role) {
        let mut passage = empty(self.file, lang, role);
        passage.is_metadata = true;
        passage.push_aligned(text, &self.file.text, span.range());
        self.result.push(passage);
    }
}

fn language(node: &yaml::Node) -> Option<Lang> {
    match &node.value {
        Value::Scalar { text, .. } => Lang::parse(text.trim()).ok(),
        _ => None,
    }
}

/// What the value of a key is for readers.
fn role_of(key: &str, within: Option<&str>) -> Role {
    match (within, key) {
        (None, "title" | "name") => Role::Title,
        (
            None,
            "summary" | "key_points" | "bio" | "role" | "cadence" | "description"
            | "copyright",
        ) => Role::Text,
        (Some("changes" | "corrections"), "note" | "text")
        | (Some("key_judgements"), "text")
        | (Some("image"), "alt" | "caption")
        | (Some("facts"), "label" | "value")
        | (Some("relations"), "note") => Role::Text,
        (Some("sources"), "title" | "publisher")
        | (Some("image"), "credit" | "licence") => Role::Foreign,
        _ => Role::Value,
    }
}

/// A document while its passages are gathered.
struct Walk<'a> {
    file: &'a SourceFile,
    document: &'a Document,
    lang: Lang,
    result: &'a mut Vec<Passage>,
    open: Option<Passage>,
}

impl Walk<'_> {
    /// The title and the names of the authors, which the nodes do not hold.
    fn title(&mut self) {
        let title = self
            .document
            .outline
            .title
            .iter()
            .filter(|_| !self.document.outline.is_title_guessed);
        let title = title.map(|it| (it, Role::Title));
        let bylines = self.document.outline.bylines.iter().map(|it| (it, Role::Value));
        for (it, role) in title.chain(bylines) {
            let mut passage = empty(self.file, &self.lang, role);
            passage.push_aligned(&it.value, &self.file.text, it.place.span.range());
            self.result.push(passage);
        }
    }

    fn body(&mut self) {
        let (mut n_code, mut n_quotes) = (0_u32, 0_u32);
        for at in 0..self.document.nodes.len() {
            let node = self.document.nodes[at];
            if let Node::Open(it) | Node::Close(it) = node
                && it.is_block()
            {
                self.finish();
            }
            match node {
                Node::Open(Element::CodeBlock) => n_code += 1,
                Node::Close(Element::CodeBlock) => n_code -= 1,
                Node::Open(Element::Quote) => n_quotes += 1,
                Node::Close(Element::Quote) => n_quotes -= 1,
                _ if n_code == 0 => self.add(at, node, n_quotes != 0),
                _ => {}
            }
        }
        self.finish();
    }

    fn add(&mut self, at: usize, node: Node, is_quotation: bool) {
        let document = self.document;
        let source = document.spans[at].range();
        let (text, is_written) = match node {
            Node::Text => (document.text(at), true),
            Node::OwnedText(_) if document.is_name(at) => ("\u{FFFC}", false),
            Node::OwnedText(_) => (document.text(at), false),
            Node::SoftBreak | Node::HardBreak => ("\n", false),
            Node::Code | Node::Html => ("\u{FFFC}", false),
            Node::FootnoteRef(_) | Node::Citation(_) => ("\u{FFFB}", false),
            Node::Picture(picture) => {
                self.picture(picture, &source);
                ("\u{FFFC}", false)
            }
            _ => return,
        };
        let (file, lang) = (self.file, &self.lang);
        let open = self.open.get_or_insert_with(|| empty(file, lang, Role::Text));
        open.is_quotation = is_quotation;
        open.push(text, source, is_written);
    }

    /// What a picture shows and the text under it.
    fn picture(&mut self, at: u32, source: &Range<usize>) {
        let Picture { alt, caption, .. } = &self.document.outline.pictures[at as usize];
        let written = self.file.text.get(source.clone()).unwrap_or_default();
        let found =
            caption.as_ref().and_then(|it| Some((it, written.rfind(it.as_str())?)));
        let middle = source.start + found.map_or(written.len(), |(_, at)| at);
        let mut passage = empty(self.file, &self.lang, Role::Text);
        passage.push_aligned(alt, &self.file.text, source.start..middle);
        self.result.push(passage);
        if let Some((caption, _)) = found {
            let mut passage = empty(self.file, &self.lang, Role::Text);
            passage.push_aligned(caption, &self.file.text, middle..source.end);
            self.result.push(passage);
        }
    }

    fn finish(&mut self) {
        self.result.extend(self.open.take());
    }
}

/// The text with a Latin letter of the same length in place of each character of an
/// address.
fn without_addresses(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for token in text.split_inclusive(char::is_whitespace) {
        let Some(address) = address(token) else {
            result.push_str(token);
            continue;
        };
        for (at, letter) in token.char_indices() {
            result.push(match letter.len_utf8() {
                _ if !address.contains(&at) || is_control(letter) => letter,
                1 => 'x',
                2 => 'é',
                3 => 'ẋ',
                _ => '𝗑',
            });
        }
    }
    result
}

/// The part of a token that is a web or mail address, or the name of a host or a file.
fn address(token: &str) -> Option<Range<usize>> {
    let is_alone = |it: char| it.is_ascii_alphanumeric();
    let start = token.find(is_alone)?;
    let closes = |it: char| {
        it.is_whitespace()
            || matches!(it, ',' | ';' | '.' | '!' | '?' | ':' | '،' | '؛' | '؟' | '۔')
            || matches!(it, ')' | ']' | '»' | '”' | '“' | '"' | '’' | '\'' | '>')
            || matches!(it, OBJECT | REFERENCE)
    };
    let end = token.trim_end_matches(closes).len();
    let core = token.get(start..end)?;
    let is_host = |it: &str| {
        let all = |it: char| it.is_ascii_alphanumeric() || "-_./".contains(it);
        it.chars().all(all)
            && it.split('.').count() > 1
            && it.split(['.', '/']).next_back().is_some_and(|it| 1 < it.len())
    };
    let is_address = core.contains("://")
        || core.starts_with("www.")
        || core.starts_with("mailto:")
        || (core.contains('@') && core.is_ascii())
        || is_host(core);
    is_address.then_some(start..end)
}

#[cfg(test)]
mod tests {
    use super::{aligned, without_addresses};

    #[test]
    fn addresses_are_read_as_latin_letters() {
        let seen = without_addresses("انظر (https://a.org/b?c=1,2;د)، و a.b@c.org. ثم");
        assert_eq!(seen, "انظر (xxxxxxxxxxxxxxxxxxxxxxé)، و xxxxxxxxx. ثم");
        let plain = "قال: 3,5 و NATO, وU.S. ... نص..نص";
        assert_eq!(without_addresses(plain), plain);
    }

    #[test]
    fn a_value_knows_the_places_of_its_letters() {
        let at = |value, written| aligned(value, written).map(|it| it[it.len() - 1].0);
        assert_eq!(at("a \"b\" c", r#""a \"b\" c""#), Some(9));
        assert_eq!(at("it's b", "'it''s b'"), Some(7));
        assert_eq!(at("a b\n", ">\n  a\n  b\n"), Some(9));
        assert_eq!(at("a\u{200F}", r#""a\u200f""#), None);
    }
}
