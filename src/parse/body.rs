//! `Body`: the text of an article, whose nodes are read when somebody asks for them.
//!
//! Most of a site asks only what a text says of itself, its `Outline`. A build keeps that for
//! the next one (`Kept`), so that a text whose page is as it was is not read again; what is
//! read later is what would have been read at once.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::config::HtmlPolicy;
use crate::diag::{Checked, SourcePath};
use crate::load::Format;
use crate::parse::document::{Document, Outline, SharedOutline};
use crate::parse::kept::{Kept, KnownText};
use crate::parse::{markdown, plain_text};

/// The text of one article.
#[derive(Debug)]
pub struct Body {
    /// The file it stands in.
    pub path: SourcePath,
    /// The whole text of that file.
    pub source: Arc<str>,
    /// Words that links of it show and that stand in other files (`model::link_words`), each
    /// with the owned text that it replaces.
    pub words: Vec<Words>,
    outline: SharedOutline,
    /// Words of the first paragraph, empty where there is none; nothing where only the nodes
    /// tell.
    first_paragraph: Option<String>,
    /// Links without words of their own; nothing where only the nodes tell, or where words
    /// change more than the text.
    wordless: Option<Vec<Wordless>>,
    is_foreign: bool,
    /// How it is read; nothing for a text that no file has.
    reading: Option<Reading>,
    /// The text with its nodes, while they are in memory.
    document: Mutex<Option<Arc<Document>>>,
}

/// Words, and the index of the owned text of a document that they replace.
pub type Words = (u32, Box<str>);

/// A link without words of its own, and the index of the owned text that it shows.
pub type Wordless = (u32, u32);

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
    /// A text that no file has.
    pub fn new(document: Document) -> Self {
        Self::of(document, None)
    }

    /// Reads the text of a file.
    pub fn read(path: &SourcePath, source: &Arc<str>, reading: Reading) -> Checked<Self> {
        let Checked { value, diagnostics } = reading.read(path, source);
        Checked { value: Self::of(value, Some(reading)), diagnostics }
    }

    fn of(document: Document, reading: Option<Reading>) -> Self {
        Self {
            path: document.path.clone(),
            source: Arc::clone(&document.source),
            words: Vec::new(),
            outline: document.outline.clone(),
            first_paragraph: None,
            wordless: None,
            is_foreign: document.is_foreign,
            reading,
            document: Mutex::new(Some(Arc::new(document))),
        }
    }

    /// A text of which an earlier build has kept something; nothing where that is damaged.
    pub fn known(
        path: &SourcePath,
        source: Arc<str>,
        reading: Reading,
        kept: &Kept,
    ) -> Option<Self> {
        let KnownText { outline, first_paragraph, wordless } = kept.text(path)?;
        Some(Self {
            path: path.clone(),
            source,
            words: Vec::new(),
            outline: outline.into(),
            first_paragraph,
            wordless,
            is_foreign: false,
            reading: Some(reading),
            document: Mutex::default(),
        })
    }

    /// The text with its nodes, which are read where they are not in memory.
    pub fn document(&self) -> Arc<Document> {
        let mut document = self.lock();
        let document = document.get_or_insert_with(|| Arc::new(self.read_again()));
        Arc::clone(document)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Arc<Document>>> {
        self.document.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read_again(&self) -> Document {
        let Some(reading) = &self.reading else {
            return Document::new(self.path.clone(), Arc::clone(&self.source));
        };
        let mut read = reading.read(&self.path, &self.source).value;
        read.is_foreign = self.is_foreign;
        if !self.words.is_empty() {
            read.put_words(&self.words);
        }
        // The same, and in memory once.
        read.outline = self.outline.clone();
        read
    }

    /// Gives its nodes back, where they can be read again.
    pub fn let_go(&self) {
        if self.reading.is_some() {
            *self.lock() = None;
        }
    }

    /// Whether its nodes are not in memory.
    #[cfg(test)]
    pub(crate) fn is_unread(&self) -> bool {
        self.lock().is_none()
    }

    /// What it says of itself.
    pub fn outline(&self) -> &Outline {
        &self.outline
    }

    /// The words of the first paragraph, for a text without a summary.
    pub fn first_paragraph(&self) -> Option<String> {
        match &self.first_paragraph {
            Some(known) => Some(known.clone()).filter(|it| !it.is_empty()),
            None => self.document().first_paragraph(),
        }
    }

    /// Its links without words of their own, in the order of the text.
    pub fn wordless(&self) -> Cow<'_, [Wordless]> {
        match &self.wordless {
            Some(known) => Cow::Borrowed(known),
            None => Cow::Owned(self.document().wordless()),
        }
    }

    /// Gives links words that stand in other files.
    pub fn give_words(&mut self, words: Vec<Words>) {
        self.words = words;
        if self.wordless.is_some() {
            // They change the nodes alone, which get them when they are read.
            *self.lock() = None;
            return;
        }
        let document = self.lock().take();
        let mut document =
            document.map_or_else(|| self.read_again(), Arc::unwrap_or_clone);
        document.put_words(&self.words);
        self.outline = document.outline.clone();
        *self.lock() = Some(Arc::new(document));
    }

    /// The same text as one that comes from outside.
    #[must_use]
    pub fn foreign(mut self) -> Self {
        self.is_foreign = true;
        let document = self.lock().take();
        let document = document.map(|it| {
            let document = Arc::unwrap_or_clone(it);
            Arc::new(Document { is_foreign: true, ..document })
        });
        *self.lock() = document;
        self
    }
}

impl Clone for Body {
    fn clone(&self) -> Self {
        Self {
            path: self.path.clone(),
            source: Arc::clone(&self.source),
            words: self.words.clone(),
            outline: self.outline.clone(),
            first_paragraph: self.first_paragraph.clone(),
            wordless: self.wordless.clone(),
            is_foreign: self.is_foreign,
            reading: self.reading.clone(),
            document: Mutex::new(self.lock().clone()),
        }
    }
}
