//! Neighbours: which briefings are related and which topics appear together, as an earlier
//! build has found it. Who lists and names what decides about both, and nothing else; as long
//! as that is the same, so are they.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::fingerprint::Fingerprint;
use crate::link::ArticleLinks;
use crate::link::related::{Related, Together};
use crate::model::BriefingId;

/// The neighbours of all briefings and topics of a site.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Neighbours {
    /// A fingerprint of what has decided about them (`print`).
    pub of: u128,
    /// For each briefing, those that are related to it.
    pub related: Vec<Vec<BriefingId>>,
    /// For each topic, those that appear with it.
    pub together: Vec<Vec<Together>>,
}

/// A fingerprint of who lists and names what. `firsts` are the versions that count for topics
/// that appear together.
pub(super) fn print(
    related: &Related,
    firsts: &[BriefingId],
    links: &[Arc<ArticleLinks>],
) -> u128 {
    let mut print = Fingerprint::new();
    related.add_to(&mut print);
    let mut named = Vec::new();
    for id in firsts {
        let all = &links[id.at()].mentions.all;
        let n_named = u32::try_from(all.len()).unwrap_or(u32::MAX);
        named.extend(id.0.to_le_bytes());
        named.extend(n_named.to_le_bytes());
        for mention in all {
            named.extend(mention.topic.0.to_le_bytes());
            named.extend(mention.paragraph.to_le_bytes());
        }
    }
    print.hash(Fingerprint::of_bytes(&named)).done()
}
