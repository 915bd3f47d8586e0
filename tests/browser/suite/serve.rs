//! The live preview in an open page: what an editor sees while a text is written.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use mujaz::serve::{self, News, Options};

use crate::browser::{DESK, Page};

/// A site that is being written.
struct Desk {
    root: PathBuf,
    /// Address of the site, with a slash at the end.
    base: String,
}

impl Desk {
    /// A site in a new folder, served as long as the tests run.
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("serve-{name}"));
        let _ = fs::remove_dir_all(&root);
        let mut desk = Self { root, base: String::new() };
        desk.write(
            "content/site.yaml",
            "title: نشرة\nbase_url: https://x.example/desk/\n",
        );
        for (path, text) in files {
            desk.write(path, text);
        }
        let options = Options {
            source: desk.root.clone(),
            host: None,
            is_lan: false,
            port: Some(0),
            is_polling: false,
            now: || "2026-01-01T00:00:00Z".parse().unwrap(),
        };
        let (sender, opened) = channel();
        let sender = Mutex::new(sender);
        let tell = move |news: News<'_>| {
            if let News::Open(doors, base) = news {
                sender.lock().unwrap().send(format!("{}{base}", doors.local)).unwrap();
            }
        };
        std::thread::spawn(move || {
            serve::run(&options, &(Arc::new(tell) as serve::Tell))
        });
        let base = opened.recv_timeout(Duration::from_mins(1));
        desk.base = base.expect("the preview opens");
        desk
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn open(&self, path: &str) -> Page {
        Page::open(DESK, &format!("{}{path}", self.base))
    }
}

const TEXT: &str = "content/briefings/first.md";

/// A briefing that is longer than a window.
fn briefing(title: &str, last: &str) -> String {
    let middle = "نص أول في فقرة من فقرات هذه الإحاطة.\n\n".repeat(80);
    format!("---\ntitle: {title}\ndate: 2025-01-01\n---\n\n{middle}{last}\n")
}

fn has_text(text: &str) -> String {
    format!("!!document.body?.innerText.includes({text:?})")
}

/// Something inside of the overlay.
fn in_overlay(selector: &str) -> String {
    format!(
        "document.querySelector('mujaz-problems')?.shadowRoot.querySelector('{selector}')"
    )
}

#[test]
fn a_page_is_loaded_again_where_it_was_scrolled_to() {
    let desk = Desk::new("scroll", &[(TEXT, &briefing("عنوان", "آخر"))]);
    let page = desk.open("briefings/عنوان/");
    page.eval("scrollTo({ top: 900, behavior: 'instant' }); before = true");
    desk.write(TEXT, &briefing("عنوان", "خاتمة جديدة"));
    page.until(&has_text("خاتمة جديدة"));
    assert_eq!(page.eval("typeof before"), "undefined", "the page is a new one");
    page.until("Math.abs(scrollY - 900) < 2");
    // Once: a page that is opened later begins at its beginning.
    page.go(&desk.base);
    page.go(&format!("{}briefings/عنوان/", desk.base));
    assert_eq!(page.eval("scrollY"), 0);
}

#[test]
fn a_page_is_followed_when_its_title_changes() {
    let desk = Desk::new("title", &[(TEXT, &briefing("عنوان", "آخر"))]);
    let page = desk.open("briefings/عنوان/?a#b");
    desk.write(TEXT, &briefing("عنوان آخر", "آخر"));
    page.until("decodeURI(location.href).endsWith('/briefings/عنوان-آخر/?a#b')");
    page.until(&has_text("عنوان آخر"));
}

#[test]
fn a_style_sheet_changes_without_loading_the_page_again() {
    let own =
        "title: نشرة\nbase_url: https://x.example/desk/\ntheme: {css: css/own.css}\n";
    let files = [
        ("content/site.yaml", own),
        ("static/css/own.css", "body { outline: 3px solid red }"),
        (TEXT, &briefing("عنوان", "آخر")),
    ];
    let desk = Desk::new("style", &files);
    let page = desk.open("briefings/عنوان/");
    let width =
        |it: u32| format!("getComputedStyle(document.body).outlineWidth === '{it}px'");
    page.until(&width(3));
    page.eval("before = true");
    for wide in [5, 7] {
        desk.write(
            "static/css/own.css",
            &format!("body {{ outline: {wide}px solid red }}"),
        );
        page.until(&width(wide));
        page.until("document.querySelectorAll('link[rel=stylesheet]').length === 1");
        assert_eq!(page.eval("before"), true, "the page is the same one");
    }
}

#[test]
fn mistakes_lie_over_the_page_until_they_are_mended() {
    let desk = Desk::new("overlay", &[(TEXT, &briefing("عنوان", "آخر"))]);
    let page = desk.open("briefings/عنوان/");
    let bad = briefing("عنوان", "آخر").replace(
        "\n---\n\n",
        "\ntopics: [\"إيران<img src=x onerror='hacked = 1'>\"]\n---\n\n",
    );
    desk.write(TEXT, &bad);
    page.until(&format!("!!{}", in_overlay("li")));
    let text = |selector: &str| {
        let text = page.eval(&format!("{}.textContent", in_overlay(selector)));
        text.as_str().unwrap().to_owned()
    };
    assert!(text("li .message").starts_with("error [unknown-topic] "), "{}", text("li"));
    assert_eq!(text("li .place"), format!("{TEXT}:4:10"));
    assert!(text("mark").contains("إيران<img src=x"), "{}", text("mark"));
    assert!(text("pre").starts_with("topics: ["), "{}", text("pre"));
    assert!(text(".help").starts_with("help: "));
    assert_eq!(page.eval("typeof hacked"), "undefined");
    assert_eq!(
        page.eval(&format!("{} ?? null", in_overlay("img"))),
        serde_json::Value::Null
    );
    // Arabic values stand by themselves in an English sentence.
    assert_eq!(
        page.eval(&format!("getComputedStyle({}).direction", in_overlay("section"))),
        "ltr"
    );
    assert!(text("li .message bdi").contains("إيران"));
    assert!(page.eval(&has_text("نص أول")) == true, "the page stays");
    // It can be laid aside.
    page.press("Escape", 27);
    page.until("!document.querySelector('mujaz-problems')");
    desk.write(TEXT, &bad.replace("إيران", "العراق"));
    page.until(&format!("!!{}", in_overlay("li")));
    assert!(text("mark").contains("العراق"));
    page.click(page.middle(&in_overlay("button")));
    page.until("!document.querySelector('mujaz-problems')");
    desk.write(TEXT, &bad);
    page.until(&format!("!!{}", in_overlay("li")));
    desk.write(TEXT, &briefing("عنوان", "آخر"));
    page.until("!document.querySelector('mujaz-problems')");
    assert_eq!(page.eval("document.readyState"), "complete");
}

#[test]
fn names_of_files_in_arabic_keep_the_order_of_their_folders() {
    let desk = Desk::new("names", &[(TEXT, &briefing("عنوان", "آخر"))]);
    let page = desk.open("");
    // Letters that an id cannot have, in two folders.
    let name = "content/briefings/إيران/ملف.md";
    desk.write(name, &briefing("آخر", "آخر"));
    page.until(&format!("!!{}", in_overlay("li .place")));
    let place = in_overlay("li .place");
    assert_eq!(page.eval(&format!("{place}.textContent")), name);
    let lefts = page.eval(&format!(
        "[...{place}.querySelectorAll('bdi')].map((it) => it.getBoundingClientRect().left)"
    ));
    let lefts: Vec<f64> =
        lefts.as_array().unwrap().iter().map(|it| it.as_f64().unwrap()).collect();
    assert_eq!(lefts.len(), 4);
    assert!(lefts.is_sorted(), "{lefts:?}");
    // The suffix stands behind the name.
    let lefts = page.eval(&format!(
        "[0, 4].map((at) => {{ const range = new Range(); \
         range.setStart({place}.lastElementChild.firstChild, at); \
         range.setEnd({place}.lastElementChild.firstChild, at + 1); \
         return range.getBoundingClientRect().left }})"
    ));
    assert!(lefts[0].as_f64() < lefts[1].as_f64(), "{lefts}");
}

#[test]
fn a_site_that_fails_from_the_beginning_appears_when_it_is_mended() {
    let bad = briefing("عنوان", "آخر").replace("2025-01-01", "أمس");
    let desk = Desk::new("waiting", &[(TEXT, &bad)]);
    let page = desk.open("briefings/عنوان/");
    page.until(&format!("!!{}", in_overlay("li")));
    desk.write(TEXT, &briefing("عنوان", "آخر"));
    page.until(&has_text("نص أول"));
    page.until("!document.querySelector('mujaz-problems')");
}

/// A browser has six connections to a host: a seventh page must load all the same.
#[test]
fn pages_that_nobody_sees_hold_no_connection() {
    let desk = Desk::new("many", &[(TEXT, &briefing("عنوان", "آخر"))]);
    let hide = "Object.defineProperty(document, 'hidden', { configurable: true, value: true }); \
                document.dispatchEvent(new Event('visibilitychange'))";
    let show =
        "delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))";
    let pages: Vec<Page> = (0..8)
        .map(|_| {
            let page = desk.open("briefings/عنوان/");
            page.eval(hide);
            page
        })
        .collect();
    desk.write(TEXT, &briefing("عنوان", "خاتمة جديدة"));
    let last = desk.open("briefings/عنوان/");
    last.until(&has_text("خاتمة جديدة"));
    assert_eq!(pages[0].eval(&has_text("خاتمة جديدة")), false);
    pages[0].eval(show);
    pages[0].until(&has_text("خاتمة جديدة"));
}
