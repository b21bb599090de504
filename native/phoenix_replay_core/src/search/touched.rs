//! Which parts of a value a change touches, by the grammar of [`patch`](crate::patch).
//!
//! A change that does not fit touches whatever it does: applying it tells, and then nothing of it counts.

use super::walk::{element, is_mark, Visit, Way, NOTHING};
use crate::etf::{List, Map, SequenceIter, Value};

/// What a change does at its top.
pub(super) enum Begun<'a> {
    /// It puts this term.
    New(&'a Value),
    /// It makes this text.
    Text(Value),
    /// It changes parts.
    Parts(Touched<'a>),
    /// It fits nothing, or takes away.
    Nothing,
}

/// The parts that a change touches, one after the other.
pub(super) enum Touched<'a> {
    Keys(std::slice::Iter<'a, (Value, Value)>, &'a Map),
    Elements(std::slice::Iter<'a, (Value, Value)>, &'a Value),
    Pieces(Pieces<'a>),
}

pub(super) fn begin<'a>(change: &'a Value, old: &'a Value) -> Begun<'a> {
    match (old, change) {
        (_, Value::Tuple(parts)) if parts.len() == 1 => Begun::New(&parts[0]),
        (Value::Map(old), Value::Map(changes)) => {
            Begun::Parts(Touched::Keys(changes.entries().iter(), old))
        }
        (Value::Tuple(_) | Value::List(_), Value::Map(changes)) => {
            Begun::Parts(Touched::Elements(changes.entries().iter(), old))
        }
        (Value::List(old), Value::List(pieces)) => {
            Begun::Parts(Touched::Pieces(Pieces::new(old, pieces)))
        }
        (Value::Binary(old), Value::Tuple(parts)) => {
            spliced(old, parts).map_or(Begun::Nothing, Begun::Text)
        }
        _ => Begun::Nothing,
    }
}

impl<'a> Touched<'a> {
    pub fn next(&mut self) -> Option<(Way<'a>, Visit<'a>)> {
        match self {
            Touched::Keys(changes, old) => {
                let (key, change) = changes.next()?;
                if is_mark(key) {
                    return Some((Way::Here, NOTHING));
                }
                let visit = match (old.get(key), put(change)) {
                    (old, Some(new)) => Visit::Term(new, old),
                    (Some(old), None) => Visit::Change(change, old),
                    (None, None) => return Some((Way::Here, NOTHING)),
                };
                Some((Way::Key(key), visit))
            }
            Touched::Elements(changes, old) => {
                let (at, change) = changes.next()?;
                let at = index(at).unwrap_or(usize::MAX);
                let Some(part) = element(old, at) else {
                    return Some((Way::Here, NOTHING));
                };
                let items = old.as_list().map(|list| list.items().len());
                match put(change) {
                    // A list with a list for its tail is one list.
                    Some(new @ Value::List(_)) if items == Some(at) => {
                        Some((Way::Here, Visit::Tail(new, at)))
                    }
                    _ => Some((Way::At(at), Visit::Change(change, part))),
                }
            }
            Touched::Pieces(pieces) => pieces.next(),
        }
    }
}

/// The pieces that a list is made of, those that are new or changed.
pub(super) struct Pieces<'a> {
    old: &'a List,
    pieces: SequenceIter<'a>,
    /// Old items that are in the new list.
    used: Vec<bool>,
    /// How many items the new list has so far.
    made: usize,
    /// The old item that would come next if the list had not changed.
    follows: usize,
}

impl<'a> Pieces<'a> {
    fn new(old: &'a List, pieces: &'a List) -> Self {
        let mut used = vec![false; old.items().len()];
        for piece in pieces.items() {
            if let Some((from, count)) = kept(piece) {
                mark(&mut used, from, count);
            }
        }
        if let Some(from) = pieces.tail().and_then(index) {
            mark(&mut used, from, usize::MAX);
        }
        Pieces {
            old,
            pieces: pieces.items().iter(),
            used,
            made: 0,
            follows: 0,
        }
    }

    fn next(&mut self) -> Option<(Way<'a>, Visit<'a>)> {
        for piece in self.pieces.by_ref() {
            let at = self.made;
            if let Some(new) = put(piece) {
                self.made += 1;
                let place = self.follows;
                let free = self.used.get(place) == Some(&false);
                self.follows += usize::from(free);
                let old = self.old.items().get(place).filter(|_| free);
                return Some((Way::At(at), Visit::Term(new, old)));
            }
            let (from, count) = kept(piece)?;
            self.made = at.checked_add(count)?;
            self.follows = from.checked_add(count)?;
            if let Value::Map(map) = piece {
                let (_, change) = map.entries().first()?;
                let old = self.old.items().get(from)?;
                return Some((Way::At(at), Visit::Change(change, old)));
            }
        }
        None
    }
}

/// Marks old items as used. Each is once at most; a change that says otherwise does not fit, and must not
/// make this take long.
fn mark(used: &mut [bool], from: usize, count: usize) {
    for item in used.iter_mut().skip(from).take(count) {
        if *item {
            return;
        }
        *item = true;
    }
}

/// Which old items a piece uses, from where and how many.
fn kept(piece: &Value) -> Option<(usize, usize)> {
    match piece {
        Value::Integer(_) => Some((index(piece)?, 1)),
        Value::Tuple(parts) => match &parts[..] {
            [from, count] => Some((index(from)?, index(count)?)),
            _ => None,
        },
        Value::Map(map) => match map.entries() {
            [(at, _)] => Some((index(at)?, 1)),
            _ => None,
        },
        _ => None,
    }
}

/// The term that a change or a piece puts.
fn put(change: &Value) -> Option<&Value> {
    match change.as_tuple()? {
        [new] => Some(new),
        _ => None,
    }
}

fn spliced(old: &[u8], parts: &[Value]) -> Option<Value> {
    let [rest, cut, insert] = parts else {
        return None;
    };
    let end = old.len().checked_sub(index(rest)?)?;
    let at = end.checked_sub(index(cut)?)?;
    let made = [&old[..at], insert.as_binary()?, &old[end..]].concat();
    Some(Value::binary(made))
}

fn index(value: &Value) -> Option<usize> {
    usize::try_from(value.as_integer()?).ok()
}
