//! Where the destination of a link in Markdown begins and ends.

use std::ops::Range;

/// The bytes of a link destination that begins at `from` after white space (`CommonMark`,
/// section 6.3), without its brackets: between `<` and `>` on one line, else up to white space or a bracket of its own.
pub fn destination(text: &str, from: usize, limit: usize) -> Option<Range<usize>> {
    let rest = text.get(from..limit)?;
    let start = from + (rest.len() - rest.trim_start().len());
    let rest = text.get(start..limit)?;
    let is_bracketed = rest.starts_with('<');
    let (mut depth, mut is_escaped) = (0_u32, false);
    for (at, letter) in rest.char_indices().skip(usize::from(is_bracketed)) {
        let is_end = match letter {
            _ if is_escaped => false,
            '>' if is_bracketed => true,
            '\n' if is_bracketed => return None,
            _ if is_bracketed => false,
            ')' if depth == 0 => true,
            '(' => {
                depth += 1;
                false
            }
            ')' => {
                depth -= 1;
                false
            }
            _ => letter.is_whitespace(),
        };
        if is_end {
            return Some(start + usize::from(is_bracketed)..start + at);
        }
        is_escaped = letter == '\\' && !is_escaped;
    }
    // A definition may end with its destination.
    (!is_bracketed && !rest.is_empty()).then_some(start..limit)
}

#[cfg(test)]
mod tests {
    use super::destination;

    #[test]
    fn a_destination_ends_at_a_space_or_at_a_bracket_of_its_link() {
        for (text, expected) in [
            ("a.md)", Some("a.md")),
            (" a(b(c)).md \"t\")", Some("a(b(c)).md")),
            ("a\\).md)", Some("a\\).md")),
            ("<a b).md>)", Some("a b).md")),
            ("<a\nb>)", None),
            ("<a b)", None),
            ("إيران.md", Some("إيران.md")),
            ("", None),
        ] {
            let found = destination(text, 0, text.len());
            assert_eq!(found.and_then(|it| text.get(it)), expected, "{text}");
        }
    }
}
