//! What must hold for any input.

use mujaz::diag::SourcePath;
use mujaz::text::fold::fold;
use mujaz::text::isolate::close_isolates;
use mujaz::text::reading::{excerpt, sentences};
use mujaz::text::slug::slug;
use proptest::prelude::*;

use crate::golden::build;

/// Text of the kinds that break things: scripts, marks, controls, mark-up.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[ء-ي]{1,6}",
        "[a-zA-Z]{1,5}",
        "[א-ת]{1,4}",
        "[\u{64B}-\u{652}\u{640}\u{200C}-\u{200F}\u{2066}-\u{2069}\u{202A}-\u{202E}]",
        "[ \n\\[\\]\\(\\){}|#*_`>\"':.,،؟@^!-]{1,4}",
        Just("\n\n".to_owned()),
        Just("---\n".to_owned()),
        Just("{nolink}".to_owned()),
        Just("{/nolink}".to_owned()),
        Just("[[iran|".to_owned()),
        Just("]]".to_owned()),
        Just("إيران".to_owned()),
        Just("[^1]".to_owned()),
        Just("[@x]".to_owned()),
        Just("| a | b |\n|---|---|\n".to_owned()),
        Just("- {a: [".to_owned()),
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|it| it.concat())
}

const SITE: &str = "title: موجز\n";
const TOPIC: &str = "title: {ar: إيران}\nkind: country\naliases: [طهران]\n";

fn site(path: &str, text: String) -> Vec<(String, Vec<u8>)> {
    vec![
        ("content/site.yaml".to_owned(), SITE.into()),
        ("content/topics/iran.yaml".to_owned(), TOPIC.into()),
        (path.to_owned(), text.into_bytes()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_text_makes_the_program_panic(text in text()) {
        let header = format!("---\ntitle: عنوان\ndate: 2025-01-02\n---\n{text}");
        let (built, memory, _) = build(&site("content/briefings/a.md", header));
        if built.diagnostics.iter().all(|it| it.severity != mujaz::diag::Severity::Error) {
            let files = memory.files.into_inner().unwrap();
            for (_, bytes) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
                let html = std::str::from_utf8(bytes).unwrap();
                prop_assert_eq!(html.matches("<a ").count(), html.matches("</a>").count());
                // The block of data that each page has, the scripts of the theme, no other.
                let data = html.matches("<script type=\"application/ld+json\">").count();
                let own = html.matches("<script src=\"/assets/").count();
                let scripts = html.to_lowercase().matches("<script").count();
                prop_assert_eq!(scripts, data + own);
                prop_assert!(data <= 1);
            }
        }
        let _ = build(&site("content/briefings/a.txt", text.clone()));
        let _ = build(&site("content/briefings/a.yaml", text.clone()));
        let _ = build(&site("content/briefings/b.md", text));
    }

    #[test]
    fn folding_twice_is_folding_once(text in text()) {
        let once = fold(&text);
        prop_assert_eq!(fold(&once), once);
    }

    #[test]
    fn a_slug_is_its_own_slug_and_a_safe_name(text in text()) {
        if let Some(made) = slug(&text) {
            prop_assert_eq!(slug(&made), Some(made.clone()));
            prop_assert!(made.len() <= 183 && !made.contains(['/', '\\', '.', '%', ' ']));
        }
    }

    #[test]
    fn sentences_and_excerpts_stay_inside_the_text(text in text()) {
        let mut end = 0;
        for range in sentences(&text) {
            prop_assert!(end <= range.start && text.get(range.clone()).is_some());
            end = range.end;
        }
        prop_assert!(excerpt(&text, 20).chars().count() <= 20 + 1 + 20);
    }

    #[test]
    fn every_isolate_is_closed(text in text()) {
        let closed = close_isolates(&text);
        let open = closed.matches(['\u{2066}', '\u{2067}', '\u{2068}']).count();
        prop_assert_eq!(open, closed.matches('\u{2069}').count());
        prop_assert_eq!(close_isolates(&closed).into_owned(), closed.clone().into_owned());
    }

    #[test]
    fn every_mention_is_a_form_of_its_name(words in prop::collection::vec("[ء-ي]{0,2}(إيران|طهران|ايران)[ء-ي]{0,1}", 1..8)) {
        let text = format!("---\ntitle: عنوان\ndate: 2025-01-02\n---\n{}\n", words.join(" "));
        let (_, memory, _) = build(&site("content/briefings/a.md", text));
        let files = memory.files.into_inner().unwrap();
        let graph: serde_json::Value = serde_json::from_slice(&files["graph.json"]).unwrap();
        for mention in graph["briefings"][0]["mentions"].as_array().unwrap() {
            for form in mention["forms"].as_array().unwrap() {
                let form = fold(form.as_str().unwrap());
                let is_form = ["", "ب", "ك", "ل", "ف", "فب", "فك", "فل"].iter().any(|prefix| {
                    form == format!("{prefix}ايران") || form == format!("{prefix}طهران")
                });
                prop_assert!(is_form, "{}", form);
            }
        }
    }
}

#[test]
fn a_path_is_what_it_was_made_of() {
    assert_eq!(SourcePath::new("content/a.md").to_string(), "content/a.md");
}
