//! A list that is made of the items of another.

use std::mem::replace;

use super::TAKEN;
use crate::etf::{ListItems, Picked, Value};
use crate::patch::PatchError;

/// So many items of a list are picked, at four bytes each, in the time that moving one takes.
const PICKED: usize = 8;

/// The old list and the new one, of which each is as far as it is made.
pub(super) struct Making {
    /// Which of the old items are in the new list. Without this a small patch, applied again and
    /// again, could make a list that doubles each time.
    used: Vec<bool>,
    items: Items,
}

enum Items {
    /// The old ones, of which those that are used have been taken out, and the new ones.
    Moved { old: Vec<Value>, made: Vec<Value> },
    /// Where the old ones are, and where the new ones.
    Picked {
        from: Box<Picked>,
        old: Vec<u32>,
        made: Vec<u32>,
    },
}

impl Making {
    pub fn of(items: ListItems) -> Self {
        let items = match items {
            ListItems::Own(old) => Items::Moved {
                old,
                made: Vec::new(),
            },
            ListItems::Picked(from) => {
                let mut from = Box::new(from);
                let old = from.take_order();
                Items::Picked {
                    made: Vec::with_capacity(old.len() + 1),
                    from,
                    old,
                }
            }
        };
        let mut making = Making {
            used: Vec::new(),
            items,
        };
        making.used = vec![false; making.old_len()];
        making
    }

    pub fn old_len(&self) -> usize {
        match &self.items {
            Items::Moved { old, .. } => old.len(),
            Items::Picked { old, .. } => old.len(),
        }
    }

    /// What making it takes, in items that are moved.
    pub fn moved(&self) -> usize {
        match &self.items {
            Items::Moved { .. } => self.used.len(),
            Items::Picked { .. } => self.used.len() / PICKED,
        }
    }

    /// These of the old items come next.
    pub fn keep(&mut self, from: usize, count: usize) -> Result<(), PatchError> {
        let to = self.claim(from, count)?;
        match &mut self.items {
            Items::Moved { old, made } => {
                let items = old.get_mut(from..to).unwrap_or_default();
                made.extend(items.iter_mut().map(|item| replace(item, TAKEN)));
            }
            Items::Picked { old, made, .. } => {
                made.extend_from_slice(old.get(from..to).unwrap_or_default());
            }
        }
        Ok(())
    }

    /// The old item at this index is taken out, to be changed and to come next.
    pub fn take(&mut self, at: usize) -> Result<Value, PatchError> {
        self.claim(at, 1)?;
        let item = match &mut self.items {
            Items::Moved { old, .. } => old.get_mut(at).map(|item| replace(item, TAKEN)),
            Items::Picked { from, old, .. } => old.get(at).and_then(|place| from.take(*place)),
        };
        item.ok_or(PatchError::NoSuchIndex)
    }

    /// This item comes next.
    pub fn put(&mut self, item: Value) {
        match &mut self.items {
            Items::Moved { made, .. } => made.push(item),
            Items::Picked { from, made, .. } => made.push(from.add(item)),
        }
    }

    /// The list, complete.
    pub fn finish(&mut self, tail: Option<Value>) -> Value {
        let none = Items::Moved {
            old: Vec::new(),
            made: Vec::new(),
        };
        match replace(&mut self.items, none) {
            Items::Moved { made, .. } => match tail {
                None => Value::list(made),
                Some(tail) => Value::improper_list(made, tail),
            },
            Items::Picked { from, made, .. } => from.list(made, tail),
        }
    }

    /// Marks old items as used, each of which may be once, and gives where they end.
    fn claim(&mut self, from: usize, count: usize) -> Result<usize, PatchError> {
        let to = from.checked_add(count).ok_or(PatchError::NoSuchIndex)?;
        let used = self.used.get_mut(from..to);
        let used = used.ok_or(PatchError::NoSuchIndex)?;
        if used.contains(&true) {
            return Err(PatchError::UsedTwice);
        }
        used.fill(true);
        Ok(to)
    }
}
