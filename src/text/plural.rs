//! Plural forms: which form of a word stands beside a number.
//!
//! The rules are CLDR's, from ICU4X's compiled data. Interface words choose their form
//! inside Fluent, whose rules of its own are older and in part wrong: they give Arabic 103
//! the form of 100, and Hebrew 20 a form `many`. `Plurals::stand_in` has the number to
//! show Fluent instead.

use fixed_decimal::Decimal;
use icu_locale_core::Locale;
use icu_plurals::{PluralCategory, PluralOperands, PluralRules};

use crate::text::lang::Lang;
use crate::text::number::normalise_digits;

/// The form that a number asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
pub struct Plurals {
    rules: Option<PluralRules>,
    /// For each form, the smallest number over 2 that has it.
    stand_ins: [Option<u32>; 6],
}

impl Plurals {
    /// The rules of a language; where CLDR has none, every number is `Other`.
    pub fn new(lang: &Lang) -> Self {
        let locale: Option<Locale> = lang.as_str().parse().ok();
        let locale = locale.unwrap_or(Locale::UNKNOWN);
        let rules = PluralRules::try_new_cardinal((&locale).into()).ok();
        let mut plurals = Self { rules, stand_ins: [None; 6] };
        for number in 3..=200 {
            let form = plurals.select(PluralOperands::from(number));
            plurals.stand_ins[form as usize].get_or_insert(number);
        }
        plurals
    }

    /// A small number with the form of a count; 0, 1 and 2 stand for themselves, because
    /// messages may name them.
    pub fn stand_in(&self, count: usize) -> u32 {
        let own = u32::try_from(count).unwrap_or(u32::MAX);
        if own <= 2 {
            return own;
        }
        self.stand_ins[self.of(count) as usize].unwrap_or(own)
    }

    /// The forms that whole numbers have, each with a small number that has it: no 0 where
    /// another has the form, because messages may name it.
    pub fn forms(&self) -> Vec<(Plural, u32)> {
        let mut forms = std::collections::BTreeMap::new();
        for number in (3..=200).chain([2, 1, 0]) {
            let form = self.select(PluralOperands::from(number));
            forms.entry(form).or_insert(number);
        }
        forms.into_iter().collect()
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
        let Some(rules) = &self.rules else { return Plural::Other };
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
