//! The line that says when and where figures were made.

use std::fs;
use std::path::Path;

use crate::Tool;

/// The date, versions, processor, file system and load.
pub(crate) fn describe(tools: &[Tool], folder: &Path, n_runs: usize) -> String {
    let date = jiff::Timestamp::now().to_string();
    let date = date.split('T').next().unwrap_or_default();
    let mut versions = vec![format!("mujaz {}", env!("CARGO_PKG_VERSION"))];
    versions.extend(tools.iter().filter_map(|it| it.version.clone()));
    versions.dedup();
    let n_cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!(
        "{date}; {}; {n_cores} cores, {}; {}; load {}; medians of {n_runs}.",
        versions.join(", "),
        processor().unwrap_or_else(|| "an unknown processor".to_owned()),
        file_system(folder).unwrap_or_else(|| "an unknown file system".to_owned()),
        load().unwrap_or_else(|| "unknown".to_owned()),
    )
}

fn processor() -> Option<String> {
    let text = fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|it| it.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// The type of the file system that a folder is on: a RAM file system is faster.
fn file_system(folder: &Path) -> Option<String> {
    let folder = folder.canonicalize().ok()?;
    let text = fs::read_to_string("/proc/self/mounts").ok()?;
    let mounts = text.lines().filter_map(|it| {
        let mut fields = it.split(' ').skip(1);
        Some((fields.next()?, fields.next()?))
    });
    let (_, kind) =
        mounts.filter(|(at, _)| folder.starts_with(at)).max_by_key(|(at, _)| at.len())?;
    Some(kind.to_owned())
}

/// How many programs ran or waited in the minute before.
fn load() -> Option<String> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    text.split(' ').next().map(str::to_owned)
}
