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
    /// Whether there was ever one, even if it is to be begun anew.
    begun: bool,
}

/// A place in a session: what is before it is in its journal, once that is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    parts: usize,
    events: u64,
    /// How often metadata was put there.
    metadata: u64,
    /// How long the journal is then.
    bytes: u64,
    at: Instant,
}

/// What is to be added to a journal.
#[derive(Clone, Debug)]
pub struct Unflushed {
    /// Whole members; in front of the first of a journal are those of head and context.
    pub members: Vec<u8>,
    /// What to say when they are written.
    pub mark: Mark,
}

impl Session {
    /// Whether there is something to flush at `now`: as many as `events`, or any and it was flushed,
    /// or begun, at least `age` ago. One that ended is about to be saved, so only its age counts.
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
        let many = new >= events && state.ending.is_none();
        many || (due && (new > 0 || state.tally.metadata.taken > metadata))
    }

    /// What its journal lacks, `None` if that is nothing. It is the same again, and what came since,
    /// until [`Session::flushed`] is called. This takes long: what is given is sealed, and is from then
    /// on what the session itself holds. No append waits for it.
    ///
    /// # Errors
    /// [`RecordingError::Write`] when compressing fails.
    pub fn unflushed(&self) -> Result<Option<Unflushed>, RecordingError> {
        let _alone = self.sealing.lock();
        let (before, mut mark, metadata) = {
            let mut state = self.state.lock();
            state.log.put_aside();
            let mark = Mark {
                parts: state.log.part_count(),
                events: state.tally.events,
                metadata: state.tally.metadata.taken,
                bytes: 0,
                at: Instant::now(),
            };
            let before = state.journal.flushed;
            let told = before.map_or(0, |mark| mark.metadata);
            let metadata = (mark.metadata > told).then(|| state.tally.metadata.to_value());
            (before, mark, metadata)
        };
        while self.sealed_count() < mark.parts {
            if !self.seal_first()? {
                return Ok(None);
            }
        }
        let from = before.map_or(0, |mark| mark.parts);
        let sealed = self.state.lock().log.members(from..mark.parts);
        if sealed.is_empty() && metadata.is_none() {
            return Ok(None);
        }
        let Facts { head, context, .. } = &self.facts;
        let facts = before.is_none().then_some((&**head, &**context));
        let from = before.map_or(0, |mark| mark.events);
        let mut members = write::journal(facts, metadata.as_ref(), from)?;
        for member in sealed {
            members.extend_from_slice(member.bytes());
        }
        mark.bytes = before.map_or(0, |mark| mark.bytes) + members.len() as u64;
        Ok(Some(Unflushed { members, mark }))
    }

    /// What [`Session::unflushed`] gave with this mark is in the journal, which is `bytes` long now, if
    /// that is known. Whether it has what was written to it. Where it has not, as when somebody deleted
    /// it, delete what is there: what [`Session::unflushed`] gives next is all of it, from the head on.
    pub fn flushed(&self, mark: Mark, bytes: Option<u64>) -> bool {
        let whole = bytes.is_none_or(|bytes| bytes == mark.bytes);
        let mut state = self.state.lock();
        state.journal.flushed = whole.then_some(mark);
        state.journal.begun = true;
        whole
    }

    /// Whether a journal of it was begun.
    #[must_use]
    pub fn is_journalled(&self) -> bool {
        self.state.lock().journal.begun
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
