//! What `mujaz check` says of a site with planted defects, and what it does not say of sound
//! ones; what it leaves out, in which forms it speaks, and how it asks other sites.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tempfile::TempDir;

const NOW: [&str; 2] = ["--as-of", "2026-01-01T00:00:00Z"];

fn mujaz(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_mujaz"))
        .args(args)
        .current_dir(dir)
        .env_remove("SOURCE_DATE_EPOCH")
        .env("NO_PROXY", "127.0.0.1")
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn put(dir: &Path, path: &str, bytes: impl AsRef<[u8]>) {
    let file = dir.join(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, bytes).unwrap();
}

/// A sound site: a briefing, a topic that it names, an address.
fn sound() -> TempDir {
    let dir = TempDir::new().unwrap();
    let root = dir.path();
    put(root, "content/site.yaml", "title: موجز\nbase_url: https://desk.example/\n");
    put(
        root,
        "content/topics/iran.yaml",
        "title: إيران\nkind: country\nsummary: دولة في غرب آسيا.\n",
    );
    put(
        root,
        "content/briefings/treaty.md",
        "---\ntitle: معاهدة الشراكة\ndate: 2025-03-09\ntopics: [iran]\nsummary: سطر.\n\
         key_judgements:\n  - {text: يرجح أن تصمد, likelihood: 5, confidence: moderate}\n\
         sources:\n  - {id: text, title: نص المعاهدة, url: \"https://un.example/t\"}\n---\n\n\
         نص عن إيران [@text]، ورابط إلى [un.example](https://www.un.example/a).\n\n\
         ## عنوان\n\n### فرعي\n\nنص.\n",
    );
    dir
}

/// What is found, as the file and the code, in order.
fn found(dir: &Path, args: &[&str]) -> Vec<(String, String)> {
    let args = [&["check", "--format", "json"], &NOW[..], args].concat();
    let output = mujaz(dir, &args);
    let lines = String::from_utf8(output.stdout).unwrap();
    let mut found: Vec<(String, String)> = lines
        .lines()
        .map(|line| {
            let line: Value = serde_json::from_str(line).unwrap();
            assert!(line["help"].is_string(), "{line}");
            let path = line["place"]["path"].as_str().unwrap_or_default();
            (path.to_owned(), line["code"].as_str().unwrap().to_owned())
        })
        .collect();
    found.sort();
    found
}

#[test]
fn a_sound_site_has_no_findings() {
    let dir = sound();
    assert_eq!(found(dir.path(), &[]), []);
    let strict = mujaz(dir.path(), &["check", "--strict"]);
    assert_eq!(strict.status.code(), Some(0), "{}", said(&strict));
}

#[test]
fn the_demonstration_has_no_findings() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let args = [&["check", "--strict"], &NOW[..]].concat();
    let checked = mujaz(root, &args);
    assert_eq!(checked.status.code(), Some(0), "{}", said(&checked));
}

/// A picture of one colour.
fn png(grey: u8) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let picture = image::RgbImage::from_pixel(8, 8, image::Rgb([grey, 0, 0]));
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// Words that no compressor makes much smaller.
fn noise(n_words: usize) -> String {
    let mut state = 1_u64;
    let mut text = String::new();
    for at in 0..n_words * 8 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let letter = u32::try_from(state >> 33).unwrap() % 28;
        text.push(char::from_u32(0x628 + letter % 19).unwrap());
        if at % 8 == 7 {
            text.push(if at % 640 == 639 { '\n' } else { ' ' });
        }
    }
    text
}

fn briefing(title: &str, keys: &str, text: &str) -> String {
    format!(
        "---\ntitle: {title}\ndate: 2025-01-02\ntopics: [iran]\n{keys}---\n\n{text}\n"
    )
}

/// A site with one defect of each sort, with the findings that tell it.
#[expect(clippy::too_many_lines, reason = "a list of files, one defect after the other")]
fn planted() -> (TempDir, Vec<(&'static str, &'static str)>) {
    let dir = sound();
    let root = dir.path();
    let mut expected = Vec::new();
    let mut plant = |path: &'static str, bytes: &[u8], codes: &[&'static str]| {
        put(root, path, bytes);
        expected.extend(codes.iter().map(|code| (path, *code)));
    };
    let md =
        |title: &str, keys: &str, text: &str| briefing(title, keys, text).into_bytes();

    plant("content/site.yaml", "title: موجز\n".as_bytes(), &["local-base-url"]);
    plant(
        "content/briefings/orphan.md",
        "---\ntitle: بلا موضوع\ndate: 2025-01-02\nreview_by: 2025-12-31\n---\n\nنص.\n"
            .as_bytes(),
        &["no-topic", "review-due"],
    );
    let md_on = |day: &str, keys: &str| {
        format!(
            "---\ntitle: غد {day}\ndate: {day}\ntopics: [iran]\nsummary: سطر.\n{keys}---\n\nنص.\n"
        )
    };
    plant(
        "content/briefings/tomorrow.md",
        md_on("2026-01-02", "slug: tomorrow\n").as_bytes(),
        &["future-date"],
    );
    plant(
        "content/briefings/waits.md",
        md_on("2026-01-03", "slug: waits\npublish_at: 2025-12-01T00:00:00Z\n").as_bytes(),
        &[],
    );
    let notes = "slug: mended\nchanges:\n  - {at: 2026-01-05, note: خبر, major: true}\n\
                 corrections:\n  - {at: 2025-12-01, text: الرقم}\n  - {at: 2026-02-01, text: غدا}\n";
    plant(
        "content/briefings/mended.md",
        md_on("2025-11-01", notes).as_bytes(),
        &["future-date", "future-date"],
    );
    plant("content/briefings/twin-a.md", &md("توأم", "slug: twin-a\n", "نص."), &[]);
    plant(
        "content/briefings/twin-b.md",
        &md("توأم", "slug: twin-b\n", "نص."),
        &["same-title"],
    );
    let long = "كلمة ".repeat(30);
    plant(
        "content/briefings/long.md",
        &md(long.trim(), "slug: long\n", "نص."),
        &["long-title"],
    );
    let paragraph = "فقرة طويلة تكفي كي لا يظن أحد أنها لازمة تتكرر في النص عن قصد وتدبير.";
    let text = format!("{paragraph}\n\n## عنوان\n\n#### قفزة\n\n{paragraph}\n");
    plant(
        "content/briefings/text.md",
        &md("نص", "", &text),
        &["heading-jump", "repeated-paragraph"],
    );
    plant("content/series/dossier.yaml", "title: ملف\n".as_bytes(), &["series-gap"]);
    for (path, number) in [("content/briefings/s1.md", 1), ("content/briefings/s4.md", 4)]
    {
        let keys = format!("series: {{id: dossier, number: {number}}}\n");
        plant(path, &md(&format!("حلقة {number}"), &keys, "نص."), &[]);
    }
    // The second number is kept for a text that is not public yet.
    let draft = "status: draft\nseries: {id: dossier, number: 2}\n";
    plant("content/briefings/s2.md", &md("حلقة 2", draft, "![صورة](draft.png)"), &[]);
    plant("content/briefings/draft.png", &png(9), &[]);
    plant(
        "content/topics/loose.yaml",
        "title: موضوع سائب\nkind: theme\nsummary: لا يذكره أحد.\n".as_bytes(),
        &["unused-topic"],
    );
    plant(
        "content/topics/bare.yaml",
        "title: روسيا\nkind: country\n".as_bytes(),
        &["no-summary"],
    );
    plant("content/briefings/names.md", &md("عن الشرق", "", "نص عن روسيا."), &[]);

    let many: Vec<String> = (0..7).map(|it| format!("  - حكم {it}\n")).collect();
    let many = many.concat();
    let keys = format!("kind: analysis\nkey_judgements:\n{many}");
    plant(
        "content/briefings/judged.md",
        &md("أحكام", &keys, "نص."),
        &["many-judgements", "no-sources"],
    );
    let keys = "key_judgements:\n  - {text: من المرجح بثقة عالية أن تنهار, confidence: high}\n\
                sources:\n  - {id: a, title: شائعة, url: \"https://a.example/\", grade: E4}\n";
    plant(
        "content/briefings/weak.md",
        &md("ثقة", keys, "نص [@a]."),
        &["mixed-likelihood", "weak-sources"],
    );
    let keys = "sources:\n  - {id: a, title: أول, url: \"https://s.example/x\"}\n  \
                - {id: b, title: ثان, url: \"https://s.example/x/\"}\n  \
                - {id: c, title: ثالث, publisher: ناشر}\n  - {id: d, title: رابع}\n";
    plant(
        "content/briefings/sourced.md",
        &md("مصادر", keys, "نص [@a] [@c] [@d]."),
        &["same-source", "undated-source", "untraceable-source", "unused-source"],
    );
    plant(
        "content/pages/about.md",
        "---\ntitle: عن الموقع\naliases: [/old-about/]\n---\n\n## من نحن {#who}\n\nنص.\n"
            .as_bytes(),
        &[],
    );
    let text = "[قديم](/old-about/) و[صحيح](/about/#who) و[ميت](/about/#nobody) \
                و[إيران](../topics/iran.yaml#facts) و[إحاطة](briefing:text#عنوان).\n\n\
                [apple.com](https://evil.example/) و[هنا](https://аpple.com/) \
                و[هناك](https://apple.com@evil.example/x) \
                و[مصر](https://xn--4gbrim.xn--wgbh1c/).";
    plant(
        "content/briefings/links.md",
        &md("روابط", "", text),
        &[
            "dead-anchor",
            "dead-anchor",
            "deceptive-link",
            "link-to-redirect",
            "odd-host",
            "odd-host",
            "odd-host",
        ],
    );
    let keys = "image: {file: lead.png, alt: خريطة الممر, credit: المكتب, \
                caption: خريطة الممر}\n";
    plant(
        "content/briefings/pictures.md",
        &md("صور", keys, "![pic-one](pic-one.png \"تعليق\")"),
        &["missing-licence", "poor-alt", "poor-alt"],
    );
    plant("content/briefings/lead.png", &png(1), &[]);
    plant("content/briefings/pic-one.png", &png(2), &[]);
    plant("content/briefings/unused.png", &png(3), &["unused-picture"]);
    plant("static/again.png", &png(1), &["same-picture"]);
    let mut large = png(4);
    large.resize(10_500_000, 0);
    plant("static/large.png", &large, &["large-picture"]);
    let text = noise(40_000);
    plant("content/briefings/heavy.md", &md("ثقيل", "", &text), &["heavy-page"]);
    plant("static/.env", b"A=1\n", &["skipped-file"]);
    plant("static/.DS_Store", b"x", &[]);
    plant("static/id_rsa", b"x", &["stray-file"]);
    put(root, "static/film.mp4", b"");
    let film = fs::File::options().write(true).open(root.join("static/film.mp4"));
    film.unwrap().set_len(27_000_000).unwrap();
    expected.push(("static/film.mp4", "large-file"));
    // A feed in each of two forms.
    expected.extend([("content/site.yaml", "heavy-feed"); 2]);
    (dir, expected)
}

#[test]
fn every_planted_defect_is_found_and_nothing_else() {
    let (dir, expected) = planted();
    let mut expected: Vec<(String, String)> = expected
        .iter()
        .map(|(path, code)| ((*path).to_owned(), (*code).to_owned()))
        .collect();
    expected.sort();
    let found = found(dir.path(), &[]);
    assert!(30 <= expected.len());
    let missing: Vec<_> = expected.iter().filter(|it| !found.contains(it)).collect();
    let extra: Vec<_> = found.iter().filter(|it| !expected.contains(it)).collect();
    assert!(
        missing.is_empty() && extra.is_empty(),
        "missing {missing:?}, extra {extra:?}"
    );
    assert_eq!(found, expected);
    // None of it stops a build.
    let built = mujaz(dir.path(), &["build", "--strict"]);
    let own = said(&built);
    assert!(own.contains("1 error, 0 warnings") && own.contains("stray-file"), "{own}");
    assert_eq!(mujaz(dir.path(), &["build"]).status.code(), Some(0));
}

#[test]
fn loose_ends_are_no_finding_while_a_file_has_errors() {
    let dir = sound();
    put(
        dir.path(),
        "content/topics/loose.yaml",
        "title: سائب\nkind: theme\nsummary: س.\n",
    );
    assert_eq!(found(dir.path(), &[]).len(), 1);
    put(dir.path(), "content/briefings/broken.md", "---\ntitle: [\n---\nنص عن سائب.\n");
    let found = found(dir.path(), &[]);
    assert!(found.iter().all(|(_, code)| code == "yaml-syntax"), "{found:?}");
}

/// A key that was never given out, put together here so that no scanner takes it for one.
fn key() -> String {
    format!("AKIA{}", "Q7ZK2MV9XT4CR8BN")
}

#[test]
fn o10_a_secret_stops_the_build_wherever_it_stands_and_is_not_printed() {
    let key = key();
    for (path, text) in [
        ("content/briefings/leak.md", briefing("تسريب", "", &format!("المفتاح {key}."))),
        (
            "content/briefings/leak.md",
            briefing("تسريب", &format!("extra: {{k: {key}}}\n"), "ن"),
        ),
        ("content/topics/leak.yaml", format!("title: س\nkind: theme\nsummary: {key}\n")),
        ("static/notes.txt", format!("سطر\nkey {key}\n")),
        ("static/data/list.csv", format!("a,{key}\n")),
        ("templates/parts/footer.html", format!("<!-- {key} -->")),
        ("static/css/own.css", format!("/* {key} */")),
    ] {
        let dir = sound();
        put(dir.path(), path, text);
        let built = mujaz(dir.path(), &["build"]);
        let own = said(&built);
        assert_eq!(built.status.code(), Some(1), "{path}: {own}");
        assert!(own.contains("error[secret]") && own.contains(path), "{path}: {own}");
        assert!(!own.contains(&key), "{path}: {own}");
        assert!(!dir.path().join("public/index.html").exists());
        let config = format!(
            "title: موجز\nbase_url: https://desk.example/\nnot_secrets: [{key}]\n"
        );
        put(dir.path(), "content/site.yaml", config);
        let built = mujaz(dir.path(), &["build"]);
        assert_eq!(built.status.code(), Some(0), "{path}: {}", said(&built));
    }
}

#[test]
fn o10_r7_files_of_editors_systems_and_secrets_are_not_published_and_listed() {
    let dir = sound();
    let names = [
        ".env",
        ".env.local",
        ".git/config",
        ".svn/entries",
        ".ssh/id_rsa",
        ".npmrc",
        ".htpasswd",
        ".DS_Store",
        "._picture.png",
        "Thumbs.db",
        "desktop.ini",
        "notes.txt~",
        ".notes.txt.swp",
        "notes.txt.swp",
        "notes.bak",
        "node_modules/a/index.js",
        "__MACOSX/a",
        "id_rsa",
        "id_ed25519",
        "server.pem",
        "server.key",
        "keys.kdbx",
    ];
    for name in names {
        put(dir.path(), &format!("static/{name}"), "canary-7391");
    }
    let built = mujaz(dir.path(), &["build"]);
    assert_eq!(built.status.code(), Some(0), "{}", said(&built));
    for entry in walk(&dir.path().join("public")) {
        let bytes = fs::read(&entry).unwrap();
        let is_leak = bytes.windows(11).any(|it| it == b"canary-7391");
        assert!(!is_leak, "{}", entry.display());
    }
    let warned: Vec<String> = found(dir.path(), &[])
        .into_iter()
        .filter(|(_, code)| code == "skipped-file" || code == "stray-file")
        .map(|it| it.0)
        .collect();
    let checked = said(&mujaz(dir.path(), &["check"]));
    assert!(checked.contains("left out 9 files of editors and systems"), "{checked}");
    assert_eq!(warned.len(), 13, "{warned:?}");
}

fn walk(dir: &Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(walk(&path)) } else { files.push(path) }
    }
    files
}

#[test]
fn a_baseline_leaves_out_what_was_there_and_nothing_new() {
    let dir = sound();
    let orphan = "---\ntitle: قديم\ndate: 2025-01-02\n---\n\nنص.\n";
    put(dir.path(), "content/briefings/old.md", orphan);
    assert_eq!(mujaz(dir.path(), &["check", "--strict"]).status.code(), Some(1));
    let written = mujaz(dir.path(), &["check", "--write-baseline"]);
    assert_eq!(written.status.code(), Some(0), "{}", said(&written));
    let file = dir.path().join("mujaz-baseline.jsonl");
    let lines = fs::read_to_string(&file).unwrap();
    assert_eq!(lines.lines().count(), 1);
    let strict = mujaz(dir.path(), &["check", "--strict"]);
    assert_eq!(strict.status.code(), Some(0), "{}", said(&strict));
    assert!(said(&strict).contains("ignored 1 warning that"), "{}", said(&strict));
    // An edit above it changes nothing; something new is told.
    put(dir.path(), "content/briefings/old.md", orphan.replace("date", "# x\ndate"));
    put(dir.path(), "content/briefings/new.md", orphan.replace("قديم", "جديد"));
    let next = found(dir.path(), &[]);
    assert_eq!(next, [("content/briefings/new.md".to_owned(), "no-topic".to_owned())]);
    fs::remove_file(dir.path().join("content/briefings/old.md")).unwrap();
    let stale = said(&mujaz(dir.path(), &["check"]));
    assert!(stale.contains("nothing matches 1 line of it"), "{stale}");
    // Another file, by name; one that is none is refused, and so is one that is not there.
    fs::rename(&file, dir.path().join("known.jsonl")).unwrap();
    assert_eq!(found(dir.path(), &["--baseline", "known.jsonl"]).len(), 1);
    put(dir.path(), "known.jsonl", "<<<<<<< HEAD\n");
    let refused = mujaz(dir.path(), &["check", "--baseline", "known.jsonl"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(said(&refused).contains("line 1"), "{}", said(&refused));
    let absent = mujaz(dir.path(), &["check", "--baseline", "absent.jsonl"]);
    assert_eq!(absent.status.code(), Some(2));
}

#[test]
fn sarif_has_the_shape_that_code_hosts_read() {
    let (dir, expected) = planted();
    let parent = dir.path().parent().unwrap();
    let name = dir.path().file_name().unwrap().to_str().unwrap();
    let args = ["check", "--format", "sarif", "--source", name, NOW[0], NOW[1]];
    let output = mujaz(parent, &args);
    let log: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "utf16CodeUnits");
    assert_eq!(run["tool"]["driver"]["name"], "mujaz");
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), expected.len());
    let mut fingerprints = BTreeMap::new();
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(rules[index]["help"]["text"].is_string());
        assert_eq!(result["level"], "warning");
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        let print = result["partialFingerprints"]["mujazFinding/v1"].as_str().unwrap();
        *fingerprints.entry(print.to_owned()).or_insert(0) += 1;
        let place = &result["locations"][0]["physicalLocation"];
        let uri = place["artifactLocation"]["uri"].as_str().unwrap();
        assert!(uri.starts_with(name) && uri.is_ascii(), "{uri}");
        if let Some(region) = place["region"].as_object() {
            let at = |key: &str| region[key].as_u64().unwrap();
            assert!(1 <= at("startLine") && 1 <= at("startColumn"));
            let end = (at("endLine"), at("endColumn"));
            assert!((at("startLine"), at("startColumn")) <= end, "{region:?}");
        }
    }
    assert!(fingerprints.values().all(|it| *it == 1), "{fingerprints:?}");
    let refused = mujaz(parent, &["check", "--format", "sarif", "--source", "nowhere"]);
    assert_eq!(refused.status.code(), Some(2));
    let log: Value = serde_json::from_slice(&refused.stdout).unwrap();
    assert_eq!(log["runs"][0]["invocations"][0]["executionSuccessful"], false);
}

#[test]
fn github_gets_one_command_a_line() {
    let (dir, expected) = planted();
    let args = ["check", "--format", "github", NOW[0], NOW[1]];
    let output = mujaz(dir.path(), &args);
    let lines = String::from_utf8(output.stdout).unwrap();
    assert_eq!(lines.lines().count(), expected.len());
    for line in lines.lines() {
        let (properties, message) =
            line.strip_prefix("::warning ").unwrap().split_once("::").unwrap();
        assert!(properties.contains("file=") && properties.contains("title="), "{line}");
        assert!(message.contains("%0A"), "{line}");
    }
    // Answers that are no lists of mistakes have no such form.
    for command in [["links", "report"], ["search", "إيران"]] {
        let args = [&command[..], &["--format", "github"]].concat();
        assert_eq!(mujaz(dir.path(), &args).status.code(), Some(2));
    }
}

/// A host on this machine, and what it was asked.
struct Host {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
    most: Arc<AtomicUsize>,
}

impl Host {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let host = Self { address, asked: Arc::clone(&asked), most: Arc::clone(&most) };
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (asked, now, most) = (asked.clone(), now.clone(), most.clone());
                std::thread::spawn(move || {
                    answer(stream.unwrap(), &asked, [&now, &most])
                });
            }
        });
        host
    }

    fn asked(&self) -> Vec<String> {
        let mut asked = std::mem::take(&mut *self.asked.lock().unwrap());
        asked.sort();
        asked
    }
}

/// Answers a request. Counts those that are waiting for an answer, and the most of them.
fn answer(
    stream: TcpStream,
    asked: &Mutex<Vec<String>>,
    [now, most]: [&AtomicUsize; 2],
) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().unwrap()?;
    let head: Vec<String> =
        lines.map_while(Result::ok).take_while(|it| !it.is_empty()).collect();
    assert!(head.iter().any(|it| it.to_lowercase().starts_with("user-agent: mujaz/")));
    let mut words = first.split(' ');
    let (method, path) = (words.next().unwrap(), words.next().unwrap().to_owned());
    let n_before = {
        let mut asked = asked.lock().unwrap();
        let n = asked.iter().filter(|it| it.ends_with(&format!(" {path}"))).count();
        asked.push(format!("{method} {path}"));
        n
    };
    most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
    let (status, extra) = match (path.as_str(), method) {
        ("/no-head", "HEAD") => ("405 Method Not Allowed", ""),
        ("/gone", _) => ("404 Not Found", ""),
        ("/moved", _) => ("301 Moved Permanently", "Location: /ok\r\n"),
        ("/for-now", _) => ("302 Found", "Location: /ok\r\n"),
        ("/round", _) => ("302 Found", "Location: /round\r\n"),
        ("/closed", _) => ("403 Forbidden", ""),
        ("/busy", _) if n_before < 2 => ("503 Service Unavailable", "Retry-After: 0\r\n"),
        ("/broken", _) => ("500 Internal Server Error", "Retry-After: 0\r\n"),
        _ => ("200 OK", ""),
    };
    let mut stream = stream;
    // Whoever has the answer may ask the next question before this thread goes on.
    now.fetch_sub(1, Ordering::SeqCst);
    write!(
        stream,
        "HTTP/1.1 {status}\r\n{extra}Content-Length: 0\r\nConnection: close\r\n\r\n"
    )
}

#[cfg(feature = "external")]
#[test]
fn other_sites_are_asked_when_told_to_and_as_a_guest() {
    let host = Host::start();
    let dir = sound();
    let paths = [
        "ok", "no-head", "gone", "moved", "for-now", "round", "closed", "busy", "broken",
    ];
    let links: Vec<String> =
        paths.iter().map(|it| format!("[رابط]({}/{it})", host.address)).collect();
    let again = format!("[مرة أخرى]({}/gone#part)", host.address);
    let text = format!("{} {again}", links.join(" "));
    // Nothing else is asked: the sound site has addresses of its own.
    put(dir.path(), "content/briefings/treaty.md", briefing("روابط", "", &text));

    assert_eq!(found(dir.path(), &[]), []);
    let alone = mujaz(dir.path(), &["check", "--external"]);
    assert!(said(&alone).contains("nothing can be said of 9 links"), "{}", said(&alone));
    assert_eq!(host.asked(), [""; 0], "the network of this machine is asked on request");

    let private = ["--external", "--external-private"];
    let output =
        mujaz(dir.path(), &[&["check", "--format", "json"], &private[..]].concat());
    let lines = String::from_utf8(output.stdout).unwrap();
    let told: BTreeMap<String, Value> = lines
        .lines()
        .map(|line| {
            let line: Value = serde_json::from_str(line).unwrap();
            let message = line["message"].as_str().unwrap();
            let url = message.split('`').nth(1).unwrap();
            (url.rsplit('/').next().unwrap().to_owned(), line)
        })
        .collect();
    let codes: Vec<(&str, &str)> =
        told.iter().map(|(path, it)| (&**path, it["code"].as_str().unwrap())).collect();
    let expected = [
        ("broken", "dead-external"),
        ("gone", "dead-external"),
        ("moved", "moved-external"),
        ("round", "dead-external"),
    ];
    assert_eq!(codes, expected);
    let gone = &told["gone"];
    assert!(gone["message"].as_str().unwrap().contains("404"), "{gone}");
    assert_eq!(gone["related"].as_array().unwrap().len(), 1, "both places are named");
    let new_address = format!("{}/ok", host.address);
    assert!(told["moved"]["help"].as_str().unwrap().contains(&new_address));

    let asked = host.asked();
    let n = |line: &str| asked.iter().filter(|it| *it == line).count();
    assert_eq!((n("HEAD /no-head"), n("GET /no-head")), (1, 1));
    assert_eq!((n("HEAD /gone"), n("GET /gone")), (1, 1), "once, whatever follows `#`");
    assert_eq!(n("HEAD /busy"), 3);
    assert_eq!(n("HEAD /broken"), 4, "three times more");
    assert!(host.most.load(Ordering::SeqCst) <= 2, "two at a time");

    // What is known is not asked again.
    let again = mujaz(dir.path(), &[&["check"], &private[..]].concat());
    assert!(
        said(&again).contains("asked 0 pages of other sites; 9 known"),
        "{}",
        said(&again)
    );
    assert!(said(&again).contains("dead-external"), "{}", said(&again));
    assert_eq!(host.asked(), [""; 0]);
}

#[test]
fn settings_that_cannot_be_read_are_told_first_and_alone() {
    for (text, code) in [
        (&b"title: [\nlanguages: [ar, en]\n"[..], "yaml-syntax"),
        (b"title: \xC7\n", "not-utf-8"),
    ] {
        let dir = sound();
        put(dir.path(), "content/site.yaml", text);
        // Its language is unknown as long as nobody knows the settings.
        put(
            dir.path(),
            "content/briefings/treaty.en.md",
            "---\ntitle: Treaty\n---\n\nText.\n",
        );
        put(
            dir.path(),
            "content/briefings/bad.md",
            "---\ntitle: x\ndate: never\n---\nنص\n",
        );
        for command in ["check", "build"] {
            let output = mujaz(dir.path(), &[command, "--format", "json"]);
            let lines = String::from_utf8(output.stdout).unwrap();
            assert_eq!(lines.lines().count(), 1, "{command}: {lines}");
            assert!(lines.contains(code), "{command}: {lines}");
        }
    }
}

#[test]
fn a_mistyped_key_is_told_once_and_late_metadata_by_its_name() {
    let dir = sound();
    for (path, text, code) in [
        (
            "content/briefings/a.md",
            "---\ntitel: x\ndate: 2025-01-01\n---\nنص\n",
            "unknown-key",
        ),
        (
            "content/briefings/a.md",
            "---\ntitle: x\ndat: 2025-01-01\n---\nنص\n",
            "unknown-key",
        ),
        ("content/topics/a.yaml", "title: x\nkint: theme\n", "unknown-key"),
        (
            "content/briefings/a.md",
            "\n---\ntitle: x\ndate: 2025-01-01\ntopics: [iran]\n---\n\nنص\n",
            "late-front-matter",
        ),
    ] {
        put(dir.path(), path, text);
        let found = found(dir.path(), &[]);
        assert_eq!(found, [(path.to_owned(), code.to_owned())], "{text}");
        fs::remove_file(dir.path().join(path)).unwrap();
    }
}

#[test]
fn an_epoch_that_is_no_number_is_refused() {
    let dir = sound();
    for (epoch, status) in
        [("abc", 2), ("1e9", 2), ("99999999999999999999", 2), ("", 0), ("0", 0)]
    {
        let built = Command::new(env!("CARGO_BIN_EXE_mujaz"))
            .args(["build", "--output", "out"])
            .current_dir(dir.path())
            .env("SOURCE_DATE_EPOCH", epoch)
            .output()
            .unwrap();
        assert_eq!(built.status.code(), Some(status), "{epoch}: {}", said(&built));
        let is_told = said(&built).contains("SOURCE_DATE_EPOCH");
        assert_eq!(is_told, status == 2, "{epoch}: {}", said(&built));
    }
}

#[test]
fn what_will_stop_the_site_when_an_embargo_ends_is_told_now() {
    let dir = sound();
    let waits = |at: &str, text: &str| {
        format!(
            "---\ntitle: لاحقا {at}\ndate: 2026-01-01\ntopics: [iran]\nsummary: سطر.\n\
             publish_at: {at}\n---\n\n{text}\n"
        )
    };
    put(
        dir.path(),
        "content/briefings/soon.md",
        waits("2026-02-01T06:00:00Z", "[[nosuch]]"),
    );
    put(
        dir.path(),
        "content/briefings/later.md",
        waits("2026-03-01T06:00:00+03:00", "![صورة](gone.png)"),
    );
    let built = mujaz(dir.path(), &[&["build", "--output", "out"], &NOW[..]].concat());
    assert_eq!(built.status.code(), Some(0), "{}", said(&built));
    let checked = mujaz(dir.path(), &[&["check"], &NOW[..]].concat());
    let words = said(&checked);
    assert_eq!(checked.status.code(), Some(1), "{words}");
    assert!(words.contains("from 2026-02-01T06:00:00+00:00 on:"), "{words}");
    assert!(words.contains("error[dead-link]") && words.contains("soon.md"), "{words}");
    assert!(
        words.contains("error[missing-picture]") && words.contains("later.md"),
        "{words}"
    );
    assert_eq!(words.matches("error[").count(), 2, "{words}");
}
