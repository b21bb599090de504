//! What can be wrong with the bytes of a term.

use std::fmt;

/// Why bytes are not a term that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecodeError {
    /// They end before the term does.
    Truncated,
    /// They begin with something else than version 131.
    Version(u8),
    /// A tag that is unknown, or means nothing outside a connection.
    Tag {
        /// The tag.
        tag: u8,
        /// Where it stands, counted from the version byte.
        at: usize,
    },
    /// The term is compressed. Recordings are compressed as a whole.
    Compressed,
    /// An atom that is not UTF-8 or longer than 255 characters, or something else where an atom belongs.
    Atom,
    /// A float that is no finite number.
    Float,
    /// A bitstring that counts so many bits of its last byte.
    Bits(u8),
    /// A tuple of so many elements, more than any has.
    Arity(usize),
    /// A function or reference that contradicts itself.
    Foreign,
    /// The term has more nodes than [`Limits::nodes`](super::Limits::nodes) allows.
    TooManyNodes,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated => f.write_str("the term ends before it is complete"),
            Self::Version(byte) => write!(f, "a term begins with 131, this with {byte}"),
            Self::Tag { tag, at } => write!(f, "unknown tag {tag} at byte {at} of the term"),
            Self::Compressed => f.write_str("the term is compressed, which recordings never hold"),
            Self::Atom => f.write_str("an atom is not UTF-8, too long, or no atom at all"),
            Self::Float => f.write_str("a float is not a finite number"),
            Self::Bits(bits) => write!(f, "a bitstring counts {bits} bits of its last byte"),
            Self::Arity(arity) => write!(f, "a tuple claims {arity} elements, more than any has"),
            Self::Foreign => f.write_str("a function or reference contradicts itself"),
            Self::TooManyNodes => f.write_str("the term has more nodes than allowed"),
        }
    }
}

impl std::error::Error for DecodeError {}
