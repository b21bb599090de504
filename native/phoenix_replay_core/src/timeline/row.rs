//! A line in a list of events, without the values.

use std::sync::Arc;

use super::change::Change;
use super::Timeline;
use crate::etf::Value;
use crate::inspect;
use crate::recording::{is_error_level, Event, EventKind};

/// The longest label, in bytes: a list shows no more, and a URL may be of any length.
const LABEL: usize = 200;

/// A line in a list of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The event's index.
    pub index: usize,
    /// Milliseconds since the session began.
    pub offset_ms: u64,
    /// The name of its kind.
    pub name: Arc<str>,
    /// What it is about: an event's name, a URL, the kind of a message, where something was lost.
    pub label: Option<Arc<str>>,
    /// Whether it is an error: an exception, a line of the log that says so, something not recorded.
    pub failed: bool,
    /// The top-level assigns it changes, for an `assigns` that changes some of them.
    pub keys: Vec<Value>,
}

impl Timeline {
    /// At most `count` rows from event `from` on.
    #[must_use]
    pub fn rows(&self, from: usize, count: usize) -> Vec<Row> {
        let events = self
            .recording
            .events
            .iter()
            .enumerate()
            .skip(from)
            .take(count);
        events
            .map(|(index, event)| Row {
                index,
                offset_ms: event.offset_ms,
                name: event.name.clone(),
                label: label(event),
                failed: failed(event),
                keys: if event.kind() == EventKind::Assigns {
                    Change::of(event).keys()
                } else {
                    Vec::new()
                },
            })
            .collect()
    }
}

fn failed(event: &Event) -> bool {
    match event.kind() {
        EventKind::Fault | EventKind::Other("exception") => true,
        EventKind::Other("log") => event
            .payload
            .field("level")
            .and_then(Value::as_atom)
            .is_some_and(is_error_level),
        _ => false,
    }
}

fn label(event: &Event) -> Option<Arc<str>> {
    let field = match event.kind() {
        EventKind::Other("flash") => return flash(event),
        EventKind::Other("slow") => return slow(event),
        EventKind::Other("telemetry") => return telemetry(event),
        EventKind::Other("exception") => "error",
        EventKind::Other("log") => "message",
        EventKind::Other("stream" | "upload" | "component") => return part(event),
        EventKind::Event | EventKind::Other("push_event") => "name",
        EventKind::HandleParams | EventKind::Other("navigate") => "url",
        EventKind::Info => "tag",
        EventKind::Fault => "stage",
        _ => return None,
    };
    let value = event.payload.field(field)?;
    let text = value
        .as_text()
        .or_else(|| value.as_atom().filter(|name| *name != "nil"))?;
    Some(short(text))
}

/// The name of a stream or an upload; of a component, its module and id.
fn part(event: &Event) -> Option<Arc<str>> {
    let [kind, owner, name] = event.payload.field("part")?.as_tuple()? else {
        return None;
    };
    let name = inspect::line(name, inspect::Limits::default());
    Some(match (kind.as_atom(), owner.as_atom()) {
        (Some("component"), Some(module)) => {
            let module = module.strip_prefix("Elixir.").unwrap_or(module);
            short(&format!("{module} {name}"))
        }
        _ => short(&name),
    })
}

/// What the messages of a flash say.
fn flash(event: &Event) -> Option<Arc<str>> {
    let messages = event.payload.field("value")?.as_map()?.entries().iter();
    let texts: Vec<&str> = messages.filter_map(|(_, text)| text.as_text()).collect();
    (!texts.is_empty()).then(|| short(&texts.join(", ")))
}

/// What took long, and how long.
fn slow(event: &Event) -> Option<Arc<str>> {
    let step = event.payload.field("step")?.as_atom()?;
    let ms = inspect::line(event.payload.field("ms")?, inspect::Limits::default());
    Some(short(&format!("{step} {ms} ms")))
}

/// What was measured, how long it took, and of a query what it asked.
fn telemetry(event: &Event) -> Option<Arc<str>> {
    let field = |name| event.payload.field(name);
    let mut label = field("name")?.as_text()?.to_owned();
    let us = field("us").and_then(Value::as_integer);
    if let Some(us) = us.and_then(|us| u64::try_from(us).ok()) {
        label.push_str(&format!(" {}.{} ms", us / 1000, us / 100 % 10));
    }
    if let Some(sql) = field("sql").and_then(Value::as_text) {
        label.push(' ');
        label.push_str(sql);
    }
    Some(short(&label))
}

fn short(text: &str) -> Arc<str> {
    let mut end = text.len().min(LABEL);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].into()
}
