//! How long steps took is put into their events, wherever those are by then.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::time::Instant;

use phoenix_replay_core::etf::{write, Value};
use phoenix_replay_core::recording::{read, Ended, EventKind, Limits as ReadLimits};
use phoenix_replay_core::session::{
    Appended, Counters, Ending, Facts, Format, Interaction, Limits, Session, Step, Written,
};
use phoenix_replay_core::timeline::{Cost, Timeline};
use proptest::prelude::*;

fn session(limits: Limits, counters: &Arc<Counters>) -> Session {
    let fields = [
        ("id", Value::binary("a")),
        ("view", Value::atom("V")),
        ("connected_at", Value::integer(7)),
    ];
    let (mut head, mut context) = (Vec::new(), Vec::new());
    write::value(&mut head, &map(&fields));
    write::value(&mut context, &map(&[]));
    let facts = Facts {
        id: "a".into(),
        view: "V".into(),
        connected_at: 7,
        url: None,
        head,
        context,
    };
    Session::new(facts, limits, counters.clone(), Instant::now())
}

fn map(fields: &[(&str, Value)]) -> Value {
    Value::map(
        fields
            .iter()
            .map(|(key, value)| (Value::atom(key), value.clone())),
    )
}

fn append(session: &Session, kind: &str, payload: &Value) -> Appended {
    let appended = session.append(Some(0), EventKind::named(kind), Interaction::None, |out| {
        write::value(out, payload);
        Ok(Written::Payload)
    });
    appended.unwrap()
}

fn event(name: &str) -> Value {
    map(&[("name", Value::binary(name)), ("params", map(&[]))])
}

#[derive(Clone, Debug)]
enum Act {
    Append(&'static str),
    Took(Step, u64),
    /// Everything so far is put aside and sealed.
    Flush,
}

fn act() -> impl Strategy<Value = Act> {
    let kind = prop::sample::select(vec![
        "event",
        "info",
        "assigns",
        "component",
        "log",
        "fault",
    ]);
    let step = prop_oneof![Just(Step::Handled), Just(Step::Rendered)];
    prop_oneof![
        5 => kind.prop_map(Act::Append),
        4 => (step, any::<u64>()).prop_map(|(step, micros)| Act::Took(step, micros)),
        1 => Just(Act::Flush),
    ]
}

proptest! {
    #[test]
    fn it_is_said_once_of_the_last_event_of_its_step(acts in prop::collection::vec(act(), 0..40)) {
        let counters = Arc::<Counters>::default();
        let session = session(Limits::default(), &counters);
        let mut events: Vec<Option<u64>> = Vec::new();
        let (mut handled, mut rendered) = (None, None);
        for act in acts {
            match act {
                Act::Append(kind) => {
                    prop_assert_eq!(append(&session, kind, &map(&[("part", Value::atom("x"))])), Appended::Stored);
                    let index = events.len();
                    events.push(None);
                    match kind {
                        "event" | "info" => (handled, rendered) = (Some(index), None),
                        "assigns" | "component" => rendered = Some(index),
                        _ => {}
                    }
                }
                Act::Took(step, micros) => {
                    let last = if step == Step::Handled { handled.take() } else { rendered.take() };
                    prop_assert_eq!(session.took(step, micros), last.is_some());
                    if let Some(index) = last {
                        events[index] = Some(micros.min(i64::MAX as u64));
                    }
                }
                Act::Flush => {
                    session.unflushed().unwrap();
                    (handled, rendered) = (None, None);
                }
            }
        }
        let took = |timeline: Timeline| -> Vec<_> {
            timeline.costs(0, usize::MAX).into_iter().map(|cost| cost.took_us).collect()
        };
        prop_assert_eq!(&took(Timeline::new(session.recording().unwrap())), &events);
        for format in [Format::Etf, Format::Json] {
            let sealed = session.seal(format).unwrap();
            prop_assert_eq!(&took(Timeline::new(read(&sealed.data, ReadLimits::default()).unwrap())), &events);
        }
        session.release();
        prop_assert_eq!(counters.now().bytes, 0);
    }
}

#[test]
fn nothing_is_said_where_there_is_no_such_event() {
    let session = session(
        Limits {
            max_events: 1,
            ..Limits::default()
        },
        &Arc::default(),
    );
    assert!(!session.took(Step::Handled, 1));
    append(&session, "event", &event("a"));
    assert!(!session.took(Step::Rendered, 1));
    // The second has no room, and the first took what it took.
    append(&session, "event", &event("b"));
    assert!(!session.took(Step::Handled, 1));
    // A payload that is no map.
    let odd = self::session(Limits::default(), &Arc::default());
    append(&odd, "event", &Value::integer(7));
    assert!(!odd.took(Step::Handled, 1));
    assert_eq!(
        odd.recording().unwrap().events[0].payload,
        Value::integer(7)
    );
}

#[test]
fn an_ended_session_and_a_full_one_stay_as_they_are() {
    let ended = session(Limits::default(), &Arc::default());
    append(&ended, "event", &event("a"));
    ended.close(Ending {
        how: Ended::Crashed,
        error: None,
    });
    assert!(!ended.took(Step::Handled, 1));

    let full = session(
        Limits {
            max_bytes: 80,
            ..Limits::default()
        },
        &Arc::default(),
    );
    assert_eq!(
        append(&full, "event", &event(&"a".repeat(30))),
        Appended::Stored
    );
    assert!(!full.took(Step::Handled, 1));
}

#[test]
fn events_are_shown_without_it_and_still_as_changes_to_the_last_of_their_name() {
    let session = session(Limits::default(), &Arc::default());
    let long = Value::binary("long text that is in the params of each of them. ".repeat(40));
    let size = |timings: bool| {
        let session = self::session(Limits::default(), &Arc::default());
        for number in 0..50 {
            let params = map(&[("a", long.clone()), ("n", Value::integer(number))]);
            append(
                &session,
                "event",
                &map(&[("name", Value::binary("type")), ("params", params)]),
            );
            if timings {
                assert!(session.took(Step::Handled, 1_500));
            }
        }
        session.seal(Format::Etf).unwrap().data.len()
    };
    assert!(size(true) < size(false) + 100);

    append(&session, "event", &event("a"));
    session.took(Step::Handled, 1_500);
    append(&session, "mine", &map(&[("took_us", Value::integer(7))]));
    let timeline = Timeline::new(session.recording().unwrap());
    let shown = timeline.events(0, 2).unwrap();
    assert_eq!(shown[0].payload, event("a"));
    assert_eq!(shown[1].payload, map(&[("took_us", Value::integer(7))]));
    let [Cost { took_us, bytes }, _] = timeline.costs(0, 2)[..] else {
        panic!("two events")
    };
    assert_eq!(took_us, Some(1_500));
    assert!(bytes > 20);
}

#[test]
fn json_keeps_what_is_beside_a_change() {
    let session = session(Limits::default(), &Arc::default());
    let one = map(&[("n", Value::integer(1))]);
    append(&session, "mount", &map(&[("assigns", one)]));
    let patch = map(&[("n", Value::tuple([Value::integer(2)]))]);
    let joined = ("joined", Value::boolean(true));
    append(
        &session,
        "assigns",
        &map(&[("patch", patch), joined.clone()]),
    );
    assert!(session.took(Step::Rendered, 1_500));
    let sealed = session.seal(Format::Json).unwrap();
    let recording = read(&sealed.data, ReadLimits::default()).unwrap();
    let two = map(&[("n", Value::integer(2))]);
    let took = ("took_us", Value::integer(1_500));
    assert_eq!(
        recording.events[1].payload,
        map(&[("delta", two), joined, took])
    );
}
