//! The change of a list whose items stayed where they were: of each that changed, by its index.

use super::pen::{index_size, Pen, Side};
use super::pieces::{PieceWalk, Rest};
use super::walk::{meet, Met, Outcome, Step};
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

/// Two lists, side by side.
pub(super) struct ListWalk<T: Tree, V: View<T>> {
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
    item_at: usize,
    /// What is compared at the index, until it is known whether it is the first that changed.
    here: Option<(T, T)>,
    moved: bool,
    ended: bool,
    /// How many items were walked, and what was left of the budget before the first.
    tried: usize,
    before: u64,
}

impl<T: Tree, V: View<T>> ListWalk<T, V> {
    pub fn new(
        old: &Side<T, V::Place>,
        new: &Side<T, V::Place>,
        olds: T::Items,
        news: T::Items,
    ) -> Self {
        ListWalk {
            old_place: old.place,
            new_place: new.place,
            olds,
            news,
            index: 0,
            first: None,
            changed: 0,
            strange: 0,
            excess: 0,
            item_at: 0,
            here: None,
            moved: false,
            ended: false,
            tried: 0,
            before: 0,
        }
    }

    pub fn step(
        &mut self,
        pen: &mut Pen<'_, T, V>,
        at: usize,
        whole: &Side<T, V::Place>,
    ) -> Result<Step<T, V>, Exhausted> {
        if pen.at() == at {
            pen.out.extend_from_slice(&[tag::MAP, 0, 0, 0, 0]);
        }
        let alike = self.old_place == self.new_place;
        while !self.moved {
            if self.ended || (alike && self.olds.same_rest(&self.news)) {
                if self.strange <= STRANGERS + self.index / 8 {
                    return Ok(Step::Done(self.finish(pen, at)));
                }
                break;
            }
            match (self.olds.next(), self.news.next()) {
                (Some(old), Some(new)) => {
                    if self.item(pen, old, new)? {
                        return Ok(Step::Into);
                    }
                }
                (None, None) => {
                    self.ended = true;
                    match (self.olds.tail(), self.news.tail()) {
                        (None, None) => {}
                        (Some(old), Some(new)) => {
                            if self.part(pen, old, new, false)? {
                                return Ok(Step::Into);
                            }
                        }
                        _ => return replace(pen, at, whole),
                    }
                }
                // One of them is empty, and there is nothing to keep.
                (Some(_), None) | (None, Some(_)) if self.index == 0 => {
                    return replace(pen, at, whole);
                }
                (old, new) => {
                    self.remember(old, new);
                    self.moved = true;
                }
            }
        }
        pen.out.truncate(at);
        let Some(first) = self.first.take() else {
            return replace(pen, at, whole);
        };
        match PieceWalk::new(pen, first, self.old_place, self.new_place)? {
            Some(pieces) => Ok(Step::Pieces(Box::new(pieces))),
            None => replace(pen, at, whole),
        }
    }

    fn item(&mut self, pen: &mut Pen<'_, T, V>, old: T, new: T) -> Result<bool, Exhausted> {
        if self.old_place == self.new_place && old.same(&new) {
            self.index += 1;
            pen.budget.spend(1)?;
            return Ok(false);
        }
        self.foresee(pen)?;
        self.part(pen, old, new, true)
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
    ) -> Result<bool, Exhausted> {
        let index = self.index;
        self.item_at = pen.at();
        let old = Side {
            term: old,
            place: self.old_place,
            item,
        };
        let new = Side {
            term: new,
            place: self.new_place,
            item,
        };
        let met = meet(pen, &old, &new, |pen| {
            pen.index(index);
            Ok(())
        })?;
        if self.first.is_none() {
            self.here = Some((old.term, new.term));
        }
        match met {
            Met::Open => Ok(true),
            Met::Done(outcome) => {
                self.take(pen, outcome);
                Ok(false)
            }
        }
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

    pub fn take(&mut self, pen: &mut Pen<'_, T, V>, outcome: Outcome) {
        if outcome != Outcome::Same {
            if let Some((old, new)) = self.here.take() {
                self.remember(Some(old), Some(new));
            }
        }
        match outcome {
            Outcome::Changed(excess) => {
                self.changed += 1;
                self.excess += 2 + index_size(self.index) + excess;
                self.strange += usize::from(excess >= 0);
                // No need to walk to the end of a long list to see that it is another.
                self.moved = self.strange > 2 * STRANGERS + self.index / 8;
            }
            Outcome::Same => pen.out.truncate(self.item_at),
            Outcome::Stranger => self.moved = true,
        }
        self.index += 1;
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

fn replace<T: Tree, V: View<T>>(
    pen: &mut Pen<'_, T, V>,
    at: usize,
    whole: &Side<T, V::Place>,
) -> Result<Step<T, V>, Exhausted> {
    pen.out.truncate(at);
    pen.replace(whole)?;
    Ok(Step::Done(Outcome::Changed(0)))
}
