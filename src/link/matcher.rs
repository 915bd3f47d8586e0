//! Finding the names of topics in running text (rtl-rules B): one automaton for all topics
//! and all languages, whose letters are whole words.
//!
//! A text is folded once and cut into words. Each word is read in every way that its
//! language allows (`text::clitics`), each reading and the words after it are followed
//! through the states of the automaton, and the longest name wins. A
//! filter of a few kilobytes turns nearly every word away before the table is asked, so
//! the cost of a word does not grow with the number of topics. What must hold besides the
//! letters is decided in `link::gates`, which of the found names become links in
//! `link::mentions`.

use std::collections::{BTreeSet, HashMap};
use std::hash::{BuildHasher, Hash};
use std::ops::Range;

use rustc_hash::FxBuildHasher;

use crate::link::gates::{self, Reason};
use crate::link::names::{Name, Names, REVIEW_LETTERS, is_usual_gap};
use crate::link::tokens::Tokens;
use crate::model::{Site, TopicId};
use crate::text::clitics::{Clitics, Needs, Reading, is_prefix, outside, read};
use crate::text::fold::{Script, script};
use crate::text::lang::Lang;

/// The names of all topics, ready to be found in texts of any language.
pub struct Matcher {
    names: Names,
    tails: Tails,
    filter: Filter,
    /// Folded first word of a name -> state after it.
    first: HashMap<Box<str>, u32, FxBuildHasher>,
    /// The other words of names -> their numbers.
    words: HashMap<Box<str>, u32, FxBuildHasher>,
    /// State and number of the next word -> state after it.
    next: HashMap<(u32, u32), u32, FxBuildHasher>,
    states: Vec<State>,
    /// The languages in which words of a script are read where the text is in another.
    arabic: Lang,
    hebrew: Lang,
}

/// What has been read of a name.
#[derive(Debug, Default)]
struct State {
    /// Names that end here, as indices into `Names::all`.
    names: Vec<u32>,
    /// Whether longer names begin like this.
    has_next: bool,
}

/// A name that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The topic.
    pub topic: TopicId,
    /// The name, as an index into `Names::all`.
    pub name: u32,
    /// The whole words, in bytes of the text.
    pub words: Range<usize>,
    /// The part that a link covers (B6).
    pub span: Range<usize>,
    /// Whether it is a short name with joined letters, which an editor should look at.
    pub is_short_hit: bool,
}

/// Words that look like a name and were not taken for one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The topic.
    pub topic: TopicId,
    /// The name, as an index into `Names::all`.
    pub name: u32,
    /// The whole words, in bytes of the text.
    pub words: Range<usize>,
    /// Why not.
    pub reason: Reason,
}

/// What an article says about topics before its text is read.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hints<'a> {
    /// Topics whose ambiguous names need no cue.
    pub topics: &'a [TopicId],
    /// Topics that the editor chose among those that claim a name.
    pub added: &'a [TopicId],
    /// Topics that claim nothing here.
    pub suppressed: &'a [TopicId],
}

/// How words of one script are read.
#[derive(Debug, Clone, Copy)]
struct Rule {
    clitics: Clitics,
    /// The language whose names count; all names of the script where it is `None`.
    lang: Option<u16>,
}

/// The search for names in one article.
pub struct Scan<'m> {
    matcher: &'m Matcher,
    hints: Hints<'m>,
    arabic: Rule,
    hebrew: Rule,
    /// Topics that the article has called by a full name so far.
    introduced: BTreeSet<TopicId>,
    tokens: Tokens,
    spelled: String,
    claims: Vec<Claim>,
    /// What the last text named.
    pub found: Vec<Found>,
    /// What the last text seemed to name.
    pub held: Vec<Held>,
}

/// A name that fits at a word.
#[derive(Debug, Clone)]
struct Claim {
    name: u32,
    n_words: usize,
    n_prefix: usize,
    n_outside: usize,
    n_ending: usize,
    has_tanwin: bool,
    reason: Option<Reason>,
}

/// No name has this language.
const NO_LANGUAGE: u16 = u16::MAX;

impl Matcher {
    /// Gathers the names of a site.
    pub fn new(site: &Site) -> Self {
        let of_script = |script: &str, otherwise: &str| {
            let own = site.config.languages.iter().find(|it| it.script() == script);
            let otherwise = || Lang::parse(otherwise).expect("a language tag");
            own.cloned().unwrap_or_else(otherwise)
        };
        let names = Names::gather(site);
        let mut matcher = Self {
            tails: Tails::new(names.all.len()),
            filter: Filter::new(names.all.len()),
            first: HashMap::default(),
            words: HashMap::default(),
            next: HashMap::default(),
            states: Vec::new(),
            arabic: of_script("Arab", "ar"),
            hebrew: of_script("Hebr", "he"),
            names: Names::default(),
        };
        for (at, name) in names.all.iter().enumerate() {
            matcher.add(index(at), name);
        }
        matcher.names = names;
        matcher
    }

    fn add(&mut self, at: u32, name: &Name) {
        let Some((first, rest)) = name.words.split_first() else { return };
        self.tails.insert(first);
        self.filter.insert(first);
        let n_states = index(self.states.len());
        let mut state = *self.first.entry(first.clone()).or_insert(n_states);
        self.states
            .resize_with(self.states.len().max(state as usize + 1), State::default);
        for word in rest {
            let n_words = index(self.words.len());
            let word = *self.words.entry(word.clone()).or_insert(n_words);
            self.states[state as usize].has_next = true;
            let n_states = index(self.states.len());
            state = *self.next.entry((state, word)).or_insert(n_states);
            let n_states = self.states.len().max(state as usize + 1);
            self.states.resize_with(n_states, State::default);
        }
        self.states[state as usize].names.push(at);
    }

    /// The names.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// Whether a folded word is the whole name of a topic.
    pub fn is_name(&self, word: &str) -> bool {
        let state = self.first.get(word).and_then(|it| self.states.get(*it as usize));
        state.is_some_and(|it| !it.names.is_empty())
    }

    /// Begins the search in an article that is written in `lang`.
    pub fn scan<'m>(&'m self, lang: &Lang, hints: Hints<'m>) -> Scan<'m> {
        Scan {
            matcher: self,
            hints,
            arabic: self.rule(lang, "Arab", &self.arabic),
            hebrew: self.rule(lang, "Hebr", &self.hebrew),
            introduced: BTreeSet::new(),
            tokens: Tokens::default(),
            spelled: String::new(),
            claims: Vec::new(),
            found: Vec::new(),
            held: Vec::new(),
        }
    }

    /// Visits the names that the text from a word on may hold, `n_read` words of which
    /// have led to a state.
    fn walk(
        &self,
        state: u32,
        n_read: usize,
        tokens: &Tokens,
        at: usize,
        rule: Rule,
        visit: &mut dyn FnMut(u32, &Name),
    ) {
        let here = &self.states[state as usize];
        for index in &here.names {
            let name = &self.names.all[*index as usize];
            if rule.lang.is_none() || name.lang.is_none() || name.lang == rule.lang {
                visit(*index, name);
            }
        }
        if !here.has_next || tokens.len() <= at + n_read {
            return;
        }
        let mut step = |word: &str| {
            let word = self.words.get(word);
            if let Some(next) = word.and_then(|it| self.next.get(&(state, *it))) {
                self.walk(*next, n_read + 1, tokens, at, rule, visit);
            }
        };
        let (word, split) = (tokens.word(at + n_read), tokens.split(at + n_read));
        if rule.clitics == Clitics::Persian {
            read(word, split, rule.clitics, &mut String::new(), &mut |it| step(it.bare));
        } else {
            step(word);
        }
    }

    /// Words in the script of the text are in its language; words in another script can be
    /// in any language of that script, as a Latin name is in an Arabic text.
    fn rule(&self, lang: &Lang, script: &str, other: &Lang) -> Rule {
        if lang.script() != script {
            return Rule { clitics: Clitics::of(other), lang: None };
        }
        let known = self.names.languages.iter().position(|it| **it == *lang.primary());
        let key = known.and_then(|it| u16::try_from(it).ok()).unwrap_or(NO_LANGUAGE);
        Rule { clitics: Clitics::of(lang), lang: Some(key) }
    }
}

impl Scan<'_> {
    /// Notes that the article has called a topic by its full name.
    pub fn introduce(&mut self, topic: TopicId) {
        self.introduced.insert(topic);
    }

    /// Finds the names in a text, from its beginning to its end, none inside another; they
    /// stand in `found` and `held` until the next text.
    pub fn read(&mut self, text: &str) {
        self.found.clear();
        self.held.clear();
        if self.matcher.states.is_empty() {
            return;
        }
        let mut tokens = std::mem::take(&mut self.tokens);
        tokens.read(text);
        let mut at = 0;
        let endings: &[&str] = match self.arabic.clitics {
            Clitics::Persian => &["ي", "را"],
            _ => &[],
        };
        while at < tokens.len() {
            let word = tokens.word(at);
            let may_be_name = self.matcher.tails.may_begin_name(word)
                || endings.iter().any(|it| word.ends_with(it));
            at += if may_be_name { self.word(&tokens, text, at).max(1) } else { 1 };
        }
        self.tokens = tokens;
    }

    fn rule(&self, word: &str) -> Rule {
        match script(word) {
            Script::Arabic => self.arabic,
            Script::Hebrew => self.hebrew,
            Script::Other => Rule { clitics: Clitics::None, lang: None },
        }
    }

    /// Looks for a name that begins at a word; gives the number of words that are done.
    fn word(&mut self, tokens: &Tokens, text: &str, at: usize) -> usize {
        let matcher = self.matcher;
        let word = tokens.word(at);
        let rule = self.rule(word);
        let mut claims = std::mem::take(&mut self.claims);
        claims.clear();
        let split = tokens.split(at);
        read(word, split, rule.clitics, &mut self.spelled, &mut |reading| {
            if !matcher.filter.may_contain(reading.bare) {
                return;
            }
            let Some(state) = matcher.first.get(reading.bare) else { return };
            matcher.walk(*state, 1, tokens, at, rule, &mut |index, name| {
                claims.extend(claim(index, name, &reading, tokens, at, rule));
            });
        });
        let n_done = if claims.is_empty() {
            1
        } else {
            self.decide(tokens, text, at, rule, &mut claims)
        };
        self.claims = claims;
        n_done
    }

    /// Chooses among the names that fit at a word: the longest, then the one with the
    /// fewest joined letters. Where two topics have an equal claim there is no link (B5f).
    fn decide(
        &mut self,
        tokens: &Tokens,
        text: &str,
        at: usize,
        rule: Rule,
        claims: &mut Vec<Claim>,
    ) -> usize {
        let names = &self.matcher.names.all;
        for claim in claims.iter_mut() {
            let name = &names[claim.name as usize];
            let place = gates::Place {
                tokens,
                text,
                at,
                n_words: claim.n_words,
                has_tanwin: claim.has_tanwin,
                clitics: rule.clitics,
            };
            let is_named = self.hints.topics.contains(&name.topic)
                || self.hints.added.contains(&name.topic)
                || (name.gates.is_short_form && self.introduced.contains(&name.topic));
            claim.reason = match claim.reason {
                _ if tokens.is_code(at, claim.n_words) => Some(Reason::Address),
                None => gates::refuse(&name.gates, &place, is_named),
                known => known,
            };
        }
        let rank = |it: &Claim| {
            let n_sign = names[it.name as usize].sign.len();
            (it.n_words, n_sign, std::cmp::Reverse(it.n_prefix))
        };
        let best = claims.iter().filter(|it| it.reason.is_none()).map(rank).max();
        let Some(best) = best else {
            self.hold(tokens, text, at, claims);
            return 1;
        };
        claims.retain(|it| it.reason.is_none() && rank(it) == best);
        match self.winner(claims) {
            Some(winner) => {
                let winner = claims[winner].clone();
                self.accept(tokens, text, at, &winner);
            }
            None => {
                for claim in claims.iter_mut() {
                    claim.reason = Some(Reason::TwoTopics);
                }
                self.hold(tokens, text, at, claims);
            }
        }
        best.0
    }

    fn winner(&self, claims: &[Claim]) -> Option<usize> {
        let topic = |it: &Claim| self.matcher.names.all[it.name as usize].topic;
        // `None`: nobody that passes; `Some(None)`: several topics.
        let only = |passes: &dyn Fn(&Claim) -> bool| {
            let mut first: Option<usize> = None;
            for (index, claim) in claims.iter().enumerate().filter(|(_, it)| passes(it)) {
                match first {
                    None => first = Some(index),
                    Some(known) if topic(&claims[known]) == topic(claim) => {}
                    Some(_) => return Some(None),
                }
            }
            first.map(Some)
        };
        if let Some(Some(one)) = only(&|_| true) {
            return Some(one);
        }
        // Topics that the editor leaves out here claim nothing; one that the editor adds
        // is the one meant.
        let is_open = |it: &Claim| !self.hints.suppressed.contains(&topic(it));
        if let Some(Some(one)) = only(&is_open) {
            return Some(one);
        }
        if let Some(Some(one)) =
            only(&|it| is_open(it) && self.hints.added.contains(&topic(it)))
        {
            return Some(one);
        }
        // A surname means the person whose full name came before (B7).
        let is_surname =
            |it: &Claim| self.matcher.names.all[it.name as usize].gates.is_short_form;
        if claims.iter().all(is_surname) {
            return only(&|it| is_open(it) && self.introduced.contains(&topic(it)))
                .flatten();
        }
        None
    }

    fn accept(&mut self, tokens: &Tokens, text: &str, at: usize, claim: &Claim) {
        let name = &self.matcher.names.all[claim.name as usize];
        let first = tokens.range(at);
        let last = tokens.range(at + claim.n_words - 1);
        let end = last.end - claim.n_ending + name.sign.len();
        let start =
            self.joined_start(tokens, at).unwrap_or(first.start + claim.n_outside);
        let span = start..end;
        if 1 < name.words.len() || !name.joints.is_empty() {
            self.introduced.insert(name.topic);
        }
        self.found.push(Found {
            topic: name.topic,
            name: claim.name,
            words: tokens.source_range(text, first.start..last.end.max(end)),
            span: tokens.source_range(text, span),
            is_short_hit: claim.n_prefix != 0
                && !name.gates.is_confirmed
                && name.words.len() == 1
                && name.n_letters <= REVIEW_LETTERS,
        });
    }

    /// Where the link of a Latin name begins that has Arabic letters joined to it, as in
    /// «بـNATO»: with them, as for an Arabic name.
    fn joined_start(&self, tokens: &Tokens, at: usize) -> Option<usize> {
        let before = at.checked_sub(1)?;
        let is_joined = script(tokens.word(at)) == Script::Other
            && tokens.gap(before).is_empty()
            && script(tokens.word(before)) == Script::Arabic
            && is_prefix(tokens.word(before), self.arabic.clitics);
        let range = tokens.range(before);
        is_joined.then(|| range.start + outside(tokens.word(before)))
    }

    fn hold(&mut self, tokens: &Tokens, text: &str, at: usize, claims: &[Claim]) {
        let n_before = self.held.len();
        for claim in claims {
            let Some(reason) = claim.reason else { continue };
            let topic = self.matcher.names.all[claim.name as usize].topic;
            // Several names of one topic say the same of the same words.
            let is_said = |it: &Held| it.topic == topic && it.reason == reason;
            if self.held.iter().skip(n_before).any(is_said) {
                continue;
            }
            let last = tokens.range(at + claim.n_words - 1);
            let words = tokens.source_range(text, tokens.range(at).start..last.end);
            self.held.push(Held { topic, name: claim.name, words, reason });
        }
    }
}

/// Compares the words of a name with those of the text; `None` where they differ. Short
/// names and denied letters are refused here, because they are a matter of the reading.
fn claim(
    index: u32,
    name: &Name,
    reading: &Reading<'_>,
    tokens: &Tokens,
    at: usize,
    rule: Rule,
) -> Option<Claim> {
    let n_words = name.words.len();
    if tokens.len() < at + n_words {
        return None;
    }
    let gates = &name.gates;
    let fits = match reading.needs {
        Needs::Nothing => true,
        Needs::Article => gates.has_article,
        Needs::NoArticle => !gates.has_article,
        Needs::Tanwin => gates.takes_tanwin && n_words == 1,
        Needs::NextWord => n_words == 1 && tokens.is_followed(at),
    };
    let has_ending = reading.n_ending != 0;
    if !fits || (1 < n_words && has_ending && !is_ezafe(tokens, at, reading.bare)) {
        return None;
    }
    let mut n_ending = if n_words == 1 { reading.n_ending } else { 0 };
    for offset in 1..n_words {
        let gap = tokens.gap(at + offset - 1);
        let is_one_name = is_usual_gap(gap) || name.gaps[offset].as_deref() == Some(gap);
        if !is_one_name {
            return None;
        }
        let (here, wanted) = (at + offset, &name.words[offset]);
        if tokens.word(here) == &**wanted {
            continue;
        }
        let found = ending(tokens, here, wanted, rule)?;
        if offset + 1 == n_words {
            n_ending = found;
        } else if !is_ezafe(tokens, here, wanted) {
            return None;
        }
    }
    let after = tokens.after(at + n_words - 1);
    let has_sign =
        after.starts_with(&*name.sign) && (name.sign.is_empty() || n_ending == 0);
    if !has_sign {
        return None;
    }
    let has_joints = name.joints.iter().all(|(word, byte)| {
        let skipped = if *word == 0 { reading.n_prefix } else { 0 };
        tokens.is_split_at(at + word, skipped + byte)
    });
    if !has_joints {
        return None;
    }
    let prefix = tokens.word(at).get(..reading.n_prefix).unwrap_or_default();
    let is_denied = |it: &str| it == prefix || it == reading.preposition;
    let reason = match reading.n_prefix {
        0 => None,
        _ if !gates.takes_prefixes => Some(Reason::ShortName),
        _ if gates.deny_prefixes.iter().any(|it| is_denied(it)) => {
            Some(Reason::DeniedPrefix)
        }
        _ => None,
    };
    let Reading { n_prefix, n_outside, .. } = *reading;
    let has_tanwin = reading.needs == Needs::Tanwin;
    Some(Claim {
        name: index,
        n_words,
        n_prefix,
        n_outside,
        n_ending,
        has_tanwin,
        reason,
    })
}

/// Whether a Persian word joins the next by an ezafe that is written out (اتحادیه‌ی اروپا)
/// and not by a mark (اتحادیهٔ اروپا), which folding drops.
fn is_ezafe(tokens: &Tokens, at: usize, bare: &str) -> bool {
    bare.ends_with('ه')
        && tokens.split(at) == Some(bare.len())
        && tokens.word(at).get(bare.len()..) == Some("ي")
}

/// Bytes of the ending with which a word is the last word of a name.
fn ending(tokens: &Tokens, at: usize, wanted: &str, rule: Rule) -> Option<usize> {
    if rule.clitics != Clitics::Persian {
        return None;
    }
    let mut found = None;
    let (word, split) = (tokens.word(at), tokens.split(at));
    read(word, split, rule.clitics, &mut String::new(), &mut |it| {
        let fits = it.needs == Needs::Nothing || tokens.is_followed(at);
        if it.bare == wanted && fits {
            found = Some(it.n_ending);
        }
    });
    found
}

fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Tells by the last letters of a word that no reading of it is the first word of a name.
///
/// `clitics::read` takes letters off the beginning, or puts an article there; only the
/// alef of the accusative and Persian endings stand behind a name. So of all its readings
/// the last letters are the same, and nearly every word is done with one look.
///
/// An article that a word hides is two bytes longer than what is left of it: a name shares
/// all but its first two bytes with the word. Hence names of eight bytes and more are known
/// by their last six, names of six and seven by their last four, shorter ones by two.
struct Tails {
    long: Filter,
    /// By the last two bytes.
    short: Vec<u64>,
    /// Whether there is a name that shares no letter with what a word shows of it.
    passes_all: bool,
}

impl Tails {
    fn new(n_names: usize) -> Self {
        let short = vec![0; usize::from(u16::MAX) / 64 + 1];
        Self { long: Filter::new(n_names), short, passes_all: false }
    }

    fn insert(&mut self, first: &str) {
        let bytes = first.as_bytes();
        match (bytes.last_chunk::<6>(), bytes.last_chunk::<4>(), bytes.last_chunk::<2>())
        {
            (Some(last), ..) if 8 <= bytes.len() => self.long.insert(last),
            (Some(_), Some(last), _) => self.long.insert(last),
            // The Hebrew article may be hidden whole: «ב» for «בה».
            _ if bytes.len() < 4 && first.starts_with('ה') => self.passes_all = true,
            (_, _, Some(last)) => self.insert_short(*last),
            // A letter of one byte, whatever stands before it.
            _ => {
                let last = bytes.last().copied().unwrap_or(0);
                (0..=u8::MAX).for_each(|it| self.insert_short([it, last]));
            }
        }
    }

    fn insert_short(&mut self, last: [u8; 2]) {
        let bit = usize::from(u16::from_le_bytes(last));
        self.short[bit / 64] |= 1 << (bit % 64);
    }

    /// Whether a reading of a word may be the first word of a name, for all that can be
    /// seen without a Persian ending.
    #[inline]
    fn may_begin_name(&self, word: &str) -> bool {
        const ALEF: [u8; 2] = [0xD8, 0xA7];
        let bytes = word.as_bytes();
        let without_alef = bytes.split_last_chunk::<2>().filter(|it| *it.1 == ALEF);
        self.passes_all
            || self.has_tail(bytes)
            || without_alef.is_some_and(|(it, _)| self.has_tail(it))
    }

    #[inline]
    fn has_tail(&self, bytes: &[u8]) -> bool {
        let last = match *bytes {
            [.., before, last] => [before, last],
            [last] => [0, last],
            [] => return false,
        };
        let bit = usize::from(u16::from_le_bytes(last));
        self.short[bit / 64] & 1 << (bit % 64) != 0
            || bytes.last_chunk::<6>().is_some_and(|it| self.long.may_contain(it))
            || bytes.last_chunk::<4>().is_some_and(|it| self.long.may_contain(it))
    }
}

/// Tells in a few bits that something is not among what was put in.
struct Filter {
    bits: Vec<u64>,
    mask: u64,
}

impl Filter {
    /// Sixteen bits for each name: one word in sixteen passes by chance.
    fn new(n_names: usize) -> Self {
        let n_bits = (n_names.max(64) * 16).next_power_of_two();
        Self { bits: vec![0; n_bits / 64], mask: n_bits as u64 - 1 }
    }

    #[inline]
    fn place(&self, word: impl Hash) -> (usize, u64) {
        let bit = FxBuildHasher.hash_one(word) & self.mask;
        (usize::try_from(bit / 64).unwrap_or(0), 1 << (bit % 64))
    }

    fn insert(&mut self, word: impl Hash) {
        let (at, bit) = self.place(word);
        self.bits[at] |= bit;
    }

    #[inline]
    fn may_contain(&self, word: impl Hash) -> bool {
        let (at, bit) = self.place(word);
        self.bits[at] & bit != 0
    }
}

#[cfg(test)]
mod tests {
    use super::{Tails, index};
    use crate::text::clitics::{Clitics, read};

    #[test]
    fn no_reading_that_is_a_name_is_turned_away_by_its_last_letters() {
        let bare = [
            "5",
            "35",
            "א",
            "ה",
            "ه",
            "قم",
            "هر",
            "ال5",
            "الو",
            "الل",
            "علي",
            "قطر",
            "اللد",
            "العراق",
            "اللاذقيه",
            "محمد",
            "ורשה",
            "הר",
            "הכנסת",
            "وارسو",
            "iran",
            "us",
            "g7",
        ];
        let before = ["", "و", "ب", "ل", "ول", "لل", "ولل", "ו", "ב", "וכשב", "בו", "ה"];
        let behind = ["", "ا"];
        let mut n_found = 0;
        for name in bare {
            let mut tails = Tails::new(1);
            tails.insert(name);
            for (first, last) in before.iter().flat_map(|a| behind.map(|b| (a, b))) {
                for cut in 0..=name.len().min(6) {
                    let Some(rest) = name.get(cut..) else { continue };
                    let word = format!("{first}{rest}{last}");
                    for clitics in [Clitics::Arabic, Clitics::Hebrew, Clitics::None] {
                        let mut is_name = false;
                        read(&word, None, clitics, &mut String::new(), &mut |it| {
                            is_name |= it.bare == name;
                        });
                        n_found += index(usize::from(is_name));
                        assert!(!is_name || tails.may_begin_name(&word), "{name} {word}");
                    }
                }
            }
        }
        assert!(300 < n_found, "the cases are not empty: {n_found}");
    }
}
