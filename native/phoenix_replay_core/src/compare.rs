//! What is different between two values, for people.
//!
//! Unlike a [`patch`](crate::patch) it says what was there before, and it is no way to make one of the
//! other. Lists are compared from both ends; what is between is compared item by item.

use crate::etf::{List, Sequence, Value};
use crate::search::{Path, Step};
use crate::tree::Tree;

/// Levels of containers that are taken apart; what is further down differs as a whole. Each level is
/// compared with all that is below it, and how deep a value is comes from outside.
const LEVELS: usize = 100;

/// A place at which two values differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where: the place in the new value, or in the old one if there is nothing in the new.
    pub path: Path,
    /// What the old value has there.
    pub old: Option<Value>,
    /// What the new value has there.
    pub new: Option<Value>,
}

/// The places at which they differ, at most so many, keys in their order; below 100 levels one is not
/// taken apart any more.
///
/// ```
/// use phoenix_replay_core::{compare::differences, etf::Value};
/// let cart = |count| Value::map([(Value::atom("count"), Value::Integer(count)), (Value::atom("open"), Value::boolean(true))]);
/// let found = differences(&cart(1), &cart(2), 10);
/// assert_eq!(found.len(), 1);
/// assert_eq!(found[0].path.to_string(), "count");
/// assert_eq!(found[0].new, Some(Value::Integer(2)));
/// ```
#[must_use]
pub fn differences(old: &Value, new: &Value, most: usize) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut open: Vec<Pair<'_>> = vec![(Vec::new(), Some(old), Some(new))];
    while let Some((path, old, new)) = open.pop() {
        if found.len() == most {
            break;
        }
        let parts = match (old, new) {
            (Some(old), Some(new)) if old.same(new) || old == new => continue,
            (old, new) if path.len() == LEVELS => {
                found.push(difference(path, old, new));
                continue;
            }
            (Some(Value::Map(a)), Some(Value::Map(b)))
                if a.field("__struct__") == b.field("__struct__") =>
            {
                let gone = a.entries().iter().filter(|(key, _)| b.get(key).is_none());
                let gone = gone.map(|(key, old)| (Step::Key(key.clone()), Some(old), None));
                let there = b
                    .entries()
                    .iter()
                    .map(|(key, new)| (Step::Key(key.clone()), a.get(key), Some(new)));
                gone.chain(there).collect()
            }
            (Some(Value::Tuple(a)), Some(Value::Tuple(b))) if a.len() == b.len() => {
                elements(Sequence::of(a), Sequence::of(b), 0).collect()
            }
            (Some(Value::List(a)), Some(Value::List(b))) if a.tail() == b.tail() => lists(a, b),
            (old, new) => {
                found.push(difference(path, old, new));
                continue;
            }
        };
        open.extend(parts.into_iter().rev().map(|(step, old, new)| {
            let path = path.iter().cloned().chain([step]).collect();
            (path, old, new)
        }));
    }
    found
}

fn difference(path: Vec<Step>, old: Option<&Value>, new: Option<&Value>) -> Difference {
    Difference {
        path: Path(path),
        old: old.cloned(),
        new: new.cloned(),
    }
}

type Pair<'a> = (Vec<Step>, Option<&'a Value>, Option<&'a Value>);
type Part<'a> = (Step, Option<&'a Value>, Option<&'a Value>);

fn lists<'a>(old: &'a List, new: &'a List) -> Vec<Part<'a>> {
    let (a, b) = (old.items(), new.items());
    let front = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (a.part(front..a.len()), b.part(front..b.len()));
    let back = a.iter().rev().zip(b.iter().rev());
    let back = back.take_while(|(a, b)| a == b).count();
    let (a, b) = (a.part(0..a.len() - back), b.part(0..b.len() - back));
    elements(a, b, front).collect()
}

fn elements<'a>(a: Sequence<'a>, b: Sequence<'a>, base: usize) -> impl Iterator<Item = Part<'a>> {
    (0..a.len().max(b.len())).map(move |at| (Step::At(base + at), a.get(at), b.get(at)))
}
