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

    fn skip_same(&mut self, news: &mut Self, most: usize) -> usize {
        let env = self.env.as_c_arg();
        let (mut old, mut old_tail, mut new, mut new_tail) = (0, 0, 0, 0);
        for skipped in 0..most {
            // SAFETY: both rests are terms of this environment. What is no cell fails.
            let same = unsafe {
                self.rest != news.rest
                    && enif_get_list_cell(env, self.rest, &mut old, &mut old_tail) != 0
                    && enif_get_list_cell(env, news.rest, &mut new, &mut new_tail) != 0
                    && old == new
            };
            if !same {
                return skipped;
            }
            (self.rest, news.rest) = (old_tail, new_tail);
        }
        most
    }
}

/// The entries of a map.
pub struct Entries<'a> {
    env: Env<'a>,
    map: usize,
    /// Made where it stays, when the first entry is asked for.
    iterator: MaybeUninit<ErlNifMapIterator>,
    made: bool,
    left: usize,
    /// The words of the entry that the iterator stands at, once they were asked for; no term's word is 0.
    here: (usize, usize),
}

impl<'a> Entries<'a> {
    /// Those of a map; `None` for any other term.
    pub(super) fn of(map: Term<'a>) -> Option<Self> {
        let env = map.get_env();
        let mut left = 0;
        let map = map.as_c_arg();
        // SAFETY: env and term belong together. For what is no map the call fails.
        let is_map = unsafe { enif_get_map_size(env.as_c_arg(), map, &mut left) != 0 };
        is_map.then_some(Entries {
            env,
            map,
            iterator: MaybeUninit::uninit(),
            made: false,
            left,
            here: (0, 0),
        })
    }

    /// The next entry, which stays the next one.
    #[inline]
    fn peek(&mut self) -> Option<(usize, usize)> {
        if self.here.0 == 0 {
            // SAFETY: the iterator is made for a map of this environment and destroyed only in
            // drop. At its end nothing is written.
            let found = unsafe {
                if !self.made {
                    enif_map_iterator_create(
                        self.env.as_c_arg(),
                        self.map,
                        self.iterator.as_mut_ptr(),
                        ErlNifMapIteratorEntry::ERL_NIF_MAP_ITERATOR_HEAD,
                    );
                    self.made = true;
                }
                enif_map_iterator_get_pair(
                    self.env.as_c_arg(),
                    self.iterator.as_mut_ptr(),
                    &mut self.here.0,
                    &mut self.here.1,
                )
            };
            if found == 0 {
                return None;
            }
        }
        Some(self.here)
    }

    /// Goes on from what [`peek`](Entries::peek) gave.
    #[inline]
    fn forward(&mut self) {
        // SAFETY: as above, and to give an entry it was made.
        unsafe { enif_map_iterator_next(self.env.as_c_arg(), self.iterator.as_mut_ptr()) };
        self.left = self.left.saturating_sub(1);
        self.here = (0, 0);
    }

    /// A term of the map.
    fn term(&self, word: usize) -> Live<'a> {
        // SAFETY: the map is of this environment, and so are its keys and values.
        Live(unsafe { Term::new(self.env, word) })
    }

    /// As [`Tree::skip_same`](phoenix_replay_core::tree::Tree::skip_same) says.
    pub(super) fn skip_same(&mut self, news: &mut Self, most: usize) -> usize {
        for skipped in 0..most {
            match (self.peek(), news.peek()) {
                (Some(old), Some(new)) if old == new && news.term(new.0).is_atom() => {
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
        let (key, value) = self.peek()?;
        self.forward();
        Some((self.term(key), self.term(value)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Entries<'_> {}

impl Drop for Entries<'_> {
    fn drop(&mut self) {
        if self.made {
            // SAFETY: made by enif_map_iterator_create, destroyed once.
            unsafe {
                enif_map_iterator_destroy(self.env.as_c_arg(), self.iterator.as_mut_ptr());
            }
        }
    }
}
