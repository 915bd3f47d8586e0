//! Quotation marks (rtl-rules R53, R54).
//!
//! Which marks a desk uses is its own choice; two styles for one purpose in one text look
//! like an oversight. A quotation inside another one takes other marks, and words of
//! another script keep those of their language. Apostrophes and single marks, which are
//! apostrophes too, are not looked at, nor are the gershayim of Hebrew abbreviations.

use std::ops::Range;

use crate::lint::Finding;
use crate::lint::passage::{Passage, Role};
use crate::text::direction::{Direction, has_rtl};
use crate::text::lang::Lang;

/// A sort of quotation marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    /// «…»
    Guillemets,
    /// “…”, ”…“, „…“
    Curly,
    /// "…"
    Straight,
}

const STYLES: [Style; 3] = [Style::Guillemets, Style::Curly, Style::Straight];

impl Style {
    fn of(letter: char) -> Option<Self> {
        match letter {
            '«' | '»' => Some(Self::Guillemets),
            '“' | '”' | '„' | '‟' => Some(Self::Curly),
            '"' => Some(Self::Straight),
            _ => None,
        }
    }

    fn marks(self) -> &'static str {
        match self {
            Self::Guillemets => "«…»",
            Self::Curly => "“…”",
            Self::Straight => "\"…\"",
        }
    }
}

/// Most marks that wait for their other half; a text has two or three.
const MAX_DEPTH: usize = 8;

/// A quotation that stands in no other one.
struct Quotation {
    style: Style,
    /// With its marks.
    range: Range<usize>,
}

/// The parts of a text that are quoted, with their marks.
#[derive(Debug)]
pub(super) struct Quoted(Vec<Range<usize>>);

impl Quoted {
    pub(super) fn new(text: &str) -> Self {
        Self(quotations(text).into_iter().map(|it| it.range).collect())
    }

    /// Whether a part of the text stands inside a quotation.
    pub(super) fn contains(&self, part: &Range<usize>) -> bool {
        let at = self.0.partition_point(|it| it.start <= part.start);
        at.checked_sub(1).is_some_and(|it| part.end <= self.0[it].end)
    }
}

fn quotations(text: &str) -> Vec<Quotation> {
    let mut result: Vec<Quotation> = Vec::new();
    let mut open: Vec<(Style, usize, char)> = Vec::new();
    for (at, letter) in text.char_indices() {
        let Some(style) = Style::of(letter) else { continue };
        let end = at + letter.len_utf8();
        let before = text.get(..at).unwrap_or_default();
        let after = text.get(end..).and_then(|it| it.chars().next());
        let last = before.chars().next_back();
        if is_gershayim(letter, last, after) {
            continue;
        }
        let opener = open.iter().rposition(|(it, ..)| *it == style);
        if let Some(opener) = opener
            && closes(style, open[opener].2, letter, last)
        {
            let (style, start, _) = open[opener];
            open.truncate(opener);
            while result.last().is_some_and(|it| start < it.range.start) {
                result.pop();
            }
            result.push(Quotation { style, range: start..end });
        } else if opens(style, before, after) {
            if open.len() == MAX_DEPTH {
                open.remove(0);
            }
            open.push((style, at, letter));
        }
    }
    result
}

/// The mark of abbreviations, as in צה"ל.
fn is_gershayim(letter: char, before: Option<char>, after: Option<char>) -> bool {
    let is_hebrew = |it: Option<char>| it.is_some_and(|it| matches!(it, 'א'..='ת'));
    letter != '«' && letter != '»' && is_hebrew(before) && is_hebrew(after)
}

fn closes(style: Style, opener: char, letter: char, before: Option<char>) -> bool {
    match style {
        Style::Guillemets => opener != letter,
        _ => before.is_some_and(|it| !it.is_whitespace()),
    }
}

fn opens(style: Style, before: &str, after: Option<char>) -> bool {
    let is_followed = after.is_some_and(|it| {
        !it.is_whitespace()
            && !matches!(it, '.' | ',' | ':' | ';' | '!' | '?' | ')' | ']')
            && !matches!(it, '،' | '؛' | '؟' | '۔')
    });
    // Behind a number, a straight mark is one of inches or seconds; behind a word it ends
    // something, unless the word is a letter or two that are joined to the next one.
    let word = || before.chars().rev().take(3).take_while(|it| it.is_alphanumeric());
    let is_joined = || {
        before.ends_with('\u{640}') || (word().count() < 3 && word().all(is_rtl_letter))
    };
    is_followed && (style == Style::Guillemets || is_joined())
}

fn is_rtl_letter(letter: char) -> bool {
    letter.is_alphabetic() && has_rtl(letter.encode_utf8(&mut [0; 4]))
}

/// Reports a text that uses two sorts of marks for one purpose, once.
pub(super) fn mixed_quotes(passages: &[Passage], findings: &mut Vec<Finding>) {
    let mut langs: Vec<&Lang> = passages.iter().map(|it| &it.lang).collect();
    langs.sort();
    langs.dedup();
    for lang in langs {
        let counts = |it: &&Passage| {
            it.lang == *lang
                && it.role.is_own_text()
                && (it.role != Role::Title || it.kind == crate::load::FileKind::Briefing)
                && !it.is_quotation
        };
        let all: Vec<(&Passage, Quotation)> = passages
            .iter()
            .filter(counts)
            .flat_map(|it| quotations(&it.text).into_iter().map(move |found| (it, found)))
            .filter(|(it, found)| is_of_language(it.part(&found.range), lang))
            .collect();
        let of = |style| all.iter().filter(move |(_, it)| it.style == style);
        let n_of = |style| of(style).count();
        // Of two styles that are used equally often the first in the text stays.
        let first_at = |style| all.iter().position(|(_, it)| it.style == style);
        let usual = STYLES
            .into_iter()
            .filter(|it| n_of(*it) != 0)
            .max_by_key(|it| (n_of(*it), std::cmp::Reverse(first_at(*it))));
        let Some(usual) = usual else { continue };
        let Some((home, first)) = of(usual).next() else { continue };
        for style in STYLES.into_iter().filter(|it| *it != usual) {
            let Some((passage, other)) = of(style).next() else { continue };
            let message = format!(
                "this text quotes with {} here and with {} elsewhere",
                style.marks(),
                usual.marks()
            );
            let finding =
                Finding::warning("mixed-quotes", passage.place(&other.range), message)
                    .with_related(home.place(&first.range), "elsewhere")
                    .with_help(format!(
                        "write {} for every quotation that is not inside another one",
                        usual.marks()
                    ));
            findings.push(finding);
        }
    }
}

/// Whether quoted words are in the script of the text, and not a foreign name or title.
fn is_of_language(words: &str, lang: &Lang) -> bool {
    let is_rtl = has_rtl(words);
    match Direction::of(lang) {
        Direction::Rtl => is_rtl,
        Direction::Ltr => !is_rtl && words.contains(char::is_alphabetic),
    }
}

#[cfg(test)]
mod tests {
    use super::Quoted;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> =
            Quoted::new(text).0.into_iter().filter_map(|it| text.get(it)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn r54_quotations_are_pairs_and_inner_ones_belong_to_the_outer() {
        check("قال «نص “داخلي” هنا» ثم \"آخر\"", &["«نص “داخلي” هنا»", "\"آخر\""]);
        check("يشيد والـ\"أيقونة\" ثم", &["\"أيقونة\""]);
        check("قال ”نص“ و“آخر” و„ثالث“", &["”نص“", "“آخر”", "„ثالث“"]);
        check("«أول «ثان» بقية»", &["«أول «ثان» بقية»"]);
    }

    #[test]
    fn r54_what_is_no_quotation() {
        check("צה\"ל וארה\"ב ודו\"ח", &[]);
        check("של \"קו אל\". ב\"קו אל\". ו\"כן\"", &["\"קו אל\""]);
        check("قال:” نص “داخلي” هنا”.", &["“داخلي”"]);
        check("شاشة 5\" و7\" فقط", &[]);
        check("علامة “ وحدها ثم «نص»", &["«نص»"]);
        check("it’s ‘fine’", &[]);
    }
}
