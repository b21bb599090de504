//! Seeking in recordings, reading and searching them.
#![allow(clippy::unwrap_used)]

mod sessions;

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput};
use phoenix_replay_core::etf::Value;
use phoenix_replay_core::recording::{self, Limits};
use phoenix_replay_core::search::{search, Case, Query};
use phoenix_replay_core::timeline::Timeline;
use sessions::{recording, somewhere, written, Life};

fn main() {
    let mut criterion = sessions::criterion();
    seek(&mut criterion);
    files(&mut criterion);
    searches(&mut criterion);
    criterion.final_summary();
}

fn seek(criterion: &mut Criterion) {
    for (life, kind) in Life::ALL {
        for events in [1_000, 10_000] {
            seek_in(criterion, life, &Timeline::new(recording(kind, events)));
        }
    }
    let long = Timeline::new(recording(Life::Edits, 100_000));
    seek_in(criterion, "edits", &long);
}

fn seek_in(criterion: &mut Criterion, life: &str, timeline: &Timeline) {
    let events = timeline.len();
    let mut turn = 0;
    let mut seek = |way, to: &dyn Fn(usize) -> usize| {
        criterion.bench_function(&format!("seek/{life}/{way}/{events}"), |bench| {
            bench.iter(|| {
                turn += 1;
                timeline.state_at(black_box(to(turn)))
            });
        });
    };
    seek("random", &|turn| somewhere(turn, events));
    seek("step", &|turn| turn % events);
}

fn files(criterion: &mut Criterion) {
    let recording = recording(Life::Edits, 10_000);
    let file = recording::write(&recording).unwrap();
    let bytes = recording
        .events
        .iter()
        .map(|event| written(&event.payload).len() as u64)
        .sum();
    let mut group = criterion.benchmark_group("10000 events");
    group.sample_size(10).throughput(Throughput::Bytes(bytes));
    group.bench_function("read", |bench| {
        bench.iter_with_large_drop(|| recording::read(&file, Limits::default()));
    });
    group.bench_function("open a timeline", |bench| {
        bench.iter_batched(|| recording.clone(), Timeline::new, BatchSize::LargeInput);
    });
    group.finish();
}

/// Reading a file and searching it once, counted as the whole states that it stands for; and the same of a
/// file that holds whole states.
fn searches(criterion: &mut Criterion) {
    let text = "Title of the item number 999 ";
    let query = Query::text(text, Case::Sensitive).unwrap();
    for (form, events) in [("patches", 10_000), ("whole states", 100)] {
        let mut recording = recording(Life::Edits, events);
        let timeline = Timeline::new(recording.clone());
        let state = written(&timeline.state_at(0).unwrap()).len() as u64;
        if form == "whole states" {
            for (index, event) in recording.events.iter_mut().enumerate().skip(1) {
                let state = timeline.state_at(index).unwrap();
                event.payload = Value::map([(Value::atom("snapshot"), state)]);
            }
        }
        let file = recording::write(&recording).unwrap();
        let mut group = criterion.benchmark_group("search");
        let whole = state * recording.events.len() as u64;
        group.sample_size(10).throughput(Throughput::Bytes(whole));
        group.bench_function(form, |bench| {
            bench.iter_with_large_drop(|| {
                let read = recording::read(&file, Limits::default()).unwrap();
                search(read, query.clone(), 100)
            });
        });
        group.finish();
    }
}
