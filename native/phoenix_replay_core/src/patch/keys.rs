//! Which keys of the assigns a patch changes.

use crate::etf::Value;

/// A key that a patch of a map changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedKey<'a> {
    /// The key.
    pub key: &'a Value,
    /// What becomes of it.
    pub change: KeyChange<'a>,
}

/// What becomes of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyChange<'a> {
    /// It has this value now, whole.
    Put(&'a Value),
    /// Its value changed in part.
    Patched,
    /// It is gone.
    Removed,
}

/// The keys of a map that `patch` changes, in their order, whether or not it fits any value. A patch
/// that replaces the whole map puts every key that is there afterwards. No keys for any other patch.
///
/// ```
/// use phoenix_replay_core::etf::Value;
/// use phoenix_replay_core::patch::{changed_keys, KeyChange};
/// let seven = Value::integer(7);
/// let patch = Value::map([(Value::atom("count"), Value::tuple([seven.clone()]))]);
/// let keys = changed_keys(&patch);
/// assert_eq!(keys[0].key, &Value::atom("count"));
/// assert_eq!(keys[0].change, KeyChange::Put(&seven));
/// ```
#[must_use]
pub fn changed_keys(patch: &Value) -> Vec<ChangedKey<'_>> {
    if let Some(map) = patch.as_map() {
        let keys = map.entries().iter();
        return keys
            .map(|(key, change)| ChangedKey {
                key,
                change: change_of(change),
            })
            .collect();
    }
    let Some([whole]) = patch.as_tuple() else {
        return Vec::new();
    };
    let entries = whole.as_map().map_or(&[][..], |map| map.entries());
    entries
        .iter()
        .map(|(key, value)| ChangedKey {
            key,
            change: KeyChange::Put(value),
        })
        .collect()
}

fn change_of(change: &Value) -> KeyChange<'_> {
    match change {
        Value::Tuple(parts) if parts.len() == 1 => KeyChange::Put(&parts[0]),
        change if is_removal(change) => KeyChange::Removed,
        _ => KeyChange::Patched,
    }
}

/// Whether the change of a key is that it goes.
pub(super) fn is_removal(change: &Value) -> bool {
    matches!(change, Value::List(list) if list.items().is_empty())
}
