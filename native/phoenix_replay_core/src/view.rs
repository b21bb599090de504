//! How a tree is looked at on its way into a recording.
//!
//! A [`View`] decides, for each entry of a map and each pair of a list, what becomes of it. Encoder
//! and diff ask it as they walk, so that a value which is not recorded is never copied, and what is
//! not walked is never judged. The law that ties them together:
//! `apply(view(a), diff(view(a), view(b))) == view(b)`.

use crate::tree::{Seen, Tree};

/// What a walk asks about the terms it meets.
pub trait View<T: Tree> {
    /// What the view knows from the way down: whether this is inside params, inside a changeset,
    /// and so on. Two places that are equal judge equally.
    type Place: Copy + PartialEq;

    /// The place of the entries of `map`, a map or struct that stands at `place`.
    fn map(&self, place: Self::Place, map: &T) -> Self::Place;

    /// What becomes of an entry of a map, `place` being what [`View::map`] gave for it.
    fn entry(&self, place: Self::Place, key: &Seen<'_, T>, value: &T) -> Fate<Self::Place>;

    /// As [`View::entry`], for two values that were under the key one after the other.
    fn entries(
        &self,
        place: Self::Place,
        key: &Seen<'_, T>,
        old: &T,
        new: &T,
    ) -> Fates<Self::Place> {
        (self.entry(place, key, old), self.entry(place, key, new))
    }

    /// What becomes of the second element of `{key, value}`, a pair that is an item of a list at `place`.
    fn pair(&self, place: Self::Place, key: &Seen<'_, T>, value: &T) -> Fate<Self::Place>;

    /// Whether a function at `place` is recorded as `nil` instead of as an inert placeholder.
    fn forgets_functions(&self, place: Self::Place) -> bool;
}

/// What becomes of an old value and of a new one.
pub type Fates<P> = (Fate<P>, Fate<P>);

/// What becomes of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate<P> {
    /// It is recorded, looked at from this place.
    Keep(P),
    /// It is left out with its key, without a trace. Entries of maps only.
    Drop,
    /// The recording remembers that the key was there: the value becomes [`HIDDEN`], which `Store`
    /// leaves out and a replay shows as [`FILTERED`]. Entries of plain maps only.
    Hide,
    /// The value becomes [`FILTERED`], so that a struct or a keyword list keeps its shape.
    Redact,
    /// The value becomes `nil`.
    Nil,
    /// The value becomes `[]`.
    EmptyList,
}

/// The text that stands in for a sensitive value.
pub const FILTERED: &str = "[FILTERED]";

/// The atom that a recording holds where a sensitive value stood in a plain map.
pub const HIDDEN: &str = "$phoenix_replay_hidden";

/// The view that keeps everything: for terms that were sanitized already.
#[derive(Clone, Copy, Debug, Default)]
pub struct Everything;

impl<T: Tree> View<T> for Everything {
    type Place = ();

    fn map(&self, (): (), _map: &T) {}

    fn entry(&self, (): (), _key: &Seen<'_, T>, _value: &T) -> Fate<()> {
        Fate::Keep(())
    }

    fn pair(&self, (): (), _key: &Seen<'_, T>, _value: &T) -> Fate<()> {
        Fate::Keep(())
    }

    fn forgets_functions(&self, (): ()) -> bool {
        false
    }
}
