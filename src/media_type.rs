//! Media types of files, the same under `serve`, on the hosts of `deploy` and in the settings
//! that `host` prints.

use crate::render::citation::{BIBTEX_TYPE, RIS_TYPE};

/// Media type of a file by its name, with the charset of what is text.
pub fn media_type(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    let suffix = name.rsplit_once('.').map_or("", |(_, it)| it);
    let own = match (name, suffix) {
        ("feed.xml", _) => Some("application/atom+xml"),
        ("feed.json", _) => Some("application/feed+json"),
        (_, "webmanifest") => Some("application/manifest+json"),
        (_, "bib") => Some(BIBTEX_TYPE),
        (_, "ris") => Some(RIS_TYPE),
        // RFC 9239 has made the others obsolete.
        (_, "js" | "mjs") => Some("text/javascript"),
        (_, "xml") => Some("application/xml"),
        (_, "m4a") => Some("audio/mp4"),
        // RFC 8081.
        (_, "woff") => Some("font/woff"),
        (_, "otf") => Some("font/otf"),
        _ => None,
    };
    let kind = match own {
        Some(kind) => kind.to_owned(),
        None => mime_guess::from_path(name).first_or_octet_stream().to_string(),
    };
    let is_text = kind.starts_with("text/")
        || [BIBTEX_TYPE, RIS_TYPE].contains(&kind.as_str())
        || kind.ends_with("xml")
        || kind.ends_with("json");
    if is_text && !kind.contains("charset") {
        format!("{kind}; charset=utf-8")
    } else {
        kind
    }
}

#[cfg(test)]
mod tests {
    use super::media_type;

    #[test]
    fn files_have_the_type_that_browsers_want() {
        for (path, kind) in [
            ("index.html", "text/html; charset=utf-8"),
            ("assets/site.1.css", "text/css; charset=utf-8"),
            ("assets/a.js", "text/javascript; charset=utf-8"),
            ("a.mjs", "text/javascript; charset=utf-8"),
            ("img/a.svg", "image/svg+xml; charset=utf-8"),
            ("a.json", "application/json; charset=utf-8"),
            ("en/feed.json", "application/feed+json; charset=utf-8"),
            ("feed.xml", "application/atom+xml; charset=utf-8"),
            ("sitemap.xml", "application/xml; charset=utf-8"),
            ("manifest.webmanifest", "application/manifest+json; charset=utf-8"),
            ("a.ris", "application/x-research-info-systems; charset=utf-8"),
            ("a.bib", "application/x-bibtex; charset=utf-8"),
            ("robots.txt", "text/plain; charset=utf-8"),
            ("a.woff2", "font/woff2"),
            ("a.woff", "font/woff"),
            ("a.otf", "font/otf"),
            ("a.png", "image/png"),
            ("a.webp", "image/webp"),
            ("a.avif", "image/avif"),
            ("favicon.ico", "image/x-icon"),
            ("a.mp4", "video/mp4"),
            ("a.mp3", "audio/mpeg"),
            ("a.m4a", "audio/mp4"),
            ("a.webm", "video/webm"),
            ("a.pdf", "application/pdf"),
            ("a.csv", "text/csv; charset=utf-8"),
            (".nojekyll", "application/octet-stream"),
            (
                "a.xlsx",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ),
        ] {
            assert_eq!(media_type(path), kind, "{path}");
        }
    }
}
