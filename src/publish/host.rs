//! What a deploy asks of a place that holds a site. Each kind of target answers it.

use std::collections::BTreeMap;

use crate::error::Error;
use crate::publish::headers::Headers;

/// A small object, and what the host calls this version of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Name of the version; none where the host has none.
    pub tag: Option<String>,
}

/// What a host says about an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stat {
    /// Its size in bytes.
    pub size: u64,
    /// What the host calls this version of it.
    pub tag: Option<String>,
}

/// A place that holds a site. Requests that fail for a moment are tried again inside; an
/// error is the last word. Paths have no slash in front.
pub trait Host: Sync {
    /// The bytes of an object; none where there is none.
    ///
    /// # Errors
    ///
    /// The host refuses, or cannot be reached; so for all that follows.
    fn read(&self, path: &str) -> Result<Option<Stored>, Error>;

    /// Writes an object; a reader sees the old one or the new one, whole.
    ///
    /// # Errors
    ///
    /// As for `read`.
    fn write(&self, path: &str, bytes: Vec<u8>, headers: Headers) -> Result<(), Error>;

    /// Writes a small object only where the one that is there is still `was`, or there is
    /// still none; gives what is there now, or nothing where somebody was faster.
    ///
    /// # Errors
    ///
    /// As for `read`.
    fn exchange(
        &self,
        path: &str,
        was: Option<&Stored>,
        bytes: &[u8],
    ) -> Result<Option<Stored>, Error>;

    /// Copies an object on the host.
    ///
    /// # Errors
    ///
    /// As for `read`; or there is none.
    fn copy(&self, from: &str, to: &str) -> Result<(), Error>;

    /// Deletes an object; one that is not there is well deleted.
    ///
    /// # Errors
    ///
    /// As for `read`.
    fn delete(&self, path: &str) -> Result<(), Error>;

    /// Everything that is there; none where that would take a request for each folder.
    ///
    /// # Errors
    ///
    /// As for `read`.
    fn list(&self) -> Result<Option<BTreeMap<String, Stat>>, Error>;

    /// What is known about one object.
    ///
    /// # Errors
    ///
    /// As for `read`.
    fn stat(&self, path: &str) -> Result<Option<Stat>, Error>;

    /// Whether an object is known to hold these bytes, without fetching it over a network.
    fn holds(&self, path: &str, stat: &Stat, bytes: &[u8]) -> bool;

    /// Deletes what a write of this object has left that was cut in the middle.
    ///
    /// # Errors
    ///
    /// As for `read`.
    fn delete_unfinished(&self, path: &str) -> Result<(), Error>;

    /// Why the host cannot hold a file of this name and size.
    fn limit(&self, path: &str, size: u64) -> Option<String>;
}
