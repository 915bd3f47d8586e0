//! In which order the words of mixed strings stand, by their rectangles (rtl-rules A2).
//!
//! `order.txt` beside this folder has the strings. The bare text and the marked text are
//! painted by Chromium and computed by unicode-bidi; the bare text goes through a page of
//! ours as well.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use unicode_bidi::{BidiClass, BidiInfo, Level, bidi_class};

use crate::browser::{DESK, Page};
use crate::sites::four;

/// One string of `order.txt`.
pub(crate) struct Case {
    pub(crate) rule: String,
    pub(crate) lang: String,
    pub(crate) text: String,
    marked: String,
    bare: String,
    wanted: String,
    /// Whether the author has to add marks, because ours does not.
    is_left_to_author: bool,
}

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("order.txt")
}

/// The strings, with the words before them.
pub(crate) fn cases() -> (String, Vec<Case>) {
    let file = std::fs::read_to_string(path()).unwrap();
    let (head, rest) = file.split_once("\n# ").unwrap();
    let cases = rest.split("\n# ").map(|block| {
        let value = |key: &str| {
            let line = block.lines().find_map(|it| it.strip_prefix(key));
            line.unwrap_or_default().trim().to_owned()
        };
        let first = block.lines().next().unwrap();
        let (rule, lang) = first.split_once(' ').unwrap();
        let text = value("text ");
        let marked = value("marked ");
        let (lang, note) = lang.split_once(' ').unwrap_or((lang, ""));
        Case {
            rule: rule.to_owned(),
            lang: lang.to_owned(),
            marked: if marked == "=" { text.clone() } else { marked },
            text,
            bare: value("bare "),
            wanted: value("wanted "),
            is_left_to_author: note == "by hand",
        }
    });
    (head.to_owned(), cases.collect())
}

fn is_rtl(letter: char) -> bool {
    matches!(bidi_class(letter), BidiClass::R | BidiClass::AL)
}

fn is_mark(letter: char) -> bool {
    matches!(
        letter,
        '\u{200B}'..='\u{200F}' | '\u{61C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
    )
}

/// What stands where, from left to right: the words from right to left by number in Greek
/// letters, the rest as it is. `order` holds places of letters in the text.
fn painting(text: &[char], order: &[usize]) -> String {
    let mut words = vec![None; text.len()];
    let mut n_words = 0;
    for at in 0..text.len() {
        let joins =
            |it: char| is_rtl(it) || bidi_class(it) == BidiClass::NSM || it == '\u{200C}';
        words[at] = match at.checked_sub(1).and_then(|before| words[before]) {
            Some(word) if joins(text[at]) => Some(word),
            _ if is_rtl(text[at]) => {
                n_words += 1;
                Some(n_words - 1)
            }
            _ => None,
        };
    }
    let mut result = String::new();
    let mut last = None;
    for at in order {
        let word: Option<u32> = words[*at];
        match word {
            Some(_) if last == word => {}
            Some(word) => result.push(char::from_u32('α' as u32 + word).unwrap()),
            None => result.push(text[*at]),
        }
        last = word;
    }
    result.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The order that unicode-bidi computes.
fn computed(text: &str, lang: &str) -> String {
    let level = if lang == "en" { Level::ltr() } else { Level::rtl() };
    let info = BidiInfo::new(text, Some(level));
    let line = &info.paragraphs[0];
    let (levels, runs) = info.visual_runs(line, line.range.clone());
    let letters: Vec<(usize, char)> = text.char_indices().collect();
    let mut order = Vec::new();
    for run in runs {
        let mut inside: Vec<usize> = (0..letters.len())
            .filter(|it| run.contains(&letters[*it].0) && !is_mark(letters[*it].1))
            .collect();
        if levels[run.start].is_rtl() {
            inside.reverse();
        }
        order.extend(inside);
    }
    let text: Vec<char> = letters.into_iter().map(|it| it.1).collect();
    painting(&text, &order)
}

/// Elements of a marked text as isolates of Unicode.
fn as_isolates(marked: &str) -> String {
    marked
        .replace("<bdi dir=\"ltr\">", "\u{2066}")
        .replace("<bdi dir=\"rtl\">", "\u{2067}")
        .replace("<bdi>", "\u{2068}")
        .replace("</bdi>", "\u{2069}")
}

/// For each element: its letters, and the middle of each on the line.
const MEASURE: &str = r"(selector) => [...document.querySelectorAll(selector)].map(line => {
  const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  const letters = [];
  for (let node; (node = walker.nextNode());) {
    let at = 0;
    for (const letter of node.data) {
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at += letter.length);
      const box = range.getClientRects()[0];
      letters.push([letter, box ? box.left + box.width / 2 : null]);
    }
  }
  return letters;
})";

/// What Chromium paints for each element.
fn painted(page: &Page, selector: &str) -> Vec<String> {
    let lines = page.eval(&format!("({MEASURE})({selector:?})"));
    let lines = lines.as_array().unwrap().iter().map(|line| {
        let letters: Vec<(char, Option<f64>)> = line
            .as_array()
            .unwrap()
            .iter()
            .map(|it| (it[0].as_str().unwrap().chars().next().unwrap(), it[1].as_f64()))
            .collect();
        let text: Vec<char> = letters.iter().map(|it| it.0).collect();
        let mut order: Vec<usize> = (0..text.len())
            .filter(|it| letters[*it].1.is_some() && !is_mark(text[*it]))
            .filter(|it| bidi_class(text[*it]) != BidiClass::NSM)
            .collect();
        order.sort_by(|a, b| letters[*a].1.partial_cmp(&letters[*b].1).unwrap());
        painting(&text, &order)
    });
    lines.collect()
}

fn test_page(cases: &[Case], inner: impl Fn(&Case) -> String) -> Page {
    let mut html = "<!doctype html><meta charset=utf-8><body>".to_owned();
    for case in cases {
        let dir = if case.lang == "en" { "ltr" } else { "rtl" };
        let (lang, inner) = (&case.lang, inner(case));
        let _ = write!(html, "<p lang={lang} dir={dir}>{inner}</p>");
    }
    let page = Page::new(DESK);
    let tree = page.call("Page.getFrameTree", serde_json::json!({}));
    let frame = &tree["frameTree"]["frame"]["id"];
    let wish = serde_json::json!({ "frameId": frame, "html": html });
    page.call("Page.setDocumentContent", wish);
    page
}

/// What our own pages paint, in the order of `cases`.
fn painted_by_us(cases: &[Case]) -> Vec<String> {
    let page = Page::new(DESK);
    let mut all = vec![String::new(); cases.len()];
    for lang in ["ar", "en", "fa", "he"] {
        let folder = if lang == "ar" { String::new() } else { format!("{lang}/") };
        page.go(&four().url(&format!("{folder}briefings/mixed/index.html")));
        page.eval("document.querySelectorAll('.prose li').forEach(it => it.style.whiteSpace = 'nowrap')");
        let lines = painted(&page, ".prose li");
        let of_lang = (0..cases.len()).filter(|it| cases[*it].lang == lang);
        assert_eq!(lines.len(), of_lang.clone().count());
        for (at, line) in of_lang.zip(lines) {
            all[at] = line;
        }
    }
    all
}

#[test]
fn r43_chromium_and_unicode_bidi_paint_the_same() {
    let (_, cases) = cases();
    assert!(60 <= cases.len(), "{}", cases.len());
    let bare = painted(&test_page(&cases, |it| it.text.clone()), "p");
    let marked = painted(&test_page(&cases, |it| it.marked.clone()), "p");
    // What unicode-bidi makes of isolates is what Chromium makes of elements.
    let isolates = painted(&test_page(&cases, |it| as_isolates(&it.marked)), "p");
    for (at, case) in cases.iter().enumerate() {
        let (rule, text) = (&case.rule, &case.text);
        assert_eq!(bare[at], computed(text, &case.lang), "{rule}: {text}");
        let wanted = computed(&as_isolates(&case.marked), &case.lang);
        assert_eq!(marked[at], wanted, "{rule}: {}", case.marked);
        assert_eq!(isolates[at], wanted, "{rule}: {}", case.marked);
    }
}

#[test]
fn r20_pages_paint_mixed_strings_as_readers_expect() {
    let (head, cases) = cases();
    let painted = painted_by_us(&cases);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let mut file = head;
        for (case, painted) in cases.iter().zip(&painted) {
            let Case { rule, lang, text, .. } = case;
            let shown = if case.marked == *text { "=" } else { &case.marked };
            let bare = computed(text, lang);
            let wanted = computed(&as_isolates(&case.marked), lang);
            let note = if *painted == wanted { "" } else { " by hand" };
            let _ = write!(
                file,
                "\n# {rule} {lang}{note}\ntext   {text}\nmarked {shown}\n\
                 bare   {bare}\nwanted {wanted}\n",
            );
        }
        std::fs::write(path(), file).unwrap();
        return;
    }
    for (case, painted) in cases.iter().zip(&painted) {
        let Case { rule, text, wanted, .. } = case;
        assert_eq!(case.bare, computed(text, &case.lang), "{rule}: {text}");
        assert_eq!(*wanted, computed(&as_isolates(&case.marked), &case.lang), "{text}");
        if !case.is_left_to_author {
            assert_eq!(painted, wanted, "{rule}: {text}");
        }
    }
}
