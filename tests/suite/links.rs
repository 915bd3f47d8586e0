//! Names and links: what must hold for any text, and what `mujaz links` answers.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use mujaz::link::mentions::Outcome;
use mujaz::link::names::{Name, Names};
use mujaz::link::references::Resolved;
use mujaz::link::{self, Links};
use mujaz::model::{BriefingId, Clock, Site, TopicId};
use mujaz::text::clitics::{Clitics, is_prefix, read};
use mujaz::text::fold::{Folded, fold, words};
use mujaz::{BuildInfo, read_site};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use crate::golden::build;

const TOPICS: [(&str, &str); 6] = [
    (
        "iran",
        "title: {ar: إيران, en: Iran, fa: ایران, he: איראן}\nkind: country\naliases: {ar: \
         [طهران, الجمهورية الإسلامية]}\n",
    ),
    (
        "iraq",
        "title: {ar: العراق, en: Iraq, fa: عراق}\nkind: country\nparent: [mideast]\n",
    ),
    ("unsc", "title: {ar: مجلس الأمن, en: Security Council}\nkind: organisation\n"),
    (
        "mali",
        "title: {ar: مالي}\nkind: country\naliases: {ar: [{text: مالي, ambiguous: \
      true, cue_before: [دولة, في]}]}\n",
    ),
    ("oman", "title: {ar: عُمان}\nkind: country\nslug: oman\n"),
    ("mideast", "title: {ar: الشرق الأوسط}\nkind: region\n"),
];

fn file(path: &str, text: &str) -> (String, Vec<u8>) {
    (path.to_owned(), text.as_bytes().to_vec())
}

fn site_of(briefings: &[(String, String)]) -> Vec<(String, Vec<u8>)> {
    let mut files =
        vec![file("content/site.yaml", "title: موجز\nlanguages: [ar, en, fa]\n")];
    for (id, text) in TOPICS {
        files.push(file(&format!("content/topics/{id}.yaml"), text));
    }
    for (path, text) in briefings {
        let text = format!("---\ntitle: {path}\ndate: 2025-01-02\n---\n{text}\n");
        files.push(file(&format!("content/briefings/{path}.md"), &text));
    }
    files
}

/// Reads and links a site.
fn linked(files: &[(String, Vec<u8>)]) -> (Site, Links) {
    let (_, _, sources) = build(files);
    let now = "2026-01-01T00:00:00Z".parse().unwrap();
    let clock = Clock { now, is_preview: false };
    let info = BuildInfo { clock, stamp: None, base_url: None };
    let site = read_site(&sources, &info, &mut |_| {}).value;
    let links = link::link(&site, &sources).value;
    (site, links)
}

/// Running text with names in it, whole and spoilt, and mark-up around them.
fn text() -> impl Strategy<Value = String> {
    let name = prop_oneof![
        Just("إيران"),
        Just("ایران"),
        Just("ايران"),
        Just("إيـران"),
        Just("طهران"),
        Just("العراق"),
        Just("عراق"),
        Just("للعراق"),
        Just("مجلس الأمن"),
        Just("مجلس\nالأمن"),
        Just("مجلس، الأمن"),
        Just("**مجلس** الأمن"),
        Just("مجلس *الأمن*"),
        Just("مالي"),
        Just("في مالي"),
        Just("عُمان"),
        Just("عمان"),
        Just("Iran"),
        Just("Iraq’s"),
        Just("איראן"),
        Just("الجمهورية الإسلامية"),
        Just("الشرق الأوسط"),
    ];
    let prefix = prop_oneof![
        5 => Just(""), 1 => Just("و"), 1 => Just("ب"), 1 => Just("ول"), 1 => Just("فك"),
        1 => Just("س"), 1 => Just("ال"), 1 => Just("وَ"), 1 => Just("«"), 1 => Just("**"),
        1 => Just("و**"), 1 => Just("#"), 1 => Just("`"),
    ];
    let suffix = prop_oneof![
        5 => Just(""), 1 => Just("ي"), 1 => Just("»"), 1 => Just("**"), 1 => Just("،"),
        1 => Just("`"), 1 => Just("\u{200C}ی"), 1 => Just("."),
    ];
    let word = (prefix, name, suffix).prop_map(|(a, b, c)| format!("{a}{b}{c}"));
    let piece = prop_oneof![
        8 => word,
        2 => "[ء-ي]{1,7}",
        1 => Just("[[iran]]".to_owned()),
        1 => Just("[[iraq|بلاد الرافدين]]".to_owned()),
        1 => Just("[إيران](briefing:b)".to_owned()),
        1 => Just("[نص](briefing:c)".to_owned()),
        1 => Just("{nolink}إيران{/nolink}".to_owned()),
        1 => Just("\n\n## إيران\n\n".to_owned()),
        1 => Just("\n\n> العراق\n\n".to_owned()),
        1 => Just("\n\n- إيران\n- العراق\n\n".to_owned()),
        1 => Just("\n\n| إيران | ب |\n|---|---|\n| العراق | مجلس الأمن |\n\n".to_owned()),
        1 => Just("https://iran.example/إيران".to_owned()),
        1 => Just("<b>إيران</b>".to_owned()),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|it| it.join(" "))
}

/// Whether a text is one of the ways to write a name.
fn is_form_of(form: &str, name: &Name) -> bool {
    let folded = fold(form);
    let mut parts: Vec<&str> = words(&folded).filter_map(|it| folded.get(it)).collect();
    // Arabic letters before a Latin name are a word of their own.
    if name.words.len() < parts.len() && is_prefix(parts[0], Clitics::Arabic) {
        parts.remove(0);
    }
    let Some((first, rest)) = parts.split_first() else { return false };
    let rest_fits = rest.iter().copied().eq(name.words.iter().skip(1).map(|it| &**it));
    let mut is_form = false;
    for clitics in [Clitics::Arabic, Clitics::Hebrew, Clitics::Persian, Clitics::None] {
        read(first, None, clitics, &mut String::new(), &mut |it| {
            is_form |= it.bare == &*name.words[0];
        });
    }
    rest_fits && is_form
}

#[test]
fn a_link_without_words_has_them_wherever_the_text_is_read() {
    let text = "زار الوفد [[iran]] و[[topic:iraq]] و[[طهران]] بعد [[briefing:b]].\n\n\
                ## في [[iraq]]\n\n## ثانيًا\n\n## ثالثًا\n\n## رابعًا\n";
    let mut files = site_of(&[("a".to_owned(), text.to_owned())]);
    let second = "---\ntitle: بيان\ndate: 2025-01-01\n---\nنص.\n";
    files.push(file("content/briefings/b.md", second));
    let (_, memory, _) = build(&files);
    let files = memory.files.into_inner().unwrap();
    let page = String::from_utf8(files["briefings/a/index.html"].clone()).unwrap();
    let description = "content=\"زار الوفد إيران والعراق وطهران بعد بيان.\"";
    assert!(page.contains(description), "{page}");
    assert!(page.contains("<a href=\"#في-العراق\">في العراق</a>"), "{page}");
}

#[test]
fn no_id_of_a_hidden_briefing_gets_out_by_a_heading() {
    let text = "## حول [[briefing:secret-plan]]\n\nنص.\n";
    let mut files = site_of(&[("a".to_owned(), text.to_owned())]);
    let hidden = "---\ntitle: سر\ndate: 2025-01-01\nstatus: draft\n---\nنص.\n";
    files.push(file("content/briefings/secret-plan.md", hidden));
    let (_, memory, _) = build(&files);
    for (path, bytes) in memory.files.into_inner().unwrap() {
        assert!(!String::from_utf8_lossy(&bytes).contains("secret-plan"), "{path}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn every_mention_is_a_form_of_a_name_of_its_topic(text in text()) {
        let (site, links) = linked(&site_of(&[("a".into(), text)]));
        let names = Names::gather(&site);
        for (briefing, found) in site.briefings.iter().zip(&links.briefings) {
            for mention in &found.mentions.all {
                if mention.outcome == Outcome::ByHand {
                    continue;
                }
                let form = mention.form(&briefing.body.source);
                let own = names.all.iter().filter(|it| it.topic == mention.topic);
                prop_assert!(own.clone().any(|it| is_form_of(form, it)), "{:?}", form);
                prop_assert!(!form.starts_with(char::is_whitespace), "{:?}", form);
                prop_assert!(!form.ends_with(char::is_whitespace), "{:?}", form);
                // No joined letter of an Arabic name is cut off but a leading و.
                let node = mention.nodes.0 as usize;
                let document = briefing.body.document();
                let before = document.text(node).get(..mention.start as usize);
                let before = before.and_then(|it| it.chars().next_back());
                let is_cut = before.is_some_and(|it| {
                    matches!(it, 'ء'..='ي') && it != 'و' && form.starts_with(|it: char| matches!(it, 'ء'..='ي'))
                });
                prop_assert!(!is_cut, "{:?} after {:?}", form, before);
            }
        }
    }

    #[test]
    fn links_never_nest_and_a_topic_is_linked_once_in_a_paragraph(text in text()) {
        let files = site_of(&[("a".into(), text), ("b".into(), String::new()), ("c".into(), "نص".into())]);
        let (site, links) = linked(&files);
        let (_, memory, _) = build(&files);
        for (path, bytes) in memory.files.into_inner().unwrap() {
            if !path.ends_with(".html") {
                continue;
            }
            let html = String::from_utf8(bytes).unwrap();
            let mut n_open = 0_i32;
            for tag in html.split('<').skip(1) {
                n_open += i32::from(tag.starts_with("a "));
                n_open -= i32::from(tag.starts_with("/a>"));
                prop_assert!((0..=1).contains(&n_open), "{}: <{}", path, tag);
            }
        }
        for found in links.briefings.iter().take(site.briefings.len()) {
            let mut seen = BTreeSet::new();
            for it in found.mentions.all.iter().filter(|it| it.outcome == Outcome::Linked) {
                prop_assert!(seen.insert((it.paragraph, it.topic)), "{:?}", it);
            }
        }
    }

    #[test]
    fn backlinks_are_links_reversed(a in text(), b in text(), c in text()) {
        let briefings = [("a".to_owned(), a), ("b".to_owned(), b), ("c".to_owned(), c)];
        let (site, links) = linked(&site_of(&briefings));
        let mut forward: BTreeSet<(BriefingId, BriefingId)> = BTreeSet::new();
        for (at, found) in links.briefings.iter().enumerate() {
            for target in &found.references.links {
                if let Resolved::Briefing(to, _) = target {
                    forward.insert((BriefingId::from_index(at), *to));
                }
            }
        }
        forward.retain(|(from, to)| from != to);
        let mut back = BTreeSet::new();
        for (at, list) in links.backlinks.iter().enumerate() {
            for (from, sentence) in list {
                back.insert((*from, BriefingId::from_index(at)));
                let marked = sentence.marked.start as usize..sentence.marked.end as usize;
                let text = sentence.text(&site.briefings[from.at()].body.source);
                prop_assert!(text.get(marked).is_some());
            }
        }
        prop_assert_eq!(forward, back);
        // The same for topics: who names a topic (or one below it) is on its page.
        let mut naming: BTreeMap<TopicId, BTreeSet<BriefingId>> = BTreeMap::new();
        for (at, found) in links.briefings.iter().enumerate() {
            for mention in &found.mentions.all {
                naming.entry(mention.topic).or_default().insert(BriefingId::from_index(at));
            }
        }
        for at in 0..site.topics.len() {
            let id = TopicId::from_index(at);
            let gathered: BTreeSet<BriefingId> =
                links.about[at].iter().chain(&links.mentioned_in[at]).copied().collect();
            prop_assert_eq!(naming.remove(&id).unwrap_or_default(), gathered);
        }
    }

    #[test]
    fn folded_text_leads_back_to_characters_and_does_not_know_how_it_was_composed(
        pieces in prop::collection::vec("[ء-ي\u{64B}-\u{655}\u{670}\u{6C0}-\u{6D3}آأإؤئ]{1,4}|[א-ת\u{5B0}-\u{5C2}]{1,4}|[a-zA-ZÀ-ž]{1,4}|[\u{200C}\u{200F}\u{2067}\u{2069}\u{640} .،٣۴7]{1,2}|[\u{FB50}-\u{FBB1}\u{FE80}-\u{FEFC}]", 0..12)
    ) {
        let text = pieces.concat();
        let folded = Folded::new(&text);
        let length = folded.text().len();
        let mut before = 0;
        for at in (0..=length).filter(|it| folded.text().is_char_boundary(*it)) {
            let source = folded.source_start(at);
            prop_assert!(text.is_char_boundary(source) && before <= source);
            before = source;
            let range = folded.source_range(&text, 0..at);
            prop_assert!(text.get(range).is_some());
        }
        prop_assert_eq!(fold(folded.text()), folded.text());
        let (nfc, nfd): (String, String) = (text.nfc().collect(), text.nfd().collect());
        prop_assert_eq!(fold(&nfc), fold(&nfd));
        prop_assert_eq!(fold(&nfc), folded.text());
    }
}

#[test]
fn a_sentence_says_more_than_a_cell_of_a_table() {
    let text =
        "| إيران، العراق | ب |\n|---|---|\n| مجلس الأمن | ج |\n\nوصل وفد إيران أمس.";
    let (site, links) = linked(&site_of(&[("a".into(), text.into())]));
    let sentences = |topic: &str| -> Vec<String> {
        let id = site.topic(topic).unwrap();
        let named = links.naming(BriefingId(0), id).unwrap();
        let source = &*site.briefings[0].body.source;
        named.sentences.iter().map(|it| it.text(source).to_owned()).collect()
    };
    assert_eq!(sentences("iran"), ["وصل وفد إيران أمس."]);
    assert_eq!(sentences("iraq"), ["إيران، العراق"]);
}

#[test]
fn at_most_three_sentences_are_kept_each_once() {
    let text = "زار إيران. زار إيران. ثم إيران. ثم عاد إلى إيران وإيران. وأخيرًا إيران.";
    let (site, links) = linked(&site_of(&[("a".into(), text.into())]));
    let named = links.naming(BriefingId(0), site.topic("iran").unwrap()).unwrap();
    let source = &*site.briefings[0].body.source;
    let texts: Vec<&str> = named.sentences.iter().map(|it| it.text(source)).collect();
    assert_eq!(texts, ["زار إيران.", "ثم إيران.", "ثم عاد إلى إيران وإيران."]);
    assert_eq!(named.count, 6);
}

#[test]
fn code_and_pictures_leave_no_trace_in_a_sentence() {
    let text = "شغّل الوفد `mujaz build` في إيران[^1].\n\n[^1]: حاشية.";
    let (site, links) = linked(&site_of(&[("a".into(), text.into())]));
    let named = links.naming(BriefingId(0), site.topic("iran").unwrap()).unwrap();
    let source = &*site.briefings[0].body.source;
    assert_eq!(named.sentences[0].text(source), "شغّل الوفد في إيران.");
}

#[test]
fn a_link_without_words_says_nothing_of_the_next_paragraph() {
    let text = "[](briefing:b)\n\nجملة لا شأن لها به عن إيران.";
    let briefings =
        [("a".to_owned(), text.to_owned()), ("b".to_owned(), "نص.".to_owned())];
    let (site, links) = linked(&site_of(&briefings));
    let b = site.version("b", &site.config.lang).unwrap();
    let text_of = |from: BriefingId| &site.briefings[from.at()].body.source;
    let mut all = links.backlinks[b.at()].iter();
    assert!(all.all(|(from, it)| it.text(text_of(*from)).is_empty()));
}

/// Writes a site to the disk and asks the program.
fn ask(files: &[(String, Vec<u8>)], arguments: &[&str]) -> (i32, String, String) {
    let dir = tempfile::tempdir().unwrap();
    for (path, bytes) in files {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    let output = Command::new(env!("CARGO_BIN_EXE_mujaz"))
        .args(arguments)
        .args(["--source".as_ref(), dir.path().as_os_str()])
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn desk() -> Vec<(String, Vec<u8>)> {
    let mut files = site_of(&[
        (
            "a".into(),
            "زار الوفد إيران أمس، ثم عاد إلى إيران. دعم مالي جديد.\n\n> قالت إيران.\n\n\
             بحث الوفد ملف خليج فارس، وبعمان محطة."
                .into(),
        ),
        (
            "b".into(),
            "التقى الوزير هاكان فيدان نظيره. وقال هاكان فيدان إنه سيعود.".into(),
        ),
        ("c".into(), "ثم وصل هاكان فيدان إلى بروكسل. وغادر هاكان فيدان.".into()),
    ]);
    files.push(file(
        "content/topics/amman.yaml",
        "title: {ar: عَمّان}\nkind: place\nslug: amman\n",
    ));
    files
}

#[test]
fn the_report_says_what_to_look_at_and_why() {
    let (status, stdout, _) = ask(&desk(), &["links", "report", "--format", "json"]);
    assert_eq!(status, 0);
    let report: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    let briefing = &report["briefings"].as_array().unwrap()[0];
    assert_eq!((&briefing["id"], &briefing["mentions"]), (&"a".into(), &3.into()));
    assert_eq!(briefing["links"], 1);
    let verdicts: Vec<(&str, &str)> = briefing["review"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["verdict"].as_str().unwrap(), it["words"].as_str().unwrap()))
        .collect();
    assert_eq!(verdicts, [("no-cue", "مالي"), ("two-topics", "وبعمان")]);
    let conflict = &briefing["review"][1];
    assert_eq!(conflict["topics"], serde_json::json!(["amman", "oman"]));
    assert!(conflict["sentence"].as_str().unwrap().contains("وبعمان"));
    assert_eq!(conflict["place"]["line"], 9);
    for sighting in briefing["review"].as_array().unwrap() {
        assert!(sighting["help"].is_string(), "{sighting}");
    }
    let topic = |id: &str| {
        let topics = report["topics"].as_array().unwrap();
        topics.iter().find(|it| it["id"] == id).cloned().unwrap()
    };
    assert_eq!(topic("iraq")["briefings"], 0);
    let unused = topic("iran")["unused_names"].to_string();
    assert!(unused.contains("طهران") && !unused.contains("\"إيران\""), "{unused}");
    let (_, human, _) = ask(&desk(), &["links", "report"]);
    assert!(human.contains("content/briefings/a.md:9:"), "{human}");
}

#[test]
fn suggestions_are_frequent_names_with_their_sentences() {
    let (status, stdout, _) = ask(&desk(), &["links", "suggest", "--format", "json"]);
    assert_eq!(status, 0);
    let all: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    let best = &all["candidates"][0];
    assert_eq!(best["text"], "هاكان فيدان");
    assert_eq!((&best["count"], &best["kind"]), (&4.into(), &"person".into()));
    assert_eq!(best["briefings"], serde_json::json!(["b", "c"]));
    assert!(best["sentences"][0]["text"].as_str().unwrap().contains("هاكان فيدان"));
    // What is a topic already is none.
    assert!(!stdout.contains("\"text\":\"إيران\""), "{stdout}");
}

#[test]
fn explain_gives_the_reason_for_every_place() {
    let verdicts = |words: &str| -> Vec<String> {
        let arguments = ["links", "explain", "a", words, "--format", "json"];
        let (status, stdout, _) = ask(&desk(), &arguments);
        assert_eq!(status, 0);
        let answer: serde_json::Value = serde_json::from_str(&stdout).unwrap();
        let sightings = answer["briefings"][0]["sightings"].as_array().unwrap();
        sightings.iter().map(|it| it["verdict"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(verdicts("إيران"), ["linked", "repeated", "quoted"]);
    assert_eq!(verdicts("مالي"), ["no-cue"]);
    let (_, stdout, _) = ask(&desk(), &["links", "explain", "a", "بروكسل"]);
    assert!(stdout.contains("does not stand in the text"), "{stdout}");
    let (_, stdout, _) = ask(&desk(), &["links", "explain", "a", "الوفد"]);
    let (status, _, stderr) = ask(&desk(), &["links", "explain", "a", " "]);
    assert!(status == 2 && stderr.contains("no letter"), "{stderr}");
    assert!(stdout.contains("no topic has this name"), "{stdout}");
    let (status, _, stderr) = ask(&desk(), &["links", "explain", "aa", "إيران"]);
    assert_eq!(status, 2);
    assert!(stderr.contains("did you mean `a`?"), "{stderr}");
}

#[test]
fn a_site_with_errors_is_not_reviewed() {
    let mut files = desk();
    files.push(file("content/briefings/d.md", "---\ntitle: x\n---\nنص\n"));
    let (status, stdout, stderr) = ask(&files, &["links", "report"]);
    assert_eq!((status, stdout.as_str()), (1, ""));
    assert!(stderr.contains("missing-date"), "{stderr}");
}

#[test]
fn the_report_of_the_demo_has_nothing_unexplained() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(env!("CARGO_BIN_EXE_mujaz"))
        .args(["links", "report", "--format", "json"])
        .current_dir(root)
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    for briefing in report["briefings"].as_array().unwrap() {
        assert_eq!(briefing["review"], serde_json::json!([]), "{}", briefing["id"]);
        assert!(briefing["mentions"].as_u64().unwrap() != 0, "{}", briefing["id"]);
    }
}

/// The time that some of these took grew with the square of their length: a build of them
/// did not end within minutes.
#[test]
fn hostile_paragraphs_cost_no_more_than_their_length() {
    let texts = [
        "إيران ".repeat(20_000),
        "a@".repeat(20_000),
        "ab.cd.".repeat(20_000),
        "(NATO ".repeat(20_000),
        "http://a ".repeat(20_000),
        "و**ا ".repeat(20_000),
        "\u{2067}إيران".repeat(20_000),
    ];
    for text in texts {
        let (site, links) = linked(&site_of(&[("a".into(), text)]));
        assert_eq!((site.briefings.len(), links.briefings.len()), (1, 1));
    }
}
