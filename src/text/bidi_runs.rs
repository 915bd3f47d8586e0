//! Runs: the parts of running text that must be isolated, so that their own order and that
//! of their neighbours stay as they are read (rtl-rules R13–R33).
//!
//! In a text from right to left these are Latin names and phrases, addresses and tags,
//! and numbers with signs (`-5`, `50%`, `2025-12-24`, `+966 11 234`): the bidi algorithm
//! alone would move their signs or turn them around, and differently after a word than at
//! the beginning of a line. In a text from left to right they are Arabic and Hebrew
//! phrases. A run hugs its text (R15) and never begins or ends inside joined letters (R16),
//! because it begins and ends at letters of another script, digits or signs. How a run is
//! written is decided by `text::isolate` for plain text and by `render::html` for pages.

use std::ops::Range;
use std::sync::LazyLock;

use unicode_bidi::{BidiClass, bidi_class};

use crate::text::direction::Direction;
use crate::text::lang::Lang;

/// Longest number, in digits, that belongs to the Latin name before it: `Boeing 737`, but
/// not the year in `NATO 2025`.
const MAX_NAME_DIGITS: usize = 3;

/// How many words a bracket in a Latin phrase can hold.
const MAX_BRACKET_ATOMS: usize = 24;

/// Labels of identifiers: the number behind one belongs to it, however long (R20).
const IDENTIFIERS: [&str; 9] =
    ["DOI", "ICAO", "IMO", "ISBN", "ISO", "ISSN", "MMSI", "ORCID", "RFC"];

/// A part of a text with a direction of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its bytes.
    pub bytes: Range<usize>,
    /// Its direction.
    pub direction: Direction,
}

/// The runs of a text in `lang`, in order, none inside another.
pub fn runs(text: &str, lang: &Lang) -> Vec<Run> {
    match Direction::of(lang) {
        Direction::Rtl if may_have_ltr(text) => ltr_runs(text, lang),
        Direction::Ltr if !text.is_ascii() => rtl_runs(text),
        _ => Vec::new(),
    }
}

/// Whether a text has anything that `ltr_runs` could find: nearly no Arabic paragraph is
/// looked at twice.
fn may_have_ltr(text: &str) -> bool {
    text.bytes().any(|it| MAY_BE_LTR[usize::from(it)])
}

/// Bytes in which something from left to right may begin. Punctuation in three bytes (`–`,
/// `−`) begins with 0xE2, other Latin letters with 0xC3–0xCF.
const MAY_BE_LTR: [bool; 256] = {
    let mut may_be = [false; 256];
    let mut byte = u8::MIN;
    loop {
        may_be[byte as usize] = byte.is_ascii_alphabetic()
            || matches!(byte, b'%' | b'$' | b'+' | b'-' | 0xE2 | 0xC2..=0xD4);
        if byte == u8::MAX {
            break may_be;
        }
        byte += 1;
    }
};

/// What a character is for the cutting of runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Ltr,
    Rtl,
    /// European digits, the Persian ones among them.
    Digit,
    /// What may stand inside a Latin name or a number.
    Sign,
    Space,
    /// Ends every run: brackets, quotation marks, Arabic punctuation.
    Edge,
}

/// The scripts of our languages stand below U+0800; there a letter is looked up.
static KINDS: LazyLock<Vec<Kind>> =
    LazyLock::new(|| (0..0x800).filter_map(char::from_u32).map(kind_of).collect());

/// For each of those letters, whether it ends every atom and begins none.
static ENDS_ATOMS: LazyLock<[bool; 0x800]> =
    LazyLock::new(|| std::array::from_fn(|code| ends_atom(KINDS[code])));

fn ends_atom(kind: Kind) -> bool {
    matches!(kind, Kind::Rtl | Kind::Space | Kind::Edge)
}

fn kind(letter: char) -> Kind {
    KINDS.get(letter as usize).copied().unwrap_or_else(|| kind_of(letter))
}

fn kind_of(letter: char) -> Kind {
    match letter {
        'a'..='z' | 'A'..='Z' => Kind::Ltr,
        '0'..='9' | '۰'..='۹' => Kind::Digit,
        ' ' | '\n' | '\u{A0}' | '\u{202F}' => Kind::Space,
        '.' | ',' | ':' | ';' | '/' | '\\' | '-' | '_' | '+' | '±' | '%' | '$' | '€'
        | '£' | '¥' | '@' | '#' | '&' | '=' | '~' | '*' | '\'' | '’' | '°' | '′'
        | '″' | '?' | '!' | '^' | '–' | '−' | '×' | '<' | '>' | '|' => Kind::Sign,
        _ => match bidi_class(letter) {
            BidiClass::L => Kind::Ltr,
            BidiClass::R | BidiClass::AL | BidiClass::AN => Kind::Rtl,
            BidiClass::NSM | BidiClass::BN => Kind::Sign,
            _ => Kind::Edge,
        },
    }
}

/// A stretch without a space, of Latin letters, digits and signs.
#[derive(Debug, Clone)]
struct Atom {
    bytes: Range<usize>,
    has_letter: bool,
    n_digits: usize,
}

fn ltr_runs(text: &str, lang: &Lang) -> Vec<Run> {
    let mut result = Vec::new();
    let addresses = addresses(text);
    let atoms = atoms(text, &addresses);
    let mut at = 0;
    while let Some(atom) = atoms.get(at) {
        let n_taken = if is_address(atom, &addresses) {
            push(&mut result, atom.bytes.clone());
            1
        } else if atom.has_letter {
            phrase(text, &atoms, at, &addresses, &mut result)
        } else {
            number(text, &atoms, at, lang, &mut result)
        };
        at += n_taken.max(1);
    }
    result
}

fn push(runs: &mut Vec<Run>, bytes: Range<usize>) {
    if !bytes.is_empty() {
        runs.push(Run { bytes, direction: Direction::Ltr });
    }
}

/// Web addresses, which may hold Arabic letters (R21): from the scheme to the next space.
fn addresses(text: &str) -> Vec<Range<usize>> {
    let mut result: Vec<Range<usize>> = Vec::new();
    // One letter is found much faster than three.
    for (at, _) in text.match_indices(':') {
        if !text.get(at..).is_some_and(|it| it.starts_with("://")) {
            continue;
        }
        let is_scheme = |it: &char| it.is_ascii_alphanumeric();
        let before = text.get(..at).unwrap_or_default();
        let start = at - before.chars().rev().take_while(is_scheme).count();
        let rest = text.get(at..).unwrap_or_default();
        let ends = |it: char| {
            it.is_whitespace()
                || matches!(it, '«' | '»' | '"' | '<' | '>' | ')' | '،' | '؛')
        };
        let end = rest.find(ends).map_or(text.len(), |it| at + it);
        let written = text.get(start..end).unwrap_or_default();
        let trimmed = written.trim_end_matches(['.', ',', ':', ';', '؟', '?', '!']);
        let end = start + trimmed.len();
        if start < at && result.last().is_none_or(|it| it.end <= start) {
            result.push(start..end);
        }
    }
    result
}

fn atoms(text: &str, addresses: &[Range<usize>]) -> Vec<Atom> {
    let mut result = Vec::new();
    let mut atom: Option<Atom> = None;
    let ends_atoms = &*ENDS_ATOMS;
    let mut next_address = addresses.iter().peekable();
    let mut next = 0;
    while let Some(letter) = text.get(next..).and_then(|it| it.chars().next()) {
        let at = next;
        if let Some(address) = next_address.next_if(|it| it.start == at) {
            result.extend(atom.take());
            let bytes = address.clone();
            next = bytes.end;
            result.push(Atom { bytes, has_letter: true, n_digits: 0 });
            continue;
        }
        let kind = kind(letter);
        next += letter.len_utf8();
        if ends_atom(kind) {
            result.extend(atom.take());
            next = skip_between(text, next, ends_atoms);
            continue;
        }
        let current =
            atom.get_or_insert(Atom { bytes: at..at, has_letter: false, n_digits: 0 });
        current.bytes.end = next;
        current.has_letter |= kind == Kind::Ltr;
        current.n_digits += usize::from(kind == Kind::Digit);
    }
    result.extend(atom);
    result.iter().filter_map(|it| trimmed(text, it)).collect()
}

/// The byte behind the letters of two bytes that begin no atom, and the spaces between them.
fn skip_between(text: &str, mut at: usize, ends_atoms: &[bool; 0x800]) -> usize {
    loop {
        match text.as_bytes().get(at..) {
            Some([b' ', ..]) => at += 1,
            Some([first @ 0xC2..=0xDF, second, ..])
                if ends_atoms
                    [usize::from(first & 0x1F) << 6 | usize::from(second & 0x3F)] =>
            {
                at += 2;
            }
            _ => return at,
        }
    }
}

/// An atom without the punctuation of the sentence around it.
fn trimmed(text: &str, atom: &Atom) -> Option<Atom> {
    let written = text.get(atom.bytes.clone())?;
    let is_of_sentence = |it: char| match it {
        '.' | ',' | ':' | ';' | '/' | '–' | '-' | '*' | '\'' | '’' | '=' | '|' | '<' => {
            true
        }
        // A question mark behind a Latin word is its own; Arabic has another one (R31).
        '?' | '!' => !atom.has_letter,
        _ => false,
    };
    let end = written.trim_end_matches(is_of_sentence).len();
    let kept = written.get(..end)?;
    let start = kept.len()
        - kept
            .trim_start_matches([
                '.', ',', ':', ';', '/', '–', '*', '\'', '’', '=', '|', '>', '?', '!',
            ])
            .len();
    // A hyphen before a word is a dash, before a digit a sign, before a hyphen an option;
    // behind a letter it joins, as in «اليورانيوم-235».
    let kept = kept.get(start..)?;
    let before = text.get(..atom.bytes.start)?.chars().next_back();
    let is_joint = start == 0 && before.is_some_and(|it| kind(it) == Kind::Rtl);
    let is_sign = kept.chars().nth(1).is_some_and(|it| kind(it) == Kind::Digit);
    let is_dash =
        kept.starts_with('-') && !kept.starts_with("--") && (is_joint || !is_sign);
    let start = start + usize::from(is_dash);
    let bytes = atom.bytes.start + start..atom.bytes.start + end;
    (bytes.start < bytes.end && (atom.has_letter || atom.n_digits != 0))
        .then(|| Atom { bytes, ..atom.clone() })
}

/// Takes a Latin phrase: names that follow each other without anything Arabic between
/// them. Brackets stay inside only with their partner.
fn phrase(
    text: &str,
    atoms: &[Atom],
    at: usize,
    addresses: &[Range<usize>],
    runs: &mut Vec<Run>,
) -> usize {
    let start = atoms[at].bytes.start;
    // The last atom with which the phrase may end, and how many atoms it has then.
    let (mut end, mut n_taken) = (atoms[at].bytes.end, 1);
    let (mut last, mut depth) = (at, 0_i32);
    for (offset, next) in atoms.iter().enumerate().skip(at + 1) {
        let gap = text.get(atoms[last].bytes.end..next.bytes.start).unwrap_or_default();
        let is_address = is_address(next, addresses);
        let is_gap = |it: char| {
            kind(it) == Kind::Space
                || matches!(
                    it,
                    '(' | ')' | ',' | '.' | ';' | ':' | '&' | '-' | '–' | '—' | '/'
                )
        };
        // An open bracket is waited for no longer than a name can be.
        let n_waiting = offset - (at + n_taken - 1);
        if is_address || MAX_BRACKET_ATOMS < n_waiting || !gap.chars().all(is_gap) {
            break;
        }
        depth += gap.chars().filter(|it| *it == '(').count().try_into().unwrap_or(0);
        depth -= gap.chars().filter(|it| *it == ')').count().try_into().unwrap_or(0);
        last = offset;
        let is_space = gap.chars().all(|it| kind(it) == Kind::Space);
        let label = text.get(atoms[offset - 1].bytes.clone()).unwrap_or_default();
        let ends_name = next.has_letter
            || (is_space
                && (IDENTIFIERS.contains(&label)
                    || (next.n_digits <= MAX_NAME_DIGITS && is_plain(text, next))));
        if depth < 0 || (!next.has_letter && !is_space && depth == 0) {
            break;
        }
        if depth == 0 && ends_name {
            end = next.bytes.end;
            n_taken = offset - at + 1;
        }
    }
    push(runs, start..end);
    n_taken
}

fn is_address(atom: &Atom, addresses: &[Range<usize>]) -> bool {
    addresses.binary_search_by_key(&atom.bytes.start, |it| it.start).is_ok()
}

/// Whether an atom is nothing but digits.
fn is_plain(text: &str, atom: &Atom) -> bool {
    let written = text.get(atom.bytes.clone()).unwrap_or_default();
    written.chars().all(|it| kind(it) == Kind::Digit)
}

/// Takes a number if it has signs that would move (R20, R24–R27).
fn number(
    text: &str,
    atoms: &[Atom],
    at: usize,
    lang: &Lang,
    runs: &mut Vec<Run>,
) -> usize {
    let bytes = atoms[at].bytes.clone();
    let written = text.get(bytes.clone()).unwrap_or_default();
    if written.starts_with('+') && 2 <= atoms[at].n_digits {
        return phone(text, atoms, at, runs);
    }
    if let Some(last) = coordinates_end(text, atoms, at) {
        push(runs, bytes.start..atoms[last].bytes.end);
        return last - at + 1;
    }
    let signs = |it: char| {
        matches!(
            it,
            '-' | '–'
                | '−'
                | '+'
                | '±'
                | '%'
                | '$'
                | '€'
                | '£'
                | '¥'
                | '°'
                | '×'
                | '='
                | '~'
                | '#'
                | '_'
                | '^'
        )
    };
    if !written.contains(signs) {
        return 1;
    }
    // The first value of a range stands on the right in Arabic and Urdu, on the left in
    // Hebrew and Persian (R24).
    let keeps_order = matches!(lang.primary(), "he" | "fa" | "yi");
    match range(written) {
        Some((first, second)) if !keeps_order => {
            push(runs, bytes.start..bytes.start + first);
            push(runs, bytes.end - second..bytes.end);
        }
        _ => push(runs, bytes),
    }
    1
}

/// The last atom of coordinates that begin with one, as in `33.3° N, 44.4° E` (R20).
fn coordinates_end(text: &str, atoms: &[Atom], at: usize) -> Option<usize> {
    let written = |at: usize| text.get(atoms.get(at)?.bytes.clone());
    let gap = |at: usize| text.get(atoms[at].bytes.end..atoms.get(at + 1)?.bytes.start);
    let one_ends = |at: usize| {
        let is_one = written(at)?.ends_with(['°', '′', '″'])
            && gap(at)?.chars().all(|it| kind(it) == Kind::Space)
            && matches!(written(at + 1)?, "N" | "S" | "E" | "W");
        is_one.then_some(at + 1)
    };
    let end = one_ends(at)?;
    let has_second = gap(end).is_some_and(|it| it == ", " || it == " ");
    Some(has_second.then(|| one_ends(end + 1)).flatten().unwrap_or(end))
}

/// Takes a telephone number with the groups that follow (R19).
fn phone(text: &str, atoms: &[Atom], at: usize, runs: &mut Vec<Run>) -> usize {
    let mut last = at;
    for (offset, next) in atoms.iter().enumerate().skip(at + 1) {
        let gap = text.get(atoms[last].bytes.end..next.bytes.start).unwrap_or_default();
        if next.has_letter
            || gap.chars().count() != 1
            || !gap.chars().all(|it| kind(it) == Kind::Space)
        {
            break;
        }
        last = offset;
    }
    push(runs, atoms[at].bytes.start..atoms[last].bytes.end);
    last - at + 1
}

/// The lengths of the two halves of a range such as `2015-2018`; a score (`2-1`), a date or
/// a code is none.
fn range(written: &str) -> Option<(usize, usize)> {
    let mut parts = written.split(['-', '–', '−']);
    let (first, second) = (parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let value = |it: &str| {
        let digits = it.trim_end_matches('%').trim_start_matches(['$', '€', '£', '¥']);
        crate::text::number::normalise_digits(digits).replace(',', "").parse::<f64>().ok()
    };
    (value(first)? < value(second)?).then_some((first.len(), second.len()))
}

/// Arabic and Hebrew phrases in a text from left to right.
fn rtl_runs(text: &str) -> Vec<Run> {
    let mut result: Vec<Run> = Vec::new();
    let mut open: Option<Range<usize>> = None;
    let mut previous = ' ';
    for (at, letter) in text.char_indices() {
        let end = at + letter.len_utf8();
        match kind(letter) {
            Kind::Rtl => {
                // The mark of a tag belongs to it (R22).
                let is_tag = previous == '#';
                let start = if is_tag { at - '#'.len_utf8() } else { at };
                open = Some(open.map_or(start..end, |it| it.start..end));
            }
            // A vowel mark belongs to its letter.
            Kind::Sign
                if matches!(bidi_class(letter), BidiClass::NSM | BidiClass::BN) =>
            {
                if let Some(open) = open.as_mut().filter(|it| it.end == at) {
                    open.end = end;
                }
            }
            Kind::Ltr | Kind::Digit => close(&mut open, &mut result),
            Kind::Edge if !matches!(letter, '،' | '؛' | '«' | '»') => {
                close(&mut open, &mut result);
            }
            _ => {}
        }
        previous = letter;
    }
    close(&mut open, &mut result);
    result
}

fn close(open: &mut Option<Range<usize>>, runs: &mut Vec<Run>) {
    if let Some(bytes) = open.take() {
        runs.push(Run { bytes, direction: Direction::Rtl });
    }
}

#[cfg(test)]
mod tests {
    use super::runs;
    use crate::text::lang::Lang;

    /// The runs of a text, each as it is written.
    #[track_caller]
    fn check(tag: &str, text: &str, expected: &[&str]) {
        let found: Vec<&str> = runs(text, &Lang::parse(tag).unwrap())
            .into_iter()
            .filter_map(|it| text.get(it.bytes))
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn r13_latin_names_are_runs_and_their_neighbours_are_not() {
        check("ar", "زار وفد NATO بغداد", &["NATO"]);
        check("ar", "اتفاق بين NATO، EU وروسيا", &["NATO", "EU"]);
        check(
            "ar",
            "منظمة Shanghai Cooperation Organisation (SCO) اليوم",
            &["Shanghai Cooperation Organisation", "SCO"],
        );
        check("ar", "طائرة Boeing 737 MAX هبطت", &["Boeing 737 MAX"]);
        check("ar", "قمة NATO 2025 في لاهاي", &["NATO"]);
        check("ar", "كتاب Orientalism (1978) لإدوارد سعيد", &["Orientalism"]);
        check("ar", "نص عربي بلا شيء 2025.", &[]);
        check("he", "הצטרפו ל-NATO השנה", &["NATO"]);
        check("ar", "وNATO وبـOPEC", &["NATO", "OPEC"]);
    }

    #[test]
    fn r31_a_latin_question_mark_belongs_to_its_title() {
        check("ar", "قرأت Who Won? أمس", &["Who Won?"]);
        check("ar", "زرت موقع Yahoo! اليوم.", &["Yahoo!"]);
        check("ar", "قال: In the end, we won. ثم سكت", &["In the end, we won"]);
    }

    #[test]
    fn r20_codes_addresses_and_tags_are_runs() {
        check("ar", "نسخة 2.0-beta متاحة", &["2.0-beta"]);
        check(
            "ar",
            "انظر https://example.org/خبر/2024، ثم عد",
            &["https://example.org/خبر/2024"],
        );
        check("ar", "راسل desk@example.org الآن", &["desk@example.org"]);
        check("ar", "وسم #Iran_Talks و#إيران", &["#Iran_Talks"]);
        check("ar", "الصواريخ S-400 وF-35.", &["S-400", "F-35"]);
        check("ar", "لغة C++ و--flag", &["C++", "--flag"]);
        check("ar", "كتاب ISBN 978-0-394-74067-6 قديم", &["ISBN 978-0-394-74067-6"]);
        check("ar", "معيار ISO 9001 و RFC 2119.", &["ISO 9001", "RFC 2119"]);
        check("ar", "الموقع 33.3° N, 44.4° E تقريبا", &["33.3° N, 44.4° E"]);
        check("ar", "عند 33°18′N شمالا و33.3° E.", &["33°18′N", "33.3° E"]);
        check("ar", "بلغت 33.3°، و5° في NATO", &["33.3°", "5°", "NATO"]);
    }

    #[test]
    fn r19_r25_r26_r27_numbers_with_signs_are_runs() {
        check("ar", "بنسبة 50% فقط", &["50%"]);
        check("ar", "هبط إلى -5 درجات", &["-5"]);
        check("ar", "اليورانيوم-235 والقسم-2", &[]);
        check("ar", "مجموعة 5+1 في جنيف", &["5+1"]);
        check("ar", "السعر $100 للبرميل", &["$100"]);
        check("ar", "اتصل على +966 11 234 5678 غدًا", &["+966 11 234 5678"]);
        check("ar", "صدر في 2025-12-24 رسميًا", &["2025-12-24"]);
        check("ar", "الساعة 10:30 يوم 3.5 و1,000", &[]);
        check("ar", "بنسبة ٥٠٪ وبين ٢٠١٥-٢٠١٨", &[]);
        check("ar", "فاز 2-1 أمس", &["2-1"]);
    }

    #[test]
    fn r24_the_values_of_a_range_are_runs_or_the_whole() {
        check("ar", "بين 2015-2018 وقع", &["2015", "2018"]);
        check("ar", "بين 2015–2018 وقع", &["2015", "2018"]);
        check("he", "בשנים 2015–2018 קרה", &["2015–2018"]);
        check("fa", "در ۲۰۱۵-۲۰۱۸ بود", &["۲۰۱۵-۲۰۱۸"]);
    }

    #[test]
    fn r33_arabic_phrases_in_a_latin_text_are_runs() {
        check("en", "The phrase مجلس الأمن means it.", &["مجلس الأمن"]);
        check("en", "See «القرار 2231» and #إيران today", &["القرار", "#إيران"]);
        check("en", "عَمّانَ, the capital", &["عَمّانَ"]);
        check("en", "Café – naïve", &[]);
    }
}
