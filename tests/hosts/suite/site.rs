//! Sites to be served: one of each kind of page and address, and one that is large enough
//! for a build to be caught in the middle.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use mujaz::write::MANIFEST;

use crate::server::{mujaz, run};

/// Writes the files of a site into a folder.
pub(crate) fn write(folder: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// Arguments of a build.
pub(crate) fn build_arguments<'a>(source: &'a Path, output: &'a Path) -> [&'a str; 5] {
    let text = |it: &'a Path| it.to_str().unwrap();
    ["build", "--source", text(source), "--output", text(output)]
}

/// Builds a site.
pub(crate) fn build(source: &Path, output: &Path) {
    run(&mut mujaz(&build_arguments(source, output)));
}

const WORDS: [&str; 12] = [
    "قال",
    "وزير",
    "الخارجية",
    "إن",
    "المفاوضات",
    "بين",
    "البلدين",
    "تقترب",
    "من",
    "مرحلة",
    "جديدة",
    "وطهران",
];

/// A site of many briefings, each with the mark of its version: nearly all files of one
/// version have other bytes than those of another one.
pub(crate) fn write_version(folder: &Path, mark: &str, n_briefings: usize) {
    let settings = "title: موجز\ncards: false\n";
    write(folder, &[("content/site.yaml", settings)]);
    let topic =
        "title: {ar: إيران}\nkind: country\naliases: {ar: [طهران]}\nsummary: دولة.\n";
    write(folder, &[("content/topics/iran.yaml", topic)]);
    for at in 0..n_briefings {
        let mut text = format!(
            "---\ntitle: موجز رقم {at}\ndate: 2025-{:02}-{:02}\ntopics: [iran]\n---\n",
            at / 28 % 12 + 1,
            at % 28 + 1
        );
        for paragraph in 0..4 {
            let _ = write!(text, "العلامة {mark} ");
            for word in 0..40 {
                text.push_str(WORDS[(at + paragraph * 7 + word) % WORDS.len()]);
                text.push(' ');
            }
            text.push_str("\n\n");
        }
        let path = format!("content/briefings/b{at}.md");
        write(folder, &[(&path, &text)]);
    }
}

/// The files of an output as its manifest has them: hash and size by path.
pub(crate) type Files = BTreeMap<String, (String, u64)>;

/// Reads the manifest of an output.
pub(crate) fn manifest(output: &Path) -> Files {
    let bytes = fs::read(output.join(MANIFEST)).unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    let entry = |(path, it): (&String, &serde_json::Value)| {
        let hash = it["blake3"].as_str().unwrap().to_owned();
        (path.clone(), (hash, it["size"].as_u64().unwrap()))
    };
    manifest["files"].as_object().unwrap().iter().map(entry).collect()
}

/// All files that are in a folder, by their paths in it.
pub(crate) fn paths(folder: &Path) -> Vec<String> {
    let mut waiting = vec![folder.to_owned()];
    let mut found = Vec::new();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(fs::read_dir(path).unwrap().map(|it| it.unwrap().path()));
        } else {
            found.push(path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned());
        }
    }
    found.sort();
    found
}

/// Says how an output differs from what a manifest promises; nothing for a whole one.
pub(crate) fn damage(output: &Path, files: &Files) -> Option<String> {
    let mut there = paths(output);
    there.retain(|it| it != MANIFEST);
    if !there.iter().eq(files.keys()) {
        return Some(format!("{} files in place of {}", there.len(), files.len()));
    }
    let is_other = |(path, (hash, size)): &(&String, &(String, u64))| {
        let bytes = fs::read(output.join(path)).unwrap();
        bytes.len() as u64 != *size || blake3::hash(&bytes).to_hex().as_str() != hash
    };
    files.iter().find(is_other).map(|(path, _)| format!("{path} has other bytes"))
}

/// Folders beside an output that a build has left.
pub(crate) fn leftovers(output: &Path) -> Vec<PathBuf> {
    let name = output.file_name().unwrap().to_str().unwrap();
    let prefix = format!(".{name}.mujaz-");
    let entries = fs::read_dir(output.parent().unwrap()).unwrap();
    let paths = entries.map(|it| it.unwrap().path());
    let is_left = |it: &PathBuf| {
        it.is_dir() && it.file_name().unwrap().to_str().unwrap().starts_with(&prefix)
    };
    paths.filter(is_left).collect()
}

/// A percent-encoded path for a request.
pub(crate) fn encoded(path: &str) -> String {
    mujaz::text::slug::encode_path(path)
}
