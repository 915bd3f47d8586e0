//! How long an open page waits for a save.
//!
//! `cargo bench --bench preview` runs the program on a synthetic site of 1,000 briefings
//! (`MUJAZ_BENCH_SIZES=10000` others), opens a page as a browser does, writes a paragraph
//! into its text twenty times and measures from the save until the page is told that it is
//! another one, and until it has been loaded again. Prints medians, and on Linux the memory
//! of the preview.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a bench reads its settings, runs the program and may panic"
)]

mod corpus;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Saves.
const N_SAVES: usize = 20;

/// A preview that runs until it is dropped.
struct Preview {
    child: Child,
    port: u16,
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Preview {
    /// Starts it, and waits until all pages have been looked at.
    fn of(dir: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_mujaz"))
            .args(["serve", "--port", "0"])
            .current_dir(dir)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let (mut port, mut is_built) = (None, false);
        while port.is_none() || !is_built {
            let line = lines.next().unwrap().unwrap();
            is_built |= line.contains("built ");
            if let Some((_, address)) = line.split_once("serving http://") {
                let host = address.split('/').next().unwrap_or_default();
                port = host.rsplit(':').next().and_then(|it| it.parse().ok());
            }
        }
        // What is printed later is read, so that the preview never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, port: port.unwrap() }
    }

    fn ask(&self, path: &str) -> TcpStream {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).unwrap();
        let host = format!("localhost:{}", self.port);
        let head = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        stream
    }

    fn page(&self, path: &str) -> Vec<u8> {
        let mut stream = self.ask(path);
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let mut bytes = Vec::new();
        let mut some = [0; 8192];
        while !bytes.ends_with(b"</html>\n") && !bytes.ends_with(b"</html>") {
            let n = stream.read(&mut some).unwrap();
            assert!(n != 0, "the page ends too early");
            bytes.extend(&some[..n]);
        }
        bytes
    }

    /// Peak memory in megabytes.
    fn peak(&self) -> Option<u64> {
        let path = format!("/proc/{}/status", self.child.id());
        let status = fs::read_to_string(path).ok()?;
        let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:"))?;
        let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse().ok()?;
        Some(kilobytes / 1024)
    }
}

fn median(times: &mut [Duration]) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64() * 1e3
}

fn main() {
    let sizes = std::env::var("MUJAZ_BENCH_SIZES").unwrap_or_else(|_| "1000".to_owned());
    for n_briefings in sizes.split(',').map(|it| it.parse::<usize>().unwrap()) {
        let dir = tempfile::tempdir().unwrap();
        corpus::write(dir.path(), n_briefings, 0);
        let source = dir.path().join("content/briefings/preview.md");
        let text = "---\ntitle: Preview\nslug: preview\ndate: 2025-01-01\n---\n\nنص.\n";
        fs::write(&source, text).unwrap();
        let preview = Preview::of(dir.path());
        let mut events =
            BufReader::new(preview.ask("/.mujaz/events?page=/briefings/preview/"))
                .lines();
        let mut version = || loop {
            let line = events.next().unwrap().unwrap();
            if let Some((_, rest)) = line.split_once("\"page\":\"") {
                return rest.split('"').next().unwrap_or_default().to_owned();
            }
        };
        let mut shown = version();
        let (mut told, mut loaded) = (Vec::new(), Vec::new());
        for n in 0..N_SAVES {
            std::thread::sleep(Duration::from_millis(700));
            fs::write(&source, format!("{text}\nفقرة {n}.\n")).unwrap();
            let saved = Instant::now();
            let mut now = version();
            while now == shown {
                now = version();
            }
            shown = now;
            told.push(saved.elapsed());
            let page = preview.page("/briefings/preview/");
            loaded.push(saved.elapsed());
            assert!(String::from_utf8_lossy(&page).contains(&format!("فقرة {n}.")));
        }
        let peak =
            preview.peak().map_or_else(String::new, |it| format!(", peak {it} MB"));
        println!(
            "{n_briefings} briefings: told after {:.0} ms, loaded after {:.0} ms (medians of \
             {N_SAVES}){peak}",
            median(&mut told),
            median(&mut loaded)
        );
    }
}
