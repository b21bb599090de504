//! Which events belong to one render, and so to one moment that the user saw.

use crate::recording::{Event, EventKind};

/// For each event the index of the last one of its render; of what is no part of a render, its own.
///
/// Nobody saw the state between two changes that came to the browser together, nor anything before
/// the first render. So an event with `joined: true` belongs to the one before it, and so does the
/// `handle_params` that ends mounting.
pub(super) fn ends(events: &[Event]) -> Vec<usize> {
    let mut ends: Vec<usize> = (0..events.len()).collect();
    for index in (1..events.len()).rev() {
        if joins(index, &events[index]) {
            ends[index - 1] = ends[index];
        }
    }
    ends
}

fn joins(index: usize, event: &Event) -> bool {
    let joined = event
        .payload
        .field("joined")
        .and_then(|joined| joined.as_atom());
    joined == Some("true") || (index == 1 && event.kind() == EventKind::HandleParams)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::etf::Value;

    fn event(name: &str, joined: bool) -> Event {
        let fields = joined.then(|| (Value::atom("joined"), Value::boolean(true)));
        Event {
            offset_ms: 0,
            name: name.into(),
            payload: Value::map(fields),
        }
    }

    #[test]
    fn a_render_ends_with_the_last_event_that_joined_it() {
        let events = [
            event("mount", false),
            event("handle_params", false),
            event("component", true),
            event("assigns", true),
            event("event", false),
            event("assigns", false),
            event("stream", true),
            event("info", false),
        ];
        assert_eq!(ends(&events), [3, 3, 3, 3, 4, 6, 6, 7]);
    }

    #[test]
    fn params_that_changed_nothing_and_no_events_at_all() {
        let events = [
            event("mount", false),
            event("handle_params", false),
            event("handle_params", false),
        ];
        assert_eq!(ends(&events), [1, 1, 2]);
        assert!(ends(&[]).is_empty());
    }
}
