//! The default sanitizer, made once and used by every session.

use phoenix_replay_core::etf::{self, Budget, Exhausted, Limits, Value, VERSION};
use phoenix_replay_core::recording::hidden;
use phoenix_replay_core::sanitize::{Options, Sanitizer};
use phoenix_replay_core::view::Everything;
use rustler::{Binary, Env, Error, NifMap, NifResult, Resource, ResourceArc, Term};

use crate::live::Live;
use crate::{build, cpu_time};

/// A sanitizer that Elixir holds.
pub struct SanitizerResource(Sanitizer);

impl std::panic::RefUnwindSafe for SanitizerResource {}

impl Resource for SanitizerResource {}

impl SanitizerResource {
    /// The URL without what is sensitive in it.
    pub fn url(&self, url: &[u8]) -> Vec<u8> {
        self.0
            .url(&String::from_utf8_lossy(url))
            .into_owned()
            .into_bytes()
    }
}

/// What a term is to the session it is recorded in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The assigns of a view.
    Assigns,
    /// Params, or the browser's session.
    Params,
}

mod atoms {
    rustler::atoms! { assigns, params }
}

#[derive(NifMap)]
struct Given {
    filter_keys: Vec<String>,
    discard: Vec<String>,
    keep: Option<Vec<String>>,
}

#[rustler::nif]
fn sanitizer_new(given: Given) -> ResourceArc<SanitizerResource> {
    let _held = cpu_time::held("sanitizer_new");
    let Given {
        filter_keys,
        discard,
        keep,
    } = given;
    ResourceArc::new(SanitizerResource(Sanitizer::new(Options {
        filter_keys,
        discard,
        keep,
    })))
}

/// Writes a term as a session's sanitizer lets it be seen; without one, as it is.
pub fn encode(
    sanitizer: Option<&SanitizerResource>,
    role: Role,
    term: Term<'_>,
    budget: &mut Budget,
    out: &mut Vec<u8>,
) -> Result<(), Exhausted> {
    let term = Live::new(term);
    match (sanitizer, role) {
        (None, _) => etf::encode(&term, &Everything, (), budget, out),
        (Some(SanitizerResource(view)), Role::Assigns) => {
            etf::encode(&term, view, Sanitizer::assigns(), budget, out)
        }
        (Some(SanitizerResource(view)), Role::Params) => {
            etf::encode_fate(view.params_fate(&term), &term, view, budget, out)
        }
    }
}

/// The change between two maps of assigns, as `encode` would have shown both.
pub fn diff<'a>(
    sanitizer: Option<&SanitizerResource>,
    (old, new, changed): (Term<'a>, Term<'a>, Term<'a>),
    budget: &mut Budget,
    out: &mut Vec<u8>,
) -> Result<phoenix_replay_core::patch::Change, Exhausted> {
    use phoenix_replay_core::patch::diff_assigns;
    let (old, new, changed) = (&Live::new(old), &Live::new(new), &Live::new(changed));
    match sanitizer {
        None => diff_assigns(old, new, changed, &Everything, (), budget, out),
        Some(SanitizerResource(view)) => {
            diff_assigns(old, new, changed, view, Sanitizer::assigns(), budget, out)
        }
    }
}

/// A term as `encode` writes it, without what is sensitive.
pub fn value(
    sanitizer: Option<&SanitizerResource>,
    role: Role,
    term: Term<'_>,
    budget: &mut Budget,
) -> NifResult<Result<Value, Exhausted>> {
    let mut bytes = vec![VERSION];
    if let Err(exhausted) = encode(sanitizer, role, term, budget, &mut bytes) {
        return Ok(Err(exhausted));
    }
    let (value, _) = etf::decode(&bytes, Limits::default()).map_err(|_| Error::BadArg)?;
    Ok(Ok(hidden::stripped(&value)))
}

#[rustler::nif(schedule = "DirtyCpu")]
fn sanitize<'a>(
    env: Env<'a>,
    sanitizer: ResourceArc<SanitizerResource>,
    term: Term<'a>,
    role: rustler::Atom,
) -> NifResult<Term<'a>> {
    let _held = cpu_time::held("sanitize");
    let role = if role == atoms::assigns() {
        Role::Assigns
    } else {
        Role::Params
    };
    let stripped = value(Some(&sanitizer), role, term, &mut Budget::unlimited())?;
    let stripped = stripped.map_err(|_| Error::BadArg)?;
    Ok(build::term(env, &stripped))
}

/// How much of a text is looked at, in bytes: so little that no call is long.
const TEXT: usize = 4_000;

/// How a text begins, without what follows a sensitive name in it.
#[rustler::nif]
fn sanitize_text<'a>(
    env: Env<'a>,
    sanitizer: ResourceArc<SanitizerResource>,
    text: Binary<'a>,
) -> Term<'a> {
    let _held = cpu_time::held("sanitize_text");
    let text = text.as_slice();
    // Bytes that are no UTF-8 end it, as does a letter that is cut.
    let chunk = text[..text.len().min(TEXT)].utf8_chunks().next();
    let text = chunk.map_or("", |chunk| chunk.valid());
    build::binary(env, sanitizer.0.text(text).as_bytes())
}

#[rustler::nif(schedule = "DirtyCpu")]
fn sanitize_url<'a>(
    env: Env<'a>,
    sanitizer: ResourceArc<SanitizerResource>,
    url: Binary<'a>,
) -> Term<'a> {
    let _held = cpu_time::held("sanitize_url");
    build::binary(env, &sanitizer.url(url.as_slice()))
}
