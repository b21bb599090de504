//! What is written is read back; what is damaged is an error or a shorter recording.
#![allow(clippy::unwrap_used)]

mod recordings;

use phoenix_replay_core::recording::{self, json, read, read_head, Limits, Recording};
use proptest::prelude::*;
use recordings::recording;

fn bytes(recording: &Recording, as_json: bool) -> Vec<u8> {
    if as_json {
        json::write(recording)
    } else {
        recording::write(recording)
    }
    .unwrap()
}

/// Whether `shorter` is the beginning of `whole`, and says so if it is not all of it.
fn is_beginning(shorter: &Recording, whole: &Recording) -> bool {
    let count = shorter.events.len();
    shorter.head == whole.head
        && count <= whole.events.len()
        && shorter.events == whole.events[..count]
        && shorter.summary.event_count == count as u64
        && (count == whole.events.len() || shorter.summary.interrupted)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_written_is_read(recording in recording(), as_json: bool) {
        let read = read(&bytes(&recording, as_json), Limits::default());
        prop_assert_eq!(read, Ok(recording));
    }

    #[test]
    fn text_is_read_as_well(recording in recording()) {
        prop_assert_eq!(json::from_text(&json::to_text(&recording)), Ok(recording));
    }

    #[test]
    fn text_is_json(recording in recording()) {
        // serde_json refuses depth, of which random values have little.
        let parsed: Result<serde_json::Value, _> = serde_json::from_slice(&json::to_text(&recording));
        prop_assert!(parsed.is_ok());
    }

    #[test]
    fn the_first_member_gives_head_and_summary(recording in recording(), as_json: bool) {
        let bytes = bytes(&recording, as_json);
        // Gzip members begin alike; the second is looked for behind the first.
        let second = (1..bytes.len()).find(|at| bytes[*at..].starts_with(&[0x1f, 0x8b, 8, 0])).unwrap();
        let expected = (recording.head.clone(), Some(recording.summary.clone()));
        prop_assert_eq!(read_head(&bytes[..second]), Ok(expected.clone()));
        prop_assert_eq!(read_head(&bytes), Ok(expected));
    }

    #[test]
    fn a_file_cut_anywhere_is_shorter_or_none(recording in recording(), as_json: bool, at: prop::sample::Index) {
        let bytes = bytes(&recording, as_json);
        let cut = &bytes[..at.index(bytes.len())];
        if let Ok(shorter) = read(cut, Limits::default()) {
            prop_assert!(is_beginning(&shorter, &recording));
        }
    }

    #[test]
    fn a_flipped_bit_is_noticed(recording in recording(), as_json: bool, at: prop::sample::Index, bit in 0..8u8) {
        let mut bytes = bytes(&recording, as_json);
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        let _ = read_head(&bytes);
        if let Ok(shorter) = read(&bytes, Limits::default()) {
            // A few bits of gzip's header say nothing (time, system): then all of it is there.
            prop_assert!(is_beginning(&shorter, &recording) || shorter == recording);
        }
    }

    #[test]
    fn anything_may_follow_or_stand_in_its_place(recording in recording(), at: prop::sample::Index, noise in prop::collection::vec(any::<u8>(), 1..50)) {
        let mut bytes = bytes(&recording, false);
        let at = at.index(bytes.len() + 1);
        bytes.truncate(at);
        bytes.extend(noise);
        let _ = read_head(&bytes);
        if let Ok(shorter) = read(&bytes, Limits::default()) {
            prop_assert!(is_beginning(&shorter, &recording));
        }
    }

    #[test]
    fn noise_is_an_error_or_a_recording(noise in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = read(&noise, Limits::default());
        let _ = json::from_text(&noise);
    }

    #[test]
    fn text_with_noise_in_it_never_panics(recording in recording(), at: prop::sample::Index, noise in "[\\[\\]{}\",:$a0-9.e-]{0,4}", gone in 0..4usize) {
        let mut text = json::to_text(&recording);
        let at = at.index(text.len());
        text.splice(at..(at + gone).min(text.len()), noise.bytes());
        let _ = json::from_text(&text);
    }

    #[test]
    fn terms_with_noise_in_them_never_panic(recording in recording(), at: prop::sample::Index, noise in prop::collection::vec(any::<u8>(), 0..4)) {
        let mut terms = Vec::new();
        std::io::Read::read_to_end(&mut flate2::read::MultiGzDecoder::new(&*bytes(&recording, false)), &mut terms).unwrap();
        let at = at.index(terms.len());
        terms.splice(at..at, noise);
        let _ = read(&terms, Limits::default());
    }
}
