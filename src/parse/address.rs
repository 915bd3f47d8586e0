//! Addresses of links written by hand -> `Target`. Whether a target exists is decided in
//! `link::references`.

use crate::parse::document::Target;
use crate::text::slug::decoded;

/// Reads what stands between `[[` and `]]`, before a `|`.
pub fn wiki_target(to: &str) -> Target {
    // In a table a `|` needs a backslash, which is no part of the name before it.
    let to = to.strip_suffix('\\').unwrap_or(to);
    match target(to) {
        found @ (Target::Topic(_)
        | Target::Briefing(_)
        | Target::Author(_)
        | Target::Series(_)
        | Target::Page(_)) => found,
        _ => Target::Name(to.trim().into()),
    }
}

/// Reads the address of a link written by hand. Anything but the forms that we know is
/// refused (rows M1, M9): a list of what is dangerous would never be complete.
pub fn target(to: &str) -> Target {
    let to = to.trim();
    if to.contains(|it: char| it.is_control() || it.is_whitespace() || it == '\\')
        || decoded(to).contains(char::is_control)
    {
        return Target::Refused;
    }
    if let Some(fragment) = to.strip_prefix('#') {
        return Target::Fragment(decoded(fragment).into());
    }
    if to.starts_with("//") || to.is_empty() {
        return Target::Refused;
    }
    if to.starts_with('/') {
        return Target::Path(to.into());
    }
    let scheme_end =
        to.find(|it: char| !(it.is_ascii_alphanumeric() || "+-.".contains(it)));
    if let Some(end) = scheme_end
        && let (Some(scheme), Some(rest)) = (to.get(..end), to.get(end..))
        && let Some(rest) = rest.strip_prefix(':')
    {
        return match scheme.to_ascii_lowercase().as_str() {
            "topic" => Target::Topic(rest.into()),
            "briefing" => Target::Briefing(rest.into()),
            "author" => Target::Author(rest.into()),
            "series" => Target::Series(rest.into()),
            "page" => Target::Page(rest.into()),
            "http" | "https" if rest.starts_with("//") && 2 < rest.len() => {
                Target::External(to.into())
            }
            "mailto" | "tel" if !rest.is_empty() => Target::External(to.into()),
            _ => Target::Refused,
        };
    }
    let (file, fragment) = match to.split_once('#') {
        Some((file, fragment)) => (file, Some(decoded(fragment).into())),
        None => (to, None),
    };
    let file: Box<str> = decoded(file).into();
    let suffix = file.rsplit_once('.').map_or("", |(_, it)| it);
    match suffix {
        "md" | "txt" | "yaml" => Target::File(file, fragment),
        _ => Target::Asset(file),
    }
}
