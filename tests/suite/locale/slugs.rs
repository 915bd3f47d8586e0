//! Addresses in the letters of the page (rtl-rules R46, R108–R114).

use std::collections::BTreeSet;

use mujaz::text::slug::{collision_key, encode_path, slug};
use unicode_normalization::UnicodeNormalization;

use crate::golden::build;

const SITE: &str = "title: موجز\nbase_url: https://example.org/\n";

/// What is wrong with a site, and its pages.
fn site(files: &[(&str, &str)]) -> (Vec<String>, Vec<(String, String)>) {
    let files: Vec<(String, Vec<u8>)> = [("content/site.yaml", SITE)]
        .iter()
        .chain(files)
        .map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()))
        .collect();
    let (built, memory, _) = build(&files);
    let told = built.diagnostics.iter().map(|it| format!("{it:?}")).collect();
    let pages = memory.files.into_inner().unwrap().into_iter();
    let text = |bytes| String::from_utf8(bytes).unwrap_or_default();
    (told, pages.map(|(path, bytes)| (path, text(bytes))).collect())
}

fn briefing(title: &str) -> String {
    format!("---\ntitle: \"{title}\"\ndate: 2025-01-02\n---\nنص قصير.\n")
}

/// Pairs among them that lose their difference where slugs are made of Latin letters.
const TITLES: [&str; 32] = [
    "على",
    "إلى",
    "علاء",
    "عراق",
    "أرق",
    "عمان",
    "أمان",
    "غزة",
    "غزى",
    "إيران وروسيا",
    "ایران و روسیه",
    "الممر الشمالي: ماذا بعد؟",
    "«الممر» و«السد»",
    "قطر",
    "قطار",
    "كتاب",
    "خطاب",
    "سوريا",
    "سورية",
    "شرق",
    "سرق",
    "صور",
    "سور",
    "طين",
    "تين",
    "צה״ל",
    "צה ל 2025",
    "ישראל",
    "پاکستان",
    "می\u{200C}رود",
    "ٹرین",
    "NATO 2025",
];

#[test]
fn r109_titles_keep_their_letters_and_do_not_collide() {
    let slugs: Vec<String> = TITLES.iter().map(|it| slug(it).unwrap()).collect();
    let keys: BTreeSet<String> = slugs.iter().map(|it| collision_key(it)).collect();
    assert_eq!(keys.len(), TITLES.len(), "{slugs:?}");
    for (title, slug) in TITLES.iter().zip(&slugs) {
        let letters = |text: &str| -> Vec<char> {
            text.nfc()
                .flat_map(char::to_lowercase)
                .filter(|it| it.is_alphanumeric())
                .collect()
        };
        assert_eq!(letters(slug), letters(title));
        let is_safe = |it: char| it.is_alphanumeric() || it == '-';
        assert!(slug.chars().all(is_safe), "{slug}");
    }
}

#[test]
fn r110_titles_that_differ_only_behind_the_limit_are_an_error_that_names_both() {
    let long = "الوساطة الإقليمية بين الأطراف المتنازعة على الممرات المائية الشمالية";
    let (a, b) = (briefing(&format!("{long} أولا")), briefing(&format!("{long} ثانيا")));
    let files =
        [("content/briefings/a.md", a.as_str()), ("content/briefings/b.md", b.as_str())];
    let (told, _) = site(&files);
    let [error] = &told[..] else { panic!("{told:?}") };
    let parts = ["slug-collision", "content/briefings/a.md", "content/briefings/b.md"];
    assert!(parts.iter().all(|it| error.contains(it)), "{error}");
    let b = b.replacen("---\n", "---\nslug: الوساطة-2\n", 1);
    assert_eq!(site(&[files[0], ("content/briefings/b.md", &b)]).0, [""; 0]);
}

#[test]
fn r111_addresses_are_encoded_once() {
    let written = "---\ntitle: عنوان\ndate: 2025-01-02\nslug: \"%D8%A7\"\n---\nنص.\n";
    let (told, _) = site(&[("content/briefings/a.md", written)]);
    assert!(told.iter().any(|it| it.contains("bad-slug")), "{told:?}");
    let text = briefing("نمو 100%25 هذا العام");
    let (told, pages) = site(&[("content/briefings/a.md", &text)]);
    assert_eq!(told, [""; 0]);
    let on_disk = "briefings/نمو-100-25-هذا-العام/index.html";
    assert!(pages.iter().any(|(path, _)| path == on_disk));
    let href = encode_path("/briefings/نمو-100-25-هذا-العام/");
    for (path, page) in &pages {
        assert!(!page.contains("%25D8"), "{path}");
    }
    let home = &pages.iter().find(|(path, _)| path == "index.html").unwrap().1;
    assert!(home.contains(&href));
}

#[test]
fn r112_decomposed_letters_make_the_same_address() {
    for title in ["أخبار آسيا", "إيران ومؤتمر", "شئون"] {
        let decomposed: String = title.nfd().collect();
        assert_ne!(decomposed, title);
        assert_eq!(slug(&decomposed), slug(title));
    }
    let decomposed: String = "أخبار".nfd().collect();
    let (a, b) = (briefing("أخبار"), briefing(&decomposed));
    let files = [("content/briefings/a.md", &*a), ("content/briefings/b.md", &*b)];
    let (told, _) = site(&files);
    assert!(told.iter().any(|it| it.contains("slug-collision")), "{told:?}");
}

#[test]
fn r113_names_of_headings_are_native_and_unique() {
    let decomposed: String = "أحمد".nfd().collect();
    let text = format!(
        "{}\n## أحمد\n\nنص.\n\n## {decomposed}\n\nنص.\n\n## أحمد\n\nنص.\n",
        briefing("عنوان")
    );
    let (_, pages) = site(&[("content/briefings/a.md", &text)]);
    let page = &pages.iter().find(|(path, _)| path.contains("عنوان/index")).unwrap().1;
    let ids: Vec<&str> = page
        .split("<h2 id=\"")
        .skip(1)
        .map(|it| it.split('"').next().unwrap())
        .filter(|it| it.contains("حمد"))
        .collect();
    let keys: BTreeSet<String> = ids.iter().map(|it| collision_key(it)).collect();
    assert_eq!((ids.len(), keys.len()), (3, 3), "{ids:?}");
}

#[test]
fn r114_an_old_spelling_leads_to_the_page() {
    let topic = "title: سوريا\nkind: country\naliases_urls: [/topics/سورية/]\n";
    let text = briefing("عنوان").replacen("---\n", "---\ntopics: [syria]\n", 1);
    let (told, pages) =
        site(&[("content/topics/syria.yaml", topic), ("content/briefings/a.md", &text)]);
    assert_eq!(told, [""; 0]);
    let stub = pages.iter().find(|(path, _)| path == "topics/سورية/index.html");
    let to = format!("https://example.org{}", encode_path("/topics/سوريا/"));
    let canonical = format!("<link rel=\"canonical\" href=\"{to}\"");
    assert!(stub.unwrap().1.contains(&canonical), "{}", stub.unwrap().1);
}
