//! Each form of a patch, as `patch.rs` documents it, and what is none.
#![allow(clippy::unwrap_used)]

mod support;

use phoenix_replay_core::etf::{Budget, Exhausted, Value};
use phoenix_replay_core::patch::{
    apply, apply_owned, changed_keys, diff, diff_assigns, Change, KeyChange, PatchError,
};
use phoenix_replay_core::view::Everything;
use support::live::Live;
use support::views::Wary;
use support::{atom, int, map, patch, patch_bytes, shown, value};

/// A row of a table, large enough that a change of it pays.
fn row(id: i64, title: &str) -> Value {
    map([
        ("id", int(id)),
        ("title", Value::binary(title)),
        ("done", atom("false")),
        (
            "note",
            Value::binary("something that is said about this row"),
        ),
    ])
}

fn rows(ids: &[i64]) -> Value {
    Value::list(
        ids.iter()
            .map(|id| row(*id, &format!("the title of row {id}"))),
    )
}

fn put(term: Value) -> Value {
    Value::tuple([term])
}

fn at(index: i64, change: Value) -> Value {
    Value::map([(int(index), change)])
}

/// The patch is as expected, and does what it says.
fn says(old: &Value, new: &Value, expected: &Value) {
    let patch = patch(old, new);
    assert_eq!(patch.as_ref(), Some(expected));
    assert_eq!(apply(old, expected).as_ref(), Ok(new));
}

#[test]
fn what_nobody_else_holds_is_changed_where_it_is() {
    let items = |value: &Value| {
        let list = value.field("rows").and_then(Value::as_list).unwrap();
        std::ptr::from_ref(list.items().get(0).unwrap())
    };
    let change = map([("rows", at(1, map([("title", put(Value::binary("new")))])))]);
    let state = map([("rows", rows(&[1, 2, 3]))]);
    let there = items(&state);
    let state = apply_owned(state, &change).unwrap();
    assert_eq!(items(&state), there);
    let held = state.clone();
    assert_ne!(items(&apply_owned(state, &change).unwrap()), there);
    assert_eq!(items(&held), there);
}

#[test]
fn equal_terms_say_nothing() {
    assert_eq!(patch(&rows(&[1, 2]), &rows(&[1, 2])), None);
    assert_eq!(patch(&Value::list([]), &Value::list([])), None);
}

#[test]
fn a_term_becomes_another() {
    says(&int(6), &int(7), &put(int(7)));
    says(&int(1), &Value::float(1.0), &put(Value::float(1.0)));
    says(
        &Value::float(0.0),
        &Value::float(-0.0),
        &put(Value::float(-0.0)),
    );
    says(&rows(&[1]), &Value::list([]), &put(Value::list([])));
    says(&atom("a"), &Value::binary("a"), &put(Value::binary("a")));
    says(
        &Value::bitstring([192], 2),
        &Value::bitstring([128], 2),
        &put(Value::bitstring([128], 2)),
    );
}

#[test]
fn keys_are_put_patched_and_removed() {
    let old = map([
        ("count", int(6)),
        ("gone", int(1)),
        ("row", row(1, "one")),
        ("same", rows(&[1])),
    ]);
    let new = map([
        ("count", int(7)),
        ("came", int(2)),
        ("row", row(1, "two")),
        ("same", rows(&[1])),
    ]);
    let expected = map([
        ("count", put(int(7))),
        ("gone", Value::list([])),
        ("came", put(int(2))),
        ("row", map([("title", put(Value::binary("two")))])),
    ]);
    says(&old, &new, &expected);
    let changes: Vec<_> = changed_keys(&expected)
        .into_iter()
        .map(|changed| (changed.key.as_atom().unwrap(), changed.change))
        .collect();
    assert_eq!(
        changes,
        [
            ("came", KeyChange::Put(&int(2))),
            ("count", KeyChange::Put(&int(7))),
            ("gone", KeyChange::Removed),
            ("row", KeyChange::Patched),
        ]
    );
}

#[test]
fn a_struct_that_becomes_a_map_loses_its_name() {
    let named = map([("__struct__", atom("Elixir.Row")), ("row", rows(&[1, 2]))]);
    let plain = map([("row", rows(&[1, 2]))]);
    says(&named, &plain, &map([("__struct__", Value::list([]))]));
    says(
        &plain,
        &named,
        &map([("__struct__", put(atom("Elixir.Row")))]),
    );
}

#[test]
fn elements_of_a_tuple_by_index() {
    let old = Value::tuple([atom("ok"), rows(&[1]), int(1)]);
    let new = Value::tuple([atom("ok"), rows(&[1]), int(2)]);
    says(&old, &new, &at(2, put(int(2))));
}

#[test]
fn items_that_stayed_by_index() {
    let old = rows(&[1, 2, 3]);
    let mut items = old.as_list().unwrap().items().to_vec();
    items[1] = row(2, "another title");
    let new = Value::list(items);
    let expected = at(1, map([("title", put(Value::binary("another title")))]));
    says(&old, &new, &expected);
}

#[test]
fn the_tail_of_an_improper_list_by_the_index_after_the_last() {
    let list = |tail: i64| Value::improper_list([row(1, "one"), row(2, "two")], int(tail));
    says(&list(6), &list(7), &at(2, put(int(7))));
}

#[test]
fn a_row_comes_in() {
    let old = rows(&[1, 2, 3, 4]);
    let new = rows(&[1, 2, 9, 3, 4]);
    let pieces = [
        Value::tuple([int(0), int(2)]),
        put(row(9, "the title of row 9")),
    ];
    says(&old, &new, &Value::improper_list(pieces, int(2)));
    let appended = rows(&[1, 2, 3, 4, 9]);
    let pieces = [
        Value::tuple([int(0), int(4)]),
        put(row(9, "the title of row 9")),
    ];
    says(&old, &appended, &Value::list(pieces));
}

#[test]
fn a_row_goes() {
    let old = rows(&[1, 2, 3, 4]);
    says(&old, &rows(&[2, 3, 4]), &int(1));
    says(
        &old,
        &rows(&[1, 3, 4]),
        &Value::improper_list([int(0)], int(2)),
    );
    says(
        &old,
        &rows(&[1, 2, 3]),
        &Value::list([Value::tuple([int(0), int(3)])]),
    );
}

#[test]
fn rows_change_places() {
    says(
        &rows(&[1, 2, 3, 4, 5]),
        &rows(&[3, 4, 1, 5, 2]),
        &Value::list([Value::tuple([int(2), int(2)]), int(0), int(4), int(1)]),
    );
}

#[test]
fn a_row_moves_and_changes() {
    let old = rows(&[1, 2, 3]);
    let mut items = rows(&[3, 1, 2]).as_list().unwrap().items().to_vec();
    items[0] = row(3, "new");
    let pieces = [
        at(2, map([("title", put(Value::binary("new")))])),
        Value::tuple([int(0), int(2)]),
    ];
    says(&old, &Value::list(items), &Value::list(pieces));
}

#[test]
fn rows_are_known_by_string_ids_and_first_elements_too() {
    let string_keys = |ids: &[i64]| {
        Value::list(ids.iter().map(|id| {
            let title = format!("a title of some length, of {id}");
            Value::map([
                (Value::binary("id"), int(*id)),
                (Value::binary("title"), Value::binary(title)),
            ])
        }))
    };
    let pairs = |ids: &[i64]| {
        Value::list(ids.iter().map(|id| {
            Value::tuple([
                Value::binary(format!("row-{id}")),
                row(*id, "a title of some length"),
            ])
        }))
    };
    let moved = Value::list([int(2), Value::tuple([int(0), int(2)])]);
    says(&string_keys(&[1, 2, 3]), &string_keys(&[3, 1, 2]), &moved);
    says(&pairs(&[1, 2, 3]), &pairs(&[3, 1, 2]), &moved);
}

#[test]
fn rows_without_an_id_are_known_by_what_they_hold() {
    let rows = |names: &[&str]| {
        Value::list(names.iter().map(|name| {
            map([
                ("name", Value::binary(name.repeat(9))),
                ("size", int(name.len() as i64)),
            ])
        }))
    };
    says(&rows(&["a", "bb", "ccc"]), &rows(&["bb", "ccc"]), &int(1));
}

#[test]
fn typing_is_a_splice() {
    let text = |end: &str| Value::binary(format!("a text of some length, typed {end}"));
    let splice = Value::tuple([int(0), int(0), Value::binary("w")]);
    says(&text("no"), &text("now"), &splice);
}

#[test]
fn a_splice_that_saves_nothing_is_a_replacement() {
    says(
        &Value::binary("ab"),
        &Value::binary("ac"),
        &put(Value::binary("ac")),
    );
}

#[test]
fn what_shares_its_end_in_memory_is_not_walked() {
    let rest = Live::list((0..2_000).map(Live::Int));
    let old = Live::improper([Live::Int(-1)], rest.clone());
    let new = Live::improper([Live::Int(-2), Live::Int(-3)], old.clone());
    let mut out = Vec::new();
    let mut budget = Budget::new(200);
    let change = diff(&old, &new, &Everything, (), &mut budget, &mut out);
    assert_eq!(change, Ok(Change::Changed));
    let expected = Value::improper_list([put(int(-2)), put(int(-3))], int(0));
    assert_eq!(value(&out), expected);
    out.clear();
    let change = diff(&new, &old, &Everything, (), &mut budget, &mut out);
    assert_eq!(change, Ok(Change::Changed));
    assert_eq!(value(&out), int(2));
}

#[test]
fn what_the_view_does_not_show_is_not_in_a_patch() {
    let assigns = |secret: &str, drop: i64| {
        Live::map([
            (Live::Atom("hide"), Live::text(secret)),
            (Live::Atom("drop"), Live::Int(drop)),
            (
                Live::Atom("a"),
                Live::list([Live::tuple([Live::Atom("redact"), Live::text(secret)])]),
            ),
        ])
    };
    let bytes = patch_bytes(&assigns("one", 1), &assigns("two", 2), &Wary, false);
    assert_eq!(bytes, None);
}

#[test]
fn a_place_that_becomes_strict_hides_what_did_not_change() {
    let pin = Live::map([(Live::Atom("pin"), Live::Int(1234))]);
    let old = Live::map([(Live::Atom("a"), pin.clone())]);
    let new = Live::map([(Live::Atom("a"), pin), (Live::Atom("strict"), Live::Int(1))]);
    let patch = value(&patch_bytes(&old, &new, &Wary, false).unwrap());
    let (old, new) = (
        value(&shown(&old, &Wary, false)),
        value(&shown(&new, &Wary, false)),
    );
    assert_eq!(apply(&old, &patch), Ok(new));
    assert!(format!("{patch:?}").contains("$phoenix_replay_hidden"));
}

#[test]
fn assigns_are_looked_at_by_the_changed_keys_only() {
    let old = map([("a", int(1)), ("b", int(1)), ("c", int(1)), ("d", int(1))]);
    let new = map([("a", int(2)), ("b", int(2)), ("c", int(1))]);
    let changed = map([
        ("a", atom("true")),
        ("c", atom("true")),
        ("d", atom("true")),
    ]);
    let mut out = Vec::new();
    let mut budget = Budget::unlimited();
    let change = diff_assigns(&old, &new, &changed, &Everything, (), &mut budget, &mut out);
    assert_eq!(change, Ok(Change::Changed));
    let expected = map([("a", put(int(2))), ("d", Value::list([]))]);
    assert_eq!(value(&out), expected);
    out.clear();
    let nothing = map([("c", atom("true")), ("nowhere", atom("true"))]);
    let change = diff_assigns(&old, &new, &nothing, &Everything, (), &mut budget, &mut out);
    assert_eq!((change, out.len()), (Ok(Change::Same), 0));
}

#[test]
fn an_exhausted_diff_leaves_what_was_written_before() {
    let old = rows(&[1, 2, 3]);
    let new = rows(&[3, 2, 1, 0]);
    for units in 0..40 {
        let mut out = vec![9, 9];
        let done = diff(
            &old,
            &new,
            &Everything,
            (),
            &mut Budget::new(units),
            &mut out,
        );
        if done == Err(Exhausted) {
            assert_eq!(out, [9, 9]);
        }
    }
}

#[test]
fn a_long_binary_is_more_than_one_unit() {
    let binary = |last: u8| {
        let mut bytes = vec![1; 1_000_000];
        bytes.push(last);
        Value::binary(bytes)
    };
    let mut budget = Budget::new(1_000);
    let done = diff(
        &binary(1),
        &binary(2),
        &Everything,
        (),
        &mut budget,
        &mut Vec::new(),
    );
    assert_eq!(done, Err(Exhausted));
}

#[test]
fn what_is_no_patch_is_refused() {
    let list = rows(&[1, 2, 3]);
    let text = Value::binary("abc");
    let some = map([("a", int(1))]);
    let splice = |at: i64, cut: i64| Value::tuple([int(at), int(cut), Value::binary("x")]);
    let pair = |a: i64, b: i64| Value::tuple([int(a), int(b)]);
    for (value, patch, error) in [
        (&text, int(1), PatchError::Unfit),
        (&text, Value::tuple([]), PatchError::Unfit),
        (&text, splice(4, 0), PatchError::NoSuchIndex),
        (&text, splice(2, 2), PatchError::NoSuchIndex),
        (&text, splice(-1, 1), PatchError::NoSuchIndex),
        (&text, splice(1, i64::MAX), PatchError::NoSuchIndex),
        (&some, at(0, at(1, int(1))), PatchError::NoSuchKey),
        (&some, map([("b", Value::list([]))]), PatchError::NoSuchKey),
        (&some, map([("a", int(1))]), PatchError::Unfit),
        (&some, Value::list([]), PatchError::Unfit),
        (&list, at(3, put(int(1))), PatchError::NoSuchIndex),
        (&list, at(-1, put(int(1))), PatchError::NoSuchIndex),
        (&list, map([("a", put(int(1)))]), PatchError::Unfit),
        (&list, int(4), PatchError::NoSuchIndex),
        (&list, int(-1), PatchError::NoSuchIndex),
        (&list, Value::list([int(3)]), PatchError::NoSuchIndex),
        (&list, Value::list([int(0), int(0)]), PatchError::UsedTwice),
        (
            &list,
            Value::list([pair(0, 2), pair(1, 1)]),
            PatchError::UsedTwice,
        ),
        (
            &list,
            Value::list([pair(1, i64::MAX)]),
            PatchError::NoSuchIndex,
        ),
        (
            &list,
            Value::improper_list([int(2)], int(2)),
            PatchError::UsedTwice,
        ),
        (
            &list,
            Value::improper_list([int(2)], atom("a")),
            PatchError::Unfit,
        ),
        (&list, Value::list([atom("a")]), PatchError::Unfit),
        (&list, Value::list([Value::tuple([])]), PatchError::Unfit),
        (&list, Value::list([map([])]), PatchError::Unfit),
    ] {
        assert_eq!(apply(value, &patch), Err(error), "{patch:?} of {value:?}");
        assert!(!error.to_string().is_empty());
    }
}

#[test]
fn applying_shares_what_did_not_change() {
    let old = map([("a", rows(&[1, 2])), ("b", int(1))]);
    let new = apply(&old, &map([("b", put(int(2)))])).unwrap();
    let (Some(Value::List(before)), Some(Value::List(after))) = (old.field("a"), new.field("a"))
    else {
        panic!("both are lists");
    };
    assert!(std::sync::Arc::ptr_eq(before, after));
}

#[test]
fn what_is_too_much_for_the_budget_is_known_soon() {
    let left = |old: &Value, new: &Value, budget: u64| {
        let mut budget = Budget::new(budget);
        let done = diff(old, new, &Everything, (), &mut budget, &mut Vec::new());
        (done == Err(Exhausted)).then(|| budget.left())
    };
    let large = |count: i64| Value::map((0..count).map(|key| (int(key), int(key))));
    assert!(left(&large(2_000), &large(2_001), 2_000) > Some(1_990));
    assert_eq!(left(&large(2_000), &large(2_001), 20_000), None);
    let rebuilt = |changed: i64| Value::list((0..1_000).map(|id| row(id, &changed.to_string())));
    let held = rebuilt(1);
    assert!(left(&held, &rebuilt(1), 2_000) > Some(1_000));
    assert_eq!(left(&held, &held, 2_000), None);
}
