//! The change of a tuple: of each element that changed, by its index.

use super::leaf;
use super::pen::{index_size, Pen, Side};
use super::walk::{meet, Met, Outcome, Step};
use crate::etf::{tag, Exhausted};
use crate::tree::{Kind, Tree};
use crate::view::{Fate, Fates, View};

/// Two tuples of one size, side by side.
pub(super) struct TupleWalk<T: Tree, V: View<T>> {
    old_place: V::Place,
    new_place: V::Place,
    olds: T::Elements,
    news: T::Elements,
    /// In a pair that is an item of a list: what becomes of the second elements.
    pair: Option<Fates<V::Place>>,
    index: usize,
    changed: u32,
    excess: i64,
    element_at: usize,
    stranger: bool,
}

impl<T: Tree, V: View<T>> TupleWalk<T, V> {
    pub fn new(
        pen: &Pen<'_, T, V>,
        old: &Side<T, V::Place>,
        new: &Side<T, V::Place>,
        olds: T::Elements,
        news: T::Elements,
    ) -> Self {
        let fate = |side: &Side<T, V::Place>, elements: &T::Elements| {
            let mut pair = elements.clone();
            match (side.item && pair.len() == 2, pair.next(), pair.next()) {
                (true, Some(key), Some(value)) => Some(pen.pair(side.place, &key, &value)),
                _ => None,
            }
        };
        TupleWalk {
            old_place: old.place,
            new_place: new.place,
            pair: fate(old, &olds).zip(fate(new, &news)),
            olds,
            news,
            index: 0,
            changed: 0,
            excess: 0,
            element_at: 0,
            stranger: false,
        }
    }

    pub fn step(&mut self, pen: &mut Pen<'_, T, V>, at: usize) -> Result<Step<T, V>, Exhausted> {
        if pen.at() == at {
            pen.out.extend_from_slice(&[tag::MAP, 0, 0, 0, 0]);
        }
        while !self.stranger {
            let (Some(old), Some(new)) = (self.olds.next(), self.news.next()) else {
                return Ok(Step::Done(self.finish(pen, at)));
            };
            if self.element(pen, old, new)? {
                return Ok(Step::Into);
            }
        }
        Ok(Step::Done(Outcome::Stranger))
    }

    fn element(&mut self, pen: &mut Pen<'_, T, V>, old: T, new: T) -> Result<bool, Exhausted> {
        let index = self.index;
        self.index += 1;
        self.element_at = pen.at();
        let (old_place, new_place) = match self.pair {
            Some((Fate::Keep(old), Fate::Keep(new))) if index == 1 => (old, new),
            Some((old_fate, new_fate)) if index == 1 => {
                pen.budget.spend(1)?;
                if !leaf::stand_ins_equal(pen.view, (&old, old_fate), (&new, new_fate)) {
                    pen.index(index);
                    pen.replace_by_fate(new_fate, &new)?;
                    self.take(pen, Outcome::Changed(0));
                }
                return Ok(false);
            }
            _ => (self.old_place, self.new_place),
        };
        // A pair in a list is known by its first element, if that is not a container.
        let names_row = self.pair.is_some() && index == 0 && !has_parts(&new);
        let old = Side {
            term: old,
            place: old_place,
            item: false,
        };
        let new = Side {
            term: new,
            place: new_place,
            item: false,
        };
        match meet(pen, &old, &new, |pen| {
            pen.index(index);
            Ok(())
        })? {
            Met::Open => return Ok(true),
            Met::Done(outcome) => {
                self.stranger = names_row && outcome != Outcome::Same;
                self.take(pen, outcome);
            }
        }
        Ok(false)
    }

    pub fn take(&mut self, pen: &mut Pen<'_, T, V>, outcome: Outcome) {
        match outcome {
            Outcome::Changed(excess) => {
                self.changed += 1;
                self.excess += 2 + index_size(self.index - 1) + excess;
            }
            Outcome::Same | Outcome::Stranger => pen.out.truncate(self.element_at),
        }
    }

    fn finish(&mut self, pen: &mut Pen<'_, T, V>, at: usize) -> Outcome {
        if self.changed == 0 {
            return Outcome::Same;
        }
        pen.out[at + 1..at + 5].copy_from_slice(&self.changed.to_be_bytes());
        let unchanged = self.index as i64 - i64::from(self.changed);
        let head = if self.index < 256 { 2 } else { 5 };
        // The head of the change against that of `{new}`, and what `new` would repeat.
        Outcome::Changed(self.excess + 5 - (2 + head) - unchanged)
    }
}

/// Whether a term is a container.
pub(super) fn has_parts<T: Tree>(term: &T) -> bool {
    matches!(term.kind(), Kind::Tuple(_) | Kind::List(_) | Kind::Map(_))
}
