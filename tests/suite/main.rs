//! One test binary; a module for each way of looking at the program.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and looks at what is on the disk"
)]

#[path = "../../fuzz/active.rs"]
mod active;
mod bidi;
#[path = "../../fuzz/bodies.rs"]
mod bodies;
mod bombs;
mod broken;
mod cards;
mod check;
mod citations;
mod cli;
mod collisions;
mod deploy;
mod desk;
mod docs;
mod edit;
mod embargo;
mod feeds;
mod fuzz_seeds;
mod golden;
mod hostile_html;
mod hostile_values;
mod hosts;
#[cfg(feature = "import")]
mod import;
#[cfg(feature = "import")]
#[path = "../../fuzz/import_body.rs"]
mod import_body;
mod incremental;
mod links;
mod locale;
mod markup;
mod mentions;
mod output;
mod output_folder;
mod pictures;
mod properties;
mod publishing;
#[path = "../search/rows.rs"]
mod rows;
mod rtl;
mod rtl_html;
mod search;
mod search_page;
#[cfg(feature = "serve")]
mod serve;
mod shards;
mod structured_data;
mod tidy;
mod topics;
mod translations;
mod typography;
mod weight;
