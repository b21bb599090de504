//! Whole states along a recording, so that no state is far from one.

use crate::etf::Value;

/// How many changes there are from one keyframe to the next. More makes seeking slower, fewer makes
/// opening a recording cost more memory.
const EVERY: usize = 64;

/// Bytes that all keyframes may weigh, each as if it shared nothing. States mostly do share, but a
/// long text that every event changes is a new one in each, and a small file can say very many.
const BYTES: u64 = 64 * 1024 * 1024;

/// The state as of an event.
#[derive(Clone)]
pub(super) struct Moment {
    pub(super) index: usize,
    pub(super) state: Value,
}

/// Keyframes, at equal distances. Where they would weigh too much every second one goes.
pub(super) struct Keyframes {
    kept: Vec<(Moment, u64)>,
    changes: usize,
    every: usize,
    bytes: u64,
}

impl Keyframes {
    pub(super) fn new() -> Self {
        Keyframes {
            kept: Vec::new(),
            changes: 0,
            every: EVERY,
            bytes: 0,
        }
    }

    /// Takes notice of a change that makes `state`, and keeps it if it is time to.
    pub(super) fn changed(&mut self, index: usize, state: &Value) {
        if self.changes.is_multiple_of(self.every) {
            let state = state.clone();
            let bytes = weight(&state);
            self.bytes += bytes;
            self.kept.push((Moment { index, state }, bytes));
            while self.bytes > BYTES && self.kept.len() > 1 {
                self.thin_out();
            }
        }
        self.changes += 1;
    }

    /// The last one at or before this event.
    pub(super) fn before(&self, index: usize) -> Option<&Moment> {
        let after = self
            .kept
            .partition_point(|(moment, _)| moment.index <= index);
        after.checked_sub(1).map(|at| &self.kept[at].0)
    }

    fn thin_out(&mut self) {
        let mut stays = false;
        self.kept.retain(|_| {
            stays = !stays;
            stays
        });
        self.every = self.every.saturating_mul(2);
        self.bytes = self.kept.iter().map(|(_, bytes)| bytes).sum();
    }
}

/// About how many bytes of memory a value holds; past [`BYTES`] it makes no difference any more.
fn weight(value: &Value) -> u64 {
    let of = |terms: usize| (terms * size_of::<Value>()) as u64;
    let (mut open, mut bytes) = (vec![value], 0);
    while let Some(value) = open.pop() {
        bytes += match value {
            Value::Binary(own) => own.len() as u64,
            Value::Bitstring(bits) => bits.bytes().len() as u64,
            Value::BigInteger(big) => big.digits().len() as u64,
            Value::Tuple(elements) => {
                open.extend(elements.iter());
                of(elements.len() + 2)
            }
            Value::List(list) => {
                open.extend(list.items().iter().chain(list.tail()));
                of(list.items().len() + 2)
            }
            Value::Map(map) => {
                open.extend(map.entries().iter().flat_map(|(key, value)| [key, value]));
                of(2 * map.len() + 2)
            }
            Value::Atom(_) | Value::Integer(_) | Value::Float(_) => 0,
        };
        if bytes > BYTES {
            break;
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heavy_states_are_kept_less_often() {
        let state = Value::list([Value::binary(vec![0; 1024 * 1024])]);
        let mut keyframes = Keyframes::new();
        for index in 0..EVERY * 500 {
            keyframes.changed(index, &state);
            assert!(keyframes.bytes <= BYTES);
        }
        assert!((30..=63).contains(&keyframes.kept.len()));
        for index in [0, 1, 5_000, 31_999] {
            let found = keyframes.before(index).map(|moment| moment.index);
            assert_eq!(found, Some(index - index % keyframes.every));
        }
    }

    #[test]
    fn light_ones_are_kept_at_every_turn() {
        let mut keyframes = Keyframes::new();
        for index in 0..10_000 {
            keyframes.changed(index * 2, &Value::integer(1));
        }
        assert_eq!(keyframes.kept.len(), 10_000 / EVERY + 1);
        assert!(Keyframes::new().before(usize::MAX).is_none());
    }
}
