//! Dates in words, in the calendar, month names and digits that the desk chose.
//!
//! Month names and patterns are CLDR 48's (rtl-rules C), written out here, so that no
//! default of a library or a machine can change a page; calendars are computed by ICU4X.
//! Numeric dates are never made (R29): their order is ambiguous in running Arabic.

use std::fmt;

use icu_calendar::{AnyCalendar, AnyCalendarKind, Date as AnyDate};
use jiff::civil::Date;

use crate::text::hebrew_numeral::hebrew_numeral;
use crate::text::lang::Lang;
use crate::text::month_names;
use crate::text::number::{Numbers, normalise_digits, to_digits};
use crate::text::parts::{Parts, range};

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
    ///
    /// The region of a tag chooses the names of the months, its extension `u` calendar and
    /// digits: `ar-IQ`, `ar-u-nu-arab`, `fa-u-ca-gregory`.
    pub fn default_for(lang: &Lang) -> Self {
        let calendar = match (lang.unicode_key("ca"), lang.primary()) {
            (Some("gregory"), _) => Calendar::Gregorian,
            (Some("persian"), _) => Calendar::Persian,
            (Some("islamic-umalqura"), _) => Calendar::HijriUmalqura,
            (Some("islamic-civil"), _) => Calendar::HijriCivil,
            (Some("hebrew"), _) => Calendar::Hebrew,
            (_, "fa") => Calendar::Persian,
            _ => Calendar::Gregorian,
        };
        let digits = match (lang.unicode_key("nu"), lang.primary(), lang.region()) {
            (Some("latn"), ..) => Digits::Latn,
            (Some("arab"), ..) => Digits::Arab,
            (Some("arabext"), ..) | (_, "fa", _) | (_, "ur", Some("IN")) => {
                Digits::Arabext
            }
            _ => Digits::Latn,
        };
        let months = match (lang.primary(), lang.region()) {
            ("ar", Some("IQ" | "SY" | "LB" | "JO" | "PS")) => Months::Levant,
            ("ar", Some("MA" | "DZ" | "TN")) => Months::Maghreb,
            _ => Months::Gregorian,
        };
        Self { calendar, months, second: None, digits }
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

    /// Numbers of the language in the digits of the style.
    pub fn numbers(&self) -> Numbers {
        Numbers::new(&self.lang, self.style.digits)
    }

    /// A day in words: `4 ديسمبر 2025`, with the second calendar if there is one.
    pub fn long(&self, date: Date) -> String {
        let first = self.in_calendar(date, self.style.calendar).text();
        match self.style.second {
            Some(second) => {
                format!("{first} ({})", self.in_calendar(date, second).text())
            }
            None => first,
        }
    }

    /// A day in words with the day of the week: `الخميس، 4 ديسمبر 2025`.
    pub fn full(&self, date: Date) -> String {
        let day = date.weekday().to_sunday_zero_offset().unsigned_abs();
        let (name, separator) = month_names::weekday(&self.lang, usize::from(day));
        format!("{name}{separator}{}", self.long(date))
    }

    /// From one day to another; what both have in common is said once (R24):
    /// `4–9 ديسمبر 2025`, `۴ تا ۹ دسامبر ۲۰۲۵`.
    pub fn range(&self, from: Date, to: Date) -> Parts {
        let mut parts = self.range_in(from, to, self.style.calendar);
        if let Some(second) = self.style.second {
            parts.push(" (");
            parts.append(self.range_in(from, to, second));
            parts.push(")");
        }
        parts
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
        month_names::gregorian(&self.lang, self.style.months, month)
    }

    /// A Gregorian month and year.
    pub fn month_year(&self, year: i16, month: i8) -> String {
        let months = self.style.months;
        let name = month_names::gregorian_before_year(&self.lang, months, month);
        format!("{name} {}", self.year(year))
    }

    /// Month and year of a day in the calendar of the style: `آذر ۱۴۰۴` (R118).
    pub fn month_year_of(&self, date: Date) -> String {
        let day = self.in_calendar(date, self.style.calendar);
        format!("{} {}", day.month, day.year)
    }

    fn in_calendar(&self, date: Date, calendar: Calendar) -> Written {
        let lang = &self.lang;
        let (year, day, month) = match converted(date, calendar) {
            None => {
                let months = self.style.months;
                let name = month_names::gregorian_before_year(lang, months, date.month());
                let day = date.day().unsigned_abs();
                (i32::from(date.year()), day, name)
            }
            Some(it) => {
                let name = month_names::other(
                    lang,
                    calendar,
                    it.month,
                    it.is_leap_month,
                    it.is_leap_year,
                );
                (it.year, it.day, name.to_owned())
            }
        };
        let is_in_letters = calendar == Calendar::Hebrew && lang.primary() == "he";
        let written = |number: i32| match u16::try_from(number) {
            Ok(number) if is_in_letters => hebrew_numeral(number),
            _ => to_digits(&number.to_string(), self.style.digits),
        };
        let (before_month, before_year) = match lang.primary() {
            "he" => (" ב", " "),
            "ur" => (" ", "، "),
            _ => (" ", " "),
        };
        Written {
            day: written(i32::from(day)),
            before_month,
            month,
            before_year,
            year: format!("{}{}", written(year), month_names::era(lang, calendar)),
            year_number: year,
        }
    }

    fn range_in(&self, from: Date, to: Date, calendar: Calendar) -> Parts {
        let (first, last) =
            (self.in_calendar(from, calendar), self.in_calendar(to, calendar));
        if from == to {
            return Parts::single(first.text());
        }
        let (dash, wide_dash) = if self.lang.primary() == "fa" {
            (" تا ", " تا ")
        } else {
            ("–", " – ")
        };
        let mut parts = Parts::default();
        let is_same_year = first.year_number == last.year_number;
        if is_same_year && first.month == last.month {
            let is_number = last.day.chars().all(char::is_numeric);
            if self.lang.primary() == "he" && is_number {
                // Two bare numbers would change places (R24).
                parts.append(range(&self.lang, &first.day, &last.day));
                parts.push(last.month_and_year());
            } else {
                parts.push(format!("{}{dash}{}", first.day, last.text()));
            }
        } else if is_same_year {
            parts.push(format!(
                "{}{}{}{wide_dash}{}",
                first.day,
                first.before_month,
                first.month,
                last.text()
            ));
        } else {
            parts.push(format!("{}{wide_dash}{}", first.text(), last.text()));
        }
        parts
    }
}

/// A day in one calendar, in words.
struct Written {
    day: String,
    before_month: &'static str,
    month: String,
    before_year: &'static str,
    /// With what names the calendar.
    year: String,
    year_number: i32,
}

impl Written {
    fn text(&self) -> String {
        format!("{}{}", self.day, self.month_and_year())
    }

    fn month_and_year(&self) -> String {
        let Self { before_month, month, before_year, year, .. } = self;
        format!("{before_month}{month}{before_year}{year}")
    }
}

/// A day of another calendar.
struct Converted {
    year: i32,
    /// In the order of an ordinary year.
    month: u8,
    day: u8,
    is_leap_month: bool,
    is_leap_year: bool,
}

/// A day in another calendar; `None` for the Gregorian.
fn converted(date: Date, calendar: Calendar) -> Option<Converted> {
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
    let month = other.month();
    Some(Converted {
        year: other.year().era_year_or_related_iso(),
        month: month.number(),
        day: other.day_of_month().0,
        is_leap_month: month.to_input().is_leap(),
        is_leap_year: other.is_in_leap_year(),
    })
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
