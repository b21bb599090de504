//! Values as terms of the calling process.

mod atoms;

use phoenix_replay_core::etf::{write, Value, VERSION};
use rustler::sys::{enif_make_map_from_arrays, enif_make_map_put, enif_make_new_map};
use rustler::types::tuple::make_tuple;
use rustler::{Encoder, Env, NewBinary, Term};
use smallvec::SmallVec;

use atoms::Known;

/// A container that is not complete.
struct Node<'v> {
    value: &'v Value,
    next: usize,
    /// Where its children begin among the terms that are built.
    start: usize,
}

/// Builds a value. Its depth is data from outside, so this keeps a stack of its own.
pub fn term<'a>(env: Env<'a>, value: &Value) -> Term<'a> {
    let mut atoms = Known::new(env);
    // Built terms wait in one stack for the containers around them, so that none needs its own.
    let mut built: Vec<Term<'a>> = Vec::new();
    let mut open: Vec<Node<'_>> = Vec::new();
    let mut value = value;
    loop {
        match leaf(env, value, &mut atoms) {
            Some(term) => built.push(term),
            None => open.push(Node {
                value,
                next: 0,
                start: built.len(),
            }),
        }
        loop {
            let Some(node) = open.last_mut() else {
                return built.pop().unwrap_or_else(|| ().encode(env));
            };
            if let Some(child) = node.child() {
                value = child;
                break;
            }
            let (of, start) = (node.value, node.start);
            open.pop();
            let made = close(env, of, &built[start..]);
            built.truncate(start);
            built.push(made);
        }
    }
}

impl<'v> Node<'v> {
    fn child(&mut self) -> Option<&'v Value> {
        let at = self.next;
        self.next += 1;
        match self.value {
            Value::Tuple(items) => items.get(at),
            Value::List(list) => match list.items().get(at) {
                None if at == list.items().len() => list.tail(),
                item => item,
            },
            Value::Map(map) => {
                map.entries()
                    .get(at / 2)
                    .map(|(key, value)| if at.is_multiple_of(2) { key } else { value })
            }
            _ => None,
        }
    }
}

/// The container of these children.
fn close<'a>(env: Env<'a>, of: &Value, children: &[Term<'a>]) -> Term<'a> {
    match of {
        Value::Tuple(_) => make_tuple(env, children),
        Value::List(list) => {
            let mut items = children.iter().rev();
            let empty = || Vec::<Term<'a>>::new().encode(env);
            let tail = list.tail().and_then(|_| items.next().copied());
            items.fold(tail.unwrap_or_else(empty), |tail, item| {
                tail.list_prepend(*item)
            })
        }
        _ => map(env, children),
    }
}

fn leaf<'a, 'v>(env: Env<'a>, value: &'v Value, atoms: &mut Known<'a, 'v>) -> Option<Term<'a>> {
    Some(match value {
        Value::Atom(name) => atoms.atom(name),
        Value::Integer(integer) => integer.encode(env),
        // A float that no BEAM holds comes from damaged bytes only.
        Value::Float(float) if !float.is_finite() => binary(env, float.to_string().as_bytes()),
        Value::Float(float) => float.encode(env),
        Value::Binary(bytes) => binary(env, bytes),
        Value::BigInteger(_) | Value::Bitstring(_) => external(env, value),
        Value::Tuple(items) if items.is_empty() => make_tuple(env, &[]),
        Value::List(list) if list.items().is_empty() && list.tail().is_none() => {
            Vec::<Term<'a>>::new().encode(env)
        }
        Value::Map(entries) if entries.is_empty() => map(env, &[]),
        _ => return None,
    })
}

/// A binary of these bytes.
pub fn binary<'a>(env: Env<'a>, bytes: &[u8]) -> Term<'a> {
    let mut binary = NewBinary::new(env, bytes.len());
    binary.as_mut_slice().copy_from_slice(bytes);
    binary.into()
}

/// Keys or values of a map, most of which are small.
type Words = SmallVec<[usize; 32]>;

/// A map of keys and values in turn. Two keys can come out as one term only where an atom was marked.
fn map<'a>(env: Env<'a>, built: &[Term<'a>]) -> Term<'a> {
    let words = |from: usize| built.iter().skip(from).step_by(2).map(Term::as_c_arg);
    let keys: Words = words(0).collect();
    let values: Words = words(1).collect();
    let mut map = 0;
    // SAFETY: all words are terms of this environment; both arrays are as long as said.
    unsafe {
        let env_arg = env.as_c_arg();
        if enif_make_map_from_arrays(
            env_arg,
            keys.as_ptr(),
            values.as_ptr(),
            keys.len(),
            &mut map,
        ) == 0
        {
            map = enif_make_new_map(env_arg);
            for (key, value) in keys.iter().zip(&values) {
                let mut wider = 0;
                if enif_make_map_put(env_arg, map, *key, *value, &mut wider) != 0 {
                    map = wider;
                }
            }
        }
        Term::new(env, map)
    }
}

/// What the NIF API has no constructor for goes through its external form. None of these hold atoms.
fn external<'a>(env: Env<'a>, value: &Value) -> Term<'a> {
    let mut bytes = vec![VERSION];
    write::value(&mut bytes, value);
    match env.binary_to_term(&bytes) {
        Some((term, _)) => term,
        None => ().encode(env),
    }
}
