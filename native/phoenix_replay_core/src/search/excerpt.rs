//! What of a value is shown around a match.

use std::ops::Range;

use super::query::searched;
use crate::etf::Value;
use crate::inspect;

/// Bytes shown in front of what was found, and all in all.
const BEFORE: usize = 30;
const LENGTH: usize = 120;

/// The text around what was found in a value, on one line and without control characters.
pub(super) fn excerpt(value: &Value, found: &Range<usize>) -> String {
    let Some(text) = searched(value) else {
        return inspect::line(value, inspect::Limits::default());
    };
    let start = boundary(text, found.start.saturating_sub(BEFORE));
    let end = boundary(text, text.len().min(start + LENGTH));
    let shown = inspect::plain(&String::from_utf8_lossy(&text[start..end]));
    let cut = |is_cut| if is_cut { "…" } else { "" };
    format!("{}{shown}{}", cut(start > 0), cut(end < text.len()))
}

/// The next place at or after this one that is inside no character.
fn boundary(text: &[u8], mut at: usize) -> usize {
    while at < text.len() && text[at] & 0b1100_0000 == 0b1000_0000 {
        at += 1;
    }
    at
}
