//! One test binary; a module for each way of looking at the program.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and looks at what is on the disk"
)]

mod bidi;
mod cards;
mod citations;
mod cli;
mod deploy;
mod docs;
mod edit;
mod feeds;
mod golden;
mod incremental;
mod links;
mod locale;
mod markup;
mod mentions;
mod output;
mod output_folder;
mod pictures;
mod properties;
#[path = "../search/rows.rs"]
mod rows;
mod rtl;
mod rtl_html;
mod search;
mod search_page;
#[cfg(feature = "serve")]
mod serve;
mod structured_data;
mod tidy;
mod topics;
mod translations;
mod typography;
mod weight;
