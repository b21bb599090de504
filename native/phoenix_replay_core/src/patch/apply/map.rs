//! Making a map of a map.

use std::mem::{replace, take};
use std::sync::Arc;

use super::{Next, TAKEN};
use crate::etf::{Map, Value};
use crate::patch::{keys, PatchError};

/// A map on its way: both are in the order of their keys, and so is what is made. Values change
/// where they are; entries come and go at the end, all at once.
pub(super) struct MapChange<'a> {
    made: Value,
    changes: std::slice::Iter<'a, (Value, Value)>,
    /// The place of the entry whose value is being made. Those before it are dealt with.
    at: usize,
    /// What becomes of the entries' places, in their order.
    moves: Vec<(usize, Move<'a>)>,
    /// How many entries were moved for that.
    moved: usize,
}

enum Move<'a> {
    /// The entry at this place goes.
    Out,
    /// One comes in front of it.
    In(&'a Value, &'a Value),
}

impl<'a> MapChange<'a> {
    pub fn new(old: Value, changes: &'a [(Value, Value)]) -> Self {
        MapChange {
            made: old,
            changes: changes.iter(),
            at: 0,
            moves: Vec::new(),
            moved: 0,
        }
    }

    pub fn step(&mut self) -> Result<Next<'a>, PatchError> {
        for (key, change) in self.changes.by_ref() {
            let entries = self.made.as_map().map_or(&[][..], Map::entries);
            let left = entries.get(self.at..).unwrap_or(&[]);
            match left.binary_search_by(|(other, _)| other.cmp(key)) {
                Ok(further) => {
                    self.at += further;
                    if keys::is_removal(change) {
                        self.moves.push((self.at, Move::Out));
                        continue;
                    }
                    let value = self.value().ok_or(PatchError::NoSuchKey)?;
                    return Ok(Next::Begin(replace(value, TAKEN), change));
                }
                Err(further) => {
                    self.at += further;
                    match change.as_tuple() {
                        Some([value]) => self.moves.push((self.at, Move::In(key, value))),
                        _ => return Err(PatchError::NoSuchKey),
                    }
                }
            }
        }
        Ok(Next::Made(match replace(&mut self.made, TAKEN) {
            Value::Map(map) if !self.moves.is_empty() => {
                self.moved = map.len() + self.moves.len();
                moved(map, take(&mut self.moves))
            }
            made => made,
        }))
    }

    pub fn moved(&self) -> usize {
        self.moved
    }

    pub fn take(&mut self, value: Value) {
        if let Some(made) = self.value() {
            *made = value;
        }
    }

    /// The value at the place, in a map that is copied first if somebody else holds it.
    fn value(&mut self) -> Option<&mut Value> {
        match &mut self.made {
            Value::Map(map) => Arc::make_mut(map).value_mut(self.at),
            _ => None,
        }
    }
}

fn moved(map: Arc<Map>, moves: Vec<(usize, Move<'_>)>) -> Value {
    let mut made = Vec::with_capacity(map.len() + moves.len());
    let mut old = Arc::unwrap_or_clone(map).take_entries().into_iter();
    let mut done = 0;
    for (at, change) in moves {
        made.extend(old.by_ref().take(at - done));
        done = at;
        match change {
            Move::Out => {
                old.next();
                done += 1;
            }
            Move::In(key, value) => made.push((key.clone(), value.clone())),
        }
    }
    made.extend(old);
    Value::map(made)
}
