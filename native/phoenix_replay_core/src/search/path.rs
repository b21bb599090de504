//! Where in the assigns or the params something is.

use std::fmt;

use crate::etf::Value;
use crate::inspect;

/// A step from a container to a part of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// To the value of a key.
    Key(Value),
    /// To the element of a tuple or list at this index; the tail of an improper list has the index after
    /// the last item.
    At(usize),
}

/// The way to a value. Its first step is the key of what it is in: `assigns`, `params`, `session`,
/// `url`, `name`, or another key of an event's payload. What a search finds deeper than 256 steps down
/// has a path that ends there.
///
/// It prints much as one would write it in Elixir, with the index of an element in brackets:
///
/// ```
/// use phoenix_replay_core::{etf::Value, search::{Path, Step}};
/// let step = |name| Step::Key(Value::atom(name));
/// let path = Path(vec![step("assigns"), step("rows"), Step::At(3), step("params"), Step::Key(Value::binary("email"))]);
/// assert_eq!(path.to_string(), r#"assigns.rows[3].params["email"]"#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path(pub Vec<Step>);

/// How much of a key is printed.
const KEY: inspect::Limits = inspect::Limits {
    depth: 3,
    items: 5,
    bytes: 200,
};

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (nth, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(Value::Atom(name)) if inspect::is_identifier(name) => {
                    if nth > 0 {
                        f.write_str(".")?;
                    }
                    f.write_str(name)?;
                }
                Step::Key(key) => write!(f, "[{}]", inspect::line(key, KEY))?,
                Step::At(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}
