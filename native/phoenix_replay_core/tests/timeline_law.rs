//! Every state of a recording is found, whichever way one gets there.
#![allow(clippy::unwrap_used)]

mod recordings;

use phoenix_replay_core::etf::Value;
use phoenix_replay_core::recording::{hidden, EventKind};
use phoenix_replay_core::timeline::Timeline;
use proptest::prelude::*;
use recordings::{event, field, of, patch, recording_with_states};

/// What someone makes of shown events who knows nothing of patches.
fn accumulated(events: &[phoenix_replay_core::recording::Event]) -> Value {
    let mut state = Value::map([]);
    for event in events {
        let map = |key| {
            event
                .payload
                .field(key)
                .filter(|map| map.as_map().is_some())
                .cloned()
        };
        let (all, some) = match event.kind() {
            EventKind::Mount => (map("assigns"), None),
            EventKind::Assigns => (map("snapshot"), map("delta")),
            _ => (None, None),
        };
        if let Some(all) = all {
            state = all;
        } else if let Some(delta) = some {
            let both = state
                .as_map()
                .unwrap()
                .entries()
                .iter()
                .chain(delta.as_map().unwrap().entries());
            state = Value::map(both.cloned());
        }
    }
    state
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn states_are_found_in_any_order((recording, states) in recording_with_states(), order in prop::collection::vec(any::<prop::sample::Index>(), 1..30)) {
        let timeline = Timeline::new(recording);
        prop_assert_eq!(timeline.len(), states.len());
        for at in order {
            let at = at.index(states.len());
            prop_assert_eq!(timeline.state_at(at), Some(states[at].clone()));
        }
        prop_assert_eq!(timeline.state_at(states.len()), None);
    }

    #[test]
    fn states_that_somebody_holds_stay((recording, states) in recording_with_states(), order in prop::collection::vec(any::<prop::sample::Index>(), 1..30)) {
        let timeline = Timeline::new(recording.clone());
        let held: Vec<_> = order
            .iter()
            .map(|at| at.index(states.len()))
            .map(|at| (at, timeline.state_at(at)))
            .collect();
        for (at, state) in held {
            prop_assert_eq!(state, Some(states[at].clone()));
        }
        prop_assert_eq!(&timeline.recording().events, &recording.events);
    }

    #[test]
    fn shown_events_add_up_to_the_states((recording, states) in recording_with_states(), at: prop::sample::Index) {
        let timeline = Timeline::new(recording);
        let at = at.index(states.len());
        let shown = timeline.events(0, at + 1).unwrap();
        prop_assert_eq!(hidden::stripped(&accumulated(&shown)), hidden::stripped(&states[at]));
        prop_assert_eq!(&timeline.events(at, 1).unwrap()[..], &shown[at..]);
    }

    #[test]
    fn readable_changes_keep_every_state((recording, states) in recording_with_states()) {
        let readable = Timeline::new(Timeline::new(recording).with_readable_changes());
        for (at, state) in states.iter().enumerate() {
            prop_assert_eq!(readable.state_at(at), Some(state.clone()));
        }
    }

    #[test]
    fn stripped_and_shown_hide_everything((_, states) in recording_with_states()) {
        for state in states {
            for form in [hidden::stripped(&state), hidden::shown(&state)] {
                prop_assert!(!hidden::any(&form));
            }
            if !hidden::any(&state) {
                prop_assert_eq!(hidden::stripped(&state), state);
            }
        }
    }

    #[test]
    fn an_offset_finds_the_last_event_before_it((recording, _) in recording_with_states(), ms in 0..5_000u64) {
        let timeline = Timeline::new(recording.clone());
        let expected = recording.events.iter().rposition(|event| event.offset_ms <= ms);
        prop_assert_eq!(timeline.index_at(ms), expected);
    }
}

fn counting(count: i64) -> Value {
    Value::map([
        (Value::atom("count"), Value::Integer(count)),
        (Value::atom("still"), Value::binary("here")),
    ])
}

fn long(changes: i64) -> Timeline {
    let mut events = vec![event(0, "mount", field("assigns", counting(0)))];
    for count in 1..=changes {
        let patch = patch(&counting(count - 1), &counting(count)).unwrap();
        events.push(event(
            count as u64 * 10,
            "event",
            Value::map([(Value::atom("name"), Value::binary("inc"))]),
        ));
        events.push(event(count as u64 * 10, "assigns", field("patch", patch)));
    }
    Timeline::new(of(events))
}

#[test]
fn far_states_are_found_over_keyframes() {
    let timeline = long(1_000);
    for count in [1_000, 0, 64, 63, 65, 999, 500, 501, 499] {
        assert_eq!(timeline.state_at(count as usize * 2), Some(counting(count)));
    }
}

#[test]
fn rows_say_what_happened_without_values() {
    let rows = long(5_000).rows(1, 2);
    assert_eq!(rows[0].label.as_deref(), Some("inc"));
    assert_eq!(
        (rows[1].index, rows[1].offset_ms, &*rows[1].name),
        (2, 10, "assigns")
    );
    assert_eq!(rows[1].keys, [Value::atom("count")]);
}

#[test]
fn several_events_before_one_render_are_a_snapshot() {
    let mut recording = long(2).recording().clone();
    let handled = recording.events[1].clone();
    recording.events.insert(3, handled);
    let shown = Timeline::new(recording).events(0, 10).unwrap();
    assert_eq!(
        shown[2].payload,
        field(
            "delta",
            Value::map([(Value::atom("count"), Value::Integer(1))])
        )
    );
    assert_eq!(shown[5].payload, field("snapshot", counting(2)));
}

#[test]
fn a_change_that_does_not_fit_ends_it() {
    let mut recording = long(3).recording().clone();
    recording.events[4].payload = field("patch", Value::binary("no patch"));
    let timeline = Timeline::new(recording);
    assert_eq!(timeline.len(), 4);
    assert!(timeline.recording().summary.interrupted);
}
