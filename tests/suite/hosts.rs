//! What hosts are told: `_redirects`, `_headers`, `CNAME`, `security.txt`, the settings of
//! nginx and Caddy, and what they do not take. `tests/hosts` runs the servers themselves.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use mujaz::config::{self, Config};
use mujaz::diag::{Diagnostic, Severity, SourcePath};
use mujaz::render::hosts::{self, POLICY, Rules, limits};
use tempfile::TempDir;

use crate::golden;

/// A site with old addresses in two scripts, one of them not public yet.
fn site(settings: &str) -> Vec<(String, Vec<u8>)> {
    let files = [
        ("content/site.yaml", format!("title: موجز\nlanguages: [ar, en]\n{settings}")),
        (
            "content/briefings/treaty.md",
            "---\ntitle: المعاهدة\ndate: 2025-03-09\naliases: [/2024/قديم/, /old-treaty]\n\
             topics: [iran]\n---\nنص عن إيران.\n"
                .to_owned(),
        ),
        (
            "content/briefings/later.md",
            "---\ntitle: المرتقب\ndate: 2025-03-10\naliases: [/embargoed-address/]\n\
             publish_at: 2030-01-01T00:00:00Z\n---\nنص.\n"
                .to_owned(),
        ),
        (
            "content/topics/iran.yaml",
            "title: {ar: إيران, en: Iran}\nkind: country\nsummary: دولة.\n\
             aliases_urls: [/tag/iran/]\n"
                .to_owned(),
        ),
        (
            "content/pages/about.md",
            "---\ntitle: من نحن\naliases: [/who-we-are/]\n---\nنص.\n".to_owned(),
        ),
    ];
    files.into_iter().map(|(path, text)| (path.to_owned(), text.into_bytes())).collect()
}

/// The files of a site, and what is wrong with it.
fn build(files: &[(String, Vec<u8>)]) -> (BTreeMap<String, Vec<u8>>, Vec<Diagnostic>) {
    let (built, memory, _) = golden::build(files);
    (memory.files.into_inner().unwrap(), built.diagnostics)
}

fn text(files: &BTreeMap<String, Vec<u8>>, path: &str) -> String {
    let bytes = files.get(path).unwrap_or_else(|| panic!("no {path}"));
    String::from_utf8(bytes.clone()).unwrap()
}

const TREATY: &str = "/briefings/%D8%A7%D9%84%D9%85%D8%B9%D8%A7%D9%87%D8%AF%D8%A9/";
const IRAN: &str = "/topics/%D8%A5%D9%8A%D8%B1%D8%A7%D9%86/";

#[test]
fn without_hosts_nothing_is_made_for_them() {
    let (files, diagnostics) = build(&site(""));
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    for path in ["_headers", "_redirects", "CNAME", ".nojekyll"] {
        assert!(!files.contains_key(path), "{path}");
    }
    assert!(!files.keys().any(|it| it.starts_with(".well-known")));
    assert!(!text(&files, "index.html").contains("Content-Security-Policy"));
    assert!(files.contains_key("2024/قديم/index.html"));
}

#[test]
fn netlify_is_told_to_redirect_though_there_is_a_page() {
    let (files, diagnostics) = build(&site("hosts: [netlify]\n"));
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let expected = format!(
        "/2024/%D9%82%D8%AF%D9%8A%D9%85/ {TREATY} 301!\n/old-treaty/ {TREATY} 301!\n\
         /tag/iran/ {IRAN} 301!\n/who-we-are/ /about/ 301!\n"
    );
    assert_eq!(text(&files, "_redirects"), expected);
    assert!(files.contains_key("2024/قديم/index.html"));
}

#[test]
fn hosts_that_share_a_file_are_told_what_all_of_them_understand() {
    let (files, _) = build(&site("hosts: [cloudflare-pages, netlify]\n"));
    assert!(text(&files, "_redirects").contains(&format!("/old-treaty/ {TREATY} 301\n")));
    assert!(!text(&files, "_redirects").contains('!'));
    // GitLab compares decoded addresses, and serves a page rather than looking at a rule.
    let (files, _) = build(&site("hosts: [gitlab-pages]\n"));
    let lines = text(&files, "_redirects");
    assert!(lines.starts_with(&format!("/2024/قديم/ {TREATY} 301\n")), "{lines}");
    assert_eq!(lines.lines().count(), 4, "{lines}");
    assert!(!files.contains_key("2024/قديم/index.html"));
    assert!(!files.contains_key("_headers"));
    // Cloudflare takes each address as it is, and no page leads on from the other form.
    let (files, _) = build(&site("hosts: [gitlab-pages, cloudflare-pages]\n"));
    let lines = text(&files, "_redirects");
    for from in
        ["/old-treaty", "/old-treaty/", "/2024/قديم/", "/2024/%D9%82%D8%AF%D9%8A%D9%85"]
    {
        assert!(lines.lines().any(|it| it == format!("{from} {TREATY} 301")), "{lines}");
    }
    // A host without rules needs the pages.
    let (files, _) = build(&site("hosts: [gitlab-pages, github-pages]\n"));
    assert!(files.contains_key("2024/قديم/index.html"));
}

#[test]
fn p4_headers_are_told_once_for_all_files_and_once_for_those_that_never_change() {
    let (files, _) = build(&site("hosts: [netlify, cloudflare-pages]\n"));
    let lines = text(&files, "_headers");
    let rules: Vec<&str> = lines.lines().filter(|it| !it.starts_with(' ')).collect();
    assert_eq!(rules, ["/*", "/assets/*"]);
    let (all, assets) = lines.split_once("/assets/*").unwrap();
    for header in [
        &format!("  Content-Security-Policy: {POLICY}; frame-ancestors 'none'\n"),
        "  X-Content-Type-Options: nosniff\n",
        "  Referrer-Policy: same-origin\n",
        "  Permissions-Policy: ",
    ] {
        assert!(all.contains(header), "{lines}");
    }
    assert!(!all.contains("Cache-Control"), "{lines}");
    assert!(assets.contains("  Cache-Control: public, max-age=31536000, immutable\n"));
    // What is said to be kept for ever is named by a hash.
    let is_named = |it: &&String| it.starts_with("assets/");
    for path in files.keys().filter(is_named) {
        let has_hash = path
            .split(['/', '.', '-'])
            .any(|it| 8 <= it.len() && it.bytes().all(|it| it.is_ascii_hexdigit()));
        assert!(has_hash, "{path}");
    }
}

#[test]
fn p1_the_policy_is_the_one_that_browsers_are_tested_with() {
    let guide = include_str!("../../docs/TEMPLATES.md");
    assert!(guide.contains(&format!("`Content-Security-Policy: {POLICY}`")));
    for (hosts, is_said) in [
        ("[github-pages]", true),
        ("[gitlab-pages]", true),
        ("[s3, nginx]", true),
        ("[netlify, cloudflare-pages, nginx, caddy]", false),
    ] {
        let (files, _) = build(&site(&format!("hosts: {hosts}\n")));
        let head = format!(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">",
            POLICY.replace('\'', "&#39;")
        );
        for path in ["index.html", "en/404.html", "search/index.html"] {
            assert_eq!(text(&files, path).contains(&head), is_said, "{hosts} {path}");
        }
        assert!(!text(&files, "index.html").contains("frame-ancestors"));
    }
}

#[test]
fn github_is_told_the_domain_unless_it_is_its_own() {
    let settings = "base_url: https://briefings.example.org/\nhosts: [github-pages]\n";
    let (files, _) = build(&site(settings));
    assert_eq!(text(&files, "CNAME"), "briefings.example.org\n");
    assert_eq!(text(&files, ".nojekyll"), "");
    assert!(files.contains_key("old-treaty/index.html"));
    for own in
        ["https://desk.github.io/briefings/", "http://localhost/", "http://10.0.0.1/"]
    {
        let settings = format!("base_url: {own}\nhosts: [github-pages]\n");
        let (files, _) = build(&site(&settings));
        assert!(!files.contains_key("CNAME"), "{own}");
    }
}

#[test]
fn a_site_in_a_folder_tells_its_addresses_on_the_host() {
    let settings = "base_url: https://desk.gitlab.io/موجز/\nhosts: [gitlab-pages]\n";
    let (files, _) = build(&site(settings));
    let expected = format!("/موجز/old-treaty/ /%D9%85%D9%88%D8%AC%D8%B2{TREATY} 301\n");
    assert!(text(&files, "_redirects").contains(&expected));
}

#[test]
fn e1_what_is_not_public_yet_is_no_old_address() {
    for hosts in ["netlify", "gitlab-pages", "cloudflare-pages", "github-pages"] {
        let settings = format!("hosts: [{hosts}]\n");
        let with = build(&site(&settings)).0;
        let mut without = site(&settings);
        without.retain(|(path, _)| !path.contains("later"));
        assert!(with == build(&without).0, "{hosts}");
        let has_it =
            |it: &Vec<u8>| String::from_utf8_lossy(it).contains("embargoed-address");
        assert!(!with.values().any(has_it));
    }
}

#[test]
fn who_is_told_of_a_hole_stands_where_it_is_looked_for() {
    let settings = "base_url: https://desk.example.org/\nsecurity:\n  contact: \
        [security@example.org, https://example.org/report]\n  expires: 2026-06-30\n  \
        policy: https://example.org/policy\n";
    let (files, diagnostics) = build(&site(settings));
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    assert_eq!(
        text(&files, ".well-known/security.txt"),
        "Contact: mailto:security@example.org\nContact: https://example.org/report\n\
         Expires: 2026-07-01T00:00:00Z\nPreferred-Languages: ar, en\n\
         Canonical: https://desk.example.org/.well-known/security.txt\n\
         Policy: https://example.org/policy\n"
    );
}

#[track_caller]
fn check(settings: &str, code: &str, words: &str) {
    let (_, diagnostics) = build(&site(settings));
    let found: Vec<&Diagnostic> = diagnostics
        .iter()
        .filter(|it| it.code == code && it.message.contains(words))
        .collect();
    assert_eq!(found.len(), 1, "{settings}: {diagnostics:?}");
    assert!(found[0].place.is_some() && found[0].help.is_some());
}

#[test]
fn a_contact_that_nobody_could_use_is_reported() {
    let security = |rest: &str| format!("security: {{{rest}}}\n");
    // Builds of `golden` are made at the beginning of 2026.
    check(&security("contact: a@b.org, expires: 2025-12-31"), "security-txt", "expired");
    check(&security("contact: a@b.org, expires: 2027-06-01"), "security-txt", "a year");
    check(&security("expires: 2026-06-01"), "wrong-value", "nobody to tell");
    check(&security("contact: a@b.org"), "wrong-value", "until when");
    check(&security("contact: desk, expires: 2026-06-01"), "wrong-value", "`desk`");
    check(
        &security("contact: \"a@b.org\\nx\", expires: 2026-06-01"),
        "wrong-value",
        "no address",
    );
    check(&security("contact: a@b.org, expires: soon"), "wrong-value", "`soon`");
    check(
        &security("contact: a@b.org, expires: 2026-06-01, polcy: x"),
        "unknown-key",
        "polcy",
    );
    let in_folder = "base_url: https://example.org/desk/\nsecurity: {contact: a@b.org, \
                     expires: 2026-06-01}\n";
    check(in_folder, "security-txt", "root of a host");
    check("hosts: [netlfy]\n", "wrong-value", "netlfy");
    check("hosts: [s3, s3]\n", "repeated-value", "S3");
}

#[test]
fn b7_a_file_of_the_site_and_one_for_a_host_are_not_both_written() {
    let own = |path: &str, settings: &str| {
        let mut files = site(settings);
        files.push((format!("static/{path}"), b"x".to_vec()));
        build(&files).1
    };
    let security = "security: {contact: a@b.org, expires: 2026-06-01}\n";
    for (path, settings) in [
        ("_headers", "hosts: [netlify]\n"),
        ("_redirects", "hosts: [gitlab-pages]\n"),
        ("CNAME", "hosts: [github-pages]\n"),
        (".nojekyll", "hosts: [github-pages]\n"),
        (".well-known/security.txt", security),
    ] {
        let codes: Vec<&str> = own(path, settings).iter().map(|it| it.code).collect();
        assert_eq!(codes, ["output-collision"], "{path}");
        assert!(own(path, "").is_empty(), "{path}");
    }
    // An old address is taken, whether it is a page or a rule.
    for hosts in ["[gitlab-pages]", "[netlify]"] {
        let taken = own("old-treaty/index.html", &format!("hosts: {hosts}\n"));
        assert!(taken.iter().any(|it| it.code == "output-collision"), "{hosts}");
    }
    let kept = own("assets/plan.pdf", "hosts: [nginx]\n");
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert_eq!((kept[0].code, kept[0].severity), ("kept-for-ever", Severity::Warning));
}

/// A site with many old addresses.
fn with_aliases(settings: &str, n: usize, length: usize) -> Vec<(String, Vec<u8>)> {
    let mut files = site(settings);
    let mut header = String::from("---\ntitle: كثير\ndate: 2025-01-01\naliases:\n");
    for at in 0..n {
        // No name of a file may be as long.
        let names: Vec<String> =
            (0..length.div_ceil(200)).map(|_| "x".repeat(length.min(199))).collect();
        let _ = writeln!(header, "  - /{at}{}/", names.join("/"));
    }
    files.push((
        "content/briefings/many.md".to_owned(),
        format!("{header}---\nنص.\n").into_bytes(),
    ));
    files
}

#[test]
fn u17_more_redirects_than_a_host_takes_are_an_error_with_the_figure() {
    let over = |files: &[(String, Vec<u8>)]| -> Vec<String> {
        let found = build(files).1.into_iter();
        found.filter(|it| it.code == "host-limit").map(|it| it.message).collect()
    };
    // Four of them are those of every site here.
    assert!(over(&with_aliases("hosts: [cloudflare-pages]\n", 1996, 1)).is_empty());
    let many = over(&with_aliases("hosts: [cloudflare-pages]\n", 1997, 1));
    assert_eq!(many.len(), 1, "{many:?}");
    assert!(
        many[0].contains("takes 2000 redirects, and old addresses make 2001"),
        "{many:?}"
    );
    let many = over(&with_aliases("hosts: [gitlab-pages]\n", 1001, 1));
    assert!(many[0].contains("takes 1000 redirects"), "{many:?}");
    let large = over(&with_aliases("hosts: [gitlab-pages]\n", 300, 200));
    assert!(large[0].contains("takes 65536 bytes"), "{large:?}");
    let long = over(&with_aliases("hosts: [cloudflare-pages]\n", 1, 990));
    assert!(long[0].contains("redirects of 1000 letters"), "{long:?}");
    // Netlify names no such number, and a server of one's own has none.
    assert!(over(&with_aliases("hosts: [netlify, nginx]\n", 2500, 1)).is_empty());
}

const MIB: u64 = 1024 * 1024;

fn config_of(settings: &str) -> Config {
    let path = SourcePath::new(config::PATH);
    let text = format!("title: x\n{settings}");
    let read = config::read(Some((&path, &text)));
    assert!(read.diagnostics.is_empty(), "{:?}", read.diagnostics);
    read.value
}

#[test]
fn u17_files_that_a_host_does_not_take_are_an_error_with_the_figure() {
    let rules = Rules { base: "/".to_owned(), redirects: Vec::new(), homes: Vec::new() };
    let found = |host: &str, sizes: &BTreeMap<String, u64>| -> Vec<String> {
        let config = config_of(&format!("hosts: [{host}]\n"));
        let found = limits::check(&config, &rules, sizes).into_iter();
        found.map(|it| it.message).collect()
    };
    let many = |n: usize| (0..n).map(|it| (it.to_string(), 1)).collect();
    assert!(found("cloudflare-pages", &many(20_000)).is_empty());
    let over = found("cloudflare-pages", &many(20_001));
    assert!(over[0].contains("20000 files, and the site has 20001"), "{over:?}");
    let one = |path: &str, size: u64| BTreeMap::from([(path.to_owned(), size)]);
    assert!(found("cloudflare-pages", &one("a.mp4", 25 * MIB)).is_empty());
    let over = found("cloudflare-pages", &one("a.mp4", 25 * MIB + 1));
    assert!(over[0].contains("files of 25 MiB, and `a.mp4` has 26"), "{over:?}");
    assert!(found("github-pages", &one("a.mp4", 99 * MIB)).is_empty());
    let over =
        found("github-pages", &(0..11).map(|it| (it.to_string(), 99 * MIB)).collect());
    assert!(over[0].contains("sites of 1024 MiB, and this one has 1089"), "{over:?}");
    let long = "م".repeat(513);
    let fits = "م".repeat(512);
    assert!(found("s3", &one(&fits, 1)).is_empty());
    assert!(found("s3", &one(&long, 1))[0].contains("paths of 1024 bytes"));
}

#[test]
fn u17_a_large_file_of_the_site_is_found_by_build_and_check() {
    let dir = on_disk("hosts: [cloudflare-pages]\n");
    fs::create_dir(dir.path().join("static")).unwrap();
    fs::File::create(dir.path().join("static/film.mp4"))
        .unwrap()
        .set_len(26 * 1024 * 1024)
        .unwrap();
    for command in ["build", "check"] {
        let output = mujaz(dir.path(), &[command]);
        assert_eq!(output.status.code(), Some(1));
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(words.contains("error[host-limit]"), "{words}");
        assert!(words.contains("`film.mp4` has 26"), "{words}");
    }
    assert!(!dir.path().join("public").exists());
}

fn mujaz(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_mujaz"))
        .args(args)
        .current_dir(dir)
        .env_remove("SOURCE_DATE_EPOCH")
        .output()
        .unwrap()
}

/// The site in a folder.
fn on_disk(settings: &str) -> TempDir {
    let dir = TempDir::new().unwrap();
    for (path, bytes) in site(settings) {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    dir
}

#[test]
fn a_second_build_finds_the_files_for_hosts_as_they_were() {
    let settings = "hosts: [netlify, github-pages]\nbase_url: https://desk.example.org/\n\
                    security: {contact: a@b.org, expires: 2027-01-01}\n";
    let dir = on_disk(settings);
    let output = mujaz(dir.path(), &["build"]);
    assert_eq!(output.status.code(), Some(0));
    let read =
        |path: &str| fs::read_to_string(dir.path().join("public").join(path)).unwrap();
    let before = read("_redirects");
    // A changed briefing makes the rest a build that does less.
    let path = dir.path().join("content/briefings/treaty.md");
    let text = fs::read_to_string(&path).unwrap().replace("/old-treaty", "/older-treaty");
    fs::write(&path, text).unwrap();
    assert_eq!(mujaz(dir.path(), &["build"]).status.code(), Some(0));
    assert_eq!(read("_redirects"), before.replace("/old-treaty", "/older-treaty"));
    for path in ["_headers", "CNAME", ".nojekyll", ".well-known/security.txt"] {
        read(path);
    }
    let again = mujaz(dir.path(), &["build"]);
    let words = String::from_utf8_lossy(&again.stderr).into_owned();
    assert!(words.contains("0 files changed"), "{words}");
    assert!(!words.contains("did not make"), "{words}");
}

#[test]
fn a_page_that_moved_is_found_by_a_rule_as_by_a_page() {
    let dir = on_disk("hosts: [gitlab-pages]\n");
    assert_eq!(mujaz(dir.path(), &["build"]).status.code(), Some(0));
    let path = dir.path().join("content/briefings/treaty.md");
    let text =
        fs::read_to_string(&path).unwrap().replace("title: المعاهدة", "title: الاتفاق");
    let said = |text: &str| {
        fs::write(&path, text).unwrap();
        let output = mujaz(dir.path(), &["build"]);
        assert_eq!(output.status.code(), Some(0));
        String::from_utf8_lossy(&output.stderr).contains("moved-page")
    };
    assert!(said(&text));
    assert!(!said(&text.replace("/old-treaty", "/briefings/المعاهدة/")));
    let rules = fs::read_to_string(dir.path().join("public/_redirects")).unwrap();
    assert!(rules.contains("/briefings/المعاهدة/ /briefings/"), "{rules}");
}

#[test]
fn settings_for_servers_are_data_and_say_every_old_address() {
    let dir = on_disk("");
    for server in ["nginx", "caddy"] {
        let output = mujaz(dir.path(), &["host", server]);
        assert_eq!(output.status.code(), Some(0));
        assert!(output.stderr.is_empty());
        let settings = String::from_utf8(output.stdout).unwrap();
        for part in
            ["\"/2024/قديم/\"", "\"/2024/قديم\"", TREATY, IRAN, "\"/en/404.html\""]
        {
            assert!(settings.contains(part), "{part}: {settings}");
        }
        assert!(settings.contains(POLICY) && settings.contains("frame-ancestors"));
        assert!(!settings.contains("embargoed-address"));
        let hsts = settings.lines().filter(|it| it.contains("Strict-Transport-Security"));
        assert!(hsts.clone().all(|it| it.trim_start().starts_with('#')));
        assert_eq!(hsts.count(), 1);
    }
    fs::write(dir.path().join("content/site.yaml"), "titel: x\n").unwrap();
    let output = mujaz(dir.path(), &["host", "nginx"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
}

#[test]
fn the_pages_give_way_only_where_every_host_reads_rules() {
    for (hosts, has_pages) in [
        ("[]", true),
        ("[netlify, cloudflare-pages]", true),
        ("[gitlab-pages]", false),
        ("[gitlab-pages, netlify]", false),
        ("[gitlab-pages, s3]", true),
    ] {
        let config = config_of(&format!("hosts: {hosts}\n"));
        assert_eq!(hosts::has_redirect_pages(&config, false), has_pages, "{hosts}");
        assert!(hosts::has_redirect_pages(&config, true), "a preview has no rules");
        assert_eq!(hosts::page_policy(&config, true), "", "a preview has a script");
    }
}
