//! Values as JSON text.

use super::digits;
use super::tags::{self, Shape};
use crate::etf::Value;

/// A container that is not written to its end.
struct Open<'a> {
    shape: Shape<'a>,
    written: usize,
}

/// Appends any value, tagged where JSON has nothing for it.
pub(super) fn value(out: &mut Vec<u8>, value: &Value) {
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut next = Some(value);
    loop {
        if let Some(value) = next.take() {
            match Shape::of(value) {
                Some(shape) => {
                    out.extend_from_slice(shape.opening());
                    open.push(Open { shape, written: 0 });
                }
                None => leaf(out, value),
            }
        }
        let Some(container) = open.last_mut() else {
            return;
        };
        let at = container.written;
        container.written += 1;
        next = container.shape.child(at);
        match next {
            Some(_) => container.shape.before(out, at),
            None => {
                out.extend_from_slice(container.shape.closing());
                open.pop();
            }
        }
    }
}

/// Appends a map whose keys are atoms with their plain names, each value by `inside`; any other
/// value as `{"$term": …}`.
pub(super) fn fields(out: &mut Vec<u8>, map: &Value, inside: fn(&mut Vec<u8>, &str, &Value)) {
    let plain = |key: &Value| key.as_atom().is_some_and(|name| !name.starts_with('$'));
    match map.as_map() {
        Some(map) if map.entries().iter().all(|(key, _)| plain(key)) => {
            out.push(b'{');
            for (at, (key, value)) in map.entries().iter().enumerate() {
                let name = key.as_atom().unwrap_or_default();
                if at > 0 {
                    out.push(b',');
                }
                text(out, name);
                out.push(b':');
                inside(out, name, value);
            }
            out.push(b'}');
        }
        _ => {
            out.extend_from_slice(br#"{"$term":"#);
            value(out, map);
            out.push(b'}');
        }
    }
}

/// Appends a string.
pub(super) fn text(out: &mut Vec<u8>, text: &str) {
    // Writing to memory does not fail.
    let _ = serde_json::to_writer(out, text);
}

/// Appends a value that holds no others.
fn leaf(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Atom(name) => match &**name {
            "nil" => out.extend_from_slice(b"null"),
            "true" | "false" => out.extend_from_slice(name.as_bytes()),
            name => {
                out.extend_from_slice(br#"{"$atom":"#);
                text(out, name);
                out.push(b'}');
            }
        },
        Value::Integer(integer) => {
            let _ = serde_json::to_writer(out, integer);
        }
        Value::Float(float) => {
            // Shortest text that reads back as the same float, always with a point or an exponent.
            let _ = serde_json::to_writer(out, float);
        }
        Value::BigInteger(big) => {
            out.extend_from_slice(br#"{"$integer":""#);
            if big.negative() {
                out.push(b'-');
            }
            digits::write(out, big.digits().iter().rev());
            out.extend_from_slice(br#""}"#);
        }
        Value::Binary(bytes) => match std::str::from_utf8(bytes) {
            Ok(own) => text(out, own),
            Err(_) => {
                out.extend_from_slice(br#"{"$binary":""#);
                digits::write(out, bytes.iter());
                out.extend_from_slice(br#""}"#);
            }
        },
        Value::Bitstring(bits) => {
            out.extend_from_slice(br#"{"$bits":[""#);
            digits::write(out, bits.bytes());
            out.extend_from_slice(br#"","#);
            let _ = serde_json::to_writer(&mut *out, &bits.bits());
            out.extend_from_slice(b"]}");
        }
        Value::Tuple(_) | Value::List(_) | Value::Map(_) => tags::empty(out, value),
    }
}
