//! Reading the events of a document.

use super::ASSIGNS;
use crate::etf::{is_atom_name, Value};
use crate::recording::json::reader::Reader;
use crate::recording::{Event, RecordingError};

/// Takes a list of events.
pub(super) fn read_events(reader: &mut Reader<'_>) -> Result<Vec<Event>, RecordingError> {
    let mut events = Vec::new();
    reader.expect(b'[', "a list of events")?;
    if reader.take(b']') {
        return Ok(events);
    }
    let mut last = 0;
    loop {
        let mut event = read_event(reader)?;
        last = event.offset_ms.max(last);
        event.offset_ms = last;
        events.push(event);
        if !reader.take(b',') {
            reader.expect(b']', "a comma or the end of the events")?;
            return Ok(events);
        }
    }
}

fn read_event(reader: &mut Reader<'_>) -> Result<Event, RecordingError> {
    let (mut offset_ms, mut name, mut payload) = (None, None, None);
    reader.expect(b'{', "an event")?;
    loop {
        match reader.key()?.as_str() {
            "offset" => {
                offset_ms = reader
                    .value()?
                    .as_integer()
                    .and_then(|ms| u64::try_from(ms).ok())
            }
            "type" => {
                let text = reader.value()?;
                name = text
                    .as_text()
                    .filter(|name| is_atom_name(name))
                    .map(Into::into);
            }
            "payload" => payload = Some(read_payload(reader)?),
            _ => drop(reader.value()?),
        }
        if !reader.take(b',') {
            reader.expect(b'}', "a comma or the end of an event")?;
            break;
        }
    }
    match (offset_ms, name, payload) {
        (Some(offset_ms), Some(name), Some(payload)) => Ok(Event {
            offset_ms,
            name,
            payload,
        }),
        _ => Err(reader.expected("an offset, a type and a payload")),
    }
}

fn read_payload(reader: &mut Reader<'_>) -> Result<Value, RecordingError> {
    reader.fields(|reader, name| {
        if ASSIGNS.contains(&name) {
            reader.fields(|reader, _| reader.value())
        } else {
            reader.value()
        }
    })
}
