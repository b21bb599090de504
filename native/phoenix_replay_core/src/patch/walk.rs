//! The walk of a diff: two terms side by side, on a stack of its own.

use smallvec::SmallVec;

use super::alike::{alike, short_alike};
use super::list::ListWalk;
use super::map::MapWalk;
use super::pen::{Pen, Side};
use super::pieces::PieceWalk;
use super::tuple::TupleWalk;
use super::{leaf, splice};
use crate::etf::Exhausted;
use crate::tree::{Kind, Tree};
use crate::view::View;

/// How deep a walk goes without a stack on the heap: a form has its changeset's parts at most here.
const DEEP: usize = 6;

/// What a comparison came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Both come out the same; nothing is written.
    Same,
    /// A change is written. It is at most so many bytes larger than the plain replacement.
    Changed(i64),
    /// Both are rows of a list, but not the same row: their identities differ. Nothing is written.
    Stranger,
}

/// What comparing two terms came to without walking into them.
pub(super) enum Met {
    /// All is said.
    Done(Outcome),
    /// Both have parts that need walking. The pen holds them.
    Open,
}

/// What a walk does next.
pub(super) enum Step<T: Tree, V: View<T>> {
    /// It walks into the part that the pen holds.
    Into,
    /// It is at its end.
    Done(Outcome),
    /// Pieces of the list it walks are to be looked for.
    Pieces(Box<PieceWalk<T, V>>),
}

/// Two terms that are being walked.
pub(super) struct Frame<T: Tree, V: View<T>> {
    /// Where the change begins in what is written.
    at: usize,
    new: Side<T, V::Place>,
    walk: Walk<T, V>,
}

enum Walk<T: Tree, V: View<T>> {
    Map(MapWalk<T, V>),
    Tuple(TupleWalk<T, V>),
    List(ListWalk<T, V>),
    Pieces(Box<PieceWalk<T, V>>),
}

/// Compares two terms and writes the change, `before` in front of it, as far as that can be done
/// without walking into them.
#[inline]
pub(super) fn meet<T: Tree, V: View<T>>(
    pen: &mut Pen<'_, T, V>,
    old: &Side<T, V::Place>,
    new: &Side<T, V::Place>,
    before: impl FnOnce(&mut Pen<'_, T, V>) -> Result<(), Exhausted>,
) -> Result<Met, Exhausted> {
    pen.budget.spend(1)?;
    // Items of a list are mostly equal. What an assign that changed holds mostly is not, and looking
    // at each of its levels first would only come on top.
    let alike = old.place == new.place
        && (old.term.same(&new.term)
            || (new.item && alike(&old.term, &new.term, pen.depth, pen.budget)?));
    if alike {
        return Ok(Met::Done(Outcome::Same));
    }
    let walk = match (old.term.kind(), new.term.kind()) {
        (Kind::Map(olds), Kind::Map(news)) => Walk::Map(MapWalk::new(pen, old, new, olds, news)?),
        (Kind::List(olds), Kind::List(news)) => {
            if old.place == new.place && short_alike::<T>(&olds, &news, pen.budget)? {
                return Ok(Met::Done(Outcome::Same));
            }
            Walk::List(ListWalk::new(old, new, olds, news))
        }
        (Kind::Tuple(olds), Kind::Tuple(news)) if olds.len() == news.len() => {
            Walk::Tuple(TupleWalk::new(pen, old, new, olds, news))
        }
        (Kind::Binary(a), Kind::Binary(b)) => {
            pen.budget.spend_bytes(a.len().min(b.len()))?;
            if leaf::bytes(a, b) {
                return Ok(Met::Done(Outcome::Same));
            }
            before(pen)?;
            if let Some(saved) = splice::write(a, b, pen.budget, pen.out)? {
                return Ok(Met::Done(Outcome::Changed(saved)));
            }
            pen.replace(new)?;
            return Ok(Met::Done(Outcome::Changed(0)));
        }
        (a, b) => {
            if leaf::equal(pen.view, (&a, old.place), (&b, new.place)) {
                return Ok(Met::Done(Outcome::Same));
            }
            before(pen)?;
            pen.replace(new)?;
            return Ok(Met::Done(Outcome::Changed(0)));
        }
    };
    before(pen)?;
    // A frame is large; handed on through every return it would be copied each time.
    pen.open = Some(Frame {
        at: pen.at(),
        new: new.clone(),
        walk,
    });
    Ok(Met::Open)
}

/// Walks to the end of what a comparison opened.
pub(super) fn run<T: Tree, V: View<T>>(pen: &mut Pen<'_, T, V>) -> Result<Outcome, Exhausted> {
    let mut stack: SmallVec<[Frame<T, V>; DEEP]> = SmallVec::new();
    stack.extend(pen.open.take());
    let mut last = Outcome::Same;
    while let Some(frame) = stack.last_mut() {
        match frame.step(pen)? {
            Step::Into => {
                if let Some(frame) = pen.open.take() {
                    stack.push(frame);
                    pen.depth = stack.len();
                }
            }
            Step::Pieces(pieces) => frame.walk = Walk::Pieces(pieces),
            Step::Done(outcome) => {
                let root = stack.len() == 1;
                last = settled(pen, &stack[stack.len() - 1], outcome, root)?;
                stack.pop();
                pen.depth = stack.len();
                if let Some(parent) = stack.last_mut() {
                    parent.take(pen, last)?;
                }
            }
        }
    }
    Ok(last)
}

impl<T: Tree, V: View<T>> Frame<T, V> {
    fn step(&mut self, pen: &mut Pen<'_, T, V>) -> Result<Step<T, V>, Exhausted> {
        match &mut self.walk {
            Walk::Map(walk) => walk.step(pen, self.at),
            Walk::Tuple(walk) => walk.step(pen, self.at),
            Walk::List(walk) => walk.step(pen, self.at, &self.new),
            Walk::Pieces(walk) => walk.step(pen, self.at),
        }
    }

    /// Takes in what became of the part that was walked into.
    fn take(&mut self, pen: &mut Pen<'_, T, V>, outcome: Outcome) -> Result<(), Exhausted> {
        match &mut self.walk {
            Walk::Map(walk) => walk.take(pen, outcome),
            Walk::Tuple(walk) => walk.take(pen, outcome),
            Walk::List(walk) => walk.take(pen, outcome),
            Walk::Pieces(walk) => walk.take(pen, outcome)?,
        }
        Ok(())
    }
}

/// Keeps the change, or the plain replacement where that is smaller.
///
/// Measuring the replacement costs as much as the change is long, and deep nests would pay it at
/// each level. So, below the root, it is measured only once the bytes that may be too many are a
/// good part of those written: then all the measuring together costs a constant multiple of the
/// writing.
fn settled<T: Tree, V: View<T>>(
    pen: &mut Pen<'_, T, V>,
    frame: &Frame<T, V>,
    outcome: Outcome,
    root: bool,
) -> Result<Outcome, Exhausted> {
    let Outcome::Changed(excess) = outcome else {
        pen.out.truncate(frame.at);
        return Ok(outcome);
    };
    let size = (pen.at() - frame.at) as i64;
    if excess <= 0 || (excess.saturating_mul(4) < size && !root) {
        return Ok(outcome);
    }
    pen.replace_if_smaller(frame.at, &frame.new)?;
    Ok(Outcome::Changed(0))
}
