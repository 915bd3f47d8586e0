//! Broken files: each says which file, which line, which column, and a way out (measure R22).

use mujaz::diag::{Severity, line_and_column};

use crate::desk::file;
use crate::golden;

/// A file, its text with `¦` where the mistake is said to be, and the code of the mistake.
type Row = (&'static str, &'static str, &'static str);

const A: &str = "content/briefings/a.md";
const TOPIC: &str = "content/topics/t.yaml";
const SITE: &str = "content/site.yaml";

const ROWS: [Row; 60] = [
    // Text that is no YAML.
    (A, "---\ntitle: ¦عنوان: فرعي\ndate: 2025-01-02\n---\nن\n", "yaml-syntax"),
    (A, "---\ntitle: ¦\"عنوان\ndate: 2025-01-02\n---\nن\n", "yaml-syntax"),
    (A, "---\ntitle: نص\ndate: 2025-01-02\ntopics: ¦[a, b\n---\nن\n", "yaml-syntax"),
    (A, "---\ntitle: نص\n¦\tdate: 2025-01-02\n---\nن\n", "yaml-syntax"),
    (A, "---\ntitle: ¦@نص\ndate: 2025-01-02\n---\nن\n", "yaml-syntax"),
    (A, "---\ntitle: ¦`نص`\ndate: 2025-01-02\n---\nن\n", "yaml-syntax"),
    (A, "---\ntitle: ¦%نص\ndate: 2025-01-02\n---\nن\n", "yaml-syntax"),
    (A, "---\ntitle: ¦«نص»: فرعي\ndate: 2025-01-02\n---\nن\n", "yaml-syntax"),
    (
        A,
        "---\ntitle: a¦\u{2028}draft: false\ndate: 2025-01-02\n---\nن\n",
        "control-character",
    ),
    (A, "---\ntitle: ¦\"a\\0b\"\ndate: 2025-01-02\n---\nن\n", "control-character"),
    (A, "---\ntitle: نص\ndate: 2025-01-02\n¦title: آخر\n---\nن\n", "duplicate-key"),
    (A, "---\ntitle: &x نص\ndate: 2025-01-02\nsummary: ¦*x\n---\nن\n", "yaml-alias"),
    (A, "¦---\ntitle: نص\n\nن\n", "unclosed-front-matter"),
    // Keys and values.
    (A, "---\n¦titel: نص\ntitle: نص\ndate: 2025-01-02\n---\nن\n", "unknown-key"),
    (
        A,
        "---\ntitle: نص\ndate: 2025-01-02\n¦publish_on: 2030-01-01\n---\nن\n",
        "unknown-key",
    ),
    (A, "---\ntitle: نص\ndate: ¦2025-02-30\n---\nن\n", "bad-date"),
    (A, "---\ntitle: نص\ndate: ¦1/2/26\n---\nن\n", "bad-date"),
    (A, "---\ntitle: نص\ndate: ¦20260201\n---\nن\n", "bad-date"),
    (A, "---\ntitle: نص\ndate: 2025-01-02\npublish_at: ¦tomorrow\n---\nن\n", "bad-date"),
    (A, "---\ntitle: نص\ndate: 2025-01-02\nstatus: ¦publish\n---\nن\n", "wrong-value"),
    (A, "---\ntitle: نص\ndate: 2025-01-02\nstatus¦:\n---\nن\n", "wrong-value"),
    (A, "---\ntitle: نص\ndate: 2025-01-02\ntopics: ¦nowhere\n---\nن\n", "wrong-value"),
    (
        A,
        "---\ntitle: نص\ndate: 2025-01-02\ntopics: [t, ¦nowhere]\n---\nن\n",
        "unknown-topic",
    ),
    (
        A,
        "---\ntitle: نص\ndate: 2025-01-02\nauthors: [¦no-body]\n---\nن\n",
        "unknown-author",
    ),
    (
        A,
        "---\ntitle: نص\ndate: 2025-01-02\nseries: {id: ¦none}\n---\nن\n",
        "unknown-series",
    ),
    (A, "---\ntitle: نص\ndate: 2025-01-02\nslug: ¦a/b\n---\nن\n", "bad-slug"),
    (A, "---\ntitle: نص\ndate: 2025-01-02\naliases: [¦../x]\n---\nن\n", "bad-alias"),
    (A, "---\ntitle: نص\ndate: 2025-01-02\nkind: ¦essay\n---\nن\n", "wrong-value"),
    (A, "---\ntitle: نص\ndate: 2025-01-02\nlang: ¦arabic!\n---\nن\n", "wrong-value"),
    (A, "---\ntitle: متن\ndate: 2025-01-02\nlang: ¦fa\n---\nن\n", "unlisted-language"),
    (
        A,
        "---\ntitle: نص\ndate: 2025-01-02\nsources: [{title: م, url: ¦example.org}]\n---\nن\n",
        "wrong-value",
    ),
    (
        A,
        "---\ntitle: نص\ndate: 2025-01-02\nkey_judgements: [{text: م, likelihood: ¦9}]\n---\nن\n",
        "wrong-value",
    ),
    (
        A,
        "---\ntitle: نص\ndate: 2025-01-02\nimage: {file: ¦no.png, alt: أ, credit: ب}\n---\nن\n",
        "missing-picture",
    ),
    (
        A,
        "---\ntitle: نص\ndate: 2025-01-02\nchanges: [¦{at: 2025-01-03, major: true}]\n---\nن\n",
        "wrong-value",
    ),
    (A, "---\ntitle: نص\ndate: 2025-01-02\ntrust: ¦none\n---\nن\n", "wrong-value"),
    (A, "¦---\ndate: 2025-01-02\n---\nن\n", "missing-title"),
    (A, "¦---\ntitle: نص\n---\nن\n", "missing-date"),
    (A, "¦", "empty-file"),
    // The text.
    (A, "---\ntitle: نص\ndate: 2025-01-02\n---\nن ¦[[nowhere]] ن\n", "dead-link"),
    (A, "---\ntitle: نص\ndate: 2025-01-02\n---\nن ¦[x](none.md) ن\n", "dead-link"),
    (A, "---\ntitle: نص\ndate: 2025-01-02\n---\nن ¦[x](topic:none) ن\n", "dead-link"),
    (A, "---\ntitle: نص\ndate: 2025-01-02\n---\nن ¦[x](/no/where/) ن\n", "dead-link"),
    (A, "---\ntitle: نص\ndate: 2025-01-02\n---\nن ¦[x](#nowhere) ن\n", "dead-link"),
    (A, "---\ntitle: نص\ndate: 2025-01-02\n---\nن ¦[x](javascript:x) ن\n", "bad-link"),
    (A, "---\ntitle: نص\ndate: 2025-01-02\n---\nن ¦[x](//x.example) ن\n", "bad-link"),
    (A, "---\ntitle: نص\ndate: 2025-01-02\n---\nن ¦[@none] ن\n", "dead-citation"),
    (A, "---\ntitle: نص\ndate: 2025-01-02\n---\nن ¦![](a.png) ن\n", "missing-alt"),
    (
        A,
        "---\ntitle: نص\ndate: 2025-01-02\n---\nن ¦![أ](none.png) ن\n",
        "missing-picture",
    ),
    (A, "---\ntitle: نص\ndate: 2025-01-02\n---\nن ¦{nolink} ن\n", "nolink"),
    (A, "---\ntitle: نص\ndate: 2025-01-02\n---\n¦<!-- ن\n", "open-comment"),
    (A, "---\ntitle: نص\ndate: 2025-01-02\n---\n¦## ن {#a/b}\n", "bad-heading-id"),
    (A, "---\ndate: 2025-01-02\n---\n# ¦[[t]]\n\nن\n", "link-in-title"),
    // Topics, settings, templates, words.
    (TOPIC, "title: م\nkind: ¦land\n", "wrong-value"),
    (TOPIC, "¦title: م\n", "missing-kind"),
    (TOPIC, "title: م\nkind: theme\nparent: ¦nowhere\n", "unknown-topic"),
    (
        TOPIC,
        "title: م\nkind: theme\nrelations: [{rel: of, to: ¦nowhere}]\n",
        "unknown-topic",
    ),
    (SITE, "title: نشرة\nbase_url: ¦example.org\n", "wrong-value"),
    (SITE, "title: نشرة\ntime_zone: ¦Baghdad\n", "wrong-value"),
    (SITE, "title: نشرة\nhtml: ¦yes\n", "wrong-value"),
    ("templates/pages/home.html", "{% if ¦%}\n", "template-syntax"),
];

#[test]
fn r22_every_broken_file_is_told_with_its_line_column_and_a_way_out() {
    let mut wrong = Vec::new();
    for (path, text, code) in ROWS {
        let (before, after) = text.split_once('¦').unwrap();
        let text = format!("{before}{after}");
        let mut files = vec![file(path, &text)];
        for (other, text) in [
            (SITE, "title: نشرة\ncards: false\n"),
            (TOPIC, "title: موضوع\nkind: theme\n"),
        ] {
            if other != path {
                files.push(file(other, text));
            }
        }
        let (built, ..) = golden::build(&files);
        let expected = line_and_column(&text, before.len());
        let found = built.diagnostics.iter().filter(|it| it.severity == Severity::Error);
        let found: Vec<_> = found
            .map(|it| {
                let place = it.place.as_ref();
                let at = place.map(|it| line_and_column(&text, it.span.start as usize));
                let is_here = place.is_some_and(|it| it.path.as_str() == path);
                (it.code, is_here, at, it.help.clone().unwrap_or_default())
            })
            .collect();
        let is_told = found.iter().any(|(said, is_here, at, help)| {
            *said == code && *is_here && *at == Some(expected) && 8 < help.len()
        });
        if !is_told {
            wrong.push(format!("{code} at {expected:?} of {text:?}: {found:?}"));
        }
    }
    let n = ROWS.len();
    assert!(wrong.is_empty(), "{}/{n}\n{}", n - wrong.len(), wrong.join("\n"));
}
