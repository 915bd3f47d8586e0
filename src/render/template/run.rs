//! Operations + tree -> HTML. Where a value is not what a template takes it for, nothing is
//! printed at all: Tera says what is wrong.

use crate::render::template::Templates;
use crate::render::template::parse::{Escape, Expr, Kind, Op, Param};
use crate::render::template::tree::{List, Tree, Value};

/// Room that a page is given before anybody knows how long it is; nearly all fit.
const PAGE_BYTES: usize = 64 * 1024;

/// Room that a component is given.
const COMPONENT_BYTES: usize = 1024;

/// Names that are known at once, with those of all callers; hardly any page has more.
const N_NAMES: usize = 32;

/// Components inside each other; Tera stops at 20.
const MAX_DEPTH: usize = 19;

/// Numbers that a loop goes through at most, as in Tera.
const MAX_NUMBERS: i64 = 100_000;

/// Prints a page.
pub(super) fn page<'a>(
    templates: &'a Templates,
    at: usize,
    context: &[(&'a str, &'a Tree)],
) -> Option<Vec<u8>> {
    let mut chain = vec![at];
    let mut base = at;
    while let Some(parent) = templates.files[base].parent {
        base = parent;
        chain.push(base);
    }
    let mut run = Run::new(templates, chain, context, PAGE_BYTES);
    run.ops(&templates.files[base].ops)?;
    Some(run.out)
}

/// Prints a component by itself.
pub(super) fn component<'a>(
    templates: &'a Templates,
    at: usize,
    args: &[(&str, Value<'a>)],
    context: &[(&'a str, &'a Tree)],
) -> Option<Vec<u8>> {
    let mut run = Run::new(templates, Vec::new(), context, COMPONENT_BYTES);
    let params = &templates.components[at].params;
    let given = |param: &Param| {
        let found = args.iter().find(|(name, _)| *name == param.name);
        found.map(|(_, value)| *value)
    };
    run.component(at, |_, place| Some(given(&params[place])))?;
    Some(run.out)
}

/// What a loop goes through.
enum Repeated<'a> {
    /// From 0 up to one.
    Numbers(i64),
    List(List<'a>),
}

/// The names that are known at one place, as a part of `Run::names`.
#[derive(Debug, Clone, Copy)]
struct Frame {
    first: usize,
    end: usize,
}

struct Run<'a> {
    templates: &'a Templates,
    /// The page, then the templates that it extends.
    chain: Vec<usize>,
    out: Vec<u8>,
    /// Of the component that is being printed, behind those of its callers.
    names: Vec<(&'a str, Value<'a>)>,
    /// Where the names begin that are known here.
    first: usize,
    /// The names of the callers, the last one last.
    callers: Vec<Frame>,
    /// Whether the innermost loop is at its first value.
    is_first: Option<bool>,
}

impl<'a> Run<'a> {
    fn new(
        templates: &'a Templates,
        chain: Vec<usize>,
        context: &[(&'a str, &'a Tree)],
        n_bytes: usize,
    ) -> Self {
        let mut names = Vec::with_capacity(N_NAMES);
        names.extend(context.iter().map(|(name, tree)| (*name, tree.root())));
        Self {
            templates,
            chain,
            out: Vec::with_capacity(n_bytes),
            names,
            first: 0,
            callers: Vec::with_capacity(MAX_DEPTH),
            is_first: None,
        }
    }

    fn ops(&mut self, ops: &'a [Op]) -> Option<()> {
        for op in ops {
            match op {
                Op::Text(text) => self.out.extend_from_slice(text.as_bytes()),
                Op::Print(expr, escape) => {
                    let value = self.here().value(expr)?;
                    self.print(value, *escape)?;
                }
                Op::If(branches) => {
                    for (condition, ops) in branches {
                        let holds = match condition {
                            Some(condition) => self.here().holds(condition)?,
                            None => true,
                        };
                        if holds {
                            self.ops(ops)?;
                            break;
                        }
                    }
                }
                Op::For(name, list, ops) => self.repeat(name, list, ops)?,
                Op::Include(at) => {
                    let outer = self.is_first.take();
                    self.ops(&self.templates.files[*at].ops)?;
                    self.is_first = outer;
                }
                Op::Call(at, args) => {
                    self.component(*at, |caller, place| match &args.aligned[place] {
                        Some(expr) => caller.value(expr).map(Some),
                        None => Some(None),
                    })?;
                }
                Op::Block(name, ops) => {
                    let templates = self.templates;
                    let chain = self.chain.iter().map(|it| &templates.files[*it]);
                    let blocks = chain.flat_map(|it| &it.ops).filter_map(|op| match op {
                        Op::Block(other, ops) => Some((other, ops)),
                        _ => None,
                    });
                    let mut own = blocks.filter(|(other, _)| *other == name);
                    self.ops(own.next().map_or(ops, |(_, ops)| ops))?;
                }
            }
        }
        Some(())
    }

    /// The names that are known now.
    fn here(&self) -> Names<'_, 'a> {
        Names { names: &self.names[self.first..], is_first: self.is_first }
    }

    fn print(&mut self, value: Value<'_>, escape: Escape) -> Option<()> {
        match (value, escape) {
            (Value::Text(text), Escape::Html) => escape_all(text, &mut self.out),
            (Value::Text(text), Escape::Finished) => {
                self.out.extend_from_slice(text.as_bytes());
            }
            (Value::Integer(it), _) => {
                self.out.extend_from_slice(it.to_string().as_bytes());
            }
            _ => return None,
        }
        Some(())
    }

    fn repeat(&mut self, name: &'a str, list: &'a Expr, ops: &'a [Op]) -> Option<()> {
        let list = match list {
            Expr::Range(end) if MAX_NUMBERS < *end => return None,
            Expr::Range(end) => Repeated::Numbers(*end),
            _ => match self.here().value(list)? {
                Value::List(list) => Repeated::List(list),
                _ => return None,
            },
        };
        let outer = (self.names.len(), self.is_first);
        let mut each = |value, is_first| {
            self.names.truncate(outer.0);
            self.names.push((name, value));
            self.is_first = Some(is_first);
            self.ops(ops)
        };
        match list {
            Repeated::Numbers(end) => {
                for at in 0..end {
                    each(Value::Integer(at), at == 0)?;
                }
            }
            Repeated::List(list) => {
                for (value, at) in list.iter().zip(0..) {
                    each(value, at == 0)?;
                }
            }
        }
        self.names.truncate(outer.0);
        self.is_first = outer.1;
        Some(())
    }

    /// Prints a component; `given` knows the value of an argument by its place, if it has
    /// one.
    fn component(
        &mut self,
        at: usize,
        given: impl Fn(Names<'_, 'a>, usize) -> Option<Option<Value<'a>>>,
    ) -> Option<()> {
        if self.callers.len() == MAX_DEPTH {
            return None;
        }
        let component = &self.templates.components[at];
        let outer = (self.first, self.is_first.take());
        let caller = Frame { first: self.first, end: self.names.len() };
        self.callers.push(caller);
        for (place, param) in component.params.iter().enumerate() {
            let names = &self.names[caller.first..caller.end];
            let names = Names { names, is_first: outer.1 };
            let value = match (given(names, place)?, param.is_implicit, &param.default) {
                (Some(value), ..) => value,
                (None, true, _) => self.implicit(&param.name),
                (None, false, Some(default)) => names.value(default)?,
                (None, false, None) => return None,
            };
            if !fits(value, param) {
                return None;
            }
            self.names.push((&param.name, value));
        }
        self.first = caller.end;
        self.ops(&component.ops)?;
        self.names.truncate(caller.end);
        self.callers.pop();
        (self.first, self.is_first) = outer;
        Some(())
    }

    /// The value of an argument that nobody gives: what the nearest caller knows by its name.
    fn implicit(&self, name: &str) -> Value<'a> {
        let callers = self.callers.iter().rev();
        let mut values = callers.map(|frame| {
            let names = &self.names[frame.first..frame.end];
            Names { names, is_first: None }.get(name)
        });
        values.find(|it| !matches!(it, Value::Undefined)).unwrap_or(Value::Undefined)
    }
}

/// Names with their values.
#[derive(Debug, Clone, Copy)]
struct Names<'n, 'a> {
    names: &'n [(&'a str, Value<'a>)],
    /// Whether the innermost loop is at its first value.
    is_first: Option<bool>,
}

impl<'a> Names<'_, 'a> {
    fn get(self, name: &str) -> Value<'a> {
        let mut names = self.names.iter().rev();
        names.find(|(it, _)| *it == name).map_or(Value::Undefined, |(_, it)| *it)
    }

    /// `None` where Tera would stop, or might mean something else.
    fn value(self, expr: &'a Expr) -> Option<Value<'a>> {
        match expr {
            Expr::Path(name, fields) => {
                let mut value = self.get(name);
                for field in fields {
                    if matches!(value, Value::Undefined) {
                        return None;
                    }
                    value = field.of(value);
                }
                Some(value)
            }
            Expr::Item(list, at) => match self.value(list)? {
                Value::List(list) => list.get(*at),
                _ => None,
            },
            Expr::Text(text) => Some(Value::Text(text)),
            Expr::Integer(number) => Some(Value::Integer(*number)),
            Expr::Bool(it) => Some(Value::Bool(*it)),
            Expr::None => Some(Value::None),
            Expr::IsFirst => self.is_first.map(Value::Bool),
            Expr::Range(_) => None,
            Expr::And(a, b) => Some(Value::Bool(self.holds(a)? && self.holds(b)?)),
            Expr::Or(a, b) => Some(Value::Bool(self.holds(a)? || self.holds(b)?)),
            Expr::Not(it) => Some(Value::Bool(!self.holds(it)?)),
            Expr::Equal(a, b) => match (self.value(a)?, self.value(b)?) {
                (Value::Text(a), Value::Text(b)) => Some(Value::Bool(a == b)),
                (Value::Integer(a), Value::Integer(b)) => Some(Value::Bool(a == b)),
                (Value::Bool(a), Value::Bool(b)) => Some(Value::Bool(a == b)),
                _ => None,
            },
            Expr::Less(a, b) => match (self.value(a)?, self.value(b)?) {
                (Value::Integer(a), Value::Integer(b)) => Some(Value::Bool(a < b)),
                _ => None,
            },
        }
    }

    fn holds(self, expr: &'a Expr) -> Option<bool> {
        self.value(expr).map(Value::is_truthy)
    }
}

/// Whether an argument has the type that its component asks for.
fn fits(value: Value<'_>, param: &Param) -> bool {
    match (value, param.kind) {
        (Value::Undefined, _) => false,
        (_, None) => true,
        (Value::Text(_), Some(kind)) => kind == Kind::Text,
        (Value::Bool(_), Some(kind)) => kind == Kind::Bool,
        (Value::Integer(_), Some(kind)) => kind == Kind::Integer,
        (Value::List(_), Some(kind)) => kind == Kind::List,
        (Value::Map(_), Some(kind)) => kind == Kind::Map,
        (Value::None, Some(_)) => false,
    }
}

/// The entity of a byte that means something in HTML, as Tera writes it.
fn entity(byte: u8) -> Option<&'static [u8]> {
    match byte {
        b'&' => Some(b"&amp;"),
        b'<' => Some(b"&lt;"),
        b'>' => Some(b"&gt;"),
        b'"' => Some(b"&quot;"),
        b'\'' => Some(b"&#39;"),
        _ => None,
    }
}

/// Bytes that are looked at together.
const BLOCK: usize = 32;

/// Writes a text with its signs of HTML as entities.
fn escape_all(text: &str, out: &mut Vec<u8>) {
    // Without an early end, the bytes of a block are compared all at once.
    let is_plain = |block: &[u8]| {
        block
            .iter()
            .fold(true, |all, it| all & !matches!(it, b'&' | b'<' | b'>' | b'"' | b'\''))
    };
    let bytes = text.as_bytes();
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    if blocks.iter().all(|it| is_plain(it)) && is_plain(rest) {
        out.extend_from_slice(bytes);
        return;
    }
    for byte in bytes {
        match entity(*byte) {
            Some(entity) => out.extend_from_slice(entity),
            None => out.push(*byte),
        }
    }
}
