//! The change of a list whose items moved, came or went: the pieces of the old one it is made of.

use std::collections::VecDeque;

use super::pen::{index_size, Pen, Side};
use super::rows::{self, Match};
use super::walk::{meet, Outcome};
use crate::etf::{tag, write, Exhausted};
use crate::tree::{ListItems, Tree};
use crate::view::View;

/// How many items before a rest that both share are looked for: `[new | list]`, `[_ | list]`.
const NEAR: usize = 16;

/// Two lists from the first index on where they differ.
pub(super) struct Rest<T: Tree> {
    pub index: usize,
    pub old: Option<T>,
    pub new: Option<T>,
    /// What follows those.
    pub olds: T::Items,
    pub news: T::Items,
}

/// Writes the pieces. `None` where nothing of the old list is kept, or for an improper one, whose tail
/// would not be.
#[inline(never)]
pub(super) fn walk<T: Tree, V: View<T>>(
    pen: &mut Pen<'_, T, V>,
    rest: Rest<T>,
    old_place: V::Place,
    new_place: V::Place,
) -> Result<Option<Outcome>, Exhausted> {
    match PieceWalk::new(pen, rest, old_place, new_place)? {
        Some(mut pieces) => pieces.walk(pen).map(Some),
        None => Ok(None),
    }
}

/// A new list, item by item, as pieces of the old one.
struct PieceWalk<T: Tree, V: View<T>> {
    old_place: V::Place,
    new_place: V::Place,
    /// The old items from `base` on, up to what both end in.
    olds: Vec<T>,
    /// The new items between what both begin and what both end in, with what each is matched to.
    news: VecDeque<(T, Match)>,
    base: usize,
    /// From which old index on both end in the same, if so, and how many items that is at least.
    end: Option<(usize, usize)>,
    /// Old items next to each other that are kept as they are and not yet written.
    run: Run,
    count: u32,
    excess: i64,
}

/// Items of the old list, `from` up to `to`.
#[derive(Clone, Copy)]
struct Run {
    from: usize,
    to: usize,
}

impl<T: Tree, V: View<T>> PieceWalk<T, V> {
    fn new(
        pen: &mut Pen<'_, T, V>,
        rest: Rest<T>,
        old_place: V::Place,
        new_place: V::Place,
    ) -> Result<Option<Self>, Exhausted> {
        let base = rest.index;
        let mut walk = PieceWalk {
            old_place,
            new_place,
            olds: Vec::new(),
            news: VecDeque::new(),
            base,
            end: None,
            run: Run { from: 0, to: base },
            count: 0,
            excess: 0,
        };
        if old_place == new_place && walk.near(pen, &rest)? {
            return Ok(Some(walk));
        }
        let mut olds = collect(pen, rest.old, rest.olds.clone())?;
        let mut news = collect(pen, rest.new, rest.news.clone())?;
        let (mut old_tail, mut new_tail) = (rest.olds, rest.news);
        old_tail.by_ref().for_each(drop);
        new_tail.by_ref().for_each(drop);
        if old_tail.tail().is_some() || new_tail.tail().is_some() {
            return Ok(None);
        }
        if old_place == new_place {
            let same = olds
                .iter()
                .rev()
                .zip(news.iter().rev())
                .take_while(|(a, b)| a.same(b))
                .count();
            if same > 0 {
                olds.truncate(olds.len() - same);
                news.truncate(news.len() - same);
                walk.end = Some((base + olds.len(), same));
            }
        }
        let matches = rows::matches(pen, (&olds, old_place), (&news, new_place))?;
        // Writing all items as new ones, to find the plain replacement smaller, takes twice as long.
        let kept = base > 0 || walk.end.is_some();
        if !kept && matches.iter().all(|found| *found == Match::None) {
            return Ok(None);
        }
        walk.news = news.into_iter().zip(matches).collect();
        walk.olds = olds;
        Ok(Some(walk))
    }

    /// Looks for a few items put in front of, or taken from, what both share in memory, so that
    /// this costs nothing for the length of the list.
    fn near(&mut self, pen: &mut Pen<'_, T, V>, rest: &Rest<T>) -> Result<bool, Exhausted> {
        let (Some(old), Some(new)) = (&rest.old, &rest.new) else {
            return Ok(false);
        };
        pen.budget.spend(NEAR as u64)?;
        let mut news = rest.news.clone();
        for put in 1..=NEAR {
            let Some(item) = news.next() else { break };
            if item.same(old) && news.same_rest(&rest.olds) {
                let items = std::iter::once(new.clone()).chain(rest.news.clone());
                self.news = items.take(put).map(|item| (item, Match::None)).collect();
                self.end = Some((self.base, 1));
                return Ok(true);
            }
        }
        let mut olds = rest.olds.clone();
        for taken in 1..=NEAR {
            let Some(item) = olds.next() else { break };
            if item.same(new) && olds.same_rest(&rest.news) {
                self.end = Some((self.base + taken, 1));
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn walk(&mut self, pen: &mut Pen<'_, T, V>) -> Result<Outcome, Exhausted> {
        let at = pen.at();
        pen.out.extend_from_slice(&[tag::LIST, 0, 0, 0, 0]);
        while let Some((new, matched)) = self.news.pop_front() {
            pen.budget.spend(1)?;
            match matched {
                Match::None => self.put(pen, new)?,
                Match::Old(at) => self.item(pen, at, new)?,
            }
        }
        Ok(self.finish(pen, at))
    }

    /// A new item.
    fn put(&mut self, pen: &mut Pen<'_, T, V>, new: T) -> Result<(), Exhausted> {
        self.flush(pen);
        self.count += 1;
        self.excess += 2;
        pen.replace(&Side {
            term: &new,
            place: self.new_place,
            item: true,
        })
    }

    /// An item that is, or comes from, an old one.
    fn item(&mut self, pen: &mut Pen<'_, T, V>, at: usize, new: T) -> Result<(), Exhausted> {
        let index = self.base + at;
        let old = Side {
            term: &self.olds[at].clone(),
            place: self.old_place,
            item: true,
        };
        let side = Side {
            term: &new,
            place: self.new_place,
            item: true,
        };
        // What to go back to if it did not change.
        let (before, run, count, excess) = (pen.at(), self.run, self.count, self.excess);
        let outcome = meet(pen, &old, &side, |pen| {
            self.flush(pen);
            write::map(pen.out, 1);
            pen.index(index);
            Ok(())
        })?;
        if let Outcome::Changed(excess) = outcome {
            self.count += 1;
            self.excess += 5 + index_size(index) + 2 + excess;
            return Ok(());
        }
        pen.cut(before);
        (self.run, self.count, self.excess) = (run, count, excess);
        if outcome == Outcome::Stranger {
            return self.put(pen, new);
        }
        if self.run.from == self.run.to {
            self.run = Run {
                from: index,
                to: index,
            };
        } else if self.run.to != index {
            self.flush(pen);
            self.run = Run {
                from: index,
                to: index,
            };
        }
        self.run.to += 1;
        Ok(())
    }

    /// Writes the old items that are kept.
    fn flush(&mut self, pen: &mut Pen<'_, T, V>) {
        let Run { from, to } = self.run;
        self.run.from = to;
        let kept = to - from;
        if kept == 0 {
            return;
        }
        let before = pen.at();
        if kept > 1 {
            write::tuple(pen.out, 2);
            pen.index(from);
            pen.index(kept);
        } else {
            pen.index(from);
        }
        self.count += 1;
        self.excess += (pen.at() - before) as i64 - kept as i64;
    }

    fn finish(&mut self, pen: &mut Pen<'_, T, V>, at: usize) -> Outcome {
        let (end, kept) = self.end.unwrap_or((self.base + self.olds.len(), 0));
        // What both end in follows the run, or is one by itself, or the run reaches the end.
        let follows = self.run.from < self.run.to && self.run.to == end;
        let end = match (follows, self.end) {
            (true, _) => {
                self.excess -= (self.run.to - self.run.from) as i64;
                Some(self.run.from)
            }
            (false, Some(_)) => {
                self.flush(pen);
                Some(end)
            }
            (false, None) => {
                self.flush(pen);
                None
            }
        };
        let end_size = match end {
            Some(0) if self.count == 0 => return Outcome::Same,
            Some(index) => {
                if self.count == 0 {
                    pen.cut(at);
                }
                pen.index(index);
                index_size(index)
            }
            None => {
                write::nil(pen.out);
                1
            }
        };
        if self.count > 0 {
            pen.out[at + 1..at + 5].copy_from_slice(&self.count.to_be_bytes());
        }
        // The end against that of `{new}`, the head of which is two bytes longer.
        Outcome::Changed(self.excess + end_size - 1 - 2 - kept as i64)
    }
}

fn collect<T: Tree, V: View<T>>(
    pen: &mut Pen<'_, T, V>,
    first: Option<T>,
    rest: T::Items,
) -> Result<Vec<T>, Exhausted> {
    let mut items: Vec<T> = Vec::new();
    for item in first.into_iter().chain(rest) {
        pen.budget.spend(1)?;
        items.push(item);
    }
    Ok(items)
}
