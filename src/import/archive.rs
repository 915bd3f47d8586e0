//! Folders of Hugo, Zola and Jekyll, and folders of drafts -> articles.
//!
//! A text without a date is a page; one with a date is a briefing. What a program makes
//! pages with (layouts, themes, data) is no content and is left.

use std::collections::BTreeMap;

use crate::import::metadata::{self, Meta};
use crate::import::permalinks::{Place, dated_stem, expand, urlized};
use crate::import::shortcodes::{Dialect, translate};
use crate::import::system::System;
use crate::import::value::{self, Keys};
use crate::import::{
    Archive, Article, Gathered, Input, Setting, Sort, Term, drafts, encoding,
};
use crate::import::{blocks, html};

/// Folders that hold no content.
const MACHINERY: [&str; 22] = [
    "layouts",
    "themes",
    "templates",
    "sass",
    "archetypes",
    "data",
    "i18n",
    "resources",
    "public",
    "node_modules",
    "_layouts",
    "_includes",
    "_sass",
    "_data",
    "_site",
    "_plugins",
    "config",
    ".git",
    ".github",
    "syntaxes",
    "vendor",
    "bin",
];

/// Names of lists of words under which texts are filed.
const TAXONOMIES: [&str; 5] = ["tags", "categories", "topics", "tag", "category"];

/// Reads a folder.
pub(super) fn read(
    name: &str,
    mut files: Vec<Input>,
    archive: usize,
    setting: &Setting,
    gathered: &mut Gathered,
) {
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let system = System::of(&files);
    for (path, why) in &system.mistakes {
        let message = format!("the settings of the old site cannot be read: {why}");
        gathered.note(Sort::Look, path, message);
    }
    let lang = system.lang.as_deref().and_then(|it| setting.language(it));
    gathered.archives.push(Archive {
        base_url: system.base_url.clone(),
        statics: BTreeMap::new(),
        lang: setting.lang.clone().or(lang),
    });
    let mut folder =
        Folder { system, archive, setting, others: BTreeMap::new(), bundles: Vec::new() };
    let mut machinery: BTreeMap<String, usize> = BTreeMap::new();
    let n_before = gathered.articles.len();
    for file in files {
        let first = file.path.split('/').next().unwrap_or_default();
        let is_deeper = file.path.contains('/');
        if folder.system.dialect.is_some() && is_deeper && MACHINERY.contains(&first) {
            *machinery.entry(first.to_owned()).or_default() += 1;
            continue;
        }
        folder.file(file, gathered);
    }
    for (first, n) in machinery {
        let message =
            format!("`{first}/`, with {n} files: it makes pages and is no content");
        gathered.note(Sort::Left, name, message);
    }
    folder.hand_out(n_before, gathered);
}

struct Folder<'a> {
    system: System,
    archive: usize,
    setting: &'a Setting,
    /// Files that are no texts, by their paths in the content.
    others: BTreeMap<String, Vec<u8>>,
    /// Folders of bundles, each with its final `/`.
    bundles: Vec<String>,
}

impl Folder<'_> {
    fn file(&mut self, file: Input, gathered: &mut Gathered) {
        let path = file.path.clone();
        let is_static =
            matches!(self.system.dialect, Some(Dialect::Hugo | Dialect::Zola))
                && path.starts_with("static/");
        if is_static {
            let address = path.strip_prefix("static").unwrap_or_default().to_owned();
            gathered.archives[self.archive].statics.insert(address, file.bytes);
            return;
        }
        let own = path.strip_prefix(&self.system.content).map(str::to_owned);
        let Some(own) = own else {
            self.other(path, file.bytes, gathered);
            return;
        };
        let suffix = own.rsplit_once('.').map_or("", |(_, it)| it).to_ascii_lowercase();
        let is_root = !own.contains('/');
        let name = own.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        let is_about_code = is_root
            && self.system.content.is_empty()
            && ["readme.", "license.", "changelog.", "contributing."]
                .iter()
                .any(|it| name.starts_with(it));
        match suffix.as_str() {
            _ if is_about_code => {
                gathered.note(Sort::Left, &path, "it is about the folder");
            }
            "md" | "markdown" | "mkd" => self.text(&own, &file, false, gathered),
            "html" | "htm" if self.system.dialect.is_some() => {
                self.text(&own, &file, true, gathered);
            }
            "txt" | "docx" | "html" | "htm" if self.system.dialect.is_none() => {
                drafts::read_file(file, self.archive, self.setting, gathered);
            }
            _ => self.other(own, file.bytes, gathered),
        }
    }

    fn other(&mut self, own: String, bytes: Vec<u8>, gathered: &mut Gathered) {
        if self.system.dialect == Some(Dialect::Jekyll) || self.system.dialect.is_none() {
            // There, every file that is no text stands where it stood.
            let address = format!("/{own}");
            gathered.archives[self.archive].statics.insert(address, bytes.clone());
        }
        self.others.insert(own, bytes);
    }

    /// Reads a text of the archive.
    fn text(&mut self, own: &str, file: &Input, is_html: bool, gathered: &mut Gathered) {
        let decoded = encoding::decode(&file.bytes, None);
        drafts::note_encoding(&file.path, &decoded, gathered);
        let text = crate::load::clean(&decoded.text);
        let header = value::split(&text);
        let keys = match header.source {
            Some((notation, source)) => match value::read(notation, source) {
                Ok(keys) => keys,
                Err(why) => {
                    let message = format!(
                        "it is left as it is: its front matter cannot be read: {why}"
                    );
                    gathered.note(Sort::Look, &file.path, message);
                    return;
                }
            },
            None if is_html => {
                let message = "a page without front matter is a layout and no content";
                gathered.note(Sort::Left, &file.path, message);
                return;
            }
            None => Vec::new(),
        };
        let is_jekyll = self.system.dialect == Some(Dialect::Jekyll);
        let meta = metadata::read(keys.clone(), is_jekyll);
        let place = self.place(own);
        let lang = meta.lang.as_deref().and_then(|it| self.setting.language(it));
        let lang = lang
            .or_else(|| place.lang.as_deref().and_then(|it| self.setting.language(it)));
        let body = self.body(header.body, is_html, file, gathered);
        if place.stem == "_index" {
            self.section(place, lang, meta, keys, body, &file.path, gathered);
            return;
        }
        if place.is_bundle {
            self.bundles.push(format!("{}/", place.whole_folder));
        }
        self.article(place, lang, meta, body, &file.path, gathered);
    }

    fn body(
        &self,
        written: &str,
        is_html: bool,
        file: &Input,
        gathered: &mut Gathered,
    ) -> String {
        let dialect = self.system.dialect.unwrap_or(Dialect::Hugo);
        let translated = translate(written, dialect);
        for (mark, n) in &translated.kept {
            let message = format!(
                "`{mark}` ({n}×) means something to the old program alone; it stays as it is written"
            );
            gathered.note(Sort::Look, &file.path, message);
        }
        gathered.leave_all(&file.path, &translated.dropped);
        if !is_html {
            let (body, left) = drafts::without_html(&translated.text);
            gathered.leave_all(&file.path, &left);
            return body;
        }
        match html::fragment(&translated.text) {
            Ok((found, left)) => {
                gathered.leave_all(&file.path, &left);
                blocks::markdown(&found)
            }
            Err(why) => {
                let message = format!("its text cannot be read: {why}");
                gathered.note(Sort::Look, &file.path, message);
                String::new()
            }
        }
    }

    /// Where a text stands, read off its path.
    fn place(&self, own: &str) -> Place {
        let (whole_folder, name) = own.rsplit_once('/').unwrap_or(("", own));
        let stem = name.rsplit_once('.').map_or(name, |(it, _)| it);
        let is_language = |it: &str| {
            let known = self.system.languages.iter().any(|known| known == it);
            let ours = self.setting.languages.iter().any(|known| known.as_str() == it);
            known || ours || self.system.lang.as_deref() == Some(it)
        };
        let (stem, mut lang) = match stem.rsplit_once('.') {
            Some((stem, tag)) if is_language(tag) => (stem, Some(tag.to_owned())),
            _ => (stem, None),
        };
        let mut folder = whole_folder;
        let first = folder.split('/').next().unwrap_or_default();
        if lang.is_none() && !first.is_empty() && is_language(first) {
            lang = Some(first.to_owned());
            folder =
                folder.strip_prefix(first).unwrap_or_default().trim_start_matches('/');
        }
        let is_bundle = stem == "index" && !folder.is_empty();
        let (folder, stem) = match folder.rsplit_once('/') {
            Some((above, last)) if is_bundle => (above, last),
            None if is_bundle => ("", folder),
            _ => (folder, stem),
        };
        Place {
            folder: folder.to_owned(),
            whole_folder: whole_folder.to_owned(),
            stem: stem.to_owned(),
            lang,
            is_bundle,
        }
    }

    /// The introduction of a list of texts: that of a tag becomes the text of a topic, any
    /// other a page.
    #[expect(clippy::too_many_arguments, reason = "all that is known of one file")]
    fn section(
        &self,
        place: Place,
        lang: Option<crate::text::lang::Lang>,
        mut meta: Meta,
        keys: Keys,
        body: String,
        from: &str,
        gathered: &mut Gathered,
    ) {
        let parts: Vec<&str> = place.folder.split('/').collect();
        if let [taxonomy, word] = parts.as_slice()
            && TAXONOMIES.contains(taxonomy)
        {
            let mut addresses = vec![format!("/{}/", place.folder)];
            addresses.append(&mut meta.aliases);
            let is_ours = |it: &str| {
                matches!(it.to_ascii_lowercase().as_str(), "title" | "aliases")
            };
            gathered.terms.push(Term {
                from: from.to_owned(),
                word: (*word).to_owned(),
                lang,
                title: meta.title.unwrap_or_else(|| (*word).to_owned()),
                body,
                addresses,
                extra: keys.into_iter().filter(|(it, _)| !is_ours(it)).collect(),
            });
            return;
        }
        if body.trim().is_empty() {
            let names: Vec<String> =
                keys.iter().map(|(it, _)| format!("`{it}`")).collect();
            let title = meta.title.unwrap_or_default();
            let message = format!(
                "the introduction of a section without text, «{title}» (keys: {})",
                names.join(", ")
            );
            gathered.note(Sort::Left, from, message);
            return;
        }
        let last = parts.last().copied().filter(|it| !it.is_empty()).unwrap_or("home");
        let address = format!("/{}/", place.folder).replace("//", "/");
        let message = format!("the introduction of a section becomes the page `{last}`");
        gathered.note(Sort::Guessed, from, message);
        gathered.articles.push(Article {
            from: from.to_owned(),
            archive: self.archive,
            group: format!("{}/_index", place.folder),
            source: format!("{}/_index", place.folder),
            stem: last.to_owned(),
            lang,
            is_page: true,
            meta,
            body,
            addresses: vec![address].into_iter().filter(|it| it != "/").collect(),
            ..Article::default()
        });
    }

    fn article(
        &self,
        place: Place,
        lang: Option<crate::text::lang::Lang>,
        mut meta: Meta,
        body: String,
        from: &str,
        gathered: &mut Gathered,
    ) {
        let is_jekyll = self.system.dialect == Some(Dialect::Jekyll);
        let dated = dated_stem(&place.stem);
        if let Some((date, _)) = dated.filter(|_| meta.date.is_none()) {
            meta.date = Some(date.to_owned());
        }
        let in_drafts = place.folder.split('/').any(|it| it == "_drafts");
        meta.is_draft |= in_drafts;
        let in_posts = in_drafts || place.folder.split('/').any(|it| it == "_posts");
        if is_jekyll && in_posts {
            // Folders above `_posts` are categories.
            let above = place.folder.split("/_posts").next().unwrap_or_default();
            let above =
                above.split('/').filter(|it| !it.is_empty() && !it.starts_with('_'));
            for word in above {
                meta.categories.insert(0, word.to_owned());
                meta.tags.insert(0, word.to_owned());
            }
        }
        let is_page = !meta.is_draft
            && !in_posts
            && meta.date.is_none()
            && meta.wrong_date(&place.stem).is_none();
        if is_page && self.system.dialect.is_some() {
            gathered.note(Sort::Guessed, from, "it has no date, so it becomes a page");
        }
        let mut addresses = Vec::new();
        match &meta.address {
            Some(own) => addresses.push(own.clone()),
            None => {
                addresses.extend(self.address(&place, &meta, lang.as_ref(), in_posts));
            }
        }
        addresses.extend(std::mem::take(&mut meta.aliases));
        let source = match place.folder.as_str() {
            "" => place.stem.clone(),
            folder => format!("{folder}/{}", place.stem),
        };
        let group = meta.translation_key.as_ref();
        let group = group.map_or_else(|| source.clone(), |it| format!("key:{it}"));
        // A single Markdown file of a folder without a program is a draft by itself.
        let is_single = self.system.dialect.is_none();
        gathered.articles.push(Article {
            from: from.to_owned(),
            archive: self.archive,
            group,
            source,
            stem: place.stem,
            lang,
            is_page: is_page && !is_single,
            is_single,
            meta: Meta { is_draft: meta.is_draft || is_single, ..meta },
            body,
            addresses,
            ..Article::default()
        });
    }

    /// The address that the old program made for a text.
    fn address(
        &self,
        place: &Place,
        meta: &Meta,
        lang: Option<&crate::text::lang::Lang>,
        is_post: bool,
    ) -> Option<String> {
        let dialect = self.system.dialect?;
        let stem = match dated_stem(&place.stem) {
            Some((_, rest)) if dialect != Dialect::Hugo => rest,
            _ => place.stem.as_str(),
        };
        let section = place.folder.split('/').next().unwrap_or_default();
        let pattern = self.system.permalink(section);
        let path = match dialect {
            Dialect::Jekyll if is_post => expand(pattern?, place, meta, stem)?,
            Dialect::Jekyll => {
                let folder = place.folder.trim_start_matches('_');
                let is_pretty = pattern.is_some_and(|it| it.ends_with('/'));
                let end = if is_pretty { "/" } else { ".html" };
                match stem {
                    "index" => format!("/{folder}/"),
                    _ => format!("/{folder}/{stem}{end}"),
                }
            }
            Dialect::Hugo if pattern.is_some_and(|_| !section.is_empty()) => {
                expand(pattern?, place, meta, stem)?
            }
            Dialect::Hugo | Dialect::Zola => {
                let last = meta.slug.clone().unwrap_or_else(|| urlized(stem));
                format!("/{}/{last}/", place.folder)
            }
        };
        let default =
            self.system.lang.as_deref().and_then(|it| self.setting.language(it));
        let prefix = match lang {
            Some(lang) if default.as_ref().is_some_and(|it| it != lang) => {
                format!("/{}", place.lang.as_deref().unwrap_or(lang.as_str()))
            }
            _ => String::new(),
        };
        let mut path = format!("{prefix}{path}");
        while path.contains("//") {
            path = path.replace("//", "/");
        }
        (path != "/").then_some(path)
    }

    /// Gives the files beside bundles to their texts, and reports the rest.
    fn hand_out(self, n_before: usize, gathered: &mut Gathered) {
        let mut others = self.others;
        for article in gathered.articles.iter_mut().skip(n_before) {
            let path =
                article.from.strip_prefix(&self.system.content).unwrap_or(&article.from);
            let (folder, _) = path.rsplit_once('/').unwrap_or(("", path));
            let folder =
                if folder.is_empty() { String::new() } else { format!("{folder}/") };
            if !self.bundles.contains(&folder) {
                // Other texts may show what lies beside them, by their addresses.
                continue;
            }
            let inside = others.range(folder.clone()..);
            let inside = inside.take_while(|(it, _)| it.starts_with(&folder));
            for (path, bytes) in inside {
                let name = path.strip_prefix(&folder).unwrap_or_default();
                article.resources.insert(name.to_owned(), bytes.clone());
            }
        }
        let is_in_bundle =
            |it: &String| self.bundles.iter().any(|bundle| it.starts_with(bundle));
        others.retain(|it, _| !is_in_bundle(it));
        for (path, bytes) in others {
            let address = format!("/{path}");
            gathered.archives[self.archive].statics.entry(address).or_insert(bytes);
        }
    }
}
