//! A sealed session holds the events that were appended, in whatever order their maps were written.
#![allow(clippy::unwrap_used)]

mod recordings;

use std::sync::Arc;
use std::time::Instant;

use phoenix_replay_core::etf::{write, Value};
use phoenix_replay_core::recording::{read, read_head, EventKind};
use phoenix_replay_core::session::{Format, Interaction, Session, Written};
use proptest::collection::vec;
use proptest::prelude::*;
use recordings::{facts, value};

fn session() -> Session {
    Session::new(facts(), Default::default(), Arc::default(), Instant::now())
}

fn append(session: &Session, kind: EventKind<'_>, payload: &[u8]) {
    let appended = session.append(Some(1), kind, Interaction::None, |out| {
        out.extend_from_slice(payload);
        Ok(Written::Payload)
    });
    appended.unwrap();
}

/// Checks that it is the same sealed, and gives how many bytes that has.
fn sealed(session: &Session) -> usize {
    let appended = session.recording().unwrap().events;
    for format in [Format::Etf, Format::Json] {
        let sealed = session.seal(format).unwrap();
        let (head, summary) = read_head(&sealed.data).unwrap();
        assert_eq!(sealed.listed, head.listed(summary));
    }
    let data = session.seal(Format::Etf).unwrap().data;
    let sealed = read(&data, Default::default()).unwrap();
    assert!(!sealed.summary.interrupted);
    assert_eq!(sealed.events, appended);
    data.len()
}

/// Writes a value, its maps the other way round if `reversed`.
fn write_ordered(out: &mut Vec<u8>, value: &Value, reversed: bool) {
    match value {
        Value::Map(map) => {
            write::map(out, map.len());
            let mut entries = map.entries().to_vec();
            if reversed {
                entries.reverse();
            }
            for (key, value) in entries {
                write_ordered(out, &key, reversed);
                write_ordered(out, &value, reversed);
            }
        }
        Value::Tuple(elements) => {
            write::tuple(out, elements.len());
            for element in elements.iter() {
                write_ordered(out, element, reversed);
            }
        }
        Value::List(list) if !list.items().is_empty() => {
            write::list(out, list.items().len());
            for item in list.items() {
                write_ordered(out, item, reversed);
            }
            match list.tail() {
                Some(tail) => write_ordered(out, tail, reversed),
                None => write::nil(out),
            }
        }
        leaf => write::value(out, leaf),
    }
}

fn ordered(value: &Value, reversed: bool) -> Vec<u8> {
    let mut out = Vec::new();
    write_ordered(&mut out, value, reversed);
    out
}

fn typed(name: &str, params: &Value) -> Value {
    Value::map([
        (Value::atom("name"), Value::binary(name)),
        (Value::atom("params"), params.clone()),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn what_is_sealed_is_what_was_appended(
        payloads in vec(value(), 1..4),
        events in vec((any::<prop::sample::Index>(), 0..4u8, any::<bool>(), any::<bool>()), 0..16),
    ) {
        let session = session();
        for (nth, kind, reversed, put_aside) in events {
            let payload = &payloads[nth.index(payloads.len())];
            match kind {
                0 => append(&session, EventKind::Info, &ordered(payload, reversed)),
                1 => append(&session, EventKind::Assigns, &ordered(payload, reversed)),
                2 => append(&session, EventKind::Event, &ordered(payload, reversed)),
                _ => append(&session, EventKind::Event, &ordered(&typed("x", payload), reversed)),
            }
            // Sealed by then, as in a journal, and read again for the file.
            if put_aside {
                session.unflushed().unwrap();
            }
        }
        sealed(&session);
    }
}

#[test]
fn the_order_in_which_maps_were_written_makes_no_other_shape() {
    let file = |orders: &[bool]| {
        let session = session();
        for (n, reversed) in orders.iter().enumerate() {
            let keys = ["a", "bb", "ccc", "dddd", "eeeee", "ffffff"];
            let entries = keys.map(|key| (Value::atom(key), Value::integer(n as i64)));
            append(
                &session,
                EventKind::Info,
                &ordered(&Value::map(entries), *reversed),
            );
        }
        sealed(&session)
    };
    assert_eq!(
        file(&[false; 8]),
        file(&[false, true, true, false, true, false, false, true])
    );
}

#[test]
fn what_is_journalled_to_its_end_is_not_packed_again() {
    let of = |journalled: bool| {
        let session = session();
        for n in 0..200 {
            let params = Value::map([(Value::binary("text"), Value::binary("abc".repeat(n)))]);
            append(
                &session,
                EventKind::Event,
                &ordered(&typed("typed", &params), false),
            );
        }
        if journalled {
            session.unflushed().unwrap();
        }
        sealed(&session)
    };
    assert!(of(true) <= of(false) + 8, "{} {}", of(true), of(false));
}

#[test]
fn params_that_are_deep_or_of_many_keys_take_no_longer_than_others() {
    let deep = |end: i64| (0..20_000).fold(Value::integer(end), |inner, _| Value::list([inner]));
    let wide = |from: i64| {
        Value::map((from..from + 8_000).map(|n| (Value::binary(n.to_string()), Value::integer(n))))
    };
    let session = session();
    for turn in 0..3 {
        let mut payload = Vec::new();
        write::value(&mut payload, &typed("deep", &deep(turn)));
        append(&session, EventKind::Event, &payload);
        let wide = typed("wide", &wide(4_000 * turn));
        append(&session, EventKind::Event, &ordered(&wide, turn == 1));
    }
    sealed(&session);
}
