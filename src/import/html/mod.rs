//! HTML -> blocks: what readers of a page read, without what only a browser obeys.
//!
//! The text is taken from `<main>`, else from the only `<article>`, else from `<body>`
//! without its menus. Scripts, styles and forms are left out and counted. Addresses pass
//! the gate of our own Markdown (rows M1, M2); whether they lead somewhere is decided when
//! the site is put together.

mod head;
mod sink;

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::import::blocks::{Block, Run, Style, What, is_blank, plain};
use crate::import::tree::{Child, Element};
use crate::parse::address::target;
use crate::parse::document::Target;

/// A page of HTML.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// The text.
    pub(super) blocks: Vec<Block>,
    /// Its title, by the page's metadata or its first heading.
    pub(super) title: Option<String>,
    /// Its language.
    pub(super) lang: Option<String>,
    /// Its date, as written.
    pub(super) date: Option<String>,
    /// When it was changed, as written.
    pub(super) updated: Option<String>,
    /// Who wrote it.
    pub(super) authors: Vec<String>,
    /// What it says of itself.
    pub(super) summary: Option<String>,
    /// Words under which it is filed.
    pub(super) tags: Vec<String>,
    /// Its own address.
    pub(super) address: Option<String>,
    /// What was left out, with how often.
    pub(super) left: BTreeMap<String, usize>,
}

/// Reads a whole page.
///
/// # Errors
///
/// One sentence that says why it cannot be read.
pub(super) fn read(html: &str) -> Result<Page, String> {
    let root = sink::read(html)?;
    let mut page = Page::default();
    head::read_head(&root, &mut page);
    let (main, is_whole_body) = main_element(&root);
    let mut reader = Reader::new(main, is_whole_body);
    page.blocks = reader.blocks(&main.children, Style::default(), None);
    page.left = reader.left;
    take_title(&mut page);
    Ok(page)
}

/// Reads HTML that is a part of a page: the text of a post.
///
/// # Errors
///
/// One sentence that says why it cannot be read.
pub(super) fn fragment(
    html: &str,
) -> Result<(Vec<Block>, BTreeMap<String, usize>), String> {
    let root = sink::read(html)?;
    let mut reader = Reader::new(&root, false);
    let blocks = reader.blocks(&root.children, Style::default(), None);
    Ok((blocks, reader.left))
}

fn main_element(root: &Element) -> (&Element, bool) {
    let all = root.all();
    let of_name = |name: &str| all.iter().copied().filter(|it| it.name == name).collect();
    let mains: Vec<&Element> = of_name("main");
    if let [main, ..] = mains.as_slice() {
        return (main, false);
    }
    let articles: Vec<&Element> = of_name("article");
    if let [article] = articles.as_slice() {
        return (article, false);
    }
    let bodies: Vec<&Element> = of_name("body");
    (bodies.first().copied().unwrap_or(root), true)
}

/// Takes the first heading out of the text where it is the title, or makes it the title.
fn take_title(page: &mut Page) {
    let first = page.blocks.iter().position(|it| matches!(it, Block::Heading(..)));
    let Some(at) = first.filter(|it| *it < 3) else { return };
    let Some(Block::Heading(level, runs)) = page.blocks.get(at) else { return };
    let heading = plain(runs);
    let is_title = page.title.as_ref().is_some_and(|it| it.starts_with(&heading));
    if *level == 1 || is_title {
        page.title = Some(heading);
        page.blocks.remove(at);
    }
}

/// Elements that nobody reads.
const SILENT: [&str; 24] = [
    "script", "style", "noscript", "template", "form", "input", "button", "select",
    "textarea", "object", "embed", "canvas", "svg", "math", "nav", "head", "title",
    "meta", "link", "base", "dialog", "map", "applet", "frameset",
];

/// Elements that are a block of their own.
const BLOCKS: [&str; 36] = [
    "p",
    "div",
    "section",
    "article",
    "main",
    "header",
    "footer",
    "aside",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "menu",
    "dl",
    "dt",
    "dd",
    "li",
    "blockquote",
    "pre",
    "table",
    "hr",
    "figure",
    "figcaption",
    "address",
    "details",
    "summary",
    "center",
    "fieldset",
    "html",
    "body",
    "hgroup",
    "iframe",
];

fn is_block(element: &Element) -> bool {
    let is_own = |it: &Element| BLOCKS.contains(&it.name.as_str());
    is_own(element)
        || matches!(element.name.as_str(), "video" | "audio")
        || element.all().into_iter().any(is_own)
}

struct Reader {
    /// Id of each footnote's text, and its label.
    notes: BTreeMap<String, String>,
    is_whole_body: bool,
    left: BTreeMap<String, usize>,
}

impl Reader {
    fn new(root: &Element, is_whole_body: bool) -> Self {
        let all = root.all();
        let ids: Vec<&str> = all.iter().filter_map(|it| it.get("id")).collect();
        let mut notes = BTreeMap::new();
        for link in all.iter().filter(|it| it.name == "a") {
            let Some(id) = link.get("href").and_then(|it| it.strip_prefix('#')) else {
                continue;
            };
            // Word calls a note `ftn1` and the link to it `#_ftn1`.
            let id = id.strip_prefix('_').filter(|it| ids.contains(it)).unwrap_or(id);
            let label = link.text();
            let label = label.trim().trim_matches(['[', ']', '(', ')']);
            let is_number = !label.is_empty() && label.chars().all(char::is_numeric);
            let is_mark = is_number || matches!(label, "*" | "†" | "‡");
            let is_note = [
                "fn",
                "ftn",
                "edn",
                "footnote",
                "endnote",
                "note",
                "cite_note",
                "sdfootnote",
            ]
            .iter()
            .any(|it| id.trim_start_matches('_').starts_with(it));
            if is_mark && is_note && !id.contains("ref") && ids.contains(&id) {
                let n = notes.len() + 1;
                notes.entry(id.to_owned()).or_insert_with(|| n.to_string());
            }
        }
        Self { notes, is_whole_body, left: BTreeMap::new() }
    }

    fn leave(&mut self, what: impl Into<String>) {
        *self.left.entry(what.into()).or_default() += 1;
    }

    fn blocks(
        &mut self,
        children: &[Child],
        style: Style,
        link: Option<&Rc<str>>,
    ) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut line = Vec::new();
        for child in children {
            match child {
                Child::Element(it) if !self.is_silent(it) && is_block(it) => {
                    flush(&mut line, &mut blocks);
                    self.block(it, style, link, &mut blocks);
                }
                it => self.inline(it, style, link, &mut line),
            }
        }
        flush(&mut line, &mut blocks);
        blocks
    }

    /// Whether an element is left out, which is then counted.
    fn is_silent(&self, element: &Element) -> bool {
        let name = element.name.as_str();
        SILENT.contains(&name)
            || self.is_whole_body && matches!(name, "header" | "footer" | "aside")
            || element.get("hidden").is_some()
    }

    fn block(
        &mut self,
        element: &Element,
        style: Style,
        link: Option<&Rc<str>>,
        blocks: &mut Vec<Block>,
    ) {
        let note = element.get("id").and_then(|it| self.notes.get(it).cloned());
        if let Some(label) = note {
            let inner = self.blocks(&element.children, style, link);
            blocks.push(Block::Footnote(label, inner));
            return;
        }
        match element.name.as_str() {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                let level = element.name.bytes().next_back().map_or(2, |it| it - b'0');
                let runs = self.runs(element, style, link);
                // The first level is the title's.
                blocks.push(Block::Heading(level.max(1), runs));
            }
            "ul" | "menu" => {
                let items = self.items(element, style, link, blocks);
                if !items.is_empty() {
                    blocks.push(Block::List(items));
                }
            }
            "ol" => {
                let first = element.get("start").and_then(|it| it.trim().parse().ok());
                let items = self.items(element, style, link, blocks);
                if !items.is_empty() {
                    blocks.push(Block::Numbers(first.unwrap_or(1), items));
                }
            }
            "blockquote" => {
                let inner = self.blocks(&element.children, style, link);
                blocks.push(Block::Quote(inner));
            }
            "pre" => blocks.push(Block::Code(element.text())),
            "hr" => blocks.push(Block::Rule),
            "table" => self.table(element, style, link, blocks),
            "figure" => self.figure(element, style, link, blocks),
            "dt" => {
                let style = Style { is_strong: true, ..style };
                blocks.extend(self.blocks(&element.children, style, link));
            }
            "iframe" | "video" | "audio" => self.medium(element, blocks),
            _ => blocks.extend(self.blocks(&element.children, style, link)),
        }
    }

    /// The items of a list; footnotes among them go to `blocks`.
    fn items(
        &mut self,
        list: &Element,
        style: Style,
        link: Option<&Rc<str>>,
        blocks: &mut Vec<Block>,
    ) -> Vec<Vec<Block>> {
        let mut items: Vec<Vec<Block>> = Vec::new();
        for child in &list.children {
            match child {
                Child::Element(it) if it.name == "li" => {
                    let note = it.get("id").is_some_and(|it| self.notes.contains_key(it));
                    if note {
                        self.block(it, style, link, blocks);
                        continue;
                    }
                    items.push(self.blocks(&it.children, style, link));
                }
                Child::Text(it) if it.trim().is_empty() => {}
                it => {
                    let inner = self.blocks(std::slice::from_ref(it), style, link);
                    match items.last_mut() {
                        Some(last) => last.extend(inner),
                        None => items.push(inner),
                    }
                }
            }
        }
        items.retain(|it| !it.is_empty());
        items
    }

    /// What is shown by another program becomes a link to it.
    fn medium(&mut self, element: &Element, blocks: &mut Vec<Block>) {
        let inner = element.elements().find_map(|it| it.get("src"));
        let source = element.get("src").or(inner).unwrap_or_default();
        self.leave(format!("<{}>", element.name));
        let source = if source.starts_with("//") {
            format!("https:{source}")
        } else {
            source.to_owned()
        };
        if let Target::External(_) = target(&source) {
            let shown =
                element.get("title").map_or_else(|| source.clone(), str::to_owned);
            let link = Some(Rc::from(source.as_str()));
            blocks.push(Block::Paragraph(vec![Run { link, ..Run::text(shown) }]));
        }
    }

    fn figure(
        &mut self,
        figure: &Element,
        style: Style,
        link: Option<&Rc<str>>,
        blocks: &mut Vec<Block>,
    ) {
        let all = figure.all();
        let pictures: Vec<&&Element> = all.iter().filter(|it| it.name == "img").collect();
        let words = figure.elements().find(|it| it.name == "figcaption");
        let rest: String = figure
            .children
            .iter()
            .map(|it| match it {
                Child::Element(it) if it.name == "figcaption" => String::new(),
                Child::Element(it) => it.text(),
                Child::Text(it) => it.clone(),
            })
            .collect();
        if let ([picture], true) = (pictures.as_slice(), rest.trim().is_empty()) {
            let words = words.map(|it| self.runs(it, Style::default(), None));
            let words = plain(&words.unwrap_or_default());
            let mut line = Vec::new();
            self.picture(picture, style, None, &words, &mut line);
            flush(&mut line, blocks);
            return;
        }
        blocks.extend(self.blocks(&figure.children, style, link));
    }

    fn table(
        &mut self,
        table: &Element,
        style: Style,
        link: Option<&Rc<str>>,
        blocks: &mut Vec<Block>,
    ) {
        let mut rows = Vec::new();
        let mut waiting: Vec<&Element> = vec![table];
        let mut captions = Vec::new();
        while let Some(it) = waiting.pop() {
            match it.name.as_str() {
                "tr" => rows.push(it),
                "caption" => captions.push(it),
                _ => {
                    let inner: Vec<&Element> = it
                        .elements()
                        .filter(|it| {
                            matches!(
                                it.name.as_str(),
                                "thead" | "tbody" | "tfoot" | "tr" | "caption"
                            )
                        })
                        .collect();
                    waiting.extend(inner.into_iter().rev());
                }
            }
        }
        for caption in captions {
            blocks.extend(self.blocks(&caption.children, style, link));
        }
        let is_cell = |it: &&Element| matches!(it.name.as_str(), "td" | "th");
        // A table with a single column, or with tables in it, is there for the layout.
        let is_layout = rows.iter().all(|it| it.elements().filter(is_cell).count() <= 1)
            || 1 < table.all().iter().filter(|it| it.name == "table").count();
        if is_layout {
            for cell in rows.iter().flat_map(|it| it.elements().filter(is_cell)) {
                blocks.extend(self.blocks(&cell.children, style, link));
            }
            return;
        }
        let mut written = Vec::with_capacity(rows.len());
        for row in rows {
            let mut cells = Vec::new();
            for cell in row.elements().filter(is_cell) {
                cells.push(self.runs(cell, style, link));
                let n = cell.get("colspan").and_then(|it| it.parse::<usize>().ok());
                let n_more = n.unwrap_or(1).clamp(1, 50) - 1;
                cells.extend(std::iter::repeat_n(Vec::new(), n_more));
            }
            written.push(cells);
        }
        blocks.push(Block::Table(written));
    }

    /// The running text of an element; blocks in it are told apart by new lines.
    fn runs(
        &mut self,
        element: &Element,
        style: Style,
        link: Option<&Rc<str>>,
    ) -> Vec<Run> {
        let blocks = self.blocks(&element.children, style, link);
        flat(blocks)
    }

    fn inline(
        &mut self,
        child: &Child,
        style: Style,
        link: Option<&Rc<str>>,
        line: &mut Vec<Run>,
    ) {
        let push = |what: What, line: &mut Vec<Run>| {
            line.push(Run { what, style, link: link.cloned() });
        };
        let element = match child {
            Child::Text(text) => {
                push(What::Text(text.replace(['\n', '\t', '\r'], " ")), line);
                return;
            }
            Child::Element(it) => it,
        };
        if self.is_silent(element) {
            // What stands in the head of a page is read where it says something.
            if !matches!(
                element.name.as_str(),
                "head" | "title" | "meta" | "link" | "base"
            ) {
                self.leave(format!("<{}>", element.name));
            }
            return;
        }
        let mut inner = style;
        match element.name.as_str() {
            "br" => push(What::Break, line),
            "wbr" => {}
            "img" => self.picture(element, style, link, "", line),
            "code" | "kbd" | "samp" | "tt" if !element.text().trim().is_empty() => {
                push(What::Code(element.text()), line);
            }
            "q" => {
                push(What::Text("«".to_owned()), line);
                self.inner(element, style, link, line);
                push(What::Text("»".to_owned()), line);
            }
            "a" => self.anchor(element, style, link, line),
            name => {
                match name {
                    "b" | "strong" => inner.is_strong = true,
                    "i" | "em" | "cite" | "var" | "dfn" => inner.is_emphasis = true,
                    "s" | "del" | "strike" => inner.is_deleted = true,
                    "sup" if !self.holds_note(element) => inner.is_superscript = true,
                    "sub" => inner.is_subscript = true,
                    _ => {}
                }
                self.inner(element, inner, link, line);
            }
        }
    }

    fn inner(
        &mut self,
        element: &Element,
        style: Style,
        link: Option<&Rc<str>>,
        line: &mut Vec<Run>,
    ) {
        for child in &element.children {
            self.inline(child, style, link, line);
        }
    }

    fn note_of(&self, anchor: &Element) -> Option<String> {
        let id = anchor.get("href")?.strip_prefix('#')?;
        let word = id.strip_prefix('_').unwrap_or(id);
        self.notes.get(id).or_else(|| self.notes.get(word)).cloned()
    }

    fn holds_note(&self, element: &Element) -> bool {
        element.all().iter().any(|it| it.name == "a" && self.note_of(it).is_some())
    }

    fn anchor(
        &mut self,
        anchor: &Element,
        style: Style,
        link: Option<&Rc<str>>,
        line: &mut Vec<Run>,
    ) {
        if let Some(label) = self.note_of(anchor) {
            line.push(Run {
                what: What::Note(label),
                style: Style::default(),
                link: None,
            });
            return;
        }
        let address = anchor.get("href").unwrap_or_default().trim();
        let shown = anchor.text();
        let is_way_back = address.starts_with('#')
            && (address.contains("ref") || shown.trim().starts_with('↩'));
        if is_way_back && !self.notes.is_empty() {
            return;
        }
        let address: Option<Rc<str>> = match target(address) {
            Target::Refused if address.is_empty() => None,
            Target::Refused => {
                self.leave("address that no page may link to");
                None
            }
            // Places within a page are not kept.
            Target::Fragment(_) => None,
            _ => Some(Rc::from(address)),
        };
        self.inner(anchor, style, address.as_ref().or(link), line);
    }

    fn picture(
        &mut self,
        picture: &Element,
        style: Style,
        link: Option<&Rc<str>>,
        words: &str,
        line: &mut Vec<Run>,
    ) {
        let lazy = ["data-src", "data-lazy-src", "data-original"];
        let lazy = lazy.iter().find_map(|it| picture.get(it));
        let file = lazy.or_else(|| picture.get("src")).unwrap_or_default().trim();
        if file.is_empty() || matches!(target(file), Target::Refused) {
            let is_inline = file.starts_with("data:");
            self.leave(if is_inline { "picture within the page" } else { "<img>" });
            return;
        }
        let text = |name: &str| {
            let text = picture.get(name).unwrap_or_default();
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        let caption = if words.is_empty() { text("title") } else { words.to_owned() };
        let what = What::Picture { file: file.to_owned(), alt: text("alt"), caption };
        line.push(Run { what, style, link: link.cloned() });
    }
}

/// Ends a line of running text.
fn flush(line: &mut Vec<Run>, blocks: &mut Vec<Block>) {
    let runs = std::mem::take(line);
    if !is_blank(&runs) {
        blocks.push(Block::Paragraph(runs));
    }
}

/// Blocks as running text, for a heading or the cell of a table.
pub(super) fn flat(blocks: Vec<Block>) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut waiting: Vec<Block> = blocks.into_iter().rev().collect();
    while let Some(block) = waiting.pop() {
        let line = match block {
            Block::Heading(_, line) | Block::Paragraph(line) => line,
            Block::Code(text) => vec![Run { what: What::Code(text), ..Run::text("") }],
            Block::Rule => continue,
            Block::Quote(inner) | Block::Footnote(_, inner) => {
                waiting.extend(inner.into_iter().rev());
                continue;
            }
            Block::List(items) | Block::Numbers(_, items) => {
                waiting.extend(items.into_iter().flatten().rev());
                continue;
            }
            Block::Table(rows) => {
                let cells = rows.into_iter().flatten().map(Block::Paragraph);
                let cells: Vec<Block> = cells.collect();
                waiting.extend(cells.into_iter().rev());
                continue;
            }
        };
        if !runs.is_empty() {
            runs.push(Run { what: What::Break, ..Run::text("") });
        }
        runs.extend(line);
    }
    runs
}
