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
pub fn new_id() -> NifResult<Text<{ ID.div_ceil(3) * 4 }>> {
    let mut bytes = [0; ID];
    getrandom::fill(&mut bytes).map_err(|_| Error::Atom("no_randomness"))?;
    Text::of(&URL_SAFE_NO_PAD, &bytes)
}

/// Bytes as text, in a place of its own: a start makes several.
pub struct Text<const ROOM: usize> {
    room: [u8; ROOM],
    length: usize,
}

impl<const ROOM: usize> Text<ROOM> {
    pub fn of(engine: &impl Engine, bytes: &[u8]) -> NifResult<Self> {
        let mut room = [0; ROOM];
        let length = engine.encode_slice(bytes, &mut room);
        let length = length.map_err(|_too_little_room| Error::BadArg)?;
        Ok(Text { room, length })
    }

    pub fn text(&self) -> &str {
        // The alphabet is ASCII.
        std::str::from_utf8(&self.room[..self.length]).unwrap_or_default()
    }
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
        let code = Text::<{ SHOWN.div_ceil(3) * 4 }>::of(&URL_SAFE, &code[..SHOWN])?;
        Ok(Value::binary(code.text()))
    }
}

fn beginning<'b>(bytes: &'b Binary<'_>) -> &'b [u8] {
    &bytes[..bytes.len().min(LONGEST)]
}
