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
mod version;
mod watch;

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;

use crate::diag::Diagnostic;
use crate::error::Error;
use crate::serve::http::App;
use crate::serve::listen::{Doors, Wish};
use crate::serve::problems::Problems;
use crate::serve::rebuild::{Changes, Desk, Round};
use crate::serve::snapshot::Snapshot;
use crate::serve::watch::Watch;

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
    let first = desk.build(None, Changes::Everything)?;
    tell(News::Built(&first));
    let (shown, preview) = tokio::sync::watch::channel(Arc::new(Preview::of(&first)));
    let base = first.base.clone();
    let (ended, worker) = tokio::sync::oneshot::channel();
    let telling = Arc::clone(tell);
    std::thread::spawn(move || {
        work(&desk, watch, first, &shown, &telling);
        // The other end is gone when the preview has been ended first.
        let _ = ended.send(());
    });
    let app = App { preview, gate: Arc::new(doors.gate()), root, tell: Arc::clone(tell) };
    http::serve(doors, app, worker, &|doors| tell(News::Open(doors, &base)))
}

/// Builds again whenever something has changed.
fn work(desk: &Desk, mut watch: Watch, mut last: Round, shown: &Shown, tell: &Tell) {
    // Changes of builds that the disk has refused.
    let mut waiting: Option<Changes> = None;
    while let Some(changes) = watch.next(tell) {
        let changes = match waiting.take() {
            Some(earlier) => earlier.and(changes),
            None => changes,
        };
        match desk.rebuild(&last, changes.clone()) {
            Ok(round) => {
                let is_new = round.is_some();
                last = round.unwrap_or(last);
                let preview = Preview::of(&last);
                if is_new {
                    tell(News::Built(&last));
                }
                // Also where a refused build is mended by undoing the change.
                if is_new || shown.borrow().problems != preview.problems {
                    shown.send_replace(Arc::new(preview));
                }
            }
            Err(error) => {
                tell(News::Refused(&error));
                waiting = Some(changes);
                let problems = Some(Arc::new(Problems::refused(&error)));
                let site = last.site.clone();
                shown.send_replace(Arc::new(Preview { site, problems }));
            }
        }
    }
}
