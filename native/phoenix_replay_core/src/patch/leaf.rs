//! Equality of what has no parts, as the view shows it.

use super::pen::Side;
use crate::tree::{Inert, InertKind, Kind, Tree};
use crate::view::{Fate, View, FILTERED, HIDDEN};

/// Whether two terms without parts come out the same. `false` for terms with parts.
pub(super) fn equal<T: Tree, V: View<T>>(
    view: &V,
    Side {
        term: old,
        place: old_place,
        ..
    }: &Side<'_, T, V::Place>,
    Side {
        term: new,
        place: new_place,
        ..
    }: &Side<'_, T, V::Place>,
) -> bool {
    let (old_place, new_place) = (*old_place, *new_place);
    match (old.kind(), new.kind()) {
        (Kind::Atom(a), Kind::Atom(b)) => a == b,
        (Kind::Integer(a), Kind::Integer(b)) => a == b,
        // By their bits: 0.0 is not -0.0.
        (Kind::Float(a), Kind::Float(b)) => a.to_bits() == b.to_bits(),
        (Kind::Binary(a), Kind::Binary(b)) => bytes(a, b),
        (
            Kind::BigInteger {
                negative: a_sign,
                digits: a,
            },
            Kind::BigInteger {
                negative: b_sign,
                digits: b,
            },
        ) => a_sign == b_sign && a == b,
        (
            Kind::Bitstring {
                bytes: a,
                bits: a_bits,
            },
            Kind::Bitstring {
                bytes: b,
                bits: b_bits,
            },
        ) => a_bits == b_bits && a == b,
        (Kind::Inert(a), Kind::Inert(b)) => {
            match (
                forgotten(view, &a, old_place),
                forgotten(view, &b, new_place),
            ) {
                (false, false) => a == b,
                (a, b) => a == b,
            }
        }
        (Kind::Inert(a), Kind::Atom("nil")) => forgotten(view, &a, old_place),
        (Kind::Atom("nil"), Kind::Inert(b)) => forgotten(view, &b, new_place),
        _ => false,
    }
}

/// A closure at a place that forgets them is recorded as `nil`.
fn forgotten<T: Tree, V: View<T>>(view: &V, inert: &Inert, place: V::Place) -> bool {
    inert.kind == InertKind::Function && inert.function.is_none() && view.forgets_functions(place)
}

/// Two parts of the same binary in memory are equal without looking.
pub(super) fn bytes(a: &[u8], b: &[u8]) -> bool {
    std::ptr::eq(a, b) || a == b
}

/// Whether what becomes of two values is the same, where at least one of them is not kept.
pub(super) fn stand_ins_equal<T: Tree, V: View<T>>(
    view: &V,
    (old, old_fate): (&T, Fate<V::Place>),
    (new, new_fate): (&T, Fate<V::Place>),
) -> bool {
    match (old_fate, new_fate) {
        (Fate::Keep(place), stand_in) => is(view, old, place, stand_in),
        (stand_in, Fate::Keep(place)) => is(view, new, place, stand_in),
        (a, b) => a == b,
    }
}

/// Whether a value that is kept is what would have stood in for it.
fn is<T: Tree, V: View<T>>(view: &V, value: &T, place: V::Place, stand_in: Fate<V::Place>) -> bool {
    match (stand_in, value.kind()) {
        (Fate::Hide, Kind::Atom(name)) => name == HIDDEN,
        (Fate::Redact, Kind::Binary(bytes)) => bytes == FILTERED.as_bytes(),
        (Fate::Nil, Kind::Atom(name)) => name == "nil",
        (Fate::Nil, Kind::Inert(inert)) => forgotten(view, &inert, place),
        (Fate::EmptyList, Kind::List(mut items)) => items.next().is_none(),
        _ => false,
    }
}
