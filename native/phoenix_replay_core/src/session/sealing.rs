//! Sealing what a running session holds, while it goes on.

use std::sync::Arc;

use super::Session;
use crate::recording::{Member, RecordingError};

impl Session {
    /// Whether a part of it filled up and is not sealed. Ask [`Counters::any_due`] first.
    ///
    /// [`Counters::any_due`]: super::Counters::any_due
    #[must_use]
    pub fn is_due(&self) -> bool {
        self.state.lock().log.due() > 0
    }

    /// Seals one part that filled up, if there is one: about 128 KiB of events. Whether there is another.
    /// This takes long, and no append waits for it: the lock is held for exchanging two pointers.
    ///
    /// What it has recorded is the same before and after.
    ///
    /// # Errors
    /// [`RecordingError::Write`] when compressing fails. The part stays as it is.
    pub fn seal_next(&self) -> Result<bool, RecordingError> {
        let _alone = self.sealing.lock();
        if self.is_due() {
            self.seal_first()?;
        }
        Ok(self.is_due())
    }

    pub(super) fn sealed_count(&self) -> usize {
        self.state.lock().log.sealed_count()
    }

    /// Seals the first part that is not, if there is one and the session is not released meanwhile.
    /// Only for who holds `sealing`.
    pub(super) fn seal_first(&self) -> Result<bool, RecordingError> {
        let Some(chunk) = self.state.lock().log.unsealed() else {
            return Ok(false);
        };
        let member = Arc::new(Member::of(chunk.clone())?);
        let mut state = self.state.lock();
        let swapped = state.log.seal(&chunk, member);
        if let Some(swapped) = swapped {
            self.counters.sealed(swapped);
        }
        drop(state);
        // The last to hold what is not needed any more, which is freed where nobody waits for it.
        drop(chunk);
        Ok(swapped.is_some())
    }
}
