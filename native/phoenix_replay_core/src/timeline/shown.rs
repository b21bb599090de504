//! Events as users are shown them: changes as the values that changed, not as patches.

use super::change::Change;
use super::{next, How, Part, State, Timeline};
use crate::etf::Value;
use crate::recording::hidden::Form;
use crate::recording::{Event, EventKind};

impl Timeline {
    /// At most `count` events from `from` on, without what is hidden.
    ///
    /// An `assigns` event is `%{delta: map}`, the top-level assigns that changed with their new
    /// values. Where several events were handled before one render, or an assign was removed, which
    /// a delta cannot say, it is `%{snapshot: map}`, all assigns.
    #[must_use]
    pub fn events(&self, from: usize, count: usize) -> Vec<Event> {
        self.shown(from, count)
            .map(|event| self.stripped(event))
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
            payload.map_or_else(
                || event.clone(),
                |payload| Event {
                    payload,
                    ..event.clone()
                },
            )
        })
    }

    fn stripped(&self, event: Event) -> Event {
        Event {
            payload: self.in_form(&event.payload, Form::Stripped),
            ..event
        }
    }
}

/// A patched part is shown as `delta`, its keys that changed with their new values.
fn of_part(part: &Part<'_>, stored: &Value, state: &State) -> Option<Value> {
    let How::Patch(patch) = part.how else {
        return None;
    };
    let now = state.part(part.key);
    let entry = |key: Value| now.as_map()?.get(&key).cloned().map(|value| (key, value));
    let keys = Change::Patch(patch).keys();
    let delta: Option<Vec<_>> = keys.into_iter().map(entry).collect();
    let (name, shown) = match delta {
        Some(delta) => ("delta", Value::map(delta)),
        None => ("value", now.clone()),
    };
    let others = stored.as_map()?.entries().iter();
    let others = others.filter(|(key, _)| key.as_atom() != Some("patch"));
    Some(Value::map(
        others.cloned().chain([(Value::atom(name), shown)]),
    ))
}

fn payload(change: &Change<'_>, state: &Value, batched: bool) -> Value {
    let entry = |key: Value| state.as_map()?.get(&key).cloned().map(|value| (key, value));
    let delta = || {
        change
            .keys()
            .into_iter()
            .map(entry)
            .collect::<Option<Vec<_>>>()
    };
    // A key that is not in the state any more makes it no delta.
    let delta = if batched || change.is_whole() {
        None
    } else {
        delta()
    };
    let (name, map) = match delta {
        Some(delta) => ("delta", Value::map(delta)),
        None => ("snapshot", state.clone()),
    };
    Value::map([(Value::atom(name), map)])
}
