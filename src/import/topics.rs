//! Words under which texts are filed -> topics: those of the site where a name fits, new
//! ones of the kind `theme` where none does.

use std::collections::{BTreeMap, BTreeSet};

use crate::import::ids::{Ids, clean};
use crate::import::value::{Keys, Value};
use crate::model::Site;
use crate::text::fold::fold;
use crate::text::lang::Lang;

/// A topic that the site does not have yet.
#[derive(Debug, Default)]
pub(super) struct NewTopic {
    /// Its titles.
    pub(super) titles: BTreeMap<String, String>,
    /// Its long texts, by language.
    pub(super) texts: BTreeMap<String, String>,
    /// Its old addresses.
    pub(super) addresses: Vec<String>,
    /// What else its front matter said.
    pub(super) extra: Keys,
}

/// The topics of the site and of what is imported.
pub(super) struct Topics {
    /// Ids by folded names.
    known: BTreeMap<String, String>,
    /// Ids of the site.
    old: BTreeSet<String>,
    ids: Ids,
    /// New topics by their ids.
    pub(super) new: BTreeMap<String, NewTopic>,
}

impl Topics {
    /// The topics of a site.
    pub(super) fn of(site: &Site) -> Self {
        let mut topics = Self {
            known: BTreeMap::new(),
            old: BTreeSet::new(),
            ids: Ids::default(),
            new: BTreeMap::new(),
        };
        for topic in &site.topics {
            topics.ids.take(&topic.id);
            topics.old.insert(topic.id.clone());
            topics.known.insert(fold(&topic.id), topic.id.clone());
        }
        // A title goes before an alias of another topic.
        for topic in &site.topics {
            let aliases = topic.meta.aliases.iter().flat_map(|it| &it.value);
            for alias in aliases.map(|it| it.text.as_str()) {
                topics.known.insert(fold(alias), topic.id.clone());
            }
        }
        for topic in &site.topics {
            for (_, title) in topic.title.iter() {
                topics.known.insert(fold(title), topic.id.clone());
            }
        }
        topics
    }

    /// Whether the site has a topic.
    pub(super) fn is_old(&self, id: &str) -> bool {
        self.old.contains(id)
    }

    /// The topic that a word names; `None` if there is none yet.
    pub(super) fn find(&self, word: &str) -> Option<&str> {
        let of_words = self.known.get(&fold(word));
        let of_id = || self.known.get(&fold(&clean(word)?));
        of_words.or_else(of_id).map(String::as_str)
    }

    /// The topic that a word names, which is made where there is none.
    pub(super) fn make(&mut self, word: &str, lang: &Lang) -> String {
        let id = match self.find(word) {
            Some(id) => id.to_owned(),
            None => self.ids.make(word, "topic"),
        };
        self.name(&id, word, lang);
        id
    }

    /// Gives a topic another name, which is a title where it is new.
    pub(super) fn name(&mut self, id: &str, word: &str, lang: &Lang) {
        self.known.entry(fold(word)).or_insert_with(|| id.to_owned());
        if !self.is_old(id) {
            let new = self.new.entry(id.to_owned()).or_default();
            let titles = &mut new.titles;
            titles.entry(lang.as_str().to_owned()).or_insert_with(|| word.to_owned());
        }
    }
}

impl NewTopic {
    /// The keys of its file.
    pub(super) fn keys(&self, default: &Lang) -> Keys {
        let titles = self.titles.iter();
        let titles: Keys =
            titles.map(|(lang, it)| (lang.clone(), Value::Text(it.clone()))).collect();
        let title = match titles.as_slice() {
            [(lang, title)] if lang == default.as_str() => title.clone(),
            _ => Value::Map(titles),
        };
        let mut keys = vec![
            ("title".to_owned(), title),
            ("kind".to_owned(), Value::Bare("theme".to_owned())),
        ];
        if !self.addresses.is_empty() {
            let addresses = self.addresses.iter().cloned().map(Value::Text).collect();
            keys.push(("aliases_urls".to_owned(), Value::List(addresses)));
        }
        if !self.extra.is_empty() {
            keys.push(("extra".to_owned(), Value::Map(self.extra.clone())));
        }
        keys
    }
}
