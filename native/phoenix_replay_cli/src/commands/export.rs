//! `export`: a recording for other tools.

use std::fs;
use std::io::Write;

use phoenix_replay_core::recording::json;

use super::Outcome;
use crate::args::Export;
use crate::failure::Failure;
use crate::files;

pub fn run(args: &Export) -> Result<Outcome, Failure> {
    let text = json::to_text(&files::timeline(&args.file)?.with_readable_changes());
    match &args.output {
        Some(path) => fs::write(path, text).map_err(|error| Failure::of(path, error))?,
        None => std::io::stdout().lock().write_all(&text)?,
    }
    Ok(Outcome::Done)
}
