//! Deltas: what changed between two terms, as a term.
//!
//! The law, for `view` being what a [`View`] shows of a tree, exact (`1` is not `1.0`, `0.0` is not
//! `-0.0`): `apply(view(a), diff(view(a), view(b))) == view(b)`. A change is never larger than the
//! plain replacement, in bytes as written.
//!
//! # Grammar
//!
//! A patch is one *change*, a plain term. What it means depends on what it is applied to:
//!
//! | change | of | means |
//! |---|---|---|
//! | `{term}` | anything | becomes `term` |
//! | `%{key => change}` | a map or struct | these keys change; one the map lacks is put, its change being `{term}` |
//! | `%{key => []}` | a map or struct | this key goes |
//! | `%{index => change}` | a tuple or list | the elements at these indices change; the tail of an improper list has the index after the last item |
//! | `[piece, ...]` | a list | is made of these pieces |
//! | `[piece, ... \| index]` | a list | is made of these pieces, then of the old list from `index` on, whatever that ends in |
//! | `index` | a list | is the old list from `index` on |
//! | `{rest, cut, insert}` | a binary | the `cut` bytes before the last `rest` give way to the binary `insert` |
//!
//! | piece | means |
//! |---|---|
//! | `{term}` | `term`, a new item |
//! | `index` | the old item at `index` |
//! | `{index, count}` | as many old items, from `index` on |
//! | `%{index => change}` | the old item at `index`, changed |
//!
//! Indices count from 0 and mean the old list. Each old item is used once at most, so that applying
//! a patch takes no more memory than the old value and the patch do. Examples:
//!
//! ```text
//! %{count: 6, user: %{name: "Ada"}}  to  %{count: 7, user: %{name: "Ada"}}    %{count: {7}}
//! a row of a table is done                 %{rows: %{417 => %{done: {true}}}}
//! a row comes in after the third           %{rows: [{0, 3}, {%{id: 9, done: false}} | 3]}
//! the first row goes                       %{rows: 1}
//! a letter is typed at the end of "hell…"  %{form: %{params: %{"text" => {0, 0, "o"}}}}
//! ```

mod alike;
mod apply;
mod error;
mod keys;
mod known;
mod leaf;
mod list;
mod map;
mod pen;
mod pieces;
mod plain;
mod rows;
mod splice;
mod tuple;
mod walk;

pub(crate) use apply::apply_counted;
pub use apply::{apply, apply_owned};
pub use error::PatchError;
pub use keys::{changed_keys, ChangedKey, KeyChange};

use crate::etf::{tag, write, Budget, Exhausted};
use crate::tree::{Seen, Tree};
use crate::view::{Fate, View};
use pen::{Pen, Side};
use walk::{meet, Outcome};

/// Whether there is anything to apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Change {
    /// Both come out the same; nothing was written.
    Same,
    /// A patch was written.
    Changed,
}

/// Appends the patch that makes `new` of `old`, both as `view` shows them at `place`, to `out`,
/// without the version byte; appends nothing if both come out the same.
///
/// What both share in memory is neither walked nor judged, and of the rest only what changed is
/// copied. The time is in proportion to what is walked, the memory besides `out` to the depth and,
/// where items of a list moved, to its length. What is more than 32 terms deep is not walked but compared
/// as it is written, and replaced whole.
///
/// ```
/// use phoenix_replay_core::etf::{Budget, Value};
/// use phoenix_replay_core::patch::{diff, Change};
/// use phoenix_replay_core::view::Everything;
/// let assigns = |count: i64| Value::map([(Value::atom("count"), Value::integer(count))]);
/// let mut out = Vec::new();
/// let change = diff(&assigns(6), &assigns(7), &Everything, (), &mut Budget::new(100), &mut out);
/// assert_eq!(change, Ok(Change::Changed));
/// assert_eq!(out.len(), 16);
/// ```
///
/// # Errors
/// [`Exhausted`] when the budget ran out; `out` is then as long as it was.
pub fn diff<T: Tree, V: View<T>>(
    old: &T,
    new: &T,
    view: &V,
    place: V::Place,
    budget: &mut Budget,
    out: &mut Vec<u8>,
) -> Result<Change, Exhausted> {
    let at = out.len();
    let mut pen = Pen::new(view, budget, out);
    match meet(&mut pen, &side(old, place), &side(new, place), |_| Ok(())) {
        Ok(Outcome::Changed(_)) => Ok(Change::Changed),
        Ok(Outcome::Same | Outcome::Stranger) => {
            out.truncate(at);
            Ok(Change::Same)
        }
        Err(exhausted) => {
            out.truncate(at);
            Err(exhausted)
        }
    }
}

/// As [`diff`], for two maps of assigns of which only the keys of `changed`, a map, are looked at. A
/// key of `changed` that `new` lacks was removed. The patch is always one of a map, so that
/// [`changed_keys`] can name what changed, and no key's change is larger than its replacement.
///
/// # Errors
/// [`Exhausted`] when the budget ran out; `out` is then as long as it was.
pub fn diff_assigns<T: Tree, V: View<T>>(
    old: &T,
    new: &T,
    changed: &T,
    view: &V,
    place: V::Place,
    budget: &mut Budget,
    out: &mut Vec<u8>,
) -> Result<Change, Exhausted> {
    let at = out.len();
    let mut pen = Pen::new(view, budget, out);
    let done = assigns(&mut pen, (old, new, changed), place);
    if !matches!(done, Ok(Change::Changed)) {
        out.truncate(at);
    }
    done
}

fn assigns<T: Tree, V: View<T>>(
    pen: &mut Pen<'_, T, V>,
    (old, new, changed): (&T, &T, &T),
    place: V::Place,
) -> Result<Change, Exhausted> {
    let Some(keys) = changed.entries() else {
        return Ok(Change::Same);
    };
    let (old_place, new_place) = (pen.view.map(place, old), pen.view.map(place, new));
    let head = pen.at();
    pen.out.extend_from_slice(&[tag::MAP, 0, 0, 0, 0]);
    let mut count: u32 = 0;
    for (key, _) in keys {
        pen.budget.spend(1)?;
        let before = pen.at();
        let (old, new) = (old.get(&key), new.get(&key));
        if let (Some(a), Some(b)) = (&old, &new) {
            if old_place == new_place && a.same(b) {
                continue;
            }
        }
        let key = Seen::of(&key);
        let fate = |place, term: &Option<T>| {
            term.as_ref()
                .map_or(Fate::Drop, |term| pen.view.entry(place, &key, term))
        };
        let fates = match (&old, &new) {
            (Some(old), Some(new)) if old_place == new_place => {
                pen.view.entries(new_place, &key, old, new)
            }
            _ => (fate(old_place, &old), fate(new_place, &new)),
        };
        match (fates.0, old, fates.1, new) {
            (Fate::Drop, _, Fate::Drop, _) => {}
            (_, Some(_), Fate::Drop, _) => {
                pen.key(&key, old_place)?;
                write::nil(pen.out);
            }
            (Fate::Keep(a), Some(old), Fate::Keep(b), Some(new)) => {
                let (old, new) = (side(&old, a), side(&new, b));
                let outcome = meet(pen, &old, &new, |pen| pen.key(&key, new_place))?;
                if !matches!(outcome, Outcome::Changed(_)) {
                    pen.cut(before);
                }
            }
            (a, Some(old), b, Some(new))
                if leaf::stand_ins_equal(pen.view, (&old, a), (&new, b)) => {}
            (_, _, fate, Some(new)) => {
                pen.key(&key, new_place)?;
                pen.replace_by_fate(fate, &new)?;
            }
            _ => {}
        }
        count += u32::from(pen.at() > before);
    }
    if count == 0 {
        return Ok(Change::Same);
    }
    pen.out[head + 1..head + 5].copy_from_slice(&count.to_be_bytes());
    Ok(Change::Changed)
}

fn side<T, P>(term: &T, place: P) -> Side<'_, T, P> {
    Side {
        term,
        place,
        item: false,
    }
}
