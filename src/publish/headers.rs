//! What a host tells browsers about a file: its type, and how long to keep it.

use std::borrow::Cow;

use crate::media_type::media_type;

/// Headers of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headers {
    /// `Content-Type`.
    pub content_type: Cow<'static, str>,
    /// `Cache-Control`.
    pub cache_control: &'static str,
}

/// For files whose name changes with their bytes.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// For everything else: a browser keeps it and asks whether it has changed.
const ASK: &str = "public, max-age=0, must-revalidate";

/// The headers of a file of the site.
pub fn headers(path: &str) -> Headers {
    let cache_control = if is_immutable(path) { FOR_EVER } else { ASK };
    Headers { content_type: media_type(path).into(), cache_control }
}

/// Whether the bytes of a file decide its name: under `assets/`, with a hash in its name.
pub fn is_immutable(path: &str) -> bool {
    let Some(rest) = path.strip_prefix("assets/") else { return false };
    let name = rest.rsplit('/').next().unwrap_or_default();
    let is_hash = |it: &str| {
        8 <= it.len() && it.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'))
    };
    name.split(['.', '-']).any(is_hash)
}

/// Whether a file is a page.
pub fn is_page(path: &str) -> bool {
    path.ends_with(".html")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn u9_types_name_their_letters_and_only_hashed_names_are_kept() {
        let all = [
            ("index.html", "text/html; charset=utf-8", ASK),
            ("topics/إيران/index.html", "text/html; charset=utf-8", ASK),
            ("feed.xml", "application/atom+xml; charset=utf-8", ASK),
            ("ar/feed.json", "application/feed+json; charset=utf-8", ASK),
            ("sitemap.xml", "application/xml; charset=utf-8", ASK),
            ("graph.json", "application/json; charset=utf-8", ASK),
            ("assets/site.0123456789abcdef.css", "text/css; charset=utf-8", FOR_EVER),
            ("assets/cards/a.01234567.png", "image/png", FOR_EVER),
            ("assets/plain.png", "image/png", ASK),
            ("photo.0123456789abcdef.png", "image/png", ASK),
            ("CNAME", "application/octet-stream", ASK),
        ];
        for (path, content_type, cache_control) in all {
            let content_type = Cow::Borrowed(content_type);
            assert_eq!(headers(path), Headers { content_type, cache_control }, "{path}");
        }
    }
}
