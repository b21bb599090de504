//! When things happened in a session, for a picture as small as a word.

/// How many stretches of time are counted apart at most.
const STRETCHES: usize = 32;

/// The first stretches' length in milliseconds, as a power of 2: 128. With 32 of them a session is told apart
/// from 4 seconds on.
const SHORTEST: u32 = 7;

/// Counts of events in stretches of equal length, at most 32 of them. A session may become as long as it
/// likes: when the stretches are used up, each two become one of twice the length. So an event costs a
/// shift and an addition, and now and then 16 additions more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activity {
    /// The length of each in milliseconds, as a power of 2.
    stretch: u32,
    counts: [u32; STRETCHES],
    used: usize,
}

impl Default for Activity {
    fn default() -> Self {
        Activity {
            stretch: SHORTEST,
            counts: [0; STRETCHES],
            used: 0,
        }
    }
}

impl Activity {
    /// Counts an event.
    ///
    /// ```
    /// use phoenix_replay_core::recording::Activity;
    /// let mut activity = Activity::default();
    /// for offset_ms in [0, 100, 130, 700] {
    ///     activity.count(offset_ms);
    /// }
    /// assert_eq!(activity.heights(), [2, 1, 0, 0, 0, 1]);
    /// ```
    pub fn count(&mut self, offset_ms: u64) {
        while offset_ms >> self.stretch >= STRETCHES as u64 {
            self.halve();
        }
        let nth = (offset_ms >> self.stretch) as usize;
        if let Some(count) = self.counts.get_mut(nth) {
            *count = count.saturating_add(1);
            self.used = self.used.max(nth + 1);
        }
    }

    /// The counts, from the beginning to the last stretch in which something happened; where one is over
    /// 255, all in proportion to it. What happened is never 0.
    #[must_use]
    pub fn heights(&self) -> Vec<u8> {
        let most = self.used().iter().copied().max().unwrap_or(0).max(255);
        let height = |count: &u32| (u64::from(*count) * 255).div_ceil(u64::from(most));
        self.used()
            .iter()
            .map(|count| u8::try_from(height(count)).unwrap_or(u8::MAX))
            .collect()
    }

    fn used(&self) -> &[u32] {
        self.counts.get(..self.used).unwrap_or_default()
    }

    fn halve(&mut self) {
        let mut counts = [0; STRETCHES];
        for (half, pair) in counts.iter_mut().zip(self.counts.chunks(2)) {
            *half = pair
                .iter()
                .fold(0, |sum: u32, count| sum.saturating_add(*count));
        }
        self.counts = counts;
        self.used = self.used.div_ceil(2);
        self.stretch += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn counts_every_event_in_as_few_stretches_as_it_may(
            mut offsets in prop::collection::vec(prop_oneof![0..5_000u64, any::<u64>()], 0..200)
        ) {
            offsets.sort_unstable();
            let mut activity = Activity::default();
            offsets.iter().for_each(|offset_ms| activity.count(*offset_ms));
            let counted: u64 = activity.used().iter().map(|count| u64::from(*count)).sum();
            prop_assert_eq!(counted, offsets.len() as u64);
            prop_assert!(activity.used().len() <= STRETCHES);
            let happened = |height: &u8| *height > 0;
            prop_assert_eq!(
                activity.heights().iter().map(happened).collect::<Vec<_>>(),
                activity.used().iter().map(|count| *count > 0).collect::<Vec<_>>()
            );
            if let Some(last) = offsets.last() {
                let nth = usize::try_from(last >> activity.stretch).unwrap_or(usize::MAX);
                prop_assert_eq!(activity.used().len(), nth + 1);
            }
        }
    }
}
