//! Do the addresses of other sites still lead somewhere?
//!
//! The one place that asks the network, and only when it is told to. It asks as a guest:
//! each address once, for its head where that is enough, at most two at a time of one host
//! with a pause between them, and not again for a week (an hour, where it did not answer).
//! What a host does not show to programs is not called dead. Addresses of this machine and
//! of its own network are left alone unless they are asked for: what they answer here they
//! do not answer to readers.

mod kept;
mod visit;

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use jiff::Timestamp;

use crate::check::external::kept::Kept;
use crate::check::external::visit::{Answer, Visitor};
use crate::check::{Outside, host};
use crate::diag::{Diagnostic, Place};
use crate::text::isolate::terminal;

/// How many addresses are asked at once.
const N_WORKERS: usize = 16;

/// How many of them at one host.
const N_PER_HOST: usize = 2;

/// Between two addresses of one host.
const PAUSE: Duration = Duration::from_millis(400);

/// Places that a finding names; an address may stand in hundreds.
const N_PLACES: usize = 5;

/// How to ask.
#[derive(Debug, Clone, Copy)]
pub struct Asking {
    /// Whether addresses of this machine and its network are asked as well.
    pub private: bool,
    /// The moment, which says what is still known from last time.
    pub now: Timestamp,
}

/// What other sites have answered.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    /// Addresses that lead nowhere, or elsewhere.
    pub findings: Vec<Diagnostic>,
    /// How many addresses were asked now.
    pub n_asked: usize,
    /// How many are known from last time.
    pub n_known: usize,
    /// Addresses of which nothing can be said, with the reason.
    pub untold: Vec<(String, String)>,
}

/// Asks the addresses of a site; what they answer is kept in the site folder.
pub fn ask(outside: &[Outside], root: &Path, asking: Asking) -> Answers {
    let mut kept = Kept::read(root);
    let mut answers = Answers::default();
    let (known, new): (Vec<&Outside>, Vec<&Outside>) =
        outside.iter().partition(|it| kept.fresh(&it.url, asking.now).is_some());
    answers.n_known = known.len();
    for (url, answer) in visit_all(&new, asking.private) {
        if answer == Answer::Private {
            let why = "it is in the network of this machine".to_owned();
            answers.untold.push((url, why));
        } else {
            kept.put(&url, answer, asking.now);
            answers.n_asked += 1;
        }
    }
    if answers.n_asked != 0 {
        kept.write(root, asking.now);
    }
    for link in outside {
        match kept.fresh(&link.url, asking.now) {
            Some(Answer::Fine | Answer::Private) | None => {}
            Some(Answer::Untold { why }) => {
                answers.untold.push((link.url.clone(), why.clone()));
            }
            Some(Answer::Moved { to }) => {
                let message = format!("`{}` has moved for good", terminal(&link.url));
                let help = format!("write `{}`, if it is the same page", terminal(to));
                let warning =
                    Diagnostic::warning("moved-external", first_place(link), message);
                answers.findings.push(with_places(warning.with_help(help), link));
            }
            Some(Answer::Dead { why }) => {
                let message = format!("`{}` {why}", terminal(&link.url));
                let help =
                    "correct the address, link to an archived copy, or take it out";
                let warning =
                    Diagnostic::warning("dead-external", first_place(link), message);
                answers.findings.push(with_places(warning.with_help(help), link));
            }
        }
    }
    answers.untold.sort();
    answers
}

fn first_place(link: &Outside) -> Place {
    link.places.first().cloned().unwrap_or_else(crate::check::settings_place)
}

/// Adds the other places of an address.
fn with_places(warning: Diagnostic, link: &Outside) -> Diagnostic {
    let others = link.places.iter().skip(1).take(N_PLACES);
    others.fold(warning, |it, place| it.with_related(place.clone(), "and here"))
}

/// Addresses that one worker asks one after the other.
type Lane = VecDeque<String>;

/// Asks addresses, those of each host in so many lanes as it may be asked at once.
fn visit_all(outside: &[&Outside], private: bool) -> Vec<(String, Answer)> {
    let mut hosts: BTreeMap<String, Vec<Lane>> = BTreeMap::new();
    for (at, link) in outside.iter().enumerate() {
        let name = host::of(&link.url).map_or_else(String::new, |it| it.name);
        let lanes = hosts.entry(name).or_insert_with(|| vec![Lane::new(); N_PER_HOST]);
        lanes[at % N_PER_HOST].push_back(link.url.clone());
    }
    let lanes = hosts.into_values().flatten().filter(|it| !it.is_empty());
    let waiting = Mutex::new(lanes.collect::<VecDeque<Lane>>());
    let answers = Mutex::new(Vec::new());
    let visitor = Visitor::new(private);
    let next = || waiting.lock().ok()?.pop_front();
    let work = || {
        while let Some(lane) = next() {
            for (at, url) in lane.into_iter().enumerate() {
                if at != 0 {
                    std::thread::sleep(PAUSE);
                }
                let answer = visitor.ask(&url);
                if let Ok(mut answers) = answers.lock() {
                    answers.push((url, answer));
                }
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..N_WORKERS {
            scope.spawn(work);
        }
    });
    answers.into_inner().unwrap_or_default()
}
