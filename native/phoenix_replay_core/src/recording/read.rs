//! Reading recordings from bytes that nobody vouches for.

mod parts;
mod terms;

use super::{
    gzip, json, legacy, Head, Limits, Part, Recording, RecordingError, Summary, FORMAT_VERSION,
};
use crate::etf::{self, Decoder, Value};
use parts::{tagged, Parts};
use terms::Terms;

/// What a listing needs is in the first member, which is small; one this long is none of ours.
const FIRST_MEMBER: u64 = 4 * 1024 * 1024;

/// Head and summary, from the beginning of a recording. 64 KB are enough for one of ours; nothing
/// behind the first member is touched. Without a summary the recording was never finished.
///
/// ```no_run
/// # let file = std::fs::File::open("x").unwrap();
/// use phoenix_replay_core::recording::read_head;
/// use std::io::Read;
/// let mut prefix = Vec::new();
/// file.take(64 * 1024).read_to_end(&mut prefix).unwrap();
/// let (head, summary) = read_head(&prefix).unwrap();
/// println!("{} {:?}", head.id, summary.map(|summary| summary.duration_ms));
/// ```
///
/// # Errors
/// [`RecordingError::Truncated`] when `prefix` ends before the first member does: read more. Any
/// other means that it is not a readable recording. One in the shape of version 0.1 and 0.2 is read
/// only when `prefix` is all of it, for its facts are not in front.
pub fn read_head(prefix: &[u8]) -> Result<(Head, Option<Summary>), RecordingError> {
    let limit = Limits::default().inflated_bytes;
    let (first, _) = match gzip::first(prefix, FIRST_MEMBER) {
        Err(RecordingError::TooLarge(_)) => gzip::first(prefix, limit)?,
        other => other?,
    };
    if json::begins(&first) {
        return json::read_head(&first);
    }
    let mut terms = Terms::new(&first, Limits::default());
    match Opening::of(&terms.next_term().ok_or(RecordingError::NotARecording)??)? {
        Opening::Head(head) => {
            while let Some(term) = terms.next_term() {
                if let Some(summary) = tagged(&term?, "summary") {
                    return Ok((head, Some(Summary::from_value(summary))));
                }
            }
            Ok((head, None))
        }
        Opening::Legacy(recording) => Ok((recording.head, Some(recording.summary))),
    }
}

/// A whole recording.
///
/// What is damaged or missing behind the first member makes it a shorter recording, its summary
/// marked as interrupted: each member counts whole or not at all, and nothing behind a damaged one is
/// read. Of kinds of term that are not known nothing is lost but what they say.
///
/// Gzip inflates to 1,032 times its size at most, and for each byte inflated at most
/// [`etf::ALLOCATION_MULTIPLE`] are allocated: that is what a small file can cost. What a large one
/// can is bounded by `limits`; one that has more nodes is a shorter recording as well.
///
/// # Errors
/// A [`RecordingError`] when the first member is not whole, or is no recording's.
pub fn read(bytes: &[u8], limits: Limits) -> Result<Recording, RecordingError> {
    let mut left = limits.inflated_bytes;
    let (first, mut rest) = gzip::first(bytes, left)?;
    left -= first.len() as u64;
    if json::begins(&first) {
        return json::read_members(
            first.into_owned(),
            rest,
            Limits {
                inflated_bytes: left,
                ..limits
            },
        );
    }
    let mut terms = Terms::new(&first, limits);
    let mut parts = match Opening::of(&terms.next_term().ok_or(RecordingError::NotARecording)??)? {
        Opening::Head(head) => Parts::new(head, limits.nodes),
        Opening::Legacy(recording) => return Ok(*recording),
    };
    let compressed = bytes.len() - rest.len();
    while let Some(term) = terms.next_term() {
        parts.take(term?, compressed);
    }
    let mut decoder = terms.decoder;
    while !rest.is_empty() && !parts.cut {
        let Ok((member, following)) = gzip::inflate(rest, left) else {
            parts.cut = true;
            break;
        };
        left -= member.len() as u64;
        let compressed = rest.len() - following.len();
        rest = following;
        decoder = parts.take_all(&member, decoder, compressed);
    }
    Ok(parts.recording())
}

/// The recording of a running session's parts, head and context being maps without a version byte.
pub(crate) fn from_parts(
    head: &[u8],
    summary: Summary,
    context: &[u8],
    events: &[Part],
) -> Result<Recording, RecordingError> {
    let mut parts = Parts::new(head_of(head)?, usize::MAX);
    parts.context = Some(map_of(context)?);
    let mut decoder = Decoder::new(etf::Limits::default());
    for part in events {
        decoder = match part {
            Part::Raw(chunk) => parts.take_all(chunk, decoder, chunk.len()),
            Part::Sealed(member) => {
                parts.take_all(&member.inflate()?, decoder, member.bytes().len())
            }
        };
    }
    parts.summary = Some(summary);
    Ok(parts.recording())
}

/// The head of a session, which is a map without a version byte.
pub(crate) fn head_of(map: &[u8]) -> Result<Head, RecordingError> {
    map_of(map).and_then(Head::new)
}

fn map_of(map: &[u8]) -> Result<Value, RecordingError> {
    let term = [&[etf::VERSION], map].concat();
    let (value, _) = etf::decode(&term, etf::Limits::default()).map_err(RecordingError::Term)?;
    Ok(value)
}

/// What the first term says.
enum Opening {
    Head(Head),
    Legacy(Box<Recording>),
}

impl Opening {
    fn of(term: &Value) -> Result<Self, RecordingError> {
        match term {
            Value::Tuple(elements) => match &***elements {
                [name, Value::Integer(version), facts, ..]
                    if name.as_atom() == Some("phoenix_replay") =>
                {
                    if *version == FORMAT_VERSION {
                        Head::new(facts.clone()).map(Opening::Head)
                    } else {
                        Err(RecordingError::Version(*version))
                    }
                }
                _ => Err(RecordingError::NotARecording),
            },
            Value::Map(_) => {
                legacy::recording(term).map(|recording| Opening::Legacy(Box::new(recording)))
            }
            _ => Err(RecordingError::NotARecording),
        }
    }
}
