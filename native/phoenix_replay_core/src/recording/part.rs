//! Events in a row, as a session holds them and as a file is made of them.

use std::borrow::Cow;
use std::sync::Arc;

use super::{chunk, gzip, write, Limits, RecordingError};
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

    fn raw(&self) -> Option<Vec<u8>> {
        let inflated = self.inflate().ok()?;
        let mut decoder = Decoder::new(etf::Limits::default());
        let mut raw = Vec::with_capacity(usize::try_from(self.events_bytes).unwrap_or_default());
        let mut left = inflated.as_slice();
        while !left.is_empty() {
            let (term, used) = decoder.decode(left).ok()?;
            let (bytes, rest) = left.split_at_checked(used)?;
            left = rest;
            if chunk::is_packed(&term) {
                let events = chunk::unpack(&term, &mut chunk::budget(self.bytes.len()))?;
                events
                    .iter()
                    .for_each(|event| write::write_event(&mut raw, event));
            } else {
                raw.extend_from_slice(bytes);
            }
        }
        Some(raw)
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

    /// Its events as they were appended, or as they would have been: a sealed part is read for that. `None`
    /// where it cannot be.
    pub(super) fn raw(&self) -> Option<Cow<'_, [u8]>> {
        match self {
            Part::Raw(chunk) => Some(Cow::Borrowed(chunk)),
            Part::Sealed(member) => Some(Cow::Owned(member.raw()?)),
        }
    }
}
