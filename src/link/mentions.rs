//! Mentions: where an article names a topic, and which of these places become links.
//!
//! Runs on the document, never on HTML, so nothing inside a link, a heading, code or
//! `{nolink}` can become a link (rtl-rules B1). How a document is read as running text is
//! the business of `link::paragraphs`, how a name is recognised that of `link::matcher`;
//! `linking` in site.yaml says which mentions are linked (B7).

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::config::{LinkFirst, Linking};
use crate::diag::Span;
use crate::link::matcher::{Found, Scan};
use crate::link::paragraphs::{Closed, Label, Paragraph, paragraphs};
use crate::model::TopicId;
use crate::parse::document::{Document, Element, Node};
use crate::text::reading::{around, sentences, stays_whole};

/// How many sentences about a topic are kept of one article.
const MAX_SENTENCES: usize = 3;

/// Longest sentence that is quoted whole, in characters.
const MAX_SENTENCE: usize = 280;

/// A place where an article names a topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// The topic.
    pub topic: TopicId,
    /// First and last node that it stands in; `Open` and `Close` where it covers whole
    /// emphasised words.
    pub nodes: (u32, u32),
    /// First byte in the text of the first node.
    pub start: u32,
    /// Byte after the last in the text of the last node.
    pub end: u32,
    /// Number of the paragraph, from 0.
    pub paragraph: u32,
    /// Its words as they are written.
    form: Wording,
    /// What becomes of it.
    pub outcome: Outcome,
}

/// What becomes of a mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Outcome {
    /// A link.
    Linked,
    /// The author made the link.
    ByHand,
    /// No link: an earlier mention in this section, on this page or in this paragraph is
    /// one (B7).
    Repeated,
    /// No link: the briefing suppresses the topic.
    Suppressed,
    /// No link: this is the topic's own page.
    OwnPage,
    /// No link: it stands in a quotation.
    Quoted,
    /// No link: emphasis begins or ends inside it.
    CutByMarkup,
    /// Not even a mention: it stands where names are not looked for.
    Closed(Closed),
}

impl Outcome {
    /// Whether readers see a link.
    pub fn is_linked(self) -> bool {
        matches!(self, Self::Linked | Self::ByHand)
    }
}

/// A sentence that names something, cut to its neighbourhood where it is very long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// The sentence.
    pub text: Box<str>,
    /// The words to mark in it, in bytes.
    pub marked: Range<u32>,
    /// Whether it is no sentence but a cell of a table or the name alone: a real sentence
    /// that comes later says more.
    pub is_fragment: bool,
}

/// A sentence of an article, in few bytes, for a site keeps very many: where its words are
/// one piece of the source, as they nearly always are, they are not kept a second time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    words: Wording,
    /// The words to mark in it, in bytes.
    pub marked: Range<u32>,
    /// See `Sentence`.
    pub is_fragment: bool,
}

/// Words of an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Wording {
    /// They stand so in its source.
    Written(Span),
    /// They are put together of several pieces, or cut.
    Made(Box<str>),
}

impl Quote {
    /// The sentence; `source` is that of the article that it was taken from.
    pub fn text<'d>(&'d self, source: &'d str) -> &'d str {
        self.words.of(source)
    }
}

impl Wording {
    fn of<'d>(&'d self, source: &'d str) -> &'d str {
        match self {
            Self::Written(span) => span.of(source),
            Self::Made(text) => text,
        }
    }
}

/// A topic that an article names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// The topic.
    pub topic: TopicId,
    /// How often.
    pub count: u32,
    /// The first sentences that do, each once.
    pub sentences: Vec<Quote>,
}

/// What one article names.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Mentions {
    /// In reading order.
    pub all: Vec<Mention>,
    /// The topics, in the order of first mention.
    pub named: Vec<Named>,
    /// The sentence of each link by hand to a briefing, by index of the link.
    pub link_sentences: Vec<(u32, Quote)>,
}

impl Mentions {
    /// What the article says of a topic.
    pub fn of(&self, topic: TopicId) -> Option<&Named> {
        self.named.iter().find(|it| it.topic == topic)
    }
}

/// What decides about links in one article.
#[derive(Debug, Clone, Copy)]
pub struct Policy<'a> {
    /// From site.yaml.
    pub linking: Linking,
    /// Topics that are not linked here.
    pub suppressed: &'a [TopicId],
    /// The topic whose own page this is.
    pub own: Option<TopicId>,
}

/// Finds what an article names. `link_label` says what a link made by hand leads to.
pub fn find(
    document: &Document,
    scan: &mut Scan<'_>,
    policy: &Policy<'_>,
    link_label: impl Fn(u32) -> Label,
) -> Mentions {
    let mut mentions = Mentions::default();
    let mut linked = BTreeSet::new();
    paragraphs(document, link_label, |paragraph| {
        let mut hits = hits(document, paragraph, scan, policy, &mut linked);
        hits.retain(|(_, it)| !matches!(it.outcome, Outcome::Closed(_)));
        add_sentences(&mut mentions, document, paragraph, &hits);
        mentions.all.extend(hits.into_iter().map(|(_, it)| it));
    });
    // A site keeps them all.
    mentions.all.shrink_to_fit();
    mentions.named.shrink_to_fit();
    mentions.named.iter_mut().for_each(|it| it.sentences.shrink_to_fit());
    mentions
}

/// A mention, and its bytes in the paragraph.
pub type Hit = (Range<usize>, Mention);

/// The mentions of one paragraph in reading order, closed places included. `linked` holds
/// the topics that have a link already, as far as `first` in site.yaml looks.
pub fn hits(
    document: &Document,
    paragraph: &Paragraph,
    scan: &mut Scan<'_>,
    policy: &Policy<'_>,
    linked: &mut BTreeSet<TopicId>,
) -> Vec<Hit> {
    let begins_anew = match policy.linking.first {
        LinkFirst::Section => paragraph.begins_section,
        LinkFirst::Page => false,
        LinkFirst::All => true,
    };
    if begins_anew {
        linked.clear();
    }
    let mut hits: Vec<Hit> = Vec::new();
    let mut in_paragraph: Vec<TopicId> = Vec::new();
    for link in &paragraph.links {
        let Some(topic) = link.topic else { continue };
        linked.insert(topic);
        in_paragraph.push(topic);
        scan.introduce(topic);
        let mut mention = Mention {
            topic,
            nodes: link.nodes,
            start: 0,
            end: 0,
            paragraph: paragraph.number,
            form: Wording::Written(Span::default()),
            outcome: Outcome::ByHand,
        };
        mention.form = mention.form_in(document);
        hits.push((link.bytes.clone(), mention));
    }
    scan.read(&paragraph.text);
    for found in &scan.found {
        let Some(mut mention) = place(document, paragraph, found) else { continue };
        if mention.outcome == Outcome::Linked {
            mention.outcome = if policy.own == Some(found.topic) {
                Outcome::OwnPage
            } else if policy.suppressed.contains(&found.topic) {
                Outcome::Suppressed
            } else if paragraph.is_quoted && !policy.linking.quotes {
                Outcome::Quoted
            } else if linked.contains(&found.topic) || in_paragraph.contains(&found.topic)
            {
                Outcome::Repeated
            } else {
                Outcome::Linked
            };
        }
        if mention.outcome == Outcome::Linked {
            linked.insert(found.topic);
            in_paragraph.push(found.topic);
        }
        hits.push((found.span.clone(), mention));
    }
    hits.sort_by_key(|(range, _)| range.start);
    hits
}

/// Where a name stands in the document; linked unless the place forbids it.
fn place(document: &Document, paragraph: &Paragraph, found: &Found) -> Option<Mention> {
    let first = paragraph.piece(found.span.start)?;
    let last = paragraph.piece(found.span.end - 1)?;
    let mut mention = Mention {
        topic: found.topic,
        nodes: (first.node, last.node),
        start: index(found.span.start - first.start),
        end: index(found.span.end - last.start),
        paragraph: paragraph.number,
        form: Wording::Written(Span::default()),
        outcome: Outcome::Linked,
    };
    if let Some(closed) = first.closed.or(last.closed) {
        mention.outcome = Outcome::Closed(closed);
    } else if first.node != last.node {
        match whole_nodes(document, &mention) {
            Some((nodes, start, end)) => {
                (mention.nodes, mention.start, mention.end) = (nodes, start, end);
            }
            None => mention.outcome = Outcome::CutByMarkup,
        }
    }
    mention.form = mention.form_in(document);
    Some(mention)
}

/// The nodes that one link can hold, where emphasis stands around a part of a name:
/// whole emphasised words are taken in, and emphasis that the name cuts forbids a link.
fn whole_nodes(document: &Document, mention: &Mention) -> Option<((u32, u32), u32, u32)> {
    let (mut first, mut last) = (mention.nodes.0 as usize, mention.nodes.1 as usize);
    let (mut start, mut end) = (mention.start, mention.end);
    let mut open = Vec::new();
    let mut opened_before = Vec::new();
    for node in document.nodes.get(first..=last)? {
        match *node {
            Node::Open(it @ (Element::Strong | Element::Emphasis)) => open.push(it),
            Node::Close(it @ (Element::Strong | Element::Emphasis)) => {
                if open.pop().is_none() {
                    opened_before.push(it);
                }
            }
            Node::Text | Node::OwnedText(_) | Node::SoftBreak | Node::HardBreak => {}
            _ => return None,
        }
    }
    for element in opened_before {
        if start != 0
            || *document.nodes.get(first.checked_sub(1)?)? != Node::Open(element)
        {
            return None;
        }
        first -= 1;
    }
    let is_whole = document.text(last).len() == end as usize;
    for element in open.into_iter().rev() {
        if !is_whole || *document.nodes.get(last + 1)? != Node::Close(element) {
            return None;
        }
        last += 1;
        end = 0;
    }
    if first != mention.nodes.0 as usize {
        start = 0;
    }
    Some(((index(first), index(last)), start, end))
}

fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn add_sentences(
    mentions: &mut Mentions,
    document: &Document,
    paragraph: &Paragraph,
    hits: &[Hit],
) {
    let all = OnceCell::new();
    let quote = |range: &Range<usize>| {
        let all = all.get_or_init(|| sentences(&paragraph.text));
        quote(document, paragraph, all, range)
    };
    for (range, mention) in hits {
        let known = mentions.named.iter().position(|it| it.topic == mention.topic);
        let at = known.unwrap_or_else(|| {
            let (topic, count) = (mention.topic, 0);
            mentions.named.push(Named { topic, count, sentences: Vec::new() });
            mentions.named.len() - 1
        });
        let named = &mut mentions.named[at];
        named.count += 1;
        let has_fragment = named.sentences.first().is_some_and(|it| it.is_fragment);
        if named.sentences.len() == MAX_SENTENCES && !has_fragment {
            continue;
        }
        let mut new = quote(range);
        new.is_fragment |= paragraph.is_cell;
        if has_fragment && !new.is_fragment {
            named.sentences.clear();
        }
        let source = &*document.source;
        let is_new = named.sentences.iter().all(|it| it.text(source) != new.text(source));
        if is_new && (named.sentences.is_empty() || !new.is_fragment) {
            named.sentences.push(new);
        }
    }
    for link in paragraph.links.iter().filter(|it| it.is_briefing) {
        mentions.link_sentences.push((link.link, quote(&link.bytes)));
    }
}

/// The sentence around some bytes of a paragraph, kept as a place where it can be.
fn quote(
    document: &Document,
    paragraph: &Paragraph,
    all: &[Range<usize>],
    range: &Range<usize>,
) -> Quote {
    let bytes = extent(&paragraph.text, all, range);
    let whole = paragraph.text.get(bytes.clone()).unwrap_or_default();
    let span = paragraph.span(document, &bytes);
    if let Some(span) = span.filter(|_| stays_whole(whole, MAX_SENTENCE)) {
        let marked = range.start - bytes.start..range.end - bytes.start;
        let is_fragment = marked == (0..whole.len());
        let marked = index(marked.start)..index(marked.end);
        return Quote { words: Wording::Written(span), marked, is_fragment };
    }
    let Sentence { text, marked, is_fragment } = sentence(&paragraph.text, all, range);
    let words = match span {
        Some(span) if *text == *whole => Wording::Written(span),
        _ => Wording::Made(text),
    };
    Quote { words, marked, is_fragment }
}

/// The sentence around some bytes of a paragraph.
pub fn sentence(text: &str, all: &[Range<usize>], range: &Range<usize>) -> Sentence {
    let whole = extent(text, all, range);
    let inner = range.start - whole.start..range.end - whole.start;
    let sentence = text.get(whole).unwrap_or_default();
    let (text, marked) = around(sentence, inner, MAX_SENTENCE);
    let is_fragment = marked.start == 0 && marked.end == text.len();
    let marked = index(marked.start)..index(marked.end);
    Sentence { text: text.into(), marked, is_fragment }
}

/// The bytes of the sentence around some bytes of a paragraph.
fn extent(text: &str, all: &[Range<usize>], range: &Range<usize>) -> Range<usize> {
    let next = all.partition_point(|it| it.start <= range.start);
    let whole = next.checked_sub(1).and_then(|it| all.get(it));
    let whole = whole.filter(|it| range.start < it.end).cloned().unwrap_or(0..text.len());
    whole.start..whole.end.max(range.end)
}

impl Mention {
    /// Its words as they are written; `source` is that of the article that it stands in.
    pub fn form<'d>(&'d self, source: &'d str) -> &'d str {
        self.form.of(source)
    }

    fn form_in(&self, document: &Document) -> Wording {
        let (first, last) = (self.nodes.0 as usize, self.nodes.1 as usize);
        let (start, end) = (self.start, self.end);
        let span = |at: usize| {
            let is_text = document.nodes.get(at) == Some(&Node::Text);
            document.spans.get(at).copied().filter(|_| is_text)
        };
        if self.outcome == Outcome::ByHand {
            // What the link holds stands between its two ends.
            let text = document.plain_text(first..last);
            let whole = span(first + 1).filter(|it| it.of(&document.source) == text);
            return whole.map_or_else(|| Wording::Made(text.into()), Wording::Written);
        }
        if first == last {
            if let Some(span) = span(first) {
                let (start, end) = (span.start + start, span.start + end);
                return Wording::Written(Span { start, end });
            }
            let text = document.text(first).get(start as usize..end as usize);
            return Wording::Made(text.unwrap_or_default().into());
        }
        let text = document.text(first).get(start as usize..);
        let mut form = text.unwrap_or_default().to_owned();
        for at in first + 1..last {
            form.push_str(document.text(at));
        }
        form.push_str(document.text(last).get(..end as usize).unwrap_or_default());
        Wording::Made(form.into())
    }
}
