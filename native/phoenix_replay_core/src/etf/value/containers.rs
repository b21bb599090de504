//! What tuples and maps hold. They are read-only, for they are shared; only who holds the sole
//! reference may change one, through `Arc::make_mut`, for which a clone copies one level.

use std::cmp::Ordering;

use super::Value;

/// The elements of a tuple.
#[derive(Clone)]
pub struct Items(pub(super) Box<[Value]>);

impl std::ops::Deref for Items {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        &self.0
    }
}

impl Items {
    pub(crate) fn element_mut(&mut self, at: usize) -> Option<&mut Value> {
        self.0.get_mut(at)
    }
}

/// The entries of a map, in the order of their keys, each key once.
#[derive(Clone)]
pub struct Map {
    pub(super) entries: Box<[(Value, Value)]>,
}

impl Map {
    /// The entries, in the order of their keys.
    #[must_use]
    pub fn entries(&self) -> &[(Value, Value)] {
        &self.entries
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The value under `key`.
    #[must_use]
    pub fn get(&self, key: &Value) -> Option<&Value> {
        self.value_where(|other| other.cmp(key))
    }

    /// The value under the atom of this name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Value> {
        self.value_where(|other| other.cmp_atom(name))
    }

    /// The value of the entry at this place. Keys stay: they are what the order is by.
    pub(crate) fn value_mut(&mut self, at: usize) -> Option<&mut Value> {
        self.entries.get_mut(at).map(|(_, value)| value)
    }

    pub(crate) fn take_entries(&mut self) -> Vec<(Value, Value)> {
        std::mem::take(&mut self.entries).into_vec()
    }

    fn value_where(&self, order: impl Fn(&Value) -> Ordering) -> Option<&Value> {
        let at = self.entries.binary_search_by(|(key, _)| order(key)).ok()?;
        Some(&self.entries[at].1)
    }
}
