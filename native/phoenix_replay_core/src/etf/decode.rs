//! Reading terms from bytes that nobody vouches for.

pub(super) mod cursor;
mod error;
mod foreign;

use std::collections::HashSet;
use std::sync::Arc;

use super::{inert, tag, Value};
use cursor::Cursor;
pub use error::DecodeError;

/// How many bytes decoding may hold at once for each byte it reads, [`Value`] and working memory
/// together, and a few kilobytes besides. The worst are tuples of one element, nested, and strings.
pub const ALLOCATION_MULTIPLE: usize = 128;

/// The longest name an atom may have, in characters.
const ATOM_LETTERS: usize = 255;

/// The most elements that a tuple of a BEAM has, by the Erlang Efficiency Guide, "System Limits". With more
/// no term can be made of it.
pub(crate) const MOST_ELEMENTS: usize = (1 << 24) - 1;

/// What a term may be before it is refused.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How many nodes there may be, keys and values counted one by one: in one term, and in all that
    /// one [`Decoder`] reads.
    pub nodes: usize,
}

impl Default for Limits {
    /// No limit beyond [`ALLOCATION_MULTIPLE`] times the input.
    fn default() -> Self {
        Limits { nodes: usize::MAX }
    }
}

/// Reads one term with its version byte from the front of `bytes`, and gives how many bytes it took.
///
/// Pids, ports, references and functions become the struct that stands for them in a recording. Of
/// two equal keys of a map the last one counts.
///
/// ```
/// use phoenix_replay_core::etf::{decode, Limits, Value};
/// let bytes = [131, 97, 7, 131, 106];
/// assert_eq!(decode(&bytes, Limits::default()), Ok((Value::integer(7), 3)));
/// ```
///
/// # Errors
/// A [`DecodeError`] that says what was wrong with the bytes.
pub fn decode(bytes: &[u8], limits: Limits) -> Result<(Value, usize), DecodeError> {
    Decoder::new(limits).decode(bytes)
}

/// Reads terms that have atoms in common: the keys of a recording are each kept once.
pub struct Decoder {
    limits: Limits,
    atoms: HashSet<Arc<str>>,
}

/// A container that is not complete.
struct Frame {
    shape: Shape,
    /// How many terms are missing.
    missing: usize,
    /// Where its terms begin among the finished ones.
    start: usize,
}

#[derive(Clone, Copy)]
enum Shape {
    Tuple,
    /// The last of its terms is the tail.
    List,
    /// Keys and values take turns.
    Map,
}

impl Decoder {
    /// A decoder that knows no atoms yet.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Decoder {
            limits,
            atoms: HashSet::new(),
        }
    }

    /// As [`decode`].
    ///
    /// # Errors
    /// As [`decode`].
    pub fn decode(&mut self, bytes: &[u8]) -> Result<(Value, usize), DecodeError> {
        let mut input = Cursor::new(bytes);
        match input.byte()? {
            tag::VERSION => {}
            other => return Err(DecodeError::Version(other)),
        }
        let value = self.term(&mut input)?;
        Ok((value, input.at()))
    }

    fn term(&mut self, input: &mut Cursor<'_>) -> Result<Value, DecodeError> {
        // Finished terms wait in one stack for the containers around them. Nothing is reserved for
        // what a header only claims.
        let mut done: Vec<Value> = Vec::new();
        let mut open: Vec<Frame> = Vec::new();
        loop {
            self.spend(1)?;
            match self.node(input)? {
                Node::Leaf(value) => done.push(value),
                Node::Bytes(bytes) => {
                    self.spend(bytes.len())?;
                    done.push(Value::list(bytes.iter().map(|byte| Value::integer(*byte))));
                }
                Node::Open(shape, missing) => {
                    // Every term is at least a byte.
                    if missing > input.left() {
                        return Err(DecodeError::Truncated);
                    }
                    // A list that is the tail of another goes on with it. Joining the two when
                    // both are complete would copy a chain of them again for each link.
                    if let (Shape::List, Some(list)) = (shape, open.last_mut()) {
                        if matches!(list.shape, Shape::List) && list.missing == 1 {
                            list.missing = missing;
                            continue;
                        }
                    }
                    open.push(Frame {
                        shape,
                        missing,
                        start: done.len(),
                    });
                    continue;
                }
            }
            // A finished term may finish those around it.
            while let Some(frame) = open.last_mut() {
                frame.missing -= 1;
                if frame.missing > 0 {
                    break;
                }
                let (shape, start) = (frame.shape, frame.start);
                open.pop();
                let value = close(shape, &mut done, start);
                done.push(value);
            }
            if open.is_empty() {
                return done.pop().ok_or(DecodeError::Truncated);
            }
        }
    }

    fn spend(&mut self, nodes: usize) -> Result<(), DecodeError> {
        let left = self.limits.nodes.checked_sub(nodes);
        self.limits.nodes = left.ok_or(DecodeError::TooManyNodes)?;
        Ok(())
    }

    /// Reads a leaf, or the head of a container that holds something.
    fn node<'a>(&mut self, input: &mut Cursor<'a>) -> Result<Node<'a>, DecodeError> {
        let at = input.at();
        let tag = input.byte()?;
        Ok(Node::Leaf(match tag {
            tag::SMALL_INTEGER => Value::integer(input.byte()?),
            tag::INTEGER => Value::integer(i32::from_be_bytes(input.array()?)),
            tag::SMALL_BIG => big_integer(input, false)?,
            tag::LARGE_BIG => big_integer(input, true)?,
            tag::NEW_FLOAT => float(f64::from_be_bytes(input.array()?))?,
            tag::FLOAT => old_float(input.array::<31>()?)?,
            tag::ATOM | tag::SMALL_ATOM | tag::ATOM_UTF8 | tag::SMALL_ATOM_UTF8 => {
                Value::Atom(self.atom(input, tag)?)
            }
            tag::BINARY => {
                let length = input.length()?;
                Value::binary(input.take(length)?)
            }
            tag::BIT_BINARY => {
                let length = input.length()?;
                let bits = input.byte()?;
                if bits > 8 || (bits == 0) != (length == 0) {
                    return Err(DecodeError::Bits(bits));
                }
                Value::bitstring(input.take(length)?, bits)
            }
            tag::NIL => Value::list([]),
            tag::STRING => {
                let length = u16::from_be_bytes(input.array()?);
                return Ok(Node::Bytes(input.take(usize::from(length))?));
            }
            tag::SMALL_TUPLE => {
                let arity = usize::from(input.byte()?);
                return Ok(Node::open(Shape::Tuple, arity, arity));
            }
            tag::LARGE_TUPLE => {
                let arity = input.length()?;
                if arity > MOST_ELEMENTS {
                    return Err(DecodeError::Arity(arity));
                }
                return Ok(Node::open(Shape::Tuple, arity, arity));
            }
            tag::LIST => {
                let items = input.length()?;
                return Ok(Node::Open(Shape::List, items.saturating_add(1)));
            }
            tag::MAP => {
                let entries = input.length()?;
                return Ok(Node::open(Shape::Map, entries, entries.saturating_mul(2)));
            }
            tag::COMPRESSED => return Err(DecodeError::Compressed),
            other => match self.foreign(input, other)? {
                Some(inert) => inert::value(&inert),
                None => return Err(DecodeError::Tag { tag: other, at }),
            },
        }))
    }

    /// The text of an atom whose tag was read.
    fn atom(&mut self, input: &mut Cursor<'_>, tag: u8) -> Result<Arc<str>, DecodeError> {
        let length = match tag {
            tag::SMALL_ATOM | tag::SMALL_ATOM_UTF8 => usize::from(input.byte()?),
            _ => usize::from(u16::from_be_bytes(input.array()?)),
        };
        let bytes = input.take(length)?;
        let latin1;
        let name = match tag {
            tag::ATOM | tag::SMALL_ATOM if !bytes.is_ascii() => {
                latin1 = bytes
                    .iter()
                    .map(|byte| char::from(*byte))
                    .collect::<String>();
                &latin1
            }
            _ => std::str::from_utf8(bytes).map_err(|_| DecodeError::Atom)?,
        };
        if !is_atom_name(name) {
            return Err(DecodeError::Atom);
        }
        if let Some(known) = self.atoms.get(name) {
            return Ok(known.clone());
        }
        let atom: Arc<str> = Arc::from(name);
        self.atoms.insert(atom.clone());
        Ok(atom)
    }
}

/// Whether an atom may have this name. It is not too long for one, that is all.
pub(crate) fn is_atom_name(name: &str) -> bool {
    name.len() <= ATOM_LETTERS || name.chars().nth(ATOM_LETTERS).is_none()
}

/// What stands next in the input.
enum Node<'a> {
    Leaf(Value),
    /// A list of small integers, a byte each.
    Bytes(&'a [u8]),
    /// A container with so many terms to come, at least one.
    Open(Shape, usize),
}

impl Node<'_> {
    fn open(shape: Shape, count: usize, terms: usize) -> Self {
        match (shape, count) {
            (Shape::Map, 0) => Node::Leaf(Value::map([])),
            (_, 0) => Node::Leaf(Value::tuple([])),
            _ => Node::Open(shape, terms),
        }
    }
}

/// Makes the container of the finished terms from `start` on.
fn close(shape: Shape, done: &mut Vec<Value>, start: usize) -> Value {
    match shape {
        Shape::Tuple => Value::tuple(done.drain(start..)),
        Shape::List => {
            let tail = done.pop().unwrap_or_else(|| Value::list([]));
            match tail {
                Value::List(rest) if rest.items().is_empty() => Value::list(done.drain(start..)),
                tail => Value::improper_list(done.drain(start..), tail),
            }
        }
        Shape::Map => {
            let mut terms = done.drain(start..);
            let mut entries = Vec::with_capacity(terms.len() / 2);
            while let (Some(key), Some(value)) = (terms.next(), terms.next()) {
                entries.push((key, value));
            }
            Value::map(entries)
        }
    }
}

fn big_integer(input: &mut Cursor<'_>, large: bool) -> Result<Value, DecodeError> {
    let length = if large {
        input.length()?
    } else {
        usize::from(input.byte()?)
    };
    let negative = input.byte()? != 0;
    Ok(Value::big_integer(negative, input.take(length)?))
}

/// Erlang has no infinity and no not-a-number.
fn float(float: f64) -> Result<Value, DecodeError> {
    if float.is_finite() {
        Ok(Value::float(float))
    } else {
        Err(DecodeError::Float)
    }
}

/// A float as text, the way it was written before 2010.
fn old_float(text: [u8; 31]) -> Result<Value, DecodeError> {
    let end = text
        .iter()
        .position(|byte| *byte == 0)
        .unwrap_or(text.len());
    let text = std::str::from_utf8(&text[..end]).map_err(|_| DecodeError::Float)?;
    float(text.trim().parse().map_err(|_| DecodeError::Float)?)
}
