//! A view with every fate, and places that matter.

use phoenix_replay_core::tree::{Kind, Seen, Tree};
use phoenix_replay_core::view::{Fate, View};

/// Judges by the first letter of a key; inside of a map with a `strict` key more strictly.
pub struct Wary;

impl<T: Tree> View<T> for Wary {
    type Place = bool;

    fn map(&self, place: bool, map: &T) -> bool {
        place || map.get_atom("strict").is_some()
    }

    fn entry(&self, strict: bool, key: &Seen<'_, T>, value: &T) -> Fate<bool> {
        let kind = key.term.kind();
        let name = match &kind {
            Kind::Atom(name) => name.as_bytes(),
            Kind::Binary(name) => name,
            _ => return Fate::Keep(strict),
        };
        match name {
            b"drop" => Fate::Drop,
            b"hide" => Fate::Hide,
            b"redact" => Fate::Redact,
            b"nil" => Fate::Nil,
            b"empty" => Fate::EmptyList,
            b"pin" if strict => Fate::Hide,
            // By the value: what is no text stays.
            b"text" if matches!(value.kind(), Kind::Binary(_)) => Fate::Redact,
            b"loose" => Fate::Keep(false),
            _ => Fate::Keep(strict),
        }
    }

    fn pair(&self, strict: bool, key: &Seen<'_, T>, value: &T) -> Fate<bool> {
        self.entry(strict, key, value)
    }

    fn forgets_functions(&self, strict: bool) -> bool {
        strict
    }
}
