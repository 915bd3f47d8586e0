//! Citations as reference managers take them: the tags of a page by the rules that Zotero
//! has for them, BibTeX by counting braces, RIS line by line.

use std::collections::BTreeMap;

use expect_test::expect;

use crate::golden::build;
use crate::markup::{Markup, unescape};
use crate::output::demo;
use crate::rtl_html::four;

fn file(path: &str, text: &str) -> (String, Vec<u8>) {
    (path.to_owned(), text.as_bytes().to_vec())
}

/// Tags of a page whose name begins with `citation_`, in order.
fn tags(html: &str) -> Vec<(String, String)> {
    let page = Markup::read(html);
    let tags = page.tags.iter().filter(|it| it.name == "meta");
    let tags = tags.filter_map(|it| {
        let name = it.get("name").filter(|it| it.starts_with("citation_"))?;
        Some((name.to_owned(), unescape(it.get("content")?)))
    });
    tags.collect()
}

fn all<'a>(tags: &'a [(String, String)], name: &str) -> Vec<&'a str> {
    tags.iter().filter(|it| it.0 == name).map(|it| it.1.as_str()).collect()
}

/// Family and given name.
type Creator = (String, String);

/// What Zotero makes of the authors' tags: each is cut at semicolons; one that has none is
/// cut at commas when both halves of the first cut have an inner space. Of each piece, the
/// part before a comma is the family name, else the word behind the last space.
fn creators(tags: &[&str]) -> Vec<Creator> {
    let mut creators = Vec::new();
    for tag in tags {
        let mut pieces: Vec<&str> = tag.split(';').map(str::trim).collect();
        if let [one] = pieces[..] {
            let by_comma: Vec<&str> = one.split(',').map(str::trim).collect();
            if let [first, second, ..] = by_comma[..]
                && first.contains(' ')
                && second.contains(' ')
            {
                pieces = by_comma;
            }
        }
        for piece in pieces {
            if !piece.chars().any(char::is_alphanumeric) {
                continue;
            }
            let is_edge = |it: char| it.is_whitespace() || ".,/[]:".contains(it);
            let name = piece.trim_matches(is_edge);
            // Only the first run of spaces becomes a plain one.
            let name = match name.find(char::is_whitespace) {
                Some(at) => {
                    let (start, rest) = name.split_at(at);
                    format!("{start} {}", rest.trim_start())
                }
                None => name.to_owned(),
            };
            let creator = if piece.contains(',') {
                let mut parts = name.split(',').map(str::trim);
                let family = parts.next().unwrap_or_default();
                (family.to_owned(), parts.next().unwrap_or_default().to_owned())
            } else {
                match name.rsplit_once(' ') {
                    Some((given, family)) => (family.to_owned(), given.to_owned()),
                    None => (name, String::new()),
                }
            };
            creators.push(creator);
        }
    }
    let plain = |it: String| it.replace('\u{A0}', " ");
    creators.into_iter().map(|(family, given)| (plain(family), plain(given))).collect()
}

/// A field of BibTeX as a reader sees it: TeX's commands as letters, braces gone.
fn read_tex(value: &str) -> String {
    let mut text = value.to_owned();
    let commands = [
        ("\\textbraceleft{}", "\u{1}"),
        ("\\textbraceright{}", "\u{2}"),
        ("\\textbackslash{}", "\u{3}"),
        ("\\textasciitilde{}", "~"),
        ("\\textasciicircum{}", "^"),
        ("\\%", "%"),
        ("\\&", "&"),
        ("\\$", "$"),
        ("\\#", "#"),
        ("\\_", "_"),
    ];
    for (command, letter) in commands {
        text = text.replace(command, letter);
    }
    assert!(!text.contains('\\'), "{value}");
    text = text.replace(['{', '}'], "");
    text.replace('\u{1}', "{").replace('\u{2}', "}").replace('\u{3}', "\\")
}

/// The key and the fields of a file with one entry.
#[track_caller]
fn read_bibtex(text: &str) -> (String, BTreeMap<String, String>) {
    let rest = text.strip_prefix("@report{").expect("one report");
    let (key, mut rest) = rest.split_once(',').unwrap();
    let mut fields = BTreeMap::new();
    while let Some((name, after)) = rest.split_once(" = {") {
        // A reader counts braces, whatever stands before them.
        let mut depth = 1;
        let end = after.find(|it: char| {
            depth += match it {
                '{' => 1,
                '}' => -1,
                _ => 0,
            };
            depth == 0
        });
        let (value, after) = after.split_at(end.expect("braces balance"));
        fields.insert(name.trim().to_owned(), value.to_owned());
        rest = after.strip_prefix("},").unwrap();
    }
    assert_eq!(rest.trim(), "}", "{text}");
    (key.to_owned(), fields)
}

#[track_caller]
fn read_ris(text: &str) -> Vec<(&str, &str)> {
    assert!(!text.replace("\r\n", "").contains(['\r', '\n']), "every line ends in CRLF");
    let lines: Vec<(&str, &str)> = text
        .split_terminator("\r\n")
        .map(|line| line.split_once("  - ").unwrap_or_else(|| panic!("{line}")))
        .collect();
    assert_eq!(lines.first(), Some(&("TY", "RPRT")));
    assert_eq!(lines.last(), Some(&("ER", "")));
    for (tag, value) in &lines {
        assert!(
            tag.len() == 2
                && tag.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit()),
            "{tag}"
        );
        assert!(*tag == "ER" || !value.trim().is_empty(), "{tag}");
    }
    lines
}

const SITE: &str = "title: موجز\nbase_url: https://x.example/\n";

/// The page of the briefing `a` and its two files.
fn briefing(files: &[(String, Vec<u8>)]) -> [String; 3] {
    let (built, memory, _) = build(files);
    let is_error =
        |it: &&mujaz::diag::Diagnostic| it.severity == mujaz::diag::Severity::Error;
    let errors: Vec<_> = built.diagnostics.iter().filter(is_error).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let mut files = memory.files.into_inner().unwrap();
    ["index.html", "cite.bib", "cite.ris"].map(|name| {
        String::from_utf8(files.remove(&format!("briefings/a/{name}")).unwrap()).unwrap()
    })
}

fn with_authors(authors: &[&str]) -> Vec<(String, Vec<u8>)> {
    let mut files = vec![file("content/site.yaml", SITE)];
    let mut ids = Vec::new();
    for (at, name) in authors.iter().enumerate() {
        ids.push(format!("author-{at}"));
        files.push(file(
            &format!("content/authors/author-{at}.yaml"),
            &format!("name: '{name}'\n"),
        ));
    }
    let text = format!(
        "---\ntitle: عنوان\nslug: a\ndate: 2025-04-20\nauthors: [{}]\n---\nنص الإحاطة.\n",
        ids.join(", ")
    );
    files.push(file("content/briefings/a.md", &text));
    files
}

#[track_caller]
fn check_creators(names: &[&str], expected: &[(&str, &str)]) {
    let [html, _, _] = briefing(&with_authors(names));
    let tags = tags(&html);
    let found = creators(&all(&tags, "citation_author"));
    let expected: Vec<Creator> =
        expected.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    assert_eq!(found, expected);
}

#[test]
fn an_author_stays_one_author() {
    // The plain form would become two: both halves have a space.
    assert_eq!(creators(&["آل نهيان, عبد الله بن زايد"]).len(), 2);
    let house = ("آل نهيان", "عبد الله بن زايد");
    check_creators(&["عبد الله بن زايد آل نهيان"], &[house]);
    check_creators(&["آل نهيان, عبد الله بن زايد"], &[house]);
    check_creators(
        &["García Márquez, Gabriel José"],
        &[("García Márquez", "Gabriel José")],
    );
    check_creators(&["د. سامر العاني"], &[("العاني", "سامر")]);
    check_creators(&["Dr. Layla Alhasan"], &[("Alhasan", "Layla")]);
    let two = [("الحسن", "ليلى"), ("العاني", "سامر")];
    check_creators(&["أ.د. ليلى الحسن", "سامر العاني"], &two);
    check_creators(&["رويترز"], &[("رويترز", "")]);
}

#[test]
fn a_page_is_filed_as_a_report_of_its_desk() {
    let mut n_briefings = 0;
    for (path, bytes) in demo().iter().chain(four()) {
        if !path.ends_with(".html") {
            continue;
        }
        let html = std::str::from_utf8(bytes).unwrap();
        let tags = tags(html);
        let is_briefing = html.contains("page--briefing");
        assert_eq!(tags.is_empty(), !is_briefing, "{path}");
        if !is_briefing {
            continue;
        }
        n_briefings += 1;
        for name in [
            "citation_title",
            "citation_technical_report_institution",
            "citation_language",
            "citation_public_url",
        ] {
            assert_eq!(all(&tags, name).len(), 1, "{path}: {name}");
        }
        let page = Markup::read(html);
        let canonical = page.tags.iter().find(|it| it.get("rel") == Some("canonical"));
        let url = canonical.and_then(|it| it.get("href")).unwrap();
        assert_eq!(all(&tags, "citation_public_url"), [url], "{path}");
        let lang = page.tags.iter().find(|it| it.name == "html").unwrap();
        assert_eq!(all(&tags, "citation_language"), [lang.get("lang").unwrap()]);
        // What would change the type of the item.
        for name in ["citation_journal_title", "citation_isbn", "citation_reference"] {
            assert!(all(&tags, name).is_empty());
        }
        for date in all(&tags, "citation_publication_date")
            .iter()
            .chain(&all(&tags, "citation_online_date"))
        {
            assert!(
                date.replace('/', "-").parse::<jiff::civil::Date>().is_ok(),
                "{path}: {date}"
            );
            assert_eq!(date.matches('/').count(), 2, "{path}: {date}");
        }
        // As many authors as the byline has, each cut into two names or kept whole.
        let byline = page.tags.iter().position(|it| it.has_class("briefing__authors"));
        let n_names = byline.map_or(0, |_| {
            page.tags
                .iter()
                .enumerate()
                .filter(|(it, tag)| {
                    tag.name == "bdi"
                        && page.around(*it).any(|it| it.has_class("briefing__authors"))
                })
                .count()
        });
        assert_eq!(creators(&all(&tags, "citation_author")).len(), n_names, "{path}");
        let keywords = all(&tags, "citation_keywords").join("");
        let n_topics = page
            .tags
            .iter()
            .filter(|it| it.get("property") == Some("article:tag"))
            .count();
        assert_eq!(
            keywords.split(';').filter(|it| !it.trim().is_empty()).count(),
            n_topics,
            "{path}"
        );
    }
    assert!(25 < n_briefings, "{n_briefings}");
}

#[test]
fn files_of_every_briefing_can_be_read() {
    let mut keys = Vec::new();
    for (path, bytes) in demo() {
        let text = std::str::from_utf8(bytes).unwrap_or_default();
        if path.ends_with("cite.bib") {
            let (key, fields) = read_bibtex(text);
            for field in ["title", "institution", "url", "langid"] {
                assert!(fields.contains_key(field), "{path}: {field}");
            }
            assert!(!fields.contains_key("urldate"), "{path}: nobody has read it yet");
            let url = &fields["url"];
            assert!(url.starts_with("https://") && url.is_ascii(), "{path}");
            if let Some(date) = fields.get("date") {
                assert!(date.parse::<jiff::civil::Date>().is_ok(), "{path}");
            }
            assert!(
                key.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-'),
                "{key}"
            );
            keys.push(key);
        } else if path.ends_with("cite.ris") {
            read_ris(text);
        }
        if path.ends_with("sitemap.xml")
            || path.ends_with("feed.xml")
            || path == "graph.json"
        {
            assert!(
                !text.contains("cite.bib") && !text.contains("webmanifest"),
                "{path}"
            );
        }
    }
    let n_keys = keys.len();
    keys.sort();
    keys.dedup();
    assert!(20 < n_keys && keys.len() == n_keys, "{keys:?}");
}

#[test]
fn signs_of_tex_come_back_as_they_were() {
    let title = r#"50% {of} \big_things & #1 ~x^2 $5 } "q" and more"#;
    let yaml = title.replace('\'', "''");
    let files = [
        file(
            "content/site.yaml",
            "title: 'A & B and {C}'\nbase_url: https://x.example/\nlang: en\n",
        ),
        file(
            "content/briefings/a.md",
            &format!(
                "---\ntitle: '{yaml}'\nslug: a\ndate: 2025-04-20\nauthors: ['R&D {{Desk}} and 100%']\n---\nText.\n"
            ),
        ),
    ];
    let [html, bibtex, ris] = briefing(&files);
    let (_, fields) = read_bibtex(&bibtex);
    assert_eq!(read_tex(&fields["title"]), title);
    assert_eq!(read_tex(&fields["institution"]), "A & B and {C}");
    assert_eq!(read_tex(&fields["author"]), "R&D {Desk} and 100%");
    // At depth 0 "and" would make two authors of it.
    assert!(fields["author"].starts_with('{') && fields["author"].ends_with('}'));
    let ris = read_ris(&ris);
    assert!(ris.contains(&("TI", title)));
    assert_eq!(all(&tags(&html), "citation_title"), [title]);
}

#[test]
fn an_undated_text_is_cited_without_dates() {
    let files = [
        file("content/site.yaml", SITE),
        file(
            "content/briefings/a.txt",
            "عنوان قصير\n\nنص بلا تاريخ لا يعرفه أحد سوى كاتبه وقارئه.\n",
        ),
        file("content/briefings/a.yaml", "slug: a\n"),
    ];
    let [html, bibtex, ris] = briefing(&files);
    let tags = tags(&html);
    assert!(all(&tags, "citation_publication_date").is_empty());
    assert!(all(&tags, "citation_author").is_empty());
    let (_, fields) = read_bibtex(&bibtex);
    assert!(!fields.contains_key("date") && !fields.contains_key("author"));
    assert!(read_ris(&ris).iter().all(|(tag, _)| !["PY", "DA", "AU"].contains(tag)));
}

/// An Arabic briefing with two authors, whose family names have one word and two.
fn two_authors() -> [String; 3] {
    briefing(&[
        file("content/site.yaml", SITE),
        file("content/authors/a.yaml", "name: {ar: د. ليلى الحسن}\n"),
        file("content/authors/b.yaml", "name: {ar: عبد الله بن زايد آل نهيان}\n"),
        file(
            "content/topics/iran.yaml",
            "title: {ar: إيران}\nkind: country\nidentifiers: {wikidata: Q794}\n",
        ),
        file(
            "content/briefings/a.md",
            "---\ntitle: ما بعد NATO\nslug: a\ndate: 2025-04-20\nupdated: 2025-05-01\nkind: analysis\nnumber: MB-7\nauthors: [a, b]\ntopics: [iran]\nsummary: ملخص من سطر.\n---\nنص الإحاطة.\n",
        ),
    ])
}

#[test]
fn an_arabic_briefing_with_two_authors_is_cited() {
    let [html, bibtex, ris] = two_authors();
    let tags: Vec<String> = tags(&html)
        .into_iter()
        .map(|(name, content)| format!("{name}: {content}\n"))
        .collect();
    expect![[r#"
        citation_title: ما بعد NATO
        citation_author: ليلى الحسن
        citation_author: آل~نهيان, عبد~الله~بن~زايد
        citation_publication_date: 2025/04/20
        citation_online_date: 2025/05/01
        citation_technical_report_institution: موجز
        citation_technical_report_number: MB-7
        citation_language: ar
        citation_public_url: https://x.example/briefings/a/
        citation_keywords: إيران
        citation_abstract: ملخص من سطر.
    "#]]
    .assert_eq(&tags.concat().replace('\u{A0}', "~"));
    expect![[r#"
        @report{a,
          author = {الحسن, ليلى and {آل نهيان}, عبد الله بن زايد},
          title = {{ما بعد NATO}},
          type = {تحليل},
          institution = {{موجز}},
          number = {MB-7},
          date = {2025-04-20},
          langid = {arabic},
          url = {https://x.example/briefings/a/},
        }
    "#]]
    .assert_eq(&bibtex);
    expect![[r#"
        TY  - RPRT
        ID  - a
        AU  - الحسن, ليلى
        AU  - آل نهيان, عبد الله بن زايد
        TI  - ما بعد NATO
        M3  - تحليل
        PB  - موجز
        SN  - MB-7
        PY  - 2025
        DA  - 2025/04/20
        LA  - ar
        KW  - إيران
        AB  - ملخص من سطر.
        UR  - https://x.example/briefings/a/
        ER  - 
    "#]]
    .assert_eq(&ris.replace("\r\n", "\n"));
}

#[test]
fn an_arabic_briefing_with_two_authors_says_what_it_is() {
    let [html, _, _] = two_authors();
    let graph = crate::structured_data::graph(&html);
    expect![[r#"
        {
          "@type": "AnalysisNewsArticle",
          "about": [
            {
              "@type": "Country",
              "name": "إيران",
              "sameAs": [
                "https://www.wikidata.org/wiki/Q794"
              ],
              "url": "https://x.example/topics/%D8%A5%D9%8A%D8%B1%D8%A7%D9%86/"
            }
          ],
          "abstract": "ملخص من سطر.",
          "author": [
            {
              "@type": "Person",
              "name": "ليلى الحسن",
              "url": "https://x.example/authors/%D8%AF-%D9%84%D9%8A%D9%84%D9%89-%D8%A7%D9%84%D8%AD%D8%B3%D9%86/"
            },
            {
              "@type": "Person",
              "name": "عبد الله بن زايد آل نهيان",
              "url": "https://x.example/authors/%D8%B9%D8%A8%D8%AF-%D8%A7%D9%84%D9%84%D9%87-%D8%A8%D9%86-%D8%B2%D8%A7%D9%8A%D8%AF-%D8%A2%D9%84-%D9%86%D9%87%D9%8A%D8%A7%D9%86/"
            }
          ],
          "dateModified": "2025-05-01",
          "datePublished": "2025-04-20",
          "headline": "ما بعد NATO",
          "identifier": "MB-7",
          "inLanguage": "ar",
          "publisher": {
            "@type": "NewsMediaOrganization",
            "correctionsPolicy": "https://x.example/corrections/",
            "name": "موجز",
            "url": "https://x.example/"
          },
          "timeRequired": "PT1M",
          "url": "https://x.example/briefings/a/",
          "wordCount": 2
        }"#]].assert_eq(&format!("{:#}", graph[0]));
}

#[test]
fn an_old_address_cannot_stand_where_a_file_of_the_site_is() {
    for alias in ["/briefings/a/cite.bib", "/site.webmanifest"] {
        let files = [
            file("content/site.yaml", SITE),
            file(
                "content/briefings/a.md",
                &format!(
                    "---\ntitle: عنوان\nslug: a\ndate: 2025-04-20\naliases: [{alias}]\n---\nنص.\n"
                ),
            ),
        ];
        let (built, _, _) = build(&files);
        let codes: Vec<&str> = built.diagnostics.iter().map(|it| it.code).collect();
        assert_eq!(codes, ["slug-collision"], "{alias}");
    }
}
