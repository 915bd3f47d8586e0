//! What comes out of a printer (R106, R107).

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::json;

use crate::browser::{DESK, Page};
use crate::sites::{Served, both, four};

fn pdf(page: &Page) -> Vec<u8> {
    let wish = json!({
        "paperWidth": 8.27, "paperHeight": 11.69, "preferCSSPageSize": true,
        "printBackground": true, "generateTaggedPDF": true,
    });
    let answer = page.call("Page.printToPDF", wish);
    decode(answer["data"].as_str().unwrap())
}

fn decode(base64: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (mut bits, mut n_bits) = (0_u32, 0);
    for letter in base64.bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        bits = (bits << 6) | u32::from(value);
        n_bits += 6;
        if 8 <= n_bits {
            n_bits -= 8;
            bytes.push(u8::try_from((bits >> n_bits) & 0xFF).unwrap());
        }
    }
    bytes
}

/// What poppler says about a PDF.
fn ask(program: &str, arguments: &[&str], pdf: &[u8]) -> String {
    let started = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let mut child = started.expect("no poppler here: `apt-get install -y poppler-utils`");
    let mut input = child.stdin.take().unwrap();
    let bytes = pdf.to_vec();
    let writer = std::thread::spawn(move || input.write_all(&bytes));
    let output = child.wait_with_output().unwrap();
    let _ = writer.join();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Letters and digits only: extraction may give shapes of letters, spaces and controls.
fn letters(page: &Page, text: &str) -> String {
    let expression = format!(
        "{}.normalize('NFKC').replace(/[^\\p{{L}}\\p{{N}}]/gu, '')",
        serde_json::Value::from(text)
    );
    page.eval(&expression).as_str().unwrap().to_owned()
}

fn briefings(site: &Served) -> impl Iterator<Item = &str> {
    site.page_types().into_iter().filter(|it| it.contains("briefings/"))
}

#[test]
fn r106_a_briefing_prints_on_a4_with_its_title_first_and_its_addresses() {
    let page = Page::new(DESK);
    for site in both() {
        for path in briefings(site) {
            page.go(&site.url(path));
            let pdf = pdf(&page);
            let facts = ask("pdfinfo", &["-"], &pdf);
            let fact = |name: &str| {
                let line = facts.lines().find_map(|it| it.strip_prefix(name));
                line.unwrap_or_else(|| panic!("{path}: no {name} {facts}"))
                    .trim()
                    .to_owned()
            };
            let n_pages: u32 = fact("Pages:").parse().unwrap();
            assert!((1..=20).contains(&n_pages), "{path}: {n_pages} pages");
            assert!(fact("Page size:").contains("(A4)"), "{path}: {facts}");
            let first = ask("pdftotext", &["-l", "1", "-", "-"], &pdf);
            let title = page.eval("document.querySelector('h1').textContent");
            let words = title.as_str().unwrap().split_whitespace();
            let first = letters(&page, &first);
            // Poppler turns the two letters of a ligature around; most words have none.
            let words: Vec<_> = words.map(|it| letters(&page, it)).collect();
            let n_found = words.iter().filter(|it| first.contains(*it)).count();
            assert!(words.len() * 6 <= n_found * 10, "{path}: {words:?} not in {first}");
            // Reading marks of a screen are gone, what paper needs is there.
            page.call("Emulation.setEmulatedMedia", json!({ "media": "print" }));
            let shown = |selector: &str| {
                page.texts(&format!(
                    "[...document.querySelectorAll('{selector}')].filter(it => it.checkVisibility()).map(it => it.tagName)"
                ))
                .len()
            };
            assert_eq!(
                shown(".masthead__nav, .footer__nav, .language-switch, .skip-link"),
                0
            );
            let n_links =
                page.eval("document.querySelectorAll('.source a[href]').length");
            assert_eq!(
                n_links.as_u64().unwrap(),
                shown(".source__address") as u64,
                "{path}"
            );
            let turned = page.texts(
                "[...document.querySelectorAll('.source__address')].filter(it => \
                 getComputedStyle(it).direction !== 'ltr').map(it => it.textContent)",
            );
            assert!(turned.is_empty(), "{path}: {turned:?}");
            page.call("Emulation.setEmulatedMedia", json!({ "media": "" }));
        }
    }
}

#[test]
fn r107_a_pdf_is_tagged_names_its_language_and_gives_its_words_back() {
    let page = Page::new(DESK);
    for path in briefings(four()) {
        page.go(&four().url(path));
        let pdf = pdf(&page);
        let facts = ask("pdfinfo", &["-"], &pdf);
        assert!(
            facts.lines().any(|it| it.starts_with("Tagged:") && it.ends_with("yes")),
            "{path}: {facts}"
        );
        let lang = page.eval("document.documentElement.lang");
        let named = format!("/Lang ({})", lang.as_str().unwrap());
        assert!(String::from_utf8_lossy(&pdf).contains(&named), "{path}: no {named}");
        let text = letters(&page, &ask("pdftotext", &["-", "-"], &pdf));
        let words = page.texts(
            "[...document.querySelectorAll('.prose p, .prose h2, .prose li')].flatMap(it => \
             it.innerText.match(/\\p{L}{4,}/gu) || []).filter(it => /^[\\p{L}]+$/u.test(it)).slice(0, 40)",
        );
        assert!(20 <= words.len(), "{path}");
        let lost: Vec<_> =
            words.iter().filter(|it| !text.contains(&letters(&page, it))).collect();
        // Poppler turns the two letters of a ligature such as لا around.
        let lost = lost
            .into_iter()
            .filter(|it| !(it.contains("لا") || it.contains("لأ") || it.ends_with('ى')));
        let lost: Vec<_> = lost.collect();
        assert!(lost.len() < 4, "{path}: {lost:?}\n{text}");
    }
}

#[test]
fn paper_has_all_of_a_briefing_and_nothing_to_press() {
    let page = Page::new(DESK);
    for site in both() {
        for path in briefings(site) {
            page.go(&site.url(path));
            // A card may be open as somebody prints.
            page.press("Tab", 9);
            page.point(page.middle("document.querySelector('.prose a')"));
            let pdf = pdf(&page);
            page.call("Emulation.setEmulatedMedia", json!({ "media": "print" }));
            let shown = page.texts(
                "[...document.querySelectorAll('nav:not(.series-place), .footer, .hover-card, button, input, summary, .skip-link, .footnote-back, [download]')] \
                 .filter(it => it.checkVisibility()).map(it => it.outerHTML.slice(0, 120))",
            );
            assert!(shown.is_empty(), "{path}: {shown:#?}");
            // What is folded on a screen is open on paper.
            let folded = page.texts(
                "[...document.querySelectorAll('article details')].filter(it => !it.closest('nav')) \
                 .flatMap(it => [...it.children].filter(part => part.localName !== 'summary' && !part.matches('.citation__files'))) \
                 .filter(it => !it.checkVisibility({ contentVisibilityAuto: true }) || it.getBoundingClientRect().height < 10) \
                 .map(it => it.outerHTML.slice(0, 120))",
            );
            assert!(folded.is_empty(), "{path}: {folded:#?}");
            let n_folds = page
                .eval("document.querySelectorAll('article details:not(nav *)').length");
            assert!(1 <= n_folds.as_u64().unwrap(), "{path}");
            page.call("Emulation.setEmulatedMedia", json!({ "media": "" }));

            let pages = ask("pdftotext", &["-", "-"], &pdf);
            let pages: Vec<&str> =
                pages.trim_end_matches('\u{c}').split('\u{c}').collect();
            let last = letters(&page, pages.last().unwrap());
            assert!(40 < last.chars().count(), "{path}: the last page says {last}");
            let all = letters(&page, &pages.join(" "));
            let edges = page.texts(
                "(() => { const all = document.querySelectorAll('.prose > p'); return [all[0], all[all.length - 1]] \
                 .map(it => it.innerText) })()",
            );
            for paragraph in edges {
                // Poppler turns the two letters of a ligature around; most words have none.
                let words: Vec<_> =
                    paragraph.split_whitespace().map(|it| letters(&page, it)).collect();
                let n_found = words.iter().filter(|it| all.contains(*it)).count();
                assert!(words.len() * 7 <= n_found * 10, "{path}: {paragraph} {words:?}");
            }
            let addresses = page.texts(
                "[...document.querySelectorAll('.source a[href]')].map(it => it.href)",
            );
            for address in addresses {
                let ascii = |text: &str| -> String {
                    text.chars().filter(char::is_ascii_alphanumeric).collect()
                };
                assert!(ascii(&all).contains(&ascii(&address)), "{path}: no {address}");
            }
        }
    }
}
