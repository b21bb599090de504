//! The members of a file, apart from the crate's own idea of them.
#![allow(clippy::unwrap_used, dead_code)]

use std::io::{Read, Write};

use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use flate2::Compression;
use phoenix_replay_core::etf::{write, Value, VERSION};

/// One member.
pub fn member(bytes: &[u8]) -> Vec<u8> {
    let mut member = GzEncoder::new(Vec::new(), Compression::best());
    member.write_all(bytes).unwrap();
    member.finish().unwrap()
}

/// One member of these terms.
pub fn terms(values: &[&Value]) -> Vec<u8> {
    let mut out = Vec::new();
    for value in values {
        out.push(VERSION);
        write::value(&mut out, value);
    }
    member(&out)
}

/// How long the first member is.
pub fn first(bytes: &[u8]) -> usize {
    let mut decoder = GzDecoder::new(bytes);
    decoder.read_to_end(&mut Vec::new()).unwrap();
    bytes.len() - decoder.into_inner().len()
}
