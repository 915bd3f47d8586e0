//! The live preview: a site that is built in memory, watched, and shown to a browser.
//!
//! Takes the folder of a site. `listen` opens a port, `rebuild` makes a `Snapshot` of the
//! sources, `http` answers from it, `watch` says what has changed, and the next snapshot
//! takes the place of the last one whole, so that no reader sees half of a build. A build
//! with errors leaves the last good snapshot and puts its mistakes over the open page.
//! Drafts and embargoed texts are shown, so `gate` decides who may look at all. What is
//! printed about all this is decided in `cli::serve`.

pub mod gate;
mod http;
pub mod listen;
pub mod problems;
pub mod rebuild;
pub mod respond;
pub mod snapshot;
pub mod sweep;
mod version;
mod watch;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use crate::diag::Diagnostic;
use crate::error::Error;
use crate::serve::http::App;
use crate::serve::listen::{Doors, Wish};
use crate::serve::problems::Problems;
use crate::serve::rebuild::{Changes, Desk, Round};
use crate::serve::snapshot::Snapshot;
use crate::serve::watch::Watch;

/// How long the first look at all pages may keep the preview from opening.
const PATIENCE: Duration = Duration::from_secs(1);

/// What was asked for.
#[derive(Debug, Clone)]
pub struct Options {
    /// Folder of the site.
    pub source: PathBuf,
    /// The address to listen at, instead of the loopback ones.
    pub host: Option<IpAddr>,
    /// Whether the network may look.
    pub is_lan: bool,
    /// The port, instead of the first free one.
    pub port: Option<u16>,
    /// Whether files are compared again and again instead of waiting for the system to tell.
    pub is_polling: bool,
    /// The moment that embargoes are measured against.
    pub now: fn() -> jiff::Timestamp,
}

/// What there is to tell while the preview runs.
#[derive(Debug)]
pub enum News<'a> {
    /// The site can be looked at: the doors, and the path of the site there.
    Open(&'a Doors, &'a str),
    /// A build has been made.
    Built(&'a Round),
    /// The disk has refused a build; the last one stays.
    Refused(&'a Error),
    /// The system does not tell about changes, for this reason; files are compared instead.
    Polling(&'a str),
    /// A file that was made when it was asked for could not be made.
    Late(&'a Diagnostic),
}

/// Takes the news, from several threads.
pub type Tell = Arc<dyn Fn(News<'_>) + Send + Sync>;

/// What is shown at one moment.
#[derive(Debug, Clone, Default)]
struct Preview {
    /// The last site without errors.
    site: Option<Arc<Snapshot>>,
    /// What is wrong with the sources since.
    problems: Option<Arc<Problems>>,
}

impl Preview {
    fn of(round: &Round) -> Self {
        let problems = round.errors().map(|it| Problems::of(it, &round.sources));
        Self { site: round.site.clone(), problems: problems.map(Arc::new) }
    }
}

type Shown = tokio::sync::watch::Sender<Arc<Preview>>;

/// Serves a site until the user ends it.
///
/// # Errors
///
/// The folder is no site or cannot be read, or the port is taken.
pub fn run(options: &Options, tell: &Tell) -> Result<(), Error> {
    let source = &options.source;
    let root = source.canonicalize().map_err(|it| Error::io("find", source, it))?;
    let wish = Wish { host: options.host, is_lan: options.is_lan, port: options.port };
    let doors = listen::open(&wish)?;
    // Before the first build, so that no change is lost.
    let watch = Watch::new(&root, options.is_polling, tell);
    let (origin, now) = (doors.origin.clone(), options.now);
    let desk = Desk { root: root.clone(), origin, now };
    let mut first = desk.build(None, Changes::Everything, &[])?;
    // A small site is whole before it is shown, a large one is shown first.
    let started = Instant::now();
    first.sweep(&mut || PATIENCE < started.elapsed());
    let is_whole = first.n_changed.is_some() || first.errors().is_some();
    if is_whole {
        tell(News::Built(&first));
    }
    let (shown, preview) = tokio::sync::watch::channel(Arc::new(Preview::of(&first)));
    let base = first.base.clone();
    let (ended, worker) = tokio::sync::oneshot::channel();
    let telling = Arc::clone(tell);
    let open = OpenPages::default();
    let worker_open = open.clone();
    std::thread::spawn(move || {
        let mut worker = Worker { desk, watch, shown, open: worker_open, tell: telling };
        if !is_whole {
            worker.finish(&mut first);
        }
        worker.work(first);
        // The other end is gone when the preview has been ended first.
        let _ = ended.send(());
    });
    let (gate, tell) = (Arc::new(doors.gate()), Arc::clone(tell));
    let app = App { preview, gate, root, open, tell: Arc::clone(&tell) };
    http::serve(doors, app, worker, &|doors| tell(News::Open(doors, &base)))
}

/// The addresses of pages that are open in a browser, each with how often.
#[derive(Debug, Clone, Default)]
struct OpenPages(Arc<Mutex<BTreeMap<String, usize>>>);

/// A page that is open in a browser, until this is dropped.
#[derive(Debug)]
struct OpenPage {
    address: String,
    all: OpenPages,
}

impl OpenPages {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, usize>> {
        self.0.lock().expect("no thread panics while it holds the lock")
    }

    fn open(&self, address: &str) -> OpenPage {
        *self.lock().entry(address.to_owned()).or_default() += 1;
        OpenPage { address: address.to_owned(), all: self.clone() }
    }

    fn addresses(&self) -> Vec<String> {
        self.lock().keys().cloned().collect()
    }
}

impl Drop for OpenPage {
    fn drop(&mut self) {
        let mut all = self.all.lock();
        if let Some(n) = all.get_mut(&self.address) {
            *n -= 1;
            if *n == 0 {
                all.remove(&self.address);
            }
        }
    }
}

/// Builds again whenever something has changed.
struct Worker {
    desk: Desk,
    watch: Watch,
    shown: Shown,
    open: OpenPages,
    tell: Tell,
}

impl Worker {
    fn work(mut self, mut last: Round) {
        // Changes of builds that the disk has refused.
        let mut waiting: Option<Changes> = None;
        while let Some(changes) = self.watch.next(&self.tell) {
            let changes = match waiting.take() {
                Some(earlier) => earlier.and(changes),
                None => changes,
            };
            match self.desk.rebuild(&last, changes.clone(), &self.open.addresses()) {
                Ok(Some(mut round)) => {
                    self.shown.send_replace(Arc::new(Preview::of(&round)));
                    self.finish(&mut round);
                    last = round;
                }
                Ok(None) => {
                    // What has broken the sweep off was no change.
                    if last.is_unswept() {
                        self.finish(&mut last);
                    }
                    // A refused build may be mended by undoing the change.
                    let preview = Preview::of(&last);
                    if self.shown.borrow().problems != preview.problems {
                        self.shown.send_replace(Arc::new(preview));
                    }
                }
                Err(error) => {
                    (self.tell)(News::Refused(&error));
                    waiting = Some(changes);
                    let problems = Some(Arc::new(Problems::refused(&error)));
                    let site = last.site.clone();
                    self.shown.send_replace(Arc::new(Preview { site, problems }));
                }
            }
        }
    }

    /// Looks at the pages that nobody looks at, and tells what has become of a build.
    fn finish(&mut self, round: &mut Round) {
        if round.errors().is_none() {
            round.sweep(&mut || self.watch.has_changes());
            if round.errors().is_some() {
                self.shown.send_replace(Arc::new(Preview::of(round)));
            }
        }
        (self.tell)(News::Built(round));
    }
}
