//! The program `mujaz`, for tests that start and kill it.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    mujaz::cli::run(mujaz::cli::args::Cli::parse())
}
