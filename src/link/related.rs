//! Related briefings, and topics that appear together.

use std::cmp::Reverse;
use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use crate::model::{BriefingId, Site, TopicId};

/// How many related briefings a page shows.
const N_RELATED: usize = 4;

/// How many topics "appears with" shows.
const N_TOGETHER: usize = 12;

/// Of a topic that very many briefings share, only the newest are compared: sharing it
/// says little, and the newest are preferred anyway. Keeps the work linear.
const MAX_SHARED: usize = 256;

/// For each briefing the most similar ones in its language, best first.
///
/// Similarity is the sum of `ln(N / n)` over the topics that both list, where `n` of `N`
/// briefings list the topic; the newer one wins a tie.
pub fn related(site: &Site) -> Vec<Vec<BriefingId>> {
    let mut lists: Vec<Vec<u32>> = vec![Vec::new(); site.topics.len()];
    for (at, briefing) in site.briefings.iter().enumerate() {
        for topic in &briefing.topics {
            lists[topic.at()].push(BriefingId::from_index(at).0);
        }
    }
    let total = site.briefings.len().max(1);
    let mut result = Vec::with_capacity(site.briefings.len());
    let mut scores: HashMap<u32, f64, FxBuildHasher> = HashMap::default();
    for (at, briefing) in site.briefings.iter().enumerate() {
        scores.clear();
        for topic in &briefing.topics {
            let list = &lists[topic.at()];
            #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
            let weight = (total as f64 / list.len().max(1) as f64).ln() + 0.01;
            for other in list.iter().take(MAX_SHARED) {
                let is_other = *other as usize != at
                    && site.briefings[*other as usize].lang == briefing.lang
                    && site.briefings[*other as usize].id != briefing.id;
                if is_other {
                    *scores.entry(*other).or_insert(0.0) += weight;
                }
            }
        }
        let mut ranked: Vec<(u32, f64)> =
            scores.iter().map(|(id, it)| (*id, *it)).collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        ranked.truncate(N_RELATED);
        result.push(ranked.into_iter().map(|(id, _)| BriefingId(id)).collect());
    }
    result
}

/// For each topic those that appear with it, most often first. Two topics in one briefing
/// count once, in one paragraph of it three times.
pub fn appears_with(
    n_topics: usize,
    briefings: impl Iterator<Item = Vec<(TopicId, Vec<u32>)>>,
) -> Vec<Vec<TopicId>> {
    let mut counts: HashMap<(u32, u32), u32, FxBuildHasher> = HashMap::default();
    for named in briefings {
        for (at, (a, in_a)) in named.iter().enumerate() {
            for (b, in_b) in named.iter().skip(at + 1) {
                let is_near = in_a.iter().any(|it| in_b.binary_search(it).is_ok());
                let pair = (a.0.min(b.0), a.0.max(b.0));
                *counts.entry(pair).or_insert(0) += if is_near { 3 } else { 1 };
            }
        }
    }
    let mut lists: Vec<Vec<(u32, u32)>> = vec![Vec::new(); n_topics];
    #[expect(clippy::iter_over_hash_type, reason = "every list is sorted below")]
    for ((a, b), count) in counts {
        lists[a as usize].push((count, b));
        lists[b as usize].push((count, a));
    }
    lists
        .into_iter()
        .map(|mut list| {
            list.sort_unstable_by_key(|(count, topic)| (Reverse(*count), *topic));
            list.truncate(N_TOGETHER);
            list.into_iter().map(|(_, topic)| TopicId(topic)).collect()
        })
        .collect()
}
