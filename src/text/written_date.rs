//! A day as people write it in a line of its own: «الأربعاء، 12 آذار/مارس 2025».

use jiff::civil::Date;

use crate::text::fold::{fold, words};
use crate::text::month_names;
use crate::text::number::normalise_digits;

/// Words before a date that say no more than that it is one.
const LABELS: [&str; 6] = ["التاريخ", "تاريخ", "النشر", "نشر", "في", "date"];

/// The day that a line names and nothing besides; none where it could be another one, as
/// `3/4/2025` could.
pub fn written_date(line: &str) -> Option<Date> {
    if 60 < line.chars().count() {
        return None;
    }
    let line = normalise_digits(line.trim());
    if let Ok(date) = line.parse::<Date>() {
        return Some(date);
    }
    if !line.contains(|it: char| it.is_ascii_digit()) {
        return None;
    }
    let folded: Vec<String> =
        words(&line).filter_map(|it| line.get(it)).map(fold).collect();
    let labels: Vec<String> = LABELS.iter().map(|it| fold(it)).collect();
    let weekdays = month_names::weekdays().map(fold).collect::<Vec<_>>();
    let (mut day, mut month, mut year) = (None, None, None);
    let mut rest = folded.as_slice();
    while let [first, after @ ..] = rest {
        let number = first.parse::<i16>().ok();
        let named = month_of(rest);
        rest = match (number, named) {
            (Some(it @ 1..=31), _) if day.is_none() => {
                day = i8::try_from(it).ok();
                after
            }
            (Some(it @ 1900..=2100), _) if year.is_none() => {
                year = Some(it);
                after
            }
            // The same month may have both its names.
            (None, Some((it, n_words))) if month.is_none_or(|known| known == it) => {
                month = Some(it);
                rest.get(n_words..)?
            }
            (None, None) if labels.contains(first) => after,
            (None, None) => {
                let n_words =
                    weekdays.iter().filter_map(|it| n_words_of(rest, it)).max()?;
                rest.get(n_words..)?
            }
            _ => return None,
        };
    }
    Date::new(year?, month?, day?).ok()
}

/// The month that folded words begin with, and how many of them are its name.
fn month_of(words: &[String]) -> Option<(i8, usize)> {
    let all = month_names::gregorian_months();
    let found =
        all.filter_map(|(month, name)| Some((n_words_of(words, &fold(name))?, month)));
    found.max().map(|(n_words, month)| (month, n_words))
}

/// How many of some folded words are a folded name, if they begin with it.
fn n_words_of(all: &[String], name: &str) -> Option<usize> {
    let name: Vec<&str> = words(name).filter_map(|it| name.get(it)).collect();
    let start = all.get(..name.len())?;
    (!name.is_empty() && start.iter().zip(&name).all(|(a, b)| a == b))
        .then_some(name.len())
}

#[cfg(test)]
mod tests {
    use super::written_date;

    #[test]
    fn a_day_is_read_in_many_forms_and_never_guessed() {
        for line in [
            "2025-03-12",
            "12 مارس 2025",
            "١٢ آذار ٢٠٢٥",
            "الأربعاء، 12 آذار/مارس 2025",
            "التاريخ: 12 مارس 2025",
            "۱۲ مارس ۲۰۲۵",
            "March 12, 2025",
            "Wednesday, 12 March 2025",
        ] {
            assert_eq!(written_date(line).unwrap().to_string(), "2025-03-12", "{line}");
        }
        assert_eq!(
            written_date("3 كانون الثاني 2024").unwrap().to_string(),
            "2024-01-03"
        );
        assert_eq!(written_date("3 كانون الأول 2024").unwrap().to_string(), "2024-12-03");
        for line in [
            "3/4/2025",
            "مارس 2025",
            "12 مارس",
            "31 فبراير 2025",
            "12 مارس/أبريل 2025",
            "قمة 12 مارس 2025",
            "12 مارس 2025 قمة الرياض",
            "حرب 2025",
            "",
        ] {
            assert_eq!(written_date(line), None, "{line}");
        }
    }
}
