//! What is different between two values.

use phoenix_replay_core::compare::differences;
use phoenix_replay_core::etf::Value;

fn rows(names: &[&str]) -> Value {
    let row = |name: &&str| Value::map([(Value::atom("name"), Value::binary(name))]);
    Value::map([(Value::atom("rows"), Value::list(names.iter().map(row)))])
}

fn told(old: &Value, new: &Value) -> Vec<String> {
    let found = differences(old, new, 100).into_iter();
    found
        .map(|found| format!("{}: {:?} {:?}", found.path, found.old, found.new))
        .collect()
}

#[test]
fn an_item_that_comes_or_goes_is_one_difference() {
    let (before, after) = (rows(&["a", "c"]), rows(&["a", "b", "c"]));
    assert_eq!(
        told(&before, &after),
        [r#"rows[1]: None Some(%{name: "b"})"#]
    );
    assert_eq!(
        told(&after, &before),
        [r#"rows[1]: Some(%{name: "b"}) None"#]
    );
    assert_eq!(
        told(&rows(&["a", "b"]), &rows(&["a", "x"])),
        [r#"rows[1].name: Some("b") Some("x")"#]
    );
}

#[test]
fn equal_values_have_none_and_others_are_bounded() {
    assert!(told(&rows(&["a"]), &rows(&["a"])).is_empty());
    assert_eq!(
        told(&Value::Integer(1), &Value::Float(1.0)),
        [": Some(1) Some(1.0)"]
    );
    assert_eq!(
        differences(&rows(&["a", "b"]), &rows(&["x", "y"]), 1).len(),
        1
    );
}

#[test]
fn what_is_far_down_is_not_taken_apart() {
    // Each level compared with all below it would take minutes.
    let deep =
        |leaf: i64| (0..100_000).fold(Value::integer(leaf), |value, _| Value::tuple([value]));
    let (old, new) = (deep(1), deep(2));
    let found = differences(&old, &new, 10);
    assert_eq!((found.len(), found[0].path.0.len()), (1, 100));
}
