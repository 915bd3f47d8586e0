//! The real program: targets of this machine, what it refuses, what it says.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

fn run(program: &str, dir: &Path, args: &[&str]) -> Output {
    Command::new(program)
        .args(args)
        .current_dir(dir)
        .env_remove("SOURCE_DATE_EPOCH")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .unwrap()
}

fn mujaz(dir: &Path, args: &[&str]) -> Output {
    run(env!("CARGO_BIN_EXE_mujaz"), dir, args)
}

fn words(output: &Output) -> String {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&text).into_owned()
}

/// Runs a command that must end with a status.
fn ends(dir: &Path, status: i32, args: &[&str]) -> String {
    let output = mujaz(dir, args);
    assert_eq!(output.status.code(), Some(status), "{args:?}: {}", words(&output));
    words(&output)
}

/// A new site with some more lines of settings.
fn site(settings: &str) -> TempDir {
    let dir = TempDir::new().unwrap();
    ends(dir.path(), 0, &["init", "desk"]);
    let file = dir.path().join("desk/content/site.yaml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(file, format!("{text}\n{settings}\n")).unwrap();
    dir
}

/// Path and bytes of every file of a folder.
fn tree(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut waiting = vec![dir.to_owned()];
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(fs::read_dir(path).unwrap().map(|it| it.unwrap().path()));
        } else {
            let name = path.strip_prefix(dir).unwrap().display().to_string();
            files.insert(name, fs::read(&path).unwrap());
        }
    }
    files
}

/// The files of a site, without what mujaz keeps beside them.
fn without_ours(mut files: BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    files.retain(|path, _| !path.starts_with(".mujaz") && !path.starts_with(".git"));
    files.retain(|path, _| path != ".nojekyll");
    files
}

fn edit(desk: &Path, from: &str, to: &str) {
    let folder = desk.join("content/briefings");
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replace(from, to)).unwrap();
    }
}

const FOLDER: &str = "deploy:\n  live: {kind: folder, folder: ../www, \
                      base_url: \"https://desk.example.org/\"}";

#[test]
fn a_folder_gets_the_site_with_its_own_address_and_nothing_twice() {
    let dir = site(FOLDER);
    let (desk, www) = (dir.path().join("desk"), dir.path().join("www"));
    let said = ends(&desk, 0, &["deploy"]);
    assert!(said.contains("sent "), "{said}");
    let there = tree(&www);
    let home = String::from_utf8(there["index.html"].clone()).unwrap();
    assert!(home.contains("https://desk.example.org/"));
    assert_eq!(without_ours(there.clone()), without_ours(tree(&desk.join("public"))));
    let said = ends(&desk, 0, &["deploy", "live"]);
    assert!(said.contains("nothing to send"), "{said}");
    assert_eq!(tree(&www), there);
    let left: Vec<&String> = there
        .keys()
        .filter(|it| it.contains(".mujaz-new") || it.ends_with("lock"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn u15_rollback_on_a_folder_brings_the_last_site_back() {
    let dir = site(FOLDER);
    let (desk, www) = (dir.path().join("desk"), dir.path().join("www"));
    ends(&desk, 0, &["deploy"]);
    let first = without_ours(tree(&www));
    edit(&desk, ".", "!");
    ends(&desk, 0, &["deploy", "--allow-deletes", "0"]);
    assert_ne!(without_ours(tree(&www)), first);
    let said = ends(&desk, 0, &["deploy", "--rollback"]);
    assert!(said.contains("brought back"), "{said}");
    assert_eq!(without_ours(tree(&www)), first);
}

#[test]
fn a_dry_run_prints_the_plan_and_writes_nothing_anywhere() {
    let dir = site(FOLDER);
    let desk = dir.path().join("desk");
    let before = tree(dir.path());
    let output = mujaz(&desk, &["deploy", "--dry-run"]);
    let plan = String::from_utf8(output.stdout).unwrap();
    assert!(plan.contains("new pages: ") && plan.contains("index.html"), "{plan}");
    let output = mujaz(&desk, &["deploy", "--dry-run", "--format", "json"]);
    let plan: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(10 < plan["send"].as_array().unwrap().len());
    assert_eq!(tree(dir.path()), before);
}

#[test]
fn u6_u14_drafts_edited_files_and_empty_outputs_are_refused() {
    let dir = site(FOLDER);
    let (desk, www) = (dir.path().join("desk"), dir.path().join("www"));
    let refused = |why: &str| {
        let said = ends(&desk, 2, &["deploy", "--no-build"]);
        assert!(said.contains(why), "{why}: {said}");
        assert!(!www.exists(), "{why}");
    };
    refused("no site was built there");
    ends(&desk, 0, &["build", "--drafts", "--output", "public"]);
    refused("built with `--drafts`");
    ends(&desk, 0, &["build"]);
    let home = desk.join("public/index.html");
    let text = fs::read_to_string(&home).unwrap();
    fs::write(&home, text.get(..text.len() / 2).unwrap_or("x")).unwrap();
    refused("`index.html` is not as the build has left it");
    let manifest = desk.join("public/.mujaz-output.json");
    let all = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, "{\"files\": {}, \"version\": 1}").unwrap();
    refused("no home page");
    fs::write(&manifest, all.get(..100).unwrap()).unwrap();
    refused("damaged");
    fs::write(&manifest, all.replace("\"index.html\"", "\"../index.html\"")).unwrap();
    refused("names `../index.html`");
}

#[test]
fn a_site_with_mistakes_is_not_sent() {
    let dir = site(FOLDER);
    let desk = dir.path().join("desk");
    fs::write(desk.join("content/briefings/bad.md"), "---\ntitel: x\n---\nx\n").unwrap();
    ends(&desk, 1, &["deploy"]);
    assert!(!dir.path().join("www").exists());
}

#[test]
fn a_target_that_is_not_there_or_not_right_is_told_about() {
    let dir = site("");
    let desk = dir.path().join("desk");
    let said = ends(&desk, 2, &["deploy"]);
    assert!(said.contains("the site has no target"), "{said}");
    let dir = site(
        "deploy:\n  live: {kind: folder, folder: a}\n  test: {kind: folder, folder: b}",
    );
    let desk = dir.path().join("desk");
    let said = ends(&desk, 2, &["deploy"]);
    assert!(
        said.contains("several targets") && said.contains("mujaz deploy live"),
        "{said}"
    );
    let said = ends(&desk, 2, &["deploy", "life"]);
    assert!(said.contains("did you mean `live`?"), "{said}");
    let dir = site("deploy:\n  live: {kind: folder, foldr: ../www, password: KANARI}");
    let desk = dir.path().join("desk");
    for command in ["build", "check", "deploy"] {
        let said = ends(&desk, 1, &[command]);
        assert!(said.contains("did you mean `folder`?"), "{command}: {said}");
        assert!(said.contains("MUJAZ_LIVE_PASSWORD"), "{command}: {said}");
        assert!(!said.contains("KANARI"), "{command}: {said}");
    }
}

#[test]
fn what_a_cut_deploy_has_left_half_written_goes_with_the_next_one() {
    let dir = site(FOLDER);
    let (desk, www) = (dir.path().join("desk"), dir.path().join("www"));
    ends(&desk, 0, &["deploy"]);
    // It was cut in the middle of a page that is no longer part of the site.
    let half = www.join("briefings/wrong/index.html.mujaz-new");
    fs::create_dir_all(half.parent().unwrap()).unwrap();
    fs::write(&half, "half of a wrong text").unwrap();
    let pending = r#"{"id": "x", "files": {"briefings/wrong/index.html": {"blake3": "00", "size": 9}}, "copies": []}"#;
    fs::write(www.join(".mujaz-deploy.pending.json"), pending).unwrap();
    ends(&desk, 0, &["deploy", "--purge"]);
    assert!(!half.exists() && !half.parent().unwrap().exists());
}

#[cfg(unix)]
#[test]
fn a_folder_of_a_target_may_be_a_link() {
    let dir = site(FOLDER);
    let (desk, www) = (dir.path().join("desk"), dir.path().join("www"));
    let elsewhere = dir.path().join("large-disk");
    fs::create_dir_all(elsewhere.join("photos")).unwrap();
    fs::write(elsewhere.join("photos/theirs.txt"), "theirs").unwrap();
    fs::create_dir(&www).unwrap();
    let link = |from: &Path, name: &str| {
        std::os::unix::fs::symlink(from, www.join(name)).unwrap();
    };
    link(&elsewhere, "briefings");
    // Neither leads to files of the site.
    link(&www, "loop");
    link(&dir.path().join("gone"), "lost");
    ends(&desk, 0, &["deploy"]);
    let said = ends(&desk, 0, &["deploy"]);
    assert!(said.contains("nothing to send"), "{said}");
    assert!(tree(&elsewhere).keys().any(|it| it.ends_with("/index.html")));
    assert_eq!(fs::read(elsewhere.join("photos/theirs.txt")).unwrap(), b"theirs");
}

#[test]
fn o1_a_folder_of_the_site_itself_is_no_target() {
    for folder in [".", "..", "content", "static/www", "public", "public/www", ".git"] {
        let dir = site(&format!("deploy:\n  live: {{kind: folder, folder: {folder:?}}}"));
        let desk = dir.path().join("desk");
        ends(&desk, 0, &["build"]);
        let before = tree(dir.path());
        let said = ends(&desk, 2, &["deploy", "--no-build"]);
        assert!(
            said.contains("the sources or the output of the site"),
            "{folder}: {said}"
        );
        let mut after = tree(dir.path());
        after.retain(|path, _| before.contains_key(path));
        assert_eq!(after, before, "{folder}");
    }
}

/// Whether the branch of a bare repository has these files.
fn branch(repository: &Path, branch: &str) -> BTreeMap<String, Vec<u8>> {
    let dir = TempDir::new().unwrap();
    let path = repository.to_str().unwrap();
    let clone = ["clone", "--quiet", "--branch", branch, path, "clone"];
    let cloned = run("git", dir.path(), &clone);
    assert!(cloned.status.success(), "{}", words(&cloned));
    tree(&dir.path().join("clone"))
}

fn git(dir: &Path, args: &[&str]) -> String {
    let output = run("git", dir, args);
    assert!(output.status.success(), "{args:?}: {}", words(&output));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn a_branch_gets_a_commit_and_keeps_what_is_not_ours() {
    // `cargo test` needs nothing but Rust; where git is missing there is no such target.
    if Command::new("git").arg("--version").output().is_err() {
        return;
    }
    let dir = site("deploy:\n  pages: {kind: git}");
    let (desk, remote) = (dir.path().join("desk"), dir.path().join("remote.git"));
    git(dir.path(), &["init", "--quiet", "--bare", "remote.git"]);
    git(&desk, &["init", "--quiet"]);
    git(&desk, &["remote", "add", "origin", "../remote.git"]);
    let said = ends(&desk, 0, &["deploy"]);
    assert!(said.contains("sent "), "{said}");
    let first = branch(&remote, "gh-pages");
    assert!(first.contains_key(".nojekyll"));
    assert_eq!(without_ours(first.clone()), without_ours(tree(&desk.join("public"))));
    // No checkout and no branch of the desk is touched.
    assert_eq!(git(&desk, &["branch", "--list"]), "");
    assert!(
        git(&desk, &["status", "--porcelain"]).lines().all(|it| it.starts_with("??"))
    );
    assert!(ends(&desk, 0, &["deploy"]).contains("nothing to send"));
    // Somebody adds a file of their own.
    let other = dir.path().join("other");
    git(dir.path(), &["clone", "--quiet", "--branch", "gh-pages", "remote.git", "other"]);
    fs::write(other.join("CNAME"), "desk.example.org").unwrap();
    git(&other, &["add", "."]);
    git(
        &other,
        &["-c", "user.name=x", "-c", "user.email=x@y", "commit", "--quiet", "-m", "x"],
    );
    git(&other, &["push", "--quiet"]);
    edit(&desk, ".", "!");
    ends(&desk, 0, &["deploy"]);
    let second = branch(&remote, "gh-pages");
    assert_eq!(second["CNAME"], b"desk.example.org");
    assert_ne!(second["index.html"], b"");
    assert_ne!(without_ours(second.clone()), without_ours(first.clone()));
    assert_eq!(git(&remote, &["rev-list", "--count", "gh-pages"]), "3");
    ends(&desk, 0, &["deploy", "--rollback"]);
    let mut back = without_ours(branch(&remote, "gh-pages"));
    assert_eq!(back.remove("CNAME").as_deref(), Some(&b"desk.example.org"[..]));
    assert_eq!(back, without_ours(first));
    // A file of somebody else in our way is an error, and nothing is pushed.
    git(&other, &["pull", "--quiet"]);
    git(&other, &["checkout", "--quiet", "-b", "taken", "gh-pages"]);
    git(&other, &["rm", "--quiet", "--cached", ".mujaz-deploy.json"]);
    git(
        &other,
        &["-c", "user.name=x", "-c", "user.email=x@y", "commit", "--quiet", "-m", "x"],
    );
    git(&other, &["push", "--quiet", "origin", "taken"]);
    let file = desk.join("content/site.yaml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("{kind: git}", "{kind: git, branch: taken}")).unwrap();
    let said = ends(&desk, 2, &["deploy"]);
    assert!(said.contains("mujaz did not send"), "{said}");
}

#[test]
fn a_repository_with_an_address_is_deployed_to_without_a_checkout() {
    if Command::new("git").arg("--version").output().is_err() {
        return;
    }
    let dir = TempDir::new().unwrap();
    git(dir.path(), &["init", "--quiet", "--bare", "remote.git"]);
    let remote = dir.path().join("remote.git");
    let url = format!("file://{}", remote.display());
    let site = site(&format!(
        "deploy:\n  pages: {{kind: git, repository: {url:?}, branch: www}}"
    ));
    let desk = site.path().join("desk");
    ends(&desk, 0, &["deploy"]);
    let there = without_ours(branch(&remote, "www"));
    assert_eq!(there, without_ours(tree(&desk.join("public"))));
}

/// A text that nobody may read any more: no file of the host has a word of it.
#[test]
fn what_must_go_at_once_goes_with_its_copies() {
    let dir = site(FOLDER);
    let desk = dir.path().join("desk");
    let secret = desk.join("content/briefings/secret.md");
    let write = |date: &str| {
        let text = format!("---\ntitle: زلقومية\ndate: {date}\n---\n\nنص زلقومي.\n");
        fs::write(&secret, text).unwrap();
    };
    write("2024-01-02");
    ends(&desk, 0, &["deploy"]);
    fs::remove_file(&secret).unwrap();
    let said = ends(&desk, 0, &["deploy"]);
    assert!(said.contains("`--purge` takes them off now"), "{said}");
    let has_word = || {
        let word = "زلقوم".as_bytes();
        let files = tree(&dir.path().join("www"));
        files.iter().any(|(path, bytes)| {
            path.contains("زلقوم") || bytes.windows(word.len()).any(|it| it == word)
        })
    };
    assert!(has_word(), "it stays for readers of older pages, and for a rollback");
    ends(&desk, 0, &["deploy", "--purge"]);
    assert!(!has_word());
    let said = ends(&desk, 2, &["deploy", "--rollback"]);
    assert!(said.contains("error"), "{said}");
    assert!(ends(&desk, 0, &["deploy"]).contains("nothing to send"));
    // The newest text of all: a plain deploy takes the site for an older one.
    write("2025-02-02");
    ends(&desk, 0, &["deploy"]);
    fs::remove_file(&secret).unwrap();
    let said = ends(&desk, 2, &["deploy"]);
    assert!(said.contains("`--purge` deploys it once"), "{said}");
    ends(&desk, 0, &["deploy", "--purge"]);
    assert!(!has_word());
    assert!(ends(&desk, 0, &["deploy"]).contains("nothing to send"));
}

/// Deploys that only delete old files are commits of the same site.
#[test]
fn u15_a_branch_comes_back_over_deploys_that_only_tidied_up() {
    if Command::new("git").arg("--version").output().is_err() {
        return;
    }
    let dir = site("deploy:\n  pages: {kind: git, grace: 0 minutes}");
    let (desk, remote) = (dir.path().join("desk"), dir.path().join("remote.git"));
    git(dir.path(), &["init", "--quiet", "--bare", "remote.git"]);
    git(&desk, &["init", "--quiet"]);
    git(&desk, &["remote", "add", "origin", "../remote.git"]);
    let other = desk.join("content/briefings/other.md");
    fs::write(&other, "---\ntitle: أخرى\ndate: 2024-01-02\n---\n\nنص.\n").unwrap();
    ends(&desk, 0, &["deploy"]);
    let first = without_ours(branch(&remote, "gh-pages"));
    fs::remove_file(&other).unwrap();
    edit(&desk, ".", "!");
    let slow = fs::read_to_string(desk.join("content/site.yaml")).unwrap();
    fs::write(desk.join("content/site.yaml"), slow.replace("0 minutes", "1 hour"))
        .unwrap();
    ends(&desk, 0, &["deploy"]);
    fs::write(desk.join("content/site.yaml"), slow).unwrap();
    let said = ends(&desk, 0, &["deploy"]);
    assert!(said.contains("deleted"), "{said}");
    ends(&desk, 0, &["deploy", "--rollback"]);
    let back = without_ours(branch(&remote, "gh-pages"));
    assert!(back == first, "{:?}", back.keys().collect::<Vec<_>>());
}
