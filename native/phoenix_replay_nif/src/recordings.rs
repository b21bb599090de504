//! Stored recordings, opened as timelines, and what is to become of them.

use phoenix_replay_core::etf::Value;
use phoenix_replay_core::recording::hidden::Form;
use phoenix_replay_core::recording::{read, read_head, Event, Limits};
use phoenix_replay_core::retention::{expired, Policy, Stored};
use phoenix_replay_core::timeline::Timeline;
use rustler::{Atom, Binary, Encoder, Env, Resource, ResourceArc, Term};

use crate::{build, cpu_time, reply};

mod atoms {
    rustler::atoms! { shown, nil, error, no_such_event, too_much }
}

/// A timeline that Elixir holds.
pub struct TimelineResource(Timeline);

impl Resource for TimelineResource {
    const IMPLEMENTS_DESTRUCTOR: bool = true;

    /// Freed by whoever let go of it last, mostly a garbage collection on a normal scheduler, where a
    /// large one would take tens of milliseconds. It gets a thread of its own for that: timelines
    /// are opened by people, a few at a time. Where none can be had it is freed here.
    fn destructor(self, _env: Env<'_>) {
        let _held = cpu_time::held("timeline freed");
        let free = move || drop(self);
        let _ = std::thread::Builder::new().spawn(free);
    }
}

impl TimelineResource {
    pub fn of(timeline: Timeline) -> ResourceArc<Self> {
        ResourceArc::new(TimelineResource(timeline))
    }
}

#[rustler::nif(schedule = "DirtyCpu")]
fn recording_summary<'a>(env: Env<'a>, prefix: Binary<'a>) -> Term<'a> {
    let _held = cpu_time::held("recording_summary");
    match read_head(prefix.as_slice()) {
        Ok((head, summary)) => reply::ok(env, build::term(env, &head.listed(summary))),
        Err(error) => reply::error(env, &error),
    }
}

#[rustler::nif(schedule = "DirtyCpu")]
fn recording_open<'a>(env: Env<'a>, data: Binary<'a>) -> Term<'a> {
    let _held = cpu_time::held("recording_open");
    match read(data.as_slice(), Limits::default()) {
        Ok(recording) => reply::ok(env, TimelineResource::of(Timeline::new(recording))),
        Err(error) => reply::error(env, &error),
    }
}

#[rustler::nif(schedule = "DirtyCpu")]
fn timeline_head<'a>(env: Env<'a>, timeline: ResourceArc<TimelineResource>) -> Term<'a> {
    let _held = cpu_time::held("timeline_head");
    build::term(env, &timeline.0.about())
}

#[rustler::nif]
fn timeline_size(timeline: ResourceArc<TimelineResource>) -> usize {
    let _held = cpu_time::held("timeline_size");
    timeline.0.len()
}

#[rustler::nif]
fn timeline_keyframe_bytes(timeline: ResourceArc<TimelineResource>) -> u64 {
    let _held = cpu_time::held("timeline_keyframe_bytes");
    timeline.0.keyframe_bytes()
}

#[rustler::nif(schedule = "DirtyCpu")]
fn timeline_events<'a>(
    env: Env<'a>,
    timeline: ResourceArc<TimelineResource>,
    from: usize,
    count: usize,
) -> Term<'a> {
    let _held = cpu_time::held("timeline_events");
    let event = |event: Event| {
        let name = build::term(env, &Value::Atom(event.name));
        (event.offset_ms, name, build::term(env, &event.payload))
    };
    match timeline.0.events(from, count) {
        Ok(events) => reply::ok(env, events.into_iter().map(event).collect::<Vec<_>>()),
        Err(error) => (atoms::error(), (atoms::too_much(), error.to_string())).encode(env),
    }
}

#[rustler::nif(schedule = "DirtyCpu")]
fn timeline_rows<'a>(
    env: Env<'a>,
    timeline: ResourceArc<TimelineResource>,
    from: usize,
    count: usize,
) -> Vec<Term<'a>> {
    let _held = cpu_time::held("timeline_rows");
    let rows = timeline.0.rows(from, count).into_iter().map(|row| {
        let name = build::term(env, &Value::Atom(row.name.clone()));
        let keys: Vec<Term<'a>> = row.keys.iter().map(|key| build::term(env, key)).collect();
        (row.offset_ms, name, row.label.as_deref(), row.failed, keys).encode(env)
    });
    rows.collect()
}

/// `[{took_us | nil, bytes}]`.
#[rustler::nif(schedule = "DirtyCpu")]
fn timeline_costs(
    timeline: ResourceArc<TimelineResource>,
    from: usize,
    count: usize,
) -> Vec<(Option<u64>, usize)> {
    let _held = cpu_time::held("timeline_costs");
    let costs = timeline.0.costs(from, count).into_iter();
    costs.map(|cost| (cost.took_us, cost.bytes)).collect()
}

#[rustler::nif(schedule = "DirtyCpu")]
fn timeline_assigns<'a>(
    env: Env<'a>,
    timeline: ResourceArc<TimelineResource>,
    index: usize,
    form: Atom,
) -> Term<'a> {
    let _held = cpu_time::held("timeline_assigns");
    let assigns = {
        let _held = cpu_time::held("timeline_assigns, in core");
        timeline.0.assigns(index, form_named(form))
    };
    match assigns {
        Some(assigns) => reply::ok(env, build::term(env, &assigns)),
        None => no_such_event(env, &timeline.0, index),
    }
}

#[rustler::nif(schedule = "DirtyCpu")]
fn timeline_seen<'a>(
    env: Env<'a>,
    timeline: ResourceArc<TimelineResource>,
    index: usize,
    form: Atom,
) -> Term<'a> {
    let _held = cpu_time::held("timeline_seen");
    match timeline.0.seen(index, form_named(form)) {
        Some((assigns, parts)) => {
            let seen = (build::term(env, &assigns), build::term(env, &parts));
            reply::ok(env, seen)
        }
        None => no_such_event(env, &timeline.0, index),
    }
}

fn form_named(form: Atom) -> Form {
    if form == atoms::shown() {
        Form::Shown
    } else {
        Form::Stripped
    }
}

fn no_such_event<'a>(env: Env<'a>, timeline: &Timeline, index: usize) -> Term<'a> {
    let size = timeline.len();
    let message = format!("there is no event {index}; the recording has {size}, counted from 0");
    (atoms::error(), (atoms::no_such_event(), message)).encode(env)
}

#[rustler::nif]
fn timeline_index_at(timeline: ResourceArc<TimelineResource>, offset_ms: i64) -> Option<usize> {
    let _held = cpu_time::held("timeline_index_at");
    timeline.0.index_at(u64::try_from(offset_ms).ok()?)
}

/// The limits of a policy: count, age in milliseconds, bytes.
type Limited = (Option<u64>, Option<u64>, Option<u64>);

#[rustler::nif(schedule = "DirtyCpu")]
fn retention_expired(
    recordings: Vec<(String, i64, u64, bool)>,
    (max_count, max_age_ms, max_bytes): Limited,
    now_ms: i64,
) -> Vec<String> {
    let _held = cpu_time::held("retention_expired");
    let stored = |(id, connected_at, bytes, pinned)| Stored {
        id,
        connected_at,
        bytes,
        pinned,
    };
    let recordings: Vec<Stored<String>> = recordings.into_iter().map(stored).collect();
    let policy = Policy {
        max_count,
        max_age_ms,
        max_bytes,
    };
    expired(&recordings, policy, now_ms)
}
