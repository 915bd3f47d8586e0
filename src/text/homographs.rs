//! Names that are also ordinary words: Mali and «مالي» (financial), Greece and «כיוון»
//! (since), Czech and «چک» (cheque).
//!
//! What tells the two apart, for an editor who has said nothing about such a name. The list
//! holds what was met in running text; it is data and stays short. An alias with any gate
//! of its own, `ambiguous: false` included, is left as it is.

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

/// First names that are also adjectives or, like علي, prepositions: alone they are a name
/// only where the full one came before.
const FIRST_NAMES: &[&str] = &[
    "علي", "عمر", "سعيد", "كريم", "جميل", "صالح", "ناصر", "عادل", "أمين", "حسن", "شريف",
    "مجيد", "رشيد", "سليم", "فريد", "وحيد", "ماجد", "خالد", "بدر", "نور", "هدى", "أمل",
    "سلام", "فرح",
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
    Homograph { word: "حماس", deny_prefixes: &["ب"], ..NONE },
    Homograph {
        word: "مصر",
        not_after: &[
            "وهو", "هو", "وهي", "أنه", "إنه", "أنها", "إنها", "غير", "أنا", "وأنا",
        ],
        not_before: &["على", "أن"],
        ..NONE
    },
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
        lang: "fa",
        word: "قطر",
        not_after: &["به"],
        not_before: &["دایره"],
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

/// What tells a name of one word from the ordinary word, if it is one of those.
pub fn homograph(name: &str, lang: &str) -> Option<Homograph> {
    let folded = fold(name);
    let listed = HOMOGRAPHS.iter().filter(|it| it.lang == lang);
    if let Some(found) = listed.into_iter().find(|it| fold(it.word) == folded) {
        return Some(*found);
    }
    let is_first_name = lang == "ar" && FIRST_NAMES.iter().any(|it| fold(it) == folded);
    is_first_name.then_some(Homograph { is_ambiguous: true, ..NONE })
}

#[cfg(test)]
mod tests {
    use super::homograph;

    #[test]
    fn a_name_that_is_an_ordinary_word_is_known_in_its_language() {
        assert!(homograph("مالي", "ar").is_some_and(|it| it.is_ambiguous));
        assert!(homograph("على", "ar").is_some_and(|it| it.is_ambiguous));
        assert_eq!(homograph("יוון", "he").map(|it| it.deny_prefixes), Some(&["כ"][..]));
        assert_eq!(homograph("مالي", "he"), None);
        assert_eq!(homograph("روسيا", "ar"), None);
    }
}
