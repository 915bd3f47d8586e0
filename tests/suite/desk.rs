//! A site folder on the disk, and the real program run in it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use mujaz::diag::SourcePath;
use mujaz::load::{self, Sources};
use tempfile::TempDir;

/// Paths in a site folder and what the files hold.
pub(crate) type Files = Vec<(String, Vec<u8>)>;

/// All files of an output folder, by path.
pub(crate) type Tree = BTreeMap<String, Vec<u8>>;

/// A file with a text.
pub(crate) fn file(path: &str, text: &str) -> (String, Vec<u8>) {
    (path.to_owned(), text.as_bytes().to_vec())
}

/// Puts files into a folder.
pub(crate) fn put(dir: &Path, files: &Files) {
    for (path, bytes) in files {
        let path = dir.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// A new site folder.
pub(crate) fn desk(files: &Files) -> TempDir {
    let dir = TempDir::new().unwrap();
    put(dir.path(), files);
    dir
}

/// Runs the program in a folder.
pub(crate) fn mujaz(dir: &Path, args: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_mujaz"));
    program.args(args).current_dir(dir).env_remove("SOURCE_DATE_EPOCH");
    program.output().unwrap()
}

/// What the program said to people.
pub(crate) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Builds a site that has no errors, and gives what was written.
#[track_caller]
pub(crate) fn built(dir: &Path, args: &[&str]) -> Tree {
    let output = mujaz(dir, &[&["build"], args].concat());
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let public = dir.join("public");
    if public.exists() { tree(&public) } else { Tree::new() }
}

/// The sources of a site, by path.
pub(crate) fn sources(files: &BTreeMap<String, String>) -> Sources {
    let mut sources = Sources::default();
    for (path, text) in files {
        let path = SourcePath::new(path);
        let kind = load::kind_of(&path).unwrap();
        let file = load::source_file(path, kind, text.clone().into_bytes());
        sources.files.extend(file.value);
    }
    sources
}

/// All files below a folder.
pub(crate) fn tree(dir: &Path) -> Tree {
    let mut tree = Tree::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(dir).unwrap().to_string_lossy().into_owned();
                tree.insert(name, fs::read(path).unwrap());
            }
        }
    }
    tree
}

/// Files that differ between two trees, or stand in one of them alone.
pub(crate) fn differing<'a>(a: &'a Tree, b: &'a Tree) -> Vec<&'a str> {
    let all = a.keys().chain(b.keys().filter(|it| !a.contains_key(*it)));
    all.filter(|it| a.get(*it) != b.get(*it)).map(String::as_str).collect()
}

/// Files of a tree whose name or bytes hold a word, also percent-encoded or with its letters
/// written as JSON writes them.
pub(crate) fn holding<'a>(tree: &'a Tree, word: &str) -> Vec<&'a str> {
    let encoded = mujaz::text::slug::encode_path(word);
    let escaped: Vec<String> =
        word.encode_utf16().map(|it| format!("\\u{it:04x}")).collect();
    let forms = [word.to_owned(), encoded, escaped.concat()];
    let holds = |bytes: &[u8]| {
        forms.iter().any(|form| {
            bytes.windows(form.len()).any(|it| it.eq_ignore_ascii_case(form.as_bytes()))
        })
    };
    let found =
        tree.iter().filter(|(path, bytes)| holds(path.as_bytes()) || holds(bytes));
    found.map(|(path, _)| path.as_str()).collect()
}
