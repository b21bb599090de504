//! Why something is not read as a recording.

use std::fmt;

use crate::etf::DecodeError;

/// Why bytes are not read as a recording, or one is not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordingError {
    /// The bytes end before the first member does.
    Truncated,
    /// The first member is not intact gzip.
    Damaged,
    /// A term of the first member is none.
    Term(DecodeError),
    /// It is gzip and terms, or JSON, but nothing that this package wrote.
    NotARecording,
    /// It was written by a later version of the package.
    Version(i64),
    /// Inflated, it is larger than the limit, in bytes.
    TooLarge(u64),
    /// The JSON is none: what was expected, and at which byte.
    Json {
        /// What was expected.
        expected: &'static str,
        /// At which byte of the text.
        at: usize,
    },
    /// Compressing failed.
    Write,
}

impl RecordingError {
    /// The name of the reason, for an atom.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            RecordingError::Truncated => "truncated",
            RecordingError::Damaged | RecordingError::Term(_) | RecordingError::Json { .. } => {
                "damaged"
            }
            RecordingError::NotARecording => "not_a_recording",
            RecordingError::Version(_) => "unsupported_version",
            RecordingError::TooLarge(_) => "too_large",
            RecordingError::Write => "not_written",
        }
    }
}

impl fmt::Display for RecordingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RecordingError::Truncated => {
                f.write_str("the recording is cut off before its beginning is complete; restore it from a copy or delete it")
            }
            RecordingError::Damaged => {
                f.write_str("the beginning of the recording is damaged; restore it from a copy or delete it")
            }
            RecordingError::Term(error) => {
                write!(f, "the beginning of the recording is damaged ({error}); restore it from a copy or delete it")
            }
            RecordingError::NotARecording => {
                f.write_str("this is not a recording; delete it if it lies among recordings by mistake")
            }
            RecordingError::Version(version) => {
                write!(f, "the recording has format version {version}; read it with a newer phoenix_replay")
            }
            RecordingError::TooLarge(limit) => {
                write!(f, "the recording inflates to more than {limit} bytes, which nothing of this package writes; delete it")
            }
            RecordingError::Json { expected, at } => {
                write!(f, "the recording is not valid JSON: expected {expected} at byte {at}; restore it from a copy or delete it")
            }
            RecordingError::Write => f.write_str("the recording could not be compressed; try again"),
        }
    }
}

impl std::error::Error for RecordingError {}
