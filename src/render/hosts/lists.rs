//! `_redirects` and `_headers`: one syntax, which Netlify, Cloudflare Pages and GitLab Pages
//! read each in its own way. The files say what all hosts of the site understand.

use std::fmt::Write as _;

use crate::config::Config;
use crate::config::hosts::Host;
use crate::render::hosts::{
    FRAMES, HASHED, HEADERS, IMMUTABLE, POLICY, Redirect, Rules, has, has_redirect_pages,
};
use crate::text::slug::encode_path;

/// The lines of `_redirects`; nothing where there is no old address.
pub(super) fn redirects(config: &Config, rules: &Rules) -> Option<String> {
    if rules.redirects.is_empty() {
        return None;
    }
    let form = Form::of(config);
    let mut text = String::new();
    for redirect in &rules.redirects {
        for line in form.lines(redirect) {
            let _ = writeln!(text, "{line}");
        }
    }
    Some(text)
}

/// How an old address is written so that all hosts of a site understand it.
pub(super) struct Form {
    /// Netlify and Cloudflare compare addresses as browsers send them.
    is_encoded: bool,
    /// GitLab compares them decoded.
    is_native: bool,
    /// Whether the form without a final slash has a rule of its own: nothing else would lead
    /// on from there.
    is_bare: bool,
    status: &'static str,
}

impl Form {
    pub(super) fn of(config: &Config) -> Self {
        let reads = |host: Host| config.hosts.iter().any(|it| it.value == host);
        let (netlify, cloudflare) = (reads(Host::Netlify), reads(Host::CloudflarePages));
        let is_native = reads(Host::GitlabPages);
        // A file goes before a rule of Netlify's unless the rule insists; the others do not
        // know the word.
        let is_alone = netlify && !cloudflare && !is_native;
        Self {
            is_encoded: netlify || cloudflare,
            is_native,
            is_bare: cloudflare && !has_redirect_pages(config, false),
            status: if is_alone { "301!" } else { "301" },
        }
    }

    /// The lines of an old address.
    pub(super) fn lines(&self, redirect: &Redirect) -> Vec<String> {
        let Redirect { from, to } = redirect;
        let status = self.status;
        let encoded = encode_path(from);
        let bare = encode_path(redirect.without_slash());
        // A space would end the address.
        let native = from.replace(' ', "%20");
        let is_other = self.is_native && (!self.is_encoded || native != encoded);
        [(self.is_encoded, encoded), (self.is_bare, bare), (is_other, native)]
            .into_iter()
            .filter(|(is_wanted, _)| *is_wanted)
            .map(|(_, from)| format!("{from} {to} {status}"))
            .collect()
    }
}

/// The lines of `_headers`.
///
/// Hosts join headers that two rules give, so that each header is in one rule: pages have
/// the hosts' own rule that browsers ask again.
pub(super) fn headers(rules: &Rules) -> String {
    let base = encode_path(&rules.base);
    let mut text = format!("{base}*\n  Content-Security-Policy: {POLICY}; {FRAMES}\n");
    for (name, value) in HEADERS {
        let _ = writeln!(text, "  {name}: {value}");
    }
    let _ = writeln!(text, "{base}{HASHED}*\n  Cache-Control: {IMMUTABLE}");
    text
}

/// Whether the site has a host that reads `_redirects`.
pub(super) fn is_read(config: &Config) -> bool {
    has(config, Host::reads_redirects)
}
