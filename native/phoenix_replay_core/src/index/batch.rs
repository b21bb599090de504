//! Reading many files at once: each batch in a process of its own, without the index.

use std::io;
use std::path::PathBuf;

use super::place::{Name, Shard};
use super::reading::{self, Said};
use super::refresh::Step;
use super::Index;

/// Files that a refresh has to read.
#[derive(Debug, Default)]
pub struct Batch {
    files: Vec<(Shard, Name, PathBuf)>,
    read: Vec<(Shard, Name, PathBuf, Said)>,
}

impl Batch {
    /// Reads them. This is what takes long of a first refresh.
    pub fn read(&mut self) {
        for (shard, name, path) in std::mem::take(&mut self.files) {
            let said = reading::read(&path, &name.id);
            self.read.push((shard, name, path, said));
        }
    }
}

impl Index {
    /// The next files that a refresh which was out of time has to read, at most so many; `None` when that is
    /// none. They count as read: the batch has to come back by [`Index::put_batch`].
    ///
    /// # Errors
    /// When the folder itself cannot be read.
    pub fn take_batch(&mut self, count: usize) -> io::Result<Option<Batch>> {
        let mut batch = Batch::default();
        while batch.files.len() < count {
            match self.todo.pop() {
                None => break,
                Some(Step::Look(shard)) => self.look(shard)?,
                Some(Step::Read(shard, name)) => {
                    let path = self.path(shard, &name);
                    batch.files.push((shard, name, path));
                }
            }
        }
        Ok((!batch.files.is_empty()).then_some(batch))
    }

    /// Takes what a batch read.
    pub fn put_batch(&mut self, batch: Batch) {
        for (shard, name, path, said) in batch.read {
            self.take(shard, name, path, said);
        }
        self.let_go();
    }
}
