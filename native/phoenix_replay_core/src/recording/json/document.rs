//! The document around the values.

mod events;
mod write;

pub(super) use write::{write_front, write_rest};

use super::reader::Reader;
use crate::etf::Value;
use crate::recording::{Event, Head, Recording, RecordingError, Summary, FORMAT_VERSION};
use events::read_events;

/// What in a payload is a map of assigns.
const ASSIGNS: [&str; 3] = ["assigns", "delta", "snapshot"];

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
            None => {
                let told = Summary::of_unfinished(&events);
                let url = self.url.as_ref().and_then(Value::as_text);
                Summary {
                    interrupted: false,
                    url: url.map(Into::into).or(told.url.clone()),
                    ..told
                }
            }
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
