//! What the outside world refuses: disk, network, a folder that is not ours.
//!
//! What is wrong with an author's file is a `diag::Diagnostic`.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// The world refused something that a command needs.
#[derive(Debug)]
pub struct Error {
    /// What we were doing, as in "read", "write", "rename".
    pub action: &'static str,
    /// On what.
    pub path: PathBuf,
    /// Why it did not work.
    pub reason: Reason,
}

/// Why something did not work.
#[derive(Debug)]
pub enum Reason {
    /// The operating system's answer.
    Io(io::Error),
    /// A rule of ours, with the way out.
    Refused {
        /// One sentence.
        why: String,
        /// What to do.
        help: String,
    },
}

impl Error {
    /// The operating system refused.
    pub fn io(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self { action, path: path.to_owned(), reason: Reason::Io(source) }
    }

    /// We refuse, to keep the user's files safe.
    pub fn refused(
        action: &'static str,
        path: &Path,
        why: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        let reason = Reason::Refused { why: why.into(), help: help.into() };
        Self { action, path: path.to_owned(), reason }
    }

    /// What to do about it, where we know.
    pub fn help(&self) -> Option<&str> {
        match &self.reason {
            Reason::Refused { help, .. } => Some(help),
            Reason::Io(source) => match source.kind() {
                io::ErrorKind::PermissionDenied => {
                    Some("check who may read and write this file or folder")
                }
                io::ErrorKind::StorageFull => {
                    Some("free some disk space; the site in place was not touched")
                }
                _ => None,
            },
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { action, path, reason } = self;
        match reason {
            Reason::Io(source) => {
                write!(f, "could not {action} `{}`: {source}", path.display())
            }
            Reason::Refused { why, .. } => {
                write!(f, "will not {action} `{}`: {why}", path.display())
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.reason {
            Reason::Io(source) => Some(source),
            Reason::Refused { .. } => None,
        }
    }
}
