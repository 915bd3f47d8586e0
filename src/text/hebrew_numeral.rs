//! Hebrew numerals: numbers written with letters, as the Hebrew calendar has them.

/// Letters for 400, 300, … 1, with the two numbers that would spell the divine name.
const LETTERS: [(u16, &str); 24] = [
    (400, "ת"),
    (300, "ש"),
    (200, "ר"),
    (100, "ק"),
    (90, "צ"),
    (80, "פ"),
    (70, "ע"),
    (60, "ס"),
    (50, "נ"),
    (40, "מ"),
    (30, "ל"),
    (20, "כ"),
    (16, "טז"),
    (15, "טו"),
    (10, "י"),
    (9, "ט"),
    (8, "ח"),
    (7, "ז"),
    (6, "ו"),
    (5, "ה"),
    (4, "ד"),
    (3, "ג"),
    (2, "ב"),
    (1, "א"),
];

/// A number from 1 to 999 with geresh or gershayim: `ה׳`, `י״ד`, `תשפ״ו`. Years leave
/// their thousands out: 5786 is 786.
pub fn hebrew_numeral(number: u16) -> String {
    let mut rest = number % 1000;
    let mut letters = String::new();
    for (value, text) in LETTERS {
        while value <= rest {
            // 17 is 10 and 7: the pair for 16 stands for nothing else.
            if matches!(value, 15 | 16) && rest != value {
                break;
            }
            letters.push_str(text);
            rest -= value;
        }
    }
    match letters.pop() {
        None => String::new(),
        // Years that end in 80 take the final form, as CLDR spells them.
        Some('פ') if !letters.is_empty() => format!("{letters}״ף"),
        Some(last) if letters.is_empty() => format!("{last}׳"),
        Some(last) => format!("{letters}״{last}"),
    }
}

#[cfg(test)]
mod tests {
    use super::hebrew_numeral;

    #[test]
    fn c38_days_and_years_in_letters() {
        let expected = [
            (1, "א׳"),
            (10, "י׳"),
            (14, "י״ד"),
            (15, "ט״ו"),
            (16, "ט״ז"),
            (17, "י״ז"),
            (29, "כ״ט"),
            (30, "ל׳"),
            (5708, "תש״ח"),
            (5750, "תש״נ"),
            (5775, "תשע״ה"),
            (5780, "תש״ף"),
            (5786, "תשפ״ו"),
            (5800, "ת״ת"),
        ];
        for (number, text) in expected {
            assert_eq!(hebrew_numeral(number), text, "{number}");
        }
    }
}
