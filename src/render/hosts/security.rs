//! `security.txt` (RFC 9116): whom to tell of a hole in the site, and until when that holds.

use std::fmt::Write as _;

use jiff::Timestamp;

use crate::config::Config;
use crate::diag::Diagnostic;
use crate::render::hosts::SECURITY;

/// The file; nothing where site.yaml names nobody.
pub(super) fn text(config: &Config) -> Option<String> {
    let security = config.security.as_ref()?;
    let mut text = String::new();
    for contact in &security.contacts {
        let _ = writeln!(text, "Contact: {contact}");
    }
    let _ = writeln!(text, "Expires: {}", security.expires.value);
    let languages: Vec<&str> =
        security.languages.iter().map(crate::text::lang::Lang::as_str).collect();
    let _ = writeln!(text, "Preferred-Languages: {}", languages.join(", "));
    if config.base_url.starts_with("https://") {
        let _ = writeln!(text, "Canonical: {}{SECURITY}", config.base_url);
    }
    if let Some(policy) = &security.policy {
        let _ = writeln!(text, "Policy: {policy}");
    }
    Some(text)
}

/// Warns of a file that nobody would find or believe.
pub(super) fn check(config: &Config, now: Timestamp) -> Vec<Diagnostic> {
    let Some(security) = &config.security else { return Vec::new() };
    let expires = &security.expires;
    let mut diagnostics = Vec::new();
    let mut warn = |message: &str, help: &str| {
        let place = expires.place.clone();
        let warning = Diagnostic::warning("security-txt", place, message);
        diagnostics.push(warning.with_help(help));
    };
    if security.has_expired(now) {
        warn(
            "what `security` says has expired, and nobody may rely on it",
            "see whether the contact is still right, and write a later day",
        );
    } else if security.is_too_long(now) {
        warn(
            "what `security` says holds for more than a year, which readers distrust",
            "write a day less than a year ahead",
        );
    }
    if config.base_path() != "/" {
        warn(
            "`security.txt` is looked for at the root of a host, and this site stands in a \
             folder",
            "tell whoever has the host, and delete `security` here",
        );
    }
    diagnostics
}
