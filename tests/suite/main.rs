//! One test binary; a module for each way of looking at the program.

mod cli;
mod docs;
mod golden;
mod output;
mod properties;
mod tidy;
