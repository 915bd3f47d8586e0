//! How much a host takes, and how much a site has.
//!
//! The numbers are those that the hosts name; what is over one of them would be refused, or
//! dropped in silence, when the site is already on its way.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;

use crate::config::Config;
use crate::config::hosts::Host;
use crate::diag::{At, Diagnostic};
use crate::render::hosts::{Rules, lists};
use crate::render::{Later, Sink};

const MIB: u64 = 1024 * 1024;

/// What a host takes at most.
#[derive(Debug, Clone, Copy)]
struct Limits {
    /// Lines of `_redirects`.
    n_redirects: usize,
    /// Bytes of such a line.
    redirect_bytes: usize,
    /// Bytes of that file.
    redirects_bytes: usize,
    n_files: usize,
    file_bytes: u64,
    site_bytes: u64,
    /// Bytes of the path of a file.
    path_bytes: usize,
}

const NONE: Limits = Limits {
    n_redirects: usize::MAX,
    redirect_bytes: usize::MAX,
    redirects_bytes: usize::MAX,
    n_files: usize::MAX,
    file_bytes: u64::MAX,
    site_bytes: u64::MAX,
    path_bytes: usize::MAX,
};

/// Sources: the pages "Redirects" and "Limits" of Cloudflare Pages, "GitLab Pages redirects"
/// and "GitLab application limits", "About large files" and "GitHub Pages limits", "Naming
/// Amazon S3 objects".
fn limits(host: Host) -> Limits {
    match host {
        Host::CloudflarePages => Limits {
            n_redirects: 2_000,
            redirect_bytes: 1_000,
            n_files: 20_000,
            file_bytes: 25 * MIB,
            ..NONE
        },
        Host::GitlabPages => Limits {
            n_redirects: 1_000,
            redirects_bytes: 64 * 1024,
            n_files: 200_000,
            site_bytes: 1024 * MIB,
            ..NONE
        },
        Host::GithubPages => {
            Limits { file_bytes: 100 * MIB, site_bytes: 1024 * MIB, ..NONE }
        }
        Host::S3 => Limits { path_bytes: 1_024, ..NONE },
        Host::Netlify | Host::Nginx | Host::Caddy => NONE,
    }
}

/// Hands files on to another sink, and counts them.
pub struct Tally<'a> {
    sink: &'a dyn Sink,
    /// Bytes by path, where they are known.
    sizes: Mutex<BTreeMap<String, Option<u64>>>,
}

impl<'a> Tally<'a> {
    /// Counts what goes into a sink.
    pub fn new(sink: &'a dyn Sink) -> Self {
        Self { sink, sizes: Mutex::default() }
    }

    fn note(&self, path: &str, size: Option<u64>) {
        let mut sizes =
            self.sizes.lock().expect("no thread panics while it holds the lock");
        sizes.insert(path.to_owned(), size);
    }

    /// Bytes by path. Files that nobody has made yet have no size: those that a check leaves
    /// out are far smaller than any limit.
    pub fn into_sizes(self) -> BTreeMap<String, u64> {
        let sizes = self.sizes.into_inner();
        let sizes = sizes.expect("no thread panics while it holds the lock");
        let known = |(path, size): (String, Option<u64>)| {
            let size = size.or_else(|| self.sink.size_of(&path)).unwrap_or(0);
            (path, size)
        };
        sizes.into_iter().map(known).collect()
    }
}

impl Sink for Tally<'_> {
    fn put(&self, path: &str, bytes: Vec<u8>) {
        self.note(path, Some(bytes.len() as u64));
        self.sink.put(path, bytes);
    }

    fn copy(&self, path: &str, from: &Path) {
        self.note(path, from.metadata().ok().map(|it| it.len()));
        self.sink.copy(path, from);
    }

    fn make(&self, path: &str, make: &dyn Fn() -> Vec<u8>) {
        self.note(path, None);
        self.sink.make(path, make);
    }

    fn make_of(&self, path: &str, look: &dyn Fn(), make: &dyn Fn() -> Vec<u8>) {
        self.note(path, None);
        self.sink.make_of(path, look, make);
    }

    fn keep(&self, path: &str) -> bool {
        let is_kept = self.sink.keep(path);
        if is_kept {
            self.note(path, None);
        }
        is_kept
    }

    fn earlier(&self, path: &str) -> Option<Vec<u8>> {
        self.sink.earlier(path)
    }

    fn make_later(&self, path: &str, later: &dyn Fn() -> Later) -> bool {
        self.sink.make_later(path, later)
    }

    fn size_of(&self, path: &str) -> Option<u64> {
        self.sink.size_of(path)
    }
}

/// Whether a host of the site has a limit, so that files have to be counted.
pub fn are_known(config: &Config) -> bool {
    let has_one =
        |it: &At<Host>| !matches!(it.value, Host::Netlify | Host::Nginx | Host::Caddy);
    config.hosts.iter().any(has_one)
}

/// Reports what is more than a host of the site takes. `sizes` are bytes by path.
pub fn check(
    config: &Config,
    rules: &Rules,
    sizes: &BTreeMap<String, u64>,
) -> Vec<Diagnostic> {
    let lines: Vec<String> = if lists::is_read(config) {
        let form = lists::Form::of(config);
        rules.redirects.iter().flat_map(|it| form.lines(it)).collect()
    } else {
        Vec::new()
    };
    let checks = config.hosts.iter().map(|host| {
        let (host, place, limits) = (host.value, &host.place, limits(host.value));
        let mut found = Vec::new();
        let mut over = |message: String, help: &str| {
            let message = format!("{} takes {message}", host.name());
            let error = Diagnostic::error("host-limit", place.clone(), message);
            found.push(error.with_help(help));
        };
        if host.reads_redirects() {
            redirect_lines(&limits, &lines, &mut over);
        }
        files(&limits, sizes, &mut over);
        found
    });
    checks.flatten().collect()
}

const FEWER_REDIRECTS: &str = "delete `aliases` that nobody asks for any more, or take the \
    host out of `hosts`: old addresses are then pages that lead on";

fn redirect_lines(limits: &Limits, lines: &[String], over: &mut dyn FnMut(String, &str)) {
    if limits.n_redirects < lines.len() {
        let message = format!(
            "{} redirects, and old addresses make {} of them",
            limits.n_redirects,
            lines.len()
        );
        over(message, FEWER_REDIRECTS);
    }
    let bytes: usize = lines.iter().map(|it| it.len() + 1).sum();
    if limits.redirects_bytes < bytes {
        let message = format!(
            "{} bytes of redirects, and old addresses make {bytes}",
            limits.redirects_bytes
        );
        over(message, FEWER_REDIRECTS);
    }
    if let Some(line) = lines.iter().find(|it| limits.redirect_bytes < it.len()) {
        let from: String = line.chars().take(60).collect();
        let message = format!(
            "redirects of {} letters, and that from `{from}…` has {}",
            limits.redirect_bytes,
            line.len()
        );
        over(message, "delete this old address, or give the page a shorter `slug`");
    }
}

fn files(
    limits: &Limits,
    sizes: &BTreeMap<String, u64>,
    over: &mut dyn FnMut(String, &str),
) {
    if limits.n_files < sizes.len() {
        let message =
            format!("{} files, and the site has {}", limits.n_files, sizes.len());
        let help = "publish the site on a host that takes more, or turn off what it need \
                    not have: `cards: false` and `feeds: false` in site.yaml";
        over(message, help);
    }
    let largest = sizes.iter().max_by_key(|(_, size)| **size);
    if let Some((path, size)) = largest.filter(|(_, it)| limits.file_bytes < **it) {
        let message = format!(
            "files of {} MiB, and `{path}` has {}",
            limits.file_bytes / MIB,
            size.div_ceil(MIB)
        );
        over(message, "make the file smaller, or link to it elsewhere");
    }
    let all: u64 = sizes.values().sum();
    if limits.site_bytes < all {
        let message = format!(
            "sites of {} MiB, and this one has {}",
            limits.site_bytes / MIB,
            all.div_ceil(MIB)
        );
        over(message, "publish large files elsewhere, or take another host");
    }
    if let Some(path) = sizes.keys().find(|it| limits.path_bytes < it.len()) {
        let start: String = path.chars().take(60).collect();
        let message = format!(
            "paths of {} bytes, and `{start}…` has {}",
            limits.path_bytes,
            path.len()
        );
        over(message, "give the file and its folders shorter names");
    }
}
