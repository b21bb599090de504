//! Writing a finished recording.

use super::members::{Members, MEMBER};
use super::{gzip, Chunk, Event, Part, Recording, RecordingError, Summary, FORMAT_VERSION};
use crate::etf::{tag::SMALL_TUPLE, write, Value, VERSION};

/// Bytes of a context that is short.
const SHORT: usize = 4 * 1024;

/// Writes a recording as a finished file, its summary in front.
///
/// # Errors
/// [`RecordingError::Write`] when compressing fails.
pub fn write(recording: &Recording) -> Result<Vec<u8>, RecordingError> {
    let (mut head, mut context) = (Vec::new(), Vec::new());
    write::value(&mut head, &recording.head.facts);
    write::value(&mut context, &recording.context);
    let mut chunk = Vec::new();
    let mut parts = Vec::new();
    for event in &recording.events {
        write_event(&mut chunk, event);
        if chunk.len() >= MEMBER {
            parts.push(Part::Raw(Chunk::new(std::mem::take(&mut chunk))));
        }
    }
    parts.push(Part::Raw(Chunk::new(chunk)));
    finished(&head, &recording.summary, &context, &parts)
}

/// The file of what a session has: its head and context, each a map without a version byte, and its
/// events.
pub(crate) fn finished(
    head: &[u8],
    summary: &Summary,
    context: &[u8],
    parts: &[Part],
) -> Result<Vec<u8>, RecordingError> {
    // What was journalled to its end is a member already. Its context goes in front, so that there is no more
    // of them; where that is long, not: a list reads the first one.
    if let ([Part::Sealed(member)], ..=SHORT) = (parts, context.len()) {
        let mut file = first_member(head, Some(summary), &opening(context))?;
        file.extend_from_slice(member.bytes());
        return Ok(file);
    }
    let file = first_member(head, Some(summary), &[])?;
    let mut members = Members::new(file, opening(context));
    for part in parts {
        members.add(part)?;
    }
    members.finish()
}

/// What stands in a journal in front of the events from the one of index `from` on: with `facts`, the head
/// and context of a session, what it begins with; with `metadata`, what there is of it now. A journal is a
/// recording that has no summary yet.
pub(crate) fn journal(
    facts: Option<(&[u8], &[u8])>,
    metadata: Option<&Value>,
    from: u64,
) -> Result<Vec<u8>, RecordingError> {
    let (file, mut front) = match facts {
        Some((head, context)) => (first_member(head, None, &[])?, opening(context)),
        None => (Vec::new(), Vec::new()),
    };
    if let Some(metadata) = metadata {
        tag(&mut front, "metadata");
        write::value(&mut front, metadata);
    }
    tag(&mut front, "from");
    write::integer(&mut front, i64::try_from(from).unwrap_or(i64::MAX));
    gzip::compress(file, &[&front])
}

/// A member of events and nothing else.
pub(super) fn member(events: Chunk) -> Result<Vec<u8>, RecordingError> {
    let part = Part::Raw(events);
    let mut members = Members::new(Vec::new(), Vec::new());
    members.add(&part)?;
    members.finish()
}

fn first_member(
    head: &[u8],
    summary: Option<&Summary>,
    opening: &[u8],
) -> Result<Vec<u8>, RecordingError> {
    let mut first = Vec::with_capacity(head.len() + 512);
    first.push(VERSION);
    write::tuple(&mut first, 3);
    write::atom(&mut first, "phoenix_replay");
    write::integer(&mut first, FORMAT_VERSION);
    first.extend_from_slice(head);
    if let Some(summary) = summary {
        tag(&mut first, "summary");
        write::value(&mut first, &summary.to_value());
    }
    gzip::compress(Vec::new(), &[&first, opening])
}

/// The term of a context, with its version byte.
fn opening(context: &[u8]) -> Vec<u8> {
    let mut opening = Vec::with_capacity(context.len() + 16);
    tag(&mut opening, "context");
    opening.extend_from_slice(context);
    opening
}

/// The front of `{name, value}`; the value follows.
fn tag(out: &mut Vec<u8>, name: &str) {
    out.push(VERSION);
    write::tuple(out, 2);
    write::atom(out, name);
}

/// The front of an event's term; the payload follows.
#[inline]
pub(crate) fn open_event(out: &mut Vec<u8>, offset_ms: u64, name: &str) {
    out.extend_from_slice(&[VERSION, SMALL_TUPLE, 3]);
    write::integer(out, i64::try_from(offset_ms).unwrap_or(i64::MAX));
    write::atom(out, name);
}

/// An event's term.
pub(super) fn write_event(out: &mut Vec<u8>, event: &Event) {
    open_event(out, event.offset_ms, &event.name);
    write::value(out, &event.payload);
}
