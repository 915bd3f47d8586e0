//! Sources and their changes -> the next `Snapshot`.
//!
//! Texts, briefings, links, addresses and the look stay in memory; only what has changed is
//! read and put together again.
//! Pages are printed when somebody looks at them: those that are open at once, so that a
//! mistake keeps the site from being shown, the others by a `Sweep` after that. Slow files
//! (cards, pictures) are made when somebody asks for them and kept while their name stays.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::diag::{Checked, Diagnostic, Severity, SourcePath};
use crate::error::Error;
use crate::fingerprint::Keeps;
use crate::load::{FileKind, Sources};
use crate::memo::Memo;
use crate::model::Clock;
use crate::serve::snapshot::Snapshot;
use crate::serve::sweep::Sweep;
use crate::{BuildInfo, Proof, config, load};

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
    /// The last site whose pages were all printed without errors.
    good: Option<Arc<Snapshot>>,
    /// What was seen of its pages.
    sweep: Option<Arc<Sweep>>,
    /// What was found on the way.
    memo: Memo,
    /// The path of the site on its host, percent-encoded, with a slash at both ends.
    pub base: String,
    /// Pages for people.
    pub n_pages: usize,
    /// Files of the site that are new, gone, or have other bytes than before; none where the
    /// next change came first.
    pub n_changed: Option<usize>,
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
    /// Builds the site again after changes; none where they make no difference. The pages at
    /// the addresses that are open in a browser are printed, the others are not.
    ///
    /// # Errors
    ///
    /// The disk refuses.
    pub fn rebuild(
        &self,
        previous: &Round,
        changes: Changes,
        open: &[String],
    ) -> Result<Option<Round>, Error> {
        let paths = match &changes {
            Changes::Everything => {
                return self.build(Some(previous), changes, open).map(Some);
            }
            Changes::Paths(paths) => paths,
        };
        let started = Instant::now();
        let loaded = load::reload(&self.root, &previous.sources, paths)?;
        if is_same(previous, &loaded, &changes) {
            return Ok(None);
        }
        Ok(Some(self.round(Some(previous), changes, loaded, started, open)))
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
        open: &[String],
    ) -> Result<Round, Error> {
        let started = Instant::now();
        let loaded = load::load(&self.root)?;
        Ok(self.round(previous, changes, loaded, started, open))
    }

    fn round(
        &self,
        previous: Option<&Round>,
        changes: Changes,
        Checked { value: sources, diagnostics: loaded }: Checked<Sources>,
        started: Instant,
        open: &[String],
    ) -> Round {
        let site = sources.of_kind(FileKind::Config).next();
        let config = config::read(site.map(|it| (&it.path, &*it.text))).value;
        let base = config.base_path().to_owned();
        let info = BuildInfo {
            clock: Clock { now: (self.now)(), is_preview: true },
            stamp: None,
            base_url: Some(format!("{}{base}", self.origin)),
        };
        let nothing = Memo::default();
        let memo = previous.map_or(&nothing, |it| &it.memo);
        let proof = crate::prepare(&sources, &info, memo, Keeps::InProcess);
        let has_errors = proof.has_errors();
        let Proof { edition, mut diagnostics, memo, fingerprints, .. } = proof;
        diagnostics.extend(loaded.iter().cloned());
        let shown = previous.and_then(|it| it.site.as_ref());
        let mut new = None;
        if !has_errors {
            let site =
                Snapshot::new(edition, fingerprints.look, &base, shown.map(|it| &**it));
            let site = site.drain_into(&mut diagnostics);
            diagnostics.extend(site.check(open.iter().map(String::as_str)));
            new = Some(Arc::new(site));
        }
        let mut round = Round {
            changes,
            sources,
            loaded,
            diagnostics: Vec::new(),
            site: None,
            good: previous.and_then(|it| it.good.clone()),
            sweep: previous.and_then(|it| it.sweep.clone()),
            memo,
            base,
            n_pages: new.as_ref().map_or(0, |it| it.n_places()),
            n_changed: None,
            took: Duration::ZERO,
        };
        round.report(diagnostics);
        round.site = new.filter(|_| round.errors().is_none()).or_else(|| shown.cloned());
        round.took = started.elapsed();
        round
    }
}

impl Round {
    /// Adds to what is wrong.
    fn report(&mut self, diagnostics: Vec<Diagnostic>) {
        self.diagnostics.extend(diagnostics);
        crate::diag::drop_echoes(&mut self.diagnostics);
        crate::diag::sort(&mut self.diagnostics);
    }

    /// Whether its pages have still to be looked at.
    pub fn is_unswept(&self) -> bool {
        self.n_changed.is_none() && self.errors().is_none()
    }

    /// Prints the pages that nobody looks at, unless `is_broken_off` says so first. Where one
    /// of them has a mistake, the last good site takes the place of this one.
    pub fn sweep(&mut self, is_broken_off: &mut dyn FnMut() -> bool) {
        let Some(site) = self.site.clone().filter(|_| self.errors().is_none()) else {
            return;
        };
        let Some(sweep) = Sweep::of(&site, self.sweep.as_deref(), is_broken_off) else {
            return;
        };
        self.report(sweep.diagnostics.clone());
        if self.errors().is_some() {
            self.site.clone_from(&self.good);
            return;
        }
        self.n_pages = sweep.n_pages();
        self.n_changed = Some(sweep.n_changed(self.sweep.as_deref()));
        self.sweep = Some(Arc::new(sweep));
        self.good = Some(site);
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
    let same_assets = Arc::ptr_eq(&old.assets, &new.assets)
        || (old.assets.len() == new.assets.len()
            && old.assets.iter().zip(&*new.assets).all(|(a, b)| a.path == b.path)
            && !new.assets.iter().any(|it| changes.touch(&it.path)));
    same_files && same_assets && previous.loaded == loaded.diagnostics
}
