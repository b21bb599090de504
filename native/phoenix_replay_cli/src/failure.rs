//! Why a command could not do what it was asked.

use std::fmt;
use std::io;
use std::path::Path;

use phoenix_replay_core::inspect;

/// Why a command could not do what it was asked, and what to do.
#[derive(Debug)]
pub enum Failure {
    /// Writing the output failed.
    Output(io::Error),
    /// Anything else, in words.
    Words(String),
}

impl Failure {
    /// A failure with a file. Its name may be anything, and must not move the cursor.
    pub fn of(path: &Path, why: impl fmt::Display) -> Self {
        let path = inspect::plain(&path.to_string_lossy());
        Failure::Words(format!("{path}: {why}"))
    }

    /// Whether nobody reads the output any more.
    pub fn is_closed_pipe(&self) -> bool {
        matches!(self, Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Output(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Output(error) => write!(f, "the output cannot be written: {error}"),
            Failure::Words(words) => f.write_str(words),
        }
    }
}
