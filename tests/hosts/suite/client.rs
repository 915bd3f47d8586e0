//! A reader of a site: requests over connections that stay open, and answers down to the
//! last byte.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// By names in small letters.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// A header; empty where there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

/// A connection to a server of this machine.
pub(crate) struct Client {
    port: u16,
    stream: Option<BufReader<TcpStream>>,
}

impl Client {
    pub(crate) fn new(port: u16) -> Self {
        Self { port, stream: None }
    }

    /// Asks for a path, which is percent-encoded.
    ///
    /// # Errors
    ///
    /// The connection ended before the answer did. One that the server has closed between two
    /// requests, as it may, is opened again first.
    pub(crate) fn get(&mut self, path: &str, headers: &str) -> io::Result<Answer> {
        if let Some(mut stream) = self.stream.take() {
            let is_open = self.send(&mut stream, path, headers).is_ok()
                && stream.fill_buf().is_ok_and(|it| !it.is_empty());
            if is_open {
                return self.receive(stream);
            }
        }
        let stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        let mut stream = BufReader::new(stream);
        self.send(&mut stream, path, headers)?;
        self.receive(stream)
    }

    fn send(
        &self,
        stream: &mut BufReader<TcpStream>,
        path: &str,
        headers: &str,
    ) -> io::Result<()> {
        let port = self.port;
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{headers}\r\n");
        stream.get_mut().write_all(request.as_bytes())
    }

    fn receive(&mut self, mut stream: BufReader<TcpStream>) -> io::Result<Answer> {
        let answer = read_answer(&mut stream)?;
        if answer.header("connection") != "close" {
            self.stream = Some(stream);
        }
        Ok(answer)
    }
}

fn read_answer(stream: &mut BufReader<TcpStream>) -> io::Result<Answer> {
    let broken = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
    let mut line = String::new();
    stream.read_line(&mut line)?;
    let status = line.split(' ').nth(1).and_then(|it| it.parse().ok());
    let status = status.ok_or_else(|| broken(&format!("no status in {line:?}")))?;
    let mut headers = BTreeMap::new();
    loop {
        line.clear();
        stream.read_line(&mut line)?;
        let Some((name, value)) = line.split_once(':') else { break };
        headers.insert(name.to_lowercase(), value.trim().to_owned());
    }
    let mut body = Vec::new();
    if let Some(length) = headers.get("content-length") {
        let length = length.parse().map_err(|_| broken("a length"))?;
        body.resize(length, 0);
        stream.read_exact(&mut body)?;
    } else if headers.get("transfer-encoding").is_some_and(|it| it == "chunked") {
        loop {
            line.clear();
            stream.read_line(&mut line)?;
            let n =
                usize::from_str_radix(line.trim(), 16).map_err(|_| broken("a chunk"))?;
            let start = body.len();
            body.resize(start + n + 2, 0);
            stream.read_exact(&mut body[start..])?;
            body.truncate(start + n);
            if n == 0 {
                break;
            }
        }
    }
    Ok(Answer { status, headers, body })
}
