//! Params of events as changes to those of the last event of the same name, as they are written.

use std::collections::hash_map::Entry;
use std::collections::HashMap;

use crate::etf::scan::{atom_name, binary, Scan, Scanned};
use crate::etf::{decode, write, Budget, Limits, Value, MAP, VERSION};
use crate::patch::{diff, Change};
use crate::recording::TOOK;
use crate::tree::Tree;
use crate::view::Everything;

/// The params that the last event of each name had.
#[derive(Default)]
pub(super) struct Changes<'a> {
    last: HashMap<&'a [u8], Params<'a>>,
    /// Room that was used before.
    spare: Scan,
    patch: Vec<u8>,
}

struct Params<'a> {
    bytes: &'a [u8],
    scan: Scan,
}

impl<'a> Changes<'a> {
    /// Writes the payload of an event of type `:event` with its params as a change, if it is of the kind
    /// `%{name: name, params: params}`, perhaps with how long it `took`, and there were params of this
    /// name. `payload` stands in `event`.
    pub(super) fn write(
        &mut self,
        event: &'a [u8],
        payload: Scanned<'_>,
        out: &mut Vec<u8>,
    ) -> Option<()> {
        let (name, params) = parts(payload)?;
        let bytes = slice(event, params)?;
        let mut scan = std::mem::take(&mut self.spare);
        scan.read(bytes)?;
        let now = Params { bytes, scan };
        let (now, before) = match self.last.entry(binary(slice(event, name)?)?) {
            Entry::Vacant(entry) => {
                entry.insert(now);
                return None;
            }
            Entry::Occupied(entry) => {
                let last = entry.into_mut();
                let before = std::mem::replace(last, now);
                (&*last, before)
            }
        };
        let changed = before.change(now, &mut self.patch);
        self.spare = before.scan;
        changed?;
        with_params(payload, &self.patch, out)
    }
}

impl Params<'_> {
    /// Writes how these become `others`, as a patch.
    fn change(&self, others: &Params<'_>, patch: &mut Vec<u8>) -> Option<()> {
        patch.clear();
        let change = if self.bytes == others.bytes {
            Change::Same
        } else if self.scan.is_simple() && others.scan.is_simple() {
            let old = Scanned::new(&self.scan, self.bytes);
            let new = Scanned::new(&others.scan, others.bytes);
            compare(&old, &new, patch)?
        } else {
            compare(&value(self.bytes)?, &value(others.bytes)?, patch)?
        };
        match change {
            Change::Changed => Some(()),
            Change::Same => {
                write::map(patch, 0);
                (others.bytes.first() == Some(&MAP)).then_some(())
            }
        }
    }
}

fn compare<T: Tree>(old: &T, new: &T, patch: &mut Vec<u8>) -> Option<Change> {
    diff(old, new, &Everything, (), &mut Budget::unlimited(), patch).ok()
}

fn value(term: &[u8]) -> Option<Value> {
    let bytes = [&[VERSION], term].concat();
    let (value, _) = decode(&bytes, Limits::default()).ok()?;
    Some(value)
}

/// Name and params of a payload that has these and nothing else but how long it took.
fn parts<'s>(payload: Scanned<'s>) -> Option<(Scanned<'s>, Scanned<'s>)> {
    let others = payload.entries()?.len().checked_sub(2)?;
    if others != usize::from(payload.get_atom(TOOK).is_some()) {
        return None;
    }
    Some((payload.get_atom("name")?, payload.get_atom("params")?))
}

/// The bytes of a part of an event, for longer than it is scanned.
fn slice<'a>(event: &'a [u8], part: Scanned<'_>) -> Option<&'a [u8]> {
    let node = part.node()?;
    event.get(node.start as usize..node.end as usize)
}

fn with_params(payload: Scanned<'_>, patch: &[u8], out: &mut Vec<u8>) -> Option<()> {
    out.clear();
    let entries = payload.entries()?;
    write::map(out, entries.len());
    for (key, value) in entries {
        out.extend_from_slice(key.bytes());
        match atom_name(key.bytes()) {
            Some("params") => out.extend_from_slice(patch),
            _ => out.extend_from_slice(value.bytes()),
        }
    }
    Some(())
}
