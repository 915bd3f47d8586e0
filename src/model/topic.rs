//! Topics: records of what briefings are about.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::config::Config;
use crate::diag::{Diagnostic, SourcePath};
use crate::model::{Site, missing, own_language, unknown};
use crate::parse::body::Body;
use crate::parse::front_matter::{TopicKind, TopicMeta};
use crate::parse::{Data, Parsed};
use crate::text::lang::Lang;
use crate::text::localized::Localized;

/// A topic of any kind.
#[derive(Debug, Clone)]
pub struct Topic {
    /// File stem.
    pub id: String,
    /// The file.
    pub path: SourcePath,
    /// Title.
    pub title: Localized,
    /// Sort.
    pub kind: TopicKind,
    /// The other keys.
    pub meta: TopicMeta,
    /// Long text, by language.
    pub bodies: BTreeMap<Lang, Arc<Body>>,
}

/// Puts the YAML and the long texts of every topic together.
pub fn assemble(
    groups: BTreeMap<String, Vec<Parsed>>,
    config: &Config,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Topic> {
    let mut topics = Vec::new();
    for (id, files) in groups {
        // The record itself, which links may name besides the texts.
        let record = files.iter().find(|it| it.body.is_none());
        let Some(path) = record.or(files.first()).map(|it| it.path.clone()) else {
            continue;
        };
        let mut meta = TopicMeta::default();
        let mut bodies = BTreeMap::new();
        for file in files {
            let lang = own_language(&file).unwrap_or_else(|| config.lang.clone());
            let Data::Topic(part) = file.data else { continue };
            meta = meta.merge(*part, diagnostics);
            if let Some(body) = file.body {
                bodies.insert(lang, body);
            }
        }
        let title = meta.title.as_ref().map(|it| it.value.clone());
        let kind = meta.kind.as_ref().map(|it| it.value);
        if title.is_none() {
            missing("missing-title", &path, "title", "the topic", diagnostics);
        }
        if kind.is_none() {
            missing("missing-kind", &path, "kind", "the topic", diagnostics);
        }
        if let (Some(title), Some(kind)) = (title, kind) {
            topics.push(Topic { id, path, title, kind, meta, bodies });
        }
    }
    topics
}

/// Reports parents, relations and featured briefings that do not exist, and topics that
/// are their own ancestor.
pub fn check_references(site: &Site, diagnostics: &mut Vec<Diagnostic>) {
    let ids = || site.topics.iter().map(|it| it.id.as_str());
    for topic in &site.topics {
        let parents = topic.meta.parent.iter().flat_map(|it| &it.value);
        let relations = topic.meta.relations.iter().flat_map(|it| &it.value);
        for id in parents.chain(relations.map(|it| &it.to)) {
            if site.topic(&id.value).is_none() {
                diagnostics.push(unknown(
                    "unknown-topic",
                    "topic",
                    &id.place,
                    &id.value,
                    ids(),
                    "topics",
                ));
            }
        }
        for id in topic.meta.featured.iter().flat_map(|it| &it.value) {
            if !site.versions.contains_key(id.value.as_str())
                && !site.hidden.contains(&id.value)
            {
                let known = site.versions.keys().map(|it| &**it);
                diagnostics.push(unknown(
                    "unknown-briefing",
                    "briefing",
                    &id.place,
                    &id.value,
                    known,
                    "briefings",
                ));
            }
        }
        check_ancestors(site, topic, diagnostics);
    }
}

fn check_ancestors(site: &Site, topic: &Topic, diagnostics: &mut Vec<Diagnostic>) {
    let Some(parents) = &topic.meta.parent else { return };
    let mut waiting: Vec<&str> =
        parents.value.iter().map(|it| it.value.as_str()).collect();
    let mut seen: Vec<&str> = Vec::new();
    while let Some(id) = waiting.pop() {
        if id == topic.id {
            let message = format!("the topic `{id}` is above itself");
            let error = Diagnostic::error("topic-cycle", parents.place.clone(), message);
            diagnostics
                .push(error.with_help("take it out of `parent` in one of the topics"));
            return;
        }
        if seen.contains(&id) {
            continue;
        }
        seen.push(id);
        if let Some(parent) = site.topic(id) {
            let above = site.topics[parent.at()].meta.parent.iter();
            waiting.extend(above.flat_map(|it| &it.value).map(|it| it.value.as_str()));
        }
    }
}
