//! Alphabetical order and the letters of an index (rtl-rules R121–R125), against CLDR's
//! own lists of letters. Where weeks start (R125) is used by no page.

use icu_locale::exemplar_chars::{ExemplarCharacters, ExemplarCharactersBorrowed};
use mujaz::text::collate::{Collator, index_letter};
use unicode_normalization::char::is_combining_mark;

use super::lang;
use crate::golden::build;

#[track_caller]
fn check(tag: &str, expected: &str) {
    let collator = Collator::new(&lang(tag));
    let expected: Vec<&str> = expected.split(' ').collect();
    for reversed in [false, true] {
        let mut sorted = expected.clone();
        if reversed {
            sorted.reverse();
        }
        sorted.sort_by(|a, b| collator.compare(a, b));
        assert_eq!(sorted, expected, "{tag}");
    }
}

#[test]
fn r121_letters_in_the_order_of_the_language() {
    check("fa", "آ ا ب پ ت ث ج چ ک گ ل ن و ه ی");
    check("ur", "ا ب پ ت ٹ ث د ڈ ر ڑ ک گ ن و ہ ی ے");
    check("ar", "أحمد بغداد تونس ليبيا هنغاريا وهران يافا");
    check("he", "אילת כרמל מצדה נצרת פתח צפת תל");
}

#[test]
fn r121_digits_then_own_letters_then_latin() {
    check("ar", "2231 إيران يافا NATO");
    check("fa", "۲۲۳۱ ایران یزد NATO");
    check("he", "2231 אילת תל NATO");
    check("ur", "2231 ایران یمن NATO");
}

#[test]
fn r121_tatweel_and_vowel_marks_do_not_count() {
    check("ar", "علي عــمان عمان عمّان عُمان عمر");
    check("ar", "مدرس مدرّس مدرسة");
    check("he", "יפה יָפוֹ ירושלים");
    // Spelling variants stand together, not far apart as their code points are.
    check("fa", "کاشان كرمان کرمانشاه گیلان");
}

#[test]
fn r123_the_article_is_skipped_in_arabic_only() {
    check("ar", "إيران البرازيل روسيا العراق اليمن");
    check("he", "גליל הכנסת ורד");
    // Too short to be a word with an article.
    check("ar", "الب العراق");
}

fn letters(of: ExemplarCharactersBorrowed<'_>, script: (char, char)) -> Vec<String> {
    let all = (script.0..=script.1).map(|it| it.to_string());
    all.filter(|it| of.contains_str(it)).collect()
}

const ARABIC: (char, char) = ('\u{620}', '\u{6D3}');
const HEBREW: (char, char) = ('א', 'ת');

#[test]
fn r122_letters_of_the_index_are_those_of_cldr() {
    let expected =
        [("ar", ARABIC, 28), ("fa", ARABIC, 33), ("he", HEBREW, 22), ("ur", ARABIC, 38)];
    for (tag, script, n_letters) in expected {
        let locale: icu_locale::Locale = tag.parse().unwrap();
        let index = ExemplarCharacters::try_new_index(&(&locale).into()).unwrap();
        let index = letters(index, script);
        assert_eq!(index.len(), n_letters, "{tag}");
        for letter in &index {
            assert_eq!(index_letter(letter, &lang(tag)), *letter, "{tag}");
        }
        // Every letter that the language writes stands under one of them.
        let main = ExemplarCharacters::try_new_main(&(&locale).into()).unwrap();
        let is_mark = |it: &String| it.chars().any(is_combining_mark);
        for letter in letters(main, script).into_iter().filter(|it| !is_mark(it)) {
            let under = index_letter(&letter, &lang(tag));
            assert!(index.contains(&under), "{tag}: {letter} under {under}");
        }
    }
}

#[test]
fn r122_variants_stand_under_their_letter() {
    let letter = |title: &str, tag: &str| index_letter(title, &lang(tag));
    let alef = ["أحمد", "إيران", "آسيا", "ٱلله", "ءاب"];
    assert!(alef.iter().all(|it| letter(it, "ar") == "ا"));
    assert_eq!([letter("آسیا", "fa"), letter("آسیا", "ur")], ["آ", "ا"]);
    assert_eq!([letter("ک", "ar"), letter("ك", "fa")], ["ك", "ک"]);
    assert_eq!(letter("ـــُعمان", "ar"), "ع");
    assert_eq!(letter("«الممر»", "ar"), "م");
    assert_eq!(letter("۱۷۰۱", "fa"), "#");
    assert_eq!(letter("יָפוֹ", "he"), "י");
}

#[test]
fn r122_r123_quotation_marks_do_not_hide_the_article() {
    check("ar", "«إبراهيم» «الممر» نجران");
    check("en", "“Alpha” Beta «Gamma»");
}

#[test]
fn r123_r124_a_written_key_sorts_and_no_name_is_turned_around() {
    let topics = [
        ("a", "title: محمود أحمد\nkind: person\n"),
        ("b", "title: أحمد ياسين\nkind: person\n"),
        ("c", "title: زيد بن علي\nkind: person\nsort: باء\n"),
        ("d", "title: الماس\nkind: theme\nsort: الماس\n"),
        ("g", "title: المغرب\nkind: country\n"),
        ("e", "title: NATO\nkind: organisation\n"),
        ("f", "title: 2231\nkind: agreement\n"),
    ];
    let mut files = vec![(
        "content/site.yaml".to_owned(),
        b"title: x\nbase_url: https://example.org/\n".to_vec(),
    )];
    for (id, text) in topics {
        files.push((format!("content/topics/{id}.yaml"), text.as_bytes().to_vec()));
    }
    let (_, memory, _) = build(&files);
    let pages = memory.files.into_inner().unwrap();
    let page = String::from_utf8(pages["topics/index.html"].clone()).unwrap();
    let list = page.split("<main").nth(1).unwrap();
    let names =
        ["2231", "أحمد ياسين", "الماس", "زيد بن علي", "محمود أحمد", "المغرب", "NATO"];
    let places: Vec<_> = names.map(|it| list.find(it).expect(it)).to_vec();
    assert!(places.is_sorted(), "{places:?}");
}
