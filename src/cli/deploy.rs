//! `mujaz deploy`: builds the site, says what would change on a host, and sends it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::cli::args::{BuildOptions, DeployOptions, Format, SharedOptions};
use crate::cli::{Outcome, build, plural, report};
use crate::config::{self, Config};
use crate::diag::{Severity, SourcePath, closest};
use crate::error::Error;
use crate::load;
use crate::publish::carry::{self, Done, Job};
use crate::publish::folder::Folder;
use crate::publish::git::Branch;
use crate::publish::headers::is_immutable;
use crate::publish::host::Host;
use crate::publish::output::Output;
use crate::publish::plan::{Class, Plan, Rules, Source};
use crate::publish::target::{self, Destination, Target};
use crate::text::isolate::terminal;

/// How many paths of each class a plan names for people.
const N_NAMED: usize = 20;

/// Sends the site to a target.
pub(super) fn run(name: Option<&str>, options: &DeployOptions) -> Result<Outcome, Error> {
    let Some((config, targets)) = settings(options)? else {
        return Ok(Outcome::HasErrors);
    };
    let target = choose(name, &targets, &options.source)?;
    let trial = Trial::new(options);
    let folder = trial.as_ref().map_or(&options.output, |it| &it.0);
    if !options.no_build && !options.rollback {
        let outcome = build::run(
            &build_options(options, target),
            folder,
            &SharedOptions::default(),
        )?;
        if let Outcome::HasErrors = outcome {
            return Ok(outcome);
        }
    }
    let output = if options.rollback { None } else { Some(Output::read(folder)?) };
    let base_url = target.base_url.as_ref().unwrap_or(&config.base_url);
    let journals = options.source.join(".mujaz/deploy");
    let job = Job {
        target: &target.name,
        output: output.as_ref(),
        base_url,
        rules: rules(options, target),
        now: now(),
        journals: &journals,
        tell: &report::summary,
    };
    if let Some(output) = output.as_ref().filter(|it| !it.foreign.is_empty()) {
        let shown: Vec<_> =
            output.foreign.iter().take(3).map(|it| terminal(it)).collect();
        report::summary(&format!(
            "not sent, because mujaz did not make {}: {}",
            plural(output.foreign.len(), "file"),
            shown.join(", ")
        ));
    }
    let branch = Branch::open(&target.name, &target.site, &options.source, &journals)?;
    if let Some(branch) = branch {
        return commit(options, &job, &branch);
    }
    let host = host(options, target)?;
    send(options, &job, &*host)
}

fn commit(
    options: &DeployOptions,
    job: &Job<'_>,
    branch: &Branch,
) -> Result<Outcome, Error> {
    if options.dry_run {
        print_plan(options.format, job.target, &branch.look(job)?);
        return Ok(Outcome::Done);
    }
    let done = branch.deploy(job)?;
    print_done(options, job.target, &done);
    if options.purge {
        report::summary(
            "the history of the branch keeps what was deleted, and everybody who may read the \
             repository can look there",
        );
    }
    Ok(Outcome::Done)
}

fn send(
    options: &DeployOptions,
    job: &Job<'_>,
    host: &dyn Host,
) -> Result<Outcome, Error> {
    if options.dry_run {
        let look = carry::look(job, host)?;
        print_plan(options.format, job.target, &look.plan);
        return Ok(Outcome::Done);
    }
    let done = carry::deploy(job, host)?;
    print_done(options, job.target, &done);
    Ok(Outcome::Done)
}

/// The settings and the targets of the site; none where they have mistakes, which are
/// printed.
#[expect(clippy::disallowed_methods, reason = "one file, before anything is built")]
fn settings(options: &DeployOptions) -> Result<Option<(Config, Vec<Target>)>, Error> {
    load::check_root(&options.source, "deploy")?;
    let file = options.source.join(config::PATH);
    let text =
        std::fs::read_to_string(&file).map_err(|it| Error::io("read", &file, it))?;
    let path = SourcePath::new(config::PATH);
    let mut diagnostics = Vec::new();
    let config = config::read(Some((&path, &text))).drain_into(&mut diagnostics);
    let targets = target::read_all(&config.deploy).drain_into(&mut diagnostics);
    if diagnostics.iter().all(|it| it.severity != Severity::Error) {
        return Ok(Some((config, targets)));
    }
    report::diagnostics(&diagnostics, options.format, &|_| Some(text.clone()));
    report::summary("nothing was sent: the settings have mistakes");
    Ok(None)
}

fn choose<'a>(
    name: Option<&str>,
    targets: &'a [Target],
    source: &Path,
) -> Result<&'a Target, Error> {
    let refuse = |why: &str, help: String| match name {
        Some(name) => Error::refused("deploy to", Path::new(name), why, help),
        None => Error::refused("deploy", source, why, help),
    };
    let names: Vec<&str> = targets.iter().map(|it| it.name.as_str()).collect();
    let known = names.join("`, `");
    match (name, targets) {
        (_, []) => {
            let help = format!(
                "describe a target under `deploy:` in `{}`, for example `live: {{kind: \
                 folder, folder: /srv/www}}` (docs/DEPLOY.md)",
                config::PATH
            );
            Err(refuse("the site has no target", help))
        }
        (None, [one]) => Ok(one),
        (None, [first, ..]) => {
            let first = &first.name;
            let help = format!("name one of `{known}`, as in `mujaz deploy {first}`");
            Err(refuse("the site has several targets", help))
        }
        (Some(name), _) => {
            if let Some(target) = targets.iter().find(|it| it.name == name) {
                return Ok(target);
            }
            let help = match closest(names.iter().copied(), name) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("it has `{known}`"),
            };
            Err(refuse("the site has no target of this name", help))
        }
    }
}

/// A folder for a build that is only looked at; it goes when this is dropped.
struct Trial(PathBuf);

impl Trial {
    fn new(options: &DeployOptions) -> Option<Self> {
        let is_wanted = options.dry_run && !options.no_build && !options.rollback;
        let name = format!("mujaz-deploy-{}", std::process::id());
        is_wanted.then(|| Self(std::env::temp_dir().join(name)))
    }
}

impl Drop for Trial {
    fn drop(&mut self) {
        // What stays in the folder for temporary files is in nobody's way.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn build_options(options: &DeployOptions, target: &Target) -> BuildOptions {
    BuildOptions {
        source: options.source.clone(),
        base_url: target.base_url.clone(),
        drafts: false,
        as_of: None,
        strict: options.strict,
        format: options.format,
        timings: false,
        is_trial: options.dry_run,
    }
}

#[expect(clippy::disallowed_methods, reason = "a deploy has a moment")]
fn now() -> fn() -> jiff::Timestamp {
    jiff::Timestamp::now
}

fn rules(options: &DeployOptions, target: &Target) -> Rules {
    Rules {
        now: now()(),
        grace: if options.purge { std::time::Duration::ZERO } else { target.grace },
        max_deletes: target.max_deletes,
        allow_deletes: options.allow_deletes,
        allow_older: options.allow_older || options.purge,
        keeps_previous: target.keeps_previous && !options.purge,
    }
}

fn host(options: &DeployOptions, target: &Target) -> Result<Box<dyn Host>, Error> {
    match &target.site {
        Destination::Folder { folder } => {
            let folder = options.source.join(folder);
            Ok(Box::new(Folder::open(&folder, &options.source, &options.output)?))
        }
        #[cfg(feature = "deploy")]
        Destination::S3 { .. }
        | Destination::WebDav { .. }
        | Destination::Sftp { .. } => {
            let keys = keys(&target.name);
            Ok(Box::new(crate::publish::service::Service::new(
                target,
                &keys,
                &options.source,
            )?))
        }
        other => {
            let why = format!(
                "this mujaz was built without hosts of the kind `{}`",
                other.kind()
            );
            let help = "build it with `cargo install --path . --features deploy`";
            Err(Error::refused("deploy to", Path::new(&target.name), why, help))
        }
    }
}

/// The keys of a target, which the environment has.
#[cfg(feature = "deploy")]
#[expect(clippy::disallowed_methods, reason = "the environment is read here")]
fn keys(target: &str) -> crate::publish::service::Keys {
    // A secret that a code host does not know arrives as an empty text.
    let usual = |name: &str| std::env::var(name).ok().filter(|it| !it.is_empty());
    let own = |what| usual(&target::variable(target, what));
    let (access_key, secret_key) = (own("ACCESS_KEY"), own("SECRET_KEY"));
    // Keys belong together: half of one pair and half of another open nothing.
    let is_own = access_key.is_some() || secret_key.is_some();
    let or_usual =
        |own: Option<String>, name| own.or_else(|| usual(name).filter(|_| !is_own));
    crate::publish::service::Keys {
        secret_key: or_usual(secret_key, "AWS_SECRET_ACCESS_KEY"),
        session_token: or_usual(own("SESSION_TOKEN"), "AWS_SESSION_TOKEN"),
        access_key: or_usual(access_key, "AWS_ACCESS_KEY_ID"),
        user: own("USER"),
        password: own("PASSWORD"),
    }
}

/// Sizes for people: in kB from a thousand bytes on.
fn size(bytes: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "one digit behind the point is shown")]
    let number = bytes as f64;
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{:.1} kB", number / 1e3),
        _ => format!("{:.1} MB", number / 1e6),
    }
}

fn print_plan(format: Format, target: &str, plan: &Plan) {
    if format == Format::Json {
        report::data(&format!("{}\n", plan_json(target, plan)));
        return;
    }
    let mut text = String::new();
    let mut section = |title: &str, lines: Vec<String>| {
        if lines.is_empty() {
            return;
        }
        text.push_str(&format!("{title}: {}\n", lines.len()));
        for line in lines.iter().take(N_NAMED) {
            text.push_str(&format!("  {line}\n"));
        }
        if N_NAMED < lines.len() {
            text.push_str(&format!("  … and {} more\n", lines.len() - N_NAMED));
        }
    };
    for class in Class::ALL {
        let steps = plan.steps.iter().filter(|it| it.class == class);
        let line = |path: &str, bytes| format!("{} ({})", terminal(path), size(bytes));
        section(class.name(), steps.map(|it| line(&it.path, it.print.size)).collect());
    }
    let redirects =
        plan.steps.iter().filter(|it| matches!(it.source, Source::Redirect(_)));
    section("redirects", redirects.map(|it| terminal(&it.path).into_owned()).collect());
    let named = |all: &[String]| all.iter().map(|it| terminal(it).into_owned()).collect();
    section("no longer part of the site", named(&plan.vanished));
    section("deleted now", named(&plan.removals));
    if text.is_empty() {
        text.push_str("nothing to do\n");
    }
    report::data(&text);
    let bytes: u64 = plan.steps.iter().map(|it| it.print.size).sum();
    report::summary(&format!(
        "would send {} ({}) to `{target}`; nothing was written",
        plural(plan.steps.len(), "file"),
        size(bytes)
    ));
}

fn plan_json(target: &str, plan: &Plan) -> serde_json::Value {
    let steps: Vec<_> = plan
        .steps
        .iter()
        .map(|it| {
            json!({
                "class": it.class.name(),
                "path": it.path,
                "size": it.print.size,
                "redirect": matches!(it.source, Source::Redirect(_)),
            })
        })
        .collect();
    json!({
        "target": target,
        "send": steps,
        "vanished": plan.vanished,
        "delete": plan.removals,
        "generation": plan.state.generation,
    })
}

fn print_done(options: &DeployOptions, target: &str, done: &Done) {
    let Done { plan, n_sent, n_bytes } = done;
    let n_deleted = plan.removals.len();
    if options.format == Format::Json {
        let line = json!({
            "target": target,
            "sent": n_sent,
            "bytes": n_bytes,
            "deleted": n_deleted,
            "vanished": plan.vanished.len(),
            "generation": plan.settled.generation,
        });
        report::data(&format!("{line}\n"));
        return;
    }
    let n_addresses = plan.vanished.iter().filter(|it| !is_immutable(it)).count();
    let mut line = match (*n_sent, options.rollback) {
        (0, _) if n_deleted == 0 && plan.vanished.is_empty() => {
            format!("nothing to send: `{target}` has this site")
        }
        (n, false) => {
            format!("sent {} ({}) to `{target}`", plural(n, "file"), size(*n_bytes))
        }
        (n, true) => {
            format!("brought back {} on `{target}`", plural(n, "file"))
        }
    };
    if n_addresses != 0 {
        let _ = write!(line, ", {n_addresses} addresses are no longer part of the site");
        if n_deleted == 0 && !options.rollback {
            line.push_str(" and go with a later deploy (`--purge` takes them off now)");
        }
    }
    if n_deleted != 0 {
        let _ = write!(line, ", {} deleted", plural(n_deleted, "old file"));
    }
    report::summary(&line);
    if options.rollback {
        report::summary(
            "mend the sources before the next deploy: it sends what they say",
        );
    }
}
