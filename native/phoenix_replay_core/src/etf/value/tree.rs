//! A value as a tree: what diff and encoder walk.

use std::borrow::Cow;
use std::sync::Arc;

use super::{Items, List, Map, Value};
use crate::tree::{Kind, ListItems, Tree};

/// The elements of a tuple that are left to take.
#[derive(Clone)]
pub struct ValueElements(Arc<Items>, usize);

/// The items of a list that are left to take.
#[derive(Clone)]
pub struct ValueItems(Arc<List>, usize);

/// The entries of a map that are left to take.
#[derive(Clone)]
pub struct ValueEntries(Arc<Map>, usize);

impl Iterator for ValueElements {
    type Item = Value;

    fn next(&mut self) -> Option<Value> {
        let element = self.0.get(self.1).cloned()?;
        self.1 += 1;
        Some(element)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.0.len() - self.1;
        (left, Some(left))
    }
}

impl ExactSizeIterator for ValueElements {}

impl Iterator for ValueItems {
    type Item = Value;

    fn next(&mut self) -> Option<Value> {
        let item = self.0.items().get(self.1).cloned()?;
        self.1 += 1;
        Some(item)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.0.items().len() - self.1;
        (left, Some(left))
    }
}

impl ListItems<Value> for ValueItems {
    fn tail(&self) -> Option<Value> {
        self.0.tail.clone()
    }

    fn same_rest(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) && self.1 == other.1
    }
}

impl Iterator for ValueEntries {
    type Item = (Value, Value);

    fn next(&mut self) -> Option<(Value, Value)> {
        let entry = self.0.entries.get(self.1).cloned()?;
        self.1 += 1;
        Some(entry)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.0.entries.len() - self.1;
        (left, Some(left))
    }
}

impl ExactSizeIterator for ValueEntries {}

impl Tree for Value {
    type Elements = ValueElements;
    type Items = ValueItems;
    type Entries = ValueEntries;

    fn kind(&self) -> Kind<'_, Self> {
        match self {
            Value::Atom(name) => Kind::Atom(name),
            Value::Integer(integer) => Kind::Integer(*integer),
            Value::BigInteger(big) => Kind::BigInteger {
                negative: big.negative,
                digits: Cow::Borrowed(&big.digits),
            },
            Value::Float(float) => Kind::Float(*float),
            Value::Binary(bytes) => Kind::Binary(bytes),
            Value::Bitstring(bits) => Kind::Bitstring {
                bytes: Cow::Borrowed(&bits.bytes),
                bits: bits.bits,
            },
            Value::Tuple(elements) => Kind::Tuple(ValueElements(elements.clone(), 0)),
            Value::List(list) => Kind::List(ValueItems(list.clone(), 0)),
            Value::Map(map) => Kind::Map(ValueEntries(map.clone(), 0)),
        }
    }

    fn equal(&self, other: &Self) -> Option<bool> {
        Some(self == other)
    }

    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Value::Atom(a), Value::Atom(b)) => Arc::ptr_eq(a, b),
            (Value::Integer(a), Value::Integer(b)) => a == b,
            (Value::BigInteger(a), Value::BigInteger(b)) => Arc::ptr_eq(a, b),
            (Value::Float(a), Value::Float(b)) => a.to_bits() == b.to_bits(),
            (Value::Binary(a), Value::Binary(b)) => Arc::ptr_eq(a, b),
            (Value::Bitstring(a), Value::Bitstring(b)) => Arc::ptr_eq(a, b),
            (Value::Tuple(a), Value::Tuple(b)) => Arc::ptr_eq(a, b),
            (Value::List(a), Value::List(b)) => Arc::ptr_eq(a, b),
            (Value::Map(a), Value::Map(b)) => Arc::ptr_eq(a, b),
            _ => false,
        }
    }

    fn get(&self, key: &Self) -> Option<Self> {
        self.as_map().and_then(|map| map.get(key)).cloned()
    }

    fn get_atom(&self, key: &str) -> Option<Self> {
        self.field(key).cloned()
    }

    fn skip_same(olds: &mut ValueEntries, news: &mut ValueEntries, most: usize) -> usize {
        let same = olds.0.entries[olds.1..]
            .iter()
            .zip(&news.0.entries[news.1..])
            .take(most)
            .take_while(|((old_key, old), (key, new))| {
                matches!(key, Value::Atom(_)) && old_key.same(key) && old.same(new)
            })
            .count();
        olds.1 += same;
        news.1 += same;
        same
    }
}
