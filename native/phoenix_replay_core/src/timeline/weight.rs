//! What values hold that share much of what they hold.

use std::collections::HashSet;
use std::sync::Arc;

use crate::etf::{List, Value};

/// A shorter binary is counted wherever it is: to remember it would take as much.
const SHORT: usize = 64;

/// About how many bytes of memory some values hold, what they share counted once.
///
/// They must stay alive until [`Weight::forget`]: what is shared is told by its address.
pub(super) struct Weight {
    bytes: u64,
    seen: HashSet<usize>,
    /// What somebody else holds anyway, and so weighs nothing.
    held: HashSet<usize>,
}

impl Weight {
    pub(super) fn new() -> Self {
        Weight {
            bytes: 0,
            seen: HashSet::new(),
            held: HashSet::new(),
        }
    }

    /// Nothing weighs what others hold: this value and all that is in it.
    pub(super) fn hold(&mut self, value: &Value) {
        let mut open = vec![value];
        while let Some(value) = open.pop() {
            if address(value).is_some_and(|address| !self.held.insert(address)) {
                continue;
            }
            match value {
                Value::Tuple(elements) => open.extend(elements.iter()),
                Value::List(list) => open.extend(list.items().iter().chain(list.tail())),
                Value::Map(map) => {
                    open.extend(map.entries().iter().flat_map(|(key, value)| [key, value]));
                }
                _ => {}
            }
        }
    }

    /// As if nothing had been added.
    pub(super) fn clear(&mut self) {
        self.bytes = 0;
        self.seen.clear();
    }

    /// Adds what this value holds that none before did. Past `enough` bytes it makes no difference any
    /// more, and nothing more is looked at.
    pub(super) fn add(&mut self, value: &Value, enough: u64) {
        let mut open = vec![value];
        while let Some(value) = open.pop() {
            if self.bytes > enough {
                return;
            }
            if address(value).is_some_and(|address| !self.is_new(address)) {
                continue;
            }
            self.bytes += match value {
                Value::Binary(own) => own.len() as u64,
                Value::Bitstring(bits) => bits.bytes().len() as u64,
                Value::BigInteger(big) => big.digits().len() as u64,
                Value::Tuple(elements) => {
                    open.extend(elements.iter());
                    of(elements.len() + 2)
                }
                Value::List(list) => {
                    open.extend(list.tail());
                    self.list(list, &mut open)
                }
                Value::Map(map) => {
                    open.extend(map.entries().iter().flat_map(|(key, value)| [key, value]));
                    of(2 * map.len() + 2)
                }
                Value::Atom(_) | Value::Integer(_) | Value::Float(_) => 0,
            };
        }
    }

    /// What a list takes, its items left to be looked at.
    fn list<'a>(&mut self, list: &'a Arc<List>, open: &mut Vec<&'a Value>) -> u64 {
        let Some((base, order, new)) = list.picked() else {
            open.extend(list.items());
            return of(list.items().len() + 2);
        };
        open.extend(new);
        let own = order as u64 + of(new.len() + 8);
        if self.is_new(Arc::as_ptr(base).addr()) {
            open.extend(base.items().iter().chain(base.tail()));
            return own + of(base.items().len() + 2);
        }
        own
    }

    fn is_new(&mut self, address: usize) -> bool {
        !self.held.contains(&address) && self.seen.insert(address)
    }

    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Keeps the sum alone, when no more are to come.
    pub(super) fn forget(&mut self) {
        self.seen = HashSet::new();
        self.held = HashSet::new();
    }
}

fn of(terms: usize) -> u64 {
    (terms * size_of::<Value>()) as u64
}

/// Where it is that others may share, unless it is short.
fn address(value: &Value) -> Option<usize> {
    fn at<T: ?Sized>(shared: &Arc<T>) -> usize {
        Arc::as_ptr(shared).cast::<()>().addr()
    }
    match value {
        Value::Binary(bytes) => (bytes.len() >= SHORT).then(|| at(bytes)),
        Value::Bitstring(bits) => Some(at(bits)),
        Value::BigInteger(big) => Some(at(big)),
        Value::Tuple(elements) => Some(at(elements)),
        Value::List(list) => Some(at(list)),
        Value::Map(map) => Some(at(map)),
        Value::Atom(_) | Value::Integer(_) | Value::Float(_) => None,
    }
}
