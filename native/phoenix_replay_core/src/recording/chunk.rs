//! The events of a chunk, written small.
//!
//! Events of a session look alike: of a hundred that tell of a letter typed, a hundred letters differ
//! and nothing else. So those that look alike are written once, as a template with holes, and what
//! fills the holes stands in columns, where gzip finds like beside like. A whole chunk is one term:
//!
//! ```text
//! {:events, steps, order, [{type, how, template, columns}, ...]}
//! ```
//!
//! | part | is |
//! |---|---|
//! | `steps` | [`numbers`]: for each event the milliseconds since the one before it, for the first since the session began |
//! | `order` | [`numbers`]: for each event which of the shapes it has, from 0 |
//! | `type` | the event's type, an atom |
//! | `how` | `:whole`, or `:change`: the payload's `params` are a patch, see below |
//! | `template` | the payload; a tuple `{:"$", n}` in it, a key of a map included, is a hole, filled from column `n` |
//! | `columns` | a list: in each column as many values as events have this shape, the next one for each event |
//!
//! A column is one of: a list of terms; a binary, being [`numbers`]; `{lengths, bytes}`, for binaries,
//! `lengths` being numbers and `bytes` all of them joined. The atom `:"$"` stands in a template only
//! in holes, so that nothing else looks like one.
//!
//! With `:change`, the payload is `%{name: name, params: patch}`, and the event's params are what the
//! patch (see [`patch`](crate::patch)) makes of those of the last event of type `:event` before it
//! in the chunk that has this `name`; `%{}` changes nothing. Otherwise a chunk needs nothing from any other.

mod changes;
mod columns;
mod likeness;
mod numbers;
mod pack;
mod params;
mod shapes;
mod template;
mod texts;
mod unpack;

pub(super) use pack::{pack, Packed};
pub(super) use unpack::{is_packed, unpack};

use crate::etf::Budget;

/// The atom that marks a hole.
const HOLE: &str = "$";

/// What [`unpack`] may make of a chunk: so many nodes at least, and so many for each byte that the
/// chunk's member has, compressed. A writer keeps to it too, so that a small file which claims more
/// is none of ours.
const NODES: u64 = 16 * 1024;
const NODES_PER_BYTE: u64 = 512;

/// What an event takes of that besides its payload.
const EVENT: u64 = 2;

/// How many nodes the events of a member of `compressed` bytes may have.
pub(super) fn budget(compressed: usize) -> Budget {
    Budget::new(NODES + NODES_PER_BYTE * compressed as u64)
}
