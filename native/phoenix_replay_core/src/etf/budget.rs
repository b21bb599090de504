//! How much work one call may do before it has to stop.

/// A count of work that is spent as a walk goes on.
///
/// One unit is about one node visited. Bytes count too, [`Budget::BYTES_PER_UNIT`] of them as one
/// unit, for a binary of 10 MB is a single node and still takes milliseconds to copy.
///
/// ```
/// use phoenix_replay_core::etf::Budget;
/// let mut budget = Budget::new(10);
/// assert!(budget.spend(10).is_ok());
/// assert!(budget.spend(1).is_err());
/// ```
#[derive(Clone, Debug)]
pub struct Budget {
    left: u64,
}

/// The work went past its [`Budget`]: undo, and call again where long work may run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exhausted;

impl std::fmt::Display for Exhausted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the work went past its budget; call again where long work may run")
    }
}

impl std::error::Error for Exhausted {}

impl Budget {
    /// How many bytes cost as much as one node.
    pub const BYTES_PER_UNIT: usize = 64;

    /// A budget of so many units.
    #[must_use]
    pub fn new(units: u64) -> Self {
        Budget { left: units }
    }

    /// A budget that does not run out, for where long work may run.
    #[must_use]
    pub fn unlimited() -> Self {
        Budget { left: u64::MAX }
    }

    /// Whether it is one that does not run out.
    #[must_use]
    pub fn is_unlimited(&self) -> bool {
        self.left > u64::MAX / 2
    }

    /// What is left, in units.
    #[must_use]
    pub fn left(&self) -> u64 {
        self.left
    }

    /// Takes `units`. Past the end nothing is left and every further call fails.
    ///
    /// # Errors
    /// [`Exhausted`] when less than that is left.
    #[inline]
    pub fn spend(&mut self, units: u64) -> Result<(), Exhausted> {
        match self.left.checked_sub(units) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => {
                self.left = 0;
                Err(Exhausted)
            }
        }
    }

    /// Takes what `count` bytes cost; fewer than [`Budget::BYTES_PER_UNIT`] cost nothing beyond their node.
    ///
    /// # Errors
    /// [`Exhausted`] when less than that is left.
    #[inline]
    pub fn spend_bytes(&mut self, count: usize) -> Result<(), Exhausted> {
        self.spend((count / Self::BYTES_PER_UNIT) as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn once_exhausted_it_stays_so() {
        let mut budget = Budget::new(5);
        assert_eq!(budget.spend(6), Err(Exhausted));
        assert_eq!(budget.spend(1), Err(Exhausted));
        assert_eq!(budget.left(), 0);
    }

    #[test]
    fn bytes_count() {
        let mut budget = Budget::new(100);
        assert_eq!(budget.spend_bytes(63), Ok(()));
        assert_eq!(budget.left(), 100);
        assert_eq!(budget.spend_bytes(10_000_000), Err(Exhausted));
    }
}
