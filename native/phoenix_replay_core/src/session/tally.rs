//! What a session counts as it goes on, so that its summary needs no look at its events.

use std::sync::Arc;

use super::metadata::Metadata;
use super::Interaction;
use crate::recording::{Activity, EventKind};

/// How many different event names are counted. Names come from the browser: without a bound, a
/// client could grow a session by them.
const NAMES: usize = 64;

/// The longest name that is counted, in bytes.
const NAME_BYTES: usize = 128;

/// The counts of one session.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) events: u64,
    pub(super) dropped: u64,
    pub(super) faults: u64,
    pub(super) errors: u64,
    pub(super) longest_ms: u64,
    pub(super) last_offset: u64,
    pub(super) activity: Activity,
    pub(super) truncated: bool,
    pub(super) url: Option<Arc<str>>,
    pub(super) event_names: Vec<(Arc<str>, u64)>,
    pub(super) metadata: Metadata,
    handled_events: u64,
    handled_params: u64,
}

impl Tally {
    /// Takes notice of what the user did or what failed, whether or not there was room to record it.
    pub(super) fn notice(&mut self, interaction: Interaction<'_>) {
        match interaction {
            Interaction::None => {}
            Interaction::Failed => self.errors += 1,
            Interaction::Took(ms) => self.longest_ms = self.longest_ms.max(ms),
            Interaction::Event(name) => {
                self.handled_events += 1;
                self.count_name(name);
            }
            Interaction::Params(url) => {
                self.handled_params += 1;
                if self.url.is_none() {
                    self.url = url.map(Arc::from);
                }
            }
        }
    }

    /// An event found no room.
    pub(super) fn drop_event(&mut self, kind: EventKind<'_>) {
        self.dropped += 1;
        self.count_kind(kind);
    }

    /// Takes notice of what an event of this kind says about the recording itself.
    pub(super) fn count_kind(&mut self, kind: EventKind<'_>) {
        if kind == EventKind::Fault {
            self.faults += 1;
        }
    }

    /// Whether somebody used the page: a `handle_event`, or more than the first `handle_params`.
    pub(super) fn interacted(&self) -> bool {
        self.handled_events > 0 || self.handled_params > 1
    }

    fn count_name(&mut self, name: &str) {
        if let Some((_, count)) = self
            .event_names
            .iter_mut()
            .find(|(known, _)| **known == *name)
        {
            *count += 1;
        } else if self.event_names.len() < NAMES && name.len() <= NAME_BYTES {
            self.event_names.push((name.into(), 1));
        }
    }
}
