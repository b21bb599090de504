//! A value from its beginning to its end, in the order it is written.

use crate::etf::{Map, Value};

/// What stands next in a value.
pub(super) enum Node<'a> {
    /// A tuple of so many elements, which follow.
    Tuple(usize),
    /// A list of so many items, which follow, and then [`Node::End`].
    List(usize),
    /// The end of a list.
    End,
    /// An improper list: so many items follow, then its tail.
    Improper(usize),
    /// A map of so many entries; a key and a value follow for each.
    Map(usize),
    /// A key.
    Key(&'a Value),
    /// Anything else: what has no parts, and a map with a key that has some.
    Leaf(&'a Value),
}

/// Shows `see` every node of a value. Its depth is data from outside, so this keeps a stack of its own.
pub(super) fn walk<'a>(value: &'a Value, mut see: impl FnMut(Node<'a>)) {
    let mut open = vec![Node::Leaf(value)];
    while let Some(node) = open.pop() {
        let Node::Leaf(value) = node else {
            see(node);
            continue;
        };
        match value {
            Value::Tuple(elements) if !elements.is_empty() => {
                see(Node::Tuple(elements.len()));
                open.extend(elements.iter().rev().map(Node::Leaf));
            }
            Value::List(list) if !list.items().is_empty() => {
                let items = list.items();
                match list.tail() {
                    None => {
                        see(Node::List(items.len()));
                        open.push(Node::End);
                    }
                    Some(tail) => {
                        see(Node::Improper(items.len()));
                        open.push(Node::Leaf(tail));
                    }
                }
                open.extend(items.iter().rev().map(Node::Leaf));
            }
            Value::Map(map) if has_plain_keys(map) => {
                see(Node::Map(map.len()));
                for (key, value) in map.entries().iter().rev() {
                    open.extend([Node::Leaf(value), Node::Key(key)]);
                }
            }
            leaf => see(Node::Leaf(leaf)),
        }
    }
}

fn has_plain_keys(map: &Map) -> bool {
    !map.is_empty() && map.entries().iter().all(|(key, _)| is_plain(key))
}

/// Whether a value has no parts.
pub(super) fn is_plain(value: &Value) -> bool {
    match value {
        Value::Tuple(elements) => elements.is_empty(),
        Value::List(list) => list.items().is_empty(),
        Value::Map(map) => map.is_empty(),
        _ => true,
    }
}
