//! Cards that say what a name in running text is (`static/js/hover-cards.js`).

use serde_json::json;

use crate::browser::{DESK, HAND, Page, View};
use crate::budgets::complaints;
use crate::checkers::axe;
use crate::sites::{Host, Served, demo, four};

const LINKS: &str = "[...document.querySelectorAll('.prose a[data-topic]')]";
const IS_SHOWN: &str = "!!document.querySelector('.hover-card')";
const IS_GONE: &str = "!document.querySelector('.hover-card')";

/// That something stays away can only be seen by waiting: several times as long as a card
/// takes. A slow machine may miss a fault here, but cannot find one that is none.
fn wait_in_vain(page: &Page) {
    page.eval("new Promise(done => setTimeout(done, 800))");
}

/// Pages of a sort and language with links that have cards.
fn with_links<'a>(site: &'a Served, lang: &str, sort: &str) -> Vec<&'a str> {
    let pages = site.pages().into_iter();
    let fit = pages.filter(|it| {
        let html = String::from_utf8_lossy(&site.files[*it]);
        let prose = html.split("class=\"prose\"").nth(1).unwrap_or_default();
        let prose = prose.split("<section").next().unwrap_or_default();
        html.contains(&format!("<html lang=\"{lang}\""))
            && html.contains(&format!("page--{sort}\""))
            && prose.contains("data-topic")
    });
    fit.collect()
}

fn open(view: View, lang: &str) -> Page {
    let path = with_links(demo(), lang, "briefing")[0];
    Page::open(view, &demo().url(path))
}

/// Points at the first link of a page, and waits for its card.
fn point_at_first(page: &Page) {
    page.point(page.middle(&format!("{LINKS}[0]")));
    page.until(IS_SHOWN);
}

fn middle_of_card(page: &Page) -> (f64, f64) {
    let place = page.eval(
        "(() => { const box = document.querySelector('.hover-card').getBoundingClientRect(); \
         return [box.left + box.width / 2, box.top + box.height / 2] })()",
    );
    (place[0].as_f64().unwrap(), place[1].as_f64().unwrap())
}

/// Goes to a link by the keyboard alone.
fn tab_to(page: &Page, link: &str) {
    for _ in 0..200 {
        page.press("Tab", 9);
        if page.eval(&format!("document.activeElement === {link}")) == true {
            return;
        }
    }
    panic!("Tab never comes to {link}");
}

/// Faults of the card that is shown for a link, seen from the line of it that is pointed at.
const FAULTS: &str = "((link, line) => { \
    const faults = []; \
    const card = document.querySelector('.hover-card'); \
    const own = card.getBoundingClientRect(); \
    const root = document.documentElement; \
    if (own.left < 0 || root.clientWidth < own.right || own.top < 0 || innerHeight < own.bottom) \
      faults.push('outside the window: ' + JSON.stringify(own)); \
    const text = link.getClientRects()[line]; \
    const gap = Math.max(own.top - text.bottom, text.top - own.bottom); \
    if (gap < 0) faults.push('over its link'); \
    if (16 < gap || own.right < text.left || text.right < own.left) faults.push('away from its link'); \
    const [title, kind, sentence] = ['.hover-card__title', '.meta', '.quiet'].map(it => card.querySelector(it)?.textContent.trim()); \
    const entry = document.querySelector(`.who [data-topic=\"${CSS.escape(link.dataset.topic)}\"]`); \
    const said = it => entry.querySelector(it)?.textContent.trim(); \
    if (!title || title !== said('.topic-card__title')) faults.push('title ' + title); \
    if (!kind || kind !== said('.topic-card__meta span')) faults.push('kind ' + kind); \
    if (sentence !== said('.topic-card__summary')) faults.push('sentence ' + sentence); \
    if (card.querySelectorAll('.quiet').length > 1) faults.push('more than one sentence'); \
    if (link.getAttribute('aria-describedby') !== card.id) faults.push('no description'); \
    if (document.querySelectorAll('[aria-describedby]').length !== 1) faults.push('describes others'); \
    const scripts = { ar: /\\p{Script=Arab}/u, fa: /\\p{Script=Arab}/u, he: /\\p{Script=Hebr}/u, en: /\\p{Script=Latn}/u }; \
    for (const it of card.children) { \
      const walker = document.createTreeWalker(it, NodeFilter.SHOW_TEXT); \
      for (let node; (node = walker.nextNode());) { \
        const letters = node.data.match(/\\p{L}/gu); \
        if (!letters) continue; \
        const marked = node.parentElement.closest('[lang]'); \
        const rtl = marked.lang !== 'en'; \
        if (marked.closest('.hover-card') !== card) faults.push('no language: ' + node.data); \
        if (getComputedStyle(marked).direction !== (rtl ? 'rtl' : 'ltr')) faults.push('turned: ' + node.data); \
        const isName = node.parentElement.closest('bdi:not([lang])'); \
        if (!isName && !scripts[marked.lang].test(node.data)) faults.push('not ' + marked.lang + ': ' + node.data); \
      } } \
    return faults })";

#[test]
fn a_card_stands_beside_its_link_inside_the_window() {
    let mut found = Vec::new();
    let mut n_cards = 0;
    let mut n_sentences = 0;
    for view in [HAND, DESK] {
        for lang in ["ar", "en"] {
            let page = open(view, lang);
            let n_links = page.eval(&format!("{LINKS}.length")).as_u64().unwrap();
            assert!(5 < n_links, "{n_links}");
            for at in 0..n_links {
                let link = format!("{LINKS}[{at}]");
                // In the middle of the window, at its foot and at its head.
                let block = ["center", "end", "start"][usize::try_from(at % 3).unwrap()];
                let n_lines = page.eval(&format!("{link}.getClientRects().length"));
                for line in 0..n_lines.as_u64().unwrap() {
                    page.point((1.0, 1.0));
                    page.until(IS_GONE);
                    let place = page.eval(&format!(
                        "(() => {{ {link}.scrollIntoView({{ block: '{block}', behavior: 'instant' }}); \
                         const box = {link}.getClientRects()[{line}]; \
                         return [box.left + box.width / 2, box.top + box.height / 2] }})()"
                    ));
                    page.point((place[0].as_f64().unwrap(), place[1].as_f64().unwrap()));
                    page.until(IS_SHOWN);
                    let faults = page.texts(&format!("{FAULTS}({link}, {line})"));
                    let width = view.width;
                    found.extend(faults.into_iter().map(|it| {
                        format!(
                            "{lang} at {width}, link {at}, line {line}, {block}: {it}"
                        )
                    }));
                    n_cards += 1;
                    n_sentences += u32::from(
                        page.eval("!!document.querySelector('.hover-card .quiet')")
                            == true,
                    );
                }
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(24 < n_cards && 12 < n_sentences, "{n_cards} cards, {n_sentences} sentences");
}

#[test]
fn a_card_stays_while_it_is_pointed_at_and_goes_when_both_are_left() {
    for lang in ["ar", "en"] {
        let page = open(DESK, lang);
        point_at_first(&page);
        page.point(middle_of_card(&page));
        wait_in_vain(&page);
        assert_eq!(page.eval(IS_SHOWN), true, "{lang}: pointed at and gone");
        page.point((1.0, 1.0));
        page.until(IS_GONE);
        let described = "document.querySelectorAll('[aria-describedby]').length";
        assert_eq!(page.eval(described), 0, "{lang}");
    }
}

#[test]
fn the_next_link_has_a_card_of_its_own() {
    let page = open(DESK, "ar");
    point_at_first(&page);
    let second =
        format!("{LINKS}.find(it => it.dataset.topic !== {LINKS}[0].dataset.topic)");
    page.point(page.middle(&second));
    page.until(&format!(
        "({second}).getAttribute('aria-describedby') === 'mz-hover-card'"
    ));
    let faults = page.texts(&format!("{FAULTS}({second}, 0)"));
    assert!(faults.is_empty(), "{faults:?}");
}

#[test]
fn the_focus_of_a_keyboard_shows_a_card_and_escape_hides_it() {
    for view in [DESK, HAND] {
        for lang in ["ar", "en"] {
            let page = open(view, lang);
            // The mouse rests over the text, and what is under it changes as Tab scrolls.
            page.point((f64::from(view.width) / 2.0, 400.0));
            let link = format!("{LINKS}[3]");
            tab_to(&page, &link);
            page.until(&format!(
                "{link}.getAttribute('aria-describedby') === 'mz-hover-card'"
            ));
            wait_in_vain(&page);
            assert_eq!(page.eval(IS_SHOWN), true, "{lang}: gone while it has the focus");
            let faults = page.texts(&format!("{FAULTS}({link}, 0)"));
            assert!(faults.is_empty(), "{lang} at {}: {faults:#?}", view.width);
            page.press("Escape", 27);
            page.until(IS_GONE);
            assert_eq!(page.eval(&format!("document.activeElement === {link}")), true);
            assert_eq!(
                page.eval("document.querySelectorAll('[aria-describedby]').length"),
                0
            );
            wait_in_vain(&page);
            assert_eq!(page.eval(IS_GONE), true, "{lang}: back after Escape");
            // The next one shows again, and leaving it hides it.
            tab_to(&page, &format!("{LINKS}[4]"));
            page.until(IS_SHOWN);
            page.eval("document.activeElement.blur(); document.querySelector('.masthead a').focus()");
            page.until(IS_GONE);
        }
    }
}

#[test]
fn escape_hides_the_card_of_a_mouse_too() {
    let page = open(DESK, "ar");
    point_at_first(&page);
    page.press("Escape", 27);
    page.until(IS_GONE);
}

#[test]
fn a_finger_shows_no_card() {
    let page = open(HAND, "ar");
    page.call("Emulation.setTouchEmulationEnabled", json!({ "enabled": true }));
    page.eval(
        "window.touches = 0; \
         addEventListener('pointerover', it => { touches += it.pointerType === 'touch' }); \
         addEventListener('click', it => it.preventDefault()); true",
    );
    let (x, y) = page.middle(&format!("{LINKS}[0]"));
    let start = json!({ "type": "touchStart", "touchPoints": [{ "x": x, "y": y }] });
    page.call("Input.dispatchTouchEvent", start);
    page.call(
        "Input.dispatchTouchEvent",
        json!({ "type": "touchEnd", "touchPoints": [] }),
    );
    page.until("0 < touches");
    wait_in_vain(&page);
    assert_eq!(page.eval(IS_GONE), true);
}

#[test]
fn axe_finds_nothing_while_a_card_is_open() {
    for view in [DESK, HAND, crate::browser::DESK_DARK] {
        for lang in ["ar", "en"] {
            let page = open(view, lang);
            point_at_first(&page);
            let found = axe(&page);
            assert_eq!(page.eval(IS_SHOWN), true);
            assert!(found.is_empty(), "{lang} {view:?}: {found:#?}");
            let pale = page.texts(crate::colours::PALE);
            assert!(pale.is_empty(), "{lang} {view:?}: {pale:#?}");
        }
    }
}

/// A topic page with a link whose topic has a page: its path, and that of the other page.
fn topic_with_link(site: &Served, page: &Page, lang: &str) -> (String, String) {
    for path in with_links(site, lang, "topic") {
        page.go(&site.url(path));
        assert_eq!(page.eval("!document.querySelector('.who')"), true, "{path}");
        let target = page
            .eval(&format!("decodeURI({LINKS}.find(it => !it.hash)?.pathname ?? '')"));
        let target =
            target.as_str().unwrap().trim_start_matches("/desk").trim_start_matches('/');
        if !target.is_empty() {
            return (path.to_owned(), format!("{target}index.html"));
        }
    }
    panic!("no page of a topic with a link in {lang}");
}

#[test]
fn a_card_on_the_page_of_a_topic_is_read_off_the_page_of_the_other() {
    let page = Page::new(DESK);
    for (site, lang) in [(demo(), "ar"), (demo(), "en"), (four(), "fa"), (four(), "he")] {
        if with_links(site, lang, "topic").is_empty() {
            continue;
        }
        let (path, target) = topic_with_link(site, &page, lang);
        page.point((1.0, 1.0));
        page.point(page.middle(&format!("{LINKS}.find(it => !it.hash)")));
        page.until(IS_SHOWN);
        let said = page.texts(
            "['.hover-card__title', '.meta', '.quiet'].map(it => document.querySelector('.hover-card ' + it)?.textContent.trim() ?? '')",
        );
        let other = Page::open(DESK, &site.url(&target));
        let expected = other.texts(
            "['.topic__title', '.topic__head .kicker__kind', '.topic__summary'].map(it => document.querySelector(it)?.textContent.trim() ?? '')",
        );
        assert_eq!(said, expected, "{path}");
        assert!(!said[0].is_empty() && !said[1].is_empty(), "{path}: {said:?}");
        let found = axe(&page);
        assert!(found.is_empty(), "{path}: {found:#?}");
    }
}

#[test]
fn nothing_happens_where_a_topic_cannot_be_read() {
    let page = Page::new(DESK);
    let (path, target) = topic_with_link(demo(), &page, "ar");
    let link = format!("{LINKS}.find(it => !it.hash)");
    let lost = demo().behind(Host { hides: Some(target), ..Host::default() });
    for is_cut in [false, true] {
        page.point((1.0, 1.0));
        page.go(&lost.url(&path));
        // An answer that says no, and a connection that never comes about.
        let url = page.eval(&format!("({link}).href"));
        let cut = if is_cut { vec![url] } else { vec![] };
        page.call("Network.setBlockedURLs", json!({ "urls": cut }));
        page.point(page.middle(&link));
        let end =
            if is_cut { "Network.loadingFailed" } else { "Network.loadingFinished" };
        page.wait(end);
        wait_in_vain(&page);
        assert_eq!(page.eval(IS_GONE), true, "{path}");
        assert_eq!(
            page.eval("document.querySelectorAll('[aria-describedby]').length"),
            0
        );
        // The browser itself notes what it could not load; scripts cannot hinder it.
        let complaints = complaints(&page);
        let others =
            complaints.iter().filter(|it| !it.contains("\"source\":\"network\""));
        assert_eq!(others.count(), 0, "{complaints:#?}");
    }
}
