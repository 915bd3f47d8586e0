//! Requests over HTTP: tried again where that helps, to the host that was named alone.
//!
//! A host that asks to wait (`Retry-After`) is waited for. No redirect is followed, so
//! that keys go to nobody else; certificates are checked, and a proxy is used only where
//! it sees nothing but what is encrypted.

use std::time::Duration;

use futures_util::stream;
use http::header::RETRY_AFTER;
use http::request::Parts;
use http::{HeaderMap, Request, Response, StatusCode};
use opendal::{Buffer, Error, ErrorKind, HttpBody, HttpTransport};
use reqwest::redirect::Policy;

/// How often a request is made before it has failed. A host that turns away four of ten
/// requests turns one of 25,000 away so often.
const N_TRIES: u32 = 12;

/// How often a host is called that does not answer at all.
const N_CALLS: u32 = 5;

/// The first pause; each one after it is twice as long.
const PAUSE: Duration = Duration::from_millis(100);

/// The longest pause of ours.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// The longest pause that a host may ask for.
const LONGEST_WISH: Duration = Duration::from_mins(2);

/// A client for requests.
pub(super) struct Transport {
    client: reqwest::Client,
}

impl Transport {
    /// A client for one host. One without encryption, which is this machine, is spoken to
    /// without a proxy.
    pub(super) fn new(is_encrypted: bool) -> Result<Self, String> {
        // The first one in the process stays; ours is the only one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .redirect(Policy::none())
            .connect_timeout(Duration::from_secs(10))
            .read_timeout(Duration::from_mins(1));
        if !is_encrypted {
            builder = builder.no_proxy();
        }
        Ok(Self { client: builder.build().map_err(|it| cause(&it))? })
    }

    async fn once(
        &self,
        parts: &Parts,
        body: &Buffer,
    ) -> Result<(StatusCode, HeaderMap, Buffer), reqwest::Error> {
        let mut request = self
            .client
            .request(parts.method.clone(), parts.uri.to_string())
            .headers(parts.headers.clone());
        if !body.is_empty() {
            request = request.body(body.to_bytes());
        }
        let answer = request.send().await?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        // An answer that breaks off in the middle is tried again, too.
        Ok((status, headers, Buffer::from(answer.bytes().await?)))
    }
}

impl HttpTransport for Transport {
    async fn fetch(
        &self,
        request: Request<Buffer>,
    ) -> opendal::Result<Response<HttpBody>> {
        let (parts, body) = request.into_parts();
        let mut n_tries = 0;
        loop {
            n_tries += 1;
            let wait = match self.once(&parts, &body).await {
                Ok((StatusCode::UNAUTHORIZED, ..)) => {
                    let error =
                        Error::new(ErrorKind::PermissionDenied, "401 Unauthorized");
                    return Err(error);
                }
                Ok((status, headers, bytes)) => {
                    if N_TRIES <= n_tries || !is_passing(status, &bytes) {
                        return Ok(answer(status, headers, bytes, parts.uri));
                    }
                    wish(&headers)
                }
                Err(error) => {
                    let n_most = if error.is_connect() { N_CALLS } else { N_TRIES };
                    if n_most <= n_tries {
                        return Err(Error::new(ErrorKind::Unexpected, cause(&error)));
                    }
                    None
                }
            };
            let wait = wait.unwrap_or_else(|| pause(n_tries, &parts.uri.to_string()));
            tokio::time::sleep(wait).await;
        }
    }
}

fn answer(
    status: StatusCode,
    headers: HeaderMap,
    bytes: Buffer,
    uri: http::Uri,
) -> Response<HttpBody> {
    let body = HttpBody::new(stream::iter([Ok(bytes)]), None);
    let mut answer = Response::new(body);
    *answer.status_mut() = status;
    *answer.headers_mut() = headers;
    answer.extensions_mut().insert(uri);
    answer
}

/// Whether the host may answer otherwise in a moment.
fn is_passing(status: StatusCode, bytes: &Buffer) -> bool {
    match status.as_u16() {
        408 | 423 | 425 | 429 | 499 | 500 | 502 | 503 | 504 => true,
        // The body was damaged or cut on its way (U5).
        400 => {
            let text = String::from_utf8_lossy(&bytes.to_bytes()).into_owned();
            ["BadDigest", "IncompleteBody", "RequestTimeout", "XAmzContentSHA256Mismatch"]
                .iter()
                .any(|it| text.contains(&format!("<Code>{it}</Code>")))
        }
        _ => false,
    }
}

/// How long the host asks to wait.
fn wish(headers: &HeaderMap) -> Option<Duration> {
    let seconds: u64 = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds).min(LONGEST_WISH))
}

/// A pause that grows, and differs between requests that failed together.
fn pause(n_tries: u32, url: &str) -> Duration {
    let longest = PAUSE.saturating_mul(1 << n_tries.min(16)).min(LONGEST_PAUSE);
    let hash = blake3::hash(format!("{n_tries} {url}").as_bytes());
    let share = u32::from(hash.as_bytes()[0]);
    longest / 2 + longest * share / 512
}

/// Why a request failed, in the words of the innermost reason: the outer ones repeat the
/// address.
fn cause(error: &reqwest::Error) -> String {
    let mut reason: &dyn std::error::Error = error;
    while let Some(inner) = reason.source() {
        reason = inner;
    }
    if reason.is::<reqwest::Error>() {
        return "the connection broke off".to_owned();
    }
    reason.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn u3_a_host_that_asks_to_wait_is_waited_for() {
        let mut headers = HeaderMap::new();
        assert_eq!(wish(&headers), None);
        headers.insert(RETRY_AFTER, "7".parse().unwrap());
        assert_eq!(wish(&headers), Some(Duration::from_secs(7)));
        headers.insert(RETRY_AFTER, "99999".parse().unwrap());
        assert_eq!(wish(&headers), Some(LONGEST_WISH));
        headers.insert(RETRY_AFTER, "Fri, 31 Dec 1999 23:59:59 GMT".parse().unwrap());
        assert_eq!(wish(&headers), None);
    }

    #[test]
    fn u3_pauses_grow_to_a_limit() {
        let all: Vec<Duration> = (1..20).map(|it| pause(it, "x")).collect();
        assert!(all[0] < Duration::from_millis(210) && all[18] <= LONGEST_PAUSE);
        assert!(all[0] < all[6]);
        assert_ne!(pause(3, "x"), pause(3, "y"));
    }

    #[test]
    fn u5_damage_on_the_way_is_no_last_word() {
        let body = |it: &'static str| Buffer::from(it);
        let bad = body("<Error><Code>BadDigest</Code></Error>");
        assert!(is_passing(StatusCode::BAD_REQUEST, &bad));
        let wrong = body("<Error><Code>InvalidArgument</Code></Error>");
        assert!(!is_passing(StatusCode::BAD_REQUEST, &wrong));
        assert!(is_passing(StatusCode::SERVICE_UNAVAILABLE, &wrong));
        assert!(!is_passing(StatusCode::FORBIDDEN, &wrong));
    }
}
