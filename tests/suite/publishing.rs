//! What keeps a published site safe: embargoes with their moments, previews with a folder of
//! their own, addresses that move, corrections that readers hear of, and builds that do not
//! meet. Rows E2 to E4, E12, F3, O6 and O20.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use mujaz::write::{Purpose, stage};
use tempfile::TempDir;

use crate::cli::tree_of_bytes;

fn command(dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mujaz"));
    command.args(args).current_dir(dir).env_remove("SOURCE_DATE_EPOCH");
    command
}

#[track_caller]
fn run(dir: &Path, args: &[&str]) -> Output {
    let output = command(dir, args).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
    output
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A site with a topic and one briefing that is public.
fn site() -> TempDir {
    let dir = TempDir::new().unwrap();
    let files = [
        ("site.yaml", "title: مكتب\nbase_url: https://desk.example.org/\ncards: false\n"),
        ("briefings/treaty.md", TREATY),
        ("topics/iran.yaml", "title: إيران\nkind: country\nsummary: دولة.\n"),
    ];
    for (path, text) in files {
        write(dir.path(), path, text);
    }
    dir
}

const TREATY: &str =
    "---\ntitle: المعاهدة\ndate: 2025-03-09\ntopics: [iran]\n---\n\nنص.\n";

fn write(site: &Path, path: &str, text: &str) {
    let path = site.join("content").join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn embargoed(site: &Path, id: &str, title: &str, at: &str) {
    let text =
        format!("---\ntitle: {title}\ndate: 2025-04-01\npublish_at: {at}\n---\n\nنص.\n");
    write(site, &format!("briefings/{id}.md"), &text);
}

#[test]
fn e12_the_schedule_names_the_moments_in_order_and_the_next_one_alone() {
    let dir = site();
    let zone =
        "title: مكتب\nbase_url: https://desk.example.org/\ntime_zone: Asia/Baghdad\n";
    write(dir.path(), "site.yaml", zone);
    embargoed(dir.path(), "later", "لاحقة", "2099-02-01T06:00:00+03:00");
    embargoed(dir.path(), "sooner", "قريبة", "2099-01-01T03:30:00Z");
    let draft = "---\ntitle: مسودة\ndate: 2025-04-01\nstatus: draft\n\
                 publish_at: 2098-01-01T00:00:00Z\n---\n\nنص.\n";
    write(dir.path(), "briefings/draft.md", draft);
    let all = stdout(&run(dir.path(), &["schedule"]));
    let lines: Vec<&str> = all.lines().collect();
    assert_eq!(lines.len(), 2, "{all}");
    assert!(lines[0].starts_with("2099-01-01T06:30:00+03:00  sooner [ar]"), "{all}");
    assert!(lines[1].starts_with("2099-02-01T06:00:00+03:00  later [ar]"), "{all}");
    let next = stdout(&run(dir.path(), &["schedule", "--next"]));
    assert_eq!(next, "2099-01-01T06:30:00+03:00\n");
    // At the moment itself it is public already.
    let at = ["schedule", "--next", "--as-of", "2099-01-01T03:30:00Z"];
    assert_eq!(stdout(&run(dir.path(), &at)), "2099-02-01T06:00:00+03:00\n");
    let json = stdout(&run(dir.path(), &["schedule", "--format", "json"]));
    let rows: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(rows[0]["path"], "content/briefings/sooner.md");
    assert_eq!(rows[1]["title"], "لاحقة");
    let after = ["schedule", "--next", "--as-of", "2100-01-01T00:00:00Z"];
    assert_eq!(stdout(&run(dir.path(), &after)), "");
}

#[test]
fn e2_a_preview_has_a_folder_of_its_own() {
    let dir = site();
    embargoed(dir.path(), "secret", "سرية", "2099-01-01T00:00:00Z");
    run(dir.path(), &["build"]);
    run(dir.path(), &["build", "--drafts"]);
    assert!(dir.path().join("preview/briefings/سرية/index.html").is_file());
    assert!(!dir.path().join("public/briefings/سرية").exists());
    // It never takes the place of the public site, whatever the command line says.
    let before = fs::read(dir.path().join("public/.mujaz-output.json")).unwrap();
    let args = ["build", "--drafts", "--output", "public"];
    let refused = command(dir.path(), &args).output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        stderr(&refused).contains("it holds the public site"),
        "{}",
        stderr(&refused)
    );
    assert_eq!(fs::read(dir.path().join("public/.mujaz-output.json")).unwrap(), before);
    // The other way round, everything that is not public goes.
    run(dir.path(), &["build", "--output", "preview"]);
    assert!(!dir.path().join("preview/briefings/سرية").exists());
}

#[test]
fn a_new_site_keeps_previews_out_of_version_control() {
    let dir = TempDir::new().unwrap();
    run(dir.path(), &["init"]);
    let ignored = fs::read_to_string(dir.path().join(".gitignore")).unwrap();
    for folder in ["/public/", "/preview/", "/.mujaz/"] {
        assert!(ignored.lines().any(|it| it == folder), "{ignored}");
    }
}

#[test]
fn e4_a_clock_before_what_is_public_is_told() {
    let dir = site();
    embargoed(dir.path(), "future", "مستقبل", "2090-01-01T00:00:00Z");
    // A look at the future is a preview, and never the public site.
    run(dir.path(), &["build"]);
    run(dir.path(), &["build", "--as-of", "2090-01-01T00:00:00Z"]);
    assert!(dir.path().join("preview/briefings/مستقبل/index.html").is_file());
    let args = ["build", "--as-of", "2090-01-01T00:00:00Z", "--output", "public"];
    assert_eq!(command(dir.path(), &args).output().unwrap().status.code(), Some(2));
    // The machine that built the site in place was right about the time.
    let path = dir.path().join("public/.mujaz-output.json");
    let manifest = fs::read_to_string(&path).unwrap();
    let newest = "\"newest\": \"2025-03-09T00:00:00Z\"";
    assert!(manifest.contains(newest), "{manifest}");
    fs::write(&path, manifest.replace("2025-03-09T00", "2090-01-01T00")).unwrap();
    let built = run(dir.path(), &["build"]);
    assert!(stderr(&built).contains("warning[clock-behind]"), "{}", stderr(&built));
    assert!(stderr(&built).contains("2090-01-01T00:00:00Z"), "{}", stderr(&built));
    // It tells of the site in place, which is this one now.
    assert!(!stderr(&run(dir.path(), &["build"])).contains("clock-behind"));
}

#[test]
fn a_page_that_moves_is_told_until_its_old_address_leads_to_it() {
    let dir = site();
    run(dir.path(), &["build"]);
    let renamed = TREATY.replace("المعاهدة", "معاهدة الشراكة");
    write(dir.path(), "briefings/treaty.md", &renamed);
    for _ in 0..3 {
        let told = stderr(&run(dir.path(), &["build"]));
        assert!(told.contains("warning[moved-page]"), "{told}");
        assert!(told.contains("--> content/briefings/treaty.md"), "{told}");
        assert!(told.contains("`aliases: [/briefings/المعاهدة/]`"), "{told}");
    }
    // It moves once more: both addresses are remembered.
    let again = TREATY.replace("المعاهدة", "الشراكة");
    write(dir.path(), "briefings/treaty.md", &again);
    let told = stderr(&run(dir.path(), &["build"]));
    assert_eq!(told.matches("warning[moved-page]").count(), 2, "{told}");
    let aliases = "aliases: [/briefings/المعاهدة/, /briefings/معاهدة-الشراكة/]\ntopics";
    write(dir.path(), "briefings/treaty.md", &again.replace("topics", aliases));
    let told = stderr(&run(dir.path(), &["build"]));
    assert!(!told.contains("moved-page"), "{told}");
    let old = dir.path().join("public/briefings/المعاهدة/index.html");
    assert!(fs::read_to_string(old).unwrap().contains("http-equiv=\"refresh\""));
    // Authors, topics and series have old addresses as well.
    let topic = "title: الجمهورية\nkind: country\nsummary: دولة.\n";
    write(dir.path(), "topics/iran.yaml", topic);
    let told = stderr(&run(dir.path(), &["build"]));
    assert!(told.contains("`aliases_urls: [/topics/إيران/]`"), "{told}");
}

#[test]
fn a_page_that_is_deleted_has_not_moved() {
    let dir = site();
    run(dir.path(), &["build"]);
    fs::remove_file(dir.path().join("content/briefings/treaty.md")).unwrap();
    assert!(!stderr(&run(dir.path(), &["build"])).contains("moved-page"));
}

fn corrected(texts: &[(&str, &str)]) -> String {
    let mut notes = String::new();
    for (at, text) in texts {
        notes.push_str(&format!("  - {{at: {at}, text: {text}}}\n"));
    }
    TREATY.replace("topics:", &format!("corrections:\n{notes}topics:"))
}

/// Ids of the entries of a feed.
fn ids(feed: &str) -> Vec<String> {
    let parts = feed.split("<entry").skip(1);
    let id = |it: &str| {
        let rest = it.split_once("<id>").unwrap().1;
        rest.split_once("</id>").unwrap().0.to_owned()
    };
    parts.map(id).collect()
}

#[test]
fn corrections_have_a_feed_whose_entries_keep_their_ids() {
    let dir = site();
    let first = corrected(&[("2025-05-01", "الرقم ١٢"), ("2025-05-01", "الاسم")]);
    write(dir.path(), "briefings/treaty.md", &first);
    run(dir.path(), &["build"]);
    let read = || {
        let path = dir.path().join("public/corrections/feed.xml");
        fs::read_to_string(path).unwrap()
    };
    let before = ids(&read());
    let id = "tag:desk.example.org,2025:briefing/treaty/correction/2025-05-01";
    assert_eq!(before, [id.to_owned(), format!("{id}-2")]);
    assert!(read().contains("الرقم ١٢"));
    assert!(dir.path().join("public/corrections/feed.json").is_file());
    // A later one comes first and changes no other, nor does another title.
    let second = corrected(&[
        ("2025-06-01", "التاريخ"),
        ("2025-05-01", "الرقم ١٢"),
        ("2025-05-01", "الاسم"),
    ]);
    write(dir.path(), "briefings/treaty.md", &second.replace("المعاهدة", "الشراكة"));
    run(dir.path(), &["build"]);
    let after = ids(&read());
    assert_eq!(after[1..], before[..]);
    let page =
        fs::read_to_string(dir.path().join("public/corrections/index.html")).unwrap();
    assert!(page.contains("href=\"/corrections/feed.xml\""), "{page}");
    write(dir.path(), "site.yaml", "title: مكتب\nfeeds: false\n");
    run(dir.path(), &["build"]);
    assert!(!dir.path().join("public/corrections/feed.xml").exists());
}

#[test]
fn f3_ids_of_entries_stay_when_the_site_is_built_for_another_host() {
    let dir = site();
    let feed = |args: &[&str]| {
        let mut all = vec!["build"];
        all.extend(args);
        run(dir.path(), &all);
        ids(&fs::read_to_string(dir.path().join("public/feed.xml")).unwrap())
    };
    let here = feed(&[]);
    assert_eq!(here, ["tag:desk.example.org,2025:briefing/treaty"]);
    assert_eq!(feed(&["--base-url", "https://mirror.example.net/"]), here);
    let moved = "title: مكتب\nbase_url: https://new.example.org/\ncards: false\n\
                 feeds: {authority: desk.example.org}\n";
    write(dir.path(), "site.yaml", moved);
    assert_eq!(feed(&[]), here);
}

/// Only a major change brings an entry back to readers.
#[test]
fn f3_a_minor_change_leaves_an_entry_as_it_is() {
    let dir = site();
    let updated = |changes: &str| {
        let text = TREATY.replace("topics:", &format!("{changes}topics:"));
        write(dir.path(), "briefings/treaty.md", &text);
        run(dir.path(), &["build"]);
        let feed = fs::read_to_string(dir.path().join("public/feed.xml")).unwrap();
        let entry = feed.split_once("<entry").unwrap().1.to_owned();
        entry.split_once("<updated>").unwrap().1.split('<').next().unwrap().to_owned()
    };
    let before = updated("");
    assert_eq!(updated("changes:\n  - {at: 2025-05-01, note: خطأ مطبعي}\n"), before);
    assert_eq!(updated("corrections:\n  - {at: 2025-05-01, text: الرقم}\n"), before);
    let major = "changes:\n  - {at: 2025-05-01, note: فصل جديد, major: true}\n";
    assert_eq!(updated(major), "2025-05-01T00:00:00Z");
}

#[test]
fn o6_builds_into_one_folder_wait_for_each_other() {
    let dir = site();
    for at in 0..40 {
        let title = format!("إحاطة {at}");
        write(
            dir.path(),
            &format!("briefings/n{at}.md"),
            &TREATY.replace("المعاهدة", &title),
        );
    }
    run(dir.path(), &["build", "--output", "clean"]);
    for _ in 0..4 {
        let start = || command(dir.path(), &["build"]).output();
        std::thread::scope(|scope| {
            let all: Vec<_> = (0..4).map(|_| scope.spawn(start)).collect();
            for build in all {
                let output = build.join().unwrap().unwrap();
                assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
            }
        });
        assert_eq!(
            tree_of_bytes(&dir.path().join("public")),
            tree_of_bytes(&dir.path().join("clean"))
        );
        let left: Vec<String> = fs::read_dir(dir.path())
            .unwrap()
            .map(|it| it.unwrap().file_name().to_string_lossy().into_owned())
            .filter(|it| it.starts_with(".public"))
            .collect();
        assert!(left.is_empty(), "{left:?}");
        fs::remove_dir_all(dir.path().join("public")).unwrap();
    }
}

#[test]
fn a_site_that_was_moved_aside_by_a_killed_build_comes_back() {
    let dir = site();
    run(dir.path(), &["build"]);
    let before = tree_of_bytes(&dir.path().join("public"));
    // A build was killed between the two steps of an exchange, where the disk knows no other.
    let aside = dir.path().join(".public.mujaz-4000000.old");
    fs::rename(dir.path().join("public"), &aside).unwrap();
    fs::create_dir(dir.path().join(".public.mujaz-4000000")).unwrap();
    write(dir.path(), "briefings/treaty.md", "---\ntitle: بلا تاريخ\n---\n\nنص.\n");
    let failed = command(dir.path(), &["build"]).output().unwrap();
    assert_eq!(failed.status.code(), Some(1), "{}", stderr(&failed));
    assert_eq!(tree_of_bytes(&dir.path().join("public")), before);
    assert!(!aside.exists());
    assert!(!dir.path().join(".public.mujaz-4000000").exists());
}

#[test]
fn what_a_killed_build_has_left_goes_even_where_nothing_is_to_be_built() {
    let dir = site();
    run(dir.path(), &["build"]);
    let killed = dir.path().join(".public.mujaz-4000000");
    fs::create_dir(&killed).unwrap();
    fs::write(killed.join("index.html"), "half").unwrap();
    let other = dir.path().join(".public.mujaz-notes");
    fs::create_dir(&other).unwrap();
    let again = run(dir.path(), &["build"]);
    assert!(stderr(&again).contains("0 files changed"), "{}", stderr(&again));
    assert!(!killed.exists());
    assert!(other.exists(), "its name is not one of ours");
    // A build that was killed in its first moment has its lock alone.
    let lock = dir.path().join(".public.mujaz-lock");
    fs::write(&lock, "").unwrap();
    run(dir.path(), &["build"]);
    assert!(!lock.exists());
    // What somebody is gathering is not touched.
    let (public, source) = (dir.path().join("public"), dir.path());
    let at_work = stage(&public, source, Purpose::Public, &mut || {}).unwrap();
    fs::create_dir(&killed).unwrap();
    run(dir.path(), &["build"]);
    assert!(killed.exists() && lock.exists());
    at_work.discard();
}
