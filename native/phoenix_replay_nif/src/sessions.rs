//! Sessions as resources, and the registry that owns them.
//!
//! A resource that nobody holds is dropped, and a dropped one is no longer monitored. So the registry
//! holds each session until storage has it, whether or not its process is still alive.

mod identity;
mod place;
mod start;

use once_cell::sync::Lazy;
use parking_lot::RwLock;
use phoenix_replay_core::etf::{Budget, Exhausted, Value};
use phoenix_replay_core::recording::Ended;
use phoenix_replay_core::registry::Registry;
use phoenix_replay_core::session::{Ending, Format, Session, Step};
use phoenix_replay_core::timeline::Timeline;
use rustler::{
    Atom, Binary, Encoder, Env, LocalPid, Monitor, NifMap, NifResult, Resource, ResourceArc, Term,
};

use crate::append::BUDGET;
use crate::live::Live;
use crate::recordings::TimelineResource;
use crate::sanitizer::{self, Role, SanitizerResource};
use crate::{build, cpu_time, reply};
use place::{Owner, Place};

/// No session's id is longer, and a long one would take its time to look through.
const ID: usize = 128;

/// How much is kept of what a session ended with: mostly the name of an exception.
const ERROR: usize = 4096;

pub static REGISTRY: Lazy<Registry<ResourceArc<SessionResource>>> = Lazy::new(Registry::new);

/// Who is told that a recorded process died. Read once for each session that ends, never per event.
static PERSISTER: RwLock<Option<LocalPid>> = RwLock::new(None);

mod atoms {
    rustler::atoms! { phoenix_replay, down, ok, again, nil, open, json, rendered }
}

/// A session that Elixir holds.
pub struct SessionResource {
    session: Session,
    sanitizer: Option<ResourceArc<SanitizerResource>>,
    owner: Option<Owner>,
    /// Who was told to watch that process.
    watcher: Option<LocalPid>,
    place: Place,
}

impl SessionResource {
    pub fn session(&self) -> &Session {
        &self.session
    }

    pub fn place(&self) -> &Place {
        &self.place
    }

    pub fn sanitizer(&self) -> Option<&SanitizerResource> {
        self.sanitizer.as_deref()
    }
}

// A resource in a session's keeping is never left half done by a panic: it is not written to.
impl std::panic::RefUnwindSafe for SessionResource {}

impl Resource for SessionResource {
    const IMPLEMENTS_DOWN: bool = true;
    const IMPLEMENTS_DESTRUCTOR: bool = true;

    fn destructor(self, _env: Env<'_>) {
        let _held = cpu_time::held("session freed");
        let id = &*self.session.facts().id;
        self.place.forget(id);
        if let Some(owner) = self.owner {
            owner.forget(id);
        }
        drop(self);
    }

    fn down<'a>(&'a self, env: Env<'a>, _pid: LocalPid, _monitor: Monitor) {
        let _held = cpu_time::held("session down");
        self.end(env);
    }
}

impl SessionResource {
    /// Whether its user did something, in it or in what is nested there.
    fn interacted(&self) -> bool {
        self.session.interacted() || self.place.used_inside()
    }

    /// The process is gone. Why, a watcher knows, which tells the persister. One that dies before it does is
    /// followed by one that has the persister look for what ended; if it is gone already, or there was none,
    /// the session is saved all the same.
    fn end(&self, env: Env<'_>) {
        self.session.close(Ending {
            how: Ended::Unknown,
            error: None,
        });
        if self.watcher.is_some_and(|watcher| watcher.is_alive(env)) {
            return;
        }
        let id = &*self.session.facts().id;
        // Of one that was erased nobody waits for the end.
        if REGISTRY.get(id).is_none() {
            return;
        }
        // Copied out, so that the lock is not held while a message is sent.
        let persister = *PERSISTER.read();
        if let Some(persister) = persister {
            // One that is gone asks for what has ended when it is back.
            let _ = env.send(&persister, (atoms::phoenix_replay(), atoms::down(), id));
        }
    }
}

#[rustler::nif]
fn session_put_metadata_now<'a>(
    env: Env<'a>,
    session: ResourceArc<SessionResource>,
    facts: Term<'a>,
) -> NifResult<Term<'a>> {
    let _held = cpu_time::held("session_put_metadata_now");
    put_metadata(env, &session, facts, Budget::new(BUDGET / 4))
}

#[rustler::nif(schedule = "DirtyCpu")]
fn session_put_metadata_dirty<'a>(
    env: Env<'a>,
    session: ResourceArc<SessionResource>,
    facts: Term<'a>,
) -> NifResult<Term<'a>> {
    let _held = cpu_time::held("session_put_metadata_dirty");
    put_metadata(env, &session, facts, Budget::unlimited())
}

fn put_metadata<'a>(
    env: Env<'a>,
    held: &SessionResource,
    facts: Term<'a>,
    mut budget: Budget,
) -> NifResult<Term<'a>> {
    let facts = sanitizer::value(held.sanitizer(), Role::Params, facts, &mut budget)?;
    Ok(match facts {
        Ok(facts) => held.session.put_metadata(&facts).encode(env),
        Err(Exhausted) => atoms::again().encode(env),
    })
}

#[rustler::nif]
fn session_close(
    session: ResourceArc<SessionResource>,
    ended: Term<'_>,
    error: Option<Binary<'_>>,
) -> Atom {
    let _held = cpu_time::held("session_close");
    let how = Ended::named(Live::new(ended).atom().unwrap_or_default());
    session.session.close(Ending {
        how,
        error: error.map(|error| {
            let error = error.as_slice();
            String::from_utf8_lossy(&error[..error.len().min(ERROR)]).into()
        }),
    });
    atoms::ok()
}

/// Whether the event of that step was still at hand.
#[rustler::nif]
fn session_took(session: ResourceArc<SessionResource>, step: Atom, micros: u64) -> bool {
    let _held = cpu_time::held("session_took");
    let step = if step == atoms::rendered() {
        Step::Rendered
    } else {
        Step::Handled
    };
    session.session.took(step, micros)
}

#[rustler::nif]
fn session_reopen(session: ResourceArc<SessionResource>) -> Atom {
    let _held = cpu_time::held("session_reopen");
    session.session.reopen();
    atoms::ok()
}

#[derive(NifMap)]
struct State<'a> {
    ended: Term<'a>,
    interacted: bool,
    bound: bool,
    journalled: bool,
    nested_in: Option<String>,
    kept: bool,
}

#[rustler::nif]
fn session_state<'a>(env: Env<'a>, session: ResourceArc<SessionResource>) -> State<'a> {
    let _held = cpu_time::held("session_state");
    let ended = match session.session.ending() {
        Some(ending) => build::term(env, &Value::atom(ending.how.name())),
        None => atoms::nil().encode(env),
    };
    State {
        ended,
        interacted: session.interacted(),
        bound: session.owner.is_some(),
        journalled: session.session.is_journalled(),
        nested_in: session.place.nested_in.as_deref().map(String::from),
        kept: session.session.is_kept(),
    }
}

#[rustler::nif(schedule = "DirtyCpu")]
fn session_summary<'a>(env: Env<'a>, session: ResourceArc<SessionResource>) -> Term<'a> {
    let _held = cpu_time::held("session_summary");
    let facts = session.session.facts();
    let mut summary = session.session.summary();
    summary.interacted = session.interacted();
    let summary = summary.to_value();
    let own = [
        ("id", Value::binary(&*facts.id)),
        ("view", Value::atom(&facts.view)),
        ("connected_at", Value::integer(facts.connected_at)),
    ];
    let own = own.map(|(key, value)| (Value::atom(key), value));
    let counted = summary.as_map().map_or(&[][..], |map| map.entries());
    build::term(env, &Value::map(counted.iter().cloned().chain(own)))
}

/// What a recording is to be written as.
pub fn format_of(format: Atom) -> Format {
    if format == atoms::json() {
        Format::Json
    } else {
        Format::Etf
    }
}

#[rustler::nif(schedule = "DirtyCpu")]
fn session_seal<'a>(env: Env<'a>, session: ResourceArc<SessionResource>, format: Atom) -> Term<'a> {
    let _held = cpu_time::held("session_seal");
    match session.session.seal(format_of(format)) {
        Ok(sealed) => {
            let data = build::binary(env, &sealed.data);
            (atoms::ok(), data, build::term(env, &sealed.listed)).encode(env)
        }
        Err(error) => reply::error(env, &error),
    }
}

#[rustler::nif(schedule = "DirtyCpu")]
fn session_timeline<'a>(env: Env<'a>, session: ResourceArc<SessionResource>) -> Term<'a> {
    let _held = cpu_time::held("session_timeline");
    match session.session.recording() {
        Ok(recording) => reply::ok(env, TimelineResource::of(Timeline::new(recording))),
        Err(error) => reply::error(env, &error),
    }
}

#[rustler::nif]
fn session_lookup(id: Binary<'_>) -> Option<ResourceArc<SessionResource>> {
    let _held = cpu_time::held("session_lookup");
    let id = id.as_slice();
    if id.len() > ID {
        return None;
    }
    REGISTRY.get(std::str::from_utf8(id).ok()?)
}

#[rustler::nif(schedule = "DirtyCpu")]
fn session_remove(id: &str) -> Atom {
    let _held = cpu_time::held("session_remove");
    if let Some(resource) = REGISTRY.remove(id) {
        // The process, or whoever looked the session up, may still hold it: its log is freed now.
        resource.session.release();
    }
    atoms::ok()
}

#[rustler::nif(schedule = "DirtyCpu")]
fn session_ids(state: Atom) -> Vec<String> {
    let _held = cpu_time::held("session_ids");
    let open = state == atoms::open();
    let ids = REGISTRY.ids(|resource| resource.session.ending().is_none() == open);
    ids.iter().map(ToString::to_string).collect()
}

/// Sessions nested in one of these, recordings or connections: by what they were told when they began.
#[rustler::nif(schedule = "DirtyCpu")]
fn sessions_nested(around: Vec<&str>) -> Vec<String> {
    let _held = cpu_time::held("sessions_nested");
    let ids = REGISTRY.ids(|resource| around.iter().any(|name| resource.place.is_in(name)));
    ids.iter().map(ToString::to_string).collect()
}

#[rustler::nif]
fn persister_attach(pid: LocalPid) -> Atom {
    let _held = cpu_time::held("persister_attach");
    *PERSISTER.write() = Some(pid);
    atoms::ok()
}

#[derive(NifMap)]
struct Info {
    sessions: u64,
    events: u64,
    bytes: u64,
}

#[rustler::nif]
fn info() -> Info {
    let _held = cpu_time::held("info");
    let counts = REGISTRY.counters().now();
    Info {
        sessions: counts.sessions,
        events: counts.events,
        bytes: counts.bytes,
    }
}
