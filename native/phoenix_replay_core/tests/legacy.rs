//! Recordings as version 0.1 and 0.2 wrote them.
#![allow(clippy::unwrap_used)]

mod recordings;

use std::io::Write;

use flate2::write::GzEncoder;
use phoenix_replay_core::etf::{write, Value, VERSION};
use phoenix_replay_core::recording::{read, read_head, Limits, Recording, RecordingError};
use phoenix_replay_core::timeline::Timeline;
use recordings::field;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut member = GzEncoder::new(Vec::new(), flate2::Compression::default());
    member.write_all(bytes).unwrap();
    member.finish().unwrap()
}

fn atoms<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::map(entries.map(|(key, value)| (Value::atom(key), value)))
}

fn count(count: i64) -> Value {
    field("count", Value::Integer(count))
}

/// What `:erlang.term_to_binary/1` makes of the struct.
fn term() -> Vec<u8> {
    let event = |offset: i64, kind: &str, payload| {
        Value::tuple([Value::Integer(offset), Value::atom(kind), payload])
    };
    let named = atoms([("name", Value::binary("inc")), ("params", Value::map([]))]);
    let term = atoms([
        ("__struct__", Value::atom("Elixir.PhoenixReplay.Recording")),
        ("id", Value::binary("abc")),
        ("view", Value::atom("Elixir.MyAppWeb.CounterLive")),
        ("url", Value::nil()),
        ("params", Value::map([])),
        (
            "session",
            Value::map([(Value::binary("user"), Value::Integer(7))]),
        ),
        ("connected_at", Value::Integer(1_700_000_000_000)),
        (
            "events",
            Value::list([
                event(0, "mount", field("assigns", count(1))),
                event(20, "event", named),
                event(25, "assigns", field("delta", count(2))),
                Value::atom("noise"),
            ]),
        ),
    ]);
    let mut bytes = vec![VERSION];
    write::value(&mut bytes, &term);
    bytes
}

const DOCUMENT: &str = r#"{"id": "abc", "view": "Elixir.MyAppWeb.CounterLive", "url": "/", "params": {},
 "session": {"user": 7, "$odd": ":key"}, "connected_at": 1700000000000, "events": [
 {"offset": 0, "type": "mount", "payload": {"assigns": {"count": 1}}},
 {"offset": 20, "type": "event", "payload": {"name": "inc", "params": {}}},
 {"offset": 25, "type": "assigns", "payload": {"delta": {"count": 2}}}]}"#;

fn check(recording: Recording) {
    assert_eq!(&*recording.head.id, "abc");
    assert_eq!(&*recording.head.view, "Elixir.MyAppWeb.CounterLive");
    assert_eq!(recording.head.connected_at, 1_700_000_000_000);
    let summary = &recording.summary;
    assert_eq!((summary.event_count, summary.duration_ms), (3, 25));
    assert!(summary.interacted && !summary.interrupted);
    assert_eq!(summary.event_names, [("inc".into(), 1)]);
    let session = recording
        .context
        .field("session")
        .and_then(Value::as_map)
        .unwrap();
    assert_eq!(
        session.get(&Value::binary("user")),
        Some(&Value::Integer(7))
    );
    let timeline = Timeline::new(recording);
    assert_eq!(timeline.state_at(1), Some(count(1)));
    assert_eq!(timeline.state_at(2), Some(count(2)));
}

#[test]
fn terms_and_documents_compressed_or_not() {
    for bytes in [term(), DOCUMENT.into()] {
        for file in [gzip(&bytes), bytes] {
            check(read(&file, Limits::default()).unwrap());
            let (head, summary) = read_head(&file).unwrap();
            assert_eq!((&*head.id, summary.unwrap().event_count), ("abc", 3));
        }
    }
}

#[test]
fn one_that_is_cut_is_an_error() {
    for bytes in [term(), DOCUMENT.into()] {
        for file in [gzip(&bytes), bytes] {
            for at in 0..file.len() {
                assert!(read(&file[..at], Limits::default()).is_err());
            }
        }
    }
}

#[test]
fn what_is_none_is_none() {
    let nothing = [
        vec![VERSION, 106],
        gzip(b"{}"),
        gzip(b"{\"id\": 1}"),
        vec![VERSION, 116, 0, 0, 0, 0],
    ];
    for file in nothing {
        assert_eq!(
            read(&file, Limits::default()),
            Err(RecordingError::NotARecording)
        );
        assert_eq!(read_head(&file), Err(RecordingError::NotARecording));
    }
}
