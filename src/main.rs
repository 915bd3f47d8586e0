//! The program `mujaz`: reads the command line and runs the command.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    mujaz::cli::run(mujaz::cli::args::Cli::parse())
}
