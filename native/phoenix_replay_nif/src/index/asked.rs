//! Conditions as Elixir has them: the fields of `PhoenixReplay.Storage.Query`.

use phoenix_replay_core::index::Query;
use rustler::{Binary, NifMap};

#[derive(NifMap)]
pub struct Asked<'a> {
    view: Option<Binary<'a>>,
    url: Option<Binary<'a>>,
    event: Option<Binary<'a>>,
    from: Option<i64>,
    to: Option<i64>,
    min_duration_ms: Option<i64>,
    max_duration_ms: Option<i64>,
    errors: Option<bool>,
    metadata: Option<Vec<(Binary<'a>, Binary<'a>)>>,
    release: Option<Binary<'a>>,
    text: Option<Binary<'a>>,
    pinned: Option<bool>,
    ids: Option<Vec<Binary<'a>>>,
}

impl Asked<'_> {
    pub fn query(&self) -> Query {
        let bytes = |text: &Binary| text.as_slice().to_vec();
        let text = |text: &Option<Binary>| text.as_ref().map(bytes);
        let metadata = self.metadata.as_ref().map(|facts| {
            let facts = facts
                .iter()
                .map(|(name, value)| (bytes(name), bytes(value)));
            facts.collect()
        });
        Query {
            view: text(&self.view),
            url: text(&self.url),
            event: text(&self.event),
            from: self.from,
            to: self.to,
            min_duration_ms: self.min_duration_ms,
            max_duration_ms: self.max_duration_ms,
            errors: self.errors,
            metadata,
            release: text(&self.release),
            text: text(&self.text),
            pinned: self.pinned,
            ids: self.ids.as_ref().map(|ids| ids.iter().map(bytes).collect()),
        }
    }
}
