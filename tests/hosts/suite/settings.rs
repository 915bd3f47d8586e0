//! What `mujaz host` prints does what it says: redirects, headers of each class of files,
//! media types, pages for wrong addresses, and nothing of what is nobody's business.

use std::fs;

use tempfile::TempDir;

use crate::client::{Answer, Client};
use crate::server::{Server, mujaz, run};
use crate::site::{build, encoded, paths, write};

/// A site with all that settings speak of.
const SITE: [(&str, &str); 8] = [
    (
        "content/site.yaml",
        "title: موجز\nlanguages: [ar, en]\nhosts: [nginx, caddy]\n\
         base_url: https://desk.example.org/\n\
         security: {contact: security@example.org, expires: 2027-01-01}\n",
    ),
    (
        "content/briefings/treaty.md",
        "---\ntitle: المعاهدة\ndate: 2025-03-09\ntopics: [iran]\n\
         aliases: [/2024/قديم/, /old-treaty, \"/a b (c)+$d/\", /en/old/]\n---\nنص عن إيران.\n",
    ),
    ("content/briefings/treaty.en.md", "---\ntitle: The treaty\n---\nAbout Iran.\n"),
    (
        "content/topics/iran.yaml",
        "title: {ar: إيران, en: Iran}\nkind: country\nsummary: دولة.\n",
    ),
    (
        "static/drawing.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>\n",
    ),
    ("static/plan.txt", "خطة\n"),
    ("static/table.csv", "سنة,عدد\n2025,1\n"),
    ("static/paper.pdf", "%PDF-1.4\n"),
];

/// A built site with one server.
struct Desk {
    name: &'static str,
    server: Server,
    output: TempDir,
}

/// The site on each server that this machine has.
fn desks(settings: &str) -> Vec<Desk> {
    let source = TempDir::new().unwrap();
    write(source.path(), &SITE);
    if !settings.is_empty() {
        write(source.path(), &[("content/site.yaml", settings)]);
    }
    let mut desks = Vec::new();
    for name in ["nginx", "caddy"] {
        let output = TempDir::new().unwrap();
        let root = output.path().join("srv");
        // The site in a folder of its host stands in that folder.
        let folder = if settings.contains("/موجز/") {
            root.join("موجز")
        } else {
            root.clone()
        };
        build(source.path(), &folder);
        fs::write(folder.join(".secret"), "x").unwrap();
        fs::create_dir(folder.join(".git")).unwrap();
        fs::write(folder.join(".git/config"), "x").unwrap();
        let source = source.path().to_str().unwrap();
        let printed = run(&mut mujaz(&["host", name, "--source", source]));
        let settings = String::from_utf8(printed.stdout).unwrap();
        let server = match name {
            "nginx" => Some(Server::nginx(&root, &settings)),
            _ => Server::caddy(&root, &settings),
        };
        match server {
            Some(server) => desks.push(Desk { name, server, output }),
            None => eprintln!("left out: {name} is not installed (tests/hosts/tools)"),
        }
    }
    desks
}

impl Desk {
    fn get(&self, path: &str) -> Answer {
        Client::new(self.server.port).get(&encoded(path), "").unwrap()
    }

    /// A file of the output whose path begins and ends so.
    fn file(&self, start: &str, end: &str) -> String {
        let all = paths(&self.output.path().join("srv"));
        let found = all.into_iter().find(|it| it.starts_with(start) && it.ends_with(end));
        format!("/{}", found.unwrap_or_else(|| panic!("no {start}…{end}")))
    }
}

#[test]
fn old_addresses_lead_to_new_ones_for_good() {
    for desk in desks("") {
        let treaty = encoded("/briefings/المعاهدة/");
        for from in [
            "/2024/قديم/",
            "/2024/قديم",
            "/old-treaty/",
            "/old-treaty",
            "/a b (c)+$d/",
            "/en/old/",
        ] {
            let answer = desk.get(from);
            assert_eq!(answer.status, 301, "{} {from}", desk.name);
            let to = answer.header("location");
            let to = to.strip_prefix(&format!("http://127.0.0.1:{}", desk.server.port));
            let to = to.unwrap_or(answer.header("location"));
            assert_eq!(to, treaty, "{} {from}", desk.name);
        }
        // Small letters of the percent-encoding are the same address.
        let mut client = Client::new(desk.server.port);
        let small = encoded("/2024/قديم/").to_lowercase();
        assert_eq!(client.get(&small, "").unwrap().status, 301, "{}", desk.name);
        let page = desk.get("/briefings/المعاهدة/");
        assert_eq!(page.status, 200);
        assert!(String::from_utf8(page.body).unwrap().contains("المعاهدة"));
        // A page that is not there, below an old address, is not there.
        assert_eq!(desk.get("/old-treaty/x").status, 404, "{}", desk.name);
    }
}

#[test]
fn p4_each_class_of_files_has_its_headers() {
    let policy = mujaz::render::hosts::POLICY;
    for desk in desks("") {
        let name = desk.name;
        let sheet = desk.file("assets/", ".css");
        let pages =
            ["/", "/en/", "/briefings/المعاهدة/", "/feed.xml", "/robots.txt", "/nowhere"];
        for path in pages.into_iter().chain([sheet.as_str()]) {
            let answer = desk.get(path);
            let said = answer.header("content-security-policy");
            assert_eq!(
                said,
                format!("{policy}; frame-ancestors 'none'"),
                "{name} {path}"
            );
            assert_eq!(
                answer.header("x-content-type-options"),
                "nosniff",
                "{name} {path}"
            );
            assert_eq!(answer.header("referrer-policy"), "same-origin", "{name} {path}");
            assert!(answer.header("permissions-policy").contains("camera=()"), "{name}");
            let is_kept = path == sheet;
            let cache = answer.header("cache-control");
            let expected =
                if is_kept { "public, max-age=31536000, immutable" } else { "no-cache" };
            assert_eq!(cache, expected, "{name} {path}");
            assert!(answer.header("strict-transport-security").is_empty());
        }
        for path in ["/drawing.svg".to_owned(), desk.file("assets/", ".svg")] {
            let said = desk.get(&path).header("content-security-policy").to_owned();
            assert!(
                said.contains("style-src 'unsafe-inline'") && said.contains("sandbox"),
                "{said}"
            );
        }
        assert_eq!(
            desk.get("/paper.pdf").header("content-security-policy"),
            "",
            "{name}"
        );
        // A file that is not there is not kept for ever.
        let lost = desk.get("/assets/site.0123456789.css");
        assert_eq!(
            (lost.status, lost.header("cache-control")),
            (404, "no-cache"),
            "{name}"
        );
        // What a reader has is not sent again.
        let first = desk.get("/");
        let known = format!("If-None-Match: {}\r\n", first.header("etag"));
        let again = Client::new(desk.server.port).get("/", &known).unwrap();
        assert_eq!((again.status, again.body.len()), (304, 0), "{name}");
        let zipped =
            Client::new(desk.server.port).get("/", "Accept-Encoding: gzip\r\n").unwrap();
        assert_eq!(zipped.header("content-encoding"), "gzip", "{name}");
    }
}

#[test]
fn u9_media_types_are_those_of_the_files() {
    for desk in desks("") {
        let style = desk.file("assets/", ".css");
        let script = desk.file("assets/", ".js");
        let font = desk.file("assets/", ".woff2");
        let cite = "/briefings/المعاهدة/";
        for (path, expected) in [
            ("/", "text/html; charset=utf-8"),
            ("/feed.xml", "application/atom+xml; charset=utf-8"),
            ("/en/feed.xml", "application/atom+xml; charset=utf-8"),
            ("/feed.json", "application/feed+json; charset=utf-8"),
            ("/site.webmanifest", "application/manifest+json; charset=utf-8"),
            (&format!("{cite}cite.bib"), "application/x-bibtex; charset=utf-8"),
            (
                &format!("{cite}cite.ris"),
                "application/x-research-info-systems; charset=utf-8",
            ),
            (&style, "text/css; charset=utf-8"),
            (&script, "text/javascript; charset=utf-8"),
            (&font, "font/woff2"),
            ("/robots.txt", "text/plain; charset=utf-8"),
            ("/table.csv", "text/csv; charset=utf-8"),
            ("/.well-known/security.txt", "text/plain; charset=utf-8"),
        ] {
            let answer = desk.get(path);
            assert_eq!(answer.status, 200, "{} {path}", desk.name);
            assert_eq!(answer.header("content-type"), expected, "{} {path}", desk.name);
        }
        for (path, expected) in
            [("/drawing.svg", "image/svg+xml"), ("/sitemap.xml", "xml")]
        {
            let kind = desk.get(path).header("content-type").to_owned();
            assert!(kind.contains(expected), "{} {path}: {kind}", desk.name);
        }
    }
}

#[test]
fn a_wrong_address_has_the_page_of_its_language() {
    for desk in desks("") {
        let page =
            |file: &str| fs::read(desk.output.path().join("srv").join(file)).unwrap();
        for (path, file) in [
            ("/nowhere/", "404.html"),
            ("/لا-شيء", "404.html"),
            ("/assets/none.css", "404.html"),
            ("/none/cite.ris", "404.html"),
            ("/en/nowhere/", "en/404.html"),
        ] {
            let answer = desk.get(path);
            assert_eq!(answer.status, 404, "{} {path}", desk.name);
            assert_eq!(
                answer.header("content-type"),
                "text/html; charset=utf-8",
                "{path}"
            );
            assert!(answer.body == page(file), "{} {path}", desk.name);
        }
    }
}

#[test]
fn d6_what_is_hidden_on_the_disk_is_not_there_for_readers() {
    for desk in desks("") {
        for path in [
            "/.mujaz-output.json",
            "/.secret",
            "/.git/config",
            "/.git/",
            "/.well-known/../.secret",
            "/assets/../.secret",
            "/en/..%2f.secret",
        ] {
            let answer = Client::new(desk.server.port).get(path, "").unwrap();
            assert!(
                matches!(answer.status, 400 | 404),
                "{} {path}: {}",
                desk.name,
                answer.status
            );
            assert!(answer.body != b"x", "{} {path}", desk.name);
        }
        assert_eq!(desk.get("/.well-known/security.txt").status, 200, "{}", desk.name);
    }
}

#[test]
fn a_site_in_a_folder_of_its_host_has_its_rules_there() {
    let settings = "title: موجز\nlanguages: [ar, en]\nhosts: [nginx, caddy]\n\
                    base_url: https://example.org/موجز/\n";
    for desk in desks(settings) {
        let answer = desk.get("/موجز/2024/قديم/");
        assert_eq!(answer.status, 301, "{}", desk.name);
        assert!(
            answer.header("location").ends_with(&encoded("/موجز/briefings/المعاهدة/"))
        );
        assert_eq!(desk.get("/موجز/").status, 200);
        let sheet = desk.file("موجز/assets/", ".css");
        assert!(
            desk.get(&sheet).header("cache-control").contains("immutable"),
            "{}",
            desk.name
        );
        assert_eq!(desk.get("/موجز/").header("cache-control"), "no-cache");
        assert_eq!(desk.get("/موجز/.secret").status, 404, "{}", desk.name);
        let lost = desk.get("/موجز/en/nowhere/");
        let page = fs::read(desk.output.path().join("srv/موجز/en/404.html")).unwrap();
        assert!(lost.status == 404 && lost.body == page, "{}", desk.name);
    }
}
