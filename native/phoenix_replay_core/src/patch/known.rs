//! Comparisons that the same diff has made before.
//!
//! One part often stands in two places: a form has the params and the errors of its changeset, and the
//! changeset itself. What was written of it is written again, without another walk.

use std::ops::Range;

use smallvec::SmallVec;

use super::pen::Side;
use super::walk::Outcome;
use crate::tree::Tree;

/// How many are known at once. A part that is met again is mostly met soon.
const MANY: usize = 8;

/// What the last comparisons came to.
pub(super) struct Known<T, P>(SmallVec<[Comparison<T, P>; MANY]>);

struct Comparison<T, P> {
    old: T,
    new: T,
    places: (P, P),
    outcome: Outcome,
    written: Range<usize>,
}

impl<T, P> Default for Known<T, P> {
    fn default() -> Self {
        Known(SmallVec::new())
    }
}

impl<T: Tree, P: Copy + PartialEq> Known<T, P> {
    /// What a comparison came to, and where that is written.
    #[inline]
    pub fn of(
        &self,
        old: &Side<'_, T, P>,
        new: &Side<'_, T, P>,
    ) -> Option<(Outcome, Range<usize>)> {
        let known = self.0.iter().find(|known| {
            known.new.same(new.term)
                && known.old.same(old.term)
                && known.places == (old.place, new.place)
        })?;
        Some((known.outcome, known.written.clone()))
    }

    /// Nothing is written of what is the same.
    #[inline]
    pub fn put(
        &mut self,
        old: &Side<'_, T, P>,
        new: &Side<'_, T, P>,
        outcome: Outcome,
        written: Range<usize>,
    ) {
        if self.0.len() == MANY {
            self.0.clear();
        }
        self.0.push(Comparison {
            old: old.term.clone(),
            new: new.term.clone(),
            places: (old.place, new.place),
            outcome,
            written,
        });
    }

    /// What was written from `at` on is taken back, and with it what was known by that.
    #[inline]
    pub fn cut(&mut self, at: usize) {
        self.0.retain(|known| known.written.end <= at);
    }
}
