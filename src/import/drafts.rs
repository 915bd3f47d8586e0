//! Single files -> articles: plain text, Markdown, a page of HTML, a Word file, an export.
//!
//! A draft that somebody sends is a draft here too, until the desk says otherwise.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diag::SourcePath;
use crate::import::blocks::{self, Block};
use crate::import::docx;
use crate::import::encoding::{Decoded, decode};
use crate::import::metadata::{self, Meta};
use crate::import::{
    Archive, Article, Gathered, Input, Setting, Sort, archive, html, permalinks,
    wordpress,
};
use crate::parse::plain_text;

/// Reads one file, whatever it is.
pub(super) fn read_file(
    file: Input,
    archive: usize,
    setting: &Setting,
    gathered: &mut Gathered,
) {
    let suffix = file.path.rsplit_once('.').map_or("", |(_, it)| it).to_ascii_lowercase();
    match suffix.as_str() {
        "txt" | "text" => plain(&file, archive, setting, gathered),
        "html" | "htm" | "xhtml" => page(&file, archive, setting, gathered),
        "docx" => word(&file, archive, setting, gathered),
        "xml" => wordpress::read(&file, archive, setting, gathered),
        "md" | "markdown" | "mkd" => {
            let name = file.path.clone();
            archive::read(&name, vec![file], archive, setting, gathered);
        }
        "doc" | "odt" | "rtf" | "pdf" | "pages" => {
            let message =
                "files of this kind are not read; save it as `.docx` or as plain text";
            gathered.note(Sort::Look, &file.path, message);
        }
        _ => gathered.note(Sort::Left, &file.path, "files of this kind are not read"),
    }
    gathered
        .archives
        .resize_with((archive + 1).max(gathered.archives.len()), Archive::default);
}

/// The name of a file without folder and suffix, and the language in it.
fn stem_of(path: &str, setting: &Setting) -> (String, Option<crate::text::lang::Lang>) {
    let name = path.rsplit('/').next().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(it, _)| it);
    if let Some((id, tag)) = stem.rsplit_once('.')
        && let Some(lang) = setting.languages.iter().find(|it| it.as_str() == tag)
    {
        return (id.to_owned(), Some(lang.clone()));
    }
    (stem.to_owned(), None)
}

/// Says so where a text was in another encoding.
pub(super) fn note_encoding(path: &str, decoded: &Decoded, gathered: &mut Gathered) {
    if let Some(name) = decoded.from {
        let message = format!("it was in the encoding {name} and is UTF-8 now");
        gathered.note(Sort::Guessed, path, message);
    }
    if decoded.has_damage {
        let message = "some bytes of it mean no letter; look for `\u{FFFD}`";
        gathered.note(Sort::Look, path, message);
    }
}

fn draft(path: &str, archive: usize, setting: &Setting) -> Article {
    let (stem, lang) = stem_of(path, setting);
    let date = permalinks::dated_stem(&stem).map(|(it, _)| it.to_owned());
    let source = path
        .rsplit_once('/')
        .map_or_else(|| stem.clone(), |(it, _)| format!("{it}/{stem}"));
    Article {
        from: path.to_owned(),
        archive,
        group: source.clone(),
        source,
        stem,
        lang,
        is_single: true,
        meta: Meta { is_draft: true, date, ..Meta::default() },
        ..Article::default()
    }
}

/// Plain text goes on as it is; what can be read off it stands beside it.
fn plain(file: &Input, archive: usize, setting: &Setting, gathered: &mut Gathered) {
    let decoded = decode(&file.bytes, None);
    note_encoding(&file.path, &decoded, gathered);
    let mut article = draft(&file.path, archive, setting);
    article.is_plain = true;
    article.lang = article.lang.or_else(|| Some(setting.guess(&decoded.text)));
    let text: Arc<str> = Arc::from(crate::load::clean(&decoded.text));
    let document = plain_text::parse(&SourcePath::new(&file.path), &text);
    article.meta.authors = document
        .outline
        .bylines
        .iter()
        .map(|it| plain_text::without_honorific(&it.value).to_owned())
        .collect();
    // A title that is only the beginning of the text is nobody's choice.
    let title =
        document.outline.title.as_ref().filter(|_| !document.outline.is_title_guessed);
    article.meta.title = title.map(|it| it.value.clone());
    if title.is_none() {
        let message = "it has no title of its own: write `title: …` beside it";
        gathered.note(Sort::Look, &file.path, message);
    }
    if article.meta.date.is_none() {
        article.meta.date = date_line(&text);
    }
    article.body = decoded.text;
    gathered.articles.push(article);
}

/// A date that stands on a line of its own near the beginning.
fn date_line(text: &str) -> Option<String> {
    let lines = text.lines().map(str::trim).filter(|it| !it.is_empty()).take(5);
    lines.filter(|it| it.chars().count() <= 24).find_map(metadata::date)
}

fn page(file: &Input, archive: usize, setting: &Setting, gathered: &mut Gathered) {
    let decoded = decode(&file.bytes, declared(&file.bytes).as_deref());
    note_encoding(&file.path, &decoded, gathered);
    let page = match html::read(&decoded.text) {
        Ok(page) => page,
        Err(why) => {
            let message = format!("it is left as it is: {why}");
            gathered.note(Sort::Look, &file.path, message);
            return;
        }
    };
    gathered.leave_all(&file.path, &page.left);
    let mut article = draft(&file.path, archive, setting);
    let lang = page.lang.as_deref().and_then(|it| setting.language(it));
    article.lang = article.lang.or(lang);
    article.meta.title = page.title;
    let date = page.date.as_deref().and_then(metadata::date);
    article.meta.date = article.meta.date.take().or(date);
    article.meta.updated = page.updated.as_deref().and_then(metadata::date);
    article.meta.summary = page.summary;
    article.meta.authors = page.authors;
    article.meta.tags = page.tags;
    let mut found = page.blocks;
    byline(&mut article, &mut found, gathered);
    article.body = blocks::markdown(&found);
    if let Some(address) = page.address.filter(|it| it.starts_with("http")) {
        let host = address.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
        let path = address.get(host.len()..).unwrap_or_default();
        gathered.archives.resize_with(archive + 1, Archive::default);
        gathered.archives[archive].base_url = Some(host);
        if 1 < path.len() {
            article.addresses.push(path.to_owned());
        }
    }
    gathered.articles.push(article);
}

/// The encoding that a page names.
fn declared(bytes: &[u8]) -> Option<String> {
    let start = bytes.get(..bytes.len().min(4096))?;
    let start = String::from_utf8_lossy(start).to_ascii_lowercase();
    let at = start.find("charset")?;
    let rest = start.get(at + 7..)?.trim_start_matches([' ', '=', '"', '\'']);
    let end = rest.find(|it: char| !(it.is_ascii_alphanumeric() || "-_".contains(it)));
    Some(rest.get(..end?)?.to_owned())
}

/// Takes the author off the first lines, where nothing else has said who it is.
fn byline(article: &mut Article, found: &mut Vec<Block>, gathered: &mut Gathered) {
    if !article.meta.authors.is_empty() {
        return;
    }
    for at in 0..found.len().min(3) {
        let Some(Block::Paragraph(runs)) = found.get(at) else { continue };
        let line = blocks::plain(runs);
        let text: Arc<str> = Arc::from(format!("{line}\nنص.\n"));
        let document = plain_text::parse(&SourcePath::new("byline.txt"), &text);
        if document.outline.bylines.is_empty() {
            continue;
        }
        let names = document.outline.bylines.iter();
        let names = names.map(|it| plain_text::without_honorific(&it.value).to_owned());
        article.meta.authors = names.collect();
        found.remove(at);
        let message = format!("the line «{line}» names the authors");
        gathered.note(Sort::Mapped, &article.from, message);
        return;
    }
}

/// Names that programs give to whoever sits before them.
const NOBODY: [&str; 8] = [
    "user",
    "admin",
    "administrator",
    "author",
    "owner",
    "windows user",
    "python-docx",
    "root",
];

fn word(file: &Input, archive: usize, setting: &Setting, gathered: &mut Gathered) {
    let read = match docx::read(&file.bytes) {
        Ok(read) => read,
        Err(why) => {
            let message = format!("it is left as it is: {why}");
            gathered.note(Sort::Look, &file.path, message);
            return;
        }
    };
    gathered.leave_all(&file.path, &read.left);
    for (what, n) in &read.changes {
        let times = if *n == 1 { String::new() } else { format!(" ({n} times)") };
        gathered.note(Sort::Look, &file.path, format!("{what}{times}"));
    }
    let mut article = draft(&file.path, archive, setting);
    article.meta.title = read.title;
    article.meta.summary = read.summary;
    article.meta.tags = read.tags;
    article.resources = read.pictures;
    let mut found = read.blocks;
    byline(&mut article, &mut found, gathered);
    article.body = blocks::markdown(&found);
    let creator = read.creator.filter(|it| {
        let name = it.to_lowercase();
        !NOBODY.contains(&name.as_str()) && !name.contains("microsoft")
    });
    if let Some(name) = creator.filter(|_| article.meta.authors.is_empty()) {
        let message = format!("the author is whoever made the file: {name}");
        gathered.note(Sort::Guessed, &file.path, message);
        article.meta.authors.push(name);
    }
    let date = read.date.as_deref().and_then(metadata::date);
    if let Some(date) = date.filter(|_| article.meta.date.is_none()) {
        let message = format!("the date is that of the file: {date}");
        gathered.note(Sort::Guessed, &file.path, message);
        article.meta.date = date.get(..10).map(str::to_owned);
    }
    gathered.articles.push(article);
}

/// Reads HTML that stands in Markdown on lines of its own; what stands within lines is
/// left to the report of the build.
pub(super) fn without_html(text: &str) -> (String, BTreeMap<String, usize>) {
    let mut written = String::with_capacity(text.len());
    let mut left: BTreeMap<String, usize> = BTreeMap::new();
    let mut at = 0;
    let mut is_after_blank = true;
    while let Some(rest) = text.get(at..).filter(|it| !it.is_empty()) {
        if let Some(len) = crate::import::addresses::fenced(rest) {
            written.push_str(rest.get(..len).unwrap_or_default());
            at += len;
            is_after_blank = true;
            continue;
        }
        if is_after_blank && begins_html(rest) {
            let len = rest.find("\n\n").map_or(rest.len(), |it| it + 1);
            let part = rest.get(..len).unwrap_or_default();
            if let Some(markdown) = of_html(part, &mut left) {
                written.push_str(&markdown);
                at += len;
                is_after_blank = true;
                continue;
            }
        }
        let len = rest.find('\n').map_or(rest.len(), |it| it + 1);
        let line = rest.get(..len).unwrap_or_default();
        is_after_blank = line.trim().is_empty();
        written.push_str(line);
        at += len;
    }
    (written, left)
}

/// Whether a block of HTML begins here.
fn begins_html(rest: &str) -> bool {
    let rest = rest.trim_start_matches(' ');
    let Some(tag) = rest.strip_prefix('<') else { return false };
    let name: String = tag
        .trim_start_matches('/')
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_lowercase();
    matches!(
        name.as_str(),
        "div"
            | "p"
            | "figure"
            | "img"
            | "table"
            | "center"
            | "section"
            | "article"
            | "aside"
            | "blockquote"
            | "iframe"
            | "video"
            | "audio"
            | "ul"
            | "ol"
            | "dl"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "hr"
            | "details"
            | "summary"
            | "script"
            | "style"
            | "form"
            | "header"
            | "footer"
            | "picture"
            | "pre"
            | "embed"
            | "object"
    )
}

fn of_html(part: &str, left: &mut BTreeMap<String, usize>) -> Option<String> {
    // A tag by itself stands around Markdown: `<div dir="rtl">`.
    let trimmed = part.trim();
    let is_tag = trimmed.starts_with('<')
        && trimmed.ends_with('>')
        && trimmed.matches('<').count() == 1
        && !["<img", "<hr", "<iframe", "<embed"].iter().any(|it| trimmed.starts_with(it));
    if is_tag {
        *left.entry(format!("`{trimmed}` around a text")).or_default() += 1;
        return Some("\n".to_owned());
    }
    let (found, more) = html::fragment(part).ok()?;
    for (what, n) in more {
        *left.entry(what).or_default() += n;
    }
    Some(blocks::markdown(&found))
}
