//! The seeds of fuzzing and every input that it has found to fail, through the functions
//! that are fuzzed (measure R10). docs/RELIABILITY.md says how to fuzz.

use std::fs;
use std::path::Path;

use crate::bodies;

/// Runs a target on every file of its folder of seeds.
fn replay(target: &str, body: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
    let mut paths: Vec<_> =
        fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    paths.sort();
    assert!(8 <= paths.len(), "{target} has {} seeds", paths.len());
    for path in paths {
        let name = path.display();
        let bytes = fs::read(&path).unwrap();
        let run = std::panic::catch_unwind(|| body(&bytes));
        assert!(run.is_ok(), "{target} fails on {name}");
    }
}

#[test]
fn r10_seeds_of_front_matter() {
    replay("front_matter", bodies::front_matter);
}

#[test]
fn r10_seeds_of_markdown() {
    replay("markdown", bodies::markdown);
}

#[cfg(feature = "import")]
#[test]
fn r10_seeds_of_importer() {
    replay("importer", crate::import_body::importer);
}

#[test]
fn r10_seeds_of_links() {
    replay("links", bodies::links);
}
