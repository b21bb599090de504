//! Sensitive entries of a recorded value.
//!
//! The recording remembers that a key was there: its value is the atom [`HIDDEN`]. Whoever asks for
//! recorded data gets it without the key; a replay gets [`FILTERED`] in its place, so that a template
//! which reads the key still renders.

use crate::etf::Value;
use crate::tree::Tree;
use crate::view::{FILTERED, HIDDEN};

/// What becomes of the entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// They are left out.
    Stripped,
    /// Their value is the text `[FILTERED]`.
    Shown,
}

/// The value without its hidden entries. What holds none is shared with `value`.
///
/// ```
/// use phoenix_replay_core::{etf::Value, recording::hidden, view::HIDDEN};
/// let user = Value::map([
///     (Value::atom("name"), Value::binary("Ann")),
///     (Value::atom("token"), Value::atom(HIDDEN)),
/// ]);
/// assert_eq!(format!("{:?}", hidden::stripped(&user)), r#"%{name: "Ann"}"#);
/// assert_eq!(format!("{:?}", hidden::shown(&user)), r#"%{name: "Ann", token: "[FILTERED]"}"#);
/// ```
#[must_use]
pub fn stripped(value: &Value) -> Value {
    rewrite(value, Form::Stripped)
}

/// The value with `"[FILTERED]"` in the place of what is hidden. What holds none is shared with `value`.
#[must_use]
pub fn shown(value: &Value) -> Value {
    rewrite(value, Form::Shown)
}

/// The value in one of the two forms.
#[must_use]
pub fn rewrite(value: &Value, form: Form) -> Value {
    let mut open = vec![Node::new(value)];
    let mut finished: Option<(Value, bool)> = None;
    while let Some(node) = open.last_mut() {
        if let Some((child, changed)) = finished.take() {
            node.done.push(child);
            node.changed |= changed;
        }
        match node.next_child() {
            Some(child) if is_hidden(child) && node.value.as_map().is_some() => {
                node.changed = true;
                node.done.push(match form {
                    // Taken out again when the map is made.
                    Form::Stripped => child.clone(),
                    Form::Shown => Value::binary(FILTERED),
                });
            }
            Some(child) if holds_nothing(child) => node.done.push(child.clone()),
            Some(child) => open.push(Node::new(child)),
            None => finished = open.pop().map(Node::finish),
        }
    }
    finished.map_or_else(|| value.clone(), |(value, _)| value)
}

/// Whether anything in `value` is hidden.
#[must_use]
pub fn any(value: &Value) -> bool {
    found(value, |parent| parent.as_map().is_some())
}

/// Whether `patch` may put something hidden into the state it is applied to: in the grammar of a
/// [patch](crate::patch) a new value stands in a tuple.
#[must_use]
pub fn any_put(patch: &Value) -> bool {
    found(patch, |parent| {
        parent.as_map().is_some() || parent.as_tuple().is_some()
    })
}

/// Whether the atom stands anywhere in `value`, in a container that `counts`.
fn found(value: &Value, counts: impl Fn(&Value) -> bool) -> bool {
    let mut open = vec![value];
    while let Some(parent) = open.pop() {
        let children = (0..).map_while(|at| child(parent, at));
        for child in children {
            if is_hidden(child) && counts(parent) {
                return true;
            }
            if !holds_nothing(child) {
                open.push(child);
            }
        }
    }
    false
}

/// The value at `at` of what a container holds, keys of maps aside.
fn child(parent: &Value, at: usize) -> Option<&Value> {
    match parent {
        Value::Map(map) => map.entries().get(at).map(|(_, value)| value),
        Value::Tuple(elements) => elements.get(at),
        Value::List(list) => match list.items().get(at) {
            None if at == list.items().len() => list.tail(),
            item => item,
        },
        _ => None,
    }
}

fn is_hidden(value: &Value) -> bool {
    value.as_atom() == Some(HIDDEN)
}

fn holds_nothing(value: &Value) -> bool {
    !matches!(value, Value::Map(_) | Value::Tuple(_) | Value::List(_))
}

/// A container whose children are being looked at.
struct Node<'a> {
    value: &'a Value,
    done: Vec<Value>,
    changed: bool,
}

impl<'a> Node<'a> {
    fn new(value: &'a Value) -> Self {
        Node {
            value,
            done: Vec::new(),
            changed: false,
        }
    }

    fn next_child(&self) -> Option<&'a Value> {
        child(self.value, self.done.len())
    }

    fn finish(self) -> (Value, bool) {
        if !self.changed {
            return (self.value.clone(), false);
        }
        let mut done = self.done;
        let value = match self.value {
            Value::Map(map) => {
                let keys = map.entries().iter().map(|(key, _)| key.clone());
                Value::map(keys.zip(done).filter(|(_, value)| !is_hidden(value)))
            }
            Value::Tuple(_) => Value::tuple(done),
            Value::List(list) => match list.tail().and_then(|_| done.pop()) {
                Some(tail) => Value::improper_list(done, tail),
                None => Value::list(done),
            },
            leaf => leaf.clone(),
        };
        let changed = !value.same(self.value);
        (value, changed)
    }
}
