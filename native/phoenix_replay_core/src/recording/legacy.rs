//! Recordings as version 0.1 and 0.2 wrote them: one map with the contract's keys.

use super::{Event, Head, Recording, RecordingError, Summary};
use crate::etf::Value;

/// The facts among the keys of such a map.
const FACTS: [&str; 3] = ["id", "view", "connected_at"];

/// The recording of a map `%{id, view, url, params, session, connected_at, events}`, a struct or not.
/// Events that are none are left out.
pub(super) fn recording(map: &Value) -> Result<Recording, RecordingError> {
    let pick = |key: &str| {
        map.field(key)
            .map(|value| (Value::atom(key), value.clone()))
    };
    let head = Head::new(Value::map(FACTS.into_iter().filter_map(pick)))?;
    let context = Value::map(["params", "session"].map(|key| {
        let value = map.field(key).filter(|value| value.as_map().is_some());
        (
            Value::atom(key),
            value.cloned().unwrap_or_else(|| Value::map([])),
        )
    }));
    let events = map
        .field("events")
        .and_then(Value::as_list)
        .ok_or(RecordingError::NotARecording)?;
    let mut events: Vec<Event> = events
        .items()
        .iter()
        .filter_map(Event::from_value)
        .collect();
    let mut last = 0;
    for event in &mut events {
        last = event.offset_ms.max(last);
        event.offset_ms = last;
    }
    let mut summary = Summary {
        interrupted: false,
        ..Summary::of_unfinished(&events)
    };
    if let Some(url) = map.field("url").and_then(Value::as_text) {
        summary.url = Some(url.into());
    }
    Ok(Recording {
        head,
        summary,
        context,
        events,
    })
}
