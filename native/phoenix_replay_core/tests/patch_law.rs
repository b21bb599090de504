//! The law of deltas, on random trees and random edits of them.
#![allow(clippy::unwrap_used)]

mod support;

use phoenix_replay_core::etf::{Budget, Exhausted, Value};
use phoenix_replay_core::patch::{apply, apply_owned, changed_keys, diff, diff_assigns, Change};
use phoenix_replay_core::tree::Tree;
use phoenix_replay_core::view::{Everything, View};
use proptest::prelude::*;
use support::edits::{edited, edits, tree};
use support::live::Live;
use support::views::Wary;
use support::{patch_bytes, shown, value};

fn law<T: Tree, V: View<T>>(old: &T, new: &T, view: &V, place: V::Place) {
    let (before, after) = (shown(old, view, place), shown(new, view, place));
    match patch_bytes(old, new, view, place) {
        None => assert_eq!(value(&before), value(&after)),
        Some(bytes) => {
            let patch = value(&bytes);
            assert_eq!(
                apply(&value(&before), &patch),
                Ok(value(&after)),
                "by {patch:?}"
            );
            assert!(
                bytes.len() <= after.len() + 2,
                "larger than the replacement: {patch:?}"
            );
        }
    }
}

/// A diff of a tree with itself in any form says nothing.
fn nothing<T: Tree, V: View<T>>(tree: &T, view: &V, place: V::Place) {
    assert_eq!(patch_bytes(tree, tree, view, place), None);
}

proptest! {
    // Quick by default; PROPTEST_CASES=3000 for a thorough look.
    #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases * 2))]

    #[test]
    fn edited_trees(old in tree(), edits in edits(), strict: bool) {
        let new = edited(&old, &edits);
        law(&old, &new, &Everything, ());
        law(&old, &new, &Wary, strict);
        law(&new, &old, &Wary, strict);
        nothing(&new, &Wary, strict);
    }

    #[test]
    fn unrelated_trees(old in tree(), new in tree(), strict: bool) {
        law(&old, &new, &Everything, ());
        law(&old, &new, &Wary, strict);
    }

    /// What stands in several places is compared once, and written in each as if it stood there alone.
    #[test]
    fn parts_in_several_places(
        (old, edits) in (tree(), edits()),
        (other, others) in (tree(), edits()),
        strict: bool
    ) {
        let around = |a: &Live, b: &Live| {
            let both = Live::tuple([a.clone(), b.clone()]);
            let inside = Live::map([(Live::text("x"), b.clone()), (Live::text("y"), a.clone())]);
            let list = Live::list([inside.clone(), a.clone(), both.clone(), b.clone()]);
            let keys = ["a", "b", "secret", "both", "inside", "list"].map(Live::Atom);
            let parts = [a.clone(), b.clone(), a.clone(), both, inside, list];
            Live::tuple([a.clone(), Live::map(keys.into_iter().zip(parts))])
        };
        let before = around(&old, &other);
        let after = around(&edited(&old, &edits), &edited(&other, &others));
        law(&before, &after, &Everything, ());
        law(&before, &after, &Wary, strict);
        let plain = |tree: &Live| value(&shown(tree, &Everything, ()));
        law(&plain(&before), &plain(&after), &Everything, ());
        nothing(&after, &Wary, strict);
    }

    #[test]
    fn owned_values(old in tree(), edits in edits(), strict: bool) {
        let new = value(&shown(&edited(&old, &edits), &Everything, ()));
        let old = value(&shown(&old, &Everything, ()));
        law(&old, &new, &Everything, ());
        law(&old, &new, &Wary, strict);
        // Neighbouring states share what did not change.
        if let Some(bytes) = patch_bytes(&old, &new, &Everything, ()) {
            let next = apply(&old, &value(&bytes)).unwrap();
            prop_assert_eq!(patch_bytes(&next, &new, &Everything, ()), None);
            law(&old, &next, &Wary, strict);
        }
    }

    #[test]
    fn only_the_changed_assigns(
        old in proptest::collection::vec((any::<u8>(), tree()), 0..8),
        new in proptest::collection::vec((any::<u8>(), tree()), 0..8),
        put in edits(),
        strict: bool,
    ) {
        const KEYS: [&str; 6] = ["a", "drop", "hide", "redact", "pin", "strict"];
        let assigns = |entries: &[(u8, Live)]| {
            let entry = |(key, value): &(u8, Live)| {
                (Live::Atom(KEYS[*key as usize % KEYS.len()]), edited(value, &put))
            };
            Live::map(entries.iter().map(entry))
        };
        let (old, new) = (assigns(&old), assigns(&new));
        let changed = Live::map(KEYS.map(|key| (Live::Atom(key), Live::Atom("true"))));
        let mut out = vec![1, 2, 3];
        let change = diff_assigns(
            &old, &new, &changed, &Wary, strict, &mut Budget::unlimited(), &mut out,
        ).unwrap();
        prop_assert_eq!(&out[..3], &[1, 2, 3]);
        let (before, after) = (shown(&old, &Wary, strict), shown(&new, &Wary, strict));
        let (before, after) = (value(&before), value(&after));
        if change == Change::Same {
            prop_assert_eq!(out.len(), 3);
            prop_assert_eq!(before, after);
        } else {
            let patch = value(&out[3..]);
            prop_assert!(patch.as_map().is_some());
            prop_assert!(!changed_keys(&patch).is_empty());
            prop_assert_eq!(apply(&before, &patch), Ok(after));
        }
    }

    #[test]
    fn any_budget_is_enough_or_undone(old in tree(), edits in edits(), units in 0u64..400) {
        let new = edited(&old, &edits);
        let mut out = vec![7; 3];
        let mut budget = Budget::new(units);
        match diff(&old, &new, &Wary, false, &mut budget, &mut out) {
            Err(Exhausted) => prop_assert_eq!(out, vec![7; 3]),
            Ok(Change::Same) => {
                prop_assert_eq!(out, vec![7; 3]);
                prop_assert_eq!(patch_bytes(&old, &new, &Wary, false), None);
            }
            Ok(Change::Changed) => {
                prop_assert_eq!(Some(out[3..].to_vec()), patch_bytes(&old, &new, &Wary, false));
            }
        }
    }

    #[test]
    fn any_term_may_be_given_as_a_patch(value_tree in tree(), patch in tree(), other in tree(), edits in edits()) {
        let plain = |tree: &Live| value(&shown(tree, &Everything, ()));
        let _ = apply(&plain(&value_tree), &plain(&patch));
        // A patch that was made for another value, and one that was tampered with.
        if let Some(bytes) = patch_bytes(&value_tree, &edited(&value_tree, &edits), &Everything, ()) {
            let _ = apply(&plain(&other), &value(&bytes));
        }
    }
    #[test]
    fn in_place_is_as_copied(
        old in tree(),
        steps in proptest::collection::vec((edits(), any::<u8>()), 1..6),
        strange in tree(),
    ) {
        // Through bytes, so that a value shares nothing with any other.
        let plain = |tree: &Live| value(&shown(tree, &Everything, ()));
        let mut live = old.clone();
        let mut state = plain(&old);
        // What somebody holds along the way, and what it has to stay.
        let mut held = Vec::new();
        for (edits, holds) in &steps {
            let next = edited(&live, edits);
            if let Some(bytes) = patch_bytes(&live, &next, &Everything, ()) {
                match holds % 4 {
                    0 => held.push((state.clone(), plain(&live))),
                    1 => hold_parts(&state, &mut held),
                    _ => {}
                }
                let patch = value(&bytes);
                let copied = apply(&plain(&live), &patch);
                state = apply_owned(state, &patch).unwrap();
                prop_assert_eq!(copied.as_ref(), Ok(&state), "by {:?}", patch);
                prop_assert_eq!(&patch, &value(&bytes));
                live = next;
            }
            prop_assert_eq!(&state, &plain(&live));
        }
        for (held, was) in &held {
            prop_assert_eq!(held, was);
        }
        // Whatever is given as a patch, and whoever holds the value, the answer is the same.
        let strange = plain(&strange);
        let shared = plain(&live);
        prop_assert_eq!(apply(&shared, &strange), apply_owned(plain(&live), &strange));
        prop_assert_eq!(shared, plain(&live));
    }

    #[test]
    fn a_patch_for_another_value_fails_alike(
        old in tree(), other in tree(), edits in edits(), holds: bool,
    ) {
        let plain = |tree: &Live| value(&shown(tree, &Everything, ()));
        if let Some(bytes) = patch_bytes(&old, &edited(&old, &edits), &Everything, ()) {
            let patch = value(&bytes);
            let mut held = Vec::new();
            let own = plain(&other);
            if holds {
                hold_parts(&own, &mut held);
            }
            prop_assert_eq!(apply(&plain(&other), &patch), apply_owned(own, &patch));
            for (held, was) in &held {
                prop_assert_eq!(held, was);
            }
        }
    }
}

/// Every second part of a value, at any depth, each with a copy that shares nothing with it.
fn hold_parts(value: &Value, held: &mut Vec<(Value, Value)>) {
    let mut open = vec![value];
    while let Some(part) = open.pop() {
        if open.len() % 2 == 0 {
            let copy = support::value(&shown(part, &Everything, ()));
            held.push((part.clone(), copy));
        }
        match part {
            Value::Tuple(elements) => open.extend(elements.iter()),
            Value::List(list) => open.extend(list.items().iter().chain(list.tail())),
            Value::Map(map) => open.extend(map.entries().iter().map(|(_, value)| value)),
            _ => {}
        }
    }
}
