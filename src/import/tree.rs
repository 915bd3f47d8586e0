//! `Element`: HTML and XML as a tree whose depth has a limit.

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

/// Deepest nesting that is read (row M6).
pub(super) const MAX_DEPTH: usize = 256;

/// An element with what is in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Element {
    /// Its name, with its prefix.
    pub(super) name: String,
    /// Its attributes.
    pub(super) attributes: Vec<(String, String)>,
    /// What is in it.
    pub(super) children: Vec<Child>,
}

/// What stands in an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Child {
    /// An element.
    Element(Element),
    /// Letters.
    Text(String),
}

impl Element {
    /// The name without its prefix.
    pub(super) fn local(&self) -> &str {
        self.name.rsplit(':').next().unwrap_or_default()
    }

    /// An attribute, by its whole name.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(it, _)| it == name);
        found.map(|(_, it)| it.as_str())
    }

    /// An attribute, by its name without prefix.
    pub(super) fn get_local(&self, name: &str) -> Option<&str> {
        let is_it = |it: &str| it.rsplit(':').next() == Some(name);
        self.attributes.iter().find(|(it, _)| is_it(it)).map(|(_, it)| it.as_str())
    }

    /// The elements directly in it.
    pub(super) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|it| match it {
            Child::Element(it) => Some(it),
            Child::Text(_) => None,
        })
    }

    /// The first element directly in it with this name without prefix.
    pub(super) fn child(&self, local: &str) -> Option<&Element> {
        self.elements().find(|it| it.local() == local)
    }

    /// It and all elements in it, in reading order.
    pub(super) fn all(&self) -> Vec<&Element> {
        let mut all = Vec::new();
        let mut waiting = vec![self];
        while let Some(it) = waiting.pop() {
            all.push(it);
            let inner: Vec<&Element> = it.elements().collect();
            waiting.extend(inner.into_iter().rev());
        }
        all
    }

    /// All letters in it.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        let mut waiting: Vec<&Child> = self.children.iter().rev().collect();
        while let Some(it) = waiting.pop() {
            match it {
                Child::Text(it) => text.push_str(it),
                Child::Element(it) => waiting.extend(it.children.iter().rev()),
            }
        }
        text
    }
}

const TOO_DEEP: &str = "its elements are nested too deeply";

/// Reads XML. Entities of a file's own are refused, so that none can name a file of this
/// machine or grow without end (rows O24, F8).
///
/// # Errors
///
/// One sentence that says why it cannot be read.
pub(super) fn read_xml(text: &str) -> Result<Element, String> {
    let broken = |it: String| format!("it is not well-formed XML: {it}");
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Element> = vec![Element::default()];
    loop {
        match reader.read_event().map_err(|it| broken(it.to_string()))? {
            Event::Start(tag) => {
                if MAX_DEPTH <= open.len() {
                    return Err(TOO_DEEP.to_owned());
                }
                open.push(element(&tag)?);
            }
            Event::Empty(tag) => append(&mut open, Child::Element(element(&tag)?)),
            Event::End(_) => {
                let done = open.pop().unwrap_or_default();
                append(&mut open, Child::Element(done));
            }
            Event::Text(it) => append(&mut open, Child::Text(it.to_string())),
            Event::CData(it) => append(&mut open, Child::Text(it.to_string())),
            Event::GeneralRef(reference) => {
                let letter = match &*reference {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => reference.resolve_char_ref().ok().flatten(),
                };
                let Some(letter) = letter else {
                    return Err(format!(
                        "it has an entity of its own, `&{};`",
                        &*reference
                    ));
                };
                append(&mut open, Child::Text(letter.to_string()));
            }
            Event::DocType(it) if it.contains(['[', '"', '\'']) => {
                return Err(
                    "it declares a document type with more than a name".to_owned()
                );
            }
            Event::Eof => break,
            Event::DocType(_) | Event::PI(_) | Event::Decl(_) | Event::Comment(_) => {}
        }
    }
    if open.len() != 1 {
        return Err(broken("it ends too early".to_owned()));
    }
    let root = open.pop().unwrap_or_default();
    let mut elements = root.children.into_iter().filter_map(|it| match it {
        Child::Element(it) => Some(it),
        Child::Text(_) => None,
    });
    elements.next().ok_or_else(|| broken("it has no element".to_owned()))
}

fn append(open: &mut [Element], child: Child) {
    let Some(last) = open.last_mut() else { return };
    if let (Some(Child::Text(text)), Child::Text(more)) =
        (last.children.last_mut(), &child)
    {
        text.push_str(more);
    } else {
        last.children.push(child);
    }
}

fn element(tag: &BytesStart<'_>) -> Result<Element, String> {
    let broken = "it is not well-formed XML: an attribute cannot be read";
    let mut attributes = Vec::new();
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|_| broken.to_owned())?;
        let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0);
        let value = value.map_err(|_| broken.to_owned())?;
        if MAX_DEPTH <= attributes.len() {
            return Err("an element has too many attributes".to_owned());
        }
        attributes.push((attribute.key.as_ref().to_owned(), value.into_owned()));
    }
    Ok(Element { name: tag.name().as_ref().to_owned(), attributes, children: Vec::new() })
}
