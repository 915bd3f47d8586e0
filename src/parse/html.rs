//! The gate for HTML in articles: which tags an author may write, and with what.
//!
//! Takes HTML that Markdown has left as it stands; gives tags and the words between them.
//! A tag on the closed list below becomes an element of the document and is written anew
//! by `render::html`, so that no byte of an author's HTML is ever printed as HTML. Anything
//! else stays text (rows M2, M8): a list of what is dangerous would never be complete.
//! Whether the gate is open at all is decided in site.yaml; where elements begin and end
//! is decided in `markdown`.

use std::borrow::Cow;
use std::ops::Range;

use crate::text::direction::Direction;
use crate::text::lang::Lang;

macro_rules! tags {
    ($( $(#[$doc:meta])* $variant:ident = $name:literal ),* $(,)?) => {
        /// An element of HTML that an author may write.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum HtmlTag { $( $(#[$doc])* $variant, )* }

        impl HtmlTag {
            /// Every element, in the order of their names.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Its name.
            pub fn name(self) -> &'static str {
                match self { $( Self::$variant => $name, )* }
            }
        }
    };
}

tags! {
    /// Abbreviation.
    Abbr = "abbr",
    /// Text that runs in a direction of its own.
    Bdi = "bdi",
    /// Title of a work.
    Cite = "cite",
    /// What was taken out.
    Del = "del",
    /// A part that readers open.
    Details = "details",
    /// The term that is defined here.
    Dfn = "dfn",
    /// Blocks with a language or direction of their own.
    Div = "div",
    /// What was put in.
    Ins = "ins",
    /// Keys to press.
    Kbd = "kbd",
    /// Words that matter here.
    Mark = "mark",
    /// Quotation in a sentence.
    Quotation = "q",
    /// What no longer holds.
    Struck = "s",
    /// What a program says.
    Samp = "samp",
    /// Small print.
    Small = "small",
    /// Words with a language or direction of their own.
    Span = "span",
    /// Below the line.
    Sub = "sub",
    /// What stands for a part that readers open.
    Summary = "summary",
    /// Above the line.
    Sup = "sup",
    /// A date with its form for machines.
    Time = "time",
    /// A line under words that says something.
    Underline = "u",
    /// A variable.
    Var = "var",
    /// A place where a long word may break.
    Break = "wbr",
}

/// The attributes of an element, each with its value.
pub type Attributes = Box<[(&'static str, Box<str>)]>;

impl HtmlTag {
    fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.name().eq_ignore_ascii_case(name))
    }

    /// Whether it begins on a new line.
    pub fn is_block(self) -> bool {
        matches!(self, Self::Details | Self::Div | Self::Summary)
    }

    /// Whether nothing stands in it.
    pub fn is_void(self) -> bool {
        self == Self::Break
    }
}

/// A piece of HTML.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// Its bytes.
    pub(super) range: Range<usize>,
    /// What it is.
    pub(super) sort: Sort,
}

/// What a piece of HTML is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// Words.
    Text,
    /// `<br>`
    HardBreak,
    /// An element begins.
    Open(HtmlTag, Attributes),
    /// An element ends.
    Close(HtmlTag),
    /// Something that may not pass.
    Refused,
}

/// Cuts HTML into tags and the words between them.
pub(super) fn pieces(html: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut at = 0;
    while let Some(rest) = html.get(at..).filter(|it| !it.is_empty()) {
        let found = if rest.starts_with('<') { tag(rest) } else { None };
        let (length, sort) = found.unwrap_or_else(|| {
            let next = rest.bytes().skip(1).position(|it| it == b'<');
            let length = next.map_or(rest.len(), |it| it + 1);
            // A `<` that begins no tag is nothing to a browser either, but may be half of
            // a tag whose other half stands on the next line.
            let sort = if rest.starts_with('<') { Sort::Refused } else { Sort::Text };
            (length, sort)
        });
        pieces.push(Piece { range: at..at + length, sort });
        at += length;
    }
    pieces
}

/// The whole tag that a text begins with, and its length.
fn tag(html: &str) -> Option<(usize, Sort)> {
    let inner = html.strip_prefix('<')?;
    let is_end = inner.starts_with('/');
    let inner = inner.strip_prefix('/').unwrap_or(inner);
    let n = inner.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let (name, mut rest) = inner.split_at_checked(n)?;
    let mut attributes = Vec::new();
    loop {
        let after = rest.trim_start_matches(is_space);
        let has_space = after.len() < rest.len();
        rest = after;
        let end = rest.strip_prefix("/>").or_else(|| rest.strip_prefix('>'));
        if let Some(after) = end {
            let sort = sort(name, is_end, &attributes);
            return Some((html.len() - after.len(), sort));
        }
        if !has_space {
            return None;
        }
        let (attribute, after) = attribute(rest)?;
        attributes.push(attribute);
        rest = after;
    }
}

fn is_space(it: char) -> bool {
    matches!(it, ' ' | '\t' | '\n' | '\u{C}' | '\r')
}

/// A name, its value, and what follows.
fn attribute(html: &str) -> Option<((&str, Option<&str>), &str)> {
    let is_name = |it: &u8| it.is_ascii_alphanumeric() || b"-_:.@".contains(it);
    let n = html.bytes().take_while(is_name).count();
    let (name, rest) = html.split_at_checked(n)?;
    if name.is_empty() {
        return None;
    }
    let Some(rest) = rest.trim_start_matches(is_space).strip_prefix('=') else {
        return Some(((name, None), rest));
    };
    let rest = rest.trim_start_matches(is_space);
    for quote in ['"', '\''] {
        if let Some(rest) = rest.strip_prefix(quote) {
            let (value, rest) = rest.split_once(quote)?;
            return Some(((name, Some(value)), rest));
        }
    }
    let end = rest.find(|it| is_space(it) || "\"'=<>`".contains(it))?;
    let (value, rest) = rest.split_at_checked(end)?;
    (!value.is_empty()).then_some(((name, Some(value)), rest))
}

/// What a tag with these attributes is here.
fn sort(name: &str, is_end: bool, attributes: &[(&str, Option<&str>)]) -> Sort {
    if name.eq_ignore_ascii_case("br") && !is_end && attributes.is_empty() {
        return Sort::HardBreak;
    }
    let Some(tag) = HtmlTag::named(name) else { return Sort::Refused };
    if is_end {
        let is_plain = attributes.is_empty() && !tag.is_void();
        return if is_plain { Sort::Close(tag) } else { Sort::Refused };
    }
    let mut checked: Vec<(&'static str, Box<str>)> = Vec::new();
    for (name, value) in attributes {
        match checked_attribute(tag, name, *value) {
            Some(it) if checked.iter().all(|(name, _)| *name != it.0) => checked.push(it),
            _ => return Sort::Refused,
        }
    }
    // Another language comes with its direction (rtl-rules R6).
    let has_direction = checked.iter().any(|(name, _)| *name == "dir");
    let lang = checked.iter().find(|(name, _)| *name == "lang");
    let lang = lang.and_then(|(_, value)| Lang::parse(value).ok());
    if let Some(lang) = lang.filter(|_| !has_direction) {
        checked.push(("dir", Direction::of(&lang).as_str().into()));
    }
    Sort::Open(tag, checked.into())
}

/// An attribute that the element may have, with a value that it may have.
fn checked_attribute(
    tag: HtmlTag,
    name: &str,
    value: Option<&str>,
) -> Option<(&'static str, Box<str>)> {
    let value = value.map(unescaped).unwrap_or_default();
    match name.to_ascii_lowercase().as_str() {
        "dir" => {
            let all = ["ltr", "rtl", "auto"];
            let known = all.iter().find(|it| value.eq_ignore_ascii_case(it))?;
            Some(("dir", (*known).into()))
        }
        "lang" => Some(("lang", Lang::parse(&value).ok()?.as_str().into())),
        "title" if matches!(tag, HtmlTag::Abbr | HtmlTag::Dfn) => {
            (!value.is_empty()).then(|| ("title", value.into()))
        }
        "datetime" if matches!(tag, HtmlTag::Time | HtmlTag::Ins | HtmlTag::Del) => {
            let is_date = |it: char| it.is_ascii_digit() || "-+:.TZWPYMDHS ".contains(it);
            let is_date = !value.is_empty() && value.chars().all(is_date);
            is_date.then(|| ("datetime", value.into()))
        }
        "open" if tag == HtmlTag::Details && value.is_empty() => {
            Some(("open", Box::default()))
        }
        _ => None,
    }
}

/// Resolves the entities that HTML cannot do without.
pub(super) fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut result = text.to_owned();
    // The ampersand is last, so that nothing is resolved twice.
    for (entity, letter) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&nbsp;", "\u{A0}"),
        ("&amp;", "&"),
    ] {
        result = result.replace(entity, letter);
    }
    Cow::Owned(result)
}

#[cfg(test)]
mod tests {
    use super::{HtmlTag, Sort, pieces};

    #[track_caller]
    fn check(html: &str, expected: Sort) {
        let pieces = pieces(html);
        assert_eq!(pieces.len(), 1, "{html}: {pieces:?}");
        assert_eq!(pieces[0].sort, expected, "{html}");
        assert_eq!(pieces[0].range, 0..html.len(), "{html}");
    }

    fn open(tag: HtmlTag, attributes: &[(&'static str, &str)]) -> Sort {
        let attributes = attributes.iter().map(|(name, value)| (*name, (*value).into()));
        Sort::Open(tag, attributes.collect())
    }

    #[test]
    fn m7_language_and_direction_pass() {
        check("<bdi>", open(HtmlTag::Bdi, &[]));
        check("<SPAN DIR='RTL'>", open(HtmlTag::Span, &[("dir", "rtl")]));
        check("<span dir=ltr>", open(HtmlTag::Span, &[("dir", "ltr")]));
        let lang = [("lang", "fa"), ("dir", "rtl")];
        check("<div lang = \"fa\" >", open(HtmlTag::Div, &lang));
        check("</details>", Sort::Close(HtmlTag::Details));
        check("<details open>", open(HtmlTag::Details, &[("open", "")]));
        check("<wbr/>", open(HtmlTag::Break, &[]));
        let title = [("title", "A < B & \"C\"")];
        check("<abbr title='A < B &amp; \"C\"'>", open(HtmlTag::Abbr, &title));
        let date = [("datetime", "2025-03-09")];
        check("<time datetime=\"2025-03-09\">", open(HtmlTag::Time, &date));
    }

    #[test]
    fn m2_anything_that_is_not_on_the_list_is_refused() {
        for html in [
            "<script>",
            "<span style=\"x\">",
            "<span onclick=x>",
            "<span dir=ltr dir=rtl>",
            "<span dir=up>",
            "<span lang=\"x y\">",
            "<span title=x>",
            "<span open>",
            "<bdi id=top>",
            "<bdo dir=rtl>",
            "</span dir=ltr>",
            "</wbr>",
            "<time datetime=\"javascript:x\">",
            "<spanner>",
            "<span",
            "<span/dir=ltr>",
            "<span dir=\"ltr\"title=x>",
            "<!doctype html>",
            "<?php ?>",
        ] {
            assert!(
                pieces(html).iter().all(|it| it.sort == Sort::Refused),
                "{html}: {:?}",
                pieces(html)
            );
        }
    }

    #[test]
    fn pieces_join_to_what_they_were_cut_from() {
        let html = "a<b<bdi>c</bdi> < > <span title='>'>é</x>";
        let cut: String =
            pieces(html).iter().map(|it| html.get(it.range.clone()).unwrap()).collect();
        assert_eq!(cut, html);
    }
}
