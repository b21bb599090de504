//! Values as JSON for tools that know no Elixir. It cannot be read back; [`export`](crate::commands::export)
//! writes what can.

use phoenix_replay_core::etf::{Sequence, Value};
use phoenix_replay_core::inspect;
use serde_json::{Map, Number, Value as Json};

/// Levels of a value that are taken apart; what is further down is a string. JSON is built and dropped by
/// recursion, and how deep a value is comes from outside.
const DEPTH: usize = 100;

/// The value in what JSON has: atoms as strings, tuples and lists as arrays, maps as objects, and what has
/// no likeness as Elixir prints it.
pub fn plain(value: &Value) -> Json {
    level(value, DEPTH)
}

fn level(value: &Value, depth: usize) -> Json {
    let items = |items: Sequence<'_>| {
        Json::Array(items.iter().map(|item| level(item, depth - 1)).collect())
    };
    match value {
        Value::Atom(name) => match &**name {
            "nil" => Json::Null,
            "true" => Json::Bool(true),
            "false" => Json::Bool(false),
            name => name.into(),
        },
        Value::Integer(integer) => (*integer).into(),
        Value::Float(float) => Number::from_f64(*float).map_or(Json::Null, Json::Number),
        Value::Binary(_) => value.as_text().map_or_else(|| printed(value), Json::from),
        _ if depth == 0 => printed(value),
        Value::Tuple(elements) => items(Sequence::of(elements)),
        Value::List(list) if list.tail().is_none() => items(list.items()),
        Value::Map(map) => {
            let entry = |(key, value): &(Value, Value)| (name(key), level(value, depth - 1));
            Json::Object(map.entries().iter().map(entry).collect::<Map<_, _>>())
        }
        _ => printed(value),
    }
}

fn name(key: &Value) -> String {
    match (key, key.as_text()) {
        (Value::Atom(name), _) => name.to_string(),
        (_, Some(text)) => text.to_owned(),
        _ => inspect::line(key, inspect::Limits::default()),
    }
}

fn printed(value: &Value) -> Json {
    inspect::line(value, inspect::Limits::default()).into()
}
