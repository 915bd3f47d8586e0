//! A file of the site -> an answer: media type, validators, one range.
//!
//! The rules are those of RFC 9110: conditions in section 13, ranges in section 14.
//! Files that the build has copied are read from the disk here, when they are asked for.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;

use axum::body::{Body, Bytes};
use axum::http::header::{
    ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
    IF_RANGE, RANGE,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;

/// How much of a file is read at once, in bytes.
const CHUNK: usize = 64 * 1024;

/// How many parts of a file may wait for a slow reader.
const N_CHUNKS: usize = 4;

/// Which part of a file is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Whole,
    Range(Range<u64>),
    /// One that the file does not have.
    Outside,
}

/// Reads the header `Range`. What is no single range of bytes is ignored, as it may be.
fn part(headers: &HeaderMap, etag: &str, size: u64) -> Part {
    let Some(range) = headers.get(RANGE).and_then(|it| it.to_str().ok()) else {
        return Part::Whole;
    };
    // A part of another version than the one that the reader has would not fit it.
    if headers.get(IF_RANGE).is_some_and(|it| it.as_bytes() != etag.as_bytes()) {
        return Part::Whole;
    }
    let Some((first, last)) =
        range.strip_prefix("bytes=").and_then(|it| it.split_once('-'))
    else {
        return Part::Whole;
    };
    let number = |it: &str| {
        let is_number = !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
        // A number too large for us is beyond every file.
        is_number.then(|| it.parse().unwrap_or(u64::MAX))
    };
    let (start, end) = match (number(first), number(last)) {
        (Some(start), Some(last)) if start <= last => (start, last.saturating_add(1)),
        (Some(start), None) if last.is_empty() => (start, size),
        (None, Some(length)) if first.is_empty() => (size.saturating_sub(length), size),
        _ => return Part::Whole,
    };
    let range = start..end.min(size);
    if range.is_empty() { Part::Outside } else { Part::Range(range) }
}

/// Whether the reader has this version already.
fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    let all = headers.get_all(IF_NONE_MATCH).iter().filter_map(|it| it.to_str().ok());
    all.flat_map(|it| it.split(','))
        .map(str::trim)
        .any(|it| it == "*" || it.strip_prefix("W/").unwrap_or(it) == etag)
}

/// An answer without its body, and the range of bytes that belongs there.
fn head(
    headers: &HeaderMap,
    kind: &str,
    etag: &str,
    size: u64,
) -> (Response, Option<Range<u64>>) {
    let mut answer = Response::new(Body::empty());
    let mut set = |name, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            answer.headers_mut().insert(name, value);
        }
    };
    set(ETAG, etag);
    set(ACCEPT_RANGES, "bytes");
    if is_known(headers, etag) {
        *answer.status_mut() = StatusCode::NOT_MODIFIED;
        return (answer, None);
    }
    let (status, range) = match part(headers, etag, size) {
        Part::Whole => (StatusCode::OK, Some(0..size)),
        Part::Range(range) => {
            let (first, last) = (range.start, range.end - 1);
            set(CONTENT_RANGE, &format!("bytes {first}-{last}/{size}"));
            (StatusCode::PARTIAL_CONTENT, Some(range))
        }
        Part::Outside => {
            set(CONTENT_RANGE, &format!("bytes */{size}"));
            (StatusCode::RANGE_NOT_SATISFIABLE, None)
        }
    };
    if let Some(range) = &range {
        set(CONTENT_TYPE, kind);
        set(CONTENT_LENGTH, &(range.end - range.start).to_string());
    }
    *answer.status_mut() = status;
    (answer, range)
}

/// Answers with bytes.
pub fn bytes(headers: &HeaderMap, kind: &str, bytes: Bytes) -> Response {
    let etag = format!("\"{}\"", blake3::hash(&bytes).to_hex());
    let (mut answer, range) = head(headers, kind, &etag, bytes.len() as u64);
    let at = |it: u64| usize::try_from(it).unwrap_or(usize::MAX).min(bytes.len());
    if let Some(range) = range {
        *answer.body_mut() = Body::from(bytes.slice(at(range.start)..at(range.end)));
    }
    answer
}

/// Answers with a file that the build has copied, as it is on the disk now. It must still
/// be a file of the site: somebody may have put a link in its place.
///
/// # Errors
///
/// The file has gone, lies outside of the folder of the site, or cannot be read.
pub fn disk(
    headers: &HeaderMap,
    kind: &str,
    root: &Path,
    path: &Path,
) -> io::Result<Response> {
    let real = path.canonicalize()?;
    if real != path || !real.starts_with(root) {
        return Err(io::ErrorKind::NotFound.into());
    }
    let mut file = File::open(&real)?;
    let about = file.metadata()?;
    if !about.is_file() {
        return Err(io::ErrorKind::NotFound.into());
    }
    let stamp = format!("{} {:?}", about.len(), about.modified().ok());
    let etag = format!("\"{}\"", blake3::hash(stamp.as_bytes()).to_hex());
    let (mut answer, range) = head(headers, kind, &etag, about.len());
    if let Some(range) = range {
        file.seek(SeekFrom::Start(range.start))?;
        *answer.body_mut() = stream(file.take(range.end - range.start));
    }
    Ok(answer)
}

/// A body that is read as fast as it is sent: films do not fit into memory.
fn stream(mut file: impl Read + Send + 'static) -> Body {
    let (sender, receiver) = tokio::sync::mpsc::channel::<io::Result<Bytes>>(N_CHUNKS);
    tokio::task::spawn_blocking(move || {
        loop {
            let mut chunk = vec![0; CHUNK];
            let read = match file.read(&mut chunk) {
                Ok(0) => return,
                Ok(n) => {
                    chunk.truncate(n);
                    Ok(Bytes::from(chunk))
                }
                Err(error) => Err(error),
            };
            let is_last = read.is_err();
            // A reader that has gone needs no more.
            if sender.blocking_send(read).is_err() || is_last {
                return;
            }
        }
    });
    let parts = futures_util::stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|it| (it, receiver))
    });
    Body::from_stream(parts)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;
    use axum::http::header::{IF_NONE_MATCH, IF_RANGE, RANGE};

    use super::{Part, is_known, part};

    #[track_caller]
    fn check(range: &str, expected: Part) {
        let mut headers = HeaderMap::new();
        headers.insert(RANGE, range.parse().unwrap());
        assert_eq!(part(&headers, "\"e\"", 10), expected, "{range}");
        headers.insert(IF_RANGE, "\"e\"".parse().unwrap());
        assert_eq!(part(&headers, "\"e\"", 10), expected, "{range}, same version");
        headers.insert(IF_RANGE, "\"d\"".parse().unwrap());
        assert_eq!(part(&headers, "\"e\"", 10), Part::Whole, "{range}, other version");
    }

    #[test]
    fn one_range_of_bytes_is_understood() {
        check("bytes=0-0", Part::Range(0..1));
        check("bytes=2-5", Part::Range(2..6));
        check("bytes=2-", Part::Range(2..10));
        check("bytes=-3", Part::Range(7..10));
        check("bytes=-30", Part::Range(0..10));
        check("bytes=9-99", Part::Range(9..10));
        check("bytes=10-", Part::Outside);
        check("bytes=-0", Part::Outside);
        check("bytes=99999999999999999999999-", Part::Outside);
    }

    #[test]
    fn anything_else_asks_for_the_whole() {
        for range in [
            "bytes=5-2",
            "bytes=0-1,3-4",
            "bytes=-",
            "bytes=a-b",
            "lines=0-1",
            "bytes=+1-2",
            "bytes=--1",
        ] {
            check(range, Part::Whole);
        }
    }

    #[test]
    fn a_known_version_is_recognized() {
        let known = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(IF_NONE_MATCH, value.parse().unwrap());
            is_known(&headers, "\"e\"")
        };
        assert!(
            known("\"e\"") && known("W/\"e\"") && known("\"a\", \"e\"") && known("*")
        );
        assert!(!known("\"f\"") && !known("e") && !is_known(&HeaderMap::new(), "\"e\""));
    }
}
