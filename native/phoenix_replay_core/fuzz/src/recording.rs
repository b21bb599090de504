//! Recordings, of every kind there is: ours, as terms or JSON, and those of version 0.1 and 0.2.

use phoenix_replay_core::etf::ALLOCATION_MULTIPLE;
use phoenix_replay_core::recording::hidden::{self, Form};
use phoenix_replay_core::recording::{self, json, read, read_head, Limits, Recording};
use phoenix_replay_core::timeline::Timeline;

use super::{bounded, BESIDES, INFLATION};

/// What an input may hold, so that one which is within its multiple is still no burden to a fuzzer.
const LIMITS: Limits = Limits {
    inflated_bytes: 4 * 1024 * 1024,
    nodes: 256 * 1024,
};

/// An error or a recording; of a part of the input an error or a shorter recording. What is read is
/// written and read again, and can be moved about in.
pub fn law(input: &[u8]) {
    let most = input.len() * INFLATION * ALLOCATION_MULTIPLE + BESIDES;
    let head = bounded(most, || read_head(input));
    let _ = json::from_text(input);
    let Ok(recording) = bounded(most, || read(input, LIMITS)) else {
        return;
    };
    // A document that gzip cuts somewhere else has no head of its own.
    if let Ok((head, _)) = head {
        assert_eq!(head, recording.head);
    }
    assert_eq!(recording.summary.event_count, recording.events.len() as u64);
    for events in recording.events.windows(2) {
        assert!(events[0].offset_ms <= events[1].offset_ms);
    }
    for end in [input.len() / 2, input.len() - 1] {
        if let Ok(shorter) = read(&input[..end], LIMITS) {
            assert!(recording.events.starts_with(&shorter.events));
        }
    }
    again(&recording);
    moved_about(recording);
}

/// Written in either format it is the same recording.
fn again(recording: &Recording) {
    let etf = recording::write(recording).expect("written");
    let json = json::write(recording).expect("written");
    for file in [etf, json] {
        let back = read(&file, Limits::default()).expect("read again");
        assert_eq!(back.head, recording.head);
        assert_eq!(back.context, recording.context);
        assert_eq!(back.events, recording.events);
    }
}

fn moved_about(recording: Recording) {
    let timeline = Timeline::new(recording);
    let count = timeline.len();
    let mut states = Vec::new();
    for index in 0..count {
        states.push(timeline.assigns(index, Form::Shown));
        if index > 64 {
            break;
        }
    }
    for (index, state) in states.iter().enumerate().rev() {
        assert!(state.as_ref().is_some_and(|state| !hidden::any(state)));
        assert_eq!(timeline.assigns(index, Form::Shown), *state);
    }
    assert_eq!(timeline.state_at(count), None);
    if let Ok(events) = timeline.events(0, 64) {
        assert_eq!(events.len(), count.min(64));
    }
    assert_eq!(timeline.rows(0, usize::MAX).len(), count);
    let _ = timeline.index_at(u64::MAX);
    let readable = timeline.with_readable_changes();
    assert_eq!(readable.events.len(), count);
    drop(json::to_text(&readable));
}
