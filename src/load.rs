//! Site folder -> `Sources`: every file that can become part of the site, read once.
//!
//! Takes the folder that holds `content/`. Gives texts in a form that the later stages can
//! rely on: UTF-8 without byte order mark, lines that end in `\n`, no direction mark in
//! front of a block marker (rtl-rules R9), files in the order of their paths whatever the
//! disk says. Symbolic links, sockets and secrets are never followed or read. What the
//! texts mean is the business of `config` and `parse`.
#![expect(
    clippy::disallowed_methods,
    reason = "one of the three stages that touch the disk"
)]

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use std::time::UNIX_EPOCH;

use aho_corasick::AhoCorasick;
use rayon::prelude::*;
use unicode_normalization::UnicodeNormalization;
use walkdir::WalkDir;

use crate::diag::{Checked, Diagnostic, Place, SourcePath};
use crate::error::Error;
use crate::fingerprint::Fingerprint;
use crate::text::lang::Lang;

/// Longest source file that is read, in bytes (reliability row Y20).
pub const MAX_FILE_BYTES: u64 = 16 * 1024 * 1024;

/// Texts that are read again by themselves; where more have changed, all folders are walked.
const MAX_REREAD: usize = 64;

/// The folders of a site that are read.
pub const FOLDERS: [&str; 3] = ["content", "static", "templates"];

/// Everything that was read.
#[derive(Debug, Default)]
pub struct Sources {
    /// Texts, in the order of their paths.
    pub files: Vec<SourceFile>,
    /// Pictures and other files that are copied, in the order of their paths.
    pub assets: Arc<Vec<Asset>>,
    /// Whether anything was found wrong with the files themselves.
    pub has_findings: bool,
}

/// Where a file stands decides what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileKind {
    /// `content/site.yaml`
    Config,
    /// `content/briefings/**`
    Briefing,
    /// `content/topics/**`
    Topic,
    /// `content/authors/**`
    Author,
    /// `content/series/**`
    Series,
    /// `content/pages/**`
    Page,
    /// `content/strings/<lang>.ftl` and `templates/strings/<lang>.ftl`
    Words,
    /// `templates/**.html`
    Template,
    /// `static/css/**.css`
    Style,
    /// `static/fonts/preload.yaml`
    Preload,
}

/// How a source is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// `.md`
    Markdown,
    /// `.txt`
    PlainText,
    /// `.yaml` or `.yml`
    Yaml,
    /// Anything else that is read as text.
    Other,
}

/// One text of the site.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Path inside the site folder.
    pub path: SourcePath,
    /// What it is.
    pub kind: FileKind,
    /// How it is written.
    pub format: Format,
    /// Name without suffixes: `iran` for `iran.en.md`.
    pub id: Arc<str>,
    /// Language suffix: `en` for `iran.en.md`.
    pub lang: Option<Lang>,
    /// Its text.
    pub text: Arc<str>,
    /// A fingerprint of its path and its text.
    pub hash: u128,
}

/// A file that is copied as it is.
#[derive(Debug, Clone)]
pub struct Asset {
    /// Path inside the site folder, in Unicode NFC.
    pub path: SourcePath,
    /// Path on the disk.
    pub disk: PathBuf,
}

/// Reads a site folder.
///
/// # Errors
///
/// Fails when the folder has no `content/`, or when a folder or a file in it cannot be
/// read.
pub fn load(root: &Path) -> Result<Checked<Sources>, Error> {
    reload(root, &Sources::default(), &[])
}

/// Refuses a folder that is no site.
///
/// # Errors
///
/// It has no `content` folder.
pub fn check_root(root: &Path, action: &'static str) -> Result<(), Error> {
    if root.join("content").is_dir() {
        return Ok(());
    }
    let why = "it has no `content` folder";
    let help = "run this in the folder of a site, or name one with `--source`; `mujaz init` \
                makes a new one";
    Err(Error::refused(action, root, why, help))
}

/// Reads a site folder that has been read before: a text of `old` is taken over as it is,
/// unless its path is in `changed`, or in a folder of `changed`.
///
/// # Errors
///
/// Those of `load`.
pub fn reload(
    root: &Path,
    old: &Sources,
    changed: &[SourcePath],
) -> Result<Checked<Sources>, Error> {
    if let Some(files) = reread(root, old, changed)? {
        return Ok(files);
    }
    check_root(root, "build")?;
    let mut diagnostics = Vec::new();
    let mut texts = Vec::new();
    let mut assets = Vec::new();
    for folder in FOLDERS {
        if root.join(folder).exists() {
            walk(root, folder, &mut texts, &mut assets, &mut diagnostics)?;
        }
    }
    report_twins(&texts, &assets, &mut diagnostics);
    let read = |found: Found| {
        let is_changed = changed.iter().any(|it| found.path.is_in(it));
        match old.file(&found.path).filter(|_| !is_changed) {
            Some(file) => Ok(Checked::clean(Some(file.clone()))),
            None => read_file(found),
        }
    };
    let read: Vec<Result<Checked<Option<SourceFile>>, Error>> =
        texts.into_par_iter().map(read).collect();
    let mut files = Vec::with_capacity(read.len());
    for file in read {
        files.extend(file?.drain_into(&mut diagnostics));
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    assets.sort_by(|a, b| a.path.cmp(&b.path));
    let has_findings = !diagnostics.is_empty();
    let assets = Arc::new(assets);
    Ok(Checked { value: Sources { files, assets, has_findings }, diagnostics })
}

/// The same texts, some of which have been written anew: then no folder is walked. Nothing
/// where anything else has changed, or where a text cannot be read as it could before.
fn reread(
    root: &Path,
    old: &Sources,
    changed: &[SourcePath],
) -> Result<Option<Checked<Sources>>, Error> {
    // What a walk has to say of other files is not kept.
    if changed.is_empty() || changed.len() > MAX_REREAD || old.has_findings {
        return Ok(None);
    }
    let mut files = old.files.clone();
    for path in changed {
        let disk = root.join(path.as_str());
        let is_file = |disk: &Path| disk.symlink_metadata().is_ok_and(|it| it.is_file());
        let Ok(at) = files.binary_search_by(|it| it.path.cmp(path)) else {
            // An editor's own file, which has come and gone; no folder of ours.
            let of_ours = files.iter().map(|it| &it.path);
            let mut of_ours = of_ours.chain(old.assets.iter().map(|it| &it.path));
            // On the disk, other letters may be composed in another way.
            let is_gone = path.as_str().is_ascii() && disk.symlink_metadata().is_err();
            if is_gone && !of_ours.any(|it| it.is_in(path)) {
                continue;
            }
            return Ok(None);
        };
        if !is_file(&disk) {
            return Ok(None);
        }
        let (path, kind) = (path.clone(), files[at].kind);
        let Checked { value, diagnostics } = read_file(Found { disk, path, kind })?;
        match value {
            Some(file) if diagnostics.is_empty() => files[at] = file,
            _ => return Ok(None),
        }
    }
    let assets = Arc::clone(&old.assets);
    let value = Sources { files, assets, has_findings: false };
    Ok(Some(Checked::clean(value)))
}

impl Sources {
    /// The file with this path.
    pub fn file(&self, path: &SourcePath) -> Option<&SourceFile> {
        let at = self.files.binary_search_by(|it| it.path.cmp(path)).ok()?;
        Some(&self.files[at])
    }

    /// The text of a file, for showing a line of it.
    pub fn text(&self, path: &SourcePath) -> Option<&str> {
        self.file(path).map(|it| &*it.text)
    }

    /// The files of one kind, in the order of their paths.
    pub fn of_kind(&self, kind: FileKind) -> impl Iterator<Item = &SourceFile> {
        self.files.iter().filter(move |it| it.kind == kind)
    }

    /// The asset with this path.
    pub fn asset(&self, path: &str) -> Option<&Asset> {
        let at = self.assets.binary_search_by(|it| it.path.as_str().cmp(path)).ok()?;
        Some(&self.assets[at])
    }
}

/// A fingerprint of what the system says of files that are copied: another one where any of
/// them may have changed. Nothing where one of them cannot be looked at.
pub fn stamp(assets: &[Asset]) -> Option<u128> {
    let mut stamp = Fingerprint::new();
    for asset in assets {
        let about = asset.disk.symlink_metadata().ok()?;
        let modified = about.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        stamp.text(asset.path.as_str()).number(about.len());
        stamp.number(modified.as_secs()).number(u64::from(modified.subsec_nanos()));
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            stamp.number(about.ctime().cast_unsigned());
            stamp.number(about.ctime_nsec().cast_unsigned()).number(about.ino());
        }
    }
    Some(stamp.done())
}

/// Path in the output of a file that keeps the address that its place gives it: one of
/// `static/` that is not published under a hash of its bytes.
pub fn fixed_path(path: &str) -> Option<&str> {
    let out = path.strip_prefix("static/")?;
    let is_hashed = ["fonts/", "icons/", "js/"].iter().any(|it| out.starts_with(it));
    (!is_hashed).then_some(out)
}

/// Files and folders of a site that are neither read nor published, because editors, systems
/// and version control keep things of their own under such names (row O10).
pub fn skipped(root: &Path) -> Vec<SourcePath> {
    let mut skipped = Vec::new();
    for folder in FOLDERS {
        let mut entries = WalkDir::new(root.join(folder)).sort_by_file_name().into_iter();
        while let Some(entry) = entries.next() {
            // What cannot be walked has ended the command before.
            let Ok(entry) = entry else { continue };
            if !entry.file_name().to_str().is_some_and(is_hidden) {
                continue;
            }
            if entry.file_type().is_dir() {
                entries.skip_current_dir();
            }
            let relative = entry.path().strip_prefix(root).unwrap_or(entry.path());
            skipped.push(SourcePath::new(&slashed(relative)));
        }
    }
    skipped
}

/// A path below a folder as we name it: its names with `/` between them, whatever the sign of
/// the system is.
pub fn slashed(relative: &Path) -> String {
    let names = relative.components().map(|it| it.as_os_str().to_string_lossy());
    names.collect::<Vec<_>>().join("/")
}

/// Whether a sign moves the cursor of a terminal, or the rest of its line.
fn is_command(sign: char) -> bool {
    sign.is_control() || matches!(sign, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// What keeps a name from being part of an address, a path on every system and a line of a
/// terminal.
fn bad_sign(name: &str) -> Option<&'static str> {
    if name.contains('\\') {
        return Some(
            "its name has a `\\`, which some systems take for the end of a folder",
        );
    }
    name.contains(is_command).then_some("its name has a sign that nobody sees")
}

/// Path inside a site folder of something on the disk; none for what is never read: other
/// folders, files of editors and of systems.
pub fn path_in_site(root: &Path, disk: &Path) -> Option<SourcePath> {
    let relative: String = slashed(disk.strip_prefix(root).ok()?).nfc().collect();
    let folder = relative.split('/').next().unwrap_or_default();
    let is_ours = FOLDERS.contains(&folder) && !relative.split('/').any(is_hidden);
    is_ours.then(|| SourcePath::new(&relative))
}

/// A file that was found and not yet read.
struct Found {
    disk: PathBuf,
    path: SourcePath,
    kind: FileKind,
}

fn walk(
    root: &Path,
    folder: &str,
    texts: &mut Vec<Found>,
    assets: &mut Vec<Asset>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<(), Error> {
    let mut entries = WalkDir::new(root.join(folder))
        .follow_links(false)
        .follow_root_links(false)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|it| !is_hidden(it.file_name().to_str().unwrap_or("?")));
    while let Some(entry) = entries.next() {
        let entry = entry.map_err(|error| {
            let path = error.path().unwrap_or(root).to_owned();
            Error::io("read", &path, error.into())
        })?;
        let relative = entry.path().strip_prefix(root).unwrap_or(entry.path());
        let why = match entry.file_name().to_str() {
            Some(name) => bad_sign(name),
            None => Some("its name is not UTF-8"),
        };
        if let Some(why) = why {
            let shown = slashed(relative).replace(is_command, "\u{FFFD}");
            let place = Place::file(&SourcePath::new(&shown));
            let error = Diagnostic::error("bad-file-name", place, why);
            diagnostics.push(error.with_help("rename it with plain letters"));
            if entry.file_type().is_dir() {
                entries.skip_current_dir();
            }
            continue;
        }
        let relative: String = slashed(relative).nfc().collect();
        let path = SourcePath::new(&relative);
        let file_type = entry.file_type();
        if file_type.is_symlink() {
            let message = "this is a symbolic link; links are not followed, so that \
                           nothing outside the site can be published";
            let error = Diagnostic::error("symlink", Place::file(&path), message);
            diagnostics
                .push(error.with_help("put the file itself here, or delete the link"));
        } else if file_type.is_file() {
            match sort_out(&path) {
                Role::Text(kind) => {
                    texts.push(Found { disk: entry.into_path(), path, kind });
                }
                Role::Asset => assets.push(Asset { disk: entry.into_path(), path }),
                Role::Quiet => {}
                Role::Stray(why, help) => {
                    let warning =
                        Diagnostic::warning("stray-file", Place::file(&path), why);
                    diagnostics.push(warning.with_help(help));
                }
            }
        } else if !file_type.is_dir() {
            let message = "this is neither a file nor a folder";
            let error = Diagnostic::error("not-a-file", Place::file(&path), message);
            diagnostics.push(error.with_help("delete it, or move it out of the site"));
        }
    }
    Ok(())
}

/// Reports files whose names differ only in how their letters are composed (R112): on some
/// disks they are one file.
fn report_twins(texts: &[Found], assets: &[Asset], diagnostics: &mut Vec<Diagnostic>) {
    let mut seen = BTreeSet::new();
    let paths = texts.iter().map(|it| &it.path).chain(assets.iter().map(|it| &it.path));
    for path in paths.filter(|it| !seen.insert((*it).clone())) {
        let message =
            "two files have this name; only how their letters are composed differs";
        let error = Diagnostic::error("twin-files", Place::file(path), message);
        diagnostics.push(error.with_help("delete or rename one of the two"));
    }
}

/// What a path is good for.
enum Role {
    Text(FileKind),
    Asset,
    Quiet,
    Stray(&'static str, &'static str),
}

/// What a text at this path is; `None` for paths that are not read as text.
pub fn kind_of(path: &SourcePath) -> Option<FileKind> {
    match sort_out(path) {
        Role::Text(kind) => Some(kind),
        _ => None,
    }
}

/// Editors' and systems' files, never read and never published (reliability row O10).
fn is_hidden(name: &str) -> bool {
    // What hosts want is published: `.well-known/`, and GitHub's `.nojekyll`.
    let is_for_hosts = matches!(name, ".well-known" | ".nojekyll");
    name.starts_with('.') && !is_for_hosts
        || name.ends_with('~')
        || name.ends_with(".swp")
        || name.ends_with(".bak")
        || matches!(name, "Thumbs.db" | "desktop.ini" | "node_modules" | "__MACOSX")
}

/// Names that look like keys and passwords (reliability row O10).
fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["pem", "key", "p12", "pfx", "kdbx", "asc", "ppk", "jks", "keystore", "sql"]
        .iter()
        .any(|it| name.rsplit_once('.').is_some_and(|(_, suffix)| suffix == *it))
        || name.starts_with("id_rsa")
        || name.starts_with("id_ed25519")
        // Dumps of databases, compressed or not.
        || name.contains(".sql.")
        || matches!(
            name.as_str(),
            "credentials" | "credentials.json" | "secrets.yaml" | "htpasswd"
        )
}

/// Pictures that pages may show.
const PICTURE_SUFFIXES: [&str; 7] = ["png", "jpg", "jpeg", "webp", "avif", "gif", "svg"];

/// Other files that a briefing may offer.
const ASSET_SUFFIXES: [&str; 5] = ["pdf", "csv", "xlsx", "mp3", "mp4"];

/// Pictures that browsers cannot show.
const FOREIGN_PICTURES: [&str; 9] =
    ["heic", "heif", "tif", "tiff", "bmp", "jxl", "jp2", "psd", "raw"];

/// Whether a file is called like a picture that pages may show.
pub fn is_picture(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let suffix = name.rsplit_once('.').map_or("", |(_, it)| it).to_ascii_lowercase();
    PICTURE_SUFFIXES.contains(&suffix.as_str())
}

/// Whether a file of `content/` is called like one that a text may show or offer.
pub fn is_publishable(path: &str) -> bool {
    let suffix = path.rsplit_once('.').map_or("", |(_, it)| it).to_ascii_lowercase();
    let name = path.rsplit('/').next().unwrap_or_default();
    (is_picture(name) || ASSET_SUFFIXES.contains(&suffix.as_str()))
        && !is_hidden(name)
        && !is_secret(name)
}

fn sort_out(path: &SourcePath) -> Role {
    let mut segments = path.as_str().split('/');
    let (folder, place) = (segments.next(), segments.next().unwrap_or_default());
    let is_deeper = segments.next().is_some();
    let name = path.as_str().rsplit('/').next().unwrap_or_default();
    let suffix = name.rsplit_once('.').map_or("", |(_, it)| it);
    if is_secret(name) {
        return Role::Stray(
            "its name looks like a key or a password; it is not read or published",
            "move it out of the site",
        );
    }
    match (folder, place, is_deeper) {
        (Some("content"), "site.yaml", false) => Role::Text(FileKind::Config),
        (Some("content"), place, true) => {
            let kind = match place {
                "briefings" => FileKind::Briefing,
                "topics" => FileKind::Topic,
                "authors" => FileKind::Author,
                "series" => FileKind::Series,
                "pages" => FileKind::Page,
                "strings" if suffix == "ftl" => return Role::Text(FileKind::Words),
                _ => {
                    return Role::Stray(
                        "nothing reads this folder",
                        "content stands in briefings, topics, authors, series, pages and \
                         strings",
                    );
                }
            };
            match suffix {
                "md" | "txt" | "yaml" | "yml" => Role::Text(kind),
                _ if is_picture(name) => Role::Asset,
                it if ASSET_SUFFIXES.contains(&it.to_ascii_lowercase().as_str()) => {
                    Role::Asset
                }
                it if FOREIGN_PICTURES.contains(&it.to_ascii_lowercase().as_str()) => {
                    Role::Stray(
                        "browsers cannot show pictures of this kind",
                        "save it as JPEG, PNG or WebP",
                    )
                }
                _ => Role::Stray(
                    "files of this kind are not read",
                    "save the text as `.md` or `.txt`, in UTF-8",
                ),
            }
        }
        (Some("content"), "site.yml", false) => Role::Stray(
            "the settings of the site are not read from here",
            "rename it to `site.yaml`",
        ),
        (Some("content"), _, false) => Role::Stray(
            "files beside site.yaml are not read",
            "move it into `content/briefings` or another folder of content",
        ),
        (Some("static"), "css", true) if suffix == "css" => Role::Text(FileKind::Style),
        (Some("static"), "fonts", true) if name == "preload.yaml" => {
            Role::Text(FileKind::Preload)
        }
        (Some("static"), "fonts", true) if suffix != "woff2" => Role::Quiet,
        (Some("static"), _, _) => Role::Asset,
        (Some("templates"), _, _) if suffix == "html" => Role::Text(FileKind::Template),
        (Some("templates"), "strings", true) if suffix == "ftl" => {
            Role::Text(FileKind::Words)
        }
        _ => Role::Quiet,
    }
}

fn read_file(found: Found) -> Result<Checked<Option<SourceFile>>, Error> {
    let Found { disk, path, kind } = found;
    let size = disk.metadata().map_err(|it| Error::io("read", &disk, it))?.len();
    if MAX_FILE_BYTES < size {
        let message =
            format!("the file has {size} bytes; at most {MAX_FILE_BYTES} are read");
        let error = Diagnostic::error("file-too-long", Place::file(&path), message);
        let error = error.with_help("split the text into several briefings");
        return Ok(Checked { value: None, diagnostics: vec![error] });
    }
    let bytes = std::fs::read(&disk).map_err(|it| Error::io("read", &disk, it))?;
    Ok(source_file(path, kind, bytes))
}

/// Makes a `SourceFile` of the bytes of a file; what `load` does once it has them.
pub fn source_file(
    path: SourcePath,
    kind: FileKind,
    bytes: Vec<u8>,
) -> Checked<Option<SourceFile>> {
    let Ok(text) = simdutf8::basic::from_utf8(&bytes) else {
        let diagnostic = wrong_encoding(&path, &bytes);
        return Checked { value: None, diagnostics: vec![diagnostic] };
    };
    let text = clean(text);
    let name = path.as_str().rsplit('/').next().unwrap_or_default();
    let (stem, suffix) = name.rsplit_once('.').unwrap_or((name, ""));
    let format = match suffix {
        "md" => Format::Markdown,
        "txt" => Format::PlainText,
        "yaml" | "yml" => Format::Yaml,
        _ => Format::Other,
    };
    let (id, lang) = split_language(stem);
    let (id, lang) = (id.to_owned(), lang);
    let mut diagnostics = Vec::new();
    let is_object = matches!(
        kind,
        FileKind::Briefing
            | FileKind::Topic
            | FileKind::Author
            | FileKind::Series
            | FileKind::Page
    );
    if is_object && let Some(error) = check_id(&path, &id) {
        diagnostics.push(error);
        return Checked { value: None, diagnostics };
    }
    let text: Arc<str> = Arc::from(text);
    let text_hash = Fingerprint::of_bytes(text.as_bytes());
    let hash = Fingerprint::new().text(path.as_str()).hash(text_hash).done();
    let id = Arc::from(id);
    let file = SourceFile { path, kind, format, id, lang, text, hash };
    Checked { value: Some(file), diagnostics }
}

/// Splits `iran.en` into `iran` and `en`; a stem without a language stays whole.
fn split_language(stem: &str) -> (&str, Option<Lang>) {
    let Some((id, tag)) = stem.rsplit_once('.') else { return (stem, None) };
    let looks_like_tag = {
        let primary = tag.split('-').next().unwrap_or_default();
        (2..=3).contains(&primary.len())
            && primary.bytes().all(|it| it.is_ascii_lowercase())
    };
    match Lang::parse(tag) {
        Ok(lang) if looks_like_tag && !id.is_empty() => (id, Some(lang)),
        _ => (stem, None),
    }
}

fn check_id(path: &SourcePath, id: &str) -> Option<Diagnostic> {
    let is_allowed = |it: char| it.is_ascii_alphanumeric() || it == '-' || it == '_';
    if !id.is_empty() && id.chars().all(is_allowed) {
        return None;
    }
    let shown = id.escape_debug();
    let message = format!(
        "`{shown}` cannot be an id: feeds, links and addresses need a name of Latin \
         letters, digits, `-` and `_`"
    );
    let suggestion: String = id
        .chars()
        .map(|it| if is_allowed(it) { it.to_ascii_lowercase() } else { '-' })
        .collect::<String>()
        .split('-')
        .filter(|it| !it.is_empty())
        .collect::<Vec<_>>()
        .join("-");
    let help = if suggestion.is_empty() {
        "rename the file, for example to `2025-03-treaty`; readers see the title, not this"
            .to_owned()
    } else {
        format!("rename the file to `{suggestion}`; readers see the title, not this")
    };
    Some(Diagnostic::error("bad-file-name", Place::file(path), message).with_help(help))
}

/// Says in which encoding a file that is not UTF-8 seems to be (row Y16).
fn wrong_encoding(path: &SourcePath, bytes: &[u8]) -> Diagnostic {
    let at = std::str::from_utf8(bytes).map_or_else(|it| it.valid_up_to(), str::len);
    let line = bytes.get(..at).unwrap_or_default().split(|it| *it == b'\n').count();
    let high = bytes.iter().filter(|it| 0xC0 <= **it).count();
    let guess = if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        "it seems to be saved as UTF-16"
    } else if bytes.len() < high * 3 {
        "it seems to be saved as Windows-1256 or another old encoding"
    } else {
        "some bytes in it are damaged"
    };
    let message = format!("the file is not UTF-8 (byte {at}, line {line}): {guess}");
    let help = "open it in your editor and save it again with the encoding UTF-8";
    Diagnostic::error("not-utf-8", Place::file(path), message).with_help(help)
}

/// The form in which the stages see a text: no byte order mark, lines that end in `\n`, no
/// direction marks in front of block markers.
pub fn clean(text: &str) -> Cow<'_, str> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let text = if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    };
    if FIND_MARKS.is_match(&*text) { Cow::Owned(strip_marks(&text)) } else { text }
}

/// RLM, LRM and ALM.
const MARKS: [char; 3] = ['\u{200F}', '\u{200E}', '\u{061C}'];

/// Finds one of them in one pass; half of the bytes of Arabic are like their first ones.
static FIND_MARKS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let marks = MARKS.map(String::from);
    AhoCorasick::new(marks).expect("three short patterns have an automaton")
});

/// Drops direction marks at the beginning of a line that then begins a block (R9).
fn strip_marks(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let rest = line.trim_start_matches(MARKS);
        let begins_block = rest.starts_with(|it: char| {
            matches!(it, '#' | '-' | '*' | '+' | '>' | '|' | '`' | '~' | '[' | '=' | '(')
                || it.is_ascii_digit()
        });
        result.push_str(if begins_block { rest } else { line });
    }
    result
}

#[cfg(test)]
mod tests {
    use super::{clean, split_language};

    #[track_caller]
    fn check_clean(bytes: &str, expected: &str) {
        assert_eq!(clean(bytes), expected);
        assert_eq!(clean(expected), expected, "a clean text stays as it is");
    }

    #[test]
    fn the_beginning_of_a_file_and_its_line_ends_are_unified() {
        check_clean("\u{FEFF}# عنوان\r\nنص\rنص", "# عنوان\nنص\nنص");
    }

    #[test]
    fn r9_a_direction_mark_does_not_hide_a_heading() {
        check_clean("\u{200F}# عنوان\n\u{200F}نص\n", "# عنوان\n\u{200F}نص\n");
        check_clean("\u{FEFF}\u{200F}---\ntitle: x\n---\n", "---\ntitle: x\n---\n");
    }

    #[test]
    fn a_language_suffix_is_two_or_three_small_letters() {
        let lang = |stem| split_language(stem).1.map(|it| it.to_string());
        assert_eq!(lang("iran.en").as_deref(), Some("en"));
        assert_eq!(lang("iran.ar-IQ").as_deref(), Some("ar-IQ"));
        assert_eq!(lang("iran"), None);
        assert_eq!(lang("iran.v2"), None);
        assert_eq!(lang("notes.2025"), None);
    }
}
