//! Bringing an index up to date with the files.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use super::place::{Name, Shard};
use super::reading::{self, Said};
use super::stamp::Stamp;
use super::{segment, Index};

/// The next thing to do.
#[derive(Debug)]
pub(super) enum Step {
    Look(Shard),
    Read(Shard, Name),
}

/// What a refresh came across.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Files that cannot be read. A list passes them over.
    pub unreadable: Vec<Unreadable>,
    /// Files that writers left which must have died.
    pub left: Vec<PathBuf>,
}

/// A file that is no readable recording.
#[derive(Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// The id it is named by.
    pub id: Arc<str>,
    /// Where it is.
    pub path: PathBuf,
    /// Why it cannot be read, and what to do.
    pub why: String,
}

impl Index {
    /// Brings it up to date. `None` when the time was over before that: call again.
    ///
    /// # Errors
    /// When the folder itself cannot be read. One that is not there holds nothing.
    pub fn refresh(&mut self, deadline: Instant) -> io::Result<Option<Report>> {
        if self.todo.is_empty() {
            self.begin()?;
        }
        while let Some(step) = self.todo.pop() {
            match step {
                Step::Look(shard) => self.look(shard)?,
                Step::Read(shard, name) => self.read(shard, name),
            }
            if !self.todo.is_empty() && Instant::now() >= deadline {
                self.let_go();
                return Ok(None);
            }
        }
        // After a first one that is the room of a step for each file.
        self.todo = Vec::new();
        self.let_go();
        Ok(Some(std::mem::take(&mut self.report)))
    }

    fn begin(&mut self) -> io::Result<()> {
        self.look(Shard::Root)?;
        let root = self.folders.get(&Shard::Root);
        let there: Vec<Shard> = root.map_or_else(Vec::new, |root| {
            root.shards.iter().copied().map(Shard::Of).collect()
        });
        let known: Vec<Shard> = self.folders.keys().copied().collect();
        for shard in known {
            if shard != Shard::Root && !there.contains(&shard) {
                self.forget(shard);
            }
        }
        self.todo.extend(there.into_iter().map(Step::Look));
        Ok(())
    }

    pub(super) fn look(&mut self, shard: Shard) -> io::Result<()> {
        if !self.folders.contains_key(&shard) {
            let saved = segment::load(&self.root, shard).unwrap_or_default();
            self.folders.insert(shard, saved);
            self.put_folder(shard);
        }
        let path = shard.path(&self.root);
        let folder = self.folders.entry(shard).or_default();
        let listed = match folder.list(&path, shard) {
            Ok(listed) => listed,
            Err(error) if shard == Shard::Root => return Err(error),
            // It stays as it was: a later refresh may be able to read it.
            Err(_) => return Ok(()),
        };
        for name in listed.gone {
            self.put(shard, name, None);
        }
        if let Some(folder) = self.folders.get_mut(&shard) {
            folder.shrink();
        }
        let reads = listed.reads.into_iter();
        self.todo.extend(reads.map(|name| Step::Read(shard, name)));
        self.report.left.extend(listed.left);
        Ok(())
    }

    fn forget(&mut self, shard: Shard) {
        let folder = self.folders.get(&shard);
        let names: Vec<Name> =
            folder.map_or_else(Vec::new, |folder| folder.files.keys().cloned().collect());
        for name in names {
            self.put(shard, name, None);
        }
        self.folders.remove(&shard);
    }

    /// Reads a file, unless it is as it was.
    pub(super) fn read(&mut self, shard: Shard, name: Name) {
        let path = self.path(shard, &name);
        let folder = self.folders.entry(shard).or_default();
        if let (Some(known), Some(stamp)) = (folder.files.get_mut(&name), reading::stamp(&path)) {
            if known.is_as(stamp) {
                known.stamp = stamp;
                return;
            }
        }
        let said = reading::read(&path, &name.id);
        self.take(shard, name, path, said);
    }

    /// Takes what a file said when it was read.
    pub(super) fn take(&mut self, shard: Shard, name: Name, path: PathBuf, said: Said) {
        let known = match said {
            Said::Known(known) => Some(known),
            Said::NoRecording(known, why) => {
                self.pass_over(&name, path, why);
                Some(known)
            }
            Said::Failed(why) => {
                self.pass_over(&name, path, why);
                // It is tried again.
                self.folders.entry(shard).or_default().stamp = None;
                Some(reading::unreadable(Stamp::default()))
            }
            Said::Gone => None,
        };
        self.put(shard, name, known);
    }

    fn pass_over(&mut self, name: &Name, path: PathBuf, why: String) {
        let id = name.id.clone();
        self.report.unreadable.push(Unreadable { id, path, why });
    }
}
