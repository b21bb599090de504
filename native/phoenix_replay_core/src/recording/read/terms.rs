//! The terms of an inflated member, one after the other.

use crate::etf::{self, Decoder, Value};
use crate::recording::{Limits, RecordingError};

/// The terms of an inflated member.
pub(super) struct Terms<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) decoder: Decoder,
}

impl<'a> Terms<'a> {
    pub(super) fn new(bytes: &'a [u8], limits: Limits) -> Self {
        Terms {
            bytes,
            decoder: Decoder::new(etf::Limits {
                nodes: limits.nodes,
            }),
        }
    }

    pub(super) fn next_term(&mut self) -> Option<Result<Value, RecordingError>> {
        if self.bytes.is_empty() {
            return None;
        }
        Some(match self.decoder.decode(self.bytes) {
            Ok((value, used)) => {
                self.bytes = &self.bytes[used.min(self.bytes.len())..];
                Ok(value)
            }
            // Not truncated: the member is whole, so reading more of the file would change nothing.
            Err(error) => Err(RecordingError::Term(error)),
        })
    }
}
