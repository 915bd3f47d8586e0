//! `topic rename` and `topic merge`: small sites, the edit, and the exact files after it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use mujaz::diag::{Severity, SourcePath};
use mujaz::edit::{self, Edits, Folder, Plan};
use mujaz::error::Error;
use mujaz::load::{self, Sources};
use tempfile::TempDir;

use crate::golden::build;

type Files = BTreeMap<String, String>;

const CONFIG: &str = "title: موجز\nlanguages: [ar, en]\n";

/// A site of these files, with settings of its own.
fn site(files: &[(&str, &str)]) -> Files {
    let mut all: Files = files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect();
    all.entry("content/site.yaml".to_owned()).or_insert_with(|| CONFIG.to_owned());
    all
}

fn bytes(files: &Files) -> Vec<(String, Vec<u8>)> {
    files.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes())).collect()
}

fn sources(files: &Files) -> Sources {
    let mut sources = Sources::default();
    for (path, text) in files {
        let path = SourcePath::new(path);
        let kind = load::kind_of(&path).unwrap();
        let file = load::source_file(path, kind, text.clone().into_bytes());
        sources.files.extend(file.value);
    }
    sources
}

type Edit = fn(&Folder<'_>, &str, &str) -> Result<Plan, Error>;

fn plan(files: &Files, edit: Edit, a: &str, b: &str) -> Result<Plan, Error> {
    let sources = sources(files);
    let raw = |path: &SourcePath| Ok(files[path.as_str()].clone());
    let now = "2026-01-01T00:00:00Z".parse().unwrap();
    edit(&Folder { sources: &sources, diagnostics: &[], raw: &raw, now }, a, b)
}

/// The files after an edit, and what was said about it.
#[track_caller]
fn edited(files: &Files, edit: Edit, a: &str, b: &str) -> (Files, Edits) {
    let edits = match plan(files, edit, a, b) {
        Ok(Plan::Ready(edits)) => edits,
        other => panic!("{other:#?}"),
    };
    let mut after = files.clone();
    for change in &edits.changes {
        assert_eq!(after.remove(change.from.as_str()).as_ref(), Some(&change.before));
    }
    for change in &edits.changes {
        if let Some(to) = &change.to {
            let old = after.insert(to.as_str().to_owned(), change.after.clone());
            assert_eq!(old, None, "{to} is not written over");
        }
    }
    let (built, _, _) = build(&bytes(&after));
    let errors = built.diagnostics.iter().filter(|it| it.severity == Severity::Error);
    assert_eq!(errors.count(), 0, "{:#?}", built.diagnostics);
    (after, edits)
}

/// What a file becomes when `old` is renamed to `new`, in a site with the topic `old`.
#[track_caller]
fn check_rename(path: &str, before: &str, expected: &str) {
    let files = site(&[
        ("content/topics/old.yaml", "title: قديم\nkind: theme\nsummary: س\n"),
        ("content/topics/other.yaml", "title: آخر\nkind: theme\nsummary: س\n"),
        (path, before),
    ]);
    let (after, _) = edited(&files, edit::rename, "old", "new");
    assert_eq!(after[path], expected);
    assert!(after.contains_key("content/topics/new.yaml"));
    let (back, _) = edited(&after, edit::rename, "new", "old");
    assert_eq!(back, files, "renaming back leaves no trace");
}

/// The YAML that `into` becomes when `from` is merged into it.
#[track_caller]
fn check_merge(from: &str, into: &str, expected: &str) -> Edits {
    let files = site(&[
        ("content/topics/from.yaml", from),
        ("content/topics/into.yaml", into),
        ("content/topics/other.yaml", "title: آخر\nkind: theme\nsummary: س\n"),
    ]);
    let (after, edits) = edited(&files, edit::merge, "from", "into");
    assert_eq!(after["content/topics/into.yaml"], expected);
    assert!(!after.contains_key("content/topics/from.yaml"));
    edits
}

/// A topic without a page, so that a merge leaves no address behind.
fn thin(title: &str) -> String {
    format!("title: {title}\nkind: theme\n")
}

#[track_caller]
fn refusal(result: Result<Plan, Error>) -> (Vec<&'static str>, &'static str) {
    match result {
        Ok(Plan::Refused { diagnostics, why, .. }) => {
            (diagnostics.iter().map(|it| it.code).collect(), why)
        }
        other => panic!("{other:#?}"),
    }
}

const HEAD: &str = "---\ntitle: ع\ndate: 2025-01-01\n";

#[test]
fn a_rename_keeps_quotes_comments_and_spaces_of_lists() {
    check_rename(
        "content/briefings/a.md",
        &format!(
            "{HEAD}topics: [ \"old\" , 'other' ]   # الأول هو الأهم: old\nlinks:\n  \
             suppress:\n    # لا تُربط\n    - old   # تعليق\n    - other\n  add: [old]\n---\n\nنص.\n"
        ),
        &format!(
            "{HEAD}topics: [ \"new\" , 'other' ]   # الأول هو الأهم: old\nlinks:\n  \
             suppress:\n    # لا تُربط\n    - new   # تعليق\n    - other\n  add: [new]\n---\n\nنص.\n"
        ),
    );
}

#[test]
fn a_rename_reaches_sidecars_parents_and_relations() {
    let topic = |id: &str| {
        format!(
            "title: فرع\nkind: theme\nparent: {id}\nrelations:\n  - rel: part_of\n    to: \
             '{id}' # ملاحظة\n    note: old كلمة\n  - {{to: {id}, rel: about}}\n"
        )
    };
    check_rename("content/topics/sub/child.yaml", &topic("old"), &topic("new"));
    let files = site(&[
        ("content/topics/old.yaml", "title: قديم\nkind: theme\n"),
        ("content/briefings/a.txt", "عنوان\n\nنص طويل عن old هنا، وعن [[old]].\n"),
        ("content/briefings/a.yaml", "date: 2025-01-01\ntopics:\n- old\n"),
    ]);
    let (after, edits) = edited(&files, edit::rename, "old", "new");
    assert_eq!(after["content/briefings/a.yaml"], "date: 2025-01-01\ntopics:\n- new\n");
    assert_eq!(after["content/briefings/a.txt"], files["content/briefings/a.txt"]);
    assert_eq!((edits.n_references, edits.n_files), (1, 1));
}

#[test]
fn a_rename_reaches_every_form_of_a_link_and_no_code() {
    let text = |id: &str| {
        format!(
            "{HEAD}---\n\n[[{id}]] و[[ {id} |كلمات old]] و[[topic:{id}]] و[old](topic:{id}) \
             و[old](<topic:{id}> \"topic:old\") و[ملف](../topics/{id}.yaml) و[[آخر]].\n\n\
             > [مرجع **old**][r] و[r] و<topic:{id}>\n\n| [[{id}\\|جدول]] | x |\n|---|---|\n| \
             [`topic:old`](topic:{id}) | y |\n\n`[[old]]` و`topic:old`\n\n```\n[[old]] \
             [x](topic:old)\n```\n\n    [[old]]\n\n\\[[old\\]] old /topics/old.\n\n[r]: \
             topic:{id}\n  'عنوان'\n"
        )
    };
    check_rename("content/briefings/a.md", &text("old"), &text("new"));
    check_rename(
        "content/pages/about.md",
        "---\ntitle: عنا\n---\n\n[[old]]\n",
        "---\ntitle: عنا\n---\n\n[[new]]\n",
    );
}

#[test]
fn a_rename_moves_the_files_of_the_topic_and_links_to_them() {
    let files = site(&[
        ("content/topics/sub/old.yaml", "title: {ar: قديم, en: Old}\nkind: theme\n"),
        (
            "content/topics/sub/old.md",
            "نص [[old]] و[هنا](old.yaml) و[هناك](old.en.md).\n",
        ),
        ("content/topics/sub/old.en.md", "Text of [it](./old.md).\n"),
        ("content/briefings/a.md", &format!("{HEAD}---\n\n[x](../topics/sub/old.md)\n")),
    ]);
    let (after, edits) = edited(&files, edit::rename, "old", "new");
    let expected = site(&[
        ("content/topics/sub/new.yaml", "title: {ar: قديم, en: Old}\nkind: theme\n"),
        (
            "content/topics/sub/new.md",
            "نص [[new]] و[هنا](new.yaml) و[هناك](new.en.md).\n",
        ),
        ("content/topics/sub/new.en.md", "Text of [it](./new.md).\n"),
        ("content/briefings/a.md", &format!("{HEAD}---\n\n[x](../topics/sub/new.md)\n")),
    ]);
    assert_eq!(after, expected);
    assert_eq!((edits.n_references, edits.n_files), (5, 3));
}

#[test]
fn a_rename_keeps_the_line_ends_and_marks_of_each_file() {
    check_rename(
        "content/briefings/a.md",
        "\u{FEFF}---\r\ntitle: ع\r\ndate: 2025-01-01\r\ntopics:\r\n  - other\r\n  - old # ت\
         \r\n---\r\n\r\n\u{200F}- بند [[old]]\r\n",
        "\u{FEFF}---\r\ntitle: ع\r\ndate: 2025-01-01\r\ntopics:\r\n  - other\r\n  - new # ت\
         \r\n---\r\n\r\n\u{200F}- بند [[new]]\r\n",
    );
}

#[test]
fn a_rename_reaches_what_is_not_public() {
    for hidden in ["status: draft", "status: withdrawn", "publish_at: 2030-01-01"] {
        check_rename(
            "content/briefings/a.md",
            &format!("{HEAD}{hidden}\ntopics: [old]\n---\n\n[[old]]\n"),
            &format!("{HEAD}{hidden}\ntopics: [new]\n---\n\n[[new]]\n"),
        );
    }
}

#[test]
fn a_name_that_becomes_an_id_leads_where_it_led() {
    let files = site(&[
        ("content/topics/old.yaml", &thin("قديم")),
        ("content/topics/iran.yaml", "title: إيران\nkind: country\naliases: [Persia]\n"),
        ("content/briefings/a.md", &format!("{HEAD}---\n\n[[persia]] [[Persia|فارس]]\n")),
        (
            "content/briefings/b.md",
            &format!("{HEAD}slug: b\n---\n\n[[c]] و[[c|كلمات]]\n"),
        ),
        ("content/briefings/c.md", "---\ntitle: ج\ndate: 2025-01-01\n---\n\nنص\n"),
    ]);
    let (after, _) = edited(&files, edit::rename, "old", "persia");
    assert_eq!(
        after["content/briefings/a.md"],
        format!("{HEAD}---\n\n[[iran]] [[Persia|فارس]]\n")
    );
    let (after, _) = edited(&files, edit::rename, "old", "c");
    assert_eq!(
        after["content/briefings/b.md"],
        format!("{HEAD}slug: b\n---\n\n[[briefing:c]] و[[briefing:c|كلمات]]\n")
    );
}

#[test]
fn an_address_made_of_the_id_becomes_a_redirect() {
    let files =
        site(&[("content/topics/old.yaml", "title: «؟»\nkind: theme\nsummary: س\n")]);
    let (after, _) = edited(&files, edit::rename, "old", "new");
    assert_eq!(
        after["content/topics/new.yaml"],
        "title: «؟»\nkind: theme\nsummary: س\naliases_urls:\n  - /topics/old/\n"
    );
    let (_, memory, _) = build(&bytes(&after));
    let pages = memory.files.into_inner().unwrap();
    let page = String::from_utf8(pages["topics/old/index.html"].clone()).unwrap();
    assert!(page.contains("/topics/new/"), "{page}");
}

/// Every file of the demo site's content.
fn demo() -> Files {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources = load::load(root).unwrap().value;
    let content =
        sources.files.iter().filter(|it| it.path.as_str().starts_with("content"));
    content
        .map(|it| {
            let text = fs::read_to_string(root.join(it.path.as_str())).unwrap();
            (it.path.as_str().to_owned(), text)
        })
        .collect()
}

#[test]
fn after_a_rename_the_site_is_the_same_but_for_the_id() {
    let built = |files: &Files| {
        let (_, memory, _) = build(&bytes(files));
        memory.files.into_inner().unwrap()
    };
    let files = demo();
    let before = built(&files);
    // Lists of topics are in the order of their ids; this one keeps its place.
    let (after, edits) = edited(&files, edit::rename, "trade-corridors", "trade-routes");
    assert!(10 < edits.n_references, "{}", edits.n_references);
    let after = built(&after);
    assert!(after.keys().eq(before.keys()));
    assert_ne!(after["graph.json"], before["graph.json"]);
    for (path, bytes) in &before {
        let now = String::from_utf8_lossy(&after[path]);
        let now = now.replace("trade-routes", "trade-corridors");
        assert!(now == String::from_utf8_lossy(bytes), "{path} is another one");
    }
}

#[test]
fn wrong_ids_are_refused_with_a_way_out() {
    let files = site(&[
        ("content/topics/iran.yaml", &thin("إيران")),
        ("content/topics/oman.yaml", &thin("عُمان")),
    ]);
    for (edit, a, b, part) in [
        (edit::rename as Edit, "irann", "x", "did you mean `iran`?"),
        (edit::rename, "zzzzzzzz", "x", "content/topics"),
        (edit::rename, "iran", "إيران", "readers see the title"),
        (edit::rename, "iran", "", "readers see the title"),
        (edit::rename, "iran", "Oman", "mujaz topic merge iran oman"),
        (edit::rename, "iran", "iran", "another id first"),
        (edit::merge, "iran", "omann", "did you mean `oman`?"),
        (edit::merge, "iran", "iran", "name two topics"),
    ] {
        let error = plan(&files, edit, a, b).unwrap_err();
        let help = error.help().unwrap();
        assert!(help.contains(part), "{a} {b}: {error} / {help}");
    }
}

#[test]
fn files_with_mistakes_are_not_edited() {
    let mut files = site(&[
        ("content/topics/old.yaml", &thin("قديم")),
        ("content/topics/b.yaml", &thin("ثان")),
        ("content/briefings/a.md", "---\ntitle: ع: x\ntopics: [old]\n---\n\nنص\n"),
    ]);
    for edit in [edit::rename as Edit, edit::merge] {
        let to = if edit as usize == edit::merge as Edit as usize { "b" } else { "new" };
        let (codes, why) = refusal(plan(&files, edit, "old", to));
        assert_eq!(codes, ["yaml-syntax"]);
        assert!(why.contains("mujaz check"), "{why}");
    }
    // A mistake elsewhere is none of this command's business.
    let text = "---\ntitle: ع: x\ntopics: [older]\n---\n\nنص\n";
    files.insert("content/briefings/a.md".to_owned(), text.to_owned());
    assert!(matches!(plan(&files, edit::rename, "old", "new"), Ok(Plan::Ready(_))));
}

#[test]
fn an_edit_that_breaks_the_site_is_refused() {
    // The title of `from` is an alias of a third topic: who is meant by `[[اسم]]` then?
    let files = site(&[
        ("content/topics/from.yaml", &thin("اسم")),
        ("content/topics/into.yaml", &thin("باق")),
        ("content/topics/third.yaml", "title: ثالث\nkind: theme\naliases: [اسم]\n"),
        ("content/briefings/a.md", &format!("{HEAD}---\n\n[[اسم]]\n")),
    ]);
    let result = plan(&files, edit::merge, "from", "into");
    let (codes, why) = refusal(result);
    assert!(codes.contains(&"ambiguous-link"), "{codes:?}");
    assert!(why.contains("would have"), "{why}");
}

#[test]
fn names_go_into_aliases_of_every_shape() {
    let from = "title: {ar: طهران, en: Tehran}\nkind: place\naliases:\n  - {text: قم, \
                ambiguous: true, cue_before: [مدينة]} # شرط\n  - text: ري\n    ambiguous: \
                true\n  - \"شيراز, القديمة\"\n";
    let flow = "{text: قم, ambiguous: true, cue_before: [مدينة]}";
    check_merge(
        from,
        "title: باق\nkind: place\naliases: [أ, ب] # ت\nsort: ب\n",
        &format!(
            "title: باق\nkind: place\naliases: [أ, ب, طهران, Tehran, {flow}, {{text: ري, \
             ambiguous: true}}, \"شيراز, القديمة\"] # ت\nsort: ب\n"
        ),
    );
    check_merge(
        from,
        "title: باق\nkind: place\naliases:\n- أ # ت\n\n# بعد\nsort: ب\n",
        &format!(
            "title: باق\nkind: place\naliases:\n- أ # ت\n- طهران\n- Tehran\n- {flow}\n- text: \
             ري\n  ambiguous: true\n- \"شيراز, القديمة\"\n\n# بعد\nsort: ب\n"
        ),
    );
    check_merge(
        from,
        "title: باق\nkind: place\naliases: {ar: [أ], fa: [ب]}\nsort: ب\n",
        &format!(
            "title: باق\nkind: place\naliases: {{ar: [أ, طهران, {flow}, {{text: ري, \
             ambiguous: true}}, \"شيراز, القديمة\"], fa: [ب], en: [Tehran]}}\nsort: ب\n"
        ),
    );
    check_merge(
        from,
        "title: باق\nkind: place\naliases:\n  en:\n    - Ray\n  ar:\n    - أ\nsort: ب\n",
        &format!(
            "title: باق\nkind: place\naliases:\n  en:\n    - Ray\n    - Tehran\n  ar:\n    - \
             أ\n    - طهران\n    - {flow}\n    - text: ري\n      ambiguous: true\n    - \
             \"شيراز, القديمة\"\nsort: ب\n"
        ),
    );
}

#[test]
fn names_go_where_there_were_no_aliases() {
    let from = "title: {ar: طهران, en: Tehran}\nkind: place\n";
    let block = "  ar:\n    - طهران\n  en:\n    - Tehran\n";
    check_merge(
        from,
        "title: باق\nkind: place\n",
        &format!("title: باق\nkind: place\naliases:\n{block}"),
    );
    check_merge(
        from,
        "title: باق\nkind: place",
        &format!("title: باق\nkind: place\naliases:\n{}", block.trim_end()),
    );
    check_merge(
        from,
        "title: باق\naliases: # لا شيء\nkind: place\n",
        &format!("title: باق\naliases: # لا شيء\n{block}kind: place\n"),
    );
    for empty in ["[]", "{}", "~"] {
        check_merge(
            from,
            &format!("title: باق\naliases: {empty} # ت\nkind: place\n"),
            "title: باق\naliases: {ar: [طهران], en: [Tehran]} # ت\nkind: place\n",
        );
    }
    check_merge(
        from,
        "{title: باق, kind: place}\n",
        "{title: باق, kind: place, aliases: {ar: [طهران], en: [Tehran]}}\n",
    );
}

#[test]
fn a_site_in_one_language_needs_no_map_of_aliases() {
    let files = site(&[
        ("content/site.yaml", "title: موجز\n"),
        ("content/topics/from.yaml", "title: طهران\nkind: place\n"),
        ("content/topics/into.yaml", "title: باق\nkind: place\n"),
    ]);
    let (after, _) = edited(&files, edit::merge, "from", "into");
    assert_eq!(
        after["content/topics/into.yaml"],
        "title: باق\nkind: place\naliases:\n  - طهران\n"
    );
}

#[test]
fn a_name_that_is_there_already_is_not_added_again() {
    let edits = check_merge(
        "title: {ar: إيران, en: IRAN}\nkind: place\naliases:\n  ar: [طِهران, {text: \
         الجمهورية, ambiguous: true}]\n",
        "title: {ar: باق, en: Iran}\nkind: place\naliases:\n  ar: [ايران, طهران, الجمهورية]\n",
        "title: {ar: باق, en: Iran}\nkind: place\naliases:\n  ar: [ايران, طهران, الجمهورية]\n",
    );
    assert_eq!(edits.remarks.len(), 1, "{:?}", edits.remarks);
    assert!(edits.remarks[0].contains("الجمهورية"), "{:?}", edits.remarks);
}

#[test]
fn a_list_that_would_name_the_topic_twice_loses_one_entry() {
    let files = |list: &str| {
        site(&[
            ("content/topics/from.yaml", &thin("ذاهب")),
            ("content/topics/into.yaml", &thin("باق")),
            ("content/topics/other.yaml", &thin("آخر")),
            ("content/briefings/a.md", &format!("{HEAD}{list}---\n\nنص\n")),
        ])
    };
    for (before, expected) in [
        ("topics: [into, from]\n", "topics: [into]\n"),
        ("topics: [other, from, into] # ت\n", "topics: [other, into] # ت\n"),
        ("topics: [from, into, other]\n", "topics: [into, other]\n"),
        // The primary topic stays the primary one.
        ("topics: [from, other, into]\n", "topics: [into, other]\n"),
        ("topics: [other, from]\n", "topics: [other, into]\n"),
        (
            "topics:\n  - other # ت\n  # فوق\n  - from # مكرر\n  - into\n",
            "topics:\n  - other # ت\n  # فوق\n  - into\n",
        ),
        ("topics:\n- into\n- from\n", "topics:\n- into\n"),
        (
            "topics: [\n  other, # أ\n  from, # ب\n  into # ج\n]\n",
            "topics: [\n  other, # أ\n  into # ج\n]\n",
        ),
        ("topics: [other, into, # أ\n  from]\n", "topics: [other, into, # أ\n  ]\n"),
        (
            "links: {suppress: [into, 'from'], add: [\"from\"]}\n",
            "links: {suppress: [into], add: [\"into\"]}\n",
        ),
    ] {
        let (after, _) = edited(&files(before), edit::merge, "from", "into");
        let expected = format!("{HEAD}{expected}---\n\nنص\n");
        assert_eq!(after["content/briefings/a.md"], expected, "{before}");
    }
}

#[test]
fn links_and_files_lead_to_the_topic_that_stays() {
    let text = |a: &str, yaml: &str| {
        format!(
            "{HEAD}status: draft\n---\n\n[[{a}]] [[{a}|x]] [y](topic:{a}) [z][] \
             [f](../topics/{yaml}) `[[from]]`\n\n[z]: topic:{a}\n"
        )
    };
    let files = site(&[
        ("content/topics/deep/from.yaml", &thin("ذاهب")),
        ("content/topics/into.yaml", &thin("باق")),
        ("content/briefings/a.md", &text("from", "deep/from.yaml")),
    ]);
    let (after, _) = edited(&files, edit::merge, "from", "into");
    assert_eq!(after["content/briefings/a.md"], text("into", "into.yaml"));
}

#[test]
fn addresses_become_redirects() {
    let files = site(&[
        (
            "content/topics/from.yaml",
            "title: {ar: طهران, en: Tehran}\nkind: place\nsummary: س\naliases_urls: \
             [/old/tehran/, /2024/shared/]\n",
        ),
        (
            "content/topics/into.yaml",
            "title: إيران\nkind: place\nsummary: ص\naliases_urls: [/2024/x/]\n",
        ),
    ]);
    let (after, edits) = edited(&files, edit::merge, "from", "into");
    assert_eq!(
        after["content/topics/into.yaml"],
        "title: إيران\nkind: place\nsummary: ص\naliases_urls: [/2024/x/, /topics/طهران/, \
         /en/topics/tehran/, /old/tehran/, /2024/shared/]\naliases:\n  ar:\n    - طهران\n  \
         en:\n    - Tehran\n"
    );
    assert!(edits.remarks.iter().any(|it| it.contains("`summary`") && it.contains('س')));
    let (_, memory, _) = build(&bytes(&after));
    let pages = memory.files.into_inner().unwrap();
    for old in ["topics/طهران", "en/topics/tehran", "old/tehran", "2024/shared", "2024/x"]
    {
        let page = &pages[&format!("{old}/index.html")];
        let page = std::str::from_utf8(page).unwrap();
        assert!(page.contains("http-equiv=\"refresh\""), "{old}: {page}");
    }
}

#[test]
fn an_embargoed_text_gives_away_no_address() {
    let files = site(&[
        ("content/topics/from.yaml", &thin("ذاهب")),
        ("content/topics/into.yaml", "title: باق\nkind: theme\naliases: [ذاهب]\n"),
        (
            "content/briefings/a.md",
            &format!("{HEAD}publish_at: 2030-01-01\ntopics: [from]\n---\n\nنص\n"),
        ),
    ]);
    let (after, _) = edited(&files, edit::merge, "from", "into");
    assert_eq!(after["content/topics/into.yaml"], files["content/topics/into.yaml"]);
}

#[test]
fn relations_and_facts_are_joined_and_none_leads_to_itself() {
    let old = "  - {label: ب, value: ج}\n  - label: د # ت\n    value: ه\n";
    let edits = check_merge(
        &format!(
            "title: ذاهب\nkind: theme\nslug: x\nfacts:\n  - {{label: أ, value: 1}}\n{old}\
             relations:\n  - {{rel: part_of, to: into}}\n  - {{rel: about, to: other}}\n  - \
             {{rel: near, to: other, note: \"أ, ب\"}}\n"
        ),
        "title: باق\nkind: theme\naliases: [ذاهب]\naliases_urls: []\nfacts:\n  - label: أ\n    \
         value: 1\nrelations:\n  - rel: knows # ت\n    to: from\n  - rel: about\n    to: \
         other\n    from: 2020\nsort: ب\n",
        &format!(
            "title: باق\nkind: theme\naliases: [ذاهب]\naliases_urls: [/topics/x/]\nfacts:\n  - \
             label: أ\n    value: 1\n{old}relations:\n  - rel: about\n    to: other\n    \
             from: 2020\n  - {{rel: near, to: other, note: \"أ, ب\"}}\nsort: ب\n"
        ),
    );
    let said: Vec<&String> =
        edits.remarks.iter().filter(|it| it.contains("both are one topic")).collect();
    assert_eq!(said.len(), 2, "{:?}", edits.remarks);
}

#[test]
fn relations_of_others_are_not_said_twice() {
    let files = |relations: &str| {
        site(&[
            ("content/topics/from.yaml", &thin("ذاهب")),
            ("content/topics/into.yaml", &thin("باق")),
            (
                "content/topics/other.yaml",
                &format!("title: آخر\nkind: theme\nrelations:\n{relations}sort: ب\n"),
            ),
        ])
    };
    for (before, expected, n_remarks) in [
        (
            "  - {rel: about, to: from} # ت\n  - {rel: about, to: into, from: 2020}\n",
            "  - {rel: about, to: into, from: 2020}\n",
            0,
        ),
        (
            "  - {rel: about, to: from, from: 2019}\n  - {rel: about, to: into}\n",
            "  - {rel: about, to: into, from: 2019}\n  - {rel: about, to: into}\n",
            1,
        ),
        ("  - rel: near\n    to: from\n", "  - rel: near\n    to: into\n", 0),
    ] {
        let (after, edits) = edited(&files(before), edit::merge, "from", "into");
        let expected =
            format!("title: آخر\nkind: theme\nrelations:\n{expected}sort: ب\n");
        assert_eq!(after["content/topics/other.yaml"], expected);
        assert_eq!(edits.remarks.len(), n_remarks, "{:?}", edits.remarks);
    }
}

#[test]
fn a_family_tree_stays_a_tree() {
    let topic = |title: &str, parent: &str| {
        format!("title: {title}\nkind: theme\naliases: [ذاهب]\n{parent}sort: ب\n")
    };
    // top > from > child > into, and from > leaf.
    let files = site(&[
        ("content/topics/top.yaml", &thin("قمة")),
        ("content/topics/from.yaml", "title: ذاهب\nkind: theme\nparent: [top]\n"),
        (
            "content/topics/child.yaml",
            "title: ابن\nkind: theme\nparent:\n  - from\nsort: ب\n",
        ),
        ("content/topics/leaf.yaml", "title: ورقة\nkind: theme\nparent: from # ت\n"),
        ("content/topics/into.yaml", &topic("باق", "parent: [child]\n")),
    ]);
    let (after, edits) = edited(&files, edit::merge, "from", "into");
    let text = |id: &str| after[&format!("content/topics/{id}.yaml")].as_str();
    assert_eq!(text("child"), "title: ابن\nkind: theme\nsort: ب\n");
    assert_eq!(text("leaf"), "title: ورقة\nkind: theme\nparent: into # ت\n");
    assert_eq!(text("into"), topic("باق", "parent: [child, top]\n"));
    assert!(edits.remarks.iter().any(|it| it.contains("`child`")), "{:?}", edits.remarks);
    // The other way round: into > mid > from.
    let files = site(&[
        ("content/topics/mid.yaml", "title: وسط\nkind: theme\nparent: into\n"),
        ("content/topics/from.yaml", "title: ذاهب\nkind: theme\nparent: mid\n"),
        ("content/topics/into.yaml", &topic("باق", "")),
    ]);
    let (after, edits) = edited(&files, edit::merge, "from", "into");
    assert_eq!(after["content/topics/into.yaml"], topic("باق", ""));
    assert!(edits.remarks.iter().any(|it| it.contains("`mid`")), "{:?}", edits.remarks);
}

#[test]
fn keys_that_are_lacking_are_taken_over_as_written_and_the_rest_is_said() {
    let edits = check_merge(
        "# عن الملف\ntitle: ذاهب\nkind: place\nslug: x\n# متى\ndates: {from: 2000-09} # ت\nidentifiers:\n  \
         wikidata: Q1\nsort: {ar: أ}\nextra:\n  k:\n    - v\n",
        "title: باق\nkind: theme\naliases: [ذاهب]\naliases_urls: [/topics/x/]\nidentifiers: {wikidata: \
         Q2}\nsort:\n  ar: أ\n",
        "title: باق\nkind: theme\naliases: [ذاهب]\naliases_urls: [/topics/x/]\nidentifiers: {wikidata: \
         Q2}\nsort:\n  ar: أ\n# متى\ndates: {from: 2000-09} # ت\nextra:\n  k:\n    - v\n",
    );
    let said = edits.remarks.join("\n");
    for part in
        ["`kind`", "place", "`identifiers`", "Q1", "# عن الملف", "`dates`", "`extra`"]
    {
        assert!(said.contains(part), "no {part} in\n{said}");
    }
    assert!(!said.contains("`sort`"), "{said}");
}

#[test]
fn long_texts_move_or_come_after_those_that_are_there() {
    let files = site(&[
        ("content/topics/from.yaml", "title: ذاهب\nkind: theme\nslug: x\n"),
        ("content/topics/from.md", "\nنص [[into]] عن [[from]].\n\n- بند\n"),
        ("content/topics/from.en.md", "---\nsort: z\n---\n\nText on [it](from.md).\n"),
        (
            "content/topics/into.yaml",
            "title: باق\nkind: theme\naliases: [ذاهب]\naliases_urls: [/y/]\n",
        ),
        ("content/topics/into.md", "أول.\r\n\r\n"),
    ]);
    let (after, _) = edited(&files, edit::merge, "from", "into");
    let expected = site(&[
        (
            "content/topics/into.yaml",
            "title: باق\nkind: theme\naliases: [ذاهب]\naliases_urls: [/y/, /topics/x/]\n\
             sort: z\n",
        ),
        (
            "content/topics/into.md",
            "أول.\r\n\r\nنص [[into]] عن [[into]].\r\n\r\n- بند\r\n",
        ),
        ("content/topics/into.en.md", "Text on [it](into.md).\n"),
    ]);
    assert_eq!(after, expected);
}

#[test]
fn texts_that_cannot_stand_in_one_file_are_refused() {
    let texts = |suffix: &str, a: &str, b: &str| {
        site(&[
            ("content/topics/from.yaml", &thin("ذاهب")),
            ("content/topics/into.yaml", &thin("باق")),
            (&format!("content/topics/from.{suffix}"), a),
            ("content/topics/into.md", b),
        ])
    };
    for (suffix, a, b) in [
        ("md", "أ[^1]\n\n[^1]: حاشية\n", "ب[^1]\n\n[^1]: أخرى\n"),
        ("md", "[أ][x]\n\n[x]: topic:into\n", "[ب][x]\n\n[x]: topic:from\n"),
        ("txt", "أ\n", "ب\n"),
    ] {
        let (codes, _) = refusal(plan(&texts(suffix, a, b), edit::merge, "from", "into"));
        assert_eq!(codes, ["merge-clash"], "{a}");
    }
}

#[test]
fn a_merge_keeps_the_line_ends_of_each_file() {
    let crlf = |text: &str| text.replace('\n', "\r\n");
    check_merge(
        &crlf("title: ذاهب\nkind: theme\nfacts:\n  - label: أ\n    value: ب\nslug: x\n"),
        &crlf("title: باق\nkind: theme\naliases_urls: [/topics/x/]\naliases:\n  - س\n"),
        &crlf(
            "title: باق\nkind: theme\naliases_urls: [/topics/x/]\naliases:\n  - س\n  - \
             ذاهب\nfacts:\n  - label: أ\n    value: ب\n",
        ),
    );
}

fn mujaz(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_mujaz"))
        .args(args)
        .current_dir(dir)
        .output()
        .unwrap()
}

fn write(dir: &Path, files: &Files) {
    for (path, text) in files {
        let path = dir.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// The files of a folder.
fn on_disk(dir: &Path) -> Files {
    let mut found = Files::new();
    let mut waiting = vec![dir.to_owned()];
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(fs::read_dir(path).unwrap().map(|it| it.unwrap().path()));
        } else {
            let name = path.strip_prefix(dir).unwrap().display().to_string();
            found.insert(name.replace('\\', "/"), fs::read_to_string(path).unwrap());
        }
    }
    found
}

fn small_site() -> Files {
    site(&[
        ("content/topics/old.yaml", "title: قديم\nkind: theme\n"),
        ("content/topics/other.yaml", "title: آخر\nkind: theme\naliases: [س]\n"),
        ("content/briefings/a.md", &format!("{HEAD}topics: [old]\n---\n\n[[old]]\n")),
    ])
}

#[test]
fn a_dry_run_prints_a_diff_and_writes_nothing() {
    let dir = TempDir::new().unwrap();
    write(dir.path(), &small_site());
    let ran = mujaz(dir.path(), &["topic", "rename", "old", "new", "--dry-run"]);
    let said = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(ran.status.code(), Some(0), "{said}");
    assert_eq!(
        String::from_utf8(ran.stdout).unwrap(),
        "diff --git a/content/briefings/a.md b/content/briefings/a.md\n--- \
         a/content/briefings/a.md\n+++ b/content/briefings/a.md\n@@ -1,7 +1,7 @@\n ---\n \
         title: ع\n date: 2025-01-01\n-topics: [old]\n+topics: [new]\n ---\n \n-[[old]]\n\
         +[[new]]\ndiff --git a/content/topics/old.yaml b/content/topics/new.yaml\nrename \
         from content/topics/old.yaml\nrename to content/topics/new.yaml\n"
    );
    assert!(said.contains("nothing was written"), "{said}");
    assert_eq!(on_disk(dir.path()), small_site());
}

#[test]
fn the_command_edits_the_files_and_says_what_it_did() {
    let dir = TempDir::new().unwrap();
    write(dir.path(), &small_site());
    let ran = mujaz(dir.path(), &["topic", "rename", "old", "new"]);
    assert_eq!(ran.status.code(), Some(0));
    assert!(ran.stdout.is_empty());
    assert_eq!(
        String::from_utf8(ran.stderr).unwrap(),
        "renamed topic `old` to `new`: 1 file renamed, 2 references in 1 file\n"
    );
    let (expected, _) = edited(&small_site(), edit::rename, "old", "new");
    assert_eq!(on_disk(dir.path()), expected);
    let ran = mujaz(dir.path(), &["topic", "merge", "new", "other"]);
    let said = String::from_utf8(ran.stderr).unwrap();
    assert!(said.contains("1 file deleted, 2 references in 1 file"), "{said}");
    let (expected, _) = edited(&expected, edit::merge, "new", "other");
    assert_eq!(on_disk(dir.path()), expected);
}

#[test]
fn a_refused_edit_leaves_every_file_as_it_is() {
    let dir = TempDir::new().unwrap();
    let mut files = small_site();
    write(dir.path(), &files);
    for args in
        [["rename", "odl", "new"], ["rename", "old", "other"], ["merge", "old", "x"]]
    {
        let ran = mujaz(dir.path(), &["topic", args[0], args[1], args[2]]);
        assert_eq!(ran.status.code(), Some(2), "{args:?}");
        assert!(String::from_utf8(ran.stderr).unwrap().contains("help:"), "{args:?}");
    }
    // A name that is taken on the disk, by something that is no part of the site.
    let folder = dir.path().join("content/topics/new.yaml");
    fs::create_dir(&folder).unwrap();
    let ran = mujaz(dir.path(), &["topic", "rename", "old", "new"]);
    assert_eq!(ran.status.code(), Some(2));
    assert!(String::from_utf8(ran.stderr).unwrap().contains("no part of the site"));
    assert_eq!(on_disk(dir.path()), files);
    fs::remove_dir(&folder).unwrap();
    let broken = format!("{HEAD}topics: [old]\nkind: x\n---\n\nنص\n");
    files.insert("content/briefings/b.md".to_owned(), broken);
    write(dir.path(), &files);
    let ran = mujaz(dir.path(), &["topic", "rename", "old", "new"]);
    assert_eq!(ran.status.code(), Some(1));
    assert!(String::from_utf8(ran.stderr).unwrap().contains("error[wrong-value]"));
    assert_eq!(on_disk(dir.path()), files);
}
