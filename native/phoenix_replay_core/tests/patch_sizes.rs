//! How large a patch is, how much work it takes to find, and that depth costs no stack.
#![allow(clippy::unwrap_used)]

mod support;

use phoenix_replay_core::etf::{Budget, Value};
use phoenix_replay_core::patch::{apply, apply_owned, diff, diff_assigns, Change};
use phoenix_replay_core::tree::{Kind, Seen, Tree};
use phoenix_replay_core::view::{Everything, Fate, View};
use support::edits::shuffle;
use support::live::Live;
use support::{patch_bytes, shown, value};

fn row(id: i64, done: bool) -> Live {
    Live::map([
        (Live::Atom("id"), Live::Int(id)),
        (
            Live::Atom("title"),
            Live::text(&format!("Title of the item number {id}")),
        ),
        (Live::Atom("price"), Live::Float(id as f64 / 4.0)),
        (
            Live::Atom("done"),
            Live::Atom(if done { "true" } else { "false" }),
        ),
    ])
}

fn assigns(items: impl IntoIterator<Item = Live>) -> Live {
    Live::map([
        (Live::Atom("title"), Live::text("Items")),
        (Live::Atom("items"), Live::list(items)),
    ])
}

/// The size of the patch and the units it took, after it was found to be right.
fn cost<T: Tree>(old: &T, new: &T) -> (usize, u64) {
    let mut budget = Budget::unlimited();
    let start = budget.left();
    let mut out = Vec::new();
    let change = diff(old, new, &Everything, (), &mut budget, &mut out).unwrap();
    assert_eq!(change, Change::Changed);
    let (before, after) = (shown(old, &Everything, ()), shown(new, &Everything, ()));
    assert_eq!(apply(&value(&before), &value(&out)), Ok(value(&after)));
    assert!(out.len() <= after.len() + 2);
    (out.len(), start - budget.left())
}

#[test]
fn a_counter_is_sixteen_bytes() {
    let assigns = |count: i64| Live::map([(Live::Atom("count"), Live::Int(count))]);
    let changed = Live::map([(Live::Atom("count"), Live::Atom("true"))]);
    let mut out = Vec::new();
    let mut budget = Budget::new(10);
    let change = diff_assigns(
        &assigns(6),
        &assigns(7),
        &changed,
        &Everything,
        (),
        &mut budget,
        &mut out,
    );
    assert_eq!((change, out.len()), (Ok(Change::Changed), 16));
}

#[test]
fn one_row_of_a_thousand_changed() {
    let rows: Vec<Live> = (0..1_000).map(|id| row(id, false)).collect();
    let mut edited = rows.clone();
    edited[617] = row(617, true);
    let (size, units) = cost(&assigns(rows), &assigns(edited));
    assert!(size < 60, "{size} bytes");
    assert!(units < 1_100, "{units} units");
}

#[test]
fn one_row_of_a_thousand_changed_and_all_rebuilt() {
    let (size, units) = cost(
        &assigns((0..1_000).map(|id| row(id, false))),
        &assigns((0..1_000).map(|id| row(id, id == 617))),
    );
    assert!(size < 60, "{size} bytes");
    assert!(units < 12_000, "{units} units");
}

#[test]
fn a_row_put_in_the_middle_is_about_the_row() {
    let ids = (0..500).chain([5_000]).chain(500..1_000);
    let rebuilt = assigns(ids.map(|id| row(id, false)));
    let one = shown(&row(5_000, false), &Everything, ()).len();
    let (size, units) = cost(&assigns((0..1_000).map(|id| row(id, false))), &rebuilt);
    assert!(size < one + 60, "{size} bytes for a row of {one}");
    assert!(units < 20_000, "{units} units");
}

#[test]
fn a_row_taken_from_the_middle_is_a_few_bytes() {
    let rows: Vec<Live> = (0..1_000).map(|id| row(id, false)).collect();
    let mut fewer = rows.clone();
    fewer.remove(500);
    let (size, _) = cost(&assigns(rows), &assigns(fewer));
    assert!(size < 60, "{size} bytes");
}

#[test]
fn a_thousand_rows_in_another_order_are_a_few_bytes_each() {
    let mut ids: Vec<i64> = (0..1_000).collect();
    let old = assigns(ids.iter().map(|id| row(*id, false)));
    shuffle(&mut ids, 7);
    let (size, units) = cost(&old, &assigns(ids.iter().map(|id| row(*id, false))));
    assert!(size < 6_000, "{size} bytes");
    assert!(units < 30_000, "{units} units");
    ids.sort_unstable_by(|a, b| b.cmp(a));
    let (size, _) = cost(&old, &assigns(ids.iter().map(|id| row(*id, false))));
    assert!(size < 6_000, "{size} bytes");
}

#[test]
fn a_window_that_moves_on_is_what_came() {
    let points = |from: usize| assigns((from..from + 300).map(|at| Live::Float(at as f64 * 1.5)));
    let (size, _) = cost(&points(0), &points(3));
    assert!(size < 100, "{size} bytes");
}

#[test]
fn work_grows_with_the_length_and_no_faster() {
    let units = |count: i64| {
        let mut ids: Vec<i64> = (0..count).collect();
        let old = assigns(ids.iter().map(|id| row(*id, false)));
        shuffle(&mut ids, 3);
        cost(&old, &assigns(ids.iter().map(|id| row(*id, true)))).1
    };
    assert!(units(4_000) < 5 * units(1_000));
    // Many of one name are no worse.
    let alike = |count: i64, other: i64| assigns((0..count).map(|at| Live::Int(at % 2 + other)));
    let units = |count| cost(&alike(count, 0), &alike(count + 1, 1)).1;
    assert!(units(8_000) < 5 * units(2_000));
}

#[test]
fn typing_a_form_is_a_few_bytes() {
    let form = |text: &str| {
        let params = Live::map([
            (Live::text("name"), Live::text("Ada")),
            (Live::text("notes"), Live::text(text)),
        ]);
        Live::map([(
            Live::Atom("form"),
            Live::map([
                (Live::Atom("params"), params),
                (Live::Atom("errors"), Live::Nil),
            ]),
        )])
    };
    let text = "A longer text, as one types it into a text area. ".repeat(4);
    let (size, _) = cost(&form(&text), &form(&format!("{text}x")));
    assert!(size < 60, "{size} bytes");
}

/// A nest with something at the bottom of it.
fn nest(depth: usize, bottom: Value, around: impl Fn(Value) -> Value) -> Value {
    (0..depth).fold(bottom, |inner, _| around(inner))
}

/// Finds and applies the patch of two nests that differ at the bottom.
fn deep(depth: usize, around: impl Fn(Value) -> Value) {
    let old = nest(depth, Value::integer(1), &around);
    let new = nest(depth, Value::integer(2), &around);
    let mut out = Vec::new();
    let mut budget = Budget::new(40 * depth as u64);
    let change = diff(&old, &new, &Everything, (), &mut budget, &mut out);
    assert_eq!(change, Ok(Change::Changed));
    assert!(apply(&old, &value(&out)).as_ref() == Ok(&new));
    assert!(apply_owned(old, &value(&out)) == Ok(new));
}

#[test]
fn a_million_deep_takes_no_stack() {
    let key = Value::atom("next");
    deep(1_000_000, |inner| Value::map([(key.clone(), inner)]));
}

#[test]
fn depth_of_any_kind_takes_little_stack() {
    // The least that a scheduler of the BEAM may be started with is 20 kilowords; this has been compiled
    // without optimization, and takes several times what it does in a release.
    let small = std::thread::Builder::new().stack_size(20 * 1024 * 8);
    let thread = small.spawn(|| {
        let key = Value::atom("next");
        deep(20_000, |inner| {
            Value::map([(key.clone(), inner), (Value::atom("a"), Value::integer(1))])
        });
        deep(20_000, |inner| Value::tuple([inner]));
        deep(20_000, |inner| Value::list([inner]));
        deep(20_000, |inner| {
            Value::list([Value::tuple([key.clone(), inner])])
        });
        deep(20_000, |inner| {
            Value::list([Value::integer(1), inner, Value::integer(2)])
        });
    });
    assert!(thread.unwrap().join().is_ok());
}

#[test]
fn measuring_is_paid_for_at_no_more_than_a_few_levels() {
    // Two keys of each level change, so that each may be better replaced.
    let list = |salt: i64| {
        nest(5_000, Value::integer(salt), |inner| {
            let salt = Value::integer(salt);
            Value::map([(Value::atom("salt"), salt), (Value::atom("next"), inner)])
        })
    };
    let (_, units) = cost(&list(1), &list(2));
    assert!(units < 500_000, "{units} units");
    // And keys go at each level.
    let fuller = nest(5_000, Value::integer(1), |inner| {
        let many = (0..5).map(|at| (Value::integer(at), Value::integer(at)));
        Value::map(many.chain([(Value::atom("next"), inner)]))
    });
    let (_, units) = cost(&fuller, &list(2));
    assert!(units < 500_000, "{units} units");
}

/// Drops every integer key.
struct NoNumbers;

impl<T: Tree> View<T> for NoNumbers {
    type Place = ();

    fn map(&self, (): (), _map: &T) {}

    fn entry(&self, (): (), key: &Seen<'_, T>, _value: &T) -> Fate<()> {
        match key.term.kind() {
            Kind::Integer(_) => Fate::Drop,
            _ => Fate::Keep(()),
        }
    }

    fn pair(&self, (): (), _key: &Seen<'_, T>, _value: &T) -> Fate<()> {
        Fate::Keep(())
    }

    fn forgets_functions(&self, (): ()) -> bool {
        false
    }
}

#[test]
fn what_the_view_drops_does_not_count_as_saved() {
    let numbers = || (0..1_000).map(|at| (Value::integer(at), Value::integer(at)));
    let texts = (0..50).map(|at| (Value::binary(format!("key {at}")), Value::integer(1)));
    let old = Value::map(texts.chain(numbers()));
    let some = |at: i64| (Value::binary("some"), Value::integer(at));
    let new = Value::map(numbers().chain([some(1)]));
    for old in [&old, &Value::map(numbers().chain([some(2)]))] {
        let bytes = patch_bytes(old, &new, &NoNumbers, ()).unwrap();
        let after = shown(&new, &NoNumbers, ());
        assert!(bytes.len() <= after.len() + 2, "{:?}", value(&bytes));
    }
}

#[test]
fn nothing_shared_and_nothing_changed_is_nothing() {
    let build = || assigns((0..1_000).map(|id| row(id, false)));
    assert_eq!(patch_bytes(&build(), &build(), &Everything, ()), None);
}

#[test]
fn a_part_in_two_places_is_compared_once() {
    let params = |salt: i64| {
        let fields = (0..100).map(|at| (Live::Int(at), Live::text(&format!("text {}", salt + at))));
        Live::map(fields)
    };
    let form = |params: Live| {
        let source = Live::map([(Live::Atom("params"), params.clone())]);
        Live::map([
            (Live::Atom("params"), params),
            (Live::Atom("source"), source),
        ])
    };
    let alone = |params: Live| Live::map([(Live::Atom("params"), params)]);
    let (old, new) = (params(0), params(1));
    let (bytes, once) = cost(&alone(old.clone()), &alone(new.clone()));
    let (both, twice) = cost(&form(old), &form(new));
    assert!(
        both > 2 * bytes && twice < once + once / 2,
        "{once} and {twice} units"
    );
}
