//! What a link without words of its own shows: `[[iran]]` and `[[topic:iran]]` show the title
//! of their target in the language of the text, `[[طهران]]` shows the name as written.
//!
//! Titles are known once all files are put together, and every stage from there on (links,
//! descriptions, contents, feeds) reads the same words. The words of a link to a briefing
//! that is not public are left out, for its id or title tells what nobody may know yet.

use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::fingerprint::Fingerprint;
use crate::model::briefing::Briefing;
use crate::model::known::Assembled;
use crate::model::topic::Topic;
use crate::model::{BriefingId, Site, TopicId};
use crate::parse::body::{Body, Words};
use crate::parse::document::Target;
use crate::text::fold::fold;
use crate::text::lang::Lang;
use crate::text::localized::Localized;

/// Gives words to the links of every document of a site. `keys` are those of its briefings;
/// a briefing that is known with the same words is taken over, and all that have a key are
/// put into `next`.
pub(super) fn fill(
    site: &mut Site,
    keys: &[Option<u128>],
    known: Option<&Assembled>,
    next: &mut FxHashMap<u128, Arc<Briefing>>,
) {
    let all = site.briefings.par_iter();
    let all: Vec<_> = all.map(|it| words(&it.body, &it.lang, site)).collect();
    for (at, words) in all.into_iter().enumerate().filter(|it| !it.1.is_empty()) {
        let briefing = &mut site.briefings[at];
        let Some(key) = keys[at] else {
            put(&mut Arc::make_mut(briefing).body, words);
            continue;
        };
        let key = key_of(key, briefing, &words);
        match known.and_then(|it| it.worded.get(&key)) {
            Some(same) => *briefing = Arc::clone(same),
            None => put(&mut Arc::make_mut(briefing).body, words),
        }
        next.insert(key, Arc::clone(briefing));
    }
    for at in 0..site.topics.len() {
        let bodies = &site.topics[at].bodies;
        let all = bodies.iter().map(|(lang, it)| words(it, lang, site));
        let all: Vec<_> = all.collect();
        for (body, words) in site.topics[at].bodies.values_mut().zip(all) {
            put(body, words);
        }
    }
    for at in 0..site.pages.len() {
        let page = &site.pages[at];
        let words = words(&page.body, &page.lang, site);
        put(&mut site.pages[at].body, words);
    }
}

/// The key of a briefing whose links show some words. `own` is the key of its files.
fn key_of(own: u128, briefing: &Briefing, words: &[Words]) -> u128 {
    let mut key = Fingerprint::new();
    key.hash(own).text(briefing.path.as_str());
    for (at, words) in words {
        key.number(u64::from(*at)).text(words);
    }
    key.done()
}

/// The words of the links in a text that have none and lead to an id.
fn words(body: &Body, lang: &Lang, site: &Site) -> Vec<Words> {
    let links = &body.outline().links;
    if links.iter().all(|it| it.has_words) {
        return Vec::new();
    }
    let wordless = body.wordless();
    let given = wordless.iter().filter_map(|(link, text)| {
        let words = title(&links[*link as usize].target, lang, site)?;
        Some((*text, words.into()))
    });
    given.collect()
}

fn put(body: &mut Arc<Body>, words: Vec<Words>) {
    if !words.is_empty() {
        Arc::make_mut(body).give_words(words);
    }
}

/// Whether a name is the title of a text that is not public, and of nothing else.
fn is_hidden_title(name: &str, site: &Site) -> bool {
    if site.hidden_titles.is_empty() {
        return false;
    }
    let name = fold(name);
    let is_it = |text: &str| fold(text) == name;
    let is_topic = |it: &Topic| {
        let aliases = it.meta.aliases.iter().flat_map(|it| &it.value);
        it.title.iter().any(|(_, it)| is_it(it)) || { aliases }.any(|it| is_it(&it.text))
    };
    site.hidden_titles.contains(&name)
        && !site.briefings.iter().any(|it| is_it(&it.title))
        && !site.topics.iter().any(is_topic)
}

/// The title of what an id names; `None` for what is no id.
fn title(target: &Target, lang: &Lang, site: &Site) -> Option<String> {
    let best = |it: &Localized| {
        it.best(lang, &site.config.lang).map(|(_, text)| text.to_owned())
    };
    let topic = |id: &str| {
        site.topic(id).and_then(|it: TopicId| best(&site.topics[it.at()].title))
    };
    let briefing = |id: &str| {
        let public = site.version(id, lang);
        let public = public.map(|it: BriefingId| site.briefings[it.at()].title.clone());
        public.or_else(|| site.hidden.contains(id).then(String::new))
    };
    match target {
        Target::Name(name) => topic(name)
            .or_else(|| briefing(name))
            .or_else(|| is_hidden_title(name, site).then(String::new)),
        Target::Topic(id) => topic(id),
        Target::Briefing(id) => briefing(id.split('#').next().unwrap_or(id)),
        Target::Author(id) => {
            site.author(id).and_then(|it| best(&site.authors[it.at()].name))
        }
        Target::Series(id) => {
            site.series_with_id(id).and_then(|it| best(&site.series[it.at()].title))
        }
        Target::Page(id) => {
            site.page(id, lang).map(|it| site.pages[it.at()].title.clone())
        }
        _ => None,
    }
}
