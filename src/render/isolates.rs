//! Isolates of running text: which parts of which nodes stand in a `<bdi>`.
//!
//! Runs are looked for in whole paragraphs (`text::bidi_runs`), because emphasis and links
//! cut a paragraph into many nodes, and laid onto the nodes here. Writing them is the
//! business of `render::html`.

use std::ops::Range;

use crate::link::mentions::{Mention, Outcome};
use crate::parse::document::{Document, Element, Node};
use crate::parse::html::HtmlTag;
use crate::text::bidi_runs::runs;
use crate::text::direction::Direction;
use crate::text::isolate::closing_controls;
use crate::text::lang::Lang;

/// A part of a node in an isolate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Isolate {
    /// The node.
    pub(super) node: u32,
    /// Bytes of its text.
    pub(super) bytes: Range<usize>,
    /// Direction of the part.
    pub(super) direction: Direction,
    /// Whether the element begins in this node.
    pub(super) begins: bool,
    /// Whether the element ends in this node.
    pub(super) ends: bool,
}

/// A text node in a paragraph.
struct Piece {
    start: usize,
    node: u32,
}

/// What the text of a document needs to disturb nothing around it.
#[derive(Debug, Clone, Default)]
pub(super) struct Isolates {
    /// In order.
    pub(super) all: Vec<Isolate>,
    /// Controls behind the last node of a paragraph that leaves some open.
    pub(super) closing: Vec<(u32, String)>,
}

/// The isolates of a document in `lang`.
pub(super) fn isolates(
    document: &Document,
    lang: &Lang,
    mentions: &[Mention],
) -> Isolates {
    let mut result = Isolates::default();
    let mut text = String::new();
    let mut pieces: Vec<Piece> = Vec::new();
    let mut n_code = 0_u32;
    let mut n_isolated = 0_u32;
    for (at, node) in document.nodes.iter().enumerate() {
        match node {
            // What the author has isolated is one sign to what stands around it.
            Node::Open(Element::Html(HtmlTag::Bdi, _)) if !document.is_foreign => {
                n_isolated += 1;
                text.push('\u{FFFC}');
            }
            Node::Close(Element::Html(HtmlTag::Bdi, _)) if !document.is_foreign => {
                n_isolated -= 1;
            }
            Node::Open(it) | Node::Close(it) if it.is_block() => {
                n_code += u32::from(*node == Node::Open(Element::CodeBlock));
                n_code -= u32::from(*node == Node::Close(Element::CodeBlock));
                lay(document, &text, &pieces, lang, mentions, &mut result);
                text.clear();
                pieces.clear();
            }
            Node::Text | Node::OwnedText(_) | Node::SoftBreak | Node::Html
                if n_code + n_isolated == 0 =>
            {
                let node = u32::try_from(at).unwrap_or(u32::MAX);
                pieces.push(Piece { start: text.len(), node });
                text.push_str(document.text(at));
            }
            // Code and references end every run.
            Node::Code
            | Node::Picture(_)
            | Node::FootnoteRef(_)
            | Node::Citation(_)
            | Node::HardBreak => text.push('\u{FFFC}'),
            _ => {}
        }
    }
    lay(document, &text, &pieces, lang, mentions, &mut result);
    result
}

/// Lays the runs of one paragraph onto its nodes. A run over several nodes is kept only
/// where nothing but text stands between them and no link does: emphasis or a link that
/// begins inside it would have to end inside it too.
fn lay(
    document: &Document,
    text: &str,
    pieces: &[Piece],
    lang: &Lang,
    mentions: &[Mention],
    isolates: &mut Isolates,
) {
    let Some(end) = pieces.last().map(|it| it.node) else { return };
    let closing = closing_controls(text);
    if !closing.is_empty() {
        isolates.closing.push((end, closing));
    }
    let piece_of = |byte: usize| {
        let next = pieces.partition_point(|it| it.start <= byte);
        next.checked_sub(1)
    };
    for run in runs(text, lang) {
        let (Some(first), Some(last)) =
            (piece_of(run.bytes.start), piece_of(run.bytes.end - 1))
        else {
            continue;
        };
        let (from, to) = (pieces[first].node, pieces[last].node);
        if first != last && !is_plain(document, from, to, mentions) {
            continue;
        }
        for (at, piece) in pieces.iter().enumerate().take(last + 1).skip(first) {
            let length = document.text(piece.node as usize).len();
            let start = run.bytes.start.saturating_sub(piece.start);
            let end = (run.bytes.end - piece.start).min(length);
            isolates.all.push(Isolate {
                node: piece.node,
                bytes: start..end,
                direction: run.direction,
                begins: at == first,
                ends: at == last,
            });
        }
    }
}

/// Whether the nodes of a run are nothing but text without a link.
fn is_plain(document: &Document, from: u32, to: u32, mentions: &[Mention]) -> bool {
    let nodes = document.nodes.get(from as usize..=to as usize).unwrap_or_default();
    let is_text =
        |it: &Node| matches!(it, Node::Text | Node::OwnedText(_) | Node::SoftBreak);
    let first = mentions.partition_point(|it| it.nodes.1 < from);
    let mut near = mentions.iter().skip(first).take_while(|it| it.nodes.0 <= to);
    nodes.iter().all(is_text) && !near.any(|it| it.outcome == Outcome::Linked)
}
