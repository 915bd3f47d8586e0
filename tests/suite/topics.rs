//! Topic pages and the A–Z, on small sites in memory. "Today" is 1 January 2026.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use mujaz::diag::{Diagnostic, Severity};
use quick_xml::events::{BytesStart, Event};

use crate::golden::build;
use crate::output::demo;

const SITE: &str = "title: موجز\nbase_url: https://example.org/\n";

/// Pages of a site, by path; there must be no errors.
fn site(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    let has_config = files.iter().any(|(path, _)| *path == "content/site.yaml");
    let config = (!has_config).then_some(("content/site.yaml", SITE));
    let files: Vec<(String, Vec<u8>)> = config
        .iter()
        .chain(files)
        .map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()))
        .collect();
    let (built, memory, _) = build(&files);
    let is_error = |it: &&Diagnostic| it.severity == Severity::Error;
    let errors: Vec<_> = built.diagnostics.iter().filter(is_error).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let files = memory.files.into_inner().unwrap();
    let is_page = |path: &String| path.ends_with(".html");
    files
        .into_iter()
        .filter(|(path, _)| is_page(path))
        .map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap()))
        .collect()
}

fn briefing(title: &str, date: &str, topics: &str, text: &str) -> String {
    format!("---\ntitle: {title}\ndate: {date}\ntopics: [{topics}]\n---\n{text}\n")
}

/// What a reader reads: the text without tags, spaces made one.
fn text(html: &str) -> String {
    let mut text = String::new();
    for part in html.split('<') {
        text.push_str(part.split_once('>').map_or(part, |it| it.1));
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The part of a page from an id to the end of its section.
fn section<'a>(page: &'a str, id: &str) -> &'a str {
    let (_, rest) = page.split_once(&format!("id=\"{id}\"")).expect(id);
    rest.split("</section>\n<section class=\"section\"").next().unwrap()
}

/// The elements of a class, each as text.
fn texts(html: &str, open: &str, close: &str) -> Vec<String> {
    let parts = html.split(open).skip(1);
    parts.map(|it| text(&format!("<{}", it.split(close).next().unwrap()))).collect()
}

const IRAN: (&str, &str) = ("content/topics/iran.yaml", "title: إيران\nkind: country\n");
const RUSSIA: (&str, &str) =
    ("content/topics/russia.yaml", "title: روسيا\nkind: country\n");

#[test]
fn a_briefing_is_quoted_with_up_to_three_sentences_and_the_first_is_visible() {
    let body = "زار الوفد إيران أمس. ثم غادر. عاد إلى إيران اليوم. وفي إيران بقي. \
                وإيران بعيدة.";
    let a = briefing("عنوان", "2025-01-02", "iran", body);
    let pages = site(&[IRAN, ("content/briefings/a.md", &a)]);
    let page = &pages["topics/إيران/index.html"];
    let (visible, folded) = page.split_once("<details>").unwrap();
    assert!(visible.contains("<p>زار الوفد <mark>إيران</mark> أمس.</p>"), "{visible}");
    assert_eq!(visible.matches("<mark>").count(), 1);
    assert!(folded.contains("<summary>جملتان أخريان</summary>"));
    assert!(folded.contains("<p>عاد إلى <mark>إيران</mark> اليوم.</p>"));
    assert!(folded.contains("<p>وفي <mark>إيران</mark> بقي.</p>"));
    assert_eq!(folded.matches("<mark>").count(), 2);
}

#[test]
fn r85_r38_a_long_sentence_is_cut_at_words_and_its_isolates_are_closed() {
    let before = "كلمات طويلة قبل الاسم ".repeat(20);
    let after = " وكلمات طويلة بعد الاسم".repeat(20);
    let body = format!("\u{2067}{before}إيران{after}\u{2069} أمس.");
    let a = briefing("عنوان", "2025-01-02", "iran", &body);
    let pages = site(&[IRAN, ("content/briefings/a.md", &a)]);
    let page = &pages["topics/إيران/index.html"];
    let quote = texts(page, "backlink__sentences quiet", "</p>").remove(0);
    assert!(quote.chars().count() < 320, "{quote}");
    assert!(quote.starts_with('…') && quote.ends_with('…'), "{quote}");
    let whole: Vec<&str> = body.split([' ', '\u{2067}', '\u{2069}']).collect();
    for word in quote.split(' ').map(|it| it.trim_matches('…')) {
        let word = word.trim_matches(['\u{2067}', '\u{2069}', '…']);
        assert!(word.is_empty() || whole.contains(&word), "`{word}` is cut");
    }
    let n = |it: char| quote.matches(it).count();
    assert_eq!(n('\u{2067}'), n('\u{2069}'));
    assert!(page.contains("<mark>إيران</mark>"));
}

#[test]
fn a_sentence_keeps_the_language_and_direction_of_its_briefing() {
    let config =
        "title: موجز\nbase_url: https://example.org/\nlang: ar\nlanguages: [ar, en]\n";
    let iran = "title: {ar: إيران, en: Iran}\nkind: country\n";
    let a = briefing("Visit", "2025-01-02", "iran", "They went to Iran.");
    let pages = site(&[
        ("content/site.yaml", config),
        ("content/topics/iran.yaml", iran),
        ("content/briefings/a.en.md", &a),
    ]);
    let page = &pages["en/topics/iran/index.html"];
    // On a page of its own language it needs no attributes of its own (R5).
    assert!(
        page.contains("<blockquote class=\"backlink__sentences quiet\"><p>They went to")
    );
    assert!(!pages["topics/إيران/index.html"].contains("They went"));
}

#[test]
fn first_and_latest_mention_have_a_date_in_words_and_leave_undated_briefings_out() {
    let a = briefing("الأقدم", "2024-03-05", "iran", "نص.");
    let b = briefing("الأوسط", "2024-11-01", "iran", "نص.");
    let c = briefing("الأحدث", "2025-02-07", "", "ورد اسم إيران هنا.");
    let d = "بلا تاريخ\n\nنص طويل عن إيران.\n";
    let pages = site(&[
        IRAN,
        ("content/briefings/a.md", &a),
        ("content/briefings/b.md", &b),
        ("content/briefings/c.md", &c),
        ("content/briefings/d.txt", d),
    ]);
    let page = &pages["topics/إيران/index.html"];
    let (_, rest) = page.split_once("<dl class=\"topic__span").unwrap();
    let span = text(rest.split("</dl>").next().unwrap());
    let expected = "آخر ذكر 7 فبراير 2025 الأحدث أول ذكر 5 مارس 2024 الأقدم";
    assert!(span.ends_with(expected), "{span}");
    let pages =
        site(&[IRAN, ("content/briefings/a.md", &a), ("content/briefings/d.txt", d)]);
    assert!(!pages["topics/إيران/index.html"].contains("topic__span"));
}

#[test]
fn briefings_about_a_topic_come_before_those_that_only_name_it() {
    let old = briefing("عن إيران", "2020-01-01", "iran", "نص.");
    let new = briefing("ذكر عابر", "2025-01-01", "", "زار إيران.");
    let pages =
        site(&[IRAN, ("content/briefings/a.md", &old), ("content/briefings/b.md", &new)]);
    let page = &pages["topics/إيران/index.html"];
    let titles = texts(page, "<h3 class=\"backlink__title\"", "</h3>");
    assert_eq!(titles, ["عن إيران", "ذكر عابر"]);
    assert!(page.find("id=\"mz-about\"").unwrap() < page.find("عن إيران</a>").unwrap());
    assert!(
        page.find("id=\"mz-mentions\"").unwrap()
            < page.find("ذكر عابر</a></h3>").unwrap()
    );
}

#[test]
fn a_chronology_is_one_line_newest_first_and_keeps_the_precision_of_dates() {
    let iran = "title: إيران\nkind: country\nrelations:\n\
        - {rel: member_of, to: sco, from: 2025-03}\n\
        - {rel: party_to, to: deal, from: 2024-01-17, until: 2025~}\n";
    let deal = "title: الاتفاق\nkind: agreement\ndates: {from: 2024-01-17}\n";
    let sco = "title: المنظمة\nkind: organisation\n";
    let talks = "title: المحادثات\nkind: event\nparent: [iran]\n\
        dates: {from: 2025-03-01, to: 2025-03-23}\n";
    let year = "title: القمة\nkind: event\nparent: [iran]\ndates: {from: 2025}\n";
    let a = briefing("إحاطة آذار", "2025-03-09", "iran", "نص.");
    let b = briefing("إحاطة شباط", "2025-02-01", "iran", "نص.");
    let pages = site(&[
        ("content/topics/iran.yaml", iran),
        ("content/topics/deal.yaml", deal),
        ("content/topics/sco.yaml", sco),
        ("content/topics/talks.yaml", talks),
        ("content/topics/summit.yaml", year),
        ("content/briefings/a.md", &a),
        ("content/briefings/b.md", &b),
    ]);
    let page = section(&pages["topics/إيران/index.html"], "mz-chronology");
    let lines = texts(page, "<li class=\"event\"", "</li>");
    assert_eq!(
        lines,
        [
            "9 مارس إحاطة إحاطة آذار",
            "من 1 مارس إلى 23 مارس حدث المحادثات",
            "مارس انضمام المنظمة",
            "1 فبراير إحاطة إحاطة شباط",
            "حدث القمة",
            "نحو 2025 انسحاب الاتفاق",
            // Joining on the day of the agreement is not said twice.
            "17 يناير اتفاقية الاتفاق",
        ]
    );
    assert_eq!(texts(page, "<h3 class=\"chronology__year\"", "</h3>"), ["2025", "2024"]);
    assert!(page.contains("datetime=\"2025-03\">مارس<"), "{page}");
}

#[test]
fn a_topic_that_only_has_briefings_has_no_chronology() {
    let a = briefing("أول", "2025-03-09", "iran", "نص.");
    let b = briefing("ثان", "2025-02-01", "iran", "نص.");
    let pages =
        site(&[IRAN, ("content/briefings/a.md", &a), ("content/briefings/b.md", &b)]);
    assert!(!pages["topics/إيران/index.html"].contains("mz-chronology"));
}

#[test]
fn a_long_chronology_says_how_much_it_leaves_out_and_leads_there() {
    let deal =
        "title: الاتفاق\nkind: agreement\ndates: {from: 2015-07}\nsummary: اتفاق.\n";
    let texts_of: Vec<(String, String)> = (0..70)
        .map(|n| {
            let date = format!("2025-{:02}-{:02}", n / 28 + 1, n % 28 + 1);
            let text = briefing(&format!("إحاطة {n}"), &date, "deal", "نص.");
            (format!("content/briefings/b{n}.md"), text)
        })
        .collect();
    let mut files = vec![("content/topics/deal.yaml", deal)];
    files.extend(texts_of.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let pages = site(&files);
    let page = &pages["topics/الاتفاق/index.html"];
    let chronology = section(page, "mz-chronology");
    let lines = texts(chronology, "<li class=\"event\"", "</li>");
    assert_eq!(lines.len(), 41);
    assert_eq!(lines.last().unwrap(), "يوليو اتفاقية الاتفاق");
    let rest = texts(chronology, "<p class=\"chronology__rest meta\"", "</p>");
    assert_eq!(rest, ["30 مدخلًا أقدم لا تظهر هنا، وتجدها في قائمة الإحاطات"]);
    let (_, link) = chronology.split_once("chronology__rest").unwrap();
    let href = link.split("href=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(href.ends_with("/2/"), "{href}");
    assert!(pages.contains_key("topics/الاتفاق/2/index.html"));
    assert!(!pages["topics/الاتفاق/2/index.html"].contains("mz-chronology"));
}

const ORG: &str = "title: الوكالة\nkind: organisation\nsummary: منظمة.\n";
const GROSSI: &str = "title: غروسي\nkind: person\nrelations:\n\
    - {rel: head_of, to: iaea, from: 2019-12-03, note: المدير العام}\n\
    - {rel: ambassador_of, to: argentina, from: 2013, until: 2019}\n\
    - {rel: owns, to: house}\n";
const AMANO: &str = "title: أمانو\nkind: person\nrelations:\n\
    - {rel: head_of, to: iaea, from: 2009-12-01, until: 2019-07-18, note: المدير العام}\n";

fn offices() -> BTreeMap<String, String> {
    site(&[
        ("content/topics/iaea.yaml", ORG),
        ("content/topics/grossi.yaml", GROSSI),
        ("content/topics/amano.yaml", AMANO),
        ("content/topics/argentina.yaml", "title: الأرجنتين\nkind: country\n"),
        ("content/topics/house.yaml", "title: البيت\nkind: place\nsummary: بيت.\n"),
        (
            "content/topics/iran.yaml",
            "title: إيران\nkind: country\nrelations: [{rel: member_of, to: iaea, from: 1958}]\n",
        ),
    ])
}

/// The groups of a table of relations: label and lines.
fn groups(page: &str, id: &str) -> Vec<String> {
    let (_, rest) = page.split_once(&format!("id=\"{id}\"")).expect(id);
    texts(rest.split("</dl>").next().unwrap(), "<div class=\"relations__row\"", "</div>")
}

#[test]
fn a_person_has_roles_with_dates_the_current_ones_first() {
    let pages = offices();
    let page = &pages["topics/غروسي/index.html"];
    assert_eq!(
        groups(page, "mz-roles"),
        [
            "المدير العام الوكالة منذ 3 ديسمبر 2019",
            "\u{2068}ambassador of\u{2069} الأرجنتين سابقًا، من 2013 إلى 2019",
        ]
    );
    // What is no role stays among the relations.
    assert_eq!(groups(page, "mz-relations"), ["\u{2068}owns\u{2069} البيت"]);
}

#[test]
fn an_organisation_shows_who_leads_it_who_did_and_who_belongs_to_it() {
    let pages = offices();
    assert_eq!(
        groups(&pages["topics/الوكالة/index.html"], "mz-roles"),
        [
            "المدير العام غروسي منذ 3 ديسمبر 2019 أمانو سابقًا، من 1 ديسمبر 2009 إلى 18 \
             يوليو 2019",
            "الأعضاء إيران منذ 1958",
        ]
    );
    assert!(pages["topics/الوكالة/index.html"].contains(">القيادة والأعضاء</h2>"));
    // Membership of a country is one of its relations.
    assert_eq!(
        groups(&pages["topics/إيران/index.html"], "mz-relations"),
        ["عضوية الوكالة منذ 1958"]
    );
}

#[test]
fn a_made_up_relation_says_from_the_other_side_that_it_is_the_inverse() {
    let pages = offices();
    assert_eq!(
        groups(&pages["topics/البيت/index.html"], "mz-relations"),
        ["\u{2068}owns\u{2069} (من الطرف الآخر) غروسي"]
    );
}

#[test]
fn a_topic_without_briefings_says_so_and_has_no_empty_sections() {
    let pages = site(&[(
        "content/topics/iran.yaml",
        "title: إيران\nkind: country\nsummary: دولة.\n",
    )]);
    let page = &pages["topics/إيران/index.html"];
    assert!(page.contains("لا إحاطات عن هذا الموضوع بعد."));
    let main = page.split("<main").nth(1).unwrap().split("</main>").next().unwrap();
    assert_eq!(main.matches("<h2").count(), 0, "{main}");
    assert_eq!(main.matches("<section").count(), 0);
    assert!(main.contains("feed.xml"), "its feed is there from the first day");
}

#[test]
fn a_topic_named_once_without_text_is_a_line_of_the_list_with_the_sentence() {
    let rosatom = "title: روساتوم\nkind: organisation\naliases: {ar: [الشركة الروسية]}\n";
    let once = briefing("المحطة", "2025-01-02", "", "بنتها روساتوم في بوشهر.");
    let topic = ("content/topics/rosatom.yaml", rosatom);
    let pages = site(&[topic, ("content/briefings/a.md", &once)]);
    assert!(!pages.contains_key("topics/روساتوم/index.html"));
    let list = &pages["topics/index.html"];
    let (_, line) = list.split_once("<li id=\"rosatom\">").unwrap();
    let line = line.split("</li>").next().unwrap();
    assert!(!line.contains("#rosatom"), "the line does not lead to itself");
    assert_eq!(
        text(line),
        "روساتوم منظمة إحاطة واحدة أسماء أخرى: الشركة الروسية ورد الاسم في: المحطة \
         بنتها روساتوم في بوشهر."
    );
    assert!(line.contains("<mark>روساتوم</mark>"));
    let article = pages.iter().find(|(path, _)| path.starts_with("briefings/")).unwrap();
    assert!(article.1.contains("href=\"/topics/#rosatom\">روساتوم</a>"));

    let twice = briefing("المحطة", "2025-01-02", "", "بنتها روساتوم. وعادت روساتوم.");
    let pages = site(&[topic, ("content/briefings/a.md", &twice)]);
    assert!(pages.contains_key("topics/روساتوم/index.html"));
    let (_, line) = pages["topics/index.html"].split_once("<li id=\"rosatom\">").unwrap();
    assert!(!line.split("</li>").next().unwrap().contains("<mark>"));
}

#[test]
fn a_line_in_the_list_is_where_links_of_every_language_lead() {
    let config = "title: موجز\nbase_url: https://example.org/\nlanguages: [ar, en]\n";
    let topic = "title: روساتوم\nkind: organisation\naliases: {en: [Rosatom]}\n";
    let a = briefing("The plant", "2025-01-02", "", "Rosatom built it.");
    let pages = site(&[
        ("content/site.yaml", config),
        ("content/topics/rosatom.yaml", topic),
        ("content/briefings/a.en.md", &a),
    ]);
    let article = pages.iter().find(|(path, _)| path.contains("briefings/")).unwrap().1;
    assert!(article.contains("href=\"/en/topics/#rosatom\""));
    assert!(pages["en/topics/index.html"].contains("<li id=\"rosatom\">"));
}

#[test]
fn what_appears_together_is_ranked_by_the_numbers_that_readers_see() {
    let names = [("iran", "إيران"), ("russia", "روسيا"), ("china", "الصين")];
    let mut files = Vec::new();
    for (id, title) in names {
        let yaml = format!("title: {title}\nkind: country\n");
        files.push((format!("content/topics/{id}.yaml"), yaml));
    }
    let bodies = ["إيران وروسيا.", "إيران وروسيا.", "إيران\n\nوالصين وروسيا."];
    for (n, body) in bodies.iter().enumerate() {
        let text = briefing(&format!("إحاطة {n}"), "2025-01-02", "iran", body);
        files.push((format!("content/briefings/b{n}.md"), text));
    }
    let files: Vec<(&str, &str)> =
        files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let pages = site(&files);
    let page = &pages["topics/إيران/index.html"];
    assert_eq!(
        texts(section(page, "mz-appears-with"), "<li class=\"topic-card\"", "</li>"),
        ["1روسيا دولة معًا في 3 إحاطات", "2الصين دولة معًا في إحاطة واحدة"]
    );
    assert!(!page.contains("<svg class=\"arcs\""), "two topics make no picture");
}

#[test]
fn topics_of_one_shared_briefing_are_left_out_after_the_fifth() {
    let mut files = Vec::new();
    for n in 0..9 {
        let yaml = format!("title: موضوع {n}\nkind: theme\nsummary: قضية.\n");
        files.push((format!("content/topics/t{n}.yaml"), yaml));
    }
    let all = "t0, t1, t2, t3, t4, t5, t6, t7, t8";
    let text = briefing("إحاطة", "2025-01-02", all, "نص.");
    files.push(("content/briefings/b.md".to_owned(), text));
    let files: Vec<(&str, &str)> =
        files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let page = &site(&files)["topics/موضوع-0/index.html"];
    let list =
        texts(section(page, "mz-appears-with"), "<li class=\"topic-card\"", "</li>");
    assert_eq!(list.len(), 5, "{list:?}");
}

#[test]
fn r14_an_office_keeps_the_language_of_its_title() {
    let config = "title: موجز\nbase_url: https://example.org/\nlanguages: [ar, en]\n";
    let iaea = "title: {ar: الوكالة, en: Agency}\nkind: organisation\n";
    let grossi = "title: {ar: غروسي, en: Grossi}\nkind: person\nrelations:\n\
        - {rel: head_of, to: iaea, from: 2019, note: {ar: المدير العام}}\n";
    let pages = site(&[
        ("content/site.yaml", config),
        ("content/topics/iaea.yaml", iaea),
        ("content/topics/grossi.yaml", grossi),
    ]);
    let page = &pages["en/topics/grossi/index.html"];
    assert!(page.contains("<dt><bdi lang=\"ar\" dir=\"rtl\">المدير العام</bdi></dt>"));
}

/// A box in a picture: left, top, right, bottom.
type Box4 = (i64, i64, i64, i64);

fn number(element: &BytesStart<'_>, name: &str) -> i64 {
    word(element, name).parse().unwrap()
}

fn word(element: &BytesStart<'_>, name: &str) -> String {
    let attribute = element.try_get_attribute(name).unwrap().expect(name);
    attribute.value.into_owned()
}

/// Checks one picture: well-formed, labels inside it, apart from each other, and on the
/// other side of the dots than the arcs. Gives the number of dots and of arcs.
fn check_picture(path: &str, svg: &str) -> (usize, usize) {
    let mut reader = quick_xml::Reader::from_str(svg);
    let (mut size, mut labels, mut open) = ((0, 0), Vec::<Box4>::new(), None);
    let (mut dots, mut arcs, mut has_title) = (Vec::<Box4>::new(), Vec::new(), false);
    loop {
        match reader.read_event().unwrap_or_else(|it| panic!("{path}: {it}")) {
            Event::Eof => break,
            Event::Start(it) if it.name().as_ref() == "svg" => {
                assert_eq!(word(&it, "direction"), "ltr", "R93");
                assert_eq!(word(&it, "role"), "img");
                size = (number(&it, "width"), number(&it, "height"));
            }
            Event::Start(it) if it.name().as_ref() == "title" => has_title = true,
            Event::Start(it) if it.name().as_ref() == "text" => {
                assert!(it.try_get_attribute("textLength").unwrap().is_none(), "R94");
                let is_rtl = word(&it, "direction") == "rtl";
                let goes_left = is_rtl == (word(&it, "text-anchor") == "start");
                open = Some((number(&it, "x"), number(&it, "y"), goes_left));
            }
            Event::Text(it) => {
                let Some((x, y, goes_left)) = open.take() else { continue };
                // A letter of the theme's fonts is 8 wide at most, on the average.
                let is_mark =
                    |it: &char| matches!(it, '\u{200C}' | '\u{64B}'..='\u{65F}');
                let n_letters = it.chars().filter(|it| !is_mark(it)).count();
                let width = i64::try_from(n_letters).unwrap() * 8;
                let (left, right) =
                    if goes_left { (x - width, x) } else { (x, x + width) };
                labels.push((left, y - 14, right, y + 5));
            }
            Event::Empty(it) if it.name().as_ref() == "circle" => {
                let (x, y) = (number(&it, "cx"), number(&it, "cy"));
                let r = number(&it, "r");
                dots.push((x - r, y - r, x + r, y + r));
            }
            Event::Empty(it) if it.name().as_ref() == "path" => {
                arcs.push(word(&it, "d"));
            }
            _ => {}
        }
    }
    assert!(has_title, "{path}");
    let is_apart =
        |a: &Box4, b: &Box4| a.2 <= b.0 || b.2 <= a.0 || a.3 <= b.1 || b.3 <= a.1;
    for (at, label) in labels.iter().enumerate() {
        let is_inside =
            0 <= label.0 && label.2 <= size.0 && 0 <= label.1 && label.3 <= size.1;
        assert!(is_inside, "{path}: {label:?} in {size:?}");
        let others = labels.iter().skip(at + 1).chain(&dots);
        for other in others {
            assert!(is_apart(label, other), "{path}: {label:?} and {other:?}");
        }
        for arc in &arcs {
            let reach = reach(arc);
            assert!(is_apart(label, &reach), "{path}: {label:?} and {arc}");
            assert!(0 <= reach.0 && reach.2 <= size.0, "{path}: {arc}");
        }
    }
    (dots.len(), arcs.len())
}

/// The box of an arc `Mx yArx ry 0 0 sweep x end`.
fn reach(path: &str) -> Box4 {
    let path = path.replace(['M', 'A'], " ");
    let n: Vec<i64> = path.split_whitespace().map(|it| it.parse().unwrap()).collect();
    let [x, top, rx, ry, 0, 0, sweep, end_x, end] = n[..] else { panic!("{path}") };
    assert_eq!((x, 2 * ry), (end_x, end - top), "half of an ellipse");
    if sweep == 1 { (x, top, x + rx, end) } else { (x - rx, top, x, end) }
}

#[test]
fn r93_r94_pictures_are_well_formed_and_nothing_in_them_overlaps() {
    let mut n_pictures = BTreeMap::new();
    for (path, bytes) in demo().iter().filter(|(path, _)| path.ends_with(".html")) {
        let html = std::str::from_utf8(bytes).unwrap();
        for part in html.split("<svg class=\"arcs\"").skip(1) {
            let svg = format!("<svg{}</svg>", part.split("</svg>").next().unwrap());
            let (n_dots, n_arcs) = check_picture(path, &svg);
            assert!(4 <= n_dots && n_arcs <= n_dots, "{path}");
            let is_ltr = path.starts_with("en/");
            // The picture of a page from right to left is mirrored.
            let side = if is_ltr { " 0 0 1 " } else { " 0 0 0 " };
            assert_eq!(svg.matches(side).count(), n_arcs, "{path}");
            *n_pictures.entry(is_ltr).or_insert(0) += 1;
        }
    }
    assert!(10 < n_pictures[&true] && 10 < n_pictures[&false], "{n_pictures:?}");
}

#[test]
fn a_long_name_in_a_picture_takes_lines_of_its_own() {
    let mut files = vec![(
        "content/topics/main.yaml".to_owned(),
        "title: الموضوع\nkind: theme\n".to_owned(),
    )];
    let mut listed = "main".to_owned();
    for n in 0..5 {
        let name = "مؤسسة دولية ذات اسم طويل جدا لا ينتهي قبل آخر السطر".to_owned();
        files.push((
            format!("content/topics/t{n}.yaml"),
            format!("title: {name} {n}\nkind: organisation\nsummary: منظمة.\n"),
        ));
        let _ = write!(listed, ", t{n}");
    }
    for n in 0..3 {
        let text = briefing(&format!("إحاطة {n}"), "2025-01-02", &listed, "نص.");
        files.push((format!("content/briefings/b{n}.md"), text));
    }
    let files: Vec<(&str, &str)> =
        files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let pages = site(&files);
    let page = &pages["topics/الموضوع/index.html"];
    let (_, svg) = page.split_once("<svg class=\"arcs\"").unwrap();
    let svg = format!("<svg{}</svg>", svg.split("</svg>").next().unwrap());
    let (n_dots, n_arcs) = check_picture("topics/الموضوع", &svg);
    assert_eq!((n_dots, n_arcs), (5, 5));
    assert_eq!(svg.matches("<text").count(), 15, "three lines for each name");
    assert!(svg.contains("<title>الموضوعات المقترنة: الموضوع</title>"));
}

#[test]
fn sub_topics_stand_on_the_page_above_with_their_counts() {
    let file = "title: الملف\nkind: theme\n";
    let deal = "title: الاتفاق\nkind: agreement\nparent: [file]\n";
    let a = briefing("عنوان", "2025-01-02", "deal", "نص.");
    let pages = site(&[
        ("content/topics/file.yaml", file),
        ("content/topics/deal.yaml", deal),
        ("content/briefings/a.md", &a),
        RUSSIA,
    ]);
    let page = &pages["topics/الملف/index.html"];
    let children = texts(section(page, "mz-children"), "<li>", "</li>");
    assert_eq!(children, ["الاتفاق اتفاقية إحاطة واحدة"]);
    let below = &pages["topics/الاتفاق/index.html"];
    assert_eq!(texts(below, "<nav class=\"breadcrumbs", "</nav>"), ["الملف"]);
}
