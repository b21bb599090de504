//! What holds for any bytes: never a panic, and never more memory than a stated multiple of them.
//!
//! One module a reader, each with its `law`, which panics where it does not hold.
#![allow(missing_docs)]

pub mod etf;
pub mod patch;
pub mod recording;
pub mod search;

#[path = "../../tests/memory/mod.rs"]
mod memory;

use phoenix_replay_core::etf::{write, Decoder, Limits, Value, VERSION};

/// What an input may cost besides its own bytes' share: tables that are made once, the state of an inflater.
const BESIDES: usize = 256 * 1024;

/// How far gzip can inflate.
const INFLATION: usize = 1_032;

/// What `work` gives, if it held no more memory at once than `most` bytes.
fn bounded<T>(most: usize, work: impl FnOnce() -> T) -> T {
    let (result, held) = memory::most_held(work);
    assert!(held <= most, "{held} bytes held, of {most} at most");
    result
}

/// The terms in a row that an input begins with.
fn terms(input: &[u8]) -> Vec<Value> {
    let mut decoder = Decoder::new(Limits::default());
    let (mut terms, mut at) = (Vec::new(), 0);
    while let Ok((term, used)) = decoder.decode(&input[at..]) {
        terms.push(term);
        at += used;
    }
    terms
}

/// The term of a value, with its version byte.
fn written(value: &Value) -> Vec<u8> {
    let mut out = vec![VERSION];
    write::value(&mut out, value);
    out
}
