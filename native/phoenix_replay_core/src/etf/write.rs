//! The pieces of a term made by hand: an event's tuple, a head's map.
//!
//! A header is followed by as many terms as it announces; a list by its tail as well, [`nil`] for a
//! proper one.
//!
//! ```
//! use phoenix_replay_core::etf::{decode, write, Limits, Value, VERSION};
//! let mut out = vec![VERSION];
//! write::tuple(&mut out, 2);
//! write::integer(&mut out, 250);
//! write::atom(&mut out, "mount");
//! let (value, used) = decode(&out, Limits::default()).unwrap();
//! assert_eq!(value, Value::tuple([Value::integer(250), Value::atom("mount")]));
//! assert_eq!(used, out.len());
//! ```

use super::{encode, tag, Budget, Value};
use crate::view::Everything;

/// The longest text an atom's header can announce.
const ATOM_BYTES: usize = u16::MAX as usize;

/// The longest magnitude that [`big_integer`] writes with a one-byte length.
const SMALL: usize = u8::MAX as usize;

/// An atom, by name.
#[inline]
pub fn atom(out: &mut Vec<u8>, name: &str) {
    let bytes = name.as_bytes();
    if let Ok(length) = u8::try_from(bytes.len()) {
        out.extend_from_slice(&[tag::SMALL_ATOM_UTF8, length]);
        out.extend_from_slice(bytes);
    } else {
        // No atom of a BEAM is longer than 1,020 bytes. A Value made by hand could be.
        let mut end = bytes.len().min(ATOM_BYTES);
        while !name.is_char_boundary(end) {
            end -= 1;
        }
        out.push(tag::ATOM_UTF8);
        out.extend_from_slice(&(end as u16).to_be_bytes());
        out.extend_from_slice(&bytes[..end]);
    }
}

/// An integer.
#[inline]
pub fn integer(out: &mut Vec<u8>, integer: i64) {
    if let Ok(byte) = u8::try_from(integer) {
        out.extend_from_slice(&[tag::SMALL_INTEGER, byte]);
    } else if let Ok(word) = i32::try_from(integer) {
        let [a, b, c, d] = word.to_be_bytes();
        out.extend_from_slice(&[tag::INTEGER, a, b, c, d]);
    } else {
        let digits = integer.unsigned_abs().to_le_bytes();
        let length = digits
            .iter()
            .rposition(|digit| *digit != 0)
            .map_or(0, |at| at + 1);
        big_integer(out, integer < 0, &digits[..length]);
    }
}

/// An integer by sign and magnitude, least significant byte first.
pub fn big_integer(out: &mut Vec<u8>, negative: bool, digits: &[u8]) {
    if digits.len() <= SMALL {
        out.extend_from_slice(&[tag::SMALL_BIG, digits.len() as u8]);
    } else {
        announced(out, tag::LARGE_BIG, digits.len());
    }
    out.push(u8::from(negative));
    out.extend_from_slice(fitting(digits));
}

/// A float.
#[inline]
pub fn float(out: &mut Vec<u8>, float: f64) {
    out.push(tag::NEW_FLOAT);
    out.extend_from_slice(&float.to_bits().to_be_bytes());
}

/// A binary.
#[inline]
pub fn binary(out: &mut Vec<u8>, bytes: &[u8]) {
    announced(out, tag::BINARY, bytes.len());
    out.extend_from_slice(fitting(bytes));
}

/// A bitstring: of the last byte the highest `bits` count, the others are zero.
pub fn bitstring(out: &mut Vec<u8>, bytes: &[u8], bits: u8) {
    announced(out, tag::BIT_BINARY, bytes.len());
    out.push(bits);
    out.extend_from_slice(fitting(bytes));
}

/// The head of a tuple of `arity` elements.
#[inline]
pub fn tuple(out: &mut Vec<u8>, arity: usize) {
    if let Ok(arity) = u8::try_from(arity) {
        out.extend_from_slice(&[tag::SMALL_TUPLE, arity]);
    } else {
        announced(out, tag::LARGE_TUPLE, arity);
    }
}

/// The head of a list of `count` items, at least one; its tail follows them.
#[inline]
pub fn list(out: &mut Vec<u8>, count: usize) {
    announced(out, tag::LIST, count);
}

/// The empty list, or the tail of a proper one.
#[inline]
pub fn nil(out: &mut Vec<u8>) {
    out.push(tag::NIL);
}

/// The head of a map of `count` entries; a key and a value follow for each.
#[inline]
pub fn map(out: &mut Vec<u8>, count: usize) {
    announced(out, tag::MAP, count);
}

/// A whole value, as it is.
pub fn value(out: &mut Vec<u8>, value: &Value) {
    // An unlimited budget does not run out.
    let _ = encode(value, &Everything, (), &mut Budget::unlimited(), out);
}

/// A tag and the length it announces. Lengths are 32 bits wide. What is longer cannot be said in this
/// format and is cut.
#[inline]
fn announced(out: &mut Vec<u8>, tag: u8, length: usize) {
    let [a, b, c, d] = u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes();
    out.extend_from_slice(&[tag, a, b, c, d]);
}

fn fitting(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.len().min(u32::MAX as usize)]
}
