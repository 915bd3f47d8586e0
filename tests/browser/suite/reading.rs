//! A reader with a keyboard, with a clipboard.

use crate::browser::{DESK, PHONE, Page};
use crate::sites::{both, four};

#[test]
fn r86_tab_goes_through_a_page_in_the_order_of_reading() {
    let page = Page::new(PHONE);
    for site in both() {
        for path in site.page_types() {
            page.go(&site.url(path));
            page.eval(
                "window.stops = [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex=\"0\"]')] \
                 .filter(it => it.checkVisibility()); document.activeElement.blur(); true",
            );
            let n_stops = page.eval("stops.length").as_u64().unwrap();
            assert!(5 < n_stops, "{path}: {n_stops}");
            let is_rtl = page.eval("document.documentElement.dir") == "rtl";
            let mut last: Option<(f64, f64, f64, f64)> = None;
            for at in 0..n_stops {
                page.press("Tab", 9);
                let now = page.eval(
                    "(() => { const it = document.activeElement; const box = it.getClientRects()[0]; \
                     return [stops.indexOf(it), box.left, box.right, box.top + scrollY, box.bottom + scrollY, \
                     getComputedStyle(it).outlineStyle, it.outerHTML.slice(0, 120), it.className] })()",
                );
                assert_eq!(now[0].as_u64(), Some(at), "{path}: Tab {at} goes to {now}");
                assert_eq!(now[5], "solid", "{path}: the focus is not seen on {now}");
                if now[7] == "skip-link" {
                    continue;
                }
                let side = |at: usize| now[at].as_f64().unwrap();
                let (left, right, top, bottom) = (side(1), side(2), side(3), side(4));
                if let Some((last_left, last_right, last_top, last_bottom)) = last {
                    // On a narrow screen everything stands in one column.
                    let middle = f64::midpoint(top, bottom);
                    let is_same_line = (last_top..last_bottom).contains(&middle);
                    let follows =
                        if is_rtl { right < last_right } else { last_left < left };
                    let is_next = if is_same_line { follows } else { last_top < top };
                    assert!(is_next, "{path}: backwards to {now}");
                }
                last = Some((left, right, top, bottom));
            }
        }
    }
}

#[test]
fn r96_copying_gives_the_text_in_its_order() {
    let page = Page::new(DESK);
    let (_, cases) = crate::order::cases();
    for lang in ["ar", "en", "fa", "he"] {
        let folder = if lang == "ar" { String::new() } else { format!("{lang}/") };
        page.go(&four().url(&format!("{folder}briefings/mixed/index.html")));
        let copied = page.texts(
            "[...document.querySelectorAll('.prose li')].map(it => { const selection = getSelection(); \
             selection.selectAllChildren(it); return selection.toString() })",
        );
        let source = cases.iter().filter(|it| it.lang == lang);
        for (copied, case) in copied.iter().zip(source) {
            assert_eq!(copied.trim(), case.text);
        }
    }
    for path in four().page_types().into_iter().filter(|it| it.contains("briefings/")) {
        page.go(&four().url(path));
        let changed = page.texts(
            "[...document.querySelectorAll('.prose :is(p, h2, h3, li, td, dt, dd)')].filter(it => !it.querySelector('br, ul, ol')).map(it => { \
             const selection = getSelection(); selection.selectAllChildren(it); \
             const clean = text => text.replace(/\\s+/g, ' ').trim(); \
             return clean(selection.toString()) === clean(it.textContent) ? '' : it.outerHTML }).filter(it => it)",
        );
        assert!(changed.is_empty(), "{path}: {changed:?}");
    }
}

#[test]
fn r111_written_out_and_encoded_addresses_lead_to_the_same_page() {
    let page = Page::new(DESK);
    let path = four().pages().into_iter().find(|it| it.starts_with("topics/ال")).unwrap();
    let folder = path.trim_end_matches("index.html");
    page.go(&four().url(path));
    let encoded = page.eval("document.title");
    page.go(&format!("{}{folder}", four().base));
    assert_eq!(page.eval("document.title"), encoded);
    let twice = page.texts("[...document.querySelectorAll('[href]')].map(it => it.getAttribute('href')).filter(it => it.includes('%25'))");
    assert!(twice.is_empty(), "{twice:?}");
}

#[test]
fn r6_what_is_in_another_language_says_language_and_direction() {
    let page = Page::new(DESK);
    for site in both() {
        for path in site.page_types() {
            page.go(&site.url(path));
            // In SVG the direction is an attribute of that name.
            let bare = page.texts(
                "(() => { \
                 return [...document.querySelectorAll('[lang]')].slice(1).filter(it => { \
                   const parent = it.parentElement.closest('[lang]'); \
                   return parent.lang !== it.lang && !it.dir && !it.getAttribute('direction') }).map(it => it.outerHTML.slice(0, 120)) })()",
            );
            assert!(bare.is_empty(), "{path}: {bare:?}");
        }
    }
}

#[test]
fn four_languages_leave_no_word_untranslated() {
    let page = Page::new(DESK);
    for path in four().pages() {
        page.go(&four().url(path));
        // Running text, titles of sources, and marks such as numbers may be in any script.
        let left = page.texts(
            "(() => { const lang = document.documentElement.lang; \
             const foreign = { ar: /[\\p{Script=Latn}\\p{Script=Hebr}]/u, fa: /[\\p{Script=Latn}\\p{Script=Hebr}]/u, \
               he: /[\\p{Script=Latn}\\p{Script=Arab}]/u, en: /[\\p{Script=Arab}\\p{Script=Hebr}]/u }[lang]; \
             const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT); const left = []; \
             for (let node; (node = walker.nextNode());) { \
               const it = node.parentElement; \
               if (!foreign.test(node.data)) continue; \
               if (it.closest('.prose, .language-switch, .sources, [translate=no], .card__summary, .backlink__sentences, .footnotes')) continue; \
               left.push(node.data.trim() + ' in ' + it.outerHTML.slice(0, 99)) } \
             return left.concat([...document.querySelectorAll('[aria-label], [title], img[alt]')].flatMap(it => \
               ['aria-label', 'title', 'alt'].map(name => it.getAttribute(name) || '')).filter(it => foreign.test(it))) })()",
        );
        let left: Vec<_> = left
            .into_iter()
            .filter(|it| {
                !["CC0", "IRC", "(Atom)", "BibTeX", "RIS", "A–Z", "JavaScript"]
                    .iter()
                    .any(|name| it.contains(name))
            })
            .collect();
        assert!(left.is_empty(), "{path}: {left:#?}");
    }
}

#[test]
fn r11_versions_of_a_page_name_each_other() {
    use std::collections::{BTreeMap, BTreeSet};
    let mut versions: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for path in four().pages() {
        let html = String::from_utf8_lossy(&four().files[path]).into_owned();
        let links = html.split("<link ").skip(1).filter_map(|it| it.split('>').next());
        let value = |tag: &str, name: &str| {
            let rest = tag.split(&format!("{name}=\"")).nth(1)?;
            rest.split('"').next().map(str::to_owned)
        };
        let links: Vec<&str> = links.collect();
        let Some(own) = links.iter().find(|it| it.contains("canonical")) else {
            continue;
        };
        let others = links
            .iter()
            .filter_map(|it| Some((value(it, "hreflang")?, value(it, "href")?)));
        versions.insert(value(own, "href").unwrap(), others.collect());
    }
    let all = BTreeSet::from(["ar", "en", "fa", "he", "x-default"].map(str::to_owned));
    let mut n_whole = 0;
    for (url, others) in &versions {
        for (lang, other) in others {
            let back = versions
                .get(other)
                .unwrap_or_else(|| panic!("{url} names {other}, which is no page"));
            assert!(
                lang == "x-default" || back.values().any(|it| it == url),
                "{other} does not name {url}"
            );
        }
        n_whole += usize::from(others.keys().cloned().collect::<BTreeSet<_>>() == all);
    }
    assert_eq!(n_whole, versions.len(), "every page of the site is in four languages");
}
