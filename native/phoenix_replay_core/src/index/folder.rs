//! One folder of recordings: what is in it, and what changed since it was listed last.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::files::Known;
use super::place::{kind, Kind, Name, Shard};
use super::reading;
use super::stamp::Stamp;

/// What a writer that died left behind. None takes so long to write one file.
const LEFT_S: i64 = 60 * 60;

/// What is known of a folder.
#[derive(Debug, Default)]
pub(super) struct Folder {
    /// How it was when it was listed; `None` when that was too soon after it changed to be sure.
    pub(super) stamp: Option<Stamp>,
    /// The same, sure or not.
    pub(super) listed: Stamp,
    pub(super) files: HashMap<Name, Known>,
    /// Ids that are pinned.
    pub(super) pins: HashSet<Arc<str>>,
    /// The folders in it, of the folder itself.
    pub(super) shards: BTreeSet<u8>,
    /// How often it was listed.
    pub(super) listings: u32,
    /// How many files were read since it was saved, and whether one is gone since.
    pub(super) read: usize,
    pub(super) dropped: bool,
    /// Whether there is a file about it that other files may be gone from.
    pub(super) saved: bool,
}

/// What a listing found.
#[derive(Default)]
pub(super) struct Listed {
    /// Files to read.
    pub(super) reads: Vec<Name>,
    /// Files that are gone.
    pub(super) gone: Vec<Name>,
    /// Files that writers left which must have died.
    pub(super) left: Vec<PathBuf>,
}

impl Folder {
    /// Lists the folder again if it changed. One that is not there is empty.
    pub(super) fn list(&mut self, path: &Path, shard: Shard) -> io::Result<Listed> {
        // Before the listing: what changes meanwhile gives another time.
        let stamp = match fs::metadata(path) {
            Ok(metadata) => Stamp::of(&metadata),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Stamp::default(),
            Err(error) => return Err(error),
        };
        if self.stamp == Some(stamp) {
            return Ok(Listed::default());
        }
        let mut listed = Listed::default();
        (self.stamp, self.listed) = (None, stamp);
        self.listings = self.listings.wrapping_add(1);
        self.pins.clear();
        self.shards.clear();
        match fs::read_dir(path) {
            Ok(entries) => {
                for entry in entries {
                    self.see(&entry?, shard, &mut listed);
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        let unseen =
            |(name, file): (&Name, &Known)| (file.seen != self.listings).then(|| name.clone());
        listed.gone = self.files.iter().filter_map(unseen).collect();
        self.stamp = stamp.is_settled().then_some(stamp);
        Ok(listed)
    }

    /// Lets go of the room of those that are gone, where most are.
    pub(super) fn shrink(&mut self) {
        if self.files.len() < self.files.capacity() / 4 {
            self.files.shrink_to_fit();
        }
    }

    fn see(&mut self, entry: &fs::DirEntry, shard: Shard, listed: &mut Listed) {
        let file = entry.file_name();
        let Some(file) = file.to_str() else {
            return;
        };
        match kind(shard, file) {
            Kind::Recording(id, suffix) => {
                let name = Name {
                    id: id.into(),
                    suffix,
                };
                let same = self.files.get_mut(&name).is_some_and(|known| {
                    known.seen = self.listings;
                    is_as(entry, known)
                });
                if !same {
                    listed.reads.push(name);
                }
            }
            Kind::Pin(id) => {
                self.pins.insert(id.into());
            }
            Kind::Temporary => listed.left.extend(left(entry.path())),
            Kind::Other => {
                if let (Shard::Root, Some(Shard::Of(number))) = (shard, Shard::named(file)) {
                    self.shards.insert(number);
                }
            }
        }
    }
}

/// A temporary file, if its writer must have died.
fn left(path: PathBuf) -> Option<PathBuf> {
    let stamp = reading::stamp(&path)?;
    stamp.is_older_than_s(LEFT_S).then_some(path)
}

fn is_as(entry: &fs::DirEntry, known: &Known) -> bool {
    let metadata = entry.metadata();
    metadata.is_ok_and(|metadata| known.is_as(Stamp::of(&metadata)))
}
