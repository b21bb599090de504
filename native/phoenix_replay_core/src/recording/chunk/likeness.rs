//! What events have in common that look alike, and what differs between them.

use super::texts::{Place, Span};
use crate::etf::scan::{atom_name, binary, integer, Node, Part, Scanned};
use crate::etf::write;

/// What a node is to events that look alike.
enum Seen {
    /// It has parts, so many of them, which follow.
    Holder(usize),
    /// A key, the same in all.
    Key,
    /// What may differ, of a class that is the same in all: what has no parts, a map with a key that has
    /// some, and keys that are integers, for those are mostly indices.
    Hole(u8),
}

fn seen(node: &Node) -> Seen {
    match node.kind {
        Part::Tuple(count) | Part::List(count) | Part::Improper(count) | Part::Map(count) => {
            Seen::Holder(count as usize)
        }
        Part::Integer if node.key => Seen::Hole(2),
        _ if node.key => Seen::Key,
        Part::Binary => Seen::Hole(3),
        Part::Integer => Seen::Hole(4),
        Part::Atom | Part::Other | Part::Keyed(_) => Seen::Hole(5),
    }
}

/// The nodes of a payload, the last of what was scanned, in the order in which they were written, without the
/// parts of what is a hole.
fn nodes<'s>(payload: Scanned<'s>) -> impl Iterator<Item = (Scanned<'s>, &'s Node, Seen)> {
    let mut next = payload;
    std::iter::from_fn(move || {
        let part = next;
        let node = part.node()?;
        let seen = seen(node);
        next = match seen {
            Seen::Holder(_) => part.after(),
            Seen::Key | Seen::Hole(_) => part.beyond(),
        };
        Some((part, node, seen))
    })
}

/// Writes what all payloads have in common that look like this one, which stands at `place`, and finds what
/// may differ, in the order in which it was written.
pub(super) fn liken(
    payload: Scanned<'_>,
    place: Place,
    likeness: &mut Vec<u8>,
    varying: &mut Vec<Span>,
) {
    for (part, node, seen) in nodes(payload) {
        match seen {
            Seen::Holder(count) => head(likeness, node, count),
            Seen::Key => likeness.extend_from_slice(part.bytes()),
            Seen::Hole(class) => {
                likeness.push(class);
                varying.push(place.span(node));
            }
        }
    }
}

/// A payload with holes.
pub(super) struct Outline {
    /// What all payloads have in common that come out the same, whatever order their maps were written in.
    pub(super) likeness: Vec<u8>,
    /// What is between the holes, and where these are in it.
    pub(super) template: Vec<u8>,
    pub(super) holes: Vec<usize>,
    /// For each of the holes, which of what [`liken`] finds is in it.
    pub(super) order: Vec<u32>,
}

enum Task<'s> {
    See(Scanned<'s>),
    EndOfList,
}

/// The outline of a payload, `likeness` being the front of its likeness.
pub(super) fn outline(payload: Scanned<'_>, likeness: Vec<u8>) -> Outline {
    let holes = nodes(payload).filter(|(_, _, seen)| matches!(seen, Seen::Hole(_)));
    let starts: Vec<u32> = holes.map(|(_, node, _)| node.start).collect();
    let mut outline = Outline {
        likeness,
        template: Vec::new(),
        holes: Vec::new(),
        order: Vec::with_capacity(starts.len()),
    };
    let mut open = vec![Task::See(payload)];
    while let Some(task) = open.pop() {
        let Task::See(part) = task else {
            write::nil(&mut outline.template);
            continue;
        };
        let Some(node) = part.node() else { continue };
        match seen(node) {
            Seen::Holder(count) => {
                head(&mut outline.likeness, node, count);
                holder(&mut outline.template, node, count);
                open_parts(part, node, &mut open);
            }
            Seen::Key => {
                outline.likeness.extend_from_slice(part.bytes());
                outline.template.extend_from_slice(part.bytes());
            }
            Seen::Hole(class) => {
                outline.likeness.push(class);
                outline.holes.push(outline.template.len());
                let nth = starts.binary_search(&node.start).unwrap_or_default();
                outline.order.push(nth as u32);
            }
        }
    }
    outline
}

fn head(likeness: &mut Vec<u8>, node: &Node, count: usize) {
    if let Part::Improper(_) = node.kind {
        likeness.push(1);
    }
    holder(likeness, node, count);
}

fn holder(out: &mut Vec<u8>, node: &Node, count: usize) {
    match node.kind {
        Part::Tuple(_) => write::tuple(out, count),
        Part::Map(_) => write::map(out, count),
        _ => write::list(out, count),
    }
}

/// The first part on top; of a map, that of the first key.
fn open_parts<'s>(holder: Scanned<'s>, node: &Node, open: &mut Vec<Task<'s>>) {
    let end = holder.beyond();
    let mut parts = Vec::new();
    let mut part = holder.after();
    while part.is_before(end) {
        parts.push(part);
        part = part.beyond();
    }
    match node.kind {
        Part::Map(_) => {
            let mut entries: Vec<&[Scanned<'s>]> = parts.chunks(2).collect();
            entries.sort_by_key(|entry| entry.first().map(order));
            let parts = entries
                .into_iter()
                .rev()
                .flat_map(|entry| entry.iter().rev());
            open.extend(parts.copied().map(Task::See));
        }
        Part::List(_) => {
            open.push(Task::EndOfList);
            open.extend(parts.into_iter().rev().map(Task::See));
        }
        _ => open.extend(parts.into_iter().rev().map(Task::See)),
    }
}

/// Keys as a `Value` has them in order: integers, atoms by name, then all others. In another order a file is a
/// twentieth longer or shorter, by what is in it; this one makes the files that always were.
fn order<'s>(key: &Scanned<'s>) -> (u8, i64, &'s [u8]) {
    let bytes = key.bytes();
    match (integer(bytes), atom_name(bytes)) {
        (Some(integer), _) => (0, integer, &[]),
        (None, Some(name)) => (1, 0, name.as_bytes()),
        (None, None) => (2, 0, binary(bytes).unwrap_or(bytes)),
    }
}
