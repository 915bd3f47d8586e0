//! What an open page depends on, and the script that asks about it.
//!
//! Most files of a page have a hash in their name, so that a page whose picture has changed
//! is another page. Files at an address of their own are hashed along. Style sheets are
//! told apart, because a browser can change them without loading the page again.

use std::collections::BTreeSet;

use serde_json::json;

use crate::media_type::media_type;
use crate::serve::snapshot::{Entry, Found, Snapshot};

/// Path of everything that is the server's and not the site's.
pub(super) const RESERVED: &str = "/.mujaz/";

/// What a page shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Version {
    /// A hash of the page and of what it uses, but for style sheets.
    pub(super) page: String,
    /// Addresses of its style sheets, each with a hash as its query.
    pub(super) styles: Vec<String>,
}

impl Version {
    /// The message to an open page.
    pub(super) fn message(&self, problems: Option<&str>, moved: Option<&str>) -> String {
        let Self { page, styles } = self;
        json!({ "page": page, "styles": styles, "problems": problems, "moved": moved })
            .to_string()
    }
}

impl Snapshot {
    /// What stands at an address, or of the page that says that nothing does.
    pub(super) fn version(&self, address: &str) -> Version {
        match self.find(address) {
            Found::File(_, Entry::Bytes(bytes))
            | Found::Nothing(Some(Entry::Bytes(bytes))) => self.version_of(&bytes),
            _ => Version::default(),
        }
    }

    /// What a page of these bytes depends on.
    pub(super) fn version_of(&self, html: &[u8]) -> Version {
        let html = String::from_utf8_lossy(html);
        let mut hasher = blake3::Hasher::new();
        let mut styles = Vec::new();
        let mut rest = &*html;
        let mut seen = BTreeSet::new();
        for address in addresses(&html) {
            let Some((path, entry)) = self.asset(address) else { continue };
            if path.ends_with(".css") {
                // Everything but the address counts as the page.
                if let Some((before, after)) = rest.split_once(address) {
                    hasher.update(before.as_bytes());
                    rest = after;
                }
                let mut css = blake3::Hasher::new();
                self.add_file(&mut css, path, entry);
                let style = format!("{address}?{}", short(&css));
                if !styles.contains(&style) {
                    styles.push(style);
                }
            } else if is_shown(path) && seen.insert(path) {
                self.add_file(&mut hasher, path, entry);
            }
        }
        hasher.update(rest.as_bytes());
        Version { page: short(&hasher), styles }
    }

    fn add_file(&self, hasher: &mut blake3::Hasher, path: &str, entry: &Entry) {
        hasher.update(path.as_bytes());
        match entry {
            Entry::Disk { stamp, .. } => _ = hasher.update(stamp.as_bytes()),
            Entry::Bytes(bytes) => _ = hasher.update(blake3::hash(bytes).as_bytes()),
            // The name holds a hash.
            Entry::Later(_) => {}
        }
        if path.ends_with(".css")
            && let Entry::Bytes(bytes) = entry
        {
            for address in addresses(&String::from_utf8_lossy(bytes)) {
                if let Some((path, entry)) = self.asset(address)
                    && is_shown(path)
                {
                    self.add_file(hasher, path, entry);
                }
            }
        }
    }
}

/// Whether a page that names a file shows it, and does not only lead to it.
fn is_shown(path: &str) -> bool {
    let kind = media_type(path);
    let shown = ["image/", "audio/", "video/", "font/", "text/javascript"];
    shown.iter().any(|it| kind.starts_with(it))
}

/// Words of a page or a style sheet that look like the address of a file on this host.
fn addresses(text: &str) -> impl Iterator<Item = &str> {
    let ends = |it: char| it.is_whitespace() || "\"'()<>,=;".contains(it);
    text.split(ends).filter(|it| it.len() > 1 && it.starts_with('/'))
}

fn short(hasher: &blake3::Hasher) -> String {
    hasher.finalize().to_hex().chars().take(16).collect()
}

/// A page with the script that reloads it.
pub(super) fn with_script(html: &[u8], version: &Version) -> Vec<u8> {
    let Version { page, styles } = version;
    let styles = styles.join(" ").replace('&', "&amp;").replace('"', "&quot;");
    let script = format!(
        "<script src=\"{RESERVED}reload.js\" data-page=\"{page}\" data-styles=\"{styles}\">\
         </script>"
    );
    let end = b"</body>";
    let at = html.windows(end.len()).rposition(|it| it == end).unwrap_or(html.len());
    let (before, after) = html.split_at(at);
    [before, script.as_bytes(), after].concat()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::with_script;
    use crate::render::Sink;
    use crate::serve::snapshot::{Shelf, Snapshot};

    fn site(files: &[(&str, &str)]) -> Arc<Snapshot> {
        let shelf = Shelf::default();
        for (path, text) in files {
            shelf.put(path, text.as_bytes().to_vec());
        }
        Arc::new(Snapshot::of_files(shelf, "/"))
    }

    const PAGE: &str = "<link rel=stylesheet href=\"/a.css\"><img src=/p.svg><a href=\"/b/\">b</a>\
         <link rel=alternate href=/feed.xml>";

    #[track_caller]
    fn check(changed: (&str, &str), is_page: bool, is_style: bool) {
        let mut files = vec![
            ("index.html", PAGE),
            ("b/index.html", "b"),
            ("a.css", "x{background:url(/c.png)}"),
            ("c.png", "c"),
            ("p.svg", "p"),
            ("other.txt", "o"),
            ("feed.xml", "f"),
        ];
        let old = site(&files).version("/");
        assert_eq!(old.styles.len(), 1);
        files.retain(|it| it.0 != changed.0);
        files.push(changed);
        let new = site(&files).version("/");
        assert_eq!(new.page != old.page, is_page, "{changed:?}");
        assert_eq!(new.styles != old.styles, is_style, "{changed:?}");
    }

    #[test]
    fn a_page_is_new_when_something_that_it_shows_is_new() {
        check(("other.txt", "x"), false, false);
        check(("feed.xml", "x"), false, false);
        check(("b/index.html", "x"), false, false);
        check(("index.html", &format!("{PAGE}x")), true, false);
        check(("p.svg", "x"), true, false);
        check(("a.css", "x"), false, true);
        check(("c.png", "x"), false, true);
    }

    #[test]
    fn the_script_stands_at_the_end_of_the_body() {
        let version = site(&[("index.html", PAGE)]).version("/");
        let html = with_script(b"<p>&lt;/body></p></body></html>", &version);
        let html = String::from_utf8(html).unwrap();
        assert!(html.ends_with("></script></body></html>"), "{html}");
        assert_eq!(html.matches("<script").count(), 1);
        let bare = String::from_utf8(with_script(b"<p>x", &version)).unwrap();
        assert!(bare.starts_with("<p>x<script"), "{bare}");
    }
}
