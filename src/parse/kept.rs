//! `Kept`: what a build keeps of a file for the next one, in few bytes.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::diag::{At, Diagnostic, Place, SourcePath, Span};
use crate::parse::body::Wordless;
use crate::parse::document::{Heading, Link, Outline, Picture};
use crate::parse::{Data, Parsed};
use crate::yaml::{Node, packed};

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
    wordless: Option<Vec<Wordless>>,
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
    wordless: Option<Vec<Wordless>>,
}

/// What is known of a text without its nodes.
pub(super) struct KnownText {
    pub(super) outline: Outline,
    /// Words of the first paragraph, if they were kept; empty where there is none.
    pub(super) first_paragraph: Option<String>,
    /// Links without words of their own; nothing where words change more than the text.
    pub(super) wordless: Option<Vec<Wordless>>,
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
        let document = body.document();
        let wordless = document.wordless();
        // Lists show it in the place of a summary. The words of links may stand in it.
        let is_lead = wordless.is_empty()
            && matches!(data, Data::Briefing(meta) if meta.summary.is_none());
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
            first_paragraph: is_lead.then(|| body.first_paragraph().unwrap_or_default()),
            wordless: (!document.has_wordless_heading()).then_some(wordless),
        };
        let packed = postcard::to_allocvec(&packed);
        self.text = packed.expect("numbers and texts always have a form").into();
    }

    /// What is known of the text in a file.
    pub(super) fn text(&self, path: &SourcePath) -> Option<KnownText> {
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
            wordless,
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
        Some(KnownText { outline, first_paragraph, wordless })
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
    use crate::parse::body::Body;
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
            ("f.md", "نص.\n\n## عن [[iran]]\n\n[[saudi]] و[[b|ب]].\n"),
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
            assert!(again.is_unread(), "{name}");
            assert_eq!(first.first_paragraph(), again.first_paragraph(), "{name}");
            assert_eq!(first.source, again.source, "{name}");
            let nodes = |it: &Body| format!("{:?}", it.document());
            assert_eq!(nodes(first), nodes(again), "{name}");
            let foreign = |it: &Body| it.clone().foreign();
            assert_eq!(nodes(&foreign(first)), nodes(&foreign(again)), "{name}");
            let with_words = |it: &Body| {
                let all = it.wordless();
                let words = all.iter().map(|(_, text)| (*text, "كلمات".into()));
                let mut with_words = it.clone();
                with_words.give_words(words.collect());
                with_words
            };
            let (own, other) = (with_words(first), with_words(again));
            assert_eq!(own.outline(), other.outline(), "{name}");
            assert_eq!(nodes(&own), nodes(&other), "{name}");
            // What was given back is read again, whatever has become of it since.
            for body in [first, again, &foreign(first), &own, &other] {
                let (before, outline) = (nodes(body), body.outline().clone());
                body.let_go();
                assert!(body.is_unread(), "{name}");
                assert_eq!(nodes(body), before, "{name}");
                assert_eq!(*body.document().outline, outline, "{name}");
            }
        }
    }
}
