//! Digits, numbers, percentages and ranges of numbers.

use std::borrow::Cow;

use crate::text::date::Digits;
use crate::text::direction::Direction;
use crate::text::lang::Lang;
use crate::text::parts::{Parts, range};

/// Arabic-Indic (٠–٩) and Persian (۰–۹) digits as ASCII ones.
pub fn normalise_digits(text: &str) -> Cow<'_, str> {
    let is_foreign = |it: char| matches!(it, '٠'..='٩' | '۰'..='۹');
    if !text.contains(is_foreign) {
        return Cow::Borrowed(text);
    }
    let ascii = |it: char| {
        let value = match it {
            '٠'..='٩' => u32::from(it) - u32::from('٠'),
            '۰'..='۹' => u32::from(it) - u32::from('۰'),
            _ => return it,
        };
        char::from_digit(value, 10).unwrap_or(it)
    };
    Cow::Owned(text.chars().map(ascii).collect())
}

/// ASCII digits in the digits of a language.
pub fn to_digits(text: &str, digits: Digits) -> String {
    let zero = match digits {
        Digits::Latn => return text.to_owned(),
        Digits::Arab => '٠',
        Digits::Arabext => '۰',
    };
    let other = |it: char| {
        it.to_digit(10)
            .and_then(|value| char::from_u32(u32::from(zero) + value))
            .unwrap_or(it)
    };
    text.chars().map(other).collect()
}

/// Writes numbers in one language and its digits (CLDR 48 `numbers.json`, with the marks
/// that keep signs in their place).
#[derive(Debug, Clone)]
pub struct Numbers {
    lang: Lang,
    digits: Digits,
}

impl Numbers {
    /// Numbers of a language in digits that the desk chose.
    pub fn new(lang: &Lang, digits: Digits) -> Self {
        Self { lang: lang.clone(), digits }
    }

    /// A count, grouped by thousands: `1,234,567`, `١٬٢٣٤٬٥٦٧`.
    pub fn integer(&self, number: usize) -> String {
        self.grouped(&number.to_string())
    }

    /// A number with its fraction, and a sign that stands on the side where readers of the
    /// language look for it (R26): left of Latin digits, right of Arabic-Indic ones.
    pub fn decimal(&self, number: f64) -> String {
        if !number.is_finite() {
            return "—".to_owned();
        }
        let size = self.grouped(&number.abs().to_string());
        if number < 0.0 { format!("{}{size}", self.minus()) } else { size }
    }

    /// A percentage, `50.0` for a half, whose sign stands on the same side of the number
    /// at the start of a line, after a word and alone (R25): right of Latin digits, left
    /// of the others.
    ///
    /// Latin digits after an Arabic letter would take the sign to the left, so marks hold
    /// it. Persian digits count as European ones except after an Arabic letter; the marks
    /// make them always stand after one.
    pub fn percent(&self, number: f64) -> String {
        let text = self.decimal(number);
        match (self.is_arabic_script(), self.digits) {
            (true, Digits::Latn) => format!("{text}\u{200E}%\u{200E}"),
            (true, Digits::Arab) => format!("{text}٪\u{61C}"),
            (true, Digits::Arabext) => format!("\u{61C}{text}٪\u{61C}"),
            (false, _) => format!("{text}%"),
        }
    }

    /// The ends of a range as they are written, without grouping, for years belong here:
    /// `2015` and `2018` (R24).
    pub fn range(&self, first: &str, last: &str) -> Parts {
        let own = |it: &str| to_digits(&normalise_digits(it), self.digits);
        range(&self.lang, &own(first), &own(last))
    }

    /// A range of percentages with one sign, `20–45%` (R24, R25).
    ///
    /// Persian says it in words, because a range runs from left to right there and the
    /// sign stands at the left.
    pub fn percent_range(&self, first: f64, last: f64) -> Parts {
        let (first, last) = (self.decimal(first), self.percent(last));
        let mut parts = Parts::default();
        match (self.lang.primary(), self.digits) {
            ("fa", Digits::Latn) | ("he" | "yi", _) => {
                return range(&self.lang, &first, &last);
            }
            ("fa", _) => {
                parts.push_isolated(first, Direction::Ltr);
                parts.push(" تا ");
                parts.push_isolated(last, Direction::Rtl);
            }
            (_, Digits::Arab | Digits::Arabext) if self.is_arabic_script() => {
                parts.push_isolated(first, Direction::Ltr);
                parts.push("–");
                parts.push_isolated(last, Direction::Rtl);
            }
            _ => return range(&self.lang, &first, &last),
        }
        parts
    }

    /// An amount with its unit in words, kept on one line: `100 دولار` (R27). Symbols of
    /// currencies jump over the number in Arabic lines, so none is ever made.
    pub fn amount(&self, number: f64, unit: &str) -> String {
        format!("{}\u{A0}{unit}", self.decimal(number))
    }

    fn is_arabic_script(&self) -> bool {
        self.lang.script() == "Arab"
    }

    fn minus(&self) -> &'static str {
        match (self.lang.primary(), self.lang.script(), self.digits) {
            ("fa", ..) => "\u{200E}−",
            (_, "Arab", Digits::Arab) => "\u{61C}-",
            (_, "Arab", Digits::Arabext) => "\u{200E}-\u{200E}",
            (_, "Arab" | "Hebr", _) => "\u{200E}-",
            _ => "-",
        }
    }

    /// Separators of thousands and of fractions. North Africa west of Egypt writes them as
    /// French does.
    fn separators(&self) -> (char, char) {
        match (self.digits, self.lang.primary(), self.lang.region()) {
            (Digits::Latn, "ar", Some("MA" | "DZ" | "TN" | "LY" | "EH")) => ('.', ','),
            (Digits::Latn, ..) => (',', '.'),
            (Digits::Arab | Digits::Arabext, ..) => ('٬', '٫'),
        }
    }

    /// An ASCII number without a sign, with separators, in the digits of the desk.
    fn grouped(&self, plain: &str) -> String {
        let (thousands, point) = self.separators();
        let (whole, fraction) = match plain.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (plain, None),
        };
        let mut grouped = String::with_capacity(plain.len() * 2);
        for (at, digit) in whole.chars().enumerate() {
            if at != 0 && (whole.len() - at).is_multiple_of(3) {
                grouped.push(thousands);
            }
            grouped.push(digit);
        }
        if let Some(fraction) = fraction {
            grouped.push(point);
            grouped.push_str(fraction);
        }
        to_digits(&grouped, self.digits)
    }
}

#[cfg(test)]
mod tests {
    use super::{Numbers, normalise_digits};
    use crate::text::date::Digits;
    use crate::text::lang::Lang;

    #[test]
    fn digits_of_three_scripts() {
        assert_eq!(normalise_digits("٢٠٢٥-۰۱-17"), "2025-01-17");
        let integer = |tag, digits, number| {
            Numbers::new(&Lang::parse(tag).unwrap(), digits).integer(number)
        };
        assert_eq!(integer("en", Digits::Latn, 1_234_567), "1,234,567");
        assert_eq!(integer("ar", Digits::Arab, 1_234_567), "١٬٢٣٤٬٥٦٧");
        assert_eq!(integer("ar-TN", Digits::Latn, 1_234), "1.234");
        assert_eq!(integer("fa", Digits::Arabext, 12), "۱۲");
        assert_eq!(integer("ar", Digits::Latn, 0), "0");
    }

    #[test]
    fn no_number_is_written_for_what_is_none() {
        let numbers = Numbers::new(&Lang::parse("ar").unwrap(), Digits::Latn);
        assert_eq!(numbers.decimal(f64::NAN), "—");
        assert_eq!(numbers.decimal(-0.0), "0");
    }
}
