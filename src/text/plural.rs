//! Plural forms: which form of a word stands beside a number.
//!
//! The rules are CLDR's, from ICU4X's compiled data. Interface words choose their form
//! inside Fluent, which has older rules: in Hebrew it still knows a form `many`.

use fixed_decimal::Decimal;
use icu_locale_core::Locale;
use icu_plurals::{PluralCategory, PluralOperands, PluralRules};

use crate::text::lang::Lang;
use crate::text::number::normalise_digits;

/// The form that a number asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plural {
    /// None: لا إحاطات
    Zero,
    /// One: إحاطة واحدة
    One,
    /// Two: إحاطتان
    Two,
    /// Few, in Arabic 3 to 10: 3 إحاطات
    Few,
    /// Many, in Arabic 11 to 99: 11 إحاطة
    Many,
    /// All others; in Arabic 100, 101, 102 and fractions.
    Other,
}

impl Plural {
    /// CLDR's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Zero => "zero",
            Self::One => "one",
            Self::Two => "two",
            Self::Few => "few",
            Self::Many => "many",
            Self::Other => "other",
        }
    }
}

/// The plural rules of one language.
#[derive(Debug)]
pub struct Plurals(Option<PluralRules>);

impl Plurals {
    /// The rules of a language; where CLDR has none, every number is `Other`.
    pub fn new(lang: &Lang) -> Self {
        let locale: Option<Locale> = lang.as_str().parse().ok();
        let locale = locale.unwrap_or(Locale::UNKNOWN);
        Self(PluralRules::try_new_cardinal((&locale).into()).ok())
    }

    /// The form for a count.
    pub fn of(&self, count: usize) -> Plural {
        self.select(PluralOperands::from(count))
    }

    /// The form for a number as it is written, in any digits: `1`, `1.5`, `1.0`; a text
    /// that is no number is `Other`.
    pub fn of_written(&self, number: &str) -> Plural {
        match normalise_digits(number).parse::<Decimal>() {
            Ok(decimal) => self.select(PluralOperands::from(&decimal)),
            Err(_) => Plural::Other,
        }
    }

    fn select(&self, operands: PluralOperands) -> Plural {
        let Some(rules) = &self.0 else { return Plural::Other };
        match rules.category_for(operands) {
            PluralCategory::Zero => Plural::Zero,
            PluralCategory::One => Plural::One,
            PluralCategory::Two => Plural::Two,
            PluralCategory::Few => Plural::Few,
            PluralCategory::Many => Plural::Many,
            PluralCategory::Other => Plural::Other,
        }
    }
}
