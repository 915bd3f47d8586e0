//! Sources and their changes -> the next `Snapshot`.
//!
//! The texts stay in memory; only those that have changed are read again, and slow files
//! (cards, pictures) are made when somebody asks for them and kept while their name stays.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::diag::{Checked, Diagnostic, Severity, SourcePath};
use crate::error::Error;
use crate::load::{FileKind, Sources};
use crate::model::Clock;
use crate::serve::snapshot::{Shelf, Snapshot};
use crate::{BuildInfo, config, load};

/// What has changed in the folder of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changes {
    /// Anything may have.
    Everything,
    /// These files and folders.
    Paths(Vec<SourcePath>),
}

impl Changes {
    /// These changes and later ones.
    #[must_use]
    pub fn and(self, later: Self) -> Self {
        match (self, later) {
            (Self::Paths(mut paths), Self::Paths(later)) => {
                paths.extend(later);
                paths.sort();
                paths.dedup();
                Self::Paths(paths)
            }
            _ => Self::Everything,
        }
    }

    fn touch(&self, path: &SourcePath) -> bool {
        match self {
            Self::Everything => true,
            Self::Paths(paths) => paths.iter().any(|it| path.is_in(it)),
        }
    }
}

/// What stays the same from one build to the next.
#[derive(Debug, Clone)]
pub struct Desk {
    /// Folder of the site.
    pub root: PathBuf,
    /// Where it is served, without a slash at the end: `http://localhost:4000`.
    pub origin: String,
    /// The moment that embargoes are measured against.
    pub now: fn() -> jiff::Timestamp,
}

/// One build.
#[derive(Debug)]
pub struct Round {
    /// Why it was made.
    pub changes: Changes,
    /// What it has read.
    pub sources: Sources,
    /// What is wrong with the files themselves.
    loaded: Vec<Diagnostic>,
    /// All that is wrong, in the order in which it is shown.
    pub diagnostics: Vec<Diagnostic>,
    /// The site, or the last one without errors.
    pub site: Option<Arc<Snapshot>>,
    /// The path of the site on its host, percent-encoded, with a slash at both ends.
    pub base: String,
    /// Pages for people.
    pub n_pages: usize,
    /// Files of the site that are new, gone, or have other bytes than before.
    pub n_changed: usize,
    /// How long it took.
    pub took: Duration,
}

impl Round {
    /// The mistakes that keep the site from being shown; none where there is none.
    pub fn errors(&self) -> Option<Vec<&Diagnostic>> {
        let is_error = |it: &&Diagnostic| it.severity == Severity::Error;
        let errors: Vec<_> = self.diagnostics.iter().filter(is_error).collect();
        (!errors.is_empty()).then_some(errors)
    }
}

impl Desk {
    /// Builds the site again after changes; none where they make no difference.
    ///
    /// # Errors
    ///
    /// The disk refuses.
    pub fn rebuild(
        &self,
        previous: &Round,
        changes: Changes,
    ) -> Result<Option<Round>, Error> {
        let paths = match &changes {
            Changes::Everything => return self.build(Some(previous), changes).map(Some),
            Changes::Paths(paths) => paths,
        };
        let started = Instant::now();
        let loaded = load::reload(&self.root, &previous.sources, paths)?;
        if is_same(previous, &loaded, &changes) {
            return Ok(None);
        }
        Ok(Some(self.round(Some(previous), changes, loaded, started)))
    }

    /// Reads everything and builds.
    ///
    /// # Errors
    ///
    /// The disk refuses.
    pub fn build(
        &self,
        previous: Option<&Round>,
        changes: Changes,
    ) -> Result<Round, Error> {
        let started = Instant::now();
        let loaded = load::load(&self.root)?;
        Ok(self.round(previous, changes, loaded, started))
    }

    fn round(
        &self,
        previous: Option<&Round>,
        changes: Changes,
        Checked { value: sources, diagnostics: loaded }: Checked<Sources>,
        started: Instant,
    ) -> Round {
        let site = sources.of_kind(FileKind::Config).next();
        let config = config::read(site.map(|it| (&it.path, &*it.text))).value;
        let base = config.base_path().to_owned();
        let info = BuildInfo {
            clock: Clock { now: (self.now)(), is_preview: true },
            stamp: None,
            base_url: Some(format!("{}{base}", self.origin)),
        };
        let old = previous.and_then(|it| it.site.as_ref());
        let shelf = Shelf::beside(old);
        let mut built = crate::build(&sources, &info, &shelf, &|_| {});
        let mut diagnostics = std::mem::take(&mut built.diagnostics);
        diagnostics.extend(loaded.iter().cloned());
        crate::diag::drop_echoes(&mut diagnostics);
        crate::diag::sort(&mut diagnostics);
        let is_good = !diagnostics.iter().any(|it| it.severity == Severity::Error);
        let new = is_good.then(|| Arc::new(shelf.into_snapshot(&base, old)));
        let n_changed = new.as_ref().map_or(0, |it| it.n_changed(old));
        Round {
            changes,
            sources,
            loaded,
            diagnostics,
            site: new.or_else(|| old.cloned()),
            base,
            n_pages: built.n_pages,
            n_changed,
            took: started.elapsed(),
        }
    }
}

/// Whether changed files hold what they held before: editors save what nobody has edited,
/// and leave files of their own for a moment.
fn is_same(previous: &Round, loaded: &Checked<Sources>, changes: &Changes) -> bool {
    let (old, new) = (&previous.sources, &loaded.value);
    let same_files = old.files.len() == new.files.len()
        && old.files.iter().zip(&new.files).all(|(a, b)| {
            a.path == b.path && (Arc::ptr_eq(&a.text, &b.text) || a.text == b.text)
        });
    let same_assets = old.assets.len() == new.assets.len()
        && old.assets.iter().zip(&new.assets).all(|(a, b)| a.path == b.path)
        && !new.assets.iter().any(|it| changes.touch(&it.path));
    same_files && same_assets && previous.loaded == loaded.diagnostics
}
