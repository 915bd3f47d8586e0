//! `mujaz check`: what a build would find, the typography of the texts, and what the desk
//! should look at before it publishes. Nothing is built; only a baseline is written, and the
//! answers of other sites are kept, where that is asked for.
#![expect(
    clippy::disallowed_methods,
    reason = "a baseline is read and written here, and answers are kept with the time"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::check::Outside;
use crate::check::baseline::{self, Baseline, Ignored};
use crate::cli::args::{CheckOptions, Format};
use crate::cli::build::{build_info, counts, report_all, timings};
use crate::cli::{Outcome, fix, plural, report};
use crate::diag::{Diagnostic, Place, SourcePath};
use crate::error::Error;
use crate::text::isolate::terminal;
use crate::{Built, lint, load};

/// How many names a sentence lists.
const N_NAMED: usize = 5;

/// Looks for mistakes, after mending what can be mended where that is wanted.
pub(super) fn run(options: &CheckOptions) -> Result<Outcome, Error> {
    if options.fix
        && let Some(outcome) = fix::run(&options.build, options.dry_run)?
    {
        return Ok(outcome);
    }
    let started = Instant::now();
    let build = &options.build;
    let info = build_info(build)?;
    let known = read_baseline(options)?;
    let sources = load::load(&build.source)?;
    let loaded = started.elapsed();
    let ((mut built, outside), findings) = rayon::join(
        || crate::check(&sources.value, &info),
        || lint::lint(&sources.value),
    );
    built.diagnostics.extend(sources.diagnostics.iter().cloned());
    built.diagnostics.extend(findings.into_iter().map(|it| it.diagnostic));
    let skipped = load::skipped(&build.source);
    built.diagnostics.extend(skipped.iter().filter_map(dangerous));
    let answers = ask(options, &outside);
    built.diagnostics.extend(answers.findings);
    crate::diag::drop_echoes(&mut built.diagnostics);
    crate::diag::sort(&mut built.diagnostics);
    if let Some(file) = &options.write_baseline {
        let file = file.clone().unwrap_or_else(|| build.source.join(baseline::FILE));
        write_baseline(&file, &mut built)?;
    }
    let ignored = known.map(|(file, known)| (file, known.ignore(&mut built.diagnostics)));
    let found = report_all(&mut built, &sources.value, build);
    if build.timings {
        timings(&mut built, loaded, None);
    }
    if build.format != Format::Json {
        for note in notes(&skipped, ignored.as_ref()).into_iter().chain(answers.notes) {
            report::summary(&note);
        }
    }
    if found.n_errors != 0 {
        report::summary(&format!("checked: {found}"));
        return Ok(Outcome::HasErrors);
    }
    if build.format != Format::Json || build.timings {
        let took = started.elapsed().as_secs_f64();
        let (counts, warnings) = (counts(&built), found.warnings());
        report::summary(&format!("checked {counts} in {took:.2} s{warnings}"));
    }
    Ok(Outcome::Done)
}

/// The baseline that holds, and its file: the one that was named, else the one that is there.
fn read_baseline(options: &CheckOptions) -> Result<Option<(PathBuf, Baseline)>, Error> {
    if options.write_baseline.is_some() {
        return Ok(None);
    }
    let usual = options.build.source.join(baseline::FILE);
    let file = match &options.baseline {
        Some(file) => file.clone(),
        None if usual.exists() => usual,
        None => return Ok(None),
    };
    let text = fs::read_to_string(&file).map_err(|it| Error::io("read", &file, it))?;
    let known = Baseline::parse(&text).map_err(|line| {
        let why = format!("line {line} is no line of a baseline");
        let help =
            "write it anew with `mujaz check --write-baseline`, or delete the line";
        Error::refused("use", &file, why, help)
    })?;
    Ok(Some((file, known)))
}

/// Writes the warnings of today, and leaves them out at once.
fn write_baseline(file: &Path, built: &mut Built) -> Result<(), Error> {
    let known = Baseline::of(&built.diagnostics);
    fs::write(file, known.to_text()).map_err(|it| Error::io("write", file, it))?;
    report::summary(&format!(
        "wrote {} into `{}`; from now on they are left out",
        plural(known.len(), "warning"),
        file.display()
    ));
    known.ignore(&mut built.diagnostics);
    Ok(())
}

/// Beginnings and whole names of hidden files that hold secrets or the history of a site.
const DANGEROUS: [&str; 16] = [
    ".env",
    ".git",
    ".svn",
    ".hg",
    ".ssh",
    ".aws",
    ".npmrc",
    ".netrc",
    ".pgpass",
    ".htpasswd",
    ".docker",
    ".kube",
    ".gnupg",
    ".pypirc",
    ".bash_history",
    "node_modules",
];

/// Warns of a file that nobody wants beside a site, even though it is not published.
fn dangerous(path: &SourcePath) -> Option<Diagnostic> {
    let name = path.as_str().rsplit('/').next().unwrap_or_default();
    let is_one = |it: &str| {
        let rest = name.strip_prefix(it);
        // `.gitignore` is no history, `.env.local` holds passwords.
        rest.is_some_and(|it| it.is_empty() || it.starts_with('.'))
    };
    if !DANGEROUS.iter().any(|it| is_one(it)) {
        return None;
    }
    let message =
        format!("`{}` does not belong into a site; it is not published", terminal(name));
    let help = "move it out: another program that copies this folder would publish it";
    let warning = Diagnostic::warning("skipped-file", Place::file(path), message);
    Some(warning.with_help(help))
}

/// What else is to be said.
fn notes(skipped: &[SourcePath], ignored: Option<&(PathBuf, Ignored)>) -> Vec<String> {
    let mut notes = Vec::new();
    let others: Vec<&SourcePath> =
        skipped.iter().filter(|it| dangerous(it).is_none()).collect();
    if !others.is_empty() {
        let named: Vec<&str> =
            others.iter().take(N_NAMED).map(|it| it.as_str()).collect();
        let more = if N_NAMED < others.len() { ", …" } else { "" };
        notes.push(format!(
            "left out {} of editors and systems: {}{more}",
            plural(others.len(), "file"),
            named.join(", ")
        ));
    }
    if let Some((file, Ignored { n_findings, stale })) = ignored {
        notes.push(format!(
            "ignored {} that `{}` lists",
            plural(*n_findings, "warning"),
            file.display()
        ));
        if !stale.is_empty() {
            let entry = |it: &baseline::Entry| format!("{} {}", it.path, it.code);
            let named: Vec<String> = stale.iter().take(N_NAMED).map(entry).collect();
            let more = if N_NAMED < stale.len() { ", …" } else { "" };
            notes.push(format!(
                "nothing matches {} of it any more: {}{more}; `--write-baseline` drops what \
                 is no more",
                plural(stale.len(), "line"),
                named.join(", ")
            ));
        }
    }
    notes
}

/// What other sites have answered.
#[derive(Default)]
struct Answered {
    findings: Vec<Diagnostic>,
    notes: Vec<String>,
}

#[cfg(not(feature = "external"))]
fn ask(_: &CheckOptions, _: &[Outside]) -> Answered {
    Answered::default()
}

/// Asks other sites, where that is wanted.
#[cfg(feature = "external")]
fn ask(options: &CheckOptions, outside: &[Outside]) -> Answered {
    use crate::check::external::{self, Asking};
    if !options.external {
        return Answered::default();
    }
    let asking =
        Asking { private: options.external_private, now: jiff::Timestamp::now() };
    let answers = external::ask(outside, &options.build.source, asking);
    let mut notes = vec![format!(
        "asked {} of other sites; {} known from the last 7 days",
        plural(answers.n_asked, "page"),
        answers.n_known
    )];
    if !answers.untold.is_empty() {
        let shown = answers.untold.iter().take(N_NAMED);
        let named: Vec<String> =
            shown.map(|(url, why)| format!("{} ({why})", terminal(url))).collect();
        let more = if N_NAMED < answers.untold.len() { ", …" } else { "" };
        notes.push(format!(
            "nothing can be said of {}: {}{more}",
            plural(answers.untold.len(), "link"),
            named.join(", ")
        ));
    }
    Answered { findings: answers.findings, notes }
}
