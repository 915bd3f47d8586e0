//! `Document` + links -> HTML: the one place that writes the mark-up of running text.
//!
//! Takes an article and what was found in it; gives the body and the footnotes. All text
//! is escaped here. A link to a topic covers whole words and carries no `dir`, so that
//! joined letters stay joined (rtl-rules R16, R78).

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use crate::link::mentions::Outcome;
use crate::link::references::Resolved;
use crate::link::{ArticleLinks, Links};
use crate::model::Site;
use crate::parse::document::{Align, Document, Element, Node, NoteKind};
use crate::parse::html::HtmlTag;
use crate::render::isolates::{Isolates, isolates};
use crate::render::pictures::{self, Picture};
use crate::render::topic_list::is_listed;
use crate::render::words::Words;
use crate::text::bidi_runs::runs;
use crate::text::direction::{Direction, first_strong};
use crate::text::lang::Lang;
use crate::text::number::to_digits;

/// What the HTML of an article depends on besides the article.
#[derive(Clone, Copy)]
pub struct HtmlContext<'a> {
    /// The site.
    pub site: &'a Site,
    /// Addresses.
    pub links: &'a Links,
    /// Words of the page's language.
    pub words: &'a Words,
    /// Language of the page.
    pub lang: &'a Lang,
    /// Put before every address: nothing on a page, the host in a feed.
    pub origin: &'a str,
    /// Addresses of files, by path in the site folder.
    pub hrefs: &'a BTreeMap<String, String>,
    /// Pictures, by path in the site folder.
    pub pictures: &'a BTreeMap<String, Picture>,
}

/// HTML of an article.
#[derive(Debug, Clone, Default)]
pub struct Html {
    /// The text.
    pub body: String,
    /// The footnotes; empty without any.
    pub footnotes: String,
}

/// Escapes a text for HTML content and double-quoted attributes.
pub fn escape(text: &str, out: &mut String) {
    // Without an early end, many bytes are compared at once.
    let is_plain =
        text.bytes().fold(true, |all, it| all & !matches!(it, b'&' | b'<' | b'>' | b'"'));
    if is_plain {
        out.push_str(text);
        return;
    }
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate() {
        let entity = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => continue,
        };
        out.push_str(text.get(done..at).unwrap_or_default());
        out.push_str(entity);
        done = at + 1;
    }
    out.push_str(text.get(done..).unwrap_or_default());
}

/// Writes an article.
pub fn article(
    document: &Document,
    found: &ArticleLinks,
    context: HtmlContext<'_>,
) -> Html {
    let mut writer = Writer {
        document,
        found,
        context,
        out: String::with_capacity(document.source.len() * 3 / 2),
        next_mention: 0,
        footnote_numbers: footnote_numbers(document),
        n_refs: vec![0; document.footnotes.len()],
        reference_end: None,
        skip_links: Vec::new(),
        is_open: false,
        isolates: isolates(document, context.lang, &found.mentions.all),
    };
    writer.nodes(0, document.nodes.len(), false);
    let body = std::mem::take(&mut writer.out);
    writer.reference_end = None;
    let has_footnotes =
        document.footnotes.iter().any(|it| it.n_references != 0 && it.nodes.is_some());
    if has_footnotes {
        writer.footnotes();
    }
    Html { body, footnotes: writer.out }
}

/// The numbers of the footnotes: by footnote, how many up to it are referred to.
fn footnote_numbers(document: &Document) -> Vec<usize> {
    let mut number = 0;
    let numbers = document.footnotes.iter().map(|it| {
        number += usize::from(it.n_references != 0);
        number
    });
    numbers.collect()
}

/// An element around a part of a text node.
struct Span {
    bytes: Range<usize>,
    /// Its first tag; empty where it begins in another node.
    begin: Cow<'static, str>,
    /// Its last tag; empty where it ends in another node.
    end: &'static str,
}

/// The tag of an isolate. Its language is not known: a Latin name in an Arabic text may be
/// English or French (R14).
fn isolate_tag(direction: Direction) -> &'static str {
    match direction {
        Direction::Ltr => "<bdi dir=\"ltr\">",
        Direction::Rtl => "<bdi dir=\"rtl\">",
    }
}

/// Whether one of two parts holds the other, or they do not meet.
fn can_nest(a: &Range<usize>, b: &Range<usize>) -> bool {
    let holds = |a: &Range<usize>, b: &Range<usize>| a.start <= b.start && b.end <= a.end;
    a.end <= b.start || b.end <= a.start || holds(a, b) || holds(b, a)
}

/// Writes a text with elements around its parts; any two of them can nest.
fn nest(text: &str, mut spans: Vec<Span>, out: &mut String) {
    // The outer one of two that begin together comes first.
    spans.sort_by_key(|it| (it.bytes.start, std::cmp::Reverse(it.bytes.end)));
    let mut done = 0;
    let mut open: Vec<(usize, &'static str)> = Vec::new();
    let mut write_to = |out: &mut String, end: usize| {
        escape(text.get(done..end).unwrap_or_default(), out);
        done = end;
    };
    for span in spans {
        while let Some((end, tag)) = open.pop_if(|it| it.0 <= span.bytes.start) {
            write_to(out, end);
            out.push_str(tag);
        }
        write_to(out, span.bytes.start);
        out.push_str(&span.begin);
        open.push((span.bytes.end, span.end));
    }
    while let Some((end, tag)) = open.pop() {
        write_to(out, end);
        out.push_str(tag);
    }
    write_to(out, text.len());
}

/// A text in `lang` as HTML, a part of it in `<mark>`, its runs in isolates.
pub fn marked(text: &str, marked: Range<usize>, lang: &Lang) -> String {
    let runs = runs(text, lang).into_iter().filter(|it| can_nest(&marked, &it.bytes));
    let mark = Span { bytes: marked.clone(), begin: "<mark>".into(), end: "</mark>" };
    let isolates = runs.map(|it| Span {
        bytes: it.bytes,
        begin: isolate_tag(it.direction).into(),
        end: "</bdi>",
    });
    let spans = std::iter::once(mark).chain(isolates).collect();
    let mut html = String::with_capacity(text.len() + 32);
    nest(text, spans, &mut html);
    html
}

/// A text in `lang` as HTML: escaped, its runs in isolates.
pub fn isolated<'a>(text: &'a str, lang: &Lang) -> Cow<'a, str> {
    let runs = runs(text, lang);
    if runs.is_empty() && !text.contains(['&', '<', '>', '"']) {
        return Cow::Borrowed(text);
    }
    let mut html = String::with_capacity(text.len() + runs.len() * 24);
    let mut done = 0;
    for run in runs {
        escape(text.get(done..run.bytes.start).unwrap_or_default(), &mut html);
        html.push_str(isolate_tag(run.direction));
        escape(text.get(run.bytes.clone()).unwrap_or_default(), &mut html);
        html.push_str("</bdi>");
        done = run.bytes.end;
    }
    escape(text.get(done..).unwrap_or_default(), &mut html);
    Cow::Owned(html)
}

struct Writer<'a> {
    document: &'a Document,
    found: &'a ArticleLinks,
    context: HtmlContext<'a>,
    out: String,
    next_mention: usize,
    /// By footnote, its place among those that are referred to, from 1.
    footnote_numbers: Vec<usize>,
    /// By footnote, how many references to it have been written.
    n_refs: Vec<u32>,
    /// Where the last reference ends in `out`.
    reference_end: Option<usize>,
    /// For each open link, whether it was left out.
    skip_links: Vec<bool>,
    /// Whether the link of a name that spans several nodes is open.
    is_open: bool,
    isolates: Isolates,
}

impl<'a> Writer<'a> {
    fn nodes(&mut self, from: usize, to: usize, in_footnote: bool) {
        let mut at = from;
        while at < to {
            match self.document.nodes[at] {
                Node::Open(Element::Footnote(id)) if !in_footnote => {
                    let nodes = self.document.footnotes[id as usize].nodes;
                    at = nodes.map_or(at, |(_, last)| last as usize);
                }
                Node::Open(element) => {
                    self.begin_mention(at);
                    self.open(element, at);
                }
                Node::Close(element) => {
                    self.close(element, at);
                    self.end_mention(at);
                }
                Node::Text | Node::OwnedText(_) => {
                    self.text(at);
                    self.close_controls(at);
                }
                Node::Code => {
                    // Code runs from left to right unless its first letter does not (R60).
                    let text = self.document.text(at);
                    let direction = first_strong(text).unwrap_or(Direction::Ltr).as_str();
                    let _ =
                        write!(self.out, "<code dir=\"{direction}\" translate=\"no\">");
                    escape(text, &mut self.out);
                    self.out.push_str("</code>");
                }
                Node::Html => {
                    escape(self.document.text(at), &mut self.out);
                    self.close_controls(at);
                }
                Node::SoftBreak => self.out.push('\n'),
                Node::HardBreak => self.out.push_str("<br>\n"),
                Node::Rule => self.out.push_str("<hr>\n"),
                Node::Picture(id) => {
                    let is_figure =
                        at.checked_sub(1).is_some_and(|it| self.is_figure(it));
                    self.picture(id, is_figure);
                }
                Node::FootnoteRef(id) => self.footnote_ref(id),
                Node::Citation(id) => self.citation(id),
            }
            at += 1;
        }
    }

    fn open(&mut self, element: Element, at: usize) {
        match element {
            Element::Paragraph if self.is_figure(at) => {
                self.out.push_str("<figure class=\"picture\">");
            }
            Element::Paragraph => self.out.push_str("<p>"),
            Element::Heading(id) => {
                let heading = &self.document.outline.headings[id as usize];
                let _ = write!(self.out, "<h{} id=\"", heading.level);
                escape(&heading.id, &mut self.out);
                self.out.push_str("\">");
            }
            Element::Quote => self.out.push_str("<blockquote>\n"),
            Element::PullQuote => self.out.push_str("<aside class=\"pull-quote\">\n"),
            Element::Note(kind) => {
                let kind = match kind {
                    NoteKind::Note => "note",
                    NoteKind::Tip => "tip",
                    NoteKind::Important => "important",
                    NoteKind::Warning => "warning",
                    NoteKind::Caution => "caution",
                };
                let _ =
                    writeln!(self.out, "<div class=\"note note--{kind}\" role=\"note\">");
            }
            Element::List => self.out.push_str("<ul>\n"),
            Element::OrderedList(1) => self.out.push_str("<ol>\n"),
            Element::OrderedList(start) => {
                let _ = writeln!(self.out, "<ol start=\"{start}\">");
            }
            Element::Item => self.out.push_str("<li>"),
            Element::Table => {
                self.out.push_str("<div class=\"table-scroll\" role=\"region\" tabindex=\"0\" aria-label=\"");
                let words = self.context.words;
                escape(words.get("table_label"), &mut self.out);
                self.out.push_str("\"><table>\n");
            }
            Element::TableHead => self.out.push_str("<thead>"),
            Element::TableBody => self.out.push_str("<tbody>\n"),
            Element::Row => self.out.push_str("<tr>"),
            Element::HeadCell(align) => self.cell("th scope=\"col\"", align, false),
            Element::Cell(align) => {
                let is_number = self.is_number(at);
                self.cell("td", align, is_number);
                if is_number && !self.has_isolate(at + 1) {
                    self.out.push_str("<bdi dir=\"ltr\">");
                }
            }
            Element::CodeBlock => {
                self.out
                    .push_str("<pre dir=\"ltr\" tabindex=\"0\" translate=\"no\"><code>");
            }
            Element::Emphasis => self.out.push_str("<em>"),
            Element::Strong => self.out.push_str("<strong>"),
            Element::Deleted => self.out.push_str("<del>"),
            Element::Superscript => self.out.push_str("<sup>"),
            Element::Subscript => self.out.push_str("<sub>"),
            Element::Link(id) => self.open_link(id),
            Element::Terms => self.out.push_str("<dl>\n"),
            Element::Term => self.out.push_str("<dt>"),
            Element::Definition => self.out.push_str("<dd>"),
            Element::Html(tag, attributes) => self.open_html(tag, attributes, at),
            Element::Footnote(_) | Element::NoLink => {}
        }
    }

    fn close(&mut self, element: Element, at: usize) {
        let end = match element {
            Element::Paragraph
                if at.checked_sub(2).is_some_and(|it| self.is_figure(it)) =>
            {
                "</figure>\n"
            }
            Element::Paragraph => "</p>\n",
            Element::Heading(id) => {
                let level = self.document.outline.headings[id as usize].level;
                let _ = writeln!(self.out, "</h{level}>");
                return;
            }
            Element::Quote => "</blockquote>\n",
            Element::PullQuote => "</aside>\n",
            Element::Note(_) => "</div>\n",
            Element::List => "</ul>\n",
            Element::OrderedList(_) => "</ol>\n",
            Element::Item => "</li>\n",
            Element::Table => "</table></div>\n",
            Element::TableHead => "</thead>\n",
            Element::TableBody => "</tbody>\n",
            Element::Row => "</tr>\n",
            Element::HeadCell(_) => "</th>",
            Element::Cell(_) => {
                if self.closes_number(at) && !self.has_isolate(at - 1) {
                    "</bdi></td>"
                } else {
                    "</td>"
                }
            }
            Element::CodeBlock => "</code></pre>\n",
            Element::Emphasis => "</em>",
            Element::Strong => "</strong>",
            Element::Deleted => "</del>",
            Element::Superscript => "</sup>",
            Element::Subscript => "</sub>",
            Element::Link(_) => {
                if self.skip_links.pop() == Some(false) {
                    "</a>"
                } else {
                    ""
                }
            }
            Element::Terms => "</dl>\n",
            Element::Term => "</dt>",
            Element::Definition => "</dd>\n",
            Element::Html(tag, _) => {
                self.close_html(tag, at);
                return;
            }
            Element::Footnote(_) | Element::NoLink => "",
        };
        self.out.push_str(end);
    }

    /// Begins an element that the author wrote in HTML: by its name and what was checked of
    /// it, never by the bytes of the source.
    fn open_html(&mut self, tag: HtmlTag, attributes: u32, at: usize) {
        if self.document.is_foreign {
            self.source_of(at);
            return;
        }
        self.out.push('<');
        self.out.push_str(tag.name());
        for (name, value) in &self.document.attributes[attributes as usize] {
            let _ = write!(self.out, " {name}");
            if !value.is_empty() {
                self.out.push_str("=\"");
                escape(value, &mut self.out);
                self.out.push('"');
            }
        }
        self.out.push('>');
    }

    fn close_html(&mut self, tag: HtmlTag, at: usize) {
        if self.document.is_foreign {
            self.source_of(at);
        } else if !tag.is_void() {
            let line = if tag.is_block() { "\n" } else { "" };
            let _ = write!(self.out, "</{}>{line}", tag.name());
        }
    }

    /// Shows what the author wrote at a node.
    fn source_of(&mut self, at: usize) {
        escape(self.document.spans[at].of(&self.document.source), &mut self.out);
    }

    fn cell(&mut self, tag: &str, align: Align, is_number: bool) {
        let align = match align {
            Align::Natural => "",
            Align::Start => "align-start",
            Align::Center => "align-center",
            Align::End => "align-end",
        };
        let number = if is_number { "num" } else { "" };
        let gap = if align.is_empty() || number.is_empty() { "" } else { " " };
        if align.is_empty() && number.is_empty() {
            let _ = write!(self.out, "<{tag}>");
        } else {
            let _ = write!(self.out, "<{tag} class=\"{align}{gap}{number}\">");
        }
    }

    /// Whether a part of a node is isolated by itself.
    fn has_isolate(&self, node: usize) -> bool {
        self.isolates.all.binary_search_by_key(&node, |it| it.node as usize).is_ok()
    }

    /// Whether a cell that begins here holds one number and nothing else (R57).
    fn is_number(&self, at: usize) -> bool {
        let nodes = (self.document.nodes.get(at + 1), self.document.nodes.get(at + 2));
        let is_alone = matches!(
            nodes,
            (Some(Node::Text | Node::OwnedText(_)), Some(Node::Close(Element::Cell(_))))
        );
        is_alone && is_number(self.document.text(at + 1))
    }

    fn closes_number(&self, at: usize) -> bool {
        at.checked_sub(2).is_some_and(|open| {
            matches!(self.document.nodes[open], Node::Open(Element::Cell(_)))
                && self.is_number(open)
        })
    }

    /// Writes a text node with its links and isolates, each inside the other or beside it.
    fn text(&mut self, at: usize) {
        let text = self.document.text(at);
        let mut spans = self.links_in(at, text.len());
        self.add_isolates(at, &mut spans);
        if spans.is_empty() {
            escape(text, &mut self.out);
            return;
        }
        nest(text, spans, &mut self.out);
    }

    /// Closes the controls that a paragraph leaves open, behind its last text (R38).
    fn close_controls(&mut self, at: usize) {
        let closing = &self.isolates.closing;
        if let Ok(found) = closing.binary_search_by_key(&at, |(node, _)| *node as usize) {
            self.out.push_str(&closing[found].1);
        }
    }

    /// The links of names in a text node; one that begins or ends in another node has only
    /// one tag here.
    fn links_in(&mut self, at: usize, length: usize) -> Vec<Span> {
        let node = u32::try_from(at).unwrap_or(u32::MAX);
        let mentions = &self.found.mentions.all;
        let mut spans = Vec::new();
        while let Some(mention) = mentions.get(self.next_mention) {
            if mention.outcome != Outcome::Linked || mention.nodes.1 < node {
                self.next_mention += 1;
                continue;
            }
            if node < mention.nodes.0 {
                break;
            }
            let (begins, ends) = (mention.nodes.0 == node, mention.nodes.1 == node);
            let mut begin = Cow::Borrowed("");
            if begins && let Some(href) = self.topic_href(mention.topic) {
                begin = self.mention_tag(mention.topic, &href).into();
                self.is_open = true;
            }
            let start = if begins { mention.start as usize } else { 0 };
            let stop = if ends { mention.end as usize } else { length };
            let end = if ends && self.is_open { "</a>" } else { "" };
            spans.push(Span { bytes: start..stop, begin, end });
            if !ends {
                break;
            }
            self.is_open = false;
            self.next_mention += 1;
        }
        spans
    }

    /// Adds the isolates of a text node that fit around or into its links.
    fn add_isolates(&self, at: usize, spans: &mut Vec<Span>) {
        let node = u32::try_from(at).unwrap_or(u32::MAX);
        let first = self.isolates.all.partition_point(|it| it.node < node);
        let own = self.isolates.all.iter().skip(first).take_while(|it| it.node == node);
        let n_links = spans.len();
        for isolate in own {
            if spans.iter().take(n_links).all(|it| can_nest(&it.bytes, &isolate.bytes)) {
                let begin =
                    if isolate.begins { isolate_tag(isolate.direction) } else { "" };
                let end = if isolate.ends { "</bdi>" } else { "" };
                let bytes = isolate.bytes.clone();
                spans.push(Span { bytes, begin: begin.into(), end });
            }
        }
    }

    /// Begins the link of a name that begins with an emphasised word.
    fn begin_mention(&mut self, at: usize) {
        let mentions = &self.found.mentions.all;
        let node = u32::try_from(at).unwrap_or(u32::MAX);
        while let Some(mention) = mentions.get(self.next_mention)
            && (mention.outcome != Outcome::Linked || mention.nodes.1 < node)
        {
            self.next_mention += 1;
        }
        if let Some(mention) = mentions.get(self.next_mention)
            && mention.nodes.0 == node
            && let Some(href) = self.topic_href(mention.topic)
        {
            self.mention_link(mention.topic, &href);
            self.is_open = true;
        }
    }

    /// Ends the link of a name that ends with an emphasised word.
    fn end_mention(&mut self, at: usize) {
        let mention = self.found.mentions.all.get(self.next_mention);
        if self.is_open && mention.is_some_and(|it| u32::try_from(at) == Ok(it.nodes.1)) {
            self.out.push_str("</a>");
            self.is_open = false;
            self.next_mention += 1;
        }
    }

    /// Address of a topic without the host.
    fn topic_href(&self, topic: crate::model::TopicId) -> Option<Cow<'a, str>> {
        let HtmlContext { site, links, .. } = self.context;
        topic_href(site, links, topic, self.context.lang)
    }

    fn mention_tag(&self, topic: crate::model::TopicId, href: &str) -> String {
        let HtmlContext { site, origin, .. } = self.context;
        let id = site.topics[topic.at()].id.as_str();
        let begin = "<a class=\"mention\" data-topic=\"";
        [begin, id, "\" href=\"", origin, href, "\">"].concat()
    }

    fn mention_link(&mut self, topic: crate::model::TopicId, href: &str) {
        let tag = self.mention_tag(topic, href);
        self.out.push_str(&tag);
    }

    fn open_link(&mut self, id: u32) {
        let HtmlContext { site, links, lang, origin, .. } = self.context;
        let target = self.found.references.links.get(id as usize);
        let routes = &links.routes;
        let at = routes.language(lang);
        let site_href = |address: &str| Some(format!("{origin}{}", routes.href(address)));
        let href = match target {
            Some(Resolved::Topic(topic)) => {
                if let Some(href) = self.topic_href(*topic) {
                    self.mention_link(*topic, &href);
                    self.skip_links.push(false);
                    return;
                }
                None
            }
            Some(Resolved::Briefing(briefing, fragment)) => {
                let href = site_href(routes.briefing(*briefing));
                href.map(|it| match fragment {
                    Some(fragment) => format!("{it}#{fragment}"),
                    None => it,
                })
            }
            Some(Resolved::Author(author)) => routes
                .author(*author, at)
                .or_else(|| routes.author(*author, 0))
                .and_then(site_href),
            Some(Resolved::Series(series)) => routes
                .series(*series, at)
                .or_else(|| routes.series(*series, 0))
                .and_then(site_href),
            Some(Resolved::Page(page)) => site_href(routes.page(*page)),
            Some(Resolved::Asset(path)) => {
                self.context.hrefs.get(&**path).map(|it| format!("{origin}{it}"))
            }
            Some(Resolved::Path(path)) => site_href(path),
            Some(Resolved::Fragment(fragment)) => Some(format!("#{fragment}")),
            Some(Resolved::External(url)) => {
                let rel = if self.document.is_foreign {
                    "nofollow ugc noopener"
                } else {
                    "noopener"
                };
                let _ = write!(self.out, "<a class=\"external\" rel=\"{rel}\" href=\"");
                escape(url, &mut self.out);
                self.out.push_str("\">");
                self.skip_links.push(false);
                return;
            }
            Some(Resolved::Nothing) | None => None,
        };
        if let Some(href) = &href {
            self.out.push_str("<a href=\"");
            escape(href, &mut self.out);
            self.out.push('"');
            if let Some(Resolved::Briefing(briefing, _)) = target
                && site.briefings[briefing.at()].lang != *lang
            {
                let other = &site.briefings[briefing.at()].lang;
                let _ = write!(self.out, " hreflang=\"{other}\"");
            }
            self.out.push('>');
        }
        self.skip_links.push(href.is_none());
    }

    /// Whether a paragraph that begins here holds one picture and nothing else.
    fn is_figure(&self, at: usize) -> bool {
        let nodes = self.document.nodes.get(at..at + 3);
        let [
            Node::Open(Element::Paragraph),
            Node::Picture(id),
            Node::Close(Element::Paragraph),
        ] = nodes.unwrap_or_default()
        else {
            return false;
        };
        self.found_picture(*id).is_some()
    }

    fn found_picture(&self, id: u32) -> Option<&Picture> {
        let path = self.found.references.pictures.get(id as usize)?.as_deref()?;
        self.context.pictures.get(path)
    }

    fn picture(&mut self, id: u32, is_figure: bool) {
        let written = &self.document.outline.pictures[id as usize];
        let Some(picture) = self.found_picture(id) else { return };
        let HtmlContext { site, lang, origin, .. } = self.context;
        let mut html = String::new();
        // Readers of feeds take one plain address and no choice.
        let is_page = origin.is_empty();
        let sizes = pictures::sizes(&site.config);
        let has_webp = is_page && !picture.webp_srcset.is_empty();
        if has_webp {
            let _ = write!(
                html,
                "<picture><source type=\"image/webp\" srcset=\"{}\" sizes=\"{sizes}\">",
                picture.webp_srcset
            );
        }
        // `loading` comes first: it decides when `src` is fetched.
        let Picture { src, srcset, width, height, .. } = picture;
        let _ = write!(html, "<img loading=\"lazy\" decoding=\"async\" src=\"{origin}");
        escape(src, &mut html);
        if is_page && !srcset.is_empty() {
            let _ = write!(html, "\" srcset=\"{srcset}\" sizes=\"{sizes}");
        }
        let _ = write!(html, "\" width=\"{width}\" height=\"{height}\" alt=\"");
        escape(&written.alt, &mut html);
        html.push_str("\">");
        if has_webp {
            html.push_str("</picture>");
        }
        if let Some(caption) = &written.caption {
            let (begin, end) = if is_figure {
                ("<figcaption>", "</figcaption>")
            } else {
                ("<span class=\"caption\">", "</span>")
            };
            html.push_str(begin);
            html.push_str(&isolated(caption, lang));
            html.push_str(end);
        }
        self.out.push_str(&html);
    }

    fn digits(&self, number: usize) -> String {
        let style = self.context.site.config.date_style(self.context.lang);
        to_digits(&number.to_string(), style.digits)
    }

    fn footnote_ref(&mut self, id: u32) {
        let number = self.footnote_numbers[id as usize];
        self.n_refs[id as usize] += 1;
        let n_ref = self.n_refs[id as usize];
        let anchor =
            if n_ref == 1 { format!("{number}") } else { format!("{number}-{n_ref}") };
        let shown = self.digits(number);
        let next = self.begin_reference();
        // In brackets: a bare digit after a digit would be read with it (R30).
        let _ = write!(
            self.out,
            "<a class=\"footnote-ref{next}\" role=\"doc-noteref\" href=\"#fn-{number}\" \
             id=\"fnref-{anchor}\">[{shown}]</a>"
        );
        self.reference_end = Some(self.out.len());
    }

    /// Puts a reference close to the word before it, so that it never begins a line; gives
    /// a class where it follows another one, because their targets must not overlap.
    fn begin_reference(&mut self) -> &'static str {
        self.out.truncate(self.out.trim_end_matches([' ', '\n']).len());
        // Behind a stop a line may break before a bracket (UAX 14).
        if self.out.ends_with(['.', '،', '؛', '؟', '!', ':', '»', ')']) {
            self.out.push('\u{2060}');
        }
        let between = self.reference_end.and_then(|it| self.out.get(it..));
        if between.is_some_and(|it| it.trim().is_empty()) { " next-ref" } else { "" }
    }

    fn citation(&mut self, id: u32) {
        let found = self.found.references.citations.get(id as usize).copied().flatten();
        if let Some(source) = found {
            let number = source + 1;
            let shown = self.digits(number);
            let next = self.begin_reference();
            let _ = write!(
                self.out,
                "<a class=\"source-ref{next}\" href=\"#source-{number}\">[{shown}]</a>"
            );
            self.reference_end = Some(self.out.len());
        }
    }

    fn footnotes(&mut self) {
        let words = self.context.words;
        self.out
            .push_str("<section class=\"footnotes\" role=\"doc-endnotes\" aria-label=\"");
        escape(words.get("footnotes"), &mut self.out);
        self.out.push_str("\"><ol>\n");
        let document = self.document;
        for (at, footnote) in document.footnotes.iter().enumerate() {
            let Some((first, last)) = footnote.nodes else { continue };
            if footnote.n_references == 0 {
                continue;
            }
            let number = self.footnote_numbers[at];
            let _ = write!(self.out, "<li id=\"fn-{number}\">");
            // Footnotes stand where the author put them; the search for their names does
            // not start after the last one of the text.
            self.next_mention = 0;
            self.nodes(first as usize, last as usize + 1, true);
            if self.out.ends_with("</p>\n") {
                let without = self.out.len() - "</p>\n".len();
                self.out.truncate(without);
                self.back_link(number);
                self.out.push_str("</p>");
            } else {
                self.back_link(number);
            }
            self.out.push_str("</li>\n");
        }
        self.out.push_str("</ol></section>\n");
    }

    fn back_link(&mut self, number: usize) {
        let _ = write!(
            self.out,
            " <a class=\"footnote-back\" role=\"doc-backlink\" href=\"#fnref-{number}\" \
             aria-label=\""
        );
        escape(self.context.words.get("footnote_back"), &mut self.out);
        self.out.push_str("\">↑</a>");
    }
}

/// Address of a topic for readers of a language: its page there, in the default language,
/// or its line in the list of topics.
pub fn topic_href<'a>(
    site: &Site,
    links: &'a Links,
    topic: crate::model::TopicId,
    lang: &Lang,
) -> Option<Cow<'a, str>> {
    let routes = &links.routes;
    let at = routes.language(lang);
    let href = routes.topic_href(topic, at).or_else(|| routes.topic_href(topic, 0));
    Some(match href {
        Some(href) => href.into(),
        None => {
            let at = if is_listed(site, links, topic, at) { at } else { 0 };
            let list = routes.href(&routes.fixed(at, "topics/"));
            format!("{list}#{}", site.topics[topic.at()].id).into()
        }
    })
}

/// Whether a text is one number, with its sign, unit of percent, and range.
fn is_number(text: &str) -> bool {
    text.chars().any(char::is_numeric)
        && text.chars().all(|it| {
            it.is_numeric()
                || matches!(
                    it,
                    '.' | ',' | '%' | '+' | '-' | '−' | '–' | ' ' | '٪' | '٫' | '٬' | '~'
                )
        })
}

#[cfg(test)]
mod tests {
    use super::{escape, is_number};

    #[test]
    fn text_is_escaped_once() {
        let mut out = String::new();
        escape("<a href=\"x\">&amp;", &mut out);
        assert_eq!(out, "&lt;a href=&quot;x&quot;&gt;&amp;amp;");
    }

    #[test]
    fn r57_numbers_are_told_from_words() {
        assert!(is_number("12.5%") && is_number("٪٥٠") && is_number("2015–2018"));
        assert!(!is_number("12 كم") && !is_number("–"));
    }
}
