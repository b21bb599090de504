//! What is encoded comes back, whatever it is and however deep it goes.
#![allow(clippy::expect_used)]

use phoenix_replay_core::etf::{decode, encode, write, Budget, Exhausted, Limits, Value, VERSION};
use phoenix_replay_core::view::Everything;

const DEEP: usize = 1_000_000;

fn bytes(value: &Value) -> Vec<u8> {
    let mut out = vec![VERSION];
    write::value(&mut out, value);
    out
}

fn read(bytes: &[u8]) -> Value {
    let (value, used) = decode(bytes, Limits::default()).expect("a term");
    assert_eq!(used, bytes.len());
    value
}

fn there_and_back(value: &Value) {
    assert_eq!(&read(&bytes(value)), value);
}

#[test]
fn every_kind_comes_back() {
    let long = "x".repeat(300);
    for value in [
        Value::atom("ok"),
        Value::atom(""),
        Value::atom("größe"),
        Value::atom(&"ö".repeat(255)),
        Value::integer(0),
        Value::integer(255),
        Value::integer(256),
        Value::integer(-1),
        Value::integer(i64::from(i32::MIN)),
        Value::integer(i64::from(i32::MAX) + 1),
        Value::integer(i64::MIN),
        Value::integer(i64::MAX),
        Value::big_integer(true, &[1, 2, 3, 4, 5, 6, 7, 8, 9]),
        Value::big_integer(false, &[0xff; 8]),
        Value::big_integer(false, &[7; 300]),
        Value::float(0.0),
        Value::float(-0.0),
        Value::float(1.5e300),
        Value::binary(""),
        Value::binary(&long),
        Value::bitstring([0b1010_0000], 3),
        Value::tuple([]),
        Value::tuple((0..300).map(|i: i64| Value::integer(i))),
        Value::list([]),
        Value::list([Value::list([]), Value::nil()]),
        Value::improper_list([Value::integer(1)], Value::integer(2)),
        Value::improper_list([Value::integer(1)], Value::tuple([Value::list([])])),
        Value::map([]),
        Value::map([
            (Value::tuple([Value::integer(1)]), Value::atom("compound")),
            (Value::float(1.0), Value::integer(1)),
            (Value::integer(1), Value::float(1.0)),
        ]),
    ] {
        there_and_back(&value);
    }
}

/// A term in which every level is another kind of container.
fn nested(depth: usize) -> Value {
    let mut value = Value::integer(1);
    for level in 0..depth {
        value = match level % 5 {
            0 => Value::tuple([value]),
            1 => Value::list([value]),
            2 => Value::map([(Value::atom("k"), value)]),
            3 => Value::map([(value, Value::atom("v"))]),
            _ => Value::list([Value::tuple([value, Value::nil()])]),
        };
    }
    value
}

#[test]
fn depth_takes_no_stack() {
    let (one, other) = (nested(DEEP), nested(DEEP));
    assert_eq!(one, other);
    let encoded = bytes(&one);
    let back = read(&encoded);
    assert_eq!(back, one);
    let clone = one.clone();
    drop(one);
    assert_eq!(clone, other);
}

#[test]
fn printing_takes_no_stack() {
    let deep = nested(DEEP / 10);
    assert!(format!("{deep:?}").len() > DEEP / 10);
}

#[test]
fn a_deep_improper_tail_takes_no_stack() {
    let mut deep = Value::integer(0);
    for _ in 0..DEEP / 10 {
        deep = Value::improper_list([Value::nil()], Value::tuple([deep]));
    }
    there_and_back(&deep);
}

/// Dirty schedulers of a BEAM have stacks of 320 KB, so that what is deep must be so on little.
#[test]
fn items_within_items_take_no_stack() {
    let walk = || {
        let wrap: [fn(Value) -> Value; 4] = [
            |deep| Value::list([deep]),
            |deep| Value::tuple([deep]),
            |deep| Value::list([Value::tuple([deep, Value::nil()])]),
            |deep| Value::map([(deep, Value::nil())]),
        ];
        for wrap in wrap {
            there_and_back(&(0..DEEP / 20).fold(Value::integer(0), |deep, _| wrap(deep)));
        }
    };
    let thread = std::thread::Builder::new().stack_size(256 * 1024);
    assert!(thread.spawn(walk).expect("a thread").join().is_ok());
}

#[test]
fn past_the_budget_nothing_is_written() {
    let value = Value::list((0..100).map(|i: i64| Value::integer(i)));
    let mut out = vec![1, 2, 3];
    let mut budget = Budget::new(50);
    assert_eq!(
        encode(&value, &Everything, (), &mut budget, &mut out),
        Err(Exhausted)
    );
    assert_eq!(out, [1, 2, 3]);
    assert_eq!(
        encode(&value, &Everything, (), &mut Budget::new(101), &mut out),
        Ok(())
    );
}

#[test]
fn a_large_binary_is_refused_before_it_is_copied() {
    let value = Value::binary(vec![0; 1 << 20]);
    let mut out = Vec::new();
    assert_eq!(
        encode(&value, &Everything, (), &mut Budget::new(1000), &mut out),
        Err(Exhausted)
    );
    assert_eq!(out.capacity(), 0);
}

#[test]
fn the_last_of_two_equal_keys_counts() {
    let mut out = vec![VERSION];
    write::map(&mut out, 3);
    for (key, value) in [("b", 1), ("a", 2), ("b", 3)] {
        write::atom(&mut out, key);
        write::integer(&mut out, value);
    }
    let map = read(&out);
    assert_eq!(map.field("a"), Some(&Value::integer(2)));
    assert_eq!(map.field("b"), Some(&Value::integer(3)));
    assert_eq!(map.as_map().map(|map| map.len()), Some(2));
}

#[test]
fn a_list_whose_tail_is_a_list_is_one_list() {
    let joined = Value::improper_list([Value::integer(1)], Value::list([Value::integer(2)]));
    assert_eq!(joined, Value::list([Value::integer(1), Value::integer(2)]));
    assert_eq!(Value::improper_list([], Value::nil()), Value::nil());
}
