//! Walking what an event changes, with a stack of its own: depth is data from outside.

use std::borrow::Cow;

use super::excerpt::excerpt;
use super::touched::{self, Touched};
use super::{Path, Query, Step};
use crate::etf::Value;
use crate::tree::Tree;

/// The longest path. How deep a value is comes from outside, and a hit must not take as much memory.
const LEVELS: usize = 256;

/// What is to be looked at.
#[derive(Clone, Copy)]
pub(super) enum Visit<'a> {
    /// A new term, and what stands in its place so far.
    Term(&'a Value, Option<&'a Value>),
    /// The items of a list that continue another from this index on: a new tail of an improper list.
    Tail(&'a Value, usize),
    /// A change, and what it changes.
    Change(&'a Value, &'a Value),
}

/// The way to a part, as long as nobody asks for it.
#[derive(Clone, Copy)]
pub(super) enum Way<'a> {
    Key(&'a Value),
    At(usize),
    /// The part stands where the whole does.
    Here,
}

/// A walk that collects what is found.
pub(super) struct Walk<'a> {
    query: &'a Query,
    prefix: Vec<Step>,
    most: usize,
    open: Vec<(Open<'a>, Way<'a>)>,
    hits: Vec<(Path, String)>,
}

enum Open<'a> {
    Term(Parts<'a>),
    Change(Touched<'a>),
}

/// A visit of what holds nothing.
pub(super) const NOTHING: Visit<'static> = Visit::Term(&Value::Float(f64::NAN), None);

/// Whether a key is one of those that say how a value is made and not what it holds: `__struct__`, `__meta__`.
pub(super) fn is_mark(key: &Value) -> bool {
    let name = key.as_atom().and_then(|name| name.strip_prefix("__"));
    name.is_some_and(|name| name.ends_with("__"))
}

/// The parts of a new term.
struct Parts<'a> {
    new: &'a Value,
    old: Option<&'a Value>,
    next: usize,
    /// What is added to an index.
    base: usize,
}

impl<'a> Walk<'a> {
    /// A walk below `prefix` that ends when it has found so many.
    pub fn new(query: &'a Query, prefix: Vec<Step>, most: usize) -> Self {
        Walk {
            query,
            prefix,
            most,
            open: Vec::new(),
            hits: Vec::new(),
        }
    }

    pub fn run(mut self, visit: Visit<'a>) -> Vec<(Path, String)> {
        self.visit(visit);
        while self.hits.len() < self.most {
            let Some((open, way)) = self.open.last_mut() else {
                break;
            };
            let part = match open {
                Open::Term(parts) => parts.next(),
                Open::Change(touched) => touched.next(),
            };
            match part {
                Some((to, visit)) => {
                    *way = to;
                    self.visit(visit);
                }
                None => {
                    self.open.pop();
                }
            }
        }
        self.hits
    }

    fn visit(&mut self, visit: Visit<'a>) {
        match visit {
            Visit::Term(new, old) => self.term(new, old, 0),
            Visit::Tail(new, base) => self.term(new, None, base),
            Visit::Change(change, old) => match touched::begin(change, old) {
                touched::Begun::New(new) => self.term(new, Some(old), 0),
                touched::Begun::Text(text) => self.leaf(Cow::Owned(text), Some(old)),
                touched::Begun::Parts(touched) => self.open(Open::Change(touched)),
                touched::Begun::Nothing => {}
            },
        }
    }

    fn term(&mut self, new: &'a Value, old: Option<&'a Value>, base: usize) {
        // What is shared did not appear now.
        if old.is_some_and(|old| old.same(new)) {
            return;
        }
        match new {
            Value::Tuple(_) | Value::List(_) | Value::Map(_) => self.open(Open::Term(Parts {
                new,
                old,
                next: 0,
                base,
            })),
            leaf => self.leaf(Cow::Borrowed(leaf), old),
        }
    }

    fn open(&mut self, open: Open<'a>) {
        self.open.push((open, Way::Here));
    }

    fn leaf(&mut self, new: Cow<'_, Value>, old: Option<&Value>) {
        let Some(at) = self.query.find(&new) else {
            return;
        };
        if old.is_some_and(|old| self.query.matches(old)) {
            return;
        }
        let steps = self.open.iter().filter_map(|(_, way)| match way {
            Way::Key(key) => Some(Step::Key((*key).clone())),
            Way::At(index) => Some(Step::At(*index)),
            Way::Here => None,
        });
        let steps = self.prefix.iter().cloned().chain(steps);
        let path = Path(steps.take(LEVELS).collect());
        self.hits.push((path, excerpt(&new, &at)));
    }
}

impl<'a> Parts<'a> {
    fn next(&mut self) -> Option<(Way<'a>, Visit<'a>)> {
        let at = self.next;
        self.next += 1;
        if let Value::Map(map) = self.new {
            let (key, new) = map.entries().get(at)?;
            if is_mark(key) {
                return Some((Way::Here, NOTHING));
            }
            let old = self
                .old
                .and_then(Value::as_map)
                .and_then(|old| old.get(key));
            return Some((Way::Key(key), Visit::Term(new, old)));
        }
        let new = element(self.new, at)?;
        let old = match (self.new, self.old) {
            (Value::Tuple(_), Some(old @ Value::Tuple(_)))
            | (Value::List(_), Some(old @ Value::List(_))) => element(old, at),
            _ => None,
        };
        Some((Way::At(self.base + at), Visit::Term(new, old)))
    }
}

/// What a tuple or a list has at this index; the tail of a list comes after its last item.
pub(super) fn element(value: &Value, at: usize) -> Option<&Value> {
    match value {
        Value::Tuple(elements) => elements.get(at),
        Value::List(list) => match list.items().get(at) {
            None if at == list.items().len() => list.tail(),
            item => item,
        },
        _ => None,
    }
}
