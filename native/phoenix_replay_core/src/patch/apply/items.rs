//! Changing elements where they are.

use std::mem::replace;
use std::sync::Arc;

use super::{index, Next, TAKEN};
use crate::etf::{List, Value};
use crate::patch::PatchError;

/// A tuple or list on its way.
pub(super) struct ItemsChange<'a> {
    made: Value,
    changes: std::slice::Iter<'a, (Value, Value)>,
    /// The index whose element is being made.
    at: usize,
    /// How many items were moved for that.
    moved: usize,
}

impl<'a> ItemsChange<'a> {
    pub fn new(old: Value, changes: &'a [(Value, Value)]) -> Self {
        ItemsChange {
            made: old,
            changes: changes.iter(),
            at: 0,
            moved: 0,
        }
    }

    pub fn step(&mut self) -> Result<Next<'a>, PatchError> {
        if let Some((at, change)) = self.changes.next() {
            self.at = index(at)?;
            let element = self.element().ok_or(PatchError::NoSuchIndex)?;
            return Ok(Next::Begin(replace(element, TAKEN), change));
        }
        Ok(Next::Made(match replace(&mut self.made, TAKEN) {
            Value::List(list) if matches!(list.tail(), Some(Value::List(_))) => joined(list),
            made => made,
        }))
    }

    pub fn moved(&self) -> usize {
        self.moved
    }

    pub fn take(&mut self, value: Value) {
        if let Some(element) = self.element() {
            *element = value;
        }
    }

    /// What is at the index, in a container that is copied first if somebody else holds it.
    fn element(&mut self) -> Option<&mut Value> {
        match &mut self.made {
            Value::Tuple(tuple) => Arc::make_mut(tuple).element_mut(self.at),
            Value::List(list) => List::changing(list, &mut self.moved).element_mut(self.at),
            _ => None,
        }
    }
}

/// A list whose tail has become a list is one list.
fn joined(list: Arc<List>) -> Value {
    let items = list.items().to_vec();
    match list.tail().cloned() {
        Some(tail) => Value::improper_list(items, tail),
        None => Value::list(items),
    }
}
