//! `Body`: the text of an article, whose nodes are read when somebody asks for them.
//!
//! Most of a site asks only what a text says of itself, its `Outline`. A build keeps that for
//! the next one (`Kept`), so that a text whose page is as it was is not read again; what is
//! read later is what would have been read at once.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::config::HtmlPolicy;
use crate::diag::{Checked, SourcePath};
use crate::load::Format;
use crate::parse::document::{Document, Outline};
use crate::parse::kept::{Kept, KnownText};
use crate::parse::{markdown, plain_text};

/// The text of one article.
#[derive(Debug, Clone)]
pub struct Body {
    /// The file it stands in.
    pub path: SourcePath,
    /// The whole text of that file.
    pub source: Arc<str>,
    /// Words that links of it show and that stand in other files (`model::link_words`), each
    /// with the owned text that it replaces.
    pub words: Vec<Words>,
    state: State,
}

/// Words, and the index of the owned text of a document that they replace.
pub type Words = (u32, Box<str>);

/// A link without words of its own, and the index of the owned text that it shows.
pub type Wordless = (u32, u32);

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
        /// Links without words of their own; nothing where words change more than the text.
        wordless: Option<Vec<Wordless>>,
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
        Self { path, source, words: Vec::new(), state: State::Read(document) }
    }

    /// A text of which an earlier build has kept something; nothing where that is damaged.
    pub fn known(
        path: &SourcePath,
        source: Arc<str>,
        reading: Reading,
        kept: &Kept,
    ) -> Option<Self> {
        let KnownText { outline, first_paragraph, wordless } = kept.text(path)?;
        let (is_foreign, document) = (false, OnceLock::new());
        let state = State::Known {
            outline,
            first_paragraph,
            wordless,
            reading,
            is_foreign,
            document,
        };
        Some(Self { path: path.clone(), source, words: Vec::new(), state })
    }

    /// The text with its nodes.
    pub fn document(&self) -> &Document {
        match &self.state {
            State::Read(document) => document,
            State::Known { reading, is_foreign, document, .. } => {
                document.get_or_init(|| {
                    let mut read = reading.read(&self.path, &self.source).value;
                    read.is_foreign = *is_foreign;
                    if !self.words.is_empty() {
                        read.put_words(&self.words);
                    }
                    Box::new(read)
                })
            }
        }
    }

    /// Whether nobody has asked for its nodes yet.
    #[cfg(test)]
    pub(super) fn is_unread(&self) -> bool {
        matches!(&self.state, State::Known { document, .. } if document.get().is_none())
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

    /// Its links without words of their own, in the order of the text.
    pub fn wordless(&self) -> Cow<'_, [Wordless]> {
        match &self.state {
            State::Known { wordless: Some(known), .. } => Cow::Borrowed(known),
            _ => Cow::Owned(self.document().wordless()),
        }
    }

    /// Gives links words that stand in other files.
    pub fn give_words(&mut self, words: Vec<Words>) {
        let read = match &mut self.state {
            State::Read(document) => {
                document.put_words(&words);
                None
            }
            State::Known { wordless: Some(_), document, .. } => {
                *document = OnceLock::new();
                None
            }
            State::Known { .. } => {
                let mut document = self.document().clone();
                document.put_words(&words);
                Some(document)
            }
        };
        if let Some(document) = read {
            self.state = State::Read(document);
        }
        self.words = words;
    }

    /// The same text as one that comes from outside.
    #[must_use]
    pub fn foreign(mut self) -> Self {
        match &mut self.state {
            State::Read(document) => document.is_foreign = true,
            State::Known { is_foreign, document, .. } => {
                *is_foreign = true;
                *document = OnceLock::new();
            }
        }
        self
    }
}
