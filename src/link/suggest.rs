//! Suggestions: frequent names and expressions that are no topic yet.
//!
//! Nothing here understands a language. An expression of several words is a candidate when
//! it returns and holds together (its words seldom appear without each other); a single
//! word when it stands where names stand (after a title such as «وزير», between quotation
//! marks, in capital letters), or is a noun that never has the article. Standing where names
//! stand also ranks an expression higher. An editor decides.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::BuildHasher;
use std::ops::Range;

use rustc_hash::FxBuildHasher;

use crate::link::matcher::Matcher;
use crate::link::mentions::{Sentence, sentence};
use crate::link::names::is_usual_gap;
use crate::link::paragraphs::paragraphs;
use crate::link::tokens::Tokens;
use crate::link::{Article, Links, link_label};
use crate::model::{BriefingId, Site};
use crate::text::clitics::{Clitics, Needs, read};
use crate::text::fold::{Script, fold, script};
use crate::text::lang::Lang;
use crate::text::reading::sentences;
use crate::text::stop_words::{is_preposition, is_stop_word, title_kind};

/// Longest expression, in words.
const MAX_WORDS: usize = 4;

/// Sentences that are shown for one candidate.
const N_SENTENCES: usize = 2;

/// How much of the time the rarest word of an expression must stand in it.
const MIN_COHESION: f64 = 0.4;

/// What decides how many candidates there are.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Most candidates.
    pub n_candidates: usize,
    /// How often an expression must appear.
    pub min_count: u32,
}

/// An expression that may be a topic.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The spelling that is used most, without joined letters.
    pub text: String,
    /// Language of the briefings that use it.
    pub lang: Lang,
    /// How often.
    pub count: u32,
    /// The briefings, in the order of the site.
    pub briefings: Vec<BriefingId>,
    /// The kind of topic that the words before it speak for: `person`, `country` …
    pub kind: Option<&'static str>,
    /// Sentences that use it.
    pub sentences: Vec<(BriefingId, Sentence)>,
}

/// An expression while it is being counted.
#[derive(Debug, Clone, Default)]
struct Counted {
    count: u32,
    n_marked: u32,
    /// How often a preposition stands before it: before a noun, not before a verb.
    n_governed: u32,
    /// How often a definite noun comes next: then it is the head of a longer expression.
    n_heads: u32,
    briefings: BTreeSet<BriefingId>,
    spellings: BTreeMap<String, u32>,
    kinds: BTreeMap<&'static str, u32>,
    sentences: Vec<(BriefingId, Sentence)>,
}

/// Finds candidates in all briefings, the best first.
pub fn suggest(
    site: &Site,
    links: &Links,
    matcher: &Matcher,
    limits: Limits,
) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    for lang in &site.config.languages {
        let own = |it: &BriefingId| site.briefings[it.at()].lang == *lang;
        let ids = (0..site.briefings.len()).map(BriefingId::from_index).filter(own);
        let ids: Vec<BriefingId> = ids.collect();
        let texts = Texts { site, links, matcher, lang };
        let mut counter = Counter::new(lang, limits.min_count);
        for id in &ids {
            texts.visit(*id, &mut |_, words| counter.count_words(words));
        }
        for id in &ids {
            texts.visit(*id, &mut |_, words| counter.count_expressions(words));
        }
        for id in &ids {
            texts.visit(*id, &mut |text, words| counter.paragraph(*id, text, words));
        }
        candidates.extend(counter.finish());
    }
    candidates.sort_by(|(a, one), (b, other)| {
        b.total_cmp(a).then_with(|| one.text.cmp(&other.text))
    });
    candidates.truncate(limits.n_candidates);
    candidates.into_iter().map(|(_, it)| it).collect()
}

/// The briefings of one language, to be read several times: details of every expression
/// would not fit into memory, so they are gathered only of those that return.
struct Texts<'a> {
    site: &'a Site,
    links: &'a Links,
    matcher: &'a Matcher,
    lang: &'a Lang,
}

impl Texts<'_> {
    /// Visits the paragraphs of a briefing with their words.
    fn visit(&self, id: BriefingId, visit: &mut dyn FnMut(&str, &[Word])) {
        let Self { site, links, matcher, lang } = *self;
        let briefing = &site.briefings[id.at()];
        let mut scan = Article::of(briefing).scan(matcher);
        let references = &links.briefings[id.at()].references;
        let document = &*briefing.body.document();
        let label = |link| link_label(link, references);
        let mut tokens = Tokens::default();
        paragraphs(document, label, |paragraph| {
            scan.read(&paragraph.text);
            let found = scan.found.iter().map(|it| it.words.clone());
            let held = scan.held.iter().map(|it| it.words.clone());
            let mut known: Vec<Range<usize>> = found.chain(held).collect();
            known.sort_by_key(|it| it.start);
            // Each reaches at least as far as the one before it.
            for at in 1..known.len() {
                known[at].end = known[at].end.max(known[at - 1].end);
            }
            tokens.read(&paragraph.text);
            let is_closed =
                |byte| paragraph.piece(byte).is_none_or(|it| it.closed.is_some());
            let text = &paragraph.text;
            visit(text, &words(&tokens, text, &known, lang, matcher, &is_closed));
        });
    }
}

/// Counts the expressions of one language.
struct Counter<'a> {
    lang: &'a Lang,
    clitics: Clitics,
    min_count: u32,
    /// Folded words and how often they are written.
    words: HashMap<String, u32, FxBuildHasher>,
    /// Hashes of expressions and how often they are written.
    hashes: HashMap<u64, u32, FxBuildHasher>,
    expressions: BTreeMap<Vec<String>, Counted>,
}

/// A word of a paragraph that may be part of a candidate.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a sign of its own")]
struct Word {
    folded: String,
    /// As written, in bytes of the paragraph.
    bytes: Range<usize>,
    /// Whether it may stand in a candidate at all.
    is_open: bool,
    is_stop: bool,
    is_capital: bool,
    /// Whether it follows the word before without punctuation.
    is_joined: bool,
    is_quoted: bool,
}

impl<'a> Counter<'a> {
    fn new(lang: &'a Lang, min_count: u32) -> Self {
        Self {
            lang,
            clitics: Clitics::of(lang),
            min_count,
            words: HashMap::default(),
            hashes: HashMap::default(),
            expressions: BTreeMap::new(),
        }
    }

    fn count_words(&mut self, words: &[Word]) {
        for word in words.iter().filter(|it| it.is_open) {
            match self.words.get_mut(&word.folded) {
                Some(count) => *count += 1,
                None => {
                    self.words.insert(word.folded.clone(), 1);
                }
            }
        }
    }

    fn count_expressions(&mut self, words: &[Word]) {
        for start in 0..words.len() {
            for run in runs_from(words, start) {
                if self.may_begin_or_end(run) {
                    let hash = FxBuildHasher.hash_one(self.key(run));
                    *self.hashes.entry(hash).or_insert(0) += 1;
                }
            }
        }
    }

    /// Whether an expression may begin and end with these words. What begins with a title
    /// of a person is an office; the name comes after.
    fn may_begin_or_end(&self, run: &[Word]) -> bool {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { return false };
        let is_office = title_kind(&first.folded, self.lang) == Some("person");
        !first.is_stop && !last.is_stop && !is_office
    }

    /// The words of an expression, the first one without joined letters.
    fn key(&self, run: &[Word]) -> Vec<String> {
        self.bare(run.iter().map(|it| it.folded.clone()).collect())
    }

    fn paragraph(&mut self, id: BriefingId, text: &str, words: &[Word]) {
        let all = sentences(text);
        for start in 0..words.len() {
            for run in runs_from(words, start) {
                if !self.may_begin_or_end(run) {
                    continue;
                }
                let key = self.key(run);
                let hash = FxBuildHasher.hash_one(&key);
                if self.hashes.get(&hash).is_none_or(|it| *it < self.min_count) {
                    continue;
                }
                let end = start + run.len() - 1;
                let last = &words[end];
                let before = start.checked_sub(1).map(|it| &words[it]);
                let kind = before
                    .filter(|_| run[0].is_joined)
                    .and_then(|it| title_kind(&it.folded, self.lang));
                // Many ordinary nouns follow «دولة» or «مجموعة»; few follow «وزير».
                let is_title = kind.is_some_and(|it| 1 < run.len() || it == "person");
                let is_marked = is_title
                    || run.iter().all(|it| it.is_capital && !starts_sentence(&all, it))
                    || run.iter().all(|it| it.is_quoted);
                let is_joined = run[0].folded.strip_suffix(&*key[0]);
                let is_joined = is_joined.is_some_and(|it| it.ends_with(['ب', 'ل']));
                let counted = self.expressions.entry(key).or_default();
                counted.count += 1;
                counted.n_marked += u32::from(is_marked);
                let is_governed = before.is_some_and(|it| {
                    run[0].is_joined && is_preposition(&it.folded, self.lang)
                });
                counted.n_governed += u32::from(is_governed || is_joined);
                let next = words.get(end + 1);
                let is_head =
                    next.is_some_and(|it| it.is_joined && it.folded.starts_with("ال"));
                counted.n_heads += u32::from(is_head);
                counted.briefings.insert(id);
                let bytes = run[0].bytes.start..last.bytes.end;
                let written = text.get(bytes.clone()).unwrap_or_default().to_owned();
                *counted.spellings.entry(written).or_insert(0) += 1;
                if let Some(kind) = kind {
                    *counted.kinds.entry(kind).or_insert(0) += 1;
                }
                if counted.sentences.len() < N_SENTENCES {
                    counted.sentences.push((id, sentence(text, &all, &bytes)));
                }
            }
        }
    }

    /// Drops expressions that are too rare or fall apart, and ranks the rest.
    fn finish(mut self) -> Vec<(f64, Candidate)> {
        let mut joined = std::mem::take(&mut self.expressions);
        // Two expressions may have had the same hash.
        joined.retain(|_, it| self.min_count <= it.count);
        // How often each expression stands in a longer one.
        let mut longer: BTreeMap<&[String], u32> = BTreeMap::new();
        for (key, counted) in &joined {
            for n_words in 1..key.len() {
                for part in key.windows(n_words) {
                    let most = longer.entry(part).or_insert(0);
                    *most = counted.count.max(*most);
                }
            }
        }
        let mut result = Vec::new();
        for (key, counted) in &joined {
            let cohesion = self.cohesion(key, counted.count);
            // Nearly always a part of something longer.
            let in_longer = longer.get(key.as_slice()).copied().unwrap_or(0);
            let is_part = counted.count * 4 <= in_longer * 5;
            if cohesion < MIN_COHESION || is_part || !self.stands_alone(key, counted) {
                continue;
            }
            result.push(self.candidate(key, counted, cohesion));
        }
        result
    }

    /// The expression without joined letters, where its first word is written without them
    /// more often.
    fn bare(&self, mut key: Vec<String>) -> Vec<String> {
        let count = |word: &str| self.words.get(word).copied().unwrap_or(0);
        let Some(first) = key.first() else { return key };
        let own = count(first);
        let mut best: Option<(u32, String)> = None;
        read(first, None, self.clitics, &mut String::new(), &mut |it| {
            let is_word = 3 <= it.bare.chars().count();
            let fits =
                matches!(it.needs, Needs::Nothing | Needs::Article | Needs::NoArticle);
            let n = count(it.bare);
            if it.n_prefix != 0 && is_word && fits && own < n {
                let is_better = best.as_ref().is_none_or(|(known, _)| *known < n);
                if is_better {
                    best = Some((n, it.bare.to_owned()));
                }
            }
        });
        if let Some((_, bare)) = best {
            key[0] = bare;
        }
        key
    }

    /// Whether one word stands where names stand often enough to be one: an ordinary word
    /// follows a title now and then («ميثاق التعاون»).
    fn stands_alone(&self, key: &[String], counted: &Counted) -> bool {
        let count = |word: &str| self.words.get(word).copied().unwrap_or(0);
        let [word] = key else {
            // «فرنسا وألمانيا» are two.
            let joins =
                |it: &String| it.strip_prefix('و').is_some_and(|it| 0 < count(it));
            return self.clitics != Clitics::Arabic || !key.iter().skip(1).any(joins);
        };
        let total = count(word).max(counted.count);
        let needed = if word.starts_with("ال") { 0.6 } else { 0.25 };
        // A noun that returns and never has the article may well be a name.
        let is_indefinite = self.clitics == Clitics::Arabic
            && 4 <= word.chars().count()
            && 4 <= counted.count
            && !word.starts_with("ال")
            && count(&format!("ال{word}")) == 0
            && counted.count <= counted.n_governed * 8
            && counted.n_heads * 3 <= counted.count
            && !counted.spellings.keys().any(|it| it.contains('\u{64B}'));
        is_indefinite || needed <= f64::from(counted.n_marked) / f64::from(total)
    }

    /// Share of the appearances of its rarest word that are in this expression; 1 for one
    /// word.
    fn cohesion(&self, key: &[String], count: u32) -> f64 {
        if key.len() == 1 {
            return 1.0;
        }
        let rarest = key.iter().filter_map(|it| self.words.get(it)).min();
        f64::from(count) / f64::from((*rarest.unwrap_or(&count)).max(1))
    }

    fn candidate(
        &self,
        key: &[String],
        counted: &Counted,
        cohesion: f64,
    ) -> (f64, Candidate) {
        let n_marked = f64::from(counted.n_marked);
        let share = n_marked / f64::from(counted.count);
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
        let spread = (counted.briefings.len() as f64).sqrt();
        let score = f64::from(counted.count) * cohesion.min(1.0) * (0.5 + share) * spread;
        // The spelling without joined letters, where there is one.
        let bare = key.join(" ");
        let plain = |it: &String| fold(it).split_whitespace().eq(bare.split_whitespace());
        let spellings = &counted.spellings;
        // The most frequent one, the first of several.
        let text = spellings.iter().filter(|(it, _)| plain(it)).rev();
        let text = text.max_by_key(|(_, n)| **n).map(|(it, _)| it);
        let kind = counted.kinds.iter().max_by_key(|(_, n)| **n).map(|(it, _)| *it);
        let candidate = Candidate {
            text: text.cloned().unwrap_or(bare),
            lang: self.lang.clone(),
            count: counted.count,
            briefings: counted.briefings.iter().copied().collect(),
            kind,
            sentences: counted.sentences.clone(),
        };
        (score, candidate)
    }
}

/// The expressions that begin with a word: words that follow each other without
/// punctuation and are no known name.
fn runs_from(words: &[Word], start: usize) -> impl Iterator<Item = &[Word]> {
    let ends = start..words.len().min(start + MAX_WORDS);
    let goes_on = move |end: &usize| {
        words[*end].is_open && (start == *end || words[*end].is_joined)
    };
    ends.take_while(goes_on).filter_map(move |end| words.get(start..=end))
}

/// Whether a Latin word is a known name with an ending: `Russian`.
fn is_demonym(word: &str, matcher: &Matcher) -> bool {
    let mut ends = word.char_indices().map(|(at, _)| at).skip(4);
    script(word) == Script::Other
        && ends.any(|at| word.get(..at).is_some_and(|it| matcher.is_name(it)))
}

fn starts_sentence(sentences: &[Range<usize>], word: &Word) -> bool {
    sentences.iter().any(|it| it.start == word.bytes.start)
}

/// The words of a paragraph with what speaks for or against them.
fn words(
    tokens: &Tokens,
    text: &str,
    known: &[Range<usize>],
    lang: &Lang,
    matcher: &Matcher,
    is_closed: &dyn Fn(usize) -> bool,
) -> Vec<Word> {
    let mut n_quotes = 0_i32;
    (0..tokens.len())
        .map(|at| {
            let bytes = tokens.source_range(text, tokens.range(at));
            let gap = if at == 0 { "" } else { tokens.gap(at - 1) };
            n_quotes += i32::try_from(gap.matches('«').count()).unwrap_or(0);
            n_quotes -= i32::try_from(gap.matches('»').count()).unwrap_or(0);
            let folded = tokens.word(at).to_owned();
            let written = text.get(bytes.clone()).unwrap_or_default();
            let is_number = !folded.chars().any(char::is_alphabetic);
            let next = known.partition_point(|it| it.start < bytes.end);
            let last = next.checked_sub(1).and_then(|it| known.get(it));
            let is_known = last.is_some_and(|it| bytes.start < it.end)
                || is_demonym(&folded, matcher);
            let is_short = script(&folded) != Script::Other && folded.chars().count() < 3;
            Word {
                is_open: !is_known
                    && !is_number
                    && !tokens.is_code(at, 1)
                    && !is_closed(bytes.start),
                is_stop: is_short || is_stop_word(&folded, lang),
                is_capital: written.starts_with(char::is_uppercase),
                is_joined: at != 0 && is_usual_gap(gap),
                is_quoted: 0 < n_quotes,
                folded,
                bytes,
            }
        })
        .collect()
}
