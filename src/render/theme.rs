//! Theme: templates, words, style sheet and other files, built in and overridden file by
//! file by the site. The one file that names the crate Tera;
//! `template` runs what need not be left to it.

use std::collections::BTreeMap;
use std::io;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use include_dir::{Dir, include_dir};
use rayon::prelude::*;
use serde::{Serialize, Serializer};
use tera::{Context, ErrorKind, Kwargs, State, Tera};

use crate::config::Config;
use crate::diag::{Checked, Diagnostic, Place, SourcePath, Span, closest};
use crate::load::{Asset, FileKind, Sources, fixed_path, is_picture};
use crate::render::compact;
use crate::render::pictures::{self, Home, Inspected, Picture};
use crate::render::template::Templates;
use crate::render::template::tree::{self, Tree};
use crate::render::template_fields::{Asked, asked};
use crate::render::words::Words;
use crate::text::date::Digits;
use crate::text::lang::Lang;
use crate::text::slug::encode_path;
use crate::yaml::{self, Reader, Value};

static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");
static STATIC: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/static");

/// Style sheets, in the order of their layers; `components/` goes before the last two.
const STYLES: [&str; 8] = [
    "layers.css",
    "reset.css",
    "tokens.css",
    "fonts.css",
    "base.css",
    "prose.css",
    "utilities.css",
    "print.css",
];

/// Templates that the program renders; each must exist.
pub const PAGES: [&str; 13] = [
    "pages/home.html",
    "pages/briefing.html",
    "pages/topic.html",
    "pages/topics.html",
    "pages/author.html",
    "pages/series.html",
    "pages/archive.html",
    "pages/chronology.html",
    "pages/search.html",
    "pages/corrections.html",
    "pages/page.html",
    "pages/not_found.html",
    "pages/redirect.html",
];

/// Room that a page is given before anybody knows how long it is; nearly all fit.
const PAGE_BYTES: usize = 64 * 1024;

/// Where the bytes of a file come from.
#[derive(Debug, Clone)]
pub enum FileSource {
    /// Made by us, or built in.
    Bytes(Vec<u8>),
    /// A file of the site.
    Disk(PathBuf),
}

/// Everything that decides about the look.
pub struct Theme {
    tera: Tera,
    /// What need not be left to Tera.
    templates: Templates,
    /// What the site's own templates ask for.
    asked: BTreeMap<String, Vec<Asked>>,
    words: BTreeMap<Lang, Words>,
    /// Addresses of the style sheets of every page.
    stylesheets: Vec<String>,
    /// The same with the sheet of its own, by the kind of page that has one.
    page_stylesheets: BTreeMap<String, Vec<String>>,
    /// Files that pages preload, by language.
    preload: BTreeMap<String, Vec<String>>,
    /// Address of every file under `/assets/`, by its path in the site folder.
    pub hrefs: BTreeMap<String, String>,
    /// Files of the output, by their path there.
    pub files: BTreeMap<String, FileSource>,
    /// Pictures that pages can show, by their path in the site folder.
    pub pictures: BTreeMap<String, Picture>,
    /// The path of the site on its host, with a slash at both ends.
    base: String,
    times: Mutex<Vec<PageTime>>,
}

/// How long a page took to render.
#[derive(Debug, Clone)]
pub struct PageTime {
    /// Its template.
    pub template: &'static str,
    /// Its address.
    pub address: String,
    /// The time, on one thread.
    pub took: Duration,
}

impl Theme {
    /// The words of a language of the site.
    pub fn words(&self, lang: &Lang) -> &Words {
        self.words.get(lang).expect("words were read for every language of the site")
    }

    /// Fonts that a page in a language needs before its first paint.
    pub fn preload(&self, lang: &Lang) -> &[String] {
        self.preload
            .get(lang.primary())
            .or_else(|| self.preload.get("default"))
            .map_or(&[], Vec::as_slice)
    }

    /// Style sheets of a kind of page, in order.
    pub fn stylesheets(&self, kind: &str) -> &[String] {
        self.page_stylesheets.get(kind).unwrap_or(&self.stylesheets)
    }

    /// Path in the output of a file with an address of `hrefs`.
    pub fn output_path<'h>(&self, href: &'h str) -> &'h str {
        href.strip_prefix(self.base.as_str()).unwrap_or(href)
    }

    /// Takes the times of all pages that were rendered.
    pub fn take_times(&self) -> Vec<PageTime> {
        std::mem::take(&mut *self.times())
    }

    fn times(&self) -> MutexGuard<'_, Vec<PageTime>> {
        self.times.lock().expect("no thread panics while it holds the lock")
    }

    /// Renders the page at an address by its template; the result is UTF-8.
    ///
    /// # Errors
    ///
    /// The template uses a field that does not exist, or a component wrongly.
    pub fn render(
        &self,
        template: &'static str,
        address: &str,
        context: &PageContext<'_>,
    ) -> Result<Vec<u8>, Diagnostic> {
        let start = Instant::now();
        let html = self.render_by(template, context);
        let (address, took) = (address.to_owned(), start.elapsed());
        self.times().push(PageTime { template, address, took });
        html
    }

    /// Renders a component by itself; `None` where that fails.
    pub fn component(
        &self,
        name: &str,
        args: &[(&'static str, &Tree)],
        implicit: &[(&'static str, &Tree)],
    ) -> Option<String> {
        let values: Vec<_> = args.iter().map(|(name, it)| (*name, it.root())).collect();
        if let Some(html) = self.templates.component(name, &values, implicit) {
            return String::from_utf8(html).ok();
        }
        let (own, around) = (tera_context(args), tera_context(implicit));
        self.tera.render_component_with_implicits(name, &own, &around, None, true).ok()
    }

    fn render_by(
        &self,
        template: &'static str,
        context: &PageContext<'_>,
    ) -> Result<Vec<u8>, Diagnostic> {
        self.check_asked(template, context)?;
        let parts = context.parts();
        if let Some(html) = self.templates.render(template, &parts) {
            return Ok(html);
        }
        let mut html = Vec::with_capacity(PAGE_BYTES);
        match self.tera.render_to(template, &tera_context(&parts), &mut html) {
            Ok(()) => Ok(html),
            Err(error) => Err(theme_error(&error, template)),
        }
    }

    /// Reports a field that the site's own templates ask for and that does not exist.
    fn check_asked(
        &self,
        template: &str,
        context: &PageContext<'_>,
    ) -> Result<(), Diagnostic> {
        let is_shared = |name: &str| !name.starts_with("pages/");
        let asked = self.asked.iter().filter(|(it, _)| is_shared(it) || *it == template);
        for Asked { of, field, place } in asked.flat_map(|(_, it)| it) {
            let parts = context.parts();
            let Some((_, known)) = parts.iter().find(|(it, _)| it == of) else {
                continue;
            };
            if matches!(known.root().field(field), tree::Value::Undefined) {
                let mut names = known.root().names();
                names.sort_unstable();
                let message = format!(
                    "Field `{field}` is not defined. Available fields: {}",
                    names.join(", ")
                );
                let error = Diagnostic::error("template-error", place.clone(), message);
                return Err(
                    error.with_help("docs/TEMPLATES.md lists what a template may print")
                );
            }
        }
        Ok(())
    }
}

/// What a page prints.
#[derive(Debug)]
pub struct PageContext<'a> {
    /// The frame.
    pub page: &'a Tree,
    /// The view of the page.
    pub view: &'a Tree,
    /// The site.
    pub site: &'a Tree,
    /// Interface words.
    pub words: &'a Tree,
}

impl<'a> PageContext<'a> {
    /// The same by the names that templates know.
    fn parts(&self) -> [(&'static str, &'a Tree); 4] {
        [("page", self.page), ("view", self.view), ("site", self.site), ("t", self.words)]
    }
}

/// The same values for Tera.
fn tera_context(parts: &[(&'static str, &Tree)]) -> Context {
    let mut context = Context::new();
    for (name, tree) in parts {
        context.insert(*name, &tree.root());
    }
    context
}

/// A view that many pages print. What templates see of it is copied into a tree once; a page
/// that prints it takes a reference.
#[derive(Debug)]
pub struct SharedView<T>(Arc<Shareable<T>>);

#[derive(Debug)]
struct Shareable<T> {
    view: T,
    tree: Arc<Tree>,
}

impl<T: Serialize> SharedView<T> {
    /// Makes a view ready to be shared.
    pub fn new(view: T) -> Self {
        let tree = Tree::of(&view);
        Self::of(view, tree)
    }
}

impl<T> SharedView<T> {
    /// A view and what templates see of it, which may be more.
    pub fn of(view: T, mut tree: Tree) -> Self {
        tree.shrink();
        Self(Arc::new(Shareable { view, tree: Arc::new(tree) }))
    }
}

impl<T> Clone for SharedView<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Deref for SharedView<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0.view
    }
}

impl<T> Serialize for SharedView<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        tree::serialize_shared(&self.0.tree, serializer)
    }
}

/// Loads the built-in theme and what the site overrides.
pub fn load(files: &Sources, config: &Config) -> Checked<Theme> {
    let mut diagnostics = Vec::new();
    let mut assets = Assets {
        base: config.base_path(),
        hrefs: BTreeMap::new(),
        files: BTreeMap::new(),
        pictures: BTreeMap::new(),
    };
    assets.add_static(files, config, &mut diagnostics);
    let sheets = sheets(files);
    let stylesheets = vec![assets.stylesheet(&sheets, config, &mut diagnostics)];
    let page_stylesheets = assets.page_stylesheets(&sheets, config, &stylesheets);
    let preload = assets.preload(files, &mut diagnostics);
    let words = config
        .languages
        .iter()
        .map(|lang| {
            let digits = config.date_style(lang).digits;
            let texts = word_texts(files, lang);
            (lang.clone(), Words::new(lang, digits, &texts, &mut diagnostics))
        })
        .collect();
    if let Some(logo) = &config.logo
        && files.asset(&format!("static/{}", logo.value)).is_none()
    {
        let message = format!("there is no logo `static/{}`", logo.value);
        let error = Diagnostic::error("missing-logo", logo.place.clone(), message);
        let help = "put it into `static/`, and name it like `img/logo.svg`";
        diagnostics.push(error.with_help(help));
    }
    let hrefs = assets.hrefs.clone();
    let (tera, templates) = templates(files, hrefs, &mut diagnostics);
    let theme = Theme {
        tera,
        templates,
        asked: asked(files),
        words,
        stylesheets,
        page_stylesheets,
        preload,
        hrefs: assets.hrefs,
        files: assets.files,
        pictures: assets.pictures,
        base: config.base_path().to_owned(),
        times: Mutex::default(),
    };
    Checked { value: theme, diagnostics }
}

/// Files that end up in the output besides pages.
struct Assets<'a> {
    base: &'a str,
    hrefs: BTreeMap<String, String>,
    files: BTreeMap<String, FileSource>,
    pictures: BTreeMap<String, Picture>,
}

/// What was read of a file that is not a text.
enum ReadAsset {
    Picture(Result<Inspected, Diagnostic>),
    Hashed(Vec<u8>),
    Fixed,
    Unreadable(io::Error),
}

impl Assets<'_> {
    /// Puts a file under `/assets/` with a hash in its name, and gives its address.
    fn add_hashed(&mut self, path: &str, bytes: Vec<u8>) -> String {
        let href = self.hash(path, &bytes);
        let out = href.strip_prefix(self.base).unwrap_or(&href).to_owned();
        self.files.insert(out, FileSource::Bytes(bytes));
        href
    }

    fn hash(&mut self, path: &str, bytes: &[u8]) -> String {
        let name = path.rsplit('/').next().unwrap_or(path);
        let (stem, suffix) = name.rsplit_once('.').unwrap_or((name, "bin"));
        let stem: String =
            stem.chars()
                .map(|it| {
                    if it.is_ascii_alphanumeric() { it.to_ascii_lowercase() } else { '-' }
                })
                .collect();
        let hash = blake3::hash(bytes).to_hex();
        let hash = hash.get(..10).unwrap_or_default();
        let href = format!("{}assets/{stem}.{hash}.{suffix}", self.base);
        self.hrefs.insert(path.to_owned(), href.clone());
        href
    }

    /// Fonts, icons and scripts of the theme, pictures of the content, and the site's own files.
    fn add_static(
        &mut self,
        files: &Sources,
        config: &Config,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        for file in embedded(&STATIC) {
            let path = format!("static/{}", file.path().display()).replace('\\', "/");
            let is_theme = path.starts_with("static/icons/")
                || path.starts_with("static/js/")
                || (path.starts_with("static/fonts/") && path.ends_with(".woff2"));
            let is_wanted = config.search || !path.starts_with("static/js/search");
            if is_theme && is_wanted && files.asset(&path).is_none() {
                self.add_hashed(&path, as_published(&path, file.contents().to_vec()));
            }
        }
        let base = self.base;
        let read: Vec<ReadAsset> = files
            .assets
            .par_iter()
            .map(|it| look_at(it, base).unwrap_or_else(ReadAsset::Unreadable))
            .collect();
        for (asset, read) in files.assets.iter().zip(read) {
            let path = asset.path.as_str();
            match read {
                ReadAsset::Picture(Ok(Inspected::Made(picture))) => {
                    self.hrefs.insert(path.to_owned(), picture.href.clone());
                    self.pictures.insert(path.to_owned(), picture);
                }
                ReadAsset::Picture(Ok(Inspected::Unchanged(width, height, bytes))) => {
                    let href = match fixed_path(path) {
                        Some(out) => self.add_fixed(path, out, FileSource::Bytes(bytes)),
                        None => self.add_hashed(path, bytes),
                    };
                    let picture = Picture::unchanged(width, height, href);
                    self.pictures.insert(path.to_owned(), picture);
                }
                ReadAsset::Picture(Err(error)) => diagnostics.push(error),
                ReadAsset::Unreadable(error) => {
                    diagnostics.push(pictures::unreadable(&asset.path, &error));
                }
                ReadAsset::Hashed(bytes) => {
                    self.add_hashed(path, as_published(path, bytes));
                }
                ReadAsset::Fixed => {
                    let out = fixed_path(path).unwrap_or(path);
                    self.add_fixed(path, out, FileSource::Disk(asset.disk.clone()));
                }
            }
        }
    }

    /// Puts a file where its own path in `static/` says, and gives its address.
    fn add_fixed(&mut self, path: &str, out: &str, source: FileSource) -> String {
        let href = encode_path(&format!("{}{out}", self.base));
        self.hrefs.insert(path.to_owned(), href.clone());
        self.files.insert(out.to_owned(), source);
        href
    }

    /// The style sheets of every page as one file; `url(../fonts/…)` becomes the address of
    /// the font.
    fn stylesheet(
        &mut self,
        sheets: &BTreeMap<String, String>,
        config: &Config,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> String {
        let components = sheets
            .keys()
            .filter(|it| it.starts_with("static/css/components/"))
            .cloned()
            .collect::<Vec<_>>();
        let (before, after) = STYLES.split_at(6);
        let order = before.iter().map(|it| format!("static/css/{it}"));
        let last = after.iter().map(|it| format!("static/css/{it}"));
        let paths: Vec<String> = order.chain(components).chain(last).collect();
        let texts = paths.iter().filter_map(|it| sheets.get(it).map(String::as_str));
        let mut css = compact::styles(texts);
        css.push_str(&settings_css(config));
        if let Some(own) = &config.theme.css {
            let path = format!("static/{}", own.value.trim_start_matches("static/"));
            match sheets.get(&path) {
                Some(text) => css.push_str(text),
                None => diagnostics.push(
                    Diagnostic::error(
                        "missing-style",
                        own.place.clone(),
                        format!("there is no style sheet `{path}`"),
                    )
                    .with_help(
                        "put it into `static/css/`, and name it like `css/desk.css`",
                    ),
                ),
            }
        }
        for (path, href) in &self.hrefs {
            if let Some(file) = path.strip_prefix("static/") {
                css = css.replace(&format!("url(../{file})"), &format!("url({href})"));
            }
        }
        self.add_hashed("static/css/site.css", css.into_bytes())
    }

    /// Style sheets that one kind of page needs alone, behind those of every page.
    fn page_stylesheets(
        &mut self,
        sheets: &BTreeMap<String, String>,
        config: &Config,
        shared: &[String],
    ) -> BTreeMap<String, Vec<String>> {
        let mut result = BTreeMap::new();
        for (path, text) in sheets {
            let name = path.strip_prefix("static/css/pages/");
            let Some(kind) = name.and_then(|it| it.strip_suffix(".css")) else {
                continue;
            };
            if config.search || kind != "search" {
                let own = self.add_hashed(path, compact::style(text).into_bytes());
                let all = shared.iter().cloned().chain([own]).collect();
                result.insert(kind.to_owned(), all);
            }
        }
        result
    }

    fn preload(
        &self,
        files: &Sources,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> BTreeMap<String, Vec<String>> {
        let path = SourcePath::new("static/fonts/preload.yaml");
        let own = files.of_kind(FileKind::Preload).next().map(|it| it.text.to_string());
        let built_in = STATIC.get_file("fonts/preload.yaml");
        let built_in = built_in.and_then(|it| it.contents_utf8()).map(str::to_owned);
        let Some(text) = own.or(built_in) else { return BTreeMap::new() };
        let Some(node) = yaml::parse(&text, 0, &path).drain_into(diagnostics) else {
            return BTreeMap::new();
        };
        let mut reader = Reader::new(&path);
        let mut preload = BTreeMap::new();
        for (lang, node) in reader.fields(node, "preload.yaml").rest() {
            let mut hrefs = Vec::new();
            for item in reader.list(node, "preload") {
                if let Value::Scalar { text, .. } = item.value {
                    hrefs
                        .extend(self.hrefs.get(&format!("static/fonts/{text}")).cloned());
                }
            }
            preload.insert(lang.text, hrefs);
        }
        diagnostics.append(&mut reader.diagnostics);
        preload
    }
}

/// Style sheets by their paths, built in or the site's.
fn sheets(files: &Sources) -> BTreeMap<String, String> {
    let mut sheets = BTreeMap::new();
    for file in embedded(&STATIC) {
        let path = format!("static/{}", file.path().display()).replace('\\', "/");
        if path.ends_with(".css")
            && let Some(text) = file.contents_utf8()
        {
            sheets.insert(path, text.to_owned());
        }
    }
    for file in files.of_kind(FileKind::Style) {
        sheets.insert(file.path.as_str().to_owned(), file.text.to_string());
    }
    sheets
}

/// Our own scripts without comments, a copy of one in the site as well; everything else as
/// it is.
fn as_published(path: &str, bytes: Vec<u8>) -> Vec<u8> {
    let name = path.strip_prefix("static/").filter(|it| it.starts_with("js/"));
    let ours = name.and_then(|it| STATIC.get_file(it));
    let ours = ours.filter(|it| it.contents() == bytes);
    ours.and_then(include_dir::File::contents_utf8)
        .map_or(bytes, |it| compact::script(it).into())
}

/// Reads what decides about the address of a file and about what pages print of it.
fn look_at(asset: &Asset, base: &str) -> io::Result<ReadAsset> {
    let fixed = fixed_path(asset.path.as_str());
    if is_picture(asset.path.as_str()) {
        let n_bytes = asset.disk.metadata()?.len();
        if pictures::MAX_BYTES < n_bytes {
            let error = pictures::too_long(&asset.path, n_bytes);
            return Ok(ReadAsset::Picture(Err(error)));
        }
        let (bytes, home) = (read_asset(&asset.disk)?, Home { base, fixed });
        let inspected = pictures::inspect(&asset.path, &asset.disk, bytes, home);
        Ok(ReadAsset::Picture(inspected))
    } else if fixed.is_none() {
        Ok(ReadAsset::Hashed(read_asset(&asset.disk)?))
    } else {
        // One that cannot be copied later is reported with all other mistakes.
        std::fs::File::open(&asset.disk)?;
        Ok(ReadAsset::Fixed)
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the bytes of a picture are part of its name, and pages say how large it is"
)]
pub(super) fn read_asset(path: &Path) -> io::Result<Vec<u8>> {
    std::fs::read(path)
}

/// The faces that readers have for the style of Urdu; the theme brings none, because one
/// weighs 155 kB (R82).
const NASTALIQ: &str = "\"Noto Nastaliq Urdu\", \"Jameel Noori Nastaleeq\", \"Urdu Typesetting\", \
                        \"Markazi Arabic\", serif";

/// What site.yaml changes: `theme` as custom properties, digits of numbered lists.
fn settings_css(config: &Config) -> String {
    let mut css = String::new();
    let in_layer = |css: &str| match css {
        "" => String::new(),
        css => format!("@layer settings{{\n{css}}}\n"),
    };
    if let Some(accent) = &config.theme.accent {
        css.push_str(&format!("--mz-accent:{};", accent.value));
    }
    if let Some(measure) = &config.theme.measure {
        css.push_str(&format!("--mz-measure:{}rem;", measure.value));
    }
    for (role, families) in &config.theme.fonts {
        css.push_str(&format!("--mz-font-{role}:{};", families.value));
    }
    if !css.is_empty() {
        css = format!(":root{{{css}}}\n");
    }
    for (lang, families) in &config.theme.lang_fonts {
        let families = match families.value.as_str() {
            "nastaliq" => NASTALIQ,
            other => other,
        };
        // Nastaliq slopes: its lines are half as far apart again (R74).
        let leading = if families.to_lowercase().contains("nasta") {
            ";--mz-leading:2.3;--mz-leading-heading:1.9;--mz-leading-small:2.2"
        } else {
            ""
        };
        css.push_str(&format!(
            "[lang]:lang({lang}){{--mz-font-body:{families}{leading}}}\n"
        ));
    }
    for (lang, style) in &config.dates {
        let kind = match style.digits {
            Digits::Latn => continue,
            Digits::Arab => "arabic-indic",
            Digits::Arabext => "persian",
        };
        css.push_str(&format!(
            ":is(.prose,.footnotes) ol:lang({lang}){{list-style-type:{kind}}}\n"
        ));
    }
    in_layer(&css)
}

/// All files of an embedded folder.
fn embedded<'a>(dir: &'a Dir<'a>) -> Vec<&'a include_dir::File<'a>> {
    let mut result: Vec<_> = dir.files().collect();
    for folder in dir.dirs() {
        result.extend(embedded(folder));
    }
    result
}

/// Words of a language: built in, then the site's theme, then the site's content.
fn word_texts(files: &Sources, lang: &Lang) -> Vec<(SourcePath, String)> {
    let mut texts = Vec::new();
    // Where we have no words in a language, English ones are better than keys.
    for name in ["en", lang.primary(), lang.as_str()] {
        let file = format!("strings/{name}.ftl");
        let built_in = TEMPLATES.get_file(&file).and_then(|it| it.contents_utf8());
        if let Some(text) = built_in {
            texts.push((SourcePath::new(&format!("templates/{file}")), text.to_owned()));
        }
        for folder in ["templates", "content"] {
            let path = format!("{folder}/strings/{name}.ftl");
            let own = files.of_kind(FileKind::Words).find(|it| it.path.as_str() == path);
            texts.extend(own.map(|it| (it.path.clone(), it.text.to_string())));
        }
    }
    texts.dedup();
    texts
}

fn templates(
    files: &Sources,
    hrefs: BTreeMap<String, String>,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Tera, Templates) {
    let mut all: BTreeMap<String, String> = BTreeMap::new();
    for file in embedded(&TEMPLATES) {
        let name = file.path().display().to_string().replace('\\', "/");
        if name.ends_with(".html")
            && let Some(text) = file.contents_utf8()
        {
            all.insert(name, text.to_owned());
        }
    }
    for file in files.of_kind(FileKind::Template) {
        let path = file.path.as_str();
        let name = path.strip_prefix("templates/").unwrap_or(path);
        all.insert(name.to_owned(), file.text.to_string());
    }
    report_unused(&all, diagnostics);
    drop_deep(&mut all, diagnostics);
    let templates = Templates::read(&all, &|path| hrefs.get(path).cloned());
    let mut tera = Tera::default();
    tera.register_function("asset", move |kwargs: Kwargs, _: &State<'_>| {
        let path = kwargs.must_get::<&str>("path")?;
        let found = hrefs.get(&format!("static/{path}"));
        found.cloned().ok_or_else(|| {
            tera::Error::message(format!("there is no file `static/{path}`"))
        })
    });
    if let Err(error) = tera.add_raw_templates(all) {
        diagnostics.push(theme_error(&error, "templates"));
    }
    (tera, templates)
}

/// Parts of a template inside each other, at most: a reader needs stack for each level.
const MAX_NESTING: usize = 64;

/// Reports and leaves out templates whose parts nest too deep to be read (row M13).
fn drop_deep(all: &mut BTreeMap<String, String>, diagnostics: &mut Vec<Diagnostic>) {
    const PARTS: [&str; 5] = ["if", "for", "block", "filter", "component"];
    all.retain(|name, text| {
        let mut depth: usize = 0;
        for (at, sign) in text.match_indices("{%") {
            let inside = text.get(at + sign.len()..).unwrap_or_default();
            let inside = inside.trim_start_matches('-').trim_start();
            let word = inside.split(|it: char| !it.is_alphabetic()).next();
            let word = word.unwrap_or_default();
            match word.strip_prefix("end") {
                Some(part) if PARTS.contains(&part) => depth = depth.saturating_sub(1),
                _ => depth += usize::from(PARTS.contains(&word)),
            }
            if MAX_NESTING < depth {
                let path = SourcePath::new(&format!("templates/{name}"));
                let place = Place { path, span: Span::new(at, at + sign.len()) };
                let message = format!("the template nests more than {MAX_NESTING} parts");
                let error = Diagnostic::error("template-syntax", place, message);
                let help = "move the inner parts into components or files of their own";
                diagnostics.push(error.with_help(help));
                return false;
            }
        }
        true
    });
}

/// Reports templates that nothing uses: most likely their names are wrong.
fn report_unused(all: &BTreeMap<String, String>, diagnostics: &mut Vec<Diagnostic>) {
    for name in all.keys().filter(|it| TEMPLATES.get_file(it).is_none()) {
        let is_used =
            all.iter().any(|(other, text)| other != name && text.contains(name));
        let is_component = all[name].contains("{% component ");
        if is_used || is_component {
            continue;
        }
        let path = SourcePath::new(&format!("templates/{name}"));
        let known = embedded(&TEMPLATES);
        let known = known.iter().filter_map(|it| it.path().to_str());
        let message = format!("nothing uses the template `{name}`");
        let warning = Diagnostic::warning("unused-template", Place::file(&path), message);
        diagnostics.push(match closest(known, name) {
            Some(known) => warning.with_help(format!("did you mean `{known}`?")),
            None => warning.with_help("name it in another template, or delete it"),
        });
    }
}

/// A message whose lists of names stand in alphabetical order: Tera gives them in the order of
/// a hash table, another one each time.
fn in_order(message: &str) -> String {
    let mut ordered = String::with_capacity(message.len());
    let mut names: Vec<&str> = Vec::new();
    let flush = |names: &mut Vec<&str>, ordered: &mut String| {
        names.sort_unstable();
        let quoted: Vec<String> = names.drain(..).map(|it| format!("`{it}`")).collect();
        ordered.push_str(&quoted.join(", "));
    };
    let mut rest = message;
    while let Some((before, after)) = rest.split_once('`')
        && let Some((name, next)) = after.split_once('`')
    {
        if names.is_empty() || before != ", " {
            flush(&mut names, &mut ordered);
            ordered.push_str(before);
        }
        names.push(name);
        rest = next;
    }
    flush(&mut names, &mut ordered);
    ordered.push_str(rest);
    ordered
}

/// A mistake of a template, with its place.
fn theme_error(error: &tera::Error, template: &str) -> Diagnostic {
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            let path = SourcePath::new(&format!("templates/{}", report.filename()));
            let range = report.span().range.clone();
            let place = Place { path, span: Span::new(range.start, range.end) };
            let message = in_order(report.message().lines().next().unwrap_or_default());
            let code = match error.kind() {
                ErrorKind::SyntaxError(_) => "template-syntax",
                _ => "template-error",
            };
            Diagnostic::error(code, place, message)
                .with_help("docs/TEMPLATES.md lists what a template may print")
        }
        other => {
            let (template, message) = match other {
                ErrorKind::CircularExtend { tpl, .. } => (
                    tpl.as_str(),
                    "this template extends itself, by way of others".to_owned(),
                ),
                ErrorKind::CircularInclude { tpl, .. } => (
                    tpl.as_str(),
                    "this template includes itself, by way of others".to_owned(),
                ),
                ErrorKind::MissingParent { current, parent } => {
                    let message = format!("there is no template `{parent}` to extend");
                    (current.as_str(), message)
                }
                _ => {
                    let text = other.to_string();
                    // The excerpt that may follow has the name of its file before it.
                    let named = text.lines().find_map(|it| {
                        it.trim_start().strip_prefix("--> ")?.split(':').next()
                    });
                    let message = text.lines().next().unwrap_or_default();
                    let message = message.trim_end_matches([':', ' ']).to_owned();
                    let path = named.unwrap_or(template).to_owned();
                    let path = SourcePath::new(&format!("templates/{path}"));
                    return Diagnostic::error(
                        "template-error",
                        Place::file(&path),
                        message,
                    )
                    .with_help("docs/TEMPLATES.md lists what a template may use");
                }
            };
            let path = SourcePath::new(&format!("templates/{template}"));
            Diagnostic::error("template-error", Place::file(&path), message)
                .with_help("docs/TEMPLATES.md lists what a template may use")
        }
    }
}

/// Every file of the built-in theme, by its path in a site, in alphabetical order.
pub fn built_in_files() -> Vec<(String, &'static [u8])> {
    let folders = [("static", &STATIC), ("templates", &TEMPLATES)];
    let all = folders.into_iter().flat_map(|(name, folder)| {
        embedded(folder).into_iter().map(move |file| {
            let path = format!("{name}/{}", file.path().display()).replace('\\', "/");
            (path, file.contents())
        })
    });
    let mut all: Vec<_> = all.collect();
    all.sort();
    all
}

/// The text of a built-in template, for showing a line of it.
pub fn built_in(path: &SourcePath) -> Option<&'static str> {
    let name = path.as_str().strip_prefix("templates/")?;
    TEMPLATES.get_file(name)?.contents_utf8()
}

#[cfg(test)]
mod tests {
    use super::in_order;

    #[test]
    fn names_in_a_message_stand_in_order() {
        let message = "Unknown argument(s) `topic`, `number` in call of `mz.card`. \
                       Possible argument(s) are: `kind`, `at`";
        let ordered = "Unknown argument(s) `number`, `topic` in call of `mz.card`. \
                       Possible argument(s) are: `at`, `kind`";
        assert_eq!(in_order(message), ordered);
        assert_eq!(in_order("a ` b"), "a ` b");
    }
}
