//! What a list of recordings shows of one, without a look at its events.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Activity, Ended, Event, EventKind};
use crate::etf::Value;

/// The closing summary of a recording. A field that a file lacks is as in [`Summary::default`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The page's URL, from the first `handle_params` where mounting could not know it.
    pub url: Option<Arc<str>>,
    /// How many events it holds.
    pub event_count: u64,
    /// The offset of the last event.
    pub duration_ms: u64,
    /// How many events there was no room for.
    pub dropped: u64,
    /// How many times something of it was lost.
    pub faults: u64,
    /// Whether it was ended for its size.
    pub truncated: bool,
    /// Whether its end is missing.
    pub interrupted: bool,
    /// How the session ended; `None` while it runs, and where nobody was there to say.
    pub ended: Option<Ended>,
    /// What it ended with, if it ended with an error.
    pub error: Option<Arc<str>>,
    /// How many errors it met.
    pub errors: u64,
    /// How often each event was handled, by name.
    pub event_names: Vec<(Arc<str>, u64)>,
    /// Searchable facts: a map.
    pub metadata: Value,
    /// Whether somebody used the page.
    pub interacted: bool,
    /// Bytes of its events before compression.
    pub inflated_bytes: u64,
    /// How much happened when, as [`Activity::heights`] has it; empty where nobody counted.
    pub activity: Vec<u8>,
}

impl Default for Summary {
    fn default() -> Self {
        Summary {
            url: None,
            event_count: 0,
            duration_ms: 0,
            dropped: 0,
            faults: 0,
            truncated: false,
            interrupted: false,
            ended: None,
            error: None,
            errors: 0,
            event_names: Vec::new(),
            metadata: Value::map([]),
            interacted: false,
            inflated_bytes: 0,
            activity: Vec::new(),
        }
    }
}

impl Summary {
    /// It as a map with an atom key for each field; `event_names` is a map as well.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let names = self
            .event_names
            .iter()
            .map(|(name, count)| (Value::binary(&**name), count_value(*count)));
        let ended = self
            .ended
            .map_or_else(Value::nil, |ended| Value::atom(ended.name()));
        Value::map(
            [
                ("url", text_value(self.url.as_ref())),
                ("event_count", count_value(self.event_count)),
                ("duration_ms", count_value(self.duration_ms)),
                ("dropped", count_value(self.dropped)),
                ("faults", count_value(self.faults)),
                ("truncated", Value::boolean(self.truncated)),
                ("interrupted", Value::boolean(self.interrupted)),
                ("ended", ended),
                ("error", text_value(self.error.as_ref())),
                ("errors", count_value(self.errors)),
                ("event_names", Value::map(names)),
                ("metadata", self.metadata.clone()),
                ("interacted", Value::boolean(self.interacted)),
                ("inflated_bytes", count_value(self.inflated_bytes)),
                (
                    "activity",
                    Value::list(self.activity.iter().map(|n| Value::integer(i64::from(*n)))),
                ),
            ]
            .map(|(key, value)| (Value::atom(key), value)),
        )
    }

    /// The summary of such a map. What is missing or makes no sense is as in [`Summary::default`]:
    /// the events of a recording are worth more than the words about them.
    #[must_use]
    pub fn from_value(value: &Value) -> Self {
        let count = |key| value.field(key).and_then(as_count).unwrap_or(0);
        let truth = |key| value.field(key).and_then(Value::as_atom) == Some("true");
        let text = |key| value.field(key).and_then(Value::as_text).map(Arc::from);
        let ended = value
            .field("ended")
            .and_then(Value::as_atom)
            .filter(|name| *name != "nil");
        let names = value.field("event_names").and_then(Value::as_map);
        Summary {
            url: text("url"),
            event_count: count("event_count"),
            duration_ms: count("duration_ms"),
            dropped: count("dropped"),
            faults: count("faults"),
            truncated: truth("truncated"),
            interrupted: truth("interrupted"),
            ended: ended.map(Ended::named),
            error: text("error"),
            errors: count("errors"),
            event_names: names.map_or_else(Vec::new, |names| {
                let name = |(name, count): &(Value, Value)| {
                    Some((name.as_text()?.into(), as_count(count)?))
                };
                names.entries().iter().filter_map(name).collect()
            }),
            metadata: value
                .field("metadata")
                .map_or_else(|| Value::map([]), searchable),
            interacted: truth("interacted"),
            inflated_bytes: count("inflated_bytes"),
            activity: value
                .field("activity")
                .and_then(Value::as_list)
                .map_or_else(Vec::new, |list| {
                    list.items().iter().filter_map(as_byte).collect()
                }),
        }
    }

    /// What `events` alone tell, for a recording that nobody finished: marked as interrupted.
    #[must_use]
    pub fn of_unfinished(events: &[Event]) -> Self {
        let mut summary = Summary {
            interrupted: true,
            ..Summary::default()
        };
        summary.count(events);
        let mut handled_params = 0;
        let mut activity = Activity::default();
        let mut names: BTreeMap<&str, u64> = BTreeMap::new();
        for event in events {
            activity.count(event.offset_ms);
            match event.kind() {
                EventKind::Event => {
                    summary.interacted = true;
                    if let Some(name) = event.payload.field("name").and_then(Value::as_text) {
                        *names.entry(name).or_default() += 1;
                    }
                }
                EventKind::HandleParams => {
                    handled_params += 1;
                    let url = event.payload.field("url").and_then(Value::as_text);
                    summary.url = summary.url.take().or_else(|| url.map(Arc::from));
                }
                EventKind::Fault => summary.faults += 1,
                _ => {}
            }
        }
        summary.activity = activity.heights();
        summary.event_names = names
            .into_iter()
            .map(|(name, count)| (name.into(), count))
            .collect();
        summary.interacted |= handled_params > 1;
        summary
    }

    /// Takes the length of what is there: `events` may be fewer than were recorded.
    pub(crate) fn count(&mut self, events: &[Event]) {
        self.event_count = events.len() as u64;
        self.duration_ms = events.last().map_or(0, |event| event.offset_ms);
    }
}

/// Of a map what metadata can be: text with text, a number or an atom beside it.
fn searchable(map: &Value) -> Value {
    let is_fact = |(key, value): &(Value, Value)| {
        let plain = matches!(
            value,
            Value::Integer(_) | Value::BigInteger(_) | Value::Float(_) | Value::Atom(_)
        );
        key.as_text().is_some() && (plain || value.as_text().is_some())
    };
    match map {
        Value::Map(entries) if entries.entries().iter().all(is_fact) => map.clone(),
        Value::Map(entries) => {
            let facts = entries.entries().iter().filter(|entry| is_fact(entry));
            Value::map(facts.cloned())
        }
        _ => Value::map([]),
    }
}

fn as_count(value: &Value) -> Option<u64> {
    value
        .as_integer()
        .and_then(|integer| u64::try_from(integer).ok())
}

fn as_byte(value: &Value) -> Option<u8> {
    as_count(value).and_then(|count| u8::try_from(count).ok())
}

fn count_value(count: u64) -> Value {
    Value::Integer(i64::try_from(count).unwrap_or(i64::MAX))
}

fn text_value(text: Option<&Arc<str>>) -> Value {
    text.map_or_else(Value::nil, |text| Value::binary(&**text))
}
