//! A topic gets another id.

use std::fs;
use std::path::Path;

use mujaz::{edit, load};

use crate::edit::{Files, HEAD, bytes, edited, site, thin};
use crate::golden::build;

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
             و[old](<topic:{id}> \"](topic:old)\") و[ملف](../topics/{id}.yaml) و[[آخر]].\n\n\
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
fn an_id_written_with_escapes_is_found() {
    let text = |id: &str, link: &str| {
        format!(
            "{HEAD}topics: [{id}]\n---\n\n[س](topic:{link} 'a') [ع][r]\n\n[r]: <topic:{link}>\n"
        )
    };
    let files = site(&[
        ("content/topics/a_b.yaml", &thin("س")),
        ("content/briefings/a.md", &text(r#""a\u005fb""#, r"a\_b")),
    ]);
    let (after, _) = edited(&files, edit::rename, "a_b", "-c");
    assert_eq!(after["content/briefings/a.md"], text("\"-c\"", "-c"));
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

#[test]
fn after_a_rename_the_site_is_the_same_but_for_the_id() {
    let built = |files: &Files| {
        let (_, memory, _) = build(&bytes(files));
        memory.files.into_inner().unwrap()
    };
    let mut files = demo();
    // The names of an index's files hold a hash of what is in them.
    let config = files.get_mut("content/site.yaml").unwrap();
    config.push_str("search: false\n");
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

/// Every text of the demo site's content, without the pictures that it shows.
fn demo() -> Files {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources = load::load(root).unwrap().value;
    let content =
        sources.files.iter().filter(|it| it.path.as_str().starts_with("content"));
    content
        .map(|it| {
            let text = fs::read_to_string(root.join(it.path.as_str())).unwrap();
            let lines = text.split_inclusive('\n').filter(|it| !it.starts_with("!["));
            let text = lines.collect();
            (it.path.as_str().to_owned(), text)
        })
        .collect()
}
