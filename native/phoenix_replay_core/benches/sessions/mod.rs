//! What is measured: a table of rows of which one changes at a time.
#![allow(dead_code)]

use std::time::Duration;

use criterion::Criterion;
use phoenix_replay_core::etf::{decode, Budget, Limits, Value, VERSION};
use phoenix_replay_core::patch::{diff, Change};
use phoenix_replay_core::recording::{Event, Head, Recording, Summary};
use phoenix_replay_core::view::Everything;

pub const ROWS: usize = 1_000;

/// A second or so for each measurement: the figures are for comparing, and many.
pub fn criterion() -> Criterion {
    Criterion::default()
        .sample_size(30)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_millis(1_500))
        .configure_from_args()
}

pub fn row(id: usize, changes: usize) -> Value {
    Value::map([
        (Value::atom("id"), Value::Integer(id as i64)),
        (
            Value::atom("title"),
            Value::binary(format!("Title of the item number {id}")),
        ),
        (Value::atom("price"), Value::float(id as f64 / 4.0)),
        (Value::atom("changes"), Value::Integer(changes as i64)),
    ])
}

pub fn rows(count: usize) -> Vec<Value> {
    (0..count).map(|id| row(id, 0)).collect()
}

pub fn assigns(rows: &[Value]) -> Value {
    Value::map([
        (Value::atom("rows"), Value::list(rows.iter().cloned())),
        (Value::atom("title"), Value::binary("Items")),
    ])
}

/// Where the changes go: all over the place, and the same at each run.
pub fn somewhere(turn: usize, length: usize) -> usize {
    (turn.wrapping_mul(7_919) ^ (turn >> 3)) % length
}

/// The patch between two values that differ, as the bytes that are stored.
pub fn patch_bytes(old: &Value, new: &Value) -> Vec<u8> {
    patch(old, new).unwrap()
}

fn patch(old: &Value, new: &Value) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let budget = &mut Budget::unlimited();
    let change = diff(old, new, &Everything, (), budget, &mut out).unwrap();
    (change == Change::Changed).then_some(out)
}

pub fn value(bytes: &[u8]) -> Value {
    let bytes = [&[VERSION], bytes].concat();
    decode(&bytes, Limits::default()).unwrap().0
}

/// A session in which somebody types into a form, letter by letter, into one field after the other: of
/// each letter the event, with all of the form's params, and what it changes of form and changeset.
pub fn typing(events: usize) -> Recording {
    const TEXT: &str = "the quick brown fox jumps over the lazy dog";
    let mut state = form("", "", "");
    let mut recorded = vec![event(0, "mount", field("assigns", state.clone()))];
    while recorded.len() < events {
        let turn = recorded.len() / 2 % (3 * TEXT.len());
        let typed = |of: usize| &TEXT[..turn.saturating_sub(of * TEXT.len()).min(TEXT.len())];
        let target = ["name", "email", "city"][turn / TEXT.len()];
        let params = params(typed(0), typed(1), typed(2));
        let target = ["account", target].map(Value::binary);
        let params = Value::map([
            (Value::binary("_target"), Value::list(target)),
            (Value::binary("account"), params),
        ]);
        let name = Value::binary("validate");
        let payload = [(Value::atom("name"), name), (Value::atom("params"), params)];
        let offset = recorded.len() * 40;
        recorded.push(event(offset, "event", Value::map(payload)));
        let next = form(typed(0), typed(1), typed(2));
        if let Some(patch) = patch(&state, &next) {
            recorded.push(event(offset + 1, "assigns", field("patch", value(&patch))));
        }
        state = next;
    }
    recorded.truncate(events);
    recording_of(recorded)
}

fn params(name: &str, email: &str, city: &str) -> Value {
    let fields = [
        ("name", name),
        ("email", email),
        ("city", city),
        ("notes", ""),
    ];
    Value::map(fields.map(|(key, text)| (Value::binary(key), Value::binary(text))))
}

fn form(name: &str, email: &str, city: &str) -> Value {
    let texts = [("name", name), ("email", email), ("city", city)];
    let typed = texts.into_iter().filter(|(_, text)| !text.is_empty());
    let changes = Value::map(typed.map(|(key, text)| (Value::atom(key), Value::binary(text))));
    let params = params(name, email, city);
    let changeset = Value::map([
        (Value::atom("changes"), changes),
        (Value::atom("params"), params.clone()),
        (Value::atom("action"), Value::atom("validate")),
        (Value::atom("valid?"), Value::boolean(!city.is_empty())),
    ]);
    let form = Value::map([
        (Value::atom("params"), params),
        (Value::atom("source"), changeset),
        (Value::atom("name"), Value::binary("account")),
    ]);
    field("form", form)
}

fn field(name: &str, value: Value) -> Value {
    Value::map([(Value::atom(name), value)])
}

fn event(offset_ms: usize, name: &str, payload: Value) -> Event {
    Event {
        offset_ms: offset_ms as u64,
        name: name.into(),
        payload,
    }
}

/// What the user does to the table, again and again.
#[derive(Clone, Copy)]
pub enum Life {
    /// Changes one row.
    Edits,
    /// Puts a row in the middle, for which the last one goes.
    Inserts,
    /// Sorts it by another column.
    Sorts,
}

impl Life {
    pub const ALL: [(&'static str, Life); 3] = [
        ("edits", Life::Edits),
        ("inserts", Life::Inserts),
        ("sorts", Life::Sorts),
    ];

    fn turn(self, turn: usize, rows: &mut Vec<Value>) {
        match self {
            Life::Edits => {
                let id = somewhere(turn, ROWS);
                rows[id] = row(id, turn);
            }
            Life::Inserts => {
                rows.pop();
                rows.insert(somewhere(turn, ROWS), row(ROWS + turn, turn));
            }
            // The same length in patches, and no two alike.
            Life::Sorts => rows.sort_by_key(|row| {
                let id = row.field("id").and_then(Value::as_integer);
                somewhere(id.unwrap_or_default() as usize + turn * ROWS, 104_729)
            }),
        }
    }
}

/// As many events: a mount, then each thing the user does and what it changes. As read back from a
/// file, a change shares nothing with any other.
pub fn recording(life: Life, events: usize) -> Recording {
    let mut rows = rows(ROWS);
    let mut state = assigns(&rows);
    let mounted = value(&written(&state));
    let mut recorded = vec![event(0, "mount", field("assigns", mounted))];
    while recorded.len() < events {
        let turn = recorded.len();
        let name = field("name", Value::binary("toggle"));
        recorded.push(event(turn * 100, "event", name));
        life.turn(turn, &mut rows);
        let next = assigns(&rows);
        let patch = value(&patch_bytes(&state, &next));
        recorded.push(event(turn * 100, "assigns", field("patch", patch)));
        state = next;
    }
    recorded.truncate(events);
    recording_of(recorded)
}

fn recording_of(events: Vec<Event>) -> Recording {
    Recording {
        head: Head::new(facts()).unwrap(),
        summary: Summary::default(),
        context: Value::map([]),
        events,
    }
}

pub fn facts() -> Value {
    Value::map([
        (Value::atom("id"), Value::binary("a")),
        (Value::atom("view"), Value::atom("Elixir.V")),
        (Value::atom("connected_at"), Value::Integer(0)),
    ])
}

/// A term without its version byte.
pub fn written(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    phoenix_replay_core::etf::write::value(&mut out, value);
    out
}
