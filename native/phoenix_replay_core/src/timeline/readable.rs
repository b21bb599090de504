//! A recording for a format that people read.

use super::change::Change;
use super::Timeline;
use crate::etf::{encode, Budget, Value};
use crate::recording::{Event, Recording};
use crate::view::Everything;

/// The longest delta, in bytes, that stands in place of a patch. Whole values of a large assign at
/// each of its changes would make a file that is out of all proportion to what happened.
const LONGEST: u64 = 4 * 1024;

impl Timeline {
    /// The recording with `%{delta: map}` wherever a change is stored as a patch, unless the new
    /// values are long. Every state is the same; what is hidden stays in it, hidden.
    #[must_use]
    pub fn with_readable_changes(&self) -> Recording {
        let events = self.recording.events.iter().zip(self.shown(0, self.len()));
        let events = events.map(|(stored, shown)| match Change::of(stored) {
            Change::Patch(_) if is_short(&shown) => with_others(shown, stored),
            _ => stored.clone(),
        });
        Recording {
            head: self.recording.head.clone(),
            summary: self.recording.summary.clone(),
            context: self.recording.context.clone(),
            events: events.collect(),
        }
    }
}

/// What is shown, with what else is stored beside the patch: what it joins and how long it took.
fn with_others(shown: Event, stored: &Event) -> Event {
    let [shown_entries, stored_entries] =
        [&shown, stored].map(|event| event.payload.as_map().map_or(&[][..], |map| map.entries()));
    let others = stored_entries
        .iter()
        .filter(|(key, _)| key.as_atom() != Some("patch"));
    Event {
        payload: Value::map(shown_entries.iter().chain(others).cloned()),
        ..shown
    }
}

fn is_short(event: &Event) -> bool {
    let bytes_per_unit = Budget::BYTES_PER_UNIT as u64;
    let mut budget = Budget::new(LONGEST / 8 + LONGEST / bytes_per_unit);
    let mut out = Vec::new();
    let delta: &Value = &event.payload;
    encode(delta, &Everything, (), &mut budget, &mut out).is_ok() && out.len() as u64 <= LONGEST
}
