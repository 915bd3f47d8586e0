//! What is fuzzed of the import; apart from the other bodies because it is a feature.

use std::path::Path;

use mujaz::import::{Input, Origin, Request, import};
use mujaz::load::Sources;

/// The beginnings of inputs, and as what the rest is imported: a file of this name alone, or
/// in the folder of a site of another program.
const KINDS: [(&str, bool); 8] = [
    ("draft.txt", false),
    ("draft.md", false),
    ("draft.html", false),
    ("draft.docx", false),
    ("export.xml", false),
    ("content/posts/a.md", true),
    ("_posts/2025-01-02-a.md", true),
    ("hugo.toml", true),
];

/// Any bytes in place of a draft: they become files of ours inside `content/` and `static/`,
/// or a note that says why not.
pub(crate) fn importer(data: &[u8]) {
    let Some((kind, bytes)) = data.split_first() else { return };
    let (name, is_folder) = KINDS[usize::from(*kind) % KINDS.len()];
    let input = Input { path: name.to_owned(), bytes: bytes.to_vec() };
    let origin = if is_folder {
        let settings = Input {
            path: "config.toml".to_owned(),
            bytes: b"baseURL = \"https://old.example.org/\"\n".to_vec(),
        };
        Origin::Folder { name: "old".to_owned(), files: vec![settings, input] }
    } else {
        Origin::File(input)
    };
    let draft = import(Request {
        origins: vec![origin],
        root: Path::new("."),
        sources: &Sources::default(),
        diagnostics: &[],
        into: "briefings",
        lang: None,
        now: jiff::Timestamp::UNIX_EPOCH,
    });
    let is_told = is_folder || !draft.files.is_empty() || !draft.notes.is_empty();
    assert!(is_told, "a draft went without a word");
    for path in draft.files.keys() {
        let is_ours = path.starts_with("content/") || path.starts_with("static/");
        assert!(is_ours && !path.split('/').any(|it| it == ".."), "{path:?}");
    }
}
