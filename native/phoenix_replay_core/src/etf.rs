//! The External Term Format: what a recording is made of.
//!
//! Source: <https://www.erlang.org/doc/apps/erts/erl_ext_dist.html>.
//!
//! - [`encode`] writes any [`Tree`](crate::tree::Tree) as a [`View`](crate::view::View) shows it,
//!   within a [`Budget`].
//! - [`decode`] reads bytes that nobody vouches for into a [`Value`].
//! - [`write`](mod@write) holds the small pieces for terms made by hand: an event's tuple, a head's map.

mod budget;
mod decode;
mod encode;
mod inert;
pub(crate) mod scan;
pub(crate) mod tag;
mod value;
pub mod write;

pub use budget::{Budget, Exhausted};
pub use decode::{decode, DecodeError, Decoder, Limits, ALLOCATION_MULTIPLE};
pub(crate) use decode::{is_atom_name, MOST_ELEMENTS};
pub use encode::{encode, encode_fate};
pub(crate) use encode::{encode_seen, encode_within};
pub use tag::{MAP, VERSION};
pub use value::{
    BigInteger, Bitstring, Items, List, Map, Sequence, SequenceIter, Value, ValueElements,
    ValueEntries, ValueItems,
};
pub(crate) use value::{ListItems, Picked};
