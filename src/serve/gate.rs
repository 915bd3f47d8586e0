//! Who may look at the preview, which shows what is not public yet.
//!
//! A page of somebody else's that is open in the same browser can send requests here, and
//! by a name of its own that it points at this machine it could read the answers as well.
//! So the name that a request asks for must be one of ours (`Host`), and the page that
//! sends it too (`Origin`). A request from another machine brings a key, which stands in
//! the address that is printed and then in a cookie.

use std::collections::BTreeSet;
use std::net::IpAddr;

use axum::http::header::{COOKIE, HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderName, Method, Uri};

use crate::serve::version::RESERVED;

/// Folder of the address that takes a key.
pub const ENTER: &str = "enter/";

/// Why a request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Only `GET` and `HEAD` are answered.
    Method,
    /// It asks for a name that is not ours.
    Host,
    /// A page of somebody else's has sent it.
    Origin,
    /// It comes from another machine and has no key.
    Key,
}

/// What decides about a request.
#[derive(Debug, Clone, Default)]
pub struct Gate {
    /// Names of this machine alone, each with the port.
    pub own: BTreeSet<String>,
    /// Names that other machines know, each with the port.
    pub foreign: BTreeSet<String>,
    /// What other machines must bring; none where only this one can ask.
    pub key: Option<String>,
    /// Name of the cookie that holds the key.
    pub cookie: String,
}

impl Gate {
    /// Decides about a request that comes from an address.
    ///
    /// # Errors
    ///
    /// Says why it is refused.
    pub fn check(
        &self,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
        peer: IpAddr,
    ) -> Result<(), Refusal> {
        let host = one(headers, &HOST).ok_or(Refusal::Host)?.to_ascii_lowercase();
        // The target of a request may hold a name as well (RFC 9112, section 3.2.2).
        let named = uri.authority().map(|it| it.as_str().to_ascii_lowercase());
        if !self.knows(&host) || named.is_some_and(|it| it != host) {
            return Err(Refusal::Host);
        }
        if headers.contains_key(ORIGIN) {
            let origin = one(headers, &ORIGIN).and_then(|it| it.strip_prefix("http://"));
            if origin.is_none_or(|it| it.to_ascii_lowercase() != host) {
                return Err(Refusal::Origin);
            }
        }
        if !matches!(*method, Method::GET | Method::HEAD) {
            return Err(Refusal::Method);
        }
        let is_here = peer.to_canonical().is_loopback() && self.own.contains(&host);
        match &self.key {
            Some(key) if !is_here && !self.has_key(key, uri, headers) => {
                Err(Refusal::Key)
            }
            _ => Ok(()),
        }
    }

    fn knows(&self, host: &str) -> bool {
        self.own.contains(host) || self.foreign.contains(host)
    }

    fn has_key(&self, key: &str, uri: &Uri, headers: &HeaderMap) -> bool {
        let in_path = uri.path().strip_prefix(RESERVED);
        let in_path = in_path.and_then(|it| it.strip_prefix(ENTER));
        let cookies = headers.get_all(COOKIE).iter().filter_map(|it| it.to_str().ok());
        let mut cookies = cookies.flat_map(|it| it.split(';')).map(str::trim);
        in_path == Some(key)
            || cookies.any(|it| it.split_once('=') == Some((self.cookie.as_str(), key)))
    }
}

/// The value of a header that stands there once.
fn one<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut all = headers.get_all(name).iter();
    let first = all.next()?.to_str().ok()?;
    all.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use axum::http::{HeaderMap, HeaderName, Method, Uri};

    use super::{Gate, Refusal};

    fn gate() -> Gate {
        let set = |all: &[&str]| all.iter().map(|it| (*it).to_owned()).collect();
        Gate {
            own: set(&["localhost:4000", "127.0.0.1:4000", "[::1]:4000"]),
            foreign: set(&["192.168.1.5:4000"]),
            key: Some("k3y".to_owned()),
            cookie: "mujaz-4000".to_owned(),
        }
    }

    #[track_caller]
    fn check(
        method: &str,
        uri: &str,
        headers: &[(&str, &str)],
        peer: &str,
        expected: Result<(), Refusal>,
    ) {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            map.append(name, value.parse().unwrap());
        }
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let (uri, peer): (Uri, IpAddr) = (uri.parse().unwrap(), peer.parse().unwrap());
        let actual = gate().check(&method, &uri, &map, peer);
        assert_eq!(actual, expected, "{method} {uri} {headers:?} from {peer}");
    }

    const HERE: &str = "127.0.0.1";
    const THERE: &str = "192.168.1.9";

    #[test]
    fn the_name_must_be_ours() {
        for host in ["localhost:4000", "LOCALHOST:4000", "127.0.0.1:4000", "[::1]:4000"] {
            check("GET", "/", &[("host", host)], HERE, Ok(()));
        }
        let others = [
            "evil.example",
            "localhost",
            "localhost:80",
            "localhost.evil:4000",
            "",
            "0.0.0.0:4000",
        ];
        for host in others {
            check("GET", "/", &[("host", host)], HERE, Err(Refusal::Host));
        }
        check("GET", "/", &[], HERE, Err(Refusal::Host));
        let two = [("host", "localhost:4000"), ("host", "evil.example")];
        check("GET", "/", &two, HERE, Err(Refusal::Host));
        let target = "http://evil.example/";
        check("GET", target, &[("host", "localhost:4000")], HERE, Err(Refusal::Host));
    }

    #[test]
    fn the_page_must_be_ours() {
        let from = |origin| [("host", "localhost:4000"), ("origin", origin)];
        check("GET", "/", &from("http://localhost:4000"), HERE, Ok(()));
        let others = [
            "http://evil.example",
            "null",
            "https://localhost:4000",
            "http://localhost:3000",
        ];
        for origin in others {
            check("GET", "/", &from(origin), HERE, Err(Refusal::Origin));
        }
    }

    #[test]
    fn nothing_can_be_changed() {
        for method in ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"] {
            let host = [("host", "localhost:4000")];
            check(method, "/", &host, HERE, Err(Refusal::Method));
        }
        check("HEAD", "/", &[("host", "localhost:4000")], HERE, Ok(()));
    }

    #[test]
    fn another_machine_brings_the_key() {
        let (host, liar) = (("host", "192.168.1.5:4000"), ("host", "localhost:4000"));
        check("GET", "/", &[host], THERE, Err(Refusal::Key));
        check("GET", "/", &[liar], THERE, Err(Refusal::Key));
        check("GET", "/", &[liar], "::ffff:192.168.1.9", Err(Refusal::Key));
        check("GET", "/", &[liar], "::ffff:127.0.0.1", Ok(()));
        // A name that others know may be theirs by now.
        check("GET", "/", &[host], HERE, Err(Refusal::Key));
        check("GET", "/.mujaz/enter/k3y", &[host], THERE, Ok(()));
        check("GET", "/.mujaz/enter/k3", &[host], THERE, Err(Refusal::Key));
        let cookie = ("cookie", "a=b; mujaz-4000=k3y");
        check("GET", "/", &[host, cookie], THERE, Ok(()));
        let cookie = ("cookie", "mujaz-4001=k3y; mujaz-4000=");
        check("GET", "/", &[host, cookie], THERE, Err(Refusal::Key));
    }
}
