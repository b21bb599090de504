//! The change of a map: of each key that changed.

use super::leaf;
use super::pen::{Pen, Side};
use super::walk::{meet, Met, Outcome, Step};
use crate::etf::{encode, tag, write, Exhausted};
use crate::tree::{Kind, Tree};
use crate::view::{Fate, Fates, View};

/// How many entries are stepped over at once. Between, the budget is asked.
const SKIP: usize = 32;

/// Maps of more keys are trees of hashes, in the BEAM as well: going through one takes longer.
const FLAT: usize = 32;

/// Two maps, side by side.
pub(super) struct MapWalk<T: Tree, V: View<T>> {
    old: T,
    new: T,
    /// Where the maps stand.
    outer: (V::Place, V::Place),
    /// Where their entries do.
    old_place: V::Place,
    new_place: V::Place,
    news: T::Entries,
    /// The old entries, alongside: maps of the same keys have them in the same order.
    olds: T::Entries,
    ahead: Option<(T, T)>,
    /// How many of the old keys were not met in the new map.
    unmet: usize,
    /// What an entry takes of the budget.
    each: u64,
    /// Whether both are rows of a list, which are the same row only if they have the same id.
    row: bool,
    changed: u32,
    removed: u32,
    excess: i64,
    /// Where what is written of the current entry begins.
    entry_at: usize,
    entry_names_row: bool,
    stranger: bool,
}

impl<T: Tree, V: View<T>> MapWalk<T, V> {
    pub fn new(
        pen: &Pen<'_, T, V>,
        old: &Side<T, V::Place>,
        new: &Side<T, V::Place>,
        olds: T::Entries,
        news: T::Entries,
    ) -> Result<Self, Exhausted> {
        let each = 1 + u64::from(olds.len().max(news.len()) > FLAT);
        // Every entry is looked at, so what is too many is known before any is.
        if each * news.len() as u64 > pen.budget.left() {
            return Err(Exhausted);
        }
        Ok(MapWalk {
            old_place: pen.view.map(old.place, &old.term),
            new_place: pen.view.map(new.place, &new.term),
            outer: (old.place, new.place),
            old: old.term.clone(),
            new: new.term.clone(),
            unmet: olds.len(),
            olds,
            news,
            ahead: None,
            each,
            row: old.item && new.item,
            changed: 0,
            removed: 0,
            excess: 0,
            entry_at: 0,
            entry_names_row: false,
            stranger: false,
        })
    }

    pub fn step(&mut self, pen: &mut Pen<'_, T, V>, at: usize) -> Result<Step<T, V>, Exhausted> {
        if pen.at() == at {
            pen.out.extend_from_slice(&[tag::MAP, 0, 0, 0, 0]);
        }
        while !self.stranger {
            self.skip_same(pen)?;
            let Some((key, new)) = self.news.next() else {
                return self.finish(pen, at);
            };
            pen.budget.spend(self.each)?;
            if !self.plain(pen, &key)? {
                return self.as_written(pen, at);
            }
            let old = self.find(&key);
            if let Some(old) = &old {
                if self.old_place == self.new_place && old.same(&new) {
                    continue;
                }
            }
            if self.entry(pen, &key, old.as_ref(), &new)? {
                return Ok(Step::Into);
            }
        }
        Ok(Step::Done(Outcome::Stranger))
    }

    /// Most entries of a struct are the very ones of before.
    fn skip_same(&mut self, pen: &mut Pen<'_, T, V>) -> Result<(), Exhausted> {
        let mut skipped = SKIP;
        while skipped == SKIP && self.ahead.is_none() && self.old_place == self.new_place {
            skipped = T::skip_same(&mut self.olds, &mut self.news, SKIP);
            self.unmet = self.unmet.saturating_sub(skipped);
            pen.budget.spend(skipped as u64)?;
        }
        Ok(())
    }

    fn plain(&self, pen: &mut Pen<'_, T, V>, key: &T) -> Result<bool, Exhausted> {
        Ok(pen.plain(key, self.new_place)?
            && (self.old_place == self.new_place || pen.plain(key, self.old_place)?))
    }

    /// The old value under a key.
    fn find(&mut self, key: &T) -> Option<T> {
        let ahead = self.ahead.take().or_else(|| self.olds.next());
        match ahead {
            Some((other, value)) if same_key(&other, key) => {
                self.unmet = self.unmet.saturating_sub(1);
                return Some(value);
            }
            other => self.ahead = other,
        }
        let value = self.old.get(key)?;
        self.unmet = self.unmet.saturating_sub(1);
        // What is ahead went, or comes later: fall in step again after it.
        self.ahead = self.olds.next();
        self.ahead.take_if(|(other, _)| same_key(other, key));
        Some(value)
    }

    fn entry(
        &mut self,
        pen: &mut Pen<'_, T, V>,
        key: &T,
        old: Option<&T>,
        new: &T,
    ) -> Result<bool, Exhausted> {
        let (old_fate, new_fate) = self.fates(pen, key, old, new);
        self.entry_at = pen.at();
        self.entry_names_row = false;
        let place = self.new_place;
        match (old.filter(|_| old_fate != Fate::Drop), old_fate, new_fate) {
            (None, _, Fate::Drop) => {}
            (Some(_), _, Fate::Drop) => self.remove(pen, key)?,
            (Some(old), Fate::Keep(old_place), Fate::Keep(new_place)) => {
                let old = Side {
                    term: old.clone(),
                    place: old_place,
                    item: false,
                };
                let new = Side {
                    term: new.clone(),
                    place: new_place,
                    item: false,
                };
                self.entry_names_row = self.row && names_row(key);
                match meet(pen, &old, &new, |pen| pen.key(key, place))? {
                    Met::Done(outcome) => self.take(pen, outcome),
                    Met::Open => return Ok(true),
                }
            }
            (Some(old), _, _)
                if leaf::stand_ins_equal(pen.view, (old, old_fate), (new, new_fate)) => {}
            _ => {
                pen.key(key, place)?;
                pen.replace_by_fate(new_fate, new)?;
                self.take(pen, Outcome::Changed(0));
            }
        }
        Ok(false)
    }

    fn fates(&self, pen: &Pen<'_, T, V>, key: &T, old: Option<&T>, new: &T) -> Fates<V::Place> {
        match old {
            Some(old) if self.old_place == self.new_place => {
                pen.view.entries(self.new_place, key, old, new)
            }
            _ => (
                old.map_or(Fate::Drop, |old| pen.view.entry(self.old_place, key, old)),
                pen.view.entry(self.new_place, key, new),
            ),
        }
    }

    pub fn take(&mut self, pen: &mut Pen<'_, T, V>, outcome: Outcome) {
        match outcome {
            Outcome::Changed(excess) => {
                self.changed += 1;
                self.excess += 2 + excess;
                self.stranger = self.entry_names_row;
            }
            Outcome::Same | Outcome::Stranger => pen.out.truncate(self.entry_at),
        }
    }

    fn remove(&mut self, pen: &mut Pen<'_, T, V>, key: &T) -> Result<(), Exhausted> {
        let before = pen.at();
        pen.key(key, self.old_place)?;
        write::nil(pen.out);
        self.changed += 1;
        self.removed += 1;
        self.excess += (pen.at() - before) as i64;
        Ok(())
    }

    fn finish(&mut self, pen: &mut Pen<'_, T, V>, at: usize) -> Result<Step<T, V>, Exhausted> {
        if self.unmet > 0 && !self.remove_unmet(pen)? {
            return self.as_written(pen, at);
        }
        if self.changed == 0 {
            return Ok(Step::Done(Outcome::Same));
        }
        pen.out[at + 1..at + 5].copy_from_slice(&self.changed.to_be_bytes());
        let excess = self.excess - 2;
        Ok(Step::Done(Outcome::Changed(
            self.less_unchanged(pen, excess)?,
        )))
    }

    /// Removes the old keys that the new map lacks; gives up, with `false`, at one that is not plain.
    fn remove_unmet(&mut self, pen: &mut Pen<'_, T, V>) -> Result<bool, Exhausted> {
        let Kind::Map(olds) = self.old.kind() else {
            return Ok(true);
        };
        for (key, old) in olds {
            pen.budget.spend(1)?;
            if self.new.get(&key).is_some() {
                continue;
            }
            if !self.plain(pen, &key)? {
                return Ok(false);
            }
            if pen.view.entry(self.old_place, &key, &old) != Fate::Drop {
                self.remove(pen, &key)?;
            }
            self.unmet -= 1;
            if self.unmet == 0 {
                break;
            }
        }
        Ok(true)
    }

    /// Takes off what the replacement would repeat: at least two bytes for each entry that did not
    /// change, if the view shows it. Looks at no more of them than it takes to come to nothing.
    fn less_unchanged(&self, pen: &mut Pen<'_, T, V>, mut excess: i64) -> Result<i64, Exhausted> {
        let Kind::Map(entries) = self.new.kind() else {
            return Ok(excess);
        };
        if excess <= 0 {
            return Ok(excess);
        }
        excess += 2 * i64::from(self.changed - self.removed);
        for (key, value) in entries {
            if excess <= 0 {
                break;
            }
            pen.budget.spend(1)?;
            if pen.view.entry(self.new_place, &key, &value) != Fate::Drop {
                excess -= 2;
            }
        }
        Ok(excess)
    }

    /// Compares and, if need be, replaces the maps as they are written.
    fn as_written(&mut self, pen: &mut Pen<'_, T, V>, at: usize) -> Result<Step<T, V>, Exhausted> {
        let mut old = Vec::new();
        encode(&self.old, pen.view, self.outer.0, pen.budget, &mut old)?;
        pen.out.truncate(at);
        write::tuple(pen.out, 1);
        let start = pen.at();
        encode(&self.new, pen.view, self.outer.1, pen.budget, pen.out)?;
        let same = pen.out[start..] == old[..];
        Ok(Step::Done(if same {
            Outcome::Same
        } else {
            Outcome::Changed(0)
        }))
    }
}

fn same_key<T: Tree>(a: &T, b: &T) -> bool {
    a.same(b) || matches!((a.kind(), b.kind()), (Kind::Binary(a), Kind::Binary(b)) if a == b)
}

/// Whether a row of a list is known by what it has under this key.
pub(super) fn names_row<T: Tree>(key: &T) -> bool {
    match key.kind() {
        Kind::Atom(name) => name == "id",
        Kind::Binary(name) => name == b"id",
        _ => false,
    }
}
