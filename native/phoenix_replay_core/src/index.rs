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
//! [`Index::find`] and [`Index::count`] ask conditions of outlines, which are short and stay in memory when
//! summaries no longer do.
//!
//! What may take long takes a deadline, and goes on where it stopped when it is called again. The files that
//! a refresh still has to read can be read by many at once, in a [`Batch`] each.

mod batch;
mod files;
mod find;
mod folder;
mod input;
mod outline;
mod place;
mod query;
mod reading;
mod refresh;
mod saving;
mod segment;
mod stamp;

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use crate::etf::{Decoder, Limits, Value};
use folder::Folder;
use outline::Outline;
use place::{Place, Shard};
use stamp::Stamp;

pub use batch::Batch;
pub use find::{Counted, Found};
pub use query::{Query, Verdict};
pub use refresh::{Report, Unreadable};

/// How many bytes of summaries and outlines to keep in memory, as a rule: those of about 100,000 recordings,
/// or the outlines alone of about 400,000.
pub const MOST_HELD: usize = 64 * 1024 * 1024;

/// The index of one folder.
#[derive(Debug)]
pub struct Index {
    root: PathBuf,
    folders: HashMap<Shard, Folder>,
    rows: BTreeMap<Key, Listed>,
    /// Bytes of summaries and outlines in memory, and how many there may be.
    held: usize,
    most_held: usize,
    /// What a refresh still has to do, the next one last.
    todo: Vec<refresh::Step>,
    report: Report,
}

/// The place of a recording in a list: when it was connected, and its id.
pub type Key = (i64, Arc<str>);

/// What is known of a row: where its file is, and its outline unless there is no room for it.
#[derive(Debug)]
struct Listed {
    place: Place,
    outline: Option<Outline>,
}

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
    /// The index of a folder, of which nothing is known yet. Where summaries and outlines take more than
    /// `most_held` bytes, summaries of the oldest recordings are read from their files whenever they are asked
    /// for; where outlines alone do, so are those.
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
        let place = self.rows.get(key)?.place;
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
        let pinned = self.is_pinned(&key.1);
        let bytes = i64::try_from(file.stamp.size).unwrap_or(i64::MAX);
        let mut entries = facts.as_map()?.entries().to_vec();
        entries.push((Value::atom("bytes"), Value::Integer(bytes)));
        entries.push((Value::atom("pinned"), Value::boolean(pinned)));
        Some(Value::map(entries))
    }
}
