//! Where signs and numbers stand once a line is painted: the bidirectional algorithm is
//! run on what we write, at the start of a line, after a word, between words and alone, as
//! in the cell of a table (rtl-rules R17, R23–R27).

use jiff::civil::date;
use mujaz::text::direction::Direction;
use mujaz::text::lang::Lang;
use mujaz::text::parts::list;
use unicode_bidi::{BidiInfo, Level};

use super::{dates, lang, numbers};

/// What a line that runs from right to left paints, from the left, without the letters
/// that nobody sees.
fn painted(line: &str) -> String {
    let info = BidiInfo::new(line, Some(Level::rtl()));
    let paragraph = &info.paragraphs[0];
    let is_hidden = |it: char| {
        matches!(it, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{2066}'..='\u{2069}')
    };
    let painted = info.reorder_line(paragraph, paragraph.range.clone());
    painted.chars().filter(|it| !is_hidden(*it)).collect()
}

#[track_caller]
fn check(tag: &str, text: &str, expected: &str) {
    let words = if lang(tag).script() == "Hebr" {
        ["אמר", "היום"]
    } else {
        ["قال", "ورد"]
    };
    let [first, last] = words;
    let mirrored = |word: &str| word.chars().rev().collect::<String>();
    let (right, left) = (mirrored(first), mirrored(last));
    assert_eq!(painted(text), expected, "{tag}, alone: {text:?}");
    let lines = [
        (format!("{text} {last}"), format!("{left} {expected}")),
        (format!("{first} {text}"), format!("{expected} {right}")),
        (format!("{first} {text} {last}"), format!("{left} {expected} {right}")),
        (format!("{first} {text}، {last}"), format!("{left} ،{expected} {right}")),
    ];
    for (line, expected) in lines {
        assert_eq!(painted(&line), expected, "{tag}: {line:?}");
    }
}

#[test]
fn r25_a_percent_sign_keeps_its_side() {
    let percent = |tag: &str| numbers(tag).percent(50.0);
    check("ar", &percent("ar"), "50%");
    check("ar-SA", &percent("ar-SA"), "50%");
    check("ar-u-nu-arab", &percent("ar-u-nu-arab"), "٪٥٠");
    check("fa", &percent("fa"), "٪۵۰");
    check("fa-u-nu-latn", &percent("fa-u-nu-latn"), "50%");
    check("he", &percent("he"), "50%");
    check("ur", &percent("ur"), "50%");
    check("ur-IN", &percent("ur-IN"), "٪۵۰");
    // Fractions do not fall apart either.
    check("ar", &numbers("ar").percent(1_234.5), "1,234.5%");
    check("ar-MA", &numbers("ar-MA").percent(1_234.5), "1.234,5%");
}

#[test]
fn r25_a_bare_percent_sign_would_change_sides() {
    assert_eq!(painted("50%"), "50%");
    assert_eq!(painted("قال 50%"), "%50 لاق");
}

#[test]
fn r26_a_minus_keeps_its_side() {
    let minus = |tag: &str| numbers(tag).decimal(-5.0);
    check("ar", &minus("ar"), "-5");
    check("ar-u-nu-arab", &minus("ar-u-nu-arab"), "٥-");
    check("fa", &minus("fa"), "−۵");
    check("he", &minus("he"), "-5");
    check("ur", &minus("ur"), "-5");
    check("ur-IN", &minus("ur-IN"), "-۵");
    check("ar", &numbers("ar").percent(-50.0), "-50%");
    check("ar-u-nu-arab", &numbers("ar-u-nu-arab").percent(-50.0), "٪٥٠-");
}

#[test]
fn r24_a_range_of_years_reads_as_its_language_reads() {
    let range = |tag: &str| numbers(tag).range("2015", "2018").plain();
    check("ar", &range("ar"), "2018–2015");
    check("ar-u-nu-arab", &range("ar-u-nu-arab"), "٢٠١٨–٢٠١٥");
    check("ur", &range("ur"), "2018–2015");
    check("fa", &range("fa"), "۲۰۱۵–۲۰۱۸");
    check("he", &range("he"), "2015–2018");
    assert_eq!(numbers("en").range("2015", "2018").plain(), "2015–2018");
}

#[test]
fn r24_r25_a_range_of_percentages_has_one_sign() {
    let range = |tag: &str| numbers(tag).percent_range(20.0, 45.0).plain();
    check("ar", &range("ar"), "45%–20");
    check("ar-u-nu-arab", &range("ar-u-nu-arab"), "٪٤٥–٢٠");
    check("ur", &range("ur"), "45%–20");
    check("fa", &range("fa"), "٪۴۵ ات ۲۰");
    check("he", &range("he"), "20–45%");
    assert_eq!(range("en"), "20–45%");
}

#[test]
fn r24_a_range_gives_its_parts_to_markup() {
    let parts = |tag: &str| -> Vec<(String, Option<Direction>)> {
        let range = numbers(tag).range("2015", "2018");
        range.iter().map(|it| (it.text.clone(), it.direction)).collect()
    };
    let ltr = Some(Direction::Ltr);
    let expected =
        [("2015".to_owned(), ltr), ("–".to_owned(), None), ("2018".to_owned(), ltr)];
    assert_eq!(parts("ar"), expected);
    assert_eq!(parts("he"), [("2015–2018".to_owned(), ltr)]);
}

#[test]
fn r23_r24_dates_and_their_ranges() {
    let (from, to) = (date(2025, 12, 4), date(2025, 12, 9));
    check("ar", &dates("ar").long(from), "2025 ربمسيد 4");
    check("fa", &dates("fa").long(from), "۱۴۰۴ رذآ ۱۳");
    check("he", &dates("he").long(from), "2025 רבמצדב 4");
    check("ur", &dates("ur").long(from), "2025 ،ربمسد 4");
    check("ar", &dates("ar").full(from), "2025 ربمسيد 4 ،سيمخلا");
    let range = |tag: &str| dates(tag).range(from, to).plain();
    check("ar", &range("ar"), "2025 ربمسيد 9–4");
    check("fa", &range("fa"), "۱۴۰۴ رذآ ۱۸ ات ۱۳");
    check("he", &range("he"), "2025 רבמצדב 4–9");
    check("ur", &range("ur"), "2025 ،ربمسد 9–4");
}

#[test]
fn r27_an_amount_keeps_its_number_beside_its_unit() {
    check("ar", &numbers("ar").amount(100.0, "دولار"), "رالود\u{A0}100");
    check("he", &numbers("he").amount(-100.0, "דולר"), "רלוד\u{A0}-100");
}

#[test]
fn r17_names_of_a_list_stay_in_order() {
    let names = |lang: &Lang| {
        let names = ["NATO", "EU", "UN 1701"].map(|it| (it, Direction::Ltr));
        list(lang, &names).plain()
    };
    check("ar", &names(&lang("ar")), "UN 1701و EUو NATO");
    check("fa", &names(&lang("fa")), "UN 1701 و ،EU ،NATO");
    check("he", &names(&lang("he")), "UN 1701-ו EU ,NATO");
    check("ur", &names(&lang("ur")), "UN 1701 روا ،EU ،NATO");
}
