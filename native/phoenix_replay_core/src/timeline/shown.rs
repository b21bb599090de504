//! Events as users are shown them: changes as the values that changed, not as patches.

use super::change::Change;
use super::{next, Timeline};
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
        let before = from.checked_sub(1).and_then(|index| self.state_at(index));
        let mut state = before.unwrap_or_else(|| Value::map([]));
        let events = self
            .recording
            .events
            .iter()
            .zip(&self.batched)
            .skip(from)
            .take(count);
        events.map(move |(event, batched)| {
            let change = Change::of(event);
            let before = std::mem::replace(&mut state, Value::nil());
            state = next(before, &change);
            if event.kind() != EventKind::Assigns || matches!(change, Change::None) {
                return event.clone();
            }
            Event {
                payload: payload(&change, &state, *batched),
                ..event.clone()
            }
        })
    }

    fn stripped(&self, event: Event) -> Event {
        Event {
            payload: self.in_form(&event.payload, Form::Stripped),
            ..event
        }
    }
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
