//! Hosts over a network: S3, WebDAV and SFTP, through opendal.
//!
//! S3 writes whole objects, on conditions, with headers and a checksum that it compares.
//! WebDAV and SFTP write files that readers could see half of, so each is written under
//! another name and renamed. Errors leave this module without anything secret in them.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::time::Duration;

use md5::{Digest, Md5};
use opendal::options::WriteOptions;
use opendal::services::{S3, Webdav};
use opendal::{ErrorKind, HttpTransporter, OperationContext, Operator};
use tokio::runtime::Runtime;

use crate::error::Error;
use crate::publish::folder::MAX_NAME;
use crate::publish::headers::Headers;
use crate::publish::host::{Host, Stat, Stored};
use crate::publish::target::{Destination, Target, variable};
use crate::publish::transport::Transport;

/// Where files are written before they get their name.
const UNFINISHED: &str = ".mujaz/new/";

/// Longest key of S3, in bytes (row U17).
const MAX_KEY: usize = 1024;

/// Largest object that S3 takes in one request.
const MAX_OBJECT: u64 = 5 * 1024 * 1024 * 1024;

/// Where Amazon answers.
const AMAZON: &str = "https://s3.amazonaws.com";

/// How often something is tried with SFTP.
const N_TRIES: u32 = 5;

/// Longest part of an answer that a message repeats.
const MAX_ANSWER: usize = 200;

/// What proves to a host who we are.
#[derive(Clone, Default)]
pub struct Keys {
    /// Name of a key of S3.
    pub access_key: Option<String>,
    /// The key.
    pub secret_key: Option<String>,
    /// What goes with keys that end soon.
    pub session_token: Option<String>,
    /// Who logs in to WebDAV.
    pub user: Option<String>,
    /// The password.
    pub password: Option<String>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys")
    }
}

impl Keys {
    fn all(&self) -> impl Iterator<Item = &String> {
        let Self { access_key, secret_key, session_token, user: _, password } = self;
        [access_key, secret_key, session_token, password].into_iter().flatten()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    S3,
    WebDav,
    Sftp,
}

/// A host over a network.
pub struct Service {
    runtime: Runtime,
    operator: Operator,
    kind: Kind,
    target: Target,
    keys: Keys,
}

impl Service {
    /// Prepares to speak to a host; nothing is sent yet.
    ///
    /// # Errors
    ///
    /// Keys are missing, or the target is none of a network.
    pub fn new(target: &Target, keys: &Keys, source: &Path) -> Result<Self, Error> {
        let path = Path::new(&target.name);
        let refuse =
            |why: &str, help: String| Error::refused("deploy to", path, why, help);
        let odd = |why: String| {
            refuse(&why, "look at `deploy` in `content/site.yaml`".to_owned())
        };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .map_err(|it| Error::io("begin", path, it))?;
        let (operator, kind, url) = match &target.site {
            Destination::S3 { endpoint, .. } => {
                let Some(operator) = s3(&target.site, keys) else {
                    return Err(refuse(
                        "its keys are missing",
                        missing_keys(&target.name),
                    ));
                };
                (operator, Kind::S3, endpoint.as_deref().unwrap_or(AMAZON))
            }
            Destination::WebDav { url, prefix } => {
                let mut builder = Webdav::default().endpoint(url).root(prefix);
                if let Some(user) = &keys.user {
                    builder = builder.username(user);
                }
                if let Some(password) = &keys.password {
                    builder = builder.password(password);
                }
                (Operator::new(builder), Kind::WebDav, url.as_str())
            }
            Destination::Sftp { .. } => (sftp(&target.site, source), Kind::Sftp, AMAZON),
            other => {
                return Err(odd(format!("`{}` is no host of a network", other.kind())));
            }
        };
        let is_encrypted = url.starts_with("https://");
        let operator = operator.map_err(|it| odd(it.message().to_owned()))?;
        let transport = Transport::new(is_encrypted).map_err(odd)?;
        let context =
            OperationContext::new().with_http_transport(HttpTransporter::new(transport));
        let operator = operator.with_context(context);
        let (target, keys) = (target.clone(), keys.clone());
        Ok(Self { runtime, operator, kind, target, keys })
    }

    /// Does something, again where a host without requests of its own has failed.
    fn run<T, F: Future<Output = opendal::Result<T>>>(
        &self,
        work: impl Fn() -> F,
    ) -> opendal::Result<T> {
        let mut n_tries = 0;
        loop {
            n_tries += 1;
            match self.runtime.block_on(work()) {
                Err(error)
                    if self.kind == Kind::Sftp
                        && error.is_temporary()
                        && n_tries < N_TRIES =>
                {
                    std::thread::sleep(Duration::from_millis(100 << n_tries));
                }
                other => return other,
            }
        }
    }

    /// An error of the host in words for people, without secrets.
    fn error(&self, action: &'static str, path: &str, error: &opendal::Error) -> Error {
        let target = Path::new(&self.target.name);
        let answer = self.answer(error);
        match error.kind() {
            ErrorKind::PermissionDenied => {
                let why =
                    format!("the host refuses the keys or what they may do ({answer})");
                Error::refused("deploy to", target, why, self.help_with_keys())
            }
            ErrorKind::ConfigInvalid => {
                let why = format!("the host does not know the place ({answer})");
                let help = "look at `deploy` in `content/site.yaml`";
                Error::refused("deploy to", target, why, help)
            }
            _ => {
                let message = format!("{answer}; run it again, it goes on from here");
                let path = Path::new(&self.target.name).join(path);
                Error::io(action, &path, io::Error::other(message))
            }
        }
    }

    fn help_with_keys(&self) -> String {
        let name = |it| variable(&self.target.name, it);
        match self.kind {
            Kind::S3 => format!(
                "look at `{}` and `{}`, at the clock of this machine, and whether the key may \
                 list, read, write and delete there",
                name("ACCESS_KEY"),
                name("SECRET_KEY")
            ),
            Kind::WebDav => {
                format!("look at `{}` and `{}`", name("USER"), name("PASSWORD"))
            }
            Kind::Sftp => {
                "look whether `ssh` gets in without a question, and may write there"
                    .to_owned()
            }
        }
    }

    /// What a host has answered: short, on one line, without secrets.
    fn answer(&self, error: &opendal::Error) -> String {
        let mut text = error.message().to_owned();
        // S3 answers with a code and a sentence among other things.
        let field = |text: &str, name: &str| {
            let (_, rest) = text.split_once(&format!("{name}: \""))?;
            Some(rest.split('"').next()?.to_owned())
        };
        if let Some(code) = field(&text, "code").filter(|it| !it.is_empty()) {
            text = match field(&text, "message").filter(|it| !it.is_empty()) {
                Some(message) => format!("{code}: {message}"),
                None => code,
            };
        }
        if let Some(source) =
            std::error::Error::source(error).filter(|_| self.kind == Kind::Sftp)
        {
            text = format!("{text}: {source}");
        }
        for secret in self.keys.all().filter(|it| !it.is_empty()) {
            text = text.replace(secret.as_str(), "…");
        }
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            return "without a reason".to_owned();
        }
        text.chars().filter(|it| !it.is_control()).take(MAX_ANSWER).collect()
    }

    fn put(
        &self,
        path: &str,
        bytes: &[u8],
        options: WriteOptions,
    ) -> opendal::Result<Option<String>> {
        let work = || self.operator.write_options(path, bytes.to_vec(), options.clone());
        self.run(work).map(|it| it.etag().map(str::to_owned))
    }

    /// Writes under another name and renames.
    fn put_and_rename(&self, path: &str, bytes: &[u8]) -> opendal::Result<()> {
        let unfinished = unfinished(path);
        self.put(&unfinished, bytes, WriteOptions::default())?;
        match self.run(|| self.operator.rename(&unfinished, path)) {
            // It was renamed, and the answer was lost: asked again, it is not there.
            Err(it) if it.kind() == ErrorKind::NotFound => {
                let there = self.run(|| self.operator.stat(path))?;
                let is_whole = there.content_length() == bytes.len() as u64;
                if is_whole { Ok(()) } else { Err(it) }
            }
            other => other,
        }
    }

    /// Looks and writes, for hosts that cannot do both at once.
    fn look_and_write(
        &self,
        path: &str,
        was: Option<&Stored>,
        bytes: &[u8],
    ) -> Result<Option<Stored>, Error> {
        let is = self.read(path)?;
        if is.as_ref().map(|it| &it.bytes) != was.map(|it| &it.bytes) {
            return Ok(None);
        }
        let written = match self.kind {
            Kind::S3 => self.put(path, bytes, WriteOptions::default()).map(|_| ()),
            _ => self.put_and_rename(path, bytes),
        };
        written.map_err(|it| self.error("write", path, &it))?;
        // Somebody may have written between the two.
        Ok(self.read(path)?.filter(|it| it.bytes == bytes))
    }

    fn found<T>(
        &self,
        action: &'static str,
        path: &str,
        result: opendal::Result<T>,
    ) -> Result<Option<T>, Error> {
        match result {
            Ok(it) => Ok(Some(it)),
            Err(it) if it.kind() == ErrorKind::NotFound => Ok(None),
            Err(it) => Err(self.error(action, path, &it)),
        }
    }
}

/// An operator for a bucket; none where keys are missing.
fn s3(site: &Destination, keys: &Keys) -> Option<opendal::Result<Operator>> {
    let Destination::S3 { bucket, region, endpoint, prefix } = site else { return None };
    let mut builder = S3::default()
        .bucket(bucket)
        .region(region)
        .root(prefix)
        .endpoint(endpoint.as_deref().unwrap_or(AMAZON))
        .access_key_id(keys.access_key.as_ref()?)
        .secret_access_key(keys.secret_key.as_ref()?)
        .session_token(keys.session_token.as_deref().unwrap_or_default())
        .checksum_algorithm("md5")
        .disable_config_load()
        .disable_ec2_metadata();
    // Amazon wants the bucket in the name of the host, where a certificate fits it.
    if endpoint.is_none() && !bucket.contains('.') {
        builder = builder.enable_virtual_host_style();
    }
    Some(Operator::new(builder))
}

fn missing_keys(target: &str) -> String {
    let [access, secret] = ["ACCESS_KEY", "SECRET_KEY"].map(|it| variable(target, it));
    format!(
        "put them into the environment as `{access}` and `{secret}`, or as \
         `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`"
    )
}

#[cfg(unix)]
fn sftp(site: &Destination, source: &Path) -> opendal::Result<Operator> {
    let Destination::Sftp { host, port, user, folder, key } = site else {
        return Err(opendal::Error::new(ErrorKind::ConfigInvalid, "no SFTP"));
    };
    let port = port.map_or(String::new(), |it| format!(":{it}"));
    let mut builder = opendal::services::Sftp::default()
        .endpoint(&format!("ssh://{host}{port}"))
        .root(folder)
        .known_hosts_strategy("strict");
    if let Some(user) = user {
        builder = builder.user(user);
    }
    if let Some(key) = key {
        builder = builder.key(&source.join(key).to_string_lossy());
    }
    Operator::new(builder)
}

#[cfg(not(unix))]
fn sftp(_: &Destination, _: &Path) -> opendal::Result<Operator> {
    Err(opendal::Error::new(ErrorKind::Unsupported, "SFTP needs a Unix"))
}

impl Host for Service {
    fn read(&self, path: &str) -> Result<Option<Stored>, Error> {
        let stat = self.run(|| self.operator.stat(path));
        let Some(stat) = self.found("read", path, stat)? else { return Ok(None) };
        let bytes = self.run(|| self.operator.read(path));
        let Some(bytes) = self.found("read", path, bytes)? else { return Ok(None) };
        let tag = stat.etag().map(str::to_owned);
        Ok(Some(Stored { bytes: bytes.to_vec(), tag }))
    }

    fn write(&self, path: &str, bytes: Vec<u8>, headers: Headers) -> Result<(), Error> {
        let result = match self.kind {
            Kind::S3 => {
                let options = with_headers(headers);
                self.put(path, &bytes, options).map(|_| ())
            }
            _ => self.put_and_rename(path, &bytes),
        };
        result.map_err(|it| self.error("write", path, &it))
    }

    fn exchange(
        &self,
        path: &str,
        was: Option<&Stored>,
        bytes: &[u8],
    ) -> Result<Option<Stored>, Error> {
        let mut options = WriteOptions::default();
        match (self.kind, was) {
            (Kind::S3, Some(Stored { tag: Some(tag), .. })) => {
                options = with_headers(crate::publish::carry::JSON);
                options.if_match = Some(tag.clone());
            }
            (Kind::S3, None) => {
                options = with_headers(crate::publish::carry::JSON);
                options.if_not_exists = true;
            }
            (Kind::Sftp, None) => options.if_not_exists = true,
            _ => return self.look_and_write(path, was, bytes),
        }
        match self.put(path, bytes, options) {
            Ok(Some(tag)) => Ok(Some(Stored { bytes: bytes.to_vec(), tag: Some(tag) })),
            Ok(None) => Ok(self.read(path)?.filter(|it| it.bytes == bytes)),
            // A request that was tried again may meet what it has written itself.
            Err(it) if is_lost(&it) => {
                Ok(self.read(path)?.filter(|it| it.bytes == bytes))
            }
            Err(it) if it.message().contains("NotImplemented") => {
                self.look_and_write(path, was, bytes)
            }
            Err(it) => Err(self.error("write", path, &it)),
        }
    }

    fn copy(&self, from: &str, to: &str) -> Result<(), Error> {
        if self.kind == Kind::Sftp {
            let bytes = self.run(|| self.operator.read(from));
            let bytes = bytes.map_err(|it| self.error("read", from, &it))?;
            let written = self.put_and_rename(to, &bytes.to_vec());
            return written.map_err(|it| self.error("write", to, &it));
        }
        let copied = self.run(|| self.operator.copy(from, to));
        copied.map(|_| ()).map_err(|it| self.error("copy", from, &it))
    }

    fn delete(&self, path: &str) -> Result<(), Error> {
        let result = self.run(|| self.operator.delete(path));
        self.found("delete", path, result).map(|_| ())
    }

    fn list(&self) -> Result<Option<BTreeMap<String, Stat>>, Error> {
        if self.kind != Kind::S3 {
            return Ok(None);
        }
        let all =
            self.run(|| async { self.operator.list_with("").recursive(true).await });
        let all = all.map_err(|it| self.error("list", "", &it))?;
        let files = all.into_iter().filter(|it| it.metadata().is_file());
        let files = files.map(|it| (it.path().to_owned(), stat_of(it.metadata())));
        Ok(Some(files.collect()))
    }

    fn stat(&self, path: &str) -> Result<Option<Stat>, Error> {
        let stat = self.run(|| self.operator.stat(path));
        Ok(self.found("look at", path, stat)?.map(|it| stat_of(&it)))
    }

    fn holds(&self, _: &str, stat: &Stat, bytes: &[u8]) -> bool {
        // What S3 has taken in one request is named by its MD5, unless it is encrypted with
        // a key of somebody else; then nothing is known and the file is sent again.
        let Some(tag) = stat.tag.as_ref().filter(|_| self.kind == Kind::S3) else {
            return false;
        };
        let hash = Md5::digest(bytes);
        let digits = hash.iter().flat_map(|it| [it >> 4, it & 15]);
        let hash: String =
            digits.filter_map(|it| char::from_digit(u32::from(it), 16)).collect();
        tag.trim_matches('"') == hash
    }

    fn delete_unfinished(&self, path: &str) -> Result<(), Error> {
        match self.kind {
            // What is cut in the middle never stands there.
            Kind::S3 => Ok(()),
            _ => self.delete(&unfinished(path)),
        }
    }

    fn limit(&self, path: &str, size: u64) -> Option<String> {
        if let Destination::S3 { prefix, .. } = &self.target.site {
            let length = prefix.len() + 1 + path.len();
            if MAX_KEY < length {
                return Some(format!(
                    "its name has {length} bytes, and S3 takes {MAX_KEY}"
                ));
            }
            let is_too_large = MAX_OBJECT < size;
            return is_too_large.then(|| "S3 takes 5 GiB in one piece".to_owned());
        }
        let long = path.split('/').find(|it| MAX_NAME < it.len())?;
        Some(format!("`{long}` is too long a name for a disk"))
    }
}

/// Under which name the object at a path is written.
fn unfinished(path: &str) -> String {
    format!("{UNFINISHED}{}", blake3::hash(path.as_bytes()).to_hex())
}

fn with_headers(headers: Headers) -> WriteOptions {
    WriteOptions {
        content_type: Some(headers.content_type.into_owned()),
        cache_control: Some(headers.cache_control.to_owned()),
        ..WriteOptions::default()
    }
}

fn is_lost(error: &opendal::Error) -> bool {
    use ErrorKind::{AlreadyExists, ConditionNotMatch, Conflict};
    matches!(error.kind(), AlreadyExists | ConditionNotMatch | Conflict)
}

fn stat_of(metadata: &opendal::Metadata) -> Stat {
    let tag = metadata.etag().map(str::to_owned);
    Stat { size: metadata.content_length(), tag }
}
