use proptest::prelude::*;

use super::{age, expired, Policy, Stored};

fn recordings() -> impl Strategy<Value = Vec<Stored<u32>>> {
    let time = prop_oneof![0..1_000i64, any::<i64>()];
    let bytes = prop_oneof![0..100u64, any::<u64>()];
    let facts = (time, bytes, prop::bool::weighted(0.2));
    prop::collection::btree_map(any::<u32>(), facts, 0..40).prop_map(|all| {
        let stored = |(id, (connected_at, bytes, pinned))| Stored {
            id,
            connected_at,
            bytes,
            pinned,
        };
        all.into_iter().map(stored).collect()
    })
}

fn policy() -> impl Strategy<Value = Policy> {
    let limit = || prop::option::of(prop_oneof![0..1_000u64, any::<u64>()]);
    (prop::option::of(0..50u64), limit(), limit()).prop_map(|(max_count, max_age_ms, max_bytes)| {
        Policy {
            max_count,
            max_age_ms,
            max_bytes,
        }
    })
}

fn without(recordings: &[Stored<u32>], gone: &[u32]) -> Vec<Stored<u32>> {
    let left = recordings.iter().filter(|one| !gone.contains(&one.id));
    left.cloned().collect()
}

fn unpinned(recordings: &[Stored<u32>]) -> Vec<Stored<u32>> {
    recordings
        .iter()
        .filter(|one| !one.pinned)
        .cloned()
        .collect()
}

fn bytes<'a>(recordings: impl Iterator<Item = &'a Stored<u32>>) -> u64 {
    recordings.fold(0, |sum, one| sum.saturating_add(one.bytes))
}

fn place(one: &Stored<u32>) -> (i64, u32) {
    (one.connected_at, one.id)
}

proptest! {
    #[test]
    fn what_is_left_is_within_the_limits(all in recordings(), policy in policy(), now in any::<i64>()) {
        let left = unpinned(&without(&all, &expired(&all, policy, now)));
        if let Some(max_count) = policy.max_count {
            prop_assert!(left.len() as u64 <= max_count);
        }
        if let Some(max_age) = policy.max_age_ms {
            prop_assert!(left.iter().all(|one| age(one.connected_at, now) <= max_age));
        }
        if let Some(max_bytes) = policy.max_bytes {
            prop_assert!(bytes(left.iter()) <= max_bytes);
        }
    }

    #[test]
    fn nothing_within_the_limits_goes(all in recordings(), policy in policy(), now in any::<i64>()) {
        let gone = expired(&all, policy, now);
        let all = unpinned(&all);
        for lost in all.iter().filter(|one| gone.contains(&one.id)) {
            let newer = || all.iter().filter(|one| place(one) > place(lost));
            let too_many = policy.max_count.is_some_and(|max| newer().count() as u64 >= max);
            let too_old = policy.max_age_ms.is_some_and(|max| age(lost.connected_at, now) > max);
            let together = bytes(newer()).saturating_add(lost.bytes);
            let too_large = policy.max_bytes.is_some_and(|max| together > max);
            prop_assert!(too_many || too_old || too_large);
        }
    }

    #[test]
    fn the_newest_stay(all in recordings(), policy in policy(), now in any::<i64>()) {
        let gone = expired(&all, policy, now);
        let (lost, left): (Vec<_>, Vec<_>) =
            unpinned(&all).into_iter().partition(|one| gone.contains(&one.id));
        for kept in &left {
            prop_assert!(lost.iter().all(|lost| place(lost) < place(kept)));
        }
    }

    #[test]
    fn what_is_pinned_stays_and_changes_nothing(all in recordings(), policy in policy(), now in any::<i64>()) {
        let gone = expired(&all, policy, now);
        prop_assert!(all.iter().all(|one| !one.pinned || !gone.contains(&one.id)));
        prop_assert_eq!(gone, expired(&unpinned(&all), policy, now));
    }

    #[test]
    fn a_second_run_finds_nothing(all in recordings(), policy in policy(), now in any::<i64>()) {
        let left = without(&all, &expired(&all, policy, now));
        prop_assert!(expired(&left, policy, now).is_empty());
    }

    #[test]
    fn the_order_given_does_not_matter(all in recordings(), policy in policy(), now in any::<i64>()) {
        let mut turned = all.clone();
        turned.reverse();
        prop_assert_eq!(expired(&all, policy, now), expired(&turned, policy, now));
    }
}

#[test]
fn without_limits_everything_stays() {
    let ancient = Stored {
        id: "a",
        connected_at: i64::MIN,
        bytes: u64::MAX,
        pinned: false,
    };
    assert!(expired(&[ancient], Policy::default(), i64::MAX).is_empty());
}
