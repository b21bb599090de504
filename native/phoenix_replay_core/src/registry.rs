//! The sessions of this node, by id.
//!
//! Readers and the by-id calls use it; an append never does. It owns each session until storage
//! has it, for a NIF resource that nobody holds is no longer monitored.

use std::sync::Arc;

use dashmap::mapref::entry::Entry;
use dashmap::DashMap;

use crate::session::Counters;

/// Handles of sessions by id. `H` is what keeps one alive: an `Arc`, or a NIF resource.
pub struct Registry<H> {
    sessions: DashMap<Arc<str>, H>,
    counters: Arc<Counters>,
}

/// There is a session of this id already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exists;

impl<H: Clone> Registry<H> {
    /// An empty registry.
    #[must_use]
    pub fn new() -> Self {
        Registry {
            sessions: DashMap::new(),
            counters: Arc::default(),
        }
    }

    /// What all sessions of this registry hold together; to be given to each new one.
    #[must_use]
    pub fn counters(&self) -> &Arc<Counters> {
        &self.counters
    }

    /// Registers `handle` under `id`.
    ///
    /// # Errors
    /// [`Exists`] when the id is taken; the session that has it stays.
    pub fn insert(&self, id: Arc<str>, handle: H) -> Result<(), Exists> {
        match self.sessions.entry(id) {
            Entry::Occupied(_) => Err(Exists),
            Entry::Vacant(vacant) => {
                vacant.insert(handle);
                Ok(())
            }
        }
    }

    /// The session of this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<H> {
        self.sessions.get(id).map(|entry| entry.value().clone())
    }

    /// Takes the session of this id out. The caller drops it, outside of any lock.
    #[must_use = "the last handle frees the session's log, which may take a while"]
    pub fn remove(&self, id: &str) -> Option<H> {
        self.sessions.remove(id).map(|(_, handle)| handle)
    }

    /// All sessions, in no order, as they are while this runs.
    #[must_use]
    pub fn all(&self) -> Vec<(Arc<str>, H)> {
        // Copied out first: whatever the caller asks a session may wait for its lock, and nobody
        // who starts another session may wait for that.
        self.sessions
            .iter()
            .map(|entry| (entry.key().clone(), entry.value().clone()))
            .collect()
    }

    /// Ids of the sessions that `wanted` holds for.
    #[must_use]
    pub fn ids(&self, wanted: impl Fn(&H) -> bool) -> Vec<Arc<str>> {
        self.all()
            .into_iter()
            .filter(|(_, handle)| wanted(handle))
            .map(|(id, _)| id)
            .collect()
    }

    /// How many sessions there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sessions.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sessions.is_empty()
    }
}

impl<H: Clone> Default for Registry<H> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_session_of_an_id_is_refused() {
        let registry = Registry::new();
        assert_eq!(registry.insert("a".into(), 1), Ok(()));
        assert_eq!(registry.insert("a".into(), 2), Err(Exists));
        assert_eq!(registry.get("a"), Some(1));
    }

    #[test]
    fn what_was_removed_can_start_again() {
        let registry = Registry::new();
        assert_eq!(registry.insert("a".into(), 1), Ok(()));
        assert_eq!(registry.remove("a"), Some(1));
        assert_eq!(registry.remove("a"), None);
        assert_eq!(registry.insert("a".into(), 2), Ok(()));
        assert_eq!(registry.len(), 1);
    }

    #[test]
    fn ids_by_what_a_session_says() {
        let registry = Registry::new();
        for number in 0..10 {
            assert_eq!(registry.insert(number.to_string().into(), number), Ok(()));
        }
        let mut even = registry.ids(|number| number % 4 == 0);
        even.sort();
        assert_eq!(even, ["0".into(), "4".into(), "8".into()] as [Arc<str>; 3]);
    }

    #[test]
    fn many_threads_start_and_end_sessions() {
        let registry = Registry::new();
        std::thread::scope(|threads| {
            for thread in 0..8 {
                let registry = &registry;
                threads.spawn(move || {
                    for number in 0..500 {
                        let id: Arc<str> = format!("{thread}-{number}").into();
                        assert_eq!(registry.insert(id.clone(), number), Ok(()));
                        assert_eq!(registry.remove(&id), Some(number));
                    }
                });
            }
        });
        assert!(registry.is_empty());
    }
}
