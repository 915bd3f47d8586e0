//! Language tags: BCP 47, kept in canonical case.

use std::fmt;
use std::sync::Arc;

/// A language tag, cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lang(Arc<str>);

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
        Ok(Self(Arc::from(canonical)))
    }

    /// The tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The language without script and region: `ar` of `ar-IQ`.
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or_default()
    }

    /// The script: the one in the tag, else the likely one of the language (CLDR
    /// `likelySubtags.xml`; languages that are not listed are written in `Latn`).
    pub fn script(&self) -> &str {
        let parts = self.0.split('-').skip(1).take_while(|it| it.len() != 1);
        let explicit = parts.into_iter().find(|it| {
            it.len() == 4 && it.bytes().all(|letter| letter.is_ascii_alphabetic())
        });
        if let Some(script) = explicit {
            return script;
        }
        if self.0.contains("-alalc97") {
            return "Latn";
        }
        match self.primary() {
            "ar" | "fa" | "ur" | "ps" | "ckb" | "sd" | "ug" | "ks" | "pnb" | "skr"
            | "prs" | "arz" | "ary" | "mzn" | "lrc" | "bal" | "brh" | "khw" | "glk"
            | "azb" => "Arab",
            "he" | "yi" | "iw" | "ji" => "Hebr",
            "dv" => "Thaa",
            "nqo" => "Nkoo",
            "syr" | "syc" => "Syrc",
            "rhg" => "Rohg",
            "myz" => "Mand",
            "ru" | "uk" | "bg" | "sr" | "mk" | "be" | "kk" | "ky" | "tg" | "mn" => "Cyrl",
            "el" => "Grek",
            "zh" => "Hans",
            "ja" => "Jpan",
            "ko" => "Kore",
            "hi" | "mr" | "ne" => "Deva",
            "hy" => "Armn",
            "ka" => "Geor",
            _ => "Latn",
        }
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
        let region = self.0.split('-').skip(1).find(|it| {
            it.len() == 2 && it.bytes().all(|letter| letter.is_ascii_uppercase())
        });
        let region = region.unwrap_or(match self.primary() {
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

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
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
        assert_eq!(canonical("title"), None);
        assert_eq!(canonical(""), None);
        assert_eq!(canonical("ar--x"), None);
    }
}
