//! What is known of the files of a folder of recordings, so that a list reads none that it has read
//! before.
//!
//! The files are the truth. Recordings are in 256 folders, and a folder has another time once something
//! was put into it or deleted: [`Index::refresh`] looks at these times, lists again the folders that
//! changed, and reads the files that are new. What a list is about to show is compared with its files once
//! more by [`Index::check`].
//!
//! [`Index::save`] writes what is known beside the recordings, a file for each folder, for the next start
//! and for other nodes. One that is torn, of another version or older than its folder costs a look at that
//! folder and no more: of a file that is not as it was nothing in it is believed.
//!
//! What may take long takes a deadline, and goes on where it stopped when it is called again.

mod files;
mod folder;
mod place;
mod reading;
mod refresh;
mod saving;
mod segment;
mod stamp;

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound::{Excluded, Unbounded};
use std::path::PathBuf;
use std::sync::Arc;

use crate::etf::{Decoder, Limits, Value};
use folder::Folder;
use place::{Place, Shard};
use stamp::Stamp;

pub use refresh::{Report, Unreadable};

/// How many bytes of summaries to keep in memory, as a rule: those of about 150,000 recordings.
pub const MOST_HELD: usize = 64 * 1024 * 1024;

/// The index of one folder.
#[derive(Debug)]
pub struct Index {
    root: PathBuf,
    folders: HashMap<Shard, Folder>,
    rows: BTreeMap<Key, Place>,
    /// Bytes of summaries in memory, and how many there may be.
    held: usize,
    most_held: usize,
    /// What a refresh still has to do, the next one last.
    todo: Vec<refresh::Step>,
    report: Report,
}

/// The place of a recording in a list: when it was connected, and its id.
pub type Key = (i64, Arc<str>);

/// A recording in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its place.
    pub key: Key,
    /// Head and summary as one map, with `bytes` and `pinned`.
    pub summary: Value,
}

/// What the file of a row says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Checked {
    /// It is as the index knows it.
    Same,
    /// It is not there, not readable or in another place of the list.
    Gone,
    /// It was written anew, and this is its summary.
    Changed(Value),
}

impl Index {
    /// The index of a folder, of which nothing is known yet. Where summaries take more than `most_held`
    /// bytes, those of the oldest recordings are read from their files whenever they are asked for.
    #[must_use]
    pub fn new(root: PathBuf, most_held: usize) -> Self {
        Index {
            root,
            folders: HashMap::new(),
            rows: BTreeMap::new(),
            held: 0,
            most_held,
            todo: Vec::new(),
            report: Report::default(),
        }
    }

    /// How many recordings there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// At most `count` rows older than `after`, newest first; without it from the newest on. Fewer only at
    /// the end.
    #[must_use]
    pub fn rows(&self, after: Option<&Key>, count: usize) -> Vec<Row> {
        let older = (Unbounded, after.map_or(Unbounded, Excluded));
        let mut decoder = Decoder::new(Limits::default());
        self.rows
            .range::<Key, _>(older)
            .rev()
            .filter_map(|(key, place)| {
                let summary = self.summary(key, *place, &mut decoder)?;
                Some(Row {
                    key: key.clone(),
                    summary,
                })
            })
            .take(count)
            .collect()
    }

    /// Looks at the file of a row that is about to be shown.
    pub fn check(&mut self, key: &Key) -> Checked {
        let Some((place, before)) = self.known(key) else {
            return Checked::Gone;
        };
        self.read(place.shard(&key.1), place.name(&key.1));
        let Some((place, now)) = self.known(key) else {
            return Checked::Gone;
        };
        if now == before {
            return Checked::Same;
        }
        let mut decoder = Decoder::new(Limits::default());
        self.summary(key, place, &mut decoder)
            .map_or(Checked::Gone, Checked::Changed)
    }

    /// Where the file of a row is, and how it was when it was read.
    fn known(&self, key: &Key) -> Option<(Place, Option<Stamp>)> {
        let place = *self.rows.get(key)?;
        let file = self.file(place.shard(&key.1), &place.name(&key.1));
        Some((place, file.map(|file| file.stamp)))
    }

    fn summary(&self, key: &Key, place: Place, decoder: &mut Decoder) -> Option<Value> {
        let shard = place.shard(&key.1);
        let name = place.name(&key.1);
        let file = self.file(shard, &name)?;
        let facts = match &file.facts {
            files::Facts::Held(bytes) => decoder.decode(bytes).ok()?.0,
            files::Facts::InFile => match reading::facts(&self.path(shard, &name)) {
                Ok((_, facts)) => facts,
                Err(_) => return None,
            },
            files::Facts::Unreadable => return None,
        };
        let pins = self.folders.get(&Shard::of(&key.1));
        let pinned = pins.is_some_and(|folder| folder.pins.contains(&key.1));
        let bytes = i64::try_from(file.stamp.size).unwrap_or(i64::MAX);
        let mut entries = facts.as_map()?.entries().to_vec();
        entries.push((Value::atom("bytes"), Value::Integer(bytes)));
        entries.push((Value::atom("pinned"), Value::boolean(pinned)));
        Some(Value::map(entries))
    }
}
