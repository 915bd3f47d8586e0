//! Tiny sites, each in one text file under `tests/sites/`: the files of the site, then
//! what a build says and makes. `UPDATE_EXPECT=1 cargo test` writes the expectations anew.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use mujaz::diag::{Checked, SourcePath};
use mujaz::load::{self, Sources};
use mujaz::model::Clock;
use mujaz::render::Memory;
use mujaz::{BuildInfo, cli::report};

const FILE: &str = "---------- ";
const EXPECTED: &str = "========== expected\n";

/// A build of the files of a site; only files that are no texts are put on the disk.
pub(crate) fn build(files: &[(String, Vec<u8>)]) -> (mujaz::Built, Memory, Sources) {
    let mut sources = Sources::default();
    let mut diagnostics = Vec::new();
    let folder = tempfile::tempdir().unwrap();
    for (at, (path, bytes)) in files.iter().enumerate() {
        let path = SourcePath::new(path);
        let Some(kind) = load::kind_of(&path) else {
            let disk = folder.path().join(at.to_string());
            fs::write(&disk, bytes).unwrap();
            Arc::make_mut(&mut sources.assets).push(load::Asset { path, disk });
            continue;
        };
        let file: Checked<_> = load::source_file(path, kind, bytes.clone());
        sources.files.extend(file.drain_into(&mut diagnostics));
    }
    sources.files.sort_by(|a, b| a.path.cmp(&b.path));
    Arc::make_mut(&mut sources.assets).sort_by(|a, b| a.path.cmp(&b.path));
    let now = "2026-01-01T00:00:00Z".parse().unwrap();
    let info = BuildInfo {
        clock: Clock { now, is_preview: false },
        stamp: None,
        base_url: None,
    };
    let memory = Memory::default();
    let mut built = mujaz::build(&sources, &info, &memory, &|_| {});
    built.diagnostics.extend(diagnostics);
    mujaz::diag::drop_echoes(&mut built.diagnostics);
    mujaz::diag::sort(&mut built.diagnostics);
    (built, memory, sources)
}

/// Splits a test file into the files of the site and the expectation.
fn split(text: &str) -> (Vec<(String, Vec<u8>)>, &str) {
    let (site, expected) = text.split_once(EXPECTED).unwrap_or((text, ""));
    let files = site
        .split(FILE)
        .skip(1)
        .map(|part| {
            let (path, content) = part.split_once('\n').unwrap_or((part, ""));
            // `\xNN` stands for a byte that is not UTF-8.
            let bytes = content.replace("\\xC7", "\u{1}").into_bytes();
            let bytes =
                bytes.into_iter().map(|it| if it == 1 { 0xC7 } else { it }).collect();
            (path.trim().to_owned(), bytes)
        })
        .collect();
    (files, expected)
}

/// What a build of these files says and makes.
fn outcome(files: &[(String, Vec<u8>)]) -> String {
    let (built, memory, sources) = build(files);
    let mut text = String::new();
    let text_of = |path: &SourcePath| sources.text(path).map(str::to_owned);
    for diagnostic in &built.diagnostics {
        let _ = writeln!(text, "{}\n", report::human(diagnostic, &text_of));
    }
    let files = memory.files.into_inner().unwrap();
    for (path, bytes) in &files {
        let is_theme = path.starts_with("assets/");
        let is_page_of_every_site =
            ["404.html", "corrections/index.html", "robots.txt", ".webmanifest"]
                .iter()
                .any(|it| path.ends_with(it));
        if is_theme || is_page_of_every_site {
            continue;
        }
        let _ = writeln!(text, "/{path}");
        if path == "graph.json" {
            let graph: serde_json::Value = serde_json::from_slice(bytes).unwrap();
            let _ = writeln!(text, "{graph:#}");
        } else if path == "feed.json" || path == "en/feed.json" {
            // The running text as feeds carry it does not depend on the theme.
            let feed: serde_json::Value = serde_json::from_slice(bytes).unwrap();
            for item in feed["items"].as_array().unwrap() {
                let _ = writeln!(text, "{}", item["content_html"].as_str().unwrap());
            }
        }
    }
    text
}

#[test]
fn golden_sites() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sites");
    let mut paths: Vec<_> =
        fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty());
    let mut failures = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        let (files, expected) = split(&text);
        let actual = outcome(&files);
        if actual == expected {
            continue;
        }
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            let site = text.split_once(EXPECTED).map_or(&*text, |it| it.0);
            fs::write(&path, format!("{}\n{EXPECTED}{actual}", site.trim_end())).unwrap();
        } else {
            failures.push(format!("{}\nnow:\n{actual}", path.display()));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// The place of every mistake, so that no golden file can hold a message without one.
#[test]
fn every_mistake_has_a_code_a_place_and_a_way_out() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sites");
    for entry in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        let (built, _, _) = build(&split(&text).0);
        for diagnostic in built.diagnostics {
            assert!(diagnostic.place.is_some(), "{diagnostic:?}");
            assert!(diagnostic.help.is_some(), "{diagnostic:?}");
            assert!(!diagnostic.message.ends_with('.'), "{diagnostic:?}");
        }
    }
}
