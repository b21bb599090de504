//! A scanned term as a tree, so that it can be compared without anything being made of it.

use std::borrow::Cow;

use super::super::tag;
use super::{atom_name, binary, integer, Node, Part, Scan};
use crate::tree::{Kind, ListItems, Tree};

/// Terms of no more bytes are compared by these to see whether they are the same. Longer ones are not, for
/// one that differs far down would be gone over once for each level above it.
const SHORT: usize = 256;

/// A part of a term that was scanned.
#[derive(Clone, Copy)]
pub(crate) struct Scanned<'a> {
    scan: &'a Scan,
    bytes: &'a [u8],
    at: usize,
}

/// Parts that follow each other, so many of them.
#[derive(Clone)]
pub(crate) struct Following<'a> {
    next: Scanned<'a>,
    left: usize,
}

/// The items of a list.
#[derive(Clone)]
pub(crate) struct Items<'a> {
    items: Following<'a>,
    proper: bool,
}

/// The entries of a map.
#[derive(Clone)]
pub(crate) struct Entries<'a>(Following<'a>);

impl<'a> Scanned<'a> {
    /// The term that `scan` read from `bytes`.
    pub(crate) fn new(scan: &'a Scan, bytes: &'a [u8]) -> Self {
        Scanned { scan, bytes, at: 0 }
    }

    /// A part of it, by its node.
    pub(crate) fn part(&self, at: usize) -> Self {
        Scanned { at, ..*self }
    }

    /// What it is and where it stands.
    pub(crate) fn node(&self) -> Option<&'a Node> {
        self.scan.nodes().get(self.at)
    }

    /// The one after it: the first of its parts, if it has any.
    pub(crate) fn after(&self) -> Self {
        self.part(self.at + 1)
    }

    /// The one after it and all its parts.
    pub(crate) fn beyond(&self) -> Self {
        self.part(self.node().map_or(usize::MAX, |node| node.next as usize))
    }

    pub(crate) fn is_before(&self, other: Self) -> bool {
        self.at < other.at
    }

    pub(crate) fn has_parts(&self) -> bool {
        self.after().is_before(self.beyond())
    }

    /// Its bytes.
    pub(crate) fn bytes(&self) -> &'a [u8] {
        let node = self.node();
        node.and_then(|node| self.bytes.get(node.start as usize..node.end as usize))
            .unwrap_or_default()
    }

    fn following(&self, count: u32) -> Following<'a> {
        Following {
            next: self.after(),
            left: count as usize,
        }
    }

    /// Its entries, if it is a map.
    pub(crate) fn entries(&self) -> Option<Entries<'a>> {
        match self.node()?.kind {
            Part::Map(entries) | Part::Keyed(entries) => {
                Some(Entries(self.following(entries.checked_mul(2)?)))
            }
            Part::Other if self.bytes().first() == Some(&tag::MAP) => {
                Some(Entries(self.following(0)))
            }
            _ => None,
        }
    }
}

impl<'a> Iterator for Following<'a> {
    type Item = Scanned<'a>;

    fn next(&mut self) -> Option<Scanned<'a>> {
        self.left = self.left.checked_sub(1)?;
        let part = self.next;
        self.next = part.beyond();
        Some(part)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Following<'_> {}

impl<'a> Iterator for Items<'a> {
    type Item = Scanned<'a>;

    fn next(&mut self) -> Option<Scanned<'a>> {
        self.items.next()
    }
}

impl<'a> ListItems<Scanned<'a>> for Items<'a> {
    fn tail(&self) -> Option<Scanned<'a>> {
        (!self.proper).then_some(self.items.next)
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = (Scanned<'a>, Scanned<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        Some((self.0.next()?, self.0.next()?))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.0.left / 2, Some(self.0.left / 2))
    }
}

impl ExactSizeIterator for Entries<'_> {}

impl<'a> Tree for Scanned<'a> {
    type Elements = Following<'a>;
    type Items = Items<'a>;
    type Entries = Entries<'a>;

    fn kind(&self) -> Kind<'_, Self> {
        let bytes = self.bytes();
        let items = |count, proper| {
            let items = self.following(count);
            Kind::List(Items { items, proper })
        };
        match self.node().map(|node| node.kind) {
            Some(Part::Atom) => Kind::Atom(atom_name(bytes).unwrap_or_default()),
            Some(Part::Integer) => Kind::Integer(integer(bytes).unwrap_or_default()),
            Some(Part::Binary) => Kind::Binary(binary(bytes).unwrap_or_default()),
            Some(Part::Tuple(arity)) => Kind::Tuple(self.following(arity)),
            Some(Part::List(count)) => items(count, true),
            Some(Part::Improper(count)) => items(count, false),
            Some(Part::Map(count) | Part::Keyed(count)) => {
                Kind::Map(Entries(self.following(count.saturating_mul(2))))
            }
            Some(Part::Other) | None => match bytes {
                [tag::NEW_FLOAT, float @ ..] => {
                    Kind::Float(f64::from_be_bytes(float.try_into().unwrap_or_default()))
                }
                [tag::SMALL_BIG, _, sign, digits @ ..]
                | [tag::LARGE_BIG, _, _, _, _, sign, digits @ ..] => Kind::BigInteger {
                    negative: *sign != 0,
                    digits: Cow::Borrowed(digits),
                },
                [tag::BIT_BINARY, _, _, _, _, bits, bytes @ ..] => Kind::Bitstring {
                    bytes: Cow::Borrowed(bytes),
                    bits: *bits,
                },
                [tag::MAP, ..] => Kind::Map(Entries(self.following(0))),
                [tag::SMALL_TUPLE | tag::LARGE_TUPLE, ..] => Kind::Tuple(self.following(0)),
                _ => items(0, true),
            },
        }
    }

    fn same(&self, other: &Self) -> bool {
        let (own, other) = (self.bytes(), other.bytes());
        own.len() <= SHORT && own == other
    }

    fn equal(&self, other: &Self) -> Option<bool> {
        (self.bytes() == other.bytes()).then_some(true)
    }

    fn get(&self, key: &Self) -> Option<Self> {
        let key = key.bytes();
        let mut entries = self.entries()?;
        entries
            .find(|(own, _)| own.bytes() == key)
            .map(|(_, value)| value)
    }

    fn get_atom(&self, key: &str) -> Option<Self> {
        let mut entries = self.entries()?;
        entries
            .find(|(own, _)| atom_name(own.bytes()) == Some(key))
            .map(|(_, value)| value)
    }
}
