//! Events as users are shown them: changes as the values that changed, not as patches.

use super::change::Change;
use super::{in_form, next, How, Part, State, Timeline};
use crate::etf::{Budget, Value};
use crate::recording::hidden::Form;
use crate::recording::{Event, EventKind, TOOK};

/// What events may have in all, when they are asked for at once. As a term of the BEAM a unit takes some
/// 16 bytes. 10,000 changes of a list of 1,000 rows of ten fields are within it.
const UNITS: u64 = 128 * 1024 * 1024;

/// The events, shown with their values, are too much to have all at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMuch;

impl std::fmt::Display for TooMuch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("its events, with all values, are too much to have at once; open it and ask for fewer events or for single states")
    }
}

impl std::error::Error for TooMuch {}

impl Timeline {
    /// At most `count` events from `from` on, without what is hidden.
    ///
    /// An `assigns` event is `%{delta: map}`, the top-level assigns that changed with their new
    /// values. Where several events were handled before one render, or an assign was removed, which
    /// a delta cannot say, it is `%{snapshot: map}`, all assigns.
    ///
    /// # Errors
    /// [`TooMuch`] when they would take some 2 GB as terms of the BEAM: a patch of some bytes may stand
    /// for a long list, each time.
    pub fn events(&self, from: usize, count: usize) -> Result<Vec<Event>, TooMuch> {
        self.events_within(from, count, &mut Budget::new(UNITS))
    }

    fn events_within(
        &self,
        from: usize,
        count: usize,
        budget: &mut Budget,
    ) -> Result<Vec<Event>, TooMuch> {
        self.shown(from, count)
            .map(|event| {
                budget.spend(event.payload.units()).map_err(|_| TooMuch)?;
                Ok(self.stripped(event))
            })
            .collect()
    }

    /// As [`Timeline::events`], one after the other and with hidden entries.
    pub(super) fn shown(&self, from: usize, count: usize) -> impl Iterator<Item = Event> + '_ {
        let before = from.checked_sub(1).and_then(|index| self.whole_at(index));
        let mut state = before.unwrap_or_else(State::new);
        let events = self
            .recording
            .events
            .iter()
            .zip(&self.batched)
            .skip(from)
            .take(count);
        events.map(move |(event, batched)| {
            let change = Change::of(event);
            let before = std::mem::replace(&mut state, State::new());
            state = next(before, &change);
            let payload = match &change {
                Change::Part(part) => of_part(part, &event.payload, &state),
                Change::None => None,
                _ if event.kind() != EventKind::Assigns => None,
                _ => Some(payload(&change, &state.assigns, *batched)),
            };
            Event {
                payload: payload.unwrap_or_else(|| shaped(event)),
                ..event.clone()
            }
        })
    }

    fn stripped(&self, event: Event) -> Event {
        Event {
            payload: in_form(self.hides.events, &event.payload, Form::Stripped),
            ..event
        }
    }
}

/// The payload in the shape that everyone may rely on: a map, in which assigns are a map, without how long
/// it took, which is there or not by chance. A file from elsewhere may hold any other, which then changes
/// nothing.
fn shaped(event: &Event) -> Value {
    let holds_assigns = matches!(event.kind(), EventKind::Mount | EventKind::Assigns);
    let of_a_step = event.kind().is_handled() || event.kind().is_rendered();
    let odd = |(key, value): &&(Value, Value)| match key.as_atom() {
        Some(TOOK) => of_a_step,
        Some("assigns" | "snapshot" | "delta") => holds_assigns && value.as_map().is_none(),
        _ => false,
    };
    match (&event.payload, event.kind()) {
        (Value::Map(map), _) if map.entries().iter().any(|entry| odd(&entry)) => {
            Value::map(map.entries().iter().filter(|entry| !odd(entry)).cloned())
        }
        (payload @ Value::Map(_), _) => payload.clone(),
        (odd, _) => Value::map([(Value::atom("value"), odd.clone())]),
    }
}

/// A patched part is shown as `delta`, its keys that changed with their new values.
fn of_part(part: &Part<'_>, stored: &Value, state: &State) -> Option<Value> {
    let How::Patch(patch) = part.how else {
        return None;
    };
    let now = state.part(part.key);
    let (name, shown) = match delta(&Change::Patch(patch), &now) {
        Some(delta) => ("delta", delta),
        None => ("value", now),
    };
    let others = stored.as_map()?.entries().iter();
    let others = others.filter(|(key, _)| !matches!(key.as_atom(), Some("patch" | TOOK)));
    Some(Value::map(
        others.cloned().chain([(Value::atom(name), shown)]),
    ))
}

fn payload(change: &Change<'_>, state: &Value, batched: bool) -> Value {
    let delta = if batched || change.is_whole() {
        None
    } else {
        delta(change, state)
    };
    let (name, map) = match delta {
        Some(delta) => ("delta", delta),
        None => ("snapshot", state.clone()),
    };
    Value::map([(Value::atom(name), map)])
}

/// The keys that a change names, with their values `now`. One that is not there any more makes it none.
fn delta(change: &Change<'_>, now: &Value) -> Option<Value> {
    let entry = |key: Value| now.as_map()?.get(&key).cloned().map(|value| (key, value));
    let entries: Option<Vec<_>> = change.keys().into_iter().map(entry).collect();
    entries.map(Value::map)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::{Head, Recording, Summary};

    #[test]
    fn more_than_can_be_had_at_once_is_an_error() {
        let field = |key: &str, value| Value::map([(Value::atom(key), value)]);
        let facts = [
            ("id", Value::binary("a")),
            ("view", Value::atom("V")),
            ("connected_at", Value::integer(0)),
        ];
        let rows = field("rows", Value::list((0..1_000).map(Value::integer)));
        let snapshot = Event {
            offset_ms: 0,
            name: "assigns".into(),
            payload: field("snapshot", rows),
        };
        let facts = Value::map(facts.map(|(key, value)| (Value::atom(key), value)));
        let timeline = Timeline::new(Recording {
            head: Head::new(facts).unwrap(),
            summary: Summary::default(),
            context: Value::map([]),
            events: vec![snapshot; 10],
        });
        let all = |units| timeline.events_within(0, 10, &mut Budget::new(units));
        assert_eq!(all(11_000).map(|events| events.len()), Ok(10));
        assert_eq!(all(10_000), Err(TooMuch));
        assert_eq!(timeline.events(0, 10).map(|events| events.len()), Ok(10));
    }
}
