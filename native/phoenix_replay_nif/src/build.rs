//! Values as terms of the calling process.

mod atoms;

use phoenix_replay_core::etf::{write, Value, VERSION};
use rustler::sys::{enif_make_map_from_arrays, enif_make_map_put, enif_make_new_map};
use rustler::types::tuple::make_tuple;
use rustler::{Encoder, Env, NewBinary, Term};

/// What is being built: the value, how many of its children are, and those.
struct Node<'v, 'a> {
    value: &'v Value,
    next: usize,
    built: Vec<Term<'a>>,
}

/// Builds a value. Its depth is data from outside, so this keeps a stack of its own.
pub fn term<'a>(env: Env<'a>, value: &Value) -> Term<'a> {
    let mut open: Vec<Node<'_, 'a>> = Vec::new();
    let mut value = value;
    loop {
        let mut built = match leaf(env, value) {
            Some(term) => term,
            None => {
                open.push(Node {
                    value,
                    next: 0,
                    built: Vec::with_capacity(children(value)),
                });
                // An empty container is a leaf, so there is a first child.
                match open.last_mut().and_then(Node::child) {
                    Some(child) => {
                        value = child;
                        continue;
                    }
                    None => open
                        .pop()
                        .map_or_else(|| ().encode(env), |node| node.close(env)),
                }
            }
        };
        loop {
            let Some(node) = open.last_mut() else {
                return built;
            };
            node.built.push(built);
            if let Some(child) = node.child() {
                value = child;
                break;
            }
            match open.pop() {
                Some(node) => built = node.close(env),
                None => return built,
            }
        }
    }
}

impl<'v, 'a> Node<'v, 'a> {
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

    fn close(self, env: Env<'a>) -> Term<'a> {
        match self.value {
            Value::Tuple(_) => make_tuple(env, &self.built),
            Value::List(list) => {
                let mut built = self.built.into_iter().rev();
                let empty = || Vec::<Term<'a>>::new().encode(env);
                let tail = list.tail().and_then(|_| built.next()).unwrap_or_else(empty);
                built.fold(tail, |tail, item| tail.list_prepend(item))
            }
            _ => map(env, &self.built),
        }
    }
}

fn children(value: &Value) -> usize {
    match value {
        Value::Tuple(items) => items.len(),
        Value::List(list) => list.items().len() + usize::from(list.tail().is_some()),
        Value::Map(map) => 2 * map.len(),
        _ => 0,
    }
}

fn leaf<'a>(env: Env<'a>, value: &Value) -> Option<Term<'a>> {
    Some(match value {
        Value::Atom(name) => atoms::atom(env, name),
        Value::Integer(integer) => integer.encode(env),
        // A float that no BEAM holds comes from damaged bytes only.
        Value::Float(float) if !float.is_finite() => binary(env, float.to_string().as_bytes()),
        Value::Float(float) => float.encode(env),
        Value::Binary(bytes) => binary(env, bytes),
        Value::BigInteger(_) | Value::Bitstring(_) => external(env, value),
        _ if children(value) == 0 => match value {
            Value::Tuple(_) => make_tuple(env, &[]),
            Value::List(_) => Vec::<Term<'a>>::new().encode(env),
            _ => map(env, &[]),
        },
        _ => return None,
    })
}

/// A binary of these bytes.
pub fn binary<'a>(env: Env<'a>, bytes: &[u8]) -> Term<'a> {
    let mut binary = NewBinary::new(env, bytes.len());
    binary.as_mut_slice().copy_from_slice(bytes);
    binary.into()
}

/// A map of keys and values in turn. Two keys can come out as one term only where an atom was marked.
fn map<'a>(env: Env<'a>, built: &[Term<'a>]) -> Term<'a> {
    let keys: Vec<usize> = built.iter().step_by(2).map(Term::as_c_arg).collect();
    let values: Vec<usize> = built
        .iter()
        .skip(1)
        .step_by(2)
        .map(Term::as_c_arg)
        .collect();
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
