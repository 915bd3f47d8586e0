//! What a host tells browsers about a file: its type, and how long to keep it.

/// Headers of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Headers {
    /// `Content-Type`.
    pub content_type: &'static str,
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
    Headers { content_type: content_type(path), cache_control }
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

fn content_type(path: &str) -> &'static str {
    let name = path.rsplit('/').next().unwrap_or_default();
    let suffix = name.rsplit_once('.').map_or("", |(_, suffix)| suffix);
    match suffix.to_ascii_lowercase().as_str() {
        "html" | "htm" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" | "map" => "application/json; charset=utf-8",
        "webmanifest" => "application/manifest+json; charset=utf-8",
        "atom" => "application/atom+xml; charset=utf-8",
        "xml" if name.starts_with("feed") || name.starts_with("atom") => {
            "application/atom+xml; charset=utf-8"
        }
        "xml" | "xsl" => "application/xml; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "md" => "text/markdown; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "bib" => "application/x-bibtex; charset=utf-8",
        "ris" => "application/x-research-info-systems; charset=utf-8",
        "svg" => "image/svg+xml; charset=utf-8",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "ttf" => "font/ttf",
        "otf" => "font/otf",
        "pdf" => "application/pdf",
        "epub" => "application/epub+zip",
        "zip" => "application/zip",
        "mp3" => "audio/mpeg",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        "docx" => {
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        }
        _ => "application/octet-stream",
    }
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
            ("sitemap.xml", "application/xml; charset=utf-8", ASK),
            ("graph.json", "application/json; charset=utf-8", ASK),
            ("assets/site.0123456789abcdef.css", "text/css; charset=utf-8", FOR_EVER),
            ("assets/cards/a.01234567.png", "image/png", FOR_EVER),
            ("assets/plain.png", "image/png", ASK),
            ("photo.0123456789abcdef.png", "image/png", ASK),
            ("CNAME", "application/octet-stream", ASK),
        ];
        for (path, content_type, cache_control) in all {
            assert_eq!(headers(path), Headers { content_type, cache_control }, "{path}");
        }
    }
}
