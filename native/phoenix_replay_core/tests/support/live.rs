//! Terms as the BEAM has them: lists of cells that share their ends, maps in an order of their own,
//! pids and closures, and identity for whatever is the same in memory.

use std::borrow::Cow;
use std::rc::Rc;

use phoenix_replay_core::tree::{Inert, InertKind, Kind, ListItems, Tree};

#[derive(Clone, Debug)]
pub enum Live {
    Atom(&'static str),
    Int(i64),
    Big(bool, Rc<Vec<u8>>),
    Float(f64),
    Binary(Rc<Vec<u8>>),
    Bits(Rc<Vec<u8>>, u8),
    Tuple(Rc<Vec<Live>>),
    Nil,
    Cons(Rc<(Live, Live)>),
    Map(Rc<Vec<(Live, Live)>>),
    Pid(Rc<String>),
    /// What it prints as, and what tells it from others that print alike.
    Closure(Rc<String>, u8),
    External(Rc<String>),
}

impl Live {
    pub fn text(text: &str) -> Live {
        Live::Binary(Rc::new(text.into()))
    }

    pub fn tuple(elements: impl IntoIterator<Item = Live>) -> Live {
        Live::Tuple(Rc::new(elements.into_iter().collect()))
    }

    pub fn list(items: impl IntoIterator<Item = Live>) -> Live {
        Live::improper(items, Live::Nil)
    }

    pub fn improper(items: impl IntoIterator<Item = Live>, tail: Live) -> Live {
        let items: Vec<Live> = items.into_iter().collect();
        items
            .into_iter()
            .rfold(tail, |tail, item| Live::Cons(Rc::new((item, tail))))
    }

    /// Of two equal keys the first one stays.
    pub fn map(entries: impl IntoIterator<Item = (Live, Live)>) -> Live {
        let mut unique: Vec<(Live, Live)> = Vec::new();
        for (key, value) in entries {
            if !unique.iter().any(|(other, _)| other.equals(&key)) {
                unique.push((key, value));
            }
        }
        Live::Map(Rc::new(unique))
    }

    /// Exact equality; the trees of these tests are not deep.
    pub fn equals(&self, other: &Live) -> bool {
        match (self, other) {
            (Live::Atom(a), Live::Atom(b)) => a == b,
            (Live::Int(a), Live::Int(b)) => a == b,
            (Live::Big(a, x), Live::Big(b, y)) => a == b && x == y,
            // As Erlang before OTP 27.
            (Live::Float(a), Live::Float(b)) => a == b,
            (Live::Binary(a), Live::Binary(b)) => a == b,
            (Live::Bits(a, x), Live::Bits(b, y)) => a == b && x == y,
            (Live::Tuple(a), Live::Tuple(b)) => {
                a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| a.equals(b))
            }
            (Live::Nil, Live::Nil) => true,
            (Live::Cons(a), Live::Cons(b)) => a.0.equals(&b.0) && a.1.equals(&b.1),
            (Live::Map(a), Live::Map(b)) => {
                a.len() == b.len()
                    && a.iter()
                        .all(|(key, value)| b.iter().any(|(k, v)| k.equals(key) && v.equals(value)))
            }
            (Live::Pid(a), Live::Pid(b)) => Rc::ptr_eq(a, b),
            (Live::External(a), Live::External(b)) => a == b,
            (Live::Closure(a, x), Live::Closure(b, y)) => a == b && x == y,
            _ => false,
        }
    }
}

#[derive(Clone)]
pub struct Elements(Rc<Vec<Live>>, usize);

impl Iterator for Elements {
    type Item = Live;

    fn next(&mut self) -> Option<Live> {
        self.1 += 1;
        self.0.get(self.1 - 1).cloned()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.0.len() - self.1.min(self.0.len());
        (left, Some(left))
    }
}

impl ExactSizeIterator for Elements {}

#[derive(Clone)]
pub struct Cells(Live);

impl Iterator for Cells {
    type Item = Live;

    fn next(&mut self) -> Option<Live> {
        let Live::Cons(cell) = &self.0 else {
            return None;
        };
        let (item, rest) = (**cell).clone();
        self.0 = rest;
        Some(item)
    }
}

impl ListItems<Live> for Cells {
    fn tail(&self) -> Option<Live> {
        match &self.0 {
            Live::Nil | Live::Cons(_) => None,
            tail => Some(tail.clone()),
        }
    }

    fn same_rest(&self, other: &Self) -> bool {
        self.0.same(&other.0)
    }

    fn skip_same(&mut self, news: &mut Self, most: usize) -> usize {
        for skipped in 0..most {
            let rests = match (&self.0, &news.0) {
                (Live::Cons(old), Live::Cons(new))
                    if !Rc::ptr_eq(old, new) && old.0.same(&new.0) =>
                {
                    (old.1.clone(), new.1.clone())
                }
                _ => return skipped,
            };
            (self.0, news.0) = rests;
        }
        most
    }
}

pub struct Entries(Rc<Vec<(Live, Live)>>, usize);

impl Iterator for Entries {
    type Item = (Live, Live);

    fn next(&mut self) -> Option<(Live, Live)> {
        self.1 += 1;
        self.0.get(self.1 - 1).cloned()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.0.len() - self.1.min(self.0.len());
        (left, Some(left))
    }
}

impl ExactSizeIterator for Entries {}

impl Tree for Live {
    type Elements = Elements;
    type Items = Cells;
    type Entries = Entries;

    fn kind(&self) -> Kind<'_, Self> {
        let inert = |kind, text: &str, function| {
            Kind::Inert(Inert {
                kind,
                text: text.to_owned(),
                function,
            })
        };
        match self {
            Live::Atom(name) => Kind::Atom(name),
            Live::Int(integer) => Kind::Integer(*integer),
            Live::Big(negative, digits) => Kind::BigInteger {
                negative: *negative,
                digits: Cow::Borrowed(digits),
            },
            Live::Float(float) => Kind::Float(*float),
            Live::Binary(bytes) => Kind::Binary(bytes),
            Live::Bits(bytes, bits) => Kind::Bitstring {
                bytes: Cow::Borrowed(bytes),
                bits: *bits,
            },
            Live::Tuple(elements) => Kind::Tuple(Elements(elements.clone(), 0)),
            Live::Nil | Live::Cons(_) => Kind::List(Cells(self.clone())),
            Live::Map(entries) => Kind::Map(Entries(entries.clone(), 0)),
            Live::Pid(text) => inert(InertKind::Pid, text, None),
            Live::Closure(text, _) => inert(InertKind::Function, text, None),
            Live::External(text) => inert(
                InertKind::Function,
                text,
                Some(("Elixir.M".into(), "f".into(), 1)),
            ),
        }
    }

    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Live::Atom(a), Live::Atom(b)) => a == b,
            (Live::Int(a), Live::Int(b)) => a == b,
            (Live::Nil, Live::Nil) => true,
            (Live::Big(a, x), Live::Big(b, y)) => a == b && Rc::ptr_eq(x, y),
            (Live::Binary(a), Live::Binary(b)) => Rc::ptr_eq(a, b),
            (Live::Bits(a, x), Live::Bits(b, y)) => x == y && Rc::ptr_eq(a, b),
            (Live::Tuple(a), Live::Tuple(b)) => Rc::ptr_eq(a, b),
            (Live::Cons(a), Live::Cons(b)) => Rc::ptr_eq(a, b),
            (Live::Map(a), Live::Map(b)) => Rc::ptr_eq(a, b),
            (Live::Pid(a), Live::Pid(b)) | (Live::External(a), Live::External(b)) => {
                Rc::ptr_eq(a, b)
            }
            _ => false,
        }
    }

    fn get(&self, key: &Self) -> Option<Self> {
        let Live::Map(entries) = self else {
            return None;
        };
        entries
            .iter()
            .find(|(other, _)| other.equals(key))
            .map(|(_, value)| value.clone())
    }

    fn get_atom(&self, key: &str) -> Option<Self> {
        let Live::Map(entries) = self else {
            return None;
        };
        let found = entries
            .iter()
            .find(|(k, _)| matches!(k, Live::Atom(name) if *name == key));
        found.map(|(_, value)| value.clone())
    }
}
