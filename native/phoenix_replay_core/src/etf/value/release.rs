//! Letting go of a value without recursion: a drop that recursed would end the node on a deep one.

use std::sync::Arc;

use super::{Items, List, Map, Value};

impl Drop for Items {
    fn drop(&mut self) {
        if self.0.iter().any(holds) {
            release(std::mem::take(&mut self.0).into_vec());
        }
    }
}

impl Drop for List {
    fn drop(&mut self) {
        if self.items.iter().chain(&self.tail).any(holds) {
            let mut left = std::mem::take(&mut self.items).into_vec();
            left.extend(self.tail.take());
            release(left);
        }
    }
}

impl Drop for Map {
    fn drop(&mut self) {
        if self
            .entries
            .iter()
            .any(|(key, value)| holds(key) || holds(value))
        {
            let mut left = Vec::new();
            unfold(std::mem::take(&mut self.entries), &mut left);
            release(left);
        }
    }
}

/// Whether dropping this value could drop others.
fn holds(value: &Value) -> bool {
    matches!(value, Value::Tuple(_) | Value::List(_) | Value::Map(_))
}

fn unfold(entries: Box<[(Value, Value)]>, left: &mut Vec<Value>) {
    for (key, value) in entries.into_vec() {
        left.extend([key, value].into_iter().filter(holds));
    }
}

/// Drops values and, where this was the last hold on them, what they hold. A container is emptied
/// before it is dropped, so that its own drop finds nothing.
fn release(mut left: Vec<Value>) {
    while let Some(value) = left.pop() {
        match value {
            Value::Tuple(shared) => {
                if let Some(mut items) = Arc::into_inner(shared) {
                    left.extend(
                        std::mem::take(&mut items.0)
                            .into_vec()
                            .into_iter()
                            .filter(holds),
                    );
                }
            }
            Value::List(shared) => {
                if let Some(mut list) = Arc::into_inner(shared) {
                    left.extend(
                        std::mem::take(&mut list.items)
                            .into_vec()
                            .into_iter()
                            .filter(holds),
                    );
                    left.extend(list.tail.take().filter(holds));
                }
            }
            Value::Map(shared) => {
                if let Some(mut map) = Arc::into_inner(shared) {
                    unfold(std::mem::take(&mut map.entries), &mut left);
                }
            }
            _ => {}
        }
    }
}
