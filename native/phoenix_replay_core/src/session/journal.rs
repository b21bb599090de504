//! What of a running session is not in its journal yet.
//!
//! A journal is a file or row to which members are added as a session goes on: a recording that has
//! no summary yet. Whoever keeps it asks for what is new, writes that, and says so.

use std::time::{Duration, Instant};

use super::{Facts, Format, Session};
use crate::recording::{self, json, write, Limits, RecordingError};
use crate::timeline::Timeline;

/// How far a journal is.
#[derive(Debug, Default)]
pub(super) struct Journal {
    flushed: Option<Mark>,
}

/// A place in a session: what is before it is in its journal, once that is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    bytes: u64,
    events: u64,
    /// How often metadata was put there.
    metadata: u64,
    at: Instant,
}

/// What is to be added to a journal.
#[derive(Clone, Debug)]
pub struct Unflushed {
    /// Whole members; the first of a journal has head and context in front.
    pub members: Vec<u8>,
    /// What to say when they are written.
    pub mark: Mark,
}

impl Session {
    /// Whether there is something to flush at `now`: as many as `events`, or any and it was flushed,
    /// or begun, at least `age` ago.
    #[must_use]
    pub fn is_unflushed(&self, events: u64, age: Duration, now: Instant) -> bool {
        let state = self.state.lock();
        if state.released {
            return false;
        }
        let (before, metadata, at) = match &state.journal.flushed {
            Some(mark) => (mark.events, mark.metadata, mark.at),
            None => (0, 0, self.started),
        };
        let new = state.tally.events.saturating_sub(before);
        let due = now.saturating_duration_since(at) >= age;
        new >= events || (due && (new > 0 || state.tally.metadata.taken > metadata))
    }

    /// What its journal lacks, `None` if that is nothing. It is the same again until
    /// [`Session::flushed`] is called. This takes long: the lock is held only for sharing the chunks
    /// and copying the tail.
    ///
    /// # Errors
    /// [`RecordingError::Write`] when compressing fails.
    pub fn unflushed(&self) -> Result<Option<Unflushed>, RecordingError> {
        let (first, mark, metadata, chunks) = {
            let state = self.state.lock();
            let mark = Mark {
                bytes: state.log.bytes(),
                events: state.tally.events,
                metadata: state.tally.metadata.taken,
                at: Instant::now(),
            };
            let flushed = state.journal.flushed;
            let (from, told) = flushed.map_or((0, 0), |mark| (mark.bytes, mark.metadata));
            let metadata = (mark.metadata > told).then(|| state.tally.metadata.to_value());
            (flushed.is_none(), mark, metadata, state.log.since(from))
        };
        if chunks.is_empty() && metadata.is_none() {
            return Ok(None);
        }
        let Facts { head, context, .. } = &self.facts;
        let events: Vec<&[u8]> = chunks
            .iter()
            .filter_map(|(chunk, from)| chunk.get(*from..))
            .collect();
        let facts = first.then_some((head.as_slice(), context.as_slice()));
        let members = write::journal(facts, metadata.as_ref(), &events)?;
        Ok(Some(Unflushed { members, mark }))
    }

    /// What [`Session::unflushed`] gave with this mark is in the journal.
    pub fn flushed(&self, mark: Mark) {
        self.state.lock().journal.flushed = Some(mark);
    }

    /// Whether a journal of it was begun.
    #[must_use]
    pub fn is_journalled(&self) -> bool {
        self.state.lock().journal.flushed.is_some()
    }
}

/// The finished recording of a journal whose session is gone; its summary says that it was
/// interrupted. What is cut or damaged makes it shorter.
///
/// # Errors
/// A [`RecordingError`] when the first member is not whole, or when it cannot be compressed.
pub fn finish(journal: &[u8], format: Format) -> Result<Vec<u8>, RecordingError> {
    let mut recording = recording::read(journal, Limits::default())?;
    recording.summary.interrupted = true;
    match format {
        Format::Etf => write::write(&recording),
        Format::Json => json::write(&Timeline::new(recording).with_readable_changes()),
    }
}
