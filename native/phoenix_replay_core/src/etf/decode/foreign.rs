//! Terms that mean nothing outside their node: read to be shown, never to be used.
//!
//! A recording of our own holds none. Terms that `term_to_binary` wrote may.

use std::sync::Arc;

use super::{Cursor, DecodeError, Decoder};
use crate::etf::tag;
use crate::tree::{Inert, InertKind};

/// The most words a reference may have.
const REFERENCE_WORDS: usize = 5;

impl Decoder {
    /// Reads what follows the tag of a pid, port, reference or function; `None` for any other tag.
    pub(super) fn foreign(
        &mut self,
        input: &mut Cursor<'_>,
        tag: u8,
    ) -> Result<Option<Inert>, DecodeError> {
        let inert = match tag {
            tag::NEW_PID | tag::PID => {
                self.name(input)?;
                let (id, serial) = (input.word()?, input.word()?);
                input.take(if tag == tag::NEW_PID { 4 } else { 1 })?;
                inert(InertKind::Pid, format!("#PID<0.{id}.{serial}>"))
            }
            tag::V4_PORT => {
                self.name(input)?;
                let id = u64::from_be_bytes(input.array()?);
                input.take(4)?;
                inert(InertKind::Port, format!("#Port<0.{id}>"))
            }
            tag::NEW_PORT | tag::PORT => {
                self.name(input)?;
                let id = input.word()?;
                input.take(if tag == tag::NEW_PORT { 4 } else { 1 })?;
                inert(InertKind::Port, format!("#Port<0.{id}>"))
            }
            tag::REFERENCE => {
                self.name(input)?;
                let id = input.word()?;
                input.take(1)?;
                reference(&[id])
            }
            tag::NEWER_REFERENCE | tag::NEW_REFERENCE => {
                let count = usize::from(u16::from_be_bytes(input.array()?));
                if count > REFERENCE_WORDS {
                    return Err(DecodeError::Foreign);
                }
                self.name(input)?;
                input.take(if tag == tag::NEWER_REFERENCE { 4 } else { 1 })?;
                let mut words = [0; REFERENCE_WORDS];
                for word in &mut words[..count] {
                    *word = input.word()?;
                }
                reference(&words[..count])
            }
            tag::EXPORT => self.external(input)?,
            tag::NEW_FUN => self.closure(input)?,
            _ => return Ok(None),
        };
        Ok(Some(inert))
    }

    fn external(&mut self, input: &mut Cursor<'_>) -> Result<Inert, DecodeError> {
        let module = self.name(input)?;
        let name = self.name(input)?;
        if input.byte()? != tag::SMALL_INTEGER {
            return Err(DecodeError::Foreign);
        }
        let arity = input.byte()?;
        Ok(Inert {
            kind: InertKind::Function,
            text: format!("&{}.{name}/{arity}", shown(&module)),
            function: Some((module.to_string(), name.to_string(), arity)),
        })
    }

    /// A closure. What it closed over is skipped.
    fn closure(&mut self, input: &mut Cursor<'_>) -> Result<Inert, DecodeError> {
        // The size counts its own four bytes.
        let size = input.length()?.checked_sub(4).ok_or(DecodeError::Foreign)?;
        let mut inside = Cursor::new(input.take(size)?);
        let arity = inside.byte()?;
        inside.take(16)?;
        let index = inside.word()?;
        inside.word()?;
        let module = self.name(&mut inside)?;
        Ok(inert(
            InertKind::Function,
            format!("#Function<{index}/{arity} in {}>", shown(&module)),
        ))
    }

    /// An atom where nothing else may stand.
    fn name(&mut self, input: &mut Cursor<'_>) -> Result<Arc<str>, DecodeError> {
        match input.byte()? {
            tag @ (tag::ATOM | tag::SMALL_ATOM | tag::ATOM_UTF8 | tag::SMALL_ATOM_UTF8) => {
                self.atom(input, tag)
            }
            _ => Err(DecodeError::Atom),
        }
    }
}

fn inert(kind: InertKind, text: String) -> Inert {
    Inert {
        kind,
        text,
        function: None,
    }
}

/// Erlang prints the words of a reference in reverse.
fn reference(words: &[u32]) -> Inert {
    let mut text = String::from("#Reference<0");
    for word in words.iter().rev() {
        text.push_str(&format!(".{word}"));
    }
    text.push('>');
    inert(InertKind::Reference, text)
}

/// A module as Elixir writes it: without the prefix of its own, `:`-quoted if it is Erlang's.
fn shown(module: &str) -> String {
    match module.strip_prefix("Elixir.") {
        Some(name) => name.to_owned(),
        None => format!(":{module}"),
    }
}
