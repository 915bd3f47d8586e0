//! Related briefings, and topics that appear together.
//!
//! Both are counted from lists of topics, without looking at any text again, and both are
//! linear in the size of the site: of a topic that very many briefings share, only a part
//! is compared, because sharing it says little.

use std::cmp::Reverse;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::fingerprint::Fingerprint;
use crate::model::{BriefingId, TopicId};

/// How many related briefings a page shows.
const N_RELATED: usize = 4;

/// How many topics "appears with" shows.
const N_TOGETHER: usize = 12;

/// Of the briefings that share a topic, as many of the newest, and as many of those
/// published around the same time, are compared.
const N_SHARED: usize = 64;

/// What naming a topic counts where listing it counts 1.
const NAMED: f32 = 0.25;

/// What two briefings that list no common topic must share to be related: about two rare
/// names.
const MIN_NAMED: f32 = 1.0;

/// How many topics of one briefing are paired with each other.
const MAX_PAIRED: usize = 200;

/// Briefings whose related ones are found together: the scores of all are cleared once.
const CHUNK: usize = 32;

/// What a briefing is about, as far as similarity goes.
#[derive(Debug, Clone)]
pub struct Subject<'a, N> {
    /// Briefings of different languages are never related.
    pub lang: u32,
    /// Versions of one briefing are not related to each other.
    pub group: u32,
    /// Topics that the briefing lists.
    pub listed: &'a [TopicId],
    /// Topics that its text names.
    pub named: N,
}

/// A topic of a briefing, and whether it lists it.
type Shared = (TopicId, bool);

#[derive(Debug, Clone, Copy, Default)]
struct Score {
    sum: f32,
    shares_listed: bool,
}

/// For each briefing the most similar ones in its language, found when they are asked for.
///
/// Similarity is the sum of `ln(N / n)` over the topics that both list or name, where `n`
/// of `N` briefings do; a topic that one of them only names counts a quarter. The newer
/// one wins a tie.
#[derive(Debug)]
pub struct Related {
    /// Language and group of each briefing, newest first.
    subjects: Vec<(u32, u32)>,
    /// The topics of each briefing, those that it lists first.
    topics: Rows<Shared>,
    n_langs: usize,
    /// For each topic and language its briefings, newest first, and whether they list it.
    index: Rows<(u32, bool)>,
    /// Briefings of each language.
    totals: Vec<usize>,
    /// Those of neighbours are found together.
    found: Vec<OnceLock<Vec<Vec<BriefingId>>>>,
}

/// Lists that lie one after another in memory.
#[derive(Debug)]
struct Rows<T> {
    all: Vec<T>,
    /// Where each list begins, and where the last one ends.
    starts: Vec<u32>,
}

impl<T> Rows<T> {
    fn row(&self, at: usize) -> &[T] {
        &self.all[self.starts[at] as usize..self.starts[at + 1] as usize]
    }
}

fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

impl Related {
    /// Prepares the search. `subjects` stand newest first.
    pub fn new<'a, N: Iterator<Item = TopicId>>(
        subjects: impl Iterator<Item = Subject<'a, N>>,
        n_topics: usize,
    ) -> Self {
        let mut about = Vec::with_capacity(subjects.size_hint().0);
        let mut topics = Rows { all: Vec::new(), starts: vec![0] };
        for Subject { lang, group, listed, named } in subjects {
            about.push((lang, group));
            topics.all.extend(listed.iter().map(|it| (*it, true)));
            let besides = named.filter(|it| !listed.contains(it));
            topics.all.extend(besides.map(|it| (it, false)));
            topics.starts.push(index(topics.all.len()));
        }
        let n_langs = about.iter().map(|it| it.0 as usize + 1).max().unwrap_or(1);
        let mut totals = vec![0_usize; n_langs];
        for (lang, _) in &about {
            totals[*lang as usize] += 1;
        }
        let index = inverted(&about, &topics, n_topics, n_langs);
        let n_chunks = about.len().div_ceil(CHUNK);
        let found = std::iter::repeat_with(OnceLock::new).take(n_chunks).collect();
        Self { subjects: about, topics, n_langs, index, totals, found }
    }

    /// Takes over what an earlier build has found for the same subjects.
    pub(super) fn take_over(&mut self, lists: &[Vec<BriefingId>]) {
        let chunks = lists.chunks(CHUNK).map(|it| OnceLock::from(it.to_vec()));
        self.found = chunks.collect();
    }

    /// The list of each briefing, if all have been asked for.
    pub(super) fn all(&self) -> Option<Vec<Vec<BriefingId>>> {
        let chunks = self.found.iter().map(OnceLock::get);
        Some(chunks.collect::<Option<Vec<_>>>()?.into_iter().flatten().cloned().collect())
    }

    /// Adds all that decides about it to a fingerprint.
    pub(super) fn add_to(&self, print: &mut Fingerprint) {
        let Self { subjects, topics, n_langs, index, .. } = self;
        let n_rows = index.starts.len();
        print.number(subjects.len() as u64).number(*n_langs as u64).number(n_rows as u64);
        let mut bytes = Vec::with_capacity(subjects.len() * 12 + topics.all.len() * 5);
        for (at, (lang, group)) in subjects.iter().enumerate() {
            let own = topics.row(at);
            for number in [*lang, *group, self::index(own.len())] {
                bytes.extend(number.to_le_bytes());
            }
            for (topic, is_listed) in own {
                bytes.extend(topic.0.to_le_bytes());
                bytes.push(u8::from(*is_listed));
            }
        }
        print.hash(Fingerprint::of_bytes(&bytes));
    }

    /// Topics that a briefing lists.
    pub fn listed(&self, id: BriefingId) -> impl Iterator<Item = TopicId> + '_ {
        self.topics.row(id.at()).iter().take_while(|it| it.1).map(|it| it.0)
    }

    /// The briefings that are related to one, best first.
    pub fn of(&self, id: BriefingId) -> &[BriefingId] {
        let chunk = id.at() / CHUNK;
        &self.found[chunk].get_or_init(|| self.find(chunk * CHUNK))[id.at() % CHUNK]
    }

    /// The lists of one chunk, from its first briefing on.
    fn find(&self, first: usize) -> Vec<Vec<BriefingId>> {
        let Self { subjects, topics, n_langs, index, totals, .. } = self;
        let mut scores = vec![Score::default(); subjects.len()];
        let mut touched = Vec::new();
        let chunk = (0_u32..).zip(subjects).skip(first).take(CHUNK);
        chunk
            .map(|(at, (lang, _))| {
                let lang = *lang as usize;
                for (topic, is_listed) in topics.row(at as usize) {
                    let entries = index.row(topic.at() * n_langs + lang);
                    add(entries, at, *is_listed, totals[lang], &mut scores, &mut touched);
                }
                best(at, subjects, &mut scores, &mut touched)
            })
            .collect()
    }
}

/// For each topic and language, the briefings that have it.
fn inverted(
    about: &[(u32, u32)],
    topics: &Rows<Shared>,
    n_topics: usize,
    n_langs: usize,
) -> Rows<(u32, bool)> {
    let place = |topic: TopicId, lang: u32| topic.at() * n_langs + lang as usize;
    let each = || {
        let all = (0_u32..).zip(about);
        all.flat_map(|(at, (lang, _))| {
            let own = topics.row(at as usize).iter();
            own.map(move |(topic, is_listed)| (at, place(*topic, *lang), *is_listed))
        })
    };
    let mut starts = vec![0_u32; n_topics * n_langs + 1];
    each().for_each(|(_, place, _)| starts[place + 1] += 1);
    for at in 1..starts.len() {
        starts[at] += starts[at - 1];
    }
    let mut next = starts.clone();
    let mut all = vec![(0, false); topics.all.len()];
    for (at, place, is_listed) in each() {
        all[next[place] as usize] = (at, is_listed);
        next[place] += 1;
    }
    Rows { all, starts }
}

/// Adds what a briefing shares of one topic to the scores of the others.
fn add(
    all: &[(u32, bool)],
    own: u32,
    is_listed: bool,
    total: usize,
    scores: &mut [Score],
    touched: &mut Vec<u32>,
) {
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^24")]
    let rarity = (total as f32 / all.len().max(1) as f32).ln() + 0.01;
    let at = all.partition_point(|(id, _)| *id < own);
    let newest = all.len().min(N_SHARED);
    let near_start = at.saturating_sub(N_SHARED / 2).max(newest);
    let near_end = all.len().min(near_start + N_SHARED).max(near_start);
    for (other, other_lists) in all[..newest].iter().chain(&all[near_start..near_end]) {
        if *other == own {
            continue;
        }
        let score = &mut scores[*other as usize];
        if score.sum <= 0.0 {
            touched.push(*other);
        }
        let shares_listed = is_listed && *other_lists;
        score.sum += if shares_listed { rarity } else { rarity * NAMED };
        score.shares_listed |= shares_listed;
    }
}

/// Takes the best of the scores and clears them.
fn best(
    own: u32,
    subjects: &[(u32, u32)],
    scores: &mut [Score],
    touched: &mut Vec<u32>,
) -> Vec<BriefingId> {
    let mut ranked: Vec<(f32, u32)> = Vec::new();
    let group = subjects[own as usize].1;
    let order = |a: &(f32, u32), b: &(f32, u32)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
    for other in touched.drain(..) {
        let score = std::mem::take(&mut scores[other as usize]);
        let is_near = score.shares_listed || MIN_NAMED <= score.sum;
        if !is_near || subjects[other as usize].1 == group {
            continue;
        }
        let entry = (score.sum, other);
        let at = ranked.partition_point(|it| order(it, &entry).is_lt());
        if at < N_RELATED {
            ranked.insert(at, entry);
            ranked.truncate(N_RELATED);
        }
    }
    ranked.into_iter().map(|(_, id)| BriefingId(id)).collect()
}

/// A topic that appears with another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Together {
    /// The topic.
    pub topic: TopicId,
    /// In how many briefings both appear.
    pub n_briefings: u32,
    /// The same, each briefing that has them in one paragraph counted three times.
    pub weight: u32,
}

/// In how many briefings two topics appear, and the weight of it.
pub type Pairs = FxHashMap<(TopicId, TopicId), (u32, u32)>;

/// Counts the pairs of topics of some briefings. `named` gives for each its topics with the
/// paragraphs that name them, both in order. Two topics in one briefing count once, in one
/// paragraph of it three times.
pub fn pairs(named: impl Iterator<Item = Vec<(TopicId, Option<u32>)>>) -> Pairs {
    let mut pairs = Pairs::default();
    for named in named {
        add_pairs(&named, &mut pairs);
    }
    pairs
}

/// For each topic those that appear with it, most often first.
pub fn appears_with(n_topics: usize, parts: Vec<Pairs>) -> Vec<Vec<Together>> {
    let mut parts = parts.into_iter();
    let mut counts = parts.next().unwrap_or_default();
    for (pair, (n_briefings, weight)) in parts.flatten() {
        let sum = counts.entry(pair).or_default();
        sum.0 += n_briefings;
        sum.1 += weight;
    }
    let mut lists: Vec<Vec<Together>> = vec![Vec::new(); n_topics];
    #[expect(clippy::iter_over_hash_type, reason = "every list is sorted below")]
    for ((a, b), (n_briefings, weight)) in counts {
        let together = |topic| Together { topic, n_briefings, weight };
        lists[a.at()].push(together(b));
        lists[b.at()].push(together(a));
    }
    for list in &mut lists {
        list.sort_unstable_by_key(|it| (Reverse(it.weight), it.topic));
        list.truncate(N_TOGETHER);
        list.shrink_to_fit();
    }
    lists
}

/// Counts the pairs of topics of one briefing.
fn add_pairs(named: &[(TopicId, Option<u32>)], pairs: &mut Pairs) {
    let topics: Vec<&[(TopicId, Option<u32>)]> =
        named.chunk_by(|a, b| a.0 == b.0).take(MAX_PAIRED).collect();
    for (at, in_a) in topics.iter().enumerate() {
        for in_b in topics.iter().skip(at + 1) {
            let is_in_b =
                |it: u32| in_b.binary_search_by_key(&Some(it), |it| it.1).is_ok();
            let is_near = in_a.iter().filter_map(|it| it.1).any(is_in_b);
            let sum = pairs.entry((in_a[0].0, in_b[0].0)).or_default();
            sum.0 += 1;
            sum.1 += if is_near { 3 } else { 1 };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Related, Subject};
    use crate::model::{BriefingId, TopicId};

    #[derive(Clone)]
    struct Row {
        lang: u32,
        group: u32,
        listed: Vec<TopicId>,
        named: Vec<TopicId>,
    }

    fn subject(group: u32, listed: &[u32], named: &[u32]) -> Row {
        let ids = |it: &[u32]| it.iter().copied().map(TopicId).collect();
        Row { lang: 0, group, listed: ids(listed), named: ids(named) }
    }

    fn found(all: &[Row], n_topics: usize) -> Vec<Vec<BriefingId>> {
        let subjects = all.iter().map(|it| Subject {
            lang: it.lang,
            group: it.group,
            listed: &it.listed,
            named: it.named.iter().copied(),
        });
        let related = Related::new(subjects, n_topics);
        let all = (0..all.len()).map(BriefingId::from_index);
        all.map(|it| related.of(it).to_vec()).collect()
    }

    fn ids(of: &[u32]) -> Vec<BriefingId> {
        of.iter().copied().map(BriefingId).collect()
    }

    #[test]
    fn a_rare_topic_says_more_and_the_newer_one_wins_a_tie() {
        // Topic 0 is in all, topic 1 in two.
        let all = [
            subject(0, &[0], &[]),
            subject(1, &[0], &[]),
            subject(2, &[0, 1], &[]),
            subject(3, &[0, 1], &[]),
        ];
        let found = found(&all, 2);
        assert_eq!(found[3], ids(&[2, 0, 1]));
        assert_eq!(found[0], ids(&[1, 2, 3]));
    }

    #[test]
    fn versions_and_other_languages_are_never_related() {
        let mut all =
            [subject(0, &[0], &[]), subject(0, &[0], &[]), subject(1, &[0], &[])];
        all[2].lang = 1;
        assert!(found(&all, 1).iter().all(Vec::is_empty));
    }

    #[test]
    fn names_alone_relate_only_when_they_are_rare() {
        let mut all: Vec<Row> = (0..200).map(|it| subject(it, &[], &[0])).collect();
        all[5].named.extend([TopicId(1), TopicId(2)]);
        all[9].named.extend([TopicId(1), TopicId(2)]);
        let found = found(&all, 3);
        assert_eq!(found[5], ids(&[9]));
        assert!(found[0].is_empty());
    }

    #[test]
    fn old_briefings_find_their_contemporaries_behind_a_popular_topic() {
        let mut all: Vec<Row> = (0..2000).map(|it| subject(it, &[0], &[])).collect();
        all[1500].listed.push(TopicId(1));
        all[1510].listed.push(TopicId(1));
        assert_eq!(found(&all, 2)[1500].first(), Some(&BriefingId(1510)));
    }
}
