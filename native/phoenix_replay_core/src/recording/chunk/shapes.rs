//! The shapes of events: those that look alike, and what differs between them.

use std::collections::hash_map::Entry;
use std::collections::HashMap;

use super::columns::write_column;
use super::likeness::{liken, outline, Outline};
use super::texts::{Place, Span, Texts};
use super::HOLE;
use crate::etf::scan::{atom_name, Scanned};
use crate::etf::{write, MAP};
use crate::recording::EventKind;
use crate::tree::Tree;

/// How many bytes a map without entries has.
const EMPTY_MAP: usize = 5;

/// The shapes of the events so far, in the order in which they were met.
#[derive(Default)]
pub(super) struct Shapes {
    /// By what events have in common as they were written.
    written: HashMap<Vec<u8>, Known>,
    /// By what they have in common whatever order their maps were written in.
    by_likeness: HashMap<Vec<u8>, usize>,
    all: Vec<Shape>,
    likeness: Vec<u8>,
    varying: Vec<Span>,
}

/// Of events written alike, their shape and the order in which it has what differs.
struct Known {
    shape: usize,
    order: Vec<u32>,
}

/// Events that look alike.
struct Shape {
    /// The atom of their type, as it is written.
    kind: Vec<u8>,
    changes: bool,
    template: Vec<u8>,
    holes: Vec<usize>,
    /// What is in the holes, event after event.
    rows: Vec<Span>,
    count: usize,
}

impl Shapes {
    /// Adds an event to those like it, and gives the index of their shape. Its `payload` stands at
    /// `place`; in one that `changes` params are a change.
    pub(super) fn add(
        &mut self,
        kind: &[u8],
        changes: bool,
        payload: Scanned<'_>,
        place: Place,
    ) -> usize {
        self.likeness.clear();
        self.varying.clear();
        self.likeness.extend_from_slice(kind);
        self.likeness.push(u8::from(changes));
        // What is done to the page is best told apart by its name.
        if atom_name(kind).map(EventKind::named) == Some(EventKind::Event) {
            let name = payload.get_atom("name").filter(|name| !name.has_parts());
            self.likeness
                .extend(name.map(|name| name.bytes()).unwrap_or_default());
        }
        let front = self.likeness.len();
        liken(payload, place, &mut self.likeness, &mut self.varying);
        if !self.written.contains_key(&self.likeness) {
            let outline = outline(payload, self.likeness[..front].to_vec());
            let known = self.known(kind, changes, outline);
            self.written.insert(self.likeness.clone(), known);
        }
        let Some(Known { shape: at, order }) = self.written.get(&self.likeness) else {
            return 0;
        };
        if let Some(shape) = self.all.get_mut(*at) {
            let found = order
                .iter()
                .filter_map(|nth| self.varying.get(*nth as usize));
            shape.rows.extend(found);
            shape.count += 1;
        }
        *at
    }

    fn known(&mut self, kind: &[u8], changes: bool, outline: Outline) -> Known {
        let next = self.all.len();
        let shape = *self.by_likeness.entry(outline.likeness).or_insert(next);
        if shape == next {
            self.all.push(Shape {
                kind: kind.to_vec(),
                changes,
                template: outline.template,
                holes: outline.holes,
                rows: Vec::new(),
                count: 0,
            });
        }
        Known {
            shape,
            order: outline.order,
        }
    }

    /// Writes all of them, as a list.
    pub(super) fn write(&self, texts: &Texts<'_>, out: &mut Vec<u8>) {
        if !self.all.is_empty() {
            write::list(out, self.all.len());
        }
        for shape in &self.all {
            shape.write(texts, out);
        }
        write::nil(out);
    }
}

impl Shape {
    fn write(&self, texts: &Texts<'_>, out: &mut Vec<u8>) {
        write::tuple(out, 4);
        out.extend_from_slice(&self.kind);
        write::atom(out, if self.changes { "change" } else { "whole" });
        // Columns that are the same, a letter in form and changeset, are written once.
        let mut columns = Vec::new();
        let mut written: HashMap<Vec<u8>, usize> = HashMap::new();
        let mut at = 0;
        for (nth, hole) in self.holes.iter().enumerate() {
            out.extend_from_slice(self.template.get(at..*hole).unwrap_or_default());
            at = *hole;
            let spans = self.rows.get(nth..).unwrap_or_default();
            let column = spans
                .iter()
                .step_by(self.holes.len())
                .map(|span| texts.get(*span));
            let first = column.clone().next().unwrap_or_default();
            if stands_for_itself(first) && column.clone().all(|other| other == first) {
                out.extend_from_slice(first);
                continue;
            }
            let mut bytes = Vec::new();
            write_column(&mut bytes, self.count, column);
            let next = written.len();
            let number = match written.entry(bytes) {
                Entry::Occupied(entry) => *entry.get(),
                Entry::Vacant(entry) => {
                    columns.extend_from_slice(entry.key());
                    *entry.insert(next)
                }
            };
            write::tuple(out, 2);
            write::atom(out, HOLE);
            write::integer(out, number as i64);
        }
        out.extend_from_slice(self.template.get(at..).unwrap_or_default());
        if !written.is_empty() {
            write::list(out, written.len());
        }
        out.extend_from_slice(&columns);
        write::nil(out);
    }
}

/// Whether a value in a template cannot be taken for a hole.
fn stands_for_itself(value: &[u8]) -> bool {
    is_plain(value) && atom_name(value) != Some(HOLE)
}

/// Whether a value has no parts: of what is in holes, a map may have.
fn is_plain(value: &[u8]) -> bool {
    value.first() != Some(&MAP) || value.len() == EMPTY_MAP
}
