//! How events are shown, and what becomes of one that makes no sense.
#![allow(clippy::unwrap_used)]

mod recordings;

use phoenix_replay_core::etf::Value;
use phoenix_replay_core::recording::hidden::{self, Form};
use phoenix_replay_core::recording::{Event, Recording};
use phoenix_replay_core::timeline::Timeline;
use phoenix_replay_core::view::HIDDEN;
use proptest::prelude::*;
use recordings::{event, field, patch, recording_with_states, value};

fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::map(entries.map(|(key, value)| (Value::atom(key), value)))
}

fn of(events: impl IntoIterator<Item = Event>) -> Recording {
    let mut recording = recordings::of(events.into_iter().collect());
    recording.summary.event_count = recording.events.len() as u64;
    recording
}

fn changed(old: &Value, new: &Value) -> Event {
    event(0, "assigns", field("patch", patch(old, new).unwrap()))
}

fn count(count: i64) -> Value {
    map([("count", Value::Integer(count)), ("title", Value::nil())])
}

fn handled(kind: &str) -> Event {
    event(0, kind, Value::map([]))
}

fn counted(from: i64, to: i64) -> Event {
    changed(&count(from), &count(to))
}

fn mount(assigns: Value) -> Event {
    event(0, "mount", map([("assigns", assigns)]))
}

/// A value of every kind of container, so many levels deep, with something hidden at the bottom.
fn deep(levels: usize) -> Value {
    let bottom = map([("token", Value::atom(HIDDEN)), ("kept", Value::integer(1))]);
    (0..levels).fold(bottom, |inner, level| match level % 6 {
        0 => Value::list([inner]),
        1 => Value::tuple([inner]),
        2 => map([("a", inner)]),
        3 => Value::improper_list([Value::integer(1)], inner),
        4 => Value::list([Value::tuple([Value::atom("key"), inner])]),
        _ => Value::map([(Value::integer(1), inner)]),
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_payload_may_be_given(case in recording_with_states(), kind in prop::sample::select(vec!["mount", "assigns", "event"]), field in prop::sample::select(vec!["patch", "assigns", "delta", "snapshot", "name"]), odd in value(), whole: bool, at: prop::sample::Index) {
        let (mut recording, states) = case;
        let at = at.index(states.len()) + 1;
        let payload = if whole { odd } else { map([(field, odd)]) };
        recording.events.insert(at, event(0, kind, payload));
        let timeline = Timeline::new(recording);
        prop_assert!(timeline.len() >= at);
        prop_assert_eq!(timeline.state_at(at - 1), Some(states[at - 1].clone()));
        for index in 0..timeline.len() {
            prop_assert!(timeline.state_at(index).is_some_and(|state| state.as_map().is_some()));
        }
        let shown = timeline.events(0, usize::MAX).unwrap();
        prop_assert_eq!(shown.len(), timeline.len());
        for event in shown {
            prop_assert!(event.payload.as_map().is_some());
            let assigns = ["assigns", "delta", "snapshot"].map(|key| event.payload.field(key));
            let is_assigns = ["mount", "assigns"].contains(&&*event.name);
            prop_assert!(!is_assigns || assigns.iter().flatten().all(|value| value.as_map().is_some()));
        }
        prop_assert_eq!(timeline.rows(0, usize::MAX).len(), timeline.len());
    }
}

#[test]
fn a_render_of_one_event_is_a_delta_and_of_several_a_snapshot() {
    let payload = |before: &[&str], change| {
        let mut events = vec![mount(count(0))];
        events.extend(before.iter().map(|kind| handled(kind)));
        events.push(change);
        let last = events.len() - 1;
        let shown = Timeline::new(of(events)).events(last, 1).unwrap();
        shown[0].payload.clone()
    };
    let delta = map([("delta", map([("count", Value::integer(1))]))]);
    let snapshot = map([("snapshot", count(1))]);
    assert_eq!(payload(&[], counted(0, 1)), delta);
    assert_eq!(payload(&["event"], counted(0, 1)), delta);
    assert_eq!(payload(&["event", "fault", "custom"], counted(0, 1)), delta);
    assert_eq!(payload(&["event", "info"], counted(0, 1)), snapshot);
    // Neither a mount nor a render leaves anything to batch.
    assert_eq!(payload(&["event", "mount", "event"], counted(0, 1)), delta);
    assert_eq!(
        payload(&["info", "assigns", "handle_params"], counted(0, 1)),
        delta
    );
    // What a delta cannot say.
    let left = map([("count", Value::integer(0))]);
    let removal = changed(&count(0), &left);
    assert_eq!(
        payload(&["event"], removal),
        map([("snapshot", left.clone())])
    );
    let whole = map([("patch", Value::tuple([left.clone()]))]);
    assert_eq!(
        payload(&["event"], event(0, "assigns", whole)),
        map([("snapshot", left)])
    );
    // Given by id, as it came.
    let given = map([("snapshot", count(5))]);
    assert_eq!(
        payload(&["event"], event(0, "assigns", given.clone())),
        given
    );
}

#[test]
fn a_change_that_does_not_fit_ends_it() {
    let good = || [mount(count(0)), counted(0, 1)];
    let missing = map([("gone", Value::list([]))]);
    for patch in [
        Value::integer(1),
        Value::nil(),
        missing,
        // It would leave something that is no assigns.
        Value::tuple([Value::integer(5)]),
    ] {
        let broken = event(9, "assigns", map([("patch", patch)]));
        let timeline = Timeline::new(of(good().into_iter().chain([broken, counted(1, 2)])));
        assert_eq!(timeline.len(), 2);
        let summary = &timeline.recording().summary;
        assert!(summary.interrupted);
        assert_eq!((summary.event_count, summary.duration_ms), (2, 0));
        assert_eq!(timeline.state_at(1), Some(count(1)));
        assert_eq!(timeline.state_at(2), None);
        assert_eq!(timeline.events(0, 10).unwrap().len(), 2);
        assert_eq!(timeline.rows(1, 10).len(), 1);
    }
}

#[test]
fn rows_say_what_was_measured() {
    let name = || ("name", Value::binary("my.query"));
    let us = |us: i64| ("us", Value::integer(us));
    let sql = ("sql", Value::binary("SELECT ?"));
    let timeline = Timeline::new(of([
        mount(count(0)),
        event(1, "telemetry", map([name(), us(12_345), sql])),
        event(1, "telemetry", map([name(), us(49)])),
        event(1, "telemetry", map([name(), us(-1)])),
        event(2, "telemetry", map([])),
    ]));
    let rows = timeline.rows(1, 100);
    let labels: Vec<Option<&str>> = rows.iter().map(|row| row.label.as_deref()).collect();
    assert_eq!(
        labels,
        [
            Some("my.query 12.3 ms SELECT ?"),
            Some("my.query 0.0 ms"),
            Some("my.query"),
            None
        ]
    );
}

#[test]
fn rows_say_which_events_are_errors() {
    let said = |level| {
        let level = ("level", Value::atom(level));
        event(1, "log", map([level, ("message", Value::binary("oh"))]))
    };
    let timeline = Timeline::new(of([
        mount(count(0)),
        said("error"),
        said("warning"),
        event(2, "log", map([])),
        event(3, "fault", map([])),
        event(4, "exception", map([])),
    ]));
    let rows = timeline.rows(0, 100);
    assert_eq!(rows[1].label.as_deref(), Some("oh"));
    let failed: Vec<bool> = rows.iter().map(|row| row.failed).collect();
    assert_eq!(failed, [false, true, false, false, true, true]);
}

#[test]
fn rows_say_what_an_event_is_about() {
    let field = |name, text: &str| map([(name, Value::binary(text))]);
    let long = "é".repeat(500);
    let timeline = Timeline::new(of([
        mount(count(0)),
        event(1, "event", field("name", "inc")),
        event(2, "handle_params", field("url", &long)),
        event(3, "info", map([("tag", Value::atom("tick"))])),
        event(3, "info", map([("tag", Value::nil())])),
        event(4, "fault", map([("stage", Value::atom("assigns"))])),
        Event {
            offset_ms: 5,
            ..counted(0, 1)
        },
    ]));
    let rows = timeline.rows(0, 100);
    let labels: Vec<Option<&str>> = rows.iter().map(|row| row.label.as_deref()).collect();
    assert_eq!(
        labels,
        [
            None,
            Some("inc"),
            Some(&long[..200]),
            Some("tick"),
            None,
            Some("assigns"),
            None
        ]
    );
    assert_eq!(rows[6].keys, [Value::atom("count")]);
    assert_eq!((rows[6].index, rows[6].offset_ms), (6, 5));
    assert_eq!(timeline.rows(5, 100), rows[5..]);
    assert_eq!(timeline.rows(7, 100), []);
    assert_eq!(timeline.rows(usize::MAX, usize::MAX), []);
    assert_eq!(timeline.events(usize::MAX, usize::MAX).unwrap(), []);
}

#[test]
fn what_is_hidden_is_shown_to_a_replay_alone() {
    let with = |token: Value| map([("user", map([("id", Value::integer(1)), ("token", token)]))]);
    let mut recording = of([mount(with(Value::atom(HIDDEN)))]);
    recording.context = map([("params", with(Value::atom(HIDDEN)))]);
    let timeline = Timeline::new(recording);
    let without = map([("user", map([("id", Value::integer(1))]))]);
    let named = with(Value::binary("[FILTERED]"));
    assert_eq!(timeline.assigns(0, Form::Stripped), Some(without.clone()));
    assert_eq!(timeline.assigns(0, Form::Shown), Some(named));
    assert_eq!(timeline.context(), map([("params", without.clone())]));
    assert_eq!(
        timeline.events(0, 1).unwrap()[0].payload,
        map([("assigns", without)])
    );
}

#[test]
fn an_empty_one_has_no_moment() {
    let timeline = Timeline::new(of([]));
    assert!(timeline.is_empty());
    assert_eq!(timeline.state_at(0), None);
    assert_eq!(timeline.index_at(u64::MAX), None);
    assert_eq!(
        (
            timeline.events(0, 9).unwrap().len(),
            timeline.rows(0, 9).len()
        ),
        (0, 0)
    );
}

#[test]
fn many_may_seek_at_once() {
    let changes = (0..300).map(|number| counted(number, number + 1));
    let timeline = Timeline::new(of([mount(count(0))].into_iter().chain(changes)));
    std::thread::scope(|threads| {
        for start in 0..4 {
            let timeline = &timeline;
            threads.spawn(move || {
                for seek in 0..300 {
                    let index = (start * 71 + seek * 37) % 301;
                    assert_eq!(timeline.state_at(index), Some(count(index as i64)));
                }
            });
        }
    });
}

#[test]
fn what_a_change_hides_is_left_out() {
    let hidden = Value::atom(HIDDEN);
    let before = map([("user", map([("name", Value::binary("Ann"))]))]);
    let token = map([("name", Value::binary("Ann")), ("token", hidden.clone())]);
    for after in [
        map([("user", token)]),
        map([("user", before.clone()), ("token", hidden)]),
    ] {
        let timeline = Timeline::new(of([mount(before.clone()), changed(&before, &after)]));
        assert!(hidden::any(&timeline.state_at(1).unwrap()));
        assert!(!hidden::any(&timeline.assigns(1, Form::Stripped).unwrap()));
        assert!(!hidden::any(&timeline.events(1, 1).unwrap()[0].payload));
    }
}

#[test]
fn depth_takes_no_stack() {
    let small_stack = std::thread::Builder::new().stack_size(256 * 1024);
    let thread = small_stack.spawn(|| {
        let (before, after) = (
            map([("deep", deep(50_000))]),
            map([("deep", deep(49_998)), ("more", deep(50_000))]),
        );
        let timeline = Timeline::new(of([
            mount(before.clone()),
            changed(&before, &after),
            event(2, "assigns", map([("delta", before.clone())])),
        ]));
        assert_eq!(timeline.state_at(1), Some(after));
        let shown = timeline.assigns(2, Form::Shown).unwrap();
        assert!(!hidden::any(&shown));
        assert!(!hidden::any(&timeline.events(0, 3).unwrap()[1].payload));
        assert_eq!(timeline.rows(0, 3).len(), 3);
        assert_eq!(timeline.with_readable_changes().events.len(), 3);
    });
    thread.unwrap().join().unwrap();
}
