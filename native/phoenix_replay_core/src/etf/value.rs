//! An owned term, its inner nodes shared.

mod bits;
mod containers;
mod debug;
mod list;
mod make;
mod order;
mod release;
mod sequence;
mod tree;
mod units;

use std::sync::Arc;

pub use bits::{BigInteger, Bitstring};
pub use containers::{Items, Map};
pub use list::List;
pub(crate) use list::{Items as ListItems, Picked};
pub use sequence::{Sequence, SequenceIter};
pub use tree::{ValueElements, ValueEntries, ValueItems};

/// An owned Erlang term. Cloning shares; neighbouring states of a session share what did not change.
///
/// Values are equal when they are the same term exactly: `1` is not `1.0`. They have a total order
/// (numbers, atoms, tuples, maps, lists, bitstrings, as in Erlang, but every integer before every
/// float), in which a [`Map`] keeps its entries. Dropping, comparing and printing take no stack for
/// depth, which is data from outside.
///
/// ```
/// use phoenix_replay_core::etf::Value;
/// let assigns = Value::map([(Value::atom("count"), Value::integer(7))]);
/// assert_eq!(assigns.field("count"), Some(&Value::integer(7)));
/// assert_eq!(format!("{assigns:?}"), "%{count: 7}");
/// ```
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
