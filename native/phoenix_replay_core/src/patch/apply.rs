//! Applying a patch.

mod items;
mod making;
mod map;
mod pieces;

use super::PatchError;
use crate::etf::{Sequence, Value};
use items::ItemsChange;
use map::MapChange;
use pieces::PiecesChange;

/// The value that `patch` makes of `value`, sharing with it what did not change.
///
/// Any term may be given as a patch: one that is none, or was made for another value, is an error.
/// The memory it takes is in proportion to both, the time as well.
///
/// ```
/// use phoenix_replay_core::etf::Value;
/// use phoenix_replay_core::patch::apply;
/// let list = Value::list([1, 2, 3].map(Value::integer));
/// let patch = Value::improper_list([Value::tuple([Value::integer(0)])], Value::integer(1));
/// assert_eq!(apply(&list, &patch), Ok(Value::list([0, 2, 3].map(Value::integer))));
/// ```
///
/// # Errors
/// A [`PatchError`] that says why it does not fit.
pub fn apply(value: &Value, patch: &Value) -> Result<Value, PatchError> {
    // Held by the caller as well, everything on the way is copied.
    apply_owned(value.clone(), patch)
}

/// As [`apply`], for a value that is not needed any more. What nobody else holds is changed where
/// it is, and what somebody holds is copied, one level at a time: of patches that change a row of a
/// long list, one after the other, only the first copies the list. With an error the value is gone.
///
/// ```
/// use phoenix_replay_core::etf::Value;
/// use phoenix_replay_core::patch::apply_owned;
/// let list = Value::list([1, 2, 3].map(Value::integer));
/// let patch = Value::map([(Value::integer(0), Value::tuple([Value::integer(7)]))]);
/// assert_eq!(apply_owned(list, &patch), Ok(Value::list([7, 2, 3].map(Value::integer))));
/// ```
///
/// # Errors
/// As [`apply`], and in the same cases.
pub fn apply_owned(value: Value, patch: &Value) -> Result<Value, PatchError> {
    apply_counted(value, patch, &mut 0)
}

/// As [`apply_owned`], and adds to `work` what it takes to do it once more, as so many items of a list
/// that are moved (one was measured at 4 ns).
pub(crate) fn apply_counted(
    value: Value,
    patch: &Value,
    work: &mut u64,
) -> Result<Value, PatchError> {
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut next = Next::Begin(value, patch);
    loop {
        match next {
            Next::Begin(old, change) => {
                *work += FIND + old.as_binary().map_or(0, <[u8]>::len) as u64 / 64;
                next = begin(old, change)?;
            }
            Next::Open(part) => {
                open.push(part);
                next = Next::Go;
            }
            Next::Made(value) => {
                let Some(around) = open.last_mut() else {
                    return Ok(value);
                };
                around.take(value);
                next = Next::Go;
            }
            Next::Go => {
                let Some(top) = open.last_mut() else {
                    return Err(PatchError::Unfit);
                };
                next = top.step()?;
                if let Next::Made(_) = next {
                    *work += top.moved() as u64;
                    open.pop();
                }
            }
        }
    }
}

/// What stands in a container in place of a part that was taken out to be changed, for only what is
/// held once can be changed where it is.
const TAKEN: Value = Value::Integer(0);

/// What it takes to go to one part of a value and change it, in items moved: that part is memory which
/// nobody has been at for long.
const FIND: u64 = 48;

/// What there is to do.
enum Next<'a> {
    /// Make of this value what the change says.
    Begin(Value, &'a Value),
    /// Go into a container.
    Open(Open<'a>),
    /// Put a value into the container around it.
    Made(Value),
    /// Go on with the container on top.
    Go,
}

/// A container that is being made.
enum Open<'a> {
    Map(MapChange<'a>),
    Items(ItemsChange<'a>),
    Pieces(PiecesChange<'a>),
}

impl<'a> Open<'a> {
    /// What comes next: a part to be changed, or the container, made.
    fn step(&mut self) -> Result<Next<'a>, PatchError> {
        match self {
            Open::Map(change) => change.step(),
            Open::Items(change) => change.step(),
            Open::Pieces(change) => change.step(),
        }
    }

    /// How many items were moved, once it is made.
    fn moved(&self) -> usize {
        match self {
            Open::Map(change) => change.moved(),
            Open::Items(change) => change.moved(),
            Open::Pieces(change) => change.moved(),
        }
    }

    fn take(&mut self, value: Value) {
        match self {
            Open::Map(change) => change.take(value),
            Open::Items(change) => change.take(value),
            Open::Pieces(change) => change.take(value),
        }
    }
}

fn begin(old: Value, change: &Value) -> Result<Next<'_>, PatchError> {
    Ok(match (old, change) {
        (_, Value::Tuple(parts)) if parts.len() == 1 => Next::Made(parts[0].clone()),
        (old @ Value::Map(_), Value::Map(changes)) => {
            Next::Open(Open::Map(MapChange::new(old, changes.entries())))
        }
        (old @ (Value::Tuple(_) | Value::List(_)), Value::Map(changes)) => {
            Next::Open(Open::Items(ItemsChange::new(old, changes.entries())))
        }
        (Value::List(old), Value::List(pieces)) => Next::Open(Open::Pieces(PiecesChange::new(
            old,
            pieces.items().iter(),
            pieces.tail(),
        ))),
        (Value::List(old), end @ Value::Integer(_)) => Next::Open(Open::Pieces(PiecesChange::new(
            old,
            Sequence::of(&[]).iter(),
            Some(end),
        ))),
        (Value::Binary(old), Value::Tuple(parts)) => Next::Made(splice(&old, parts)?),
        _ => return Err(PatchError::Unfit),
    })
}

fn splice(old: &[u8], parts: &[Value]) -> Result<Value, PatchError> {
    let [rest, cut, insert] = parts else {
        return Err(PatchError::Unfit);
    };
    let insert = insert.as_binary().ok_or(PatchError::Unfit)?;
    let (rest, cut) = (index(rest)?, index(cut)?);
    // Both are counted from the end.
    let end = old.len().checked_sub(rest);
    let at = end.and_then(|end| end.checked_sub(cut));
    match (at, end) {
        (Some(at), Some(end)) => Ok(Value::binary([&old[..at], insert, &old[end..]].concat())),
        _ => Err(PatchError::NoSuchIndex),
    }
}

fn index(term: &Value) -> Result<usize, PatchError> {
    let integer = term.as_integer().ok_or(PatchError::Unfit)?;
    usize::try_from(integer).map_err(|_| PatchError::NoSuchIndex)
}
