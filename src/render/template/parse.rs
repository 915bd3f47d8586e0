//! Text of a template -> operations: the part of Tera's language that is run here. Anything
//! else makes the template unknown, which is no mistake.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::render::template::Templates;
use crate::render::template::tree::Value;

/// A template.
#[derive(Debug, Default)]
pub(super) struct Template {
    /// Whether it is run here.
    pub is_known: bool,
    /// The template that it fills the blocks of.
    pub parent: Option<usize>,
    /// What it prints; a template with a parent has nothing but blocks.
    pub ops: Vec<Op>,
}

/// A component.
#[derive(Debug, Default)]
pub(super) struct Component {
    /// Whether it is run here.
    pub is_known: bool,
    /// Its arguments.
    pub params: Vec<Param>,
    /// What it prints.
    pub ops: Vec<Op>,
}

/// An argument of a component.
#[derive(Debug)]
pub(super) struct Param {
    /// Its name.
    pub name: String,
    /// The type that it must have.
    pub kind: Option<Kind>,
    /// Whether it is taken from where the component stands.
    pub is_implicit: bool,
    /// What it is without being given.
    pub default: Option<Expr>,
}

/// The type of an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A text.
    Text,
    /// A bool.
    Bool,
    /// A number.
    Integer,
    /// A list.
    List,
    /// A view or a map.
    Map,
}

/// What a part of a template does.
#[derive(Debug)]
pub(super) enum Op {
    /// Prints a text as it stands.
    Text(String),
    /// Prints a value, escaped or as finished HTML.
    Print(Expr, Escape),
    /// Prints the first part whose condition holds; a part without one comes last.
    If(Vec<(Option<Expr>, Vec<Op>)>),
    /// Prints a part for each value of a list.
    For(String, Expr, Vec<Op>),
    /// Prints another template.
    Include(usize),
    /// Prints a component with arguments.
    Call(usize, Args),
    /// Prints a part that templates which extend this one replace.
    Block(String, Vec<Op>),
}

/// The arguments of a call.
#[derive(Debug, Default)]
pub(super) struct Args {
    /// By their names.
    named: Vec<(String, Expr)>,
    /// By the places of the component's own list, once that is known.
    pub(super) aligned: Vec<Option<Expr>>,
}

/// A field that is asked for.
#[derive(Debug)]
pub(super) struct Field {
    name: String,
    /// Where it stood in the last view: those that are printed at one place are of one kind.
    place: AtomicU32,
}

impl Field {
    fn new(name: &str) -> Self {
        Self { name: name.to_owned(), place: AtomicU32::new(0) }
    }

    /// The field of a value; `Undefined` where there is none.
    pub(super) fn of<'a>(&self, value: Value<'a>) -> Value<'a> {
        let place = self.place.load(Ordering::Relaxed);
        if let Some(found) = value.field_at(place, &self.name) {
            return found;
        }
        match value.place_of(&self.name) {
            Some(place) => {
                self.place.store(place, Ordering::Relaxed);
                value.field_at(place, &self.name).unwrap_or(Value::Undefined)
            }
            None => value.field(&self.name),
        }
    }
}

/// How a text is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Escape {
    /// Its signs of HTML are written as entities.
    Html,
    /// It is HTML already.
    Finished,
}

/// What has a value.
#[derive(Debug)]
pub(super) enum Expr {
    /// A name, and fields from there on.
    Path(String, Vec<Field>),
    /// The value at a place of a list.
    Item(Box<Expr>, usize),
    /// A text.
    Text(String),
    /// A number.
    Integer(i64),
    /// A bool.
    Bool(bool),
    /// Nothing.
    None,
    /// Whether the loop around is at its first value.
    IsFirst,
    /// The numbers from 0 up to one.
    Range(i64),
    /// Both hold.
    And(Box<Expr>, Box<Expr>),
    /// One of them holds.
    Or(Box<Expr>, Box<Expr>),
    /// It does not hold.
    Not(Box<Expr>),
    /// Both are the same.
    Equal(Box<Expr>, Box<Expr>),
    /// The first is smaller.
    Less(Box<Expr>, Box<Expr>),
}

impl Expr {
    /// Whether it is a value as it stands, and not the outcome of a comparison.
    fn is_value(&self) -> bool {
        !matches!(
            self,
            Self::And(..)
                | Self::Or(..)
                | Self::Not(_)
                | Self::Equal(..)
                | Self::Less(..)
        )
    }
}

/// Reads all templates.
pub(super) fn read(
    texts: &BTreeMap<String, String>,
    asset: &dyn Fn(&str) -> Option<String>,
) -> Templates {
    let mut all = Templates::default();
    let mut pieces = Vec::with_capacity(texts.len());
    for (at, (name, text)) in texts.iter().enumerate() {
        all.by_name.insert(name.clone(), at);
        all.files.push(Template::default());
        let list = split(text);
        let tags = list.iter().flatten().filter_map(|it| match it {
            Piece::Tag(tag) => Some(tag),
            _ => None,
        });
        for tag in tags {
            if let Some(rest) = tag.strip_prefix("component ")
                && let Some((name, _)) = rest.split_once('(')
            {
                let at = all.components.len();
                all.components_by_name.insert(name.trim().to_owned(), at);
                all.components.push(Component::default());
            }
        }
        pieces.push(list);
    }
    for (at, pieces) in pieces.into_iter().enumerate() {
        let Some(pieces) = pieces else { continue };
        let mut parser = Parser { all: &all, asset, pieces: &pieces, at: 0 };
        if let Some((template, components)) = parser.template() {
            all.files[at] = template;
            for (at, component) in components {
                all.components[at] = component;
            }
        }
    }
    align_all(&mut all);
    all
}

/// Puts the arguments of all calls in the order of their components.
fn align_all(all: &mut Templates) {
    let names: Vec<Vec<String>> = all
        .components
        .iter()
        .map(|it| it.params.iter().map(|it| it.name.clone()).collect())
        .collect();
    for template in &mut all.files {
        template.is_known &= align(&mut template.ops, &names);
    }
    for component in &mut all.components {
        component.is_known &= align(&mut component.ops, &names);
    }
}

/// The same for calls in a part; whether their components know all arguments.
fn align(ops: &mut [Op], params: &[Vec<String>]) -> bool {
    ops.iter_mut().all(|op| match op {
        Op::Text(_) | Op::Print(..) | Op::Include(_) => true,
        Op::If(branches) => branches.iter_mut().all(|(_, ops)| align(ops, params)),
        Op::For(_, _, ops) | Op::Block(_, ops) => align(ops, params),
        Op::Call(at, args) => {
            let named = &mut args.named;
            let take = |name: &String| {
                let at = named.iter().position(|(it, _)| it == name)?;
                Some(named.swap_remove(at).1)
            };
            args.aligned = params[*at].iter().map(take).collect();
            args.named.is_empty()
        }
    })
}

/// A part of the text of a template.
#[derive(Debug)]
enum Piece<'t> {
    Text(&'t str),
    /// Inside of `{{ }}`.
    Print(&'t str),
    /// Inside of `{% %}`.
    Tag(&'t str),
}

/// Cuts a template into its pieces, without comments and the spaces that a `-` takes away.
fn split(text: &str) -> Option<Vec<Piece<'_>>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut trims = false;
    loop {
        let at = ["{{", "{%", "{#"].iter().filter_map(|it| rest.find(it)).min();
        let (mut before, inside) = rest.split_at(at.unwrap_or(rest.len()));
        if !before.is_empty() && trims {
            before = before.trim_start();
            trims = false;
        }
        if at.is_none() {
            pieces.push(Piece::Text(before));
            return Some(pieces);
        }
        let (open, inside) = inside.split_at(2);
        let inside = match inside.strip_prefix('-') {
            Some(inside) => {
                before = before.trim_end();
                inside
            }
            None => inside,
        };
        if !before.is_empty() {
            pieces.push(Piece::Text(before));
        }
        let close = match open {
            "{{" => "}}",
            "{%" => "%}",
            _ => "#}",
        };
        let (inside, after) = inside.split_once(close)?;
        let (inside, ends_trimmed) = match inside.strip_suffix('-') {
            Some(inside) => (inside, true),
            None => (inside, false),
        };
        match open {
            "{{" => pieces.push(Piece::Print(inside.trim())),
            "{%" => pieces.push(Piece::Tag(inside.trim())),
            _ => {}
        }
        trims = ends_trimmed || (trims && open == "{#");
        rest = after;
    }
}

struct Parser<'p> {
    all: &'p Templates,
    asset: &'p dyn Fn(&str) -> Option<String>,
    pieces: &'p [Piece<'p>],
    at: usize,
}

impl<'p> Parser<'p> {
    /// The template, and the components that stand in it.
    fn template(&mut self) -> Option<(Template, Vec<(usize, Component)>)> {
        let mut template = Template { is_known: true, ..Template::default() };
        let mut components = Vec::new();
        while let Some(piece) = self.pieces.get(self.at) {
            match piece {
                Piece::Tag(tag) if tag.starts_with("extends ") => {
                    self.at += 1;
                    let name = quoted(tag.strip_prefix("extends ")?)?;
                    template.parent = Some(*self.all.by_name.get(name)?);
                }
                Piece::Tag(tag) if tag.starts_with("component ") => {
                    self.at += 1;
                    components.push(self.component(tag)?);
                }
                _ => template.ops.push(self.op()?),
            }
        }
        if template.parent.is_some() {
            // Nothing else of it is printed.
            template.ops.retain(|it| matches!(it, Op::Block(..)));
        }
        Some((template, components))
    }

    fn component(&mut self, tag: &str) -> Option<(usize, Component)> {
        let (name, rest) = tag.strip_prefix("component ")?.split_once('(')?;
        let at = *self.all.components_by_name.get(name.trim())?;
        let params = rest.trim_end().strip_suffix(')')?;
        let params = params.split(',').map(str::trim).filter(|it| !it.is_empty());
        let params = params.map(param).collect::<Option<Vec<_>>>()?;
        let ops = self.ops()?;
        let end = self.tag()?;
        is_end(end, "endcomponent", name.trim())
            .then_some((at, Component { is_known: true, params, ops }))
    }

    fn tag(&mut self) -> Option<&'p str> {
        let piece = self.pieces.get(self.at)?;
        self.at += 1;
        match piece {
            Piece::Tag(tag) => Some(tag),
            _ => None,
        }
    }

    /// Operations up to a tag that ends them.
    fn ops(&mut self) -> Option<Vec<Op>> {
        let mut ops = Vec::new();
        loop {
            let piece = self.pieces.get(self.at)?;
            if let Piece::Tag(tag) = piece {
                let word = tag.split(' ').next().unwrap_or_default();
                if word.starts_with("end") || matches!(word, "else" | "elif") {
                    return Some(ops);
                }
            }
            ops.push(self.op()?);
        }
    }

    fn op(&mut self) -> Option<Op> {
        let piece = self.pieces.get(self.at)?;
        self.at += 1;
        match piece {
            Piece::Text(text) => Some(Op::Text((*text).to_owned())),
            Piece::Print(inside) => match inside.strip_prefix('<') {
                Some(call) => self.call(call),
                None => self.print(inside),
            },
            Piece::Tag(tag) => {
                let (word, rest) = tag.split_once(' ').unwrap_or((tag, ""));
                match word {
                    "if" => self.condition(rest),
                    "for" => self.repetition(rest),
                    "include" => {
                        let at = self.all.by_name.get(quoted(rest)?)?;
                        Some(Op::Include(*at))
                    }
                    "block" => {
                        let name = rest.trim();
                        let ops = self.ops()?;
                        let end = self.tag()?;
                        is_end(end, "endblock", name)
                            .then(|| Op::Block(name.to_owned(), ops))
                    }
                    _ => None,
                }
            }
        }
    }

    fn print(&self, inside: &str) -> Option<Op> {
        let (inside, escape) = match inside.split_once('|') {
            Some((inside, filter)) if filter.trim() == "safe" => {
                (inside, Escape::Finished)
            }
            Some(_) => return None,
            None => (inside, Escape::Html),
        };
        let expr = self.value(inside)?;
        Some(Op::Print(expr, escape))
    }

    fn call(&self, call: &str) -> Option<Op> {
        let call = call.strip_suffix("/>")?.trim();
        let (name, mut rest) = call.split_once(char::is_whitespace).unwrap_or((call, ""));
        let at = *self.all.components_by_name.get(name)?;
        let mut args: Vec<(String, Expr)> = Vec::new();
        loop {
            rest = rest.trim_start();
            if rest.is_empty() {
                return Some(Op::Call(at, Args { named: args, aligned: Vec::new() }));
            }
            let end = rest.find(|it| !is_letter(it)).unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            let is_name = !name.is_empty() && args.iter().all(|(it, _)| it != name);
            let value;
            (value, rest) = match after.strip_prefix('=') {
                None => (Expr::Path(name.to_owned(), Vec::new()), after),
                Some(after) if after.starts_with('{') => {
                    let (value, after) = after.strip_prefix('{')?.split_once('}')?;
                    (self.value(value)?, after)
                }
                Some(after) => {
                    let (value, after) = after.strip_prefix('"')?.split_once('"')?;
                    (self.value(&format!("\"{value}\""))?, after)
                }
            };
            if !is_name {
                return None;
            }
            args.push((name.to_owned(), value));
        }
    }

    fn condition(&mut self, first: &str) -> Option<Op> {
        let mut branches = Vec::new();
        let mut condition = Some(self.expression(first)?);
        loop {
            let ops = self.ops()?;
            let is_last = condition.is_none();
            branches.push((condition.take(), ops));
            let tag = self.tag()?;
            match tag.split_once(' ').unwrap_or((tag, "")) {
                ("endif", "") => return Some(Op::If(branches)),
                ("else", "") if !is_last => {}
                ("elif", rest) if !is_last => condition = Some(self.expression(rest)?),
                _ => return None,
            }
        }
    }

    fn repetition(&mut self, rest: &str) -> Option<Op> {
        let (name, list) = rest.split_once(" in ")?;
        let name = name.trim();
        if !name.chars().all(is_letter) {
            return None;
        }
        let list = self.value(list)?;
        let ops = self.ops()?;
        (self.tag()? == "endfor").then(|| Op::For(name.to_owned(), list, ops))
    }

    fn value(&self, text: &str) -> Option<Expr> {
        self.expression(text).filter(Expr::is_value)
    }

    fn expression(&self, text: &str) -> Option<Expr> {
        let tokens = tokens(text)?;
        let mut reader = Reader { asset: self.asset, tokens: &tokens };
        let expr = reader.or()?;
        reader.tokens.is_empty().then_some(expr)
    }
}

fn is_letter(it: char) -> bool {
    it.is_ascii_alphanumeric() || it == '_'
}

/// Whether a tag ends what has begun, by its name or without it.
fn is_end(tag: &str, word: &str, name: &str) -> bool {
    tag.strip_prefix(word).is_some_and(|it| it.is_empty() || it.trim() == name)
}

fn quoted(text: &str) -> Option<&str> {
    let text = text.trim().strip_prefix('"')?.strip_suffix('"')?;
    (!text.contains(['"', '\\'])).then_some(text)
}

/// An argument as a component declares it: `level: integer = 3`, `@t`.
fn param(text: &str) -> Option<Param> {
    let (text, default) = match text.split_once('=') {
        Some((text, default)) => (text.trim(), Some(literal(default.trim())?)),
        None => (text, None),
    };
    let (text, is_implicit) = match text.strip_prefix('@') {
        Some(text) => (text, true),
        None => (text, false),
    };
    let (name, kind) = match text.split_once(':') {
        Some((name, kind)) => {
            let kind = match kind.trim() {
                "string" => Kind::Text,
                "bool" => Kind::Bool,
                "integer" => Kind::Integer,
                "array" => Kind::List,
                "map" => Kind::Map,
                _ => return None,
            };
            (name.trim(), Some(kind))
        }
        // A default decides about the type as well.
        None if matches!(default, None | Some(Expr::None)) => (text, None),
        None => return None,
    };
    let is_name = !name.is_empty() && name.chars().all(is_letter);
    is_name.then(|| Param { name: name.to_owned(), kind, is_implicit, default })
}

fn literal(text: &str) -> Option<Expr> {
    match text {
        "none" => Some(Expr::None),
        "true" => Some(Expr::Bool(true)),
        "false" => Some(Expr::Bool(false)),
        _ => text.parse().ok().map(Expr::Integer),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'t> {
    Word(&'t str),
    Text(&'t str),
    Number(i64),
    Sign(&'t str),
}

fn tokens(text: &str) -> Option<Vec<Token<'_>>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let after;
        let token;
        if first == '"' {
            let (inside, behind) = rest.strip_prefix('"')?.split_once('"')?;
            if inside.contains('\\') {
                return None;
            }
            (token, after) = (Token::Text(inside), behind);
        } else if is_letter(first) {
            let end = rest.find(|it| !is_letter(it)).unwrap_or(rest.len());
            let (word, behind) = rest.split_at(end);
            let is_number = first.is_ascii_digit();
            token = if is_number {
                Token::Number(word.parse().ok()?)
            } else {
                Token::Word(word)
            };
            after = behind;
        } else {
            let signs = ["==", "!=", "<=", ".", "[", "]", "(", ")", "=", "<"];
            let sign = signs.iter().find(|it| rest.starts_with(**it))?;
            let (sign, behind) = rest.split_at(sign.len());
            (token, after) = (Token::Sign(sign), behind);
        }
        tokens.push(token);
        rest = after.trim_start();
    }
    Some(tokens)
}

struct Reader<'r> {
    asset: &'r dyn Fn(&str) -> Option<String>,
    tokens: &'r [Token<'r>],
}

impl<'r> Reader<'r> {
    fn next(&mut self) -> Option<Token<'r>> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(*first)
    }

    fn takes(&mut self, token: Token<'_>) -> bool {
        let is_next = self.tokens.first() == Some(&token);
        if is_next {
            self.next();
        }
        is_next
    }

    fn or(&mut self) -> Option<Expr> {
        let mut all = self.and()?;
        while self.takes(Token::Word("or")) {
            all = Expr::Or(all.into(), self.and()?.into());
        }
        Some(all)
    }

    fn and(&mut self) -> Option<Expr> {
        let mut all = self.not()?;
        while self.takes(Token::Word("and")) {
            all = Expr::And(all.into(), self.not()?.into());
        }
        Some(all)
    }

    fn not(&mut self) -> Option<Expr> {
        if self.takes(Token::Word("not")) {
            // A comparison behind it is not read: what it belongs to is Tera's to say.
            return Some(Expr::Not(self.primary()?.into()));
        }
        let left = self.primary()?;
        if self.takes(Token::Sign("==")) {
            return Some(Expr::Equal(left.into(), self.primary()?.into()));
        }
        if self.takes(Token::Sign("!=")) {
            let equal = Expr::Equal(left.into(), self.primary()?.into());
            return Some(Expr::Not(equal.into()));
        }
        if self.takes(Token::Sign("<")) {
            return Some(Expr::Less(left.into(), self.primary()?.into()));
        }
        Some(left)
    }

    fn primary(&mut self) -> Option<Expr> {
        let word = match self.next()? {
            Token::Text(text) => return Some(Expr::Text(text.to_owned())),
            Token::Number(number) => return Some(Expr::Integer(number)),
            Token::Sign(_) => return None,
            Token::Word(word) => word,
        };
        match word {
            "none" | "true" | "false" => return literal(word),
            "and" | "or" | "not" | "in" | "is" | "if" | "else" | "None" | "True"
            | "False" | "super" | "__tera_context" => return None,
            _ => {}
        }
        if self.takes(Token::Sign("(")) {
            return self.function(word);
        }
        let mut fields = Vec::new();
        while self.takes(Token::Sign(".")) {
            let Token::Word(field) = self.next()? else { return None };
            fields.push(Field::new(field));
        }
        if word == "loop" {
            let is_first = matches!(fields.as_slice(), [it] if it.name == "first");
            return is_first.then_some(Expr::IsFirst);
        }
        let path = Expr::Path(word.to_owned(), fields);
        if !self.takes(Token::Sign("[")) {
            return Some(path);
        }
        let Token::Number(at) = self.next()? else { return None };
        let at = usize::try_from(at).ok()?;
        self.takes(Token::Sign("]")).then(|| Expr::Item(path.into(), at))
    }

    /// The two functions whose outcome is known beforehand.
    fn function(&mut self, name: &str) -> Option<Expr> {
        let Token::Word(key) = self.next()? else { return None };
        if !self.takes(Token::Sign("=")) {
            return None;
        }
        let value = self.next()?;
        if !self.takes(Token::Sign(")")) {
            return None;
        }
        match (name, key, value) {
            ("asset", "path", Token::Text(path)) => {
                (self.asset)(&format!("static/{path}")).map(Expr::Text)
            }
            ("range", "end", Token::Number(end)) => Some(Expr::Range(end)),
            _ => None,
        }
    }
}
