//! A quick look at two terms that are likely equal.
//!
//! Hosts build anew what did not change: a row read from the database again, a changeset cast again.
//! It shares no memory with what it equals, so it has to be compared; but as long as both are equal
//! nothing is to be judged or written, and that is many times cheaper than a walk.

use crate::etf::{Budget, Exhausted};
use crate::tree::{Kind, ListItems, Shape, Tree};

/// How many terms are looked at. More makes larger equal terms cheap, and each level above a
/// difference dear.
const TERMS: u32 = 64;

/// How many of a list that is no item itself, where being equal is less likely.
const SHORT: u32 = 16;

/// Longer binaries are left to the walk, which pays for their bytes.
const BYTES: usize = 256;

/// How many entries of a map are stepped over at first, where both have the same in memory: as many as
/// a map has that is no tree of hashes.
const SKIP: usize = 32;

/// How deep the look goes. It recurses, as the walk does: this bound is why it may.
const DEPTH: u32 = 6;

/// In how many terms an item may be that is compared whole, where long work may run. In one that differs far
/// down each item around it is compared once more, so this bounds how often anything is looked at.
const WHOLE: usize = 8;

/// Whether two terms were found equal, exactly. `false` says nothing: they differ, or are too large
/// or too unlike to say so quickly. `depth` is in how many terms they are.
pub(super) fn alike<T: Tree>(
    old: &T,
    new: &T,
    depth: usize,
    budget: &mut Budget,
) -> Result<bool, Exhausted> {
    if depth <= WHOLE && budget.is_unlimited() {
        if let Some(equal) = old.equal(new) {
            return Ok(equal);
        }
    }
    let mut left = TERMS;
    let alike = equal(old, new, &mut left, DEPTH);
    budget.spend(u64::from(TERMS - left))?;
    Ok(alike)
}

/// Whether two lists were found equal, exactly, as [`alike`] does it; short ones, as a changeset has
/// them: built anew each time, and mostly as they were.
pub(super) fn short_alike<T: Tree>(
    olds: T::Items,
    news: T::Items,
    budget: &mut Budget,
) -> Result<bool, Exhausted> {
    let mut left = SHORT;
    let alike = items::<T>(olds, news, &mut left, DEPTH);
    budget.spend(u64::from(SHORT - left))?;
    Ok(alike)
}

fn equal<T: Tree>(old: &T, new: &T, left: &mut u32, depth: u32) -> bool {
    if old.same(new) {
        return true;
    }
    if *left == 0 || depth == 0 {
        return false;
    }
    *left -= 1;
    let shape = new.shape();
    if old.shape() != shape {
        return false;
    }
    match shape {
        Shape::Bits => match (old.bytes(), new.bytes()) {
            (Some(a), Some(b)) => a.len() <= BYTES && a == b,
            _ => false,
        },
        Shape::Atom | Shape::Other => match (old.kind(), new.kind()) {
            (Kind::Integer(a), Kind::Integer(b)) => a == b,
            // By their bits: 0.0 is not -0.0.
            (Kind::Float(a), Kind::Float(b)) => a.to_bits() == b.to_bits(),
            (Kind::Atom(a), Kind::Atom(b)) => a == b,
            _ => false,
        },
        Shape::Tuple => match (old.elements(), new.elements()) {
            (Some(olds), Some(news)) => {
                olds.len() == news.len()
                    && olds
                        .zip(news)
                        .all(|(old, new)| equal(&old, &new, left, depth - 1))
            }
            _ => false,
        },
        Shape::Map => match (old.entries(), new.entries()) {
            (Some(mut olds), Some(mut news)) => {
                if olds.len() != news.len() {
                    return false;
                }
                T::skip_same(&mut olds, &mut news, SKIP);
                // Maps of the same keys have them in the same order.
                olds.zip(news).all(|((old_key, old), (new_key, new))| {
                    equal(&old_key, &new_key, left, depth - 1) && equal(&old, &new, left, depth - 1)
                })
            }
            _ => false,
        },
        Shape::List => match (old.items(), new.items()) {
            (Some(olds), Some(news)) => items::<T>(olds, news, left, depth - 1),
            _ => false,
        },
    }
}

fn items<T: Tree>(mut olds: T::Items, mut news: T::Items, left: &mut u32, depth: u32) -> bool {
    loop {
        match (olds.next(), news.next()) {
            // Counted here, for the same item twice is not.
            (Some(old), Some(new)) if *left > 0 && equal(&old, &new, left, depth) => {
                *left = left.saturating_sub(1);
            }
            (None, None) => {
                return match (olds.tail(), news.tail()) {
                    (None, None) => true,
                    (Some(old), Some(new)) => equal(&old, &new, left, depth),
                    _ => false,
                }
            }
            _ => return false,
        }
    }
}
