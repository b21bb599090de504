//! The change of a tuple: of each element that changed, by its index.

use super::leaf;
use super::pen::{index_size, Pen, Side};
use super::walk::{meet, Outcome};
use crate::etf::{tag, Exhausted};
use crate::tree::{Shape, Tree};
use crate::view::{Fate, Fates, View};

/// Writes the change of a tuple.
pub(super) fn walk<T: Tree, V: View<T>>(
    pen: &mut Pen<'_, T, V>,
    old: &Side<'_, T, V::Place>,
    new: &Side<'_, T, V::Place>,
) -> Result<Outcome, Exhausted> {
    match (old.term.elements(), new.term.elements()) {
        (Some(olds), Some(news)) if olds.len() == news.len() => {
            TupleWalk::new(pen, (old, &olds), (new, &news)).walk(pen, olds, news)
        }
        _ => {
            pen.replace(new)?;
            Ok(Outcome::Changed(0))
        }
    }
}

/// Two tuples of one size, side by side.
struct TupleWalk<T: Tree, V: View<T>> {
    old_place: V::Place,
    new_place: V::Place,
    /// In a pair that is an item of a list: what becomes of the second elements.
    pair: Option<Fates<V::Place>>,
    index: usize,
    changed: u32,
    excess: i64,
    term: std::marker::PhantomData<T>,
}

impl<T: Tree, V: View<T>> TupleWalk<T, V> {
    fn new(
        pen: &Pen<'_, T, V>,
        (old, olds): (&Side<'_, T, V::Place>, &T::Elements),
        (new, news): (&Side<'_, T, V::Place>, &T::Elements),
    ) -> Self {
        let fate = |side: &Side<'_, T, V::Place>, elements: &T::Elements| {
            let mut pair = elements.clone();
            match (side.item && pair.len() == 2, pair.next(), pair.next()) {
                (true, Some(key), Some(value)) => Some(pen.pair(side.place, &key, &value)),
                _ => None,
            }
        };
        TupleWalk {
            old_place: old.place,
            new_place: new.place,
            pair: fate(old, olds).zip(fate(new, news)),
            index: 0,
            changed: 0,
            excess: 0,
            term: std::marker::PhantomData,
        }
    }

    fn walk(
        mut self,
        pen: &mut Pen<'_, T, V>,
        olds: T::Elements,
        news: T::Elements,
    ) -> Result<Outcome, Exhausted> {
        let at = pen.at();
        pen.out.extend_from_slice(&[tag::MAP, 0, 0, 0, 0]);
        for (old, new) in olds.zip(news) {
            // A pair in a list is known by its first element, if that is not a container.
            let names_row = self.pair.is_some() && self.index == 0 && !has_parts(&new);
            let before = pen.at();
            match self.element(pen, old, new)? {
                Outcome::Changed(_) if names_row => return Ok(Outcome::Stranger),
                Outcome::Changed(excess) => {
                    self.changed += 1;
                    self.excess += 2 + index_size(self.index) + excess;
                }
                Outcome::Same | Outcome::Stranger => pen.cut(before),
            }
            self.index += 1;
        }
        Ok(self.finish(pen, at))
    }

    fn element(&mut self, pen: &mut Pen<'_, T, V>, old: T, new: T) -> Result<Outcome, Exhausted> {
        let index = self.index;
        let (old_place, new_place) = match self.pair {
            Some((Fate::Keep(old), Fate::Keep(new))) if index == 1 => (old, new),
            Some((old_fate, new_fate)) if index == 1 => {
                pen.budget.spend(1)?;
                if leaf::stand_ins_equal(pen.view, (&old, old_fate), (&new, new_fate)) {
                    return Ok(Outcome::Same);
                }
                pen.index(index);
                pen.replace_by_fate(new_fate, &new)?;
                return Ok(Outcome::Changed(0));
            }
            _ => (self.old_place, self.new_place),
        };
        let old = Side {
            term: &old,
            place: old_place,
            item: false,
        };
        let new = Side {
            term: &new,
            place: new_place,
            item: false,
        };
        meet(pen, &old, &new, |pen| {
            pen.index(index);
            Ok(())
        })
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
    matches!(term.shape(), Shape::Tuple | Shape::List | Shape::Map)
}
