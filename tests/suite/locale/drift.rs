//! Nothing of the machine reaches a page: the real program writes the same bytes under
//! two locales and two time zones (rtl-rules R115; fact 10).

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use mujaz::diag::SourcePath;
use mujaz::render::words::Words;
use mujaz::text::date::Digits;
use mujaz::text::plural::Plurals;
use tempfile::TempDir;

use super::lang;

const LANGUAGES: [&str; 5] = ["ar", "fa", "he", "ur", "en"];

/// A site that dates, counts, sorts and makes addresses in five languages.
fn write_site(dir: &Path) {
    let write = |path: &str, text: &str| {
        let path = dir.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let config = "title: موجز\nbase_url: https://example.org/\n\
                  languages: [ar, fa, he, ur, en]\n\
                  dates: {ar: {months: dual, second: umalqura, digits: arab}, \
                  he: {second: hebrew}}\n";
    write("content/site.yaml", config);
    let topics = [
        ("iran", "{ar: إيران, fa: ایران, he: איראן, ur: ایران, en: Iran}"),
        ("iraq", "{ar: العراق, fa: عراق, he: עיראק, ur: عراق, en: Iraq}"),
        ("asia", "{ar: آسيا, fa: آسیا, he: אסיה, ur: ایشیا, en: Asia}"),
        ("india", "{ar: الهند, fa: هند, he: הודו, ur: ہندوستان, en: India}"),
        ("nato", "{ar: الناتو, fa: ناتو, he: נאט״ו, ur: نیٹو, en: NATO}"),
    ];
    for (id, title) in topics {
        let text = format!("title: {title}\nkind: country\n");
        write(&format!("content/topics/{id}.yaml"), &text);
    }
    let texts = [
        ("ar", "إيران والعراق", "زار الوفد إيران ثم العراق والهند."),
        ("fa", "ایران و عراق", "هیئت به ایران و عراق رفت."),
        ("he", "איראן ועיראק", "המשלחת ביקרה באיראן ובעיראק."),
        ("ur", "ایران اور عراق", "وفد ایران اور عراق گیا۔"),
        ("en", "Iran and Iraq", "The delegation went to Iran and Iraq."),
    ];
    for n in 1..=12 {
        for (tag, title, body) in texts {
            let suffix = if tag == "ar" { String::new() } else { format!(".{tag}") };
            let head = if tag == "ar" {
                let topic = topics[n % topics.len()].0;
                format!("date: 2025-{n:02}-28T23:30\ntopics: [{topic}]\n")
            } else {
                String::new()
            };
            let text = format!("---\ntitle: {title} {n}\n{head}---\n{body}\n");
            write(&format!("content/briefings/b{n}{suffix}.md"), &text);
        }
    }
}

fn files(dir: &Path, root: &Path, into: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, root, into);
        } else {
            let name = path.strip_prefix(root).unwrap().display().to_string();
            into.insert(name, fs::read(&path).unwrap());
        }
    }
}

fn built(locale: &str, zone: &str) -> BTreeMap<String, Vec<u8>> {
    let dir = TempDir::new().unwrap();
    write_site(dir.path());
    let output = Command::new(env!("CARGO_BIN_EXE_mujaz"))
        .arg("build")
        .current_dir(dir.path())
        .env_remove("SOURCE_DATE_EPOCH")
        .env("LC_ALL", locale)
        .env("LANG", locale)
        .env("LANGUAGE", locale)
        .env("TZ", zone)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{said}");
    let mut all = BTreeMap::new();
    let public = dir.path().join("public");
    files(&public, &public, &mut all);
    all
}

#[test]
fn r115_no_byte_depends_on_the_locale_or_the_zone_of_the_machine() {
    let one = built("C", "UTC");
    let other = built("ar_EG.UTF-8", "Asia/Kathmandu");
    assert!(60 < one.len(), "{}", one.len());
    let names = |it: &BTreeMap<String, Vec<u8>>| it.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&one), names(&other));
    for (name, bytes) in &one {
        assert!(bytes == &other[name], "{name}");
    }
    // The site did date, count and sort: the pages are what the rules want.
    let text = |name: &str| String::from_utf8(one[name].clone()).unwrap();
    assert!(text("index.html").contains("٢٨ ديسمبر/كانون الأول ٢٠٢٥ (٨ رجب ١٤٤٧ هـ)"));
    assert!(text("fa/index.html").contains("۷ دی ۱۴۰۴"));
    assert!(text("he/index.html").contains("28 בדצמבר 2025 (ח׳ בטבת תשפ״ו)"));
    assert!(text("ur/index.html").contains("28 دسمبر، 2025"));
}

/// Fluent chooses forms by rules of its own, which are wrong for Arabic 103 and Hebrew 20.
#[test]
fn r119_interface_words_choose_the_form_of_cldr() {
    let message = "n = { $n ->\n [zero] zero\n [one] one\n [two] two\n [few] few\n \
                   [many] many\n *[other] other\n }\n";
    for tag in LANGUAGES {
        let mut told = Vec::new();
        let path = SourcePath::new("content/strings/x.ftl");
        let texts = [(path, message.to_owned())];
        let words = Words::new(&lang(tag), Digits::Latn, &texts, &mut told);
        let plurals = Plurals::new(&lang(tag));
        for count in 0..=2_000 {
            let (form, chosen) = (plurals.of(count), words.count("n", count));
            assert_eq!(chosen, form.as_str(), "{tag} {count}");
        }
    }
}

/// Every message that counts has the forms that its language needs; in Arabic all six.
#[test]
fn r119_messages_have_every_form() {
    for tag in LANGUAGES {
        let plurals = Plurals::new(&lang(tag));
        let counts = (0..=200).map(|it| plurals.of(it).as_str());
        let needed: std::collections::BTreeSet<&str> = counts.collect();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let path = root.join(format!("templates/strings/{tag}.ftl"));
        let text = fs::read_to_string(path).unwrap();
        assert!(tag != "he" || !text.contains("[many]"), "he has no form `many`");
        let mut n_messages = 0;
        for message in text.split("{ $n ->").skip(1) {
            let forms = message.split("\n}").next().unwrap();
            n_messages += 1;
            for form in &needed {
                let number = match *form {
                    "zero" => "[0]",
                    "one" => "[1]",
                    "two" => "[2]",
                    _ => "[-]",
                };
                let has = forms.contains(&format!("[{form}]")) || forms.contains(number);
                assert!(has, "{tag}: no [{form}] in {forms}");
            }
        }
        assert!(3 < n_messages, "{tag}");
    }
}
