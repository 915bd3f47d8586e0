//! One Chromium for all tests, spoken to over two pipes (Chrome `DevTools` Protocol).
//!
//! The browser reads commands from its file descriptor 3 and writes answers to 4, each a
//! JSON text that ends with a NUL. It ends by itself when the pipes close with the test.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

const PATIENCE: Duration = Duration::from_mins(1);

struct Browser {
    input: Mutex<ChildStdin>,
    next_id: AtomicU64,
    answers: Mutex<HashMap<u64, Sender<Value>>>,
    events: Mutex<HashMap<String, Sender<Value>>>,
}

fn program() -> String {
    let named = std::env::var("CHROMIUM").ok();
    let usual = ["chromium", "chromium-browser", "google-chrome"];
    let folders = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"];
    let paths = usual
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| format!("{folder}/{name}")));
    let found = named.into_iter().chain(paths).find(|it| Path::new(it).exists());
    found.unwrap_or_else(|| {
        panic!("no Chromium here: `apt-get install -y chromium fonts-noto-core`, or say where it is in $CHROMIUM")
    })
}

fn browser() -> &'static Browser {
    static BROWSER: OnceLock<Browser> = OnceLock::new();
    BROWSER.get_or_init(|| {
        let profile = Path::new(env!("CARGO_TARGET_TMPDIR")).join("chromium-profile");
        let _ = std::fs::remove_dir_all(&profile);
        let mut child = Command::new("sh")
            .args(["-c", "exec \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1", "sh"])
            .arg(program())
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--force-color-profile=srgb",
                "--remote-debugging-pipe",
            ])
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg("about:blank")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell starts Chromium");
        let output = child.stdout.take().expect("standard output is a pipe");
        let input = child.stdin.take().expect("standard input is a pipe");
        std::thread::spawn(move || {
            listen(BufReader::new(output));
            let _ = child.wait();
        });
        Browser {
            input: Mutex::new(input),
            next_id: AtomicU64::new(1),
            answers: Mutex::default(),
            events: Mutex::default(),
        }
    })
}

/// Hands each message to whoever waits for it.
fn listen(mut output: impl BufRead) {
    let mut message = Vec::new();
    while output.read_until(0, &mut message).is_ok_and(|it| it != 0) {
        message.pop();
        let value: Value = serde_json::from_slice(&message).expect("Chromium sends JSON");
        message.clear();
        let browser = browser();
        if let Some(id) = value["id"].as_u64() {
            if let Some(waiting) = browser.answers.lock().unwrap().remove(&id) {
                let _ = waiting.send(value);
            }
        } else if let Some(session) = value["sessionId"].as_str()
            && let Some(page) = browser.events.lock().unwrap().get(session)
        {
            let _ = page.send(value);
        }
    }
}

fn call(session: Option<&str>, method: &str, params: Value) -> Value {
    let mut answer = ask(session, method, params);
    assert!(answer.get("error").is_none(), "{method}: {}", answer["error"]);
    answer["result"].take()
}

/// What the browser answers, be it an error.
fn ask(session: Option<&str>, method: &str, params: Value) -> Value {
    let browser = browser();
    let id = browser.next_id.fetch_add(1, Ordering::Relaxed);
    let (sender, receiver) = channel();
    browser.answers.lock().unwrap().insert(id, sender);
    let mut message = json!({ "id": id, "method": method, "params": params });
    if let Some(session) = session {
        message["sessionId"] = session.into();
    }
    let mut bytes = message.to_string().into_bytes();
    bytes.push(0);
    let sent = browser.input.lock().unwrap().write_all(&bytes);
    sent.expect("Chromium listens; does it start by hand?");
    let answer = receiver.recv_timeout(PATIENCE);
    answer.unwrap_or_else(|_| panic!("no answer to {method}"))
}

fn evaluation(expression: &str) -> Value {
    json!({ "expression": expression, "returnByValue": true, "awaitPromise": true })
}

/// Size of a window and whether it is dark.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View {
    pub(crate) width: u32,
    pub(crate) is_dark: bool,
}

pub(crate) const PHONE: View = View { width: 320, is_dark: false };
pub(crate) const DESK: View = View { width: 1280, is_dark: false };
pub(crate) const DESK_DARK: View = View { width: 1280, is_dark: true };
/// The usual width of a telephone today.
pub(crate) const HAND: View = View { width: 360, is_dark: false };
pub(crate) const HAND_DARK: View = View { width: 360, is_dark: true };

/// A page of its own in the browser; closed when dropped.
pub(crate) struct Page {
    session: String,
    target: String,
    events: Receiver<Value>,
    /// Events that came while another one was waited for.
    passed: RefCell<Vec<Value>>,
}

impl Page {
    /// An empty page.
    pub(crate) fn new(view: View) -> Self {
        let target = call(
            None,
            "Target.createTarget",
            json!({ "url": "about:blank", "newWindow": true }),
        );
        let target = target["targetId"].as_str().unwrap().to_owned();
        let wish = json!({ "targetId": target, "flatten": true });
        let session = call(None, "Target.attachToTarget", wish);
        let session = session["sessionId"].as_str().unwrap().to_owned();
        let (sender, events) = channel();
        browser().events.lock().unwrap().insert(session.clone(), sender);
        let page = Self { session, target, events, passed: RefCell::default() };
        for domain in ["Page", "Runtime", "DOM", "CSS", "Network", "Log"] {
            page.call(&format!("{domain}.enable"), json!({}));
        }
        page.call("Emulation.setFocusEmulationEnabled", json!({ "enabled": true }));
        page.view(view);
        page
    }

    /// A page that shows an address.
    pub(crate) fn open(view: View, url: &str) -> Self {
        let page = Self::new(view);
        page.go(url);
        page
    }

    pub(crate) fn call(&self, method: &str, params: Value) -> Value {
        call(Some(&self.session), method, params)
    }

    /// Takes another size or another scheme of colours.
    pub(crate) fn view(&self, view: View) {
        let size = json!({
            "width": view.width, "height": 800, "deviceScaleFactor": 1, "mobile": false,
        });
        self.call("Emulation.setDeviceMetricsOverride", size);
        let scheme = if view.is_dark { "dark" } else { "light" };
        self.wishes(&[("prefers-color-scheme", scheme)]);
    }

    /// What the reader asks of media queries; anything else is as usual.
    pub(crate) fn wishes(&self, wishes: &[(&str, &str)]) {
        let features = wishes.iter().map(|it| json!({ "name": it.0, "value": it.1 }));
        let features: Vec<_> = features.collect();
        self.call("Emulation.setEmulatedMedia", json!({ "features": features }));
    }

    /// Goes to an address, and waits until the page and its fonts are there.
    pub(crate) fn go(&self, url: &str) {
        self.events();
        let answer = self.call("Page.navigate", json!({ "url": url }));
        assert!(answer.get("errorText").is_none(), "{url}: {answer}");
        self.wait("Page.loadEventFired");
        self.eval("document.fonts.ready.then(() => true)");
    }

    /// Waits for an event and returns it.
    pub(crate) fn wait(&self, method: &str) -> Value {
        let started = Instant::now();
        while let Some(left) = PATIENCE.checked_sub(started.elapsed()) {
            let event = self.events.recv_timeout(left);
            let event = event.unwrap_or_else(|_| panic!("no {method}"));
            if event["method"] == method {
                return event["params"].clone();
            }
            self.passed.borrow_mut().push(event);
        }
        panic!("no {method}");
    }

    /// The events that have come since the last time or since the page was gone to.
    pub(crate) fn events(&self) -> Vec<Value> {
        let mut all = self.passed.take();
        all.extend(self.events.try_iter());
        all
    }

    /// Waits until an expression is true. Asks from here, so that it works in a page that
    /// may run no script.
    #[track_caller]
    pub(crate) fn until(&self, expression: &str) {
        let started = Instant::now();
        while !self.is_true(expression) {
            assert!(
                started.elapsed() < PATIENCE / 4,
                "this never came true: {expression}"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Whether an expression is true now; nothing is in a page that another one replaces
    /// at this moment.
    #[track_caller]
    fn is_true(&self, expression: &str) -> bool {
        let wish = evaluation(expression);
        let answer = ask(Some(&self.session), "Runtime.evaluate", wish);
        if answer["error"]["message"].as_str().is_some_and(|it| it.contains("navigated"))
        {
            return false;
        }
        assert!(answer.get("error").is_none(), "{expression}: {}", answer["error"]);
        let result = &answer["result"];
        assert!(result.get("exceptionDetails").is_none(), "{expression}: {result:#}");
        result["result"]["value"] == true
    }

    /// Value of an expression; promises are waited for.
    #[track_caller]
    pub(crate) fn eval(&self, expression: &str) -> Value {
        let mut answer = self.call("Runtime.evaluate", evaluation(expression));
        assert!(answer.get("exceptionDetails").is_none(), "{expression}: {answer:#}");
        answer["result"]["value"].take()
    }

    /// Values of an expression that makes a list of texts.
    #[track_caller]
    pub(crate) fn texts(&self, expression: &str) -> Vec<String> {
        let value = self.eval(expression);
        let list = value.as_array().unwrap_or_else(|| panic!("{expression}: {value}"));
        list.iter().map(|it| it.as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Moves the mouse to a place of the window.
    pub(crate) fn point(&self, (x, y): (f64, f64)) {
        let event = json!({ "type": "mouseMoved", "x": x, "y": y });
        self.call("Input.dispatchMouseEvent", event);
    }

    /// Clicks on a place of the window.
    pub(crate) fn click(&self, (x, y): (f64, f64)) {
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({
                "type": kind, "x": x, "y": y, "button": "left", "clickCount": 1,
            });
            self.call("Input.dispatchMouseEvent", event);
        }
    }

    /// Brings an element into the middle of the window and returns the middle of its first
    /// line.
    #[track_caller]
    pub(crate) fn middle(&self, element: &str) -> (f64, f64) {
        let place = self.eval(&format!(
            "(() => {{ const it = {element}; it.scrollIntoView({{ block: 'center', behavior: 'instant' }}); \
             const [box] = it.getClientRects(); return [box.left + box.width / 2, box.top + box.height / 2] }})()"
        ));
        (place[0].as_f64().unwrap(), place[1].as_f64().unwrap())
    }

    /// Presses a key and lets it go.
    pub(crate) fn press(&self, key: &str, code: u32) {
        for kind in ["rawKeyDown", "keyUp"] {
            let event = json!({
                "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code,
            });
            self.call("Input.dispatchKeyEvent", event);
        }
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            call(None, "Target.closeTarget", json!({ "targetId": self.target }));
        }
        browser().events.lock().unwrap().remove(&self.session);
    }
}
