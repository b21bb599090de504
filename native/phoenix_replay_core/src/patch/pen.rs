//! What every walk of a diff writes with.

use std::marker::PhantomData;

use crate::etf::{encode, encode_fate, write, Budget, Exhausted};
use crate::tree::{Kind, Tree};
use crate::view::{Fate, View};

/// The view, the budget and the bytes written so far.
pub(super) struct Pen<'a, T: Tree, V: View<T>> {
    pub view: &'a V,
    pub budget: &'a mut Budget,
    pub out: &'a mut Vec<u8>,
    pub tree: PhantomData<fn(&T)>,
}

/// One side of a comparison: a term and where it stands.
#[derive(Clone)]
pub(super) struct Side<T, P> {
    pub term: T,
    pub place: P,
    /// Whether it is an item of a list, where a pair is judged by its key.
    pub item: bool,
}

/// How many bytes [`write::integer`] takes for an index.
pub(super) fn index_size(index: usize) -> i64 {
    if index < 256 {
        2
    } else {
        5
    }
}

impl<T: Tree, V: View<T>> Pen<'_, T, V> {
    pub fn at(&self) -> usize {
        self.out.len()
    }

    pub fn index(&mut self, index: usize) {
        write::integer(self.out, index as i64);
    }

    /// A key of a map, which a [plain](super::plain) one is in every view.
    #[inline]
    pub fn key(&mut self, key: &T, place: V::Place) -> Result<(), Exhausted> {
        match key.kind() {
            Kind::Atom(name) => write::atom(self.out, name),
            Kind::Integer(integer) => write::integer(self.out, integer),
            Kind::Binary(bytes) => {
                self.budget.spend_bytes(bytes.len())?;
                write::binary(self.out, bytes);
            }
            _ => encode(key, self.view, place, self.budget, self.out)?,
        }
        Ok(())
    }

    /// The change to `new`, whole.
    pub fn replace(&mut self, new: &Side<T, V::Place>) -> Result<(), Exhausted> {
        write::tuple(self.out, 1);
        self.term(new)
    }

    /// The change to what becomes of `value`.
    pub fn replace_by_fate(&mut self, fate: Fate<V::Place>, value: &T) -> Result<(), Exhausted> {
        write::tuple(self.out, 1);
        encode_fate(fate, value, self.view, self.budget, self.out)
    }

    pub fn term(&mut self, side: &Side<T, V::Place>) -> Result<(), Exhausted> {
        if side.item {
            if let Kind::Tuple(mut elements) = side.term.kind() {
                if let (2, Some(key), Some(value)) =
                    (elements.len(), elements.next(), elements.next())
                {
                    let fate = self.pair(side.place, &key, &value);
                    write::tuple(self.out, 2);
                    encode(&key, self.view, side.place, self.budget, self.out)?;
                    return encode_fate(fate, &value, self.view, self.budget, self.out);
                }
            }
        }
        encode(&side.term, self.view, side.place, self.budget, self.out)
    }

    /// What becomes of the second element of a pair, which cannot be left out.
    pub fn pair(&self, place: V::Place, key: &T, value: &T) -> Fate<V::Place> {
        match self.view.pair(place, key, value) {
            Fate::Drop | Fate::Hide => Fate::Redact,
            other => other,
        }
    }

    /// Puts the plain replacement in the place of the change that was written from `at` on, if that
    /// is smaller, and says whether it was. This costs no more than what was written did.
    pub fn replace_if_smaller(
        &mut self,
        at: usize,
        new: &Side<T, V::Place>,
    ) -> Result<bool, Exhausted> {
        let end = self.at();
        let size = end - at;
        // Every node is a byte at least, so a replacement that goes past this is no smaller.
        let most = 2 * size as u64;
        let left = self.budget.left();
        let mut budget = Budget::new(most.min(left));
        let mut pen = Pen {
            view: self.view,
            budget: &mut budget,
            out: &mut *self.out,
            tree: PhantomData,
        };
        let written = pen.replace(new);
        self.budget.spend(most.min(left) - budget.left())?;
        match written {
            Ok(()) if self.at() - end < size => {
                self.out.drain(at..end);
                Ok(true)
            }
            Err(Exhausted) if most > left => Err(Exhausted),
            _ => {
                self.out.truncate(end);
                Ok(false)
            }
        }
    }
}
