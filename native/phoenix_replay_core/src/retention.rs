//! Which recordings a policy gives up.
//!
//! A pure function of ids and times: storage asks it, deletes what it names, and asks again later.

use std::cmp::Ordering;

/// How long recordings are kept. `None` turns a limit off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// How many are kept at most: the newest.
    pub max_count: Option<u64>,
    /// How old one may be, in milliseconds.
    pub max_age_ms: Option<u64>,
}

/// The ids of the recordings that `policy` gives up at `now_ms`, oldest first.
///
/// Each recording is its id and when it was connected, in Unix milliseconds. Of two of the same
/// millisecond the one with the greater id counts as the newer, so that every node decides alike.
/// One from the future, as after a clock was set back, is not too old.
///
/// ```
/// use phoenix_replay_core::retention::{expired, Policy};
/// let recordings = [("a", 1_000), ("b", 2_000), ("c", 3_000)];
/// let policy = Policy { max_count: Some(2), max_age_ms: None };
/// assert_eq!(expired(&recordings, policy, 4_000), ["a"]);
/// ```
#[must_use]
pub fn expired<I: Clone + Ord>(recordings: &[(I, i64)], policy: Policy, now_ms: i64) -> Vec<I> {
    let mut oldest_first: Vec<&(I, i64)> = recordings.iter().collect();
    oldest_first.sort_by(|a, b| age_order(a, b));
    let surplus = policy.max_count.map_or(0, |kept| {
        oldest_first
            .len()
            .saturating_sub(usize::try_from(kept).unwrap_or(usize::MAX))
    });
    let old = policy.max_age_ms.map_or(0, |max_age| {
        oldest_first.partition_point(|(_, connected_at)| age(*connected_at, now_ms) > max_age)
    });
    oldest_first
        .iter()
        .take(surplus.max(old))
        .map(|(id, _)| id.clone())
        .collect()
}

fn age_order<I: Ord>(a: &(I, i64), b: &(I, i64)) -> Ordering {
    (a.1, &a.0).cmp(&(b.1, &b.0))
}

fn age(connected_at: i64, now_ms: i64) -> u64 {
    if connected_at < now_ms {
        now_ms.abs_diff(connected_at)
    } else {
        0
    }
}

#[cfg(test)]
mod tests;
