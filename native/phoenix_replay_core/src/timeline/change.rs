//! What an event does to the assigns.

use crate::etf::Value;
use crate::patch::{self, PatchError};
use crate::recording::{Event, EventKind};

/// What an event does to the assigns.
pub(crate) enum Change<'a> {
    /// Nothing.
    None,
    /// They become this map.
    All(&'a Value),
    /// The keys of this map get its values.
    Some(&'a Value),
    /// They are patched.
    Patch(&'a Value),
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
            _ => Change::None,
        }
    }

    /// The state after it. What of the state nobody else holds is changed where it is. What it takes
    /// to do it once more is added to `work`, in items of a list that are moved.
    pub(crate) fn apply(&self, state: Value, work: &mut u64) -> Result<Value, PatchError> {
        match self {
            Change::None => Ok(state),
            Change::All(assigns) => Ok((*assigns).clone()),
            Change::Some(delta) => {
                *work += (entries(&state).len() + entries(delta).len()) as u64;
                Ok(merge(&state, delta))
            }
            // What is no map would be no assigns.
            Change::Patch(patch) => match patch::apply_counted(state, patch, work)? {
                assigns @ Value::Map(_) => Ok(assigns),
                _ => Err(PatchError::Unfit),
            },
        }
    }

    /// Whether it makes all of the assigns anew: keys that it does not name are gone. A patch is a
    /// map only where it changes some keys.
    pub(super) fn is_whole(&self) -> bool {
        match self {
            Change::All(_) => true,
            Change::Patch(patch) => patch.as_map().is_none(),
            Change::None | Change::Some(_) => false,
        }
    }

    /// The keys it changes, if it does not change all of them.
    pub(super) fn keys(&self) -> Vec<Value> {
        match self {
            Change::None | Change::All(_) => Vec::new(),
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
