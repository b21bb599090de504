//! Which JSON stands for which container, both ways.

use super::{digits, writer};
use crate::etf::{is_atom_name, List, Sequence, Value, MOST_ELEMENTS};

/// What a container is written as. Children are counted through, whatever they are.
pub(super) enum Shape<'a> {
    /// `[…]`
    Array(Sequence<'a>),
    /// `{"$tuple": […]}`
    Tuple(&'a [Value]),
    /// `{"$improper": [[…], tail]}`
    Improper(&'a List),
    /// `{"$keyword": [["key", …], …]}`
    Keyword(Sequence<'a>),
    /// `{…}`
    Object(&'a [(Value, Value)]),
    /// `{"$map": [[key, value], …]}`
    Pairs(&'a [(Value, Value)]),
}

impl<'a> Shape<'a> {
    /// The shape of a container that holds something.
    pub(super) fn of(value: &'a Value) -> Option<Self> {
        match value {
            Value::Tuple(elements) if !elements.is_empty() => Some(Shape::Tuple(elements)),
            Value::List(list) if list.tail().is_some() => Some(Shape::Improper(list)),
            Value::List(list) if list.items().is_empty() => None,
            Value::List(list) if list.items().iter().all(|item| keyword(item).is_some()) => {
                Some(Shape::Keyword(list.items()))
            }
            Value::List(list) => Some(Shape::Array(list.items())),
            Value::Map(map) if map.is_empty() => None,
            Value::Map(map) => {
                let keys = map
                    .entries()
                    .iter()
                    .all(|(key, _)| key.as_atom().or(key.as_text()).is_some());
                Some(if keys {
                    Shape::Object(map.entries())
                } else {
                    Shape::Pairs(map.entries())
                })
            }
            _ => None,
        }
    }

    pub(super) fn opening(&self) -> &'static [u8] {
        match self {
            Shape::Array(_) => b"[",
            Shape::Tuple(_) => br#"{"$tuple":["#,
            Shape::Improper(_) => br#"{"$improper":[["#,
            Shape::Keyword(_) => br#"{"$keyword":["#,
            Shape::Object(_) => b"{",
            Shape::Pairs(_) => br#"{"$map":["#,
        }
    }

    pub(super) fn closing(&self) -> &'static [u8] {
        match self {
            Shape::Array(_) => b"]",
            Shape::Tuple(_) | Shape::Improper(_) => b"]}",
            Shape::Keyword(_) | Shape::Pairs(_) => b"]]}",
            Shape::Object(_) => b"}",
        }
    }

    /// The child to be written as number `at`.
    pub(super) fn child(&self, at: usize) -> Option<&'a Value> {
        match self {
            Shape::Array(items) => items.get(at),
            Shape::Tuple(items) => items.get(at),
            Shape::Improper(list) if at == list.items().len() => list.tail(),
            Shape::Improper(list) => list.items().get(at),
            Shape::Keyword(items) => items.get(at).and_then(keyword).map(|(_, value)| value),
            Shape::Object(entries) => entries.get(at).map(|(_, value)| value),
            Shape::Pairs(entries) => {
                entries
                    .get(at / 2)
                    .map(|(key, value)| if at.is_multiple_of(2) { key } else { value })
            }
        }
    }

    /// Appends what stands in front of the child of this number.
    pub(super) fn before(&self, out: &mut Vec<u8>, at: usize) {
        match self {
            Shape::Improper(list) if at == list.items().len() => out.extend_from_slice(b"],"),
            Shape::Array(_) | Shape::Tuple(_) | Shape::Improper(_) => comma(out, at),
            Shape::Keyword(items) => {
                out.extend_from_slice(if at > 0 { b"],[" } else { b"[" });
                let name = items.get(at).and_then(keyword).map_or("", |(name, _)| name);
                writer::text(out, name);
                out.push(b',');
            }
            Shape::Object(entries) => {
                comma(out, at);
                if let Some((key, _)) = entries.get(at) {
                    write_key(out, key);
                }
                out.push(b':');
            }
            Shape::Pairs(_) => match at {
                0 => out.push(b'['),
                at if at.is_multiple_of(2) => out.extend_from_slice(b"],["),
                _ => out.push(b','),
            },
        }
    }
}

/// Appends a container that holds nothing.
pub(super) fn empty(out: &mut Vec<u8>, value: &Value) {
    out.extend_from_slice(match value {
        Value::Tuple(_) => br#"{"$tuple":[]}"#,
        Value::Map(_) => b"{}",
        _ => b"[]",
    });
}

/// The value of an object, `None` when it has a tag that is not known or of another shape.
pub(super) fn object(mut entries: Vec<(String, Value)>) -> Option<Value> {
    if let [(tag, _)] = entries.as_slice() {
        if tag.starts_with('$') && !tag.starts_with("$$") && !tag.starts_with("$:") {
            let (tag, value) = entries.pop()?;
            return tagged(&tag, &value);
        }
    }
    let entries = entries
        .into_iter()
        .map(|(key, value)| Some((read_key(&key)?, value)));
    entries.collect::<Option<Vec<_>>>().map(Value::map)
}

fn tagged(tag: &str, value: &Value) -> Option<Value> {
    let items = || {
        value
            .as_list()
            .filter(|list| list.tail().is_none())
            .map(List::items)
    };
    let pair = |pair: &Value| {
        let (first, second) = two(pair.as_list()?.items())?;
        Some((first.clone(), second.clone()))
    };
    match tag {
        "$atom" => value.as_text().and_then(atom),
        "$tuple" => items()
            .filter(|items| items.len() <= MOST_ELEMENTS)
            .map(|items| Value::tuple(items.iter().cloned())),
        "$improper" => match two(items()?)? {
            // A list as the tail is none of ours, and a chain of them would be copied for each link.
            (_, Value::List(_)) => None,
            (front, tail) => Some(Value::improper_list(
                front.as_list()?.items().iter().cloned(),
                tail.clone(),
            )),
        },
        "$keyword" => {
            let item = |item| {
                pair(item)
                    .and_then(|(key, value)| Some(Value::tuple([atom(key.as_text()?)?, value])))
            };
            items()?
                .iter()
                .map(item)
                .collect::<Option<Vec<_>>>()
                .map(Value::list)
        }
        "$map" => items()?
            .iter()
            .map(pair)
            .collect::<Option<Vec<_>>>()
            .map(Value::map),
        "$binary" => value.as_text().and_then(digits::read).map(Value::binary),
        "$bits" => {
            let (bytes, bits) = pair(value)?;
            let bits = u8::try_from(bits.as_integer()?).ok()?;
            Some(Value::bitstring(digits::read(bytes.as_text()?)?, bits))
        }
        "$integer" => {
            let text = value.as_text()?;
            let magnitude = text.strip_prefix('-').unwrap_or(text);
            let mut digits = digits::read(magnitude)?;
            digits.reverse();
            Some(Value::big_integer(magnitude.len() < text.len(), &digits))
        }
        _ => None,
    }
}

fn two(items: Sequence<'_>) -> Option<(&Value, &Value)> {
    match (items.get(0), items.get(1), items.get(2)) {
        (Some(first), Some(second), None) => Some((first, second)),
        _ => None,
    }
}

/// The atom of this name, if there can be one: text may be of any length.
pub(super) fn atom(name: &str) -> Option<Value> {
    is_atom_name(name).then(|| Value::atom(name))
}

fn keyword(item: &Value) -> Option<(&str, &Value)> {
    match item.as_tuple()? {
        [key, value] => key.as_atom().map(|name| (name, value)),
        _ => None,
    }
}

fn comma(out: &mut Vec<u8>, at: usize) {
    if at > 0 {
        out.push(b',');
    }
}

fn write_key(out: &mut Vec<u8>, key: &Value) {
    let name = key.as_atom().or(key.as_text()).unwrap_or_default();
    if key.as_atom().is_some() {
        writer::text(out, &format!(":{name}"));
    } else if name.starts_with([':', '$']) {
        writer::text(out, &format!("${name}"));
    } else {
        writer::text(out, name);
    }
}

fn read_key(key: &str) -> Option<Value> {
    match (key.strip_prefix(':'), key.strip_prefix('$')) {
        (Some(name), _) => atom(name),
        (_, Some(name)) if name.starts_with([':', '$']) => Some(Value::binary(name)),
        (_, Some(_)) => None,
        _ => Some(Value::binary(key)),
    }
}
