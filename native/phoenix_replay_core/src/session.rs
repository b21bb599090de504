//! A running session and its log.
//!
//! An append takes one short lock of its own session and writes straight into the log's tail. What
//! takes long (decoding, compressing) works on parts that are shared, outside of the lock.

mod counters;
mod entry;
mod interaction;
mod journal;
mod keep;
mod limits;
mod metadata;
mod seal;
mod sealing;
mod steps;
mod tally;

use std::sync::Arc;
use std::time::Instant;

use parking_lot::{Mutex, MutexGuard};

pub use counters::{Counters, Counts};
pub use interaction::Interaction;
pub use journal::{finish, Mark, Unflushed};
pub use keep::Keep;
pub use limits::Limits;
pub use metadata::{MAX_FACTS, MAX_NAME_BYTES, MAX_VALUE_BYTES};
pub use seal::{Format, Sealed};
pub use steps::Step;

use crate::etf::{Exhausted, Value};
use crate::log::Log;
use crate::recording::{write, Ended, EventKind};
use entry::Entry;
use journal::Journal;
use steps::Steps;
use tally::Tally;

/// What is known of a session from its start.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The id.
    pub id: Arc<str>,
    /// The view's module, as its atom is named.
    pub view: Arc<str>,
    /// When it was connected, in Unix milliseconds.
    pub connected_at: i64,
    /// The page's URL, where it is known by now; else that of the first `handle_params` is taken.
    pub url: Option<Arc<str>>,
    /// The head's map as a term without its version byte, `id`, `view` and `connected_at` among its keys.
    pub head: Vec<u8>,
    /// The map `%{params: map, session: map}` as a term without its version byte.
    pub context: Vec<u8>,
}

/// A session. All its methods can be called from any thread at any time.
pub struct Session {
    facts: Facts,
    limits: Limits,
    started: Instant,
    counters: Arc<Counters>,
    state: Mutex<State>,
    /// Held by whoever seals parts, so that no two do the same. No append takes it.
    sealing: Mutex<()>,
}

// An append that panics cuts back what it wrote before its lock is free again, so nobody who catches
// the panic sees anything half done.
impl std::panic::RefUnwindSafe for Session {}
impl std::panic::UnwindSafe for Session {}

#[derive(Default)]
struct State {
    log: Log,
    tally: Tally,
    steps: Steps,
    journal: Journal,
    ending: Option<Ending>,
    released: bool,
}

/// How a session ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// In which way.
    pub how: Ended,
    /// With what error, if with one.
    pub error: Option<Arc<str>>,
}

/// What the writer of an event's payload says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// The payload is complete.
    Payload,
    /// There is nothing to record after all: what was written is forgotten.
    Nothing,
}

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appended {
    /// It is recorded.
    Stored,
    /// There was nothing to record.
    Unchanged,
    /// It is the first that does not fit into [`Limits::max_bytes`], and the recording is truncated
    /// here. Said once, so that whoever appends can tell somebody; what comes after is dropped.
    Truncated,
    /// The session has ended, or has no room for more.
    Dropped,
    /// All sessions together had no room for this one by the time that it began, see
    /// [`Session::append_first`].
    Refused,
}

impl Session {
    /// A session that begins `now`, counted in `counters` until it is released.
    #[must_use]
    pub fn new(facts: Facts, limits: Limits, counters: Arc<Counters>, now: Instant) -> Self {
        counters.started();
        let mut state = State::default();
        state.tally.url.clone_from(&facts.url);
        Session {
            facts,
            limits,
            started: now,
            counters,
            state: Mutex::new(state),
            sealing: Mutex::new(()),
        }
    }

    /// What is known of it from its start.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Appends an event whose payload `write` writes, as one term without a version byte.
    ///
    /// The offset is the time since the session began, or what the caller of a session by id says;
    /// it never falls behind that of the event before. When `write` fails or panics nothing of the
    /// event stays. What the user did is noticed even where there is no room left to record it.
    ///
    /// ```
    /// use phoenix_replay_core::{etf, recording::EventKind, session::*};
    /// # let facts = Facts { id: "a".into(), view: "V".into(), connected_at: 0, url: None, head: vec![], context: vec![] };
    /// let session = Session::new(facts, Limits::default(), Default::default(), std::time::Instant::now());
    /// let appended = session.append(None, EventKind::Info, Interaction::None, |out| {
    ///     etf::write::map(out, 0);
    ///     Ok(Written::Payload)
    /// });
    /// assert_eq!(appended, Ok(Appended::Stored));
    /// ```
    ///
    /// # Errors
    /// [`Exhausted`], from `write`: append again where long work may run. Nothing was noticed.
    pub fn append(
        &self,
        offset_ms: Option<u64>,
        kind: EventKind<'_>,
        interaction: Interaction<'_>,
        write: impl FnOnce(&mut Vec<u8>) -> Result<Written, Exhausted>,
    ) -> Result<Appended, Exhausted> {
        let state = self.state.lock();
        let open = state.ending.is_none();
        self.append_to(state, open, (offset_ms, kind, interaction), write)
    }

    /// Appends what a LiveView begins with: its mount, unless all sessions have come to hold
    /// [`Limits::max_memory`] since this one started. Of a thousand that start at once, all find room, for none has
    /// a state yet.
    ///
    /// # Errors
    /// As [`Session::append`].
    pub fn append_first(
        &self,
        write: impl FnOnce(&mut Vec<u8>) -> Result<Written, Exhausted>,
    ) -> Result<Appended, Exhausted> {
        if self.limits.room(&self.counters) {
            self.append(None, EventKind::Mount, Interaction::None, write)
        } else {
            Ok(Appended::Refused)
        }
    }

    /// Appends what is known only when the session has ended, as why: it is the last that happened in it.
    /// Of one that is released nothing is kept, and what is being sealed meanwhile may lack it.
    ///
    /// # Errors
    /// As [`Session::append`].
    pub fn append_last(
        &self,
        kind: EventKind<'_>,
        write: impl FnOnce(&mut Vec<u8>) -> Result<Written, Exhausted>,
    ) -> Result<Appended, Exhausted> {
        let state = self.state.lock();
        let open = !state.released;
        self.append_to(state, open, (None, kind, Interaction::None), write)
    }

    fn append_to(
        &self,
        mut state: MutexGuard<'_, State>,
        open: bool,
        (offset_ms, kind, interaction): (Option<u64>, EventKind<'_>, Interaction<'_>),
        write: impl FnOnce(&mut Vec<u8>) -> Result<Written, Exhausted>,
    ) -> Result<Appended, Exhausted> {
        if !open {
            state.tally.dropped += 1;
            return Ok(Appended::Dropped);
        }
        if self.is_full(&state) {
            state.tally.notice(interaction);
            state.tally.drop_event(kind);
            state.steps.forget();
            return Ok(Appended::Dropped);
        }
        let offset_ms = self.offset(&state.tally, offset_ms, kind);
        let mut entry = Entry::open(&mut state, interaction);
        write::open_event(entry.state.log.tail(), offset_ms, kind.name());
        let payload = entry.state.log.mark();
        match write(entry.state.log.tail()) {
            Err(exhausted) => {
                entry.interaction = Interaction::None;
                Err(exhausted)
            }
            Ok(Written::Nothing) => Ok(Appended::Unchanged),
            Ok(Written::Payload) if entry.state.log.events_bytes() > self.limits.max_bytes => {
                entry.state.tally.truncated = true;
                entry.state.tally.drop_event(kind);
                Ok(Appended::Truncated)
            }
            Ok(Written::Payload) => {
                entry.keep((offset_ms, payload), kind, &self.counters);
                Ok(Appended::Stored)
            }
        }
    }

    /// Puts facts into its summary, to find the recording by: the entries of a map, each in place of
    /// one of the same name. Once the session has ended nothing is taken any more. Gives how many
    /// entries were left out, as what is no text, number, boolean or nil, is past
    /// [`MAX_NAME_BYTES`] or [`MAX_VALUE_BYTES`], or is more than [`MAX_FACTS`].
    pub fn put_metadata(&self, facts: &Value) -> usize {
        let mut state = self.state.lock();
        match state.ending {
            Some(_) => 0,
            None => state.tally.metadata.merge(facts),
        }
    }

    /// Puts one fact of the caller's own into its summary, a short text: as [`Session::put_metadata`] of a map
    /// of it, for who makes it with every session.
    ///
    /// ```
    /// use phoenix_replay_core::{etf::Value, session::*};
    /// # let facts = Facts { id: "a".into(), view: "V".into(), connected_at: 0, url: None, head: vec![], context: vec![] };
    /// let session = Session::new(facts, Limits::default(), Default::default(), std::time::Instant::now());
    /// session.put_fact("visit", Value::binary("Zm9v"));
    /// let visit = [(Value::binary("visit"), Value::binary("Zm9v"))];
    /// assert_eq!(session.summary().metadata, Value::map(visit));
    /// ```
    pub fn put_fact(&self, name: &str, value: Value) {
        let mut state = self.state.lock();
        if state.ending.is_none() {
            state.tally.metadata.put(name, value);
        }
    }

    /// Ends the session: nothing is appended any more. The first ending counts, unless it was
    /// [`Ended::Unknown`], as from the death of a process, and a later one knows more.
    pub fn close(&self, ending: Ending) {
        let mut state = self.state.lock();
        if state
            .ending
            .as_ref()
            .is_none_or(|ending| ending.how == Ended::Unknown)
        {
            state.ending = Some(ending);
        }
    }

    /// Opens an ended session again, where storage refused it and its caller may go on with it.
    pub fn reopen(&self) {
        let mut state = self.state.lock();
        if !state.released {
            state.ending = None;
        }
    }

    /// How it ended, if it did.
    #[must_use]
    pub fn ending(&self) -> Option<Ending> {
        self.state.lock().ending.clone()
    }

    /// Whether it is worth keeping: there was a `handle_event`, or more than the first
    /// `handle_params`, or it crashed.
    #[must_use]
    pub fn interacted(&self) -> bool {
        self.state.lock().interacted()
    }

    /// Whether [`Limits::keep`] keeps it, by what is known of it now.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        let state = self.state.lock();
        self.limits
            .keep
            .is_none_or(|keep| keep.keeps(&self.facts.id, state.errors(), state.tally.longest_ms))
    }

    /// Frees the log, for storage has it or nobody wants it. Nothing is appended any more. Whoever
    /// still holds the session, as a dead process not yet collected, holds next to nothing.
    pub fn release(&self) {
        let log = {
            let mut state = self.state.lock();
            if state.released {
                return;
            }
            state.released = true;
            state.ending.get_or_insert(Ending {
                how: Ended::Unknown,
                error: None,
            });
            self.counters.released(state.tally.events, &state.log);
            std::mem::take(&mut state.log)
        };
        drop(log);
    }

    fn is_full(&self, state: &State) -> bool {
        state.tally.truncated || state.tally.events >= self.limits.max_events
    }

    fn offset(&self, tally: &Tally, given: Option<u64>, kind: EventKind<'_>) -> u64 {
        let offset_ms = match given {
            Some(offset_ms) => offset_ms,
            // Mounting is where time begins, however long it took to get here.
            None if kind == EventKind::Mount && tally.events == 0 => 0,
            None => u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX),
        };
        // Above this it would not be an integer that a reader takes for an offset.
        offset_ms.max(tally.last_offset).min(i64::MAX as u64)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.release();
    }
}

impl State {
    fn errors(&self) -> u64 {
        let ended = self
            .ending
            .as_ref()
            .is_some_and(|ending| ending.how.is_error());
        self.tally.errors + u64::from(ended)
    }

    fn interacted(&self) -> bool {
        let crashed = self
            .ending
            .as_ref()
            .is_some_and(|ending| ending.how == Ended::Crashed);
        crashed || self.tally.interacted()
    }
}
