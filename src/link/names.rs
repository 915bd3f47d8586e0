//! Names: every way in which running text may name a topic, with the gates of each
//! (rtl-rules B5).
//!
//! A topic is named by its titles and its aliases. An alias that is written like a title
//! puts its gates on the title. How names are looked for is the business of
//! `link::matcher`.

use std::collections::BTreeMap;

use crate::diag::{Diagnostic, Place};
use crate::model::topic::Topic;
use crate::model::{Site, TopicId};
use crate::parse::front_matter::{Alias, TopicKind};
use crate::text::fold::{Script, fold, is_vowel_mark, script, words};
use crate::text::homographs::{homograph, is_first_name};
use crate::text::isolate::terminal;
use crate::text::lang::Lang;
use crate::text::reading::excerpt;

/// Names of one word with at most this many letters take no joined letters (B5a).
const SHORT_LETTERS: usize = 3;

/// Names of one word with this many letters take joined letters, and the editor is shown
/// where they did (B5a).
pub const REVIEW_LETTERS: usize = 4;

/// Longest Latin abbreviation that must be written in capitals, as in `US`.
const CAPITALS: usize = 3;

/// Longest name, in words, whose words may be written together with a zero-width
/// non-joiner.
const MAX_JOINTS: usize = 4;

/// Longest name, in words; longer ones are reported and never found.
const MAX_WORDS: usize = 24;

/// A name of a topic.
#[derive(Debug, Clone)]
pub struct Name {
    /// The topic.
    pub topic: TopicId,
    /// The name as the editor wrote it.
    pub text: Box<str>,
    /// Its language, as an index into `Names::languages`; `None` fits every language of
    /// its script.
    pub lang: Option<u16>,
    /// Folded words.
    pub words: Vec<Box<str>>,
    /// What stands before each word where it is neither white space nor a hyphen.
    pub gaps: Vec<Option<Box<str>>>,
    /// A sign that ends the name and belongs to it, as in «أوبك+»; empty for none.
    pub sign: Box<str>,
    /// Places inside words where the text must have a zero-width non-joiner: index of the
    /// word, byte in it.
    pub joints: Vec<(usize, usize)>,
    /// How many letters the words have.
    pub n_letters: usize,
    /// What must hold for it to count.
    pub gates: Gates,
}

/// What must hold for a name to count, ready to be compared with folded text.
#[expect(clippy::struct_excessive_bools, reason = "each is a gate of its own")]
#[derive(Debug, Clone, Default)]
pub struct Gates {
    /// It counts only with a cue, or where the briefing names the topic.
    pub is_ambiguous: bool,
    /// Cues, each a list of words.
    pub cue_before: Vec<Vec<Box<str>>>,
    /// Cues, each a list of words.
    pub cue_after: Vec<Vec<Box<str>>>,
    /// Words before which it is something else.
    pub not_before: Vec<Vec<Box<str>>>,
    /// Words after which it is something else.
    pub not_after: Vec<Vec<Box<str>>>,
    /// Joined letters with which it is another word.
    pub deny_prefixes: Vec<Box<str>>,
    /// Whether it takes joined letters.
    pub takes_prefixes: bool,
    /// Whether the editor has said so, and need not be asked.
    pub is_confirmed: bool,
    /// Whether it begins with an article that joined letters hide.
    pub has_article: bool,
    /// Whether it takes the accusative ending.
    pub takes_tanwin: bool,
    /// The words as written, where they carry vowel marks: marks of the text must agree.
    pub marked: Option<Vec<Box<str>>>,
    /// Whether the text must carry vowel marks: the unmarked word is another name.
    pub needs_marks: bool,
    /// What of its capitals the text must keep.
    pub capitals: Capitals,
    /// Whether it is one word of a person's longer name, such as a surname.
    pub is_short_form: bool,
    /// Whether the editor gave it any gate.
    pub has_own: bool,
}

/// What of a name's capital letters a text must keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Capitals {
    /// Nothing: the script has none, or the name begins with a small letter.
    #[default]
    Free,
    /// The first one: `Turkey` is not `turkey`.
    Initial,
    /// All: `US` is not `Us`.
    All,
}

/// The names of all topics.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// In the order of the topics.
    pub all: Vec<Name>,
    /// Primary language subtags that names have.
    pub languages: Vec<Box<str>>,
}

impl Names {
    /// Gathers the names of all topics.
    pub fn gather(site: &Site) -> Self {
        let mut names = Self::default();
        for (at, topic) in site.topics.iter().enumerate() {
            let first = names.all.len();
            names.add_topic(TopicId::from_index(at), topic, &site.config.lang);
            if let Some(own) = names.all.get_mut(first..) {
                find_short_forms(topic, own);
            }
        }
        names
    }

    fn add_topic(&mut self, id: TopicId, topic: &Topic, default: &Lang) {
        let aliases = || topic.meta.aliases.iter().flat_map(|it| &it.value);
        for (lang, title) in topic.title.iter() {
            let folded = fold(title);
            let mut same = aliases().filter(|it| {
                fold(&it.text) == folded
                    && it.lang.as_ref().is_none_or(|it| it.primary() == lang.primary())
            });
            let has_marks = title.contains(is_vowel_mark);
            // An alias that is written like the title has the gates for both.
            if same.clone().any(|it| !has_marks || it.text.contains(is_vowel_mark)) {
                continue;
            }
            let needs_marks = has_marks && same.next().is_some();
            let alias = Alias { text: title.to_owned(), ..Alias::default() };
            let alias = with_gates_of_words(alias, lang);
            self.add(id, topic.kind, &alias, Some(lang), needs_marks);
        }
        for alias in aliases() {
            let lang = alias.lang.as_ref().unwrap_or(default);
            let gated = with_gates_of_words(alias.clone(), lang);
            self.add(id, topic.kind, &gated, alias.lang.as_ref(), false);
        }
    }

    fn add(
        &mut self,
        id: TopicId,
        kind: TopicKind,
        alias: &Alias,
        lang: Option<&Lang>,
        needs_marks: bool,
    ) {
        let folded = fold(&alias.text);
        let ranges: Vec<_> = words(&folded).collect();
        let text_of = |range: std::ops::Range<usize>| -> Box<str> {
            folded.get(range).unwrap_or_default().into()
        };
        let own_words: Vec<Box<str>> = ranges.iter().cloned().map(text_of).collect();
        let Some(first) = own_words.first() else { return };
        if MAX_WORDS < own_words.len() {
            return;
        }
        let gap = |pair: &[std::ops::Range<usize>]| match pair {
            [before, after] => {
                let gap = folded.get(before.end..after.start).unwrap_or_default();
                (!is_usual_gap(gap)).then(|| gap.into())
            }
            _ => None,
        };
        let gaps = std::iter::once(None).chain(ranges.windows(2).map(gap)).collect();
        let after_last = ranges.last().and_then(|it| folded.get(it.end..));
        let is_sign = |it: char| matches!(it, '+' | '#' | '&' | '*');
        let after_last = after_last.unwrap_or_default();
        let n_sign = after_last.find(|it| !is_sign(it)).unwrap_or(after_last.len());
        let letters = own_words.iter().flat_map(|it| it.chars());
        let n_letters = letters.filter(|it| it.is_alphabetic()).count();
        // The mark of a Hebrew abbreviation is as good as a fourth letter: בצה״ל.
        let is_short = own_words.len() == 1
            && n_letters <= SHORT_LETTERS
            && !first.contains(['"', '\'']);
        let lang = lang.map(|it| self.language(it.primary()));
        let gates = gates(alias, kind, is_short, needs_marks);
        let text = alias.text.as_str().into();
        let name = Name {
            topic: id,
            text,
            lang,
            words: own_words,
            gaps,
            sign: after_last.get(..n_sign).unwrap_or_default().into(),
            joints: Vec::new(),
            n_letters,
            gates,
        };
        self.add_joined(&name);
        self.all.push(name);
    }

    /// Where words are written together with a zero-width non-joiner (شورای‌امنیت), one
    /// word of the text is several of the name.
    fn add_joined(&mut self, name: &Name) {
        let n_gaps = name.words.len() - 1;
        let is_written_so = script(&name.words[0]) == Script::Arabic
            && name.lang.is_none_or(|it| &*self.languages[usize::from(it)] != "ar")
            && name.gaps.iter().all(Option::is_none);
        if n_gaps == 0 || MAX_JOINTS <= n_gaps || !is_written_so {
            return;
        }
        for pattern in 1..1_u32 << n_gaps {
            let mut joined = Name {
                words: vec![name.words[0].clone()],
                joints: Vec::new(),
                gaps: vec![None],
                ..name.clone()
            };
            for (at, word) in name.words.iter().enumerate().skip(1) {
                let last = joined.words.len() - 1;
                if pattern & (1 << (at - 1)) == 0 {
                    joined.words.push(word.clone());
                    joined.gaps.push(None);
                } else {
                    joined.joints.push((last, joined.words[last].len()));
                    joined.words[last] = format!("{}{word}", joined.words[last]).into();
                }
            }
            self.all.push(joined);
        }
    }

    fn language(&mut self, primary: &str) -> u16 {
        let known = self.languages.iter().position(|it| &**it == primary);
        let at = known.unwrap_or_else(|| {
            self.languages.push(primary.into());
            self.languages.len() - 1
        });
        u16::try_from(at).unwrap_or(u16::MAX)
    }
}

/// What may stand between the words of one name whatever the editor wrote (B3): white
/// space, or a hyphen. Never a comma.
pub fn is_usual_gap(gap: &str) -> bool {
    matches!(gap, "-" | "‐" | "\u{2011}" | "־")
        || (!gap.is_empty() && gap.chars().all(char::is_whitespace))
}

/// The gates of an ordinary word, where the editor has given none.
fn with_gates_of_words(mut alias: Alias, lang: &Lang) -> Alias {
    let found = homograph(&fold(&alias.text), lang.primary());
    let found = found.filter(|_| !alias.has_gates);
    if let Some(found) = found {
        let owned = |words: &[&str]| words.iter().map(|it| (*it).to_owned()).collect();
        alias.is_ambiguous = found.is_ambiguous;
        alias.cue_before = owned(found.cue_before);
        alias.not_after = owned(found.not_after);
        alias.not_before = owned(found.not_before);
        alias.deny_prefixes = owned(found.deny_prefixes);
    }
    alias
}

fn gates(alias: &Alias, kind: TopicKind, is_short: bool, needs_marks: bool) -> Gates {
    let lists = |texts: &[String]| texts.iter().map(|it| folded_words(it)).collect();
    let written: Vec<Box<str>> = words(&alias.text)
        .map(|it| alias.text.get(it).unwrap_or_default().into())
        .collect();
    let first = written.first().map(|it| &**it).unwrap_or_default();
    Gates {
        is_ambiguous: alias.is_ambiguous,
        cue_before: lists(&alias.cue_before),
        cue_after: lists(&alias.cue_after),
        not_before: lists(&alias.not_before),
        not_after: lists(&alias.not_after),
        deny_prefixes: alias.deny_prefixes.iter().map(|it| fold(it).into()).collect(),
        takes_prefixes: alias.prefixes.unwrap_or(!is_short),
        is_confirmed: alias.prefixes.is_some(),
        has_article: match script(first) {
            // The article has a bare alef; ألمانيا has none, and keeps its letters.
            Script::Arabic => first.starts_with("ال"),
            _ => alias.has_article,
        },
        takes_tanwin: alias.tanwin,
        capitals: capitals(&written, kind),
        marked: alias.text.contains(is_vowel_mark).then_some(written),
        needs_marks,
        is_short_form: false,
        has_own: alias.has_gates,
    }
}

fn folded_words(text: &str) -> Vec<Box<str>> {
    let folded = fold(text);
    words(&folded).map(|it| folded.get(it).unwrap_or_default().into()).collect()
}

/// A name of a state, a place, a person or an organisation is written with a capital
/// wherever it stands; a theme or a product (`Natural gas`) only at the head of its page.
fn capitals(written: &[Box<str>], kind: TopicKind) -> Capitals {
    let Some(first) = written.first() else { return Capitals::Free };
    let is_abbreviation = written.len() == 1
        && first.len() <= CAPITALS
        && first.bytes().all(|it| it.is_ascii_uppercase());
    let is_proper = matches!(
        kind,
        TopicKind::Country
            | TopicKind::Region
            | TopicKind::Place
            | TopicKind::Person
            | TopicKind::Organisation
    );
    match first.chars().next() {
        _ if is_abbreviation => Capitals::All,
        Some(it) if is_proper && it.is_uppercase() => Capitals::Initial,
        _ => Capitals::Free,
    }
}

/// Marks the names of a person that are one word of a longer name (B7).
fn find_short_forms(topic: &Topic, names: &mut [Name]) {
    if topic.kind != TopicKind::Person {
        return;
    }
    let long: Vec<Vec<Box<str>>> =
        names.iter().filter(|it| 1 < it.words.len()).map(|it| it.words.clone()).collect();
    for name in names.iter_mut().filter(|it| it.words.len() == 1) {
        let is_short_form = long.iter().any(|it| it.contains(&name.words[0]));
        name.gates.is_short_form = is_short_form;
        // «أمين» alone is an adjective, unless «أمين الحافظ» came before.
        name.gates.is_ambiguous |=
            is_short_form && !name.gates.has_own && is_first_name(&name.words[0]);
    }
}

/// Warns of names that would never be found: those that two topics claim without a gate,
/// and those that are too long or have no letter.
pub fn check(site: &Site, names: &Names) -> Vec<Diagnostic> {
    let mut owners: BTreeMap<String, Vec<&Name>> = BTreeMap::new();
    let mut diagnostics = Vec::new();
    for topic in &site.topics {
        for alias in topic.meta.aliases.iter().flat_map(|it| &it.value) {
            let n_words = words(&fold(&alias.text)).count();
            if (1..=MAX_WORDS).contains(&n_words) {
                continue;
            }
            let short = excerpt(&alias.text, 40);
            let shown = terminal(&short);
            let message = format!("no text can name `{}` by `{shown}`", topic.id);
            let warning =
                Diagnostic::warning("odd-name", Place::file(&topic.path), message);
            let help =
                format!("an alias has one to {MAX_WORDS} words of letters or digits");
            diagnostics.push(warning.with_help(help));
        }
    }
    for name in &names.all {
        let gates = &name.gates;
        if gates.is_ambiguous || gates.needs_marks || !name.joints.is_empty() {
            continue;
        }
        let owners = owners.entry(name.words.join(" ") + &name.sign).or_default();
        // A name without a language is one in every language of its script, and a Latin
        // one counts in every text.
        let meets = |it: &&&Name| {
            it.topic != name.topic
                && (it.lang == name.lang
                    || it.lang.is_none()
                    || name.lang.is_none()
                    || script(&name.words[0]) == Script::Other)
        };
        let owner = owners.iter().find(meets).copied();
        owners.push(name);
        let Some(owner) = owner else { continue };
        // A surname of two persons is told by the full name before it, two spellings by
        // their vowel marks.
        let are_told = (gates.is_short_form && owner.gates.is_short_form)
            || (gates.marked.is_some() && owner.gates.marked.is_some());
        if are_told {
            continue;
        }
        let (topic, other) =
            (&site.topics[name.topic.at()], &site.topics[owner.topic.at()]);
        let shown = terminal(&name.text);
        let message = format!(
            "two topics are called `{shown}`: `{}` and `{}`; neither is linked by it",
            other.id, topic.id
        );
        let warning =
            Diagnostic::warning("ambiguous-name", Place::file(&topic.path), message)
                .with_related(Place::file(&other.path), "the other one")
                .with_help("mark the name `ambiguous: true` with a cue in one of them");
        diagnostics.push(warning);
    }
    diagnostics
}
