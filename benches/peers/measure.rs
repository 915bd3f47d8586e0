//! What a program costs, as the kernel counted it when the program had ended.

use std::ffi::OsStr;
use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// The first argument that makes the bench the parent of one program; see `run`.
pub(crate) const AS_PARENT: &str = "measure-one";

/// Time and memory of one program, its threads and children.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    /// Seconds from start to end.
    pub(crate) wall: f64,
    /// Seconds of processor time, in the program and in the kernel for it.
    pub(crate) cpu: f64,
    /// Most memory at a time, in MB.
    pub(crate) peak: f64,
}

/// Runs a program in a folder and says what it cost; what it says goes to a log.
///
/// The kernel gives the time of all children of a process in one sum and their memory as
/// one maximum, so each program gets a parent of its own: this bench once more. A small
/// parent matters too, because a child begins with the memory of its parent on record.
///
/// # Errors
///
/// Returns the end of the log of a program that has failed.
pub(crate) fn run(
    program: &OsStr,
    arguments: &[&OsStr],
    folder: &Path,
    log: &Path,
) -> Result<Cost, String> {
    let output = Command::new(std::env::current_exe().unwrap())
        .arg(AS_PARENT)
        .arg(program)
        .args(arguments)
        .current_dir(folder)
        .stderr(File::create(log).unwrap())
        .output()
        .unwrap();
    if !output.status.success() {
        let said = std::fs::read_to_string(log).unwrap_or_default();
        let lines: Vec<&str> = said.lines().collect();
        return Err(lines[lines.len().saturating_sub(8)..].join("\n"));
    }
    let said = String::from_utf8(output.stdout).unwrap();
    let numbers: Vec<f64> = said.split(' ').map(|it| it.parse().unwrap()).collect();
    Ok(Cost { wall: numbers[0], cpu: numbers[1], peak: numbers[2] })
}

/// The parent: runs the program of these arguments and prints what it cost. Gives whether
/// the program has succeeded.
pub(crate) fn run_as_parent(arguments: &[std::ffi::OsString]) -> bool {
    let started = Instant::now();
    let status = Command::new(&arguments[0])
        .args(&arguments[1..])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status();
    let wall = started.elapsed().as_secs_f64();
    let (cpu, peak) = usage_of_children();
    print!("{wall} {cpu} {peak}");
    status.is_ok_and(|it| it.success())
}

/// Seconds of processor time, and the most memory in MB.
#[cfg(unix)]
fn usage_of_children() -> (f64, f64) {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::{TimeVal, TimeValLike as _};

    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
    let seconds = |it: TimeVal| {
        let micros = u64::try_from(it.num_microseconds()).unwrap();
        std::time::Duration::from_micros(micros).as_secs_f64()
    };
    // Apple counts bytes here, everyone else units of 1,024 of them.
    let unit = if cfg!(target_vendor = "apple") { 1 } else { 1024 };
    let megabytes = u32::try_from(usage.max_rss() * unit / 100_000).unwrap();
    (
        seconds(usage.user_time()) + seconds(usage.system_time()),
        f64::from(megabytes) / 10.0,
    )
}

#[cfg(not(unix))]
fn usage_of_children() -> (f64, f64) {
    (f64::NAN, f64::NAN)
}
