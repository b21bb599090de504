//! The rows of a stream, as the browser keeps them.
//!
//! A LiveView forgets a stream's items once they are rendered; only the browser has them all. What a
//! render sent is folded here as `phoenix_live_view/dom_patch.ts` does it.

use std::collections::{HashMap, HashSet};

use crate::etf::{List, Sequence, Value};

/// One insert of a render.
struct Insert<'a> {
    dom_id: &'a Value,
    /// The same as bytes.
    id: &'a [u8],
    at: i64,
    item: &'a Value,
    limit: Option<i64>,
    update_only: bool,
}

/// The rows after a render, `[{dom_id, item}]` as those before it. `change` is
/// `{reset?, deletes, inserts}`; an insert is `{dom_id, at, item, limit, update_only}`, the newest
/// first. What is of another shape changes nothing. Items that are moved are added to `work`.
pub(super) fn fold(rows: &Value, change: &Value, work: &mut u64) -> Value {
    let Some([reset, deletes, inserts]) = change.as_tuple() else {
        return rows.clone();
    };
    *work += (list(rows).len() + list(inserts).len()) as u64;
    let reset = reset.as_atom() == Some("true");
    let deleted: HashSet<&[u8]> = list(deletes).iter().filter_map(Value::as_binary).collect();
    let mut rows: Vec<Value> = if reset {
        Vec::new()
    } else {
        let stays = |row: &&Value| !id_of(row).is_some_and(|id| deleted.contains(id));
        list(rows).iter().filter(stays).cloned().collect()
    };
    let inserts = unique(inserts);
    // Where each row is, until one is inserted elsewhere than at the end.
    let mut known = None;
    for insert in inserts {
        let places = known.get_or_insert_with(|| places(&rows));
        let row = Value::tuple([insert.dom_id.clone(), insert.item.clone()]);
        if let Some(at) = places.get(insert.id) {
            rows[*at] = row;
            continue;
        }
        if insert.update_only {
            continue;
        }
        match usize::try_from(insert.at) {
            Ok(at) if at < rows.len() => {
                rows.insert(at, row);
                known = None;
                *work += rows.len() as u64;
            }
            _ => {
                places.insert(insert.id.into(), rows.len());
                rows.push(row);
            }
        }
        if shorten(&mut rows, insert.limit) {
            known = None;
        }
    }
    Value::list(rows)
}

/// Of several inserts of one row the newest says what it is and the oldest where it goes. They come
/// back in the order in which they were made.
fn unique(inserts: &Value) -> Vec<Insert<'_>> {
    let mut newest: Vec<Insert<'_>> = Vec::new();
    let mut places: HashMap<&[u8], usize> = HashMap::new();
    for insert in list(inserts).iter().filter_map(Insert::of) {
        if let Some(at) = places.get(insert.id) {
            let known = &mut newest[*at];
            known.at = insert.at;
            known.limit = insert.limit;
            known.update_only = insert.update_only;
        } else {
            places.insert(insert.id, newest.len());
            newest.push(insert);
        }
    }
    newest.reverse();
    newest
}

impl<'a> Insert<'a> {
    fn of(value: &'a Value) -> Option<Self> {
        let [dom_id, at, item, limit, update_only] = value.as_tuple()? else {
            return None;
        };
        Some(Insert {
            dom_id,
            id: dom_id.as_binary()?,
            at: at.as_integer()?,
            item,
            limit: limit.as_integer(),
            update_only: update_only.as_atom() == Some("true"),
        })
    }
}

/// Keeps the first rows, or with a negative limit the last. Whether any went.
fn shorten(rows: &mut Vec<Value>, limit: Option<i64>) -> bool {
    let Some(limit) = limit else {
        return false;
    };
    let keep = usize::try_from(limit.unsigned_abs()).unwrap_or(usize::MAX);
    if rows.len() <= keep {
        return false;
    }
    if limit < 0 {
        rows.drain(..rows.len() - keep);
    } else {
        rows.truncate(keep);
    }
    true
}

fn list(value: &Value) -> Sequence<'_> {
    value.as_list().map_or(Sequence::of(&[]), List::items)
}

fn places(rows: &[Value]) -> HashMap<Box<[u8]>, usize> {
    let rows = rows.iter().enumerate();
    rows.filter_map(|(at, row)| Some((id_of(row)?.into(), at)))
        .collect()
}

fn id_of(row: &Value) -> Option<&[u8]> {
    row.as_tuple()?.first()?.as_binary()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn insert(id: &str, at: i64, item: i64, limit: Option<i64>, update_only: bool) -> Value {
        Value::tuple([
            Value::binary(id),
            Value::integer(at),
            Value::integer(item),
            limit.map_or_else(Value::nil, Value::integer),
            Value::boolean(update_only),
        ])
    }

    fn change(reset: bool, deletes: &[&str], inserts: impl IntoIterator<Item = Value>) -> Value {
        Value::tuple([
            Value::boolean(reset),
            Value::list(deletes.iter().map(Value::binary)),
            Value::list(inserts),
        ])
    }

    fn fold_all(changes: &[Value]) -> String {
        let rows = changes
            .iter()
            .fold(Value::list([]), |rows, change| fold(&rows, change, &mut 0));
        let show = |row: &Value| {
            let [id, item] = row.as_tuple().unwrap() else {
                panic!("no row: {row:?}")
            };
            format!("{}{:?}", id.as_text().unwrap(), item)
        };
        list(&rows).iter().map(show).collect::<Vec<_>>().join(" ")
    }

    fn three() -> Value {
        let new = ["c", "b", "a"].map(|id| insert(id, -1, 1, None, false));
        change(false, &[], new)
    }

    #[test]
    fn rows_go_where_they_are_told() {
        let front = change(false, &[], [insert("d", 0, 2, None, false)]);
        assert_eq!(fold_all(&[three(), front]), "d2 a1 b1 c1");
        let middle = change(false, &[], [insert("d", 2, 2, None, false)]);
        assert_eq!(fold_all(&[three(), middle]), "a1 b1 d2 c1");
        let past = change(false, &[], [insert("d", 9, 2, None, false)]);
        assert_eq!(fold_all(&[three(), past]), "a1 b1 c1 d2");
    }

    #[test]
    fn a_known_row_changes_where_it_is() {
        let again = change(false, &[], [insert("b", 0, 2, None, false)]);
        assert_eq!(fold_all(&[three(), again]), "a1 b2 c1");
        let unknown = change(false, &[], [insert("x", 0, 2, None, true)]);
        assert_eq!(fold_all(&[three(), unknown]), "a1 b1 c1");
    }

    #[test]
    fn deletes_come_before_inserts_and_a_reset_before_both() {
        let moved = change(false, &["a"], [insert("a", -1, 2, None, false)]);
        assert_eq!(fold_all(&[three(), moved]), "b1 c1 a2");
        let reset = change(true, &[], [insert("z", -1, 2, None, false)]);
        assert_eq!(fold_all(&[three(), reset]), "z2");
    }

    #[test]
    fn of_two_inserts_of_a_row_the_newest_is_shown_where_the_oldest_goes() {
        let twice = [
            insert("d", -1, 3, None, false),
            insert("d", 0, 2, None, false),
        ];
        assert_eq!(
            fold_all(&[three(), change(false, &[], twice)]),
            "d3 a1 b1 c1"
        );
    }

    #[test]
    fn limits_keep_the_first_or_the_last() {
        let first = change(false, &[], [insert("d", 0, 2, Some(2), false)]);
        assert_eq!(fold_all(&[three(), first]), "d2 a1");
        let last = change(false, &[], [insert("d", -1, 2, Some(-2), false)]);
        assert_eq!(fold_all(&[three(), last]), "c1 d2");
    }

    #[test]
    fn what_is_no_change_changes_nothing() {
        for odd in [
            Value::nil(),
            Value::integer(1),
            Value::tuple([Value::nil()]),
        ] {
            assert_eq!(fold_all(&[three(), odd]), "a1 b1 c1");
        }
        let odd = change(
            false,
            &[],
            [Value::nil(), Value::tuple([Value::integer(1)])],
        );
        assert_eq!(fold_all(&[three(), odd]), "a1 b1 c1");
    }
}
