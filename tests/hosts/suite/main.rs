//! Sites on real servers: the settings that `mujaz host` prints, and builds that take the
//! place of a site while readers ask for it, or are killed on the way.
//!
//! `cargo test -p mujaz-host-tests` needs nginx; Caddy, strace and the right to mount are used
//! where they are there, and a test says in one line what it has left out. `tests/hosts/tools`
//! installs them.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test may panic, looks at what is on the disk, and says what it has measured"
)]

mod client;
mod exchange;
mod faults;
mod server;
mod settings;
mod site;
