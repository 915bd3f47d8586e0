//! The search page as its readers meet it: typed, walked with keys, narrowed down, in all
//! languages, without a network, without a script.

use std::time::Duration;

use serde_json::json;

use crate::browser::{DESK, HAND, PHONE, Page, View};
use crate::checkers::axe;
use crate::enhancement::policy;
use crate::sites::{Host, Served, demo};

const RESULTS: &str = "document.querySelectorAll('[data-search-results] > li')";
const TITLES: &str =
    "[...document.querySelectorAll('[data-search-results] > li [data-part=title]')]";
const STATUS: &str = "document.querySelector('[data-search-status]').textContent";
const IS_DONE: &str = "!!document.querySelector('[data-search-status]').textContent && \
     !document.querySelector('[data-search-found]').ariaBusy";

/// The address of a language's search page with a query, and more behind it.
fn url(site: &Served, lang: &str, query: &str) -> String {
    let query: String = query
        .bytes()
        .map(|it| match it {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'=' | b'&' => {
                char::from(it).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect();
    format!("{}?q={query}", site.url(&format!("{lang}search/index.html")))
}

/// The page once it has answered.
fn searched(view: View, site: &Served, lang: &str, query: &str) -> Page {
    let page = Page::open(view, &url(site, lang, query));
    page.until(IS_DONE);
    page
}

fn type_in(page: &Page, text: &str) {
    page.eval("document.querySelector('main [role=search] input').select(); true");
    page.call("Input.insertText", json!({ "text": text }));
}

/// Presses Enter as a keyboard does, so that links and forms answer.
fn enter(page: &Page) {
    let event = |kind: &str| {
        json!({ "type": kind, "key": "Enter", "code": "Enter", "text": "\r",
                "windowsVirtualKeyCode": 13 })
    };
    page.call("Input.dispatchKeyEvent", event("keyDown"));
    page.call("Input.dispatchKeyEvent", event("keyUp"));
}

#[test]
fn a_typed_address_shows_its_results() {
    let page = searched(DESK, demo(), "", "مضيق هرمز");
    let titles = page.texts(&format!("{TITLES}.map(it => it.textContent)"));
    assert!(titles[0].contains("مضيق هرمز"), "{titles:?}");
    assert_eq!(page.eval("document.querySelector('main input').value"), "مضيق هرمز");
    let status = page.eval(STATUS);
    assert!(status.as_str().unwrap().contains(&titles.len().to_string()), "{status}");
    let first = "document.querySelector('[data-search-results] > li')";
    for part in ["kind", "date", "excerpt"] {
        let text =
            format!("{first}.querySelector('[data-part={part}]').textContent.length");
        page.until(&format!("3 < {text}"));
    }
    page.until(&format!("{first}.querySelectorAll('.card__meta a').length > 0"));
    // The topic that the query names stands above, with its page.
    let named = "[...document.querySelectorAll('[data-search-topics] a')].map(it => it.textContent)";
    assert_eq!(page.texts(named), ["مضيق هرمز"]);
}

#[test]
fn typed_walked_and_opened_with_keys_alone() {
    let page = Page::open(DESK, &demo().url("search/index.html"));
    assert_eq!(
        page.eval("!!document.querySelector('[data-search-start]').offsetHeight"),
        true
    );
    page.eval("document.querySelector('main [role=search] input').focus(); true");
    type_in(&page, "العقوبات");
    page.until(&format!("{RESULTS}.length > 1 && {IS_DONE}"));
    assert_eq!(page.eval("new URLSearchParams(location.search).get('q')"), "العقوبات");
    let at = format!("{TITLES}.indexOf(document.activeElement)");
    for (key, code, expected) in [
        ("ArrowDown", 40, 0),
        ("ArrowDown", 40, 1),
        ("ArrowUp", 38, 0),
        ("ArrowUp", 38, -1),
        ("ArrowDown", 40, 0),
        ("Escape", 27, -1),
        ("ArrowDown", 40, 0),
    ] {
        page.press(key, code);
        assert_eq!(page.eval(&at), expected, "{key}");
    }
    let outline = "getComputedStyle(document.activeElement).outlineStyle";
    assert_ne!(page.eval(outline), "none");
    let href = page.eval("document.activeElement.href");
    enter(&page);
    page.until(&format!("location.href === {href}"));
    page.until("!!document.querySelector('.prose')");
    // Back to what was found.
    page.eval("history.back(); true");
    page.until(&format!("location.search.includes('q=') && {RESULTS}.length > 1"));
}

#[test]
fn the_way_back_leads_through_what_was_asked_for() {
    let page = searched(HAND, demo(), "", "روسيا");
    for query in ["الصين", "قطر"] {
        page.eval("document.querySelector('main [role=search] input').focus(); true");
        type_in(&page, query);
        enter(&page);
        page.until(&format!(
            "new URLSearchParams(location.search).get('q') === '{query}' && {IS_DONE}"
        ));
    }
    for query in ["الصين", "روسيا"] {
        page.eval("history.back(); true");
        page.until(&format!(
            "document.querySelector('main input').value === '{query}' && {IS_DONE}"
        ));
    }
}

#[test]
fn marks_cover_whole_words_and_change_no_shape() {
    let page = Page::new(DESK);
    for (lang, query) in
        [("", "ايران وروسيا"), ("fa/", "خزر"), ("he/", "הורמוז"), ("en/", "sanction")]
    {
        page.go(&url(demo(), lang, query));
        page.until(IS_DONE);
        page.until("document.querySelectorAll('[data-part=excerpt] mark').length > 0");
        let cut = page.texts(
            "[...document.querySelectorAll('mark')].filter(it => { \
               const range = document.createRange(); range.selectNodeContents(it.closest('[data-part]')); \
               const whole = range.toString(); range.setEndBefore(it); \
               const first = range.toString().length, last = first + it.textContent.length; \
               const letter = /[\\p{L}\\p{M}\\p{N}\\u200C]/u; \
               return letter.test(whole[first - 1] ?? ' ') || letter.test(whole[last] ?? ' ') }) \
             .map(it => it.parentElement.textContent)",
        );
        assert!(cut.is_empty(), "{query}: {cut:?}");
        let changed = page.texts(
            "[...document.querySelectorAll('mark')].filter(it => { \
               const own = getComputedStyle(it), its = getComputedStyle(it.parentElement); \
               return ['fontFamily', 'fontSize', 'fontWeight', 'letterSpacing'].some(key => own[key] !== its[key]) \
                 || ['padding', 'margin', 'borderWidth'].some(key => own[key] !== '0px') }) \
             .map(it => it.textContent)",
        );
        assert!(changed.is_empty(), "{query}: {changed:?}");
        // Isolates of the text are kept: a word of another direction runs alone.
        assert_eq!(
            page.eval("document.querySelectorAll('[data-part=excerpt] a').length"),
            0
        );
    }
}

#[test]
fn nothing_is_asked_of_anybody_else_and_the_network_may_go() {
    let site = demo();
    let page = searched(DESK, site, "", "إيران");
    let n_files =
        site.files.keys().filter(|it| it.starts_with("assets/search/ar/")).count();
    page.until(&format!(
        "new Set(performance.getEntriesByType('resource').map(it => it.name) \
         .filter(it => it.includes('/assets/search/ar/'))).size === {n_files}"
    ));
    for request in
        page.events().iter().filter(|it| it["method"] == "Network.requestWillBeSent")
    {
        let url = request["params"]["request"]["url"].as_str().unwrap();
        assert!(url.starts_with(&site.base), "{url}");
    }
    page.call(
        "Network.emulateNetworkConditions",
        json!({ "offline": true, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0 }),
    );
    assert_eq!(page.eval("fetch(location.href).then(() => true, () => false)"), false);
    for (query, id) in [("قناة السويس", "السويس"), ("بريكس", "بريكس"), ("الدره", "بكين")]
    {
        type_in(&page, query);
        page.until(&format!(
            "({TITLES}[0]?.textContent ?? '').includes('{id}') && {IS_DONE}"
        ));
    }
}

#[test]
fn what_cannot_be_loaded_is_said_and_tried_again() {
    let directory = |it: &&String| {
        let text = String::from_utf8_lossy(&demo().files[*it]);
        it.starts_with("assets/search/ar/") && text.contains("\"perRecord\"")
    };
    let hides = demo().files.keys().find(directory).cloned();
    let site = demo().behind(Host { hides, ..Host::default() });
    let page = Page::open(HAND, &url(&site, "", "إيران"));
    page.until("!document.querySelector('[data-search-failed]').hidden");
    let said = page.eval("document.querySelector('[data-search-failed]').textContent");
    assert!(said.as_str().unwrap().contains("تعذّر البحث"), "{said}");
    assert_eq!(
        page.eval("document.querySelector('[data-search-failed] button').type"),
        "button"
    );
    // Another host has what this one lacks: the next try works.
    page.eval(
        "globalThis.real = fetch; globalThis.n = 0; \
         globalThis.fetch = (...it) => { n += 1; return real(...it) }; \
         document.querySelector('[data-search-failed] button').click(); true",
    );
    page.until("n > 0");
}

#[test]
fn results_are_narrowed_down_and_sorted() {
    let page = searched(DESK, demo(), "", "إيران");
    page.until("document.querySelector('select[name=topic]').options.length > 3");
    let n_all = page.eval(&format!("{RESULTS}.length")).as_u64().unwrap();
    assert!(10 <= n_all, "{n_all}");
    let chosen = page.eval(
        "(() => { const it = document.querySelector('select[name=kind]'); it.selectedIndex = 1; \
         it.dispatchEvent(new Event('change')); return it.options[1].textContent })()",
    );
    let n: u64 = chosen
        .as_str()
        .unwrap()
        .chars()
        .filter(char::is_ascii_digit)
        .collect::<String>()
        .parse()
        .unwrap();
    page.until(&format!("{RESULTS}.length === {} && {IS_DONE}", n.min(10)));
    assert_eq!(page.eval("location.search.includes('kind=')"), true);
    assert!(n < 14, "{chosen}");
    // The address keeps it.
    page.call("Page.reload", json!({}));
    page.wait("Page.loadEventFired");
    page.until(&format!("{RESULTS}.length === {} && {IS_DONE}", n.min(10)));
    page.eval("document.querySelector('[data-search-clear]').click(); true");
    page.until(&format!(
        "{RESULTS}.length === {n_all} && !location.search.includes('kind=')"
    ));
    page.eval(
        "(() => { const it = document.querySelector('select[name=sort]'); it.value = 'date'; \
         it.dispatchEvent(new Event('change')) })()",
    );
    page.until("location.search.includes('sort=date')");
    page.until(&format!(
        "(() => {{ const all = [...document.querySelectorAll('[data-search-results] time')].map(it => it.dateTime); \
         return all.length === {n_all} && all.join() === [...all].sort().reverse().join() }})()"
    ));
    // Ten more, with the focus on the first of them.
    page.eval("document.querySelector('[data-search-more]').click(); true");
    page.until(&format!("{RESULTS}.length > {n_all}"));
    page.until(&format!("{TITLES}.indexOf(document.activeElement) === {n_all}"));
}

#[test]
fn every_language_is_searched_when_asked() {
    let page = Page::open(DESK, &url(demo(), "", "Iran&lang=all"));
    page.until(&format!("{RESULTS}.length > 0 && {IS_DONE}"));
    let languages = page.texts(
        "[...new Set([...document.querySelectorAll('[data-search-results] article')].map(it => it.lang + ' ' + it.dir))]",
    );
    assert!(languages.contains(&"en ltr".to_owned()), "{languages:?}");
    // The page's own language needs no name, others have it.
    assert_eq!(page.eval("[...document.querySelectorAll('article[lang=en]')].every(it => it.textContent.includes('English'))"), true);
}

#[test]
fn what_is_typed_and_found_is_text_and_nothing_else() {
    let page = Page::new(DESK);
    for query in [
        "<img src=x onerror=alert(1)>",
        "\"><script>alert(1)</script>",
        "javascript:alert(1)",
        "{{7*7}}",
        "${alert(1)}",
        "'; DROP TABLE--",
        "\u{202E}abc",
        "%00",
        "<svg/onload=alert(1)>",
        "هرمز<b>",
    ] {
        page.go(&url(demo(), "", query));
        page.until(IS_DONE);
        let foreign = "document.querySelectorAll('main :is(img, script, svg:not(.icon), b, iframe)').length";
        assert_eq!(page.eval(foreign), 0, "{query}");
        let opened = page
            .events()
            .into_iter()
            .any(|it| it["method"] == "Page.javascriptDialogOpening");
        assert!(!opened, "{query}");
    }
    // Nothing found: it is said, and there is a way on.
    page.go(&url(demo(), "", "زرافات"));
    page.until(IS_DONE);
    assert!(page.eval(STATUS).as_str().unwrap().contains("زرافات"));
    assert_eq!(
        page.eval("!!document.querySelector('[data-search-start]').offsetHeight"),
        true
    );
    assert!(
        page.eval("document.querySelectorAll('[data-search-start] a').length").as_u64()
            > Some(10)
    );
}

#[test]
fn without_a_script_the_page_leads_on() {
    let page = Page::new(HAND);
    page.call("Emulation.setScriptExecutionDisabled", json!({ "value": true }));
    for lang in ["", "en/", "fa/", "he/"] {
        page.go(&url(demo(), lang, "إيران"));
        let seen = page.eval(
            "[!!document.querySelector('noscript p').offsetHeight, \
              document.querySelector('main form').method, document.querySelector('main input').name, \
              [...document.querySelectorAll('main a')].filter(it => it.offsetHeight).length > 4, \
              !!document.querySelector('[data-search]').offsetHeight]",
        );
        assert_eq!(seen, json!([true, "get", "q", true, false]), "{lang}");
    }
}

#[test]
fn the_search_keeps_the_strict_policy_and_passes_axe() {
    let strict = demo().behind(Host { policy: Some(policy()), ..Host::default() });
    let page = Page::new(DESK);
    let remember = "globalThis.forbidden = []; addEventListener('securitypolicyviolation', \
        it => forbidden.push(it.violatedDirective + ' ' + it.blockedURI))";
    page.call("Page.addScriptToEvaluateOnNewDocument", json!({ "source": remember }));
    page.go(&url(&strict, "", "إيران"));
    page.until(&format!("{RESULTS}.length > 4 && {IS_DONE}"));
    page.until("document.querySelectorAll('[data-part=excerpt] mark').length > 0");
    assert_eq!(page.texts("forbidden"), [""; 0]);
    let complaints = crate::budgets::complaints(&page);
    assert!(complaints.is_empty(), "{complaints:#?}");
    for (view, lang, query) in [
        (DESK, "", "إيران"),
        (HAND, "", "السودن"),
        (HAND, "en/", "nuclear treaty xyzzy"),
        (DESK, "he/", "איראן&lang=all"),
    ] {
        let page = searched(view, demo(), lang, query);
        let found = axe(&page);
        assert!(found.is_empty(), "{lang} {query}: {found:#?}");
    }
}

#[test]
fn results_fit_a_narrow_window_and_push_nothing_around() {
    for (lang, query) in
        [("", "الاتفاق النووي"), ("en/", "Caspian"), ("fa/", "خزر"), ("he/", "הורמוז")]
    {
        let page = searched(PHONE, demo(), lang, query);
        page.until("document.querySelectorAll('[data-part=excerpt] mark').length > 0");
        std::thread::sleep(Duration::from_millis(200));
        let width = page.eval("document.documentElement.scrollWidth");
        assert!(width.as_u64() <= Some(320), "{lang}: {width}");
        let shift = page.eval(
            "(async () => { const all = []; \
             new PerformanceObserver(list => all.push(...list.getEntries())).observe({ type: 'layout-shift', buffered: true }); \
             await new Promise(done => requestAnimationFrame(() => setTimeout(done, 100))); \
             return all.filter(it => !it.hadRecentInput).reduce((sum, it) => sum + it.value, 0) })()",
        );
        // Results take the place of the suggestions below the field, once.
        assert!(shift.as_f64().unwrap() <= 0.1, "{lang}: {shift}");
    }
}
