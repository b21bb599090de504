//! Printing a value, much as `inspect/1` would. For people and failing tests; nothing reads it back.

use std::fmt::{Debug, Formatter, Result};

use super::{BigInteger, Bitstring, Sequence, Value};

/// What is left to print.
enum Part<'a> {
    Text(&'static str),
    Term(&'a Value),
    Terms(Sequence<'a>),
    Tail(&'a Value),
    Entries(&'a [(Value, Value)]),
    Arrow(&'a Value, &'a Value),
}

impl Debug for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let mut parts = vec![Part::Term(self)];
        while let Some(part) = parts.pop() {
            match part {
                Part::Text(text) => f.write_str(text)?,
                Part::Term(value) => term(value, f, &mut parts)?,
                Part::Terms(terms) => {
                    if terms.len() > 1 {
                        let rest = terms.part(1..terms.len());
                        parts.extend([Part::Terms(rest), Part::Text(", ")]);
                    }
                    parts.extend(terms.get(0).map(Part::Term));
                }
                Part::Tail(tail) => parts.extend([Part::Term(tail), Part::Text(" | ")]),
                Part::Entries([(key, value), rest @ ..]) => {
                    if !rest.is_empty() {
                        parts.extend([Part::Entries(rest), Part::Text(", ")]);
                    }
                    parts.push(Part::Arrow(key, value));
                }
                Part::Arrow(Value::Atom(key), value) => {
                    write!(f, "{key}: ")?;
                    parts.push(Part::Term(value));
                }
                Part::Arrow(key, value) => {
                    parts.extend([Part::Term(value), Part::Text(" => "), Part::Term(key)]);
                }
                Part::Entries([]) => {}
            }
        }
        Ok(())
    }
}

fn term<'a>(value: &'a Value, f: &mut Formatter<'_>, parts: &mut Vec<Part<'a>>) -> Result {
    match value {
        Value::Atom(name) => match &**name {
            "nil" | "true" | "false" => f.write_str(name),
            _ => write!(f, ":{name}"),
        },
        Value::Integer(integer) => write!(f, "{integer}"),
        Value::BigInteger(big) => write!(f, "{big:?}"),
        Value::Float(float) => write!(f, "{float:?}"),
        Value::Binary(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => write!(f, "{text:?}"),
            Err(_) => write!(f, "<<{bytes:?}>>"),
        },
        Value::Bitstring(bits) => write!(f, "{bits:?}"),
        Value::Tuple(elements) => {
            parts.extend([Part::Text("}"), Part::Terms(Sequence::of(elements))]);
            f.write_str("{")
        }
        Value::List(list) => {
            parts.push(Part::Text("]"));
            parts.extend(list.tail().map(Part::Tail));
            parts.push(Part::Terms(list.items()));
            f.write_str("[")
        }
        Value::Map(map) => {
            parts.extend([Part::Text("}"), Part::Entries(&map.entries)]);
            f.write_str("%{")
        }
    }
}

impl Debug for BigInteger {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(if self.negative { "-0x" } else { "0x" })?;
        self.digits
            .iter()
            .rev()
            .try_for_each(|digit| write!(f, "{digit:02x}"))
    }
}

impl Debug for Bitstring {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "<<{:?}, {} bits of the last>>", self.bytes, self.bits)
    }
}
