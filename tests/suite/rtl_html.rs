//! Rules of docs/RTL.md that can be seen in the HTML, the style sheet and the feeds of two
//! sites: the demo, and the one in four languages of the browser tests.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::OnceLock;

use mujaz::model::Clock;
use mujaz::render::Memory;
use mujaz::text::direction::{Direction, first_strong, has_rtl};
use mujaz::text::lang::Lang;
use mujaz::text::slug::encode_path;
use mujaz::{BuildInfo, load};

use crate::golden::build;
use crate::markup::{Markup, Tag, unescape};
use crate::output::demo;

fn build_four(now: &str) -> BTreeMap<String, Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/site");
    let sources = load::load(&root).unwrap();
    let clock = Clock { now: now.parse().unwrap(), is_preview: false };
    let info = BuildInfo { clock, stamp: None, base_url: None };
    let memory = Memory::default();
    let built = mujaz::build(&sources.value, &info, &memory, &|_| {});
    let all: Vec<_> = sources.diagnostics.iter().chain(&built.diagnostics).collect();
    assert!(all.is_empty(), "{all:#?}");
    memory.files.into_inner().unwrap()
}

/// Every file of the site in four languages.
pub(crate) fn four() -> &'static BTreeMap<String, Vec<u8>> {
    static FOUR: OnceLock<BTreeMap<String, Vec<u8>>> = OnceLock::new();
    FOUR.get_or_init(|| build_four("2026-01-01T00:00:00Z"))
}

/// Text files of both sites.
fn files() -> impl Iterator<Item = (&'static str, &'static str)> {
    let all = demo().iter().chain(four());
    all.filter_map(|(path, bytes)| {
        Some((path.as_str(), std::str::from_utf8(bytes).ok()?))
    })
}

/// Pages of both sites, redirects too.
fn pages() -> impl Iterator<Item = (&'static str, &'static str)> {
    files().filter(|(path, _)| path.ends_with(".html"))
}

/// Each page, read once.
fn read_pages() -> &'static Vec<(&'static str, Markup<'static>)> {
    static PAGES: OnceLock<Vec<(&'static str, Markup<'static>)>> = OnceLock::new();
    PAGES.get_or_init(|| {
        let all: Vec<_> =
            pages().map(|(path, html)| (path, Markup::read(html))).collect();
        assert!(300 < all.len(), "{}", all.len());
        all
    })
}

/// Looks at every element of every page.
#[track_caller]
fn each_tag(mut look: impl FnMut(&str, &Markup<'_>, usize, &Tag<'_>)) {
    for (path, page) in read_pages() {
        for (at, tag) in page.tags.iter().enumerate() {
            look(path, page, at, tag);
        }
    }
}

/// All style sheets of the demo.
fn css() -> &'static str {
    static CSS: OnceLock<String> = OnceLock::new();
    CSS.get_or_init(|| {
        let sheets = demo().iter().filter(|(path, _)| path.ends_with(".css"));
        sheets.map(|(_, it)| std::str::from_utf8(it).unwrap()).collect()
    })
}

fn direction(tag: &str) -> &'static str {
    Direction::of(&Lang::parse(tag).unwrap()).as_str()
}

const MARKS: [char; 7] =
    ['\u{200E}', '\u{200F}', '\u{61C}', '\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}'];

#[test]
fn r1_r4_every_page_of_every_sort_says_language_and_direction() {
    for (path, page) in read_pages() {
        let html = page.tags.iter().find(|it| it.name == "html").unwrap();
        let lang = html.get("lang").unwrap();
        assert_eq!(html.get("dir"), Some(direction(lang)), "{path}");
    }
    let left = pages().filter(|(_, html)| html.contains("dir=\"ltr\"")).count();
    assert!(100 < left);
}

#[test]
fn r5_r49_blocks_say_a_direction_only_where_it_changes() {
    const BLOCKS: [&str; 17] = [
        "body",
        "main",
        "div",
        "p",
        "section",
        "article",
        "aside",
        "nav",
        "header",
        "footer",
        "blockquote",
        "ul",
        "ol",
        "table",
        "figure",
        "h1",
        "h2",
    ];
    each_tag(|path, page, _, tag| {
        let Some(dir) = tag.get("dir") else { return };
        assert_ne!(tag.name, "li", "{path}: the marker of an item stays on its side");
        let around = tag.parent.and_then(|it| page.inherited(it, "dir"));
        if BLOCKS.contains(&tag.name) {
            assert_ne!(around, Some(dir), "{path}: <{} dir={dir}>", tag.name);
        }
    });
}

#[test]
fn r6_another_language_comes_with_its_direction() {
    let mut n_foreign = 0;
    each_tag(|path, page, _, tag| {
        if let Some(lang) = tag.get("lang")
            && let Some(parent) = tag.parent
            && page.inherited(parent, "lang") != Some(lang)
        {
            let dir = tag.get("dir").or_else(|| tag.get("direction"));
            assert_eq!(dir, Some(direction(lang)), "{path}: <{} lang={lang}>", tag.name);
            n_foreign += 1;
        }
        if tag.get("translate") == Some("no") {
            assert!(tag.get("dir").is_some(), "{path}: {}", tag.name);
            assert!(tag.get("lang").is_none(), "{path}: {}", tag.name);
        }
    });
    assert!(500 < n_foreign, "{n_foreign}");
}

#[test]
fn r7_no_direction_is_guessed() {
    each_tag(|path, _, _, tag| assert_ne!(tag.get("dir"), Some("auto"), "{path}"));
}

#[test]
fn r8_what_has_no_letter_has_an_explicit_direction() {
    // A bare number is painted alike in both directions; signs, ranges and units are not.
    let is_number = |it: char| it.is_numeric() || matches!(it, '.' | ',' | '٫' | '٬');
    each_tag(|path, page, at, tag| {
        if tag.name == "bdi" && tag.get("dir").is_none() {
            let text = page.text_of(at);
            let is_safe = first_strong(&text).is_some() || text.chars().all(is_number);
            assert!(is_safe, "{path}: <bdi>{text}</bdi>");
        }
    });
}

#[test]
fn r10_pages_say_utf_8_in_time_and_no_file_has_a_byte_order_mark() {
    for (path, text) in files() {
        assert!(!text.starts_with('\u{FEFF}'), "{path}");
    }
    for (path, html) in pages() {
        let at = html.find("<meta charset=\"utf-8\">");
        assert!(at.is_some_and(|it| it < 1000), "{path}");
    }
}

#[test]
fn r12_foreign_content_turns_around_and_the_frame_does_not() {
    let mut n_turned = 0;
    each_tag(|path, page, at, tag| {
        if tag.get("lang").is_none() || tag.name == "html" {
            return;
        }
        let around: Vec<_> = page.around(at).collect();
        let is_in = |class: &str| around.iter().any(|it| it.has_class(class));
        let is_frame =
            is_in("masthead__nav") || is_in("footer__nav") || is_in("breadcrumbs");
        assert!(!is_frame || tag.name != "nav", "{path}");
        let is_page = around.iter().any(|it| it.name == "main");
        let turns = tag.get("dir") != page.tags.iter().find_map(|it| it.get("dir"));
        n_turned += usize::from(is_page && turns);
    });
    assert!(50 < n_turned, "{n_turned}");
}

#[test]
fn r15_isolates_hug_their_text() {
    for (path, page) in read_pages() {
        let is_isolate = |tag: &Tag<'_>| {
            tag.name == "bdi" || tag.name == "span" && tag.get("dir").is_some()
        };
        for (at, tag) in page.tags.iter().enumerate().filter(|(_, tag)| is_isolate(tag)) {
            let text = page.text_of(at);
            assert_eq!(text, text.trim(), "{path}: <{}>", tag.name);
        }
    }
}

#[test]
fn r16_no_direction_begins_between_joined_letters() {
    // Letters that do not join to the next one (Joining_Type R and U of ArabicShaping.txt).
    let ends = "اآأإٱدذرزژوؤةءۀۓےڈڑ";
    let is_arabic =
        |it: char| matches!(it, '\u{620}'..='\u{64A}' | '\u{671}'..='\u{6D3}');
    let joins =
        |it: Option<char>| it.is_some_and(|it| is_arabic(it) && !ends.contains(it));
    let mut n_seen = 0;
    for (path, page) in read_pages() {
        let isolate = |tag: usize| {
            std::iter::successors(Some(tag), |it| page.tags[*it].parent).find(|it| {
                page.tags[*it].name == "bdi" || page.tags[*it].get("dir").is_some()
            })
        };
        for pair in page.texts.windows(2) {
            let [first, second] = pair else { unreachable!() };
            if isolate(first.parent) == isolate(second.parent) {
                continue;
            }
            n_seen += 1;
            let (end, begin) =
                (first.letters.chars().last(), second.letters.chars().next());
            let is_split = joins(end) && begin.is_some_and(is_arabic);
            assert!(!is_split, "{path}: {}|{}", first.letters, second.letters);
        }
    }
    assert!(1000 < n_seen);
}

#[test]
fn r23_r29_made_dates_have_words_and_a_machine_form() {
    let mut n_dates = 0;
    each_tag(|path, page, at, tag| {
        if tag.name != "time" {
            return;
        }
        n_dates += 1;
        let machine = tag.get("datetime").unwrap();
        assert!(
            machine.bytes().all(|it| it.is_ascii_digit() || b"-T:+Z".contains(&it)),
            "{path}: {machine}"
        );
        let text = page.text_of(at);
        let is_year = text.chars().all(char::is_numeric);
        assert!(is_year || text.chars().any(char::is_alphabetic), "{path}: {text}");
        let has_numeric =
            text.split(|it: char| !(it.is_numeric() || it == '/' || it == '-'));
        for part in has_numeric {
            assert!(part.matches(['/', '-']).count() < 2, "{path}: {text}");
        }
    });
    assert!(500 < n_dates);
}

#[test]
fn r30_signs_of_notes_stand_in_brackets_outside_isolates() {
    let mut n_notes = 0;
    each_tag(|path, page, at, tag| {
        if tag.has_class("footnote-ref") || tag.has_class("source-ref") {
            n_notes += 1;
            let text = page.text_of(at);
            assert!(text.starts_with('[') && text.ends_with(']'), "{path}: {text}");
            let is_inside = page.around(at).skip(1).any(|it| it.name == "bdi");
            assert!(!is_inside, "{path}: {text}");
        }
        if tag.has_class("footnote-ref") {
            assert_eq!(tag.get("role"), Some("doc-noteref"), "{path}");
        }
        if tag.has_class("footnote-back") {
            assert_eq!(page.text_of(at), "↑", "{path}: an arrow that needs no turning");
        }
    });
    assert!(50 < n_notes, "{n_notes}");
}

#[test]
fn r35_signs_that_point_turn_by_themselves() {
    let never_turns = |it: char| {
        matches!(
            it,
            '\u{2190}'
                ..='\u{21FF}'
                    | '\u{25B8}'
                    | '\u{25B6}'
                    | '\u{25C0}'
                    | '\u{279C}'
                    | '\u{27F5}'
                    | '\u{27F6}'
        ) && !matches!(it, '↑' | '↓')
    };
    for (path, page) in read_pages() {
        for text in &page.texts {
            let is_authored = page.around(text.parent).any(|it| it.has_class("prose"));
            assert!(
                is_authored || !text.letters.contains(never_turns),
                "{path}: {}",
                text.letters
            );
        }
    }
    assert!(!css().contains(never_turns));
}

#[test]
fn r36_no_text_is_reversed() {
    each_tag(|path, _, _, tag| assert_ne!(tag.name, "bdo", "{path}"));
}

#[test]
fn r37_r38_only_isolates_and_marks_are_made_and_each_is_closed() {
    for (path, text) in files() {
        assert!(!text.contains(|it| matches!(it, '\u{202A}'..='\u{202E}')), "{path}");
    }
    let check = |path: &str, text: &str| {
        let mut depth = 0;
        for letter in text.chars() {
            match letter {
                '\u{2066}'..='\u{2068}' => depth += 1,
                '\u{2069}' => depth -= 1,
                _ => {}
            }
            assert!(0 <= depth, "{path}: {text}");
        }
        assert_eq!(depth, 0, "{path}: {text}");
    };
    let mut n_isolates = 0;
    for (path, page) in read_pages() {
        for text in &page.texts {
            check(path, text.letters);
        }
        for (_, value) in page.tags.iter().flat_map(|it| &it.attributes) {
            check(path, value);
            n_isolates += value.matches('\u{2069}').count();
        }
    }
    assert!(0 < n_isolates);
}

#[test]
fn r41_r42_plain_slots_begin_in_the_direction_of_their_page() {
    let mut n_slots = 0;
    for (path, page) in read_pages() {
        let html = page.tags.iter().find(|it| it.name == "html").unwrap();
        let expected = Direction::of(&Lang::parse(html.get("lang").unwrap()).unwrap());
        let mut check = |text: &str| {
            n_slots += 1;
            let found = first_strong(&unescape(text));
            assert!(found.is_none_or(|it| it == expected), "{path}: {text}");
        };
        for (at, tag) in page.tags.iter().enumerate() {
            let property = tag.get("property").or(tag.get("name")).unwrap_or_default();
            let is_text = ["description", "og:title", "og:description", "og:site_name"];
            if tag.name == "title" {
                check(&page.text_of(at));
            } else if is_text.contains(&property) {
                check(tag.get("content").unwrap());
            } else if tag.get("lang").is_none() {
                for name in ["aria-label", "title", "alt"] {
                    tag.get(name).iter().for_each(|it| check(it));
                }
            }
        }
    }
    assert!(2000 < n_slots, "{n_slots}");
}

#[test]
fn r46_names_of_files_and_ids_and_addresses_have_no_invisible_sign() {
    let signs = MARKS.into_iter().chain(['\u{200C}', '\u{200D}', '\u{AD}', '\u{FEFF}']);
    let forms: Vec<(char, String)> =
        signs.map(|it| (it, encode_path(&it.to_string()))).collect();
    let check = |path: &str, text: &str| {
        for (sign, encoded) in &forms {
            assert!(!text.contains(*sign) && !text.contains(encoded), "{path}: {text}");
        }
    };
    for (path, _) in files() {
        check(path, path);
    }
    each_tag(|path, _, _, tag| {
        for name in ["href", "src", "id", "for", "aria-labelledby", "data-topic"] {
            tag.get(name).iter().for_each(|it| check(path, it));
        }
    });
}

#[test]
fn r56_alignment_is_logical() {
    each_tag(|path, _, _, tag| {
        assert!(tag.get("style").is_none() && tag.get("align").is_none(), "{path}");
    });
    let files = [
        ("content/site.yaml", "title: x\n"),
        (
            "content/briefings/a.md",
            "---\ntitle: جدول\ndate: 2025-01-01\n---\n| أ | ب |\n|:---|---:|\n| ج | د |\n",
        ),
    ];
    let html = page_of(&files, "briefings/");
    let page = Markup::read(&html);
    let classes: Vec<_> =
        page.tags.iter().filter(|it| it.name == "td").map(|it| it.get("class")).collect();
    assert_eq!(classes, [Some("align-start"), Some("align-end")]);
}

fn page_of(files: &[(&str, &str)], folder: &str) -> String {
    let files: Vec<_> =
        files.iter().map(|it| (it.0.to_owned(), it.1.as_bytes().to_vec())).collect();
    let (built, memory, _) = build(&files);
    assert!(built.diagnostics.is_empty(), "{:#?}", built.diagnostics);
    let files = memory.files.into_inner().unwrap();
    let page =
        files.iter().find(|(path, _)| path.starts_with(folder) && path.ends_with("html"));
    String::from_utf8(page.unwrap().1.clone()).unwrap()
}

#[test]
fn r52_r53_quotation_marks_of_the_author_stay_and_ours_are_those_of_the_language() {
    let text = "ארה\"ב, צה\"ל, 'כך', \"ציטוט\" -- ועוד... «כאן» ”שם“";
    let page = format!("---\ntitle: כותרת\ndate: 2025-01-01\nlang: he\n---\n{text}\n");
    let site = "title: x\nlang: he\n";
    let files = [("content/site.yaml", site), ("content/briefings/a.md", &page)];
    let html = page_of(&files, "briefings/");
    let read = Markup::read(&html);
    let at = read.tags.iter().position(|it| it.has_class("prose")).unwrap();
    assert_eq!(read.text_of(at).trim(), text);
    for (lang, quotes) in [("ar", "«»"), ("fa", "«»"), ("he", "””"), ("en", "“”")]
    {
        let words = std::fs::read_to_string(
            Path::new(env!("CARGO_MANIFEST_DIR"))
                .join(format!("templates/strings/{lang}.ftl")),
        );
        let words = words.unwrap();
        let word = |key: &str| {
            let line = words.lines().find_map(|it| it.strip_prefix(&format!("{key} = ")));
            line.unwrap_or_else(|| panic!("{lang}: {key}")).trim().to_owned()
        };
        assert_eq!(word("quote_open") + &word("quote_close"), quotes, "{lang}");
    }
}

#[test]
fn r59_the_bar_of_a_quotation_is_logical() {
    let rule = css().split("blockquote{").nth(1).unwrap().split('}').next().unwrap();
    assert!(rule.contains("border-inline-start"), "{rule}");
}

#[test]
fn r60_r61_code_dates_and_titles_are_isolated_by_what_is_around_or_on_them() {
    let mut n_seen = BTreeMap::new();
    each_tag(|path, page, at, tag| {
        let text = || page.text_of(at);
        match tag.name {
            "pre" => assert_eq!(tag.get("dir"), Some("ltr"), "{path}"),
            "code" if tag.parent.is_some_and(|it| page.tags[it].name == "pre") => {}
            "code" => assert!(tag.get("dir").is_some(), "{path}: {}", text()),
            "time" => {
                let is_isolated = page.around(at).any(|it| it.name == "bdi");
                assert!(is_isolated, "{path}: {}", text());
            }
            "cite" => {
                let has_inside =
                    page.tags.iter().any(|it| it.name == "bdi" && it.parent == Some(at));
                assert!(has_inside, "{path}: {}", text());
            }
            "q" => panic!("{path}: a quotation has no mark of its own"),
            _ => return,
        }
        *n_seen.entry(tag.name.to_owned()).or_insert(0) += 1;
    });
    assert_eq!(n_seen.len(), 4, "{n_seen:?}");
}

/// Declarations of the style sheet, without comments.
fn declarations() -> Vec<String> {
    let mut text = String::new();
    for (at, part) in css().split("/*").enumerate() {
        text.push_str(if at == 0 { part } else { part.split_once("*/").unwrap().1 });
    }
    let all: Vec<String> =
        text.split(['{', '}', ';']).map(|it| it.trim().to_owned()).collect();
    assert!(300 < all.len());
    all
}

#[test]
fn r62_r65_nothing_in_the_style_sheet_is_tied_to_a_side() {
    // Arrows are mirrored, and nothing else.
    let arrows = ".flip-rtl:dir(rtl){scale:-1 1}";
    assert!(css().contains(arrows) && css().matches(":dir(").count() == 1);
    for it in declarations().into_iter().filter(|it| *it != "scale:-1 1") {
        let is_physical = [
            "scale",
            "transform",
            "translate",
            "background-position",
            "caption-side",
            "object-position",
            "linear-gradient",
            "transform-origin",
        ]
        .iter()
        .any(|name| {
            it.contains(name) && it.contains(':') && !it.starts_with(['.', '@', ':'])
        });
        assert!(!is_physical, "{it}");
        if let Some(shadow) = it.strip_prefix("box-shadow:") {
            let x = shadow.trim().trim_start_matches("inset ").split(' ').next();
            assert_eq!(x, Some("0"), "{it}");
        }
        let name = it.split(':').next().unwrap();
        let sides = [
            "left",
            "right",
            "margin-left",
            "margin-right",
            "border-left",
            "border-right",
            "float",
            "clear",
            "border-top-left-radius",
            "border-top-right-radius",
            "border-bottom-left-radius",
            "border-bottom-right-radius",
            "scroll-margin-left",
            "scroll-padding-left",
        ];
        assert!(!sides.contains(&name), "{it}");
    }
}

#[test]
fn r66_no_selector_looks_for_the_direction_of_an_ancestor() {
    assert!(!css().contains("[dir"), "`:dir()` sees islands of another direction");
}

#[test]
fn r67_r69_letters_are_not_spaced_or_transformed() {
    for it in declarations() {
        let name = it.split(':').next().unwrap();
        let banned = [
            "letter-spacing",
            "text-transform",
            "font-variant-caps",
            "font-variant",
            "initial-letter",
            "-webkit-text-stroke",
            "word-break",
            "text-justify",
        ];
        assert!(!banned.contains(&name), "{it}");
        assert!(!it.contains("::first-letter"), "{it}");
        assert!(!it.starts_with("text-align:justify"), "{it}");
    }
}

#[test]
fn r70_r73_no_soft_hyphen_or_tatweel_is_made() {
    for (path, text) in files() {
        assert!(!text.contains('\u{AD}') && !text.contains("&shy;"), "{path}");
    }
    // The authors of the other site type one; those of this one do not.
    for (path, bytes) in four() {
        let is_font = path.ends_with(".woff2");
        assert!(is_font || !String::from_utf8_lossy(bytes).contains('\u{640}'), "{path}");
    }
    let stretched = "بغـــداد";
    assert_eq!(mujaz::text::slug::slug(stretched).as_deref(), Some("بغداد"));
    assert_eq!(mujaz::text::fold::fold(stretched), mujaz::text::fold::fold("بغداد"));
}

#[test]
fn r80_arabic_and_hebrew_text_has_a_language_that_its_face_can_follow() {
    for (path, page) in read_pages() {
        for text in &page.texts {
            let is_authored = page.around(text.parent).any(|it| {
                it.has_class("prose") || it.has_class("footnotes") || it.name == "code"
            });
            // A block of data is not painted.
            let is_data = page.tags[text.parent].name == "script";
            if is_authored || is_data || !has_rtl(text.letters) {
                continue;
            }
            let lang = page.inherited(text.parent, "lang").unwrap();
            assert_eq!(direction(lang), "rtl", "{path}: {}", text.letters);
        }
    }
}

#[test]
fn r81_r82_one_small_font_is_fetched_before_the_first_paint() {
    for (path, page) in read_pages() {
        let is_font = |it: &&Tag<'_>| it.get("as") == Some("font");
        let fonts: Vec<_> = page.tags.iter().filter(is_font).collect();
        assert!(fonts.len() <= 1, "{path}");
        for font in fonts {
            let file = font.get("href").unwrap().trim_start_matches('/');
            assert!(demo()[file].len() <= 60 * 1024, "{path}: {file}");
        }
    }
}

#[test]
fn r83_faces_swap_and_their_stand_ins_have_the_same_measures() {
    let faces: Vec<&str> = css().split("@font-face").skip(1).collect();
    let (own, stand_in): (Vec<&str>, Vec<&str>) = faces
        .iter()
        .map(|it| it.split('}').next().unwrap())
        .partition(|it| it.contains("url("));
    assert!(3 <= own.len() && 3 <= stand_in.len());
    assert!(own.iter().all(|it| it.contains("font-display:swap")));
    for it in stand_in {
        for key in ["local(", "size-adjust", "ascent-override", "descent-override"] {
            assert!(it.contains(key), "{it}");
        }
    }
}

#[test]
fn r91_r92_fields_say_their_direction() {
    each_tag(|path, _, _, tag| {
        let kind = tag.get("type").unwrap_or("text");
        if tag.name == "textarea"
            || tag.name == "input" && ["search", "text"].contains(&kind)
        {
            assert!(tag.get("dir").is_some(), "{path}");
            // A query is sent to nobody: it becomes a part of an address.
            assert!(kind == "search" || tag.get("dirname").is_some(), "{path}");
        }
        if tag.name == "input" && ["email", "url"].contains(&kind) {
            assert_eq!(tag.get("dir"), Some("ltr"), "{path}");
        }
    });
}

#[test]
fn r97_scroll_bars_carets_and_shortcuts_are_left_alone() {
    for it in declarations() {
        assert!(!it.contains("scrollbar") && !it.starts_with("caret"), "{it}");
    }
    each_tag(|path, _, _, tag| assert!(tag.get("accesskey").is_none(), "{path}"));
}

#[test]
fn r102_open_graph_names_the_language_and_the_others() {
    let mut n_whole = 0;
    for (path, page) in read_pages() {
        let of = |name: &str| -> Vec<&str> {
            let tags = page.tags.iter().filter(|it| it.get("property") == Some(name));
            tags.filter_map(|it| it.get("content")).collect()
        };
        let html = page.tags.iter().find(|it| it.name == "html").unwrap();
        let own = of("og:locale");
        if page.tags.iter().any(|it| it.get("http-equiv") == Some("refresh")) {
            continue;
        }
        let expected = match html.get("lang").unwrap() {
            "ar" => "ar_AR",
            "fa" => "fa_IR",
            "he" => "he_IL",
            "en" => "en_GB",
            other => panic!("{other}"),
        };
        assert_eq!(own, [expected], "{path}");
        let others: BTreeSet<&str> = of("og:locale:alternate").into_iter().collect();
        let versions =
            page.tags.iter().filter_map(|it| it.get("hreflang")).collect::<BTreeSet<_>>();
        assert!(!others.contains(expected), "{path}");
        if page.tags.iter().any(|it| it.name == "link" && it.get("hreflang").is_some()) {
            assert_eq!(
                others.len() + 2,
                versions.len(),
                "{path}: {others:?} {versions:?}"
            );
        }
        n_whole += usize::from(others.len() == 3);
    }
    assert!(50 < n_whole, "{n_whole}");
}

#[test]
fn r108_every_file_writes_an_address_in_the_same_way() {
    for (files, host) in
        [(demo(), "https://mujaz.example"), (four(), "https://rivers.example")]
    {
        let text = |path: &str| std::str::from_utf8(&files[path]).unwrap();
        let mut canonical = BTreeSet::new();
        let mut hreflang = BTreeSet::new();
        for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
            let html = std::str::from_utf8(bytes).unwrap();
            let page = Markup::read(html);
            let is_hidden =
                page.tags.iter().any(|it| it.get("content") == Some("noindex"));
            for tag in page.tags.iter().filter(|it| it.name == "link") {
                match (tag.get("rel"), tag.get("href")) {
                    (Some("canonical"), Some(href)) if !is_hidden => {
                        canonical.insert(href.to_owned());
                    }
                    (Some("alternate"), Some(href)) if tag.get("hreflang").is_some() => {
                        hreflang.insert(href.to_owned());
                    }
                    _ => {}
                }
            }
            // What stands on the disk is what the address says, encoded.
            let folder = path.trim_end_matches("index.html");
            let own = format!("{host}/{}", encode_path(folder));
            assert!(is_hidden || canonical.contains(&own), "{path}: {own}");
        }
        let maps = text("sitemap.xml").split("<loc>").skip(1);
        let mapped: BTreeSet<String> =
            maps.map(|it| it.split('<').next().unwrap().to_owned()).collect();
        assert_eq!(mapped, canonical);
        assert!(hreflang.is_subset(&canonical));
        let feeds = files.keys().filter(|it| it.ends_with("feed.xml"));
        for feed in feeds {
            let entries = text(feed).split("<entry").skip(1);
            for entry in entries {
                let href = entry.split("rel=\"alternate\" href=\"").nth(1).unwrap();
                let href = href.split('"').next().unwrap();
                assert!(canonical.contains(href), "{feed}: {href}");
            }
        }
    }
}

#[test]
fn r113_names_of_headings_are_what_the_contents_link_to() {
    let mut n_links = 0;
    for (path, page) in read_pages() {
        let ids: BTreeSet<&str> =
            page.tags.iter().filter_map(|it| it.get("id")).collect();
        let all = page.tags.iter().filter(|it| it.get("id").is_some()).count();
        assert_eq!(ids.len(), all, "{path}");
        for (at, tag) in page.tags.iter().enumerate() {
            if tag.name == "a" && page.around(at).any(|it| it.has_class("contents")) {
                n_links += 1;
                let fragment = tag.get("href").unwrap().trim_start_matches('#');
                assert!(ids.contains(fragment), "{path}: {fragment}");
            }
        }
    }
    assert!(20 < n_links);
}

#[test]
fn r120_no_page_depends_on_the_day_it_was_made() {
    assert!(build_four("2026-07-31T12:00:00Z") == *four());
}
