//! What the words of a briefing weigh: its title more than its text, and a word that a
//! short text says more than one of a long text.
//!
//! Everything is read off the metadata and the document tree, never off pages.
//! Weights do not depend on other briefings: an edit changes the words of one, and the
//! files of the others stay as they are.

use rustc_hash::FxHashMap;

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

/// The words of some briefings, each form once.
#[derive(Debug, Default)]
pub struct Terms {
    /// Forms (`text::spelling::form`), in the order in which they were met.
    pub forms: Vec<Box<str>>,
    /// Form and level of every word of every briefing, briefing by briefing.
    pub weights: Vec<(u32, u8)>,
    /// Where in `weights` each briefing ends.
    pub ends: Vec<usize>,
    ids: FxHashMap<Box<str>, u32>,
    /// The forms of what stands in a text, so that each spelling is folded once.
    written: FxHashMap<Box<str>, Box<[u32]>>,
    /// Weight of each form in the present briefing.
    present: Vec<f32>,
    touched: Vec<u32>,
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
        let document = &briefing.document;
        for heading in &document.headings {
            self.add(&heading.text, HEADING);
        }
        #[expect(clippy::cast_precision_loss, reason = "no text has 2^24 words")]
        let length = document.n_words as f32 / USUAL_LENGTH;
        let body = BODY * (1.0 / (0.4 + 0.6 * length)).clamp(0.5, 1.6);
        self.add(&document.plain_text(0..document.nodes.len()), body);
        for picture in &document.pictures {
            self.add(&picture.alt, body);
            self.add(picture.caption.as_deref().unwrap_or_default(), body);
        }
        self.finish();
    }

    /// Adds the words of a text.
    fn add(&mut self, text: &str, weight: f32) {
        for token in tokens(text) {
            let whole = text.get(token.range.clone()).unwrap_or_default();
            if !self.written.contains_key(whole) {
                let parts = token.parts.iter().filter_map(|it| text.get(it.clone()));
                let ids = std::iter::once(whole)
                    .chain(parts)
                    .filter_map(|it| self.id(&form(it)))
                    .collect();
                self.written.insert(whole.into(), ids);
            }
            for id in &self.written[whole] {
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
            self.weights.push((id, level(weight)));
        }
        self.ends.push(self.weights.len());
    }
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
