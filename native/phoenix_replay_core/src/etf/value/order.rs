//! The total order of values, and equality as its equal.

use std::cmp::Ordering;
use std::sync::Arc;

use super::{List, Value};

/// A place in two containers that were equal so far.
enum Walk<'a> {
    Elements(&'a [Value], &'a [Value]),
    Items(&'a List, &'a List, usize),
    Keys(&'a [(Value, Value)], &'a [(Value, Value)]),
    Values(&'a [(Value, Value)], &'a [(Value, Value)]),
}

const ATOM: u8 = 2;
const LIST: u8 = 5;

/// Which kind comes before which.
fn rank(value: &Value) -> u8 {
    match value {
        Value::Integer(_) | Value::BigInteger(_) => 0,
        Value::Float(_) => 1,
        Value::Atom(_) => ATOM,
        Value::Tuple(_) => 3,
        Value::Map(_) => 4,
        Value::List(_) => LIST,
        Value::Binary(_) | Value::Bitstring(_) => 6,
    }
}

impl Ord for Value {
    fn cmp(&self, other: &Self) -> Ordering {
        let mut walks = Vec::new();
        let mut order = meet(self, other, &mut walks);
        while order == Ordering::Equal {
            let Some(walk) = walks.pop() else { break };
            order = step(walk, &mut walks);
        }
        order
    }
}

impl PartialOrd for Value {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Value {}

impl Value {
    /// How this value stands to the atom of this name.
    pub(super) fn cmp_atom(&self, name: &str) -> Ordering {
        match self {
            Value::Atom(own) => (**own).cmp(name),
            other => rank(other).cmp(&ATOM),
        }
    }
}

/// Compares two values as far as they can be without looking inside; what is inside is left in `walks`.
fn meet<'a>(a: &'a Value, b: &'a Value, walks: &mut Vec<Walk<'a>>) -> Ordering {
    match (a, b) {
        (Value::Integer(a), Value::Integer(b)) => a.cmp(b),
        (Value::BigInteger(a), Value::BigInteger(b)) => a.cmp(b),
        // A big integer lies outside of what a word holds, on the side of its sign.
        (Value::Integer(_), Value::BigInteger(b)) if b.negative => Ordering::Greater,
        (Value::Integer(_), Value::BigInteger(_)) => Ordering::Less,
        (Value::BigInteger(a), Value::Integer(_)) if a.negative => Ordering::Less,
        (Value::BigInteger(_), Value::Integer(_)) => Ordering::Greater,
        (Value::Float(a), Value::Float(b)) => a.total_cmp(b),
        (Value::Atom(a), Value::Atom(b)) => {
            if Arc::ptr_eq(a, b) {
                return Ordering::Equal;
            }
            a.cmp(b)
        }
        (Value::Tuple(a), Value::Tuple(b)) => {
            if !Arc::ptr_eq(a, b) {
                walks.push(Walk::Elements(a, b));
                return a.len().cmp(&b.len());
            }
            Ordering::Equal
        }
        (Value::Map(a), Value::Map(b)) => {
            if !Arc::ptr_eq(a, b) {
                walks.push(Walk::Values(&a.entries, &b.entries));
                walks.push(Walk::Keys(&a.entries, &b.entries));
                return a.len().cmp(&b.len());
            }
            Ordering::Equal
        }
        (Value::List(a), Value::List(b)) => {
            if !Arc::ptr_eq(a, b) {
                walks.push(Walk::Items(a, b, 0));
            }
            Ordering::Equal
        }
        (Value::Binary(_) | Value::Bitstring(_), Value::Binary(_) | Value::Bitstring(_)) => {
            bits(a).cmp(&bits(b))
        }
        (a, b) => rank(a).cmp(&rank(b)),
    }
}

/// Takes one step in a walk and leaves what comes after it, and then what it found inside, in `walks`.
fn step<'a>(walk: Walk<'a>, walks: &mut Vec<Walk<'a>>) -> Ordering {
    match walk {
        Walk::Elements([a, rest_a @ ..], [b, rest_b @ ..]) => {
            if !rest_a.is_empty() {
                walks.push(Walk::Elements(rest_a, rest_b));
            }
            meet(a, b, walks)
        }
        Walk::Keys([(a, _), rest_a @ ..], [(b, _), rest_b @ ..]) => {
            walks.push(Walk::Keys(rest_a, rest_b));
            meet(a, b, walks)
        }
        Walk::Values([(_, a), rest_a @ ..], [(_, b), rest_b @ ..]) => {
            if !rest_a.is_empty() {
                walks.push(Walk::Values(rest_a, rest_b));
            }
            meet(a, b, walks)
        }
        Walk::Items(a, b, at) => match (a.items().get(at), b.items().get(at)) {
            (Some(x), Some(y)) => {
                walks.push(Walk::Items(a, b, at + 1));
                meet(x, y, walks)
            }
            (Some(_), None) => ends(b).cmp(&(LIST, true)).reverse(),
            (None, Some(_)) => ends(a).cmp(&(LIST, true)),
            (None, None) => match (&a.tail, &b.tail) {
                (Some(x), Some(y)) => meet(x, y, walks),
                _ => ends(a).cmp(&ends(b)),
            },
        },
        _ => Ordering::Equal,
    }
}

/// What stands where the items of a list are through: the empty list, which comes before one that
/// goes on, or the kind of its tail.
fn ends(list: &List) -> (u8, bool) {
    (list.tail.as_ref().map_or(LIST, rank), false)
}

/// A bitstring that is the beginning of another comes before it.
fn bits(value: &Value) -> (&[u8], u8) {
    match value {
        Value::Binary(bytes) => (bytes, 8),
        Value::Bitstring(bits) => (&bits.bytes, bits.bits),
        _ => (&[], 0),
    }
}
