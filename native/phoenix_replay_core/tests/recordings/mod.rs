//! Random recordings.
#![allow(clippy::unwrap_used, dead_code)]

use std::sync::Arc;

use phoenix_replay_core::etf::{write, Budget, Value};
use phoenix_replay_core::patch::{diff, Change};
use phoenix_replay_core::recording::{Ended, Event, Head, Recording, Summary};
use phoenix_replay_core::session::Facts;
use phoenix_replay_core::view::{Everything, HIDDEN};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

/// Names that look like those of assigns, and names that look like what JSON makes of a term.
pub fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-f]",
        Just("assigns".to_string()),
        Just("$".to_string()),
        Just("$term".to_string()),
        Just("$atom".to_string()),
        Just("$$x".to_string()),
        Just(":x".to_string()),
        Just("null".to_string()),
        Just("__struct__".to_string()),
        Just(HIDDEN.to_string()),
        "\\PC{0,4}",
    ]
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        name().prop_map(|name| Value::atom(&name)),
        name().prop_map(Value::binary),
        prop::sample::select(vec!["nil", "true", "false"]).prop_map(Value::atom),
        any::<i64>().prop_map(Value::Integer),
        (-300..300i64).prop_map(Value::Integer),
        any::<f64>()
            .prop_filter("finite", |float| float.is_finite())
            .prop_map(Value::Float),
        prop::sample::select(vec![0.0, -0.0, 1.0, 1e300, 5e-324]).prop_map(Value::Float),
        vec(any::<u8>(), 0..20).prop_map(Value::binary),
        (any::<bool>(), vec(any::<u8>(), 0..20))
            .prop_map(|(negative, digits)| Value::big_integer(negative, &digits)),
        // What a hole in the template of a chunk looks like.
        (0..3i64).prop_map(|column| Value::tuple([Value::atom("$"), Value::Integer(column)])),
        (vec(any::<u8>(), 1..5), 1..8u8).prop_map(|(bytes, bits)| Value::bitstring(bytes, bits)),
    ]
}

/// Any value.
pub fn value() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(4, 40, 5, |inner| {
        let keyword = (name(), inner.clone())
            .prop_map(|(key, value)| Value::tuple([Value::atom(&key), value]));
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::tuple),
            vec(inner.clone(), 0..5).prop_map(Value::list),
            vec(keyword, 0..4).prop_map(Value::list),
            (vec(inner.clone(), 1..4), inner.clone())
                .prop_map(|(items, tail)| Value::improper_list(items, tail)),
            vec((inner.clone(), inner.clone()), 0..4).prop_map(Value::map),
            vec((name().prop_map(Value::binary), inner.clone()), 0..4).prop_map(Value::map),
            vec((name().prop_map(|name| Value::atom(&name)), inner), 0..4).prop_map(Value::map),
        ]
    })
}

/// A map with atom keys.
pub fn assigns() -> impl Strategy<Value = Value> {
    vec(("[a-e]".prop_map(|name| Value::atom(&name)), value()), 0..5).prop_map(Value::map)
}

fn head() -> impl Strategy<Value = Head> {
    (
        "[A-Za-z0-9_-]{1,22}",
        "\\PC{1,8}",
        any::<i64>(),
        option::of(value()),
    )
        .prop_map(|(id, view, connected_at, release)| {
            let mut facts = vec![
                (Value::atom("id"), Value::binary(id)),
                (Value::atom("view"), Value::atom(&view)),
                (Value::atom("connected_at"), Value::Integer(connected_at)),
            ];
            facts.extend(release.map(|release| (Value::atom("release"), release)));
            Head::new(Value::map(facts)).unwrap()
        })
}

fn text() -> impl Strategy<Value = Option<Arc<str>>> {
    option::of("\\PC{0,9}").prop_map(|text| text.map(Arc::from))
}

/// Facts: what else a map may hold is left out when it is read.
fn metadata() -> impl Strategy<Value = Value> {
    let fact = prop_oneof![
        "\\PC{0,4}".prop_map(Value::binary),
        any::<i64>().prop_map(Value::Integer),
        any::<bool>().prop_map(Value::boolean),
    ];
    vec(("\\PC{0,4}".prop_map(Value::binary), fact), 0..4).prop_map(Value::map)
}

fn summary() -> impl Strategy<Value = Summary> {
    let count = || 0..i64::MAX as u64;
    (
        (text(), text(), count(), count(), count(), count()),
        (any::<bool>(), any::<bool>(), any::<bool>(), 0..10usize),
        (
            prop::collection::btree_map("\\PC{0,4}", 0..i64::MAX as u64, 0..4),
            metadata(),
        ),
    )
        .prop_map(
            |(
                (url, error, dropped, faults, errors, inflated_bytes),
                (truncated, interrupted, interacted, ended),
                (names, metadata),
            )| {
                let ended = [
                    "closed",
                    "left",
                    "redirected",
                    "crashed",
                    "drained",
                    "killed",
                    "finished",
                    "stopped",
                    "unknown",
                ]
                .get(ended);
                Summary {
                    url,
                    error,
                    dropped,
                    faults,
                    errors,
                    inflated_bytes,
                    truncated,
                    interrupted,
                    interacted,
                    ended: ended.map(|name| Ended::named(name)),
                    event_names: names
                        .into_iter()
                        .map(|(name, count)| (name.into(), count))
                        .collect(),
                    metadata,
                    ..Summary::default()
                }
            },
        )
}

/// What happens, before it is made an event of: its kind, how much later, and what it holds.
#[derive(Clone, Debug)]
pub enum Happening {
    Patch(Value),
    Delta(Value),
    Snapshot(Value),
    Handled(String, Value),
    Clicked(String, Value),
    Other(String, Value),
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        3 => assigns().prop_map(Happening::Patch),
        1 => assigns().prop_map(Happening::Delta),
        1 => assigns().prop_map(Happening::Snapshot),
        1 => (prop::sample::select(vec!["event", "handle_params", "info"]), value())
            .prop_map(|(name, params)| Happening::Handled(name.into(), params)),
        3 => ("[ab]", prop_oneof![3 => assigns(), 1 => value()])
            .prop_map(|(name, params)| Happening::Clicked(name, params)),
        1 => (name(), value()).prop_map(|(name, payload)| Happening::Other(name, payload)),
    ]
}

pub fn field(name: &str, value: Value) -> Value {
    Value::map([(Value::atom(name), value)])
}

/// The term of a patch.
pub fn patch(old: &Value, new: &Value) -> Option<Value> {
    let mut out = vec![131];
    match diff(
        old,
        new,
        &Everything,
        (),
        &mut Budget::unlimited(),
        &mut out,
    )
    .unwrap()
    {
        Change::Same => None,
        Change::Changed => Some(
            phoenix_replay_core::etf::decode(&out, Default::default())
                .unwrap()
                .0,
        ),
    }
}

/// A recording and, for each of its events, the assigns as of it.
pub fn recording_with_states() -> impl Strategy<Value = (Recording, Vec<Value>)> {
    let context = prop_oneof![
        4 => (assigns(), assigns()).prop_map(|(params, session)| {
            Value::map([(Value::atom("params"), params), (Value::atom("session"), session)])
        }),
        1 => value(),
    ];
    (
        head(),
        summary(),
        context,
        assigns(),
        vec((happening(), 0..500u64), 0..16),
    )
        .prop_map(|(head, mut summary, context, mount, happenings)| {
            let mut state = mount.clone();
            let mut offset_ms = 0;
            let mut events = vec![event(0, "mount", field("assigns", mount))];
            let mut states = vec![state.clone()];
            for (happening, later) in happenings {
                offset_ms += later;
                let (name, payload) = match happening {
                    Happening::Patch(next) => {
                        let Some(patch) = patch(&state, &next) else {
                            continue;
                        };
                        state = next;
                        ("assigns".to_string(), field("patch", patch))
                    }
                    Happening::Delta(delta) => {
                        let all = state
                            .as_map()
                            .unwrap()
                            .entries()
                            .iter()
                            .chain(delta.as_map().unwrap().entries());
                        state = Value::map(all.cloned());
                        ("assigns".to_string(), field("delta", delta))
                    }
                    Happening::Snapshot(next) => {
                        state = next.clone();
                        ("assigns".to_string(), field("snapshot", next))
                    }
                    Happening::Handled(name, params) => (name, field("params", params)),
                    Happening::Clicked(name, params) => {
                        let entries = [
                            (Value::atom("name"), Value::binary(name)),
                            (Value::atom("params"), params),
                        ];
                        ("event".to_string(), Value::map(entries))
                    }
                    Happening::Other(name, payload) => (format!("x{name}"), payload),
                };
                events.push(event(offset_ms, &name, payload));
                states.push(state.clone());
            }
            summary.event_count = events.len() as u64;
            summary.duration_ms = offset_ms;
            (
                Recording {
                    head,
                    summary,
                    context,
                    events,
                },
                states,
            )
        })
}

pub fn recording() -> impl Strategy<Value = Recording> {
    recording_with_states().prop_map(|(recording, _)| recording)
}

pub fn event(offset_ms: u64, name: &str, payload: Value) -> Event {
    Event {
        offset_ms,
        name: name.into(),
        payload,
    }
}

/// What a session is started with that is to become such a recording.
pub fn facts() -> Facts {
    let recording = of(vec![]);
    let term = |value: &Value| {
        let mut out = Vec::new();
        write::value(&mut out, value);
        out
    };
    Facts {
        id: recording.head.id.clone(),
        view: recording.head.view.clone(),
        connected_at: 7,
        url: None,
        head: term(&recording.head.facts),
        context: term(&recording.context),
    }
}

/// A recording of these events and nothing else to speak of.
pub fn of(events: Vec<Event>) -> Recording {
    let facts = [
        (Value::atom("id"), Value::binary("a")),
        (Value::atom("view"), Value::atom("Elixir.V")),
        (Value::atom("connected_at"), Value::Integer(0)),
    ];
    Recording {
        head: Head::new(Value::map(facts)).unwrap(),
        summary: Summary::default(),
        context: Value::map([]),
        events,
    }
}
