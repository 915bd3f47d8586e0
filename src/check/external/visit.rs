//! One address: asked, asked again where that may help, followed to where it leads.

use std::net::{IpAddr, ToSocketAddrs};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use ureq::http::{Response, StatusCode, header};
use ureq::{Agent, Body, Proxy};

use crate::check::host;

/// How often an address may send us on.
const MAX_HOPS: usize = 10;

/// How often an address is asked again that is busy or broken.
const N_RETRIES: u32 = 3;

/// The longest that a host may make us wait before we ask again.
const MAX_WAIT: Duration = Duration::from_mins(1);

/// How long one request may take.
const TIMEOUT: Duration = Duration::from_secs(20);

/// What an address has come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub(super) enum Answer {
    /// A page.
    Fine,
    /// A page that stands elsewhere now, and will not come back.
    Moved {
        /// Where.
        to: String,
    },
    /// Nothing.
    Dead {
        /// What came instead, as the end of a sentence.
        why: String,
    },
    /// Something of which a program cannot say whether readers see a page.
    Untold {
        /// Why not.
        why: String,
    },
    /// It was not asked, because it is in the network of this machine.
    Private,
}

/// Asks addresses.
pub(super) struct Visitor {
    agent: Agent,
    private: bool,
    has_proxy: bool,
}

/// What came of one request.
enum Reply {
    Status(StatusCode, Option<String>),
    /// Nothing came, for this reason.
    Silence(String),
}

impl Visitor {
    /// `private` says whether addresses of this machine and its network are asked.
    pub(super) fn new(private: bool) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(TIMEOUT))
            .timeout_connect(Some(Duration::from_secs(10)))
            .max_response_header_size(64 * 1024)
            .user_agent(concat!("mujaz/", env!("CARGO_PKG_VERSION")))
            .build();
        let has_proxy = Proxy::try_from_env().is_some();
        Self { agent: config.new_agent(), private, has_proxy }
    }

    /// Asks an address and follows where it leads.
    pub(super) fn ask(&self, url: &str) -> Answer {
        let mut here = url.to_owned();
        // As long as every step was for good, the address could have been written so.
        let (mut is_for_good, mut moved) = (true, None);
        for _ in 0..=MAX_HOPS {
            let Some(host) = host::of(&here) else {
                return dead("leads to an address that is none");
            };
            if !self.private && self.is_private(&host.name) {
                return Answer::Private;
            }
            let Some(encoded) = encoded(&here) else {
                return dead("leads to an address that is none");
            };
            let (status, location) = match self.knock(&encoded) {
                Reply::Status(status, location) => (status, location),
                Reply::Silence(why) => return Answer::Dead { why },
            };
            let next = location.and_then(|it| joined(&encoded, &it));
            if status.is_redirection()
                && let Some(next) = next
            {
                is_for_good &= matches!(status.as_u16(), 301 | 308);
                if is_for_good {
                    moved = Some(next.clone());
                }
                here = next;
                continue;
            }
            return match status.as_u16() {
                200..=399 => moved.map_or(Answer::Fine, |to| Answer::Moved { to }),
                // Hosts that show programs nothing may well show a page to readers.
                401 | 403 | 407 | 429 | 451 | 999 => {
                    Answer::Untold { why: format!("answers programs {status}") }
                }
                405 | 406 | 501 => Answer::Untold { why: format!("answers {status}") },
                _ => Answer::Dead { why: format!("answers {status}") },
            };
        }
        dead("sends readers on and on")
    }

    /// Asks for the head of a page, and for the page where that is refused; again, where it
    /// is busy.
    fn knock(&self, url: &str) -> Reply {
        let mut wait = Duration::from_secs(1);
        let mut n_tries = 0;
        loop {
            let mut reply = self.request(url, false);
            // Not every host knows heads, and some say so in odd ways.
            let is_refused = |it: &Result<Response<Body>, _>| {
                it.as_ref().is_ok_and(|it| {
                    matches!(it.status().as_u16(), 400 | 403 | 404 | 405 | 410 | 501)
                })
            };
            if is_refused(&reply) {
                reply = self.request(url, true);
            }
            let (is_busy, asked_to_wait) = match &reply {
                Ok(it) => {
                    let is_busy = matches!(it.status().as_u16(), 429 | 500 | 502..=504);
                    (is_busy, retry_after(it))
                }
                Err(it) => (is_passing(it), None),
            };
            if !is_busy || n_tries == N_RETRIES {
                return match reply {
                    Ok(it) => {
                        let location = it.headers().get(header::LOCATION);
                        let location = location.map(header::HeaderValue::as_bytes);
                        let location =
                            location.map(|it| String::from_utf8_lossy(it).into_owned());
                        Reply::Status(it.status(), location)
                    }
                    Err(it) => Reply::Silence(why(&it)),
                };
            }
            n_tries += 1;
            std::thread::sleep(asked_to_wait.unwrap_or(wait).min(MAX_WAIT));
            wait *= 2;
        }
    }

    fn request(&self, url: &str, whole: bool) -> Result<Response<Body>, ureq::Error> {
        if whole { self.agent.get(url).call() } else { self.agent.head(url).call() }
    }

    /// Whether a host is this machine, or one of its network.
    fn is_private(&self, name: &str) -> bool {
        if host::is_local(name) {
            return true;
        }
        if let Ok(address) = name.parse::<IpAddr>() {
            return is_private_address(address);
        }
        // Behind a proxy, names are none of our business.
        if self.has_proxy {
            return false;
        }
        let Some(name) = host::ascii(name) else { return false };
        let found = (name.as_str(), 443).to_socket_addrs();
        found.is_ok_and(|mut it| it.any(|it| is_private_address(it.ip())))
    }
}

fn dead(why: &str) -> Answer {
    Answer::Dead { why: why.to_owned() }
}

/// Whether the same request may be answered in a moment.
fn is_passing(error: &ureq::Error) -> bool {
    matches!(
        error,
        ureq::Error::Io(_) | ureq::Error::Timeout(_) | ureq::Error::ConnectionFailed
    )
}

/// The end of a sentence about an address that did not answer.
fn why(error: &ureq::Error) -> String {
    match error {
        ureq::Error::HostNotFound => "has a host that does not exist".to_owned(),
        ureq::Error::Timeout(_) => "did not answer in time".to_owned(),
        ureq::Error::Io(it) => format!("did not answer: {it}"),
        ureq::Error::ConnectionFailed => "did not answer".to_owned(),
        other => format!("could not be asked: {other}"),
    }
}

/// How long a busy host asks us to wait.
fn retry_after(response: &Response<Body>) -> Option<Duration> {
    let value = response.headers().get(header::RETRY_AFTER)?.to_str().ok()?;
    value.trim().parse().ok().map(Duration::from_secs)
}

fn is_private_address(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(it) => {
            let [first, second, ..] = it.octets();
            it.is_private()
                || it.is_loopback()
                || it.is_link_local()
                || it.is_unspecified()
                || it.is_broadcast()
                // Networks of providers, between their customers and the world.
                || (first == 100 && (64..128).contains(&second))
        }
        IpAddr::V6(it) => {
            it.is_loopback()
                || it.is_unspecified()
                || it.is_unique_local()
                || it.is_unicast_link_local()
        }
    }
}

/// An address as it goes over the wire: its host in the coded form, other letters than Latin
/// ones as percent signs.
fn encoded(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = (rest.get(..end)?, rest.get(end..)?);
    let host = authority.rsplit_once('@').map_or(authority, |(_, it)| it);
    let authority = if host.is_ascii() {
        host.to_owned()
    } else {
        let (name, port) = host.split_once(':').unwrap_or((host, ""));
        let colon = if port.is_empty() { "" } else { ":" };
        format!("{}{colon}{port}", host::ascii(name)?)
    };
    let path = path.split('#').next().unwrap_or_default();
    let mut result = format!("{}://{authority}", scheme.to_ascii_lowercase());
    if !path.starts_with('/') {
        result.push('/');
    }
    for byte in path.bytes() {
        let is_plain =
            byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>' | b'\\');
        if is_plain {
            result.push(char::from(byte));
        } else {
            result.push_str(&format!("%{byte:02X}"));
        }
    }
    Some(result)
}

/// Where a `Location` leads, as seen from an address.
fn joined(from: &str, location: &str) -> Option<String> {
    let location = location.split('#').next().unwrap_or_default().trim();
    if host::of(location).is_some() {
        return Some(location.to_owned());
    }
    let (scheme, rest) = from.split_once("://")?;
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = (rest.get(..end)?, rest.get(end..)?);
    if let Some(other) = location.strip_prefix("//") {
        return Some(format!("{scheme}://{other}"));
    }
    if location.starts_with('/') {
        return Some(format!("{scheme}://{authority}{location}"));
    }
    let has_other_scheme = location.split(['/', '?']).next()?.contains(':');
    if has_other_scheme || location.is_empty() {
        return None;
    }
    let path = path.split('?').next().unwrap_or_default();
    if location.starts_with('?') {
        return Some(format!("{scheme}://{authority}{path}{location}"));
    }
    let folder = path.rfind('/').and_then(|at| path.get(..=at)).unwrap_or("/");
    Some(format!("{scheme}://{authority}{folder}{location}"))
}

#[cfg(test)]
mod tests {
    use super::{encoded, is_private_address, joined};

    #[test]
    fn a_location_is_read_as_seen_from_its_page() {
        let from = "https://a.example:8080/x/y?z=1";
        for (location, expected) in [
            ("https://b.example/", Some("https://b.example/")),
            ("//b.example/", Some("https://b.example/")),
            ("/q#top", Some("https://a.example:8080/q")),
            ("q", Some("https://a.example:8080/x/q")),
            ("?p=2", Some("https://a.example:8080/x/y?p=2")),
            ("javascript:alert(1)", None),
            ("", None),
        ] {
            assert_eq!(joined(from, location).as_deref(), expected, "{location}");
        }
    }

    #[test]
    fn an_address_goes_over_the_wire_in_ascii() {
        let pairs = [
            (
                "HTTPS://موقع.مصر/نص?س=1#x",
                "https://xn--4gbrim.xn--wgbh1c/%D9%86%D8%B5?%D8%B3=1",
            ),
            ("https://a.example", "https://a.example/"),
            ("https://a.example/%D9%86", "https://a.example/%D9%86"),
            ("https://u:p@a.example/", "https://a.example/"),
        ];
        for (url, expected) in pairs {
            assert_eq!(encoded(url).as_deref(), Some(expected), "{url}");
        }
    }

    #[test]
    fn addresses_of_this_network_are_known() {
        let private = |it: &str| is_private_address(it.parse().unwrap());
        for address in [
            "127.0.0.1",
            "10.1.2.3",
            "172.31.0.1",
            "192.168.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "fd00::1",
            "fe80::1",
            "::ffff:10.0.0.1",
        ] {
            assert!(private(address), "{address}");
        }
        for address in ["1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111"] {
            assert!(!private(address), "{address}");
        }
    }
}
