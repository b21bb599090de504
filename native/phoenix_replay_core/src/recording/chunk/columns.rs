//! What fills one hole, event after event.

use super::numbers;
use crate::etf::{scan, write, Value};

/// Writes a column of so many values, in the shortest of its forms.
pub(super) fn write_column<'v>(
    out: &mut Vec<u8>,
    count: usize,
    column: impl Iterator<Item = &'v [u8]> + Clone,
) {
    if let Some(bytes) = naturals(count, column.clone()) {
        write::binary(out, &bytes);
    } else if let Some((lengths, joined)) = binaries(count, column.clone()) {
        write::tuple(out, 2);
        write::binary(out, &lengths);
        write::binary(out, &joined);
    } else {
        write::list(out, count);
        for value in column {
            out.extend_from_slice(value);
        }
        write::nil(out);
    }
}

fn naturals<'v>(count: usize, column: impl Iterator<Item = &'v [u8]>) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(count);
    for value in column {
        numbers::push(&mut out, u64::try_from(scan::integer(value)?).ok()?);
    }
    Some(out)
}

fn binaries<'v>(
    count: usize,
    column: impl Iterator<Item = &'v [u8]>,
) -> Option<(Vec<u8>, Vec<u8>)> {
    let (mut lengths, mut joined) = (Vec::with_capacity(count), Vec::new());
    for value in column {
        let bytes = scan::binary(value)?;
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
