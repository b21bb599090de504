//! Writing a tree as a view shows it.

use smallvec::SmallVec;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use super::{inert, tag, write, Budget, Exhausted};
use crate::tree::{InertKind, Kind, ListItems, Seen, Shape, Tree};
use crate::view::{Fate, View, FILTERED, HIDDEN};

/// Appends `tree`, which stands at `place`, to `out` as `view` shows it, without the version byte.
///
/// What the view leaves out is neither walked nor copied. Keys are written from the place of their
/// entries. Two keys that come out the same (two closures, say, that print alike) would make a map
/// that Erlang refuses to read: of those the first is written.
///
/// ```
/// use phoenix_replay_core::etf::{encode, Budget, Value};
/// use phoenix_replay_core::view::Everything;
/// let mut out = Vec::new();
/// encode(&Value::integer(7), &Everything, (), &mut Budget::new(1), &mut out).unwrap();
/// assert_eq!(out, [97, 7]);
/// ```
///
/// # Errors
/// [`Exhausted`] when the budget ran out; `out` is then as long as it was.
pub fn encode<T: Tree, V: View<T>>(
    tree: &T,
    view: &V,
    place: V::Place,
    budget: &mut Budget,
    out: &mut Vec<u8>,
) -> Result<(), Exhausted> {
    encode_within(tree, view, place, budget, out, usize::MAX)
}

/// As [`encode`], but gives up, as if the budget had run out, once `out` is longer than `end`: for
/// measuring what is only of interest if it is short.
pub(crate) fn encode_within<T: Tree, V: View<T>>(
    tree: &T,
    view: &V,
    place: V::Place,
    budget: &mut Budget,
    out: &mut Vec<u8>,
    end: usize,
) -> Result<(), Exhausted> {
    encode_seen(&Seen::of(tree), view, place, budget, out, end)
}

/// As [`encode_within`] of a term that was looked at already.
pub(crate) fn encode_seen<T: Tree, V: View<T>>(
    tree: &Seen<'_, T>,
    view: &V,
    place: V::Place,
    budget: &mut Budget,
    out: &mut Vec<u8>,
    end: usize,
) -> Result<(), Exhausted> {
    // Most of what is written by itself is a leaf, and needs no stack.
    if !tree.has_parts() {
        return leaf(tree, (view, place), budget, out, end);
    }
    let before = out.len();
    let mut encoder = Encoder {
        view,
        budget,
        out,
        end,
        open: SmallVec::new(),
    };
    let done = encoder.seen(tree, place).and_then(|()| encoder.run());
    if done.is_err() {
        out.truncate(before);
    }
    done
}

/// Appends what becomes of `value`: itself as `view` shows it, or what stands in for it. Nothing is
/// written for [`Fate::Drop`].
///
/// # Errors
/// [`Exhausted`] when the budget ran out; `out` is then as long as it was.
pub fn encode_fate<T: Tree, V: View<T>>(
    fate: Fate<V::Place>,
    value: &T,
    view: &V,
    budget: &mut Budget,
    out: &mut Vec<u8>,
) -> Result<(), Exhausted> {
    match fate {
        Fate::Keep(place) => encode(value, view, place, budget, out),
        Fate::Drop => Ok(()),
        other => {
            budget.spend(1)?;
            stand_in(other, out);
            Ok(())
        }
    }
}

/// Writes what stands in for a value that is not kept.
fn stand_in<P>(fate: Fate<P>, out: &mut Vec<u8>) {
    match fate {
        Fate::Hide => write::atom(out, HIDDEN),
        Fate::Redact => write::binary(out, FILTERED.as_bytes()),
        Fate::Nil => write::atom(out, "nil"),
        Fate::EmptyList => write::nil(out),
        Fate::Keep(_) | Fate::Drop => {}
    }
}

struct Encoder<'a, T: Tree, V: View<T>> {
    view: &'a V,
    budget: &'a mut Budget,
    out: &'a mut Vec<u8>,
    end: usize,
    open: SmallVec<[Frame<T, V::Place>; 4]>,
}

/// A container whose head is written and whose rest is not.
enum Frame<T: Tree, P> {
    Tuple(T::Elements, P),
    /// Its count stands at `length_at` and is written at the end: the length of a live list is only
    /// known once it is walked.
    List {
        rest: T::Items,
        place: P,
        count: u32,
        length_at: usize,
    },
    /// As with a list: what the view drops is only known at the end.
    Map {
        rest: T::Entries,
        place: P,
        count: u32,
        length_at: usize,
        seen: Option<Keys>,
    },
    /// The value of a pair whose key is a term of its own.
    Second(T, Fate<P>),
    /// The value of an entry of the map below, whose key is a term of its own and starts at `key_at`.
    Entry {
        value: T,
        fate: Fate<P>,
        key_at: usize,
    },
}

/// The keys of one map that are terms of their own, by their length as written. Only keys of one
/// length are looked at: a map within the key of a map, and so on, is not read again at each level.
type Keys = Box<HashMap<usize, Alike>>;

enum Alike {
    /// The only one so far, by where it starts.
    One(usize),
    Many(HashSet<Box<[u8]>>),
}

impl<T: Tree, V: View<T>> Encoder<'_, T, V> {
    fn run(&mut self) -> Result<(), Exhausted> {
        while let Some(frame) = self.open.last_mut() {
            match frame {
                Frame::Tuple(rest, place) => {
                    let place = *place;
                    match rest.next() {
                        Some(element) => self.term(&element, place)?,
                        None => self.close(),
                    }
                }
                Frame::List {
                    rest,
                    place,
                    count,
                    length_at,
                } => {
                    let place = *place;
                    if let Some(item) = rest.next() {
                        *count += 1;
                        self.item(&item, place)?;
                        continue;
                    }
                    let (tail, count, at) = (rest.tail(), *count, *length_at);
                    self.close();
                    self.fill(at, count);
                    match tail {
                        Some(tail) => self.term(&tail, place)?,
                        None => write::nil(self.out),
                    }
                }
                Frame::Map {
                    rest,
                    place,
                    count,
                    length_at,
                    ..
                } => {
                    let Some((key, value)) = rest.next() else {
                        let (count, at) = (*count, *length_at);
                        self.close();
                        self.fill(at, count);
                        continue;
                    };
                    let place = *place;
                    let key = Seen::of(&key);
                    let fate = self.view.entry(place, &key, &value);
                    if fate == Fate::Drop {
                        self.budget.spend(1)?;
                        continue;
                    }
                    if may_change(&key) {
                        let key_at = self.out.len();
                        self.open.push(Frame::Entry {
                            value,
                            fate,
                            key_at,
                        });
                        self.seen(&key, place)?;
                    } else {
                        *count += 1;
                        self.seen(&key, place)?;
                        self.value(&value, fate)?;
                    }
                }
                Frame::Second(..) => {
                    if let Some(Frame::Second(value, fate)) = self.open.pop() {
                        self.value(&value, fate)?;
                    }
                }
                Frame::Entry { .. } => {
                    if let Some(Frame::Entry {
                        value,
                        fate,
                        key_at,
                    }) = self.open.pop()
                    {
                        if self.keep_key(key_at)? {
                            self.value(&value, fate)?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn close(&mut self) {
        self.open.pop();
    }

    /// Leaves room for a count.
    fn count(&mut self, tag: u8) -> usize {
        self.out.extend_from_slice(&[tag, 0, 0, 0, 0]);
        self.out.len() - 4
    }

    fn fill(&mut self, at: usize, count: u32) {
        self.out[at..at + 4].copy_from_slice(&count.to_be_bytes());
    }

    /// Writes a leaf; of a container, the head, leaving the rest open.
    #[inline]
    fn term(&mut self, term: &T, place: V::Place) -> Result<(), Exhausted> {
        self.seen(&Seen::of(term), place)
    }

    fn seen(&mut self, seen: &Seen<'_, T>, place: V::Place) -> Result<(), Exhausted> {
        if !seen.has_parts() {
            return leaf(seen, (self.view, place), self.budget, self.out, self.end);
        }
        self.budget.spend(1)?;
        if self.out.len() > self.end {
            return Err(Exhausted);
        }
        let term = seen.term;
        match seen.shape {
            Shape::Tuple => {
                if let Some(elements) = term.elements() {
                    write::tuple(self.out, elements.len());
                    self.open.push(Frame::Tuple(elements, place));
                }
            }
            Shape::List => {
                if let Some(items) = term.items() {
                    self.list(items, place);
                }
            }
            _ => {
                if let Some(entries) = term.entries() {
                    let place = self.view.map(place, term);
                    let length_at = self.count(tag::MAP);
                    self.open.push(Frame::Map {
                        rest: entries,
                        place,
                        count: 0,
                        length_at,
                        seen: None,
                    });
                }
            }
        }
        Ok(())
    }

    fn list(&mut self, items: T::Items, place: V::Place) {
        if items.clone().next().is_none() {
            return write::nil(self.out);
        }
        let length_at = self.count(tag::LIST);
        self.open.push(Frame::List {
            rest: items,
            place,
            count: 0,
            length_at,
        });
    }

    /// An item of a list: a pair is judged by its key, as in a keyword list.
    fn item(&mut self, item: &T, place: V::Place) -> Result<(), Exhausted> {
        let item = Seen::of(item);
        let pair = match item.shape {
            Shape::Tuple => item.term.elements().filter(|elements| elements.len() == 2),
            _ => None,
        };
        let pair = pair.and_then(|mut pair| pair.next().zip(pair.next()));
        match pair {
            Some((key, value)) => {
                self.budget.spend(1)?;
                let key = Seen::of(&key);
                let fate = match self.view.pair(place, &key, &value) {
                    // A pair cannot be left out and says openly that it was filtered.
                    Fate::Drop | Fate::Hide => Fate::Redact,
                    other => other,
                };
                write::tuple(self.out, 2);
                if may_change(&key) {
                    self.open.push(Frame::Second(value, fate));
                    self.seen(&key, place)
                } else {
                    self.seen(&key, place)?;
                    self.value(&value, fate)
                }
            }
            None => self.seen(&item, place),
        }
    }

    /// Counts the entry whose key was written from `key_at` on, or takes the key back if the map on
    /// top has one like it.
    fn keep_key(&mut self, key_at: usize) -> Result<bool, Exhausted> {
        let Some(Frame::Map { count, seen, .. }) = self.open.last_mut() else {
            return Ok(false);
        };
        let (before, key) = self.out.split_at(key_at);
        let new = match seen.get_or_insert_default().entry(key.len()) {
            Entry::Vacant(vacant) => {
                vacant.insert(Alike::One(key_at));
                true
            }
            Entry::Occupied(mut occupied) => {
                self.budget.spend_bytes(key.len())?;
                let alike = occupied.get_mut();
                if let Alike::One(at) = *alike {
                    let first = &before[at..at + key.len()];
                    *alike = Alike::Many(HashSet::from([first.into()]));
                }
                match alike {
                    Alike::Many(keys) => keys.insert(key.into()),
                    Alike::One(_) => true,
                }
            }
        };
        if new {
            *count += 1;
        } else {
            self.out.truncate(key_at);
        }
        Ok(new)
    }

    #[inline]
    fn value(&mut self, value: &T, fate: Fate<V::Place>) -> Result<(), Exhausted> {
        match fate {
            Fate::Keep(place) => self.term(value, place),
            other => {
                stand_in(other, self.out);
                self.budget.spend(1)
            }
        }
    }
}

/// Writes a term without parts. Where it fails nothing is written.
#[inline]
fn leaf<T: Tree, V: View<T>>(
    term: &Seen<'_, T>,
    (view, place): (&V, V::Place),
    budget: &mut Budget,
    out: &mut Vec<u8>,
    end: usize,
) -> Result<(), Exhausted> {
    budget.spend(1)?;
    let Some(room) = end.checked_sub(out.len()) else {
        return Err(Exhausted);
    };
    if let Some(bytes) = term.bytes {
        if bytes.len() > room {
            return Err(Exhausted);
        }
        budget.spend_bytes(bytes.len())?;
        write::binary(out, bytes);
        Ok(())
    } else if let Some(name) = term.atom() {
        write::atom(out, name);
        Ok(())
    } else {
        seldom(&term.term.kind(), (view, place), budget, out)
    }
}

/// Writes a leaf that is seldom.
fn seldom<T: Tree, V: View<T>>(
    kind: &Kind<'_, T>,
    (view, place): (&V, V::Place),
    budget: &mut Budget,
    out: &mut Vec<u8>,
) -> Result<(), Exhausted> {
    match kind {
        Kind::Integer(integer) => write::integer(out, *integer),
        Kind::Float(float) => write::float(out, *float),
        Kind::BigInteger { negative, digits } => {
            budget.spend_bytes(digits.len())?;
            write::big_integer(out, *negative, digits);
        }
        Kind::Bitstring { bytes, bits } => {
            budget.spend_bytes(bytes.len())?;
            write::bitstring(out, bytes, *bits);
        }
        Kind::Inert(what) => {
            budget.spend_bytes(what.text.len())?;
            let closure = what.kind == InertKind::Function && what.function.is_none();
            if closure && view.forgets_functions(place) {
                write::atom(out, "nil");
            } else {
                inert::encode(out, what);
            }
        }
        // Their shape has said so.
        Kind::Atom(_) | Kind::Binary(_) | Kind::Tuple(_) | Kind::List(_) | Kind::Map(_) => {}
    }
    Ok(())
}

/// Whether a view may change a key: one with parts, or what is inert. Others stay apart as they are.
fn may_change<T: Tree>(key: &Seen<'_, T>) -> bool {
    match key.shape {
        Shape::Atom | Shape::Bits => false,
        Shape::Tuple | Shape::List | Shape::Map => true,
        Shape::Other => matches!(key.term.kind(), Kind::Inert(_)),
    }
}
