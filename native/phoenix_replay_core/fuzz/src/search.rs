//! Searches: the first byte of an input says of what kind, the second how long the pattern is; behind the
//! pattern is a recording.

use std::ops::ControlFlow;

use phoenix_replay_core::recording::{read, Limits};
use phoenix_replay_core::search::{search, Case, Query, Search};

use super::{bounded, BESIDES};

/// What compiling a pattern may hold at once: what it compiles to is limited to 4 MiB, and it goes
/// through some forms on the way.
const COMPILING: usize = 64 * 1024 * 1024;

const LIMITS: Limits = Limits {
    inflated_bytes: 4 * 1024 * 1024,
    nodes: 256 * 1024,
};

/// A query is one or is refused; and a search in slices finds what one at once does, in hits of some
/// bytes that do nothing to a terminal.
pub fn law(input: &[u8]) {
    let [kind, length, rest @ ..] = input else {
        return;
    };
    let Some((pattern, file)) = rest.split_at_checked(usize::from(*length)) else {
        return;
    };
    let pattern = String::from_utf8_lossy(pattern);
    let case = if kind & 4 == 0 {
        Case::Sensitive
    } else {
        Case::Insensitive
    };
    let query = bounded(COMPILING, || match kind & 3 {
        0 => Query::number(&pattern),
        1 => Query::text(&pattern, case),
        _ => Query::regex(&pattern, case),
    });
    let Ok(query) = query else {
        return;
    };
    let Ok(recording) = read(file, LIMITS) else {
        return;
    };
    let whole = search(recording.clone(), query.clone(), 5);
    let mut slices = Search::new(recording, query, 5);
    while slices.run(|_| ControlFlow::Break(())).is_continue() {}
    assert_eq!(slices.found(), whole);
    assert!(whole.hits.len() <= 5);
    for hit in &whole.hits {
        assert!(hit.excerpt.len() < BESIDES);
        assert!(!hit.excerpt.contains(char::is_control), "{:?}", hit.excerpt);
        let path = hit.path.to_string();
        assert!(hit.path.0.len() <= 256 && path.len() < BESIDES);
    }
}
