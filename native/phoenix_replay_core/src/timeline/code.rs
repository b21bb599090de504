//! With which code a recording was made.

use crate::etf::Value;
use crate::recording::{EventKind, Recording};

/// The code of each module that is known: that of the view, from the head, and that of components, each
/// from the first event of one.
pub(super) fn of(recording: &Recording) -> Value {
    let head = recording.head.facts.field("modules");
    let head = head
        .and_then(Value::as_map)
        .map_or(&[][..], |map| map.entries());
    let components = recording.events.iter().filter_map(|event| {
        if event.kind() != EventKind::Other("component") {
            return None;
        }
        let code = event.payload.field("code")?;
        let [_component, module, _id] = event.payload.field("part")?.as_tuple()? else {
            return None;
        };
        Some((module.clone(), code.clone()))
    });
    Value::map(head.iter().cloned().chain(components))
}
