//! A search finds what a slow one finds that looks through every state.
#![allow(clippy::unwrap_used)]

mod recordings;

use std::collections::BTreeSet;

use phoenix_replay_core::etf::Value;
use phoenix_replay_core::recording::Recording;
use phoenix_replay_core::search::{search, Case, Found, Path, Query, Step};
use phoenix_replay_core::timeline::Timeline;
use phoenix_replay_core::view::{FILTERED, HIDDEN};
use proptest::collection::vec;
use proptest::prelude::*;
use recordings::{event, field, of, patch, recording_with_states};

const ALL: usize = usize::MAX;

fn letter(letter: &str) -> Query {
    Query::text(letter, Case::Sensitive).unwrap()
}

fn key(name: &str) -> Step {
    Step::Key(Value::atom(name))
}

/// Paths of the leaves of a state that hold a letter.
fn matching(state: &Value, letter: &str) -> BTreeSet<Path> {
    let mut found = BTreeSet::new();
    let mut open = vec![(vec![key("assigns")], state.clone())];
    while let Some((path, value)) = open.pop() {
        let mut part = |step, value: &Value| {
            let path = path.iter().cloned().chain([step]).collect();
            open.push((path, value.clone()));
        };
        match &value {
            Value::Map(map) => {
                for (key, value) in map.entries() {
                    if !is_mark(key) {
                        part(Step::Key(key.clone()), value);
                    }
                }
            }
            Value::Tuple(elements) => {
                for (at, value) in elements.iter().enumerate() {
                    part(Step::At(at), value);
                }
            }
            Value::List(list) => {
                for (at, value) in list.items().iter().chain(list.tail()).enumerate() {
                    part(Step::At(at), value);
                }
            }
            leaf => {
                if holds(leaf, letter) {
                    found.insert(Path(path));
                }
            }
        }
    }
    found
}

/// Whether a key says what a value is, not what it holds.
fn is_mark(key: &Value) -> bool {
    let name = key.as_atom().unwrap_or_default();
    name.starts_with("__") && name.ends_with("__") && name.len() >= 4
}

fn holds(leaf: &Value, letter: &str) -> bool {
    match leaf {
        Value::Atom(name) if &**name != HIDDEN => {
            name.trim_start_matches("Elixir.").contains(letter)
        }
        Value::Binary(bytes) if &**bytes != FILTERED.as_bytes() => bytes
            .windows(letter.len())
            .any(|part| part == letter.as_bytes()),
        _ => false,
    }
}

/// The paths without the indices, which change when items move.
fn without_indices(paths: &BTreeSet<Path>) -> BTreeSet<Path> {
    let any = |step: &Step| match step {
        Step::At(_) => Step::At(0),
        key => key.clone(),
    };
    let path = |path: &Path| Path(path.0.iter().map(any).collect());
    paths.iter().map(path).collect()
}

fn states(recording: &Recording) -> Vec<Value> {
    let timeline = Timeline::new(recording.clone());
    (0..timeline.len())
        .map(|index| timeline.state_at(index).unwrap())
        .collect()
}

/// What is found in the assigns as of each event.
fn in_assigns(found: &Found, index: usize) -> BTreeSet<Path> {
    let hits = found.hits.iter().filter(|hit| hit.index == index);
    let paths = hits.map(|hit| hit.path.clone());
    paths.filter(|path| path.0[0] == key("assigns")).collect()
}

fn text() -> impl Strategy<Value = Value> {
    "[ab ]{0,14}".prop_map(Value::binary)
}

/// Whether an event of an unknown kind has something in it that is called `assigns` too, or the context,
/// which is searched with the first event.
fn brings_its_own(recording: &Recording, index: usize) -> bool {
    let event = &recording.events[index];
    let has_assigns = |term: &Value| term.field("assigns").is_some();
    let known = matches!(&*event.name, "mount" | "assigns");
    (!known && has_assigns(&event.payload)) || (index == 0 && has_assigns(&recording.context))
}

/// Something with texts, and with lists in it if so wished.
fn tree(lists: bool) -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![4 => text(), 1 => "[ab]".prop_map(|name| Value::atom(&name)), 1 => (0..3i64).prop_map(Value::Integer)];
    leaf.prop_recursive(3, 24, 4, move |inner| {
        let map = vec(
            ("[k-n]".prop_map(|name| Value::atom(&name)), inner.clone()),
            0..4,
        )
        .prop_map(Value::map);
        let tuple = vec(inner.clone(), 0..3).prop_map(Value::tuple);
        if lists {
            let list = vec(inner.clone(), 0..5).prop_map(Value::list);
            let improper = (vec(inner.clone(), 1..3), inner)
                .prop_map(|(items, tail)| Value::improper_list(items, tail));
            prop_oneof![2 => map, 1 => tuple, 3 => list, 1 => improper].boxed()
        } else {
            prop_oneof![3 => map, 1 => tuple].boxed()
        }
    })
}

fn session(lists: bool) -> impl Strategy<Value = Recording> {
    let state = vec(
        ("[k-m]".prop_map(|name| Value::atom(&name)), tree(lists)),
        1..4,
    )
    .prop_map(Value::map);
    vec((state, any::<bool>()), 1..8).prop_map(|states| {
        let mut before = Value::map([]);
        let mut events = Vec::new();
        for (at, (state, whole)) in states.into_iter().enumerate() {
            let payload = match patch(&before, &state) {
                _ if at == 0 => field("assigns", state.clone()),
                Some(_) if whole => field("snapshot", state.clone()),
                Some(patch) => field("patch", patch),
                None => continue,
            };
            events.push(event(
                at as u64,
                if at == 0 { "mount" } else { "assigns" },
                payload,
            ));
            before = state;
        }
        of(events)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn without_lists_exactly_what_appears_is_found(recording in session(false), text in "[ab]{1,3}") {
        let found = search(recording.clone(), letter(&text), ALL);
        let mut before = BTreeSet::new();
        for (index, state) in states(&recording).iter().enumerate() {
            let now = matching(state, &text);
            let appeared: BTreeSet<_> = now.difference(&before).cloned().collect();
            prop_assert_eq!(in_assigns(&found, index), appeared);
            before = now;
        }
    }

    #[test]
    fn what_is_found_is_there_and_all_that_appears_is_found(recording in session(true), text in "[ab]{1,3}") {
        complete(recording, &text)?;
    }

    #[test]
    fn of_any_recording_too((recording, _) in recording_with_states(), text in "[a-f]") {
        complete(recording, &text)?;
    }

    #[test]
    fn a_bounded_search_finds_the_first(recording in session(true), most in 0..4usize) {
        let all = search(recording.clone(), letter("a"), ALL);
        let some = search(recording, letter("a"), most);
        prop_assert_eq!(&some.hits[..], &all.hits[..most.min(all.hits.len())]);
        prop_assert_eq!(some.more, all.hits.len() > most);
    }
}

fn complete(recording: Recording, text: &str) -> Result<(), TestCaseError> {
    let found = search(recording.clone(), letter(text), ALL);
    let mut before = BTreeSet::new();
    for (index, state) in states(&recording).iter().enumerate() {
        let now = matching(state, text);
        let hits = in_assigns(&found, index);
        prop_assert!(
            hits.is_subset(&now) || brings_its_own(&recording, index),
            "{:?} are not among {:?}",
            hits,
            now
        );
        let places = without_indices(&now);
        let new = places.difference(&before).cloned().collect::<BTreeSet<_>>();
        prop_assert!(
            new.is_subset(&without_indices(&hits)),
            "{:?} are not among {:?}",
            new,
            hits
        );
        before = places;
    }
    Ok(())
}
