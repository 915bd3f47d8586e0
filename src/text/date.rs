//! Dates in words, in the calendar, month names and digits that the desk chose.
//!
//! Month names and patterns are CLDR 48's (rtl-rules C), written out here, so that no
//! default of a library or a machine can change a page; calendars are computed by ICU4X.
//! Numeric dates are never made (R29): their order is ambiguous in running Arabic.

use std::fmt;

use icu_calendar::types::MonthInfo;
use icu_calendar::{AnyCalendar, AnyCalendarKind, Date as AnyDate};
use jiff::civil::Date;

use crate::text::lang::Lang;
use crate::text::number::{normalise_digits, to_digits};

/// Which calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Calendar {
    /// Gregorian.
    Gregorian,
    /// Solar Hijri, as in Iran.
    Persian,
    /// Lunar Hijri, Umm al-Qura.
    HijriUmalqura,
    /// Lunar Hijri, tabular (civil).
    HijriCivil,
    /// Hebrew.
    Hebrew,
}

/// Which names an Arabic text gives the Gregorian months (R116).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Months {
    /// يناير
    Gregorian,
    /// كانون الثاني
    Levant,
    /// جانفي in Algeria and Tunisia; يناير, غشت in Morocco
    Maghreb,
    /// يناير/كانون الثاني
    Dual,
}

/// Which digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digits {
    /// 0123456789
    Latn,
    /// ٠١٢٣٤٥٦٧٨٩
    Arab,
    /// ۰۱۲۳۴۵۶۷۸۹
    Arabext,
}

/// How dates and numbers are written in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateStyle {
    /// Calendar.
    pub calendar: Calendar,
    /// Month names (Arabic only).
    pub months: Months,
    /// A second calendar, in parentheses.
    pub second: Option<Calendar>,
    /// Digits.
    pub digits: Digits,
}

impl DateStyle {
    /// The style of a language when the desk says nothing; pinned, never ambient (R115).
    pub fn default_for(lang: &Lang) -> Self {
        let (calendar, digits) = match lang.primary() {
            "fa" => (Calendar::Persian, Digits::Arabext),
            _ => (Calendar::Gregorian, Digits::Latn),
        };
        Self { calendar, months: Months::Gregorian, second: None, digits }
    }
}

/// A date that may be known to the month or the year only (EDTF level 0 and `~`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartialDate {
    /// A day.
    Day {
        /// The day.
        date: Date,
        /// Whether it is only about right.
        approximate: bool,
    },
    /// A month.
    Month {
        /// Year.
        year: i16,
        /// 1 to 12.
        month: i8,
        /// Whether it is only about right.
        approximate: bool,
    },
    /// A year.
    Year {
        /// Year.
        year: i16,
        /// Whether it is only about right.
        approximate: bool,
    },
}

impl PartialDate {
    /// The earliest day that it can mean; for sorting.
    pub fn first_day(&self) -> Date {
        match *self {
            Self::Day { date, .. } => date,
            Self::Month { year, month, .. } => {
                Date::new(year, month, 1).unwrap_or(Date::MIN)
            }
            Self::Year { year, .. } => Date::new(year, 1, 1).unwrap_or(Date::MIN),
        }
    }

    /// ISO 8601 with the precision it has: `2025`, `2025-01`, `2025-01-17`.
    pub fn iso(&self) -> String {
        match *self {
            Self::Day { date, .. } => date.to_string(),
            Self::Month { year, month, .. } => format!("{year:04}-{month:02}"),
            Self::Year { year, .. } => format!("{year:04}"),
        }
    }
}

/// Why a text is not a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateError {
    text: String,
    is_impossible: bool,
}

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_impossible {
            write!(f, "`{}` is not a day of the calendar", self.text)
        } else {
            write!(f, "`{}` is not a date", self.text)
        }
    }
}

/// Reads `2025-01-17`, `2025-01`, `2025`, each with `~` for "about"; Arabic-Indic and
/// Persian digits count as digits.
///
/// # Errors
///
/// The text has another form (`1/2/26`, `20260201`), or names no day (`2026-02-30`).
pub fn parse_partial(text: &str) -> Result<PartialDate, DateError> {
    let error = |is_impossible| DateError { text: text.to_owned(), is_impossible };
    let digits = normalise_digits(text.trim());
    let (plain, approximate) = match digits.strip_suffix('~') {
        Some(plain) => (plain, true),
        None => (&*digits, false),
    };
    let parts: Vec<&str> = plain.split('-').collect();
    let is_number = |it: &&str, len: usize| {
        it.len() == len && it.bytes().all(|byte| byte.is_ascii_digit())
    };
    let lens = [4, 2, 2];
    if 3 < parts.len() || !parts.iter().zip(lens).all(|(it, len)| is_number(it, len)) {
        return Err(error(false));
    }
    let number = |at: usize| parts.get(at).and_then(|it| it.parse::<i16>().ok());
    let year = number(0).ok_or_else(|| error(false))?;
    let month = number(1).and_then(|it| i8::try_from(it).ok());
    let day = number(2).and_then(|it| i8::try_from(it).ok());
    match (month, day) {
        (None, _) => Ok(PartialDate::Year { year, approximate }),
        (Some(month @ 1..=12), None) => {
            Ok(PartialDate::Month { year, month, approximate })
        }
        (Some(_), None) => Err(error(true)),
        (Some(month), Some(day)) => Date::new(year, month, day)
            .map(|date| PartialDate::Day { date, approximate })
            .map_err(|_| error(true)),
    }
}

/// Writes dates in one language and style.
#[derive(Debug, Clone)]
pub struct DateFormatter {
    lang: Lang,
    style: DateStyle,
}

impl DateFormatter {
    /// A formatter for a language.
    pub fn new(lang: &Lang, style: &DateStyle) -> Self {
        Self { lang: lang.clone(), style: style.clone() }
    }

    /// Digits of the style.
    pub fn digits(&self) -> Digits {
        self.style.digits
    }

    /// A day in words: `4 ديسمبر 2025`, with the second calendar if there is one.
    pub fn long(&self, date: Date) -> String {
        let first = self.in_calendar(date, self.style.calendar);
        match self.style.second {
            Some(second) => format!("{first} ({})", self.in_calendar(date, second)),
            None => first,
        }
    }

    /// A date with the precision it has.
    pub fn partial(&self, date: &PartialDate) -> String {
        let (text, approximate) = match *date {
            PartialDate::Day { date, approximate } => (self.long(date), approximate),
            PartialDate::Month { year, month, approximate } => {
                (self.month_year(year, month), approximate)
            }
            PartialDate::Year { year, approximate } => (self.year(year), approximate),
        };
        if !approximate {
            return text;
        }
        let about = match self.lang.primary() {
            "ar" => "نحو",
            "fa" => "حدود",
            "he" => "בערך",
            "ur" => "تقریباً",
            _ => "about",
        };
        format!("{about} {text}")
    }

    /// A Gregorian year in the digits of the style; precision does not survive another
    /// calendar, so the year stays Gregorian.
    pub fn year(&self, year: i16) -> String {
        to_digits(&year.to_string(), self.style.digits)
    }

    /// A Gregorian month by name.
    pub fn month(&self, month: i8) -> String {
        gregorian_month(&self.lang, self.style.months, month)
    }

    /// A Gregorian month and year.
    pub fn month_year(&self, year: i16, month: i8) -> String {
        format!("{} {}", self.month(month), self.year(year))
    }

    fn in_calendar(&self, date: Date, calendar: Calendar) -> String {
        let (year, day, month) = match converted(date, calendar) {
            None => (
                i32::from(date.year()),
                date.day().unsigned_abs(),
                gregorian_month(&self.lang, self.style.months, date.month()),
            ),
            Some((year, month, day)) => {
                (year, day, other_month(&self.lang, calendar, &month))
            }
        };
        let era = match (calendar, self.lang.primary()) {
            (Calendar::HijriUmalqura | Calendar::HijriCivil, "ar") => " هـ",
            (Calendar::HijriUmalqura | Calendar::HijriCivil, "fa") => " ه\u{200D}.ق.",
            (Calendar::HijriUmalqura | Calendar::HijriCivil, "ur") => " ہجری",
            (Calendar::HijriUmalqura | Calendar::HijriCivil, "en") => " AH",
            (Calendar::Persian, "ar") => " ه\u{200D}.ش",
            _ => "",
        };
        let text = match self.lang.primary() {
            "he" => format!("{day} ב{month} {year}{era}"),
            "ur" => format!("{day} {month}، {year}{era}"),
            _ => format!("{day} {month} {year}{era}"),
        };
        to_digits(&text, self.style.digits)
    }
}

/// Year, month and day in another calendar; `None` for the Gregorian.
fn converted(date: Date, calendar: Calendar) -> Option<(i32, MonthInfo, u8)> {
    let kind = match calendar {
        Calendar::Gregorian => return None,
        Calendar::Persian => AnyCalendarKind::Persian,
        Calendar::HijriUmalqura => AnyCalendarKind::HijriUmmAlQura,
        Calendar::HijriCivil => AnyCalendarKind::HijriTabularTypeIIFriday,
        Calendar::Hebrew => AnyCalendarKind::Hebrew,
    };
    let (month, day) = (date.month().unsigned_abs(), date.day().unsigned_abs());
    let iso = AnyDate::try_new_iso(i32::from(date.year()), month, day).ok()?;
    let other = iso.to_calendar(AnyCalendar::new(kind));
    let year = other.year().era_year_or_related_iso();
    Some((year, other.month(), other.day_of_month().0))
}

const GREGORIAN_AR: [&str; 12] = [
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
const LEVANT_AR: [&str; 12] = [
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
const ALGERIA_AR: [&str; 12] = [
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
const MOROCCO_AR: [&str; 12] = [
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
const GREGORIAN_FA: [&str; 12] = [
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
const GREGORIAN_HE: [&str; 12] = [
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
const GREGORIAN_UR: [&str; 12] = [
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
const GREGORIAN_EN: [&str; 12] = [
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

fn gregorian_month(lang: &Lang, months: Months, month: i8) -> String {
    let at = usize::from(month.unsigned_abs()).saturating_sub(1).min(11);
    let names = match (lang.primary(), months) {
        ("ar", Months::Dual) => return format!("{}/{}", GREGORIAN_AR[at], LEVANT_AR[at]),
        ("ar", Months::Levant) => LEVANT_AR,
        ("ar", Months::Maghreb) if lang.as_str().ends_with("-MA") => MOROCCO_AR,
        ("ar", Months::Maghreb) => ALGERIA_AR,
        ("ar", Months::Gregorian) => GREGORIAN_AR,
        ("fa", _) => GREGORIAN_FA,
        ("he", _) => GREGORIAN_HE,
        ("ur", _) => GREGORIAN_UR,
        _ => GREGORIAN_EN,
    };
    names[at].to_owned()
}

const PERSIAN_FA: [&str; 12] = [
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
const PERSIAN_AR: [&str; 12] = [
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
const PERSIAN_EN: [&str; 12] = [
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
const HIJRI_AR: [&str; 12] = [
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
const HIJRI_FA: [&str; 12] = [
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
const HIJRI_UR: [&str; 12] = [
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
const HIJRI_EN: [&str; 12] = [
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
const HEBREW_HE: [&str; 12] = [
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
const HEBREW_EN: [&str; 12] = [
    "Tishri", "Heshvan", "Kislev", "Tevet", "Shevat", "Adar", "Nisan", "Iyar", "Sivan",
    "Tamuz", "Av", "Elul",
];

/// Name of a month of another calendar, by its number in an ordinary year.
fn other_month(lang: &Lang, calendar: Calendar, month: &MonthInfo) -> String {
    let at = usize::from(month.number()).saturating_sub(1).min(11);
    let names = match (calendar, lang.primary()) {
        (Calendar::Persian, "fa" | "ur") => PERSIAN_FA,
        (Calendar::Persian, "ar") => PERSIAN_AR,
        (Calendar::Persian, _) => PERSIAN_EN,
        (Calendar::HijriUmalqura | Calendar::HijriCivil, "ar") => HIJRI_AR,
        (Calendar::HijriUmalqura | Calendar::HijriCivil, "fa") => HIJRI_FA,
        (Calendar::HijriUmalqura | Calendar::HijriCivil, "ur") => HIJRI_UR,
        (Calendar::HijriUmalqura | Calendar::HijriCivil, _) => HIJRI_EN,
        (Calendar::Hebrew, "he") => HEBREW_HE,
        (Calendar::Hebrew, _) => HEBREW_EN,
        (Calendar::Gregorian, _) => GREGORIAN_EN,
    };
    if month.to_input().is_leap() && calendar == Calendar::Hebrew {
        return if lang.primary() == "he" { "אדר א׳" } else { "Adar I" }.to_owned();
    }
    names[at].to_owned()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{Calendar, DateFormatter, DateStyle, Digits, Months, parse_partial};
    use crate::text::lang::Lang;

    #[track_caller]
    fn check(tag: &str, change: impl Fn(&mut DateStyle), expected: &str) {
        let lang = Lang::parse(tag).unwrap();
        let mut style = DateStyle::default_for(&lang);
        change(&mut style);
        let formatter = DateFormatter::new(&lang, &style);
        assert_eq!(formatter.long(date(2025, 12, 4)), expected, "{tag}");
    }

    #[test]
    fn c1_to_c14_a_day_in_words() {
        check("ar", |_| {}, "4 ديسمبر 2025");
        check("ar", |it| it.digits = Digits::Arab, "٤ ديسمبر ٢٠٢٥");
        check("ar-IQ", |it| it.months = Months::Levant, "4 كانون الأول 2025");
        check("ar-MA", |it| it.months = Months::Maghreb, "4 دجنبر 2025");
        check("ar", |it| it.months = Months::Dual, "4 ديسمبر/كانون الأول 2025");
        check("fa", |_| {}, "۱۳ آذر ۱۴۰۴");
        check("fa", |it| it.calendar = Calendar::Gregorian, "۴ دسامبر ۲۰۲۵");
        check("he", |_| {}, "4 בדצמבר 2025");
        check("ur", |_| {}, "4 دسمبر، 2025");
        check("en", |_| {}, "4 December 2025");
    }

    #[test]
    fn c33_c35_other_calendars() {
        let umalqura = |it: &mut DateStyle| it.calendar = Calendar::HijriUmalqura;
        check("ar", umalqura, "13 جمادى الآخرة 1447 هـ");
        let civil = |it: &mut DateStyle| it.calendar = Calendar::HijriCivil;
        check("ur", civil, "13 جمادی الثانی، 1447 ہجری");
        let second = |it: &mut DateStyle| it.second = Some(Calendar::Gregorian);
        check("fa", second, "۱۳ آذر ۱۴۰۴ (۴ دسامبر ۲۰۲۵)");
    }

    #[test]
    fn y17_dates_have_one_form() {
        let read =
            |text| parse_partial(text).map(|it| it.iso()).map_err(|it| it.to_string());
        assert_eq!(read("٢٠٢٥-٠١-١٧").as_deref(), Ok("2025-01-17"));
        assert_eq!(read("2025-01~").as_deref(), Ok("2025-01"));
        assert_eq!(read("2025").as_deref(), Ok("2025"));
        let impossible = "`2026-02-30` is not a day of the calendar";
        assert_eq!(read("2026-02-30").unwrap_err(), impossible);
        assert!(
            read("1/2/26").is_err() && read("20260201").is_err() && read("").is_err()
        );
        assert!(read("2025-13").is_err() && read("2025-1-7").is_err());
    }
}
