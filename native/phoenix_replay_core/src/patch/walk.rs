//! The walk of a diff: two terms side by side.

use super::alike::{alike, short_alike};
use super::pen::{Pen, Side};
use super::{leaf, list, map, splice, tuple};
use crate::etf::Exhausted;
use crate::tree::{Seen, Shape, Tree};
use crate::view::View;

/// In how many terms a walk goes. It recurses, and the stack of a scheduler's thread is small. No page
/// has assigns nearly so deep; in one that has, what is deeper is compared as it is written.
const DEEPEST: usize = 32;

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

/// Compares two terms and writes the change, `before` in front of it. Where nothing is to be written
/// `before` may stand there all the same: whoever wrote it takes it back.
#[inline]
pub(super) fn meet<T: Tree, V: View<T>>(
    pen: &mut Pen<'_, T, V>,
    old: &Side<'_, T, V::Place>,
    new: &Side<'_, T, V::Place>,
    before: impl FnOnce(&mut Pen<'_, T, V>) -> Result<(), Exhausted>,
) -> Result<Outcome, Exhausted> {
    pen.budget.spend(1)?;
    // Items of a list are mostly equal. What an assign that changed holds mostly is not, and looking
    // at each of its levels first would only come on top.
    let alike = old.place == new.place
        && (old.term.same(new.term)
            || (new.item && alike(old.term, new.term, pen.depth, pen.budget)?));
    if alike {
        return Ok(Outcome::Same);
    }
    let (a, b) = (Seen::of(old.term), Seen::of(new.term));
    match (a.bytes, b.bytes) {
        (Some(a), Some(bytes)) => {
            pen.budget.spend_bytes(a.len().min(bytes.len()))?;
            if leaf::bytes(a, bytes) {
                return Ok(Outcome::Same);
            }
            before(pen)?;
            let spliced = splice::write(a, bytes, pen.budget, pen.out)?;
            if let Some(saved) = spliced {
                return Ok(Outcome::Changed(saved));
            }
        }
        _ if b.has_parts() && a.shape == b.shape => {
            return with_parts(pen, old, new, b.shape, before)
        }
        _ if leaf::equal(pen.view, old, new) => return Ok(Outcome::Same),
        _ => before(pen)?,
    }
    if b.has_parts() || new.item {
        pen.replace(new)?;
    } else {
        pen.put(&b, new.place)?;
    }
    Ok(Outcome::Changed(0))
}

/// Compares two tuples, lists or maps, unless that was done before.
#[inline]
fn with_parts<T: Tree, V: View<T>>(
    pen: &mut Pen<'_, T, V>,
    old: &Side<'_, T, V::Place>,
    new: &Side<'_, T, V::Place>,
    shape: Shape,
    before: impl FnOnce(&mut Pen<'_, T, V>) -> Result<(), Exhausted>,
) -> Result<Outcome, Exhausted> {
    // At the root a change is measured that elsewhere is not.
    if !new.item && pen.depth > 0 {
        if let Some((outcome, written)) = pen.known.of(old, new) {
            if outcome != Outcome::Same {
                before(pen)?;
                pen.budget.spend_bytes(written.len())?;
                pen.out.extend_from_within(written);
            }
            return Ok(outcome);
        }
    }
    if shape == Shape::List && old.place == new.place && both_short(pen, old, new)? {
        pen.known.put(old, new, Outcome::Same, 0..0);
        return Ok(Outcome::Same);
    }
    before(pen)?;
    let at = pen.at();
    let outcome = parts(pen, old, new, shape)?;
    match outcome {
        _ if new.item => {}
        Outcome::Same => pen.known.put(old, new, outcome, 0..0),
        _ => pen.known.put(old, new, outcome, at..pen.at()),
    }
    Ok(outcome)
}

fn both_short<T: Tree, V: View<T>>(
    pen: &mut Pen<'_, T, V>,
    old: &Side<'_, T, V::Place>,
    new: &Side<'_, T, V::Place>,
) -> Result<bool, Exhausted> {
    match (old.term.items(), new.term.items()) {
        (Some(olds), Some(news)) => short_alike::<T>(olds, news, pen.budget),
        _ => Ok(false),
    }
}

/// Compares the parts of two tuples, lists or maps.
#[inline(never)]
fn parts<T: Tree, V: View<T>>(
    pen: &mut Pen<'_, T, V>,
    old: &Side<'_, T, V::Place>,
    new: &Side<'_, T, V::Place>,
    shape: Shape,
) -> Result<Outcome, Exhausted> {
    let at = pen.at();
    pen.depth += 1;
    let outcome = match shape {
        _ if pen.depth > DEEPEST => as_written(pen, old, new)?,
        Shape::Map => map::walk(pen, old, new)?,
        Shape::List => list::walk(pen, old, new)?,
        _ => tuple::walk(pen, old, new)?,
    };
    pen.depth -= 1;
    settled(pen, at, new, outcome)
}

/// Keeps the change that was written from `at` on, or the plain replacement where that is smaller.
///
/// Measuring the replacement costs as much as the change is long, and deep nests would pay it at
/// each level. So, below the root, it is measured only once the bytes that may be too many are a
/// good part of those written: then all the measuring together costs a constant multiple of the
/// writing.
#[inline]
fn settled<T: Tree, V: View<T>>(
    pen: &mut Pen<'_, T, V>,
    at: usize,
    new: &Side<'_, T, V::Place>,
    outcome: Outcome,
) -> Result<Outcome, Exhausted> {
    let Outcome::Changed(excess) = outcome else {
        pen.cut(at);
        return Ok(outcome);
    };
    let size = (pen.at() - at) as i64;
    if excess <= 0 || (excess.saturating_mul(4) < size && pen.depth > 0) {
        return Ok(outcome);
    }
    pen.replace_if_smaller(at, new)?;
    Ok(Outcome::Changed(0))
}

/// Compares two terms as they are written, and replaces one by the other if they differ.
#[cold]
pub(super) fn as_written<T: Tree, V: View<T>>(
    pen: &mut Pen<'_, T, V>,
    old: &Side<'_, T, V::Place>,
    new: &Side<'_, T, V::Place>,
) -> Result<Outcome, Exhausted> {
    let at = pen.at();
    pen.replace(old)?;
    let before = pen.out.split_off(at);
    pen.replace(new)?;
    Ok(if pen.out[at..] == before[..] {
        Outcome::Same
    } else {
        Outcome::Changed(0)
    })
}
