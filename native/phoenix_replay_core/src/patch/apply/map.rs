//! Making a map of a map.

use super::Next;
use crate::etf::Value;
use crate::patch::{keys, PatchError};

type Entries<'a> = std::slice::Iter<'a, (Value, Value)>;

/// A map on its way: both are in the order of their keys, and so is what is made.
pub(super) struct MapChange<'a> {
    /// The old entries that are not dealt with.
    old: &'a [(Value, Value)],
    changes: Entries<'a>,
    made: Vec<(Value, Value)>,
    /// The key whose value is being made.
    key: Option<&'a Value>,
}

impl<'a> MapChange<'a> {
    pub fn new(old: &'a [(Value, Value)], changes: &'a [(Value, Value)]) -> Self {
        let made = Vec::with_capacity(old.len() + changes.len());
        MapChange {
            old,
            changes: changes.iter(),
            made,
            key: None,
        }
    }

    pub fn step(&mut self) -> Result<Next<'a>, PatchError> {
        for (key, change) in self.changes.by_ref() {
            match self.old.binary_search_by(|(other, _)| other.cmp(key)) {
                Ok(at) => {
                    self.made.extend_from_slice(&self.old[..at]);
                    let (key, value) = &self.old[at];
                    self.old = &self.old[at + 1..];
                    if !keys::is_removal(change) {
                        self.key = Some(key);
                        return Ok(Next::Begin(value, change));
                    }
                }
                Err(at) => {
                    self.made.extend_from_slice(&self.old[..at]);
                    self.old = &self.old[at..];
                    match change.as_tuple() {
                        Some([value]) => self.made.push((key.clone(), value.clone())),
                        _ => return Err(PatchError::NoSuchKey),
                    }
                }
            }
        }
        self.made.extend_from_slice(self.old);
        Ok(Next::Made(Value::map(std::mem::take(&mut self.made))))
    }

    pub fn take(&mut self, value: Value) {
        if let Some(key) = self.key.take() {
            self.made.push((key.clone(), value));
        }
    }
}
