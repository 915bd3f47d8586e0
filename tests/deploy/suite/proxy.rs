//! A proxy for HTTP that cuts, turns away, resets and counts.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What goes wrong.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Faults {
    /// From this request on there is no answer; it is carried out where the number is odd.
    pub(crate) cut_at: Option<usize>,
    /// Every so many requests are answered with 503 and `Retry-After: 0`.
    pub(crate) busy: Option<usize>,
    /// Every so many connections are closed without an answer.
    pub(crate) reset: Option<usize>,
    /// Every so many bodies are damaged on their way.
    pub(crate) damage: Option<usize>,
}

/// A proxy that is at work.
pub(crate) struct Proxy {
    pub(crate) port: u16,
    inside: Arc<Inside>,
    cuts: Mutex<Receiver<()>>,
}

struct Inside {
    upstream: SocketAddr,
    faults: Mutex<Faults>,
    n_requests: AtomicUsize,
    n_faults: AtomicUsize,
    /// Requests that are read, carried out or answered now.
    n_at_work: AtomicUsize,
    log: Mutex<Vec<String>>,
    cut: Mutex<Sender<()>>,
}

impl Proxy {
    pub(crate) fn new(upstream: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (cut, cuts) = channel();
        let inside = Arc::new(Inside {
            upstream: SocketAddr::from(([127, 0, 0, 1], upstream)),
            faults: Mutex::default(),
            n_requests: AtomicUsize::new(0),
            n_faults: AtomicUsize::new(0),
            n_at_work: AtomicUsize::new(0),
            log: Mutex::default(),
            cut: Mutex::new(cut),
        });
        let shared = Arc::clone(&inside);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let inside = Arc::clone(&shared);
                inside.n_at_work.fetch_add(1, Ordering::SeqCst);
                thread::spawn(move || {
                    // A connection that breaks is what this proxy is for.
                    let held = inside.answer(client);
                    inside.n_at_work.fetch_sub(1, Ordering::SeqCst);
                    if let Ok(Some(_client)) = held {
                        // The program is killed meanwhile.
                        thread::sleep(Duration::from_secs(30));
                    }
                });
            }
        });
        Self { port, inside, cuts: Mutex::new(cuts) }
    }

    /// From now on this goes wrong; counting begins anew.
    pub(crate) fn set(&self, faults: Faults) {
        *self.inside.faults.lock().unwrap() = faults;
        self.inside.n_requests.store(0, Ordering::SeqCst);
        self.inside.n_faults.store(0, Ordering::SeqCst);
        self.inside.log.lock().unwrap().clear();
        while self.cuts.lock().unwrap().try_recv().is_ok() {}
    }

    /// Waits for the request that gets no answer; false where there was none in time.
    pub(crate) fn is_cut(&self) -> bool {
        self.cuts.lock().unwrap().recv_timeout(Duration::from_millis(20)).is_ok()
    }

    /// Waits until the host has done what it was asked by a program that is no more.
    pub(crate) fn settle(&self) {
        let mut n_quiet = 0;
        while n_quiet < 3 {
            thread::sleep(Duration::from_millis(5));
            let is_quiet = self.inside.n_at_work.load(Ordering::SeqCst) == 0;
            n_quiet = if is_quiet { n_quiet + 1 } else { 0 };
        }
    }

    /// Requests that were answered by the host: method and address.
    pub(crate) fn log(&self) -> Vec<String> {
        self.inside.log.lock().unwrap().clone()
    }

    pub(crate) fn n_requests(&self) -> usize {
        self.inside.n_requests.load(Ordering::SeqCst)
    }

    pub(crate) fn n_faults(&self) -> usize {
        self.inside.n_faults.load(Ordering::SeqCst)
    }
}

impl Inside {
    /// Answers a request; gives the connection back where there is no answer.
    fn answer(&self, mut client: TcpStream) -> io::Result<Option<TcpStream>> {
        let Some((head, mut body)) = read_request(&mut client)? else { return Ok(None) };
        let n = self.n_requests.fetch_add(1, Ordering::SeqCst) + 1;
        let faults = *self.faults.lock().unwrap();
        let is_nth = |every: Option<usize>| every.is_some_and(|it| n.is_multiple_of(it));
        if faults.cut_at.is_some_and(|it| it <= n) {
            if faults.cut_at == Some(n) {
                if n % 2 == 1 {
                    self.forward(&head, &body)?;
                }
                self.cut.lock().unwrap().send(()).unwrap();
            }
            return Ok(Some(client));
        }
        if is_nth(faults.reset) {
            self.n_faults.fetch_add(1, Ordering::SeqCst);
            return Ok(None);
        }
        if is_nth(faults.busy) {
            self.n_faults.fetch_add(1, Ordering::SeqCst);
            client.write_all(
                b"HTTP/1.1 503 Slow Down\r\nretry-after: 0\r\ncontent-length: 0\r\n\
                  connection: close\r\n\r\n",
            )?;
            return Ok(None);
        }
        if is_nth(faults.damage) && !body.is_empty() {
            self.n_faults.fetch_add(1, Ordering::SeqCst);
            body[0] ^= 1;
        }
        let answer = self.forward(&head, &body)?;
        client.write_all(&answer)?;
        Ok(None)
    }

    fn forward(&self, head: &str, body: &[u8]) -> io::Result<Vec<u8>> {
        let mut lines = head.split("\r\n");
        let first = lines.next().unwrap_or_default();
        let others = lines.filter(|it| !it.to_lowercase().starts_with("connection:"));
        let others: Vec<&str> = others.collect();
        let others = others.join("\r\n");
        let mut host = TcpStream::connect(self.upstream)?;
        host.write_all(
            format!("{first}\r\n{others}\r\nconnection: close\r\n\r\n").as_bytes(),
        )?;
        host.write_all(body)?;
        let mut answer = Vec::new();
        host.read_to_end(&mut answer)?;
        let what = first.rsplit_once(' ').map_or(first, |(what, _)| what);
        let status = answer.get(9..12).map(|it| String::from_utf8_lossy(it).into_owned());
        let line = format!("{what} {}", status.unwrap_or_default());
        self.log.lock().unwrap().push(line);
        Ok(answer)
    }
}

/// Head without its empty line, and body.
fn read_request(client: &mut TcpStream) -> io::Result<Option<(String, Vec<u8>)>> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 16 * 1024];
    loop {
        let end = bytes.windows(4).position(|it| it == b"\r\n\r\n");
        if let Some(end) = end {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let length = head.lines().find_map(|it| {
                let (name, value) = it.split_once(':')?;
                name.eq_ignore_ascii_case("content-length")
                    .then(|| value.trim().parse().ok())?
            });
            let mut body = bytes.split_off(end + 4);
            let missing = length.unwrap_or(0usize).saturating_sub(body.len());
            let mut rest = vec![0; missing];
            client.read_exact(&mut rest)?;
            body.append(&mut rest);
            return Ok(Some((head, body)));
        }
        let n = client.read(&mut buffer)?;
        if n == 0 {
            return Ok(None);
        }
        bytes.extend_from_slice(&buffer[..n]);
    }
}
