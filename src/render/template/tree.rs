//! View -> tree: what a view says, copied once into one text and one list of nodes, so that
//! a template reads it in place.

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

use serde::ser::{self, Impossible, Serialize, SerializeMap, SerializeSeq, Serializer};

/// The values of a view.
#[derive(Debug, Default)]
pub struct Tree {
    /// All texts, one after the other.
    text: String,
    /// Children of one value stand side by side; a field has its name.
    nodes: Vec<(&'static str, Node)>,
    /// Trees of views that many pages print.
    shared: Vec<Arc<Tree>>,
    root: Node,
}

#[derive(Debug, Clone, Copy, Default)]
enum Node {
    #[default]
    None,
    Bool(bool),
    Integer(i64),
    /// From and to where in the text.
    Text(u32, u32),
    /// First child, and how many.
    List(u32, u32),
    /// First field, and how many.
    Struct(u32, u32),
    /// First key, and how many: each is followed by its value.
    Map(u32, u32),
    /// The same, keys in order.
    SortedMap(u32, u32),
    /// Which of the shared trees.
    Shared(u32),
}

/// A value of a tree.
#[derive(Debug, Clone, Copy)]
pub enum Value<'a> {
    /// There is no such field.
    Undefined,
    /// A part that has nothing to say.
    None,
    /// A bool.
    Bool(bool),
    /// A number.
    Integer(i64),
    /// A text.
    Text(&'a str),
    /// A list.
    List(List<'a>),
    /// A view, or a map.
    Map(Map<'a>),
}

/// A list in a tree.
#[derive(Debug, Clone, Copy)]
pub struct List<'a> {
    tree: &'a Tree,
    first: u32,
    n: u32,
}

/// A view in a tree, or a map.
#[derive(Debug, Clone, Copy)]
pub struct Map<'a> {
    tree: &'a Tree,
    node: Node,
}

/// Room for the texts of a page before anybody knows how long they are.
const PAGE_BYTES: usize = 32 * 1024;

/// Room for the values of a page.
const PAGE_NODES: usize = 512;

/// Maps with more keys are searched by halves.
const MANY_KEYS: u32 = 16;

impl Tree {
    /// Copies a view.
    pub fn of(view: &(impl Serialize + ?Sized)) -> Self {
        let mut tree = Self::default();
        // Views are texts, numbers, lists and structs, and those can all be copied.
        tree.root = view.serialize(Builder(&mut tree)).unwrap_or_default();
        tree
    }

    /// Copies a view that is as large as a page.
    pub fn of_page(view: &(impl Serialize + ?Sized)) -> Self {
        let mut tree = Self {
            text: String::with_capacity(PAGE_BYTES),
            nodes: Vec::with_capacity(PAGE_NODES),
            ..Self::default()
        };
        tree.root = view.serialize(Builder(&mut tree)).unwrap_or_default();
        tree
    }

    /// Sets a field of the whole view to a text.
    pub fn set(&mut self, name: &str, text: &str) {
        let node = self.add_text(text);
        let Node::Struct(first, n) = self.root else { return };
        let fields = &mut self.nodes[first as usize..(first + n) as usize];
        if let Some((_, field)) = fields.iter_mut().find(|(it, _)| *it == name) {
            *field = node;
        }
    }

    /// The whole value.
    pub fn root(&self) -> Value<'_> {
        self.value(self.root)
    }

    fn value(&self, node: Node) -> Value<'_> {
        match node {
            Node::None => Value::None,
            Node::Bool(it) => Value::Bool(it),
            Node::Integer(it) => Value::Integer(it),
            Node::Text(start, end) => Value::Text(self.slice(start, end)),
            Node::List(first, n) => Value::List(List { tree: self, first, n }),
            Node::Struct(..) | Node::Map(..) | Node::SortedMap(..) => {
                Value::Map(Map { tree: self, node })
            }
            Node::Shared(at) => self.shared[at as usize].root(),
        }
    }

    fn slice(&self, start: u32, end: u32) -> &str {
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }

    fn children(&self, first: u32, n: u32) -> &[(&'static str, Node)] {
        &self.nodes[first as usize..(first + n) as usize]
    }

    /// Room for children, which are filled in one by one.
    fn reserve(&mut self, n: usize) -> usize {
        let first = self.nodes.len();
        self.nodes.resize(first + n, ("", Node::None));
        first
    }

    fn add_text(&mut self, text: &str) -> Node {
        // Most texts are their own HTML, which stands behind them.
        let is_last = self.text.ends_with(text);
        let start = self.text.len() - if is_last { text.len() } else { 0 };
        if !is_last {
            self.text.push_str(text);
        }
        Node::Text(index(start), index(self.text.len()))
    }

    /// Gives back the room that was left for more.
    pub fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.nodes.shrink_to_fit();
        self.shared.shrink_to_fit();
    }
}

/// A place in a tree; a page has nowhere near four billion of them.
fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

impl<'a> Value<'a> {
    /// Whether an `if` takes it for true.
    pub fn is_truthy(self) -> bool {
        match self {
            Self::Undefined | Self::None => false,
            Self::Bool(it) => it,
            Self::Integer(it) => it != 0,
            Self::Text(it) => !it.is_empty(),
            Self::List(it) => it.n != 0,
            Self::Map(it) => it.len() != 0,
        }
    }

    /// Names of the fields of a view or a map.
    pub fn names(self) -> Vec<&'a str> {
        let Self::Map(Map { tree, node }) = self else { return Vec::new() };
        match node {
            Node::Struct(first, n) => {
                tree.children(first, n).iter().map(|(name, _)| *name).collect()
            }
            Node::Map(first, n) | Node::SortedMap(first, n) => {
                (0..n).map(|at| tree.entry(first, at).0).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The field at a place of a view, if it has that name.
    pub fn field_at(self, place: u32, name: &str) -> Option<Value<'a>> {
        let Self::Map(Map { tree, node: Node::Struct(first, n) }) = self else {
            return None;
        };
        let (found, node) = tree.children(first, n).get(place as usize)?;
        (*found == name).then(|| tree.value(*node))
    }

    /// The place of a field in a view.
    pub fn place_of(self, name: &str) -> Option<u32> {
        let Self::Map(Map { tree, node: Node::Struct(first, n) }) = self else {
            return None;
        };
        let at = tree.children(first, n).iter().position(|(it, _)| *it == name);
        at.map(index)
    }

    /// A field of a view or a map; `Undefined` where there is none.
    #[must_use]
    pub fn field(self, name: &str) -> Value<'a> {
        match self {
            Self::Map(map) => map.get(name),
            _ => Value::Undefined,
        }
    }
}

impl<'a> List<'a> {
    /// The values.
    pub fn iter(self) -> impl Iterator<Item = Value<'a>> {
        let Self { tree, first, n } = self;
        tree.children(first, n).iter().map(|(_, node)| tree.value(*node))
    }

    /// The value at a place.
    pub fn get(self, at: usize) -> Option<Value<'a>> {
        let children = self.tree.children(self.first, self.n);
        children.get(at).map(|(_, node)| self.tree.value(*node))
    }
}

impl<'a> Map<'a> {
    fn len(self) -> u32 {
        match self.node {
            Node::Struct(_, n) | Node::Map(_, n) | Node::SortedMap(_, n) => n,
            _ => 0,
        }
    }

    fn get(self, name: &str) -> Value<'a> {
        let tree = self.tree;
        let (key, value) = match self.node {
            Node::Struct(first, n) => {
                let mut fields = tree.children(first, n).iter();
                let found = fields.find(|(it, _)| *it == name);
                return found.map_or(Value::Undefined, |(_, node)| tree.value(*node));
            }
            Node::Map(first, n) => {
                let mut entries = (0..n).map(|at| tree.entry(first, at));
                match entries.find(|(key, _)| *key == name) {
                    Some(found) => found,
                    None => return Value::Undefined,
                }
            }
            Node::SortedMap(first, n) => {
                let (mut low, mut high) = (0, n);
                while low < high {
                    let middle = u32::midpoint(low, high);
                    if tree.entry(first, middle).0 < name {
                        low = middle + 1;
                    } else {
                        high = middle;
                    }
                }
                if low == n {
                    return Value::Undefined;
                }
                tree.entry(first, low)
            }
            _ => return Value::Undefined,
        };
        if key == name { value } else { Value::Undefined }
    }
}

impl Tree {
    fn entry(&self, first: u32, at: u32) -> (&str, Value<'_>) {
        let pair = self.children(first + 2 * at, 2);
        let key = match pair[0].1 {
            Node::Text(start, end) => self.slice(start, end),
            _ => "",
        };
        (key, self.value(pair[1].1))
    }
}

/// For a template that is not ours to run.
impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match *self {
            Self::Undefined | Self::None => serializer.serialize_none(),
            Self::Bool(it) => serializer.serialize_bool(it),
            Self::Integer(it) => serializer.serialize_i64(it),
            Self::Text(it) => serializer.serialize_str(it),
            Self::List(it) => serializer.collect_seq(it.iter()),
            Self::Map(Map { tree, node }) => match node {
                Node::Struct(first, n) => serializer.collect_map(
                    tree.children(first, n)
                        .iter()
                        .map(|(name, it)| (name, tree.value(*it))),
                ),
                Node::Map(first, n) | Node::SortedMap(first, n) => {
                    serializer.collect_map((0..n).map(|at| tree.entry(first, at)))
                }
                _ => serializer.serialize_none(),
            },
        }
    }
}

thread_local! {
    /// The tree of the view that is being serialised, for a `Builder` to take.
    static SHARED: RefCell<Option<Arc<Tree>>> = const { RefCell::new(None) };
}

/// What a shared view calls itself before a serialiser.
const SHARED_NAME: &str = "$mujaz::SharedView";

/// Serialises a view that has a tree: a `Builder` takes the tree as it is, others its
/// values.
///
/// # Errors
///
/// The serialiser refuses a value.
pub fn serialize_shared<S: Serializer>(
    tree: &Arc<Tree>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    SHARED.with(|it| *it.borrow_mut() = Some(Arc::clone(tree)));
    let result = serializer.serialize_newtype_struct(SHARED_NAME, &tree.root());
    SHARED.with(|it| it.borrow_mut().take());
    result
}

/// What has no place in a view.
#[derive(Debug)]
pub struct Refused(String);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

impl ser::Error for Refused {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

fn refuse<T>(what: &str) -> Result<T, Refused> {
    Err(Refused(format!("{what} has no place in a view")))
}

/// Adds a value to a tree.
struct Builder<'b>(&'b mut Tree);

impl<'b> Serializer for Builder<'b> {
    type Ok = Node;
    type Error = Refused;
    type SerializeSeq = ListBuilder<'b>;
    type SerializeTuple = Impossible<Node, Refused>;
    type SerializeTupleStruct = Impossible<Node, Refused>;
    type SerializeTupleVariant = Impossible<Node, Refused>;
    type SerializeMap = MapBuilder<'b>;
    type SerializeStruct = StructBuilder<'b>;
    type SerializeStructVariant = Impossible<Node, Refused>;

    fn serialize_bool(self, it: bool) -> Result<Node, Refused> {
        Ok(Node::Bool(it))
    }

    fn serialize_i8(self, it: i8) -> Result<Node, Refused> {
        Ok(Node::Integer(it.into()))
    }

    fn serialize_i16(self, it: i16) -> Result<Node, Refused> {
        Ok(Node::Integer(it.into()))
    }

    fn serialize_i32(self, it: i32) -> Result<Node, Refused> {
        Ok(Node::Integer(it.into()))
    }

    fn serialize_i64(self, it: i64) -> Result<Node, Refused> {
        Ok(Node::Integer(it))
    }

    fn serialize_u8(self, it: u8) -> Result<Node, Refused> {
        Ok(Node::Integer(it.into()))
    }

    fn serialize_u16(self, it: u16) -> Result<Node, Refused> {
        Ok(Node::Integer(it.into()))
    }

    fn serialize_u32(self, it: u32) -> Result<Node, Refused> {
        Ok(Node::Integer(it.into()))
    }

    fn serialize_u64(self, it: u64) -> Result<Node, Refused> {
        i64::try_from(it)
            .map_or_else(|_| refuse("such a number"), |it| Ok(Node::Integer(it)))
    }

    fn serialize_f32(self, _: f32) -> Result<Node, Refused> {
        refuse("a fraction")
    }

    fn serialize_f64(self, _: f64) -> Result<Node, Refused> {
        refuse("a fraction")
    }

    fn serialize_char(self, it: char) -> Result<Node, Refused> {
        Ok(self.0.add_text(it.encode_utf8(&mut [0; 4])))
    }

    fn serialize_str(self, it: &str) -> Result<Node, Refused> {
        Ok(self.0.add_text(it))
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<Node, Refused> {
        refuse("a run of bytes")
    }

    fn serialize_none(self) -> Result<Node, Refused> {
        Ok(Node::None)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, it: &T) -> Result<Node, Refused> {
        it.serialize(self)
    }

    fn serialize_unit(self) -> Result<Node, Refused> {
        Ok(Node::None)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Node, Refused> {
        Ok(Node::None)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<Node, Refused> {
        Ok(self.0.add_text(variant))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<Node, Refused> {
        if name == SHARED_NAME
            && let Some(tree) = SHARED.with(|it| it.borrow_mut().take())
        {
            self.0.shared.push(tree);
            return Ok(Node::Shared(index(self.0.shared.len() - 1)));
        }
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Node, Refused> {
        refuse("a variant with a value")
    }

    fn serialize_seq(self, n: Option<usize>) -> Result<ListBuilder<'b>, Refused> {
        let Some(n) = n else { return refuse("a list of unknown length") };
        let first = self.0.reserve(n);
        Ok(ListBuilder { tree: self.0, first, n, done: 0 })
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Refused> {
        refuse("a tuple")
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, Refused> {
        refuse("a tuple")
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Refused> {
        refuse("a variant with a value")
    }

    fn serialize_map(self, _: Option<usize>) -> Result<MapBuilder<'b>, Refused> {
        Ok(MapBuilder { tree: self.0, entries: Vec::new() })
    }

    fn serialize_struct(
        self,
        _: &'static str,
        n: usize,
    ) -> Result<StructBuilder<'b>, Refused> {
        let first = self.0.reserve(n);
        Ok(StructBuilder(ListBuilder { tree: self.0, first, n, done: 0 }))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Refused> {
        refuse("a variant with a value")
    }
}

/// Fills a list.
struct ListBuilder<'b> {
    tree: &'b mut Tree,
    first: usize,
    n: usize,
    done: usize,
}

impl ListBuilder<'_> {
    fn add<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Refused> {
        let node = value.serialize(Builder(self.tree))?;
        if self.done == self.n {
            return refuse("a list longer than it says");
        }
        self.tree.nodes[self.first + self.done] = (name, node);
        self.done += 1;
        Ok(())
    }
}

impl SerializeSeq for ListBuilder<'_> {
    type Ok = Node;
    type Error = Refused;

    fn serialize_element<T: Serialize + ?Sized>(
        &mut self,
        value: &T,
    ) -> Result<(), Refused> {
        self.add("", value)
    }

    fn end(self) -> Result<Node, Refused> {
        Ok(Node::List(index(self.first), index(self.done)))
    }
}

/// Fills a view.
struct StructBuilder<'b>(ListBuilder<'b>);

impl ser::SerializeStruct for StructBuilder<'_> {
    type Ok = Node;
    type Error = Refused;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Refused> {
        self.0.add(name, value)
    }

    fn end(self) -> Result<Node, Refused> {
        Ok(Node::Struct(index(self.0.first), index(self.0.done)))
    }
}

/// Gathers a map.
struct MapBuilder<'b> {
    tree: &'b mut Tree,
    /// Keys and values by turns.
    entries: Vec<Node>,
}

impl SerializeMap for MapBuilder<'_> {
    type Ok = Node;
    type Error = Refused;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Refused> {
        let key = key.serialize(Builder(self.tree))?;
        self.entries.push(key);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(
        &mut self,
        value: &T,
    ) -> Result<(), Refused> {
        let value = value.serialize(Builder(self.tree))?;
        self.entries.push(value);
        Ok(())
    }

    fn end(self) -> Result<Node, Refused> {
        let Self { tree, entries } = self;
        let (first, n) = (tree.reserve(entries.len()), index(entries.len() / 2));
        for (at, node) in entries.into_iter().enumerate() {
            tree.nodes[first + at].1 = node;
        }
        let first = index(first);
        let key = |at| tree.entry(first, at).0;
        let is_sorted = (1..n).all(|at| key(at - 1) < key(at));
        Ok(if is_sorted && MANY_KEYS < n {
            Node::SortedMap(first, n)
        } else {
            Node::Map(first, n)
        })
    }
}
