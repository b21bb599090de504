//! Sessions as resources, and the registry that owns them.
//!
//! A resource that nobody holds is dropped, and a dropped one is no longer monitored. So the registry
//! holds each session until storage has it, whether or not its process is still alive.

use std::sync::Arc;
use std::time::Instant;

use once_cell::sync::Lazy;
use parking_lot::RwLock;
use phoenix_replay_core::etf::{write, Budget, Exhausted, Value};
use phoenix_replay_core::recording::Ended;
use phoenix_replay_core::registry::Registry;
use phoenix_replay_core::session::{Ending, Facts, Format, Limits, Session};
use phoenix_replay_core::timeline::Timeline;
use rustler::{
    Atom, Binary, Decoder, Encoder, Env, LocalPid, Monitor, NifMap, NifResult, Resource,
    ResourceArc, Term,
};

use crate::append::BUDGET;
use crate::live::Live;
use crate::recordings::TimelineResource;
use crate::sanitizer::{self, Role, SanitizerResource};
use crate::{build, cpu_time, reply};

/// No session's id is longer, and a long one would take its time to look through.
const ID: usize = 128;

/// How much is kept of what a session ended with: mostly the name of an exception.
const ERROR: usize = 4096;

pub static REGISTRY: Lazy<Registry<ResourceArc<SessionResource>>> = Lazy::new(Registry::new);

/// Who is told that a recorded process died. Read once for each session that ends, never per event.
static PERSISTER: RwLock<Option<LocalPid>> = RwLock::new(None);

mod atoms {
    rustler::atoms! { phoenix_replay, down, ok, error, exists, again, nil, open, json, id, view, connected_at, url, max_events, max_bytes, max_memory }
}

/// A session that Elixir holds.
pub struct SessionResource {
    session: Session,
    sanitizer: Option<ResourceArc<SanitizerResource>>,
    bound: bool,
}

impl SessionResource {
    pub fn session(&self) -> &Session {
        &self.session
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
        drop(self);
    }

    fn down<'a>(&'a self, env: Env<'a>, _pid: LocalPid, _monitor: Monitor) {
        let _held = cpu_time::held("session down");
        self.end(env);
    }
}

impl SessionResource {
    /// The process is gone. Why, a watcher may know; without one the session is saved all the same.
    fn end(&self, env: Env<'_>) {
        self.session.close(Ending {
            how: Ended::Unknown,
            error: None,
        });
        // Copied out, so that the lock is not held while a message is sent.
        let persister = *PERSISTER.read();
        if let Some(persister) = persister {
            let id = &*self.session.facts().id;
            // One that is gone asks for what has ended when it is back.
            let _ = env.send(&persister, (atoms::phoenix_replay(), atoms::down(), id));
        }
    }
}

/// What the caller limits. What is left out has core's default, and memory none.
struct GivenLimits {
    session: Limits,
    max_memory: Option<u64>,
}

impl<'a> Decoder<'a> for GivenLimits {
    fn decode(term: Term<'a>) -> NifResult<Self> {
        let given = |key: Atom| match term.map_get(key) {
            Ok(limit) => limit.decode::<Option<u64>>(),
            Err(_absent) => Ok(None),
        };
        let default = Limits::default();
        Ok(GivenLimits {
            session: Limits {
                max_events: given(atoms::max_events())?.unwrap_or(default.max_events),
                max_bytes: given(atoms::max_bytes())?.unwrap_or(default.max_bytes),
            },
            max_memory: given(atoms::max_memory())?,
        })
    }
}

#[derive(NifMap)]
struct GivenFacts<'a> {
    view: Atom,
    connected_at: i64,
    url: Option<Binary<'a>>,
    head: Term<'a>,
    params: Term<'a>,
    session: Term<'a>,
}

#[rustler::nif]
fn session_start_now<'a>(
    env: Env<'a>,
    id: &str,
    pid: Option<LocalPid>,
    facts: GivenFacts<'a>,
    sanitizer: Option<ResourceArc<SanitizerResource>>,
    limits: GivenLimits,
) -> NifResult<Term<'a>> {
    let _held = cpu_time::held("session_start_now");
    start(
        env,
        (id, pid),
        &facts,
        sanitizer,
        limits,
        Budget::new(BUDGET),
    )
}

#[rustler::nif(schedule = "DirtyCpu")]
fn session_start_dirty<'a>(
    env: Env<'a>,
    id: &str,
    pid: Option<LocalPid>,
    facts: GivenFacts<'a>,
    sanitizer: Option<ResourceArc<SanitizerResource>>,
    limits: GivenLimits,
) -> NifResult<Term<'a>> {
    let _held = cpu_time::held("session_start_dirty");
    start(
        env,
        (id, pid),
        &facts,
        sanitizer,
        limits,
        Budget::unlimited(),
    )
}

fn start<'a>(
    env: Env<'a>,
    (id, pid): (&str, Option<LocalPid>),
    given: &GivenFacts<'a>,
    sanitizer: Option<ResourceArc<SanitizerResource>>,
    limits: GivenLimits,
    mut budget: Budget,
) -> NifResult<Term<'a>> {
    // First of all: where there is no room, a start costs one read.
    if limits
        .max_memory
        .is_some_and(|max| !REGISTRY.counters().below(max))
    {
        return Ok((atoms::error(), atoms::max_memory()).encode(env));
    }
    let Ok(facts) = facts(env, id, given, sanitizer.as_deref(), &mut budget) else {
        return Ok(atoms::again().encode(env));
    };
    let session = Session::new(
        facts,
        limits.session,
        REGISTRY.counters().clone(),
        Instant::now(),
    );
    let resource = ResourceArc::new(SessionResource {
        session,
        sanitizer,
        bound: pid.is_some(),
    });
    if REGISTRY.insert(id.into(), resource.clone()).is_err() {
        return Ok((atoms::error(), atoms::exists()).encode(env));
    }
    if let Some(pid) = pid {
        // A process that died meanwhile cannot be monitored any more.
        if env.monitor(&resource, &pid).is_none() {
            resource.end(env);
        }
    }
    Ok(reply::ok(env, resource))
}

fn facts<'a>(
    env: Env<'a>,
    id: &str,
    given: &GivenFacts<'a>,
    sanitizer: Option<&SanitizerResource>,
    budget: &mut Budget,
) -> Result<Facts, Exhausted> {
    let mut head = Vec::new();
    sanitizer::encode(
        None,
        Role::Params,
        head_of(env, id, given),
        budget,
        &mut head,
    )?;
    let mut context = Vec::new();
    write::map(&mut context, 2);
    for (key, term) in [("params", given.params), ("session", given.session)] {
        write::atom(&mut context, key);
        sanitizer::encode(sanitizer, Role::Params, term, budget, &mut context)?;
    }
    let view = Live::new(given.view.to_term(env))
        .atom()
        .unwrap_or_default()
        .into();
    let url = match given.url {
        Some(url) => {
            budget.spend_bytes(url.len())?;
            Some(text(url.as_slice()))
        }
        None => None,
    };
    Ok(Facts {
        id: id.into(),
        view,
        connected_at: given.connected_at,
        url,
        head,
        context,
    })
}

/// What of text that is given in bytes can be kept as such.
fn text(bytes: &[u8]) -> Arc<str> {
    String::from_utf8_lossy(bytes).into()
}

/// What the caller says of node and code, with what says which recording this is.
fn head_of<'a>(env: Env<'a>, id: &str, given: &GivenFacts<'a>) -> Term<'a> {
    let own = [
        (atoms::id(), id.encode(env)),
        (atoms::view(), given.view.encode(env)),
        (atoms::connected_at(), given.connected_at.encode(env)),
    ];
    // A journal has no summary to say it.
    let url = given.url.map(|url| (atoms::url(), url.encode(env)));
    // Anything but a map comes from nobody, and a head without these three says so when it is read.
    own.into_iter()
        .chain(url)
        .fold(given.head, |head, (key, value)| {
            head.map_put(key, value).unwrap_or(head)
        })
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
            text(&error[..error.len().min(ERROR)])
        }),
    });
    atoms::ok()
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
        interacted: session.session.interacted(),
        bound: session.bound,
        journalled: session.session.is_journalled(),
    }
}

#[rustler::nif(schedule = "DirtyCpu")]
fn session_summary<'a>(env: Env<'a>, session: ResourceArc<SessionResource>) -> Term<'a> {
    let _held = cpu_time::held("session_summary");
    let facts = session.session.facts();
    let summary = session.session.summary().to_value();
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
            let summary = build::term(env, &sealed.summary.to_value());
            (atoms::ok(), data, summary).encode(env)
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
