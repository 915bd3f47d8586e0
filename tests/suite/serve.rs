//! The live preview as a client meets it: the real program, and requests byte by byte.
//! Names of rows are those of the dangers that a server for drafts has (D1 to D9).

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream, UdpSocket};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_mins(1);

const SITE: &str = "title: نشرة\nbase_url: https://desk.example/desk/\nlang: ar\n\
                    languages: [ar, en]\n";

const BRIEFING: &str =
    "---\ntitle: إحاطة أولى\nslug: first\ndate: 2025-01-01\n---\n\nنص أول.\n";

const FIRST: &str = "/desk/briefings/first/";

fn put(dir: &Path, path: &str, text: impl AsRef<[u8]>) {
    let path = dir.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// A site in a folder of its host, with one briefing.
fn site() -> TempDir {
    let dir = TempDir::new().unwrap();
    put(dir.path(), "content/site.yaml", SITE);
    put(dir.path(), "content/briefings/first.md", BRIEFING);
    dir
}

/// A program that runs until the test ends.
struct Preview {
    child: Child,
    log: Arc<Mutex<String>>,
    port: u16,
}

struct Answer {
    status: u16,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

#[track_caller]
fn until(what: &str, is_done: impl Fn() -> bool) {
    let started = Instant::now();
    while !is_done() {
        assert!(started.elapsed() < PATIENCE, "this never came true: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn start(dir: &Path, args: &[&str]) -> (Child, Arc<Mutex<String>>) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_mujaz"));
    program.arg("serve").args(args);
    start_program(dir, program)
}

fn start_program(dir: &Path, mut program: Command) -> (Child, Arc<Mutex<String>>) {
    let mut child = program
        .current_dir(dir)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let log = Arc::new(Mutex::new(String::new()));
    let (stderr, written) = (child.stderr.take().unwrap(), Arc::clone(&log));
    std::thread::spawn(move || {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            writeln!(written.lock().unwrap(), "{line}").unwrap();
        }
    });
    (child, log)
}

impl Preview {
    #[track_caller]
    fn of(dir: &Path) -> Self {
        Self::with(dir, &["--port", "0"])
    }

    #[track_caller]
    fn with(dir: &Path, args: &[&str]) -> Self {
        Self::started(start(dir, args))
    }

    #[track_caller]
    fn started((child, log): (Child, Arc<Mutex<String>>)) -> Self {
        let mut preview = Self { child, log, port: 0 };
        until("it serves", || preview.log().contains("serving http://"));
        let log = preview.log();
        let address = log.split("serving http://").nth(1).unwrap();
        let port = address.split('/').next().unwrap().rsplit(':').next().unwrap();
        preview.port = port.parse().unwrap();
        preview
    }

    fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    fn n_built(&self) -> usize {
        self.log().lines().filter(|it| it.contains("built ")).count()
    }

    fn host(&self) -> String {
        format!("localhost:{}", self.port)
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Sends bytes and reads the answer to its end.
    fn raw(&self, request: &[u8]) -> Answer {
        let mut stream = self.connect();
        // A server that has refused the beginning need not read the rest.
        let _ = stream.write_all(request);
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let end = bytes.windows(4).position(|it| it == b"\r\n\r\n").unwrap_or(0);
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut lines = head.lines();
        let status = lines.next().and_then(|it| it.split(' ').nth(1));
        let headers = lines.filter_map(|it| it.split_once(": "));
        Answer {
            status: status.and_then(|it| it.parse().ok()).unwrap_or_default(),
            headers: headers
                .map(|it| (it.0.to_ascii_lowercase(), it.1.to_owned()))
                .collect(),
            body: bytes.get(end + 4..).unwrap_or_default().to_vec(),
        }
    }

    fn ask(&self, method: &str, target: &[u8], headers: &[(&str, &str)]) -> Answer {
        let mut request = [method.as_bytes(), b" ", target, b" HTTP/1.1\r\n"].concat();
        for (name, value) in headers {
            request.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
        }
        request.extend_from_slice(b"connection: close\r\n\r\n");
        self.raw(&request)
    }

    fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let host = self.host();
        let headers: Vec<_> =
            [("host", host.as_str())].iter().chain(headers).copied().collect();
        self.ask("GET", path.as_bytes(), &headers)
    }

    fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[])
    }

    fn shows(&self, path: &str, text: &str) -> bool {
        let answer = self.get(path);
        answer.status == 200 && answer.text().contains(text)
    }

    fn problems(&self) -> Vec<Value> {
        let answer = self.get("/.mujaz/problems");
        let json: Value = serde_json::from_slice(&answer.body).unwrap();
        json["problems"].as_array().unwrap().clone()
    }

    fn events(&self, page: &str) -> Events {
        let mut stream = self.connect();
        let host = self.host();
        write!(stream, "GET /.mujaz/events?page={page} HTTP/1.1\r\nhost: {host}\r\n\r\n")
            .unwrap();
        Events(BufReader::new(stream))
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            let _ = std::io::stderr().write_all(self.log().as_bytes());
        }
    }
}

/// The stream of an open page.
struct Events(BufReader<TcpStream>);

impl Events {
    #[track_caller]
    fn next(&mut self) -> Value {
        let mut line = String::new();
        while self.0.read_line(&mut line).unwrap() != 0 {
            if let Some(data) = line.strip_prefix("data: ") {
                return serde_json::from_str(data).unwrap();
            }
            line.clear();
        }
        panic!("the stream has ended");
    }
}

#[test]
fn a_site_is_served_where_its_address_says_and_nothing_is_written() {
    let dir = site();
    let preview = Preview::of(dir.path());
    let home = preview.get("/desk/");
    assert_eq!(home.status, 200);
    assert_eq!(home.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(home.header("cache-control"), "no-store");
    assert_eq!(home.header("x-content-type-options"), "nosniff");
    assert_eq!(home.text().matches("/.mujaz/reload.js").count(), 1);
    // Links that must be whole lead to the preview and not to the published site.
    assert!(home.text().contains(&format!("http://{}/desk/", preview.host())));
    assert!(!home.text().contains("desk.example"));
    let root = preview.get("/");
    assert_eq!((root.status, root.header("location")), (307, "/desk/"));
    for (path, to) in [
        ("/desk", "/desk/"),
        ("/desk/briefings/first", FIRST),
        ("/desk/briefings/first?x=1", "/desk/briefings/first/?x=1"),
    ] {
        let answer = preview.get(path);
        assert_eq!((answer.status, answer.header("location")), (308, to), "{path}");
    }
    let names: Vec<_> = fs::read_dir(dir.path()).unwrap().collect();
    assert_eq!(names.len(), 1, "{names:?}");
}

#[test]
fn a_file_is_found_by_its_name_encoded_or_not() {
    let dir = site();
    put(dir.path(), "static/ملفات/خريطة 1.txt", "نص");
    let preview = Preview::of(dir.path());
    let host = preview.host();
    for target in [
        "/desk/ملفات/خريطة%201.txt",
        "/desk/%D9%85%D9%84%D9%81%D8%A7%D8%AA/%D8%AE%D8%B1%D9%8A%D8%B7%D8%A9%201.txt",
        "/desk/%d9%85لفات/خريطة%201.txt?q#x",
    ] {
        let answer = preview.ask("GET", target.as_bytes(), &[("host", &host)]);
        assert_eq!((answer.status, answer.text().as_str()), (200, "نص"), "{target}");
        assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    }
}

#[test]
fn what_is_not_there_is_said_in_the_language_of_the_address() {
    let dir = site();
    put(
        dir.path(),
        "content/briefings/first.en.md",
        "---\ntitle: First\nslug: first\ndate: 2025-01-01\n---\n\nText.\n",
    );
    let preview = Preview::of(dir.path());
    for (path, lang) in [("/desk/x", "ar"), ("/desk/en/x/y/", "en"), ("/x", "ar")] {
        let answer = preview.get(path);
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.text().contains(&format!("<html lang=\"{lang}\"")), "{path}");
        assert!(answer.text().contains("/.mujaz/reload.js"), "{path}");
    }
    assert_eq!(preview.get("/.mujaz/x").status, 404);
}

#[test]
fn d1_no_address_leads_out_of_the_site() {
    let dir = site();
    put(dir.path(), "secret.txt", "secret");
    put(dir.path(), "static/film.mp4", "film");
    let preview = Preview::of(dir.path());
    let forms: [&[u8]; 44] = [
        b"/../../etc/passwd",
        b"/desk/../../etc/passwd",
        b"/desk/../secret.txt",
        b"/desk/../content/site.yaml",
        b"/desk/./../secret.txt",
        b"/desk/%2e%2e/secret.txt",
        b"/desk/%2E%2E/secret.txt",
        b"/desk/.%2e/secret.txt",
        b"/desk/%2e./secret.txt",
        b"/desk/..%2fsecret.txt",
        b"/desk/..%2Fsecret.txt",
        b"/desk/%2e%2e%2fsecret.txt",
        b"/desk/..%5csecret.txt",
        b"/desk/..\\secret.txt",
        b"/desk/%2e%2e%5csecret.txt",
        b"/desk/%252e%252e/secret.txt",
        b"/desk/%252e%252e%252fsecret.txt",
        b"/desk/%25%32%65%25%32%65/secret.txt",
        b"/desk/%c0%ae%c0%ae/secret.txt",
        b"/desk/%e0%80%ae%e0%80%ae/secret.txt",
        b"/desk/\xc0\xae\xc0\xae/secret.txt",
        b"/desk/%u002e%u002e/secret.txt",
        b"/desk/\xef\xbc\x8e\xef\xbc\x8e/secret.txt",
        b"/desk/....//secret.txt",
        b"/desk/..;/secret.txt",
        b"//etc/passwd",
        b"/desk//etc/passwd",
        b"///etc/passwd",
        b"/desk/%2fetc%2fpasswd",
        b"/desk/%00",
        b"/desk/index.html%00.txt",
        b"/desk/%ff",
        b"/desk/%",
        b"/desk/%2",
        b"/desk/%zz",
        b"/desk/c:/windows/win.ini",
        b"/c:/windows/win.ini",
        b"/desk/x/c:/y",
        b"/desk/file:///etc/passwd",
        b"/desk/\\\\host\\share",
        b"/desk/CON",
        b"/desk/index.html::$DATA",
        b"/desk/content/site.yaml",
        b"/desk/static/film.mp4",
    ];
    let host = preview.host();
    for form in forms {
        let answer = preview.ask("GET", form, &[("host", &host)]);
        let shown = String::from_utf8_lossy(form);
        assert!(matches!(answer.status, 400 | 404), "{shown}: {}", answer.status);
        assert!(!answer.text().contains("secret") && !answer.text().contains("root:"));
    }
    assert_eq!(preview.get("/desk/").status, 200);
}

#[cfg(unix)]
#[test]
fn d1_a_link_that_takes_the_place_of_a_file_is_not_followed() {
    let dir = site();
    put(dir.path(), "secret.txt", "secret");
    put(dir.path(), "static/films/film.mp4", "film");
    let preview = Preview::of(dir.path());
    assert_eq!(preview.get("/desk/films/film.mp4").text(), "film");
    let film = dir.path().join("static/films/film.mp4");
    fs::remove_file(&film).unwrap();
    std::os::unix::fs::symlink("../../secret.txt", &film).unwrap();
    assert_eq!(preview.get("/desk/films/film.mp4").status, 404);
    until("the link is reported", || preview.log().contains("[symlink]"));
    fs::remove_file(&film).unwrap();
    // A folder that has become a link is none of the site either.
    put(dir.path(), "else/film.mp4", "secret");
    fs::remove_dir(dir.path().join("static/films")).unwrap();
    std::os::unix::fs::symlink("../else", dir.path().join("static/films")).unwrap();
    assert_eq!(preview.get("/desk/films/film.mp4").status, 404);
    assert_eq!(preview.get("/desk/").status, 200);
}

#[test]
fn d2_other_names_are_refused() {
    let dir = site();
    let preview = Preview::of(dir.path());
    let port = preview.port;
    let refused = |headers: &[(&str, &str)]| {
        assert_eq!(preview.ask("GET", b"/desk/", headers).status, 403, "{headers:?}");
    };
    for name in [
        "evil.example",
        &format!("evil.example:{port}"),
        &format!("localhost.evil:{port}"),
        &format!("evil.localhost:{port}"),
        &format!("localhost.:{port}"),
        &format!("127.0.0.1.nip.io:{port}"),
        &format!("127.0.0.2:{port}"),
        &format!("0.0.0.0:{port}"),
        &format!("[::]:{port}"),
        "localhost",
        "localhost:1",
        "",
    ] {
        refused(&[("host", name)]);
    }
    refused(&[]);
    refused(&[("host", &preview.host()), ("host", "evil.example")]);
    assert_eq!(preview.raw(b"GET /desk/ HTTP/1.0\r\n\r\n").status, 403);
    let target = format!("http://evil.example:{port}/desk/");
    let host = preview.host();
    assert_eq!(preview.ask("GET", target.as_bytes(), &[("host", &host)]).status, 403);
    for name in [&host, &format!("127.0.0.1:{port}"), &format!("[::1]:{port}")] {
        assert_eq!(
            preview.ask("GET", b"/desk/", &[("host", name)]).status,
            200,
            "{name}"
        );
    }
}

#[test]
fn d3_d4_other_sites_can_neither_listen_nor_read() {
    let dir = site();
    let preview = Preview::of(dir.path());
    let foreign =
        ["http://evil.example", "null", "https://evil.example:1", "http://localhost:1"];
    for path in ["/.mujaz/events?page=/desk/", "/.mujaz/problems", "/desk/"] {
        for origin in foreign {
            let answer = preview.get_with(path, &[("origin", origin)]);
            assert_eq!(answer.status, 403, "{path} from {origin}");
            let cors = answer.headers.keys().any(|it| it.starts_with("access-control"));
            assert!(!cors, "{path} from {origin}");
        }
    }
    // Neither does a foreign name with its own origin.
    let evil = [("host", "evil.example"), ("origin", "http://evil.example")];
    assert_eq!(preview.ask("GET", b"/.mujaz/events?page=/", &evil).status, 403);
    let own = format!("http://{}", preview.host());
    let answer = preview.get_with("/desk/", &[("origin", &own)]);
    assert_eq!(answer.status, 200);
    assert!(!answer.headers.keys().any(|it| it.starts_with("access-control")));
    // Messages hold no text of the site.
    fs::write(dir.path().join("content/topics.md"), "x").unwrap();
    let mut events = preview.events(FIRST);
    let Value::Object(message) = events.next() else { panic!("an object") };
    let keys: Vec<&str> = message.keys().map(String::as_str).collect();
    assert_eq!(keys, ["moved", "page", "problems", "styles"]);
}

/// The address that this machine has in its network, where it is in one.
fn lan() -> Option<std::net::IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    socket.local_addr().ok().map(|it| it.ip()).filter(|it| !it.is_loopback())
}

#[test]
fn d5_other_machines_need_to_be_let_in() {
    let Some(lan) = lan() else { return };
    let dir = site();
    let closed = Preview::of(dir.path());
    assert!(TcpStream::connect((lan, closed.port)).is_err());
    let open = Preview::with(dir.path(), &["--port", "0", "--lan"]);
    let log = open.log();
    let host = format!("{lan}:{}", open.port);
    let entrance = log.split_whitespace().find(|it| it.contains("/enter/")).unwrap();
    let path = entrance.strip_prefix(&format!("http://{host}")).unwrap();
    let ask = |path: &str, more: &[(&str, &str)]| {
        let headers: Vec<_> =
            [("host", host.as_str())].iter().chain(more).copied().collect();
        open.ask("GET", path.as_bytes(), &headers)
    };
    assert_eq!(ask("/desk/", &[]).status, 403);
    assert_eq!(ask("/.mujaz/enter/wrong", &[]).status, 403);
    let entered = ask(path, &[]);
    assert_eq!((entered.status, entered.header("location")), (303, "/"));
    let cookie = entered.header("set-cookie").split(';').next().unwrap().to_owned();
    assert_eq!(ask("/desk/", &[("cookie", &cookie)]).status, 200);
    assert_eq!(open.get("/desk/").status, 200, "this machine needs no key");
    // The name of this machine alone, but from outside.
    let mut stream = TcpStream::connect((lan, open.port)).unwrap();
    write!(stream, "GET /desk/ HTTP/1.0\r\nhost: {}\r\n\r\n", open.host()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.0 403"), "{answer}");
}

#[test]
fn d6_hidden_files_and_sources_are_not_served() {
    let dir = site();
    for path in [".env", ".git/config", "static/.env", "static/id_rsa", "content/.x.md"] {
        put(dir.path(), path, "secret");
    }
    let preview = Preview::of(dir.path());
    for path in [
        ".env",
        ".git/config",
        ".git/HEAD",
        "id_rsa",
        "static/.env",
        "content/site.yaml",
        "content/briefings/first.md",
        "Cargo.toml",
        ".mujaz/cache",
        ".mujaz/",
        ".mujaz",
    ] {
        for base in ["/", "/desk/"] {
            assert_eq!(preview.get(&format!("{base}{path}")).status, 404, "{base}{path}");
        }
    }
}

#[test]
fn d7_only_reading_is_answered_and_no_client_holds_the_others_up() {
    let dir = site();
    let preview = Preview::of(dir.path());
    let host = preview.host();
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"] {
        let answer = preview.ask(method, b"/desk/", &[("host", &host)]);
        assert_eq!(
            (answer.status, answer.header("allow")),
            (405, "GET, HEAD"),
            "{method}"
        );
    }
    let head = preview.ask("HEAD", b"/desk/", &[("host", &host)]);
    let get = preview.get("/desk/");
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), get.body.len().to_string());
    let long = "x".repeat(100_000);
    assert_eq!(preview.get_with("/desk/", &[("x-long", &long)]).status, 431);
    let many: Vec<(String, &str)> =
        (0..1000).map(|it| (format!("x-{it}"), "x")).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|it| (it.0.as_str(), it.1)).collect();
    assert_eq!(preview.get_with("/desk/", &many).status, 431);
    assert!(preview.get(&format!("/{long}")).status >= 400);
    let mut slow: Vec<TcpStream> = (0..200).map(|_| preview.connect()).collect();
    for stream in &mut slow {
        stream.write_all(b"GET /desk/ HTTP/1.1\r\nhost: loc").unwrap();
    }
    assert_eq!(preview.get("/desk/").status, 200);
    // A client that never finishes is not waited for.
    for stream in &mut slow {
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest);
        assert!(!rest.starts_with(b"HTTP/1.1 200"));
    }
    assert_eq!(preview.get("/desk/").status, 200);
}

/// Saves as editors do: beside the file, and then in its place.
fn save_atomically(path: &Path, text: &str) {
    let beside = path.with_file_name(".save.tmp");
    fs::write(&beside, text).unwrap();
    fs::rename(&beside, path).unwrap();
}

#[test]
fn d8_edits_of_every_kind_are_shown() {
    let dir = site();
    let preview = Preview::of(dir.path());
    let first = dir.path().join("content/briefings/first.md");
    save_atomically(&first, &BRIEFING.replace("نص أول", "نص ثان"));
    until("an atomic save is shown", || preview.shows(FIRST, "نص ثان"));
    until("it is told", || preview.log().contains("content/briefings/first.md: built "));
    until("it is counted", || preview.n_built() == 2);
    // Nothing is built when a file is saved as it was.
    save_atomically(&first, &BRIEFING.replace("نص أول", "نص ثان"));
    put(dir.path(), "content/briefings/.first.md.swp", "x");
    put(dir.path(), "content/briefings/first.md~", "x");
    fs::write(&first, BRIEFING.replace("نص أول", "نص ثالث")).unwrap();
    until("a save in place is shown", || preview.shows(FIRST, "نص ثالث"));
    until("it is counted", || preview.n_built() == 3);
    // Many at once.
    let numbered = |at: usize| BRIEFING.replace("slug: first", &format!("slug: n{at}"));
    for at in 0..50 {
        put(dir.path(), &format!("content/briefings/n{at}.md"), numbered(at));
    }
    until("new files are shown", || preview.shows("/desk/briefings/n49/", "نص"));
    let before = preview.n_built();
    for at in 0..50 {
        let name = |it: &str| dir.path().join(format!("content/briefings/{it}{at}.md"));
        fs::rename(name("n"), name("m")).unwrap();
    }
    save_atomically(&first, &BRIEFING.replace("نص أول", "نص رابع"));
    until("renamed files are shown", || preview.shows(FIRST, "نص رابع"));
    assert!(preview.n_built() < before + 10, "{}", preview.log());
    // A folder.
    fs::rename(dir.path().join("content/briefings"), dir.path().join("aside")).unwrap();
    until("a folder that has gone is gone", || preview.get(FIRST).status == 404);
    fs::rename(dir.path().join("aside"), dir.path().join("content/briefings")).unwrap();
    until("a folder that is back is back", || preview.shows(FIRST, "نص رابع"));
    fs::remove_file(&first).unwrap();
    until("a file that was deleted has gone", || preview.get(FIRST).status == 404);
}

#[test]
fn d8_folders_that_come_later_are_watched() {
    let dir = site();
    let preview = Preview::of(dir.path());
    put(dir.path(), "static/a.txt", "a");
    until("a new folder is shown", || preview.get("/desk/a.txt").text() == "a");
    put(dir.path(), "static/deep/er/b.txt", "b");
    until("a folder in it is shown", || preview.get("/desk/deep/er/b.txt").text() == "b");
    put(dir.path(), "static/deep/er/c.txt", "c");
    until("and what comes into it", || preview.get("/desk/deep/er/c.txt").text() == "c");
    fs::remove_dir_all(dir.path().join("static")).unwrap();
    put(dir.path(), "static/d.txt", "d");
    until("another folder of the same name is shown", || {
        preview.get("/desk/d.txt").text() == "d"
            && preview.get("/desk/a.txt").status == 404
    });
    put(dir.path(), "static/e.txt", "e");
    until("and watched", || preview.get("/desk/e.txt").text() == "e");
    put(dir.path(), "templates/parts/footer.html", "<footer>تذييل آخر</footer>");
    until("a template is used", || preview.shows(FIRST, "تذييل آخر"));
    put(dir.path(), "templates/parts/footer.html", "<footer>تذييل ثالث</footer>");
    until("and watched", || preview.shows(FIRST, "تذييل ثالث"));
}

#[test]
fn d8_files_can_be_compared_where_the_system_does_not_tell() {
    let dir = site();
    let preview = Preview::with(dir.path(), &["--port", "0", "--poll"]);
    let first = dir.path().join("content/briefings/first.md");
    fs::write(&first, BRIEFING.replace("نص أول", "نص ثان")).unwrap();
    until("an edit is shown", || preview.shows(FIRST, "نص ثان"));
    put(dir.path(), "static/a.txt", "a");
    until("a new folder is shown", || preview.get("/desk/a.txt").text() == "a");
    fs::remove_file(&first).unwrap();
    until("a deletion is shown", || preview.get(FIRST).status == 404);
}

/// In a user namespace of its own a process has its own limits.
#[cfg(target_os = "linux")]
#[test]
fn d8_the_limit_of_watched_folders_is_told_and_does_not_matter() {
    let limited = |command: &str, args: &[&str]| {
        let script = format!("echo 6 > /proc/sys/user/max_inotify_watches && {command}");
        let mut program = Command::new("unshare");
        program.args(["-Ur", "sh", "-c", &script, "sh"]).args(args);
        program
    };
    let tried = limited("true", &[]).stderr(Stdio::null()).status();
    if !tried.is_ok_and(|it| it.success()) {
        return;
    }
    let dir = site();
    let args = [env!("CARGO_BIN_EXE_mujaz"), "serve", "--port", "0"];
    let preview =
        Preview::started(start_program(dir.path(), limited("exec \"$@\"", &args)));
    let told = || preview.log().contains("fs.inotify.max_user_watches");
    assert!(!told());
    for at in 0..5 {
        fs::create_dir(dir.path().join(format!("content/briefings/{at}"))).unwrap();
    }
    until("the limit is told", told);
    let first = dir.path().join("content/briefings/first.md");
    fs::write(&first, BRIEFING.replace("نص أول", "نص ثان")).unwrap();
    until("an edit is shown", || preview.shows(FIRST, "نص ثان"));
    let deep = BRIEFING.replace("slug: first", "slug: deep");
    put(dir.path(), "content/briefings/4/deep.md", deep);
    until("a new file is shown", || preview.shows("/desk/briefings/deep/", "نص أول"));
    // From the beginning.
    let again =
        Preview::started(start_program(dir.path(), limited("exec \"$@\"", &args)));
    assert!(again.log().contains("fs.inotify.max_user_watches"));
    fs::remove_file(&first).unwrap();
    until("a deletion is shown", || again.get(FIRST).status == 404);
}

#[test]
fn d9_a_mistake_is_told_and_the_last_good_site_stays_until_it_is_mended() {
    let dir = site();
    let preview = Preview::of(dir.path());
    let mut events = preview.events(FIRST);
    let good = events.next();
    assert_eq!(good["problems"], Value::Null);
    let first = dir.path().join("content/briefings/first.md");
    let bad = BRIEFING
        .replace("---\n\n", "topics: [\"<script>alert(1)</script>إيران\"]\n---\n\n");
    fs::write(&first, &bad).unwrap();
    let wrong = events.next();
    assert!(wrong["problems"].is_string(), "{wrong}");
    assert_eq!(wrong["page"], good["page"], "the last good page stays");
    assert!(preview.shows(FIRST, "نص أول"));
    assert!(!preview.get(FIRST).text().contains("alert(1)"));
    let answer = preview.get("/.mujaz/problems");
    assert_eq!(answer.header("content-type"), "application/json; charset=utf-8");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    let [problem] = &preview.problems()[..] else { panic!("{}", answer.text()) };
    assert_eq!(problem["severity"], "error");
    assert_eq!(problem["code"], "unknown-topic");
    assert_eq!(problem["place"]["path"], "content/briefings/first.md");
    assert_eq!(
        (&problem["place"]["line"], &problem["place"]["column"]),
        (&5.into(), &10.into())
    );
    assert!(
        problem["line"][1].as_str().unwrap().contains("<script>alert(1)</script>إيران")
    );
    assert!(preview.log().contains("error[unknown-topic]"));
    assert!(preview.log().contains("1 error; the last good site stays"));
    fs::write(&first, BRIEFING.replace("نص أول", "نص ثان")).unwrap();
    let mended = events.next();
    assert_eq!(mended["problems"], Value::Null);
    assert_ne!(mended["page"], good["page"]);
    assert!(preview.problems().is_empty() && preview.shows(FIRST, "نص ثان"));
}

#[test]
fn a_site_that_fails_from_the_beginning_is_waited_for() {
    let dir = site();
    let first = dir.path().join("content/briefings/first.md");
    fs::write(&first, BRIEFING.replace("2025-01-01", "الأمس")).unwrap();
    let preview = Preview::of(dir.path());
    let answer = preview.get(FIRST);
    assert_eq!(answer.status, 503);
    assert!(answer.text().contains("/.mujaz/reload.js"), "{}", answer.text());
    assert!(!preview.problems().is_empty());
    let mut events = preview.events(FIRST);
    assert_eq!(events.next()["page"], "");
    fs::write(&first, BRIEFING).unwrap();
    assert_ne!(events.next()["page"], "");
    assert!(preview.shows(FIRST, "نص أول"));
}

#[test]
fn what_the_disk_refuses_is_told_and_mended() {
    let dir = site();
    let preview = Preview::of(dir.path());
    let mut events = preview.events(FIRST);
    events.next();
    fs::rename(dir.path().join("content"), dir.path().join("aside")).unwrap();
    let refused = events.next();
    assert!(refused["problems"].is_string());
    assert!(preview.shows(FIRST, "نص أول"));
    let aside = dir.path().join("aside");
    fs::write(aside.join("briefings/first.md"), BRIEFING.replace("نص أول", "نص ثان"))
        .unwrap();
    fs::rename(aside, dir.path().join("content")).unwrap();
    until("the site is back", || preview.shows(FIRST, "نص ثان"));
    assert!(preview.problems().is_empty());
}

#[test]
fn only_pages_that_show_a_change_are_told_to_load_again() {
    let dir = site();
    put(
        dir.path(),
        "content/pages/about.md",
        "---\ntitle: عن الموقع\nslug: about\n---\n\nنص.\n",
    );
    put(dir.path(), "static/css/own.css", "p { color: red }");
    put(dir.path(), "content/site.yaml", format!("{SITE}theme: {{css: css/own.css}}\n"));
    let preview = Preview::of(dir.path());
    let (mut about, mut first) = (preview.events("/desk/about/"), preview.events(FIRST));
    let (about_before, first_before) = (about.next(), first.next());
    let path = dir.path().join("content/briefings/first.md");
    fs::write(&path, BRIEFING.replace("نص أول", "نص ثان")).unwrap();
    let (about_now, first_now) = (about.next(), first.next());
    assert_eq!(about_now["page"], about_before["page"]);
    assert_ne!(first_now["page"], first_before["page"]);
    assert_eq!(first_now["styles"], first_before["styles"]);
    put(dir.path(), "static/css/own.css", "p { color: blue }");
    let styled = first.next();
    assert_eq!(styled["page"], first_now["page"]);
    assert_ne!(styled["styles"], first_now["styles"]);
    // A page whose address changes with its title is followed.
    fs::write(&path, BRIEFING.replace("slug: first", "slug: second")).unwrap();
    assert_eq!(first.next()["moved"], "/desk/briefings/second/");
}

#[test]
fn drafts_and_embargoed_texts_are_shown_with_a_banner() {
    let dir = site();
    let with = |key: &str, slug: &str| {
        let key = format!("{key}\n---\n\n");
        BRIEFING.replace("---\n\n", &key).replace("slug: first", &format!("slug: {slug}"))
    };
    put(dir.path(), "content/briefings/a.md", with("status: draft", "draft"));
    let later = with("publish_at: 2999-01-01T00:00:00Z", "later");
    put(dir.path(), "content/briefings/b.md", later);
    let preview = Preview::of(dir.path());
    for slug in ["draft", "later"] {
        let answer = preview.get(&format!("/desk/briefings/{slug}/"));
        assert_eq!(answer.status, 200, "{slug}");
        assert!(answer.text().contains("preview-bar"), "{slug}");
        assert!(answer.text().contains("noindex"), "{slug}");
    }
}

#[test]
fn parts_of_a_film_and_known_versions_are_answered() {
    let dir = site();
    let film: Vec<u8> =
        (0..200_000_u32).map(|it| u8::try_from(it % 251).unwrap()).collect();
    put(dir.path(), "static/film.mp4", &film);
    let preview = Preview::of(dir.path());
    let path = "/desk/film.mp4";
    let whole = preview.get(path);
    assert_eq!((whole.status, whole.header("content-type")), (200, "video/mp4"));
    assert_eq!(whole.header("accept-ranges"), "bytes");
    assert!(whole.body == film);
    for (range, from, to) in [
        ("bytes=0-9", 0, 10),
        ("bytes=70000-140000", 70_000, 140_001),
        ("bytes=199990-", 199_990, 200_000),
        ("bytes=-10", 199_990, 200_000),
    ] {
        let part = preview.get_with(path, &[("range", range)]);
        assert_eq!(part.status, 206, "{range}");
        let expected = format!("bytes {from}-{}/200000", to - 1);
        assert_eq!(part.header("content-range"), expected);
        assert_eq!(part.header("content-length"), (to - from).to_string());
        assert!(part.body == film[from..to], "{range}");
    }
    let outside = preview.get_with(path, &[("range", "bytes=200000-")]);
    assert_eq!(
        (outside.status, outside.header("content-range")),
        (416, "bytes */200000")
    );
    assert_eq!(preview.get_with(path, &[("range", "bytes=0-1,5-6")]).status, 200);
    for path in [path, FIRST] {
        let etag = preview.get(path).header("etag").to_owned();
        assert_eq!(preview.get_with(path, &[("if-none-match", &etag)]).status, 304);
        assert_eq!(preview.get_with(path, &[("if-none-match", "\"x\"")]).status, 200);
        let ranged = [("range", "bytes=0-9"), ("if-range", etag.as_str())];
        assert_eq!(preview.get_with(path, &ranged).status, 206);
        let other = [("range", "bytes=0-9"), ("if-range", "\"x\"")];
        assert_eq!(preview.get_with(path, &other).status, 200);
    }
}

#[test]
fn cards_and_pictures_are_made_when_they_are_asked_for() {
    let dir = site();
    let picture = image::RgbImage::from_fn(1200, 800, |x, y| {
        image::Rgb([u8::try_from(x % 256).unwrap(), u8::try_from(y % 256).unwrap(), 90])
    });
    fs::create_dir_all(dir.path().join("content/briefings")).unwrap();
    picture.save(dir.path().join("content/briefings/map.jpg")).unwrap();
    let with = BRIEFING.replace("نص أول.", "![خريطة](map.jpg)");
    put(dir.path(), "content/briefings/first.md", with);
    let preview = Preview::of(dir.path());
    let html = preview.get(FIRST).text();
    let address = |before: &str, end: char| {
        let rest = html.split(before).nth(1).unwrap_or_else(|| panic!("{before}"));
        rest.split(end).next().unwrap().to_owned()
    };
    let card = address("property=\"og:image\" content=\"", '"');
    let card = card.split_once(&preview.host()).unwrap().1.to_owned();
    let webp = address("<source type=\"image/webp\" srcset=\"", ' ');
    for (path, kind, magic) in
        [(card, "image/png", &b"\x89PNG"[..]), (webp, "image/webp", b"RIFF")]
    {
        for _ in 0..2 {
            let answer = preview.get(&path);
            assert_eq!(
                (answer.status, answer.header("content-type")),
                (200, kind),
                "{path}"
            );
            assert!(answer.body.starts_with(magic), "{path}");
        }
    }
}

#[test]
fn a_port_that_is_taken_is_passed_over_or_refused() {
    let dir = site();
    // Another program has the usual port: this one, or one that is there already.
    let _usual = TcpListener::bind((Ipv4Addr::LOCALHOST, 4000));
    let preview = Preview::with(dir.path(), &[]);
    assert_ne!(preview.port, 4000);
    assert!(preview.log().contains("port 4000 is taken"), "{}", preview.log());
    let port = preview.port.to_string();
    let (mut child, log) = start(dir.path(), &["--port", &port]);
    assert_eq!(child.wait().unwrap().code(), Some(2));
    let said = || log.lock().unwrap().clone();
    until("it says what to do", || said().contains("help:"));
    assert!(
        said().contains(&format!("`port {port}`: another program uses it")),
        "{}",
        said()
    );
    assert!(said().contains("`--port`"), "{}", said());
}

#[test]
fn a_folder_without_a_site_is_refused() {
    let dir = TempDir::new().unwrap();
    let (mut child, log) = start(dir.path(), &["--port", "0"]);
    assert_eq!(child.wait().unwrap().code(), Some(2));
    until("it says what to do", || log.lock().unwrap().contains("mujaz init"));
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it_with_success_even_while_a_page_is_open() {
    let dir = site();
    let mut preview = Preview::of(dir.path());
    let mut events = preview.events(FIRST);
    events.next();
    let kill = format!("kill -INT {}", preview.child.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    assert_eq!(preview.child.wait().unwrap().code(), Some(0));
}
