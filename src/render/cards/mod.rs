//! Social cards: the picture that a page is shared with.
//!
//! A card holds what it is drawn from and nothing else, so its hash is its name, and a card
//! that has not changed is not drawn again. `text` shapes, `wrap` breaks lines, `raster`
//! draws; this module decides what stands where.
#![expect(clippy::cast_precision_loss, reason = "measures are small")]

mod raster;
mod text;
mod wrap;

#[cfg(test)]
mod tests;

use crate::colour::{MIN_CONTRAST, PAPER, Rgb};
use crate::model::{BriefingId, TopicId};
use crate::parse::front_matter::Status;
use crate::render::cards::raster::{Canvas, Ink, Outline};
use crate::render::cards::text::{Line, Paragraph, Weight};
use crate::render::cards::wrap::{wrap, wrap_sentences};
use crate::render::scope::Scope;
use crate::render::{Later, Sink};
use crate::text::direction::Direction;
use crate::text::isolate::embed;
use crate::text::lang::Lang;

pub use crate::render::cards::raster::{HEIGHT, WIDTH};

/// Part of the hash of every card: to be counted up when cards look different.
const DESIGN: u32 = 2;

/// Colours of the theme, as in `static/css/tokens.css`.
const TEXT: Rgb = Rgb([0x17, 0x19, 0x1b]);
const MUTED: Rgb = Rgb([0x56, 0x5b, 0x60]);
const RULE: Rgb = Rgb([0xdc, 0xd8, 0xcd]);
const ACCENT: Rgb = Rgb([0x0b, 0x53, 0x60]);

/// Paper at the sides.
const MARGIN: usize = 84;
/// Width of the bar at the side where lines begin.
const BAR: usize = 20;
/// Longest line.
const MEASURE: f32 = WIDTH as f32 - 2.0 * MARGIN as f32;

/// A text and its language.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Words {
    text: String,
    lang: Lang,
}

/// What a card is drawn from.
#[derive(Debug, Clone, PartialEq, Eq)]
struct SocialCard {
    /// Language of the page.
    lang: Lang,
    /// Title of the site; none on the card of the site itself, and where its letters are not
    /// in the fonts.
    site: Option<Words>,
    /// Kind of the page, in words; empty on the card of the site.
    kind: String,
    /// Title of the page; of the site, on the card of the site.
    title: Words,
    /// A sentence under the title.
    summary: Option<Words>,
    /// Date, in words; host, on the card of the site.
    foot: String,
    /// Number of a briefing.
    number: String,
    accent: Rgb,
}

impl SocialCard {
    /// The card with its name.
    fn named(self) -> NamedCard {
        NamedCard { path: self.path(), card: self }
    }

    /// Path of the picture in the output.
    fn path(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&DESIGN.to_le_bytes());
        hasher.update(&self.accent.0);
        let (site, summary) = (self.site.as_ref(), self.summary.as_ref());
        let parts = [
            self.lang.as_str(),
            site.map_or("", |it| it.lang.as_str()),
            site.map_or("", |it| &it.text),
            &self.kind,
            self.title.lang.as_str(),
            &self.title.text,
            summary.map_or("", |it| it.lang.as_str()),
            summary.map_or("", |it| &it.text),
            &self.foot,
            &self.number,
        ];
        for part in parts {
            hasher.update(part.as_bytes());
            // No text of a page has this byte, so that the parts keep apart.
            hasher.update(&[0xff]);
        }
        let hash = hasher.finalize().to_hex();
        format!("assets/cards/{}.png", hash.get(..20).unwrap_or_default())
    }

    /// The picture, as a PNG.
    fn draw(&self) -> Vec<u8> {
        self.canvas().to_png(PAPER, |ink| match ink {
            Ink::Text => TEXT,
            Ink::Muted => MUTED,
            Ink::Accent => self.accent,
            Ink::Rule => RULE,
        })
    }

    fn canvas(&self) -> Canvas {
        let mut drawing =
            Drawing { card: self, canvas: Canvas::new(), outline: Outline::new() };
        drawing.frame();
        drawing.body();
        drawing.canvas
    }

    /// The accent, where it can be read on paper.
    fn signal(&self) -> Ink {
        if MIN_CONTRAST <= self.accent.contrast(PAPER) { Ink::Accent } else { Ink::Text }
    }
}

/// A card and the name that it has by what it holds.
#[derive(Debug, Clone)]
pub struct NamedCard {
    /// Path of the picture in the output.
    pub path: String,
    card: SocialCard,
}

impl NamedCard {
    /// Puts the card into the output, unless it is there already.
    pub fn put(&self, sink: &dyn Sink) {
        let later = || -> Later {
            let card = self.card.clone();
            Box::new(move || Ok(card.draw()))
        };
        if !sink.make_later(&self.path, &later) {
            sink.make(&self.path, &|| self.card.draw());
        }
    }
}

/// The side at which a text stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    /// Where lines of the page begin.
    Start,
    /// Where they end.
    End,
}

/// Baseline of the site's name.
const MASTHEAD: f32 = 94.0;
/// Height of the rule under it.
const RULE_AT: usize = 126;
/// Baseline of the kind; where there is no name, it stands in its place.
const KIND: f32 = 192.0;
/// Where the title may begin and end.
const TITLE: (f32, f32) = (220.0, 500.0);
/// The same where there is no name above it.
const TITLE_ALONE: (f32, f32) = (120.0, 500.0);
/// Baseline of the last line.
const FOOT: f32 = 568.0;

/// From the top of a line to its baseline, and from there to its end, in ems.
const ASCENT: f32 = 1.0;
const DESCENT: f32 = 0.3;

/// A card on the way to its pixels.
struct Drawing<'a> {
    card: &'a SocialCard,
    canvas: Canvas,
    /// Of the text that is being drawn.
    outline: Outline,
}

impl Drawing<'_> {
    fn is_rtl(&self) -> bool {
        Direction::of(&self.card.lang) == Direction::Rtl
    }

    /// Everything but title and summary: bar, name of the site, rule, kind, last line.
    fn frame(&mut self) {
        let card = self.card;
        let bar = if self.is_rtl() { WIDTH as usize - BAR } else { 0 };
        self.canvas.rectangle(bar, 0, (BAR, HEIGHT as usize), Ink::Accent);
        if let Some(site) = &card.site {
            let site = Paragraph::new(&site.text, &site.lang, Weight::Bold);
            self.one_line(&site, Side::Start, (MASTHEAD, 44.0, 1.0), Ink::Text);
            let width = WIDTH as usize - 2 * MARGIN;
            self.canvas.rectangle(MARGIN, RULE_AT, (width, 2), Ink::Rule);
        }
        let kind = Paragraph::new(&card.kind, &card.lang, Weight::Bold);
        let kind_at = if card.site.is_some() { KIND } else { MASTHEAD };
        self.one_line(&kind, Side::Start, (kind_at, 34.0, 1.0), card.signal());
        let foot = Paragraph::new(&card.foot, &card.lang, Weight::Regular);
        self.one_line(&foot, Side::Start, (FOOT, 32.0, 0.64), Ink::Muted);
        let number = Paragraph::new(&card.number, &card.lang, Weight::Regular);
        self.one_line(&number, Side::End, (FOOT, 32.0, 0.32), Ink::Muted);
    }

    fn body(&mut self) {
        let card = self.card;
        let (top, bottom) = if card.site.is_some() { TITLE } else { TITLE_ALONE };
        let leading = leading(&card.title.lang);
        let manner =
            if card.summary.is_some() { wrap::TITLE_OF_TWO } else { wrap::TITLE };
        let is_low_enough = |size: f32, n_lines: usize| {
            let below_first = (n_lines as f32 - 1.0) * leading;
            (ASCENT + below_first + DESCENT) * size <= bottom - top
        };
        let title = Paragraph::new(&card.title.text, &card.title.lang, Weight::Bold);
        let title = wrap(&title, MEASURE, manner, &is_low_enough);
        let mut baseline = top + ASCENT * title.size;
        for (at, line) in title.lines.iter().enumerate() {
            if at != 0 {
                baseline += leading * title.size;
            }
            self.text(line, Side::Start, baseline, title.size, Ink::Text);
        }
        if let Some(summary) = &card.summary {
            let bottom = if card.foot.is_empty() { FOOT } else { bottom };
            self.summary(summary, baseline + (DESCENT + 0.06) * title.size, bottom);
        }
    }

    /// A summary between two heights; what is too long ends with a sentence.
    fn summary(&mut self, summary: &Words, top: f32, bottom: f32) {
        let leading = leading(&summary.lang) * 1.08;
        let is_low_enough =
            |size: f32, n_lines: usize| n_lines as f32 * leading * size <= bottom - top;
        let text = Paragraph::new(&summary.text, &summary.lang, Weight::Regular);
        let fitting = wrap_sentences(&text, MEASURE, wrap::SUMMARY, &is_low_enough);
        let mut baseline = top;
        for line in &fitting.lines {
            baseline += fitting.size * leading;
            self.text(line, Side::Start, baseline, fitting.size, Ink::Muted);
        }
    }

    /// A short text at a baseline, in a size; smaller where it is longer than its share of
    /// the line.
    fn one_line(
        &mut self,
        text: &Paragraph<'_>,
        side: Side,
        (baseline, size, share): (f32, f32, f32),
        ink: Ink,
    ) {
        let line = text.all();
        let most = MEASURE * share;
        let size = if most < line.width * size { most / line.width } else { size };
        self.text(&line, side, baseline, size, ink);
    }

    fn text(&mut self, line: &Line, side: Side, baseline: f32, size: f32, ink: Ink) {
        let is_left = (side == Side::Start) != self.is_rtl();
        let right = MARGIN as f32 + MEASURE - line.width * size;
        let x = if is_left { MARGIN as f32 } else { right };
        line.draw(x, baseline, size, &mut self.outline);
        self.canvas.fill(&mut self.outline, ink);
    }
}

/// Distance of lines in ems, as in `static/css/tokens.css`.
fn leading(lang: &Lang) -> f32 {
    match lang.script() {
        "Arab" => 1.34,
        "Hebr" => 1.25,
        _ => 1.15,
    }
}

/// A text whose letters are in the fonts.
fn readable(lang: &Lang, text: &str) -> Option<Words> {
    let words = || Words { text: text.to_owned(), lang: lang.clone() };
    text::is_readable(text).then(words)
}

impl Scope<'_> {
    fn social_card(&self, title: &str, title_lang: &Lang) -> SocialCard {
        let config = &self.site.config;
        let (site_lang, site) = self.site_title();
        let accent = config.theme.accent.as_ref();
        SocialCard {
            lang: self.lang.clone(),
            site: readable(site_lang, site),
            kind: String::new(),
            title: Words { text: title.to_owned(), lang: title_lang.clone() },
            summary: None,
            foot: String::new(),
            number: String::new(),
            accent: accent.map_or(ACCENT, |it| it.value),
        }
    }

    /// The card of pages that have none of their own; none when cards are off or the letters
    /// of its title are not in the fonts.
    pub fn card_of_site(&self) -> Option<NamedCard> {
        let config = &self.site.config;
        let (lang, title) = self.site_title();
        let description = config.description.best(self.lang, &config.lang);
        let host = config.base_url.split_once("://").map_or("", |(_, it)| it);
        let is_wanted = config.cards && text::is_readable(title);
        let card = is_wanted.then(|| SocialCard {
            summary: description.and_then(|(lang, text)| readable(lang, text)),
            site: None,
            foot: embed(
                host.trim_end_matches('/'),
                Direction::Ltr,
                Direction::of(self.lang),
            ),
            ..self.social_card(title, lang)
        });
        card.map(SocialCard::named)
    }

    /// The card of a briefing; none when cards are off or its letters are not in the fonts.
    pub fn briefing_card(&self, id: BriefingId) -> Option<NamedCard> {
        let briefing = &self.site.briefings[id.at()];
        let is_wanted = self.site.config.cards && text::is_readable(&briefing.title);
        let number = briefing.meta.number.as_ref();
        let kind = match briefing.status {
            Status::Withdrawn => self.words.get("withdrawn"),
            _ => self.kind(briefing.kind),
        };
        let card = is_wanted.then(|| SocialCard {
            kind: kind.to_owned(),
            foot: briefing
                .date
                .as_ref()
                .map(|it| self.stamp(it).text)
                .unwrap_or_default(),
            number: number.map(|it| it.value.clone()).unwrap_or_default(),
            ..self.social_card(&briefing.title, &briefing.lang)
        });
        card.map(SocialCard::named)
    }

    /// The card of a topic that has a page; none when cards are off or its letters are not
    /// in the fonts.
    pub fn topic_social_card(&self, id: TopicId) -> Option<NamedCard> {
        self.links.routes.topic(id, self.at)?;
        let config = &self.site.config;
        let topic = &self.site.topics[id.at()];
        let (lang, title) = topic.title.best(self.lang, &config.lang)?;
        let is_wanted = config.cards && text::is_readable(title);
        let summary = topic.meta.summary.as_ref();
        let summary = summary.and_then(|it| it.value.get(self.lang));
        let card = is_wanted.then(|| SocialCard {
            kind: self.words.get(Self::kind_of_topic(topic)).to_owned(),
            summary: summary.and_then(|it| readable(self.lang, it)),
            ..self.social_card(title, lang)
        });
        card.map(SocialCard::named)
    }
}
