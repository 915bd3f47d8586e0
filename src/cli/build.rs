//! `mujaz build` and `mujaz check`.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::args::{BuildOptions, Format};
use crate::cli::{Outcome, plural, report};
use crate::diag::{Severity, SourcePath};
use crate::error::Error;
use crate::render::theme::PageTime;
use crate::render::{Nowhere, Sink, theme};
use crate::text::isolate::terminal;
use crate::{BuildInfo, Built, lint, load, write};

/// Pages that `--timings` names.
const N_SLOWEST: usize = 10;

/// Builds the site into `output`, or only looks for mistakes where there is none.
pub(super) fn run(
    options: &BuildOptions,
    output: Option<&Path>,
) -> Result<Outcome, Error> {
    let started = Instant::now();
    let info = build_info(options)?;
    let sources = load::load(&options.source)?;
    let is_first = output.is_some_and(|it| !it.exists());
    let staging = output.map(|it| write::stage(it, &options.source)).transpose()?;
    let bar = progress_bar();
    let sink: &dyn Sink = match &staging {
        Some(staging) => staging,
        None => &Nowhere,
    };
    let loaded = started.elapsed();
    let mut built =
        crate::build(&sources.value, &info, sink, &|n| bar.set_position(n as u64));
    bar.finish_and_clear();
    built.diagnostics.extend(sources.diagnostics.iter().cloned());
    if output.is_none() {
        let findings = lint::lint(&sources.value);
        built.diagnostics.extend(findings.into_iter().map(|it| it.diagnostic));
    }
    crate::diag::drop_echoes(&mut built.diagnostics);
    crate::diag::sort(&mut built.diagnostics);
    if options.strict {
        for diagnostic in &mut built.diagnostics {
            diagnostic.severity = Severity::Error;
        }
    }
    let text_of = |path: &SourcePath| {
        let own = sources.value.text(path).map(str::to_owned);
        own.or_else(|| theme::built_in(path).map(str::to_owned))
    };
    report::diagnostics(&built.diagnostics, options.format, &text_of);
    let count =
        |severity| built.diagnostics.iter().filter(|it| it.severity == severity).count();
    let (n_errors, n_warnings) = (count(Severity::Error), count(Severity::Warning));
    if n_errors != 0 {
        if let Some(staging) = staging {
            staging.discard();
        }
        let what = if output.is_some() { "nothing was written" } else { "checked" };
        report::summary(&format!(
            "{what}: {}, {}",
            plural(n_errors, "error"),
            plural(n_warnings, "warning")
        ));
        return Ok(Outcome::HasErrors);
    }
    let before_write = started.elapsed();
    let written = staging.map(|it| it.publish(info.clock.is_preview)).transpose()?;
    let counts = counts(&built);
    let took = format!("{:.2} s", started.elapsed().as_secs_f64());
    let warnings = match n_warnings {
        0 => String::new(),
        n => format!(", {}", plural(n, "warning")),
    };
    let line = match (&written, output) {
        (Some(manifest), Some(output)) => {
            if !manifest.foreign.is_empty() {
                let shown = manifest.foreign.iter().take(3).cloned().collect::<Vec<_>>();
                report::summary(&format!(
                    "kept {} in `{}` that mujaz did not make: {}",
                    plural(manifest.foreign.len(), "file"),
                    output.display(),
                    shown.join(", ")
                ));
            }
            format!(
                "built {counts} into `{}`, {} changed, in {took}{warnings}",
                output.display(),
                plural(manifest.n_changed, "file")
            )
        }
        _ => format!("checked {counts} in {took}{warnings}"),
    };
    if options.timings {
        let stages = [("load", loaded)].into_iter().chain(built.timings.iter().copied());
        let exchange = ("write", started.elapsed().saturating_sub(before_write));
        for (stage, took) in stages.chain([exchange]) {
            report::summary(&format!("{stage:>10} {:>8.1} ms", took.as_secs_f64() * 1e3));
        }
        page_times(&mut built.page_times);
    }
    if options.format == Format::Human || options.timings {
        report::summary(&line);
    }
    if let Some(output) = output.filter(|_| is_first && options.format == Format::Human) {
        report::summary(&format!(
            "next: look at it with a web server, for example `python3 -m http.server \
             --directory {}`",
            output.display()
        ));
    }
    Ok(Outcome::Done)
}

/// Says how long templates took, and which pages took longest.
fn page_times(pages: &mut [PageTime]) {
    let mut templates: BTreeMap<&str, (usize, Duration)> = BTreeMap::new();
    for page in pages.iter() {
        let (n, took) = templates.entry(page.template).or_default();
        *n += 1;
        *took += page.took;
    }
    for (template, (n, took)) in templates {
        let took = took.as_secs_f64() * 1e3;
        report::summary(&format!("{took:>19.1} ms {n:>6} {template}"));
    }
    pages.sort_by(|a, b| b.took.cmp(&a.took).then_with(|| a.address.cmp(&b.address)));
    for PageTime { address, took, .. } in pages.iter().take(N_SLOWEST) {
        let took = took.as_secs_f64() * 1e3;
        let address = terminal(address);
        report::summary(&format!("{took:>19.1} ms {address}"));
    }
}

fn counts(built: &Built) -> String {
    format!(
        "{}, {}, {}",
        plural(built.n_briefings, "briefing"),
        plural(built.n_topics, "topic"),
        plural(built.n_pages, "page")
    )
}

/// A counter of pages; shown on a terminal once a build takes longer than a moment.
fn progress_bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(8));
    if let Ok(style) = ProgressStyle::with_template("{spinner} {pos} pages, {elapsed}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(250));
    bar
}

/// The moment and the address of this build: the command line, then the environment, then
/// the machine's clock.
#[expect(
    clippy::disallowed_methods,
    reason = "the clock and the environment are read here"
)]
fn build_info(options: &BuildOptions) -> Result<BuildInfo, Error> {
    let base_url = match &options.base_url {
        Some(url) => Some(crate::config::base_url(url).map_err(|why| {
            let help = "write it like `https://briefings.example.org/`";
            Error::refused("use", Path::new("--base-url"), why, help)
        })?),
        None => None,
    };
    let epoch = std::env::var("SOURCE_DATE_EPOCH").ok();
    let epoch = epoch.and_then(|it| it.parse::<i64>().ok());
    let epoch = epoch.and_then(|it| jiff::Timestamp::from_second(it).ok());
    Ok(BuildInfo {
        clock: crate::model::Clock {
            // An epoch in the environment dates stamps, never an embargo (row E5).
            now: options.as_of.unwrap_or_else(jiff::Timestamp::now),
            is_preview: options.drafts,
        },
        stamp: options.as_of.or(epoch),
        base_url,
    })
}
