//! Recordings that are small, or deep, and mean harm.
#![allow(clippy::unwrap_used)]

mod memory;
mod recordings;

use std::io::Write;

use flate2::write::GzEncoder;
use flate2::Compression;
use memory::most_held;
use phoenix_replay_core::etf::{Value, ALLOCATION_MULTIPLE};
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

#[test]
fn inflation_and_nodes_are_limited() {
    let events = (0..1_000)
        .map(|at| event(at, "x", Value::list((0..100).map(Value::Integer))))
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
            nodes: 50_000,
            ..Limits::default()
        },
    )
    .unwrap();
    assert!(
        (400..500).contains(&few_nodes.events.len()),
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
        assert!(!hidden::any(&timeline.events(0, 1)[0].payload));
        drop(timeline.with_readable_changes());
    });
    thread.unwrap().join().unwrap();
}
