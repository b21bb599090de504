//! Values that hold others, taken apart for printing.

use super::atom::{atom, field};
use crate::etf::{Map, Sequence, Value};

/// A container that holds something, as it is written.
pub(super) struct Container<'a> {
    pub open: String,
    pub parts: Vec<(Label<'a>, &'a Value)>,
    /// Whether there are more parts than these.
    pub more: bool,
    pub close: &'static str,
}

/// What stands in front of a part.
pub(super) enum Label<'a> {
    None,
    Field(String),
    Arrow(&'a Value),
    Tail,
}

impl<'a> Container<'a> {
    /// At most `most` parts of a value; `None` where it holds none.
    pub fn of(value: &'a Value, most: usize) -> Option<Self> {
        match value {
            Value::Tuple(items) if !items.is_empty() => {
                Some(Self::items("{", Sequence::of(items), None, "}", most))
            }
            Value::List(list) if !list.items().is_empty() => Some(match list.tail() {
                None if list.items().iter().all(|item| pair(item).is_some()) => {
                    let pairs = list.items().iter().filter_map(pair);
                    let pairs = pairs.map(|(key, value)| (Label::Field(field(key)), value));
                    Self::some("[".into(), pairs, list.items().len(), "]", most)
                }
                tail => Self::items("[", list.items(), tail, "]", most),
            }),
            Value::Map(map) => Self::map(map, most),
            _ => None,
        }
    }

    fn items(
        open: &str,
        items: Sequence<'a>,
        tail: Option<&'a Value>,
        close: &'static str,
        most: usize,
    ) -> Self {
        let parts = items.iter().map(|item| (Label::None, item));
        let parts = parts.chain(tail.map(|tail| (Label::Tail, tail)));
        let count = items.len() + usize::from(tail.is_some());
        Self::some(open.into(), parts, count, close, most)
    }

    fn map(map: &'a Map, most: usize) -> Option<Self> {
        let of = map.field("__struct__").and_then(Value::as_atom);
        let entries = map.entries().iter();
        let entries =
            entries.filter(|(key, _)| of.is_none() || key.as_atom() != Some("__struct__"));
        let count = map.len() - usize::from(of.is_some());
        let open = match of {
            Some(name) => format!("%{}{{", atom(name).trim_start_matches(':')),
            None if count == 0 => return None,
            None => "%{".into(),
        };
        // Either all keys stand in front of a colon or none does.
        let fields = map.entries().iter().all(|(key, _)| key.as_atom().is_some());
        let parts = entries.map(|(key, value)| match key.as_atom() {
            Some(name) if fields => (Label::Field(field(name)), value),
            _ => (Label::Arrow(key), value),
        });
        Some(Self::some(open, parts, count, "}", most))
    }

    fn some(
        open: String,
        parts: impl Iterator<Item = (Label<'a>, &'a Value)>,
        count: usize,
        close: &'static str,
        most: usize,
    ) -> Self {
        Container {
            open,
            parts: parts.take(most).collect(),
            more: count > most,
            close,
        }
    }
}

/// An entry of a keyword list.
fn pair(item: &Value) -> Option<(&str, &Value)> {
    match item.as_tuple()? {
        [key, value] => Some((key.as_atom()?, value)),
        _ => None,
    }
}
