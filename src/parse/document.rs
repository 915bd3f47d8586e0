//! `Document`: the text of an article as a flat list of nodes in reading order.
//!
//! The list is a tree written down in the order in which it is read: `Open` and `Close`
//! nest, everything else is a leaf. A flat list has no depth, so no input can overflow the
//! stack, and it costs sixteen bytes a node. Texts are spans of the source, so a node can
//! always say where it stands. A document never changes after `parse`; links found later
//! stand beside it in `link`, and `render::html` joins the two.

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::diag::{At, SourcePath, Span};
use crate::parse::body::{Wordless, Words};
use crate::parse::html::{Attributes, HtmlTag};
use crate::text::slug::{collision_key, slug};

/// The text of one article.
#[derive(Debug, Clone)]
pub struct Document {
    /// The file it was read from.
    pub path: SourcePath,
    /// The whole text of that file.
    pub source: Arc<str>,
    /// What it says of itself.
    pub outline: SharedOutline,
    /// Nodes in reading order.
    pub nodes: Vec<Node>,
    /// The span of each node.
    pub spans: Vec<Span>,
    /// Texts that do not stand in the source as they are: resolved entities.
    pub owned: Vec<Box<str>>,
    /// Footnotes, in the order of their first reference.
    pub footnotes: Vec<Footnote>,
    /// Attributes of the HTML that the author wrote and that may pass.
    pub attributes: Vec<Attributes>,
    /// Whether the text comes from outside, so that its HTML is text whatever the site
    /// lets pass, and no link speaks for the site.
    pub is_foreign: bool,
}

/// What a text says of itself, and what it refers to: all that other texts and lists ask of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outline {
    /// Links written by hand.
    pub links: Vec<Link>,
    /// Pictures.
    pub pictures: Vec<Picture>,
    /// Headings.
    pub headings: Vec<Heading>,
    /// References to sources, by their id.
    pub citations: Vec<Box<str>>,
    /// Title that the text begins with, where metadata gives none.
    pub title: Option<At<String>>,
    /// Whether `title` was made of the first sentence and is nobody's choice.
    pub is_title_guessed: bool,
    /// Byline that the text begins with.
    pub bylines: Vec<At<String>>,
    /// The day that a line of its own at the beginning of the text names.
    pub date: Option<At<Date>>,
    /// Number of words, without pull-quotes, which repeat, and footnotes.
    pub n_words: u32,
}

/// An outline that a text has in common with its nodes, which are not always in memory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SharedOutline(Arc<Outline>);

impl From<Outline> for SharedOutline {
    fn from(outline: Outline) -> Self {
        Self(Arc::new(outline))
    }
}

impl Deref for SharedOutline {
    type Target = Outline;

    fn deref(&self) -> &Outline {
        &self.0
    }
}

/// Whoever changes it has one of their own from then on.
impl DerefMut for SharedOutline {
    fn deref_mut(&mut self) -> &mut Outline {
        Arc::make_mut(&mut self.0)
    }
}

/// One node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Node {
    /// An element begins.
    Open(Element),
    /// The element ends.
    Close(Element),
    /// Text that is the span of the node.
    Text,
    /// Text that is `owned[…]`.
    OwnedText(u32),
    /// Code in a line.
    Code,
    /// HTML, which is shown and not obeyed.
    Html,
    /// A new line in the source that is a space on the page.
    SoftBreak,
    /// A new line on the page.
    HardBreak,
    /// A break between two parts.
    Rule,
    /// A picture, `pictures[…]`.
    Picture(u32),
    /// A reference to `footnotes[…]`.
    FootnoteRef(u32),
    /// A reference to a source, `citations[…]`.
    Citation(u32),
}

/// What nests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Element {
    /// Paragraph.
    Paragraph,
    /// Heading, `headings[…]`.
    Heading(u32),
    /// Quotation.
    Quote,
    /// A sentence of the text shown once more, large.
    PullQuote,
    /// A remark set apart.
    Note(NoteKind),
    /// List with bullets.
    List,
    /// List with numbers, from this one on.
    OrderedList(u32),
    /// Item of a list.
    Item,
    /// Table.
    Table,
    /// Head of a table.
    TableHead,
    /// Rows of a table.
    TableBody,
    /// Row.
    Row,
    /// Cell of the head.
    HeadCell(Align),
    /// Cell.
    Cell(Align),
    /// Code on lines of its own.
    CodeBlock,
    /// Emphasis.
    Emphasis,
    /// Strong emphasis.
    Strong,
    /// Text that no longer holds.
    Deleted,
    /// Above the line.
    Superscript,
    /// Below the line.
    Subscript,
    /// Link, `links[…]`.
    Link(u32),
    /// Text of `footnotes[…]`.
    Footnote(u32),
    /// List of terms.
    Terms,
    /// Term.
    Term,
    /// What a term means.
    Definition,
    /// Text in which no name is linked.
    NoLink,
    /// HTML that the author wrote and that may pass, with `attributes[…]`. The span of its
    /// node is the tag; that of an end which nobody has written is empty.
    Html(HtmlTag, u32),
}

/// Alignment of a table's column, in reading direction (rtl-rules R56).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// As the text runs.
    Natural,
    /// Where lines begin.
    Start,
    /// In the middle.
    Center,
    /// Where lines end.
    End,
}

/// Sort of a remark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteKind {
    /// Note.
    Note,
    /// Tip.
    Tip,
    /// Important.
    Important,
    /// Warning.
    Warning,
    /// Caution.
    Caution,
}

/// A link written by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Where it leads.
    pub target: Target,
    /// Whether the author gave it words. Else its one node is an `OwnedText`: the name as
    /// written, and from `model::link_words` on the title of what an id names.
    pub has_words: bool,
}

/// Where a link written by hand leads, before anybody has looked whether it exists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    /// `[[name]]`: an id or a title.
    Name(Box<str>),
    /// `topic:id`
    Topic(Box<str>),
    /// `briefing:id`
    Briefing(Box<str>),
    /// `author:id`
    Author(Box<str>),
    /// `series:id`
    Series(Box<str>),
    /// `page:id`
    Page(Box<str>),
    /// A source file beside this one, with the fragment behind `#`.
    File(Box<str>, Option<Box<str>>),
    /// Another file beside this one.
    Asset(Box<str>),
    /// A place on the same page.
    Fragment(Box<str>),
    /// A path from the root of the site.
    Path(Box<str>),
    /// Another site, a mail address, a telephone number.
    External(Box<str>),
    /// Nothing that may be linked to; it was reported.
    Refused,
}

/// A picture in the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// The file, as written.
    pub file: Box<str>,
    /// What it shows.
    pub alt: String,
    /// Text under it.
    pub caption: Option<String>,
}

/// A heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// 2 to 6: the page's own title is the only 1.
    pub level: u8,
    /// The name that the author gave it, `{#name}`.
    pub own_id: Option<Box<str>>,
    /// Fragment identifier, unique in the document.
    pub id: String,
    /// Plain text.
    pub text: String,
}

/// A footnote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Footnote {
    /// Name in the source.
    pub label: Box<str>,
    /// First and last node of its text, `Open` and `Close` included; `None` until defined.
    pub nodes: Option<(u32, u32)>,
    /// How many references lead to it.
    pub n_references: u32,
}

impl Target {
    /// The name or id, as written; an address has none.
    pub fn name(&self) -> &str {
        match self {
            Self::Name(it)
            | Self::Topic(it)
            | Self::Briefing(it)
            | Self::Author(it)
            | Self::Series(it)
            | Self::Page(it) => it,
            _ => "",
        }
    }
}

impl Document {
    /// An empty document.
    pub fn new(path: SourcePath, source: Arc<str>) -> Self {
        Self {
            path,
            source,
            outline: SharedOutline::default(),
            nodes: Vec::new(),
            spans: Vec::new(),
            owned: Vec::new(),
            footnotes: Vec::new(),
            attributes: Vec::new(),
            is_foreign: false,
        }
    }

    /// Gives back the room to grow that lists have taken: a site may keep every document.
    pub fn shrink(&mut self) {
        self.nodes.shrink_to_fit();
        self.spans.shrink_to_fit();
        self.owned.shrink_to_fit();
        self.outline.links.shrink_to_fit();
        self.outline.headings.shrink_to_fit();
        self.footnotes.shrink_to_fit();
    }

    /// Adds a node.
    pub fn push(&mut self, node: Node, span: Span) {
        self.nodes.push(node);
        self.spans.push(span);
    }

    /// The text of a text node, else nothing.
    pub fn text(&self, at: usize) -> &str {
        match self.nodes.get(at) {
            Some(Node::Text) => self.spans[at].of(&self.source),
            Some(Node::OwnedText(it)) => &self.owned[*it as usize],
            Some(Node::Code | Node::Html) => self.spans[at].of(&self.source),
            Some(Node::SoftBreak | Node::HardBreak) => " ",
            _ => "",
        }
    }

    /// Whether a node is the name in a link without words of its own.
    pub fn is_name(&self, at: usize) -> bool {
        match at.checked_sub(1).and_then(|it| self.nodes.get(it)) {
            Some(Node::Open(Element::Link(link))) => {
                !self.outline.links[*link as usize].has_words
            }
            _ => false,
        }
    }

    /// The text of a range of nodes, blocks separated by a space.
    pub fn plain_text(&self, nodes: std::ops::Range<usize>) -> String {
        let mut result = String::new();
        self.push_plain_text(nodes, &mut result);
        result
    }

    /// Puts the text of a range of nodes into an empty string.
    pub fn push_plain_text(&self, nodes: std::ops::Range<usize>, result: &mut String) {
        let spans = self.spans.get(nodes.clone()).unwrap_or_default();
        if let [first, .., last] = spans {
            result.reserve(last.end.saturating_sub(first.start) as usize);
        }
        for at in nodes {
            match self.nodes[at] {
                Node::Close(it) if it.is_block() && !result.ends_with(' ') => {
                    result.push(' ');
                }
                _ => result.push_str(self.text(at)),
            }
        }
        let trimmed = result.trim_end().len();
        result.truncate(trimmed);
    }

    /// The links without words of their own, each with the index of the owned text that it
    /// shows, in the order of the text.
    pub fn wordless(&self) -> Vec<Wordless> {
        if self.outline.links.iter().all(|it| it.has_words) {
            return Vec::new();
        }
        let wordless = self.nodes.windows(2).filter_map(|pair| match *pair {
            [Node::Open(Element::Link(link)), Node::OwnedText(text)]
                if !self.outline.links[link as usize].has_words =>
            {
                Some((link, text))
            }
            _ => None,
        });
        wordless.collect()
    }

    /// Whether a link without words of its own stands in a heading.
    pub fn has_wordless_heading(&self) -> bool {
        let mut is_heading = false;
        self.nodes.iter().any(|node| {
            match *node {
                Node::Open(Element::Heading(_)) => is_heading = true,
                Node::Close(Element::Heading(_)) => is_heading = false,
                Node::Open(Element::Link(link)) => {
                    return is_heading && !self.outline.links[link as usize].has_words;
                }
                _ => {}
            }
            false
        })
    }

    /// Gives links words, by the index of the owned text that they replace.
    pub fn put_words(&mut self, words: &[Words]) {
        for (text, words) in words {
            self.owned[*text as usize].clone_from(words);
        }
        if self.has_wordless_heading() {
            self.read_headings();
            self.name_headings();
        }
    }

    /// Gives each heading a unique id: its own, else one made of its text.
    pub fn name_headings(&mut self) {
        let mut used: BTreeMap<String, u32> = BTreeMap::new();
        for heading in &mut self.outline.headings {
            let wanted = match &heading.own_id {
                Some(own) => own.to_string(),
                None => slug(&heading.text).unwrap_or_else(|| "section".to_owned()),
            };
            // Ids that fold alike would be one for a reader who types them (R113).
            let n_used = used.entry(collision_key(&wanted)).or_insert(0);
            *n_used += 1;
            heading.id = if *n_used == 1 { wanted } else { format!("{wanted}-{n_used}") };
        }
    }

    /// Reads the texts of the headings off the nodes again.
    pub fn read_headings(&mut self) {
        let mut start = None;
        for at in 0..self.nodes.len() {
            match self.nodes[at] {
                Node::Open(Element::Heading(_)) => start = Some(at),
                Node::Close(Element::Heading(heading)) => {
                    let text = self.plain_text(start.take().unwrap_or(at)..at);
                    self.outline.headings[heading as usize].text = text;
                }
                _ => {}
            }
        }
    }

    /// The text of the first paragraph of the body, for a text without a summary.
    pub fn first_paragraph(&self) -> Option<String> {
        let is_start = |it: &Node| *it == Node::Open(Element::Paragraph);
        let is_end = |it: &Node| *it == Node::Close(Element::Paragraph);
        let mut from = 0;
        loop {
            let start = from + self.nodes.get(from..)?.iter().position(is_start)?;
            let end = start + self.nodes.get(start..)?.iter().position(is_end)?;
            let text = self.plain_text(start..end);
            if text.chars().any(char::is_alphabetic) {
                return Some(text);
            }
            from = end;
        }
    }
}

impl Element {
    /// Whether it begins on a new line.
    pub fn is_block(self) -> bool {
        if let Self::Html(tag, _) = self {
            return tag.is_block();
        }
        !matches!(
            self,
            Self::Emphasis
                | Self::Strong
                | Self::Deleted
                | Self::Superscript
                | Self::Subscript
                | Self::Link(_)
                | Self::NoLink
        )
    }

    /// Whether it holds text directly and is the unit in which names are looked for.
    pub fn is_paragraph(self) -> bool {
        matches!(
            self,
            Self::Paragraph
                | Self::Heading(_)
                | Self::Item
                | Self::HeadCell(_)
                | Self::Cell(_)
                | Self::Term
                | Self::Definition
                | Self::Html(HtmlTag::Summary, _)
        )
    }
}
