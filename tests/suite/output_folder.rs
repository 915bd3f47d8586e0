//! What the output folder keeps from one build to the next.

use std::cell::Cell;
use std::fs;
use std::path::Path;
use std::process::Command;

use mujaz::render::Sink;
use mujaz::write::stage;

/// Builds a site of one slow file, and gives how often it was made.
fn build(output: &Path, source: &Path, bytes: &[u8]) -> u32 {
    let n_made = Cell::new(0);
    let staging = stage(output, source).unwrap();
    staging.make("assets/card.0123.png", &|| {
        n_made.set(n_made.get() + 1);
        bytes.to_vec()
    });
    staging.publish(false).unwrap();
    n_made.get()
}

#[test]
fn what_its_path_describes_is_made_once_and_again_when_somebody_changed_it() {
    let folder = tempfile::tempdir().unwrap();
    let (output, source) = (folder.path().join("public"), folder.path().join("site"));
    fs::create_dir(&source).unwrap();
    let file = output.join("assets/card.0123.png");
    assert_eq!(build(&output, &source, b"card"), 1);
    assert_eq!(build(&output, &source, b"card"), 0);
    assert_eq!(fs::read(&file).unwrap(), b"card");
    fs::write(&file, b"cara").unwrap();
    assert_eq!(build(&output, &source, b"card"), 1);
    assert_eq!(fs::read(&file).unwrap(), b"card");
}

#[cfg(target_os = "linux")]
#[test]
fn what_a_killed_build_has_left_goes_though_nobody_has_asked_about_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("site");
    fs::create_dir(&source).unwrap();
    let mut killed = Command::new("sleep").arg("99").spawn().unwrap();
    let at_work = folder.path().join(format!(".public.mujaz-{}", killed.id()));
    fs::create_dir(&at_work).unwrap();
    build(&folder.path().join("public"), &source, b"card");
    assert!(at_work.exists(), "the build is still at work");
    killed.kill().unwrap();
    let stat = format!("/proc/{}/stat", killed.id());
    while !fs::read_to_string(&stat).unwrap().contains(") Z ") {
        std::thread::yield_now();
    }
    build(&folder.path().join("public"), &source, b"card");
    assert!(!at_work.exists());
    killed.wait().unwrap();
}

#[test]
fn a_manifest_that_names_files_outside_the_folder_deletes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (output, source) = (folder.path().join("public"), folder.path().join("site"));
    fs::create_dir(&source).unwrap();
    build(&output, &source, b"card");
    let (near, far) = (folder.path().join("near.md"), folder.path().join("far.md"));
    fs::write(&near, "near").unwrap();
    fs::write(&far, "far").unwrap();
    let entry = "{\"blake3\": \"\", \"size\": 1}";
    let manifest =
        format!("{{\"files\": {{\"../near.md\": {entry}, {far:?}: {entry}}}}}");
    fs::write(output.join(mujaz::write::MANIFEST), manifest).unwrap();
    build(&output, &source, b"other");
    assert!(near.exists() && far.exists());
}
