//! Metadata: which keys a YAML header or sidecar accepts, and what each one takes.
//!
//! Each object of the site has one table below, written with `metadata!`: a line is a key,
//! its type, and the function that reads it. The table makes the struct, its reader, the
//! merge of header and sidecar, and the list of keys for "did you mean". What a key means
//! for the site is decided in `model`.
#![expect(
    clippy::unnecessary_wraps,
    reason = "the tables take readers of one shape, also those that always give a value"
)]

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

use crate::config::{Config, language, localized};
use crate::diag::{At, Diagnostic, Place, SourcePath};
use crate::text::date::{PartialDate, parse_partial};
use crate::text::lang::Lang;
use crate::text::localized::Localized;
use crate::text::number::normalise_digits;
use crate::yaml::{Node, Reader, Value};

/// What a reader of metadata needs to know besides the YAML.
pub struct Context<'a> {
    /// Where the values stand, and what is wrong with them.
    pub reader: Reader<'a>,
    config: &'a Config,
    lang: &'a Lang,
}

impl<'a> Context<'a> {
    /// `lang` is the language of texts that name none.
    pub fn new(path: &'a SourcePath, config: &'a Config, lang: &'a Lang) -> Self {
        Self { reader: Reader::new(path), config, lang }
    }
}

/// Values that two files may both give a part of.
trait Merge: Sized {
    /// Joins two values; `None` if both say the same thing.
    fn join(self, _other: Self) -> Option<Self> {
        None
    }
}

impl Merge for Localized {
    fn join(mut self, other: Self) -> Option<Self> {
        for (lang, text) in other.iter() {
            if self.get(lang).is_some() {
                return None;
            }
            self.insert(lang.clone(), text.to_owned());
        }
        Some(self)
    }
}

macro_rules! plain_values {
    ($($type:ty),* $(,)?) => { $(impl Merge for $type {})* };
}
plain_values!(
    Stamp,
    Revision,
    Lang,
    String,
    bool,
    u32,
    Node,
    Timestamp,
    BriefingKind,
    Status,
    Trust,
    TopicKind,
    SeriesRef,
    Image,
    LinkControl,
    Period,
    Identifiers,
    Vec<At<String>>,
    Vec<Localized>,
    Vec<Note>,
    Vec<Source>,
    Vec<Judgement>,
    Vec<Alias>,
    Vec<Fact>,
    Vec<Relation>,
);

fn merge<T: Merge + Clone>(
    key: &'static str,
    a: Option<At<T>>,
    b: Option<At<T>>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<At<T>> {
    let (Some(a), Some(b)) = (&a, &b) else { return a.or(b) };
    if let Some(value) = a.value.clone().join(b.value.clone()) {
        return Some(At { value, place: a.place.clone() });
    }
    let message = format!("`{key}` is given in two files");
    let error = Diagnostic::error("key-in-two-files", a.place.clone(), message)
        .with_related(b.place.clone(), "and here")
        .with_help("keep it in one of the two");
    diagnostics.push(error);
    Some(a.clone())
}

macro_rules! metadata {
    (
        $(#[$about:meta])*
        $name:ident, $what:literal,
        { $( $(#[$doc:meta])* $field:ident : $type:ty = $read:expr; )* }
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, Default)]
        pub struct $name { $( $(#[$doc])* pub $field: Option<At<$type>>, )* }

        impl $name {
            /// Every key, in the order of the table.
            pub const KEYS: &'static [&'static str] = &[$(stringify!($field)),*];

            /// Reads a map of these keys.
            pub fn read(node: Node, context: &mut Context<'_>) -> Self {
                let mut fields = context.reader.fields(node, $what);
                let result = Self {
                    $( $field: fields.take(stringify!($field)).and_then(|node| {
                        let span = node.span;
                        let value: Option<$type> =
                            ($read)(&mut *context, node, stringify!($field));
                        value.map(|it| context.reader.at(span, it))
                    }), )*
                };
                fields.finish(&mut context.reader);
                result
            }

            #[must_use]
            /// Joins the keys of two files; a key in both is an error that shows both.
            pub fn merge(self, other: Self, diagnostics: &mut Vec<Diagnostic>) -> Self {
                Self { $( $field: merge(
                    stringify!($field), self.$field, other.$field, diagnostics,
                ), )* }
            }

            #[must_use]
            /// Fills keys that are missing here from the version this one translates.
            pub fn inherit(self, base: &Self) -> Self {
                Self { $( $field: self.$field.or_else(|| base.$field.clone()), )* }
            }
        }
    };
}

metadata! {
    /// Keys of a briefing.
    BriefingMeta, "a briefing", {
        /// Title.
        title: Localized = text;
        /// Publication.
        date: Stamp = stamp;
        /// Language of the text.
        lang: Lang = lang;
        /// Ids or names of the authors.
        authors: Vec<At<String>> = texts;
        /// Ids of topics, the primary one first.
        topics: Vec<At<String>> = texts;
        /// At most 300 characters.
        summary: Localized = text;
        /// What to know before reading.
        key_points: Vec<Localized> = localized_list;
        /// Sort of briefing.
        kind: BriefingKind = briefing_kind;
        /// Of a translation: which state of the original it follows.
        of: Revision = revision;
        /// Number that is printed and cited.
        number: String = string;
        /// The series, and the place in it.
        series: SeriesRef = series_ref;
        /// Draft, published, withdrawn.
        status: Status = status;
        /// Whether the text comes from outside.
        trust: Trust = trust;
        /// Embargo: absent from every output before this moment.
        publish_at: Timestamp = moment;
        /// Last update.
        updated: Stamp = stamp;
        /// What the text takes into account ends here.
        information_cutoff: Stamp = stamp;
        /// When the desk wants to look at it again.
        review_by: Stamp = stamp;
        /// Public change log.
        changes: Vec<Note> = changes;
        /// Corrections.
        corrections: Vec<Note> = corrections;
        /// Sources.
        sources: Vec<Source> = sources;
        /// Judgements with likelihood and confidence.
        key_judgements: Vec<Judgement> = judgements;
        /// Picture.
        image: Image = image;
        /// Control of automatic links.
        links: LinkControl = link_control;
        /// Old addresses that lead here.
        aliases: Vec<At<String>> = texts;
        /// Last part of the address.
        slug: Localized = text;
        /// The author's own keys; they reach the templates.
        extra: Node = free;
    }
}

metadata! {
    /// Keys of a topic.
    TopicMeta, "a topic", {
        /// Title.
        title: Localized = text;
        /// Sort of topic.
        kind: TopicKind = topic_kind;
        /// Other names that running text may use.
        aliases: Vec<Alias> = aliases;
        /// What it is, in one or two sentences.
        summary: Localized = text;
        /// Fact table.
        facts: Vec<Fact> = facts;
        /// Relations to other topics; the inverse is computed.
        relations: Vec<Relation> = relations;
        /// Ids of the topics above this one.
        parent: Vec<At<String>> = text_or_texts;
        /// From when to when, for events and agreements.
        dates: Period = period;
        /// Ids of briefings shown first.
        featured: Vec<At<String>> = texts;
        /// Names of the topic elsewhere.
        identifiers: Identifiers = identifiers;
        /// A–Z key.
        sort: Localized = text;
        /// Last part of the address.
        slug: Localized = text;
        /// Old addresses that lead here.
        aliases_urls: Vec<At<String>> = texts;
        /// The author's own keys.
        extra: Node = free;
    }
}

metadata! {
    /// Keys of an author.
    AuthorMeta, "an author", {
        /// Name.
        name: Localized = text;
        /// What the author does.
        role: Localized = text;
        /// Who the author is.
        bio: Localized = text;
        /// Other spellings, as in bylines.
        aliases: Vec<At<String>> = texts;
        /// Address for readers.
        email: String = string;
        /// Last part of the address.
        slug: Localized = text;
        /// Old addresses that lead here.
        aliases_urls: Vec<At<String>> = texts;
        /// The author's own keys.
        extra: Node = free;
    }
}

metadata! {
    /// Keys of a series.
    SeriesMeta, "a series", {
        /// Title.
        title: Localized = text;
        /// What it is about.
        summary: Localized = text;
        /// How often it appears.
        cadence: Localized = text;
        /// Last part of the address.
        slug: Localized = text;
        /// Old addresses that lead here.
        aliases_urls: Vec<At<String>> = texts;
        /// The author's own keys.
        extra: Node = free;
    }
}

metadata! {
    /// Keys of a plain page.
    PageMeta, "a page", {
        /// Title.
        title: Localized = text;
        /// A paragraph under the title.
        summary: Localized = text;
        /// Place in the footer, smallest first.
        order: u32 = order;
        /// Language of the text.
        lang: Lang = lang;
        /// Last part of the address; else the id.
        slug: Localized = text;
        /// Old addresses that lead here.
        aliases: Vec<At<String>> = texts;
        /// The author's own keys.
        extra: Node = free;
    }
}

/// A date, or a moment with its date in the site's time zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// The civil date.
    pub date: Date,
    /// The moment, where the author gave a time.
    pub time: Option<Timestamp>,
}

impl Stamp {
    /// ISO 8601: a date, or a moment in UTC.
    pub fn iso(&self) -> String {
        self.time.map_or_else(|| self.date.to_string(), |it| it.to_string())
    }
}

macro_rules! words {
    ($(#[$about:meta])* $name:ident { $( $(#[$doc:meta])* $variant:ident = $word:literal ),* $(,)? }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $( $(#[$doc])* $variant, )* }

        impl $name {
            /// Every word with its value.
            pub const WORDS: &'static [(&'static str, Self)] = &[$(($word, Self::$variant)),*];

            /// The word.
            pub fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $word, )* }
            }
        }
    };
}

words! {
    /// Sort of briefing.
    BriefingKind {
        /// A few lines on one event.
        Flash = "flash",
        /// The usual form.
        Briefing = "briefing",
        /// Argues for a reading of events.
        Analysis = "analysis",
        /// Explains what lies behind events.
        Backgrounder = "backgrounder",
        /// Long and numbered.
        Report = "report",
        /// Follows a situation.
        Tracker = "tracker",
        /// Gathers others.
        Digest = "digest",
    }
}

words! {
    /// State of a briefing.
    Status {
        /// Not public.
        Draft = "draft",
        /// Public.
        Published = "published",
        /// Was public; a page explains.
        Withdrawn = "withdrawn",
    }
}

words! {
    /// How far the desk trusts who wrote a text (row M2).
    Trust {
        /// It comes from outside: its HTML is text, and its links do not speak for the site.
        Low = "low",
        /// The desk wrote it, or has read every line.
        Full = "full",
    }
}

words! {
    /// Sort of topic.
    TopicKind {
        /// A question or a field.
        Theme = "theme",
        /// A state.
        Country = "country",
        /// A part of the world.
        Region = "region",
        /// A place.
        Place = "place",
        /// A human being.
        Person = "person",
        /// An organisation.
        Organisation = "organisation",
        /// A treaty, a resolution, a memorandum.
        Agreement = "agreement",
        /// Something that happened.
        Event = "event",
        /// A weapon.
        Weapon = "weapon",
        /// A good.
        Product = "product",
    }
}

words! {
    /// How sure the desk is of a judgement.
    Confidence {
        /// Low.
        Low = "low",
        /// Moderate.
        Moderate = "moderate",
        /// High.
        High = "high",
    }
}

/// A state of a text, as its translation names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Revision {
    /// The text as it was on this day.
    Date(Date),
    /// The text with this hash: eight or more hexadecimal digits.
    Text(String),
}

/// A series, and the place of a briefing in it.
#[derive(Debug, Clone)]
pub struct SeriesRef {
    /// Id of the series.
    pub id: At<String>,
    /// Number in the series.
    pub number: Option<u32>,
}

/// A dated note.
#[derive(Debug, Clone)]
pub struct Note {
    /// When.
    pub at: Stamp,
    /// What.
    pub text: Localized,
    /// Whether readers are told.
    pub is_major: bool,
    /// Where it is written.
    pub place: Place,
}

/// A source of a briefing.
#[derive(Debug, Clone)]
pub struct Source {
    /// Name by which the text cites it.
    pub id: Option<At<String>>,
    /// Title.
    pub title: Localized,
    /// Address.
    pub url: Option<String>,
    /// Who published it.
    pub publisher: Localized,
    /// When.
    pub date: Option<PartialDate>,
    /// Its language.
    pub lang: Option<Lang>,
    /// Admiralty grade: `A`–`F` and `1`–`6`.
    pub grade: Option<String>,
}

/// A judgement.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// What is judged to be the case.
    pub text: Localized,
    /// 1 (almost no chance) to 7 (almost certain).
    pub likelihood: Option<u32>,
    /// How sure the desk is.
    pub confidence: Option<Confidence>,
}

/// A picture.
#[derive(Debug, Clone)]
pub struct Image {
    /// File beside the briefing, or under `static/`.
    pub file: At<String>,
    /// What it shows, for those who do not see it.
    pub alt: Localized,
    /// Whose it is.
    pub credit: Localized,
    /// Under which licence.
    pub licence: Localized,
    /// What it shows, for everybody.
    pub caption: Localized,
}

/// Control of automatic links in one briefing.
#[derive(Debug, Clone, Default)]
pub struct LinkControl {
    /// Topics that are not linked here.
    pub suppress: Vec<At<String>>,
    /// Topics whose ambiguous names are linked here.
    pub add: Vec<At<String>>,
}

/// A name of a topic and the gates it must pass (rtl-rules B5).
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a key of its own")]
pub struct Alias {
    /// The name.
    pub text: String,
    /// Its language; `None` matches texts of its script.
    pub lang: Option<Lang>,
    /// Needs a cue, or the topic among those of the briefing.
    pub is_ambiguous: bool,
    /// Words of which one must stand before it, when it is ambiguous.
    pub cue_before: Vec<String>,
    /// Words of which one must stand after it, when it is ambiguous.
    pub cue_after: Vec<String>,
    /// Words before which it is something else.
    pub not_before: Vec<String>,
    /// Words after which it is something else.
    pub not_after: Vec<String>,
    /// Joined letters with which it is another word.
    pub deny_prefixes: Vec<String>,
    /// Whether it takes joined letters though it is short.
    pub prefixes: Option<bool>,
    /// Hebrew: it begins with the article, which ב כ ל swallow.
    pub has_article: bool,
    /// Arabic: it may end in accusative tanwin.
    pub tanwin: bool,
    /// Whether the editor gave it any gate; else an ordinary word gets those of
    /// `text::homographs`.
    pub has_gates: bool,
}

/// A line of a fact table.
#[derive(Debug, Clone)]
pub struct Fact {
    /// What it is about.
    pub label: Localized,
    /// Its value.
    pub value: Localized,
    /// When it holds.
    pub period: Period,
    /// Address of its source.
    pub source: Option<String>,
}

/// A relation to another topic.
#[derive(Debug, Clone)]
pub struct Relation {
    /// Its name: `member_of`.
    pub rel: String,
    /// Id of the other topic.
    pub to: At<String>,
    /// When it holds.
    pub period: Period,
    /// What to add.
    pub note: Localized,
}

/// From when to when; either end may be open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Period {
    /// First day, month or year.
    pub from: Option<PartialDate>,
    /// Last day, month or year.
    pub to: Option<PartialDate>,
}

/// Names of a topic elsewhere.
#[derive(Debug, Clone, Default)]
pub struct Identifiers {
    /// Wikidata item, `Q794`.
    pub wikidata: Option<String>,
    /// ISO 3166-1 alpha-2 code.
    pub iso3166: Option<String>,
    /// Address of its own site.
    pub url: Option<String>,
}

// The readers of single values: context, node, key -> value.

fn text(it: &mut Context<'_>, node: Node, key: &str) -> Option<Localized> {
    localized(&mut it.reader, node, key, it.lang)
}

fn string(it: &mut Context<'_>, node: Node, key: &str) -> Option<String> {
    it.reader.text(node, key).map(|it| it.value)
}

fn lang(it: &mut Context<'_>, node: Node, key: &str) -> Option<Lang> {
    language(&mut it.reader, node, key).map(|it| it.value)
}

fn free(it: &mut Context<'_>, node: Node, _: &str) -> Option<Node> {
    match node.value {
        Value::Map(_) => Some(node),
        _ => {
            it.reader.wrong(
                node.span,
                "`extra` is a map of keys of your own",
                "write `extra:` and under it, indented, `key: value`",
            );
            None
        }
    }
}

fn order(it: &mut Context<'_>, node: Node, key: &str) -> Option<u32> {
    it.reader.integer(node, key, 0..=10_000).map(|it| it.value)
}

fn texts(it: &mut Context<'_>, node: Node, key: &str) -> Option<Vec<At<String>>> {
    let items = it.reader.list(node, key);
    let mut result: Vec<At<String>> = Vec::with_capacity(items.len());
    for item in items {
        let Some(text) = it.reader.text(item, key) else { continue };
        if result.iter().any(|it| it.value == text.value) {
            let message = format!("`{}` stands twice in `{key}`", text.value);
            let warning = Diagnostic::warning("repeated-value", text.place, message);
            it.reader.diagnostics.push(warning.with_help("delete one of the two"));
        } else if text.value.contains('،') {
            let message =
                format!("`{key}` holds an Arabic comma, which YAML does not know");
            let help = format!("write `{key}: [one, two]` with the comma `,`");
            it.reader.wrong(text.place.span, message, help);
        } else {
            result.push(text);
        }
    }
    Some(result)
}

fn text_or_texts(it: &mut Context<'_>, node: Node, key: &str) -> Option<Vec<At<String>>> {
    if matches!(node.value, Value::Scalar { .. }) {
        return it.reader.text(node, key).map(|it| vec![it]);
    }
    texts(it, node, key)
}

fn localized_list(it: &mut Context<'_>, node: Node, key: &str) -> Option<Vec<Localized>> {
    let items = it.reader.list(node, key);
    Some(items.into_iter().filter_map(|item| text(it, item, key)).collect())
}

fn briefing_kind(it: &mut Context<'_>, node: Node, key: &str) -> Option<BriefingKind> {
    it.reader.word(node, key, BriefingKind::WORDS).map(|it| it.value)
}

fn topic_kind(it: &mut Context<'_>, node: Node, key: &str) -> Option<TopicKind> {
    it.reader.word(node, key, TopicKind::WORDS).map(|it| it.value)
}

fn status(it: &mut Context<'_>, node: Node, key: &str) -> Option<Status> {
    it.reader.word(node, key, Status::WORDS).map(|it| it.value)
}

fn trust(it: &mut Context<'_>, node: Node, key: &str) -> Option<Trust> {
    it.reader.word(node, key, Trust::WORDS).map(|it| it.value)
}

const DATE_HELP: &str = "write year-month-day, like `2025-03-09`";

fn stamp(it: &mut Context<'_>, node: Node, key: &str) -> Option<Stamp> {
    let text = it.reader.text(node, key)?;
    let digits = normalise_digits(&text.value);
    if digits.contains(['T', 't', ':']) {
        let time = parse_moment(&digits, it.config);
        if time.is_none() {
            wrong_date(it, &text, format!("`{}` is not a moment in time", text.value));
        }
        let time = time?;
        let date = time.to_zoned_datetime(it.config.time_zone.clone()).date();
        return Some(Stamp { date, time: Some(time) });
    }
    match parse_partial(&digits) {
        Ok(PartialDate::Day { date, approximate: false }) => {
            Some(Stamp { date, time: None })
        }
        Ok(_) => {
            wrong_date(it, &text, format!("`{}` is not a whole date", text.value));
            None
        }
        Err(error) => {
            wrong_date(it, &text, error.to_string());
            None
        }
    }
}

fn revision(it: &mut Context<'_>, node: Node, key: &str) -> Option<Revision> {
    let text = it.reader.text(node, key)?;
    if let Ok(PartialDate::Day { date, approximate: false }) =
        parse_partial(&normalise_digits(&text.value))
    {
        return Some(Revision::Date(date));
    }
    let is_hash =
        8 <= text.value.len() && text.value.bytes().all(|it| it.is_ascii_hexdigit());
    if is_hash {
        return Some(Revision::Text(text.value.to_ascii_lowercase()));
    }
    let message = format!("`{}` is neither a date nor the hash of a text", text.value);
    let help = "write the day on which the original stood as translated, like \
                `of: 2025-03-09`";
    it.reader.wrong(text.place.span, message, help);
    None
}

fn wrong_date(it: &mut Context<'_>, text: &At<String>, message: String) {
    let error = Diagnostic::error("bad-date", text.place.clone(), message);
    it.reader.diagnostics.push(error.with_help(DATE_HELP));
}

fn moment(it: &mut Context<'_>, node: Node, key: &str) -> Option<Timestamp> {
    let text = it.reader.text(node, key)?;
    let time = parse_moment(&normalise_digits(&text.value), it.config);
    if time.is_none() {
        let message = format!("`{}` is not a moment in time", text.value);
        let error = Diagnostic::error("bad-date", text.place, message);
        let help = format!("write `{key}: 2025-03-09T06:00:00+03:00`");
        it.reader.diagnostics.push(error.with_help(help));
    }
    time
}

/// Reads RFC 3339; a time without offset, or a date alone, is in the site's time zone.
fn parse_moment(text: &str, config: &Config) -> Option<Timestamp> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time);
    }
    let civil: DateTime = match text.parse::<DateTime>() {
        Ok(civil) => civil,
        Err(_) => text.parse::<Date>().ok()?.at(0, 0, 0, 0),
    };
    if !text.starts_with(|it: char| it.is_ascii_digit()) || text.contains('[') {
        return None;
    }
    let zoned = civil.to_zoned_datetime(config.time_zone.clone()).ok()?;
    Some(zoned.timestamp())
}

fn partial(it: &mut Context<'_>, node: Node, key: &str) -> Option<PartialDate> {
    let text = it.reader.text(node, key)?;
    match parse_partial(&text.value) {
        Ok(date) => Some(date),
        Err(error) => {
            let error = Diagnostic::error("bad-date", text.place, error.to_string());
            let help =
                "write a year, `2025-03` or `2025-03-09`; `~` after it means about";
            it.reader.diagnostics.push(error.with_help(help));
            None
        }
    }
}

fn series_ref(it: &mut Context<'_>, node: Node, key: &str) -> Option<SeriesRef> {
    if matches!(node.value, Value::Scalar { .. }) {
        return it.reader.text(node, key).map(|id| SeriesRef { id, number: None });
    }
    let span = node.span;
    let mut fields = it.reader.fields(node, "`series`");
    let id = fields.take("id").and_then(|node| it.reader.text(node, "id"));
    let number = fields
        .take("number")
        .and_then(|node| it.reader.integer(node, "number", 1..=100_000));
    fields.finish(&mut it.reader);
    if id.is_none() {
        it.reader.wrong(
            span,
            "`series` has no `id`",
            "write `series: {id: …, number: 1}`",
        );
    }
    Some(SeriesRef { id: id?, number: number.map(|it| it.value) })
}

fn changes(it: &mut Context<'_>, node: Node, key: &str) -> Option<Vec<Note>> {
    notes(it, node, key, "note")
}

fn corrections(it: &mut Context<'_>, node: Node, key: &str) -> Option<Vec<Note>> {
    notes(it, node, key, "text")
}

fn notes(
    it: &mut Context<'_>,
    node: Node,
    key: &str,
    words: &'static str,
) -> Option<Vec<Note>> {
    let mut result = Vec::new();
    for item in it.reader.list(node, key) {
        let span = item.span;
        let mut fields = it.reader.fields(item, "an entry of this list");
        let at = fields.take("at").and_then(|node| stamp(it, node, "at"));
        let what = fields.take(words).and_then(|node| text(it, node, words));
        let major =
            fields.take("major").and_then(|node| it.reader.boolean(node, "major"));
        fields.finish(&mut it.reader);
        let is_major = major.is_some_and(|it| it.value);
        match (at, what) {
            (Some(at), Some(text)) => {
                result.push(Note { at, text, is_major, place: it.reader.place(span) });
            }
            (Some(at), None) if words == "note" && !is_major => {
                let (text, place) = (Localized::default(), it.reader.place(span));
                result.push(Note { at, text, is_major, place });
            }
            _ => {
                let message = format!("an entry of `{key}` needs `at` and `{words}`");
                let help = format!("write `- {{at: 2025-03-09, {words}: …}}`");
                it.reader.wrong(span, message, help);
            }
        }
    }
    Some(result)
}

fn url(it: &mut Context<'_>, node: Node, key: &str) -> Option<String> {
    let text = it.reader.text(node, key)?;
    let is_web = ["https://", "http://"].iter().any(|scheme| {
        text.value.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty())
    });
    let is_clean =
        !text.value.contains(|it: char| it.is_whitespace() || it == '<' || it == '"');
    if is_web && is_clean {
        return Some(text.value);
    }
    let message = format!("`{}` is not a web address", text.value);
    it.reader.wrong(text.place.span, message, "write it whole, from `https://` on");
    None
}

fn sources(it: &mut Context<'_>, node: Node, key: &str) -> Option<Vec<Source>> {
    let mut result: Vec<Source> = Vec::new();
    for item in it.reader.list(node, key) {
        let span = item.span;
        let mut fields = it.reader.fields(item, "a source");
        let id = fields.take("id").and_then(|node| it.reader.text(node, "id"));
        let title = fields.take("title").and_then(|node| text(it, node, "title"));
        let address = fields.take("url").and_then(|node| url(it, node, "url"));
        let publisher =
            fields.take("publisher").and_then(|node| text(it, node, "publisher"));
        let date = fields.take("date").and_then(|node| partial(it, node, "date"));
        let lang = fields.take("lang").and_then(|node| lang(it, node, "lang"));
        let grade = fields.take("grade").and_then(|node| grade(it, node, "grade"));
        fields.finish(&mut it.reader);
        if let Some(id) = &id
            && result
                .iter()
                .any(|it| it.id.as_ref().is_some_and(|it| it.value == id.value))
        {
            let message = format!("two sources have the id `{}`", id.value);
            it.reader.wrong(id.place.span, message, "give each source its own id");
        }
        let Some(title) = title else {
            it.reader.wrong(span, "a source needs a title", "add `title: …`");
            continue;
        };
        let publisher = publisher.unwrap_or_default();
        result.push(Source { id, title, url: address, publisher, date, lang, grade });
    }
    Some(result)
}

fn grade(it: &mut Context<'_>, node: Node, key: &str) -> Option<String> {
    let text = it.reader.text(node, key)?;
    let bytes = text.value.as_bytes();
    let is_grade = matches!(bytes, [b'A'..=b'F'] | [b'A'..=b'F', b'1'..=b'6']);
    if is_grade {
        return Some(text.value);
    }
    let message = format!("`{}` is not an Admiralty grade", text.value);
    it.reader.wrong(
        text.place.span,
        message,
        "write `A1` (best) to `F6` (cannot be judged)",
    );
    None
}

fn judgements(it: &mut Context<'_>, node: Node, key: &str) -> Option<Vec<Judgement>> {
    let mut result = Vec::new();
    for item in it.reader.list(node, key) {
        let span = item.span;
        if matches!(item.value, Value::Scalar { .. }) {
            let words = text(it, item, "text");
            result.extend(words.map(|text| Judgement {
                text,
                likelihood: None,
                confidence: None,
            }));
            continue;
        }
        let mut fields = it.reader.fields(item, "a judgement");
        let words = fields.take("text").and_then(|node| text(it, node, "text"));
        let likelihood = fields
            .take("likelihood")
            .and_then(|node| it.reader.integer(node, "likelihood", 1..=7));
        let confidence = fields
            .take("confidence")
            .and_then(|node| it.reader.word(node, "confidence", Confidence::WORDS));
        fields.finish(&mut it.reader);
        match words {
            Some(text) => result.push(Judgement {
                text,
                likelihood: likelihood.map(|it| it.value),
                confidence: confidence.map(|it| it.value),
            }),
            None => it.reader.wrong(span, "a judgement needs a text", "add `text: …`"),
        }
    }
    Some(result)
}

fn image(it: &mut Context<'_>, node: Node, _: &str) -> Option<Image> {
    let span = node.span;
    let mut fields = it.reader.fields(node, "`image`");
    let file = fields.take("file").and_then(|node| it.reader.text(node, "file"));
    let mut words =
        |key: &'static str| fields.take(key).and_then(|node| text(it, node, key));
    let (alt, credit) = (words("alt"), words("credit"));
    let (licence, caption) = (words("licence"), words("caption"));
    fields.finish(&mut it.reader);
    for (key, is_missing) in
        [("file", file.is_none()), ("alt", alt.is_none()), ("credit", credit.is_none())]
    {
        if is_missing {
            let message = format!("`image` has no `{key}`");
            let help = "a picture needs its file, an `alt` text for those who do not see it, \
                        and a `credit`";
            it.reader.wrong(span, message, help);
        }
    }
    Some(Image {
        file: file?,
        alt: alt?,
        credit: credit?,
        licence: licence.unwrap_or_default(),
        caption: caption.unwrap_or_default(),
    })
}

fn link_control(it: &mut Context<'_>, node: Node, _: &str) -> Option<LinkControl> {
    let mut fields = it.reader.fields(node, "`links`");
    let mut ids =
        |key: &'static str| fields.take(key).and_then(|node| texts(it, node, key));
    let (suppress, add) = (ids("suppress"), ids("add"));
    fields.finish(&mut it.reader);
    Some(LinkControl {
        suppress: suppress.unwrap_or_default(),
        add: add.unwrap_or_default(),
    })
}

fn aliases(it: &mut Context<'_>, node: Node, key: &str) -> Option<Vec<Alias>> {
    let mut result = Vec::new();
    if matches!(node.value, Value::Map(_)) {
        for (name, node) in it.reader.fields(node, "aliases by language").rest() {
            if let Ok(lang) = Lang::parse(&name.text) {
                for item in it.reader.list(node, key) {
                    result.extend(alias(it, item, Some(lang.clone())));
                }
            } else {
                let message = format!("`{}` is not a language tag", name.text);
                let help = "write `aliases: {ar: [one, two], en: [three]}`";
                it.reader.wrong(name.span, message, help);
            }
        }
    } else {
        for item in it.reader.list(node, key) {
            result.extend(alias(it, item, None));
        }
    }
    Some(result)
}

fn alias(it: &mut Context<'_>, node: Node, lang: Option<Lang>) -> Option<Alias> {
    if matches!(node.value, Value::Scalar { .. } | Value::Null) {
        let text = it.reader.text(node, "aliases")?.value;
        return Some(Alias { text, lang, ..Alias::default() });
    }
    let span = node.span;
    let mut fields = it.reader.fields(node, "an alias");
    let text = fields.take("text").and_then(|node| it.reader.text(node, "text"));
    let has_gates = !fields.is_empty();
    let mut switch = |key: &'static str| {
        let node = fields.take(key)?;
        it.reader.boolean(node, key).map(|it| it.value)
    };
    let is_ambiguous = switch("ambiguous").unwrap_or(false);
    let (prefixes, tanwin) = (switch("prefixes"), switch("tanwin").unwrap_or(false));
    let has_article = switch("article").unwrap_or(false);
    let mut words = |key: &'static str| -> Vec<String> {
        let list = fields.take(key).and_then(|node| text_or_texts(it, node, key));
        list.unwrap_or_default().into_iter().map(|it| it.value).collect()
    };
    let (cue_before, cue_after) = (words("cue_before"), words("cue_after"));
    let (not_before, not_after) = (words("not_before"), words("not_after"));
    let deny_prefixes = words("deny_prefixes");
    fields.finish(&mut it.reader);
    if text.is_none() {
        it.reader.wrong(span, "an alias needs a `text`", "add `text: …`");
    }
    Some(Alias {
        text: text?.value,
        lang,
        is_ambiguous,
        cue_before,
        cue_after,
        not_before,
        not_after,
        deny_prefixes,
        prefixes,
        has_article,
        tanwin,
        has_gates,
    })
}

fn facts(it: &mut Context<'_>, node: Node, key: &str) -> Option<Vec<Fact>> {
    let mut result = Vec::new();
    for item in it.reader.list(node, key) {
        let span = item.span;
        let mut fields = it.reader.fields(item, "a fact");
        let label = fields.take("label").and_then(|node| text(it, node, "label"));
        let value = fields.take("value").and_then(|node| text(it, node, "value"));
        let from = fields.take("from").and_then(|node| partial(it, node, "from"));
        let to = fields.take("to").and_then(|node| partial(it, node, "to"));
        let source = fields.take("source").and_then(|node| url(it, node, "source"));
        fields.finish(&mut it.reader);
        let period = Period { from, to };
        match (label, value) {
            (Some(label), Some(value)) => {
                result.push(Fact { label, value, period, source });
            }
            _ => {
                let help = "write `- {label: …, value: …}`";
                it.reader.wrong(span, "a fact needs a `label` and a `value`", help);
            }
        }
    }
    Some(result)
}

fn relations(it: &mut Context<'_>, node: Node, key: &str) -> Option<Vec<Relation>> {
    let mut result = Vec::new();
    for item in it.reader.list(node, key) {
        let span = item.span;
        let mut fields = it.reader.fields(item, "a relation");
        let rel = fields.take("rel").and_then(|node| it.reader.text(node, "rel"));
        let to = fields.take("to").and_then(|node| it.reader.text(node, "to"));
        let from = fields.take("from").and_then(|node| partial(it, node, "from"));
        let until = fields.take("until").and_then(|node| partial(it, node, "until"));
        let note = fields.take("note").and_then(|node| text(it, node, "note"));
        fields.finish(&mut it.reader);
        let period = Period { from, to: until };
        match (rel, to) {
            (Some(rel), Some(to)) => result.push(Relation {
                rel: rel.value,
                to,
                period,
                note: note.unwrap_or_default(),
            }),
            _ => {
                let help = "write `- {rel: member_of, to: brics}`";
                it.reader.wrong(span, "a relation needs `rel` and `to`", help);
            }
        }
    }
    Some(result)
}

fn period(it: &mut Context<'_>, node: Node, _: &str) -> Option<Period> {
    let span = node.span;
    let mut fields = it.reader.fields(node, "`dates`");
    let from = fields.take("from").and_then(|node| partial(it, node, "from"));
    let to = fields.take("to").and_then(|node| partial(it, node, "to"));
    fields.finish(&mut it.reader);
    if let (Some(from), Some(to)) = (&from, &to)
        && to.first_day() < from.first_day()
    {
        let message = "the period ends before it begins";
        it.reader.wrong(span, message, "exchange `from` and `to`");
    }
    Some(Period { from, to })
}

fn identifiers(it: &mut Context<'_>, node: Node, _: &str) -> Option<Identifiers> {
    let mut fields = it.reader.fields(node, "`identifiers`");
    let wikidata = fields.take("wikidata").and_then(|node| string(it, node, "wikidata"));
    let iso3166 = fields.take("iso3166").and_then(|node| string(it, node, "iso3166"));
    let address = fields.take("url").and_then(|node| url(it, node, "url"));
    fields.finish(&mut it.reader);
    Some(Identifiers { wikidata, iso3166, url: address })
}
