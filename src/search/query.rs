//! A query and an `Index` -> briefings, best first.
//!
//! Each word of the query is compared with the lines under its keys, in four tiers
//! (rtl-rules D): the same word; another shape of it; with joined letters; a word that
//! begins with it. A known name has no other shapes and is no beginning. Words that name a
//! topic find what is said about the topic as well, whatever it is called there. Only a
//! word that finds nothing is taken for a slip of the hand, and never for another name.
//!
//! Every step is the same in `static/js/search-index.js`, down to the order of sums, so
//! that both rank alike; tests/browser compares them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use crate::model::TopicId;
use crate::search::terms::Posting;
use crate::search::{Entry, Index, Known, Line};
use crate::text::lang::Lang;
use crate::text::spelling::{
    Keys, MIN_PREFIX, Stems, common_beginning, form, is_same_light, keys, light_stem,
    n_letters, name_stem, readings, tokens, without_and, without_taa,
};
use crate::text::stop_words::is_function_word;

/// Words of a query that are looked at.
const MAX_WORDS: usize = 12;

/// What a level is worth where it comes from a topic that the query names.
const TOPIC: f64 = 0.85;

/// A briefing that has both the words of a name and its topic has the better of the two,
/// and so much of the other.
const BOTH: f64 = 0.3;

/// Briefings that have less of the query are left out when one has all of it.
const MIN_COVERAGE: f64 = 0.6;

/// The same when none has all of it, as a share of what the best one has.
const MIN_OF_BEST: f64 = 0.75;

/// Words that begin with some letters are not looked for in more shards than this: nobody
/// reads all that begins with «است».
const MAX_SHARDS: usize = 6;

/// A word with fewer letters is not taken for a slip.
const MIN_SLIP: usize = 5;

/// Words with so many letters are long enough that a vowel does not make another one.
const MIN_LONG: usize = 7;

/// Letters at the beginning of a word in which nobody slips.
const N_SURE: usize = 3;

/// How a word of a text matches a word of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// A slip of the hand.
    Slip,
    /// It begins with the word.
    Prefix,
    /// With joined letters.
    Clitic,
    /// Another shape of the word.
    Stem,
    /// The same word.
    Exact,
}

impl Tier {
    fn weight(self) -> f64 {
        match self {
            Self::Exact => 1.0,
            Self::Stem => 0.8,
            Self::Clitic => 0.7,
            Self::Prefix => 0.4,
            Self::Slip => 0.3,
        }
    }
}

/// What a query has found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Briefings by their number in the index, best first, the newer of two equals first.
    pub hits: Vec<Hit>,
    /// Whether no briefing has all of the query.
    pub is_partial: bool,
    /// Whether any word of the query stands in any text: else all that was found are topics
    /// by another name.
    pub is_literal: bool,
    /// The best tier of the word that fits worst; none where no word stands in a text.
    pub tier: Option<Tier>,
    /// Topics that the query names and any briefing tells of.
    pub topics: Vec<TopicId>,
    /// Words that were taken for a slip, and the word that was looked for.
    pub corrected: Vec<(String, String)>,
}

/// A briefing that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// Its number in the index.
    pub number: u32,
    /// How well it fits.
    pub score: u32,
}

/// Looks for a query.
pub fn search(index: &Index, query: &str) -> Found {
    let words: Vec<Word> = tokens(query)
        .take(MAX_WORDS)
        .map(|it| {
            let parts = it.parts.iter().filter_map(|it| query.get(it.clone()));
            let parts = parts.map(|it| Word::new(it, index)).collect();
            let written = query.get(it.range).unwrap_or_default();
            Word { parts, ..Word::new(written, index) }
        })
        .filter(|it| !it.keys.seat.is_empty())
        .collect();
    let mut found = Found::default();
    let units = units(index, &words);
    let n_total = index.briefings.len();
    let mut scores: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
    let mut total = 0.0;
    for unit in &units {
        let unit = Weighed::new(index, unit, &mut found);
        total += unit.mass;
        found.is_literal |= unit.words.iter().any(|(_, values)| !values.is_empty());
        unit.add_to(&mut scores, n_total);
        let is_told = |it: &TopicId| !index.topic_postings(*it).is_empty();
        found.topics.extend(unit.topics.into_iter().filter(is_told));
    }
    let mut seen = BTreeSet::new();
    found.topics.retain(|it| seen.insert(*it));
    let coverage = |mass: f64| if total == 0.0 { 0.0 } else { mass / total };
    let best = scores.values().map(|(_, mass)| coverage(*mass)).fold(0.0, f64::max);
    let has_all = 0.999 <= best;
    // A hair below, so that the last bit of a logarithm decides nothing.
    let least = if has_all { MIN_COVERAGE } else { best * MIN_OF_BEST } - 1e-9;
    found.is_partial = !has_all && !scores.is_empty();
    found.hits = scores
        .into_iter()
        .filter(|(_, (_, mass))| least <= coverage(*mass))
        .map(|(number, (score, mass))| {
            let coverage = coverage(mass);
            Hit { number, score: rounded(score * coverage * coverage) }
        })
        .collect();
    found.hits.sort_by_key(|it| Reverse((it.score, it.number)));
    found
}

/// Puts what a query has found in several indexes into one list, best first: index in the
/// list of `found`, hit. What has the whole query stands before what has a part of it, and
/// texts in which the words stand before those that only tell of the same topics.
pub fn merge(found: &[&Found]) -> Vec<(usize, Hit)> {
    let rank =
        |it: &Found| (!it.hits.is_empty()).then_some((!it.is_partial, it.is_literal));
    let best = found.iter().filter_map(|it| rank(it)).max();
    let mut merged: Vec<(usize, Hit)> = Vec::new();
    for (at, it) in found.iter().enumerate() {
        // Parts of a query are worth nothing beside the whole of it.
        let is_wanted = rank(it).is_some_and(|(has_all, _)| {
            has_all || best.is_some_and(|(has_all, _)| !has_all)
        });
        if is_wanted {
            merged.extend(it.hits.iter().map(|hit| (at, *hit)));
        }
    }
    merged.sort_by_key(|(at, hit)| (!found[*at].is_literal, Reverse(hit.score)));
    merged
}

/// Scores are compared as whole numbers: the last bits of a logarithm differ by machine.
fn rounded(score: f64) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "no query reaches the limit of u32; the sum of twelve words is small"
    )]
    let rounded = (score * 1000.0).round() as u32;
    rounded
}

/// How much a word says that stands in so many of all briefings.
fn rarity(n_with: usize, n_total: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "no site has 2^52 briefings")]
    let (n_with, n_total) = (n_with.max(1) as f64, n_total as f64);
    (1.0 + n_total / n_with).ln()
}

/// A word of a query.
#[derive(Debug)]
struct Word {
    written: String,
    keys: Keys,
    stems: Stems,
    /// What its keys may be without joined letters.
    bare: Vec<String>,
    /// Words of which it is made.
    parts: Vec<Word>,
}

impl Word {
    fn new(written: &str, index: &Index) -> Self {
        let keys = keys(&form(written));
        let stems = Stems::of(&keys.seat, &index.lang);
        let of = |key: &str| {
            let without_and = without_and(key, stems).map(str::to_owned);
            readings(key, stems).into_iter().chain(without_and).collect::<Vec<_>>()
        };
        let bare = keys.iter().flat_map(of).collect();
        Self { written: written.to_owned(), keys, stems, bare, parts: Vec::new() }
    }

    /// Its keys, and what they may be without joined letters.
    fn shapes(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().chain(self.bare.iter().map(String::as_str))
    }

    /// The lines in which a match can stand: those whose key begins as all shapes of the
    /// word do, and those under its stems and the stems of what it is without joined
    /// letters.
    fn lines<'i>(&self, index: &'i Index) -> Vec<&'i Line> {
        let mut lines: BTreeSet<&Line> = BTreeSet::new();
        for key in self.keys.iter() {
            let stems = [common_beginning(key, self.stems), name_stem(key, self.stems)];
            for beginning in stems.into_iter().filter(|it| index.is_narrow(it)) {
                lines.extend(index.lines_from(beginning));
            }
        }
        for shape in self.shapes() {
            let stems = [light_stem(shape, self.stems), name_stem(shape, self.stems)];
            let without_taa = without_taa(shape, self.stems);
            let stems = stems.into_iter().chain(without_taa);
            lines.extend(stems.flat_map(|it| index.lines_of(it)));
        }
        lines.into_iter().collect()
    }

    /// The best tier in which a form matches.
    fn tier(&self, form: &str, is_known: bool, lang: &Lang) -> Option<Tier> {
        let keys = keys(form);
        let stems = Stems::of(&keys.seat, lang);
        let name = |a: &str, b: &str| name_stem(a, self.stems) == name_stem(b, stems);
        let light = |a: &str, b: &str| {
            name(a, b) || (!is_known && is_same_light(a, self.stems, b, stems))
        };
        if self.keys.match_by(&keys, |a, b| a == b) {
            return Some(Tier::Exact);
        }
        let with_and = |a: &str, b: &str| {
            let (mine, theirs) = (without_and(a, self.stems), without_and(b, stems));
            light(a, b)
                || mine.is_some_and(|it| light(it, b))
                || theirs.is_some_and(|it| light(a, it))
        };
        if self.keys.match_by(&keys, with_and) {
            return Some(Tier::Stem);
        }
        let with_joined = |a: &str, b: &str| {
            let (mine, theirs) = (readings(a, self.stems), readings(b, stems));
            let all = |own: &str, joined: &[String]| -> Vec<String> {
                std::iter::once(own.to_owned()).chain(joined.iter().cloned()).collect()
            };
            let (mine, theirs) = (all(a, &mine), all(b, &theirs));
            mine.iter().enumerate().any(|(at, mine)| {
                theirs
                    .iter()
                    .enumerate()
                    .any(|(other, theirs)| 0 < at + other && light(mine, theirs))
            })
        };
        if self.keys.match_by(&keys, with_joined) {
            return Some(Tier::Clitic);
        }
        None
    }

    /// Whether a form begins with it, with or without what stands before any noun.
    fn is_beginning(&self, form: &str, lang: &Lang) -> bool {
        let keys = keys(form);
        let stems = Stems::of(&keys.seat, lang);
        self.keys.match_by(&keys, |a, b| {
            let (bare, rest) = (name_stem(a, self.stems), name_stem(b, stems));
            let is_long = |it: &str| MIN_PREFIX <= n_letters(it);
            (is_long(a) && (b.starts_with(a) || rest.starts_with(a)))
                || (is_long(bare) && rest.starts_with(bare))
        })
    }

    /// Whether one of the lines says that it is a name, with or without joined letters.
    fn is_known(&self, lines: &[&Line], lang: &Lang) -> bool {
        lines.iter().any(|line| match &line.entry {
            Entry::Word { form, known: Known::Yes, .. } => {
                let keys = keys(form);
                let stems = Stems::of(&keys.seat, lang);
                keys.iter().any(|it| self.is_name(name_stem(it, stems)))
            }
            Entry::Name { words, is_proper: true, .. } if words.len() == 1 => {
                self.is_name(&line.key)
            }
            _ => false,
        })
    }

    fn is_name(&self, stem: &str) -> bool {
        self.shapes().any(|it| name_stem(it, self.stems) == stem)
    }

    /// The forms that match, each with its best tier and its postings.
    fn matches<'i>(&self, index: &'i Index) -> Vec<Match<'i>> {
        let lines = self.lines(index);
        let is_name = self.is_known(&lines, &index.lang);
        let mut matches: BTreeMap<&str, Match<'_>> = BTreeMap::new();
        for line in lines {
            let Entry::Word { form, known, postings } = &line.entry else { continue };
            let is_known = is_name || *known != Known::No;
            let tier = self.tier(form, is_known, &index.lang).or_else(|| {
                let is_beginning = !is_name && self.is_beginning(form, &index.lang);
                is_beginning.then_some(Tier::Prefix)
            });
            if let Some(tier) = tier {
                let postings = index.postings(*postings);
                matches.insert(form, Match { form, tier, postings });
            }
        }
        matches.into_values().collect()
    }

    /// The forms of which it may be a slip.
    fn slips<'i>(&self, index: &'i Index) -> Vec<Match<'i>> {
        let own = name_stem(&self.keys.seat, self.stems);
        let Some((sure, _)) = own.char_indices().nth(N_SURE) else { return Vec::new() };
        let sure = own.get(..sure).unwrap_or_default();
        let mut matches: BTreeMap<&str, Match<'_>> = BTreeMap::new();
        let all = if index.is_narrow(sure) { index.lines_from(sure) } else { &[] };
        for line in all {
            let Entry::Word { form, known, postings } = &line.entry else { continue };
            let seat = keys(form).seat;
            let stems = Stems::of(&seat, &index.lang);
            if is_slip(own, name_stem(&seat, stems), stems, *known != Known::No) {
                let postings = index.postings(*postings);
                matches.insert(form, Match { form, tier: Tier::Slip, postings });
            }
        }
        matches.into_values().collect()
    }
}

/// A form that matches.
struct Match<'i> {
    form: &'i str,
    tier: Tier,
    postings: &'i [Posting],
}

/// Whether one word is another with one letter missing, added, wrong, or two swapped;
/// never among the first letters nor the last one, where other words differ.
///
/// Vowels that are written make other words of short Arabic and Hebrew ones (مفوض, مفاوض),
/// but other spellings of a foreign name; a name with another consonant is another name.
fn is_slip(typed: &str, word: &str, stems: Stems, is_known: bool) -> bool {
    let (typed, word): (Vec<char>, Vec<char>) =
        (typed.chars().collect(), word.chars().collect());
    if typed.len().min(word.len()) < MIN_SLIP || 1 < typed.len().abs_diff(word.len()) {
        return false;
    }
    let n_before = typed.iter().zip(&word).take_while(|(a, b)| a == b).count();
    let rest = |it: &[char]| it.len() - n_before;
    let ends = typed.iter().rev().zip(word.iter().rev());
    let n_after = ends.take_while(|(a, b)| a == b).count();
    let n_after = n_after.min(rest(&typed)).min(rest(&word));
    if n_before < N_SURE || n_after == 0 {
        return false;
    }
    let wrong = (
        typed.get(n_before..typed.len() - n_after).unwrap_or_default(),
        word.get(n_before..word.len() - n_after).unwrap_or_default(),
    );
    let is_vowel = |it: &char| match stems {
        Stems::English | Stems::None => "aeiouyh".contains(*it),
        _ => "اويאוי".contains(*it),
    };
    let is_doubled = |it: char| {
        typed.get(n_before - 1) == Some(&it) || word.get(n_before - 1) == Some(&it)
    };
    let is_short = typed.len().min(word.len()) < MIN_LONG;
    let makes_words = is_short && !matches!(stems, Stems::English | Stems::None);
    match wrong {
        ([a, b], [c, d]) => a == d && b == c,
        ([a], []) | ([], [a]) if is_known => is_vowel(a) || is_doubled(*a),
        ([a], []) | ([], [a]) => !(makes_words && is_vowel(a)) || is_doubled(*a),
        ([a], [b]) if is_known => is_vowel(a) && is_vowel(b),
        ([a], [b]) => !(makes_words && is_vowel(a) && is_vowel(b)),
        _ => false,
    }
}

/// Words of a query that belong together, because they name a topic; else one word.
struct Unit<'w> {
    words: Vec<&'w Word>,
    topics: Vec<TopicId>,
}

fn units<'w>(index: &Index, words: &'w [Word]) -> Vec<Unit<'w>> {
    let mut units = Vec::new();
    let mut rest = words;
    while let Some((first, others)) = rest.split_first() {
        let (n_words, topics) = name_at(index, rest);
        if n_words == 0 {
            units.push(Unit { words: vec![first], topics });
            rest = others;
        } else {
            let (name, others) = rest.split_at(n_words);
            units.push(Unit { words: name.iter().collect(), topics });
            rest = others;
        }
    }
    let is_empty_word = |it: &Unit<'_>| {
        it.topics.is_empty()
            && it.words.iter().all(|it| is_function_word(&it.keys.seat, &index.lang))
    };
    if !units.iter().all(is_empty_word) {
        units.retain(|it| !is_empty_word(it));
    }
    units
}

/// The longest name at the beginning of some words, and the topics that it names.
fn name_at(index: &Index, words: &[Word]) -> (usize, Vec<TopicId>) {
    let (mut n_words, mut topics) = (0, BTreeSet::new());
    let Some(first) = words.first() else { return (0, Vec::new()) };
    let mut stems: Vec<&str> =
        first.shapes().map(|it| name_stem(it, first.stems)).collect();
    stems.sort_unstable();
    stems.dedup();
    for line in stems.into_iter().flat_map(|it| index.lines_of(it)) {
        let Entry::Name { words: name, topic, .. } = &line.entry else { continue };
        let is_here = name.len() <= words.len()
            && name.iter().zip(words).skip(1).all(|(name, word)| {
                let name = keys(name);
                let stems = Stems::of(&name.seat, &index.lang);
                word.keys.match_by(&name, |a, b| {
                    name_stem(a, word.stems) == name_stem(b, stems)
                })
            });
        if is_here && n_words <= name.len() {
            if n_words < name.len() {
                topics.clear();
                n_words = name.len();
            }
            topics.insert(*topic);
        }
    }
    (n_words, topics.into_iter().collect())
}

/// What a unit is worth in each briefing.
struct Weighed {
    /// For each word, its rarity and its value in each briefing.
    words: Vec<(f64, FxHashMap<u32, f64>)>,
    topics: Vec<TopicId>,
    /// The same for the topics: value of the best.
    of_topics: FxHashMap<u32, f64>,
    /// Rarity of the topics, as often as there are words.
    topic_mass: f64,
    /// The most that a briefing can have of it.
    mass: f64,
}

impl Weighed {
    fn new(index: &Index, unit: &Unit<'_>, found: &mut Found) -> Self {
        let n_total = index.briefings.len();
        let mut of_topics = FxHashMap::default();
        for topic in &unit.topics {
            for posting in index.topic_postings(*topic) {
                let value = TOPIC * f64::from(posting.level());
                let best = of_topics.entry(posting.number()).or_insert(0.0_f64);
                *best = best.max(value);
            }
        }
        let mut words = Vec::new();
        for word in &unit.words {
            let mut matches = word.matches(index);
            if matches.is_empty() && !word.parts.is_empty() {
                words.extend(word.parts.iter().map(|it| it.matches(index)));
                continue;
            }
            if matches.is_empty() && unit.topics.is_empty() {
                matches = word.slips(index);
                let first = matches.iter().max_by(|a, b| {
                    (a.postings.len(), b.form).cmp(&(b.postings.len(), a.form))
                });
                if let Some(first) = first {
                    found.corrected.push((word.written.clone(), first.form.to_owned()));
                }
            }
            words.push(matches);
        }
        let best = |it: &Vec<Match<'_>>| {
            let in_texts = it.iter().filter(|it| !it.postings.is_empty());
            in_texts.map(|it| it.tier).max()
        };
        found.tier = words.iter().filter_map(best).chain(found.tier).min();
        let words: Vec<(f64, FxHashMap<u32, f64>)> = words
            .into_iter()
            .map(|matches| {
                let mut values = FxHashMap::default();
                for Match { tier, postings, .. } in matches {
                    for posting in postings {
                        let value = tier.weight() * f64::from(posting.level());
                        let best = values.entry(posting.number()).or_insert(0.0_f64);
                        *best = best.max(value);
                    }
                }
                (rarity(values.len(), n_total), values)
            })
            .collect();
        #[expect(clippy::cast_precision_loss, reason = "a query has a few words")]
        let n_words = words.len() as f64;
        let topic_mass = if of_topics.is_empty() {
            0.0
        } else {
            n_words * rarity(of_topics.len(), n_total)
        };
        let mass: f64 = words.iter().map(|(rarity, _)| rarity).sum();
        let topics = unit.topics.clone();
        Self { words, topics, of_topics, topic_mass, mass: mass.max(topic_mass) }
    }

    /// Adds score and mass of this unit to those of each briefing.
    fn add_to(&self, scores: &mut BTreeMap<u32, (f64, f64)>, n_total: usize) {
        let of_words = self.words.iter().flat_map(|(_, values)| values.keys());
        let numbers: BTreeSet<u32> =
            of_words.chain(self.of_topics.keys()).copied().collect();
        debug_assert!(numbers.len() <= n_total, "numbers are places in the index");
        for number in numbers {
            let (mut score, mut mass) = (0.0_f64, 0.0_f64);
            for (rarity, values) in &self.words {
                if let Some(value) = values.get(&number) {
                    score += rarity * value;
                    mass += rarity;
                }
            }
            if let Some(value) = self.of_topics.get(&number) {
                let of_topics = self.topic_mass * value;
                score = score.max(of_topics) + BOTH * score.min(of_topics);
                mass = self.mass;
            }
            let (all, whole) = scores.entry(number).or_insert((0.0, 0.0));
            *all += score;
            *whole += mass;
        }
    }
}

impl Index {
    /// Lines whose key begins with some letters.
    fn lines_from(&self, beginning: &str) -> &[Line] {
        let start = self.lines.partition_point(|it| *it.key < *beginning);
        let rest = self.lines.get(start..).unwrap_or_default();
        let end = rest.partition_point(|it| it.key.starts_with(beginning));
        rest.get(..end).unwrap_or_default()
    }

    /// Whether the lines from some letters on stand in few shards.
    fn is_narrow(&self, beginning: &str) -> bool {
        let first = self.shards.partition_point(|it| *it.start <= *beginning).max(1);
        let others = self.shards.get(first..).unwrap_or_default();
        let n_others = others.partition_point(|it| it.start.starts_with(beginning));
        n_others < MAX_SHARDS
    }

    /// Lines with a key.
    fn lines_of(&self, key: &str) -> &[Line] {
        let lines = self.lines_from(key);
        lines.get(..lines.partition_point(|it| *it.key == *key)).unwrap_or_default()
    }
}
