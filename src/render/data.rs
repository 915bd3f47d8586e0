//! Files for machines: sitemap, robots.txt, web app manifests, and `graph.json`, the open
//! data of the site.

use serde_json::{Value, json};

use crate::colour::PAPER;
use crate::link::Links;
use crate::model::{BriefingId, Site, TopicId};
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

/// `graph.json`, version 1: who names whom. Its form is a promise; see docs/CONTENT.md.
///
/// `generated` is the moment given to the build, else the newest date of the content, so
/// that the same content gives the same bytes.
pub fn graph(
    site: &Site,
    links: &Links,
    generated: Option<&str>,
    absolute: &dyn Fn(&str) -> String,
) -> Vec<u8> {
    let briefings: Vec<Value> = site
        .briefings
        .iter()
        .enumerate()
        .map(|(at, briefing)| {
            let id = BriefingId::from_index(at);
            json!({
                "id": briefing.id,
                "lang": briefing.lang.as_str(),
                "url": absolute(links.routes.briefing(id)),
                "title": briefing.title,
                "date": briefing.date.as_ref().map(super::super::parse::front_matter::Stamp::iso),
                "topics": ids(site, &briefing.topics),
                "mentions": mentions(site, links, id),
            })
        })
        .collect();
    let topics: Vec<Value> = site
        .topics
        .iter()
        .enumerate()
        .map(|(at, topic)| {
            let id = TopicId::from_index(at);
            let titles: serde_json::Map<String, Value> = topic
                .title
                .iter()
                .map(|(lang, text)| (lang.to_string(), json!(text)))
                .collect();
            let mut named: Vec<&str> = links.about[at]
                .iter()
                .chain(&links.mentioned_in[at])
                .map(|it| site.briefings[it.at()].id.as_str())
                .collect();
            named.sort_unstable();
            named.dedup();
            let address = links.routes.topic(id, 0).map(absolute);
            let line = || format!("{}#{}", absolute("/topics/"), topic.id);
            json!({
                "id": topic.id,
                "kind": topic.kind.as_str(),
                "url": address.unwrap_or_else(line),
                "titles": titles,
                "briefings": named,
            })
        })
        .collect();
    let relations: Vec<Value> = site
        .topics
        .iter()
        .flat_map(|topic| {
            let relations = topic.meta.relations.iter().flat_map(|it| &it.value);
            relations
                .map(|it| json!({"from": topic.id, "rel": it.rel, "to": it.to.value}))
        })
        .collect();
    let graph = json!({
        "version": 1,
        "generated": generated,
        "briefings": briefings,
        "topics": topics,
        "relations": relations,
    });
    graph.to_string().into_bytes()
}

fn ids(site: &Site, topics: &[TopicId]) -> Vec<String> {
    topics.iter().map(|it| site.topics[it.at()].id.clone()).collect()
}

/// The topics that a briefing names, in the order of first mention.
fn mentions(site: &Site, links: &Links, id: BriefingId) -> Vec<Value> {
    let briefing = &site.briefings[id.at()];
    let found = &links.briefings[id.at()];
    let all = &found.mentions.all;
    let order = found.mentions.named.iter().map(|it| it.topic);
    order
        .map(|topic| {
            let of_topic = || all.iter().filter(|it| it.topic == topic);
            let forms: Vec<String> =
                of_topic().map(|it| it.form(&briefing.document)).collect();
            json!({
                "topic": site.topics[topic.at()].id,
                "count": forms.len(),
                "linked": of_topic().filter(|it| it.outcome.is_linked()).count(),
                "forms": forms,
            })
        })
        .collect()
}
