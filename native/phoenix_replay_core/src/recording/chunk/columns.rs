//! What fills one hole, event after event.

use super::numbers;
use crate::etf::{write, Value};

/// Writes a column, in the shortest of its forms.
pub(super) fn write_column(out: &mut Vec<u8>, column: &[Value]) {
    if let Some(bytes) = naturals(column) {
        write::binary(out, &bytes);
    } else if let Some((lengths, joined)) = binaries(column) {
        write::tuple(out, 2);
        write::binary(out, &lengths);
        write::binary(out, &joined);
    } else {
        write::list(out, column.len());
        for value in column {
            write::value(out, value);
        }
        write::nil(out);
    }
}

fn naturals(column: &[Value]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(column.len());
    for value in column {
        numbers::push(&mut out, u64::try_from(value.as_integer()?).ok()?);
    }
    Some(out)
}

fn binaries(column: &[Value]) -> Option<(Vec<u8>, Vec<u8>)> {
    let (mut lengths, mut joined) = (Vec::with_capacity(column.len()), Vec::new());
    for value in column {
        let bytes = value.as_binary()?;
        numbers::push(&mut lengths, bytes.len() as u64);
        joined.extend_from_slice(bytes);
    }
    Some((lengths, joined))
}

/// The values of a column; `None` for what is none.
pub(super) fn read_column(column: &Value) -> Option<Vec<Value>> {
    match column {
        Value::List(list) => list.tail().is_none().then(|| list.items().to_vec()),
        Value::Binary(bytes) => numbers::read(bytes)
            .map(|number| i64::try_from(number?).ok().map(Value::Integer))
            .collect(),
        Value::Tuple(parts) => {
            let [lengths, joined] = &***parts else {
                return None;
            };
            let mut left = joined.as_binary()?;
            numbers::read(lengths.as_binary()?)
                .map(|length| {
                    let (bytes, rest) = left.split_at_checked(usize::try_from(length?).ok()?)?;
                    left = rest;
                    Some(Value::binary(bytes))
                })
                .collect()
        }
        _ => None,
    }
}
