//! Colours: how they are written, and how well one is seen on another.

use std::fmt;

/// A colour, as red, green and blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rgb(pub [u8; 3]);

/// Paper of the theme on a bright screen: `--mz-paper` in `static/css/tokens.css`.
pub const PAPER: Rgb = Rgb([0xfd, 0xfc, 0xf9]);

/// Paper of the theme on a dark screen.
pub const DARK_PAPER: Rgb = Rgb([0x14, 0x18, 0x1a]);

/// Least contrast of text with what is behind it (WCAG 2.2, criterion 1.4.3).
pub const MIN_CONTRAST: f64 = 4.5;

impl Rgb {
    /// Reads `#rrggbb`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        let is_written_well =
            digits.len() == 6 && digits.bytes().all(|it| it.is_ascii_hexdigit());
        let part = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
        is_written_well.then_some(Self([part(0)?, part(2)?, part(4)?]))
    }

    /// Relative luminance, as WCAG 2 has it, from 0 to 1.
    pub fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|it| {
            let part = f64::from(it) / 255.0;
            if part <= 0.04045 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// Contrast with another colour, as WCAG 2 has it, from 1 to 21.
    pub fn contrast(self, other: Self) -> f64 {
        let (one, other) = (self.luminance() + 0.05, other.luminance() + 0.05);
        one.max(other) / one.min(other)
    }
}

/// As `#rrggbb`.
impl fmt::Display for Rgb {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(formatter, "#{red:02x}{green:02x}{blue:02x}")
    }
}

#[cfg(test)]
mod tests {
    use super::{DARK_PAPER, PAPER, Rgb};

    #[test]
    fn six_hexadecimal_digits_are_a_colour() {
        assert_eq!(Rgb::parse("#0B5360"), Some(Rgb([0x0b, 0x53, 0x60])));
        for text in
            ["", "#", "0b5360", "#0b536", "#0b53600", "#+b5360", "#0b536é", "#ééé"]
        {
            assert_eq!(Rgb::parse(text), None, "{text}");
        }
        for color in [PAPER, DARK_PAPER, Rgb([0, 1, 255])] {
            assert_eq!(Rgb::parse(&color.to_string()), Some(color));
        }
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        let (black, white) = (Rgb([0; 3]), Rgb([255; 3]));
        assert!((black.contrast(white) - 21.0).abs() < 1e-9);
        assert!((white.contrast(black) - 21.0).abs() < 1e-9);
        assert!((white.contrast(white) - 1.0).abs() < 1e-9);
        // The lightest grey that WCAG lets stand on white.
        assert!((white.contrast(Rgb([0x76; 3])) - 4.54).abs() < 0.005);
    }
}
