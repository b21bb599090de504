//! Encoding, comparing and patching terms.
#![allow(clippy::unwrap_used)]

mod sessions;

use std::hint::black_box;

use criterion::{BatchSize, Criterion};
use phoenix_replay_core::etf::{decode, encode, Budget, Limits, Value, VERSION};
use phoenix_replay_core::patch::{apply, apply_owned, diff};
use phoenix_replay_core::view::Everything;
use sessions::{assigns, patch_bytes, row, rows, value, written, ROWS};

fn main() {
    let mut criterion = sessions::criterion();
    terms(&mut criterion);
    deltas(&mut criterion);
    criterion.final_summary();
}

fn terms(criterion: &mut Criterion) {
    let state = assigns(&rows(ROWS));
    let bytes = [vec![VERSION], written(&state)].concat();
    let mut out = Vec::with_capacity(bytes.len());
    criterion.bench_function("encode/1000 rows", |bench| {
        bench.iter(|| {
            out.clear();
            let budget = &mut Budget::unlimited();
            encode(&state, &Everything, (), budget, &mut out)
        });
    });
    criterion.bench_function("decode/1000 rows", |bench| {
        bench.iter_with_large_drop(|| decode(black_box(&bytes), Limits::default()));
    });
}

fn deltas(criterion: &mut Criterion) {
    for (name, old, new) in changes() {
        let mut out = Vec::new();
        criterion.bench_function(&format!("diff/{name}"), |bench| {
            bench.iter(|| {
                out.clear();
                let budget = &mut Budget::unlimited();
                diff(&old, &new, &Everything, (), budget, &mut out)
            });
        });
        let patch = value(&patch_bytes(&old, &new));
        criterion.bench_function(&format!("apply/{name}, copying"), |bench| {
            bench.iter_with_large_drop(|| apply(&old, &patch));
        });
        let own = written(&old);
        criterion.bench_function(&format!("apply/{name}, in place"), |bench| {
            bench.iter_batched(
                || value(&own),
                |own| apply_owned(own, &patch),
                BatchSize::SmallInput,
            );
        });
    }
}

/// States before and after: nearly all shared, moved, and nothing shared.
fn changes() -> [(&'static str, Value, Value); 4] {
    let old = rows(ROWS);
    let mut one = old.clone();
    one[617] = row(617, 1);
    let mut inserted = old.clone();
    inserted.insert(500, row(5_000, 0));
    let mut rebuilt = rows(ROWS);
    rebuilt[617] = row(617, 1);
    let mut reversed = old.clone();
    reversed.reverse();
    let old = assigns(&old);
    [
        ("one row of 1000", old.clone(), assigns(&one)),
        ("a row inserted", old.clone(), assigns(&inserted)),
        (
            "all rows rebuilt, one changed",
            old.clone(),
            assigns(&rebuilt),
        ),
        ("rows reversed", old, assigns(&reversed)),
    ]
}
