//! A recording as one JSON document, and back again without loss.
//!
//! ```json
//! {"version": 1, "id": "…", "view": "Elixir.MyAppWeb.CartLive", "connected_at": 1764000000000,
//!  "url": "/cart", "head": {…}, "summary": {…},
//!  "params": {…}, "session": {…},
//!  "events": [{"offset": 0, "type": "mount", "payload": {"assigns": {"count": 1}}}]}
//! ```
//!
//! `head` and `summary` are those of the other format. The file is gzip in two members, of which the
//! first ends before `params`: alone it gives head and summary.
//!
//! # What JSON lacks
//!
//! `nil`, `true` and `false`, integers that fit 64 bits, floats, proper lists, and binaries that are
//! UTF-8 are what they are in JSON. A map is an object when its keys are atoms and such binaries: the
//! key of an atom has a colon in front (`":name"`), that of a binary which begins with `:` or `$` a
//! dollar (`"$:name"`). What else there is becomes an object with one key:
//!
//! | term | JSON |
//! |---|---|
//! | `:ok` | `{"$atom": "ok"}` |
//! | `{1, 2}` | `{"$tuple": [1, 2]}` |
//! | `[a: 1]` | `{"$keyword": [["a", 1]]}` |
//! | `[1 \| 2]` | `{"$improper": [[1], 2]}` |
//! | `%{1 => 2}` | `{"$map": [[1, 2]]}` |
//! | `<<255>>` | `{"$binary": "ff"}`, hexadecimal |
//! | `<<5::3>>` | `{"$bits": ["a0", 3]}`: how many bits of the last byte count |
//! | `2 ** 64` | `{"$integer": "010000000000000000"}`, hexadecimal, whole bytes, a minus in front if there is one |
//!
//! A struct is a map with a `":__struct__"`. Where keys are atoms anyway (`head`, `summary`, an
//! event's payload, the `assigns`, `delta` and `snapshot` in it) they stand without the colon; should
//! one of these not be such a map, it is `{"$term": …}` with any of the above.

mod digits;
mod document;
mod reader;
mod tags;
mod writer;

use super::{gzip, Head, Limits, Recording, RecordingError, Summary};

/// Writes a recording as a finished file: [`to_text`], compressed in two members.
///
/// # Errors
/// [`RecordingError::Write`] when compressing fails.
pub fn write(recording: &Recording) -> Result<Vec<u8>, RecordingError> {
    let (mut front, mut rest) = (Vec::new(), Vec::new());
    document::write_front(&mut front, recording);
    let file = gzip::compress(Vec::new(), &[&front])?;
    drop(front);
    document::write_rest(&mut rest, recording);
    gzip::compress(file, &[&rest])
}

/// The document, not compressed.
#[must_use]
pub fn to_text(recording: &Recording) -> Vec<u8> {
    let mut text = Vec::new();
    document::write_front(&mut text, recording);
    document::write_rest(&mut text, recording);
    text
}

/// The recording of a document, ours or one of version 0.1 and 0.2, which knows no tags.
///
/// # Errors
/// A [`RecordingError`] when it is not JSON, or not that of a recording.
pub fn from_text(text: &[u8]) -> Result<Recording, RecordingError> {
    document::read(text, false, Limits::default().nodes)?.recording()
}

/// Whether a document may begin here.
pub(super) fn begins(text: &[u8]) -> bool {
    text.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{')
}

/// Head and summary of the first member.
pub(super) fn read_head(first: &[u8]) -> Result<(Head, Option<Summary>), RecordingError> {
    document::read(first, true, Limits::default().nodes)?.front()
}

/// The recording of a file whose first member is inflated. Without the second, or with that one
/// damaged, it is one without events.
pub(super) fn read_members(
    first: Vec<u8>,
    mut rest: &[u8],
    limits: Limits,
) -> Result<Recording, RecordingError> {
    let mut text = first;
    let mut left = limits.inflated_bytes;
    let front = text.len();
    let mut cut = false;
    while !rest.is_empty() && !cut {
        match gzip::inflate(rest, left) {
            Ok((member, following)) => {
                left -= member.len() as u64;
                rest = following;
                text.extend_from_slice(&member);
            }
            Err(_) => cut = true,
        }
    }
    let document = match document::read(&text, !cut, limits.nodes) {
        Err(_) if cut => document::read(&text[..front], true, limits.nodes),
        other => other,
    };
    let mut recording = document?.recording()?;
    recording.summary.interrupted |= cut;
    Ok(recording)
}
