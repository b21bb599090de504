//! Which files there are, and which of an id's files its row is of.

use std::path::PathBuf;
use std::sync::Arc;

use super::outline::Outline;
use super::place::{Name, Place, Shard, Suffix};
use super::stamp::{Age, Stamp};
use super::{Index, Listed};

/// A summary longer than this is not kept in memory.
const LONGEST_HELD: usize = 64 * 1024;

/// What is known of a file.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) stamp: Stamp,
    /// How old it was when it was read.
    pub(super) age: Age,
    pub(super) connected_at: i64,
    pub(super) facts: Facts,
    /// What conditions ask about; `None` where it cannot be read, or there was no room.
    pub(super) outline: Option<Outline>,
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

impl Known {
    /// Whether a file that is like this now still says the same. One that was read a moment after it was
    /// written is believed for as long as it is new, and then read once more.
    pub(super) fn is_as(&self, now: Stamp) -> bool {
        match self.age {
            Age::Settled => self.stamp.is_same_file(now),
            Age::Quiet => self.stamp == now && !now.is_settled(),
            Age::New => false,
        }
    }

    /// How much of it is in memory that could be let go.
    fn held(&self) -> usize {
        let facts = match &self.facts {
            Facts::Held(bytes) => bytes.len(),
            Facts::InFile | Facts::Unreadable => 0,
        };
        facts
            + self
                .outline
                .as_ref()
                .map_or(0, |outline| outline.bytes().len())
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
            if known.held() > LONGEST_HELD {
                known.facts = Facts::InFile;
            }
            if known.held() > LONGEST_HELD {
                known.outline = None;
            }
            self.held += known.held();
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
        self.held -= before.map_or(0, |before| before.held());
        self.row(&id);
    }

    /// Takes a folder of which all was known.
    pub(super) fn put_folder(&mut self, shard: Shard) {
        let Some(folder) = self.folders.get(&shard) else {
            return;
        };
        self.held += folder.files.values().map(Known::held).sum::<usize>();
        let ids: Vec<Arc<str>> = folder.files.keys().map(|name| name.id.clone()).collect();
        for id in ids {
            self.unrow(&id);
            self.row(&id);
        }
    }

    fn unrow(&mut self, id: &Arc<str>) {
        for place in Self::places() {
            if let Some(connected_at) = self.found(id, place).map(|file| file.connected_at) {
                self.rows.remove(&(connected_at, id.clone()));
            }
        }
    }

    /// The first file of an id counts, and hides the others even where it cannot be read: it is the one
    /// that is opened.
    fn row(&mut self, id: &Arc<str>) {
        let first = Self::places().find_map(|place| Some((place, self.found(id, place)?)));
        if let Some((place, file)) = first.filter(|(_, file)| file.facts != Facts::Unreadable) {
            let key = (file.connected_at, id.clone());
            let outline = file.outline.clone();
            self.rows.insert(key, Listed { place, outline });
        }
    }

    fn places() -> impl Iterator<Item = Place> {
        let places = |in_root| Suffix::ALL.map(|suffix| Place { in_root, suffix });
        places(false).into_iter().chain(places(true))
    }

    fn found(&self, id: &Arc<str>, place: Place) -> Option<&Known> {
        let folder = self.folders.get(&place.shard(id))?;
        if folder.files.is_empty() {
            return None;
        }
        folder.files.get(&place.name(id))
    }

    /// Lets go of what there is too much of: summaries of those that are asked for last, and where that is
    /// not enough their outlines.
    pub(super) fn let_go(&mut self) {
        self.let_go_of(|known, _listed| {
            if known.facts != Facts::Unreadable {
                known.facts = Facts::InFile;
            }
        });
        self.let_go_of(|known, listed| (known.outline, listed.outline) = (None, None));
    }

    fn let_go_of(&mut self, let_go: impl Fn(&mut Known, &mut Listed)) {
        if self.held <= self.most_held {
            return;
        }
        // Some more, so that not each new one means to begin again.
        let enough = self.most_held - self.most_held / 8;
        for ((_, id), listed) in &mut self.rows {
            if self.held <= enough {
                return;
            }
            let place = listed.place;
            let folder = self.folders.get_mut(&place.shard(id));
            if let Some(file) = folder.and_then(|folder| folder.files.get_mut(&place.name(id))) {
                self.held -= file.held();
                let_go(file, listed);
                self.held += file.held();
            }
        }
    }
}
