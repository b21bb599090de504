//! A recording to move about in: the state at any event, and events as they are shown.
//!
//! Whenever the changes since the last one would take so long to apply again, the whole state is kept
//! as a keyframe, so that no state is further away than that. States share what did not change between
//! them.

mod change;
mod code;
mod cost;
mod keyframes;
mod part;
mod readable;
mod render;
mod row;
mod shown;
mod state;
mod stream;
mod weight;

use parking_lot::Mutex;

pub use cost::Cost;
pub use row::Row;
pub use shown::TooMuch;

use crate::etf::Value;
use crate::recording::hidden::{self, Form};
use crate::recording::{EventKind, Recording};
pub(crate) use change::{Change, MOST_WORK};
use keyframes::{Keyframes, Moment};
pub(crate) use part::{How, Part};
pub(crate) use state::State;

/// A recording with the means to seek in it.
pub struct Timeline {
    recording: Recording,
    keyframes: Keyframes,
    /// Where it was last asked for a state, so that a step costs a step.
    last: Mutex<Option<Moment>>,
    /// For each event, whether it renders several that came before it.
    batched: Vec<bool>,
    /// For each event, the last one of its render.
    renders: Vec<usize>,
    /// Whether anything in the context, in an event or in the assigns is hidden; where not, nothing
    /// needs to be looked through for it. Nearly every context hides the browser's CSRF token, and
    /// looking through a large state takes far longer than seeking it.
    hides: Hides,
}

#[derive(Clone, Copy, Default)]
struct Hides {
    context: bool,
    events: bool,
    assigns: bool,
}

// A panic while the place last asked for is kept leaves it kept or not; both are right.
impl std::panic::RefUnwindSafe for Timeline {}
impl std::panic::UnwindSafe for Timeline {}

impl Timeline {
    /// The timeline of a recording. A change that does not fit the state it is for ends it there,
    /// marked as interrupted: what follows would show a page that never was. So does one past which the
    /// changes would take longer than those of any session, about 20 s.
    #[must_use]
    pub fn new(recording: Recording) -> Self {
        Timeline::within(recording, MOST_WORK)
    }

    fn within(mut recording: Recording, most_work: u64) -> Self {
        let mut keyframes = Keyframes::new();
        let mut batched = Vec::with_capacity(recording.events.len());
        let mut hides = Hides {
            context: hidden::any(&recording.context),
            ..Hides::default()
        };
        let mut state = State::new();
        let mut handled = 0;
        let mut work = 0;
        for (index, event) in recording.events.iter().enumerate() {
            let change = Change::of(event);
            if !matches!(change, Change::None) {
                let before = work;
                state = match change.apply(state, &mut work) {
                    Ok(next) if work <= most_work => next,
                    _ => break,
                };
                keyframes.held(&event.payload);
                keyframes.changed(index, &state, work - before);
            }
            batched.push(event.kind() == EventKind::Assigns && handled > 1);
            match event.kind() {
                EventKind::Mount | EventKind::Assigns => handled = 0,
                _ if matches!(change, Change::Part(_)) => handled = 0,
                // Mounting ends in a render, which is no event where it changed nothing.
                EventKind::HandleParams if index == 1 => {}
                kind if kind.is_handled() => handled += 1,
                _ => {}
            }
            if !hides.assigns && hidden::any_put(&event.payload) {
                hides.events = true;
                hides.assigns = matches!(event.kind(), EventKind::Mount | EventKind::Assigns);
            }
        }
        keyframes.finish();
        if batched.len() < recording.events.len() {
            recording.events.truncate(batched.len());
            recording.summary.interrupted = true;
            recording.summary.count(&recording.events);
        }
        Timeline {
            renders: render::ends(&recording.events),
            recording,
            keyframes,
            last: Mutex::new(None),
            batched,
            hides,
        }
    }

    /// The recording as it is stored: its changes are patches, and hidden entries are there.
    #[must_use]
    pub fn recording(&self) -> &Recording {
        &self.recording
    }

    /// What is known of it besides its events, as one map: what a list shows, the code of all `modules`,
    /// components' among them, and `params` and `session`, which are maps, without what is hidden.
    #[must_use]
    pub fn about(&self) -> Value {
        let recording = &self.recording;
        let listed = recording.head.listed(Some(recording.summary.clone()));
        let context = self.context();
        let of_mount = ["params", "session"].map(|key| {
            let map = context.field(key).filter(|value| value.as_map().is_some());
            let map = map.cloned().unwrap_or_else(|| Value::map([]));
            (Value::atom(key), map)
        });
        let listed = listed.as_map().map_or(&[][..], |map| map.entries());
        let modules = (Value::atom("modules"), code::of(recording));
        Value::map(listed.iter().cloned().chain(of_mount).chain([modules]))
    }

    /// `%{params: map, session: map}`, without what is hidden.
    #[must_use]
    pub fn context(&self) -> Value {
        in_form(self.hides.context, &self.recording.context, Form::Stripped)
    }

    /// Bytes of memory that being able to seek takes, besides what the recording itself holds.
    #[must_use]
    pub fn keyframe_bytes(&self) -> u64 {
        self.keyframes.bytes()
    }

    /// How many events there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.recording.events.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.recording.events.is_empty()
    }

    /// Index of the last event at or before `offset_ms`; `None` before the first.
    #[must_use]
    pub fn index_at(&self, offset_ms: u64) -> Option<usize> {
        let after = self
            .recording
            .events
            .partition_point(|event| event.offset_ms <= offset_ms);
        after.checked_sub(1)
    }

    /// The assigns as of event `index`; `None` when there is no such event.
    #[must_use]
    pub fn assigns(&self, index: usize, form: Form) -> Option<Value> {
        self.state_at(index)
            .map(|state| in_form(self.hides.assigns, &state, form))
    }

    /// The assigns as of event `index` as they are stored, hidden entries among them.
    #[must_use]
    pub fn state_at(&self, index: usize) -> Option<Value> {
        self.whole_at(index).map(|state| state.assigns)
    }

    /// What the user saw when event `index` had happened: the assigns, and a map of the other parts of
    /// the page. Where one render made several events it is the same at each of them.
    #[must_use]
    pub fn seen(&self, index: usize, form: Form) -> Option<(Value, Value)> {
        let state = self.whole_at(*self.renders.get(index)?)?;
        let parts = in_form(self.hides.events, &state.parts, form);
        Some((in_form(self.hides.assigns, &state.assigns, form), parts))
    }

    /// From the nearest keyframe, or from where it was last asked for, whichever is nearer.
    fn whole_at(&self, index: usize) -> Option<State> {
        if index >= self.len() {
            return None;
        }
        let from = self.nearest(index);
        let start = from.as_ref().map_or(0, |moment| moment.index + 1);
        let mut state = from.map_or_else(State::new, |moment| moment.state);
        for event in &self.recording.events[start..=index] {
            state = next(state, &Change::of(event));
        }
        let now = Moment {
            index,
            state: state.clone(),
        };
        // What it takes the place of may be large: it is dropped when the lock is free again.
        let before = self.last.lock().replace(now);
        drop(before);
        Some(state)
    }

    /// Where to begin. The place last asked for is taken, not shared: a state that only the caller
    /// holds is changed where it is. Who asks at the same time begins at a keyframe.
    fn nearest(&self, index: usize) -> Option<Moment> {
        let keyframe = self.keyframes.before(index);
        let nearer = |last: &mut Moment| {
            let from = keyframe.map_or(0, |keyframe| keyframe.index);
            (from..=index).contains(&last.index)
        };
        let last = self.last.lock().take_if(nearer);
        last.or_else(|| keyframe.cloned())
    }
}

fn in_form(hides: bool, value: &Value, form: Form) -> Value {
    if hides {
        hidden::rewrite(value, form)
    } else {
        value.clone()
    }
}

/// The state after a change. [`Timeline::new`] has seen that each applies to the one before it.
fn next(state: State, change: &Change<'_>) -> State {
    change.apply(state, &mut 0).unwrap_or_else(|_| State::new())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::{Event, Head, Summary};

    #[test]
    fn changes_that_take_too_long_end_it() {
        let field = |key: &str, value| Value::map([(Value::atom(key), value)]);
        let event = |name: &str, payload| Event {
            offset_ms: 0,
            name: name.into(),
            payload,
        };
        let facts = [
            ("id", Value::binary("a")),
            ("view", Value::atom("V")),
            ("connected_at", Value::integer(0)),
        ];
        let rows = Value::list((0..1_000).map(Value::integer));
        let same = field("patch", field("rows", Value::integer(0)));
        let mut events = vec![event("mount", field("assigns", field("rows", rows)))];
        events.extend((0..10).map(|_| event("assigns", same.clone())));
        let recording = Recording {
            head: Head::new(Value::map(
                facts.map(|(key, value)| (Value::atom(key), value)),
            ))
            .unwrap(),
            summary: Summary::default(),
            context: Value::map([]),
            events,
        };
        assert_eq!(Timeline::within(recording.clone(), 20_000).len(), 11);
        let ended = Timeline::within(recording, 5_000);
        assert_eq!(ended.len(), 5);
        assert!(ended.recording().summary.interrupted);
        assert_eq!(ended.recording().summary.event_count, 5);
    }
}
