//! How much one session may hold, and whether it is kept.

use super::Keep;

/// How much one session may hold. Past either limit events are dropped; what is there is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Events, at most.
    pub max_events: u64,
    /// Bytes of events, at most. The first event that does not fit ends the recording as truncated.
    pub max_bytes: u64,
    /// Which sessions are kept in the end, `None` for all.
    pub keep: Option<Keep>,
}

impl Default for Limits {
    /// 10,000 events; 16 MiB; kept.
    fn default() -> Self {
        Limits {
            max_events: 10_000,
            max_bytes: 16 * 1024 * 1024,
            keep: None,
        }
    }
}
