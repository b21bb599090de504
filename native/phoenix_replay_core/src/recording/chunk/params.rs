//! Params of events from changes to those of the last event of the same name.

use std::collections::HashMap;

use crate::etf::Value;
use crate::patch::apply;
use crate::recording::TOOK;

/// The params that the last event of each name had.
#[derive(Default)]
pub(super) struct Params(HashMap<Vec<u8>, Value>);

impl Params {
    /// The whole payload of one whose params are a change; `None` where it does not fit.
    pub(super) fn unchanged(&mut self, payload: &Value) -> Option<Value> {
        let (name, patch) = parts(payload)?;
        let before = self.0.get_mut(name)?;
        *before = apply(before, patch).ok()?;
        Some(with_params(payload, before.clone()))
    }

    /// Takes notice of a payload that stands whole.
    pub(super) fn seen(&mut self, payload: &Value) {
        if let Some((name, params)) = parts(payload) {
            self.0.insert(name.into(), params.clone());
        }
    }
}

/// Name and params of a payload that has these and nothing else but how long it took.
fn parts(payload: &Value) -> Option<(&[u8], &Value)> {
    let others = payload.as_map()?.entries().len().checked_sub(2)?;
    if others != usize::from(payload.field(TOOK).is_some()) {
        return None;
    }
    let name = payload.field("name")?.as_binary()?;
    Some((name, payload.field("params")?))
}

fn with_params(payload: &Value, params: Value) -> Value {
    let others = payload.as_map().map_or(&[][..], |map| map.entries()).iter();
    let others = others.filter(|(key, _)| key.as_atom() != Some("params"));
    Value::map(others.cloned().chain([(Value::atom("params"), params)]))
}
