//! What the tests of deltas share.
#![allow(dead_code)]
#![allow(clippy::unwrap_used)]

pub mod edits;
pub mod live;
pub mod views;

use phoenix_replay_core::etf::{decode, encode, Budget, Limits, Value, VERSION};
use phoenix_replay_core::patch::{diff, Change};
use phoenix_replay_core::tree::Tree;
use phoenix_replay_core::view::{Everything, View};

pub fn value(bytes: &[u8]) -> Value {
    let mut stored = vec![VERSION];
    stored.extend_from_slice(bytes);
    let (value, used) = decode(&stored, Limits::default()).unwrap();
    assert_eq!(used, stored.len(), "one term and nothing after it");
    value
}

/// What a view shows of a tree.
pub fn shown<T: Tree, V: View<T>>(tree: &T, view: &V, place: V::Place) -> Vec<u8> {
    let mut out = Vec::new();
    encode(tree, view, place, &mut Budget::unlimited(), &mut out).unwrap();
    out
}

/// The patch between two trees, as bytes; `None` if there is nothing to say.
pub fn patch_bytes<T: Tree, V: View<T>>(
    old: &T,
    new: &T,
    view: &V,
    place: V::Place,
) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    match diff(old, new, view, place, &mut Budget::unlimited(), &mut out).unwrap() {
        Change::Same => {
            assert!(out.is_empty());
            None
        }
        Change::Changed => Some(out),
    }
}

/// The patch between two values, both shown as they are.
pub fn patch(old: &Value, new: &Value) -> Option<Value> {
    patch_bytes(old, new, &Everything, ()).map(|bytes| value(&bytes))
}

pub fn atom(name: &str) -> Value {
    Value::atom(name)
}

pub fn int(integer: i64) -> Value {
    Value::integer(integer)
}

pub fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::map(entries.map(|(key, value)| (atom(key), value)))
}
