//! Which address another program gave to a text.

use jiff::civil::Date;

use crate::import::metadata::Meta;
use crate::text::slug::slug;

/// Where a text stands.
pub(super) struct Place {
    /// Its folder without that of its language, and without that of its bundle.
    pub(super) folder: String,
    /// Its folder as it is.
    pub(super) whole_folder: String,
    /// Its name without suffixes.
    pub(super) stem: String,
    /// The tag of its language.
    pub(super) lang: Option<String>,
    /// Whether it has files of its own.
    pub(super) is_bundle: bool,
}

/// The date and the rest of `2025-03-09-title`.
pub(super) fn dated_stem(stem: &str) -> Option<(&str, &str)> {
    let (date, rest) = stem.split_at_checked(10)?;
    let rest = rest.strip_prefix(['-', '_'])?;
    (date.parse::<Date>().is_ok() && !rest.is_empty()).then_some((date, rest))
}

/// A name as it stands in addresses.
pub(super) fn urlized(stem: &str) -> String {
    slug(stem).unwrap_or_else(|| stem.to_owned())
}

/// An address made by a pattern such as `/:year/:month/:title/`.
pub(super) fn expand(
    pattern: &str,
    place: &Place,
    meta: &Meta,
    stem: &str,
) -> Option<String> {
    let date = meta.date.as_deref().and_then(|it| it.get(..10)?.parse::<Date>().ok());
    let of_title = || meta.title.as_deref().and_then(slug);
    let own = || meta.slug.clone().unwrap_or_else(|| urlized(stem));
    let mut path = String::new();
    let mut rest = pattern;
    while let Some(at) = rest.find([':', '[']) {
        path.push_str(rest.get(..at)?);
        let after = rest.get(at + 1..)?;
        let len = after.find(|it: char| !(it.is_ascii_alphanumeric() || it == '_'));
        let len = len.unwrap_or(after.len());
        let name = after.get(..len)?;
        let number = |it: Option<i64>, width: usize| it.map(|it| format!("{it:0width$}"));
        path.push_str(&match name {
            "year" => number(date.map(|it| i64::from(it.year())), 4)?,
            "month" => number(date.map(|it| i64::from(it.month())), 2)?,
            "day" => number(date.map(|it| i64::from(it.day())), 2)?,
            "i_month" => date?.month().to_string(),
            "i_day" => date?.day().to_string(),
            "y_day" | "yearday" => number(date.map(|it| i64::from(it.day_of_year())), 3)?,
            "short_year" => format!("{:02}", date?.year() % 100),
            "categories" => {
                let words =
                    meta.categories.iter().map(|it| it.to_lowercase().replace(' ', "-"));
                words.collect::<Vec<_>>().join("/")
            }
            // Jekyll takes the name of the file, Hugo the title.
            "title" if place.folder.contains("_posts") => own(),
            "title" => of_title().unwrap_or_else(own),
            "slug" | "slugorfilename" | "slugorcontentbasename" => own(),
            "filename" | "contentbasename" | "name" => urlized(stem),
            "section" => place.folder.split('/').next()?.to_owned(),
            "sections" => place.folder.clone(),
            "output_ext" => ".html".to_owned(),
            _ => return None,
        });
        rest = after.get(len..)?;
    }
    path.push_str(rest);
    if !path.starts_with('/') {
        path.insert(0, '/');
    }
    Some(path)
}
