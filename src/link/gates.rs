//! Gates: what must hold besides the letters for words to be the name of a topic
//! (rtl-rules B5). The gates are data on aliases; this is the one place that obeys them.

use crate::link::names::{Capitals, Gates};
use crate::link::tokens::Tokens;
use crate::text::clitics::{Clitics, is_prefix};
use crate::text::fold::is_vowel_mark;

/// Why words that look like a name were not taken for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The name is ambiguous, no cue stands beside it, and the briefing does not list the
    /// topic.
    NoCue,
    /// Two topics have an equal claim.
    TwoTopics,
    /// A name of three letters takes no joined letters.
    ShortName,
    /// With these joined letters it is another word.
    DeniedPrefix,
    /// The vowel marks of the text are others.
    OtherMarks,
    /// The word without vowel marks is another name.
    NoMarks,
    /// It is part of a web address, an e-mail, a `#tag` or a file name.
    Address,
    /// Small letters where the name has capitals.
    SmallLetters,
    /// It stands after a word that makes it something else.
    NotAfter,
    /// It stands before a word that makes it something else.
    NotBefore,
}

/// Where a name may stand.
pub struct Place<'a> {
    /// The text.
    pub tokens: &'a Tokens,
    /// The text as written.
    pub text: &'a str,
    /// Its first word.
    pub at: usize,
    /// How many words it has.
    pub n_words: usize,
    /// Whether an accusative ending was taken off the name.
    pub has_tanwin: bool,
    /// The letters that the language joins to words.
    pub clitics: Clitics,
}

/// Why the name does not count at this place; `None` where it does. `is_named` says that
/// the briefing names the topic otherwise, so that an ambiguous name needs no cue.
pub fn refuse(gates: &Gates, place: &Place<'_>, is_named: bool) -> Option<Reason> {
    if !capitals_agree(gates.capitals, place) {
        return Some(Reason::SmallLetters);
    }
    if let Some(marked) = &gates.marked {
        if !marks_agree(marked, place) {
            return Some(Reason::OtherMarks);
        }
        let has_marks = (0..place.n_words).any(|it| {
            place.tokens.written(place.text, place.at + it).contains(is_vowel_mark)
        });
        if gates.needs_marks && !has_marks {
            return Some(Reason::NoMarks);
        }
    }
    if is_accusative(place) {
        return Some(Reason::OtherMarks);
    }
    if gates.not_after.iter().any(|it| place.stands_after(it)) {
        return Some(Reason::NotAfter);
    }
    if gates.not_before.iter().any(|it| place.stands_before(it, false)) {
        return Some(Reason::NotBefore);
    }
    let has_cue = || {
        gates.cue_before.iter().any(|it| place.stands_after(it))
            || gates.cue_after.iter().any(|it| place.stands_before(it, true))
    };
    (gates.is_ambiguous && !is_named && !has_cue()).then_some(Reason::NoCue)
}

impl Place<'_> {
    /// Whether the name stands right after these words, of which the first may have
    /// letters joined to it (وفي مالي).
    fn stands_after(&self, words: &[Box<str>]) -> bool {
        let Some(start) = self.at.checked_sub(words.len()) else { return false };
        self.is_run(words, start, true) && self.are_near(start..self.at)
    }

    /// Whether the name stands right before these words.
    fn stands_before(&self, words: &[Box<str>], may_be_joined: bool) -> bool {
        let start = self.at + self.n_words;
        let end = start + words.len();
        end <= self.tokens.len()
            && self.is_run(words, start, may_be_joined)
            && self.are_near(start - 1..end - 1)
    }

    fn is_run(&self, words: &[Box<str>], start: usize, may_be_joined: bool) -> bool {
        !words.is_empty()
            && words.iter().enumerate().all(|(offset, word)| {
                let found = self.tokens.word(start + offset);
                let letters = found.strip_suffix(&**word);
                let is_first = offset == 0 && may_be_joined;
                letters.is_some_and(|it| {
                    it.is_empty() || (is_first && is_prefix(it, self.clitics))
                })
            })
    }

    /// Whether each of these words and the next stand in one clause.
    fn are_near(&self, mut words: std::ops::Range<usize>) -> bool {
        words.all(|it| self.tokens.is_near(it))
    }
}

fn capitals_agree(capitals: Capitals, place: &Place<'_>) -> bool {
    let written = || place.tokens.written(place.text, place.at);
    match capitals {
        Capitals::Free => true,
        Capitals::Initial => written().starts_with(char::is_uppercase),
        Capitals::All => written().chars().all(char::is_uppercase),
    }
}

/// Whether the vowel marks of a text agree with those of a name, letter by letter (B5e).
fn marks_agree(marked: &[Box<str>], place: &Place<'_>) -> bool {
    marked.iter().enumerate().all(|(offset, name)| {
        let written = place.tokens.written(place.text, place.at + offset);
        if !name.contains(is_vowel_mark) || !written.contains(is_vowel_mark) {
            return true;
        }
        let of_text = letter_marks(written);
        let of_name = letter_marks(name);
        // From the end, because letters are joined and hidden at the beginning (للعِراق).
        // The mark on the last letter is its case, which the sentence decides.
        let pairs = of_name.iter().rev().zip(of_text.iter().rev()).skip(1);
        pairs.into_iter().all(|(name, text)| name.agrees_with(text))
    })
}

/// Whether the last word is written with the accusative ending that no name in alef takes:
/// «كوبًا» is a cup and not Cuba.
fn is_accusative(place: &Place<'_>) -> bool {
    let last = place.at + place.n_words - 1;
    let is_alef = place.tokens.word(last).ends_with('ا');
    is_alef
        && !place.has_tanwin
        && place.tokens.written(place.text, last).contains('\u{64B}')
}

/// The marks on one letter.
#[derive(Debug, Default)]
struct Marks {
    vowels: String,
    is_doubled: bool,
}

impl Marks {
    /// Vowels that both have must be the same. A text often leaves the doubling out; one
    /// that writes it where the name has none means another word (عُمان, عمّان).
    fn agrees_with(&self, text: &Self) -> bool {
        let are_same = self.vowels.is_empty()
            || text.vowels.is_empty()
            || self.vowels == text.vowels;
        are_same && (self.is_doubled || !text.is_doubled)
    }
}

fn letter_marks(word: &str) -> Vec<Marks> {
    let mut marks: Vec<Marks> = Vec::new();
    for letter in word.chars() {
        if is_vowel_mark(letter) {
            match marks.last_mut() {
                Some(last) if letter == '\u{651}' => last.is_doubled = true,
                Some(last) => last.vowels.push(letter),
                None => {}
            }
        } else if letter.is_alphabetic() && letter != '\u{640}' {
            marks.push(Marks::default());
        }
    }
    marks
}
