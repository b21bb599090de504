//! The NIF of PhoenixReplay.
//!
//! Each function here decodes its arguments, calls one function of `phoenix_replay_core` and encodes
//! the result. `lib/phoenix_replay/native.ex` says what each is for.
//!
//! Rustler turns a panic into an Elixir error; nothing here is left half done by one.

mod append;
mod build;
mod cpu_time;
mod disk;
mod index;
mod journals;
mod live;
mod memory;
mod recordings;
mod reply;
mod sanitizer;
mod sealing;
mod search;
mod sessions;

use rustler::{Env, Term};

fn load(env: Env<'_>, _info: Term<'_>) -> bool {
    live::load(env);
    env.register::<sanitizer::SanitizerResource>().is_ok()
        && env.register::<sessions::SessionResource>().is_ok()
        && env.register::<journals::MarkResource>().is_ok()
        && env.register::<index::IndexResource>().is_ok()
        && env.register::<index::BatchResource>().is_ok()
        && env.register::<recordings::TimelineResource>().is_ok()
        && env.register::<search::QueryResource>().is_ok()
        && env.register::<search::SearchResource>().is_ok()
}

rustler::init!("Elixir.PhoenixReplay.Native", load = load);
