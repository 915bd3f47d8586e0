//! Direction: which way a language and a text run (rtl-rules R2, R7, R42).

use unicode_bidi::{BidiClass, bidi_class};

use crate::text::lang::Lang;

/// Which way a line runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From right to left.
    Rtl,
    /// From left to right.
    Ltr,
}

impl Direction {
    /// The direction of a language, from its script and never from its name (R2).
    pub fn of(lang: &Lang) -> Self {
        match lang.script() {
            "Arab" | "Hebr" | "Syrc" | "Thaa" | "Nkoo" | "Adlm" | "Rohg" | "Mand"
            | "Samr" => Self::Rtl,
            _ => Self::Ltr,
        }
    }

    /// Value of the attribute `dir`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rtl => "rtl",
            Self::Ltr => "ltr",
        }
    }
}

/// The direction of the first strong character outside isolates (UAX #9, rule P2).
pub fn first_strong(text: &str) -> Option<Direction> {
    let mut depth = 0_u32;
    for letter in text.chars() {
        match bidi_class(letter) {
            BidiClass::LRI | BidiClass::RLI | BidiClass::FSI => depth += 1,
            BidiClass::PDI => depth = depth.saturating_sub(1),
            BidiClass::L if depth == 0 => return Some(Direction::Ltr),
            BidiClass::R | BidiClass::AL if depth == 0 => return Some(Direction::Rtl),
            _ => {}
        }
    }
    None
}

/// Whether a text has a letter that runs from right to left.
pub fn has_rtl(text: &str) -> bool {
    text.chars().any(|it| matches!(bidi_class(it), BidiClass::R | BidiClass::AL))
}

#[cfg(test)]
mod tests {
    use super::{Direction, first_strong};
    use crate::text::lang::Lang;

    /// Directions by likely script as CLDR 48 has them, read with another library (ICU
    /// 78): a language by itself, in the regions that change its script, with a script.
    #[test]
    fn r2_direction_comes_from_the_script() {
        let rtl = "ar fa he ur ps ckb sd ug yi dv nqo ks pnb skr prs mzn glk lrc bal azb \
                   arz apc syr syc aii rhg myz smp sam ota iw ji lad ydd \
                   ar-IQ fa-AF ar-001 he-US az-Arab uz-Arab pa-Arab ku-Arab ms-Arab \
                   ha-Arab ff-Adlm und-Arab und-Hebr en-Arab ar-u-nu-latn \
                   az-IR az-IQ uz-AF pa-PK ku-IQ ku-IR ku-LB kk-CN kk-IR ky-CN tg-PK \
                   ha-SD ha-CM kmr-IQ und-EG und-IL und-MV ms-CC";
        let ltr = "en fr tr ku az uz pa kk ky tg ha ff ms ru zh ja ko hi de-CH und \
                   ar-Latn ku-Latn ar-alalc97 he-Latn ar-Latn-alalc97 fa-Cyrl yi-Latn \
                   sd-IN ug-KZ ks-Deva sd-Deva ku-TR az-AZ pa-IN kk-KZ ha-NG dv-Latn \
                   syr-Latn uz-Latn-AF az-Cyrl-IR";
        for (tags, expected) in [(rtl, Direction::Rtl), (ltr, Direction::Ltr)] {
            for tag in tags.split_whitespace() {
                let lang = Lang::parse(tag).unwrap();
                assert_eq!(Direction::of(&lang), expected, "{tag}: {}", lang.script());
            }
        }
    }

    #[test]
    fn the_first_strong_letter_decides_and_isolates_do_not_count() {
        assert_eq!(first_strong("2025: NATO وروسيا"), Some(Direction::Ltr));
        assert_eq!(first_strong("\u{2066}NATO\u{2069} وروسيا"), Some(Direction::Rtl));
        assert_eq!(first_strong("2015–2018"), None);
    }
}
