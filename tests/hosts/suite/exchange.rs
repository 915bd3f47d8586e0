//! Builds while readers ask: what is sent is a page of the old site or of the new one, to the
//! last byte, and a build that is killed leaves one of the two.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::client::Client;
use crate::server::{Server, find, mujaz};
use crate::site::{
    Files, build, build_arguments, damage, encoded, leftovers, manifest, write_version,
};

/// Readers that ask at the same time.
const N_READERS: usize = 4;

/// Times that a build is killed.
const N_KILLS: usize = 100;

/// Times that one site takes the place of the other.
const N_EXCHANGES: usize = 50;

/// Least requests during the exchanges; `MUJAZ_HOST_REQUESTS` asks for more.
const N_REQUESTS: u64 = 10_000;

/// Two versions of a site, and the folder in which one takes the place of the other.
struct Stage {
    folder: TempDir,
    sources: [PathBuf; 2],
    /// What each version is made of.
    versions: [Files; 2],
    output: PathBuf,
    /// How long a build takes.
    took: Duration,
}

impl Stage {
    /// Versions that are large enough for a build to take a third of a second.
    fn new() -> Self {
        // Builds wait for the disk; hundreds of them wait less in memory.
        let memory = Path::new("/dev/shm");
        let folder =
            if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() };
        let folder = folder.unwrap();
        let mut n_briefings = 25;
        loop {
            let sources =
                ["a", "b"].map(|it| folder.path().join(it).join(n_briefings.to_string()));
            write_version(&sources[0], "ألف", n_briefings);
            write_version(&sources[1], "باء", n_briefings);
            let references = ["a-built", "b-built"].map(|it| folder.path().join(it));
            build(&sources[0], &references[0]);
            build(&sources[1], &references[1]);
            let output = folder.path().join("srv/desk");
            build(&sources[0], &output);
            build(&sources[1], &output);
            let begun = Instant::now();
            build(&sources[0], &output);
            let took = begun.elapsed();
            if took < Duration::from_millis(300) && n_briefings < 2_000 {
                n_briefings *= 2;
                continue;
            }
            let versions = references.map(|it| manifest(&it));
            let other = versions[0]
                .iter()
                .filter(|(path, it)| versions[1].get(*path) != Some(it));
            let (n_other, n_all) = (other.count(), versions[0].len());
            assert!(n_all < 2 * n_other, "{n_other} of {n_all} files are other ones");
            eprintln!("{n_briefings} briefings, {n_all} files, a build in {took:.2?}");
            return Self { folder, sources, versions, output, took };
        }
    }

    /// Which version stands in the output, down to the last byte.
    fn whole(&self) -> Result<usize, String> {
        let there = manifest(&self.output);
        let version = self.versions.iter().position(|it| *it == there);
        let version = version.ok_or("the manifest is that of neither version")?;
        damage(&self.output, &self.versions[version]).map_or(Ok(version), Err)
    }
}

/// What readers have met.
#[derive(Default)]
struct Met {
    n_requests: AtomicU64,
    /// Pages whose files were asked for, one of them being gone meanwhile.
    faults: Mutex<Vec<String>>,
    /// Versions that were seen.
    seen: Mutex<BTreeSet<usize>>,
}

impl Met {
    fn fault(&self, what: String) {
        self.faults.lock().unwrap().push(what);
    }
}

/// Files of the site that a page loads.
fn loaded(page: &str) -> Vec<String> {
    let parts = page.split(['"', '\'']);
    let files = parts.filter(|it| it.starts_with("/assets/") && !it.ends_with('/'));
    files.map(str::to_owned).collect()
}

/// Asks for pages, and for all that they load, until it is told to stop.
fn read(port: u16, versions: &[Files; 2], seed: u64, stop: &AtomicBool, met: &Met) {
    let both: Vec<&String> =
        versions[0].keys().filter(|it| versions[1].contains_key(*it)).collect();
    let mut client = Client::new(port);
    let mut random = seed;
    let mut ask = |path: &str| {
        met.n_requests.fetch_add(1, Ordering::Relaxed);
        match client.get(path, "") {
            Ok(answer) if answer.status == 200 => Some(answer.body),
            Ok(answer) => {
                met.fault(format!("{} for {path}", answer.status));
                None
            }
            Err(error) => {
                met.fault(format!("{error} for {path}"));
                None
            }
        }
    };
    while !stop.load(Ordering::Relaxed) {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let path = both[usize::try_from(random >> 33).unwrap() % both.len()];
        let address = path.strip_suffix("index.html").unwrap_or(path);
        let Some(body) = ask(&encoded(&format!("/{address}"))) else { continue };
        let hash = blake3::hash(&body).to_hex().to_string();
        let is_of = |it: &&Files| it[path].0 == hash && it[path].1 == body.len() as u64;
        match versions.iter().filter(is_of).count() {
            0 => met.fault(format!("torn: {path}")),
            // Its bytes say which version it is.
            1 => {
                let version = versions.iter().position(|it| is_of(&it)).unwrap();
                met.seen.lock().unwrap().insert(version);
            }
            _ => {}
        }
        if path.ends_with(".html") && (random >> 20).is_multiple_of(8) {
            for file in loaded(&String::from_utf8(body).unwrap()) {
                // What the search of one version loads goes with it.
                if versions.iter().all(|it| it.contains_key(file.trim_start_matches('/')))
                {
                    ask(&file);
                }
            }
        }
    }
}

/// Runs something while readers ask, and gives what they have met.
fn under_load(stage: &Stage, port: u16, work: impl FnOnce(&Met)) -> Met {
    let (met, stop) = (Met::default(), AtomicBool::new(false));
    std::thread::scope(|scope| {
        for reader in 0..N_READERS {
            let (met, stop) = (&met, &stop);
            let seed = 7 + reader as u64;
            scope.spawn(move || read(port, &stage.versions, seed, stop, met));
        }
        work(&met);
        stop.store(true, Ordering::Relaxed);
    });
    met
}

/// nginx as a desk would run it. Its own log of faults must stay empty.
fn serve(stage: &Stage) -> Server {
    let rules = mujaz::render::hosts::Rules {
        base: "/".to_owned(),
        redirects: Vec::new(),
        homes: Vec::new(),
    };
    Server::nginx(&stage.output, &mujaz::render::hosts::nginx::snippet(&rules))
}

#[track_caller]
fn assert_no_fault(met: &Met, server: &Server) {
    let faults = met.faults.lock().unwrap();
    let some: Vec<&String> = faults.iter().take(10).collect();
    let n_requests = met.n_requests.load(Ordering::Relaxed);
    assert!(
        faults.is_empty(),
        "{} of {n_requests}: {some:#?}\n{}",
        faults.len(),
        server.log()
    );
    assert_eq!(met.seen.lock().unwrap().len(), 2, "readers have seen one version only");
}

/// Rows R2 and O2: a build is killed at a hundred moments, most of them before the exchange,
/// some of them in it and after it.
#[test]
fn r2_a_killed_build_leaves_one_whole_site() {
    let stage = Stage::new();
    let server = serve(&stage);
    let mut n_new = 0;
    let met = under_load(&stage, server.port, |_| {
        let mut random = 1_u64;
        let mut there = 0;
        // Readers slow builds down: how long does one take now?
        let mut took = stage.took;
        for _ in 0..3 {
            there = 1 - there;
            let begun = Instant::now();
            build(&stage.sources[there], &stage.output);
            took = begun.elapsed();
        }
        for kill in 0..N_KILLS {
            let next = 1 - there;
            let mut command =
                mujaz(&build_arguments(&stage.sources[next], &stage.output));
            command.stderr(Stdio::null());
            let begun = Instant::now();
            let mut process = command.spawn().unwrap();
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            // In parts of a thousand; every second one comes near the end, where the folders
            // are exchanged.
            let part = u32::try_from(random >> 33).unwrap() % 1000;
            let part = if kill % 2 == 0 { part } else { 800 + part * 3 / 10 };
            while begun.elapsed() < took * part / 1000 {
                std::thread::sleep(Duration::from_micros(300));
                if process.try_wait().unwrap().is_some() {
                    took = begun.elapsed();
                    break;
                }
            }
            if 1000 <= part && took * part / 1000 <= begun.elapsed() {
                took += took / 20;
            }
            let _ = process.kill();
            process.wait().unwrap();
            let whole = stage.whole();
            let now = whole.unwrap_or_else(|why| panic!("after kill {kill}: {why}"));
            n_new += usize::from(now == next);
            there = now;
        }
    });
    let n_requests = met.n_requests.load(Ordering::Relaxed);
    eprintln!(
        "killed {N_KILLS} times: the old site {}, the new one {n_new}; {n_requests} requests",
        N_KILLS - n_new
    );
    // How many come before the exchange depends on the machine; kills within it have a test of
    // their own.
    assert_no_fault(&met, &server);
    // The next build takes what the killed ones have left.
    build(&stage.sources[1], &stage.output);
    assert_eq!(stage.whole(), Ok(1));
    assert_eq!(leftovers(&stage.output), Vec::<PathBuf>::new());
    drop(stage.folder);
}

/// Calls in which a build changes the disk, and at which one of them it is killed.
const CALLS: [(&str, u32); 14] = [
    ("mkdir", 2),
    ("mkdir", 9),
    ("linkat", 1),
    ("linkat", 3),
    ("renameat2", 1),
    ("rename", 1),
    ("rename", 2),
    ("unlink", 1),
    ("unlink", 2),
    ("unlink", 20),
    ("unlinkat", 1),
    ("unlinkat", 7),
    ("unlinkat", 40),
    ("rmdir", 1),
];

/// Row R2 again, where chance comes too seldom: in the exchange, and while the old site goes.
#[test]
fn r2_a_build_that_is_killed_in_the_exchange_leaves_one_whole_site() {
    let Some(strace) = find("strace") else {
        eprintln!("left out: strace is not installed (tests/hosts/tools)");
        return;
    };
    let stage = Stage::new();
    let (mut there, mut n_killed, mut n_new) = (0, 0, 0);
    for (call, at) in CALLS {
        let next = 1 - there;
        let program = mujaz(&build_arguments(&stage.sources[next], &stage.output));
        let mut command = Command::new(&strace);
        command.args(["-f", "-qq", "-o", "/dev/null"]);
        command.args(["-e", &format!("trace={call}")]);
        command.args(["-e", &format!("inject={call}:signal=KILL:when={at}")]);
        command.arg(program.get_program()).args(program.get_args());
        let ended = command.stderr(Stdio::null()).status().unwrap();
        n_killed += usize::from(!ended.success());
        let whole = stage.whole();
        let now = whole.unwrap_or_else(|why| panic!("killed at {call} {at}: {why}"));
        n_new += usize::from(now == next && !ended.success());
        there = now;
    }
    eprintln!(
        "killed in {n_killed} of {} calls, {n_new} of them with the new site",
        CALLS.len()
    );
    assert!(CALLS.len() / 2 <= n_killed && 0 < n_new, "{n_killed}, {n_new}");
    build(&stage.sources[0], &stage.output);
    assert_eq!(stage.whole(), Ok(0));
    assert_eq!(leftovers(&stage.output), Vec::<PathBuf>::new());
}

/// Rows R3 and O3.
#[test]
fn r3_readers_get_whole_files_while_sites_are_exchanged() {
    let stage = Stage::new();
    let server = serve(&stage);
    let wanted = std::env::var("MUJAZ_HOST_REQUESTS").ok().and_then(|it| it.parse().ok());
    let wanted: u64 = wanted.unwrap_or(N_REQUESTS);
    let mut n_exchanges = 0;
    let met = under_load(&stage, server.port, |met| {
        while n_exchanges < N_EXCHANGES || met.n_requests.load(Ordering::Relaxed) < wanted
        {
            n_exchanges += 1;
            build(&stage.sources[n_exchanges % 2], &stage.output);
            assert_eq!(
                identity(&stage.output),
                identity_of(&stage.versions[n_exchanges % 2])
            );
        }
    });
    let n_requests = met.n_requests.load(Ordering::Relaxed);
    eprintln!("{n_exchanges} exchanges, {n_requests} requests");
    assert_no_fault(&met, &server);
    assert!(stage.whole().is_ok());
}

fn identity(output: &Path) -> String {
    identity_of(&manifest(output))
}

/// The hash of the home page, which tells a version.
fn identity_of(files: &Files) -> String {
    files["index.html"].0.clone()
}

/// Row O6: whichever of two builds at once comes last, the site is whole.
#[test]
fn o6_two_builds_at_once_leave_one_whole_site() {
    let stage = Stage::new();
    for _ in 0..10 {
        let spawn = |it: &PathBuf| {
            let mut command = mujaz(&build_arguments(it, &stage.output));
            command.stderr(Stdio::piped()).spawn().unwrap()
        };
        let both: Vec<_> = stage.sources.iter().map(spawn).collect();
        for process in both {
            let output = process.wait_with_output().unwrap();
            let words = String::from_utf8_lossy(&output.stderr).into_owned();
            // One waits for the other.
            assert_eq!(output.status.code(), Some(0), "{words}");
        }
        assert!(stage.whole().is_ok(), "{:?}", stage.whole());
    }
    let left = leftovers(&stage.output);
    assert!(left.is_empty(), "{left:?}");
    assert!(fs::exists(stage.output.join("index.html")).unwrap());
}
