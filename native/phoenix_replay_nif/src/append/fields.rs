//! Events that are written field by field, as the recorder says what each of them is.

use phoenix_replay_core::etf::{write, Budget, Exhausted};
use phoenix_replay_core::patch::Change;
use phoenix_replay_core::recording::{is_error_level, EventKind};
use phoenix_replay_core::session::{Appended, Interaction, Written};
use rustler::{Atom, Error, NifResult, Term};

use super::{text, Sanitizing};
use crate::live::Live;
use crate::sanitizer::{self, Role};
use crate::sessions::SessionResource;

mod atoms {
    rustler::atoms! { plain, assigns, params, diff, unchanged }
}

/// What a field is to the sanitizer.
enum Field<'a> {
    /// The recorder's own word, written as it is.
    Plain(Term<'a>),
    /// The assigns of a view or component, or a map like them.
    Assigns(Term<'a>),
    /// Params, or what else came from or goes to the browser.
    Params(Term<'a>),
    /// What changed between two maps of assigns; where nothing did, there is no event.
    Diff((Term<'a>, Term<'a>, Term<'a>)),
}

impl<'a> Field<'a> {
    fn of(role: Atom, term: Term<'a>) -> NifResult<Self> {
        match role {
            role if role == atoms::plain() => Ok(Field::Plain(term)),
            role if role == atoms::assigns() => Ok(Field::Assigns(term)),
            role if role == atoms::params() => Ok(Field::Params(term)),
            role if role == atoms::diff() => Ok(Field::Diff(term.decode()?)),
            _ => Err(Error::BadArg),
        }
    }

    fn write(
        &self,
        sanitizer: Sanitizing<'_>,
        budget: &mut Budget,
        out: &mut Vec<u8>,
    ) -> Result<Written, Exhausted> {
        match *self {
            Field::Plain(term) => sanitizer::encode(None, Role::Params, term, budget, out)?,
            Field::Assigns(term) => sanitizer::encode(sanitizer, Role::Assigns, term, budget, out)?,
            Field::Params(term) => sanitizer::encode(sanitizer, Role::Params, term, budget, out)?,
            Field::Diff(assigns) => match sanitizer::diff(sanitizer, assigns, budget, out)? {
                Change::Changed => {}
                Change::Same => return Ok(Written::Nothing),
            },
        }
        Ok(Written::Payload)
    }
}

/// Appends an event of any kind, its payload given as `[{key, role, term}]`. Of a `handle_event` the
/// field `name` is counted, of the log what its `level` says is an error, and of a slow step its `ms`.
pub(super) fn append(
    held: &SessionResource,
    (kind, given): (Term<'_>, Vec<(Term<'_>, Atom, Term<'_>)>),
    last: bool,
    budget: &mut Budget,
) -> NifResult<Atom> {
    let (session, sanitizer) = (held.session(), held.sanitizer());
    let kind = EventKind::named(Live::new(kind).atom().ok_or(Error::BadArg)?);
    let mut fields = Vec::with_capacity(given.len());
    let mut interaction = Interaction::None;
    for (key, role, term) in given {
        let key = Live::new(key).atom().ok_or(Error::BadArg)?;
        match (kind, key) {
            (EventKind::Event, "name") => {
                interaction = Interaction::Event(text(term).unwrap_or_default());
            }
            (EventKind::Other("log"), "level") if text(term).is_some_and(is_error_level) => {
                interaction = Interaction::Failed;
            }
            (EventKind::Other("slow"), "ms") => {
                interaction = term.decode().map_or(interaction, Interaction::Took);
            }
            _ => {}
        }
        fields.push((key, Field::of(role, term)?));
    }
    if matches!(interaction, Interaction::Event(_)) {
        held.place().touched();
    }
    let write = |out: &mut Vec<u8>| {
        write::map(out, fields.len());
        for (key, field) in &fields {
            write::atom(out, key);
            if field.write(sanitizer, budget, out)? == Written::Nothing {
                return Ok(Written::Nothing);
            }
        }
        Ok(Written::Payload)
    };
    let done = if last {
        session.append_last(kind, write)
    } else {
        session.append(None, kind, interaction, write)
    };
    Ok(match done {
        Ok(Appended::Unchanged) => atoms::unchanged(),
        done => super::answer(done),
    })
}
