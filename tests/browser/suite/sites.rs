//! The sites that are looked at, built in memory and served from there.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use mujaz::BuildInfo;
use mujaz::diag::SourcePath;
use mujaz::load::{self, Sources};
use mujaz::model::{Clock, Site};
use mujaz::render::{Memory, Sink};
use mujaz::search::Index;

/// A built site behind an address of this machine.
pub(crate) struct Served {
    /// Address, with a slash at the end.
    pub(crate) base: String,
    /// Every file, by path.
    pub(crate) files: Arc<BTreeMap<String, Vec<u8>>>,
    folder: &'static str,
}

/// What a host does beside sending files.
#[derive(Debug, Clone, Default)]
pub(crate) struct Host {
    /// How long every font is held back.
    pub(crate) font_delay: Duration,
    /// The header `Content-Security-Policy`.
    pub(crate) policy: Option<String>,
    /// A path that is not found, though it is there.
    pub(crate) hides: Option<String>,
}

impl Served {
    /// The same files behind another host.
    pub(crate) fn behind(&self, host: Host) -> Self {
        listen(Arc::clone(&self.files), bind(), self.folder, host)
    }

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
        self.largest(|_, _| String::new())
    }

    /// The same, but one page for each kind of topic, and the archive, its years and months.
    pub(crate) fn all_types(&self) -> Vec<&str> {
        self.largest(|path, html| {
            if html.contains("page--topic\"") {
                between(html, "kicker__kind\">", "<").to_owned()
            } else if html.contains("page--archive\"") {
                path.matches('/').count().to_string()
            } else {
                String::new()
            }
        })
    }

    fn largest(&self, sort: impl Fn(&str, &str) -> String) -> Vec<&str> {
        let mut largest: BTreeMap<[String; 3], (&str, usize)> = BTreeMap::new();
        for path in self.pages() {
            let html = String::from_utf8_lossy(&self.files[path]);
            let key = [
                between(&html, "<html lang=\"", "\"").to_owned(),
                between(&html, "<body class=\"", "\"").to_owned(),
                sort(path, &html),
            ];
            let entry = largest.entry(key).or_insert((path, 0));
            if entry.1 < html.len() {
                *entry = (path, html.len());
            }
        }
        largest.into_values().map(|(path, _)| path).collect()
    }
}

/// What stands between two marks, nothing where the first is missing.
fn between<'a>(html: &'a str, from: &str, to: &str) -> &'a str {
    let rest = html.split(from).nth(1).unwrap_or_default();
    rest.split(to).next().unwrap_or_default()
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

/// The indexes of the demo, as the command line searches them.
pub(crate) fn demo_indexes() -> (Site, Vec<Index>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    indexes(&load::load(&root).unwrap().value)
}

/// The indexes of a site of these texts.
pub(crate) fn tiny_indexes(files: &[(&str, &str)]) -> (Site, Vec<Index>) {
    indexes(&tiny_sources(files))
}

fn indexes(sources: &Sources) -> (Site, Vec<Index>) {
    let site = mujaz::read_site(sources, &info(None), &mut |_| {}).value;
    let links = mujaz::link::link(&site, sources).value;
    let indexes = mujaz::search::indexes(&site, &links);
    (site, indexes)
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

fn bind() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").expect("a port is free")
}

fn base(listener: &TcpListener, folder: &str) -> String {
    format!("http://{}/{folder}", listener.local_addr().unwrap())
}

fn serve(root: &Path, more: &[(String, String)], folder: &'static str) -> Served {
    let mut sources = load::load(root).unwrap();
    assert!(sources.diagnostics.is_empty(), "{:#?}", sources.diagnostics);
    add(&mut sources.value, more);
    let listener = bind();
    let files = build(&sources.value, &base(&listener, folder));
    listen(Arc::new(files), listener, folder, Host::default())
}

/// A site of these texts and nothing else.
pub(crate) fn tiny(files: &[(&str, &str)]) -> Served {
    let sources = tiny_sources(files);
    let listener = bind();
    let files = build(&sources, &base(&listener, ""));
    listen(Arc::new(files), listener, "", Host::default())
}

fn tiny_sources(files: &[(&str, &str)]) -> Sources {
    let mut sources = Sources::default();
    let files = files.iter().map(|it| (it.0.to_owned(), it.1.to_owned()));
    add(&mut sources, &files.collect::<Vec<_>>());
    sources
}

fn listen(
    files: Arc<BTreeMap<String, Vec<u8>>>,
    listener: TcpListener,
    folder: &'static str,
    host: Host,
) -> Served {
    let base = base(&listener, folder);
    let served = Arc::clone(&files);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let files = Arc::clone(&served);
            let host = host.clone();
            std::thread::spawn(move || {
                let _ = answer(stream, folder, &files, &host);
            });
        }
    });
    Served { base, files, folder }
}

fn add(sources: &mut Sources, texts: &[(String, String)]) {
    for (path, text) in texts {
        let path = SourcePath::new(path);
        let kind = load::kind_of(&path).unwrap();
        let file = load::source_file(path, kind, text.clone().into_bytes());
        sources.files.extend(file.value);
    }
    sources.files.sort_by(|a, b| a.path.cmp(&b.path));
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

fn info(base_url: Option<&str>) -> BuildInfo {
    let now = "2026-01-01T00:00:00Z".parse().unwrap();
    let clock = Clock { now, is_preview: false };
    BuildInfo { clock, stamp: None, base_url: base_url.map(str::to_owned) }
}

fn build(sources: &Sources, base: &str) -> BTreeMap<String, Vec<u8>> {
    let info = info(Some(base));
    let sink = Whole::default();
    let built = mujaz::build(sources, &info, &sink, &|_| {});
    assert!(built.diagnostics.is_empty(), "the site is clean: {:#?}", built.diagnostics);
    sink.0.files.into_inner().unwrap()
}

/// Answers one request, as a plain host of files would.
fn answer(
    mut stream: TcpStream,
    folder: &str,
    files: &BTreeMap<String, Vec<u8>>,
    host: &Host,
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
    if path.ends_with(".woff2") {
        std::thread::sleep(host.font_delay);
    }
    let is_hidden = host.hides.as_ref() == Some(&path);
    let found = files.get(&path).filter(|_| !is_hidden);
    let status = if found.is_some() { "200 OK" } else { "404 Not Found" };
    let body = found.or_else(|| files.get("404.html")).map_or(&[][..], |it| it);
    let kind = match path.rsplit('.').next() {
        // No charset: the page has to say it (R10).
        _ if found.is_none() => "text/html",
        Some("html") => "text/html",
        Some("css") => "text/css",
        Some("js") => "text/javascript",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        Some("json") => "application/json",
        Some("xml") => "application/xml",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };
    let policy = host.policy.as_ref();
    let policy = policy.map(|it| format!("content-security-policy: {it}\r\n"));
    write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n{}\
         connection: close\r\n\r\n",
        body.len(),
        policy.unwrap_or_default()
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
