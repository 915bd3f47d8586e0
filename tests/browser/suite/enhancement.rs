//! The script is an addition: pages are whole without it, with a strict content security
//! policy, and in the colours that a reader has set.

use serde_json::json;

use crate::browser::{DESK, HAND, Page, View};
use crate::sites::{Host, Served, both, demo};

/// A page in which no script of the site runs.
fn without_script(view: View) -> Page {
    let page = Page::new(view);
    page.call("Emulation.setScriptExecutionDisabled", json!({ "value": true }));
    page
}

#[test]
fn every_page_shows_the_same_text_without_javascript() {
    let with = Page::new(DESK);
    let without = without_script(DESK);
    for site in both() {
        for path in site.page_types() {
            // What the search page says to readers without scripts, it says to them alone.
            let text =
                "(document.querySelector('noscript')?.remove(), document.body.innerText)";
            with.go(&site.url(path));
            without.go(&site.url(path));
            let text = [with.eval(text), without.eval(text)];
            assert!(100 < text[0].as_str().unwrap().len(), "{path}: {}", text[0]);
            assert_eq!(text[0], text[1], "{path}");
        }
    }
    let ran = without.eval(
        "document.documentElement.innerHTML = '<script>ran = 1</script>'; typeof ran",
    );
    assert_eq!(ran, "undefined");
}

/// Clicks a link and waits until its address is there.
fn follow(page: &Page, link: &str) {
    let href = page.eval(&format!("({link}).href"));
    page.click(page.middle(link));
    page.until(&format!(
        "location.href === {href} && document.readyState === 'complete'"
    ));
    assert_eq!(
        page.eval("!!document.querySelector('main h1, .masthead h1')"),
        true,
        "{href}"
    );
}

/// What a fragment leads to is in the window.
const IS_AT_TARGET: &str = "(() => { const box = document.querySelector(':target')?.getBoundingClientRect(); \
    return !!box && -1 <= box.top && box.top < innerHeight })()";

/// A briefing of a language that has contents, another language, and a link to a topic.
fn briefing(site: &'static Served, lang: &str) -> &'static str {
    let of_lang = format!("<html lang=\"{lang}\"");
    let parts = [
        &of_lang,
        "page--briefing\"",
        "language-switch",
        "contents__list",
        " data-topic",
    ];
    let mut fit = site.pages().into_iter().filter(|it| {
        let html = String::from_utf8_lossy(&site.files[*it]);
        parts.iter().all(|part| html.contains(part))
    });
    fit.next().unwrap()
}

#[test]
fn links_lead_where_they_say_without_javascript() {
    for view in [DESK, HAND] {
        let page = without_script(view);
        for site in both() {
            for lang in ["ar", "en"] {
                let url = site.url(briefing(site, lang));
                page.go(&url);
                let n_nav =
                    page.eval("document.querySelectorAll('.masthead__nav a').length");
                let n_nav = n_nav.as_u64().unwrap();
                assert!(3 <= n_nav, "{url}: {n_nav}");
                for at in 0..n_nav {
                    follow(
                        &page,
                        &format!("document.querySelectorAll('.masthead__nav a')[{at}]"),
                    );
                    page.go(&url);
                }
                follow(&page, "document.querySelector('.prose a[data-topic]')");
                assert_eq!(page.eval("document.body.className"), "page page--topic");
                page.go(&url);
                follow(&page, "document.querySelector('.language-switch a')");
                assert_ne!(page.eval("document.documentElement.lang"), lang);
                page.go(&url);
                // A phone folds the contents, and unfolds them without a script too.
                if page.eval("document.querySelector('.contents a').checkVisibility()")
                    == false
                {
                    page.click(
                        page.middle("document.querySelector('.contents summary')"),
                    );
                }
                let contents = "[...document.querySelectorAll('.contents a')].at(-1)";
                page.until(&format!("{contents}.checkVisibility()"));
                follow(&page, contents);
                page.until(IS_AT_TARGET);
            }
        }
    }
}

#[test]
fn a_note_leads_to_its_text_and_back_without_javascript() {
    for view in [DESK, HAND] {
        let page = without_script(view);
        let mut n_notes = 0;
        for site in both() {
            let types = site.page_types().into_iter();
            for path in types.filter(|it| it.contains("briefings/")) {
                page.go(&site.url(path));
                if page.eval("!!document.querySelector('.footnote-ref')") == false {
                    continue;
                }
                follow(&page, "document.querySelector('.footnote-ref')");
                page.until(IS_AT_TARGET);
                assert_eq!(
                    page.eval("!!document.querySelector('.footnotes :target')"),
                    true
                );
                follow(
                    &page,
                    "document.querySelector('.footnotes :target .footnote-back')",
                );
                page.until(IS_AT_TARGET);
                assert_eq!(page.eval("!!document.querySelector('.prose :target')"), true);
                n_notes += 1;
            }
        }
        assert!(4 <= n_notes, "{n_notes}");
    }
}

/// The policy that `docs/TEMPLATES.md` promises to be enough.
pub(crate) fn policy() -> String {
    let text = include_str!("../../../docs/TEMPLATES.md");
    let policy = text.split("`Content-Security-Policy: ").nth(1).unwrap();
    policy.split('`').next().unwrap().to_owned()
}

/// Remembers what the policy of a page forbids.
const REMEMBER: &str = "globalThis.forbidden = []; addEventListener('securitypolicyviolation', \
    it => forbidden.push(it.violatedDirective + ' ' + it.blockedURI))";

#[test]
fn no_page_breaks_the_strict_policy() {
    let page = Page::new(DESK);
    page.call("Page.addScriptToEvaluateOnNewDocument", json!({ "source": REMEMBER }));
    let host = Host { policy: Some(policy()), ..Host::default() };
    for site in both() {
        let strict = site.behind(host.clone());
        for path in site.page_types() {
            page.go(&strict.url(path));
            if page.eval("!!document.querySelector('.prose a[data-topic]')") == true {
                page.point(page.middle("document.querySelector('.prose a[data-topic]')"));
                page.until("!!document.querySelector('.hover-card')");
            }
            let forbidden = page.texts("forbidden");
            assert!(forbidden.is_empty(), "{path}: {forbidden:?}");
            let complaints = crate::budgets::complaints(&page);
            assert!(complaints.is_empty(), "{path}: {complaints:#?}");
        }
    }
    // The policy is in force.
    page.eval("new Image().src = 'data:image/gif;base64,R0lGODlhAQABAAAAACw='");
    page.until("forbidden.length === 1");
}

#[test]
fn links_are_seen_in_the_colours_and_the_contrast_that_a_reader_sets() {
    let page = Page::new(DESK);
    let wishes: [&[(&str, &str)]; 4] = [
        &[("forced-colors", "active")],
        &[("forced-colors", "active"), ("prefers-color-scheme", "dark")],
        &[("prefers-contrast", "more")],
        &[("prefers-contrast", "more"), ("prefers-color-scheme", "dark")],
    ];
    let types = demo().all_types().into_iter();
    for path in types.filter(|it| !it.starts_with("fa/") && !it.starts_with("he/")) {
        page.go(&demo().url(path));
        for wishes in wishes {
            page.wishes(wishes);
            let query =
                format!("matchMedia('({}: {})').matches", wishes[0].0, wishes[0].1);
            assert_eq!(page.eval(&query), true);
            // In running text a link needs its line; forced colours tell links by colour.
            let hidden = page.texts(
                "(() => { const forced = matchMedia('(forced-colors: active)').matches; \
                 const text = getComputedStyle(document.body).color; \
                 return [...document.querySelectorAll('main a[href]')].filter(it => it.checkVisibility()).filter(it => { \
                   const style = getComputedStyle(it); \
                   const lined = style.textDecorationLine === 'underline'; \
                   if (it.closest('.prose') && !it.matches('.footnote-ref, .source-ref') && !lined) return true; \
                   return forced && style.color === text }).map(it => it.outerHTML.slice(0, 120)) })()",
            );
            assert!(hidden.is_empty(), "{path} {wishes:?}: {hidden:#?}");
            if wishes[0].0 == "prefers-contrast" {
                let pale = page.texts(crate::colours::PALE);
                assert!(pale.is_empty(), "{path} {wishes:?}: {pale:#?}");
                // Small print is as dark as the text.
                let quiet = page.texts(
                    "[...document.querySelectorAll('.meta, .quiet, .dek')].map(it => getComputedStyle(it).color) \
                     .filter(it => it !== getComputedStyle(document.body).color)",
                );
                assert!(quiet.is_empty(), "{path} {wishes:?}: {quiet:?}");
            }
        }
    }
}
