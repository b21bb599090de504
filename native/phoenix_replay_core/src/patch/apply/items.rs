//! Changing elements where they are.

use super::{index, Next};
use crate::etf::{List, Value};
use crate::patch::PatchError;

/// A tuple or list on its way.
pub(super) struct ItemsChange<'a> {
    old: &'a [Value],
    /// What a list ends in: it has the index after the last item. `None` for a tuple.
    tail: Option<Option<&'a Value>>,
    changes: std::slice::Iter<'a, (Value, Value)>,
    made: Vec<Value>,
    made_tail: Option<Value>,
    /// The index whose element is being made.
    at: usize,
}

impl<'a> ItemsChange<'a> {
    pub fn of_tuple(old: &'a [Value], changes: &'a [(Value, Value)]) -> Self {
        let made = old.to_vec();
        ItemsChange {
            old,
            tail: None,
            changes: changes.iter(),
            made,
            made_tail: None,
            at: 0,
        }
    }

    pub fn of_list(old: &'a List, changes: &'a [(Value, Value)]) -> Self {
        let tail = Some(old.tail());
        let made_tail = old.tail().cloned();
        ItemsChange {
            tail,
            made_tail,
            ..Self::of_tuple(old.items(), changes)
        }
    }

    pub fn step(&mut self) -> Result<Next<'a>, PatchError> {
        if let Some((at, change)) = self.changes.next() {
            self.at = index(at)?;
            let tail = self.tail.flatten().filter(|_| self.at == self.old.len());
            let old = self
                .old
                .get(self.at)
                .or(tail)
                .ok_or(PatchError::NoSuchIndex)?;
            return Ok(Next::Begin(old, change));
        }
        let made = std::mem::take(&mut self.made);
        Ok(Next::Made(match (self.tail, self.made_tail.take()) {
            (None, _) => Value::tuple(made),
            (Some(_), None) => Value::list(made),
            (Some(_), Some(tail)) => Value::improper_list(made, tail),
        }))
    }

    pub fn take(&mut self, value: Value) {
        match self.made.get_mut(self.at) {
            Some(element) => *element = value,
            None => self.made_tail = Some(value),
        }
    }
}
