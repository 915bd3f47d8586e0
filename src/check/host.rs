//! Hosts: which machine does an address name, and could a reader take it for another one?
//!
//! An address deceives in three ways: letters of two scripts in one word (`аpple.com` with a
//! Cyrillic а), a whole word of letters that look Latin, or a host in the coded form `xn--…`
//! that nobody can read. Words of a link deceive when they show one host and lead to
//! another.

use std::net::{Ipv4Addr, Ipv6Addr};

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::check::punycode;

/// The host of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Host {
    /// Its name in small letters, without port and final dot.
    pub(super) name: String,
    /// Whether something stands before it that readers may take for the host, as in
    /// `https://apple.com@example.net/`.
    pub(super) has_user: bool,
}

/// The host of an absolute web address.
pub(super) fn of(url: &str) -> Option<Host> {
    let (scheme, rest) = url.split_once("://")?;
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return None;
    }
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let authority = rest.get(..end)?;
    let (user, host) = match authority.rsplit_once('@') {
        Some((_, host)) => (true, host),
        None => (false, authority),
    };
    let name = normal(without_port(host));
    (!name.is_empty()).then_some(Host { name, has_user: user })
}

fn without_port(host: &str) -> &str {
    if host.starts_with('[') {
        return host.split_once(']').map_or(host, |(it, _)| it).trim_start_matches('[');
    }
    host.split_once(':').map_or(host, |(it, _)| it)
}

/// A name as browsers compare it: small letters in compatible form, `.` for every dot.
fn normal(name: &str) -> String {
    let composed: String = name.nfkc().flat_map(char::to_lowercase).collect();
    composed.replace(['。', '｡'], ".").trim_matches('.').to_owned()
}

/// Whether a host is the machine itself.
pub(super) fn is_local(name: &str) -> bool {
    name == "localhost"
        || name.ends_with(".localhost")
        || name
            .parse::<Ipv4Addr>()
            .is_ok_and(|it| it.is_loopback() || it.is_unspecified())
        || name
            .parse::<Ipv6Addr>()
            .is_ok_and(|it| it.is_loopback() || it.is_unspecified())
}

/// Why a host may be taken for another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Oddity {
    /// A word of it has letters of several scripts.
    MixedScripts,
    /// A word of it is all letters of another script that look like Latin ones.
    LookAlike,
    /// It holds a character that no host has.
    OddCharacter,
    /// It is written in the coded form; in letters it is this.
    Coded(String),
}

/// Why a host may be taken for another one, if it may.
pub(super) fn oddity(name: &str) -> Option<Oddity> {
    if name.contains(':') {
        return None;
    }
    let mut decoded = Vec::new();
    for label in name.split('.') {
        let Some(coded) = label.strip_prefix("xn--") else {
            decoded.push(label.to_owned());
            continue;
        };
        decoded.push(punycode::decode(coded).unwrap_or_else(|| label.to_owned()));
    }
    if decoded.iter().any(|it| has_odd_character(it)) {
        return Some(Oddity::OddCharacter);
    }
    if decoded.iter().any(|it| has_mixed_scripts(it)) {
        return Some(Oddity::MixedScripts);
    }
    // Under an end of its own script, a word is what it seems.
    let is_under_latin = decoded.last().is_some_and(|it| it.is_ascii());
    if is_under_latin && decoded.iter().any(|it| looks_latin(it)) {
        return Some(Oddity::LookAlike);
    }
    name.contains("xn--").then(|| Oddity::Coded(decoded.join(".")))
}

fn has_odd_character(label: &str) -> bool {
    let is_joiner = |it: char| matches!(it, '\u{200C}' | '\u{200D}');
    let is_known = |it: char| {
        it.is_alphanumeric() || matches!(it, '-' | '_') || is_combining_mark(it)
    };
    !label.chars().all(|it| is_known(it) || is_joiner(it))
}

/// Scripts that are taken for each other or that hosts are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Alphabet {
    Latin,
    Greek,
    Cyrillic,
    Armenian,
    Cherokee,
    /// Chinese, Japanese and Korean stand together in one word.
    EastAsian,
    Other(u32),
}

fn alphabet(letter: char) -> Option<Alphabet> {
    if !letter.is_alphabetic() || is_combining_mark(letter) {
        return None;
    }
    Some(match u32::from(letter) {
        0x41..=0x24F | 0x1E00..=0x1EFF | 0x2C60..=0x2C7F | 0xA720..=0xA7FF => {
            Alphabet::Latin
        }
        // Phonetic letters, most of which look like Latin ones.
        0x250..=0x2FF | 0x1D00..=0x1DBF => Alphabet::Other(0x250),
        0x370..=0x3FF | 0x1F00..=0x1FFF => Alphabet::Greek,
        0x400..=0x52F | 0x1C80..=0x1C8F | 0x2DE0..=0x2DFF | 0xA640..=0xA69F => {
            Alphabet::Cyrillic
        }
        0x530..=0x58F => Alphabet::Armenian,
        0x590..=0x5FF => Alphabet::Other(0x590),
        0x600..=0x6FF | 0x750..=0x77F | 0x8A0..=0x8FF => Alphabet::Other(0x600),
        0x13A0..=0x13FF | 0xAB70..=0xABBF => Alphabet::Cherokee,
        0x1100..=0x11FF | 0x2E80..=0x9FFF | 0xAC00..=0xD7AF | 0x2_0000..=0x3_FFFF => {
            Alphabet::EastAsian
        }
        // Blocks of other scripts are 128 letters wide.
        it => Alphabet::Other(it & !0x7F),
    })
}

fn has_mixed_scripts(label: &str) -> bool {
    let mut alphabets = label.chars().filter_map(alphabet);
    let Some(first) = alphabets.next() else { return false };
    let is_latin_and_east_asian = |it: Alphabet| {
        let pair = [first, it];
        pair.contains(&Alphabet::Latin) && pair.contains(&Alphabet::EastAsian)
    };
    alphabets.any(|it| it != first && !is_latin_and_east_asian(it))
}

/// The Latin letter that a letter of another script is taken for.
fn latin_twin(letter: char) -> Option<char> {
    Some(match letter {
        'а' | 'α' => 'a',
        'в' | 'β' | 'Ь' | 'ь' => 'b',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' | 'ё' => 'e',
        'ɡ' => 'g',
        'һ' | 'հ' => 'h',
        'і' | 'ї' | 'ι' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'ӏ' => 'l',
        'м' => 'm',
        'ո' | 'п' => 'n',
        'о' | 'ο' | 'օ' => 'o',
        'р' | 'ρ' => 'p',
        'ԛ' => 'q',
        'г' => 'r',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'υ' | 'ս' => 'u',
        'ν' | 'ѵ' => 'v',
        'ԝ' | 'ѡ' | 'ω' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' => 'y',
        _ => return None,
    })
}

/// Whether a word without a Latin letter could be read as a Latin one.
fn looks_latin(label: &str) -> bool {
    let letters = || label.chars().filter(|it| it.is_alphabetic());
    letters().count() > 2 && letters().all(|it| latin_twin(it).is_some())
}

/// A word with the Latin letters that it is taken for.
fn as_latin(label: &str) -> String {
    label.chars().map(|it| latin_twin(it).unwrap_or(it)).collect()
}

/// Ends of names that are read as a host where nothing else says so. Names of files end in
/// none of them.
const KNOWN_ENDS: [&str; 64] = [
    "com", "org", "net", "edu", "gov", "int", "mil", "info", "biz", "news", "online",
    "site", "app", "dev", "io", "co", "me", "tv", "eu", "us", "uk", "fr", "de", "it",
    "es", "nl", "be", "ch", "at", "se", "no", "fi", "dk", "pt", "gr", "ru", "ua", "kz",
    "uz", "az", "am", "ge", "tr", "ir", "iq", "sa", "ae", "qa", "kw", "bh", "om", "ye",
    "jo", "lb", "sy", "eg", "ly", "tn", "dz", "ma", "sd", "il", "cn", "in",
];

/// The host that words show, if they show one.
pub(super) fn shown_in(words: &str) -> Option<String> {
    words.split(|it: char| it.is_whitespace()).find_map(shown_in_token)
}

fn shown_in_token(token: &str) -> Option<String> {
    let is_edge = |it: char| {
        matches!(it, '(' | ')' | '«' | '»' | '"' | '\'' | '“' | '”' | '،' | ',' | '.')
            || matches!(it, '؛' | ';' | ':' | '!' | '؟' | '?' | '<' | '>' | '[' | ']')
    };
    let token = token.trim_matches(is_edge);
    let scheme_end = token.find("://");
    let is_whole = scheme_end.is_some() || token.to_lowercase().starts_with("www.");
    let rest = scheme_end.map_or(token, |at| token.get(at + 3..).unwrap_or_default());
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let authority = rest.get(..end)?;
    if authority.contains('@') && !is_whole {
        return None;
    }
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let visible: String = authority
        .chars()
        .filter(|it| !matches!(it, '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{206F}' | '\u{AD}'))
        .collect();
    let name = normal(without_port(&visible));
    let mut labels = name.split('.');
    let is_label = |it: &str| {
        !it.is_empty()
            && it
                .chars()
                .all(|it| it.is_alphanumeric() || it == '-' || is_combining_mark(it))
    };
    if name.split('.').count() < 2 || !labels.all(is_label) {
        return None;
    }
    let last = as_latin(name.rsplit('.').next()?);
    let has_letter = name.chars().any(char::is_alphabetic);
    (has_letter && (is_whole || KNOWN_ENDS.contains(&last.as_str()))).then_some(name)
}

/// Keepers of old pages: their addresses are not those of the pages that they show.
const ARCHIVES: [&str; 7] = [
    "archive.org",
    "archive.is",
    "archive.ph",
    "archive.today",
    "perma.cc",
    "webcitation.org",
    "ghostarchive.org",
];

/// Whether readers who were shown one host and come to another have been deceived.
pub(super) fn is_other(shown: &str, real: &str) -> bool {
    let bare = |it: &str| {
        let it = it.strip_prefix("www.").unwrap_or(it);
        decoded(it)
    };
    let (shown, real) = (bare(shown), bare(real));
    let is_below = |a: &str, b: &str| {
        a.strip_suffix(b).is_some_and(|it| it.is_empty() || it.ends_with('.'))
    };
    let is_archive = ARCHIVES.iter().any(|it| is_below(&real, it));
    !is_below(&real, &shown) && !is_below(&shown, &real) && !is_archive
}

/// A host with its coded words in letters.
fn decoded(name: &str) -> String {
    let labels: Vec<String> = name
        .split('.')
        .map(|it| {
            let coded = it.strip_prefix("xn--").and_then(punycode::decode);
            coded.unwrap_or_else(|| it.to_owned())
        })
        .collect();
    labels.join(".")
}

/// A host in the coded form, by which machines know it.
#[cfg(feature = "external")]
pub(super) fn ascii(name: &str) -> Option<String> {
    let labels: Option<Vec<String>> = normal(name)
        .split('.')
        .map(|it| if it.is_ascii() { Some(it.to_owned()) } else { punycode::encode(it) })
        .collect();
    labels.map(|it| it.join("."))
}

#[cfg(test)]
mod tests {
    use super::{Oddity, is_local, is_other, oddity, of, shown_in};

    #[test]
    fn the_host_of_an_address_is_what_browsers_ask() {
        let name = |url| of(url).map(|it| it.name);
        assert_eq!(
            name("https://apple.com@example.net/x").as_deref(),
            Some("example.net")
        );
        assert_eq!(name("HTTP://Example.ORG.:8080/").as_deref(), Some("example.org"));
        assert_eq!(name("https://例え。jp/").as_deref(), Some("例え.jp"));
        assert_eq!(name("mailto:a@b.c"), None);
        assert!(is_local("127.0.0.1") && is_local("localhost") && is_local("::1"));
        assert!(!is_local("localhost.example.org"));
    }

    /// Words and addresses that deceive: the words show one host, the link leads to another.
    #[test]
    fn b4_words_that_show_another_host() {
        for (words, url) in [
            ("apple.com", "https://evil.example/"),
            ("https://apple.com/login", "https://evil.example/login"),
            ("www.un.org", "https://un.org.evil.example/"),
            ("apple.com", "https://apple.com.evil.example/"),
            ("apple.com", "https://apple.com@evil.example/"),
            ("apple.com", "https://notapple.com/"),
            ("apple.com", "https://аpple.com/"),
            ("аpple.com", "https://apple.com/"),
            ("apple.com", "https://xn--pple-43d.com/"),
            ("paypal.com", "https://раураl.com/"),
            ("نص وكالة reuters.com", "https://tass.example/"),
            ("(iaea.org)", "https://iaea.example/"),
            ("IAEA.ORG", "https://iaea.example/"),
            ("iaea.org/news", "https://example.ir/news"),
            ("un\u{200B}.org", "https://evil.example/"),
            ("un．org", "https://evil.example/"),
            ("http://un.org", "http://bit.example/x"),
            ("موقع.مصر", "https://evil.example/"),
            ("https://موقع.مصر/", "https://evil.example/"),
            ("apple.соm", "https://evil.example/"),
        ] {
            let real = of(url).unwrap().name;
            let shown = shown_in(words);
            // A host in a script of its own is recognised where a scheme says that it is one.
            if words == "موقع.مصر" {
                assert_eq!(shown, None);
                continue;
            }
            let shown = shown.unwrap_or_else(|| panic!("{words} shows a host"));
            assert!(is_other(&shown, &real), "{words} -> {url}: {shown} {real}");
        }
    }

    #[test]
    fn b4_words_that_deceive_nobody() {
        for (words, url) in [
            ("apple.com", "https://www.apple.com/"),
            ("www.apple.com", "https://apple.com/"),
            ("un.org", "https://docs.un.org/ar/"),
            ("docs.un.org", "https://un.org/"),
            ("https://موقع.مصر/", "https://xn--4gbrim.xn--wgbh1c/"),
            ("Apple.com", "https://APPLE.com/x"),
            ("reuters.com", "https://web.archive.org/web/2020/https://reuters.com/"),
        ] {
            let shown = shown_in(words).unwrap();
            assert!(!is_other(&shown, &of(url).unwrap().name), "{words} -> {url}");
        }
        for words in [
            "تقرير.pdf",
            "Node.js",
            "notes.md",
            "v2.0",
            "3.14",
            "أ.د. حسن",
            "info@un.org",
            "U.S.",
            "ASP.NET Core 8.0.1",
            "نص.ثم نص",
        ] {
            let shown = shown_in(words);
            assert!(shown.is_none() || words.starts_with("ASP"), "{words}: {shown:?}");
        }
    }

    #[test]
    fn b4_hosts_that_look_like_others() {
        for name in
            ["аpple.com", "раураl.com", "gооgle.com", "exаmple.org", "ехample.org"]
        {
            assert_eq!(oddity(name), Some(Oddity::MixedScripts), "{name}");
        }
        for name in ["аррӏе.com", "сору.com", "ѕсоре.com"] {
            assert_eq!(oddity(name), Some(Oddity::LookAlike), "{name}");
        }
        assert_eq!(oddity("xn--pple-43d.com"), Some(Oddity::MixedScripts));
        assert_eq!(oddity("xn--80ak6aa92e.com"), Some(Oddity::LookAlike));
        assert_eq!(oddity("un⁄org.example"), Some(Oddity::OddCharacter));
        assert_eq!(oddity("un\u{200B}.org"), Some(Oddity::OddCharacter));
        let coded = Some(Oddity::Coded("موقع.مصر".to_owned()));
        assert_eq!(oddity("xn--4gbrim.xn--wgbh1c"), coded);
        for name in [
            "apple.com",
            "موقع.مصر",
            "президент.рф",
            "хор.рф",
            "bücher.example",
            "例えtest.jp",
            "xn.example",
            "192.0.2.1",
            "2001:db8::1",
            "a-b_c.example",
        ] {
            assert_eq!(oddity(name), None, "{name}");
        }
    }
}
