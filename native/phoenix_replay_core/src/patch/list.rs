//! The change of a list whose items stayed where they were: of each that changed, by its index.

use super::pen::{index_size, Pen, Side};
use super::pieces::{self, Rest};
use super::walk::{meet, Outcome};
use crate::etf::{tag, Exhausted};
use crate::tree::{ListItems, Tree};
use crate::view::View;

/// How many items may be others than before, besides an eighth of all, until the list is looked at
/// as one whose items moved.
const STRANGERS: usize = 4;

/// No budget of a call on a normal scheduler is so large.
const FAR: u64 = 1 << 16;

/// After so many items of which none is shared, it is known what one takes. With fewer it could not be told
/// from one that moved, see [`STRANGERS`].
const TRIED: usize = 12;

/// How many items are stepped over at once. Between, the budget is asked.
const SKIP: usize = 64;

/// Writes the change of a list.
pub(super) fn walk<T: Tree, V: View<T>>(
    pen: &mut Pen<'_, T, V>,
    old: &Side<'_, T, V::Place>,
    new: &Side<'_, T, V::Place>,
) -> Result<Outcome, Exhausted> {
    let at = pen.at();
    let (Some(olds), Some(news)) = (old.term.items(), new.term.items()) else {
        return Ok(Outcome::Same);
    };
    pen.out.extend_from_slice(&[tag::MAP, 0, 0, 0, 0]);
    let mut walk = ListWalk::<T, V> {
        old_place: old.place,
        new_place: new.place,
        olds,
        news,
        index: 0,
        first: None,
        changed: 0,
        strange: 0,
        excess: 0,
        moved: false,
        tried: 0,
        before: 0,
    };
    match walk.walk(pen)? {
        End::Stayed => return Ok(walk.finish(pen, at)),
        End::Moved => {
            pen.cut(at);
            if let Some(first) = walk.first {
                if let Some(outcome) = pieces::walk(pen, first, old.place, new.place)? {
                    return Ok(outcome);
                }
            }
        }
        End::Replaced => {}
    }
    pen.cut(at);
    pen.replace(new)?;
    Ok(Outcome::Changed(0))
}

/// How a walk ended.
enum End {
    /// The items stayed where they were.
    Stayed,
    /// Pieces of the old list are to be looked for.
    Moved,
    /// Nothing of it is to be kept.
    Replaced,
}

/// Two lists, side by side.
struct ListWalk<T: Tree, V: View<T>> {
    old_place: V::Place,
    new_place: V::Place,
    olds: T::Items,
    news: T::Items,
    index: usize,
    /// The items from the first index on where something changed.
    first: Option<Rest<T>>,
    changed: u32,
    /// How many items have next to nothing in common with what stood there before.
    strange: usize,
    excess: i64,
    moved: bool,
    /// How many items were walked, and what was left of the budget before the first.
    tried: usize,
    before: u64,
}

impl<T: Tree, V: View<T>> ListWalk<T, V> {
    fn walk(&mut self, pen: &mut Pen<'_, T, V>) -> Result<End, Exhausted> {
        let alike = self.old_place == self.new_place;
        let mut ended = false;
        while !self.moved {
            if alike && !ended {
                self.skip_same(pen)?;
            }
            if ended || (alike && self.olds.same_rest(&self.news)) {
                if self.strange <= STRANGERS + self.index / 8 {
                    return Ok(End::Stayed);
                }
                break;
            }
            match (self.olds.next(), self.news.next()) {
                (Some(old), Some(new)) => {
                    if alike && old.same(&new) {
                        self.index += 1;
                        pen.budget.spend(1)?;
                    } else {
                        self.foresee(pen)?;
                        self.part(pen, old, new, true)?;
                    }
                }
                (None, None) => {
                    ended = true;
                    match (self.olds.tail(), self.news.tail()) {
                        (None, None) => {}
                        (Some(old), Some(new)) => self.part(pen, old, new, false)?,
                        _ => return Ok(End::Replaced),
                    }
                }
                // One of them is empty, and there is nothing to keep.
                (Some(_), None) | (None, Some(_)) if self.index == 0 => return Ok(End::Replaced),
                (old, new) => {
                    self.remember(old, new);
                    self.moved = true;
                }
            }
        }
        Ok(End::Moved)
    }

    /// Most items of a list are the very ones of before.
    fn skip_same(&mut self, pen: &mut Pen<'_, T, V>) -> Result<(), Exhausted> {
        let mut skipped = SKIP;
        while skipped == SKIP {
            skipped = self.olds.skip_same(&mut self.news, SKIP);
            self.index += skipped;
            pen.budget.spend(skipped as u64)?;
        }
        Ok(())
    }

    /// A list that was built anew is walked to its end. Where the budget will not reach that far this
    /// says so soon, before most of it is spent on what is to be done again.
    fn foresee(&mut self, pen: &Pen<'_, T, V>) -> Result<(), Exhausted> {
        let left = pen.budget.left();
        if self.index == 0 {
            self.before = left;
        }
        // One that is shared, and there is no telling.
        if self.tried != self.index || self.tried > TRIED {
            return Ok(());
        }
        if self.tried == TRIED && left < FAR {
            let each = (self.before.saturating_sub(left) / TRIED as u64).max(1);
            let mut rest = (self.olds.clone(), self.news.clone());
            let mut takes = each;
            while !rest.0.same_rest(&rest.1) {
                let (Some(old), Some(new)) = (rest.0.next(), rest.1.next()) else {
                    break;
                };
                takes += if old.same(&new) { 1 } else { each };
                if takes > left {
                    return Err(Exhausted);
                }
            }
        }
        self.tried += 1;
        Ok(())
    }

    /// Compares what both have at the index: an item, or the tails, which count as one.
    fn part(
        &mut self,
        pen: &mut Pen<'_, T, V>,
        old: T,
        new: T,
        item: bool,
    ) -> Result<(), Exhausted> {
        let index = self.index;
        let before = pen.at();
        let old_side = Side {
            term: &old,
            place: self.old_place,
            item,
        };
        let new_side = Side {
            term: &new,
            place: self.new_place,
            item,
        };
        let outcome = meet(pen, &old_side, &new_side, |pen| {
            pen.index(index);
            Ok(())
        })?;
        if outcome != Outcome::Same {
            self.remember(Some(old), Some(new));
        }
        match outcome {
            Outcome::Changed(excess) => {
                self.changed += 1;
                self.excess += 2 + index_size(index) + excess;
                self.strange += usize::from(excess >= 0);
                // No need to walk to the end of a long list to see that it is another.
                self.moved = self.strange > 2 * STRANGERS + index / 8;
            }
            Outcome::Same => pen.cut(before),
            Outcome::Stranger => self.moved = true,
        }
        self.index += 1;
        Ok(())
    }

    fn remember(&mut self, old: Option<T>, new: Option<T>) {
        if self.first.is_none() {
            self.first = Some(Rest {
                index: self.index,
                old,
                new,
                olds: self.olds.clone(),
                news: self.news.clone(),
            });
        }
    }

    fn finish(&mut self, pen: &mut Pen<'_, T, V>, at: usize) -> Outcome {
        if self.changed == 0 {
            return Outcome::Same;
        }
        pen.out[at + 1..at + 5].copy_from_slice(&self.changed.to_be_bytes());
        let unchanged = self.index as i64 - i64::from(self.changed);
        // The head of the change against that of `{new}`, and what `new` would repeat.
        Outcome::Changed(self.excess + 5 - (2 + 6) - unchanged)
    }
}
