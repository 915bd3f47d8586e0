//! The real program in a folder of its own: arguments, output, exit status, files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

fn mujaz(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_mujaz"))
        .args(args)
        .current_dir(dir)
        .env_remove("SOURCE_DATE_EPOCH")
        .output()
        .unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A new site that builds.
fn site() -> TempDir {
    let dir = TempDir::new().unwrap();
    let made = mujaz(dir.path(), &["init"]);
    assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
    dir
}

/// Path, bytes, time and inode of every file.
fn tree(dir: &Path) -> Vec<(String, Vec<u8>, std::time::SystemTime)> {
    let mut files: Vec<_> = walkdir(dir)
        .into_iter()
        .map(|path| {
            let time = fs::metadata(&path).unwrap().modified().unwrap();
            let name = path.strip_prefix(dir).unwrap().display().to_string();
            (name, fs::read(&path).unwrap(), time)
        })
        .collect();
    files.sort();
    files
}

/// The bytes of every file, by its path in the folder.
pub(crate) fn tree_of_bytes(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    tree(dir).into_iter().map(|(path, bytes, _)| (path, bytes)).collect()
}

fn walkdir(dir: &Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(walkdir(&path)) } else { files.push(path) }
    }
    files
}

#[test]
fn the_theme_can_be_copied_out_and_changes_nothing_by_itself() {
    let dir = site();
    assert_eq!(mujaz(dir.path(), &["build", "--output", "a"]).status.code(), Some(0));
    fs::create_dir_all(dir.path().join("static/css")).unwrap();
    let own = dir.path().join("static/css/print.css");
    fs::write(&own, "/* ours */").unwrap();
    let copied = mujaz(dir.path(), &["init", "--theme"]);
    assert_eq!(copied.status.code(), Some(0), "{}", stderr(&copied));
    assert!(stderr(&copied).contains("1 that were there"), "{}", stderr(&copied));
    assert_eq!(fs::read_to_string(&own).unwrap(), "/* ours */");
    fs::remove_file(&own).unwrap();
    let built = mujaz(dir.path(), &["build", "--output", "b"]);
    assert_eq!(built.status.code(), Some(0), "{}", stderr(&built));
    let bytes = |folder: &str| {
        let files = tree(&dir.path().join(folder)).into_iter();
        files.map(|(path, bytes, _)| (path, bytes)).collect::<Vec<_>>()
    };
    assert!(bytes("a") == bytes("b"));
}

#[test]
fn a_new_site_builds_and_a_second_build_writes_nothing() {
    let dir = site();
    let built = mujaz(dir.path(), &["build"]);
    assert_eq!(built.status.code(), Some(0), "{}", stderr(&built));
    assert!(built.stdout.is_empty());
    let next = "next: look at it with a web server";
    assert!(stderr(&built).contains(next), "{}", stderr(&built));
    assert!(!stderr(&mujaz(dir.path(), &["build"])).contains(next));
    let public = dir.path().join("public");
    let before = tree(&public);
    assert!(before.iter().any(|(name, ..)| name == "index.html"));
    let again = mujaz(dir.path(), &["build"]);
    assert!(stderr(&again).contains("0 files changed"), "{}", stderr(&again));
    assert_eq!(tree(&public), before);
}

#[test]
fn an_edit_changes_what_it_must_and_leaves_the_rest() {
    let dir = site();
    mujaz(dir.path(), &["build"]);
    let public = dir.path().join("public");
    let before = tree(&public);
    let briefing = dir.path().join("content/briefings/first.md");
    let text = fs::read_to_string(&briefing).unwrap().replace("بند أول", "بند آخر");
    fs::write(&briefing, text).unwrap();
    mujaz(dir.path(), &["build"]);
    let after = tree(&public);
    let same = before.iter().filter(|it| after.contains(it)).count();
    assert!(before.len() / 2 < same && same < before.len(), "{same} of {}", before.len());
    // A removed source takes its page with it (row O12).
    fs::remove_file(&briefing).unwrap();
    mujaz(dir.path(), &["build"]);
    assert!(!tree(&public).iter().any(|(name, ..)| name.contains("briefings/")));
}

#[test]
fn the_same_bytes_whatever_the_threads_and_the_folder() {
    let (a, b) = (site(), site());
    for (dir, threads) in [(&a, "1"), (&b, "4")] {
        let status = Command::new(env!("CARGO_BIN_EXE_mujaz"))
            .args(["build", "--output", "out"])
            .current_dir(dir.path())
            .env("RAYON_NUM_THREADS", threads)
            .env("TZ", if threads == "1" { "Asia/Tokyo" } else { "America/Lima" })
            .env("LANG", if threads == "1" { "C" } else { "ar_SA.UTF-8" })
            .status()
            .unwrap();
        assert!(status.success());
    }
    let bytes = |dir: &TempDir| -> Vec<(String, Vec<u8>)> {
        let files = tree(&dir.path().join("out"));
        files.into_iter().map(|(name, bytes, _)| (name, bytes)).collect()
    };
    assert_eq!(bytes(&a), bytes(&b));
}

#[test]
fn mistakes_stop_the_build_and_the_old_site_stays() {
    let dir = site();
    mujaz(dir.path(), &["build"]);
    let public = dir.path().join("public");
    let before = tree(&public);
    let broken = "---\ntitle: x\ndate: never\ntopics: [exampel]\nauthor: y\n---\nنص\n";
    fs::write(dir.path().join("content/briefings/second.md"), broken).unwrap();
    let built = mujaz(dir.path(), &["build"]);
    assert_eq!(built.status.code(), Some(1));
    let said = stderr(&built);
    for part in [
        "error[bad-date]",
        "second.md:3:7",
        "error[unknown-topic]",
        "did you mean `example`?",
        "error[unknown-key]",
        "did you mean `authors`?",
        "nothing was written",
    ] {
        assert!(said.contains(part), "no {part} in\n{said}");
    }
    assert_eq!(tree(&public), before);
    let json = mujaz(dir.path(), &["check", "--format", "json"]);
    assert_eq!(json.status.code(), Some(1));
    let lines = String::from_utf8(json.stdout).unwrap();
    assert_eq!(lines.lines().count(), 4);
    for line in lines.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        // A new site has no address yet.
        let is_new = line["code"] == "local-base-url";
        assert!(is_new || line["place"]["path"] == "content/briefings/second.md");
        assert!(line["help"].is_string() && line["code"].is_string());
    }
}

#[test]
fn check_writes_nothing() {
    let dir = site();
    let before = tree(dir.path());
    assert_eq!(mujaz(dir.path(), &["check"]).status.code(), Some(0));
    assert_eq!(tree(dir.path()), before);
}

#[test]
fn o1_a_folder_that_is_not_ours_is_never_touched() {
    let dir = site();
    let other = TempDir::new().unwrap();
    fs::write(other.path().join("thesis.doc"), "years of work").unwrap();
    let home = other.path().display().to_string();
    let before = (tree(dir.path()), tree(other.path()));
    for output in [".", "..", "/", "content", "content/briefings", home.as_str()] {
        let built = mujaz(dir.path(), &["build", "--output", output]);
        assert_eq!(built.status.code(), Some(2), "{output}");
        let said = stderr(&built);
        assert!(said.contains("will not write into") && said.contains("help:"), "{said}");
    }
    assert_eq!((tree(dir.path()), tree(other.path())), before);
}

#[test]
fn o13_files_of_others_in_the_output_are_kept() {
    let dir = site();
    mujaz(dir.path(), &["build"]);
    let foreign = dir.path().join("public/CNAME");
    fs::write(&foreign, "example.org").unwrap();
    let briefing = dir.path().join("content/briefings/first.md");
    let text = fs::read_to_string(&briefing).unwrap();
    fs::write(&briefing, text.replace("بند أول", "بند آخر")).unwrap();
    let built = mujaz(dir.path(), &["build"]);
    assert!(stderr(&built).contains("kept 1 file"), "{}", stderr(&built));
    assert_eq!(fs::read_to_string(&foreign).unwrap(), "example.org");
}

#[cfg(unix)]
#[test]
fn o8_o9_links_and_loops_are_refused_without_being_followed() {
    let dir = site();
    let link = dir.path().join("content/briefings/loop");
    std::os::unix::fs::symlink(dir.path().join("content"), &link).unwrap();
    let secret = dir.path().join("content/briefings/passwd.txt");
    std::os::unix::fs::symlink("/etc/passwd", &secret).unwrap();
    let built = mujaz(dir.path(), &["build"]);
    assert_eq!(built.status.code(), Some(1));
    assert_eq!(stderr(&built).matches("error[symlink]").count(), 2, "{}", stderr(&built));
}

#[cfg(unix)]
#[test]
fn r1_names_that_climb_hide_or_command_are_refused_and_nothing_is_written_outside() {
    let outer = TempDir::new().unwrap();
    let (desk, victim) = (outer.path().join("desk"), outer.path().join("victim"));
    mujaz(outer.path(), &["init", "desk"]);
    fs::create_dir(&victim).unwrap();
    fs::write(victim.join("v.txt"), "theirs").unwrap();
    let climbing = "a\\..\\..\\..\\victim\\v.txt".to_owned();
    let absolute = format!("{}\\v.txt", victim.display()).replace('/', "\\");
    let folder = "a\\..\\..\\..\\victim";
    fs::create_dir_all(desk.join("static").join(folder)).unwrap();
    fs::write(desk.join("static").join(folder).join("v.txt"), "ours").unwrap();
    let hidden = "q\\.env";
    let command = "b\u{1b}]0;x\u{7}.txt";
    let lines = "c\n  --> d.txt";
    let turned = "e\u{202E}gnp.txt";
    for name in [&*climbing, &*absolute, hidden, command, lines, turned] {
        fs::write(desk.join("static").join(name), "ours").unwrap();
    }
    for args in [&["build"][..], &["check"]] {
        let built = mujaz(&desk, args);
        let said = stderr(&built);
        assert_eq!(built.status.code(), Some(1), "{said}");
        assert_eq!(said.matches("error[bad-file-name]").count(), 7, "{said}");
        assert!(!said.contains(['\u{1b}', '\u{7}', '\u{202E}']), "{said:?}");
    }
    assert!(!desk.join("public").exists());
    assert_eq!(fs::read_to_string(victim.join("v.txt")).unwrap(), "theirs");
    // A folder of the site that is itself a link is one mistake, and not what lies behind it.
    fs::remove_dir_all(desk.join("static")).unwrap();
    std::os::unix::fs::symlink("/etc", desk.join("static")).unwrap();
    let said = stderr(&mujaz(&desk, &["build"]));
    assert_eq!(said.matches("error[").count(), 1, "{said}");
}

#[cfg(unix)]
#[test]
fn o7_an_unreadable_file_is_named_and_the_world_is_to_blame() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    let dir = site();
    let open = fs::Permissions::from_mode(0o755);
    fs::set_permissions(dir.path(), open).unwrap();
    let file = dir.path().join("content/briefings/first.md");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).unwrap();
    // The program must be where somebody else can run it.
    let program = dir.path().join("mujaz");
    fs::copy(env!("CARGO_BIN_EXE_mujaz"), &program).unwrap();
    let mut command = Command::new(&program);
    command.args(["check"]).current_dir(dir.path());
    let is_root = fs::metadata("/proc/self")
        .is_ok_and(|it| std::os::unix::fs::MetadataExt::uid(&it) == 0);
    if is_root {
        // Permissions do not bind root, so somebody else looks.
        command.uid(65534);
    }
    // A process that another test has just forked may still hold the copy open.
    let built = (0..100)
        .find_map(|_| match command.output() {
            Err(it) if it.kind() == std::io::ErrorKind::ExecutableFileBusy => {
                std::thread::sleep(std::time::Duration::from_millis(20));
                None
            }
            output => Some(output.unwrap()),
        })
        .expect("the copy is free within two seconds");
    assert_eq!(built.status.code(), Some(2), "{}", stderr(&built));
    assert!(stderr(&built).contains("first.md"), "{}", stderr(&built));
}

#[test]
fn a_folder_without_content_is_told_what_to_do() {
    let dir = TempDir::new().unwrap();
    let built = mujaz(dir.path(), &["build"]);
    assert_eq!(built.status.code(), Some(2));
    assert!(stderr(&built).contains("mujaz init"));
    assert_eq!(mujaz(dir.path(), &["bild"]).status.code(), Some(2));
}

#[test]
fn new_begins_files_and_overwrites_none() {
    let dir = site();
    let topic = ["new", "topic", "Iran", "--kind", "country"];
    assert_eq!(mujaz(dir.path(), &topic).status.code(), Some(0));
    assert_eq!(mujaz(dir.path(), &topic).status.code(), Some(2));
    let briefing = ["new", "briefing", "ممر: الشمال", "--id", "corridor"];
    assert_eq!(mujaz(dir.path(), &briefing).status.code(), Some(0));
    assert_eq!(mujaz(dir.path(), &["check"]).status.code(), Some(0));
    let unnamed = mujaz(dir.path(), &["new", "topic", "إيران"]);
    assert_eq!(unnamed.status.code(), Some(2));
    assert!(stderr(&unnamed).contains("--id"));
}

#[test]
fn a_moment_in_the_future_lifts_an_embargo() {
    let dir = site();
    let text =
        "---\ntitle: سر\ndate: 2030-01-01\npublish_at: 2030-01-01T06:00:00Z\n---\nنص.\n";
    fs::write(dir.path().join("content/briefings/secret.md"), text).unwrap();
    let page = dir.path().join("preview/briefings/سر/index.html");
    for (moment, is_public) in
        [("2030-01-01T05:59:59Z", false), ("2030-01-01T06:00:00Z", true)]
    {
        let built = mujaz(dir.path(), &["build", "--as-of", moment]);
        assert_eq!(built.status.code(), Some(0), "{}", stderr(&built));
        assert_eq!(page.exists(), is_public, "{moment}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn r112_files_that_differ_only_in_composition_are_reported() {
    let dir = site();
    fs::create_dir_all(dir.path().join("static")).unwrap();
    fs::write(dir.path().join("static/\u{623}.png"), "a").unwrap();
    fs::write(dir.path().join("static/\u{627}\u{654}.png"), "b").unwrap();
    let built = mujaz(dir.path(), &["check"]);
    assert_eq!(built.status.code(), Some(1), "{}", stderr(&built));
    assert!(stderr(&built).contains("twin-files"), "{}", stderr(&built));
}

#[test]
fn search_prints_briefings_best_first() {
    let dir = site();
    let folder = dir.path().join("content/briefings");
    for (id, title, text) in [
        ("oil", "أسواق النفط", "نص عن الأسعار."),
        ("treaty", "معاهدة", "بند واحد عن النفط."),
        ("other", "موضوع آخر", "لا شيء."),
    ] {
        let text = format!("---\ntitle: {title}\ndate: 2024-01-01\n---\n\n{text}\n");
        fs::write(folder.join(format!("{id}.md")), text).unwrap();
    }
    let found = mujaz(dir.path(), &["search", "النفط", "--format", "json"]);
    assert_eq!(found.status.code(), Some(0), "{}", stderr(&found));
    let rows: serde_json::Value = serde_json::from_slice(&found.stdout).unwrap();
    let ids: Vec<&str> =
        rows.as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["oil", "treaty"]);
    assert_eq!(rows[0]["lang"], "ar");
    assert_eq!(rows[0]["title"], "أسواق النفط");
    assert!(rows[0]["url"].as_str().unwrap().starts_with("http"), "{rows}");
    assert!(rows[1]["score"].as_u64() < rows[0]["score"].as_u64(), "{rows}");

    let nothing = mujaz(dir.path(), &["search", "قطار"]);
    assert_eq!((nothing.status.code(), nothing.stdout.len()), (Some(0), 0));
    assert!(stderr(&nothing).contains("found 0 briefings"), "{}", stderr(&nothing));
    let wrong = mujaz(dir.path(), &["search", "قطار", "--lang", "xx"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(stderr(&wrong).contains("the languages of this site are ar"));
}

/// Somebody reads the first line and leaves, as `head -1` does.
#[test]
fn whoever_has_read_enough_may_close_the_pipe() {
    let dir = site();
    let text = dir.path().join("content/briefings/wrong.md");
    fs::write(text, "---\ntitle: خطأ\nkind: nothing\n---\n\nنص.\n").unwrap();
    for format in ["json", "github", "sarif", "human"] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let errors = writer.try_clone().unwrap();
        let status = Command::new(env!("CARGO_BIN_EXE_mujaz"))
            .args(["build", "--format", format])
            .current_dir(dir.path())
            .stdout(writer)
            .stderr(errors)
            .status()
            .unwrap();
        assert_eq!(status.code(), Some(1), "{format}");
    }
}
