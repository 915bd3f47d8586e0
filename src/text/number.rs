//! Digits and counts.

use std::borrow::Cow;

use crate::text::date::Digits;

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

/// A whole number, grouped by thousands (CLDR `decimalFormats`: `,` for Latin digits, `٬`
/// for the others).
pub fn integer(number: usize, digits: Digits) -> String {
    let plain = number.to_string();
    let separator = if digits == Digits::Latn { ',' } else { '٬' };
    let mut grouped = String::with_capacity(plain.len() * 2);
    for (at, digit) in plain.chars().enumerate() {
        if at != 0 && (plain.len() - at).is_multiple_of(3) {
            grouped.push(separator);
        }
        grouped.push(digit);
    }
    to_digits(&grouped, digits)
}

#[cfg(test)]
mod tests {
    use super::{integer, normalise_digits};
    use crate::text::date::Digits;

    #[test]
    fn digits_of_three_scripts() {
        assert_eq!(normalise_digits("٢٠٢٥-۰۱-17"), "2025-01-17");
        assert_eq!(integer(1_234_567, Digits::Latn), "1,234,567");
        assert_eq!(integer(1_234_567, Digits::Arab), "١٬٢٣٤٬٥٦٧");
        assert_eq!(integer(12, Digits::Arabext), "۱۲");
    }
}
