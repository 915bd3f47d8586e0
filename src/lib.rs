//! mujaz, a static site generator for briefings.
pub mod config;
pub mod diag;
pub mod error;
pub mod load;
pub mod model;
pub mod parse;
pub mod text;
pub mod yaml;
