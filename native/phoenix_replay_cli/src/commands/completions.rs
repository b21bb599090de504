//! `completions`: a script for a shell.

use std::io::Write;

use clap::CommandFactory;

use super::Outcome;
use crate::args::{Args, Completions};
use crate::failure::Failure;

pub fn run(args: &Completions) -> Result<Outcome, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(
        args.shell,
        &mut Args::command(),
        "phoenix-replay",
        &mut script,
    );
    std::io::stdout().lock().write_all(&script)?;
    Ok(Outcome::Done)
}
