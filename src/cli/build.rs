//! `mujaz build`, and what `mujaz check` has in common with it.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cache::{self, Cache, Inputs};
use crate::cli::args::{BuildOptions, Format, SharedOptions};
use crate::cli::shards::Share;
use crate::cli::{Outcome, in_place, plural, report};
use crate::diag::{Severity, SourcePath};
use crate::error::Error;
use crate::fingerprint::{Fingerprint, Keeps};
use crate::load::Sources;
use crate::memo::{Fingerprints, Memo};
use crate::render::theme;
use crate::render::theme::PageTime;
use crate::text::isolate::terminal;
use crate::write::{Placed, Purpose, Staging};
use crate::{BuildInfo, Built, load, write};

/// Where fewer of its pages are new, one in so many, a site has little in memory.
const FEW_PAGES: usize = 4;

/// Pages that `--timings` names.
const N_SLOWEST: usize = 10;

/// Builds the site into `output`.
pub(super) fn run(
    options: &BuildOptions,
    output: &Path,
    shared: &SharedOptions,
) -> Result<Outcome, Error> {
    let started = Instant::now();
    let mut info = build_info(options)?;
    let share = Share::read(shared, &mut info)?;
    let shard = share.as_ref().and_then(|it| it.shard);
    let is_preview = info.clock.is_preview
        || is_ahead(options)
        || share.as_ref().is_some_and(|it| it.is_ahead);
    let cache = Cache::of(&options.source, output);
    let (sources, earlier) = rayon::join(
        || load::load(&options.source),
        || share.as_ref().map_or_else(|| cache.read(), |_| cache::Found::default()),
    );
    let sources = sources?;
    let loaded = started.elapsed();
    let is_first = !output.exists() && shard.is_none();
    let files = &sources.value;
    let site = Site { options, info: &info, files, output, is_preview };
    let mut round = again(site, share, cache, earlier)?;
    let built = &mut round.built;
    let in_place = round.staging.as_ref().map(|it| it.0.old());
    let in_place = in_place.filter(|_| shard.is_none() && !built.addresses.is_empty());
    let pages = in_place::pages(built);
    let moved = in_place
        .map_or_else(BTreeMap::new, |it| in_place::moved_pages(built, &pages, it));
    // What the cache keeps is what the build itself has found.
    let own_diagnostics = built.diagnostics.clone();
    built.diagnostics.extend(sources.diagnostics.iter().cloned());
    if options.as_of.is_none() {
        let behind = in_place.and_then(|it| in_place::clock_behind(it, info.clock.now));
        built.diagnostics.extend(behind);
    }
    crate::diag::drop_echoes(&mut built.diagnostics);
    let found = report_all(built, files, options);
    if found.n_errors != 0 {
        if let Some((staging, ..)) = round.staging {
            staging.discard();
        }
        report::summary(&format!("nothing was written: {found}"));
        return Ok(Outcome::HasErrors);
    }
    let before_write = started.elapsed();
    let about = in_place::about(built, pages, is_preview, shard);
    let publish = |(staging, memo): (Staging, Memo)| {
        Ok::<_, Error>((staging.publish(about, moved)?, memo))
    };
    let written = round.staging.map(publish).transpose()?;
    let n_changed = written.as_ref().map_or(0, |it| it.0.n_changed);
    if let Some((placed, _)) = &written {
        report_foreign(placed, output);
    }
    if options.timings {
        let exchange = ("write", started.elapsed().saturating_sub(before_write));
        timings(built, loaded, Some(exchange));
    }
    if (options.format != Format::Json && !options.is_trial) || options.timings {
        report::summary(&format!(
            "built {} into `{}`, {} changed, in {:.2} s{}",
            counts(built),
            output.display(),
            plural(n_changed, "file"),
            started.elapsed().as_secs_f64(),
            found.warnings()
        ));
    }
    if is_first && options.format == Format::Human && !options.is_trial {
        report::summary(&format!(
            "next: look at it with a web server, for example `python3 -m http.server \
             --directory {}`",
            output.display()
        ));
    }
    let Round { mut built, cache, .. } = round;
    built.diagnostics = own_diagnostics;
    if let (Some((placed, memo)), Some((cache, texts, inputs))) = (&written, &cache) {
        cache.write(memo, placed, *texts, *inputs, &built);
    }
    // Nobody waits for the memory of a site.
    rayon::spawn(move || drop((written, built, sources)));
    Ok(Outcome::Done)
}

/// How much was found.
pub(super) struct Found {
    pub(super) n_errors: usize,
    n_warnings: usize,
}

impl Found {
    /// The end of a sentence about a site without errors.
    pub(super) fn warnings(&self) -> String {
        match self.n_warnings {
            0 => String::new(),
            n => format!(", {}", plural(n, "warning")),
        }
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (errors, warnings) = (self.n_errors, self.n_warnings);
        write!(f, "{}, {}", plural(errors, "error"), plural(warnings, "warning"))
    }
}

/// Puts what was found in order, and reports it.
pub(super) fn report_all(
    built: &mut Built,
    files: &Sources,
    options: &BuildOptions,
) -> Found {
    crate::diag::sort(&mut built.diagnostics);
    if options.strict {
        for diagnostic in &mut built.diagnostics {
            diagnostic.severity = Severity::Error;
        }
    }
    let text_of = |path: &SourcePath| {
        let own = files.text(path).map(str::to_owned);
        own.or_else(|| theme::built_in(path).map(str::to_owned))
    };
    let BuildOptions { format, source, .. } = options;
    report::diagnostics_in(&built.diagnostics, *format, source, &text_of);
    let count =
        |severity| built.diagnostics.iter().filter(|it| it.severity == severity).count();
    Found { n_errors: count(Severity::Error), n_warnings: count(Severity::Warning) }
}

/// Says how long each stage took, and which pages took longest.
pub(super) fn timings(
    built: &mut Built,
    loaded: Duration,
    last: Option<(&'static str, Duration)>,
) {
    let stages = [("load", loaded)].into_iter().chain(built.timings.iter().copied());
    for (stage, took) in stages.chain(last) {
        report::summary(&format!("{stage:>10} {:>8.1} ms", took.as_secs_f64() * 1e3));
    }
    page_times(&mut built.page_times);
}

/// Names files of the output that stay though we have not made them.
fn report_foreign(placed: &Placed, output: &Path) {
    if placed.foreign.is_empty() {
        return;
    }
    let shown: Vec<String> = placed
        .foreign
        .iter()
        .take(3)
        .map(|it| terminal(&it.to_string_lossy()).into_owned())
        .collect();
    report::summary(&format!(
        "kept {} in `{}` that mujaz did not make: {}",
        plural(placed.foreign.len(), "file"),
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
    /// Whether it shows what is not public yet.
    is_preview: bool,
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

/// Builds a site, with what the last build into the same folder has left, or what other
/// machines have made.
fn again(
    site: Site<'_>,
    share: Option<Share>,
    cache: Cache,
    earlier: cache::Found,
) -> Result<Round<'_>, Error> {
    let Site { options, info, files, output, is_preview } = site;
    let purpose = if is_preview { Purpose::Preview } else { Purpose::Public };
    let mut wait = || {
        let output = output.display();
        report::summary(&format!(
            "waiting for another build that writes into `{output}`"
        ));
    };
    let bar = progress_bar();
    let progress = |n| bar.set_position(n as u64);
    if let Some(share) = share {
        let purpose = if share.shard.is_some() { Purpose::Part } else { purpose };
        let staging = write::stage(output, &options.source, purpose, &mut wait)?;
        let (built, staging, memo) = share.build(files, info, staging, &progress);
        bar.finish_and_clear();
        return Ok(Round { built, staging: Some((staging, memo)), cache: None });
    }
    let prints = Fingerprints::of(files, info.base_url.as_deref(), info.clock.is_preview);
    let mut texts = Fingerprint::new();
    texts.hash(prints.all);
    texts.optional(info.stamp.map(|it| it.to_string()).as_deref());
    // A moment that was still to come may have come.
    texts.number(u64::from(is_preview));
    let texts = texts.done();
    let inputs = Inputs::of(texts, &files.assets, info.clock.now);
    if let Some(built) = earlier.same(inputs, output) {
        write::leftovers::tidy(output);
        return Ok(Round::of(built));
    }
    let cache::Found { memo: earlier, files: stamps, .. } = earlier;
    let (staging, mut proof) = rayon::join(
        || write::stage(output, &options.source, purpose, &mut wait),
        || crate::prepare(files, info, &earlier, Keeps::OnDisk),
    );
    let staging = staging?.with_stamps(stamps);
    let (built, memo) = crate::print_again(&mut proof, &earlier, &staging, &progress);
    bar.finish_and_clear();
    if built.page_times.len() < built.n_pages / FEW_PAGES {
        // The process ends sooner than its memory is put in order.
        std::mem::forget((proof, earlier));
    } else {
        // While files are linked; the cache takes the place that it gives back.
        rayon::spawn(move || drop((proof, earlier)));
    }
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

/// What a site has.
pub(super) fn counts(built: &Built) -> String {
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
pub(super) fn build_info(options: &BuildOptions) -> Result<BuildInfo, Error> {
    let base_url = match &options.base_url {
        Some(url) => Some(crate::config::base_url(url).map_err(|why| {
            let help = "write it like `https://briefings.example.org/`";
            Error::refused("use", Path::new("--base-url"), why, help)
        })?),
        None => None,
    };
    let epoch = std::env::var_os("SOURCE_DATE_EPOCH").filter(|it| !it.is_empty());
    let epoch = epoch.map(|it| epoch_of(&it.to_string_lossy())).transpose()?;
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

/// Whether a build shows what is not public yet, because it is made for a moment to come.
#[expect(
    clippy::disallowed_methods,
    reason = "that moment is measured against the clock"
)]
pub(super) fn is_ahead(options: &BuildOptions) -> bool {
    options.as_of.is_some_and(|it| jiff::Timestamp::now() < it)
}

/// The moment that `SOURCE_DATE_EPOCH` names.
fn epoch_of(text: &str) -> Result<jiff::Timestamp, Error> {
    let seconds = text.parse::<i64>().ok();
    let moment = seconds.and_then(|it| jiff::Timestamp::from_second(it).ok());
    moment.ok_or_else(|| {
        let why = format!("`{}` is no number of seconds since 1970", terminal(text));
        let help = "set it to a number such as 1741500000, or unset it";
        Error::refused("use", Path::new("SOURCE_DATE_EPOCH"), why, help)
    })
}
