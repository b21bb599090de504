//! What can be typed.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

const STATUS: &str =
    "Exit status: 0 done or found, 1 nothing found or a recording that is damaged, \
2 wrong usage or a file that cannot be read.";

/// Reads the recordings of PhoenixReplay.
#[derive(Parser)]
#[command(name = "phoenix-replay", version, after_help = STATUS)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Lists the recordings of a folder, newest first
    Ls(Ls),
    /// Shows what happened in a recording, event by event
    Show(Show),
    /// Prints the assigns as of an event or a moment
    At(At),
    /// Prints what changed in the assigns between two events
    Diff(Diff),
    /// Finds when a text, a number or a pattern appears in events, params or assigns
    Grep(Grep),
    /// Writes a recording as a JSON document
    Export(Export),
    /// Reads every recording to its end and names those that are damaged
    Verify(Verify),
    /// Prints a script that completes these commands, for a shell
    Completions(Completions),
}

#[derive(clap::Args)]
pub struct Ls {
    /// Folder of recordings, or one recording
    pub dir: PathBuf,
    /// At most so many
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
}

#[derive(clap::Args)]
pub struct Show {
    /// A recording: its file, or the folder of recordings and its id, as in DIR/ID
    pub file: PathBuf,
    /// At most so many events
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
}

#[derive(clap::Args)]
pub struct At {
    /// A recording: its file, or the folder of recordings and its id, as in DIR/ID
    pub file: PathBuf,
    #[command(flatten)]
    pub moment: Moment,
    /// As JSON, whole: atoms are strings, tuples arrays, a struct has its name as `__struct__`
    #[arg(long)]
    pub json: bool,
    /// At most so many parts of each list or map
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub limit: usize,
}

#[derive(clap::Args)]
#[group(required = true, multiple = false)]
pub struct Moment {
    /// As of the event of this number, from 0
    #[arg(long, value_name = "N")]
    pub event: Option<usize>,
    /// As of so many milliseconds after the beginning
    #[arg(long, value_name = "T")]
    pub ms: Option<u64>,
}

#[derive(clap::Args)]
pub struct Diff {
    /// A recording: its file, or the folder of recordings and its id, as in DIR/ID
    pub file: PathBuf,
    /// The event to compare from, from 0
    pub a: usize,
    /// The event to compare to
    pub b: usize,
    /// At most so many differences
    #[arg(long, value_name = "N", default_value_t = 200)]
    pub limit: usize,
}

#[derive(clap::Args)]
pub struct Grep {
    /// What to look for
    pub pattern: String,
    /// Folder of recordings, or one recording
    pub dir: PathBuf,
    /// In upper and lower case
    #[arg(short, long)]
    pub ignore_case: bool,
    /// The pattern is a regular expression
    #[arg(short = 'e', long, conflicts_with = "number")]
    pub regex: bool,
    /// The pattern is a number: finds numbers that equal it
    #[arg(short, long, conflicts_with = "ignore_case")]
    pub number: bool,
    /// At most so many hits of each recording
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub limit: usize,
}

#[derive(clap::Args)]
pub struct Export {
    /// A recording: its file, or the folder of recordings and its id, as in DIR/ID
    pub file: PathBuf,
    /// As JSON, the only form there is so far
    #[arg(long, required = true)]
    pub json: bool,
    /// Into this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(clap::Args)]
pub struct Verify {
    /// Folder of recordings, or one recording
    pub dir: PathBuf,
}

#[derive(clap::Args)]
pub struct Completions {
    /// The shell
    pub shell: clap_complete::Shell,
}
