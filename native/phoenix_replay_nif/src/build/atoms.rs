//! Atoms that a recording names.
//!
//! Atoms are never collected, so a recording from outside must not make as many as it likes. Those the
//! node has are taken; of others a bounded number is created in the node's lifetime, enough for views
//! deleted since; past that an atom comes back as the text `[ATOM]name`.

use std::sync::atomic::{AtomicUsize, Ordering};

use rustler::sys::{enif_make_new_atom_len, ErlNifCharEncoding};
use rustler::{Env, Term};

use crate::live::existing_atom;

/// How many atoms recordings may create in the lifetime of the node. The table has room for 1,048,576.
const BUDGET: usize = 10_000;

static CREATED: AtomicUsize = AtomicUsize::new(0);

/// How many atoms are at hand while a value is built.
const SLOTS: usize = 64;

/// The atoms met while a value is built: a table's rows have the same keys, and looking one up in the
/// node's table of atoms takes longer than building most terms.
pub struct Known<'a, 'v> {
    env: Env<'a>,
    /// By where the name is in memory: those of a recording that are the same are mostly one.
    slots: [Option<(&'v str, Term<'a>)>; SLOTS],
}

impl<'a, 'v> Known<'a, 'v> {
    pub fn new(env: Env<'a>) -> Self {
        Known {
            env,
            slots: [None; SLOTS],
        }
    }

    /// The atom of this name, or the text that marks it.
    pub fn atom(&mut self, name: &'v str) -> Term<'a> {
        // Names are in allocations of their own, which begin at multiples of 16.
        let slot = &mut self.slots[name.as_ptr().addr() / 16 % SLOTS];
        match slot {
            Some((known, term)) if std::ptr::eq(*known, name) => *term,
            _ => {
                let term = atom(self.env, name);
                *slot = Some((name, term));
                term
            }
        }
    }
}

/// The atom of this name, or the text that marks it.
fn atom<'a>(env: Env<'a>, name: &str) -> Term<'a> {
    existing_atom(env, name)
        .or_else(|| created(env, name))
        .unwrap_or_else(|| super::binary(env, format!("[ATOM]{name}").as_bytes()))
}

fn created<'a>(env: Env<'a>, name: &str) -> Option<Term<'a>> {
    if CREATED.fetch_add(1, Ordering::Relaxed) >= BUDGET {
        // Taken back, so that the count cannot run over.
        CREATED.fetch_sub(1, Ordering::Relaxed);
        return None;
    }
    let mut word = 0;
    // SAFETY: pointer and length belong together; `word` outlives the call and is an atom if it succeeds. A
    // name that is too long for an atom makes it fail.
    unsafe {
        (enif_make_new_atom_len(
            env.as_c_arg(),
            name.as_ptr().cast(),
            name.len(),
            &mut word,
            ErlNifCharEncoding::ERL_NIF_UTF8,
        ) != 0)
            .then(|| Term::new(env, word))
    }
}
