//! What an earlier build has put together, and by what it is known again.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::diag::Checked;
use crate::fingerprint::FilePrints;
use crate::model::briefing::Briefing;

/// All versions of one briefing, whether they are public or not.
pub type Versions = Checked<Vec<Arc<Briefing>>>;

/// Briefings that were put together.
#[derive(Debug, Default)]
pub struct Assembled {
    /// A fingerprint of the settings, and of all topics, authors, series and pages.
    settings: u128,
    /// By the fingerprints of their files.
    pub(super) versions: FxHashMap<u128, Arc<Versions>>,
    /// Those with links that show titles of other texts, by their files and these titles.
    pub(super) worded: FxHashMap<u128, Arc<Briefing>>,
}

/// What is known of briefings.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// Fingerprints of what decides about a briefing; none where nothing is to be known
    /// again.
    pub prints: Option<FilePrints<'a>>,
    /// What an earlier build has put together.
    pub assembled: &'a Assembled,
}

impl<'a> Known<'a> {
    /// What is known with the present settings.
    pub(super) fn earlier(&self) -> Option<&'a Assembled> {
        let settings = self.prints?.settings;
        Some(self.assembled).filter(|it| it.settings == settings)
    }

    /// Where to keep what is put together now.
    pub(super) fn next(&self) -> Assembled {
        let settings = self.prints.map_or(0, |it| it.settings);
        Assembled { settings, ..Assembled::default() }
    }

    /// The key of a briefing: a fingerprint of its files.
    pub(super) fn key(&self, id: &str) -> Option<u128> {
        self.prints?.briefings.get(id).copied()
    }
}
