//! `mujaz build` and `mujaz check`.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cache::{Cache, Inputs};
use crate::cli::args::{BuildOptions, Format};
use crate::cli::{Outcome, plural, report};
use crate::diag::{Severity, SourcePath};
use crate::error::Error;
use crate::fingerprint::Fingerprint;
use crate::load::Sources;
use crate::memo::{Fingerprints, Memo};
use crate::render::theme::PageTime;
use crate::render::{Nowhere, theme};
use crate::text::isolate::terminal;
use crate::write::{Manifest, Staging};
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
    let loaded = started.elapsed();
    let is_first = output.is_some_and(|it| !it.exists());
    let mut round = match output {
        Some(output) => {
            let files = &sources.value;
            again(Site { options, info: &info, files, output })?
        }
        None => Round::of(crate::build(&sources.value, &info, &Nowhere, &|_| {})),
    };
    // What the cache keeps is what the build itself has found.
    let own = Built { page_times: Vec::new(), ..round.built.clone() };
    let built = &mut round.built;
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
        if let Some((staging, ..)) = round.staging {
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
    let publish = |(staging, memo): (Staging, Memo)| {
        let manifest = staging.publish(info.clock.is_preview)?;
        Ok::<_, Error>((manifest, memo))
    };
    let written = round.staging.map(publish).transpose()?;
    let n_changed = written.as_ref().map_or(0, |it| it.0.n_changed);
    let counts = counts(built);
    let took = format!("{:.2} s", started.elapsed().as_secs_f64());
    let warnings = match n_warnings {
        0 => String::new(),
        n => format!(", {}", plural(n, "warning")),
    };
    if let (Some((manifest, _)), Some(output)) = (&written, output) {
        report_foreign(manifest, output);
    }
    let line = match output {
        Some(output) => format!(
            "built {counts} into `{}`, {} changed, in {took}{warnings}",
            output.display(),
            plural(n_changed, "file")
        ),
        None => format!("checked {counts} in {took}{warnings}"),
    };
    let is_for_people = options.format == Format::Human && !options.is_trial;
    if options.timings {
        let stages = [("load", loaded)].into_iter().chain(built.timings.iter().copied());
        let exchange = ("write", started.elapsed().saturating_sub(before_write));
        for (stage, took) in stages.chain([exchange]) {
            report::summary(&format!("{stage:>10} {:>8.1} ms", took.as_secs_f64() * 1e3));
        }
        page_times(&mut built.page_times);
    }
    if is_for_people || options.timings {
        report::summary(&line);
    }
    if let Some(output) = output.filter(|_| is_first && is_for_people) {
        report::summary(&format!(
            "next: look at it with a web server, for example `python3 -m http.server \
             --directory {}`",
            output.display()
        ));
    }
    if let (Some((manifest, memo)), Some((cache, texts, inputs))) = (written, round.cache)
    {
        cache.write(&memo, &manifest, texts, inputs, &own);
    }
    Ok(Outcome::Done)
}

/// Names files of the output that stay though we have not made them.
fn report_foreign(manifest: &Manifest, output: &Path) {
    if manifest.foreign.is_empty() {
        return;
    }
    let shown = manifest.foreign.iter().take(3).cloned().collect::<Vec<_>>();
    report::summary(&format!(
        "kept {} in `{}` that mujaz did not make: {}",
        plural(manifest.foreign.len(), "file"),
        output.display(),
        shown.join(", ")
    ));
}

/// What is built, and where.
#[derive(Clone, Copy)]
struct Site<'a> {
    options: &'a BuildOptions,
    info: &'a BuildInfo,
    files: &'a Sources,
    output: &'a Path,
}

/// A build before it takes the place of the last one.
struct Round<'a> {
    built: Built,
    /// Its files, and what was found on the way; none where all is as it was.
    staging: Option<(Staging, Memo)>,
    /// The cache that it leaves, with a fingerprint of its texts and what it has read.
    cache: Option<(Cache, u128, Inputs<'a>)>,
}

impl Round<'_> {
    fn of(built: Built) -> Self {
        Self { built, staging: None, cache: None }
    }
}

/// Builds a site, with what the last build into the same folder has left.
fn again(site: Site<'_>) -> Result<Round<'_>, Error> {
    let Site { options, info, files, output } = site;
    let is_preview = info.clock.is_preview;
    let prints = Fingerprints::of(files, info.base_url.as_deref(), is_preview);
    let mut texts = Fingerprint::new();
    texts.hash(prints.all());
    texts.optional(info.stamp.map(|it| it.to_string()).as_deref());
    let texts = texts.done();
    let cache = Cache::of(&options.source, output);
    let found = cache.read();
    let inputs = Inputs::of(texts, &files.assets, info.clock.now);
    if let Some(built) = found.same(inputs, output) {
        return Ok(Round::of(built));
    }
    let staging = write::stage(output, &options.source)?.with_stamps(found.files);
    let bar = progress_bar();
    let progress = |n| bar.set_position(n as u64);
    let (built, memo) = crate::build_again(files, info, &found.memo, &staging, &progress);
    bar.finish_and_clear();
    Ok(Round {
        built,
        staging: Some((staging, memo)),
        cache: (!options.is_trial).then_some((cache, texts, inputs)),
    })
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
