//! Lints of typography, and the mends that `check --fix` makes. Each lint has texts that it
//! reports and texts that it must not report; the second sort matters more.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use mujaz::diag::{Severity, SourcePath};
use mujaz::edit::{self, Fixes, Folder, Plan};
use mujaz::lint;
use mujaz::load;
use mujaz::text::fold::fold;
use proptest::prelude::*;

use crate::desk::sources;

type Files = BTreeMap<String, String>;

const CONFIG: &str = "title: موجز\nlanguages: [ar, fa, ur, he, en, fr]\n";

fn site(path: &str, text: &str) -> Files {
    let mut files = Files::new();
    files.insert("content/site.yaml".to_owned(), CONFIG.to_owned());
    files.insert(path.to_owned(), text.to_owned());
    files
}

/// A briefing of one paragraph.
fn briefing(lang: &str, text: &str) -> Files {
    let text = format!("---\ntitle: x\ndate: 2025-01-02\n---\n\n{text}\n");
    site(&format!("content/briefings/a.{lang}.md"), &text)
}

/// What is found, as codes with the words that they point at.
fn found(files: &Files) -> Vec<(&'static str, String)> {
    let sources = sources(files);
    let mut all: Vec<_> = lint::lint(&sources)
        .into_iter()
        .map(|it| {
            let it = it.diagnostic;
            assert_eq!(it.severity, Severity::Warning);
            assert!(it.help.is_some(), "{it:?}");
            let place = it.place.unwrap();
            let text = sources.text(&place.path).unwrap();
            (place.span, it.code, place.span.of(text).to_owned())
        })
        .collect();
    all.sort();
    all.into_iter().map(|(_, code, words)| (code, words)).collect()
}

#[track_caller]
fn check(lang: &str, text: &str, expected: &[(&str, &str)]) {
    let found = found(&briefing(lang, text));
    let found: Vec<(&str, &str)> =
        found.iter().map(|(code, it)| (*code, &**it)).collect();
    assert_eq!(found, expected, "{text}");
}

/// Correct texts, one to a line.
#[track_caller]
fn check_clean(lang: &str, texts: &str) {
    for text in texts.lines().map(str::trim).filter(|it| !it.is_empty()) {
        check(lang, text, &[]);
    }
}

fn fixed(files: &Files) -> (Files, Fixes) {
    let sources = sources(files);
    let raw = |path: &SourcePath| Ok(files[path.as_str()].clone());
    let now = "2026-01-01T00:00:00Z".parse().unwrap();
    let folder = Folder { sources: &sources, diagnostics: &[], raw: &raw, now };
    let Plan::Ready(fixes) = edit::fix(&folder).unwrap() else {
        panic!("refused for {files:?}")
    };
    let mut result = files.clone();
    for change in &fixes.changes {
        assert_eq!(change.to.as_ref(), Some(&change.from));
        result.insert(change.from.as_str().to_owned(), change.after.clone());
    }
    (result, fixes)
}

#[track_caller]
fn check_fix(lang: &str, text: &str, expected: &str) {
    let (files, _) = fixed(&briefing(lang, text));
    assert_eq!(files, briefing(lang, expected));
    assert!(fixed(&files).1.changes.is_empty(), "mending twice is mending once");
}

#[test]
fn r54_latin_comma() {
    check("ar", "وصل الوفد, ثم غادر", &[("latin-comma", ",")]);
    check("ar", "وصل الوفد; ثم غادر", &[("latin-comma", ";")]);
    check("ar", "هل وصل الوفد?", &[("latin-comma", "?")]);
    check(
        "ar",
        "زار «موسكو», ثم **بكين**, ثم إيران[^1], ثم\n\n[^1]: نص.",
        &[("latin-comma", ","), ("latin-comma", ","), ("latin-comma", ",")],
    );
    check("ar", "في عام 2025, وصل الوفد", &[("latin-comma", ",")]);
    check("fa", "هیئت آمد, سپس رفت", &[("latin-comma", ",")]);
    check("ur", "وفد آیا, پھر گیا", &[("latin-comma", ",")]);
    check_clean(
        "ar",
        "وصل الوفد، ثم غادر؛ هل عاد؟
         بلغ 3,5 أو ١,٥ أو 10, 20 مترًا
         قال بيان NATO, EU, UN إن كذا
         «Hello, world; why?» عنوان التقرير
         انظر https://ar.example.org/إيران?a=1,2;b وما بعده
         انظر [التقرير](https://example.org/a,b?c;d) هنا
         الشيفرة `نص, نص` هنا
         عنواننا desk@example.org, ثم",
    );
    check_clean("en", "The delegation came, then left; why? بين الكلمات");
    check_clean("he", "המשלחת הגיעה, ואז? כן; לא");
    check_fix("ar", "وصل , ثم; هل?", "وصل، ثم؛ هل؟");
}

#[test]
fn r54_space_before_stop() {
    check(
        "ar",
        "وصل الوفد ، ثم غادر .",
        &[("space-before-stop", " ،"), ("space-before-stop", " .")],
    );
    check(
        "ar",
        "قال **الوزير** : نعم !",
        &[("space-before-stop", " :"), ("space-before-stop", " !")],
    );
    check(
        "he",
        "המשלחת הגיעה . למה ?",
        &[("space-before-stop", " ."), ("space-before-stop", " ?")],
    );
    check_clean(
        "ar",
        "منصة .NET واسم .com ونسبة .5 وما بعدها
         نص ... نص … نص
         الساعة 10 : 30 والنسبة 1 : 2
         عام 300 ق . م تقريبًا
         - بند أول
         قال: نعم. هل؟ لا!
         الصورة ![وصف](a.png) هنا",
    );
    check_clean("fr", "Pourquoi ? Voici : ceci !");
    check_fix("ar", "وصل الوفد ، ثم غادر .", "وصل الوفد، ثم غادر.");
    check_fix("ar", "وصل **الوفد** ، ثم", "وصل **الوفد**، ثم");
    // A mend that would make something else of the line is not made.
    check_fix("ar", "[نص] : نص", "[نص] : نص");
    check_fix("ar", "1 . نص", "1 . نص");
}

#[test]
fn r54_double_stop() {
    check("ar", "وصل الوفد.. ثم غادر", &[("double-stop", "..")]);
    check_clean("ar", "وصل... ثم 1..5 و ../a وانتهى. .نص\nنص.... نص");
    check_fix("ar", "وصل الوفد.. ثم", "وصل الوفد.. ثم");
}

#[test]
fn r54_mixed_quotes() {
    check("ar", "قال «نعم» ثم قال «لا» و\"ربما\"", &[("mixed-quotes", "\"ربما\"")]);
    check("ar", "قال “نعم” ثم «لا»", &[("mixed-quotes", "«لا»")]);
    check("en", "He said “yes” and then \"no\"", &[("mixed-quotes", "\"no\"")]);
    check_clean(
        "ar",
        "قال «إن “الاتفاق” نافذ» ثم «انتهى»
         تقرير «الطاقة» الصادر عن \"Energy Desk\" و“IAEA”
         قال ”نعم“ ثم “لا”
         شاشة 5\" و«نص»
         ‘نص’ و’نص‘ وit’s «نص»",
    );
    check("ar", "قال «نعم»\n\n> قال \"لا\"", &[]);
    check_clean("he", "צה\"ל וארה״ב אמרו ”כן“ וגם ”לא“\nדו\"ח של «הארגון» וגם צה\"ל");
    check_fix("ar", "قال «نعم» ثم \"لا\"", "قال «نعم» ثم \"لا\"");
}

#[test]
fn r54_arabic_letters_in_persian() {
    check(
        "fa",
        "ايران و كرمان",
        &[("arabic-letters-in-persian", "ي"), ("arabic-letters-in-persian", "ك")],
    );
    check("ur", "يہ کتاب", &[("arabic-letters-in-persian", "ي")]);
    check_clean("fa", "ایران و کرمان\nشبکهٔ «العربي» و «كتاب»\nالجزيرة و روسیهٔ");
    check_clean("ar", "الوكالة في طهران");
    check_fix("fa", "ايران و كرمان", "ایران و کرمان");
}

#[test]
fn r54_persian_letters_in_arabic() {
    check("ar", "الوکالة", &[("persian-letters-in-arabic", "ک")]);
    check("ar", "إیران", &[("persian-letters-in-arabic", "ی")]);
    check("ar", "فی", &[("persian-letters-in-arabic", "ی")]);
    check_clean("ar", "صحيفة «کیهان» الإيرانية\nشركة پارسیان\nالوكالة في إيران على");
    check_clean("fa", "وکالت در ایران");
    check_fix("ar", "الوکالة إیران فی", "الوكالة إيران فی");
}

#[test]
fn r54_presentation_forms() {
    check("ar", "قال ﺑﻮﺗﻴﻦ نعم", &[("presentation-forms", "ﺑﻮﺗﻴﻦ")]);
    check_clean("ar", "النبي ﷺ قال ﴿نص﴾ بعملة ﷼ بسم ﷲ\nبوتين");
    check_fix("ar", "قال ﺑﻮﺗﻴﻦ وﻻ نعم", "قال بوتين ولا نعم");
    check_fix("fa", "ﻛﺮﻣﺎﻥ", "کرمان");
}

#[test]
fn r54_tatweel() {
    check("ar", "صـــدر البيـان", &[("tatweel", "ـــ"), ("tatweel", "ـ")]);
    check("ar", "البيانـ.", &[("tatweel", "ـ")]);
    check_clean(
        "ar",
        "سنة 1446هـ و 1446 هـ. تقريبًا
         بـNATO وبـ NATO والـ20 والـ 20 ولـ«الاسم»
         بـ[مضيق](https://example.org) وبـ**مضيق** وكـحزب
         الضمير ـه والحرف ـ بينها
         الرحمـٰن",
    );
    check_fix("ar", "صـــدر البيـانـ.", "صدر البيان.");
}

#[test]
fn r54_decomposed_letters() {
    check("ar", "ا\u{654}حمد", &[("decomposed-letters", "ا\u{654}")]);
    check(
        "ar",
        "مسو\u{654}ول ا\u{653}سيا",
        &[("decomposed-letters", "و\u{654}"), ("decomposed-letters", "ا\u{653}")],
    );
    check_clean("ar", "أحمد مسؤول آسيا مُهَنْدِسٌ");
    check_clean("fa", "روسیه\u{654} و دربارهٔ");
    check_fix("ar", "ا\u{654}حمد ا\u{653}سيا", "أحمد آسيا");
}

#[test]
fn r54_relative_date() {
    check("ar", "قال أمس إن الوفد وصل", &[("relative-date", "أمس")]);
    check("ar", "في فبراير/شباط الماضي", &[("relative-date", "شباط الماضي")]);
    check("en", "He said yesterday it was done", &[("relative-date", "yesterday")]);
    check_clean(
        "ar",
        "قال أمس (9 مارس 2025) إن الوفد وصل
         زار موسكو الشهر الماضي، أي في شباط ٢٠٢٥
         قال: «وصل الوفد أمس»
         في أمس الحاجة إلى ثلاثة ملايين برميل في اليوم حتى اليوم",
    );
    // Only a briefing is about a day.
    let topic = "title: مضيق\nkind: place\nsummary: أغلق أمس.\n";
    assert!(found(&site("content/topics/a.yaml", topic)).is_empty());
}

#[test]
fn r39_bidi_override() {
    check("ar", "نص \u{202E}gpj\u{202C} نص", &[("bidi-override", "\u{202E}")]);
    check("ar", "نص `a\u{202D}b\u{202C}` نص", &[("bidi-override", "\u{202D}")]);
    let yaml = |key: &str, value: &str| {
        let text = format!("---\ntitle: x\ndate: 2025-01-02\n{key}: {value}\n---\nنص\n");
        let all = found(&site("content/briefings/a.md", &text));
        all.into_iter().map(|(code, _)| code).collect::<Vec<_>>()
    };
    assert_eq!(yaml("slug", "a\u{202E}b\u{202C}"), ["bidi-override"]);
    assert_eq!(yaml("slug", "\"a\\u202eb\\u202c\""), ["bidi-override"]);
    assert_eq!(yaml("extra", "{a\u{202E}\u{202C}: b}"), ["bidi-override"]);
    assert_eq!(yaml("topics", "[ira\u{202D}n\u{202C}]"), ["bidi-override"]);
    let text = "---\ndate: 2025-01-02\n---\n# عن\u{202E}وان\u{202C}\n\nنص\n";
    assert_eq!(found(&site("content/briefings/a.md", text)).len(), 1);
    check_clean("ar", "نص \u{2067}NATO\u{2069} و\u{200F} نص\u{200E} و\u{61C}");
}

#[test]
fn r39_unbalanced_control() {
    check(
        "ar",
        "نص \u{2067}نص\n\nنص\u{2069}",
        &[("unbalanced-control", "\u{2067}"), ("unbalanced-control", "\u{2069}")],
    );
    check("ar", "نص \u{202B}نص", &[("unbalanced-control", "\u{202B}")]);
    let title = "---\ntitle: \"a\u{2066}b\"\ndate: 2025-01-02\n---\nنص\n";
    let all = found(&site("content/briefings/a.md", title));
    assert_eq!(all, [("unbalanced-control", "\u{2066}".to_owned())]);
    // In the text they stay as they are.
    check_fix("ar", "نص \u{202E}نص\u{2069}", "نص \u{202E}نص\u{2069}");
}

#[test]
fn values_of_metadata_are_read_in_their_languages() {
    let topic = "title: {ar: الوکالة, fa: وكالت, en: \"Ab , b\"}\nkind: organisation\n\
                 aliases: {ar: [الوکالة, \"a , b\"]}\nsummary: >\n  نص طويل\n  يصل , ثم\n\
                 facts:\n  - {label: المقر, value: \"فيينا , النمسا\"}\n";
    let all = found(&site("content/topics/iaea.yaml", topic));
    let all: Vec<(&str, &str)> = all.iter().map(|(code, it)| (*code, &**it)).collect();
    assert_eq!(
        all,
        [
            ("persian-letters-in-arabic", "ک"),
            ("arabic-letters-in-persian", "ك"),
            ("space-before-stop", " ,"),
            ("space-before-stop", " ,"),
            ("latin-comma", ","),
            ("space-before-stop", " ,"),
            ("latin-comma", ","),
        ]
    );
    // Titles of sources are other people's words.
    let source = "---\ntitle: x\ndate: 2025-01-02\nsources:\n  - {id: a, title: \"روزنامه \
                  کیهان , تهران\"}\n---\nنص\n";
    assert!(found(&site("content/briefings/a.md", source)).is_empty());
}

#[test]
fn mends_keep_addresses() {
    let text = "---\ntitle: الوکالة ، نص\ndate: 2025-01-02\n---\n## الوکالة\n\nالوکالة\n";
    let (files, fixes) = fixed(&site("content/briefings/a.md", text));
    let expected =
        "---\ntitle: الوکالة، نص\ndate: 2025-01-02\n---\n## الوکالة\n\nالوكالة\n";
    assert_eq!(files["content/briefings/a.md"], expected);
    let path = SourcePath::new("content/briefings/a.md");
    assert_eq!(fixes.counts[&path]["persian-letters-in-arabic"], 1);
    assert_eq!(fixes.counts[&path]["space-before-stop"], 1);
}

#[test]
fn mends_leave_the_rest_of_the_bytes_alone() {
    let text = "\u{FEFF}---\r\ntitle: \"نص \\\"أ\\\" , ب\"  # نص , نص\r\ndate: 2025-01-02\r\n\
                ---\r\n\r\n\u{200F}- وصل , ثم\r\n\u{200F}- `نص , نص`\r\n";
    let (files, _) = fixed(&site("content/briefings/a.md", text));
    let expected = text.replace("\\\" , ب", "\\\"، ب").replace("وصل , ثم", "وصل، ثم");
    assert_eq!(files["content/briefings/a.md"], expected);
}

#[test]
fn a_build_does_not_look_at_typography() {
    let files = briefing("ar", "وصل الوفد , ثم غادر ..");
    let bytes: Vec<_> =
        files.into_iter().map(|(path, text)| (path, text.into_bytes())).collect();
    let (built, ..) = crate::golden::build(&bytes);
    assert!(built.diagnostics.iter().all(|it| it.code != "latin-comma"));
}

/// The real program in the folder of a site.
fn mujaz(dir: &Path, args: &[&str]) -> (Option<i32>, String, String) {
    let done = Command::new(env!("CARGO_BIN_EXE_mujaz"))
        .args(args)
        .current_dir(dir)
        .output()
        .unwrap();
    let text = |it: &[u8]| String::from_utf8_lossy(it).into_owned();
    (done.status.code(), text(&done.stdout), text(&done.stderr))
}

#[test]
fn r54_check_fix_mends_the_files_and_says_what() {
    let dir = tempfile::TempDir::new().unwrap();
    let before = "---\r\ntitle: عنوان\r\ndate: 2025-01-02\r\n---\r\n\r\n\
                  وصل الوفد , ثم غادر.. صـدر\r\n";
    let path = dir.path().join("content/briefings/a.md");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(dir.path().join("content/site.yaml"), CONFIG).unwrap();
    fs::write(&path, before).unwrap();

    let (status, _, said) = mujaz(dir.path(), &["check"]);
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("warning[latin-comma]: ") && said.contains(":6:11"), "{said}");
    assert_eq!(mujaz(dir.path(), &["check", "--strict"]).0, Some(1));
    let (_, built, said) = mujaz(dir.path(), &["build", "--strict", "--format", "json"]);
    assert!(built.is_empty(), "{built}{said}");

    let (status, diff, said) = mujaz(dir.path(), &["check", "--fix", "--dry-run"]);
    assert_eq!(status, Some(0), "{said}");
    assert!(
        diff.contains("-وصل الوفد , ثم") && diff.contains("+وصل الوفد، ثم"),
        "{diff}"
    );
    assert!(said.contains("would have mended 3 places in 1 file"), "{said}");
    assert_eq!(fs::read_to_string(&path).unwrap(), before);
    assert_eq!(mujaz(dir.path(), &["check", "--dry-run"]).0, Some(2));

    let (status, _, said) = mujaz(dir.path(), &["check", "--fix"]);
    assert_eq!(status, Some(0), "{said}");
    let of_file =
        "content/briefings/a.md: 1 latin-comma, 1 space-before-stop, 1 tatweel\n";
    assert!(
        said.contains(of_file) && said.contains("mended 3 places in 1 file"),
        "{said}"
    );
    assert!(
        said.contains("warning[double-stop]") && !said.contains("[tatweel]"),
        "{said}"
    );
    let after = before.replace(" , ثم", "، ثم").replace("صـدر", "صدر");
    assert_eq!(fs::read_to_string(&path).unwrap(), after);
    let (_, _, said) = mujaz(dir.path(), &["check", "--fix"]);
    assert!(said.contains("mended 0 places in 0 files"), "{said}");
    assert_eq!(fs::read_to_string(&path).unwrap(), after);
    // Nothing is left beside the sources.
    assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
}

#[test]
fn r54_the_demonstration_site_is_clean() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources = load::load(root).unwrap().value;
    let all: Vec<_> = lint::lint(&sources).into_iter().map(|it| it.diagnostic).collect();
    assert!(all.is_empty(), "{all:#?}");
}

/// Text in which every lint has something to find.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[ء-يکیكي]{1,5}",
        "[ء-ي]{1,3}[\u{640}\u{653}-\u{655}\u{64B}-\u{652}]{1,2}[ء-ي]{0,2}",
        "[\u{FB50}-\u{FBB1}\u{FD50}-\u{FD8F}\u{FE70}-\u{FEFC}]{1,3}",
        "[a-zA-Z0-9]{1,4}",
        "[א-ת]{1,3}",
        "[ ,;?.:!،؛؟]{1,3}",
        "[ \n\\[\\]\\(\\)|#*_`>\"'«»“”:-]{1,3}",
        Just(" ".to_owned()),
        Just("\n\n".to_owned()),
        Just("\r\n".to_owned()),
        Just("[[iran|".to_owned()),
        Just("]]".to_owned()),
        Just("[^1]".to_owned()),
        Just("https://a.org/ب,ت ".to_owned()),
        Just("| a | b |\n|---|---|\n".to_owned()),
        Just("\u{2067}".to_owned()),
        Just("\u{200F}".to_owned()),
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|it| it.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn r54_mending_twice_is_mending_once_and_keeps_every_word(
        text in text(),
        lang in prop_oneof![Just("ar"), Just("fa"), Just("ur"), Just("he")],
        is_plain in any::<bool>(),
    ) {
        let files = if is_plain {
            site(&format!("content/briefings/a.{lang}.txt"), &text)
        } else {
            briefing(lang, &text)
        };
        let (once, fixes) = fixed(&files);
        let (twice, again) = fixed(&once);
        prop_assert_eq!(&once, &twice);
        prop_assert!(again.changes.is_empty());
        for change in &fixes.changes {
            let words = |text: &str| -> String {
                fold(text).chars().filter(|it| it.is_alphanumeric()).collect()
            };
            prop_assert_eq!(words(&change.before), words(&change.after));
        }
    }

    #[test]
    fn no_metadata_makes_a_lint_panic(text in text()) {
        let _ = fixed(&site("content/topics/a.yaml", &text));
        let quoted = text.replace('\\', "").replace('"', "\\\"");
        let yaml = format!("title: \"{quoted}\"\nkind: place\nsummary: |\n  {text}\n");
        let _ = lint::lint(&sources(&site("content/topics/a.yaml", &yaml)));
    }
}

#[test]
fn a_long_hostile_text_is_read_in_time() {
    let started = std::time::Instant::now();
    for piece in
        ["«", "“", "ـا", " .", "\u{2067}", "\u{2069}", "أمس ", "ي,", "\"ا", "ﺑ", "..ا"]
    {
        let text = piece.repeat(60_000 / piece.len());
        let _ = lint::lint(&sources(&briefing("fa", &text)));
        let _ = lint::lint(&sources(&briefing("ar", &text)));
    }
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}
