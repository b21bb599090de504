//! Events in a row, as a session holds them and as a file is made of them.

use std::sync::Arc;

use super::{chunk, gzip, write, Event, Limits, RecordingError};
use crate::etf::{self, Decoder};

/// Whole events in a row, each a term with its version byte.
pub(crate) type Chunk = Arc<Vec<u8>>;

/// Events in a row.
#[derive(Clone, Debug)]
pub(crate) enum Part {
    /// As they were appended.
    Raw(Chunk),
    /// Compressed.
    Sealed(Arc<Member>),
}

/// A gzip member of events and nothing else, as a file may have it behind its context.
#[derive(Debug)]
pub(crate) struct Member {
    bytes: Vec<u8>,
    events_bytes: u64,
}

impl Member {
    /// Seals a chunk. This takes long.
    ///
    /// # Errors
    /// [`RecordingError::Write`] when compressing fails.
    pub(crate) fn of(chunk: Chunk) -> Result<Self, RecordingError> {
        let events_bytes = chunk.len() as u64;
        let mut bytes = write::member(chunk)?;
        bytes.shrink_to_fit();
        Ok(Member {
            bytes,
            events_bytes,
        })
    }

    /// The member as it stands in a file.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What it holds, inflated.
    pub(super) fn inflate(&self) -> Result<Vec<u8>, RecordingError> {
        let limit = Limits::default().inflated_bytes;
        gzip::inflate(&self.bytes, limit).map(|(terms, _)| terms)
    }
}

impl Part {
    /// Bytes of its events before compression.
    pub(crate) fn events_bytes(&self) -> u64 {
        match self {
            Part::Raw(chunk) => chunk.len() as u64,
            Part::Sealed(member) => member.events_bytes,
        }
    }

    /// Bytes of memory it takes.
    pub(crate) fn held_bytes(&self) -> u64 {
        match self {
            Part::Raw(chunk) => chunk.len() as u64,
            Part::Sealed(member) => member.bytes.len() as u64,
        }
    }
}

/// The events of parts. `None` where one cannot be read.
pub(super) fn events(parts: &[&Part]) -> Option<Vec<Event>> {
    let mut decoder = Decoder::new(etf::Limits::default());
    let mut events = Vec::new();
    for part in parts {
        let inflated;
        let (mut left, compressed) = match part {
            Part::Raw(chunk) => (chunk.as_slice(), chunk.len()),
            Part::Sealed(member) => {
                inflated = member.inflate().ok()?;
                (inflated.as_slice(), member.bytes.len())
            }
        };
        while !left.is_empty() {
            let (term, used) = decoder.decode(left).ok()?;
            left = left.get(used..)?;
            if chunk::is_packed(&term) {
                events.extend(chunk::unpack(&term, &mut chunk::budget(compressed))?);
            } else {
                events.push(Event::from_value(&term)?);
            }
        }
    }
    Some(events)
}
