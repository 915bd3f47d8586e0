//! Front matter of Hugo, Zola and Jekyll -> `Meta`: what our keys can say, and under
//! `extra` everything else, so that nothing is lost.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

use crate::import::value::{Keys, Value};
use crate::text::number::normalise_digits;
use crate::text::slug::slug;

/// What is known of a text, in the words of our own keys.
#[derive(Debug, Clone, Default)]
pub(super) struct Meta {
    /// Title.
    pub(super) title: Option<String>,
    /// Publication, in a form that our own reader takes.
    pub(super) date: Option<String>,
    /// Last update.
    pub(super) updated: Option<String>,
    /// Embargo.
    pub(super) publish_at: Option<String>,
    /// Whether it is not public.
    pub(super) is_draft: bool,
    /// Summary.
    pub(super) summary: Option<String>,
    /// Names or ids of authors.
    pub(super) authors: Vec<String>,
    /// Words under which it is filed.
    pub(super) tags: Vec<String>,
    /// Title of its series, and the number in it.
    pub(super) series: Option<(String, Option<u32>)>,
    /// Picture.
    pub(super) image: Option<Picture>,
    /// Addresses that lead to it besides its own.
    pub(super) aliases: Vec<String>,
    /// Its own address, where the front matter says it.
    pub(super) address: Option<String>,
    /// Last part of its address.
    pub(super) slug: Option<String>,
    /// Place among others of its folder.
    pub(super) weight: Option<u32>,
    /// Its language.
    pub(super) lang: Option<String>,
    /// What its translations have in common.
    pub(super) translation_key: Option<String>,
    /// Whether the whole of Jekyll's categories are part of its address.
    pub(super) categories: Vec<String>,
    /// Everything else.
    pub(super) extra: Keys,
}

impl Meta {
    /// A date that a text names, in its metadata or its file name, and that nobody can read.
    pub(super) fn wrong_date(&self, stem: &str) -> Option<String> {
        if self.date.is_some() {
            return None;
        }
        let of_key = self.extra.iter().find(|(key, _)| key.eq_ignore_ascii_case("date"));
        if let Some(text) = of_key.and_then(|(_, it)| it.text()) {
            return Some(text.to_owned());
        }
        let (start, _) = stem.split_at_checked(10)?;
        let is_shaped = start.char_indices().all(|(at, it)| match at {
            4 | 7 => it == '-',
            _ => it.is_ascii_digit(),
        });
        is_shaped.then(|| start.to_owned())
    }
}

/// A picture as other programs know it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Picture {
    /// File or address.
    pub(super) file: String,
    /// What it shows.
    pub(super) alt: Option<String>,
    /// Words below it.
    pub(super) caption: Option<String>,
    /// Whose it is.
    pub(super) credit: Option<String>,
}

/// Reads front matter. `splits_words` says that a text in a list of tags is one for each
/// word, as in Jekyll.
pub(super) fn read(keys: Keys, splits_words: bool) -> Meta {
    let mut meta = Meta::default();
    for (key, value) in keys {
        let is_taken = take(&mut meta, &key.to_ascii_lowercase(), &value, splits_words);
        if !is_taken && value != Value::Null {
            meta.extra.push((key, value));
        }
    }
    let mut seen = Vec::new();
    meta.tags.retain(|it| {
        let is_new = !seen.contains(it);
        seen.push(it.clone());
        is_new
    });
    meta
}

/// Takes a value into its own key; `false` where no key of ours takes it.
fn take(meta: &mut Meta, key: &str, value: &Value, splits_words: bool) -> bool {
    let text = value.text().map(str::to_owned);
    let set = |slot: &mut Option<String>, found: Option<String>| {
        let is_taken = slot.is_none() && found.is_some();
        if is_taken {
            *slot = found;
        }
        is_taken
    };
    match key {
        "title" => set(&mut meta.title, text),
        "date" => set(&mut meta.date, text.and_then(|it| date(&it))),
        "lastmod" | "updated" | "last_modified_at" | "modified" => {
            set(&mut meta.updated, text.and_then(|it| date(&it)))
        }
        "publishdate" => set(&mut meta.publish_at, text.and_then(|it| date(&it))),
        "draft" | "published" => {
            let said = text.filter(|it| matches!(it.as_str(), "true" | "false"));
            let hides = if key == "draft" { "true" } else { "false" };
            meta.is_draft |= said.as_deref() == Some(hides);
            said.is_some()
        }
        "status" => {
            let said = text.unwrap_or_default().to_ascii_lowercase();
            meta.is_draft |= matches!(said.as_str(), "draft" | "pending" | "private");
            meta.is_draft || matches!(said.as_str(), "publish" | "published")
        }
        "description" | "summary" | "excerpt" => set(&mut meta.summary, text),
        "tags" | "tag" | "topics" | "keywords" => add_tags(meta, value, splits_words),
        "categories" | "category" => {
            let n = meta.tags.len();
            let is_taken = add_tags(meta, value, splits_words);
            meta.categories.extend(meta.tags.get(n..).unwrap_or_default().to_vec());
            is_taken
        }
        "taxonomies" => take_taxonomies(meta, value),
        "author" | "authors" => take_authors(meta, value),
        "aliases" | "redirect_from" => match value.texts() {
            Some(texts) => {
                meta.aliases.extend(texts);
                true
            }
            None => false,
        },
        "slug" => {
            let is_segment =
                |it: &String| slug(it).is_some() && !it.contains(['/', '%', '\\']);
            set(&mut meta.slug, text.filter(is_segment))
        }
        "url" | "permalink" | "path" => set(&mut meta.address, text),
        "image" | "images" | "cover" | "featured_image" | "featuredimage"
        | "thumbnail" | "header" => take_picture(meta, value),
        "series" => match value.texts().as_deref() {
            Some([title]) if meta.series.is_none() => {
                meta.series = Some((title.clone(), None));
                true
            }
            _ => false,
        },
        "series_order" | "series_weight" | "series_number" => {
            let number = text.and_then(|it| normalise_digits(&it).parse().ok());
            match (&mut meta.series, number) {
                (Some((_, slot)), Some(_)) => {
                    *slot = number;
                    true
                }
                _ => false,
            }
        }
        "weight" | "order" | "nav_order" => {
            let number = text.and_then(|it| normalise_digits(&it).parse().ok());
            meta.weight = meta.weight.or(number);
            number.is_some()
        }
        "lang" | "language" | "locale" => set(&mut meta.lang, text),
        "translationkey" => set(&mut meta.translation_key, text),
        _ => false,
    }
}

fn add_tags(meta: &mut Meta, value: &Value, splits_words: bool) -> bool {
    let Some(texts) = value.texts() else { return false };
    let is_list = matches!(value, Value::List(_));
    for text in texts {
        if is_list {
            meta.tags.push(text);
        } else if text.contains([',', '،']) {
            let words = text.split([',', '،']).map(str::trim);
            meta.tags.extend(words.filter(|it| !it.is_empty()).map(str::to_owned));
        } else if splits_words {
            meta.tags.extend(text.split_whitespace().map(str::to_owned));
        } else {
            meta.tags.push(text);
        }
    }
    true
}

/// Zola: each taxonomy under a key of its own; those that we do not know stay together.
fn take_taxonomies(meta: &mut Meta, value: &Value) -> bool {
    let Value::Map(keys) = value else { return false };
    let mut others = Vec::new();
    for (key, value) in keys {
        let known =
            ["tags", "categories", "topics", "authors", "author", "series", "keywords"];
        let name = key.to_ascii_lowercase();
        if !known.contains(&name.as_str()) || !take(meta, &name, value, false) {
            others.push((key.clone(), value.clone()));
        }
    }
    if !others.is_empty() {
        meta.extra.push(("taxonomies".to_owned(), Value::Map(others)));
    }
    true
}

fn take_authors(meta: &mut Meta, value: &Value) -> bool {
    let items = match value {
        Value::List(items) => items.clone(),
        other => vec![other.clone()],
    };
    let name = |it: &Value| match it {
        Value::Map(_) => it.get("name").and_then(Value::text).map(str::to_owned),
        _ => it.text().map(str::to_owned),
    };
    let names: Option<Vec<String>> = items.iter().map(name).collect();
    let Some(names) = names else { return false };
    let names = names.iter().flat_map(|it| it.split(['،', ';', '؛'])).map(str::trim);
    meta.authors.extend(names.filter(|it| !it.is_empty()).map(str::to_owned));
    // What is said about them besides their names stays.
    !items.iter().any(|it| matches!(it, Value::Map(keys) if 1 < keys.len()))
}

fn take_picture(meta: &mut Meta, value: &Value) -> bool {
    let first = match value {
        Value::List(items) => match items.as_slice() {
            [it] => it,
            _ => return false,
        },
        other => other,
    };
    let text = |keys: &[&str]| {
        keys.iter().find_map(|it| first.get(it)?.text()).map(str::to_owned)
    };
    let picture = match first {
        Value::Map(keys) => {
            let known = |it: &str| {
                [
                    "image", "src", "file", "url", "path", "alt", "caption", "credit",
                    "title",
                ]
                .contains(&it.to_ascii_lowercase().as_str())
            };
            if !keys.iter().all(|(it, _)| known(it)) {
                return false;
            }
            let file = text(&["image", "src", "file", "url", "path"]);
            file.map(|file| Picture {
                file,
                alt: text(&["alt"]),
                caption: text(&["caption", "title"]),
                credit: text(&["credit"]),
            })
        }
        _ => first.text().map(|it| Picture { file: it.to_owned(), ..Picture::default() }),
    };
    let is_taken = meta.image.is_none() && picture.is_some();
    if is_taken {
        meta.image = picture;
    }
    is_taken
}

/// A date or a moment, in the form that our own reader takes.
pub(super) fn date(written: &str) -> Option<String> {
    let text = normalise_digits(written.trim()).replace('/', "-");
    let text = text.trim();
    if text.parse::<Timestamp>().is_ok() {
        return Some(text.to_owned());
    }
    if let Ok(moment) = jiff::fmt::rfc2822::parse(&normalise_digits(written.trim())) {
        return Some(moment.timestamp().to_string());
    }
    // As in Ruby and WordPress: `2025-03-09 10:00:00 +0300`.
    let (civil, offset) = match text.rsplit_once(' ') {
        Some((civil, offset))
            if offset.starts_with(['+', '-']) && civil.contains(':') =>
        {
            (civil, offset.replace(':', ""))
        }
        Some((civil, "UTC" | "GMT" | "Z")) => (civil, "+0000".to_owned()),
        _ => (text, String::new()),
    };
    let civil = civil.trim().replacen(' ', "T", 1);
    if civil.contains(':') {
        let civil =
            if civil.matches(':').count() == 1 { format!("{civil}:00") } else { civil };
        civil.parse::<DateTime>().ok()?;
        let Some((sign, digits)) = offset.split_at_checked(1) else { return Some(civil) };
        let (hours, minutes) = digits.split_at_checked(2)?;
        let whole = format!("{civil}{sign}{hours}:{minutes}");
        return whole.parse::<Timestamp>().is_ok().then_some(whole);
    }
    let parts: Vec<i16> =
        civil.split('-').map(|it| it.parse().ok()).collect::<Option<_>>()?;
    let &[year, month, day] = parts.as_slice() else { return None };
    let day = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    (1000 <= year).then(|| day.to_string())
}

#[cfg(test)]
mod tests {
    use super::{date, read};
    use crate::import::value::{Notation, Value, read as values};

    #[test]
    fn dates_of_other_programs_become_ours() {
        for (written, expected) in [
            ("2025-03-09", Some("2025-03-09")),
            ("2025/3/9", Some("2025-03-09")),
            ("٢٠٢٥-٠٣-٠٩", Some("2025-03-09")),
            ("2025-03-09T10:00:00+03:00", Some("2025-03-09T10:00:00+03:00")),
            ("2025-03-09 10:00:00 +0300", Some("2025-03-09T10:00:00+03:00")),
            ("2025-03-09 10:00", Some("2025-03-09T10:00:00")),
            ("2025-03-09 10:00:00 UTC", Some("2025-03-09T10:00:00+00:00")),
            ("Sun, 09 Mar 2025 07:00:00 +0000", Some("2025-03-09T07:00:00Z")),
            ("9/3/2025", None),
            ("March 9", None),
        ] {
            assert_eq!(date(written).as_deref(), expected, "{written}");
        }
    }

    #[test]
    fn every_key_is_mapped_or_kept() {
        let toml = "title = \"عنوان\"\ndraft = true\nweight = 3\nlayout = \"x\"\n\
                    tags = [\"إيران\"]\n[taxonomies]\ncategories = [\"b\"]\nplaces = [\"c\"]\n\
                    [cover]\nimage = \"a.jpg\"\nalt = \"b\"\n";
        let meta = read(values(Notation::Toml, toml).unwrap(), false);
        assert!(meta.is_draft);
        assert_eq!(meta.tags, ["إيران", "b"]);
        assert_eq!(meta.image.unwrap().file, "a.jpg");
        assert_eq!(meta.weight, Some(3));
        let names: Vec<&str> = meta.extra.iter().map(|(it, _)| it.as_str()).collect();
        assert_eq!(names, ["layout", "taxonomies"]);
    }

    #[test]
    fn words_of_jekyll_are_tags_one_by_one() {
        let keys = vec![("tags".to_owned(), Value::Bare("iran russia".to_owned()))];
        assert_eq!(read(keys, true).tags, ["iran", "russia"]);
    }
}
