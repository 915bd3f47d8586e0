//! Articles -> files: ids, topics, addresses of this site, and the site read once more.

mod keys;
mod links;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use crate::diag::{Diagnostic, SourcePath};
use crate::edit::reading::Reading;
use crate::import::compose::links::{Effects, Known, Object};
use crate::import::ids::{Ids, clean};
use crate::import::topics::Topics;
use crate::import::value::{Keys, Value};
use crate::import::{Article, Draft, Gathered, Note, Setting, Sort, yaml_text};
use crate::link::routes::Routes;
use crate::load::{self, Asset, FileKind, Sources};
use crate::text::fold::fold;
use crate::text::slug::{collision_key, decoded};

/// The site that everything goes into.
pub(super) struct Site<'a> {
    pub(super) root: &'a Path,
    pub(super) sources: &'a Sources,
    pub(super) diagnostics: &'a [Diagnostic],
    pub(super) into: &'a str,
    pub(super) now: Timestamp,
}

/// Makes files of what was read.
pub(super) fn compose(
    mut gathered: Gathered,
    setting: &Setting,
    site: &Site<'_>,
) -> Draft {
    let before = Reading::new(site.sources, site.diagnostics, site.now);
    let mut notes = std::mem::take(&mut gathered.notes);
    for article in &mut gathered.articles {
        complete(article, gathered.archives.get(article.archive), setting, &mut notes);
    }
    let ids = ids(&gathered.articles, setting);
    let mut composer = Composer {
        site,
        setting,
        topics: Topics::of(&before.site),
        records: BTreeMap::new(),
        series: series_of(&before),
        files: BTreeMap::new(),
        given: BTreeSet::new(),
        notes,
        clashes: BTreeSet::new(),
    };
    composer.pair_tags(&gathered.articles);
    composer.terms(std::mem::take(&mut gathered.terms), &gathered.archives);
    // Those that are public first: what they are filed under is no secret.
    let mut order: Vec<usize> = (0..gathered.articles.len()).collect();
    order.sort_by_key(|at| composer.is_hidden(&gathered.articles[*at]));
    let mut filed = vec![Vec::new(); order.len()];
    for at in order {
        filed[at] = composer.topics_of(&gathered.articles[at]);
    }
    let known = Known::new(&gathered, &ids, &composer.topics);
    let mut texts = Vec::with_capacity(gathered.articles.len());
    for (at, article) in gathered.articles.iter().enumerate() {
        texts.push(composer.text(article, &ids[at], &filed[at], &known));
    }
    composer.finish(texts, &before)
}

/// Fills in what every text needs and this one does not say.
fn complete(
    article: &mut Article,
    archive: Option<&crate::import::Archive>,
    setting: &Setting,
    notes: &mut Vec<Note>,
) {
    let mut note = |sort, message: String| {
        notes.push(Note { from: article.from.clone(), sort, message });
    };
    let lang = article.lang.take();
    let lang = lang.or_else(|| archive.and_then(|it| it.lang.clone()));
    let lang = lang.or_else(|| setting.lang.clone()).unwrap_or_else(|| {
        let title = article.meta.title.clone().unwrap_or_default();
        // Addresses and code are Latin in every language.
        let has_words = title.chars().filter(|it| it.is_alphabetic()).nth(3).is_some();
        let guess = setting.guess(if has_words { &title } else { &article.body });
        if setting.languages.first() != Some(&guess) {
            note(Sort::Guessed, format!("the language is `{guess}`, by its letters"));
        }
        guess
    });
    if !setting.languages.contains(&lang) {
        let message = format!(
            "it is in `{lang}`, which is no language of the site: add it to `languages` in \
             content/site.yaml"
        );
        note(Sort::Look, message);
    }
    article.lang = Some(lang);
    let meta = &mut article.meta;
    let begins_with_title = article.body.trim_start().starts_with("# ");
    if meta.title.is_none() && !begins_with_title && !article.is_plain {
        let title = article.stem.replace(['-', '_'], " ");
        note(Sort::Guessed, format!("the title is made of the file's name: «{title}»"));
        meta.title = Some(title);
    }
    if meta.date.is_none() && !article.is_page && !article.is_plain {
        let date = meta.updated.clone().unwrap_or_else(|| setting.today.clone());
        match meta.wrong_date(&article.stem) {
            Some(wrong) => {
                meta.is_draft = true;
                let message = format!(
                    "«{wrong}» is no day of the calendar: it has the date {date} and is a draft \
                     until you have written the right one"
                );
                note(Sort::Look, message);
            }
            None => {
                note(Sort::Guessed, format!("the date is {date}, because it names none"));
            }
        }
        meta.date = Some(date);
    }
    let is_future = meta.date.as_ref().is_some_and(|it| is_after(it, setting.now));
    if is_future && meta.publish_at.is_none() && !meta.is_draft && !article.is_page {
        meta.publish_at.clone_from(&meta.date);
        let message = "its date is still to come, so it is published then (`publish_at`)";
        note(Sort::Guessed, message.to_owned());
    }
}

/// Whether a date of ours is after a moment.
fn is_after(date: &str, now: Timestamp) -> bool {
    match date.parse::<Timestamp>() {
        Ok(moment) => now < moment,
        Err(_) => date.get(..10) > now.to_string().get(..10),
    }
}

/// The id of each article; versions of one text share it.
fn ids(articles: &[Article], setting: &Setting) -> Vec<String> {
    let mut ids = [Ids::default(), Ids::default()];
    let mut groups: BTreeMap<(bool, usize, &str), Vec<usize>> = BTreeMap::new();
    for (at, it) in articles.iter().enumerate() {
        groups.entry((it.is_page, it.archive, &it.group)).or_default().push(at);
    }
    let mut result = vec![String::new(); articles.len()];
    for ((is_page, _, _), mut versions) in groups {
        let default = setting.languages.first();
        versions.sort_by_key(|it| articles[*it].lang.as_ref() != default);
        let stems = || versions.iter().map(|it| articles[*it].stem.as_str());
        let slugs =
            || versions.iter().filter_map(|it| articles[*it].meta.slug.as_deref());
        let name = stems().chain(slugs()).find(|it| clean(it).is_some());
        let date =
            versions.iter().find_map(|it| articles[*it].meta.date.as_deref()?.get(..10));
        let name = name.or(date).unwrap_or_default();
        let fallback = if is_page { "page" } else { "briefing" };
        let id = ids[usize::from(is_page)].make(name, fallback);
        for at in versions {
            result[at].clone_from(&id);
        }
    }
    result
}

/// Ids of series by their folded titles.
fn series_of(before: &Reading) -> BTreeMap<String, String> {
    let mut known = BTreeMap::new();
    for series in &before.site.series {
        known.insert(fold(&series.id), series.id.clone());
        for (_, title) in series.title.iter() {
            known.insert(fold(title), series.id.clone());
        }
    }
    known
}

/// A text whose old addresses are not known to be free yet.
struct Text {
    path: String,
    from: String,
    /// Its metadata; `None` for one without any.
    keys: Keys,
    extra: Keys,
    body: String,
    /// The file of the metadata of a plain text.
    sidecar: Option<String>,
    aliases: Vec<String>,
}

struct Composer<'a> {
    site: &'a Site<'a>,
    setting: &'a Setting,
    topics: Topics,
    /// Records of authors and series, by path.
    records: BTreeMap<String, Keys>,
    series: BTreeMap<String, String>,
    files: BTreeMap<String, Vec<u8>>,
    /// Paths of texts without their suffix.
    given: BTreeSet<String>,
    notes: Vec<Note>,
    clashes: BTreeSet<String>,
}

impl Composer<'_> {
    fn note(&mut self, from: &str, sort: Sort, message: String) {
        self.notes.push(Note { from: from.to_owned(), sort, message });
    }

    /// Whether nobody is to see a text yet, and so nothing that is made of it either.
    fn is_hidden(&self, article: &Article) -> bool {
        let meta = &article.meta;
        let waits =
            meta.publish_at.as_ref().is_some_and(|it| is_after(it, self.setting.now));
        meta.is_draft || waits
    }

    /// The words of a text and of its translation name the same topics, where there are as
    /// many of them.
    fn pair_tags(&mut self, articles: &[Article]) {
        let mut groups: BTreeMap<(usize, &str), Vec<&Article>> = BTreeMap::new();
        for it in articles.iter().filter(|it| !it.is_page && !self.is_hidden(it)) {
            groups.entry((it.archive, &it.group)).or_default().push(it);
        }
        for versions in groups.values() {
            let [first, others @ ..] = versions.as_slice() else { continue };
            for other in others {
                let (a, b) = (&first.meta.tags, &other.meta.tags);
                if a.len() != b.len() || first.lang == other.lang {
                    continue;
                }
                for (a, b) in a.iter().zip(b) {
                    self.pair(first, a, other, b);
                }
            }
        }
    }

    fn pair(&mut self, first: &Article, a: &str, other: &Article, b: &str) {
        let (Some(a_lang), Some(b_lang)) = (&first.lang, &other.lang) else { return };
        let (known_a, known_b) = (self.topics.find(a), self.topics.find(b));
        let id = match (known_a, known_b) {
            (Some(_), Some(_)) => return,
            (Some(id), None) | (None, Some(id)) => id.to_owned(),
            (None, None) if clean(a).is_some() => self.topics.make(a, a_lang),
            (None, None) => self.topics.make(b, b_lang),
        };
        self.topics.name(&id, a, a_lang);
        self.topics.name(&id, b, b_lang);
        let message = format!(
            "«{a}» and «{b}» are one topic, `{id}`, because they stand in the same place"
        );
        self.note(&other.from, Sort::Guessed, message);
    }

    /// Texts about tags become texts of topics.
    fn terms(
        &mut self,
        terms: Vec<crate::import::Term>,
        archives: &[crate::import::Archive],
    ) {
        for term in terms {
            let archive = archives.iter().find_map(|it| it.lang.clone());
            let lang =
                term.lang.clone().or(archive).or_else(|| self.setting.lang.clone());
            let lang = lang.unwrap_or_else(|| self.setting.guess(&term.title));
            let by_word = self.topics.find(&term.word).map(str::to_owned);
            let id = by_word.unwrap_or_else(|| self.topics.make(&term.title, &lang));
            if self.topics.is_old(&id) {
                let message = format!(
                    "the site has the topic `{id}` already, so this text about it is left"
                );
                self.note(&term.from, Sort::Look, message);
                continue;
            }
            self.topics.name(&id, &term.title, &lang);
            self.topics.name(&id, &term.word, &lang);
            let new = self.topics.new.entry(id).or_default();
            new.titles.insert(lang.as_str().to_owned(), term.title);
            if !term.body.trim().is_empty() {
                new.texts.insert(lang.as_str().to_owned(), term.body);
            }
            new.addresses.extend(term.addresses);
            for (key, value) in term.extra {
                let is_known = new.extra.iter().any(|(it, _)| *it == key);
                let key = if is_known { format!("{key}_{lang}") } else { key };
                new.extra.push((key, value));
            }
        }
    }

    /// The ids of the topics that a text is filed under.
    fn topics_of(&mut self, article: &Article) -> Vec<String> {
        let Some(lang) = article.lang.clone() else { return Vec::new() };
        let mut filed: Vec<String> = Vec::new();
        // What a draft brings along are words of a program, not a decision of the desk.
        if article.is_page {
            return filed;
        }
        for word in &article.meta.tags {
            if article.is_single && self.topics.find(word).is_none() {
                let message = format!("the word «{word}» names no topic of the site");
                self.note(&article.from, Sort::Look, message);
                continue;
            }
            if self.is_hidden(article) && self.topics.find(word).is_none() {
                let message = format!(
                    "«{word}» would be a new topic, which everybody sees at once; since this \
                     text is not public yet, make it with `mujaz new topic` when it is"
                );
                self.note(&article.from, Sort::Look, message);
                continue;
            }
            let id = self.topics.make(word, &lang);
            if !filed.contains(&id) {
                filed.push(id);
            }
        }
        filed
    }

    fn text(
        &mut self,
        article: &Article,
        id: &str,
        filed: &[String],
        known: &Known<'_>,
    ) -> Text {
        let lang =
            article.lang.clone().unwrap_or_else(|| self.setting.languages[0].clone());
        let folder = if article.is_page { "pages" } else { self.site.into };
        let suffix = match self.setting.languages.first() {
            Some(default) if *default == lang => String::new(),
            _ => format!(".{lang}"),
        };
        let end = if article.is_plain { "txt" } else { "md" };
        let stem = |id: &str| format!("content/{folder}/{id}{suffix}");
        let own = (2..=self.given.len() + 2)
            .map(|n| format!("{id}-{n}"))
            .find(|it| !self.given.contains(&stem(it)))
            .filter(|_| self.given.contains(&stem(id)));
        if let Some(own) = &own {
            let message = format!(
                "another text in the same language is called `{id}`, so this one is `{own}`"
            );
            self.note(&article.from, Sort::Guessed, message);
        }
        let id = own.as_deref().unwrap_or(id);
        self.given.insert(stem(id));
        let path = format!("{}.{end}", stem(id));
        self.check_free(id, article.is_page, &path);
        let mut effects = Effects::default();
        let object = Object { article, id, folder };
        let body = if article.is_plain {
            article.body.clone()
        } else {
            known.rewrite(&object, &mut effects)
        };
        let mut extra = article.meta.extra.clone();
        let image = Self::image(&object, known, &mut effects, &mut extra);
        for (path, bytes) in effects.files {
            // A file of this name may be that of an earlier import.
            if self.site.sources.asset(&path).is_some() {
                self.clashes.insert(path);
            } else {
                self.files.insert(path, bytes);
            }
        }
        for (sort, message) in effects.notes {
            self.note(&article.from, sort, message);
        }
        self.resources(&object);
        let keys = self.keys(article, filed, image, &mut extra, &lang);
        let message = format!("becomes `{path}`");
        self.note(&article.from, Sort::Mapped, message);
        Text {
            path,
            from: article.from.clone(),
            keys,
            extra,
            body,
            sidecar: article.is_plain.then(|| format!("content/{folder}/{id}.yaml")),
            aliases: article.addresses.clone(),
        }
    }

    /// Ids are taken for good: nothing becomes another version of what is there.
    fn check_free(&mut self, id: &str, is_page: bool, path: &str) {
        let kind = if is_page { FileKind::Page } else { FileKind::Briefing };
        let old =
            self.site.sources.of_kind(kind).find(|it| it.id.eq_ignore_ascii_case(id));
        if let Some(old) = old {
            self.clashes.insert(old.path.to_string());
        }
        if self.files.contains_key(path) {
            self.clashes.insert(path.to_owned());
        }
    }

    /// Files beside a text come along, those that it does not show too.
    fn resources(&mut self, object: &Object<'_>) {
        let mut left = Vec::new();
        for (name, bytes) in &object.article.resources {
            if load::is_publishable(name) {
                self.files.insert(object.beside(name), bytes.clone());
            } else {
                left.push(format!(
                    "the file `{name}` beside it, of a kind that sites do not offer"
                ));
            }
        }
        for message in left {
            self.note(&object.article.from, Sort::Left, message);
        }
    }

    /// Writes everything, reads the site with it, and gives old addresses to those texts
    /// whose addresses are free.
    fn finish(mut self, mut texts: Vec<Text>, before: &Reading) -> Draft {
        self.write_records();
        let first = self.files_with(&texts, false);
        let (_, routes) = self.read(&first);
        self.filter_aliases(&mut texts, &routes.links.routes);
        let files = self.files_with(&texts, true);
        let (edited, after) = self.read(&files);
        let diagnostics = after.news(before, |it| Some(it.clone()));
        self.propose(&texts, &after);
        for path in files.keys() {
            let is_there = |it: &&load::SourceFile| it.path.as_str() == path;
            if self.site.sources.files.iter().any(|it| is_there(&it)) {
                self.clashes.insert(path.clone());
            }
        }
        self.notes.sort();
        self.notes.dedup();
        Draft {
            files,
            clashes: self.clashes.into_iter().collect(),
            notes: self.notes,
            diagnostics,
            edited,
        }
    }

    fn write_records(&mut self) {
        for (path, keys) in &self.records {
            self.files.insert(path.clone(), yaml_text::write(keys).into_bytes());
        }
        let default = &self.setting.languages[0];
        let mut notes = Vec::new();
        for (id, topic) in &self.topics.new {
            let text = yaml_text::write(&topic.keys(default));
            self.files.insert(format!("content/topics/{id}.yaml"), text.into_bytes());
            for (lang, text) in &topic.texts {
                let suffix = if lang == default.as_str() {
                    String::new()
                } else {
                    format!(".{lang}")
                };
                let path = format!("content/topics/{id}{suffix}.md");
                self.files.insert(path, text.clone().into_bytes());
            }
            let titles: Vec<&str> = topic.titles.values().map(String::as_str).collect();
            let path = format!("content/topics/{id}.yaml");
            let message =
                format!("a new topic of the kind `theme`: «{}»", titles.join("», «"));
            notes.push(Note { from: path, sort: Sort::Guessed, message });
        }
        self.notes.append(&mut notes);
    }

    fn files_with(
        &self,
        texts: &[Text],
        with_aliases: bool,
    ) -> BTreeMap<String, Vec<u8>> {
        let mut files = self.files.clone();
        for text in texts {
            let mut keys = text.keys.clone();
            if with_aliases && !text.aliases.is_empty() {
                let aliases = text.aliases.iter().cloned().map(Value::Text).collect();
                keys.push(("aliases".to_owned(), Value::List(aliases)));
            }
            if !text.extra.is_empty() {
                keys.push(("extra".to_owned(), Value::Map(text.extra.clone())));
            }
            let header = yaml_text::write(&keys);
            if let Some(sidecar) = &text.sidecar {
                files.insert(text.path.clone(), text.body.clone().into_bytes());
                // A sidecar belongs to all languages of its text.
                files.entry(sidecar.clone()).or_insert(header.into_bytes());
            } else {
                let body = text.body.trim_matches('\n');
                let whole = format!("---\n{header}---\n\n{body}\n");
                files.insert(text.path.clone(), whole.into_bytes());
            }
        }
        files
    }

    /// The site with new files, as the stages see it.
    fn read(&self, files: &BTreeMap<String, Vec<u8>>) -> (Sources, Reading) {
        let mut diagnostics = self.site.diagnostics.to_vec();
        let mut assets = self.site.sources.assets.to_vec();
        let mut sources = Sources {
            files: self.site.sources.files.clone(),
            assets: Arc::default(),
            has_findings: self.site.sources.has_findings,
        };
        for (path, bytes) in files {
            let path = SourcePath::new(path);
            if let Some(kind) = load::kind_of(&path) {
                let file = load::source_file(path, kind, bytes.clone());
                sources.files.extend(file.drain_into(&mut diagnostics));
            } else {
                let disk = self.site.root.join(path.as_str());
                assets.push(Asset { path, disk });
            }
        }
        sources.files.sort_by(|a, b| a.path.cmp(&b.path));
        sources.files.dedup_by(|a, b| a.path == b.path);
        assets.sort_by(|a, b| a.path.cmp(&b.path));
        sources.assets = Arc::new(assets);
        let reading = Reading::new(&sources, &diagnostics, self.site.now);
        (sources, reading)
    }

    /// Leaves out old addresses that cannot be redirects: those that a page has, those that
    /// two texts claim, and those that no host could have.
    fn filter_aliases(&mut self, texts: &mut [Text], routes: &Routes) {
        let mut claimed: BTreeSet<String> = BTreeSet::new();
        for text in texts {
            let mut kept = Vec::new();
            for written in std::mem::take(&mut text.aliases) {
                let path = decoded(written.trim()).into_owned();
                let path = match path.split_once("://") {
                    Some((_, rest)) => {
                        rest.split_once('/').map_or("", |(_, it)| it).to_owned()
                    }
                    None => path,
                };
                let path = format!("/{}", path.trim_start_matches('/'));
                let key = collision_key(path.trim_matches('/'));
                if key.is_empty() || routes.leads_somewhere(&path) {
                    continue;
                }
                let is_path = path
                    .trim_matches('/')
                    .split('/')
                    .all(|it| !matches!(it, "" | "." | ".."))
                    && !path.contains(|it: char| {
                        it.is_control() || "\\:?#<>\"%".contains(it)
                    });
                if !is_path || !claimed.insert(key) {
                    let message = if is_path {
                        format!("the old address `{path}` belongs to another text")
                    } else {
                        format!("the old address `{path}` cannot be a redirect")
                    };
                    let from = text.from.clone();
                    self.notes.push(Note { from, sort: Sort::Left, message });
                    continue;
                }
                kept.push(path);
            }
            text.aliases = kept;
        }
    }

    /// Names topics that a text without any is about, by the names in it.
    fn propose(&mut self, texts: &[Text], after: &Reading) {
        for text in texts {
            let has_topics = text.keys.iter().any(|(it, _)| it == "topics");
            let at =
                after.site.briefings.iter().position(|it| it.path.as_str() == text.path);
            let Some(at) = at.filter(|_| !has_topics) else { continue };
            let named = after.links.briefings[at].mentions.named.iter();
            let mut named: Vec<(usize, &str)> = named
                .map(|it| {
                    (it.count as usize, after.site.topics[it.topic.at()].id.as_str())
                })
                .collect();
            named.sort_by_key(|(n, id)| (std::cmp::Reverse(*n), *id));
            let ids: Vec<&str> = named.iter().map(|(_, id)| *id).take(8).collect();
            if !ids.is_empty() {
                let message = format!(
                    "it names these topics of the site; choose, first the one it is about: \
                     `topics: [{}]`",
                    ids.join(", ")
                );
                let from = text.from.clone();
                self.notes.push(Note { from, sort: Sort::Look, message });
            }
        }
    }
}
