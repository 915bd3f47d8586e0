//! What the hosts of a site are told: old addresses, headers, and whom to tell of a hole.
//!
//! `Rules` says once what holds on every host; each host has a small writer that says it in
//! the host's own language: `lists` for files that hosts read, `nginx` and `caddy` for the
//! settings of a server of one's own. `limits` knows how much a host takes.

pub mod caddy;
pub mod limits;
mod lists;
pub mod nginx;
mod security;

use crate::config::Config;
use crate::config::hosts::Host;
use crate::diag::Diagnostic;
use crate::link::routes::Routes;
use crate::model::Site;
use crate::text::slug::decoded;

/// What a page may load: files of its own site. A page can say this by itself.
pub const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
    font-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; \
    base-uri 'none'; form-action 'self'";

/// What only a header can say: no other site may put a page into a frame.
const FRAMES: &str = "frame-ancestors 'none'";

/// What a drawing that is looked at by itself may load: what stands in it.
const SVG_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
    font-src data:; sandbox; frame-ancestors 'none'";

/// Headers of every answer besides the policy.
const HEADERS: [(&str, &str); 3] = [
    ("X-Content-Type-Options", "nosniff"),
    // Nobody else hears what a reader has read here.
    ("Referrer-Policy", "same-origin"),
    (
        "Permissions-Policy",
        "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), \
         geolocation=(), gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=()",
    ),
];

/// How long files are kept whose names hold a hash of their bytes.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// All others are asked for each time; an unchanged one is not sent again.
const REVALIDATE: &str = "no-cache";

/// Folder of the files whose names hold a hash.
pub(super) const HASHED: &str = "assets/";

/// Ends of addresses whose media types servers do not know, or know otherwise.
const ODD_TYPES: [&str; 10] = [
    "/feed.xml",
    "/feed.json",
    ".webmanifest",
    ".bib",
    ".ris",
    ".js",
    ".csv",
    ".woff2",
    ".avif",
    ".webp",
];

/// Names of the files that hosts read.
const REDIRECTS: &str = "_redirects";
const HEADER_LIST: &str = "_headers";
const DOMAIN: &str = "CNAME";
const NO_JEKYLL: &str = ".nojekyll";
pub(super) const SECURITY: &str = ".well-known/security.txt";

/// An old address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect {
    /// Its path on the host, in native letters, with a slash at both ends.
    pub from: String,
    /// Where it leads: a path as pages have it, percent-encoded.
    pub to: String,
}

impl Redirect {
    /// The old path without its final slash.
    fn without_slash(&self) -> &str {
        self.from.strip_suffix('/').unwrap_or(&self.from)
    }
}

/// What holds on every host.
#[derive(Debug, Clone)]
pub struct Rules {
    /// Path of the site on its host, in native letters, with a slash at both ends.
    pub base: String,
    /// Old addresses, in their order.
    pub redirects: Vec<Redirect>,
    /// Paths of the home pages of all languages but the default one.
    pub homes: Vec<String>,
}

/// The rules of a site. What is not public yet has left no trace in its routes.
pub fn rules(config: &Config, routes: &Routes) -> Rules {
    let base = decoded(config.base_path()).into_owned();
    let on_host = |address: &str| format!("{base}{}", address.trim_start_matches('/'));
    let redirect = |(from, to): (&String, &String)| Redirect {
        from: on_host(from),
        to: routes.href(to),
    };
    Rules {
        redirects: routes.redirects.iter().map(redirect).collect(),
        homes: (1..config.languages.len()).map(|it| on_host(&routes.home(it))).collect(),
        base,
    }
}

fn has(config: &Config, is_it: fn(Host) -> bool) -> bool {
    config.hosts.iter().any(|it| is_it(it.value))
}

/// Whether old addresses have pages of their own, which lead on without any help of the host.
///
/// GitLab Pages serves a file and does not look at its rules; so the pages give way where every
/// host of the site reads rules.
pub fn has_redirect_pages(config: &Config, is_preview: bool) -> bool {
    let reads_all = config.hosts.iter().all(|it| it.value.reads_redirects());
    is_preview || !(reads_all && has(config, |it| it == Host::GitlabPages))
}

/// The policy that pages say by themselves, because a host of the site cannot send it; empty
/// where none has to. A preview's own script would break it.
pub fn page_policy(config: &Config, is_preview: bool) -> &'static str {
    let is_wanted = !is_preview && has(config, |it| !it.sends_headers());
    if is_wanted { POLICY } else { "" }
}

/// Paths of the files that are made for the hosts of a site, whether there is something to
/// say in them or not: no other file may stand there.
pub fn paths(config: &Config) -> Vec<&'static str> {
    let is_github = has(config, |it| it == Host::GithubPages);
    [
        (has(config, Host::reads_redirects), REDIRECTS),
        (has(config, Host::reads_headers), HEADER_LIST),
        (is_github, NO_JEKYLL),
        (is_github, DOMAIN),
        (config.security.is_some(), SECURITY),
    ]
    .into_iter()
    .filter_map(|(is_wanted, path)| is_wanted.then_some(path))
    .collect()
}

/// The files that are made for the hosts of a site, with their paths.
pub fn files(config: &Config, routes: &Routes) -> Vec<(&'static str, Vec<u8>)> {
    let wanted = paths(config);
    if wanted.is_empty() {
        return Vec::new();
    }
    let rules = rules(config, routes);
    let file = |path: &'static str| {
        let text = match path {
            REDIRECTS => lists::redirects(config, &rules),
            HEADER_LIST => Some(lists::headers(&rules)),
            NO_JEKYLL => Some(String::new()),
            DOMAIN => domain(config),
            _ => security::text(config),
        };
        Some((path, text?.into_bytes()))
    };
    wanted.into_iter().filter_map(file).collect()
}

/// What is wrong with what hosts are told, the amount of it left out (`limits`).
pub fn check(site: &Site) -> Vec<Diagnostic> {
    security::check(&site.config, site.clock.now)
}

/// The domain of a site that does not stand under the host's own name.
fn domain(config: &Config) -> Option<String> {
    let rest = config.base_url.split_once("://")?.1;
    let host = rest.split(['/', ':']).next()?;
    let is_own = host.contains('.')
        && !host.ends_with(".github.io")
        && !host.bytes().all(|it| it.is_ascii_digit() || it == b'.');
    is_own.then(|| format!("{host}\n"))
}
