//! Appending to a session: the calls a LiveView makes as it runs.
//!
//! Each is made within a budget that keeps it below a millisecond. Past it the session has undone what
//! was written, and the same call is made again on a dirty scheduler, where it may take its time.

mod fields;

use phoenix_replay_core::etf::{write, Budget, Exhausted};
use phoenix_replay_core::patch::Change;
use phoenix_replay_core::recording::{is_error_level, EventKind};
use phoenix_replay_core::session::{Appended, Interaction, Session, Written};
use rustler::{Atom, Error, NifResult, ResourceArc, Term};

use crate::cpu_time;
use crate::live::Live;
use crate::sanitizer::{self, Role, SanitizerResource};
use crate::sessions::SessionResource;

/// What a call on a normal scheduler may do. A node takes 20 to 100 ns, but `mix bench` measured up to
/// 480 ns for an entry of a map of 100,000 keys built anew, each looked up and its name judged, and
/// 360 ns for a level of a nest: all of it has to stay below a millisecond.
pub const BUDGET: u64 = 1_500;

/// How much more a byte of a URL costs than one that is copied: it is taken apart.
const URL_COST: usize = 8;

/// How much of an event's name is looked at for counting it. No name of more than 128 bytes is counted.
const NAME: usize = 256;

mod atoms {
    rustler::atoms! {
        ok, truncated, dropped, refused, again,
        mount, event, handle_params, info, assigns, fault, by_id, fields, last,
    }
}

#[rustler::nif]
fn append_now(
    session: ResourceArc<SessionResource>,
    kind: Atom,
    payload: Term<'_>,
) -> NifResult<Atom> {
    let _held = cpu_time::held("append_now");
    append(&session, kind, payload, Budget::new(BUDGET))
}

/// As [`append_now`] for an event. What a LiveView appends all the time comes without a payload to
/// pack and a kind to tell.
#[rustler::nif]
fn append_event_now<'a>(session: &'a SessionResource, name: Term<'a>, params: Term<'a>) -> Atom {
    let _held = cpu_time::held("append_event_now");
    session.place().touched();
    let (session, sanitizer) = (session.session(), session.sanitizer());
    let budget = &mut Budget::new(BUDGET);
    answer(event(session, sanitizer, (name, params), None, budget))
}

/// As [`append_now`] for a render.
#[rustler::nif]
fn append_assigns_now<'a>(
    session: &'a SessionResource,
    seen: Term<'a>,
    next: Term<'a>,
    changed: Term<'a>,
) -> Atom {
    let _held = cpu_time::held("append_assigns_now");
    let (session, sanitizer) = (session.session(), session.sanitizer());
    let budget = &mut Budget::new(BUDGET);
    answer(render(session, sanitizer, (seen, next, changed), budget))
}

#[rustler::nif(schedule = "DirtyCpu")]
fn append_dirty(
    session: ResourceArc<SessionResource>,
    kind: Atom,
    payload: Term<'_>,
) -> NifResult<Atom> {
    let _held = cpu_time::held("append_dirty");
    append(&session, kind, payload, Budget::unlimited())
}

fn append(
    held: &SessionResource,
    kind: Atom,
    payload: Term<'_>,
    mut budget: Budget,
) -> NifResult<Atom> {
    let budget = &mut budget;
    let (session, sanitizer) = (held.session(), held.sanitizer());
    let done = if kind == atoms::assigns() {
        render(session, sanitizer, payload.decode()?, budget)
    } else if kind == atoms::event() {
        event(session, sanitizer, payload.decode()?, None, budget)
    } else if kind == atoms::info() {
        info(session, payload, budget)
    } else if kind == atoms::handle_params() {
        params(session, sanitizer, payload.decode()?, None, budget)
    } else if kind == atoms::mount() {
        mount(session, sanitizer, payload, budget)
    } else if kind == atoms::fault() {
        fault(session, payload.decode()?, budget)
    } else if kind == atoms::fields() {
        return fields::append(held, payload.decode()?, false, budget);
    } else if kind == atoms::last() {
        return fields::append(held, payload.decode()?, true, budget);
    } else if kind == atoms::by_id() {
        return by_id(held, payload.decode()?, budget);
    } else {
        return Err(Error::BadArg);
    };
    Ok(answer(done))
}

fn answer(done: Result<Appended, Exhausted>) -> Atom {
    match done {
        Ok(Appended::Stored | Appended::Unchanged) => atoms::ok(),
        Ok(Appended::Truncated) => atoms::truncated(),
        Ok(Appended::Dropped) => atoms::dropped(),
        Ok(Appended::Refused) => atoms::refused(),
        Err(Exhausted) => atoms::again(),
    }
}

type Sanitizing<'s> = Option<&'s SanitizerResource>;
type Done = Result<Appended, Exhausted>;

/// `%{patch: patch}`: what changed between two maps of assigns.
fn render<'a>(
    session: &Session,
    sanitizer: Sanitizing<'_>,
    assigns: (Term<'a>, Term<'a>, Term<'a>),
    budget: &mut Budget,
) -> Done {
    session.append(None, EventKind::Assigns, Interaction::None, |out| {
        write::map(out, 1);
        write::atom(out, "patch");
        Ok(match sanitizer::diff(sanitizer, assigns, budget, out)? {
            Change::Changed => Written::Payload,
            Change::Same => Written::Nothing,
        })
    })
}

/// `%{assigns: assigns}`, with which the session of a LiveView begins.
fn mount(
    session: &Session,
    sanitizer: Sanitizing<'_>,
    assigns: Term<'_>,
    budget: &mut Budget,
) -> Done {
    session.append_first(|out| state(sanitizer, ("assigns", assigns), budget, out))
}

/// A map of one key that holds assigns: those of a mount, a delta, a snapshot.
fn state(
    sanitizer: Sanitizing<'_>,
    (key, assigns): (&str, Term<'_>),
    budget: &mut Budget,
    out: &mut Vec<u8>,
) -> Result<Written, Exhausted> {
    write::map(out, 1);
    write::atom(out, key);
    sanitizer::encode(sanitizer, Role::Assigns, assigns, budget, out)?;
    Ok(Written::Payload)
}

/// `%{name: name, params: params}`.
fn event(
    session: &Session,
    sanitizer: Sanitizing<'_>,
    (name, params): (Term<'_>, Term<'_>),
    offset_ms: Option<u64>,
    budget: &mut Budget,
) -> Done {
    let interaction = Interaction::Event(text(name).unwrap_or_default());
    session.append(offset_ms, EventKind::Event, interaction, |out| {
        write::map(out, 2);
        write::atom(out, "name");
        sanitizer::encode(None, Role::Params, name, budget, out)?;
        write::atom(out, "params");
        sanitizer::encode(sanitizer, Role::Params, params, budget, out)?;
        Ok(Written::Payload)
    })
}

/// `%{params: params, url: url}`.
fn params(
    session: &Session,
    sanitizer: Sanitizing<'_>,
    (params, url): (Term<'_>, Term<'_>),
    offset_ms: Option<u64>,
    budget: &mut Budget,
) -> Done {
    let url = Live::new(url).bytes();
    budget.spend_bytes(url.map_or(0, <[u8]>::len) * URL_COST)?;
    let url = url.map(|url| sanitizer.map_or_else(|| url.to_vec(), |view| view.url(url)));
    let url = url.map(|url| String::from_utf8_lossy(&url).into_owned());
    session.append(
        offset_ms,
        EventKind::HandleParams,
        Interaction::Params(url.as_deref()),
        |out| {
            write::map(out, 2);
            write::atom(out, "params");
            sanitizer::encode(sanitizer, Role::Params, params, budget, out)?;
            write::atom(out, "url");
            match &url {
                Some(url) => write::binary(out, url.as_bytes()),
                None => write::atom(out, "nil"),
            }
            Ok(Written::Payload)
        },
    )
}

/// `%{}`, or `%{tag: tag}`.
fn info(session: &Session, tag: Term<'_>, budget: &mut Budget) -> Done {
    session.append(None, EventKind::Info, Interaction::None, |out| {
        budget.spend(1)?;
        match Live::new(tag).atom().filter(|tag| *tag != "nil") {
            None => write::map(out, 0),
            Some(tag) => {
                write::map(out, 1);
                write::atom(out, "tag");
                write::atom(out, tag);
            }
        }
        Ok(Written::Payload)
    })
}

/// `%{stage: stage, reason: reason}`.
fn fault(session: &Session, (stage, reason): (Term<'_>, Term<'_>), budget: &mut Budget) -> Done {
    session.append(None, EventKind::Fault, Interaction::None, |out| {
        write::map(out, 2);
        write::atom(out, "stage");
        sanitizer::encode(None, Role::Params, stage, budget, out)?;
        write::atom(out, "reason");
        sanitizer::encode(None, Role::Params, reason, budget, out)?;
        Ok(Written::Payload)
    })
}

/// An event of a session by id: its payload as the contract has it, or any term of another kind.
fn by_id(
    held: &SessionResource,
    (offset_ms, kind, payload): (u64, Term<'_>, Term<'_>),
    budget: &mut Budget,
) -> NifResult<Atom> {
    let (session, sanitizer) = (held.session(), held.sanitizer());
    let kind = EventKind::named(Live::new(kind).atom().ok_or(Error::BadArg)?);
    let field = |name| field(payload, name);
    let keyed = |key| Some((key, field(key)?));
    let offset = Some(offset_ms);
    let done = match kind {
        EventKind::Mount | EventKind::Assigns => {
            let keys: &[&str] = match kind {
                EventKind::Mount => &["assigns"],
                _ => &["delta", "snapshot"],
            };
            keys.iter().find_map(|key| keyed(*key)).map(|keyed| {
                session.append(offset, kind, Interaction::None, |out| {
                    state(sanitizer, keyed, budget, out)
                })
            })
        }
        EventKind::Event => {
            let (name, given) = (field("name"), field("params"));
            name.zip(given)
                .map(|given| event(session, sanitizer, given, offset, budget))
        }
        EventKind::HandleParams => {
            let (given, url) = (field("params"), field("url"));
            given
                .zip(url)
                .map(|given| params(session, sanitizer, given, offset, budget))
        }
        _ => Some(session.append(offset, kind, failure(kind, payload), |out| {
            sanitizer::encode(sanitizer, Role::Params, payload, budget, out)?;
            Ok(Written::Payload)
        })),
    };
    done.map(answer).ok_or(Error::BadArg)
}

/// Nobody tells how a session by id ended: an exception counts as what it is, as does the log of one.
fn failure(kind: EventKind<'_>, payload: Term<'_>) -> Interaction<'static> {
    let level = || field(payload, "level").and_then(text);
    match kind {
        EventKind::Other("exception") => Interaction::Failed,
        EventKind::Other("log") if level().is_some_and(is_error_level) => Interaction::Failed,
        _ => Interaction::None,
    }
}

/// The value of an atom key of a payload.
fn field<'a>(payload: Term<'a>, name: &str) -> Option<Term<'a>> {
    use phoenix_replay_core::tree::Tree;
    Live::new(payload).get_atom(name).map(Live::term)
}

/// The text of a binary or an atom, of a long one how it begins.
fn text(term: Term<'_>) -> Option<&str> {
    let term = Live::new(term);
    term.atom().or_else(|| {
        let bytes = term.bytes()?;
        let beginning = &bytes[..bytes.len().min(NAME)];
        Some(beginning.utf8_chunks().next()?.valid())
    })
}
