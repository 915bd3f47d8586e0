//! Inputs that are made to cost far more than their length: Markdown, YAML and templates
//! (rows M5, M6, M13, Y1 to Y4, Y20, Y22; measure R9). Each is built by the real program in
//! a process of its own, which has to end by itself, with little memory.

use std::fmt::Write as _;
use std::fs;
use std::io::Read;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::desk::{Files, desk, file};

/// More than any of them needs on a busy machine without optimisation.
const MAX_TIME: Duration = Duration::from_secs(10);

/// Most memory, in KiB.
const MAX_MEMORY: u64 = 256 * 1024;

/// Longest report: nobody reads more, and a terminal chokes on it.
const MAX_REPORT: usize = 4 * 1024 * 1024;

const SETTINGS: &str = "title: نشرة\ncards: false\nfeeds: false\nsearch: false\n";

/// What a build cost.
struct Cost {
    time: Duration,
    memory: u64,
    n_reported: usize,
    status: Option<i32>,
}

/// The most memory that a process has had so far, in KiB.
#[cfg(target_os = "linux")]
fn peak_memory(process: u32) -> u64 {
    let status =
        fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:"));
    let number = line.and_then(|it| it.trim().split(' ').next()?.parse().ok());
    number.unwrap_or_default()
}

#[cfg(not(target_os = "linux"))]
fn peak_memory(_process: u32) -> u64 {
    0
}

/// Builds a site and looks at the process until it ends.
fn cost(files: &Files) -> Cost {
    let dir = desk(files);
    let begin = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_mujaz"))
        .arg("build")
        .current_dir(dir.path())
        .env_remove("SOURCE_DATE_EPOCH")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut report = child.stderr.take().unwrap();
    let reader = std::thread::spawn(move || {
        let mut text = Vec::new();
        report.read_to_end(&mut text).unwrap();
        text.len()
    });
    let mut memory = 0;
    let status = loop {
        memory = memory.max(peak_memory(child.id()));
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if MAX_TIME < begin.elapsed() || MAX_MEMORY < memory {
            child.kill().unwrap();
            break child.wait().unwrap();
        }
        std::thread::sleep(Duration::from_millis(4));
    };
    let n_reported = reader.join().unwrap();
    Cost { time: begin.elapsed(), memory, n_reported, status: status.code() }
}

/// Builds each site, and says which ones are not borne.
#[track_caller]
fn check(bombs: Vec<(String, Files)>, n: usize) {
    assert_eq!(bombs.len(), n);
    let mut failures = String::new();
    let mut worst =
        [(Duration::ZERO, 0, String::new()), (Duration::ZERO, 0, String::new())];
    for (name, files) in bombs {
        let cost = cost(&files);
        let is_borne = matches!(cost.status, Some(0 | 1))
            && cost.time <= MAX_TIME
            && cost.memory <= MAX_MEMORY
            && cost.n_reported <= MAX_REPORT;
        if !is_borne {
            let _ = writeln!(
                failures,
                "{name}: status {:?}, {:?}, {} KiB, {} bytes said",
                cost.status, cost.time, cost.memory, cost.n_reported
            );
        }
        let row = (cost.time, cost.memory, name);
        if worst[0].0 < row.0 {
            worst[0].clone_from(&row);
        }
        if worst[1].1 < row.1 {
            worst[1] = row;
        }
    }
    let [slowest, largest] = worst;
    assert!(
        failures.is_empty(),
        "{failures}\nslowest: {slowest:?}, largest: {largest:?}"
    );
}

/// A site with one article.
fn article(text: &str, policy: &str) -> Files {
    vec![
        file("content/site.yaml", &format!("{SETTINGS}html: {policy}\n")),
        file(
            "content/topics/iran.yaml",
            "title: إيران\nkind: country\naliases: [طهران]\n",
        ),
        file(
            "content/briefings/a.md",
            &format!("---\ntitle: نص\ndate: 2025-01-02\n---\n\n{text}\n"),
        ),
    ]
}

/// Numbered lines.
fn numbered(n: usize, line: impl Fn(usize) -> String) -> String {
    (0..n).map(line).collect()
}

/// Each a shape that some reader of Markdown has spent the square of its length on, or more.
fn markdown_bombs() -> Vec<(&'static str, String)> {
    let n = 20_000;
    let many = |part: &str| part.repeat(n);
    vec![
        ("nested emphasis", many("*a **a ") + &"b** b* ".repeat(n)),
        ("emphasis never opened", many("a_ ")),
        ("emphasis never closed", many("_a ")),
        ("emphasis of two signs", many("*a_ ")),
        ("emphasis in links", many("[ a_")),
        ("emphasis of three", many("**x [a*b**c*](d")),
        ("one opener, many closers", "a**b".to_owned() + &many("c* ")),
        ("links never opened", many("a]")),
        ("links never closed", many("[a")),
        ("brackets in brackets", many("[") + "a" + &many("]")),
        ("brackets of pictures", many("![")),
        ("pictures in links", many("[![](a)")),
        ("targets never closed", many("[a](b")),
        ("angled targets never closed", many("[a](<b")),
        ("titles never closed", many("[a](b \"c ")),
        ("quotations in quotations", "> ".repeat(n) + "a"),
        ("lists in lists", "- ".repeat(n) + "a"),
        ("lists indented", numbered(600, |it| format!("{}- a\n", "  ".repeat(it)))),
        ("lazy quotations", format!("{}\n{}", "> ".repeat(60), "a\n".repeat(n))),
        ("backticks of all lengths", numbered(400, |it| format!("e{}", "`".repeat(it)))),
        ("backslashes", many("\\")),
        ("ampersands", many("&")),
        ("entities", many("&amp;&nosuch;&#x110000;")),
        ("comments never closed", many("<!-- ")),
        ("declarations never closed", many("<!A ") + &many("<?") + &many("<![CDATA[")),
        ("angle brackets", many("<") + &many(">")),
        ("tags never closed", many("<a ")),
        ("attributes never closed", many("<a b='")),
        ("tags", many("<x>")),
        (
            "wide table",
            format!("|{}\n|{}\n", "a|".repeat(2000), "-|".repeat(2000))
                + &"|a\n".repeat(30),
        ),
        ("long table", "|a|b|\n|-|-|\n".to_owned() + &many("|x|y|\n")),
        ("definitions", numbered(n, |it| format!("[a{it}]: /u\n")) + &many("[a1] ")),
        (
            "one long definition, many uses",
            format!("[a]: /{}\n\n{}", "x".repeat(50_000), "[a] ".repeat(5000)),
        ),
        ("labels never found", many("[a][b]")),
        ("notes", many("[^a] ") + "\n\n[^a]: b\n"),
        (
            "notes in notes",
            numbered(3000, |it| format!("[^{it}]: [^{}]\n\n", it + 1)) + "[^0]",
        ),
        ("headings of one name", "## a\n".repeat(n)),
        ("names of headings", format!("## a {{{}}}", "#b .c d=e ".repeat(3000))),
        ("terms", "a\n: b\n".repeat(n)),
        ("signs above and below", many("~a^b~~c^")),
        (
            "links by name that lead nowhere",
            format!("{}[[{}]]", "[[nowhere]] ".repeat(3000), "ن".repeat(300_000)),
        ),
        ("marks of our own", many("{nolink}")),
        ("citations", many("[@a] [@")),
        ("emphasis between letters", many("و*ب*ل_ك_")),
        ("names", "إيران وطهران بالإيران ".repeat(n / 4)),
        ("changes of direction", many("a ب 1-2 ")),
        ("controls of direction", many("\u{202E}a\u{2067}")),
        (
            "marks on one letter",
            format!("# ا{}\n\nا{}", "\u{64B}".repeat(n), "\u{651}".repeat(n)),
        ),
        ("one line of ten megabytes", "كلمة ".repeat(1_100_000)),
    ]
}

#[test]
fn m5_y22_r9_no_article_costs_more_than_its_length() {
    let bombs = markdown_bombs();
    let sites = bombs.into_iter().map(|(name, text)| {
        // Half of them through the gate, which has more to do.
        let policy = if text.contains('<') { "safe" } else { "text" };
        (name.to_owned(), article(&text, policy))
    });
    check(sites.collect(), 49);
}

#[test]
fn m6_elements_in_elements_are_refused_at_a_depth() {
    let n = 50_000;
    let bombs = [
        ("blocks", "<div>\n\n".repeat(n)),
        ("blocks in a line", "<div>".repeat(n)),
        ("in a paragraph", format!("a {}", "<bdi>".repeat(n))),
        ("ends of nothing", "</div>".repeat(n)),
        ("each in its paragraph", "<bdi>a\n\n".repeat(n / 10)),
    ];
    let sites =
        bombs.into_iter().map(|(name, text)| (name.to_owned(), article(&text, "safe")));
    check(sites.collect(), 5);
}

/// YAML that readers have choked on.
fn yaml_bombs() -> Vec<(&'static str, String)> {
    let laughs = (0..10).fold("a0: &a0 [x]\n".to_owned(), |all, it| {
        format!("{all}a{}: &a{} [{}]\n", it + 1, it + 1, format!("*a{it},").repeat(10))
    });
    vec![
        ("a thousand lists", "a: ".to_owned() + &"[".repeat(1000)),
        ("60,000 lists", "a: ".to_owned() + &"[".repeat(60_000)),
        ("a million lists", "a: ".to_owned() + &"[".repeat(1_000_000)),
        ("maps in maps", "a: ".to_owned() + &"{a: ".repeat(15_000)),
        ("lists by dashes", "- ".repeat(3000) + "a"),
        ("lists by indentation", numbered(300, |it| format!("{}a:\n", " ".repeat(it)))),
        (
            "one long value, many aliases",
            format!("a: &a \"{}\"\nb: [{}]", "x".repeat(30_000), "*a, ".repeat(8000)),
        ),
        (
            "a hundred kilobytes ten thousand times",
            format!("a: &a \"{}\"\nb: [{}]", "x".repeat(100_000), "*a, ".repeat(10_000)),
        ),
        ("a billion laughs", laughs),
        ("an alias of itself", "a: &a [*a]".to_owned()),
        ("an unknown alias", "a: *b".to_owned()),
        ("merged keys", "a: &a {b: c}\n".to_owned() + &"<<: *a\n".repeat(5000)),
        ("200,000 keys", numbered(200_000, |it| format!("k{it}: v\n"))),
        ("keys that nobody knows", numbered(7000, |it| format!("k{it}: v\n"))),
        ("one key many times", "title: a\n".repeat(7000)),
        ("twenty megabytes", format!("title: {}", "x".repeat(20_000_000))),
        ("quotes never closed", "a: \"".to_owned() + &"b: \"\n".repeat(10_000)),
        ("anchors", "&a ".repeat(20_000)),
        ("tags", "a: ".to_owned() + &"!!x ".repeat(15_000)),
        ("questions", "? ".repeat(30_000)),
    ]
}

#[test]
fn y1_y2_y3_y4_y20_r9_no_metadata_costs_more_than_its_length() {
    let sites = yaml_bombs().into_iter().map(|(name, yaml)| {
        let files = vec![
            file("content/site.yaml", SETTINGS),
            file("content/topics/a.yaml", &yaml),
            file("content/briefings/a.md", &format!("---\n{yaml}\n---\nنص\n")),
        ];
        (name.to_owned(), files)
    });
    check(sites.collect(), 20);
}

#[test]
fn m13_r9_no_template_runs_away() {
    let n = 20_000;
    let home = "pages/home.html";
    let bombs: Vec<(&str, Vec<(&str, String)>)> = vec![
        ("includes itself", vec![(home, "{% include \"pages/home.html\" %}".into())]),
        (
            "two include each other",
            vec![
                (home, "{% include \"parts/a.html\" %}".into()),
                ("parts/a.html", "{% include \"pages/home.html\" %}".into()),
            ],
        ),
        ("extends itself", vec![(home, "{% extends \"pages/home.html\" %}".into())]),
        (
            "two extend each other",
            vec![
                (home, "{% extends \"a.html\" %}".into()),
                ("a.html", "{% extends \"pages/home.html\" %}".into()),
            ],
        ),
        (
            "a component in itself",
            vec![
                (home, "{{<a />}}".into()),
                (
                    "components/a.html",
                    "{% component a() %}{{<a />}}{% endcomponent a %}".into(),
                ),
            ],
        ),
        (
            "a hundred million numbers",
            vec![(home, "{% for a in range(end=100000000) %}{{ a }}{% endfor %}".into())],
        ),
        (
            "brackets",
            vec![(home, format!("{{{{ {}1{} }}}}", "(".repeat(n), ")".repeat(n)))],
        ),
        (
            "conditions in conditions",
            vec![(home, "{% if true %}".repeat(n) + &"{% endif %}".repeat(n))],
        ),
        ("a long sum", vec![(home, format!("{{{{ 1{} }}}}", "+1".repeat(n)))]),
        ("filters", vec![(home, format!("{{{{ \"a\"{} }}}}", " | upper".repeat(n)))]),
    ];
    let sites = bombs.into_iter().map(|(name, templates)| {
        let mut files = vec![file("content/site.yaml", SETTINGS)];
        for (path, text) in templates {
            files.push(file(&format!("templates/{path}"), &text));
        }
        (name.to_owned(), files)
    });
    check(sites.collect(), 10);
}
