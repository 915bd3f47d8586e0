//! `Site` + `Links` -> `Index`: what a reader's words find, one index for each language.
//!
//! `terms` reads the words of each briefing. This module puts them under the keys by which
//! they are looked for, with the names of topics among them; `files` cuts the list into
//! the files that a browser loads, and `query` ranks what a query finds. The browser does
//! the same with `static/js/search-index.js`.
//!
//! A line stands under every key that a query for it may have: its stem, and the stem of
//! what it is without joined letters. Names are never stemmed (rtl-rules D).

pub mod files;
pub mod query;
pub mod terms;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use crate::link::Links;
use crate::model::topic::Topic;
use crate::model::{BriefingId, Site, TopicId};
use crate::parse::front_matter::{Status, TopicKind};
use crate::search::files::Shard;
use crate::search::terms::{Posting, Terms};
use crate::text::date::DateFormatter;
use crate::text::lang::Lang;
use crate::text::spelling::{
    Keys, Stems, form, keys, light_stem, name_stem, readings, tokens, without_and,
};

/// A word that stands in more briefings than this is a word of its own, and no other with
/// joined letters, unless that other one is known too.
const MAX_JOINED: usize = 8;

/// Levels of a briefing that lists a topic first, lists it, lists one below it.
const LISTED_FIRST: u8 = 12;
const LISTED: u8 = 10;
const LISTED_BELOW: u8 = 7;

/// The briefings of one language, and the words that find them.
#[derive(Debug)]
pub struct Index {
    /// The language.
    pub lang: Lang,
    /// Its briefings, oldest first; those without a date before all. The place in this list
    /// is the number of a briefing in the index, so a new one changes no other number.
    pub briefings: Vec<BriefingId>,
    /// Lines by key, then by what they hold.
    pub lines: Vec<Line>,
    /// Where the lines are cut into files.
    pub shards: Vec<Shard>,
    /// Postings of forms and topics.
    postings: Vec<Posting>,
    /// First and last posting of each topic that any briefing lists or names.
    topics: BTreeMap<TopicId, (u32, u32)>,
}

/// What stands under a key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// The key.
    pub key: Box<str>,
    /// What stands there.
    pub entry: Entry,
}

/// A line of an index without its key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Entry {
    /// A form, and where its postings are.
    Word {
        /// The form.
        form: Box<str>,
        /// Whether it is a name.
        known: Known,
        /// First and last of its postings.
        postings: (u32, u32),
    },
    /// A name of a topic.
    Name {
        /// Its forms.
        words: Vec<Box<str>>,
        /// Whether it is a proper name: «العقوبات» is an ordinary word.
        is_proper: bool,
        /// The topic.
        topic: TopicId,
    },
    /// A topic, under `#` and its id.
    Topic {
        /// First and last of its postings.
        postings: (u32, u32),
        /// The topic.
        topic: TopicId,
    },
}

impl Entry {
    /// First and last of the postings; a name has none.
    pub fn postings(&self) -> (u32, u32) {
        match self {
            Self::Word { postings, .. } | Self::Topic { postings, .. } => *postings,
            Self::Name { .. } => (0, 0),
        }
    }
}

/// Whether a word is a known name, which is never stemmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Known {
    /// It is none.
    No,
    /// It is one with letters joined to it.
    Joined,
    /// It is one.
    Yes,
}

/// The words of briefings of one language, for the next build.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Words {
    /// Forms (`text::spelling::form`) in the order of their letters.
    forms: Vec<Box<str>>,
    /// Form and level of every word, briefing by briefing.
    #[serde(with = "terms::packed")]
    weights: Vec<Posting>,
    /// First and last of the words of each briefing, by its key (`ArticleLinks::key`).
    spans: FxHashMap<u128, (u32, u32)>,
}

impl Words {
    /// The forms of briefings with these keys, as far as they are known.
    fn used(&self, keys: impl Iterator<Item = u128>) -> impl Iterator<Item = &str> {
        let mut is_used = vec![false; self.forms.len()];
        for (start, end) in keys.filter_map(|it| self.spans.get(&it).copied()) {
            for word in &self.weights[start as usize..end as usize] {
                is_used[word.number() as usize] = true;
            }
        }
        self.forms.iter().zip(is_used).filter(|it| it.1).map(|it| &**it.0)
    }
}

/// Makes the index of the language at a place of the site's list. The words of briefings that
/// are known already are not read again; gives those of all, for the next time.
pub fn index_of(site: &Site, links: &Links, at: usize, known: &Words) -> (Index, Words) {
    Index::new(site, links, at, known)
}

/// Makes the index of each language of the site.
pub fn indexes(site: &Site, links: &Links) -> Vec<Index> {
    let languages = 0..site.config.languages.len();
    languages.map(|at| index_of(site, links, at, &Words::default()).0).collect()
}

impl Index {
    fn new(site: &Site, links: &Links, at: usize, known: &Words) -> (Self, Words) {
        let lang = &site.config.languages[at];
        let all = site.briefings.iter().enumerate().rev();
        let mut briefings: Vec<BriefingId> = all
            .filter(|(_, it)| it.lang == *lang && it.status != Status::Withdrawn)
            .map(|(at, _)| BriefingId::from_index(at))
            .collect();
        briefings.sort_by_key(|it| site.briefings[it.at()].date.is_some());
        let names = Names::of(site, lang);
        let Inverted { words, spans, mut postings } =
            invert(site, links, at, &briefings, known);
        let forms = &words.forms;
        let keys = KeysOfForms { names: &names, lang, known: stems_of(forms, lang) };
        let mut lines: Vec<Line> = forms
            .par_iter()
            .zip(&spans)
            .flat_map_iter(|(form, span)| keys.lines(form, *span))
            .collect();
        // A name that no text has is known all the same, and is not taken for a slip.
        for word in names.words.iter().filter(|it| forms.binary_search(it).is_err()) {
            lines.extend(keys.lines(word, (0, 0)));
        }
        let mut numbers = vec![u32::MAX; site.briefings.len()];
        for (number, id) in (0..).zip(&briefings) {
            numbers[id.at()] = number;
        }
        let mut topics = BTreeMap::new();
        let of_topics: Vec<Vec<Posting>> = (0..site.topics.len())
            .into_par_iter()
            .map(|it| topic_postings(site, links, TopicId::from_index(it), &numbers))
            .collect();
        for (at, of_topic) in of_topics.into_iter().enumerate() {
            let id = TopicId::from_index(at);
            let start = index(postings.len());
            postings.extend(of_topic);
            let end = index(postings.len());
            if start != end {
                let key = format!("#{}", site.topics[at].id).into();
                let entry = Entry::Topic { postings: (start, end), topic: id };
                lines.push(Line { key, entry });
                topics.insert(id, (start, end));
            }
        }
        lines.extend(names.lines);
        lines.par_sort_unstable();
        lines.dedup();
        let (lang, shards) = (lang.clone(), Vec::new());
        let mut index = Self { lang, briefings, lines, shards, postings, topics };
        index.shards = files::cut(&index);
        (index, words)
    }

    /// Briefings that list or name a topic, by number, with its level in each.
    pub fn topic_postings(&self, topic: TopicId) -> &[Posting] {
        self.topics.get(&topic).map_or(&[], |it| self.postings(*it))
    }

    /// Briefings in which a line's word stands, by number, with its level in each.
    pub fn postings(&self, (start, end): (u32, u32)) -> &[Posting] {
        self.postings.get(start as usize..end as usize).unwrap_or_default()
    }
}

fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// What texts say of a topic: briefings that list it, a topic below it, or its name.
fn topic_postings(
    site: &Site,
    links: &Links,
    topic: TopicId,
    numbers: &[u32],
) -> Vec<Posting> {
    let level = |id: BriefingId, is_about: bool| {
        let topics = &site.briefings[id.at()].topics;
        let listed = match topics.iter().position(|it| *it == topic) {
            _ if !is_about => 0,
            Some(0) => LISTED_FIRST,
            Some(_) => LISTED,
            None => LISTED_BELOW,
        };
        let named = match links.naming(id, topic).map_or(0, |it| it.count) {
            0 => 1,
            1 => 3,
            2..=3 => 5,
            4..=6 => 6,
            _ => 8,
        };
        listed.max(named)
    };
    let about = links.about[topic.at()].iter().map(|it| (*it, true));
    let named = links.mentioned_in[topic.at()].iter().map(|it| (*it, false));
    let mut postings: Vec<Posting> = about
        .chain(named)
        .filter(|(it, _)| numbers[it.at()] != u32::MAX)
        .map(|(it, is_about)| Posting::new(numbers[it.at()], level(it, is_about)))
        .collect();
    postings.sort_unstable();
    postings.dedup_by_key(|it| it.number());
    postings
}

/// The words of all briefings of a language.
struct Inverted {
    words: Words,
    /// First and last posting of each form.
    spans: Vec<(u32, u32)>,
    postings: Vec<Posting>,
}

/// Reads the briefings and turns the list of words of each into the list of briefings of
/// each word. Known words are the first part of several that are read side by side.
fn invert(
    site: &Site,
    links: &Links,
    at: usize,
    briefings: &[BriefingId],
    known: &Words,
) -> Inverted {
    let lang = &site.config.languages[at];
    let dates = DateFormatter::new(lang, &site.config.date_style(lang));
    let key = |id: &BriefingId| links.briefings[id.at()].key;
    let new = briefings.iter().filter(|it| !known.spans.contains_key(&key(it)));
    let new: Vec<BriefingId> = new.copied().collect();
    let n_parts = rayon::current_num_threads() * 2;
    let n_each = new.len().div_ceil(n_parts).max(1);
    let read: Vec<Terms> = new
        .par_chunks(n_each)
        .map(|part| {
            let mut terms = Terms::default();
            for id in part {
                terms.read(&site.briefings[id.at()], site, &dates);
            }
            terms
        })
        .collect();
    let mut all: Vec<&str> =
        read.iter().flat_map(|it| &it.forms).map(|it| &**it).collect();
    all.extend(known.used(briefings.iter().map(key)));
    all.par_sort_unstable();
    all.dedup();
    let ids: FxHashMap<&str, u32> = all.iter().copied().zip(0..).collect();
    // A known form that nothing uses any more gets no number, and needs none.
    let number = |form: &str| ids.get(form).copied().unwrap_or(u32::MAX);
    let renumber = |forms: &[Box<str>]| forms.iter().map(|it| number(it)).collect();
    let of_known: Vec<u32> = renumber(&known.forms);
    let of_read: Vec<Vec<u32>> = read.par_iter().map(|it| renumber(&it.forms)).collect();
    let mut words = Words::default();
    let n_known = known.weights.len();
    let n_read: usize = read.iter().map(|it| it.weights.len()).sum();
    words.weights.reserve_exact(n_known + n_read);
    words.spans.reserve(briefings.len());
    let mut spans = read.iter().zip(&of_read).flat_map(|(terms, ids)| {
        let starts = [0].into_iter().chain(terms.ends.iter().copied());
        starts
            .zip(&terms.ends)
            .map(move |(start, end)| (&terms.weights[start..*end], ids))
    });
    for id in briefings {
        let key = key(id);
        let (weights, ids) = match known.spans.get(&key) {
            Some((start, end)) => {
                (&known.weights[*start as usize..*end as usize], &of_known)
            }
            None => spans.next().expect("every new briefing has been read"),
        };
        let start = index(words.weights.len());
        let renumbered =
            weights.iter().map(|it| Posting::new(ids[it.number() as usize], it.level()));
        words.weights.extend(renumbered);
        words.spans.insert(key, (start, index(words.weights.len())));
    }
    words.weights.shrink_to_fit();
    words.forms = all.into_iter().map(Into::into).collect();
    drop(ids);
    // As many bytes as the postings are about to take.
    drop(read);
    let order = briefings.iter().map(|it| words.spans[&key(it)]);
    let (spans, postings) = turned(&words, order);
    Inverted { words, spans, postings }
}

/// First and last posting of each form, and the postings; `order` has the words of each
/// briefing, by its number.
fn turned(
    words: &Words,
    order: impl Iterator<Item = (u32, u32)>,
) -> (Vec<(u32, u32)>, Vec<Posting>) {
    let mut counts = vec![0_u32; words.forms.len()];
    for word in &words.weights {
        counts[word.number() as usize] += 1;
    }
    let mut end = 0;
    let spans: Vec<(u32, u32)> = counts
        .iter()
        .map(|count| {
            let start = end;
            end += count;
            (start, end)
        })
        .collect();
    let mut next: Vec<u32> = spans.iter().map(|(start, _)| *start).collect();
    let mut postings = vec![Posting::default(); end as usize];
    for (number, (start, end)) in (0..).zip(order) {
        for word in &words.weights[start as usize..end as usize] {
            let place = &mut next[word.number() as usize];
            postings[*place as usize] = Posting::new(number, word.level());
            *place += 1;
        }
    }
    (spans, postings)
}

/// Stems of everything that stands in the texts.
fn stems_of(forms: &[Box<str>], lang: &Lang) -> FxHashSet<Box<str>> {
    let stems = forms.par_iter().flat_map_iter(|it| {
        let keys = keys(it);
        let stems = Stems::of(&keys.seat, lang);
        let all: Vec<Box<str>> = keys
            .iter()
            .flat_map(|key| [light_stem(key, stems).into(), name_stem(key, stems).into()])
            .collect();
        all
    });
    stems.collect()
}

/// Decides under which keys a form stands.
struct KeysOfForms<'a> {
    names: &'a Names,
    lang: &'a Lang,
    /// Stems of all forms.
    known: FxHashSet<Box<str>>,
}

impl KeysOfForms<'_> {
    fn lines(&self, form: &str, postings: (u32, u32)) -> Vec<Line> {
        let own = keys(form);
        let stems = Stems::of(&own.seat, self.lang);
        let joined: Vec<String> = own
            .iter()
            .flat_map(|it| {
                let without_and = without_and(it, stems).map(str::to_owned);
                readings(it, stems).into_iter().chain(without_and)
            })
            .collect();
        let is_name = |key: &str| self.names.is_protected(key, stems);
        let known = if own.iter().any(is_name) {
            Known::Yes
        } else if joined.iter().any(|it| is_name(it)) {
            Known::Joined
        } else {
            Known::No
        };
        let stem = |key: &str, is_name: bool| -> Box<str> {
            if is_name {
                name_stem(key, stems).into()
            } else {
                light_stem(key, stems).into()
            }
        };
        let mut keys: Vec<Box<str>> =
            own.iter().map(|it| stem(it, known != Known::No)).collect();
        let is_rare = (postings.1 - postings.0) as usize <= MAX_JOINED;
        for bare in &joined {
            let key = stem(bare, is_name(bare));
            if is_rare || is_name(bare) || self.known.contains(&key) {
                keys.push(key);
            }
        }
        keys.sort_unstable();
        keys.dedup();
        let entry = Entry::Word { form: form.into(), known, postings };
        keys.into_iter().map(|key| Line { key, entry: entry.clone() }).collect()
    }
}

/// The names of topics, as they are looked for.
struct Names {
    lines: Vec<Line>,
    /// Stems of words that are names by themselves.
    protected: FxHashSet<Box<str>>,
    /// Those words.
    words: BTreeSet<Box<str>>,
}

impl Names {
    fn of(site: &Site, lang: &Lang) -> Self {
        let mut names = Self {
            lines: Vec::new(),
            protected: FxHashSet::default(),
            words: BTreeSet::new(),
        };
        for (at, topic) in site.topics.iter().enumerate() {
            for text in texts(topic) {
                names.add(TopicId::from_index(at), topic.kind, text, lang);
            }
        }
        names
    }

    fn add(&mut self, topic: TopicId, kind: TopicKind, text: &str, lang: &Lang) {
        let words: Vec<Box<str>> = tokens(text)
            .map(|it| form(text.get(it.range).unwrap_or_default()).into())
            .collect();
        let is_bmp = |it: &str| it.chars().all(|it| u32::from(it) <= 0xFFFF);
        let Some(first) = words.first().filter(|_| words.iter().all(|it| is_bmp(it)))
        else {
            return;
        };
        for key in stems_of_name(first, lang) {
            let is_proper = is_proper(kind);
            let entry = Entry::Name { words: words.clone(), is_proper, topic };
            self.lines.push(Line { key, entry });
        }
        if words.len() == 1 && is_proper(kind) || kind == TopicKind::Person {
            for word in &words {
                self.protected.extend(stems_of_name(word, lang));
                self.words.insert(word.clone());
            }
        }
    }

    /// Whether a key, without what stands before any noun, is a name.
    fn is_protected(&self, key: &str, stems: Stems) -> bool {
        self.protected.contains(name_stem(key, stems))
    }
}

/// Titles and aliases in all languages: a reader may know the name in another one.
fn texts(topic: &Topic) -> impl Iterator<Item = &str> {
    let aliases = topic.meta.aliases.iter().flat_map(|it| &it.value);
    topic.title.iter().map(|(_, it)| it).chain(aliases.map(|it| it.text.as_str()))
}

fn stems_of_name(word: &str, lang: &Lang) -> Vec<Box<str>> {
    let keys: Keys = keys(word);
    let stems = Stems::of(&keys.seat, lang);
    keys.iter().map(|it| name_stem(it, stems).into()).collect()
}

/// Whether topics of a kind have proper names.
fn is_proper(kind: TopicKind) -> bool {
    matches!(
        kind,
        TopicKind::Country
            | TopicKind::Region
            | TopicKind::Place
            | TopicKind::Person
            | TopicKind::Organisation
            | TopicKind::Weapon
    )
}
