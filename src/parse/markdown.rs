//! Markdown -> `Document`. The one file that names pulldown-cmark.
//!
//! Smart punctuation is off (rtl-rules R52), table alignment becomes logical (R56), raw
//! HTML is shown as text unless it passes the gate (`html`), and comments (`comments`) are
//! not shown. Of our own come the marks of `marks` and links by id (`address`).

mod gate;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{
    Alignment, BlockQuoteKind, CodeBlockKind, CowStr, Event, HeadingLevel, LinkType,
    Options, Parser, Tag, TagEnd,
};

use crate::config::HtmlPolicy;
use crate::diag::{At, Checked, Diagnostic, Place, SourcePath, Span};
use crate::parse::address::{target, wiki_target};
use crate::parse::comments::{self, Comments};
use crate::parse::document::{
    Align, Document, Element, Footnote, Heading, Link, Node, NoteKind, Picture, Target,
};
use crate::parse::list_markers::ascii_markers;
use crate::parse::marks::{MarkSort, find_mark};
use crate::text::reading::word_count;

/// Deepest nesting of blocks that is read; deeper ones are reported (row M5).
const MAX_DEPTH: usize = 64;

/// Reads the Markdown that is `body` of the file.
///
/// `takes_title` says that a first-level heading at the beginning is the title, `policy`
/// what becomes of HTML.
pub fn parse(
    path: &SourcePath,
    source: &Arc<str>,
    body: Range<usize>,
    takes_title: bool,
    policy: HtmlPolicy,
) -> Checked<Document> {
    let written = source.get(body.clone()).unwrap_or_default();
    let markdown = ascii_markers(written);
    let html_blocks = html_blocks(&markdown);
    let (markdown, comments) = Comments::find(markdown, &html_blocks);
    let markdown = &*markdown;
    let mut builder = Builder {
        markdown,
        comments,
        document: Document::new(path.clone(), Arc::clone(source)),
        base: body.start,
        run: None,
        policy,
        is_html_block: false,
        html_paragraph: None,
        open: Vec::new(),
        aligns: Vec::new(),
        n_columns: 0,
        picture: None,
        title: None,
        takes_title,
        has_first_level: false,
        footnotes: BTreeMap::new(),
        diagnostics: Vec::new(),
    };
    for (event, range) in Parser::new_ext(markdown, options()).into_offset_iter() {
        builder.event(event, range);
        if MAX_DEPTH < builder.open.len() {
            let place = builder.place(0..0);
            let message = format!("the text nests more than {MAX_DEPTH} quotes or lists");
            let error = Diagnostic::error("too-deep", place, message);
            builder.diagnostics.push(error.with_help("take some levels out"));
            let document = Document::new(path.clone(), Arc::clone(source));
            return Checked { value: document, diagnostics: builder.diagnostics };
        }
    }
    builder.report_open_comments();
    builder.finish()
}

/// The blocks of HTML in which there can be a comment, as the bytes of their lines.
fn html_blocks(markdown: &str) -> Vec<Vec<Range<usize>>> {
    let mut blocks: Vec<Vec<Range<usize>>> = Vec::new();
    if !markdown.contains(comments::BEGIN) {
        return blocks;
    }
    for (event, range) in Parser::new_ext(markdown, options()).into_offset_iter() {
        match event {
            Event::Start(Tag::HtmlBlock) => blocks.push(Vec::new()),
            Event::Html(_) => {
                blocks.last_mut().into_iter().for_each(|it| it.push(range.clone()));
            }
            _ => {}
        }
    }
    blocks
}

/// A link definition: `[label]: target "title"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// Its label, as written.
    pub label: String,
    /// Where it leads.
    pub target: Target,
    /// The whole of it.
    pub span: Span,
}

/// The link definitions of the Markdown that is `body`, in source order.
///
/// A `Document` does not hold them, because it holds what they stand for at each link.
pub fn definitions(source: &str, body: Range<usize>) -> Vec<Definition> {
    let markdown = source.get(body.clone()).unwrap_or_default();
    let parser = Parser::new_ext(markdown, options());
    let all = parser.reference_definitions().iter().map(|(label, it)| Definition {
        label: label.to_owned(),
        target: target(&it.dest),
        span: Span::new(body.start + it.span.start, body.start + it.span.end),
    });
    let mut all: Vec<Definition> = all.collect();
    all.sort_by_key(|it| it.span);
    all
}

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_SUPERSCRIPT
        | Options::ENABLE_SUBSCRIPT
        | Options::ENABLE_WIKILINKS
        | Options::ENABLE_GFM
}

struct Builder<'m> {
    document: Document,
    /// What is parsed: the source with its list markers in ASCII and without the comments
    /// in front of words, byte for byte as long.
    markdown: &'m str,
    comments: Comments,
    base: usize,
    /// Text that is being gathered: contiguous in the source, not yet looked into.
    run: Option<Range<usize>>,
    policy: HtmlPolicy,
    /// Whether a block of HTML is being read.
    is_html_block: bool,
    /// How many elements are open around the paragraph that words in a block of HTML have.
    html_paragraph: Option<usize>,
    open: Vec<Element>,
    aligns: Vec<Align>,
    n_columns: usize,
    /// Alternative text of the picture that is being read.
    picture: Option<String>,
    /// Node at which a first heading that may be the title begins.
    title: Option<usize>,
    takes_title: bool,
    has_first_level: bool,
    footnotes: BTreeMap<Box<str>, u32>,
    diagnostics: Vec<Diagnostic>,
}

impl Builder<'_> {
    fn span(&self, range: &Range<usize>) -> Span {
        Span::new(self.base + range.start, self.base + range.end)
    }

    fn place(&self, range: Range<usize>) -> Place {
        Place { path: self.document.path.clone(), span: self.span(&range) }
    }

    fn report(
        &mut self,
        code: &'static str,
        range: &Range<usize>,
        message: String,
        help: &str,
    ) {
        let error = Diagnostic::error(code, self.place(range.clone()), message);
        self.diagnostics.push(error.with_help(help));
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        if let Some(alt) = &mut self.picture {
            match event {
                Event::Text(text) | Event::Code(text) => alt.push_str(&text),
                Event::SoftBreak | Event::HardBreak => alt.push(' '),
                Event::End(TagEnd::Image) => self.end_picture(),
                _ => {}
            }
            return;
        }
        match event {
            Event::Text(text) => self.text(&text, range),
            Event::Code(text) => {
                let inner = self.find(&text, &range);
                match inner {
                    Some(inner) => self.leaf(Node::Code, inner),
                    None => self.leaf(Node::Code, range),
                }
            }
            Event::SoftBreak => self.leaf(Node::SoftBreak, range),
            Event::HardBreak => self.leaf(Node::HardBreak, range),
            Event::Rule => self.leaf(Node::Rule, range),
            Event::FootnoteReference(label) => {
                let footnote = self.footnote(&label);
                self.document.footnotes[footnote as usize].n_references += 1;
                self.leaf(Node::FootnoteRef(footnote), range);
            }
            Event::Start(tag) => self.start(tag, range),
            Event::End(end) => self.end(end, range),
            Event::Html(html) | Event::InlineHtml(html) => self.html(&html, range),
            Event::TaskListMarker(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
    }

    fn leaf(&mut self, node: Node, range: Range<usize>) {
        self.flush();
        let span = self.span(&range);
        self.document.push(node, span);
    }

    /// Where `text` stands inside `range` of the source.
    fn find(&self, text: &str, range: &Range<usize>) -> Option<Range<usize>> {
        let source =
            self.document.source.get(self.base + range.start..self.base + range.end)?;
        let at = source.find(text)?;
        Some(range.start + at..range.start + at + text.len())
    }

    fn text(&mut self, text: &CowStr<'_>, range: Range<usize>) {
        let parsed = self.markdown.get(range.clone()).unwrap_or_default();
        if parsed == &**text {
            match &mut self.run {
                Some(run) if run.end == range.start => run.end = range.end,
                _ => {
                    self.flush();
                    self.run = Some(range);
                }
            }
            return;
        }
        self.flush();
        let owned = u32::try_from(self.document.owned.len()).unwrap_or(u32::MAX);
        self.document.owned.push(text.to_string().into_boxed_str());
        self.leaf(Node::OwnedText(owned), range);
    }

    /// Ends the run of text: looks for our own marks in it and adds what it holds.
    fn flush(&mut self) {
        let Some(run) = self.run.take() else { return };
        let source = Arc::clone(&self.document.source);
        let text =
            source.get(self.base + run.start..self.base + run.end).unwrap_or_default();
        let is_code = self.open.contains(&Element::CodeBlock);
        if !is_code {
            self.report_comment_in(text, &run);
        }
        let mut done = 0;
        while !is_code && let Some(mark) = find_mark(text, done) {
            self.plain(run.start + done..run.start + mark.range.start);
            let range = run.start + mark.range.start..run.start + mark.range.end;
            match mark.sort {
                MarkSort::NoLink => {
                    self.open.push(Element::NoLink);
                    let span = self.span(&range);
                    self.document.push(Node::Open(Element::NoLink), span);
                }
                MarkSort::EndNoLink if self.open.last() == Some(&Element::NoLink) => {
                    self.open.pop();
                    let span = self.span(&range);
                    self.document.push(Node::Close(Element::NoLink), span);
                }
                MarkSort::EndNoLink => {
                    let message = "`{/nolink}` ends nothing that began in this paragraph";
                    let help = "put `{nolink}` before the words, in the same paragraph and \
                                outside or inside the same emphasis";
                    self.report("nolink", &range, message.to_owned(), help);
                }
                MarkSort::Emphasis { element, inner } => {
                    let open = run.start + mark.range.start..run.start + inner.start;
                    let close = run.start + inner.end..run.start + mark.range.end;
                    let (open, close) = (self.span(&open), self.span(&close));
                    self.document.push(Node::Open(element), open);
                    self.plain(run.start + inner.start..run.start + inner.end);
                    self.document.push(Node::Close(element), close);
                }
                MarkSort::Citation(id) => {
                    let citations = &mut self.document.outline.citations;
                    let at = citations.iter().position(|it| **it == *id).unwrap_or_else(
                        || {
                            citations.push(id.into());
                            citations.len() - 1
                        },
                    );
                    let at = u32::try_from(at).unwrap_or(u32::MAX);
                    let span = self.span(&range);
                    self.document.push(Node::Citation(at), span);
                }
            }
            done = mark.range.end;
        }
        self.plain(run.start + done..run.end);
    }

    fn plain(&mut self, range: Range<usize>) {
        if !range.is_empty() {
            let span = self.span(&range);
            self.document.push(Node::Text, span);
        }
    }

    fn report_open_comments(&mut self) {
        for range in std::mem::take(&mut self.comments.open) {
            let message = "a comment begins here and never ends: all that follows would be \
                           hidden";
            let help = "write `-->` where it ends";
            self.report("open-comment", &range, message.to_owned(), help);
        }
    }

    /// Reports the beginning of a comment that has no end in its paragraph: it would be
    /// shown to readers, and the comment with it.
    fn report_comment_in(&mut self, text: &str, run: &Range<usize>) {
        let is_escaped = |at: usize| {
            let before = self.markdown.get(..run.start + at).unwrap_or_default();
            (before.len() - before.trim_end_matches('\\').len()) % 2 == 1
        };
        let mut all = text.match_indices("<!--").map(|(at, _)| at);
        let Some(at) = all.find(|at| !is_escaped(*at)) else { return };
        let message =
            "a comment begins here and does not end in this paragraph".to_owned();
        let help = "write `-->` where it ends, and begin it on a line of its own if it has \
                    several paragraphs; `\\<!--` shows the sign";
        let range = run.start + at..run.start + at + "<!--".len();
        self.report("open-comment", &range, message, help);
    }

    fn footnote(&mut self, label: &str) -> u32 {
        if let Some(at) = self.footnotes.get(label) {
            return *at;
        }
        let at = u32::try_from(self.document.footnotes.len()).unwrap_or(u32::MAX);
        let footnote = Footnote { label: label.into(), nodes: None, n_references: 0 };
        self.document.footnotes.push(footnote);
        self.footnotes.insert(label.into(), at);
        at
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        self.flush();
        let element = match tag {
            Tag::Paragraph => Element::Paragraph,
            Tag::Heading { level, id, .. } => self.heading(level, id, &range),
            Tag::BlockQuote(None) => Element::Quote,
            Tag::BlockQuote(Some(kind)) => Element::Note(match kind {
                BlockQuoteKind::Note => NoteKind::Note,
                BlockQuoteKind::Tip => NoteKind::Tip,
                BlockQuoteKind::Important => NoteKind::Important,
                BlockQuoteKind::Warning => NoteKind::Warning,
                BlockQuoteKind::Caution => NoteKind::Caution,
            }),
            Tag::CodeBlock(CodeBlockKind::Indented | CodeBlockKind::Fenced(_)) => {
                Element::CodeBlock
            }
            Tag::List(None) => Element::List,
            Tag::List(Some(start)) => {
                Element::OrderedList(u32::try_from(start).unwrap_or(1))
            }
            Tag::Item => Element::Item,
            Tag::FootnoteDefinition(label) => {
                let footnote = self.footnote(&label);
                let at = u32::try_from(self.document.nodes.len()).unwrap_or(u32::MAX);
                self.document.footnotes[footnote as usize].nodes = Some((at, at));
                Element::Footnote(footnote)
            }
            Tag::DefinitionList => Element::Terms,
            Tag::DefinitionListTitle => Element::Term,
            Tag::DefinitionListDefinition => Element::Definition,
            Tag::Table(aligns) => {
                self.aligns = aligns.into_iter().map(logical).collect();
                Element::Table
            }
            Tag::TableHead => {
                self.n_columns = 0;
                Element::TableHead
            }
            Tag::TableRow => {
                self.n_columns = 0;
                Element::Row
            }
            Tag::TableCell => {
                let align = self.aligns.get(self.n_columns).copied();
                let align = align.unwrap_or(Align::Natural);
                self.n_columns += 1;
                if self.open.last() == Some(&Element::TableHead) {
                    Element::HeadCell(align)
                } else {
                    Element::Cell(align)
                }
            }
            Tag::Emphasis => Element::Emphasis,
            Tag::Strong => Element::Strong,
            Tag::Strikethrough => Element::Deleted,
            Tag::Superscript => Element::Superscript,
            Tag::Subscript => Element::Subscript,
            Tag::Link { link_type, dest_url, .. } => {
                self.link(link_type, &dest_url, &range)
            }
            Tag::Image { dest_url, title, .. } => {
                let file = dest_url.to_string().into_boxed_str();
                let caption = (!title.is_empty()).then(|| title.to_string());
                let at = u32::try_from(self.document.outline.pictures.len())
                    .unwrap_or(u32::MAX);
                self.document.outline.pictures.push(Picture {
                    file,
                    alt: String::new(),
                    caption,
                });
                self.leaf(Node::Picture(at), range);
                self.picture = Some(String::new());
                return;
            }
            Tag::HtmlBlock => {
                self.is_html_block = true;
                return;
            }
            Tag::MetadataBlock(_) => return,
        };
        self.open.push(element);
        let span = self.span(&range);
        self.document.push(Node::Open(element), span);
        if element == Element::TableHead {
            self.open_row(span);
        }
    }

    /// pulldown-cmark puts the cells of the head straight into it; we want a row as well.
    fn open_row(&mut self, span: Span) {
        self.document.push(Node::Open(Element::Row), span);
    }

    fn heading(
        &mut self,
        level: HeadingLevel,
        id: Option<CowStr<'_>>,
        range: &Range<usize>,
    ) -> Element {
        let level = level as u8;
        if level == 1 {
            if self.takes_title && self.document.nodes.is_empty() {
                self.title = Some(0);
            } else {
                self.has_first_level = true;
            }
        }
        let at = u32::try_from(self.document.outline.headings.len()).unwrap_or(u32::MAX);
        let id = id.map(|it| it.to_string()).unwrap_or_default();
        let is_clean = |it: char| it.is_alphanumeric() || matches!(it, '-' | '_');
        if !id.chars().all(is_clean) {
            let message =
                format!("`{}` cannot be the name of a heading", id.escape_debug());
            let help = "use letters, digits, `-` and `_`";
            self.report("bad-heading-id", range, message, help);
        }
        let own_id: String = id.chars().filter(|it| is_clean(*it)).collect();
        let own_id = (!own_id.is_empty()).then(|| own_id.into());
        let (id, text) = (String::new(), String::new());
        self.document.outline.headings.push(Heading { level, own_id, id, text });
        Element::Heading(at)
    }

    fn link(&mut self, link_type: LinkType, to: &str, range: &Range<usize>) -> Element {
        let (target, has_words) = match link_type {
            LinkType::WikiLink { has_pothole } => (wiki_target(to), has_pothole),
            LinkType::Email => (Target::External(format!("mailto:{to}").into()), true),
            _ => (target(to), true),
        };
        if target == Target::Refused {
            let shown = to.escape_debug();
            let message = format!("`{shown}` is not an address that a page may link to");
            let help = "write a web address from `https://` on, a `.md` file, `topic:id` or \
                        `briefing:id`";
            self.report("bad-link", range, message, help);
        }
        let at = u32::try_from(self.document.outline.links.len()).unwrap_or(u32::MAX);
        self.document.outline.links.push(Link { target, has_words });
        Element::Link(at)
    }

    fn end(&mut self, end: TagEnd, range: Range<usize>) {
        self.flush();
        match end {
            TagEnd::HtmlBlock => {
                self.end_html_block(range.end);
                return;
            }
            TagEnd::MetadataBlock(_) => return,
            _ => {}
        }
        loop {
            match self.open.last() {
                Some(Element::NoLink) => {
                    self.open.pop();
                    let open = Node::Open(Element::NoLink);
                    let begin = self.document.nodes.iter().rposition(|it| *it == open);
                    let span =
                        begin.map(|it| self.document.spans[it]).unwrap_or_default();
                    self.document.push(Node::Close(Element::NoLink), self.span(&range));
                    let place = Place { path: self.document.path.clone(), span };
                    let message = "`{nolink}` is not ended in the same paragraph";
                    let help =
                        "put `{/nolink}` after the words that are to stay without a link";
                    let error = Diagnostic::error("nolink", place, message);
                    self.diagnostics.push(error.with_help(help));
                }
                Some(Element::Html(..)) => self.close_unclosed(range.end),
                _ => break,
            }
        }
        let Some(element) = self.open.pop() else { return };
        let span = self.span(&range);
        match element {
            Element::TableHead => {
                self.document.push(Node::Close(Element::Row), span);
                self.document.push(Node::Close(element), span);
                self.document.push(Node::Open(Element::TableBody), span);
                return;
            }
            Element::Table => self.document.push(Node::Close(Element::TableBody), span),
            Element::Link(at) => self.show_name(at, span),
            _ => {}
        }
        self.document.push(Node::Close(element), span);
        let last = self.document.nodes.len() - 1;
        match element {
            Element::Footnote(at) => {
                let last = u32::try_from(last).unwrap_or(u32::MAX);
                if let Some((_, end)) = &mut self.document.footnotes[at as usize].nodes {
                    *end = last;
                }
            }
            Element::Heading(at) => self.end_heading(at, last),
            _ => {}
        }
    }

    /// Makes the name in a `[[name]]` without words of its own one node.
    fn show_name(&mut self, at: u32, span: Span) {
        if self.document.outline.links[at as usize].has_words {
            return;
        }
        let open = Node::Open(Element::Link(at));
        if let Some(start) = self.document.nodes.iter().rposition(|it| *it == open) {
            self.document.nodes.truncate(start + 1);
            self.document.spans.truncate(start + 1);
            let text = u32::try_from(self.document.owned.len()).unwrap_or(u32::MAX);
            let name = self.document.outline.links[at as usize].target.name().into();
            self.document.owned.push(name);
            self.document.push(Node::OwnedText(text), span);
        }
    }

    fn end_heading(&mut self, at: u32, last: usize) {
        let open = Node::Open(Element::Heading(at));
        let start =
            self.document.nodes.iter().rposition(|it| *it == open).unwrap_or(last);
        let text = self.document.plain_text(start..last);
        if self.title == Some(start) {
            self.check_title(start..last);
            let place = Place {
                path: self.document.path.clone(),
                span: self.document.spans[start],
            };
            self.document.outline.title = Some(At { value: text, place });
            self.document.nodes.clear();
            self.document.spans.clear();
            self.document.outline.headings.clear();
            self.document.outline.links.clear();
            self.title = None;
            return;
        }
        self.document.outline.headings[at as usize].text = text;
    }

    /// Reports a link in the title that has no words of its own: a title cannot wait for
    /// those of its target, and an id is no title.
    fn check_title(&mut self, nodes: Range<usize>) {
        let has_words = |it: &Node| match it {
            Node::Open(Element::Link(at)) => {
                self.document.outline.links[*at as usize].has_words
            }
            _ => true,
        };
        let Some(at) = nodes.into_iter().find(|it| !has_words(&self.document.nodes[*it]))
        else {
            return;
        };
        let place =
            Place { path: self.document.path.clone(), span: self.document.spans[at] };
        let message = "a title holds words, and this link has none of its own".to_owned();
        let error = Diagnostic::error("link-in-title", place, message);
        let help = "write the words in place of the link";
        self.diagnostics.push(error.with_help(help));
    }

    fn end_picture(&mut self) {
        let alt = self.picture.take().unwrap_or_default();
        let Some(Node::Picture(at)) = self.document.nodes.last().copied() else { return };
        let span = self.document.spans.last().copied().unwrap_or_default();
        if alt.trim().is_empty() {
            let file = self.document.outline.pictures[at as usize].file.clone();
            let place = Place { path: self.document.path.clone(), span };
            let message =
                format!("the picture `{file}` says nothing to those who do not see it");
            let error = Diagnostic::error("missing-alt", place, message);
            let help = format!("describe it: `![what it shows]({file})`");
            self.diagnostics.push(error.with_help(help));
        }
        alt.trim().clone_into(&mut self.document.outline.pictures[at as usize].alt);
    }

    fn finish(mut self) -> Checked<Document> {
        self.flush();
        while !self.open.is_empty() {
            self.close_unclosed(self.markdown.len());
        }
        // Where the text itself uses first-level headings, all move down by one.
        for heading in &mut self.document.outline.headings {
            let level = heading.level + u8::from(self.has_first_level);
            heading.level = level.clamp(2, 6);
        }
        self.document.name_headings();
        self.document.outline.n_words = count_words(&self.document);
        for footnote in &self.document.footnotes {
            let Some((at, _)) = footnote.nodes else { continue };
            if footnote.n_references == 0 {
                let place = Place {
                    path: self.document.path.clone(),
                    span: self.document.spans[at as usize],
                };
                let message = format!(
                    "no place in the text leads to the footnote `{}`",
                    footnote.label
                );
                let warning = Diagnostic::warning("unused-footnote", place, message);
                let help = format!("put `[^{}]` where it belongs", footnote.label);
                self.diagnostics.push(warning.with_help(help));
            }
        }
        Checked { value: self.document, diagnostics: self.diagnostics }
    }
}

/// Words of the text, without pull-quotes and footnotes.
pub(crate) fn count_words(document: &Document) -> u32 {
    let mut n_words = 0;
    let mut skipped = 0_u32;
    for (at, node) in document.nodes.iter().enumerate() {
        match node {
            Node::Open(
                Element::PullQuote | Element::Footnote(_) | Element::CodeBlock,
            ) => {
                skipped += 1;
            }
            Node::Close(
                Element::PullQuote | Element::Footnote(_) | Element::CodeBlock,
            ) => {
                skipped -= 1;
            }
            Node::Text | Node::OwnedText(_) if skipped == 0 => {
                n_words += word_count(document.text(at));
            }
            _ => {}
        }
    }
    u32::try_from(n_words).unwrap_or(u32::MAX)
}

fn logical(align: Alignment) -> Align {
    match align {
        Alignment::None => Align::Natural,
        Alignment::Left => Align::Start,
        Alignment::Center => Align::Center,
        Alignment::Right => Align::End,
    }
}
