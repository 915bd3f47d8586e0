//! Sites that have next to nothing: what is not there is not linked to, and a page that
//! has nothing to list says so.

use crate::browser::{DESK, HAND, Page};
use crate::checkers::axe;
use crate::sites::{Served, tiny};

const SITE: (&str, &str) =
    ("content/site.yaml", "title: دفتر\nbase_url: https://example.org/\n");
const TWO: (&str, &str) = (
    "content/site.yaml",
    "title: {ar: دفتر, en: Notebook}\nbase_url: https://example.org/\nlang: ar\nlanguages: [ar, en]\n",
);
const BRIEFING: (&str, &str) = (
    "content/briefings/gauge.md",
    "---\ntitle: كيف يقاس نهر\nsummary: القياس ارتفاع ومقطع وسرعة.\ndate: 2025-03-01\n---\n\nيقاس ارتفاع النهر كل يوم.\n",
);

/// Every page of a site: it is accessible, says something in its language, and its links
/// lead somewhere.
fn look(site: &Served) {
    let page = Page::new(DESK);
    let mut n_pages = 0;
    for path in site.pages() {
        page.go(&site.url(path));
        for view in [DESK, HAND] {
            page.view(view);
            let found = axe(&page);
            assert!(found.is_empty(), "{path}: {found:#?}");
        }
        let is_said = page.eval(
            "(() => { const script = { ar: /\\p{Script=Arab}/u, en: /\\p{Script=Latn}/u }[document.documentElement.lang]; \
             const texts = [...document.querySelectorAll('main :is(p, h1, li)')].filter(it => it.checkVisibility()); \
             return document.querySelectorAll('h1').length === 1 && texts.some(it => it.innerText.length > 12 && script.test(it.innerText)) })()",
        );
        let main = page.eval("document.querySelector('main').innerText");
        assert_eq!(is_said, true, "{path} says {main}");
        // No heading without anything below it, no list without items.
        let hollow = page.texts(
            "[...document.querySelectorAll('main :is(ul, ol, dl, section, nav, .card-list, .card-grid)')] \
             .filter(it => !it.closest('[hidden]') && (!it.innerText.trim() || !it.querySelector('li, p, a, dt'))).map(it => it.outerHTML.slice(0, 120))",
        );
        assert!(hollow.is_empty(), "{path}: {hollow:?}");
        let links = page.texts(
            "[...document.querySelectorAll('a[href], link[href]')].map(it => it.href) \
             .filter(it => it.startsWith(location.origin)).map(it => decodeURI(it.split('#')[0].slice(location.origin.length + 1)))",
        );
        for link in links {
            let file = if link.is_empty() || link.ends_with('/') {
                format!("{link}index.html")
            } else {
                link
            };
            assert!(site.files.contains_key(&file), "{path} links to {file}");
        }
        n_pages += 1;
    }
    assert!(4 <= n_pages, "{n_pages}");
}

/// The sentence of a page that has nothing to list.
fn sentence(site: &Served, path: &str) -> Vec<String> {
    let page = Page::open(DESK, &site.url(path));
    page.texts("[...document.querySelectorAll('main .empty')].map(it => it.innerText)")
}

#[test]
fn one_briefing_makes_a_site() {
    let site = tiny(&[SITE, BRIEFING]);
    look(&site);
    assert_eq!(sentence(&site, "index.html"), [""; 0]);
    assert_eq!(sentence(&site, "topics/index.html"), ["لا موضوعات بعد."]);
    assert_eq!(sentence(&site, "corrections/index.html"), ["لم تُنشر تصويبات."]);
    for path in ["chronology/index.html", "en/index.html"] {
        assert!(!site.files.contains_key(path), "{path}");
    }
}

#[test]
fn a_site_without_a_briefing_says_so_in_its_language() {
    let site = tiny(&[TWO]);
    look(&site);
    for path in ["index.html", "archive/index.html"] {
        assert_eq!(sentence(&site, path), ["لم تُنشر إحاطات بعد."], "{path}");
        let path = format!("en/{path}");
        assert_eq!(
            sentence(&site, &path),
            ["No briefings have been published yet."],
            "{path}"
        );
    }
}

#[test]
fn a_topic_without_briefings_says_so() {
    let topic = (
        "content/topics/danube.yaml",
        "title: {ar: الدانوب, en: Danube}\nkind: place\nsummary: {ar: نهر في أوروبا., en: A river in Europe.}\n",
    );
    let site = tiny(&[TWO, topic, BRIEFING]);
    look(&site);
    assert_eq!(
        sentence(&site, "topics/الدانوب/index.html"),
        ["لا إحاطات عن هذا الموضوع بعد."]
    );
    assert_eq!(
        sentence(&site, "en/topics/danube/index.html"),
        ["No briefing deals with this topic yet."]
    );
}

#[test]
fn an_author_who_wrote_nothing_in_a_language_has_no_page_in_it() {
    let author = (
        "content/authors/lena.yaml",
        "name: {ar: لينا, en: Lena}\nrole: {ar: محررة, en: Editor}\n",
    );
    let briefing = (BRIEFING.0, &*BRIEFING.1.replace("date:", "authors: [lena]\ndate:"));
    let site = tiny(&[TWO, author, briefing]);
    look(&site);
    assert!(site.files.contains_key("authors/لينا/index.html"));
}
