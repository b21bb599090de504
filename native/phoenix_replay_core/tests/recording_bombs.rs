//! Recordings that are small, or deep, and mean harm.
#![allow(clippy::unwrap_used)]

mod memory;
mod recordings;

use std::io::Write;

use flate2::write::GzEncoder;
use flate2::Compression;
use memory::most_held;
use phoenix_replay_core::etf::{write, Value, ALLOCATION_MULTIPLE, VERSION};
use phoenix_replay_core::recording::{self, hidden, json, read, read_head, Limits, RecordingError};
use phoenix_replay_core::timeline::Timeline;
use phoenix_replay_core::view::HIDDEN;
use recordings::{event, field, of};

const DEEP: usize = 200_000;

/// How far gzip can inflate.
const INFLATION: usize = 1_032;

fn member(parts: &[(&[u8], usize)]) -> Vec<u8> {
    let mut member = GzEncoder::new(Vec::new(), Compression::best());
    for (part, times) in parts {
        member.write_all(&part.repeat(*times)).unwrap();
    }
    member.finish().unwrap()
}

/// A recording behind whose first member stands another.
fn with_member(second: &[u8]) -> Vec<u8> {
    let file = recording::write(&of(vec![])).unwrap();
    let at = (1..file.len())
        .find(|at| file[*at..].starts_with(&[0x1f, 0x8b, 8, 0]))
        .unwrap();
    [&file[..at], second].concat()
}

fn hole() -> Value {
    Value::tuple([Value::atom("$"), Value::integer(0)])
}

fn chunk(shapes: impl IntoIterator<Item = Value>, order: &[u8]) -> Vec<u8> {
    let chunk = Value::tuple([
        Value::atom("events"),
        Value::binary(vec![0; order.len()]),
        Value::binary(order),
        Value::list(shapes),
    ]);
    let mut out = vec![VERSION];
    write::value(&mut out, &chunk);
    member(&[(&out, 1)])
}

/// As many events as the column has numbers, all of one template.
fn chunk_bomb(template: Value, column: Value) -> Vec<u8> {
    let count = column.as_binary().unwrap().len();
    let whole = [
        Value::atom("info"),
        Value::atom("whole"),
        template,
        Value::list([column]),
    ];
    chunk([Value::tuple(whole)], &vec![0; count])
}

/// A long text that many events add a letter to.
fn params_bomb() -> Vec<u8> {
    let shape = |how: &str, params: Value| {
        let payload = [
            (Value::atom("name"), Value::binary("type")),
            (Value::atom("params"), params),
        ];
        let parts = [Value::atom("event"), Value::atom(how), Value::map(payload)];
        Value::tuple(parts.into_iter().chain([Value::list([])]))
    };
    let letter = Value::tuple([Value::integer(0), Value::integer(0), Value::binary("a")]);
    let mut order = vec![1; 200_000];
    order[0] = 0;
    chunk(
        [
            shape("whole", Value::binary(vec![b'a'; 400_000])),
            shape("change", letter),
        ],
        &order,
    )
}

#[test]
fn a_bomb_costs_no_more_than_stated() {
    // An event of nothing but empty lists; of tuples in each other; of text.
    let list = [131, 104, 3, 97, 0, 119, 1, b'x', 108, 0, 15, 66, 64];
    let tuple = [131, 104, 3, 97, 0, 119, 1, b'x'];
    let bombs = [
        member(&[(&list, 1), (&[106], 1_000_001)]),
        member(&[(&tuple, 1), (&[104, 1], 500_000), (&[106], 1)]),
        member(&[(&[0], 1_000_000)]),
        member(&[(b"[", 1_000_000)]),
        chunk_bomb(
            Value::list((0..150_000).map(|_| hole())),
            Value::binary([0]),
        ),
        chunk_bomb(hole(), Value::binary(vec![0; 200_000])),
        chunk_bomb(
            Value::list((0..1_000).map(|_| hole())),
            Value::binary(vec![0; 200_000]),
        ),
        params_bomb(),
    ];
    for bomb in &bombs {
        assert!(bomb.len() < 4_096);
        for file in [bomb.clone(), with_member(bomb)] {
            let (_, most) = most_held(|| drop(read(&file, Limits::default())));
            println!("{most} bytes held for {}", file.len());
            assert!(
                most < file.len() * INFLATION * ALLOCATION_MULTIPLE,
                "{most} bytes for {}",
                file.len()
            );
            assert!(most < 150_000_000, "{most} bytes for {}", file.len());
        }
        let file = with_member(bomb);
        let (_, most) = most_held(|| drop(read_head(&file)));
        assert!(most < 200_000, "{most} bytes for a head");
    }
}

/// A part that many events share takes no memory for each, but whoever looks through them, time.
#[test]
fn what_is_shared_counts_as_often_as_it_is_there() {
    let many = |count| Value::list(vec![Value::integer(7); count]);
    let same = |count| {
        let whole = [
            Value::atom("info"),
            Value::atom("whole"),
            many(count),
            Value::list([]),
        ];
        chunk([Value::tuple(whole)], &[0; 1_000])
    };
    let key = |count| Value::map([(Value::tuple([many(count)]), Value::nil())]);
    let filled = |count: usize, part: Value| {
        let whole = [
            Value::atom("info"),
            Value::atom("whole"),
            Value::list((0..count).map(|_| hole())),
            Value::list([Value::list([part])]),
        ];
        chunk([Value::tuple(whole)], &[0])
    };
    for (bomb, events) in [
        (same(10), 1_000),
        (same(1_000), 0),
        (filled(100, many(100)), 1),
        (filled(1_000, many(1_000)), 0),
        (filled(1_000, key(1_000)), 0),
    ] {
        let recording = read(&with_member(&bomb), Limits::default()).unwrap();
        assert_eq!(recording.events.len(), events);
        assert!(recording.summary.interrupted);
    }
}

#[test]
fn inflation_and_nodes_are_limited() {
    // No two are alike, so that packing leaves them as large as they are.
    let numbers =
        |at: u64| (0..100).map(move |nth| Value::Integer((at * 7_919 + nth * nth) as i64));
    let events = (0..1_000)
        .map(|at| event(at, "x", Value::list(numbers(at))))
        .collect();
    let mut recording = of(events);
    recording.summary.event_count = 1_000;
    for file in [
        recording::write(&recording).unwrap(),
        json::write(&recording).unwrap(),
    ] {
        let few_bytes = read(
            &file,
            Limits {
                inflated_bytes: 20_000,
                ..Limits::default()
            },
        )
        .unwrap();
        assert!(few_bytes.events.is_empty() && few_bytes.summary.interrupted);
        let tiny = read(
            &file,
            Limits {
                inflated_bytes: 10,
                ..Limits::default()
            },
        );
        assert_eq!(tiny, Err(RecordingError::TooLarge(10)));
    }
    let few_nodes = read(
        &recording::write(&recording).unwrap(),
        Limits {
            nodes: 70_000,
            ..Limits::default()
        },
    )
    .unwrap();
    assert!(
        (400..650).contains(&few_nodes.events.len()),
        "{}",
        few_nodes.events.len()
    );
    assert!(few_nodes.summary.interrupted);
}

#[test]
fn depth_takes_no_stack() {
    let mut deep = Value::map([(Value::atom("secret"), Value::atom(HIDDEN))]);
    for level in 0..DEEP {
        deep = match level % 4 {
            0 => Value::list([deep]),
            1 => Value::tuple([deep]),
            2 => Value::map([(Value::atom("in"), deep)]),
            _ => Value::improper_list([Value::nil()], Value::tuple([deep])),
        };
    }
    let mount = field("assigns", field("deep", deep));
    let mut recording = of(vec![event(0, "mount", mount)]);
    recording.summary.event_count = 1;
    // As little stack as a dirty scheduler of the BEAM has.
    let small_stack = std::thread::Builder::new().stack_size(256 * 1024);
    let thread = small_stack.spawn(move || {
        assert_eq!(
            read(&recording::write(&recording).unwrap(), Limits::default()),
            Ok(recording.clone())
        );
        assert_eq!(
            json::from_text(&json::to_text(&recording)),
            Ok(recording.clone())
        );
        let timeline = Timeline::new(recording);
        let state = timeline.state_at(0).unwrap();
        assert!(hidden::any(&state));
        assert!(!hidden::any(&hidden::shown(&state)));
        assert!(!hidden::any(&timeline.events(0, 1).unwrap()[0].payload));
        drop(timeline.with_readable_changes());
    });
    thread.unwrap().join().unwrap();
}
