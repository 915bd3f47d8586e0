//! References: what links, citations and pictures written by hand lead to.
//!
//! The order in which `[[name]]` is looked up: id of a topic, id of a briefing, title in
//! the language of the text, alias of a topic, title in another language. Spellings count
//! as equal that folding makes equal; where several are, the one that is written exactly
//! so is meant. A name that still has several targets is an error that names them all.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::diag::{Checked, Diagnostic, Place, SourcePath, closest};
use crate::load::{Sources, is_picture};
use crate::model::{AuthorId, BriefingId, PageId, SeriesId, Site, TopicId};
use crate::parse::body::Body;
use crate::parse::document::{Document, Element, Node, Outline, Target};
use crate::parse::front_matter::Source;
use crate::text::fold::fold;
use crate::text::isolate::terminal;
use crate::text::lang::Lang;
use crate::text::slug::decoded;

/// What a link leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolved {
    /// A topic.
    Topic(TopicId),
    /// A briefing, with the heading behind `#`.
    Briefing(BriefingId, Option<Box<str>>),
    /// An author.
    Author(AuthorId),
    /// A series.
    Series(SeriesId),
    /// A plain page.
    Page(PageId),
    /// A file of the site, by its path in the site folder.
    Asset(Box<str>),
    /// A path from the root of the site.
    Path(Box<str>),
    /// A place on the same page.
    Fragment(Box<str>),
    /// Another site.
    External(Box<str>),
    /// Nothing: the words stay, the link goes.
    Nothing,
}

/// What the references of one article lead to; each list matches the document's.
#[derive(Debug, Clone, Default)]
pub struct References {
    /// Links.
    pub links: Vec<Resolved>,
    /// Citations: index in the list of sources.
    pub citations: Vec<Option<usize>>,
    /// Pictures: path in the site folder.
    pub pictures: Vec<Option<Box<str>>>,
}

/// What a link can be written as. A site without such links never gathers it.
pub struct Targets<'a> {
    site: &'a Site,
    names: OnceLock<Titles>,
    files: OnceLock<BTreeMap<SourcePath, FileTarget>>,
}

/// Titles and aliases.
#[derive(Default)]
struct Titles {
    /// By language and folded title.
    of_lang: FxHashMap<(String, String), Vec<Entry>>,
    /// By folded title, in any language.
    any_title: FxHashMap<String, Vec<Entry>>,
    /// By folded alias.
    aliases: FxHashMap<String, Vec<Entry>>,
}

/// Something that has a name.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    to: Named,
    /// The name as it is written.
    text: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Named {
    Topic(TopicId),
    /// By its id.
    Briefing(String),
}

#[derive(Clone)]
enum FileTarget {
    Briefing(String),
    Topic(TopicId),
    Author(AuthorId),
    Series(SeriesId),
    Page(PageId),
}

impl<'a> Targets<'a> {
    /// The names of a site.
    pub fn new(site: &'a Site) -> Self {
        Self { site, names: OnceLock::new(), files: OnceLock::new() }
    }

    /// What a name in a text of `lang` can mean, from the first place where anything has
    /// it.
    fn named(&self, name: &str, lang: &Lang) -> Vec<Named> {
        self.names.get_or_init(|| Titles::of(self.site)).named(name, lang)
    }

    /// What each file of content is about.
    fn files(&self) -> &BTreeMap<SourcePath, FileTarget> {
        self.files.get_or_init(|| file_targets(self.site))
    }
}

fn file_targets(site: &Site) -> BTreeMap<SourcePath, FileTarget> {
    let mut files = BTreeMap::new();
    for (at, topic) in site.topics.iter().enumerate() {
        let id = TopicId::from_index(at);
        files.insert(topic.path.clone(), FileTarget::Topic(id));
        for body in topic.bodies.values() {
            files.insert(body.path.clone(), FileTarget::Topic(id));
        }
    }
    for briefing in &site.briefings {
        let target = FileTarget::Briefing(briefing.id.to_string());
        files.insert(briefing.path.clone(), target);
    }
    for (at, author) in site.authors.iter().enumerate() {
        let target = FileTarget::Author(AuthorId::from_index(at));
        files.insert(author.path.clone(), target);
    }
    for (at, series) in site.series.iter().enumerate() {
        let target = FileTarget::Series(SeriesId::from_index(at));
        files.insert(series.path.clone(), target);
    }
    for (at, page) in site.pages.iter().enumerate() {
        let target = FileTarget::Page(PageId::from_index(at));
        files.insert(page.path.clone(), target);
    }
    files
}

impl Titles {
    fn of(site: &Site) -> Self {
        let mut titles = Self::default();
        for (at, topic) in site.topics.iter().enumerate() {
            let id = TopicId::from_index(at);
            for (lang, title) in topic.title.iter() {
                titles.add_title(lang, title, &Named::Topic(id));
            }
            for alias in topic.meta.aliases.iter().flat_map(|it| &it.value) {
                let list = titles.aliases.entry(fold(&alias.text)).or_default();
                list.push(Entry { to: Named::Topic(id), text: alias.text.clone() });
            }
        }
        for briefing in &site.briefings {
            let named = Named::Briefing(briefing.id.to_string());
            titles.add_title(&briefing.lang, &briefing.title, &named);
        }
        titles
    }

    fn add_title(&mut self, lang: &Lang, title: &str, to: &Named) {
        let entry = Entry { to: to.clone(), text: title.to_owned() };
        let key = (lang.primary().to_owned(), fold(title));
        self.any_title.entry(key.1.clone()).or_default().push(entry.clone());
        self.of_lang.entry(key).or_default().push(entry);
    }

    /// What a name in a text of `lang` can mean, from the first place where anything has
    /// it.
    fn named(&self, name: &str, lang: &Lang) -> Vec<Named> {
        let key = (lang.primary().to_owned(), fold(name));
        let found = self
            .of_lang
            .get(&key)
            .or_else(|| self.aliases.get(&key.1))
            .or_else(|| self.any_title.get(&key.1));
        let found = found.map(Vec::as_slice).unwrap_or_default();
        let distinct = |entries: &mut dyn Iterator<Item = &Entry>| {
            let mut all: Vec<Named> = Vec::new();
            for entry in entries {
                if !all.contains(&entry.to) {
                    all.push(entry.to.clone());
                }
            }
            all
        };
        let exact = distinct(&mut found.iter().filter(|it| it.text == name));
        if exact.len() == 1 { exact } else { distinct(&mut found.iter()) }
    }
}

/// Resolves the references of one article in `lang`; `sources` are the briefing's.
pub fn resolve(
    body: &Body,
    lang: &Lang,
    sources: &[Source],
    site: &Site,
    targets: &Targets<'_>,
    files: &Sources,
    diagnostics: &mut Vec<Diagnostic>,
) -> References {
    let mut references = References::default();
    let Outline { links, citations, pictures, .. } = body.outline();
    if links.is_empty() && citations.is_empty() && pictures.is_empty() {
        return references;
    }
    let places = OnceCell::new();
    let place_of = |wanted: Node| {
        let document = &*body.document();
        places.get_or_init(|| Places::of(document)).place(document, wanted)
    };
    for (at, link) in links.iter().enumerate() {
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        let place = || place_of(Node::Open(Element::Link(at)));
        let mut look_up =
            LookUp { body, lang, site, targets, files, diagnostics: &mut *diagnostics };
        references.links.push(look_up.target(&link.target, &place));
    }
    for (at, id) in citations.iter().enumerate() {
        let found = sources
            .iter()
            .position(|it| it.id.as_ref().is_some_and(|it| *it.value == **id))
            .or_else(|| {
                let number = id.parse::<usize>().ok()?;
                (1..=sources.len()).contains(&number).then(|| number - 1)
            });
        if found.is_none() {
            let at = u32::try_from(at).unwrap_or(u32::MAX);
            let message = format!("there is no footnote and no source `{id}`");
            let error =
                Diagnostic::error("dead-citation", place_of(Node::Citation(at)), message);
            let known = sources.iter().filter_map(|it| it.id.as_ref());
            diagnostics.push(match closest(known.map(|it| it.value.as_str()), id) {
                Some(known) => error.with_help(format!("did you mean `{known}`?")),
                None => error.with_help(format!(
                    "add `[^{id}]: …` at the end of the text, or a source with `id: {id}`"
                )),
            });
        }
        references.citations.push(found);
    }
    for (at, picture) in pictures.iter().enumerate() {
        let place = || {
            let at = u32::try_from(at).unwrap_or(u32::MAX);
            place_of(Node::Picture(at))
        };
        let found = self::picture(&body.path, &picture.file, files, place);
        references.pictures.push(found.drain_into(diagnostics));
    }
    references
}

/// Where the links, citations and pictures of a document stand; made once for all the
/// mistakes of a document.
pub struct Places(BTreeMap<(u8, u32), usize>);

impl Places {
    /// Looks through a document.
    pub fn of(document: &Document) -> Self {
        let mut places = BTreeMap::new();
        for (at, node) in document.nodes.iter().enumerate() {
            if let Some(key) = Self::key(*node) {
                places.entry(key).or_insert(at);
            }
        }
        Self(places)
    }

    /// The place of a link, a citation or a picture; the beginning of the file for any
    /// other node.
    pub fn place(&self, document: &Document, node: Node) -> Place {
        let at = Self::key(node).and_then(|it| self.0.get(&it)).copied();
        let span = at.and_then(|it| document.spans.get(it)).copied().unwrap_or_default();
        Place { path: document.path.clone(), span }
    }

    fn key(node: Node) -> Option<(u8, u32)> {
        match node {
            Node::Open(Element::Link(at)) => Some((0, at)),
            Node::Citation(at) => Some((1, at)),
            Node::Picture(at) => Some((2, at)),
            _ => None,
        }
    }
}

/// A file beside an article, or under `static/`.
pub fn asset(from: &SourcePath, file: &str, files: &Sources) -> Option<Box<str>> {
    let beside = join(from, file);
    let in_static = format!("static/{}", file.trim_start_matches('/'));
    [beside, Some(SourcePath::new(&in_static))]
        .into_iter()
        .flatten()
        .find_map(|it| files.asset(it.as_str()).map(|it| it.path.as_str().into()))
}

/// A picture beside an article, or under `static/`.
pub fn picture(
    from: &SourcePath,
    file: &str,
    files: &Sources,
    place: impl FnOnce() -> Place,
) -> Checked<Option<Box<str>>> {
    let found = asset(from, file, files);
    let mut diagnostics = Vec::new();
    if !is_picture(file) {
        let shown = terminal(file);
        let message = format!("`{shown}` is not a picture that pages can show");
        let help = "pages show JPEG, PNG, WebP, GIF, AVIF and SVG; to offer another file, \
                    link to it: `[what it is](file)`";
        let error = Diagnostic::error("bad-picture", place(), message);
        diagnostics.push(error.with_help(help));
    } else if found.is_none() {
        diagnostics.push(missing_file("missing-picture", place(), file));
    }
    Checked { value: found, diagnostics }
}

/// Reports a picture or a file that is not there.
pub fn missing_file(code: &'static str, place: Place, file: &str) -> Diagnostic {
    let shown = terminal(file);
    let message = format!("there is no file `{shown}`");
    let help = "put it beside the article or under `static/`, and mind capital letters";
    Diagnostic::error(code, place, message).with_help(help)
}

/// The path of `file` as seen from the folder of `from`; `None` if it climbs out.
pub fn join(from: &SourcePath, file: &str) -> Option<SourcePath> {
    let mut segments: Vec<&str> = from.as_str().split('/').collect();
    segments.pop();
    for segment in file.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop()?;
            }
            other => segments.push(other),
        }
    }
    Some(SourcePath::new(&segments.join("/")))
}

struct LookUp<'a, 'd> {
    body: &'a Body,
    lang: &'a Lang,
    site: &'a Site,
    targets: &'a Targets<'a>,
    files: &'a Sources,
    diagnostics: &'d mut Vec<Diagnostic>,
}

impl LookUp<'_, '_> {
    fn target(&mut self, target: &Target, place: &dyn Fn() -> Place) -> Resolved {
        match target {
            Target::Name(name) => self.name(name, place),
            Target::Topic(id) => match self.site.topic(id) {
                Some(found) => Resolved::Topic(found),
                None => self.dead(
                    place,
                    "topic",
                    id,
                    self.site.topics.iter().map(|it| it.id.as_str()),
                ),
            },
            Target::Briefing(id) => match id.split_once('#') {
                Some((id, fragment)) => {
                    let fragment = decoded(fragment);
                    self.briefing(
                        id,
                        Some(&fragment).filter(|it| !it.is_empty()).map(|it| &**it),
                        place,
                    )
                }
                None => self.briefing(id, None, place),
            },
            Target::Author(id) => match self.site.author(id) {
                Some(found) => Resolved::Author(found),
                None => self.dead(
                    place,
                    "author",
                    id,
                    self.site.authors.iter().map(|it| it.id.as_str()),
                ),
            },
            Target::Series(id) => match self.site.series_with_id(id) {
                Some(found) => Resolved::Series(found),
                None => self.dead(
                    place,
                    "series",
                    id,
                    self.site.series.iter().map(|it| it.id.as_str()),
                ),
            },
            Target::Page(id) => match self.site.page(id, self.lang) {
                Some(found) => Resolved::Page(found),
                None => self.dead(
                    place,
                    "page",
                    id,
                    self.site.pages.iter().map(|it| it.id.as_str()),
                ),
            },
            Target::File(file, fragment) => self.file(file, fragment.as_deref(), place),
            Target::Asset(file) => match asset(&self.body.path, file, self.files) {
                Some(found) => Resolved::Asset(found),
                None => {
                    self.diagnostics.push(missing_file("dead-link", place(), file));
                    Resolved::Nothing
                }
            },
            Target::Fragment(id) => {
                if !self.body.outline().headings.iter().any(|it| *it.id == **id) {
                    let shown = terminal(id).into_owned();
                    let message = format!("no heading of this text is called `{shown}`");
                    let error = Diagnostic::error("dead-link", place(), message);
                    let known =
                        self.body.outline().headings.iter().map(|it| it.id.as_str());
                    self.diagnostics.push(match closest(known, id) {
                        Some(known) => error
                            .with_help(format!("did you mean `#{}`?", terminal(known))),
                        None => {
                            error.with_help("give a heading this name: `## … {#name}`")
                        }
                    });
                }
                Resolved::Fragment(id.clone())
            }
            Target::Path(path) => Resolved::Path(path.clone()),
            Target::External(url) => Resolved::External(url.clone()),
            Target::Refused => Resolved::Nothing,
        }
    }

    fn briefing(
        &mut self,
        id: &str,
        fragment: Option<&str>,
        place: &dyn Fn() -> Place,
    ) -> Resolved {
        if let Some(found) = self.site.version(id, self.lang) {
            let target = &self.site.briefings[found.at()].body;
            if let Some(fragment) = fragment
                && !target.outline().headings.iter().any(|it| *it.id == *fragment)
            {
                let shown = terminal(fragment).into_owned();
                let message = format!("`{id}` has no heading called `{shown}`");
                let error = Diagnostic::error("dead-link", place(), message);
                self.diagnostics
                    .push(error.with_help("take away what stands behind `#`"));
            }
            return Resolved::Briefing(found, fragment.map(Into::into));
        }
        if self.site.hidden.contains(id) {
            return self.unpublished(id, place);
        }
        self.dead(place, "briefing", id, self.site.versions.keys().map(|it| &**it))
    }

    fn unpublished(&mut self, name: &str, place: &dyn Fn() -> Place) -> Resolved {
        let name = terminal(name);
        let message = format!("`{name}` is not public; the link is left out");
        let warning = Diagnostic::warning("link-to-unpublished", place(), message);
        let help = "publish it first, or take the link out";
        self.diagnostics.push(warning.with_help(help));
        Resolved::Nothing
    }

    fn file(
        &mut self,
        file: &str,
        fragment: Option<&str>,
        place: &dyn Fn() -> Place,
    ) -> Resolved {
        let path = join(&self.body.path, file);
        let found = path.as_ref().and_then(|it| self.targets.files().get(it)).cloned();
        match found {
            Some(FileTarget::Briefing(id)) => self.briefing(&id, fragment, place),
            Some(FileTarget::Topic(id)) => Resolved::Topic(id),
            Some(FileTarget::Author(id)) => Resolved::Author(id),
            Some(FileTarget::Series(id)) => Resolved::Series(id),
            Some(FileTarget::Page(id)) => Resolved::Page(id),
            None => {
                let stem = file.rsplit('/').next().unwrap_or(file);
                let stem = stem.split('.').next().unwrap_or(stem).to_owned();
                if self.site.hidden.contains(&stem) {
                    return self.briefing(&stem, None, place);
                }
                let known = self.targets.files().keys().map(SourcePath::as_str);
                let wanted = path.as_ref().map_or(file, SourcePath::as_str);
                let near = closest(known, wanted).map(str::to_owned);
                let message = format!("there is no file `{}`", terminal(file));
                let error = Diagnostic::error("dead-link", place(), message);
                self.diagnostics.push(match near {
                    Some(near) => error.with_help(format!("did you mean `{near}`?")),
                    None => {
                        error.with_help("write the path as seen from this file's folder")
                    }
                });
                Resolved::Nothing
            }
        }
    }

    fn name(&mut self, name: &str, place: &dyn Fn() -> Place) -> Resolved {
        if let Some(found) = self.site.topic(name) {
            return Resolved::Topic(found);
        }
        if self.site.versions.contains_key(name) || self.site.hidden.contains(name) {
            return self.briefing(name, None, place);
        }
        match self.targets.named(name, self.lang).as_slice() {
            [Named::Topic(one)] => Resolved::Topic(*one),
            [Named::Briefing(id)] => self.briefing(id, None, place),
            [] if self.site.hidden_titles.contains(&fold(name)) => {
                self.unpublished(name, place)
            }
            [] => {
                let known = self.site.topics.iter().map(|it| it.id.as_str());
                self.dead(place, "topic or briefing", name, known)
            }
            several => {
                let id = |it: &Named| match it {
                    Named::Topic(id) => {
                        format!("`topic:{}`", self.site.topics[id.at()].id)
                    }
                    Named::Briefing(id) => format!("`briefing:{id}`"),
                };
                let ids: Vec<String> = several.iter().map(id).collect();
                let message =
                    format!("`{}` can mean {}", terminal(name), ids.join(" and "));
                let error = Diagnostic::error("ambiguous-link", place(), message);
                let help = format!(
                    "write the one you mean, as in `[[{}]]`",
                    ids[0].trim_matches('`')
                );
                self.diagnostics.push(error.with_help(help));
                Resolved::Nothing
            }
        }
    }

    fn dead<'k>(
        &mut self,
        place: &dyn Fn() -> Place,
        what: &str,
        id: &str,
        known: impl Iterator<Item = &'k str>,
    ) -> Resolved {
        let message = format!("there is no {what} `{}`", terminal(id));
        let error = Diagnostic::error("dead-link", place(), message);
        self.diagnostics.push(match closest(known, id) {
            Some(known) => error.with_help(format!("did you mean `{known}`?")),
            None => error.with_help("correct the name, or create what it should lead to"),
        });
        Resolved::Nothing
    }
}
