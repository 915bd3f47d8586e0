//! Deploys to real servers on this machine, with the real program.
//!
//! `cargo test -p mujaz-deploy-tests`; `tests/deploy/tools` installs the servers. S3 is a
//! strict one in this process; between it and the program stands a proxy that can cut,
//! turn away and reset.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a test may panic, looks at what is on the disk, and prints its figures"
)]

#[path = "../../suite/deploy/desk.rs"]
mod desk;
mod program;
mod proxy;
mod s3;
mod s3_server;
mod servers;
