//! `Body`: the text of an article, whose nodes are read when somebody asks for them.
//!
//! Most of a site asks only what a text says of itself, its `Outline`. A build keeps that for
//! the next one (`Kept`), so that a text whose page is as it was is not read again; what is
//! read later is what would have been read at once.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::config::HtmlPolicy;
use crate::diag::{At, Checked, Diagnostic, Place, SourcePath, Span};
use crate::load::Format;
use crate::parse::document::{Document, Heading, Link, Outline, Picture};
use crate::parse::{Data, Parsed, markdown, plain_text};
use crate::yaml::{Node, packed};

/// The text of one article.
#[derive(Debug, Clone)]
pub struct Body {
    /// The file it stands in.
    pub path: SourcePath,
    /// The whole text of that file.
    pub source: Arc<str>,
    /// Whether links of it show words that stand in other files (`model::link_words`).
    pub is_worded: bool,
    state: State,
}

#[derive(Debug, Clone)]
enum State {
    /// It was read.
    Read(Document),
    /// An earlier build has read it.
    Known {
        outline: Outline,
        /// Words of the first paragraph, empty where there is none; nothing where that is not
        /// known.
        first_paragraph: Option<String>,
        reading: Reading,
        is_foreign: bool,
        document: OnceLock<Box<Document>>,
    },
}

/// How a text is read.
#[derive(Debug, Clone)]
pub struct Reading {
    /// What is written in the file.
    pub format: Format,
    /// Where the text stands in it.
    pub body: Range<usize>,
    /// Whether a first-level heading at the beginning is the title.
    pub takes_title: bool,
    /// What becomes of HTML.
    pub policy: HtmlPolicy,
}

impl Reading {
    /// Reads the text of a file.
    pub fn read(&self, path: &SourcePath, source: &Arc<str>) -> Checked<Document> {
        let Self { format, ref body, takes_title, policy } = *self;
        let mut read = match format {
            Format::PlainText => Checked::clean(plain_text::parse(path, source)),
            _ => markdown::parse(path, source, body.clone(), takes_title, policy),
        };
        read.value.shrink();
        read
    }
}

impl Body {
    /// A text that was read.
    pub fn new(document: Document) -> Self {
        let (path, source) = (document.path.clone(), Arc::clone(&document.source));
        Self { path, source, is_worded: false, state: State::Read(document) }
    }

    /// A text whose links were given words that stand in other files.
    pub fn worded(document: Document) -> Self {
        Self { is_worded: true, ..Self::new(document) }
    }

    /// A text of which an earlier build has kept something; nothing where that is damaged.
    pub fn known(
        path: &SourcePath,
        source: Arc<str>,
        reading: Reading,
        kept: &Kept,
    ) -> Option<Self> {
        let (outline, first_paragraph) = kept.outline(path)?;
        let document = OnceLock::new();
        let state = State::Known {
            outline,
            first_paragraph,
            reading,
            is_foreign: false,
            document,
        };
        Some(Self { path: path.clone(), source, is_worded: false, state })
    }

    /// The text with its nodes.
    pub fn document(&self) -> &Document {
        match &self.state {
            State::Read(document) => document,
            State::Known { reading, is_foreign, document, .. } => {
                document.get_or_init(|| {
                    let read = reading.read(&self.path, &self.source).value;
                    Box::new(Document { is_foreign: *is_foreign, ..read })
                })
            }
        }
    }

    /// What it says of itself.
    pub fn outline(&self) -> &Outline {
        match &self.state {
            State::Read(document) => &document.outline,
            State::Known { outline, .. } => outline,
        }
    }

    /// The words of the first paragraph, for a text without a summary.
    pub fn first_paragraph(&self) -> Option<String> {
        match &self.state {
            State::Known { first_paragraph: Some(known), .. } => {
                Some(known.clone()).filter(|it| !it.is_empty())
            }
            _ => self.document().first_paragraph(),
        }
    }

    /// The same text as one that comes from outside.
    #[must_use]
    pub fn foreign(&self) -> Self {
        let mut foreign = self.clone();
        match &mut foreign.state {
            State::Read(document) => document.is_foreign = true,
            State::Known { is_foreign, document, .. } => {
                *is_foreign = true;
                *document = OnceLock::new();
            }
        }
        foreign
    }
}

/// What a build leaves of a file for the next one.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    /// Its YAML in few bytes; nothing where it has none.
    pub header: Box<[u8]>,
    /// The outline of its text; nothing where it has none.
    pub text: Box<[u8]>,
    /// Whether all signs of the text may stand on a page.
    pub is_printable: bool,
    /// What is wrong with it.
    pub diagnostics: Vec<Diagnostic>,
}

/// A value, and where it was written in the file.
type Written<T> = (T, Span);

/// Year, month and day.
type Day = (i16, i8, i8);

#[derive(Serialize)]
struct Packed<'a> {
    links: &'a [Link],
    pictures: &'a [Picture],
    headings: &'a [Heading],
    citations: &'a [Box<str>],
    title: Option<Written<&'a str>>,
    is_title_guessed: bool,
    bylines: Vec<Written<&'a str>>,
    date: Option<Written<Day>>,
    n_words: u32,
    first_paragraph: Option<String>,
}

#[derive(Deserialize)]
struct Unpacked {
    links: Vec<Link>,
    pictures: Vec<Picture>,
    headings: Vec<Heading>,
    citations: Vec<Box<str>>,
    title: Option<Written<String>>,
    is_title_guessed: bool,
    bylines: Vec<Written<String>>,
    date: Option<Written<Day>>,
    n_words: u32,
    first_paragraph: Option<String>,
}

impl Kept {
    /// Keeps the YAML of a file.
    pub(super) fn keep_header(&mut self, node: &Node, source: &str) {
        self.header = packed::pack(node, source).into();
    }

    /// The YAML, if it was kept.
    pub(super) fn header(&self, source: &str) -> Option<Node> {
        if self.header.is_empty() {
            return None;
        }
        packed::unpack(&self.header, source)
    }

    /// Keeps the outline of the text in a file, if it has one.
    pub(super) fn keep_text(&mut self, Parsed { data, body, .. }: &Parsed) {
        let Some(body) = body else { return };
        // Lists show it in the place of a summary.
        let has_no_summary =
            matches!(data, Data::Briefing(meta) if meta.summary.is_none());
        let Outline {
            links,
            pictures,
            headings,
            citations,
            title,
            is_title_guessed,
            bylines,
            date,
            n_words,
        } = body.outline();
        let packed = Packed {
            links,
            pictures,
            headings,
            citations,
            title: title.as_ref().map(written),
            is_title_guessed: *is_title_guessed,
            bylines: bylines.iter().map(written).collect(),
            date: date.as_ref().map(|At { value, place }| {
                ((value.year(), value.month(), value.day()), place.span)
            }),
            n_words: *n_words,
            first_paragraph: has_no_summary
                .then(|| body.first_paragraph().unwrap_or_default()),
        };
        let packed = postcard::to_allocvec(&packed);
        self.text = packed.expect("numbers and texts always have a form").into();
    }

    /// The outline of the text in a file, and its first paragraph if that was kept.
    fn outline(&self, path: &SourcePath) -> Option<(Outline, Option<String>)> {
        let Unpacked {
            links,
            pictures,
            headings,
            citations,
            title,
            is_title_guessed,
            bylines,
            date,
            n_words,
            first_paragraph,
        } = postcard::from_bytes(&self.text).ok()?;
        let date = match date {
            Some(((year, month, day), span)) => {
                Some(at(Date::new(year, month, day).ok()?, path, span))
            }
            None => None,
        };
        let text = |(text, span)| at(text, path, span);
        let outline = Outline {
            links,
            pictures,
            headings,
            citations,
            title: title.map(text),
            is_title_guessed,
            bylines: bylines.into_iter().map(text).collect(),
            date,
            n_words,
        };
        Some((outline, first_paragraph))
    }
}

fn written(At { value, place }: &At<String>) -> Written<&str> {
    (value, place.span)
}

fn at<T>(value: T, path: &SourcePath, span: Span) -> At<T> {
    At { value, place: Place { path: path.clone(), span } }
}

#[cfg(test)]
mod tests {
    use crate::diag::SourcePath;
    use crate::load::{self, FileKind};
    use crate::parse::{parse_again, parse_to_keep};

    #[test]
    fn a_text_that_was_kept_says_what_it_has_said() {
        let texts = [
            (
                "a.md",
                "---\ntitle: عنوان\nupdated: x\n---\n\nنص [رابط](b.md#c) [[iran]] [^1].\n\n\
                 ## قسم {#own}\n\n## قسم\n\n![وصف](p.png \"تعليق\")\n\n[^1]: حاشية.\n",
            ),
            ("b.md", "# عنوان أول\n\nفقرة <b>أولى</b> &amp; [@1].\n"),
            (
                "c.txt",
                "بقلم: سامي الحسن\n9 مارس 2025\nعنوان النص\n\nفقرة أولى من النص تقول ما \
                 جرى.\n\nقسم\n\nفقرة ثانية.\n",
            ),
            ("d.md", "---\nsummary: ملخص\n---\n\n\u{1}نص بعلامة.\n"),
            ("e.yaml", "title: عنوان\ntopics: [a, 'b', \"c\"]\n"),
        ];
        let config = crate::config::read(None).value;
        for (name, text) in texts {
            let path = SourcePath::new(&format!("content/briefings/{name}"));
            let file = load::source_file(path, FileKind::Briefing, text.into());
            let file = file.value.expect("the text can be read");
            let (first, kept) = parse_to_keep(&file, &config);
            let first = first.value.expect("the text can be parsed");
            let again = parse_again(&file, &config, &kept).expect("it could be parsed");
            assert_eq!(
                format!("{:?}", first.data),
                format!("{:?}", again.data),
                "{name}"
            );
            let (Some(first), Some(again)) = (&first.body, &again.body) else {
                assert!(first.body.is_none() && again.body.is_none(), "{name}");
                continue;
            };
            assert_eq!(first.outline(), again.outline(), "{name}");
            assert_eq!(first.first_paragraph(), again.first_paragraph(), "{name}");
            assert_eq!(first.source, again.source, "{name}");
            let nodes = |it: &super::Body| format!("{:?}", it.document());
            assert_eq!(nodes(first), nodes(again), "{name}");
            assert_eq!(nodes(&first.foreign()), nodes(&again.foreign()), "{name}");
        }
    }
}
