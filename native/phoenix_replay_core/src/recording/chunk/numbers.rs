//! Natural numbers in a binary: seven bits a byte, the lowest first; a byte of 128 and more says that
//! the number goes on. This is LEB128, as in the DWARF standard, section 7.6.

/// Appends a number.
pub(super) fn push(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// The numbers of a binary. `None` is one that does not fit 64 bits or is cut off; nothing follows it.
pub(super) fn read(bytes: &[u8]) -> impl Iterator<Item = Option<u64>> + '_ {
    let mut left = bytes;
    std::iter::from_fn(move || {
        if left.is_empty() {
            return None;
        }
        let number = take(&mut left);
        if number.is_none() {
            left = &[];
        }
        Some(number)
    })
}

fn take(left: &mut &[u8]) -> Option<u64> {
    let mut number = 0u64;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = left.split_first()?;
        *left = rest;
        let bits = u64::from(byte & 0x7f);
        if bits.leading_zeros() < shift {
            return None;
        }
        number |= bits << shift;
        if *byte < 0x80 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        let numbers = [0, 1, 127, 128, 300, 16_384, u64::from(u32::MAX), u64::MAX];
        let mut out = Vec::new();
        for number in numbers {
            push(&mut out, number);
        }
        assert_eq!(out[..5], [0, 1, 127, 128, 1]);
        let read: Option<Vec<u64>> = read(&out).collect();
        assert_eq!(read.as_deref(), Some(&numbers[..]));
    }

    #[test]
    fn what_is_none_ends_them() {
        for bytes in [
            &[1, 0x80][..],
            &[1, 255, 255, 255, 255, 255, 255, 255, 255, 255, 2],
        ] {
            assert_eq!(read(bytes).collect::<Vec<_>>(), [Some(1), None]);
        }
    }
}
