//! Addresses of other sites that pages lead to, and where they are written.

use std::collections::BTreeMap;

use crate::check::{Article, Desk};
use crate::diag::{Place, Span};
use crate::link::references::Places;
use crate::parse::document::{Element, Node, Target};

/// An address of another site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outside {
    /// The address, without what follows `#`.
    pub url: String,
    /// Where it is written.
    pub places: Vec<Place>,
}

/// All web addresses of a site that lead out of it, in order, each once.
pub fn outside_links(desk: Desk<'_>) -> Vec<Outside> {
    let mut all: BTreeMap<String, Vec<Place>> = BTreeMap::new();
    let mut add = |url: &str, place: Place| {
        let is_web = ["http://", "https://"].iter().any(|it| {
            url.get(..it.len()).is_some_and(|start| start.eq_ignore_ascii_case(it))
        });
        if is_web {
            let page = url.split('#').next().unwrap_or(url).to_owned();
            let places = all.entry(page).or_default();
            if !places.contains(&place) {
                places.push(place);
            }
        }
    };
    for Article { document, .. } in desk.articles() {
        let outside = document.outline.links.iter().enumerate();
        let mut outside = outside.filter_map(|(at, it)| match &it.target {
            Target::External(url) => Some((u32::try_from(at).ok()?, url)),
            _ => None,
        });
        let Some(first) = outside.next() else { continue };
        let places = Places::of(&document);
        for (at, url) in std::iter::once(first).chain(outside) {
            add(url, places.place(&document, Node::Open(Element::Link(at))));
        }
    }
    for briefing in &desk.site.briefings {
        let Some(sources) = &briefing.meta.sources else { continue };
        for url in sources.value.iter().filter_map(|it| it.url.as_ref()) {
            add(url, written(desk, &sources.place, url));
        }
    }
    for topic in &desk.site.topics {
        if let Some(facts) = &topic.meta.facts {
            for url in facts.value.iter().filter_map(|it| it.source.as_ref()) {
                add(url, written(desk, &facts.place, url));
            }
        }
        if let Some(identifiers) = &topic.meta.identifiers
            && let Some(url) = &identifiers.value.url
        {
            add(url, written(desk, &identifiers.place, url));
        }
    }
    let outside = |(url, mut places): (String, Vec<Place>)| {
        places.sort();
        Outside { url, places }
    };
    all.into_iter().map(outside).collect()
}

/// Where an address stands in metadata, of which `from` is the place before it.
fn written(desk: Desk<'_>, from: &Place, url: &str) -> Place {
    let start = from.span.start as usize;
    let text = desk.sources.text(&from.path).and_then(|it| it.get(start..));
    let Some(at) = text.and_then(|it| it.find(url)) else { return from.clone() };
    let span = Span::new(start + at, start + at + url.len());
    Place { path: from.path.clone(), span }
}
