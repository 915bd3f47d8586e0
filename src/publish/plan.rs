//! What is there + what should be there -> `Plan`: which requests, in which order.
//!
//! Nothing here touches the world. The order is one in which a reader never meets a page
//! that refers to something missing, however many of the requests have been carried out:
//!
//! 1. new files that are no pages, 2. new pages, 3. changed briefings, 4. changed lists,
//!    feeds and data, 5. the home page, 6. the state, 7. deletions of what has waited long
//!    enough.
//!
//! A file that is no longer part of the site is retired first and deleted by a later
//! deploy. A page that has moved becomes a redirect, for ever. What is replaced is copied
//! before, so that the last site can come back.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::publish::headers::{is_immutable, is_page};
use crate::publish::redirect;
use crate::publish::state::{Edition, Pending, Print, Retired, State, file_of};

/// How many addresses may go at once where a target does not say.
const MAX_DELETES: usize = 50;

/// The site that should be there.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    /// What it is made of.
    pub edition: &'a Edition,
    /// Its address, which redirects name.
    pub base_url: &'a str,
    /// Whether it is the one before the last deploy, whose files are on the host.
    pub is_rollback: bool,
}

/// By which rules it gets there.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// The moment of this deploy.
    pub now: Timestamp,
    /// How long retired files stay.
    pub grace: Duration,
    /// How many addresses may go; without this, 50 and a fifth.
    pub max_deletes: Option<u32>,
    /// The number of addresses that somebody has agreed to lose.
    pub allow_deletes: Option<usize>,
    /// Whether older content may replace newer.
    pub allow_older: bool,
    /// Whether what is replaced is kept.
    pub keeps_previous: bool,
}

/// A rule stands against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// One sentence.
    pub why: String,
    /// What to do.
    pub help: String,
}

/// When a file is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// A file that nothing refers to yet.
    NewFile,
    /// A page that nothing refers to yet.
    NewPage,
    /// A briefing with other bytes.
    ChangedPage,
    /// Lists, feeds, data: what readers come in by.
    Entrance,
    /// The home page, which makes a first site reachable at all.
    Home,
}

impl Class {
    /// All of them, in their order.
    pub const ALL: [Self; 5] =
        [Self::NewFile, Self::NewPage, Self::ChangedPage, Self::Entrance, Self::Home];

    /// Name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::NewFile => "new files",
            Self::NewPage => "new pages",
            Self::ChangedPage => "changed briefings",
            Self::Entrance => "changed lists and data",
            Self::Home => "the home page",
        }
    }
}

/// Where the bytes of a file come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The output folder.
    Built,
    /// They are here: a redirect.
    Redirect(Vec<u8>),
    /// The copy on the host that has this hash.
    Copy,
}

/// One file to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// When.
    pub class: Class,
    /// Where to.
    pub path: String,
    /// What it is.
    pub print: Print,
    /// Where its bytes come from.
    pub source: Source,
    /// Whether a deploy that was cut may have sent it already.
    pub is_in_doubt: bool,
    /// Whether nothing of ours can stand there: what does is somebody else's.
    pub is_new: bool,
}

/// A file of the last site that is copied before it is lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keep {
    /// Its hash, which names the copy.
    pub hash: String,
    /// Where it stands.
    pub path: String,
    /// Whether a deploy that was cut may have copied it and written over it.
    pub is_in_doubt: bool,
}

/// What a deploy does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// What is copied before anything else.
    pub keeps: Vec<Keep>,
    /// What is sent, by class and path.
    pub steps: Vec<Step>,
    /// What is deleted once the state is written.
    pub removals: Vec<String>,
    /// Copies that nobody needs any more, by hash.
    pub drops: Vec<String>,
    /// What is no longer part of the site.
    pub vanished: Vec<String>,
    /// The state once everything is sent.
    pub state: State,
    /// The state once everything is deleted.
    pub settled: State,
    /// What is left for the next deploy if this one is cut.
    pub pending: Pending,
}

impl Plan {
    /// Whether there is anything to do.
    pub fn is_empty(&self, before: &State) -> bool {
        self.steps.is_empty() && self.settled == *before
    }
}

/// Makes the plan.
///
/// # Errors
///
/// Too much would go, or the site is older than the one that is there.
pub fn plan(
    wish: &Wish<'_>,
    before: &State,
    pending: &Pending,
    rules: &Rules,
) -> Result<Plan, Refusal> {
    if !wish.is_rollback && !rules.allow_older {
        check_age(wish.edition, &before.now)?;
    }
    let (next, redirects) = with_redirects(wish, &before.now);
    let vanished: Vec<String> = before
        .now
        .files
        .keys()
        .filter(|it| !next.files.contains_key(*it))
        .cloned()
        .collect();
    if !wish.is_rollback {
        check_deletes(&vanished, &before.now, rules)?;
    }
    let has_changed = next.files != before.now.files;
    let last =
        if has_changed { Some(before.now.clone()) } else { before.previous.clone() };
    let previous = last.filter(|it| rules.keeps_previous && !it.files.is_empty());
    let mut retired = retired(&next, before, pending, rules.now);
    let removals = due(&retired, &vanished, wish, rules);
    let needed = needed_copies(previous.as_ref(), &next, &retired, &removals);
    let keeps = keeps(&needed, before, pending);
    let needed: BTreeSet<String> = needed.into_values().collect();
    let mut steps = Vec::new();
    for (path, print) in &next.files {
        let there = before.now.files.get(path);
        let waiting = retired_print(before, path);
        let is_in_doubt = pending.files.contains_key(path);
        if !is_in_doubt && there.or(waiting) == Some(print) {
            continue;
        }
        let source = match redirects.get(path) {
            _ if wish.is_rollback => Source::Copy,
            Some(bytes) => Source::Redirect(bytes.clone()),
            None => Source::Built,
        };
        steps.push(Step {
            class: class(path, there.is_none()),
            path: path.clone(),
            print: print.clone(),
            source,
            is_in_doubt,
            is_new: there.is_none() && waiting.is_none() && !is_in_doubt,
        });
    }
    steps.sort_by(|a, b| (a.class, &a.path).cmp(&(b.class, &b.path)));
    // Copies of a deploy that was cut are ours, too.
    let copies: BTreeSet<String> =
        before.copies.union(&pending.copies).cloned().collect();
    let drops = copies.difference(&needed).cloned().collect();
    let mut all = pending.clone();
    all.copies = copies.union(&needed).cloned().collect();
    all.files.extend(steps.iter().map(|it| (it.path.clone(), it.print.clone())));
    let deleted = removals.iter().filter_map(|it| retired.get_key_value(it));
    all.files.extend(deleted.map(|(path, it)| (path.clone(), it.print.clone())));
    let generation = before.generation + u64::from(has_changed);
    let mut state = State { now: next, previous, generation, ..before.clone() };
    state.copies = needed;
    state.retired.clone_from(&retired);
    for path in &removals {
        retired.remove(path);
    }
    let settled = State { retired, ..state.clone() };
    Ok(Plan { keeps, steps, removals, drops, vanished, state, settled, pending: all })
}

/// What must be copied of what the last site needs: each content once, from where it
/// certainly stands if there is such a place.
fn keeps(
    needed: &BTreeMap<String, String>,
    before: &State,
    pending: &Pending,
) -> Vec<Keep> {
    let mut keeps: BTreeMap<&String, Keep> = BTreeMap::new();
    for (path, hash) in needed.iter().filter(|(_, it)| !before.copies.contains(*it)) {
        let is_in_doubt = pending.files.contains_key(path);
        let is_better = |it: &Keep| it.is_in_doubt && !is_in_doubt;
        if keeps.get(hash).is_none_or(is_better) {
            let keep = Keep { hash: hash.clone(), path: path.clone(), is_in_doubt };
            keeps.insert(hash, keep);
        }
    }
    keeps.into_values().collect()
}

fn check_age(new: &Edition, old: &Edition) -> Result<(), Refusal> {
    let moment = |it: &Edition| it.newest.as_ref()?.parse::<Timestamp>().ok();
    let Some((new, old)) = moment(new).zip(moment(old)) else { return Ok(()) };
    if old <= new {
        return Ok(());
    }
    Err(Refusal {
        why: format!("its newest text is of {new}, and the site there has one of {old}"),
        help: "build from the newest sources; if a text was taken back on purpose, \
               `--allow-older` or `--purge` deploys it once, and then no more is asked"
            .to_owned(),
    })
}

/// Refuses a deploy by which more addresses go than anybody would take out at once (U6).
fn check_deletes(
    vanished: &[String],
    old: &Edition,
    rules: &Rules,
) -> Result<(), Refusal> {
    // Names with a hash are nobody's address and go with every change of the look.
    let n_gone = vanished.iter().filter(|it| !is_immutable(it)).count();
    let n_all = old.files.keys().filter(|it| !is_immutable(it)).count();
    let is_too_many = match rules.max_deletes {
        Some(max) => (max as usize) < n_gone,
        None => MAX_DELETES < n_gone || n_all < n_gone * 5,
    };
    if !is_too_many || rules.allow_deletes == Some(n_gone) {
        return Ok(());
    }
    let first = vanished.iter().find(|it| !is_immutable(it));
    Err(Refusal {
        why: format!(
            "{n_gone} of {n_all} addresses would go, `{}` among them",
            first.map_or("", String::as_str)
        ),
        help: format!(
            "look whether the build is whole and the target the right one; if they should \
             go, say so with `--allow-deletes {n_gone}`"
        ),
    })
}

/// The edition with a redirect at each old address that nothing else has taken, and the
/// bytes of the redirects.
fn with_redirects(
    wish: &Wish<'_>,
    old: &Edition,
) -> (Edition, BTreeMap<String, Vec<u8>>) {
    let mut next = wish.edition.clone();
    let mut redirects = BTreeMap::new();
    if wish.is_rollback {
        return (next, redirects);
    }
    let mut all = old.moved.clone();
    for (id, was) in &old.pages {
        if let Some(is) = next.pages.get(id).filter(|it| *it != was) {
            all.insert(was.clone(), is.clone());
        }
    }
    let is_there = |address: &str| wish.edition.files.contains_key(&file_of(address));
    for was in all.keys().filter(|it| !is_there(it)) {
        // A page may have moved again and again; a ring has no end and no page.
        let mut is = was;
        for _ in 0..all.len() {
            match all.get(is) {
                Some(further) if !is_there(is) => is = further,
                _ => break,
            }
        }
        // An old address of a page that is gone says nothing any more but its title.
        if is_there(is) {
            next.moved.insert(was.clone(), is.clone());
            let bytes = redirect::page(wish.base_url, is);
            next.files.insert(file_of(was), Print::of(&bytes));
            redirects.insert(file_of(was), bytes);
        }
    }
    (next, redirects)
}

fn retired_print<'a>(before: &'a State, path: &str) -> Option<&'a Print> {
    before.retired.get(path).map(|it| &it.print)
}

/// What is there and no part of the site, with the moment since when.
fn retired(
    next: &Edition,
    before: &State,
    pending: &Pending,
    now: Timestamp,
) -> BTreeMap<String, Retired> {
    let mut retired = before.retired.clone();
    for (path, print) in &before.now.files {
        let new = || Retired { since: now.to_string(), print: print.clone() };
        retired.entry(path.clone()).or_insert_with(new);
    }
    // What a cut deploy may have sent is ours though no state names it, and what it may
    // have written over is nothing that anybody knows.
    for (path, print) in &pending.files {
        // Gone or changed on the host, but nothing else was sent there.
        if before.now.files.get(path) == Some(print) {
            continue;
        }
        let unknown = Print { blake3: String::new(), size: print.size };
        let new = || Retired { since: now.to_string(), print: unknown.clone() };
        retired.entry(path.clone()).or_insert_with(new).print = unknown.clone();
    }
    retired.retain(|path, _| !next.files.contains_key(path));
    retired
}

/// What may be deleted now. A rollback takes out at once what the last deploy has brought.
fn due(
    retired: &BTreeMap<String, Retired>,
    vanished: &[String],
    wish: &Wish<'_>,
    rules: &Rules,
) -> Vec<String> {
    let grace = SignedDuration::try_from(rules.grace).unwrap_or(SignedDuration::MAX);
    let is_over = |since: &str| {
        since.parse::<Timestamp>().is_ok_and(|it| grace <= rules.now.duration_since(it))
    };
    let is_due = |(path, it): &(&String, &Retired)| {
        if vanished.binary_search(path).is_ok() {
            return wish.is_rollback || rules.grace.is_zero();
        }
        rules.grace.is_zero() || is_over(&it.since)
    };
    retired.iter().filter(is_due).map(|(path, _)| path.clone()).collect()
}

/// Which files of the last site would be lost without a copy: path and hash.
fn needed_copies(
    previous: Option<&Edition>,
    next: &Edition,
    retired: &BTreeMap<String, Retired>,
    removals: &[String],
) -> BTreeMap<String, String> {
    let removed: BTreeSet<&String> = removals.iter().collect();
    let stays = |path: &String, print: &Print| {
        let waits = || {
            retired.get(path).is_some_and(|it| it.print == *print)
                && !removed.contains(path)
        };
        next.files.get(path).map_or_else(waits, |it| it == print)
    };
    let files = previous.into_iter().flat_map(|it| &it.files);
    let lost = files.filter(|(path, print)| !stays(path, print));
    lost.map(|(path, print)| (path.clone(), print.blake3.clone())).collect()
}

fn class(path: &str, is_new: bool) -> Class {
    if path == "index.html" {
        return Class::Home;
    }
    match (is_new, is_page(path)) {
        (true, false) => Class::NewFile,
        (true, true) => Class::NewPage,
        (false, true) if is_briefing(path) => Class::ChangedPage,
        (false, _) => Class::Entrance,
    }
}

/// Whether a page is a briefing, and not the list of them.
fn is_briefing(path: &str) -> bool {
    let mut parts = path.split('/').skip_while(|it| *it != "briefings").skip(1);
    parts.next().is_some() && parts.next().is_some()
}
