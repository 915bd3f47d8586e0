//! Settings for Caddy, to be imported in the block of a site. Matchers exclude each other,
//! because the order of directives is Caddy's own.

use std::fmt::Write as _;

use crate::media_type::media_type;
use crate::render::hosts::{
    FRAMES, HASHED, HEADERS, IMMUTABLE, ODD_TYPES, POLICY, REVALIDATE, Rules, SVG_POLICY,
};

/// What the file begins with.
const HEAD: &str = "\
# Made by `mujaz host caddy`; make it anew when the site has new languages or old addresses.
# Import it in the block of the site:
#
#     desk.example.org {
#         root * /srv/www/desk
#         import /etc/caddy/desk.caddy
#     }
#
# `root` is the output folder of the build; for a site in a folder of its host, the folder
# above it.

";

/// The settings as text.
pub fn snippet(rules: &Rules) -> String {
    let Rules { base, .. } = rules;
    let mut text = String::from(HEAD);
    redirects(rules, &mut text);
    text.push_str("header {\n");
    for (name, value) in HEADERS {
        let _ = writeln!(text, "\t{name} \"{value}\"");
    }
    let hashed = quoted(&format!("{base}{HASHED}*"));
    let _ = write!(
        text,
        "\t# Once all of the host speaks HTTPS, and for good:\n\
         \t# Strict-Transport-Security \"max-age=63072000\"\n}}\n\
         # Names that hold a hash of the bytes never mean anything else.\n\
         @mujaz_hashed {{\n\tpath {hashed}\n\tfile\n}}\n\
         header @mujaz_hashed Cache-Control \"{IMMUTABLE}\"\n\
         @mujaz_named not {{\n\tpath {hashed}\n\tfile\n}}\n\
         header @mujaz_named Cache-Control \"{REVALIDATE}\"\n\
         # Drawings, looked at by themselves, bring their own styles; the viewers of browsers \
         for PDF\n# do not work under a policy.\n\
         @mujaz_pages not path *.svg *.pdf\n\
         header @mujaz_pages Content-Security-Policy \"{POLICY}; {FRAMES}\"\n\
         @mujaz_drawings path *.svg\n\
         header @mujaz_drawings Content-Security-Policy \"{SVG_POLICY}\"\n"
    );
    for end in ODD_TYPES {
        let kind = media_type(&format!("file{end}"));
        let name: String = end.chars().filter(char::is_ascii_alphanumeric).collect();
        let _ = write!(
            text,
            "@mujaz_{name} {{\n\tpath *{end}\n\tfile\n}}\n\
             header @mujaz_{name} Content-Type \"{kind}\"\n"
        );
    }
    let _ = write!(
        text,
        "encode gzip\n\
         # Files of the system and of mujaz itself are nobody's business.\n\
         @mujaz_hidden {{\n\tpath */.*\n\tnot path /.well-known/*\n}}\n\
         error @mujaz_hidden 404\n\
         file_server\n"
    );
    errors(rules, &mut text);
    text
}

fn redirects(rules: &Rules, text: &mut String) {
    if rules.redirects.is_empty() {
        return;
    }
    text.push_str("# Old addresses.\nmap {path} {mujaz_moved} {\n");
    for redirect in &rules.redirects {
        for from in [&redirect.from, redirect.without_slash()] {
            let _ = writeln!(text, "\t{} \"{}\"", quoted(from), redirect.to);
        }
    }
    text.push_str(
        "\tdefault \"\"\n}\n\
         @mujaz_moved expression `{mujaz_moved} != \"\"`\n\
         redir @mujaz_moved {mujaz_moved} 301\n",
    );
}

fn errors(rules: &Rules, text: &mut String) {
    let _ = write!(
        text,
        "handle_errors {{\n\
         \t@mujaz_lost expression `{{http.error.status_code}} == 404`\n\
         \thandle @mujaz_lost {{\n\
         \t\theader Cache-Control \"{REVALIDATE}\"\n"
    );
    let mut homes = String::new();
    for home in &rules.homes {
        let all = quoted(&format!("{home}*"));
        let _ =
            writeln!(text, "\t\trewrite {all} {}", quoted(&format!("{home}404.html")));
        let _ = write!(homes, " {all}");
    }
    let page = quoted(&format!("{}404.html", rules.base));
    if homes.is_empty() {
        let _ = writeln!(text, "\t\trewrite * {page}");
    } else {
        let _ = write!(
            text,
            "\t\t@mujaz_rest not path{homes}\n\t\trewrite @mujaz_rest {page}\n"
        );
    }
    text.push_str("\t\tfile_server\n\t}\n}\n");
}

/// A word of the settings. An address has no `"`, `\`, `{` and `}`, which `link::routes`
/// refuses.
fn quoted(path: &str) -> String {
    format!("\"{path}\"")
}
