//! Order: alphabetical order of a language, and the letter under which a title stands.

use std::cmp::Ordering;

use icu_collator::options::CollatorOptions;
use icu_collator::{CollatorBorrowed, CollatorPreferences};
use icu_locale_core::Locale;

use crate::text::fold::{fold, is_dropped};
use crate::text::lang::Lang;

/// Compares texts in the order of a language (CLDR collation; rtl-rules R121).
pub struct Collator {
    collator: Option<CollatorBorrowed<'static>>,
    lang: Lang,
}

impl Collator {
    /// The order of a language; by code points where CLDR has none.
    pub fn new(lang: &Lang) -> Self {
        let locale: Option<Locale> = lang.as_str().parse().ok();
        let preferences = CollatorPreferences::from(&locale.unwrap_or(Locale::UNKNOWN));
        let collator =
            icu_collator::Collator::try_new(preferences, CollatorOptions::default()).ok();
        Self { collator, lang: lang.clone() }
    }

    /// Compares two titles, without a leading article (R123).
    pub fn compare(&self, a: &str, b: &str) -> Ordering {
        let (bare_a, bare_b) =
            (strip_article(a, &self.lang), strip_article(b, &self.lang));
        self.compare_keys(bare_a, bare_b).then_with(|| a.cmp(b))
    }

    /// Compares two texts as they are: titles without their article, or keys that an
    /// author wrote, in which `ال` belongs to the word.
    pub fn compare_keys(&self, a: &str, b: &str) -> Ordering {
        let order = match &self.collator {
            Some(collator) => collator.compare(a, b),
            None => a.cmp(b),
        };
        order.then_with(|| a.cmp(b))
    }
}

/// A title from its first letter on, quotation marks left out, and without the Arabic
/// article where at least three letters remain (R123).
pub fn strip_article<'a>(title: &'a str, lang: &Lang) -> &'a str {
    let title =
        title.trim_start_matches(|it: char| !it.is_alphanumeric() || is_dropped(it));
    if lang.primary() != "ar" {
        return title;
    }
    match title.strip_prefix("ال") {
        Some(rest) if 3 <= rest.chars().take_while(|it| it.is_alphabetic()).count() => {
            rest
        }
        _ => title,
    }
}

/// The letter under which a title stands in a list from A to Z: 28 in Arabic, 33 in
/// Persian, 22 in Hebrew, 38 in Urdu (R122; the index letters of CLDR).
///
/// The forms of alef stand together except in Persian, which has آ apart; final Hebrew
/// letters stand under their base. Titles in a
/// script other than the page's are gathered under `A–Z`, digits under `#`.
pub fn index_letter(title: &str, lang: &Lang) -> String {
    key_letter(strip_article(title, lang), lang)
}

/// The letter under which a key stands, article and all; see `Collator::compare_keys`.
pub fn key_letter(key: &str, lang: &Lang) -> String {
    let first = key.chars().find(|it| it.is_alphanumeric() && !is_dropped(*it));
    let Some(first) = first else { return "#".to_owned() };
    if first.is_numeric() {
        return "#".to_owned();
    }
    if first.is_ascii_alphabetic() || ('\u{C0}'..'\u{250}').contains(&first) {
        return if lang.script() == "Latn" {
            fold(&first.to_string()).to_uppercase()
        } else {
            "A–Z".to_owned()
        };
    }
    let folded = fold(&first.to_string()).chars().next().unwrap_or(first);
    let letter = match (first, folded, lang.primary()) {
        ('آ', _, "fa") => 'آ',
        ('ھ' | 'ء', _, "ur") => first,
        ('ں', _, "ur") => 'ن',
        ('ء', ..) => 'ا',
        (_, 'ؤ', _) => 'و',
        (_, 'ي' | 'ئ', "fa" | "ur") => 'ی',
        (_, 'ئ', _) => 'ي',
        (_, 'ك', "fa" | "ur") => 'ک',
        (_, 'ه', "ur") => 'ہ',
        (_, 'ך', _) => 'כ',
        (_, 'ם', _) => 'מ',
        (_, 'ן', _) => 'נ',
        (_, 'ף', _) => 'פ',
        (_, 'ץ', _) => 'צ',
        (_, other, _) => other,
    };
    letter.to_string()
}

#[cfg(test)]
mod tests {
    use super::{Collator, index_letter};
    use crate::text::lang::Lang;

    #[track_caller]
    fn check(tag: &str, expected: &[&str]) {
        let collator = Collator::new(&Lang::parse(tag).unwrap());
        let mut sorted = expected.to_vec();
        sorted.reverse();
        sorted.sort_by(|a, b| collator.compare(a, b));
        assert_eq!(sorted, expected);
    }

    #[test]
    fn r121_r123_order_of_a_language_without_the_article() {
        check("ar", &["إيران", "البرازيل", "روسيا", "العراق", "NATO"]);
        check("fa", &["آسیا", "ایران", "پاکستان", "چین"]);
        check("he", &["איראן", "ישראל", "תורכיה"]);
    }

    #[test]
    fn r122_letters_of_the_index() {
        let letter = |title, tag| index_letter(title, &Lang::parse(tag).unwrap());
        assert_eq!(letter("إيران", "ar"), "ا");
        assert_eq!(letter("العراق", "ar"), "ع");
        assert_eq!(letter("NATO", "ar"), "A–Z");
        assert_eq!(letter("Élysée", "en"), "E");
        assert_eq!(letter("آسیا", "fa"), "آ");
        assert_eq!(letter("ئەربیل", "fa"), "ی");
        assert_eq!(letter("كرمان", "fa"), "ک");
        assert_eq!(letter("ہندوستان", "ur"), "ہ");
        assert_eq!(letter("2231", "ar"), "#");
    }
}
