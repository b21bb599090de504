//! Sealing what sessions hold while they go on.

use rustler::{Encoder, Env, ResourceArc, Term};

use crate::reply;
use crate::sessions::{SessionResource, REGISTRY};

/// Ids of the sessions that have something to seal. As a rule there are none, and then this is one read.
#[rustler::nif(schedule = "DirtyCpu")]
fn sessions_due() -> Vec<String> {
    if !REGISTRY.counters().any_due() {
        return Vec::new();
    }
    let ids = REGISTRY.ids(|held| held.session().is_due());
    ids.iter().map(ToString::to_string).collect()
}

#[rustler::nif(schedule = "DirtyCpu")]
fn session_seal_next<'a>(env: Env<'a>, session: ResourceArc<SessionResource>) -> Term<'a> {
    match session.session().seal_next() {
        Ok(more) => more.encode(env),
        Err(error) => reply::error(env, &error),
    }
}
