//! Lists so long that a changed one picks its items of the one before.
#![allow(clippy::unwrap_used)]

use phoenix_replay_core::etf::{decode, encode, Budget, Limits, Value, VERSION};
use phoenix_replay_core::patch::{apply, apply_owned, diff, Change};
use phoenix_replay_core::view::Everything;
use proptest::prelude::*;
use proptest::sample::Index;

/// What happens to a list of rows.
#[derive(Clone, Debug)]
enum Edit {
    Change(Index),
    Insert(Index),
    Remove(Index),
    Move(Index, Index),
    Reverse,
    /// All but so many go.
    Cut(Index),
    Append(u8),
    /// It ends in something else than a list.
    Tail(Option<i64>),
    /// Somebody keeps the state, as a keyframe does.
    Hold,
}

/// A list of rows, each `{id, version}`, and what it ends in.
#[derive(Clone, Default)]
struct Model {
    rows: Vec<(i64, i64)>,
    tail: Option<i64>,
}

impl Model {
    fn value(&self) -> Value {
        let row = |(id, version): &(i64, i64)| {
            Value::map([
                (Value::atom("id"), Value::integer(*id)),
                (
                    Value::atom("text"),
                    Value::binary(format!("version {version} of {id}")),
                ),
            ])
        };
        let rows = self.rows.iter().map(row);
        let list = match self.tail {
            None => Value::list(rows),
            Some(tail) => Value::improper_list(rows, Value::integer(tail)),
        };
        Value::map([(Value::atom("rows"), list)])
    }

    fn edit(&mut self, edit: &Edit, turn: i64) {
        let length = self.rows.len();
        match edit {
            Edit::Change(at) if length > 0 => self.rows[at.index(length)].1 = turn,
            Edit::Insert(at) => self.rows.insert(at.index(length + 1), (1_000 + turn, turn)),
            Edit::Remove(at) if length > 0 => drop(self.rows.remove(at.index(length))),
            Edit::Move(from, to) if length > 0 => {
                let row = self.rows.remove(from.index(length));
                self.rows.insert(to.index(length), row);
            }
            Edit::Reverse => self.rows.reverse(),
            Edit::Cut(to) => self.rows.truncate(to.index(length + 1)),
            Edit::Append(count) => {
                let new = (0..i64::from(*count)).map(|n| (10_000 + 300 * turn + n, turn));
                self.rows.extend(new);
            }
            Edit::Tail(tail) => self.tail = *tail,
            _ => {}
        }
    }
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        20 => any::<Index>().prop_map(Edit::Change),
        8 => any::<Index>().prop_map(Edit::Insert),
        8 => any::<Index>().prop_map(Edit::Remove),
        8 => any::<(Index, Index)>().prop_map(|(from, to)| Edit::Move(from, to)),
        2 => Just(Edit::Reverse),
        1 => any::<Index>().prop_map(Edit::Cut),
        2 => any::<u8>().prop_map(Edit::Append),
        1 => any::<Option<i64>>().prop_map(Edit::Tail),
        12 => Just(Edit::Hold),
    ]
}

fn written(value: &Value) -> Vec<u8> {
    let mut out = vec![VERSION];
    encode(value, &Everything, (), &mut Budget::unlimited(), &mut out).unwrap();
    out
}

/// As read back from a file: it shares nothing.
fn patch(old: &Value, new: &Value) -> Option<Value> {
    let mut out = vec![VERSION];
    let change = diff(
        old,
        new,
        &Everything,
        (),
        &mut Budget::unlimited(),
        &mut out,
    );
    (change == Ok(Change::Changed)).then(|| decode(&out, Limits::default()).unwrap().0)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_state_is_what_it_was(length in 0usize..300, edits in prop::collection::vec(edit(), 1..100)) {
        let rows = (0..length as i64).map(|id| (id, 0)).collect();
        let mut model = Model { rows, tail: None };
        let mut state = model.value();
        let mut held = vec![(state.clone(), model.value())];
        for (turn, edit) in edits.iter().enumerate() {
            model.edit(edit, turn as i64);
            let new = model.value();
            if let Edit::Hold = edit {
                held.push((state.clone(), new.clone()));
            }
            if let Some(patch) = patch(&state, &new) {
                prop_assert_eq!(&apply(&state, &patch), &Ok(new.clone()));
                state = apply_owned(state, &patch).unwrap();
            }
            prop_assert_eq!(&state, &new);
        }
        prop_assert_eq!(written(&state), written(&model.value()));
        prop_assert_eq!(format!("{state:?}"), format!("{:?}", model.value()));
        for (held, expected) in &held {
            prop_assert_eq!(held, expected);
            prop_assert_eq!(held.cmp(expected), std::cmp::Ordering::Equal);
            prop_assert_eq!(patch(held, expected), None);
        }
    }
}

#[test]
fn a_long_list_of_deep_terms_is_let_go_without_recursion() {
    let deep = |depth| (0..depth).fold(Value::list([]), |inner, _| Value::list([inner]));
    let list = Value::list((0..100).map(|_| deep(20_000)));
    let at = |index| Value::map([(Value::integer(index), Value::tuple([deep(20_000)]))]);
    let first = apply(&list, &at(3)).unwrap();
    let second = apply(&first, &at(4)).unwrap();
    drop(list);
    drop(second);
    assert_eq!(first.as_list().unwrap().items().len(), 100);
}

#[test]
fn a_list_that_is_used_up_is_an_error_however_long() {
    let list = Value::list((0..100).map(Value::integer));
    let held = list.clone();
    let span = |from, count| Value::tuple([from, count].map(Value::integer));
    for pieces in [
        vec![span(0, 60), span(59, 2)],
        vec![span(0, 101)],
        vec![span(-1, 2)],
        vec![Value::integer(7), Value::integer(7)],
        vec![span(i64::MAX, i64::MAX)],
    ] {
        assert!(apply(&list, &Value::list(pieces)).is_err());
    }
    assert_eq!(list, held);
}
