//! `Merge`: what one topic says goes into another one, and its files go away.
//!
//! Names, relations, facts, old addresses and long texts are joined; of other keys the
//! other topic takes those it lacks. What is left out is said in a remark, because the
//! file it stood in is deleted.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::{Diagnostic, Place, SourcePath};
use crate::edit::draft::{Draft, Replacement};
use crate::edit::header::{Header, Item, is_same};
use crate::edit::links::folder_and_name;
use crate::edit::reading::Reading;
use crate::edit::references::{
    Tally, covers, field, has_same_name, is_text, relation_to_itself, two_relations,
};
use crate::edit::{home, topic_files};
use crate::error::Error;
use crate::load::{Format, SourceFile, Sources};
use crate::model::topic::Topic;
use crate::parse;
use crate::parse::markdown::definitions;
use crate::text::fold::fold;
use crate::text::isolate::terminal;
use crate::text::lang::Lang;
use crate::yaml::{Node, Value};

/// Keys of which the other topic takes the whole, or nothing.
const WHOLE: [&str; 5] = ["summary", "dates", "identifiers", "sort", "extra"];

/// Two topics of which one is made.
pub(super) struct Merge<'a> {
    before: &'a Reading,
    from: &'a Topic,
    into: &'a Topic,
    /// Files of the topic that goes.
    old: Vec<SourcePath>,
    /// Files of the topic that stays.
    kept: Vec<SourcePath>,
    /// Addresses of the topic that goes.
    addresses: Vec<String>,
    /// What becomes of each text of the topic that goes.
    texts: BTreeMap<SourcePath, Text>,
    /// Keys whose lines were taken over with the comments above them.
    carried: Vec<&'static str>,
}

/// What becomes of a long text.
enum Text {
    /// The other topic has none in this language.
    Moved(SourcePath),
    /// It comes after the one that is there.
    Appended(SourcePath),
    /// There was only front matter.
    Dropped,
}

impl<'a> Merge<'a> {
    /// Gathers what belongs to the two topics; `None` where one of them has mistakes.
    pub(super) fn new(
        sources: &Sources,
        before: &'a Reading,
        from: &str,
        into: &str,
    ) -> Option<Self> {
        let topic = |id| before.site.topic(id).map(|it| &before.site.topics[it.at()]);
        let (old, kept) = (topic_files(sources, from), topic_files(sources, into));
        let of = |paths: &[SourcePath]| -> Vec<&SourceFile> {
            sources.files.iter().filter(|it| paths.contains(&it.path)).collect()
        };
        let lang =
            |it: &SourceFile| it.lang.clone().unwrap_or(before.config().lang.clone());
        let mut texts = BTreeMap::new();
        for file in of(&old) {
            let Some(body) = parse::body(file) else { continue };
            let is_empty = file.text.get(body).unwrap_or_default().trim().is_empty();
            let same = of(&kept)
                .into_iter()
                .find(|it| it.format != Format::Yaml && lang(it) == lang(file));
            let (place, name) = folder_and_name(&file.path);
            let suffixes = name.get(from.len()..).unwrap_or_default();
            let text = match same {
                _ if is_empty => Text::Dropped,
                Some(same) => Text::Appended(same.path.clone()),
                None => Text::Moved(SourcePath::new(&format!("{place}{into}{suffixes}"))),
            };
            texts.insert(file.path.clone(), text);
        }
        let addresses = before.addresses(sources, from).into_iter().flatten().collect();
        Some(Self {
            before,
            from: topic(from)?,
            into: topic(into)?,
            old,
            kept,
            addresses,
            texts,
            carried: Vec::new(),
        })
    }

    /// Where links to the files of the topic that goes lead from now on.
    pub(super) fn files(&self) -> BTreeMap<SourcePath, SourcePath> {
        let is_yaml = |it: &&SourcePath| it.as_str().ends_with("ml");
        let record = self.kept.iter().find(is_yaml).or(self.kept.first());
        let to = |path: &SourcePath| match self.texts.get(path) {
            Some(Text::Moved(to) | Text::Appended(to)) => Some(to.clone()),
            _ => record.cloned(),
        };
        self.old.iter().filter_map(|it| Some((it.clone(), to(it)?))).collect()
    }

    /// Reports texts that cannot stand in one file.
    pub(super) fn clashes(&self, draft: &Draft<'_>) -> Vec<Diagnostic> {
        let mut clashes = Vec::new();
        for (path, text) in &self.texts {
            let Text::Appended(to) = text else { continue };
            let (Some(own), Some(other)) = (draft.file(path), draft.file(to)) else {
                continue;
            };
            let mut report = |message: String, help: &str| {
                let error = Diagnostic::error("merge-clash", Place::file(path), message)
                    .with_related(Place::file(to), "the other one");
                clashes.push(error.with_help(help));
            };
            if own.format != other.format {
                let message = "one of the two texts is Markdown, the other is plain";
                report(message.to_owned(), "give both the same suffix");
                continue;
            }
            for label in labels(own).intersection(&labels(other)) {
                let message = format!("both texts define `[{}]`", terminal(label));
                report(message, "give it another name in one of the two texts");
            }
        }
        clashes
    }

    /// Makes one topic of the two.
    pub(super) fn apply(
        &mut self,
        draft: &mut Draft<'_>,
        tally: &mut Tally,
    ) -> Result<(), Error> {
        self.join_names(draft, tally)?;
        self.join_addresses(draft)?;
        self.join_relations(draft, tally)?;
        self.join_facts(draft)?;
        self.join_parents(draft, tally)?;
        self.join_featured(draft)?;
        self.take_whole_keys(draft, tally)?;
        for path in &self.old {
            let Some(header) = Header::read(draft, path) else { continue };
            let comments = header.other_comments(&self.carried);
            if !comments.is_empty() {
                let shown = comments.join(" ");
                let shown = terminal(&shown);
                tally.remarks.push(format!("comments in `{path}` are left out: {shown}"));
            }
        }
        self.join_texts(draft)
    }

    /// The headers of the topic that goes.
    fn old_headers(&self, draft: &Draft<'_>) -> Vec<Header> {
        self.old.iter().filter_map(|it| Header::read(draft, it)).collect()
    }

    /// The items of a list of the topic that goes.
    fn old_items(&self, draft: &Draft<'_>, key: &str) -> Vec<(Node, Item)> {
        let mut items = Vec::new();
        for header in self.old_headers(draft) {
            match header.get(&[key]) {
                Some(Node { value: Value::List(list), .. }) => {
                    items.extend(
                        list.iter().map(|it| (it.clone(), Item::of(&header, it))),
                    );
                }
                Some(it @ Node { value: Value::Scalar { .. }, .. }) => {
                    items.push((it.clone(), Item::of(&header, it)));
                }
                _ => {}
            }
        }
        items
    }

    /// The items of a list of the topic that stays, as it is now.
    fn kept_items(&self, draft: &Draft<'_>, key: &str) -> Vec<Node> {
        let headers = self.kept.iter().filter_map(|it| Header::read(draft, it));
        let lists = headers.filter_map(|it| it.get(&[key]).cloned());
        lists
            .flat_map(|it| match it.value {
                Value::List(items) => items,
                Value::Scalar { .. } => vec![it],
                _ => Vec::new(),
            })
            .collect()
    }

    /// Puts items at the end of a list of the topic that stays.
    fn append(
        &self,
        draft: &mut Draft<'_>,
        keys: &[&str],
        items: &[Item],
    ) -> Result<(), Error> {
        let Some(key) = keys.first().filter(|_| !items.is_empty()) else { return Ok(()) };
        let Some(home) = home(draft, &self.kept, key) else { return Ok(()) };
        let header = Header::read(draft, &home);
        let edit = header.and_then(|it| it.append(keys, items));
        draft.edit(&home, edit.into_iter().collect())
    }

    /// Titles and aliases of the one become aliases of the other.
    fn join_names(&self, draft: &mut Draft<'_>, tally: &mut Tally) -> Result<(), Error> {
        let mut names = Vec::new();
        for header in self.old_headers(draft) {
            let Some(aliases) = header.get(&["aliases"]) else { continue };
            let lists: Vec<(Option<Lang>, &Node)> = match &aliases.value {
                Value::Map(entries) => {
                    let lang = |text: &str| Lang::parse(text).ok();
                    entries.iter().map(|(key, it)| (lang(&key.text), it)).collect()
                }
                _ => vec![(None, aliases)],
            };
            for (lang, list) in lists {
                let Value::List(items) = &list.value else { continue };
                for item in items {
                    let text = field(item, "text").unwrap_or(item);
                    let Value::Scalar { text, .. } = &text.value else { continue };
                    let has_gates =
                        matches!(&item.value, Value::Map(entries) if 1 < entries.len());
                    let text = text.trim().to_owned();
                    names.push((lang.clone(), text, Item::of(&header, item), has_gates));
                }
            }
        }
        for (lang, title) in self.from.title.iter() {
            // An alias that is written like the title has the gates for both.
            let is_repeated = names.iter().any(|(of, text, _, _)| {
                fold(text) == fold(title)
                    && of.as_ref().is_none_or(|it| it.primary() == lang.primary())
            });
            if !is_repeated {
                self.add_name(
                    draft,
                    tally,
                    Some(lang),
                    title,
                    &Item::text(title),
                    false,
                )?;
            }
        }
        for (lang, text, item, has_gates) in names {
            self.add_name(draft, tally, lang.as_ref(), &text, &item, has_gates)?;
        }
        Ok(())
    }

    fn add_name(
        &self,
        draft: &mut Draft<'_>,
        tally: &mut Tally,
        lang: Option<&Lang>,
        text: &str,
        item: &Item,
        has_gates: bool,
    ) -> Result<(), Error> {
        let into = &self.into.id;
        let shown = terminal(text);
        let aliases = home(draft, &self.kept, "aliases")
            .and_then(|it| Header::read(draft, &it))
            .and_then(|it| it.get(&["aliases"]).cloned());
        if self.has_name(aliases.as_ref(), lang, text) {
            if has_gates {
                tally.remarks.push(format!(
                    "`{shown}` is a name of `{into}` already; the conditions that `{}` had \
                     for it are left out",
                    self.from.id
                ));
            }
            return Ok(());
        }
        let is_list = match aliases.map(|it| it.value) {
            Some(Value::List(items)) if !items.is_empty() => true,
            Some(Value::Map(entries)) if !entries.is_empty() => false,
            _ => self.before.config().languages.len() == 1,
        };
        if !is_list {
            for lang in self.languages(lang, text) {
                self.append(
                    draft,
                    &["aliases", lang.as_str()],
                    std::slice::from_ref(item),
                )?;
            }
            return Ok(());
        }
        let languages = &self.before.config().languages;
        let is_wider = lang.is_some_and(|own| {
            languages.iter().any(|it| it != own && it.script() == own.script())
        });
        if is_wider {
            tally.remarks.push(format!(
                "`{shown}` is looked for in every language of its script now, because the \
                 aliases of `{into}` name no languages"
            ));
        }
        self.append(draft, &["aliases"], std::slice::from_ref(item))
    }

    /// Whether the topic that stays has a name in a language already.
    fn has_name(&self, aliases: Option<&Node>, lang: Option<&Lang>, text: &str) -> bool {
        let wanted = fold(text);
        let is_same_lang = |own: Option<&Lang>| match (own, lang) {
            (Some(own), Some(lang)) => own.primary() == lang.primary(),
            _ => true,
        };
        let names_it = |list: &Node| {
            let Value::List(items) = &list.value else { return false };
            items.iter().any(|it| {
                let text = field(it, "text").unwrap_or(it);
                matches!(&text.value, Value::Scalar { text, .. } if fold(text.trim()) == wanted)
            })
        };
        let is_title = self
            .into
            .title
            .iter()
            .any(|(own, it)| is_same_lang(Some(own)) && fold(it) == wanted);
        let is_alias = match aliases.map(|it| &it.value) {
            Some(Value::Map(entries)) => entries.iter().any(|(key, list)| {
                is_same_lang(Lang::parse(&key.text).ok().as_ref()) && names_it(list)
            }),
            _ => aliases.is_some_and(names_it),
        };
        is_title || is_alias
    }

    /// The languages under which a name belongs: its own, else those of its script, which
    /// are those in which a name without a language is looked for.
    fn languages(&self, lang: Option<&Lang>, text: &str) -> Vec<Lang> {
        if let Some(lang) = lang {
            return vec![lang.clone()];
        }
        let config = self.before.config();
        let script = text.chars().find_map(|it| match it {
            '\u{590}'..='\u{5FF}' => Some("Hebr"),
            '\u{600}'..='\u{6FF}' => Some("Arab"),
            _ => None,
        });
        let script = script.unwrap_or("Latn");
        let mut found: Vec<Lang> =
            config.languages.iter().filter(|it| it.script() == script).cloned().collect();
        // Latin names are found in texts of every language, wherever they stand.
        found.truncate(if script == "Latn" { 1 } else { found.len() });
        if found.is_empty() { vec![config.lang.clone()] } else { found }
    }

    /// The addresses of the one lead to the other.
    fn join_addresses(&self, draft: &mut Draft<'_>) -> Result<(), Error> {
        let plain = |it: &str| it.trim_matches('/').to_owned();
        let text = |it: &Node| match &it.value {
            Value::Scalar { text, .. } => plain(text.trim()),
            _ => String::new(),
        };
        let mut known: BTreeSet<String> =
            self.kept_items(draft, "aliases_urls").iter().map(text).collect();
        let now = self.addresses.iter().map(|it| (plain(it), Item::text(it)));
        let old = self.old_items(draft, "aliases_urls");
        let old = old.into_iter().map(|(node, item)| (text(&node), item));
        let new: Vec<Item> = now
            .chain(old)
            .filter(|(it, _)| known.insert(it.clone()))
            .map(|it| it.1)
            .collect();
        self.append(draft, &["aliases_urls"], &new)
    }

    fn join_relations(
        &self,
        draft: &mut Draft<'_>,
        tally: &mut Tally,
    ) -> Result<(), Error> {
        let kept = self.kept_items(draft, "relations");
        let mut new = Vec::new();
        for (node, item) in self.old_items(draft, "relations") {
            let Some(to) = field(&node, "to") else { continue };
            if is_text(to, &self.into.id) || is_text(to, &self.from.id) {
                tally.remarks.push(relation_to_itself(&self.from.id, &self.into.id));
                continue;
            }
            let same: Vec<&Node> = kept
                .iter()
                .filter(|it| {
                    field(it, "to").is_some_and(|it| is_same(&it.value, &to.value))
                        && has_same_name(it, &node)
                })
                .collect();
            if same.iter().any(|it| covers(it, &node)) {
                continue;
            }
            if let (false, Value::Scalar { text, .. }) = (same.is_empty(), &to.value) {
                tally.remarks.push(two_relations(&self.into.id, text.trim()));
            }
            new.push(item);
        }
        self.append(draft, &["relations"], &new)
    }

    fn join_facts(&self, draft: &mut Draft<'_>) -> Result<(), Error> {
        let kept = self.kept_items(draft, "facts");
        let is_new = |it: &Node| !kept.iter().any(|kept| is_same(&kept.value, &it.value));
        let old = self.old_items(draft, "facts");
        let new: Vec<Item> =
            old.into_iter().filter(|(it, _)| is_new(it)).map(|it| it.1).collect();
        self.append(draft, &["facts"], &new)
    }

    /// The topics above the one come to stand above the other, unless they stand below it.
    fn join_parents(
        &self,
        draft: &mut Draft<'_>,
        tally: &mut Tally,
    ) -> Result<(), Error> {
        let kept = self.kept_items(draft, "parent");
        let into = self.into.id.as_str();
        let mut new = Vec::new();
        for (node, item) in self.old_items(draft, "parent") {
            let Value::Scalar { text, .. } = &node.value else { continue };
            let id = text.trim();
            if id == into || kept.iter().any(|it| is_text(it, id)) {
                continue;
            }
            if self.before.above(id).contains(into) {
                tally.remarks.push(format!(
                    "`{id}` does not come to stand above `{into}`: it is below it"
                ));
                continue;
            }
            new.push(item);
        }
        self.append(draft, &["parent"], &new)
    }

    fn join_featured(&self, draft: &mut Draft<'_>) -> Result<(), Error> {
        let kept = self.kept_items(draft, "featured");
        let is_new = |it: &Node| !kept.iter().any(|kept| is_same(&kept.value, &it.value));
        let old = self.old_items(draft, "featured");
        let new: Vec<Item> =
            old.into_iter().filter(|(it, _)| is_new(it)).map(|it| it.1).collect();
        self.append(draft, &["featured"], &new)
    }

    /// Keys that the other topic lacks are taken over as they are written; where it has
    /// its own, what is left out is said.
    fn take_whole_keys(
        &mut self,
        draft: &mut Draft<'_>,
        tally: &mut Tally,
    ) -> Result<(), Error> {
        let (from, into) = (&self.from.id, &self.into.id);
        for header in self.old_headers(draft) {
            for key in WHOLE.into_iter().chain(["kind"]) {
                let Some(value) = header.get(&[key]) else { continue };
                let Some(home) = home(draft, &self.kept, key) else { continue };
                let Some(other) = Header::read(draft, &home) else { continue };
                let Some(own) = other.get(&[key]) else {
                    let edit = other.append_key(&header, key);
                    draft.edit(&home, edit.into_iter().collect())?;
                    self.carried.push(key);
                    tally.remarks.push(format!("`{key}` of `{from}` is taken over"));
                    continue;
                };
                if !is_same(&own.value, &value.value) {
                    let shown = header.shown(value);
                    tally.remarks.push(format!(
                        "`{key}` of `{from}` is left out, `{into}` has its own: {}",
                        terminal(&shown)
                    ));
                }
            }
        }
        Ok(())
    }

    /// Long texts move, or come after those that are there; the files of the topic go.
    fn join_texts(&self, draft: &mut Draft<'_>) -> Result<(), Error> {
        for path in &self.old {
            let Some(file) = draft.file(path) else { continue };
            let body = parse::body(file).unwrap_or(0..0);
            let text = file.text.get(body.clone()).unwrap_or_default();
            match self.texts.get(path) {
                Some(Text::Moved(to)) => {
                    let skipped = text.len() - text.trim_start_matches('\n').len();
                    let front = Replacement::new(0..body.start + skipped, "");
                    draft.edit(path, vec![front])?;
                    draft.rename(path, to.clone())?;
                }
                Some(Text::Appended(to)) => {
                    let added = format!("\n\n{}\n", text.trim_matches('\n').trim_end());
                    let Some(other) = draft.file(to) else { continue };
                    let end = other.text.trim_end().len()..other.text.len();
                    draft.edit(to, vec![Replacement::new(end, added)])?;
                    draft.delete(path)?;
                }
                Some(Text::Dropped) | None => draft.delete(path)?,
            }
        }
        Ok(())
    }
}

/// The names that a Markdown text gives to its footnotes and link targets.
fn labels(file: &SourceFile) -> BTreeSet<String> {
    let Some(body) = parse::body(file).filter(|_| file.format == Format::Markdown) else {
        return BTreeSet::new();
    };
    let text = file.text.get(body.clone()).unwrap_or_default();
    let footnotes = text.lines().filter_map(|it| {
        let label = it.trim_start().strip_prefix("[^")?.split_once("]:")?.0;
        Some(format!("^{label}"))
    });
    let links = definitions(&file.text, body).into_iter().map(|it| it.label);
    footnotes.chain(links).collect()
}
