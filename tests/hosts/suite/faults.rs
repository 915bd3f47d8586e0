//! What the world does to a build: a full disk, somebody who stops it, and what it touches.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nix::mount::{MntFlags, MsFlags, mount, umount2};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;

use crate::server::{find, mujaz};
use crate::site::{
    build, build_arguments, damage, leftovers, manifest, paths, write, write_version,
};

/// A file system of its own; it is gone with this value.
struct Disk {
    folder: TempDir,
}

impl Disk {
    /// A disk of some size; nothing where this user may not mount.
    fn of(options: &str) -> Option<Self> {
        let folder = TempDir::new().unwrap();
        let flags = MsFlags::empty();
        let kind = Some("tmpfs");
        match mount(kind, folder.path(), kind, flags, Some(options)) {
            Ok(()) => Some(Self { folder }),
            Err(error) => {
                eprintln!("left out: no disk can be mounted here ({error})");
                None
            }
        }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = umount2(self.folder.path(), MntFlags::MNT_DETACH);
    }
}

/// Rows R4 and O5: the disk is full, of bytes or of files.
#[test]
fn r4_a_full_disk_keeps_the_old_site() {
    let (small, large) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    write_version(small.path(), "ألف", 5);
    write_version(large.path(), "باء", 60);
    for options in ["size=1500k", "nr_inodes=150"] {
        let Some(disk) = Disk::of(options) else { return };
        let output = disk.path().join("desk");
        build(small.path(), &output);
        let before = manifest(&output);
        for _ in 0..3 {
            let mut command = mujaz(&build_arguments(large.path(), &output));
            let refused = command.output().unwrap();
            let words = String::from_utf8_lossy(&refused.stderr).into_owned();
            assert_eq!(refused.status.code(), Some(2), "{options}: {words}");
            assert!(words.contains("No space left"), "{words}");
            assert!(words.contains("the site in place was not touched"), "{words}");
            assert_eq!(manifest(&output), before);
            assert_eq!(damage(&output, &before), None, "{options}");
            assert_eq!(leftovers(&output), Vec::<PathBuf>::new(), "{options}");
        }
        build(small.path(), &output);
    }
}

/// Row O20: who stops a build waits for no more than a second, and the next one takes what it
/// has left.
#[test]
fn o20_a_build_that_is_stopped_ends_at_once() {
    let folder = TempDir::new().unwrap();
    let (source, output) = (folder.path().join("site"), folder.path().join("srv/desk"));
    write_version(&source, "ألف", 300);
    build(&source, &output);
    let before = manifest(&output);
    write_version(&source, "باء", 300);
    for (at, signal) in
        [Signal::SIGTERM, Signal::SIGINT].into_iter().cycle().take(10).enumerate()
    {
        let mut command = mujaz(&build_arguments(&source, &output));
        let mut process = command.stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(20 * at as u64));
        let begun = Instant::now();
        kill(Pid::from_raw(process.id().cast_signed()), signal).unwrap();
        let status = process.wait().unwrap();
        // A second on a quiet machine; a disk that is being waited for may hold it longer.
        assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
        let is_stopped = status.signal() == Some(signal as i32);
        assert!(is_stopped || status.success(), "{status}");
        if is_stopped {
            assert_eq!(damage(&output, &before), None);
        } else {
            build_version(&source, &output, "ألف");
            write_version(&source, "باء", 300);
        }
    }
    build(&source, &output);
    assert_eq!(damage(&output, &manifest(&output)), None);
    assert_eq!(leftovers(&output), Vec::<PathBuf>::new());
}

fn build_version(source: &Path, output: &Path, mark: &str) {
    write_version(source, mark, 300);
    build(source, output);
}

/// Row O11: what a build opens for writing, makes, renames and deletes.
#[test]
fn o11_nothing_is_written_but_the_output_and_the_cache() {
    let Some(strace) = find("strace") else {
        eprintln!("left out: strace is not installed (tests/hosts/tools)");
        return;
    };
    let folder = TempDir::new().unwrap();
    let (source, output) = (folder.path().join("site"), folder.path().join("srv/desk"));
    fs::create_dir(folder.path().join("srv")).unwrap();
    write_version(&source, "ألف", 20);
    let log = folder.path().join("log");
    let mut n_written = 0;
    for round in 0..3 {
        let program = mujaz(&build_arguments(&source, &output));
        let mut command = Command::new(&strace);
        command
            .args(["-f", "-y", "-qq", "-s", "4096", "-e", "trace=%file", "-o"])
            .arg(&log);
        command.arg(program.get_program()).args(program.get_args());
        let ran = command.current_dir(&folder).output().unwrap();
        if !ran.status.success() {
            let words = String::from_utf8_lossy(&ran.stderr).into_owned();
            assert!(words.contains("ptrace"), "{words}");
            eprintln!("left out: nothing can be traced here");
            return;
        }
        let staging = folder.path().join("srv/.desk.mujaz-");
        let places = [output.clone(), source.join(".mujaz"), staging];
        let places = places.map(|it| it.to_str().unwrap().to_owned());
        for line in fs::read_to_string(&log).unwrap().lines() {
            for path in changed(line) {
                n_written += 1;
                let is_ours = places.iter().any(|it| path.starts_with(it));
                assert!(is_ours, "round {round}: {line}");
            }
        }
        write(
            &source,
            &[(
                "content/briefings/b1.md",
                "---\ntitle: آخر\ndate: 2025-01-01\n---\nنص.\n",
            )],
        );
    }
    assert!(40 < n_written, "{n_written}");
    let beside = paths(&folder.path().join("srv"));
    assert!(beside.iter().all(|it| it.starts_with("desk/")), "{beside:?}");
}

/// The paths that a call changes, or opens in order to write.
fn changed(line: &str) -> Vec<String> {
    let call = line.split_once(' ').map_or("", |(_, rest)| rest.trim_start());
    let name = call.split('(').next().unwrap_or_default();
    let is_change = match name {
        "open" | "openat" | "openat2" | "creat" => {
            ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC"]
                .iter()
                .any(|it| call.contains(it))
        }
        _ => [
            "mkdir", "rmdir", "unlink", "rename", "link", "symlink", "chmod", "chown",
            "truncate", "utime", "mknod", "setxattr",
        ]
        .iter()
        .any(|it| name.starts_with(it)),
    };
    // A call that was refused has changed nothing; one on a terminal is no file.
    if !is_change || call.contains(" = -1 ") || call.contains("\"/dev/") {
        return Vec::new();
    }
    // Outside and inside of quotation marks, by turns; a folder stands before its path.
    let parts: Vec<&str> = call.split('"').collect();
    let path = |pair: &[&str]| match pair {
        [_, path] if path.starts_with('/') => Some((*path).to_owned()),
        [before, path] => {
            let folder = before.rsplit_once('<')?.1.split_once('>')?.0;
            Some(format!("{folder}/{path}"))
        }
        _ => None,
    };
    parts.chunks(2).filter_map(path).collect()
}
