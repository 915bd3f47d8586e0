//! The command line: what each command does with the stages, and its exit status.
//!
//! 0: done. 1: the content or the theme has errors. 2: the world refused, or the command
//! line is wrong.

pub mod args;
mod build;
mod check;
mod deploy;
mod diff;
mod fix;
mod host;
#[cfg(feature = "import")]
mod import;
mod in_place;
mod init;
mod links;
mod new;
pub mod report;
mod rewrite;
mod sarif;
mod schedule;
mod search;
#[cfg(feature = "serve")]
mod serve;
mod shards;
mod topic;

use std::path::Path;
use std::process::ExitCode;

use crate::cli::args::{Cli, Command, Format};
use crate::diag::{Checked, Diagnostic, Severity, SourcePath};
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
        #[cfg(feature = "import")]
        Command::Import { paths, options } => {
            (options.format, import::run(&paths, &options))
        }
        Command::Links { command } => (command.options().format, links::run(&command)),
        Command::Search { query, options } => {
            (options.format, search::run(&query, &options))
        }
        Command::Host { command } => (Format::Human, host::run(&command)),
        Command::Index { output, options } => {
            (options.format, shards::index(&options, &output))
        }
        Command::Schedule { options } => (options.format, schedule::run(&options)),
        Command::Topic { command } => (Format::Human, topic::run(&command)),
        Command::Build { output, options, shared } => {
            let is_preview = options.drafts || build::is_ahead(&options);
            let name = if is_preview { "preview" } else { "public" };
            let output = output.unwrap_or_else(|| name.into());
            (options.format, build::run(&options, &output, &shared))
        }
        #[cfg(feature = "serve")]
        Command::Serve { options } => (Format::Human, serve::run(&options)),
        Command::Deploy { target, options } => {
            (options.format, deploy::run(target.as_deref(), &options))
        }
        Command::Check { options } => (options.build.format, check::run(&options)),
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
    let mut diagnostics = Vec::new();
    let site = read(loaded, clock, &mut diagnostics);
    let links = link::link(&site, &loaded.value).drain_into(&mut diagnostics);
    has_no_errors(&loaded.value, diagnostics, format, why_not).then_some((site, links))
}

/// Reads a site for a command that needs no links, like `read_linked`.
fn read_checked(
    loaded: &Checked<Sources>,
    clock: Clock,
    format: Format,
    why_not: &str,
) -> Option<Site> {
    let mut diagnostics = Vec::new();
    let site = read(loaded, clock, &mut diagnostics);
    has_no_errors(&loaded.value, diagnostics, format, why_not).then_some(site)
}

fn read(
    loaded: &Checked<Sources>,
    clock: Clock,
    diagnostics: &mut Vec<Diagnostic>,
) -> Site {
    diagnostics.extend(loaded.diagnostics.iter().cloned());
    let info = BuildInfo { clock, stamp: None, base_url: None };
    read_site(&loaded.value, &info, &mut |_| {}).drain_into(diagnostics)
}

/// Reports everything that was found, with `why_not`, where an error is among it.
fn has_no_errors(
    sources: &Sources,
    mut diagnostics: Vec<Diagnostic>,
    format: Format,
    why_not: &str,
) -> bool {
    if diagnostics.iter().all(|it| it.severity != Severity::Error) {
        return true;
    }
    crate::diag::drop_echoes(&mut diagnostics);
    crate::diag::sort(&mut diagnostics);
    let text_of = |path: &SourcePath| sources.text(path).map(str::to_owned);
    report::diagnostics(&diagnostics, format, &text_of);
    report::summary(why_not);
    false
}

/// A number and what it counts.
fn plural(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

/// Writes a file in the place of the one that may be there, whole or not at all.
#[expect(clippy::disallowed_methods, reason = "the user has named the file")]
fn replace(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    if let Some(parent) = path.parent().filter(|it| !it.as_os_str().is_empty()) {
        std::fs::create_dir_all(parent)
            .map_err(|it| Error::io("make the folder", parent, it))?;
    }
    let new = path.with_extension(format!("{}.new", std::process::id()));
    std::fs::write(&new, bytes).map_err(|it| Error::io("write", path, it))?;
    std::fs::rename(&new, path).map_err(|it| Error::io("write", path, it))
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
