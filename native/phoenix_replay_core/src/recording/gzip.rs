//! The members of a gzip file.

use std::borrow::Cow;
use std::io::{Read, Write};

use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use flate2::Compression;

use super::RecordingError;
use crate::etf::VERSION;

/// Smaller gives larger files, larger takes longer without making them much smaller.
const LEVEL: u32 = 9;

/// Appends `parts`, joined, to `out` as one member.
pub(super) fn compress(out: Vec<u8>, parts: &[&[u8]]) -> Result<Vec<u8>, RecordingError> {
    let mut member = GzEncoder::new(out, Compression::new(LEVEL));
    for part in parts {
        member.write_all(part).map_err(|_| RecordingError::Write)?;
    }
    member.finish().map_err(|_| RecordingError::Write)
}

/// What a file begins with, inflated, and what follows it. Versions 0.1 and 0.2 could leave out the
/// compression: a file that begins like a term or a JSON document is one.
pub(super) fn first(bytes: &[u8], limit: u64) -> Result<(Cow<'_, [u8]>, &[u8]), RecordingError> {
    match bytes.first() {
        None => Err(RecordingError::Truncated),
        Some(&VERSION | b'{') if bytes.len() as u64 > limit => Err(RecordingError::TooLarge(limit)),
        Some(&VERSION | b'{') => Ok((bytes.into(), &[])),
        Some(_) => inflate(bytes, limit).map(|(first, rest)| (first.into(), rest)),
    }
}

/// Inflates the member at the front of `bytes` into at most `limit` bytes, and gives what follows it.
/// A member counts whole or not at all: before its checksum was seen, nothing in it can be trusted.
pub(super) fn inflate(bytes: &[u8], limit: u64) -> Result<(Vec<u8>, &[u8]), RecordingError> {
    let mut inflated = Vec::new();
    let mut member = GzDecoder::new(bytes);
    match member
        .by_ref()
        .take(limit.saturating_add(1))
        .read_to_end(&mut inflated)
    {
        Ok(_) if inflated.len() as u64 > limit => Err(RecordingError::TooLarge(limit)),
        Ok(_) => Ok((inflated, member.into_inner())),
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            Err(RecordingError::Truncated)
        }
        Err(_) => Err(RecordingError::Damaged),
    }
}
