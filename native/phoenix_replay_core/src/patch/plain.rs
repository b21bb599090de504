//! Keys that every view shows as they are.

use super::pen::Pen;
use crate::etf::Exhausted;
use crate::tree::{Kind, ListItems, Seen, Shape, Tree};
use crate::view::{Fate, View};

impl<T: Tree, V: View<T>> Pen<'_, T, V> {
    /// Whether the view shows a key of a map as it is, so that keys are equal in the view exactly
    /// when they are equal. Two closures may print alike, two structs differ in what is redacted; a
    /// map with such keys is compared as it is written. Zero is left out with them because Erlang
    /// before OTP 27 finds 0.0 under -0.0.
    #[inline]
    pub fn plain(&mut self, key: &Seen<'_, T>, place: V::Place) -> Result<bool, Exhausted> {
        match key.shape {
            Shape::Atom | Shape::Bits => Ok(true),
            Shape::Other => Ok(leaf(&key.term.kind()) == Some(true)),
            Shape::Tuple | Shape::List | Shape::Map => self.plain_parts(key.term, place),
        }
    }

    fn plain_parts(&mut self, key: &T, place: V::Place) -> Result<bool, Exhausted> {
        let mut left = vec![(key.clone(), place, false)];
        while let Some((term, place, item)) = left.pop() {
            self.budget.spend(1)?;
            match term.kind() {
                Kind::Tuple(elements) => {
                    let mut place_of_last = place;
                    if item && elements.len() == 2 {
                        let mut pair = elements.clone();
                        if let (Some(key), Some(value)) = (pair.next(), pair.next()) {
                            let Fate::Keep(place) = self.pair(place, &key, &value) else {
                                return Ok(false);
                            };
                            place_of_last = place;
                        }
                    }
                    left.extend(elements.map(|element| (element, place, false)));
                    if let Some(last) = left.last_mut() {
                        last.1 = place_of_last;
                    }
                }
                Kind::List(mut items) => {
                    left.extend(items.by_ref().map(|item| (item, place, true)));
                    left.extend(items.tail().map(|tail| (tail, place, false)));
                }
                Kind::Map(entries) => {
                    let place = self.view.map(place, &term);
                    for (key, value) in entries {
                        let seen = Seen::of(&key);
                        let Fate::Keep(inside) = self.view.entry(place, &seen, &value) else {
                            return Ok(false);
                        };
                        left.push((key, place, false));
                        left.push((value, inside, false));
                    }
                }
                other => {
                    if leaf(&other) == Some(false) {
                        return Ok(false);
                    }
                }
            }
        }
        Ok(true)
    }
}

/// Whether a term without parts is plain, `None` for one with parts.
fn leaf<T: Tree>(kind: &Kind<'_, T>) -> Option<bool> {
    match kind {
        Kind::Tuple(_) | Kind::List(_) | Kind::Map(_) => None,
        Kind::Inert(_) => Some(false),
        Kind::Float(float) => Some(*float != 0.0),
        _ => Some(true),
    }
}
