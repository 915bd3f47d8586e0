//! Do links lead where their words say, and straight there?

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::check::host::{self, Oddity};
use crate::check::{Article, Desk, outside_links};
use crate::diag::{Diagnostic, Place};
use crate::link::references::{Places, Resolved};
use crate::parse::document::{Element, Node, Target};
use crate::text::isolate::terminal;
use crate::text::slug::decoded;

/// Asks all of it.
pub(super) fn look(desk: Desk<'_>) -> Vec<Diagnostic> {
    let articles = desk.articles();
    let mut findings: Vec<Diagnostic> =
        articles.par_iter().flat_map_iter(|it| of_text(desk, it)).collect();
    // One finding for one link.
    let told: BTreeSet<Place> = findings
        .iter()
        .filter(|it| it.code == "deceptive-link")
        .filter_map(|it| it.place.clone())
        .collect();
    for outside in outside_links(desk) {
        let Some(place) = outside.places.first() else { continue };
        if !outside.places.iter().any(|it| told.contains(it)) {
            findings.extend(odd_host(&outside.url, place));
        }
    }
    findings
}

fn of_text(desk: Desk<'_>, article: &Article<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let Article { document, links } = article;
    if document.outline.links.is_empty() {
        return findings;
    }
    let places = Places::of(document);
    for (at, link) in document.outline.links.iter().enumerate() {
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        let place = || places.place(document, Node::Open(Element::Link(at)));
        match &link.target {
            Target::External(url) => findings.extend(deceptive(article, at, url)),
            Target::File(file, Some(fragment)) => {
                let found = links.references.links.get(at as usize);
                let is_briefing = matches!(found, Some(Resolved::Briefing(..)));
                let is_dead = matches!(found, None | Some(Resolved::Nothing));
                if !is_briefing && !is_dead {
                    findings.push(lost_fragment(file, fragment, place()));
                }
            }
            Target::Path(path) => findings.extend(old_address(desk, path, place)),
            _ => {}
        }
    }
    findings
}

/// A link to a heading of a page that is reached by its file and has no headings to link to.
fn lost_fragment(file: &str, fragment: &str, place: Place) -> Diagnostic {
    let (file, fragment) = (terminal(file), terminal(fragment));
    let message =
        format!("`#{fragment}` is left out: the link leads to the top of `{file}`");
    let help = "take it out, or link by the address of the page, as in `/about/#name`";
    Diagnostic::warning("dead-anchor", place, message).with_help(help)
}

/// A link to an address that only leads to another one.
fn old_address(
    desk: Desk<'_>,
    path: &str,
    place: impl Fn() -> Place,
) -> Option<Diagnostic> {
    let page = decoded(path.split(['#', '?']).next().unwrap_or(path)).into_owned();
    let page = if page.ends_with('/') { page } else { format!("{page}/") };
    let to = desk.links.routes.redirects.get(&page)?;
    let message = format!("`{}` is an old address", terminal(&page));
    let help = format!(
        "link to `{}`, or by id, as in `briefing:id` or `topic:id`",
        terminal(to)
    );
    Some(Diagnostic::warning("link-to-redirect", place(), message).with_help(help))
}

/// A link whose words show a host that it does not lead to (row B4).
fn deceptive(article: &Article<'_>, link: u32, url: &str) -> Option<Diagnostic> {
    let real = host::of(url)?;
    let (words, place) = article.words(link)?;
    let shown = host::shown_in(&words)?;
    if !host::is_other(&shown, &real.name) {
        return None;
    }
    let message = format!(
        "the words show `{}`, the link leads to `{}`",
        terminal(&shown),
        terminal(&real.name)
    );
    let help = "say where it leads, or correct the address";
    Some(Diagnostic::warning("deceptive-link", place, message).with_help(help))
}

/// An address whose host readers may take for another one (row B4).
fn odd_host(url: &str, place: &Place) -> Option<Diagnostic> {
    let host = host::of(url)?;
    let shown = terminal(&host.name).into_owned();
    let warning = |message: String, help: &str| {
        let warning = Diagnostic::warning("odd-host", place.clone(), message);
        Some(warning.with_help(help))
    };
    if host.has_user {
        let message = format!(
            "the address leads to `{shown}`; what stands before `@` does not count"
        );
        return warning(message, "take out everything between `//` and `@`");
    }
    match host::oddity(&host.name)? {
        Oddity::MixedScripts => warning(
            format!("a word of the host `{shown}` has letters of several scripts"),
            "type the address anew: a letter in it may only look like the one you mean",
        ),
        Oddity::LookAlike => warning(
            format!("the host `{shown}` is written in letters that look like Latin ones"),
            "type the address anew, in Latin letters, if those are meant",
        ),
        Oddity::OddCharacter => warning(
            format!("the host `{shown}` holds a character that no host has"),
            "type the address anew, or copy it from the browser once more",
        ),
        Oddity::Coded(letters) => warning(
            format!("nobody can read where `{shown}` leads"),
            &format!("write it in letters: `{}`", terminal(&letters)),
        ),
    }
}
