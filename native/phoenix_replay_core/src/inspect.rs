//! Values as Elixir's `inspect/1` prints them, for people: on one line, or over as many as it takes.
//!
//! What is printed is bounded in depth, in the parts of a container and in the length of a text, all of
//! which is data from outside. Nothing that is printed holds a control character, so a terminal shows it
//! and does nothing else. Three things differ from Elixir: a list of integers is never shown as a
//! charlist, the fields of a struct are in the order of their names, and a pid, port, reference or function
//! prints as it did where it was recorded.

mod atom;
mod container;
mod leaf;

pub use atom::atom;
pub(crate) use atom::is_identifier;
pub use leaf::plain;

use crate::etf::Value;
use container::{Container, Label};

/// How much of a value is printed.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Levels of containers; what is further down is `...`.
    pub depth: usize,
    /// Parts of one container; after them comes `...`.
    pub items: usize,
    /// Bytes of one text or binary; after them comes `...`.
    pub bytes: usize,
}

impl Default for Limits {
    /// 32 levels, 50 parts of each, 4 KiB of a text.
    fn default() -> Self {
        Limits {
            depth: 32,
            items: 50,
            bytes: 4 * 1024,
        }
    }
}

/// The value on one line.
///
/// ```
/// use phoenix_replay_core::{etf::Value, inspect};
/// let user = Value::map([
///     (Value::atom("name"), Value::binary("Ann")),
///     (Value::atom("roles"), Value::list([Value::atom("admin")])),
/// ]);
/// assert_eq!(inspect::line(&user, inspect::Limits::default()), r#"%{name: "Ann", roles: [:admin]}"#);
/// ```
#[must_use]
pub fn line(value: &Value, limits: Limits) -> String {
    within(value, 0, limits, usize::MAX).unwrap_or_default()
}

/// The value over lines of about `width` characters: what fits on one line stands on one, and of what
/// does not each part begins its own.
#[must_use]
pub fn pretty(value: &Value, width: usize, limits: Limits) -> String {
    let mut out = String::new();
    let mut todo = vec![Todo::Term(value, 0)];
    while let Some(next) = todo.pop() {
        match next {
            Todo::Text(text) => out.push_str(&text),
            Todo::Break(level) => {
                out.push('\n');
                out.extend(std::iter::repeat_n("  ", level));
            }
            Todo::Term(value, level) => {
                let room = width.saturating_sub(2 * level);
                let container = match within(value, level, limits, room) {
                    Some(line) => {
                        out.push_str(&line);
                        continue;
                    }
                    None => Container::of(value, limits.items),
                };
                match container {
                    Some(container) if level < limits.depth => {
                        broken(container, level, limits, &mut todo);
                    }
                    _ => {
                        out.push_str(&within(value, level, limits, usize::MAX).unwrap_or_default())
                    }
                }
            }
        }
    }
    out
}

enum Todo<'a> {
    Text(String),
    Break(usize),
    Term(&'a Value, usize),
}

/// What there is to do for a container whose parts begin a line each, the last of it first.
fn broken<'a>(container: Container<'a>, level: usize, limits: Limits, todo: &mut Vec<Todo<'a>>) {
    let Container {
        open,
        parts,
        more,
        close,
    } = container;
    todo.extend([Todo::Text(close.into()), Todo::Break(level)]);
    if more {
        todo.extend([Todo::Text("...".into()), Todo::Break(level + 1)]);
    }
    let mut last = !more;
    for (label, value) in parts.into_iter().rev() {
        if !last {
            todo.push(Todo::Text(",".into()));
        }
        // The bar in front of a tail stands in the place of a comma.
        last = matches!(label, Label::Tail);
        let label = match label {
            Label::None => String::new(),
            Label::Field(name) => format!("{name}: "),
            Label::Arrow(key) => format!("{} => ", line(key, limits)),
            Label::Tail => "| ".into(),
        };
        todo.extend([
            Todo::Term(value, level + 1),
            Todo::Text(label),
            Todo::Break(level + 1),
        ]);
    }
    todo.push(Todo::Text(open));
}

/// The value on one line, if it takes no more than `most` bytes.
fn within(value: &Value, level: usize, limits: Limits, most: usize) -> Option<String> {
    let mut out = String::new();
    let mut todo = vec![Todo::Term(value, level)];
    while let Some(next) = todo.pop() {
        match next {
            Todo::Text(text) => out.push_str(&text),
            Todo::Break(_) => {}
            Todo::Term(value, level) => match Container::of(value, limits.items) {
                Some(_) if level >= limits.depth => out.push_str("..."),
                Some(container) => flat(container, level, &mut todo),
                None => out.push_str(&leaf::text(value, limits.bytes)),
            },
        }
        if out.len() > most {
            return None;
        }
    }
    Some(out)
}

fn flat<'a>(container: Container<'a>, level: usize, todo: &mut Vec<Todo<'a>>) {
    let Container {
        open,
        parts,
        more,
        close,
    } = container;
    todo.push(Todo::Text(close.into()));
    if more {
        todo.push(Todo::Text(", ...".into()));
    }
    for (at, (label, value)) in parts.into_iter().enumerate().rev() {
        todo.push(Todo::Term(value, level + 1));
        match label {
            Label::Field(name) => todo.push(Todo::Text(format!("{name}: "))),
            Label::Arrow(key) => {
                todo.extend([Todo::Text(" => ".into()), Todo::Term(key, level + 1)]);
            }
            Label::Tail => {
                todo.push(Todo::Text(" | ".into()));
                continue;
            }
            Label::None => {}
        }
        if at > 0 {
            todo.push(Todo::Text(", ".into()));
        }
    }
    todo.push(Todo::Text(open));
}
