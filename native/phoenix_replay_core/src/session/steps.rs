//! How long steps of a session took: said when they are over, of an event that is in the log by then.

use super::{Session, State};
use crate::etf::{write, MAP};
use crate::log::Log;
use crate::recording::{EventKind, TOOK};

/// A step of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A callback: it handled an event, params or a message.
    Handled,
    /// A render.
    Rendered,
}

/// Where the last event of each step is, as long as it is in the log's tail.
#[derive(Debug, Default)]
pub(super) struct Steps {
    handled: Option<Place>,
    rendered: Option<Place>,
}

/// Where an event's payload is: a map in the tail that comes after so many parts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    parts: usize,
    payload: usize,
    end: usize,
}

impl Place {
    /// That of the event just written, whose payload begins at `payload`.
    pub(super) fn last(log: &Log, payload: usize) -> Self {
        Place {
            parts: log.part_count(),
            payload,
            end: log.mark(),
        }
    }
}

impl Steps {
    /// Takes notice of where an event is.
    pub(super) fn kept(&mut self, kind: EventKind<'_>, place: Place) {
        if kind.is_handled() {
            self.handled = Some(place);
            self.rendered = None;
        } else if kind.is_rendered() {
            self.rendered = Some(place);
        }
    }

    /// There was no room for the last event: what is said next is said of that.
    pub(super) fn forget(&mut self) {
        *self = Steps::default();
    }

    /// So many bytes were put in at `at`.
    fn moved(&mut self, at: usize, bytes: usize) {
        for place in [&mut self.handled, &mut self.rendered]
            .into_iter()
            .flatten()
            .filter(|place| place.payload >= at)
        {
            place.payload += bytes;
            place.end += bytes;
        }
    }
}

impl Session {
    /// Says how long the last step of a kind took, which is put into the payload of its event. Whether
    /// that was still at hand: one that is put aside to be sealed stays as it is.
    ///
    /// An event is in the log before its callback runs, and a render before it is sent, for what
    /// crashes is to be recorded: so this comes after.
    pub fn took(&self, step: Step, micros: u64) -> bool {
        let mut state = self.state.lock();
        let State {
            log, steps, ending, ..
        } = &mut *state;
        let place = match step {
            Step::Handled => steps.handled.take(),
            Step::Rendered => steps.rendered.take(),
        };
        let Some(place) = place.filter(|place| place.parts == log.part_count()) else {
            return false;
        };
        let mut entry = Vec::with_capacity(16);
        write::atom(&mut entry, TOOK);
        write::integer(&mut entry, i64::try_from(micros).unwrap_or(i64::MAX));
        if ending.is_some()
            || log.events_bytes() + entry.len() as u64 > self.limits.max_bytes
            || !one_more(log.tail(), place.payload)
        {
            return false;
        }
        log.tail()
            .splice(place.end..place.end, entry.iter().copied());
        steps.moved(place.end, entry.len());
        self.counters.grew(entry.len());
        true
    }
}

/// The map that begins at `at` gets another entry. Whether there is one.
fn one_more(tail: &mut [u8], at: usize) -> bool {
    let Some([MAP, count @ ..]) = tail.get_mut(at..at + 5) else {
        return false;
    };
    let Ok(bytes) = <[u8; 4]>::try_from(&*count) else {
        return false;
    };
    let Some(more) = u32::from_be_bytes(bytes).checked_add(1) else {
        return false;
    };
    count.copy_from_slice(&more.to_be_bytes());
    true
}
