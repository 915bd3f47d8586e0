//! Lines: a text in a few lines that fit, in the largest size that allows it.

use std::ops::Range;

use crate::render::cards::text::{Line, Paragraph};

/// A size in pixels, and how many lines of it there may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    size: f32,
    n_lines: usize,
}

const fn step(size: f32, n_lines: usize) -> Step {
    Step { size, n_lines }
}

/// A title that has the card for itself.
pub(super) const TITLE: [Step; 8] = [
    step(92.0, 2),
    step(84.0, 3),
    step(77.0, 3),
    step(70.0, 3),
    step(64.0, 3),
    step(58.0, 3),
    step(52.0, 3),
    step(46.0, 3),
];

/// A title with a summary under it.
pub(super) const TITLE_OF_TWO: [Step; 6] = [
    step(104.0, 1),
    step(88.0, 1),
    step(74.0, 2),
    step(64.0, 2),
    step(54.0, 2),
    step(46.0, 2),
];

/// A summary.
pub(super) const SUMMARY: [Step; 1] = [step(35.0, 3)];

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
    steps: &[Step],
    is_low_enough: IsLowEnough<'_>,
) -> Option<Wrapped> {
    let words = Measured::new(text);
    steps.iter().find_map(|step| {
        let size = step.size;
        let lines = words.balanced(measure / size, step.n_lines)?;
        let lines = is_low_enough(size, lines.len()).then_some(lines)?;
        let lines: Vec<Line> = lines.into_iter().map(|it| words.line(it)).collect();
        // Kerning across spaces is in the lines and not in the words.
        let is_narrow = lines.iter().all(|it| it.width * size <= measure);
        is_narrow.then_some(Wrapped { lines, size })
    })
}

/// The same for a text of any length: what does not fit in the smallest size is cut behind a
/// word, with an ellipsis.
pub(super) fn wrap(
    text: &Paragraph<'_>,
    measure: f32,
    steps: &[Step],
    is_low_enough: IsLowEnough<'_>,
) -> Wrapped {
    let last = steps.len().saturating_sub(1);
    let smallest = steps.get(last..).unwrap_or_default();
    let fits = |beginning: &str| {
        let text = text.with(&format!("{beginning}…"));
        fit(&text, measure, smallest, is_low_enough)
    };
    fit(text, measure, steps, is_low_enough)
        .or_else(|| longest(text.source(), &char::is_whitespace, &fits))
        .or_else(|| longest(text.source(), &|_| true, &fits))
        .unwrap_or(Wrapped { lines: Vec::new(), size: 0.0 })
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

    /// Even lines; a line ends with a colon where that takes no further line.
    fn balanced(&self, measure: f32, n_lines: usize) -> Option<Vec<Range<usize>>> {
        let all = 0..self.words.len();
        let even = self.even(all.clone(), measure).filter(|it| it.len() <= n_lines)?;
        let ends = all.clone().filter(|it| self.words[*it].ends_with_colon);
        let at_colon = ends.map(|end| (0..end + 1, end + 1..all.end)).find_map(|it| {
            let mut lines = self.even(it.0, measure)?;
            lines.extend(self.even(it.1, measure)?);
            (lines.len() == even.len()).then_some(lines)
        });
        Some(at_colon.unwrap_or(even))
    }
}
