//! What an event does to a part of the page that is no assign of its view.

use super::state::State;
use super::stream;
use crate::etf::Value;
use crate::patch::{self, PatchError};
use crate::recording::Event;

/// A change of one part: `part` in the payload is its key, and one of these its change.
pub(crate) struct Part<'a> {
    pub(crate) key: &'a Value,
    pub(crate) how: How<'a>,
}

/// What becomes of the part.
pub(crate) enum How<'a> {
    /// `value`: it becomes this.
    Value(&'a Value),
    /// `patch`: it is patched.
    Patch(&'a Value),
    /// `rows`: what a render sent of a stream, in a map under the stream's name.
    Rows(&'a Value),
    /// `gone`: it is no more.
    Gone,
}

impl<'a> Part<'a> {
    /// Any kind of event may change a part: only the recorder and the replay know what kinds there are.
    pub(crate) fn of(event: &'a Event) -> Option<Self> {
        let field = |name| event.payload.field(name);
        let key = field("part")?;
        let how = field("value")
            .map(How::Value)
            .or_else(|| field("patch").map(How::Patch))
            .or_else(|| field("rows").map(How::Rows))
            .or_else(|| field("gone").map(|_| How::Gone))?;
        Some(Part { key, how })
    }

    /// The state after it; what it takes is added to `work`.
    pub(super) fn apply(&self, mut state: State, work: &mut u64) -> Result<State, PatchError> {
        *work += state.parts.as_map().map_or(0, |parts| parts.len()) as u64;
        let part = match self.how {
            How::Value(value) => Some(value.clone()),
            How::Patch(change) => {
                let old = state.take_part(self.key);
                Some(patch::apply_counted(old, change, work)?)
            }
            How::Rows(named) => {
                let old = state.part(self.key);
                Some(
                    change_of(named).map_or(old.clone(), |change| stream::fold(&old, change, work)),
                )
            }
            How::Gone => None,
        };
        state.put_part(self.key, part);
        Ok(state)
    }
}

fn change_of(named: &Value) -> Option<&Value> {
    let entry = named.as_map()?.entries().first()?;
    Some(&entry.1)
}
