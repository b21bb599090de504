//! The two kinds of leaf that are more than a word or a run of bytes.

/// An integer that does not fit an `i64`. Made by [`Value::big_integer`](super::Value::big_integer),
/// which sees to that, so that equal integers are equal values.
#[derive(Clone, PartialEq, Eq)]
pub struct BigInteger {
    pub(super) negative: bool,
    pub(super) digits: Box<[u8]>,
}

impl BigInteger {
    /// Whether it is below zero.
    #[must_use]
    pub fn negative(&self) -> bool {
        self.negative
    }

    /// The magnitude, least significant byte first, the last byte not zero.
    #[must_use]
    pub fn digits(&self) -> &[u8] {
        &self.digits
    }
}

impl Ord for BigInteger {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let magnitude = |a: &[u8], b: &[u8]| {
            a.len()
                .cmp(&b.len())
                .then_with(|| a.iter().rev().cmp(b.iter().rev()))
        };
        match (self.negative, other.negative) {
            (false, false) => magnitude(&self.digits, &other.digits),
            (true, true) => magnitude(&other.digits, &self.digits),
            (negative, _) => other.negative.cmp(&negative),
        }
    }
}

impl PartialOrd for BigInteger {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// A bitstring that is not a whole number of bytes. Made by
/// [`Value::bitstring`](super::Value::bitstring), which clears the bits that do not count.
#[derive(Clone, PartialEq, Eq)]
pub struct Bitstring {
    pub(super) bytes: Box<[u8]>,
    pub(super) bits: u8,
}

impl Bitstring {
    /// The bytes; of the last one only the highest [`bits`](Self::bits) count, the others are zero.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many bits of the last byte count, 1 to 7.
    #[must_use]
    pub fn bits(&self) -> u8 {
        self.bits
    }
}
