//! Site + Links + Theme -> files: every page, feed and data file of the site.
//!
//! Each finished file goes to a `Sink` at once, so that the memory of a build holds the
//! sources and not the whole site. Pages for people are made by templates from `views`;
//! formats with a specification (feeds, sitemap, graph.json) are written by code. A file
//! depends on nothing but the content, so the order in which files arrive does not matter.

pub mod archive;
pub mod cards;
pub mod chronology;
pub mod citation;
mod compact;
pub mod data;
pub mod edition;
pub mod feeds;
pub mod figure;
pub mod hosts;
pub mod html;
mod isolates;
pub mod keys;
pub mod pages;
pub mod pictures;
pub mod relations;
pub mod scope;
pub mod search_index;
pub mod search_page;
pub mod shard;
pub mod structured_data;
pub mod template;
pub mod template_fields;
pub mod theme;
pub mod topic_list;
pub mod topic_page;
pub mod views;
pub mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;

use crate::diag::Diagnostic;
use crate::link::Links;
use crate::link::references::Resolved;
use crate::render::theme::Theme;

/// Makes a file after the build, on its own. What it is made from may turn out to be damaged.
pub type Later = Box<dyn Fn() -> Result<Vec<u8>, Diagnostic> + Send + Sync>;

/// Takes the files of a site. Called from several threads.
pub trait Sink: Sync {
    /// Takes a file by its path in the output.
    fn put(&self, path: &str, bytes: Vec<u8>);

    /// Takes a copy of a file on the disk.
    fn copy(&self, path: &str, from: &Path);

    /// Takes a file that is slow to make, and whose path holds a hash of all that it is made
    /// from: `make` need not run where the sink already has such a file.
    fn make(&self, path: &str, make: &dyn Fn() -> Vec<u8>) {
        self.put(path, make());
    }

    /// Takes a file like `make`, from a source that may turn out to be damaged: a sink that
    /// keeps nothing calls `look`, which finds that out, in its place.
    fn make_of(&self, path: &str, look: &dyn Fn(), make: &dyn Fn() -> Vec<u8>) {
        let _ = look;
        self.make(path, make);
    }

    /// Takes over a file that an earlier build has made, and says whether it still has it.
    fn keep(&self, path: &str) -> bool {
        let _ = path;
        false
    }

    /// The bytes of a file as an earlier build has left it; nothing where they are not known.
    fn earlier(&self, path: &str) -> Option<Vec<u8>> {
        let _ = path;
        None
    }

    /// The size in bytes of a file that was taken, where the sink knows it.
    fn size_of(&self, path: &str) -> Option<u64> {
        let _ = path;
        None
    }

    /// Takes the file of `make` or `make_of` to make it when somebody asks for it, and says
    /// that it has: then it gets the file in no other way.
    fn make_later(&self, path: &str, later: &dyn Fn() -> Later) -> bool {
        let _ = (path, later);
        false
    }
}

/// Keeps files in memory: for tests and for `check`.
#[derive(Debug, Default)]
pub struct Memory {
    /// Bytes by path.
    pub files: Mutex<BTreeMap<String, Vec<u8>>>,
}

impl Sink for Memory {
    fn put(&self, path: &str, bytes: Vec<u8>) {
        let mut files =
            self.files.lock().expect("no thread panics while it holds the lock");
        files.insert(path.to_owned(), bytes);
    }

    fn copy(&self, path: &str, _from: &Path) {
        self.put(path, Vec::new());
    }
}

/// Drops files: for finding mistakes only.
#[derive(Debug, Default)]
pub struct Nowhere;

impl Sink for Nowhere {
    fn put(&self, _path: &str, _bytes: Vec<u8>) {}

    fn copy(&self, _path: &str, _from: &Path) {}

    fn make(&self, _path: &str, _make: &dyn Fn() -> Vec<u8>) {}

    fn make_of(&self, _path: &str, look: &dyn Fn(), _make: &dyn Fn() -> Vec<u8>) {
        look();
    }
}

/// Files of the content that pages use, by their paths in the site folder.
///
/// No other file of `content/` is published: what lies beside a text that is not public yet
/// is not public either.
#[derive(Debug, Default)]
pub struct Used<'a> {
    /// Pictures that pages show.
    pub shown: BTreeSet<&'a str>,
    /// Files that pages link to.
    pub linked: BTreeSet<&'a str>,
}

impl<'a> Used<'a> {
    fn of(links: &'a Links) -> Self {
        let mut used = Self::default();
        used.shown.extend(links.briefings.iter().filter_map(|it| it.image.as_deref()));
        let topics = links.topics.iter().flat_map(BTreeMap::values);
        let briefings = links.briefings.iter().map(|it| &**it);
        for article in briefings.chain(&links.pages).chain(topics) {
            let pictures = &article.references.pictures;
            used.shown.extend(pictures.iter().filter_map(Option::as_deref));
            used.linked.extend(article.references.links.iter().filter_map(
                |it| match it {
                    Resolved::Asset(path) => Some(&**path),
                    _ => None,
                },
            ));
        }
        used
    }

    /// Whether a file is published: all of `static/` is.
    pub fn is_public(&self, path: &str) -> bool {
        let is_used = self.shown.contains(path) || self.linked.contains(path);
        is_used || !path.starts_with("content/")
    }

    /// Paths in the output of files that are not published.
    fn hidden<'t>(&self, theme: &'t Theme) -> BTreeSet<&'t str> {
        let (public, hidden): (Vec<_>, Vec<_>) =
            theme.hrefs.iter().partition(|(path, _)| self.is_public(path));
        let mut hidden: BTreeSet<&str> =
            hidden.into_iter().map(|(_, href)| theme.output_path(href)).collect();
        // Two files of the same name and bytes share an address.
        for (_, href) in public {
            hidden.remove(theme.output_path(href));
        }
        hidden
    }
}
