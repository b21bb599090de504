//! Values as Elixir prints them.
#![allow(clippy::unwrap_used)]

use phoenix_replay_core::etf::Value;
use phoenix_replay_core::inspect::{line, pretty, Limits};

fn shown(value: &Value) -> String {
    line(value, Limits::default())
}

fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::map(entries.map(|(key, value)| (Value::atom(key), value)))
}

#[test]
fn leaves() {
    let all = [
        (Value::nil(), "nil"),
        (Value::atom("ok?"), ":ok?"),
        (Value::atom("Elixir.MyApp.Cart"), "MyApp.Cart"),
        (Value::atom("Cart"), ":Cart"),
        (Value::atom("a@b"), ":a@b"),
        (Value::atom("7up"), ":\"7up\""),
        (Value::atom(""), ":\"\""),
        (Value::atom("+"), ":+"),
        (Value::Integer(-7), "-7"),
        (Value::Float(1.0), "1.0"),
        (Value::Float(1e20), "1.0e20"),
        (
            Value::big_integer(true, &[0, 0, 0, 0, 0, 0, 0, 0, 1]),
            "-18446744073709551616",
        ),
        (
            Value::binary("a\"b\\\n\u{1b}[0m#{x}\u{7f}"),
            r#""a\"b\\\n\e[0m\#{x}\x7F""#,
        ),
        (Value::binary([255, 1]), "<<255, 1>>"),
        (Value::bitstring([1, 0b1010_0000], 3), "<<1, 5::size(3)>>"),
        (Value::list([]), "[]"),
        (Value::map([]), "%{}"),
        (Value::tuple([]), "{}"),
    ];
    for (value, text) in all {
        assert_eq!(shown(&value), text);
    }
}

#[test]
fn containers() {
    let user = map([
        ("__struct__", Value::atom("Elixir.User")),
        ("name", Value::binary("Ann")),
    ]);
    assert_eq!(shown(&user), r#"%User{name: "Ann"}"#);
    let keyword = Value::list([Value::tuple([Value::atom("two words"), Value::Integer(1)])]);
    assert_eq!(shown(&keyword), r#"["two words": 1]"#);
    let mixed = Value::map([
        (Value::atom("a"), Value::Integer(1)),
        (Value::binary("b"), Value::Integer(2)),
    ]);
    assert_eq!(shown(&mixed), r#"%{:a => 1, "b" => 2}"#);
    let improper = Value::improper_list([Value::Integer(1)], Value::Integer(2));
    assert_eq!(shown(&improper), "[1 | 2]");
}

#[test]
fn what_is_long_is_broken_and_bounded() {
    let rows = Value::list((0..3).map(|id| map([("id", Value::Integer(id))])));
    let text = pretty(
        &map([("rows", rows.clone()), ("still", Value::atom("yes"))]),
        30,
        Limits::default(),
    );
    assert_eq!(
        text,
        "%{\n  rows: [\n    %{id: 0},\n    %{id: 1},\n    %{id: 2}\n  ],\n  still: :yes\n}"
    );
    let few = Limits {
        items: 2,
        ..Limits::default()
    };
    assert_eq!(line(&rows, few), "[%{id: 0}, %{id: 1}, ...]");
    assert_eq!(
        pretty(&rows, 4, few),
        "[\n  %{\n    id: 0\n  },\n  %{\n    id: 1\n  },\n  ...\n]"
    );
    assert_eq!(
        line(&Value::binary("abcdef"), Limits { bytes: 3, ..few }),
        r#""abc" <> ..."#
    );
}

#[test]
fn depth_takes_no_stack() {
    let deep = (0..200_000).fold(Value::Integer(1), |inner, _| Value::list([inner]));
    assert!(shown(&deep).contains("[...]"));
    assert!(pretty(&deep, 20, Limits::default()).contains("..."));
    let all = Limits {
        depth: usize::MAX,
        ..Limits::default()
    };
    assert_eq!(line(&deep, all).len(), 400_001);
}
