//! How a pid, port, reference or function stands in a recording: as a struct that can do nothing.

use super::{write, Value};
use crate::tree::{Inert, InertKind};

const STRUCT: &str = "Elixir.PhoenixReplay.Inert";

fn kind(kind: InertKind) -> &'static str {
    match kind {
        InertKind::Pid => "pid",
        InertKind::Port => "port",
        InertKind::Reference => "reference",
        InertKind::Function => "function",
    }
}

/// Writes `%PhoenixReplay.Inert{}`.
pub(super) fn encode(out: &mut Vec<u8>, inert: &Inert) {
    write::map(out, 4);
    write::atom(out, "__struct__");
    write::atom(out, STRUCT);
    write::atom(out, "function");
    match &inert.function {
        Some((module, name, arity)) => {
            write::tuple(out, 3);
            write::atom(out, module);
            write::atom(out, name);
            write::integer(out, i64::from(*arity));
        }
        None => write::atom(out, "nil"),
    }
    write::atom(out, "kind");
    write::atom(out, kind(inert.kind));
    write::atom(out, "text");
    write::binary(out, inert.text.as_bytes());
}

/// The same struct as a value.
pub(super) fn value(inert: &Inert) -> Value {
    let function = match &inert.function {
        Some((module, name, arity)) => Value::tuple([
            Value::atom(module),
            Value::atom(name),
            Value::integer(i64::from(*arity)),
        ]),
        None => Value::nil(),
    };
    Value::map([
        (Value::atom("__struct__"), Value::atom(STRUCT)),
        (Value::atom("function"), function),
        (Value::atom("kind"), Value::atom(kind(inert.kind))),
        (Value::atom("text"), Value::binary(&inert.text)),
    ])
}
