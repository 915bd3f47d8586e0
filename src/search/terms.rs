//! What the words of a briefing weigh: its title more than its text, and a word that a
//! short text says more than one of a long text.
//!
//! Everything is read off the metadata and the document tree, never off pages.
//! Weights do not depend on other briefings: an edit changes the words of one, and the
//! files of the others stay as they are.

use std::hash::BuildHasher;
use std::ops::Range;

use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::model::Site;
use crate::model::briefing::{Briefing, Byline};
use crate::text::date::DateFormatter;
use crate::text::spelling::{form, tokens};

/// Highest weight of a word in a briefing.
pub const N_LEVELS: u8 = 12;

/// A word of this weight has half of the highest.
const HALF: f32 = 2.5;

/// Length of a text whose words weigh as they are, in words.
const USUAL_LENGTH: f32 = 600.0;

const TITLE: f32 = 12.0;
const NUMBER: f32 = 8.0;
const SUMMARY: f32 = 5.0;
const AUTHOR: f32 = 5.0;
const SERIES: f32 = 4.0;
/// On top of the weight that a heading has as a part of the text.
const HEADING: f32 = 3.0;
const POINT: f32 = 3.0;
const TOPIC: f32 = 2.0;
const DATE: f32 = 1.5;
const BODY: f32 = 0.7;

/// A number and a level in four bytes, for there are millions: the form of a word of a
/// briefing, or the briefing of a word. They sort by number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Posting(u32);

impl Posting {
    /// Joins a number below 2^28 and a level.
    pub fn new(number: u32, level: u8) -> Self {
        Self(number << 4 | u32::from(level & 15))
    }

    /// The number.
    pub fn number(self) -> u32 {
        self.0 >> 4
    }

    /// The level.
    pub fn level(self) -> u8 {
        (self.0 & 15) as u8
    }
}

/// Postings in a cache: runs of bytes, four for each posting, the lowest first. One by one they
/// would take longer than all the rest of it.
pub mod packed {
    use std::fmt;

    use serde::de::{Error, SeqAccess, Visitor};
    use serde::{Deserializer, Serialize, Serializer};

    use super::Posting;

    /// Postings of one run.
    const MANY: usize = 1 << 14;

    /// Room is made for so many runs at most before they are read.
    const MANY_RUNS: usize = 1 << 10;

    /// Writes postings.
    ///
    /// # Errors
    ///
    /// The serialiser refuses bytes.
    pub fn serialize<S: Serializer>(
        postings: &[Posting],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(postings.chunks(MANY).map(Run))
    }

    struct Run<'a>(&'a [Posting]);

    impl Serialize for Run<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut bytes = Vec::with_capacity(self.0.len() * 4);
            for posting in self.0 {
                bytes.extend_from_slice(&posting.0.to_le_bytes());
            }
            serializer.serialize_bytes(&bytes)
        }
    }

    /// Reads them again.
    ///
    /// # Errors
    ///
    /// The bytes are not four for each.
    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<Posting>, D::Error> {
        struct Runs;

        impl<'de> Visitor<'de> for Runs {
            type Value = Vec<Posting>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("four bytes for each posting")
            }

            fn visit_seq<A: SeqAccess<'de>>(
                self,
                mut runs: A,
            ) -> Result<Self::Value, A::Error> {
                let n_runs = runs.size_hint().unwrap_or(0).min(MANY_RUNS);
                let mut all = Vec::with_capacity(n_runs * MANY);
                while let Some(run) = runs.next_element::<&[u8]>()? {
                    let (postings, rest) = run.as_chunks();
                    if !rest.is_empty() {
                        return Err(A::Error::invalid_length(run.len(), &self));
                    }
                    all.extend(
                        postings.iter().map(|it| Posting(u32::from_le_bytes(*it))),
                    );
                }
                all.shrink_to_fit();
                Ok(all)
            }
        }

        deserializer.deserialize_seq(Runs)
    }
}

/// The words of some briefings, each form once.
#[derive(Debug, Default)]
pub struct Terms {
    /// Forms (`text::spelling::form`), in the order in which they were met.
    pub forms: Vec<Box<str>>,
    /// Form and level of every word of every briefing, briefing by briefing.
    pub weights: Vec<Posting>,
    /// Where in `weights` each briefing ends.
    pub ends: Vec<usize>,
    ids: FxHashMap<Box<str>, u32>,
    /// What stands in a text, so that each spelling is folded once.
    spellings: Spellings,
    /// Weight of each form in the present briefing.
    present: Vec<f32>,
    touched: Vec<u32>,
    /// Memory for the text of a briefing.
    text: String,
}

impl Terms {
    /// Reads a briefing.
    pub fn read(&mut self, briefing: &Briefing, site: &Site, dates: &DateFormatter) {
        let lang = &briefing.lang;
        let meta = &briefing.meta;
        self.add(&briefing.title, TITLE);
        if let Some(number) = &meta.number {
            self.add(&number.value, NUMBER);
        }
        let summary = meta.summary.as_ref().and_then(|it| it.value.get(lang));
        self.add(summary.unwrap_or_default(), SUMMARY);
        let points = meta.key_points.iter().flat_map(|it| &it.value);
        let judgements = meta.key_judgements.iter().flat_map(|it| &it.value);
        for point in points.chain(judgements.map(|it| &it.text)) {
            self.add(point.get(lang).unwrap_or_default(), POINT);
        }
        for byline in &briefing.authors {
            match byline {
                Byline::Name(name) => self.add(name, AUTHOR),
                Byline::Author(id) => {
                    for (_, name) in site.authors[id.at()].name.iter() {
                        self.add(name, AUTHOR);
                    }
                }
            }
        }
        if let Some((id, _)) = briefing.series {
            let title = &site.series[id.at()].title;
            let title = title.best(lang, &site.config.lang);
            self.add(title.map_or("", |(_, it)| it), SERIES);
        }
        for topic in &briefing.topics {
            let title = site.topics[topic.at()].title.get(lang);
            self.add(title.unwrap_or_default(), TOPIC);
        }
        if let Some(date) = &briefing.date {
            self.add(&dates.long(date.date), DATE);
            self.add(&date.date.year().to_string(), DATE);
        }
        let document = briefing.body.document();
        for heading in &document.outline.headings {
            self.add(&heading.text, HEADING);
        }
        #[expect(clippy::cast_precision_loss, reason = "no text has 2^24 words")]
        let length = document.outline.n_words as f32 / USUAL_LENGTH;
        let body = BODY * (1.0 / (0.4 + 0.6 * length)).clamp(0.5, 1.6);
        let mut text = std::mem::take(&mut self.text);
        text.clear();
        document.push_plain_text(0..document.nodes.len(), &mut text);
        self.add(&text, body);
        self.text = text;
        for picture in &document.outline.pictures {
            self.add(&picture.alt, body);
            self.add(picture.caption.as_deref().unwrap_or_default(), body);
        }
        self.finish();
    }

    /// Adds the words of a text.
    fn add(&mut self, text: &str, weight: f32) {
        for token in tokens(text) {
            let whole = text.get(token.range.clone()).unwrap_or_default();
            let forms = match self.spellings.forms(whole) {
                Ok(forms) => forms,
                Err(empty) => {
                    let parts = token.parts.iter().filter_map(|it| text.get(it.clone()));
                    let ids: Vec<u32> = std::iter::once(whole)
                        .chain(parts)
                        .filter_map(|it| self.id(&form(it)))
                        .collect();
                    self.spellings.insert(empty, whole, &ids)
                }
            };
            for id in self.spellings.ids.get(forms).unwrap_or_default() {
                let present = &mut self.present[*id as usize];
                if *present == 0.0 {
                    self.touched.push(*id);
                }
                *present += weight;
            }
        }
    }

    /// The number of a form; none for one that no browser compares as we do.
    fn id(&mut self, form: &str) -> Option<u32> {
        if form.is_empty() || form.chars().any(|it| u32::from(it) > 0xFFFF) {
            return None;
        }
        if let Some(id) = self.ids.get(form) {
            return Some(*id);
        }
        let id = u32::try_from(self.forms.len()).ok()?;
        self.forms.push(form.into());
        self.present.push(0.0);
        self.ids.insert(form.into(), id);
        Some(id)
    }

    fn finish(&mut self) {
        for id in self.touched.drain(..) {
            let weight = std::mem::take(&mut self.present[id as usize]);
            self.weights.push(Posting::new(id, level(weight)));
        }
        self.ends.push(self.weights.len());
    }
}

/// Spellings and the forms that each stands for. Every word of every text is looked up in
/// it, so it is a table of its own: letters and forms lie one behind the other, and a word
/// that is known costs two looks into memory where a map of boxes costs four.
#[derive(Debug, Default)]
struct Spellings {
    /// As many as a power of two; a spelling stands in the first free one from its hash on.
    slots: Vec<Spelling>,
    n_used: usize,
    letters: String,
    ids: Vec<u32>,
}

/// A slot of `Spellings`; a free one has no letters.
#[derive(Debug, Clone, Copy, Default)]
struct Spelling {
    hash: u32,
    letters: u32,
    ids: u32,
    n_letters: u8,
    n_ids: u8,
}

impl Spelling {
    fn letters(self) -> Range<usize> {
        self.letters as usize..self.letters as usize + usize::from(self.n_letters)
    }

    fn ids(self) -> Range<usize> {
        self.ids as usize..self.ids as usize + usize::from(self.n_ids)
    }
}

impl Spellings {
    /// Where in `ids` the forms of a spelling stand, or the hash of one that is new.
    #[inline]
    fn forms(&self, spelling: &str) -> Result<Range<usize>, u32> {
        let hash = hash(spelling);
        match self.find(hash, spelling) {
            Some(found) if found.n_letters != 0 => Ok(found.ids()),
            _ => Err(hash),
        }
    }

    /// The slot of a spelling, or the free one where it would stand.
    #[inline]
    fn find(&self, hash: u32, spelling: &str) -> Option<Spelling> {
        let (letters, mask) = (self.letters.as_bytes(), self.slots.len().wrapping_sub(1));
        let mut at = hash as usize & mask;
        loop {
            let slot = *self.slots.get(at)?;
            let is_same = || letters.get(slot.letters()) == Some(spelling.as_bytes());
            if slot.n_letters == 0 || (slot.hash == hash && is_same()) {
                return Some(slot);
            }
            at = (at + 1) & mask;
        }
    }

    /// Adds a spelling that is not known. `tokens` gives none of more than 120 bytes, so
    /// lengths fit into one.
    fn insert(&mut self, hash: u32, spelling: &str, ids: &[u32]) -> Range<usize> {
        if self.slots.len() * 3 / 4 <= self.n_used {
            let slots = vec![Spelling::default(); (self.slots.len() * 2).max(1024)];
            for slot in std::mem::replace(&mut self.slots, slots) {
                if slot.n_letters != 0 {
                    self.put(slot);
                }
            }
        }
        let spelled = Spelling {
            hash,
            letters: index(self.letters.len()),
            ids: index(self.ids.len()),
            n_letters: u8::try_from(spelling.len()).unwrap_or(u8::MAX),
            n_ids: u8::try_from(ids.len()).unwrap_or(u8::MAX),
        };
        self.letters.push_str(spelling);
        self.ids.extend_from_slice(ids);
        self.n_used += 1;
        self.put(spelled);
        spelled.ids()
    }

    fn put(&mut self, spelling: Spelling) {
        let mask = self.slots.len() - 1;
        let mut at = spelling.hash as usize & mask;
        while self.slots[at].n_letters != 0 {
            at = (at + 1) & mask;
        }
        self.slots[at] = spelling;
    }
}

#[inline]
fn hash(spelling: &str) -> u32 {
    let hash = FxBuildHasher.hash_one(spelling);
    u32::try_from((hash ^ hash >> 32) & u64::from(u32::MAX)).unwrap_or_default()
}

fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// A weight as one of a few levels, from 1.
fn level(weight: f32) -> u8 {
    let share = weight / (weight + HALF);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the share is between 0 and 1"
    )]
    let level = (share * f32::from(N_LEVELS)).round() as u8;
    level.clamp(1, N_LEVELS)
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    use super::{Posting, packed};

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Packed(#[serde(with = "packed")] Vec<Posting>);

    #[test]
    fn postings_in_a_cache_are_read_again() {
        for n in [0, 1, 16_384, 16_385, 40_000] {
            let level = |it: u32| u8::try_from(it % 13).unwrap();
            let all = Packed((0..n).map(|it| Posting::new(it * 7, level(it))).collect());
            let bytes = postcard::to_allocvec(&all).unwrap();
            assert_eq!(postcard::from_bytes::<Packed>(&bytes).unwrap(), all);
        }
    }

    #[test]
    fn a_run_of_other_bytes_is_refused() {
        let bytes = postcard::to_allocvec(&[b"four five".as_slice()]).unwrap();
        // A list and an array differ in their length before them.
        let bytes = [&[1], &bytes[..]].concat();
        assert!(postcard::from_bytes::<Packed>(&bytes).is_err());
    }
}
