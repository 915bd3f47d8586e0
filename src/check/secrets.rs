//! Does anything that would be published give a key or a password away (row O10)?
//!
//! Runs in every build, on the sources: what a secret costs is known when it has been
//! published, and a build that takes a look is no slower for it. One automaton looks for
//! the beginnings that services give their keys; what follows each must have the form of a
//! key. Keys of examples, as vendors print them in manuals, have the form and are none.
//!
//! What looks like a secret and is meant to be read stands in `not_secrets` of site.yaml:
//! the one way out, for texts, templates and files alike.

use std::collections::BTreeSet;
use std::io::Read;
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use rayon::prelude::*;

use crate::diag::{Diagnostic, Place, SourcePath, Span};
use crate::load::{Asset, MAX_FILE_BYTES, SourceFile};

/// Code of the diagnostic.
pub const CODE: &str = "secret";

/// What follows the beginning of a key.
#[derive(Debug, Clone, Copy)]
enum Tail {
    /// So many Latin letters and digits, and no more.
    Exactly(usize),
    /// At least so many letters, digits, `-` and `_`.
    AtLeast(usize),
    /// Parts between dots, each at least so long.
    Parts(&'static [usize]),
    /// Words up to `PRIVATE KEY`.
    PrivateKey,
    /// `user:password@host`.
    Credentials,
    /// A sign of assignment and a value.
    Assigned,
}

/// A sort of secret: what it is, how it begins, what follows.
struct Sort {
    name: &'static str,
    beginning: &'static str,
    tail: Tail,
}

const fn sort(name: &'static str, beginning: &'static str, tail: Tail) -> Sort {
    Sort { name, beginning, tail }
}

/// The sorts, in the order in which they are tried at one place.
const SORTS: [Sort; 57] = [
    sort("an access key of Amazon Web Services", "AKIA", Tail::Exactly(16)),
    sort("an access key of Amazon Web Services", "ASIA", Tail::Exactly(16)),
    sort("a token of GitHub", "ghp_", Tail::Exactly(36)),
    sort("a token of GitHub", "gho_", Tail::Exactly(36)),
    sort("a token of GitHub", "ghu_", Tail::Exactly(36)),
    sort("a token of GitHub", "ghs_", Tail::Exactly(36)),
    sort("a token of GitHub", "ghr_", Tail::Exactly(36)),
    sort("a token of GitHub", "github_pat_", Tail::AtLeast(40)),
    sort("a token of GitLab", "glpat-", Tail::AtLeast(20)),
    sort("a token of GitLab", "gldt-", Tail::AtLeast(20)),
    sort("a token of GitLab", "glptt-", Tail::AtLeast(20)),
    sort("a token of GitLab", "glrt-", Tail::AtLeast(20)),
    sort("a token of Slack", "xoxb-", Tail::AtLeast(24)),
    sort("a token of Slack", "xoxp-", Tail::AtLeast(24)),
    sort("a token of Slack", "xoxa-", Tail::AtLeast(24)),
    sort("a token of Slack", "xoxs-", Tail::AtLeast(24)),
    sort("a token of Slack", "xapp-", Tail::AtLeast(24)),
    sort("a web hook of Slack", "hooks.slack.com/services/T", Tail::AtLeast(8)),
    sort("a private key", "-----BEGIN ", Tail::PrivateKey),
    sort("a private key of age", "AGE-SECRET-KEY-1", Tail::Exactly(58)),
    sort("a signed token (JWT)", "eyJ", Tail::Parts(&[10, 10, 10])),
    sort("a key of Google", "AIza", Tail::AtLeast(35)),
    sort("a token of Google", "ya29.", Tail::AtLeast(40)),
    sort("a client secret of Google", "GOCSPX-", Tail::AtLeast(24)),
    sort("a key of Stripe", "sk_live_", Tail::AtLeast(20)),
    sort("a key of Stripe", "rk_live_", Tail::AtLeast(20)),
    sort("a secret of a web hook", "whsec_", Tail::AtLeast(24)),
    sort("a key of Anthropic", "sk-ant-", Tail::AtLeast(24)),
    sort("a key of OpenAI", "sk-proj-", Tail::AtLeast(24)),
    sort("a key of SendGrid", "SG.", Tail::Parts(&[20, 40])),
    sort("a token of npm", "npm_", Tail::Exactly(36)),
    sort("a token of PyPI", "pypi-AgEI", Tail::AtLeast(50)),
    sort("a token of DigitalOcean", "dop_v1_", Tail::Exactly(64)),
    sort("a token of Hugging Face", "hf_", Tail::Exactly(34)),
    sort("a token of Docker", "dckr_pat_", Tail::AtLeast(24)),
    sort("a token of Grafana", "glsa_", Tail::AtLeast(32)),
    sort("a token of Vault", "hvs.", Tail::AtLeast(24)),
    sort("a token of Shopify", "shpat_", Tail::Exactly(32)),
    sort("a token of Atlassian", "ATATT3", Tail::AtLeast(60)),
    sort("a key of Azure Storage", "AccountKey=", Tail::AtLeast(40)),
    sort("a token of a Telegram bot", ":AA", Tail::Exactly(33)),
    sort("an address with a password", "://", Tail::Credentials),
    sort("a password", "password", Tail::Assigned),
    sort("a password", "PASSWORD", Tail::Assigned),
    sort("a password", "Password", Tail::Assigned),
    sort("a password", "passwd", Tail::Assigned),
    sort("a password", "PASSWD", Tail::Assigned),
    sort("a key", "api_key", Tail::Assigned),
    sort("a key", "API_KEY", Tail::Assigned),
    sort("a key", "apikey", Tail::Assigned),
    sort("a key", "access_key", Tail::Assigned),
    sort("a key", "ACCESS_KEY", Tail::Assigned),
    sort("a secret", "client_secret", Tail::Assigned),
    sort("a secret", "CLIENT_SECRET", Tail::Assigned),
    sort("a secret", "secret_key", Tail::Assigned),
    sort("a secret", "SECRET_KEY", Tail::Assigned),
    sort("a token", "access_token", Tail::Assigned),
];

static BEGINNINGS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostFirst)
        .build(SORTS.iter().map(|it| it.beginning))
        .expect("a few short words fit into an automaton")
});

/// Reports what looks like a secret in a text, but for what `allowed` lists.
pub fn in_file(file: &SourceFile, allowed: &[String]) -> Vec<Diagnostic> {
    in_text(&file.path, &file.text, allowed)
}

/// Reports what looks like a secret in files that are copied as they are.
pub fn in_assets(assets: &[Asset], allowed: &[String]) -> Vec<Diagnostic> {
    let of_file = |it: &Asset| {
        // What cannot be read is told where it is copied.
        let text = text_of(it).unwrap_or_default();
        let mut found = in_text(&it.path, &text, allowed);
        // Its lines are in no list of sources, so a place in it could not be shown.
        for diagnostic in &mut found {
            if let Some(place) = &mut diagnostic.place {
                let (line, _) =
                    crate::diag::line_and_column(&text, place.span.start as usize);
                diagnostic.message.push_str(&format!(", in line {line}"));
                place.span = Span::default();
            }
        }
        found
    };
    assets.par_iter().filter(|it| may_be_text(&it.path)).flat_map_iter(of_file).collect()
}

/// Kinds of files in which nobody writes a key by hand.
const NO_TEXTS: [&str; 26] = [
    "png", "jpg", "jpeg", "webp", "avif", "gif", "ico", "woff", "woff2", "ttf", "otf",
    "pdf", "xlsx", "docx", "pptx", "mp3", "m4a", "ogg", "mp4", "webm", "mov", "zip",
    "gz", "br", "zst", "wasm",
];

fn may_be_text(path: &SourcePath) -> bool {
    let suffix = path.as_str().rsplit_once('.').map_or("", |(_, it)| it);
    !NO_TEXTS.contains(&suffix.to_ascii_lowercase().as_str())
}

/// The text of a file; nothing for one that is none.
fn text_of(asset: &Asset) -> Option<String> {
    let file = std::fs::File::open(&asset.disk).ok()?;
    let mut bytes = Vec::new();
    file.take(MAX_FILE_BYTES).read_to_end(&mut bytes).ok()?;
    let is_binary = bytes.iter().take(1024).any(|it| *it == 0);
    (!is_binary).then(|| String::from_utf8_lossy(&bytes).into_owned())
}

fn in_text(path: &SourcePath, text: &str, allowed: &[String]) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let mut done = 0;
    for found in BEGINNINGS.find_iter(text) {
        let sort = &SORTS[found.pattern().as_usize()];
        if found.start() < done {
            continue;
        }
        let Some(bytes) = secret(text, found.range(), sort.tail) else { continue };
        done = bytes.end;
        let token = text.get(bytes.clone()).unwrap_or_default();
        if is_example(token) || allowed.iter().any(|it| token == it || it.contains(token))
        {
            continue;
        }
        let shown = shown(token, sort);
        let message = format!("`{shown}` looks like {}", sort.name);
        let place = Place { path: path.clone(), span: Span::new(bytes.start, bytes.end) };
        let error = Diagnostic::error("secret", place, message).with_help(
            "take it out, and make it void where it was made; if everybody may read it, \
             list it in `not_secrets` of site.yaml",
        );
        diagnostics.push(error);
    }
    diagnostics
}

/// As much of a secret as says which one is meant; logs are read by many.
fn shown(token: &str, sort: &Sort) -> String {
    let n_shown = match sort.tail {
        Tail::Credentials | Tail::Assigned => 2,
        _ => sort.beginning.chars().count() + 2,
    };
    let beginning: String = token.chars().take(n_shown).collect();
    format!("{}…", beginning.escape_debug())
}

/// How far the end of a secret is looked for, in bytes.
const MAX_TAIL: usize = 4096;

fn is_word(it: char) -> bool {
    it.is_ascii_alphanumeric() || it == '_'
}

/// The secret at the beginning of one, if what follows has the form.
fn secret(text: &str, beginning: Range<usize>, tail: Tail) -> Option<Range<usize>> {
    let (before, after) = (text.get(..beginning.start)?, text.get(beginning.end..)?);
    // Beginnings may stand close together in a text that is made to be slow.
    let mut reach = MAX_TAIL.min(after.len());
    while !after.is_char_boundary(reach) {
        reach -= 1;
    }
    let after = after.get(..reach)?;
    let last = before.chars().next_back();
    let n_while =
        |text: &str, is: fn(char) -> bool| text.find(|it| !is(it)).unwrap_or(text.len());
    let is_token: fn(char) -> bool =
        |it| it.is_ascii_alphanumeric() || matches!(it, '-' | '_');
    let starts_alone = !last.is_some_and(|it| is_word(it) || it == '-');
    let end = beginning.end;
    match tail {
        Tail::Exactly(wanted) => {
            // Of a Telegram bot, its number stands before the key.
            let is_bot = text.get(beginning.clone()) == Some(":AA");
            let digits = before.bytes().rev().take_while(u8::is_ascii_digit).count();
            let start = if is_bot { beginning.start - digits } else { beginning.start };
            let is_start = if is_bot { (8..=10).contains(&digits) } else { starts_alone };
            let n = n_while(after, is_token);
            let is_plain = is_bot || n_while(after, is_word) == n;
            (is_start && is_plain && n == wanted).then(|| start..end + n)
        }
        Tail::AtLeast(wanted) => {
            let is_part: fn(char) -> bool =
                |it| it.is_ascii_alphanumeric() || "-_/+=.".contains(it);
            let n = n_while(after, is_part);
            let n = after.get(..n)?.trim_end_matches(['.', '/']).len();
            let is_inside = last == Some('/') || starts_alone;
            (is_inside && wanted <= n).then(|| beginning.start..end + n)
        }
        Tail::Parts(wanted) => {
            let mut n = 0;
            for (at, least) in wanted.iter().enumerate() {
                if at != 0 {
                    n += after.get(n..)?.strip_prefix('.').map(|_| 1)?;
                }
                let here = n_while(after.get(n..)?, is_token);
                if here < *least {
                    return None;
                }
                n += here;
            }
            starts_alone.then(|| beginning.start..end + n)
        }
        Tail::PrivateKey => {
            let line = after.lines().next()?;
            let kind = line.split("-----").next()?;
            let is_private = kind.ends_with("PRIVATE KEY") || kind.ends_with("KEY BLOCK");
            // A key follows: a text may well speak of the line.
            let body = after.get(line.len()..)?.trim_start();
            let n = n_while(body, |it| it.is_ascii_alphanumeric() || "+/=".contains(it));
            let has_headers = ["Proc-Type:", "DEK-Info:", "Version:"]
                .iter()
                .any(|it| body.starts_with(it));
            (is_private && kind.contains("PRIVATE") && (20 <= n || has_headers))
                .then(|| beginning.start..end + line.len())
        }
        Tail::Credentials => credentials(after).map(|it| end + it.start..end + it.end),
        Tail::Assigned => {
            let value = assigned(after)?;
            Some(end + value.start..end + value.end)
        }
    }
}

/// `user:password` before `@host`, behind `://`.
fn credentials(after: &str) -> Option<Range<usize>> {
    let is_end = |it: char| {
        it.is_whitespace() || matches!(it, '/' | '?' | '#' | '"' | '\'' | '<' | '>' | ')')
    };
    let authority = after.get(..after.find(is_end).unwrap_or(after.len()))?;
    let (user, host) = authority.rsplit_once('@')?;
    let (_, password) = user.split_once(':')?;
    let is_host = host.starts_with(|it: char| it.is_alphanumeric());
    (is_host && 4 <= password.len() && !is_placeholder(password)).then_some(0..user.len())
}

/// The value that is given to a name: `password = "…"`.
fn assigned(after: &str) -> Option<Range<usize>> {
    let rest = after.trim_start_matches(['"', '\'', ' ', '\t']);
    let rest = rest.strip_prefix(['=', ':'])?;
    let rest = rest.trim_start_matches([' ', '\t']);
    let quote = rest.chars().next().filter(|it| matches!(it, '"' | '\''));
    let value = quote.map_or(rest, |it| rest.get(it.len_utf8()..).unwrap_or_default());
    let end = value
        .find(|it: char| {
            it.is_whitespace()
                || matches!(it, '"' | '\'' | '&' | ',' | ';' | '<' | '`' | ')')
        })
        .unwrap_or(value.len());
    let start = after.len() - value.len();
    let value = value.get(..end)?;
    let has = |is: fn(char) -> bool| value.chars().any(is);
    let is_made_up = has(|it| it.is_ascii_digit()) && has(|it| it.is_ascii_alphabetic());
    let is_one_word = value.is_ascii() && !value.contains(['{', '$', '(', '*', '[', '|']);
    (8 <= value.len() && is_made_up && is_one_word && !is_placeholder(value))
        .then(|| start..start + value.len())
}

fn is_placeholder(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    ["example", "password", "passwort", "changeme", "your", "secret", "xxx", "***", "..."]
        .iter()
        .any(|it| lower.contains(it))
        || value.contains(['<', '{', '$', '%', '…'])
        || value.chars().collect::<BTreeSet<char>>().len() < 4
}

/// Keys that vendors print in manuals, and those of which every letter is the same.
fn is_example(token: &str) -> bool {
    let upper = token.to_ascii_uppercase();
    let n_kinds = token.chars().collect::<BTreeSet<char>>().len();
    let n_chars = token.chars().count();
    upper.contains("EXAMPLE")
        || ["XXXX", "0000000", "1234567890", "ABCDEFGHIJ"]
            .iter()
            .any(|it| upper.contains(it))
        || (20 <= n_chars && n_kinds < 8)
}

#[cfg(test)]
mod tests {
    use super::in_text;
    use crate::diag::SourcePath;

    fn found(text: &str) -> Vec<String> {
        let path = SourcePath::new("content/briefings/a.md");
        let of_place = |it: crate::diag::Diagnostic| {
            it.place.map(|it| it.span.of(text).to_owned()).unwrap_or_default()
        };
        in_text(&path, text, &[]).into_iter().map(of_place).collect()
    }

    /// Twenty-four keys, none of which was ever given out; each is put together here, so that
    /// no scanner takes this file for a leak.
    fn keys() -> Vec<String> {
        let body = "q7Zk2mV9xT4cR8bN1wL6pD3sF5hJ0gYa2Ke9Uo4Ri7Mz1Bv8Xn5Ct3Wd6Lq0Pf";
        let tail = |n: usize| body.chars().cycle().take(n).collect::<String>();
        let upper = |n: usize| tail(n).to_ascii_uppercase();
        let with = |beginning: &str, n: usize| format!("{beginning}{}", tail(n));
        vec![
            format!("AKIA{}", upper(16)),
            format!("ASIA{}", upper(16)),
            with("ghp_", 36),
            with("github_pat_", 60),
            with("glpat-", 20),
            with("xoxb-", 40),
            with("xapp-", 40),
            with("AIza", 35),
            with("ya29.", 60),
            with("GOCSPX-", 28),
            with("sk_live_", 24),
            with("whsec_", 32),
            with("sk-ant-", 40),
            with("sk-proj-", 40),
            format!("SG.{}.{}", tail(22), tail(43)),
            with("npm_", 36),
            with("pypi-AgEI", 60),
            with("dop_v1_", 64),
            with("hf_", 34),
            with("dckr_pat_", 27),
            with("glsa_", 40),
            with("hvs.", 30),
            with("shpat_", 32),
            format!("eyJ{}.eyJ{}.{}", tail(20), tail(40), tail(43)),
            format!("123456789:AA{}", tail(33)),
        ]
    }

    #[test]
    fn o10_keys_of_twenty_five_forms_are_found_in_any_place() {
        for key in keys() {
            assert_eq!(found(&key), std::slice::from_ref(&key));
            let arabic = format!("المفتاح هو {key}، وهذا نص بعده.");
            assert_eq!(found(&arabic), std::slice::from_ref(&key), "{arabic}");
            assert_eq!(found(&format!("token: \"{key}\"\n")), std::slice::from_ref(&key));
            // In the middle of a longer word it is no key.
            assert!(found(&format!("a{key}")).is_empty() || key.starts_with('1'));
        }
    }

    #[test]
    fn o10_private_keys_addresses_with_passwords_and_assigned_values() {
        let body = "MIIEpAIBAAKCAQEAq7Zk2mV9xT4cR8bN1wL6pD3sF5hJ0gYa";
        for kind in
            ["RSA PRIVATE KEY", "PRIVATE KEY", "OPENSSH PRIVATE KEY", "EC PRIVATE KEY"]
        {
            let text = format!("-----BEGIN {kind}-----\n{body}\n-----END {kind}-----\n");
            assert_eq!(found(&text).len(), 1, "{kind}");
        }
        for (text, wanted) in [
            ("postgres://desk:t0pS3cr1t9@db.example.org/x", "desk:t0pS3cr1t9"),
            ("password=Tr0ub4dor&x=1", "Tr0ub4dor"),
            ("DB_PASSWORD: \"h4x0rh4x0r\"", "h4x0rh4x0r"),
            ("api_key = 'a1b2c3d4e5f6'", "a1b2c3d4e5f6"),
            ("AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMIK7MDENG", "wJalrXUtnFEMIK7MDENG"),
        ] {
            assert_eq!(found(text), [wanted], "{text}");
        }
    }

    #[test]
    fn o10_a_text_about_keys_is_no_key() {
        for text in [
            "مفتاح AKIAIOSFODNN7EXAMPLE الذي تطبعه الأدلة مثالًا",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "تبدأ مفاتيح أمازون بالأحرف AKIA ثم 16 حرفًا، ومفاتيح غيت هب بـ ghp_",
            "-----BEGIN PRIVATE KEY----- سطر يبدأ به كل مفتاح خاص",
            "-----BEGIN CERTIFICATE-----\nMIIEpAIBAAKCAQEAq7Zk2mV9xT4cR8bN1wL6pD3s\n",
            "-----BEGIN PUBLIC KEY-----\nMIIEpAIBAAKCAQEAq7Zk2mV9xT4cR8bN1wL6pD3s\n",
            "password: اختر كلمة مرور طويلة",
            "the password=<your password>, api_key: {{ key }}, password: ${DB_PASSWORD1}",
            "password=xxxxxxxx1 passwd=********",
            "https://user:password@example.org/ و https://example.org:8080/a@b",
            "https://medium.example/@writer/title:2025",
            "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "task-proj-management risk-ant-colony eyJust a word. a. b",
            "content_api_keys and access_token policies: see 2024-2025",
            "الساعة 12345678:AAAAA",
        ] {
            assert!(found(text).is_empty(), "{text}: {:?}", found(text));
        }
    }

    #[test]
    fn what_the_desk_allows_is_let_through() {
        let key = format!("AKIA{}", "Q7ZK2MV9XT4CR8BN");
        let path = SourcePath::new("static/a.txt");
        assert_eq!(in_text(&path, &key, &[]).len(), 1);
        assert!(in_text(&path, &key, std::slice::from_ref(&key)).is_empty());
        // Nobody reads the whole of it in a log.
        assert!(!in_text(&path, &key, &[])[0].message.contains(&key));
    }
}
