//! Sites as a reader meets them, in a real Chromium. `cargo test -p mujaz-browser-tests`
//! needs `apt-get install -y chromium fonts-noto-core poppler-utils default-jre-headless`
//! and two packages of npm; `.ci/run` installs all of it. A test that misses something
//! says in one line what to install.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and looks at what is on the disk"
)]

mod browser;
mod budgets;
mod cards;
mod checkers;
mod colours;
mod empty;
mod enhancement;
mod fonts;
mod layout;
mod order;
mod paper;
mod reading;
#[path = "../../search/rows.rs"]
mod rows;
mod search_index;
mod search_page;
mod serve;
mod sites;
