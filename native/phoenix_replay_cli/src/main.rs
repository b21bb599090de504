//! PhoenixReplay's recordings from a shell, without a BEAM.
//!
//! Thin over `phoenix_replay_core`: a command reads files, calls the core and prints.
#![deny(missing_docs)]
#![forbid(unsafe_code)]

mod args;
mod commands;
mod failure;
mod files;
mod json;
mod progress;
mod shown;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};
use commands::Outcome;

fn main() -> ExitCode {
    // What clap does not accept ends with its own message and status 2.
    match run(Args::parse().command) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Nothing) => ExitCode::from(1),
        // Whoever read has seen enough: `phoenix-replay ls DIR | head`.
        Err(failure) if failure.is_closed_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            shown::tell(shown::ERROR, "error:", &failure);
            ExitCode::from(2)
        }
    }
}

fn run(command: Command) -> Result<Outcome, failure::Failure> {
    match command {
        Command::Ls(args) => commands::list::run(&args),
        Command::Show(args) => commands::show::run(&args),
        Command::At(args) => commands::at::run(&args),
        Command::Diff(args) => commands::diff::run(&args),
        Command::Grep(args) => commands::grep::run(&args),
        Command::Export(args) => commands::export::run(&args),
        Command::Verify(args) => commands::verify::run(&args),
        Command::Completions(args) => commands::completions::run(&args),
    }
}
