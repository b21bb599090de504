//! A recording: what a session was, to be written to a file and read back.
//!
//! # The file
//!
//! Concatenated gzip members, so that anything that reads gzip and the External Term Format reads
//! it: inflated, it is a sequence of terms, each with its version byte 131.
//!
//! | member | terms |
//! |---|---|
//! | first | `{:phoenix_replay, 1, head}` and, once it is finished, `{:summary, summary}` |
//! | second | `{:context, %{params: map, session: map}}`, then events, if it is not alone |
//! | any further | events: `{offset_ms, type, payload}` |
//!
//! `head` and `summary` are maps with atom keys, the fields of [`Head`] and [`Summary`]. A term that
//! is none of these is passed over. Payloads are those of [`EventKind`]; the changes among them are
//! patches, see [`patch`](crate::patch). The first member alone is enough for a list; the file cut
//! anywhere behind it is a shorter recording; and each member has gzip's checksum.
//!
//! [`json`] writes the same as one JSON document.

mod activity;
mod chunk;
mod ended;
mod error;
mod event;
mod gzip;
mod head;
pub mod hidden;
pub mod json;
mod legacy;
mod members;
mod part;
mod read;
mod summary;
pub(crate) mod write;

pub use activity::Activity;
pub use ended::Ended;
pub use error::RecordingError;
pub(crate) use event::TOOK;
pub use event::{is_error_level, Event, EventKind};
pub use head::Head;
pub use read::{read, read_head};
pub use summary::Summary;
pub use write::write;

pub(crate) use part::{Chunk, Member, Part};
pub(crate) use read::{from_parts, head_of};

use crate::etf::Value;

/// The version that a file begins with.
pub const FORMAT_VERSION: i64 = 1;

/// A recording in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// What it began with.
    pub head: Head,
    /// What can be said of it in short.
    pub summary: Summary,
    /// `%{params: map, session: map}`, sanitized.
    pub context: Value,
    /// What happened, in order.
    pub events: Vec<Event>,
}

/// What reading a recording may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes to inflate, at most. A session's own limit is well below it, and as JSON one is a few
    /// times as long, so that what was recorded can be read.
    pub inflated_bytes: u64,
    /// Nodes of values to make, at most, keys and values counted one by one. A leaf takes 24 bytes,
    /// the worst there is [`etf::ALLOCATION_MULTIPLE`](crate::etf::ALLOCATION_MULTIPLE).
    pub nodes: usize,
}

impl Default for Limits {
    /// 512 MiB and 32 Mi nodes.
    fn default() -> Self {
        Limits {
            inflated_bytes: 512 * 1024 * 1024,
            nodes: 32 * 1024 * 1024,
        }
    }
}
