//! Language tags: BCP 47, kept in canonical case, each with its script.
//!
//! The script of a tag that names none is the likely one by CLDR's `likelySubtags.xml`,
//! in the extended form that ICU4X compiles in: some 7,800 languages, and the regions in
//! which a language is written otherwise (`az-IR`, `pa-PK`, `uz-AF`).

use std::fmt;
use std::sync::Arc;

use icu_locale::subtags::{Language, Region, Script};
use icu_locale::{LanguageIdentifier, Locale, LocaleCanonicalizer, LocaleExpander};

/// A language tag, cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lang {
    tag: Arc<str>,
    script: Script,
}

/// The text is not a language tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotALang;

impl Lang {
    /// Reads a tag and puts its parts into canonical case: `AR-iq` is `ar-IQ`.
    ///
    /// # Errors
    ///
    /// The first part is not two or three letters, or a later part is not one to eight
    /// letters or digits (RFC 5646, section 2.1).
    pub fn parse(tag: &str) -> Result<Self, NotALang> {
        let mut canonical = String::with_capacity(tag.len());
        // Behind a single letter stand extensions, which have no script and no region.
        let mut is_extension = false;
        for (at, part) in tag.split('-').enumerate() {
            let is_alphabetic = part.bytes().all(|it| it.is_ascii_alphabetic());
            if at == 0 {
                if !is_alphabetic || !(2..=3).contains(&part.len()) {
                    return Err(NotALang);
                }
                canonical.push_str(&part.to_ascii_lowercase());
                continue;
            }
            if part.is_empty()
                || 8 < part.len()
                || !part.bytes().all(|it| it.is_ascii_alphanumeric())
            {
                return Err(NotALang);
            }
            canonical.push('-');
            is_extension |= part.len() == 1;
            match part.len() {
                _ if is_extension => canonical.push_str(&part.to_ascii_lowercase()),
                2 if is_alphabetic => canonical.push_str(&part.to_ascii_uppercase()),
                4 if is_alphabetic => {
                    let (first, rest) = part.split_at(1);
                    canonical.push_str(&first.to_ascii_uppercase());
                    canonical.push_str(&rest.to_ascii_lowercase());
                }
                _ => canonical.push_str(&part.to_ascii_lowercase()),
            }
        }
        let script = script_of(&canonical);
        Ok(Self { tag: Arc::from(canonical), script })
    }

    /// The tag.
    pub fn as_str(&self) -> &str {
        &self.tag
    }

    /// The language without script and region: `ar` of `ar-IQ`.
    pub fn primary(&self) -> &str {
        self.tag.split('-').next().unwrap_or_default()
    }

    /// The script: the one in the tag, else the likely one of the language in its region.
    pub fn script(&self) -> &str {
        self.script.as_str()
    }

    /// The region in the tag, if there is one: `IQ` of `ar-IQ`.
    pub fn region(&self) -> Option<&str> {
        region_in(&self.tag)
    }

    /// What the tag asks for under a key of its extension `u`: `arab` for `nu` in
    /// `ar-u-nu-arab`, `islamic-civil` for `ca` in `fa-u-ca-islamic-civil`.
    pub fn unicode_key(&self, key: &str) -> Option<&str> {
        let (_, extension) = self.tag.split_once("-u-")?;
        let mut start = None;
        let mut at = 0;
        let mut end = 0;
        for part in extension.split('-') {
            match start {
                None if part == key => start = Some(at + part.len() + 1),
                Some(_) if part.len() <= 2 => break,
                _ => {}
            }
            at += part.len() + 1;
            end = at - 1;
        }
        extension.get(start?..end).filter(|it| !it.is_empty())
    }

    /// What the language calls itself; the tag where we do not know.
    pub fn autonym(&self) -> &str {
        match self.primary() {
            "ar" => "العربية",
            "fa" => "فارسی",
            "he" => "עברית",
            "ur" => "اردو",
            "ps" => "پښتو",
            "ckb" => "کوردی",
            "ku" => "Kurdî",
            "en" => "English",
            "fr" => "Français",
            "tr" => "Türkçe",
            "ru" => "Русский",
            "es" => "Español",
            "de" => "Deutsch",
            "zh" => "中文",
            "yi" => "ייִדיש",
            _ => self.as_str(),
        }
    }

    /// The form that Open Graph wants: `ar_AR` (rtl-rules R102).
    pub fn open_graph(&self) -> String {
        let region = self.region().unwrap_or(match self.primary() {
            "ar" => "AR",
            "fa" => "IR",
            "he" => "IL",
            "ur" => "PK",
            "en" => "GB",
            "fr" => "FR",
            "tr" => "TR",
            _ => return self.primary().to_owned(),
        });
        format!("{}_{region}", self.primary())
    }
}

/// Parts of a tag before its extensions, without the language.
fn parts(tag: &str) -> impl Iterator<Item = &str> {
    tag.split('-').skip(1).take_while(|it| it.len() != 1)
}

fn region_in(tag: &str) -> Option<&str> {
    let is_all = |it: &str, test: fn(&u8) -> bool| it.bytes().all(|byte| test(&byte));
    parts(tag).find(|it| match it.len() {
        2 => is_all(it, u8::is_ascii_alphabetic),
        3 => is_all(it, u8::is_ascii_digit),
        _ => false,
    })
}

fn script_of(tag: &str) -> Script {
    const LATIN: Script = icu_locale::subtags::script!("Latn");
    let is_alphabetic = |it: &&str| it.bytes().all(|byte| byte.is_ascii_alphabetic());
    let mut scripts = parts(tag).filter(|it| it.len() == 4 && is_alphabetic(it));
    if let Some(script) = scripts.next().and_then(|it| it.parse().ok()) {
        return script;
    }
    // The romanisation of the Library of Congress is Latin whatever the language.
    if parts(tag).any(|it| it == "alalc97") {
        return LATIN;
    }
    let Ok(language) = tag.split('-').next().unwrap_or_default().parse::<Language>()
    else {
        return LATIN;
    };
    let region = region_in(tag).and_then(|it| it.parse::<Region>().ok());
    let id = LanguageIdentifier { language, region, ..LanguageIdentifier::UNKNOWN };
    let mut locale = Locale::from(id);
    // Tags that were replaced (`iw`, `prs`) first become those that CLDR lists.
    LocaleCanonicalizer::new_extended().canonicalize(&mut locale);
    LocaleExpander::new_extended().maximize(&mut locale.id);
    locale.id.script.unwrap_or(LATIN)
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.tag)
    }
}

#[cfg(test)]
mod tests {
    use super::Lang;

    #[test]
    fn tags_are_checked_and_put_into_canonical_case() {
        let canonical = |tag| Lang::parse(tag).ok().map(|it| it.to_string());
        assert_eq!(canonical("AR-iq").as_deref(), Some("ar-IQ"));
        assert_eq!(canonical("az-arab").as_deref(), Some("az-Arab"));
        assert_eq!(canonical("ar-u-nu-latn").as_deref(), Some("ar-u-nu-latn"));
        assert_eq!(Lang::parse("ar-u-nu-latn").unwrap().script(), "Arab");
        assert_eq!(Lang::parse("ar-IQ-u-nu-latn").unwrap().region(), Some("IQ"));
        assert_eq!(Lang::parse("ar-u-nu-latn").unwrap().region(), None);
        assert_eq!(canonical("title"), None);
        assert_eq!(canonical(""), None);
        assert_eq!(canonical("ar--x"), None);
    }

    #[test]
    fn r115_what_a_tag_asks_for_is_read_from_it() {
        let key = |tag, key| {
            let lang = Lang::parse(tag).unwrap();
            lang.unicode_key(key).map(str::to_owned)
        };
        let tag = "fa-u-ca-islamic-civil-nu-latn";
        assert_eq!(key(tag, "ca").as_deref(), Some("islamic-civil"));
        assert_eq!(key(tag, "nu").as_deref(), Some("latn"));
        assert_eq!(key("ar-IQ", "nu"), None);
        assert_eq!(key("ar-u-nu", "nu"), None);
    }
}
