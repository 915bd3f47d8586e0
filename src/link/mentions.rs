//! Mentions: where an article names a topic, and which of these places become links.
//!
//! Runs on the document, never on HTML, so nothing inside a link, a heading, code or
//! `{nolink}` can become a link (rtl-rules B1). How a name is recognised is the business of
//! `link::matcher`; `linking` in site.yaml says which mentions are linked (B7).

use std::collections::BTreeSet;
use std::ops::Range;

use crate::config::{LinkFirst, Linking};
use crate::link::matcher::{Hints, Matcher};
use crate::model::TopicId;
use crate::parse::document::{Document, Element, Node};
use crate::text::reading::sentences;

/// A place where an article names a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The topic.
    pub topic: TopicId,
    /// First and last node that it stands in.
    pub nodes: (u32, u32),
    /// First byte in the text of the first node.
    pub start: u32,
    /// Byte after the last in the text of the last node.
    pub end: u32,
    /// Number of the paragraph, from 0.
    pub paragraph: u32,
    /// Whether it becomes a link.
    pub is_linked: bool,
    /// Whether the author made the link.
    pub is_by_hand: bool,
}

/// The sentence in which an article first names something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// The sentence.
    pub text: Box<str>,
    /// The words to mark in it, in bytes.
    pub marked: Range<u32>,
}

impl Sentence {
    /// Whether it is nothing but the name, as in the cell of a table: a real sentence
    /// that comes later says more.
    fn is_bare(&self) -> bool {
        self.marked.start == 0 && self.marked.end as usize == self.text.len()
    }
}

/// What one article names.
#[derive(Debug, Clone, Default)]
pub struct Mentions {
    /// In reading order.
    pub all: Vec<Mention>,
    /// The first sentence for each topic, in the order of first mention.
    pub sentences: Vec<(TopicId, Sentence)>,
    /// The sentence of each link by hand that leads elsewhere, by index of the link.
    pub link_sentences: Vec<(u32, Sentence)>,
}

/// What decides about links in one article.
pub struct Policy<'a> {
    /// From site.yaml.
    pub linking: Linking,
    /// Topics of the briefing.
    pub topics: &'a [TopicId],
    /// Topics whose ambiguous names count here.
    pub added: &'a [TopicId],
    /// Topics that are not linked here.
    pub suppressed: &'a [TopicId],
    /// The topic whose own page this is.
    pub own: Option<TopicId>,
}

/// Finds what an article names. `link_topic` gives the topic and the words of a link made
/// by hand.
pub fn find<'a>(
    document: &'a Document,
    matcher: &Matcher,
    policy: &Policy<'_>,
    link_label: impl Fn(u32) -> (Option<TopicId>, Option<&'a str>),
) -> Mentions {
    let mut mentions = Mentions::default();
    let mut walk = Walk::default();
    let mut linked = BTreeSet::new();
    for (at, node) in document.nodes.iter().enumerate() {
        match *node {
            Node::Open(Element::Heading(_)) => {
                walk.n_closed += 1;
                if policy.linking.first == LinkFirst::Section {
                    linked.clear();
                }
            }
            Node::Close(Element::Heading(_)) => walk.n_closed -= 1,
            Node::Open(Element::PullQuote | Element::CodeBlock) => walk.n_skipped += 1,
            Node::Close(Element::PullQuote | Element::CodeBlock) => walk.n_skipped -= 1,
            Node::Open(Element::Quote) => walk.n_quotes += 1,
            Node::Close(Element::Quote) => walk.n_quotes -= 1,
            Node::Open(Element::NoLink) => walk.n_closed += 1,
            Node::Close(Element::NoLink) => walk.n_closed -= 1,
            Node::Open(Element::Link(link)) => {
                walk.n_closed += 1;
                let start = walk.text.len();
                let (topic, label) = link_label(link);
                if let Some(label) = label {
                    // The words are the target's title: they are read, never linked again.
                    let node = index(at);
                    walk.pieces.push(Piece { start, node, is_closed: true });
                    walk.text.push_str(label);
                }
                walk.links.push((link, topic, start, index(at)));
            }
            Node::Close(Element::Link(_)) => {
                walk.n_closed -= 1;
                walk.end_link(index(at));
            }
            Node::Text | Node::OwnedText(_) | Node::SoftBreak | Node::HardBreak
                if walk.n_skipped == 0 =>
            {
                let start = walk.text.len();
                walk.text.push_str(document.text(at));
                walk.pieces.push(Piece {
                    start,
                    node: index(at),
                    is_closed: walk.n_closed != 0,
                });
            }
            Node::Code | Node::Picture(_) => walk.text.push('\u{FFFC}'),
            _ => {}
        }
        if let Node::Open(it) | Node::Close(it) = *node
            && it.is_block()
        {
            // Names never run over the edge of a block.
            paragraph(&mut mentions, &mut walk, matcher, policy, &mut linked);
        }
    }
    paragraph(&mut mentions, &mut walk, matcher, policy, &mut linked);
    mentions
}

fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// The paragraph that is being gathered.
#[derive(Default)]
struct Walk {
    text: String,
    pieces: Vec<Piece>,
    n_closed: u32,
    n_skipped: u32,
    n_quotes: u32,
    n_paragraphs: u32,
    /// Links that are open: link, topic, first byte, node.
    links: Vec<(u32, Option<TopicId>, usize, u32)>,
    /// Links that have ended: link, topic, bytes, nodes.
    ended: Vec<EndedLink>,
}

/// A link by hand: its index, topic, bytes, and nodes.
type EndedLink = (u32, Option<TopicId>, Range<usize>, (u32, u32));

/// A part of the paragraph and the node it came from.
struct Piece {
    start: usize,
    node: u32,
    is_closed: bool,
}

impl Walk {
    fn end_link(&mut self, node: u32) {
        if let Some((link, topic, start, first)) = self.links.pop() {
            self.ended.push((link, topic, start..self.text.len(), (first, node)));
        }
    }

    /// The piece that holds a byte.
    fn piece(&self, byte: usize) -> Option<&Piece> {
        let at = self.pieces.partition_point(|it| it.start <= byte);
        self.pieces.get(at.checked_sub(1)?)
    }
}

fn paragraph(
    mentions: &mut Mentions,
    walk: &mut Walk,
    matcher: &Matcher,
    policy: &Policy<'_>,
    linked: &mut BTreeSet<TopicId>,
) {
    if walk.text.is_empty() {
        return;
    }
    let hints = Hints { topics: policy.topics, added: policy.added };
    let found = matcher.find(&walk.text, &hints);
    let ended = std::mem::take(&mut walk.ended);
    if policy.linking.first == LinkFirst::All {
        linked.clear();
    }
    let mut hits: Vec<(Range<usize>, Mention)> = Vec::new();
    let mut other_links = Vec::new();
    for (link, topic, range, nodes) in ended {
        match topic {
            Some(topic) => {
                linked.insert(topic);
                let mention = Mention {
                    topic,
                    nodes,
                    start: 0,
                    end: 0,
                    paragraph: walk.n_paragraphs,
                    is_linked: true,
                    is_by_hand: true,
                };
                hits.push((range, mention));
            }
            None => other_links.push((link, range)),
        }
    }
    let mut in_paragraph: BTreeSet<TopicId> =
        hits.iter().map(|(_, it)| it.topic).collect();
    for hit in found {
        let (Some(first), Some(last)) =
            (walk.piece(hit.span.start), walk.piece(hit.span.end - 1))
        else {
            continue;
        };
        if first.is_closed || last.is_closed {
            continue;
        }
        let is_first = !linked.contains(&hit.topic) && !in_paragraph.contains(&hit.topic);
        let is_linked = is_first
            && policy.own != Some(hit.topic)
            && !policy.suppressed.contains(&hit.topic)
            && (policy.linking.quotes || walk.n_quotes == 0)
            && is_one_run(first.node, last.node, walk);
        if is_linked {
            linked.insert(hit.topic);
            in_paragraph.insert(hit.topic);
        }
        let mention = Mention {
            topic: hit.topic,
            nodes: (first.node, last.node),
            start: index(hit.span.start - first.start),
            end: index(hit.span.end - last.start),
            paragraph: walk.n_paragraphs,
            is_linked,
            is_by_hand: false,
        };
        hits.push((hit.span, mention));
    }
    hits.sort_by_key(|(range, _)| range.start);
    add_sentences(mentions, &walk.text, &hits, &other_links);
    mentions.all.extend(hits.into_iter().map(|(_, it)| it));
    walk.text.clear();
    walk.pieces.clear();
    walk.n_paragraphs += 1;
}

/// Whether nothing but text stands between two nodes, so that one link can hold both.
fn is_one_run(first: u32, last: u32, walk: &Walk) -> bool {
    let n_between = walk.pieces.iter().filter(|it| first <= it.node && it.node <= last);
    u32::try_from(n_between.count()).is_ok_and(|it| it == last - first + 1)
}

fn add_sentences(
    mentions: &mut Mentions,
    text: &str,
    hits: &[(Range<usize>, Mention)],
    links: &[(u32, Range<usize>)],
) {
    let is_known = |mentions: &Mentions, topic| {
        mentions.sentences.iter().any(|(known, it)| *known == topic && !it.is_bare())
    };
    if links.is_empty() && hits.iter().all(|(_, it)| is_known(mentions, it.topic)) {
        return;
    }
    let all = sentences(text);
    let sentence = |range: &Range<usize>| {
        let around = all
            .iter()
            .find(|it| it.start <= range.start && range.start < it.end)
            .cloned()
            .unwrap_or(0..text.len());
        let end = around.end.max(range.end);
        let marked = index(range.start - around.start)..index(range.end - around.start);
        Sentence { text: text.get(around.start..end).unwrap_or_default().into(), marked }
    };
    for (range, mention) in hits {
        let known = mentions.sentences.iter_mut().find(|(it, _)| *it == mention.topic);
        match known {
            None => mentions.sentences.push((mention.topic, sentence(range))),
            Some((_, first)) if first.is_bare() => *first = sentence(range),
            Some(_) => {}
        }
    }
    for (link, range) in links {
        mentions.link_sentences.push((*link, sentence(range)));
    }
}

impl Mention {
    /// The words of the mention as they are written.
    pub fn form(&self, document: &Document, label: Option<&str>) -> String {
        if self.is_by_hand {
            let inner = self.nodes.0 as usize..self.nodes.1 as usize;
            let words = document.plain_text(inner);
            return if words.is_empty() {
                label.unwrap_or_default().to_owned()
            } else {
                words
            };
        }
        let (first, last) = (self.nodes.0 as usize, self.nodes.1 as usize);
        let (start, end) = (self.start as usize, self.end as usize);
        if first == last {
            return document.text(first).get(start..end).unwrap_or_default().to_owned();
        }
        let mut form = document.text(first).get(start..).unwrap_or_default().to_owned();
        for at in first + 1..last {
            form.push_str(document.text(at));
        }
        form.push_str(document.text(last).get(..end).unwrap_or_default());
        form
    }
}
