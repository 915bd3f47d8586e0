//! Direction inside lines: where each part of a mixed text is painted, by the algorithm of
//! UAX #9, and the same through the mark-up of pages.

use mujaz::text::isolate::plain_slot;
use mujaz::text::lang::Lang;
use proptest::prelude::*;
use unicode_bidi::{BidiClass, BidiInfo, Level, bidi_class};

use crate::golden::build;

/// A text as it is painted in a line of its language, from left to right, each Arabic or
/// Hebrew word as X. Brackets are characters here; a screen mirrors them.
fn painted(text: &str, tag: &str) -> String {
    let lang = Lang::parse(tag).unwrap();
    let isolated = plain_slot(text, &lang);
    let level = if tag == "en" { Level::ltr() } else { Level::rtl() };
    let info = BidiInfo::new(&isolated, Some(level));
    let line = info.reorder_line(&info.paragraphs[0], info.paragraphs[0].range.clone());
    let mut result = String::new();
    for letter in line.chars() {
        match bidi_class(letter) {
            BidiClass::R | BidiClass::AL if result.ends_with('X') => {}
            BidiClass::R | BidiClass::AL if letter.is_alphabetic() => result.push('X'),
            BidiClass::LRI
            | BidiClass::RLI
            | BidiClass::FSI
            | BidiClass::PDI
            | BidiClass::R
            | BidiClass::AL
            | BidiClass::NSM => {}
            BidiClass::L if letter == '\u{200E}' => {}
            _ => result.push(letter),
        }
    }
    result
}

/// The same paint at the beginning of a line, after a word, and alone in a cell.
#[track_caller]
fn check_part(tag: &str, part: &str, expected: &str) {
    let word = if tag == "he" { "מילה" } else { "كلمة" };
    assert_eq!(painted(part, tag), expected, "{part} alone");
    assert_eq!(
        painted(&format!("{word} {part}"), tag),
        format!("{expected} X"),
        "{part} after"
    );
    assert_eq!(
        painted(&format!("{part} {word}"), tag),
        format!("X {expected}"),
        "{part} before"
    );
}

#[test]
fn r20_r23_codes_and_dates_keep_their_order() {
    check_part("ar", "2025-12-24", "2025-12-24");
    check_part("ar", "2.0-beta", "2.0-beta");
    check_part("ar", "F-35", "F-35");
    check_part("ar", "C++", "C++");
    check_part("ar", "--flag", "--flag");
    check_part("ar", "2-1", "2-1");
    check_part("he", "978-3-16-148410-0", "978-3-16-148410-0");
    check_part("ar", "desk@example.org", "desk@example.org");
    check_part("fa", "v2.0", "v2.0");
    check_part("ar", "https://example.org/a-b/?q=1", "https://example.org/a-b/?q=1");
}

#[test]
fn r19_a_telephone_number_keeps_its_order() {
    check_part("ar", "+966 11 234 5678", "+966 11 234 5678");
    check_part("he", "+972 2 123 4567", "+972 2 123 4567");
}

#[test]
fn r22_a_tag_has_its_mark_where_it_begins() {
    check_part("ar", "#Iran_Talks", "#Iran_Talks");
    assert_eq!(painted("وسم #إيران", "ar"), "X# X");
    assert_eq!(painted("Tag #إيران here", "en"), "Tag X# here");
}

#[test]
fn r24_the_first_value_of_a_range_stands_where_its_readers_begin() {
    for range in ["2015-2018", "2015–2018"] {
        let (first, second) = ("2015", "2018");
        let dash = range.chars().nth(4).unwrap();
        check_part("ar", range, &format!("{second}{dash}{first}"));
        check_part("ur", range, &format!("{second}{dash}{first}"));
        check_part("he", range, &format!("{first}{dash}{second}"));
        check_part("fa", range, &format!("{first}{dash}{second}"));
    }
}

#[test]
fn r25_the_percent_sign_stays_on_its_side() {
    check_part("ar", "50%", "50%");
    check_part("he", "12.5%", "12.5%");
    check_part("fa", "50%", "50%");
}

#[test]
fn r26_r27_signs_and_currencies_stay_before_their_number() {
    check_part("ar", "-5", "-5");
    check_part("ar", "±3", "±3");
    check_part("ar", "$100", "$100");
    check_part("ar", "€12.3", "€12.3");
    check_part("ar", "5+1", "5+1");
    check_part("he", "-5", "-5");
}

#[test]
fn r13_r14_names_in_a_list_keep_the_order_of_the_list() {
    assert_eq!(painted("بين NATO، EU", "ar"), "EU ،NATO X");
    assert_eq!(painted("وافقت NATO وEU على", "ar"), "X EUX NATO X");
    assert_eq!(painted("(NATO) و(EU)", "ar"), ")EU(X )NATO(");
    assert_eq!(painted("كتاب Orientalism (1978) مشهور", "ar"), "X )1978( Orientalism X");
    assert_eq!(painted("טיסת Boeing 737 MAX נחתה", "he"), "X Boeing 737 MAX X");
}

#[test]
fn r31_a_latin_title_keeps_its_question_mark() {
    check_part("ar", "Who Won?", "Who Won?");
    check_part("ar", "Yahoo!", "Yahoo!");
}

#[test]
fn r32_an_acronym_in_brackets_after_its_name_is_right() {
    assert_eq!(painted("الناتو (NATO)، ثم", "ar"), "X ،)NATO( X");
}

#[test]
fn r33_an_arabic_phrase_in_a_latin_line_is_one_run() {
    assert_eq!(painted("The title مدخل إلى is good", "en"), "The title X X is good");
    assert_eq!(painted("القرار 2231 was adopted", "en"), "X 2231 was adopted");
}

#[test]
fn r28_r40_the_bytes_of_the_author_stay_between_the_tags() {
    let text = "نسبة ٥٠٪ و50% في می\u{200C}رود\u{200F} NATO\u{A0}و٢٠١٥";
    let body = body_of(text, "");
    let mut stripped = String::new();
    for part in body.split('<') {
        stripped.push_str(part.split_once('>').map_or(part, |(_, it)| it));
    }
    assert_eq!(stripped.trim(), text);
}

/// The HTML of an Arabic paragraph, as the feed carries it.
fn body_of(text: &str, topics: &str) -> String {
    let briefing = format!("---\ntitle: عنوان\ndate: 2025-01-02\n---\n{text}\n");
    let mut files = vec![
        ("content/site.yaml".to_owned(), b"title: x\nlanguages: [ar, en]\n".to_vec()),
        ("content/briefings/a.md".to_owned(), briefing.into_bytes()),
    ];
    if !topics.is_empty() {
        files.push(("content/topics/t.yaml".to_owned(), topics.as_bytes().to_vec()));
    }
    let (built, memory, _) = build(&files);
    assert!(
        built.diagnostics.iter().all(|it| it.severity != mujaz::diag::Severity::Error),
        "{:?}",
        built.diagnostics
    );
    let files = memory.files.into_inner().unwrap();
    let feed: serde_json::Value = serde_json::from_slice(&files["feed.json"]).unwrap();
    let html = feed["items"][0]["content_html"].as_str().unwrap().to_owned();
    let inner = html.split_once("<p>").unwrap().1;
    inner.split_once("</p>").unwrap().0.to_owned()
}

const NATO: &str =
    "title: {ar: الناتو, en: NATO}\nkind: organisation\nsummary: حلف\nslug: nato\n";

#[track_caller]
fn check_body(text: &str, expected: &str) {
    let href = "http://localhost/topics/nato/";
    let link = format!("<a class=\"mention\" data-topic=\"t\" href=\"{href}\">");
    let body = body_of(text, NATO).replace(&link, "<a>");
    let body = body.replace("<bdi dir=\"ltr\">", "<ltr>").replace("</bdi>", "</ltr>");
    assert_eq!(body, expected);
}

#[test]
fn r15_r16_isolates_hug_their_text_and_nest_with_links() {
    check_body("زار NATO أمس", "زار <a><ltr>NATO</ltr></a> أمس");
    check_body("قمة NATO Summit اليوم", "قمة <ltr><a>NATO</a> Summit</ltr> اليوم");
    check_body("التحق بـNATO عام", "التحق <a>بـ<ltr>NATO</ltr></a> عام");
    check_body("نسبة 50%، ثم -5.", "نسبة <ltr>50%</ltr>، ثم <ltr>-5</ltr>.");
    check_body(
        "وصف **EU Council** هنا",
        "وصف <strong><ltr>EU Council</ltr></strong> هنا",
    );
    check_body("سطر EU\nCouncil آخر", "سطر <ltr>EU\nCouncil</ltr> آخر");
    check_body("نص EU **Council** آخر", "نص EU <strong>Council</strong> آخر");
    check_body(
        "رمز `--flag` وبين 2015-2018",
        "رمز <code dir=\"ltr\" translate=\"no\">--flag</code> وبين <ltr>2015</ltr>-<ltr>2018</ltr>",
    );
}

#[test]
fn r60_code_runs_by_its_first_letter() {
    check_body(
        "رمز `إيران` هنا",
        "رمز <code dir=\"rtl\" translate=\"no\">إيران</code> هنا",
    );
    check_body("رمز `-1` هنا", "رمز <code dir=\"ltr\" translate=\"no\">-1</code> هنا");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn elements_of_running_text_always_nest(
        pieces in prop::collection::vec(prop_oneof![
            Just("NATO"), Just("الناتو"), Just("وNATO"), Just("50%"), Just("**"), Just("*"),
            Just("2015-2018"), Just("EU Council"), Just("(NATO)"), Just("\n"), Just("`x`"),
            Just("[[t]]"), Just("https://x.example/أ"), Just("،"), Just("كلمة"), Just("+1 2 3"),
        ], 1..16)
    ) {
        let body = body_of(&format!("ا {}", pieces.join(" ")), NATO);
        let mut open: Vec<String> = Vec::new();
        for tag in body.split('<').skip(1).filter_map(|it| it.split('>').next()) {
            let name = tag.split([' ', '/']).find(|it| !it.is_empty()).unwrap().to_owned();
            if tag.starts_with('/') {
                prop_assert_eq!(open.pop(), Some(name), "{}", body);
            } else if name != "br" {
                open.push(name);
            }
        }
        prop_assert!(open.is_empty(), "{}", body);
        prop_assert!(!body.contains("<bdi dir=\"ltr\"> ") && !body.contains(" </bdi>"), "{}", body);
    }
}

#[test]
fn r51_emphasis_next_to_arabic_letters_and_marks_is_emphasis() {
    let strong = |it: &str| format!("<strong>{it}</strong>");
    check_body("كتب و**«الممر»** و", &format!("كتب و{} و", strong("«الممر»")));
    check_body("كتب **«الممر»**وعاد", &format!("كتب {}وعاد", strong("«الممر»")));
    check_body("زار **إيران،**وروسيا", &format!("زار {}وروسيا", strong("إيران،")));
    check_body("بدأ ب*«الممر»*، ثم", "بدأ ب<em>«الممر»</em>، ثم");
    check_body("زار و_روسيا_ ثم", "زار و<em>روسيا</em> ثم");
    check_body("وسم #إيران_روسيا_اليوم", "وسم #إيران_روسيا_اليوم");
    check_body("2 * 3 * 4 وكذا", "2 * 3 * 4 وكذا");
    check_body(r"نجمة \*واحدة\*وأخرى", "نجمة *واحدة*وأخرى");
}

#[test]
fn r50_arabic_list_markers_make_lists() {
    let html = |text: &str| {
        let text = format!("نص.\n\n{text}");
        let briefing = format!("---\ntitle: عنوان\ndate: 2025-01-02\n---\n{text}\n");
        let files = vec![
            ("content/site.yaml".to_owned(), b"title: x\n".to_vec()),
            ("content/briefings/a.md".to_owned(), briefing.into_bytes()),
        ];
        let (_, memory, _) = build(&files);
        let files = memory.files.into_inner().unwrap();
        let feed: serde_json::Value =
            serde_json::from_slice(&files["feed.json"]).unwrap();
        feed["items"][0]["content_html"].as_str().unwrap().replace('\n', "")
    };
    assert!(html("١. أول\n٢. ثان").contains("<ol><li>أول</li><li>ثان</li></ol>"));
    assert!(html("١١- أول\n١٢- ثان").contains("<ol start=\"11\"><li>أول</li>"));
    assert!(html("• أول\n• ثان").contains("<ul><li>أول</li><li>ثان</li></ul>"));
    assert!(html("```\n١. رمز\n```").contains("١. رمز"));
    assert!(html("كلمة\n٢٠٢٥. سنة").contains("٢٠٢٥. سنة"));
}
