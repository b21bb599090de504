//! The view of a term that diffing and encoding need.
//!
//! Two types implement [`Tree`]: the live BEAM term of the NIF crate, whose identity is its machine
//! word, and [`Value`](crate::etf::Value), whose identity is the pointer of its `Arc`. One generic
//! diff and one generic encoder run on both, so that they are tested and fuzzed without a BEAM.

/// A term that can be walked.
///
/// A `Tree` is a handle and cheap to clone. Nothing here recurses: the depth of a term is data from
/// outside, so a caller walks with a stack of its own, or to a depth that it bounds.
pub trait Tree: Clone {
    /// The elements of a tuple, in order.
    type Elements: ExactSizeIterator<Item = Self> + Clone;
    /// The items of a list, in order.
    type Items: ListItems<Self>;
    /// The entries of a map, in no promised order, each key once.
    type Entries: ExactSizeIterator<Item = (Self, Self)>;

    /// What this term is, with what it holds.
    fn kind(&self) -> Kind<'_, Self>;

    /// What kind of term this is, without what it holds: a walk looks at many terms that it has nothing
    /// to ask of but that.
    #[inline]
    fn shape(&self) -> Shape {
        match self.kind() {
            Kind::Atom(_) => Shape::Atom,
            Kind::Binary(_) | Kind::Bitstring { .. } => Shape::Bits,
            Kind::Tuple(_) => Shape::Tuple,
            Kind::List(_) => Shape::List,
            Kind::Map(_) => Shape::Map,
            Kind::Integer(_) | Kind::BigInteger { .. } | Kind::Float(_) | Kind::Inert(_) => {
                Shape::Other
            }
        }
    }

    /// The name of an atom. What comes of any other term means nothing, and may be `None`.
    #[inline]
    fn atom(&self) -> Option<&str> {
        match self.kind() {
            Kind::Atom(name) => Some(name),
            _ => None,
        }
    }

    /// The bytes of a binary; `None` for any other term, a bitstring included.
    #[inline]
    fn bytes(&self) -> Option<&[u8]> {
        match self.kind() {
            Kind::Binary(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The elements of a tuple. What comes of any other term means nothing, and may be `None`.
    #[inline]
    fn elements(&self) -> Option<Self::Elements> {
        match self.kind() {
            Kind::Tuple(elements) => Some(elements),
            _ => None,
        }
    }

    /// The items of a list. What comes of any other term means nothing, and may be `None`.
    #[inline]
    fn items(&self) -> Option<Self::Items> {
        match self.kind() {
            Kind::List(items) => Some(items),
            _ => None,
        }
    }

    /// The entries of a map; `None` for any other term.
    #[inline]
    fn entries(&self) -> Option<Self::Entries> {
        match self.kind() {
            Kind::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// Whether both are one and the same term in memory. `true` means equal; `false` means nothing:
    /// it is for skipping only, never for correctness.
    fn same(&self, other: &Self) -> bool;

    /// Whether both are equal, exactly, where that can be told in one go, however large they are: in time
    /// that no budget bounds. `None` where it cannot.
    fn equal(&self, _other: &Self) -> Option<bool> {
        None
    }

    /// The value under `key` if this is a map that has it.
    fn get(&self, key: &Self) -> Option<Self>;

    /// The value under an atom key, by the atom's name, if this is a map that has it.
    fn get_atom(&self, key: &str) -> Option<Self>;

    /// Steps over what two maps have in common from where their entries stand: an atom for a key, and
    /// under it one and the same value in memory. Over `most` entries at most, and says how many. What
    /// it does not step over may be common all the same.
    fn skip_same(_olds: &mut Self::Entries, _news: &mut Self::Entries, _most: usize) -> usize {
        0
    }

    /// For an atom of the live BEAM, a number that names it for the life of the node, so that what
    /// was once worked out about its name can be remembered. `None` where there is no such number. What
    /// comes of any other term means nothing, and may be `None`.
    fn atom_number(&self) -> Option<usize> {
        None
    }
}

/// The items of a list that may be improper.
pub trait ListItems<T>: Iterator<Item = T> + Clone {
    /// Once every item is taken: what an improper list ends in, `None` for a proper one.
    fn tail(&self) -> Option<T>;

    /// Whether what is left to take is one and the same in both: the rest need not be walked.
    fn same_rest(&self, _other: &Self) -> bool {
        false
    }

    /// Steps over items that are one and the same in both, `most` of them at most, and says how many.
    /// What it does not step over may be common all the same.
    fn skip_same(&mut self, _news: &mut Self, _most: usize) -> usize {
        0
    }
}

/// What kind of term a [`Tree`] is, see [`Tree::shape`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// An atom.
    Atom,
    /// A binary, or a bitstring that is not a whole number of bytes.
    Bits,
    /// A tuple.
    Tuple,
    /// A list, the empty one included.
    List,
    /// A map or struct.
    Map,
    /// A number, or what is inert.
    Other,
}

/// A term that was looked at: what most of it is asked for, asked once. A key is judged, compared and
/// written, and each of them would ask again.
pub struct Seen<'t, T> {
    /// The term.
    pub term: &'t T,
    /// Its shape.
    pub shape: Shape,
    /// The bytes of a binary; `None` for any other term, a bitstring included.
    pub bytes: Option<&'t [u8]>,
}

impl<'t, T: Tree> Seen<'t, T> {
    /// Looks at a term.
    ///
    /// ```
    /// use phoenix_replay_core::{etf::Value, tree::{Seen, Shape}};
    /// let key = Value::binary("id");
    /// let seen = Seen::of(&key);
    /// assert_eq!((seen.shape, seen.bytes), (Shape::Bits, Some(&b"id"[..])));
    /// ```
    #[inline]
    pub fn of(term: &'t T) -> Self {
        let shape = term.shape();
        let bytes = match shape {
            Shape::Bits => term.bytes(),
            _ => None,
        };
        Seen { term, shape, bytes }
    }

    /// The name of an atom; `None` for any other term.
    #[inline]
    pub fn atom(&self) -> Option<&'t str> {
        match self.shape {
            Shape::Atom => self.term.atom(),
            _ => None,
        }
    }

    /// [`Tree::atom_number`] of an atom; `None` for any other term.
    #[inline]
    pub fn atom_number(&self) -> Option<usize> {
        match self.shape {
            Shape::Atom => self.term.atom_number(),
            _ => None,
        }
    }

    /// Whether it is a tuple, a list or a map.
    #[inline]
    pub fn has_parts(&self) -> bool {
        matches!(self.shape, Shape::Tuple | Shape::List | Shape::Map)
    }
}

/// What a term is.
pub enum Kind<'a, T: Tree> {
    /// An atom, with its name.
    Atom(&'a str),
    /// An integer that fits a machine word.
    Integer(i64),
    /// Any other integer: sign and magnitude, least significant byte first.
    BigInteger {
        /// Whether it is below zero.
        negative: bool,
        /// The magnitude, without leading zeros at its end.
        digits: std::borrow::Cow<'a, [u8]>,
    },
    /// A float.
    Float(f64),
    /// A binary.
    Binary(&'a [u8]),
    /// A bitstring that is not a whole number of bytes.
    Bitstring {
        /// The bytes; of the last one only the highest `bits` count, the others are zero.
        bytes: std::borrow::Cow<'a, [u8]>,
        /// How many bits of the last byte count, 1 to 7.
        bits: u8,
    },
    /// A tuple.
    Tuple(T::Elements),
    /// A list, the empty one included.
    List(T::Items),
    /// A map; a struct is a map with a `__struct__` key.
    Map(T::Entries),
    /// Something that means nothing outside its node or its moment.
    Inert(Inert),
}

/// A pid, port, reference or function as it is recorded: what it was and how it prints, nothing
/// that could be called or sent to.
///
/// In a recording it stands as the struct `%PhoenixReplay.Inert{kind, text, function}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inert {
    /// What it was.
    pub kind: InertKind,
    /// As `inspect/1` prints it.
    pub text: String,
    /// Module, function and arity of an external function (`&Mod.fun/1`), which a replay may call
    /// on the recorded view, its components or a schema.
    pub function: Option<(String, String, u8)>,
}

/// The kinds of [`Inert`] terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InertKind {
    /// A process identifier.
    Pid,
    /// A port.
    Port,
    /// A reference.
    Reference,
    /// A function: external, or a closure, whose environment is never recorded.
    Function,
}
