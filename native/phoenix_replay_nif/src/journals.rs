//! Journals of running sessions: what to add to them, and what becomes of one that is left behind.

use std::time::{Duration, Instant};

use phoenix_replay_core::session::{finish, Mark, Unflushed};
use rustler::{Atom, Binary, Encoder, Env, Resource, ResourceArc, Term};

use crate::sessions::{format_of, SessionResource, REGISTRY};
use crate::{build, cpu_time, reply};

mod atoms {
    rustler::atoms! { ok, nil }
}

/// A place in a session that Elixir holds until its journal has what is before it.
pub struct MarkResource(Mark);

impl Resource for MarkResource {}

/// Ids of the sessions that have something to flush: one that has ended and waits to be saved for long is
/// as easily lost as one that runs.
#[rustler::nif(schedule = "DirtyCpu")]
fn sessions_unflushed(events: u64, age_ms: u64) -> Vec<String> {
    let _held = cpu_time::held("sessions_unflushed");
    let (age, now) = (Duration::from_millis(age_ms), Instant::now());
    let ids = REGISTRY.ids(|held| held.session().is_unflushed(events, age, now));
    ids.iter().map(ToString::to_string).collect()
}

#[rustler::nif]
fn session_is_unflushed(session: ResourceArc<SessionResource>, events: u64, age_ms: u64) -> bool {
    let _held = cpu_time::held("session_is_unflushed");
    let age = Duration::from_millis(age_ms);
    session.session().is_unflushed(events, age, Instant::now())
}

#[rustler::nif(schedule = "DirtyCpu")]
fn session_unflushed<'a>(env: Env<'a>, session: ResourceArc<SessionResource>) -> Term<'a> {
    let _held = cpu_time::held("session_unflushed");
    match session.session().unflushed() {
        Ok(Some(Unflushed { members, mark })) => {
            let members = build::binary(env, &members);
            (atoms::ok(), members, ResourceArc::new(MarkResource(mark))).encode(env)
        }
        Ok(None) => atoms::nil().encode(env),
        Err(error) => reply::error(env, &error),
    }
}

#[rustler::nif]
fn session_flushed(
    session: ResourceArc<SessionResource>,
    mark: ResourceArc<MarkResource>,
    bytes: Option<u64>,
) -> bool {
    let _held = cpu_time::held("session_flushed");
    session.session().flushed(mark.0, bytes)
}

/// The finished recording of a journal, whose session is gone.
#[rustler::nif(schedule = "DirtyCpu")]
fn journal_finish<'a>(env: Env<'a>, journal: Binary<'a>, format: Atom) -> Term<'a> {
    let _held = cpu_time::held("journal_finish");
    match finish(journal.as_slice(), format_of(format)) {
        Ok(data) => reply::ok(env, build::binary(env, &data)),
        Err(error) => reply::error(env, &error),
    }
}
