//! Patches: the input is a state, and changes to be made of it, one after the other.

use phoenix_replay_core::compare::differences;
use phoenix_replay_core::etf::{decode, Budget, Limits, Value, ALLOCATION_MULTIPLE, VERSION};
use phoenix_replay_core::patch::{apply, apply_owned, changed_keys, diff, Change};
use phoenix_replay_core::view::Everything;

use super::{bounded, terms, written, BESIDES};

/// A change fits or is refused, on any state, and both ways to apply it agree. And the law of deltas, of
/// any two of the terms.
pub fn law(input: &[u8]) {
    let terms = terms(input);
    let Some((state, changes)) = terms.split_first() else {
        return;
    };
    // All the values there are have been counted as the terms were read.
    let most = input.len() * ALLOCATION_MULTIPLE + BESIDES;
    let mut state = state.clone();
    for change in changes {
        deltas(&state, change);
        let _ = changed_keys(change);
        let next = bounded(most, || apply(&state, change));
        let owned = bounded(most, || apply_owned(state.clone(), change));
        assert_eq!(next, owned);
        if let Ok(next) = next {
            let _ = differences(&state, &next, 10);
            state = next;
        }
    }
}

fn deltas(old: &Value, new: &Value) {
    let mut patch = vec![VERSION];
    let budget = &mut Budget::unlimited();
    match diff(old, new, &Everything, (), budget, &mut patch) {
        Ok(Change::Same) => assert_eq!(old, new),
        Ok(Change::Changed) => {
            let replacement = written(&Value::tuple([new.clone()]));
            assert!(patch.len() <= replacement.len());
            let (patch, _) = decode(&patch, Limits::default()).expect("a patch is a term");
            assert_eq!(apply(old, &patch).as_ref(), Ok(new));
        }
        Err(exhausted) => panic!("{exhausted}"),
    }
}
