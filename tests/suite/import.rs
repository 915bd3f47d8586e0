//! `mujaz import` with the real program: samples of other programs, made for this test,
//! lose no word and no key, and build; hostile files change nothing.

use std::collections::BTreeSet;
use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use mujaz::import::{Input, Origin, Request};
use mujaz::load;
use proptest::prelude::*;
use serde_json::Value;
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn mujaz(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_mujaz"))
        .args(args)
        .current_dir(dir)
        .output()
        .unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import")
}

fn files(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut waiting = vec![dir.to_owned()];
    let mut all = Vec::new();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(fs::read_dir(path).unwrap().map(|it| it.unwrap().path()));
        } else {
            let name = path.strip_prefix(dir).unwrap().to_str().unwrap().to_owned();
            all.push((name, fs::read(path).unwrap()));
        }
    }
    all.sort();
    all
}

/// A copy of the small site that everything is imported into.
fn site() -> TempDir {
    let dir = TempDir::new().unwrap();
    for (name, bytes) in files(&samples().join("site")) {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    dir
}

/// Imports into a new site, which then builds, and gives it with the report.
#[track_caller]
fn import(path: &Path) -> (TempDir, Value) {
    let dir = site();
    let report = import_into(dir.path(), path);
    let built = mujaz(dir.path(), &["build"]);
    assert_eq!(built.status.code(), Some(0), "{}", stderr(&built));
    (dir, report)
}

#[track_caller]
fn import_into(dir: &Path, path: &Path) -> Value {
    let args = ["import", path.to_str().unwrap(), "--format", "json"];
    let run = mujaz(dir, &args);
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    serde_json::from_slice(&run.stdout).unwrap()
}

fn read(dir: &TempDir, path: &str) -> String {
    let all = || files(dir.path()).into_iter().map(|(it, _)| it).collect::<Vec<_>>();
    let text = fs::read_to_string(dir.path().join(path));
    text.unwrap_or_else(|_| panic!("{path} is not among {:#?}", all()))
}

fn words(text: &str) -> BTreeSet<String> {
    let words = text.split(|it: char| !it.is_alphanumeric());
    words.filter(|it| 1 < it.chars().count()).map(str::to_lowercase).collect()
}

/// Every word of the sources is in the site or in the report, but for those of `marks`.
#[track_caller]
fn check_nothing_is_lost(sources: &[String], dir: &TempDir, report: &Value, marks: &str) {
    let mut found = words(&report.to_string());
    for (name, bytes) in files(&dir.path().join("content")) {
        found.extend(words(&name));
        found.extend(words(&String::from_utf8_lossy(&bytes)));
    }
    let marks = words(marks);
    for source in sources {
        let lost: Vec<String> = words(source)
            .into_iter()
            .filter(|it| !found.contains(it) && !marks.contains(it))
            .collect();
        assert!(lost.is_empty(), "lost {lost:?} of {source}");
    }
}

fn texts(folder: &str, is_text: impl Fn(&str) -> bool) -> Vec<String> {
    let all = files(&samples().join(folder)).into_iter().filter(|(it, _)| is_text(it));
    all.map(|(_, it)| String::from_utf8(it).unwrap()).collect()
}

#[track_caller]
fn check_note(report: &Value, sort: &str, part: &str) {
    let notes = report["notes"].as_array().unwrap();
    let is_it = |it: &&Value| {
        it["sort"] == sort && it["message"].as_str().unwrap().contains(part)
    };
    assert!(notes.iter().any(|it| is_it(&it)), "no note «{part}» in {report:#}");
}

#[test]
fn a_site_of_hugo_comes_over_with_its_bundles_translations_and_addresses() {
    let (dir, report) = import(&samples().join("hugo"));
    let is_text = |it: &str| it.ends_with(".md");
    // What only Hugo obeys: keys of ours have other names, and these words are its own.
    let marks = "lastmod description series_order false figure attr ref relref youtube path \
                 draft categories publishDate aliases cover javascript alert true class note \
                 cascade type brief div params src caption keywords highlight";
    check_nothing_is_lost(&texts("hugo", is_text), &dir, &report, marks);

    let corridor = read(&dir, "content/briefings/corridor.md");
    for part in [
        "title: \"الممر: قراءة في الأرقام #1\"",
        "date: 2024-05-12T09:30:00+03:00",
        "updated: 2024-06-01",
        "authors: [ليلى الحسن, سامي عودة]",
        "topics: [iran, ports]",
        "summary: \"سطر يلخص ما في النص.\"",
        "id: series-1\n  number: 2",
        "/2024/old-corridor",
        "toc: true",
        "colour: \"no\"",
        "![خريطة الممر بمحطاته](corridor/map.png \"المحطات الثلاث (قسم الخرائط)\")",
        "[قراءة العقوبات](briefing:sanctions)",
        "[الأرقام](corridor/numbers.csv)",
        "[صفحة من نحن](page:about)",
        "[^1]: بحسب بيان الهيئة.",
    ] {
        assert!(corridor.contains(part), "no «{part}» in {corridor}");
    }
    let english = read(&dir, "content/briefings/corridor.en.md");
    assert!(english.contains("[the sanctions](briefing:sanctions)"), "{english}");
    let sanctions = read(&dir, "content/briefings/sanctions.md");
    for part in [
        "publish_at: 2024-07-03T06:00:00+03:00",
        "slug: sanctions-after",
        "expiryDate: 2030-01-01",
        "level: 4",
        "notes: [أ, ب]",
        "/briefs/sanctions-after",
        "![الميناء ليلا](/images/harbour.png \"الميناء ليلا\")",
        "<https://www.youtube.com/watch?v=Ab_12-cd>",
        "{{< chart id=\"exports\" >}}",
        "[الممر](briefing:corridor)",
        "[ملف محذوف](https://old.example.org/files/gone.pdf)",
        "فقرة **قوية** كتبت بلغة أخرى.",
    ] {
        assert!(sanctions.contains(part), "no «{part}» in {sanctions}");
    }
    assert!(!sanctions.contains("javascript:"), "{sanctions}");
    assert!(read(&dir, "content/briefings/unfinished.md").contains("status: draft"));
    let about = read(&dir, "content/pages/about.md");
    assert!(about.contains("order: 3") && about.contains("layout: wide"), "{about}");
    let ports = read(&dir, "content/topics/ports.yaml");
    assert!(ports.contains("ar: الموانئ") && ports.contains("en: Ports"), "{ports}");
    assert!(ports.contains("kind: theme") && ports.contains("emblem: anchor"), "{ports}");
    assert!(read(&dir, "content/topics/ports.md").contains("مقدمة عن الموانئ كلها."));
    assert!(dir.path().join("static/images/harbour.png").exists());
    assert!(dir.path().join("content/briefings/corridor/map.png").exists());
    // Old addresses lead to the new ones.
    assert!(dir.path().join("public/2024/old-corridor/index.html").exists());
    assert!(dir.path().join("public/briefs/corridor/index.html").exists());
    check_note(&report, "look", "{{< chart >}}");
    check_note(&report, "left", "`layouts/`");
    check_note(&report, "left", "كل الإحاطات");
    check_note(&report, "guessed", "are one topic, `ports`");
    check_note(&report, "look", "/files/gone.pdf");
}

#[test]
fn posts_of_jekyll_come_over_with_their_addresses() {
    let (dir, report) = import(&samples().join("jekyll"));
    let is_text = |it: &str| it.ends_with("md") && !it.contains("README");
    let marks = "last_modified_at categories author permalink redirect_from site baseurl \
                 post_url relative_url highlight endhighlight layout 0300 08 tags";
    check_nothing_is_lost(&texts("jekyll", is_text), &dir, &report, marks);
    let first = read(&dir, "content/briefings/2023-02-10-first-reading.md");
    for part in [
        "date: 2023-02-10T08:00:00+03:00",
        "authors: [sami-odeh]",
        "comments: true",
        "layout: post",
        "/economy/ports/2023/02/10/first-reading.html",
        "[الثانية](briefing:2023-03-15-second-reading)",
        "![مخطط الأسعار](/assets/chart.png)",
        "```text\n{{ كود }}\n```",
        "{% include share.html %}",
    ] {
        assert!(first.contains(part), "no «{part}» in {first}");
    }
    let topics = first.lines().find(|it| it.starts_with("topics:")).unwrap();
    assert!(topics.contains("iran") && topics.contains("economy"), "{topics}");
    let second = read(&dir, "content/briefings/2023-03-15-second-reading.md");
    assert!(second.contains("briefing:2023-02-10-first-reading"), "{second}");
    assert!(
        second.contains("/second.html") && second.contains("/old/second"),
        "{second}"
    );
    assert!(second.contains("file: \"/assets/chart.png\""), "{second}");
    assert!(read(&dir, "content/briefings/later.md").contains("status: draft"));
    assert!(read(&dir, "content/authors/sami-odeh.yaml").contains("name: sami odeh"));
    assert!(read(&dir, "content/pages/contact.md").contains("mailto:desk@example.org"));
    check_note(&report, "look", "it needs `alt` and `credit`");
    check_note(&report, "left", "it is about the folder");
}

#[test]
fn an_export_of_wordpress_comes_over_with_its_names_and_addresses() {
    let (dir, report) = import(&samples().join("wordpress.xml"));
    let post = read(&dir, "content/briefings/2022-04-05.md");
    for part in [
        "title: اتفاق الموانئ",
        "date: 2022-04-05T09:00:00Z",
        "authors: [هدى سالم]",
        "topics: [iran]",
        "summary: \"خلاصة الاتفاق.\"",
        "/2022/04/اتفاق",
        "desk_number: MB-7",
        "وقع الطرفان الاتفاق في الميناء.",
        "[الرصيف (الرصيف الجديد)](https://wp.example.org/wp-content/uploads/pier.jpg",
        "[من نحن](page:about)",
    ] {
        assert!(post.contains(part), "no «{part}» in {post}");
    }
    assert!(read(&dir, "content/pages/about.md").contains("صفحة عن المكتب."));
    check_note(&report, "left", "comment of a reader");
    check_note(&report, "look", "stands on another site");
}

#[test]
fn m2_a_page_of_html_becomes_markdown_without_what_browsers_obey() {
    let (dir, report) = import(&samples().join("article.html"));
    let text = read(&dir, "content/briefings/article.md");
    for part in [
        "title: زيارة الوفد",
        "date: 2024-03-09T10:00:00+03:00",
        "status: draft",
        "authors: [ريم خالد]",
        "summary: \"خلاصة الزيارة.\"",
        "وصل **الوفد** إلى [المدينة](https://example.org/city) مساء الأحد[^1].",
        "## ما بعد الزيارة",
        "- لقاء أول\n  1. تمهيد\n- لقاء ثان",
        "| الأحد | الوزير \\| نائبه |",
        "> قال: «نعم».",
        "رابط خطر و*تأكيد* و \\* نجمة و \\[\\[iran\\]\\] و &#123;nolink}.",
        "[^1]: بحسب الوكالة.",
        "/2024/visit",
    ] {
        assert!(text.contains(part), "no «{part}» in {text}");
    }
    for gone in ["سري", "color", "javascript", "<", "الرئيسية"] {
        let body = text.split("---\n").nth(2).unwrap();
        assert!(!body.replace("> ", "").contains(gone), "«{gone}» in {text}");
    }
    check_note(&report, "left", "<form>");
    check_note(&report, "left", "address that no page may link to");
}

const NAMESPACES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
    xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
    xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\"";

/// A Word file of these parts.
fn docx(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn document(body: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><w:document {NAMESPACES}><w:body>{body}</w:body></w:document>"
    )
}

fn draft() -> Vec<u8> {
    let run = |it: &str| format!("<w:r><w:t xml:space=\"preserve\">{it}</w:t></w:r>");
    let paragraph = |style: &str, inner: &str| {
        format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>{inner}</w:p>")
    };
    let item = |level: u8, inner: &str| {
        format!(
            "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"5\"/></w:numPr>\
             </w:pPr>{}</w:p>",
            run(inner)
        )
    };
    let cell = |it: &str| format!("<w:tc><w:p>{}</w:p></w:tc>", run(it));
    let body = [
        paragraph("a3", &run("الممرات في أسبوع")),
        paragraph("", &run("د. ريم خالد")),
        paragraph("1", &run("ما الجديد")),
        paragraph(
            "",
            &format!(
                "{}<w:r><w:rPr><w:rtl/><w:bCs/></w:rPr><w:t>ثلاث</w:t></w:r>{}<w:r>\
                 <w:footnoteReference w:id=\"2\"/></w:r><w:hyperlink r:id=\"rId9\">{}</w:hyperlink>",
                run("وصلت "),
                run(" قوافل"),
                run(" إلى الميناء")
            ),
        ),
        paragraph(
            "",
            &format!(
                "{}<w:ins>{}</w:ins><w:del><w:r><w:delText>محذوف</w:delText></w:r></w:del>\
                 <w:r><w:rPr><w:vanish/></w:rPr><w:t>مخفي</w:t></w:r>",
                run("قال المتحدث "),
                run("إن العمل مستمر")
            ),
        ),
        item(0, "بند أول"),
        item(1, "بند متداخل"),
        item(0, "بند ثان"),
        format!(
            "<w:tbl><w:tr>{}{}</w:tr><w:tr>{}{}</w:tr></w:tbl>",
            cell("الميناء"),
            cell("الطاقة"),
            cell("الأول"),
            cell("٣٠")
        ),
        paragraph(
            "",
            "<w:r><w:drawing><wp:inline><wp:docPr id=\"1\" name=\"x\" descr=\"خريطة\"/><a:graphic>\
             <a:graphicData><a:blip r:embed=\"rId7\"/></a:graphicData></a:graphic></wp:inline>\
             </w:drawing></w:r>",
        ),
    ]
    .concat();
    let styles = format!(
        "<w:styles {NAMESPACES}><w:style w:styleId=\"1\"><w:name w:val=\"عنوان 1\"/></w:style>\
         <w:style w:styleId=\"a3\"><w:name w:val=\"العنوان\"/></w:style></w:styles>"
    );
    let numbering = format!(
        "<w:numbering {NAMESPACES}><w:abstractNum w:abstractNumId=\"0\"><w:lvl w:ilvl=\"0\">\
         <w:numFmt w:val=\"decimal\"/></w:lvl><w:lvl w:ilvl=\"1\"><w:numFmt w:val=\"bullet\"/>\
         </w:lvl></w:abstractNum><w:num w:numId=\"5\"><w:abstractNumId w:val=\"0\"/></w:num>\
         </w:numbering>"
    );
    let footnotes = format!(
        "<w:footnotes {NAMESPACES}><w:footnote w:id=\"2\"><w:p>{}</w:p></w:footnote></w:footnotes>",
        run("بحسب الهيئة")
    );
    let comments = format!(
        "<w:comments {NAMESPACES}><w:comment w:id=\"0\"><w:p>{}</w:p></w:comment></w:comments>",
        run("تعليق داخلي")
    );
    let targets = "<Relationships><Relationship Id=\"rId7\" Target=\"media/image1.png\"/>\
                   <Relationship Id=\"rId9\" Target=\"https://example.org/port\"/></Relationships>";
    let core = "<cp:coreProperties xmlns:cp=\"c\" xmlns:dc=\"d\" xmlns:dcterms=\"t\">\
                <dc:title>مسودة</dc:title><dc:creator>user</dc:creator>\
                <dcterms:modified>2024-02-03T10:00:00Z</dcterms:modified></cp:coreProperties>";
    let picture = fs::read(samples().join("jekyll/assets/chart.png")).unwrap();
    docx(&[
        ("word/document.xml", document(&body).as_bytes()),
        ("word/styles.xml", styles.as_bytes()),
        ("word/numbering.xml", numbering.as_bytes()),
        ("word/footnotes.xml", footnotes.as_bytes()),
        ("word/comments.xml", comments.as_bytes()),
        ("word/_rels/document.xml.rels", targets.as_bytes()),
        ("docProps/core.xml", core.as_bytes()),
        ("word/media/image1.png", &picture),
    ])
}

#[test]
fn a_word_file_with_arabic_styles_becomes_a_draft_and_its_comments_stay_at_home() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("week 7.docx");
    fs::write(&path, draft()).unwrap();
    let (dir, report) = import(&path);
    let text = read(&dir, "content/briefings/week-7.md");
    for part in [
        "title: الممرات في أسبوع",
        "date: 2024-02-03",
        "status: draft",
        "authors: [ريم خالد]",
        "## ما الجديد",
        "وصلت **ثلاث** قوافل[^1] [إلى الميناء](https://example.org/port)",
        "قال المتحدث إن العمل مستمر",
        "1. بند أول\n   - بند متداخل\n2. بند ثان",
        "| الميناء | الطاقة |\n|---|---|\n| الأول | ٣٠ |",
        "![خريطة](week-7/image1.png)",
        "[^1]: بحسب الهيئة",
    ] {
        assert!(text.contains(part), "no «{part}» in {text}");
    }
    for gone in ["محذوف", "مخفي", "تعليق"] {
        assert!(!text.contains(gone), "«{gone}» in {text}");
    }
    assert!(dir.path().join("content/briefings/week-7/image1.png").exists());
    check_note(&report, "look", "tracked insertion");
    check_note(&report, "look", "tracked deletion");
    check_note(&report, "left", "comment");
    check_note(&report, "left", "hidden text");
    check_note(&report, "guessed", "the date is that of the file");
}

#[test]
fn plain_text_is_kept_byte_for_byte_and_what_it_says_stands_beside_it() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("2024-05-06-visit.txt");
    let text = "د. ريم خالد\nزيارة إلى الميناء\nوصل الوفد إلى إيران مساء الأحد. وبحث المشروع مع الوزير طويلا.\n";
    fs::write(&path, text).unwrap();
    let (dir, report) = import(&path);
    assert_eq!(read(&dir, "content/briefings/2024-05-06-visit.txt"), text);
    let sidecar = read(&dir, "content/briefings/2024-05-06-visit.yaml");
    for part in [
        "title: زيارة إلى الميناء",
        "date: 2024-05-06",
        "status: draft",
        "authors: [ريم خالد]",
    ] {
        assert!(sidecar.contains(part), "no «{part}» in {sidecar}");
    }
    check_note(&report, "look", "`topics: [iran]`");
}

#[test]
fn y16_a_text_in_an_old_encoding_is_read_and_the_report_says_so() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("old.txt");
    let text = "وصل الوفد إلى العاصمة مساء الأحد وبحث المشروع مع الوزير.\n";
    let (bytes, _, _) = encoding_rs::WINDOWS_1256.encode(text);
    fs::write(&path, bytes).unwrap();
    let (dir, report) = import(&path);
    assert_eq!(read(&dir, "content/briefings/old.txt"), text);
    check_note(&report, "guessed", "windows-1256");
}

#[test]
fn nothing_is_overwritten_and_nothing_is_written_half() {
    let dir = site();
    let run = |args: &[&str]| mujaz(dir.path(), args);
    let hugo = samples().join("hugo");
    let hugo = hugo.to_str().unwrap();
    let before = files(dir.path());
    let dry = run(&["import", hugo, "--dry-run"]);
    assert_eq!(dry.status.code(), Some(0), "{}", stderr(&dry));
    assert!(stderr(&dry).contains("nothing was written"), "{}", stderr(&dry));
    assert_eq!(files(dir.path()), before);
    // An id that is taken in another folder is taken as well.
    let taken = dir.path().join("content/briefings/2024");
    fs::create_dir(&taken).unwrap();
    fs::write(taken.join("corridor.md"), "---\ntitle: x\ndate: 2024-01-01\n---\n\nنص.\n")
        .unwrap();
    let before = files(dir.path());
    let refused = run(&["import", hugo]);
    assert_eq!(refused.status.code(), Some(2), "{}", stderr(&refused));
    assert!(stderr(&refused).contains("content/briefings/2024/corridor.md"));
    assert_eq!(files(dir.path()), before);
    let outside = run(&["import", hugo, "--into", "briefings/../.."]);
    assert_eq!(outside.status.code(), Some(2), "{}", stderr(&outside));
    assert_eq!(files(dir.path()), before);
}

/// Importing this file alone is refused with these words, and writes nothing.
#[track_caller]
fn check_refused(name: &str, bytes: &[u8], why: &str) {
    let (dir, folder) = (site(), TempDir::new().unwrap());
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    let before = files(dir.path());
    let run = mujaz(dir.path(), &["import", path.to_str().unwrap()]);
    assert_eq!(run.status.code(), Some(1), "{}", stderr(&run));
    assert!(stderr(&run).contains(why), "no «{why}» in {}", stderr(&run));
    assert_eq!(files(dir.path()), before);
}

#[test]
fn o24_word_files_that_are_bombs_or_point_elsewhere_are_refused() {
    let plain = document("<w:p><w:r><w:t>x</w:t></w:r></w:p>");
    let plain = ("word/document.xml", plain.as_bytes());
    let zeros = vec![b' '; 64 * 1024 * 1024];
    let bomb = docx(&[plain, ("word/media/a.png", &zeros)]);
    check_refused("bomb.docx", &bomb, "unpack to far more");
    let climbing = docx(&[plain, ("../evil.txt", b"x")]);
    check_refused("climb.docx", &climbing, "points out of the archive");
    let mut linked = ZipWriter::new(Cursor::new(Vec::new()));
    linked.start_file("word/document.xml", SimpleFileOptions::default()).unwrap();
    linked.write_all(plain.1).unwrap();
    linked.add_symlink("word/x", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    let linked = linked.finish().unwrap().into_inner();
    check_refused("link.docx", &linked, "points out of the archive");
    check_refused("no.docx", b"PK\x03\x04 nothing", "no Word file");
    let entity = "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><w:document>&e;</w:document>";
    let entity = docx(&[("word/document.xml", entity.as_bytes())]);
    check_refused("xxe.docx", &entity, "document type");
    let deep = format!("{}{}", "<w:p>".repeat(50_000), "</w:p>".repeat(50_000));
    let deep = docx(&[("word/document.xml", document(&deep).as_bytes())]);
    check_refused("deep.docx", &deep, "nested too deeply");
}

#[test]
fn m6_f8_y1_deep_html_xml_and_front_matter_are_refused() {
    check_refused("deep.html", "<div>".repeat(50_000).as_bytes(), "nested too deeply");
    let crossed = "<b><div></b>".repeat(20_000);
    check_refused("crossed.html", crossed.as_bytes(), "nested too deeply");
    let many: Vec<String> = (0..80_000).map(|it| format!(" a{it}=\"x\"")).collect();
    let many = many.concat();
    check_refused("many.xml", format!("<rss{many}/>").as_bytes(), "too many attributes");
    check_refused("deep.xml", "<a>".repeat(50_000).as_bytes(), "nested too deeply");
    let yaml = format!("---\na: {}\n---\nx\n", "[".repeat(50_000));
    check_refused("bomb.md", yaml.as_bytes(), "front matter cannot be read");
    let toml = format!("+++\na = {}\n+++\nx\n", "[".repeat(50_000));
    check_refused("bomb2.md", toml.as_bytes(), "front matter cannot be read");
    let json = format!("{{\"a\": {}", "[".repeat(50_000));
    let (dir, folder) = (site(), TempDir::new().unwrap());
    let path = folder.path().join("bomb3.md");
    fs::write(&path, json).unwrap();
    let run = mujaz(dir.path(), &["import", path.to_str().unwrap()]);
    assert_ne!(run.status.code(), None, "{}", stderr(&run));
}

/// Pieces of the languages that are read, which nobody would put together like this.
const PIECES: [&str; 40] = [
    "---\n",
    "+++\n",
    "title: x\n",
    "title = \"x\"\n",
    "tags: [a, b]\n",
    "date: 2024-01-01\n",
    "{{< figure src=\"a\" >}}",
    "{{< ref \"a\" >}}",
    "{% post_url x %}",
    "{{",
    "}}",
    "{%",
    "%}",
    "[a](",
    "b)",
    "![](",
    "```\n",
    "`",
    "[^1]",
    "\n",
    "\n\n",
    "- ",
    "1. ",
    "> ",
    "| a |\n|---|\n",
    "<p>",
    "</p>",
    "<table><tr><td>",
    "</table>",
    "<b>",
    "</i>",
    "<a href=\"#fn1\">1</a>",
    "<li id=\"fn1\">",
    "<img src=x>",
    "<!--",
    "-->",
    "&amp;",
    "نص",
    "\u{FEFF}",
    "\\",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn r10_no_input_makes_an_import_panic(
        pieces in proptest::collection::vec(0..PIECES.len(), 0..60),
        bytes in proptest::collection::vec(any::<u8>(), 0..40),
    ) {
        let text: String = pieces.iter().map(|it| PIECES[*it]).collect();
        let bytes = [text.as_bytes(), &bytes].concat();
        let suffixes = ["txt", "md", "html", "docx", "xml"];
        let file = |it: &str| Input { path: format!("a.{it}"), bytes: bytes.clone() };
        let mut origins: Vec<Origin> = suffixes.iter().map(|it| Origin::File(file(it))).collect();
        for path in ["config.toml", "_config.yml"] {
            let settings = Input { path: path.to_owned(), bytes: bytes.clone() };
            let text = Input { path: "content/b/index.md".to_owned(), bytes: bytes.clone() };
            let post = Input { path: "_posts/2024-01-01-a.md".to_owned(), bytes: bytes.clone() };
            origins.push(Origin::Folder { name: "old".to_owned(), files: vec![settings, text, post] });
        }
        let root = samples().join("site");
        let loaded = load::load(&root).unwrap();
        let draft = mujaz::import::import(Request {
            origins,
            root: &root,
            sources: &loaded.value,
            diagnostics: &loaded.diagnostics,
            into: "briefings",
            lang: None,
            now: jiff::Timestamp::UNIX_EPOCH,
        });
        for path in draft.files.keys() {
            prop_assert!(path.starts_with("content/") || path.starts_with("static/"), "{}", path);
            prop_assert!(!path.contains(".."), "{}", path);
        }
    }
}

/// Imports posts of Hugo, given as their front matter.
#[track_caller]
fn import_posts(posts: &[(&str, &str)]) -> (TempDir, Value) {
    let hugo = TempDir::new().unwrap();
    let write = |path: &str, text: &str| {
        let path = hugo.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("hugo.toml", "title = 'desk'\n");
    for (name, keys) in posts {
        write(&format!("content/posts/{name}.md"), &format!("---\n{keys}---\n\nنص.\n"));
    }
    import(hugo.path())
}

#[test]
fn e1_words_of_hidden_texts_become_no_topics() {
    let (dir, report) = import_posts(&[
        ("secret", "title: سر\ndate: 2024-01-02\ndraft: true\ntags: [ق9سر, موانئ]\n"),
        (
            "waits",
            "title: ينتظر\ndate: 2024-01-02\npublishDate: 2090-01-01\ntags: [ق9لاحق]\n",
        ),
        ("open", "title: علني\ndate: 2024-01-02\ntags: [موانئ]\n"),
    ]);
    let public = files(&dir.path().join("public"));
    for (path, bytes) in &public {
        assert!(!String::from_utf8_lossy(bytes).contains("ق9"), "{path}");
    }
    check_note(&report, "look", "«ق9سر» would be a new topic");
    check_note(&report, "look", "«ق9لاحق» would be a new topic");
    let secret = read(&dir, "content/briefings/secret.md");
    assert!(secret.contains("topics: [") && !secret.contains("ق9"), "{secret}");
}

#[test]
fn a_day_that_does_not_exist_publishes_nothing() {
    let (dir, report) = import_posts(&[
        ("keyed", "title: أول\ndate: 2024-02-30\n"),
        ("2024-02-31-named", "title: ثان\ndraft: true\n"),
    ]);
    for id in ["keyed", "2024-02-31-named"] {
        let text = read(&dir, &format!("content/briefings/{id}.md"));
        assert!(text.contains("status: draft"), "{text}");
    }
    check_note(&report, "look", "«2024-02-30» is no day of the calendar");
    check_note(&report, "look", "«2024-02-31» is no day of the calendar");
}
