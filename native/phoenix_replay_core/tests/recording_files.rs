//! What stands where in a file, and what is left of one that lacks something.
#![allow(clippy::unwrap_used)]

mod gzip;
mod recordings;

use std::io::Read;

use phoenix_replay_core::etf::{decode, write as etf_write, Value, VERSION};
use phoenix_replay_core::recording::{
    hidden, read, read_head, write, Head, Limits, Recording, RecordingError,
};
use phoenix_replay_core::timeline::Timeline;
use phoenix_replay_core::view::HIDDEN;
use proptest::prelude::*;
use recordings::{event, of, recording, value};

fn file(recording: &Recording) -> Vec<u8> {
    write(recording).unwrap()
}

fn open(bytes: &[u8]) -> Result<Recording, RecordingError> {
    read(bytes, Limits::default())
}

fn empty() -> Recording {
    of(vec![])
}

fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::map(entries.map(|(key, value)| (Value::atom(key), value)))
}

fn members() -> (Recording, Vec<u8>) {
    let mut recording = empty();
    let mut state = 1u64;
    let noise = Value::binary(Vec::from_iter((0..300_000).map(|_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    })));
    for number in 0..4 {
        let payload = map([("assigns", map([("n", noise.clone())]))]);
        recording.events.push(event(number, "mount", payload));
    }
    recording.summary.event_count = 4;
    recording.summary.duration_ms = 3;
    let bytes = file(&recording);
    (recording, bytes)
}

/// What a member holds, and how long it is.
fn inflated(bytes: &[u8]) -> (Vec<u8>, usize) {
    let mut out = Vec::new();
    let length = gzip::first(bytes);
    flate2::bufread::GzDecoder::new(bytes)
        .read_to_end(&mut out)
        .unwrap();
    (out, length)
}

fn raw(first: &[&Value], rest: &[&Value]) -> Vec<u8> {
    let rest = if rest.is_empty() {
        Vec::new()
    } else {
        gzip::terms(rest)
    };
    [gzip::terms(first), rest].concat()
}

fn opening(recording: &Recording) -> Value {
    Value::tuple([
        Value::atom("phoenix_replay"),
        Value::integer(1),
        recording.head.facts.clone(),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_prefix_is_a_shorter_recording(recording in recording(), seed: prop::sample::Index) {
        let bytes = file(&recording);
        let first = gzip::first(&bytes);
        for end in [seed.index(bytes.len()), first - 1, first, bytes.len() - 1] {
            let prefix = &bytes[..end];
            if end < first {
                prop_assert_eq!(open(prefix), Err(RecordingError::Truncated));
                prop_assert_eq!(read_head(prefix), Err(RecordingError::Truncated));
                continue;
            }
            let shorter = open(prefix)?;
            prop_assert!(shorter.summary.interrupted);
            prop_assert_eq!(&shorter.head, &recording.head);
            prop_assert!(recording.events.starts_with(&shorter.events));
            prop_assert_eq!(shorter.summary.event_count, shorter.events.len() as u64);
            prop_assert_eq!(read_head(prefix)?, (recording.head.clone(), Some(recording.summary.clone())));
        }
    }

    #[test]
    fn any_terms_may_be_given(first in value(), rest in prop::collection::vec(value(), 0..4)) {
        let recording = empty();
        let rest: Vec<&Value> = rest.iter().collect();
        let _ = open(&raw(&[&first], &rest));
        let opened = open(&raw(&[&opening(&recording), &first], &rest))?;
        prop_assert_eq!(opened.head, recording.head);
        prop_assert!(opened.summary.interrupted);
    }
}

#[test]
fn it_is_gzip_of_terms_in_a_row() {
    let (recording, bytes) = members();
    let mut inflated = Vec::new();
    flate2::bufread::MultiGzDecoder::new(&bytes[..])
        .read_to_end(&mut inflated)
        .unwrap();
    let (mut at, mut found) = (0, Vec::new());
    while at < inflated.len() {
        let (value, used) = decode(&inflated[at..], Default::default()).unwrap();
        found.push(value);
        at += used;
    }
    assert_eq!(found[0], opening(&recording));
    assert_eq!(
        found[1],
        Value::tuple([Value::atom("summary"), recording.summary.to_value()])
    );
    assert_eq!(
        found[2],
        Value::tuple([Value::atom("context"), recording.context.clone()])
    );
    // A chunk with a hundred or a thousand events is one term; what is in it the docs say, and a test
    // of the Elixir part reads it by their snippet.
    for chunk in &found[3..] {
        let parts = chunk.as_tuple().unwrap();
        assert_eq!((parts.len(), parts[0].as_atom()), (4, Some("events")));
    }
    assert_eq!(open(&bytes), Ok(recording));
}

#[test]
fn events_may_stand_alone_or_in_a_chunk() {
    let mut recording = empty();
    for at in 0..6 {
        recording
            .events
            .push(event(at, "info", map([("tag", Value::integer(at as i64))])));
    }
    recording.summary.event_count = 6;
    recording.summary.duration_ms = 5;
    let bytes = file(&recording);
    let (mut chunk, _) = inflated(&bytes[gzip::first(&bytes)..]);
    let alone = Value::tuple([Value::integer(7), Value::atom("later"), Value::nil()]);
    chunk.push(VERSION);
    etf_write::value(&mut chunk, &alone);
    let first = &bytes[..gzip::first(&bytes)];
    let read = open(&[first, &gzip::member(&chunk)].concat()).unwrap();
    assert_eq!(read.events[..6], recording.events);
    assert_eq!(read.events[6], event(7, "later", Value::nil()));
}

#[test]
fn a_chunk_that_makes_no_sense_ends_the_recording() {
    let head = opening(&empty());
    let context = Value::tuple([Value::atom("context"), Value::map([])]);
    let hole = |column: i64| Value::tuple([Value::atom("$"), Value::integer(column)]);
    let chunk = |steps: &[u8], order: &[u8], shape: [Value; 4]| {
        Value::tuple([
            Value::atom("events"),
            Value::binary(steps),
            Value::binary(order),
            Value::list([Value::tuple(shape)]),
        ])
    };
    let shape = |how: &str, template, columns: Vec<Value>| {
        [
            Value::atom("info"),
            Value::atom(how),
            template,
            Value::list(columns),
        ]
    };
    let column = || Value::binary([5]);
    let read = |chunk: &Value| open(&raw(&[&head, &context], &[chunk])).unwrap();
    let whole = read(&chunk(&[3], &[0], shape("whole", hole(0), vec![column()])));
    assert_eq!(whole.events, [event(3, "info", Value::integer(5))]);
    for broken in [
        // More events than steps, than shapes, than rows; no such column; numbers that do not end.
        chunk(&[3], &[0, 0], shape("whole", Value::nil(), vec![])),
        chunk(&[3], &[1], shape("whole", Value::nil(), vec![])),
        chunk(&[3, 3], &[0, 0], shape("whole", hole(0), vec![column()])),
        chunk(&[3], &[0], shape("whole", hole(1), vec![column()])),
        chunk(&[3], &[128], shape("whole", Value::nil(), vec![])),
        chunk(&[3], &[0], shape("whole", hole(0), vec![Value::nil()])),
        chunk(&[3], &[0], shape("later", Value::nil(), vec![])),
        // A change of nothing.
        chunk(&[3], &[0], shape("change", Value::nil(), vec![])),
        // Binaries longer than there are bytes.
        chunk(
            &[3],
            &[0],
            shape(
                "whole",
                hole(0),
                vec![Value::tuple([column(), Value::binary("four")])],
            ),
        ),
    ] {
        let read = read(&broken);
        assert_eq!(read.events, [], "{broken:?}");
        assert!(read.summary.interrupted);
    }
}

#[test]
fn damage_in_one_member_leaves_those_before_it() {
    let (recording, bytes) = members();
    let first = gzip::first(&bytes);
    let second = first + gzip::first(&bytes[first..]);
    let third = second + gzip::first(&bytes[second..]);
    let mut damaged = bytes.clone();
    damaged[third + 5_000] ^= 1;
    for bytes in [&damaged[..], &bytes[..third], &bytes[..third + 9_000]] {
        let read = open(bytes).unwrap();
        assert_eq!(read.events, recording.events[..2]);
        assert_eq!((read.summary.event_count, read.summary.duration_ms), (2, 1));
        assert!(read.summary.interrupted);
    }
    let read = open(&[&bytes[..], &[0; 512]].concat()).unwrap();
    assert_eq!(read.events, recording.events);
    assert!(read.summary.interrupted);
}

#[test]
fn without_its_second_member_it_is_interrupted_even_where_nothing_happened() {
    let recording = empty();
    let bytes = file(&recording);
    assert_eq!(open(&bytes), Ok(recording));
    assert!(
        open(&bytes[..gzip::first(&bytes)])
            .unwrap()
            .summary
            .interrupted
    );
}

#[test]
fn one_that_nobody_finished_is_told_from_its_events() {
    let head = opening(&empty());
    let happened = |offset: i64, kind: &str, payload| {
        Value::tuple([Value::integer(offset), Value::atom(kind), payload])
    };
    let params = |url: &str| map([("params", Value::map([])), ("url", Value::binary(url))]);
    let event = map([("name", Value::binary("inc")), ("params", Value::map([]))]);
    let events = [
        happened(0, "mount", map([("assigns", Value::map([]))])),
        happened(3, "handle_params", params("/a")),
        happened(9, "fault", Value::map([])),
        // Time does not go back, whatever a file says.
        happened(5, "event", event),
    ];
    let bytes = raw(&[&head], &events.iter().collect::<Vec<_>>());
    assert_eq!(read_head(&bytes).unwrap().1, None);
    let read = open(&bytes).unwrap();
    let offsets: Vec<u64> = read.events.iter().map(|event| event.offset_ms).collect();
    assert_eq!(offsets, [0, 3, 9, 9]);
    let summary = read.summary;
    assert!(summary.interrupted && summary.interacted);
    assert_eq!(
        (summary.event_count, summary.duration_ms, summary.faults),
        (4, 9, 1)
    );
    assert_eq!(summary.url.as_deref(), Some("/a"));
    assert_eq!(summary.ended, None);
    assert_eq!(summary.event_names, [("inc".into(), 1)]);
}

#[test]
fn terms_that_are_not_known_are_passed_over() {
    let recording = empty();
    let summary = Value::tuple([Value::atom("summary"), recording.summary.to_value()]);
    let context = Value::tuple([Value::atom("context"), recording.context.clone()]);
    let later = Value::tuple([Value::atom("chapter"), Value::integer(1)]);
    let bytes = raw(
        &[&opening(&recording), &later, &summary],
        &[&later, &context, &Value::nil()],
    );
    assert_eq!(open(&bytes), Ok(recording.clone()));
    assert_eq!(
        read_head(&bytes),
        Ok((recording.head, Some(recording.summary)))
    );
}

#[test]
fn what_is_no_recording_says_so() {
    let later = Value::tuple([
        Value::atom("phoenix_replay"),
        Value::integer(2),
        Value::map([]),
    ]);
    let no_id = Value::tuple([
        Value::atom("phoenix_replay"),
        Value::integer(1),
        Value::map([]),
    ]);
    let empty = gzip::member(&[]);
    let cut_term = gzip::member(&[VERSION, 104, 3]);
    for (bytes, reason) in [
        (&[][..], "truncated"),
        (b"\x1f\x8b\x08", "truncated"),
        (b"not gzip at all, but long enough", "damaged"),
        (&empty, "not_a_recording"),
        (&cut_term, "damaged"),
        (&raw(&[&Value::nil()], &[]), "not_a_recording"),
        (&raw(&[&Value::map([])], &[]), "not_a_recording"),
        (&raw(&[&no_id], &[]), "not_a_recording"),
        (&raw(&[&later], &[]), "unsupported_version"),
    ] {
        let error = open(bytes).unwrap_err();
        assert_eq!(error.reason(), reason, "{bytes:?}");
        assert!(error.to_string().contains(';'), "{error} says what to do");
        assert_eq!(read_head(bytes).unwrap_err(), error, "{bytes:?}");
    }
}

#[test]
fn a_head_needs_its_three_facts() {
    let facts = empty().head.facts;
    assert!(Head::new(facts.clone()).is_ok());
    for missing in ["id", "view", "connected_at"] {
        let entries = facts.as_map().unwrap().entries().iter();
        let without = entries
            .filter(|(key, _)| key.as_atom() != Some(missing))
            .cloned();
        let head = Head::new(Value::map(without));
        assert_eq!(head, Err(RecordingError::NotARecording), "{missing}");
    }
}

#[test]
fn what_is_hidden_is_left_out_or_named() {
    let secret = || map([("token", Value::atom(HIDDEN)), ("a", Value::integer(1))]);
    let kept = || map([("a", Value::integer(1))]);
    let around = |inner: fn() -> Value, atom: Value| {
        map([
            ("list", Value::list([inner(), atom.clone()])),
            ("tuple", Value::tuple([atom.clone(), inner()])),
            ("improper", Value::improper_list([inner()], inner())),
            ("shared", kept()),
        ])
    };
    // As an item it is nothing but an atom: only entries of maps are hidden.
    let atom = || Value::atom(HIDDEN);
    let all = around(secret, atom());
    assert!(hidden::any(&all));
    assert_eq!(hidden::stripped(&all), around(kept, atom()));
    let named = || {
        map([
            ("token", Value::binary("[FILTERED]")),
            ("a", Value::integer(1)),
        ])
    };
    assert_eq!(hidden::shown(&all), around(named, atom()));
    assert!(!hidden::any(&hidden::stripped(&all)));
}

#[test]
fn what_a_list_shows_is_of_the_kind_that_it_relies_on() {
    let terms = [
        Value::tuple([
            Value::atom("phoenix_replay"),
            Value::integer(1),
            map([
                ("id", Value::binary("a")),
                ("view", Value::atom("V")),
                ("connected_at", Value::integer(0)),
                ("node", Value::integer(1)),
                ("release", Value::binary("1.2")),
                ("modules", Value::list([])),
                ("versions", map([("phoenix", Value::binary("1.8"))])),
            ]),
        ]),
        Value::tuple([
            Value::atom("summary"),
            map([(
                "metadata",
                Value::map([
                    (Value::binary("user"), Value::integer(7)),
                    (Value::binary("map"), Value::map([])),
                    (Value::binary("bytes"), Value::binary([255])),
                    (Value::atom("key"), Value::integer(7)),
                ]),
            )]),
        ]),
    ];
    let context = map([
        ("id", Value::integer(7)),
        ("params", Value::integer(1)),
        ("session", map([("user", Value::integer(7))])),
    ]);
    let context = Value::tuple([Value::atom("context"), context]);
    let read = open(&raw(&[&terms[0], &terms[1]], &[&context])).unwrap();
    let about = Timeline::new(read).about();
    for (key, value) in [
        ("id", Some(Value::binary("a"))),
        ("node", None),
        ("release", Some(Value::binary("1.2"))),
        ("modules", Some(Value::map([]))),
        ("versions", Some(map([("phoenix", Value::binary("1.8"))]))),
        ("params", Some(Value::map([]))),
        ("session", Some(map([("user", Value::integer(7))]))),
        (
            "metadata",
            Some(Value::map([(Value::binary("user"), Value::integer(7))])),
        ),
    ] {
        assert_eq!(about.field(key), value.as_ref(), "{key}");
    }
}
