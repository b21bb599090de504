//! The laws of the fuzz targets, on stable Rust: of every input of their corpus, and of what a bad disk
//! makes of each. `cargo fuzz` looks further, see `fuzz/Cargo.toml`.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod gzip;
#[path = "../fuzz/src/lib.rs"]
mod laws;
mod mutations;

use std::fs;
use std::io::Read;
use std::panic::{catch_unwind, resume_unwind};
use std::path::Path;

use mutations::{mutated, Numbers};

/// How many mutations are tried of each input.
const EACH: usize = 24;

/// Names and bytes of the corpus of a target.
fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    let entries = fs::read_dir(folder.join(target)).unwrap();
    let mut inputs: Vec<_> = entries
        .map(|entry| {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            (name, fs::read(entry.path()).unwrap())
        })
        .collect();
    inputs.sort();
    assert!(inputs.len() > 5, "the corpus of {target} is there");
    inputs
}

/// Tries a law on an input, and says which input it was that it does not hold for.
fn hold(law: fn(&[u8]), name: &str, input: &[u8]) {
    if let Err(panic) = catch_unwind(|| law(input)) {
        let kept = std::env::temp_dir().join("phoenix_replay_hostile_input");
        fs::write(&kept, input).unwrap();
        eprintln!("what became of {name} is in {}", kept.display());
        resume_unwind(panic);
    }
}

fn hold_all(target: &str, law: fn(&[u8])) {
    let inputs = corpus(target);
    let mut numbers = Numbers(0x0dd5);
    for (nth, (name, input)) in inputs.iter().enumerate() {
        hold(law, name, input);
        for step in 0..EACH {
            let (_, other) = &inputs[(nth + step) % inputs.len()];
            let input = mutated(input, other, &mut numbers);
            hold(law, name, &input);
        }
    }
}

#[test]
fn etf() {
    hold_all("etf", laws::etf::law);
}

#[test]
fn patch() {
    hold_all("patch", laws::patch::law);
}

#[test]
fn recording() {
    hold_all("recording", laws::recording::law);
}

/// What is damaged before it is compressed has its checksum right.
#[test]
fn what_is_inside_of_recordings() {
    let inputs = corpus("recording");
    let inflated: Vec<Vec<u8>> = inputs
        .iter()
        .map(|(_, file)| {
            let mut inflated = Vec::new();
            let mut members = flate2::bufread::MultiGzDecoder::new(&file[..]).take(64 * 1024);
            match members.read_to_end(&mut inflated) {
                Ok(_) => inflated,
                Err(_) => file.clone(),
            }
        })
        .collect();
    let mut numbers = Numbers(0xf11e);
    for (nth, (name, _)) in inputs.iter().enumerate() {
        for step in 0..EACH {
            let other = &inflated[(nth + step) % inflated.len()];
            let input = mutated(&inflated[nth], other, &mut numbers);
            hold(laws::recording::law, name, &gzip::member(&input));
        }
    }
}

#[test]
fn search() {
    hold_all("search", laws::search::law);
}
