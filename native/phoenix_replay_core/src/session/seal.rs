//! What a session has recorded, as a file or in memory.

use super::{Facts, Session, State};
use crate::etf::Value;
use crate::recording::{
    from_parts, head_of, json, write, Part, Recording, RecordingError, Summary,
};
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
    /// What a list shows of it: what reading its beginning gives.
    pub listed: Value,
}

impl Session {
    /// Its summary as of now.
    #[must_use]
    pub fn summary(&self) -> Summary {
        summary(&self.state.lock())
    }

    /// The finished recording of what there is. The session stays as it is. This takes long: the
    /// lock is held only for sharing the parts.
    ///
    /// # Errors
    /// A [`RecordingError`] when it cannot be compressed or when the head or, for JSON, the context that the
    /// session was started with is no term.
    pub fn seal(&self, format: Format) -> Result<Sealed, RecordingError> {
        let (summary, parts) = self.parts();
        match format {
            Format::Etf => {
                let Facts { head, context, .. } = &self.facts;
                let data = write::finished(head, &summary, context, &parts)?;
                let listed = head_of(head)?.listed(Some(summary.clone()));
                Ok(Sealed {
                    data,
                    summary,
                    listed,
                })
            }
            Format::Json => {
                let recording = self.decoded(summary, &parts)?;
                let recording = Timeline::new(recording).with_readable_changes();
                let data = json::write(&recording)?;
                Ok(Sealed {
                    data,
                    listed: recording.head.listed(Some(recording.summary.clone())),
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
        let (summary, parts) = self.parts();
        self.decoded(summary, &parts)
    }

    fn parts(&self) -> (Summary, Vec<Part>) {
        let state = self.state.lock();
        (summary(&state), state.log.parts())
    }

    fn decoded(&self, summary: Summary, parts: &[Part]) -> Result<Recording, RecordingError> {
        from_parts(&self.facts.head, summary, &self.facts.context, parts)
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
        errors: state.errors(),
        event_names,
        metadata: tally.metadata.to_value(),
        interacted: state.interacted(),
        inflated_bytes: state.log.events_bytes(),
        activity: tally.activity.heights(),
    }
}
