//! Names of atoms.
//!
//! Asking the BEAM for an atom's name copies it. A recorder meets the same few hundred atoms all the
//! time, so each name is kept once it was asked for. What is kept is bounded by the atom table of the
//! node, which never shrinks either.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};

use once_cell::sync::Lazy;
use parking_lot::RwLock;
use rustler::sys::{
    enif_get_atom, enif_get_atom_length, enif_make_existing_atom_len, ErlNifCharEncoding,
};
use rustler::{Atom, Env, Term};

/// An atom's word and its name.
struct Named {
    word: usize,
    name: String,
}

type Names = HashMap<usize, &'static Named, BuildHasherDefault<WordHasher>>;

static NAMES: Lazy<RwLock<Names>> = Lazy::new(RwLock::default);

/// What is asked for with every map, and with every row of a list that is sorted anew, and its word.
static ASKED: [(&str, AtomicUsize); 2] = [
    ("__struct__", AtomicUsize::new(0)),
    ("id", AtomicUsize::new(0)),
];

/// How many names are at hand: more than a page's assigns have keys.
const SLOTS: usize = 2048;

/// What was met last, by a hash of the word: an encoder asks for a name with each atom.
static LAST: [AtomicPtr<Named>; SLOTS] = [const { AtomicPtr::new(std::ptr::null_mut()) }; SLOTS];

thread_local! {
    /// What this scheduler has met, so that it takes no lock that another one holds.
    static MET: RefCell<Names> = RefCell::default();
}

/// Looks up the words of [`ASKED`]. Once, before any is asked for.
pub fn load(env: Env<'_>) {
    for (name, word) in &ASKED {
        if let Ok(atom) = Atom::from_str(env, name) {
            word.store(atom.as_c_arg(), Ordering::Relaxed);
        }
    }
}

/// The name of an atom.
pub fn name(atom: Term<'_>) -> &'static str {
    let word = atom.as_c_arg();
    let slot = &LAST[(spread(word) >> 40) as usize % SLOTS];
    // SAFETY: a slot is empty or has what `shared` leaked, which nobody writes to any more.
    match unsafe { slot.load(Ordering::Acquire).as_ref() } {
        Some(named) if named.word == word => &named.name,
        _ => {
            let named = met(atom);
            slot.store(std::ptr::from_ref(named).cast_mut(), Ordering::Release);
            &named.name
        }
    }
}

#[cold]
fn met(atom: Term<'_>) -> &'static Named {
    let word = atom.as_c_arg();
    MET.with_borrow_mut(|met| *met.entry(word).or_insert_with(|| shared(atom)))
}

fn shared(atom: Term<'_>) -> &'static Named {
    let word = atom.as_c_arg();
    if let Some(named) = NAMES.read().get(&word) {
        return named;
    }
    let mut names = NAMES.write();
    names.entry(word).or_insert_with(|| {
        let name = ask(atom);
        Box::leak(Box::new(Named { word, name }))
    })
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
#[inline]
pub fn existing<'a>(env: Env<'a>, name: &str) -> Option<Term<'a>> {
    let asked = ASKED.iter().find(|(asked, _)| *asked == name);
    let word = match asked {
        Some((_, word)) => word.load(Ordering::Relaxed),
        None => look_up(env, name)?,
    };
    // SAFETY: an atom's word is valid in every environment.
    Some(unsafe { Term::new(env, word) })
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
