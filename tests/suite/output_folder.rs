//! What the output folder keeps from one build to the next.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use mujaz::render::Sink;
use mujaz::write::manifest::About;
use mujaz::write::{Purpose, stage};

/// Builds a site of one slow file, and gives how often it was made.
fn build(output: &Path, source: &Path, bytes: &[u8]) -> u32 {
    let n_made = Cell::new(0);
    let staging = stage(output, source, Purpose::Public, &mut || {}).unwrap();
    staging.make("assets/card.0123.png", &|| {
        n_made.set(n_made.get() + 1);
        bytes.to_vec()
    });
    staging.publish(About::default(), BTreeMap::new()).unwrap();
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

#[test]
fn what_a_killed_build_has_left_goes_with_the_next_one_that_nobody_else_is_part_of() {
    let folder = tempfile::tempdir().unwrap();
    let (output, source) = (folder.path().join("public"), folder.path().join("site"));
    fs::create_dir(&source).unwrap();
    let killed = folder.path().join(".public.mujaz-4000000");
    let other = folder.path().join(".public.mujaz-notes");
    fs::create_dir(&killed).unwrap();
    fs::create_dir(&other).unwrap();
    let at_work = stage(&output, &source, Purpose::Public, &mut || {}).unwrap();
    assert!(!killed.exists());
    assert!(other.exists(), "its name is not one of ours");
    // The next one waits, and touches nothing of what is being gathered.
    at_work.put("index.html", b"first".to_vec());
    let (sender, waits) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        let next = scope.spawn(|| {
            let mut wait = || sender.send(()).unwrap();
            let next = stage(&output, &source, Purpose::Public, &mut wait).unwrap();
            next.put("index.html", b"second".to_vec());
            next.publish(About::default(), BTreeMap::new()).unwrap();
        });
        waits.recv().unwrap();
        at_work.publish(About::default(), BTreeMap::new()).unwrap();
        next.join().unwrap();
    });
    assert_eq!(fs::read(output.join("index.html")).unwrap(), b"second");
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
    let files =
        format!("\"../near.md\": {entry}, {far:?}: {entry}, \"own.txt\": {entry}");
    let manifest = format!(
        "{{\"about\": \"\", \"files\": {{{files}}}, \"preview\": false, \"version\": 2}}"
    );
    fs::write(output.join(mujaz::write::MANIFEST), manifest).unwrap();
    fs::write(output.join("own.txt"), "an earlier build has made it").unwrap();
    build(&output, &source, b"other");
    assert!(near.exists() && far.exists());
    // The manifest was read: what it names in the folder is gone.
    assert!(!output.join("own.txt").exists());
}

#[test]
fn r1_no_path_leaves_the_folder_whoever_has_made_it() {
    let folder = tempfile::tempdir().unwrap();
    let (output, source) = (folder.path().join("public"), folder.path().join("site"));
    fs::create_dir(&source).unwrap();
    let victim = folder.path().join("victim.txt");
    fs::write(&victim, "theirs").unwrap();
    for path in ["../victim.txt", victim.to_str().unwrap(), "a/../../victim.txt"] {
        let staging = stage(&output, &source, Purpose::Public, &mut || {}).unwrap();
        staging.put("index.html", b"home".to_vec());
        staging.put(path, b"ours".to_vec());
        let error = staging.publish(About::default(), BTreeMap::new()).unwrap_err();
        assert!(error.to_string().contains("outside of the site"), "{error}");
        assert!(!output.exists());
        assert_eq!(fs::read(&victim).unwrap(), b"theirs");
    }
}

#[cfg(unix)]
#[test]
fn files_of_others_are_kept_whatever_they_are_called_unless_they_are_in_the_way() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().unwrap();
    let (output, source) = (folder.path().join("public"), folder.path().join("site"));
    fs::create_dir(&source).unwrap();
    build(&output, &source, b"card");
    fs::create_dir(output.join(OsStr::from_bytes(b"caf\xe9"))).unwrap();
    let odd = [
        OsStr::from_bytes(b"caf\xe9.txt"),
        OsStr::new("a\\b.txt"),
        // A name of ours, in a folder that is none.
        OsStr::from_bytes(b"caf\xe9/index.html"),
    ];
    for name in odd {
        fs::write(output.join(name), "theirs").unwrap();
    }
    let staging = stage(&output, &source, Purpose::Public, &mut || {}).unwrap();
    staging.put("index.html", b"home".to_vec());
    staging.publish(About::default(), BTreeMap::new()).unwrap();
    for name in odd {
        assert_eq!(fs::read(output.join(name)).unwrap(), b"theirs", "{name:?}");
    }
    let elsewhere = folder.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, output.join("briefings")).unwrap();
    let staging = stage(&output, &source, Purpose::Public, &mut || {}).unwrap();
    staging.put("briefings/a/index.html", b"a".to_vec());
    let error = staging.publish(About::default(), BTreeMap::new()).unwrap_err();
    assert!(error.to_string().contains("somebody else"), "{error}");
    assert!(error.help().unwrap().contains("move it"));
    assert_eq!(fs::read(output.join("index.html")).unwrap(), b"home");
    // A folder of theirs, where the site needs a file.
    fs::remove_file(output.join("briefings")).unwrap();
    fs::create_dir(output.join("feed.xml")).unwrap();
    fs::write(output.join("feed.xml/theirs"), "theirs").unwrap();
    let staging = stage(&output, &source, Purpose::Public, &mut || {}).unwrap();
    staging.put("feed.xml", b"feed".to_vec());
    let error = staging.publish(About::default(), BTreeMap::new()).unwrap_err();
    assert!(error.to_string().contains("somebody else"), "{error}");
    assert_eq!(fs::read(output.join("feed.xml/theirs")).unwrap(), b"theirs");
}

#[cfg(unix)]
#[test]
fn a_link_to_the_same_bytes_is_not_what_a_build_has_left() {
    let folder = tempfile::tempdir().unwrap();
    let (output, source) = (folder.path().join("public"), folder.path().join("site"));
    fs::create_dir(&source).unwrap();
    let theirs = folder.path().join("theirs");
    fs::write(&theirs, "card").unwrap();
    let put = || {
        let staging = stage(&output, &source, Purpose::Public, &mut || {}).unwrap();
        staging.put("index.html", b"card".to_vec());
        staging.make("assets/card.png", &|| b"card".to_vec());
        staging.publish(About::default(), BTreeMap::new()).unwrap().n_changed
    };
    put();
    for path in ["index.html", "assets/card.png"] {
        let file = output.join(path);
        fs::remove_file(&file).unwrap();
        std::os::unix::fs::symlink(&theirs, &file).unwrap();
        assert_eq!(put(), 1, "{path}");
        assert!(file.symlink_metadata().unwrap().is_file(), "{path}");
    }
    assert_eq!(put(), 0);
    assert_eq!(fs::read(&theirs).unwrap(), b"card");
}

#[cfg(unix)]
#[test]
fn what_never_ends_is_no_manifest() {
    let folder = tempfile::tempdir().unwrap();
    let (output, source) = (folder.path().join("public"), folder.path().join("site"));
    fs::create_dir(&source).unwrap();
    build(&output, &source, b"card");
    let manifest = output.join(mujaz::write::MANIFEST);
    fs::File::options().write(true).open(&manifest).unwrap().set_len(1 << 40).unwrap();
    assert!(mujaz::write::read_manifest(&output).is_none());
    fs::remove_file(&manifest).unwrap();
    let made = std::process::Command::new("mkfifo").arg(&manifest).status().unwrap();
    assert!(made.success());
    assert!(mujaz::write::read_manifest(&output).is_none());
    assert!(stage(&output, &source, Purpose::Public, &mut || {}).is_err());
}

/// What a site no longer needs is taken away; not what lies behind a link that somebody has
/// put in its place.
#[cfg(unix)]
#[test]
fn nothing_is_taken_away_behind_a_link_of_somebody_else() {
    let folder = tempfile::tempdir().unwrap();
    let (output, source) = (folder.path().join("public"), folder.path().join("site"));
    fs::create_dir(&source).unwrap();
    let elsewhere = folder.path().join("elsewhere");
    fs::create_dir_all(elsewhere.join("empty")).unwrap();
    fs::create_dir_all(elsewhere.join("full")).unwrap();
    fs::write(elsewhere.join("full/index.html"), "theirs").unwrap();
    let publish = |paths: &[&str]| {
        let staging = stage(&output, &source, Purpose::Public, &mut || {}).unwrap();
        for path in paths {
            staging.put(path, path.as_bytes().to_vec());
        }
        staging.publish(About::default(), BTreeMap::new()).unwrap();
    };
    publish(&["index.html", "authors/full/index.html", "authors/empty/index.html"]);
    fs::remove_dir_all(output.join("authors")).unwrap();
    std::os::unix::fs::symlink(&elsewhere, output.join("authors")).unwrap();
    publish(&["index.html", "other.html"]);
    assert!(output.join("authors").is_symlink());
    assert_eq!(fs::read(elsewhere.join("full/index.html")).unwrap(), b"theirs");
    assert!(elsewhere.join("empty").exists());
}
