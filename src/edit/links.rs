//! Links: where the address of each link by hand stands in the source of an article.
//!
//! A `Document` says which text is a link and where it leads. This module finds the bytes
//! of the address inside it, and reads them back to be sure: an address that does not read
//! as the target of its link is left alone.

use std::ops::Range;

use crate::diag::{SourcePath, Span};
use crate::edit::draft::Replacement;
use crate::parse::address::{target, wiki_target};
use crate::parse::document::{Document, Element, Node, Target};
use crate::parse::markdown::definitions;
use crate::text::link_destination::destination;
use crate::text::slug::encode_path;

/// An address in the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    /// Where it leads.
    pub(super) target: Target,
    /// Its bytes, without brackets and title.
    pub(super) range: Range<usize>,
}

/// The addresses of an article whose text for readers is `body`: first those of links in
/// reading order, then those of link definitions.
pub(super) fn addresses(document: &Document, body: Range<usize>) -> Vec<Address> {
    let text = &*document.source;
    let mut found = Vec::new();
    for (at, node) in document.nodes.iter().enumerate() {
        let Node::Open(Element::Link(link)) = *node else { continue };
        let target = &document.outline.links[link as usize].target;
        let span = document.spans[at];
        let words_end = words_end(document, at, link);
        found.extend(of_link(text, span, words_end, target));
    }
    for definition in definitions(text, body) {
        found.extend(of_definition(text, definition.span, &definition.target));
    }
    found
}

/// The byte behind the words of a link.
fn words_end(document: &Document, open: usize, link: u32) -> usize {
    let close = Node::Close(Element::Link(link));
    let inner = document.nodes.iter().zip(&document.spans).skip(open + 1);
    let inner = inner.take_while(|(node, _)| **node != close);
    let last = inner.map(|(_, span)| span.range().end).max();
    last.unwrap_or(document.spans[open].range().start + 1)
}

fn of_link(text: &str, span: Span, words_end: usize, wanted: &Target) -> Option<Address> {
    let Range { start, end } = span.range();
    let written = span.of(text);
    if let Some(inner) = written.strip_prefix("[[").and_then(|it| it.strip_suffix("]]")) {
        let name = inner.split('|').next().unwrap_or(inner);
        // Inside a table the bar is written `\|`.
        let name = name.strip_suffix('\\').unwrap_or(name);
        if wiki_target(name) == *wanted {
            return Some(Address {
                target: wanted.clone(),
                range: trimmed(text, start + 2..start + 2 + name.len()),
            });
        }
    }
    if written.starts_with('<') {
        let range = start + 1..end.saturating_sub(1);
        return checked(text, range, wanted);
    }
    let mut from = words_end.min(end);
    loop {
        let rest = text.get(from..end)?;
        let open = from + rest.find("](")? + 2;
        let range = destination(text, open, end);
        let found = range.and_then(|it| checked(text, it, wanted));
        if found.is_some() {
            return found;
        }
        from = open;
    }
}

fn of_definition(text: &str, span: Span, wanted: &Target) -> Option<Address> {
    let Range { start, end } = span.range();
    let mut from = start;
    loop {
        let rest = text.get(from..end)?;
        let colon = from + rest.find("]:")? + 2;
        let range = destination(text, colon, end);
        let found = range.and_then(|it| checked(text, it, wanted));
        if found.is_some() {
            return found;
        }
        from = colon;
    }
}

/// The address if it reads as the target.
fn checked(text: &str, range: Range<usize>, wanted: &Target) -> Option<Address> {
    let written = text.get(range.clone())?;
    (target(&unescaped(written)) == *wanted)
        .then(|| Address { target: wanted.clone(), range })
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let written = text.get(range.clone()).unwrap_or_default();
    let start = range.start + (written.len() - written.trim_start().len());
    start..start + written.trim().len()
}

/// An address without the backslashes that Markdown takes away.
fn unescaped(written: &str) -> String {
    let mut result = String::with_capacity(written.len());
    let mut letters = written.chars().peekable();
    while let Some(letter) = letters.next() {
        let is_escape =
            letter == '\\' && letters.peek().is_some_and(char::is_ascii_punctuation);
        if !is_escape {
            result.push(letter);
        } else if let Some(next) = letters.next() {
            result.push(next);
        }
    }
    result
}

/// Puts another id into an address, and leaves what stands around it as it is.
pub(super) fn with_id(
    text: &str,
    address: &Address,
    old: &str,
    new: &str,
) -> Option<Replacement> {
    let written = text.get(address.range.clone())?;
    let scheme_end = written.find(':').map_or(0, |it| it + 1);
    if let Some(at) = written.get(scheme_end..)?.find(old) {
        let start = address.range.start + scheme_end + at;
        return Some(Replacement::new(start..start + old.len(), new));
    }
    // An id with escapes in it: the backslashes go with it.
    let start = address.range.start + scheme_end;
    Some(Replacement::new(start..address.range.end, new))
}

/// Puts another file into an address; what stands behind `#` stays, and so does the way
/// to a folder that is still the same.
pub(super) fn with_file(
    text: &str,
    address: &Address,
    from: &SourcePath,
    (old, new): (&SourcePath, &SourcePath),
) -> Option<Replacement> {
    let written = text.get(address.range.clone())?;
    let path = written.split('#').next().unwrap_or(written);
    let mut range = address.range.start..address.range.start + path.len();
    let (old_folder, new_folder) = (folder_and_name(old).0, folder_and_name(new).0);
    if old_folder == new_folder {
        range.start += path.rfind('/').map_or(0, |it| it + 1);
        return Some(Replacement::new(range, folder_and_name(new).1));
    }
    Some(Replacement::new(range, encode_path(&relative(from, new))))
}

/// The folder of a file, with its final slash, and the name in it.
pub(super) fn folder_and_name(path: &SourcePath) -> (&str, &str) {
    let at = path.as_str().rfind('/').map_or(0, |it| it + 1);
    path.as_str().split_at(at)
}

/// The path of `to` as seen from the folder of `from`.
fn relative(from: &SourcePath, to: &SourcePath) -> String {
    let mut here: Vec<&str> = from.as_str().split('/').collect();
    here.pop();
    let there: Vec<&str> = to.as_str().split('/').collect();
    let n_common = here.iter().zip(&there).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..", here.len() - n_common);
    up.chain(there.into_iter().skip(n_common)).collect::<Vec<_>>().join("/")
}
