//! What was read of a recording so far.

use std::sync::Arc;

use super::terms::Terms;
use crate::etf::{Budget, Decoder, Value};
use crate::recording::{chunk, Event, Head, Recording, Summary};

/// What was read so far.
pub(super) struct Parts {
    head: Head,
    pub(super) summary: Option<Summary>,
    pub(super) context: Option<Value>,
    /// What a journal says of it; a summary has its own.
    metadata: Option<Value>,
    events: Vec<Event>,
    last_offset: u64,
    /// How many nodes there may still be in events that stood packed.
    nodes: u64,
    /// Something is missing or damaged: nothing further is read.
    pub(super) cut: bool,
}

impl Parts {
    pub(super) fn new(head: Head, nodes: usize) -> Self {
        Parts {
            head,
            summary: None,
            context: None,
            metadata: None,
            events: Vec::new(),
            last_offset: 0,
            nodes: nodes as u64,
            cut: false,
        }
    }

    /// Takes the terms of a member that has `compressed` bytes.
    pub(super) fn take_all(
        &mut self,
        member: &[u8],
        decoder: Decoder,
        compressed: usize,
    ) -> Decoder {
        let mut terms = Terms {
            bytes: member,
            decoder,
        };
        while !self.cut {
            match terms.next_term() {
                Some(Ok(term)) => self.take(term, compressed),
                Some(Err(_)) => self.cut = true,
                None => break,
            }
        }
        terms.decoder
    }

    pub(super) fn take(&mut self, term: Value, compressed: usize) {
        if let Some(event) = Event::from_value(&term) {
            self.push(event);
        } else if chunk::is_packed(&term) {
            self.unpack(&term, compressed);
        } else if let Some(summary) = tagged(&term, "summary") {
            self.summary = Some(Summary::from_value(summary));
        } else if let Some(context) = tagged(&term, "context") {
            self.context = Some(context.clone());
        } else if let Some(metadata) = tagged(&term, "metadata") {
            self.metadata = Some(metadata.clone());
        } else if let Some(Value::Integer(from)) = tagged(&term, "from") {
            self.go_on_from(usize::try_from(*from).ok());
        }
    }

    /// The events that follow begin at this index. What is there from it on was written by a writer that did
    /// not hear that it was, and comes again; where some before it are missing, what follows fits nothing.
    fn go_on_from(&mut self, from: Option<usize>) {
        match from {
            Some(from) if from <= self.events.len() => {
                self.events.truncate(from);
                self.last_offset = self.events.last().map_or(0, |event| event.offset_ms);
            }
            _ => self.cut = true,
        }
    }

    fn unpack(&mut self, term: &Value, compressed: usize) {
        let nodes = chunk::budget(compressed).left().min(self.nodes);
        let mut budget = Budget::new(nodes);
        match chunk::unpack(term, &mut budget) {
            Some(events) => events.into_iter().for_each(|event| self.push(event)),
            None => self.cut = true,
        }
        self.nodes -= nodes - budget.left();
    }

    fn push(&mut self, mut event: Event) {
        // Seeking relies on it, and a file may say anything.
        event.offset_ms = event.offset_ms.max(self.last_offset);
        self.last_offset = event.offset_ms;
        self.events.push(event);
    }

    pub(super) fn recording(self) -> Recording {
        let Parts {
            head,
            summary,
            context,
            metadata,
            events,
            cut,
            ..
        } = self;
        let mut summary = summary.unwrap_or_else(|| {
            let told = Summary::of_unfinished(&events);
            let url = head.facts.field("url").and_then(Value::as_text);
            Summary {
                url: url.map(Arc::from).or(told.url.clone()),
                metadata: metadata.unwrap_or_else(|| Value::map([])),
                ..told
            }
        });
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
