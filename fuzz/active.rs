//! What HTML that mujaz has written must never hold, whatever it was made of: the check
//! that fuzzing and tests share.
//!
//! The reader is strict, because the writer is ours: every `<` begins a tag, every value
//! stands in double quotes, every element has an end. What may stand in running text is a
//! closed list of elements and attributes.

/// Elements of running text.
const ELEMENTS: [&str; 55] = [
    "a",
    "abbr",
    "aside",
    "bdi",
    "blockquote",
    "br",
    "cite",
    "code",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "picture",
    "pre",
    "q",
    "s",
    "samp",
    "section",
    "small",
    "source",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "time",
    "tr",
    "u",
    "ul",
    "var",
    "wbr",
];

/// Attributes of running text.
const ATTRIBUTES: [&str; 24] = [
    "alt",
    "aria-label",
    "class",
    "data-topic",
    "datetime",
    "decoding",
    "dir",
    "height",
    "href",
    "hreflang",
    "id",
    "lang",
    "loading",
    "open",
    "rel",
    "role",
    "scope",
    "sizes",
    "src",
    "srcset",
    "start",
    "tabindex",
    "title",
    "translate",
];

/// Elements that stand on lines of their own: a browser ends a paragraph before them.
const BLOCKS: [&str; 21] = [
    "aside",
    "blockquote",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figure",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "ul",
];

const VOID: [&str; 5] = ["br", "hr", "img", "source", "wbr"];

/// What is wrong with the HTML of an article; nothing where all is well.
pub(crate) fn active_content(html: &str) -> Option<String> {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html;
    while let Some((text, after)) = rest.split_once('<') {
        if text.contains('>') {
            return Some(format!("a bare `>` in {text:?}"));
        }
        let Some((inside, after)) = split_tag(after) else {
            return Some(format!("a tag without an end: {after:?}"));
        };
        rest = after;
        if let Some(name) = inside.strip_prefix('/') {
            let last = open.pop();
            if last != Some(name) {
                return Some(format!("`</{name}>` ends {last:?}"));
            }
            continue;
        }
        let name = inside.split(' ').next().unwrap_or_default();
        if let Some(wrong) = wrong_element(name, &open) {
            return Some(wrong);
        }
        let attributes = inside.get(name.len()..).unwrap_or_default();
        if let Some(wrong) = wrong_attributes(attributes) {
            return Some(format!("{wrong} in `<{inside}>`"));
        }
        if !VOID.contains(&name) {
            open.push(name);
        }
    }
    if rest.contains('>') {
        return Some(format!("a bare `>` in {rest:?}"));
    }
    (!open.is_empty()).then(|| format!("{open:?} have no end"))
}

/// The inside of a tag, whose values may hold no `<`, `>` or line of their own.
fn split_tag(html: &str) -> Option<(&str, &str)> {
    let (inside, rest) = html.split_once('>')?;
    (!inside.contains('<') && inside.matches('"').count() % 2 == 0)
        .then_some((inside, rest))
}

fn wrong_element(name: &str, open: &[&str]) -> Option<String> {
    if !ELEMENTS.contains(&name) {
        return Some(format!("an element `<{name}>`"));
    }
    let holds_text = |it: &&&str| {
        matches!(**it, "p" | "summary" | "h2" | "h3" | "h4" | "h5" | "h6" | "pre")
    };
    let around = open.iter().rev().find(|it| holds_text(it));
    match around {
        Some(around) if BLOCKS.contains(&name) => Some(format!(
            "`<{name}>` in `<{around}>`, which a browser would end before it"
        )),
        _ if name == "a" && open.contains(&"a") => Some("a link in a link".to_owned()),
        _ => None,
    }
}

fn wrong_attributes(attributes: &str) -> Option<String> {
    let mut rest = attributes;
    while !rest.is_empty() {
        let Some(after) = rest.strip_prefix(' ') else {
            return Some(format!("{rest:?}"));
        };
        let end = after.find(['=', ' ']).unwrap_or(after.len());
        let (name, after) = after.split_at(end);
        if !ATTRIBUTES.contains(&name) {
            return Some(format!("an attribute `{name}`"));
        }
        let (value, after) = if let Some(after) = after.strip_prefix("=\"") {
            let Some((inside, after)) = after.split_once('"') else {
                return Some(format!("a value without an end: {after:?}"));
            };
            (inside, after)
        } else {
            ("", after)
        };
        rest = after;
        if matches!(name, "href" | "src") && !is_harmless(value) {
            return Some(format!("an address {value:?}"));
        }
    }
    None
}

/// Whether an address leads to a page, a letter, a telephone, or stays on the site.
pub(crate) fn is_harmless(address: &str) -> bool {
    let lower = address.to_ascii_lowercase();
    let schemes = ["http://", "https://", "mailto:", "tel:"];
    if schemes.iter().any(|it| lower.starts_with(it)) {
        return !address.contains(|it: char| it.is_control() || it.is_whitespace());
    }
    // A browser drops controls and spaces before it looks for a scheme, and reads `\` as `/`.
    let is_plain =
        !address.contains(|it: char| it.is_control() || it.is_whitespace() || it == '\\');
    let first = address.split(['/', '#', '?']).next().unwrap_or_default();
    is_plain && !address.starts_with("//") && !first.contains(':')
}
