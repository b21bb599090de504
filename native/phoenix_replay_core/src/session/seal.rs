//! What a session has recorded, as a file or in memory.

use super::{Facts, Session, State};
use crate::log::Chunk;
use crate::recording::{from_parts, json, write, Recording, RecordingError, Summary};
use crate::timeline::Timeline;

/// What a finished recording is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Terms, see [`recording`](crate::recording).
    Etf,
    /// One document, see [`json`].
    Json,
}

/// A finished recording.
#[derive(Clone, Debug)]
pub struct Sealed {
    /// The whole file.
    pub data: Vec<u8>,
    /// Its summary, as it stands in the file.
    pub summary: Summary,
}

impl Session {
    /// Its summary as of now.
    #[must_use]
    pub fn summary(&self) -> Summary {
        summary(&self.state.lock())
    }

    /// The finished recording of what there is. The session stays as it is. This takes long: the
    /// lock is held only for sharing the chunks.
    ///
    /// # Errors
    /// A [`RecordingError`] when it cannot be compressed or, for JSON, when the head or context the
    /// session was started with is no term.
    pub fn seal(&self, format: Format) -> Result<Sealed, RecordingError> {
        let (summary, chunks) = self.parts();
        match format {
            Format::Etf => {
                let Facts { head, context, .. } = &self.facts;
                let data = write::finished(head, &summary, context, &chunks)?;
                Ok(Sealed { data, summary })
            }
            Format::Json => {
                let recording = self.decoded(summary, &chunks)?;
                let recording = Timeline::new(recording).with_readable_changes();
                let data = json::write(&recording)?;
                Ok(Sealed {
                    data,
                    summary: recording.summary,
                })
            }
        }
    }

    /// What it has recorded so far, read back. This takes long, as [`Session::seal`] does.
    ///
    /// # Errors
    /// A [`RecordingError`] when the head or context the session was started with is no term.
    pub fn recording(&self) -> Result<Recording, RecordingError> {
        let (summary, chunks) = self.parts();
        self.decoded(summary, &chunks)
    }

    fn parts(&self) -> (Summary, Vec<Chunk>) {
        let state = self.state.lock();
        (summary(&state), state.log.chunks())
    }

    fn decoded(&self, summary: Summary, chunks: &[Chunk]) -> Result<Recording, RecordingError> {
        let chunks = chunks.iter().map(|chunk| chunk.as_slice());
        from_parts(&self.facts.head, summary, &self.facts.context, chunks)
    }
}

fn summary(state: &State) -> Summary {
    let (tally, ending) = (&state.tally, state.ending.as_ref());
    let mut event_names = tally.event_names.clone();
    event_names.sort();
    Summary {
        url: tally.url.clone(),
        event_count: tally.events,
        duration_ms: tally.last_offset,
        dropped: tally.dropped,
        faults: tally.faults,
        truncated: tally.truncated,
        interrupted: false,
        ended: ending.map(|ending| ending.how),
        error: ending.and_then(|ending| ending.error.clone()),
        errors: u64::from(ending.is_some_and(|ending| ending.how.is_error())),
        event_names,
        metadata: tally.metadata.to_value(),
        interacted: state.interacted(),
        inflated_bytes: state.log.bytes(),
        activity: tally.activity.heights(),
    }
}
