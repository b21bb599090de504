//! What tells that a file or folder is as it was.

use std::fs::Metadata;
use std::time::{SystemTime, UNIX_EPOCH};

/// What changed as lately as this may change again without another time: file systems count in steps,
/// and clocks of machines that share one differ.
const SETTLED_NS: i64 = 2_000_000_000;

/// What this machine writes later than this after another change has another time, where times are told to
/// parts of a second: its clock ticks a hundred times in one.
const QUIET_NS: i64 = 50_000_000;

/// How old a file was when it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Age {
    /// It may change again without another time.
    New,
    /// It may only by another machine, or in place of itself.
    Quiet,
    /// It may not.
    Settled,
}

/// Size, time and number of a file or folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Stamp {
    pub(super) size: u64,
    /// When it was changed, in Unix nanoseconds.
    pub(super) modified_ns: i64,
    /// Which file it is; 0 where the system does not tell.
    pub(super) inode: u64,
}

impl Stamp {
    pub(super) fn of(metadata: &Metadata) -> Self {
        Stamp {
            size: metadata.len(),
            modified_ns: metadata.modified().map_or(0, nanoseconds),
            inode: inode(metadata),
        }
    }

    /// Whether the bytes of a file are those of `other`. Some file systems number their files anew.
    pub(super) fn is_same_file(self, other: Self) -> bool {
        (self.size, self.modified_ns) == (other.size, other.modified_ns)
    }

    pub(super) fn age(self) -> Age {
        let whole_seconds = self.modified_ns % 1_000_000_000 == 0;
        match self.age_ns() {
            age if age > SETTLED_NS => Age::Settled,
            age if age > QUIET_NS && !whole_seconds && self.inode != 0 => Age::Quiet,
            _ => Age::New,
        }
    }

    pub(super) fn is_settled(self) -> bool {
        self.age_ns() > SETTLED_NS
    }

    pub(super) fn is_older_than_s(self, seconds: i64) -> bool {
        self.age_ns() > seconds.saturating_mul(1_000_000_000)
    }

    fn age_ns(self) -> i64 {
        nanoseconds(SystemTime::now()).saturating_sub(self.modified_ns)
    }
}

fn nanoseconds(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |ns| -ns),
    }
}

#[cfg(unix)]
fn inode(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn inode(_metadata: &Metadata) -> u64 {
    0
}
