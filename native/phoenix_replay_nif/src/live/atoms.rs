//! Names of atoms.
//!
//! Asking the BEAM for an atom's name copies it. A recorder meets the same few hundred atoms all the
//! time, so each name is kept once it was asked for. What is kept is bounded by the atom table of the
//! node, which never shrinks either.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use once_cell::sync::Lazy;
use parking_lot::RwLock;
use rustler::sys::{
    enif_get_atom, enif_get_atom_length, enif_make_existing_atom_len, ErlNifCharEncoding,
};
use rustler::{Env, Term};

type Names = HashMap<usize, &'static str, BuildHasherDefault<WordHasher>>;

static NAMES: Lazy<RwLock<Names>> = Lazy::new(RwLock::default);

/// What is asked for with every map, and with every row of a list that is sorted anew.
const ASKED: [&str; 2] = ["__struct__", "id"];

/// How many names a scheduler has at hand: more than a page's assigns have keys.
const SLOTS: usize = 2048;

thread_local! {
    /// What this scheduler met last, by a hash of the word: an encoder asks for a name with each atom.
    static LAST: [Cell<Option<(usize, &'static str)>>; SLOTS] = const { [const { Cell::new(None) }; SLOTS] };
    /// What this scheduler has met, so that it takes no lock that another one holds.
    static MET: RefCell<Names> = RefCell::default();
    /// The atoms of [`ASKED`], once they were found.
    static FOUND: RefCell<[Option<usize>; ASKED.len()]> = const { RefCell::new([None; ASKED.len()]) };
}

/// The name of an atom.
pub fn name(atom: Term<'_>) -> &'static str {
    let word = atom.as_c_arg();
    LAST.with(|last| {
        let slot = &last[(spread(word) >> 40) as usize % SLOTS];
        match slot.get() {
            Some((known, name)) if known == word => name,
            _ => {
                let name = met(atom);
                slot.set(Some((word, name)));
                name
            }
        }
    })
}

fn met(atom: Term<'_>) -> &'static str {
    let word = atom.as_c_arg();
    MET.with_borrow_mut(|met| *met.entry(word).or_insert_with(|| shared(atom)))
}

fn shared(atom: Term<'_>) -> &'static str {
    let word = atom.as_c_arg();
    if let Some(name) = NAMES.read().get(&word) {
        return name;
    }
    NAMES
        .write()
        .entry(word)
        .or_insert_with(|| Box::leak(ask(atom).into_boxed_str()))
}

fn ask(atom: Term<'_>) -> String {
    let env = atom.get_env().as_c_arg();
    let mut length = 0;
    // SAFETY: env and term belong together; `length` outlives the call.
    let known = unsafe {
        enif_get_atom_length(
            env,
            atom.as_c_arg(),
            &mut length,
            ErlNifCharEncoding::ERL_NIF_UTF8,
        )
    };
    if known == 0 {
        return String::new();
    }
    let mut name = vec![0; length as usize + 1];
    // SAFETY: the buffer has room for the name and the zero byte behind it.
    unsafe {
        enif_get_atom(
            env,
            atom.as_c_arg(),
            name.as_mut_ptr().cast(),
            length + 1,
            ErlNifCharEncoding::ERL_NIF_UTF8,
        );
    }
    name.truncate(length as usize);
    String::from_utf8_lossy(&name).into_owned()
}

/// The atom of this name, if the node has it. Creates none.
pub fn existing<'a>(env: Env<'a>, name: &str) -> Option<Term<'a>> {
    let word = match ASKED.iter().position(|asked| *asked == name) {
        Some(at) => FOUND.with_borrow_mut(|found| {
            if found[at].is_none() {
                found[at] = look_up(env, name);
            }
            found[at]
        }),
        None => look_up(env, name),
    };
    // SAFETY: an atom's word is valid in every environment.
    word.map(|word| unsafe { Term::new(env, word) })
}

fn look_up(env: Env<'_>, name: &str) -> Option<usize> {
    let mut word = 0;
    // SAFETY: the name's pointer and length belong together; `word` outlives the call.
    let found = unsafe {
        enif_make_existing_atom_len(
            env.as_c_arg(),
            name.as_ptr().cast(),
            name.len(),
            &mut word,
            ErlNifCharEncoding::ERL_NIF_UTF8,
        )
    };
    (found != 0).then_some(word)
}

/// Spreads the words of atoms, small indices in the upper bits, over a table.
#[derive(Default)]
pub struct WordHasher(u64);

impl Hasher for WordHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_usize(usize::from(*byte));
        }
    }

    fn write_usize(&mut self, word: usize) {
        self.0 = spread(self.0 as usize ^ word).rotate_left(26);
    }
}

/// Fibonacci hashing: Knuth, The Art of Computer Programming, volume 3, section 6.4. The upper bits
/// are the spread ones.
fn spread(word: usize) -> u64 {
    (word as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}
