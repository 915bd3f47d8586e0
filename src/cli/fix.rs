//! `mujaz check --fix`: mends of typography in the sources.
#![expect(
    clippy::disallowed_methods,
    reason = "this command needs the time to know what is public"
)]

use crate::cli::args::{BuildOptions, Format};
use crate::cli::{Outcome, diff, plural, report, rewrite};
use crate::diag::SourcePath;
use crate::edit::{self, Fixes, Folder, Plan};
use crate::error::Error;
use crate::load;

/// Mends the sources, or shows what would change. `None` if the check comes next.
pub(super) fn run(
    options: &BuildOptions,
    dry_run: bool,
) -> Result<Option<Outcome>, Error> {
    let loaded = load::load(&options.source)?;
    let raw = |path: &SourcePath| rewrite::read(&options.source, path);
    let folder = Folder {
        sources: &loaded.value,
        diagnostics: &loaded.diagnostics,
        raw: &raw,
        now: options.as_of.unwrap_or_else(jiff::Timestamp::now),
    };
    let fixes = match edit::fix(&folder)? {
        Plan::Ready(fixes) => fixes,
        Plan::Refused { why, diagnostics, edited } => {
            let sources = edited.as_ref().unwrap_or(&loaded.value);
            let text_of = |path: &SourcePath| sources.text(path).map(str::to_owned);
            report::diagnostics(&diagnostics, Format::Human, &text_of);
            report::summary(why);
            return Ok(Some(Outcome::HasErrors));
        }
    };
    if dry_run {
        report::data(&diff::unified(&fixes.changes));
    } else {
        rewrite::write(&options.source, &fixes.changes)?;
    }
    summary(&fixes, dry_run);
    Ok(dry_run.then_some(Outcome::Done))
}

/// What was mended: a line for each file, then the sum.
fn summary(fixes: &Fixes, dry_run: bool) {
    let mut n_all = 0;
    for (path, of_file) in &fixes.counts {
        n_all += of_file.values().sum::<usize>();
        let codes: Vec<String> =
            of_file.iter().map(|(code, n)| format!("{n} {code}")).collect();
        report::summary(&format!("{path}: {}", codes.join(", ")));
    }
    let (n_all, n_files) = (plural(n_all, "place"), plural(fixes.counts.len(), "file"));
    report::summary(&if dry_run {
        format!("would have mended {n_all} in {n_files}; nothing was written")
    } else {
        format!("mended {n_all} in {n_files}")
    });
}
