//! Settings for nginx, to be included in the `server` block of a site.
//!
//! They stand there alone: old addresses are exact locations and not a `map`, which would
//! belong elsewhere. Variables say what differs from one class of files to another, because a
//! location that adds a header of its own loses all others.

use std::fmt::Write as _;

use crate::media_type::media_type;
use crate::render::hosts::{
    FRAMES, HASHED, HEADERS, IMMUTABLE, POLICY, REVALIDATE, Rules, SVG_POLICY,
};

/// Suffixes of files. A server that has a list of its own is told all of them, since one list
/// takes the place of the other.
const SUFFIXES: [&str; 40] = [
    "html",
    "htm",
    "css",
    "txt",
    "md",
    "js",
    "mjs",
    "csv",
    "vtt",
    "xml",
    "json",
    "webmanifest",
    "bib",
    "ris",
    "pdf",
    "epub",
    "zip",
    "docx",
    "xlsx",
    "pptx",
    "odt",
    "woff2",
    "woff",
    "ttf",
    "otf",
    "svg",
    "png",
    "jpg",
    "jpeg",
    "webp",
    "avif",
    "gif",
    "ico",
    "mp3",
    "ogg",
    "oga",
    "wav",
    "m4a",
    "webm",
    "mp4",
];

/// Feeds, whose names say more than their suffixes.
const FEEDS: [&str; 2] = ["/feed.xml", "/feed.json"];

/// A media type without its charset, and whether it is text.
fn kind_of(name: &str) -> (String, bool) {
    let kind = media_type(name);
    match kind.split_once(';') {
        Some((kind, _)) => (kind.to_owned(), true),
        None => (kind, false),
    }
}

/// Types that are text and whose letters are UTF-8, but `text/html`, which is always among
/// them.
fn texts() -> String {
    let suffixes = SUFFIXES.iter().map(|it| kind_of(&format!("file.{it}")));
    let feeds = FEEDS.iter().map(|it| kind_of(it));
    let mut texts: Vec<String> = Vec::new();
    for (kind, is_text) in suffixes.chain(feeds) {
        if is_text && kind != "text/html" && !texts.contains(&kind) {
            texts.push(kind);
        }
    }
    texts.join(" ")
}

/// The settings as text.
pub fn snippet(rules: &Rules) -> String {
    let base = &rules.base;
    let mut text = String::from(HEAD);
    text.push_str("types {\n");
    for suffix in SUFFIXES {
        let (kind, _) = kind_of(&format!("file.{suffix}"));
        let _ = writeln!(text, "    {kind} {suffix};");
    }
    let texts = texts();
    let _ = write!(
        text,
        "}}\ndefault_type application/octet-stream;\ncharset utf-8;\n\
         charset_types {texts};\n\
         gzip on;\ngzip_vary on;\ngzip_min_length 1024;\ngzip_types {texts};\n\n"
    );
    // The first of these patterns that fits decides.
    text.push_str(
        "# Files of the system and of mujaz itself are nobody's business.\n\
         location ~ \"/\\.(?!well-known/)\" {\n    return 404;\n}\n\n",
    );
    headers(rules, &mut text);
    for end in FEEDS {
        let (kind, _) = kind_of(end);
        let _ = write!(
            text,
            "location ~ \"{}$\" {{\n    types {{ }}\n    default_type {kind};\n}}\n",
            end.replace('.', "\\.")
        );
    }
    let _ = write!(text, "\nerror_page 404 {};\n", quoted(&format!("{base}404.html")));
    for home in &rules.homes {
        let _ = write!(
            text,
            "location {} {{\n    error_page 404 {};\n}}\n",
            quoted(home),
            quoted(&format!("{home}404.html"))
        );
    }
    redirects(rules, &mut text);
    text
}

/// What the file begins with.
const HEAD: &str = "\
# Made by `mujaz host nginx`; make it anew when the site has new languages or old addresses.
# Include it in the server block of the site:
#
#     server {
#         listen 443 ssl;
#         server_name desk.example.org;
#         root /srv/www/desk;
#         include /etc/nginx/desk.conf;
#     }
#
# `root` is the output folder of the build; for a site in a folder of its host, the folder
# above it.

index index.html;
# Addresses that lead on name no host and no port, so that they are right behind a proxy.
absolute_redirect off;
server_tokens off;
# A build exchanges the whole folder: remembered files would be those of the old site.
open_file_cache off;
";

fn headers(rules: &Rules, text: &mut String) {
    let hashed = quoted(&format!("{}{HASHED}", rules.base));
    let hashed_pattern = pattern(&format!("{}{HASHED}", rules.base));
    let _ = write!(
        text,
        "set $mujaz_cache \"{REVALIDATE}\";\nset $mujaz_policy \"{POLICY}; {FRAMES}\";\n\
         add_header Cache-Control $mujaz_cache always;\n\
         add_header Content-Security-Policy $mujaz_policy always;\n"
    );
    for (name, value) in HEADERS {
        let _ = writeln!(text, "add_header {name} \"{value}\" always;");
    }
    let _ = write!(
        text,
        "# Once all of the host speaks HTTPS, and for good:\n\
         # add_header Strict-Transport-Security \"max-age=63072000\" always;\n\n\
         # Names that hold a hash of the bytes never mean anything else.\n\
         location {hashed} {{\n    set $mujaz_cache \"{IMMUTABLE}\";\n}}\n\
         # Drawings, looked at by themselves, bring their own styles.\n\
         location ~ \"^{hashed_pattern}.*\\.svg$\" {{\n    \
         set $mujaz_cache \"{IMMUTABLE}\";\n    set $mujaz_policy \"{SVG_POLICY}\";\n}}\n\
         location ~ \"\\.svg$\" {{\n    set $mujaz_policy \"{SVG_POLICY}\";\n}}\n\
         # The viewers of browsers do not work under a policy.\n\
         location ~ \"\\.pdf$\" {{\n    set $mujaz_policy \"\";\n}}\n"
    );
}

fn redirects(rules: &Rules, text: &mut String) {
    if !rules.redirects.is_empty() {
        text.push_str("\n# Old addresses.\n");
    }
    for redirect in &rules.redirects {
        for from in [&redirect.from, redirect.without_slash()] {
            let _ = writeln!(
                text,
                "location = {} {{ return 301 \"{}$is_args$args\"; }}",
                quoted(from),
                redirect.to
            );
        }
    }
}

/// A word of the settings. An address has no `"` and no `\`, which `link::routes` refuses.
fn quoted(path: &str) -> String {
    format!("\"{path}\"")
}

/// A path as a regular expression.
fn pattern(path: &str) -> String {
    let mut pattern = String::new();
    for letter in path.chars() {
        if letter.is_ascii_punctuation() && !matches!(letter, '/' | '-' | '_') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern
}
