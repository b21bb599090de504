//! Letting go of a value without recursion: a drop that recursed would end the node on a deep one.

use std::sync::Arc;

use super::list::Held;
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
        let holds = match &self.held {
            Held::Own(items) => items.iter().chain(&self.tail).any(holds),
            Held::Picked(_) => true,
        };
        if holds {
            let mut left = Vec::new();
            self.empty(&mut left);
            release(left);
        }
    }
}

impl List {
    fn empty(&mut self, left: &mut Vec<Value>) {
        match std::mem::replace(&mut self.held, Held::Own(Box::default())) {
            Held::Own(items) if left.is_empty() => *left = items.into_vec(),
            Held::Own(items) => left.extend(items.into_vec().into_iter().filter(holds)),
            Held::Picked(picked) => picked.release(left),
        }
        left.extend(self.tail.take());
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
                    list.empty(&mut left);
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
