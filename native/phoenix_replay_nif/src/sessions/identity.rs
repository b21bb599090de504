//! What a session is named by: its id, and the visit it belongs to.
//!
//! Both are made at each start, in the LiveView. Asked for through Erlang's `crypto`, they took a
//! third of what a start takes.

use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use base64::Engine;
use hmac::{Hmac, KeyInit, Mac};
use phoenix_replay_core::etf::Value;
use rustler::{Atom, Binary, Encoder, Env, Error, NifResult, ResourceArc, Term};
use sha2::Sha256;

use super::SessionResource;
use crate::cpu_time;

/// Bytes of an id, from the system's own source: an id is all one needs to open a recording where
/// nothing else is asked.
const ID: usize = 16;

/// What a visit is a code of, before the token. It keeps it apart from what else is made of the secret.
const VISIT: &[u8] = b"phoenix_replay visit";

/// Bytes of the code that are shown.
const SHOWN: usize = 12;

/// No more of a secret or token is looked at, so that no call takes long.
const LONGEST: usize = 4096;

mod atoms {
    rustler::atoms! { ok }
}

#[rustler::nif]
fn session_new_id<'a>(env: Env<'a>) -> NifResult<Term<'a>> {
    let _held = cpu_time::held("session_new_id");
    let mut bytes = [0; ID];
    getrandom::fill(&mut bytes).map_err(|_| Error::Atom("no_randomness"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes).encode(env))
}

#[rustler::nif]
fn session_put_visit(
    session: ResourceArc<SessionResource>,
    secret: Binary<'_>,
    token: Binary<'_>,
) -> NifResult<Atom> {
    let _held = cpu_time::held("session_put_visit");
    // RFC 2104. It takes a key of any length.
    let mut mac = Hmac::<Sha256>::new_from_slice(beginning(&secret)).map_err(|_| Error::BadArg)?;
    mac.update(VISIT);
    mac.update(beginning(&token));
    let code = mac.finalize().into_bytes();
    let visit = Value::binary(URL_SAFE.encode(&code[..SHOWN]));
    let facts = Value::map([(Value::binary("visit"), visit)]);
    session.session().put_metadata(&facts);
    Ok(atoms::ok())
}

fn beginning<'b>(bytes: &'b Binary<'_>) -> &'b [u8] {
    &bytes[..bytes.len().min(LONGEST)]
}
