//! Joined letters: what Arabic, Hebrew and Persian write together with a name (rtl-rules
//! B4).
//!
//! Arabic: `(و|ف)? (ب|ك|ل)? name`, where ل and the article become لل. Hebrew:
//! `ו? (ש|כש|מש|לכש)? (ב|כ|ל|מ)? name`, where ב כ ל swallow the article. Persian: a few
//! endings. The sets are closed: nothing here stems, because a stemmer cuts names (إيران
//! would become اير). `read` gives every way in which a word can be a name with something
//! joined to it; whether there is such a name is the business of `link::matcher`.

use crate::text::lang::Lang;

/// Which set of joined letters a language has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clitics {
    /// Letters before the word; a name in the accusative may end in alef.
    Arabic,
    /// Letters before the word.
    Hebrew,
    /// Endings.
    Persian,
    /// None: Urdu writes such words apart, other languages have none.
    None,
}

impl Clitics {
    /// The set of a language.
    pub fn of(lang: &Lang) -> Self {
        match lang.primary() {
            "ar" | "arz" | "ary" | "apc" | "afb" => Self::Arabic,
            "he" | "iw" => Self::Hebrew,
            "fa" | "prs" => Self::Persian,
            _ => Self::None,
        }
    }
}

/// What a name must be like for a reading to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing.
    Nothing,
    /// It begins with an article, of which the word hides a letter: للعراق, בכנסת.
    Article,
    /// It does not begin with an article, which would have been hidden.
    NoArticle,
    /// It takes the accusative ending: محمدًا.
    Tanwin,
    /// A word follows: the ezafe of اروپای شرقی.
    NextWord,
}

/// One way to read a word as a name with something joined to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading<'a> {
    /// The folded name.
    pub bare: &'a str,
    /// Bytes of the word that are joined before the name.
    pub n_prefix: usize,
    /// The preposition among them, for names that deny one; empty without.
    pub preposition: &'a str,
    /// Bytes at the beginning of the word that stay outside a link (B6).
    pub n_outside: usize,
    /// Bytes of an ending that stays outside a link.
    pub n_ending: usize,
    /// What the name must be like.
    pub needs: Needs,
}

impl<'a> Reading<'a> {
    fn bare(word: &'a str) -> Self {
        Self {
            bare: word,
            n_prefix: 0,
            preposition: "",
            n_outside: 0,
            n_ending: 0,
            needs: Needs::Nothing,
        }
    }
}

const ARABIC_CONJUNCTIONS: [&str; 2] = ["و", "ف"];
const ARABIC_PREPOSITIONS: [&str; 3] = ["ب", "ك", "ل"];
const HEBREW_SUBORDINATORS: [&str; 4] = ["ש", "כש", "מש", "לכש"];
const HEBREW_PREPOSITIONS: [&str; 4] = ["ב", "כ", "ל", "מ"];

/// Gives every reading of a folded word, the bare word first. `split` is the byte of its
/// last zero-width non-joiner. `spelled` is memory for names of which the word hides a
/// letter.
pub fn read(
    word: &str,
    split: Option<usize>,
    clitics: Clitics,
    spelled: &mut String,
    visit: &mut impl FnMut(Reading<'_>),
) {
    visit(Reading::bare(word));
    match clitics {
        Clitics::Arabic => arabic(word, spelled, visit),
        Clitics::Hebrew => hebrew(word, spelled, visit),
        Clitics::Persian => persian(word, split, visit),
        Clitics::None => {}
    }
}

/// Whether letters that stand before a word can be joined to it.
pub fn is_prefix(letters: &str, clitics: Clitics) -> bool {
    if letters.is_empty() {
        return true;
    }
    let mut is_prefix = false;
    match clitics {
        Clitics::Arabic => {
            let rest = strip_any(letters, &ARABIC_CONJUNCTIONS).unwrap_or(letters);
            is_prefix = rest.is_empty() || ARABIC_PREPOSITIONS.contains(&rest);
        }
        Clitics::Hebrew => hebrew_prefixes(letters, &mut |rest, _| {
            is_prefix |= rest.is_empty();
        }),
        Clitics::Persian | Clitics::None => {}
    }
    is_prefix
}

fn strip_any<'a>(word: &'a str, prefixes: &[&str]) -> Option<&'a str> {
    prefixes.iter().find_map(|it| word.strip_prefix(it))
}

fn arabic(word: &str, spelled: &mut String, visit: &mut impl FnMut(Reading<'_>)) {
    if let Some(bare) = word.strip_suffix('ا') {
        let n_ending = 0;
        visit(Reading { n_ending, needs: Needs::Tanwin, ..Reading::bare(bare) });
        if let Some(rest) = strip_any(bare, &ARABIC_CONJUNCTIONS) {
            let n_prefix = bare.len() - rest.len();
            let n_outside = outside(word);
            let needs = Needs::Tanwin;
            visit(Reading { n_prefix, n_outside, needs, ..Reading::bare(rest) });
        }
    }
    arabic_preposition(word, word, spelled, visit);
    if let Some(rest) = strip_any(word, &ARABIC_CONJUNCTIONS) {
        let n_prefix = word.len() - rest.len();
        let n_outside = outside(word);
        visit(Reading { n_prefix, n_outside, ..Reading::bare(rest) });
        arabic_preposition(word, rest, spelled, visit);
    }
}

/// Bytes at the beginning of an Arabic word that stay outside a link: و joins nothing to
/// its left, so a link may begin after it.
pub fn outside(word: &str) -> usize {
    if word.starts_with('و') { 'و'.len_utf8() } else { 0 }
}

/// Reads `rest`, which is `word` or what follows its conjunction.
fn arabic_preposition(
    word: &str,
    rest: &str,
    spelled: &mut String,
    visit: &mut impl FnMut(Reading<'_>),
) {
    let Some(bare) = strip_any(rest, &ARABIC_PREPOSITIONS) else { return };
    let n_prefix = word.len() - bare.len();
    let n_outside = if rest.len() == word.len() { 0 } else { outside(word) };
    let preposition = rest.strip_suffix(bare).unwrap_or_default();
    let reading = Reading { n_prefix, preposition, n_outside, ..Reading::bare(bare) };
    // ل hides the alef of an article.
    let needs = if preposition == "ل" { Needs::NoArticle } else { Needs::Nothing };
    visit(Reading { needs, ..reading });
    // ل and ال are written لل, and a third lam is not written: اللاذقية, للاذقية.
    let Some(after) = rest.strip_prefix("لل") else { return };
    for article in ["ال", "الل"] {
        spelled.clear();
        spelled.push_str(article);
        spelled.push_str(after);
        visit(Reading { bare: spelled.as_str(), needs: Needs::Article, ..reading });
    }
}

/// Gives what remains of a word after every possible run of joined letters, and the
/// preposition that ends the run.
fn hebrew_prefixes<'a>(word: &'a str, visit: &mut impl FnMut(&'a str, &'static str)) {
    for conjunction in ["", "ו"] {
        let Some(rest) = word.strip_prefix(conjunction) else { continue };
        for subordinator in std::iter::once("").chain(HEBREW_SUBORDINATORS) {
            let Some(rest) = rest.strip_prefix(subordinator) else { continue };
            if rest.len() < word.len() {
                visit(rest, "");
            }
            for preposition in HEBREW_PREPOSITIONS {
                if let Some(rest) = rest.strip_prefix(preposition) {
                    visit(rest, preposition);
                }
            }
        }
    }
}

fn hebrew(word: &str, spelled: &mut String, visit: &mut impl FnMut(Reading<'_>)) {
    if !word.starts_with(['ו', 'ש', 'כ', 'מ', 'ל', 'ב']) {
        return;
    }
    hebrew_prefixes(word, &mut |bare, preposition| {
        let n_prefix = word.len() - bare.len();
        let swallows = matches!(preposition, "ב" | "כ" | "ל");
        let needs = if swallows { Needs::NoArticle } else { Needs::Nothing };
        let n_outside = n_prefix;
        let reading =
            Reading { n_prefix, preposition, n_outside, needs, ..Reading::bare(bare) };
        // An initial ו is doubled after a prefix, as in בוורשה (מורשה is another word),
        // except after another ו.
        let is_after_vav = word.get(..n_prefix) == Some("ו");
        if !bare.starts_with('ו') || bare.starts_with("וו") || is_after_vav {
            visit(reading);
        }
        if bare.starts_with("וו") {
            let n_outside = n_prefix + 'ו'.len_utf8();
            let bare = bare.strip_prefix('ו').unwrap_or(bare);
            visit(Reading { bare, n_outside, ..reading });
        }
        if swallows {
            spelled.clear();
            spelled.push('ה');
            spelled.push_str(bare);
            let (bare, needs) = (spelled.as_str(), Needs::Article);
            visit(Reading { bare, n_outside: 0, needs, ..reading });
        }
    });
}

fn persian(word: &str, split: Option<usize>, visit: &mut impl FnMut(Reading<'_>)) {
    if let Some(at) = split
        && let (Some(bare), Some("ي" | "را")) = (word.get(..at), word.get(at..))
    {
        let n_ending = word.len() - bare.len();
        visit(Reading { n_ending, ..Reading::bare(bare) });
    }
    // Never after a consonant: ایرانی is another word.
    if let Some(bare) = word.strip_suffix('ي').filter(|it| it.ends_with(['ا', 'و'])) {
        let (n_ending, needs) = ('ي'.len_utf8(), Needs::NextWord);
        visit(Reading { n_ending, needs, ..Reading::bare(bare) });
    }
}

#[cfg(test)]
mod tests {
    use super::{Clitics, Needs, is_prefix, read};

    /// `written` read as `name`: the bytes outside the link, as letters, and what the name
    /// must be like.
    #[track_caller]
    fn check(
        clitics: Clitics,
        name: &str,
        written: &str,
        expected: Option<(&str, Needs)>,
    ) {
        let mut found = None;
        read(written, None, clitics, &mut String::new(), &mut |it| {
            if it.bare == name {
                let outside = written.get(..it.n_outside).unwrap_or_default();
                found = Some((outside.to_owned(), it.needs));
            }
        });
        let found = found.as_ref().map(|(outside, needs)| (outside.as_str(), *needs));
        assert_eq!(found, expected, "{written}");
    }

    #[test]
    fn b4_arabic_joined_letters() {
        let ar = Clitics::Arabic;
        check(ar, "ايران", "ايران", Some(("", Needs::Nothing)));
        check(ar, "ايران", "وايران", Some(("و", Needs::Nothing)));
        check(ar, "ايران", "فايران", Some(("", Needs::Nothing)));
        check(ar, "ايران", "بايران", Some(("", Needs::Nothing)));
        check(ar, "ايران", "ولايران", Some(("و", Needs::NoArticle)));
        check(ar, "ايران", "سايران", None);
        check(ar, "ايران", "الايران", None);
        check(ar, "العراق", "للعراق", Some(("", Needs::Article)));
        check(ar, "العراق", "وللعراق", Some(("و", Needs::Article)));
        check(ar, "العراق", "وبالعراق", Some(("و", Needs::Nothing)));
        check(ar, "اللاذقيه", "للاذقيه", Some(("", Needs::Article)));
        check(ar, "لبنان", "للبنان", Some(("", Needs::NoArticle)));
        check(ar, "محمد", "ومحمدا", Some(("و", Needs::Tanwin)));
    }

    #[test]
    fn b4_hebrew_joined_letters() {
        let he = Clitics::Hebrew;
        check(he, "ישראל", "וכשבישראל", Some(("וכשב", Needs::NoArticle)));
        check(he, "ישראל", "מישראל", Some(("מ", Needs::Nothing)));
        check(he, "הכנסת", "בכנסת", Some(("", Needs::Article)));
        check(he, "הכנסת", "מהכנסת", Some(("מ", Needs::Nothing)));
        check(he, "ורשה", "בוורשה", Some(("בו", Needs::NoArticle)));
        check(he, "ורשה", "וורשה", Some(("ו", Needs::Nothing)));
        check(he, "ורשה", "מורשה", None);
        check(he, "וושינגטון", "בוושינגטון", Some(("ב", Needs::NoArticle)));
        check(he, "ישראל", "הישראל", None);
    }

    #[test]
    fn b4_persian_endings_and_urdu_without_any() {
        let fa = Clitics::Persian;
        check(fa, "اروپا", "اروپاي", Some(("", Needs::NextWord)));
        check(fa, "ايران", "ايراني", None);
        check(fa, "ايران", "بايران", None);
        check(Clitics::None, "ايران", "وايران", None);
    }

    #[test]
    fn a_cue_may_have_letters_joined_to_it() {
        assert!(is_prefix("وب", Clitics::Arabic) && is_prefix("", Clitics::None));
        assert!(!is_prefix("ال", Clitics::Arabic) && !is_prefix("بو", Clitics::Arabic));
        assert!(is_prefix("וכשב", Clitics::Hebrew) && !is_prefix("הב", Clitics::Hebrew));
    }
}
