//! An owned term, its inner nodes shared.

use std::sync::Arc;

/// An owned Erlang term. Cloning shares; neighbouring states of a session share what did not change.
#[derive(Clone)]
pub enum Value {
    /// An atom, by name: atoms of a recording are text until somebody asks for the term.
    Atom(Arc<str>),
    /// An integer that fits a machine word.
    Integer(i64),
    /// Any other integer.
    BigInteger(Arc<BigInteger>),
    /// A float, compared by its bits: `0.0` is not `-0.0`.
    Float(f64),
    /// A binary.
    Binary(Arc<[u8]>),
    /// A bitstring that is not a whole number of bytes.
    Bitstring(Arc<Bitstring>),
    /// A tuple.
    Tuple(Arc<Items>),
    /// A list, proper or not.
    List(Arc<List>),
    /// A map, its entries in the order of [`Value::cmp`].
    Map(Arc<Map>),
}
