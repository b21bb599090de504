//! What tuples, lists and maps of the BEAM hold.

use std::mem::MaybeUninit;

use phoenix_replay_core::tree::ListItems;
use rustler::sys::{
    enif_get_list_cell, enif_get_map_size, enif_get_tuple, enif_is_empty_list,
    enif_map_iterator_create, enif_map_iterator_destroy, enif_map_iterator_get_pair,
    enif_map_iterator_next, ErlNifMapIterator, ErlNifMapIteratorEntry,
};
use rustler::{Env, Term};

use super::Live;

/// The elements of a tuple.
#[derive(Clone)]
pub struct Elements<'a> {
    env: Env<'a>,
    words: std::slice::Iter<'a, usize>,
}

impl<'a> Elements<'a> {
    pub(super) fn of(tuple: Term<'a>) -> Self {
        let env = tuple.get_env();
        let mut arity = 0;
        let mut words = std::ptr::null();
        // SAFETY: env and term belong together. On success the words lie in the tuple itself, which
        // lives as long as the environment, which is what 'a stands for.
        let words = unsafe {
            if enif_get_tuple(env.as_c_arg(), tuple.as_c_arg(), &mut arity, &mut words) == 0
                || arity == 0
            {
                &[]
            } else {
                std::slice::from_raw_parts(words, arity as usize)
            }
        };
        Elements {
            env,
            words: words.iter(),
        }
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = Live<'a>;

    fn next(&mut self) -> Option<Live<'a>> {
        // SAFETY: the word is an element of a tuple of this environment.
        self.words
            .next()
            .map(|word| Live(unsafe { Term::new(self.env, *word) }))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.words.size_hint()
    }
}

impl ExactSizeIterator for Elements<'_> {}

/// The items of a list, by its cells.
#[derive(Clone)]
pub struct Items<'a> {
    env: Env<'a>,
    rest: usize,
}

impl<'a> Items<'a> {
    pub(super) fn of(list: Term<'a>) -> Self {
        Items {
            env: list.get_env(),
            rest: list.as_c_arg(),
        }
    }
}

impl<'a> Iterator for Items<'a> {
    type Item = Live<'a>;

    fn next(&mut self) -> Option<Live<'a>> {
        let (mut head, mut tail) = (0, 0);
        // SAFETY: `rest` is a term of this environment, and head and tail of its cell are as well.
        unsafe {
            if enif_get_list_cell(self.env.as_c_arg(), self.rest, &mut head, &mut tail) == 0 {
                return None;
            }
            self.rest = tail;
            Some(Live(Term::new(self.env, head)))
        }
    }
}

impl<'a> ListItems<Live<'a>> for Items<'a> {
    fn tail(&self) -> Option<Live<'a>> {
        // SAFETY: `rest` is a term of this environment.
        unsafe {
            (enif_is_empty_list(self.env.as_c_arg(), self.rest) == 0)
                .then(|| Live(Term::new(self.env, self.rest)))
        }
    }

    /// Lists share their cells: what was put in front of a list leaves the rest of it as it was.
    fn same_rest(&self, other: &Self) -> bool {
        self.rest == other.rest
    }
}

/// The entries of a map.
pub struct Entries<'a> {
    env: Env<'a>,
    iterator: ErlNifMapIterator,
    left: usize,
}

impl<'a> Entries<'a> {
    pub(super) fn of(map: Term<'a>) -> Self {
        let env = map.get_env();
        let mut left = 0;
        let mut iterator = MaybeUninit::uninit();
        // SAFETY: env and term belong together, and the term is a map, so that both calls succeed;
        // the iterator is filled in by the second.
        let iterator = unsafe {
            enif_get_map_size(env.as_c_arg(), map.as_c_arg(), &mut left);
            enif_map_iterator_create(
                env.as_c_arg(),
                map.as_c_arg(),
                iterator.as_mut_ptr(),
                ErlNifMapIteratorEntry::ERL_NIF_MAP_ITERATOR_HEAD,
            );
            iterator.assume_init()
        };
        Entries {
            env,
            iterator,
            left,
        }
    }
}

impl<'a> Entries<'a> {
    /// The next entry, which stays the next one.
    fn peek(&mut self) -> Option<(Live<'a>, Live<'a>)> {
        let (mut key, mut value) = (0, 0);
        let env = self.env.as_c_arg();
        // SAFETY: the iterator was made for a map of this environment and is destroyed only in drop;
        // key and value are terms of it.
        unsafe {
            (enif_map_iterator_get_pair(env, &mut self.iterator, &mut key, &mut value) != 0).then(
                || {
                    (
                        Live(Term::new(self.env, key)),
                        Live(Term::new(self.env, value)),
                    )
                },
            )
        }
    }

    fn forward(&mut self) {
        // SAFETY: as above.
        unsafe { enif_map_iterator_next(self.env.as_c_arg(), &mut self.iterator) };
        self.left = self.left.saturating_sub(1);
    }

    /// As [`Tree::skip_same`](phoenix_replay_core::tree::Tree::skip_same) says.
    pub(super) fn skip_same(&mut self, news: &mut Self, most: usize) -> usize {
        for skipped in 0..most {
            match (self.peek(), news.peek()) {
                (Some((old_key, old)), Some((key, new)))
                    if old_key.word() == key.word()
                        && old.word() == new.word()
                        && key.is_atom() =>
                {
                    self.forward();
                    news.forward();
                }
                _ => return skipped,
            }
        }
        most
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = (Live<'a>, Live<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let entry = self.peek()?;
        self.forward();
        Some(entry)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Entries<'_> {}

impl Drop for Entries<'_> {
    fn drop(&mut self) {
        // SAFETY: made by enif_map_iterator_create, destroyed once.
        unsafe { enif_map_iterator_destroy(self.env.as_c_arg(), &mut self.iterator) }
    }
}
