//! What a session is named by: its id, and the visit it belongs to.
//!
//! Both are made at each start, in the LiveView. Asked for through Erlang's `crypto`, they took a
//! third of what a start takes.

use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use base64::Engine;
use hmac::{Hmac, KeyInit, Mac};
use phoenix_replay_core::etf::Value;
use rustler::{Binary, Decoder, Error, NifResult, Term};
use sha2::Sha256;

/// Bytes of an id, from the system's own source: an id is all one needs to open a recording where
/// nothing else is asked.
const ID: usize = 16;

/// What a visit is a code of, before the token. It keeps it apart from what else is made of the secret.
const VISIT: &[u8] = b"phoenix_replay visit";

/// Bytes of the code that are shown.
const SHOWN: usize = 12;

/// No more of a secret or token is looked at, so that no call takes long.
const LONGEST: usize = 4096;

/// A new id.
pub fn new_id() -> NifResult<String> {
    let mut bytes = [0; ID];
    getrandom::fill(&mut bytes).map_err(|_| Error::Atom("no_randomness"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// What the sessions of one browser have in common: a secret of the host's, and the token that it is of.
pub struct Visit<'a>(Binary<'a>, Binary<'a>);

impl<'a> Decoder<'a> for Visit<'a> {
    fn decode(term: Term<'a>) -> NifResult<Self> {
        let (secret, token) = term.decode()?;
        Ok(Visit(secret, token))
    }
}

impl Visit<'_> {
    /// A code of the token under the secret, which tells neither.
    pub fn code(&self) -> NifResult<Value> {
        let Visit(secret, token) = self;
        // RFC 2104. It takes a key of any length.
        let mut mac =
            Hmac::<Sha256>::new_from_slice(beginning(secret)).map_err(|_| Error::BadArg)?;
        mac.update(VISIT);
        mac.update(beginning(token));
        let code = mac.finalize().into_bytes();
        Ok(Value::binary(URL_SAFE.encode(&code[..SHOWN])))
    }
}

fn beginning<'b>(bytes: &'b Binary<'_>) -> &'b [u8] {
    &bytes[..bytes.len().min(LONGEST)]
}
