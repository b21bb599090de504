//! The document around the values.

use super::reader::Reader;
use super::writer;
use crate::etf::Value;
use crate::recording::{Event, Head, Recording, RecordingError, Summary, FORMAT_VERSION};

/// What in a payload is a map of assigns.
const ASSIGNS: [&str; 3] = ["assigns", "delta", "snapshot"];

/// Appends everything up to the params: head and summary.
pub(super) fn write_front(out: &mut Vec<u8>, recording: &Recording) {
    let Recording { head, summary, .. } = recording;
    out.extend_from_slice(br#"{"version":"#);
    writer::value(out, &Value::Integer(FORMAT_VERSION));
    out.extend_from_slice(br#","id":"#);
    writer::text(out, &head.id);
    out.extend_from_slice(br#","view":"#);
    writer::text(out, &head.view);
    out.extend_from_slice(br#","connected_at":"#);
    writer::value(out, &Value::Integer(head.connected_at));
    out.extend_from_slice(br#","url":"#);
    match &summary.url {
        Some(url) => writer::text(out, url),
        None => out.extend_from_slice(b"null"),
    }
    out.extend_from_slice(br#","head":"#);
    writer::fields(out, &head.facts, any);
    out.extend_from_slice(br#","summary":"#);
    writer::fields(out, &summary.to_value(), any);
    out.push(b',');
}

/// Appends everything from the params on.
pub(super) fn write_rest(out: &mut Vec<u8>, recording: &Recording) {
    let context = &recording.context;
    let part = |key| {
        context
            .field(key)
            .cloned()
            .unwrap_or_else(|| Value::map([]))
    };
    for (key, name) in [
        ("params", &br#""params":"#[..]),
        ("session", br#""session":"#),
    ] {
        out.extend_from_slice(name);
        writer::value(out, &part(key));
        out.push(b',');
    }
    if *context != context_of(part("params"), part("session")) {
        out.extend_from_slice(br#""context":"#);
        writer::value(out, context);
        out.push(b',');
    }
    out.extend_from_slice(br#""events":["#);
    for (at, event) in recording.events.iter().enumerate() {
        out.extend_from_slice(if at > 0 { b",\n" } else { b"\n" });
        write_event(out, event);
    }
    out.extend_from_slice(b"\n]}\n");
}

fn write_event(out: &mut Vec<u8>, event: &Event) {
    out.extend_from_slice(br#"{"offset":"#);
    writer::value(
        out,
        &Value::Integer(i64::try_from(event.offset_ms).unwrap_or(i64::MAX)),
    );
    out.extend_from_slice(br#","type":"#);
    writer::text(out, &event.name);
    out.extend_from_slice(br#","payload":"#);
    writer::fields(out, &event.payload, |out, name, value| {
        if ASSIGNS.contains(&name) {
            writer::fields(out, value, any);
        } else {
            writer::value(out, value);
        }
    });
    out.push(b'}');
}

fn any(out: &mut Vec<u8>, _name: &str, value: &Value) {
    writer::value(out, value);
}

fn context_of(params: Value, session: Value) -> Value {
    Value::map([
        (Value::atom("params"), params),
        (Value::atom("session"), session),
    ])
}

/// What a document says.
#[derive(Default)]
pub(super) struct Document {
    facts: Vec<(Value, Value)>,
    url: Option<Value>,
    head: Option<Value>,
    summary: Option<Value>,
    params: Option<Value>,
    session: Option<Value>,
    context: Option<Value>,
    events: Option<Vec<Event>>,
}

/// Reads a document. With `partial` one of ours may end after any comma between its keys.
pub(super) fn read(text: &[u8], partial: bool, nodes: usize) -> Result<Document, RecordingError> {
    let mut reader = Reader::new(text, nodes);
    let mut document = Document::default();
    reader.expect(b'{', "an object")?;
    if reader.take(b'}') {
        return Ok(document);
    }
    loop {
        let key = reader.key()?;
        document.take(&mut reader, &key)?;
        if !reader.take(b',') {
            reader.expect(b'}', "a comma or the end of the document")?;
            break;
        }
        if partial && reader.tagged && reader.is_at_end() {
            return Ok(document);
        }
    }
    if reader.is_at_end() {
        Ok(document)
    } else {
        Err(reader.expected("the end"))
    }
}

impl Document {
    fn take(&mut self, reader: &mut Reader<'_>, key: &str) -> Result<(), RecordingError> {
        let value = |reader: &mut Reader<'_>, _: &str| reader.value();
        match key {
            "version" => match reader.value()? {
                Value::Integer(FORMAT_VERSION) => reader.tagged = true,
                other => return Err(RecordingError::Version(other.as_integer().unwrap_or(0))),
            },
            "id" | "view" | "connected_at" => self.facts.push((Value::atom(key), reader.value()?)),
            "url" => self.url = Some(reader.value()?),
            "head" => self.head = Some(reader.fields(value)?),
            "summary" => self.summary = Some(reader.fields(value)?),
            "params" => self.params = Some(reader.value()?),
            "session" => self.session = Some(reader.value()?),
            "context" => self.context = Some(reader.value()?),
            "events" => self.events = Some(read_events(reader)?),
            _ => drop(reader.value()?),
        }
        Ok(())
    }

    /// Head and summary, for which the events need not be there.
    pub(super) fn front(self) -> Result<(Head, Option<Summary>), RecordingError> {
        let summary = self.summary.as_ref().map(Summary::from_value);
        if summary.is_none() && self.events.is_none() {
            return Err(RecordingError::NotARecording);
        }
        let recording = self.recording()?;
        Ok((recording.head, Some(summary.unwrap_or(recording.summary))))
    }

    /// The recording it says. Without events in it they are missing, and it is marked as interrupted.
    pub(super) fn recording(self) -> Result<Recording, RecordingError> {
        let head = Head::new(self.head.unwrap_or_else(|| Value::map(self.facts)))?;
        let complete = self.events.is_some();
        let events = self.events.unwrap_or_default();
        let mut summary = match &self.summary {
            Some(summary) => Summary::from_value(summary),
            None => Summary {
                interrupted: false,
                url: self.url.as_ref().and_then(Value::as_text).map(Into::into),
                ..Summary::of_unfinished(&events)
            },
        };
        let empty = || Value::map([]);
        let context = self.context.unwrap_or_else(|| {
            context_of(
                self.params.unwrap_or_else(empty),
                self.session.unwrap_or_else(empty),
            )
        });
        if !complete || summary.event_count != events.len() as u64 {
            summary.interrupted = true;
            summary.count(&events);
        }
        Ok(Recording {
            head,
            summary,
            context,
            events,
        })
    }
}

fn read_events(reader: &mut Reader<'_>) -> Result<Vec<Event>, RecordingError> {
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
            "type" => name = reader.value()?.as_text().map(Into::into),
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
