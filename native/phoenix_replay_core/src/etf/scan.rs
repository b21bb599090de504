//! Terms of ours where they stand: nothing is made of them, it is noted where their parts are.

mod scanned;

use super::decode::cursor::Cursor;
use super::{is_atom_name, tag, Budget, MOST_ELEMENTS};
pub(crate) use scanned::Scanned;

/// A look-up in a map goes through its entries, so in one of more it takes long.
const FLAT: u32 = 32;

/// The parts of one term, each before those that it holds: so the one after it is the first of these, if
/// there are any, and what follows them all is at [`Node::next`].
#[derive(Clone, Debug, Default)]
pub(crate) struct Scan {
    nodes: Vec<Node>,
    open: Vec<Frame>,
    units: u64,
    widest: u32,
    keyed: bool,
}

/// A part of a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) kind: Part,
    /// Whether it is the key of an entry.
    pub(crate) key: bool,
    /// Where its bytes are.
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// The node that follows it and all that it holds.
    pub(crate) next: u32,
}

/// What a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Atom,
    /// One of a word.
    Integer,
    Binary,
    /// Any other that holds nothing.
    Other,
    /// Of so many elements, at least one.
    Tuple(u32),
    /// Of so many items, at least one.
    List(u32),
    /// Of so many items, at least one, behind which a tail follows that is no list.
    Improper(u32),
    /// Of so many entries, at least one.
    Map(u32),
    /// A map with a key that holds something.
    Keyed(u32),
}

/// What is not complete yet.
#[derive(Clone, Copy, Debug)]
struct Frame {
    node: usize,
    missing: usize,
    of: Of,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    Elements,
    /// The last one is the tail.
    Items,
    /// Keys and values take turns.
    Entries,
}

impl Scan {
    /// Goes over the term that `bytes` begin with, behind its version byte. How many bytes it takes; `None`
    /// where it is cut or damaged, or not written as ours are, though it may be a term all the same.
    pub(crate) fn read(&mut self, bytes: &[u8]) -> Option<usize> {
        self.nodes.clear();
        self.open.clear();
        self.units = 0;
        self.widest = 0;
        self.keyed = false;
        // A place has 32 bits.
        u32::try_from(bytes.len()).ok()?;
        let mut input = Cursor::new(bytes);
        loop {
            let start = input.at();
            let tag = input.byte().ok()?;
            let (kind, opens) = self.part(tag, &mut input)?;
            let mut key = false;
            match self.open.last() {
                Some(frame) if frame.of == Of::Entries => {
                    key = frame.missing % 2 == 0;
                    if key && opens.is_some() {
                        self.keyed = true;
                        self.found(frame.node, Part::Keyed);
                    }
                }
                Some(frame) if frame.of == Of::Items && frame.missing == 1 => match tag {
                    // The end of a proper list, which is none of its parts.
                    tag::NIL => {
                        if self.close(input.at()) {
                            return Some(input.at());
                        }
                        continue;
                    }
                    // No list of ours is the tail of another.
                    tag::LIST => return None,
                    _ => self.found(frame.node, Part::Improper),
                },
                _ => {}
            }
            let node = self.nodes.len();
            self.units += 1;
            self.nodes.push(Node {
                kind,
                key,
                start: start as u32,
                end: input.at() as u32,
                next: node as u32 + 1,
            });
            if let Some((of, missing)) = opens {
                // Each of them is at least a byte.
                if missing > input.left() {
                    return None;
                }
                self.open.push(Frame { node, missing, of });
            } else if self.close(input.at()) {
                return Some(input.at());
            }
        }
    }

    /// The nodes of the term, its own first.
    pub(crate) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// What it takes to look through it, as for a `Value`, in the units of a [`Budget`].
    pub(crate) fn units(&self) -> u64 {
        self.units
    }

    /// Whether it holds no map in which a key is not found by its bytes, or not soon: by a key that is one
    /// itself, which may be written in another order, or among many.
    pub(crate) fn is_simple(&self) -> bool {
        !self.keyed && self.widest <= FLAT
    }

    /// It is known better what a container is.
    fn found(&mut self, node: usize, kind: impl Fn(u32) -> Part) {
        if let Some(node) = self.nodes.get_mut(node) {
            if let Part::List(count) | Part::Map(count) = node.kind {
                node.kind = kind(count);
            }
        }
    }

    /// A part is complete, and with it those it is the last of. Whether that was all.
    fn close(&mut self, at: usize) -> bool {
        let next = self.nodes.len() as u32;
        while let Some(frame) = self.open.last_mut() {
            frame.missing -= 1;
            if frame.missing > 0 {
                return false;
            }
            if let Some(node) = self.nodes.get_mut(frame.node) {
                node.end = at as u32;
                node.next = next;
            }
            self.open.pop();
        }
        true
    }

    /// What a part is, and for one that holds others what is still to come of them.
    fn part(&mut self, tag: u8, input: &mut Cursor<'_>) -> Option<(Part, Option<(Of, usize)>)> {
        let leaf = match tag {
            tag::SMALL_INTEGER => input.byte().ok().map(|_| Part::Integer)?,
            tag::INTEGER => input.word().ok().map(|_| Part::Integer)?,
            tag::SMALL_ATOM_UTF8 => {
                let length = input.byte().ok()?;
                atom(input, usize::from(length))?
            }
            tag::ATOM_UTF8 => {
                let length = u16::from_be_bytes(input.array().ok()?);
                atom(input, usize::from(length))?
            }
            tag::BINARY => {
                let length = input.length().ok()?;
                input.take(length).ok()?;
                self.units += (length / Budget::BYTES_PER_UNIT) as u64;
                Part::Binary
            }
            tag::SMALL_BIG => {
                let length = usize::from(input.byte().ok()?);
                big_integer(input, length)?
            }
            tag::LARGE_BIG => {
                let length = input.length().ok()?;
                big_integer(input, length)?
            }
            tag::NEW_FLOAT => {
                let float = f64::from_be_bytes(input.array().ok()?);
                float.is_finite().then_some(Part::Other)?
            }
            tag::BIT_BINARY => {
                let length = input.length().ok()?;
                let bits = input.byte().ok()?;
                input.take(length).ok()?;
                (length > 0 && (1..8).contains(&bits)).then_some(Part::Other)?
            }
            tag::NIL => Part::Other,
            tag::SMALL_TUPLE => {
                let arity = input.byte().ok()?;
                return Some(holder(
                    Part::Tuple(arity.into()),
                    Of::Elements,
                    arity.into(),
                ));
            }
            tag::LARGE_TUPLE => {
                let arity = input.word().ok()?;
                let elements = (arity as usize <= MOST_ELEMENTS).then_some(arity as usize)?;
                return Some(holder(Part::Tuple(arity), Of::Elements, elements));
            }
            tag::LIST => {
                let items = input.word().ok()?;
                let with_tail = (items > 0).then_some(items as usize)?.checked_add(1)?;
                return Some(holder(Part::List(items), Of::Items, with_tail));
            }
            tag::MAP => {
                let entries = input.word().ok()?;
                self.widest = self.widest.max(entries);
                let terms = (entries as usize).checked_mul(2)?;
                return Some(holder(Part::Map(entries), Of::Entries, terms));
            }
            _ => return None,
        };
        Some((leaf, None))
    }
}

/// A container, which is a leaf where it is empty.
fn holder(kind: Part, of: Of, terms: usize) -> (Part, Option<(Of, usize)>) {
    match terms {
        0 => (Part::Other, None),
        _ => (kind, Some((of, terms))),
    }
}

fn atom(input: &mut Cursor<'_>, length: usize) -> Option<Part> {
    let name = std::str::from_utf8(input.take(length).ok()?).ok()?;
    is_atom_name(name).then_some(Part::Atom)
}

fn big_integer(input: &mut Cursor<'_>, length: usize) -> Option<Part> {
    let negative = input.byte().ok()? != 0;
    let digits = input.take(length).ok()?;
    // Written as short as it can be.
    (digits.last() != Some(&0)).then_some(())?;
    Some(match word(negative, digits) {
        Some(_) => Part::Integer,
        None => Part::Other,
    })
}

/// The integer, where it fits a word.
fn word(negative: bool, digits: &[u8]) -> Option<i64> {
    let mut word = [0; 8];
    word.get_mut(..digits.len())?.copy_from_slice(digits);
    let magnitude = i128::from(u64::from_le_bytes(word));
    i64::try_from(if negative { -magnitude } else { magnitude }).ok()
}

/// The integer that these bytes are, if they are one that fits a word.
pub(crate) fn integer(bytes: &[u8]) -> Option<i64> {
    match bytes {
        [tag::SMALL_INTEGER, byte] => Some((*byte).into()),
        [tag::INTEGER, word @ ..] => Some(i32::from_be_bytes(word.try_into().ok()?).into()),
        [tag::SMALL_BIG, _, sign, digits @ ..] => word(*sign != 0, digits),
        [tag::LARGE_BIG, _, _, _, _, sign, digits @ ..] => word(*sign != 0, digits),
        _ => None,
    }
}

/// The bytes of a binary, if these are one.
pub(crate) fn binary(bytes: &[u8]) -> Option<&[u8]> {
    match bytes {
        [tag::BINARY, _, _, _, _, binary @ ..] => Some(binary),
        _ => None,
    }
}

/// The name of an atom, if these bytes are one.
pub(crate) fn atom_name(bytes: &[u8]) -> Option<&str> {
    match bytes {
        [tag::SMALL_ATOM_UTF8, _, name @ ..] | [tag::ATOM_UTF8, _, _, name @ ..] => {
            std::str::from_utf8(name).ok()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::etf::{encode, write, Value};
    use crate::view::Everything;

    fn bytes(value: &Value) -> Vec<u8> {
        let mut out = Vec::new();
        write::value(&mut out, value);
        out
    }

    fn all() -> Value {
        let list = Value::list([Value::integer(1), Value::binary([7; 200]), Value::list([])]);
        let improper = Value::improper_list([Value::atom("a")], Value::tuple([Value::nil()]));
        let integers = [0, 255, 256, -1, i64::from(i32::MIN) - 1, i64::MAX, i64::MIN];
        Value::tuple([
            list,
            improper,
            Value::tuple(integers.map(Value::integer)),
            Value::big_integer(true, &[1; 9]),
            Value::big_integer(false, &[1; 300]),
            Value::float(-0.0),
            Value::bitstring([1, 128], 3),
            Value::map([
                (Value::atom("k"), Value::map([])),
                (Value::integer(4), Value::nil()),
            ]),
            Value::map([(
                Value::tuple([Value::integer(1)]),
                Value::atom(&"e".repeat(255)),
            )]),
        ])
    }

    #[test]
    fn a_scanned_term_is_the_value() {
        let written = bytes(&all());
        let mut scan = Scan::default();
        assert_eq!(
            scan.read(&[written.as_slice(), &[0]].concat()),
            Some(written.len())
        );
        assert_eq!(scan.units(), all().units());
        let mut again = Vec::new();
        let scanned = Scanned::new(&scan, &written);
        let encoded = encode(
            &scanned,
            &Everything,
            (),
            &mut Budget::unlimited(),
            &mut again,
        );
        assert_eq!((encoded, again), (Ok(()), written));
    }

    #[test]
    fn what_is_cut_is_none() {
        let written = bytes(&all());
        for end in 0..written.len() {
            assert_eq!(Scan::default().read(&written[..end]), None, "{end}");
        }
    }

    #[test]
    fn what_is_written_in_another_way_is_none() {
        for other in [
            &[tag::STRING, 0, 1, 7][..],
            &[tag::LIST, 0, 0, 0, 0, tag::NIL],
            &[
                tag::LIST,
                0,
                0,
                0,
                1,
                97,
                1,
                tag::LIST,
                0,
                0,
                0,
                1,
                97,
                1,
                tag::NIL,
            ],
            &[tag::SMALL_ATOM, 1, b'a'],
            &[tag::SMALL_ATOM_UTF8, 1, 255],
            &[tag::SMALL_BIG, 2, 0, 1, 0],
            &[tag::NEW_FLOAT, 127, 240, 0, 0, 0, 0, 0, 0],
            &[tag::BIT_BINARY, 0, 0, 0, 1, 8, 1],
            &[tag::LARGE_TUPLE, 255, 0, 0, 0],
            &[tag::MAP, 255, 255, 255, 255],
            &[tag::COMPRESSED],
        ] {
            assert_eq!(Scan::default().read(other), None, "{other:?}");
        }
    }
}
