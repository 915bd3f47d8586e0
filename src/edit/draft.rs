//! `Draft`: the texts of a site while they are being edited, and what became of them.
//!
//! Places come from texts in the form that `load` gives them; the disk holds them with
//! line ends, byte order marks and direction marks of their own. A draft takes edits by
//! places of the first and makes them in the second, so that nothing else in a file
//! changes, not even by a byte.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use crate::diag::{Checked, SourcePath};
use crate::error::Error;
use crate::load::{self, SourceFile, Sources};

/// Gives the text of a file as it stands on the disk.
pub type Raw<'a> = dyn Fn(&SourcePath) -> Result<String, Error> + 'a;

/// What becomes of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its path before.
    pub from: SourcePath,
    /// Its path after; `None` if it is deleted.
    pub to: Option<SourcePath>,
    /// Its text before, as on the disk.
    pub before: String,
    /// Its text after.
    pub after: String,
}

/// Words that take the place of a range of bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Replacement {
    pub(super) range: Range<usize>,
    pub(super) text: String,
}

impl Replacement {
    pub(super) fn new(range: Range<usize>, text: impl Into<String>) -> Self {
        Self { range, text: text.into() }
    }
}

/// Texts that are being edited.
pub(super) struct Draft<'a> {
    sources: &'a Sources,
    raw: &'a Raw<'a>,
    open: BTreeMap<SourcePath, Open>,
}

/// A file that was touched.
struct Open {
    before: String,
    raw: String,
    file: SourceFile,
    to: Option<SourcePath>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(sources: &'a Sources, raw: &'a Raw<'a>) -> Self {
        Self { sources, raw, open: BTreeMap::new() }
    }

    /// A file as it stands now, by the path that it had at first.
    pub(super) fn file(&self, path: &SourcePath) -> Option<&SourceFile> {
        self.open.get(path).map(|it| &it.file).or_else(|| source(self.sources, path))
    }

    /// Makes edits that do not overlap.
    pub(super) fn edit(
        &mut self,
        path: &SourcePath,
        mut replacements: Vec<Replacement>,
    ) -> Result<(), Error> {
        if replacements.is_empty() {
            return Ok(());
        }
        replacements.sort_by_key(|it| (it.range.start, it.range.end));
        let Some(open) = self.open(path)? else { return Ok(()) };
        open.raw = replaced(&open.raw, &open.file.text, &replacements);
        open.file.text = Arc::from(load::clean(&open.raw));
        Ok(())
    }

    /// Gives a file another path.
    pub(super) fn rename(
        &mut self,
        path: &SourcePath,
        to: SourcePath,
    ) -> Result<(), Error> {
        if let Some(open) = self.open(path)? {
            open.to = Some(to);
        }
        Ok(())
    }

    /// Takes a file away.
    pub(super) fn delete(&mut self, path: &SourcePath) -> Result<(), Error> {
        if let Some(open) = self.open(path)? {
            open.to = None;
        }
        Ok(())
    }

    fn open(&mut self, path: &SourcePath) -> Result<Option<&mut Open>, Error> {
        if !self.open.contains_key(path) {
            let Some(file) = source(self.sources, path) else { return Ok(None) };
            let raw = (self.raw)(path)?;
            if load::clean(&raw) != *file.text {
                let why = "it was changed while this command ran";
                let help = "run the command again";
                return Err(Error::refused("edit", Path::new(path.as_str()), why, help));
            }
            let open = Open {
                before: raw.clone(),
                raw,
                file: file.clone(),
                to: Some(path.clone()),
            };
            self.open.insert(path.clone(), open);
        }
        Ok(self.open.get_mut(path))
    }

    /// Every file that was touched, in the order of its old path.
    pub(super) fn changes(&self) -> Vec<Change> {
        let changes = self.open.iter().map(|(path, it)| Change {
            from: path.clone(),
            to: it.to.clone(),
            before: it.before.clone(),
            after: it.raw.clone(),
        });
        changes
            .filter(|it| it.to.as_ref() != Some(&it.from) || it.before != it.after)
            .collect()
    }
}

pub(super) fn source<'a>(
    sources: &'a Sources,
    path: &SourcePath,
) -> Option<&'a SourceFile> {
    let at = sources.files.binary_search_by(|it| it.path.cmp(path)).ok()?;
    sources.files.get(at)
}

/// The sources of a site after changes, as `load` would read them.
pub(super) fn edited(sources: &Sources, changes: &[Change]) -> Checked<Sources> {
    let mut diagnostics = Vec::new();
    let mut files: Vec<SourceFile> = sources
        .files
        .iter()
        .filter(|it| changes.iter().all(|change| change.from != it.path))
        .cloned()
        .collect();
    for change in changes {
        let Some(to) = &change.to else { continue };
        let Some(kind) = load::kind_of(to) else { continue };
        let bytes = change.after.clone().into_bytes();
        let file = load::source_file(to.clone(), kind, bytes);
        files.extend(file.drain_into(&mut diagnostics));
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let assets = Arc::clone(&sources.assets);
    let has_findings = sources.has_findings || !diagnostics.is_empty();
    Checked { value: Sources { files, assets, has_findings }, diagnostics }
}

/// Makes edits by places of `clean` in the text that it was cleaned from.
fn replaced(raw: &str, clean: &str, replacements: &[Replacement]) -> String {
    let places = places(raw, clean);
    let place = |byte: usize| places.get(byte).copied().unwrap_or(raw.len());
    let mut result = String::with_capacity(raw.len() + 64);
    let mut done = 0;
    for Replacement { range, text } in replacements {
        let (start, end) = (place(range.start), place(range.end));
        result.push_str(raw.get(done..start).unwrap_or_default());
        result.push_str(&text.replace('\n', line_end(raw)));
        done = end;
    }
    result.push_str(raw.get(done..).unwrap_or_default());
    result
}

/// How the lines of a text end.
fn line_end(raw: &str) -> &'static str {
    if raw.contains("\r\n") {
        "\r\n"
    } else if raw.contains('\r') && !raw.contains('\n') {
        "\r"
    } else {
        "\n"
    }
}

/// For each byte of `clean`, and for its end, the byte of `raw` that stands behind the
/// same letters. What cleaning drops belongs to the letter after it.
fn places(raw: &str, clean: &str) -> Vec<usize> {
    let mut places = Vec::with_capacity(clean.len() + 1);
    let mut letters = raw.char_indices().peekable();
    let mut behind = 0;
    for wanted in clean.chars() {
        places.extend(std::iter::repeat_n(behind, wanted.len_utf8()));
        while let Some((at, found)) = letters.next() {
            behind = at + found.len_utf8();
            let is_next_feed = letters.peek().is_some_and(|(_, it)| *it == '\n');
            let is_lone_return = found == '\r' && !is_next_feed;
            if found == wanted || (wanted == '\n' && is_lone_return) {
                break;
            }
        }
    }
    places.push(behind);
    places
}

#[cfg(test)]
mod tests {
    use super::{Replacement, replaced};
    use crate::load::clean;

    #[track_caller]
    fn check(raw: &str, word: &str, with: &str, expected: &str) {
        let text = clean(raw);
        let start = text.find(word).unwrap();
        let edit = Replacement::new(start..start + word.len(), with);
        assert_eq!(replaced(raw, &text, &[edit]), expected);
    }

    #[test]
    fn what_cleaning_drops_stays_on_the_disk() {
        check("\u{FEFF}a: ب\r\nc: d\r\n", "d", "x\ny", "\u{FEFF}a: ب\r\nc: x\r\ny\r\n");
        check("a\rb\rc", "b", "x\ny", "a\rx\ry\rc");
        check("\u{200F}- a\n\u{200F}- b\n", "b", "x", "\u{200F}- a\n\u{200F}- x\n");
        check("\u{200F}نص a\n", "a", "b", "\u{200F}نص b\n");
    }

    #[test]
    fn a_line_goes_with_the_marks_before_it() {
        check(
            "- a\r\n\u{200F}- b\r\n\u{200F}- c\r\n",
            "- b\n",
            "",
            "- a\r\n\u{200F}- c\r\n",
        );
        check("- a\n\u{200F}- b", "- b", "", "- a\n");
    }
}
