//! Live BEAM terms as a [`Tree`].
//!
//! A [`Live`] term is a machine word that points into the heap of the calling process, which does not
//! move while a NIF runs. Nothing is copied to look at it.

mod atoms;
mod inert;
mod items;

use std::borrow::Cow;
use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicBool, Ordering};

use phoenix_replay_core::tree::{Kind, Shape, Tree};
use rustler::sys::{
    enif_get_double, enif_get_int64, enif_get_map_value, enif_inspect_binary, enif_is_atom,
    enif_is_identical, ErlNifBinary, ErlNifTermType,
};
use rustler::{Encoder, Env, Term};

pub use atoms::existing as existing_atom;
pub use items::{Elements, Entries, Items};

/// Whether `0.0` and `-0.0` are two terms to this BEAM, as they are from OTP 27 on.
static ZEROS_DIFFER: AtomicBool = AtomicBool::new(false);

/// Looks what this BEAM does, and what its atoms are. Once, before anything is compared.
pub fn load(env: Env<'_>) {
    atoms::load(env);
    let [zero, negative] = [0.0, -0.0].map(|float: f64| float.encode(env).as_c_arg());
    // SAFETY: it reads two terms, which are of this environment.
    let differ = unsafe { enif_is_identical(zero, negative) == 0 };
    ZEROS_DIFFER.store(differ, Ordering::Relaxed);
}

/// A term of the calling process.
#[derive(Clone, Copy)]
pub struct Live<'a>(Term<'a>);

impl<'a> Live<'a> {
    /// The view of a term.
    pub fn new(term: Term<'a>) -> Self {
        Live(term)
    }

    /// The term itself.
    pub fn term(self) -> Term<'a> {
        self.0
    }

    fn word(self) -> usize {
        self.0.as_c_arg()
    }

    /// The bytes of a binary; `None` for any other term, a bitstring included.
    pub fn bytes(self) -> Option<&'a [u8]> {
        let mut binary = MaybeUninit::<ErlNifBinary>::uninit();
        // SAFETY: env and term belong together. On success the struct is filled in, and what it
        // points to lives as long as the environment, which is what 'a stands for.
        unsafe {
            if enif_inspect_binary(
                self.0.get_env().as_c_arg(),
                self.word(),
                binary.as_mut_ptr(),
            ) == 0
            {
                return None;
            }
            let binary = binary.assume_init();
            // An empty binary may come with a null pointer, which a slice must not have.
            if binary.size == 0 {
                return Some(&[]);
            }
            Some(std::slice::from_raw_parts(binary.data, binary.size))
        }
    }

    /// The name of an atom; `None` for any other term.
    pub fn atom(self) -> Option<&'static str> {
        self.is_atom().then(|| atoms::name(self.0))
    }

    fn is_atom(self) -> bool {
        // SAFETY: env and term belong together.
        unsafe { enif_is_atom(self.0.get_env().as_c_arg(), self.word()) != 0 }
    }

    fn integer(self) -> Kind<'a, Self> {
        let mut integer = 0;
        // SAFETY: env and term belong together; `integer` outlives the call.
        if unsafe { enif_get_int64(self.0.get_env().as_c_arg(), self.word(), &mut integer) } != 0 {
            return Kind::Integer(integer);
        }
        let (negative, digits) = inert::big_integer(self.0);
        Kind::BigInteger {
            negative,
            digits: Cow::Owned(digits),
        }
    }

    fn float(self) -> Kind<'a, Self> {
        let mut float = 0.0;
        // SAFETY: env and term belong together; `float` outlives the call. The term is a float.
        unsafe { enif_get_double(self.0.get_env().as_c_arg(), self.word(), &mut float) };
        Kind::Float(float)
    }

    fn bits(self) -> Kind<'a, Self> {
        match self.bytes() {
            Some(bytes) => Kind::Binary(bytes),
            None => {
                let (bytes, bits) = inert::bitstring(self.0);
                Kind::Bitstring {
                    bytes: Cow::Owned(bytes),
                    bits,
                }
            }
        }
    }
}

impl<'a> Tree for Live<'a> {
    type Elements = Elements<'a>;
    type Items = Items<'a>;
    type Entries = Entries<'a>;

    fn kind(&self) -> Kind<'_, Self> {
        match self.0.get_erl_type() {
            ErlNifTermType::ERL_NIF_TERM_TYPE_ATOM => Kind::Atom(atoms::name(self.0)),
            ErlNifTermType::ERL_NIF_TERM_TYPE_INTEGER => self.integer(),
            ErlNifTermType::ERL_NIF_TERM_TYPE_FLOAT => self.float(),
            ErlNifTermType::ERL_NIF_TERM_TYPE_BITSTRING => self.bits(),
            ErlNifTermType::ERL_NIF_TERM_TYPE_TUPLE => Kind::Tuple(Elements::of(self.0)),
            ErlNifTermType::ERL_NIF_TERM_TYPE_LIST => Kind::List(Items::of(self.0)),
            ErlNifTermType::ERL_NIF_TERM_TYPE_MAP => match Entries::of(self.0) {
                Some(entries) => Kind::Map(entries),
                None => unreachable!("a map can be iterated"),
            },
            other => Kind::Inert(inert::inert(self.0, other)),
        }
    }

    fn shape(&self) -> Shape {
        match self.0.get_erl_type() {
            ErlNifTermType::ERL_NIF_TERM_TYPE_ATOM => Shape::Atom,
            ErlNifTermType::ERL_NIF_TERM_TYPE_BITSTRING => Shape::Bits,
            ErlNifTermType::ERL_NIF_TERM_TYPE_TUPLE => Shape::Tuple,
            ErlNifTermType::ERL_NIF_TERM_TYPE_LIST => Shape::List,
            ErlNifTermType::ERL_NIF_TERM_TYPE_MAP => Shape::Map,
            _ => Shape::Other,
        }
    }

    fn atom(&self) -> Option<&str> {
        Some(atoms::name(self.0))
    }

    fn bytes(&self) -> Option<&[u8]> {
        Live::bytes(*self)
    }

    fn elements(&self) -> Option<Elements<'a>> {
        Some(Elements::of(self.0))
    }

    fn items(&self) -> Option<Items<'a>> {
        Some(Items::of(self.0))
    }

    fn entries(&self) -> Option<Entries<'a>> {
        Entries::of(self.0)
    }

    /// As `=:=` has it, in the BEAM's own code: for a row of a few fields that is a hundredth of asking for
    /// each of its terms.
    fn equal(&self, other: &Self) -> Option<bool> {
        ZEROS_DIFFER.load(Ordering::Relaxed).then(|| {
            // SAFETY: it reads two terms, which are of this environment.
            unsafe { enif_is_identical(self.word(), other.word()) != 0 }
        })
    }

    /// Equal words are equal terms: this is the one place where identity is decided.
    fn same(&self, other: &Self) -> bool {
        self.word() == other.word()
    }

    fn get(&self, key: &Self) -> Option<Self> {
        let mut value = 0;
        let env = self.0.get_env();
        // SAFETY: map and key belong to this environment, and so does the value found. For a term
        // that is no map the call fails.
        unsafe {
            (enif_get_map_value(env.as_c_arg(), self.word(), key.word(), &mut value) != 0)
                .then(|| Live(Term::new(env, value)))
        }
    }

    #[inline]
    fn get_atom(&self, key: &str) -> Option<Self> {
        self.get(&Live(atoms::existing(self.0.get_env(), key)?))
    }

    fn skip_same(olds: &mut Entries<'a>, news: &mut Entries<'a>, most: usize) -> usize {
        olds.skip_same(news, most)
    }

    /// An atom's word is its index in the atom table, from which none is ever taken out.
    fn atom_number(&self) -> Option<usize> {
        Some(self.word())
    }
}
