//! The least that any generator must do: read the texts, make HTML of their Markdown, and
//! write one page for each, on all cores. No names, lists, feeds, templates or mistakes.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use pulldown_cmark::{Options, Parser, html};
use rayon::prelude::*;

/// The first argument that makes the bench do only this.
pub(crate) const AS_FLOOR: &str = "floor";

const BEFORE: &str = "<!doctype html>\n<html lang=\"ar\" dir=\"rtl\">\n<meta \
                      charset=\"utf-8\">\n<title>قياس</title>\n<main>\n";
const AFTER: &str = "</main>\n</html>\n";

/// Makes the pages of a site's briefings.
pub(crate) fn build(site: &OsStr, output: &OsStr) {
    let (folder, output) = (Path::new(site).join("content/briefings"), Path::new(output));
    let files: Vec<_> =
        fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_HEADING_ATTRIBUTES;
    files.par_iter().for_each(|file| {
        let text = fs::read_to_string(file).unwrap();
        let (_, body) = text.split_once("\n---\n").unwrap();
        let mut page = String::with_capacity(text.len() * 3 / 2);
        page.push_str(BEFORE);
        html::push_html(&mut page, Parser::new_ext(body, options));
        page.push_str(AFTER);
        let folder = output.join("briefings").join(file.file_stem().unwrap());
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("index.html"), page).unwrap();
    });
}
