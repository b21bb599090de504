//! Random trees and random edits of them that share what they leave alone.

use super::live::Live;
use proptest::prelude::*;
use std::rc::Rc;

const ATOMS: [&str; 14] = [
    "a",
    "b",
    "id",
    "nil",
    "strict",
    "loose",
    "pin",
    "text",
    "drop",
    "hide",
    "redact",
    "empty",
    "$phoenix_replay_hidden",
    "true",
];

const TEXTS: [&str; 7] = [
    "",
    "id",
    "pin",
    "drop",
    "[FILTERED]",
    "text",
    "a longer text that can be spliced é",
];

pub fn leaf() -> impl Strategy<Value = Live> {
    prop_oneof![
        4 => proptest::sample::select(ATOMS.to_vec()).prop_map(Live::Atom),
        4 => (-2i64..300).prop_map(Live::Int),
        2 => proptest::sample::select(TEXTS.to_vec()).prop_map(Live::text),
        1 => any::<i64>().prop_map(Live::Int),
        1 => proptest::sample::select(vec![0.0, -0.0, 1.0, 2.5]).prop_map(Live::Float),
        1 => (any::<bool>(), 1u8..4)
            .prop_map(|(sign, top)| Live::Big(sign, Rc::new(vec![0, 0, 0, 0, 0, 0, 0, 0, top]))),
        1 => (1u8..3, 1u8..8).prop_map(|(top, bits)| Live::Bits(Rc::new(vec![top, 128]), bits)),
        1 => proptest::collection::vec(any::<u8>(), 0..200)
            .prop_map(|bytes| Live::Binary(Rc::new(bytes))),
        1 => Just(Live::Pid(Rc::new("#PID<0.1.0>".into()))),
        1 => (0u8..3).prop_map(|which| Live::Closure(Rc::new("#Function<1>".into()), which)),
        1 => Just(Live::External(Rc::new("&M.f/1".into()))),
    ]
}

fn key() -> impl Strategy<Value = Live> {
    prop_oneof![
        8 => proptest::sample::select(ATOMS.to_vec()).prop_map(Live::Atom),
        3 => proptest::sample::select(TEXTS.to_vec()).prop_map(Live::text),
        2 => (0i64..5).prop_map(Live::Int),
        1 => leaf(),
        1 => (leaf(), leaf()).prop_map(|(a, b)| Live::tuple([a, b])),
        1 => (leaf(), leaf()).prop_map(|(a, b)| Live::list([Live::tuple([a, b])])),
        1 => (leaf(), leaf()).prop_map(|(a, b)| Live::map([(a, b)])),
    ]
}

fn row(inner: impl Strategy<Value = Live> + Clone) -> impl Strategy<Value = Live> {
    prop_oneof![
        (0i64..20, inner.clone(), inner.clone()).prop_map(|(id, a, b)| {
            Live::map([
                (Live::Atom("id"), Live::Int(id)),
                (Live::Atom("a"), a),
                (Live::text("b"), b),
            ])
        }),
        (0i64..20, inner.clone()).prop_map(|(id, a)| Live::map([
            (Live::text("id"), Live::Int(id)),
            (Live::text("a"), a)
        ])),
        (leaf(), inner.clone()).prop_map(|(id, a)| Live::tuple([id, a])),
        (inner.clone(), inner).prop_map(|(a, b)| {
            Live::map([
                (Live::Atom("a"), a),
                (Live::text("b"), b),
                (Live::Int(1), Live::Int(2)),
            ])
        }),
    ]
}

pub fn tree() -> impl Strategy<Value = Live> {
    leaf().prop_recursive(4, 80, 12, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..8).prop_map(Live::list),
            proptest::collection::vec(row(inner.clone()), 0..12).prop_map(Live::list),
            (proptest::collection::vec(inner.clone(), 1..4), leaf())
                .prop_map(|(items, tail)| Live::improper(items, tail)),
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Live::tuple),
            proptest::collection::vec((key(), inner), 0..7).prop_map(Live::map),
        ]
    })
}

/// What happens somewhere in a tree.
#[derive(Clone, Debug)]
pub enum Edit {
    Replace(Live),
    /// Equal, but shared with nothing.
    Rebuild,
    Put(Live, Live),
    Remove,
    Insert(usize, Live),
    Prepend(Live),
    DropFirst,
    Delete(usize),
    Repeat(usize),
    Rotate(usize),
    Shuffle(u64),
    Tail(Live),
    Splice(usize, usize, Vec<u8>),
}

pub type Edits = Vec<(Vec<usize>, Edit)>;

pub fn edits() -> impl Strategy<Value = Edits> {
    let edit = prop_oneof![
        3 => tree().prop_map(Edit::Replace),
        2 => Just(Edit::Rebuild),
        3 => (key(), tree()).prop_map(|(key, value)| Edit::Put(key, value)),
        1 => Just(Edit::Remove),
        2 => (any::<usize>(), tree()).prop_map(|(at, item)| Edit::Insert(at, item)),
        1 => tree().prop_map(Edit::Prepend),
        1 => Just(Edit::DropFirst),
        2 => any::<usize>().prop_map(Edit::Delete),
        1 => any::<usize>().prop_map(Edit::Repeat),
        1 => any::<usize>().prop_map(Edit::Rotate),
        2 => any::<u64>().prop_map(Edit::Shuffle),
        1 => leaf().prop_map(Edit::Tail),
        2 => (any::<usize>(), 0usize..9, proptest::collection::vec(any::<u8>(), 0..9))
            .prop_map(|(at, cut, insert)| Edit::Splice(at, cut, insert)),
    ];
    proptest::collection::vec(
        (proptest::collection::vec(any::<usize>(), 0..5), edit),
        0..6,
    )
}

pub fn edited(tree: &Live, edits: &Edits) -> Live {
    edits
        .iter()
        .fold(tree.clone(), |tree, (path, edit)| at(&tree, path, edit))
}

fn items(mut list: &Live) -> (Vec<Live>, Live) {
    let mut items = Vec::new();
    while let Live::Cons(cell) = list {
        items.push(cell.0.clone());
        list = &cell.1;
    }
    (items, list.clone())
}

/// Edits what the path leads to, or where it ends.
fn at(tree: &Live, path: &[usize], edit: &Edit) -> Live {
    let Some((step, path)) = path.split_first() else {
        return here(tree, edit);
    };
    match tree {
        Live::Tuple(elements) if !elements.is_empty() => {
            let mut elements = (**elements).clone();
            let index = step % elements.len();
            elements[index] = at(&elements[index], path, edit);
            Live::tuple(elements)
        }
        Live::Cons(cell) => match step % 4 {
            0 => Live::Cons(Rc::new((at(&cell.0, path, edit), cell.1.clone()))),
            // Further down the list, without using up the path.
            _ => {
                let (mut all, tail) = items(tree);
                let index = step % all.len();
                all[index] = at(&all[index], path, edit);
                Live::improper(all, tail)
            }
        },
        Live::Map(entries) if !entries.is_empty() => {
            let mut entries = (**entries).clone();
            let index = step % entries.len();
            entries[index].1 = at(&entries[index].1, path, edit);
            Live::Map(Rc::new(entries))
        }
        other => here(other, edit),
    }
}

fn here(tree: &Live, edit: &Edit) -> Live {
    match (edit, tree) {
        (Edit::Replace(new), _) => new.clone(),
        (Edit::Rebuild, _) => rebuilt(tree),
        (Edit::Put(key, value), Live::Map(entries)) => {
            let others = entries
                .iter()
                .filter(|(other, _)| !other.equals(key))
                .cloned();
            Live::map(others.chain([(key.clone(), value.clone())]))
        }
        (Edit::Remove, Live::Map(entries)) => Live::map(entries.iter().skip(1).cloned()),
        (Edit::Prepend(item), Live::Cons(_) | Live::Nil) => {
            Live::Cons(Rc::new((item.clone(), tree.clone())))
        }
        (Edit::DropFirst, Live::Cons(cell)) if matches!(cell.1, Live::Cons(_) | Live::Nil) => {
            cell.1.clone()
        }
        (Edit::Splice(at, cut, insert), Live::Binary(bytes)) => {
            let mut bytes = (**bytes).clone();
            let start = at % (bytes.len() + 1);
            let end = (start + cut).min(bytes.len());
            bytes.splice(start..end, insert.iter().copied());
            Live::Binary(Rc::new(bytes))
        }
        (_, Live::Cons(_)) => {
            let (mut all, mut tail) = items(tree);
            let length = all.len();
            match edit {
                Edit::Insert(at, item) => all.insert(at % (length + 1), item.clone()),
                Edit::Delete(at) => drop(all.remove(at % length)),
                Edit::Repeat(at) => all.push(all[at % length].clone()),
                Edit::Rotate(by) => all.rotate_left(by % length),
                Edit::Shuffle(seed) => shuffle(&mut all, *seed),
                Edit::Tail(new) => tail = new.clone(),
                _ => return tree.clone(),
            }
            if all.is_empty() {
                return Live::Nil;
            }
            Live::improper(all, tail)
        }
        _ => tree.clone(),
    }
}

fn rebuilt(tree: &Live) -> Live {
    match tree {
        Live::Binary(bytes) => Live::Binary(Rc::new((**bytes).clone())),
        Live::Tuple(elements) => Live::tuple(elements.iter().map(rebuilt)),
        Live::Cons(_) => {
            let (all, tail) = items(tree);
            Live::improper(all.iter().map(rebuilt), tail)
        }
        Live::Map(entries) => Live::map(
            entries
                .iter()
                .rev()
                .map(|(key, value)| (rebuilt(key), rebuilt(value))),
        ),
        other => other.clone(),
    }
}

pub fn shuffle<X>(items: &mut [X], mut seed: u64) {
    for at in (1..items.len()).rev() {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        items.swap(at, (seed >> 33) as usize % (at + 1));
    }
}
