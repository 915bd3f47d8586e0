//! The list of all topics from A to Z.
//!
//! A topic without a page of its own (see `min_mentions_for_page` in site.yaml) is a line
//! here, with its other names and the briefing that names it: links from running text
//! lead to that line.
#![expect(clippy::missing_errors_doc, reason = "said in `pages`")]

use crate::link::Links;
use crate::model::{Site, TopicId};
use crate::render::pages::Rendered;
use crate::render::scope::Scope;
use crate::render::structured_data;
use crate::render::views::{EntryView, LetterView, TopicsView};
use crate::text::collate::{Collator, key_letter, strip_article};

/// Whether the list of a language, by its place among the languages, has a topic: the
/// first list has all, the others those with a page or a title in the language, and
/// those whose line is where links of a text in it lead.
pub fn is_listed(site: &Site, links: &Links, id: TopicId, at: usize) -> bool {
    let lang = &site.config.languages[at];
    let is_named = || {
        let named = links.about[id.at()].iter().chain(&links.mentioned_in[id.at()]);
        named.into_iter().any(|it| site.briefings[it.at()].lang == *lang)
    };
    at == 0
        || links.routes.topic(id, at).is_some()
        || site.topics[id.at()].title.get(lang).is_some()
        || (links.routes.topic(id, 0).is_none() && is_named())
}

impl<'a> Scope<'a> {
    /// The list of topics.
    pub fn topics(&self) -> Rendered {
        let collator = Collator::new(self.lang);
        let mut entries: Vec<(String, String, EntryView<'a>)> =
            (0..self.site.topics.len())
                .map(TopicId::from_index)
                .filter(|it| is_listed(self.site, self.links, *it, self.at))
                .filter_map(|it| {
                    let entry = self.list_entry(it)?;
                    let meta = &self.site.topics[it.at()].meta;
                    let sort = meta.sort.as_ref().and_then(|it| it.value.get(self.lang));
                    let title = &entry.topic.title.text;
                    // A written key is taken as it is: its article belongs to the word (R123).
                    let key = sort.unwrap_or_else(|| strip_article(title, self.lang));
                    let key = key.to_owned();
                    Some((key_letter(&key, self.lang), key, entry))
                })
                .collect();
        let n_topics = entries.len();
        // Digits, then the letters of the page's own script, then the others (R121).
        let rank = |letter: &str| match letter {
            "#" => 0,
            "A–Z" => 2,
            _ => 1,
        };
        entries.sort_by(|(letter_a, a, _), (letter_b, b, _)| {
            rank(letter_a).cmp(&rank(letter_b)).then_with(|| collator.compare_keys(a, b))
        });
        let mut groups: Vec<LetterView<'a>> = Vec::new();
        for (letter, _, entry) in entries {
            match groups.iter_mut().find(|it| it.letter == letter) {
                Some(group) => group.topics.push(entry),
                None => {
                    let id = format!("letter-{}", groups.len() + 1);
                    groups.push(LetterView { letter, id, topics: vec![entry] });
                }
            }
        }
        let view = TopicsView { groups, count: self.words.count("n_topics", n_topics) };
        let address = self.links.routes.fixed(self.at, "topics/");
        let title = self.words.get("topics");
        let versions = self.everywhere("topics/");
        let mut page = self.fixed_page("topics", title, &address, versions);
        page.head.structured_data =
            structured_data::collection(self, title, &address, &[]);
        let html = self.render("pages/topics.html", &page, &view)?;
        Ok((address, html))
    }

    fn list_entry(&self, id: TopicId) -> Option<EntryView<'a>> {
        let topic = self.topic_card(id)?;
        let routes = &self.links.routes;
        let has_page =
            routes.topic(id, self.at).is_some() || routes.topic(id, 0).is_some();
        if has_page {
            let (aliases, named_in) = (Vec::new(), None);
            return Some(EntryView { topic, has_page, aliases, named_in });
        }
        let naming = self.links.mentioned_in[id.at()].iter();
        let newest = naming.copied().find(|it| {
            // Briefings stand newest first.
            self.site.briefings[it.at()].lang == *self.lang
        });
        let named_in = newest.map(|it| self.topic_backlink(it, id));
        Some(EntryView { topic, has_page, aliases: self.aliases(id), named_in })
    }
}
