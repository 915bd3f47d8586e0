//! One topic goes into another one.

use mujaz::edit::{self, Edits};

use crate::edit::{HEAD, bytes, edited, plan, refusal, site, thin};
use crate::golden::build;

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
fn a_title_whose_alias_has_gates_keeps_them() {
    check_merge(
        "title: {ar: النصر}\nkind: place\naliases:\n  ar: [{text: النصر, ambiguous: true, \
         cue_before: [نادي]}]\n",
        "title: {ar: باق}\nkind: place\naliases:\n  ar: [اسم]\n",
        "title: {ar: باق}\nkind: place\naliases:\n  ar: [اسم, {text: النصر, ambiguous: true, \
         cue_before: [نادي]}]\n",
    );
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
fn odd_shapes_of_yaml_are_edited_as_well() {
    let from = "title: {ar: طهران, en: Tehran}\nkind: place\n";
    for (before, expected) in [
        (
            "---\ntitle: باق\nkind: place\naliases: {ar: , en: [Ray, ]}\n",
            "---\ntitle: باق\nkind: place\naliases: {ar: [طهران] , en: [Ray, Tehran, ]}\n",
        ),
        (
            "\"title\": باق\nkind: place\naliases:\n  ar: # ت\n  en:\n  - Ray\n  # بعد\n",
            "\"title\": باق\nkind: place\naliases:\n  ar: # ت\n    - طهران\n  en:\n  - Ray\n  \
             - Tehran\n  # بعد\n",
        ),
        (
            "title: باق\nkind: place\naliases:\n  ar:\n    - text: |\n        ري\n\n  en: \
             [צה\"ל, it's] # ]\nextra:\n  k: |\n    # نص\n\n",
            "title: باق\nkind: place\naliases:\n  ar:\n    - text: |\n        ري\n    - \
             طهران\n\n  en: [צה\"ל, it's, Tehran] # ]\nextra:\n  k: |\n    # نص\n\n",
        ),
        (
            "title: باق\naliases: [\n  أ, # ]\n  ب # ت\n]\nkind: place\n",
            "title: باق\naliases: [\n  أ, # ]\n  ب, طهران, Tehran # ت\n]\nkind: place\n",
        ),
        (
            "kind: place\ntitle: >-\n  باق\n  هنا",
            "kind: place\ntitle: >-\n  باق\n  هنا\naliases:\n  ar:\n    - طهران\n  en:\n    - \
             Tehran",
        ),
    ] {
        check_merge(from, before, expected);
    }
    check_merge(
        "title: باق\nkind: place\nslug: x\nfacts:\n  - label: {ar: أ}\n    value: \"1, 2\"\n  - \
         label: ب, ج\n    value: |\n      سطر\n      آخر\n",
        "title: باق\nkind: place\naliases_urls: []\nfacts: [{label: أ, value: 0}]\n",
        "title: باق\nkind: place\naliases_urls: [/topics/x/]\nfacts: [{label: أ, value: 0}, \
         {label: {ar: أ}, value: \"1, 2\"}, {label: \"ب, ج\", value: \"سطر\\nآخر\"}]\n",
    );
}

#[test]
fn topics_whose_metadata_stands_in_their_text_are_merged() {
    let files = site(&[
        (
            "content/topics/from.md",
            "---\ntitle: ذاهب\nkind: theme\nslug: x\nsort: ذ # ت\n---\n\nنص [[from]].\n",
        ),
        ("content/topics/into.md", "---\ntitle: باق\nkind: theme\n---\n\nأول.\n"),
    ]);
    let (after, _) = edited(&files, edit::merge, "from", "into");
    let expected = site(&[(
        "content/topics/into.md",
        "---\ntitle: باق\nkind: theme\naliases:\n  ar:\n    - ذاهب\naliases_urls:\n  - \
         /topics/x/\nsort: ذ # ت\n---\n\nأول.\n\nنص [[into]].\n",
    )]);
    assert_eq!(after, expected);
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
