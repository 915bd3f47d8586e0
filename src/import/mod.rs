//! Drafts and archives of other programs -> `Draft`: the files that they become here.
//!
//! Takes bytes and gives bytes; the disk is read and written by `cli::import`. Each format
//! is read into `Article`s: `plain`, `word` and web pages by `drafts`, folders of Hugo,
//! Zola and Jekyll by `archive`, exports of WordPress by `wordpress`. `compose` gives them
//! ids, topics and addresses of this site, and reads the site with them once more. What was
//! guessed, what was left out and what somebody should look at is said in `Note`s; a key
//! that has no place here is kept under `extra`.

mod addresses;
mod archive;
mod blocks;
mod compose;
mod docx;
mod drafts;
mod encoding;
mod html;
mod ids;
mod metadata;
mod notes;
mod permalinks;
mod shortcodes;
mod system;
mod topics;
mod tree;
mod value;
mod wordpress;
mod yaml_text;

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;

use crate::diag::Diagnostic;
use crate::import::metadata::Meta;
pub use crate::import::notes::{Note, Sort};
use crate::load::Sources;
use crate::text::lang::Lang;

/// A file as it stands on the disk.
#[derive(Debug, Clone)]
pub struct Input {
    /// Its path inside the folder that is imported, with `/`; the name of a single file.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What is imported in one piece.
#[derive(Debug, Clone)]
pub enum Origin {
    /// One draft, or one export.
    File(Input),
    /// The folder of a site, or of drafts.
    Folder {
        /// What the folder is called.
        name: String,
        /// Its files.
        files: Vec<Input>,
    },
}

/// What is imported, and into what.
pub struct Request<'a> {
    /// What is imported.
    pub origins: Vec<Origin>,
    /// The site folder.
    pub root: &'a Path,
    /// The site as it stands.
    pub sources: &'a Sources,
    /// What `load` has found wrong with it.
    pub diagnostics: &'a [Diagnostic],
    /// Folder under `content/` for briefings.
    pub into: &'a str,
    /// Language of texts that name none.
    pub lang: Option<Lang>,
    /// The moment that decides what is public.
    pub now: Timestamp,
}

/// What an import comes to.
#[derive(Debug)]
pub struct Draft {
    /// New files, by their paths in the site folder.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Files and ids that are there already; nothing may be written where there are any.
    pub clashes: Vec<String>,
    /// What was done, in the order of the files.
    pub notes: Vec<Note>,
    /// What the site is told with the new files and was not told before.
    pub diagnostics: Vec<Diagnostic>,
    /// The site with the new files.
    pub edited: Sources,
}

/// Makes files of this site out of drafts and archives.
pub fn import(request: Request<'_>) -> Draft {
    let setting = Setting::new(&request);
    let mut gathered = Gathered::default();
    for origin in request.origins {
        let at = gathered.archives.len();
        match origin {
            Origin::File(file) => drafts::read_file(file, at, &setting, &mut gathered),
            Origin::Folder { name, files } => {
                archive::read(&name, files, at, &setting, &mut gathered);
            }
        }
        gathered.archives.resize_with(at + 1, Archive::default);
    }
    let site = compose::Site {
        root: request.root,
        sources: request.sources,
        diagnostics: request.diagnostics,
        into: request.into,
        now: request.now,
    };
    compose::compose(gathered, &setting, &site)
}

/// What readers of formats need to know of the site.
struct Setting {
    /// Its languages, the default one first.
    languages: Vec<Lang>,
    /// Language of texts that name none.
    lang: Option<Lang>,
    now: Timestamp,
    today: String,
}

impl Setting {
    fn new(request: &Request<'_>) -> Self {
        let config_file = request.sources.of_kind(crate::load::FileKind::Config).next();
        let config =
            crate::config::read(config_file.map(|it| (&it.path, &*it.text))).value;
        let now = request.now;
        let today = now.to_zoned_datetime(config.time_zone.clone()).date().to_string();
        Self { languages: config.languages, lang: request.lang.clone(), now, today }
    }

    /// The language of the site that a tag means.
    fn language(&self, tag: &str) -> Option<Lang> {
        let lang = Lang::parse(tag.trim().replace('_', "-").as_str()).ok()?;
        let same = self.languages.iter().find(|it| **it == lang);
        let near = || self.languages.iter().find(|it| it.primary() == lang.primary());
        Some(same.or_else(near).cloned().unwrap_or(lang))
    }

    /// The language that a text is most likely in, by its letters.
    fn guess(&self, text: &str) -> Lang {
        use crate::text::direction::Direction;
        let is_rtl =
            |it: char| matches!(it, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FEFC}');
        let letters = || text.chars().filter(|it| it.is_alphabetic()).take(4000);
        let n_rtl = letters().filter(|it| is_rtl(*it)).count();
        let is_rtl_text = letters().count() <= n_rtl * 3;
        let wanted = if is_rtl_text { Direction::Rtl } else { Direction::Ltr };
        let fits = |it: &&Lang| Direction::of(it) == wanted;
        let default = if is_rtl_text { "ar" } else { "en" };
        self.languages.iter().find(fits).cloned().unwrap_or_else(|| {
            Lang::parse(default).expect("`ar` and `en` are language tags")
        })
    }
}

/// One text on its way into the site.
#[derive(Debug, Default)]
struct Article {
    /// Path of its source, for the report.
    from: String,
    /// Which of the archives it belongs to.
    archive: usize,
    /// Its source without language and suffix: versions of one text share it.
    group: String,
    /// Its source as other texts name it: path in the content, without language and suffix.
    source: String,
    /// What it would like to be called.
    stem: String,
    /// Language of the text; `None` where nothing says it.
    lang: Option<Lang>,
    /// Whether it is a plain page and no briefing.
    is_page: bool,
    /// Whether it goes on as plain text.
    is_plain: bool,
    /// Whether it is a draft that somebody has written, and no part of an archive.
    is_single: bool,
    /// What is known of it.
    meta: Meta,
    /// Its text: Markdown, or plain text.
    body: String,
    /// Its addresses on the old site, its own first.
    addresses: Vec<String>,
    /// Files beside it, by the names that the text has for them.
    resources: BTreeMap<String, Vec<u8>>,
}

/// The text of a tag of the old site.
#[derive(Debug)]
struct Term {
    from: String,
    word: String,
    lang: Option<Lang>,
    title: String,
    body: String,
    addresses: Vec<String>,
    extra: value::Keys,
}

/// What is known of an archive as a whole.
#[derive(Debug, Default)]
struct Archive {
    /// Where it stood.
    base_url: Option<String>,
    /// Files by their addresses on the old site.
    statics: BTreeMap<String, Vec<u8>>,
    /// Its language, where it says so.
    lang: Option<Lang>,
}

/// Everything that was read.
#[derive(Debug, Default)]
struct Gathered {
    articles: Vec<Article>,
    terms: Vec<Term>,
    archives: Vec<Archive>,
    notes: Vec<Note>,
}

impl Gathered {
    fn note(&mut self, sort: Sort, from: &str, message: impl Into<String>) {
        self.notes.push(Note { sort, from: from.to_owned(), message: message.into() });
    }

    /// One note for all that was left out of a file.
    fn leave_all(&mut self, from: &str, left: &BTreeMap<String, usize>) {
        for (what, n) in left {
            let times = if *n == 1 { String::new() } else { format!(" ({n} times)") };
            self.note(Sort::Left, from, format!("{what}{times}"));
        }
    }
}
