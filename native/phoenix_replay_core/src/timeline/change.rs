//! What an event does to the state.

use super::part::Part;
use super::state::State;
use crate::etf::Value;
use crate::patch::{self, PatchError};
use crate::recording::{Event, EventKind};

/// What all changes of a recording may take, in items of a list that are moved, of which one was measured
/// at 4 ns. A small file can say that a long list is moved very often. 10,000 events that each put a
/// row into a list of 400,000 are within it.
pub(crate) const MOST_WORK: u64 = 4 * 1024 * 1024 * 1024;

/// What an event does to the assigns, or to another part of the page.
pub(crate) enum Change<'a> {
    /// Nothing.
    None,
    /// They become this map.
    All(&'a Value),
    /// The keys of this map get its values.
    Some(&'a Value),
    /// They are patched.
    Patch(&'a Value),
    /// Another part of the page changes.
    Part(Part<'a>),
}

impl<'a> Change<'a> {
    /// An event of these kinds whose payload is of another shape changes nothing.
    pub(crate) fn of(event: &'a Event) -> Self {
        let map = |key| {
            event
                .payload
                .field(key)
                .filter(|value| value.as_map().is_some())
        };
        match event.kind() {
            EventKind::Mount => map("assigns").map_or(Change::None, Change::All),
            EventKind::Assigns => event
                .payload
                .field("patch")
                .map(Change::Patch)
                .or_else(|| map("snapshot").map(Change::All))
                .or_else(|| map("delta").map(Change::Some))
                .unwrap_or(Change::None),
            _ => Part::of(event).map_or(Change::None, Change::Part),
        }
    }

    /// The state after it. What of the state nobody else holds is changed where it is. What it takes
    /// to do it once more is added to `work`, in items of a list that are moved.
    pub(crate) fn apply(&self, state: State, work: &mut u64) -> Result<State, PatchError> {
        let State { assigns, parts } = state;
        let assigns = match self {
            Change::None => assigns,
            Change::All(assigns) => (*assigns).clone(),
            Change::Some(delta) => {
                *work += (entries(&assigns).len() + entries(delta).len()) as u64;
                merge(&assigns, delta)
            }
            // What is no map would be no assigns.
            Change::Patch(patch) => match patch::apply_counted(assigns, patch, work)? {
                assigns @ Value::Map(_) => assigns,
                _ => return Err(PatchError::Unfit),
            },
            Change::Part(part) => return part.apply(State { assigns, parts }, work),
        };
        Ok(State { assigns, parts })
    }

    /// Whether it makes all of the assigns anew: keys that it does not name are gone. A patch is a
    /// map only where it changes some keys.
    pub(super) fn is_whole(&self) -> bool {
        match self {
            Change::All(_) => true,
            Change::Patch(patch) => patch.as_map().is_none(),
            Change::None | Change::Some(_) | Change::Part(_) => false,
        }
    }

    /// The keys it changes, if it does not change all of them.
    pub(super) fn keys(&self) -> Vec<Value> {
        match self {
            Change::None | Change::All(_) | Change::Part(_) => Vec::new(),
            Change::Some(delta) => entries(delta).iter().map(|(key, _)| key.clone()).collect(),
            Change::Patch(patch) => patch::changed_keys(patch)
                .into_iter()
                .map(|changed| changed.key.clone())
                .collect(),
        }
    }
}

fn merge(state: &Value, delta: &Value) -> Value {
    // Of two equal keys the last one counts.
    Value::map(entries(state).iter().chain(entries(delta)).cloned())
}

fn entries(value: &Value) -> &[(Value, Value)] {
    value.as_map().map_or(&[], |map| map.entries())
}
