//! Making a list of pieces of a list.

use super::{index, Next};
use crate::etf::{List, Value};
use crate::patch::PatchError;

/// A list on its way.
pub(super) struct PiecesChange<'a> {
    old: &'a List,
    /// Which of the old items are in the new list. Without this a small patch, applied again and
    /// again, could make a list that doubles each time.
    used: Vec<bool>,
    pieces: std::slice::Iter<'a, Value>,
    end: Option<&'a Value>,
    made: Vec<Value>,
}

impl<'a> PiecesChange<'a> {
    pub fn new(old: &'a List, pieces: &'a [Value], end: Option<&'a Value>) -> Self {
        let used = vec![false; old.items().len()];
        PiecesChange {
            old,
            used,
            pieces: pieces.iter(),
            end,
            made: Vec::new(),
        }
    }

    pub fn step(&mut self) -> Result<Next<'a>, PatchError> {
        for piece in self.pieces.by_ref() {
            match piece {
                Value::Integer(_) => {
                    let from = index(piece)?;
                    let items = claim(self.old, &mut self.used, from, 1)?;
                    self.made.extend_from_slice(items);
                }
                Value::Tuple(parts) => match &parts[..] {
                    [item] => self.made.push(item.clone()),
                    [from, count] => {
                        let (from, count) = (index(from)?, index(count)?);
                        let items = claim(self.old, &mut self.used, from, count)?;
                        self.made.extend_from_slice(items);
                    }
                    _ => return Err(PatchError::Unfit),
                },
                Value::Map(map) => {
                    let [(at, change)] = map.entries() else {
                        return Err(PatchError::Unfit);
                    };
                    let [old] = claim(self.old, &mut self.used, index(at)?, 1)? else {
                        return Err(PatchError::NoSuchIndex);
                    };
                    return Ok(Next::Begin(old, change));
                }
                _ => return Err(PatchError::Unfit),
            }
        }
        let mut made = std::mem::take(&mut self.made);
        let tail = match self.end {
            None => None,
            Some(end) => {
                let from = index(end)?;
                let count = self.old.items().len().checked_sub(from);
                let count = count.ok_or(PatchError::NoSuchIndex)?;
                made.extend_from_slice(claim(self.old, &mut self.used, from, count)?);
                self.old.tail().cloned()
            }
        };
        Ok(Next::Made(match tail {
            None => Value::list(made),
            Some(tail) => Value::improper_list(made, tail),
        }))
    }

    pub fn take(&mut self, value: Value) {
        self.made.push(value);
    }
}

/// Takes old items, each of which may be taken once.
fn claim<'a>(
    old: &'a List,
    used: &mut [bool],
    from: usize,
    count: usize,
) -> Result<&'a [Value], PatchError> {
    let to = from.checked_add(count).ok_or(PatchError::NoSuchIndex)?;
    let items = old.items().get(from..to).ok_or(PatchError::NoSuchIndex)?;
    for used in &mut used[from..to] {
        if std::mem::replace(used, true) {
            return Err(PatchError::UsedTwice);
        }
    }
    Ok(items)
}
