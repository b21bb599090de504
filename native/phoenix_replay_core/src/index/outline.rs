//! What conditions ask about a recording, short enough to look at 100,000 of them for each list.
//!
//! | bytes | |
//! |---|---|
//! | 1 | whether it failed, whether it has a release, whether a value of its metadata has a text of its own in Elixir |
//! | 8 | its duration in milliseconds |
//! | texts | view, release, URL |
//! | 4, then a text each | the events that were handled |
//! | 4, then two texts each | the metadata: names and values, as text |
//!
//! Numbers are little-endian; texts have their length in four bytes before them.

use std::sync::Arc;

use super::input::{length, text, Input};
use crate::etf::Value;

const FAILED: u8 = 1;
const RELEASED: u8 = 2;
const ODD: u8 = 4;

/// The bytes of an outline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Outline(Arc<[u8]>);

/// What an outline says.
pub(super) struct Outlined<'o> {
    pub(super) failed: bool,
    /// Whether a value of the metadata is not among `metadata`, for only Elixir knows it as text.
    pub(super) odd: bool,
    pub(super) duration_ms: i64,
    pub(super) view: &'o [u8],
    pub(super) release: Option<&'o [u8]>,
    pub(super) url: &'o [u8],
    rest: Input<'o>,
}

impl Outline {
    /// The outline of a summary, as [`Head::listed`](crate::recording::Head::listed) gives it.
    pub(super) fn of(facts: &Value) -> Self {
        let bytes = |key| facts.field(key).and_then(Value::as_binary);
        let map = |key| {
            let map = facts.field(key).and_then(Value::as_map);
            map.map_or(&[][..], |map| map.entries())
        };
        let view = facts.field("view");
        let view = view.and_then(|view| view.as_atom().or(view.as_text()));
        let names = map("event_names").iter();
        let names: Vec<_> = names.filter_map(|(name, _)| name.as_binary()).collect();
        let metadata = map("metadata");
        let known: Vec<_> = metadata.iter().filter_map(fact).collect();

        let mut out = vec![0];
        if failed(facts) {
            out[0] |= FAILED;
        }
        if bytes("release").is_some() {
            out[0] |= RELEASED;
        }
        if known.len() < metadata.len() {
            out[0] |= ODD;
        }
        let duration = facts.field("duration_ms").and_then(Value::as_integer);
        out.extend_from_slice(&duration.unwrap_or(0).to_le_bytes());
        text(&mut out, view.unwrap_or_default().as_bytes());
        text(&mut out, bytes("release").unwrap_or_default());
        text(&mut out, bytes("url").unwrap_or_default());
        length(&mut out, names.len());
        names.iter().for_each(|name| text(&mut out, name));
        length(&mut out, known.len());
        for (name, value) in &known {
            text(&mut out, name);
            text(&mut out, value);
        }
        Outline(out.into())
    }

    /// One that was written to a file.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let outline = Outline(bytes.into());
        let whole = outline.facts().is_some();
        whole.then_some(outline)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// What it says; `None` where it is none.
    pub(super) fn facts(&self) -> Option<Outlined<'_>> {
        let mut input = Input(&self.0);
        let flags = input.byte()?;
        let duration_ms = i64::from_le_bytes(input.array()?);
        let view = input.text()?;
        let release = input.text()?;
        Some(Outlined {
            failed: flags & FAILED != 0,
            odd: flags & ODD != 0,
            duration_ms,
            view,
            release: (flags & RELEASED != 0).then_some(release),
            url: input.text()?,
            rest: input,
        })
    }
}

impl<'o> Outlined<'o> {
    /// The names of the events that were handled.
    pub(super) fn events(&self) -> impl Iterator<Item = &'o [u8]> {
        let mut input = self.rest;
        let count = input.length().unwrap_or(0);
        (0..count).map_while(move |_| input.text())
    }

    /// The names and values of its metadata.
    pub(super) fn metadata(&self) -> impl Iterator<Item = (&'o [u8], &'o [u8])> {
        let mut input = self.rest;
        let skipped = input.length().unwrap_or(0);
        let whole = (0..skipped).all(|_| input.text().is_some());
        let count = if whole {
            input.length().unwrap_or(0)
        } else {
            0
        };
        (0..count).map_while(move |_| Some((input.text()?, input.text()?)))
    }
}

/// As `PhoenixReplay.Storage.Query.failed?/1` has it.
fn failed(facts: &Value) -> bool {
    let errors = facts.field("errors").and_then(Value::as_integer);
    let error = facts.field("error");
    let ended = facts.field("ended").and_then(Value::as_atom);
    errors.unwrap_or(0) > 0
        || error.is_some_and(|error| error.as_atom() != Some("nil"))
        || matches!(ended, Some("crashed" | "killed"))
}

/// A fact of the metadata as text, as `PhoenixReplay.Storage.Query.fact/1` has it.
fn fact((name, value): &(Value, Value)) -> Option<(Vec<u8>, Vec<u8>)> {
    let name = name.as_binary()?.to_vec();
    let value = match value {
        Value::Binary(bytes) => bytes.to_vec(),
        Value::Integer(integer) => integer.to_string().into_bytes(),
        Value::Atom(atom) => match &**atom {
            "nil" => Vec::new(),
            "true" | "false" => atom.as_bytes().to_vec(),
            _ => return None,
        },
        _ => return None,
    };
    Some((name, value))
}
