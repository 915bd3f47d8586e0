//! An export of WordPress (WXR) -> articles: posts become briefings, pages pages.
//!
//! An export names pictures by their addresses and does not hold them; they become links,
//! and the report says so.

use std::collections::BTreeMap;

use crate::import::metadata::{self, Meta, Picture};
use crate::import::tree::{self, Element};
use crate::import::value::Value;
use crate::import::{
    Archive, Article, Gathered, Input, Setting, Sort, blocks, encoding, html,
};
use crate::text::slug::decoded;

/// Reads an export.
pub(super) fn read(
    file: &Input,
    archive: usize,
    setting: &Setting,
    gathered: &mut Gathered,
) {
    let text = encoding::decode(&file.bytes, None).text;
    let root = match tree::read_xml(&text) {
        Ok(root) => root,
        Err(why) => {
            gathered.note(Sort::Look, &file.path, format!("it is left as it is: {why}"));
            return;
        }
    };
    let Some(channel) = root.child("channel").filter(|_| root.name == "rss") else {
        let message = "this XML is no export of WordPress (WXR), so it is left as it is";
        gathered.note(Sort::Look, &file.path, message);
        return;
    };
    gathered
        .archives
        .resize_with((archive + 1).max(gathered.archives.len()), Archive::default);
    let named =
        |name: &str| channel.elements().find(|it| it.name == name).map(Element::text);
    let base = named("wp:base_blog_url").or_else(|| named("link"));
    let base = base.map(|it| it.trim().trim_end_matches('/').to_owned());
    gathered.archives[archive].base_url.clone_from(&base);
    let tag = named("language").unwrap_or_default();
    let lang = setting.language(&tag);
    gathered.archives[archive].lang = setting.lang.clone().or(lang);
    let authors = channel.elements().filter(|it| it.name == "wp:author");
    let authors: BTreeMap<String, String> = authors
        .filter_map(|it| {
            let login = it.child("author_login")?.text();
            let name = it.child("author_display_name")?.text();
            (!name.trim().is_empty()).then(|| (login, name.trim().to_owned()))
        })
        .collect();
    let items: Vec<&Element> =
        channel.elements().filter(|it| it.name == "item").collect();
    let pictures: BTreeMap<String, String> = items
        .iter()
        .filter_map(|it| Some((own(it, "wp:post_id")?, own(it, "wp:attachment_url")?)))
        .collect();
    let export = Export { archive, base: base.unwrap_or_default(), authors, pictures };
    let mut left: BTreeMap<String, usize> = BTreeMap::new();
    for item in items {
        let kind = own(item, "wp:post_type").unwrap_or_default();
        match kind.as_str() {
            "post" | "page" => export.item(item, kind == "page", &file.path, gathered),
            // Pictures are named where they are shown.
            "attachment" => {}
            _ => *left.entry(format!("entry of the kind `{kind}`")).or_default() += 1,
        }
    }
    gathered.leave_all(&file.path, &left);
    if !export.pictures.is_empty() {
        let message = format!(
            "the export names {} pictures by their addresses and does not hold them: put \
             them beside the texts",
            export.pictures.len()
        );
        gathered.note(Sort::Look, &file.path, message);
    }
}

fn own(item: &Element, name: &str) -> Option<String> {
    let text = item.elements().find(|it| it.name == name)?.text();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

struct Export {
    archive: usize,
    base: String,
    authors: BTreeMap<String, String>,
    /// Addresses of pictures by their numbers.
    pictures: BTreeMap<String, String>,
}

impl Export {
    fn item(&self, item: &Element, is_page: bool, file: &str, gathered: &mut Gathered) {
        let title = own(item, "title");
        let from = format!("{file}: {}", title.as_deref().unwrap_or("?"));
        let status = own(item, "wp:status").unwrap_or_default();
        if status == "trash" {
            gathered.note(Sort::Left, &from, "it is in the trash");
            return;
        }
        let content = own(item, "content:encoded").unwrap_or_default();
        let (found, left) = match html::fragment(&paragraphs(&content)) {
            Ok(found) => found,
            Err(why) => {
                gathered.note(Sort::Look, &from, format!("it is left as it is: {why}"));
                return;
            }
        };
        gathered.leave_all(&from, &left);
        let n_comments = item.elements().filter(|it| it.name == "wp:comment").count();
        if n_comments != 0 {
            let left = BTreeMap::from([("comment of a reader".to_owned(), n_comments)]);
            gathered.leave_all(&from, &left);
        }
        let moment = |name: &str| own(item, name).and_then(|it| metadata::date(&it));
        let is_zero = |it: &String| !it.starts_with("0000");
        let published =
            moment("wp:post_date_gmt").filter(is_zero).map(|it| format!("{it}Z"));
        let date =
            published.or_else(|| moment("wp:post_date")).or_else(|| moment("pubDate"));
        let updated = moment("wp:post_modified_gmt").map(|it| format!("{it}Z"));
        let mut meta = Meta {
            title,
            updated: updated.filter(|it| date.as_ref().is_some_and(|date| date < it)),
            is_draft: matches!(
                status.as_str(),
                "draft" | "pending" | "private" | "auto-draft"
            ),
            publish_at: date.clone().filter(|_| status == "future"),
            date,
            summary: own(item, "excerpt:encoded"),
            ..Meta::default()
        };
        if let Some(login) = own(item, "dc:creator") {
            meta.authors.push(self.authors.get(&login).cloned().unwrap_or(login));
        }
        for it in item.elements().filter(|it| it.name == "category") {
            let word = it.text().trim().to_owned();
            let is_word = matches!(it.get("domain"), Some("category" | "post_tag"));
            if is_word && it.get("nicename") != Some("uncategorized") && !word.is_empty()
            {
                meta.tags.push(word);
            }
        }
        self.extra(item, &mut meta);
        let link = own(item, "link").unwrap_or_default();
        let path = link.strip_prefix(&self.base).unwrap_or_default();
        let name = own(item, "wp:post_name").unwrap_or_default();
        let stem = decoded(&name).into_owned();
        let number = own(item, "wp:post_id").unwrap_or_default();
        // An address with a query is no folder of a static site.
        let address = Some(path).filter(|it| 1 < it.len() && !it.contains('?'));
        gathered.articles.push(Article {
            from,
            archive: self.archive,
            group: format!("post {number}"),
            stem: if stem.is_empty() { format!("post-{number}") } else { stem },
            is_page: is_page && !meta.is_draft,
            meta,
            body: blocks::markdown(&found),
            addresses: address.map(|it| decoded(it).into_owned()).into_iter().collect(),
            ..Article::default()
        });
    }

    /// Keeps the fields of a post that its readers saw; what begins with `_` is the
    /// program's own.
    fn extra(&self, item: &Element, meta: &mut Meta) {
        let fields = item.elements().filter(|it| it.name == "wp:postmeta");
        for field in fields {
            let text = |name: &str| field.child(name).map(Element::text);
            let (Some(key), Some(value)) = (text("meta_key"), text("meta_value")) else {
                continue;
            };
            if key == "_thumbnail_id" {
                let file = self.pictures.get(value.trim()).cloned();
                meta.image = file.map(|file| Picture { file, ..Picture::default() });
            } else if !key.starts_with('_') && !value.trim().is_empty() {
                meta.extra.push((key, Value::Text(value)));
            }
        }
    }
}

/// Text with empty lines between its paragraphs, as old posts have it, is HTML with `<p>`.
fn paragraphs(content: &str) -> String {
    let content = content.replace("\r\n", "\n");
    let content = captions(&content);
    if content.contains("<p") || content.contains("<!-- wp:") {
        return content;
    }
    let parts = content.split("\n\n").map(|it| {
        let it = it.trim();
        let is_block =
            ["<h", "<ul", "<ol", "<div", "<table", "<blockquote", "<pre", "<figure"]
                .iter()
                .any(|tag| it.starts_with(tag));
        if is_block {
            it.to_owned()
        } else {
            format!("<p>{}</p>", it.replace('\n', "<br>"))
        }
    });
    parts.collect::<Vec<_>>().join("\n")
}

/// `[caption]<img> words[/caption]` is a figure.
fn captions(content: &str) -> String {
    let mut written = String::with_capacity(content.len());
    let mut rest = content;
    while let Some(at) = rest.find("[caption") {
        let (before, from) = rest.split_at(at);
        written.push_str(before);
        let whole = from.find(']').zip(from.find("[/caption]"));
        let Some((open, close)) = whole.filter(|(open, close)| open < close) else {
            written.push_str(from);
            return written;
        };
        let inner = from.get(open + 1..close).unwrap_or_default();
        let (picture, words) = inner.rsplit_once('>').unwrap_or((inner, ""));
        written.push_str(&format!(
            "<figure>{picture}><figcaption>{}</figcaption></figure>",
            words.trim()
        ));
        rest = from.get(close + "[/caption]".len()..).unwrap_or_default();
    }
    written.push_str(rest);
    written
}
