//! The change inside a long binary.

use super::pen::index_size;
use crate::etf::{write, Budget, Exhausted};

/// How many bytes are compared at once.
const BLOCK: usize = 64;

/// What a binary costs beyond its bytes.
const HEAD: i64 = 5;

/// Writes `{rest, cut, insert}` if that is smaller than `{new}`, and gives by how much it is larger
/// (so, less than nothing); `None` if it is not smaller. The two are not equal.
///
/// The place is counted from the end. What stands after the cursor does not change while someone
/// types, what stands before it does: so one keystroke's patch is like the next's, and compresses.
pub(super) fn write(
    old: &[u8],
    new: &[u8],
    budget: &mut Budget,
    out: &mut Vec<u8>,
) -> Result<Option<i64>, Exhausted> {
    budget.spend_bytes(old.len().min(new.len()))?;
    // Not between the bytes of one character, so that what is inserted into a text is text.
    let prefix = common_prefix(old, new);
    let prefix = back(prefix, |at| {
        continues(old.get(at)) || continues(new.get(at))
    });
    let (old_rest, new_rest) = (&old[prefix..], &new[prefix..]);
    let suffix = common_suffix(old_rest, new_rest);
    let suffix = back(suffix, |length| {
        continues(new_rest.get(new_rest.len() - length))
    });
    let cut = old_rest.len() - suffix;
    let insert = &new_rest[..new_rest.len() - suffix];
    let size = 2 + index_size(suffix) + index_size(cut) + HEAD + insert.len() as i64;
    let replacement = 2 + HEAD + new.len() as i64;
    // An index past 31 bits is written longer than index_size says.
    if size >= replacement || old.len() > i32::MAX as usize {
        return Ok(None);
    }
    budget.spend_bytes(insert.len())?;
    write::tuple(out, 3);
    write::integer(out, suffix as i64);
    write::integer(out, cut as i64);
    write::binary(out, insert);
    Ok(Some(size - replacement))
}

/// Shortens a length until it no longer ends inside a character, as far as one can be long.
fn back(length: usize, inside: impl Fn(usize) -> bool) -> usize {
    (length.saturating_sub(3)..=length)
        .rev()
        .find(|at| !inside(*at))
        .unwrap_or(length)
}

fn continues(byte: Option<&u8>) -> bool {
    byte.is_some_and(|byte| byte & 0b1100_0000 == 0b1000_0000)
}

fn common_prefix(a: &[u8], b: &[u8]) -> usize {
    let blocks = a
        .chunks_exact(BLOCK)
        .zip(b.chunks_exact(BLOCK))
        .take_while(|(a, b)| a == b)
        .count();
    let mut at = blocks * BLOCK;
    // What is typed into a field mostly fits no block.
    while let (Some(a), Some(b)) = (word(a, at), word(b, at)) {
        let differ = a ^ b;
        if differ != 0 {
            return at + differ.trailing_zeros() as usize / 8;
        }
        at += size_of::<u64>();
    }
    let rest = a[at..].iter().zip(&b[at..]);
    at + rest.take_while(|(a, b)| a == b).count()
}

/// Eight bytes from `at` on, the first one lowest.
fn word(bytes: &[u8], at: usize) -> Option<u64> {
    let bytes = bytes.get(at..)?.first_chunk()?;
    Some(u64::from_le_bytes(*bytes))
}

fn common_suffix(a: &[u8], b: &[u8]) -> usize {
    let blocks = a
        .rchunks_exact(BLOCK)
        .zip(b.rchunks_exact(BLOCK))
        .take_while(|(a, b)| a == b)
        .count();
    let (a, b) = (
        &a[..a.len() - blocks * BLOCK],
        &b[..b.len() - blocks * BLOCK],
    );
    blocks * BLOCK
        + a.iter()
            .rev()
            .zip(b.iter().rev())
            .take_while(|(a, b)| a == b)
            .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn splice(old: &[u8], new: &[u8]) -> Option<(usize, usize, Vec<u8>)> {
        let mut out = vec![crate::etf::VERSION];
        let saved = write(old, new, &mut Budget::unlimited(), &mut out).unwrap()?;
        let (value, _) = crate::etf::decode(&out, crate::etf::Limits::default()).unwrap();
        assert_eq!(out.len() as i64 - 1 - saved, 7 + new.len() as i64);
        let parts = value.as_tuple().unwrap();
        let number = |at: usize| parts[at].as_integer().unwrap() as usize;
        Some((number(0), number(1), parts[2].as_binary().unwrap().to_vec()))
    }

    #[test]
    fn typing_is_a_few_bytes() {
        assert_eq!(
            splice(b"hello worl", b"hello world"),
            Some((0, 0, b"d".to_vec()))
        );
        assert_eq!(splice(b"hello world", b"hello word"), Some((1, 1, vec![])));
        assert_eq!(splice(b"hi", b"ho"), None);
    }

    #[test]
    fn long_ends_are_found_past_the_blocks() {
        let mut old = vec![7; 10_000];
        let mut new = old.clone();
        old[5_003] = 8;
        new.insert(5_003, 9);
        assert_eq!(splice(&old, &new), Some((4_996, 1, vec![9, 7])));
    }

    #[test]
    fn characters_stay_whole() {
        let (old, new) = ("a long text with é in it", "a long text with è in it");
        assert_eq!(
            splice(old.as_bytes(), new.as_bytes()),
            Some((6, 2, "è".as_bytes().to_vec()))
        );
    }
}
