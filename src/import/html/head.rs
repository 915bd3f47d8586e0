//! What a page says of itself: tags of its head, structured data, the time of its text.

use std::collections::BTreeMap;

use crate::import::html::Page;
use crate::import::tree::Element;

/// Takes what the metadata of a page say.
pub(super) fn read_head(root: &Element, page: &mut Page) {
    let all = root.all();
    let clean = |it: &str| it.split_whitespace().collect::<Vec<_>>().join(" ");
    let set = |slot: &mut Option<String>, value: &str| {
        let value = clean(value);
        if slot.is_none() && !value.is_empty() {
            *slot = Some(value);
        }
    };
    page.lang = root.get("lang").map(str::to_owned);
    let mut names = BTreeMap::new();
    for it in all.iter().filter(|it| it.name == "meta") {
        let name = it.get("property").or_else(|| it.get("name")).or(it.get("itemprop"));
        if let (Some(name), Some(value)) = (name, it.get("content")) {
            names.entry(name.to_ascii_lowercase()).or_insert_with(Vec::new).push(value);
        }
    }
    let first = |slot: &mut Option<String>, keys: &[&str]| {
        for value in keys.iter().filter_map(|it| names.get(*it)?.first()) {
            set(slot, value);
        }
    };
    first(&mut page.title, &["og:title", "dc.title", "citation_title"]);
    first(
        &mut page.date,
        &["article:published_time", "datepublished", "dc.date", "citation_date", "date"],
    );
    first(&mut page.updated, &["article:modified_time", "datemodified", "last-modified"]);
    first(&mut page.summary, &["description", "og:description"]);
    first(&mut page.address, &["og:url"]);
    for key in ["author", "article:author", "citation_author", "dc.creator"] {
        let values = names.get(key).into_iter().flatten().map(|it| clean(it));
        let is_name = |it: &String| !it.is_empty() && !it.starts_with("http");
        let values: Vec<String> = values.filter(is_name).collect();
        if page.authors.is_empty() {
            page.authors = values;
        }
    }
    let tags = names.get("article:tag").into_iter().flatten().map(|it| clean(it));
    let keywords = names.get("keywords").into_iter().flatten();
    let keywords = keywords.flat_map(|it| it.split([',', '،'])).map(clean);
    page.tags = tags.chain(keywords).filter(|it| !it.is_empty()).collect();
    for it in &all {
        match it.name.as_str() {
            "link" if it.get("rel") == Some("canonical") => {
                set(&mut page.address, it.get("href").unwrap_or_default());
            }
            "script" if it.get("type") == Some("application/ld+json") => {
                if let Ok(data) = serde_json::from_str(&it.text()) {
                    read_json_ld(&data, page, 0);
                }
            }
            "time" => {
                set(&mut page.date, it.get("datetime").unwrap_or_default());
            }
            _ => {}
        }
    }
    let title = all.iter().find(|it| it.name == "title").map(|it| it.text());
    set(&mut page.title, &title.unwrap_or_default());
}

/// Takes what a page says of itself to search engines.
fn read_json_ld(data: &serde_json::Value, page: &mut Page, depth: usize) {
    if 4 < depth {
        return;
    }
    match data {
        serde_json::Value::Array(items) => {
            for it in items {
                read_json_ld(it, page, depth + 1);
            }
        }
        serde_json::Value::Object(map) => {
            if let Some(graph) = map.get("@graph") {
                read_json_ld(graph, page, depth + 1);
            }
            let is_article = map.get("@type").is_some_and(|it| {
                ["Article", "Posting", "Report"]
                    .iter()
                    .any(|word| it.to_string().contains(word))
            });
            if !is_article {
                return;
            }
            let text = |key: &str| map.get(key)?.as_str().map(str::to_owned);
            page.title = page.title.take().or_else(|| text("headline"));
            page.date = page.date.take().or_else(|| text("datePublished"));
            page.updated = page.updated.take().or_else(|| text("dateModified"));
            let authors = match map.get("author") {
                Some(serde_json::Value::Array(items)) => items.clone(),
                other => other.cloned().into_iter().collect(),
            };
            let name = |it: &serde_json::Value| {
                it.as_str().or_else(|| it.get("name")?.as_str()).map(str::to_owned)
            };
            if page.authors.is_empty() {
                page.authors = authors.iter().filter_map(name).collect();
            }
        }
        _ => {}
    }
}
