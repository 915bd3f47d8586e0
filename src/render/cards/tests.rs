use std::ops::Range;

use super::text::{Paragraph, Weight, is_readable};
use super::{ACCENT, BAR, HEIGHT, MARGIN, SocialCard, WIDTH, Words};
use crate::colour::{DARK_PAPER, MIN_CONTRAST, PAPER, Rgb};
use crate::text::lang::Lang;

fn lang(tag: &str) -> Lang {
    Lang::parse(tag).unwrap()
}

fn card(tag: &str, title: &str) -> SocialCard {
    SocialCard {
        lang: lang(tag),
        site: Some(Words { text: "موجز".to_owned(), lang: lang("ar") }),
        kind: "Analysis".to_owned(),
        title: Words { text: title.to_owned(), lang: lang(tag) },
        summary: None,
        foot: "1 سبتمبر/أيلول 2025".to_owned(),
        number: "MB-2025-042".to_owned(),
        accent: ACCENT,
    }
}

/// Columns of the pixels that are not paper, in some rows; the bar left out.
fn columns(card: &SocialCard, rows: Range<usize>) -> Option<(usize, usize)> {
    let width = WIDTH as usize;
    let canvas = card.canvas();
    let rows = canvas.pixels.chunks_exact(width).take(rows.end).skip(rows.start);
    let inked = rows.flat_map(|row| {
        let inside = row.iter().enumerate().take(width - BAR).skip(BAR);
        inside.filter(|(_, it)| **it != 0).map(|(at, _)| at)
    });
    inked.fold(None, |range: Option<(usize, usize)>, at| {
        let (first, last) = range.unwrap_or((at, at));
        Some((first.min(at), last.max(at)))
    })
}

/// Rows of the title.
const TITLE_ROWS: Range<usize> = 215..515;

const WORDS: [(&str, &str); 5] = [
    ("ar", "العقوبات"),
    ("fa", "می‌گوید"),
    ("ur", "معاہدہ"),
    ("he", "האנרגיה"),
    ("en", "Safeguards"),
];

#[test]
fn a_title_of_any_length_stays_between_the_margins() {
    let (width, height) = (WIDTH as usize, HEIGHT as usize);
    for (tag, word) in WORDS {
        for n in [1, 2, 3, 5, 10, 30, 80] {
            let card = card(tag, &vec![word; n].join(" "));
            let (first, last) = columns(&card, 0..height).unwrap();
            // A letter may reach over its place by a hair.
            assert!(MARGIN - 8 <= first && last < width - MARGIN + 8, "{tag} {n}");
            assert!(columns(&card, TITLE_ROWS).is_some(), "{tag} {n}");
            assert_eq!(columns(&card, 600..height), None, "{tag} {n}");
            let between = columns(&card, 516..530);
            assert_eq!(between, None, "{tag} {n}: the title touches the last line");
        }
    }
}

#[test]
fn short_texts_that_are_long_keep_their_place() {
    let mut card = card("ar", "إيران");
    let long = "كلمة ".repeat(60);
    card.foot.clone_from(&long);
    card.number.clone_from(&long);
    card.kind = long;
    let (first, last) = columns(&card, 0..HEIGHT as usize).unwrap();
    assert!(MARGIN - 8 <= first && last < WIDTH as usize - MARGIN + 8);
    let width = WIDTH as usize;
    let canvas = card.canvas();
    let rows = canvas.pixels.chunks_exact(width).skip(530);
    let between = MARGIN + (width - 2 * MARGIN) * 34 / 100;
    let is_blank = |row: &[u8]| row.iter().skip(between - 8).take(16).all(|it| *it == 0);
    assert!(rows.into_iter().all(is_blank), "date and number touch");
}

#[test]
fn a_word_longer_than_a_line_is_cut() {
    for (tag, word) in WORDS {
        let card = card(tag, &word.repeat(40));
        let (first, last) = columns(&card, TITLE_ROWS).unwrap();
        assert!(MARGIN - 8 <= first && last < WIDTH as usize - MARGIN + 8, "{tag}");
    }
}

#[test]
fn lines_begin_where_the_language_begins() {
    let near = |at: usize, margin: usize| at.abs_diff(margin) < 12;
    for (tag, word) in WORDS {
        let (first, last) = columns(&card(tag, word), TITLE_ROWS).unwrap();
        let is_ltr = tag == "en";
        assert_eq!(near(first, MARGIN), is_ltr, "{tag}: {first}");
        assert_eq!(near(last, WIDTH as usize - MARGIN), !is_ltr, "{tag}: {last}");
    }
}

fn width(tag: &str, text: &str) -> f32 {
    Paragraph::new(text, &lang(tag), Weight::Bold).all().width
}

#[test]
fn arabic_letters_join() {
    // The joined forms of some letters are as wide as the isolated ones; of these not.
    for word in ["بيت", "ليبيا", "ہے"] {
        let isolated: f32 = word.chars().map(|it| width("ar", &it.to_string())).sum();
        assert!(width("ar", word) < isolated * 0.9, "{word}");
    }
    let apart = width("fa", "می\u{200C}گوید");
    assert!(width("fa", "میگوید") < apart, "a joiner keeps letters apart");
}

#[test]
fn latin_and_numbers_run_from_left_to_right_in_arabic() {
    let mixed = |text: &str| card("ar", text).canvas().pixels;
    assert_eq!(mixed("«GPT-4»"), mixed("«\u{2066}GPT-4\u{2069}»"));
    assert_ne!(mixed("«GPT-4»"), mixed("«4-TPG»"));
    let places = |tag: &str, text: &str| {
        Paragraph::new(text, &lang(tag), Weight::Bold).all().places()
    };
    let ids = |tag: &str, text: &str| -> Vec<u32> {
        places(tag, text).into_iter().map(|(id, _)| id).collect()
    };
    // What is said first stands on the right, and letters and digits stand as on a line of
    // their own: from left to right.
    let name = ids("en", "GPT-4");
    assert_eq!(name, ["G", "P", "T", "-", "4"].map(|it| ids("en", it)[0]));
    assert_eq!(ids("ar", "«GPT-4»").get(1..6), Some(&*name));
    let line = ids("ar", "القرار GPT-4 بعد");
    let at = line.windows(name.len()).position(|it| it == name).unwrap();
    assert_eq!(line.get(..at), Some(&*ids("ar", " بعد")));
    assert_eq!(line.get(at + name.len()..), Some(&*ids("ar", "القرار ")));
    let number = ["2", "2", "3", "1"].map(|it| ids("ar", it)[0]);
    assert_eq!(ids("ar", "القرار 2231").get(..4), Some(number.as_slice()));
    let is_ordered = |it: &[(u32, f32)]| it.windows(2).all(|pair| pair[0].1 < pair[1].1);
    assert!(is_ordered(&places("ar", "القرار GPT-4 بعد 2231")));
}

#[test]
fn vowels_take_no_place_and_stand_alike_in_every_language() {
    for (bare, vowelled) in
        [("محمد", "مُحَمَّدٌ"), ("مد", "مَدِّ"), ("ثم", "ثُمَّ"), ("شد", "شَدّ"), ("حتى", "حتّٰى")]
    {
        let marks =
            |tag: &str| Paragraph::new(vowelled, &lang(tag), Weight::Bold).all().places();
        for tag in ["ar", "fa", "ur", "en", "he"] {
            let (bare, vowelled) = (width(tag, bare), width(tag, vowelled));
            assert!((bare - vowelled).abs() < 1e-4, "{tag}: {bare} {vowelled}");
            assert_eq!(marks(tag), marks("ar"), "{tag}");
        }
    }
}

/// The pixels of a card with a summary.
fn with_summary(tag: &str, summary: &str) -> Vec<u8> {
    let mut card = card(tag, "Iran");
    card.summary = Some(Words { text: summary.to_owned(), lang: lang(tag) });
    card.canvas().pixels
}

#[test]
fn a_summary_ends_with_the_last_sentence_that_fits() {
    for (tag, sentence) in
        [("ar", "وصل الوفد إلى العاصمة. "), ("en", "The delegates arrived. ")]
    {
        let of = |n: usize| with_summary(tag, &sentence.repeat(n));
        let last = (1..30).take_while(|n| of(*n) != of(n + 1)).last().unwrap() + 1;
        assert!((4..16).contains(&last), "{tag} {last}");
        assert_eq!(of(last), of(100), "{tag}");
    }
    // A first sentence that is too long is cut behind a word.
    let long = "كلمة ".repeat(300);
    assert_ne!(with_summary("ar", &long), with_summary("ar", ""));
}

#[test]
fn the_length_of_a_summary_costs_nothing() {
    let text = "كلا. ".repeat(15_500);
    let start = std::time::Instant::now();
    with_summary("ar", &text);
    let time = start.elapsed();
    assert!(time.as_secs_f32() < 2.0, "{time:?}");
}

#[test]
fn a_card_without_the_name_of_the_site_has_the_kind_at_its_top() {
    let mut card = card("ar", "إيران");
    card.site = None;
    assert!(columns(&card, 60..110).is_some());
    assert_eq!(columns(&card, 0..50), None);
    for title in ["إيران", &"إيران ".repeat(40)] {
        card.title.text = title.to_owned();
        assert_eq!(columns(&card, 112..120), None, "the title touches the kind");
        assert_eq!(columns(&card, 516..530), None);
    }
}

#[test]
fn a_latin_name_on_an_arabic_line_is_not_broken() {
    let words =
        |text: &str| Paragraph::new(text, &lang("ar"), Weight::Bold).words().len();
    assert_eq!(words("تصريحات الرئيس Recep Tayyip Erdoğan في أنقرة"), 5);
    let long = "a name of many words that no line can hold in a large size";
    assert_eq!(words(&format!("كتاب {long}")), 1 + long.split(' ').count());
}

#[test]
fn letters_that_no_font_has_are_left_out() {
    let with = card("ar", "العلاقات مع\u{A0}中国").canvas().pixels;
    let without = card("ar", "العلاقات مع").canvas().pixels;
    let ink = |it: &[u8]| it.iter().filter(|it| **it != 0).count();
    assert_eq!(ink(&with), ink(&without));
    assert!(is_readable("العلاقات مع 中国"));
    assert!(is_readable("Erdoğan und die Türkei"));
    assert!(!is_readable("中国的能源政策"));
    assert!(!is_readable("Россия"));
    assert!(!is_readable(""));
}

#[test]
fn nothing_that_a_title_may_hold_panics() {
    let long = "א".repeat(5000);
    let spaces = " \u{A0}\u{2009}".repeat(900);
    let marks = format!("ا{}", "\u{64E}\u{651}".repeat(2000));
    let isolates = "\u{2067}\u{202E}a".repeat(300);
    for text in [
        "",
        " ",
        "\u{2069}",
        "…",
        ":",
        "a: ",
        "\u{200D}",
        "👩\u{200D}🚀",
        "\0\n\u{85}",
        &long,
        &spaces,
        &marks,
        &isolates,
        "\u{FFFF}\u{10FFFF}",
        "اﷺﷻ",
        "ก็็็็",
    ] {
        for tag in ["ar", "he", "en", "zh"] {
            let mut card = card(tag, text);
            card.draw();
            card.summary = Some(Words { text: text.to_owned(), lang: lang(tag) });
            card.kind = text.to_owned();
            card.foot = text.to_owned();
            card.draw();
        }
    }
}

#[test]
fn an_accent_that_cannot_be_read_on_paper_is_not_used_for_words() {
    assert!(MIN_CONTRAST <= ACCENT.contrast(PAPER));
    assert!(ACCENT.contrast(DARK_PAPER) < MIN_CONTRAST, "the theme has a lighter one");
    let mut pale = card("en", "Iran");
    pale.accent = Rgb([0xff, 0xe0, 0x40]);
    assert_eq!(pale.signal(), super::Ink::Text);
}

#[test]
fn colours_are_those_of_the_theme() {
    let css = include_str!("../../../static/css/tokens.css");
    for (name, color) in [
        ("accent", ACCENT),
        ("text", super::TEXT),
        ("muted", super::MUTED),
        ("rule", super::RULE),
    ] {
        let first = css.split_once(&format!("--mz-{name}: ")).unwrap().1;
        assert_eq!(Rgb::parse(first.split(';').next().unwrap()), Some(color), "{name}");
    }
}

#[test]
fn every_part_is_in_the_name() {
    let base = card("ar", "إيران");
    let mut names = vec![base.path()];
    let mut add = |change: &dyn Fn(&mut SocialCard)| {
        let mut other = base.clone();
        change(&mut other);
        names.push(other.path());
    };
    add(&|it| it.lang = lang("fa"));
    add(&|it| it.site = None);
    add(&|it| it.kind.push('a'));
    add(&|it| it.title.text.push('a'));
    add(&|it| it.title.lang = lang("fa"));
    add(&|it| it.summary = Some(it.title.clone()));
    add(&|it| it.foot.push('a'));
    add(&|it| it.number.push('a'));
    add(&|it| it.accent.0[2] += 1);
    add(&|it| std::mem::swap(&mut it.foot, &mut it.number));
    let n = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), n);
}

/// A card is not drawn again while its name stays, so other looks need another name.
#[test]
fn a_change_of_the_design_changes_its_number() {
    let mut sample = card("ar", "آلية إعادة العقوبات: كيف عمل «الزناد» في القرار 2231");
    let mut pixels = sample.canvas().pixels;
    sample.summary =
        Some(Words { text: "קראו: a summary.".to_owned(), lang: lang("he") });
    pixels.extend(sample.canvas().pixels);
    pixels.extend(card("fa", "مُحَمَّد و مدّت «ثُمَّ»: ۱۴۰۴").canvas().pixels);
    let hash = |it: &[u8]| blake3::hash(it).to_hex().get(..16).unwrap().to_owned();
    // The file as well: another release of the encoder may pack the same pixels otherwise.
    let (pixels, file) = (hash(&pixels), hash(&sample.draw()));
    assert_eq!(
        (super::DESIGN, &*pixels, &*file),
        (2, "b280c5363e87ae3e", "f7f1c8d50fb7fb58"),
        "count up DESIGN, and write down the new hashes"
    );
}
