//! Markers of lists as Arabic, Persian and Urdu writers type them (rtl-rules R50): `١.`,
//! `١-`, `۱)`, `•`, `٭`. CommonMark knows none of them.
//!
//! Each is rewritten into a marker that CommonMark knows, of the same number of bytes, so
//! that every place in the rewritten text is the same place in the source. Only markers
//! change; where one turns out to be no marker, the source is shown.

use std::borrow::Cow;

/// Longest number before a hyphen that is a marker: a year is none.
const MAX_HYPHEN_DIGITS: usize = 2;

/// The Markdown with its list markers in the form of CommonMark.
pub(super) fn ascii_markers(markdown: &str) -> Cow<'_, str> {
    if markdown.split_inclusive('\n').all(|it| marker(rest_of(it)).is_none()) {
        return Cow::Borrowed(markdown);
    }
    let mut result = String::with_capacity(markdown.len());
    for line in markdown.split_inclusive('\n') {
        let rest = rest_of(line);
        let head = line.len() - rest.len();
        match marker(rest) {
            Some((written, ascii)) => {
                result.push_str(line.get(..head).unwrap_or_default());
                result.push_str(&ascii);
                result.push_str(rest.get(written..).unwrap_or_default());
            }
            None => result.push_str(line),
        }
    }
    Cow::Owned(result)
}

/// A line without what may stand before a marker.
fn rest_of(line: &str) -> &str {
    line.trim_start_matches([' ', '>', '\t'])
}

/// The length of a marker at the beginning of a line, and the same in ASCII.
fn marker(line: &str) -> Option<(usize, String)> {
    let first = line.chars().next()?;
    if matches!(first, '•' | '٭' | '●') {
        let length = first.len_utf8();
        let is_marker = line.get(length..)?.starts_with(' ');
        return is_marker.then(|| (length, format!("-{}", " ".repeat(length - 1))));
    }
    let mut ascii = String::new();
    let (mut length, mut n_digits, mut is_foreign) = (0, 0, false);
    for letter in line.chars() {
        let zero = match letter {
            '0'..='9' => '0',
            '٠'..='٩' => '٠',
            '۰'..='۹' => '۰',
            _ => break,
        };
        let digit = char::from_digit(u32::from(letter) - u32::from(zero), 10)?;
        ascii.push(digit);
        length += letter.len_utf8();
        n_digits += 1;
        is_foreign |= zero != '0';
    }
    if n_digits == 0 {
        return None;
    }
    // Zeros before the number fill the second bytes of its digits.
    let ascii_number = format!("{}{ascii}", "0".repeat(length - ascii.len()));
    let mut after = line.get(length..)?.chars();
    let (end, gap, text) = (after.next()?, after.next()?, after.next()?);
    let is_rtl = matches!(text, '\u{590}'..='\u{8FF}' | '«' | '*' | '[');
    let is_hyphen = matches!(end, '-' | '–') && n_digits <= MAX_HYPHEN_DIGITS && is_rtl;
    let is_stop = matches!(end, '.' | ')') && is_foreign;
    // CommonMark takes at most nine digits.
    if 9 < ascii_number.len() || gap != ' ' || !(is_hyphen || is_stop) {
        return None;
    }
    let mut ascii = ascii_number;
    ascii.push(if end == ')' { ')' } else { '.' });
    ascii.extend(std::iter::repeat_n(' ', end.len_utf8() - 1));
    Some((length + end.len_utf8(), ascii))
}

#[cfg(test)]
mod tests {
    use super::ascii_markers;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let found = ascii_markers(text);
        assert_eq!(found, expected);
        assert_eq!(found.len(), text.len(), "every place stays");
    }

    #[test]
    fn r50_arabic_and_persian_markers_become_those_of_commonmark() {
        check("١. بند\n٢. بند", "01. بند\n02. بند");
        check("١- بند", "01. بند");
        check("1- بند", "1. بند");
        check("۱) بند", "01) بند");
        check("• بند", "-   بند");
        check("> ٭ بند", "> -  بند");
        check("١١– بند", "0011.   بند");
    }

    #[test]
    fn r50_numbers_that_are_no_marker_stay() {
        check("2015- بند", "2015- بند");
        check("٢٠٢٥ كان عامًا", "٢٠٢٥ كان عامًا");
        check("1- item", "1- item");
        check("١.٥ مليون", "١.٥ مليون");
        check("- بند", "- بند");
    }
}
