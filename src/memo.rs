//! What earlier builds have found, by fingerprints of what they have found it in.
//!
//! Every build runs every stage; a stage takes over what is known of an article, a file or a
//! unit whose fingerprint is the same. Nothing here is ever edited: a build reads the memo of
//! the last one and makes its own, so what is no longer part of the site goes by itself.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::diag::Checked;
use crate::fingerprint::{Fingerprint, program};
use crate::link::Links;
use crate::link::mentions::Mentions;
use crate::load::{FileKind, SourceFile, Sources};
use crate::parse::Parsed;
use crate::render::edition::Printed;
use crate::search::Words;

/// Files as they were parsed, by their keys.
pub type ParsedFiles = FxHashMap<u128, Arc<Checked<Option<Parsed>>>>;

/// What one build has found.
#[derive(Debug, Default)]
pub struct Memo {
    /// Files as they were parsed; kept in memory only.
    pub parsed: ParsedFiles,
    /// Mentions by the keys of their articles.
    pub mentions: FxHashMap<u128, Arc<Mentions>>,
    /// Files of units, by their keys.
    pub printed: FxHashMap<u128, Printed>,
    /// For the search, the words of the briefings of each language.
    pub words: Vec<Words>,
}

impl Memo {
    /// The mentions of a build.
    pub fn mentions_of(links: &Links) -> FxHashMap<u128, Arc<Mentions>> {
        let all = links.briefings.iter();
        all.map(|it| (it.key, Arc::clone(&it.mentions))).collect()
    }
}

/// Fingerprints of what a build reads.
#[derive(Debug)]
pub struct Fingerprints {
    /// Of the file of settings.
    config: u128,
    /// Of all texts but briefings and those of the look: templates, words, style sheets.
    pub settings: u128,
    /// Of everything but briefings.
    pub look: u128,
    /// Of the files of each briefing, by its id.
    pub briefings: BTreeMap<String, u128>,
}

impl Fingerprints {
    /// Those of some sources, which are published at another address than that of site.yaml,
    /// or shown with drafts.
    pub fn of(sources: &Sources, base_url: Option<&str>, is_preview: bool) -> Self {
        let mut config = Fingerprint::new();
        config.hash(program());
        let mut settings = config.clone();
        let mut look = Fingerprint::new();
        look.optional(base_url).number(u64::from(is_preview));
        let mut briefings: BTreeMap<String, Fingerprint> = BTreeMap::new();
        for file in &sources.files {
            let part = match file.kind {
                FileKind::Briefing => match briefings.get_mut(&file.id) {
                    Some(part) => part,
                    None => briefings.entry(file.id.clone()).or_default(),
                },
                FileKind::Config => {
                    add(file, &mut config);
                    &mut settings
                }
                FileKind::Topic
                | FileKind::Author
                | FileKind::Series
                | FileKind::Page => &mut settings,
                FileKind::Words
                | FileKind::Template
                | FileKind::Style
                | FileKind::Preload => &mut look,
            };
            add(file, part);
        }
        let settings = settings.done();
        look.hash(settings);
        let briefings = briefings.into_iter().map(|(id, it)| (id, it.done())).collect();
        Self { config: config.done(), settings, look: look.done(), briefings }
    }

    /// Of everything.
    pub fn all(&self) -> u128 {
        let mut all = Fingerprint::new();
        all.hash(self.look);
        for (id, briefing) in &self.briefings {
            all.text(id).hash(*briefing);
        }
        all.done()
    }

    /// The key of a file that is parsed.
    pub fn parsed(&self, file: &SourceFile) -> u128 {
        let mut key = Fingerprint::new();
        key.hash(self.config);
        add(file, &mut key);
        key.done()
    }
}

fn add(file: &SourceFile, to: &mut Fingerprint) {
    to.text(file.path.as_str()).hash(file.hash);
}
