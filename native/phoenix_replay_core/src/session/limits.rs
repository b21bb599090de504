//! How much one session may hold, and all of them, and whether it is kept.

use super::{Counters, Keep};

/// How much one session may hold. Past its own limits events are dropped; what is there is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Events, at most.
    pub max_events: u64,
    /// Bytes of events, at most. The first event that does not fit ends the recording as truncated.
    pub max_bytes: u64,
    /// Bytes of events that all sessions may hold before another begins, `None` for any number.
    pub max_memory: Option<u64>,
    /// Which sessions are kept in the end, `None` for all.
    pub keep: Option<Keep>,
}

impl Limits {
    /// Whether a session may begin beside those counted: one read of one counter.
    #[must_use]
    pub fn room(&self, counters: &Counters) -> bool {
        self.max_memory.is_none_or(|max| counters.below(max))
    }
}

impl Default for Limits {
    /// 10,000 events; 16 MiB; whatever others hold; kept.
    fn default() -> Self {
        Limits {
            max_events: 10_000,
            max_bytes: 16 * 1024 * 1024,
            max_memory: None,
            keep: None,
        }
    }
}
