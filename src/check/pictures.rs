//! Are pictures described, credited, used, and of a size that an archive can carry?
#![expect(
    clippy::disallowed_methods,
    reason = "files of one size are compared byte by byte, which no build does"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::check::{Article, Desk};
use crate::diag::{Diagnostic, Place, SourcePath};
use crate::fingerprint::Fingerprint;
use crate::link::references::{Places, Resolved};
use crate::load::{Asset, is_picture};
use crate::model::briefing::Briefing;
use crate::parse::document::Node;
use crate::parse::front_matter::Status;
use crate::text::fold::fold;
use crate::text::isolate::terminal;

/// Largest picture that is worth keeping, in bytes: pages show it in 1600 pixels.
const MAX_BYTES: u64 = 10_000_000;

/// Asks all of it.
pub(super) fn look(desk: Desk<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for (_, briefing) in desk.briefings() {
        lead_picture(briefing, &mut findings);
    }
    let articles = desk.articles();
    for article in &articles {
        in_text(article, &mut findings);
    }
    unused(desk, &articles, &mut findings);
    files(desk, &mut findings);
    findings
}

/// The picture above a briefing.
fn lead_picture(briefing: &Briefing, findings: &mut Vec<Diagnostic>) {
    let Some(image) = &briefing.meta.image else { return };
    if image.value.licence.is_empty() {
        let message = "the picture has no `licence`";
        let warning =
            Diagnostic::warning("missing-licence", image.place.clone(), message);
        findings.push(warning.with_help(
            "say by what right you show it, as in `licence: CC BY 4.0`, or `licence: © …`",
        ));
    }
    let captions: Vec<&str> = image.value.caption.iter().map(|(_, it)| it).collect();
    for (lang, alt) in image.value.alt.iter() {
        let caption = image.value.caption.get(lang).or(captions.first().copied());
        let place = || image.place.clone();
        if let Some(warning) = poor_alt(alt, caption, &image.value.file.value, place) {
            findings.push(warning);
            return;
        }
    }
}

/// The pictures of a text.
fn in_text(article: &Article<'_>, findings: &mut Vec<Diagnostic>) {
    let document = &*article.document;
    if document.outline.pictures.is_empty() {
        return;
    }
    let places = Places::of(document);
    for (at, picture) in document.outline.pictures.iter().enumerate() {
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        let place = || places.place(document, Node::Picture(at));
        let caption = picture.caption.as_deref();
        findings.extend(poor_alt(&picture.alt, caption, &picture.file, place));
    }
}

/// A description that tells nothing to those who do not see the picture.
fn poor_alt(
    alt: &str,
    caption: Option<&str>,
    file: &str,
    place: impl Fn() -> Place,
) -> Option<Diagnostic> {
    let name = file.rsplit('/').next().unwrap_or(file);
    let stem = name.rsplit_once('.').map_or(name, |(it, _)| it);
    let folded = fold(alt);
    let what = if [name, stem].iter().any(|it| fold(it) == folded) {
        "the name of its file"
    } else if caption.is_some_and(|it| fold(it) == folded) {
        "its caption once more"
    } else {
        return None;
    };
    let message = format!("the description of the picture is {what}");
    let help =
        "describe what there is to see: it is read aloud to those who cannot see it";
    Some(Diagnostic::warning("poor-alt", place(), message).with_help(help))
}

/// Pictures beside texts that no text shows; those of texts to come are not meant.
fn unused(desk: Desk<'_>, articles: &[Article<'_>], findings: &mut Vec<Diagnostic>) {
    let mut used: BTreeSet<&str> =
        desk.links.briefings.iter().filter_map(|it| it.image.as_deref()).collect();
    for Article { links, .. } in articles {
        used.extend(links.references.pictures.iter().filter_map(Option::as_deref));
        used.extend(links.references.links.iter().filter_map(|it| match it {
            Resolved::Asset(path) => Some(&**path),
            _ => None,
        }));
    }
    let hidden: Vec<&str> = desk.hidden_files().map(|it| &*it.text).collect();
    // A withdrawn briefing keeps its picture in the sources.
    let withdrawn =
        desk.site.briefings.iter().filter(|it| it.status == Status::Withdrawn);
    let withdrawn: Vec<&str> =
        withdrawn.filter_map(|it| desk.sources.text(&it.path)).collect();
    for asset in beside_texts(desk) {
        let path = asset.path.as_str();
        let name = path.rsplit('/').next().unwrap_or(path);
        let mut others = hidden.iter().chain(&withdrawn);
        if used.contains(path) || others.any(|it| it.contains(name)) {
            continue;
        }
        let message = format!("no text shows `{}`", terminal(name));
        let warning =
            Diagnostic::warning("unused-picture", Place::file(&asset.path), message);
        findings.push(
            warning.with_help("show it in a text, or delete it; it is not published"),
        );
    }
}

fn beside_texts(desk: Desk<'_>) -> impl Iterator<Item = &Asset> {
    desk.sources.assets.iter().filter(|it| {
        it.path.as_str().starts_with("content/") && is_picture(it.path.as_str())
    })
}

/// Pictures that are too large, or there twice.
fn files(desk: Desk<'_>, findings: &mut Vec<Diagnostic>) {
    let mut by_size: BTreeMap<u64, Vec<&Asset>> = BTreeMap::new();
    for asset in desk.sources.assets.iter().filter(|it| is_picture(it.path.as_str())) {
        let Ok(found) = asset.disk.metadata() else { continue };
        let n_bytes = found.len();
        by_size.entry(n_bytes).or_default().push(asset);
        if MAX_BYTES < n_bytes {
            let message = format!("the picture has {} MB", n_bytes / 1_000_000);
            let warning =
                Diagnostic::warning("large-picture", Place::file(&asset.path), message);
            findings.push(warning.with_help(
                "save it again with at most 3200 pixels: pages show it in 1600",
            ));
        }
    }
    for same_size in by_size.into_values().filter(|it| 1 < it.len()) {
        let mut known: BTreeMap<u128, &SourcePath> = BTreeMap::new();
        for asset in same_size {
            let Some(hash) = hash(&asset.disk) else { continue };
            let Some(first) = known.get(&hash) else {
                known.insert(hash, &asset.path);
                continue;
            };
            let message = "this picture is there twice";
            let warning =
                Diagnostic::warning("same-picture", Place::file(&asset.path), message)
                    .with_related(Place::file(first), "the other one")
                    .with_help("keep one, and let both texts show it");
            findings.push(warning);
        }
    }
}

fn hash(disk: &Path) -> Option<u128> {
    std::fs::read(disk).ok().map(|it| Fingerprint::of_bytes(&it))
}
