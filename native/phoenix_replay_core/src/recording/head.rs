//! What is known of a recording from its first moment and never changes.

use std::sync::Arc;

use super::{RecordingError, Summary};
use crate::etf::Value;

/// The facts a recording begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The id.
    pub id: Arc<str>,
    /// The view's module, as its atom is named: `Elixir.MyAppWeb.CartLive`.
    pub view: Arc<str>,
    /// When it was connected, in Unix milliseconds.
    pub connected_at: i64,
    /// All facts, these three among them: a map with the keys `id view connected_at node release
    /// modules versions`, `url` where it was known from the start, and whatever a later version adds.
    pub facts: Value,
}

impl Head {
    /// The head of a map of facts.
    ///
    /// # Errors
    /// [`RecordingError::NotARecording`] when `id` (text), `view` (an atom, or text in a recording
    /// that another version wrote) or `connected_at` (an integer) is missing.
    pub fn new(facts: Value) -> Result<Self, RecordingError> {
        let id = facts.field("id").and_then(Value::as_text).map(Arc::from);
        let view = facts
            .field("view")
            .and_then(|view| view.as_atom().or(view.as_text()))
            .map(Arc::from);
        let connected_at = facts.field("connected_at").and_then(Value::as_integer);
        match (id, view, connected_at) {
            (Some(id), Some(view), Some(connected_at)) => Ok(Head {
                id,
                view,
                connected_at,
                facts,
            }),
            _ => Err(RecordingError::NotARecording),
        }
    }

    /// What a list shows of a recording: its head and summary as one map. One without a summary was never
    /// finished, and is marked as interrupted. A fact of another kind than it should be is left out.
    #[must_use]
    pub fn listed(&self, summary: Option<Summary>) -> Value {
        let summary = summary.unwrap_or_else(|| Summary {
            interrupted: true,
            ..Summary::default()
        });
        let facts_of_head = facts(&self.facts).filter(|(key, value)| makes_sense(key, value));
        Value::map(facts_of_head.chain(facts(&summary.to_value())))
    }
}

/// Whether a fact is of the kind that who reads it relies on. A fact that is not known is any term.
fn makes_sense(key: &Value, value: &Value) -> bool {
    match key.as_atom() {
        Some("node" | "release") => value.as_text().is_some(),
        Some("modules" | "versions") => value.as_map().is_some(),
        Some(_) => true,
        None => false,
    }
}

fn facts(map: &Value) -> impl Iterator<Item = (Value, Value)> {
    let entries = map.as_map().map(|map| map.entries().to_vec());
    entries.unwrap_or_default().into_iter()
}
