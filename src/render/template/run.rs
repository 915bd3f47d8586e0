//! Operations + tree -> HTML. Where a value is not what a template takes it for, nothing is
//! printed at all: Tera says what is wrong.

use crate::render::template::Templates;
use crate::render::template::parse::{Escape, Expr, Kind, Op, Param};
use crate::render::template::tree::{List, Tree, Value};

/// Room that a page is given before anybody knows how long it is; nearly all fit.
const PAGE_BYTES: usize = 64 * 1024;

/// Room that a component is given.
const COMPONENT_BYTES: usize = 1024;

/// Names that are known at one place: the arguments of a component, and the loops in it.
const MAX_NAMES: usize = 12;

/// Components inside each other; Tera stops at 20.
const MAX_DEPTH: usize = 19;

/// Prints a page.
pub(super) fn page<'a>(
    templates: &'a Templates,
    at: usize,
    context: &[(&'a str, &'a Tree)],
) -> Option<Vec<u8>> {
    let mut chain = vec![at];
    let mut base = at;
    while let Some(parent) = templates.templates[base].parent {
        base = parent;
        chain.push(base);
    }
    let mut scope = around(context)?;
    let mut run = Run { templates, chain, out: Vec::with_capacity(PAGE_BYTES), depth: 0 };
    run.ops(&templates.templates[base].ops, &mut scope)?;
    Some(run.out)
}

/// Prints a component by itself.
pub(super) fn component<'a>(
    templates: &'a Templates,
    at: usize,
    args: &[(&str, Value<'a>)],
    context: &[(&'a str, &'a Tree)],
) -> Option<Vec<u8>> {
    let out = Vec::with_capacity(COMPONENT_BYTES);
    let mut run = Run { templates, chain: Vec::new(), out, depth: 0 };
    run.component(at, args, &around(context)?)?;
    Some(run.out)
}

fn around<'a>(context: &[(&'a str, &'a Tree)]) -> Option<Scope<'a, 'a>> {
    let mut scope = Scope::new(None);
    for (name, tree) in context {
        scope.add(name, tree.root())?;
    }
    Some(scope)
}

/// The names that are known at one place.
struct Scope<'s, 'a> {
    names: [(&'a str, Value<'a>); MAX_NAMES],
    n: usize,
    /// Whether the innermost loop is at its first value.
    is_first: Option<bool>,
    /// Where the component is called.
    caller: Option<&'s Scope<'s, 'a>>,
}

impl<'s, 'a> Scope<'s, 'a> {
    fn new(caller: Option<&'s Self>) -> Self {
        Self { names: [("", Value::Undefined); MAX_NAMES], n: 0, is_first: None, caller }
    }

    fn add(&mut self, name: &'a str, value: Value<'a>) -> Option<()> {
        *self.names.get_mut(self.n)? = (name, value);
        self.n += 1;
        Some(())
    }

    fn get(&self, name: &str) -> Value<'a> {
        let names = self.names[..self.n].iter().rev();
        names.clone().find(|(it, _)| *it == name).map_or(Value::Undefined, |(_, it)| *it)
    }

    /// The value of an argument that nobody gives: here, else where this is called.
    fn implicit(&self, name: &str) -> Value<'a> {
        match (self.get(name), self.caller) {
            (Value::Undefined, Some(caller)) => caller.implicit(name),
            (value, _) => value,
        }
    }

    /// `None` where Tera would stop, or might mean something else.
    fn value(&self, expr: &'a Expr) -> Option<Value<'a>> {
        match expr {
            Expr::Path(name, fields) => {
                let mut value = self.get(name);
                for field in fields {
                    if matches!(value, Value::Undefined) {
                        return None;
                    }
                    value = value.field(field);
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

    fn holds(&self, expr: &'a Expr) -> Option<bool> {
        self.value(expr).map(Value::is_truthy)
    }
}

/// What a loop goes through.
enum Repeated<'a> {
    /// From 0 up to one.
    Numbers(i64),
    List(List<'a>),
}

struct Run<'a> {
    templates: &'a Templates,
    /// The page, then the templates that it extends.
    chain: Vec<usize>,
    out: Vec<u8>,
    depth: usize,
}

impl<'a> Run<'a> {
    fn ops(&mut self, ops: &'a [Op], scope: &mut Scope<'_, 'a>) -> Option<()> {
        for op in ops {
            match op {
                Op::Text(text) => self.out.extend_from_slice(text.as_bytes()),
                Op::Print(expr, escape) => self.print(scope.value(expr)?, *escape)?,
                Op::If(branches) => {
                    for (condition, ops) in branches {
                        let holds = match condition {
                            Some(condition) => scope.holds(condition)?,
                            None => true,
                        };
                        if holds {
                            self.ops(ops, scope)?;
                            break;
                        }
                    }
                }
                Op::For(name, list, ops) => self.repeat(name, list, ops, scope)?,
                Op::Include(at) => {
                    let outer = scope.is_first.take();
                    self.ops(&self.templates.templates[*at].ops, scope)?;
                    scope.is_first = outer;
                }
                Op::Call(at, args) => {
                    let caller = &*scope;
                    let mut values = [("", Value::Undefined); MAX_NAMES];
                    let values = values.get_mut(..args.len())?;
                    for (value, (name, expr)) in values.iter_mut().zip(args) {
                        *value = (name, caller.value(expr)?);
                    }
                    self.component(*at, values, caller)?;
                }
                Op::Block(name, ops) => {
                    let templates = self.templates;
                    let chain = self.chain.iter().map(|it| &templates.templates[*it]);
                    let blocks = chain.flat_map(|it| &it.ops).filter_map(|op| match op {
                        Op::Block(other, ops) => Some((other, ops)),
                        _ => None,
                    });
                    let mut own = blocks.filter(|(other, _)| *other == name);
                    self.ops(own.next().map_or(ops, |(_, ops)| ops), scope)?;
                }
            }
        }
        Some(())
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

    fn repeat(
        &mut self,
        name: &'a str,
        list: &'a Expr,
        ops: &'a [Op],
        scope: &mut Scope<'_, 'a>,
    ) -> Option<()> {
        let outer = (scope.n, scope.is_first);
        let list = match list {
            Expr::Range(end) => Repeated::Numbers(*end),
            _ => match scope.value(list)? {
                Value::List(list) => Repeated::List(list),
                _ => return None,
            },
        };
        let mut each = |value, is_first| {
            scope.n = outer.0;
            scope.add(name, value)?;
            scope.is_first = Some(is_first);
            self.ops(ops, scope)
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
        (scope.n, scope.is_first) = outer;
        Some(())
    }

    fn component(
        &mut self,
        at: usize,
        args: &[(&str, Value<'a>)],
        caller: &Scope<'_, 'a>,
    ) -> Option<()> {
        if self.depth == MAX_DEPTH {
            return None;
        }
        let component = &self.templates.components[at];
        let mut scope = Scope::new(Some(caller));
        let mut n_taken = 0;
        for param in &component.params {
            let given = args.iter().find(|(name, _)| *name == param.name);
            let value = match (given, param.is_implicit, &param.default) {
                (Some((_, value)), ..) => {
                    n_taken += 1;
                    *value
                }
                (None, true, _) => caller.implicit(&param.name),
                (None, false, Some(default)) => scope.value(default)?,
                (None, false, None) => return None,
            };
            if !fits(value, param) {
                return None;
            }
            scope.add(&param.name, value)?;
        }
        if n_taken != args.len() {
            return None;
        }
        self.depth += 1;
        self.ops(&component.ops, &mut scope)?;
        self.depth -= 1;
        Some(())
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
    for block in text.as_bytes().chunks(BLOCK) {
        // Without an early end, the bytes of a block are compared all at once.
        let is_plain = block
            .iter()
            .fold(true, |all, it| all & !matches!(it, b'&' | b'<' | b'>' | b'"' | b'\''));
        if is_plain {
            out.extend_from_slice(block);
            continue;
        }
        for byte in block {
            match entity(*byte) {
                Some(entity) => out.extend_from_slice(entity),
                None => out.push(*byte),
            }
        }
    }
}
