//! Names of months and weekdays, written out from CLDR 48 (rtl-rules C), so that no
//! version of a library changes a page.
//!
//! `text::date` decides which day of which calendar; here is only what it is called.

use crate::text::date::{Calendar, Months};
use crate::text::lang::Lang;

type Year = [&'static str; 12];
type Week = [&'static str; 7];

/// A Gregorian month, from 1, standing by itself.
pub(crate) fn gregorian(lang: &Lang, months: Months, month: i8) -> String {
    let at = usize::from(month.unsigned_abs()).saturating_sub(1).min(11);
    let names = match (lang.primary(), months) {
        ("ar", Months::Dual) => return format!("{}/{}", GREGORIAN_AR[at], LEVANT_AR[at]),
        ("ar", Months::Levant) => LEVANT_AR,
        ("ar", Months::Maghreb) if lang.region() == Some("MA") => MOROCCO_AR,
        ("ar", Months::Maghreb) => ALGERIA_AR,
        ("ar", Months::Gregorian) => GREGORIAN_AR,
        ("fa", _) if lang.region() == Some("AF") => GREGORIAN_DARI,
        ("fa", _) => GREGORIAN_FA,
        ("he", _) => GREGORIAN_HE,
        ("ur", _) => GREGORIAN_UR,
        _ => GREGORIAN_EN,
    };
    names[at].to_owned()
}

/// A Gregorian month before a year: Persian joins the two where the name ends in a vowel
/// (`ژانویهٔ ۲۰۲۵`).
pub(crate) fn gregorian_before_year(lang: &Lang, months: Months, month: i8) -> String {
    let mut name = gregorian(lang, months, month);
    if lang.primary() == "fa" && name.ends_with('ه') {
        name.push('\u{654}');
    }
    name
}

/// A month of another calendar, by its number in an ordinary year, from 1. A leap month
/// exists in the Hebrew calendar only: the first Adar, after which `is_leap_year` names
/// the second.
pub(crate) fn other(
    lang: &Lang,
    calendar: Calendar,
    month: u8,
    is_leap_month: bool,
    is_leap_year: bool,
) -> &'static str {
    const ADAR: u8 = 6;
    let at = usize::from(month).saturating_sub(1).min(11);
    let is_hijri = matches!(calendar, Calendar::HijriUmalqura | Calendar::HijriCivil);
    if calendar == Calendar::Hebrew && (is_leap_month || (is_leap_year && month == ADAR))
    {
        let [first, second] = match lang.primary() {
            "ar" => ["آذار الأول", "آذار الثاني"],
            "fa" => ["آذار", "واذار الثانی"],
            "he" => ["אדר א׳", "אדר ב׳"],
            "ur" => ["آدر اوّل", "آدر دوّم"],
            _ => ["Adar I", "Adar II"],
        };
        return if is_leap_month { first } else { second };
    }
    let names = match (calendar, lang.primary()) {
        // Newspapers in Urdu use the Persian names; CLDR spells them by sound.
        (Calendar::Persian, "fa") if lang.region() == Some("AF") => PERSIAN_DARI,
        (Calendar::Persian, "fa" | "ur") => PERSIAN_FA,
        (Calendar::Persian, "ar") => PERSIAN_AR,
        (Calendar::Persian, "he") => PERSIAN_HE,
        (Calendar::Persian, _) => PERSIAN_EN,
        (_, "ar") if is_hijri => HIJRI_AR,
        (_, "fa") if is_hijri => HIJRI_FA,
        (_, "he") if is_hijri => HIJRI_HE,
        (_, "ur") if is_hijri => HIJRI_UR,
        (Calendar::HijriUmalqura | Calendar::HijriCivil, _) => HIJRI_EN,
        (Calendar::Hebrew, "ar") => HEBREW_AR,
        (Calendar::Hebrew, "fa") => HEBREW_FA,
        (Calendar::Hebrew, "he") => HEBREW_HE,
        (Calendar::Hebrew, "ur") => HEBREW_UR,
        (Calendar::Hebrew, _) => HEBREW_EN,
        (Calendar::Gregorian, _) => GREGORIAN_EN,
    };
    names[at]
}

/// What stands behind the year, so that a reader knows which calendar it is; empty where
/// it is the language's own.
pub(crate) fn era(lang: &Lang, calendar: Calendar) -> &'static str {
    match (calendar, lang.primary()) {
        (Calendar::HijriUmalqura | Calendar::HijriCivil, "ar") => " هـ",
        (Calendar::HijriUmalqura | Calendar::HijriCivil, "fa") => " ه\u{200D}.ق.",
        (Calendar::HijriUmalqura | Calendar::HijriCivil, "he") => " הג׳רה",
        (Calendar::HijriUmalqura | Calendar::HijriCivil, "ur") => " ہجری",
        (Calendar::HijriUmalqura | Calendar::HijriCivil, _) => " AH",
        (Calendar::Persian, "ar") => " ه\u{200D}.ش",
        (Calendar::Persian, "ur") => " ہجری شمسی",
        (Calendar::Persian, "en") => " AP",
        (Calendar::Hebrew, "ar") => " ص",
        (Calendar::Hebrew, "fa") => " تقویم عبری",
        _ => "",
    }
}

/// Every Gregorian month, from 1, with each of its names in each language.
pub(crate) fn gregorian_months() -> impl Iterator<Item = (i8, &'static str)> {
    let years = [
        GREGORIAN_AR,
        LEVANT_AR,
        ALGERIA_AR,
        MOROCCO_AR,
        GREGORIAN_FA,
        GREGORIAN_DARI,
        GREGORIAN_HE,
        GREGORIAN_UR,
        GREGORIAN_EN,
    ];
    years.into_iter().flat_map(|year| (1..).zip(year))
}

/// Every name of a day of the week in each language.
pub(crate) fn weekdays() -> impl Iterator<Item = &'static str> {
    [WEEK_AR, WEEK_FA, WEEK_HE, WEEK_UR, WEEK_EN].into_iter().flatten()
}

/// A day of the week, Sunday being 0, with what stands between it and the date.
pub(crate) fn weekday(lang: &Lang, day: usize) -> (&'static str, &'static str) {
    let (names, separator) = match lang.primary() {
        "ar" => (WEEK_AR, "، "),
        "fa" => (WEEK_FA, " "),
        "he" => (WEEK_HE, ", "),
        "ur" => (WEEK_UR, "، "),
        _ => (WEEK_EN, ", "),
    };
    (names[day.min(6)], separator)
}

const WEEK_AR: Week =
    ["الأحد", "الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت"];
const WEEK_FA: Week =
    ["یکشنبه", "دوشنبه", "سه\u{200C}شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه"];
const WEEK_HE: Week = [
    "יום ראשון",
    "יום שני",
    "יום שלישי",
    "יום רביעי",
    "יום חמישי",
    "יום שישי",
    "יום שבת",
];
const WEEK_UR: Week = ["اتوار", "پیر", "منگل", "بدھ", "جمعرات", "جمعہ", "ہفتہ"];
const WEEK_EN: Week =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const GREGORIAN_AR: Year = [
    "يناير",
    "فبراير",
    "مارس",
    "أبريل",
    "مايو",
    "يونيو",
    "يوليو",
    "أغسطس",
    "سبتمبر",
    "أكتوبر",
    "نوفمبر",
    "ديسمبر",
];
const LEVANT_AR: Year = [
    "كانون الثاني",
    "شباط",
    "آذار",
    "نيسان",
    "أيار",
    "حزيران",
    "تموز",
    "آب",
    "أيلول",
    "تشرين الأول",
    "تشرين الثاني",
    "كانون الأول",
];
const ALGERIA_AR: Year = [
    "جانفي",
    "فيفري",
    "مارس",
    "أفريل",
    "ماي",
    "جوان",
    "جويلية",
    "أوت",
    "سبتمبر",
    "أكتوبر",
    "نوفمبر",
    "ديسمبر",
];
const MOROCCO_AR: Year = [
    "يناير",
    "فبراير",
    "مارس",
    "أبريل",
    "ماي",
    "يونيو",
    "يوليوز",
    "غشت",
    "شتنبر",
    "أكتوبر",
    "نونبر",
    "دجنبر",
];
const GREGORIAN_FA: Year = [
    "ژانویه",
    "فوریه",
    "مارس",
    "آوریل",
    "مه",
    "ژوئن",
    "ژوئیه",
    "اوت",
    "سپتامبر",
    "اکتبر",
    "نوامبر",
    "دسامبر",
];
const GREGORIAN_DARI: Year = [
    "جنوری",
    "فبروری",
    "مارچ",
    "اپریل",
    "می",
    "جون",
    "جولای",
    "اگست",
    "سپتمبر",
    "اکتوبر",
    "نومبر",
    "دسمبر",
];
const GREGORIAN_HE: Year = [
    "ינואר",
    "פברואר",
    "מרץ",
    "אפריל",
    "מאי",
    "יוני",
    "יולי",
    "אוגוסט",
    "ספטמבר",
    "אוקטובר",
    "נובמבר",
    "דצמבר",
];
const GREGORIAN_UR: Year = [
    "جنوری",
    "فروری",
    "مارچ",
    "اپریل",
    "مئی",
    "جون",
    "جولائی",
    "اگست",
    "ستمبر",
    "اکتوبر",
    "نومبر",
    "دسمبر",
];
const GREGORIAN_EN: Year = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const PERSIAN_AR: Year = [
    "فرفردن",
    "أذربيهشت",
    "خرداد",
    "تار",
    "مرداد",
    "شهرفار",
    "مهر",
    "آيان",
    "آذر",
    "دي",
    "بهمن",
    "اسفندار",
];
const PERSIAN_FA: Year = [
    "فروردین",
    "اردیبهشت",
    "خرداد",
    "تیر",
    "مرداد",
    "شهریور",
    "مهر",
    "آبان",
    "آذر",
    "دی",
    "بهمن",
    "اسفند",
];
const PERSIAN_DARI: Year = [
    "حمل",
    "ثور",
    "جوزا",
    "سرطان",
    "اسد",
    "سنبلهٔ",
    "میزان",
    "عقرب",
    "قوس",
    "جدی",
    "دلو",
    "حوت",
];
const PERSIAN_HE: Year = [
    "פרורדין",
    "ארדיבהשת",
    "ח׳רדאד",
    "תיר",
    "מרדאד",
    "שהריור",
    "מהר",
    "אבאן",
    "אד׳ר",
    "די",
    "בהמן",
    "אספנד",
];
const PERSIAN_EN: Year = [
    "Farvardin",
    "Ordibehesht",
    "Khordad",
    "Tir",
    "Mordad",
    "Shahrivar",
    "Mehr",
    "Aban",
    "Azar",
    "Dey",
    "Bahman",
    "Esfand",
];
const HIJRI_AR: Year = [
    "محرم",
    "صفر",
    "ربيع الأول",
    "ربيع الآخر",
    "جمادى الأولى",
    "جمادى الآخرة",
    "رجب",
    "شعبان",
    "رمضان",
    "شوال",
    "ذو القعدة",
    "ذو الحجة",
];
const HIJRI_FA: Year = [
    "محرم",
    "صفر",
    "ربیع\u{200C}الاول",
    "ربیع\u{200C}الثانی",
    "جمادی\u{200C}الاول",
    "جمادی\u{200C}الثانی",
    "رجب",
    "شعبان",
    "رمضان",
    "شوال",
    "ذیقعده",
    "ذیحجه",
];
const HIJRI_HE: Year = [
    "מוחרם",
    "צפר",
    "רביע אל-אוול",
    "רביע א-ת׳אני",
    "ג׳ומאדא אל-אולא",
    "ג׳ומאדא א-ת׳אניה",
    "רג׳ב",
    "שעבאן",
    "רמדאן",
    "שוואל",
    "ד׳ו אל־קעדה",
    "ד׳ו אל־חיג׳ה",
];
const HIJRI_UR: Year = [
    "محرم",
    "صفر",
    "ربیع الاول",
    "ربیع الثانی",
    "جمادی الاول",
    "جمادی الثانی",
    "رجب",
    "شعبان",
    "رمضان",
    "شوال",
    "ذوالقعدۃ",
    "ذوالحجۃ",
];
const HIJRI_EN: Year = [
    "Muharram",
    "Safar",
    "Rabiʻ I",
    "Rabiʻ II",
    "Jumada I",
    "Jumada II",
    "Rajab",
    "Shaʻban",
    "Ramadan",
    "Shawwal",
    "Dhuʻl-Qiʻdah",
    "Dhuʻl-Hijjah",
];
const HEBREW_AR: Year = [
    "تشري",
    "مرحشوان",
    "كيسلو",
    "طيفت",
    "شباط",
    "آذار",
    "نيسان",
    "أيار",
    "سيفان",
    "تموز",
    "آب",
    "أيلول",
];
const HEBREW_FA: Year = [
    "تشری",
    "حشوان",
    "کسلو",
    "طوت",
    "شباط",
    "واذار",
    "نیسان",
    "ایار",
    "سیوان",
    "تموز",
    "آب",
    "ایلول",
];
const HEBREW_HE: Year = [
    "תשרי",
    "חשוון",
    "כסלו",
    "טבת",
    "שבט",
    "אדר",
    "ניסן",
    "אייר",
    "סיוון",
    "תמוז",
    "אב",
    "אלול",
];
const HEBREW_UR: Year = [
    "ٹشری",
    "هےشوان",
    "کسلیو",
    "تیویت",
    "شیوت",
    "آدر",
    "نسان",
    "ایئر",
    "سیون",
    "تموز",
    "او",
    "ای لول",
];
const HEBREW_EN: Year = [
    "Tishri", "Heshvan", "Kislev", "Tevet", "Shevat", "Adar", "Nisan", "Iyar", "Sivan",
    "Tamuz", "Av", "Elul",
];
