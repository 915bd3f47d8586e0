//! Pictures of the site -> what pages print of them, and the files that are made of them.
//!
//! `inspect` reads what a file says of itself, finds what is wrong with it, and decides
//! which files will be made of it; no pixel is decoded. `make` makes those files, several
//! pictures at a time, for the pictures that pages show; for a check it decodes them and
//! makes nothing. No picture is published with what its camera or its editor wrote into it.

mod metadata;
mod raster;
mod svg;

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::config::Config;
use crate::diag::{Diagnostic, Place, SourcePath};
use crate::render::pictures::metadata::Container;
use crate::render::pictures::raster::{
    Encoding, Fault, JPEG_QUALITY, MAX_PIXELS, MAX_WEBP_SIDE, Pixels, WEBP_QUALITY,
    WHOLE_JPEG_QUALITY,
};
use crate::render::theme::read_asset;
use crate::render::{Later, Sink, Used};
use crate::text::slug::encode_path;

/// Longest picture file that is read, in bytes.
pub const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// Longest file of a picture that every reader gets whole: one that moves, an AVIF.
const MAX_UNCHANGED_BYTES: usize = 8 * 1024 * 1024;

/// Longest SVG file.
const MAX_SVG_BYTES: usize = 2 * 1024 * 1024;

/// Widths that pages offer besides the picture's own.
const WIDTHS: [u32; 4] = [480, 800, 1200, 1600];

/// Widest picture that pages offer; wider ones are published for those who follow a link.
const MAX_WIDTH: u32 = 1600;

/// Part of the hash in every name: goes up when the same source gives other files. Qualities
/// and `WIDTHS` are parts of the hash themselves; all else counts here: `MAX_WIDTH`, the
/// filter that scales, what is kept of a file, and the encoders, whose new versions may write
/// other bytes.
const VERSION: u32 = 1;

/// What pages print of a picture, and the files that are made of it.
#[derive(Debug, Clone)]
pub struct Picture {
    /// Width of `src` in CSS pixels, as it is seen.
    pub width: u32,
    /// Height of `src`.
    pub height: u32,
    /// Address of the file that every browser can show.
    pub src: String,
    /// The same in several widths, as the attribute `srcset` takes it; empty for a picture
    /// that is published as it is.
    pub srcset: String,
    /// WebP files in several widths; empty for a picture that is published as it is.
    pub webp_srcset: String,
    /// Address of the whole picture, for links to it.
    pub href: String,
    raster: Option<Raster>,
}

/// A picture of which other files are made.
#[derive(Debug, Clone)]
struct Raster {
    path: SourcePath,
    disk: PathBuf,
    /// Beginning of the names of its files, which a copy of it shares.
    name: String,
    container: Container,
    /// The widest first.
    files: Vec<File>,
}

/// One file to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
struct File {
    /// Its path in the output.
    path: String,
    width: u32,
    height: u32,
    making: Making,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Making {
    /// The source without metadata.
    Strip,
    /// The same under the address of the source, so that no hash tells its state.
    StripInPlace { orientation: u8 },
    /// The whole picture, the right way up.
    Whole(Encoding),
    /// A file that pages show.
    Variant(Encoding),
}

/// Where the files of a picture go.
#[derive(Debug, Clone, Copy)]
pub struct Home<'a> {
    /// The folder of the site on its host, with a slash at the end.
    pub base: &'a str,
    /// Path in the output of a file that keeps its address.
    pub fixed: Option<&'a str>,
}

/// What came of looking at a picture.
#[derive(Debug)]
pub enum Inspected {
    /// Files are made of it.
    Made(Picture),
    /// It is published in these bytes: its width, its height, the file.
    Unchanged(u32, u32, Vec<u8>),
}

/// Looks at the bytes of a picture file.
///
/// # Errors
///
/// It is not the picture that its name announces, it is damaged, too large, or an SVG that
/// could do more than be seen.
pub fn inspect(
    path: &SourcePath,
    disk: &Path,
    bytes: Vec<u8>,
    home: Home<'_>,
) -> Result<Inspected, Diagnostic> {
    let suffix = suffix(path.as_str());
    if suffix == "svg" {
        return svg_file(path, bytes);
    }
    let Some(container) = Container::of(&bytes) else {
        let message = "it is not a picture in JPEG, PNG, WebP, GIF, AVIF or SVG";
        let error = Diagnostic::error("bad-picture", Place::file(path), message);
        return Err(error.with_help("save it as JPEG, PNG or WebP"));
    };
    if !container.suffixes().contains(&suffix.as_str()) {
        let (name, usual) = (container.name(), container.suffixes()[0]);
        let message = format!("it is named `.{suffix}` and is a {name}");
        let help = format!("let its name end in `.{usual}`, here and where it is shown");
        let error = Diagnostic::error("bad-picture", Place::file(path), message);
        return Err(error.with_help(help));
    }
    let stripped =
        metadata::strip(&bytes, container, None).ok_or_else(|| damaged(path))?;
    let is_raster =
        matches!(container, Container::Jpeg | Container::Png | Container::Webp);
    if is_raster && !stripped.is_animated {
        let header = raster::header(&bytes, container).map_err(|it| wrong(path, it))?;
        let plan = Plan { container, header, name: name(path, &bytes), home };
        return Ok(Inspected::Made(plan.picture(path, disk)));
    }
    let size = match stripped.size {
        Some(size) => size,
        None => {
            let header = raster::header(&bytes, container);
            let header = header.map_err(|it| wrong(path, it))?;
            (header.width, header.height)
        }
    };
    if MAX_PIXELS < u64::from(size.0) * u64::from(size.1) {
        return Err(wrong(path, Fault::TooLarge(Some(size))));
    }
    let kind = if stripped.is_animated { "a picture that moves" } else { "this picture" };
    if MAX_UNCHANGED_BYTES < stripped.bytes.len() {
        let limit = MAX_UNCHANGED_BYTES / 1024 / 1024;
        let message = format!("{kind} goes to readers whole; at most {limit} MiB may");
        let error = Diagnostic::error("picture-too-large", Place::file(path), message);
        return Err(error.with_help("make it smaller or shorter, or a film (`.mp4`)"));
    }
    if container == Container::Avif && metadata::has_avif_metadata(&bytes) {
        let message = "it holds metadata, which cannot be taken out of an AVIF file";
        let error = Diagnostic::error("picture-metadata", Place::file(path), message);
        let help = "save it without metadata, or as JPEG, PNG or WebP, which are cleaned";
        return Err(error.with_help(help));
    }
    Ok(Inspected::Unchanged(size.0, size.1, stripped.bytes))
}

impl Picture {
    /// A picture that is published as it is, under this address.
    pub fn unchanged(width: u32, height: u32, href: String) -> Self {
        Self {
            width,
            height,
            src: href.clone(),
            srcset: String::new(),
            webp_srcset: String::new(),
            href,
            raster: None,
        }
    }
}

/// Reports a picture whose file is longer than what is read.
pub fn too_long(path: &SourcePath, n_bytes: u64) -> Diagnostic {
    let limit = MAX_BYTES / 1024 / 1024;
    let message = format!("the file has {n_bytes} bytes; at most {limit} MiB are read");
    let error = Diagnostic::error("picture-too-large", Place::file(path), message);
    error.with_help("make it smaller: screens show at most some 4,000 pixels across")
}

fn suffix(path: &str) -> String {
    path.rsplit_once('.').map_or("", |(_, it)| it).to_ascii_lowercase()
}

/// Reports a file that is there and cannot be read.
pub fn unreadable(path: &SourcePath, error: &io::Error) -> Diagnostic {
    let message = format!("the file cannot be read: {error}");
    let error = Diagnostic::error("unreadable-file", Place::file(path), message);
    error.with_help("check that it is still there, and who may read it")
}

fn changed(path: &SourcePath) -> Diagnostic {
    let message = "the picture was changed while the site was being built";
    let error = Diagnostic::error("unreadable-file", Place::file(path), message);
    error.with_help("build the site again")
}

fn damaged(path: &SourcePath) -> Diagnostic {
    let message = "the picture is damaged, or the file ends before the picture does";
    let error = Diagnostic::error("bad-picture", Place::file(path), message);
    error.with_help("copy the file again, or open the picture and save it anew")
}

fn wrong(path: &SourcePath, fault: Fault) -> Diagnostic {
    let size = match fault {
        Fault::Damaged => return damaged(path),
        Fault::TooLarge(size) => size,
    };
    let millions = MAX_PIXELS / 1_000_000;
    let message = match size {
        Some((width, height)) => format!(
            "the picture has {width} × {height} pixels; at most {millions} million are \
             read"
        ),
        None => format!(
            "the picture has more than the {millions} million pixels that are read"
        ),
    };
    let error = Diagnostic::error("picture-too-large", Place::file(path), message);
    error.with_help("make it smaller: screens show at most some 4,000 pixels across")
}

fn svg_file(path: &SourcePath, bytes: Vec<u8>) -> Result<Inspected, Diagnostic> {
    let broken = |why: &str| {
        let error = Diagnostic::error("bad-picture", Place::file(path), why);
        error.with_help("export it again as plain SVG, or as PNG")
    };
    if MAX_SVG_BYTES < bytes.len() {
        let limit = MAX_SVG_BYTES / 1024 / 1024;
        let message = format!("an SVG goes to readers whole; at most {limit} MiB may");
        let error = Diagnostic::error("picture-too-large", Place::file(path), message);
        return Err(error.with_help("simplify its paths, or export it as PNG"));
    }
    let Ok(text) = std::str::from_utf8(&bytes) else {
        return Err(broken("the SVG is not UTF-8"));
    };
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    match svg::check(text) {
        Ok((width, height)) => Ok(Inspected::Unchanged(width, height, bytes)),
        Err(svg::Refusal::Broken(why)) => Err(broken(&why)),
        Err(svg::Refusal::Unsafe(what, at)) => {
            let before = text.get(..at).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            let message = format!(
                "line {line} of the SVG holds {what}; a picture may neither run nor fetch \
                 anything"
            );
            let error = Diagnostic::error("unsafe-svg", Place::file(path), message);
            let help = "delete that, or export the picture as plain SVG with its parts \
                        embedded, or as PNG";
            Err(error.with_help(help))
        }
    }
}

/// Beginning of the names of all files of a picture: letters of its own name, and a hash
/// of its bytes and of everything else that they depend on.
fn name(path: &SourcePath, bytes: &[u8]) -> String {
    let mut hasher = blake3::Hasher::new();
    let parameters = (VERSION, WIDTHS, JPEG_QUALITY, WHOLE_JPEG_QUALITY, WEBP_QUALITY);
    hasher.update(format!("{parameters:?}\n").as_bytes());
    hasher.update(bytes);
    let hash = hasher.finalize().to_hex();
    format!("{}.{}", stem(path.as_str()), hash.get(..10).unwrap_or_default())
}

/// The name of a file without folder and suffix, in letters that need no encoding.
fn stem(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let plain = |it: char| {
        if it.is_ascii_alphanumeric() { it.to_ascii_lowercase() } else { '-' }
    };
    stem.chars().take(60).map(plain).collect()
}

/// What decides about the files of one picture.
struct Plan<'a> {
    container: Container,
    header: raster::Header,
    name: String,
    home: Home<'a>,
}

impl Plan<'_> {
    fn picture(&self, path: &SourcePath, disk: &Path) -> Picture {
        let Self { container, header, home, .. } = self;
        let mut widths: Vec<u32> =
            WIDTHS.iter().copied().filter(|it| *it < header.width).collect();
        if header.width <= MAX_WIDTH {
            widths.push(header.width);
        }
        let whole = self.whole();
        let href = self.href(&whole);
        // A file that keeps its address may lie on its side; no page shows that one.
        let is_usable = home.fixed.is_none() || header.orientation == 1;
        let mut files = vec![whole];
        let is_drawn = *container == Container::Png;
        let fallback =
            if is_drawn || header.has_alpha { Container::Png } else { Container::Jpeg };
        let mut set = |target: Container, encoding: Encoding| {
            let mut entries = Vec::new();
            let mut last = None;
            for width in &widths {
                let is_whole = *width == header.width && target == *container;
                let file = if is_whole && is_usable {
                    files[0].clone()
                } else {
                    self.variant(*width, target, encoding)
                };
                if target == Container::Webp && MAX_WEBP_SIDE < file.height {
                    continue;
                }
                let href = self.href(&file);
                entries.push(format!("{href} {width}w"));
                last = Some((file.width, file.height, href));
                if !files.contains(&file) {
                    files.push(file);
                }
            }
            (entries.join(", "), last)
        };
        let (webp_srcset, _) = set(Container::Webp, Encoding::Webp { is_drawn });
        let encoding = match fallback {
            Container::Jpeg => Encoding::Jpeg(JPEG_QUALITY),
            _ => Encoding::Png,
        };
        let (srcset, largest) = set(fallback, encoding);
        let (width, height, src) =
            largest.unwrap_or((header.width, header.height, href.clone()));
        files.sort_by_key(|it| std::cmp::Reverse(it.width));
        let (path, disk, name) = (path.clone(), disk.to_owned(), self.name.clone());
        let raster = Raster { path, disk, name, container: *container, files };
        Picture { width, height, src, srcset, webp_srcset, href, raster: Some(raster) }
    }

    fn href(&self, file: &File) -> String {
        encode_path(&format!("{}{}", self.home.base, file.path))
    }

    /// The whole picture, for links, and for pages where it is not wide.
    fn whole(&self) -> File {
        let Self { container, header, home, .. } = self;
        let making = match (home.fixed, header.orientation, container) {
            (Some(_), orientation, _) => Making::StripInPlace { orientation },
            (None, 1, _) => Making::Strip,
            (None, _, Container::Jpeg) => {
                Making::Whole(Encoding::Jpeg(WHOLE_JPEG_QUALITY))
            }
            (None, _, Container::Webp) => {
                Making::Whole(Encoding::Webp { is_drawn: false })
            }
            (None, ..) => Making::Whole(Encoding::Png),
        };
        let path = match home.fixed {
            Some(path) => path.to_owned(),
            None => self.path(header.width, *container),
        };
        File { path, width: header.width, height: header.height, making }
    }

    fn variant(&self, width: u32, container: Container, encoding: Encoding) -> File {
        let header = &self.header;
        // Half up, so that a picture of 3:2 stays one.
        let of = u64::from(header.width);
        let height = (u64::from(header.height) * u64::from(width) * 2 + of) / (of * 2);
        let height = u32::try_from(height.max(1)).unwrap_or(u32::MAX);
        let path = self.path(width, container);
        File { path, width, height, making: Making::Variant(encoding) }
    }

    fn path(&self, width: u32, container: Container) -> String {
        let suffix = container.suffixes()[0];
        format!("assets/pictures/{}.{width}.{suffix}", self.name)
    }
}

/// Reads a file of the site.
pub type Read<'a> = &'a (dyn Fn(&Path) -> io::Result<Vec<u8>> + Sync);

/// Makes the files of the pictures that pages use: the whole of each, which is the widest
/// that they show, and narrower ones of those that they show. A picture that cannot be read,
/// or whose pixels cannot be decoded, is reported.
///
/// `is_wanted` says of each place in the list of pictures whether it is made.
pub fn make(
    pictures: &BTreeMap<String, Picture>,
    used: &Used<'_>,
    read: Read<'_>,
    is_wanted: &(dyn Fn(usize) -> bool + Sync),
    sink: &dyn Sink,
) -> Vec<Diagnostic> {
    // Copies of a picture share their files. One thread makes them all, so that the same
    // copy is reported each time: the first.
    let mut copies: BTreeMap<&str, Vec<(&str, &Raster)>> = BTreeMap::new();
    for (path, picture) in pictures {
        if let Some(raster) = &picture.raster {
            copies.entry(&raster.name).or_default().push((path, raster));
        }
    }
    let copies = copies.into_values().enumerate();
    let copies: Vec<_> =
        copies.filter(|(at, _)| is_wanted(*at)).map(|(_, it)| it).collect();
    let found = copies.par_iter().map(|copies| {
        let mut begun: BTreeSet<&str> = BTreeSet::new();
        let mut fault = None;
        for (path, raster) in copies {
            let bench = Bench::new(raster, read);
            for (at, file) in raster.files.iter().enumerate() {
                let is_wanted = match file.making {
                    Making::Variant(_) => used.shown.contains(path),
                    _ => used.is_public(path),
                };
                if is_wanted && begun.insert(&file.path) {
                    bench.put(at, sink);
                }
            }
            fault = fault.or(bench.fault.into_inner());
        }
        fault
    });
    found.collect::<Vec<_>>().into_iter().flatten().collect()
}

/// One picture at work: read, decoded and scaled when the first file asks for it.
struct Bench<'a> {
    raster: &'a Raster,
    read: Read<'a>,
    bytes: OnceCell<Option<Vec<u8>>>,
    whole: OnceCell<Option<Pixels>>,
    /// By place in the list of files.
    scaled: Vec<OnceCell<Option<Pixels>>>,
    /// The first thing that went wrong.
    fault: RefCell<Option<Diagnostic>>,
}

impl<'a> Bench<'a> {
    fn new(raster: &'a Raster, read: Read<'a>) -> Self {
        Self {
            raster,
            read,
            bytes: OnceCell::new(),
            whole: OnceCell::new(),
            scaled: raster.files.iter().map(|_| OnceCell::new()).collect(),
            fault: RefCell::default(),
        }
    }

    fn note(&self, fault: Diagnostic) {
        self.fault.borrow_mut().get_or_insert(fault);
    }

    fn bytes(&self) -> Option<&[u8]> {
        let Raster { path, disk, name, .. } = self.raster;
        let read = || {
            let read = (self.read)(disk);
            let bytes = read.map_err(|it| self.note(unreadable(path, &it))).ok()?;
            // Its files have the name of the bytes that were looked at.
            if self::name(path, &bytes) != *name {
                self.note(changed(path));
                return None;
            }
            Some(bytes)
        };
        self.bytes.get_or_init(read).as_deref()
    }

    fn whole(&self) -> Option<&Pixels> {
        let decode = || {
            let decoded = Pixels::decode(self.bytes()?, self.raster.container);
            decoded.map_err(|it| self.note(wrong(&self.raster.path, it))).ok()
        };
        self.whole.get_or_init(decode).as_ref()
    }

    /// Gives a file to a sink.
    fn put(&self, at: usize, sink: &dyn Sink) {
        let File { path, making, .. } = &self.raster.files[at];
        let later = || later(self.raster.clone(), at);
        let is_slow = !matches!(making, Making::StripInPlace { .. });
        if is_slow && sink.make_later(path, &later) {
            return;
        }
        match making {
            Making::StripInPlace { .. } => sink.put(path, self.make(at)),
            // That the file is whole was seen when its header was read.
            Making::Strip => sink.make(path, &|| self.make(at)),
            Making::Whole(_) | Making::Variant(_) => {
                sink.make_of(path, &|| _ = self.whole(), &|| self.make(at));
            }
        }
    }

    /// The picture in the size of a file, scaled down from the next wider one: that is
    /// several times faster than from the whole, and the same whichever files are asked
    /// for.
    fn pixels(&self, at: usize) -> Option<&Pixels> {
        let File { width, height, .. } = self.raster.files[at];
        let first = self.raster.files.iter().position(|it| it.width == width)?;
        if first == 0 {
            return self.whole();
        }
        let scale = || {
            let wider = self.pixels(first.checked_sub(1)?)?;
            Some(wider.resize(width, height))
        };
        self.scaled[first].get_or_init(scale).as_ref()
    }

    /// The bytes of a file; none where the picture cannot be decoded, which is reported.
    fn make(&self, at: usize) -> Vec<u8> {
        let made = match self.raster.files[at].making {
            Making::Strip => self.stripped(None),
            Making::StripInPlace { orientation } => {
                self.stripped((orientation != 1).then_some(orientation))
            }
            Making::Whole(encoding) | Making::Variant(encoding) => {
                self.pixels(at).and_then(|it| it.encode(encoding))
            }
        };
        made.unwrap_or_else(|| {
            self.note(damaged(&self.raster.path));
            Vec::new()
        })
    }

    fn stripped(&self, orientation: Option<u8>) -> Option<Vec<u8>> {
        let stripped =
            metadata::strip(self.bytes()?, self.raster.container, orientation)?;
        Some(stripped.bytes)
    }
}

/// Makes one file of a picture, by itself.
fn later(raster: Raster, at: usize) -> Later {
    Box::new(move || {
        let bench = Bench::new(&raster, &read_asset);
        let bytes = bench.make(at);
        bench.fault.into_inner().map_or(Ok(bytes), Err)
    })
}

/// Width of running text in rem where site.yaml says nothing: `--mz-measure` of tokens.css.
pub const MEASURE: u32 = 38;

/// The attribute `sizes`: a picture is as wide as running text, or as the window where that
/// is narrower.
pub fn sizes(config: &Config) -> String {
    let measure = config.theme.measure.as_ref().map_or(MEASURE, |it| it.value);
    // Text has two rem of margin at either side.
    format!("(min-width: {}rem) {measure}rem, 100vw", measure + 4)
}

#[cfg(test)]
mod tests;
