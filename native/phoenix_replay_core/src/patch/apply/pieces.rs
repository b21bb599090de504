//! Making a list of pieces of a list.

use std::sync::Arc;

use super::making::Making;
use super::{index, Next};
use crate::etf::{List, SequenceIter, Value};
use crate::patch::PatchError;

/// A list on its way.
pub(super) struct PiecesChange<'a> {
    list: Making,
    tail: Option<Value>,
    pieces: SequenceIter<'a>,
    /// How many pieces there are.
    count: usize,
    end: Option<&'a Value>,
}

impl<'a> PiecesChange<'a> {
    pub fn new(old: Arc<List>, pieces: SequenceIter<'a>, end: Option<&'a Value>) -> Self {
        let (items, tail) = List::take_apart(old);
        PiecesChange {
            list: Making::of(items),
            tail,
            count: pieces.len(),
            pieces,
            end,
        }
    }

    pub fn step(&mut self) -> Result<Next<'a>, PatchError> {
        for piece in self.pieces.by_ref() {
            match piece {
                Value::Integer(_) => self.list.keep(index(piece)?, 1)?,
                Value::Tuple(parts) => match &parts[..] {
                    [item] => self.list.put(item.clone()),
                    [from, count] => self.list.keep(index(from)?, index(count)?)?,
                    _ => return Err(PatchError::Unfit),
                },
                Value::Map(map) => {
                    let [(at, change)] = map.entries() else {
                        return Err(PatchError::Unfit);
                    };
                    return Ok(Next::Begin(self.list.take(index(at)?)?, change));
                }
                _ => return Err(PatchError::Unfit),
            }
        }
        let tail = match self.end {
            None => None,
            Some(end) => {
                let from = index(end)?;
                let count = self.list.old_len().checked_sub(from);
                self.list
                    .keep(from, count.ok_or(PatchError::NoSuchIndex)?)?;
                self.tail.take()
            }
        };
        Ok(Next::Made(self.list.finish(tail)))
    }

    /// The old items, and for each piece its own.
    pub fn moved(&self) -> usize {
        self.list.moved() + self.count
    }

    pub fn take(&mut self, value: Value) {
        self.list.put(value);
    }
}
