//! One event on its way into the log.

use super::steps::Place;
use super::{Counters, Interaction, State};
use crate::recording::EventKind;

/// An event on its way into the log. Dropped before it is kept, as by a panic, it leaves no bytes.
pub(super) struct Entry<'a> {
    pub(super) state: &'a mut State,
    pub(super) interaction: Interaction<'a>,
    mark: usize,
    kept: bool,
}

impl<'a> Entry<'a> {
    pub(super) fn open(state: &'a mut State, interaction: Interaction<'a>) -> Self {
        let mark = state.log.mark();
        Entry {
            state,
            interaction,
            mark,
            kept: false,
        }
    }

    /// Keeps the event, and counts it. Its payload begins at `payload`.
    pub(super) fn keep(
        mut self,
        (offset_ms, payload): (u64, usize),
        kind: EventKind<'_>,
        counters: &Counters,
    ) {
        self.kept = true;
        let place = Place::last(&self.state.log, payload);
        self.state.steps.kept(kind, place);
        counters.appended(self.state.log.mark() - self.mark);
        if self.state.log.commit() {
            counters.due();
        }
        self.state.tally.events += 1;
        self.state.tally.last_offset = offset_ms;
        self.state.tally.activity.count(offset_ms);
        self.state.tally.count_kind(kind);
    }
}

impl Drop for Entry<'_> {
    fn drop(&mut self) {
        if !self.kept {
            self.state.log.cut(self.mark);
        }
        self.state.tally.notice(self.interaction);
    }
}
