//! Searching stored recordings, a slice at a time, so that whoever asked can stop and dirty schedulers
//! are shared.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use phoenix_replay_core::recording::{read, Limits};
use phoenix_replay_core::search::{Case, Found, Query, QueryError, Search};
use rustler::{Atom, Binary, Encoder, Env, Resource, ResourceArc, Term};

use crate::{build, cpu_time, reply};

/// What a slice may take, before the event that is being looked at is done.
const SLICE: Duration = Duration::from_millis(15);

mod atoms {
    rustler::atoms! { error, invalid_query, number, regex, busy, more, done }
}

/// Calls that search right now, whoever asked.
static RUNNING: AtomicUsize = AtomicUsize::new(0);

/// The right to keep a dirty scheduler busy, given back when it is dropped.
struct Turn;

impl Turn {
    /// One of `at_once`, if one is free.
    fn take(at_once: usize) -> Option<Self> {
        let more = |running| (running < at_once).then_some(running + 1);
        RUNNING
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, more)
            .ok()
            .map(|_| Turn)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        RUNNING.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A compiled query.
pub struct QueryResource(Query);

impl Resource for QueryResource {}

/// A search on its way; taken out when it is done, so that a dirty scheduler frees the recording.
pub struct SearchResource(Mutex<Option<Search>>);

// A search that a panic interrupted is not put back.
impl std::panic::RefUnwindSafe for SearchResource {}

impl Resource for SearchResource {}

#[rustler::nif(schedule = "DirtyCpu")]
fn search_query<'a>(env: Env<'a>, kind: Atom, text: &str, ignore_case: bool) -> Term<'a> {
    let _held = cpu_time::held("search_query");
    let case = if ignore_case {
        Case::Insensitive
    } else {
        Case::Sensitive
    };
    let query = if kind == atoms::number() {
        Query::number(text)
    } else if kind == atoms::regex() {
        Query::regex(text, case)
    } else {
        Query::text(text, case)
    };
    match query {
        Ok(query) => reply::ok(env, ResourceArc::new(QueryResource(query))),
        Err(error) => refused(env, &error),
    }
}

#[rustler::nif(schedule = "DirtyCpu")]
fn search_open<'a>(
    env: Env<'a>,
    data: Binary<'a>,
    query: ResourceArc<QueryResource>,
    most: usize,
    at_once: usize,
) -> Term<'a> {
    let _held = cpu_time::held("search_open");
    let Some(_turn) = Turn::take(at_once) else {
        return atoms::busy().encode(env);
    };
    match read(data.as_slice(), Limits::default()) {
        Ok(recording) => {
            let search = Search::new(recording, query.0.clone(), most);
            reply::ok(
                env,
                ResourceArc::new(SearchResource(Mutex::new(Some(search)))),
            )
        }
        Err(error) => reply::error(env, &error),
    }
}

#[rustler::nif(schedule = "DirtyCpu")]
fn search_step<'a>(env: Env<'a>, search: ResourceArc<SearchResource>, at_once: usize) -> Term<'a> {
    let _held = cpu_time::held("search_step");
    let Some(_turn) = Turn::take(at_once) else {
        return atoms::busy().encode(env);
    };
    let Some(mut own) = search.0.lock().take() else {
        return done(env, Found::default());
    };
    let started = Instant::now();
    let paused = own.run(|_| {
        if started.elapsed() < SLICE {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    });
    if paused.is_break() {
        return done(env, own.found());
    }
    *search.0.lock() = Some(own);
    atoms::more().encode(env)
}

/// `{:done, [{index, offset_ms, path, excerpt}], more?}`.
fn done<'a>(env: Env<'a>, found: Found) -> Term<'a> {
    let hits = found.hits.iter().map(|hit| {
        let text = |text: &str| build::binary(env, text.as_bytes());
        (
            hit.index,
            hit.offset_ms,
            text(&hit.path.to_string()),
            text(&hit.excerpt),
        )
            .encode(env)
    });
    (atoms::done(), hits.collect::<Vec<_>>(), found.more).encode(env)
}

fn refused<'a>(env: Env<'a>, error: &QueryError) -> Term<'a> {
    (atoms::error(), (atoms::invalid_query(), error.to_string())).encode(env)
}
