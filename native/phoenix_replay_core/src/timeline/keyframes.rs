//! Whole states along a recording, so that no state is far from one.

use super::state::State;
use super::weight::Weight;
use crate::etf::Value;

/// What the changes from one keyframe to the next may take to be applied again, in items of a list
/// that are moved, of which one was measured at 4 ns with all that is needed in the processor's cache. It
/// is about 9 changes of a row, 8 inserts into a list of 1,000, or 2 times to sort it; to that comes the
/// copy of what the first change touches.
///
/// More makes seeking slower, less makes an open recording take more memory: of a list of 1,000 a
/// keyframe takes 4 kB and what changed since it was last copied.
const WORK: u64 = 2_048;

/// Bytes that all keyframes may hold. They share what did not change, but a long list that every event
/// changes is a new one in each, and a small file can say very many.
const BYTES: u64 = 64 * 1024 * 1024;

/// The state as of an event.
#[derive(Clone)]
pub(super) struct Moment {
    pub(super) index: usize,
    pub(super) state: State,
}

/// Keyframes, at distances of about equal work. Where they would hold too much every second one goes.
pub(super) struct Keyframes {
    kept: Vec<Moment>,
    /// What the changes since the last one take.
    work: u64,
    /// What they may.
    every: u64,
    weight: Weight,
}

impl Keyframes {
    pub(super) fn new() -> Self {
        Keyframes {
            kept: Vec::new(),
            work: 0,
            every: WORK,
            weight: Weight::new(),
        }
    }

    /// Takes notice of what the recording holds: it weighs nothing where a keyframe holds it as well.
    pub(super) fn held(&mut self, payload: &Value) {
        self.weight.hold(payload);
    }

    /// Takes notice of a change that makes `state` and takes so much work, and keeps the state if it
    /// is time to.
    pub(super) fn changed(&mut self, index: usize, state: &State, work: u64) {
        self.work = self.work.saturating_add(work);
        if self.work < self.every && !self.kept.is_empty() {
            return;
        }
        self.work = 0;
        let state = state.clone();
        self.weigh(&state);
        self.kept.push(Moment { index, state });
        while self.weight.bytes() > BYTES && self.kept.len() > 1 {
            self.thin_out();
        }
    }

    /// All have been given.
    pub(super) fn finish(&mut self) {
        self.kept.shrink_to_fit();
        self.weight.forget();
    }

    /// The last one at or before this event.
    pub(super) fn before(&self, index: usize) -> Option<&Moment> {
        let after = self.kept.partition_point(|moment| moment.index <= index);
        after.checked_sub(1).map(|at| &self.kept[at])
    }

    /// About how many bytes of memory they hold.
    pub(super) fn bytes(&self) -> u64 {
        self.weight.bytes()
    }

    fn thin_out(&mut self) {
        let mut stays = false;
        self.kept.retain(|_| {
            stays = !stays;
            stays
        });
        self.every = self.every.saturating_mul(2);
        // What went may have been shared or not: only those that stay can tell.
        self.weight.clear();
        for moment in std::mem::take(&mut self.kept) {
            self.weigh(&moment.state);
            self.kept.push(moment);
        }
    }

    fn weigh(&mut self, state: &State) {
        self.weight.add(&state.assigns, BYTES);
        self.weight.add(&state.parts, BYTES);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assigns(assigns: Value) -> State {
        State {
            assigns,
            ..State::new()
        }
    }

    fn text(bytes: usize) -> State {
        assigns(Value::list([Value::binary(vec![0; bytes])]))
    }

    #[test]
    fn heavy_states_are_kept_less_often() {
        let mut keyframes = Keyframes::new();
        for index in 0..500 {
            keyframes.changed(index, &text(1024 * 1024), WORK);
            assert!(keyframes.bytes() <= BYTES);
        }
        assert!((30..=63).contains(&keyframes.kept.len()));
        let distance = (keyframes.every / WORK) as usize;
        for index in [0, 1, 50, 499] {
            let found = keyframes.before(index).map(|moment| moment.index);
            assert!(found.is_some_and(|found| found <= index && index - found < distance));
        }
    }

    #[test]
    fn what_they_share_weighs_once() {
        let state = text(1024 * 1024);
        let mut keyframes = Keyframes::new();
        for index in 0..500 {
            keyframes.changed(index, &state, WORK);
        }
        assert_eq!(keyframes.kept.len(), 500);
        assert!(keyframes.bytes() < 2 * 1024 * 1024);
    }

    #[test]
    fn what_the_recording_holds_weighs_nothing() {
        let state = text(1024 * 1024);
        let mut keyframes = Keyframes::new();
        keyframes.held(&state.assigns);
        keyframes.changed(0, &state, WORK);
        assert!(keyframes.bytes() < 1024);
        for index in 1..100 {
            keyframes.changed(index, &text(1024 * 1024), WORK);
        }
        assert!((1024 * 1024..=BYTES).contains(&keyframes.bytes()));
    }

    #[test]
    fn what_takes_long_is_kept_more_often() {
        for (work, count) in [(WORK, 1_000), (WORK / 4, 250), (WORK / 100, 10)] {
            let mut keyframes = Keyframes::new();
            for index in 0..1_000 {
                keyframes.changed(index, &assigns(Value::integer(1)), work);
            }
            assert!(keyframes.kept.len().abs_diff(count) <= 1);
        }
        assert!(Keyframes::new().before(usize::MAX).is_none());
    }
}
