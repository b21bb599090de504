//! What a file says, from its beginning.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use super::files::{Facts, Known};
use super::outline::Outline;
use super::stamp::Stamp;
use crate::etf::{write, Value, VERSION};
use crate::recording::{read_head, RecordingError};

/// Head and summary are in front of a finished recording and much shorter than this.
const PREFIX: u64 = 64 * 1024;

/// Why a file gives no summary.
pub(super) enum Refused {
    Gone,
    /// It is no recording, and will not be one for as long as it is the same file.
    NoRecording(Stamp, String),
    /// It could not be read now.
    Failed(String),
}

/// What became of reading a file.
#[derive(Debug)]
pub(super) enum Said {
    Known(Known),
    /// It is no recording of this id, and why.
    NoRecording(Known, String),
    /// It could not be read now.
    Failed(String),
    Gone,
}

/// What a file says that is named by an id.
pub(super) fn read(path: &Path, id: &str) -> Said {
    let no_recording = |stamp, why| Said::NoRecording(unreadable(stamp), why);
    match facts(path) {
        Ok((stamp, facts)) if facts.field("id").and_then(Value::as_text) == Some(id) => {
            Said::Known(known(stamp, &facts))
        }
        Ok((stamp, _)) => no_recording(stamp, "it holds a recording of another id".into()),
        Err(Refused::NoRecording(stamp, why)) => no_recording(stamp, why),
        Err(Refused::Failed(why)) => Said::Failed(why),
        Err(Refused::Gone) => Said::Gone,
    }
}

fn known(stamp: Stamp, facts: &Value) -> Known {
    let mut bytes = vec![VERSION];
    write::value(&mut bytes, facts);
    let connected_at = facts.field("connected_at").and_then(Value::as_integer);
    Known {
        connected_at: connected_at.unwrap_or(0),
        facts: Facts::Held(bytes.into()),
        outline: Some(Outline::of(facts)),
        ..unreadable(stamp)
    }
}

/// What is known of a file that says nothing.
pub(super) fn unreadable(stamp: Stamp) -> Known {
    Known {
        stamp,
        age: stamp.age(),
        connected_at: 0,
        facts: Facts::Unreadable,
        outline: None,
        seen: 0,
    }
}

/// What a file is and says, `id` and `connected_at` among it.
pub(super) fn facts(path: &Path) -> Result<(Stamp, Value), Refused> {
    let mut file = File::open(path).map_err(|error| refused(&error))?;
    let stamp = file.metadata().map_err(|error| refused(&error))?;
    let stamp = Stamp::of(&stamp);
    let mut prefix = Vec::with_capacity(stamp.size.min(PREFIX) as usize);
    file.by_ref()
        .take(PREFIX)
        .read_to_end(&mut prefix)
        .map_err(|error| refused(&error))?;
    let read = match read_head(&prefix) {
        // One of version 0.1 or 0.2 tells its summary only when all of it is read.
        Err(_) if prefix.len() as u64 == PREFIX => {
            file.read_to_end(&mut prefix)
                .map_err(|error| refused(&error))?;
            read_head(&prefix)
        }
        other => other,
    };
    match read {
        Ok((head, summary)) => Ok((stamp, head.listed(summary))),
        Err(error) => Err(Refused::NoRecording(stamp, why(&error))),
    }
}

/// Size and time of a file; `None` when it is not there.
pub(super) fn stamp(path: &Path) -> Option<Stamp> {
    fs::metadata(path).ok().map(|metadata| Stamp::of(&metadata))
}

fn why(error: &RecordingError) -> String {
    format!("{}: {error}", error.reason())
}

fn refused(error: &io::Error) -> Refused {
    match error.kind() {
        io::ErrorKind::NotFound => Refused::Gone,
        _ => Refused::Failed(error.to_string()),
    }
}
