//! Events as one term.

use std::collections::HashMap;
use std::sync::Arc;

use super::columns::write_column;
use super::params::Params;
use super::walk::{is_plain, walk, Node};
use super::{numbers, EVENT, HOLE};
use crate::etf::{write, Value, VERSION};
use crate::recording::{Event, EventKind};

/// Events as one term.
pub(in crate::recording) struct Packed {
    /// The term, with its version byte.
    pub(in crate::recording) term: Vec<u8>,
    /// How many nodes the events have, as [`budget`](super::budget) counts.
    pub(in crate::recording) nodes: u64,
}

/// Writes events as one term. `None` where time goes back, which it does in none of ours.
pub(in crate::recording) fn pack(events: &[Event]) -> Option<Packed> {
    let (mut steps, mut order) = (Vec::new(), Vec::new());
    let mut shapes = Shapes::default();
    let mut params = Params::default();
    let mut before = 0;
    let mut nodes = 0;
    for event in events {
        numbers::push(&mut steps, event.offset_ms.checked_sub(before)?);
        before = event.offset_ms;
        let changed = match event.kind() {
            EventKind::Event => params.changed(&event.payload),
            _ => None,
        };
        nodes += EVENT + event.payload.units() + changed.as_ref().map_or(0, Value::units);
        let shape = shapes.add(&event.name, changed.as_ref(), &event.payload);
        numbers::push(&mut order, shape as u64);
    }
    let mut term = vec![VERSION];
    write::tuple(&mut term, 4);
    write::atom(&mut term, "events");
    write::binary(&mut term, &steps);
    write::binary(&mut term, &order);
    if !shapes.all.is_empty() {
        write::list(&mut term, shapes.all.len());
    }
    for shape in &shapes.all {
        shape.write(&mut term);
    }
    write::nil(&mut term);
    Some(Packed { term, nodes })
}

/// The shapes of the events so far, in the order in which they were met.
#[derive(Default)]
struct Shapes {
    by_likeness: HashMap<Vec<u8>, usize>,
    all: Vec<Shape>,
}

/// Events that look alike.
struct Shape {
    kind: Arc<str>,
    changes: bool,
    /// The payload of the first of them.
    first: Value,
    /// What the others may have instead, in the order in which [`walk`] meets it.
    columns: Vec<Vec<Value>>,
}

impl Shapes {
    /// Adds an event to those like it, and gives the index of their shape.
    fn add(&mut self, kind: &Arc<str>, changed: Option<&Value>, whole: &Value) -> usize {
        let payload = changed.unwrap_or(whole);
        let (mut likeness, mut varying) = (Vec::new(), Vec::new());
        write::atom(&mut likeness, kind);
        likeness.push(u8::from(changed.is_some()));
        // What is done to the page is best told apart by its name.
        if let (EventKind::Event, Some(name)) = (EventKind::named(kind), payload.field("name")) {
            if is_plain(name) {
                write::value(&mut likeness, name);
            }
        }
        liken(payload, &mut likeness, &mut varying);
        let next = self.all.len();
        let at = *self.by_likeness.entry(likeness).or_insert(next);
        if at == next {
            self.all.push(Shape {
                kind: kind.clone(),
                changes: changed.is_some(),
                first: payload.clone(),
                columns: varying.into_iter().map(|value| vec![value]).collect(),
            });
        } else if let Some(shape) = self.all.get_mut(at) {
            for (column, value) in shape.columns.iter_mut().zip(varying) {
                column.push(value);
            }
        }
        at
    }
}

/// Writes what all events of a shape have in common, and takes out what may differ: what has no
/// parts, and keys that are integers, for those are mostly indices.
fn liken(payload: &Value, likeness: &mut Vec<u8>, varying: &mut Vec<Value>) {
    walk(payload, |node| match node {
        Node::Tuple(count) => write::tuple(likeness, count),
        Node::List(count) => write::list(likeness, count),
        Node::Improper(count) => {
            likeness.push(1);
            write::list(likeness, count);
        }
        Node::Map(count) => write::map(likeness, count),
        Node::End => {}
        Node::Key(key @ Value::Integer(_)) => {
            likeness.push(2);
            varying.push(key.clone());
        }
        Node::Key(key) => write::value(likeness, key),
        Node::Leaf(leaf) => {
            likeness.push(match leaf {
                Value::Binary(_) => 3,
                Value::Integer(_) => 4,
                _ => 5,
            });
            varying.push(leaf.clone());
        }
    });
}

impl Shape {
    fn write(&self, out: &mut Vec<u8>) {
        write::tuple(out, 4);
        write::atom(out, &self.kind);
        write::atom(out, if self.changes { "change" } else { "whole" });
        // Columns that are the same, a letter in form and changeset, are written once.
        let mut written: HashMap<Vec<u8>, usize> = HashMap::new();
        let mut columns = Vec::new();
        let mut varying = self.columns.iter();
        walk(&self.first, |node| match node {
            Node::Tuple(count) => write::tuple(out, count),
            Node::List(count) | Node::Improper(count) => write::list(out, count),
            Node::Map(count) => write::map(out, count),
            Node::End => write::nil(out),
            Node::Key(key) if key.as_integer().is_none() => write::value(out, key),
            Node::Key(value) | Node::Leaf(value) => {
                let column = varying.next().map_or(&[][..], Vec::as_slice);
                if stands_for_itself(value) && column.iter().all(|other| other == value) {
                    write::value(out, value);
                } else {
                    let mut bytes = Vec::new();
                    write_column(&mut bytes, column);
                    let next = columns.len();
                    let number = *written.entry(bytes.clone()).or_insert(next);
                    if number == next {
                        columns.push(bytes);
                    }
                    write::tuple(out, 2);
                    write::atom(out, HOLE);
                    write::integer(out, number as i64);
                }
            }
        });
        if !columns.is_empty() {
            write::list(out, columns.len());
        }
        for column in &columns {
            out.extend_from_slice(column);
        }
        write::nil(out);
    }
}

/// Whether a value in a template cannot be taken for a hole.
fn stands_for_itself(value: &Value) -> bool {
    is_plain(value) && value.as_atom() != Some(HOLE)
}
