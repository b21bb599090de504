//! A payload with holes, and payloads made of it.

use super::HOLE;
use crate::etf::{Budget, Value};

/// The steps that make a payload, parts before what holds them, so that it takes no recursion.
pub(super) struct Template(Vec<Step>);

enum Step {
    /// A part without holes, shared by all, and what it takes to look through it.
    Same(Value, u64),
    /// What the column has for this event.
    Hole(usize),
    /// A tuple of so many parts.
    Tuple(usize),
    /// A list of so many parts.
    List(usize),
    /// A list of so many parts, of which the last is the tail.
    Improper(usize),
    /// A map of so many parts, keys and values in turn.
    Map(usize),
}

enum Task<'a> {
    Visit(&'a Value),
    /// The parts of this value are made from this step on; so many steps before it differ.
    Close(&'a Value, usize, usize),
}

impl Template {
    pub(super) fn new(template: &Value) -> Self {
        let mut steps: Vec<Step> = Vec::new();
        // Steps so far that are not the same for all.
        let mut differ = 0;
        let mut tasks = vec![Task::Visit(template)];
        while let Some(task) = tasks.pop() {
            match task {
                Task::Visit(value) => match hole(value) {
                    Some(column) => {
                        steps.push(Step::Hole(column));
                        differ += 1;
                    }
                    None => {
                        tasks.push(Task::Close(value, steps.len(), differ));
                        visit_parts(value, &mut tasks);
                    }
                },
                Task::Close(value, from, before) if differ == before => {
                    steps.truncate(from);
                    steps.push(Step::Same(value.clone(), 0));
                }
                Task::Close(value, ..) => {
                    steps.push(container(value));
                    differ += 1;
                }
            }
        }
        for step in &mut steps {
            if let Step::Same(value, own) = step {
                *own = value.units();
            }
        }
        Template(steps)
    }

    /// The payload of the event that has `row` of each column; `None` where a column has no such row
    /// or the budget does not reach. Parts take of it what it takes to look through them, shared
    /// or not: one that is in each of many events is little to keep.
    pub(super) fn fill(
        &self,
        columns: &[Vec<Value>],
        row: usize,
        budget: &mut Budget,
    ) -> Option<Value> {
        let mut made: Vec<Value> = Vec::new();
        for step in &self.0 {
            let (value, takes) = match step {
                Step::Same(value, units) => (value.clone(), *units),
                Step::Hole(column) => {
                    let value = columns.get(*column)?.get(row)?;
                    (value.clone(), value.units())
                }
                Step::Tuple(count) => (Value::tuple(last(&mut made, *count)?), 1),
                Step::List(count) => (Value::list(last(&mut made, *count)?), 1),
                Step::Improper(count) => {
                    let tail = made.pop()?;
                    let items = last(&mut made, count.checked_sub(1)?)?;
                    (Value::improper_list(items, tail), 1)
                }
                Step::Map(count) => {
                    let mut parts = last(&mut made, *count)?;
                    let pairs = std::iter::from_fn(|| Some((parts.next()?, parts.next()?)));
                    (Value::map(pairs.collect::<Vec<_>>()), 1)
                }
            };
            budget.spend(takes).ok()?;
            made.push(value);
        }
        made.pop()
    }
}

fn last(made: &mut Vec<Value>, count: usize) -> Option<std::vec::Drain<'_, Value>> {
    let from = made.len().checked_sub(count)?;
    Some(made.drain(from..))
}

/// The column of a hole, if this is one.
fn hole(value: &Value) -> Option<usize> {
    match value.as_tuple()? {
        [mark, Value::Integer(column)] if mark.as_atom() == Some(HOLE) => {
            usize::try_from(*column).ok()
        }
        _ => None,
    }
}

/// What is made of the parts of a value that has some, a hole among them.
fn container(value: &Value) -> Step {
    match value {
        Value::Tuple(elements) => Step::Tuple(elements.len()),
        Value::List(list) => match list.tail() {
            None => Step::List(list.items().len()),
            Some(_) => Step::Improper(list.items().len() + 1),
        },
        Value::Map(map) => Step::Map(2 * map.len()),
        leaf => Step::Same(leaf.clone(), 0),
    }
}

/// The first part on top.
fn visit_parts<'a>(value: &'a Value, tasks: &mut Vec<Task<'a>>) {
    match value {
        Value::Tuple(elements) => tasks.extend(elements.iter().rev().map(Task::Visit)),
        Value::List(list) => {
            let parts = list.items().iter().chain(list.tail());
            tasks.extend(parts.rev().map(Task::Visit));
        }
        Value::Map(map) => {
            let parts = map.entries().iter().flat_map(|(key, value)| [key, value]);
            tasks.extend(parts.rev().map(Task::Visit));
        }
        _ => {}
    }
}
