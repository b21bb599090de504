//! Events of a term.

use std::sync::Arc;

use super::columns::read_column;
use super::numbers;
use super::params::Params;
use super::template::Template;
use super::EVENT;
use crate::etf::{Budget, Value};
use crate::recording::{Event, EventKind};

/// Whether this is the term of a chunk, intact or not.
pub(in crate::recording) fn is_packed(term: &Value) -> bool {
    matches!(term.as_tuple(), Some([tag, _, _, _]) if tag.as_atom() == Some("events"))
}

/// The events of a chunk; `None` for one that is damaged or claims more than `budget`.
pub(in crate::recording) fn unpack(term: &Value, budget: &mut Budget) -> Option<Vec<Event>> {
    let [_, steps, order, shapes] = term.as_tuple()? else {
        return None;
    };
    let shapes = shapes.as_list()?.items().iter().map(Shape::of);
    let mut shapes = shapes.collect::<Option<Vec<Shape>>>()?;
    let mut steps = numbers::read(steps.as_binary()?);
    let mut params = Params::default();
    let mut events = Vec::new();
    let mut offset_ms = 0u64;
    for shape in numbers::read(order.as_binary()?) {
        offset_ms = offset_ms.checked_add(steps.next()??)?;
        // As one that stands alone: an integer of a word.
        i64::try_from(offset_ms).ok()?;
        let shape = shapes.get_mut(usize::try_from(shape?).ok()?)?;
        budget.spend(EVENT).ok()?;
        let payload = shape.next(&mut params, budget)?;
        events.push(Event {
            offset_ms,
            name: shape.kind.clone(),
            payload,
        });
    }
    Some(events)
}

/// Events that look alike, and which of them is next.
struct Shape {
    kind: Arc<str>,
    changes: bool,
    template: Template,
    columns: Vec<Vec<Value>>,
    row: usize,
}

impl Shape {
    fn of(term: &Value) -> Option<Self> {
        let [Value::Atom(kind), how, template, columns] = term.as_tuple()? else {
            return None;
        };
        let columns = columns.as_list()?.items().iter().map(read_column);
        Some(Shape {
            kind: kind.clone(),
            changes: match how.as_atom()? {
                "whole" => false,
                "change" => true,
                _ => return None,
            },
            template: Template::new(template),
            columns: columns.collect::<Option<_>>()?,
            row: 0,
        })
    }

    fn next(&mut self, params: &mut Params, budget: &mut Budget) -> Option<Value> {
        let payload = self.template.fill(&self.columns, self.row, budget)?;
        self.row += 1;
        if self.changes {
            let whole = params.unchanged(&payload)?;
            budget.spend(whole.units()).ok()?;
            return Some(whole);
        }
        if EventKind::named(&self.kind) == EventKind::Event {
            params.seen(&payload);
        }
        Some(payload)
    }
}
