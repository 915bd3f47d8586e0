//! The fields that the templates of a site ask for, so that a wrong name is an error
//! wherever it stands.

use std::collections::BTreeMap;

use crate::diag::{Place, Span};
use crate::load::{FileKind, Sources};

/// What a template of the site asks for: `view.title`, with its place in the file.
#[derive(Debug)]
pub struct Asked {
    /// `view`, `page` or `site`.
    pub of: &'static str,
    /// The field.
    pub field: String,
    /// Where it is asked for.
    pub place: Place,
}

/// What the templates of a site ask of the page, by template. Tera takes a field that does
/// not exist for false in an `if`; a wrong name must not hide a part of a page.
pub fn asked(files: &Sources) -> BTreeMap<String, Vec<Asked>> {
    let mut result = BTreeMap::new();
    for file in files.of_kind(FileKind::Template) {
        let path = file.path.as_str();
        let name = path.strip_prefix("templates/").unwrap_or(path);
        let mut list = Vec::new();
        for of in ["view", "page", "site"] {
            // Only the template of a page knows which view it has.
            if of == "view" && !name.starts_with("pages/") {
                continue;
            }
            let dotted = format!("{of}.");
            for (at, _) in file.text.match_indices(&dotted) {
                let (before, rest) = file.text.split_at(at + dotted.len());
                let word = before.strip_suffix(&dotted).unwrap_or_default();
                let is_whole = !word.ends_with(|it: char| {
                    it.is_alphanumeric() || matches!(it, '_' | '.' | '-' | '/')
                });
                let is_code = word.rfind("{{").max(word.rfind("{%"))
                    > word.rfind("}}").max(word.rfind("%}")).max(word.rfind("{#"));
                let is_field = |it: char| it.is_ascii_alphanumeric() || it == '_';
                let end = rest.find(|it| !is_field(it)).unwrap_or(rest.len());
                let field = rest.get(..end).unwrap_or_default().to_owned();
                if is_whole && is_code && !field.is_empty() {
                    let span = Span::new(at, at + dotted.len() + end);
                    let place = Place { path: file.path.clone(), span };
                    list.push(Asked { of, field, place });
                }
            }
        }
        if !list.is_empty() {
            result.insert(name.to_owned(), list);
        }
    }
    result
}
