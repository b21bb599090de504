//! What an event cost, for a list of events to show.

use super::Timeline;
use crate::etf::{write, Value};
use crate::recording::{Event, TOOK};

/// What an event cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Microseconds that the callback or the render took, where that was worth saying.
    pub took_us: Option<u64>,
    /// Bytes of its payload: of a render, the difference it made.
    pub bytes: usize,
}

impl Timeline {
    /// The costs of at most `count` events from event `from` on. Each payload is encoded for it.
    #[must_use]
    pub fn costs(&self, from: usize, count: usize) -> Vec<Cost> {
        let mut bytes = Vec::new();
        let events = self.recording.events.iter().skip(from).take(count);
        events.map(|event| cost(event, &mut bytes)).collect()
    }
}

fn cost(event: &Event, bytes: &mut Vec<u8>) -> Cost {
    bytes.clear();
    write::value(bytes, &event.payload);
    let took = event.payload.field(TOOK).and_then(Value::as_integer);
    Cost {
        took_us: took.and_then(|took| u64::try_from(took).ok()),
        bytes: bytes.len(),
    }
}
