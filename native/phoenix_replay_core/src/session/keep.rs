//! Which sessions are worth a recording, decided when they are over.

use std::hash::{DefaultHasher, Hash, Hasher};

/// [`Keep::rate`] is in parts of this many.
const PARTS: u64 = 1_000_000;

/// Which sessions are kept: those that at least one of these holds for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// Those that met an error.
    pub errors: bool,
    /// Those in which a step took longer, in milliseconds. Steps that nobody waited for, and that are
    /// no `slow` events, are not known of.
    pub slower_than: Option<u64>,
    /// How many in a million of all.
    pub rate: u32,
}

impl Keep {
    /// Whether it keeps the session of this id, which is random. It is drawn by the id, for saving a session is tried
    /// more than once and may not end otherwise each time.
    ///
    /// ```
    /// use phoenix_replay_core::session::Keep;
    /// let keep = Keep { errors: true, slower_than: Some(1_000), rate: 0 };
    /// assert!(keep.keeps("a", 1, 0));
    /// assert!(keep.keeps("a", 0, 1_001));
    /// assert!(!keep.keeps("a", 0, 1_000));
    /// assert!(Keep { rate: 1_000_000, ..keep }.keeps("a", 0, 0));
    /// ```
    #[must_use]
    pub fn keeps(&self, id: &str, errors: u64, longest_ms: u64) -> bool {
        self.errors && errors > 0
            || self.slower_than.is_some_and(|limit| longest_ms > limit)
            || drawn(id) < u64::from(self.rate)
    }
}

fn drawn(id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish() % PARTS
}
