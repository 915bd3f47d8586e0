//! Output folder -> host: the site as its readers get it.
//!
//! `output` reads a build and trusts none of its files; `target` says where it goes. For a
//! host with files, `plan` compares what is there (`state`) with what should be, and
//! `carry` makes requests of it through a `Host`, under a `lock`, with a `journal` for the
//! case that it is cut. For a branch of a repository, `git` makes one commit of the same
//! plan. Nothing that the state on the host does not name is ever touched.

pub mod carry;
pub mod folder;
pub mod git;
pub mod headers;
pub mod host;
pub mod journal;
mod lock;
pub mod output;
pub mod plan;
mod redirect;
#[cfg(feature = "deploy")]
pub mod service;
pub mod state;
pub mod target;
#[cfg(feature = "deploy")]
mod transport;
