//! Finding the names of topics in one paragraph (rtl-rules B).
//!
//! A text is cut into whole words, each is folded and looked up in one table that holds
//! every way of writing the first word of every name; the words after it are then
//! compared. The cost of a word does not grow with the number of topics. Which of the
//! found names become links is decided in `link::mentions`.

use std::collections::HashMap;
use std::ops::Range;

use rustc_hash::FxBuildHasher;

use crate::diag::{Diagnostic, Place};
use crate::model::{Site, TopicId};
use crate::parse::front_matter::Alias;
use crate::text::clitics::forms;
use crate::text::fold::{ZWNJ, fold, fold_word, is_vowel_mark, words};
use crate::text::lang::Lang;

/// Names of one word with at most this many letters take no joined letters (B5a).
const SHORT_LETTERS: usize = 3;

/// Longest Latin abbreviation that must be written in capitals, as in `US`.
const CAPITALS: usize = 5;

/// The names of all topics, for texts in one language.
pub struct Matcher {
    lang: Lang,
    names: Vec<Name>,
    table: HashMap<Box<str>, Vec<Candidate>, FxBuildHasher>,
}

/// A name of a topic.
struct Name {
    topic: TopicId,
    words: Vec<Box<str>>,
    written: Vec<Box<str>>,
    gates: Alias,
}

/// A name that may begin with a certain word.
#[derive(Clone)]
struct Candidate {
    name: u32,
    prefix: Box<str>,
    n_outside: usize,
}

/// A name that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The topic.
    pub topic: TopicId,
    /// The whole words, in bytes of the paragraph.
    pub words: Range<usize>,
    /// The part that a link covers (B6).
    pub span: Range<usize>,
}

/// What a briefing says about its own topics.
pub struct Hints<'a> {
    /// Topics whose ambiguous names need no cue.
    pub topics: &'a [TopicId],
    /// The same, by `links.add`.
    pub added: &'a [TopicId],
}

impl Matcher {
    /// Gathers the names that texts in `lang` may use.
    pub fn new(site: &Site, lang: &Lang) -> Self {
        let mut matcher =
            Self { lang: lang.clone(), names: Vec::new(), table: HashMap::default() };
        for (at, topic) in site.topics.iter().enumerate() {
            let topic_id = TopicId::from_index(at);
            for (title_lang, title) in topic.title.iter() {
                if is_for(title, Some(title_lang), lang) {
                    let gates = Alias { text: title.to_owned(), ..Alias::default() };
                    matcher.add(topic_id, gates);
                }
            }
            for alias in topic.meta.aliases.iter().flat_map(|it| &it.value) {
                if is_for(&alias.text, alias.lang.as_ref(), lang) {
                    matcher.add(topic_id, alias.clone());
                }
            }
        }
        // Longer names first: the longest one that fits wins.
        let n_words: Vec<usize> = matcher.names.iter().map(|it| it.words.len()).collect();
        #[expect(clippy::iter_over_hash_type, reason = "each list is sorted by itself")]
        for candidates in matcher.table.values_mut() {
            candidates.sort_by_key(|it| {
                (std::cmp::Reverse(n_words[it.name as usize]), it.prefix.len(), it.name)
            });
        }
        matcher
    }

    fn add(&mut self, topic: TopicId, gates: Alias) {
        let written: Vec<Box<str>> = words(&gates.text)
            .filter_map(|it| gates.text.get(it))
            .map(Into::into)
            .collect();
        let folded: Vec<Box<str>> = written.iter().map(|it| fold(it).into()).collect();
        let Some(first) = folded.first().cloned() else { return };
        let is_known =
            self.names.iter().rev().take(64).any(|it| {
                it.topic == topic && it.words == folded && !it.gates.is_ambiguous
            });
        if is_known {
            return;
        }
        let name = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        let is_short = folded.len() == 1 && first.chars().count() <= SHORT_LETTERS;
        let takes_prefixes = gates.prefixes.unwrap_or(!is_short);
        for form in forms(&first, &self.lang, gates.has_article) {
            let is_denied = gates.deny_prefixes.iter().any(|it| fold(it) == form.prefix);
            if !form.prefix.is_empty() && (!takes_prefixes || is_denied) {
                continue;
            }
            let candidate =
                Candidate { name, prefix: form.prefix.into(), n_outside: form.n_outside };
            self.table.entry(form.text.into()).or_default().push(candidate);
        }
        if gates.tanwin && folded.len() == 1 {
            let candidate = Candidate { name, prefix: "".into(), n_outside: 0 };
            self.table.entry(format!("{first}ا").into()).or_default().push(candidate);
        }
        self.names.push(Name { topic, words: folded, written, gates });
    }

    /// The names in a paragraph, from its beginning to its end, none inside another.
    pub fn find(&self, text: &str, hints: &Hints<'_>) -> Vec<Found> {
        if self.table.is_empty() {
            return Vec::new();
        }
        let paragraph = Folded::new(text);
        let mut found = Vec::new();
        let mut at = 0;
        while at < paragraph.words.len() {
            match self.longest(&paragraph, at, hints) {
                Some((hit, n_words)) => {
                    found.extend(hit);
                    at += n_words;
                }
                None => at += 1,
            }
        }
        found
    }

    /// The longest name that begins at a word. Where two topics have an equal claim, the
    /// words are skipped: no link is better than a wrong one (B5f).
    fn longest(
        &self,
        paragraph: &Folded<'_>,
        at: usize,
        hints: &Hints<'_>,
    ) -> Option<(Option<Found>, usize)> {
        let candidates = self
            .table
            .get(paragraph.folded(at))
            .or_else(|| self.table.get(paragraph.without_tail(at, &self.lang)?))?;
        let mut best: Option<(&Candidate, &Name)> = None;
        for candidate in candidates {
            let name = &self.names[candidate.name as usize];
            if let Some((first, first_name)) = best {
                let is_worse = name.words.len() < first_name.words.len()
                    || first.prefix.len() < candidate.prefix.len();
                if is_worse || name.topic == first_name.topic {
                    continue;
                }
            }
            if !self.fits(paragraph, at, candidate, name, hints) {
                continue;
            }
            if best.is_some() {
                let n_words = name.words.len();
                return Some((None, n_words));
            }
            best = Some((candidate, name));
        }
        let (candidate, name) = best?;
        let n_words = name.words.len();
        let last = paragraph.words[at + n_words - 1].clone();
        let words = paragraph.words[at].start..last.end;
        let start = words.start + paragraph.skip_letters(at, candidate.n_outside);
        let end = match paragraph.without_tail(at + n_words - 1, &self.lang) {
            Some(_) => last.start + paragraph.tail_at(at + n_words - 1),
            None => last.end,
        };
        Some((Some(Found { topic: name.topic, words, span: start..end }), n_words))
    }

    fn fits(
        &self,
        paragraph: &Folded<'_>,
        at: usize,
        candidate: &Candidate,
        name: &Name,
        hints: &Hints<'_>,
    ) -> bool {
        let n_words = name.words.len();
        if paragraph.words.len() < at + n_words {
            return false;
        }
        for (offset, word) in name.words.iter().enumerate().skip(1) {
            let is_word = paragraph.folded(at + offset) == &**word
                || paragraph.without_tail(at + offset, &self.lang) == Some(&**word);
            if !is_word || !paragraph.is_joined(at + offset - 1) {
                return false;
            }
        }
        let written = |offset: usize| paragraph.written(at + offset);
        if n_words == 1 && is_abbreviation(&name.written[0]) {
            let text = written(0);
            let text = text.trim_start_matches(|it: char| !it.is_ascii());
            if text != &*name.written[0] {
                return false;
            }
        }
        let n_prefix = candidate.prefix.chars().count();
        let marks_agree = (0..n_words).all(|offset| {
            let skipped = if offset == 0 { n_prefix } else { 0 };
            marks_agree(&name.written[offset], written(offset), skipped)
        });
        let gates = &name.gates;
        let (before, after) = (paragraph.before(at), paragraph.after(at + n_words));
        marks_agree
            && !gates.not_after.iter().any(|it| ends_with_words(&before, &fold(it)))
            && !gates.not_before.iter().any(|it| starts_with_words(&after, &fold(it)))
            && (!gates.is_ambiguous
                || hints.topics.contains(&name.topic)
                || hints.added.contains(&name.topic)
                || gates.cue_before.iter().any(|it| ends_with_words(&before, &fold(it)))
                || gates.cue_after.iter().any(|it| starts_with_words(&after, &fold(it))))
    }
}

/// Whether texts in `lang` may use a name: its own language, or any for Latin letters.
fn is_for(text: &str, name_lang: Option<&Lang>, lang: &Lang) -> bool {
    let is_latin = !text.chars().any(|it| it.is_alphabetic() && '\u{250}' <= it);
    let script = |it: char| match it {
        '\u{590}'..='\u{5FF}' => Some("Hebr"),
        '\u{600}'..='\u{6FF}' => Some("Arab"),
        _ => None,
    };
    is_latin
        || match name_lang {
            Some(name_lang) => name_lang.primary() == lang.primary(),
            None => text.chars().find_map(script).is_none_or(|it| it == lang.script()),
        }
}

/// A short Latin name without small letters.
fn is_abbreviation(word: &str) -> bool {
    word.len() <= CAPITALS && word.bytes().all(|it| it.is_ascii_uppercase())
}

/// Whether the vowel marks of a text contradict those of a name (B5e): a letter that has
/// marks in both must have the same ones; doubling is often left out and does not count.
fn marks_agree(name: &str, text: &str, n_prefix: usize) -> bool {
    if !name.contains(is_vowel_mark) || !text.contains(is_vowel_mark) {
        return true;
    }
    let of_text = letter_marks(text);
    letter_marks(name)
        .iter()
        .zip(of_text.iter().skip(n_prefix))
        .all(|(a, b)| a.is_empty() || b.is_empty() || a == b)
}

fn letter_marks(word: &str) -> Vec<String> {
    let mut marks: Vec<String> = Vec::new();
    for letter in word.chars() {
        if is_vowel_mark(letter) {
            if letter != '\u{651}'
                && let Some(last) = marks.last_mut()
            {
                last.push(letter);
            }
        } else if letter.is_alphabetic() {
            marks.push(String::new());
        }
    }
    marks
}

fn ends_with_words(text: &str, cue: &str) -> bool {
    text.strip_suffix(cue).is_some_and(|rest| {
        // A cue may itself be joined to و, ب or ل.
        rest.is_empty() || rest.ends_with([' ', 'و', 'ب', 'ل', 'ف'])
    })
}

fn starts_with_words(text: &str, cue: &str) -> bool {
    text.strip_prefix(cue).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// A paragraph, its words and their folded forms.
struct Folded<'a> {
    text: &'a str,
    words: Vec<Range<usize>>,
    buffer: String,
    ends: Vec<usize>,
}

impl<'a> Folded<'a> {
    fn new(text: &'a str) -> Self {
        let words: Vec<Range<usize>> = words(text).collect();
        let mut buffer = String::with_capacity(text.len());
        let mut ends = Vec::with_capacity(words.len());
        for word in &words {
            fold_word(text.get(word.clone()).unwrap_or_default(), &mut buffer);
            ends.push(buffer.len());
        }
        Self { text, words, buffer, ends }
    }

    fn written(&self, at: usize) -> &'a str {
        self.text.get(self.words[at].clone()).unwrap_or_default()
    }

    fn folded(&self, at: usize) -> &str {
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        self.buffer.get(start..self.ends[at]).unwrap_or_default()
    }

    /// A Persian word without an ending behind a zero-width non-joiner (B4).
    fn without_tail(&self, at: usize, lang: &Lang) -> Option<&str> {
        if lang.primary() != "fa" {
            return None;
        }
        let tail = self.written(at).rsplit_once(ZWNJ)?.1;
        let n_tail = match tail {
            "ی" | "ي" => 'ي'.len_utf8(),
            "را" => "را".len(),
            _ => return None,
        };
        let folded = self.folded(at);
        folded.get(..folded.len() - n_tail)
    }

    /// Where that ending begins, in bytes of the word.
    fn tail_at(&self, at: usize) -> usize {
        let written = self.written(at);
        written.rfind(ZWNJ).unwrap_or(written.len())
    }

    /// Bytes of the first letters of a word, with the marks on them.
    fn skip_letters(&self, at: usize, n_letters: usize) -> usize {
        if n_letters == 0 {
            return 0;
        }
        let mut n_seen = 0;
        for (offset, letter) in self.written(at).char_indices() {
            if !crate::text::fold::is_dropped(letter) {
                if n_seen == n_letters {
                    return offset;
                }
                n_seen += 1;
            }
        }
        0
    }

    /// Whether only white space or a hyphen stands between a word and the next.
    fn is_joined(&self, at: usize) -> bool {
        let gap = self.words[at].end..self.words[at + 1].start;
        let gap = self.text.get(gap).unwrap_or_default();
        !gap.is_empty()
            && gap.chars().all(|it| it.is_whitespace() || matches!(it, '-' | '־' | '‐'))
    }

    /// The three words before a word, folded.
    fn before(&self, at: usize) -> String {
        let words: Vec<&str> =
            (at.saturating_sub(3)..at).map(|it| self.folded(it)).collect();
        words.join(" ")
    }

    /// The three words from a word on, folded.
    fn after(&self, at: usize) -> String {
        let end = self.words.len().min(at + 3);
        let words: Vec<&str> = (at..end).map(|it| self.folded(it)).collect();
        words.join(" ")
    }
}

/// Warns of names that two topics claim without a gate: neither would ever be linked.
pub fn check_names(site: &Site) -> Vec<Diagnostic> {
    let mut owners: std::collections::BTreeMap<(String, String), TopicId> =
        std::collections::BTreeMap::new();
    let mut diagnostics = Vec::new();
    for (at, topic) in site.topics.iter().enumerate() {
        let titles =
            topic.title.iter().map(|(lang, text)| (lang.primary().to_owned(), text));
        let aliases = topic.meta.aliases.iter().flat_map(|it| &it.value);
        let aliases = aliases.filter(|it| !it.is_ambiguous).map(|it| {
            let lang = it.lang.as_ref().unwrap_or(&site.config.lang);
            (lang.primary().to_owned(), it.text.as_str())
        });
        for (lang, text) in titles.chain(aliases) {
            let id = TopicId::from_index(at);
            let owner = *owners.entry((lang, fold(text))).or_insert(id);
            if owner == id {
                continue;
            }
            let shown = crate::text::isolate::terminal(text);
            let other = &site.topics[owner.at()];
            let message = format!(
                "two topics are called `{shown}`: `{}` and `{}`; neither is linked by it",
                other.id, topic.id
            );
            let place = Place::file(&topic.path);
            let warning = Diagnostic::warning("ambiguous-name", place, message)
                .with_related(Place::file(&other.path), "the other one")
                .with_help("mark the name `ambiguous: true` with a cue in one of them");
            diagnostics.push(warning);
        }
    }
    diagnostics
}
