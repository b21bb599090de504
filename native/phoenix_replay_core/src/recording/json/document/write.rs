//! Writing the document.

use super::{context_of, ASSIGNS};
use crate::etf::Value;
use crate::recording::json::writer;
use crate::recording::{Event, Recording, FORMAT_VERSION};

/// Appends everything up to the params: head and summary.
pub(in crate::recording::json) fn write_front(out: &mut Vec<u8>, recording: &Recording) {
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
pub(in crate::recording::json) fn write_rest(out: &mut Vec<u8>, recording: &Recording) {
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
