//! A small picture made at build time: topics under each other, arcs between those that
//! appear together.
//!
//! A pure function from a ranked list to SVG: no script, no file, no font of its own, and
//! whole numbers only, so that the same list gives the same bytes everywhere. Colours are
//! the page's (`currentColor`, style sheet). Following rtl-rules R93 and R94 the root says
//! `direction="ltr"`, each label says its own direction and anchor, names are never
//! stretched, and a long one is broken between words only. On a page from right to left
//! the picture is mirrored: names at the right, arcs at the left.

use std::fmt::Write as _;

use crate::render::html::escape;
use crate::render::views::TextView;
use crate::text::direction::Direction;
use crate::text::isolate::close_isolates;

/// Size of the letters; the other measures are made for it.
const FONT: u32 = 15;

/// From one line of a name to the next.
const LINE: u32 = 20;

/// Between two names; with `LINE` it keeps every centre on an even number.
const ROW_GAP: u32 = 12;

/// Width of a letter of the theme's fonts, on the large side: no name may leave the
/// picture.
const LETTER: u32 = 8;

/// Before a name, because a short one may have none but wide letters.
const MARGIN: u32 = 12;

/// Longest line of a name, in letters.
const MAX_LETTERS: usize = 22;

/// Between a name and its dot.
const GAP: u32 = 8;

/// Radius of the largest dot, and of the smallest.
const DOT: (u32, u32) = (8, 3);

/// Width of the widest arc.
const ARC: u32 = 104;

/// A topic in the picture.
#[derive(Debug, Clone)]
pub struct Node<'a> {
    /// Its name.
    pub name: TextView<'a>,
    /// How large its dot is, compared with the others.
    pub size: u32,
}

/// Two topics that appear together, by their places in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arc {
    /// The upper one.
    pub from: usize,
    /// The lower one.
    pub to: usize,
    /// How much they do.
    pub weight: u32,
}

/// Draws a ranked list. Of the arcs as many are drawn as there are topics, the strongest
/// ones, each pair once.
pub fn arcs(
    title: &str,
    direction: Direction,
    nodes: &[Node<'_>],
    mut arcs: Vec<Arc>,
) -> String {
    let names: Vec<Vec<String>> = nodes.iter().map(|it| lines(&it.name.text)).collect();
    let widest = names.iter().flatten().map(|it| n_letters(it)).max().unwrap_or(0);
    let label = u32::try_from(widest).unwrap_or(0) * LETTER + MARGIN;
    let width = label + GAP + 2 * DOT.0 + ARC;
    // Measured from the side where a line begins.
    let x = |from_start: u32| match direction {
        Direction::Ltr => from_start,
        Direction::Rtl => width - from_start,
    };
    let mut centres = Vec::with_capacity(nodes.len());
    let mut height = 0;
    for name in &names {
        let row = LINE * u32::try_from(name.len()).unwrap_or(1) + ROW_GAP;
        centres.push(height + row / 2);
        height += row;
    }
    arcs.sort_by_key(|it| (std::cmp::Reverse(it.weight), it.from, it.to));
    arcs.dedup_by_key(|it| (it.from, it.to));
    let mut svg = format!(
        "<svg class=\"arcs\" role=\"img\" direction=\"ltr\" width=\"{width}\" \
         height=\"{height}\" viewBox=\"0 0 {width} {height}\"><title>"
    );
    escape(title, &mut svg);
    svg.push_str("</title>");
    let dot = x(label + GAP + DOT.0);
    draw_arcs(&mut svg, direction, dot, &centres, &arcs);
    let largest = nodes.iter().map(|it| it.size).max().unwrap_or(0).max(1);
    for ((node, name), centre) in nodes.iter().zip(&names).zip(&centres) {
        let radius = DOT.1 + (DOT.0 - DOT.1) * node.size / largest;
        let _ = write!(
            svg,
            "<circle cx=\"{dot}\" cy=\"{centre}\" r=\"{radius}\" fill=\"currentColor\"/>"
        );
        // The end of a name stands at its dot.
        let is_own = node.name.dir == direction.as_str();
        let anchor = if is_own { "end" } else { "start" };
        let top = centre - LINE * u32::try_from(name.len()).unwrap_or(1) / 2;
        for (line, baseline) in name.iter().zip((top + FONT..).step_by(LINE as usize)) {
            let _ = write!(
                svg,
                "<text x=\"{}\" y=\"{baseline}\" font-size=\"{FONT}\" direction=\"{}\" \
                 lang=\"{}\" text-anchor=\"{anchor}\">",
                x(label),
                node.name.dir,
                node.name.lang
            );
            escape(line, &mut svg);
            svg.push_str("</text>");
        }
    }
    svg.push_str("</svg>");
    svg
}

fn draw_arcs(
    svg: &mut String,
    direction: Direction,
    x: u32,
    centres: &[u32],
    arcs: &[Arc],
) {
    let ends = |it: &Arc| Some((*centres.get(it.from)?, *centres.get(it.to)?));
    let drawn: Vec<(u32, u32, u32)> = arcs
        .iter()
        .filter_map(|it| ends(it).map(|(top, end)| (top, end, it.weight)))
        .filter(|(top, end, _)| top < end)
        .take(centres.len())
        .collect();
    let tallest = drawn.iter().map(|(top, end, _)| end - top).max().unwrap_or(0).max(1);
    let strongest = drawn.iter().map(|it| it.2).max().unwrap_or(0).max(1);
    let sweep = u8::from(direction == Direction::Ltr);
    for (top, end, weight) in drawn {
        let (rx, ry) = (ARC * (end - top) / tallest, (end - top) / 2);
        let stroke = 1 + 2 * weight / strongest;
        let _ = write!(
            svg,
            "<path d=\"M{x} {top}A{rx} {ry} 0 0 {sweep} {x} {end}\" fill=\"none\" \
             stroke=\"currentColor\" stroke-opacity=\".5\" stroke-width=\"{stroke}\"/>"
        );
    }
}

/// A name in lines of whole words; a word that is longer than a line has one of its own.
fn lines(name: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in name.split(' ').filter(|it| !it.is_empty()) {
        match lines.last_mut() {
            Some(line) if n_letters(line) + 1 + n_letters(word) <= MAX_LETTERS => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.into_iter().map(|it| close_isolates(&it).into_owned()).collect()
}

/// Letters that take room: marks and invisible characters take none.
fn n_letters(text: &str) -> usize {
    let is_wide = |it: &char| {
        !matches!(it, '\u{300}'..='\u{36F}' | '\u{591}'..='\u{5BD}' | '\u{610}'..='\u{61C}'
            | '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().filter(is_wide).count()
}

#[cfg(test)]
mod tests {
    use super::{MAX_LETTERS, lines, n_letters};

    #[test]
    fn r94_a_long_name_is_broken_between_words() {
        let name = "الممر الاقتصادي بين الهند والشرق الأوسط وأوروبا";
        let found = lines(name);
        assert_eq!(found.join(" "), name);
        assert!(found.iter().all(|it| n_letters(it) <= MAX_LETTERS), "{found:?}");
        assert_eq!(lines("إيران"), ["إيران"]);
    }

    #[test]
    fn r38_an_isolate_does_not_reach_over_lines() {
        let name = "معاهدة \u{2066}Comprehensive Nuclear Test Ban Treaty\u{2069}";
        for line in lines(name) {
            assert_eq!(
                line.matches('\u{2066}').count(),
                line.matches('\u{2069}').count()
            );
        }
    }

    #[test]
    fn vowel_marks_take_no_room() {
        assert_eq!(n_letters("عُمان"), 4);
    }
}
