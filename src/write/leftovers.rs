//! What killed builds have left beside an output.
#![expect(
    clippy::disallowed_methods,
    reason = "one of the three stages that touch the disk"
)]

use std::fs;
use std::path::{Path, PathBuf};

use crate::write::absolute;
use crate::write::lock::{Lock, path_of};

/// What the name of a site ends in that was moved aside for a moment.
pub(super) const ASIDE: &str = ".old";

/// Removes what killed builds have left beside an output that needs no build, unless somebody
/// is at work there.
pub fn tidy(output: &Path) {
    let Ok(output) = absolute(output) else { return };
    // A build that is killed at once has left its lock alone.
    if beside(&output).is_empty() && !path_of(&output).exists() {
        return;
    }
    if let Some(_lock) = Lock::if_free(&output) {
        // What a build that has just ended had in hand is no longer there.
        remove(&output);
    }
}

/// What a killed build has left beside an output.
struct Leftover {
    path: PathBuf,
    /// Whether it is a site that was moved aside and not replaced.
    is_aside: bool,
}

/// Folders beside an output that only we name so.
fn beside(output: &Path) -> Vec<Leftover> {
    let name = output.file_name().unwrap_or_default().to_string_lossy();
    let prefix = format!(".{name}.mujaz-");
    let Some(Ok(entries)) = output.parent().map(fs::read_dir) else { return Vec::new() };
    let leftover = |entry: fs::DirEntry| {
        let name = entry.file_name();
        let rest = name.to_str()?.strip_prefix(&prefix)?;
        let (id, is_aside) =
            rest.strip_suffix(ASIDE).map_or((rest, false), |it| (it, true));
        let is_ours = !id.is_empty() && id.bytes().all(|it| it.is_ascii_digit());
        is_ours.then(|| Leftover { path: entry.path(), is_aside })
    };
    entries.flatten().filter_map(leftover).collect()
}

/// Removes what killed builds have left; a site that was moved aside and never replaced goes
/// back to its place. Nobody else may be at work.
pub(super) fn remove(output: &Path) {
    for Leftover { path, is_aside } in beside(output) {
        // One that stays is in nobody's way.
        let _ = if is_aside && !output.exists() {
            fs::rename(path, output)
        } else {
            fs::remove_dir_all(path)
        };
    }
}
