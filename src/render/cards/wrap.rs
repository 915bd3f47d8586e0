//! Lines: a text in a few lines that fit, in the largest size that allows it.

use std::ops::Range;

use crate::render::cards::text::{Line, Paragraph};
use crate::text::reading::sentences;

/// A size in pixels, and how many lines of it there may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    size: f32,
    n_lines: usize,
}

const fn step(size: f32, n_lines: usize) -> Step {
    Step { size, n_lines }
}

/// How a text is set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manner {
    /// From the largest size to the smallest.
    steps: &'static [Step],
    /// Whether a line should end with a colon, as editors set titles.
    is_broken_at_colon: bool,
}

/// A title that has the card for itself.
pub(super) const TITLE: Manner = Manner {
    steps: &[
        step(92.0, 2),
        step(84.0, 3),
        step(77.0, 3),
        step(70.0, 3),
        step(64.0, 3),
        step(58.0, 3),
        step(52.0, 3),
        step(46.0, 3),
    ],
    is_broken_at_colon: true,
};

/// A title with a summary under it.
pub(super) const TITLE_OF_TWO: Manner = Manner {
    steps: &[
        step(104.0, 1),
        step(88.0, 1),
        step(74.0, 2),
        step(64.0, 2),
        step(54.0, 2),
        step(46.0, 2),
    ],
    is_broken_at_colon: true,
};

/// A summary.
pub(super) const SUMMARY: Manner =
    Manner { steps: &[step(35.0, 3)], is_broken_at_colon: false };

/// Sizes that a title may lose for a line that ends with its colon.
const COLON_STEPS: usize = 2;

/// A text in lines.
pub(super) struct Wrapped {
    pub(super) lines: Vec<Line>,
    pub(super) size: f32,
}

/// Whether so many lines of a size are low enough for their place.
type IsLowEnough<'a> = &'a dyn Fn(f32, usize) -> bool;

/// Breaks a text into lines of a measure in pixels, in the largest size that fits; none when
/// it is too long for the smallest one.
pub(super) fn fit(
    text: &Paragraph<'_>,
    measure: f32,
    manner: Manner,
    is_low_enough: IsLowEnough<'_>,
) -> Option<Wrapped> {
    let words = Measured::new(text);
    let set = |step: &Step, lines: Option<Vec<Range<usize>>>| {
        let size = step.size;
        let lines = lines.filter(|it| it.len() <= step.n_lines)?;
        let lines = is_low_enough(size, lines.len()).then_some(lines)?;
        let lines: Vec<Line> = lines.into_iter().map(|it| words.line(it)).collect();
        // Kerning across spaces is in the lines and not in the words.
        let is_narrow = lines.iter().all(|it| it.width * size <= measure);
        is_narrow.then_some(Wrapped { lines, size })
    };
    let all = 0..words.words.len();
    let steps = manner.steps.iter().enumerate();
    let even = |(at, step): (usize, &Step)| {
        Some((at, set(step, words.even(all.clone(), measure / step.size))?))
    };
    let (at, even) = steps.clone().find_map(even)?;
    let mut near = steps.skip(at).take(1 + COLON_STEPS);
    let at_colon = near.find_map(|(_, step)| {
        let lines =
            words.at_colon(measure / step.size).filter(|_| manner.is_broken_at_colon);
        set(step, lines)
    });
    Some(at_colon.unwrap_or(even))
}

/// The same for a text of any length: what does not fit in the smallest size is cut behind a
/// word, with an ellipsis.
pub(super) fn wrap(
    text: &Paragraph<'_>,
    measure: f32,
    manner: Manner,
    is_low_enough: IsLowEnough<'_>,
) -> Wrapped {
    let last = manner.steps.len().saturating_sub(1);
    let smallest =
        Manner { steps: manner.steps.get(last..).unwrap_or_default(), ..manner };
    let fits = |beginning: &str| {
        let text = text.with(&format!("{beginning}…"));
        fit(&text, measure, smallest, is_low_enough)
    };
    fit(text, measure, manner, is_low_enough)
        .or_else(|| longest(text.source(), &char::is_whitespace, &fits))
        .or_else(|| longest(text.source(), &|_| true, &fits))
        .unwrap_or(Wrapped { lines: Vec::new(), size: 0.0 })
}

/// The same, but what does not fit ends with a sentence; only a first sentence that is too
/// long itself is cut behind a word.
pub(super) fn wrap_sentences(
    text: &Paragraph<'_>,
    measure: f32,
    manner: Manner,
    is_low_enough: IsLowEnough<'_>,
) -> Wrapped {
    let fits =
        |beginning: &str| fit(&text.with(beginning), measure, manner, is_low_enough);
    let source = text.source();
    let ends = sentences(source).into_iter().map(|it| it.end);
    let mut beginnings: Vec<&str> = ends.filter_map(|it| source.get(..it)).collect();
    // The last one is the whole text, or was cut with it.
    beginnings.pop();
    fit(text, measure, manner, is_low_enough)
        .or_else(|| last_that_fits(&beginnings, &fits))
        .unwrap_or_else(|| wrap(text, measure, manner, is_low_enough))
}

/// The longest beginning of a text that fits and ends before a letter of some sort.
fn longest(
    text: &str,
    is_end: &dyn Fn(char) -> bool,
    fits: &dyn Fn(&str) -> Option<Wrapped>,
) -> Option<Wrapped> {
    let ends = text.char_indices().filter(|(_, it)| is_end(*it));
    let beginnings = ends.filter_map(|(at, _)| text.get(..at));
    let beginnings =
        beginnings.map(|it| it.trim_end_matches(|it: char| !it.is_alphanumeric()));
    let beginnings: Vec<&str> = beginnings.filter(|it| !it.is_empty()).collect();
    last_that_fits(&beginnings, fits)
}

/// The last that fits of beginnings that grow.
fn last_that_fits(
    beginnings: &[&str],
    fits: &dyn Fn(&str) -> Option<Wrapped>,
) -> Option<Wrapped> {
    let n_fitting = beginnings.partition_point(|it| fits(it).is_some());
    fits(beginnings.get(n_fitting.checked_sub(1)?)?)
}

/// A word of a paragraph.
struct Word {
    bytes: Range<usize>,
    /// In ems.
    width: f32,
    ends_with_colon: bool,
}

/// A paragraph with the widths of its words.
struct Measured<'a> {
    paragraph: &'a Paragraph<'a>,
    words: Vec<Word>,
    space: f32,
}

impl<'a> Measured<'a> {
    fn new(paragraph: &'a Paragraph<'a>) -> Self {
        let words = paragraph.words().into_iter().map(|bytes| Word {
            width: paragraph.line(bytes.clone()).width,
            ends_with_colon: paragraph.ends_with(bytes.clone(), ':'),
            bytes,
        });
        Self { paragraph, words: words.collect(), space: paragraph.space() }
    }

    fn line(&self, words: Range<usize>) -> Line {
        let first = self.words.get(words.start).map_or(0, |it| it.bytes.start);
        let last = self.words.get(words.end - 1).map_or(0, |it| it.bytes.end);
        self.paragraph.line(first..last)
    }

    /// Lines as full as they can be; none when a word is longer than a line.
    fn full(&self, words: Range<usize>, measure: f32) -> Option<Vec<Range<usize>>> {
        let mut lines: Vec<Range<usize>> = Vec::new();
        let mut width = 0.0;
        for at in words {
            let word = self.words[at].width;
            if measure < word {
                return None;
            }
            match lines.last_mut() {
                Some(line) if width + self.space + word <= measure => {
                    line.end = at + 1;
                    width += self.space + word;
                }
                _ => {
                    lines.push(at..at + 1);
                    width = word;
                }
            }
        }
        Some(lines)
    }

    /// As few lines as possible, all of them about as long.
    fn even(&self, words: Range<usize>, measure: f32) -> Option<Vec<Range<usize>>> {
        let mut best = self.full(words.clone(), measure)?;
        let (mut narrow, mut wide) = (0.0, measure);
        for _ in 0..12 {
            let middle = (narrow + wide) * 0.5;
            match self.full(words.clone(), middle) {
                Some(lines) if lines.len() == best.len() => {
                    best = lines;
                    wide = middle;
                }
                _ => narrow = middle,
            }
        }
        Some(best)
    }

    /// The same for what stands before the first colon and for what follows it.
    fn at_colon(&self, measure: f32) -> Option<Vec<Range<usize>>> {
        let end = 1 + self.words.iter().position(|it| it.ends_with_colon)?;
        let mut lines = self.even(0..end, measure)?;
        lines.extend(self.even(end..self.words.len(), measure)?);
        Some(lines)
    }
}
