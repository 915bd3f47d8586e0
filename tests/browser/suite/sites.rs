//! The sites that are looked at, built in memory and served from there.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, OnceLock};

use mujaz::diag::SourcePath;
use mujaz::model::Clock;
use mujaz::render::{Memory, Sink};
use mujaz::{BuildInfo, load};

/// A built site behind an address of this machine.
pub(crate) struct Served {
    /// Address, with a slash at the end.
    pub(crate) base: String,
    /// Every file, by path.
    pub(crate) files: Arc<BTreeMap<String, Vec<u8>>>,
}

impl Served {
    /// Pages for people, by path, but for redirects.
    pub(crate) fn pages(&self) -> Vec<&str> {
        let files = self.files.iter().filter(|(path, _)| path.ends_with(".html"));
        let whole = files.filter(|(_, bytes)| {
            !String::from_utf8_lossy(bytes).contains("http-equiv=\"refresh\"")
        });
        whole.map(|(path, _)| path.as_str()).collect()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        let path = path.strip_suffix("index.html").unwrap_or(path);
        let encoded = path.bytes().map(|it| match it {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'/' => {
                char::from(it).to_string()
            }
            other => format!("%{other:02X}"),
        });
        format!("{}{}", self.base, encoded.collect::<String>())
    }

    /// One page of each sort and language: those whose `<body>` has the same classes, the
    /// largest first, so that it holds every part.
    pub(crate) fn page_types(&self) -> Vec<&str> {
        let mut largest: BTreeMap<(String, String), (&str, usize)> = BTreeMap::new();
        for path in self.pages() {
            let html = String::from_utf8_lossy(&self.files[path]);
            let part = |from: &str| {
                let rest = html.split(from).nth(1).unwrap_or_default();
                rest.split('"').next().unwrap_or_default().to_owned()
            };
            let key = (part("<html lang=\""), part("<body class=\""));
            let entry = largest.entry(key).or_insert((path, 0));
            if entry.1 < html.len() {
                *entry = (path, html.len());
            }
        }
        largest.into_values().map(|(path, _)| path).collect()
    }
}

/// The demo site, in a folder of its host.
pub(crate) fn demo() -> &'static Served {
    static DEMO: OnceLock<Served> = OnceLock::new();
    DEMO.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        serve(&root, &[], "desk/")
    })
}

/// The site in four languages that stands beside these tests.
pub(crate) fn four() -> &'static Served {
    static FOUR: OnceLock<Served> = OnceLock::new();
    FOUR.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("site");
        serve(&root, &order_pages(), "")
    })
}

/// Both of them.
pub(crate) fn both() -> [&'static Served; 2] {
    [four(), demo()]
}

/// The strings of `order.txt` as a briefing in each language, one in each line of a list.
fn order_pages() -> Vec<(String, String)> {
    let (_, cases) = crate::order::cases();
    let titles = [
        ("ar", "سطور مختلطة"),
        ("en", "Mixed lines"),
        ("fa", "سطرهای آمیخته"),
        ("he", "שורות מעורבות"),
    ];
    let pages = titles.map(|(lang, title)| {
        let mut text =
            format!("---\ntitle: {title}\nslug: mixed\ndate: 2025-01-05\n---\n\n");
        for case in cases.iter().filter(|it| it.lang == lang) {
            text.push_str(&format!("- {}\n", case.text));
        }
        let suffix = if lang == "ar" { String::new() } else { format!(".{lang}") };
        (format!("content/briefings/mixed{suffix}.md"), text)
    });
    pages.into()
}

fn serve(root: &Path, more: &[(String, String)], folder: &'static str) -> Served {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let base = format!("http://{}/{folder}", listener.local_addr().unwrap());
    let files = Arc::new(build(root, more, &base));
    let served = Arc::clone(&files);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let files = Arc::clone(&served);
            std::thread::spawn(move || {
                let _ = answer(stream, folder, &files);
            });
        }
    });
    Served { base, files }
}

/// Keeps whole files in memory, copies too.
#[derive(Default)]
struct Whole(Memory);

impl Sink for Whole {
    fn put(&self, path: &str, bytes: Vec<u8>) {
        self.0.put(path, bytes);
    }

    fn copy(&self, path: &str, from: &Path) {
        self.0.put(path, std::fs::read(from).unwrap());
    }
}

fn build(
    root: &Path,
    more: &[(String, String)],
    base: &str,
) -> BTreeMap<String, Vec<u8>> {
    let mut sources = load::load(root).unwrap();
    for (path, text) in more {
        let path = SourcePath::new(path);
        let kind = load::kind_of(&path).unwrap();
        let file = load::source_file(path, kind, text.clone().into_bytes());
        sources.value.files.extend(file.value);
    }
    sources.value.files.sort_by(|a, b| a.path.cmp(&b.path));
    let info = BuildInfo {
        clock: Clock { now: "2026-01-01T00:00:00Z".parse().unwrap(), is_preview: false },
        stamp: None,
        base_url: Some(base.to_owned()),
    };
    let sink = Whole::default();
    let built = mujaz::build(&sources.value, &info, &sink, &|_| {});
    let all: Vec<_> = sources.diagnostics.iter().chain(&built.diagnostics).collect();
    assert!(all.is_empty(), "{} is clean: {all:#?}", root.display());
    sink.0.files.into_inner().unwrap()
}

/// Answers one request, as a plain host of files would.
fn answer(
    mut stream: TcpStream,
    folder: &str,
    files: &BTreeMap<String, Vec<u8>>,
) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?);
    let mut request = String::new();
    lines.read_line(&mut request)?;
    let mut line = String::new();
    while lines.read_line(&mut line)? > 2 {
        line.clear();
    }
    let target = request.split(' ').nth(1).unwrap_or_default();
    let path = target.split(['?', '#']).next().unwrap_or_default();
    let path = decode(path.trim_start_matches('/'));
    let path = path.strip_prefix(folder).unwrap_or("404.html");
    let path = if path.is_empty() || path.ends_with('/') {
        format!("{path}index.html")
    } else {
        path.to_owned()
    };
    let found = files.get(&path);
    let status = if found.is_some() { "200 OK" } else { "404 Not Found" };
    let body = found.or_else(|| files.get("404.html")).map_or(&[][..], |it| it);
    let kind = match path.rsplit('.').next() {
        // No charset: the page has to say it (R10).
        _ if found.is_none() => "text/html",
        Some("html") => "text/html",
        Some("css") => "text/css",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        Some("json") => "application/json",
        Some("xml") => "application/xml",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n",
        body.len()
    )?;
    stream.write_all(body)
}

fn decode(path: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = path.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = tail.get(..2).and_then(|it| std::str::from_utf8(it).ok());
        match hex.and_then(|it| u8::from_str_radix(it, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
