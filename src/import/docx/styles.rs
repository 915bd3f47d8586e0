//! What a style of Word means for a paragraph, and how its lists are numbered.
//!
//! Names of built-in styles stand in English in most files, in the language of the program
//! in others, and ids are in any language: «عنوان 1», `1`, `Heading1`. The level of an
//! outline, where there is one, tells more than a name.

use std::collections::BTreeMap;

use crate::import::tree::Element;

/// What a paragraph is, by its style.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The title of the text.
    Title,
    /// A heading, from 1 on.
    Heading(u8),
    /// A quotation.
    Quote,
    /// A line of a table of contents, which pages make themselves.
    Contents,
    /// Running text.
    Text,
}

/// The styles of a file, by their ids.
#[derive(Debug, Default)]
pub(super) struct Styles {
    styles: BTreeMap<String, Style>,
}

#[derive(Debug, Default)]
struct Style {
    name: String,
    based_on: Option<String>,
    outline: Option<u8>,
    list: Option<(String, usize)>,
}

impl Styles {
    /// Reads `styles.xml`.
    pub(super) fn read(root: &Element) -> Self {
        let styles = root.elements().filter(|it| it.local() == "style");
        let styles = styles.filter_map(|it| {
            let id = it.get_local("styleId")?.to_owned();
            let paragraph = it.child("pPr");
            let style = Style {
                name: value(it, "name").unwrap_or_default().to_lowercase(),
                based_on: value(it, "basedOn").map(str::to_owned),
                outline: paragraph.and_then(outline),
                list: paragraph.and_then(list),
            };
            Some((id, style))
        });
        Self { styles: styles.collect() }
    }

    /// A style and those it is based on, nearest first.
    fn chain(&self, id: &str) -> Vec<&Style> {
        let mut chain = Vec::new();
        let mut next = self.styles.get(id);
        while let Some(style) = next.filter(|_| chain.len() < 12) {
            chain.push(style);
            next = style.based_on.as_ref().and_then(|it| self.styles.get(it));
        }
        chain
    }

    /// What a paragraph is.
    pub(super) fn role(&self, properties: Option<&Element>) -> Role {
        let id = properties.and_then(|it| value(it, "pStyle")).unwrap_or_default();
        let chain = self.chain(id);
        // A style that nobody describes is told by its id.
        let own = id.to_lowercase();
        let names = chain.iter().map(|it| it.name.as_str()).chain([own.as_str()]);
        let named = names.map(role_of_name).find(|it| *it != Role::Text);
        let level = properties.and_then(outline);
        let level = level.or_else(|| chain.iter().find_map(|it| it.outline));
        match (named, level) {
            (Some(role @ (Role::Title | Role::Contents | Role::Quote)), _) => role,
            (_, Some(level)) => Role::Heading(level + 1),
            (Some(role), None) => role,
            (None, None) => Role::Text,
        }
    }

    /// The list that a paragraph belongs to, and its level from 0 on.
    pub(super) fn list(&self, properties: Option<&Element>) -> Option<(String, usize)> {
        if let Some(found) = properties.and_then(list) {
            return Some(found).filter(|(id, _)| id != "0");
        }
        let id = properties.and_then(|it| value(it, "pStyle"))?;
        self.chain(id).iter().find_map(|it| it.list.clone()).filter(|(id, _)| id != "0")
    }
}

fn role_of_name(name: &str) -> Role {
    let name = crate::text::number::normalise_digits(name.trim());
    if name.starts_with("toc")
        || name.starts_with("فهرس")
        || name.starts_with("جدول المحتويات")
    {
        return Role::Contents;
    }
    if matches!(&*name, "title" | "العنوان" | "عنوان" | "titre" | "titel" | "כותרת טקסט")
    {
        return Role::Title;
    }
    let is_quote =
        ["quote", "intense quote", "اقتباس", "اقتباس مكثف", "ציטוט", "نقل قول"]
            .contains(&&*name);
    if is_quote {
        return Role::Quote;
    }
    for word in
        ["heading", "عنوان", "العنوان", "כותרת", "سرعنوان", "titre", "überschrift"]
    {
        let Some(rest) = name.strip_prefix(word) else { continue };
        let rest = rest.trim();
        if let Ok(level @ 1..=9) = rest.parse::<u8>() {
            return Role::Heading(level);
        }
        match rest {
            "رئيسي" | "الرئيسي" => return Role::Heading(1),
            "فرعي" | "الفرعي" => return Role::Heading(2),
            _ => {}
        }
    }
    Role::Text
}

/// The value of a child, `<w:name w:val="…"/>`.
pub(super) fn value<'a>(element: &'a Element, child: &str) -> Option<&'a str> {
    element.child(child)?.get_local("val")
}

fn outline(properties: &Element) -> Option<u8> {
    let level = value(properties, "outlineLvl")?.parse::<u8>().ok();
    level.filter(|it| *it < 9)
}

fn list(properties: &Element) -> Option<(String, usize)> {
    let list = properties.child("numPr")?;
    let level = value(list, "ilvl").and_then(|it| it.parse().ok()).unwrap_or(0_usize);
    Some((value(list, "numId")?.to_owned(), level.min(8)))
}

/// How a level of a list is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marker {
    /// By a bullet.
    Bullet,
    /// By a number.
    Number,
    /// By nothing: the paragraph is no item.
    None,
}

/// The lists of a file.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    /// Markers of the levels of each list.
    lists: BTreeMap<String, Vec<Marker>>,
}

impl Numbering {
    /// Reads `numbering.xml`.
    pub(super) fn read(root: &Element) -> Self {
        let of_name =
            |name: &'static str| root.elements().filter(move |it| it.local() == name);
        let mut designs: BTreeMap<&str, Vec<Marker>> = BTreeMap::new();
        for design in of_name("abstractNum") {
            let Some(id) = design.get_local("abstractNumId") else { continue };
            let levels = design.elements().filter(|it| it.local() == "lvl");
            let marker = |it: &Element| match value(it, "numFmt") {
                Some("bullet") => Marker::Bullet,
                Some("none") => Marker::None,
                _ => Marker::Number,
            };
            designs.insert(id, levels.map(marker).collect());
        }
        let lists = of_name("num").filter_map(|it| {
            let design = designs.get(value(it, "abstractNumId")?)?;
            Some((it.get_local("numId")?.to_owned(), design.clone()))
        });
        Self { lists: lists.collect() }
    }

    /// How a level of a list is marked.
    pub(super) fn marker(&self, list: &str, level: usize) -> Marker {
        let levels = self.lists.get(list);
        levels.and_then(|it| it.get(level)).copied().unwrap_or(Marker::Bullet)
    }
}
