//! A plan -> requests, several at a time, so that a cut at any of them harms nobody.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::Timestamp;

use crate::error::Error;
use crate::publish::headers::{Headers, headers};
use crate::publish::host::{Host, Stat, Stored};
use crate::publish::journal::Journal;
use crate::publish::lock::{Got, Lock};
use crate::publish::output::Output;
use crate::publish::plan::{Class, Keep, Plan, Refusal, Rules, Source, Step, Wish, plan};
use crate::publish::state::{Edition, PENDING, Pending, Print, STATE, State, copy_of};

/// Requests at a time.
const N_PARALLEL: usize = 8;

/// What is deployed, and how.
pub struct Job<'a> {
    /// Name of the target.
    pub target: &'a str,
    /// The site; none brings back the one before the last deploy.
    pub output: Option<&'a Output>,
    /// Its address.
    pub base_url: &'a str,
    /// The rules.
    pub rules: Rules,
    /// What time it is.
    pub now: fn() -> Timestamp,
    /// Folder of the journals.
    pub journals: &'a Path,
    /// Takes sentences about what is unusual.
    pub tell: &'a (dyn Fn(&str) + Sync),
}

/// What there is to do.
#[derive(Debug, Clone)]
pub struct Look {
    /// The plan.
    pub plan: Plan,
    /// What is there.
    pub before: State,
    /// What a cut deploy has left.
    pending: Pending,
    /// The state as it was read.
    stored: Option<Stored>,
    /// What the host lists, where it does.
    list: Option<BTreeMap<String, Stat>>,
    /// What is there and known, of what the plan asks about.
    stats: BTreeMap<String, Stat>,
}

/// What was done.
#[derive(Debug, Clone)]
pub struct Done {
    /// The plan.
    pub plan: Plan,
    /// Files that were sent.
    pub n_sent: usize,
    /// Their bytes.
    pub n_bytes: u64,
}

/// Sends a site to a host.
///
/// # Errors
///
/// A rule stands against it; another deploy is at work; or the host refuses, and then
/// another run goes on where this one was cut.
pub fn deploy(job: &Job<'_>, host: &dyn Host) -> Result<Done, Error> {
    // Before anything is written: wrong keys and broken rules are found here.
    let look = look(job, host)?;
    if look.is_settled() {
        return Ok(Done { plan: look.plan, n_sent: 0, n_bytes: 0 });
    }
    let journal = Journal::open(job.journals, job.target)?;
    let mut id = journal.id();
    if id.is_empty() {
        id = new_id(job);
        journal.begin(&id)?;
    }
    let (lock, got) = Lock::take(host, job.target, &id, job.now)?;
    if let Got::Stale(since) = got {
        (job.tell)(&format!(
            "another deploy to `{}` was cut; its lock is of {since} and was taken over",
            job.target
        ));
    }
    let result = under_lock(job, host, &journal, &id, &lock);
    // What was not done goes on from the journal; a lock that stays ends by itself.
    let released = lock.release();
    let done = result?;
    released?;
    // Last, so that a lock that was not given back is known as our own.
    journal.finish()?;
    Ok(done)
}

fn under_lock(
    job: &Job<'_>,
    host: &dyn Host,
    journal: &Journal,
    id: &str,
    lock: &Lock<'_>,
) -> Result<Done, Error> {
    // Another deploy may have ended since the first look.
    let look = look(job, host)?;
    if look.pending.id != id {
        journal.begin(id)?;
    }
    if !look.pending.id.is_empty() {
        (job.tell)("going on where a deploy was cut");
    }
    let carrier =
        Carrier { job, host, journal, lock, look: &look, sent: Mutex::default() };
    lock.renewed_while(|| carrier.run(id))?;
    let (n_sent, n_bytes) =
        carrier.sent.into_inner().expect("no thread panics while it holds the lock");
    Ok(Done { plan: look.plan, n_sent, n_bytes })
}

impl Look {
    /// Whether there is nothing to do.
    pub fn is_settled(&self) -> bool {
        self.plan.is_empty(&self.before) && self.pending == Pending::default()
    }
}

/// Reads what is there and makes the plan; writes nothing.
///
/// # Errors
///
/// A rule stands against it, or the host refuses.
pub fn look(job: &Job<'_>, host: &dyn Host) -> Result<Look, Error> {
    let stored = host.read(STATE)?;
    // An empty one was cut before anything stood in it.
    let written = stored.as_ref().filter(|it| !it.bytes.is_empty());
    let before = written.map(|it| State::parse(&it.bytes)).transpose();
    let before = before.map_err(|why| {
        let help = "deploy with the newest mujaz; if that does not help, move the site there \
                    away and deploy into an empty place";
        refuse(job, Refusal { why, help: help.to_owned() })
    })?;
    let before = before.unwrap_or_default();
    let pending = host.read(PENDING)?.map(|it| Pending::parse(&it.bytes));
    let pending = pending.unwrap_or_default();
    let list = host.list()?;
    // What somebody has deleted or cut on the host is sent again.
    let mut in_doubt = pending.clone();
    if let Some(list) = &list {
        let is_there =
            |path: &str, size| list.get(path).is_some_and(|it| it.size == size);
        let lost = before.now.files.iter().filter(|(path, it)| !is_there(path, it.size));
        in_doubt.files.extend(lost.map(|(path, it)| (path.clone(), it.clone())));
    }
    let edition = wanted(job, &before)?;
    let is_rollback = job.output.is_none();
    let wish = Wish { edition: &edition, base_url: job.base_url, is_rollback };
    let plan = plan(&wish, &before, &in_doubt, &job.rules);
    let plan = plan.map_err(|it| refuse(job, it))?;
    for step in &plan.steps {
        if let Some(why) = host.limit(&step.path, step.print.size) {
            return Err(Error::refused(
                "send",
                Path::new(&step.path),
                why,
                "give the page a shorter `slug`, or make the file smaller",
            ));
        }
    }
    let stats = stats(host, &plan, list.as_ref())?;
    let look = Look { plan, before, pending, stored, list, stats };
    check_foreign(job, host, &look)?;
    Ok(look)
}

/// A rule that stands against a deploy, as an error.
pub(super) fn refuse(job: &Job<'_>, refusal: Refusal) -> Error {
    Error::refused("deploy to", Path::new(job.target), refusal.why, refusal.help)
}

/// The site that should be there.
pub(super) fn wanted(job: &Job<'_>, before: &State) -> Result<Edition, Error> {
    let Some(output) = job.output else {
        return before.previous.clone().ok_or_else(|| {
            let why = "nothing is kept there of the site before".to_owned();
            let help =
                "deploy an older state of the sources instead, with `--allow-older`";
            refuse(job, Refusal { why, help: help.to_owned() })
        });
    };
    Ok(Edition {
        files: output.files.clone(),
        pages: output.pages.clone(),
        moved: BTreeMap::new(),
        newest: output.newest.clone(),
    })
}

/// What the host knows of what the plan must know before anything is sent.
fn stats(
    host: &dyn Host,
    plan: &Plan,
    list: Option<&BTreeMap<String, Stat>>,
) -> Result<BTreeMap<String, Stat>, Error> {
    let mut wanted: BTreeSet<String> = BTreeSet::new();
    for step in &plan.steps {
        if step.is_new || step.is_in_doubt {
            wanted.insert(step.path.clone());
        }
        if step.source == Source::Copy {
            wanted.insert(copy_of(&step.print.blake3));
        }
    }
    for keep in plan.keeps.iter().filter(|it| it.is_in_doubt) {
        wanted.extend([keep.path.clone(), copy_of(&keep.hash)]);
    }
    if let Some(list) = list {
        let known = wanted.into_iter().filter_map(|it| {
            let stat = list.get(&it)?.clone();
            Some((it, stat))
        });
        return Ok(known.collect());
    }
    let found = Mutex::new(BTreeMap::new());
    let wanted: Vec<String> = wanted.into_iter().collect();
    in_parallel(&wanted, |path| {
        if let Some(stat) = host.stat(path)? {
            let mut found =
                found.lock().expect("no thread panics while it holds the lock");
            found.insert(path.clone(), stat);
        }
        Ok(())
    })?;
    Ok(found.into_inner().expect("no thread panics while it holds the lock"))
}

/// Refuses to write over what is not ours (U7), and a rollback whose copies are gone.
fn check_foreign(job: &Job<'_>, host: &dyn Host, look: &Look) -> Result<(), Error> {
    for step in &look.plan.steps {
        let path = Path::new(&step.path);
        if let Some(stat) = look.stats.get(&step.path).filter(|_| step.is_new) {
            let is_same =
                stat.size == step.print.size && is_held(job, host, look, step, stat)?;
            if !is_same {
                let why = format!(
                    "a file that mujaz did not send stands there on `{}`",
                    job.target
                );
                let help = "move it away, or give the target a folder of its own";
                return Err(Error::refused("send", path, why, help));
            }
        }
        let copy = copy_of(&step.print.blake3);
        let is_lost = step.source == Source::Copy && !look.stats.contains_key(&copy);
        if !is_lost {
            continue;
        }
        if !step.is_in_doubt {
            let help =
                "deploy an older state of the sources instead, with `--allow-older`";
            return Err(Error::refused("bring back", path, "its copy is gone", help));
        }
        // Both sites have it, so nobody has made a copy of it.
        let is_in_both = look.before.now.files.get(&step.path) == Some(&step.print);
        let stands =
            look.stats.get(&step.path).is_some_and(|it| it.size == step.print.size);
        if is_in_both && !stands {
            let why =
                format!("it is gone from `{}`, and there is no copy of it", job.target);
            let help = "deploy once more, which sends it again, and then `--rollback`";
            return Err(Error::refused("bring back", path, why, help));
        }
    }
    Ok(())
}

/// Whether the host is known to hold what a step sends. Not every host lists the tags of its
/// files; one that has them is asked for them.
fn is_held(
    job: &Job<'_>,
    host: &dyn Host,
    look: &Look,
    step: &Step,
    stat: &Stat,
) -> Result<bool, Error> {
    let is_bare = stat.tag.is_none() && look.list.is_some();
    let asked = if is_bare { host.stat(&step.path)? } else { None };
    Ok(host.holds(&step.path, asked.as_ref().unwrap_or(stat), &bytes(job, step)?))
}

fn bytes(job: &Job<'_>, step: &Step) -> Result<Vec<u8>, Error> {
    match (&step.source, job.output) {
        (Source::Redirect(bytes), _) => Ok(bytes.clone()),
        (Source::Built, Some(output)) => output.bytes(&step.path),
        // Copies stay on the host.
        _ => Ok(Vec::new()),
    }
}

/// Carries a plan out.
struct Carrier<'a> {
    job: &'a Job<'a>,
    host: &'a dyn Host,
    journal: &'a Journal,
    lock: &'a Lock<'a>,
    look: &'a Look,
    /// Files and bytes that were sent.
    sent: Mutex<(usize, u64)>,
}

impl Carrier<'_> {
    fn run(&self, id: &str) -> Result<(), Error> {
        let plan = &self.look.plan;
        let n_changes = plan.steps.len() + plan.removals.len() + plan.drops.len();
        if n_changes != 0 {
            let pending = Pending { id: id.to_owned(), ..plan.pending.clone() };
            self.host.write(PENDING, pending.to_bytes(), JSON)?;
        }
        in_parallel(&plan.keeps, |it| self.keep(it))?;
        for class in Class::ALL {
            let steps: Vec<&Step> =
                plan.steps.iter().filter(|it| it.class == class).collect();
            in_parallel(&steps, |it| self.send(it))?;
        }
        self.verify()?;
        let mut stored = self.look.stored.clone();
        if plan.state != self.look.before {
            stored = Some(self.write_state(stored.as_ref(), &plan.state)?);
        }
        in_parallel(&plan.removals, |it| self.remove(it))?;
        in_parallel(&plan.drops, |it| self.host.delete(&copy_of(it)))?;
        // A deploy that was cut may have been in the middle of any of these.
        let cut: Vec<&String> = self.look.pending.files.keys().collect();
        in_parallel(&cut, |it| self.host.delete_unfinished(it))?;
        if plan.settled != plan.state {
            self.write_state(stored.as_ref(), &plan.settled)?;
        }
        // Whatever it names is in the state now.
        self.host.delete(PENDING)
    }

    fn send(&self, step: &Step) -> Result<(), Error> {
        self.lock.renew()?;
        let Step { path, print, .. } = step;
        if (step.is_in_doubt || step.is_new) && self.has_arrived(step)? {
            return Ok(());
        }
        self.journal.sending(path)?;
        if step.source == Source::Copy {
            // Without a copy, a deploy that was cut has not come as far as this file.
            let copy = copy_of(&print.blake3);
            if self.look.stats.contains_key(&copy) {
                self.host.copy(&copy, path)?;
            }
        } else {
            self.host.write(path, bytes(self.job, step)?, headers(path))?;
        }
        self.journal.sent(path, &print.blake3)?;
        let mut sent =
            self.sent.lock().expect("no thread panics while it holds the lock");
        sent.0 += 1;
        sent.1 += print.size;
        Ok(())
    }

    /// Whether what stands at a path may still be what the state says.
    fn is_untouched(&self, path: &str) -> bool {
        let was = self.look.before.now.files.get(path);
        let is = self.look.stats.get(path);
        was.zip(is).is_some_and(|(was, is)| was.size == is.size)
    }

    /// Whether a deploy that was cut has sent a file: the host proves it, or the journal.
    fn has_arrived(&self, step: &Step) -> Result<bool, Error> {
        // What was on its way when the deploy was cut may have come since the first look.
        let found = match self.look.stats.get(&step.path) {
            None if step.is_in_doubt => self.host.stat(&step.path)?,
            found => found.cloned(),
        };
        let Some(stat) = &found else { return Ok(false) };
        if stat.size != step.print.size {
            return Ok(false);
        }
        if self.journal.has(&step.path, &step.print.blake3) {
            return Ok(true);
        }
        if step.source == Source::Copy {
            return Ok(false);
        }
        is_held(self.job, self.host, self.look, step, stat)
    }

    fn keep(&self, keep: &Keep) -> Result<(), Error> {
        self.lock.renew()?;
        let copy = copy_of(&keep.hash);
        let is_made = || self.look.stats.contains_key(&copy);
        if keep.is_in_doubt && (is_made() || !self.is_untouched(&keep.path)) {
            return Ok(());
        }
        self.host.copy(&keep.path, &copy)
    }

    /// Deletes a file, if it is still the one that we have sent.
    fn remove(&self, path: &str) -> Result<(), Error> {
        self.lock.renew()?;
        let Some(stored) = self.host.read(path)? else { return Ok(()) };
        let sent = self.look.plan.state.retired.get(path).map(|it| &it.print);
        let is_ours = sent.is_none_or(|it| {
            let there = Print::of(&stored.bytes);
            // Of a deploy that was cut nobody knows what has arrived.
            it.blake3.is_empty() || it.blake3 == there.blake3
        });
        if !is_ours {
            (self.job.tell)(&format!(
                "`{path}` on `{}` is not what was sent there; it stays, and is nobody's of ours",
                self.job.target
            ));
            return Ok(());
        }
        self.host.delete(path)
    }

    /// Looks whether the host has what it was sent, before the state says so.
    fn verify(&self) -> Result<(), Error> {
        let steps = &self.look.plan.steps;
        if steps.is_empty() {
            return Ok(());
        }
        let list = match &self.look.list {
            Some(_) => self.host.list()?,
            None => None,
        };
        in_parallel(steps, |step| {
            let stat = match &list {
                Some(list) => list.get(&step.path).cloned(),
                None => self.host.stat(&step.path)?,
            };
            if stat.is_some_and(|it| it.size == step.print.size) {
                return Ok(());
            }
            let why = format!("`{}` has not kept it whole", self.job.target);
            Err(Error::refused("trust", Path::new(&step.path), why, "deploy again"))
        })
    }

    fn write_state(&self, was: Option<&Stored>, state: &State) -> Result<Stored, Error> {
        self.lock.renew()?;
        let stored = self.host.exchange(STATE, was, &state.to_bytes())?;
        stored.ok_or_else(|| {
            let why = "another deploy has changed the site meanwhile";
            let path = Path::new(self.job.target);
            Error::refused("deploy to", path, why, "deploy again when it is done")
        })
    }
}

/// Headers of what we keep on a host for ourselves.
pub(super) const JSON: Headers = Headers {
    content_type: Cow::Borrowed("application/json; charset=utf-8"),
    cache_control: "no-store",
};

/// A name for this deploy that no other one has.
fn new_id(job: &Job<'_>) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update((job.now)().as_nanosecond().to_string().as_bytes());
    hasher.update(std::process::id().to_string().as_bytes());
    hasher.update(job.journals.to_string_lossy().as_bytes());
    hasher.finalize().to_hex().chars().take(32).collect()
}

/// Does something with each item, several at a time; the first error ends it.
fn in_parallel<T: Sync>(
    items: &[T],
    work: impl Fn(&T) -> Result<(), Error> + Sync,
) -> Result<(), Error> {
    let next = AtomicUsize::new(0);
    let failed: Mutex<Option<Error>> = Mutex::default();
    let has_failed =
        || failed.lock().expect("no thread panics while it holds the lock").is_some();
    std::thread::scope(|scope| {
        for _ in 0..N_PARALLEL.min(items.len()) {
            scope.spawn(|| {
                while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed))
                    && !has_failed()
                {
                    if let Err(error) = work(item) {
                        let mut failed = failed
                            .lock()
                            .expect("no thread panics while it holds the lock");
                        failed.get_or_insert(error);
                    }
                }
            });
        }
    });
    failed
        .into_inner()
        .expect("no thread panics while it holds the lock")
        .map_or(Ok(()), Err)
}
