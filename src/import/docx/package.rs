//! The archive that a Word file is, with limits. The one file that names zip.
//!
//! Nothing of an archive is written where the archive says: parts are read by name into
//! memory. An archive with a name that climbs out of it, with a symbolic link, or with
//! more in it than its size explains, is refused as a whole (row O24).

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::import::tree::{self, Element};

/// Longest archive, in bytes.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// Most parts.
const MAX_PARTS: usize = 4096;

/// Longest part, in bytes.
const MAX_PART_BYTES: u64 = 32 * 1024 * 1024;

/// Longest sum of all parts, in bytes.
const MAX_TOTAL_BYTES: u64 = 256 * 1024 * 1024;

/// How much longer than packed a part may be, once it is longer than a mebibyte.
const MAX_RATIO: u64 = 200;

/// A Word file.
pub(super) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
}

impl<'a> Package<'a> {
    /// Opens an archive.
    ///
    /// # Errors
    ///
    /// One sentence that says why it is refused.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, String> {
        if MAX_BYTES < bytes.len() {
            return Err(format!("it has more than {MAX_BYTES} bytes"));
        }
        let archive = ZipArchive::new(Cursor::new(bytes));
        let mut archive = archive.map_err(|_| "it is no Word file (.docx)".to_owned())?;
        if MAX_PARTS < archive.len() {
            return Err(format!("it has more than {MAX_PARTS} parts"));
        }
        let mut total = 0_u64;
        for at in 0..archive.len() {
            let part = archive.by_index_raw(at).map_err(|it| it.to_string())?;
            let is_link = part.unix_mode().is_some_and(|it| it & 0o170_000 == 0o120_000);
            if part.enclosed_name().is_none() || is_link {
                let why = "one of its parts points out of the archive";
                return Err(why.to_owned());
            }
            total = total.saturating_add(part.size());
            let is_bomb = 1024 * 1024 < part.size()
                && part.compressed_size().saturating_mul(MAX_RATIO) < part.size();
            if is_bomb || MAX_TOTAL_BYTES < total {
                let why = "it would unpack to far more than a text and its pictures have";
                return Err(why.to_owned());
            }
        }
        Ok(Self { archive })
    }

    /// The bytes of a part; `None` if there is none of this name.
    ///
    /// # Errors
    ///
    /// One sentence that says why it cannot be read.
    pub(super) fn bytes(&mut self, name: &str) -> Result<Option<Vec<u8>>, String> {
        let Ok(part) = self.archive.by_name(name) else { return Ok(None) };
        let mut bytes = Vec::new();
        // What an archive says about sizes is not believed.
        let read = part.take(MAX_PART_BYTES + 1).read_to_end(&mut bytes);
        read.map_err(|it| format!("its part `{name}` is damaged: {it}"))?;
        if MAX_PART_BYTES < bytes.len() as u64 {
            return Err(format!("its part `{name}` is too long"));
        }
        Ok(Some(bytes))
    }

    /// A part that is XML.
    ///
    /// # Errors
    ///
    /// One sentence that says why it cannot be read.
    pub(super) fn xml(&mut self, name: &str) -> Result<Option<Element>, String> {
        let Some(bytes) = self.bytes(name)? else { return Ok(None) };
        let text = crate::import::encoding::decode(&bytes, None).text;
        let root = tree::read_xml(&text);
        root.map(Some).map_err(|why| format!("its part `{name}` cannot be read: {why}"))
    }

    /// The names of all parts, in order.
    pub(super) fn names(&self) -> Vec<String> {
        let names = self.archive.file_names().filter_map(Result::ok);
        let mut names: Vec<String> = names.map(std::borrow::Cow::into_owned).collect();
        names.sort();
        names
    }
}
