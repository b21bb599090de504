//! How much of a walk a value is.

use super::Value;
use crate::etf::Budget;

impl Value {
    /// What it takes to look through it, in the units of a [`Budget`]: its nodes and bytes, what it
    /// shares as often as it is there. A value that is little to keep can be much to look through.
    pub(crate) fn units(&self) -> u64 {
        let mut units = 0;
        let mut open = vec![self];
        while let Some(value) = open.pop() {
            units += 1;
            match value {
                Value::Binary(bytes) => units += (bytes.len() / Budget::BYTES_PER_UNIT) as u64,
                Value::Tuple(elements) => open.extend(elements.iter()),
                Value::List(list) => open.extend(list.items().iter().chain(list.tail())),
                Value::Map(map) => {
                    open.extend(map.entries().iter().flat_map(|(key, value)| [key, value]));
                }
                _ => {}
            }
        }
        units
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shared_counts_as_often_as_it_is_there() {
        let text = Value::binary([b'a'; 640]);
        assert_eq!(text.units(), 11);
        let twice = Value::list([text.clone(), text]);
        let map = Value::map([(Value::tuple([twice.clone()]), twice)]);
        assert_eq!(map.units(), 1 + 1 + 2 * 23);
    }
}
