//! Output folder -> `Output`: a site on the disk that is whole and may be published.
//!
//! Every file is compared with the manifest that the build has left, so that a folder that
//! somebody has edited, or that was cut while it was copied, is never sent.
#![expect(clippy::disallowed_methods, reason = "one of the stages that touch the disk")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::Deserialize;

use crate::error::Error;
use crate::load::slashed;
use crate::publish::state::{Print, is_path};
use crate::write::MANIFEST;

/// A site on the disk.
#[derive(Debug, Clone, Default)]
pub struct Output {
    /// Where it is.
    pub folder: PathBuf,
    /// Its files.
    pub files: BTreeMap<String, Print>,
    /// The address of each page, by its id.
    pub pages: BTreeMap<String, String>,
    /// The newest public moment of its content, in RFC 3339.
    pub newest: Option<String>,
    /// Files in the folder that no build has made; they are not sent.
    pub foreign: Vec<String>,
}

#[derive(Deserialize)]
struct Manifest {
    files: BTreeMap<String, Print>,
    #[serde(default)]
    newest: Option<String>,
    #[serde(default)]
    pages: BTreeMap<String, String>,
    #[serde(default)]
    preview: bool,
    #[serde(default)]
    shard: Option<String>,
}

impl Output {
    /// Reads the output of a build.
    ///
    /// # Errors
    ///
    /// There is none; it shows drafts; a file is not as the build has left it; or the disk
    /// refuses.
    pub fn read(folder: &Path) -> Result<Self, Error> {
        let refuse =
            |why: String, help: &str| Error::refused("deploy", folder, why, help);
        let path = folder.join(MANIFEST);
        let Ok(bytes) = fs::read(&path) else {
            let why = "no site was built there".to_owned();
            return Err(refuse(why, "build it first, or leave `--no-build` out"));
        };
        let manifest: Manifest = serde_json::from_slice(&bytes).map_err(|_| {
            refuse(format!("its `{MANIFEST}` is damaged"), "build the site again")
        })?;
        if manifest.preview {
            let why =
                "it was built with `--drafts`, or for a moment to come, and shows what is not \
                 public"
                    .to_owned();
            return Err(refuse(why, "build it again without `--drafts` and `--as-of`"));
        }
        if let Some(shard) = &manifest.shard {
            let why = format!("it is only the part {shard} of a site");
            return Err(refuse(why, "put the parts together with `mujaz build --join`"));
        }
        if let Some(odd) = manifest.files.keys().find(|it| !is_path(it)) {
            let why = format!("its `{MANIFEST}` names `{}`", odd.escape_debug());
            return Err(refuse(why, "build the site again"));
        }
        if !manifest.files.contains_key("index.html") {
            let why = "the site has no home page".to_owned();
            return Err(refuse(why, "look whether the build was given the right folder"));
        }
        let files: Vec<(&String, &Print)> = manifest.files.iter().collect();
        let wrong = files.into_par_iter().find_first(|(path, print)| {
            !fs::read(folder.join(path)).is_ok_and(|it| Print::of(&it) == **print)
        });
        if let Some((path, _)) = wrong {
            let why = format!("`{path}` is not as the build has left it");
            return Err(refuse(why, "build the site again"));
        }
        let Manifest { files, newest, pages, .. } = manifest;
        let foreign = foreign_files(folder, &files);
        Ok(Self { folder: folder.to_owned(), files, pages, newest, foreign })
    }

    /// The bytes of a file, which are still those of the manifest.
    ///
    /// # Errors
    ///
    /// The disk refuses, or somebody has changed the file in the meantime.
    pub fn bytes(&self, path: &str) -> Result<Vec<u8>, Error> {
        let file = self.folder.join(path);
        let bytes = fs::read(&file).map_err(|it| Error::io("read", &file, it))?;
        if self.files.get(path) != Some(&Print::of(&bytes)) {
            let why = "it was changed while it was being sent";
            return Err(Error::refused("send", &file, why, "deploy again"));
        }
        Ok(bytes)
    }
}

fn foreign_files(folder: &Path, files: &BTreeMap<String, Print>) -> Vec<String> {
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().flatten();
    let files_there = entries.filter(|it| !it.file_type().is_dir()).filter_map(|it| {
        let path = it.path().strip_prefix(folder).ok()?;
        Some(slashed(path))
    });
    files_there.filter(|it| it != MANIFEST && !files.contains_key(it)).collect()
}
