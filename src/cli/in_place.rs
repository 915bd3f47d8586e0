//! What the site in place tells a build that takes its place, and what that leaves in turn.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::Built;
use crate::diag::{Diagnostic, Place, SourcePath};
use crate::render::shard::Shard;
use crate::text::isolate::terminal;
use crate::write::manifest::{About, Manifest, moved};

/// What the manifest of a build says about its site.
pub(super) fn about(
    built: &Built,
    pages: BTreeMap<String, String>,
    is_preview: bool,
    shard: Option<Shard>,
) -> About {
    let newest = built.newest.map(|it| it.to_string());
    let shard = shard.map(|it| it.to_string());
    About { is_preview, shard, newest, pages }
}

/// The places of all pages that have names.
pub(super) fn pages(built: &Built) -> BTreeMap<String, String> {
    let pages = built.page_names.iter();
    pages.map(|(name, it)| (name.clone(), in_folder(&it.address))).collect()
}

/// Warns of pages that stand elsewhere than in the site in place while nothing leads from
/// their old addresses to them; gives those addresses with the names of the pages.
pub(super) fn moved_pages(
    built: &mut Built,
    pages: &BTreeMap<String, String>,
    old: &Manifest,
) -> BTreeMap<String, String> {
    let addresses = &built.addresses;
    let is_taken =
        |address: &str| addresses.binary_search(&format!("/{address}")).is_ok();
    let moved = moved(old, pages, is_taken);
    for (address, name) in &moved {
        let path = &built.page_names[name].path;
        let message = format!(
            "nothing stands at `/{}` any more, where this page has stood",
            terminal(address)
        );
        let warning = Diagnostic::warning("moved-page", Place::file(path), message);
        let is_record =
            ["topic:", "author:", "series:"].iter().any(|it| name.starts_with(it));
        let key = if is_record { "aliases_urls" } else { "aliases" };
        built.diagnostics.push(warning.with_help(format!(
            "add `{key}: [/{address}]` to its metadata, so that old links still lead to it; \
             `mujaz deploy` leaves a redirect there by itself"
        )));
    }
    moved
}

/// The path of an address in the output folder.
fn in_folder(address: &str) -> String {
    address.trim_start_matches('/').to_owned()
}

/// Warns of a clock that stands before what the site in place holds: it could hide what is
/// public, or the site in place shows what should still be hidden (row E4).
pub(super) fn clock_behind(old: &Manifest, now: Timestamp) -> Option<Diagnostic> {
    let newest: Timestamp = old.about.newest.as_ref()?.parse().ok()?;
    if newest <= now {
        return None;
    }
    let message = format!(
        "by the clock of this machine it is {now:.0}, but the site in place holds something that \
         became public at {newest}"
    );
    let place = Place::file(&SourcePath::new(crate::config::PATH));
    let warning = Diagnostic::warning("clock-behind", place, message);
    Some(warning.with_help("set the clock, or say which moment it is with `--as-of`"))
}
