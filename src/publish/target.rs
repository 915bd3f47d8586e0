//! `deploy:` of site.yaml -> `Target`s: where a site goes, and by which rules.
//!
//! A target says where, never with which key: secrets come from the environment, and one
//! in site.yaml is an error, because that file goes to everybody who works on the site.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::config::{self, PATH};
use crate::diag::{Checked, Diagnostic, SourcePath};
use crate::text::number::normalise_digits;
use crate::yaml::{Fields, Node, Reader, Value};

/// How long files that are no longer part of the site stay, where a target does not say.
const GRACE: Duration = Duration::from_hours(1);

/// A place that the site is sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Its name in site.yaml.
    pub name: String,
    /// Where it is.
    pub site: Destination,
    /// Address of the site there, instead of the one of the whole site.
    pub base_url: Option<String>,
    /// How many addresses may go at once; without this, 50 and a fifth of the site.
    pub max_deletes: Option<u32>,
    /// How long files that are no longer part of the site stay for readers that have an
    /// older page open.
    pub grace: Duration,
    /// Whether what a deploy replaces is kept until the next one.
    pub keeps_previous: bool,
}

/// Where a target is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// A bucket of Amazon S3, or of a service that speaks as it does.
    S3 {
        /// Name of the bucket.
        bucket: String,
        /// Region; `auto` for services without any.
        region: String,
        /// Address of the service; without this, Amazon.
        endpoint: Option<String>,
        /// Folder in the bucket, without slashes at its ends.
        prefix: String,
    },
    /// A folder that a server offers by WebDAV.
    WebDav {
        /// Address of the server.
        url: String,
        /// Folder on it, without slashes at its ends.
        prefix: String,
    },
    /// A folder that a server offers by SFTP.
    Sftp {
        /// Name of the server, as `ssh` takes it.
        host: String,
        /// Port; without this, what `ssh` takes.
        port: Option<u32>,
        /// Who logs in; without this, what `ssh` takes.
        user: Option<String>,
        /// Folder on it.
        folder: String,
        /// File of the private key; without this, what `ssh` takes.
        key: Option<String>,
    },
    /// A folder of this machine.
    Folder {
        /// Its path, relative to the site.
        folder: String,
    },
    /// A branch of a git repository.
    Git {
        /// A folder relative to the site, or an address.
        repository: String,
        /// Name of the remote that is pushed to, where the repository is a folder.
        remote: String,
        /// The branch.
        branch: String,
    },
}

impl Destination {
    /// Name of the kind in site.yaml.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::S3 { .. } => "s3",
            Self::WebDav { .. } => "webdav",
            Self::Sftp { .. } => "sftp",
            Self::Folder { .. } => "folder",
            Self::Git { .. } => "git",
        }
    }
}

/// Name of the environment variable that holds something of a target.
pub fn variable(target: &str, what: &str) -> String {
    let name = target.to_uppercase().replace('-', "_");
    format!("MUJAZ_{name}_{what}")
}

/// Keys that would hold a secret, with the end of the variable that should.
const SECRETS: [(&str, &str); 9] = [
    ("access_key", "ACCESS_KEY"),
    ("access_key_id", "ACCESS_KEY"),
    ("passphrase", "PASSWORD"),
    ("password", "PASSWORD"),
    ("secret", "SECRET_KEY"),
    ("secret_access_key", "SECRET_KEY"),
    ("secret_key", "SECRET_KEY"),
    ("session_token", "SESSION_TOKEN"),
    ("token", "SESSION_TOKEN"),
];

#[derive(Clone, Copy)]
enum Kind {
    S3,
    WebDav,
    Sftp,
    Folder,
    Git,
}

const KINDS: [(&str, Kind); 5] = [
    ("s3", Kind::S3),
    ("webdav", Kind::WebDav),
    ("sftp", Kind::Sftp),
    ("folder", Kind::Folder),
    ("git", Kind::Git),
];

/// Reads every target of site.yaml. One with a mistake is left out.
pub fn read_all(nodes: &BTreeMap<String, Node>) -> Checked<Vec<Target>> {
    let path = SourcePath::new(PATH);
    let mut reader = Reader::new(&path);
    let mut targets = Vec::new();
    let mut names = BTreeMap::new();
    for (name, node) in nodes {
        let is_letter = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_');
        if !name.bytes().all(is_letter) {
            let message =
                format!("`{}` cannot be the name of a target", name.escape_debug());
            let help = "take Latin letters, digits, `-` and `_`";
            reader.wrong(node.span, message, help);
            continue;
        }
        let variables = variable(name, "");
        if let Some(other) = names.insert(variables, name.clone()) {
            let message = format!(
                "the targets `{other}` and `{name}` would read the same keys from the \
                 environment"
            );
            reader.wrong(node.span, message, "give one of them another name");
            continue;
        }
        let n_before = reader.diagnostics.len();
        let target = read(name, node.clone(), &mut reader);
        if n_before == reader.diagnostics.len() {
            targets.extend(target);
        }
    }
    Checked { value: targets, diagnostics: reader.diagnostics }
}

fn read(name: &str, mut node: Node, reader: &mut Reader<'_>) -> Option<Target> {
    refuse_secrets(name, &mut node, reader);
    let whole = node.span;
    let mut fields = reader.fields(node, "a target of `deploy`");
    let Some(kind) = fields.take("kind") else {
        let message = format!("the target `{name}` has no kind");
        reader.wrong(
            whole,
            message,
            "add `kind: s3`, `webdav`, `sftp`, `folder` or `git`",
        );
        return None;
    };
    let kind = reader.word(kind, "kind", &KINDS)?.value;
    let mut form = Form { name, whole, fields, reader };
    let site = form.destination(kind);
    let base_url = form.text("base_url").and_then(|it| form.address(&it, "base_url"));
    let max_deletes = form.number("max_deletes", 0..=1_000_000);
    let grace = form.grace();
    let keeps_previous = form.switch("rollback");
    let Form { fields, reader, .. } = form;
    fields.finish(reader);
    let name = name.to_owned();
    Some(Target { name, site: site?, base_url, max_deletes, grace, keeps_previous })
}

/// Whether git takes a name for a branch (git-check-ref-format), and nobody takes it for
/// something else.
fn is_branch(name: &str) -> bool {
    let is_part = |it: &str| {
        !it.is_empty()
            && !it.starts_with('.')
            && !it.ends_with('.')
            && !it.ends_with(".lock")
    };
    let is_sign = |it: char| it.is_control() || " ~^:?*[\\".contains(it);
    name.split('/').all(is_part)
        && !name.contains(is_sign)
        && !name.contains("..")
        && !name.contains("@{")
        && !matches!(name, "@" | "HEAD")
        && !name.starts_with("refs/")
}

/// Takes keys out that would hold a secret, and says where it belongs.
fn refuse_secrets(target: &str, node: &mut Node, reader: &mut Reader<'_>) {
    let Value::Map(entries) = &mut node.value else { return };
    entries.retain(|(key, _)| {
        let secret = SECRETS.iter().find(|(it, _)| *it == key.text);
        let Some((_, what)) = secret else { return true };
        let message = format!("`{}` has no place in a file that is shared", key.text);
        let place = reader.place(key.span);
        let error = Diagnostic::error("secret-in-config", place, message);
        let help = format!(
            "delete the line, change the secret if others have seen it, and put it into \
             the environment as `{}`",
            variable(target, what)
        );
        reader.diagnostics.push(error.with_help(help));
        false
    });
}

/// The map of one target while it is being read.
struct Form<'a, 'b> {
    name: &'a str,
    whole: crate::diag::Span,
    fields: Fields,
    reader: &'a mut Reader<'b>,
}

impl Form<'_, '_> {
    fn text(&mut self, key: &'static str) -> Option<String> {
        let node = self.fields.take(key)?;
        self.reader.text(node, key).map(|it| it.value)
    }

    fn required(&mut self, key: &'static str) -> Option<String> {
        let text = self.text(key);
        if text.is_none() {
            let message = format!("the target `{}` has no `{key}`", self.name);
            self.reader.wrong(self.whole, message, format!("add a line `{key}: …`"));
        }
        text
    }

    fn number(
        &mut self,
        key: &'static str,
        range: std::ops::RangeInclusive<u32>,
    ) -> Option<u32> {
        let node = self.fields.take(key)?;
        self.reader.integer(node, key, range).map(|it| it.value)
    }

    fn switch(&mut self, key: &'static str) -> bool {
        let node = self.fields.take(key);
        node.and_then(|it| self.reader.boolean(it, key)).is_none_or(|it| it.value)
    }

    fn wrong(&mut self, message: impl Into<String>, help: &str) {
        self.reader.wrong(self.whole, message, help);
    }

    fn destination(&mut self, kind: Kind) -> Option<Destination> {
        match kind {
            Kind::S3 => {
                let bucket = self.required("bucket");
                let region = self.text("region").unwrap_or_else(|| "auto".to_owned());
                let prefix = self.prefix();
                let endpoint = match self.text("endpoint") {
                    Some(it) => Some(self.server(&it, "endpoint")?),
                    None => None,
                };
                if endpoint.is_none() && region == "auto" {
                    self.wrong(
                        "a bucket of Amazon has a `region`",
                        "write `region: eu-central-1`",
                    );
                    return None;
                }
                Some(Destination::S3 {
                    bucket: bucket?,
                    region,
                    endpoint,
                    prefix: prefix?,
                })
            }
            Kind::WebDav => {
                let prefix = self.prefix();
                let url = self.required("url")?;
                let url = self.server(&url, "url")?;
                Some(Destination::WebDav { url, prefix: prefix? })
            }
            Kind::Sftp => {
                let port = self.number("port", 1..=65_535);
                let user = self.text("user");
                let folder = self.required("folder");
                let key = self.text("key");
                let host = self.required("host")?;
                // What begins so would be an option of `ssh`.
                if host.starts_with('-') || host.contains(['@', ':', '/', ' ']) {
                    self.wrong(
                        "`host` is the name of a server alone",
                        "write `host: www.example.org`; `port` and `user` are keys of their own",
                    );
                    return None;
                }
                Some(Destination::Sftp { host, port, user, folder: folder?, key })
            }
            Kind::Folder => {
                let folder = self.required("folder")?;
                Some(Destination::Folder { folder })
            }
            Kind::Git => {
                let repository =
                    self.text("repository").unwrap_or_else(|| ".".to_owned());
                let remote = self.text("remote").unwrap_or_else(|| "origin".to_owned());
                let branch = self.text("branch").unwrap_or_else(|| "gh-pages".to_owned());
                // What begins so would be an option of `git`.
                let names = [&repository, &remote, &branch];
                if names.iter().any(|it| it.starts_with('-')) {
                    self.wrong("no name here begins with `-`", "write the name alone");
                    return None;
                }
                if !is_branch(&branch) {
                    let shown = branch.escape_debug();
                    self.wrong(
                        format!("`{shown}` is not the name of a branch"),
                        "write the name alone, as in `branch: gh-pages`",
                    );
                    return None;
                }
                for (key, address) in [("repository", &repository), ("remote", &remote)] {
                    if has_login(address) {
                        self.password(key);
                        return None;
                    }
                }
                Some(Destination::Git { repository, remote, branch })
            }
        }
    }

    /// A folder on a host, without slashes at its ends.
    fn prefix(&mut self) -> Option<String> {
        let Some(prefix) = self.text("prefix") else { return Some(String::new()) };
        let plain = prefix.trim_matches('/');
        if plain.split('/').any(|it| matches!(it, "" | "." | "..")) && !plain.is_empty() {
            let help = "write it like `www/desk`";
            self.wrong(format!("`{prefix}` is not the name of a folder"), help);
            return None;
        }
        Some(plain.to_owned())
    }

    fn password(&mut self, key: &str) {
        let message =
            format!("the `{key}` of the target `{}` holds a password", self.name);
        let error =
            Diagnostic::error("secret-in-config", self.reader.place(self.whole), message);
        let help = format!(
            "write the address without it, and put it into the environment as `{}`",
            variable(self.name, "PASSWORD")
        );
        self.reader.diagnostics.push(error.with_help(help));
    }

    /// The address of a server that gets a password or a key, and therefore proves who it
    /// is; only this machine need not.
    fn server(&mut self, url: &str, key: &'static str) -> Option<String> {
        if has_password(url) {
            self.password(key);
            return None;
        }
        let url = self.address(url, key)?;
        if url.starts_with("http://") && !is_this_machine(&url) {
            let message = format!("`{key}` would send keys where others can read them");
            self.wrong(message, "write an address that begins with `https://`");
            return None;
        }
        Some(url.trim_end_matches('/').to_owned())
    }

    fn address(&mut self, url: &str, key: &str) -> Option<String> {
        match config::base_url(url) {
            Ok(url) => Some(url),
            Err(why) => {
                let help =
                    format!("write it like `{key}: https://briefings.example.org/`");
                self.wrong(why, &help);
                None
            }
        }
    }

    fn grace(&mut self) -> Duration {
        let Some(text) = self.text("grace") else { return GRACE };
        let Some(grace) = duration(&text) else {
            let help = "write it like `90 minutes`, `1 hour` or `2 days`";
            self.wrong(format!("`{text}` is not a length of time"), help);
            return GRACE;
        };
        grace
    }
}

fn has_password(url: &str) -> bool {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let host = rest.split('/').next().unwrap_or_default();
    host.rsplit_once('@').is_some_and(|(who, _)| who.contains(':'))
}

/// Whether an address that git reads over the web names somebody, often by a token alone.
fn has_login(address: &str) -> bool {
    let is_web = address.starts_with("http://") || address.starts_with("https://");
    let host = address.split('/').nth(2).unwrap_or_default();
    has_password(address) || (is_web && host.contains('@'))
}

fn is_this_machine(url: &str) -> bool {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let host = rest.split('/').next().unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

/// `90 minutes`, `1 hour`, `2 days`.
fn duration(text: &str) -> Option<Duration> {
    let text = normalise_digits(text);
    let text = text.trim();
    let end = text.find(|it: char| !it.is_ascii_digit())?;
    let (number, unit) = text.split_at_checked(end)?;
    let number: u64 = number.parse().ok()?;
    let minutes = match unit.trim() {
        "m" | "min" | "minute" | "minutes" => 1,
        "h" | "hour" | "hours" => 60,
        "d" | "day" | "days" => 24 * 60,
        _ => return None,
    };
    let seconds = number.checked_mul(minutes * 60)?;
    (seconds <= 366 * 24 * 3600).then(|| Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn targets(yaml: &str) -> Checked<Vec<Target>> {
        let text = format!("title: x\ndeploy:\n{yaml}");
        let config = config::read(Some((&SourcePath::new(PATH), &text))).value;
        read_all(&config.deploy)
    }

    #[test]
    fn a_target_has_its_defaults() {
        let all = targets("  live: {kind: s3, bucket: desk, region: eu-west-1}\n");
        assert!(all.diagnostics.is_empty(), "{:?}", all.diagnostics);
        let target = &all.value[0];
        assert_eq!((target.grace, target.max_deletes), (GRACE, None));
        assert!(target.keeps_previous);
        assert_eq!(target.site.kind(), "s3");
    }

    #[test]
    fn mistakes_are_found_all_at_once_and_leave_no_target() {
        for (yaml, found) in [
            ("{kind: s4}", "`s4` is not a value of `kind`"),
            ("{bucket: x}", "has no kind"),
            ("{kind: s3, region: x}", "has no `bucket`"),
            ("{kind: s3, bucket: x}", "has a `region`"),
            ("{kind: folder, folder: x, foldre: y}", "has no key `foldre`"),
            ("{kind: webdav, url: \"http://example.org/\"}", "others can read them"),
            ("{kind: webdav, url: \"https://a:b@example.org/\"}", "holds a password"),
            ("{kind: sftp, host: -oProxyCommand=x, folder: x}", "name of a server"),
            ("{kind: git, branch: --force}", "begins with `-`"),
            ("{kind: folder, folder: x, grace: soon}", "not a length of time"),
            ("{kind: s3, bucket: x, region: x, prefix: a/../b}", "name of a folder"),
        ] {
            let all = targets(&format!("  live: {yaml}\n"));
            let is_found = all.diagnostics.iter().any(|it| it.message.contains(found));
            assert!(is_found && all.value.is_empty(), "{yaml}: {:?}", all.diagnostics);
        }
    }

    #[test]
    fn u12_a_secret_in_the_settings_is_an_error_that_names_its_variable() {
        let all =
            targets("  my-site: {kind: s3, bucket: x, region: y, secret_key: KANARI}\n");
        let error = &all.diagnostics[0];
        assert_eq!(error.code, "secret-in-config");
        assert!(error.help.as_deref().unwrap().contains("MUJAZ_MY_SITE_SECRET_KEY"));
        assert!(!format!("{:?}", all.diagnostics).contains("KANARI"));
    }

    #[test]
    fn a_length_of_time_has_a_unit() {
        let minutes = |it| duration(it).map(|it| it.as_secs() / 60);
        assert_eq!(minutes("90 minutes"), Some(90));
        assert_eq!(minutes("2h"), Some(120));
        assert_eq!(minutes("١ day"), Some(24 * 60));
        assert_eq!(minutes("0 hours"), Some(0));
        for wrong in ["", "5", "hour", "-1 hour", "999999999999 days"] {
            assert_eq!(minutes(wrong), None, "{wrong}");
        }
    }
}
