//! One site built by several machines is the site that one machine builds.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::cli::tree_of_bytes;

const NOW: &str = "2026-01-01T00:00:00Z";

/// Runs a command on the demo site, in a folder of its own.
fn command(dir: &Path, args: &[&str]) -> Output {
    let demo = env!("CARGO_MANIFEST_DIR");
    Command::new(env!("CARGO_BIN_EXE_mujaz"))
        .args(args)
        .args(["--source", demo])
        .current_dir(dir)
        .env_remove("SOURCE_DATE_EPOCH")
        .output()
        .unwrap()
}

#[track_caller]
fn run(dir: &Path, args: &[&str]) {
    let output = command(dir, args);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{args:?}: {said}");
}

#[test]
fn parts_of_a_site_come_together_to_the_whole_byte_for_byte() {
    let dir = TempDir::new().unwrap();
    let dir = dir.path();
    run(dir, &["build", "--output", "whole", "--as-of", NOW]);
    run(dir, &["index", "--output", "site.index", "--as-of", NOW]);
    let parts = ["part-1", "part-2", "part-3"];
    for (at, part) in parts.iter().enumerate() {
        let shard = format!("{}/3", at + 1);
        run(
            dir,
            &["build", "--index", "site.index", "--shard", &shard, "--output", part],
        );
    }
    let whole = tree_of_bytes(&dir.join("whole"));
    let own = |part: &str| -> Vec<String> {
        let files = tree_of_bytes(&dir.join(part)).into_keys();
        files.filter(|it| it.ends_with("index.html")).collect()
    };
    // Each makes its share, and no page twice.
    let mut pages: Vec<String> = parts.iter().flat_map(|it| own(it)).collect();
    let n_pages = pages.len();
    pages.sort();
    pages.dedup();
    assert_eq!(pages.len(), n_pages);
    for part in parts {
        assert!(
            n_pages / 6 < own(part).len(),
            "{part}: {} of {n_pages}",
            own(part).len()
        );
    }
    let join = |parts: &[&str], output: &str| {
        let mut args = vec!["build", "--index", "site.index", "--output", output];
        args.extend(parts.iter().flat_map(|it| ["--join", it]));
        run(dir, &args);
        tree_of_bytes(&dir.join(output))
    };
    assert!(join(&parts, "joined") == whole, "the joined site is another one");
    // What is missing or damaged is made anew.
    assert!(join(&parts[..2], "without") == whole, "a part is missing");
    let page = dir.join("part-2").join(&own("part-2")[0]);
    fs::write(page, "cut").unwrap();
    assert!(join(&parts, "mended") == whole, "a page of a part is damaged");
}

#[test]
fn e2_an_index_for_a_moment_to_come_makes_no_public_site() {
    let dir = TempDir::new().unwrap();
    let dir = dir.path();
    run(dir, &["index", "--output", "site.index", "--as-of", "2090-01-01T00:00:00Z"]);
    run(dir, &["build", "--index", "site.index", "--output", "ahead"]);
    let manifest = fs::read_to_string(dir.join("ahead/.mujaz-output.json")).unwrap();
    assert!(manifest.contains("\"preview\": true"));
    run(dir, &["build", "--output", "public", "--as-of", NOW]);
    let before = tree_of_bytes(&dir.join("public"));
    let output = command(dir, &["build", "--index", "site.index", "--output", "public"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("not public yet"), "{said}");
    assert_eq!(tree_of_bytes(&dir.join("public")), before);
}

#[test]
fn what_is_no_part_or_no_index_is_told() {
    let dir = TempDir::new().unwrap();
    let dir = dir.path();
    run(dir, &["build", "--output", "whole", "--as-of", NOW]);
    fs::write(dir.join("other"), "an index of something else").unwrap();
    let refused = |args: &[&str], why: &str| {
        let output = command(dir, args);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
        assert!(said.contains(why), "{said}");
    };
    let part = ["build", "--shard", "1/2", "--output", "whole"];
    refused(&part, "this build is a part of one");
    refused(&["build", "--join", "whole", "--output", "a"], "it holds no part of a site");
    refused(&["build", "--index", "other", "--output", "a"], "it is damaged");
    refused(&["build", "--index", "none", "--output", "a"], "could not read");
    refused(&["build", "--shard", "9/3", "--output", "a"], "written like `2/8`");
    assert!(!dir.join("a").exists());
}
