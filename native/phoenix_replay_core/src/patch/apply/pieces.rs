//! Making a list of pieces of a list.

use std::mem::{replace, take};
use std::sync::Arc;

use super::{index, Next, TAKEN};
use crate::etf::{List, Value};
use crate::patch::PatchError;

/// A list on its way.
pub(super) struct PiecesChange<'a> {
    /// The old items. Those that are used have been taken out.
    old: Vec<Value>,
    tail: Option<Value>,
    /// Which of the old items are in the new list. Without this a small patch, applied again and
    /// again, could make a list that doubles each time.
    used: Vec<bool>,
    pieces: std::slice::Iter<'a, Value>,
    /// How many pieces there are.
    count: usize,
    end: Option<&'a Value>,
    made: Vec<Value>,
}

impl<'a> PiecesChange<'a> {
    pub fn new(old: Arc<List>, pieces: &'a [Value], end: Option<&'a Value>) -> Self {
        let mut old = Arc::unwrap_or_clone(old);
        let (old, tail) = (old.take_items(), old.take_tail());
        PiecesChange {
            used: vec![false; old.len()],
            old,
            tail,
            pieces: pieces.iter(),
            count: pieces.len(),
            end,
            made: Vec::new(),
        }
    }

    pub fn step(&mut self) -> Result<Next<'a>, PatchError> {
        for piece in self.pieces.by_ref() {
            match piece {
                Value::Integer(_) => {
                    let from = index(piece)?;
                    let items = claim(&mut self.old, &mut self.used, from, 1)?;
                    self.made.extend(items);
                }
                Value::Tuple(parts) => match &parts[..] {
                    [item] => self.made.push(item.clone()),
                    [from, count] => {
                        let (from, count) = (index(from)?, index(count)?);
                        let items = claim(&mut self.old, &mut self.used, from, count)?;
                        self.made.extend(items);
                    }
                    _ => return Err(PatchError::Unfit),
                },
                Value::Map(map) => {
                    let [(at, change)] = map.entries() else {
                        return Err(PatchError::Unfit);
                    };
                    let mut items = claim(&mut self.old, &mut self.used, index(at)?, 1)?;
                    let old = items.next().ok_or(PatchError::NoSuchIndex)?;
                    return Ok(Next::Begin(old, change));
                }
                _ => return Err(PatchError::Unfit),
            }
        }
        let tail = match self.end {
            None => None,
            Some(end) => {
                let from = index(end)?;
                let count = self.old.len().checked_sub(from);
                let count = count.ok_or(PatchError::NoSuchIndex)?;
                self.made
                    .extend(claim(&mut self.old, &mut self.used, from, count)?);
                self.tail.take()
            }
        };
        let made = take(&mut self.made);
        Ok(Next::Made(match tail {
            None => Value::list(made),
            Some(tail) => Value::improper_list(made, tail),
        }))
    }

    /// The old items, and for each piece its own.
    pub fn moved(&self) -> usize {
        self.old.len() + self.count
    }

    pub fn take(&mut self, value: Value) {
        self.made.push(value);
    }
}

/// Takes old items, each of which may be taken once.
fn claim<'v>(
    old: &'v mut [Value],
    used: &mut [bool],
    from: usize,
    count: usize,
) -> Result<impl Iterator<Item = Value> + use<'v>, PatchError> {
    let to = from.checked_add(count).ok_or(PatchError::NoSuchIndex)?;
    let items = old.get_mut(from..to).ok_or(PatchError::NoSuchIndex)?;
    for used in &mut used[from..to] {
        if replace(used, true) {
            return Err(PatchError::UsedTwice);
        }
    }
    Ok(items.iter_mut().map(|item| replace(item, TAKEN)))
}
