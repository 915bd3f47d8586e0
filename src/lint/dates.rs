//! Days that are named by their distance from today.
//!
//! A briefing is read for years, and «أمس» is then another day. A sentence that also gives
//! a year is clear. Words that as often mean "these days" or "a day" as they mean one day
//! («اليوم», "today", היום) count only with a part of the day or a weekday, and words that
//! somebody is quoted with do not count: they are his.

use std::ops::Range;

use crate::lint::Finding;
use crate::lint::passage::Passage;
use crate::lint::quotes::Quoted;
use crate::lint::stops::has_year;
use crate::load::FileKind;
use crate::text::fold::{fold, words};
use crate::text::isolate::terminal;
use crate::text::reading::sentences;

/// Expressions of a language; `|` stands between words of which any may stand there.
fn expressions(lang: &str) -> &'static [&'static str] {
    match lang {
        "ar" => &[
            "أمس|بالأمس|البارحة",
            "صباح|مساء|ظهر|عصر|فجر|ليل|ليلة اليوم|غد",
            "اليوم الأحد|الاثنين|الإثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت",
            "يوم غد",
            "غدًا|بعدغد",
            "بعد غد",
            "الأسبوع|الشهر|العام الماضي|المنصرم|الفائت|المقبل|القادم|الجاري|الحالي",
            "يناير|فبراير|مارس|أبريل|إبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر \
             الماضي|المنصرم|الفائت|المقبل|القادم|الجاري|الحالي",
            "شباط|آذار|نيسان|أيار|حزيران|تموز|آب|أيلول \
             الماضي|المنصرم|الفائت|المقبل|القادم|الجاري|الحالي",
            "كانون|تشرين الأول|الثاني الماضي|المنصرم|الفائت|المقبل|القادم|الجاري|الحالي",
            "الأحد|الاثنين|الإثنين|الثلاثاء|الأربعاء|الخميس|السبت \
             الماضي|الفائت|المقبل|القادم",
            "الجمعة الماضية|الفائتة|المقبلة|القادمة",
            "السنة الماضية|المنصرمة|المقبلة|القادمة|الجارية|الحالية",
        ],
        "fa" | "prs" => &[
            "دیروز|پریروز|دیشب|فردا|پارسال",
            "صبح|عصر|ظهر|بامداد امروز|فردا",
            "امروز شنبه|یکشنبه|دوشنبه|سه‌شنبه|چهارشنبه|پنج‌شنبه|جمعه",
            "هفته|هفته‌ی|ماه|سال گذشته|آینده|جاری",
            "فروردین|اردیبهشت|خرداد|تیر|مرداد|شهریور|مهر|آبان|آذر|دی|بهمن|اسفند \
             گذشته|آینده",
        ],
        "ur" => &["گزشتہ|آئندہ روز|ہفتے|ہفتہ|ماہ|مہینے|سال", "آج|کل صبح|شام|رات|دوپہر"],
        "he" => &[
            "אתמול|שלשום|מחר|מחרתיים|הבוקר|אמש",
            "היום בבוקר|בערב|בצהריים",
            "בשבוע|בחודש|השבוע|החודש שעבר|הבא",
            "בשנה|השנה שעברה|הבאה",
        ],
        "en" => &[
            "yesterday|tomorrow|tonight",
            "this morning|afternoon|evening",
            "earlier|later today",
            "last|next week|month|year|monday|tuesday|wednesday|thursday|friday|saturday|sunday",
            "last|next january|february|april|june|july|august|september|october",
            "last|next november|december",
        ],
        _ => &[],
    }
}

/// Reports a relative date in a briefing, where its sentence gives no year.
pub(super) fn relative_date(passage: &Passage, findings: &mut Vec<Finding>) {
    let lang = passage.lang.primary();
    if passage.kind != FileKind::Briefing || expressions(lang).is_empty() {
        return;
    }
    let expressions = folded_expressions(lang);
    let quoted = Quoted::new(&passage.text);
    for sentence in sentences(&passage.text) {
        let text = passage.part(&sentence);
        if has_year(text) {
            continue;
        }
        for found in relative_dates(text, lang, &expressions) {
            let range = sentence.start + found.start..sentence.start + found.end;
            if quoted.contains(&range) {
                continue;
            }
            let message = format!(
                "`{}` is clear only on the day of publication, and the sentence names no year",
                terminal(passage.part(&range))
            );
            let finding =
                Finding::warning("relative-date", passage.place(&range), message)
                    .with_help("write the date with its year, or add it in the sentence");
            findings.push(finding);
        }
    }
}

/// A word of an expression, folded, and whether it must be written with its tanwin:
/// without it «غدا» is a verb.
type Wanted = (String, bool);

/// The expressions of a language, each as a list of words and what may stand for them.
fn folded_expressions(lang: &str) -> Vec<Vec<Vec<Wanted>>> {
    let word =
        |it: &str| (folded(it), it.ends_with("\u{64B}ا") || it.ends_with("ا\u{64B}"));
    let words = |it: &str| it.split('|').map(word).collect();
    expressions(lang).iter().map(|it| it.split(' ').map(words).collect()).collect()
}

/// A folded word, also without the hamza that only joins it to the next one («هفتهٔ»).
fn folded(word: &str) -> String {
    fold(word).replace('\u{654}', "")
}

fn relative_dates(
    text: &str,
    lang: &str,
    expressions: &[Vec<Vec<Wanted>>],
) -> Vec<Range<usize>> {
    let all: Vec<Word<'_>> = words(text)
        .filter_map(|range| {
            let written = text.get(range.clone())?;
            let after = text.get(range.end..).unwrap_or_default();
            Some(Word { folded: folded(written), written, after, range })
        })
        .filter(|it| !it.folded.is_empty())
        .collect();
    let mut result: Vec<Range<usize>> = Vec::new();
    for (at, first) in all.iter().enumerate() {
        if result.last().is_some_and(|it| first.range.start < it.end) {
            continue;
        }
        let rest = all.get(at..).unwrap_or_default();
        let found = expressions.iter().find(|it| begins(rest, lang, it));
        let Some(last) = found.and_then(|it| rest.get(it.len() - 1)) else { continue };
        let before = at.checked_sub(1).and_then(|it| all.get(it));
        if before.is_some_and(|it| is_of_no_day(it, lang)) {
            continue;
        }
        let next = found.and_then(|it| rest.get(it.len())).map(|it| it.folded.as_str());
        if !is_another_word(&first.folded, &last.folded, next) {
            result.push(first.range.start..last.range.end);
        }
    }
    result
}

/// Whether a word makes a figure of the next one: "the last week of March", and «روسیهٔ
/// فردا», the Russia of tomorrow.
fn is_of_no_day(word: &Word<'_>, lang: &str) -> bool {
    match lang {
        "en" => word.folded == "the",
        "fa" | "prs" => {
            let is_joined = word.written.ends_with(['ۀ', '\u{654}']);
            is_joined || word.after.starts_with('\u{654}')
        }
        _ => false,
    }
}

/// A word of the text.
struct Word<'a> {
    range: Range<usize>,
    written: &'a str,
    /// The text behind it.
    after: &'a str,
    folded: String,
}

/// Whether words begin with an expression.
fn begins(words: &[Word<'_>], lang: &str, expression: &[Vec<Wanted>]) -> bool {
    expression.len() <= words.len()
        && expression.iter().zip(words).enumerate().all(|(at, (wanted, word))| {
            let bare = match lang {
                "ar" if at == 0 => word.folded.strip_prefix(['و', 'ف']),
                "he" if at == 0 => word.folded.strip_prefix('ו'),
                _ => None,
            };
            wanted.iter().any(|(it, needs_tanwin)| {
                let is_word = word.folded == *it || bare == Some(it.as_str());
                is_word && (!needs_tanwin || word.written.contains('\u{64B}'))
            })
        })
}

/// «في أمسّ الحاجة», «بالأمس القريب» and «منتصف ليل اليوم الثلاثين» name no day.
fn is_another_word(first: &str, last: &str, next: Option<&str>) -> bool {
    let Some(next) = next else { return false };
    let is_need = next.starts_with("الحاج") || next.starts_with("حاج");
    let is_which = last == "اليوم" && next.starts_with("ال") && !WEEKDAYS.contains(&next);
    is_which || (first.contains("امس") && (is_need || next == "القريب"))
}

/// Days of the week, folded.
const WEEKDAYS: [&str; 7] =
    ["الاحد", "الاثنين", "الثلاثاء", "الاربعاء", "الخميس", "الجمعه", "السبت"];

#[cfg(test)]
mod tests {
    use super::{folded_expressions, relative_dates};

    #[track_caller]
    fn check(lang: &str, text: &str, expected: &[&str]) {
        let found = relative_dates(text, lang, &folded_expressions(lang));
        let found: Vec<&str> = found.into_iter().filter_map(|it| text.get(it)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn r54_days_by_their_distance_from_today() {
        check("ar", "قال أمس إن الوفد يصل غدًا", &["أمس", "غدًا"]);
        check("ar", "وصل صباح اليوم والشهر المقبل", &["صباح اليوم", "والشهر المقبل"]);
        check("ar", "اليوم الأحد وأمس الاثنين", &["اليوم الأحد", "وأمس"]);
        check(
            "fa",
            "دیروز و هفتهٔ گذشته و هفته گذشته",
            &["دیروز", "هفتهٔ گذشته", "هفته گذشته"],
        );
        check("ar", "في فبراير/شباط الماضي", &["شباط الماضي"]);
        check("ar", "يناير/كانون الثاني الماضي", &["كانون الثاني الماضي"]);
        check("en", "last February and on Sunday next", &["last February"]);
        check("he", "הוא אמר אתמול ובשבוע שעבר", &["אתמול", "ובשבוע שעבר"]);
        check(
            "en",
            "He said yesterday that next month is open",
            &["yesterday", "next month"],
        );
        check("ur", "گزشتہ ہفتے", &["گزشتہ ہفتے"]);
    }

    #[test]
    fn r54_words_that_name_no_day() {
        check("ar", "ثلاثة ملايين برميل في اليوم", &[]);
        check("ar", "في اليوم التالي وحتى اليوم، وهي اليوم أقوى", &[]);
        check("ar", "في أمس الحاجة إلى الماء كما كانت بالأمس القريب", &[]);
        check("ar", "بعد منتصف ليل اليوم الثلاثين", &[]);
        check("ar", "غدا الممر أهم من قبل", &[]);
        check("ar", "خلال الأعوام الماضية والقرن الماضي والأسبوع الأول", &[]);
        check("fa", "امروز این راه مهم است و هر هفته یک بار", &[]);
        check("fa", "روسیۀ دیروز و روسیهٔ فردا", &[]);
        check("he", "עד היום הזה", &[]);
        check("en", "the last week of March, as the next may be", &[]);
        check("en", "the last years, today’s market, last but not least", &[]);
        check("ur", "کل تعداد", &[]);
    }
}
