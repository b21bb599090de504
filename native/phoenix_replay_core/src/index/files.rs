//! Which files there are, and which of an id's files its row is of.

use std::path::PathBuf;
use std::sync::Arc;

use super::place::{Name, Place, Shard, Suffix};
use super::stamp::Stamp;
use super::Index;

/// A summary longer than this is not kept in memory.
const LONGEST_HELD: usize = 64 * 1024;

/// What is known of a file.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) stamp: Stamp,
    /// Whether it was old enough when it was read to change its time with its bytes.
    pub(super) settled: bool,
    pub(super) connected_at: i64,
    pub(super) facts: Facts,
    /// The listing it was last seen in.
    pub(super) seen: u32,
}

/// What a file says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Facts {
    /// A map, as a term.
    Held(Box<[u8]>),
    /// There was no room for it: it is read when it is asked for.
    InFile,
    /// It is no recording of the id in its name.
    Unreadable,
}

impl Facts {
    fn bytes(&self) -> usize {
        match self {
            Facts::Held(bytes) => bytes.len(),
            Facts::InFile | Facts::Unreadable => 0,
        }
    }
}

impl Index {
    pub(super) fn file(&self, shard: Shard, name: &Name) -> Option<&Known> {
        self.folders.get(&shard)?.files.get(name)
    }

    pub(super) fn path(&self, shard: Shard, name: &Name) -> PathBuf {
        shard.path(&self.root).join(name.file())
    }

    /// Takes what is known of a file, or that it is gone.
    pub(super) fn put(&mut self, shard: Shard, name: Name, mut known: Option<Known>) {
        self.unrow(&name.id);
        let folder = self.folders.entry(shard).or_default();
        if let Some(known) = &mut known {
            known.seen = folder.listings;
            if known.facts.bytes() > LONGEST_HELD {
                known.facts = Facts::InFile;
            }
            self.held += known.facts.bytes();
        }
        let id = name.id.clone();
        let before = match known {
            Some(known) => {
                folder.read += 1;
                folder.files.insert(name, known)
            }
            None => {
                let before = folder.files.remove(&name);
                folder.dropped |= before.is_some();
                before
            }
        };
        self.held -= before.map_or(0, |before| before.facts.bytes());
        self.row(&id);
    }

    /// Takes a folder of which all was known.
    pub(super) fn put_folder(&mut self, shard: Shard) {
        let Some(folder) = self.folders.get(&shard) else {
            return;
        };
        self.held += folder
            .files
            .values()
            .map(|file| file.facts.bytes())
            .sum::<usize>();
        let ids: Vec<Arc<str>> = folder.files.keys().map(|name| name.id.clone()).collect();
        for id in ids {
            self.unrow(&id);
            self.row(&id);
        }
    }

    fn unrow(&mut self, id: &Arc<str>) {
        for place in Self::places() {
            if let Some((connected_at, _)) = self.found(id, place) {
                self.rows.remove(&(connected_at, id.clone()));
            }
        }
    }

    /// The first file of an id counts, and hides the others even where it cannot be read: it is the one
    /// that is opened.
    fn row(&mut self, id: &Arc<str>) {
        let first = Self::places().find_map(|place| Some((place, self.found(id, place)?)));
        if let Some((place, (connected_at, true))) = first {
            self.rows.insert((connected_at, id.clone()), place);
        }
    }

    fn places() -> impl Iterator<Item = Place> {
        let places = |in_root| Suffix::ALL.map(|suffix| Place { in_root, suffix });
        places(false).into_iter().chain(places(true))
    }

    /// When the recording of a file was connected, and whether the file can be read.
    fn found(&self, id: &Arc<str>, place: Place) -> Option<(i64, bool)> {
        let folder = self.folders.get(&place.shard(id))?;
        if folder.files.is_empty() {
            return None;
        }
        let file = folder.files.get(&place.name(id))?;
        Some((file.connected_at, file.facts != Facts::Unreadable))
    }

    /// Lets go of summaries where there are too many: of those that are asked for last.
    pub(super) fn let_go(&mut self) {
        if self.held <= self.most_held {
            return;
        }
        // Some more, so that not each new one means to begin again.
        let enough = self.most_held - self.most_held / 8;
        for ((_, id), place) in &self.rows {
            if self.held <= enough {
                return;
            }
            let folder = self.folders.get_mut(&place.shard(id));
            if let Some(file) = folder.and_then(|folder| folder.files.get_mut(&place.name(id))) {
                self.held -= file.facts.bytes();
                file.facts = Facts::InFile;
            }
        }
    }
}
