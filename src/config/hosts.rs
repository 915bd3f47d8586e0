//! `hosts` and `security` of site.yaml: where the site is published, and whom to tell of a
//! hole in it. What follows from that is made by `render::hosts`.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::config::language;
use crate::diag::{At, Diagnostic};
use crate::text::lang::Lang;
use crate::yaml::{Node, Reader, Value};

/// A host that a site can be published on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Host {
    /// Netlify.
    Netlify,
    /// Cloudflare Pages.
    CloudflarePages,
    /// GitLab Pages.
    GitlabPages,
    /// GitHub Pages.
    GithubPages,
    /// S3 and stores that speak its language.
    S3,
    /// A server of one's own with nginx.
    Nginx,
    /// A server of one's own with Caddy.
    Caddy,
}

/// Hosts by the names that site.yaml gives them.
const HOSTS: [(&str, Host); 7] = [
    ("netlify", Host::Netlify),
    ("cloudflare-pages", Host::CloudflarePages),
    ("gitlab-pages", Host::GitlabPages),
    ("github-pages", Host::GithubPages),
    ("s3", Host::S3),
    ("nginx", Host::Nginx),
    ("caddy", Host::Caddy),
];

impl Host {
    /// Its name, as people write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Netlify => "Netlify",
            Self::CloudflarePages => "Cloudflare Pages",
            Self::GitlabPages => "GitLab Pages",
            Self::GithubPages => "GitHub Pages",
            Self::S3 => "S3",
            Self::Nginx => "nginx",
            Self::Caddy => "Caddy",
        }
    }

    /// Whether it redirects by the file `_redirects`.
    pub fn reads_redirects(self) -> bool {
        matches!(self, Self::Netlify | Self::CloudflarePages | Self::GitlabPages)
    }

    /// Whether it sends headers by the file `_headers`.
    pub fn reads_headers(self) -> bool {
        matches!(self, Self::Netlify | Self::CloudflarePages)
    }

    /// Whether it can be told to send a header of the site's choice.
    pub fn sends_headers(self) -> bool {
        !matches!(self, Self::GitlabPages | Self::GithubPages | Self::S3)
    }
}

/// Whom to tell of a hole in the site (RFC 9116).
#[derive(Debug, Clone)]
pub struct SecurityContact {
    /// Addresses, the preferred one first; each with its scheme.
    pub contacts: Vec<String>,
    /// Until when this holds.
    pub expires: At<Timestamp>,
    /// Languages that are understood, the preferred one first.
    pub languages: Vec<Lang>,
    /// Address of the desk's rules about such reports.
    pub policy: Option<String>,
}

/// The RFC asks for less than a year, so that nobody writes to a desk that has moved on.
const MAX_AHEAD: SignedDuration = SignedDuration::from_hours(366 * 24);

impl SecurityContact {
    /// Whether nobody may rely on it any more.
    pub fn has_expired(&self, now: Timestamp) -> bool {
        self.expires.value <= now
    }

    /// Whether it holds for longer than readers believe.
    pub fn is_too_long(&self, now: Timestamp) -> bool {
        MAX_AHEAD < self.expires.value.duration_since(now)
    }

    /// The moments at which that changes.
    pub fn moments(&self) -> impl Iterator<Item = Timestamp> {
        let end = self.expires.value;
        [end.checked_sub(MAX_AHEAD).ok(), Some(end)].into_iter().flatten()
    }
}

/// Reads the list of hosts; each counts once.
pub(super) fn read_hosts(node: Node, reader: &mut Reader<'_>) -> Vec<At<Host>> {
    let mut hosts: Vec<At<Host>> = Vec::new();
    for item in reader.list(node, "hosts") {
        let Some(host) = reader.word(item, "hosts", &HOSTS) else { continue };
        if hosts.iter().any(|it| it.value == host.value) {
            let message = format!("{} stands here a second time", host.value.name());
            let warning = Diagnostic::warning("repeated-value", host.place, message);
            reader.diagnostics.push(warning.with_help("delete one of the two"));
        } else {
            hosts.push(host);
        }
    }
    hosts
}

/// Reads whom to tell; nothing where a part that readers need is missing or wrong.
pub(super) fn read_security(
    node: Node,
    languages: &[Lang],
    reader: &mut Reader<'_>,
) -> Option<SecurityContact> {
    let span = node.span;
    let mut fields = reader.fields(node, "`security`");
    let mut contacts = Vec::new();
    let written = fields.take("contact");
    let has_contact = written.is_some();
    for item in written.into_iter().flat_map(items) {
        let Some(contact) = reader.text(item, "contact") else { continue };
        match contact_address(&contact.value) {
            Some(address) => contacts.push(address),
            None => {
                let message =
                    format!("`{}` is no address that reports can go to", contact.value);
                let help = "write an e-mail address, or one that begins with `https://`";
                reader.wrong(contact.place.span, message, help);
            }
        }
    }
    if !has_contact {
        let help = "write `contact: security@example.org`";
        reader.wrong(span, "`security` says nobody to tell", help);
    }
    let expires = match fields.take("expires") {
        Some(node) => read_expires(node, reader),
        None => {
            let help = "write `expires: 2027-01-31`, a day less than a year ahead";
            reader.wrong(span, "`security` does not say until when it holds", help);
            None
        }
    };
    let mut known = Vec::new();
    if let Some(node) = fields.take("languages") {
        for item in reader.list(node, "languages") {
            known.extend(language(reader, item, "languages").map(|it| it.value));
        }
    }
    if known.is_empty() {
        known = languages.to_vec();
    }
    let policy = fields.take("policy").and_then(|it| reader.text(it, "policy"));
    let policy = policy.and_then(|it| {
        if is_web_address(&it.value) {
            return Some(it.value);
        }
        let message = format!("`{}` is not an absolute web address", it.value);
        reader.wrong(it.place.span, message, "write one that begins with `https://`");
        None
    });
    fields.finish(reader);
    let expires = expires.filter(|_| !contacts.is_empty())?;
    Some(SecurityContact { contacts, expires, languages: known, policy })
}

/// One value, or the values of a list.
fn items(node: Node) -> Vec<Node> {
    match node.value {
        Value::List(items) => items,
        _ => vec![node],
    }
}

/// A contact with its scheme; each stands on a line of its own, so that nothing in it may
/// begin another one.
fn contact_address(text: &str) -> Option<String> {
    let is_plain = !text.contains(|it: char| it.is_whitespace() || it.is_control());
    let has_scheme = ["mailto:", "tel:"].iter().any(|it| text.starts_with(it));
    if !is_plain {
        return None;
    }
    if has_scheme || is_web_address(text) {
        return Some(text.to_owned());
    }
    let (name, host) = text.split_once('@')?;
    let is_mail = !name.is_empty() && host.contains('.') && !text.contains([':', '/']);
    is_mail.then(|| format!("mailto:{text}"))
}

fn is_web_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").unwrap_or_default();
    !rest.is_empty() && !text.contains(|it: char| it.is_whitespace() || it.is_control())
}

/// A moment, or the end of a day in UTC.
fn read_expires(node: Node, reader: &mut Reader<'_>) -> Option<At<Timestamp>> {
    let text = reader.text(node, "expires")?;
    let end_of = |day: Date| {
        let next = day.tomorrow().ok()?;
        TimeZone::UTC.to_timestamp(next.at(0, 0, 0, 0)).ok()
    };
    let day = || text.value.parse::<Date>().ok().and_then(end_of);
    let is_day = text.value.len() == "2027-01-31".len();
    let moment = if is_day { day() } else { text.value.parse().ok() };
    match moment {
        Some(value) => Some(At { value, place: text.place }),
        None => {
            let message = format!("`{}` is not a day or a moment", text.value);
            let help = "write it like `2027-01-31`";
            reader.wrong(text.place.span, message, help);
            None
        }
    }
}
