//! What is known of a page at one moment.

use std::sync::Arc;

use crate::etf::Value;

/// A page has no more parts than this: a recording from outside may name any number of them, and each
/// new one moves those that are there.
const PARTS: usize = 4_096;

/// What is known of a page at one moment: the assigns of its view, and what else it is made of.
#[derive(Clone)]
pub(crate) struct State {
    /// A map.
    pub(crate) assigns: Value,
    /// A map of its parts: flash, streams, components, each under a key that the recorder chose.
    pub(crate) parts: Value,
}

impl State {
    /// Of a page before its first event.
    pub(crate) fn new() -> Self {
        State {
            assigns: Value::map([]),
            parts: Value::map([]),
        }
    }

    /// The part under this key, `nil` where there is none.
    pub(crate) fn part(&self, key: &Value) -> Value {
        let part = self.parts.as_map().and_then(|parts| parts.get(key));
        part.cloned().unwrap_or_else(Value::nil)
    }

    /// Takes the part out, so that who holds it alone can change it where it is.
    pub(super) fn take_part(&mut self, key: &Value) -> Value {
        self.slot(key)
            .map_or_else(Value::nil, |part| std::mem::replace(part, Value::nil()))
    }

    /// Puts a part, or takes it away.
    pub(super) fn put_part(&mut self, key: &Value, new: Option<Value>) {
        let room = self.len() < PARTS;
        match (self.slot(key), new) {
            (Some(part), Some(new)) => *part = new,
            (Some(_), None) => self.with_others_than(key, None),
            (None, new @ Some(_)) if room => self.with_others_than(key, new),
            (None, _) => {}
        }
    }

    fn slot(&mut self, key: &Value) -> Option<&mut Value> {
        let Value::Map(parts) = &mut self.parts else {
            return None;
        };
        let entries = parts.entries();
        let at = entries.binary_search_by(|(other, _)| other.cmp(key)).ok()?;
        Arc::make_mut(parts).value_mut(at)
    }

    fn with_others_than(&mut self, key: &Value, new: Option<Value>) {
        let parts = std::mem::replace(&mut self.parts, Value::nil());
        let others = parts.as_map().map_or(&[][..], |parts| parts.entries());
        let others = others.iter().filter(|(other, _)| other != key).cloned();
        self.parts = Value::map(others.chain(new.map(|part| (key.clone(), part))));
    }

    fn len(&self) -> usize {
        self.parts.as_map().map_or(0, |parts| parts.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_put_changed_and_taken_away() {
        let mut state = State::new();
        let [a, b] = ["a", "b"].map(Value::atom);
        state.put_part(&b, Some(Value::integer(2)));
        state.put_part(&a, Some(Value::integer(1)));
        let before = state.clone();
        state.put_part(&b, Some(Value::integer(3)));
        assert_eq!(format!("{:?}", state.parts), "%{a: 1, b: 3}");
        assert_eq!(format!("{:?}", before.parts), "%{a: 1, b: 2}");
        state.put_part(&a, None);
        state.put_part(&a, None);
        assert_eq!(state.part(&a), Value::nil());
        assert_eq!(state.take_part(&b), Value::integer(3));
    }

    #[test]
    fn there_is_an_end_to_parts() {
        let mut state = State::new();
        for key in 0..2 * PARTS as i64 {
            state.put_part(&Value::integer(key), Some(Value::nil()));
        }
        assert_eq!(state.len(), PARTS);
    }
}
