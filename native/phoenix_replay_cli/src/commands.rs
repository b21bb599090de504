//! One file a command.

pub mod at;
pub mod completions;
pub mod diff;
pub mod export;
pub mod grep;
pub mod list;
pub mod show;
pub mod verify;

use std::path::Path;

use phoenix_replay_core::timeline::Timeline;

use crate::failure::Failure;

/// What came of a command that could do what it was asked.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is done, or something was found.
    Done,
    /// Nothing was found, or something is damaged.
    Nothing,
}

/// That there is no event of this number.
fn no_event(path: &Path, index: usize, timeline: &Timeline) -> Failure {
    let words = match timeline.len() {
        0 => "it has no events".into(),
        count => format!(
            "there is no event {index}; it has {count}, from 0 to {}",
            count - 1
        ),
    };
    Failure::of(path, words)
}
