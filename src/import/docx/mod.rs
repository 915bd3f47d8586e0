//! Word files -> blocks.
//!
//! Headings are told by outline and style, in any language of Word; tracked insertions
//! are part of the text and deletions are not, which the report counts; comments are
//! never part of it. Pictures come along as files.

mod lists;
mod package;
mod properties;
mod styles;

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::import::blocks::{Block, Run, Style, What, is_blank, plain};
use crate::import::docx::lists::{Item, end_list};
use crate::import::docx::package::Package;
use crate::import::docx::properties::{count_others, read_properties};
use crate::import::docx::styles::{Marker, Numbering, Role, Styles, value};
use crate::import::html::flat;
use crate::import::tree::{Child, Element};
use crate::parse::address::target;
use crate::parse::document::Target;

/// A Word file.
#[derive(Debug, Default)]
pub(super) struct WordFile {
    /// The text.
    pub(super) blocks: Vec<Block>,
    /// Its title.
    pub(super) title: Option<String>,
    /// Who the file says has made it.
    pub(super) creator: Option<String>,
    /// When the file says it was last changed, or made.
    pub(super) date: Option<String>,
    /// What it says of itself.
    pub(super) summary: Option<String>,
    /// Words under which it is filed.
    pub(super) tags: Vec<String>,
    /// Pictures, by the names that the text has for them.
    pub(super) pictures: BTreeMap<String, Vec<u8>>,
    /// What was left out, with how often.
    pub(super) left: BTreeMap<String, usize>,
    /// What somebody should know of the text, with how often.
    pub(super) changes: BTreeMap<String, usize>,
}

/// Reads a Word file.
///
/// # Errors
///
/// One sentence that says why it is refused.
pub(super) fn read(bytes: &[u8]) -> Result<WordFile, String> {
    let mut package = Package::open(bytes)?;
    let main = main_part(&mut package)?;
    let (folder, name) = main.rsplit_once('/').unwrap_or(("", &main));
    let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let root = package.xml(&main)?.ok_or("it is no Word file (.docx)")?;
    let mut file = WordFile::default();
    let mut reader = Reader {
        styles: package.xml(&format!("{folder}styles.xml"))?.map(|it| Styles::read(&it)),
        numbering: package
            .xml(&format!("{folder}numbering.xml"))?
            .map(|it| Numbering::read(&it))
            .unwrap_or_default(),
        targets: targets(&mut package, &format!("{folder}_rels/{name}.rels"))?,
        notes: Vec::new(),
        wanted: BTreeMap::new(),
        boxes: Vec::new(),
        fields: Vec::new(),
        file: &mut file,
    };
    let body = root.child("body").ok_or("it has no text")?;
    let blocks = reader.blocks(&body.children);
    let footnotes = reader.footnotes(&mut package, &folder)?;
    let wanted = std::mem::take(&mut reader.wanted);
    file.blocks = blocks;
    file.blocks.extend(footnotes);
    for (name, part) in wanted {
        let part = match part.strip_prefix('/') {
            Some(whole) => whole.to_owned(),
            None => format!("{folder}{part}"),
        };
        let bytes = package.bytes(&part)?;
        match bytes {
            Some(bytes) => {
                file.pictures.insert(name, bytes);
            }
            None => {
                *file.left.entry(format!("missing picture `{name}`")).or_default() += 1;
            }
        }
    }
    read_properties(&mut package, &mut file)?;
    count_others(&mut package, &folder, &mut file)?;
    take_title(&mut file);
    Ok(file)
}

/// The part that holds the text.
fn main_part(package: &mut Package<'_>) -> Result<String, String> {
    let root = package.xml("_rels/.rels")?;
    let found = root.and_then(|root| {
        let is_main = |it: &&Element| {
            it.get("Type").is_some_and(|it| it.ends_with("/officeDocument"))
        };
        let target = root.elements().find(is_main)?.get("Target")?;
        Some(target.trim_start_matches('/').to_owned())
    });
    Ok(found.unwrap_or_else(|| "word/document.xml".to_owned()))
}

/// Where the ids of a part lead.
fn targets(
    package: &mut Package<'_>,
    name: &str,
) -> Result<BTreeMap<String, String>, String> {
    let Some(root) = package.xml(name)? else { return Ok(BTreeMap::new()) };
    let pair =
        |it: &Element| Some((it.get("Id")?.to_owned(), it.get("Target")?.to_owned()));
    Ok(root.elements().filter_map(pair).collect())
}

/// Takes the title out of the text: a paragraph in the style of titles, else a first
/// heading at the very beginning.
fn take_title(file: &mut WordFile) {
    let is_title = |it: &Block| matches!(it, Block::Heading(1, _));
    let at = file.blocks.iter().take(4).position(is_title);
    if let Some(Block::Heading(1 | 2, runs)) = file.blocks.get(at.unwrap_or(0)) {
        file.title = Some(plain(runs));
        file.blocks.remove(at.unwrap_or(0));
    }
}

/// A field whose result is being read.
struct Field {
    instruction: String,
    is_result: bool,
}

struct Reader<'a> {
    styles: Option<Styles>,
    numbering: Numbering,
    targets: BTreeMap<String, String>,
    /// Footnotes and endnotes in the order of their references: the part, and the id.
    notes: Vec<(&'static str, String)>,
    /// Pictures that the text shows: name, and part.
    wanted: BTreeMap<String, String>,
    /// Texts of boxes, which follow the paragraph that they are fixed to.
    boxes: Vec<Block>,
    fields: Vec<Field>,
    file: &'a mut WordFile,
}

impl Reader<'_> {
    fn leave(&mut self, what: &str) {
        *self.file.left.entry(what.to_owned()).or_default() += 1;
    }

    fn change(&mut self, what: &str) {
        *self.file.changes.entry(what.to_owned()).or_default() += 1;
    }

    fn blocks(&mut self, children: &[Child]) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut items: Vec<Item> = Vec::new();
        self.append_blocks(children, &mut blocks, &mut items);
        end_list(&mut items, &mut blocks);
        blocks
    }

    fn append_blocks(
        &mut self,
        children: &[Child],
        blocks: &mut Vec<Block>,
        items: &mut Vec<Item>,
    ) {
        for child in children {
            let Child::Element(element) = child else { continue };
            match element.local() {
                "p" => self.paragraph(element, blocks, items),
                "tbl" => {
                    end_list(items, blocks);
                    self.table(element, blocks);
                }
                "sdt" => {
                    if let Some(inner) = element.child("sdtContent") {
                        self.append_blocks(&inner.children, blocks, items);
                    }
                }
                "ins" | "moveTo" | "customXml" | "smartTag" => {
                    self.append_blocks(&element.children, blocks, items);
                }
                "altChunk" => self.leave("embedded file"),
                _ => {}
            }
        }
    }

    fn paragraph(
        &mut self,
        paragraph: &Element,
        blocks: &mut Vec<Block>,
        items: &mut Vec<Item>,
    ) {
        let properties = paragraph.child("pPr");
        let styles = self.styles.take().unwrap_or_default();
        let role = styles.role(properties);
        let list = styles.list(properties);
        self.styles = Some(styles);
        if role == Role::Contents {
            self.leave("line of a table of contents");
            return;
        }
        let mut runs = Vec::new();
        self.runs(&paragraph.children, None, &mut runs);
        let boxes = std::mem::take(&mut self.boxes);
        if let (Some((list, level)), Role::Text) = (&list, role)
            && !is_blank(&runs)
        {
            let marker = self.numbering.marker(list, *level);
            if marker != Marker::None {
                let mut inner = vec![Block::Paragraph(runs)];
                inner.extend(boxes);
                items.push(Item { level: *level, marker, blocks: inner });
                return;
            }
        }
        end_list(items, blocks);
        if !is_blank(&runs) {
            match role {
                Role::Title => blocks.push(Block::Heading(1, unstyled(runs))),
                Role::Heading(level) => {
                    blocks.push(Block::Heading((level + 1).min(6), unstyled(runs)));
                }
                Role::Quote => match blocks.last_mut() {
                    Some(Block::Quote(inner)) => inner.push(Block::Paragraph(runs)),
                    _ => blocks.push(Block::Quote(vec![Block::Paragraph(runs)])),
                },
                Role::Contents | Role::Text => blocks.push(Block::Paragraph(runs)),
            }
        }
        blocks.extend(boxes);
    }

    fn table(&mut self, table: &Element, blocks: &mut Vec<Block>) {
        let rows: Vec<&Element> = rows_of(table, "tr");
        let is_layout = rows.iter().all(|it| rows_of(it, "tc").len() <= 1);
        let mut written = Vec::with_capacity(rows.len());
        for row in rows {
            let mut cells = Vec::new();
            for cell in rows_of(row, "tc") {
                let inner = self.blocks(&cell.children);
                if is_layout {
                    blocks.extend(inner);
                    continue;
                }
                cells.push(flat(inner));
                let properties = cell.child("tcPr");
                let span = properties.and_then(|it| value(it, "gridSpan"));
                let n = span.and_then(|it| it.parse::<usize>().ok()).unwrap_or(1);
                cells.extend(std::iter::repeat_n(Vec::new(), n.clamp(1, 50) - 1));
            }
            written.push(cells);
        }
        if !is_layout {
            blocks.push(Block::Table(written));
        }
    }

    fn runs(&mut self, children: &[Child], link: Option<&Rc<str>>, runs: &mut Vec<Run>) {
        for child in children {
            let Child::Element(element) = child else { continue };
            match element.local() {
                "r" => self.run(element, link, runs),
                "hyperlink" => {
                    let id = element.get_local("id");
                    let address = id.and_then(|it| self.targets.get(it).cloned());
                    let own = address.and_then(|it| self.address(&it));
                    self.runs(&element.children, own.as_ref().or(link), runs);
                }
                "ins" | "moveTo" => {
                    self.change("tracked insertion, which is part of the text");
                    self.runs(&element.children, link, runs);
                }
                "del" | "moveFrom" => {
                    self.change("tracked deletion, which is left out");
                }
                "fldSimple" => {
                    let instruction = element.get_local("instr").unwrap_or_default();
                    let own =
                        address_of_field(instruction).and_then(|it| self.address(&it));
                    self.runs(&element.children, own.as_ref().or(link), runs);
                }
                "sdt" => {
                    if let Some(inner) = element.child("sdtContent") {
                        self.runs(&inner.children, link, runs);
                    }
                }
                "oMath" | "oMathPara" => runs.push(Run::text(element.text())),
                "smartTag" | "customXml" | "bdo" | "dir" => {
                    self.runs(&element.children, link, runs);
                }
                _ => {}
            }
        }
    }

    /// An address that a page may link to.
    fn address(&mut self, written: &str) -> Option<Rc<str>> {
        match target(written) {
            Target::External(_) => Some(Rc::from(written)),
            Target::Fragment(_) => None,
            _ => {
                self.leave("address that no page may link to");
                None
            }
        }
    }

    fn run(&mut self, run: &Element, link: Option<&Rc<str>>, runs: &mut Vec<Run>) {
        let properties = run.child("rPr");
        let is_on = |name: &str| properties.is_some_and(|it| switch(it, name));
        if is_on("vanish") {
            self.leave("hidden text");
            return;
        }
        let is_rtl = is_on("rtl");
        let raised = properties.and_then(|it| value(it, "vertAlign"));
        let style = Style {
            is_strong: is_on("b") || is_rtl && is_on("bCs"),
            is_emphasis: is_on("i") || is_rtl && is_on("iCs"),
            is_deleted: is_on("strike") || is_on("dstrike"),
            is_superscript: raised == Some("superscript"),
            is_subscript: raised == Some("subscript"),
        };
        for child in run.elements() {
            self.part(child, style, link, runs);
        }
    }

    /// A part of a run: letters, a break, a note, a picture.
    fn part(
        &mut self,
        part: &Element,
        style: Style,
        link: Option<&Rc<str>>,
        runs: &mut Vec<Run>,
    ) {
        let is_hidden = self.fields.last().is_some_and(|it| !it.is_result);
        let of_field = self.fields.last().filter(|it| it.is_result);
        let of_field = of_field.and_then(|it| address_of_field(&it.instruction));
        let own = of_field.and_then(|it| self.address(&it));
        let link = own.or_else(|| link.cloned());
        let mut push = |what: What| runs.push(Run { what, style, link: link.clone() });
        match part.local() {
            "fldChar" => match part.get_local("fldCharType") {
                Some("begin") => self
                    .fields
                    .push(Field { instruction: String::new(), is_result: false }),
                Some("separate") => {
                    if let Some(field) = self.fields.last_mut() {
                        field.is_result = true;
                    }
                }
                _ => {
                    self.fields.pop();
                }
            },
            "instrText" => {
                if let Some(field) = self.fields.last_mut() {
                    field.instruction.push_str(&part.text());
                }
            }
            _ if is_hidden => {}
            "t" => push(What::Text(part.text())),
            "tab" => push(What::Text(" ".to_owned())),
            "noBreakHyphen" => push(What::Text("-".to_owned())),
            "br" if part.get_local("type").is_some_and(|it| it != "textWrapping") => {}
            "br" | "cr" => push(What::Break),
            "sym" => {
                let code = part.get_local("char").unwrap_or_default();
                let letter = u32::from_str_radix(code, 16).ok().and_then(char::from_u32);
                match letter.filter(|it| !('\u{E000}'..='\u{F8FF}').contains(it)) {
                    Some(letter) => push(What::Text(letter.to_string())),
                    None => self.leave("sign of a font of signs"),
                }
            }
            "footnoteReference" => self.note("footnotes", part, runs),
            "endnoteReference" => self.note("endnotes", part, runs),
            "drawing" | "pict" | "object" => self.drawing(part, runs),
            "AlternateContent" => {
                let choice = part.child("Choice").or_else(|| part.child("Fallback"));
                for inner in choice.iter().flat_map(|it| it.elements()) {
                    self.part(inner, style, link.as_ref(), runs);
                }
            }
            _ => {}
        }
    }

    fn note(&mut self, part: &'static str, reference: &Element, runs: &mut Vec<Run>) {
        let Some(id) = reference.get_local("id") else { return };
        self.notes.push((part, id.to_owned()));
        let label = self.notes.len().to_string();
        runs.push(Run { what: What::Note(label), ..Run::text("") });
    }

    /// A picture becomes one of ours, and the text of a box follows its paragraph.
    fn drawing(&mut self, drawing: &Element, runs: &mut Vec<Run>) {
        let all = drawing.all();
        let texts: Vec<&&Element> =
            all.iter().filter(|it| it.local() == "txbxContent").collect();
        // A box holds its text a second time for old programs.
        if let Some(text) = texts.first() {
            let blocks = self.blocks(&text.children);
            self.boxes.push(Block::Quote(blocks));
        }
        let described = all.iter().find(|it| it.local() == "docPr");
        let alt = described.and_then(|it| it.get("descr").or_else(|| it.get("title")));
        let alt =
            alt.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
        for it in all {
            let id = match it.local() {
                "blip" => it.get_local("embed"),
                "imagedata" => it.get_local("id"),
                _ => continue,
            };
            let Some(part) = id.and_then(|it| self.targets.get(it).cloned()) else {
                self.leave("picture that is not in the file");
                continue;
            };
            let name = part.rsplit('/').next().unwrap_or_default().to_owned();
            if !crate::load::is_picture(&name) {
                self.leave(&format!(
                    "picture `{name}`, of a kind that browsers do not show"
                ));
                continue;
            }
            let what = What::Picture {
                file: name.clone(),
                alt: alt.clone(),
                caption: String::new(),
            };
            self.wanted.insert(name, part);
            runs.push(Run { what, ..Run::text("") });
        }
    }

    /// The texts of all notes that the text refers to.
    fn footnotes(
        &mut self,
        package: &mut Package<'_>,
        folder: &str,
    ) -> Result<Vec<Block>, String> {
        let mut parts = BTreeMap::new();
        for name in ["footnotes", "endnotes"] {
            if let Some(root) = package.xml(&format!("{folder}{name}.xml"))? {
                parts.insert(name, root);
            }
        }
        let main = std::mem::take(&mut self.targets);
        let mut blocks = Vec::new();
        // A note can refer to a note; those are read too.
        let mut at = 0;
        while let Some((name, id)) = self.notes.get(at).cloned() {
            at += 1;
            self.targets = targets(package, &format!("{folder}_rels/{name}.xml.rels"))?;
            let of_id = |it: &&Element| it.get_local("id") == Some(id.as_str());
            let note = parts.get(name).and_then(|it| it.elements().find(of_id));
            let inner = note.map(|it| self.blocks(&it.children)).unwrap_or_default();
            blocks.push(Block::Footnote(at.to_string(), inner));
        }
        self.targets = main;
        Ok(blocks)
    }
}

fn rows_of<'a>(element: &'a Element, name: &str) -> Vec<&'a Element> {
    let mut rows = Vec::new();
    let mut waiting: Vec<&Element> = element.elements().collect();
    waiting.reverse();
    while let Some(it) = waiting.pop() {
        if it.local() == name {
            rows.push(it);
        } else if matches!(it.local(), "sdt" | "sdtContent" | "ins" | "customXml") {
            let inner: Vec<&Element> = it.elements().collect();
            waiting.extend(inner.into_iter().rev());
        }
    }
    rows
}

/// Whether a property without a value, or with one that says yes, is there.
fn switch(properties: &Element, name: &str) -> bool {
    let value = properties.child(name).map(|it| it.get_local("val").unwrap_or("1"));
    value.is_some_and(|it| !matches!(it, "0" | "false" | "off" | "none"))
}

/// The address in `HYPERLINK "https://…"`.
fn address_of_field(instruction: &str) -> Option<String> {
    let rest = instruction.trim().strip_prefix("HYPERLINK")?.trim();
    let address = rest.strip_prefix('"').and_then(|it| it.split('"').next());
    let address = address.or_else(|| rest.split_whitespace().next())?;
    (!address.starts_with('\\')).then(|| address.to_owned())
}

/// A heading is strong by itself.
fn unstyled(runs: Vec<Run>) -> Vec<Run> {
    runs.into_iter().map(|it| Run { style: Style::default(), ..it }).collect()
}
