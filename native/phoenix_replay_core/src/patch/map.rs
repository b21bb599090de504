//! The change of a map: of each key that changed.

use super::leaf;
use super::pen::{Pen, Side};
use super::walk::{as_written, meet, Outcome};
use crate::etf::{tag, write, Exhausted};
use crate::tree::{Seen, Tree};
use crate::view::{Fate, Fates, View};

/// How many entries are stepped over at once. Between, the budget is asked.
const SKIP: usize = 32;

/// Maps of more keys are trees of hashes, in the BEAM as well: going through one takes longer.
const FLAT: usize = 32;

/// Writes the change of a map.
pub(super) fn walk<T: Tree, V: View<T>>(
    pen: &mut Pen<'_, T, V>,
    old: &Side<'_, T, V::Place>,
    new: &Side<'_, T, V::Place>,
) -> Result<Outcome, Exhausted> {
    match (&mut old.term.entries(), &mut new.term.entries()) {
        (Some(olds), Some(news)) => MapWalk::new(pen, (old, olds), (new, news))?.walk(pen),
        _ => Ok(Outcome::Same),
    }
}

/// Two maps, side by side.
struct MapWalk<'a, T: Tree, V: View<T>> {
    old: &'a Side<'a, T, V::Place>,
    new: &'a Side<'a, T, V::Place>,
    /// Where their entries stand.
    old_place: V::Place,
    new_place: V::Place,
    news: &'a mut T::Entries,
    /// The old entries, alongside: maps of the same keys have them in the same order.
    olds: &'a mut T::Entries,
    ahead: Option<(T, T)>,
    /// How many of the old keys were not met in the new map.
    unmet: usize,
    /// What an entry takes of the budget.
    each: u64,
    changed: u32,
    removed: u32,
    excess: i64,
    /// Where what is written of the current entry begins.
    entry_at: usize,
}

impl<'a, T: Tree, V: View<T>> MapWalk<'a, T, V> {
    fn new(
        pen: &Pen<'_, T, V>,
        (old, olds): (&'a Side<'a, T, V::Place>, &'a mut T::Entries),
        (new, news): (&'a Side<'a, T, V::Place>, &'a mut T::Entries),
    ) -> Result<Self, Exhausted> {
        let each = 1 + u64::from(olds.len().max(news.len()) > FLAT);
        // Every entry is looked at, so what is too many is known before any is.
        if each * news.len() as u64 > pen.budget.left() {
            return Err(Exhausted);
        }
        Ok(MapWalk {
            old_place: pen.view.map(old.place, old.term),
            new_place: pen.view.map(new.place, new.term),
            old,
            new,
            unmet: olds.len(),
            olds,
            news,
            ahead: None,
            each,
            changed: 0,
            removed: 0,
            excess: 0,
            entry_at: 0,
        })
    }

    fn walk(mut self, pen: &mut Pen<'_, T, V>) -> Result<Outcome, Exhausted> {
        let at = pen.at();
        pen.out.extend_from_slice(&[tag::MAP, 0, 0, 0, 0]);
        // Whether both are rows of a list, which are the same row only if they have the same id.
        let rows = self.old.item && self.new.item;
        loop {
            self.skip_same(pen)?;
            let Some((key, new)) = self.news.next() else {
                return self.finish(pen, at);
            };
            pen.budget.spend(self.each)?;
            let key = Seen::of(&key);
            if !self.plain(pen, &key)? {
                return self.as_written(pen, at);
            }
            let old = self.find(&key);
            if let Some(old) = &old {
                if self.old_place == self.new_place && old.same(&new) {
                    continue;
                }
            }
            let changed = self.entry(pen, &key, old.as_ref(), &new)?;
            if changed && rows && names_row(&key) {
                return Ok(Outcome::Stranger);
            }
        }
    }

    /// Most entries of a struct are the very ones of before.
    fn skip_same(&mut self, pen: &mut Pen<'_, T, V>) -> Result<(), Exhausted> {
        let mut skipped = SKIP;
        while skipped == SKIP && self.ahead.is_none() && self.old_place == self.new_place {
            skipped = T::skip_same(self.olds, self.news, SKIP);
            self.unmet = self.unmet.saturating_sub(skipped);
            pen.budget.spend(skipped as u64)?;
        }
        Ok(())
    }

    fn plain(&self, pen: &mut Pen<'_, T, V>, key: &Seen<'_, T>) -> Result<bool, Exhausted> {
        Ok(pen.plain(key, self.new_place)?
            && (self.old_place == self.new_place || pen.plain(key, self.old_place)?))
    }

    /// The old value under a key.
    fn find(&mut self, key: &Seen<'_, T>) -> Option<T> {
        let ahead = self.ahead.take().or_else(|| self.olds.next());
        match ahead {
            Some((other, value)) if same_key(&other, key) => {
                self.unmet = self.unmet.saturating_sub(1);
                return Some(value);
            }
            other => self.ahead = other,
        }
        let value = self.old.term.get(key.term)?;
        self.unmet = self.unmet.saturating_sub(1);
        // What is ahead went, or comes later: fall in step again after it.
        self.ahead = self.olds.next();
        self.ahead.take_if(|(other, _)| same_key(other, key));
        Some(value)
    }

    /// Whether a value both maps show is another in the new one.
    fn entry(
        &mut self,
        pen: &mut Pen<'_, T, V>,
        key: &Seen<'_, T>,
        old: Option<&T>,
        new: &T,
    ) -> Result<bool, Exhausted> {
        let (old_fate, new_fate) = self.fates(pen, key, old, new);
        self.entry_at = pen.at();
        let place = self.new_place;
        match (old.filter(|_| old_fate != Fate::Drop), old_fate, new_fate) {
            (None, _, Fate::Drop) => {}
            (Some(_), _, Fate::Drop) => self.remove(pen, key)?,
            (Some(old), Fate::Keep(old_place), Fate::Keep(new_place)) => {
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
                let outcome = meet(pen, &old, &new, |pen| pen.key(key, place))?;
                self.take(pen, outcome);
                return Ok(matches!(outcome, Outcome::Changed(_)));
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

    fn fates(
        &self,
        pen: &Pen<'_, T, V>,
        key: &Seen<'_, T>,
        old: Option<&T>,
        new: &T,
    ) -> Fates<V::Place> {
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

    #[inline]
    fn take(&mut self, pen: &mut Pen<'_, T, V>, outcome: Outcome) {
        match outcome {
            Outcome::Changed(excess) => {
                self.changed += 1;
                self.excess += 2 + excess;
            }
            Outcome::Same | Outcome::Stranger => pen.cut(self.entry_at),
        }
    }

    fn remove(&mut self, pen: &mut Pen<'_, T, V>, key: &Seen<'_, T>) -> Result<(), Exhausted> {
        let before = pen.at();
        pen.key(key, self.old_place)?;
        write::nil(pen.out);
        self.changed += 1;
        self.removed += 1;
        self.excess += (pen.at() - before) as i64;
        Ok(())
    }

    fn finish(&mut self, pen: &mut Pen<'_, T, V>, at: usize) -> Result<Outcome, Exhausted> {
        if self.unmet > 0 && !self.remove_unmet(pen)? {
            return self.as_written(pen, at);
        }
        if self.changed == 0 {
            return Ok(Outcome::Same);
        }
        pen.out[at + 1..at + 5].copy_from_slice(&self.changed.to_be_bytes());
        let excess = self.excess - 2;
        Ok(Outcome::Changed(self.less_unchanged(pen, excess)?))
    }

    /// Removes the old keys that the new map lacks; gives up, with `false`, at one that is not plain.
    fn remove_unmet(&mut self, pen: &mut Pen<'_, T, V>) -> Result<bool, Exhausted> {
        let Some(olds) = self.old.term.entries() else {
            return Ok(true);
        };
        for (key, old) in olds {
            pen.budget.spend(1)?;
            if self.new.term.get(&key).is_some() {
                continue;
            }
            let key = Seen::of(&key);
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
        if excess <= 0 {
            return Ok(excess);
        }
        let Some(entries) = self.new.term.entries() else {
            return Ok(excess);
        };
        excess += 2 * i64::from(self.changed - self.removed);
        for (key, value) in entries {
            if excess <= 0 {
                break;
            }
            pen.budget.spend(1)?;
            if pen.view.entry(self.new_place, &Seen::of(&key), &value) != Fate::Drop {
                excess -= 2;
            }
        }
        Ok(excess)
    }

    /// Compares and, if need be, replaces the maps as they are written.
    fn as_written(&mut self, pen: &mut Pen<'_, T, V>, at: usize) -> Result<Outcome, Exhausted> {
        pen.cut(at);
        as_written(pen, self.old, self.new)
    }
}

fn same_key<T: Tree>(a: &T, b: &Seen<'_, T>) -> bool {
    a.same(b.term) || b.bytes.is_some_and(|bytes| a.bytes() == Some(bytes))
}

/// Whether a row of a list is known by what it has under this key.
pub(super) fn names_row<T: Tree>(key: &Seen<'_, T>) -> bool {
    key.atom() == Some("id") || key.bytes == Some(b"id")
}
