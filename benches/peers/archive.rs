//! One archive of Arabic briefings, written in the form that each generator reads.
//!
//! Nothing here is read from a clock or from chance: the same size gives the same words,
//! so that figures of two days, and of three generators, are about the same texts.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use rayon::prelude::*;

use crate::corpus::{FIRST, LAST, Numbers, WORDS, rare_word};

/// Names in Latin letters, in the order of `corpus::FIRST`.
const FIRST_LATIN: [&str; 20] = [
    "Ahmad", "Mohammad", "Ali", "Hasan", "Said", "Nasir", "Faisal", "Tariq", "Sami",
    "Karim", "Yasir", "Ziyad", "Rami", "Hani", "Walid", "Majid", "Adil", "Jamal",
    "Kamal", "Fuad",
];
/// Names in Latin letters, in the order of `corpus::LAST`.
const LAST_LATIN: [&str; 20] = [
    "al-Zubaidi",
    "al-Jaburi",
    "al-Ubaidi",
    "al-Tamimi",
    "al-Rubaie",
    "al-Saadi",
    "al-Kaabi",
    "al-Maliki",
    "al-Basri",
    "al-Mawsili",
    "al-Halabi",
    "al-Najjar",
    "al-Haddad",
    "al-Qadi",
    "al-Khatib",
    "al-Hashimi",
    "al-Otaibi",
    "al-Shammari",
    "al-Harbi",
    "al-Kindi",
];
/// What most texts are about: a name, another name, a name in Latin letters.
const COUNTRIES: [(&str, &str, &str); 24] = [
    ("إيران", "طهران", "Iran"),
    ("روسيا", "موسكو", "Russia"),
    ("العراق", "بغداد", "Iraq"),
    ("تركيا", "أنقرة", "Turkey"),
    ("سوريا", "دمشق", "Syria"),
    ("مصر", "القاهرة", "Egypt"),
    ("السعودية", "الرياض", "Saudi Arabia"),
    ("الإمارات", "أبوظبي", "Emirates"),
    ("قطر", "الدوحة", "Qatar"),
    ("الأردن", "عمّان", "Jordan"),
    ("لبنان", "بيروت", "Lebanon"),
    ("اليمن", "صنعاء", "Yemen"),
    ("ليبيا", "طرابلس", "Libya"),
    ("السودان", "الخرطوم", "Sudan"),
    ("الجزائر", "الجمهورية الجزائرية", "Algeria"),
    ("المغرب", "الرباط", "Morocco"),
    ("الصين", "بكين", "China"),
    ("الهند", "نيودلهي", "India"),
    ("باكستان", "إسلام آباد", "Pakistan"),
    ("أوكرانيا", "كييف", "Ukraine"),
    ("ألمانيا", "برلين", "Germany"),
    ("فرنسا", "باريس", "France"),
    ("أذربيجان", "باكو", "Azerbaijan"),
    ("أرمينيا", "يريفان", "Armenia"),
];
const LATIN: [&str; 12] = [
    "IAEA", "SWIFT", "S-400", "LNG", "5G", "GDP", "Reuters", "COVID-19", "G20", "OPEC+",
    "F-35", "INSTC",
];
const N_WORDS: usize = 3000;

/// Chooses places, the first of them more often: the place `at` weighs `1 / (at + shift)`.
struct Zipf(Vec<f64>);

impl Zipf {
    fn new(n: usize, shift: u32) -> Self {
        let mut sum = 0.0;
        let weights = (0..n).map(|at| {
            sum += 1.0 / (to_f64(at) + f64::from(shift));
            sum
        });
        Self(weights.collect())
    }

    fn choose(&self, numbers: &mut Numbers) -> usize {
        let most = self.0.last().copied().unwrap_or_default();
        let at = most * to_f64(numbers.below(1 << 20)) / to_f64(1 << 20);
        self.0.partition_point(|it| *it <= at).min(self.0.len() - 1)
    }
}

/// A number that is small enough to be kept exactly.
pub(crate) fn to_f64(it: usize) -> f64 {
    f64::from(u32::try_from(it).unwrap())
}

struct Topic {
    id: String,
    title: String,
    kind: &'static str,
    aliases: Vec<String>,
    summary: String,
}

struct Briefing {
    title: String,
    date: String,
    author: String,
    topics: Vec<usize>,
    summary: String,
    /// Markdown; a link to another briefing is `briefing:ID`.
    body: String,
}

/// Topics and the words that briefings are made of.
pub(crate) struct Archive {
    pub(crate) n_briefings: usize,
    words: Vec<String>,
    word: Zipf,
    topics: Vec<Topic>,
    topic: Zipf,
}

impl Archive {
    /// An archive of this many briefings, with a twentieth as many topics.
    pub(crate) fn new(n_briefings: usize) -> Self {
        let mut numbers = Numbers(42);
        let mut words: Vec<String> = WORDS.map(str::to_owned).to_vec();
        let mut known: HashSet<String> = words.iter().cloned().collect();
        while words.len() < N_WORDS {
            let word = rare_word(&mut numbers);
            if known.insert(word.clone()) {
                words.push(word);
            }
        }
        let word = Zipf::new(N_WORDS, 3);
        let topics = (0..(n_briefings / 20).max(50))
            .map(|at| {
                let (title, kind, aliases) = names(at, &words);
                let summary = format!("{}.", phrase(&words, &word, &mut numbers, 12));
                Topic { id: format!("topic-{at:05}"), title, kind, aliases, summary }
            })
            .collect::<Vec<_>>();
        // Zola has no other id of a topic than its title.
        let titles: HashSet<&str> = topics.iter().map(|it| it.title.as_str()).collect();
        assert_eq!(titles.len(), topics.len(), "two topics have one title");
        let topic = Zipf::new(topics.len(), 5);
        Self { n_briefings, words, word, topics, topic }
    }

    pub(crate) fn n_topics(&self) -> usize {
        self.topics.len()
    }

    fn briefing(&self, at: usize) -> Briefing {
        // Neighbouring seeds give neighbouring first numbers; this spreads them.
        let seed = (at as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut text = Text { archive: self, numbers: Numbers(seed), topics: Vec::new() };
        while text.topics.len() < 3 {
            let topic = self.topic.choose(&mut text.numbers);
            if !text.topics.contains(&topic) {
                text.topics.push(topic);
            }
        }
        let title = format!("إحاطة {at}: {}", text.phrase(3, 6));
        let numbers = &mut text.numbers;
        let date = format!(
            "{}-{:02}-{:02}",
            2021 + numbers.below(5),
            1 + numbers.below(12),
            1 + numbers.below(28)
        );
        let author = format!("{} {}", FIRST[numbers.below(20)], LAST[numbers.below(3)]);
        let summary = format!("{}.", text.phrase(18, 28));
        let body = text.body();
        Briefing { title, date, author, topics: text.topics, summary, body }
    }
}

fn id(at: usize) -> String {
    format!("briefing-{at:06}")
}

fn phrase(words: &[String], word: &Zipf, numbers: &mut Numbers, n: usize) -> String {
    let chosen: Vec<&str> =
        (0..n).map(|_| words[word.choose(numbers)].as_str()).collect();
    chosen.join(" ")
}

/// Title, kind and other names of a topic: countries first, then persons of three names,
/// and a body after every third of them.
fn names(at: usize, words: &[String]) -> (String, &'static str, Vec<String>) {
    if let Some((title, other, latin)) = COUNTRIES.get(at) {
        let aliases = vec![(*other).to_owned(), (*latin).to_owned()];
        return ((*title).to_owned(), "country", aliases);
    }
    let at = at - COUNTRIES.len();
    if at % 4 == 3 {
        let (a, b) = (&words[500 + at / 4 % 2400], LAST[at / 4 % 20]);
        let aliases = vec![format!("مركز {a}"), format!("Centre {}", at / 4)];
        return (format!("مركز {a} {b}"), "organisation", aliases);
    }
    let (a, b, c) = (at % 20, (at / 20 + at + 7) % 20, (at / 400 + at * 7) % 20);
    let aliases =
        vec![format!("{} {} {}", FIRST_LATIN[a], FIRST_LATIN[b], LAST_LATIN[c])];
    (format!("{} {} {}", FIRST[a], FIRST[b], LAST[c]), "person", aliases)
}

/// What is needed while one briefing is made.
struct Text<'a> {
    archive: &'a Archive,
    numbers: Numbers,
    topics: Vec<usize>,
}

impl Text<'_> {
    fn between(&mut self, least: usize, most: usize) -> usize {
        least + self.numbers.below(most - least + 1)
    }

    fn phrase(&mut self, least: usize, most: usize) -> String {
        let n = self.between(least, most);
        phrase(&self.archive.words, &self.archive.word, &mut self.numbers, n)
    }

    /// A name of a topic, more often than not of one that the briefing is about.
    fn mention(&mut self) -> String {
        let topic = match self.numbers.below(5) {
            0..3 => self.topics[self.numbers.below(self.topics.len())],
            _ => self.archive.topic.choose(&mut self.numbers),
        };
        let topic = &self.archive.topics[topic];
        match self.numbers.below(10) {
            0..3 => topic.aliases[self.numbers.below(topic.aliases.len())].clone(),
            3..5 => {
                let joined = ["و", "ب", "ل", "ك"][self.numbers.below(4)];
                match (joined, topic.title.strip_prefix("ال")) {
                    ("ل", Some(rest)) => format!("لل{rest}"),
                    _ => format!("{joined}{}", topic.title),
                }
            }
            _ => topic.title.clone(),
        }
    }

    fn sentence(&mut self) -> String {
        let n_words = self.between(8, 22);
        let named = self.numbers.below(n_words * 2);
        let latin = self.numbers.below(n_words * 6);
        let number = self.numbers.below(n_words * 5);
        let strong = self.numbers.below(n_words * 14);
        let words: Vec<String> = (0..n_words)
            .map(|at| {
                if at == named {
                    return self.mention();
                }
                if at == latin {
                    return LATIN[self.numbers.below(LATIN.len())].to_owned();
                }
                if at == number {
                    return self.between(2, 2026).to_string();
                }
                let word = self.phrase(1, 1);
                match at {
                    _ if at == strong => format!("**{word}**"),
                    6 if 12 < n_words => format!("{word}،"),
                    _ => word,
                }
            })
            .collect();
        format!("{}.", words.join(" "))
    }

    fn paragraph(&mut self) -> String {
        let n = self.between(3, 6);
        let sentences: Vec<String> = (0..n).map(|_| self.sentence()).collect();
        sentences.join(" ")
    }

    /// Paragraphs under headings, with a list, a table, a quotation, two notes and two
    /// links on the way: 400 to 1,200 words.
    fn body(&mut self) -> String {
        let n_words = self.between(320, 1020);
        let mut body = format!("{}\n\n", self.paragraph());
        let mut notes = String::new();
        let mut step = 0_usize;
        while step < 6 || body.split(' ').count() < n_words {
            if step.is_multiple_of(2) {
                let mark = if step % 6 == 4 { "###" } else { "##" };
                let _ = write!(body, "{mark} {}\n\n", self.phrase(2, 5));
            }
            body.push_str(&if step < 6 { self.sentence() } else { self.paragraph() });
            match step {
                0 | 3 => {
                    let other = id(self.numbers.below(self.archive.n_briefings));
                    let _ =
                        write!(body, " انظر [{}](briefing:{other}).", self.phrase(2, 4));
                }
                1 | 4 => {
                    let number = step.div_ceil(2);
                    let _ = write!(body, "[^{number}]");
                    let _ = writeln!(
                        notes,
                        "[^{number}]: {} ({}, {}).\n",
                        self.phrase(6, 14),
                        LATIN[self.numbers.below(LATIN.len())],
                        self.between(2015, 2025)
                    );
                }
                2 => {
                    body.push_str("\n\n| البند | الجهة | العدد |\n|---|---|---:|\n");
                    for _ in 0..self.between(3, 6) {
                        let (what, who) = (self.phrase(1, 2), self.mention());
                        let n = self.between(1, 9999);
                        let _ = writeln!(body, "| {what} | {who} | {n} |");
                    }
                }
                5 => {
                    body.push_str("\n\n");
                    for _ in 0..self.between(3, 6) {
                        let _ = writeln!(body, "- {}", self.phrase(4, 10));
                    }
                    let _ = write!(body, "\n> {}", self.sentence());
                }
                _ => {}
            }
            body.push_str("\n\n");
            step += 1;
        }
        body.push_str(&notes);
        body
    }
}

/// Whose form a site is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Form {
    Mujaz,
    Hugo,
    Zola,
}

impl Form {
    /// What the folder of such a site is called.
    pub(crate) fn folder(self) -> &'static str {
        match self {
            Self::Mujaz => "mujaz",
            Self::Hugo => "hugo",
            Self::Zola => "zola",
        }
    }
}

/// Text in quotes, as YAML, TOML and JSON all read it: nothing here needs an escape.
fn quoted(text: &str) -> String {
    assert!(!text.contains(['"', '\\', '\n']), "{text}");
    format!("\"{text}\"")
}

fn list<'a>(all: impl IntoIterator<Item = &'a str>) -> String {
    let all: Vec<String> = all.into_iter().map(quoted).collect();
    format!("[{}]", all.join(", "))
}

/// The file of a topic: its path in the site, and what is in it.
fn topic_file(topic: &Topic, form: Form) -> (String, String) {
    let Topic { id, title, kind, aliases, summary } = topic;
    let names = list(aliases.iter().map(String::as_str));
    let (title_, summary) = (quoted(title), quoted(summary));
    match form {
        Form::Mujaz => (
            format!("content/topics/{id}.yaml"),
            format!(
                "title: {title_}\nkind: {kind}\naliases: {names}\nsummary: {summary}\n"
            ),
        ),
        // `kind` and `aliases` mean something else to Hugo.
        Form::Hugo => (
            format!("content/topics/{id}/_index.md"),
            format!(
                "---\ntitle: {title_}\nsort: {kind}\nnames: {names}\nsummary: \
                 {summary}\n---\n"
            ),
        ),
        // Zola has no page of a term to write in: its template loads this by the title.
        Form::Zola => (
            format!("topics/{title}.json"),
            format!(
                "{{\"kind\": \"{kind}\", \"names\": {names}, \"summary\": {summary}}}\n"
            ),
        ),
    }
}

fn briefing_file(briefing: &Briefing, topics: &[Topic], form: Form) -> String {
    let Briefing { title, date, author, topics: listed, summary, body } = briefing;
    let (title, author, summary) = (quoted(title), quoted(author), quoted(summary));
    let topics = listed.iter().map(|it| &topics[*it]);
    if form == Form::Zola {
        let topics = list(topics.map(|it| it.title.as_str()));
        let body = linked(body, "@/briefings/", ".md)");
        return format!(
            "+++\ntitle = {title}\ndate = {date}\nauthors = [{author}]\ndescription = \
             {summary}\n[taxonomies]\ntopics = {topics}\n+++\n\n{body}"
        );
    }
    let topics = list(topics.map(|it| it.id.as_str()));
    let body = match form {
        Form::Hugo => linked(body, "/briefings/", "/)"),
        _ => body.clone(),
    };
    format!(
        "---\ntitle: {title}\ndate: {date}\nauthors: [{author}]\ntopics: \
         {topics}\nsummary: {summary}\n---\n\n{body}"
    )
}

/// Links between briefings in the form of another generator.
fn linked(body: &str, before: &str, after: &str) -> String {
    let mut parts = body.split("](briefing:");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (id, rest) = part.split_once(')').unwrap();
        text.extend(["](", before, id, after, rest]);
    }
    text
}

/// Writes the texts of a site, without a theme and settings.
pub(crate) fn write(archive: &Archive, root: &Path, forms: &[Form]) {
    for form in forms {
        let root = root.join(form.folder());
        fs::create_dir_all(root.join("content/briefings")).unwrap();
        for topic in &archive.topics {
            let (path, text) = topic_file(topic, *form);
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }
    (0..archive.n_briefings).into_par_iter().for_each(|at| {
        let briefing = archive.briefing(at);
        for form in forms {
            let text = briefing_file(&briefing, &archive.topics, *form);
            fs::write(source(&root.join(form.folder()), at), text).unwrap();
        }
    });
}

/// The file of a briefing in a site.
pub(crate) fn source(site: &Path, at: usize) -> std::path::PathBuf {
    site.join(format!("content/briefings/{}.md", id(at)))
}
