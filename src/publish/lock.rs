//! One deploy at a time: an object on the host that says who is at work.
//!
//! Where the host can write on a condition, exactly one of two deploys gets the lock;
//! where it cannot, the window between looking and writing is as small as two requests.
//! A lock that was not renewed for a quarter of an hour belongs to nobody any more.

use std::sync::Mutex;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::publish::host::{Host, Stored};
use crate::publish::state::LOCK;

/// After how long a lock that nobody renews is nobody's.
const STALE: SignedDuration = SignedDuration::from_mins(15);

/// How often it is renewed.
const RENEWAL: Duration = Duration::from_mins(3);

#[derive(Serialize, Deserialize)]
struct Written {
    /// Which deploy has it.
    id: String,
    /// When it was taken or renewed, in RFC 3339.
    renewed: String,
}

/// The lock of a host, held by this deploy.
pub(super) struct Lock<'a> {
    host: &'a dyn Host,
    target: &'a str,
    id: String,
    now: fn() -> Timestamp,
    /// How often it is renewed.
    renewal: Duration,
    held: Mutex<Held>,
}

/// A lock as it was last written: what stands there, and when by both clocks. The one that
/// only goes forward stands still while a machine sleeps.
struct Held {
    stored: Stored,
    since: Instant,
    at: Timestamp,
}

/// How long a lock may be there before anything is written into it.
const TO_WRITE: Duration = Duration::from_secs(5);

/// How a lock was got.
pub(super) enum Got {
    /// Nobody had it.
    Free,
    /// An earlier deploy of this machine was cut, which `id` is.
    Own,
    /// Another deploy has had it since this moment and is not at work any more.
    Stale(String),
}

impl<'a> Lock<'a> {
    /// Takes the lock as the deploy `id`; a lock of that name is our own.
    ///
    /// # Errors
    ///
    /// Another deploy has it, or the host refuses.
    pub(super) fn take(
        host: &'a dyn Host,
        target: &'a str,
        id: &str,
        now: fn() -> Timestamp,
    ) -> Result<(Self, Got), Error> {
        let mut found = host.read(LOCK)?;
        if found.as_ref().is_some_and(|it| !is_written(&it.bytes)) {
            // Somebody may be about to write it.
            std::thread::sleep(TO_WRITE);
            found = host.read(LOCK)?;
        }
        let written =
            found.as_ref().map(|it| serde_json::from_slice::<Written>(&it.bytes));
        let got = match &written {
            None => Got::Free,
            Some(Ok(it)) if it.id == id => Got::Own,
            Some(Ok(it)) => {
                let moment = it.renewed.parse::<Timestamp>();
                match moment {
                    Ok(moment) if now().duration_since(moment).abs() < STALE => {
                        let until = moment.checked_add(STALE).unwrap_or(moment);
                        return Err(taken(target, Some(until)));
                    }
                    _ => Got::Stale(it.renewed.clone()),
                }
            }
            Some(Err(_)) => Got::Stale("an unknown time".to_owned()),
        };
        let at = now();
        let bytes = bytes(id, at);
        let Some(stored) = host.exchange(LOCK, found.as_ref(), &bytes)? else {
            return Err(taken(target, None));
        };
        let held = Mutex::new(Held { stored, since: Instant::now(), at });
        let id = id.to_owned();
        Ok((Self { host, target, id, now, renewal: RENEWAL, held }, got))
    }

    /// Says that the deploy is still at work, where it is time to.
    ///
    /// # Errors
    ///
    /// Another deploy has taken the lock, or the host refuses.
    pub(super) fn renew(&self) -> Result<(), Error> {
        let mut held =
            self.held.lock().expect("no thread panics while it holds the lock");
        let at = (self.now)();
        let has_passed = SignedDuration::try_from(self.renewal)
            .is_ok_and(|it| it <= at.duration_since(held.at).abs());
        if held.since.elapsed() < self.renewal && !has_passed {
            return Ok(());
        }
        let bytes = bytes(&self.id, at);
        let Some(stored) = self.host.exchange(LOCK, Some(&held.stored), &bytes)? else {
            return Err(taken(self.target, None));
        };
        *held = Held { stored, since: Instant::now(), at };
        Ok(())
    }

    /// Does something that may take long, such as sending one large file, and says meanwhile
    /// that the deploy is at work.
    pub(super) fn renewed_while<T>(&self, work: impl FnOnce() -> T) -> T {
        std::thread::scope(|scope| {
            let (end, ended) = channel::<()>();
            scope.spawn(move || {
                while ended.recv_timeout(self.renewal) == Err(RecvTimeoutError::Timeout) {
                    // Who sends the next file asks again, and says what is wrong.
                    let _ = self.renew();
                }
            });
            let done = work();
            drop(end);
            done
        })
    }

    /// Gives the lock back, unless somebody else has it by now.
    ///
    /// # Errors
    ///
    /// The host refuses; the lock is nobody's after a while.
    pub(super) fn release(self) -> Result<(), Error> {
        let found = self.host.read(LOCK)?;
        let written =
            found.and_then(|it| serde_json::from_slice::<Written>(&it.bytes).ok());
        if written.is_none_or(|it| it.id != self.id) {
            return Ok(());
        }
        self.host.delete(LOCK)
    }
}

fn is_written(bytes: &[u8]) -> bool {
    serde_json::from_slice::<Written>(bytes).is_ok()
}

fn bytes(id: &str, now: Timestamp) -> Vec<u8> {
    let written = Written { id: id.to_owned(), renewed: now.to_string() };
    serde_json::to_vec(&written).expect("texts always have a form")
}

fn taken(target: &str, until: Option<Timestamp>) -> Error {
    let path = std::path::Path::new(target);
    let help = match until {
        Some(until) => format!(
            "wait until it is done; if it was cut, its lock ends at {}, or once you delete \
             `{LOCK}` there",
            until.round(jiff::Unit::Second).unwrap_or(until)
        ),
        None => "deploy again when it is done".to_owned(),
    };
    Error::refused("deploy to", path, "another deploy is at work there", help)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::folder::Folder;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a deploy has a moment")]
    fn a_lock_is_renewed_while_one_file_is_on_its_way() {
        let folder = tempfile::tempdir().unwrap();
        let host = Folder::new(folder.path());
        let (mut lock, _) = Lock::take(&host, "live", "one", Timestamp::now).unwrap();
        lock.renewal = Duration::from_millis(5);
        let renewed = || host.read(LOCK).unwrap().unwrap().bytes;
        let before = renewed();
        let until = Instant::now() + Duration::from_secs(20);
        lock.renewed_while(|| {
            while renewed() == before && Instant::now() < until {
                std::thread::sleep(Duration::from_millis(5));
            }
        });
        assert_ne!(renewed(), before);
        lock.release().unwrap();
        assert!(host.read(LOCK).unwrap().is_none());
    }
}
