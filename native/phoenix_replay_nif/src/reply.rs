//! Results as Elixir expects them.

use phoenix_replay_core::etf::Value;
use phoenix_replay_core::recording::{Head, RecordingError, Summary};
use rustler::{Encoder, Env, Term};

use crate::build;

mod atoms {
    rustler::atoms! { ok, error }
}

/// `{:ok, value}`.
pub fn ok<'a>(env: Env<'a>, value: impl Encoder) -> Term<'a> {
    (atoms::ok(), value).encode(env)
}

/// `{:error, {reason, message}}`: an atom, and what to do.
pub fn error<'a>(env: Env<'a>, error: &RecordingError) -> Term<'a> {
    let reason = build::term(env, &Value::atom(error.reason()));
    (atoms::error(), (reason, error.to_string())).encode(env)
}

/// Head and summary as one map.
pub fn facts(head: &Value, summary: &Summary) -> Vec<(Value, Value)> {
    let entries = |value: &Value| {
        value
            .as_map()
            .map_or_else(Vec::new, |map| map.entries().to_vec())
    };
    let mut facts = entries(head);
    facts.extend(entries(&summary.to_value()));
    facts
}

/// Head and summary of a stored recording. One that was never finished has no summary, and is marked as
/// interrupted.
pub fn stored<'a>(env: Env<'a>, head: &Head, summary: Option<Summary>) -> Term<'a> {
    build::term(env, &head.listed(summary))
}
