//! Shaping: from a text to glyphs in the order and the places in which they are drawn.
//!
//! Everything is in ems, so that a text is shaped once and drawn at any size. The one file
//! that names `harfrust`.
#![expect(clippy::cast_precision_loss, reason = "measures are small")]

use std::ops::Range;
use std::sync::LazyLock;

use harfrust::font::Blob;
use harfrust::font::glyph::outline::{DrawMemory, DrawOptions, PathSink};
use harfrust::{Buffer, Font, GlyphId, Language, ShapeOptions, ShaperFont, shape};
use unicode_bidi::{BidiInfo, Level, ParagraphBidiInfo};
use unicode_normalization::UnicodeNormalization;

use crate::render::cards::raster::Outline;
use crate::text::direction::Direction;
use crate::text::isolate::plain_slot;
use crate::text::lang::Lang;

/// How heavy letters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Bold,
}

/// A font in the weights that cards use.
struct Face {
    regular: Font,
    bold: Font,
    /// What its letters are enlarged by, as in `static/css/fonts.css`.
    scale: f32,
}

impl Face {
    fn new(bytes: &'static [u8], scale: f32) -> Self {
        let regular = Font::new(Blob::from(bytes), 0).expect("the font is built in");
        let weight =
            |it: f32| regular.instance_builder().variations([("wght", it)]).build();
        Self { bold: weight(BOLD), regular: weight(REGULAR), scale }
    }

    fn font(&self, weight: Weight) -> &Font {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }

    fn has(&self, letter: char) -> bool {
        is_invisible(letter) || self.regular.charmap().map_unicode(letter).is_some()
    }
}

const REGULAR: f32 = 450.0;
const BOLD: f32 = 700.0;

const ARABIC: usize = 0;
const HEBREW: usize = 1;
const LATIN: usize = 2;

/// More than three lines of the narrowest letters in the smallest size hold.
const MAX_LETTERS: usize = 600;

/// Longest run of the other direction that lines keep whole, in letters.
const MAX_UNBROKEN: usize = 26;

/// Read once, shared by all cards.
static FACES: LazyLock<[Face; 3]> = LazyLock::new(|| {
    [
        Face::new(include_bytes!("fonts/markazi-arabic.ttf"), 1.2),
        Face::new(include_bytes!("fonts/frank-ruhl-hebrew.ttf"), 1.0),
        Face::new(include_bytes!("fonts/markazi-latin.ttf"), 1.2),
    ]
});

/// Joiners, which shape their neighbours, and direction controls.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{200C}' | '\u{200D}') || is_control(letter)
}

/// What has done its work once the order of a line is known.
fn is_control(letter: char) -> bool {
    matches!(letter, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{AD}' | '\u{200B}' | '\u{2060}')
}

/// Whether a line may be broken here.
fn is_break(letter: char) -> bool {
    letter.is_whitespace() && !matches!(letter, '\u{A0}' | '\u{2007}' | '\u{202F}')
}

/// Where to look for the letters of a text in a language.
fn faces_for(lang: &Lang) -> [usize; 3] {
    match lang.script() {
        "Arab" => [ARABIC, LATIN, HEBREW],
        "Hebr" => [HEBREW, LATIN, ARABIC],
        _ => [LATIN, ARABIC, HEBREW],
    }
}

/// Whether most letters of a text are in the fonts. What is missing is left out, and a title
/// that has lost half of itself says something else.
pub(super) fn is_readable(text: &str) -> bool {
    let letters = || text.nfc().filter(|it| it.is_alphanumeric());
    let n_missing = letters().filter(|it| !FACES.iter().any(|face| face.has(*it)));
    n_missing.count() * 2 < letters().count()
}

/// A glyph in its place; all measures in ems.
struct Glyph {
    font: &'static Font,
    id: GlyphId,
    x: f32,
    y: f32,
    /// Ems in a unit of the font.
    unit: f32,
}

/// Shaped glyphs from left to right.
pub(super) struct Line {
    glyphs: Vec<Glyph>,
    /// In ems.
    pub(super) width: f32,
}

impl Line {
    /// Glyphs from left to right, with the places where they begin in ems.
    #[cfg(test)]
    pub(super) fn places(&self) -> Vec<(u32, f32)> {
        self.glyphs.iter().map(|it| (it.id.to_u32(), it.x)).collect()
    }

    /// Draws the line: `x` is its left end.
    pub(super) fn draw(&self, x: f32, baseline: f32, size: f32, outline: &mut Outline) {
        for glyph in &self.glyphs {
            let Some(shape) = glyph.font.outline_glyphs().get(glyph.id) else { continue };
            let mut pen = Pen {
                x: x + glyph.x * size,
                y: baseline - glyph.y * size,
                scale: glyph.unit * size,
                start: (0.0, 0.0),
                at: (0.0, 0.0),
                outline,
            };
            // A glyph of our own fonts can always be drawn.
            let _ = shape.draw(&DrawOptions::new(), DrawMemory::Scratch, &mut pen);
        }
    }
}

/// Turns the outline of a glyph into edges on the canvas.
struct Pen<'a> {
    x: f32,
    y: f32,
    scale: f32,
    start: (f32, f32),
    at: (f32, f32),
    outline: &'a mut Outline,
}

impl Pen<'_> {
    fn place(&self, x: f32, y: f32) -> (f32, f32) {
        (self.x + x * self.scale, self.y - y * self.scale)
    }

    fn go(&mut self, to: (f32, f32)) {
        self.outline.edge(self.at, to);
        self.at = to;
    }
}

impl PathSink for Pen<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.at = self.place(x, y);
        self.start = self.at;
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.go(self.place(x, y));
    }

    fn quad_to(&mut self, cx0: f32, cy0: f32, x: f32, y: f32) {
        let (from, control, to) = (self.at, self.place(cx0, cy0), self.place(x, y));
        let bend = (from.0 - 2.0 * control.0 + to.0).abs()
            + (from.1 - 2.0 * control.1 + to.1).abs();
        // A chord is nowhere further than a twentieth of a pixel from its curve.
        let n_chords = (bend * 5.0).sqrt().ceil().clamp(1.0, 64.0);
        let mut step = 1.0;
        while step < n_chords {
            let done = step / n_chords;
            let left = 1.0 - done;
            let at = |from: f32, control: f32, to: f32| {
                left * left * from + 2.0 * left * done * control + done * done * to
            };
            self.go((at(from.0, control.0, to.0), at(from.1, control.1, to.1)));
            step += 1.0;
        }
        self.go(to);
    }

    fn curve_to(&mut self, _: f32, _: f32, _: f32, _: f32, x: f32, y: f32) {
        // TrueType outlines have no cubic curves.
        self.line_to(x, y);
    }

    fn close(&mut self) {
        self.go(self.start);
    }
}

/// A text of one paragraph, with the order of its parts.
pub(super) struct Paragraph<'a> {
    /// As it was given, but no longer than any card can show.
    source: String,
    /// With controls around runs of the other direction.
    text: String,
    levels: Vec<Level>,
    lang: &'a Lang,
    weight: Weight,
}

impl<'a> Paragraph<'a> {
    /// A text in `lang`, on a line of its language.
    pub(super) fn new(given: &str, lang: &'a Lang, weight: Weight) -> Self {
        let plain = given.nfc().take(MAX_LETTERS);
        let plain: String =
            plain.map(|it| if it.is_control() { ' ' } else { it }).collect();
        let text = plain_slot(&plain, lang);
        let base = match Direction::of(lang) {
            Direction::Rtl => Level::rtl(),
            Direction::Ltr => Level::ltr(),
        };
        let levels = ParagraphBidiInfo::new(&text, Some(base)).levels;
        Self { source: plain, text, levels, lang, weight }
    }

    /// Another text in the same manner.
    pub(super) fn with(&self, text: &str) -> Self {
        Self::new(text, self.lang, self.weight)
    }

    /// The text as it was given.
    pub(super) fn source(&self) -> &str {
        &self.source
    }

    /// Whether a part of the text ends with a letter.
    pub(super) fn ends_with(&self, range: Range<usize>, letter: char) -> bool {
        let text = self.text.get(range).unwrap_or_default();
        text.trim_end_matches(is_control).ends_with(letter)
    }

    /// The words, as ranges of bytes. A short run of the other direction, such as a Latin
    /// name on an Arabic line, is one word: broken, it would be read in the wrong order.
    pub(super) fn words(&self) -> Vec<Range<usize>> {
        let mut words = Vec::new();
        let mut start = None;
        let mut run_end = 0;
        for (at, letter) in self.text.char_indices() {
            if matches!(letter, '\u{2066}' | '\u{2067}') {
                run_end = run_end.max(self.end_of_short_run(at).unwrap_or(0));
            }
            match (run_end <= at && is_break(letter), start) {
                (true, Some(from)) => {
                    words.push(from..at);
                    start = None;
                }
                (false, None) => start = Some(at),
                _ => {}
            }
        }
        words.extend(start.map(|from| from..self.text.len()));
        words
    }

    /// Where the isolate that begins here ends, if it is short.
    fn end_of_short_run(&self, start: usize) -> Option<usize> {
        let run = self.text.get(start..)?.char_indices().take(MAX_UNBROKEN);
        run.filter(|(_, it)| *it == '\u{2069}').map(|(at, _)| start + at).next()
    }

    /// Width of a space, in ems.
    pub(super) fn space(&self) -> f32 {
        let mut line = Line { glyphs: Vec::new(), width: 0.0 };
        let face = faces_for(self.lang)[0];
        self.shape(" ", &FACES[face], Level::ltr(), &mut line);
        line.width
    }

    /// The whole text on one line.
    pub(super) fn all(&self) -> Line {
        self.line(0..self.text.len())
    }

    /// A part of the text as a line.
    pub(super) fn line(&self, range: Range<usize>) -> Line {
        let mut line = Line { glyphs: Vec::new(), width: 0.0 };
        let runs = self.level_runs(range);
        let levels: Vec<Level> = runs.iter().map(|(level, _)| *level).collect();
        for at in BidiInfo::reorder_visual(&levels) {
            let (level, range) = &runs[at];
            let text = self.text.get(range.clone()).unwrap_or_default();
            let mut parts = self.by_face(text);
            if level.is_rtl() {
                parts.reverse();
            }
            for (face, text) in parts {
                self.shape(&text, &FACES[face], *level, &mut line);
            }
        }
        line
    }

    fn level_runs(&self, range: Range<usize>) -> Vec<(Level, Range<usize>)> {
        let mut runs: Vec<(Level, Range<usize>)> = Vec::new();
        for at in range {
            match runs.last_mut() {
                Some((level, run)) if *level == self.levels[at] => run.end = at + 1,
                _ => runs.push((self.levels[at], at..at + 1)),
            }
        }
        runs
    }

    /// The text cut where the font changes. Letters of a word keep together where one font
    /// has them all; what no font has, and controls, are left out.
    fn by_face(&self, text: &str) -> Vec<(usize, String)> {
        let faces = faces_for(self.lang);
        let mut parts: Vec<(usize, String)> = Vec::new();
        for word in text.split_inclusive(char::is_whitespace) {
            let has_all = |face: &&usize| {
                word.chars().all(|it| it.is_whitespace() || FACES[**face].has(it))
            };
            let whole = faces.iter().find(has_all).copied();
            for letter in word.chars().filter(|it| !is_control(*it)) {
                let letter = if letter.is_whitespace() { ' ' } else { letter };
                let last = parts.last().map(|(face, _)| *face);
                let has = |face: &usize| FACES[*face].has(letter);
                let face = match (letter, whole) {
                    (' ', _) => last.or(Some(faces[0])),
                    (_, Some(face)) => Some(face),
                    _ => last.filter(has).or(faces.iter().copied().find(has)),
                };
                let Some(face) = face else { continue };
                match parts.last_mut() {
                    Some((last, text)) if *last == face => text.push(letter),
                    _ => parts.push((face, letter.to_string())),
                }
            }
        }
        parts
    }

    fn shape(&self, text: &str, face: &'static Face, level: Level, line: &mut Line) {
        let font = face.font(self.weight);
        let mut buffer = Buffer::new();
        buffer.push_str(text);
        buffer.set_direction(if level.is_rtl() {
            harfrust::Direction::RightToLeft
        } else {
            harfrust::Direction::LeftToRight
        });
        buffer.set_language(Language::new(self.lang.as_str()));
        buffer.guess_segment_properties();
        // The one error is a buffer without a direction.
        let _ = shape(&ShaperFont::new(font), &mut buffer, ShapeOptions::new());
        let unit = face.scale / f32::from(font.units_per_em());
        let ems = |units: i32| units as f32 * unit;
        for (info, place) in buffer.glyph_infos().iter().zip(buffer.glyph_positions()) {
            let (x, y) = (line.width + ems(place.x_offset), ems(place.y_offset));
            line.glyphs.push(Glyph { font, id: GlyphId::new(info.glyph_id), x, y, unit });
            line.width += ems(place.x_advance);
        }
    }
}
