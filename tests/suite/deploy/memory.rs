//! A host in memory that can be cut at any request.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use mujaz::error::Error;
use mujaz::publish::carry::{Done, Job, deploy};
use mujaz::publish::headers::Headers;
use mujaz::publish::host::{Host, Stat, Stored};
use mujaz::publish::output::Output;
use mujaz::publish::plan::Rules;
use mujaz::publish::state::Print;

use crate::deploy::desk::{Desk, broken_links};

/// The moment of a deploy where a test does not say.
pub(super) const NOW: &str = "2026-03-01T12:00:00Z";

#[derive(Default)]
struct Inside {
    objects: BTreeMap<String, Vec<u8>>,
    /// Requests that are still answered; none where all are.
    left: Option<usize>,
    /// Whether the last of them is carried out though nobody hears the answer.
    is_deaf: bool,
    /// Every change, by what it was and where.
    log: Vec<String>,
    /// What a reader would have met.
    broken: Vec<String>,
}

/// A host in memory.
#[derive(Default)]
pub(super) struct Memory {
    inside: Mutex<Inside>,
    /// Whether it lists everything, as S3 does.
    pub(super) lists: bool,
}

impl Memory {
    pub(super) fn new(lists: bool) -> Self {
        Self { lists, ..Self::default() }
    }

    /// From now on only so many requests are answered.
    pub(super) fn cut_after(&self, left: Option<usize>, is_deaf: bool) {
        let mut inside = self.inside.lock().unwrap();
        inside.left = left;
        inside.is_deaf = is_deaf;
    }

    pub(super) fn objects(&self) -> BTreeMap<String, Vec<u8>> {
        self.inside.lock().unwrap().objects.clone()
    }

    /// What readers can see, without what we keep for ourselves.
    pub(super) fn site(&self) -> BTreeMap<String, Vec<u8>> {
        let mut all = self.objects();
        all.retain(|path, _| !path.starts_with(".mujaz"));
        all
    }

    pub(super) fn put(&self, path: &str, bytes: &[u8]) {
        self.inside.lock().unwrap().objects.insert(path.to_owned(), bytes.to_vec());
    }

    pub(super) fn remove(&self, path: &str) {
        self.inside.lock().unwrap().objects.remove(path);
    }

    pub(super) fn take_log(&self) -> Vec<String> {
        std::mem::take(&mut self.inside.lock().unwrap().log)
    }

    /// References that led nowhere at some moment, from the home page.
    pub(super) fn broken(&self) -> Vec<String> {
        self.inside.lock().unwrap().broken.clone()
    }

    fn request<T>(
        &self,
        change: Option<String>,
        work: impl FnOnce(&mut BTreeMap<String, Vec<u8>>) -> T,
    ) -> Result<T, Error> {
        let mut inside = self.inside.lock().unwrap();
        let cut = || Error::io("reach", Path::new("host"), std::io::Error::other("cut"));
        if inside.left == Some(0) {
            return Err(cut());
        }
        let is_last = inside.left == Some(1);
        inside.left = inside.left.map(|it| it - 1);
        if is_last && !inside.is_deaf {
            return Err(cut());
        }
        let result = work(&mut inside.objects);
        if let Some(change) = change {
            inside.log.push(change);
            let broken = broken_links(&inside.objects);
            inside.broken.extend(broken);
        }
        if is_last { Err(cut()) } else { Ok(result) }
    }
}

impl Host for Memory {
    fn read(&self, path: &str) -> Result<Option<Stored>, Error> {
        self.request(None, |it| {
            let bytes = it.get(path)?.clone();
            let tag = Some(Print::of(&bytes).blake3);
            Some(Stored { bytes, tag })
        })
    }

    fn write(&self, path: &str, bytes: Vec<u8>, _: Headers) -> Result<(), Error> {
        self.request(Some(format!("write {path}")), |it| {
            it.insert(path.to_owned(), bytes);
        })
    }

    fn exchange(
        &self,
        path: &str,
        was: Option<&Stored>,
        bytes: &[u8],
    ) -> Result<Option<Stored>, Error> {
        self.request(Some(format!("write {path}")), |it| {
            if it.get(path) != was.map(|it| &it.bytes) {
                return None;
            }
            it.insert(path.to_owned(), bytes.to_vec());
            let tag = Some(Print::of(bytes).blake3);
            Some(Stored { bytes: bytes.to_vec(), tag })
        })
    }

    fn copy(&self, from: &str, to: &str) -> Result<(), Error> {
        self.request(Some(format!("copy {to}")), |it| {
            let bytes = it.get(from).unwrap_or_else(|| panic!("no {from}")).clone();
            it.insert(to.to_owned(), bytes);
        })
    }

    fn delete(&self, path: &str) -> Result<(), Error> {
        self.request(Some(format!("delete {path}")), |it| {
            it.remove(path);
        })
    }

    fn list(&self) -> Result<Option<BTreeMap<String, Stat>>, Error> {
        if !self.lists {
            return Ok(None);
        }
        let stat = |(path, it): (&String, &Vec<u8>)| {
            (path.clone(), Stat { size: it.len() as u64, tag: None })
        };
        self.request(None, |it| Some(it.iter().map(stat).collect()))
    }

    fn stat(&self, path: &str) -> Result<Option<Stat>, Error> {
        self.request(None, |it| {
            let size = it.get(path)?.len() as u64;
            Some(Stat { size, tag: None })
        })
    }

    fn holds(&self, path: &str, _: &Stat, bytes: &[u8]) -> bool {
        // Like S3, which names an object by its hash; like SFTP, which does not.
        self.lists && self.objects().get(path).is_some_and(|it| it == bytes)
    }

    fn delete_unfinished(&self, _: &str) -> Result<(), Error> {
        Ok(())
    }

    fn limit(&self, _: &str, _: u64) -> Option<String> {
        None
    }
}

/// A machine that deploys: a folder for outputs and one for journals.
pub(super) struct Machine {
    folder: tempfile::TempDir,
    n_outputs: Mutex<usize>,
}

impl Machine {
    pub(super) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), n_outputs: Mutex::default() }
    }

    fn output(&self, desk: &Desk) -> Output {
        let mut n = self.n_outputs.lock().unwrap();
        *n += 1;
        let folder = self.folder.path().join(format!("output{n}"));
        desk.write(&folder);
        Output::read(&folder).unwrap()
    }

    pub(super) fn journals(&self) -> PathBuf {
        self.folder.path().join("journals")
    }

    /// Deploys a site, or brings back the last one.
    pub(super) fn run(
        &self,
        host: &dyn Host,
        desk: Option<&Desk>,
        rules: Rules,
    ) -> Result<Done, Error> {
        let output = desk.map(|it| self.output(it));
        let job = Job {
            target: "live",
            output: output.as_ref(),
            base_url: "https://example.org/",
            rules,
            now: || NOW.parse().unwrap(),
            journals: &self.journals(),
            tell: &|_| {},
        };
        deploy(&job, host)
    }
}

pub(super) fn rules() -> Rules {
    Rules {
        now: NOW.parse().unwrap(),
        grace: Duration::from_hours(1),
        max_deletes: Some(1000),
        allow_deletes: None,
        allow_older: false,
        keeps_previous: true,
    }
}

pub(super) fn rules_at(now: &str) -> Rules {
    Rules { now: now.parse().unwrap(), ..rules() }
}
