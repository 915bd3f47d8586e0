//! How the files of this folder are read, for the tests with and without a browser.

use std::path::Path;

/// The rows of a file, without comments, each cut at ` | `.
pub(crate) fn rows(folder: &Path, name: &str) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(folder.join(name)).unwrap();
    let lines = text.lines().filter(|it| !it.is_empty() && !it.starts_with('#'));
    lines.map(|it| it.split(" | ").map(|it| decoded(it.trim())).collect()).collect()
}

/// Puts characters in the place of `{ZWNJ}` and `\u{…}`.
fn decoded(text: &str) -> String {
    let text = text.replace("{ZWNJ}", "\u{200C}");
    let mut parts = text.split("\\u{");
    let mut decoded = parts.next().unwrap().to_owned();
    for part in parts {
        let (number, rest) = part.split_once('}').unwrap();
        decoded.push(char::from_u32(u32::from_str_radix(number, 16).unwrap()).unwrap());
        decoded.push_str(rest);
    }
    decoded
}
