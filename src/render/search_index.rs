//! The files that the search page loads, for one language (see `search::files`).
//!
//! The directory tells where everything else is: which shard has which keys, which file
//! describes which briefings. Names hold a hash of the bytes, so that a host may keep every
//! file for ever; the search page names the directory.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::json;

use crate::model::TopicId;
use crate::model::briefing::{Briefing, Byline};
use crate::render::Sink;
use crate::render::scope::Scope;
use crate::search::Index;
use crate::search::files::{SMALL, one_line, push_numbers, texts};
use crate::text::isolate::plain_slot;
use crate::text::stop_words::function_words;

/// How many briefings one file describes; fewer on a small site (`files::SMALL`), where ten
/// results would load them all.
const N_RECORDS: usize = 16;
const N_SMALL_RECORDS: usize = 4;

/// Letters of a hash in the name of a file.
const N_HASH: usize = 10;

/// A value by which results are narrowed down.
#[derive(Default)]
struct Facet {
    title: String,
    address: String,
    /// Numbers of the briefings that have it.
    numbers: Vec<u32>,
}

impl Scope<'_> {
    /// Hands the files of an index to a sink and gives the address of its directory.
    pub fn put_search(&self, index: &Index, sink: &dyn Sink) -> String {
        let folder = format!("assets/search/{}/", self.lang);
        let size = Cell::new(0);
        let put = |text: &str, end: &str| {
            let hash = blake3::hash(text.as_bytes()).to_hex();
            let hash: String = hash.chars().take(N_HASH).collect();
            let path = format!("{folder}{hash}.{end}");
            size.set(size.get() + text.len());
            sink.make(&path, &|| text.as_bytes().to_vec());
            hash
        };
        let mut starts = String::new();
        let texts = texts(index, self.site, self.links);
        for (shard, text) in index.shards.iter().zip(&texts) {
            let _ = writeln!(starts, "{}\t{}", shard.start, put(text, "txt"));
        }
        let is_small = index.briefings.len() <= SMALL;
        let n_records = if is_small { N_SMALL_RECORDS } else { N_RECORDS };
        let records: Vec<String> = index
            .briefings
            .chunks(n_records)
            .map(|ids| {
                let lines =
                    ids.iter().map(|it| self.record(&self.site.briefings[it.at()], *it));
                put(&lines.collect::<String>(), "txt")
            })
            .collect();
        let facets = put(&self.facets(index).to_string(), "json");
        let directory = json!({
            "version": 1,
            "lang": self.lang.as_str(),
            "n": index.briefings.len(),
            "base": self.site.config.base_path(),
            "size": size.get(),
            "ignored": function_words(self.lang).collect::<Vec<_>>().join(" "),
            "shards": starts,
            "facets": facets,
            "perRecord": n_records,
            "records": records.join(" "),
        });
        let directory = directory.to_string();
        let hash = put(&directory, "json");
        self.links.routes.href(&format!("/{folder}{hash}.json"))
    }

    /// A briefing as one line: address, title, date for machines and for people, kind.
    fn record(&self, briefing: &Briefing, id: crate::model::BriefingId) -> String {
        let date = briefing.date.as_ref().map(|it| self.stamp(it));
        let (iso, date) = date.map_or_else(Default::default, |it| (it.iso, it.text));
        let title = one_line(&plain_slot(&briefing.title, self.lang));
        let address = self.links.routes.briefing(id);
        let kind = self.kind(briefing.kind);
        format!("{address}\t{title}\t{iso}\t{date}\t{kind}\n")
    }

    /// What results can be narrowed down by, each value with the briefings that have it.
    fn facets(&self, index: &Index) -> serde_json::Value {
        let mut topics: BTreeMap<String, Facet> = BTreeMap::new();
        let mut kinds: BTreeMap<String, Facet> = BTreeMap::new();
        let mut authors: BTreeMap<String, Facet> = BTreeMap::new();
        let mut years: BTreeMap<String, Facet> = BTreeMap::new();
        let default = &self.site.config.lang;
        for (number, id) in (0..).zip(&index.briefings) {
            let briefing = &self.site.briefings[id.at()];
            let kind = kinds.entry(briefing.kind.as_str().to_owned()).or_default();
            self.kind(briefing.kind).clone_into(&mut kind.title);
            kind.numbers.push(number);
            for byline in &briefing.authors {
                let (id, name) = match byline {
                    Byline::Name(name) => (name.clone(), name.as_str()),
                    Byline::Author(id) => {
                        let author = &self.site.authors[id.at()];
                        let name = author.name.best(self.lang, default);
                        (author.id.clone(), name.map_or("", |(_, it)| it))
                    }
                };
                let author = authors.entry(id).or_default();
                author.title = plain_slot(name, self.lang);
                if author.numbers.last() != Some(&number) {
                    author.numbers.push(number);
                }
            }
            if let Some(date) = &briefing.date {
                let year = years.entry(format!("{:04}", date.date.year())).or_default();
                year.title = self.dates.year(date.date.year());
                year.numbers.push(number);
            }
        }
        let mut numbers: Vec<Option<u32>> = vec![None; self.site.briefings.len()];
        for (number, id) in (0..).zip(&index.briefings) {
            numbers[id.at()] = Some(number);
        }
        for (at, topic) in self.site.topics.iter().enumerate() {
            let id = TopicId::from_index(at);
            let about = self.links.about[at].iter();
            let mut about: Vec<u32> = about.filter_map(|it| numbers[it.at()]).collect();
            about.sort_unstable();
            if about.is_empty() {
                continue;
            }
            let title = topic.title.best(self.lang, default);
            let title = plain_slot(title.map_or("", |(_, it)| it), self.lang);
            let address = self.links.routes.topic(id, self.at).unwrap_or_default();
            let address = address.to_owned();
            topics.insert(topic.id.clone(), Facet { title, address, numbers: about });
        }
        let rows = |facets: BTreeMap<String, Facet>| -> Vec<serde_json::Value> {
            let rows = facets.into_iter().map(|(id, facet)| {
                let mut numbers = String::new();
                push_numbers(facet.numbers.into_iter(), &mut numbers);
                if facet.address.is_empty() {
                    json!([id, facet.title, numbers])
                } else {
                    json!([id, facet.title, numbers, facet.address])
                }
            });
            rows.collect()
        };
        json!({
            "topics": rows(topics),
            "kinds": rows(kinds),
            "authors": rows(authors),
            "years": rows(years),
        })
    }
}
