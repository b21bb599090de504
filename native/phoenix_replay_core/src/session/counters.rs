//! What all sessions hold together, kept by append, seal and release, never by a scan.

use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

use crate::log::{Log, Swapped};

/// Counts over all sessions in memory.
#[derive(Debug, Default)]
#[repr(align(64))]
pub struct Counters {
    sessions: AtomicI64,
    events: AtomicI64,
    bytes: AtomicI64,
    /// Parts of logs that filled up and are not sealed.
    due: AtomicI64,
}

/// [`Counters`] at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Sessions in memory.
    pub sessions: u64,
    /// Events they hold.
    pub events: u64,
    /// Bytes of memory that these take, as they are or sealed.
    pub bytes: u64,
}

impl Counters {
    /// The counts now. Each is exact; they are read one after the other.
    #[must_use]
    pub fn now(&self) -> Counts {
        let read = |counter: &AtomicI64| u64::try_from(counter.load(Relaxed)).unwrap_or(0);
        Counts {
            sessions: read(&self.sessions),
            events: read(&self.events),
            bytes: read(&self.bytes),
        }
    }

    /// Whether all sessions together hold less than `max_bytes`: one read of one counter, so that a
    /// start can ask. Sessions that run go on growing; this keeps others from joining them.
    ///
    /// ```
    /// use phoenix_replay_core::session::Counters;
    /// let counters = Counters::default();
    /// assert!(counters.below(1));
    /// assert!(!counters.below(0));
    /// ```
    #[must_use]
    pub fn below(&self, max_bytes: u64) -> bool {
        i64::try_from(max_bytes).map_or(true, |max| self.bytes.load(Relaxed) < max)
    }

    pub(super) fn started(&self) {
        self.sessions.fetch_add(1, Relaxed);
    }

    pub(super) fn appended(&self, bytes: usize) {
        self.events.fetch_add(1, Relaxed);
        self.bytes.fetch_add(bytes as i64, Relaxed);
    }

    /// An event that is there got longer.
    pub(super) fn grew(&self, bytes: usize) {
        self.bytes.fetch_add(bytes as i64, Relaxed);
    }

    /// A part filled up.
    pub(super) fn due(&self) {
        self.due.fetch_add(1, Relaxed);
    }

    /// Whether there is anything to seal, see [`Session::seal_next`](super::Session::seal_next): one
    /// read, so that whoever does it can look often.
    #[must_use]
    pub fn any_due(&self) -> bool {
        self.due.load(Relaxed) > 0
    }

    pub(super) fn sealed(&self, swapped: Swapped) {
        let Swapped { was_due, was, is } = swapped;
        self.due.fetch_sub(i64::from(was_due), Relaxed);
        self.bytes.fetch_add(is as i64 - was as i64, Relaxed);
    }

    pub(super) fn released(&self, events: u64, log: &Log) {
        self.sessions.fetch_sub(1, Relaxed);
        self.events.fetch_sub(events as i64, Relaxed);
        self.bytes.fetch_sub(log.held_bytes() as i64, Relaxed);
        self.due.fetch_sub(log.due() as i64, Relaxed);
    }
}
