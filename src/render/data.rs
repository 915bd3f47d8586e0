//! Files for machines: sitemap, robots.txt, web app manifests, and `graph.json`, the open
//! data of the site.

use std::collections::BTreeMap;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::colour::PAPER;
use crate::link::Links;
use crate::model::{BriefingId, Site, TopicId};
use crate::parse::front_matter::Stamp;
use crate::render::feeds::Xml;
use crate::render::scope::Scope;
use crate::text::direction::Direction;
use crate::text::isolate::without_controls;

/// Most addresses that one sitemap may hold (sitemaps.org protocol).
const MAX_URLS: usize = 50_000;

/// Sitemaps of public pages, given as absolute addresses with the day of their last change.
pub fn sitemaps(
    base_url: &str,
    pages: &[(String, Option<String>)],
) -> Vec<(String, Vec<u8>)> {
    let namespace = "http://www.sitemaps.org/schemas/sitemap/0.9";
    let one = |pages: &[(String, Option<String>)]| {
        let mut xml = Xml::document();
        xml.open("urlset", &[("xmlns", namespace)]);
        for (url, changed) in pages {
            xml.open("url", &[]);
            xml.text("loc", &[], url);
            if let Some(changed) = changed {
                xml.text("lastmod", &[], changed);
            }
            xml.close("url");
        }
        xml.close("urlset");
        xml.into_bytes()
    };
    if pages.len() <= MAX_URLS {
        return vec![("sitemap.xml".to_owned(), one(pages))];
    }
    let mut files = Vec::new();
    let mut index = Xml::document();
    index.open("sitemapindex", &[("xmlns", namespace)]);
    for (at, part) in pages.chunks(MAX_URLS).enumerate() {
        let name = format!("sitemap-{}.xml", at + 1);
        index.open("sitemap", &[]);
        index.text("loc", &[], &format!("{base_url}{name}"));
        index.close("sitemap");
        files.push((name, one(part)));
    }
    index.close("sitemapindex");
    files.push(("sitemap.xml".to_owned(), index.into_bytes()));
    files
}

/// robots.txt; a preview asks to be left alone.
pub fn robots(base_url: &str, is_preview: bool) -> Vec<u8> {
    let rule = if is_preview { "Disallow: /" } else { "Allow: /" };
    format!("User-agent: *\n{rule}\n\nSitemap: {base_url}sitemap.xml\n").into_bytes()
}

/// The web app manifest of a language: what a reader who keeps the site on the first screen
/// of a telephone sees there. It stays a site in a browser, with the way back.
pub fn manifest(scope: &Scope<'_>) -> Vec<u8> {
    let routes = &scope.links.routes;
    let home = routes.href(&routes.home(scope.at));
    let (lang, title) = scope.site_title();
    let title = without_controls(title);
    let mut manifest = json!({
        "name": title,
        "short_name": title,
        "lang": lang.as_str(),
        "dir": Direction::of(lang).as_str(),
        "id": home,
        "start_url": home,
        "scope": home,
        "display": "minimal-ui",
        "theme_color": PAPER.to_string(),
        "background_color": PAPER.to_string(),
    });
    if let Some(icon) = scope.asset("static/icons/favicon.svg") {
        manifest["icons"] =
            json!([{ "src": icon, "type": "image/svg+xml", "sizes": "any" }]);
    }
    manifest.to_string().into_bytes()
}

/// The rows of briefings in a `graph.json`, in order: the key of what each says, and its bytes
/// without the comma behind it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GraphRows(Vec<(u128, u32)>);

impl GraphRows {
    /// The rows of a file, by their keys.
    fn of<'a>(&self, file: &'a [u8]) -> FxHashMap<u128, &'a [u8]> {
        let mut start = GRAPH_START.len();
        let rows = self.0.iter().map_while(|(key, length)| {
            let row = file.get(start..start + *length as usize)?;
            start += row.len() + 1;
            Some((*key, row))
        });
        rows.collect()
    }
}

/// What stands before the first row of a briefing.
const GRAPH_START: &[u8] = br#"{"briefings":["#;

/// `graph.json`, version 1: who names whom. Its form is a promise; see docs/CONTENT.md.
///
/// `generated` is the moment given to the build, else the newest date of the content, so
/// that the same content gives the same bytes. Rows of `earlier`, the file of an earlier build,
/// are taken over where their `keys` are the same; there are none where nobody asks for rows.
pub fn graph(
    site: &Site,
    links: &Links,
    generated: Option<&str>,
    absolute: &(dyn Fn(&str) -> String + Sync),
    keys: &[u128],
    earlier: Option<(&[u8], &GraphRows)>,
) -> (Vec<u8>, GraphRows) {
    let known = earlier.map_or_else(FxHashMap::default, |(file, rows)| rows.of(file));
    let briefing = |at: usize| {
        if let Some(row) = keys.get(at).and_then(|it| known.get(it)) {
            return [*row, b","].concat();
        }
        let briefing = &site.briefings[at];
        let id = BriefingId::from_index(at);
        row(&GraphBriefing {
            date: briefing.date.as_ref().map(Stamp::iso),
            id: &briefing.id,
            lang: briefing.lang.as_str(),
            mentions: mentions(site, links, id),
            title: &briefing.title,
            topics: briefing.topics.iter().map(|it| &*site.topics[it.at()].id).collect(),
            url: absolute(links.routes.briefing(id)),
        })
    };
    let list = absolute("/topics/");
    let topic = |at: usize| {
        let topic = &site.topics[at];
        let id = TopicId::from_index(at);
        let mut named: Vec<&str> = links.about[at]
            .iter()
            .chain(&links.mentioned_in[at])
            .map(|it| &*site.briefings[it.at()].id)
            .collect();
        named.sort_unstable();
        named.dedup();
        let address = links.routes.topic(id, 0).map(absolute);
        row(&GraphTopic {
            briefings: named,
            id: &topic.id,
            kind: topic.kind.as_str(),
            titles: topic.title.iter().map(|(lang, it)| (lang.as_str(), it)).collect(),
            url: address.unwrap_or_else(|| format!("{list}#{}", topic.id)),
        })
    };
    let relation = |at: usize| {
        let topic = &site.topics[at];
        let relations = topic.meta.relations.iter().flat_map(|it| &it.value);
        let rows = relations.flat_map(|it| {
            row(&GraphRelation { from: &topic.id, rel: &it.rel, to: &it.to.value })
        });
        rows.collect()
    };
    let mut json = GRAPH_START.to_vec();
    let lengths = rows(site.briefings.len(), briefing, &mut json);
    let lengths = lengths.into_iter().map(|it| u32::try_from(it).unwrap_or(u32::MAX));
    let of_briefings = GraphRows(keys.iter().copied().zip(lengths).collect());
    json.extend(br#"],"generated":"#);
    write(&mut json, &generated);
    json.extend(br#","relations":["#);
    rows(site.topics.len(), relation, &mut json);
    json.extend(br#"],"topics":["#);
    rows(site.topics.len(), topic, &mut json);
    json.extend(br#"],"version":1}"#);
    (json, of_briefings)
}

/// Keys stand in alphabetical order here and in the other parts of the graph. Each row is
/// written at once: a tree of all of them is larger than the sources.
#[derive(Serialize)]
struct GraphBriefing<'a> {
    date: Option<String>,
    id: &'a str,
    lang: &'a str,
    mentions: Vec<GraphMention<'a>>,
    title: &'a str,
    topics: Vec<&'a str>,
    url: String,
}

#[derive(Serialize)]
struct GraphMention<'a> {
    count: usize,
    forms: Vec<&'a str>,
    linked: usize,
    topic: &'a str,
}

#[derive(Serialize)]
struct GraphTopic<'a> {
    briefings: Vec<&'a str>,
    id: &'a str,
    kind: &'a str,
    titles: BTreeMap<&'a str, &'a str>,
    url: String,
}

#[derive(Serialize)]
struct GraphRelation<'a> {
    from: &'a str,
    rel: &'a str,
    to: &'a str,
}

fn write(json: &mut Vec<u8>, value: &impl Serialize) {
    serde_json::to_writer(json, value).expect("texts and numbers always have a form");
}

/// A row with a comma behind it.
fn row(value: &impl Serialize) -> Vec<u8> {
    let mut json = Vec::with_capacity(256);
    write(&mut json, value);
    json.push(b',');
    json
}

/// Writes rows without the comma behind the last one; gives their lengths without it.
fn rows(
    n: usize,
    row: impl Fn(usize) -> Vec<u8> + Sync + Send,
    json: &mut Vec<u8>,
) -> Vec<usize> {
    let start = json.len();
    let rows: Vec<Vec<u8>> = (0..n).into_par_iter().map(row).collect();
    json.reserve(rows.iter().map(Vec::len).sum());
    for row in &rows {
        json.extend_from_slice(row);
    }
    if start < json.len() {
        json.pop();
    }
    rows.iter().map(|it| it.len().saturating_sub(1)).collect()
}

/// The topics that a briefing names, in the order of first mention.
fn mentions<'a>(
    site: &'a Site,
    links: &'a Links,
    id: BriefingId,
) -> Vec<GraphMention<'a>> {
    let source = &site.briefings[id.at()].body.source;
    let found = &links.briefings[id.at()].mentions;
    let mention = |topic: TopicId| {
        let of_topic = || found.all.iter().filter(|it| it.topic == topic);
        let forms: Vec<&str> = of_topic().map(|it| it.form(source)).collect();
        GraphMention {
            count: forms.len(),
            forms,
            linked: of_topic().filter(|it| it.outcome.is_linked()).count(),
            topic: &site.topics[topic.at()].id,
        }
    };
    found.named.iter().map(|it| mention(it.topic)).collect()
}
