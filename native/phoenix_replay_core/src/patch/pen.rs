//! What every walk of a diff writes with.

use super::known::Known;
use crate::etf::{encode_fate, encode_seen, encode_within, write, Budget, Exhausted};
use crate::tree::{Kind, Seen, Tree};
use crate::view::{Fate, View};

/// The view, the budget and the bytes written so far.
pub(super) struct Pen<'a, T: Tree, V: View<T>> {
    pub view: &'a V,
    pub budget: &'a mut Budget,
    pub out: &'a mut Vec<u8>,
    /// In how many terms the walk is.
    pub depth: usize,
    pub known: Known<T, V::Place>,
}

/// One side of a comparison: a term and where it stands.
pub(super) struct Side<'t, T, P> {
    pub term: &'t T,
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

impl<'a, T: Tree, V: View<T>> Pen<'a, T, V> {
    pub fn new(view: &'a V, budget: &'a mut Budget, out: &'a mut Vec<u8>) -> Self {
        Pen {
            view,
            budget,
            out,
            depth: 0,
            known: Known::default(),
        }
    }

    pub fn at(&self) -> usize {
        self.out.len()
    }

    /// Takes back what was written from `at` on.
    pub fn cut(&mut self, at: usize) {
        if self.out.len() > at {
            self.out.truncate(at);
            self.known.cut(at);
        }
    }

    pub fn index(&mut self, index: usize) {
        write::integer(self.out, index as i64);
    }

    /// A key of a map, which a [plain](super::plain) one is in every view.
    #[inline]
    pub fn key(&mut self, key: &Seen<'_, T>, place: V::Place) -> Result<(), Exhausted> {
        match key.atom() {
            Some(name) => write::atom(self.out, name),
            None => encode_seen(key, self.view, place, self.budget, self.out, usize::MAX)?,
        }
        Ok(())
    }

    /// The change to a term without parts.
    #[inline]
    pub fn put(&mut self, new: &Seen<'_, T>, place: V::Place) -> Result<(), Exhausted> {
        write::tuple(self.out, 1);
        encode_seen(new, self.view, place, self.budget, self.out, usize::MAX)
    }

    /// The change to `new`, whole.
    pub fn replace(&mut self, new: &Side<'_, T, V::Place>) -> Result<(), Exhausted> {
        self.replace_within(new, usize::MAX)
    }

    /// The change to `new`, whole, given up once what is written goes past `end`.
    fn replace_within(&mut self, new: &Side<'_, T, V::Place>, end: usize) -> Result<(), Exhausted> {
        write::tuple(self.out, 1);
        if !new.item {
            return self.encode(new.term, new.place, end);
        }
        match new.term.kind() {
            Kind::Tuple(mut elements) if elements.len() == 2 => {
                let (Some(key), Some(value)) = (elements.next(), elements.next()) else {
                    return Ok(());
                };
                write::tuple(self.out, 2);
                self.encode(&key, new.place, end)?;
                match self.pair(new.place, &key, &value) {
                    Fate::Keep(place) => self.encode(&value, place, end),
                    fate => encode_fate(fate, &value, self.view, self.budget, self.out),
                }
            }
            _ => self.encode(new.term, new.place, end),
        }
    }

    fn encode(&mut self, term: &T, place: V::Place, end: usize) -> Result<(), Exhausted> {
        encode_within(term, self.view, place, self.budget, self.out, end)
    }

    /// The change to what becomes of `value`.
    pub fn replace_by_fate(&mut self, fate: Fate<V::Place>, value: &T) -> Result<(), Exhausted> {
        write::tuple(self.out, 1);
        encode_fate(fate, value, self.view, self.budget, self.out)
    }

    /// What becomes of the second element of a pair, which cannot be left out.
    pub fn pair(&self, place: V::Place, key: &T, value: &T) -> Fate<V::Place> {
        match self.view.pair(place, &Seen::of(key), value) {
            Fate::Drop | Fate::Hide => Fate::Redact,
            other => other,
        }
    }

    /// Puts the plain replacement in the place of the change that was written from `at` on, if that
    /// is smaller. This costs no more than what was written did, leaving out what the view drops.
    pub fn replace_if_smaller(
        &mut self,
        at: usize,
        new: &Side<'_, T, V::Place>,
    ) -> Result<(), Exhausted> {
        let end = self.at();
        let size = end - at;
        match self.replace_within(new, end + size) {
            Ok(()) if self.at() - end < size => {
                self.out.drain(at..end);
                self.known.cut(at);
            }
            // Nothing is left of the budget if it was what ran out.
            Err(Exhausted) if self.budget.left() == 0 => return Err(Exhausted),
            _ => self.out.truncate(end),
        }
        Ok(())
    }
}
