//! Writing a finished recording.

use super::chunk::{self, Packed};
use super::{gzip, Event, Recording, RecordingError, Summary, FORMAT_VERSION};
use crate::etf::{self, write, Decoder, Value, VERSION};
use crate::log::Chunk;

/// Bytes of events that go into one member, at least, where there are so many. A reader loses at
/// most one member to damage; many small ones compress worse.
const MEMBER: usize = 256 * 1024;

/// A chunk with more bytes is written as it is: it holds few events, and large ones, and decoded it
/// would take many times its size.
const PACKED: usize = 1024 * 1024;

/// Writes a recording as a finished file, its summary in front.
///
/// # Errors
/// [`RecordingError::Write`] when compressing fails.
pub fn write(recording: &Recording) -> Result<Vec<u8>, RecordingError> {
    let (mut head, mut context) = (Vec::new(), Vec::new());
    write::value(&mut head, &recording.head.facts);
    write::value(&mut context, &recording.context);
    let mut chunk = Vec::new();
    let mut chunks = Vec::new();
    for event in &recording.events {
        write_event(&mut chunk, event);
        if chunk.len() >= MEMBER {
            chunks.push(Chunk::new(std::mem::take(&mut chunk)));
        }
    }
    chunks.push(Chunk::new(chunk));
    finished(&head, &recording.summary, &context, &chunks)
}

/// The file of the parts a session has: its head and context, each a map without a version byte,
/// and its events.
pub(crate) fn finished(
    head: &[u8],
    summary: &Summary,
    context: &[u8],
    chunks: &[Chunk],
) -> Result<Vec<u8>, RecordingError> {
    let mut file = first_member(head, Some(summary))?;
    let mut opening = opening(context);
    let mut member: Vec<&[u8]> = Vec::new();
    let mut length = 0;
    for chunk in chunks {
        member.push(chunk);
        length += chunk.len();
        if length >= MEMBER {
            file = append(file, &opening, &member)?;
            opening.clear();
            member.clear();
            length = 0;
        }
    }
    if !(opening.is_empty() && member.is_empty()) {
        file = append(file, &opening, &member)?;
    }
    Ok(file)
}

/// The members of a journal that hold `events`, whole events in a row; with `facts`, the head and
/// context of a session, the ones a journal begins with; with `metadata`, what there is of it now. It
/// is a recording that has no summary yet.
pub(crate) fn journal(
    facts: Option<(&[u8], &[u8])>,
    metadata: Option<&Value>,
    events: &[&[u8]],
) -> Result<Vec<u8>, RecordingError> {
    let (file, mut front) = match facts {
        Some((head, context)) => (first_member(head, None)?, opening(context)),
        None => (Vec::new(), Vec::new()),
    };
    if let Some(metadata) = metadata {
        tag(&mut front, "metadata");
        write::value(&mut front, metadata);
    }
    append(file, &front, events)
}

fn first_member(head: &[u8], summary: Option<&Summary>) -> Result<Vec<u8>, RecordingError> {
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
    gzip::compress(Vec::new(), &[&first])
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

/// Appends a member of some terms and a row of events to `file`.
fn append(file: Vec<u8>, opening: &[u8], events: &[&[u8]]) -> Result<Vec<u8>, RecordingError> {
    let at = file.len();
    let Some(Packed { term, nodes }) = packed(events) else {
        return gzip::compress(file, &[&[opening], events].concat());
    };
    let mut file = gzip::compress(file, &[opening, &term])?;
    if chunk::budget(file.len() - at).spend(nodes).is_err() {
        // A reader would take it for a bomb.
        file.truncate(at);
        return gzip::compress(file, &[&[opening], events].concat());
    }
    Ok(file)
}

/// Events packed, if they can be. What no event can be read from is better kept as it is.
fn packed(events: &[&[u8]]) -> Option<Packed> {
    if events.iter().map(|part| part.len()).sum::<usize>() > PACKED {
        return None;
    }
    let mut decoder = Decoder::new(etf::Limits::default());
    let mut read = Vec::new();
    for mut left in events.iter().copied() {
        while !left.is_empty() {
            let (term, used) = decoder.decode(left).ok()?;
            read.push(Event::from_value(&term)?);
            left = left.get(used..)?;
        }
    }
    if read.is_empty() {
        return None;
    }
    chunk::pack(&read)
}

/// The front of an event's term; the payload follows.
#[inline]
pub(crate) fn open_event(out: &mut Vec<u8>, offset_ms: u64, name: &str) {
    out.push(VERSION);
    write::tuple(out, 3);
    write::integer(out, i64::try_from(offset_ms).unwrap_or(i64::MAX));
    write::atom(out, name);
}

fn write_event(out: &mut Vec<u8>, event: &Event) {
    open_event(out, event.offset_ms, &event.name);
    write::value(out, &event.payload);
}
