//! A document as running text, paragraph by paragraph, with the way back to its nodes.
//!
//! A paragraph is what stands between two edges of blocks: a name never runs over them.
//! Pull-quotes, which repeat, and blocks of code are left out; code in a line is one
//! character that no name contains.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::diag::Span;
use crate::model::TopicId;
use crate::parse::document::{Document, Element, Node};
use crate::text::reading::OBJECT;

/// Why names are not looked for in a part of a text (rtl-rules B1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Closed {
    /// It is a heading.
    Heading,
    /// It is a link already.
    Link,
    /// The author wrote `{nolink}`.
    NoLink,
}

/// One paragraph.
#[derive(Debug, Default)]
pub struct Paragraph {
    /// Its text; a line break of the source is a space.
    pub text: String,
    /// Its place among the paragraphs of the document, from 0.
    pub number: u32,
    /// Whether a section begins with it: it is a heading, or the first paragraph after an
    /// empty one.
    pub begins_section: bool,
    /// Whether it stands in a quotation.
    pub is_quoted: bool,
    /// Whether it is a cell of a table.
    pub is_cell: bool,
    /// Links by hand that end in it.
    pub links: Vec<HandLink>,
    pieces: Vec<Piece>,
}

/// What a link by hand leads to, as far as running text is concerned.
#[derive(Debug, Clone, Copy, Default)]
pub struct Label {
    /// The topic, if it is one.
    pub topic: Option<TopicId>,
    /// Whether it is a briefing.
    pub is_briefing: bool,
}

/// A part of the paragraph and the node it came from.
#[derive(Debug, Clone, Copy)]
pub struct Piece {
    /// First byte in the paragraph.
    pub start: usize,
    /// The node.
    pub node: u32,
    /// Why names are not looked for in it.
    pub closed: Option<Closed>,
}

/// A link by hand.
#[derive(Debug, Clone)]
pub struct HandLink {
    /// Index in the document's list.
    pub link: u32,
    /// The topic that it leads to, if it is one.
    pub topic: Option<TopicId>,
    /// Whether it leads to a briefing.
    pub is_briefing: bool,
    /// Its words, in bytes of the paragraph.
    pub bytes: Range<usize>,
    /// Its first and last node.
    pub nodes: (u32, u32),
}

impl Paragraph {
    /// The piece that holds a byte.
    pub fn piece(&self, byte: usize) -> Option<&Piece> {
        let at = self.pieces.partition_point(|it| it.start <= byte);
        self.pieces.get(at.checked_sub(1)?)
    }

    /// Where some bytes stand in the source, if they stand there as they are here.
    pub fn span(&self, document: &Document, bytes: &Range<usize>) -> Option<Span> {
        let piece = self.piece(bytes.start)?;
        let node = piece.node as usize;
        if *document.nodes.get(node)? != Node::Text {
            return None;
        }
        let span = document.spans.get(node)?.range();
        let start = span.start + (bytes.start - piece.start);
        let end = start + bytes.len();
        (end <= span.end).then(|| Span::new(start, end))
    }
}

#[derive(Default)]
struct Walk {
    paragraph: Paragraph,
    n_headings: u32,
    n_nolinks: u32,
    n_skipped: u32,
    n_quotes: u32,
    n_cells: u32,
    /// Links that are open: where they lead is known, where they end is not.
    open: Vec<HandLink>,
}

/// Visits the paragraphs of a document in reading order. `link_label` says what a link by
/// hand leads to.
pub fn paragraphs(
    document: &Document,
    link_label: impl Fn(u32) -> Label,
    mut visit: impl FnMut(&Paragraph),
) {
    let mut walk = Walk::default();
    for (at, node) in document.nodes.iter().enumerate() {
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        if let Node::Open(it) | Node::Close(it) = *node
            && it.is_block()
        {
            walk.finish(&mut visit);
        }
        match *node {
            Node::Open(element) => walk.open(element, at, &link_label),
            Node::Close(element) => walk.close(element, at),
            Node::Text | Node::OwnedText(_) | Node::SoftBreak | Node::HardBreak
                if walk.n_skipped == 0 =>
            {
                walk.add(document.text(at as usize), at, walk.closed());
            }
            Node::Code
            | Node::Html
            | Node::Picture(_)
            | Node::FootnoteRef(_)
            | Node::Citation(_) => {
                walk.paragraph.text.push(OBJECT);
            }
            _ => {}
        }
    }
    walk.finish(&mut visit);
}

impl Walk {
    fn open(&mut self, element: Element, at: u32, link_label: &impl Fn(u32) -> Label) {
        match element {
            Element::Heading(_) => {
                self.n_headings += 1;
                self.paragraph.begins_section = true;
            }
            Element::PullQuote | Element::CodeBlock => self.n_skipped += 1,
            Element::Quote => self.n_quotes += 1,
            Element::Cell(_) | Element::HeadCell(_) => self.n_cells += 1,
            Element::NoLink => self.n_nolinks += 1,
            Element::Link(link) => {
                let start = self.paragraph.text.len();
                let Label { topic, is_briefing } = link_label(link);
                let (bytes, nodes) = (start..start, (at, at));
                self.open.push(HandLink { link, topic, is_briefing, bytes, nodes });
            }
            _ => {}
        }
    }

    fn close(&mut self, element: Element, at: u32) {
        match element {
            Element::Heading(_) => self.n_headings -= 1,
            Element::PullQuote | Element::CodeBlock => self.n_skipped -= 1,
            Element::Quote => self.n_quotes -= 1,
            Element::Cell(_) | Element::HeadCell(_) => self.n_cells -= 1,
            Element::NoLink => self.n_nolinks -= 1,
            Element::Link(_) => {
                if let Some(mut link) = self.open.pop() {
                    link.bytes.end = self.paragraph.text.len();
                    link.nodes.1 = at;
                    self.paragraph.links.push(link);
                }
            }
            _ => {}
        }
    }

    fn closed(&self) -> Option<Closed> {
        if self.n_headings != 0 {
            Some(Closed::Heading)
        } else if !self.open.is_empty() {
            Some(Closed::Link)
        } else if self.n_nolinks != 0 {
            Some(Closed::NoLink)
        } else {
            None
        }
    }

    fn add(&mut self, text: &str, node: u32, closed: Option<Closed>) {
        let start = self.paragraph.text.len();
        self.paragraph.text.push_str(text);
        self.paragraph.pieces.push(Piece { start, node, closed });
    }

    fn finish(&mut self, visit: &mut impl FnMut(&Paragraph)) {
        let paragraph = &mut self.paragraph;
        if paragraph.text.is_empty() {
            paragraph.links.clear();
            return;
        }
        paragraph.is_quoted = self.n_quotes != 0;
        paragraph.is_cell = self.n_cells != 0;
        visit(paragraph);
        paragraph.text.clear();
        paragraph.pieces.clear();
        paragraph.links.clear();
        paragraph.number += 1;
        paragraph.begins_section = false;
    }
}
