//! What tuples, lists and maps hold. They are read-only, for they are shared.

use std::cmp::Ordering;

use super::Value;

/// The elements of a tuple.
pub struct Items(pub(super) Box<[Value]>);

impl std::ops::Deref for Items {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        &self.0
    }
}

/// The items of a list and what an improper one ends in.
pub struct List {
    pub(super) items: Box<[Value]>,
    pub(super) tail: Option<Value>,
}

impl List {
    /// The items in order, without the tail.
    #[must_use]
    pub fn items(&self) -> &[Value] {
        &self.items
    }

    /// What an improper list ends in, never a list itself; `None` for a proper list.
    #[must_use]
    pub fn tail(&self) -> Option<&Value> {
        self.tail.as_ref()
    }
}

/// The entries of a map, in the order of their keys, each key once.
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

    fn value_where(&self, order: impl Fn(&Value) -> Ordering) -> Option<&Value> {
        let at = self.entries.binary_search_by(|(key, _)| order(key)).ok()?;
        Some(&self.entries[at].1)
    }
}
