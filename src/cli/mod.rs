//! The command line: what each command does with the stages, and its exit status.
//!
//! 0: done. 1: the content or the theme has errors. 2: the world refused, or the command
//! line is wrong.

pub mod args;
mod build;
mod deploy;
mod diff;
mod fix;
mod init;
mod links;
mod new;
pub mod report;
mod rewrite;
mod search;
#[cfg(feature = "serve")]
mod serve;
mod topic;

use std::process::ExitCode;

use crate::cli::args::{BuildOptions, Cli, Command, Format};
use crate::diag::{Checked, Severity, SourcePath};
use crate::error::Error;
use crate::link::{self, Links};
use crate::load::Sources;
use crate::model::{Clock, Site};
use crate::{BuildInfo, read_site};

/// What a command that ran has found.
enum Outcome {
    /// All is well.
    Done,
    /// The content or the theme has errors.
    HasErrors,
}

/// Runs a command.
pub fn run(cli: Cli) -> ExitCode {
    let (format, result) = match cli.command {
        Command::Init { dir, theme } => (Format::Human, init::run(&dir, theme)),
        Command::New { what, title, id, kind, source } => {
            (Format::Human, new::run(what, &title, id.as_deref(), &kind, &source))
        }
        Command::Links { command } => (command.options().format, links::run(&command)),
        Command::Search { query, options } => {
            (options.format, search::run(&query, &options))
        }
        Command::Topic { command } => (Format::Human, topic::run(&command)),
        Command::Build { output, options } => {
            (options.format, build::run(&options, Some(&output)))
        }
        #[cfg(feature = "serve")]
        Command::Serve { options } => (Format::Human, serve::run(&options)),
        Command::Deploy { target, options } => {
            (options.format, deploy::run(target.as_deref(), &options))
        }
        Command::Check { options, fix, dry_run } => {
            (options.format, check(&options, fix, dry_run))
        }
    };
    match result {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::HasErrors) => ExitCode::from(1),
        Err(error) => {
            report::error(&error, format);
            ExitCode::from(2)
        }
    }
}

/// Looks for mistakes, after mending what can be mended where that is wanted.
fn check(options: &BuildOptions, fix: bool, dry_run: bool) -> Result<Outcome, Error> {
    if fix && let Some(outcome) = fix::run(options, dry_run)? {
        return Ok(outcome);
    }
    build::run(options, None)
}

/// Reads a site and its links for a command that answers questions. Where it has errors
/// they are reported, with `why_not`, and there is nothing to answer from.
#[expect(clippy::disallowed_methods, reason = "embargoes are measured against the clock")]
fn read_linked(
    loaded: &Checked<Sources>,
    is_preview: bool,
    format: Format,
    why_not: &str,
) -> Option<(Site, Links)> {
    let clock = Clock { now: jiff::Timestamp::now(), is_preview };
    let info = BuildInfo { clock, stamp: None, base_url: None };
    let mut diagnostics = loaded.diagnostics.clone();
    let sources = &loaded.value;
    let site = read_site(sources, &info, &mut |_| {}).drain_into(&mut diagnostics);
    let links = link::link(&site, sources).drain_into(&mut diagnostics);
    if diagnostics.iter().all(|it| it.severity != Severity::Error) {
        return Some((site, links));
    }
    crate::diag::drop_echoes(&mut diagnostics);
    crate::diag::sort(&mut diagnostics);
    let text_of = |path: &SourcePath| sources.text(path).map(str::to_owned);
    report::diagnostics(&diagnostics, format, &text_of);
    report::summary(why_not);
    None
}

/// A number and what it counts.
fn plural(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

/// Writes a file that does not exist yet.
#[expect(clippy::disallowed_methods, reason = "`init` and `new` write sources")]
fn write_new(path: &std::path::Path, text: impl AsRef<[u8]>) -> Result<(), Error> {
    if path.exists() {
        let help = "choose another name, or edit the file that is there";
        return Err(Error::refused("write", path, "it exists already", help));
    }
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)
            .map_err(|it| Error::io("make the folder", parent, it))?;
    }
    std::fs::write(path, text).map_err(|it| Error::io("write", path, it))
}
