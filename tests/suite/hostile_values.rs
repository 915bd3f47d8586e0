//! Hostile values: code points that XML forbids, signs of mark-up, and addresses in metadata
//! (rows F1, F2, M1, M4, M15; measure R6).

use std::fmt::Write as _;

use mujaz::diag::Severity;
use mujaz::text::slug::slug;
use quick_xml::Reader;
use quick_xml::events::Event;

use crate::desk::{built, desk, file};
use crate::golden;
use crate::hostile_html::{ADDRESSES, SETTINGS, check_page};

/// The 29 controls, and the two last code points of the basic plane, that XML 1.0 forbids.
fn illegal() -> Vec<char> {
    let controls = (0_u8..0x20).filter(|it| !b"\t\n\r".contains(it)).map(char::from);
    controls.chain(['\u{FFFE}', '\u{FFFF}']).collect()
}

#[test]
fn f1_r6_no_code_point_that_xml_forbids_reaches_a_feed_or_the_sitemap() {
    let illegal = illegal();
    assert_eq!(illegal.len(), 31);
    let mut n_sound = 0;
    let mut n_refused = 0;
    for (at, found) in illegal.iter().enumerate() {
        // In metadata YAML cannot hold it, and says so; read off a text it is dropped.
        for field in ["title", "summary", "authors", "topic"] {
            let value = format!("\"كلمة{found}كلمة\"");
            let (briefing, topic) = match field {
                "topic" => (String::new(), value),
                "authors" => (format!("authors: [{value}]\n"), "تشاد".to_owned()),
                "title" => (format!("title: {value}\n"), "تشاد".to_owned()),
                _ => (format!("summary: {value}\n"), "تشاد".to_owned()),
            };
            let title = if field == "title" { "" } else { "title: نص\n" };
            let files = [
                file("content/site.yaml", SETTINGS),
                file(
                    "content/topics/chad.yaml",
                    &format!("title: {topic}\nkind: country\n"),
                ),
                file(
                    "content/briefings/a.md",
                    &format!("---\n{title}date: 2025-01-02\n{briefing}---\nنص\n"),
                ),
            ];
            let (built, ..) = golden::build(&files);
            let is_said =
                built.diagnostics.iter().any(|it| it.code == "control-character");
            assert!(is_said, "U+{:04X} in {field}", u32::from(*found));
            n_refused += 1;
        }
        // Body, title and byline of a text without metadata, and of Markdown.
        let plain =
            format!("عنوان{found} النص\nد. سامي{found} الحسن\n\nفقرة{found} أولى.\n");
        let markdown =
            format!("# عنوان{found} {at}\n\nفقرة{found} أولى <b{found}> `{found}`.\n");
        let sidecar = "date: 2025-01-02\n";
        let files = [
            file("content/site.yaml", SETTINGS),
            file("content/briefings/plain.txt", &plain),
            file("content/briefings/plain.yaml", sidecar),
            file("content/briefings/mark.md", &markdown),
            file("content/briefings/mark.yaml", sidecar),
        ];
        let (built, memory, _) = golden::build(&files);
        assert!(
            built.diagnostics.iter().all(|it| it.severity != Severity::Error),
            "{:?}",
            built.diagnostics
        );
        let files = memory.files.into_inner().unwrap();
        for (path, bytes) in files.iter().filter(|it| it.0.ends_with(".xml")) {
            well_formed(path, std::str::from_utf8(bytes).unwrap());
        }
        let feed = std::str::from_utf8(&files["feed.xml"]).unwrap();
        assert_eq!(feed.matches("<entry").count(), 2, "{feed}");
        for (path, bytes) in &files {
            let text = String::from_utf8_lossy(bytes);
            let is_text = [".html", ".xml", ".json", ".webmanifest", ".bib", ".ris"]
                .iter()
                .any(|it| path.ends_with(it));
            assert!(
                !is_text || !text.contains(*found),
                "U+{:04X} in {path}",
                u32::from(*found)
            );
        }
        n_sound += 1;
    }
    assert_eq!((n_refused, n_sound), (4 * 31, 31));
}

#[track_caller]
fn well_formed(path: &str, xml: &str) {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let mut depth = 0;
    loop {
        match reader.read_event() {
            Ok(Event::Start(_)) => depth += 1,
            Ok(Event::End(_)) => depth -= 1,
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => panic!("{path}: {error}"),
        }
    }
    assert_eq!(depth, 0, "{path}");
    let is_legal =
        |it: char| matches!(it, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..);
    assert!(xml.chars().all(is_legal), "{path}");
}

#[test]
fn m4_m15_f2_signs_of_mark_up_in_values_are_letters_everywhere() {
    let hostile = "</script><script>alert(1)</script><!-- ]]> &nbsp; \" ' <b>";
    let yaml = hostile.replace('\'', "''");
    let text = format!(
        "---\ntitle: '{yaml}'\ndate: 2025-01-02\nsummary: '{yaml}'\nauthors: ['{yaml}']\n\
         key_points: ['{yaml}']\nsources: [{{id: s, title: '{yaml}', publisher: '{yaml}'}}]\n\
         topics: [chad]\nnumber: '{yaml}'\n---\n\nنص [@s] تشاد\n\n```\"><script>\n</script>\n```\n"
    );
    let mut files = vec![
        file(
            "content/site.yaml",
            &format!(
                "title: '{yaml}'\ndescription: '{yaml}'\ncopyright: '{yaml}'\nbase_url: https://desk.example/\ncards: false\n"
            ),
        ),
        file(
            "content/topics/chad.yaml",
            &format!(
                "title: '{yaml}'\nkind: country\naliases: [تشاد]\nsummary: '{yaml}'\nfacts: [{{label: '{yaml}', value: '{yaml}'}}]\n"
            ),
        ),
        file("content/briefings/a.md", &text),
    ];
    files.push(file(
        "content/pages/about.md",
        &format!("---\ntitle: '{yaml}'\n---\n\nنص\n"),
    ));
    let made = built(desk(&files).path(), &[]);
    let mut n_pages = 0;
    for (path, bytes) in &made {
        let text = String::from_utf8_lossy(bytes);
        if path.ends_with(".html") {
            n_pages += 1;
            check_page(path, &text);
            assert!(!text.contains("<script>"), "{path}");
        } else if path.ends_with(".xml") {
            well_formed(path, &text);
        } else if path.ends_with(".json") {
            serde_json::from_slice::<serde_json::Value>(bytes).unwrap();
        }
    }
    assert!(6 < n_pages);
    let slug = slug(hostile).unwrap();
    assert!(made.keys().any(|it| it.contains(&slug)), "{slug}");
}

#[test]
fn m1_addresses_in_metadata_are_of_the_web_or_an_error() {
    let mut said = String::new();
    let mut n_refused = 0;
    for address in ADDRESSES {
        let yaml = serde_json::to_string(address).unwrap();
        for (path, text) in [
            (
                "content/briefings/a.md",
                format!(
                    "---\ntitle: نص\ndate: 2025-01-02\nsources: [{{title: م, url: {yaml}}}]\n---\nنص\n"
                ),
            ),
            (
                "content/topics/chad.yaml",
                format!("title: تشاد\nkind: country\nidentifiers: {{url: {yaml}}}\n"),
            ),
            (
                "content/topics/chad.yaml",
                format!(
                    "title: تشاد\nkind: country\nfacts: [{{label: أ, value: ب, source: {yaml}}}]\n"
                ),
            ),
            ("content/authors/a.yaml", format!("name: سامي\nemail: {yaml}\n")),
        ] {
            let files = [
                file("content/site.yaml", SETTINGS),
                file(
                    "content/briefings/b.md",
                    "---\ntitle: آخر\ndate: 2025-01-02\nauthors: [a]\n---\nتشاد\n",
                ),
                file(path, &text),
                file("content/authors/a.yaml", "name: سامي\n"),
            ];
            let files = if path.starts_with("content/authors") {
                &files[..3]
            } else {
                &files[..]
            };
            let (built, memory, _) = golden::build(files);
            let is_error =
                built.diagnostics.iter().any(|it| it.severity == Severity::Error);
            n_refused += usize::from(is_error);
            if !is_error {
                let _ = writeln!(said, "{path} {address:?}");
                for (path, bytes) in &*memory.files.lock().unwrap() {
                    if path.ends_with(".html") {
                        check_page(path, std::str::from_utf8(bytes).unwrap());
                    }
                }
            }
        }
    }
    assert!(170 <= n_refused, "{n_refused} refused; let through:\n{said}");
}
