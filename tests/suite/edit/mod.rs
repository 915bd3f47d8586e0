//! `topic rename` and `topic merge`: small sites, the edit, and the exact files after it.

mod merge;
mod rename;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use mujaz::diag::{Severity, SourcePath};
use mujaz::edit::{self, Edits, Folder, Plan};
use mujaz::error::Error;
use tempfile::TempDir;

use crate::desk::sources;
use crate::golden::build;

type Files = BTreeMap<String, String>;

const CONFIG: &str = "title: موجز\nlanguages: [ar, en]\n";

/// A site of these files, with settings of its own.
fn site(files: &[(&str, &str)]) -> Files {
    let mut all: Files = files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect();
    all.entry("content/site.yaml".to_owned()).or_insert_with(|| CONFIG.to_owned());
    all
}

fn bytes(files: &Files) -> Vec<(String, Vec<u8>)> {
    files.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes())).collect()
}

type Edit = fn(&Folder<'_>, &str, &str) -> Result<Plan, Error>;

fn plan(files: &Files, edit: Edit, a: &str, b: &str) -> Result<Plan, Error> {
    let sources = sources(files);
    let raw = |path: &SourcePath| Ok(files[path.as_str()].clone());
    let now = "2026-01-01T00:00:00Z".parse().unwrap();
    edit(&Folder { sources: &sources, diagnostics: &[], raw: &raw, now }, a, b)
}

/// The files after an edit, and what was said about it.
#[track_caller]
fn edited(files: &Files, edit: Edit, a: &str, b: &str) -> (Files, Edits) {
    let edits = match plan(files, edit, a, b) {
        Ok(Plan::Ready(edits)) => edits,
        other => panic!("{other:#?}"),
    };
    let mut after = files.clone();
    for change in &edits.changes {
        assert_eq!(after.remove(change.from.as_str()).as_ref(), Some(&change.before));
    }
    for change in &edits.changes {
        if let Some(to) = &change.to {
            let old = after.insert(to.as_str().to_owned(), change.after.clone());
            assert_eq!(old, None, "{to} is not written over");
        }
    }
    let (built, _, _) = build(&bytes(&after));
    let errors = built.diagnostics.iter().filter(|it| it.severity == Severity::Error);
    assert_eq!(errors.count(), 0, "{:#?}", built.diagnostics);
    (after, edits)
}

/// A topic without a page, so that a merge leaves no address behind.
fn thin(title: &str) -> String {
    format!("title: {title}\nkind: theme\n")
}

#[track_caller]
fn refusal(result: Result<Plan, Error>) -> (Vec<&'static str>, &'static str) {
    match result {
        Ok(Plan::Refused { diagnostics, why, .. }) => {
            (diagnostics.iter().map(|it| it.code).collect(), why)
        }
        other => panic!("{other:#?}"),
    }
}

const HEAD: &str = "---\ntitle: ع\ndate: 2025-01-01\n";

#[test]
fn wrong_ids_are_refused_with_a_way_out() {
    let files = site(&[
        ("content/topics/iran.yaml", &thin("إيران")),
        ("content/topics/oman.yaml", &thin("عُمان")),
    ]);
    for (edit, a, b, part) in [
        (edit::rename as Edit, "irann", "x", "did you mean `iran`?"),
        (edit::rename, "zzzzzzzz", "x", "content/topics"),
        (edit::rename, "iran", "إيران", "readers see the title"),
        (edit::rename, "iran", "", "readers see the title"),
        (edit::rename, "iran", "Oman", "mujaz topic merge iran oman"),
        (edit::rename, "iran", "iran", "another id first"),
        (edit::merge, "iran", "omann", "did you mean `oman`?"),
        (edit::merge, "iran", "iran", "name two topics"),
    ] {
        let error = plan(&files, edit, a, b).unwrap_err();
        let help = error.help().unwrap();
        assert!(help.contains(part), "{a} {b}: {error} / {help}");
    }
}

#[test]
fn files_with_mistakes_are_not_edited() {
    let mut files = site(&[
        ("content/topics/old.yaml", &thin("قديم")),
        ("content/topics/b.yaml", &thin("ثان")),
        ("content/briefings/a.md", "---\ntitle: ع: x\ntopics: [old]\n---\n\nنص\n"),
    ]);
    for edit in [edit::rename as Edit, edit::merge] {
        let to = if edit as usize == edit::merge as Edit as usize { "b" } else { "new" };
        let (codes, why) = refusal(plan(&files, edit, "old", to));
        assert_eq!(codes, ["yaml-syntax"]);
        assert!(why.contains("mujaz check"), "{why}");
    }
    // A mistake elsewhere is none of this command's business.
    let text = "---\ntitle: ع: x\ntopics: [older]\n---\n\nنص\n";
    files.insert("content/briefings/a.md".to_owned(), text.to_owned());
    assert!(matches!(plan(&files, edit::rename, "old", "new"), Ok(Plan::Ready(_))));
}

fn mujaz(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_mujaz"))
        .args(args)
        .current_dir(dir)
        .output()
        .unwrap()
}

fn write(dir: &Path, files: &Files) {
    for (path, text) in files {
        let path = dir.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// The files of a folder.
fn on_disk(dir: &Path) -> Files {
    let mut found = Files::new();
    let mut waiting = vec![dir.to_owned()];
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(fs::read_dir(path).unwrap().map(|it| it.unwrap().path()));
        } else {
            let name = path.strip_prefix(dir).unwrap().display().to_string();
            found.insert(name.replace('\\', "/"), fs::read_to_string(path).unwrap());
        }
    }
    found
}

fn small_site() -> Files {
    site(&[
        ("content/topics/old.yaml", "title: قديم\nkind: theme\n"),
        ("content/topics/other.yaml", "title: آخر\nkind: theme\naliases: [س]\n"),
        ("content/briefings/a.md", &format!("{HEAD}topics: [old]\n---\n\n[[old]]\n")),
    ])
}

#[test]
fn a_dry_run_prints_a_diff_and_writes_nothing() {
    let dir = TempDir::new().unwrap();
    write(dir.path(), &small_site());
    let ran = mujaz(dir.path(), &["topic", "rename", "old", "new", "--dry-run"]);
    let said = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(ran.status.code(), Some(0), "{said}");
    assert_eq!(
        String::from_utf8(ran.stdout).unwrap(),
        "diff --git a/content/briefings/a.md b/content/briefings/a.md\n--- \
         a/content/briefings/a.md\n+++ b/content/briefings/a.md\n@@ -1,7 +1,7 @@\n ---\n \
         title: ع\n date: 2025-01-01\n-topics: [old]\n+topics: [new]\n ---\n \n-[[old]]\n\
         +[[new]]\ndiff --git a/content/topics/old.yaml b/content/topics/new.yaml\nrename \
         from content/topics/old.yaml\nrename to content/topics/new.yaml\n"
    );
    assert!(said.contains("nothing was written"), "{said}");
    assert_eq!(on_disk(dir.path()), small_site());
}

#[test]
fn the_command_edits_the_files_and_says_what_it_did() {
    let dir = TempDir::new().unwrap();
    write(dir.path(), &small_site());
    let ran = mujaz(dir.path(), &["topic", "rename", "old", "new"]);
    assert_eq!(ran.status.code(), Some(0));
    assert!(ran.stdout.is_empty());
    assert_eq!(
        String::from_utf8(ran.stderr).unwrap(),
        "renamed topic `old` to `new`: 1 file renamed, 2 references in 1 file\n"
    );
    let (expected, _) = edited(&small_site(), edit::rename, "old", "new");
    assert_eq!(on_disk(dir.path()), expected);
    let ran = mujaz(dir.path(), &["topic", "merge", "new", "other"]);
    let said = String::from_utf8(ran.stderr).unwrap();
    assert!(said.contains("1 file deleted, 2 references in 1 file"), "{said}");
    let (expected, _) = edited(&expected, edit::merge, "new", "other");
    assert_eq!(on_disk(dir.path()), expected);
}

#[test]
fn a_refused_edit_leaves_every_file_as_it_is() {
    let dir = TempDir::new().unwrap();
    let mut files = small_site();
    write(dir.path(), &files);
    for args in
        [["rename", "odl", "new"], ["rename", "old", "other"], ["merge", "old", "x"]]
    {
        let ran = mujaz(dir.path(), &["topic", args[0], args[1], args[2]]);
        assert_eq!(ran.status.code(), Some(2), "{args:?}");
        assert!(String::from_utf8(ran.stderr).unwrap().contains("help:"), "{args:?}");
    }
    // A name that is taken on the disk, by something that is no part of the site.
    let folder = dir.path().join("content/topics/new.yaml");
    fs::create_dir(&folder).unwrap();
    let ran = mujaz(dir.path(), &["topic", "rename", "old", "new"]);
    assert_eq!(ran.status.code(), Some(2));
    assert!(String::from_utf8(ran.stderr).unwrap().contains("no part of the site"));
    assert_eq!(on_disk(dir.path()), files);
    fs::remove_dir(&folder).unwrap();
    let broken = format!("{HEAD}topics: [old]\nkind: x\n---\n\nنص\n");
    files.insert("content/briefings/b.md".to_owned(), broken);
    write(dir.path(), &files);
    let ran = mujaz(dir.path(), &["topic", "rename", "old", "new"]);
    assert_eq!(ran.status.code(), Some(1));
    assert!(String::from_utf8(ran.stderr).unwrap().contains("error[wrong-value]"));
    assert_eq!(on_disk(dir.path()), files);
}
