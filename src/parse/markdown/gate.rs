//! HTML in Markdown: where the elements that pass begin and end.
//!
//! What may pass is decided in `parse::html`. Here every element gets an end inside the
//! block in which it begins, so that the document stays a tree: an end tag that ends
//! nothing there is shown, and what nobody has ended ends with its block. Words that stand
//! in a block of HTML by themselves become a paragraph.

use std::borrow::Cow;
use std::ops::Range;

use crate::config::HtmlPolicy;
use crate::diag::{Diagnostic, Place};
use crate::parse::document::{Element, Node};
use crate::parse::html::{self, Attributes, HtmlTag, Sort};
use crate::parse::markdown::Builder;

impl Builder<'_> {
    pub(super) fn html(&mut self, html: &str, range: Range<usize>) {
        self.flush();
        if html.starts_with("<!--") && html.ends_with("-->") {
            return;
        }
        for part in self.comments.outside(&range) {
            let html = self.markdown.get(part.clone()).unwrap_or_default().trim();
            if html.is_empty() {
                continue;
            }
            if self.policy == HtmlPolicy::Safe {
                self.gate(part);
            } else if matches!(html, "<br>" | "<br/>" | "<br />") {
                self.leaf(Node::HardBreak, part);
            } else {
                self.show_html(part);
            }
        }
    }

    /// Shows HTML as text.
    fn show_html(&mut self, range: Range<usize>) {
        let message = "HTML is shown as text, not obeyed".to_owned();
        let warning = Diagnostic::warning("raw-html", self.place(range.clone()), message);
        let help = "write it in Markdown, or put it between backticks to show it as code";
        self.diagnostics.push(warning.with_help(help));
        self.leaf(Node::Html, range);
    }

    /// Lets the tags of a piece of HTML pass that may.
    fn gate(&mut self, part: Range<usize>) {
        let markdown = self.markdown;
        let text = markdown.get(part.clone()).unwrap_or_default();
        for piece in html::pieces(text) {
            let range = part.start + piece.range.start..part.start + piece.range.end;
            match piece.sort {
                Sort::Text => self.words_of_html(range),
                Sort::HardBreak => {
                    self.begin_html_paragraph(&range);
                    self.leaf(Node::HardBreak, range);
                }
                Sort::Open(tag, attributes) => self.open_html(tag, attributes, range),
                Sort::Close(tag) => self.close_html(tag, range),
                Sort::Refused => {
                    self.begin_html_paragraph(&range);
                    self.show_html(range);
                }
            }
        }
    }

    /// Words between the tags of a block of HTML.
    fn words_of_html(&mut self, range: Range<usize>) {
        let text = self.markdown.get(range.clone()).unwrap_or_default();
        let words = text.trim();
        let start = range.start + (text.len() - text.trim_start().len());
        let inner = start..start + words.len();
        let is_inside = matches!(self.open.last(), Some(Element::Html(it, _)) if !it.is_block())
            || self.html_paragraph == Some(self.open.len().saturating_sub(1));
        if words.is_empty() {
            if is_inside {
                self.leaf(Node::SoftBreak, range);
            }
            return;
        }
        self.begin_html_paragraph(&inner);
        if range.start < inner.start && is_inside {
            self.leaf(Node::SoftBreak, range.start..inner.start);
        }
        match html::unescaped(words) {
            Cow::Borrowed(_) => self.plain(inner.clone()),
            Cow::Owned(words) => {
                let owned = u32::try_from(self.document.owned.len()).unwrap_or(u32::MAX);
                self.document.owned.push(words.into());
                self.leaf(Node::OwnedText(owned), inner.clone());
            }
        }
        if inner.end < range.end {
            self.leaf(Node::SoftBreak, inner.end..range.end);
        }
    }

    /// Begins a paragraph for words that stand in a block of HTML by themselves.
    fn begin_html_paragraph(&mut self, range: &Range<usize>) {
        let holds_words = matches!(
            self.open.last(),
            Some(Element::Html(tag, _)) if !tag.is_block() || *tag == HtmlTag::Summary
        );
        if !self.is_html_block || self.html_paragraph.is_some() || holds_words {
            return;
        }
        self.html_paragraph = Some(self.open.len());
        self.open.push(Element::Paragraph);
        let span = self.span(&(range.start..range.start));
        self.document.push(Node::Open(Element::Paragraph), span);
    }

    /// Ends the paragraph of words in a block of HTML, and what is open in it.
    fn end_html_paragraph(&mut self, at: usize) {
        let Some(depth) = self.html_paragraph.take() else { return };
        while depth < self.open.len() {
            self.close_unclosed(at);
        }
    }

    /// Ends the innermost element where nobody has ended it.
    pub(super) fn close_unclosed(&mut self, at: usize) {
        let Some(element) = self.open.pop() else { return };
        if let Element::Html(tag, _) = element {
            let open = Node::Open(element);
            let begin = self.document.nodes.iter().rposition(|it| *it == open);
            let span = begin.map(|it| self.document.spans[it]).unwrap_or_default();
            let place = Place { path: self.document.path.clone(), span };
            let name = tag.name();
            let message = format!("`<{name}>` begins here and has no end in its block");
            let warning = Diagnostic::warning("unclosed-html", place, message);
            let help = format!("put `</{name}>` behind the words that belong to it");
            self.diagnostics.push(warning.with_help(help));
        }
        let span = self.span(&(at..at));
        self.document.push(Node::Close(element), span);
    }

    /// The elements around a block that begins or ends here: without the paragraph of the
    /// words before it, and what is open in that.
    fn around_block(&self) -> &[Element] {
        let depth = self.html_paragraph.unwrap_or(self.open.len());
        self.open.get(..depth).unwrap_or_default()
    }

    /// Begins an element of HTML where it can stand, else shows its tag.
    fn open_html(&mut self, tag: HtmlTag, attributes: Attributes, range: Range<usize>) {
        if tag.is_block() {
            let is_fine = match self.around_block().last() {
                Some(Element::Html(HtmlTag::Details, _)) => true,
                Some(Element::Html(HtmlTag::Div, _)) => tag != HtmlTag::Summary,
                Some(Element::Html(..)) => false,
                _ => self.is_html_block && tag != HtmlTag::Summary,
            };
            if !is_fine {
                self.begin_html_paragraph(&range);
                self.show_html(range);
                return;
            }
            self.end_html_paragraph(range.start);
        } else {
            self.begin_html_paragraph(&range);
        }
        let at = u32::try_from(self.document.attributes.len()).unwrap_or(u32::MAX);
        self.document.attributes.push(attributes);
        let element = Element::Html(tag, at);
        self.leaf(Node::Open(element), range.clone());
        if tag.is_void() {
            self.leaf(Node::Close(element), range.end..range.end);
        } else {
            self.open.push(element);
        }
    }

    /// Ends an element of HTML, and those in it; shows the tag where nothing is to be ended.
    fn close_html(&mut self, tag: HtmlTag, range: Range<usize>) {
        let around = if tag.is_block() { self.around_block() } else { &self.open };
        let is_html = |it: &&Element| matches!(it, Element::Html(..));
        let mut inner = around.iter().rev().take_while(is_html);
        let depth = inner.position(|it| matches!(it, Element::Html(it, _) if *it == tag));
        let Some(depth) = depth else {
            self.begin_html_paragraph(&range);
            self.show_html(range);
            return;
        };
        if tag.is_block() {
            self.end_html_paragraph(range.start);
        }
        for _ in 0..depth {
            self.close_unclosed(range.start);
        }
        if let Some(element) = self.open.pop() {
            self.leaf(Node::Close(element), range);
        }
    }

    /// Ends a block of HTML; only what holds other blocks stays open behind it.
    pub(super) fn end_html_block(&mut self, at: usize) {
        self.end_html_paragraph(at);
        while let Some(Element::Html(tag, _)) = self.open.last()
            && !matches!(tag, HtmlTag::Details | HtmlTag::Div)
        {
            self.close_unclosed(at);
        }
        self.is_html_block = false;
    }
}
