//! What was read of a recording so far.

use super::terms::Terms;
use crate::etf::{Decoder, Value};
use crate::recording::{Event, Head, Recording, Summary};

/// What was read so far.
pub(super) struct Parts {
    head: Head,
    pub(super) summary: Option<Summary>,
    pub(super) context: Option<Value>,
    events: Vec<Event>,
    last_offset: u64,
    /// Something is missing or damaged: nothing further is read.
    pub(super) cut: bool,
}

impl Parts {
    pub(super) fn new(head: Head) -> Self {
        Parts {
            head,
            summary: None,
            context: None,
            events: Vec::new(),
            last_offset: 0,
            cut: false,
        }
    }

    pub(super) fn take_all(&mut self, member: &[u8], decoder: Decoder) -> Decoder {
        let mut terms = Terms {
            bytes: member,
            decoder,
        };
        while let Some(term) = terms.next_term() {
            match term {
                Ok(term) => self.take(term),
                Err(_) => {
                    self.cut = true;
                    break;
                }
            }
        }
        terms.decoder
    }

    pub(super) fn take(&mut self, term: Value) {
        if let Some(mut event) = Event::from_value(&term) {
            // Seeking relies on it, and a file may say anything.
            event.offset_ms = event.offset_ms.max(self.last_offset);
            self.last_offset = event.offset_ms;
            self.events.push(event);
        } else if let Some(summary) = tagged(&term, "summary") {
            self.summary = Some(Summary::from_value(summary));
        } else if let Some(context) = tagged(&term, "context") {
            self.context = Some(context.clone());
        }
    }

    pub(super) fn recording(self) -> Recording {
        let Parts {
            head,
            summary,
            context,
            events,
            cut,
            ..
        } = self;
        let mut summary = summary.unwrap_or_else(|| Summary::of_unfinished(&events));
        if cut || context.is_none() || summary.event_count != events.len() as u64 {
            summary.interrupted = true;
            summary.count(&events);
        }
        Recording {
            head,
            summary,
            context: context.unwrap_or_else(|| Value::map([])),
            events,
        }
    }
}

/// What stands beside `name` in `{name, value}`.
pub(super) fn tagged<'a>(term: &'a Value, name: &str) -> Option<&'a Value> {
    match term.as_tuple()? {
        [tag, value] if tag.as_atom() == Some(name) => Some(value),
        _ => None,
    }
}
