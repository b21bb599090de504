//! Facts about a session that its host puts there, to find its recording by.

use std::sync::Arc;

use crate::etf::Value;

/// How many facts a session takes. They stand in its summary, which every list reads.
pub const MAX_FACTS: usize = 32;

/// The longest name of a fact, in bytes.
pub const MAX_NAME_BYTES: usize = 128;

/// The longest value of a fact, in bytes.
pub const MAX_VALUE_BYTES: usize = 512;

/// Facts by name, in the order they came.
#[derive(Clone, Debug, Default)]
pub(super) struct Metadata {
    facts: Vec<(Arc<str>, Value)>,
    /// How many facts were ever taken: another number, other facts.
    pub(super) taken: u64,
}

impl Metadata {
    /// Takes the entries of a map; one of a known name replaces it. Gives how many were left out: what
    /// is not a scalar, too long, or more than there is room for. Anything but a map is one such.
    pub(super) fn merge(&mut self, given: &Value) -> usize {
        let Some(map) = given.as_map() else {
            return 1;
        };
        let entries = map.entries().iter();
        entries.filter(|entry| !self.take(entry)).count()
    }

    fn take(&mut self, (name, value): &(Value, Value)) -> bool {
        match (name_of(name), scalar(value)) {
            (Some(name), Some(value)) => self.put(name, value),
            _ => false,
        }
    }

    /// Takes a fact that is known to be a name and a scalar, unless there are too many.
    pub(super) fn put(&mut self, name: &str, value: Value) -> bool {
        if let Some((_, known)) = self.facts.iter_mut().find(|(known, _)| **known == *name) {
            *known = value;
        } else if self.facts.len() < MAX_FACTS {
            self.facts.push((name.into(), value));
        } else {
            return false;
        }
        self.taken += 1;
        true
    }

    /// The facts as a map with strings for keys.
    pub(super) fn to_value(&self) -> Value {
        let facts = self.facts.iter();
        Value::map(facts.map(|(name, value)| (Value::binary(&**name), value.clone())))
    }
}

fn name_of(name: &Value) -> Option<&str> {
    let text = name.as_text().or_else(|| name.as_atom())?;
    (text.len() <= MAX_NAME_BYTES).then_some(text)
}

/// A value as it is kept: an atom becomes its name, for a reader elsewhere may not know the atom.
fn scalar(value: &Value) -> Option<Value> {
    let fits = |bytes: usize| bytes <= MAX_VALUE_BYTES;
    match value {
        Value::Integer(_) | Value::Float(_) => Some(value.clone()),
        Value::BigInteger(big) => fits(big.digits().len()).then(|| value.clone()),
        Value::Atom(name) if matches!(&**name, "nil" | "true" | "false") => Some(value.clone()),
        Value::Atom(name) => fits(name.len()).then(|| Value::binary(&**name)),
        _ => {
            let text = value.as_text().filter(|text| fits(text.len()))?;
            // Copied, so that a short part of something large does not keep all of it.
            Some(Value::binary(text))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(given: impl IntoIterator<Item = (Value, Value)>) -> (Metadata, usize) {
        let mut metadata = Metadata::default();
        let refused = metadata.merge(&Value::map(given));
        (metadata, refused)
    }

    #[test]
    fn names_become_texts_and_so_do_atoms_but_three() {
        let (metadata, refused) = merged([
            (Value::atom("user_id"), Value::integer(7)),
            (Value::binary("plan"), Value::atom("gold")),
            (Value::atom("staff"), Value::boolean(false)),
            (Value::atom("team"), Value::nil()),
            (Value::atom("rate"), Value::float(0.5)),
        ]);
        assert_eq!(refused, 0);
        let expected = [
            ("user_id", Value::integer(7)),
            ("plan", Value::binary("gold")),
            ("staff", Value::boolean(false)),
            ("team", Value::nil()),
            ("rate", Value::float(0.5)),
        ];
        let expected = Value::map(expected.map(|(name, value)| (Value::binary(name), value)));
        assert_eq!(metadata.to_value(), expected);
    }

    #[test]
    fn a_later_fact_replaces_an_earlier_one_of_its_name() {
        let (mut metadata, _) = merged([(Value::atom("a"), Value::integer(1))]);
        let second = [
            (Value::binary("a"), Value::integer(2)),
            (Value::binary("b"), Value::integer(3)),
        ];
        assert_eq!(metadata.merge(&Value::map(second)), 0);
        assert_eq!(metadata.facts.len(), 2);
        assert_eq!(metadata.facts[0], ("a".into(), Value::integer(2)));
    }

    #[test]
    fn what_is_no_scalar_or_too_long_is_left_out() {
        let long = |bytes| Value::binary("x".repeat(bytes));
        let (metadata, refused) = merged([
            (Value::binary("map"), Value::map([])),
            (Value::binary("list"), Value::list([Value::integer(1)])),
            (Value::binary("bytes"), Value::binary([0xff])),
            (Value::integer(1), Value::integer(1)),
            (long(MAX_NAME_BYTES + 1), Value::integer(1)),
            (Value::binary("text"), long(MAX_VALUE_BYTES + 1)),
            (Value::binary("kept"), long(MAX_VALUE_BYTES)),
            (long(MAX_NAME_BYTES), Value::integer(1)),
        ]);
        assert_eq!((metadata.facts.len(), refused), (2, 6));
        assert_eq!(Metadata::default().merge(&Value::integer(1)), 1);
    }

    #[test]
    fn a_full_one_still_replaces() {
        let (mut metadata, refused) = merged((0..40).map(|n| {
            let name = format!("fact {n:02}");
            (Value::binary(name), Value::integer(n))
        }));
        assert_eq!((metadata.facts.len(), refused), (MAX_FACTS, 40 - MAX_FACTS));
        let again = Value::map([(Value::binary("fact 00"), Value::integer(99))]);
        assert_eq!(metadata.merge(&again), 0);
    }
}
