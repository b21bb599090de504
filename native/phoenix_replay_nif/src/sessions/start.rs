//! How a session starts. The LiveView waits for it, so what is the same for many sessions comes made.

use std::sync::Arc;
use std::time::Instant;

use phoenix_replay_core::etf::{write, Budget, Exhausted, MAP, VERSION};
use phoenix_replay_core::session::{Facts, Keep, Limits, Session};
use rustler::{
    Atom, Binary, Decoder, Encoder, Env, Error, LocalPid, NewBinary, NifMap, NifResult,
    ResourceArc, Term,
};

use super::identity;
use super::place::{self, Owner, Place};
use super::{SessionResource, REGISTRY};
use crate::append::BUDGET;
use crate::live::Live;
use crate::sanitizer::{self, Role, SanitizerResource};
use crate::{cpu_time, reply};

/// What params and session mostly take, in bytes.
const CONTEXT: usize = 256;

/// What is written of a session itself into its head, in bytes, besides its id and URL.
const OWN: usize = 128;

mod atoms {
    rustler::atoms! { ok, error, exists, again, max_events, max_bytes, max_memory, keep, place, watch }
}

/// Which sessions the caller keeps: `rate` in parts of a million.
#[derive(NifMap)]
struct GivenKeep {
    errors: bool,
    slower_than: Option<u64>,
    rate: u32,
}

impl GivenKeep {
    fn keep(self) -> Keep {
        Keep {
            errors: self.errors,
            slower_than: self.slower_than,
            rate: self.rate,
        }
    }
}

/// What the caller limits. What is left out has core's default.
struct GivenLimits(Limits);

impl GivenLimits {
    fn of(
        max_events: Option<u64>,
        max_bytes: Option<u64>,
        max_memory: Option<u64>,
        keep: Option<GivenKeep>,
    ) -> Self {
        let default = Limits::default();
        GivenLimits(Limits {
            max_events: max_events.unwrap_or(default.max_events),
            max_bytes: max_bytes.unwrap_or(default.max_bytes),
            max_memory,
            keep: keep.map(GivenKeep::keep),
        })
    }
}

impl<'a> Decoder<'a> for GivenLimits {
    fn decode(term: Term<'a>) -> NifResult<Self> {
        let given = |key: Atom| match term.map_get(key) {
            Ok(limit) => limit.decode::<Option<u64>>(),
            Err(_absent) => Ok(None),
        };
        let keep = match term.map_get(atoms::keep()) {
            Ok(keep) => keep.decode()?,
            Err(_absent) => None,
        };
        Ok(GivenLimits::of(
            given(atoms::max_events())?,
            given(atoms::max_bytes())?,
            given(atoms::max_memory())?,
            keep,
        ))
    }
}

#[derive(NifMap)]
struct GivenFacts<'a> {
    view: Atom,
    connected_at: i64,
    url: Option<Binary<'a>>,
    head: Binary<'a>,
    params: Term<'a>,
    session: Term<'a>,
}

/// The facts, and the place and the visit of a LiveView, which what is recorded by id has none of. By id
/// they come as a map.
struct Given<'a> {
    facts: GivenFacts<'a>,
    place: place::Given<'a>,
    visit: Option<identity::Visit<'a>>,
}

/// What is asked of a LiveView at each start comes in tuples: a map is searched for each key.
type OfView<'a> = (
    Atom,
    i64,
    Binary<'a>,
    (Term<'a>, Term<'a>),
    place::Given<'a>,
    Option<identity::Visit<'a>>,
);

impl<'a> Given<'a> {
    fn of_view((view, connected_at, head, context, place, visit): OfView<'a>) -> Self {
        let (params, session) = context;
        Given {
            facts: GivenFacts {
                view,
                connected_at,
                // Mount cannot know it; the first handle_params does.
                url: None,
                head,
                params,
                session,
            },
            place,
            visit,
        }
    }
}

impl<'a> Decoder<'a> for Given<'a> {
    fn decode(term: Term<'a>) -> NifResult<Self> {
        Ok(Given {
            facts: term.decode()?,
            place: match term.map_get(atoms::place()) {
                Ok(place) => place.decode()?,
                Err(_none) => place::Given::default(),
            },
            visit: None,
        })
    }
}

/// The process that a session is bound to, and who learns why it ends, with a term of the caller's for it.
struct Bound<'a> {
    pid: LocalPid,
    watcher: Option<(LocalPid, Term<'a>)>,
}

/// A session that started, its id and itself as terms, or what is answered instead.
type Started<'a> = Result<(Term<'a>, Term<'a>), Term<'a>>;

#[rustler::nif]
fn session_start_now<'a>(
    env: Env<'a>,
    id: &str,
    pid: Option<LocalPid>,
    facts: Given<'a>,
    sanitizer: Option<ResourceArc<SanitizerResource>>,
    limits: GivenLimits,
) -> NifResult<Term<'a>> {
    let _held = cpu_time::held("session_start_now");
    let budget = Budget::new(BUDGET);
    named(env, (id, pid), &facts, sanitizer, limits, budget)
}

#[rustler::nif(schedule = "DirtyCpu")]
fn session_start_dirty<'a>(
    env: Env<'a>,
    id: &str,
    pid: Option<LocalPid>,
    facts: Given<'a>,
    sanitizer: Option<ResourceArc<SanitizerResource>>,
    limits: GivenLimits,
) -> NifResult<Term<'a>> {
    let _held = cpu_time::held("session_start_dirty");
    let budget = Budget::unlimited();
    named(env, (id, pid), &facts, sanitizer, limits, budget)
}

fn named<'a>(
    env: Env<'a>,
    (id, pid): (&str, Option<LocalPid>),
    facts: &Given<'a>,
    sanitizer: Option<ResourceArc<SanitizerResource>>,
    limits: GivenLimits,
    budget: Budget,
) -> NifResult<Term<'a>> {
    let bound = pid.map(|pid| Bound { pid, watcher: None });
    let started = start(env, (id, bound), facts, sanitizer, limits, budget)?;
    Ok(match started {
        Ok((_id, session)) => reply::ok(env, session),
        Err(refused) => refused,
    })
}

/// Limits of a view: events, bytes, memory, and which sessions are kept.
type LimitsOfView = (Option<u64>, Option<u64>, Option<u64>, Option<GivenKeep>);

/// As [`session_start_now`] for the calling process, under an id made for it.
#[rustler::nif]
fn session_begin_now<'a>(
    env: Env<'a>,
    facts: OfView<'a>,
    watcher: (Option<LocalPid>, Term<'a>),
    sanitizer: Option<ResourceArc<SanitizerResource>>,
    limits: LimitsOfView,
) -> NifResult<Term<'a>> {
    let _held = cpu_time::held("session_begin_now");
    begin(env, facts, watcher, sanitizer, limits, Budget::new(BUDGET))
}

#[rustler::nif(schedule = "DirtyCpu")]
fn session_begin_dirty<'a>(
    env: Env<'a>,
    facts: OfView<'a>,
    watcher: (Option<LocalPid>, Term<'a>),
    sanitizer: Option<ResourceArc<SanitizerResource>>,
    limits: LimitsOfView,
) -> NifResult<Term<'a>> {
    let _held = cpu_time::held("session_begin_dirty");
    begin(env, facts, watcher, sanitizer, limits, Budget::unlimited())
}

fn begin<'a>(
    env: Env<'a>,
    facts: OfView<'a>,
    (watcher, for_it): (Option<LocalPid>, Term<'a>),
    sanitizer: Option<ResourceArc<SanitizerResource>>,
    (max_events, max_bytes, max_memory, keep): LimitsOfView,
    budget: Budget,
) -> NifResult<Term<'a>> {
    let id = identity::new_id()?;
    let bound = Bound {
        pid: env.pid(),
        watcher: watcher.map(|watcher| (watcher, for_it)),
    };
    let given = &Given::of_view(facts);
    let limits = GivenLimits::of(max_events, max_bytes, max_memory, keep);
    let started = start(
        env,
        (id.text(), Some(bound)),
        given,
        sanitizer,
        limits,
        budget,
    )?;
    Ok(match started {
        Ok((id, session)) => (atoms::ok(), id, session).encode(env),
        Err(refused) => refused,
    })
}

fn start<'a>(
    env: Env<'a>,
    (id, bound): (&str, Option<Bound<'a>>),
    given: &Given<'a>,
    sanitizer: Option<ResourceArc<SanitizerResource>>,
    GivenLimits(limits): GivenLimits,
    mut budget: Budget,
) -> NifResult<Started<'a>> {
    let counters = REGISTRY.counters();
    // First of all: where there is no room, a start costs one read.
    if !limits.room(counters) {
        return Ok(Err((atoms::error(), atoms::max_memory()).encode(env)));
    }
    let place = Place::of(&given.place);
    let head = Head::of(&given.facts.head).ok_or(Error::BadArg)?;
    let connection = place.connection.as_deref();
    let Ok(facts) = facts(
        env,
        (id, connection),
        &given.facts,
        &head,
        sanitizer.as_deref(),
        &mut budget,
    ) else {
        return Ok(Err(atoms::again().encode(env)));
    };
    let id = facts.id.clone();
    let session = Session::new(facts, limits, counters.clone(), Instant::now());
    if let Some(facts) = place.facts() {
        session.put_metadata(&facts);
    }
    if let Some(visit) = &given.visit {
        session.put_fact("visit", visit.code()?);
    }
    let owner = bound.as_ref().map(|bound| Owner::of(bound.pid.encode(env)));
    let resource = ResourceArc::new(SessionResource {
        session,
        sanitizer,
        owner,
        watcher: bound
            .as_ref()
            .and_then(|bound| Some(bound.watcher.as_ref()?.0)),
        place,
    });
    if REGISTRY.insert(id.clone(), resource.clone()).is_err() {
        return Ok(Err((atoms::error(), atoms::exists()).encode(env)));
    }
    resource.place.is_of(&id);
    if let Some(owner) = owner {
        owner.has(&id, &resource.place);
    }
    // Made once for the watcher and the caller, and the id on the heap: that of a `str` would be off it.
    let mut text = NewBinary::new(env, id.len());
    text.copy_from_slice(id.as_bytes());
    let id = Term::from(text);
    let session = resource.encode(env);
    if let Some(Bound { pid, watcher }) = bound {
        // From here on the watcher tells of its end, so it hears of it in the same call: a process may be
        // killed after any other. One that is gone is found to be when the session ends.
        if let Some((watcher, for_it)) = watcher {
            let _ = env.send(&watcher, (atoms::watch(), pid, (id, session, for_it)));
        }
        // A process that died meanwhile cannot be monitored any more.
        if env.monitor(&resource, &pid).is_none() {
            resource.end(env);
        }
    }
    Ok(Ok((id, session)))
}

fn facts(
    env: Env<'_>,
    (id, connection): (&str, Option<&str>),
    given: &GivenFacts<'_>,
    head: &Head<'_>,
    sanitizer: Option<&SanitizerResource>,
    budget: &mut Budget,
) -> Result<Facts, Exhausted> {
    let view = Live::new(given.view.to_term(env))
        .atom()
        .unwrap_or_default();
    let url: Option<Arc<str>> = match given.url {
        Some(url) => {
            budget.spend_bytes(url.len())?;
            Some(String::from_utf8_lossy(&url).into())
        }
        None => None,
    };
    budget.spend_bytes(head.entries.len())?;
    let mut context = Vec::with_capacity(CONTEXT);
    write::map(&mut context, 2);
    for (key, term) in [("params", given.params), ("session", given.session)] {
        write::atom(&mut context, key);
        sanitizer::encode(sanitizer, Role::Params, term, budget, &mut context)?;
    }
    Ok(Facts {
        id: id.into(),
        view: view.into(),
        connected_at: given.connected_at,
        head: head.with(id, view, given.connected_at, (url.as_deref(), connection)),
        url,
        context,
    })
}

/// What the caller says of node and code: a map in external term format, as many sessions have it.
struct Head<'a> {
    count: usize,
    entries: &'a [u8],
}

impl<'a> Head<'a> {
    /// `None` for anything else.
    fn of(term: &'a [u8]) -> Option<Self> {
        let map = term.strip_prefix(&[VERSION, MAP])?;
        let (count, entries) = map.split_first_chunk()?;
        Some(Head {
            count: u32::from_be_bytes(*count) as usize,
            entries,
        })
    }

    /// With what says which recording this is.
    fn with(
        &self,
        id: &str,
        view: &str,
        connected_at: i64,
        (url, connection): (Option<&str>, Option<&str>),
    ) -> Vec<u8> {
        let own = OWN + id.len() + url.map_or(0, str::len);
        let mut out = Vec::with_capacity(own + self.entries.len());
        let known = usize::from(url.is_some()) + usize::from(connection.is_some());
        write::map(&mut out, self.count + 3 + known);
        write::atom(&mut out, "id");
        write::binary(&mut out, id.as_bytes());
        write::atom(&mut out, "view");
        write::atom(&mut out, view);
        write::atom(&mut out, "connected_at");
        write::integer(&mut out, connected_at);
        // A journal has no summary to say it.
        if let Some(url) = url {
            write::atom(&mut out, "url");
            write::binary(&mut out, url.as_bytes());
        }
        if let Some(connection) = connection {
            write::atom(&mut out, "connection");
            write::binary(&mut out, connection.as_bytes());
        }
        out.extend_from_slice(self.entries);
        out
    }
}
