//! Where the links and pictures of a text lead now.

use std::collections::BTreeMap;

use crate::config::HtmlPolicy;
use crate::import::addresses::{Address, Change, rewrite};
use crate::import::shortcodes::REFERENCE;
use crate::import::topics::Topics;
use crate::import::{Article, Gathered, Sort};
use crate::load;
use crate::parse::address::target;
use crate::parse::document::Target;
use crate::text::slug::{collision_key, decoded, encode_path, slug};

/// A text with its id.
pub(super) struct Object<'a> {
    pub(super) article: &'a Article,
    pub(super) id: &'a str,
    /// Its folder under `content/`.
    pub(super) folder: &'a str,
}

impl Object<'_> {
    /// The path of a file that belongs to it.
    pub(super) fn beside(&self, name: &str) -> String {
        format!("content/{}/{}/{}", self.folder, self.id, clean_path(name))
    }

    /// The same, as its text names it.
    fn own_address(&self, name: &str) -> String {
        encode_path(&format!("{}/{}", self.id, clean_path(name)))
    }
}

/// A path without anything that climbs.
fn clean_path(path: &str) -> String {
    let parts = path.split('/').filter(|it| !matches!(*it, "" | "." | ".."));
    parts.collect::<Vec<_>>().join("/")
}

/// What a text takes along.
#[derive(Debug, Default)]
pub(super) struct Effects {
    pub(super) files: BTreeMap<String, Vec<u8>>,
    pub(super) notes: Vec<(Sort, String)>,
}

/// All that links may lead to.
pub(super) struct Known<'a> {
    gathered: &'a Gathered,
    /// `briefing:id` or `page:id` by archive and source.
    sources: BTreeMap<(usize, &'a str), String>,
    /// The same by archive and old address.
    addresses: BTreeMap<(usize, String), String>,
}

impl<'a> Known<'a> {
    pub(super) fn new(gathered: &'a Gathered, ids: &[String], topics: &Topics) -> Self {
        let mut sources = BTreeMap::new();
        let mut addresses = BTreeMap::new();
        for (article, id) in gathered.articles.iter().zip(ids) {
            let kind = if article.is_page { "page" } else { "briefing" };
            let link = format!("{kind}:{id}");
            let archive = article.archive;
            sources
                .entry((archive, article.source.as_str()))
                .or_insert_with(|| link.clone());
            for address in &article.addresses {
                addresses.entry((archive, key(address))).or_insert_with(|| link.clone());
            }
        }
        for article in &gathered.articles {
            for word in &article.meta.tags {
                let (Some(id), Some(name)) = (topics.find(word), slug(word)) else {
                    continue;
                };
                for list in ["tags", "categories", "tag", "category"] {
                    let address = (article.archive, key(&format!("{list}/{name}")));
                    addresses.entry(address).or_insert_with(|| format!("topic:{id}"));
                }
            }
        }
        Self { gathered, sources, addresses }
    }

    /// A text with addresses of this site.
    pub(super) fn rewrite(&self, object: &Object<'_>, effects: &mut Effects) -> String {
        let headings = headings(&object.article.body);
        let body = rewrite(&object.article.body, &mut |it| {
            if it.is_picture {
                self.shown(object, it, effects)
            } else {
                self.link(object, it, &headings, effects)
            }
        });
        self.bare(object, body, effects)
    }

    /// References that stand in running text, where the old program printed an address: links
    /// that show the title of their page, else the name alone.
    fn bare(&self, object: &Object<'_>, body: String, effects: &mut Effects) -> String {
        let mut parts = body.split(REFERENCE);
        let mut result = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let is_end = |it: char| it.is_whitespace() || "()[]<>\"'`،,;؛".contains(it);
            let end = part.find(is_end).unwrap_or(part.len());
            let (name, rest) = part.split_at(end);
            match self.source(object, name) {
                Some(address) => result.push_str(&format!("[[{address}]]")),
                None => {
                    let message = format!("`{name}` is no page that came along");
                    effects.notes.push((Sort::Look, message));
                    result.push_str(name);
                }
            }
            result.push_str(rest);
        }
        result
    }

    /// What becomes of a picture in running text.
    fn shown(
        &self,
        object: &Object<'_>,
        address: &Address<'_>,
        effects: &mut Effects,
    ) -> Change {
        let name =
            decoded(address.text).rsplit('/').next().unwrap_or_default().to_owned();
        let stem = name.rsplit_once('.').map_or(name.as_str(), |(it, _)| it);
        let alt = if address.words.trim().is_empty() {
            let caption = address.title.trim();
            let guess = if caption.is_empty() {
                stem.replace(['-', '_'], " ")
            } else {
                caption.to_owned()
            };
            let message = format!(
                "the picture `{name}` says nothing to those who do not see it; for now it \
                 says «{guess}»"
            );
            effects.notes.push((Sort::Guessed, message));
            Some(guess)
        } else {
            None
        };
        if let Some(file) = self.picture(object, address.text, effects) {
            return match alt {
                Some(alt) => Change::Describe { file, alt },
                None => Change::To(file),
            };
        }
        let words = alt.unwrap_or_else(|| address.words.to_owned());
        let absolute = self.absolute(object, address.text);
        match absolute {
            Some(url) if url == address.text => {
                let message = format!(
                    "the picture `{url}` stands on another site and is a link now: put it \
                     beside the text to show it"
                );
                effects.notes.push((Sort::Look, message));
                let caption = address.title.trim();
                let is_new = !caption.is_empty() && !words.contains(caption);
                Change::Link(if is_new { format!("{words} ({caption})") } else { words })
            }
            _ => {
                let message = format!(
                    "the picture `{}` is not there; only its words «{words}» stay",
                    address.text
                );
                effects.notes.push((Sort::Look, message));
                Change::Unlink
            }
        }
    }

    /// The file of a picture as the text has to name it, which comes along.
    pub(super) fn picture(
        &self,
        object: &Object<'_>,
        written: &str,
        effects: &mut Effects,
    ) -> Option<String> {
        let own = self.on_own_site(object, written);
        let path = own.as_deref().unwrap_or(written);
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let path = decoded(path).into_owned();
        let name = path.trim_start_matches("./");
        if object.article.resources.contains_key(name) && load::is_publishable(name) {
            return Some(object.own_address(name));
        }
        let (bytes, found) = self.file(object, &path)?;
        if !load::is_publishable(&found) {
            return None;
        }
        if path.starts_with('/') {
            // Those of the whole site keep their addresses.
            let found = clean_path(&found);
            effects.files.insert(format!("static/{found}"), bytes.clone());
            return Some(encode_path(&format!("/{found}")));
        }
        let name = found.rsplit('/').next().unwrap_or_default();
        // Two files of one name come from two folders.
        let is_other = |it: &String| {
            effects.files.get(&object.beside(it)).is_some_and(|it| it != bytes)
        };
        let mut names = (1..).map(|n| match (n, name.rsplit_once('.')) {
            (1, _) => name.to_owned(),
            (n, Some((stem, end))) => format!("{stem}-{n}.{end}"),
            (n, None) => format!("{name}-{n}"),
        });
        let name = names.find(|it| !is_other(it)).unwrap_or_default();
        effects.files.insert(object.beside(&name), bytes.clone());
        Some(object.own_address(&name))
    }

    /// A file of the archive: by its address, from the folder of the text, or from the old
    /// address of the text.
    fn file(&self, object: &Object<'_>, path: &str) -> Option<(&'a Vec<u8>, String)> {
        let archive = self.gathered.archives.get(object.article.archive)?;
        let folder = object.article.from.rsplit_once('/').map_or("", |(it, _)| it);
        let content = folder.strip_prefix("content").unwrap_or(folder);
        let own = object.article.addresses.first().map_or("", String::as_str);
        let paths = [
            path.to_owned(),
            joined(&format!("/{content}"), path),
            joined(&format!("/{folder}"), path),
            joined(own, path),
            format!("/{}", path.trim_start_matches('/')),
        ];
        paths.into_iter().find_map(|it| Some((archive.statics.get(&it)?, it)))
    }

    /// The path of an address that leads to the old site itself.
    fn on_own_site(&self, object: &Object<'_>, written: &str) -> Option<String> {
        let archive = self.gathered.archives.get(object.article.archive)?;
        let host = |it: &str| {
            let rest = it.split_once("://").map_or(it, |(_, rest)| rest);
            rest.trim_start_matches("www.").to_owned()
        };
        let base = host(archive.base_url.as_deref()?);
        if !written.starts_with("http") {
            // A site in a folder of its host names that folder.
            let folder = base.split_once('/').map(|(_, it)| format!("/{it}"))?;
            let rest = written.strip_prefix(&folder)?;
            return rest.starts_with('/').then(|| rest.to_owned());
        }
        let rest = host(written).strip_prefix(&base)?.to_owned();
        match rest.chars().next() {
            None => Some("/".to_owned()),
            Some('/' | '?' | '#') => Some(rest),
            Some(_) => None,
        }
    }

    /// An address on the old site, from `https://` on.
    fn absolute(&self, object: &Object<'_>, written: &str) -> Option<String> {
        if let Target::External(url) = target(written) {
            return Some(url.to_string());
        }
        let archive = self.gathered.archives.get(object.article.archive)?;
        let base = archive.base_url.as_deref()?;
        let own = object.article.addresses.first().map_or("/", String::as_str);
        let path = if written.starts_with('/') {
            written.to_owned()
        } else {
            joined(own, written)
        };
        let url = format!("{base}{path}");
        matches!(target(&url), Target::External(_)).then_some(url)
    }

    /// What becomes of a link.
    fn link(
        &self,
        object: &Object<'_>,
        address: &Address<'_>,
        headings: &[String],
        effects: &mut Effects,
    ) -> Change {
        let written = address.text;
        let own = self.on_own_site(object, written);
        let path = own.as_deref().unwrap_or(written);
        let found = match target(path) {
            Target::Fragment(id) => {
                let is_there = headings.iter().any(|it| **it == *id);
                return if is_there { Change::Keep } else { Change::Unlink };
            }
            Target::Path(it) => self.page(object, &it),
            Target::File(it, _) => self.source(object, &it),
            Target::Asset(it) => self.page(object, &it),
            Target::External(_)
            | Target::Topic(_)
            | Target::Briefing(_)
            | Target::Author(_)
            | Target::Series(_)
            | Target::Page(_)
            | Target::Name(_) => return Change::Keep,
            Target::Refused => {
                let message = format!(
                    "`{written}` is an address that no page may link to; its words stay"
                );
                effects.notes.push((Sort::Left, message));
                return Change::Unlink;
            }
        };
        if let Some(link) = found {
            return Change::To(link);
        }
        if let Some(file) = self.picture(object, path, effects) {
            return Change::To(file);
        }
        if path == "/" && own.is_none() {
            return Change::Keep;
        }
        let (message, change) = match self.absolute(object, written) {
            Some(url) if !written.contains(REFERENCE.trim_start_matches('/')) => (
                format!(
                    "`{written}` is no page that came along; the link leads to the old site"
                ),
                Change::To(url),
            ),
            _ => {
                let shown = written.strip_prefix(REFERENCE).unwrap_or(written);
                let message = format!(
                    "`{shown}` is no page that came along; only the words of the link stay"
                );
                (message, Change::Unlink)
            }
        };
        effects.notes.push((Sort::Look, message));
        change
    }

    /// A page by its old address.
    fn page(&self, object: &Object<'_>, path: &str) -> Option<String> {
        if let Some(reference) = path.strip_prefix(REFERENCE) {
            return self.source(object, reference);
        }
        let archive = object.article.archive;
        let own = object.article.addresses.first().map_or("", String::as_str);
        let whole =
            if path.starts_with('/') { path.to_owned() } else { joined(own, path) };
        let found = self.addresses.get(&(archive, key(&whole)));
        found.cloned().or_else(|| self.source(object, path))
    }

    /// A page by its source, as `ref`, `post_url` and relative links name it.
    fn source(&self, object: &Object<'_>, written: &str) -> Option<String> {
        let archive = object.article.archive;
        let path = decoded(written.split(['#', '?']).next()?).into_owned();
        let from_root = path.trim_start_matches("@/").trim_start_matches('/');
        let folder = object.article.source.rsplit_once('/').map_or("", |(it, _)| it);
        // Links within a bundle count from its folder, others from theirs.
        let relative = joined(&format!("/{folder}/"), &path);
        let inside = joined(&format!("/{}/", object.article.source), &path);
        let names =
            [from_root, relative.trim_start_matches('/'), inside.trim_start_matches('/')];
        for name in names.iter().flat_map(|it| readings(it)) {
            if let Some(link) = self.sources.get(&(archive, name.as_str())) {
                return Some(link.clone());
            }
        }
        // A name without its folder counts where there is one of it.
        let last = readings(from_root.rsplit('/').next()?);
        let is_it = |source: &str| {
            let name = source.rsplit('/').next().unwrap_or_default();
            last.iter().any(|it| it == name)
        };
        let mut all =
            self.sources.iter().filter(|((at, it), _)| *at == archive && is_it(it));
        let (_, first) =
            all.next().filter(|_| path.starts_with("@/") || !path.starts_with('/'))?;
        all.next().is_none().then(|| first.clone())
    }
}

/// What a name of a source can be without its suffix.
fn readings(name: &str) -> Vec<String> {
    let name = name.trim_matches('/');
    let plain = [".md", ".markdown", ".html"].iter().find_map(|it| name.strip_suffix(it));
    let plain = plain.unwrap_or(name);
    let mut readings = vec![plain.to_owned()];
    for it in [plain.strip_suffix("/index"), plain.strip_suffix("/_index")] {
        readings.extend(it.map(str::to_owned));
    }
    if let Some((base, tag)) = plain.rsplit_once('.')
        && tag.len() == 2
    {
        readings.push(base.to_owned());
    }
    readings
}

/// The ids of the headings of a text.
fn headings(body: &str) -> Vec<String> {
    let path = crate::diag::SourcePath::new("body.md");
    let source = std::sync::Arc::from(body);
    let policy = HtmlPolicy::Text;
    let document =
        crate::parse::markdown::parse(&path, &source, 0..body.len(), true, policy).value;
    document.outline.headings.iter().map(|it| it.id.clone()).collect()
}

/// Under what an address is looked up.
fn key(address: &str) -> String {
    let path = address.split(['#', '?']).next().unwrap_or_default();
    let path = decoded(path);
    let path = path.trim_matches('/');
    let path = path.strip_suffix("index.html").unwrap_or(path).trim_end_matches('/');
    collision_key(path.strip_suffix(".html").unwrap_or(path))
}

/// A path from the folder that `base` stands in, without `.` and `..`.
fn joined(base: &str, path: &str) -> String {
    if path.starts_with('/') {
        return path.to_owned();
    }
    let folder = base.trim_end_matches('/');
    let mut parts: Vec<&str> = folder.split('/').filter(|it| !it.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            it => parts.push(it),
        }
    }
    format!("/{}", parts.join("/"))
}
