//! Faces that really paint: what Chromium reports for each text, not what CSS asks for.

use std::collections::BTreeSet;

use serde_json::json;

use crate::browser::{DESK, Page};
use crate::sites::{both, four};

/// Faces of the texts that stand directly in the elements that a selector finds, with
/// whether the theme ships them.
///
/// Chromium knows no face before it has laid the text out, which takes as long as a busy
/// machine needs: texts without any are asked for again, for at most five seconds.
fn faces(page: &Page, selector: &str) -> Vec<Faces> {
    let mut found = Vec::new();
    for _ in 0..50 {
        found = faces_now(page, selector);
        if found.iter().all(|(text, faces)| text.trim().is_empty() || !faces.is_empty()) {
            break;
        }
        page.eval("new Promise(done => setTimeout(() => done(document.body.offsetHeight), 100))");
    }
    found
}

/// A text, and the faces that paint it.
type Faces = (String, BTreeSet<(String, bool)>);

fn faces_now(page: &Page, selector: &str) -> Vec<Faces> {
    let document = page.call("DOM.getDocument", json!({}));
    let wish = json!({ "nodeId": document["root"]["nodeId"], "selector": selector });
    let found = page.call("DOM.querySelectorAll", wish);
    let nodes = found["nodeIds"].as_array().unwrap();
    let texts = page.texts(&format!(
        "[...document.querySelectorAll({selector:?})].map(it => it.textContent.slice(0, 80))"
    ));
    let each = nodes.iter().zip(texts).map(|(node, text)| {
        let answer = page.call("CSS.getPlatformFontsForNode", json!({ "nodeId": node }));
        let fonts = answer["fonts"].as_array().unwrap().iter().map(|it| {
            let family = it["familyName"].as_str().unwrap().to_owned();
            (family, it["isCustomFont"].as_bool().unwrap())
        });
        (text, fonts.collect())
    });
    each.collect()
}

/// What a page is written in: names of faces inside the files of the theme.
fn own_face(lang: &str) -> &'static str {
    if lang == "he" { "Frank Ruhl Libre" } else { "Markazi Text" }
}

#[test]
fn r81_letters_digits_and_punctuation_come_from_the_face_of_the_language() {
    // Letters, digits of the language, space, quotation marks, brackets, range, percent.
    let samples = [
        (
            "ar",
            "index.html",
            "إيران والعراق ٠١٢٣٤٥٦٧٨٩ 0123456789 «نص» (أ) ٢–٣ ٪ % ، ؛ ؟ : . ! … —",
        ),
        (
            "fa",
            "fa/index.html",
            "پژوهش گیتی می\u{200C}رود ۰۱۲۳۴۵۶۷۸۹ 0123456789 «متن» (آ) ۲–۳ ٪ ، ؛ ؟ : . ! … —",
        ),
        (
            "he",
            "he/index.html",
            "ארץ ומים 0123456789 ״צה״ל׳ ”ציטוט“ (א) 2–3 % , ; ? : . ! ־ … —",
        ),
        (
            "en",
            "en/index.html",
            "Rivers and water 0123456789 “quote” ‘it’ (a) 2–3 % , ; ? : . ! … —",
        ),
    ];
    let page = Page::new(DESK);
    for (lang, path, sample) in samples {
        page.go(&four().url(path));
        page.eval(&format!(
            "document.querySelector('main').innerHTML = `<p id=sample>{sample}</p><h2 id=bold>{sample}</h2>`; \
             document.fonts.ready.then(() => true)"
        ));
        page.eval("new Promise(done => setTimeout(() => document.fonts.ready.then(() => done(true)), 200))");
        for selector in ["#sample", "#bold"] {
            let expected = BTreeSet::from([(own_face(lang).to_owned(), true)]);
            let found = faces(&page, selector);
            assert_eq!(found[0].1, expected, "{lang}");
        }
    }
}

#[test]
fn r84_every_text_of_a_page_is_painted_by_the_theme() {
    let page = Page::new(DESK);
    let mut foreign = Vec::new();
    for site in both() {
        for path in site.page_types() {
            page.go(&site.url(path));
            let lang = page.eval("document.documentElement.lang");
            let own = own_face(lang.as_str().unwrap());
            // Code and arrows have a face of the system; names of languages must not cost a font.
            page.eval(
                "document.querySelectorAll('body *').forEach(it => { \
                 if (!it.closest('code, pre, .language-switch, .source__address, .footnote-back, svg') && !it.querySelector('code, .footnote-back') && it.checkVisibility() && \
                 [...it.childNodes].some(node => node.nodeType === 3 && node.data.trim())) it.dataset.text = 1 })",
            );
            let mut n_own = 0;
            for (text, fonts) in faces(&page, "[data-text]") {
                n_own += usize::from(fonts.iter().any(|it| it.0 == own));
                if fonts.iter().any(|it| !it.1) {
                    foreign.push(format!("{path} {fonts:?} {text}"));
                }
            }
            assert!(5 < n_own, "{path}: {n_own} texts in {own}");
        }
    }
    assert!(foreign.is_empty(), "{}", foreign.join("\n"));
}

#[test]
fn r79_the_faces_keep_the_letters_and_joins_of_every_language() {
    let page = Page::open(DESK, &four().url("index.html"));
    // Letters of Arabic, Persian, Urdu, Kurdish, Pashto; each must join to its neighbour.
    let letters = "بتثجحخسشصضطظعغفقكلمنهيپچڤکگیہھ";
    page.eval(&format!(
        "document.querySelector('main').innerHTML = [...'{letters}'].map(it => \
         `<span class=joined>${{it}}${{it}}${{it}}م${{it}}</span> \
         <span class=apart>${{it}}\\u200C${{it}}\\u200C${{it}}\\u200Cم\\u200C${{it}}</span>`).join(' '); \
         document.fonts.ready.then(() => true)"
    ));
    let expected = BTreeSet::from([("Markazi Text".to_owned(), true)]);
    for (text, fonts) in faces(&page, ".joined") {
        assert_eq!(fonts, expected, "{text}");
    }
    let apart = page.texts(
        "(() => { const width = it => it.getBoundingClientRect().width; \
         const joined = [...document.querySelectorAll('.joined')]; \
         const apart = [...document.querySelectorAll('.apart')]; \
         return joined.filter((it, at) => Math.abs(width(it) - width(apart[at])) < .5).map(it => it.textContent) })()",
    );
    assert!(apart.is_empty(), "these do not join: {apart:?}");
    let marks = "document.querySelector('main').textContent = \
                 '\\u0628\\u064E\\u0651\\u0650\\u0652\\u0670\\u0640 \\u200C\\u200D\\u200E\\u200F'";
    page.eval(marks);
    let found = faces(&page, "main");
    assert_eq!(found[0].1, expected, "vowel marks");
    // Shadda with a vowel stands on its letter and takes no room, whatever the language says.
    page.eval(
        "document.querySelector('main').innerHTML = ['ar', 'fa', 'ur', 'he', 'en'].map(it => \
         `<p lang=${it} style=\"font-family: 'Markazi Arabic'\"><span class=marked>\\u062D\\u062A\\u0651\\u064E\\u0649</span> \
         <span class=bare>\\u062D\\u062A\\u0649</span></p>`).join(''); document.fonts.ready.then(() => true)",
    );
    let moved = page.texts(
        "(() => { const width = it => it.getBoundingClientRect().width; \
         const bare = [...document.querySelectorAll('.bare')]; \
         return [...document.querySelectorAll('.marked')] \
         .filter((it, at) => width(it) === 0 || .5 < Math.abs(width(it) - width(bare[at]))) \
         .map(it => it.parentElement.lang) })()",
    );
    assert!(moved.is_empty(), "shadda leaves its letter in {moved:?}");
}
