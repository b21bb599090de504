//! The items of a list, wherever they are.

use std::ops::Range;

use super::Value;

/// The items of a list in order, to be read.
///
/// ```
/// use phoenix_replay_core::etf::Value;
/// let list = Value::list([1, 2, 3].map(Value::integer));
/// let items = list.as_list().unwrap().items();
/// assert_eq!((items.len(), items.get(1)), (3, Some(&Value::integer(2))));
/// assert_eq!(items.iter().rev().next(), Some(&Value::integer(3)));
/// ```
#[derive(Clone, Copy)]
pub struct Sequence<'a> {
    base: &'a [Value],
    /// Places in `base` and, behind it, in `new`; `None` for all of `base` as it is.
    order: Option<&'a [u32]>,
    new: &'a [Value],
}

impl<'a> Sequence<'a> {
    /// These, as they are.
    #[must_use]
    pub fn of(items: &'a [Value]) -> Self {
        Sequence {
            base: items,
            order: None,
            new: &[],
        }
    }

    pub(super) fn picked(base: &'a [Value], order: &'a [u32], new: &'a [Value]) -> Self {
        Sequence {
            base,
            order: Some(order),
            new,
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(self) -> usize {
        self.order.map_or(self.base.len(), <[u32]>::len)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The item at this index.
    #[must_use]
    #[inline]
    pub fn get(self, at: usize) -> Option<&'a Value> {
        let Some(order) = self.order else {
            return self.base.get(at);
        };
        let place = *order.get(at)? as usize;
        match self.base.get(place) {
            Some(item) => Some(item),
            None => self.new.get(place - self.base.len()),
        }
    }

    /// Those at these indices, as far as there are such.
    #[must_use]
    pub fn part(self, range: Range<usize>) -> Self {
        let end = range.end.min(self.len());
        let range = range.start.min(end)..end;
        match self.order {
            None => Sequence::of(&self.base[range]),
            Some(order) => Sequence {
                order: Some(&order[range]),
                ..self
            },
        }
    }

    /// One after the other.
    #[must_use]
    pub fn iter(self) -> SequenceIter<'a> {
        SequenceIter(self, 0..self.len())
    }

    /// As values of one's own.
    #[must_use]
    pub fn to_vec(self) -> Vec<Value> {
        self.iter().cloned().collect()
    }
}

impl<'a> IntoIterator for Sequence<'a> {
    type Item = &'a Value;
    type IntoIter = SequenceIter<'a>;

    fn into_iter(self) -> SequenceIter<'a> {
        self.iter()
    }
}

/// Items of a list that are left to take.
#[derive(Clone)]
pub struct SequenceIter<'a>(Sequence<'a>, Range<usize>);

impl<'a> Iterator for SequenceIter<'a> {
    type Item = &'a Value;

    #[inline]
    fn next(&mut self) -> Option<&'a Value> {
        self.1.next().and_then(|at| self.0.get(at))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.1.size_hint()
    }
}

impl DoubleEndedIterator for SequenceIter<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.1.next_back().and_then(|at| self.0.get(at))
    }
}

impl ExactSizeIterator for SequenceIter<'_> {}
