//! Making values and taking them apart.

use std::cmp::Ordering;
use std::sync::{Arc, OnceLock};

use super::{BigInteger, Bitstring, Items, List, Map, Value};

/// Terms that hold nothing are one byte on disk and would be an allocation each in memory.
macro_rules! shared {
    ($variant:ident, $empty:expr) => {{
        static EMPTY: OnceLock<Value> = OnceLock::new();
        EMPTY
            .get_or_init(|| Value::$variant(Arc::new($empty)))
            .clone()
    }};
}

impl Value {
    /// An atom, by name.
    #[must_use]
    pub fn atom(name: &str) -> Self {
        Value::Atom(Arc::from(name))
    }

    /// The atom `nil`.
    #[must_use]
    pub fn nil() -> Self {
        static NIL: OnceLock<Value> = OnceLock::new();
        NIL.get_or_init(|| Value::atom("nil")).clone()
    }

    /// The atom `true` or `false`.
    #[must_use]
    pub fn boolean(truth: bool) -> Self {
        Value::atom(if truth { "true" } else { "false" })
    }

    /// An integer.
    #[must_use]
    pub fn integer(integer: impl Into<i64>) -> Self {
        Value::Integer(integer.into())
    }

    /// An integer by sign and magnitude, least significant byte first; one that fits a word becomes
    /// a [`Value::Integer`].
    #[must_use]
    pub fn big_integer(negative: bool, digits: &[u8]) -> Self {
        let length = digits
            .iter()
            .rposition(|digit| *digit != 0)
            .map_or(0, |at| at + 1);
        let digits = &digits[..length];
        if length <= 8 {
            let mut word = [0; 8];
            word[..length].copy_from_slice(digits);
            let magnitude = i128::from(u64::from_le_bytes(word));
            let integer = if negative { -magnitude } else { magnitude };
            if let Ok(integer) = i64::try_from(integer) {
                return Value::Integer(integer);
            }
        }
        Value::BigInteger(Arc::new(BigInteger {
            negative,
            digits: digits.into(),
        }))
    }

    /// A float.
    #[must_use]
    pub fn float(float: f64) -> Self {
        Value::Float(float)
    }

    /// A binary, of text or of bytes.
    #[must_use]
    pub fn binary(bytes: impl AsRef<[u8]>) -> Self {
        Value::Binary(Arc::from(bytes.as_ref()))
    }

    /// A bitstring of which the highest `bits` of the last byte count. With 0 or more than 7 of them,
    /// or without bytes, it is the binary of the bytes.
    #[must_use]
    pub fn bitstring(bytes: impl AsRef<[u8]>, bits: u8) -> Self {
        let mut bytes: Box<[u8]> = bytes.as_ref().into();
        match bytes.last_mut() {
            Some(last) if (1..=7).contains(&bits) => {
                *last &= 0xffu8 << (8 - bits);
                Value::Bitstring(Arc::new(Bitstring { bytes, bits }))
            }
            _ => Value::binary(bytes),
        }
    }

    /// A tuple.
    #[must_use]
    pub fn tuple(elements: impl IntoIterator<Item = Value>) -> Self {
        let elements: Box<[Value]> = elements.into_iter().collect();
        if elements.is_empty() {
            return shared!(Tuple, Items(Box::default()));
        }
        Value::Tuple(Arc::new(Items(elements)))
    }

    /// A proper list.
    #[must_use]
    pub fn list(items: impl IntoIterator<Item = Value>) -> Self {
        let items: Box<[Value]> = items.into_iter().collect();
        if items.is_empty() {
            return shared!(List, List::new(Box::default(), None));
        }
        Value::List(Arc::new(List::new(items, None)))
    }

    /// The items in front of `tail`: an improper list, unless `tail` is a list, whose items then follow.
    /// Without items it is `tail`.
    #[must_use]
    pub fn improper_list(items: impl IntoIterator<Item = Value>, tail: Value) -> Self {
        let mut items: Vec<Value> = items.into_iter().collect();
        if items.is_empty() {
            return tail;
        }
        let tail = match tail {
            Value::List(rest) => {
                items.extend(rest.items().iter().cloned());
                rest.tail.clone()
            }
            other => Some(other),
        };
        Value::List(Arc::new(List::new(items.into(), tail)))
    }

    /// A map. Of two equal keys the last one counts.
    #[must_use]
    pub fn map(entries: impl IntoIterator<Item = (Value, Value)>) -> Self {
        let mut entries: Vec<(Value, Value)> = entries.into_iter().collect();
        if entries.is_empty() {
            return shared!(
                Map,
                Map {
                    entries: Box::default()
                }
            );
        }
        let sorted = entries
            .windows(2)
            .all(|pair| pair[0].0.cmp(&pair[1].0) == Ordering::Less);
        if !sorted {
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            entries.dedup_by(|later, kept| {
                let equal = later.0 == kept.0;
                if equal {
                    std::mem::swap(&mut later.1, &mut kept.1);
                }
                equal
            });
        }
        Value::Map(Arc::new(Map {
            entries: entries.into(),
        }))
    }

    /// The name, if this is an atom.
    #[must_use]
    pub fn as_atom(&self) -> Option<&str> {
        match self {
            Value::Atom(name) => Some(name),
            _ => None,
        }
    }

    /// The integer, if this is one that fits.
    #[must_use]
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Value::Integer(integer) => Some(*integer),
            _ => None,
        }
    }

    /// The bytes, if this is a binary.
    #[must_use]
    pub fn as_binary(&self) -> Option<&[u8]> {
        match self {
            Value::Binary(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The text, if this is a binary of UTF-8.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        self.as_binary()
            .and_then(|bytes| std::str::from_utf8(bytes).ok())
    }

    /// The elements, if this is a tuple.
    #[must_use]
    pub fn as_tuple(&self) -> Option<&[Value]> {
        match self {
            Value::Tuple(elements) => Some(elements),
            _ => None,
        }
    }

    /// The list, if this is one, proper or not.
    #[must_use]
    pub fn as_list(&self) -> Option<&List> {
        match self {
            Value::List(list) => Some(list),
            _ => None,
        }
    }

    /// The map, if this is one.
    #[must_use]
    pub fn as_map(&self) -> Option<&Map> {
        match self {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The value under the atom of this name, if this is a map that has it.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Value> {
        self.as_map().and_then(|map| map.field(name))
    }
}

impl Items {
    /// The elements in order.
    #[must_use]
    pub fn as_slice(&self) -> &[Value] {
        &self.0
    }
}
