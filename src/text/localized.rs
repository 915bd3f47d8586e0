//! A text in one or more languages.

use crate::text::lang::Lang;

/// A text in one or more languages, in the order of the languages' tags.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Localized {
    texts: Vec<(Lang, String)>,
}

impl Localized {
    /// A text in one language.
    pub fn single(lang: Lang, text: String) -> Self {
        Self { texts: vec![(lang, text)] }
    }

    /// Adds a language, or replaces its text.
    pub fn insert(&mut self, lang: Lang, text: String) {
        match self.texts.binary_search_by(|(it, _)| it.cmp(&lang)) {
            Ok(at) => self.texts[at].1 = text,
            Err(at) => self.texts.insert(at, (lang, text)),
        }
    }

    /// The text in exactly this language, or in the language without its region.
    pub fn get(&self, lang: &Lang) -> Option<&str> {
        let exact =
            |wanted: &str| self.texts.iter().find(|(it, _)| it.as_str() == wanted);
        exact(lang.as_str())
            .or_else(|| exact(lang.primary()))
            .map(|(_, text)| text.as_str())
    }

    /// The text to show to a reader of `lang`: in that language, else in `fallback`, else
    /// in the first there is; with the language that it is in.
    pub fn best(&self, lang: &Lang, fallback: &Lang) -> Option<(&Lang, &str)> {
        let exact =
            |wanted: &str| self.texts.iter().find(|(it, _)| it.as_str() == wanted);
        exact(lang.as_str())
            .or_else(|| exact(lang.primary()))
            .or_else(|| exact(fallback.as_str()))
            .or_else(|| self.texts.first())
            .map(|(lang, text)| (lang, text.as_str()))
    }

    /// All languages with their texts.
    pub fn iter(&self) -> impl Iterator<Item = (&Lang, &str)> {
        self.texts.iter().map(|(lang, text)| (lang, text.as_str()))
    }

    /// Whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }
}
