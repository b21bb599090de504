//! Keeping what is known of a folder for the next start.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use super::folder::Folder;
use super::place::Shard;
use super::reading;
use super::{segment, Index};

/// So many files may be read again at the next start, of each folder.
const FEW: usize = 8;

impl Index {
    /// Writes what is known of the folders of which much was read since that was done last, or from which
    /// something is gone that is still written there. `false` when the time was over before that: call
    /// again. A folder that cannot be written to is as good as one without an index.
    pub fn save(&mut self, deadline: Instant) -> bool {
        let due: Vec<Shard> = self
            .folders
            .iter()
            .filter(|(_, folder)| folder.is_due())
            .map(|(shard, _)| *shard)
            .collect();
        for shard in due {
            if Instant::now() >= deadline {
                return false;
            }
            let Some(folder) = self.folders.get_mut(&shard) else {
                continue;
            };
            match write(&self.root, shard, folder) {
                Ok(()) => folder.saved = true,
                // What is gone from it by now must not be written: it may have been erased.
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => continue,
                Err(_) => {}
            }
            (folder.read, folder.dropped) = (0, false);
        }
        true
    }
}

impl Folder {
    fn is_due(&self) -> bool {
        self.read > FEW + self.files.len() / 8 || (self.dropped && self.saved)
    }
}

/// Not synced: what a crash leaves of it is noticed when it is read.
fn write(root: &Path, shard: Shard, folder: &Folder) -> io::Result<()> {
    static UNIQUE: AtomicU64 = AtomicU64::new(0);
    let path = segment::path(root, shard);
    let unique = UNIQUE.fetch_add(1, Ordering::Relaxed);
    let temporary = path.with_extension(format!("{}-{unique}.tmp", std::process::id()));
    if let Some(parent) = path.parent() {
        // Not the folder that it is about: one that is gone does not come back by this.
        let _ = fs::create_dir(parent);
    }
    let written = fs::write(&temporary, segment::encode(folder)).and_then(|()| {
        if reading::stamp(&shard.path(root)).unwrap_or_default() != folder.listed {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        fs::rename(&temporary, &path)
    });
    if written.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    written
}
