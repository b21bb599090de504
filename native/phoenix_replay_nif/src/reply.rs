//! Results as Elixir expects them.

use phoenix_replay_core::etf::Value;
use phoenix_replay_core::recording::RecordingError;
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
