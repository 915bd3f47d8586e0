//! Commas, stops and the spaces before them (rtl-rules R54).

use crate::lint::Finding;
use crate::lint::letters::{is_arabic_letter, is_unseen};
use crate::lint::passage::{OBJECT, Passage, REFERENCE};
use crate::text::isolate::terminal;
use crate::text::number::normalise_digits;

/// Marks that close something and stay with the word before them.
fn is_closing(letter: char) -> bool {
    matches!(
        letter,
        ')' | ']' | '}' | '»' | '›' | '”' | '“' | '’' | '"' | '\'' | '٪' | '%'
    )
}

/// The last letter or digit before a place, behind closing marks and references.
fn word_before(before: &str) -> Option<char> {
    let is_skipped = |it: &char| {
        is_unseen(*it)
            || is_closing(*it)
            || *it == REFERENCE
            || matches!(it, ' ' | '\u{A0}')
    };
    before.chars().rev().find(|it| !is_skipped(it))
}

/// Reports a Latin comma, semicolon or question mark that belongs to Arabic words.
pub(super) fn latin_comma(passage: &Passage, findings: &mut Vec<Finding>) {
    if passage.lang.script() != "Arab" {
        return;
    }
    for (at, found) in passage.text.match_indices([',', ';', '?']) {
        let (mark, what) = match found {
            "," => ('،', "comma"),
            ";" => ('؛', "semicolon"),
            _ => ('؟', "question mark"),
        };
        let range = at..at + 1;
        let after = passage.after(range.end);
        let next = after.chars().find(|it| !is_unseen(*it));
        let follows = match word_before(passage.before(at)) {
            Some(it) if is_arabic_letter(it) => true,
            // Behind a number it belongs to the sentence if a word comes next.
            Some(it) if it.is_numeric() => {
                let is_apart = next.is_some_and(char::is_whitespace);
                let word = after.trim_start().chars().find(|it| !is_unseen(*it));
                is_apart && word.is_some_and(is_arabic_letter)
            }
            _ => false,
        };
        let is_inside_sign = next.is_some_and(|it| matches!(it, ',' | ';' | '='));
        if !follows || is_inside_sign {
            continue;
        }
        let message = format!("a Latin {what} `{found}` stands behind an Arabic word");
        let finding = Finding::warning("latin-comma", passage.place(&range), message)
            .with_help(format!("write `{}`", terminal(&mark.to_string())))
            .with_fix(passage.written(&range), mark);
        findings.push(finding);
    }
}

/// Whether the lints of stops hold for a language: some others, as French, want a space
/// before a colon.
fn has_tight_stops(passage: &Passage) -> bool {
    matches!(passage.lang.script(), "Arab" | "Hebr") || passage.lang.primary() == "en"
}

const STOPS: [char; 11] = ['،', '.', '؛', ':', '؟', '!', ',', ';', '?', '۔', '…'];

/// Reports a space before a comma or a stop.
pub(super) fn space_before_stop(passage: &Passage, findings: &mut Vec<Finding>) {
    if !has_tight_stops(passage) {
        return;
    }
    for (at, found) in passage.text.match_indices(STOPS) {
        let before = passage.before(at);
        let trimmed = before.trim_end_matches(' ');
        let range = trimmed.len()..at;
        if range.is_empty() || found == "…" || !is_stop_of(passage, trimmed, at, found)
        {
            continue;
        }
        let message = format!("a space stands before `{}`", terminal(found));
        let place = passage.place(&(range.start..at + found.len()));
        let finding = Finding::warning("space-before-stop", place, message)
            .with_help("delete the space; a mark stays with the word before it")
            .with_fix(passage.written(&range), "");
        findings.push(finding);
    }
}

/// Whether a mark behind a space ends what stands before it, and is no part of a name, of
/// a number, or of an abbreviation with spaces («ق . م»).
fn is_stop_of(passage: &Passage, trimmed: &str, at: usize, found: &str) -> bool {
    let Some(last) = trimmed.chars().rev().find(|it| !is_unseen(*it)) else {
        return false;
    };
    let is_word = last.is_alphanumeric() || is_closing(last) || last == REFERENCE;
    let rest = passage.after(at + found.len());
    let next = rest.chars().find(|it| !is_unseen(*it));
    let ends = next.is_none_or(|it| {
        it.is_whitespace() || is_closing(it) || matches!(it, '!' | '؟' | '?' | REFERENCE)
    });
    // An ellipsis, or two stops, which have a lint of their own.
    if !is_word && last != OBJECT || !ends {
        return false;
    }
    let following = rest.trim_start().chars().next();
    let is_number = last.is_numeric() && following.is_some_and(char::is_numeric);
    let word = trimmed.rsplit(char::is_whitespace).next().unwrap_or_default();
    let is_single = word.chars().filter(|it| !is_unseen(*it)).count() == 1;
    let is_letter = is_single && last.is_alphabetic();
    !is_number && !is_letter
}

/// Reports two full stops in a row; three are an ellipsis.
pub(super) fn double_stop(passage: &Passage, findings: &mut Vec<Finding>) {
    if !has_tight_stops(passage) {
        return;
    }
    for (at, _) in passage.text.match_indices("..") {
        let range = at..at + 2;
        let before = passage.before(at).chars().next_back();
        let next = passage.after(range.end).chars().next();
        let is_dot = |it: Option<char>| it.is_some_and(|it| matches!(it, '.' | '…'));
        let is_number = |it: Option<char>| it.is_some_and(char::is_numeric);
        let is_path = |it: Option<char>| it.is_some_and(|it| matches!(it, '/' | '\\'));
        let is_other = is_dot(before)
            || is_dot(next)
            || (is_number(before) && is_number(next))
            || is_path(before)
            || is_path(next)
            || !before
                .is_some_and(|it| it.is_alphanumeric() || is_closing(it) || it == ' ');
        if is_other {
            continue;
        }
        let message = "two full stops stand in a row";
        let finding = Finding::warning("double-stop", passage.place(&range), message)
            .with_help(
                "write `.` at the end of a sentence, and `…` where words are left out",
            );
        findings.push(finding);
    }
}

/// Whether a text names a year: four digits, of any set, that can be one.
pub(super) fn has_year(text: &str) -> bool {
    let text = normalise_digits(text);
    let mut runs = text.split(|it: char| !it.is_ascii_digit());
    runs.any(|it| {
        it.len() == 4
            && it
                .parse::<u32>()
                .is_ok_and(|it| (1200..2200).contains(&it) || (5700..5900).contains(&it))
    })
}
