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
    /// How many bytes they may take together: the newest that fit are kept.
    pub max_bytes: Option<u64>,
}

/// What is known of a recording here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored<I> {
    /// Its id.
    pub id: I,
    /// When it was connected, in Unix milliseconds.
    pub connected_at: i64,
    /// How many bytes are stored of it.
    pub bytes: u64,
    /// Whether it is kept whatever a policy says. It does not count against a limit either.
    pub pinned: bool,
}

/// The ids of the recordings that `policy` gives up at `now_ms`, oldest first.
///
/// Of two of the same millisecond the one with the greater id counts as the newer, so that every node
/// decides alike. One from the future, as after a clock was set back, is not too old. Where one does not
/// fit into `max_bytes`, none that is older stays for being small.
///
/// ```
/// use phoenix_replay_core::retention::{expired, Policy, Stored};
/// let stored = |id, connected_at| Stored { id, connected_at, bytes: 10, pinned: id == "a" };
/// let recordings = [stored("a", 1_000), stored("b", 2_000), stored("c", 3_000)];
/// let policy = Policy { max_bytes: Some(15), ..Policy::default() };
/// assert_eq!(expired(&recordings, policy, 4_000), ["b"]);
/// ```
#[must_use]
pub fn expired<I: Clone + Ord>(recordings: &[Stored<I>], policy: Policy, now_ms: i64) -> Vec<I> {
    let mut newest_first: Vec<&Stored<I>> = recordings.iter().filter(|one| !one.pinned).collect();
    newest_first.sort_by(|a, b| age_order(b, a));
    let mut kept = 0;
    let mut bytes = 0u64;
    for one in &newest_first {
        bytes = bytes.saturating_add(one.bytes);
        let too_many = policy.max_count.is_some_and(|most| kept as u64 >= most);
        let too_large = policy.max_bytes.is_some_and(|most| bytes > most);
        let too_old = policy
            .max_age_ms
            .is_some_and(|most| age(one.connected_at, now_ms) > most);
        if too_many || too_large || too_old {
            break;
        }
        kept += 1;
    }
    newest_first[kept..]
        .iter()
        .rev()
        .map(|one| one.id.clone())
        .collect()
}

fn age_order<I: Ord>(a: &Stored<I>, b: &Stored<I>) -> Ordering {
    (a.connected_at, &a.id).cmp(&(b.connected_at, &b.id))
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
