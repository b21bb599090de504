//! Which item of a new list comes from which of the old one.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::pen::{Pen, Side};
use crate::etf::Exhausted;
use crate::tree::{Kind, Tree};
use crate::view::View;

/// How many entries of a map without an `:id` are looked through for an `"id"`.
const ENTRIES: usize = 32;

/// What an item of a new list comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Match {
    /// Nothing.
    None,
    /// The old item at this index.
    Old(usize),
}

/// What an item is known by.
struct Name {
    /// Two items that share it are taken for the same one. Whether they are is seen when they are
    /// compared, so a collision makes a longer change, never a wrong one.
    hash: u64,
    /// Whether that is all it holds, so that another hash says nothing about what it came from.
    by_content: bool,
}

/// Finds what each of the new items comes from, each old one taken once. An item is known by its
/// id: that of a map or struct, or the first element of a pair; what has none by what it holds.
/// Takes time in proportion to both lists.
pub(super) fn matches<T: Tree, V: View<T>>(
    pen: &mut Pen<'_, T, V>,
    (olds, old_place): (&[T], V::Place),
    (news, new_place): (&[T], V::Place),
) -> Result<Vec<Match>, Exhausted> {
    let mut matches = vec![Match::None; news.len()];
    if olds.is_empty() || news.is_empty() {
        return Ok(matches);
    }
    // Old items of one name in their order: the first in the map, then along `next`.
    let mut first: HashMap<u64, usize> = HashMap::with_capacity(olds.len());
    let mut next: Vec<usize> = vec![usize::MAX; olds.len()];
    for (at, old) in olds.iter().enumerate().rev() {
        let hash = name(pen, old, old_place)?.hash;
        if let Some(later) = first.insert(hash, at) {
            next[at] = later;
        }
    }
    let mut taken = vec![false; olds.len()];
    let mut unmatched = Vec::new();
    for (at, new) in news.iter().enumerate() {
        let name = name(pen, new, new_place)?;
        match first.get_mut(&name.hash) {
            Some(old) if *old != usize::MAX => {
                matches[at] = Match::Old(*old);
                taken[*old] = true;
                *old = next[*old];
            }
            _ if name.by_content => unmatched.push(at),
            _ => {}
        }
    }
    // What has no id and changed is taken for what followed the one before it.
    for at in unmatched {
        let old = match at.checked_sub(1).map(|before| matches[before]) {
            None => 0,
            Some(Match::Old(old)) => old + 1,
            Some(Match::None) => continue,
        };
        if taken.get(old) == Some(&false) {
            taken[old] = true;
            matches[at] = Match::Old(old);
        }
    }
    Ok(matches)
}

fn name<T: Tree, V: View<T>>(
    pen: &mut Pen<'_, T, V>,
    item: &T,
    place: V::Place,
) -> Result<Name, Exhausted> {
    pen.budget.spend(1)?;
    let kind = item.kind();
    let id = match kind {
        Kind::Map(entries) => item.get_atom("id").or_else(|| {
            let mut entries = entries.take(ENTRIES);
            let id = entries.find(|(key, _)| matches!(key.kind(), Kind::Binary(b"id")));
            id.map(|(_, id)| id)
        }),
        Kind::Tuple(mut elements) if elements.len() == 2 => elements.next(),
        Kind::Tuple(_) | Kind::List(_) => None,
        leaf => return named(pen, leaf, 0),
    };
    // A new row has no id yet, and there may be more than one of them.
    let id = id.filter(|id| !matches!(id.kind(), Kind::Atom("nil")));
    match id.as_ref().map(Tree::kind) {
        None | Some(Kind::Map(_) | Kind::List(_) | Kind::Tuple(_)) => {
            let start = pen.at();
            let written = pen.replace(&Side {
                term: item,
                place,
                item: true,
            });
            let hash = hash(2, &pen.out[start..]);
            pen.out.truncate(start);
            written.map(|()| Name {
                hash,
                by_content: true,
            })
        }
        Some(leaf) => named(pen, leaf, 1),
    }
}

fn named<T: Tree, V: View<T>>(
    pen: &mut Pen<'_, T, V>,
    leaf: Kind<'_, T>,
    what: u8,
) -> Result<Name, Exhausted> {
    let hash = match leaf {
        Kind::Atom(name) => hash((what, 0), name),
        Kind::Integer(integer) => hash((what, 1), &integer),
        Kind::Float(float) => hash((what, 2), &float.to_bits()),
        Kind::Binary(bytes) => {
            pen.budget.spend_bytes(bytes.len())?;
            hash((what, 3), bytes)
        }
        Kind::BigInteger { negative, digits } => {
            pen.budget.spend_bytes(digits.len())?;
            hash((what, 4, negative), &digits)
        }
        Kind::Bitstring { bytes, bits } => {
            pen.budget.spend_bytes(bytes.len())?;
            hash((what, 5, bits), &bytes)
        }
        Kind::Inert(inert) => hash((what, 6), &inert.text),
        Kind::Map(_) | Kind::List(_) | Kind::Tuple(_) => 0,
    };
    Ok(Name {
        hash,
        by_content: false,
    })
}

fn hash<T: Hash + ?Sized>(what: impl Hash, term: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    term.hash(&mut hasher);
    hasher.finish()
}
