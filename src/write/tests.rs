use std::time::Duration;

use super::*;

#[test]
fn files_stand_by_the_folder_that_they_have_in_common() {
    let paths = ["a", "a.b/c", "a/1", "a/2", "a/b/3", "a/c", "index.html"];
    let rows: [(&str, &[&str]); 6] = [
        ("", &["a"]),
        ("a.b", &["a.b/c"]),
        ("a", &["a/1", "a/2"]),
        ("a/b", &["a/b/3"]),
        ("a", &["a/c"]),
        ("", &["index.html"]),
    ];
    assert_eq!(by_folder(&paths), rows);
    let many = vec!["cards/a"; MANY_FILES + 1];
    let lengths: Vec<usize> = by_folder(&many).iter().map(|it| it.1.len()).collect();
    assert_eq!(lengths, [MANY_FILES, 1]);
}

/// Builds a site of two files, and gives what is known of them then.
fn build(dir: &Path, known: FxHashMap<String, FileStamp>) -> Placed {
    let (output, source) = (dir.join("public"), dir.join("site"));
    let staging = stage(&output, &source, Purpose::Public, &mut || {}).unwrap();
    let staging = staging.with_stamps(known);
    staging.put("index.html", b"home".to_vec());
    staging.put("a/graph.json", b"[1,2]".to_vec());
    staging.publish(About::default(), BTreeMap::new()).unwrap()
}

fn known(placed: &Placed) -> FxHashMap<String, FileStamp> {
    let stamps = placed.manifest.files.keys().zip(&placed.stamps);
    stamps.filter_map(|(path, it)| Some((path.clone(), it.clone()?))).collect()
}

#[test]
fn a_file_is_known_as_long_as_it_is_as_it_was_left() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("site")).unwrap();
    let known = known(&build(dir.path(), FxHashMap::default()));
    let (output, source) = (dir.path().join("public"), dir.path().join("site"));
    let earlier = |known: &FxHashMap<String, FileStamp>| {
        let staging = stage(&output, &source, Purpose::Public, &mut || {}).unwrap();
        let staging = staging.with_stamps(known.clone());
        let found = staging.earlier("a/graph.json");
        assert_eq!(staging.earlier("../site"), None);
        staging.discard();
        found
    };
    assert_eq!(earlier(&known).as_deref(), Some(&b"[1,2]"[..]));
    // The disk says nothing of what it has damaged.
    let mut damaged = known.clone();
    let stamp = damaged.get_mut("a/graph.json").unwrap();
    stamp.hash = known["index.html"].hash;
    assert_eq!(earlier(&damaged), None);
    fs::write(output.join("a/graph.json"), b"[1,3]").unwrap();
    assert_eq!(earlier(&known), None);
}

#[test]
fn a_file_without_a_time_leaves_the_others_known() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("site")).unwrap();
    build(dir.path(), FxHashMap::default());
    let file = dir.path().join("public/index.html");
    let file = fs::File::options().write(true).open(file).unwrap();
    file.set_modified(UNIX_EPOCH - Duration::from_hours(24)).unwrap();
    // A build that changes something, so that all files are looked at.
    fs::remove_file(dir.path().join("public/a/graph.json")).unwrap();
    let known = known(&build(dir.path(), FxHashMap::default()));
    assert_eq!(known.keys().collect::<Vec<_>>(), ["a/graph.json"]);
}
