use proptest::prelude::*;

use super::{age, expired, Policy};

fn recordings() -> impl Strategy<Value = Vec<(u32, i64)>> {
    let time = prop_oneof![0..1_000i64, any::<i64>()];
    prop::collection::btree_map(any::<u32>(), time, 0..40).prop_map(|all| all.into_iter().collect())
}

fn policy() -> impl Strategy<Value = Policy> {
    (
        prop::option::of(0..50u64),
        prop::option::of(prop_oneof![0..1_000u64, any::<u64>()]),
    )
        .prop_map(|(max_count, max_age_ms)| Policy {
            max_count,
            max_age_ms,
        })
}

fn without(recordings: &[(u32, i64)], gone: &[u32]) -> Vec<(u32, i64)> {
    recordings
        .iter()
        .filter(|(id, _)| !gone.contains(id))
        .copied()
        .collect()
}

proptest! {
    #[test]
    fn what_is_left_is_within_the_limits(all in recordings(), policy in policy(), now in any::<i64>()) {
        let left = without(&all, &expired(&all, policy, now));
        if let Some(max_count) = policy.max_count {
            prop_assert!(left.len() as u64 <= max_count);
        }
        if let Some(max_age) = policy.max_age_ms {
            prop_assert!(left.iter().all(|(_, at)| age(*at, now) <= max_age));
        }
    }

    #[test]
    fn nothing_within_the_limits_goes(all in recordings(), policy in policy(), now in any::<i64>()) {
        for gone in expired(&all, policy, now) {
            let at = all.iter().find(|(id, _)| *id == gone).map(|(_, at)| *at).unwrap();
            let newer = all.iter().filter(|(id, other)| (*other, *id) > (at, gone)).count() as u64;
            let too_many = policy.max_count.is_some_and(|max| newer >= max);
            let too_old = policy.max_age_ms.is_some_and(|max| age(at, now) > max);
            prop_assert!(too_many || too_old);
        }
    }

    #[test]
    fn the_newest_stay(all in recordings(), policy in policy(), now in any::<i64>()) {
        let gone = expired(&all, policy, now);
        let left = without(&all, &gone);
        for (id, at) in &left {
            for lost in &gone {
                let lost_at = all.iter().find(|(id, _)| id == lost).map(|(_, at)| *at).unwrap();
                prop_assert!((lost_at, lost) < (*at, id));
            }
        }
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
    assert!(expired(&[("a", i64::MIN)], Policy::default(), i64::MAX).is_empty());
}
