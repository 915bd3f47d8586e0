//! HTML -> `Element`, by the rules of browsers. The one file that names html5ever.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{Attribute, ExpandedName, ParseOpts, QualName, parse_document};

use crate::import::tree::{Child, Element, MAX_DEPTH};

/// Longest HTML that is read, in bytes.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// Most elements and texts that are read.
const MAX_NODES: usize = 200_000;

/// How much is read before somebody looks how deep it nests: the cost of a tag grows with
/// its depth (row M6).
const CHUNK: usize = 2048;

/// Reads HTML.
///
/// # Errors
///
/// One sentence that says why it cannot be read: it is too long, or nests too deeply.
pub(super) fn read(html: &str) -> Result<Element, String> {
    if MAX_BYTES < html.len() {
        return Err(format!("it has more than {MAX_BYTES} bytes of HTML"));
    }
    let too_much = Rc::new(Cell::new(None));
    let sink = Sink {
        nodes: RefCell::new(vec![Node::default()]),
        document: Handle { at: 0, name: Rc::new(nameless()) },
        too_much: Rc::clone(&too_much),
    };
    let mut parser = parse_document(sink, ParseOpts::default());
    let mut rest = html;
    while !rest.is_empty() {
        let mut end = CHUNK.min(rest.len());
        while !rest.is_char_boundary(end) {
            end += 1;
        }
        let (chunk, others) = rest.split_at(end);
        parser.process(StrTendril::from(chunk));
        if let Some(why) = too_much.get() {
            return Err(String::from(why));
        }
        rest = others;
    }
    let nodes = parser.finish();
    match too_much.get() {
        Some(why) => Err(String::from(why)),
        None => tree(nodes),
    }
}

const TOO_DEEP: &str = "its elements are nested too deeply";

fn nameless() -> QualName {
    QualName::new(None, html5ever::ns!(html), html5ever::LocalName::from(""))
}

/// Makes a tree of nodes; a parent stands there before its children or after them.
fn tree(mut nodes: Vec<Node>) -> Result<Element, String> {
    // Places with the number of elements above them, and whether the children are done.
    let mut waiting = vec![(0, 0, false)];
    let mut done: Vec<Vec<Child>> = vec![Vec::new()];
    while let Some((at, depth, is_done)) = waiting.pop() {
        if MAX_DEPTH < depth {
            return Err(TOO_DEEP.to_owned());
        }
        if is_done {
            let children = done.pop().unwrap_or_default();
            let node = std::mem::take(&mut nodes[at]);
            let element =
                Element { name: node.name, attributes: node.attributes, children };
            if let Some(parent) = done.last_mut() {
                parent.push(Child::Element(element));
            }
            continue;
        }
        if let Some(text) = nodes[at].text.take() {
            if let Some(parent) = done.last_mut() {
                parent.push(Child::Text(text));
            }
            continue;
        }
        waiting.push((at, depth, true));
        done.push(Vec::new());
        let children = std::mem::take(&mut nodes[at].children);
        waiting.extend(children.into_iter().rev().map(|it| (it, depth + 1, false)));
    }
    match done.pop().and_then(|mut it| it.pop()) {
        Some(Child::Element(root)) => Ok(root),
        _ => Ok(Element::default()),
    }
}

#[derive(Debug, Default)]
struct Node {
    name: String,
    attributes: Vec<(String, String)>,
    /// Letters, where this is no element.
    text: Option<String>,
    parent: Option<usize>,
    depth: usize,
    children: Vec<usize>,
}

/// What html5ever knows of a node.
#[derive(Debug, Clone)]
struct Handle {
    at: usize,
    name: Rc<QualName>,
}

struct Sink {
    nodes: RefCell<Vec<Node>>,
    document: Handle,
    too_much: Rc<Cell<Option<&'static str>>>,
}

impl Sink {
    fn add(&self, node: Node) -> usize {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(node);
        if MAX_NODES < nodes.len() {
            self.too_much.set(Some("it has too many elements"));
        }
        nodes.len() - 1
    }

    fn detach(&self, at: usize) {
        let mut nodes = self.nodes.borrow_mut();
        if let Some(parent) = nodes[at].parent.take() {
            nodes[parent].children.retain(|it| *it != at);
        }
    }

    /// Puts a node or letters into a parent, in front of the child at a place.
    fn insert(&self, parent: usize, place: usize, child: NodeOrText<Handle>) {
        let at = match child {
            NodeOrText::AppendNode(handle) => {
                self.detach(handle.at);
                handle.at
            }
            NodeOrText::AppendText(text) => {
                let mut nodes = self.nodes.borrow_mut();
                let before = place.checked_sub(1);
                let before =
                    before.and_then(|it| nodes[parent].children.get(it).copied());
                if let Some(before) = before
                    && let Some(letters) = &mut nodes[before].text
                {
                    letters.push_str(&text);
                    return;
                }
                drop(nodes);
                self.add(Node { text: Some(text.to_string()), ..Node::default() })
            }
        };
        let mut nodes = self.nodes.borrow_mut();
        let place = place.min(nodes[parent].children.len());
        nodes[parent].children.insert(place, at);
        nodes[at].parent = Some(parent);
        nodes[at].depth = nodes[parent].depth + 1;
        if MAX_DEPTH < nodes[at].depth {
            self.too_much.set(Some(TOO_DEEP));
        }
    }

    fn n_children(&self, at: usize) -> usize {
        self.nodes.borrow()[at].children.len()
    }
}

impl TreeSink for Sink {
    type Handle = Handle;
    type Output = Vec<Node>;
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) -> Vec<Node> {
        self.nodes.into_inner()
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        self.document.clone()
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> ExpandedName<'a> {
        target.name.expanded()
    }

    fn create_element(
        &self,
        name: QualName,
        attributes: Vec<Attribute>,
        _: ElementFlags,
    ) -> Handle {
        let attributes = attributes.into_iter();
        let attributes =
            attributes.map(|it| (it.name.local.to_string(), it.value.to_string()));
        let node = Node {
            name: name.local.to_string(),
            attributes: attributes.collect(),
            ..Node::default()
        };
        Handle { at: self.add(node), name: Rc::new(name) }
    }

    fn create_comment(&self, _: StrTendril) -> Handle {
        let node = Node { text: Some(String::new()), ..Node::default() };
        Handle { at: self.add(node), name: Rc::new(nameless()) }
    }

    fn create_pi(&self, _: StrTendril, data: StrTendril) -> Handle {
        self.create_comment(data)
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        self.insert(parent.at, self.n_children(parent.at), child);
    }

    fn append_based_on_parent_node(
        &self,
        element: &Handle,
        previous: &Handle,
        child: NodeOrText<Handle>,
    ) {
        let has_parent = self.nodes.borrow()[element.at].parent.is_some();
        if has_parent {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &Handle) -> Handle {
        target.clone()
    }

    fn same_node(&self, a: &Handle, b: &Handle) -> bool {
        a.at == b.at
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Handle, child: NodeOrText<Handle>) {
        if let NodeOrText::AppendNode(it) = &child {
            self.detach(it.at);
        }
        let parent = self.nodes.borrow()[sibling.at].parent;
        let Some(parent) = parent else { return };
        let place = {
            let nodes = self.nodes.borrow();
            nodes[parent].children.iter().rposition(|it| *it == sibling.at)
        };
        self.insert(parent, place.unwrap_or(0), child);
    }

    fn add_attrs_if_missing(&self, target: &Handle, attributes: Vec<Attribute>) {
        let mut nodes = self.nodes.borrow_mut();
        for it in attributes {
            let name = it.name.local.to_string();
            let own = &mut nodes[target.at].attributes;
            if own.iter().all(|(known, _)| *known != name) {
                own.push((name, it.value.to_string()));
            }
        }
    }

    fn remove_from_parent(&self, target: &Handle) {
        self.detach(target.at);
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        let mut nodes = self.nodes.borrow_mut();
        let children = std::mem::take(&mut nodes[node.at].children);
        let depth = nodes[new_parent.at].depth + 1;
        for child in &children {
            nodes[*child].parent = Some(new_parent.at);
            nodes[*child].depth = depth;
        }
        nodes[new_parent.at].children.extend(children);
    }
}
