//! Builds that do less make what a build from nothing makes, byte for byte: after any edits of
//! a site that has everything that pages show of each other, in memory and on the disk.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

use mujaz::diag::{Diagnostic, Severity, SourcePath};
use mujaz::fingerprint::Keeps;
use mujaz::load::{self, Sources};
use mujaz::memo::Memo;
use mujaz::model::Clock;
use mujaz::render::edition::Press;
use mujaz::render::{Memory, Sink};
use mujaz::{BuildInfo, Built, Proof};
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

use crate::desk::{Tree, tree};

type Files = BTreeMap<String, String>;

/// A small site in two languages with topics that are related, dated, below each other and
/// too thin for a page; series, authors, translations, embargoes, links by hand of every kind.
fn site() -> Files {
    let briefing = |id: &str, day: &str, more: &str, text: &str| {
        let header = format!("---\ntitle: عنوان {id}\ndate: {day}\n{more}---\n");
        (format!("content/briefings/{id}.md"), format!("{header}\n{text}\n"))
    };
    let topic =
        |id: &str, text: &str| (format!("content/topics/{id}.yaml"), text.to_owned());
    let mut files = Files::from([
        briefing(
            "a",
            "2025-01-05",
            "topics: [iran, treaty]\nauthors: [sami]\n\
             series: {id: watch, number: 1}\n",
            "زارت إيران وفدا من السعودية. انظر [[b]] و[[topic:treaty]].\n\n## عنوان\n\nلإيران رأي.",
        ),
        briefing(
            "b",
            "2025-01-04",
            "topics: [saudi]\nseries: {id: watch, number: 2}\n",
            "قالت السعودية وقالت إيران وعُمان. [رابط](briefing:a)",
        ),
        briefing(
            "c",
            "2025-01-03",
            "topics: [iran]\nauthors: [سامي الحسن]\n",
            "في طهران نص عن إيران [^1].\n\n[^1]: حاشية عن عُمان.\n\n| أ | ب |\n|---|---|\n| إيران | 1 |",
        ),
        briefing(
            "d",
            "2025-01-02",
            "",
            "مسقط مدينة في عُمان. [رابط](briefing:b) [[topic:iran]]\n\n## عن [[b]]\n\nنص.",
        ),
        briefing(
            "e",
            "2025-01-01",
            "publish_at: 2026-03-01T00:00:00Z\ntopics: [oman]\n",
            "نص مؤجل عن إيران.",
        ),
        briefing("h", "2024-12-01", "", "رابط إلى [[عنوان e]] وإلى [[عنوان f]]."),
        briefing("f", "2024-12-31", "status: draft\n", "مسودة عن السعودية."),
        briefing(
            "g",
            "2024-12-30",
            "topics: [minister]\nsources:\n  - {title: مصدر}\n",
            "الوزير في إيران [@1].",
        ),
        topic(
            "iran",
            "title: {ar: إيران, en: Iran}\nkind: country\nsummary: دولة.\naliases: [طهران]\n",
        ),
        topic(
            "saudi",
            "title: {ar: السعودية, en: Saudi Arabia}\nkind: country\nparent: [gulf]\n",
        ),
        topic(
            "oman",
            "title: {ar: عُمان}\nkind: country\nparent: [gulf]\naliases: [مسقط]\n",
        ),
        topic("gulf", "title: {ar: الخليج}\nkind: region\nfeatured: [b]\n"),
        topic(
            "treaty",
            "title: {ar: المعاهدة}\nkind: agreement\ndates: {from: 2020-01-01}\n\
             relations:\n  - {rel: party, to: iran, from: 2020-01-01}\n",
        ),
        topic("summit", "title: {ar: القمة}\nkind: event\ndates: {from: 2021-02-02}\n"),
        topic(
            "minister",
            "title: {ar: الوزير}\nkind: person\n\
             relations:\n  - {rel: holds_office, to: iran, from: 2020, until: 2026-01}\n",
        ),
        topic("thin", "title: {ar: خصب}\nkind: place\n"),
    ]);
    files.insert(
        "content/briefings/a.en.md".into(),
        "---\ntitle: Title of A\n---\n\nIran and Saudi Arabia met. See [[b]].\n".into(),
    );
    files.insert(
        "content/site.yaml".into(),
        "title: {ar: نشرة, en: Desk}\nbase_url: https://desk.example/\nlang: ar\n\
         languages: [ar, en]\ncards: false\n"
            .into(),
    );
    files.insert("content/authors/sami.yaml".into(), "name: {ar: سامي الحسن}\n".into());
    files.insert("content/series/watch.yaml".into(), "title: {ar: متابعة}\n".into());
    files.insert(
        "content/pages/about.md".into(),
        "---\ntitle: من نحن\n---\n\nنكتب عن إيران و[[a]].\n".into(),
    );
    files
}

/// One thing that somebody does to a site.
#[derive(Debug, Clone)]
enum Edit {
    /// Writes a paragraph at the end of a briefing.
    Append(usize, usize),
    Retitle(usize, usize),
    Add(usize, usize),
    Delete(usize),
    Rename(usize),
    Redate(usize, usize),
    /// Withdraws, hides or shows a briefing.
    Status(usize, usize),
    /// Gives a topic another name besides.
    Alias(usize, usize),
    DescribeTopic(usize, usize),
    DeleteTopic(usize),
    Relate(usize, usize),
    Author(usize),
    Series(usize),
    /// Writes a link by hand.
    Link(usize, usize),
    /// Gives the headings of a briefing another name.
    Heading(usize),
    /// A slug, or an old address.
    Address(usize, usize),
    /// Metadata beside a text.
    Sidecar(usize, usize),
    /// A key of the settings.
    Settings(usize),
    /// A word of the interface, a template, a style sheet.
    Look(usize),
    /// The time of the build.
    Clock(usize),
    Picture(usize),
    /// Takes the picture away that a link leads to.
    Unlink,
}

fn edit() -> impl Strategy<Value = Edit> {
    let n = || 0_usize..8;
    prop_oneof![
        4 => (n(), n()).prop_map(|(a, b)| Edit::Append(a, b)),
        1 => (n(), n()).prop_map(|(a, b)| Edit::Retitle(a, b)),
        2 => (n(), n()).prop_map(|(a, b)| Edit::Add(a, b)),
        1 => n().prop_map(Edit::Delete),
        1 => n().prop_map(Edit::Rename),
        1 => (n(), n()).prop_map(|(a, b)| Edit::Redate(a, b)),
        1 => (n(), n()).prop_map(|(a, b)| Edit::Status(a, b)),
        1 => (n(), n()).prop_map(|(a, b)| Edit::Alias(a, b)),
        1 => (n(), n()).prop_map(|(a, b)| Edit::DescribeTopic(a, b)),
        1 => n().prop_map(Edit::DeleteTopic),
        1 => (n(), n()).prop_map(|(a, b)| Edit::Relate(a, b)),
        1 => n().prop_map(Edit::Author),
        1 => n().prop_map(Edit::Series),
        2 => (n(), n()).prop_map(|(a, b)| Edit::Link(a, b)),
        1 => n().prop_map(Edit::Heading),
        1 => (n(), n()).prop_map(|(a, b)| Edit::Address(a, b)),
        1 => (n(), n()).prop_map(|(a, b)| Edit::Sidecar(a, b)),
        1 => n().prop_map(Edit::Settings),
        1 => n().prop_map(Edit::Look),
        2 => n().prop_map(Edit::Clock),
        1 => n().prop_map(Edit::Picture),
    ]
}

const SENTENCES: [&str; 8] = [
    "جملة بلا أسماء.",
    "جملة عن إيران وعن السعودية.",
    "في مسقط وفي خصب قيل شيء.",
    "انظر [[topic:gulf]] و[رابط](topic:oman).",
    "قال الوزير في القمة إن المعاهدة باقية.",
    "كتب SIPRI عن 12% من الخليج.",
    "{nolink}إيران{/nolink} و[[عنوان e]].",
    "> اقتباس عن عُمان والخليج.",
];

/// Links by hand, each of which depends on something else of another file.
const LINKS: [&str; 8] = [
    "[مكان](briefing:a#عنوان)",
    "[مسار](/briefings/عنوان-b/)",
    "[ملف](b.md)",
    "[[عنوان b]]",
    "[صورة](p.svg)",
    "[[عنوان e]]",
    "[صفحة](page:about) و[كاتب](author:sami)",
    "[[b]]",
];

/// The path of one of the files in a folder.
fn pick(files: &Files, folder: &str, at: usize) -> Option<String> {
    let all: Vec<&String> = files.keys().filter(|it| it.starts_with(folder)).collect();
    all.get(at % all.len().max(1)).map(|it| (*it).clone())
}

fn replace_line(text: &str, key: &str, line: &str) -> String {
    let is_it = |it: &str| it.starts_with(&format!("{key}:"));
    let mut lines: Vec<&str> = text.lines().filter(|it| !is_it(it)).collect();
    let at = usize::from(lines.first() == Some(&"---"));
    lines.insert(at, line);
    lines.join("\n") + "\n"
}

/// Writes a line of a file's metadata anew.
fn rewrite(files: &mut Files, path: Option<String>, key: &str, line: String) {
    if let Some(path) = path {
        let text = files.get(&path).cloned().unwrap_or_default();
        files.insert(path, replace_line(&text, key, &line));
    }
}

/// Does one thing to a site; the clock is in days after the first one.
#[expect(clippy::too_many_lines, reason = "one arm for each kind of edit")]
fn apply(edit: &Edit, files: &mut Files, day: &mut i64) {
    let text = |files: &Files, path: &str| files.get(path).cloned().unwrap_or_default();
    let briefing = |files: &Files, at| pick(files, "content/briefings/", at);
    let topic = |files: &Files, at| pick(files, "content/topics/", at);
    match *edit {
        Edit::Append(at, what) => {
            if let Some(path) = briefing(files, at) {
                let new = format!("{}\n{}\n", text(files, &path), SENTENCES[what]);
                files.insert(path, new);
            }
        }
        Edit::Retitle(at, n) => {
            let path = briefing(files, at);
            rewrite(files, path, "title", format!("title: عنوان جديد {at}{n}"));
        }
        Edit::Add(at, what) => {
            let text = format!(
                "---\ntitle: إحاطة جديدة {at}{what}\ndate: 2025-0{}-1{what}\ntopics: [gulf]\n\
                 ---\n\n{}\n",
                at + 1,
                SENTENCES[what]
            );
            files.insert(format!("content/briefings/new-{at}.md"), text);
        }
        Edit::Delete(at) => {
            if let Some(path) = briefing(files, at) {
                files.remove(&path);
            }
        }
        Edit::Rename(at) => {
            if let Some(path) = briefing(files, at)
                && let Some(text) = files.remove(&path)
            {
                files.insert(format!("content/briefings/renamed-{at}.md"), text);
            }
        }
        Edit::Redate(at, n) => {
            let path = briefing(files, at);
            rewrite(files, path, "date", format!("date: 2025-02-1{n}"));
        }
        Edit::Status(at, n) => {
            let status = ["published", "draft", "withdrawn"][n % 3];
            let path = briefing(files, at);
            rewrite(files, path, "status", format!("status: {status}"));
        }
        Edit::Alias(at, n) => {
            let alias = ["مسقط", "الوفد", "الرأي", "جملة"][n % 4];
            let path = topic(files, at);
            rewrite(files, path, "aliases", format!("aliases: [{alias}]"));
        }
        Edit::DescribeTopic(at, n) => {
            let path = topic(files, at);
            rewrite(files, path, "summary", format!("summary: وصف {n}."));
        }
        Edit::DeleteTopic(at) => {
            if let Some(path) = topic(files, at) {
                files.remove(&path);
            }
        }
        Edit::Relate(at, n) => {
            let line = format!("parent: [{}]", ["gulf", "iran", "oman"][n % 3]);
            let path = topic(files, at);
            rewrite(files, path, "parent", line);
        }
        Edit::Author(n) => {
            let path = Some("content/authors/sami.yaml".to_owned());
            rewrite(files, path, "role", format!("role: محلل {n}"));
        }
        Edit::Series(n) => {
            let path = Some("content/series/watch.yaml".to_owned());
            rewrite(files, path, "summary", format!("summary: سلسلة {n}"));
        }
        Edit::Link(at, what) => {
            if let Some(path) = briefing(files, at) {
                let new = format!("{}\nرابط {}.\n", text(files, &path), LINKS[what]);
                files.insert(path, new);
            }
            if what == 4 {
                files.insert(
                    "content/briefings/p.svg".into(),
                    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"/>\n"
                        .into(),
                );
            }
        }
        Edit::Heading(at) => {
            if let Some(path) = briefing(files, at) {
                let new = text(files, &path).replace("## عنوان", "## مكان آخر");
                files.insert(path, new);
            }
        }
        Edit::Address(at, n) => {
            let path = briefing(files, at);
            let (key, line) = match n % 2 {
                0 => ("slug", format!("slug: عنوان-آخر-{n}")),
                _ => ("aliases", format!("aliases: [/old/{n}/]")),
            };
            rewrite(files, path, key, line);
        }
        Edit::Sidecar(at, n) => {
            if let Some(path) = briefing(files, at) {
                let id = path.split(['.']).next().unwrap_or_default();
                let line =
                    ["trust: low", "summary: ملخص.", "topics: [oman]", "image: p.svg"]
                        [n % 4];
                files.insert(format!("{id}.yaml"), format!("{line}\n"));
            }
        }
        Edit::Settings(n) => {
            let line = [
                "description: وصف الموقع",
                "search: false",
                "feeds: {enabled: false}",
                "feeds: {items: 2}",
                "dates: {months: levant}",
                "copyright: حقوق",
                "time_zone: Asia/Tehran",
                "description: وصف آخر",
            ][n];
            let key = line.split(':').next().unwrap_or_default();
            rewrite(files, Some("content/site.yaml".into()), key, line.to_owned());
        }
        Edit::Look(n) => {
            let (path, text) = match n % 4 {
                0 => ("content/strings/ar.ftl", format!("nav_home = البيت {n}\n")),
                1 => (
                    "static/css/site.css",
                    format!("@layer site {{ a {{ order: {n} }} }}\n"),
                ),
                2 => (
                    "templates/components/kicker.html",
                    format!(
                        "{{% component mz.kicker(kind, number = none, topic = none, \
                         is_withdrawn = false) %}}<i>{n}</i>{{% endcomponent %}}\n"
                    ),
                ),
                _ => ("static/note.txt", format!("{n}\n")),
            };
            files.insert(path.to_owned(), text);
        }
        Edit::Unlink => _ = files.remove("content/briefings/p.svg"),
        Edit::Clock(n) => *day += [0, 1, 20, 60, 400, -30, 5, 90][n],
        Edit::Picture(n) => {
            let svg = |size: usize| {
                format!(
                    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 {size}\">\
                     <path d=\"M0 0h{n}\"/></svg>\n"
                )
            };
            files.insert("content/briefings/p.svg".into(), svg(9));
            // Its address has no hash; its size stands on the page.
            files.insert("static/map.svg".into(), svg(n + 1));
            if let Some(path) = briefing(files, n) {
                let new =
                    format!("{}\n![وصف](p.svg)\n\n![وصف](map.svg)\n", text(files, &path));
                files.insert(path, new);
            }
        }
    }
}

fn sources(files: &Files, folder: &Path) -> Sources {
    let mut sources = Sources::default();
    for (at, (path, text)) in files.iter().enumerate() {
        let path = SourcePath::new(path);
        if let Some(kind) = load::kind_of(&path) {
            let file = load::source_file(path, kind, text.clone().into_bytes());
            sources.files.extend(file.value);
        } else {
            let disk = folder.join(at.to_string());
            fs::write(&disk, text).unwrap();
            Arc::make_mut(&mut sources.assets).push(load::Asset { path, disk });
        }
    }
    sources
}

fn info(day: i64) -> BuildInfo {
    let start: jiff::Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    let now = start + jiff::SignedDuration::from_hours(24 * day);
    BuildInfo { clock: Clock { now, is_preview: false }, stamp: None, base_url: None }
}

/// Keeps files in memory, beside those of the build before.
#[derive(Default)]
struct Kept {
    old: BTreeMap<String, Vec<u8>>,
    new: Memory,
    count: Mutex<usize>,
}

impl Sink for Kept {
    fn put(&self, path: &str, bytes: Vec<u8>) {
        self.new.put(path, bytes);
    }

    fn copy(&self, path: &str, from: &Path) {
        self.put(path, fs::read(from).unwrap());
    }

    fn keep(&self, path: &str) -> bool {
        let old = self.old.get(path);
        if let Some(bytes) = old {
            self.new.put(path, bytes.clone());
            *self.count.lock().unwrap() += 1;
        }
        old.is_some()
    }

    fn earlier(&self, path: &str) -> Option<Vec<u8>> {
        self.old.get(path).cloned()
    }
}

fn build(
    sources: &Sources,
    day: i64,
    memo: &Memo,
    old: &BTreeMap<String, Vec<u8>>,
) -> (Built, Memo, BTreeMap<String, Vec<u8>>, usize) {
    let sink = Kept { old: old.clone(), ..Kept::default() };
    let (built, memo) = mujaz::build_again(sources, &info(day), memo, &sink, &|_| {});
    let n_kept = sink.count.into_inner().unwrap();
    (built, memo, sink.new.files.into_inner().unwrap(), n_kept)
}

/// A build in one process with others, as the preview makes them.
#[derive(Default)]
struct Live {
    memo: Memo,
    sources: Sources,
    /// The files that are copied.
    copied: Files,
}

impl Live {
    /// Builds the site; as `load` does, hands the list of files that are copied on as long as
    /// they are the same.
    fn build(
        &mut self,
        mut sources: Sources,
        files: &Files,
        day: i64,
    ) -> (Vec<Diagnostic>, BTreeMap<String, Vec<u8>>) {
        let is_copied = |path: &&String| load::kind_of(&SourcePath::new(path)).is_none();
        let copied = files.iter().filter(|it| is_copied(&it.0));
        let copied = copied.map(|(path, text)| (path.clone(), text.clone())).collect();
        if copied == self.copied {
            sources.assets = Arc::clone(&self.sources.assets);
        }
        let Proof { edition, mut diagnostics, memo, .. } =
            mujaz::prepare(&sources, &info(day), &self.memo, Keeps::InProcess);
        let sink = Kept::default();
        if !diagnostics.iter().any(|it| it.severity == Severity::Error) {
            let run = Press::new(&edition).run(None, &sink, &|_| {});
            diagnostics.extend(run.diagnostics);
        }
        *self = Self { memo, sources, copied };
        (diagnostics, sink.new.files.into_inner().unwrap())
    }
}

/// Makes edits one after the other, and compares the builds after each.
fn check(edits: &[Edit]) -> TestCaseResult {
    let folder = tempfile::tempdir().unwrap();
    let mut live = Live::default();
    let mut files = site();
    let mut day = 0;
    let mut memo = Memo::default();
    let mut old = BTreeMap::new();
    for (at, edit) in [None].into_iter().chain(edits.iter().map(Some)).enumerate() {
        if let Some(edit) = edit {
            apply(edit, &mut files, &mut day);
        }
        let folder = folder.path().join(at.to_string());
        fs::create_dir(&folder).unwrap();
        let sources = sources(&files, &folder);
        let (clean, _, expected, _) =
            build(&sources, day, &Memo::default(), &BTreeMap::new());
        let (built, next, made, _) = build(&sources, day, &memo, &old);
        prop_assert_eq!(
            &built.diagnostics,
            &clean.diagnostics,
            "after {} of {:?}",
            at,
            edits
        );
        prop_assert_eq!(built.n_pages, clean.n_pages);
        for (path, bytes) in &expected {
            let is_same = made.get(path) == Some(bytes);
            prop_assert!(is_same, "{path} differs after {at} of {edits:?}");
        }
        prop_assert_eq!(made.len(), expected.len());
        let (diagnostics, shown) = live.build(sources, &files, day);
        prop_assert_eq!(
            &diagnostics,
            &clean.diagnostics,
            "live, after {} of {:?}",
            at,
            edits
        );
        for (path, bytes) in &expected {
            let is_same = shown.get(path) == Some(bytes);
            prop_assert!(is_same, "{path} differs live after {at} of {edits:?}");
        }
        prop_assert_eq!(shown.len(), expected.len());
        // A build with mistakes leaves the site of the one before.
        if !expected.is_empty() {
            (memo, old) = (next, made);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn a_build_after_edits_is_a_build_from_nothing(
        edits in prop::collection::vec(edit(), 1..7),
    ) {
        check(&edits)?;
    }
}

#[test]
fn the_site_of_this_test_has_no_mistakes_and_pages_that_an_edit_leaves_alone_are_kept() {
    let mut files = site();
    let folder = tempfile::tempdir().unwrap();
    let none = BTreeMap::new();
    let (built, memo, old, _) =
        build(&sources(&files, folder.path()), 0, &Memo::default(), &none);
    let errors = |built: &Built| {
        let all = built.diagnostics.iter();
        let all = all.filter(|it| it.severity == Severity::Error);
        all.map(|it| format!("{it:?}")).collect::<Vec<_>>()
    };
    assert_eq!(errors(&built), Vec::<String>::new());
    apply(&Edit::Append(3, 0), &mut files, &mut 0);
    let (built, _, new, n_kept) = build(&sources(&files, folder.path()), 0, &memo, &old);
    assert_eq!(errors(&built), Vec::<String>::new());
    assert!(20 < n_kept, "{n_kept}");
    let is_changed = |(path, bytes): &(&String, &Vec<u8>)| old.get(*path) != Some(*bytes);
    assert!(new.iter().filter(is_changed).count() < 20);
}

/// Each kind of edit by itself, which random ones may miss.
#[test]
fn every_kind_of_edit_is_seen() {
    let mut edits = Vec::new();
    for n in 0..8 {
        edits.extend([
            Edit::Settings(n),
            Edit::Look(n),
            Edit::Clock(n),
            Edit::DeleteTopic(n),
        ]);
        edits.extend([Edit::Rename(n), Edit::Status(n, n), Edit::Alias(n, n)]);
        edits.extend([Edit::Address(n, n), Edit::Sidecar(n, n)]);
    }
    for edit in edits {
        check(&[Edit::Append(0, 1), edit]).unwrap();
    }
}

/// What a link by hand leads to changes its place or its name, or goes; the text that has the
/// link stays as it is.
#[test]
fn links_by_hand_follow_what_they_lead_to() {
    // Briefings by the order of their files: a.en, a, b, c, d, e, f, g, h.
    let later = [
        vec![Edit::Heading(1)],
        vec![Edit::Retitle(2, 0), Edit::Address(2, 0), Edit::Delete(2)],
        vec![Edit::Rename(2), Edit::Delete(2)],
        vec![Edit::Retitle(2, 0), Edit::Status(2, 1)],
        vec![Edit::Unlink],
        vec![Edit::Clock(4), Edit::Clock(3)],
        vec![Edit::Author(1)],
        vec![Edit::Delete(2), Edit::Rename(2), Edit::Redate(2, 1), Edit::Status(2, 1)],
    ];
    for (what, later) in later.into_iter().enumerate() {
        for edit in later {
            check(&[Edit::Link(4, what), Edit::Append(3, 0), edit]).unwrap();
        }
    }
}

#[test]
fn a_picture_that_takes_the_place_of_another_is_looked_at() {
    let dir = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let svg = |size: u32| {
        format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 7 {size}\"/>\n")
    };
    for (path, text) in site() {
        write(&path, &text);
    }
    let text = "---\ntitle: صورة\ndate: 2025-01-01\n---\n\n![وصف](p.svg)\n";
    write("content/briefings/with.md", text);
    write("content/briefings/p.svg", &svg(1));
    let mut memo = Memo::default();
    let mut sources = load::load(dir.path()).unwrap().value;
    let mut height = |sources: &Sources| {
        let proof = mujaz::prepare(sources, &info(0), &memo, Keeps::InProcess);
        let sink = Kept::default();
        Press::new(&proof.edition).run(None, &sink, &|_| {}).value.pages.len();
        memo = proof.memo;
        let page = sink.new.files.into_inner().unwrap();
        let page = String::from_utf8(page["briefings/صورة/index.html"].clone()).unwrap();
        let at = page.split("height=\"").nth(1).unwrap();
        at.split('"').next().unwrap().parse::<u32>().unwrap()
    };
    let first = height(&sources);
    // A text is saved, and in the same moment a picture of the same length, which nobody tells.
    write("content/briefings/with.md", &format!("{text}\nنص.\n"));
    write("content/briefings/p.svg", &svg(9));
    let saved = [SourcePath::new("content/briefings/with.md")];
    sources = load::reload(dir.path(), &sources, &saved).unwrap().value;
    assert_eq!(height(&sources), first * 9);
}

fn edited(edits: &[(&str, &str)]) -> TestCaseResult {
    let mut files = site();
    let mut memo = Memo::default();
    let mut old = BTreeMap::new();
    for (path, text) in [("content/briefings/z.md", "")].iter().chain(edits) {
        if !text.is_empty() {
            files.insert((*path).to_owned(), (*text).to_owned());
        }
        let folder = tempfile::tempdir().unwrap();
        let sources = sources(&files, folder.path());
        let none = BTreeMap::new();
        let (clean, _, expected, _) = build(&sources, 0, &Memo::default(), &none);
        prop_assert!(!expected.is_empty(), "{:?}", clean.diagnostics);
        let (built, next, made, _) = build(&sources, 0, &memo, &old);
        let wrong = made.iter().find(|(path, bytes)| expected.get(*path) != Some(*bytes));
        prop_assert_eq!(wrong.map(|it| it.0), None);
        prop_assert_eq!(made.len(), expected.len());
        prop_assert_eq!(built.diagnostics, clean.diagnostics);
        (memo, old) = (next, made);
    }
    Ok(())
}

/// Texts that are not read again are shown by others as before, whatever has been made of them.
#[test]
fn every_sort_of_text_is_known_again() {
    let plain = "بقلم: سامي الحسن\n9 مارس 2025\nعنوان النص في إيران\n\nفقرة أولى عن إيران \
                 تقول ما جرى.\n\nفقرة ثانية عن عُمان.\n";
    let withdrawn = "---\ntitle: مسحوب\ndate: 2025-01-02\nstatus: withdrawn\n\
                     topics: [iran]\n---\n\n## قسم {#part}\n\nنص عن إيران [[b]].\n";
    let foreign = "---\ntitle: وارد\ndate: 2025-01-02\ntrust: low\ntopics: [iran]\n---\n\n\
                   نص <b>عن</b> [إيران](https://example.org/) &amp; *عُ*مان.\n";
    let linking = "---\ntitle: إلى غيره\ndate: 2025-01-02\ntopics: [iran]\n---\n\n\
                   [قسم](briefing:w#part) [[وارد]] [[topic:thin]] `[[b]]`.\n";
    let translated = "---\ntitle: Translated\nof: 2025-01-01\n---\n\nIran and [[b]].\n";
    let last = "---\ntitle: أخير\ndate: 2025-02-02\ntopics: [iran, oman]\n---\n\nنص.\n";
    edited(&[
        ("content/briefings/p.txt", plain),
        ("content/briefings/w.md", withdrawn),
        ("content/briefings/x.md", foreign),
        ("content/briefings/y.md", linking),
        ("content/briefings/b.en.md", translated),
        ("content/briefings/z.md", last),
        ("content/briefings/p.yaml", "topics: [iran]\n"),
        ("content/topics/thin.yaml", "title: {ar: خصب الجديدة}\nkind: place\n"),
    ])
    .unwrap();
}

/// A topic that so many texts name that it has three pages: only those that show an edit change.
#[test]
fn pages_behind_the_first_one_of_a_topic_are_made_anew_where_they_change() {
    let text = |at: usize, title: &str, day: &str| {
        let topics = if at.is_multiple_of(3) { "topics: [iran]\n" } else { "" };
        let header = format!("---\ntitle: {title} {at}\ndate: {day}\n{topics}---\n");
        (format!("content/briefings/n{at:03}.md"), format!("{header}\nنص عن إيران.\n"))
    };
    let mut files = site();
    files.extend((0..130).map(|at| text(at, "رقم", "2024-06-01")));
    let folder = tempfile::tempdir().unwrap();
    let all = |files: &Files| sources(files, folder.path());
    let none = BTreeMap::new();
    let (_, mut memo, mut old, _) = build(&all(&files), 0, &Memo::default(), &none);
    let pages = |made: &BTreeMap<String, Vec<u8>>| {
        let pages = made.keys().filter(|it| it.starts_with("topics/إيران/"));
        pages.filter(|it| it.ends_with("/index.html")).count()
    };
    assert_eq!(pages(&old), 3);
    let edits = [
        (3, 70, "عنوان آخر", "2024-06-01"),
        (3, 70, "عنوان آخر", "2026-01-01"),
        (3, 200, "جديد", "2025-12-01"),
        (3, 71, "رقم", "2019-01-01"),
        (2, 50, "", ""),
        (2, 60, "وأخير", "2020-02-02"),
    ];
    for (at, (n_pages, number, title, day)) in edits.into_iter().enumerate() {
        if title.is_empty() {
            let taken = text(number, "", "").0..text(120, "", "").0;
            files.retain(|it, _| !taken.contains(it));
        } else {
            files.extend([text(number, title, day)]);
        }
        let (clean, _, expected, _) = build(&all(&files), 0, &Memo::default(), &none);
        let (built, next, made, n_kept) = build(&all(&files), 0, &memo, &old);
        assert_eq!(pages(&expected), n_pages, "{at}: {:?}", clean.diagnostics);
        let wrong = made.iter().find(|(path, bytes)| expected.get(*path) != Some(*bytes));
        assert_eq!(wrong.map(|it| it.0), None, "{at}");
        assert_eq!(made.len(), expected.len(), "{at}");
        assert_eq!(built.diagnostics, clean.diagnostics, "{at}");
        if at == 0 {
            // The first page and that of the text itself, but not the one between or behind.
            assert_eq!(
                made["topics/إيران/3/index.html"],
                old["topics/إيران/3/index.html"]
            );
            assert!(300 < n_kept, "{n_kept}");
        }
        (memo, old) = (next, made);
    }
}

/// What an earlier build has left is believed: else it would do nothing but take time.
#[test]
fn what_an_earlier_build_has_left_is_taken_over() {
    let files = site();
    let folder = tempfile::tempdir().unwrap();
    let none = BTreeMap::new();
    let sources = sources(&files, folder.path());
    let (_, mut memo, old, _) = build(&sources, 0, &Memo::default(), &none);
    let neighbours = memo.neighbours.as_mut().unwrap();
    let n_related = neighbours.related.iter().filter(|it| !it.is_empty()).count();
    assert_ne!(n_related, 0);
    neighbours.related.iter_mut().for_each(Vec::clear);
    memo.printed.clear();
    let (_, _, made, _) = build(&sources, 0, &memo, &none);
    let shows_related = |files: &BTreeMap<String, Vec<u8>>| {
        let texts = files.values().map(|it| String::from_utf8_lossy(it));
        texts.filter(|it| it.contains("id=\"mz-related\"")).count()
    };
    assert_ne!(shows_related(&old), 0);
    assert_eq!(shows_related(&made), 0);
}

#[test]
fn rows_of_the_graph_are_taken_over_where_their_briefings_are_as_they_were() {
    let mut files = site();
    let folder = tempfile::tempdir().unwrap();
    let (_, memo, mut old, _) =
        build(&sources(&files, folder.path()), 0, &Memo::default(), &BTreeMap::new());
    // A sign that only the file has, as long as what it stands for.
    let graph = String::from_utf8(old["graph.json"].clone()).unwrap();
    let marked = graph.replace("\"title\":\"عنوان ", "\"title\":\"عنواّ ");
    assert_eq!(marked.len(), graph.len());
    let n_rows = marked.matches("عنواّ ").count();
    assert!(4 < n_rows, "{n_rows}");
    old.insert("graph.json".to_owned(), marked.into_bytes());
    files.get_mut("content/briefings/c.md").unwrap().push_str("\nوفقرة عن السعودية.\n");
    let sources = sources(&files, folder.path());
    let (_, _, made, _) = build(&sources, 0, &memo, &old);
    let made = String::from_utf8(made["graph.json"].clone()).unwrap();
    assert_eq!(made.matches("عنواّ ").count(), n_rows - 1);
    let (_, _, clean, _) = build(&sources, 0, &Memo::default(), &BTreeMap::new());
    let clean = String::from_utf8(clean["graph.json"].clone()).unwrap();
    assert_eq!(made.replace("عنواّ ", "عنوان "), clean);
}

/// Nobody lists or names anything else, but a topic more shifts the places of all.
#[test]
fn neighbours_are_found_anew_where_their_places_change() {
    let text = "---\ntitle: نص\ndate: 2025-02-02\ntopics: [iran]\n---\n\nنص.\n";
    let more = format!("{text}\nوفقرة.\n");
    let other = text.replace("نص\n", "غيره\n");
    edited(&[
        ("content/briefings/z.md", text),
        ("content/topics/aaa.yaml", "title: {ar: لا أحد يذكره}\nkind: place\n"),
        ("content/briefings/z.md", &more),
        ("content/briefings/zz.md", &other.replace("iran", "oman")),
        ("content/topics/zzz.yaml", "title: {ar: ولا هذا}\nkind: place\n"),
        ("content/briefings/zz.md", &other.replace("2025", "2021")),
        ("content/briefings/zz.md", &other.replace("2025-02", "2021-03")),
    ])
    .unwrap();
}

#[test]
fn a_link_that_leads_elsewhere_since_takes_its_sentence_along() {
    let to = "---\ntitle: alpha\ndate: 2025-01-01\n---\n\nنص.\n";
    let from = "---\ntitle: من\ndate: 2025-01-02\n---\n\nجملة أولى [[alpha|هنا]].\n\n\
                جملة ثانية [[target|هناك]].\n";
    let other = "---\ntitle: غيره\ndate: 2025-01-03\n---\n\nنص.\n";
    edited(&[
        ("content/briefings/target.md", to),
        ("content/briefings/from.md", from),
        ("content/briefings/alpha.md", other),
    ])
    .unwrap();
}

#[test]
fn a_topic_without_a_page_moves_between_the_lists_of_languages() {
    let thin = "title: {ar: خصب}\nkind: place\naliases: {en: [Khasab]}\n";
    let iran = "Iran is far from Khasab.\n";
    let names = "---\ntitle: English\ndate: 2025-01-02\n---\n\nKhasab is a town.\n";
    edited(&[
        ("content/topics/thin.yaml", thin),
        ("content/topics/iran.en.md", iran),
        ("content/briefings/english.en.md", names),
    ])
    .unwrap();
}

/// When the same sources make another manifest or other warnings, a cache is too old.
#[test]
fn what_is_to_come_ends_what_is_known() {
    let until = |path: &str, text: &str| {
        let mut files = site();
        let old = files.get(path).cloned().unwrap_or_default();
        files.insert(path.to_owned(), format!("{old}{text}"));
        let folder = tempfile::tempdir().unwrap();
        let sources = sources(&files, folder.path());
        let (built, ..) = build(&sources, 0, &Memo::default(), &BTreeMap::new());
        built.same_until.unwrap().to_string()
    };
    let text = |meta: &str| format!("---\ntitle: نص\n{meta}\n---\n\nنص.\n");
    let new = "content/briefings/new.md";
    assert_eq!(until(new, &text("date: 2025-01-01")), "2026-01-02T00:00:00Z");
    let moment = "2026-01-01T06:00:00Z";
    for meta in [
        format!("date: {moment}"),
        format!("date: 2025-01-01\nupdated: {moment}"),
        format!("date: 2025-01-01\ncorrections:\n  - {{at: {moment}, text: خطأ}}"),
        format!("date: 2025-01-01\nchanges:\n  - {{at: {moment}, text: جديد}}"),
        format!("date: 2025-01-01\npublish_at: {moment}"),
    ] {
        assert_eq!(until(new, &text(&meta)), moment, "{meta}");
    }
    for expires in [moment, "2027-01-02T06:00:00Z"] {
        let security =
            format!("security: {{contact: a@example.org, expires: '{expires}'}}\n");
        assert_eq!(until("content/site.yaml", &security), moment, "{expires}");
    }
}

/// Runs `mujaz build` in a folder, and gives what it says.
fn run(dir: &Path, args: &[&str]) -> String {
    let mut program = Command::new(env!("CARGO_BIN_EXE_mujaz"));
    let out = program.arg("build").args(args).current_dir(dir).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8_lossy(&out.stderr).into_owned()
}

fn on_disk() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in site() {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

/// A manifest without what it says about the sites before.
fn without_history(manifest: &[u8]) -> Vec<u8> {
    let mut manifest: serde_json::Value = serde_json::from_slice(manifest).unwrap();
    manifest.as_object_mut().unwrap().remove("moved");
    manifest.to_string().into_bytes()
}

/// All files of an output, by path; the marker without what it knows of earlier builds.
fn tree_without_history(dir: &Path) -> Tree {
    let mut tree = tree(dir);
    if let Some(manifest) = tree.get_mut(mujaz::write::MANIFEST) {
        *manifest = without_history(manifest);
    }
    tree
}

#[track_caller]
fn check_disk(dir: &Path, args: &[&str], expected: &str) {
    let said = run(dir, args);
    assert!(said.contains(expected), "{said}");
    let clean = tempfile::tempdir().unwrap();
    let output = clean.path().join("out");
    run(dir, &[args, &["--output", output.to_str().unwrap()]].concat());
    let (made, expected) =
        (tree_without_history(&dir.join("public")), tree_without_history(&output));
    assert_eq!(made.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    let wrong = made.iter().find(|(path, bytes)| expected.get(*path) != Some(*bytes));
    assert_eq!(wrong.map(|it| it.0), None);
}

const MOMENT: [&str; 2] = ["--as-of", "2026-01-01T00:00:00Z"];

fn cache_file(dir: &Path) -> std::path::PathBuf {
    let files = fs::read_dir(dir.join(".mujaz/cache")).unwrap();
    let mut files: Vec<_> = files.map(|it| it.unwrap().path()).collect();
    // The other outputs of this test have caches too; the first was written first.
    files.sort_by_key(|it| it.metadata().unwrap().modified().unwrap());
    files.swap_remove(0)
}

#[test]
fn the_next_build_writes_what_has_changed_and_nothing_else() {
    let dir = on_disk();
    let dir = dir.path();
    check_disk(dir, &MOMENT, " changed");
    check_disk(dir, &MOMENT, ", 0 files changed");
    assert_eq!(fs::read_to_string(dir.join(".mujaz/.gitignore")).unwrap(), "*\n");
    let path = dir.join("content/briefings/d.md");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{text}\nفقرة عن إيران.\n")).unwrap();
    check_disk(dir, &MOMENT, " changed");
    check_disk(dir, &MOMENT, ", 0 files changed");
    // The clock decides on embargoes, also where no file has changed.
    let later = ["--as-of", "2026-03-02T00:00:00Z"];
    check_disk(dir, &later, " changed");
    assert!(dir.join("public/briefings/عنوان-e/index.html").exists());
    check_disk(dir, &MOMENT, " changed");
    assert!(!dir.join("public/briefings/عنوان-e/index.html").exists());
}

/// A build without a cache makes the same files, so only what it has printed tells.
#[test]
fn what_the_cache_on_the_disk_knows_is_not_made_again() {
    let dir = on_disk();
    let dir = dir.path();
    let n_printed = || {
        let said = run(dir, &[&MOMENT[..], &["--timings"]].concat());
        let line = said.lines().find(|it| it.ends_with(" pages/briefing.html"));
        line.map_or(0, |it| it.split_whitespace().nth(2).unwrap().parse().unwrap())
    };
    let n_all: usize = n_printed();
    assert!(4 < n_all, "{n_all}");
    assert_eq!(n_printed(), 0);
    let path = dir.join("content/briefings/d.md");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text + "\nفقرة أخرى.\n").unwrap();
    let n_new = n_printed();
    assert!((1..n_all).contains(&n_new), "{n_new} of {n_all}");
}

#[test]
fn a_file_that_somebody_has_changed_or_deleted_in_the_output_is_made_again() {
    let dir = on_disk();
    let dir = dir.path();
    check_disk(dir, &MOMENT, " changed");
    fs::write(dir.join("public/briefings/عنوان-d/index.html"), "x").unwrap();
    check_disk(dir, &MOMENT, ", 1 file changed");
    fs::remove_file(dir.join("public/index.html")).unwrap();
    check_disk(dir, &MOMENT, ", 1 file changed");
    fs::remove_dir_all(dir.join("public")).unwrap();
    check_disk(dir, &MOMENT, " changed");
}

/// A file that is changed without a trace in its size and time.
#[cfg(unix)]
#[test]
fn an_edit_of_the_output_that_keeps_its_size_and_time_is_seen() {
    let dir = on_disk();
    let dir = dir.path();
    check_disk(dir, &MOMENT, " changed");
    let path = dir.join("public/feed.xml");
    let mut bytes = fs::read(&path).unwrap();
    let modified = path.metadata().unwrap().modified().unwrap();
    bytes[500] ^= 1;
    fs::write(&path, bytes).unwrap();
    fs::File::options().write(true).open(&path).unwrap().set_modified(modified).unwrap();
    check_disk(dir, &MOMENT, ", 1 file changed");
}

#[test]
fn words_of_drafts_and_withdrawn_texts_do_not_stay_in_the_search() {
    let dir = on_disk();
    let dir = dir.path();
    let path = dir.join("content/briefings/f.md");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{text}\nكلمة زلقومية.\n")).unwrap();
    let has_word = || {
        let needle = "زلقوم".as_bytes();
        let is_in = |bytes: &Vec<u8>| bytes.windows(needle.len()).any(|it| it == needle);
        tree_without_history(&dir.join("public")).values().any(is_in)
    };
    run(dir, &[&MOMENT[..], &["--drafts", "--output", "public"]].concat());
    assert!(has_word());
    check_disk(dir, &MOMENT, " changed");
    assert!(!has_word());
}

#[test]
fn a_cache_that_is_damaged_gone_or_of_another_output_is_as_good_as_none() {
    let dir = on_disk();
    let dir = dir.path();
    check_disk(dir, &MOMENT, " changed");
    let path = dir.join("content/briefings/d.md");
    let text = fs::read_to_string(&path).unwrap();
    let file = cache_file(dir);
    let whole = fs::read(&file).unwrap();
    let mut wrong = whole.clone();
    wrong[whole.len() / 2] ^= 1;
    let damaged = [&whole[..whole.len() / 3], &wrong, b"", b"mujaz"];
    for (n, bytes) in damaged.into_iter().enumerate() {
        fs::write(&file, bytes).unwrap();
        fs::write(&path, format!("{text}\nفقرة {n}.\n")).unwrap();
        check_disk(dir, &MOMENT, " changed");
    }
    // An old cache beside a newer output.
    fs::write(&file, &whole).unwrap();
    check_disk(dir, &MOMENT, ", 0 files changed");
    fs::remove_dir_all(dir.join(".mujaz")).unwrap();
    // Its place is taken.
    fs::write(dir.join(".mujaz"), "").unwrap();
    check_disk(dir, &MOMENT, ", 0 files changed");
}

#[test]
fn builds_at_the_same_time_leave_a_whole_cache() {
    let dir = on_disk();
    let dir = dir.path();
    check_disk(dir, &MOMENT, " changed");
    let path = dir.join("content/briefings/d.md");
    for n in 0..4 {
        fs::write(
            &path,
            format!("---\ntitle: د\ndate: 2025-01-02\n---\n\nفقرة {n} عن إيران.\n"),
        )
        .unwrap();
        let start = || {
            let mut program = Command::new(env!("CARGO_BIN_EXE_mujaz"));
            program.arg("build").args(MOMENT).current_dir(dir).output()
        };
        // One may find that the other has taken its place away; none may leave anything wrong.
        std::thread::scope(|scope| {
            let both = [scope.spawn(start), scope.spawn(start)];
            for build in both {
                build.join().unwrap().unwrap();
            }
        });
        check_disk(dir, &MOMENT, " changed");
    }
}
