//! `Meta` -> the keys of a file, with the records of authors and series that they need.

use crate::import::compose::Composer;
use crate::import::compose::links::{Effects, Known, Object};
use crate::import::ids::Ids;
use crate::import::value::{Keys, Value};
use crate::import::{Article, Sort};
use crate::load::FileKind;
use crate::text::fold::fold;
use crate::text::lang::Lang;

impl Composer<'_> {
    /// The picture of a text, where it says what our own need; else it goes to `extra`.
    pub(super) fn image(
        object: &Object<'_>,
        known: &Known<'_>,
        effects: &mut Effects,
        extra: &mut Keys,
    ) -> Option<Value> {
        let picture = object.article.meta.image.as_ref()?;
        let file = known.picture(object, &picture.file, effects);
        let text = |it: &Option<String>| it.clone().map(Value::Text);
        let of = |key: &str, it: Option<Value>| it.map(|it| (key.to_owned(), it));
        let parts = [
            of(
                "file",
                Some(Value::Text(file.clone().unwrap_or_else(|| picture.file.clone()))),
            ),
            of("alt", text(&picture.alt)),
            of("credit", text(&picture.credit)),
            of("caption", text(&picture.caption)),
        ];
        let value = Value::Map(parts.into_iter().flatten().collect());
        let is_whole =
            picture.alt.is_some() && picture.credit.is_some() && file.is_some();
        if is_whole && !object.article.is_page {
            return Some(value);
        }
        let why = if file.is_none() {
            "the file is not there"
        } else if object.article.is_page {
            "pages have none"
        } else {
            "it needs `alt` and `credit`"
        };
        let message = format!(
            "the picture `{}` is kept under `extra: image` until somebody looks at it: {why}",
            picture.file
        );
        effects.notes.push((Sort::Look, message));
        extra.push(("image".to_owned(), value));
        None
    }

    /// The keys of a text, but for old addresses and `extra`.
    pub(super) fn keys(
        &mut self,
        article: &Article,
        filed: &[String],
        image: Option<Value>,
        extra: &mut Keys,
        lang: &Lang,
    ) -> Keys {
        let meta = &article.meta;
        let text = |it: &str| Value::Text(it.to_owned());
        let bare = |it: &String| Value::Bare(it.clone());
        let list = |it: &[String]| Value::List(it.iter().map(|it| text(it)).collect());
        let mut keys: Keys = Vec::new();
        let mut put = |key: &str, value: Option<Value>| {
            keys.extend(value.map(|it| (key.to_owned(), it)));
        };
        let is_default = self.setting.languages.first() == Some(lang);
        let title = meta.title.as_deref().map(|it| {
            if article.is_plain && !is_default {
                // A sidecar is that of all languages.
                Value::Map(vec![(lang.as_str().to_owned(), text(it))])
            } else {
                text(it)
            }
        });
        put("title", title);
        let some = |it: &[String]| (!it.is_empty()).then(|| list(it));
        if article.is_page {
            put("summary", meta.summary.as_deref().map(text));
            put("order", meta.weight.map(|it| Value::Bare(it.to_string())));
            put("slug", meta.slug.as_deref().map(text));
            let others = [
                ("date", meta.date.as_ref().map(bare)),
                ("updated", meta.updated.as_ref().map(bare)),
                ("authors", some(&meta.authors)),
                ("tags", some(&meta.tags)),
                ("series", meta.series.as_ref().map(|(it, _)| text(it))),
            ];
            let others =
                others.into_iter().filter_map(|(key, it)| Some((key.to_owned(), it?)));
            extra.extend(others);
            return keys;
        }
        put("date", meta.date.as_ref().map(bare));
        put("updated", meta.updated.as_ref().map(bare));
        put("publish_at", meta.publish_at.as_ref().map(bare));
        put("status", meta.is_draft.then(|| text("draft")));
        put("authors", some(&meta.authors));
        put("topics", some(filed));
        put("summary", meta.summary.as_deref().map(text));
        put("image", image);
        put("slug", meta.slug.as_deref().map(text));
        if let Some(weight) = meta.weight {
            extra.push(("weight".to_owned(), Value::Bare(weight.to_string())));
        }
        for name in &meta.authors {
            self.author(name, &article.from);
        }
        if let Some((title, number)) = &meta.series {
            let id = self.series_id(title, lang, &article.from);
            let mut value = vec![("id".to_owned(), Value::Text(id))];
            value.extend(
                number.map(|it| ("number".to_owned(), Value::Bare(it.to_string()))),
            );
            keys.push(("series".to_owned(), Value::Map(value)));
        }
        keys
    }

    /// A name that looks like an id needs a record.
    fn author(&mut self, name: &str, from: &str) {
        let is_id = name.contains(['-', '_'])
            && name.bytes().all(|it| {
                it.is_ascii_lowercase()
                    || it.is_ascii_digit()
                    || matches!(it, b'-' | b'_')
            });
        let path = format!("content/authors/{name}.yaml");
        let exists =
            self.site.sources.of_kind(FileKind::Author).any(|it| *it.id == *name);
        if is_id && !exists && !self.records.contains_key(&path) {
            let words = name.replace(['-', '_'], " ");
            self.note(
                from,
                Sort::Guessed,
                format!("the author `{name}` is called «{words}»"),
            );
            self.records.insert(path, vec![("name".to_owned(), Value::Text(words))]);
        }
    }

    fn series_id(&mut self, title: &str, lang: &Lang, from: &str) -> String {
        if let Some(id) = self.series.get(&fold(title)) {
            return id.clone();
        }
        let mut ids = Ids::default();
        self.series.values().for_each(|it| ids.take(it));
        let id = ids.make(title, "series");
        self.series.insert(fold(title), id.clone());
        let title = Value::Text(title.to_owned());
        let title = match self.setting.languages.first() {
            Some(default) if default == lang => title,
            _ => Value::Map(vec![(lang.as_str().to_owned(), title)]),
        };
        let path = format!("content/series/{id}.yaml");
        self.records.insert(path, vec![("title".to_owned(), title)]);
        self.note(from, Sort::Guessed, format!("its series is new: `{id}`"));
        id
    }
}
