//! An `Index` as files: lines in shards, of which a query needs a few.
//!
//! A shard is text, which every host compresses: a line for each line of the index, with
//! key, form and postings between tabs. An empty key is that of the line before, an empty
//! form is the key. `*` behind a form says that it is a name, `+` that it is one with
//! letters joined to it. A name of a topic is `=` and its forms, `==` a proper name, with the topic's id where
//! postings would be. A topic has its title where the form would be, and the address of its
//! page behind its postings.
//!
//! Postings are grouped by level: its sign (`!` for 1, `"` for 2, …), then the numbers of
//! the briefings, each as its distance from the one before, five bits a character from `?`
//! on, the lowest first; the sixth bit says that more follow.
//!
//! Where shards are cut depends on the letters of the keys and on how much stands under
//! them, so that an edit changes the shards of its own words and no others.

use std::fmt::Write as _;
use std::ops::Range;

use rayon::prelude::*;

use crate::link::Links;
use crate::model::Site;
use crate::search::terms::{N_LEVELS, Posting};
use crate::search::{Entry, Index, Known, Line};
use crate::text::isolate::plain_slot;

/// A shard is cut when it would be longer, in bytes; a single key may be.
const MAX_SHARD: usize = 12_000;

/// The same for a site of up to `SMALL` briefings, whose reader should not load half of it
/// for a word; a large site would have too many files to name.
const MAX_SMALL_SHARD: usize = 5_000;

/// How many briefings a small site has.
pub const SMALL: usize = 512;

/// Sign of level 0.
const LEVEL_0: u8 = b' ';

/// The digit 0 of distances.
const DIGIT_0: u8 = b'?';

/// A part of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shard {
    /// Every key in it is this or comes after it, before the start of the next one.
    pub start: Box<str>,
    /// Its lines.
    pub lines: Range<usize>,
}

/// Cuts the lines of an index into shards.
pub fn cut(index: &Index) -> Vec<Shard> {
    let is_small = index.briefings.len() <= SMALL;
    let max = if is_small { MAX_SMALL_SHARD } else { MAX_SHARD };
    let sizes: Vec<usize> = index.lines.par_iter().map(|it| size(index, it)).collect();
    let mut ends = vec![0];
    for size in sizes {
        ends.push(ends.last().copied().unwrap_or(0) + size);
    }
    let mut ranges = Vec::new();
    let cutter = Cutter { lines: &index.lines, ends: &ends, max };
    cutter.cut(0..index.lines.len(), 0, &mut ranges);
    ranges
        .into_iter()
        .map(|(lines, depth)| {
            let start = cutter.key(lines.start).chars().take(depth).collect();
            Shard { start, lines }
        })
        .collect()
}

/// The files of an index, in the order of its shards.
pub fn texts(index: &Index, site: &Site, links: &Links) -> Vec<String> {
    let lines = |it: &Shard| index.lines.get(it.lines.clone()).unwrap_or_default();
    index.shards.par_iter().map(|it| text(index, lines(it), site, links)).collect()
}

/// About how many bytes a line takes.
fn size(index: &Index, line: &Line) -> usize {
    let (start, end) = line.entry.postings();
    let n_postings = (end - start) as usize;
    let per_posting = if index.briefings.len() / 16 < n_postings { 1 } else { 2 };
    let form = match &line.entry {
        Entry::Word { form, .. } => form.len(),
        Entry::Name { words, .. } => {
            words.iter().map(|it| it.len() + 1).sum::<usize>() + 8
        }
        Entry::Topic { .. } => 0,
    };
    line.key.len() + form + n_postings * per_posting + 4
}

/// Finds the places where an index is cut.
struct Cutter<'a> {
    lines: &'a [Line],
    /// Bytes before each line, and before the end.
    ends: &'a [usize],
    /// Longest shard, in bytes.
    max: usize,
}

impl Cutter<'_> {
    fn key(&self, at: usize) -> &str {
        self.lines.get(at).map_or("", |it| &*it.key)
    }

    fn is_long(&self, range: &Range<usize>) -> bool {
        self.max < self.ends[range.end] - self.ends[range.start]
    }

    /// Cuts lines whose keys share their first `depth` letters: at the next letter, the
    /// small parts put together again. Gives each range with the number of letters that its
    /// start needs.
    fn cut(
        &self,
        range: Range<usize>,
        depth: usize,
        ranges: &mut Vec<(Range<usize>, usize)>,
    ) {
        if range.is_empty() {
            return;
        }
        if !self.is_long(&range) || self.key(range.start) == self.key(range.end - 1) {
            ranges.push((range, depth));
            return;
        }
        let letter = |at: usize| self.key(at).chars().nth(depth);
        let mut waiting = range.start..range.start;
        while waiting.end < range.end {
            let start = waiting.end;
            let same = (start..range.end).find(|it| letter(*it) != letter(start));
            let part = start..same.unwrap_or(range.end);
            if !self.is_long(&(waiting.start..part.end)) {
                waiting.end = part.end;
                continue;
            }
            if !waiting.is_empty() {
                ranges.push((waiting, depth + 1));
            }
            waiting = if self.is_long(&part) {
                let end = part.end;
                self.cut(part, depth + 1, ranges);
                end..end
            } else {
                part
            };
        }
        if !waiting.is_empty() {
            ranges.push((waiting, depth + 1));
        }
    }
}

fn text(index: &Index, lines: &[Line], site: &Site, links: &Links) -> String {
    let lang = links.routes.language(&index.lang);
    let mut text = String::new();
    let mut levels = Levels::default();
    let mut key = "";
    for line in lines {
        if *line.key != *key {
            text.push_str(&line.key);
        }
        key = &line.key;
        text.push('\t');
        match &line.entry {
            Entry::Word { form, known, .. } => {
                if **form != *key {
                    text.push_str(form);
                }
                text.push_str(match known {
                    Known::No => "",
                    Known::Joined => "+",
                    Known::Yes => "*",
                });
            }
            Entry::Name { words, is_proper, .. } => {
                text.push_str(if *is_proper { "==" } else { "=" });
                text.push_str(&words.join(" "));
            }
            Entry::Topic { topic, .. } => {
                let title = &site.topics[topic.at()].title;
                let title = title.best(&index.lang, &site.config.lang);
                let title = title.map_or("", |(_, it)| it);
                text.push_str(&one_line(&plain_slot(title, &index.lang)));
            }
        }
        text.push('\t');
        match &line.entry {
            Entry::Name { topic, .. } => text.push_str(&site.topics[topic.at()].id),
            Entry::Word { .. } | Entry::Topic { .. } => {
                let postings = index.postings(line.entry.postings());
                push_postings(postings, &mut levels, &mut text);
            }
        }
        if let Entry::Topic { topic, .. } = line.entry {
            let address = links.routes.topic(topic, lang).unwrap_or_default();
            let _ = write!(text, "\t{address}");
        }
        text.push('\n');
    }
    text
}

/// A text that breaks no line and no column.
pub fn one_line(text: &str) -> String {
    text.chars().map(|it| if it.is_whitespace() { ' ' } else { it }).collect()
}

/// The numbers of one level, as they are written.
#[derive(Default)]
struct Numbers {
    text: String,
    /// The least number that may follow.
    next: u32,
}

impl Numbers {
    fn push(&mut self, number: u32) {
        let mut distance = number - self.next;
        self.next = number + 1;
        loop {
            let more = if distance < 32 { 0 } else { 32 };
            let digit = u8::try_from(distance & 31).unwrap_or(0) + more;
            self.text.push(char::from(DIGIT_0 + digit));
            distance >>= 5;
            if more == 0 {
                break;
            }
        }
    }
}

/// Writes postings level by level; `levels` are used again and again.
fn push_postings(postings: &[Posting], levels: &mut Levels, text: &mut String) {
    for posting in postings {
        if let Some(level) = levels.get_mut(usize::from(posting.level())) {
            level.push(posting.number());
        }
    }
    for (sign, level) in (LEVEL_0..).zip(levels) {
        if level.next != 0 {
            text.push(char::from(sign));
            text.push_str(&level.text);
            level.text.clear();
            level.next = 0;
        }
    }
}

/// Of each level.
type Levels = [Numbers; N_LEVELS as usize + 1];

/// Writes rising numbers, each as its distance from the one before it.
pub fn push_numbers(numbers: impl Iterator<Item = u32>, text: &mut String) {
    let mut all = Numbers::default();
    numbers.for_each(|it| all.push(it));
    text.push_str(&all.text);
}

#[cfg(test)]
mod tests {
    use super::{Levels, Posting, push_numbers, push_postings};

    #[test]
    fn numbers_are_distances_in_base_32() {
        let mut text = String::new();
        push_numbers([0, 1, 5, 37, 2000].into_iter(), &mut text);
        assert_eq!(text, "??B^i|@");
        let mut text = String::new();
        let postings =
            [(0, 2), (1, 1), (2, 2)].map(|(it, level)| Posting::new(it, level));
        let mut levels = Levels::default();
        push_postings(&postings, &mut levels, &mut text);
        assert_eq!(text, "!@\"?@");
        // Nothing stays behind.
        text.clear();
        push_postings(&postings[1..2], &mut levels, &mut text);
        assert_eq!(text, "!@");
    }
}
