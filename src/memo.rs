//! What earlier builds have found, and by what it is known again.
//!
//! Every build runs every stage; a stage takes over what is known of an article, a file or a
//! unit whose fingerprint is the same, or which a comparison finds to be the same. Nothing
//! here is ever edited: a build reads the memo of the last one and makes its own, so what is
//! no longer part of the site goes by itself.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::diag::{Checked, Diagnostic};
use crate::fingerprint::{FilePrints, Fingerprint, program};
use crate::link::Links;
use crate::link::known::Linked;
use crate::link::mentions::Mentions;
use crate::link::neighbours::Neighbours;
use crate::load::{FileKind, SourceFile, Sources};
use crate::model::known::Assembled;
use crate::parse::Parsed;
use crate::parse::kept::Kept;
use crate::render::data::GraphRows;
use crate::render::edition::Printed;
use crate::render::theme::Theme;
use crate::search::Words;

/// Files as they were parsed.
#[derive(Debug, Default)]
pub struct ParsedFiles {
    /// A fingerprint of the file of settings and of the program.
    config: u128,
    /// By their fingerprints.
    files: FxHashMap<u128, Checked<Option<Arc<Parsed>>>>,
}

impl ParsedFiles {
    /// Those of a build with these fingerprints.
    pub fn of(
        prints: &Fingerprints,
        files: impl Iterator<Item = (u128, Checked<Option<Arc<Parsed>>>)>,
    ) -> Self {
        Self { config: prints.config, files: files.collect() }
    }

    /// A file, if it is known with the present settings.
    pub fn get(
        &self,
        prints: &Fingerprints,
        file: &SourceFile,
    ) -> Option<&Checked<Option<Arc<Parsed>>>> {
        let files = (self.config == prints.config).then_some(&self.files)?;
        files.get(&file.hash)
    }
}

/// Texts as an earlier build has read them, for one in another process.
#[derive(Debug, Default)]
pub struct KeptTexts {
    /// A fingerprint of the file of settings and of the program.
    pub config: u128,
    /// By the fingerprints of their files.
    pub files: FxHashMap<u128, Arc<Kept>>,
}

impl KeptTexts {
    /// Those of a build with these fingerprints.
    pub fn of(
        prints: &Fingerprints,
        files: impl Iterator<Item = (u128, Arc<Kept>)>,
    ) -> Self {
        Self { config: prints.config, files: files.collect() }
    }

    /// A text, if it is known with the present settings.
    pub fn get(&self, prints: &Fingerprints, file: &SourceFile) -> Option<&Arc<Kept>> {
        let files = (self.config == prints.config).then_some(&self.files)?;
        files.get(&file.hash)
    }
}

/// The look of a site, for the next build in the same process.
pub struct Look {
    /// A fingerprint of everything but briefings.
    texts: u128,
    /// What the system said of all files that are copied, before they were read.
    assets: Option<u128>,
    /// The theme, and what is wrong with it.
    pub theme: Checked<Arc<Theme>>,
    /// What looks like a secret in files that are copied.
    pub secrets: Vec<Diagnostic>,
}

impl std::fmt::Debug for Look {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Look").field("texts", &self.texts).finish_non_exhaustive()
    }
}

impl Look {
    /// The look of some sources; `assets` is what the system said of all files that are
    /// copied (`load::stamp`), before they were read.
    pub fn of(
        prints: &Fingerprints,
        assets: Option<u128>,
        theme: Checked<Arc<Theme>>,
        secrets: Vec<Diagnostic>,
    ) -> Self {
        Self { texts: prints.look, assets, theme, secrets }
    }

    /// Whether it is that of other sources, too.
    pub fn is_of(&self, prints: &Fingerprints, assets: Option<u128>) -> bool {
        self.texts == prints.look && self.assets.is_some() && self.assets == assets
    }
}

/// What one build has found.
#[derive(Debug, Default)]
pub struct Memo {
    /// Files as they were parsed; kept in memory only.
    pub parsed: ParsedFiles,
    /// What texts say of themselves; kept on the disk only.
    pub texts: KeptTexts,
    /// Briefings as they were put together; kept in memory only.
    pub assembled: Assembled,
    /// Links as they were found; kept in memory only.
    pub linked: Option<Linked>,
    /// The look; kept in memory only.
    pub look: Option<Look>,
    /// Mentions by the keys of their articles.
    pub mentions: FxHashMap<u128, Arc<Mentions>>,
    /// Related briefings, and topics that appear together.
    pub neighbours: Option<Neighbours>,
    /// Files of units, by their keys.
    pub printed: FxHashMap<u128, Printed>,
    /// For the search, the words of the briefings of each language.
    pub words: Vec<Words>,
    /// The rows of `graph.json`.
    pub graph: GraphRows,
}

impl Memo {
    /// The mentions of a build.
    pub fn mentions_of(links: &Links) -> FxHashMap<u128, Arc<Mentions>> {
        let briefings = links.briefings.iter().map(|it| &**it);
        let topics = links.topics.iter().flat_map(|it| it.values());
        let all = briefings.chain(topics).chain(&links.pages);
        all.map(|it| (it.key, Arc::clone(&it.mentions))).collect()
    }
}

/// Fingerprints of what a build reads.
#[derive(Debug)]
pub struct Fingerprints {
    /// Of the file of settings and of the program.
    config: u128,
    /// Of all texts but briefings and those of the look: templates, words, style sheets.
    settings: u128,
    /// Of everything but briefings.
    pub look: u128,
    /// Of everything.
    pub all: u128,
    /// Of the names of files that are copied.
    pub assets: u128,
    /// Of the files of each briefing, by its id.
    briefings: FxHashMap<Arc<str>, u128>,
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
        let mut all = Fingerprint::new();
        let mut briefings = Vec::with_capacity(sources.files.len());
        for file in &sources.files {
            let part = match file.kind {
                FileKind::Briefing => {
                    briefings.push(file);
                    &mut all
                }
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
        let mut assets = Fingerprint::new();
        sources.assets.iter().for_each(|it| _ = assets.text(it.path.as_str()));
        let (settings, assets) = (settings.done(), assets.done());
        let look = look.hash(settings).done();
        briefings.sort_by(|a, b| a.id.cmp(&b.id));
        let groups: Vec<_> = briefings.chunk_by(|a, b| a.id == b.id).collect();
        let briefings = groups.into_iter().map(|files| {
            let print = match files {
                [one] => one.hash,
                several => {
                    let mut print = Fingerprint::new();
                    for file in several {
                        add(file, &mut print);
                    }
                    print.done()
                }
            };
            (Arc::clone(&files[0].id), print)
        });
        Self {
            config: config.done(),
            settings,
            look,
            all: all.hash(look).done(),
            assets,
            briefings: briefings.collect(),
        }
    }

    /// What decides about the content of briefings.
    pub fn files(&self) -> FilePrints<'_> {
        FilePrints { settings: self.settings, briefings: &self.briefings }
    }
}

fn add(file: &SourceFile, to: &mut Fingerprint) {
    to.hash(file.hash);
}
