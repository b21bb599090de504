//! Which events belong to one render, and so to one moment that the user saw.

use crate::recording::{Event, EventKind};

/// For each event the index of the last one of its render; of what is no part of a render, its own.
///
/// Nobody saw the state between two changes that came to the browser together, nor anything before
/// the first render. So an event with `joined: true` belongs to the one before it, and so does the
/// `handle_params` that ends mounting. What is only noted in between, as that this took long, parts neither.
pub(super) fn ends(events: &[Event]) -> Vec<usize> {
    let mut ends: Vec<usize> = (0..events.len()).collect();
    let mounted = events.iter().skip(1).position(|event| !noted(event));
    for index in (1..events.len()).rev() {
        let event = &events[index];
        let mounts = mounted == Some(index - 1) && event.kind() == EventKind::HandleParams;
        if mounts || joined(event) || (noted(event) && ends[index] != index) {
            ends[index - 1] = ends[index];
        }
    }
    ends
}

fn joined(event: &Event) -> bool {
    let joined = event.payload.field("joined");
    joined.and_then(|joined| joined.as_atom()) == Some("true")
}

/// What changes nothing, and happens while something else does.
fn noted(event: &Event) -> bool {
    matches!(
        event.kind(),
        EventKind::Fault | EventKind::Other("slow" | "log" | "telemetry")
    )
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
    fn what_is_noted_in_between_parts_nothing() {
        let events = [
            event("mount", false),
            event("telemetry", false),
            event("handle_params", false),
            event("slow", false),
            event("log", false),
            event("assigns", true),
            event("event", false),
            event("slow", false),
            event("component", false),
            event("telemetry", false),
            event("assigns", true),
            event("log", false),
        ];
        assert_eq!(ends(&events), [5, 5, 5, 5, 5, 5, 6, 7, 10, 10, 10, 11]);
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
