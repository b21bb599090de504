//! The append-only bytes of one session: events as ETF terms, one after the other.

use std::sync::Arc;

/// Bytes a tail may have before it is put aside as a chunk: growing by doubling, it is then copied
/// seldom and little, and whoever wants to read a session copies no more than this under its lock.
const CHUNK: usize = 128 * 1024;

/// Whole events in a row, each a term with its version byte.
pub type Chunk = Arc<Vec<u8>>;

/// A log. It neither reads nor knows what is in it.
#[derive(Debug, Default)]
pub(crate) struct Log {
    chunks: Vec<Chunk>,
    chunk_bytes: u64,
    tail: Vec<u8>,
}

impl Log {
    /// Where the next event goes. What was in it before is for the log alone.
    pub(crate) fn tail(&mut self) -> &mut Vec<u8> {
        &mut self.tail
    }

    /// How long the tail is: the place to cut back to.
    pub(crate) fn mark(&self) -> usize {
        self.tail.len()
    }

    /// Forgets what was written after `mark`.
    pub(crate) fn cut(&mut self, mark: usize) {
        self.tail.truncate(mark);
        // What was too large to stay must not stay allocated either.
        if self.tail.capacity() > 2 * CHUNK {
            self.tail.shrink_to(CHUNK);
        }
    }

    /// An event is complete. A tail that is long enough is put aside.
    pub(crate) fn commit(&mut self) {
        if self.tail.len() >= CHUNK {
            self.chunk_bytes += self.tail.len() as u64;
            self.chunks.push(Arc::new(std::mem::take(&mut self.tail)));
        }
    }

    /// Bytes of all events.
    pub(crate) fn bytes(&self) -> u64 {
        self.chunk_bytes + self.tail.len() as u64
    }

    /// What follows the first `position` bytes, whole events: chunks, each from a place in it on.
    pub(crate) fn since(&self, position: u64) -> Vec<(Chunk, usize)> {
        let mut start = 0;
        let mut since = Vec::new();
        for chunk in &self.chunks {
            let end = start + chunk.len() as u64;
            if end > position {
                since.push((chunk.clone(), position.saturating_sub(start) as usize));
            }
            start = end;
        }
        let from = position.saturating_sub(start) as usize;
        if let Some(rest @ [_, ..]) = self.tail.get(from..) {
            since.push((Arc::new(rest.to_vec()), 0));
        }
        since
    }

    /// Everything so far. Chunks are shared; the tail, shorter than [`CHUNK`], is copied.
    pub(crate) fn chunks(&self) -> Vec<Chunk> {
        let mut chunks = self.chunks.clone();
        if !self.tail.is_empty() {
            chunks.push(Arc::new(self.tail.clone()));
        }
        chunks
    }
}
