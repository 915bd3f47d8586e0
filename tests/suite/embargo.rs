//! What is not public yet is in no file: builds with an embargoed text or a draft are those
//! of a site that does not have it, byte for byte (rows E1 to E11, measure R5).

use std::fs;
use std::path::Path;
use std::process::Command;

use mujaz::diag::SourcePath;
use mujaz::load::{self, Sources};
use mujaz::model::Clock;
use mujaz::{BuildInfo, read_site};

use crate::desk::{Files, built, desk, differing, file, holding, mujaz, put, said, tree};

/// A picture of one colour.
fn picture(red: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 16, 16);
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&[red, 90, 160].repeat(256)).unwrap();
    writer.finish().unwrap();
    bytes
}

/// A public site in two languages with topics, an author, a series and pictures.
fn site() -> Files {
    vec![
        file(
            "content/site.yaml",
            "title: {ar: نشرة, en: Desk}\nbase_url: https://desk.example/\n\
             languages: [ar, en]\n",
        ),
        file(
            "content/topics/iran.yaml",
            "title: {ar: إيران, en: Iran}\nkind: country\nsummary: {ar: دولة, en: A state.}\n",
        ),
        file(
            "content/topics/saudi.yaml",
            "title: {ar: السعودية, en: Saudi Arabia}\nkind: country\n",
        ),
        file("content/authors/sami.yaml", "name: {ar: سامي الحسن}\n"),
        file("content/series/watch.yaml", "title: {ar: متابعة}\n"),
        file(
            "content/briefings/open.md",
            "---\ntitle: نص علني\ndate: 2025-01-02\ntopics: [iran]\nauthors: [sami]\n\
             series: {id: watch, number: 1}\n---\n\nقالت إيران. ![خريطة](map.png)\n",
        ),
        file("content/briefings/open.en.md", "---\ntitle: Open\n---\n\nIran said so.\n"),
        ("content/briefings/map.png".to_owned(), picture(10)),
        file(
            "content/briefings/other.md",
            "---\ntitle: نص آخر\ndate: 2025-01-03\ntopics: [iran, saudi]\n---\n\nقالت السعودية \
             وقالت إيران.\n",
        ),
        file("content/pages/about.md", "---\ntitle: من نحن\n---\n\nنكتب عن إيران.\n"),
    ]
}

/// Where the secret stands, and the word for that place. Each is a word of its own, so that
/// a leak says where it came from.
const CANARIES: [(&str, &str); 18] = [
    ("title", "قنطريس"),
    ("summary", "خبعثن"),
    ("body", "زبرقان"),
    ("heading", "شنقب"),
    ("footnote", "طخرور"),
    ("slug", "عنجهور"),
    ("old address", "qanaryalias"),
    ("file name", "qanaryfile"),
    ("picture beside it", "qanarypicture"),
    ("alternative text", "غطمطم"),
    ("credit", "فدوكس"),
    ("author without a record", "قهبلس"),
    ("author with a record", "كنهور"),
    ("series", "لعمظ"),
    ("source", "مرجحن"),
    ("key point", "نخرشم"),
    ("judgement", "هبركع"),
    ("translation", "qanaryenglish"),
];

fn word(place: &str) -> &'static str {
    CANARIES.iter().find(|it| it.0 == place).unwrap().1
}

/// The secret: a briefing in two languages, whose every part is a word that stands nowhere
/// else, with the records and the picture that only it uses.
fn secret(state: &str) -> Files {
    let w = word;
    let header = format!(
        "---\ntitle: {}\ndate: 2025-01-04\n{state}topics: [iran]\nsummary: {}\n\
         authors: [{}, {} الأول]\nslug: {}\naliases: [/{}/]\n\
         series: {{id: {}, number: 2}}\nkey_points: [{}]\n\
         key_judgements:\n  - {{text: {}, likelihood: 3, confidence: low}}\n\
         sources:\n  - {{id: src, title: {}, url: \"https://s.example/{}\"}}\n\
         image: {{file: {}.png, alt: {}, credit: {}}}\n---\n",
        w("title"),
        w("summary"),
        "hidden-author",
        w("author without a record"),
        w("slug"),
        w("old address"),
        "hidden-series",
        w("key point"),
        w("judgement"),
        w("source"),
        "qanarysource",
        w("picture beside it"),
        w("alternative text"),
        w("credit"),
    );
    let text = format!(
        "\nقالت إيران {} [^1] و[@src]. انظر [[open]].\n\n## {}\n\nالسعودية وإيران.\n\n[^1]: {}\n",
        w("body"),
        w("heading"),
        w("footnote"),
    );
    let name = w("file name");
    vec![
        file(&format!("content/briefings/{name}.md"), &(header + &text)),
        file(
            &format!("content/briefings/{name}.en.md"),
            &format!("---\ntitle: {0}\nslug: {0}\n---\n\nIran {0}.\n", w("translation")),
        ),
        (format!("content/briefings/{}.png", w("picture beside it")), picture(200)),
        file(
            "content/authors/hidden-author.yaml",
            &format!("name: {{ar: {}}}\n", w("author with a record")),
        ),
        file(
            "content/series/hidden-series.yaml",
            &format!("title: {{ar: {}}}\n", w("series")),
        ),
    ]
}

const EMBARGO: &str = "publish_at: 2025-06-01T06:00:00Z\n";
const BEFORE: [&str; 2] = ["--as-of", "2025-06-01T05:59:59Z"];
const AFTER: [&str; 2] = ["--as-of", "2025-06-01T06:00:00Z"];

/// Builds the site with a secret in a state, and checks that nothing tells of it.
#[track_caller]
fn check_hidden(state: &str) {
    let clean = desk(&site());
    let expected = built(clean.path(), &BEFORE);
    let dir = desk(&[site(), secret(state)].concat());
    let made = built(dir.path(), &BEFORE);
    let leaks: Vec<(&str, Vec<&str>)> = CANARIES
        .iter()
        .map(|(place, word)| (*place, holding(&made, word)))
        .filter(|(_, files)| !files.is_empty())
        .collect();
    assert!(leaks.is_empty(), "{leaks:?}");
    assert_eq!(differing(&made, &expected), Vec::<&str>::new());
    assert!(40 < made.len(), "{}", made.len());
}

#[test]
fn e1_an_embargoed_text_is_in_no_file_and_the_site_is_that_without_it() {
    check_hidden(EMBARGO);
}

#[test]
fn e6_a_draft_is_in_no_file_and_the_site_is_that_without_it() {
    check_hidden("status: draft\n");
}

/// The check of the two tests above would find a leak from every place.
#[test]
fn e1_every_canary_sings_when_the_embargo_has_ended() {
    let dir = desk(&[site(), secret(EMBARGO)].concat());
    let made = built(dir.path(), &AFTER);
    let silent: Vec<&str> = CANARIES
        .iter()
        // Readers see no file names: the id is in feeds and graph.json, a picture is a hash.
        .filter(|(_, word)| holding(&made, word).is_empty())
        .map(|it| it.0)
        .collect();
    assert!(silent.is_empty(), "{silent:?}");
}

#[test]
fn e2_a_build_after_a_preview_in_the_same_place_keeps_nothing_of_it() {
    let clean = desk(&site());
    let expected = built(clean.path(), &BEFORE);
    for state in [EMBARGO, "status: draft\n"] {
        let dir = desk(&[site(), secret(state)].concat());
        let place = ["--output", "place", BEFORE[0], BEFORE[1]];
        built(dir.path(), &[&["--drafts"], place.as_slice()].concat());
        let preview = tree(&dir.path().join("place"));
        assert!(!holding(&preview, word("title")).is_empty());
        built(dir.path(), &place);
        let made = tree(&dir.path().join("place"));
        assert_eq!(differing(&made, &expected), Vec::<&str>::new(), "{state}");
    }
}

#[test]
fn e7_what_was_public_goes_from_every_file_when_it_is_withheld_renamed_or_deleted() {
    let clean = desk(&site());
    let expected = built(clean.path(), &AFTER);
    let dir = desk(&[site(), secret("")].concat());
    assert!(!holding(&built(dir.path(), &AFTER), word("title")).is_empty());
    put(dir.path(), &secret("status: draft\n"));
    assert_eq!(differing(&built(dir.path(), &AFTER), &expected), Vec::<&str>::new());
    put(dir.path(), &secret(""));
    assert!(!holding(&built(dir.path(), &AFTER), word("title")).is_empty());
    for (path, _) in secret("") {
        fs::remove_file(dir.path().join(path)).unwrap();
    }
    assert_eq!(differing(&built(dir.path(), &AFTER), &expected), Vec::<&str>::new());

    put(dir.path(), &secret(""));
    built(dir.path(), &AFTER);
    let old = dir.path().join("content/briefings").join(word("file name"));
    fs::rename(old.with_extension("md"), old.with_file_name("renamed.md")).unwrap();
    fs::rename(old.with_extension("en.md"), old.with_file_name("renamed.en.md")).unwrap();
    let made = built(dir.path(), &AFTER);
    assert_eq!(holding(&made, word("file name")), Vec::<&str>::new());
}

/// Whether a briefing with a moment is public at another one.
fn is_public(zone: &str, publish_at: &str, now: &str) -> bool {
    let mut sources = Sources::default();
    let settings = format!("title: نشرة\ntime_zone: {zone}\n");
    let text =
        format!("---\ntitle: سر\ndate: 2025-01-01\npublish_at: {publish_at}\n---\nنص\n");
    for (path, text) in
        [("content/briefings/a.md", text), ("content/site.yaml", settings)]
    {
        let path = SourcePath::new(path);
        let kind = load::kind_of(&path).unwrap();
        sources.files.extend(load::source_file(path, kind, text.into_bytes()).value);
    }
    let clock = Clock { now: now.parse().unwrap(), is_preview: false };
    let info = BuildInfo { clock, stamp: None, base_url: None };
    let site = read_site(&sources, &info, &mut |_| {});
    assert!(site.diagnostics.is_empty(), "{:?}", site.diagnostics);
    site.value.briefings.len() == 1
}

#[test]
fn e3_an_embargo_ends_at_its_second_in_the_zone_of_the_site() {
    let rows = [
        // Written zone, moment, the second at which it ends.
        ("UTC", "2026-06-01T06:00:00Z", "2026-06-01T06:00:00Z"),
        ("UTC", "2026-06-01T06:00:00+03:00", "2026-06-01T03:00:00Z"),
        ("UTC", "2026-06-01T06:00:00-05:30", "2026-06-01T11:30:00Z"),
        ("UTC", "2026-06-01T00:30:00+14:00", "2026-05-31T10:30:00Z"),
        ("UTC", "2026-06-01T23:30:00-12:00", "2026-06-02T11:30:00Z"),
        ("Asia/Baghdad", "2026-06-01T06:00:00", "2026-06-01T03:00:00Z"),
        ("Asia/Baghdad", "2026-06-01T06:00:00Z", "2026-06-01T06:00:00Z"),
        ("Pacific/Kiritimati", "2026-06-01T00:00:00", "2026-05-31T10:00:00Z"),
        ("Asia/Tehran", "2026-06-01T06:00:00", "2026-06-01T02:30:00Z"),
        // Beirut and Berlin in summer and in winter.
        ("Asia/Beirut", "2026-07-01T06:00:00", "2026-07-01T03:00:00Z"),
        ("Asia/Beirut", "2026-12-01T06:00:00", "2026-12-01T04:00:00Z"),
        ("Europe/Berlin", "2026-07-01T06:00:00", "2026-07-01T04:00:00Z"),
        // An hour that does not exist is that after it, which is never too early.
        ("Europe/Berlin", "2026-03-29T02:30:00", "2026-03-29T01:30:00Z"),
        // In Arabic-Indic digits.
        ("Asia/Baghdad", "٢٠٢٦-٠٦-٠١T٠٦:٠٠:٠٠", "2026-06-01T03:00:00Z"),
    ];
    let second = jiff::SignedDuration::from_secs(1);
    for (zone, written, end) in rows {
        let end: jiff::Timestamp = end.parse().unwrap();
        for (now, expected) in [(end - second, false), (end, true), (end + second, true)]
        {
            let found = is_public(zone, written, &now.to_string());
            assert_eq!(found, expected, "{written} in {zone} at {now}");
        }
    }
}

/// An hour that comes twice is not public in its first coming: too late is never too early.
#[test]
fn e3_an_hour_that_comes_twice_is_an_error_or_the_later_one() {
    let zone = "Europe/Berlin";
    let written = "2026-10-25T02:30:00";
    assert!(is_public(zone, written, "2026-10-25T01:30:00Z"));
}

#[test]
fn e5_a_stamp_for_files_lifts_no_embargo() {
    let embargo = "publish_at: 2034-01-01T06:00:00Z\n";
    let dir = desk(&[site(), secret(embargo)].concat());
    let mut program = Command::new(env!("CARGO_BIN_EXE_mujaz"));
    let program = program.args(["build"]).current_dir(dir.path());
    // 2035, when the embargo will have ended.
    let output = program.env("SOURCE_DATE_EPOCH", "2051222400").output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let made = tree(&dir.path().join("public"));
    assert_eq!(holding(&made, word("title")), Vec::<&str>::new());
}

#[test]
fn e8_a_link_to_what_is_not_public_says_nothing_of_it() {
    let name = word("file name");
    let links = format!(
        "---\ntitle: روابط\ndate: 2025-01-05\n---\n\nانظر [[{name}]] و[كلمات](briefing:{name}) \
         و[ملف]({name}.md) و[صورة]({picture}.png) و[عنوان]({name}.md#{heading}).\n\n## [[{name}]]\n",
        picture = word("picture beside it"),
        heading = word("heading"),
    );
    let with_links = [site(), vec![file("content/briefings/links.md", &links)]].concat();
    let dir = desk(&[with_links, secret(EMBARGO)].concat());
    let output = mujaz(dir.path(), &["build", BEFORE[0], BEFORE[1]]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let warnings = said(&output).matches("warning[link-to-unpublished]").count();
    assert_eq!(warnings, 5, "{}", said(&output));
    let made = tree(&dir.path().join("public"));
    for (place, word) in CANARIES {
        // A public text links to the picture, which makes it public; that is what it says.
        if place != "picture beside it" {
            assert_eq!(holding(&made, word), Vec::<&str>::new(), "{place}");
        }
    }
    assert!(holding(&made, "كلمات").iter().any(|it| it.ends_with(".html")));
}

#[test]
fn e9_remarks_for_colleagues_and_files_of_editors_are_in_no_output() {
    let canary = "qanaryremark";
    let text = format!(
        "---\ntitle: نص # {canary}\ndate: 2025-01-02 # {canary}\n# {canary}\nextra: {{note: \
         {canary}}}\n---\n\nنص <!-- {canary} --> هنا.\n\n<!-- {canary}\n\n{canary} -->\n\nنص\n"
    );
    let files = vec![
        file("content/site.yaml", &format!("# {canary}\ntitle: نشرة\n")),
        file("content/briefings/a.md", &text),
        file("content/briefings/.a.md.swp", canary),
        file("content/briefings/a.md~", canary),
        file("content/briefings/#a.md#", canary),
        file("content/briefings/.DS_Store", canary),
        file("content/.obsidian/workspace.json", canary),
        file("static/.git/config", canary),
        file("static/.env", canary),
        file("static/Thumbs.db", canary),
    ];
    let dir = desk(&files);
    let output = mujaz(dir.path(), &["build"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let made = tree(&dir.path().join("public"));
    assert_eq!(holding(&made, canary), Vec::<&str>::new());
}

/// A topic's record is public from the moment it is there, like that of an author or a
/// series; what only hidden texts say about it is not.
#[test]
fn e11_a_topic_that_only_hidden_texts_are_about_has_no_count_and_no_sentence_of_them() {
    let topic = file(
        "content/topics/chad.yaml",
        "title: {ar: تشاد}\nkind: country\nsummary: دولة في أفريقيا.\n",
    );
    let about = |state: &str| {
        let text = format!(
            "---\ntitle: {}\ndate: 2025-01-04\n{state}topics: [chad]\n---\n\nفي تشاد {}.\n",
            word("title"),
            word("body"),
        );
        file("content/briefings/about-chad.md", &text)
    };
    let expected = built(desk(&[site(), vec![topic.clone()]].concat()).path(), &BEFORE);
    for state in [EMBARGO, "status: draft\n"] {
        let dir = desk(&[site(), vec![topic.clone(), about(state)]].concat());
        let made = built(dir.path(), &BEFORE);
        assert_eq!(differing(&made, &expected), Vec::<&str>::new());
    }
}

/// The cache stands beside the sources and is no part of the output.
#[test]
fn e1_the_output_holds_no_cache() {
    let dir = desk(&[site(), secret(EMBARGO)].concat());
    let made = built(dir.path(), &BEFORE);
    assert!(made.keys().all(|it| !it.contains("cache")));
    assert!(Path::new(&dir.path().join(".mujaz")).exists());
}
