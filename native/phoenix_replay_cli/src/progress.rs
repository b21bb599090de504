//! A bar for what takes long, on standard error, if that is a terminal.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar of so many recordings.
pub fn bar(recordings: usize) -> ProgressBar {
    let bar = ProgressBar::new(recordings as u64);
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} recordings, {eta} left");
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
