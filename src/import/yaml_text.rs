//! `Value` -> YAML that our own reader reads back as the same value.
//!
//! A scalar stands without quotes only where no reader of YAML could take it for anything
//! else; everything else stands in double quotes, with escapes.

use crate::import::value::{Keys, Value};

/// Writes keys, one on each line.
pub(super) fn write(keys: &Keys) -> String {
    let mut text = String::new();
    entries(keys, 0, &mut text);
    text
}

fn entries(keys: &Keys, depth: usize, text: &mut String) {
    for (key, value) in keys {
        indent(depth, text);
        text.push_str(&scalar(key));
        text.push(':');
        block(value, depth, text);
    }
}

fn indent(depth: usize, text: &mut String) {
    text.extend(std::iter::repeat_n("  ", depth));
}

/// A value behind `key:` or `-`, with the end of its last line.
fn block(value: &Value, depth: usize, text: &mut String) {
    match value {
        Value::Null => text.push_str(" null\n"),
        Value::Text(it) => {
            text.push(' ');
            text.push_str(&scalar(it));
            text.push('\n');
        }
        Value::Bare(it) => {
            text.push(' ');
            text.push_str(&if is_bare(it) { it.clone() } else { scalar(it) });
            text.push('\n');
        }
        Value::List(items) if items.is_empty() => text.push_str(" []\n"),
        Value::Map(keys) if keys.is_empty() => text.push_str(" {}\n"),
        Value::List(items) => {
            if let Some(line) = one_line(items) {
                text.push_str(&line);
                return;
            }
            text.push('\n');
            for item in items {
                indent(depth + 1, text);
                text.push('-');
                block(item, depth + 1, text);
            }
        }
        Value::Map(keys) => {
            text.push('\n');
            entries(keys, depth + 1, text);
        }
    }
}

/// Longest list that stands on one line, in letters.
const LINE: usize = 76;

fn one_line(items: &[Value]) -> Option<String> {
    let written = items.iter().map(|it| match it {
        Value::Text(it) => Some(scalar(it)),
        Value::Bare(it) if is_bare(it) => Some(it.clone()),
        Value::Bare(it) => Some(scalar(it)),
        _ => None,
    });
    let written: Vec<String> = written.collect::<Option<_>>()?;
    let line = format!(" [{}]\n", written.join(", "));
    (line.chars().count() <= LINE).then_some(line)
}

/// Whether letters are a number, a switch or a date as programs write them.
fn is_bare(text: &str) -> bool {
    let is_sign = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'+' | b'.');
    let is_time = text.len() < 40
        && text.starts_with(|it: char| it.is_ascii_digit())
        && text.bytes().all(|it| is_sign(it) || it == b':')
        && !text.ends_with(':');
    let is_number = text.strip_prefix('-').is_some_and(|it| {
        !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit() || it == b'.')
    });
    is_time || is_number || matches!(text, "true" | "false")
}

/// A text as a YAML scalar.
pub(super) fn scalar(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => {}
            // Our own reader refuses them, and readers cannot see them.
            '\u{2028}' | '\u{2029}' | '\u{85}' => quoted.push(' '),
            '\u{FFFE}' | '\u{FFFF}' => {}
            it if it.is_control() => {}
            it => quoted.push(it),
        }
    }
    quoted.push('"');
    quoted
}

/// Whether a text is the same without quotes, for every reader of YAML.
fn is_plain(text: &str) -> bool {
    let is_letter = |it: char| it.is_alphanumeric() || matches!(it, '_' | '/');
    let begins = text.chars().next().is_some_and(char::is_alphabetic);
    let ends = text.chars().next_back().is_some_and(is_letter);
    let is_known = |it: char| {
        is_letter(it)
            || matches!(
                it,
                ' ' | '-' | '.' | '(' | ')' | '«' | '»' | '،' | '؛' | '؟' | '–'
            )
            || ('\u{64B}'..='\u{652}').contains(&it)
    };
    let word = text.to_ascii_lowercase();
    let is_word_of_yaml = matches!(
        word.as_str(),
        "null"
            | "true"
            | "false"
            | "yes"
            | "no"
            | "on"
            | "off"
            | "y"
            | "n"
            | "nan"
            | "inf"
    );
    begins && ends && !is_word_of_yaml && text.chars().all(is_known)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::write;
    use crate::import::value::{Notation, Value, read};

    /// The same value, whatever stood in quotes; what nobody can see is left out.
    fn shape(value: &Value) -> Value {
        match value {
            Value::Text(it) | Value::Bare(it) => Value::Text(it.clone()),
            Value::List(items) => Value::List(items.iter().map(shape).collect()),
            Value::Map(keys) => Value::Map(
                keys.iter().map(|(key, it)| (key.clone(), shape(it))).collect(),
            ),
            Value::Null => Value::Null,
        }
    }

    #[track_caller]
    fn check(value: Value) {
        let keys = vec![("key".to_owned(), value)];
        let text = write(&keys);
        let again =
            read(Notation::Yaml, &text).unwrap_or_else(|it| panic!("{it}\n{text}"));
        let (written, again) = (Value::Map(keys), Value::Map(again));
        assert_eq!(shape(&again), shape(&written), "{text}");
    }

    #[test]
    fn titles_that_yaml_would_misread_stay_what_they_are() {
        for title in [
            "المعاهدة: ما فيها",
            "تقرير #3",
            "no",
            "123",
            "1e3",
            "0123",
            "null",
            "~",
            "- بند",
            "\"اقتباس\"",
            "'x'",
            "[x]",
            "{x}",
            "& x",
            "* x",
            "! x",
            "% x",
            "@x",
            "`x`",
            "a\nb",
            "a\\n",
            " x ",
            "x ",
            "",
            "2025-03-09",
            "x: ",
            ": x",
            "؟",
            "100%",
            "a # b",
            "? x",
            "| x",
            "> x",
            "...",
            "---",
            "=",
            "<<",
        ] {
            check(Value::Text(title.to_owned()));
        }
    }

    fn values() -> impl Strategy<Value = Value> {
        let letters = "[ -~\n\tا-ي«»،؟א-ת“”…]{0,24}";
        let leaf = prop_oneof![
            letters.prop_map(Value::Text),
            "[0-9:.TZ+-]{1,12}|true|false".prop_map(Value::Bare),
            Just(Value::Null),
        ];
        leaf.prop_recursive(3, 24, 4, move |inner| {
            let key = "[ -~ا-ي]{1,12}";
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::List),
                proptest::collection::btree_map(key, inner, 0..4)
                    .prop_map(|it| Value::Map(it.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(value in values()) {
            check(value);
        }
    }
}
