//! Names that are also ordinary words: Mali and «مالي» (financial), Greece and «כיוון»
//! (since), Czech and «چک» (cheque).
//!
//! What tells the two apart, for an editor who has said nothing about such a name. The list
//! holds what was met in running text; it is data and stays short. An alias with any gate
//! of its own, `ambiguous: false` included, is left as it is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use crate::text::fold::fold;

/// What tells a name from the ordinary word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Homograph {
    /// Language of the name.
    pub lang: &'static str,
    /// The name.
    pub word: &'static str,
    /// Whether it needs a cue.
    pub is_ambiguous: bool,
    /// Words that may stand before the name.
    pub cue_before: &'static [&'static str],
    /// Words after which it is the ordinary word.
    pub not_after: &'static [&'static str],
    /// Words before which it is the ordinary word.
    pub not_before: &'static [&'static str],
    /// Joined letters with which it is the ordinary word.
    pub deny_prefixes: &'static [&'static str],
}

const NONE: Homograph = Homograph {
    lang: "ar",
    word: "",
    is_ambiguous: false,
    cue_before: &[],
    not_after: &[],
    not_before: &[],
    deny_prefixes: &[],
};

/// First names that are also adjectives: alone they mean a person only where the full name
/// came before.
const FIRST_NAMES: &[&str] = &[
    "عمر", "سعيد", "كريم", "جميل", "صالح", "ناصر", "عادل", "أمين", "حسن", "شريف", "مجيد",
    "رشيد", "سليم", "فريد", "وحيد", "ماجد", "خالد", "بدر", "نور", "هدى", "أمل", "سلام",
    "فرح",
];

const HOMOGRAPHS: &[Homograph] = &[
    Homograph {
        word: "مالي",
        is_ambiguous: true,
        cue_before: &[
            "في",
            "من",
            "إلى",
            "مع",
            "دولة",
            "جمهورية",
            "حكومة",
            "رئيس",
            "جيش",
            "شمال",
            "جنوب",
            "شرق",
            "غرب",
            "وسط",
            "جارتها",
            "العاصمة",
        ],
        ..NONE
    },
    Homograph {
        word: "فتح",
        is_ambiguous: true,
        cue_before: &["حركة", "حركتي", "حركتا", "قيادة", "وفد", "قادة", "كوادر"],
        ..NONE
    },
    // The preposition «على» without its dots.
    Homograph { word: "علي", is_ambiguous: true, ..NONE },
    Homograph { word: "حماس", deny_prefixes: &["ب"], ..NONE },
    Homograph {
        word: "قطر",
        not_after: &["نصف", "بنصف"],
        not_before: &["الدائرة", "الكرة", "الأنبوب", "الفتحة", "دائرة"],
        ..NONE
    },
    Homograph {
        word: "بنين",
        not_before: &["وبنات"],
        not_after: &["مدرسة", "مدارس"],
        ..NONE
    },
    Homograph {
        word: "المغرب", not_after: &["صلاة", "أذان", "آذان"], ..NONE
    },
    Homograph { lang: "he", word: "יוון", deny_prefixes: &["כ"], ..NONE },
    Homograph {
        lang: "he",
        word: "עזה",
        not_after: &[
            "בצורה",
            "ביקורת",
            "מחלוקת",
            "תחרות",
            "התנגדות",
            "רוח",
            "מכה",
            "בעוצמה",
        ],
        ..NONE
    },
    Homograph {
        lang: "he",
        word: "הודו",
        not_after: &["הם", "הן", "אשר"],
        not_before: &["כי", "על", "לו", "לה", "להם", "באשמה"],
        ..NONE
    },
    Homograph {
        lang: "he",
        word: "בגין",
        is_ambiguous: true,
        cue_before: &["מנחם", "הממשלה", "ממשלת"],
        ..NONE
    },
    Homograph {
        lang: "fa",
        word: "مالی",
        is_ambiguous: true,
        cue_before: &["کشور", "جمهوری", "دولت", "شمال", "جنوب", "پایتخت", "ارتش", "مردم"],
        ..NONE
    },
    Homograph {
        lang: "fa",
        word: "چک",
        is_ambiguous: true,
        cue_before: &["جمهوری", "کشور", "دولت", "پایتخت"],
        ..NONE
    },
    Homograph {
        lang: "fa",
        word: "غنا",
        is_ambiguous: true,
        cue_before: &["کشور", "جمهوری", "دولت", "پایتخت", "در"],
        ..NONE
    },
    Homograph {
        lang: "ur",
        word: "مالی",
        is_ambiguous: true,
        cue_before: &["ملک", "جمہوریہ", "حکومت"],
        ..NONE
    },
];

/// By language and folded word.
static BY_WORD: LazyLock<BTreeMap<(&'static str, String), Homograph>> =
    LazyLock::new(|| {
        HOMOGRAPHS.iter().map(|it| ((it.lang, fold(it.word)), *it)).collect()
    });

static FOLDED_FIRST_NAMES: LazyLock<BTreeSet<String>> =
    LazyLock::new(|| FIRST_NAMES.iter().map(|it| fold(it)).collect());

/// What tells a folded name of one word from the ordinary word, if it is one of those.
pub fn homograph(folded: &str, lang: &str) -> Option<Homograph> {
    let lang = ["ar", "he", "fa", "ur"].into_iter().find(|it| *it == lang)?;
    BY_WORD.get(&(lang, folded.to_owned())).copied()
}

/// Whether a folded Arabic word is a first name and an adjective.
pub fn is_first_name(folded: &str) -> bool {
    FOLDED_FIRST_NAMES.contains(folded)
}

#[cfg(test)]
mod tests {
    use super::{homograph, is_first_name};

    #[test]
    fn a_name_that_is_an_ordinary_word_is_known_in_its_language() {
        assert!(homograph("مالي", "ar").is_some_and(|it| it.is_ambiguous));
        assert!(homograph("علي", "ar").is_some_and(|it| it.is_ambiguous));
        assert_eq!(homograph("יוון", "he").map(|it| it.deny_prefixes), Some(&["כ"][..]));
        assert_eq!(homograph("مالي", "he"), None);
        assert_eq!(homograph("روسيا", "ar"), None);
        assert!(is_first_name("سعيد") && !is_first_name("علي"));
    }
}
