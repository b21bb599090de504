//! What becomes of a file on a bad disk, the same each time.

/// Numbers that look random: SplitMix64, by Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators", 2014.
pub struct Numbers(pub u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// One below `end`, which is not 0.
    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// A part of so many bytes, of at most 64.
    fn part(&mut self, length: usize) -> std::ops::Range<usize> {
        let from = self.below(length);
        from..(from + 1 + self.below(64)).min(length)
    }
}

/// `file` cut off, with some bits flipped, with a part of it zero, or with a part of `other` put in.
pub fn mutated(file: &[u8], other: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = file.to_vec();
    if bytes.is_empty() || other.is_empty() {
        return bytes;
    }
    match numbers.below(4) {
        0 => bytes.truncate(numbers.below(file.len())),
        1 => {
            for _ in 0..=numbers.below(4) {
                bytes[numbers.below(file.len())] ^= 1 << numbers.below(8);
            }
        }
        2 => bytes[numbers.part(file.len())].fill(0),
        _ => {
            let put = other[numbers.part(other.len())].iter().copied();
            bytes.splice(numbers.part(file.len()), put);
        }
    }
    bytes
}
