//! `content/site.yaml` -> `Config`: what the desk decides once for the whole site.
//!
//! Every key but `title` has a default, none of them taken from the machine: the same
//! site.yaml gives the same site everywhere. The keys are documented in docs/CONTENT.md.

pub mod hosts;

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use crate::colour::{MIN_CONTRAST, PAPER, Rgb};
use crate::config::hosts::{Host, SecurityContact};
use crate::diag::{At, Checked, Diagnostic, Place, SourcePath};
use crate::text::date::{Calendar, DateStyle, Digits, Months};
use crate::text::lang::Lang;
use crate::text::localized::Localized;
use crate::text::slug::{decoded, encode_path};
use crate::yaml::{self, Fields, Node, Reader, Value};

/// Path of the file that this module reads.
pub const PATH: &str = crate::diag::SETTINGS;

/// Everything site.yaml says.
#[derive(Debug, Clone)]
pub struct Config {
    /// Title of the site.
    pub title: Localized,
    /// What the site is, in a sentence.
    pub description: Localized,
    /// Copyright line.
    pub copyright: Localized,
    /// Logo, a path under `static/`.
    pub logo: Option<At<String>>,
    /// Where the site will stand: an absolute `http` or `https` address with a final `/`,
    /// its path percent-encoded.
    pub base_url: String,
    /// Default language, whose pages stand at `/`.
    pub lang: Lang,
    /// All languages, the default one first.
    pub languages: Vec<Lang>,
    /// How dates are written, for every language in `languages`.
    pub dates: BTreeMap<Lang, DateStyle>,
    /// Zone of times without an offset.
    pub time_zone: TimeZone,
    /// Automatic linking.
    pub linking: Linking,
    /// What becomes of HTML in articles.
    pub html: HtmlPolicy,
    /// Feeds.
    pub feeds: Feeds,
    /// Host that the ids of feed entries name, whatever address a build is made for: ids are
    /// for ever (RFC 4151). Empty where site.yaml says none: then that of `base_url`.
    pub feed_authority: String,
    /// Whether a search index is wanted.
    pub search: bool,
    /// Whether social cards are wanted.
    pub cards: bool,
    /// Changes to the look.
    pub theme: ThemeSettings,
    /// Where the site is published.
    pub hosts: Vec<At<Host>>,
    /// Whom to tell of a hole in the site.
    pub security: Option<SecurityContact>,
    /// Texts that look like keys or passwords and may be published.
    pub not_secrets: Vec<String>,
    /// Names of the deploy targets; their settings are read by `publish`.
    pub deploy: BTreeMap<String, Node>,
}

/// How names in running text become links (rtl-rules B7).
#[derive(Debug, Clone, Copy)]
pub struct Linking {
    /// Which mentions of a topic become links.
    pub first: LinkFirst,
    /// A topic without text of its own and with fewer mentions gets a line, not a page.
    pub min_mentions_for_page: u32,
    /// Whether names inside quotations become links.
    pub quotes: bool,
}

/// Which mentions of a topic become links.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkFirst {
    /// The first one under each heading.
    Section,
    /// The first one of the page.
    Page,
    /// The first one of each paragraph.
    All,
}

/// What becomes of HTML in articles (row M2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HtmlPolicy {
    /// It is text.
    Text,
    /// What is on the list of `parse::html` passes; the rest is text.
    Safe,
}

/// Feeds of the site.
#[derive(Debug, Clone, Copy)]
pub struct Feeds {
    /// Whether there are any.
    pub is_on: bool,
    /// Entries of the site's own feeds.
    pub items: u32,
}

/// Changes to the look of the built-in theme.
#[derive(Debug, Clone, Default)]
pub struct ThemeSettings {
    /// Accent colour.
    pub accent: Option<At<Rgb>>,
    /// Longest line of running text, in `rem`.
    pub measure: Option<At<u32>>,
    /// A style sheet under `static/` that comes after ours.
    pub css: Option<At<String>>,
    /// Font families by role, as in CSS.
    pub fonts: BTreeMap<&'static str, At<String>>,
    /// Font families of running text by language; `nastaliq` for that style of Urdu.
    pub lang_fonts: BTreeMap<Lang, At<String>>,
}

/// Reads site.yaml; `None` where the file does not exist.
pub fn read(source: Option<(&SourcePath, &str)>) -> Checked<Config> {
    let Some((path, text)) = source else {
        let message = format!("there is no `{PATH}`");
        let error = Diagnostic::error(
            "missing-config",
            Place::file(&SourcePath::new(PATH)),
            message,
        );
        let help = "create it with one line, `title: …`, or start with `mujaz init`";
        return Checked {
            value: Config::default_for(default_lang()),
            diagnostics: vec![error.with_help(help)],
        };
    };
    let mut diagnostics = Vec::new();
    let node = yaml::parse(text, 0, path).drain_into(&mut diagnostics);
    let mut reader = Reader::new(path);
    let config = match node {
        Some(node) => Some(read_config(node, &mut reader)),
        None if diagnostics.is_empty() => {
            let empty = Node { span: crate::diag::Span::default(), value: Value::Null };
            Some(read_config(empty, &mut reader))
        }
        None => None,
    };
    diagnostics.append(&mut reader.diagnostics);
    let value = config.unwrap_or_else(|| Config::default_for(default_lang()));
    Checked { value, diagnostics }
}

fn default_lang() -> Lang {
    Lang::parse("ar").expect("`ar` is a language tag")
}

impl Config {
    /// What holds when site.yaml says nothing.
    fn default_for(lang: Lang) -> Self {
        Self {
            title: Localized::default(),
            description: Localized::default(),
            copyright: Localized::default(),
            logo: None,
            base_url: "http://localhost/".to_owned(),
            languages: vec![lang.clone()],
            dates: BTreeMap::from([(lang.clone(), DateStyle::default_for(&lang))]),
            lang,
            time_zone: TimeZone::UTC,
            linking: Linking {
                first: LinkFirst::Section,
                min_mentions_for_page: 2,
                quotes: false,
            },
            html: HtmlPolicy::Text,
            feeds: Feeds { is_on: true, items: 20 },
            feed_authority: String::new(),
            search: true,
            cards: true,
            theme: ThemeSettings::default(),
            hosts: Vec::new(),
            security: None,
            not_secrets: Vec::new(),
            deploy: BTreeMap::new(),
        }
    }

    /// How dates are written in a language.
    pub fn date_style(&self, lang: &Lang) -> DateStyle {
        self.dates.get(lang).cloned().unwrap_or_else(|| DateStyle::default_for(lang))
    }

    /// The path part of `base_url`, percent-encoded, with a slash at both ends: `/` for a site at the root
    /// of its host, `/desk/` for one in a folder.
    pub fn base_path(&self) -> &str {
        let after_scheme = self.base_url.split_once("://").map_or("", |(_, rest)| rest);
        after_scheme.find('/').and_then(|at| after_scheme.get(at..)).unwrap_or("/")
    }
}

fn read_config(node: Node, reader: &mut Reader<'_>) -> Config {
    let whole = node.span;
    let mut fields = reader.fields(node, "site.yaml");
    let lang = fields
        .take("lang")
        .and_then(|it| language(reader, it, "lang"))
        .map_or_else(default_lang, |it| it.value);
    let mut config = Config::default_for(lang.clone());
    if let Some(node) = fields.take("languages") {
        for item in reader.list(node, "languages") {
            if let Some(it) = language(reader, item, "languages")
                && !config.languages.contains(&it.value)
            {
                config.languages.push(it.value);
            }
        }
    }
    let texts = |fields: &mut Fields, reader: &mut Reader<'_>, key| {
        let node = fields.take(key)?;
        localized(reader, node, key, &lang)
    };
    match fields.take("title") {
        Some(node) => {
            config.title = localized(reader, node, "title", &lang).unwrap_or_default();
        }
        None => {
            let message = "the site has no title";
            let error = Diagnostic::error("missing-title", reader.place(whole), message);
            let help = format!("add a line `title: …` to `{PATH}`");
            reader.diagnostics.push(error.with_help(help));
        }
    }
    config.description = texts(&mut fields, reader, "description").unwrap_or_default();
    config.copyright = texts(&mut fields, reader, "copyright").unwrap_or_default();
    config.logo = fields.take("logo").and_then(|it| reader.text(it, "logo"));
    if let Some(node) = fields.take("base_url")
        && let Some(url) = reader.text(node, "base_url")
    {
        match checked_base_url(&url.value) {
            Ok(base_url) => {
                config.feed_authority = host_of(&base_url).to_owned();
                config.base_url = base_url;
            }
            Err(why) => {
                let help = "write it like `https://briefings.example.org/`";
                reader.wrong(url.place.span, why, help);
            }
        }
    }
    if let Some(node) = fields.take("dates") {
        read_dates(node, &mut config, reader);
    }
    for lang in &config.languages {
        config.dates.entry(lang.clone()).or_insert_with(|| DateStyle::default_for(lang));
    }
    if let Some(node) = fields.take("time_zone")
        && let Some(name) = reader.text(node, "time_zone")
    {
        match TimeZone::get(&name.value) {
            Ok(zone) => config.time_zone = zone,
            Err(_) => {
                let message = format!("`{}` is not a time zone", name.value);
                reader.wrong(name.place.span, message, "write it like `Asia/Baghdad`");
            }
        }
    }
    if let Some(node) = fields.take("linking") {
        config.linking = read_linking(node, config.linking, reader);
    }
    let policies = [("text", HtmlPolicy::Text), ("safe", HtmlPolicy::Safe)];
    if let Some(node) = fields.take("html")
        && let Some(policy) = reader.word(node, "html", &policies)
    {
        config.html = policy.value;
    }
    if let Some(node) = fields.take("feeds") {
        read_feeds(node, &mut config, reader);
    }
    config.search = switch(&mut fields, "search", reader);
    config.cards = switch(&mut fields, "cards", reader);
    if let Some(node) = fields.take("theme") {
        config.theme = read_theme(node, &config.languages, reader);
    }
    if let Some(node) = fields.take("hosts") {
        config.hosts = hosts::read_hosts(node, reader);
    }
    if let Some(node) = fields.take("security") {
        config.security = hosts::read_security(node, &config.languages, reader);
    }
    if let Some(node) = fields.take("not_secrets") {
        let items = reader.list(node, "not_secrets").into_iter();
        let texts = items.filter_map(|it| reader.text(it, "not_secrets"));
        config.not_secrets = texts.map(|it| it.value).collect();
    }
    if let Some(node) = fields.take("deploy") {
        let targets = reader.fields(node, "`deploy`").rest();
        config.deploy = targets.into_iter().map(|(key, it)| (key.text, it)).collect();
    }
    fields.finish(reader);
    config
}

/// A text in one language or a map by language. A plain text is in `lang`.
pub fn localized(
    reader: &mut Reader<'_>,
    node: Node,
    key: &str,
    lang: &Lang,
) -> Option<Localized> {
    if !matches!(node.value, Value::Map(_)) {
        let text = reader.text(node, key)?;
        return Some(Localized::single(lang.clone(), text.value));
    }
    let mut result = Localized::default();
    for (name, node) in reader.fields(node, "a text by language").rest() {
        match Lang::parse(&name.text) {
            Ok(lang) => {
                if let Some(text) = reader.text(node, key) {
                    result.insert(lang, text.value);
                }
            }
            Err(_) => {
                let message = format!("`{}` is not a language tag", name.text);
                let help =
                    format!("write `{key}: {{ar: …, en: …}}`, or one text in quotes");
                reader.wrong(name.span, message, help);
            }
        }
    }
    (!result.is_empty()).then_some(result)
}

/// A BCP 47 tag.
pub fn language(reader: &mut Reader<'_>, node: Node, key: &str) -> Option<At<Lang>> {
    let text = reader.text(node, key)?;
    match Lang::parse(&text.value) {
        Ok(lang) => Some(At { value: lang, place: text.place }),
        Err(_) => {
            let message = format!("`{}` is not a language tag", text.value);
            reader.wrong(
                text.place.span,
                message,
                "write a tag like `ar`, `fa` or `ar-IQ`",
            );
            None
        }
    }
}

fn checked_base_url(url: &str) -> Result<String, String> {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))
        .ok_or_else(|| format!("`{url}` is not an absolute web address"))?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let has_odd = |it: char| it.is_whitespace() || "<>\"'?#\\{}".contains(it);
    let path = path.strip_suffix('/').unwrap_or(path);
    let mut folders = path.split('/').filter(|_| !path.is_empty());
    if host.is_empty()
        || url.contains(has_odd)
        || folders.any(|it| matches!(it, "" | "." | ".."))
    {
        return Err(format!("`{url}` is not the address of a folder on a host"));
    }
    if host.contains('@') {
        return Err("an address that everybody sees has no name and password".to_owned());
    }
    let scheme = url.strip_suffix(rest).unwrap_or_default();
    // Written either way, it is encoded from here on.
    let path = encode_path(&decoded(path));
    let slash = if path.is_empty() { "" } else { "/" };
    Ok(format!("{scheme}{host}/{path}{slash}"))
}

/// Reads an address given on the command line by the rules of `base_url`.
///
/// # Errors
///
/// Says what is wrong with an address that is not absolute or has a query.
pub fn base_url(url: &str) -> Result<String, String> {
    checked_base_url(url)
}

/// Names of calendars in site.yaml.
const CALENDARS: [(&str, Calendar); 5] = [
    ("gregorian", Calendar::Gregorian),
    ("persian", Calendar::Persian),
    ("umalqura", Calendar::HijriUmalqura),
    ("civil", Calendar::HijriCivil),
    ("hebrew", Calendar::Hebrew),
];

fn read_dates(node: Node, config: &mut Config, reader: &mut Reader<'_>) {
    for (name, node) in reader.fields(node, "`dates`").rest() {
        let Ok(lang) = Lang::parse(&name.text) else {
            let message = format!("`{}` is not a language tag", name.text);
            let help = "write `dates: {ar: {months: dual}}`";
            reader.wrong(name.span, message, help);
            continue;
        };
        let mut style = DateStyle::default_for(&lang);
        let mut fields = reader.fields(node, "a date style");
        if let Some(it) = fields.take("calendar")
            && let Some(it) = reader.word(it, "calendar", &CALENDARS)
        {
            style.calendar = it.value;
        }
        let months = [
            ("gregorian", Months::Gregorian),
            ("levant", Months::Levant),
            ("maghreb", Months::Maghreb),
            ("dual", Months::Dual),
        ];
        if let Some(it) = fields.take("months")
            && let Some(it) = reader.word(it, "months", &months)
        {
            style.months = it.value;
        }
        if let Some(it) = fields.take("second")
            && let Some(it) = reader.word(it, "second", &CALENDARS)
        {
            style.second = Some(it.value);
        }
        let digits = [
            ("latn", Digits::Latn),
            ("arab", Digits::Arab),
            ("arabext", Digits::Arabext),
        ];
        if let Some(it) = fields.take("digits")
            && let Some(it) = reader.word(it, "digits", &digits)
        {
            style.digits = it.value;
        }
        fields.finish(reader);
        config.dates.insert(lang, style);
    }
}

fn read_linking(node: Node, default: Linking, reader: &mut Reader<'_>) -> Linking {
    let mut linking = default;
    let mut fields = reader.fields(node, "`linking`");
    let first = [
        ("section", LinkFirst::Section),
        ("page", LinkFirst::Page),
        ("all", LinkFirst::All),
    ];
    if let Some(it) = fields.take("first")
        && let Some(it) = reader.word(it, "first", &first)
    {
        linking.first = it.value;
    }
    if let Some(it) = fields.take("min_mentions_for_page")
        && let Some(it) = reader.integer(it, "min_mentions_for_page", 0..=1000)
    {
        linking.min_mentions_for_page = it.value;
    }
    if let Some(it) = fields.take("quotes")
        && let Some(it) = reader.boolean(it, "quotes")
    {
        linking.quotes = it.value;
    }
    fields.finish(reader);
    linking
}

/// The host of an absolute address, without a port; nothing for a machine's own.
pub fn host_of(base_url: &str) -> &str {
    let host = base_url.split('/').nth(2).unwrap_or_default();
    let host = host.split(':').next().unwrap_or(host);
    if host == "localhost" { "" } else { host }
}

fn read_feeds(node: Node, config: &mut Config, reader: &mut Reader<'_>) {
    let feeds = &mut config.feeds;
    if matches!(node.value, Value::Scalar { .. }) {
        if let Some(it) = reader.boolean(node, "feeds") {
            feeds.is_on = it.value;
        }
        return;
    }
    let mut fields = reader.fields(node, "`feeds`");
    if let Some(it) = fields.take("enabled")
        && let Some(it) = reader.boolean(it, "enabled")
    {
        feeds.is_on = it.value;
    }
    if let Some(it) = fields.take("items")
        && let Some(it) = reader.integer(it, "items", 1..=500)
    {
        feeds.items = it.value;
    }
    if let Some(it) = fields.take("authority")
        && let Some(it) = reader.text(it, "authority")
    {
        let is_part = |it: char| it.is_ascii_alphanumeric() || matches!(it, '.' | '-');
        if it.value.chars().all(is_part) {
            config.feed_authority = it.value;
        } else {
            let message = format!("`{}` is not the name of a host", it.value);
            reader.wrong(it.place.span, message, "write it like `desk.example.org`");
        }
    }
    fields.finish(reader);
}

/// A setting that is on unless it says `false`, or a map that says `enabled: false`.
fn switch(fields: &mut Fields, key: &'static str, reader: &mut Reader<'_>) -> bool {
    let Some(node) = fields.take(key) else { return true };
    if matches!(node.value, Value::Map(_)) {
        let mut inner = reader.fields(node, "this setting");
        let is_on = inner.take("enabled").and_then(|it| reader.boolean(it, "enabled"));
        inner.finish(reader);
        return is_on.is_none_or(|it| it.value);
    }
    reader.boolean(node, key).is_none_or(|it| it.value)
}

/// Whether a text is a list of font families as CSS has it: names, with or without quotes.
/// Nothing else may get into the style sheet, where an open bracket would swallow the rest.
fn is_font_list(text: &str) -> bool {
    let is_name = |it: &str| {
        let is_letter = |it: char| it.is_alphanumeric() || matches!(it, ' ' | '-' | '_');
        !it.is_empty() && it.chars().all(is_letter)
    };
    text.split(',').map(str::trim).all(|family| {
        let inner = ['"', '\''].into_iter().find_map(|quote| {
            family.strip_prefix(quote).and_then(|it| it.strip_suffix(quote))
        });
        is_name(inner.unwrap_or(family))
    })
}

fn read_theme(node: Node, languages: &[Lang], reader: &mut Reader<'_>) -> ThemeSettings {
    let mut theme = ThemeSettings::default();
    let mut fields = reader.fields(node, "`theme`");
    if let Some(it) = fields.take("accent")
        && let Some(it) = reader.text(it, "accent")
    {
        if let Some(color) = Rgb::parse(&it.value) {
            let contrast = color.contrast(PAPER);
            if contrast < MIN_CONTRAST {
                let message = format!(
                    "`{}` is too light for links: its contrast with the page is \
                     {contrast:.1}, and {MIN_CONTRAST} is what readers need",
                    it.value
                );
                let warning =
                    Diagnostic::warning("weak-contrast", it.place.clone(), message);
                reader.diagnostics.push(warning.with_help("take a darker colour"));
            }
            theme.accent = Some(At { value: color, place: it.place });
        } else {
            let message = format!("`{}` is not a colour", it.value);
            reader.wrong(
                it.place.span,
                message,
                "write it like `\"#0b6e6e\"`, in quotes",
            );
        }
    }
    theme.measure =
        fields.take("measure").and_then(|it| reader.integer(it, "measure", 20..=80));
    theme.css = fields.take("css").and_then(|it| reader.text(it, "css"));
    if let Some(node) = fields.take("fonts") {
        for (key, node) in reader.fields(node, "`fonts`").rest() {
            let role = ["body", "heading", "code"].into_iter().find(|it| *it == key.text);
            let lang = Lang::parse(&key.text).ok().filter(|it| languages.contains(it));
            let Some(families) = reader.text(node, &key.text) else { continue };
            if !is_font_list(&families.value) {
                let message = "this is no list of font families".to_owned();
                let help = "write names with commas, as in `Amiri, serif`";
                reader.wrong(families.place.span, message, help);
            } else if let Some(role) = role {
                theme.fonts.insert(role, families);
            } else if let Some(lang) = lang {
                theme.lang_fonts.insert(lang, families);
            } else {
                let message = format!("`{}` is not a font that can be set", key.text);
                let help = "it takes `body`, `heading`, `code` and the languages of the \
                            site, each a list of families";
                reader.wrong(key.span, message, help);
            }
        }
    }
    fields.finish(reader);
    theme
}
